/* SPDX-License-Identifier: Apache-2.0 */
/* macro.h: calls that are not calls: `has(r.amount)`, `records.exists(r, …)`. */
#ifndef HENG_CEL_MACRO_H
#define HENG_CEL_MACRO_H

#include "cel/ast.h"
#include "cel/ast_build.h"

/**
 * What a call stands for, if it is of a macro: one with this name, as many arguments,
 * and a receiver or none. NULL if it is not. A macro used wrongly is reported, and
 * gives a node all the same.
 *
 * @param operand  the receiver, or NULL.
 */
heng_cel_node *heng_cel_macro_expand(heng_cel_build *build, heng_str name,
                                     heng_cel_node *operand, heng_cel_node *const *args,
                                     size_t count, heng_cel_extent extent);

/** How the macro of this name is written (`list.exists(x, condition)`), or NULL where
 * no macro has the name. */
const char *heng_cel_macro_usage(heng_str name);

#endif
