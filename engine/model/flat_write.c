/* SPDX-License-Identifier: Apache-2.0 */
/*
 * flat_write.c: drafts to flat objects.
 *
 * One function walks an object for its size and, with a place to write to, for its
 * bytes: the two cannot disagree. Texts are laid down in the order of the entries that
 * point to them, so that equal content gives equal bytes.
 */
#include "model/flat.h"

struct writer {
    uint8_t *bytes; /* NULL: only measure */
    size_t end;     /* where the next text goes */
};

static void put_u16(struct writer *writer, size_t at, uint16_t value) {
    if (writer->bytes != NULL) {
        memcpy(writer->bytes + at, &value, sizeof value);
    }
}

static void put_u32(struct writer *writer, size_t at, uint32_t value) {
    if (writer->bytes != NULL) {
        memcpy(writer->bytes + at, &value, sizeof value);
    }
}

static void put_i32(struct writer *writer, size_t at, int32_t value) {
    if (writer->bytes != NULL) {
        memcpy(writer->bytes + at, &value, sizeof value);
    }
}

static void put_u64(struct writer *writer, size_t at, uint64_t value) {
    if (writer->bytes != NULL) {
        memcpy(writer->bytes + at, &value, sizeof value);
    }
}

/* Lays `text` down at the end, and its place at `at`. */
static void put_text(struct writer *writer, size_t at, heng_str text) {
    put_u32(writer, at, (uint32_t)writer->end);
    put_u32(writer, at + 4, (uint32_t)text.len);
    if (writer->bytes != NULL && text.len > 0) {
        memcpy(writer->bytes + writer->end, text.ptr, text.len);
    }
    writer->end += text.len;
}

static void put_strings(struct writer *writer, size_t at,
                        const heng_flat_draft_attribute *attribute) {
    size_t list = writer->end;
    size_t list_len = 4 + attribute->item_count * 8;
    put_u32(writer, at, (uint32_t)list);
    put_u32(writer, at + 4, (uint32_t)list_len);
    put_u32(writer, list, (uint32_t)attribute->item_count);
    writer->end += list_len;
    for (size_t i = 0; i < attribute->item_count; i++) {
        put_text(writer, list + 4 + i * 8, attribute->items[i]);
    }
}

static void put_attribute(struct writer *writer, size_t at,
                          const heng_flat_draft_attribute *attribute) {
    put_u32(writer, at, attribute->name);
    put_u32(writer, at + 4, (uint32_t)attribute->type); /* the type, and three zeros */
    switch (attribute->type) {
    case HENG_ATTRIBUTE_BOOL:
    case HENG_ATTRIBUTE_INT:
    case HENG_ATTRIBUTE_DECIMAL:
    case HENG_ATTRIBUTE_DATE:
        put_u64(writer, at + 8, (uint64_t)attribute->number);
        break;
    case HENG_ATTRIBUTE_STRING:
        put_text(writer, at + 8, attribute->text);
        break;
    case HENG_ATTRIBUTE_STRINGS:
        put_strings(writer, at + 8, attribute);
        break;
    }
}

static void put_attributes(struct writer *writer, size_t at,
                           const heng_flat_draft_attribute *attributes, size_t count) {
    for (size_t i = 0; i < count; i++) {
        put_attribute(writer, at + i * HENG_FLAT_ATTRIBUTE_BYTES, &attributes[i]);
    }
}

/* Insertion: a handful, nearly always in order already. */
static void sort_attributes(heng_flat_draft_attribute *attributes, size_t count) {
    for (size_t i = 1; i < count; i++) {
        heng_flat_draft_attribute moving = attributes[i];
        size_t at = i;
        while (at > 0 && attributes[at - 1].name > moving.name) {
            attributes[at] = attributes[at - 1];
            at--;
        }
        attributes[at] = moving;
    }
}

static size_t lay_subject(const heng_draft_subject *draft, uint8_t *bytes) {
    size_t attributes_at =
        HENG_FLAT_SUBJECT_BYTES + draft->relation_count * HENG_FLAT_RELATION_BYTES;
    struct writer writer = {bytes, attributes_at + draft->attribute_count *
                                                       HENG_FLAT_ATTRIBUTE_BYTES};

    put_text(&writer, HENG_FLAT_SUBJECT_NAME, draft->name);
    put_text(&writer, HENG_FLAT_SUBJECT_REGION, draft->region);
    put_text(&writer, HENG_FLAT_SUBJECT_INDUSTRY, draft->industry);
    put_text(&writer, HENG_FLAT_SUBJECT_STATUS, draft->status);
    for (size_t i = 0; i < draft->relation_count; i++) {
        size_t at = HENG_FLAT_SUBJECT_BYTES + i * HENG_FLAT_RELATION_BYTES;
        put_u32(&writer, at, draft->relations[i].role);
        put_i32(&writer, at + 4, draft->relations[i].from);
        put_i32(&writer, at + 8, draft->relations[i].to);
        put_text(&writer, at + 12, draft->relations[i].id);
    }
    put_attributes(&writer, attributes_at, draft->attributes, draft->attribute_count);

    put_u32(&writer, 0, (uint32_t)writer.end);
    put_u16(&writer, 4,
            (uint16_t)((unsigned)draft->kind | (unsigned)draft->capacity << 8));
    put_u16(&writer, 6, (uint16_t)draft->attribute_count);
    put_u64(&writer, HENG_FLAT_SUBJECT_COMMIT, draft->commit);
    put_i32(&writer, 16, draft->established_on);
    put_u32(&writer, 20, (uint32_t)draft->relation_count);
    return writer.end;
}

static size_t lay_record(const heng_draft_record *draft, uint8_t *bytes) {
    size_t attributes_at =
        HENG_FLAT_RECORD_BYTES + draft->party_count * HENG_FLAT_PARTY_BYTES;
    struct writer writer = {bytes, attributes_at + draft->attribute_count *
                                                       HENG_FLAT_ATTRIBUTE_BYTES};

    put_text(&writer, HENG_FLAT_RECORD_ID, draft->id);
    put_text(&writer, HENG_FLAT_RECORD_AUTHORITY, draft->authority);
    put_text(&writer, HENG_FLAT_RECORD_DOCUMENT, draft->document_no);
    for (size_t i = 0; i < draft->party_count; i++) {
        size_t at = HENG_FLAT_RECORD_BYTES + i * HENG_FLAT_PARTY_BYTES;
        put_u32(&writer, at, draft->parties[i].role);
        put_text(&writer, at + 4, draft->parties[i].id);
    }
    put_attributes(&writer, attributes_at, draft->attributes, draft->attribute_count);

    put_u32(&writer, 0, (uint32_t)writer.end);
    put_u32(&writer, 4, draft->category);
    put_u64(&writer, HENG_FLAT_RECORD_COMMIT, draft->commit);
    put_i32(&writer, 16, draft->decided_on);
    put_i32(&writer, 20, draft->effective_on);
    put_i32(&writer, 24, draft->expires_on);
    put_i32(&writer, 28, draft->status_on);
    put_u16(&writer, 32, (uint16_t)draft->status); /* the status, and a zero */
    put_u16(&writer, 34, (uint16_t)draft->attribute_count);
    put_u32(&writer, 36, (uint32_t)draft->party_count);
    return writer.end;
}

size_t heng_flat_subject_size(const heng_draft_subject *draft) {
    return lay_subject(draft, NULL);
}

size_t heng_flat_record_size(const heng_draft_record *draft) {
    return lay_record(draft, NULL);
}

void heng_flat_write_subject(heng_draft_subject *draft, uint8_t *bytes) {
    sort_attributes(draft->attributes, draft->attribute_count);
    (void)lay_subject(draft, bytes);
}

void heng_flat_write_record(heng_draft_record *draft, uint8_t *bytes) {
    sort_attributes(draft->attributes, draft->attribute_count);
    (void)lay_record(draft, bytes);
}
