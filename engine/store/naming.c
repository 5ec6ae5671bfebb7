/* SPDX-License-Identifier: Apache-2.0 */
/*
 * naming.c: a numbering is read once and then shared by all views. When a view sees
 * more words, a longer one is made beside it: plans keep the one they were bound to.
 */
#include "store/naming.h"

#include "base/alloc.h"
#include "base/limits.h"

/* Reads the words that `names` does not have yet. */
static heng_status read_words(heng_store *store, MDB_txn *txn, uint32_t count,
                              heng_names *names, heng_error *reterr) {
    for (uint32_t i = heng_names_count(names); i < count; i++) {
        uint8_t number[4];
        heng_table_put_be32(number, i);
        MDB_val key = {sizeof number, number};
        MDB_val value;
        int code = mdb_get(txn, store->tables[HENG_TABLE_NAME], &key, &value);
        if (code != MDB_SUCCESS && code != MDB_NOTFOUND)
            return heng_db_fail(store, code, "cannot read the store's words", reterr);
        uint32_t got = HENG_NAME_NONE;
        if (code == MDB_SUCCESS && value.mv_size <= HENG_LIMIT_ID_BYTES &&
            heng_names_add(names, heng_table_str(value), &got) != HENG_OK)
            return heng_error_nomem(reterr);
        if (got != i)
            return heng_db_damaged(HENG_TABLE_NAME, HENG_STR("number"),
                                   "a word is missing or there twice", reterr);
    }
    return HENG_OK;
}

/* With the store's lock held. */
static heng_status add_naming(heng_store *store, MDB_txn *txn, uint32_t count,
                              heng_error *reterr) {
    size_t held = store->naming_count;
    heng_names *names =
        held == 0 ? heng_names_new() : heng_names_copy(store->namings[held - 1]);
    if (names == NULL)
        return heng_error_nomem(reterr);
    heng_status status = read_words(store, txn, count, names, reterr);
    if (status == HENG_OK) {
        heng_names **grown =
            heng_alloc_resize(store->namings, held + 1, sizeof(heng_names *));
        if (grown == NULL) {
            status = heng_error_nomem(reterr);
        } else {
            store->namings = grown;
            grown[held] = names;
            store->naming_count = held + 1;
            names = NULL;
        }
    }
    heng_names_free(names);
    return status;
}

heng_status heng_naming_get(heng_store *store, MDB_txn *txn, uint32_t count,
                            const heng_names **ret_names, heng_error *reterr) {
    heng_status status = HENG_OK;
    (void)pthread_mutex_lock(&store->lock);
    if (store->naming_count == 0 ||
        heng_names_count(store->namings[store->naming_count - 1]) < count) {
        status = add_naming(store, txn, count, reterr);
    }
    if (status == HENG_OK) {
        *ret_names = store->namings[store->naming_count - 1];
    }
    (void)pthread_mutex_unlock(&store->lock);
    return status;
}

int heng_naming_put(heng_store *store, MDB_txn *txn, const heng_names *names,
                    uint32_t first) {
    uint32_t count = heng_names_count(names);
    int code = MDB_SUCCESS;
    for (uint32_t i = first; i < count && code == MDB_SUCCESS; i++) {
        uint8_t number[4];
        heng_table_put_be32(number, i);
        heng_str word = heng_names_get(names, i);
        MDB_val key = {sizeof number, number};
        MDB_val value = heng_table_value(word.ptr, word.len);
        code = mdb_put(txn, store->tables[HENG_TABLE_NAME], &key, &value, 0);
    }
    return code;
}
