/* SPDX-License-Identifier: Apache-2.0 */
/*
 * bench_decide.c: what one decision in the process costs, for subjects with four
 * records and with the compact trace, beside a bare mdb_get of the subject.
 *
 *   at hand       heng_decide() alone, the snapshot made before
 *   with reading  snapshot and decision; made-up rules, which need the dossier alone
 *   with all      the same with the shipped rules: ties with their records, mentions
 *
 * The pages are mapped by a scan before each timing, as they are in a process that has
 * been answering for a while; the subjects are asked in an order by lot, so that
 * neighbours in the store do not help each other. Times are those of the processor; the
 * bare get is timed twice a round for the noise.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "heng/decide.h"
#include "lines.h"
#include "made_rules.h"
#include "made_store.h"
#include "measure.h"
#include "model/snapshot.h"
#include "store/scan.h"

static const char ABOUT[] =
    "One decision of a subject with four records against a bare "
    "mdb_get of the subject.";

enum { PICKS_MOST = 20000, ID_BYTES = 24 };

typedef struct heng_bench {
    heng_measure_options options;
    heng_made_store made;
    char (*picks)[ID_BYTES]; /* ids of subjects with four records */
    size_t pick_count;
} heng_bench;

/* ---- whom to ask ---- */

static uint64_t draw(uint64_t *state) {
    *state = *state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return *state >> 33;
}

/* The i-th of those with four records replaces one of the picks with the likelihood
 * that keeps all equally likely, so that they come from all over the store. */
static void keep(heng_bench *bench, heng_str id, uint64_t seen, uint64_t *state) {
    uint64_t place = seen < PICKS_MOST ? seen : draw(state) % (seen + 1);
    if (place >= PICKS_MOST || id.len >= ID_BYTES)
        return;
    memset(bench->picks[place], 0, ID_BYTES);
    memcpy(bench->picks[place], id.ptr, id.len);
    if (place == bench->pick_count)
        bench->pick_count++;
}

static void shuffle(heng_bench *bench, uint64_t *state) {
    for (size_t i = bench->pick_count; i > 1; i--) {
        char moved[ID_BYTES];
        size_t j = (size_t)(draw(state) % i);
        memcpy(moved, bench->picks[i - 1], sizeof moved);
        memcpy(bench->picks[i - 1], bench->picks[j], sizeof moved);
        memcpy(bench->picks[j], moved, sizeof moved);
    }
}

/* Goes through all subjects and their records; with `picks` also chooses. */
static void go_through(heng_bench *bench, bool choose) {
    heng_error error = {0};
    heng_view *view = NULL;
    heng_scan *scan = NULL;
    const heng_snapshot *snapshot = NULL;
    uint64_t seen = 0;
    uint64_t state = 7;
    if (heng_view_open(bench->made.store, &view, &error) != HENG_OK ||
        heng_scan_open(view, HENG_SCAN_ALL, &scan, &error) != HENG_OK ||
        heng_scan_range(scan, (heng_str){0}, (heng_str){0}, NULL, 0, &error) != HENG_OK)
        heng_measure_die("scan", error.text);
    for (;;) {
        if (heng_scan_next(scan, &snapshot, &error) != HENG_OK)
            heng_measure_die("scan", error.text);
        if (snapshot == NULL)
            break;
        if (choose && snapshot->record_count == 4 && snapshot->subject != NULL)
            keep(bench, snapshot->id, seen++, &state);
    }
    if (choose)
        shuffle(bench, &state);
    heng_scan_close(scan);
    heng_view_close(view);
}

/* ---- the sides ---- */

static void time_get(heng_bench *bench, heng_series *series) {
    heng_bare bare;
    uint64_t bytes = 0;
    heng_made_store_bare(&bench->made, &bare);
    heng_bare_scan(&bare, bench->made.subjects);
    heng_instant start = heng_measure_now();
    for (size_t i = 0; i < bench->pick_count; i++) {
        MDB_val key = {strlen(bench->picks[i]), bench->picks[i]};
        MDB_val value;
        if (mdb_get(bare.txn, bare.dbi, &key, &value) != 0)
            heng_measure_die("lmdb", "a subject is gone");
        bytes += ((const unsigned char *)value.mv_data)[4];
    }
    heng_measure_add(series, start, bench->pick_count);
    if (bytes == 0)
        heng_measure_die("lmdb", "the subjects are empty");
    heng_bare_close(&bare, &bench->made);
}

typedef struct heng_asked {
    heng_view *view;
    heng_plan *plan;
    heng_worker *worker;
    heng_arena *arena;
    unsigned needs;
    uint64_t measures; /* so that nothing is optimised away, and to tell */
} heng_asked;

static void open_asked(heng_bench *bench, const heng_ruleset *ruleset,
                       heng_asked *ret_asked) {
    heng_error error = {0};
    *ret_asked = (heng_asked){.worker = heng_worker_new(),
                              .arena = heng_arena_new(HENG_LIMIT_RULESET_ARENA_BYTES)};
    if (ret_asked->worker == NULL || ret_asked->arena == NULL)
        heng_measure_die("memory", "none left");
    if (heng_view_open(bench->made.store, &ret_asked->view, &error) != HENG_OK ||
        heng_plan_new(ruleset, heng_view_names(ret_asked->view), heng_lines_day(),
                      &ret_asked->plan, &error) != HENG_OK)
        heng_measure_die("plan", error.text);
    ret_asked->needs = heng_plan_needs(ret_asked->plan);
}

static void close_asked(heng_asked *asked) {
    heng_plan_free(asked->plan);
    heng_worker_free(asked->worker);
    heng_arena_free(asked->arena);
    heng_view_close(asked->view);
}

static heng_snapshot *read_subject(const heng_asked *asked, const char *id) {
    heng_error error = {0};
    heng_snapshot *snapshot = NULL;
    if (heng_view_snapshot(asked->view, heng_str_of(id), asked->needs, asked->arena,
                           &snapshot, &error) != HENG_OK)
        heng_measure_die("snapshot", error.text);
    return snapshot;
}

static void decide(heng_asked *asked, const heng_snapshot *snapshot) {
    heng_error error = {0};
    const heng_decision *decision = NULL;
    if (heng_decide(asked->plan, asked->worker, snapshot, UINT32_MAX, 0, &decision,
                    &error) != HENG_OK)
        heng_measure_die("decide", error.text);
    asked->measures += decision->measure_count;
}

/* Both of ours; gives how many measures the decisions brought. */
static uint64_t time_decisions(heng_bench *bench, const heng_ruleset *ruleset,
                               heng_series *at_hand, heng_series *reading) {
    heng_asked asked;
    heng_snapshot **snapshots = calloc(bench->pick_count, sizeof(heng_snapshot *));
    if (snapshots == NULL)
        heng_measure_die("memory", "none left");
    heng_made_store_reopen(&bench->made);
    go_through(bench, false);
    open_asked(bench, ruleset, &asked);
    heng_instant start = heng_measure_now();
    for (size_t i = 0; i < bench->pick_count; i++) {
        heng_arena_reset(asked.arena);
        decide(&asked, read_subject(&asked, bench->picks[i]));
    }
    heng_measure_add(reading, start, bench->pick_count);
    heng_arena_reset(asked.arena);
    for (size_t i = 0; i < bench->pick_count; i++)
        snapshots[i] = read_subject(&asked, bench->picks[i]);
    asked.measures = 0;
    start = heng_measure_now();
    for (size_t i = 0; i < bench->pick_count; i++)
        decide(&asked, snapshots[i]);
    heng_measure_add(at_hand, start, bench->pick_count);
    uint64_t measures = asked.measures;
    close_asked(&asked);
    free(snapshots);
    return measures;
}

/* ---- the rows ---- */

/* A ruleset's two sides. */
typedef struct heng_sides {
    heng_ruleset *ruleset;
    char rules[16];
    bool shipped;
    uint64_t measures;
    heng_series at_hand, reading;
} heng_sides;

static void name_series(const heng_bench *bench, heng_series *series, const char *side,
                        const char *rules) {
    *series = (heng_series){0};
    (void)snprintf(series->name, sizeof series->name,
                   "Decide/side=%s/rules=%s/subjects=%" PRIu64, side, rules,
                   bench->options.subjects);
}

static void tell(const heng_bench *bench, const heng_sides *sides,
                 const heng_series *get) {
    char name[64];
    const heng_measure_options *options = &bench->options;
    heng_row row = {name,  &sides->at_hand, get,           "decision",
                    "get", HENG_CLOCK_CPU,  HENG_BAR_MOST, 3};
    if (!options->benchstat)
        printf("# %s rules: %" PRIu64 " measures in %zu decisions\n", sides->rules,
               sides->measures, bench->pick_count);
    (void)snprintf(name, sizeof name, "decision at hand, %s rules / mdb_get",
                   sides->rules);
    heng_measure_tell(options, &row);
    row.over = &sides->reading;
    (void)snprintf(name, sizeof name, "decision %s, %s rules / mdb_get",
                   sides->shipped ? "with all it needs" : "with reading", sides->rules);
    heng_measure_tell(options, &row);
    heng_measure_print(options, &sides->at_hand);
    heng_measure_print(options, &sides->reading);
}

/* One market and the rulesets that are asked about it. */
static void run(heng_bench *bench, heng_sides *sides, size_t count, const char *rules) {
    heng_series get;
    heng_series again;
    const char *which = sides[0].shipped ? "shipped" : "made";
    name_series(bench, &get, "get", which);
    name_series(bench, &again, "get-again", which);
    heng_made_store_open(&bench->made, &bench->options, sides[0].ruleset, rules);
    bench->pick_count = 0;
    go_through(bench, true);
    if (bench->pick_count == 0)
        heng_measure_die("market", "no subject has four records");
    for (size_t i = 0; i < count; i++) {
        name_series(bench, &sides[i].at_hand, "at-hand", sides[i].rules);
        name_series(bench, &sides[i].reading, "reading", sides[i].rules);
    }
    for (size_t round = 0; round < bench->options.rounds; round++) {
        time_get(bench, &get);
        for (size_t i = 0; i < count; i++)
            sides[i].measures = time_decisions(bench, sides[i].ruleset,
                                               &sides[i].at_hand, &sides[i].reading);
        time_get(bench, &again);
    }
    if (!bench->options.benchstat)
        printf("# %" PRIu64 " subjects, %" PRIu64 " records\n", bench->made.subjects,
               bench->made.records);
    for (size_t i = 0; i < count; i++) {
        tell(bench, &sides[i], &get);
        heng_ruleset_free(sides[i].ruleset);
    }
    heng_measure_print(&bench->options, &get);
    heng_measure_tell_noise(&bench->options, &get, &again);
    heng_made_store_close(&bench->made);
}

int main(int argc, char **argv) {
    heng_bench bench = {.options = {.subjects = 100000, .rounds = 7, .rules = "rules"}};
    heng_sides made[HENG_MADE_SIZES] = {0};
    heng_sides shipped = {.rules = "shipped", .shipped = true};
    heng_buffer text;
    heng_measure_options_read(&bench.options, ABOUT, argc, argv);
    bench.picks = calloc(PICKS_MOST, sizeof *bench.picks);
    if (bench.picks == NULL)
        heng_measure_die("memory", "none left");

    heng_buffer_init(&text, (size_t)16 << 20);
    heng_made_rules_write(&text, HENG_MADE_RULES[0]);
    for (size_t i = 0; i < HENG_MADE_SIZES; i++) {
        made[i].ruleset = heng_made_rules_load(HENG_MADE_RULES[i]);
        (void)snprintf(made[i].rules, sizeof made[i].rules, "%zu", HENG_MADE_RULES[i]);
    }
    run(&bench, made, HENG_MADE_SIZES, text.bytes);
    heng_buffer_done(&text);

    shipped.ruleset = heng_made_rules_shipped(bench.options.rules, false);
    run(&bench, &shipped, 1, NULL);
    free(bench.picks);
    return 0;
}
