/* SPDX-License-Identifier: Apache-2.0 */
/*
 * bench_changed.c: a batch of what changed against a full one, in the same process.
 *
 *   changed/full  0.1 % of the subjects were imported again since the last batch, with
 *                 another name, and their records with another document number; both
 *                 sides write lines to memory, one thread   (spec section 9: <= 1/100)
 *
 * Three cases: all of those, those without records alone, and the same day and data
 * (what a changed batch costs in any case). Rounds alternate; medians are quoted.
 *
 *   bench_changed [SUBJECTS] [RULES]
 */
#include <inttypes.h>
#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/buffer.h"
#include "base/limits.h"
#include "batch/kept_rules.h"
#include "heng/batch.h"
#include "heng/diag.h"
#include "report/outcome_form.h"
#include "report/render_outcome.h"
#include "store/baseline.h"

enum { ROUNDS = 7, ONE_IN = 1000 };

typedef struct heng_bench {
    const char *program, *rules;
    char folder[64];
    uint64_t subjects;
    heng_ruleset *ruleset;
    heng_store *store;
    heng_date day;
    const heng_outcome_form *form;
    heng_arena *form_arena, *arena;
    heng_buffer before, after;
    uint64_t bytes;
    heng_batch_counts counts;
} heng_bench;

static void die(const char *what, const char *why) {
    fprintf(stderr, "bench_changed: %s: %s\n", what, why);
    exit(1);
}

static double now(void) {
    struct timespec time;
    (void)clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec * 1e-9;
}

static int compare_doubles(const void *a, const void *b) {
    double left = *(const double *)a, right = *(const double *)b;
    return (left > right) - (left < right);
}

/* ---- the market, whole or every thousandth subject of it, changed ---- */

typedef enum heng_which { WHOLE, ALL_THOUSANDTH, THOUSANDTH_BARE } heng_which;

typedef struct heng_feed {
    FILE *pipe;
    heng_which which;
    uint64_t subjects; /* met */
    bool chosen;
    char held[1 << 16]; /* of a chosen subject: its line, until records follow or not */
    heng_buffer out;
    size_t at;
} heng_feed;

static void put_changed(heng_feed *feed, const char *line, const char *key) {
    const char *at = strstr(line, key);
    if (at == NULL) {
        (void)heng_buffer_add_text(&feed->out, line);
        return;
    }
    at += strlen(key);
    (void)heng_buffer_add(&feed->out, line, (size_t)(at - line));
    (void)heng_buffer_add_text(&feed->out, feed->which == ALL_THOUSANDTH ? "Y" : "X");
    (void)heng_buffer_add_text(&feed->out, at);
}

/* A bare subject is known by the next line: it is of another subject. */
static void take_line(heng_feed *feed, const char *line) {
    bool is_subject = strstr(line, "\"type\":\"subject\"") != NULL;
    if (is_subject) {
        if (feed->held[0] != '\0')
            put_changed(feed, feed->held, "\"name\":\"");
        feed->held[0] = '\0';
        feed->chosen = feed->subjects++ % ONE_IN == 7;
        if (feed->chosen)
            (void)snprintf(feed->held, sizeof feed->held, "%s", line);
        return;
    }
    if (!feed->chosen)
        return;
    if (feed->which == THOUSANDTH_BARE) {
        feed->held[0] = '\0';
        feed->chosen = false;
        return;
    }
    put_changed(feed, line, "\"document_no\":\"");
}

static size_t read_feed(void *context, char *buffer, size_t size) {
    heng_feed *feed = context;
    char line[1 << 16];
    if (feed->which == WHOLE)
        return fread(buffer, 1, size, feed->pipe);
    while (feed->out.len - feed->at < size &&
           fgets(line, sizeof line, feed->pipe) != NULL)
        take_line(feed, line);
    size_t left = feed->out.len - feed->at;
    size_t len = left < size ? left : size;
    if (len > 0)
        memcpy(buffer, feed->out.bytes + feed->at, len);
    feed->at += len;
    return len;
}

static heng_time_ms clock_ms(void *context) {
    (void)context;
    return (heng_time_ms)time(NULL) * 1000;
}

static void reject(void *context, const heng_import_reject *rejected) {
    (void)context;
    die("a line is rejected", rejected->reason);
}

static void ignore(void *context, const heng_import_reject *warning) {
    (void)context, (void)warning;
}

static void import(heng_bench *bench, heng_which which) {
    heng_error error = {0};
    heng_import *import = NULL;
    heng_import_counts counts = {0};
    heng_import_options options = {.catalog = heng_ruleset_catalog(bench->ruleset),
                                   .now = clock_ms,
                                   .reject = reject,
                                   .warn = ignore};
    static heng_feed feed;
    char path[512], command[1024];
    (void)snprintf(path, sizeof path, "%s", bench->program);
    (void)snprintf(command, sizeof command,
                   "%s/heng-market --rules %s --subjects %" PRIu64 " 2>/dev/null",
                   dirname(path), bench->rules, bench->subjects);
    feed = (heng_feed){.which = which, .pipe = popen(command, "r")};
    heng_buffer_init(&feed.out, (size_t)1 << 30);
    if (feed.pipe == NULL ||
        heng_import_begin(bench->store, &options, &import, &error) != HENG_OK ||
        heng_import_read(import, "market", read_feed, &feed, &error) != HENG_OK ||
        heng_import_end(import, &counts, &error) != HENG_OK)
        die("import", error.text);
    (void)pclose(feed.pipe);
    heng_buffer_done(&feed.out);
    printf("# imported: %" PRIu64 " subjects, %" PRIu64 " records\n",
           counts.subjects_new + counts.subjects_changed,
           counts.records_new + counts.records_changed);
}

/* ---- batches ---- */

static heng_status render(heng_bench *bench, const heng_batch_line *line,
                          heng_buffer *out) {
    heng_render render = {.ruleset = bench->ruleset,
                          .plan = line->plan,
                          .worker = line->worker,
                          .snapshot = line->snapshot,
                          .decision = line->decision,
                          .unmask = true,
                          .form = bench->form,
                          .arena = bench->arena};
    heng_arena_reset(bench->arena);
    return heng_render_outcome(&render, out);
}

static heng_status render_line(void *context, const heng_batch_line *line,
                               heng_buffer *out) {
    return render(context, line, out);
}

static heng_status compare(void *context, const heng_batch_line *before,
                           const heng_batch_line *line, heng_buffer *out,
                           heng_buffer *changes, bool *ret_changed) {
    heng_bench *bench = context;
    heng_status status = HENG_OK;
    (void)changes;
    heng_buffer_clear(&bench->before);
    heng_buffer_clear(&bench->after);
    if (before != NULL && before->told)
        status = render(bench, before, &bench->before);
    if (status == HENG_OK && line->told)
        status = render(bench, line, &bench->after);
    *ret_changed = !heng_str_equal(heng_buffer_view(&bench->before),
                                   heng_buffer_view(&bench->after));
    if (*ret_changed && status == HENG_OK)
        status = heng_buffer_add_str(out, heng_buffer_view(&bench->after));
    return status;
}

static heng_status take(void *context, heng_str lines, heng_str last,
                        heng_error *reterr) {
    heng_bench *bench = context;
    (void)last, (void)reterr;
    bench->bytes += lines.len;
    return HENG_OK;
}

static heng_status take_due(void *context, heng_date day, heng_str id,
                            heng_error *reterr) {
    return heng_baseline_due(*(heng_baseline_writer **)context, day, id, reterr);
}

static double batch(heng_bench *bench, unsigned flags) {
    heng_error error = {0};
    heng_batch *batch = NULL;
    heng_batch_options options = {.store = bench->store,
                                  .ruleset = bench->ruleset,
                                  .as_of = bench->day,
                                  .threads = 1,
                                  .flags = flags};
    heng_batch_sink sink = {
        .context = bench, .render = render_line, .compare = compare, .write = take};
    double start = now();
    if (heng_batch_open(&options, &batch, &error) != HENG_OK)
        die("batch", error.text);
    if (flags != 0 && heng_batch_get_scope(batch) != HENG_BATCH_SCOPE_CHANGED)
        die("batch", "looks at everybody");
    if (heng_batch_run(batch, (heng_str){0}, &sink, &bench->counts, &error) != HENG_OK)
        die("batch", error.text);
    heng_batch_close(batch);
    return now() - start;
}

typedef struct heng_leaving {
    heng_baseline_writer *writer; /* first: what take_due() is given */
    heng_bench *bench;
} heng_leaving;

static heng_status render_nothing(void *context, const heng_batch_line *line,
                                  heng_buffer *out) {
    (void)context, (void)line, (void)out;
    return HENG_OK;
}

static heng_status take_nothing(void *context, heng_str lines, heng_str last,
                                heng_error *reterr) {
    (void)context, (void)lines, (void)last, (void)reterr;
    return HENG_OK;
}

/* Leaves a baseline; the time of that alone is of interest too. */
static void leave(heng_bench *bench) {
    heng_error error = {0};
    heng_batch *batch = NULL;
    heng_str packed = {0};
    heng_leaving leaving = {.bench = bench};
    heng_batch_options options = {.store = bench->store,
                                  .ruleset = bench->ruleset,
                                  .as_of = bench->day,
                                  .threads = 1};
    heng_batch_sink sink = {.context = &leaving,
                            .render = render_nothing,
                            .write = take_nothing,
                            .due = take_due};
    if (heng_baseline_prepare(bench->store, &error) != HENG_OK ||
        heng_batch_open(&options, &batch, &error) != HENG_OK ||
        heng_kept_rules_pack(bench->ruleset, bench->form_arena, &packed, &error) !=
            HENG_OK)
        die("baseline", error.text);
    heng_baseline next = {.commit = heng_view_commit(heng_batch_view(batch)),
                          .known_at = heng_view_commit_time(heng_batch_view(batch)),
                          .as_of = bench->day,
                          .ruleset = heng_ruleset_digest(bench->ruleset)};
    double start = now();
    if (heng_baseline_begin(bench->store, &next, packed, true, &leaving.writer,
                            &error) != HENG_OK ||
        heng_batch_run(batch, (heng_str){0}, &sink, &bench->counts, &error) != HENG_OK)
        die("baseline", error.text);
    heng_batch_close(batch);
    if (heng_baseline_end(leaving.writer, bench->counts.subjects, bench->counts.told,
                          &error) != HENG_OK)
        die("baseline", error.text);
    heng_baseline_free(leaving.writer);
    printf("# left a baseline: %.1f ms with the batch\n", (now() - start) * 1e3);
}

static void measure(heng_bench *bench, const char *what) {
    double full[ROUNDS], changed[ROUNDS];
    for (int i = 0; i < ROUNDS; i++) {
        full[i] = batch(bench, 0);
        changed[i] = batch(bench, HENG_BATCH_CHANGED);
    }
    qsort(full, ROUNDS, sizeof *full, compare_doubles);
    qsort(changed, ROUNDS, sizeof *changed, compare_doubles);
    double spread = (full[ROUNDS - 1] - full[0]) / full[ROUNDS / 2];
    printf("%-28s full %8.3f ms, changed %8.3f ms (%" PRIu64 " looked at, %" PRIu64
           " changed): ratio 1/%.0f, spread of full %.0f %%\n",
           what, full[ROUNDS / 2] * 1e3, changed[ROUNDS / 2] * 1e3,
           bench->counts.looked_at, bench->counts.changed,
           full[ROUNDS / 2] / changed[ROUNDS / 2], spread * 100);
}

int main(int argc, char **argv) {
    heng_error error = {0};
    static heng_bench bench;
    bench = (heng_bench){.program = argv[0],
                         .subjects = argc > 1 ? strtoull(argv[1], NULL, 10) : 1000000,
                         .rules = argc > 2 ? argv[2] : "rules",
                         .arena = heng_arena_new(HENG_LIMIT_SUBJECT_ARENA_BYTES),
                         .form_arena = heng_arena_new(HENG_LIMIT_RULESET_ARENA_BYTES)};
    (void)setvbuf(stdout, NULL, _IOLBF, 0);
    (void)heng_date_parse(HENG_STR("2026-05-01"), &bench.day);
    heng_buffer_init(&bench.before, 1 << 24);
    heng_buffer_init(&bench.after, 1 << 24);
    heng_diags *diags = heng_diags_new();
    (void)snprintf(bench.folder, sizeof bench.folder, "/tmp/heng-bench-XXXXXX");
    if (bench.arena == NULL || bench.form_arena == NULL || diags == NULL)
        die("memory", "none left");
    if (heng_ruleset_load(bench.rules, diags, &bench.ruleset, &error) != HENG_OK)
        die("ruleset", error.text);
    bench.form = heng_outcome_form_new(bench.ruleset, bench.form_arena);
    if (mkdtemp(bench.folder) == NULL ||
        heng_store_open(bench.folder, HENG_STORE_CREATE, &bench.store, &error) !=
            HENG_OK)
        die("store", error.text);
    import(&bench, WHOLE);
    leave(&bench);
    measure(&bench, "changed/full, nothing new");
    import(&bench, THOUSANDTH_BARE);
    measure(&bench, "changed/full, without records");
    leave(&bench);
    import(&bench, ALL_THOUSANDTH);
    measure(&bench, "changed/full, 0.1 %");
    heng_store_close(bench.store);
    heng_ruleset_free(bench.ruleset);
    heng_diags_free(diags);
    heng_arena_free(bench.arena);
    heng_arena_free(bench.form_arena);
    heng_buffer_done(&bench.before);
    heng_buffer_done(&bench.after);
    char command[128];
    (void)snprintf(command, sizeof command, "rm -r %s", bench.folder);
    return system(command) == 0 ? 0 : 1;
}
