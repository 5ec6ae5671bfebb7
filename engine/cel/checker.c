/* SPDX-License-Identifier: Apache-2.0 */
/*
 * checker.c: what each kind of node needs, and what type it has.
 *
 * A node that is wrong has the type ERROR, which fits everywhere, so that one mistake
 * is reported once. Types are kept with their variables until the end, when they are
 * closed.
 */
#include "cel/checker.h"

#include "base/limits.h"
#include "cel/ast_build.h"
#include "cel/checker_parts.h"

static const heng_cel_type *simple(heng_cel_kind kind) {
    return heng_cel_type_simple(kind);
}

/* A type made in the arena, or dyn after noting that memory ran out. */
static const heng_cel_type *made(heng_checker *checker, const heng_cel_type *type) {
    if (type != NULL)
        return type;
    checker->status = HENG_ERR_NOMEM;
    return simple(HENG_CEL_DYN);
}

static bool fits(heng_checker *checker, const heng_cel_type *from,
                 const heng_cel_type *to) {
    /* types too deep to tell are reported once, at the end */
    return heng_unify_assignable(&checker->unify, &from, &to, 1) ||
           checker->unify.too_deep;
}

static const heng_cel_type *known(heng_checker *checker, const heng_cel_node *node) {
    return heng_unify_resolve(&checker->unify, node->type, false);
}

static bool is_unknown(const heng_cel_type *type) {
    return type->kind == HENG_CEL_DYN || type->kind == HENG_CEL_ERROR ||
           type->kind == HENG_CEL_PARAM;
}

static void need_bool(heng_checker *checker, const heng_cel_node *node,
                      const char *needed) {
    if (!checker->unchecked && !fits(checker, node->type, simple(HENG_CEL_BOOL))) {
        heng_checker_errors_bool(checker, node, needed);
    }
}

/* ---- names and fields ---- */

static void ident_node(heng_checker *checker, heng_cel_node *node) {
    if (heng_checker_name(checker, node) || checker->unchecked)
        return;
    heng_checker_errors_name(checker, node);
}

static const heng_cel_type *object_field(heng_checker *checker, heng_cel_node *node,
                                         const heng_cel_object_type *object) {
    for (size_t i = 0; i < object->field_count; i++) {
        if (heng_str_equal(object->fields[i].name, node->name)) {
            node->ref = HENG_CEL_REF_FIELD;
            node->slot = (uint32_t)i;
            return object->fields[i].type;
        }
    }
    heng_checker_errors_field(checker, node, object);
    return simple(HENG_CEL_ERROR);
}

static const heng_cel_type *field_type(heng_checker *checker, heng_cel_node *node,
                                       const heng_cel_type *target) {
    if (target->kind == HENG_CEL_MAP)
        return target->params[1] != NULL ? target->params[1] : simple(HENG_CEL_DYN);
    if (target->kind == HENG_CEL_OBJECT)
        return object_field(checker, node, target->object);
    if (is_unknown(target)) {
        /* what it is must not be decided later, against this use */
        (void)fits(checker, simple(HENG_CEL_DYN), target);
        return simple(HENG_CEL_DYN);
    }
    heng_checker_errors_no_fields(checker, node, target);
    return simple(HENG_CEL_ERROR);
}

static void select_node(heng_checker *checker, heng_cel_node *node) {
    if (heng_checker_name(checker, node))
        return;
    heng_checker_node(checker, node->operand);
    if (checker->unchecked)
        return;

    const heng_cel_type *target = known(checker, node->operand);
    bool optional = target->kind == HENG_CEL_OPTIONAL;
    if (optional) {
        target = target->params[0];
    }
    const heng_cel_type *type = field_type(checker, node, target);
    if (optional && node->ref == HENG_CEL_REF_FIELD) {
        node->ref = HENG_CEL_REF_NONE; /* a slot of what it may hold, not of itself */
    }
    if (node->test) {
        type = simple(HENG_CEL_BOOL);
    } else if (optional || node->optional) {
        type = made(checker, heng_cel_type_optional(checker->arena, type));
    }
    node->type = heng_unify_resolve(&checker->unify, type, false);
}

/* ---- logic ---- */

static void logic_node(heng_checker *checker, heng_cel_node *node) {
    for (uint32_t i = 0; i < node->arg_count; i++) {
        heng_checker_node(checker, node->args[i]);
        need_bool(checker, node->args[i],
                  node->kind == HENG_CEL_NODE_AND ? "each side of `&&`"
                                                  : "each side of `||`");
    }
    node->type = simple(HENG_CEL_BOOL);
}

static void condition_node(heng_checker *checker, heng_cel_node *node) {
    for (uint32_t i = 0; i < node->arg_count; i++) {
        heng_checker_node(checker, node->args[i]);
    }
    if (checker->unchecked)
        return;
    need_bool(checker, node->args[0], "what stands before `?`");
    const heng_cel_type *joined = heng_unify_fresh(&checker->unify);
    const heng_cel_type *const branches[] = {node->args[1]->type, node->args[2]->type};
    const heng_cel_type *const both[] = {joined, joined};
    if (!heng_unify_assignable(&checker->unify, branches, both, 2) &&
        !checker->unify.too_deep) {
        heng_checker_errors_branches(checker, node);
        joined = simple(HENG_CEL_ERROR);
    }
    node->type = heng_unify_resolve(&checker->unify, joined, false);
}

/* ---- literals ---- */

/* The type of item `index`, unwrapped if it was marked with `?`. */
static const heng_cel_type *item_type(heng_checker *checker, const heng_cel_node *node,
                                      uint32_t index, const heng_cel_node *item) {
    if (node->optional_items == NULL || !node->optional_items[index])
        return item->type;
    const heng_cel_type *type = known(checker, item);
    if (type->kind == HENG_CEL_OPTIONAL)
        return type->params[0];
    if (!is_unknown(type)) {
        heng_checker_errors_optional(checker, item);
    }
    return simple(HENG_CEL_DYN);
}

/* Items of different types make a list of dyn. */
static const heng_cel_type *join_items(heng_checker *checker,
                                       const heng_cel_type *sofar,
                                       const heng_cel_type *type) {
    if (sofar == NULL)
        return type;
    const heng_cel_type *joined = heng_unify_join(&checker->unify, sofar, type);
    return joined != NULL ? joined : simple(HENG_CEL_DYN);
}

static const heng_cel_type *or_fresh(heng_checker *checker, const heng_cel_type *type) {
    return type != NULL ? type : heng_unify_fresh(&checker->unify);
}

static void list_node(heng_checker *checker, heng_cel_node *node) {
    const heng_cel_type *items = NULL;
    for (uint32_t i = 0; i < node->arg_count; i++) {
        heng_checker_node(checker, node->args[i]);
        if (!checker->unchecked) {
            items =
                join_items(checker, items, item_type(checker, node, i, node->args[i]));
        }
    }
    if (!checker->unchecked) {
        node->type =
            made(checker, heng_cel_type_list(checker->arena, or_fresh(checker, items)));
    }
}

static void check_key(heng_checker *checker, const heng_cel_node *key) {
    heng_cel_kind kind = known(checker, key)->kind;
    if (kind != HENG_CEL_BOOL && kind != HENG_CEL_INT && kind != HENG_CEL_UINT &&
        kind != HENG_CEL_STRING && !is_unknown(known(checker, key))) {
        heng_checker_errors_key(checker, key);
    }
}

/* INVARIANT: types of keys have no parameters, so a type is as long as it is deep. */
static const heng_cel_type *key_type(heng_checker *checker, const heng_cel_type *type) {
    const heng_cel_type *resolved = heng_unify_resolve(&checker->unify, type, false);
    return resolved->params[0] != NULL || resolved->kind == HENG_CEL_ERROR
               ? simple(HENG_CEL_DYN)
               : resolved;
}

static void map_node(heng_checker *checker, heng_cel_node *node) {
    const heng_cel_type *keys = NULL;
    const heng_cel_type *values = NULL;
    for (uint32_t i = 0; i < node->arg_count; i++) {
        heng_checker_node(checker, node->args[i]);
        if (checker->unchecked)
            continue;
        if (i % 2 == 0) {
            check_key(checker, node->args[i]);
            keys = join_items(checker, keys, key_type(checker, node->args[i]->type));
        } else {
            values = join_items(checker, values,
                                item_type(checker, node, i / 2, node->args[i]));
        }
    }
    if (!checker->unchecked) {
        node->type =
            made(checker, heng_cel_type_map(checker->arena, or_fresh(checker, keys),
                                            or_fresh(checker, values)));
    }
}

static void struct_node(heng_checker *checker, heng_cel_node *node) {
    for (uint32_t i = 0; i < node->arg_count; i++) {
        heng_checker_node(checker, node->args[i]);
    }
    node->type = simple(HENG_CEL_ERROR);
    if (!checker->unchecked) {
        heng_checker_errors_message(checker, node);
    }
}

/* ---- macros ---- */

/* Types of what a comprehension goes through. */
typedef struct range_types {
    const heng_cel_type *first, *second; /* index and item, or key and value */
} range_types;

static range_types range_of(heng_checker *checker, heng_cel_node *node) {
    range_types types = {simple(HENG_CEL_DYN), simple(HENG_CEL_DYN)};
    if (checker->unchecked)
        return types;
    const heng_cel_type *range = known(checker, node->range);
    if (range->kind == HENG_CEL_LIST && range->params[0] != NULL) {
        types.first = simple(HENG_CEL_INT);
        types.second = range->params[0];
    } else if (range->kind == HENG_CEL_MAP && range->params[0] != NULL) {
        types.first = range->params[0];
        types.second = range->params[1];
    } else if (is_unknown(range)) {
        (void)fits(checker, simple(HENG_CEL_DYN), range);
    } else if (range->kind != HENG_CEL_LIST && range->kind != HENG_CEL_MAP) {
        heng_checker_errors_range(checker, node);
        types = (range_types){simple(HENG_CEL_ERROR), simple(HENG_CEL_ERROR)};
    }
    return types;
}

static const heng_cel_type *gathered_type(heng_checker *checker, heng_cel_node *node,
                                          range_types types,
                                          const heng_cel_type *item) {
    switch (node->fold) {
    case HENG_CEL_FOLD_ALL:
    case HENG_CEL_FOLD_EXISTS:
    case HENG_CEL_FOLD_EXISTS_ONE:
        return simple(HENG_CEL_BOOL);
    case HENG_CEL_FOLD_FILTER:
        return made(checker, heng_cel_type_list(checker->arena, item));
    case HENG_CEL_FOLD_MAP:
    case HENG_CEL_FOLD_TRANSFORM_LIST:
        return made(checker, heng_cel_type_list(checker->arena, node->transform->type));
    case HENG_CEL_FOLD_TRANSFORM_MAP:
        return made(checker,
                    heng_cel_type_map(checker->arena, key_type(checker, types.first),
                                      node->transform->type));
    case HENG_CEL_FOLD_TRANSFORM_MAP_ENTRY:
        break;
    }
    const heng_cel_type *entries = known(checker, node->transform);
    if (entries->kind == HENG_CEL_MAP)
        return entries;
    if (!is_unknown(entries)) {
        heng_checker_errors_entries(checker, node->transform);
    }
    return made(checker, heng_cel_type_map(checker->arena, simple(HENG_CEL_DYN),
                                           simple(HENG_CEL_DYN)));
}

static void comprehension_node(heng_checker *checker, heng_cel_node *node) {
    const heng_checker_local *outer = checker->locals;
    heng_checker_node(checker, node->range);

    range_types types = range_of(checker, node);
    bool two = node->variables[1].len > 0;
    bool list =
        !checker->unchecked && known(checker, node->range)->kind == HENG_CEL_LIST;
    const heng_cel_type *item = list ? types.second : types.first;
    heng_checker_local first = {node->variables[0], two ? types.first : item,
                                checker->local_count++, outer};
    heng_checker_local second = {node->variables[1], types.second, 0, &first};
    node->variable_slots[0] = first.slot;
    checker->locals = &first;
    if (two) {
        second.slot = checker->local_count++;
        node->variable_slots[1] = second.slot;
        checker->locals = &second;
    }
    if (node->condition != NULL) {
        heng_checker_node(checker, node->condition);
        need_bool(checker, node->condition, "the condition of a macro");
    }
    if (node->transform != NULL) {
        heng_checker_node(checker, node->transform);
    }
    checker->locals = outer;
    if (!checker->unchecked) {
        node->type = heng_unify_resolve(
            &checker->unify, gathered_type(checker, node, types, item), false);
    }
}

static void bind_node(heng_checker *checker, heng_cel_node *node) {
    const heng_checker_local *outer = checker->locals;
    heng_checker_node(checker, node->args[0]);
    heng_checker_local local = {node->name, node->args[0]->type, checker->local_count++,
                                outer};
    node->variable_slots[0] = local.slot;
    checker->locals = &local;
    heng_checker_node(checker, node->args[1]);
    checker->locals = outer;
    node->type = node->args[1]->type;
}

/* ---- the tree ---- */

void heng_checker_node(heng_checker *checker, heng_cel_node *node) {
    node->type = simple(HENG_CEL_ERROR); /* until something better is known */
    if (checker->status != HENG_OK || checker->unify.too_deep)
        return;
    switch (node->kind) {
    case HENG_CEL_NODE_LITERAL:
        node->type = simple((heng_cel_kind)node->value.kind);
        break;
    case HENG_CEL_NODE_IDENT:
        ident_node(checker, node);
        break;
    case HENG_CEL_NODE_SELECT:
        select_node(checker, node);
        break;
    case HENG_CEL_NODE_CALL:
        heng_checker_call(checker, node);
        break;
    case HENG_CEL_NODE_AND:
    case HENG_CEL_NODE_OR:
        logic_node(checker, node);
        break;
    case HENG_CEL_NODE_CONDITION:
        condition_node(checker, node);
        break;
    case HENG_CEL_NODE_LIST:
        list_node(checker, node);
        break;
    case HENG_CEL_NODE_MAP:
        map_node(checker, node);
        break;
    case HENG_CEL_NODE_STRUCT:
        struct_node(checker, node);
        break;
    case HENG_CEL_NODE_COMPREHENSION:
        comprehension_node(checker, node);
        break;
    case HENG_CEL_NODE_BIND:
        bind_node(checker, node);
        break;
    }
}

/* Gives each node the type it turned out to have; none where nothing was checked. */
static void close_types(heng_checker *checker, heng_cel_node *node) {
    if (node->type == NULL) { /* never looked at: something around it was wrong */
        node->type = simple(HENG_CEL_ERROR);
    }
    node->type = checker->unchecked
                     ? NULL
                     : heng_unify_resolve(&checker->unify, node->type, true);
    uint32_t count = heng_cel_ast_child_count(node);
    for (uint32_t i = 0; i < count; i++) {
        close_types(checker, heng_cel_ast_child(node, i));
    }
}

heng_status heng_cel_checker_check(const heng_cel_env *env, const heng_cel_type *want,
                                   bool unchecked, heng_arena *arena,
                                   heng_cel_report *report, heng_cel_ast *ast) {
    uint32_t errors = report->errors;
    heng_checker checker = {.env = env,
                            .arena = arena,
                            .report = report,
                            .unify = {.arena = arena},
                            .unchecked = unchecked};
    heng_checker_node(&checker, ast->root);
    bool wrong = report->errors > errors;
    if (!unchecked && !wrong && want != NULL &&
        !fits(&checker, ast->root->type, want)) {
        heng_checker_errors_want(&checker, ast->root, want);
    }
    if (checker.status == HENG_OK && checker.unify.status == HENG_OK) {
        close_types(&checker, ast->root); /* else some nodes never got a type */
    }
    if (checker.unify.too_deep && checker.unify.status == HENG_OK) {
        heng_checker_errors_depth(&checker, ast->root);
    }

    heng_status status = checker.status;
    if (checker.unify.status != HENG_OK) {
        status = checker.unify.status;
    }
    heng_unify_done(&checker.unify);
    if (status != HENG_OK)
        return status;
    if (report->errors > errors)
        return HENG_ERR_INVALID;
    heng_ast_build_number(ast);
    ast->local_count = checker.local_count;
    ast->checked = !unchecked;
    return HENG_OK;
}
