/* SPDX-License-Identifier: Apache-2.0 */
/*
 * macro.c: the macros of the language and of its extensions.
 *
 * A macro over a list or map becomes one COMPREHENSION node, told apart by its fold.
 * What cannot be said so is made of other nodes: `o.optMap(v, body)` is
 *
 *     cel.bind(@optional, o, @optional.hasValue()
 *         ? optional.of(cel.bind(v, @optional.value(), body)) : optional.none())
 *
 * where `@optional` is a name that nobody can write. So `o` is evaluated once, however
 * many such macros follow each other.
 */
#include "cel/macro.h"

typedef struct macro_call {
    heng_cel_build *build;
    const struct macro_row *macro;
    heng_cel_node *operand;
    heng_cel_node *const *args;
    size_t count;
    heng_cel_extent extent;
} macro_call;

typedef struct macro_row {
    const char *name;
    const char *scope; /* `cel` of cel.bind; NULL: any receiver, or none */
    size_t count;      /* of arguments */
    bool receiver;
    size_t variables;
    heng_cel_fold fold;
    heng_cel_node *(*expand)(const macro_call *call);
    const char *usage;
} macro_row;

#define OPTIONAL_NAME HENG_STR("@optional")

/* ---- variables ---- */

/* Whether the arguments that must be plain names are, and differ. */
static bool check_variables(const macro_call *call) {
    for (size_t i = 0; i < call->macro->variables; i++) {
        const heng_cel_node *arg = call->args[i];
        if (arg->kind != HENG_CEL_NODE_IDENT || arg->absolute) {
            heng_cel_report_error(call->build->report, HENG_CEL_E_MACRO, arg->start,
                                  arg->len, "`%s` needs a plain name here",
                                  call->macro->name);
            heng_cel_report_help(call->build->report, "write `%s`", call->macro->usage);
            return false;
        }
        if (i > 0 && heng_str_equal(arg->name, call->args[0]->name)) {
            heng_cel_report_error(call->build->report, HENG_CEL_E_MACRO, arg->start,
                                  arg->len,
                                  "`%s` needs two different names, not `%.*s` "
                                  "twice",
                                  call->macro->name, HENG_STR_ARG(arg->name));
            return false;
        }
    }
    return true;
}

/* ---- expansions ---- */

static heng_cel_node *placeholder(const macro_call *call) {
    return heng_ast_build_literal(call->build, heng_cel_value_null(), call->extent);
}

static heng_cel_node *expand_loop(const macro_call *call) {
    if (!check_variables(call))
        return placeholder(call);
    heng_cel_node *node =
        heng_ast_build_node(call->build, HENG_CEL_NODE_COMPREHENSION, call->extent);
    if (node == &call->build->dummy)
        return node;
    node->fold = call->macro->fold;
    node->macro = call->macro->name;
    node->range = call->operand;
    for (size_t i = 0; i < call->macro->variables; i++) {
        node->variables[i] = call->args[i]->name;
    }

    bool gathers = node->fold == HENG_CEL_FOLD_MAP ||
                   node->fold == HENG_CEL_FOLD_TRANSFORM_LIST ||
                   node->fold == HENG_CEL_FOLD_TRANSFORM_MAP ||
                   node->fold == HENG_CEL_FOLD_TRANSFORM_MAP_ENTRY;
    bool filtered = call->count - call->macro->variables == 2;
    heng_cel_node *last = call->args[call->count - 1];
    if (gathers) {
        node->condition = filtered ? call->args[call->count - 2] : NULL;
        node->transform = last;
    } else {
        node->condition = last;
    }
    heng_ast_build_settle(call->build, node);
    return node;
}

static heng_cel_node *expand_has(const macro_call *call) {
    heng_cel_node *field = call->args[0];
    if (field->kind != HENG_CEL_NODE_SELECT || field->test || field->optional) {
        heng_cel_report_error(call->build->report, HENG_CEL_E_MACRO, field->start,
                              field->len, "`has` needs a field of something");
        heng_cel_report_help(call->build->report, "write `%s`", call->macro->usage);
        return placeholder(call);
    }
    heng_cel_node *node =
        heng_ast_build_select(call->build, field->operand, field->name, call->extent);
    node->at = field->at;
    node->test = true;
    node->macro = call->macro->name;
    return node;
}

static heng_cel_node *bind(const macro_call *call, heng_str name, heng_cel_node *value,
                           heng_cel_node *body) {
    heng_cel_node *const args[] = {value, body};
    heng_cel_node *node = heng_ast_build_parent(call->build, HENG_CEL_NODE_BIND, name,
                                                NULL, args, 2, call->extent);
    node->variables[0] = name;
    return node;
}

static heng_cel_node *expand_bind(const macro_call *call) {
    if (!check_variables(call))
        return placeholder(call);
    heng_cel_node *node = bind(call, call->args[0]->name, call->args[1], call->args[2]);
    node->macro = call->macro->name;
    return node;
}

/* A call of a method of the bound optional. */
static heng_cel_node *ask(const macro_call *call, heng_str method) {
    heng_cel_node *name =
        heng_ast_build_ident(call->build, OPTIONAL_NAME, call->extent);
    return heng_ast_build_parent(call->build, HENG_CEL_NODE_CALL, method, name, NULL, 0,
                                 call->extent);
}

static heng_cel_node *optional_call(const macro_call *call, heng_str name,
                                    heng_cel_node *const *args, size_t count) {
    return heng_ast_build_parent(call->build, HENG_CEL_NODE_CALL, name, NULL, args,
                                 count, call->extent);
}

static heng_cel_node *expand_optional(const macro_call *call, bool flat) {
    if (!check_variables(call))
        return placeholder(call);
    heng_cel_node *body =
        bind(call, call->args[0]->name, ask(call, HENG_STR("value")), call->args[1]);
    if (!flat) {
        body = optional_call(call, HENG_STR("optional.of"), &body, 1);
    }
    heng_cel_node *const branches[] = {
        ask(call, HENG_STR("hasValue")), body,
        optional_call(call, HENG_STR("optional.none"), NULL, 0)};
    heng_cel_node *condition =
        heng_ast_build_parent(call->build, HENG_CEL_NODE_CONDITION, (heng_str){NULL, 0},
                              NULL, branches, 3, call->extent);
    heng_cel_node *node = bind(call, OPTIONAL_NAME, call->operand, condition);
    node->macro = call->macro->name;
    return node;
}

static heng_cel_node *expand_opt_map(const macro_call *call) {
    return expand_optional(call, false);
}

static heng_cel_node *expand_opt_flat_map(const macro_call *call) {
    return expand_optional(call, true);
}

/* ---- the table ---- */

#define LOOP(name, count, variables, fold, usage)                                      \
    { name, NULL, count, true, variables, HENG_CEL_FOLD_##fold, expand_loop, usage }

static const macro_row MACROS[] = {
    {"has", NULL, 1, false, 0, HENG_CEL_FOLD_ALL, expand_has, "has(record.field)"},
    LOOP("all", 2, 1, ALL, "list.all(x, condition)"),
    LOOP("all", 3, 2, ALL, "list.all(index, x, condition)"),
    LOOP("exists", 2, 1, EXISTS, "list.exists(x, condition)"),
    LOOP("exists", 3, 2, EXISTS, "list.exists(index, x, condition)"),
    LOOP("exists_one", 2, 1, EXISTS_ONE, "list.exists_one(x, condition)"),
    LOOP("exists_one", 3, 2, EXISTS_ONE, "list.exists_one(index, x, condition)"),
    LOOP("existsOne", 2, 1, EXISTS_ONE, "list.existsOne(x, condition)"),
    LOOP("existsOne", 3, 2, EXISTS_ONE, "list.existsOne(index, x, condition)"),
    LOOP("filter", 2, 1, FILTER, "list.filter(x, condition)"),
    LOOP("map", 2, 1, MAP, "list.map(x, value)"),
    LOOP("map", 3, 1, MAP, "list.map(x, condition, value)"),
    LOOP("transformList", 3, 2, TRANSFORM_LIST, "list.transformList(index, x, value)"),
    LOOP("transformList", 4, 2, TRANSFORM_LIST,
         "list.transformList(index, x, condition, value)"),
    LOOP("transformMap", 3, 2, TRANSFORM_MAP, "map.transformMap(key, x, value)"),
    LOOP("transformMap", 4, 2, TRANSFORM_MAP,
         "map.transformMap(key, x, condition, value)"),
    LOOP("transformMapEntry", 3, 2, TRANSFORM_MAP_ENTRY,
         "map.transformMapEntry(key, x, {key: value})"),
    LOOP("transformMapEntry", 4, 2, TRANSFORM_MAP_ENTRY,
         "map.transformMapEntry(key, x, condition, {key: value})"),
    {"bind", "cel", 3, true, 1, HENG_CEL_FOLD_ALL, expand_bind,
     "cel.bind(name, value, expression)"},
    {"optMap", NULL, 2, true, 1, HENG_CEL_FOLD_ALL, expand_opt_map,
     "optional.optMap(x, value)"},
    {"optFlatMap", NULL, 2, true, 1, HENG_CEL_FOLD_ALL, expand_opt_flat_map,
     "optional.optFlatMap(x, optional)"},
};

static bool in_scope(const macro_row *macro, const heng_cel_node *operand) {
    return macro->scope == NULL ||
           (operand->kind == HENG_CEL_NODE_IDENT && !operand->absolute &&
            heng_str_equal(operand->name, heng_str_of(macro->scope)));
}

heng_cel_node *heng_cel_macro_expand(heng_cel_build *build, heng_str name,
                                     heng_cel_node *operand, heng_cel_node *const *args,
                                     size_t count, heng_cel_extent extent) {
    for (size_t i = 0; i < sizeof MACROS / sizeof MACROS[0]; i++) {
        const macro_row *macro = &MACROS[i];
        if (macro->count == count && macro->receiver == (operand != NULL) &&
            heng_str_equal(name, heng_str_of(macro->name)) &&
            in_scope(macro, operand)) {
            macro_call call = {build, macro, operand, args, count, extent};
            return macro->expand(&call);
        }
    }
    return NULL;
}

const char *heng_cel_macro_usage(heng_str name) {
    for (size_t i = 0; i < sizeof MACROS / sizeof MACROS[0]; i++) {
        if (heng_str_equal(name, heng_str_of(MACROS[i].name)))
            return MACROS[i].usage;
    }
    return NULL;
}
