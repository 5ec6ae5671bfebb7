/* SPDX-License-Identifier: Apache-2.0 */
/*
 * flat.h: how subjects and records lie in the store, so that a condition reads them in
 * place: nothing is decoded, nothing allocated.
 *
 * Everything is little-endian and read with memcpy loads, because LMDB aligns values to
 * two bytes only. Offsets are from the first byte of the object. Texts are UTF-8
 * without NULs after them.
 *
 *   subject: head | relations (RELATION_BYTES each) | attributes (ATTRIBUTE_BYTES each)
 * | texts record:  head | parties (PARTY_BYTES each)      | attributes | texts
 *
 * Attributes are sorted by name number. The bytes of an object depend on nothing but
 * its content (names' numbers included), so identical content is found by memcmp of all
 * but `commit`.
 *
 * INVARIANT: whoever takes bytes from outside (the store) calls heng_flat_check_*()
 * first or has written them itself under a checksum; the accessors below check nothing.
 */
#ifndef HENG_MODEL_FLAT_H
#define HENG_MODEL_FLAT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "heng/date.h"
#include "heng/decimal.h"
#include "heng/error.h"
#include "heng/str.h"
#include "model/kind.h"

static inline uint16_t heng_flat_u16(const uint8_t *at) {
    return (uint16_t)(at[0] | at[1] << 8);
}
static inline uint32_t heng_flat_u32(const uint8_t *at) {
    uint32_t value;
    memcpy(&value, at, sizeof value);
    return value; /* little-endian hosts only: asserted in flat.c */
}
static inline int32_t heng_flat_i32(const uint8_t *at) {
    int32_t value;
    memcpy(&value, at, sizeof value);
    return value;
}
static inline uint64_t heng_flat_u64(const uint8_t *at) {
    uint64_t value;
    memcpy(&value, at, sizeof value);
    return value;
}
static inline int64_t heng_flat_i64(const uint8_t *at) {
    int64_t value;
    memcpy(&value, at, sizeof value);
    return value;
}

/* ---- attributes: one entry of 16 bytes ----
 *   0 u32 name number
 *   4 u8  type (heng_attribute_type), 5..7 zero
 *   8 i64 BOOL 0/1, INT, DECIMAL, DATE; or for STRING, STRINGS: u32 offset, u32 length.
 * STRINGS: the text holds u32 count, then count times (u32 offset, u32 length), offsets
 * from the first byte of the object.
 */
enum { HENG_FLAT_ATTRIBUTE_BYTES = 16 };

/* ---- subject head ----
 *   0 u32 size of the whole object in bytes
 *   4 u8 kind  5 u8 capacity  6 u16 attributes
 *   8 u64 commit that stored this version
 *  16 i32 established_on (HENG_DATE_NONE: absent)
 *  20 u32 relations
 *  24 u32,u32 name   32 region   40 industry   48 status     (offset, length)
 */
enum {
    HENG_FLAT_SUBJECT_BYTES = 56,
    HENG_FLAT_SUBJECT_COMMIT = 8,
    HENG_FLAT_SUBJECT_NAME = 24,
    HENG_FLAT_SUBJECT_REGION = 32,
    HENG_FLAT_SUBJECT_INDUSTRY = 40,
    HENG_FLAT_SUBJECT_STATUS = 48,
};
/* relation: 0 u32 role  4 i32 from (HENG_DATE_MIN: open)  8 i32 to (NONE: open)  12 u32
 * offset 16 u32 length of the id */
enum { HENG_FLAT_RELATION_BYTES = 20 };

/* ---- record head ----
 *   0 u32 size
 *   4 u32 category (name number)
 *   8 u64 commit
 *  16 i32 decided_on  20 i32 effective_on  24 i32 expires_on (NONE)  28 i32 status_on
 *  32 u8 status  33 u8 zero  34 u16 attributes  36 u32 parties
 *  40 u32,u32 id   48 authority   56 document_no
 */
enum {
    HENG_FLAT_RECORD_BYTES = 64,
    HENG_FLAT_RECORD_COMMIT = 8,
    HENG_FLAT_RECORD_ID = 40,
    HENG_FLAT_RECORD_AUTHORITY = 48,
    HENG_FLAT_RECORD_DOCUMENT = 56,
};
/* party: 0 u32 role  4 u32 offset  8 u32 length of the id */
enum { HENG_FLAT_PARTY_BYTES = 12 };

static inline heng_str heng_flat_text(const uint8_t *object, size_t at) {
    return (heng_str){(const char *)object + heng_flat_u32(object + at),
                      heng_flat_u32(object + at + 4)};
}

/** An attribute entry, or NULL where the object has none of that name. `is_record` says
 * which layout. */
const uint8_t *heng_flat_attribute(const uint8_t *object, bool is_record,
                                   uint32_t name);

/** The same of `count` entries that begin at `entry`. */
static inline const uint8_t *heng_flat_find(const uint8_t *entry, size_t count,
                                            uint32_t name) {
    /* Few objects have more than a handful: in order, not by halves. */
    for (const uint8_t *end = entry + count * HENG_FLAT_ATTRIBUTE_BYTES; entry < end;
         entry += HENG_FLAT_ATTRIBUTE_BYTES) {
        uint32_t number = heng_flat_u32(entry);
        if (number >= name)
            return number == name ? entry : NULL;
    }
    return NULL;
}

/** Of a record, in line: asked for every condition of every record. */
static inline const uint8_t *heng_flat_record_attribute(const uint8_t *record,
                                                        uint32_t name) {
    size_t parties = heng_flat_u32(record + 36);
    return heng_flat_find(record + HENG_FLAT_RECORD_BYTES +
                              parties * HENG_FLAT_PARTY_BYTES,
                          heng_flat_u16(record + 34), name);
}

size_t heng_flat_attribute_count(const uint8_t *object, bool is_record);

/** The `index`-th attribute entry (sorted by name number). */
const uint8_t *heng_flat_attribute_at(const uint8_t *object, bool is_record,
                                      size_t index);

typedef struct heng_flat_relation {
    uint32_t role;
    heng_date from, to;
    heng_str id;
} heng_flat_relation;

static inline size_t heng_flat_relation_count(const uint8_t *subject) {
    return heng_flat_u32(subject + 20);
}
heng_flat_relation heng_flat_relation_at(const uint8_t *subject, size_t index);

typedef struct heng_flat_party {
    uint32_t role;
    heng_str id;
} heng_flat_party;

static inline size_t heng_flat_party_count(const uint8_t *record) {
    return heng_flat_u32(record + 36);
}
static inline uint32_t heng_flat_party_role(const uint8_t *record, size_t index) {
    return heng_flat_u32(record + HENG_FLAT_RECORD_BYTES +
                         index * HENG_FLAT_PARTY_BYTES);
}
heng_flat_party heng_flat_party_at(const uint8_t *record, size_t index);

/** The item of a STRINGS entry. */
size_t heng_flat_strings_count(const uint8_t *object, const uint8_t *entry);
heng_str heng_flat_strings_at(const uint8_t *object, const uint8_t *entry,
                              size_t index);

/** Whether `len` bytes hold a well-formed object (all offsets inside, and no more texts
 * than there is room for). */
bool heng_flat_check_subject(const uint8_t *bytes, size_t len);
bool heng_flat_check_record(const uint8_t *bytes, size_t len);

/* ---- building ---- */

typedef struct heng_flat_draft_attribute {
    uint32_t name;
    heng_attribute_type type;
    int64_t number;  /* BOOL, INT, DECIMAL, DATE */
    heng_str text;   /* STRING */
    heng_str *items; /* STRINGS */
    size_t item_count;
} heng_flat_draft_attribute;

typedef struct heng_draft_subject {
    heng_subject_kind kind;
    heng_capacity capacity;
    uint64_t commit;
    heng_date established_on;
    heng_str name, region, industry, status;
    heng_flat_relation *relations; /* kept in the order given */
    size_t relation_count;
    heng_flat_draft_attribute
        *attributes; /* any order; sorted in place by the encoder */
    size_t attribute_count;
} heng_draft_subject;

typedef struct heng_draft_record {
    uint32_t category;
    uint64_t commit;
    heng_date decided_on, effective_on, expires_on, status_on;
    heng_record_status status;
    heng_str id, authority, document_no;
    heng_flat_party *parties;
    size_t party_count;
    heng_flat_draft_attribute *attributes;
    size_t attribute_count;
} heng_draft_record;

/** Bytes the encoded object takes. */
size_t heng_flat_subject_size(const heng_draft_subject *draft);
size_t heng_flat_record_size(const heng_draft_record *draft);

/** Writes exactly that many bytes. The caller has checked the caps of limits.h. */
void heng_flat_write_subject(heng_draft_subject *draft, uint8_t *bytes);
void heng_flat_write_record(heng_draft_record *draft, uint8_t *bytes);

/* ---- outlines ---- */

/**
 * Writes the outline of a well-formed object: the object without what only tells whom
 * and what it is about (the name of a subject; authority, document and parties of a
 * record), which conditions seldom ask for and outcome lines do not print. It is a
 * well-formed object itself.
 *
 * @param bytes  room for as many as the object has.
 * @return the bytes of the outline.
 */
size_t heng_flat_outline_subject(const uint8_t *subject, uint8_t *bytes);
size_t heng_flat_outline_record(const uint8_t *record, uint8_t *bytes);

/** Whether two objects are equal but for their commit. */
bool heng_flat_same(const uint8_t *a, const uint8_t *b);

#endif
