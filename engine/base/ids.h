/* SPDX-License-Identifier: Apache-2.0 */
/* ids.h: lists of ids in byte order. */
#ifndef HENG_BASE_IDS_H
#define HENG_BASE_IDS_H

#include <stddef.h>

#include "heng/str.h"

/** Order of two `heng_str`, for qsort() and bsearch(). */
int heng_ids_compare(const void *a, const void *b);

/** Sorts in place and keeps each once; how many are left. */
size_t heng_ids_sort_once(heng_str *ids, size_t count);

#endif
