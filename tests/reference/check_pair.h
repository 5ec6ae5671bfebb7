/* SPDX-License-Identifier: Apache-2.0 */
/* check_pair.h: whether the engine answers one subject as the reference does, and what
 * is left of a pair that shows a difference when all else is dropped. */
#ifndef HENG_TESTS_CHECK_PAIR_H
#define HENG_TESTS_CHECK_PAIR_H

#include "engine.h"

typedef struct check {
    int window;  /* days after the as-of day that are all evaluated */
    int samples; /* days up to valid-through that are looked at beyond */
} check;

/**
 * Asks both about `who` on that day: for all matters, for each, and about
 * valid-through. True where they agree; else `why` says in what they differ. `in_days`:
 * days on which something may change.
 */
bool check_pair(engine *of, const check *how, const rules *rules_of, const world *in,
                int who, day as_of, const day *days, int day_count, text *why);

/** Loads the pair and calls check_pair(). Where it cannot be loaded, that is no
 * agreement either. */
bool check_alone(const check *how, const rules *rules_of, const world *in, int who,
                 day as_of, text *why);

/** Drops rules, records, relations and parts of conditions as long as the two still
 * differ. */
void shrink(const check *how, rules *rules_of, world *in, int who, day as_of);

#endif
