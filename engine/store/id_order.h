/* SPDX-License-Identifier: Apache-2.0 */
/* id_order.h: sorting many ids quickly. */
#ifndef HENG_STORE_ID_ORDER_H
#define HENG_STORE_ID_ORDER_H

#include <stddef.h>
#include <stdint.h>

#include "heng/arena.h"
#include "heng/str.h"

/**
 * The order of `ids`, bytewise: indexes of the smallest, the next … Equal ids stay in
 * the order in which they came.
 *
 * @param count  fits 32 bits.
 * @return in `arena`, which also takes as much again for the work; NULL out of memory.
 */
uint32_t *heng_id_order_sort(heng_arena *arena, const heng_str *ids, size_t count);

#endif
