/* SPDX-License-Identifier: Apache-2.0 */
/*
 * resolve.c: from live rules to measures: exceptions, merge, conflicts, disputes.
 *
 * Displacement is resolved from the top: rules are taken in an order in which a rule
 * comes before all that it displaces (the linker refused cycles), so a rule that is
 * displaced is known to be so before its own turn comes.
 *
 *   A displaces B, B displaces C; all live  ->  A and C stand, B does not
 */
#include <string.h>

#include "base/arena_take.h"
#include "decide/evaluate.h"

void heng_sort_u64(uint64_t *keys, size_t count) {
    /* Shell sort: keys are few as a rule, distinct always, and nothing may be
     * allocated. */
    for (size_t gap = count / 2; gap > 0; gap /= 2) {
        for (size_t i = gap; i < count; i++) {
            uint64_t key = keys[i];
            size_t at = i;
            while (at >= gap && keys[at - gap] > key) {
                keys[at] = keys[at - gap];
                at -= gap;
            }
            keys[at] = key;
        }
    }
}

bool heng_measure_concerns(const heng_measure *measure, uint32_t matter) {
    if (matter == HENG_NONE)
        return true;
    for (size_t i = 0; i < measure->matter_count; i++) {
        if (measure->matters[i] == matter)
            return true;
    }
    return false;
}

bool heng_rule_concerns(const heng_ruleset *ruleset, uint32_t rule, uint32_t matter) {
    const heng_rule *declared = &ruleset->rules[rule];
    for (size_t m = 0; matter != HENG_NONE && m < declared->measure_count; m++) {
        if (heng_measure_concerns(&ruleset->measures[declared->measures[m]], matter))
            return true;
    }
    return matter == HENG_NONE;
}

/* ---- exceptions ---- */

static bool resolve_exceptions(heng_evaluation *eval, const bool *live,
                               heng_resolved *resolved) {
    const heng_plan *plan = eval->plan;
    size_t count = eval->active_count, turn_count = 0;
    resolved->displaced = heng_arena_take(eval->arena, (count + 1) * sizeof(uint32_t));
    uint64_t *turns = heng_arena_take(eval->arena, (count + 1) * sizeof *turns);
    if (resolved->displaced == NULL || turns == NULL)
        return false;
    for (size_t i = 0; i < count; i++) {
        uint32_t position = plan->rules[eval->actives[i].rule].position;
        resolved->displaced[i] = HENG_NONE;
        if (live[i] && position != HENG_NONE)
            turns[turn_count++] = (uint64_t)position << 32 | i;
    }
    heng_sort_u64(turns, turn_count);
    for (size_t t = 0; t < turn_count; t++) {
        size_t at = turns[t] & UINT32_MAX;
        const heng_rule *rule = &plan->ruleset->rules[eval->actives[at].rule];
        if (resolved->displaced[at] != HENG_NONE)
            continue;
        for (size_t d = 0; d < rule->displace_count; d++) {
            uint32_t target = rule->displaces[d];
            if (eval->worker->rule_epoch[target] != eval->worker->epoch)
                continue;
            uint32_t active = eval->worker->rule_active[target];
            if (live[active] && resolved->displaced[active] == HENG_NONE)
                resolved->displaced[active] = eval->actives[at].rule;
        }
    }
    return true;
}

/* ---- merge ---- */

static heng_force force_of(const heng_ruleset *ruleset, uint32_t rule,
                           uint32_t measure) {
    const heng_rule *declared = &ruleset->rules[rule];
    return declared->has_force ? declared->force : ruleset->measures[measure].force;
}

static bool group_measures(heng_evaluation *eval, const bool *live,
                           heng_resolved *resolved) {
    const heng_ruleset *ruleset = eval->plan->ruleset;
    size_t pair_count = 0, used = 0;
    for (size_t i = 0; i < eval->active_count; i++) {
        if (live[i] && resolved->displaced[i] == HENG_NONE)
            pair_count += ruleset->rules[eval->actives[i].rule].measure_count;
    }
    uint64_t *pairs = heng_arena_take(eval->arena, (pair_count + 1) * sizeof *pairs);
    resolved->by = heng_arena_take(eval->arena, (pair_count + 1) * sizeof(uint32_t));
    resolved->measures =
        heng_arena_take(eval->arena, (pair_count + 1) * sizeof *resolved->measures);
    if (pairs == NULL || resolved->by == NULL || resolved->measures == NULL)
        return false;
    for (size_t i = 0; i < eval->active_count; i++) {
        const heng_rule *rule = &ruleset->rules[eval->actives[i].rule];
        if (!live[i] || resolved->displaced[i] != HENG_NONE)
            continue;
        for (size_t m = 0; m < rule->measure_count; m++)
            pairs[used++] = (uint64_t)rule->measures[m] << 32 | i;
    }
    heng_sort_u64(pairs, used);
    resolved->measure_count = 0;
    for (size_t p = 0; p < used; p++) {
        uint32_t measure = (uint32_t)(pairs[p] >> 32);
        uint32_t active = (uint32_t)(pairs[p] & UINT32_MAX);
        heng_force force = force_of(ruleset, eval->actives[active].rule, measure);
        heng_brought *last = resolved->measure_count == 0
                                 ? NULL
                                 : &resolved->measures[resolved->measure_count - 1];
        resolved->by[p] = active;
        if (last != NULL && last->measure == measure) {
            last->count++;
            if (force < last->force) /* ORDER force: the stronger is the smaller */
                last->force = force;
        } else {
            resolved->measures[resolved->measure_count++] =
                (heng_brought){measure, force, (uint32_t)p, 1, HENG_NONE};
        }
    }
    return true;
}

/* ---- conflicts ---- */

static bool resolve_conflicts(heng_evaluation *eval, heng_resolved *resolved) {
    const heng_plan *plan = eval->plan;
    const heng_lists *lists = &plan->displaced_measures;
    heng_worker *worker = eval->worker;
    size_t turn_count = 0;
    if (plan->ruleset->pair_count == 0 || resolved->measure_count < 2)
        return true;
    uint64_t *turns =
        heng_arena_take(eval->arena, resolved->measure_count * sizeof *turns);
    if (turns == NULL)
        return false;
    for (size_t i = 0; i < resolved->measure_count; i++) {
        uint32_t measure = resolved->measures[i].measure;
        worker->measure_at[measure] = (uint32_t)i;
        worker->measure_epoch[measure] = worker->epoch;
        if (lists->first[measure] < lists->first[measure + 1])
            turns[turn_count++] = (uint64_t)plan->measure_position[measure] << 32 | i;
    }
    heng_sort_u64(turns, turn_count);
    for (size_t t = 0; t < turn_count; t++) {
        const heng_brought *kept = &resolved->measures[turns[t] & UINT32_MAX];
        if (kept->gone_by != HENG_NONE)
            continue;
        for (uint32_t at = lists->first[kept->measure];
             at < lists->first[kept->measure + 1]; at++) {
            uint32_t gone = lists->items[at];
            uint32_t index = worker->measure_at[gone];
            if (worker->measure_epoch[gone] == worker->epoch &&
                index < resolved->measure_count &&
                resolved->measures[index].measure == gone &&
                resolved->measures[index].gone_by == HENG_NONE)
                resolved->measures[index].gone_by = kept->measure;
        }
    }
    return true;
}

bool heng_resolve_pass(heng_evaluation *eval, const bool *live,
                       heng_resolved *ret_resolved) {
    return resolve_exceptions(eval, live, ret_resolved) &&
           group_measures(eval, live, ret_resolved) &&
           resolve_conflicts(eval, ret_resolved);
}

void heng_resolve_live(const heng_evaluation *eval, int pass, const bool *first_live,
                       const bool *chosen, bool *ret_live) {
    for (size_t i = 0; i < eval->active_count; i++) {
        const heng_firing *firing = &eval->actives[i].pass[pass];
        ret_live[i] = firing->live;
        if (pass == HENG_PASS_FIRST)
            continue;
        if (firing->stopped ||
            (chosen != NULL && chosen[i] && firing->doubt && !firing->live))
            ret_live[i] = first_live[i];
    }
}

/* ---- terms ---- */

static int open_rank(heng_open open) {
    /* Where several runs reach the end: life says most, then the record, then the rule.
     */
    switch (open) {
    case HENG_OPEN_LIFE:
        return 0;
    case HENG_OPEN_WHILE_IN_FORCE:
        return 1;
    case HENG_OPEN_WHILE_IN_EFFECT:
        return 2;
    case HENG_OPEN_NONE:
        break;
    }
    return 3;
}

/* Takes `run` into `term` where they overlap or adjoin; whether it did. */
static bool join(heng_term *term, const heng_term *run) {
    bool apart = (run->until != HENG_DATE_NONE && run->until + 1 < term->from) ||
                 (term->until != HENG_DATE_NONE && term->until + 1 < run->from);
    if (apart)
        return false;
    bool changed = false;
    if (run->from < term->from) {
        term->from = run->from;
        changed = true;
    }
    if (run->until > term->until ||
        (run->until == term->until && open_rank(run->open) < open_rank(term->open))) {
        term->until = run->until;
        term->open = run->open;
        changed = true;
    }
    return changed;
}

const heng_firing *heng_resolve_firing(const heng_evaluation *eval, uint32_t active,
                                       int pass) {
    const heng_active *entry = &eval->actives[active];
    if (pass == HENG_PASS_SECOND && entry->pass[pass].stopped)
        return &entry->pass[HENG_PASS_FIRST];
    return &entry->pass[pass];
}

/* Takes one more run into a term that is being grown. */
static bool grow(heng_term *term, bool *found, const heng_term *run, heng_date day) {
    if (*found)
        return join(term, run);
    *found = run->from <= day && day <= run->until;
    if (*found)
        *term = *run;
    return *found;
}

/* The unbroken run of days around the day in the union of all runs. */
static heng_term merge_term(const heng_evaluation *eval, const uint32_t *by,
                            size_t count, int pass) {
    heng_term term = {HENG_DATE_NONE, HENG_DATE_MIN, HENG_OPEN_NONE};
    bool found = false, changed = true;
    while (changed) {
        changed = false;
        for (size_t i = 0; i < count; i++) {
            const heng_firing *firing = heng_resolve_firing(eval, by[i], pass);
            size_t runs = firing->has_run ? 1 : firing->ground_count;
            for (size_t g = 0; g < runs; g++) {
                const heng_term *run =
                    firing->has_run ? &firing->run : &firing->grounds[g].run;
                if (firing->has_run || firing->grounds[g].has_run)
                    changed = grow(&term, &found, run, eval->day) || changed;
            }
        }
    }
    return term;
}

heng_term heng_resolve_term(const heng_finding *const *because, size_t count,
                            heng_date day) {
    heng_term term = {HENG_DATE_NONE, HENG_DATE_MIN, HENG_OPEN_NONE};
    bool found = false, changed = true;
    /* One run is a term: nothing is to be joined. */
    if (count == 1 && because[0]->ground_count == 1)
        return because[0]->grounds[0].run;
    while (changed) {
        changed = false;
        for (size_t i = 0; i < count; i++) {
            for (size_t g = 0; g < because[i]->ground_count; g++) {
                const heng_ground *ground = &because[i]->grounds[g];
                if (ground->has_run)
                    changed = grow(&term, &found, &ground->run, day) || changed;
            }
        }
    }
    return term;
}

/* ---- both passes ---- */

const heng_brought *heng_resolve_find(const heng_resolved *resolved, uint32_t measure) {
    for (size_t i = 0; i < resolved->measure_count; i++) {
        if (resolved->measures[i].measure == measure)
            return &resolved->measures[i];
    }
    return NULL;
}

bool heng_resolve_stands(const heng_resolved *resolved, uint32_t measure) {
    const heng_brought *found = heng_resolve_find(resolved, measure);
    return found != NULL && found->gone_by == HENG_NONE;
}

static void put(heng_evaluation *eval, const heng_resolved *resolved,
                const heng_brought *brought, heng_state state, int pass) {
    const uint32_t *by = resolved->by + brought->first;
    heng_outcome *outcome = &eval->outcome;
    size_t at = outcome->measure_count++;
    while (at > 0 && outcome->measures[at - 1].measure > brought->measure) {
        outcome->measures[at] = outcome->measures[at - 1];
        at--;
    }
    outcome->measures[at] = (heng_merged){brought->measure,
                                          state,
                                          brought->force,
                                          merge_term(eval, by, brought->count, pass),
                                          pass,
                                          by,
                                          brought->count};
}

bool heng_resolve_merge(heng_evaluation *eval) {
    heng_outcome *outcome = &eval->outcome;
    size_t count = eval->active_count;
    bool *live = heng_arena_calloc(eval->arena, 2 * count + 1, sizeof *live);
    heng_resolved *first = &outcome->resolved[HENG_PASS_FIRST];
    heng_resolved *second = &outcome->resolved[HENG_PASS_SECOND];
    if (live == NULL)
        return false;
    heng_resolve_live(eval, HENG_PASS_FIRST, NULL, NULL, live);
    if (!heng_resolve_pass(eval, live, first))
        return false;
    if (eval->two_passes) {
        heng_resolve_live(eval, HENG_PASS_SECOND, live, NULL, live + count);
        if (!heng_resolve_pass(eval, live + count, second))
            return false;
    }
    outcome->measures = heng_arena_alloc(
        eval->arena,
        (first->measure_count + second->measure_count + 1) * sizeof(heng_merged));
    if (outcome->measures == NULL)
        return false;
    for (size_t i = 0; i < first->measure_count; i++) {
        const heng_brought *brought = &first->measures[i];
        heng_state state = HENG_STATE_APPLIES;
        if (brought->gone_by != HENG_NONE)
            continue;
        /* The disputed record may be the favourable one: then only the first pass
         * restricts. */
        if (eval->two_passes && !heng_resolve_stands(second, brought->measure) &&
            eval->plan->ruleset->measures[brought->measure].kind ==
                HENG_MEASURE_RESTRICTION)
            state = HENG_STATE_SUSPENDED;
        put(eval, first, brought, state, HENG_PASS_FIRST);
    }
    for (size_t i = 0; eval->two_passes && i < second->measure_count; i++) {
        const heng_brought *brought = &second->measures[i];
        if (brought->gone_by == HENG_NONE &&
            !heng_resolve_stands(first, brought->measure))
            put(eval, second, brought, HENG_STATE_SUSPENDED, HENG_PASS_SECOND);
    }
    return true;
}
