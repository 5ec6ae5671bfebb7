/* SPDX-License-Identifier: Apache-2.0 */
/* str.h: a view of bytes, usually UTF-8. It owns nothing; whoever hands one out says
 * how long it lives. */
#ifndef HENG_STR_H
#define HENG_STR_H

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

/** `len` bytes at `ptr`; NULs are bytes like any other. `ptr` may be NULL where `len`
 * is 0. */
typedef struct heng_str {
    const char *ptr;
    size_t len;
} heng_str;

/** A view of a string literal. */
#define HENG_STR(literal) ((heng_str){(literal), sizeof(literal) - 1})

/** For printf's `%.*s`: two arguments. Lengths are capped far below INT_MAX by
 * limits.h. */
#define HENG_STR_ARG(str) (int)(str).len, ((str).ptr != NULL ? (str).ptr : "")

static inline heng_str heng_str_of(const char *text) {
    return (heng_str){text, text == NULL ? 0 : strlen(text)};
}

static inline bool heng_str_equal(heng_str a, heng_str b) {
    return a.len == b.len && (a.len == 0 || memcmp(a.ptr, b.ptr, a.len) == 0);
}

/** Bytewise order (which is code point order for UTF-8): negative, 0 or positive. */
static inline int heng_str_compare(heng_str a, heng_str b) {
    size_t shorter = a.len < b.len ? a.len : b.len;
    int order = shorter == 0 ? 0 : memcmp(a.ptr, b.ptr, shorter);
    if (order != 0)
        return order;
    return (a.len > b.len) - (a.len < b.len);
}

#endif
