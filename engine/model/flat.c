/* SPDX-License-Identifier: Apache-2.0 */
/*
 * flat.c: reading flat objects in place, and checking bytes that come from outside.
 *
 * The checks are on the path of every answer, so they look at each head, entry and
 * offset once and at no text: that the texts are UTF-8 is for `store verify`.
 */
#include "model/flat.h"

#if !defined(__BYTE_ORDER__) || __BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__
#error "flat objects are read in place, which needs a little-endian machine"
#endif

/* ---- reading ---- */

static size_t record_attributes_at(const uint8_t *record) {
    return HENG_FLAT_RECORD_BYTES +
           heng_flat_party_count(record) * (size_t)HENG_FLAT_PARTY_BYTES;
}

static size_t subject_attributes_at(const uint8_t *subject) {
    return HENG_FLAT_SUBJECT_BYTES +
           heng_flat_relation_count(subject) * (size_t)HENG_FLAT_RELATION_BYTES;
}

const uint8_t *heng_flat_attribute_at(const uint8_t *object, bool is_record,
                                      size_t index) {
    size_t start =
        is_record ? record_attributes_at(object) : subject_attributes_at(object);
    return object + start + index * (size_t)HENG_FLAT_ATTRIBUTE_BYTES;
}

size_t heng_flat_attribute_count(const uint8_t *object, bool is_record) {
    return heng_flat_u16(object + (is_record ? 34 : 6));
}

const uint8_t *heng_flat_attribute(const uint8_t *object, bool is_record,
                                   uint32_t name) {
    return heng_flat_find(heng_flat_attribute_at(object, is_record, 0),
                          heng_flat_attribute_count(object, is_record), name);
}

heng_flat_relation heng_flat_relation_at(const uint8_t *subject, size_t index) {
    const uint8_t *at =
        subject + HENG_FLAT_SUBJECT_BYTES + index * (size_t)HENG_FLAT_RELATION_BYTES;
    return (heng_flat_relation){
        .role = heng_flat_u32(at),
        .from = heng_flat_i32(at + 4),
        .to = heng_flat_i32(at + 8),
        .id = {(const char *)subject + heng_flat_u32(at + 12), heng_flat_u32(at + 16)},
    };
}

heng_flat_party heng_flat_party_at(const uint8_t *record, size_t index) {
    const uint8_t *at =
        record + HENG_FLAT_RECORD_BYTES + index * (size_t)HENG_FLAT_PARTY_BYTES;
    return (heng_flat_party){
        .role = heng_flat_u32(at),
        .id = {(const char *)record + heng_flat_u32(at + 4), heng_flat_u32(at + 8)},
    };
}

size_t heng_flat_strings_count(const uint8_t *object, const uint8_t *entry) {
    return heng_flat_u32(object + heng_flat_u32(entry + 8));
}

heng_str heng_flat_strings_at(const uint8_t *object, const uint8_t *entry,
                              size_t index) {
    return heng_flat_text(object, heng_flat_u32(entry + 8) + 4 + index * 8);
}

bool heng_flat_same(const uint8_t *a, const uint8_t *b) {
    enum { COMMIT = HENG_FLAT_SUBJECT_COMMIT, AFTER = COMMIT + 8 };
    _Static_assert((int)HENG_FLAT_SUBJECT_COMMIT == (int)HENG_FLAT_RECORD_COMMIT,
                   "the commit lies in the same place");
    uint32_t size = heng_flat_u32(a);
    return size == heng_flat_u32(b) && memcmp(a, b, COMMIT) == 0 &&
           memcmp(a + AFTER, b + AFTER, size - AFTER) == 0;
}

/* ---- checking ---- */

/* 1 or 0, so that several are asked without a jump after each. Sums of two 32-bit
 * numbers cannot wrap in 64 bits: two comparisons are enough. */
static inline unsigned text_inside(const uint8_t *bytes, size_t at, size_t start,
                                   size_t len) {
    uint64_t offset = heng_flat_u32(bytes + at);
    uint64_t text_len = heng_flat_u32(bytes + at + 4);
    return (unsigned)(offset >= start) & (unsigned)(offset + text_len <= len);
}

static inline unsigned is_day(const uint8_t *at) {
    return heng_date_valid(heng_flat_i32(at));
}

static inline unsigned day_or_none(const uint8_t *at) {
    return is_day(at) | (unsigned)(heng_flat_i32(at) == HENG_DATE_NONE);
}

static inline uint64_t text_len(const uint8_t *bytes, size_t at) {
    return heng_flat_u32(bytes + at + 4);
}

/* `*texts` counts the bytes of all texts: each has its own, so that whoever lays them
 * down anew needs no more room. */
static bool strings_inside(const uint8_t *bytes, size_t at, size_t start, size_t len,
                           uint64_t *texts) {
    if (!text_inside(bytes, at, start, len))
        return false;
    size_t list = heng_flat_u32(bytes + at);
    size_t list_len = heng_flat_u32(bytes + at + 4);
    *texts += list_len;
    if (list_len < 4)
        return false;
    size_t count = heng_flat_u32(bytes + list);
    if (count > (list_len - 4) / 8)
        return false;
    for (size_t i = 0; i < count; i++) {
        if (!text_inside(bytes, list + 4 + i * 8, start, len))
            return false;
        *texts += text_len(bytes, list + 4 + i * 8);
    }
    return true;
}

/* `count` entries from `at`; texts lie from `start` on, `texts` bytes of them are those
 * of others. */
static bool attributes_inside(const uint8_t *bytes, size_t at, size_t count,
                              size_t start, size_t len, uint64_t texts) {
    for (size_t i = 0; i < count; i++, at += HENG_FLAT_ATTRIBUTE_BYTES) {
        const uint8_t *entry = bytes + at;
        if (i > 0 &&
            heng_flat_u32(entry - HENG_FLAT_ATTRIBUTE_BYTES) >= heng_flat_u32(entry))
            return false;
        switch (entry[4]) {
        case HENG_ATTRIBUTE_BOOL:
            if (heng_flat_u64(entry + 8) > 1)
                return false;
            break;
        case HENG_ATTRIBUTE_INT:
        case HENG_ATTRIBUTE_DECIMAL:
            break;
        case HENG_ATTRIBUTE_DATE:
            if (!heng_date_valid(heng_flat_i64(entry + 8)))
                return false;
            break;
        case HENG_ATTRIBUTE_STRING:
            if (!text_inside(bytes, at + 8, start, len))
                return false;
            texts += text_len(bytes, at + 8);
            break;
        case HENG_ATTRIBUTE_STRINGS:
            if (!strings_inside(bytes, at + 8, start, len, &texts))
                return false;
            break;
        default:
            return false;
        }
    }
    return texts <= len - start;
}

/* Where the texts begin: behind the relations and attributes. */
static uint64_t subject_texts_at(const uint8_t *bytes) {
    return HENG_FLAT_SUBJECT_BYTES +
           (uint64_t)heng_flat_u32(bytes + 20) * HENG_FLAT_RELATION_BYTES +
           (uint64_t)heng_flat_u16(bytes + 6) * HENG_FLAT_ATTRIBUTE_BYTES;
}

static bool head_inside(const uint8_t *bytes, size_t len) {
    if (len < HENG_FLAT_SUBJECT_BYTES)
        return false;
    uint64_t texts = subject_texts_at(bytes);
    unsigned fine = (unsigned)(heng_flat_u32(bytes) == len) &
                    (unsigned)(bytes[4] >= HENG_LEGAL_PERSON) &
                    (unsigned)(bytes[4] <= HENG_NATURAL_PERSON) &
                    (unsigned)(bytes[5] <= HENG_CAPACITY_NONE) &
                    day_or_none(bytes + 16) & (unsigned)(texts <= len) &
                    text_inside(bytes, HENG_FLAT_SUBJECT_NAME, texts, len) &
                    text_inside(bytes, HENG_FLAT_SUBJECT_REGION, texts, len) &
                    text_inside(bytes, HENG_FLAT_SUBJECT_INDUSTRY, texts, len) &
                    text_inside(bytes, HENG_FLAT_SUBJECT_STATUS, texts, len);
    return fine != 0;
}

bool heng_flat_check_subject(const uint8_t *bytes, size_t len) {
    if (!head_inside(bytes, len))
        return false;
    size_t relations = heng_flat_relation_count(bytes);
    size_t attributes = heng_flat_attribute_count(bytes, false);
    size_t attributes_at = subject_attributes_at(bytes);
    size_t start = attributes_at + attributes * HENG_FLAT_ATTRIBUTE_BYTES;
    uint64_t texts = text_len(bytes, HENG_FLAT_SUBJECT_NAME) +
                     text_len(bytes, HENG_FLAT_SUBJECT_REGION) +
                     text_len(bytes, HENG_FLAT_SUBJECT_INDUSTRY) +
                     text_len(bytes, HENG_FLAT_SUBJECT_STATUS);
    for (size_t i = 0; i < relations; i++) {
        size_t at = HENG_FLAT_SUBJECT_BYTES + i * HENG_FLAT_RELATION_BYTES;
        if (!heng_date_valid(heng_flat_i32(bytes + at + 4)) ||
            !day_or_none(bytes + at + 8) || !text_inside(bytes, at + 12, start, len))
            return false;
        texts += text_len(bytes, at + 12);
    }
    return attributes_inside(bytes, attributes_at, attributes, start, len, texts);
}

bool heng_flat_check_record(const uint8_t *bytes, size_t len) {
    if (len < HENG_FLAT_RECORD_BYTES || heng_flat_u32(bytes) != len)
        return false;
    unsigned head = (unsigned)(bytes[32] <= HENG_RECORD_DISPUTED) & is_day(bytes + 16) &
                    is_day(bytes + 20) & day_or_none(bytes + 24) & is_day(bytes + 28);
    if (head == 0)
        return false;

    size_t parties = heng_flat_party_count(bytes);
    size_t attributes = heng_flat_attribute_count(bytes, true);
    size_t left = len - HENG_FLAT_RECORD_BYTES;
    if (parties > left / HENG_FLAT_PARTY_BYTES)
        return false;
    left -= parties * HENG_FLAT_PARTY_BYTES;
    if (attributes > left / HENG_FLAT_ATTRIBUTE_BYTES)
        return false;
    size_t attributes_at = record_attributes_at(bytes);
    size_t start = attributes_at + attributes * HENG_FLAT_ATTRIBUTE_BYTES;

    unsigned inside = text_inside(bytes, HENG_FLAT_RECORD_ID, start, len) &
                      text_inside(bytes, HENG_FLAT_RECORD_AUTHORITY, start, len) &
                      text_inside(bytes, HENG_FLAT_RECORD_DOCUMENT, start, len);
    if (inside == 0)
        return false;
    uint64_t texts = text_len(bytes, HENG_FLAT_RECORD_ID) +
                     text_len(bytes, HENG_FLAT_RECORD_AUTHORITY) +
                     text_len(bytes, HENG_FLAT_RECORD_DOCUMENT);
    for (size_t i = 0; i < parties; i++) {
        size_t at = HENG_FLAT_RECORD_BYTES + i * HENG_FLAT_PARTY_BYTES;
        if (!text_inside(bytes, at + 4, start, len))
            return false;
        texts += text_len(bytes, at + 4);
    }
    return attributes_inside(bytes, attributes_at, attributes, start, len, texts);
}
