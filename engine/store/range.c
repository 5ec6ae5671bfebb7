/* SPDX-License-Identifier: Apache-2.0 */
#include "store/range.h"

heng_status heng_range_open(heng_range *range, heng_view *view, heng_table table,
                            heng_error *reterr) {
    range->is_open = true;
    return heng_leaves_open(view->store, view->txn, table, &range->leaves, reterr);
}

heng_status heng_range_seek(heng_range *range, heng_str after, heng_str last,
                            heng_error *reterr) {
    heng_status status = HENG_OK;
    range->end = NULL;
    range->is_within = false;
    /* Nothing lies in an empty one, and `last` would never be met. */
    if (!range->is_open || (last.len > 0 && heng_str_compare(after, last) >= 0))
        return HENG_OK;
    if (last.len > 0) {
        status = heng_leaves_seek(&range->leaves, last, reterr);
        if (status == HENG_OK)
            status = heng_range_next(range, reterr);
        if (status == HENG_OK && range->is_within)
            range->end = range->row.key.ptr;
    }
    if (status == HENG_OK)
        status = heng_leaves_seek(&range->leaves, after, reterr);
    return status == HENG_OK ? heng_range_next(range, reterr) : status;
}
