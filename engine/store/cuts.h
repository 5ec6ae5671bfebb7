/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cuts.h: keys that cut a table into pieces of like size, for threads to share.
 *
 * LMDB does not say what lies in the middle of a table. Its branch pages do: each holds
 * the first keys of some hundred pages below it. They are read from the file, as
 * `store verify` reads them.
 */
#ifndef HENG_STORE_CUTS_H
#define HENG_STORE_CUTS_H

#include <stdbool.h>

#include "heng/error.h"
#include "heng/str.h"
#include "store/db.h"

/**
 * Calls `each` with keys of the table in ascending order: one for some hundred leaf
 * pages; of a small table one for each leaf page. `each` gives false out of memory.
 *
 * Cuts only share out work: pages that are not as expected give fewer of them, and the
 * reads of the work itself meet the damage.
 *
 * @return HENG_OK; HENG_ERR_NOMEM; HENG_ERR_IO; HENG_ERR_STORE.
 */
heng_status heng_cuts_each(heng_store *store, MDB_txn *txn, heng_table table,
                           bool (*each)(void *context, heng_str key), void *context,
                           heng_error *reterr) HENG_NODISCARD;

#endif
