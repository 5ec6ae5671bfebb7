/* SPDX-License-Identifier: Apache-2.0 */
/* cel_text.c: texts in an arena, and UTF-8. */
#include "cel/cel_text.h"

#include <string.h>

static bool make_room(heng_cel_text *text, size_t more) {
    if (text->failed)
        return false;
    if (text->room - text->len > more) /* one byte is kept for the final NUL */
        return true;
    size_t room = text->room < 32 ? 32 : text->room;
    while (room - text->len <= more) {
        if (room > SIZE_MAX / 2) {
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
    size_t len = heng_cel_text_encode(point, bytes);
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

/* Bytes a sequence has by its first byte; 0: none starts so. */
static size_t sequence_len(unsigned char first) {
    if (first < 0x80)
        return 1;
    if (first >= 0xc2 && first <= 0xdf)
        return 2;
    if (first >= 0xe0 && first <= 0xef)
        return 3;
    return first >= 0xf0 && first <= 0xf4 ? 4 : 0;
}

uint32_t heng_cel_text_next(heng_str text, size_t *at) {
    static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
    const unsigned char *bytes = (const unsigned char *)text.ptr + *at;
    size_t len = sequence_len(bytes[0]);

    if (len == 1 || len == 0 || len > text.len - *at) {
        *at += 1;
        return len == 1 ? bytes[0] : UINT32_MAX;
    }
    uint32_t point = bytes[0] & (0x7fu >> len);
    for (size_t i = 1; i < len; i++) {
        if ((bytes[i] & 0xc0) != 0x80) {
            *at += 1;
            return UINT32_MAX;
        }
        point = point << 6 | (bytes[i] & 0x3fu);
    }
    if (point < least[len] || point > 0x10ffff ||
        (point >= 0xd800 && point <= 0xdfff)) {
        *at += 1;
        return UINT32_MAX;
    }
    *at += len;
    return point;
}

size_t heng_cel_text_encode(uint32_t point, char ret_bytes[4]) {
    if (point < 0x80) {
        ret_bytes[0] = (char)point;
        return 1;
    }
    if (point < 0x800) {
        ret_bytes[0] = (char)(0xc0 | point >> 6);
        ret_bytes[1] = (char)(0x80 | (point & 0x3f));
        return 2;
    }
    if (point < 0x10000) {
        ret_bytes[0] = (char)(0xe0 | point >> 12);
        ret_bytes[1] = (char)(0x80 | (point >> 6 & 0x3f));
        ret_bytes[2] = (char)(0x80 | (point & 0x3f));
        return 3;
    }
    ret_bytes[0] = (char)(0xf0 | point >> 18);
    ret_bytes[1] = (char)(0x80 | (point >> 12 & 0x3f));
    ret_bytes[2] = (char)(0x80 | (point >> 6 & 0x3f));
    ret_bytes[3] = (char)(0x80 | (point & 0x3f));
    return 4;
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
    for (size_t at = 0; at < text.len;) {
        if (heng_cel_text_next(text, &at) == UINT32_MAX)
            return false;
    }
    return true;
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
