/* SPDX-License-Identifier: Apache-2.0 */
/* near.h: which known name was probably meant by an unknown one. */
#ifndef HENG_BASE_NEAR_H
#define HENG_BASE_NEAR_H

#include <stdbool.h>
#include <stddef.h>

#include "heng/str.h"

/**
 * Edits (insert, delete, replace, swap two neighbours) from `a` to `b`, in code points;
 * `most` + 1 where that is more than `most`, or where one is over
 * HENG_LIMIT_NEAR_CODES long or not UTF-8.
 */
size_t heng_near_distance(heng_str a, heng_str b, size_t most);

/**
 * The nearest of `names` to `word`, the first of equals. At most one edit for each
 * three code points of the word, at least one; never as many as the word is long. False
 * where none is so near.
 */
bool heng_near_find(heng_str word, const heng_str *names, size_t count,
                    size_t *ret_index);

#endif
