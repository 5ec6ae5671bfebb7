/* SPDX-License-Identifier: Apache-2.0 */
/* generate_condition.c: random condition trees that pass the type check. */
#include "generate.h"

#include <stddef.h>

const char *const region_prefixes[REGION_PREFIXES] = {"43", "4301", "430102", "44"};

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
    node moved = {.op = OP_LATER, .a = date, .b = -1, .c = -1};
    if (rng_chance(to->from, 50))
        moved.op = OP_EARLIER;
    moved.period = generate_period(to->from);
    return add(to, moved);
}

static op any_order(maker *to) {
    static const op orders[] = {OP_LT, OP_LE, OP_GT, OP_GE, OP_EQ, OP_NE};
    return orders[rng_below(to->from, rng_chance(to->from, 80) ? 4 : 6)];
}

static int either_way(maker *to, op sign, int a, int b) {
    return rng_chance(to->from, 50) ? add_op(to, sign, a, b) : add_op(to, sign, b, a);
}

/* Compares the two in some way: here, because of two arguments that ask the random
 * numbers, each compiler evaluates another one first. */
static int compare(maker *to, int a, int b) {
    return add_op(to, any_order(to), a, b);
}

static int compare_either_way(maker *to, int a, int b) {
    op sign = any_order(to);
    return either_way(to, sign, a, b);
}

/* A date against as_of ± period, in either order. */
static int compare_with_today(maker *to, int date) {
    int today = add_leaf(to, OP_AS_OF, 0, 0);
    int how = rng_below(to->from, 4);
    if (how == 0)
        date = add_moved(to, date);
    else if (how == 1)
        today = add_moved(to, today);
    return compare_either_way(to, date, today);
}

/* A condition on a date that is in `date`. */
static int ask_date(maker *to, int date) {
    int how = rng_below(to->from, 20);
    if (how == 0) { /* too early a valid-through is allowed for these */
        int days = add_op(to, OP_DAYS, add_leaf(to, OP_AS_OF, 0, 0), date);
        return compare(to, days, add_number(to, TYPE_INT, rng_range(to->from, 0, 800)));
    }
    if (how < 3) {
        int year = add_op(to, OP_YEAR, date, -1);
        return compare(to, year,
                       add_number(to, TYPE_INT, rng_range(to->from, 2019, 2026)));
    }
    if (how < 8)
        return compare_either_way(to, date, add_date(to));
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
        return compare_either_way(
            to, number,
            add_number(to, TYPE_DECIMAL, rng_range(to->from, -4, 20) * 2500));
    return compare_either_way(to, number,
                              add_number(to, TYPE_INT, rng_range(to->from, -1, 5)));
}

static int ask_list(maker *to, int list) {
    static const char *const marks[] = {"a", "b", "c"};
    if (rng_chance(to->from, 30))
        return compare(to, add_op(to, OP_LENGTH, list, -1),
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
    return compare(to, at, add_number(to, TYPE_INT, rng_range(to->from, 0, 3)));
}

/* For `when` and `unless`. */
int generate_whole_test(maker *to, bool grounds, int depth) {
    int how = rng_below(to->from, 100);
    if (depth > 0 && how < 35 && !is_full(to)) {
        int a = generate_whole_test(to, grounds, depth - 1);
        if (how < 6)
            return add_op(to, OP_NOT, a, -1);
        int b = generate_whole_test(to, grounds, depth - 1);
        return add_op(to, how < 18 ? OP_AND : OP_OR, a, b);
    }
    if (how < 55 && grounds)
        return ask_list_of_records(to, LIST_GROUNDS);
    if (how < 68)
        return ask_list_of_records(to, LIST_RECORDS);
    if (how < 74)
        return compare_either_way(to, add_leaf(to, OP_AS_OF, 0, 0), add_date(to));
    if (how < 76)
        return compare(to, add_op(to, OP_YEAR, add_leaf(to, OP_AS_OF, 0, 0), -1),
                       add_number(to, TYPE_INT, rng_range(to->from, 2021, 2026)));
    return ask_subject(to);
}

/* ---- terms ---- */

/* A day that the ground gives. */
int generate_term_day(maker *to) {
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

int generate_term_end(maker *to) {
    node end = {.op = OP_LATER, .b = -1, .c = -1};
    end.a = generate_term_day(to);
    end.period = generate_period(to->from);
    const node *start = &to->of->nodes[end.a];
    day moved = 0;
    if (start->op == OP_LITERAL &&
        !calendar_add((day)start->constant.number, end.period, 1, &moved))
        end.period = (period){12, 0}; /* what always fails is refused at load */
    return add(to, end);
}

/* ---- conditions that the stored bytes answer ---- */

static int ask_plain_attribute(maker *to, int var) {
    int which = R_ATTRIBUTES + rng_below(to->from, RECORD_ATTRIBUTES);
    if ((declared_attributes(to->of) >> (which - R_ATTRIBUTES) & 1) == 0)
        return ask_category(to, var);
    if (rng_chance(to->from, 10))
        return add_leaf(to, OP_HAS, which, var);
    int read = add_leaf(to, OP_FIELD, which, var);
    if (record_fields[which].type == TYPE_DATE)
        return compare_either_way(to, read, add_date(to));
    return ask_field(to, &record_fields[which], read);
}

static int ask_plain_subject(maker *to) {
    static const char *const statuses[] = {"active", "restructured", "dissolved"};
    static const char *const industries[] = {"E4710", "C1310", "E47"};
    int which = S_ATTRIBUTES + rng_below(to->from, SUBJECT_ATTRIBUTES);
    switch (rng_below(to->from, 5)) {
    case 0:
        return ask_text(to, add_leaf(to, OP_SUBJECT, S_KIND, 0), subject_kind_words, 4);
    case 1:
        return ask_text(to, add_leaf(to, OP_SUBJECT, S_STATUS, 0), statuses, 3);
    case 2:
        return ask_text(to, add_leaf(to, OP_SUBJECT, S_INDUSTRY, 0), industries, 3);
    default:
        break;
    }
    if ((to->of->subject_attributes >> (which - S_ATTRIBUTES) & 1) == 0)
        return ask_text(to, add_leaf(to, OP_SUBJECT, S_REGION, 0), region_prefixes, 4);
    int read = add_leaf(to, OP_SUBJECT, which, 0);
    if (subject_fields[which].type == TYPE_DATE)
        return compare_either_way(to, read, add_date(to));
    return ask_field(to, &subject_fields[which], read);
}

int generate_plain_test(maker *to, int var, int depth) {
    int how = rng_below(to->from, 100);
    if (depth > 0 && how < 45 && !is_full(to)) {
        int a = generate_plain_test(to, var, depth - 1);
        if (how < 6)
            return add_op(to, OP_NOT, a, -1);
        int b = generate_plain_test(to, var, depth - 1);
        return add_op(to, how < 32 ? OP_AND : OP_OR, a, b);
    }
    if (how < 52)
        return add_leaf(to, OP_FIELD, R_IN_FORCE, var);
    if (how < 60) {
        int day_field = rng_chance(to->from, 50) ? R_DECIDED_ON : R_EFFECTIVE_ON;
        int read = add_leaf(to, OP_FIELD, day_field, var);
        return compare_either_way(to, read, add_date(to));
    }
    if (how < 66)
        return ask_plain_subject(to);
    return ask_plain_attribute(to, var);
}

int generate_plain_unless(maker *to) {
    int how = rng_below(to->from, 10);
    if (how < 4)
        return ask_plain_subject(to);
    node over = {.op = how < 8 ? OP_EXISTS : OP_ALL,
                 .b = -1,
                 .c = -1,
                 .list = LIST_GROUNDS,
                 .var = VAR_G};
    over.a = generate_plain_test(to, VAR_G, 1);
    int at = add(to, over);
    if (how % 2 == 0)
        return at;
    int dated = compare_either_way(to, add_leaf(to, OP_AS_OF, 0, 0), add_date(to));
    return either_way(to, OP_OR, dated, at);
}

int generate_dated_day(maker *to) {
    int dated = compare_either_way(to, add_leaf(to, OP_AS_OF, 0, 0), add_date(to));
    return add(to, (node){.op = OP_IF,
                          .a = dated,
                          .b = add_leaf(to, OP_FIELD, R_DECIDED_ON, VAR_R),
                          .c = add_leaf(to, OP_FIELD, R_EFFECTIVE_ON, VAR_R)});
}

/* ---- for the maker of rules ---- */

int generate_category_test(maker *to) {
    return ask_category(to, VAR_R);
}

int generate_record_test(maker *to, int depth) {
    return ask_record(to, VAR_R, depth);
}

int generate_and(maker *to, int a, int b) {
    return add_op(to, OP_AND, a, b);
}

int generate_or(maker *to, int a, int b) {
    return add_op(to, OP_OR, a, b);
}
