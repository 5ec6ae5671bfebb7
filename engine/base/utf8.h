/* SPDX-License-Identifier: Apache-2.0 */
/* utf8.h: bytes to code points and back, and how wide a terminal shows them. */
#ifndef HENG_BASE_UTF8_H
#define HENG_BASE_UTF8_H

#include <stddef.h>
#include <stdint.h>

enum { HENG_UTF8_BYTES_MAX = 4 };

/** Stands for what is not UTF-8, or should not reach a terminal. */
#define HENG_UTF8_REPLACEMENT ((uint32_t)0xFFFD)

/**
 * Reads the code point at the start of `len` bytes. Returns how many bytes it takes, or
 * 0 (and `ret_code` untouched) where there are none, or they are not UTF-8: overlong,
 * surrogate, past U+10FFFF, cut.
 */
size_t heng_utf8_decode(const char *bytes, size_t len, uint32_t *ret_code);

/** Writes `code`; returns how many bytes, 0 where it is no code point. */
size_t heng_utf8_encode(uint32_t code, char buffer[HENG_UTF8_BYTES_MAX]);

/** Length of the longest prefix that is UTF-8; `len` where all is. */
size_t heng_utf8_valid_prefix(const char *bytes, size_t len);

/** Code points in bytes known to be UTF-8. */
size_t heng_utf8_count(const char *bytes, size_t len);

/** `len`, or less where the bytes end inside a character: cuts a text that was cut. */
size_t heng_utf8_cut(const char *bytes, size_t len);

/** Cells of a terminal: 0 for combining marks, 2 for East Asian wide ones, else 1. */
unsigned heng_utf8_cells(uint32_t code);

#endif
