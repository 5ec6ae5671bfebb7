/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cel_clock.h: how an expression depends on the as-of day.
 *
 * A part is *independent* of it; or a *raw* clock (`as_of`, or `as_of` plus or minus a
 * constant period); or *settled*: made of tracked comparisons, whose next change of
 * result is known when they are evaluated. A comparison of a raw clock with a date that
 * is independent or settled is tracked. Any other use of a raw clock makes the
 * expression opaque: its result may change every day.
 */
#ifndef HENG_CEL_CEL_CLOCK_H
#define HENG_CEL_CEL_CLOCK_H

#include "cel/ast.h"
#include "cel/program.h"

/** Fills `clock` of the comparisons, and reads_clock and clock_opaque of the tree,
 * which is checked and folded. */
void heng_cel_clock_track(const heng_cel_env *env, heng_cel_ast *ast);

/** The as-of day in the side of a tracked comparison that has it: `as_of`, `as_of + p`,
 * `p + as_of` or `as_of - p`. */
const heng_cel_node *heng_cel_clock_of(const heng_cel_node *shifted);

/** The steps that evaluating that side counts. */
uint16_t heng_cel_clock_steps(const heng_cel_node *shifted);

#endif
