/* SPDX-License-Identifier: Apache-2.0 */
/*
 * bench_baseline.c: what a batch pays for leaving a baseline, what an import pays for
 * saying whom it touched, and how fast the next batch finds whom to look at.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/buffer.h"
#include "heng/store.h"
#include "made_store.h"
#include "model/catalog.h"
#include "store/baseline.h"
#include "store/file_set.h"

enum { ROUNDS = 5, DAYS = 2000 };

static double now(void) {
    struct timespec time;
    (void)clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static int compare(const void *a, const void *b) {
    const double *left = a;
    const double *right = b;
    return (*left > *right) - (*left < *right);
}

static double median(double *values) {
    qsort(values, ROUNDS, sizeof *values, compare);
    return values[ROUNDS / 2];
}

static void need(heng_status status, const heng_error *error) {
    if (status != HENG_OK) {
        (void)fprintf(stderr, "bench_baseline: %s\n", error->text);
        exit(1);
    }
}

static void name(char id[40], uint64_t number) {
    (void)snprintf(id, 40, "E-91430100MA%09ju", (uintmax_t)number);
}

/* ---- importing ---- */

struct lines {
    heng_str text;
    size_t at;
};

static size_t read_lines(void *context, char *buffer, size_t size) {
    struct lines *lines = context;
    size_t len = lines->text.len - lines->at;
    len = len < size ? len : size;
    memcpy(buffer, lines->text.ptr + lines->at, len);
    lines->at += len;
    return len;
}

static heng_time_ms clock_now(void *context) {
    return ++*(heng_time_ms *)context;
}

/* Each `step`-th of the subjects, with a name of this `version`. */
static double import(heng_store *store, uint64_t subjects, uint64_t step,
                     unsigned version) {
    static const heng_catalog catalog = {0};
    heng_buffer text;
    heng_error error = {0};
    heng_import *import = NULL;
    heng_time_ms clock = version;
    heng_import_options options = {
        .catalog = &catalog, .now = clock_now, .context = &clock};
    heng_buffer_init(&text, (size_t)4 << 30);
    for (uint64_t i = version % step; i < subjects; i += step) {
        char id[40];
        name(id, i);
        (void)heng_buffer_add_format(
            &text,
            "{\"type\":\"subject\",\"id\":\"%s\",\"kind\":\"legal_person\",\"name\":"
            "\"第%u号\",\"region\":\"430102\"}\n",
            id, version);
    }
    struct lines lines = {heng_buffer_view(&text), 0};
    double start = now();
    need(heng_import_begin(store, &options, &import, &error), &error);
    need(heng_import_read(import, "lines", read_lines, &lines, &error), &error);
    need(heng_import_end(import, NULL, &error), &error);
    double seconds = now() - start;
    heng_buffer_done(&text);
    return seconds;
}

/* ---- batches ---- */

/* One subject in eight is due, in two ranges at once; returns the seconds. */
static double batch(heng_store *store, uint64_t subjects, char (*ids)[40], bool full) {
    heng_error error = {0};
    heng_arena *arena = heng_arena_new(1 << 20);
    heng_view *view = NULL;
    heng_baseline_writer *writer = NULL;
    heng_file_set_item file = {HENG_STR("rules.yaml"), HENG_STR("ruleset: {}\n")};
    heng_str set;
    char text[HENG_DIGEST_TEXT_BYTES];
    double start = now();
    need(heng_baseline_prepare(store, &error), &error);
    need(heng_file_set_pack(&file, 1, arena, &set, &error), &error);
    heng_digest digest = heng_file_set_digest(set);
    heng_digest_format(&digest, text);
    need(heng_view_open(store, &view, &error), &error);
    heng_baseline next = {.commit = heng_view_commit(view),
                          .ruleset = heng_str_of(text)};
    need(heng_baseline_begin(store, &next, set, full, &writer, &error), &error);
    uint64_t half = subjects / 16;
    for (uint64_t i = 0; i < half * 2; i++) {
        uint64_t number = i / 2 + i % 2 * half;
        need(heng_baseline_due(writer, 1 + (heng_date)(number * 2654435761U % DAYS),
                               heng_str_of(ids[number]), &error),
             &error);
    }
    heng_view_close(view);
    need(heng_baseline_end(writer, subjects, subjects / 8, &error), &error);
    heng_baseline_free(writer);
    double seconds = now() - start;
    heng_arena_free(arena);
    return seconds;
}

static bool count_changed(void *context, heng_str id, unsigned flags) {
    *(uint64_t *)context += id.len > 0 && flags != 0 ? 1 : 0;
    return true;
}

static bool count_due(void *context, heng_str id) {
    return count_changed(context, id, 1);
}

static void find(heng_store *store, uint64_t after) {
    heng_error error = {0};
    double changed_times[ROUNDS];
    double due_times[ROUNDS];
    uint64_t changed = 0;
    uint64_t due = 0;
    heng_view *view = NULL;
    need(heng_view_open(store, &view, &error), &error);
    for (int round = 0; round < ROUNDS; round++) {
        double start = now();
        changed = due = 0;
        need(heng_baseline_each_changed(view, after, count_changed, &changed, &error),
             &error);
        changed_times[round] = now() - start;
        start = now();
        need(heng_baseline_each_due(view, DAYS / 20, count_due, &due, &error), &error);
        due_times[round] = now() - start;
    }
    (void)printf("whom %ju commits touched: %ju subjects, %.0f ns each; whom %d days "
                 "make due: %ju subjects, %.0f ns each\n",
                 (uintmax_t)(heng_view_commit(view) - after), (uintmax_t)changed,
                 median(changed_times) * 1e9 / (double)changed, DAYS / 20,
                 (uintmax_t)due, median(due_times) * 1e9 / (double)due);
    heng_view_close(view);
}

static heng_store *make(const char *path, uint64_t subjects) {
    heng_error error = {0};
    heng_store *store = NULL;
    need(heng_store_open(path, HENG_STORE_CREATE, &store, &error), &error);
    (void)import(store, subjects, 1, 1);
    return store;
}

int main(int argc, char **argv) {
    uint64_t subjects = argc > 1 ? strtoull(argv[1], NULL, 10) : 1000000;
    heng_made_folder folder;
    char path[600];
    char plain_path[600];
    heng_error error = {0};
    double without[ROUNDS];
    double with[ROUNDS];
    double batches[ROUNDS];
    heng_made_folder_open(&folder);
    (void)snprintf(path, sizeof path, "%s/store", folder.path);
    (void)snprintf(plain_path, sizeof plain_path, "%s/plain", folder.path);
    heng_store *store = make(path, subjects);
    heng_store *plain = make(plain_path, subjects);
    char(*ids)[40] = malloc((subjects / 8 + 2) * sizeof *ids);
    if (ids == NULL)
        return 1;
    for (uint64_t i = 0; i <= subjects / 8; i++) {
        name(ids[i], i * 8);
    }
    for (int round = 0; round < ROUNDS; round++) {
        batches[round] = batch(store, subjects, ids, true);
    }
    for (int round = 0; round < ROUNDS; round++) {
        unsigned version = 10 * (unsigned)round + 12; /* the same subjects each time */
        without[round] = import(plain, subjects, 10, version);
        with[round] = import(store, subjects, 10, version);
    }
    (void)printf("a baseline of %ju subjects, %ju of them due: %.1f ns a subject\n",
                 (uintmax_t)subjects, (uintmax_t)subjects / 8,
                 median(batches) * 1e9 / (double)subjects);
    (void)printf("an import that says whom it touches takes %.2f times as long\n",
                 median(with) / median(without));
    (void)batch(store, subjects, ids, false);
    heng_view *view = NULL;
    need(heng_view_open(store, &view, &error), &error);
    uint64_t after = heng_view_commit(view);
    heng_view_close(view);
    for (unsigned i = 0; i < 100; i++) { /* 0.1 % in all, many commits */
        (void)import(store, subjects, 100000, 100 + i);
    }
    find(store, after);
    free(ids);
    heng_store_close(store);
    heng_store_close(plain);
    heng_made_folder_close(&folder);
    return 0;
}
