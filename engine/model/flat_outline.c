/* SPDX-License-Identifier: Apache-2.0 */
/*
 * flat_outline.c: flat objects without their particulars.
 *
 * Head and attributes are copied as they stand; then each text that is kept is laid
 * down anew, in the order in which the full object has it, and its place corrected.
 */
#include "model/flat.h"

/* Lays a text of `from` down at *end, and its place at `at`. */
static void keep_text(const uint8_t *from, size_t from_at, uint8_t *to, size_t at,
                      size_t *end) {
    heng_str text = heng_flat_text(from, from_at);
    uint32_t place[2] = {(uint32_t)*end, (uint32_t)text.len};
    memcpy(to + at, place, sizeof place);
    if (text.len > 0)
        memcpy(to + *end, text.ptr, text.len);
    *end += text.len;
}

static void drop_text(uint8_t *to, size_t at, size_t end) {
    const uint32_t place[2] = {(uint32_t)end, 0};
    memcpy(to + at, place, sizeof place);
}

/* A list of texts: u32 count, the places, the texts. */
static void keep_texts(const uint8_t *from, size_t from_at, uint8_t *to, size_t at,
                       size_t *end) {
    size_t from_list = heng_flat_u32(from + from_at);
    size_t count = heng_flat_u32(from + from_list);
    size_t list = *end;
    uint32_t place[2] = {(uint32_t)list, (uint32_t)(4 + count * 8)};
    memcpy(to + at, place, sizeof place);
    memcpy(to + list, from + from_list, 4);
    *end += place[1];
    for (size_t i = 0; i < count; i++)
        keep_text(from, from_list + 4 + i * 8, to, list + 4 + i * 8, end);
}

/* `count` attributes at `from_at`, which were copied to `at`. */
static void keep_attributes(const uint8_t *from, size_t from_at, uint8_t *to, size_t at,
                            size_t count, size_t *end) {
    for (size_t i = 0; i < count; i++) {
        size_t step = i * HENG_FLAT_ATTRIBUTE_BYTES + 8;
        uint8_t type = to[at + i * HENG_FLAT_ATTRIBUTE_BYTES + 4];
        if (type == HENG_ATTRIBUTE_STRING)
            keep_text(from, from_at + step, to, at + step, end);
        else if (type == HENG_ATTRIBUTE_STRINGS)
            keep_texts(from, from_at + step, to, at + step, end);
    }
}

static size_t finish(uint8_t *bytes, size_t size) {
    uint32_t size32 = (uint32_t)size;
    memcpy(bytes, &size32, sizeof size32);
    return size;
}

size_t heng_flat_outline_subject(const uint8_t *subject, uint8_t *bytes) {
    size_t relations = heng_flat_relation_count(subject);
    size_t count = heng_flat_attribute_count(subject, false);
    size_t attributes_at =
        HENG_FLAT_SUBJECT_BYTES + relations * HENG_FLAT_RELATION_BYTES;
    size_t end = attributes_at + count * HENG_FLAT_ATTRIBUTE_BYTES;
    memcpy(bytes, subject, end);
    drop_text(bytes, HENG_FLAT_SUBJECT_NAME, end);
    keep_text(subject, HENG_FLAT_SUBJECT_REGION, bytes, HENG_FLAT_SUBJECT_REGION, &end);
    keep_text(subject, HENG_FLAT_SUBJECT_INDUSTRY, bytes, HENG_FLAT_SUBJECT_INDUSTRY,
              &end);
    keep_text(subject, HENG_FLAT_SUBJECT_STATUS, bytes, HENG_FLAT_SUBJECT_STATUS, &end);
    for (size_t i = 0; i < relations; i++) {
        size_t at = HENG_FLAT_SUBJECT_BYTES + i * HENG_FLAT_RELATION_BYTES + 12;
        keep_text(subject, at, bytes, at, &end);
    }
    keep_attributes(subject, attributes_at, bytes, attributes_at, count, &end);
    return finish(bytes, end);
}

size_t heng_flat_outline_record(const uint8_t *record, uint8_t *bytes) {
    enum { PARTIES_AT = 36 };
    size_t count = heng_flat_attribute_count(record, true);
    size_t from_at = HENG_FLAT_RECORD_BYTES +
                     heng_flat_party_count(record) * (size_t)HENG_FLAT_PARTY_BYTES;
    size_t end = HENG_FLAT_RECORD_BYTES + count * HENG_FLAT_ATTRIBUTE_BYTES;
    memcpy(bytes, record, HENG_FLAT_RECORD_BYTES);
    memset(bytes + PARTIES_AT, 0, 4);
    memcpy(bytes + HENG_FLAT_RECORD_BYTES, record + from_at,
           end - HENG_FLAT_RECORD_BYTES);
    keep_text(record, HENG_FLAT_RECORD_ID, bytes, HENG_FLAT_RECORD_ID, &end);
    drop_text(bytes, HENG_FLAT_RECORD_AUTHORITY, end);
    drop_text(bytes, HENG_FLAT_RECORD_DOCUMENT, end);
    keep_attributes(record, from_at, bytes, HENG_FLAT_RECORD_BYTES, count, &end);
    return finish(bytes, end);
}
