/* SPDX-License-Identifier: Apache-2.0 */
/*
 * outcome_form.h: the parts of outcome lines that are the same for all subjects, made
 * once for a ruleset. A batch writes millions of lines out of a few hundred of them.
 */
#ifndef HENG_REPORT_OUTCOME_FORM_H
#define HENG_REPORT_OUTCOME_FORM_H

#include "heng/arena.h"
#include "heng/decide.h"
#include "heng/ruleset.h"
#include "heng/str.h"

typedef struct heng_outcome_form {
    /* by measure: {"id":"…","state":"…","from": */
    const heng_str *applies, *suspended;
    /* by rule: its id as a JSON string */
    const heng_str *rules;
    /* by rule, where a measure has no other: ,"rules":["…"],"grounds":[ */
    const heng_str *alone;
} heng_outcome_form;

/** In `arena`, which must outlive it, as must the ruleset. NULL out of memory. */
const heng_outcome_form *heng_outcome_form_new(const heng_ruleset *ruleset,
                                               heng_arena *arena);

#endif
