/* SPDX-License-Identifier: Apache-2.0 */
/*
 * chain_build.c: the chain of a tree, see chain.h; and what in it there is one for.
 *
 * Links are made from the last to the first, so that those a link goes on with are
 * there when it is made. What a link counts is the sum of what the instructions count
 * that compiler.c and compiler_call.c make of the same nodes.
 */
#include <stdlib.h>

#include "base/alloc.h"
#include "cel/cel_clock.h"
#include "cel/chain.h"

/* While they are made, links are numbered from here on; below are the ways to go on
 * that chain.h has. */
enum { FIRST = HENG_CHAIN_SAYS_COUNT };

/* No link: the tree has no chain, or there is no memory for it. */
#define NONE UINT32_MAX
#define NO_ITEM UINT32_MAX

/* So that all distances fit; the cap on the text of an expression is far below. */
enum { LINKS_MAX = 1 << 24 };

/* A link that is being made. */
typedef struct draft {
    heng_chain_test test;
    heng_chain_from from;
    heng_chain_link link; /* but for its op and where it goes on */
} draft;

typedef struct builder {
    heng_arena *arena;
    heng_chain_link *links; /* owned */
    uint32_t count, room;
    uint32_t item; /* local of the loop that is being made, or NO_ITEM */
    heng_status status;
} builder;

/* Links of a test that holds, and of one that does not. */
typedef struct ways {
    uint32_t yes, no;
} ways;

static ways turned(ways to) {
    return (ways){to.no, to.yes};
}

static uint32_t add(builder *build, const draft *made, ways to) {
    heng_chain_link link = made->link;
    if (build->count == LINKS_MAX)
        return NONE;
    if (build->count == build->room) {
        uint32_t more = build->room == 0 ? 16 : build->room * 2;
        heng_chain_link *grown =
            heng_alloc_resize(build->links, more, sizeof *build->links);
        if (grown == NULL) {
            build->status = HENG_ERR_NOMEM;
            return NONE;
        }
        build->links = grown;
        build->room = more;
    }
    link.op = (uint8_t)HENG_CHAIN_OP(made->test, made->from);
    link.yes = to.yes;
    link.no = to.no;
    build->links[build->count] = link;
    return FIRST + build->count++;
}

/* Adds to what the links from `first` on count; `first` is gone through once. */
static uint32_t charge(builder *build, uint32_t first, uint32_t steps) {
    if (first == NONE)
        return NONE;
    heng_chain_link *link = &build->links[first - FIRST];
    if (steps > UINT16_MAX || link->cost > UINT16_MAX - steps)
        return NONE;
    link->cost = (uint16_t)(link->cost + steps);
    return first;
}

static uint32_t build_node(builder *build, const heng_cel_node *node, ways to);

/* ---- what a link reads ---- */

static heng_cel_kind kind_of(const heng_cel_node *node) {
    return node->type == NULL ? HENG_CEL_DYN : node->type->kind;
}

static bool is_literal(const heng_cel_node *node) {
    return node->kind == HENG_CEL_NODE_LITERAL;
}

/* A variable, or the item of the loop. */
static bool names(const builder *build, const heng_cel_node *node, draft *made) {
    if (node->kind != HENG_CEL_NODE_IDENT && node->kind != HENG_CEL_NODE_SELECT)
        return false;
    bool item = node->ref == HENG_CEL_REF_LOCAL && node->slot == build->item;
    made->from = item ? HENG_CHAIN_ITEM : HENG_CHAIN_VARIABLE;
    made->link.slot = item ? 0 : node->slot;
    made->link.cost = 1;
    return item || node->ref == HENG_CEL_REF_VARIABLE;
}

/* The object of a field. */
static bool selects(const builder *build, const heng_cel_node *node, draft *made) {
    return node->kind == HENG_CEL_NODE_SELECT && node->ref == HENG_CEL_REF_FIELD &&
           !node->optional && kind_of(node->operand) == HENG_CEL_OBJECT &&
           names(build, node->operand, made);
}

/* Reads a value of a kind that is known. */
static bool reads(const builder *build, const heng_cel_node *node, draft *made) {
    heng_cel_kind kind = kind_of(node);
    made->link.kind = (uint8_t)kind;
    if (kind == HENG_CEL_ERROR || kind >= HENG_CEL_DYN || node->test)
        return false;
    if (names(build, node, made))
        return true;
    if (!selects(build, node, made))
        return false;
    made->from =
        made->from == HENG_CHAIN_ITEM ? HENG_CHAIN_ITEM_FIELD : HENG_CHAIN_FIELD;
    made->link.field = node->slot;
    made->link.cost = 2;
    return true;
}

/* ---- comparisons ---- */

/* In the order that chain.h has them for each kind of side. */
enum { EQ, LESS, GREATER };

typedef struct comparison {
    const char *name;
    int order;    /* EQ, LESS, GREATER */
    bool negated; /* `!=` is not EQ */
    heng_cel_op word;
} comparison;

static const comparison COMPARISONS[] = {
    {"_==_", EQ, false, HENG_CEL_OP_EQ_WORD},
    {"_!=_", EQ, true, HENG_CEL_OP_NE_WORD},
    {"_<_", LESS, false, HENG_CEL_OP_LT_WORD},
    {"_<=_", GREATER, true, HENG_CEL_OP_LE_WORD},
    {"_>_", GREATER, false, HENG_CEL_OP_GT_WORD},
    {"_>=_", LESS, true, HENG_CEL_OP_GE_WORD},
};

static const comparison *find_comparison(const heng_cel_node *node) {
    for (size_t i = 0; i < sizeof COMPARISONS / sizeof COMPARISONS[0]; i++) {
        if (heng_cel_ast_is_call(node, COMPARISONS[i].name, 2))
            return &COMPARISONS[i];
    }
    return NULL;
}

static int mirrored(int order) {
    return order == EQ ? EQ : order == LESS ? GREATER : LESS;
}

static heng_chain_test compares(heng_chain_test first, int order) {
    return (heng_chain_test)((int)first + order);
}

static bool is_word(heng_cel_kind kind, int order) {
    return kind == HENG_CEL_INT || kind == HENG_CEL_DATE || kind == HENG_CEL_DECIMAL ||
           (order == EQ && kind == HENG_CEL_UINT);
}

/* ---- loops ---- */

/* `item` are the ways of a body that holds, or does not; `end` is that of the end. */
static uint32_t build_loop(builder *build, const heng_cel_node *node, ways item,
                           uint32_t end) {
    draft through = {.test = HENG_CHAIN_THROUGH};
    if (build->item != NO_ITEM || node->variables[1].len > 0 ||
        !reads(build, node->range, &through) || through.link.kind != HENG_CEL_LIST)
        return NONE;
    build->item = node->variable_slots[0];
    uint32_t body = build_node(build, node->condition, item);
    build->item = NO_ITEM;
    if (body == NONE)
        return NONE;
    through.link.cost++;
    return add(build, &through, (ways){body, end});
}

/* Goes through the list to the end; then what was counted is compared. */
static uint32_t build_count(builder *build, const heng_cel_node *node, int order,
                            int64_t count, uint16_t steps, ways to) {
    draft compare = {.test = compares(HENG_CHAIN_COUNTED_EQ, order),
                     .link = {.cost = steps, .as.integer = count}};
    uint32_t end = add(build, &compare, to);
    if (end == NONE)
        return NONE;
    return build_loop(build, node, (ways){HENG_CHAIN_COUNT, HENG_CHAIN_AGAIN}, end);
}

static uint32_t build_comprehension(builder *build, const heng_cel_node *node,
                                    ways to) {
    if (node->fold == HENG_CEL_FOLD_ALL)
        return build_loop(build, node, (ways){HENG_CHAIN_AGAIN, to.no}, to.yes);
    if (node->fold == HENG_CEL_FOLD_EXISTS)
        return build_loop(build, node, (ways){to.yes, HENG_CHAIN_AGAIN}, to.no);
    if (node->fold == HENG_CEL_FOLD_EXISTS_ONE)
        return build_count(build, node, EQ, 1, 0, to);
    return NONE;
}

/* ---- words ---- */

/* The list of `size(list)` or `list.size()`, or NULL. */
static const heng_cel_node *sized(const heng_cel_node *node) {
    if (node->kind != HENG_CEL_NODE_CALL ||
        !heng_str_equal(node->name, HENG_STR("size")) ||
        node->arg_count + (node->operand != NULL ? 1u : 0u) != 1)
        return NULL;
    const heng_cel_node *of = node->operand != NULL ? node->operand : node->args[0];
    return kind_of(of) == HENG_CEL_LIST ? of : NULL;
}

/* A word against a constant. */
static uint32_t build_word(builder *build, const heng_cel_node *node, int order,
                           int64_t constant, ways to) {
    enum { COMPARING = 2, SUBTRACTING = 1, SIZING = 1 };
    draft made = {.test = compares(HENG_CHAIN_EQ, order),
                  .link = {.as.integer = constant}};
    if (reads(build, node, &made)) {
        made.link.cost += COMPARING;
        return add(build, &made, to);
    }
    const heng_cel_node *list = sized(node);
    if (list != NULL && list->kind == HENG_CEL_NODE_COMPREHENSION &&
        list->fold == HENG_CEL_FOLD_FILTER)
        return charge(build, build_count(build, list, order, constant, COMPARING, to),
                      SIZING);
    if (list != NULL && reads(build, list, &made)) {
        made.test = compares(HENG_CHAIN_SIZE_EQ, order);
        made.link.cost += SIZING + COMPARING;
        return add(build, &made, to);
    }
    draft left = {0};
    if (!heng_cel_ast_is_call(node, "_-_", 2) ||
        kind_of(node->args[0]) != HENG_CEL_DATE ||
        kind_of(node->args[1]) != HENG_CEL_DATE ||
        !names(build, node->args[0], &left) || left.from != HENG_CHAIN_VARIABLE ||
        !reads(build, node->args[1], &made))
        return NONE;
    made.test = compares(HENG_CHAIN_DAYS_EQ, order);
    made.link.len = left.link.slot; /* most often as_of */
    made.link.cost =
        (uint16_t)(made.link.cost + left.link.cost + SUBTRACTING + COMPARING);
    return add(build, &made, to);
}

/* Two words, of which none is constant. */
static uint32_t build_pair(builder *build, const heng_cel_node *node, int order,
                           ways to) {
    draft left = {.test = HENG_CHAIN_LEFT};
    draft right = {.test = compares(HENG_CHAIN_LEFT_EQ, order)};
    heng_cel_kind kind = kind_of(node->args[0]);
    if (kind_of(node->args[1]) != kind || !is_word(kind, order) ||
        !reads(build, node->args[0], &left) || !reads(build, node->args[1], &right))
        return NONE;
    right.link.cost++;
    uint32_t compare = add(build, &right, to);
    return compare == NONE ? NONE : add(build, &left, (ways){compare, compare});
}

static uint32_t build_text(builder *build, const heng_cel_node *node,
                           heng_chain_test test, heng_cel_value text, uint16_t steps,
                           ways to) {
    draft made = {.test = test, .link = {.len = text.len, .as.bytes = text.as.bytes}};
    if (kind_of(node) != HENG_CEL_STRING || text.kind != HENG_CEL_STRING ||
        !reads(build, node, &made))
        return NONE;
    return charge(build, add(build, &made, to), steps);
}

/* A call of one value that is read and of constants, which fit the row: `dyn(1)` is a
 * constant too. What prepares its constants is left to the code, which owns what is
 * made of them. */
static uint32_t build_row(builder *build, const heng_cel_node *node, ways to) {
    uint32_t count = heng_cel_ast_child_count(node);
    draft made = {.test = HENG_CHAIN_CALL};
    heng_chain_call call = {.row = node->overload, .count = count, .at = count};
    heng_cel_signature signature;
    if (call.row == NULL || call.row->run == NULL || call.row->prepare != NULL ||
        kind_of(node) != HENG_CEL_BOOL || count > HENG_CEL_PARAMS_MAX ||
        !heng_cel_library_signature(call.row, &signature))
        return NONE;
    for (uint32_t i = 0; i < count; i++) {
        const heng_cel_node *arg = heng_cel_ast_child(node, i);
        if (is_literal(arg)) {
            call.args[i] = arg->value;
        } else if (call.at == count && reads(build, arg, &made)) {
            call.at = i;
            call.args[i].kind = made.link.kind;
        } else {
            return NONE;
        }
    }
    if (call.at == count || !heng_cel_library_fits(&signature, call.args, count))
        return NONE;
    heng_chain_call *kept = heng_arena_alloc(build->arena, sizeof *kept);
    if (kept == NULL) {
        build->status = HENG_ERR_NOMEM;
        return NONE;
    }
    *kept = call;
    made.link.as.call = kept;
    return charge(build, add(build, &made, to), count); /* the call and its constants */
}

/* The side that is no clock: a day, or one and a period that is constant. In place of a
 * constant day the clock is read, which counts as much. */
static bool reads_day(const builder *build, const heng_cel_node *node,
                      const heng_cel_node *as_of, heng_chain_clock *clock,
                      draft *made) {
    if (is_literal(node) && node->value.kind == HENG_CEL_DATE) {
        clock->day = (heng_date)node->value.as.integer;
        return reads(build, as_of, made);
    }
    if (kind_of(node) != HENG_CEL_DATE)
        return false;
    if (reads(build, node, made))
        return true;
    clock->adds = heng_cel_ast_is_call(node, "_+_", 2);
    clock->subtracts = heng_cel_ast_is_call(node, "_-_", 2);
    if ((!clock->adds && !clock->subtracts) || node->overload == NULL)
        return false;
    bool flipped = clock->adds && is_literal(node->args[0]);
    const heng_cel_node *day = node->args[flipped ? 1 : 0];
    const heng_cel_node *period = node->args[flipped ? 0 : 1];
    if (!is_literal(period) || period->value.kind != HENG_CEL_PERIOD ||
        kind_of(day) != HENG_CEL_DATE || !reads(build, day, made) ||
        node->overload->cost_base > UINT8_MAX)
        return false;
    clock->period = period->value.as.period;
    made->link.cost = (uint16_t)(made->link.cost + 2 + node->overload->cost_base);
    return true;
}

static uint32_t build_clock(builder *build, const heng_cel_node *node,
                            const comparison *found, ways to) {
    bool on_right = node->clock.on_right;
    const heng_cel_node *shifted = node->args[on_right ? 1 : 0];
    const heng_cel_node *variable = heng_cel_clock_of(shifted);
    draft made = {.test = compares(HENG_CHAIN_CLOCK_EQ,
                                   on_right ? mirrored(found->order) : found->order)};
    heng_chain_clock clock = {
        .day = HENG_DATE_NONE,

        .site = {.clock = &node->clock, .shifted = shifted, .op = found->word}};
    if (variable == NULL ||
        !reads_day(build, node->args[on_right ? 0 : 1], variable, &clock, &made))
        return NONE;
    heng_chain_clock *kept = heng_arena_alloc(build->arena, sizeof *kept);
    if (kept == NULL) {
        build->status = HENG_ERR_NOMEM;
        return NONE;
    }
    clock.site.variable = variable->slot;
    *kept = clock;
    made.link.as.clock = kept;
    return charge(build, add(build, &made, to), 1u + heng_cel_clock_steps(shifted));
}

static uint32_t build_comparison(builder *build, const heng_cel_node *node,
                                 const comparison *found, ways to) {
    const heng_cel_node *left = node->args[0];
    const heng_cel_node *right = node->args[1];
    int order = found->order;
    to = found->negated ? turned(to) : to;
    if (node->clock.tracked)
        return build_clock(build, node, found, to);
    if (!is_literal(left) && !is_literal(right))
        return build_pair(build, node, order, to);
    heng_decimal decimal = 0;
    heng_cel_kind kind = kind_of(left);
    if (kind == HENG_CEL_DECIMAL && is_literal(right) &&
        right->value.kind == HENG_CEL_INT &&
        heng_decimal_from_int(right->value.as.integer, &decimal))
        return build_word(build, left, order, decimal, to);
    if (kind != kind_of(right))
        return NONE;
    if (is_literal(left)) {
        const heng_cel_node *constant = left;
        left = right;
        right = constant;
        order = mirrored(order);
    }
    heng_cel_value constant = right->value;
    if (order == EQ && kind == HENG_CEL_STRING)
        return build_text(build, left, HENG_CHAIN_EQ_STRING, constant, 2, to);
    if (order != EQ && !is_word(kind, order))
        return build_row(build, node, found->negated ? turned(to) : to);
    if (!is_word(kind, order) || constant.kind != kind)
        return NONE;
    return build_word(build, left, order, constant.as.integer, to);
}

/* ---- other calls ---- */

static int compare_strings(const void *a, const void *b) {
    return heng_chain_order(a, b);
}

/* `x in ["a", "b"]` */
static uint32_t build_in(builder *build, const heng_cel_node *node, ways to) {
    draft made = {.test = HENG_CHAIN_IN};
    const heng_cel_node *list = node->args[1];
    if (list->kind != HENG_CEL_NODE_LIST || list->optional_items != NULL ||
        kind_of(node->args[0]) != HENG_CEL_STRING ||
        !reads(build, node->args[0], &made))
        return NONE;
    heng_cel_value *strings =
        heng_arena_calloc(build->arena, list->arg_count + (size_t)1, sizeof *strings);
    if (strings == NULL) {
        build->status = HENG_ERR_NOMEM;
        return NONE;
    }
    for (uint32_t i = 0; i < list->arg_count; i++) {
        if (!is_literal(list->args[i]) || list->args[i]->value.kind != HENG_CEL_STRING)
            return NONE;
        strings[i] = list->args[i]->value;
    }
    qsort(strings, list->arg_count, sizeof *strings, compare_strings);
    made.link.len = list->arg_count;
    made.link.as.strings = strings;
    return charge(build, add(build, &made, to), 1 + list->arg_count);
}

static uint32_t build_call(builder *build, const heng_cel_node *node, ways to) {
    const comparison *found = find_comparison(node);
    if (found != NULL)
        return build_comparison(build, node, found, to);
    if (heng_cel_ast_is_call(node, "!_", 1))
        return charge(build, build_node(build, node->args[0], turned(to)), 1);
    if (heng_cel_ast_is_call(node, "@in", 2) &&
        node->args[1]->kind == HENG_CEL_NODE_LIST)
        return build_in(build, node, to);
    if (node->operand != NULL && node->arg_count == 1 &&
        heng_str_equal(node->name, HENG_STR("startsWith")) &&
        is_literal(node->args[0]) && node->args[0]->value.len > 0)
        return build_text(build, node->operand, HENG_CHAIN_STARTS, node->args[0]->value,
                          3, to);
    return build_row(build, node, to);
}

/* ---- the tree ---- */

static uint32_t build_logic(builder *build, const heng_cel_node *node, ways to) {
    bool and = node->kind == HENG_CEL_NODE_AND;
    uint32_t first = NONE;
    for (uint32_t i = node->arg_count; i > 0; i--) {
        first = build_node(build, node->args[i - 1], to);
        if (first == NONE)
            return NONE;
        to = and? (ways){first, to.no} : (ways){to.yes, first};
    }
    return charge(build, first, 1);
}

static uint32_t build_condition(builder *build, const heng_cel_node *node, ways to) {
    uint32_t otherwise = build_node(build, node->args[2], to);
    uint32_t then = otherwise == NONE ? NONE : build_node(build, node->args[1], to);
    if (then == NONE)
        return NONE;
    return charge(build, build_node(build, node->args[0], (ways){then, otherwise}), 1);
}

static uint32_t build_select(builder *build, const heng_cel_node *node, ways to) {
    draft made = {.test = HENG_CHAIN_IS_TRUE};
    if (node->test) {
        if (!selects(build, node, &made))
            return NONE;
        made.test = HENG_CHAIN_HAS;
        made.link.kind = HENG_CEL_OBJECT;
        made.link.cost = 2;
        made.link.len = node->slot;
    } else if (!reads(build, node, &made) || made.link.kind != HENG_CEL_BOOL) {
        return NONE;
    }
    return add(build, &made, to);
}

static uint32_t build_node(builder *build, const heng_cel_node *node, ways to) {
    switch (node->kind) {
    case HENG_CEL_NODE_AND:
    case HENG_CEL_NODE_OR:
        return build_logic(build, node, to);
    case HENG_CEL_NODE_CONDITION:
        return build_condition(build, node, to);
    case HENG_CEL_NODE_CALL:
        return build_call(build, node, to);
    case HENG_CEL_NODE_IDENT:
    case HENG_CEL_NODE_SELECT:
        return build_select(build, node, to);
    case HENG_CEL_NODE_COMPREHENSION:
        return build_comprehension(build, node, to);
    case HENG_CEL_NODE_LITERAL:
    case HENG_CEL_NODE_LIST:
    case HENG_CEL_NODE_MAP:
    case HENG_CEL_NODE_STRUCT:
    case HENG_CEL_NODE_BIND:
        break;
    }
    return NONE;
}

/* From link `from` to what was made before it, and will lie after it. */
static uint32_t bytes_to(uint32_t from, uint32_t to) {
    return to < FIRST ? to : (from - to) * (uint32_t)sizeof(heng_chain_link);
}

heng_status heng_chain_build(const heng_cel_ast *ast, heng_arena *arena,
                             const heng_chain_link **ret_chain) {
    builder build = {.arena = arena, .item = NO_ITEM};
    heng_chain_link *chain = NULL;
    uint32_t first = NONE;
    if (kind_of(ast->root) == HENG_CEL_BOOL) {
        first =
            build_node(&build, ast->root, (ways){HENG_CHAIN_TRUE, HENG_CHAIN_FALSE});
    }
    if (first != NONE) { /* the last that was made */
        chain = heng_arena_calloc(arena, build.count, sizeof *chain);
        build.status = chain == NULL ? HENG_ERR_NOMEM : HENG_OK;
    }
    for (uint32_t i = 0; chain != NULL && i < build.count; i++) {
        heng_chain_link *link = &chain[build.count - 1 - i];
        *link = build.links[i];
        link->yes = bytes_to(FIRST + i, link->yes);
        link->no = bytes_to(FIRST + i, link->no);
    }
    heng_alloc_free(build.links);
    if (build.status == HENG_OK) {
        *ret_chain = chain;
    }
    return build.status;
}
