/* SPDX-License-Identifier: Apache-2.0 */
/*
 * leaves.h: all rows of a table in the order of their keys, at the rate of the memory.
 *
 * An LMDB cursor asks for one row after the other, and each waits for memory that
 * nobody touched before: half of a batch was that waiting. Here the pages are walked in
 * the map itself, and while a row is worked on, the page after its own is fetched.
 * Besides, a row costs a tenth of the instructions of mdb_cursor_get().
 *
 * Only for reading transactions: their pages never change and all lie in the map. Pages
 * are checked as they are met, so that damage is an error and not the end of the
 * process.
 */
#ifndef HENG_STORE_LEAVES_H
#define HENG_STORE_LEAVES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/limits.h"
#include "heng/error.h"
#include "heng/str.h"
#include "store/db.h"

/* LMDB's own cursor stack. */
enum { HENG_LEAVES_DEPTH = 32 };

/* Look-ups that are expected together: more than the memory answers at once. And the
 * levels a table may have for that: one of more has more rows than there are people,
 * and each key is then searched when it is looked up. */
enum { HENG_LEAVES_EXPECTED = 16, HENG_LEAVES_PATH = 8 };

/** One page on the way down, and which of its entries was taken. */
typedef struct heng_leaves_level {
    const uint8_t *page;
    size_t index, count;
} heng_leaves_level;

/** Where a look-up that is expected ends. */
typedef struct heng_leaves_found {
    size_t key_len; /* HENG_LIMIT_SUBJECT_ID_BYTES + 1: it must search anew */
    char key[HENG_LIMIT_SUBJECT_ID_BYTES];
    heng_leaves_level path[HENG_LEAVES_PATH];
} heng_leaves_found;

typedef struct heng_leaves {
    const heng_store *store;
    heng_table table;
    const uint8_t *map;
    size_t page_bytes;
    uint64_t pages; /* in the map */
    uint64_t root;
    size_t depth; /* 0: an empty table */
    bool at_end;
    const uint8_t *ahead; /* the page behind the one it stands on; NULL: not known */
    bool is_found;        /* the levels are those of a look-up, or of a walk from it */
    bool is_expected;     /* look-ups were told of by heng_leaves_expect() */
    bool is_sparse;       /* only the first bytes of values are looked at, as a rule */
    heng_leaves_level levels[HENG_LEAVES_DEPTH]; /* the leaf last */
    size_t found_at, found_count;                /* of `found`, to come */
    heng_leaves_found found[HENG_LEAVES_EXPECTED];
} heng_leaves;

/** A row: memory of the map, valid as long as the transaction. */
typedef struct heng_leaves_row {
    heng_str key;
    const uint8_t *value;
    size_t len;
} heng_leaves_row;

/** Finds the table in the transaction's snapshot. Nothing is to be closed. */
heng_status heng_leaves_open(heng_store *store, MDB_txn *txn, heng_table table,
                             heng_leaves *ret_leaves,
                             heng_error *reterr) HENG_NODISCARD;

/** Goes to the first row whose key lies after `after`; empty: the first row. */
heng_status heng_leaves_seek(heng_leaves *leaves, heng_str after,
                             heng_error *reterr) HENG_NODISCARD;

/** Goes to the first row whose key does not lie before `key`: for look-ups here and
 * there, where mdb_get() would wait for one step of its search after the other. */
heng_status heng_leaves_look_up(heng_leaves *leaves, heng_str key,
                                heng_error *reterr) HENG_NODISCARD;

/** Searches for these keys, side by side, so that they wait for the memory together:
 * looking one up is then quick. Changes nothing else. At most HENG_LEAVES_EXPECTED
 * count, of ids; those expected before are forgotten. */
void heng_leaves_expect(heng_leaves *leaves, const heng_str *keys, size_t count);

/** The next row; false at the end, or where *ret_status is HENG_ERR_STORE. */
bool heng_leaves_next(heng_leaves *leaves, heng_leaves_row *ret_row,
                      heng_status *ret_status, heng_error *reterr);

/** Whether a row is passed by. Its bytes lie in the page. */
typedef bool heng_leaves_passes(void *context, heng_str key, const uint8_t *value,
                                size_t len);

/**
 * Passes by rows of the leaf it stands on, from the next one on, as long as `passes`
 * says so. A value that lies in pages of its own, or is damaged, is not passed by, nor
 * is the row whose key lies at `end`.
 */
void heng_leaves_pass(heng_leaves *leaves, heng_leaves_passes *passes, void *context,
                      const char *end);

/**
 * Keys that cut the table into pieces of like size, ascending: one for some hundred
 * leaves; of a small table one for each few. `each` gives false out of memory.
 */
heng_status heng_leaves_cuts(heng_leaves *leaves,
                             bool (*each)(void *context, heng_str key), void *context,
                             heng_error *reterr) HENG_NODISCARD;

#endif
