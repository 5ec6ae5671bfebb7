/* SPDX-License-Identifier: Apache-2.0 */
/* puts.c: collecting, sorting and writing rows. */
#include "store/puts.h"

#include <errno.h>
#include <string.h>

#include "store/id_order.h"

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

/* Rows of one table by their keys. */
static bool sort_rows(heng_puts *puts) {
    size_t count = puts->count;
    size_t starts[HENG_TABLE_COUNT + 1] = {0};
    heng_put *sorted = heng_arena_alloc(puts->arena, count * sizeof *sorted);
    heng_str *keys = heng_arena_alloc(puts->arena, count * sizeof *keys);
    heng_put *by_table = heng_arena_alloc(puts->arena, count * sizeof *by_table);
    if (sorted == NULL || keys == NULL || by_table == NULL)
        return false;
    for (size_t i = 0; i < count; i++) {
        starts[puts->items[i].table + 1]++;
    }
    for (size_t table = 0; table < HENG_TABLE_COUNT; table++) {
        starts[table + 1] += starts[table];
    }
    for (size_t i = 0; i < count; i++) {
        const heng_put *put = &puts->items[i];
        size_t at = starts[put->table]++;
        by_table[at] = *put;
        keys[at] = (heng_str){(const char *)put->key, put->key_len};
    }
    for (size_t first = 0; first < count;) {
        size_t end = starts[by_table[first].table]; /* moved on to its end above */
        const uint32_t *order =
            heng_id_order_sort(puts->arena, keys + first, end - first);
        if (order == NULL)
            return false;
        for (size_t i = first; i < end; i++) {
            sorted[i] = by_table[first + order[i - first]];
        }
        first = end;
    }
    puts->items = sorted;
    return true;
}

int heng_puts_open(heng_put_cursor *at, heng_store *store, MDB_txn *txn,
                   heng_table table) {
    MDB_val key;
    MDB_val value;
    at->append = true;
    at->is_empty = true;
    at->last_len = 0;
    int code = mdb_cursor_open(txn, store->tables[table], &at->cursor);
    if (code != MDB_SUCCESS) {
        at->cursor = NULL;
        return code;
    }
    code = mdb_cursor_get(at->cursor, &key, &value, MDB_LAST);
    if (code == MDB_SUCCESS && key.mv_size <= sizeof at->last) {
        memcpy(at->last, key.mv_data, key.mv_size);
        at->last_len = key.mv_size;
        at->is_empty = false;
    }
    return code == MDB_NOTFOUND ? MDB_SUCCESS : code;
}

int heng_puts_get(heng_put_cursor *at, MDB_val key, MDB_val *ret_value) {
    if (at->is_empty ||
        heng_str_compare(heng_table_str(key),
                         (heng_str){(const char *)at->last, at->last_len}) > 0)
        return MDB_NOTFOUND;
    return mdb_cursor_get(at->cursor, &key, ret_value, MDB_SET);
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
    if (puts->count > 1 && !sort_rows(puts))
        return ENOMEM;
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
