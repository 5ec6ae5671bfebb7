/* SPDX-License-Identifier: Apache-2.0 */
#include "base/ids.h"

#include <stdlib.h>

int heng_ids_compare(const void *a, const void *b) {
    return heng_str_compare(*(const heng_str *)a, *(const heng_str *)b);
}

size_t heng_ids_sort_once(heng_str *ids, size_t count) {
    size_t kept = 0;
    if (count > 1)
        qsort(ids, count, sizeof *ids, heng_ids_compare);
    for (size_t i = 0; i < count; i++) {
        if (kept == 0 || !heng_str_equal(ids[kept - 1], ids[i]))
            ids[kept++] = ids[i];
    }
    return kept;
}
