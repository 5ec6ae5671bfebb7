/* SPDX-License-Identifier: Apache-2.0 */
/*
 * baseline_row.h: the rows of `batch`, `journal`, `ruleset` and `due` as they lie in
 * the store.
 *
 *   last     0 u64 number  8 u64 commit  16 i64 known at  24 i32 as of  28 u32 length
 * of the digest  32 u64 subjects  40 u64 told  48 digest running  the same up to 32 u64
 * parts  40 u32 claim  44 u32 flags  48 digest, blob
 *
 * `parts` counts the parts of `due` that belong to the last checkpoint. Each beginning
 * and resuming of a batch takes a new `claim`: a writer that holds another one has lost
 * the batch.
 */
#ifndef HENG_STORE_BASELINE_ROW_H
#define HENG_STORE_BASELINE_ROW_H

#include <lmdb.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "store/baseline.h"
#include "store/db.h"
#include "store/table.h"

enum { HENG_BASELINE_ROW_BYTES = 48 };

/* Stored: never renumber. */
enum { HENG_BASELINE_ROW_FULL = 1, HENG_BASELINE_ROW_CHECKPOINT = 2 };

typedef struct heng_baseline_row {
    heng_baseline next;
    uint64_t parts;
    uint32_t claim;
    uint32_t flags;
    heng_str blob;
} heng_baseline_row;

/** False where they have not their form. Texts are memory of `value`. */
bool heng_baseline_row_read_last(MDB_val value, heng_baseline *ret_last);
bool heng_baseline_row_read_running(MDB_val value, heng_baseline_row *ret_row);

/** Write so many bytes at `at`. */
size_t heng_baseline_row_last_size(const heng_baseline *last);
void heng_baseline_row_write_last(const heng_baseline *last, uint8_t *at);
size_t heng_baseline_row_running_size(const heng_baseline_row *row);
void heng_baseline_row_write_running(const heng_baseline_row *row, uint8_t *at);

/**
 * The rows of `batch` as of a transaction; false in `ret_found` (and zeros) where there
 * is none. HENG_ERR_STORE damaged.
 */
heng_status heng_baseline_row_last(const heng_store *store, MDB_txn *txn,
                                   heng_baseline *ret_last, bool *ret_found,
                                   heng_error *reterr) HENG_NODISCARD;
heng_status heng_baseline_row_running(const heng_store *store, MDB_txn *txn,
                                      heng_baseline_row *ret_row, bool *ret_found,
                                      heng_error *reterr) HENG_NODISCARD;
heng_status heng_baseline_row_since(const heng_store *store, MDB_txn *txn,
                                    uint64_t *ret_commit, bool *ret_found,
                                    heng_error *reterr) HENG_NODISCARD;

/** A key of `due` and what it says. */
typedef struct heng_baseline_due_key {
    heng_date day;
    uint64_t number;
    uint32_t part;
} heng_baseline_due_key;

void heng_baseline_row_due_key(heng_key *key, heng_baseline_due_key parts);
bool heng_baseline_row_read_due_key(MDB_val key, heng_baseline_due_key *ret_parts);

/** What is wrong with the form of one row of these tables, for people; NULL: nothing.
 * Static. */
const char *heng_baseline_row_fault(heng_table table, MDB_val key, MDB_val value);

#endif
