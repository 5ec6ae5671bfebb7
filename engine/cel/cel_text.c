/* SPDX-License-Identifier: Apache-2.0 */
/* cel_text.c: texts in an arena, and UTF-8. */
#include "cel/cel_text.h"

#include <string.h>

#include "base/limits.h"
#include "base/utf8.h"

static bool make_room(heng_cel_text *text, size_t more) {
    if (text->failed)
        return false;
    if (text->room - text->len > more) /* one byte is kept for the final NUL */
        return true;
    size_t room = text->room < 32 ? 32 : text->room;
    while (room - text->len <= more) {
        if (room > HENG_LIMIT_CEL_MADE_BYTES) {
            text->failed = true;
            return false;
        }
        room *= 2;
    }
    char *bytes = heng_arena_alloc(text->arena, room);
    if (bytes == NULL) {
        text->failed = true;
        return false;
    }
    if (text->len > 0) {
        memcpy(bytes, text->bytes, text->len);
    }
    text->bytes = bytes;
    text->room = room;
    return true;
}

void heng_cel_text_add(heng_cel_text *text, heng_str piece) {
    if (piece.len == 0 || !make_room(text, piece.len))
        return;
    memcpy(text->bytes + text->len, piece.ptr, piece.len);
    text->len += piece.len;
}

void heng_cel_text_add_char(heng_cel_text *text, char byte) {
    heng_cel_text_add(text, (heng_str){&byte, 1});
}

void heng_cel_text_add_point(heng_cel_text *text, uint32_t point) {
    char bytes[4];
    size_t len = heng_utf8_encode(point, bytes);
    heng_cel_text_add(text, (heng_str){bytes, len});
}

void heng_cel_text_add_uint(heng_cel_text *text, uint64_t value) {
    char digits[20];
    size_t at = sizeof digits;
    do {
        digits[--at] = (char)('0' + value % 10);
        value /= 10;
    } while (value > 0);
    heng_cel_text_add(text, (heng_str){digits + at, sizeof digits - at});
}

void heng_cel_text_add_int(heng_cel_text *text, int64_t value) {
    if (value < 0) {
        heng_cel_text_add_char(text, '-');
        heng_cel_text_add_uint(text, 0 - (uint64_t)value);
    } else {
        heng_cel_text_add_uint(text, (uint64_t)value);
    }
}

char *heng_cel_text_end(heng_cel_text *text) {
    if (!make_room(text, 0))
        return NULL;
    text->bytes[text->len] = '\0';
    return text->bytes;
}

uint32_t heng_cel_text_next(heng_str text, size_t *at) {
    unsigned char first = (unsigned char)text.ptr[*at];
    uint32_t point = first;
    size_t len = 1;
    if (first >= 0x80) {
        len = heng_utf8_decode(text.ptr + *at, text.len - *at, &point);
        if (len == 0) {
            point = UINT32_MAX;
            len = 1;
        }
    }
    *at += len;
    return point;
}

size_t heng_cel_text_count(heng_str text) {
    size_t count = 0;
    for (size_t at = 0; at < text.len; count++) {
        (void)heng_cel_text_next(text, &at);
    }
    return count;
}

size_t heng_cel_text_offset(heng_str text, size_t index) {
    size_t at = 0;
    for (; index > 0; index--) {
        if (at >= text.len)
            return SIZE_MAX;
        (void)heng_cel_text_next(text, &at);
    }
    return at;
}

bool heng_cel_text_is_utf8(heng_str text) {
    return text.len == 0 || heng_utf8_valid_prefix(text.ptr, text.len) == text.len;
}

size_t heng_cel_text_find(heng_str text, heng_str needle, size_t from) {
    if (needle.len == 0)
        return from <= text.len ? from : SIZE_MAX;
    while (from < text.len && text.len - from >= needle.len) {
        const char *hit =
            memchr(text.ptr + from, needle.ptr[0], text.len - from - needle.len + 1);
        if (hit == NULL)
            return SIZE_MAX;
        from = (size_t)(hit - text.ptr);
        if (memcmp(hit, needle.ptr, needle.len) == 0)
            return from;
        from++;
    }
    return SIZE_MAX;
}
