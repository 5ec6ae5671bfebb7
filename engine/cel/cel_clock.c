/* SPDX-License-Identifier: Apache-2.0 */
/* cel_clock.c: finds the comparisons that change with the as-of day. See the header. */
#include "cel/cel_clock.h"

#include "cel/env.h"

typedef enum dependence { INDEPENDENT, SETTLED, RAW } dependence;

typedef struct clock_tracker {
    heng_cel_ast *ast;
    uint32_t slot; /* of the as-of day */
} clock_tracker;

static bool is_clock(const clock_tracker *tracker, const heng_cel_node *node) {
    return node->kind == HENG_CEL_NODE_IDENT && node->ref == HENG_CEL_REF_VARIABLE &&
           node->slot == tracker->slot;
}

static bool is_period(const heng_cel_node *node) {
    return node->kind == HENG_CEL_NODE_LITERAL && node->value.kind == HENG_CEL_PERIOD;
}

/* `as_of`, `as_of + p`, `p + as_of` or `as_of - p`; says how it is shifted. */
static bool read_shift(const clock_tracker *tracker, const heng_cel_node *node,
                       heng_cel_clock *ret_clock) {
    heng_cel_clock clock = {.tracked = true};
    if (is_clock(tracker, node)) {
        *ret_clock = clock;
        return true;
    }
    bool plus = heng_cel_ast_is_call(node, "_+_", 2);
    bool minus = heng_cel_ast_is_call(node, "_-_", 2);
    if (!plus && !minus)
        return false;
    const heng_cel_node *left = node->args[0];
    const heng_cel_node *right = node->args[1];
    bool flipped = plus && is_period(left) && is_clock(tracker, right);
    if (!flipped && !(is_clock(tracker, left) && is_period(right)))
        return false;
    clock.shifted = true;
    clock.minus = minus;
    clock.period = flipped ? left->value.as.period : right->value.as.period;
    *ret_clock = clock;
    return true;
}

static bool is_comparison(const heng_cel_node *node) {
    static const char *const names[] = {"_<_", "_<=_", "_>_", "_>=_", "_==_", "_!=_"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (heng_cel_ast_is_call(node, names[i], 2))
            return true;
    }
    return false;
}

static bool is_date(const heng_cel_node *node) {
    return node->type != NULL && node->type->kind == HENG_CEL_DATE;
}

static dependence track(clock_tracker *tracker, heng_cel_node *node);

/* A raw clock on one side and a date that is none on the other. */
static bool track_comparison(clock_tracker *tracker, heng_cel_node *node,
                             dependence left, dependence right) {
    bool on_right = right == RAW;
    heng_cel_clock clock;
    if ((left == RAW) == (right == RAW) || !is_date(node->args[0]) ||
        !is_date(node->args[1]) ||
        !read_shift(tracker, node->args[on_right ? 1 : 0], &clock))
        return false;
    clock.on_right = on_right;
    node->clock = clock;
    return true;
}

static dependence track(clock_tracker *tracker, heng_cel_node *node) {
    heng_cel_clock shift;
    dependence all = INDEPENDENT;
    if (is_clock(tracker, node)) {
        tracker->ast->reads_clock = true;
        return RAW;
    }
    if (is_comparison(node)) {
        dependence left = track(tracker, node->args[0]);
        dependence right = track(tracker, node->args[1]);
        if (left == INDEPENDENT && right == INDEPENDENT)
            return INDEPENDENT;
        if ((left == RAW || right == RAW) &&
            !track_comparison(tracker, node, left, right)) {
            tracker->ast->clock_opaque = true;
        }
        return SETTLED;
    }

    bool raw = false;
    uint32_t count = heng_cel_ast_child_count(node);
    for (uint32_t i = 0; i < count; i++) {
        dependence child = track(tracker, heng_cel_ast_child(node, i));
        raw = raw || child == RAW;
        all = child > all ? child : all;
    }
    if (raw && read_shift(tracker, node, &shift))
        return RAW;
    if (raw) {
        tracker->ast->clock_opaque = true;
    }
    return all == INDEPENDENT ? INDEPENDENT : SETTLED;
}

void heng_cel_clock_track(const heng_cel_env *env, heng_cel_ast *ast) {
    clock_tracker tracker = {ast, heng_cel_env_clock_slot(env)};
    if (tracker.slot != HENG_CEL_SLOT_NONE && track(&tracker, ast->root) == RAW) {
        ast->clock_opaque = true;
    }
}

const heng_cel_node *heng_cel_clock_of(const heng_cel_node *shifted) {
    if (shifted->kind == HENG_CEL_NODE_IDENT)
        return shifted->ref == HENG_CEL_REF_VARIABLE ? shifted : NULL;
    if (shifted->kind != HENG_CEL_NODE_CALL)
        return NULL;
    for (uint32_t i = 0; i < shifted->arg_count; i++) {
        const heng_cel_node *arg = shifted->args[i];
        if (arg->kind == HENG_CEL_NODE_IDENT && arg->ref == HENG_CEL_REF_VARIABLE &&
            is_date(arg))
            return arg;
    }
    return NULL;
}

uint16_t heng_cel_clock_steps(const heng_cel_node *shifted) {
    return (uint16_t)(1 +
                      (shifted->kind == HENG_CEL_NODE_CALL ? shifted->arg_count : 0));
}
