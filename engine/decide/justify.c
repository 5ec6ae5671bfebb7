/* SPDX-License-Identifier: Apache-2.0 */
/* justify.c: the decision as it is handed out: because of what, what nearly applied,
 * and what lifts it. */
#include <string.h>

#include "base/arena_take.h"
#include "decide/evaluate.h"
#include "decide/nearly.h"
#include "model/flat.h"

static heng_finding *new_finding(heng_evaluation *eval, uint32_t rule, heng_state state,
                                 const heng_firing *firing) {
    heng_finding *finding = heng_arena_take(eval->arena, sizeof *finding);
    if (finding == NULL)
        return NULL;
    *finding = (heng_finding){.rule = rule,
                              .state = state,
                              .grounds = firing->grounds,
                              .ground_count = firing->ground_count,
                              .by_rule = HENG_NONE,
                              .unless = HENG_NONE,
                              .since = HENG_DATE_NONE};
    return finding;
}

/* ---- measures that apply or are suspended ---- */

static const heng_repair *repair_on(const heng_category *category, heng_date day) {
    for (size_t i = 0; i < category->repair_count; i++) {
        if (category->repairs[i].from <= day && day <= category->repairs[i].to)
            return &category->repairs[i];
    }
    return NULL;
}

/* Removal can be asked for when it can be asked for every ground; never where one
 * ground or rule allows none. */
static void find_repair(const heng_evaluation *eval, heng_applied *applied) {
    heng_date latest = HENG_DATE_MIN;
    const heng_repair *route = NULL;
    applied->repair_from = HENG_DATE_NONE;
    applied->repair = NULL;
    for (size_t i = 0; i < applied->because_count; i++) {
        const heng_finding *finding = applied->because[i];
        if (eval->plan->ruleset->rules[finding->rule].stays)
            return;
        for (size_t g = 0; g < finding->ground_count; g++) {
            const heng_ground *ground = &finding->grounds[g];
            const heng_repair *repair = repair_on(
                &eval->plan->ruleset->catalog.categories[ground->category], eval->day);
            if (repair == NULL)
                return;
            heng_date from = heng_seen_day_after(
                heng_date_term_end(heng_flat_i32(ground->record + 16), repair->after));
            if (from > latest) {
                latest = from;
                route = repair;
            }
        }
    }
    if (route == NULL || latest > HENG_DATE_MAX)
        return;
    applied->repair_from = latest;
    applied->repair = route;
}

static bool fill_applied(heng_evaluation *eval, const heng_merged *merged, bool full,
                         heng_applied *ret_applied) {
    const heng_finding **because =
        heng_arena_take(eval->arena, (merged->by_count + 1) * sizeof(heng_finding *));
    if (because == NULL)
        return false;
    for (size_t i = 0; i < merged->by_count; i++) {
        uint32_t active = merged->by[i];
        because[i] = new_finding(eval, eval->actives[active].rule, merged->state,
                                 heng_resolve_firing(eval, active, merged->pass));
        if (because[i] == NULL)
            return false;
    }
    *ret_applied = (heng_applied){.measure = merged->measure,
                                  .state = merged->state,
                                  .force = (int)merged->force,
                                  .term = merged->term,
                                  .because = because,
                                  .because_count = merged->by_count,
                                  .repair_from = HENG_DATE_NONE};
    if (full)
        find_repair(eval, ret_applied);
    return true;
}

static bool fill_measures(heng_evaluation *eval, heng_decision *decision, bool full) {
    const heng_outcome *outcome = &eval->outcome;
    heng_applied *measures =
        heng_arena_take(eval->arena, (outcome->measure_count + 1) * sizeof *measures);
    if (measures == NULL)
        return false;
    for (size_t i = 0; i < outcome->measure_count; i++) {
        const heng_merged *merged = &outcome->measures[i];
        if (!heng_measure_concerns(&eval->plan->ruleset->measures[merged->measure],
                                   decision->matter))
            continue;
        if (!fill_applied(eval, merged, full, &measures[decision->measure_count++]))
            return false;
    }
    decision->measures = measures;
    return true;
}

/* ---- doubts ---- */

static bool fill_doubts(heng_evaluation *eval, heng_decision *decision) {
    const heng_plan *plan = eval->plan;
    heng_doubt *doubts =
        heng_arena_take(eval->arena, (eval->active_count + 1) * sizeof *doubts);
    if (doubts == NULL)
        return false;
    /* A rule without a measure of the matter can still change its verdict, by
     * displacing: where nothing else explains an undetermined verdict, every doubt is
     * named. */
    for (int all = 0; all < 2; all++) {
        size_t count = 0;
        for (size_t i = 0; i < eval->active_count; i++) {
            const heng_active *active = &eval->actives[i];
            const heng_firing *firing = &active->pass[HENG_PASS_FIRST];
            if (!firing->doubt || plan->ruleset->rules[active->rule].unverified)
                continue;
            if (all == 0 &&
                !heng_rule_concerns(plan->ruleset, active->rule, decision->matter))
                continue;
            doubts[count++] =
                (heng_doubt){active->rule,       firing->error,        firing->needs,
                             firing->need_count, firing->error_record, firing->live};
        }
        decision->undetermined_count = count;
        if (count > 0 || decision->verdict != HENG_VERDICT_UNDETERMINED)
            break;
    }
    decision->undetermined = doubts;
    return true;
}

/* ---- verdicts ---- */

static bool fill_verdicts(heng_evaluation *eval, heng_decision *decision) {
    size_t count = eval->plan->ruleset->matter_count;
    if (decision->matter != HENG_NONE) {
        decision->verdict = decision->out_of_scope
                                ? HENG_VERDICT_OUT_OF_SCOPE
                                : eval->outcome.verdicts[decision->matter];
        return true;
    }
    heng_matter_verdict *verdicts =
        heng_arena_calloc(eval->arena, count + 1, sizeof *verdicts);
    if (verdicts == NULL)
        return false;
    for (uint32_t m = 0; m < count; m++) {
        heng_verdict verdict = decision->out_of_scope ? HENG_VERDICT_OUT_OF_SCOPE
                                                      : eval->outcome.verdicts[m];
        if (verdict != HENG_VERDICT_CLEAR)
            verdicts[decision->verdict_count++] = (heng_matter_verdict){m, verdict};
    }
    decision->verdicts = verdicts;
    return true;
}

/* ---- what nearly applied ---- */

/* The state of a rule that is not live, or HENG_STATE_APPLIES where there is nothing to
 * say. */
static bool state_of(const heng_evaluation *eval, size_t index, heng_state *ret_state) {
    const heng_active *active = &eval->actives[index];
    const heng_firing *firing = &active->pass[HENG_PASS_FIRST];
    if (!active->eligible)
        return false;
    bool inert = eval->plan->ruleset->rules[active->rule].unverified;
    if (firing->excepted && !inert)
        *ret_state = HENG_STATE_EXCEPTED;
    else if (!firing->fires)
        return false;
    else if (inert)
        *ret_state = HENG_STATE_UNVERIFIED; /* whatever its days */
    else if (firing->pending)
        *ret_state = HENG_STATE_PENDING;
    else if (firing->lapsed)
        *ret_state = HENG_STATE_LAPSED;
    else if (eval->outcome.resolved[HENG_PASS_FIRST].displaced[index] != HENG_NONE)
        *ret_state = HENG_STATE_DISPLACED;
    else
        *ret_state = HENG_STATE_APPLIES;
    return true;
}

static heng_finding *find_finding(heng_evaluation *eval, size_t index) {
    const heng_active *active = &eval->actives[index];
    const heng_firing *firing = &active->pass[HENG_PASS_FIRST];
    heng_state state;
    if (!state_of(eval, index, &state))
        return heng_nearly_lapsed(eval, index);
    heng_finding *finding = new_finding(eval, active->rule, state, firing);
    if (finding == NULL) {
        eval->failed = true;
        return NULL;
    }
    if (state == HENG_STATE_EXCEPTED)
        finding->unless = firing->unless;
    if (state == HENG_STATE_DISPLACED)
        finding->by_rule = eval->outcome.resolved[HENG_PASS_FIRST].displaced[index];
    if (state == HENG_STATE_PENDING || state == HENG_STATE_LAPSED)
        finding->since = firing->since;
    finding->lapse = HENG_LAPSE_TERM;
    return finding;
}

typedef struct heng_near {
    heng_finding **findings; /* by active; NULL: none */
    uint64_t *entries;       /* measure, state, active */
    size_t entry_count;
} heng_near;

static uint32_t conflict_winner(const heng_evaluation *eval, uint32_t measure) {
    const heng_brought *found =
        heng_resolve_find(&eval->outcome.resolved[HENG_PASS_FIRST], measure);
    return found == NULL ? HENG_NONE : found->gone_by;
}

static bool is_merged(const heng_evaluation *eval, uint32_t measure) {
    for (size_t i = 0; i < eval->outcome.measure_count; i++) {
        if (eval->outcome.measures[i].measure == measure)
            return true;
    }
    return false;
}

static bool collect_near(heng_evaluation *eval, uint32_t matter, heng_near *near) {
    const heng_ruleset *ruleset = eval->plan->ruleset;
    size_t room = 0;
    near->findings =
        heng_arena_calloc(eval->arena, eval->active_count + 1, sizeof *near->findings);
    if (near->findings == NULL)
        return false;
    heng_fire_begin_pass(eval, HENG_PASS_FIRST);
    for (size_t i = 0; i < eval->active_count && !eval->failed; i++) {
        near->findings[i] = find_finding(eval, i);
        room += ruleset->rules[eval->actives[i].rule].measure_count;
    }
    near->entries = heng_arena_calloc(eval->arena, room + 1, sizeof *near->entries);
    if (eval->failed || near->entries == NULL)
        return false;
    for (size_t i = 0; i < eval->active_count; i++) {
        const heng_rule *rule = &ruleset->rules[eval->actives[i].rule];
        for (size_t m = 0; near->findings[i] != NULL && m < rule->measure_count; m++) {
            uint32_t measure = rule->measures[m];
            heng_state state = near->findings[i]->state;
            if (is_merged(eval, measure) ||
                !heng_measure_concerns(&ruleset->measures[measure], matter))
                continue;
            if (state == HENG_STATE_APPLIES) /* the rule stands, its measure gave way */
                state = HENG_STATE_DISPLACED;
            near->entries[near->entry_count++] =
                (uint64_t)measure << 32 | (uint64_t)state << 28 | i;
        }
    }
    heng_sort_u64(near->entries, near->entry_count);
    return true;
}

static bool fill_not_applied(heng_evaluation *eval, heng_decision *decision) {
    heng_near near = {0};
    if (!collect_near(eval, decision->matter, &near))
        return false;
    heng_not_applied *out =
        heng_arena_calloc(eval->arena, near.entry_count + 1, sizeof *out);
    const heng_finding **because =
        heng_arena_calloc(eval->arena, near.entry_count + 1, sizeof(heng_finding *));
    const heng_finding **findings =
        heng_arena_calloc(eval->arena, eval->active_count + 1, sizeof(heng_finding *));
    if (out == NULL || because == NULL || findings == NULL)
        return false;
    for (size_t e = 0; e < near.entry_count; e++) {
        uint32_t measure = (uint32_t)(near.entries[e] >> 32);
        heng_state state = (heng_state)(near.entries[e] >> 28 & 15);
        heng_finding *finding = near.findings[near.entries[e] & 0xfffffff];
        heng_not_applied *last = decision->not_applied_count == 0
                                     ? NULL
                                     : &out[decision->not_applied_count - 1];
        because[e] = finding;
        if (last != NULL && last->measure == measure && last->state == state) {
            last->because_count++;
            continue;
        }
        out[decision->not_applied_count++] = (heng_not_applied){
            .measure = measure,
            .state = state,
            .by_rule = finding->by_rule,
            .by_measure = state == HENG_STATE_DISPLACED && finding->by_rule == HENG_NONE
                              ? conflict_winner(eval, measure)
                              : HENG_NONE,
            .because = because + e,
            .because_count = 1};
    }
    for (size_t i = 0; i < eval->active_count; i++) {
        if (near.findings[i] != NULL)
            findings[decision->finding_count++] = near.findings[i];
    }
    decision->not_applied = out;
    decision->findings = findings;
    return true;
}

static bool fill_unknown_ties(heng_evaluation *eval, heng_decision *decision) {
    heng_str *ids = heng_arena_calloc(eval->arena, eval->tie_count + 1, sizeof *ids);
    if (ids == NULL)
        return false;
    for (size_t t = 0; t < eval->tie_count; t++) {
        if (!eval->ties[t].known)
            ids[decision->unknown_tie_count++] = eval->ties[t].other;
    }
    decision->unknown_ties = ids;
    return true;
}

heng_decision *heng_justify(heng_evaluation *eval, uint32_t matter, unsigned flags,
                            heng_date valid_through) {
    bool full = (flags & HENG_DECIDE_FULL) != 0;
    heng_decision *decision = heng_arena_take(eval->arena, sizeof *decision);
    if (decision == NULL)
        return NULL;
    *decision = (heng_decision){0};
    decision->as_of = eval->day;
    decision->out_of_scope = eval->outcome.out_of_scope;
    decision->valid_through = valid_through;
    decision->matter = matter;
    decision->invisible_records = eval->invisible;
    if (eval->verdicts && !fill_verdicts(eval, decision))
        return NULL;
    /* Most subjects of a batch end here. */
    if (decision->out_of_scope || (!eval->eventful && !full))
        return decision;
    if (!fill_measures(eval, decision, full) || !fill_doubts(eval, decision))
        return NULL;
    if (full &&
        (!fill_not_applied(eval, decision) || !fill_unknown_ties(eval, decision)))
        return NULL;
    return decision;
}
