/* SPDX-License-Identifier: Apache-2.0 */
/* order.h: an order in which whatever displaces comes before what it displaces. */
#ifndef HENG_RULESET_ORDER_H
#define HENG_RULESET_ORDER_H

#include <stddef.h>
#include <stdint.h>

#include "heng/error.h"

typedef struct heng_order_edge {
    uint32_t from, to; /* `from` comes first */
} heng_order_edge;

/**
 * Orders 0 … count - 1; of those that may come in any order, the smaller ones first as
 * far as a queue goes. The same input gives the same order.
 *
 * @param on_cycle   told of circles, each by its members in order, beginning with the
 *                   smallest: each displaces the next, the last one the first. Circles
 *                   that share a member with one already told are not.
 * @param ret_order  `count` numbers; where there are circles, of no use.
 * @return HENG_OK, circles or not; HENG_ERR_NOMEM.
 */
heng_status heng_order_make(size_t count, const heng_order_edge *edges,
                            size_t edge_count,
                            void (*on_cycle)(void *context, const uint32_t *members,
                                             size_t member_count),
                            void *context, uint32_t *ret_order) HENG_NODISCARD;

#endif
