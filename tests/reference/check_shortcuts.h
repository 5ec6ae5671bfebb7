/* SPDX-License-Identifier: Apache-2.0 */
/* check_shortcuts.h: what the engine leaves out must be nothing: what it says of a
 * condition, of a record or of a whole subject without running programs is what running
 * them gives. */
#ifndef HENG_TESTS_CHECK_SHORTCUTS_H
#define HENG_TESTS_CHECK_SHORTCUTS_H

#include <stdint.h>

#include "text.h" /* and not engine.h, whose short names would shadow those of others */

struct heng_ruleset;
struct heng_snapshot;

/* How often there was something to compare. */
typedef struct shortcuts {
    long told_true, told_false, told_unknown; /* grounds, by their bytes */
    long whole_told;                          /* `when` and `unless` */
    long never;                               /* and no day to come changes it */
    long found;                               /* rules that hold or fail for a record */
    long reaching;  /* records of others that such a rule looks at */
    long brief;     /* decisions that took the short way */
    long at_length; /* … and those that did not */
    long unreached; /* decisions without ties or mentions that make no difference */
} shortcuts;

/**
 * Looks at one subject on one day, and at some of `days` after it. False where a
 * shortcut leads elsewhere: `why` says which.
 */
bool check_shortcuts(const struct heng_ruleset *ruleset,
                     const struct heng_snapshot *snapshot, int32_t as_of,
                     const int32_t *days, int day_count, shortcuts *counts, text *why);

#endif
