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

#endif
