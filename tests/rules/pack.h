/* SPDX-License-Identifier: Apache-2.0 */
/* pack.h: the shipped rules, loaded, as the tests of this folder read them. */
#ifndef HENG_TESTS_RULES_PACK_H
#define HENG_TESTS_RULES_PACK_H

#include <stdbool.h>
#include <stddef.h>

#include "ruleset/linked.h"

/** Loads rules/, or prints what is wrong with it and gives NULL. Owned by the caller.
 */
heng_ruleset *pack_load(void);

/** The file of a place without its folder: "food.yaml". Borrowed from the source. */
const char *pack_file(heng_span span);

/** One article that something in the pack rests on. */
typedef struct pack_citation {
    const char *what; /* "rule", "exception", "repair", "remedy", "conflict" */
    heng_str id;      /* of the rule, category or measure; "" for a conflict */
    const heng_basis *basis;
} pack_citation;

/** Calls `visit` for every basis of the ruleset. */
void pack_each_citation(const heng_ruleset *ruleset,
                        void (*visit)(void *context, const pack_citation *citation),
                        void *context);

#endif
