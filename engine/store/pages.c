/* SPDX-License-Identifier: Apache-2.0 */
/*
 * pages.c: a reader of LMDB's file format (0.9, 64 bits), which knows only what is
 * needed to say that every page is what the page above it takes it for.
 *
 *   page    0 u64 number  8 u16 pad  10 u16 flags  12 u16 lower  14 u16 upper
 *           (overflow: 12 u32 count of pages), then u16 offsets of nodes up to `lower`
 *   node    0 u16 low  2 u16 high  4 u16 flags  6 u16 key size, key, data
 *           branch: page = low | high << 16 | flags << 32
 *           leaf: data size = low | high << 16; BIGDATA: data is a page number
 *   meta    16 u32 magic  20 u32 version  24 u64 address  32 u64 map size
 *           40 db of free pages  88 main db  136 u64 last page  144 u64 transaction
 *   db      0 u32 pad  4 u16 flags  6 u16 depth  8 u64 branch, leaf, overflow, entries
 *           40 u64 root
 *
 * Source: mdb.c of LMDB 0.9.24, read as documentation of the format.
 */
#include "store/pages.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/alloc.h"
#include "model/flat.h"

enum {
    HEAD_BYTES = 16,
    NODE_BYTES = 8,
    DB_BYTES = 48,
    BRANCH = 0x01,
    LEAF = 0x02,
    OVERFLOW_PAGE = 0x04,
    META = 0x08,
    KIND_MASK = BRANCH | LEAF | OVERFLOW_PAGE | META | 0x20 | 0x40,
    FREE_AT = 40,
    MAIN_AT = 88,
    NODE_BIG = 0x01,
    NODE_DB = 0x02,
    DEPTH_MOST = 32 /* LMDB's own cursor stack */
};

#define NO_PAGE UINT64_MAX

struct walk {
    heng_store *store;
    int fd;
    size_t page_bytes;
    uint64_t last;
    uint8_t *seen;  /* owned: a bit a page */
    uint8_t *pages; /* owned: one page a level, two chains deep */
    uint64_t count;
    void (*problem)(void *context, uint64_t page, const char *text);
    void *context;
    bool sound;
    heng_error *reterr;
};

static bool find(struct walk *walk, uint64_t page, const char *text) {
    walk->sound = false;
    walk->problem(walk->context, page, text);
    return false;
}

/* Reads at most what is there: false at the end of the file. */
static heng_status read_at(struct walk *walk, uint64_t page, uint8_t *bytes, size_t len,
                           bool *ret_whole) {
    size_t got = 0;
    while (got < len) {
        ssize_t n = pread(walk->fd, bytes + got, len - got,
                          (off_t)(page * walk->page_bytes + got));
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return heng_db_fail(walk->store, errno, "cannot read `data.mdb`",
                                walk->reterr);
        if (n == 0)
            break;
        got += (size_t)n;
    }
    *ret_whole = got == len;
    return HENG_OK;
}

/* Marks `page` as seen: each belongs to one place only. */
static bool claim(struct walk *walk, uint64_t page) {
    if (page < 2 || page > walk->last)
        return find(walk, page, "a page that is not in the store is pointed to");
    uint8_t bit = (uint8_t)(1U << (page & 7));
    if ((walk->seen[page >> 3] & bit) != 0)
        return find(walk, page, "two places point to the same page");
    walk->seen[page >> 3] |= bit;
    walk->count++;
    return true;
}

/* Reads the head of a page (or all of it) that must be of `kind`. */
static heng_status load(struct walk *walk, uint64_t page, unsigned kind, uint8_t *bytes,
                        size_t len) {
    if (!claim(walk, page))
        return HENG_OK;
    bool whole = false;
    heng_status status = read_at(walk, page, bytes, len, &whole);
    if (status != HENG_OK)
        return status;
    if (!whole) {
        (void)find(walk, page, "the file ends before this page");
    } else if (heng_flat_u64(bytes) != page) {
        (void)find(walk, page, "the page bears another number");
    } else if ((heng_flat_u16(bytes + 10) & KIND_MASK) != kind) {
        (void)find(walk, page, "the page is of another kind than expected");
    }
    return HENG_OK;
}

static heng_status walk_overflow(struct walk *walk, uint64_t page, size_t data_bytes) {
    uint8_t head[HEAD_BYTES];
    heng_status status = load(walk, page, OVERFLOW_PAGE, head, sizeof head);
    if (status != HENG_OK || !walk->sound)
        return status;
    uint64_t count = heng_flat_u32(head + 12);
    uint64_t needed =
        (HEAD_BYTES + (uint64_t)data_bytes + walk->page_bytes - 1) / walk->page_bytes;
    if (count < needed) {
        (void)find(walk, page, "a long value has fewer pages than bytes");
        return HENG_OK;
    }
    for (uint64_t i = 1; i < count; i++) {
        if (!claim(walk, page + i))
            return HENG_OK;
    }
    bool whole = false; /* the last byte there says that all are */
    uint8_t byte;
    uint64_t end = page * walk->page_bytes + HEAD_BYTES + data_bytes;
    ssize_t n = data_bytes == 0 ? 1 : pread(walk->fd, &byte, 1, (off_t)(end - 1));
    whole = n == 1;
    if (!whole) {
        (void)find(walk, page, "the file ends inside a long value");
    }
    return HENG_OK;
}

static heng_status walk_db(struct walk *walk, const uint8_t *db, size_t chain);

static heng_status walk_leaf_node(struct walk *walk, uint64_t page, const uint8_t *node,
                                  size_t room, size_t chain) {
    size_t key = heng_flat_u16(node + 6);
    size_t data = (size_t)heng_flat_u16(node) | (size_t)heng_flat_u16(node + 2) << 16;
    unsigned flags = heng_flat_u16(node + 4);
    size_t inside = (flags & NODE_BIG) != 0 ? 8 : data;
    if (NODE_BYTES + key > room || inside > room - NODE_BYTES - key) {
        (void)find(walk, page, "a value does not fit its page");
        return HENG_OK;
    }
    const uint8_t *at = node + NODE_BYTES + key;
    if ((flags & NODE_BIG) != 0)
        return walk_overflow(walk, heng_flat_u64(at), data);
    if ((flags & NODE_DB) != 0) {
        if (chain != 0 || data != DB_BYTES) {
            (void)find(walk, page, "a table lies where none can be");
            return HENG_OK;
        }
        uint8_t db[DB_BYTES];
        memcpy(db, at, sizeof db);
        return walk_db(walk, db, 1);
    }
    return HENG_OK;
}

/* `level` counts down to 0, the leaves. Recursion is at most DEPTH_MOST deep. */
static heng_status walk_page(struct walk *walk, uint64_t page, size_t level,
                             size_t chain) {
    uint8_t *bytes = walk->pages + (chain * DEPTH_MOST + level) * walk->page_bytes;
    heng_status status =
        load(walk, page, level == 0 ? LEAF : BRANCH, bytes, walk->page_bytes);
    if (status != HENG_OK || !walk->sound)
        return status;
    size_t lower = heng_flat_u16(bytes + 12);
    size_t upper = heng_flat_u16(bytes + 14);
    if (lower < HEAD_BYTES || (lower & 1) != 0 || lower > upper ||
        upper > walk->page_bytes) {
        (void)find(walk, page, "the page's bounds are impossible");
        return HENG_OK;
    }
    size_t count = (lower - HEAD_BYTES) / 2;
    if (count < (level == 0 ? 1U : 2U)) {
        (void)find(walk, page, "the page has too few entries");
        return HENG_OK;
    }
    for (size_t i = 0; i < count; i++) {
        size_t at = heng_flat_u16(bytes + HEAD_BYTES + i * 2);
        if (at < upper || (at & 1) != 0 || at > walk->page_bytes - NODE_BYTES) {
            (void)find(walk, page, "an entry lies outside its page");
            return HENG_OK;
        }
        const uint8_t *node = bytes + at;
        size_t room = walk->page_bytes - at;
        if (level == 0) {
            status = walk_leaf_node(walk, page, node, room, chain);
        } else if ((size_t)NODE_BYTES + heng_flat_u16(node + 6) > room) {
            (void)find(walk, page, "a key does not fit its page");
        } else {
            uint64_t child = (uint64_t)heng_flat_u16(node) |
                             (uint64_t)heng_flat_u16(node + 2) << 16 |
                             (uint64_t)heng_flat_u16(node + 4) << 32;
            status = walk_page(walk, child, level - 1, chain);
        }
        if (status != HENG_OK || !walk->sound)
            return status;
    }
    return HENG_OK;
}

static heng_status walk_db(struct walk *walk, const uint8_t *db, size_t chain) {
    uint64_t root = heng_flat_u64(db + 40);
    size_t depth = heng_flat_u16(db + 6);
    if (root == NO_PAGE) {
        if (depth != 0) {
            (void)find(walk, root, "a table without pages has a depth");
        }
        return HENG_OK;
    }
    if (depth == 0 || depth > DEPTH_MOST) {
        (void)find(walk, root, "a table's depth is impossible");
        return HENG_OK;
    }
    return walk_page(walk, root, depth - 1, chain);
}

/* Finds the meta page of `txn_id`. */
static heng_status read_meta(struct walk *walk, uint64_t txn_id, uint8_t *meta,
                             bool *ret_found) {
    enum { TXN_AT = 144, META_BYTES = 152 };
    for (uint64_t page = 0; page < 2; page++) {
        bool whole = false;
        heng_status status = read_at(walk, page, meta, META_BYTES, &whole);
        if (status != HENG_OK)
            return status;
        if (whole && heng_flat_u64(meta + TXN_AT) == txn_id) {
            *ret_found = true;
            return HENG_OK;
        }
    }
    *ret_found = false;
    return HENG_OK;
}

heng_status heng_pages_check(heng_store *store, MDB_txn *txn,
                             void (*problem)(void *context, uint64_t page,
                                             const char *text),
                             void *context, uint64_t *ret_pages, bool *ret_sound,
                             heng_error *reterr) {
    heng_status status = HENG_ERR_NOMEM;
    MDB_stat stat;
    struct walk walk = {.store = store,
                        .problem = problem,
                        .context = context,
                        .sound = true,
                        .reterr = reterr};
    uint8_t meta[256];
    bool found = false;

    int code = mdb_env_get_fd(store->env, &walk.fd);
    if (code == MDB_SUCCESS) {
        code = mdb_env_stat(store->env, &stat);
    }
    if (code != MDB_SUCCESS) {
        status = heng_db_fail(store, code, "cannot look at the pages", reterr);
        goto out;
    }
    walk.page_bytes = stat.ms_psize;
    status = read_meta(&walk, mdb_txn_id(txn), meta, &found);
    if (status != HENG_OK)
        goto out;
    if (!found) { /* the other meta page fell to later commits: nothing to compare with
                   */
        (void)find(&walk, 0, "the head of the snapshot is gone; try again");
        goto out;
    }
    walk.last = heng_flat_u64(meta + 136);
    if (walk.last > (UINT64_C(1) << 40)) {
        (void)find(&walk, 0, "the head counts impossibly many pages");
        goto out;
    }
    status = HENG_ERR_NOMEM;
    walk.seen = heng_alloc_zero(1, (size_t)(walk.last / 8 + 1));
    walk.pages = heng_alloc(walk.page_bytes * 2 * DEPTH_MOST);
    if (walk.seen == NULL || walk.pages == NULL) {
        (void)heng_error_nomem(reterr);
        goto out;
    }
    status = walk_db(&walk, meta + FREE_AT, 1); /* in it, no tables: as inside one */
    if (status == HENG_OK && walk.sound) {
        status = walk_db(&walk, meta + MAIN_AT, 0);
    }
out:
    heng_alloc_free(walk.seen);
    heng_alloc_free(walk.pages);
    if (status == HENG_OK) {
        *ret_pages = walk.count;
        *ret_sound = walk.sound;
    }
    return status;
}
