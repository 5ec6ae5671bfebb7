/* SPDX-License-Identifier: Apache-2.0 */
/* rows.h: single rows of a store, read and written past all that keeps them right. */
#ifndef HENG_TESTS_STORE_ROWS_H
#define HENG_TESTS_STORE_ROWS_H

#include "store/fixture.h"

#include "store/db.h"
#include "store/view.h"

/** A copy of a row, which must be there, exactly as long as the value, so that ASan
 * sees its end. The caller frees it. */
static inline uint8_t *rows_take(heng_store *store, heng_table table, heng_str id,
                                 size_t *ret_len) {
    heng_error error = {0};
    MDB_val value;
    bool found = false;
    heng_view *view = fixture_view(store);
    assert_int_equal(heng_view_get(view, table, id, &value, &found, &error), HENG_OK);
    assert_true(found);
    uint8_t *copy = malloc(value.mv_size);
    assert_non_null(copy);
    memcpy(copy, value.mv_data, value.mv_size);
    *ret_len = value.mv_size;
    heng_view_close(view);
    return copy;
}

static inline void rows_put(heng_store *store, heng_table table, heng_str id,
                            const void *bytes, size_t len) {
    heng_error error = {0};
    MDB_txn *txn = NULL;
    MDB_val key = heng_table_value(id.ptr, id.len);
    MDB_val value = heng_table_value(bytes, len);
    assert_int_equal(heng_db_begin(store, true, &txn, &error), HENG_OK);
    assert_int_equal(mdb_put(txn, store->tables[table], &key, &value, 0), 0);
    assert_int_equal(heng_db_commit(store, txn), 0);
}

#endif
