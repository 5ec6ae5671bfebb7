/* SPDX-License-Identifier: Apache-2.0 */
/* naming.h: the store's numbering of words, as views see it. */
#ifndef HENG_STORE_NAMING_H
#define HENG_STORE_NAMING_H

#include <lmdb.h>
#include <stdint.h>

#include "heng/error.h"
#include "model/names.h"
#include "store/db.h"

/** A numbering with at least the `count` words of this transaction. Lives as long as
 * the store; never changed once handed out. */
heng_status heng_naming_get(heng_store *store, MDB_txn *txn, uint32_t count,
                            const heng_names **ret_names,
                            heng_error *reterr) HENG_NODISCARD;

/** Adds the words from `first` on to the table. Gives LMDB's code. */
int heng_naming_put(heng_store *store, MDB_txn *txn, const heng_names *names,
                    uint32_t first);

#endif
