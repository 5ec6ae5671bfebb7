/* SPDX-License-Identifier: Apache-2.0 */
/*
 * constrain.c: which strings a field must have for an expression not to be false.
 *
 * Outside the strings the whole must be *false*, neither true nor a failure: `&&` is
 * false as soon as one side is, whatever the others do; `||` only where all sides are.
 */
#include "cel/program.h"

#include "base/limits.h"

typedef struct constraint {
    bool bounded; /* else: any string */
    const heng_str *strings;
    size_t count;
} constraint;

typedef struct constrainer {
    heng_arena *arena;
    uint32_t variable;
    heng_str field;
    bool failed; /* out of memory: nothing is known */
} constrainer;

static const constraint ANY = {false, NULL, 0};
static const constraint NONE = {true, NULL, 0};

static constraint constrain(constrainer *state, const heng_cel_node *node);

/* Whether the node is the field, which is a string and always there. */
static bool is_field(const constrainer *state, const heng_cel_node *node) {
    if (node->kind != HENG_CEL_NODE_SELECT || node->ref != HENG_CEL_REF_FIELD ||
        node->test || node->optional || !heng_str_equal(node->name, state->field))
        return false;
    const heng_cel_node *of = node->operand;
    return of->kind == HENG_CEL_NODE_IDENT && of->ref == HENG_CEL_REF_VARIABLE &&
           of->slot == state->variable && of->type != NULL &&
           of->type->kind == HENG_CEL_OBJECT &&
           !of->type->object->fields[node->slot].may_be_absent &&
           of->type->object->fields[node->slot].type->kind == HENG_CEL_STRING;
}

static bool is_string(const heng_cel_node *node) {
    return node->kind == HENG_CEL_NODE_LITERAL && node->value.kind == HENG_CEL_STRING;
}

static bool is_bool(const heng_cel_node *node, bool value) {
    return node->kind == HENG_CEL_NODE_LITERAL && node->value.kind == HENG_CEL_BOOL &&
           node->value.as.boolean == value;
}

static heng_str *room_for(constrainer *state, size_t count) {
    heng_str *strings = heng_arena_calloc(state->arena, count + 1, sizeof *strings);
    state->failed = state->failed || strings == NULL;
    return strings;
}

static bool has(const constraint *set, heng_str string) {
    for (size_t i = 0; i < set->count; i++) {
        if (heng_str_equal(set->strings[i], string))
            return true;
    }
    return false;
}

/* ---- leaves ---- */

static constraint one_string(constrainer *state, const heng_cel_node *node) {
    heng_str *strings = room_for(state, 1);
    if (strings == NULL)
        return ANY;
    strings[0] = heng_cel_value_str(node->value);
    return (constraint){true, strings, 1};
}

/* `field == "x"` or `"x" == field`. */
static constraint equality(constrainer *state, const heng_cel_node *node) {
    for (int side = 0; side < 2; side++) {
        const heng_cel_node *one = node->args[side];
        const heng_cel_node *other = node->args[1 - side];
        if (is_field(state, one) && is_string(other))
            return one_string(state, other);
        if (is_bool(other, true) && one->type != NULL &&
            one->type->kind == HENG_CEL_BOOL)
            return constrain(state, one);
    }
    return ANY;
}

/* `field in ["x", "y"]`. */
static constraint membership(constrainer *state, const heng_cel_node *node) {
    const heng_cel_node *list = node->args[1];
    if (!is_field(state, node->args[0]) || list->kind != HENG_CEL_NODE_LIST ||
        list->optional_items != NULL)
        return ANY;
    heng_str *strings = room_for(state, list->arg_count);
    constraint set = {true, strings, 0};
    if (strings == NULL)
        return ANY;
    for (uint32_t i = 0; i < list->arg_count; i++) {
        if (!is_string(list->args[i]))
            return ANY;
        heng_str string = heng_cel_value_str(list->args[i]->value);
        if (list->arg_count > HENG_LIMIT_CEL_CONSTRAIN_UNIQUE || !has(&set, string)) {
            strings[set.count++] = string;
        }
    }
    return set;
}

/* `!(field != "x")`. */
static constraint negation(constrainer *state, const heng_cel_node *node) {
    const heng_cel_node *inner = node->args[0];
    if (heng_cel_ast_is_call(inner, "_!=_", 2)) {
        for (int side = 0; side < 2; side++) {
            if (is_field(state, inner->args[side]) && is_string(inner->args[1 - side]))
                return one_string(state, inner->args[1 - side]);
        }
    }
    return is_bool(inner, true) ? NONE : ANY;
}

/* ---- logic ---- */

static constraint intersect(constrainer *state, constraint a, constraint b) {
    heng_str *strings = room_for(state, a.count);
    constraint both = {true, strings, 0};
    if (strings == NULL)
        return ANY;
    for (size_t i = 0; i < a.count; i++) {
        if (has(&b, a.strings[i])) {
            strings[both.count++] = a.strings[i];
        }
    }
    return both;
}

static constraint unite(constrainer *state, constraint a, constraint b) {
    heng_str *strings = room_for(state, a.count + b.count);
    constraint either = {true, strings, 0};
    if (strings == NULL)
        return ANY;
    for (size_t i = 0; i < a.count; i++) {
        strings[either.count++] = a.strings[i];
    }
    for (size_t i = 0; i < b.count; i++) {
        if (!has(&a, b.strings[i])) {
            strings[either.count++] = b.strings[i];
        }
    }
    return either;
}

static bool is_work(const constraint *a, const constraint *b) {
    return a->count * b->count > HENG_LIMIT_CEL_CONSTRAIN_WORK;
}

static constraint every(constrainer *state, const heng_cel_node *node) {
    constraint all = ANY;
    for (uint32_t i = 0; i < node->arg_count; i++) {
        constraint part = constrain(state, node->args[i]);
        if (!part.bounded)
            continue;
        if (!all.bounded) {
            all = part;
        } else if (is_work(&all, &part)) { /* either alone bounds the whole */
            all = part.count < all.count ? part : all;
        } else {
            all = intersect(state, all, part);
        }
    }
    return all;
}

static constraint some(constrainer *state, const heng_cel_node *node) {
    constraint all = NONE;
    for (uint32_t i = 0; i < node->arg_count; i++) {
        constraint part = constrain(state, node->args[i]);
        if (!part.bounded || is_work(&all, &part))
            return ANY;
        all = unite(state, all, part);
    }
    return all;
}

static constraint constrain(constrainer *state, const heng_cel_node *node) {
    if (node->kind == HENG_CEL_NODE_AND)
        return every(state, node);
    if (node->kind == HENG_CEL_NODE_OR)
        return some(state, node);
    if (node->kind == HENG_CEL_NODE_BIND) /* its value fails only where it is used */
        return constrain(state, node->args[1]);
    if (is_bool(node, false))
        return NONE;
    if (heng_cel_ast_is_call(node, "_==_", 2))
        return equality(state, node);
    if (heng_cel_ast_is_call(node, "@in", 2))
        return membership(state, node);
    if (heng_cel_ast_is_call(node, "!_", 1))
        return negation(state, node);
    return ANY;
}

size_t heng_cel_constrain_strings(const heng_cel_ast *ast, uint32_t variable,
                                  heng_str field, heng_arena *arena,
                                  const heng_str **ret_strings) {
    constrainer state = {arena, variable, field, false};
    constraint result = ast->checked ? constrain(&state, ast->root) : ANY;
    if (state.failed || !result.bounded)
        return SIZE_MAX;
    *ret_strings = result.strings;
    return result.count;
}

/* ---- what an empty list makes false ---- */

static bool is_list(const heng_cel_node *node, uint32_t list) {
    return node->kind == HENG_CEL_NODE_IDENT && node->ref == HENG_CEL_REF_VARIABLE &&
           node->slot == list;
}

/* `size(list)` or `list.size()`. */
static bool is_size(const heng_cel_node *node, uint32_t list) {
    if (node->kind != HENG_CEL_NODE_CALL ||
        !heng_str_equal(node->name, HENG_STR("size")))
        return false;
    if (node->operand != NULL)
        return node->arg_count == 0 && is_list(node->operand, list);
    return node->arg_count == 1 && is_list(node->args[0], list);
}

/* Whether `0 name number` is false; `turned`: `number name 0`. */
static bool is_false_of_none(heng_str name, int64_t number, bool turned) {
    if (heng_str_equal(name, HENG_STR("_==_")))
        return number != 0;
    if (heng_str_equal(name, HENG_STR("_!=_")))
        return number == 0;
    if (heng_str_equal(name, turned ? HENG_STR("_<_") : HENG_STR("_>_")))
        return number >= 0;
    if (heng_str_equal(name, turned ? HENG_STR("_<=_") : HENG_STR("_>=_")))
        return number > 0;
    if (heng_str_equal(name, turned ? HENG_STR("_>_") : HENG_STR("_<_")))
        return number <= 0;
    return heng_str_equal(name, turned ? HENG_STR("_>=_") : HENG_STR("_<=_")) &&
           number < 0;
}

static bool is_false_without(const heng_cel_node *node, uint32_t list) {
    if (is_bool(node, false))
        return true;
    if (node->kind == HENG_CEL_NODE_COMPREHENSION)
        return is_list(node->range, list) && (node->fold == HENG_CEL_FOLD_EXISTS ||
                                              node->fold == HENG_CEL_FOLD_EXISTS_ONE);
    bool every = node->kind == HENG_CEL_NODE_OR && node->arg_count > 0;
    bool some = node->kind == HENG_CEL_NODE_AND;
    for (uint32_t i = 0; (every || some) && i < node->arg_count; i++) {
        bool is_false = is_false_without(node->args[i], list);
        if (some && is_false)
            return true;
        every = every && is_false;
    }
    if (every || node->kind != HENG_CEL_NODE_CALL || node->arg_count != 2)
        return every;
    for (int side = 0; side < 2; side++) {
        const heng_cel_node *number = node->args[1 - side];
        if (is_size(node->args[side], list) && number->kind == HENG_CEL_NODE_LITERAL &&
            number->value.kind == HENG_CEL_INT)
            return is_false_of_none(node->name, number->value.as.integer, side == 1);
    }
    return false;
}

bool heng_cel_constrain_empty(const heng_cel_ast *ast, uint32_t list) {
    return ast->checked && is_false_without(ast->root, list);
}
