/* SPDX-License-Identifier: Apache-2.0 */
/*
 * concern.h: two rulesets compared rule by rule, and whom the difference concerns.
 *
 * A rule that is new, gone or not the same can do something different only where a
 * record of its categories is looked at: the subject's own, that of somebody it is tied
 * to, or one that names it. So each category gets the gazes through which such rules
 * look at it. What is no rule but can change what a rule does (a measure, a conflict,
 * an exception, a role, a category) makes the rules that rest on it altered ones.
 *
 * INVARIANT: over-approximates only. Texts of conditions are compared as written; what
 * has no bound by categories concerns everybody.
 */
#ifndef HENG_BATCH_CONCERN_H
#define HENG_BATCH_CONCERN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "decide/plan.h"
#include "heng/arena.h"
#include "heng/error.h"

/* Beside the gazes: the category itself is not the same, so that any rule that reads
 * `records` can see another one, whatever it is about. */
enum { HENG_CONCERN_ALTERED = 1U << HENG_GAZES };

typedef struct heng_concern {
    bool everybody;
    bool through, named; /* some category has this gaze */
    /* by name number: bits 1 << heng_gaze, HENG_CONCERN_ALTERED; all in the arena */
    const uint8_t *of_name;
    size_t name_count;
    const heng_str *rules; /* ids of rules that are new, gone or altered; sorted */
    size_t rule_count;
    const heng_str *categories; /* the same of categories */
    size_t category_count;
    /* On a day before `first` or after `last` all rules in effect are the same in both,
     * and so are measures, terms and verdicts of everybody; not what is pending, nor
     * how long an answer holds. `first` after `last`: on every day. Not is_bounded:
     * that cannot be told. */
    bool is_bounded;
    heng_date first, last;
} heng_concern;

/**
 * Compares. Both plans are over the same names.
 *
 * @param ret_concern  in `arena`, and as long as both rulesets.
 */
heng_status heng_concern_find(const heng_plan *old, const heng_plan *now,
                              heng_arena *arena, heng_concern *ret_concern,
                              heng_error *reterr) HENG_NODISCARD;

#endif
