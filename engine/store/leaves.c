/* SPDX-License-Identifier: Apache-2.0 */
/* leaves.c: opening a table, and walking its pages. */
#include <errno.h>
#include <stdint.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "store/leaves_parts.h"

heng_status heng_leaves_damaged(heng_leaves *leaves, heng_error *reterr) {
    leaves->at_end = true;
    return heng_db_damaged(leaves->table, (heng_str){"", 0},
                           "a page of the table is not as it was written", reterr);
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
        return heng_leaves_damaged(&leaves, reterr);
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
        unsigned kind = i + 2 == leaves->depth ? LEAF : BRANCH;
        uint64_t number;
        if (!child_at(leaves, level, &number) ||
            !enter(leaves, number, kind, &leaves->levels[i + 1]))
            return false;
    }
    look_ahead(leaves);
    return true;
}

heng_status heng_leaves_seek(heng_leaves *leaves, heng_str after, heng_error *reterr) {
    heng_status status = heng_leaves_go_to(leaves, after, false, reterr);
    if (status == HENG_OK)
        look_ahead(leaves);
    return status;
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
        *ret_status = heng_leaves_damaged(leaves, reterr);
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
    size_t len = value_len_of(node);
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
        *ret_status = heng_leaves_damaged(leaves, reterr);
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
        size_t head = NODE_BYTES + heng_flat_u16(node + 6);
        size_t len = value_len_of(node);
        size_t room = leaves->page_bytes - (size_t)(node - leaf->page) - head;
        if (len > room || !passes(context, key_of(node), node + head, len))
            return;
        fetch(leaves, node, head + len);
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
            return heng_leaves_damaged(leaves, reterr);
        /* A page's first key stands, whole, in the page above. */
        if (i > 0 && !cutting->each(cutting->context, key_of(node)))
            return heng_error_nomem(reterr);
        if (is_lowest)
            continue;
        if (!enter(leaves, child_of(node), BRANCH, &leaves->levels[level + 1]))
            return heng_leaves_damaged(leaves, reterr);
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
        return heng_leaves_damaged(leaves, reterr);
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
