/* SPDX-License-Identifier: Apache-2.0 */
/* before.c: from the rows of the store to a plan. */
#include "batch/before.h"

#include "batch/kept_rules.h"

static heng_status load_ruleset(heng_view *view, const heng_ruleset *now,
                                heng_before *before, heng_error *reterr) {
    before->ruleset = now;
    if (heng_str_equal(heng_ruleset_digest(now), before->last.ruleset))
        return HENG_OK;
    heng_status status =
        heng_kept_rules_load(view, before->last.ruleset, &before->owned, reterr);
    before->ruleset = before->owned;
    return status;
}

static bool go_on(void *context, heng_str id, unsigned flags) {
    (void)context, (void)id, (void)flags;
    return false;
}

/* Whether the store says what changed: asked before the batch begins, so that it does
 * not turn out in the middle that it does not. */
static heng_status ask_journal(heng_view *view, const heng_before *before,
                               heng_batch_scope *scope, heng_error *reterr) {
    heng_status status =
        heng_baseline_each_changed(view, before->last.commit, go_on, NULL, reterr);
    if (status != HENG_ERR_NOT_FOUND && status != HENG_ERR_LIMIT)
        return status;
    *scope = HENG_BATCH_SCOPE_NO_JOURNAL;
    return HENG_OK;
}

heng_status heng_before_open(heng_view *view, const heng_plan *now, bool plain,
                             heng_arena *arena, heng_before *before,
                             heng_batch_scope *scope, heng_error *reterr) {
    *before = (heng_before){0};
    *scope = HENG_BATCH_SCOPE_NO_BASELINE;
    heng_status status = heng_baseline_get(view, &before->last, reterr);
    if (status != HENG_OK || before->last.number == 0)
        return status;
    before->last.ruleset = heng_arena_dup_str(arena, before->last.ruleset);
    if (before->last.ruleset.ptr == NULL)
        return heng_error_nomem(reterr);
    status = load_ruleset(view, now->ruleset, before, reterr);
    if (status == HENG_ERR_RULESET || status == HENG_ERR_NOT_FOUND) {
        *scope = HENG_BATCH_SCOPE_NO_RULESET;
        return HENG_OK;
    }
    if (status == HENG_OK)
        status = heng_plan_new_with(before->ruleset, now->names, before->last.as_of,
                                    plain ? HENG_PLAN_PLAIN : 0, &before->plan, reterr);
    if (status == HENG_OK && before->owned != NULL)
        status = heng_concern_find(before->plan, now, arena, &before->concern, reterr);
    if (status != HENG_OK)
        return status;
    before->known = true;
    before->same_data = before->last.commit == heng_view_commit(view);
    *scope = HENG_BATCH_SCOPE_CHANGED;
    if (now->as_of < before->last.as_of)
        *scope = HENG_BATCH_SCOPE_DAY_BACK;
    else if (before->concern.everybody)
        *scope = HENG_BATCH_SCOPE_RULESET;
    else
        status = ask_journal(view, before, scope, reterr);
    return status;
}

heng_status heng_before_against(const heng_view *view, const heng_plan *now,
                                const heng_ruleset *against, bool plain,
                                heng_arena *arena, heng_before *before,
                                heng_batch_scope *scope, heng_error *reterr) {
    *before = (heng_before){.last = {.commit = heng_view_commit(view),
                                     .known_at = heng_view_commit_time(view),
                                     .as_of = now->as_of,
                                     .ruleset = heng_ruleset_digest(against)},
                            .ruleset = against,
                            .known = true,
                            .same_data = true};
    heng_status status =
        heng_plan_new_with(against, now->names, now->as_of, plain ? HENG_PLAN_PLAIN : 0,
                           &before->plan, reterr);
    if (status == HENG_OK)
        status = heng_concern_find(before->plan, now, arena, &before->concern, reterr);
    if (status == HENG_OK)
        *scope = before->concern.everybody ? HENG_BATCH_SCOPE_RULESET
                                           : HENG_BATCH_SCOPE_CONCERNED;
    return status;
}

void heng_before_done(heng_before *before) {
    heng_plan_free(before->plan);
    heng_ruleset_free(before->owned);
    *before = (heng_before){0};
}
