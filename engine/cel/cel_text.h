/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cel_text.h: building a text piece by piece in an arena, and walking through UTF-8.
 *
 * A builder remembers that memory ran out, so that only the end must be checked.
 */
#ifndef HENG_CEL_TEXT_H
#define HENG_CEL_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "heng/arena.h"
#include "heng/str.h"

/** Zero it but for `arena`. */
typedef struct heng_cel_text {
    heng_arena *arena;
    char *bytes;
    size_t len;
    size_t room;
    bool failed;
} heng_cel_text;

void heng_cel_text_add(heng_cel_text *text, heng_str piece);
void heng_cel_text_add_char(heng_cel_text *text, char byte);
void heng_cel_text_add_point(heng_cel_text *text, uint32_t point);
void heng_cel_text_add_int(heng_cel_text *text, int64_t value);
void heng_cel_text_add_uint(heng_cel_text *text, uint64_t value);

/** Ends the text with a NUL that `len` does not count; NULL where memory ran out. */
char *heng_cel_text_end(heng_cel_text *text);

/**
 * Decodes the character at `*at` and steps over it. What is no UTF-8 (also overlong
 * forms and surrogates) gives UINT32_MAX for one byte. `*at` < `text.len`.
 */
uint32_t heng_cel_text_next(heng_str text, size_t *at);

/** Number of code points; a byte that is no UTF-8 counts as one. */
size_t heng_cel_text_count(heng_str text);

/** Byte offset of code point `index`, or SIZE_MAX past the end (the end itself is
 * fine). */
size_t heng_cel_text_offset(heng_str text, size_t index);

bool heng_cel_text_is_utf8(heng_str text);

/** Whether there is a `needle` at or after byte `from`; its offset, else SIZE_MAX. */
size_t heng_cel_text_find(heng_str text, heng_str needle, size_t from);

#endif
