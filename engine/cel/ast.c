/* SPDX-License-Identifier: Apache-2.0 */
/* ast.c: walking a tree. */
#include "cel/ast.h"

#include <string.h>

uint32_t heng_cel_ast_child_count(const heng_cel_node *node) {
    if (node->kind == HENG_CEL_NODE_LITERAL)
        return 0;
    return node->arg_count + (node->operand != NULL) + (node->range != NULL) +
           (node->condition != NULL) + (node->transform != NULL);
}

heng_cel_node *heng_cel_ast_child(const heng_cel_node *node, uint32_t index) {
    heng_cel_node *const before[] = {node->operand, node->range};
    heng_cel_node *const after[] = {node->condition, node->transform};
    for (size_t i = 0; i < 2; i++) {
        if (before[i] != NULL && index-- == 0)
            return before[i];
    }
    if (index < node->arg_count)
        return node->args[index];
    index -= node->arg_count;
    for (size_t i = 0; i < 2; i++) {
        if (after[i] != NULL && index-- == 0)
            return after[i];
    }
    return NULL;
}

bool heng_cel_ast_is_call(const heng_cel_node *node, const char *name,
                          uint32_t arg_count) {
    return node->kind == HENG_CEL_NODE_CALL && node->operand == NULL &&
           node->arg_count == arg_count && node->name.len == strlen(name) &&
           memcmp(node->name.ptr, name, node->name.len) == 0;
}
