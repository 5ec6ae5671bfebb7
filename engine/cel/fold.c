/* SPDX-License-Identifier: Apache-2.0 */
/*
 * fold.c: running at load what does not depend on anything.
 *
 * What is *certain* is evaluated in every evaluation, and its failure is that of the
 * whole: not the sides of `&&` and `||`, which absorb it, nor the branches of `?:`, nor
 * the body of a macro, whose range may be empty.
 */
#include "cel/fold.h"

#include "base/limits.h"
#include "cel/library.h"

typedef struct fold_state {
    heng_arena *arena;
    heng_cel_report *report;
    heng_status status;
} fold_state;

/* ---- what is constant ---- */

static bool constant(fold_state *folder, const heng_cel_node *node,
                     heng_cel_value *ret_value);

static bool constant_list(fold_state *folder, const heng_cel_node *node,
                          heng_cel_value *ret_value) {
    for (uint32_t i = 0; i < node->arg_count; i++) {
        if (node->args[i]->kind != HENG_CEL_NODE_LITERAL &&
            node->args[i]->kind != HENG_CEL_NODE_LIST)
            return false;
    }
    heng_cel_list *list = heng_arena_calloc(folder->arena, 1, sizeof *list);
    heng_cel_value *items =
        heng_arena_calloc(folder->arena, node->arg_count + (size_t)1, sizeof *items);
    if (list == NULL || items == NULL) {
        folder->status = HENG_ERR_NOMEM;
        return false;
    }
    for (uint32_t i = 0; i < node->arg_count; i++) {
        if (!constant(folder, node->args[i], &items[i]))
            return false;
    }
    list->count = node->arg_count;
    list->items = items;
    *ret_value = heng_cel_value_list(list);
    return true;
}

static bool constant(fold_state *folder, const heng_cel_node *node,
                     heng_cel_value *ret_value) {
    if (node->kind == HENG_CEL_NODE_LITERAL ||
        (node->kind == HENG_CEL_NODE_IDENT && node->ref == HENG_CEL_REF_CONSTANT)) {
        *ret_value = node->value;
        return true;
    }
    return node->kind == HENG_CEL_NODE_LIST && node->optional_items == NULL &&
           constant_list(folder, node, ret_value);
}

/* The arguments of a call, the receiver first. */
typedef struct call_args {
    heng_cel_value values[HENG_CEL_PARAMS_MAX];
    bool constant[HENG_CEL_PARAMS_MAX];
    size_t count;
    bool all; /* all are constant */
} call_args;

/* False where there are more than any row with a `prepare` has. */
static bool read_args(fold_state *folder, const heng_cel_node *node,
                      call_args *ret_args) {
    uint32_t count = heng_cel_ast_child_count(node);
    call_args args = {.count = count, .all = true};
    if (count > HENG_CEL_PARAMS_MAX)
        return false;
    for (uint32_t i = 0; i < count; i++) {
        args.constant[i] =
            constant(folder, heng_cel_ast_child(node, i), &args.values[i]);
        args.all = args.all && args.constant[i];
    }
    *ret_args = args;
    return folder->status == HENG_OK;
}

/* Whether a cheap and small result is sure; what is not is left to the machine. */
static bool is_small(const heng_cel_overload *row, const heng_cel_value *args,
                     size_t count) {
    uint64_t product = 1;
    for (size_t i = 0; i < count; i++) {
        uint64_t size = heng_cel_library_value_size(args[i]) + 1;
        if (size > HENG_LIMIT_CEL_FOLD_BYTES ||
            product > HENG_LIMIT_CEL_FOLD_BYTES / size)
            return false;
        product *= size;
    }
    return heng_cel_library_cost_of(row, args, count) <= HENG_LIMIT_CEL_FOLD_COST;
}

/* ---- running ---- */

/* Types of heng whose constants are checked wherever they stand. */
static bool is_maker(heng_str name) {
    return heng_str_equal(name, HENG_STR("date")) ||
           heng_str_equal(name, HENG_STR("period")) ||
           heng_str_equal(name, HENG_STR("decimal"));
}

static void report_failure(fold_state *folder, const heng_cel_node *node,
                           const heng_cel_error *error, bool certain) {
    if (error->code == HENG_CEL_ERR_MEMORY) {
        folder->status = HENG_ERR_NOMEM;
    } else if (is_maker(node->name)) {
        heng_cel_report_error(folder->report, HENG_CEL_E_LITERAL, node->start,
                              node->len, "%.*s", HENG_STR_ARG(error->message));
    } else if (certain) {
        heng_cel_report_error(folder->report, HENG_CEL_E_CONSTANT, node->start,
                              node->len, "this always fails: %.*s",
                              HENG_STR_ARG(error->message));
    }
}

/* Lets the row look at its constant arguments, as the compiler will; false where it
 * refuses them. What it prepared is the caller's to release. */
static bool prepare(fold_state *folder, const heng_cel_node *node,
                    const call_args *args, void **ret_prepared) {
    const heng_cel_overload *row = node->overload;
    if (row->prepare == NULL)
        return true;
    heng_cel_value refused = row->prepare(folder->arena, args->values, args->constant,
                                          args->count, ret_prepared);
    if (!heng_cel_value_is_error(refused))
        return true;
    const heng_cel_error *error = refused.as.error;
    const heng_cel_node *at = heng_cel_ast_child(node, (uint32_t)args->count - 1);
    bool pattern = heng_str_equal(node->name, HENG_STR("matches"));
    if (error->code == HENG_CEL_ERR_MEMORY) {
        folder->status = HENG_ERR_NOMEM;
    } else {
        heng_cel_report_error(folder->report,
                              pattern ? HENG_CEL_E_PATTERN : HENG_CEL_E_LITERAL,
                              at->start, at->len, "%.*s", HENG_STR_ARG(error->message));
    }
    return false;
}

static void fold_call(fold_state *folder, heng_cel_node *node, bool certain) {
    const heng_cel_overload *row = node->overload;
    heng_cel_signature signature;
    call_args args;
    void *prepared = NULL;
    uint64_t cost = 0;
    if (row == NULL || row->run == NULL ||
        !heng_cel_library_signature(row, &signature) ||
        !read_args(folder, node, &args) || !prepare(folder, node, &args, &prepared))
        return;
    if (args.all && heng_cel_library_fits(&signature, args.values, args.count) &&
        is_small(row, args.values, args.count)) {
        heng_cel_call call = {.arena = folder->arena,
                              .cost = &cost,
                              .overload = row,
                              .constant = prepared};
        heng_cel_value result = row->run(&call, args.values, args.count);
        if (heng_cel_value_is_error(result)) {
            report_failure(folder, node, result.as.error, certain);
        } else {
            node->kind = HENG_CEL_NODE_LITERAL;
            node->value = result;
        }
    }
    if (row->release != NULL && prepared != NULL) {
        row->release(prepared);
    }
}

/* ---- the tree ---- */

static void fold(fold_state *folder, heng_cel_node *node, bool certain) {
    bool first = certain; /* of the first child */
    bool rest = certain;
    if (folder->status != HENG_OK)
        return;
    switch (node->kind) {
    case HENG_CEL_NODE_AND:
    case HENG_CEL_NODE_OR:
        first = false;
        rest = false;
        break;
    case HENG_CEL_NODE_CONDITION:
    case HENG_CEL_NODE_COMPREHENSION:
        rest = false;
        break;
    case HENG_CEL_NODE_BIND: /* the value is asked for by the body, or not */
        first = false;
        break;
    case HENG_CEL_NODE_CALL: /* `a.or(b)` asks for b only where a holds nothing */
        rest = certain && !(node->operand != NULL &&
                            (heng_str_equal(node->name, HENG_STR("or")) ||
                             heng_str_equal(node->name, HENG_STR("orValue"))));
        break;
    case HENG_CEL_NODE_SELECT:
    case HENG_CEL_NODE_LIST:
    case HENG_CEL_NODE_MAP:
    case HENG_CEL_NODE_STRUCT:
    case HENG_CEL_NODE_LITERAL:
    case HENG_CEL_NODE_IDENT:
        break;
    }
    uint32_t count = heng_cel_ast_child_count(node);
    for (uint32_t i = 0; i < count; i++) {
        fold(folder, heng_cel_ast_child(node, i), i == 0 ? first : rest);
    }
    if (node->kind == HENG_CEL_NODE_CALL && folder->status == HENG_OK) {
        fold_call(folder, node, certain);
    }
}

heng_status heng_cel_fold_constants(heng_cel_ast *ast, heng_arena *arena,
                                    heng_cel_report *report) {
    uint32_t errors = report->errors;
    fold_state folder = {arena, report, HENG_OK};
    fold(&folder, ast->root, true);
    if (folder.status != HENG_OK)
        return folder.status;
    return report->errors > errors ? HENG_ERR_INVALID : HENG_OK;
}
