/* SPDX-License-Identifier: Apache-2.0 */
/*
 * sweep.h: removes rows that nobody asks for any more, in transactions so small that no
 * import waits for one long. What a kill leaves, the next sweep removes.
 */
#ifndef HENG_STORE_SWEEP_H
#define HENG_STORE_SWEEP_H

#include <lmdb.h>

#include "heng/error.h"
#include "store/db.h"

typedef enum heng_sweep_verdict {
    HENG_SWEEP_KEEP,
    HENG_SWEEP_REMOVE,
    HENG_SWEEP_STOP /* neither this row nor any behind it */
} heng_sweep_verdict;

/** @param judge  is asked of each key from the first on, perhaps twice of one. */
heng_status heng_sweep_run(heng_store *store, heng_table table,
                           heng_sweep_verdict (*judge)(const void *context,
                                                       MDB_val key),
                           const void *context, heng_error *reterr);

#endif
