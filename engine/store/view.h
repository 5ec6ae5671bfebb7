/* SPDX-License-Identifier: Apache-2.0 */
/*
 * view.h: what a view is, for the files that read through it: view.c opens it and goes
 * back in time, gather.c builds snapshots, scan.c goes through all of them.
 */
#ifndef HENG_STORE_VIEW_H
#define HENG_STORE_VIEW_H

#include <lmdb.h>
#include <stdbool.h>
#include <stdint.h>

#include "heng/store.h"
#include "model/names.h"
#include "model/snapshot.h"
#include "store/db.h"

struct heng_view {
    heng_store *store;
    MDB_txn *txn;
    uint64_t newest; /* commit of the transaction's state */
    uint64_t commit; /* shown: newest, or an earlier one */
    heng_time_ms time;
    const heng_names *names;
    MDB_cursor *cursors[HENG_TABLE_COUNT]; /* opened when first needed */
};

static inline bool heng_view_is_past(const heng_view *view) {
    return view->commit != view->newest;
}

/** One value; `ret_value` empty and false in `ret_found` where there is none. */
heng_status heng_view_get(heng_view *view, heng_table table, heng_str key,
                          MDB_val *ret_value, bool *ret_found,
                          heng_error *reterr) HENG_NODISCARD;

/** The view's cursor over a table; NULL where the store lacks it
 * (heng_table_may_lack). */
heng_status heng_view_cursor(heng_view *view, heng_table table, MDB_cursor **ret_cursor,
                             heng_error *reterr) HENG_NODISCARD;

/**
 * The subject's version as known at the view's commit; NULL where there was none.
 * `current` is the newest version where the caller has it, else NULL: it is looked up.
 */
heng_status heng_view_subject_version(heng_view *view, heng_str id,
                                      const uint8_t *current, const uint8_t **ret_bytes,
                                      heng_error *reterr) HENG_NODISCARD;

/** The version of one record of `owner` as known at the view's commit, `current` being
 * the newest (or NULL: none); NULL where there was none. */
heng_status heng_view_record_version(heng_view *view, heng_str owner, heng_str record,
                                     const uint8_t *current, const uint8_t **ret_bytes,
                                     heng_error *reterr) HENG_NODISCARD;

/** Checked flat objects of single-object tables. */
heng_status heng_view_get_subject(heng_view *view, heng_str id,
                                  const uint8_t **ret_bytes,
                                  heng_error *reterr) HENG_NODISCARD;

#endif
