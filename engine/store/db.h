/* SPDX-License-Identifier: Apache-2.0 */
/*
 * db.h: the LMDB environment below a store: opened, locked, grown, and its errors in
 * words. What store.h calls a store is the struct below.
 */
#ifndef HENG_STORE_DB_H
#define HENG_STORE_DB_H

#include <limits.h>
#include <lmdb.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

#include "heng/error.h"
#include "heng/store.h"
#include "model/names.h"
#include "store/table.h"

/* The first map: address space only, the file is as large as its pages. */
#define HENG_DB_FIRST_MAP_BYTES ((size_t)1 << 30)
#define HENG_DB_READERS 1024

/* In place of the handle of a table that the store does not have. */
#define HENG_DB_NO_TABLE UINT_MAX

struct heng_store {
    char *path; /* owned */
    MDB_env *env;
    MDB_dbi names; /* the main table, which names the others */
    MDB_dbi tables[HENG_TABLE_COUNT];
    bool writable;
    uint8_t secret[HENG_META_SECRET_BYTES]; /* for keys of subjects */

    pthread_mutex_t lock; /* over all below */
    pthread_cond_t grown;
    bool locks_made;
    size_t
        txns; /* live transactions of this process: the map must not move below one */
    bool growing; /* new transactions wait */

    int writer_fd; /* of the advisory lock, -1 where not held */

    /* Numberings handed out, each with the words of those before it: a reader keeps
     * the one it has while a writer adds. Owned; freed with the store. */
    heng_names **namings;
    size_t naming_count;
};

/** Around uses of LMDB that hold a transaction of their own. */
void heng_db_enter(heng_store *store);
void heng_db_leave(heng_store *store);

/** One transaction; `heng_db_begin` waits while the map is being moved. */
heng_status heng_db_begin(heng_store *store, bool write, MDB_txn **ret_txn,
                          heng_error *reterr) HENG_NODISCARD;
void heng_db_abort(heng_store *store, MDB_txn *txn);
/** Ends the transaction either way. Gives LMDB's code: MDB_MAP_FULL is for the caller.
 */
int heng_db_commit(heng_store *store, MDB_txn *txn);

/**
 * Doubles the map. Waits for the transactions of this process to end, for so long;
 * then HENG_ERR_BUSY.
 */
heng_status heng_db_grow(heng_store *store, heng_error *reterr) HENG_NODISCARD;

/**
 * Makes the map at least so large, where the address space allows it; else it stays as
 * it is. To be called before there are views: waits for them as heng_db_grow() does.
 */
heng_status heng_db_reserve(heng_store *store, size_t bytes,
                            heng_error *reterr) HENG_NODISCARD;

/** One value. Gives LMDB's code: MDB_NOTFOUND also where the store lacks the table. */
int heng_db_get(const heng_store *store, MDB_txn *txn, heng_table table, heng_str key,
                MDB_val *ret_value);

/** LMDB's code (or errno) in words, `store->path` and the table as its place. */
heng_status heng_db_fail(const heng_store *store, int code, const char *doing,
                         heng_error *reterr);

/** A value that is not as it was written. `key` is shown with identity numbers masked.
 */
heng_status heng_db_damaged(heng_table table, heng_str key, const char *what,
                            heng_error *reterr);

/** The writer's advisory lock: HENG_ERR_BUSY with who holds it. */
heng_status heng_db_lock_writer(heng_store *store, heng_error *reterr) HENG_NODISCARD;
void heng_db_unlock_writer(heng_store *store);

typedef struct heng_last_commit {
    uint64_t commit;
    heng_time_ms time;
    uint32_t names;
} heng_last_commit;

heng_status heng_db_last_commit(heng_store *store, MDB_txn *txn,
                                heng_last_commit *ret_last,
                                heng_error *reterr) HENG_NODISCARD;

/** For tests: as heng_store_open, with another first map and, where 0, the default. */
heng_status heng_db_open(const char *path, heng_store_mode mode, size_t map_bytes,
                         heng_store **ret_store, heng_error *reterr) HENG_NODISCARD;

#endif
