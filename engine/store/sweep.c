/* SPDX-License-Identifier: Apache-2.0 */
/* sweep.c: removing many rows, a few in each transaction. */
#include "store/sweep.h"

#include <string.h>

#include "store/write_step.h"

/* Rows looked at and rows removed in one transaction: some milliseconds. */
enum { LOOKS = 1 << 16, ROWS = 1 << 12 };

struct sweep {
    heng_table table;
    heng_sweep_verdict (*judge)(const void *context, MDB_val key);
    const void *context;
    heng_key from;    /* where a transaction begins */
    heng_key reached; /* where it stopped: only `from` once it is committed */
    bool at_end;
};

static int remove_some(heng_write_step *step, struct sweep *sweep, MDB_cursor *cursor) {
    MDB_val key = heng_key_value(&sweep->from);
    MDB_val value;
    size_t removed = 0;
    int code = mdb_cursor_get(cursor, &key, &value,
                              key.mv_size == 0 ? MDB_FIRST : MDB_SET_RANGE);
    for (size_t looks = 0; code == MDB_SUCCESS; looks++) {
        if (key.mv_size > HENG_KEY_BYTES)
            return MDB_CORRUPTED;
        heng_sweep_verdict verdict = sweep->judge(sweep->context, key);
        sweep->reached.len = key.mv_size;
        memcpy(sweep->reached.bytes, key.mv_data, key.mv_size);
        if (verdict == HENG_SWEEP_STOP) {
            sweep->at_end = true;
            return MDB_SUCCESS;
        }
        if (looks == LOOKS || removed == ROWS)
            return MDB_SUCCESS;
        if (verdict == HENG_SWEEP_REMOVE) {
            step->nothing = false;
            removed++;
            code = mdb_cursor_del(cursor, 0);
            if (code != MDB_SUCCESS)
                return code;
            /* A cursor that has deleted stands between rows: look for the next anew. */
            key = heng_key_value(&sweep->reached);
            code = mdb_cursor_get(cursor, &key, &value, MDB_SET_RANGE);
        } else {
            code = mdb_cursor_get(cursor, &key, &value, MDB_NEXT);
        }
    }
    sweep->at_end = code == MDB_NOTFOUND;
    return code == MDB_NOTFOUND ? MDB_SUCCESS : code;
}

static heng_status sweep_step(heng_write_step *step, void *context) {
    struct sweep *sweep = context;
    MDB_cursor *cursor = NULL;
    step->nothing = true;
    sweep->at_end = false;
    int code = mdb_cursor_open(step->txn, step->store->tables[sweep->table], &cursor);
    if (code == MDB_SUCCESS) {
        code = remove_some(step, sweep, cursor);
        mdb_cursor_close(cursor);
    }
    return code == MDB_SUCCESS ? HENG_OK : heng_write_step_fail(step, code);
}

heng_status heng_sweep_run(heng_store *store, heng_table table,
                           heng_sweep_verdict (*judge)(const void *context,
                                                       MDB_val key),
                           const void *context, heng_error *reterr) {
    struct sweep sweep = {.table = table, .judge = judge, .context = context};
    heng_status status = HENG_OK;
    while (status == HENG_OK && !sweep.at_end) {
        status = heng_write_step_run(store, "cannot remove what is no longer needed",
                                     sweep_step, &sweep, reterr);
        sweep.from = sweep.reached;
    }
    return status;
}
