/* SPDX-License-Identifier: Apache-2.0 */
/* ast_build.c: making nodes. INVARIANT: no tree is deeper than HENG_LIMIT_CEL_DEPTH. */
#include "cel/ast_build.h"

#include <string.h>

#include "base/limits.h"

heng_cel_node *heng_ast_build_node(heng_cel_build *build, heng_cel_node_kind kind,
                                   heng_cel_extent extent) {
    heng_cel_node *node = build->status == HENG_OK
                              ? heng_arena_calloc(build->arena, 1, sizeof *node)
                              : NULL;
    if (node == NULL) {
        if (build->status == HENG_OK) {
            build->status = HENG_ERR_NOMEM;
        }
        node = &build->dummy;
        *node = (heng_cel_node){.kind = HENG_CEL_NODE_LITERAL};
        node->value = heng_cel_value_null();
        return node;
    }
    node->kind = kind;
    node->start = extent.start;
    node->len = extent.len;
    node->at = extent.at;
    node->depth = 1;
    return node;
}

heng_cel_node *heng_ast_build_literal(heng_cel_build *build, heng_cel_value value,
                                      heng_cel_extent extent) {
    heng_cel_node *node = heng_ast_build_node(build, HENG_CEL_NODE_LITERAL, extent);
    node->value = value;
    return node;
}

heng_cel_node *heng_ast_build_ident(heng_cel_build *build, heng_str name,
                                    heng_cel_extent extent) {
    heng_cel_node *node = heng_ast_build_node(build, HENG_CEL_NODE_IDENT, extent);
    node->name = name;
    return node;
}

heng_cel_node *heng_ast_build_select(heng_cel_build *build, heng_cel_node *operand,
                                     heng_str name, heng_cel_extent extent) {
    heng_cel_node *node = heng_ast_build_node(build, HENG_CEL_NODE_SELECT, extent);
    if (node == &build->dummy)
        return node;
    node->operand = operand;
    node->name = name;
    heng_ast_build_settle(build, node);
    return node;
}

heng_cel_node *heng_ast_build_parent(heng_cel_build *build, heng_cel_node_kind kind,
                                     heng_str name, heng_cel_node *operand,
                                     heng_cel_node *const *args, size_t count,
                                     heng_cel_extent extent) {
    heng_cel_node *node = heng_ast_build_node(build, kind, extent);
    if (node == &build->dummy)
        return node;
    heng_cel_node **copy = heng_arena_calloc(build->arena, count + 1, sizeof(void *));
    if (copy == NULL) {
        build->status = HENG_ERR_NOMEM;
        return &build->dummy;
    }
    if (count > 0) {
        memcpy(copy, args, count * sizeof(void *));
    }
    node->name = name;
    node->operand = operand;
    node->args = copy;
    node->arg_count = (uint32_t)count;
    heng_ast_build_settle(build, node);
    return node;
}

void heng_ast_build_settle(heng_cel_build *build, heng_cel_node *node) {
    uint32_t deepest = 0;
    uint32_t count = heng_cel_ast_child_count(node);
    if (build->status != HENG_OK)
        return;
    for (uint32_t i = 0; i < count; i++) {
        uint32_t depth = heng_cel_ast_child(node, i)->depth;
        deepest = depth > deepest ? depth : deepest;
    }
    node->depth = deepest + 1;
    if (node->depth > HENG_LIMIT_CEL_DEPTH) {
        build->status = HENG_ERR_INVALID;
        heng_cel_report_error(build->report, HENG_CEL_E_NESTING, node->at, 1,
                              "the expression is nested more than %u levels deep",
                              (unsigned)HENG_LIMIT_CEL_DEPTH);
        heng_cel_report_help(
            build->report, "each operator of a chain `a + b + …` is a level; split the "
                           "condition, or use `in` and macros over a list");
    }
}

static void number(heng_cel_ast *ast, heng_cel_node *node) {
    if (ast->nodes != NULL) {
        ast->nodes[ast->node_count] = node;
    }
    node->id = ++ast->node_count;
    uint32_t count = heng_cel_ast_child_count(node);
    for (uint32_t i = 0; i < count; i++) {
        number(ast, heng_cel_ast_child(node, i));
    }
}

heng_status heng_ast_build_finish(heng_cel_build *build, heng_cel_node *root,
                                  heng_str text, heng_cel_ast *ret_ast) {
    heng_cel_ast ast = {.text = text, .root = root};
    if (build->status != HENG_OK)
        return build->status;
    number(&ast, root); /* counts them */
    ast.nodes = heng_arena_calloc(build->arena, ast.node_count, sizeof(void *));
    if (ast.nodes == NULL)
        return HENG_ERR_NOMEM;
    heng_ast_build_number(&ast);
    *ret_ast = ast;
    return HENG_OK;
}

void heng_ast_build_number(heng_cel_ast *ast) {
    ast->node_count = 0;
    number(ast, ast->root);
}
