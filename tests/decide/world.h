/* SPDX-License-Identifier: Apache-2.0 */
/*
 * world.h: a small ruleset and a few lines of records, decided and written as short
 * lines of text, so that a table row can say all it expects:
 *
 *     verdict bid=blocked
 *     exclude applies mandatory 2024-03-15..2027-03-15 by a(R-1)
 *     reduce displaced by rule a
 *     doubt b: no such attribute `amount` needs r.amount
 *     through 2027-03-15
 */
#ifndef HENG_TESTS_DECIDE_WORLD_H
#define HENG_TESTS_DECIDE_WORLD_H

#include "base/buffer.h"
#include "heng/decide.h"
#include "heng/ruleset.h"
#include "heng/store.h"
#include "ruleset/linked.h"

typedef struct world {
    heng_ruleset *ruleset;
    heng_overlay *overlay;
    heng_arena *arena;
    struct heng_snapshot *snapshot;
    heng_plan *plan;
    heng_worker *worker;
    const heng_decision *decision;
} world;

/** Categories fine, list, reward, other; matters bid, service; measures exclude (bar),
 * inspect (burden), reduce (incentive), tell (notice), late (bar, discretionary, no
 * matter); roles head (inverse heads), responsible. `rules` is a file of its own with
 * `rules:` and what else a row wants. */
extern const char WORLD_PRELUDE[];

/** Loads, decides for subject `S-1` on `as_of` for all matters or one; fails the test
 * on any error. `disputed` is suspend or mark. */
void world_decide(world *made, const char *disputed, const char *rules,
                  const char *lines, const char *as_of, const char *matter);

/** The same for all matters, handing failures on instead. The world is to be freed in
 * any case. */
heng_status world_try(world *made, const char *disputed, const char *rules,
                      const char *lines, const char *as_of, heng_error *reterr);

/** Makes the world with a plan of that day (HENG_PLAN_*), and decides nothing; fails
 * the test on any error. */
void world_plan(world *made, const char *disputed, const char *rules, const char *lines,
                const char *as_of, unsigned flags);

/** Writes the decision as above. */
void world_print(const world *made, heng_buffer *out);

/** Frees everything; a zeroed world is fine. */
void world_done(world *made);

#endif
