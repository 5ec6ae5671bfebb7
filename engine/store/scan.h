/* SPDX-License-Identifier: Apache-2.0 */
/*
 * scan.h: all subjects in the order of their ids, as snapshots, for batch: one pass
 * over the dossiers, and beside it over what else is asked for. Nothing is copied.
 *
 * Subjects without records are not touched unless HENG_SCAN_ALL asks for them. Of those
 * that others are tied to, or that records of others name, each is handed out:
 * - what | HENG_VIEW_MENTIONS: subjects named in records of others, too;
 * - what | HENG_VIEW_TIES or HENG_VIEW_TIE_RECORDS: ties are read for each subject that
 *   is handed out (random reads); to meet every subject that has ties, ask for all.
 */
#ifndef HENG_STORE_SCAN_H
#define HENG_STORE_SCAN_H

#include "heng/error.h"
#include "heng/store.h"
#include "heng/str.h"
#include "model/snapshot.h"

typedef struct heng_scan heng_scan;

/** Beside HENG_VIEW_*: also subjects without records. */
enum { HENG_SCAN_ALL = 16 };

/**
 * @param what   HENG_VIEW_* and HENG_SCAN_ALL.
 * @param after  begins with the first id after this one; empty: with the first.
 * @param last   ends with the last id not after this one; empty: with the last.
 *               Ranges let several threads share the work, each with its own view.
 *               Both are copied.
 */
heng_status heng_scan_open(heng_view *view, unsigned what, heng_str after,
                           heng_str last, heng_scan **ret_scan,
                           heng_error *reterr) HENG_NODISCARD;

/** NULL is a no-op. Close it before its view. */
void heng_scan_close(heng_scan *scan);

/**
 * The next subject. `subject` is NULL where there is no subject line.
 *
 * @param ret_snapshot  NULL at the end; else valid until the next call.
 * @return HENG_OK, at the end too; HENG_ERR_STORE; HENG_ERR_LIMIT; HENG_ERR_NOMEM.
 */
heng_status heng_scan_next(heng_scan *scan, const heng_snapshot **ret_snapshot,
                           heng_error *reterr) HENG_NODISCARD;

#endif
