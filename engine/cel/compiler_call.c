/* SPDX-License-Identifier: Apache-2.0 */
/*
 * compiler_call.c: calls as instructions: the common shapes as one instruction, what is
 * known by its row as CALL, the rest by the kinds of the values as CALL_DYN.
 *
 * The machine checks the kinds again wherever it relies on them: a variable may be
 * bound to something else than it was declared to be.
 */
#include <string.h>

#include "cel/cel_clock.h"
#include "cel/emit.h"

static void charge(heng_emit *emit, uint16_t steps) {
    heng_emit_last(emit)->cost = steps;
}

static bool is_name(const heng_cel_node *node, const char *name) {
    return node->name.len == strlen(name) &&
           memcmp(node->name.ptr, name, node->name.len) == 0;
}

static heng_cel_kind kind_of(const heng_cel_node *node) {
    return node->type == NULL ? HENG_CEL_DYN : node->type->kind;
}

/* ---- comparisons ---- */

typedef struct comparison {
    const char *name;
    heng_cel_op word, word_const; /* of one machine word */
    heng_cel_op string, string_const, any;
} comparison;

#define NO_OP HENG_CEL_OP_COUNT
static const comparison COMPARISONS[] = {
    {"_==_", HENG_CEL_OP_EQ_WORD, HENG_CEL_OP_EQ_WORD_CONST, HENG_CEL_OP_EQ_STRING,
     HENG_CEL_OP_EQ_STRING_CONST, HENG_CEL_OP_EQ},
    {"_!=_", HENG_CEL_OP_NE_WORD, HENG_CEL_OP_NE_WORD_CONST, HENG_CEL_OP_NE_STRING,
     HENG_CEL_OP_NE_STRING_CONST, HENG_CEL_OP_NE},
    {"_<_", HENG_CEL_OP_LT_WORD, HENG_CEL_OP_LT_WORD_CONST, NO_OP, NO_OP, NO_OP},
    {"_<=_", HENG_CEL_OP_LE_WORD, HENG_CEL_OP_LE_WORD_CONST, NO_OP, NO_OP, NO_OP},
    {"_>_", HENG_CEL_OP_GT_WORD, HENG_CEL_OP_GT_WORD_CONST, NO_OP, NO_OP, NO_OP},
    {"_>=_", HENG_CEL_OP_GE_WORD, HENG_CEL_OP_GE_WORD_CONST, NO_OP, NO_OP, NO_OP},
};

static const comparison *find_comparison(const heng_cel_node *node) {
    for (size_t i = 0; i < sizeof COMPARISONS / sizeof COMPARISONS[0]; i++) {
        if (is_name(node, COMPARISONS[i].name))
            return &COMPARISONS[i];
    }
    return NULL;
}

static bool clock_call(heng_emit *emit, const heng_cel_node *node,
                       const comparison *found) {
    const heng_cel_node *shifted = node->args[node->clock.on_right ? 1 : 0];
    const heng_cel_node *other = node->args[node->clock.on_right ? 0 : 1];
    const heng_cel_node *clock = heng_cel_clock_of(shifted);
    heng_cel_clock_site *site = heng_arena_calloc(emit->arena, 1, sizeof *site);
    if (clock == NULL)
        return false;
    if (site == NULL) {
        emit->status = HENG_ERR_NOMEM;
        return true;
    }
    site->clock = &node->clock;
    site->shifted = shifted;
    site->variable = clock->slot;
    site->op = found->word;
    heng_emit_reads(emit, clock->slot);
    heng_emit_node(emit, other);
    (void)heng_emit_op(emit, HENG_CEL_OP_CLOCK, node, 0, 0);
    heng_emit_last(emit)->as.ptr = site;
    charge(emit, (uint16_t)(1 + heng_cel_clock_steps(shifted)));
    return true;
}

/* Whether both sides are of one kind that compares as one machine word. */
static bool is_word(heng_cel_kind kind, bool ordered) {
    return kind == HENG_CEL_INT || kind == HENG_CEL_DATE || kind == HENG_CEL_DECIMAL ||
           (!ordered && kind == HENG_CEL_UINT);
}

/* `amount > 100000`: the constant is made a decimal once. */
static bool decimal_constant(const heng_emit *emit, const heng_cel_node *node,
                             heng_decimal *ret_value) {
    return !emit->trace && kind_of(node->args[0]) == HENG_CEL_DECIMAL &&
           node->args[1]->kind == HENG_CEL_NODE_LITERAL &&
           node->args[1]->value.kind == HENG_CEL_INT &&
           heng_decimal_from_int(node->args[1]->value.as.integer, ret_value);
}

static bool comparison_call(heng_emit *emit, const heng_cel_node *node) {
    const comparison *found = find_comparison(node);
    if (found == NULL || node->arg_count != 2 || node->operand != NULL)
        return false;
    if (node->clock.tracked && clock_call(emit, node, found))
        return true;

    heng_cel_kind left = kind_of(node->args[0]);
    bool same = left == kind_of(node->args[1]);
    bool constant = !emit->trace && node->args[1]->kind == HENG_CEL_NODE_LITERAL;
    heng_cel_op op = found->any;
    heng_cel_op with_constant = NO_OP;
    if (same && is_word(left, found->any == NO_OP)) {
        op = found->word;
        with_constant = found->word_const;
    } else if (same && left == HENG_CEL_STRING && found->string != NO_OP) {
        op = found->string;
        with_constant = found->string_const;
    }
    heng_decimal promoted = 0;
    bool promotes = decimal_constant(emit, node, &promoted);
    if (op == NO_OP && !promotes)
        return false;

    heng_emit_node(emit, node->args[0]);
    if (promotes) {
        (void)heng_emit_op(emit, found->word_const, node, 0, 0);
        charge(emit, 2);
        heng_emit_word(emit, heng_cel_value_decimal(promoted));
    } else if (constant && with_constant != NO_OP &&
               node->args[1]->value.kind == left) {
        (void)heng_emit_op(emit, with_constant, node, 0, 0);
        charge(emit, 2);
        heng_emit_word(emit, node->args[1]->value);
    } else {
        heng_emit_node(emit, node->args[1]);
        (void)heng_emit_op(emit, op, node, 0, 0);
        heng_emit_last(emit)->kind = (uint8_t)left; /* *_WORD checks it */
        charge(emit, 1);
    }
    return true;
}

/* `x in ["a", "b"]` with a string on the left. */
static bool in_strings(heng_emit *emit, const heng_cel_node *node) {
    if (!is_name(node, "@in") || node->arg_count != 2 || emit->trace ||
        kind_of(node->args[0]) != HENG_CEL_STRING ||
        node->args[1]->kind != HENG_CEL_NODE_LIST ||
        node->args[1]->optional_items != NULL)
        return false;
    const heng_cel_node *list = node->args[1];
    for (uint32_t i = 0; i < list->arg_count; i++) {
        if (list->args[i]->kind != HENG_CEL_NODE_LITERAL ||
            list->args[i]->value.kind != HENG_CEL_STRING)
            return false;
    }
    heng_cel_value *items =
        heng_arena_calloc(emit->arena, list->arg_count + (size_t)1, sizeof *items);
    if (items == NULL) {
        emit->status = HENG_ERR_NOMEM;
        return true;
    }
    for (uint32_t i = 0; i < list->arg_count; i++) {
        items[i] = list->args[i]->value;
    }
    heng_emit_node(emit, node->args[0]);
    (void)heng_emit_op(emit, HENG_CEL_OP_IN_STRINGS, node, list->arg_count, 0);
    heng_emit_last(emit)->as.ptr = items;
    charge(emit, 1);
    return true;
}

/* ---- operators with an instruction of their own ---- */

static bool index_call(heng_emit *emit, const heng_cel_node *node) {
    bool optional = node->optional || is_name(node, "_[?_]");
    if (node->arg_count != 2 || (!is_name(node, "_[_]") && !is_name(node, "_[?_]")))
        return false;
    heng_emit_node(emit, node->args[0]);
    heng_emit_node(emit, node->args[1]);
    (void)heng_emit_op(emit, optional ? HENG_CEL_OP_INDEX_OPT : HENG_CEL_OP_INDEX, node,
                       0, 0);
    charge(emit, 1);
    return true;
}

static bool arithmetic_call(heng_emit *emit, const heng_cel_node *node) {
    static const struct {
        const char *name;
        heng_cel_op op;
    } operators[] = {
        {"_+_", HENG_CEL_OP_ADD_INT},
        {"_-_", HENG_CEL_OP_SUB_INT},
        {"_*_", HENG_CEL_OP_MUL_INT},
    };
    if (node->arg_count != 2 || node->operand != NULL)
        return false;
    heng_cel_kind left = kind_of(node->args[0]);
    heng_cel_kind right = kind_of(node->args[1]);
    if (left == HENG_CEL_DATE && right == HENG_CEL_DATE && is_name(node, "_-_")) {
        heng_emit_node(emit, node->args[0]);
        heng_emit_node(emit, node->args[1]);
        (void)heng_emit_op(emit, HENG_CEL_OP_SUB_DATE, node, 0, 0);
        charge(emit, 1);
        return true;
    }
    if (left != HENG_CEL_INT || right != HENG_CEL_INT)
        return false;
    for (size_t i = 0; i < sizeof operators / sizeof operators[0]; i++) {
        if (is_name(node, operators[i].name)) {
            heng_emit_node(emit, node->args[0]);
            heng_emit_node(emit, node->args[1]);
            (void)heng_emit_op(emit, operators[i].op, node, 0, 0);
            charge(emit, 1);
            return true;
        }
    }
    return false;
}

static bool not_call(heng_emit *emit, const heng_cel_node *node) {
    if (node->arg_count != 1 || !is_name(node, "!_"))
        return false;
    heng_emit_node(emit, node->args[0]);
    (void)heng_emit_op(emit, HENG_CEL_OP_NOT, node, 0, 0);
    charge(emit, 1);
    return true;
}

/* `region.startsWith("43")` */
static bool starts_call(heng_emit *emit, const heng_cel_node *node) {
    if (emit->trace || node->operand == NULL || node->arg_count != 1 ||
        !is_name(node, "startsWith") || kind_of(node->operand) != HENG_CEL_STRING ||
        node->args[0]->kind != HENG_CEL_NODE_LITERAL ||
        node->args[0]->value.kind != HENG_CEL_STRING || node->args[0]->value.len == 0)
        return false;
    heng_emit_node(emit, node->operand);
    (void)heng_emit_op(emit, HENG_CEL_OP_STARTS_CONST, node, 0, 0);
    charge(emit, 3); /* the call, the constant, and the base of its row */
    heng_emit_word(emit, node->args[0]->value);
    return true;
}

/* size() of a list; of a filter only its items are counted. */
static bool size_call(heng_emit *emit, const heng_cel_node *node) {
    const heng_cel_node *of = node->operand != NULL ? node->operand
                              : node->arg_count > 0 ? node->args[0]
                                                    : NULL;
    if (of == NULL || !is_name(node, "size") ||
        node->arg_count + (node->operand != NULL ? 1u : 0u) != 1 ||
        kind_of(of) != HENG_CEL_LIST)
        return false;
    if (!emit->trace && of->kind == HENG_CEL_NODE_COMPREHENSION &&
        of->fold == HENG_CEL_FOLD_FILTER) {
        heng_emit_count(emit, node, of);
        return true;
    }
    heng_emit_node(emit, of);
    (void)heng_emit_op(emit, HENG_CEL_OP_SIZE_LIST, node, 0, 0);
    charge(emit, 1);
    return true;
}

/* `a.or(b)`, `a.orValue(b)`: b is evaluated only where a holds nothing. */
static bool or_call(heng_emit *emit, const heng_cel_node *node) {
    bool value = is_name(node, "orValue");
    if (node->operand == NULL || node->arg_count != 1 ||
        (!value && !is_name(node, "or")))
        return false;
    heng_emit_node(emit, node->operand);
    uint32_t exit = heng_emit_op(
        emit, value ? HENG_CEL_OP_OPT_OR_VALUE : HENG_CEL_OP_OPT_OR, node, 0, 0);
    charge(emit, 1);
    heng_emit_node(emit, node->args[0]);
    if (!value) {
        (void)heng_emit_op(emit, HENG_CEL_OP_OPT_CHECK, node, 0, 0);
    }
    heng_emit_land(emit, exit);
    return true;
}

/* ---- calls by row ---- */

static bool is_constant(const heng_cel_node *node, heng_cel_value *ret_value) {
    if (node->kind != HENG_CEL_NODE_LITERAL)
        return false;
    *ret_value = node->value;
    return true;
}

/* Lets the row look at its constant arguments; false where it refuses them. */
static bool prepare(heng_emit *emit, const heng_cel_node *node,
                    heng_cel_call_site *site) {
    heng_cel_value args[HENG_CEL_PARAMS_MAX] = {{0}};
    bool constants[HENG_CEL_PARAMS_MAX] = {false};
    if (site->row->prepare == NULL || site->count > HENG_CEL_PARAMS_MAX)
        return true;
    uint32_t count = 0;
    if (node->operand != NULL) {
        constants[count] = is_constant(node->operand, &args[count]);
        count++;
    }
    for (uint32_t i = 0; i < node->arg_count; i++, count++) {
        constants[count] = is_constant(node->args[i], &args[count]);
    }
    heng_cel_value refused =
        site->row->prepare(emit->arena, args, constants, count, &site->constant);
    if (!heng_cel_value_is_error(refused)) {
        heng_emit_release(emit, site->row, site->constant);
        return true;
    }
    if (refused.as.error->code == HENG_CEL_ERR_MEMORY) {
        emit->status = HENG_ERR_NOMEM;
        return false;
    }
    emit->status = HENG_ERR_INVALID;
    emit->refusal.node = node;
    emit->refusal.message = heng_arena_dup(emit->arena, refused.as.error->message.ptr,
                                           refused.as.error->message.len);
    return false;
}

/* `math.greatest` of an unchecked `math.greatest(1, 2)`, where `math` is no variable.
 */
static heng_str qualified_name(heng_emit *emit, const heng_cel_node *node) {
    const heng_cel_node *scope = node->operand;
    if (scope == NULL || scope->kind != HENG_CEL_NODE_IDENT ||
        scope->ref != HENG_CEL_REF_NONE)
        return (heng_str){NULL, 0};
    char *name = heng_arena_printf(emit->arena, "%.*s.%.*s", HENG_STR_ARG(scope->name),
                                   HENG_STR_ARG(node->name));
    heng_str whole = heng_str_of(name);
    return heng_cel_library_has(whole) ? whole : (heng_str){NULL, 0};
}

/* All rows of the name and arity, with their kinds. */
static void find_rows(heng_emit *emit, heng_cel_call_site *site, bool receiver) {
    enum { FEW = 64 };
    const heng_cel_overload *rows[FEW];
    size_t count = heng_cel_library_find(site->name, receiver, site->count, rows, FEW);
    count = count < FEW ? count : FEW;
    heng_cel_signature *signatures =
        heng_arena_calloc(emit->arena, count + 1, sizeof *signatures);
    site->rows = heng_arena_calloc(emit->arena, count + 1, sizeof(const void *));
    if (signatures == NULL || site->rows == NULL) {
        emit->status = HENG_ERR_NOMEM;
        return;
    }
    for (size_t i = 0; i < count; i++) {
        site->rows[i] = rows[i];
        (void)heng_cel_library_signature(rows[i], &signatures[i]);
    }
    site->signatures = signatures;
    site->row_count = (uint32_t)count;
}

/* Whether values of other kinds than the chosen row takes can come in. */
static bool may_need_other_rows(const heng_cel_call_site *site,
                                const heng_cel_node *node, bool receiver) {
    if (site->row == NULL)
        return true;
    for (uint32_t i = 0; i < site->count; i++) {
        const heng_cel_node *arg =
            receiver ? (i == 0 ? node->operand : node->args[i - 1]) : node->args[i];
        if (arg->type == NULL || arg->type->kind == HENG_CEL_DYN ||
            arg->type->kind == HENG_CEL_PARAM || arg->type->kind == HENG_CEL_ERROR)
            return true;
    }
    return false;
}

static void unknown_function(heng_emit *emit, const heng_cel_node *node) {
    heng_emit_error(emit, node,
                    heng_cel_value_error(emit->arena, HENG_CEL_ERR_UNKNOWN_NAME,
                                         "unknown function `%.*s`",
                                         HENG_STR_ARG(node->name)));
}

static void plain_call(heng_emit *emit, const heng_cel_node *node) {
    heng_cel_call_site *site = heng_arena_calloc(emit->arena, 1, sizeof *site);
    if (site == NULL) {
        emit->status = HENG_ERR_NOMEM;
        return;
    }
    heng_str qualified = qualified_name(emit, node);
    bool receiver = node->operand != NULL && qualified.len == 0;
    site->name = qualified.len > 0 ? qualified : node->name;
    site->count = node->arg_count + (receiver ? 1u : 0u);
    site->row = node->overload;
    if (site->row == NULL && !heng_cel_library_has(site->name)) {
        unknown_function(emit, node);
        return;
    }
    if (may_need_other_rows(site, node, receiver)) {
        find_rows(emit, site, receiver);
    }
    if (site->row != NULL && !prepare(emit, node, site))
        return;

    if (receiver) {
        heng_emit_node(emit, node->operand);
    }
    for (uint32_t i = 0; i < node->arg_count; i++) {
        heng_emit_node(emit, node->args[i]);
    }
    heng_cel_op op = HENG_CEL_OP_CALL_DYN;
    if (site->row != NULL) {
        op = HENG_CEL_OP_CALL;
        site->sized = site->row->cost != HENG_CEL_COST_CONSTANT;
        (void)heng_cel_library_signature(site->row, &site->signature);
    }
    (void)heng_emit_op(emit, op, node, site->count, site->count);
    heng_emit_last(emit)->as.ptr = site;
    charge(emit, 1);
}

void heng_emit_call(heng_emit *emit, const heng_cel_node *node) {
    if (comparison_call(emit, node) || in_strings(emit, node) ||
        index_call(emit, node) || arithmetic_call(emit, node) || not_call(emit, node) ||
        starts_call(emit, node) || size_call(emit, node) || or_call(emit, node))
        return;
    plain_call(emit, node);
}
