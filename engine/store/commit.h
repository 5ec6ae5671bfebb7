/* SPDX-License-Identifier: Apache-2.0 */
/*
 * commit.h: a batch of good lines into the store, in one transaction: either all of it
 * is there afterwards, indexes included, or nothing.
 */
#ifndef HENG_STORE_COMMIT_H
#define HENG_STORE_COMMIT_H

#include "heng/arena.h"
#include "heng/error.h"
#include "heng/store.h"
#include "model/names.h"
#include "store/db.h"
#include "store/import_check.h"

/**
 * Stores `items` in their order: of two with the same id the later one counts. What is
 * there already in equal form is left alone; where nothing changes there is no commit.
 * The map is grown as needed.
 *
 * @param items   sorted anew; their bytes get the commit's number.
 * @param names   the numbering that the items use: what of it the store lacks is added.
 * @param now     becomes the commit's time, unless the last commit's is later.
 * @param arena   for the work in between; reset by the caller.
 * @param counts  added to on success.
 */
heng_status heng_commit_apply(heng_store *store, heng_item *items, size_t count,
                              const heng_names *names, heng_time_ms now,
                              heng_arena *arena, heng_import_counts *counts,
                              heng_error *reterr) HENG_NODISCARD;

#endif
