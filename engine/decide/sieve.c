/* SPDX-License-Identifier: Apache-2.0 */
/* sieve.c: asking the parts of a condition. Its helpers stay together, so that they are
 * in line: nearly all of a batch's conditions are asked here. */
#include "decide/sieve.h"

#include "base/bytes.h"
#include "model/flat.h"

static inline heng_tri tri(bool value) {
    return (heng_tri)value; /* ORDER heng_tri: FALSE, TRUE */
}

static inline heng_tri compare_numbers(const heng_sieve *part, int64_t value) {
    bool inside = (value >= part->as.number.low) & (value <= part->as.number.high);
    return tri(inside != (part->compare == HENG_COMPARE_NE));
}

static inline bool is_text(const heng_sieve *part, heng_str value) {
    return value.len == part->len &&
           heng_bytes_equal(value.ptr, part->as.text, part->len);
}

static inline heng_tri compare_texts(const heng_sieve *part, heng_str value) {
    return tri(is_text(part, value) == (part->compare == HENG_COMPARE_EQ));
}

static heng_tri is_among(const heng_sieve *part, const uint8_t *object,
                         const uint8_t *entry) {
    size_t count = heng_flat_strings_count(object, entry);
    for (size_t i = 0; i < count; i++) {
        if (is_text(part, heng_flat_strings_at(object, entry, i)))
            return HENG_TRI_TRUE;
    }
    return HENG_TRI_FALSE;
}

static inline const uint8_t *find_attribute(const heng_sieve *part,
                                            const uint8_t *object) {
    if (part->name == HENG_NAME_NONE)
        return NULL;
    if (part->on_subject)
        return heng_flat_attribute(object, false, part->name);
    size_t count = heng_flat_u16(object + 34);
    const uint8_t *first = object + HENG_FLAT_RECORD_BYTES +
                           heng_flat_party_count(object) * HENG_FLAT_PARTY_BYTES;
    const uint8_t *there = first + part->place * (size_t)HENG_FLAT_ATTRIBUTE_BYTES;
    if (part->place < count && heng_flat_u32(there) == part->name)
        return there;
    return heng_flat_find(first, count, part->name);
}

/* Whether the attribute is one of the words that follow. */
static heng_tri ask_words(const heng_sieve *sieve, const heng_sieve_input *input) {
    const heng_sieve *part = sieve + 1, *end = sieve + sieve->span;
    const uint8_t *object = part->on_subject ? input->subject : input->record;
    const uint8_t *entry = object == NULL ? NULL : find_attribute(part, object);
    if (entry == NULL || entry[4] != part->type)
        return HENG_TRI_UNKNOWN;
    heng_str text = heng_flat_text(object, (size_t)(entry - object) + 8);
    for (; part < end; part++) {
        if (is_text(part, text))
            return HENG_TRI_TRUE;
    }
    return HENG_TRI_FALSE;
}

static heng_tri ask_attribute(const heng_sieve *part, const uint8_t *object) {
    if (object == NULL)
        return HENG_TRI_UNKNOWN;
    const uint8_t *entry = find_attribute(part, object);
    if (part->kind == HENG_SIEVE_HAS)
        return tri(entry != NULL);
    /* Absent, or stored with another type: the program says how that fails. */
    if (entry == NULL || entry[4] != part->type)
        return HENG_TRI_UNKNOWN;
    if (part->kind == HENG_SIEVE_NUMBER)
        return compare_numbers(part, heng_flat_i64(entry + 8));
    if (part->kind == HENG_SIEVE_AMONG)
        return is_among(part, object, entry);
    return compare_texts(part, heng_flat_text(object, (size_t)(entry - object) + 8));
}

static heng_tri ask_text(const heng_sieve *part, const heng_sieve_input *input) {
    heng_str text = {0};
    if (input->subject != NULL)
        text = heng_flat_text(input->subject, part->name);
    else if (input->head == NULL)
        return HENG_TRI_UNKNOWN;
    else if (part->name == HENG_FLAT_SUBJECT_STATUS)
        text = input->head->status;
    else if (part->name == HENG_FLAT_SUBJECT_REGION)
        text = input->head->region;
    else
        text = input->head->industry;
    bool absent = text.len == 0 && part->name == HENG_FLAT_SUBJECT_INDUSTRY;
    return absent ? HENG_TRI_UNKNOWN : compare_texts(part, text);
}

static heng_tri ask_kind(const heng_sieve *part, const heng_sieve_input *input) {
    if (input->subject == NULL && input->head == NULL)
        return HENG_TRI_UNKNOWN;
    return compare_numbers(part, input->subject != NULL ? input->subject[4]
                                                        : input->head->kind);
}

/* The list that a part asks for; NULL where it is not given. */
static const heng_sieve_input *
list_of(const heng_sieve *part, const heng_sieve_input *input, size_t *ret_count) {
    bool records = part->name == HENG_SLOT_RECORDS;
    *ret_count = records ? input->record_count : input->ground_count;
    return records ? input->records : input->grounds;
}

static heng_tri ask_count(const heng_sieve *part, const heng_sieve_input *input) {
    size_t count = 0;
    return list_of(part, input, &count) == NULL ? HENG_TRI_UNKNOWN
                                                : compare_numbers(part, (int64_t)count);
}

/* Attributes first: nearly all parts are of them. */
static inline heng_tri ask_leaf(const heng_sieve *part, const heng_sieve_input *input) {
    const uint8_t *record = input->record;
    const uint8_t *subject = input->subject;
    if (part->kind >= HENG_SIEVE_NUMBER)
        return ask_attribute(part, part->on_subject ? subject : record);
    if (part->kind == HENG_SIEVE_IN_FORCE)
        return input->in_force;
    switch ((heng_sieve_kind)part->kind) {
    case HENG_SIEVE_CATEGORY:
        return record == NULL ? HENG_TRI_UNKNOWN
                              : compare_numbers(part, (int64_t)input->category);
    case HENG_SIEVE_COUNT:
        return ask_count(part, input);
    case HENG_SIEVE_DAY:
        return record == NULL
                   ? HENG_TRI_UNKNOWN
                   : compare_numbers(part, heng_flat_i32(record + part->name));
    case HENG_SIEVE_KIND:
        return ask_kind(part, input);
    case HENG_SIEVE_TEXT:
        return ask_text(part, input);
    case HENG_SIEVE_CONSTANT:
        return part->as.constant;
    case HENG_SIEVE_IN_FORCE:
    case HENG_SIEVE_NUMBER:
    case HENG_SIEVE_WORD:
    case HENG_SIEVE_AMONG:
    case HENG_SIEVE_HAS:
    case HENG_SIEVE_AND:
    case HENG_SIEVE_OR:
    case HENG_SIEVE_NOT:
    case HENG_SIEVE_WORDS:
    case HENG_SIEVE_ALL:
    case HENG_SIEVE_EXISTS:
        break;
    }
    return HENG_TRI_UNKNOWN;
}

static heng_tri ask_list(const heng_sieve *sieve, const heng_sieve_input *input) {
    heng_tri all = tri(sieve->kind == HENG_SIEVE_ALL);
    heng_tri decides = tri(sieve->kind != HENG_SIEVE_ALL);
    size_t count = 0;
    const heng_sieve_input *list = list_of(sieve, input, &count);
    if (list == NULL)
        return HENG_TRI_UNKNOWN;
    for (size_t i = 0; i < count; i++) {
        heng_tri value = heng_sieve_ask(sieve + 1, &list[i]);
        if (value == decides)
            return value;
        if (value == HENG_TRI_UNKNOWN)
            all = value;
    }
    return all;
}

/* AND, or OR: the first part that decides; else what is not known. */
static heng_tri ask_parts(const heng_sieve *sieve, const heng_sieve_input *input) {
    const heng_sieve *end = sieve + sieve->span;
    heng_tri decides = sieve->kind == HENG_SIEVE_OR ? HENG_TRI_TRUE : HENG_TRI_FALSE;
    heng_tri all = sieve->kind == HENG_SIEVE_OR ? HENG_TRI_FALSE : HENG_TRI_TRUE;
    for (const heng_sieve *part = sieve + 1; part < end; part += part->span) {
        heng_tri value = part->kind > HENG_SIEVE_EXISTS   ? ask_leaf(part, input)
                         : part->kind == HENG_SIEVE_WORDS ? ask_words(part, input)
                                                          : heng_sieve_ask(part, input);
        if (value == decides)
            return value;
        if (value == HENG_TRI_UNKNOWN)
            all = value;
    }
    return all;
}

heng_tri heng_sieve_ask(const heng_sieve *sieve, const heng_sieve_input *input) {
    if (sieve->kind > HENG_SIEVE_EXISTS)
        return ask_leaf(sieve, input);
    if (sieve->kind <= HENG_SIEVE_OR)
        return ask_parts(sieve, input);
    if (sieve->kind == HENG_SIEVE_WORDS)
        return ask_words(sieve, input);
    if (sieve->kind != HENG_SIEVE_NOT)
        return ask_list(sieve, input);
    heng_tri value = heng_sieve_ask(sieve + 1, input);
    return value == HENG_TRI_UNKNOWN ? value : tri(value == HENG_TRI_FALSE);
}
