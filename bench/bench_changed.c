/* SPDX-License-Identifier: Apache-2.0 */
/*
 * bench_changed.c: a batch of what changed beside a full one, in the same process, one
 * thread, lines to memory.
 *
 *   nothing new   what a batch of what changed costs in any case
 *   0.1 %         one subject in a thousand came again with another name, and its
 *                 records of 2025 a year earlier
 *
 * Both sides open the store anew before each timing, or, "mapped", find it read once. A
 * batch of what changed also reads the journal and finds the old outcome of each
 * subject that it looks at, at random places of the store. The baseline stays where it
 * is, so each round does the same work; what leaving one costs is a side of its own,
 * with the disk it waits for. Times are those of the processor, that one of the wall
 * clock.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "batch/kept_rules.h"
#include "lines.h"
#include "made_rules.h"
#include "made_store.h"
#include "measure.h"
#include "store/baseline.h"

static const char ABOUT[] =
    "A batch of what changed since the last one against a full batch.";

enum { ONE_IN = 999 }; /* odd: persons, every fourth subject, are among them */

typedef struct heng_bench {
    heng_measure_options options;
    heng_made_store made;
    heng_ruleset *ruleset;
    heng_lines lines;
} heng_bench;

/* ---- the baseline ---- */

static heng_status take_due(void *context, heng_date day, heng_str id,
                            heng_error *reterr) {
    return heng_baseline_due(context, day, id, reterr);
}

/* A full batch, and what it leaves. */
static void time_leaving(heng_bench *bench, heng_series *series) {
    heng_error error = {0};
    heng_baseline_writer *writer = NULL;
    heng_str packed = {0};
    heng_made_store_reopen(&bench->made);
    heng_store *store = bench->made.store;
    heng_instant start = heng_measure_now();
    if (heng_baseline_prepare(store, &error) != HENG_OK)
        heng_measure_die("baseline", error.text);
    heng_batch *batch = heng_lines_open(&bench->lines, store, 1, 0);
    heng_view *view = heng_batch_view(batch);
    const heng_baseline next = {.commit = heng_view_commit(view),
                                .known_at = heng_view_commit_time(view),
                                .as_of = heng_lines_day(),
                                .ruleset = heng_ruleset_digest(bench->ruleset)};
    if (heng_kept_rules_pack(bench->ruleset, bench->lines.forms, &packed, &error) !=
            HENG_OK ||
        heng_baseline_begin(store, &next, packed, true, &writer, &error) != HENG_OK)
        heng_measure_die("baseline", error.text);
    bench->lines.due = take_due;
    bench->lines.due_context = writer;
    heng_batch_counts counts = heng_lines_write(&bench->lines, batch);
    bench->lines.due = NULL;
    if (heng_baseline_end(writer, counts.subjects, counts.told, &error) != HENG_OK)
        heng_measure_die("baseline", error.text);
    heng_measure_add(series, start, 1);
    heng_baseline_free(writer);
}

/* ---- the sides ---- */

/* With the pages that the store has mapped by now. */
static heng_batch_counts time_batch(heng_bench *bench, unsigned flags,
                                    heng_series *series) {
    heng_instant start = heng_measure_now();
    heng_batch *batch = heng_lines_open(&bench->lines, bench->made.store, 1, flags);
    if (flags != 0 && heng_batch_get_scope(batch) != HENG_BATCH_SCOPE_CHANGED)
        heng_measure_die("batch", "looks at everybody");
    heng_batch_counts counts = heng_lines_write(&bench->lines, batch);
    heng_measure_add(series, start, 1);
    return counts;
}

enum { FULL, FULL_AGAIN, FULL_MAPPED, CHANGED, CHANGED_MAPPED, SIDES };

static void run(heng_bench *bench, const char *what, const char *title, bool barred) {
    static const char *const NAMES[SIDES] = {"full", "full-again", "full-mapped",
                                             "changed", "changed-mapped"};
    const heng_measure_options *options = &bench->options;
    const heng_bar bar = barred ? HENG_BAR_MOST : HENG_BAR_NONE;
    heng_series series[SIDES] = {0};
    heng_batch_counts counts = {0};
    for (int i = 0; i < SIDES; i++)
        (void)snprintf(series[i].name, sizeof series[i].name,
                       "Changed/side=%s/news=%s/subjects=%" PRIu64, NAMES[i], what,
                       options->subjects);
    for (size_t round = 0; round < options->rounds; round++) {
        heng_made_store_reopen(&bench->made);
        (void)time_batch(bench, 0, &series[FULL]);
        heng_made_store_reopen(&bench->made);
        counts = time_batch(bench, HENG_BATCH_CHANGED, &series[CHANGED]);
        heng_made_store_reopen(&bench->made);
        (void)time_batch(bench, 0, &series[FULL_AGAIN]);
        (void)time_batch(bench, 0, &series[FULL_MAPPED]);
        (void)time_batch(bench, HENG_BATCH_CHANGED, &series[CHANGED_MAPPED]);
    }
    if (!options->benchstat)
        printf("# %s: %" PRIu64 " subjects looked at, %" PRIu64 " lines differ\n",
               title, counts.looked_at, counts.changed);
    const heng_row rows[] = {
        {title, &series[CHANGED], &series[FULL], "changed", "full", HENG_CLOCK_CPU, bar,
         0.01},
        {"  the same, mapped", &series[CHANGED_MAPPED], &series[FULL_MAPPED], "changed",
         "full", HENG_CLOCK_CPU, bar, 0.01},
    };
    heng_measure_tell(options, &rows[0]);
    heng_measure_tell(options, &rows[1]);
    for (int i = 0; i < SIDES; i++)
        heng_measure_print(options, &series[i]);
    heng_measure_tell_noise(options, &series[FULL], &series[FULL_AGAIN]);
}

/* Rounds that each leave a baseline, and so no news to the rounds of run(). */
static void run_leaving(heng_bench *bench) {
    heng_series full = {.name = "Changed/side=full/news=leaving"};
    heng_series leaving = {.name = "Changed/side=full-with-baseline/news=leaving"};
    for (size_t round = 0; round < bench->options.rounds; round++) {
        heng_made_store_reopen(&bench->made);
        (void)time_batch(bench, 0, &full);
        time_leaving(bench, &leaving);
    }
    const heng_row row = {"full batch that leaves a baseline / full",
                          &leaving,
                          &full,
                          "leaving",
                          "full",
                          HENG_CLOCK_WALL,
                          HENG_BAR_NONE,
                          0};
    heng_measure_tell(&bench->options, &row);
    heng_measure_print(&bench->options, &leaving);
}

int main(int argc, char **argv) {
    heng_bench bench = {.options = {.subjects = 100000, .rounds = 7, .rules = "rules"}};
    heng_measure_options_read(&bench.options, ABOUT, argc, argv);
    bench.ruleset = heng_made_rules_shipped(bench.options.rules, false);
    heng_lines_init(&bench.lines, bench.ruleset);
    heng_made_store_open(&bench.made, &bench.options, bench.ruleset, NULL);
    bench.made.writable = true;
    run_leaving(&bench);
    run(&bench, "none", "batch --changed, nothing new / full", false);
    heng_made_store_alter(&bench.made, &bench.options, bench.ruleset, ONE_IN);
    run(&bench, "thousandth", "batch --changed, 0.1 % changed / full", true);
    heng_lines_done(&bench.lines);
    heng_made_store_close(&bench.made);
    heng_ruleset_free(bench.ruleset);
    return 0;
}
