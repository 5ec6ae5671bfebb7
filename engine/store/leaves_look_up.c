/* SPDX-License-Identifier: Apache-2.0 */
/* leaves_look_up.c: searching a table's pages: one look-up, and many side by side. */
#include <string.h>

#include "base/bytes.h"
#include "store/leaves_parts.h"

/* The last entry whose key is not after `key`; the first of a branch has none. */
static bool search_branch(const heng_leaves *leaves, heng_leaves_level *level,
                          heng_str key) {
    size_t low = 0, high = level->count;
    while (low + 1 < high) {
        size_t middle = low + (high - low) / 2;
        const uint8_t *node = node_at(leaves, level->page, middle);
        if (node == NULL)
            return false;
        if (heng_bytes_order(key_of(node), key) <= 0)
            low = middle;
        else
            high = middle;
    }
    level->index = low;
    return true;
}

/* The first entry whose key is after `key` (`at`: or is it); `count` where there is
 * none. */
static bool search_leaf(const heng_leaves *leaves, heng_leaves_level *level,
                        heng_str key, bool at) {
    size_t low = 0, high = level->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        const uint8_t *node = node_at(leaves, level->page, middle);
        if (node == NULL)
            return false;
        int order = heng_bytes_order(key_of(node), key);
        if (order < 0 || (order == 0 && !at))
            low = middle + 1;
        else
            high = middle;
    }
    level->index = low;
    return true;
}

heng_status heng_leaves_go_to(heng_leaves *leaves, heng_str key, bool at,
                              heng_error *reterr) {
    leaves->at_end = leaves->depth == 0;
    uint64_t number = leaves->root;
    for (size_t i = 0; i < leaves->depth; i++) {
        heng_leaves_level *level = &leaves->levels[i];
        bool is_leaf = i + 1 == leaves->depth;
        if (!enter(leaves, number, is_leaf ? LEAF : BRANCH, level))
            return heng_leaves_damaged(leaves, reterr);
        if (is_leaf && at && !leaves->is_expected)
            fetch_heads(leaves, level->page);
        if (!(is_leaf ? search_leaf(leaves, level, key, at)
                      : search_branch(leaves, level, key)))
            return heng_leaves_damaged(leaves, reterr);
        if (!is_leaf && !child_at(leaves, level, &number))
            return heng_leaves_damaged(leaves, reterr);
    }
    return HENG_OK;
}

/* Whether the entry `index` of a branch begins after `key`. True of damaged ones: they
 * are met again from the root. */
static bool is_after(const heng_leaves *leaves, const heng_leaves_level *level,
                     size_t index, heng_str key) {
    const uint8_t *node = node_at(leaves, level->page, index);
    return node == NULL || heng_bytes_order(key_of(node), key) > 0;
}

/* Look-ups ascend, and the next is often a few leaves on: by steps that double, from
 * where the last one was found. False where the key lies elsewhere than below this
 * branch. */
static bool search_onwards(const heng_leaves *leaves, heng_leaves_level *level,
                           heng_str key) {
    size_t low = level->index, step = 1;
    if (low == 0 || low >= level->count || is_after(leaves, level, low, key) ||
        !is_after(leaves, level, level->count - 1, key))
        return false;
    while (low + step < level->count && !is_after(leaves, level, low + step, key)) {
        low += step;
        step *= 2;
    }
    size_t high = low + step < level->count ? low + step : level->count;
    while (low + 1 < high) {
        size_t middle = low + (high - low) / 2;
        if (is_after(leaves, level, middle, key))
            high = middle;
        else
            low = middle;
    }
    level->index = low;
    return true;
}

/* The same as heng_leaves_go_to(), from where the last look-up ended. False where that
 * is not near. */
static bool go_on(heng_leaves *leaves, heng_str key) {
    if (!leaves->is_found || leaves->depth < 2)
        return false;
    heng_leaves_level *level = &leaves->levels[leaves->depth - 2];
    if (!search_onwards(leaves, level, key))
        return false;
    uint64_t number;
    if (!child_at(leaves, level, &number) || !enter(leaves, number, LEAF, level + 1))
        return false;
    if (!leaves->is_expected)
        fetch_heads(leaves, level[1].page);
    leaves->at_end = false;
    return search_leaf(leaves, level + 1, key, true);
}

/* Where an expected search for the key ended. They come in the order in which they were
 * expected, but for some that are not asked for: those before are forgotten. */
static bool recall(heng_leaves *leaves, heng_str key) {
    while (leaves->found_at < leaves->found_count) {
        const heng_leaves_found *found = &leaves->found[leaves->found_at++];
        if (found->key_len != key.len || memcmp(found->key, key.ptr, key.len) != 0)
            continue;
        memcpy(leaves->levels, found->path, leaves->depth * sizeof *found->path);
        leaves->at_end = false;
        leaves->is_found = true;
        return true;
    }
    return false;
}

heng_status heng_leaves_look_up(heng_leaves *leaves, heng_str key, heng_error *reterr) {
    leaves->ahead = NULL; /* nobody goes on from here */
    if (recall(leaves, key) || go_on(leaves, key))
        return HENG_OK;
    heng_status status = heng_leaves_go_to(leaves, key, true, reterr);
    leaves->is_found = status == HENG_OK;
    return status;
}

/* ---- look-ups to come ---- */

/* The way to the leaf that holds `key`, or would, which is not touched yet; from that
 * of the key before (NULL: none). False where it is not known. Not of an empty table.
 */
static bool find_leaf(const heng_leaves *leaves, heng_str key,
                      const heng_leaves_level *before, heng_leaves_level *path,
                      uint64_t *ret_number) {
    size_t branches = leaves->depth - 1; /* over the leaf */
    size_t from = 0;                     /* of them, those that are found already */
    uint64_t number = leaves->root;
    if (before != NULL && branches > 0) {
        memcpy(path, before, branches * sizeof *path);
        if (search_onwards(leaves, &path[branches - 1], key))
            from = branches;
    }
    for (size_t i = from; i < branches; i++) {
        if (!enter(leaves, number, BRANCH, &path[i]) ||
            !search_branch(leaves, &path[i], key) ||
            !child_at(leaves, &path[i], &number))
            return false;
    }
    if (from > 0 && !child_at(leaves, &path[branches - 1], &number))
        return false;
    *ret_number = number;
    return number < leaves->pages;
}

/* One of several searches that go on side by side. */
struct search {
    uint64_t leaf;
    const uint8_t *page;
    size_t low, high; /* as search_leaf(); over where they meet */
};

/* The entry that is compared next. In line, as fetch(). */
static inline __attribute__((always_inline)) void
fetch_middle(const heng_leaves *leaves, const struct search *at) {
    size_t middle = at->low + (at->high - at->low) / 2;
    const uint8_t *node =
        at->page + inside(leaves, heng_flat_u16(at->page + HEAD_BYTES + middle * 2));
    __builtin_prefetch(node);
    __builtin_prefetch(node + LINE_BYTES / 2);
}

static void step(const heng_leaves *leaves, struct search *at, heng_str key) {
    size_t middle = at->low + (at->high - at->low) / 2;
    const uint8_t *node = node_at(leaves, at->page, middle);
    if (node == NULL) /* whoever goes there says that it is damaged */
        *at = (struct search){0};
    else if (heng_bytes_order(key_of(node), key) < 0)
        at->low = middle + 1;
    else
        at->high = middle;
    if (at->low < at->high)
        fetch_middle(leaves, at);
}

void heng_leaves_expect(heng_leaves *leaves, const heng_str *keys, size_t count) {
    struct search searches[HENG_LEAVES_EXPECTED] = {{0}};
    const heng_leaves_level *before = NULL;
    size_t going = 0;
    count = count < HENG_LEAVES_EXPECTED ? count : HENG_LEAVES_EXPECTED;
    leaves->is_expected = true;
    leaves->found_at = leaves->found_count = 0;
    if (leaves->depth == 0 || leaves->depth > HENG_LEAVES_PATH)
        return;
    for (size_t i = 0; i < count; i++) {
        heng_leaves_found *found = &leaves->found[i];
        if (!find_leaf(leaves, keys[i], before, found->path, &searches[i].leaf))
            continue;
        before = found->path;
        searches[i].page = leaves->map + searches[i].leaf * leaves->page_bytes;
        __builtin_prefetch(searches[i].page);
        __builtin_prefetch(searches[i].page + LINE_BYTES);
    }
    for (size_t i = 0; i < count; i++) {
        heng_leaves_level level;
        if (searches[i].page == NULL)
            continue;
        if (!enter(leaves, searches[i].leaf, LEAF, &level)) {
            searches[i] = (struct search){0};
            continue;
        }
        leaves->found[i].path[leaves->depth - 1] = level;
        searches[i].high = level.count;
        fetch_middle(leaves, &searches[i]);
    }
    do {
        going = 0;
        for (size_t i = 0; i < count; i++) {
            if (searches[i].low == searches[i].high)
                continue;
            step(leaves, &searches[i], keys[i]);
            going++;
        }
    } while (going > 0);
    for (size_t i = 0; i < count; i++) {
        heng_leaves_found *found = &leaves->found[i];
        bool is_known = searches[i].page != NULL && keys[i].len <= sizeof found->key;
        found->key_len = is_known ? keys[i].len : sizeof found->key + 1;
        if (!is_known)
            continue;
        memcpy(found->key, keys[i].ptr, keys[i].len);
        found->path[leaves->depth - 1].index = searches[i].low;
    }
    leaves->found_count = count;
}
