/* SPDX-License-Identifier: Apache-2.0 */
/*
 * write_step.h: one write transaction that is tried again after the map has grown, for
 * what is written beside imports.
 */
#ifndef HENG_STORE_WRITE_STEP_H
#define HENG_STORE_WRITE_STEP_H

#include <lmdb.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "heng/error.h"
#include "store/db.h"
#include "store/table.h"

typedef struct heng_write_step {
    heng_store *store;
    MDB_txn *txn;
    const char *doing; /* for error messages */
    int code;          /* LMDB's, where it failed: set by heng_write_step_fail() */
    bool nothing;      /* set where there was nothing to write: nothing is committed */
    heng_error *reterr;
} heng_write_step;

/** May be called again after a failure for want of room in the map: whatever it sets
 * outside the transaction it must set anew, or only after the commit. */
typedef heng_status heng_write_step_function(heng_write_step *step, void *context);

/** Runs `function` in a transaction and commits it, or leaves everything as it was. */
heng_status heng_write_step_run(heng_store *store, const char *doing,
                                heng_write_step_function *function, void *context,
                                heng_error *reterr) HENG_NODISCARD;

/** LMDB's code in words, for what a function of a step returns. */
heng_status heng_write_step_fail(heng_write_step *step, int code);

/** Room for a value of `size` bytes, to be filled before anything else is done in the
 * transaction. Gives LMDB's code. */
int heng_write_step_put(heng_write_step *step, heng_table table, heng_str key,
                        size_t size, uint8_t **ret_at);

#endif
