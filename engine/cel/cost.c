/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cost.c: how much there can be of everything, and so how many steps it takes.
 *
 * Beside its cost each node has a *reach*: how large its value can be, and what is in
 * it.
 *
 *     records                    1000 items, each of size 1
 *     records.map(r, r.name)     1000 items, each a text of 4096 bytes
 *     …[0] + "!"                 a text of 4097 bytes
 *
 * What a function returns is reached through its signature: `_[_]` is (list(A), int) ->
 * A, so an item of a list reaches as far as the items of the list do. Sums and products
 * stop at UINT64_MAX, which means that there is no bound.
 */
#include "cel/cost.h"

#include "base/limits.h"
#include "cel/env.h"
#include "cel/library.h"

#define NO_BOUND UINT64_MAX

/* NULL where nothing can be: the item of an empty list. */
typedef struct reach {
    uint64_t size;           /* as heng_cel_library_value_size() has it */
    const struct reach *key; /* of a map */
    const struct reach *item;
} reach;

static const reach ONE = {1, NULL, NULL};
static const reach ANYTHING = {NO_BOUND, &ANYTHING, &ANYTHING};

typedef struct bounder {
    const heng_cel_env *env;
    heng_arena *arena;
    const reach **locals; /* by slot */
    bool failed;          /* out of memory */
} bounder;

static uint64_t plus(uint64_t a, uint64_t b) {
    return a > UINT64_MAX - b ? NO_BOUND : a + b;
}

static uint64_t times(uint64_t a, uint64_t b) {
    return a != 0 && b > UINT64_MAX / a ? NO_BOUND : a * b;
}

/* ---- reaches ---- */

static const reach *make(bounder *state, uint64_t size, const reach *key,
                         const reach *item) {
    reach *made = heng_arena_calloc(state->arena, 1, sizeof *made);
    if (made == NULL) {
        state->failed = true;
        return &ANYTHING;
    }
    *made = (reach){size, key, item};
    return made;
}

/* What both reach; they are as deep as the types are. */
static const reach *join(bounder *state, const reach *a, const reach *b) {
    if (a == b || b == NULL)
        return a;
    if (a == NULL || b == &ANYTHING)
        return b;
    if (a == &ANYTHING)
        return a;
    return make(state, a->size > b->size ? a->size : b->size,
                join(state, a->key, b->key), join(state, a->item, b->item));
}

/* All that a value holds, to the last item: what comparing it can look at. */
static uint64_t whole_size(const reach *of) {
    if (of == NULL)
        return 1;
    if (of->size == NO_BOUND || (of->item == NULL && of->key == NULL))
        return of->size;
    uint64_t item = whole_size(of->item);
    uint64_t key = of->key == NULL ? 0 : whole_size(of->key);
    uint64_t each = plus(item > 1 ? item : 1, key);
    return times(of->size, each);
}

/* Of a value of which the type is all that is known. */
static const reach *of_type(bounder *state, const heng_cel_type *type,
                            uint64_t most_items, uint64_t most_bytes) {
    if (type == NULL)
        return &ANYTHING;
    heng_cel_kind kind = type->kind;
    if (kind == HENG_CEL_DYN || kind == HENG_CEL_PARAM || kind == HENG_CEL_ERROR)
        return &ANYTHING;
    if (kind == HENG_CEL_STRING || kind == HENG_CEL_BYTES)
        return make(state, most_bytes, NULL, NULL);
    if (kind == HENG_CEL_OPTIONAL)
        return make(state, 1, NULL,
                    of_type(state, type->params[0], most_items, most_bytes));
    if (kind == HENG_CEL_LIST)
        return make(state, most_items, NULL,
                    of_type(state, type->params[0], most_items, HENG_LIMIT_TEXT_BYTES));
    if (kind == HENG_CEL_MAP)
        return make(state, most_items,
                    of_type(state, type->params[0], most_items, HENG_LIMIT_TEXT_BYTES),
                    of_type(state, type->params[1], most_items, HENG_LIMIT_TEXT_BYTES));
    return &ONE;
}

static const reach *of_variable(bounder *state, uint32_t slot) {
    const heng_cel_variable *variable = heng_cel_env_get(state->env, slot);
    if (!variable->sized)
        return of_type(state, variable->type, NO_BOUND, HENG_LIMIT_TEXT_BYTES);
    const reach *found = of_type(state, variable->type, NO_BOUND, variable->max_items);
    if (variable->type->kind == HENG_CEL_LIST || variable->type->kind == HENG_CEL_MAP)
        return make(state, variable->max_items, found->key, found->item);
    return found;
}

static const reach *of_value(bounder *state, heng_cel_value value) {
    const reach *key = NULL;
    const reach *item = NULL;
    if (value.kind == HENG_CEL_LIST) {
        for (size_t i = 0; i < value.as.list->count; i++) {
            item = join(
                state, item,
                of_value(state, heng_cel_value_item(value.as.list, i, state->arena)));
        }
    } else if (value.kind == HENG_CEL_MAP) {
        for (size_t i = 0; i < value.as.map->count; i++) {
            key = join(state, key, of_value(state, value.as.map->keys[i]));
            item = join(state, item, of_value(state, value.as.map->values[i]));
        }
    } else if (value.kind == HENG_CEL_OPTIONAL && value.as.optional != NULL) {
        item = of_value(state, *value.as.optional);
    }
    return make(state, heng_cel_library_value_size(value), key, item);
}

/* ---- calls ---- */

/* Bytes of all texts in a list, for functions that join them. */
static uint64_t content(const reach *of) {
    if (of->item == NULL || of == &ANYTHING)
        return of->size;
    return times(of->size, of->item->size > 0 ? of->item->size : 1);
}

/* How large a result can be by the kind that its row declares. Products have room for
 * the ends: `''.replace('', x)`, or the padding of base64. */
static uint64_t result_size(heng_cel_size_kind kind, const reach *const *args,
                            size_t count) {
    uint64_t sum = 0;
    uint64_t first = count > 0 ? args[0]->size : 1;
    uint64_t rest = 0;
    switch (kind) {
    case HENG_CEL_SIZE_SMALL:
        return 64;
    case HENG_CEL_SIZE_FIRST: /* and one, for splitting into characters and one more */
        return plus(first, 1);
    case HENG_CEL_SIZE_SUM:
        for (size_t i = 0; i < count; i++) {
            sum = plus(sum, args[i]->size);
        }
        return sum;
    case HENG_CEL_SIZE_PRODUCT:
        for (size_t i = 1; i < count; i++) {
            rest = plus(rest, content(args[i]));
        }
        return times(plus(count > 0 ? content(args[0]) : 1, 2), plus(rest, 2));
    case HENG_CEL_SIZE_UNBOUNDED:
        break;
    }
    return NO_BOUND;
}

/* Notes what an argument says of the parameters in its type. */
static void bind_params(bounder *state, const heng_cel_type *type, const reach *arg,
                        const reach **letters) {
    if (type == NULL || arg == NULL)
        return;
    if (type->kind == HENG_CEL_PARAM) {
        size_t letter = (size_t)(type->name.ptr[0] - 'A');
        letters[letter] = join(state, letters[letter], arg);
    } else if (type->kind == HENG_CEL_MAP) {
        bind_params(state, type->params[0], arg->key, letters);
        bind_params(state, type->params[1], arg->item, letters);
    } else if (type->params[0] != NULL) {
        bind_params(state, type->params[0], arg->item, letters);
    }
}

static const reach *result_of(bounder *state, const heng_cel_type *type, uint64_t size,
                              const reach *const *letters) {
    heng_cel_kind kind = type->kind;
    if (kind == HENG_CEL_PARAM)
        return letters[type->name.ptr[0] - 'A'];
    if (kind == HENG_CEL_DYN)
        return &ANYTHING;
    if (kind == HENG_CEL_STRING || kind == HENG_CEL_BYTES)
        return make(state, size, NULL, NULL);
    if (kind == HENG_CEL_LIST)
        return make(state, size, NULL,
                    result_of(state, type->params[0], size, letters));
    if (kind == HENG_CEL_OPTIONAL)
        return make(state, 1, NULL, result_of(state, type->params[0], size, letters));
    if (kind == HENG_CEL_MAP)
        return make(state, size, result_of(state, type->params[0], size, letters),
                    result_of(state, type->params[1], size, letters));
    return &ONE;
}

typedef struct call_bound {
    uint64_t cost;
    const reach *result;
} call_bound;

static call_bound bound_row(bounder *state, const heng_signature_row *row,
                            const reach *const *args, size_t count) {
    const reach *letters[26] = {NULL};
    uint64_t sizes[HENG_CEL_PARAMS_MAX] = {0};
    bool compares = row->overload->cost == HENG_CEL_COST_LEAST;
    bool searches = row->overload->cost == HENG_CEL_COST_LIST &&
                    row->overload->size == HENG_CEL_SIZE_SMALL;
    uint64_t rest = 0;
    for (size_t i = 0; i < count; i++) {
        bind_params(state, heng_signature_param(row, i), args[i], letters);
        if (i < HENG_CEL_PARAMS_MAX) {
            sizes[i] = compares ? whole_size(args[i]) : args[i]->size;
            rest = searches ? plus(rest, whole_size(args[i]) / 16) : rest;
        } else {
            rest = plus(rest, args[i]->size);
        }
    }
    size_t kept = count < HENG_CEL_PARAMS_MAX ? count : HENG_CEL_PARAMS_MAX;
    call_bound bound = {
        .cost = plus(heng_cel_library_cost(row->overload, sizes, kept), rest)};
    if (row->result->kind == HENG_CEL_DYN && count > 0) {
        bound.result = NULL; /* one of its arguments, or an item of one */
        for (size_t i = 0; i < count; i++) {
            bound.result = join(state, bound.result, args[i]);
            bound.result = join(state, bound.result, args[i]->item);
        }
    } else {
        uint64_t size = result_size(row->overload->size, args, count);
        bound.result = result_of(state, row->result, size, letters);
    }
    return bound;
}

static bool is_certain(const heng_cel_node *node) {
    return node->type != NULL && node->type->kind != HENG_CEL_DYN;
}

/* The row that was found; or all that it may turn out to be, where types are dyn. */
static call_bound bound_rows(bounder *state, const heng_cel_node *node,
                             const reach *const *args, size_t count) {
    bool receiver = node->operand != NULL;
    bool certain = node->overload != NULL;
    call_bound worst = {0, NULL};
    uint32_t children = heng_cel_ast_child_count(node);
    for (uint32_t i = 0; i < children; i++) {
        certain = certain && is_certain(heng_cel_ast_child(node, i));
    }
    const heng_signature_row *row =
        heng_signature_find(heng_cel_env_functions(state->env), node->name);
    for (; row != NULL; row = row->next) {
        if (!heng_signature_fits(row, receiver, count) ||
            (certain && row->overload != node->overload))
            continue;
        call_bound bound = bound_row(state, row, args, count);
        worst.cost = bound.cost > worst.cost ? bound.cost : worst.cost;
        worst.result = join(state, worst.result, bound.result);
    }
    return worst;
}

/* ---- nodes ---- */

static const reach *walk(bounder *state, heng_cel_node *node);

/* A child that gives NULL, nothing, is of no size. */
static const reach *child(bounder *state, heng_cel_node *node) {
    static const reach nothing = {0, NULL, NULL};
    const reach *found = walk(state, node);
    return found == NULL ? &nothing : found;
}

static const reach *walk_call(bounder *state, heng_cel_node *node) {
    uint32_t count = heng_cel_ast_child_count(node);
    const reach **args =
        heng_arena_calloc(state->arena, count + (size_t)1, sizeof *args);
    if (args == NULL) {
        state->failed = true;
        return &ANYTHING;
    }
    uint64_t cost = 1;
    for (uint32_t i = 0; i < count; i++) {
        args[i] = child(state, heng_cel_ast_child(node, i));
        cost = plus(cost, heng_cel_ast_child(node, i)->cost_max);
    }
    call_bound bound = bound_rows(state, node, args, count);
    node->cost_max = plus(cost, bound.cost);
    return bound.result;
}

static const reach *walk_select(bounder *state, heng_cel_node *node) {
    const reach *of = child(state, node->operand);
    node->cost_max = plus(node->operand->cost_max, 1);
    if (node->test)
        return &ONE;
    bool wrapped =
        node->operand->type != NULL && node->operand->type->kind == HENG_CEL_OPTIONAL;
    if (wrapped) {
        of = of->item == NULL ? &ONE : of->item;
    }
    const heng_cel_type *type = wrapped && node->operand->type->params[0] != NULL
                                    ? node->operand->type->params[0]
                                    : node->operand->type;
    const reach *field = of->item;
    if (type == NULL || type->kind == HENG_CEL_DYN)
        return &ANYTHING;
    if (type->kind == HENG_CEL_OBJECT) {
        const heng_cel_type *inner = node->type;
        bool optional = wrapped || node->optional;
        if (optional && inner != NULL && inner->kind == HENG_CEL_OPTIONAL) {
            inner = inner->params[0];
        }
        field = of_type(state, inner, HENG_LIMIT_LIST_ITEMS, HENG_LIMIT_TEXT_BYTES);
    }
    return wrapped || node->optional ? make(state, 1, NULL, field) : field;
}

static const reach *walk_logic(bounder *state, heng_cel_node *node) {
    uint64_t cost = 1;
    for (uint32_t i = 0; i < node->arg_count; i++) {
        (void)walk(state, node->args[i]);
        cost = plus(cost, node->args[i]->cost_max);
    }
    node->cost_max = cost;
    return &ONE;
}

static const reach *walk_condition(bounder *state, heng_cel_node *node) {
    (void)walk(state, node->args[0]);
    const reach *first = walk(state, node->args[1]);
    const reach *second = walk(state, node->args[2]);
    uint64_t a = node->args[1]->cost_max;
    uint64_t b = node->args[2]->cost_max;
    node->cost_max = plus(plus(node->args[0]->cost_max, a > b ? a : b), 1);
    return join(state, first, second);
}

static const reach *walk_items(bounder *state, heng_cel_node *node) {
    bool map = node->kind == HENG_CEL_NODE_MAP;
    const reach *keys = NULL;
    const reach *items = NULL;
    uint64_t count = map ? node->arg_count / 2 : node->arg_count;
    uint64_t cost = 1 + count;
    for (uint32_t i = 0; i < node->arg_count; i++) {
        const reach *part = walk(state, node->args[i]);
        cost = plus(cost, node->args[i]->cost_max);
        if (map && i % 2 == 0) {
            keys = join(state, keys, part);
            continue;
        }
        bool optional =
            node->optional_items != NULL && node->optional_items[map ? i / 2 : i];
        if (optional && part != NULL) {
            part = part->item;
        }
        items = join(state, items, part);
    }
    node->cost_max = cost;
    return make(state, count, keys, items);
}

static const reach *gathered(bounder *state, const heng_cel_node *node,
                             const reach *range, const reach *element,
                             const reach *made) {
    static const reach index = {1, NULL, NULL};
    uint64_t count = range->size;
    switch (node->fold) {
    case HENG_CEL_FOLD_FILTER:
        return make(state, count, NULL, element);
    case HENG_CEL_FOLD_MAP:
    case HENG_CEL_FOLD_TRANSFORM_LIST:
        return make(state, count, NULL, made);
    case HENG_CEL_FOLD_TRANSFORM_MAP:
        return make(state, count, range->key != NULL ? range->key : &index, made);
    case HENG_CEL_FOLD_TRANSFORM_MAP_ENTRY:
        return made == NULL
                   ? make(state, 0, NULL, NULL)
                   : make(state, times(count, made->size), made->key, made->item);
    case HENG_CEL_FOLD_ALL:
    case HENG_CEL_FOLD_EXISTS:
    case HENG_CEL_FOLD_EXISTS_ONE:
        break;
    }
    return &ONE;
}

static const reach *walk_loop(bounder *state, heng_cel_node *node) {
    const reach *range = child(state, node->range);
    bool two = node->variables[1].len > 0;
    bool list = node->range->type != NULL && node->range->type->kind == HENG_CEL_LIST;
    bool map = node->range->type != NULL && node->range->type->kind == HENG_CEL_MAP;
    const reach *key = map ? range->key : list ? &ONE : &ANYTHING;
    const reach *element = map    ? range->key
                           : list ? range->item
                                  : join(state, range->key, range->item);
    state->locals[node->variable_slots[0]] = two ? key : element;
    if (two) {
        state->locals[node->variable_slots[1]] = range->item;
    }

    uint64_t each = 1;
    const reach *made = NULL;
    if (node->condition != NULL) {
        (void)walk(state, node->condition);
        each = plus(each, node->condition->cost_max);
    }
    if (node->transform != NULL) {
        made = walk(state, node->transform);
        each = plus(each, node->transform->cost_max);
        if (node->fold == HENG_CEL_FOLD_TRANSFORM_MAP_ENTRY && made != NULL) {
            each = plus(each, made->size);
        }
    }
    node->cost_max = plus(plus(node->range->cost_max, 1), times(range->size, each));
    return gathered(state, node, range, element, made);
}

static const reach *walk_bind(bounder *state, heng_cel_node *node) {
    state->locals[node->variable_slots[0]] = walk(state, node->args[0]);
    const reach *result = walk(state, node->args[1]);
    node->cost_max = plus(plus(node->args[0]->cost_max, node->args[1]->cost_max), 1);
    return result;
}

static const reach *walk_ident(bounder *state, heng_cel_node *node) {
    node->cost_max = 1;
    if (node->ref == HENG_CEL_REF_LOCAL)
        return state->locals[node->slot];
    return node->ref == HENG_CEL_REF_VARIABLE ? of_variable(state, node->slot) : &ONE;
}

static const reach *walk(bounder *state, heng_cel_node *node) {
    node->cost_max = NO_BOUND;
    if (state->failed)
        return &ANYTHING;
    switch (node->kind) {
    case HENG_CEL_NODE_LITERAL:
        node->cost_max = 1;
        return of_value(state, node->value);
    case HENG_CEL_NODE_IDENT:
        return walk_ident(state, node);
    case HENG_CEL_NODE_SELECT:
        return walk_select(state, node);
    case HENG_CEL_NODE_CALL:
        return walk_call(state, node);
    case HENG_CEL_NODE_AND:
    case HENG_CEL_NODE_OR:
        return walk_logic(state, node);
    case HENG_CEL_NODE_CONDITION:
        return walk_condition(state, node);
    case HENG_CEL_NODE_LIST:
    case HENG_CEL_NODE_MAP:
        return walk_items(state, node);
    case HENG_CEL_NODE_COMPREHENSION:
        return walk_loop(state, node);
    case HENG_CEL_NODE_BIND:
        return walk_bind(state, node);
    case HENG_CEL_NODE_STRUCT:
        break;
    }
    return &ANYTHING;
}

/* ---- what is told ---- */

/* Down from the root along what costs most, until no part alone is over the cap. */
static const heng_cel_node *costly_part(const heng_cel_node *node, uint64_t cap) {
    for (;;) {
        const heng_cel_node *next = NULL;
        uint32_t count = heng_cel_ast_child_count(node);
        for (uint32_t i = 0; i < count; i++) {
            const heng_cel_node *part = heng_cel_ast_child(node, i);
            if (part->cost_max > cap &&
                (next == NULL || part->cost_max > next->cost_max)) {
                next = part;
            }
        }
        if (next == NULL)
            return node;
        node = next;
    }
}

static void report_cost(heng_cel_report *report, const heng_cel_node *node,
                        uint64_t cap) {
    bool loop = node->kind == HENG_CEL_NODE_COMPREHENSION;
    if (node->cost_max == NO_BOUND) {
        heng_cel_report_error(report, HENG_CEL_E_COST, node->start, node->len,
                              "there is no bound for what this costs");
        heng_cel_report_help(
            report, loop ? "it goes through something of any size; go through a "
                           "list whose size is known, such as `records`"
                         : "it makes or reads a text or list of any size");
        return;
    }
    heng_cel_report_error(report, HENG_CEL_E_COST, node->start, node->len,
                          "this can take %llu steps; %llu are allowed",
                          (unsigned long long)node->cost_max, (unsigned long long)cap);
    if (loop) {
        const heng_cel_node *body =
            node->transform != NULL ? node->transform : node->condition;
        heng_cel_report_help(
            report,
            "each item takes up to %llu steps; filter first, or take a "
            "loop out of the loop",
            (unsigned long long)body->cost_max);
    }
}

heng_status heng_cel_cost_bound(const heng_cel_env *env, uint64_t cap,
                                heng_arena *arena, heng_cel_report *report,
                                heng_cel_ast *ast) {
    bounder state = {.env = env, .arena = arena};
    state.locals =
        heng_arena_calloc(arena, ast->local_count + (size_t)1, sizeof *state.locals);
    if (state.locals == NULL)
        return HENG_ERR_NOMEM;
    (void)walk(&state, ast->root);
    if (state.failed)
        return HENG_ERR_NOMEM;
    ast->cost_max = ast->root->cost_max;
    if (cap == 0 || ast->cost_max <= cap)
        return HENG_OK;
    report_cost(report, costly_part(ast->root, cap), cap);
    return HENG_ERR_INVALID;
}
