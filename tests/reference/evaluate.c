/* SPDX-License-Identifier: Apache-2.0 */
/* evaluate.c: the value of a condition tree, by recursion. An error is a value, which
 * `&&` and `||` absorb where the other side decides. */
#include "reference.h"

#include <stddef.h>
#include <string.h>

static const value ERROR = {.type = TYPE_ERROR};

static value of_bool(bool is) {
    return (value){.type = TYPE_BOOL, .number = is};
}
static value of_int(int64_t number) {
    return (value){.type = TYPE_INT, .number = number};
}
static value of_text(const char *chars) {
    return (value){.type = TYPE_STRING, .text = chars};
}
static value of_date(day date) {
    if (date == DAY_NONE)
        return ERROR;
    return (value){.type = TYPE_DATE, .number = date};
}
static value of_attribute(const attribute *at) {
    return at->present ? at->value : ERROR;
}

day record_effective_on(const record *of) {
    return of->effective_on == DAY_NONE ? of->decided_on : of->effective_on;
}

static value read_record(const scene *in, const seen *at, int wanted) {
    const record *of = &in->world->records[at->record];
    const category *kind = &in->rules->categories[of->category];
    switch (wanted) {
    case R_ID:
        return of_text(of->id);
    case R_SUBJECT:
        return of_text(in->world->subjects[of->subject].id);
    case R_CATEGORY:
        return of_text(kind->id);
    case R_NATURE:
        return of_text(nature_words[kind->nature]);
    case R_SEVERITY:
        return of_text(severity_words[kind->severity]);
    case R_AUTHORITY:
        return of_text(of->authority);
    case R_DOCUMENT_NO:
        return of_text(of->document_no);
    case R_DECIDED_ON:
        return of_date(of->decided_on);
    case R_EFFECTIVE_ON:
        return of_date(record_effective_on(of));
    case R_EXPIRES_ON:
        return of_date(of->expires_on);
    case R_STATUS:
        return of_text(at->status);
    case R_IN_FORCE:
        return of_bool(at->in_force);
    default:
        return of_attribute(&of->attributes[wanted - R_ATTRIBUTES]);
    }
}

static value read_subject(const scene *in, int wanted) {
    const subject *of = &in->world->subjects[in->subject];
    switch (wanted) {
    case S_ID:
        return of_text(of->id);
    case S_KIND:
        return of_text(subject_kind_words[of->kind]);
    case S_NAME:
        return of_text(of->id);
    case S_REGION:
        return of_text(of->region);
    case S_INDUSTRY:
        return of->industry == NULL ? ERROR : of_text(of->industry);
    case S_ESTABLISHED_ON:
        return of_date(of->established_on);
    case S_STATUS:
        return of_text(of->status == NULL ? "active" : of->status);
    default:
        return of_attribute(&of->attributes[wanted - S_ATTRIBUTES]);
    }
}

static bool is_true(value of) {
    return of.type == TYPE_BOOL && of.number != 0;
}
static bool is_false(value of) {
    return of.type == TYPE_BOOL && of.number == 0;
}

static int compare(value a, value b) {
    if (a.type == TYPE_STRING) {
        int order = strcmp(a.text, b.text);
        return (order > 0) - (order < 0);
    }
    /* An int beside a decimal: the generator's numbers are far from overflowing. */
    int64_t left = a.number * (a.type == TYPE_INT ? 10000 : 1);
    int64_t right = b.number * (b.type == TYPE_INT ? 10000 : 1);
    if (a.type == b.type) {
        left = a.number;
        right = b.number;
    }
    return (left > right) - (left < right);
}

static value evaluate_order(op sign, value a, value b) {
    if (a.type == TYPE_ERROR || b.type == TYPE_ERROR)
        return ERROR;
    int order = compare(a, b);
    switch ((int)sign) {
    case OP_EQ:
        return of_bool(order == 0);
    case OP_NE:
        return of_bool(order != 0);
    case OP_LT:
        return of_bool(order < 0);
    case OP_LE:
        return of_bool(order <= 0);
    case OP_GT:
        return of_bool(order > 0);
    default:
        return of_bool(order >= 0);
    }
}

static bool holds(const value *list, const char *item) {
    for (int i = 0; i < list->item_count; i++) {
        if (strcmp(list->items[i], item) == 0)
            return true;
    }
    return false;
}

static value evaluate_macro(const scene *in, const node *at) {
    const seen *list = at->list == LIST_RECORDS ? in->records : in->grounds;
    int count = at->list == LIST_RECORDS ? in->record_count : in->ground_count;
    int trues = 0, falses = 0, errors = 0;
    for (int i = 0; i < count; i++) {
        scene inner = *in;
        inner.vars[at->var] = &list[i];
        value one = evaluate(&inner, at->a);
        trues += is_true(one);
        falses += is_false(one);
        errors += one.type == TYPE_ERROR;
    }
    if (at->op == OP_EXISTS)
        return trues > 0 ? of_bool(true) : errors > 0 ? ERROR : of_bool(false);
    if (at->op == OP_ALL)
        return falses > 0 ? of_bool(false) : errors > 0 ? ERROR : of_bool(true);
    return errors > 0 ? ERROR : of_int(trues);
}

value evaluate(const scene *in, int index) {
    const node *at = &in->rules->nodes[index];
    value a = ERROR, b = ERROR;
    day moved = 0;
    switch (at->op) {
    case OP_LITERAL:
        return at->constant;
    case OP_AS_OF:
        return of_date(in->as_of);
    case OP_FIELD:
        return read_record(in, in->vars[at->var], at->field);
    case OP_SUBJECT:
        return read_subject(in, at->field);
    case OP_HAS:
        return of_bool(read_record(in, in->vars[at->var], at->field).type !=
                       TYPE_ERROR);
    case OP_HAS_SUBJECT:
        return of_bool(read_subject(in, at->field).type != TYPE_ERROR);
    case OP_AND:
        a = evaluate(in, at->a);
        b = evaluate(in, at->b);
        if (is_false(a) || is_false(b))
            return of_bool(false);
        return is_true(a) && is_true(b) ? of_bool(true) : ERROR;
    case OP_OR:
        a = evaluate(in, at->a);
        b = evaluate(in, at->b);
        if (is_true(a) || is_true(b))
            return of_bool(true);
        return is_false(a) && is_false(b) ? of_bool(false) : ERROR;
    case OP_NOT:
        a = evaluate(in, at->a);
        return a.type == TYPE_ERROR ? ERROR : of_bool(is_false(a));
    case OP_IF:
        a = evaluate(in, at->a);
        if (a.type == TYPE_ERROR)
            return ERROR;
        return evaluate(in, is_true(a) ? at->b : at->c);
    case OP_EQ:
    case OP_NE:
    case OP_LT:
    case OP_LE:
    case OP_GT:
    case OP_GE:
        return evaluate_order(at->op, evaluate(in, at->a), evaluate(in, at->b));
    case OP_IN:
        a = evaluate(in, at->a);
        return a.type == TYPE_ERROR ? ERROR : of_bool(holds(&at->constant, a.text));
    case OP_HOLDS:
        a = evaluate(in, at->a);
        return a.type == TYPE_ERROR ? ERROR : of_bool(holds(&a, at->constant.text));
    case OP_STARTS:
        a = evaluate(in, at->a);
        if (a.type == TYPE_ERROR)
            return ERROR;
        return of_bool(strncmp(a.text, at->constant.text, strlen(at->constant.text)) ==
                       0);
    case OP_LATER:
    case OP_EARLIER:
        a = evaluate(in, at->a);
        if (a.type == TYPE_ERROR || !calendar_add((day)a.number, at->period,
                                                  at->op == OP_LATER ? 1 : -1, &moved))
            return ERROR;
        return of_date(moved);
    case OP_DAYS:
        a = evaluate(in, at->a);
        b = evaluate(in, at->b);
        if (a.type == TYPE_ERROR || b.type == TYPE_ERROR)
            return ERROR;
        return of_int(a.number - b.number);
    case OP_YEAR:
        a = evaluate(in, at->a);
        return a.type == TYPE_ERROR ? ERROR
                                    : of_int(calendar_civil((day)a.number).year);
    case OP_LENGTH:
        a = evaluate(in, at->a);
        return a.type == TYPE_ERROR ? ERROR : of_int(a.item_count);
    case OP_SIZE:
        return of_int(at->list == LIST_RECORDS ? in->record_count : in->ground_count);
    case OP_EXISTS:
    case OP_ALL:
    case OP_MATCHING:
        return evaluate_macro(in, at);
    }
    return ERROR;
}
