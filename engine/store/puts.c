/* SPDX-License-Identifier: Apache-2.0 */
/* puts.c: collecting, sorting and writing rows. */
#include "store/puts.h"

#include <stdlib.h>
#include <string.h>

bool heng_puts_add(heng_puts *puts, heng_table table, const heng_key *key,
                   const void *value, size_t value_len) {
    if (puts->count == puts->room) {
        size_t room = puts->room == 0 ? 1024 : puts->room * 2;
        heng_put *items = heng_arena_alloc(puts->arena, room * sizeof *items);
        if (items == NULL)
            return false;
        if (puts->count > 0) {
            memcpy(items, puts->items, puts->count * sizeof *items);
        }
        puts->items = items;
        puts->room = room;
    }
    char *copy = heng_arena_alloc(puts->arena, key->len);
    if (copy == NULL)
        return false;
    memcpy(copy, key->bytes, key->len);
    puts->items[puts->count++] = (heng_put){.table = table,
                                            .key_len = (uint32_t)key->len,
                                            .key = (const uint8_t *)copy,
                                            .value = value,
                                            .value_len = value_len};
    return true;
}

static int compare(const void *a, const void *b) {
    const heng_put *x = a;
    const heng_put *y = b;
    if (x->table != y->table)
        return x->table < y->table ? -1 : 1;
    size_t shorter = x->key_len < y->key_len ? x->key_len : y->key_len;
    int order = memcmp(x->key, y->key, shorter);
    return order != 0 ? order : (x->key_len > y->key_len) - (x->key_len < y->key_len);
}

int heng_puts_open(heng_put_cursor *at, heng_store *store, MDB_txn *txn,
                   heng_table table) {
    *at = (heng_put_cursor){.append = true};
    return mdb_cursor_open(txn, store->tables[table], &at->cursor);
}

int heng_puts_one(heng_put_cursor *at, MDB_val key, MDB_val value) {
    if (at->append) {
        int code = mdb_cursor_put(at->cursor, &key, &value, MDB_APPEND);
        if (code != MDB_KEYEXIST)
            return code;
        at->append = false;
    }
    return mdb_cursor_put(at->cursor, &key, &value, 0);
}

void heng_puts_close(heng_put_cursor *at) {
    if (at->cursor != NULL) {
        mdb_cursor_close(at->cursor);
        at->cursor = NULL;
    }
}

int heng_puts_write(heng_puts *puts, heng_store *store, MDB_txn *txn) {
    heng_put_cursor at = {0};
    int code = MDB_SUCCESS;
    if (puts->count > 1) {
        qsort(puts->items, puts->count, sizeof *puts->items, compare);
    }
    for (size_t i = 0; i < puts->count && code == MDB_SUCCESS; i++) {
        const heng_put *put = &puts->items[i];
        if (i == 0 || put->table != puts->items[i - 1].table) {
            heng_puts_close(&at);
            code = heng_puts_open(&at, store, txn, put->table);
        }
        if (code == MDB_SUCCESS) {
            code = heng_puts_one(&at, heng_table_value(put->key, put->key_len),
                                 heng_table_value(put->value, put->value_len));
        }
    }
    heng_puts_close(&at);
    return code;
}
