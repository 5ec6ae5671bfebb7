/* SPDX-License-Identifier: Apache-2.0 */
/*
 * bench_diff.c: two rulesets over one store beside one batch, one thread.
 *
 *   one rule     of the shipped ones has another ground
 *   every rule   whose ground stands in one line, nearly all: whoever has a record at
 *                which a rule looks is decided by both
 *
 * What differs is found and counted as `heng diff` does, the batch writes its lines to
 * memory. Both open the store anew before each timing, so that both pay for mapping the
 * pages that they read. Times are those of the processor.
 */
#include <inttypes.h>
#include <stdio.h>

#include "base/limits.h"
#include "batch/cube.h"
#include "batch/difference.h"
#include "lines.h"
#include "made_rules.h"
#include "made_store.h"
#include "measure.h"

static const char ABOUT[] = "Two rulesets compared over a store, beside one batch.";

/* A draft, and what differs by it. */
typedef struct heng_draft {
    heng_ruleset *ruleset;
    heng_arena *arena, *subject_arena;
    heng_both_measures both;
    heng_cube cube;
    heng_batch_counts counts;
} heng_draft;

static void draft_open(heng_draft *draft, const heng_ruleset *old, const char *path,
                       const char *rule) {
    *draft =
        (heng_draft){.ruleset = heng_made_rules_draft(path, rule),
                     .arena = heng_arena_new(HENG_LIMIT_RULESET_ARENA_BYTES),
                     .subject_arena = heng_arena_new(HENG_LIMIT_SUBJECT_ARENA_BYTES)};
    if (draft->arena == NULL || draft->subject_arena == NULL ||
        !heng_both_measures_make(old, draft->ruleset, draft->arena, &draft->both))
        heng_measure_die("memory", "none left");
}

static void draft_close(heng_draft *draft) {
    heng_cube_done(&draft->cube);
    heng_arena_free(draft->subject_arena);
    heng_arena_free(draft->arena);
    heng_ruleset_free(draft->ruleset);
}

static heng_status compare(void *context, const heng_batch_line *before,
                           const heng_batch_line *line, heng_buffer *out,
                           heng_buffer *changes, bool *ret_changed) {
    heng_draft *draft = context;
    heng_difference *list = NULL;
    size_t count = 0;
    heng_status status = HENG_OK;
    (void)out, (void)changes;
    heng_arena_reset(draft->subject_arena);
    if (!heng_difference_find(&draft->both, before->decision, line->decision,
                              draft->subject_arena, &list, &count))
        return HENG_ERR_NOMEM;
    for (size_t i = 0; i < count && status == HENG_OK; i++)
        status = heng_cube_add(&draft->cube, line->snapshot, &list[i]);
    *ret_changed = count > 0;
    return status;
}

static heng_status take_nothing(void *context, heng_str lines, heng_str last,
                                heng_error *reterr) {
    (void)context, (void)lines, (void)last, (void)reterr;
    return HENG_OK;
}

static void time_diff(heng_made_store *made, const heng_ruleset *old, heng_draft *draft,
                      heng_series *series) {
    heng_error error = {0};
    heng_batch *batch = NULL;
    const heng_batch_sink sink = {
        .context = draft, .compare = compare, .write = take_nothing};
    heng_cube_done(&draft->cube);
    heng_made_store_reopen(made);
    heng_instant start = heng_measure_now();
    const heng_batch_options options = {.store = made->store,
                                        .ruleset = draft->ruleset,
                                        .against = old,
                                        .as_of = heng_lines_day(),
                                        .threads = 1};
    if (heng_batch_open(&options, &batch, &error) != HENG_OK ||
        heng_batch_run(batch, (heng_str){0}, &sink, &draft->counts, &error) != HENG_OK)
        heng_measure_die("diff", error.text);
    heng_batch_close(batch);
    heng_measure_add(series, start, made->subjects);
}

static void time_batch(heng_made_store *made, heng_lines *lines, heng_series *series) {
    heng_made_store_reopen(made);
    heng_instant start = heng_measure_now();
    (void)heng_lines_run(lines, made->store, 1);
    heng_measure_add(series, start, made->subjects);
}

enum { BATCH, AGAIN, ONE, EVERY, SIDES };

static void tell(const heng_measure_options *options, const heng_series *series,
                 const heng_draft *drafts) {
    const heng_row rows[] = {
        {"diff, one rule is another / batch", &series[ONE], &series[BATCH], "diff",
         "batch", HENG_CLOCK_CPU, HENG_BAR_MOST, 1.3},
        {"diff, every rule is another / batch", &series[EVERY], &series[BATCH], "diff",
         "batch", HENG_CLOCK_CPU, HENG_BAR_MOST, 1.3},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        heng_measure_tell(options, &rows[i]);
        if (!options->benchstat)
            printf("# decided by both: %" PRIu64 ", with a difference: %" PRIu64 "\n",
                   drafts[i].counts.looked_at, drafts[i].counts.changed);
    }
    for (size_t i = 0; i < SIDES; i++)
        heng_measure_print(options, &series[i]);
    heng_measure_tell_noise(options, &series[BATCH], &series[AGAIN]);
}

int main(int argc, char **argv) {
    static const char *const NAMES[SIDES] = {[BATCH] = "batch",
                                             [AGAIN] = "batch-again",
                                             [ONE] = "one-rule",
                                             [EVERY] = "every-rule"};
    heng_measure_options options = {.subjects = 100000, .rounds = 7, .rules = "rules"};
    heng_series series[SIDES] = {0};
    heng_made_store made;
    heng_lines lines;
    heng_draft drafts[2];
    heng_measure_options_read(&options, ABOUT, argc, argv);
    heng_ruleset *shipped = heng_made_rules_shipped(options.rules, false);
    heng_made_store_open(&made, &options, shipped, NULL);
    heng_lines_init(&lines, shipped);
    draft_open(&drafts[0], shipped, options.rules, "tax.major-violation.procurement");
    draft_open(&drafts[1], shipped, options.rules, NULL);
    for (size_t i = 0; i < SIDES; i++)
        (void)snprintf(series[i].name, sizeof series[i].name,
                       "Diff/side=%s/subjects=%" PRIu64, NAMES[i], options.subjects);
    for (size_t round = 0; round < options.rounds; round++) {
        time_batch(&made, &lines, &series[BATCH]);
        time_diff(&made, shipped, &drafts[0], &series[ONE]);
        time_diff(&made, shipped, &drafts[1], &series[EVERY]);
        time_batch(&made, &lines, &series[AGAIN]);
    }
    tell(&options, series, drafts);
    draft_close(&drafts[0]);
    draft_close(&drafts[1]);
    heng_lines_done(&lines);
    heng_made_store_close(&made);
    heng_ruleset_free(shipped);
    return 0;
}
