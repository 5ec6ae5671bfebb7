/* SPDX-License-Identifier: Apache-2.0 */
/* bytes.h: comparing short texts without a call. */
#ifndef HENG_BASE_BYTES_H
#define HENG_BASE_BYTES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "heng/str.h"

static inline uint64_t heng_bytes_differ8(const char *a, const char *b, size_t at) {
    uint64_t x, y;
    memcpy(&x, a + at, sizeof x);
    memcpy(&y, b + at, sizeof y);
    return x ^ y;
}

static inline uint32_t heng_bytes_differ4(const char *a, const char *b, size_t at) {
    uint32_t x, y;
    memcpy(&x, a + at, sizeof x);
    memcpy(&y, b + at, sizeof y);
    return x ^ y;
}

/** Whether `len` bytes are the same. Short ones are compared in steps that overlap:
 * most are categories and kinds, and a call of memcmp() costs more than they do (a
 * third of bench_cel's first row). */
static inline bool heng_bytes_equal(const char *a, const char *b, size_t len) {
    if (len >= 8) {
        if (len <= 16)
            return (heng_bytes_differ8(a, b, 0) | heng_bytes_differ8(a, b, len - 8)) ==
                   0;
        if (len <= 32)
            return (heng_bytes_differ8(a, b, 0) | heng_bytes_differ8(a, b, 8) |
                    heng_bytes_differ8(a, b, len - 16) |
                    heng_bytes_differ8(a, b, len - 8)) == 0;
        return memcmp(a, b, len) == 0;
    }
    if (len >= 4)
        return (heng_bytes_differ4(a, b, 0) | heng_bytes_differ4(a, b, len - 4)) == 0;
    for (size_t i = 0; i < len; i++) {
        if (a[i] != b[i])
            return false;
    }
    return true;
}

static inline uint64_t heng_bytes_big8(const char *at) {
    uint64_t word;
    memcpy(&word, at, sizeof word);
    return __builtin_bswap64(word); /* little-endian hosts only: asserted in flat.c */
}

/** As heng_str_compare(), without a call for keys and ids: eight bytes at a time, of
 * which the last overlap. */
static inline int heng_bytes_order(heng_str a, heng_str b) {
    enum { WORD = sizeof(uint64_t) };
    size_t shorter = a.len < b.len ? a.len : b.len;
    if (shorter < WORD)
        return heng_str_compare(a, b);
    for (size_t at = 0; at < shorter; at += WORD) {
        size_t from = at + WORD <= shorter ? at : shorter - WORD;
        uint64_t left = heng_bytes_big8(a.ptr + from);
        uint64_t right = heng_bytes_big8(b.ptr + from);
        if (left != right)
            return left < right ? -1 : 1;
    }
    return (a.len > b.len) - (a.len < b.len);
}

/** Copies `len` bytes; short ones in steps that overlap, as above. The two places are
 * apart. */
static inline void heng_bytes_copy(void *to, const void *from, size_t len) {
    enum { STEP = 16, HALF = 8 };
    char *end = (char *)to + len;
    const char *from_end = (const char *)from + len;
    if (len > 2 * STEP || len < HALF) {
        memcpy(to, from, len);
    } else if (len >= STEP) {
        char first[STEP], last[STEP];
        memcpy(first, from, STEP);
        memcpy(last, from_end - STEP, STEP);
        memcpy(to, first, STEP);
        memcpy(end - STEP, last, STEP);
    } else {
        char first[HALF], last[HALF];
        memcpy(first, from, HALF);
        memcpy(last, from_end - HALF, HALF);
        memcpy(to, first, HALF);
        memcpy(end - HALF, last, HALF);
    }
}

#endif
