/* SPDX-License-Identifier: Apache-2.0 */
/*
 * bench_decide.c: what a decision costs, as ratios to a bare LMDB in the same run.
 *
 *   decide/get    one in-process decision of a subject with four records, compact
 * trace, against a bare mdb_get of the subject               (spec section 9: <= 3)
 *   batch/scan    all subjects that have records, outcome lines written to memory, one
 * thread, against a bare cursor over all subjects; rates, so 1.0 is equal  (>= 1.0)
 *   batch/scan, all subjects   the same looking at every subject, as a rule without
 * ground needs
 *                                                                      (>= 0.5)
 *
 * The two sides alternate in rounds; medians of the rounds are quoted, and the spread,
 * so that a busy machine shows. The store is a made-up market in a folder of its own.
 */
#include <inttypes.h>
#include <libgen.h>
#include <lmdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/buffer.h"
#include "base/limits.h"
#include "heng/batch.h"
#include "heng/decide.h"
#include "heng/diag.h"
#include "heng/ruleset.h"
#include "heng/store.h"
#include "model/snapshot.h"
#include "report/outcome_form.h"
#include "report/render_outcome.h"
#include "ruleset/linked.h"
#include "store/scan.h"

enum { ROUNDS = 7, PICKS = 20000, LINES_BYTES = 1 << 26 };

typedef struct heng_bench {
    const char *program;
    char folder[64];
    uint64_t subjects;
    heng_ruleset *ruleset;
    heng_store *store;
    char (*picks)[24]; /* ids of subjects with four records */
    size_t pick_count;
    uint64_t decided, with_lines;
    const heng_outcome_form *form;
} heng_bench;

static double now(void) {
    struct timespec time;
    (void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
    return (double)time.tv_sec + (double)time.tv_nsec * 1e-9;
}

static void die(const char *what, const char *why) {
    fprintf(stderr, "bench_decide: %s: %s\n", what, why);
    exit(1);
}

static int compare_doubles(const void *a, const void *b) {
    double left = *(const double *)a, right = *(const double *)b;
    return (left > right) - (left < right);
}

static double median(double *values, size_t count) {
    qsort(values, count, sizeof *values, compare_doubles);
    return values[count / 2];
}

/* ---- the store ---- */

static heng_time_ms clock_ms(void *context) {
    (void)context;
    return (heng_time_ms)time(NULL) * 1000;
}

static void reject(void *context, const heng_import_reject *rejected) {
    (void)context;
    die("the generator made a line that import rejects", rejected->reason);
}

static size_t read_pipe(void *context, char *buffer, size_t size) {
    FILE *pipe = context;
    size_t got = fread(buffer, 1, size, pipe);
    return got == 0 && ferror(pipe) ? SIZE_MAX : got;
}

static void ignore(void *context, const heng_import_reject *warning) {
    (void)context;
    (void)warning;
}

static void fill(heng_bench *bench) {
    heng_error error = {0};
    heng_import *import = NULL;
    heng_import_options options = {.catalog = heng_ruleset_catalog(bench->ruleset),
                                   .now = clock_ms,
                                   .reject = reject,
                                   .warn = ignore};
    char path[512], command[1024];
    (void)snprintf(path, sizeof path, "%s", bench->program);
    (void)snprintf(command, sizeof command,
                   "%s/heng-market --subjects %" PRIu64 " 2>/dev/null", dirname(path),
                   bench->subjects);
    FILE *pipe = popen(command, "r");
    if (pipe == NULL)
        die("heng-market", "cannot be started");
    if (heng_store_open(bench->folder, HENG_STORE_CREATE, &bench->store, &error) !=
            HENG_OK ||
        heng_import_begin(bench->store, &options, &import, &error) != HENG_OK ||
        heng_import_read(import, "market", read_pipe, pipe, &error) != HENG_OK)
        die("import", error.text);
    heng_import_counts counts = {0};
    if (heng_import_end(import, &counts, &error) != HENG_OK || pclose(pipe) != 0)
        die("import", error.text);
    printf("# %" PRIu64 " subjects, %" PRIu64 " records\n", counts.subjects_new,
           counts.records_new);
}

/* ---- the bare sides ---- */

/* LMDB allows one environment a process for a file: the bare side borrows none of ours.
 * It is opened for the round and closed again while the store is closed. */
static MDB_env *open_bare(heng_bench *bench, MDB_txn **ret_txn, MDB_dbi *ret_dbi) {
    MDB_env *env = NULL;
    heng_store_close(bench->store);
    bench->store = NULL;
    if (mdb_env_create(&env) != 0 || mdb_env_set_maxdbs(env, 32) != 0 ||
        mdb_env_open(env, bench->folder, MDB_RDONLY | MDB_NOTLS, 0600) != 0 ||
        mdb_txn_begin(env, NULL, MDB_RDONLY, ret_txn) != 0 ||
        mdb_dbi_open(*ret_txn, "subject", 0, ret_dbi) != 0)
        die("lmdb", "the store cannot be opened bare");
    return env;
}

static void close_bare(heng_bench *bench, MDB_env *env, MDB_txn *txn) {
    heng_error error = {0};
    mdb_txn_abort(txn);
    mdb_env_close(env);
    if (heng_store_open(bench->folder, HENG_STORE_READ, &bench->store, &error) !=
        HENG_OK)
        die("store", error.text);
}

static double bare_scan(heng_bench *bench) {
    MDB_txn *txn = NULL;
    MDB_dbi dbi = 0;
    MDB_cursor *cursor = NULL;
    MDB_val key, value;
    uint64_t count = 0, bytes = 0;
    MDB_env *env = open_bare(bench, &txn, &dbi);
    if (mdb_cursor_open(txn, dbi, &cursor) != 0)
        die("lmdb", "no cursor");
    double start = now();
    while (mdb_cursor_get(cursor, &key, &value, MDB_NEXT) == 0) {
        count++;
        bytes += ((const unsigned char *)value.mv_data)[4];
    }
    double spent = now() - start;
    mdb_cursor_close(cursor);
    close_bare(bench, env, txn);
    if (count != bench->subjects || bytes == 0)
        die("lmdb", "the bare scan met another number of subjects");
    return spent;
}

static double bare_get(heng_bench *bench) {
    MDB_txn *txn = NULL;
    MDB_dbi dbi = 0;
    uint64_t bytes = 0;
    MDB_env *env = open_bare(bench, &txn, &dbi);
    double start = now();
    for (size_t i = 0; i < bench->pick_count; i++) {
        MDB_val key = {strlen(bench->picks[i]), bench->picks[i]}, value;
        if (mdb_get(txn, dbi, &key, &value) != 0)
            die("lmdb", "a subject is gone");
        bytes += ((const unsigned char *)value.mv_data)[4];
    }
    double spent = now() - start;
    close_bare(bench, env, txn);
    return bytes == 0 ? 0 : spent;
}

/* ---- our sides ---- */

typedef struct heng_sides {
    heng_view *view;
    heng_arena *arena;
    heng_worker *worker;
    heng_plan *plan;
} heng_sides;

static void open_sides(heng_bench *bench, heng_sides *sides) {
    heng_error error = {0};
    heng_date day = 0;
    (void)heng_date_parse(HENG_STR("2026-05-01"), &day);
    sides->arena = heng_arena_new(HENG_LIMIT_SUBJECT_ARENA_BYTES);
    sides->worker = heng_worker_new();
    if (sides->arena == NULL || sides->worker == NULL)
        die("memory", "none left");
    if (heng_view_open(bench->store, &sides->view, &error) != HENG_OK ||
        heng_plan_new(bench->ruleset, heng_view_names(sides->view), day, &sides->plan,
                      &error) != HENG_OK)
        die("plan", error.text);
}

static void close_sides(heng_sides *sides) {
    heng_plan_free(sides->plan);
    heng_worker_free(sides->worker);
    heng_arena_free(sides->arena);
    heng_view_close(sides->view);
}

static double decide_picks(heng_bench *bench) {
    heng_sides sides;
    heng_error error = {0};
    open_sides(bench, &sides);
    unsigned needs = heng_plan_needs(sides.plan);
    uint64_t measures = 0;
    double start = now();
    for (size_t i = 0; i < bench->pick_count; i++) {
        heng_snapshot *snapshot = NULL;
        const heng_decision *decision = NULL;
        heng_arena_reset(sides.arena);
        if (heng_view_snapshot(sides.view, heng_str_of(bench->picks[i]), needs,
                               sides.arena, &snapshot, &error) != HENG_OK ||
            heng_decide(sides.plan, sides.worker, snapshot, UINT32_MAX, 0, &decision,
                        &error) != HENG_OK)
            die("decide", error.text);
        measures += decision->measure_count;
    }
    double spent = now() - start;
    bench->decided = measures;
    close_sides(&sides);
    return spent;
}

typedef struct heng_lines {
    heng_bench *bench;
    const heng_plan *plan;
    const heng_outcome_form *form;
    heng_arena *arena[2];
    uint64_t bytes;
} heng_lines;

static heng_status render_line(void *context, const heng_batch_line *line,
                               heng_buffer *out) {
    heng_lines *lines = context;
    heng_render render = {.ruleset = lines->bench->ruleset,
                          .plan = lines->plan,
                          .worker = line->worker,
                          .snapshot = line->snapshot,
                          .decision = line->decision,
                          .form = lines->form,
                          .arena = lines->arena[line->thread]};
    heng_arena_reset(render.arena);
    return heng_render_outcome(&render, out);
}

static heng_status write_lines(void *context, heng_str text, heng_str last,
                               heng_error *reterr) {
    heng_lines *lines = context;
    (void)last, (void)reterr;
    lines->bytes += text.len;
    return HENG_OK;
}

static double batch(heng_bench *bench, unsigned flags, size_t threads) {
    heng_error error = {0};
    heng_batch *batch = NULL;
    heng_date day = 0;
    (void)heng_date_parse(HENG_STR("2026-05-01"), &day);
    heng_batch_options options = {.store = bench->store,
                                  .ruleset = bench->ruleset,
                                  .as_of = day,
                                  .threads = threads,
                                  .flags = flags};
    heng_lines lines = {.bench = bench,
                        .arena = {heng_arena_new(HENG_LIMIT_SUBJECT_ARENA_BYTES),
                                  heng_arena_new(HENG_LIMIT_SUBJECT_ARENA_BYTES)}};
    heng_batch_sink sink = {
        .context = &lines, .render = render_line, .write = write_lines};
    heng_batch_counts counts = {0};
    double start = now();
    if (heng_batch_open(&options, &batch, &error) != HENG_OK)
        die("batch", error.text);
    lines.plan = heng_batch_plan(batch);
    lines.form = bench->form;
    if (heng_batch_run(batch, (heng_str){0}, &sink, &counts, &error) != HENG_OK)
        die("batch", error.text);
    double spent = now() - start;
    bench->with_lines = counts.told;
    heng_batch_close(batch);
    heng_arena_free(lines.arena[0]);
    heng_arena_free(lines.arena[1]);
    return spent;
}

/* ---- rounds ---- */

static void pick(heng_bench *bench) {
    heng_sides sides;
    heng_error error = {0};
    heng_scan *scan = NULL;
    open_sides(bench, &sides);
    bench->picks = calloc(PICKS, sizeof *bench->picks);
    if (bench->picks == NULL ||
        heng_scan_open(sides.view, 0, &scan, &error) != HENG_OK ||
        heng_scan_range(scan, (heng_str){0}, (heng_str){0}, NULL, 0, &error) != HENG_OK)
        die("scan", error.text);
    for (;;) {
        const heng_snapshot *snapshot = NULL;
        if (heng_scan_next(scan, &snapshot, &error) != HENG_OK)
            die("scan", error.text);
        if (snapshot == NULL)
            break;
        if (snapshot->record_count != 4 || snapshot->subject == NULL ||
            snapshot->id.len >= 24 || bench->pick_count == PICKS)
            continue;
        memcpy(bench->picks[bench->pick_count++], snapshot->id.ptr, snapshot->id.len);
    }
    /* Shuffled, so that neighbours in the store are not asked one after the other. */
    uint64_t state = 7;
    for (size_t i = bench->pick_count; i > 1; i--) {
        char moved[24];
        state = state * UINT64_C(6364136223846793005) + 1442695040888963407u;
        size_t j = (size_t)((state >> 33) % i);
        memcpy(moved, bench->picks[i - 1], sizeof moved);
        memcpy(bench->picks[i - 1], bench->picks[j], sizeof moved);
        memcpy(bench->picks[j], moved, sizeof moved);
    }
    heng_scan_close(scan);
    close_sides(&sides);
    if (bench->pick_count == 0)
        die("market", "no subject has four records");
}

static void print_row(const char *name, double *ratios, double unit_a,
                      const char *text_a, double unit_b, const char *text_b) {
    double middle = median(ratios, ROUNDS);
    printf("%-28s %8.2f   (%.2f to %.2f; %s %.0f ns, %s %.0f ns)\n", name, middle,
           ratios[0], ratios[ROUNDS - 1], text_a, unit_a * 1e9, text_b, unit_b * 1e9);
}

int main(int argc, char **argv) {
    heng_bench bench = {.program = argv[0], .subjects = 200000};
    heng_error error = {0};
    heng_diags *diags = heng_diags_new();
    double get[ROUNDS], decide[ROUNDS], scan[ROUNDS], plain[ROUNDS], all[ROUNDS];
    double decide_ratio[ROUNDS], plain_ratio[ROUNDS], all_ratio[ROUNDS];
    if (argc > 1)
        bench.subjects = strtoull(argv[1], NULL, 10);
    if (diags == NULL ||
        heng_ruleset_load("rules", diags, &bench.ruleset, &error) != HENG_OK)
        die("rules", error.text);
    (void)snprintf(bench.folder, sizeof bench.folder, "/tmp/heng-bench-XXXXXX");
    if (mkdtemp(bench.folder) == NULL)
        die("/tmp", "no folder can be made");
    heng_arena *forms = heng_arena_new(HENG_LIMIT_RULESET_ARENA_BYTES);
    bench.form = forms == NULL ? NULL : heng_outcome_form_new(bench.ruleset, forms);
    if (bench.form == NULL)
        die("memory", "none left");
    fill(&bench);
    pick(&bench);
    for (int round = 0; round < ROUNDS; round++) {
        get[round] = bare_get(&bench);
        decide[round] = decide_picks(&bench);
        scan[round] = bare_scan(&bench);
        plain[round] = batch(&bench, 0, 1);
        all[round] = batch(&bench, 0, 2);
        decide_ratio[round] = decide[round] / get[round];
        plain_ratio[round] = scan[round] / plain[round];
        all_ratio[round] = scan[round] / all[round];
    }
    double picks = (double)bench.pick_count, subjects = (double)bench.subjects;
    printf("# %zu rules; medians of %d rounds, (least to most); %" PRIu64
           " outcome lines, %" PRIu64 " measures in %zu decisions\n",
           bench.ruleset->rule_count, ROUNDS, bench.with_lines, bench.decided,
           bench.pick_count);
    print_row("decide/get", decide_ratio, median(decide, ROUNDS) / picks, "decision",
              median(get, ROUNDS) / picks, "get");
    print_row("batch/scan rate", plain_ratio, median(plain, ROUNDS) / subjects, "batch",
              median(scan, ROUNDS) / subjects, "scan");
    print_row("batch/scan rate, all", all_ratio, median(all, ROUNDS) / subjects,
              "batch", median(scan, ROUNDS) / subjects, "scan");
    heng_store_close(bench.store);
    heng_arena_free(forms);
    heng_ruleset_free(bench.ruleset);
    heng_diags_free(diags);
    free(bench.picks);
    char command[128];
    (void)snprintf(command, sizeof command, "rm -rf %s", bench.folder);
    return system(command) == 0 ? 0 : 1;
}
