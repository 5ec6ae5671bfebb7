/* SPDX-License-Identifier: Apache-2.0 */
/*
 * intake_order.h: whether the batches of an import go through the subjects one part
 * after the other (up, down, or again from the start), or each jumps about among all of
 * them.
 */
#ifndef HENG_STORE_INTAKE_ORDER_H
#define HENG_STORE_INTAKE_ORDER_H

#include <stdbool.h>
#include <stddef.h>

#include "base/limits.h"
#include "store/import_check.h"

typedef struct heng_intake_order {
    bool any;                 /* there was a batch before */
    size_t low_len, high_len; /* its subjects, a few stray ones left out */
    char low[HENG_LIMIT_SUBJECT_ID_BYTES];
    char high[HENG_LIMIT_SUBJECT_ID_BYTES];
} heng_intake_order;

/**
 * Whether these items follow in order: most of their subjects are not among those of
 * the batch before; and of the first batch, whether they are in order themselves. A
 * guess from a sample: either answer leads to the same store, at another speed.
 */
bool heng_intake_order_holds(heng_intake_order *order, const heng_item *items,
                             size_t count);

#endif
