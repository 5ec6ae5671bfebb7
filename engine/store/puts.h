/* SPDX-License-Identifier: Apache-2.0 */
/*
 * puts.h: rows to be written at the end of a batch, in order of table and key: LMDB is
 * several times quicker when neighbours come one after the other.
 */
#ifndef HENG_STORE_PUTS_H
#define HENG_STORE_PUTS_H

#include <stddef.h>
#include <stdint.h>

#include "heng/arena.h"
#include "heng/error.h"
#include "store/db.h"
#include "store/table.h"

typedef struct heng_put {
    heng_table table;
    uint32_t key_len;
    const uint8_t *key;   /* in the arena */
    const uint8_t *value; /* borrowed until written */
    size_t value_len;
} heng_put;

typedef struct heng_puts {
    heng_put *items; /* in the arena */
    size_t count;
    size_t room;
    heng_arena *arena;
} heng_puts;

/** Copies the key; `value` must stay until heng_puts_write(). False out of memory. */
bool heng_puts_add(heng_puts *puts, heng_table table, const heng_key *key,
                   const void *value, size_t value_len);

/** Writes all. Gives LMDB's code. */
int heng_puts_write(heng_puts *puts, heng_store *store, MDB_txn *txn);

/** One row through a cursor that writes in ascending order; appends where it can. */
typedef struct heng_put_cursor {
    MDB_cursor *cursor;
    bool append;   /* all keys so far lay behind the table's last */
    bool is_empty; /* the table was, at first */
    size_t last_len;
    uint8_t last[HENG_KEY_BYTES]; /* the table's last key at first */
} heng_put_cursor;

int heng_puts_open(heng_put_cursor *at, heng_store *store, MDB_txn *txn,
                   heng_table table);
/** What the table held under `key` before; keys are asked for in ascending order, each
 * before it is written. MDB_NOTFOUND at once behind the last. */
int heng_puts_get(heng_put_cursor *at, MDB_val key, MDB_val *ret_value);
int heng_puts_one(heng_put_cursor *at, MDB_val key, MDB_val value);
/** Also takes a zeroed one. */
void heng_puts_close(heng_put_cursor *at);

#endif
