/* SPDX-License-Identifier: Apache-2.0 */
/* write_step.c: transactions that are tried again after the map has grown. */
#include "store/write_step.h"

heng_status heng_write_step_fail(heng_write_step *step, int code) {
    step->code = code;
    return heng_db_fail(step->store, code, step->doing, step->reterr);
}

static heng_status try_once(heng_write_step *step, heng_write_step_function *function,
                            void *context) {
    heng_status status = heng_db_begin(step->store, true, &step->txn, step->reterr);
    if (status != HENG_OK)
        return status;
    status = function(step, context);
    if (status != HENG_OK || step->nothing) {
        heng_db_abort(step->store, step->txn);
        return status;
    }
    int code = heng_db_commit(step->store, step->txn);
    return code == MDB_SUCCESS ? HENG_OK : heng_write_step_fail(step, code);
}

heng_status heng_write_step_run(heng_store *store, const char *doing,
                                heng_write_step_function *function, void *context,
                                heng_error *reterr) {
    for (;;) {
        heng_write_step step = {.store = store, .doing = doing, .reterr = reterr};
        heng_status status = try_once(&step, function, context);
        if (step.code != MDB_MAP_FULL)
            return status;
        status = heng_db_grow(store, reterr);
        if (status != HENG_OK)
            return status;
    }
}

int heng_write_step_put(heng_write_step *step, heng_table table, heng_str key,
                        size_t size, uint8_t **ret_at) {
    MDB_val mdb_key = heng_table_value(key.ptr, key.len);
    MDB_val value = {size, NULL};
    int code =
        mdb_put(step->txn, step->store->tables[table], &mdb_key, &value, MDB_RESERVE);
    *ret_at = value.mv_data;
    return code;
}
