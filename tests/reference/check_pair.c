/* SPDX-License-Identifier: Apache-2.0 */
/* check_pair.c: one subject on one day, asked of both. */
#include "heng/decide.h"

#include <stdlib.h>

#include "check_pair.h" /* last: see engine.c */

/* What the checks of one subject and day have at hand. */
typedef struct asking {
    engine *engine;
    const check *how;
    const rules *rules;
    const world *world;
    int who;
    const day *days;
    int day_count;
    text *why;
} asking;

static bool is_same_on(const asking *at, const answer *today, day on) {
    answer then;
    reference_answer(at->rules, at->world, at->who, on, &then);
    return reference_same(at->rules, today, &then);
}

/* The engine's valid-through must not be later than the truth, and where it says that
 * it is exact, not earlier. */
static void check_days(const asking *at, const answer *today, day until, bool exact,
                       const char *which) {
    day last = until == DAY_NONE ? DAY_MAX : until;
    if (last < today->as_of || until == DAY_MAX) {
        text_add(at->why, "valid-through%s %s is no such day; ", which,
                 calendar_text(until));
        return;
    }
    day window = today->as_of + at->how->window;
    day checked = last < window ? last : window;
    day stays = reference_stays_until(at->rules, at->world, at->who, today, checked);
    if (stays < checked) {
        text_add(at->why, "valid-through%s %s: already changes after %s; ", which,
                 calendar_text(until), calendar_text(stays));
        return;
    }
    rng from = {(uint64_t)(today->as_of - DAY_MIN) * 100 + (uint64_t)at->who};
    for (int i = 0; i < at->how->samples && at->day_count > 0; i++) {
        day on = at->days[rng_below(&from, at->day_count)];
        if (on > checked && on <= last && !is_same_on(at, today, on)) {
            text_add(at->why, "valid-through%s %s: is not the same on %s; ", which,
                     calendar_text(until), calendar_text(on));
            return;
        }
    }
    if (!is_same_on(at, today, last))
        text_add(at->why, "valid-through%s %s: is not the same on that day; ", which,
                 calendar_text(until));
    if (exact && until != DAY_NONE && is_same_on(at, today, last + 1))
        text_add(at->why, "valid-through%s %s: too early, nothing changes; ", which,
                 calendar_text(until));
}

/* What is left of an answer when one matter is asked about. */
static answer only(const rules *of, const answer *whole, int matter) {
    answer part = *whole;
    for (int m = 0; m < of->measure_count; m++) {
        if ((of->measures[m].matters >> matter & 1) != 0)
            continue;
        part.measures[m] = (answer_measure){.present = false};
        for (int state = 0; state < STATES; state++) {
            part.not_applied[state] &= ~(1U << m);
            part.may_not_applied[state] &= ~(1U << m);
        }
    }
    for (int m = 0; m < of->matter_count; m++) {
        if (m != matter)
            part.verdicts[m] = VERDICT_CLEAR;
    }
    return part;
}

/* With a matter, everything concerns that matter only; which of the undetermined rules
 * do is the engine's to say. Valid-through may not be too late, exact or not. */
static void check_matter(const asking *at, const answer *whole, int matter) {
    answer wanted = only(at->rules, whole, matter), got;
    if (!engine_answer(at->engine, at->rules, at->world, at->who, whole->as_of, matter,
                       HENG_DECIDE_FULL |
                           (whole->as_of % 2 == 0 ? HENG_DECIDE_EXACT_DAYS : 0),
                       &got, at->why))
        return;
    if ((got.undetermined & ~wanted.undetermined) != 0)
        text_add(at->why, "an undetermined rule of its own; ");
    got.undetermined = wanted.undetermined;
    size_t said = at->why->len;
    answer_compare(at->rules, &wanted, &got, at->why);
    if (at->why->len > said)
        text_add(at->why, "(asked for matter.%c) ", 'a' + matter);
    for (int i = 0; i < at->how->samples / 4 && at->day_count > 0; i++) {
        rng from = {(uint64_t)(whole->as_of - DAY_MIN) * 7 + (uint64_t)i};
        day on = at->days[rng_below(&from, at->day_count)];
        answer then;
        if (on <= whole->as_of || on > got.valid_through)
            continue;
        reference_answer(at->rules, at->world, at->who, on, &then);
        then = only(at->rules, &then, matter);
        then.undetermined = wanted.undetermined;
        if (!reference_same(at->rules, &wanted, &then)) {
            text_add(at->why, "valid-through of matter.%c %s: not the same on %s; ",
                     'a' + matter, calendar_text(got.valid_through), calendar_text(on));
            return;
        }
    }
}

bool check_pair(engine *of, const check *how, const rules *rules_of, const world *in,
                int who, day as_of, const day *days, int day_count, text *why) {
    asking at = {of, how, rules_of, in, who, days, day_count, why};
    answer wanted, full, quick;
    size_t said = why->len;
    reference_answer(rules_of, in, who, as_of, &wanted);
    if (!engine_answer(of, rules_of, in, who, as_of, ALL_MATTERS,
                       HENG_DECIDE_FULL | HENG_DECIDE_EXACT_DAYS, &full, why) ||
        !engine_answer(of, rules_of, in, who, as_of, ALL_MATTERS, 0, &quick, why))
        return false;
    answer_compare(rules_of, &wanted, &full, why);
    if (!reference_same(rules_of, &full, &quick))
        text_add(why, "another answer without the full justification; ");
    if (why->len == said) {
        check_days(&at, &wanted, full.valid_through, reference_is_exact(rules_of), "");
        if (quick.valid_through > full.valid_through)
            text_add(why, "valid-through is later where it need not be exact; ");
        check_days(&at, &wanted, quick.valid_through, false, " (not exact)");
    }
    if (why->len == said) /* one matter a day: each costs as much as all of this */
        check_matter(&at, &wanted, (as_of - DAY_MIN) % rules_of->matter_count);
    if (why->len == said)
        return true;
    text_add(why, "\nreference: ");
    answer_print(rules_of, in, &wanted, why);
    text_add(why, "engine: ");
    answer_print(rules_of, in, &full, why);
    text_add(why, "  valid through %s, not exact %s\n",
             calendar_text(full.valid_through), calendar_text(quick.valid_through));
    return false;
}

bool check_alone(const check *how, const rules *rules_of, const world *in, int who,
                 day as_of, text *why) {
    text files[MAX_FILES] = {{0}};
    text lines = {0};
    layout plain = {.files = 1};
    day *days = malloc(MAX_DAYS * sizeof *days);
    if (days == NULL)
        abort();
    render_yaml(rules_of, &plain, files);
    render_ndjson(rules_of, in, &plain, &lines);
    engine *of = engine_open(files, 1, &lines, ENGINE_OVERLAY, why);
    int count = generate_days(rules_of, in, days);
    bool agrees =
        of != NULL && check_pair(of, how, rules_of, in, who, as_of, days, count, why);
    engine_close(of);
    free(days);
    text_free(&files[0]);
    text_free(&lines);
    return agrees;
}
