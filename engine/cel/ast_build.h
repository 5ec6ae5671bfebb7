/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ast_build.h: making nodes, for the parser and its macros.
 *
 * A build that fails (memory, nesting) goes on with a node that stands for nothing and
 * is never looked at: whoever builds need not ask after each node.
 */
#ifndef HENG_CEL_AST_BUILD_H
#define HENG_CEL_AST_BUILD_H

#include "cel/ast.h"
#include "cel/cel_report.h"
#include "heng/arena.h"

/** Set arena and report; zero the rest. */
typedef struct heng_cel_build {
    heng_arena *arena;
    heng_cel_report *report;
    heng_status
        status; /* the first failure; INVALID: nested too deeply, and reported */
    heng_cel_node dummy;
} heng_cel_build;

/** Where a node stands: `at` is the place of the caret. */
typedef struct heng_cel_extent {
    uint32_t start, len, at;
} heng_cel_extent;

heng_cel_node *heng_ast_build_node(heng_cel_build *build, heng_cel_node_kind kind,
                                   heng_cel_extent extent);
heng_cel_node *heng_ast_build_literal(heng_cel_build *build, heng_cel_value value,
                                      heng_cel_extent extent);
/** `name` is borrowed, as in all of these. */
heng_cel_node *heng_ast_build_ident(heng_cel_build *build, heng_str name,
                                    heng_cel_extent extent);
heng_cel_node *heng_ast_build_select(heng_cel_build *build, heng_cel_node *operand,
                                     heng_str name, heng_cel_extent extent);

/** A node with these children, copied: CALL (`operand` may be NULL), AND, OR,
 * CONDITION, LIST, MAP, STRUCT, BIND. */
heng_cel_node *heng_ast_build_parent(heng_cel_build *build, heng_cel_node_kind kind,
                                     heng_str name, heng_cel_node *operand,
                                     heng_cel_node *const *args, size_t count,
                                     heng_cel_extent extent);

/** Sets the depth of a node from its children's, and reports one that is too deep. */
void heng_ast_build_settle(heng_cel_build *build, heng_cel_node *node);

/** Numbers the nodes of the finished tree, parents first. */
heng_status heng_ast_build_finish(heng_cel_build *build, heng_cel_node *root,
                                  heng_str text, heng_cel_ast *ret_ast) HENG_NODISCARD;

/** Numbers them anew after parts were cut off: never more than before. */
void heng_ast_build_number(heng_cel_ast *ast);

#endif
