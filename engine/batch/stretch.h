/* SPDX-License-Identifier: Apache-2.0 */
/*
 * stretch.h: the range of ids of a batch, cut into stretches that threads take one
 * after the other.
 */
#ifndef HENG_BATCH_STRETCH_H
#define HENG_BATCH_STRETCH_H

#include <stddef.h>

#include "heng/arena.h"
#include "heng/error.h"
#include "heng/store.h"
#include "heng/str.h"

/** Ids after `after`, up to and with `last`; empty: from the first, to the last. */
typedef struct heng_stretch {
    heng_str after, last;
} heng_stretch;

typedef struct heng_stretches {
    const heng_str *cuts; /* ascending; in the arena */
    size_t cut_count;
    heng_str after, last; /* of the whole */
    size_t first;         /* the first cut within */
    size_t count;
} heng_stretches;

/** @param what  as of heng_scan_cuts(). */
heng_status heng_stretches_make(heng_view *view, unsigned what, heng_arena *arena,
                                heng_stretches *ret_stretches,
                                heng_error *reterr) HENG_NODISCARD;

/** Narrows to ids after `after`, up to and with `last`. Borrowed. */
void heng_stretches_narrow(heng_stretches *stretches, heng_str after, heng_str last);

/** @param index  below `count`. */
heng_stretch heng_stretches_get(const heng_stretches *stretches, size_t index);

#endif
