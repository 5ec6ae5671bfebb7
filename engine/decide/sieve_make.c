/* SPDX-License-Identifier: Apache-2.0 */
/* sieve_make.c: a condition's tree to parts, and what an index can use of them. */
#include <string.h>

#include "base/alloc.h"
#include "base/limits.h"
#include "decide/sieve.h"
#include "model/flat.h"

/* ---- making ---- */

typedef struct maker {
    heng_plan *plan;
    heng_sieve *parts;
    uint32_t count, room;
    bool in_macro;  /* within all() or exists() of a list … */
    uint32_t local; /* … of this variable */
    bool failed;
} maker;

static void make(maker *to, const heng_cel_node *node);

static heng_sieve *add(maker *to, heng_sieve_kind kind) {
    if (to->count == to->room) {
        to->failed = true;
        return NULL;
    }
    heng_sieve *part = &to->parts[to->count++];
    *part = (heng_sieve){.kind = (uint8_t)kind, .span = 1};
    return part;
}

static void add_unknown(maker *to) {
    heng_sieve *part = add(to, HENG_SIEVE_CONSTANT);
    if (part != NULL)
        part->as.constant = HENG_TRI_UNKNOWN;
}

/* Which variable's field a node is: HENG_SLOT_R (a macro's variable too) or
 * HENG_SLOT_SUBJECT; else HENG_NONE. */
static uint32_t field_of(const maker *to, const heng_cel_node *node) {
    if (node->kind != HENG_CEL_NODE_SELECT || node->ref != HENG_CEL_REF_FIELD ||
        node->optional)
        return HENG_NONE;
    const heng_cel_node *of = node->operand;
    if (to->in_macro && of->kind == HENG_CEL_NODE_IDENT &&
        of->ref == HENG_CEL_REF_LOCAL && of->slot == to->local)
        return HENG_SLOT_R;
    if (of->kind != HENG_CEL_NODE_IDENT || of->ref != HENG_CEL_REF_VARIABLE ||
        (of->slot != HENG_SLOT_R && of->slot != HENG_SLOT_SUBJECT))
        return HENG_NONE;
    return of->slot;
}

/* The declaration and the store's number of an attribute; false where the field is one
 * of the head. */
static bool attribute_of(const maker *to, const heng_cel_node *node,
                         const heng_attribute **ret_declared, uint32_t *ret_name) {
    const heng_plan *plan = to->plan;
    bool on_subject = field_of(to, node) == HENG_SLOT_SUBJECT;
    uint32_t heads = on_subject ? HENG_SUBJECT_FIELD_COUNT : HENG_RECORD_FIELD_COUNT;
    if (node->slot < heads)
        return false;
    uint32_t index = node->slot - heads;
    *ret_declared = on_subject ? plan->ruleset->subject_attributes[index]
                               : plan->ruleset->record_attributes[index];
    *ret_name = on_subject ? plan->subject_attribute_names[index]
                           : plan->record_attribute_names[index];
    return true;
}

/* The constant as a number of the attribute's type; false where it is of another. */
static bool number_of(heng_cel_value value, heng_attribute_type type,
                      int64_t *ret_number) {
    heng_decimal decimal;
    switch (type) {
    case HENG_ATTRIBUTE_BOOL:
        *ret_number = value.as.boolean ? 1 : 0;
        return value.kind == HENG_CEL_BOOL;
    case HENG_ATTRIBUTE_INT:
        *ret_number = value.as.integer;
        return value.kind == HENG_CEL_INT;
    case HENG_ATTRIBUTE_DATE:
        *ret_number = value.as.integer;
        return value.kind == HENG_CEL_DATE;
    case HENG_ATTRIBUTE_DECIMAL:
        if (value.kind == HENG_CEL_INT &&
            heng_decimal_from_int(value.as.integer, &decimal)) {
            *ret_number = decimal;
            return true;
        }
        *ret_number = value.as.decimal;
        return value.kind == HENG_CEL_DECIMAL;
    case HENG_ATTRIBUTE_STRING:
    case HENG_ATTRIBUTE_STRINGS:
        break;
    }
    return false;
}

/* Sets what numbers are compared with. */
static void set_number(heng_sieve *part, heng_compare compare, int64_t number) {
    int64_t low = INT64_MIN, high = INT64_MAX;
    bool none = (compare == HENG_COMPARE_LT && number == INT64_MIN) ||
                (compare == HENG_COMPARE_GT && number == INT64_MAX);
    if (compare == HENG_COMPARE_GT && !none)
        low = number + 1;
    else if (compare == HENG_COMPARE_LT && !none)
        high = number - 1;
    if (compare == HENG_COMPARE_GE || compare <= HENG_COMPARE_NE)
        low = number;
    if (compare == HENG_COMPARE_LE || compare <= HENG_COMPARE_NE)
        high = number;
    part->compare = (uint8_t)compare;
    part->as.number.low = none ? INT64_MAX : low; /* from the last to the first */
    part->as.number.high = none ? INT64_MIN : high;
}

int64_t heng_sieve_number(const heng_sieve *part) {
    int64_t low = part->as.number.low, high = part->as.number.high;
    bool none = low > high;
    switch ((heng_compare)part->compare) {
    case HENG_COMPARE_LT:
        return none ? INT64_MIN : high + 1;
    case HENG_COMPARE_LE:
        return high;
    case HENG_COMPARE_GT:
        return none ? INT64_MAX : low - 1;
    case HENG_COMPARE_EQ:
    case HENG_COMPARE_NE:
    case HENG_COMPARE_GE:
        break;
    }
    return low;
}

static bool set_text(heng_sieve *part, heng_cel_value value) {
    if (value.kind != HENG_CEL_STRING)
        return false;
    part->as.text = value.as.bytes;
    part->len = value.len;
    return true;
}

/* An attribute against a constant. */
static bool compare_attribute(maker *to, const heng_cel_node *field,
                              heng_compare compare, heng_cel_value value) {
    const heng_attribute *declared = NULL;
    uint32_t name = HENG_NONE;
    heng_sieve part = {.compare = (uint8_t)compare, .span = 1};
    if (!attribute_of(to, field, &declared, &name))
        return false;
    part.name = name;
    part.on_subject = field_of(to, field) == HENG_SLOT_SUBJECT;
    part.type = (uint8_t)declared->type;
    if (declared->type == HENG_ATTRIBUTE_STRING) {
        part.kind = HENG_SIEVE_WORD;
        if (compare > HENG_COMPARE_NE || !set_text(&part, value))
            return false;
    } else {
        int64_t number = 0;
        part.kind = HENG_SIEVE_NUMBER;
        if (!number_of(value, declared->type, &number) ||
            (declared->type == HENG_ATTRIBUTE_BOOL && compare > HENG_COMPARE_NE))
            return false;
        set_number(&part, compare, number);
    }
    heng_sieve *added = add(to, (heng_sieve_kind)part.kind);
    if (added != NULL)
        *added = part;
    return true;
}

static bool compare_category(maker *to, heng_compare compare, heng_cel_value value) {
    const heng_catalog *catalog = &to->plan->ruleset->catalog;
    if (compare > HENG_COMPARE_NE || value.kind != HENG_CEL_STRING)
        return false;
    const heng_category *found =
        heng_catalog_category(catalog, heng_cel_value_str(value));
    heng_sieve *part = add(to, HENG_SIEVE_CATEGORY);
    if (part == NULL)
        return true;
    set_number(part, compare, found == NULL ? -1 : found - catalog->categories);
    return true;
}

static bool compare_day(maker *to, uint32_t offset, heng_compare compare,
                        heng_cel_value value) {
    if (value.kind != HENG_CEL_DATE)
        return false;
    heng_sieve *part = add(to, HENG_SIEVE_DAY);
    if (part == NULL)
        return true;
    part->name = offset;
    set_number(part, compare, value.as.integer);
    return true;
}

static bool compare_record(maker *to, uint32_t slot, heng_compare compare,
                           heng_cel_value value) {
    enum { DECIDED_AT = 16, EFFECTIVE_AT = 20 };
    if (slot == HENG_RECORD_FIELD_CATEGORY)
        return compare_category(to, compare, value);
    if (slot == HENG_RECORD_FIELD_DECIDED_ON)
        return compare_day(to, DECIDED_AT, compare, value);
    if (slot == HENG_RECORD_FIELD_EFFECTIVE_ON)
        return compare_day(to, EFFECTIVE_AT, compare, value);
    return false;
}

static bool compare_subject(maker *to, uint32_t slot, heng_compare compare,
                            heng_cel_value value) {
    heng_sieve part = {.compare = (uint8_t)compare, .span = 1, .on_subject = true};
    int kind = 0;
    if (compare > HENG_COMPARE_NE || value.kind != HENG_CEL_STRING)
        return false;
    part.kind = HENG_SIEVE_TEXT;
    if (slot == HENG_SUBJECT_FIELD_STATUS) {
        part.name = HENG_FLAT_SUBJECT_STATUS;
    } else if (slot == HENG_SUBJECT_FIELD_REGION) {
        part.name = HENG_FLAT_SUBJECT_REGION;
    } else if (slot == HENG_SUBJECT_FIELD_INDUSTRY) { /* an empty text: absent */
        part.name = HENG_FLAT_SUBJECT_INDUSTRY;
    } else if (slot == HENG_SUBJECT_FIELD_KIND) {
        part.kind = HENG_SIEVE_KIND;
    } else {
        return false;
    }
    (void)set_text(&part, value);
    if (part.kind == HENG_SIEVE_KIND)
        set_number(
            &part, compare,
            heng_kind_find(HENG_WORDS_SUBJECT_KIND, heng_cel_value_str(value), &kind)
                ? kind
                : -1);
    heng_sieve *added = add(to, (heng_sieve_kind)part.kind);
    if (added != NULL)
        *added = part;
    return true;
}

static bool compare_field(maker *to, const heng_cel_node *field, heng_compare compare,
                          heng_cel_value value) {
    uint32_t variable = field_of(to, field);
    if (variable == HENG_NONE || field->test)
        return false;
    if (compare_attribute(to, field, compare, value))
        return true;
    if (variable == HENG_SLOT_R)
        return compare_record(to, field->slot, compare, value);
    return compare_subject(to, field->slot, compare, value);
}

/* The variable of a list of records that a node is; HENG_NONE: of none. */
static uint32_t list_of(const heng_cel_node *node) {
    bool is_list = node->kind == HENG_CEL_NODE_IDENT &&
                   node->ref == HENG_CEL_REF_VARIABLE &&
                   (node->slot == HENG_SLOT_GROUNDS || node->slot == HENG_SLOT_RECORDS);
    return is_list ? node->slot : HENG_NONE;
}

/* size(list) against a number. */
static bool compare_count(maker *to, const heng_cel_node *node, heng_compare compare,
                          heng_cel_value value) {
    if (!heng_cel_ast_is_call(node, "size", 1) || value.kind != HENG_CEL_INT ||
        list_of(node->args[0]) == HENG_NONE)
        return false;
    heng_sieve *part = add(to, HENG_SIEVE_COUNT);
    if (part == NULL)
        return true;
    part->name = list_of(node->args[0]);
    set_number(part, compare, value.as.integer);
    return true;
}

/* A field or a count. */
static bool compare_constant(maker *to, const heng_cel_node *node, heng_compare compare,
                             heng_cel_value value) {
    return compare_field(to, node, compare, value) ||
           compare_count(to, node, compare, value);
}

static const struct {
    heng_str name;
    heng_compare compare, turned; /* with its sides changed */
} COMPARISONS[] = {
    {{"_==_", 4}, HENG_COMPARE_EQ, HENG_COMPARE_EQ},
    {{"_!=_", 4}, HENG_COMPARE_NE, HENG_COMPARE_NE},
    {{"_<_", 3}, HENG_COMPARE_LT, HENG_COMPARE_GT},
    {{"_<=_", 4}, HENG_COMPARE_LE, HENG_COMPARE_GE},
    {{"_>_", 3}, HENG_COMPARE_GT, HENG_COMPARE_LT},
    {{"_>=_", 4}, HENG_COMPARE_GE, HENG_COMPARE_LE},
};

static bool make_comparison(maker *to, const heng_cel_node *node) {
    if (node->kind != HENG_CEL_NODE_CALL || node->operand != NULL ||
        node->arg_count != 2)
        return false;
    for (size_t i = 0; i < sizeof COMPARISONS / sizeof *COMPARISONS; i++) {
        if (!heng_str_equal(node->name, COMPARISONS[i].name))
            continue;
        if (node->args[1]->kind == HENG_CEL_NODE_LITERAL)
            return compare_constant(to, node->args[0], COMPARISONS[i].compare,
                                    node->args[1]->value);
        if (node->args[0]->kind == HENG_CEL_NODE_LITERAL)
            return compare_constant(to, node->args[1], COMPARISONS[i].turned,
                                    node->args[0]->value);
    }
    return false;
}

/* `constant in field`, a list of strings. */
static bool make_among(maker *to, const heng_cel_node *constant,
                       const heng_cel_node *field) {
    const heng_attribute *declared = NULL;
    heng_sieve part = {.kind = HENG_SIEVE_AMONG, .span = 1};
    if (constant->kind != HENG_CEL_NODE_LITERAL || field_of(to, field) == HENG_NONE ||
        field->test || !attribute_of(to, field, &declared, &part.name) ||
        declared->type != HENG_ATTRIBUTE_STRINGS || !set_text(&part, constant->value))
        return false;
    part.type = HENG_ATTRIBUTE_STRINGS;
    part.on_subject = field_of(to, field) == HENG_SLOT_SUBJECT;
    heng_sieve *added = add(to, HENG_SIEVE_AMONG);
    if (added != NULL)
        *added = part;
    return true;
}

/* `field in [constants]`: as if joined by `||`. */
static bool make_membership(maker *to, const heng_cel_node *node) {
    if (!heng_cel_ast_is_call(node, "@in", 2))
        return false;
    const heng_cel_node *list = node->args[1];
    if (make_among(to, node->args[0], list))
        return true;
    if (list->kind != HENG_CEL_NODE_LIST || list->optional_items != NULL ||
        list->arg_count > HENG_LIMIT_SIEVE_WORDS)
        return false;
    uint32_t start = to->count;
    if (add(to, HENG_SIEVE_OR) == NULL)
        return true;
    for (uint32_t i = 0; i < list->arg_count; i++) {
        if (list->args[i]->kind != HENG_CEL_NODE_LITERAL ||
            !compare_field(to, node->args[0], HENG_COMPARE_EQ, list->args[i]->value)) {
            to->count = start;
            return false;
        }
    }
    to->parts[start].span = (uint16_t)(to->count - start);
    if (list->arg_count > 0 && to->parts[start + 1].kind == HENG_SIEVE_WORD)
        to->parts[start].kind = HENG_SIEVE_WORDS;
    return list->arg_count > 0; /* an empty list is for the program */
}

/* A field that is a bool, or has(field). */
static bool make_field(maker *to, const heng_cel_node *node) {
    const heng_attribute *declared = NULL;
    uint32_t name = HENG_NONE;
    uint32_t variable = field_of(to, node);
    if (variable == HENG_NONE)
        return false;
    bool is_attribute = attribute_of(to, node, &declared, &name);
    if (node->test && is_attribute) {
        heng_sieve *part = add(to, HENG_SIEVE_HAS);
        if (part == NULL)
            return true;
        part->name = name;
        part->on_subject = variable == HENG_SLOT_SUBJECT;
        return true;
    }
    if (node->test)
        return false;
    if (is_attribute)
        return declared->type == HENG_ATTRIBUTE_BOOL &&
               compare_attribute(to, node, HENG_COMPARE_EQ, heng_cel_value_bool(true));
    return variable == HENG_SLOT_R && node->slot == HENG_RECORD_FIELD_IN_FORCE &&
           (void *)add(to, HENG_SIEVE_IN_FORCE) != NULL;
}

/* `all(g, …)` and `exists(g, …)` of the grounds or the records. */
static bool make_macro(maker *to, const heng_cel_node *node) {
    if (node->kind != HENG_CEL_NODE_COMPREHENSION || to->in_macro ||
        node->variables[1].len > 0 || node->condition == NULL ||
        (node->fold != HENG_CEL_FOLD_ALL && node->fold != HENG_CEL_FOLD_EXISTS))
        return false;
    uint32_t list = list_of(node->range);
    if (list == HENG_NONE)
        return false;
    uint32_t start = to->count;
    heng_sieve *macro =
        add(to, node->fold == HENG_CEL_FOLD_ALL ? HENG_SIEVE_ALL : HENG_SIEVE_EXISTS);
    if (macro == NULL)
        return true;
    macro->name = list;
    to->in_macro = true;
    to->local = node->variable_slots[0];
    make(to, node->condition);
    to->in_macro = false;
    to->parts[start].span = (uint16_t)(to->count - start);
    return true;
}

static void make_parts(maker *to, heng_sieve_kind kind, const heng_cel_node *node) {
    uint32_t start = to->count;
    if (add(to, kind) == NULL)
        return;
    for (uint32_t i = 0; i < node->arg_count && !to->failed; i++)
        make(to, node->args[i]);
    to->parts[start].span = (uint16_t)(to->count - start);
}

static void make(maker *to, const heng_cel_node *node) {
    if (node->kind == HENG_CEL_NODE_AND)
        make_parts(to, HENG_SIEVE_AND, node);
    else if (node->kind == HENG_CEL_NODE_OR)
        make_parts(to, HENG_SIEVE_OR, node);
    else if (heng_cel_ast_is_call(node, "!_", 1))
        make_parts(to, HENG_SIEVE_NOT, node);
    else if (!make_comparison(to, node) && !make_membership(to, node) &&
             !make_field(to, node) && !make_macro(to, node) && !to->failed)
        add_unknown(to);
}

static bool tells(const heng_sieve *parts, uint32_t count) {
    for (uint32_t i = 0; i < count; i++) {
        if (parts[i].kind > HENG_SIEVE_CONSTANT)
            return true;
    }
    return false;
}

bool heng_sieve_new(heng_plan *plan, const heng_cel_ast *ast,
                    const heng_sieve **ret_sieve) {
    /* A part a node at most, and one for each word of a list: three times what is used,
     * so that it is made apart and what is kept lies close together. */
    maker to = {.plan = plan, .room = ast->node_count + 1};
    heng_sieve *kept = NULL;
    *ret_sieve = NULL;
    if (!ast->checked || to.room >= HENG_LIMIT_SIEVE_PARTS)
        return true;
    to.parts = heng_alloc_resize(NULL, to.room, sizeof *to.parts);
    if (to.parts == NULL)
        return false;
    make(&to, ast->root);
    bool told = !to.failed && tells(to.parts, to.count);
    if (told)
        kept = heng_arena_alloc(plan->arena, to.count * sizeof *kept);
    if (kept != NULL)
        memcpy(kept, to.parts, to.count * sizeof *kept);
    heng_alloc_free(to.parts);
    *ret_sieve = kept;
    return !told || kept != NULL;
}

/* ---- what an index can use ---- */

static bool is_key(const heng_sieve *part) {
    if (part->on_subject || part->compare == HENG_COMPARE_NE)
        return false;
    return part->kind == HENG_SIEVE_WORD || part->kind == HENG_SIEVE_NUMBER ||
           part->kind == HENG_SIEVE_DAY;
}

const heng_sieve *heng_sieve_key(const heng_sieve *sieve) {
    const heng_sieve *found = NULL;
    if (is_key(sieve))
        return sieve;
    if (sieve->kind != HENG_SIEVE_AND)
        return NULL;
    for (const heng_sieve *part = sieve + 1; part < sieve + sieve->span;
         part += part->span) {
        /* A word parts rules better than a bound, a bound better than yes or no. */
        if (!is_key(part))
            continue;
        if (part->kind == HENG_SIEVE_WORD)
            return part;
        if (found == NULL ||
            (found->type == HENG_ATTRIBUTE_BOOL && part->type != HENG_ATTRIBUTE_BOOL))
            found = part;
    }
    return found;
}

bool heng_sieve_is_dated(const heng_sieve *sieve) {
    for (uint32_t i = 0; i < sieve->span; i++) {
        if (sieve[i].kind == HENG_SIEVE_IN_FORCE)
            return true;
    }
    return false;
}

bool heng_sieve_is_whole(const heng_sieve *sieve) {
    for (uint32_t i = 0; i < sieve->span; i++) {
        if (sieve[i].kind == HENG_SIEVE_CONSTANT)
            return false;
    }
    return true;
}

static bool is_of_list(const heng_sieve *part) {
    return part->kind == HENG_SIEVE_ALL || part->kind == HENG_SIEVE_EXISTS ||
           part->kind == HENG_SIEVE_COUNT;
}

bool heng_sieve_reads_lists(const heng_sieve *sieve) {
    for (uint32_t i = 0; i < sieve->span; i++) {
        if (is_of_list(&sieve[i]))
            return true;
    }
    return false;
}

bool heng_sieve_reads_records(const heng_sieve *sieve) {
    for (uint32_t i = 0; i < sieve->span; i++) {
        if (is_of_list(&sieve[i]) && sieve[i].name == HENG_SLOT_RECORDS)
            return true;
    }
    return false;
}

bool heng_sieve_reads_attributes(const heng_sieve *sieve) {
    for (uint32_t i = 0; i < sieve->span; i++) {
        if (sieve[i].kind >= HENG_SIEVE_NUMBER)
            return true;
    }
    return false;
}
