/* SPDX-License-Identifier: Apache-2.0 */
/* cuts.c: the keys of a table's branch pages. The format is drawn in pages.c. */
#include "store/cuts.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "base/alloc.h"
#include "model/flat.h"

enum {
    HEAD_BYTES = 16,
    NODE_BYTES = 8,
    DB_BYTES = 48,
    DB_DEPTH_AT = 6,
    DB_ROOT_AT = 40,
    BRANCH = 0x01,
    DEPTH_MOST = 32 /* LMDB's own cursor stack */
};

struct walk {
    heng_store *store;
    int fd;
    size_t page_bytes;
    uint8_t *pages; /* owned: one a level */
    bool (*each)(void *context, heng_str key);
    void *context;
    heng_error *reterr;
};

/* Reads a branch page; `*ret_count` is 0 where it is none. */
static heng_status load(struct walk *walk, uint64_t page, uint8_t *bytes,
                        size_t *ret_count) {
    size_t got = 0;
    *ret_count = 0;
    while (got < walk->page_bytes) {
        ssize_t n = pread(walk->fd, bytes + got, walk->page_bytes - got,
                          (off_t)(page * walk->page_bytes + got));
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return heng_db_fail(walk->store, errno, "cannot read `data.mdb`",
                                walk->reterr);
        if (n == 0)
            return HENG_OK;
        got += (size_t)n;
    }
    size_t lower = heng_flat_u16(bytes + 12);
    bool sound = heng_flat_u64(bytes) == page &&
                 (heng_flat_u16(bytes + 10) & BRANCH) != 0 && lower >= HEAD_BYTES &&
                 lower <= walk->page_bytes;
    *ret_count = sound ? (lower - HEAD_BYTES) / 2 : 0;
    return HENG_OK;
}

/* `level` counts down to 1: the pages above the leaves, or 2: those above them. */
static heng_status walk_page(struct walk *walk, uint64_t page, size_t level,
                             size_t lowest) {
    uint8_t *bytes = walk->pages + level * walk->page_bytes;
    size_t count = 0;
    heng_status status = load(walk, page, bytes, &count);
    for (size_t i = 0; i < count && status == HENG_OK; i++) {
        size_t at = heng_flat_u16(bytes + HEAD_BYTES + i * 2);
        if (at > walk->page_bytes - NODE_BYTES)
            break;
        const uint8_t *node = bytes + at;
        heng_str key = {(const char *)node + NODE_BYTES, heng_flat_u16(node + 6)};
        if (key.len > walk->page_bytes - NODE_BYTES - at)
            break;
        /* A page's first key stands, whole, in the page above. */
        if (i > 0 && !walk->each(walk->context, key))
            return heng_error_nomem(walk->reterr);
        if (level > lowest) {
            uint64_t child = (uint64_t)heng_flat_u16(node) |
                             (uint64_t)heng_flat_u16(node + 2) << 16 |
                             (uint64_t)heng_flat_u16(node + 4) << 32;
            status = walk_page(walk, child, level - 1, lowest);
        }
    }
    return status;
}

/* The table's own row in the main table: where its root is. */
static int read_db(MDB_txn *txn, heng_table table, uint8_t db[DB_BYTES]) {
    MDB_dbi names;
    MDB_val value;
    int code = mdb_dbi_open(txn, NULL, 0, &names);
    MDB_val key =
        heng_table_value(heng_table_name(table), strlen(heng_table_name(table)));
    if (code == MDB_SUCCESS)
        code = mdb_get(txn, names, &key, &value);
    memset(db, 0, DB_BYTES);
    if (code == MDB_SUCCESS && value.mv_size == DB_BYTES)
        memcpy(db, value.mv_data, DB_BYTES);
    return code == MDB_NOTFOUND ? MDB_SUCCESS : code;
}

heng_status heng_cuts_each(heng_store *store, MDB_txn *txn, heng_table table,
                           bool (*each)(void *context, heng_str key), void *context,
                           heng_error *reterr) {
    MDB_stat stat;
    uint8_t db[DB_BYTES];
    struct walk walk = {
        .store = store, .each = each, .context = context, .reterr = reterr};
    int code = mdb_env_get_fd(store->env, &walk.fd);
    if (code == MDB_SUCCESS)
        code = mdb_env_stat(store->env, &stat);
    if (code == MDB_SUCCESS)
        code = read_db(txn, table, db);
    if (code != MDB_SUCCESS)
        return heng_db_fail(store, code, "cannot read the store", reterr);
    size_t depth = heng_flat_u16(db + DB_DEPTH_AT);
    if (depth < 2 || depth > DEPTH_MOST)
        return HENG_OK;
    walk.page_bytes = stat.ms_psize;
    walk.pages = heng_alloc(walk.page_bytes * depth);
    if (walk.pages == NULL)
        return heng_error_nomem(reterr);
    heng_status status =
        walk_page(&walk, heng_flat_u64(db + DB_ROOT_AT), depth - 1, depth > 2 ? 2 : 1);
    heng_alloc_free(walk.pages);
    return status;
}
