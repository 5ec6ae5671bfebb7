/* SPDX-License-Identifier: Apache-2.0 */
/* import_merge.h: the last part of an import whose lines came in no order: what was
 * sorted, into the store. */
#ifndef HENG_STORE_IMPORT_MERGE_H
#define HENG_STORE_IMPORT_MERGE_H

#include "heng/arena.h"
#include "heng/error.h"
#include "heng/store.h"
#include "model/names.h"
#include "store/line_sort.h"

/* What one transaction takes of sorted lines. Less than a batch of text: objects are
 * smaller than their lines, and the same memory must do, of which the pages that ties
 * and mentions touch take most. */
#define HENG_IMPORT_MERGE_BYTES ((size_t)19 << 18)

/** What it works with; all borrowed. */
typedef struct heng_import_merge {
    heng_store *store;
    const heng_import_options *options;
    const heng_names *names;
    heng_line_sort *sort;
    heng_arena *work;
    heng_arena *arenas[2];      /* for two batches */
    heng_import_counts *counts; /* added to after each commit */
} heng_import_merge;

/**
 * Stores all that `sort` holds, in commits of about the size of a batch. Progress is
 * told after each.
 *
 * @return HENG_OK; HENG_ERR_STOPPED, HENG_ERR_FULL, HENG_ERR_IO, HENG_ERR_NOMEM: what
 *         was committed stays.
 */
heng_status heng_import_merge_run(const heng_import_merge *merge,
                                  heng_error *reterr) HENG_NODISCARD;

#endif
