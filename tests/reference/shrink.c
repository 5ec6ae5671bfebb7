/* SPDX-License-Identifier: Apache-2.0 */
/* shrink.c: makes a pair that shows a difference as small as it gets: each step leaves
 * something out, and is kept where the two still differ. */
#include "check_pair.h"

#include <stdlib.h>
#include <string.h>

typedef struct pair {
    rules rules;
    world world;
} pair;

typedef struct shrinking {
    const check *how;
    int who;
    day as_of;
    bool loads; /* whether the pair can be loaded: a step must not change that */
} shrinking;

/* ---- steps: false where there is nothing (more) to leave out at `at` ---- */

static unsigned without_bit(unsigned bits, int at) {
    unsigned low = bits & ((1U << at) - 1);
    return low | (bits >> (at + 1) << at);
}

static bool drop_rule(pair *from, int at) {
    rules *of = &from->rules;
    if (at >= of->rule_count)
        return false;
    memmove(&of->rules[at], &of->rules[at + 1],
            (size_t)(of->rule_count - at - 1) * sizeof of->rules[0]);
    of->rule_count--;
    unsigned tags = 0;
    for (int i = 0; i < of->rule_count; i++) {
        of->rules[i].exceptions = without_bit(of->rules[i].exceptions, at);
        tags |= of->rules[i].tags;
    }
    for (int i = 0; i < of->rule_count; i++)
        of->rules[i].exception_tags &= tags;
    return true;
}

static bool drop_record(pair *from, int at) {
    world *in = &from->world;
    if (at >= in->record_count)
        return false;
    memmove(&in->records[at], &in->records[at + 1],
            (size_t)(in->record_count - at - 1) * sizeof in->records[0]);
    in->record_count--;
    return true;
}

static bool drop_conflict(pair *from, int at) {
    rules *of = &from->rules;
    if (at >= of->conflict_count)
        return false;
    of->conflicts[at] = of->conflicts[--of->conflict_count];
    return true;
}

static bool drop_relation(pair *from, int at) {
    subject *of = &from->world.subjects[at / MAX_RELATIONS];
    int which = at % MAX_RELATIONS;
    if (at / MAX_RELATIONS >= from->world.subject_count)
        return false;
    if (which < of->relation_count)
        of->relations[which] = of->relations[--of->relation_count];
    return true;
}

static bool drop_party(pair *from, int at) {
    if (at >= from->world.record_count)
        return false;
    from->world.records[at].party_count = 0;
    return true;
}

static bool drop_attribute(pair *from, int at) {
    int index = at / RECORD_ATTRIBUTES, which = at % RECORD_ATTRIBUTES;
    if (index >= from->world.record_count)
        return false;
    record *of = &from->world.records[index];
    if ((from->rules.categories[of->category].required >> which & 1) == 0)
        of->attributes[which].present = false;
    return true;
}

/* One trait of a rule after the other. */
static bool simplify_rule(pair *from, int at) {
    enum { TRAITS = 11 };
    if (at / TRAITS >= from->rules.rule_count)
        return false;
    rule *by = &from->rules.rules[at / TRAITS];
    switch (at % TRAITS) {
    case 0:
        by->unless_count -= by->unless_count > 0;
        break;
    case 1:
        if (by->unless_count == 2)
            by->unless[0] = by->unless[1];
        by->unless_count -= by->unless_count > 0;
        break;
    case 2:
        if (by->ground >= 0)
            by->when = -1;
        break;
    case 3:
        by->term = TERM_NONE;
        break;
    case 4:
        by->exceptions = by->exception_tags = 0;
        break;
    case 5:
        by->region_count = 0;
        break;
    case 6:
        by->measures &= by->measures - 1;
        break;
    case 7:
        by->measures = by->measures == 0 ? 0 : 1U << 0 & by->measures;
        break;
    case 8:
        by->force = -1;
        by->stays = false;
        break;
    case 9:
        by->from = calendar_day(2010, 1, 1);
        by->to = DAY_NONE;
        break;
    default:
        by->applies_to = 15;
        break;
    }
    return true;
}

/* A condition becomes one of its parts. */
static bool simplify_condition(pair *from, int at) {
    rules *of = &from->rules;
    if (at / 2 >= of->node_count)
        return false;
    node *of_node = &of->nodes[at / 2];
    bool choice = of_node->op == OP_IF;
    if (of_node->op == OP_AND || of_node->op == OP_OR || choice) {
        int part = at % 2 == 0 ? (choice ? of_node->c : of_node->a) : of_node->b;
        *of_node = of->nodes[part];
    }
    return true;
}

static bool drop_repair(pair *from, int at) {
    if (at / 2 >= from->rules.category_count)
        return false;
    category *of = &from->rules.categories[at / 2];
    if (at % 2 == 0)
        of->repair_count = 0;
    else
        of->has_use_limit = false;
    return true;
}

static bool drop_status(pair *from, int at) {
    if (at >= from->world.record_count)
        return false;
    from->world.records[at].status = ACTIVE;
    return true;
}

/* ---- */

static bool still_differs(const shrinking *with, const pair *of) {
    text why = {0};
    bool differs =
        !check_alone(with->how, &of->rules, &of->world, with->who, with->as_of, &why);
    bool loads = why.len == 0 || strstr(why.bytes, "refused") == NULL;
    text_free(&why);
    return differs && loads == with->loads;
}

void shrink(const check *how, rules *rules_of, world *in, int who, day as_of) {
    static bool (*const steps[])(pair * from, int at) = {
        drop_rule,     drop_record,    drop_conflict,      drop_relation, drop_party,
        simplify_rule, drop_attribute, simplify_condition, drop_repair,   drop_status};
    shrinking with = {how, who, as_of, true};
    pair *best = malloc(sizeof *best), *trial = malloc(sizeof *trial);
    if (best == NULL || trial == NULL)
        abort();
    *best = (pair){*rules_of, *in};
    with.loads = still_differs(&with, best);
    for (int round = 0; round < 3; round++) {
        for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++) {
            for (int at = 0;; at++) {
                *trial = *best;
                if (!steps[i](trial, at))
                    break;
                if (memcmp(trial, best, sizeof *trial) == 0 ||
                    !still_differs(&with, trial))
                    continue;
                *best = *trial;
                if (i < 3)
                    at--; /* another one moved there */
            }
        }
    }
    *rules_of = best->rules;
    *in = best->world;
    free(best);
    free(trial);
}
