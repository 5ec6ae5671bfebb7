/* SPDX-License-Identifier: Apache-2.0 */
/*
 * before.h: what the last completed batch went by, made ready to decide by it again.
 *
 * Outcomes are not stored: that of a subject follows from ruleset, commit and day of
 * the last batch, all of which the store keeps.
 */
#ifndef HENG_BATCH_BEFORE_H
#define HENG_BATCH_BEFORE_H

#include "batch/concern.h"
#include "heng/batch.h"
#include "store/baseline.h"

typedef struct heng_before {
    bool known; /* there is something to compare with */
    heng_baseline last;
    heng_ruleset *owned;         /* NULL where it is the one of now */
    const heng_ruleset *ruleset; /* borrowed or `owned` */
    heng_plan *plan;             /* owned */
    heng_concern concern;
    bool same_data; /* nothing was imported since */
} heng_before;

/**
 * Reads the baseline in the view's transaction, loads its ruleset and compares.
 *
 * @param now        the plan of the batch; borrowed, as is its ruleset.
 * @param plain      makes the plan without an index.
 * @param arena      holds what is made; outlives `ret_before`.
 * @param ret_scope  HENG_BATCH_SCOPE_CHANGED, or why all must be looked at.
 * @param ret_before  heng_before_done(), also after a failure.
 */
heng_status heng_before_open(heng_view *view, const heng_plan *now, bool plain,
                             heng_arena *arena, heng_before *ret_before,
                             heng_batch_scope *ret_scope,
                             heng_error *reterr) HENG_NODISCARD;

/**
 * The same for another ruleset, on the day of the plan and in the state of the view.
 *
 * @param against    borrowed, as long as `ret_before`.
 * @param ret_scope  HENG_BATCH_SCOPE_CONCERNED, or HENG_BATCH_SCOPE_RULESET.
 */
heng_status heng_before_against(const heng_view *view, const heng_plan *now,
                                const heng_ruleset *against, bool plain,
                                heng_arena *arena, heng_before *ret_before,
                                heng_batch_scope *ret_scope,
                                heng_error *reterr) HENG_NODISCARD;

/** Also takes a zeroed one. */
void heng_before_done(heng_before *before);

#endif
