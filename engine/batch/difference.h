/* SPDX-License-Identifier: Apache-2.0 */
/*
 * difference.h: what a subject gets by two rulesets, measure by measure.
 *
 * A measure is the same in both where its id is. It is altered where it applies by both
 * but is suspended by one alone, has another force or another term, or is itself
 * another: of another kind or effect, or for other matters. Which rules and records
 * bring it about may differ.
 */
#ifndef HENG_BATCH_DIFFERENCE_H
#define HENG_BATCH_DIFFERENCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "heng/arena.h"
#include "heng/decide.h"
#include "heng/ruleset.h"
#include "heng/str.h"

typedef enum heng_difference_kind {
    HENG_DIFFERENCE_GAINED,
    HENG_DIFFERENCE_LOST,
    HENG_DIFFERENCE_ALTERED,
    HENG_DIFFERENCE_UNDETERMINED, /* whether it applies can no longer be told */
    HENG_DIFFERENCE_DETERMINED    /* it can again, and it does not apply */
} heng_difference_kind;

enum { HENG_DIFFERENCE_KINDS = 5 };

/** `gained` … */
const char *heng_difference_word(heng_difference_kind kind);

/** The measures of two rulesets under one numbering, in the order of their ids. */
typedef struct heng_both_measures {
    const heng_ruleset *old, *now;
    size_t count;
    const heng_str *ids;             /* by number */
    const uint32_t *of_old, *of_now; /* the number, by index in the ruleset */
    const uint32_t *in_old, *in_now; /* the index, by number; UINT32_MAX: none */
    const bool
        *is_another; /* by number: in both, but not the same kind, effect, matters */
} heng_both_measures;

/** In `arena`. False out of memory. */
bool heng_both_measures_make(const heng_ruleset *old, const heng_ruleset *now,
                             heng_arena *arena, heng_both_measures *ret_both);

typedef struct heng_difference {
    uint32_t measure; /* its number */
    heng_difference_kind kind;
    const heng_applied *was, *is; /* NULL: does not apply */
} heng_difference;

/**
 * The measures that are not the same, in the order of their numbers. Of each in
 * `arena`, and as long as the decisions.
 *
 * @return false out of memory.
 */
bool heng_difference_find(const heng_both_measures *both, const heng_decision *was,
                          const heng_decision *is, heng_arena *arena,
                          heng_difference **ret_list, size_t *ret_count);

#endif
