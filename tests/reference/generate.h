/* SPDX-License-Identifier: Apache-2.0 */
/* generate.h: what the makers of rulesets and of conditions share. */
#ifndef HENG_TESTS_GENERATE_H
#define HENG_TESTS_GENERATE_H

#include "world.h"

typedef struct maker {
    rules *of;
    rng *from;
} maker;

enum { REGION_PREFIXES = 4 };
extern const char *const region_prefixes[REGION_PREFIXES];

/* Each adds a tree to the ruleset's nodes and returns its root. Categories and
 * attributes must be made before. */

/** A category that some rule may look at. */
int generate_category_test(maker *to);
/** A condition on the record r, of about that depth. */
int generate_record_test(maker *to, int depth);
/** A condition for `when` and `unless`. */
int generate_whole_test(maker *to, bool grounds, int depth);
/** A day that the ground gives. */
int generate_term_day(maker *to);
/** The same, moved by a period. */
int generate_term_end(maker *to);
/** A condition of comparisons of fields with constants alone. */
int generate_plain_test(maker *to, int var, int depth);
/** For `unless`: such a one on the subject, or on all or some of the grounds. */
int generate_plain_unless(maker *to);
/** A day that the ground gives, another one after some date. */
int generate_dated_day(maker *to);
/** Both. */
int generate_and(maker *to, int a, int b);
int generate_or(maker *to, int a, int b);

#endif
