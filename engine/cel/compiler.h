/* SPDX-License-Identifier: Apache-2.0 */
/* compiler.h: from the tree to the machine's code. */
#ifndef HENG_CEL_COMPILER_H
#define HENG_CEL_COMPILER_H

#include "cel/ast.h"
#include "cel/code.h"
#include "heng/arena.h"

/** An argument that is refused when it is a constant: a pattern, a date. */
typedef struct heng_cel_refusal {
    const heng_cel_node *node; /* NULL: nothing was refused */
    const char *message;       /* lives in the arena */
} heng_cel_refusal;

/**
 * Compiles a tree. The program and all in it live in `arena`, except what
 * heng_cel_program_done() frees.
 *
 * @param ret_refusal  set on HENG_ERR_INVALID: the call and the reason.
 * @return HENG_OK; HENG_ERR_INVALID; HENG_ERR_LIMIT for code that is too long;
 *         HENG_ERR_NOMEM.
 */
heng_status heng_cel_compiler_compile(const heng_cel_ast *ast, bool trace,
                                      heng_arena *arena, heng_cel_program **ret_program,
                                      heng_cel_refusal *ret_refusal) HENG_NODISCARD;

#endif
