/* SPDX-License-Identifier: Apache-2.0 */
/*
 * horizon.c: until when an outcome stays the same if nothing new is recorded.
 *
 * Every evaluation of a day t also finds the first day after t on which anything it
 * looked at could turn out differently (frame.next_change): a record taking effect or
 * ending, a run of days, a rule's effective days, a tie, a birthday, a comparison with
 * as_of. Until then the evaluation would take the very same steps. So it is enough to
 * evaluate again on that day, and on the next such day, until the outcome differs:
 *
 *   day d        next_change = d1      evaluate d1: same      next_change = d2
 *   day d1       evaluate d2: differs  -> valid through d2 - 1
 *
 * Where conditions use as_of in a way that is not followed, next_change is the next
 * day, and the days are tried one by one.
 */
#include "base/limits.h"
#include "decide/evaluate.h"

static bool same_grounds(const heng_firing *a, const heng_firing *b) {
    if (a->ground_count != b->ground_count)
        return false;
    for (size_t i = 0; i < a->ground_count; i++) {
        if (a->grounds[i].record != b->grounds[i].record)
            return false;
    }
    return true;
}

static bool same_measure(const heng_evaluation *a, const heng_merged *ma,
                         const heng_evaluation *b, const heng_merged *mb) {
    if (ma->measure != mb->measure || ma->state != mb->state ||
        ma->force != mb->force || ma->term.from != mb->term.from ||
        ma->term.until != mb->term.until || ma->term.open != mb->term.open ||
        ma->by_count != mb->by_count)
        return false;
    for (size_t i = 0; i < ma->by_count; i++) {
        if (a->actives[ma->by[i]].rule != b->actives[mb->by[i]].rule ||
            !same_grounds(heng_resolve_firing(a, ma->by[i], ma->pass),
                          heng_resolve_firing(b, mb->by[i], mb->pass)))
            return false;
    }
    return true;
}

static size_t next_measure(const heng_evaluation *eval, size_t at, uint32_t matter) {
    while (
        at < eval->outcome.measure_count &&
        !heng_measure_concerns(
            &eval->plan->ruleset->measures[eval->outcome.measures[at].measure], matter))
        at++;
    return at;
}

static size_t next_doubt(const heng_evaluation *eval, size_t at, uint32_t matter) {
    const heng_ruleset *ruleset = eval->plan->ruleset;
    for (; at < eval->active_count; at++) {
        const heng_active *active = &eval->actives[at];
        if (active->pass[HENG_PASS_FIRST].doubt &&
            !ruleset->rules[active->rule].unverified &&
            heng_rule_concerns(ruleset, active->rule, matter))
            break;
    }
    return at;
}

static bool same_outcome(const heng_evaluation *a, const heng_evaluation *b,
                         uint32_t matter) {
    if (a->outcome.out_of_scope != b->outcome.out_of_scope)
        return false;
    if (a->outcome.out_of_scope)
        return true;
    for (size_t m = 0; m < a->plan->ruleset->matter_count; m++) {
        if ((matter == HENG_NONE || matter == m) &&
            a->outcome.verdicts[m] != b->outcome.verdicts[m])
            return false;
    }
    size_t i = next_measure(a, 0, matter), j = next_measure(b, 0, matter);
    while (i < a->outcome.measure_count && j < b->outcome.measure_count) {
        if (!same_measure(a, &a->outcome.measures[i], b, &b->outcome.measures[j]))
            return false;
        i = next_measure(a, i + 1, matter);
        j = next_measure(b, j + 1, matter);
    }
    if (i < a->outcome.measure_count || j < b->outcome.measure_count)
        return false;
    i = next_doubt(a, 0, matter);
    j = next_doubt(b, 0, matter);
    while (i < a->active_count && j < b->active_count) {
        if (a->actives[i].rule != b->actives[j].rule)
            return false;
        i = next_doubt(a, i + 1, matter);
        j = next_doubt(b, j + 1, matter);
    }
    return i >= a->active_count && j >= b->active_count;
}

/* What one more day costs, for the budget: records looked at and rules touched. */
static uint64_t effort(const heng_evaluation *eval) {
    uint64_t records = eval->own_count + eval->mention_count;
    for (size_t t = 0; t < eval->tie_count; t++)
        records += eval->ties[t].record_count;
    return 1 + records + eval->active_count;
}

heng_date heng_horizon_find(heng_evaluation *base, uint32_t matter, bool exact) {
    heng_date day = base->day;
    heng_date next = base->frame.next_change;
    uint64_t budget = HENG_LIMIT_HORIZON_EFFORT;
    while (next <= HENG_DATE_MAX) {
        if (!exact)
            return next - 1;
        heng_arena_mark mark = heng_arena_get_mark(base->arena);
        heng_evaluation later = {.plan = base->plan,
                                 .worker = base->worker,
                                 .arena = base->arena,
                                 .snapshot = base->snapshot,
                                 .day = next,
                                 .verdicts = true};
        bool same = heng_evaluate(&later) && same_outcome(base, &later, matter);
        uint64_t spent = effort(&later);
        day = next;
        next = later.frame.next_change;
        if (!later.failed)
            heng_arena_rewind(base->arena, mark);
        if (!same)
            return day - 1;
        /* Out of budget: what was shown so far is true, and may be too early. */
        if (spent >= budget)
            return day;
        budget -= spent;
    }
    return HENG_DATE_NONE;
}
