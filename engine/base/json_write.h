/* SPDX-License-Identifier: Apache-2.0 */
/*
 * json_write.h: writes JSON into a buffer, keys in the order they are given.
 *
 * Failures stick in the buffer: write all, then ask heng_buffer_status(). What is
 * written is always valid UTF-8: bytes that are not become U+FFFD.
 */
#ifndef HENG_BASE_JSON_WRITE_H
#define HENG_BASE_JSON_WRITE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buffer.h"
#include "heng/str.h"

typedef enum heng_json_style {
    HENG_JSON_COMPACT, /* one line, no spaces */
    HENG_JSON_PRETTY,  /* a line each, two spaces a level */
} heng_json_style;

/** On the caller's stack; holds nothing that must be freed. Leave its parts alone. */
typedef struct heng_json_write {
    heng_buffer *out; /* borrowed */
    heng_json_style style;
    unsigned depth;
    uint64_t filled; /* bit n: something was written at depth n */
    bool after_key;
} heng_json_write;

/** Starts a document at the end of `out`; several may follow one another there. */
void heng_json_write_init(heng_json_write *json, heng_buffer *out,
                          heng_json_style style);

/* Nesting past HENG_LIMIT_JSON_DEPTH makes the buffer fail with HENG_ERR_LIMIT. */
void heng_json_write_object(heng_json_write *json);
void heng_json_write_object_end(heng_json_write *json);
void heng_json_write_array(heng_json_write *json);
void heng_json_write_array_end(heng_json_write *json);

/** The key of the value that comes next; only in an object. */
void heng_json_write_key(heng_json_write *json, const char *key);
void heng_json_write_key_str(heng_json_write *json, heng_str key);

void heng_json_write_str(heng_json_write *json, heng_str value);
/** NUL-terminated; NULL writes null. */
void heng_json_write_text(heng_json_write *json, const char *value);
void heng_json_write_int(heng_json_write *json, int64_t value);
void heng_json_write_uint(heng_json_write *json, uint64_t value);
void heng_json_write_bool(heng_json_write *json, bool value);
void heng_json_write_null(heng_json_write *json);

/** Bytes that are a JSON value already, such as a number from heng_decimal_format(). */
void heng_json_write_raw(heng_json_write *json, heng_str value);

/** Of eight bytes at once: a bit is left where one cannot stand in a JSON string as it
 * is, or may not. */
static inline uint64_t heng_json_write_doubt(uint64_t bytes) {
    const uint64_t ones = UINT64_C(0x0101010101010101);
    const uint64_t tops = ones << 7;
    uint64_t quotes = bytes ^ ones * '"';
    uint64_t slashes = bytes ^ ones * '\\';
    return (bytes | (bytes - ones * 0x20) | (quotes - ones) | (slashes - ones)) & tops;
}

/** How many bytes at the front of `value` can stand in a JSON string as they are; ASCII
 * only. For writers that put lines together by hand. */
size_t heng_json_write_plain(heng_str value);

#endif
