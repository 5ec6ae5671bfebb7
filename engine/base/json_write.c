/* SPDX-License-Identifier: Apache-2.0 */
/* json_write.c: commas, indentation and escapes. */
#include "base/json_write.h"

#include <assert.h>
#include <stdio.h>

#include "base/limits.h"
#include "base/utf8.h"

_Static_assert(HENG_LIMIT_JSON_DEPTH < 64, "one bit of `filled` a level");

void heng_json_write_init(heng_json_write *json, heng_buffer *out,
                          heng_json_style style) {
    *json = (heng_json_write){.out = out, .style = style};
}

static void new_line(heng_json_write *json) {
    if (json->style == HENG_JSON_COMPACT)
        return;
    (void)heng_buffer_add_char(json->out, '\n');
    for (unsigned i = 0; i < json->depth; i++) {
        (void)heng_buffer_add(json->out, "  ", 2);
    }
}

/* What stands between the thing before and the one that comes now. */
static void separate(heng_json_write *json) {
    if (json->after_key) {
        json->after_key = false;
        return;
    }
    uint64_t bit = UINT64_C(1) << json->depth;
    if ((json->filled & bit) != 0) {
        (void)heng_buffer_add_char(json->out, ',');
    }
    json->filled |= bit;
    if (json->depth > 0) {
        new_line(json);
    }
}

static void open_level(heng_json_write *json, char c) {
    separate(json);
    if (json->depth == HENG_LIMIT_JSON_DEPTH) {
        heng_buffer_fail(json->out, HENG_ERR_LIMIT);
        return;
    }
    (void)heng_buffer_add_char(json->out, c);
    json->depth++;
    json->filled &= ~(UINT64_C(1) << json->depth);
}

static void close_level(heng_json_write *json, char c) {
    if (json->out->status != HENG_OK) /* a level may have been refused */
        return;
    assert(json->depth > 0 && !json->after_key);
    bool filled = (json->filled >> json->depth & 1) != 0;
    json->depth--;
    if (filled) {
        new_line(json);
    }
    (void)heng_buffer_add_char(json->out, c);
}

void heng_json_write_object(heng_json_write *json) {
    open_level(json, '{');
}

void heng_json_write_object_end(heng_json_write *json) {
    close_level(json, '}');
}

void heng_json_write_array(heng_json_write *json) {
    open_level(json, '[');
}

void heng_json_write_array_end(heng_json_write *json) {
    close_level(json, ']');
}

/* Whether `c` can stand in a JSON string as it is. Bytes past ASCII are looked at as
 * characters. */
static bool is_plain(char c) {
    unsigned char byte = (unsigned char)c;
    return byte >= 0x20 && byte < 0x80 && c != '"' && c != '\\';
}

size_t heng_json_write_plain(heng_str value) {
    size_t at = 0;
    while (at + sizeof(uint64_t) <= value.len) {
        uint64_t bytes;
        memcpy(&bytes, value.ptr + at, sizeof bytes);
        if (heng_json_write_doubt(bytes) != 0)
            break;
        at += sizeof bytes;
    }
    /* The rest with bytes before it that were looked at: most end here. */
    if (at < value.len && at > 0 && value.len - at < sizeof(uint64_t)) {
        uint64_t bytes;
        memcpy(&bytes, value.ptr + value.len - sizeof bytes, sizeof bytes);
        if (heng_json_write_doubt(bytes) == 0)
            return value.len;
    }
    while (at < value.len && is_plain(value.ptr[at])) {
        at++;
    }
    return at;
}

static void add_escape(heng_buffer *out, char c) {
    static const char FROM[] = "\"\\\b\f\n\r\t";
    static const char TO[] = "\"\\bfnrt";
    const char *found = memchr(FROM, c, sizeof FROM - 1);
    if (found != NULL) {
        const char pair[] = {'\\', TO[found - FROM]};
        (void)heng_buffer_add(out, pair, sizeof pair);
    } else {
        (void)heng_buffer_add_format(out, "\\u%04x", (unsigned)(unsigned char)c);
    }
}

static void add_quoted(heng_buffer *out, heng_str value) {
    (void)heng_buffer_add_char(out, '"');
    size_t at = 0;
    while (at < value.len) {
        /* what goes out as it is, in one piece */
        size_t run =
            at + heng_json_write_plain((heng_str){value.ptr + at, value.len - at});
        while (run < value.len) {
            if (is_plain(value.ptr[run])) {
                run++;
                continue;
            }
            uint32_t code = 0;
            size_t step = heng_utf8_decode(value.ptr + run, value.len - run, &code);
            if (step < 2)
                break;
            run += step;
        }
        (void)heng_buffer_add(out, value.ptr + at, run - at);
        at = run;
        if (at < value.len) {
            if ((unsigned char)value.ptr[at] >= 0x80) {
                (void)heng_buffer_add_text(out, "\xEF\xBF\xBD"); /* U+FFFD */
            } else {
                add_escape(out, value.ptr[at]);
            }
            at++;
        }
    }
    (void)heng_buffer_add_char(out, '"');
}

void heng_json_write_key(heng_json_write *json, const char *key) {
    heng_json_write_key_str(json, heng_str_of(key));
}

void heng_json_write_key_str(heng_json_write *json, heng_str key) {
    assert(!json->after_key);
    separate(json);
    add_quoted(json->out, key);
    (void)heng_buffer_add_text(json->out, json->style == HENG_JSON_PRETTY ? ": " : ":");
    json->after_key = true;
}

void heng_json_write_str(heng_json_write *json, heng_str value) {
    separate(json);
    add_quoted(json->out, value);
}

void heng_json_write_text(heng_json_write *json, const char *value) {
    if (value == NULL) {
        heng_json_write_null(json);
    } else {
        heng_json_write_str(json, heng_str_of(value));
    }
}

void heng_json_write_raw(heng_json_write *json, heng_str value) {
    separate(json);
    (void)heng_buffer_add_str(json->out, value);
}

/* By hand, as the batch writes millions of them. */
static void add_digits(heng_json_write *json, uint64_t value, bool negative) {
    char digits[21];
    size_t at = sizeof digits;
    do {
        digits[--at] = (char)('0' + value % 10);
        value /= 10;
    } while (value != 0);
    if (negative) {
        digits[--at] = '-';
    }
    heng_json_write_raw(json, (heng_str){digits + at, sizeof digits - at});
}

void heng_json_write_int(heng_json_write *json, int64_t value) {
    add_digits(json, value < 0 ? 0 - (uint64_t)value : (uint64_t)value, value < 0);
}

void heng_json_write_uint(heng_json_write *json, uint64_t value) {
    add_digits(json, value, false);
}

void heng_json_write_bool(heng_json_write *json, bool value) {
    heng_json_write_raw(json, value ? HENG_STR("true") : HENG_STR("false"));
}

void heng_json_write_null(heng_json_write *json) {
    heng_json_write_raw(json, HENG_STR("null"));
}
