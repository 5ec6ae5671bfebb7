/* SPDX-License-Identifier: Apache-2.0 */
/*
 * fold.h: calls whose arguments are constants become constants.
 *
 * A folded CALL becomes a LITERAL that keeps its name, operand and args, so that it is
 * printed as it was written; whoever walks the tree must not walk below a LITERAL.
 */
#ifndef HENG_CEL_FOLD_H
#define HENG_CEL_FOLD_H

#include "cel/ast.h"
#include "cel/cel_report.h"
#include "heng/arena.h"

/**
 * Folds a checked tree in place. Reports dates, periods and decimals that cannot be
 * made (HENG-E0207), and constant parts that fail wherever evaluation is sure to reach
 * them and nothing absorbs the failure (HENG-E0210).
 */
heng_status heng_cel_fold_constants(heng_cel_ast *ast, heng_arena *arena,
                                    heng_cel_report *report) HENG_NODISCARD;

#endif
