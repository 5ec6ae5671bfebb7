/* SPDX-License-Identifier: Apache-2.0 */
/*
 * leaves_parts.h: what the files of leaves.h share: the pages of LMDB as they lie in
 * the map. leaves.c opens a table and walks it, leaves_look_up.c searches in it. Their
 * format is drawn in pages.c.
 */
#ifndef HENG_STORE_LEAVES_PARTS_H
#define HENG_STORE_LEAVES_PARTS_H

#include "model/flat.h"
#include "store/leaves.h"

_Static_assert(MDB_VERSION_MAJOR == 0 && MDB_VERSION_MINOR == 9,
               "the format of pages is that of LMDB 0.9");

enum {
    HEAD_BYTES = 16,
    NODE_BYTES = 8,
    DB_BYTES = 48,
    DB_DEPTH_AT = 6,
    DB_ROOT_AT = 40,
    FLAGS_AT = 10,
    LOWER_AT = 12,
    BRANCH = 0x01,
    LEAF = 0x02,
    OVERFLOW_PAGE = 0x04,
    NODE_BIG = 0x01,
    LINE_BYTES = 64,
    HEAD_END = 48 /* of a row: what is looked at without its value ends there */
};

/* A page of the map that is of `kind`; NULL where it is none. */
static inline const uint8_t *page_of(const heng_leaves *leaves, uint64_t number,
                                     unsigned kind) {
    if (number >= leaves->pages)
        return NULL;
    const uint8_t *page = leaves->map + number * leaves->page_bytes;
    bool sound =
        heng_flat_u64(page) == number && (heng_flat_u16(page + FLAGS_AT) & kind) != 0;
    return sound ? page : NULL;
}

/* Fills a level with a page; false where its bounds are impossible. */
static inline bool enter(const heng_leaves *leaves, uint64_t number, unsigned kind,
                         heng_leaves_level *level) {
    const uint8_t *page = page_of(leaves, number, kind);
    if (page == NULL)
        return false;
    size_t lower = heng_flat_u16(page + LOWER_AT);
    *level = (heng_leaves_level){page, 0, (lower - HEAD_BYTES) / 2};
    return lower > HEAD_BYTES && lower <= leaves->page_bytes;
}

/* The entry `index` of a page, with its key inside it; NULL where it is not. */
static inline const uint8_t *node_at(const heng_leaves *leaves, const uint8_t *page,
                                     size_t index) {
    size_t at = heng_flat_u16(page + HEAD_BYTES + index * 2);
    if (at > leaves->page_bytes - NODE_BYTES ||
        heng_flat_u16(page + at + 6) > leaves->page_bytes - NODE_BYTES - at)
        return NULL;
    return page + at;
}

static inline heng_str key_of(const uint8_t *node) {
    return (heng_str){(const char *)node + NODE_BYTES, heng_flat_u16(node + 6)};
}

/* The length of a leaf entry's value. */
static inline size_t value_len_of(const uint8_t *node) {
    return (size_t)heng_flat_u16(node) | (size_t)heng_flat_u16(node + 2) << 16;
}

static inline uint64_t child_of(const uint8_t *node) {
    return (uint64_t)heng_flat_u16(node) | (uint64_t)heng_flat_u16(node + 2) << 16 |
           (uint64_t)heng_flat_u16(node + 4) << 32;
}

/* The page below the entry of a branch that was taken; false where it is damaged. */
static inline bool child_at(const heng_leaves *leaves, const heng_leaves_level *level,
                            uint64_t *ret_number) {
    const uint8_t *node = node_at(leaves, level->page, level->index);
    if (node == NULL)
        return false;
    *ret_number = child_of(node);
    return true;
}

/* An offset that was not checked, made one inside a page: their size is a power of two,
 * and a division for each row would be felt. */
static inline size_t inside(const heng_leaves *leaves, size_t offset) {
    return offset & (leaves->page_bytes - 1);
}

/* The first bytes of all rows of a page whose head is there already. In line, as
 * fetch(). */
static inline __attribute__((always_inline)) void fetch_heads(const heng_leaves *leaves,
                                                              const uint8_t *page) {
    size_t lower = heng_flat_u16(page + LOWER_AT);
    for (size_t at = HEAD_BYTES; at < lower && at < leaves->page_bytes; at += 2) {
        const uint8_t *node = page + inside(leaves, heng_flat_u16(page + at));
        __builtin_prefetch(node);
        __builtin_prefetch(node + HEAD_END);
    }
}

/* ---- leaves.c ---- */

/** Says that a page is not as it was written, and puts the table at its end: the levels
 * may be half filled, nothing more is read of them. */
heng_status heng_leaves_damaged(heng_leaves *leaves, heng_error *reterr);

/* ---- leaves_look_up.c ---- */

/** Goes down to the leaf that holds `key`, or would, to the first row behind it (`at`:
 * or it). */
heng_status heng_leaves_go_to(heng_leaves *leaves, heng_str key, bool at,
                              heng_error *reterr) HENG_NODISCARD;

#endif
