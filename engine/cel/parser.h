/* SPDX-License-Identifier: Apache-2.0 */
/* parser.h: from text to tree. Macros are expanded on the way (macro.h). */
#ifndef HENG_CEL_PARSER_H
#define HENG_CEL_PARSER_H

#include "cel/ast.h"
#include "cel/cel_report.h"
#include "heng/arena.h"

/**
 * Parses an expression. Several problems of one expression are reported together.
 *
 * @param text       borrowed by the tree: must live as long.
 * @param no_macros  leave `has(a.b)`, `l.all(x, p)` … as the calls they look like.
 * @param ret_ast    all of it lives in `arena`. Untouched on failure.
 * @return HENG_OK; HENG_ERR_INVALID after reporting why; HENG_ERR_NOMEM.
 */
heng_status heng_cel_parser_parse(heng_str text, bool no_macros, heng_arena *arena,
                                  heng_cel_report *report,
                                  heng_cel_ast *ret_ast) HENG_NODISCARD;

#endif
