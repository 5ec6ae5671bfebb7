/* SPDX-License-Identifier: Apache-2.0 */
/*
 * pages.h: whether the pages of a store's file hold together.
 *
 * LMDB trusts its pages: following a damaged one, or one past the end of a cut file,
 * ends the process. This walks them by itself, with reads instead of the map, so that
 * damage is a finding.
 */
#ifndef HENG_STORE_PAGES_H
#define HENG_STORE_PAGES_H

#include <lmdb.h>
#include <stdbool.h>
#include <stdint.h>

#include "heng/error.h"
#include "store/db.h"

/**
 * Walks all pages reachable in the transaction's snapshot.
 *
 * @param problem  called for the finding that ends the walk: after damage to one page,
 *                 what lies below it is unknown.
 * @param ret_sound  false where there was a finding.
 * @return HENG_OK; HENG_ERR_IO; HENG_ERR_NOMEM.
 */
heng_status heng_pages_check(heng_store *store, MDB_txn *txn,
                             void (*problem)(void *context, uint64_t page,
                                             const char *text),
                             void *context, uint64_t *ret_pages, bool *ret_sound,
                             heng_error *reterr) HENG_NODISCARD;

#endif
