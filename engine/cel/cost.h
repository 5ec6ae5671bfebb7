/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cost.h: the most steps that evaluating an expression can take, known before it runs.
 *
 * What is counted, here with the largest sizes and in the machine with the real ones:
 *
 *   each node that is evaluated                one step
 *   a call                                     what heng_cel_library_cost() says of its
 * row a comprehension                            one step for each item of its range
 *   transformMapEntry                          one for each entry that an item adds
 *   a list or map literal                      one for each item or entry
 *
 * INVARIANT: the machine never counts more than the bound (tested on random
 * expressions).
 */
#ifndef HENG_CEL_COST_H
#define HENG_CEL_COST_H

#include "cel/ast.h"
#include "cel/cel_report.h"
#include "cel/program.h"
#include "heng/arena.h"

/**
 * Fills cost_max of each node and of the tree: UINT64_MAX where there is no bound.
 *
 * @param cap  0: none; else a tree without a bound, or with one above it, is reported
 *             (HENG-E0290) with the part that costs, and is HENG_ERR_INVALID.
 */
heng_status heng_cel_cost_bound(const heng_cel_env *env, uint64_t cap,
                                heng_arena *arena, heng_cel_report *report,
                                heng_cel_ast *ast) HENG_NODISCARD;

#endif
