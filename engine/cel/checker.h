/* SPDX-License-Identifier: Apache-2.0 */
/*
 * checker.h: names, types and overloads, found before anything runs.
 *
 * Fills type, ref, slot, overload and variable_slots of the nodes. A call of a function
 * in a namespace (`math.abs(x)`, parsed as `abs` of a receiver `math`) loses its
 * receiver and gets its whole name.
 */
#ifndef HENG_CEL_CHECKER_H
#define HENG_CEL_CHECKER_H

#include "cel/ast.h"
#include "cel/cel_report.h"
#include "cel/program.h"
#include "heng/arena.h"

/**
 * Checks a parsed expression in place.
 *
 * @param want       the type that is needed, or NULL for any.
 * @param unchecked  resolve names only: types stay NULL, what is not known stays
 *                   HENG_CEL_REF_NONE and fails when it is run. Nothing is reported.
 * @return HENG_OK; HENG_ERR_INVALID after reporting why; HENG_ERR_NOMEM.
 */
heng_status heng_cel_checker_check(const heng_cel_env *env, const heng_cel_type *want,
                                   bool unchecked, heng_arena *arena,
                                   heng_cel_report *report,
                                   heng_cel_ast *ast) HENG_NODISCARD;

#endif
