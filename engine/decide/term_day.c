/* SPDX-License-Identifier: Apache-2.0 */
#include "decide/term_day.h"

#include "model/flat.h"

typedef enum day_kind {
    DAY_CONSTANT,
    DAY_DECIDED,
    DAY_EFFECTIVE,
    DAY_EXPIRES,
    DAY_ATTRIBUTE,
    DAY_LATER,  /* `left` and a period */
    DAY_CHOSEN, /* `left` where the sieve, or the comparison, holds; else `right` */
} day_kind;

/* A comparison of two days. */
typedef struct day_order {
    const heng_term_day *left, *right;
    bool or_equal;
    bool turned; /* right < left */
} day_order;

struct heng_term_day {
    day_kind kind;
    uint32_t name; /* of the attribute, in the store */
    heng_date day;
    heng_period period;
    const heng_term_day *left, *right;
    const heng_sieve *sieve; /* NULL: `order` */
    day_order order;
};

/* ---- making ---- */

typedef struct maker {
    heng_plan *plan;
    const heng_cel_ast *ast;
    bool failed; /* out of memory */
} maker;

static const heng_term_day *make(maker *to, const heng_cel_node *node);

static const heng_term_day *keep(maker *to, heng_term_day day) {
    heng_term_day *kept = heng_arena_alloc(to->plan->arena, sizeof *kept);
    to->failed = to->failed || kept == NULL;
    if (kept != NULL)
        *kept = day;
    return kept;
}

/* `r.field`, not has(r.field) or r.?field. */
static bool is_field(const heng_cel_node *node) {
    return node->kind == HENG_CEL_NODE_SELECT && node->ref == HENG_CEL_REF_FIELD &&
           !node->test && !node->optional &&
           node->operand->kind == HENG_CEL_NODE_IDENT &&
           node->operand->ref == HENG_CEL_REF_VARIABLE &&
           node->operand->slot == HENG_SLOT_R;
}

static const heng_term_day *make_field(maker *to, uint32_t slot) {
    const heng_plan *plan = to->plan;
    if (slot == HENG_RECORD_FIELD_DECIDED_ON)
        return keep(to, (heng_term_day){.kind = DAY_DECIDED});
    if (slot == HENG_RECORD_FIELD_EFFECTIVE_ON)
        return keep(to, (heng_term_day){.kind = DAY_EFFECTIVE});
    if (slot == HENG_RECORD_FIELD_EXPIRES_ON)
        return keep(to, (heng_term_day){.kind = DAY_EXPIRES});
    if (slot < HENG_RECORD_FIELD_COUNT)
        return NULL;
    uint32_t index = slot - HENG_RECORD_FIELD_COUNT;
    if (plan->ruleset->record_attributes[index]->type != HENG_ATTRIBUTE_DATE ||
        plan->record_attribute_names[index] == HENG_NAME_NONE)
        return NULL;
    return keep(to, (heng_term_day){.kind = DAY_ATTRIBUTE,
                                    .name = plan->record_attribute_names[index]});
}

/* `day + period`, or the other way round. */
static const heng_term_day *make_sum(maker *to, const heng_cel_node *node) {
    const heng_cel_node *day = node->args[0], *period = node->args[1];
    if (day->kind == HENG_CEL_NODE_LITERAL) {
        day = node->args[1];
        period = node->args[0];
    }
    if (period->kind != HENG_CEL_NODE_LITERAL || period->value.kind != HENG_CEL_PERIOD)
        return NULL;
    const heng_term_day *left = make(to, day);
    return left == NULL ? NULL
                        : keep(to, (heng_term_day){.kind = DAY_LATER,
                                                   .left = left,
                                                   .period = period->value.as.period});
}

static bool make_order(maker *to, const heng_cel_node *node, day_order *ret_order) {
    static const struct {
        const char *name;
        bool or_equal, turned;
    } ORDERS[] = {{"_<_", false, false},
                  {"_<=_", true, false},
                  {"_>_", false, true},
                  {"_>=_", true, true}};
    for (size_t i = 0; i < sizeof ORDERS / sizeof *ORDERS; i++) {
        if (!heng_cel_ast_is_call(node, ORDERS[i].name, 2))
            continue;
        *ret_order = (day_order){.left = make(to, node->args[0]),
                                 .right = make(to, node->args[1]),
                                 .or_equal = ORDERS[i].or_equal,
                                 .turned = ORDERS[i].turned};
        return ret_order->left != NULL && ret_order->right != NULL;
    }
    return false;
}

static const heng_term_day *make_chosen(maker *to, const heng_cel_node *node) {
    heng_term_day day = {.kind = DAY_CHOSEN};
    if (!make_order(to, node->args[0], &day.order)) {
        heng_cel_ast condition = *to->ast;
        condition.root = node->args[0];
        to->failed = !heng_sieve_new(to->plan, &condition, &day.sieve) || to->failed;
        if (day.sieve == NULL)
            return NULL;
    }
    day.left = make(to, node->args[1]);
    day.right = make(to, node->args[2]);
    return day.left == NULL || day.right == NULL ? NULL : keep(to, day);
}

static const heng_term_day *make(maker *to, const heng_cel_node *node) {
    if (node->kind == HENG_CEL_NODE_LITERAL)
        return node->value.kind == HENG_CEL_DATE
                   ? keep(to, (heng_term_day){.kind = DAY_CONSTANT,
                                              .day = (heng_date)node->value.as.integer})
                   : NULL;
    if (is_field(node))
        return make_field(to, node->slot);
    if (heng_cel_ast_is_call(node, "_+_", 2))
        return make_sum(to, node);
    return node->kind == HENG_CEL_NODE_CONDITION ? make_chosen(to, node) : NULL;
}

bool heng_term_day_new(heng_plan *plan, const heng_cel_ast *ast,
                       const heng_term_day **ret_day) {
    maker to = {.plan = plan, .ast = ast};
    *ret_day = ast->checked ? make(&to, ast->root) : NULL;
    return !to.failed;
}

/* ---- telling ---- */

static bool tell_attribute(const heng_term_day *day, const heng_seen *seen,
                           heng_date *ret_day) {
    const uint8_t *entry = heng_flat_record_attribute(seen->bytes, day->name);
    if (entry == NULL || entry[4] != HENG_ATTRIBUTE_DATE)
        return false;
    *ret_day = (heng_date)heng_flat_i64(entry + 8);
    return true;
}

static bool tell_order(const day_order *order, const heng_seen *seen,
                       const heng_sieve_input *input, bool *ret_holds) {
    heng_date left = 0, right = 0;
    if (!heng_term_day_tell(order->left, seen, input, &left) ||
        !heng_term_day_tell(order->right, seen, input, &right))
        return false;
    bool before = order->turned ? right < left : left < right;
    *ret_holds = before || (order->or_equal && left == right);
    return true;
}

static bool tell_chosen(const heng_term_day *day, const heng_seen *seen,
                        const heng_sieve_input *input, heng_date *ret_day) {
    bool holds = false;
    if (day->sieve != NULL) {
        heng_tri told = heng_sieve_ask(day->sieve, input);
        if (told == HENG_TRI_UNKNOWN)
            return false;
        holds = told == HENG_TRI_TRUE;
    } else if (!tell_order(&day->order, seen, input, &holds)) {
        return false;
    }
    return heng_term_day_tell(holds ? day->left : day->right, seen, input, ret_day);
}

bool heng_term_day_tell(const heng_term_day *day, const heng_seen *seen,
                        const heng_sieve_input *input, heng_date *ret_day) {
    heng_date from = 0;
    switch (day->kind) {
    case DAY_CONSTANT:
        *ret_day = day->day;
        return true;
    case DAY_DECIDED:
        *ret_day = seen->decided_on;
        return true;
    case DAY_EFFECTIVE:
        *ret_day = seen->effective_on;
        return true;
    case DAY_EXPIRES:
        *ret_day = seen->expires_on;
        return seen->expires_on != HENG_DATE_NONE;
    case DAY_ATTRIBUTE:
        return tell_attribute(day, seen, ret_day);
    case DAY_LATER:
        return heng_term_day_tell(day->left, seen, input, &from) &&
               heng_date_add(from, day->period, ret_day);
    case DAY_CHOSEN:
        return tell_chosen(day, seen, input, ret_day);
    }
    return false;
}
