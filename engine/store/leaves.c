/* SPDX-License-Identifier: Apache-2.0 */
/* leaves.c: walking a table's pages. Their format is drawn in pages.c. */
#include "store/leaves.h"

#include <errno.h>
#include <stdint.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/bytes.h"
#include "model/flat.h"

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

/* The levels may be half filled: nothing more is read of them. */
static heng_status damaged(heng_leaves *leaves, heng_error *reterr) {
    leaves->at_end = true;
    return heng_db_damaged(leaves->table, (heng_str){"", 0},
                           "a page of the table is not as it was written", reterr);
}

/* ---- pages ---- */

/* A page of the map that is of `kind`; NULL where it is none. */
static const uint8_t *page_of(const heng_leaves *leaves, uint64_t number,
                              unsigned kind) {
    if (number >= leaves->pages)
        return NULL;
    const uint8_t *page = leaves->map + number * leaves->page_bytes;
    bool sound =
        heng_flat_u64(page) == number && (heng_flat_u16(page + FLAGS_AT) & kind) != 0;
    return sound ? page : NULL;
}

/* Fills a level with a page; false where its bounds are impossible. */
static bool enter(const heng_leaves *leaves, uint64_t number, unsigned kind,
                  heng_leaves_level *level) {
    const uint8_t *page = page_of(leaves, number, kind);
    if (page == NULL)
        return false;
    size_t lower = heng_flat_u16(page + LOWER_AT);
    *level = (heng_leaves_level){page, 0, (lower - HEAD_BYTES) / 2};
    return lower > HEAD_BYTES && lower <= leaves->page_bytes;
}

/* The entry `index` of a page, with its key inside it; NULL where it is not. */
static const uint8_t *node_at(const heng_leaves *leaves, const uint8_t *page,
                              size_t index) {
    size_t at = heng_flat_u16(page + HEAD_BYTES + index * 2);
    if (at > leaves->page_bytes - NODE_BYTES ||
        heng_flat_u16(page + at + 6) > leaves->page_bytes - NODE_BYTES - at)
        return NULL;
    return page + at;
}

static heng_str key_of(const uint8_t *node) {
    return (heng_str){(const char *)node + NODE_BYTES, heng_flat_u16(node + 6)};
}

static uint64_t child_of(const uint8_t *node) {
    return (uint64_t)heng_flat_u16(node) | (uint64_t)heng_flat_u16(node + 2) << 16 |
           (uint64_t)heng_flat_u16(node + 4) << 32;
}

/* ---- opening ---- */

/* Whether the file has these bytes at page `number`. The map is the file. */
static bool is_in_file(const heng_leaves *leaves, int fd, const uint8_t *page,
                       uint64_t number) {
    uint8_t bytes[512];
    for (size_t at = 0; at < leaves->page_bytes; at += sizeof bytes) {
        off_t from = (off_t)(number * leaves->page_bytes + at);
        if (pread(fd, bytes, sizeof bytes, from) != (ssize_t)sizeof bytes ||
            memcmp(bytes, page + at, sizeof bytes) != 0)
            return false;
    }
    return true;
}

/* Where the map begins; NULL where that cannot be told. LMDB does not say it, but a
 * value that it hands out lies inside a page, and a page says its number. A number that
 * is damaged would lead anywhere: so the file is asked whether the page is there. Pages
 * begin where those of the system do, or inside; where a store was made with larger
 * ones, any page of the system before the value may be the beginning. */
static const uint8_t *map_of(const heng_leaves *leaves, int fd, MDB_val value) {
    const uint8_t *at = value.mv_data;
    size_t step = leaves->page_bytes;
    long system_bytes = sysconf(_SC_PAGESIZE);
    if (system_bytes > 0 && (size_t)system_bytes < step)
        step = (size_t)system_bytes;
    const uint8_t *page = at - (uintptr_t)at % step;
    for (size_t back = 0; back < leaves->page_bytes; back += step, page -= step) {
        uint64_t number = heng_flat_u64(page);
        if (number >= 2 && number < leaves->pages && /* behind the two of meta data */
            is_in_file(leaves, fd, page, number))
            return page - number * leaves->page_bytes;
    }
    return NULL;
}

/* The table's own row in the main table says where its root is. */
static int find_table(MDB_txn *txn, int fd, heng_leaves *leaves) {
    MDB_val value;
    const char *name = heng_table_name(leaves->table);
    MDB_val key = heng_table_value(name, strlen(name));
    int code = mdb_get(txn, leaves->store->names, &key, &value);
    if (code == MDB_NOTFOUND)
        return MDB_SUCCESS; /* no such table yet: an empty one */
    if (code != MDB_SUCCESS || value.mv_size != DB_BYTES)
        return code != MDB_SUCCESS ? code : MDB_CORRUPTED;
    leaves->map = map_of(leaves, fd, value);
    if (leaves->map == NULL)
        return MDB_CORRUPTED;
    leaves->depth = heng_flat_u16((const uint8_t *)value.mv_data + DB_DEPTH_AT);
    leaves->root = heng_flat_u64((const uint8_t *)value.mv_data + DB_ROOT_AT);
    return MDB_SUCCESS;
}

static bool is_page_size(size_t bytes) {
    enum { LEAST = 512, MOST = 65536 };
    return bytes >= LEAST && bytes <= MOST && (bytes & (bytes - 1)) == 0;
}

heng_status heng_leaves_open(heng_store *store, MDB_txn *txn, heng_table table,
                             heng_leaves *ret_leaves, heng_error *reterr) {
    MDB_stat stat;
    MDB_envinfo info;
    int fd = -1;
    struct stat file = {0};
    heng_leaves leaves = {.store = store, .table = table};
    int code = mdb_env_stat(store->env, &stat);
    if (code == MDB_SUCCESS)
        code = mdb_env_info(store->env, &info);
    if (code == MDB_SUCCESS)
        code = mdb_env_get_fd(store->env, &fd);
    if (code == MDB_SUCCESS && fstat(fd, &file) != 0)
        code = errno;
    if (code == MDB_SUCCESS && !is_page_size(stat.ms_psize))
        code = MDB_CORRUPTED;
    if (code == MDB_SUCCESS) {
        /* What lies behind the end of the file cannot be touched, mapped or not; nor
         * what another process has added behind the map of this one. */
        uint64_t bytes = (uint64_t)file.st_size;
        leaves.page_bytes = stat.ms_psize;
        leaves.pages =
            (bytes < info.me_mapsize ? bytes : info.me_mapsize) / leaves.page_bytes;
        code = find_table(txn, fd, &leaves);
    }
    if (code != MDB_SUCCESS)
        return heng_db_fail(store, code, "cannot read the store", reterr);
    if (leaves.depth > HENG_LEAVES_DEPTH)
        return damaged(&leaves, reterr);
    leaves.at_end = leaves.depth == 0;
    *ret_leaves = leaves;
    return HENG_OK;
}

/* ---- moving ---- */

/* The page `steps` behind the leaf that is stood on, where the page above knows it. */
static const uint8_t *page_behind(const heng_leaves *leaves, size_t steps) {
    if (leaves->depth < 2)
        return NULL;
    const heng_leaves_level *above = &leaves->levels[leaves->depth - 2];
    if (above->index + steps >= above->count)
        return NULL;
    const uint8_t *node = node_at(leaves, above->page, above->index + steps);
    uint64_t number = node == NULL ? UINT64_MAX : child_of(node);
    return number < leaves->pages ? leaves->map + number * leaves->page_bytes : NULL;
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

/* Reads one byte, so that the page is mapped: what lies in a page that is not cannot be
 * fetched ahead, and each of its lines would be waited for. */
static inline void map(const uint8_t *page) {
    (void)*(const volatile uint8_t *)page;
}

/* What will be needed soon: of the page after the next its head, which says where its
 * rows lie; of the next one the rows, all at once where little of each is looked at,
 * else one by one (fetch()). */
static void look_ahead(heng_leaves *leaves) {
    const uint8_t *after = page_behind(leaves, 2);
    leaves->ahead = page_behind(leaves, 1);
    if (after != NULL) {
        __builtin_prefetch(after);
        __builtin_prefetch(after + LINE_BYTES);
    }
    if (leaves->ahead != NULL)
        map(leaves->ahead);
    if (leaves->ahead != NULL && leaves->is_sparse)
        fetch_heads(leaves, leaves->ahead);
}

/* From level `from`, which was entered, down to the first leaf below its entry. */
static bool descend(heng_leaves *leaves, size_t from) {
    for (size_t i = from; i + 1 < leaves->depth; i++) {
        const heng_leaves_level *level = &leaves->levels[i];
        const uint8_t *node = node_at(leaves, level->page, level->index);
        unsigned kind = i + 2 == leaves->depth ? LEAF : BRANCH;
        if (node == NULL ||
            !enter(leaves, child_of(node), kind, &leaves->levels[i + 1]))
            return false;
    }
    look_ahead(leaves);
    return true;
}

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

/* Down to the leaf that holds `key`, or would. */
static heng_status go_to(heng_leaves *leaves, heng_str key, bool at,
                         heng_error *reterr) {
    leaves->at_end = leaves->depth == 0;
    uint64_t number = leaves->root;
    for (size_t i = 0; i < leaves->depth; i++) {
        heng_leaves_level *level = &leaves->levels[i];
        bool is_leaf = i + 1 == leaves->depth;
        if (!enter(leaves, number, is_leaf ? LEAF : BRANCH, level))
            return damaged(leaves, reterr);
        if (is_leaf && at && !leaves->is_expected)
            fetch_heads(leaves, level->page);
        if (!(is_leaf ? search_leaf(leaves, level, key, at)
                      : search_branch(leaves, level, key)))
            return damaged(leaves, reterr);
        if (is_leaf)
            break;
        const uint8_t *node = node_at(leaves, level->page, level->index);
        if (node == NULL)
            return damaged(leaves, reterr);
        number = child_of(node);
    }
    return HENG_OK;
}

heng_status heng_leaves_seek(heng_leaves *leaves, heng_str after, heng_error *reterr) {
    heng_status status = go_to(leaves, after, false, reterr);
    if (status == HENG_OK)
        look_ahead(leaves);
    return status;
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

/* The same as go_to(), from where the last look-up ended. False where that is not near.
 */
static bool go_on(heng_leaves *leaves, heng_str key) {
    if (!leaves->is_found || leaves->depth < 2)
        return false;
    heng_leaves_level *level = &leaves->levels[leaves->depth - 2];
    if (!search_onwards(leaves, level, key))
        return false;
    const uint8_t *node = node_at(leaves, level->page, level->index);
    if (node == NULL || !enter(leaves, child_of(node), LEAF, level + 1))
        return false;
    if (!leaves->is_expected)
        fetch_heads(leaves, level[1].page);
    leaves->at_end = false;
    return search_leaf(leaves, level + 1, key, true);
}

heng_status heng_leaves_look_up(heng_leaves *leaves, heng_str key, heng_error *reterr) {
    leaves->ahead = NULL; /* nobody goes on from here */
    if (go_on(leaves, key))
        return HENG_OK;
    heng_status status = go_to(leaves, key, true, reterr);
    leaves->is_found = status == HENG_OK;
    return status;
}

/* ---- look-ups to come ---- */

/* The leaf that holds `key`, or would; not touched yet. False where it is not known. */
static bool find_leaf(const heng_leaves *leaves, heng_str key, uint64_t *ret_number) {
    heng_leaves_level level;
    uint64_t number = leaves->root;
    for (size_t i = 0; i + 1 < leaves->depth; i++) {
        if (!enter(leaves, number, BRANCH, &level) ||
            !search_branch(leaves, &level, key))
            return false;
        const uint8_t *node = node_at(leaves, level.page, level.index);
        if (node == NULL)
            return false;
        number = child_of(node);
    }
    *ret_number = number;
    return leaves->depth > 0 && number < leaves->pages;
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
    if (node == NULL)
        at->high = at->low; /* whoever goes there says that it is damaged */
    else if (heng_bytes_order(key_of(node), key) < 0)
        at->low = middle + 1;
    else
        at->high = middle;
    if (at->low < at->high)
        fetch_middle(leaves, at);
}

void heng_leaves_expect(heng_leaves *leaves, const heng_str *keys, size_t count) {
    struct search searches[HENG_LEAVES_EXPECTED] = {{0}};
    size_t going = 0;
    count = count < HENG_LEAVES_EXPECTED ? count : HENG_LEAVES_EXPECTED;
    leaves->is_expected = true;
    for (size_t i = 0; i < count; i++) {
        if (!find_leaf(leaves, keys[i], &searches[i].leaf))
            continue;
        searches[i].page = leaves->map + searches[i].leaf * leaves->page_bytes;
        __builtin_prefetch(searches[i].page);
        __builtin_prefetch(searches[i].page + LINE_BYTES);
    }
    for (size_t i = 0; i < count; i++) {
        heng_leaves_level level;
        if (searches[i].page == NULL || !enter(leaves, searches[i].leaf, LEAF, &level))
            continue;
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
}

/* ---- going on ---- */

/* To the leaf behind this one. False at the end, or where a page is damaged. */
static bool next_leaf(heng_leaves *leaves, heng_status *ret_status,
                      heng_error *reterr) {
    size_t level = leaves->depth - 1;
    while (level > 0) {
        heng_leaves_level *above = &leaves->levels[--level];
        if (++above->index >= above->count)
            continue;
        if (descend(leaves, level))
            return true;
        *ret_status = damaged(leaves, reterr);
        return false;
    }
    leaves->at_end = true;
    return false;
}

/* The bytes of the next page that lie where this row lies in its own: pages are filled
 * alike, so by the time they are worked on they were all fetched.
 *
 * INVARIANT: in line. To the compiler a function that only prefetches has no effect,
 * and it leaves out the calls. */
static inline __attribute__((always_inline)) void
fetch(const heng_leaves *leaves, const uint8_t *node, size_t len) {
    if (leaves->ahead == NULL || leaves->is_sparse)
        return;
    const uint8_t *page = leaves->levels[leaves->depth - 1].page;
    const uint8_t *at = leaves->ahead + (node - page);
    const uint8_t *end = leaves->ahead + leaves->page_bytes;
    end = (size_t)(end - at) > len ? at + len : end;
    for (; at < end; at += LINE_BYTES)
        __builtin_prefetch(at);
}

/* The value of a leaf's entry; false where it does not lie inside the store. */
static bool read_value(const heng_leaves *leaves, const uint8_t *page,
                       const uint8_t *node, heng_leaves_row *ret_row) {
    size_t room = leaves->page_bytes - (size_t)(node - page);
    size_t head = NODE_BYTES + heng_flat_u16(node + 6);
    size_t len = (size_t)heng_flat_u16(node) | (size_t)heng_flat_u16(node + 2) << 16;
    ret_row->len = len;
    if ((heng_flat_u16(node + 4) & NODE_BIG) == 0) {
        ret_row->value = node + head;
        fetch(leaves, node, head + len);
        return len <= room - head;
    }
    if (room - head < sizeof(uint64_t))
        return false;
    uint64_t number = heng_flat_u64(node + head);
    const uint8_t *first = page_of(leaves, number, OVERFLOW_PAGE);
    if (first == NULL ||
        len + HEAD_BYTES > (leaves->pages - number) * leaves->page_bytes)
        return false;
    ret_row->value = first + HEAD_BYTES;
    return true;
}

bool heng_leaves_next(heng_leaves *leaves, heng_leaves_row *ret_row,
                      heng_status *ret_status, heng_error *reterr) {
    *ret_status = HENG_OK;
    if (leaves->at_end)
        return false;
    heng_leaves_level *leaf = &leaves->levels[leaves->depth - 1];
    if (leaf->index >= leaf->count && !next_leaf(leaves, ret_status, reterr))
        return false;
    const uint8_t *node = node_at(leaves, leaf->page, leaf->index);
    if (node == NULL || !read_value(leaves, leaf->page, node, ret_row)) {
        *ret_status = damaged(leaves, reterr);
        return false;
    }
    ret_row->key = key_of(node);
    leaf->index++;
    return true;
}

void heng_leaves_pass(heng_leaves *leaves, heng_leaves_passes *passes, void *context,
                      const char *end) {
    if (leaves->at_end)
        return;
    heng_leaves_level *leaf = &leaves->levels[leaves->depth - 1];
    for (; leaf->index < leaf->count; leaf->index++) {
        const uint8_t *node = node_at(leaves, leaf->page, leaf->index);
        if (node == NULL || (const char *)node + NODE_BYTES == end ||
            (heng_flat_u16(node + 4) & NODE_BIG) != 0)
            return;
        size_t len = (size_t)heng_flat_u16(node) | (size_t)heng_flat_u16(node + 2)
                                                       << 16;
        const uint8_t *value = node + NODE_BYTES + heng_flat_u16(node + 6);
        size_t room = leaves->page_bytes - (size_t)(value - leaf->page);
        if (len > room || !passes(context, key_of(node), value, len))
            return;
        fetch(leaves, node, NODE_BYTES + heng_flat_u16(node + 6) + len);
    }
}

/* ---- cuts ---- */

/* Some dozens of cuts at least, where there are leaves for them, and no more than pay:
 * going to one takes as long as ten dossiers. */
enum { FEW_CUTS = 32, STEP = 4 };

/* Where cuts are made: at each entry of the levels above `lowest`, and there at one in
 * `step`. */
struct cutting {
    size_t lowest, step;
    bool (*each)(void *context, heng_str key);
    void *context;
};

/* `level` is entered. */
static heng_status walk_cuts(heng_leaves *leaves, size_t level,
                             const struct cutting *cutting, heng_error *reterr) {
    heng_status status = HENG_OK;
    heng_leaves_level *at = &leaves->levels[level];
    bool is_lowest = level == cutting->lowest;
    for (size_t i = 0; i < at->count && status == HENG_OK;
         i += is_lowest ? cutting->step : 1) {
        const uint8_t *node = node_at(leaves, at->page, i);
        if (node == NULL)
            return damaged(leaves, reterr);
        /* A page's first key stands, whole, in the page above. */
        if (i > 0 && !cutting->each(cutting->context, key_of(node)))
            return heng_error_nomem(reterr);
        if (is_lowest)
            continue;
        if (!enter(leaves, child_of(node), BRANCH, &leaves->levels[level + 1]))
            return damaged(leaves, reterr);
        status = walk_cuts(leaves, level + 1, cutting, reterr);
    }
    return status;
}

heng_status heng_leaves_cuts(heng_leaves *leaves,
                             bool (*each)(void *context, heng_str key), void *context,
                             heng_error *reterr) {
    struct cutting cutting = {.step = 1, .each = each, .context = context};
    if (leaves->depth < 2)
        return HENG_OK;
    if (!enter(leaves, leaves->root, BRANCH, &leaves->levels[0]))
        return damaged(leaves, reterr);
    size_t count = leaves->levels[0].count;
    if (leaves->depth == 2 && count > 2 * FEW_CUTS) {
        cutting.step = count / FEW_CUTS;
    } else if (leaves->depth == 3 && count < FEW_CUTS) {
        cutting.lowest = 1;
        cutting.step = STEP * count;
    } else if (leaves->depth > 3) {
        cutting.lowest = leaves->depth - 3;
    }
    return walk_cuts(leaves, 0, &cutting, reterr);
}
