/* SPDX-License-Identifier: Apache-2.0 */
/*
 * verdict.c: what follows for each matter, and where doubt could change it.
 *
 * A rule that is undetermined and not live might be live in truth. All choices of live
 * or not live for such rules are tried, up to CHOICES_MAX of them; a matter whose
 * verdict differs in some choice is undetermined. Above that many rules, every matter
 * that they could reach is undetermined: doubt errs to "could not tell", never to
 * "clear".
 */
#include <string.h>

#include "base/limits.h"
#include "decide/evaluate.h"

static heng_verdict verdict_of(const heng_measure *measure, heng_force force) {
    switch (measure->kind) {
    case HENG_MEASURE_RESTRICTION:
        return measure->effect == HENG_EFFECT_BAR && force == HENG_FORCE_MANDATORY
                   ? HENG_VERDICT_BLOCKED
                   : HENG_VERDICT_CAUTION;
    case HENG_MEASURE_INCENTIVE:
        return HENG_VERDICT_FAVOURED;
    case HENG_MEASURE_NOTICE:
        break;
    }
    return HENG_VERDICT_CLEAR;
}

/* ORDER verdict: clear < favoured < caution < blocked, so the greatest wins. */
void heng_verdict_raise(const heng_ruleset *ruleset, heng_verdict *verdicts,
                        uint32_t measure, heng_force force) {
    const heng_measure *declared = &ruleset->measures[measure];
    heng_verdict verdict = verdict_of(declared, force);
    for (size_t i = 0; i < declared->matter_count; i++) {
        if (verdict > verdicts[declared->matters[i]])
            verdicts[declared->matters[i]] = verdict;
    }
}

/* The verdicts under one choice. */
static bool choose(heng_evaluation *eval, const bool *first_live, const bool *chosen,
                   heng_verdict *verdicts) {
    heng_resolved first, second = {0};
    bool *live = heng_arena_calloc(eval->arena, eval->active_count + 1, sizeof *live);
    if (live == NULL || !heng_resolve_pass(eval, first_live, &first))
        return false;
    if (eval->two_passes) {
        heng_resolve_live(eval, HENG_PASS_SECOND, first_live, chosen, live);
        if (!heng_resolve_pass(eval, live, &second))
            return false;
    }
    for (size_t i = 0; i < first.measure_count; i++) {
        const heng_brought *brought = &first.measures[i];
        bool restriction = eval->plan->ruleset->measures[brought->measure].kind ==
                           HENG_MEASURE_RESTRICTION;
        if (brought->gone_by != HENG_NONE)
            continue;
        if (eval->two_passes && restriction &&
            !heng_resolve_stands(&second, brought->measure))
            continue; /* suspended */
        heng_verdict_raise(eval->plan->ruleset, verdicts, brought->measure,
                           brought->force);
    }
    return true;
}

static bool try_choices(heng_evaluation *eval, const uint32_t *doubts, size_t count,
                        bool *live, size_t matter_count, heng_verdict *verdicts) {
    heng_verdict *other =
        heng_arena_calloc(eval->arena, matter_count + 1, sizeof *other);
    bool *differs = heng_arena_calloc(eval->arena, matter_count + 1, sizeof *differs);
    bool *chosen =
        heng_arena_calloc(eval->arena, eval->active_count + 1, sizeof *chosen);
    if (other == NULL || differs == NULL || chosen == NULL)
        return false;
    for (size_t i = 0; i < count; i++)
        chosen[doubts[i]] = true;
    for (size_t choice = 1; choice < (size_t)1 << count; choice++) {
        heng_arena_mark mark = heng_arena_get_mark(eval->arena);
        for (size_t i = 0; i < count; i++)
            live[doubts[i]] = (choice >> i & 1) != 0;
        memset(other, 0, matter_count * sizeof *other);
        if (!choose(eval, live, chosen, other))
            return false;
        for (size_t m = 0; m < matter_count; m++)
            differs[m] = differs[m] || other[m] != verdicts[m];
        heng_arena_rewind(eval->arena, mark);
    }
    for (size_t m = 0; m < matter_count; m++) {
        if (differs[m])
            verdicts[m] = HENG_VERDICT_UNDETERMINED;
    }
    return true;
}

/* Everything that the doubtful rules could reach, by exceptions and conflicts. */
static bool mark_reached(heng_evaluation *eval, const uint32_t *doubts, size_t count,
                         heng_verdict *verdicts) {
    const heng_plan *plan = eval->plan;
    const heng_ruleset *ruleset = plan->ruleset;
    const heng_lists *lists = &plan->displaced_measures;
    bool *rules =
        heng_arena_calloc(eval->arena, ruleset->rule_count + 1, sizeof *rules);
    bool *measures =
        heng_arena_calloc(eval->arena, ruleset->measure_count + 1, sizeof *measures);
    if (rules == NULL || measures == NULL)
        return false;
    for (size_t i = 0; i < count; i++)
        rules[eval->actives[doubts[i]].rule] = true;
    /* One sweep in the order of exceptions reaches all: it is topological. */
    for (size_t i = 0; i < ruleset->exception_count; i++) {
        const heng_rule *rule = &ruleset->rules[ruleset->exception_order[i]];
        for (size_t d = 0;
             rules[ruleset->exception_order[i]] && d < rule->displace_count; d++)
            rules[rule->displaces[d]] = true;
    }
    for (size_t r = 0; r < ruleset->rule_count; r++) {
        for (size_t m = 0; rules[r] && m < ruleset->rules[r].measure_count; m++)
            measures[ruleset->rules[r].measures[m]] = true;
    }
    for (size_t i = 0; i < ruleset->measure_order_count; i++) {
        uint32_t measure = ruleset->measure_order[i];
        for (uint32_t at = lists->first[measure];
             measures[measure] && at < lists->first[measure + 1]; at++)
            measures[lists->items[at]] = true;
    }
    for (size_t m = 0; m < ruleset->measure_count; m++) {
        for (size_t i = 0; measures[m] && i < ruleset->measures[m].matter_count; i++)
            verdicts[ruleset->measures[m].matters[i]] = HENG_VERDICT_UNDETERMINED;
    }
    return true;
}

bool heng_verdict_all(heng_evaluation *eval) {
    size_t matter_count = eval->plan->ruleset->matter_count;
    size_t doubt_count = 0;
    heng_verdict *verdicts =
        heng_arena_calloc(eval->arena, matter_count + 1, sizeof *verdicts);
    bool *live = heng_arena_calloc(eval->arena, eval->active_count + 1, sizeof *live);
    uint32_t *doubts =
        heng_arena_alloc(eval->arena, (eval->active_count + 1) * sizeof *doubts);
    if (verdicts == NULL || live == NULL || doubts == NULL)
        return false;
    eval->outcome.verdicts = verdicts;
    for (size_t i = 0; i < eval->outcome.measure_count; i++) {
        const heng_merged *merged = &eval->outcome.measures[i];
        if (merged->state == HENG_STATE_APPLIES)
            heng_verdict_raise(eval->plan->ruleset, verdicts, merged->measure,
                               merged->force);
    }
    for (size_t i = 0; i < eval->active_count; i++) {
        const heng_firing *firing = &eval->actives[i].pass[HENG_PASS_FIRST];
        bool inert = eval->plan->ruleset->rules[eval->actives[i].rule].unverified;
        live[i] = firing->live;
        if (firing->doubt && !firing->live && !inert)
            doubts[doubt_count++] = (uint32_t)i;
    }
    if (doubt_count == 0)
        return true;
    if (doubt_count > HENG_LIMIT_CHOICES)
        return mark_reached(eval, doubts, doubt_count, verdicts);
    return try_choices(eval, doubts, doubt_count, live, matter_count, verdicts);
}
