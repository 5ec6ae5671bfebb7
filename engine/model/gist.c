/* SPDX-License-Identifier: Apache-2.0 */
/* gist.c: gists written, and made into outlines. */
#include "model/gist.h"

#include "base/bytes.h"
#include "model/flat.h"

/* Nearly everybody is. */
static const char ACTIVE_TEXT[] = "active";
enum {
    ACTIVE = 0xffff,
    ACTIVE_BYTES = sizeof ACTIVE_TEXT - 1,
    LONGEST = 0xfffe,
    REGION_AT = 8,
    INDUSTRY_AT = 10,
    STATUS_AT = 12,
    NAME_BYTES = 5, /* of an attribute: name and type */
    MOST_ITEM = 4   /* bytes of an outline for a byte of a list */
};

/* ---- writing ---- */

static void put_u16(uint8_t *at, size_t value) {
    uint16_t number = (uint16_t)value;
    memcpy(at, &number, sizeof number);
}

static size_t put_bytes(uint8_t *bytes, size_t end, heng_str text) {
    if (text.len > 0)
        memcpy(bytes + end, text.ptr, text.len);
    return end + text.len;
}

/* Length and text; 0 where it is too long. */
static size_t put_text(uint8_t *bytes, size_t end, heng_str text) {
    if (text.len > LONGEST)
        return 0;
    put_u16(bytes + end, text.len);
    return put_bytes(bytes, end + 2, text);
}

static size_t put_texts(const uint8_t *subject, const uint8_t *entry, uint8_t *bytes,
                        size_t end) {
    size_t count = heng_flat_strings_count(subject, entry);
    if (count > LONGEST)
        return 0;
    put_u16(bytes + end, count);
    end += 2;
    for (size_t i = 0; i < count && end != 0; i++)
        end = put_text(bytes, end, heng_flat_strings_at(subject, entry, i));
    return end;
}

static size_t put_attribute(const uint8_t *subject, const uint8_t *entry,
                            uint8_t *bytes, size_t end) {
    memcpy(bytes + end, entry, NAME_BYTES);
    end += NAME_BYTES;
    if (entry[4] == HENG_ATTRIBUTE_STRING)
        return put_text(bytes, end,
                        heng_flat_text(subject, (size_t)(entry - subject) + 8));
    if (entry[4] == HENG_ATTRIBUTE_STRINGS)
        return put_texts(subject, entry, bytes, end);
    memcpy(bytes + end, entry + 8, 8);
    return end + 8;
}

size_t heng_gist_write(const uint8_t *subject, uint8_t *bytes) {
    heng_str region = heng_flat_text(subject, HENG_FLAT_SUBJECT_REGION);
    heng_str industry = heng_flat_text(subject, HENG_FLAT_SUBJECT_INDUSTRY);
    heng_str status = heng_flat_text(subject, HENG_FLAT_SUBJECT_STATUS);
    size_t count = heng_flat_attribute_count(subject, false);
    bool active = heng_str_equal(status, HENG_STR(ACTIVE_TEXT));
    if (region.len > LONGEST || industry.len > LONGEST || status.len > LONGEST)
        return 0;
    memcpy(bytes, subject + 4, 4); /* kind, capacity, attributes */
    memcpy(bytes + 4, subject + 16, 4);
    put_u16(bytes + REGION_AT, region.len);
    put_u16(bytes + INDUSTRY_AT, industry.len);
    put_u16(bytes + STATUS_AT, active ? (size_t)ACTIVE : status.len);
    size_t end = put_bytes(bytes, HENG_GIST_BYTES, region);
    end = put_bytes(bytes, end, industry);
    if (!active)
        end = put_bytes(bytes, end, status);
    for (size_t i = 0; i < count && end != 0; i++)
        end = put_attribute(subject, heng_flat_attribute_at(subject, false, i), bytes,
                            end);
    return end;
}

/* ---- making outlines ---- */

size_t heng_gist_room(const uint8_t *gist, size_t len) {
    size_t attributes = len < HENG_GIST_BYTES ? 0 : heng_flat_u16(gist + 2);
    return HENG_FLAT_SUBJECT_BYTES + ACTIVE_BYTES +
           attributes * HENG_FLAT_ATTRIBUTE_BYTES + MOST_ITEM * len;
}

/* Where the outline is made and the gist is read from. */
struct reader {
    const uint8_t *gist;
    size_t at, len;
    uint8_t *bytes;
    size_t end; /* where the next text goes */
};

static void place(struct reader *reader, size_t at, size_t len) {
    const uint32_t text[2] = {(uint32_t)reader->end, (uint32_t)len};
    memcpy(reader->bytes + at, text, sizeof text);
}

/* Takes a text of `len` bytes to the end, its place to `at`. */
static bool take(struct reader *reader, size_t at, size_t len) {
    if (len > reader->len - reader->at)
        return false;
    place(reader, at, len);
    memcpy(reader->bytes + reader->end, reader->gist + reader->at, len);
    reader->at += len;
    reader->end += len;
    return true;
}

static bool take_u16(struct reader *reader, size_t *ret_value) {
    if (reader->len - reader->at < 2)
        return false;
    *ret_value = heng_flat_u16(reader->gist + reader->at);
    reader->at += 2;
    return true;
}

static bool take_text(struct reader *reader, size_t at) {
    size_t len = 0;
    return take_u16(reader, &len) && take(reader, at, len);
}

/* A list of texts: count, places, texts, as flat objects have it. */
static bool take_texts(struct reader *reader, size_t at) {
    size_t count = 0;
    if (!take_u16(reader, &count) || count > (reader->len - reader->at) / 2)
        return false;
    size_t list = reader->end;
    const uint32_t count32 = (uint32_t)count;
    place(reader, at, 4 + count * 8);
    memcpy(reader->bytes + list, &count32, sizeof count32);
    reader->end += 4 + count * 8;
    for (size_t i = 0; i < count; i++) {
        if (!take_text(reader, list + 4 + i * 8))
            return false;
    }
    return true;
}

static bool take_number(struct reader *reader, size_t at, uint8_t type) {
    if (reader->len - reader->at < 8)
        return false;
    int64_t number = heng_flat_i64(reader->gist + reader->at);
    memcpy(reader->bytes + at, &number, sizeof number);
    reader->at += 8;
    if (type == HENG_ATTRIBUTE_BOOL)
        return number == 0 || number == 1;
    return type == HENG_ATTRIBUTE_DATE
               ? heng_date_valid(number)
               : type == HENG_ATTRIBUTE_INT || type == HENG_ATTRIBUTE_DECIMAL;
}

/* The attribute at `at`, which must lie behind the one before it. */
static bool take_attribute(struct reader *reader, size_t at, bool first) {
    if (reader->len - reader->at < NAME_BYTES)
        return false;
    uint8_t *entry = reader->bytes + at;
    memset(entry, 0, 8);
    memcpy(entry, reader->gist + reader->at, NAME_BYTES);
    reader->at += NAME_BYTES;
    if (!first &&
        heng_flat_u32(entry - HENG_FLAT_ATTRIBUTE_BYTES) >= heng_flat_u32(entry))
        return false;
    if (entry[4] == HENG_ATTRIBUTE_STRING)
        return take_text(reader, at + 8);
    if (entry[4] == HENG_ATTRIBUTE_STRINGS)
        return take_texts(reader, at + 8);
    return take_number(reader, at + 8, entry[4]);
}

static bool is_head(const uint8_t *gist, size_t len) {
    return len >= HENG_GIST_BYTES && gist[0] >= HENG_LEGAL_PERSON &&
           gist[0] <= HENG_NATURAL_PERSON && gist[1] <= HENG_CAPACITY_NONE &&
           (heng_date_valid(heng_flat_i32(gist + 4)) ||
            heng_flat_i32(gist + 4) == HENG_DATE_NONE);
}

/* Head and texts of a subject with so many attributes; where the attributes of the gist
 * begin, or 0. Region, industry and status lie one after the other, here and there. */
static size_t expand_head(const uint8_t *gist, size_t len, size_t count, uint8_t *bytes,
                          size_t *ret_end) {
    size_t region = heng_flat_u16(gist + REGION_AT);
    size_t industry = heng_flat_u16(gist + INDUSTRY_AT);
    size_t status = heng_flat_u16(gist + STATUS_AT);
    size_t kept = region + industry + (status == ACTIVE ? 0 : status);
    size_t at = HENG_FLAT_SUBJECT_BYTES + count * HENG_FLAT_ATTRIBUTE_BYTES;
    if (kept > len - HENG_GIST_BYTES)
        return 0;
    heng_bytes_copy(bytes + at, gist + HENG_GIST_BYTES, kept);
    if (status == ACTIVE) {
        memcpy(bytes + at + kept, ACTIVE_TEXT, ACTIVE_BYTES);
        status = ACTIVE_BYTES;
    }
    const uint32_t from = (uint32_t)at;
    const uint32_t texts[8] = {from,
                               0, /* the name */
                               from,
                               (uint32_t)region,
                               from + (uint32_t)region,
                               (uint32_t)industry,
                               from + (uint32_t)(region + industry),
                               (uint32_t)status};
    const uint16_t count16 = (uint16_t)count;
    memset(bytes, 0, HENG_FLAT_SUBJECT_NAME); /* commit and relations */
    memcpy(bytes + 4, gist, 2);
    memcpy(bytes + 6, &count16, sizeof count16);
    memcpy(bytes + 16, gist + 4, 4);
    memcpy(bytes + HENG_FLAT_SUBJECT_NAME, texts, sizeof texts);
    *ret_end = at + region + industry + status;
    return HENG_GIST_BYTES + kept;
}

static size_t finish(uint8_t *bytes, size_t end) {
    const uint32_t size = (uint32_t)end;
    memcpy(bytes, &size, sizeof size);
    return end;
}

size_t heng_gist_expand(const uint8_t *gist, size_t len, uint8_t *bytes) {
    if (!is_head(gist, len))
        return 0;
    size_t count = heng_flat_u16(gist + 2);
    struct reader reader = {.gist = gist, .len = len, .bytes = bytes};
    if (count > (len - HENG_GIST_BYTES) / NAME_BYTES)
        return 0;
    reader.at = expand_head(gist, len, count, bytes, &reader.end);
    if (reader.at == 0)
        return 0;
    for (size_t i = 0; i < count; i++) {
        size_t at = HENG_FLAT_SUBJECT_BYTES + i * HENG_FLAT_ATTRIBUTE_BYTES;
        if (!take_attribute(&reader, at, i == 0))
            return 0;
    }
    return reader.at == len ? finish(bytes, reader.end) : 0;
}
