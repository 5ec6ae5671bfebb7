/* SPDX-License-Identifier: Apache-2.0 */
/*
 * intake_order.c: a sample of a batch, sorted, without its ends: where those of two
 * batches overlap, the batches write to the same pages.
 *
 * Looking at all ids would cost as much as sorting them. The ends are left out so that
 * one stray line does not make a million others wait.
 */
#include "store/intake_order.h"

#include <stdlib.h>
#include <string.h>

enum { SAMPLE = 64, STRAY_PART = 16 };

static int compare(const void *a, const void *b) {
    const heng_str *x = a;
    const heng_str *y = b;
    return heng_str_compare(*x, *y);
}

/* Subjects of items that lie evenly. Deliveries have none. */
static size_t take_sample(const heng_item *items, size_t count,
                          heng_str sample[SAMPLE]) {
    size_t step = count / SAMPLE + 1;
    size_t found = 0;
    for (size_t i = 0; i < count; i += step) {
        if (items[i].kind != HENG_ITEM_DELIVERY) {
            sample[found++] = items[i].subject;
        }
    }
    return found;
}

/* Neither up nor down, but for a few. */
static bool is_mixed(const heng_str *sample, size_t count) {
    size_t up = 0;
    size_t down = 0;
    for (size_t i = 1; i < count; i++) {
        int order = heng_str_compare(sample[i - 1], sample[i]);
        up += order < 0 ? 1 : 0;
        down += order > 0 ? 1 : 0;
    }
    return up > count / 8 && down > count / 8;
}

bool heng_intake_order_holds(heng_intake_order *order, const heng_item *items,
                             size_t count) {
    heng_str sample[SAMPLE];
    size_t found = take_sample(items, count, sample);
    if (found == 0)
        return true;
    bool mixed = !order->any && is_mixed(sample, found);
    qsort(sample, found, sizeof sample[0], compare);
    size_t stray = found / STRAY_PART;
    heng_str low = sample[stray];
    heng_str high = sample[found - 1 - stray];
    bool apart = !order->any ||
                 heng_str_compare(low, (heng_str){order->high, order->high_len}) >= 0 ||
                 heng_str_compare(high, (heng_str){order->low, order->low_len}) <= 0;
    order->any = true;
    order->low_len = low.len;
    order->high_len = high.len;
    memcpy(order->low, low.ptr, low.len);
    memcpy(order->high, high.ptr, high.len);
    return apart && !mixed;
}
