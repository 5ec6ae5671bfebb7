/* SPDX-License-Identifier: Apache-2.0 */
/*
 * checker_call.c: which overload a call means.
 *
 * The first row that fits wins if all types are known. Where something is dyn all rows
 * that fit are possible: if there are several, the machine decides by the values, and
 * the type of the result is dyn unless all agree.
 */
#include "cel/checker_parts.h"
#include "cel/macro.h"

typedef struct resolution {
    const heng_signature_row *row;
    const heng_cel_type *result;
    bool several;
} resolution;

/* Whether something in the type is known only at run time. */
static bool has_dyn(const heng_cel_type *type) {
    for (; type != NULL;
         type = type->params[1] != NULL ? type->params[1] : type->params[0]) {
        if (type->kind == HENG_CEL_DYN || type->kind == HENG_CEL_ERROR ||
            (type->params[1] != NULL && type->params[0]->kind == HENG_CEL_DYN))
            return true;
    }
    return false;
}

/* Whether the row is of heng's own types. Where something is dyn these do not make a
 * type wider that other CEL checkers know: `dyn(1) + 1` is an int. */
static bool is_own(const heng_signature_row *row) {
    for (uint32_t i = 0; i < row->count; i++) {
        heng_cel_kind kind = row->params[i]->kind;
        if (kind == HENG_CEL_DATE || kind == HENG_CEL_PERIOD ||
            kind == HENG_CEL_DECIMAL)
            return true;
    }
    return false;
}

/* Tries one row; adds it to what was found if it fits. */
static void try_row(heng_checker *checker, const heng_signature_row *row,
                    const heng_cel_type *const *types, const heng_cel_type **params,
                    size_t count, resolution *found) {
    const heng_cel_type *fresh[26] = {NULL};
    for (size_t i = 0; i < count; i++) {
        params[i] = heng_unify_instantiate(&checker->unify,
                                           heng_signature_param(row, i), fresh);
    }
    const heng_cel_type *result =
        heng_unify_instantiate(&checker->unify, row->result, fresh);
    if (!heng_unify_assignable(&checker->unify, types, params, count))
        return;
    result = heng_unify_resolve(&checker->unify, result, false);
    if (found->row == NULL) {
        found->row = row;
        found->result = result;
    } else {
        found->several = true;
        if (!is_own(row) && !heng_unify_same(result, found->result)) {
            found->result = heng_cel_type_simple(HENG_CEL_DYN);
        }
    }
}

static resolution resolve(heng_checker *checker, const heng_signature_row *rows,
                          bool receiver, const heng_cel_type *const *types,
                          size_t count) {
    resolution found = {NULL, NULL, false};
    bool dyn = false;
    for (size_t i = 0; i < count; i++) {
        dyn = dyn || has_dyn(heng_unify_resolve(&checker->unify, types[i], false));
    }
    const heng_cel_type **params =
        heng_arena_calloc(checker->arena, count + 1, sizeof *params);
    if (params == NULL) {
        checker->status = HENG_ERR_NOMEM;
        return found;
    }
    for (const heng_signature_row *row = rows; row != NULL; row = row->next) {
        if (heng_signature_fits(row, receiver, count)) {
            try_row(checker, row, types, params, count, &found);
        }
        if (found.row != NULL && !dyn)
            break;
    }
    return found;
}

/* The call with all its arguments checked, of the functions `rows`. */
static void resolve_call(heng_checker *checker, heng_cel_node *node,
                         const heng_signature_row *rows) {
    bool receiver = node->operand != NULL;
    size_t count = node->arg_count + (receiver ? 1u : 0u);
    const heng_cel_type **types =
        heng_arena_calloc(checker->arena, count + 1, sizeof *types);
    if (types == NULL) {
        checker->status = HENG_ERR_NOMEM;
        return;
    }
    bool wrong = false; /* an argument was reported already */
    for (size_t i = 0; i < count; i++) {
        const heng_cel_node *arg =
            receiver ? (i == 0 ? node->operand : node->args[i - 1]) : node->args[i];
        types[i] = arg->type;
        wrong = wrong || arg->type->kind == HENG_CEL_ERROR;
    }
    resolution found = resolve(checker, rows, receiver, types, count);
    if (found.row != NULL) {
        node->type = wrong && found.several ? heng_cel_type_simple(HENG_CEL_ERROR)
                                            : found.result;
        node->overload = found.several ? NULL : found.row->overload;
    } else if (!wrong && checker->status == HENG_OK && !checker->unify.too_deep) {
        heng_checker_errors_overload(checker, node, rows, types, count);
    }
}

/* The functions that the call may be of, with its receiver checked or, if that is a
 * namespace, taken away. NULL where there are none, which is reported. */
static const heng_signature_row *find_rows(heng_checker *checker, heng_cel_node *node) {
    const heng_signature_row *rows = NULL;
    if (node->operand == NULL) {
        rows = heng_checker_function(checker, NULL, node->name, node->absolute);
        if (rows != NULL) { /* found in the container, perhaps */
            node->name = heng_str_of(rows->overload->name);
        }
    } else {
        rows = heng_checker_function(checker, node->operand, node->name, false);
        if (rows != NULL) { /* `math.abs`: the receiver is a namespace */
            node->operand = NULL;
            node->name = heng_str_of(rows->overload->name);
            return rows;
        }
        rows = heng_signature_find(heng_cel_env_functions(checker->env), node->name);
        bool scope = rows == NULL && !checker->unchecked &&
                     node->operand->kind == HENG_CEL_NODE_IDENT &&
                     !heng_checker_name(checker, node->operand);
        if (!scope) {
            heng_checker_node(checker, node->operand);
        }
    }
    if (rows == NULL && !checker->unchecked && checker->status == HENG_OK) {
        heng_checker_errors_function(checker, node);
    }
    return rows;
}

void heng_checker_call(heng_checker *checker, heng_cel_node *node) {
    const heng_signature_row *rows = find_rows(checker, node);
    bool macro = rows == NULL && heng_checker_errors_is_macro(node->name);
    for (uint32_t i = 0; i < node->arg_count; i++) {
        if (!macro || checker->unchecked) { /* else its variables would be unknown */
            heng_checker_node(checker, node->args[i]);
        }
    }
    node->type = heng_cel_type_simple(HENG_CEL_ERROR);
    if (rows != NULL && !checker->unchecked && checker->status == HENG_OK) {
        resolve_call(checker, node, rows);
    }
}
