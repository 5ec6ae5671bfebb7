/* SPDX-License-Identifier: Apache-2.0 */
/* Many rows are removed in several transactions, and none that was to stay. */
#include <lmdb.h>

#include "store/fixture.h"

#include "store/db.h"
#include "store/sweep.h"
#include "store/table.h"

enum { ROWS = 150000 }; /* more than one transaction looks at */

static char *folder;
static heng_store *store;

static int setup(void **state) {
    (void)state;
    heng_error error = {0};
    MDB_txn *txn = NULL;
    folder = fixture_folder();
    store = fixture_open(folder, HENG_STORE_CREATE);
    assert_int_equal(heng_db_begin(store, true, &txn, &error), HENG_OK);
    for (uint64_t i = 0; i < ROWS; i++) {
        heng_key key = {0};
        heng_key_add_be64(&key, i);
        MDB_val mdb_key = heng_key_value(&key);
        MDB_val value = heng_table_value("", 0);
        assert_int_equal(
            mdb_put(txn, store->tables[HENG_TABLE_DUE], &mdb_key, &value, MDB_APPEND),
            0);
    }
    assert_int_equal(heng_db_commit(store, txn), 0);
    return 0;
}

static int teardown(void **state) {
    (void)state;
    return fixture_done(store, folder);
}

/* Removes each number that `every` divides, below `end`. */
struct wish {
    uint64_t every, end;
};

static heng_sweep_verdict judge(const void *context, MDB_val key) {
    const struct wish *wish = context;
    uint64_t number = heng_table_be64(key.mv_data);
    return number >= wish->end         ? HENG_SWEEP_STOP
           : number % wish->every == 0 ? HENG_SWEEP_REMOVE
                                       : HENG_SWEEP_KEEP;
}

static struct row {
    const char *name; /* what must hold */
    struct wish wish;
} rows[] = {
    {"all are removed", {1, UINT64_MAX}},
    {"each second one is removed", {2, UINT64_MAX}},
    {"few among many are removed", {30000, UINT64_MAX}},
    {"none is removed", {ROWS + 1, UINT64_MAX}},
    {"none is removed behind the stop", {1, 100000}},
};

static void sweeping(void **state) {
    const struct row *row = *state;
    heng_error error = {0};
    MDB_txn *txn = NULL;
    MDB_cursor *cursor = NULL;
    MDB_val key;
    MDB_val value;
    (void)setup(NULL);
    assert_int_equal(heng_sweep_run(store, HENG_TABLE_DUE, judge, &row->wish, &error),
                     HENG_OK);
    assert_int_equal(heng_db_begin(store, false, &txn, &error), HENG_OK);
    assert_int_equal(mdb_cursor_open(txn, store->tables[HENG_TABLE_DUE], &cursor), 0);
    for (uint64_t i = 0; i < ROWS; i++) {
        heng_key wanted = {0};
        heng_key_add_be64(&wanted, i);
        if (i % row->wish.every == 0 && i < row->wish.end)
            continue;
        assert_int_equal(mdb_cursor_get(cursor, &key, &value, MDB_NEXT), 0);
        assert_int_equal(heng_table_be64(key.mv_data), i);
    }
    assert_int_equal(mdb_cursor_get(cursor, &key, &value, MDB_NEXT), MDB_NOTFOUND);
    mdb_cursor_close(cursor);
    heng_db_abort(store, txn);
    (void)teardown(NULL);
}

int main(void) {
    struct CMUnitTest tests[COUNT(rows)];
    for (size_t i = 0; i < COUNT(rows); i++) {
        tests[i] = ROW_TEST(&rows[i], sweeping);
    }
    return check_run("store/sweep", tests, COUNT(rows), NULL, NULL);
}
