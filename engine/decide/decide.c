/* SPDX-License-Identifier: Apache-2.0 */
/* decide.c: one decision from a snapshot: the order of the steps, and the worker's
 * memory. */
#include "heng/decide.h"

#include <string.h>

#include "base/alloc.h"
#include "base/limits.h"
#include "decide/brief.h"
#include "decide/evaluate.h"
#include "decide/rule_bounds.h"

heng_worker *heng_worker_new(void) {
    heng_worker *worker = heng_alloc_zero(1, sizeof *worker);
    if (worker == NULL)
        return NULL;
    worker->arena = heng_arena_new(HENG_LIMIT_SUBJECT_ARENA_BYTES);
    if (worker->arena == NULL) {
        heng_alloc_free(worker);
        return NULL;
    }
    return worker;
}

void heng_worker_free(heng_worker *worker) {
    if (worker == NULL)
        return;
    heng_arena_free(worker->arena);
    heng_alloc_free(worker->rule_epoch);
    heng_alloc_free(worker->rule_active);
    heng_alloc_free(worker->measure_epoch);
    heng_alloc_free(worker->measure_at);
    heng_alloc_free(worker);
}

static bool grow_pair(uint32_t **a, uint32_t **b, size_t *room, size_t wanted) {
    if (wanted <= *room)
        return true;
    uint32_t *grown_a = heng_alloc_zero(wanted, sizeof **a);
    uint32_t *grown_b = heng_alloc_zero(wanted, sizeof **b);
    if (grown_a == NULL || grown_b == NULL) {
        heng_alloc_free(grown_a);
        heng_alloc_free(grown_b);
        return false;
    }
    heng_alloc_free(*a);
    heng_alloc_free(*b);
    *a = grown_a;
    *b = grown_b;
    *room = wanted;
    return true;
}

/* Tables are as long as the largest plan met; a plan met for the first time starts a
 * new life of stamps, because its numbers mean other rules. */
static bool fit_worker(heng_worker *worker, const heng_plan *plan) {
    if (worker->plan == plan)
        return true;
    if (!grow_pair(&worker->rule_epoch, &worker->rule_active, &worker->rule_room,
                   plan->ruleset->rule_count + 1) ||
        !grow_pair(&worker->measure_epoch, &worker->measure_at, &worker->measure_room,
                   plan->ruleset->measure_count + 1))
        return false;
    worker->plan = plan;
    return true;
}

static void next_epoch(heng_worker *worker) {
    worker->epoch++;
    if (worker->epoch != 0)
        return;
    /* Wrapped around after four thousand million evaluations: stamps could lie. */
    memset(worker->rule_epoch, 0, worker->rule_room * sizeof *worker->rule_epoch);
    memset(worker->measure_epoch, 0,
           worker->measure_room * sizeof *worker->measure_epoch);
    worker->epoch = 1;
}

/* Whether some rule is live or in doubt: most subjects of a batch end here. */
static bool is_eventful(const heng_evaluation *eval) {
    for (size_t i = 0; i < eval->active_count; i++) {
        const heng_active *active = &eval->actives[i];
        for (int pass = 0; pass < (eval->two_passes ? HENG_PASSES : 1); pass++) {
            if (active->pass[pass].live || active->pass[pass].doubt)
                return true;
        }
    }
    return false;
}

bool heng_evaluate(heng_evaluation *eval) {
    next_epoch(eval->worker);
    eval->frame.next_change = HENG_DATE_NONE;
    eval->frame.arena = eval->arena;
    eval->failed = !heng_see_all(eval);
    if (eval->failed || eval->outcome.out_of_scope)
        return !eval->failed;
    eval->failed = !heng_fire_all(eval);
    eval->eventful = !eval->failed && is_eventful(eval);
    if (!eval->failed && !eval->eventful) {
        eval->outcome.verdicts = eval->plan->all_clear;
        return true;
    }
    eval->failed = eval->failed || !heng_resolve_merge(eval) ||
                   (eval->verdicts && !heng_verdict_all(eval));
    return !eval->failed;
}

/* ---- more than can be decided ---- */

static bool concerns(const heng_evaluation *eval, uint32_t rule) {
    const heng_rule *declared = &eval->plan->ruleset->rules[rule];
    return (declared->applies_to >> eval->kind & 1) != 0 && !declared->unverified &&
           heng_rule_in_effect(declared, eval->day) &&
           heng_rule_fits_region(declared, eval->region);
}

/* Of a broken feed, which nobody else in the batch must wait for: every rule that could
 * concern the subject is undetermined, and the answer holds for the day alone. */
static heng_status decide_unknown(const heng_plan *plan, heng_worker *worker,
                                  const heng_snapshot *snapshot,
                                  const heng_decision **ret_decision,
                                  heng_error *reterr) {
    const heng_snapshot bare = {
        .id = snapshot->id, .subject = snapshot->subject, .names = snapshot->names};
    heng_evaluation eval = {.plan = plan,
                            .worker = worker,
                            .arena = worker->arena,
                            .snapshot = &bare,
                            .day = plan->as_of};
    size_t rule_count = plan->ruleset->rule_count;
    heng_decision *decision = heng_arena_calloc(worker->arena, 1, sizeof *decision);
    heng_doubt *doubts =
        heng_arena_calloc(worker->arena, rule_count + 1, sizeof *doubts);
    if (decision == NULL || doubts == NULL || !heng_see_all(&eval))
        return heng_error_nomem(reterr);
    *decision = (heng_decision){.as_of = eval.day,
                                .out_of_scope = eval.outcome.out_of_scope,
                                .valid_through = eval.day,
                                .matter = HENG_NONE,
                                .undetermined = doubts};
    for (uint32_t r = 0; !decision->out_of_scope && r < rule_count; r++) {
        if (concerns(&eval, r))
            doubts[decision->undetermined_count++] =
                (heng_doubt){.rule = r, .error = snapshot->too_much};
    }
    *ret_decision = decision;
    return HENG_OK;
}

heng_status heng_decide(const heng_plan *plan, heng_worker *worker,
                        const heng_snapshot *snapshot, uint32_t matter, unsigned flags,
                        const heng_decision **ret_decision, heng_error *reterr) {
    if (snapshot->subject == NULL) {
        return heng_error_set(
            reterr, HENG_ERR_NOT_FOUND, NULL, (heng_pos){0, 0},
            "there are records of this subject, but no line that says "
            "what kind of subject it is");
    }
    if (matter != HENG_NONE && matter >= plan->ruleset->matter_count) {
        return heng_error_set(reterr, HENG_ERR_INVALID, NULL, (heng_pos){0, 0},
                              "there is no matter number %u", (unsigned)matter);
    }
    if (!fit_worker(worker, plan))
        return heng_error_nomem(reterr);
    heng_arena_reset(worker->arena);
    worker->last = NULL;
    if (snapshot->too_much.len > 0) {
        if (matter == HENG_NONE && flags == HENG_DECIDE_NO_VERDICTS)
            return decide_unknown(plan, worker, snapshot, ret_decision, reterr);
        return heng_error_set(reterr, HENG_ERR_LIMIT, NULL, (heng_pos){0, 0}, "%.*s",
                              (int)snapshot->too_much.len, snapshot->too_much.ptr);
    }
    if ((flags & ~(unsigned)HENG_DECIDE_NO_VERDICTS) == 0 && matter == HENG_NONE) {
        heng_decision *brief = NULL;
        bool verdicts = (flags & HENG_DECIDE_NO_VERDICTS) == 0;
        if (heng_brief_decide(plan, worker, snapshot, verdicts, &brief)) {
            *ret_decision = brief;
            return brief != NULL ? HENG_OK : heng_error_nomem(reterr);
        }
    }
    heng_evaluation *eval = heng_arena_calloc(worker->arena, 1, sizeof *eval);
    if (eval == NULL)
        return heng_error_nomem(reterr);
    eval->plan = plan;
    eval->worker = worker;
    eval->arena = worker->arena;
    eval->snapshot = snapshot;
    eval->day = plan->as_of;
    eval->full = (flags & HENG_DECIDE_FULL) != 0;
    eval->verdicts =
        (flags & HENG_DECIDE_NO_VERDICTS) == 0 || (flags & HENG_DECIDE_EXACT_DAYS) != 0;
    if (!heng_evaluate(eval))
        return heng_error_nomem(reterr);
    heng_date through =
        heng_horizon_find(eval, matter, (flags & HENG_DECIDE_EXACT_DAYS) != 0);
    heng_decision *decision = heng_justify(eval, matter, flags, through);
    if (decision == NULL)
        return heng_error_nomem(reterr);
    worker->last = eval;
    *ret_decision = decision;
    return HENG_OK;
}
