/* SPDX-License-Identifier: Apache-2.0 */
/*
 * generate_rules.c: random rulesets that are valid, and in which much happens: few
 * categories, so that rules meet records; few periods and days, so that edges meet.
 */
#include "world.h"

#include <stdio.h>

typedef struct maker {
    rules *of;
    rng *from;
} maker;

static const char *const region_prefixes[] = {"43", "4301", "430102", "44"};

day generate_day(rng *from) {
    static const int edges[][3] = {{2020, 2, 29},  {2021, 1, 31}, {2023, 8, 31},
                                   {2024, 2, 29},  {2024, 1, 31}, {2022, 12, 31},
                                   {2024, 11, 30}, {2023, 3, 31}};
    if (rng_chance(from, 30)) {
        const int *edge = edges[rng_below(from, 8)];
        return calendar_day(edge[0], edge[1], edge[2]);
    }
    if (rng_chance(from, 3))
        return calendar_day(rng_range(from, 1905, 2195), 1, 1);
    return calendar_day(rng_range(from, 2020, 2025), rng_range(from, 1, 12),
                        rng_range(from, 1, 28));
}

period generate_period(rng *from) {
    static const period common[] = {{12, 0}, {36, 0}, {60, 0}, {24, 0}, {6, 0}};
    static const period rare[] = {{1, 0}, {0, 30},  {0, 1},  {3, 0}, {18, 0},
                                  {2, 0}, {13, 15}, {0, 90}, {0, 0}, {2400, 0}};
    return rng_chance(from, 60) ? common[rng_below(from, 5)]
                                : rare[rng_below(from, rng_chance(from, 10) ? 10 : 8)];
}

/* ---- trees ---- */

static int add(maker *to, node what) {
    if (to->of->node_count == MAX_NODES - 1) /* the last one stands for all others */
        what = (node){.op = OP_LITERAL, .constant = {.type = TYPE_BOOL, .number = 1}};
    else
        to->of->node_count++;
    to->of->nodes[to->of->node_count - 1] = what;
    return to->of->node_count - 1;
}

static bool is_full(const maker *to) {
    return to->of->node_count > MAX_NODES - 60;
}

static int add_op(maker *to, op sign, int a, int b) {
    return add(to, (node){.op = sign, .a = a, .b = b, .c = -1});
}

static int add_leaf(maker *to, op kind, int read, int var) {
    return add(
        to, (node){.op = kind, .a = -1, .b = -1, .c = -1, .field = read, .var = var});
}

static int add_constant(maker *to, value of) {
    return add(to, (node){.op = OP_LITERAL, .a = -1, .b = -1, .c = -1, .constant = of});
}

static int add_number(maker *to, type kind, int64_t number) {
    return add_constant(to, (value){.type = kind, .number = number});
}

static int add_text(maker *to, const char *chars) {
    return add_constant(to, (value){.type = TYPE_STRING, .text = chars});
}

static int add_date(maker *to) {
    return add_number(to, TYPE_DATE, generate_day(to->from));
}

static int add_moved(maker *to, int date) {
    return add(to, (node){.op = rng_chance(to->from, 50) ? OP_LATER : OP_EARLIER,
                          .a = date,
                          .b = -1,
                          .c = -1,
                          .period = generate_period(to->from)});
}

static op any_order(maker *to) {
    static const op orders[] = {OP_LT, OP_LE, OP_GT, OP_GE, OP_EQ, OP_NE};
    return orders[rng_below(to->from, rng_chance(to->from, 80) ? 4 : 6)];
}

static int either_way(maker *to, op sign, int a, int b) {
    return rng_chance(to->from, 50) ? add_op(to, sign, a, b) : add_op(to, sign, b, a);
}

/* A date against as_of ± period, in either order. */
static int compare_with_today(maker *to, int date) {
    int today = add_leaf(to, OP_AS_OF, 0, 0);
    int how = rng_below(to->from, 4);
    if (how == 0)
        date = add_moved(to, date);
    else if (how == 1)
        today = add_moved(to, today);
    return either_way(to, any_order(to), date, today);
}

/* A condition on a date that is in `date`. */
static int ask_date(maker *to, int date) {
    int how = rng_below(to->from, 20);
    if (how == 0) { /* too early a valid-through is allowed for these */
        int days = add_op(to, OP_DAYS, add_leaf(to, OP_AS_OF, 0, 0), date);
        return add_op(to, any_order(to), days,
                      add_number(to, TYPE_INT, rng_range(to->from, 0, 800)));
    }
    if (how < 3) {
        int year = add_op(to, OP_YEAR, date, -1);
        return add_op(to, any_order(to), year,
                      add_number(to, TYPE_INT, rng_range(to->from, 2019, 2026)));
    }
    if (how < 8)
        return either_way(to, any_order(to), date, add_date(to));
    return compare_with_today(to, date);
}

static int ask_text(maker *to, int asked, const char *const words[], int count) {
    if (rng_chance(to->from, 60)) {
        int word = add_text(to, words[rng_below(to->from, count)]);
        return either_way(to, rng_chance(to->from, 80) ? OP_EQ : OP_NE, asked, word);
    }
    node in = {.op = OP_IN, .a = asked, .b = -1, .c = -1};
    in.constant.type = TYPE_STRINGS;
    for (int i = rng_below(to->from, 2); i < count && in.constant.item_count < 2; i++)
        in.constant.items[in.constant.item_count++] = words[i];
    return add(to, in);
}

static int ask_number(maker *to, int number, bool decimal) {
    if (decimal && rng_chance(to->from, 50))
        return either_way(
            to, any_order(to), number,
            add_number(to, TYPE_DECIMAL, rng_range(to->from, -4, 20) * 2500));
    return either_way(to, any_order(to), number,
                      add_number(to, TYPE_INT, rng_range(to->from, -1, 5)));
}

static int ask_list(maker *to, int list) {
    static const char *const marks[] = {"a", "b", "c"};
    if (rng_chance(to->from, 30))
        return add_op(to, any_order(to), add_op(to, OP_LENGTH, list, -1),
                      add_number(to, TYPE_INT, rng_range(to->from, 0, 2)));
    node holds = {.op = OP_HOLDS, .a = list, .b = -1, .c = -1};
    holds.constant =
        (value){.type = TYPE_STRING, .text = marks[rng_below(to->from, 3)]};
    return add(to, holds);
}

/* What is asked of a field by its type. */
static int ask_field(maker *to, const field *of, int at) {
    static const char *const notes[] = {"alpha", "beta", "gamma"};
    switch (of->type) {
    case TYPE_BOOL:
        return at;
    case TYPE_INT:
    case TYPE_DECIMAL:
        return ask_number(to, at, of->type == TYPE_DECIMAL);
    case TYPE_DATE:
        return ask_date(to, at);
    case TYPE_STRINGS:
        return ask_list(to, at);
    case TYPE_STRING:
    case TYPE_ERROR:
        break;
    }
    return ask_text(to, at, of->words[0] != NULL ? of->words : notes, 3);
}

/* ---- conditions on a record ---- */

static unsigned declared_attributes(const rules *of) {
    unsigned bits = 0;
    for (int i = 0; i < of->category_count; i++)
        bits |= of->categories[i].attributes;
    return bits;
}

static const char *any_category(maker *to) {
    return to->of->categories[rng_below(to->from, rules_unused_category(to->of))].id;
}

static int ask_category(maker *to, int var) {
    int read = add_leaf(to, OP_FIELD, R_CATEGORY, var);
    if (rng_chance(to->from, 65))
        return add_op(to, OP_EQ, read, add_text(to, any_category(to)));
    node in = {.op = OP_IN, .a = read, .b = -1, .c = -1};
    in.constant = (value){.type = TYPE_STRINGS, .item_count = 2};
    in.constant.items[0] = any_category(to);
    in.constant.items[1] = any_category(to);
    return add(to, in);
}

static int ask_attribute(maker *to, int var) {
    int which = R_ATTRIBUTES + rng_below(to->from, RECORD_ATTRIBUTES);
    if ((declared_attributes(to->of) >> (which - R_ATTRIBUTES) & 1) == 0)
        return add_leaf(to, OP_FIELD, R_IN_FORCE, var);
    if (rng_chance(to->from, 15))
        return add_leaf(to, OP_HAS, which, var);
    bool guarded = rng_chance(to->from, 35);
    int asked =
        ask_field(to, &record_fields[which], add_leaf(to, OP_FIELD, which, var));
    if (!guarded)
        return asked;
    int has = add_leaf(to, OP_HAS, which, var);
    return rng_chance(to->from, 70)
               ? add_op(to, OP_AND, has, asked)
               : add_op(to, OP_OR, add_op(to, OP_NOT, has, -1), asked);
}

static int ask_record_plain(maker *to, int var) {
    static const char *const statuses[] = {"active", "disputed", "repaired"};
    static const char *const authorities[] = {"Bureau A", "Bureau B"};
    switch (rng_below(to->from, 14)) {
    case 0:
    case 1:
        return add_leaf(to, OP_FIELD, R_IN_FORCE, var);
    case 2:
        return ask_text(to, add_leaf(to, OP_FIELD, R_STATUS, var), statuses, 3);
    case 3:
        return ask_text(to, add_leaf(to, OP_FIELD, R_NATURE, var), nature_words, 3);
    case 4:
        return ask_text(to, add_leaf(to, OP_FIELD, R_SEVERITY, var), severity_words, 4);
    case 5:
        return ask_text(to, add_leaf(to, OP_FIELD, R_AUTHORITY, var), authorities, 2);
    case 6: {
        node starts = {.op = OP_STARTS, .b = -1, .c = -1};
        starts.a = add_leaf(to, OP_FIELD, R_DOCUMENT_NO, var);
        starts.constant = (value){.type = TYPE_STRING, .text = "D-1"};
        return add(to, starts);
    }
    case 7:
        return add_leaf(to, OP_HAS, R_EXPIRES_ON, var);
    case 8:
        return ask_date(to, add_leaf(to, OP_FIELD, R_EXPIRES_ON, var));
    case 9:
        return ask_date(to, add_leaf(to, OP_FIELD, R_EFFECTIVE_ON, var));
    case 10:
        return either_way(to, rng_chance(to->from, 50) ? OP_EQ : OP_NE,
                          add_leaf(to, OP_FIELD, R_SUBJECT, var),
                          add_leaf(to, OP_SUBJECT, S_ID, 0));
    default:
        return ask_date(to, add_leaf(to, OP_FIELD, R_DECIDED_ON, var));
    }
}

static int ask_subject(maker *to);

static int ask_record(maker *to, int var, int depth) {
    int how = rng_below(to->from, 100);
    if (depth > 0 && how < 40 && !is_full(to)) {
        int a = ask_record(to, var, depth - 1);
        if (how < 5)
            return add_op(to, OP_NOT, a, -1);
        int b = ask_record(to, var, depth - 1);
        if (how < 10)
            return add(to, (node){.op = OP_IF,
                                  .a = a,
                                  .b = b,
                                  .c = ask_record(to, var, depth - 1)});
        return add_op(to, how < 25 ? OP_AND : OP_OR, a, b);
    }
    if (how < 50)
        return ask_category(to, var);
    if (how < 72)
        return ask_attribute(to, var);
    if (how < 77)
        return ask_subject(to);
    return ask_record_plain(to, var);
}

/* ---- conditions on the subject, the day and the lists ---- */

static int ask_subject(maker *to) {
    static const char *const statuses[] = {"active", "restructured", "dissolved"};
    static const char *const industries[] = {"E4710", "C1310", "E47"};
    int which = rng_below(to->from, 9);
    if (which == 0)
        return ask_text(to, add_leaf(to, OP_SUBJECT, S_KIND, 0), subject_kind_words, 4);
    if (which == 1)
        return ask_text(to, add_leaf(to, OP_SUBJECT, S_STATUS, 0), statuses, 3);
    if (which == 2 || which == 3) {
        node starts = {.op = OP_STARTS, .b = -1, .c = -1};
        starts.a = add_leaf(to, OP_SUBJECT, which == 2 ? S_REGION : S_INDUSTRY, 0);
        starts.constant = (value){
            .type = TYPE_STRING,
            .text = (which == 2 ? region_prefixes
                                : industries)[rng_below(to->from, which == 2 ? 4 : 3)]};
        return add(to, starts);
    }
    if (which == 4)
        return ask_date(to, add_leaf(to, OP_SUBJECT, S_ESTABLISHED_ON, 0));
    which = rng_below(to->from, SUBJECT_ATTRIBUTES);
    if ((to->of->subject_attributes >> which & 1) == 0)
        return add_leaf(to, OP_HAS_SUBJECT,
                        rng_chance(to->from, 50) ? S_INDUSTRY : S_ESTABLISHED_ON, 0);
    if (rng_chance(to->from, 20))
        return add_leaf(to, OP_HAS_SUBJECT, S_ATTRIBUTES + which, 0);
    int asked = ask_field(to, &subject_fields[S_ATTRIBUTES + which],
                          add_leaf(to, OP_SUBJECT, S_ATTRIBUTES + which, 0));
    if (rng_chance(to->from, 40))
        return add_op(to, OP_AND, add_leaf(to, OP_HAS_SUBJECT, S_ATTRIBUTES + which, 0),
                      asked);
    return asked;
}

static int ask_list_of_records(maker *to, int list) {
    node over = {.b = -1, .c = -1, .list = list};
    over.var = list == LIST_RECORDS ? VAR_X : VAR_G;
    int how = rng_below(to->from, 10);
    over.a = how < 3 ? -1 : ask_record(to, over.var, how < 6 ? 0 : 1);
    over.op = how < 3 ? OP_SIZE : how < 6 ? OP_EXISTS : how == 9 ? OP_MATCHING : OP_ALL;
    int at = add(to, over);
    if (over.op != OP_SIZE && over.op != OP_MATCHING)
        return at;
    return add_op(to, any_order(to), at,
                  add_number(to, TYPE_INT, rng_range(to->from, 0, 3)));
}

/* For `when` and `unless`. */
static int ask_whole(maker *to, bool grounds, int depth) {
    int how = rng_below(to->from, 100);
    if (depth > 0 && how < 35 && !is_full(to)) {
        int a = ask_whole(to, grounds, depth - 1);
        if (how < 6)
            return add_op(to, OP_NOT, a, -1);
        int b = ask_whole(to, grounds, depth - 1);
        return add_op(to, how < 18 ? OP_AND : OP_OR, a, b);
    }
    if (how < 55 && grounds)
        return ask_list_of_records(to, LIST_GROUNDS);
    if (how < 68)
        return ask_list_of_records(to, LIST_RECORDS);
    if (how < 74)
        return either_way(to, any_order(to), add_leaf(to, OP_AS_OF, 0, 0),
                          add_date(to));
    if (how < 76)
        return add_op(to, any_order(to),
                      add_op(to, OP_YEAR, add_leaf(to, OP_AS_OF, 0, 0), -1),
                      add_number(to, TYPE_INT, rng_range(to->from, 2021, 2026)));
    return ask_subject(to);
}

/* ---- terms ---- */

/* A day that the ground gives. */
static int term_day(maker *to) {
    int how = rng_below(to->from, 20);
    bool seen_on = (declared_attributes(to->of) >> (R_SEEN_ON - R_ATTRIBUTES) & 1) != 0;
    if (how < 11)
        return add_leaf(to, OP_FIELD, R_DECIDED_ON, VAR_R);
    if (how < 14)
        return add_leaf(to, OP_FIELD, R_EFFECTIVE_ON, VAR_R);
    if (how == 14)
        return add_leaf(to, OP_FIELD, R_EXPIRES_ON, VAR_R);
    if (how == 15)
        return add_leaf(to, OP_SUBJECT, S_ESTABLISHED_ON, 0);
    if (how == 16)
        return add_date(to);
    if (!seen_on || how == 17)
        return add_moved(to, add_leaf(to, OP_FIELD, R_DECIDED_ON, VAR_R));
    if (how == 18)
        return add_leaf(to, OP_FIELD, R_SEEN_ON, VAR_R);
    return add(to, (node){.op = OP_IF,
                          .a = add_leaf(to, OP_HAS, R_SEEN_ON, VAR_R),
                          .b = add_leaf(to, OP_FIELD, R_SEEN_ON, VAR_R),
                          .c = add_leaf(to, OP_FIELD, R_DECIDED_ON, VAR_R)});
}

static void make_term(maker *to, rule *by) {
    int how = rng_below(to->from, 10);
    by->term = how < 3   ? TERM_NONE
               : how < 7 ? TERM_LAST
               : how < 8 ? TERM_LIFE
                         : TERM_UNTIL;
    if (by->term != TERM_NONE)
        by->term_from = term_day(to);
    if (by->term == TERM_LAST)
        by->last = generate_period(to->from);
    if (by->term == TERM_UNTIL)
        by->term_until = add(to, (node){.op = OP_LATER,
                                        .a = term_day(to),
                                        .b = -1,
                                        .c = -1,
                                        .period = generate_period(to->from)});
}

/* ---- the parts of a ruleset ---- */

static void make_category(maker *to, int index) {
    category *at = &to->of->categories[index];
    *at = (category){0};
    (void)snprintf(at->id, sizeof at->id, "cat.%c", 'a' + index);
    int roll = rng_below(to->from, 10);
    at->nature = roll < 6 ? ADVERSE : roll < 9 ? FAVOURABLE : NEUTRAL;
    if (at->nature == ADVERSE)
        at->severity = rng_range(to->from, 1, 3);
    at->has_use_limit = rng_chance(to->from, 35);
    at->use_limit = generate_period(to->from);
    roll = rng_below(to->from, 10);
    at->expires = roll < 6   ? EXPIRES_OPTIONAL
                  : roll < 8 ? EXPIRES_REQUIRED
                             : EXPIRES_NONE;
    at->attributes = rng_bits(to->from, RECORD_ATTRIBUTES, 50);
    at->required = at->attributes & rng_bits(to->from, RECORD_ATTRIBUTES, 25);
    if (rng_chance(to->from, 50)) {
        day change = generate_day(to->from);
        at->repairs[0] = (repair){DAY_MIN, DAY_NONE, generate_period(to->from)};
        at->repair_count = 1;
        if (rng_chance(to->from, 50)) {
            at->repairs[0].to = change;
            at->repairs[1] = (repair){change + 1, DAY_NONE, generate_period(to->from)};
            at->repair_count = 2;
        }
    }
}

static void make_measure(maker *to, int index) {
    measure *at = &to->of->measures[index];
    *at = (measure){0};
    (void)snprintf(at->id, sizeof at->id, "measure.%c", 'a' + index);
    int kind = rng_below(to->from, 10);
    at->kind = kind < 6 ? RESTRICTION : kind < 9 ? INCENTIVE : NOTICE;
    at->burden = at->kind == RESTRICTION && rng_chance(to->from, 30);
    at->discretionary = rng_chance(to->from, 35);
    if (!rng_chance(to->from, 10))
        at->matters = 1U << rng_below(to->from, to->of->matter_count);
    at->matters |= rng_bits(to->from, to->of->matter_count, 20);
    at->tags = rng_bits(to->from, TAGS, 25);
}

static void make_rule(maker *to, int index) {
    rule *by = &to->of->rules[index];
    *by = (rule){.ground = -1, .when = -1, .term_from = -1, .term_until = -1};
    (void)snprintf(by->id, sizeof by->id, "rule.%c", 'a' + index);
    by->applies_to = rng_chance(to->from, 60) ? 15U : rng_bits(to->from, 4, 60);
    if (by->applies_to == 0)
        by->applies_to = 1U << LEGAL_PERSON;
    if (rng_chance(to->from, 15)) {
        by->region_count = rng_range(to->from, 1, MAX_REGIONS);
        by->regions[0] = region_prefixes[rng_below(to->from, 2)];
        by->regions[1] = region_prefixes[rng_range(to->from, 2, 3)];
    }
    by->from =
        rng_chance(to->from, 60) ? calendar_day(2010, 1, 1) : generate_day(to->from);
    by->to = DAY_NONE;
    if (rng_chance(to->from, 30)) {
        by->to = generate_day(to->from);
        if (by->to < by->from) {
            day swap = by->to;
            by->to = by->from;
            by->from = swap;
        }
    }
    by->by_decided_on = rng_chance(to->from, 25);
    int roll = rng_below(to->from, 10);
    if (roll < 2)
        by->gaze = GAZE_THROUGH;
    else if (roll < 4)
        by->gaze = GAZE_NAMED;
    if (by->gaze != GAZE_OWN)
        by->roles = rng_bits(to->from, ROLE_WORDS, 45);
    for (int i = 0; by->gaze == GAZE_NAMED && i < ROLE_WORDS; i++) {
        if (role_words[i].is_inverse)
            by->roles &= ~(1U << i);
    }
    if (by->roles == 0)
        by->gaze = GAZE_OWN;

    if (by->gaze != GAZE_OWN || !rng_chance(to->from, 12)) {
        by->ground = rng_chance(to->from, 85) ? ask_category(to, VAR_R) : -1;
        int more =
            rng_chance(to->from, 60) || by->ground < 0 ? ask_record(to, VAR_R, 2) : -1;
        if (by->ground < 0)
            by->ground = more;
        else if (more >= 0)
            by->ground =
                add_op(to, rng_chance(to->from, 90) ? OP_AND : OP_OR, by->ground, more);
        make_term(to, by);
        by->stays = rng_chance(to->from, 15);
    }
    if (by->ground < 0 || rng_chance(to->from, 30))
        by->when = ask_whole(to, by->ground >= 0, 2);
    if (rng_chance(to->from, 30)) {
        by->unless_count = rng_range(to->from, 1, MAX_UNLESS);
        for (int i = 0; i < by->unless_count; i++)
            by->unless[i] = ask_whole(to, by->ground >= 0, 1);
    }
    by->force = rng_range(to->from, -1, 1);
    if (rng_chance(to->from, 50))
        by->force = -1;
    by->measures = rng_bits(to->from, to->of->measure_count, 15);
    if (!rng_chance(to->from, 10))
        by->measures |= 1U << rng_below(to->from, to->of->measure_count);
    by->tags = rng_bits(to->from, TAGS, 20);
    by->unverified = rng_chance(to->from, 4);
}

/* ---- exceptions and conflicts, without cycles ---- */

static unsigned displaces(const rules *of, int index) {
    unsigned bits = of->rules[index].exceptions;
    for (int i = 0; i < of->rule_count; i++) {
        if ((of->rules[i].tags & of->rules[index].exception_tags) != 0)
            bits |= 1U << i;
    }
    return bits & ~(1U << index);
}

static unsigned overrules(const rules *of, int index) {
    unsigned bits = 0;
    for (int i = 0; i < of->conflict_count; i++) {
        side keep = of->conflicts[i].keep, gone = of->conflicts[i].gone;
        if (keep.is_tag ? (of->measures[index].tags >> keep.index & 1) == 0
                        : keep.index != index)
            continue;
        for (int m = 0; m < of->measure_count; m++) {
            if (gone.is_tag ? (of->measures[m].tags >> gone.index & 1) != 0
                            : gone.index == m)
                bits |= 1U << m;
        }
    }
    return bits & ~(1U << index);
}

static bool has_cycle(const rules *of, unsigned (*next)(const rules *of, int index),
                      int count) {
    for (int start = 0; start < count; start++) {
        unsigned reached = next(of, start);
        for (unsigned before = 0; before != reached;) {
            before = reached;
            for (int i = 0; i < count; i++) {
                if ((reached >> i & 1) != 0)
                    reached |= next(of, i);
            }
        }
        if ((reached >> start & 1) != 0)
            return true;
    }
    return false;
}

static void make_exceptions(maker *to) {
    rules *of = to->of;
    for (int tries = rng_below(to->from, 10); tries > 0; tries--) {
        rule *by = &of->rules[rng_below(to->from, of->rule_count)];
        rule kept = *by;
        if (rng_chance(to->from, 75))
            by->exceptions |= 1U << rng_below(to->from, of->rule_count);
        else
            by->exception_tags |= 1U << rng_below(to->from, TAGS);
        by->exceptions &= ~(1U << (by - of->rules));
        unsigned all_tags = 0;
        for (int i = 0; i < of->rule_count; i++)
            all_tags |= of->rules[i].tags;
        by->exception_tags &= all_tags;
        if (has_cycle(of, displaces, of->rule_count))
            *by = kept;
    }
}

static side any_side(maker *to) {
    side which = {rng_chance(to->from, 30), 0};
    which.index = rng_below(to->from, which.is_tag ? TAGS : to->of->measure_count);
    for (int m = 0; which.is_tag && m < to->of->measure_count; m++) {
        if ((to->of->measures[m].tags >> which.index & 1) != 0)
            return which;
    }
    return which.is_tag ? (side){false, 0} : which;
}

static void make_conflicts(maker *to) {
    rules *of = to->of;
    for (int tries = rng_below(to->from, 5); tries > 0; tries--) {
        if (of->conflict_count == MAX_CONFLICTS)
            return;
        conflict one = {any_side(to), any_side(to)};
        if (one.keep.is_tag == one.gone.is_tag && one.keep.index == one.gone.index)
            continue;
        of->conflicts[of->conflict_count++] = one;
        if (has_cycle(of, overrules, of->measure_count))
            of->conflict_count--;
    }
}

void generate_rules(rules *ret_rules, rng *from) {
    maker to = {ret_rules, from};
    *ret_rules = (rules){.suspend = rng_chance(from, 65)};
    ret_rules->subject_attributes = rng_bits(from, SUBJECT_ATTRIBUTES, 60);
    ret_rules->category_count = rng_range(from, 3, MAX_CATEGORIES);
    for (int i = 0; i < ret_rules->category_count; i++)
        make_category(&to, i);
    int unused = rules_unused_category(ret_rules);
    ret_rules->categories[unused].attributes = 0;
    ret_rules->categories[unused].required = 0;
    ret_rules->categories[unused].expires = EXPIRES_OPTIONAL;
    ret_rules->matter_count = rng_range(from, 1, MAX_MATTERS);
    ret_rules->measure_count = rng_range(from, 2, MAX_MEASURES);
    for (int i = 0; i < ret_rules->measure_count; i++)
        make_measure(&to, i);
    ret_rules->rule_count = rng_range(from, 2, 9);
    for (int i = 0; i < ret_rules->rule_count; i++)
        make_rule(&to, i);
    make_exceptions(&to);
    make_conflicts(&to);
}
