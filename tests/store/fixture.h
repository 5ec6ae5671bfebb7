/* SPDX-License-Identifier: Apache-2.0 */
/*
 * fixture.h: a small catalog, a store in a folder of its own, and imports from texts.
 */
#ifndef HENG_TESTS_STORE_FIXTURE_H
#define HENG_TESTS_STORE_FIXTURE_H

#include <dirent.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "support/check.h"

#include "base/alloc.h"
#include "base/buffer.h"
#include "base/digest.h"
#include "base/limits.h"
#include "heng/store.h"
#include "model/catalog.h"
#include "model/flat.h"
#include "model/snapshot.h"
#include "store/baseline.h"
#include "store/file_set.h"
#include "store/scan.h"

/* ---- catalog ---- */

static inline const heng_catalog *fixture_catalog(void) {
    static heng_str kinds[] = {{"evasion", 7}, {"refund_fraud", 12}, {"arrears", 7}};
    static heng_attribute tax[] = {
        {.name = {"amount", 6}, .type = HENG_ATTRIBUTE_DECIMAL, .required = true},
        {.name = {"case_kind", 9},
         .type = HENG_ATTRIBUTE_STRING,
         .enum_words = kinds,
         .enum_count = 3},
        {.name = {"first_time", 10}, .type = HENG_ATTRIBUTE_BOOL},
        {.name = {"months", 6}, .type = HENG_ATTRIBUTE_INT},
        {.name = {"paid_on", 7}, .type = HENG_ATTRIBUTE_DATE},
        {.name = {"taxes", 5}, .type = HENG_ATTRIBUTE_STRINGS},
    };
    static heng_attribute scale[] = {
        {.name = {"scale", 5}, .type = HENG_ATTRIBUTE_STRING},
    };
    static heng_category categories[] = {
        {.id = {"award.quality", 13},
         .nature = HENG_NATURE_FAVOURABLE,
         .provider = {"市场监管部门", 18},
         .expires = HENG_EXPIRES_REQUIRED},
        {.id = {"tax.major_violation", 19},
         .nature = HENG_NATURE_ADVERSE,
         .severity = HENG_GRAVITY_SERIOUS,
         .provider = {"税务机关", 12},
         .attributes = tax,
         .attribute_count = COUNT(tax)},
        {.id = {"wage.arrears", 12},
         .nature = HENG_NATURE_ADVERSE,
         .severity = HENG_GRAVITY_SERIOUS,
         .provider = {"人社部门", 12},
         .expires = HENG_EXPIRES_NONE},
    };
    static heng_role roles[] = {
        {.id = {"legal_representative", 20}, .inverse = {"legally_represents", 18}},
        {.id = {"responsible", 11}},
        {.id = {"shareholder", 11}},
    };
    static const heng_catalog catalog = {
        .categories = categories,
        .category_count = COUNT(categories),
        .subject_attributes = scale,
        .subject_attribute_count = COUNT(scale),
        .roles = roles,
        .role_count = COUNT(roles),
    };
    return &catalog;
}

/* ---- folders ---- */

/* An empty folder below the system's place for such; freed by fixture_remove(). */
static inline char *fixture_folder(void) {
    const char *base = getenv("TMPDIR");
    char text[512];
    (void)snprintf(text, sizeof text, "%s/heng-store-XXXXXX",
                   base == NULL ? "/tmp" : base);
    char *made = mkdtemp(text);
    assert_non_null(made);
    char *copy = malloc(strlen(text) + 1);
    assert_non_null(copy);
    memcpy(copy, text, strlen(text) + 1);
    return copy;
}

static inline void fixture_clear(const char *path) {
    DIR *folder = opendir(path);
    if (folder == NULL)
        return;
    struct dirent *entry;
    while ((entry = readdir(folder)) != NULL) {
        char inner[4096];
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
            continue;
        if (snprintf(inner, sizeof inner, "%s/%s", path, entry->d_name) < 0)
            continue;
        if (unlink(inner) != 0) {
            fixture_clear(inner);
            (void)rmdir(inner);
        }
    }
    (void)closedir(folder);
}

static inline void fixture_remove(char *path) {
    fixture_clear(path);
    (void)rmdir(path);
    free(path);
}

/* What teardowns end with. */
static inline int fixture_done(heng_store *store, char *folder) {
    heng_store_close(store);
    fixture_remove(folder);
    return 0;
}

/* The files that a store has, and none beside them. */
static inline void fixture_only_store(const char *path) {
    static const char *const NAMES[] = {".", "..", "data.mdb", "lock.mdb",
                                        "writer.lock"};
    DIR *folder = opendir(path);
    assert_non_null(folder);
    for (struct dirent *entry; (entry = readdir(folder)) != NULL;) {
        bool known = false;
        for (size_t i = 0; i < COUNT(NAMES); i++) {
            known = known || strcmp(entry->d_name, NAMES[i]) == 0;
        }
        if (!known) {
            fail_msg("%s was left behind", entry->d_name);
        }
    }
    (void)closedir(folder);
}

static inline char *fixture_inside(const char *path, const char *name, char *buffer,
                                   size_t size) {
    (void)snprintf(buffer, size, "%s/%s", path, name);
    return buffer;
}

/* ---- children ---- */

/* In a child that may die of what it reads: else cmocka would catch the signal there
 * too, and go on with the next test. */
static inline void fixture_die_of_signals(void) {
    static const int SIGNALS[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT};
    for (size_t i = 0; i < COUNT(SIGNALS); i++) {
        (void)signal(SIGNALS[i], SIG_DFL);
    }
}

/* ---- importing ---- */

struct fixture_text {
    const char *at;
    size_t left;
    size_t step; /* bytes a read at most; 0: all that fits */
};

static inline size_t fixture_read(void *context, char *buffer, size_t size) {
    struct fixture_text *text = context;
    size_t len = text->left < size ? text->left : size;
    if (text->step != 0 && len > text->step) {
        len = text->step;
    }
    memcpy(buffer, text->at, len);
    text->at += len;
    text->left -= len;
    return len;
}

/* What callbacks saw, and the clock: each batch is one millisecond later. */
struct fixture_log {
    heng_buffer text; /* `file:line: field: reason` */
    heng_time_ms now;
    unsigned batches;
    unsigned stop_after; /* batches; 0: never */
};

static inline heng_time_ms fixture_now(void *context) {
    struct fixture_log *log = context;
    log->batches++;
    return log->now++;
}

static inline bool fixture_stop(void *context) {
    struct fixture_log *log = context;
    return log->stop_after != 0 && log->batches >= log->stop_after;
}

static inline void fixture_note(struct fixture_log *log, const char *what,
                                const heng_import_reject *reject) {
    (void)heng_buffer_add_format(&log->text, "%s %s:%ju: %s%s%s\n", what, reject->file,
                                 (uintmax_t)reject->line, reject->field,
                                 reject->field[0] == '\0' ? "" : ": ", reject->reason);
}

static inline void fixture_reject(void *context, const heng_import_reject *reject) {
    fixture_note(context, "reject", reject);
}

static inline void fixture_warn(void *context, const heng_import_reject *warning) {
    fixture_note(context, "warn", warning);
}

static inline heng_import_options fixture_options(struct fixture_log *log) {
    return (heng_import_options){
        .catalog = fixture_catalog(),
        .now = fixture_now,
        .stop = fixture_stop,
        .reject = fixture_reject,
        .warn = fixture_warn,
        .context = log,
    };
}

static inline heng_status fixture_import_with(heng_store *store,
                                              const heng_import_options *options,
                                              const char *text, size_t len,
                                              heng_import_counts *counts,
                                              heng_error *error) {
    heng_import *import = NULL;
    struct fixture_text input = {text, len, 0};
    heng_status status = heng_import_begin(store, options, &import, error);
    if (status == HENG_OK) {
        status = heng_import_read(import, "in", fixture_read, &input, error);
    }
    heng_status ended = heng_import_end(import, counts, error);
    return status == HENG_OK ? ended : status;
}

/* Imports at the given time; all lines must be right. */
static inline heng_import_counts fixture_import(heng_store *store, heng_time_ms now,
                                                const char *text) {
    heng_error error = {0};
    heng_import_counts counts = {0};
    struct fixture_log log = {.now = now};
    heng_buffer_init(&log.text, 1 << 20);
    heng_import_options options = fixture_options(&log);
    heng_status status =
        fixture_import_with(store, &options, text, strlen(text), &counts, &error);
    if (status != HENG_OK || counts.rejects != 0) {
        fail_msg("import: %d %s\n%s", (int)status, error.text,
                 log.text.bytes == NULL ? "" : log.text.bytes);
    }
    heng_buffer_done(&log.text);
    return counts;
}

static inline heng_store *fixture_open(const char *path, heng_store_mode mode) {
    heng_store *store = NULL;
    heng_error error = {0};
    if (heng_store_open(path, mode, &store, &error) != HENG_OK) {
        fail_msg("open %s: %s", path, error.text);
    }
    return store;
}

static inline heng_view *fixture_view(heng_store *store) {
    heng_view *view = NULL;
    heng_error error = {0};
    if (heng_view_open(store, &view, &error) != HENG_OK) {
        fail_msg("view: %s", error.text);
    }
    return view;
}

/* ---- snapshots as text ---- */

static inline void fixture_add_str(heng_buffer *to, heng_str text) {
    (void)heng_buffer_add_format(to, "%.*s", HENG_STR_ARG(text));
}

static inline void fixture_add_record(heng_buffer *to, const uint8_t *bytes) {
    char day[HENG_DATE_TEXT_BYTES];
    heng_date_format(heng_flat_i32(bytes + 16), day);
    fixture_add_str(to, heng_flat_text(bytes, HENG_FLAT_RECORD_ID));
    (void)heng_buffer_add_format(
        to, "(%s %s)", day, heng_kind_word(HENG_WORDS_RECORD_STATUS, bytes[32])->word);
}

/* `name | record(day status) … | tie … | mention …` */
static inline void fixture_add_snapshot(heng_buffer *to,
                                        const heng_snapshot *snapshot) {
    fixture_add_str(to, snapshot->id);
    (void)heng_buffer_add_text(to, ": ");
    if (snapshot->subject == NULL) {
        (void)heng_buffer_add_text(to, "-");
    } else {
        fixture_add_str(to, heng_flat_text(snapshot->subject, HENG_FLAT_SUBJECT_NAME));
    }
    for (size_t i = 0; i < snapshot->record_count; i++) {
        (void)heng_buffer_add_text(to, i == 0 ? " | records " : ", ");
        fixture_add_record(to, snapshot->records[i].bytes);
    }
    for (size_t i = 0; i < snapshot->tie_count; i++) {
        const heng_snapshot_tie *tie = &snapshot->ties[i];
        (void)heng_buffer_add_text(to, i == 0 ? " | ties " : ", ");
        (void)heng_buffer_add_text(to, tie->reversed ? "<-" : "->");
        fixture_add_str(to, tie->other);
        (void)heng_buffer_add_text(to, " ");
        fixture_add_str(to, heng_names_get(snapshot->names, tie->role));
        if (tie->subject != NULL) {
            (void)heng_buffer_add_text(to, " ");
            fixture_add_str(to, heng_flat_text(tie->subject, HENG_FLAT_SUBJECT_NAME));
        }
        for (size_t r = 0; r < tie->record_count; r++) {
            (void)heng_buffer_add_text(to, " ");
            fixture_add_record(to, tie->records[r].bytes);
        }
    }
    for (size_t i = 0; i < snapshot->mention_count; i++) {
        (void)heng_buffer_add_text(to, i == 0 ? " | named in " : ", ");
        fixture_add_record(to, snapshot->mentions[i].record.bytes);
        (void)heng_buffer_add_text(to, " of ");
        fixture_add_str(to, snapshot->mentions[i].record.subject);
    }
}

static inline void fixture_expect(const char *got, const char *want) {
    if (strcmp(got, want) != 0) {
        fail_msg("\n  want: %s\n  got:  %s", want, got);
    }
}

/* Checks one subject, as known at the commit time `known_at` (0: now). */
static inline void fixture_expect_snapshot(heng_store *store, heng_time_ms known_at,
                                           const char *id, const char *want) {
    heng_view *view = fixture_view(store);
    heng_arena *arena = heng_arena_new((size_t)1 << 30);
    heng_snapshot *snapshot = NULL;
    heng_error error = {0};
    heng_buffer text;
    heng_buffer_init(&text, 1 << 20);
    heng_status status = HENG_OK;
    if (known_at != 0) {
        status = heng_view_known_at(view, known_at, &error);
    }
    if (status == HENG_OK) {
        status = heng_view_snapshot(view, heng_str_of(id), HENG_VIEW_ALL, arena,
                                    &snapshot, &error);
    }
    if (status != HENG_OK) {
        (void)heng_buffer_add_text(&text, error.text);
    } else {
        fixture_add_snapshot(&text, snapshot);
    }
    fixture_expect(heng_buffer_view(&text).ptr, want);
    heng_buffer_done(&text);
    heng_arena_free(arena);
    heng_view_close(view);
}

/* ---- whole stores ---- */

static inline void fixture_hash_flat(heng_digest_state *state, const uint8_t *bytes) {
    if (bytes == NULL) {
        heng_digest_update_uint64(state, 0);
        return;
    }
    uint32_t len = heng_flat_u32(bytes);
    heng_digest_update(state, bytes, HENG_FLAT_SUBJECT_COMMIT);
    heng_digest_update(state, bytes + 16, len - 16);
}

/* A scan of all there is. */
static inline heng_status fixture_scan(heng_view *view, unsigned what,
                                       heng_scan **ret_scan, heng_error *reterr) {
    heng_status status = heng_scan_open(view, what, ret_scan, reterr);
    return status == HENG_OK
               ? heng_scan_range(*ret_scan, HENG_STR(""), HENG_STR(""), NULL, 0, reterr)
               : status;
}

/* Of all that a store knows but for commits' numbers: the scan with everything. */
static inline heng_digest fixture_digest(heng_store *store, uint64_t *ret_subjects) {
    heng_view *view = fixture_view(store);
    heng_scan *scan = NULL;
    heng_error error = {0};
    heng_digest_state state;
    heng_digest digest;
    uint64_t count = 0;
    heng_digest_init(&state);
    heng_status status = fixture_scan(
        view, HENG_SCAN_ALL | HENG_SCAN_REST | HENG_VIEW_ALL, &scan, &error);
    const heng_snapshot *snapshot = NULL;
    while (status == HENG_OK &&
           (status = heng_scan_next(scan, &snapshot, &error)) == HENG_OK &&
           snapshot != NULL) {
        count++;
        heng_digest_update_str(&state, snapshot->id);
        fixture_hash_flat(&state, snapshot->subject);
        for (size_t i = 0; i < snapshot->record_count; i++) {
            fixture_hash_flat(&state, snapshot->records[i].bytes);
        }
        for (size_t i = 0; i < snapshot->tie_count; i++) {
            heng_digest_update_str(&state, snapshot->ties[i].other);
            heng_digest_update_uint64(&state, snapshot->ties[i].role);
            fixture_hash_flat(&state, snapshot->ties[i].subject);
        }
        for (size_t i = 0; i < snapshot->mention_count; i++) {
            heng_digest_update_str(&state, snapshot->mentions[i].record.subject);
            fixture_hash_flat(&state, snapshot->mentions[i].record.bytes);
        }
    }
    if (status != HENG_OK) {
        fail_msg("scan: %s: %s", error.place, error.text);
    }
    heng_digest_final(&state, &digest);
    heng_scan_close(scan);
    heng_view_close(view);
    if (ret_subjects != NULL) {
        *ret_subjects = count;
    }
    return digest;
}

static inline void fixture_problem(void *context, const char *table, const char *key,
                                   const char *text) {
    (void)heng_buffer_add_format(context, "%s %s: %s\n", table, key, text);
}

/* Fails with what verify finds. */
static inline void fixture_sound(heng_store *store) {
    heng_buffer found;
    heng_error error = {0};
    uint64_t checked = 0;
    heng_buffer_init(&found, 1 << 20);
    heng_status status =
        heng_store_verify(store, fixture_problem, &found, &checked, &error);
    if (status != HENG_OK || found.len != 0) {
        fail_msg("verify: %s\n%s", error.text, heng_buffer_view(&found).ptr);
    }
    heng_buffer_done(&found);
}

/* ---- batches ---- */

/* A made-up ruleset: one file, another for each `number`. Owned by `arena`; empty out
 * of memory. */
static inline heng_str fixture_ruleset(unsigned number, heng_arena *arena,
                                       char digest[HENG_DIGEST_TEXT_BYTES]) {
    char text[64];
    heng_str set;
    heng_error error = {0};
    (void)snprintf(text, sizeof text, "ruleset: {version: \"%u\"}\n", number);
    heng_file_set_item file = {HENG_STR("rules.yaml"), heng_str_of(text)};
    if (heng_file_set_pack(&file, 1, arena, &set, &error) != HENG_OK)
        return (heng_str){0};
    heng_digest got = heng_file_set_digest(set);
    heng_digest_format(&got, digest);
    return set;
}

/* Begins a batch over all that the store knows now. */
static inline heng_status fixture_begin(heng_store *store, unsigned ruleset,
                                        heng_date as_of, bool full,
                                        heng_baseline_writer **ret_writer,
                                        heng_error *error) {
    char digest[HENG_DIGEST_TEXT_BYTES];
    heng_arena *arena = heng_arena_new(1 << 20);
    heng_view *view = NULL;
    heng_status status =
        arena == NULL ? heng_error_nomem(error) : heng_baseline_prepare(store, error);
    if (status == HENG_OK) {
        status = heng_view_open(store, &view, error);
    }
    if (status == HENG_OK) {
        heng_str set = fixture_ruleset(ruleset, arena, digest);
        digest[set.ptr == NULL ? 0 : sizeof digest - 1] = '\0';
        heng_baseline next = {.commit = heng_view_commit(view),
                              .known_at = heng_view_commit_time(view),
                              .as_of = as_of,
                              .ruleset = heng_str_of(digest)};
        status = set.ptr == NULL
                     ? heng_error_nomem(error)
                     : heng_baseline_begin(store, &next, set, full, ret_writer, error);
    }
    heng_view_close(view);
    heng_arena_free(arena);
    return status;
}

/* A batch without subjects. */
static inline void fixture_baseline(heng_store *store, unsigned ruleset,
                                    heng_date as_of, bool full) {
    heng_error error = {0};
    heng_baseline_writer *writer = NULL;
    heng_status status = fixture_begin(store, ruleset, as_of, full, &writer, &error);
    if (status == HENG_OK) {
        status = heng_baseline_end(writer, 0, 0, &error);
    }
    heng_baseline_free(writer);
    if (status != HENG_OK) {
        fail_msg("batch: %s", error.text);
    }
}

/* ---- made-up data ---- */

static inline uint64_t fixture_random(uint64_t *state) {
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    return *state;
}

/* `count` lines: subjects, records with parties, relations; ids up to `ids`. */
static inline void fixture_make(heng_buffer *to, uint64_t seed, size_t count,
                                unsigned ids) {
    static const char *const STATUS[] = {"active", "repaired", "revoked", "disputed"};
    uint64_t state = seed * 2654435761U + 88172645463325252U;
    for (size_t i = 0; i < count; i++) {
        unsigned id = (unsigned)(fixture_random(&state) % ids);
        unsigned other = (unsigned)(fixture_random(&state) % ids);
        unsigned day = 1 + (unsigned)(fixture_random(&state) % 28);
        unsigned choice = (unsigned)(fixture_random(&state) % 8);
        if (choice < 3) {
            (void)heng_buffer_add_format(
                to,
                "{\"type\":\"subject\",\"id\":\"E-%u\",\"kind\":\"legal_person\","
                "\"name\":\"公司%u-%u\",\"region\":\"4301%02u\"",
                id, id, day, day);
            if (choice == 0) {
                (void)heng_buffer_add_format(to,
                                             ",\"relations\":[{\"role\":\"legal_"
                                             "representative\",\"id\":\"P-%u\"},"
                                             "{\"role\":\"shareholder\",\"id\":\"E-%"
                                             "u\",\"from\":\"2020-01-%02u\"}]",
                                             other, other, day);
            }
            (void)heng_buffer_add_text(to, "}\n");
        } else {
            (void)heng_buffer_add_format(
                to,
                "{\"type\":\"record\",\"id\":\"R-%u\",\"subject\":\"E-%u\","
                "\"category\":"
                "\"tax.major_violation\",\"authority\":\"税务局\",\"document_no\":\"%"
                "u\","
                "\"decided_on\":\"2024-03-%02u\",\"status\":\"%s\",\"attributes\":{"
                "\"amount\":\"%u.5\"}",
                other * 3 + choice % 3, id % (1 + other % 7), day, day, STATUS[day % 4],
                day * 1000);
            if (choice == 7) {
                (void)heng_buffer_add_format(
                    to, ",\"parties\":[{\"role\":\"responsible\",\"id\":\"P-%u\"}]",
                    id);
            }
            (void)heng_buffer_add_text(to, "}\n");
        }
    }
}

/* One subject with a record; another number, another subject. Their order is that of
 * the numbers. */
static inline void fixture_make_one(heng_buffer *to, unsigned number) {
    unsigned other = number * 7919U % 1000U;
    (void)heng_buffer_add_format(
        to,
        "{\"type\":\"subject\",\"id\":\"E-%06u\",\"kind\":\"legal_person\",\"name\":"
        "\"公司%u\",\"region\":\"430102\",\"relations\":[{\"role\":"
        "\"legal_representative\",\"id\":\"P-%u\"}]}\n"
        "{\"type\":\"record\",\"id\":\"R-%06u\",\"subject\":\"E-%06u\",\"category\":"
        "\"wage.arrears\",\"authority\":\"a\",\"document_no\":\"n%u\",\"decided_on\":"
        "\"2024-03-%02u\",\"parties\":[{\"role\":\"responsible\",\"id\":\"P-%u\"}]}\n",
        number, number, other, number * 31U % 100000U, number, number, 1 + number % 28,
        other);
}

/* `count` of them, so that each follows the one before it. */
static inline void fixture_make_ordered(heng_buffer *to, unsigned count) {
    for (unsigned i = 0; i < count; i++) {
        fixture_make_one(to, i);
    }
}

#endif
