/* SPDX-License-Identifier: Apache-2.0 */
/* line.c: keys of lines, and how a wrong line is described. */
#include "store/line.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/buffer.h"
#include "base/near.h"
#include "base/utf8.h"
#include "model/identity.h"

/* ORDER key */
static const struct key {
    heng_str word;
    unsigned types;
} KEYS[] = {
#define S HENG_LINE_OF_SUBJECT
#define R HENG_LINE_OF_RECORD
#define D HENG_LINE_OF_DELIVERY
#define X(constant, text, of) {{(text), sizeof(text) - 1}, (of)},
    HENG_LINE_KEY_MAP(X)
#undef X
#undef D
#undef R
#undef S
};

const char *heng_line_word(heng_line_key key) {
    return KEYS[key].word.ptr;
}

unsigned heng_line_types(heng_line_key key) {
    return KEYS[key].types;
}

heng_line_key heng_line_find(heng_str word) {
    for (size_t i = 0; i < HENG_LINE_KEY_COUNT; i++) {
        if (KEYS[i].word.len == word.len &&
            memcmp(KEYS[i].word.ptr, word.ptr, word.len) == 0)
            return (heng_line_key)i;
    }
    return HENG_LINE_KEY_COUNT;
}

const char *heng_line_quote(heng_arena *arena, heng_str text) {
    enum { SHOWN = 64 };
    size_t len = text.len;
    if (len > SHOWN) {
        len = heng_utf8_cut(text.ptr, SHOWN);
    }
    char *quoted = heng_arena_alloc(arena, len + sizeof "…");
    if (quoted == NULL)
        return NULL;
    for (size_t i = 0; i < len; i++) {
        unsigned char byte = (unsigned char)text.ptr[i];
        quoted[i] = byte < 0x20 || byte == 0x7f ? '?' : text.ptr[i];
    }
    heng_identity_mask_text(quoted, len);
    memcpy(quoted + len, "…", sizeof "…");
    if (len == text.len) {
        quoted[len] = '\0';
    }
    return quoted;
}

const char *heng_line_suggest(heng_arena *arena, heng_str word, const heng_str *known,
                              size_t count) {
    enum { LISTED = 8, LIST_BYTES = 1024 };
    size_t nearest;
    if (heng_near_find(word, known, count, &nearest))
        return heng_arena_printf(arena, "; did you mean `%.*s`?",
                                 HENG_STR_ARG(known[nearest]));
    if (count == 0 || count > LISTED)
        return "";
    heng_buffer buffer;
    heng_buffer_init(&buffer, LIST_BYTES);
    (void)heng_buffer_add_text(&buffer, "; expected ");
    for (size_t i = 0; i < count; i++) {
        (void)heng_buffer_add_text(&buffer, i == 0           ? "`"
                                            : i + 1 == count ? " or `"
                                                             : ", `");
        (void)heng_buffer_add_str(&buffer, known[i]);
        (void)heng_buffer_add_char(&buffer, '`');
    }
    const char *text = heng_buffer_status(&buffer) == HENG_ERR_LIMIT ? "" : NULL;
    if (heng_buffer_status(&buffer) == HENG_OK) {
        heng_str view = heng_buffer_view(&buffer);
        text = heng_arena_dup(arena, view.ptr, view.len);
    }
    heng_buffer_done(&buffer);
    return text;
}

heng_status heng_line_fail(heng_line_fault *fault, heng_arena *arena, heng_str line,
                           const char *field, size_t at, const char *format, ...) {
    char text[1024];
    va_list args;
    va_start(args, format);
    int len = vsnprintf(text, sizeof text, format, args);
    va_end(args);
    if (len < 0) {
        text[0] = '\0';
    } else if ((size_t)len >= sizeof text) {
        text[heng_utf8_cut(text, sizeof text - 1)] = '\0';
    }
    const char *reason =
        at == HENG_LINE_NOWHERE
            ? heng_arena_dup(arena, text, strlen(text))
            : heng_arena_printf(
                  arena, "column %zu: %s",
                  heng_utf8_count(line.ptr, at < line.len ? at : line.len) + 1, text);
    const char *copy = heng_arena_dup(arena, field, strlen(field));
    if (reason == NULL || copy == NULL)
        return HENG_ERR_NOMEM;
    *fault = (heng_line_fault){copy, reason};
    return HENG_ERR_INVALID;
}
