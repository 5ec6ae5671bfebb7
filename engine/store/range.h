/* SPDX-License-Identifier: Apache-2.0 */
/* range.h: the rows of a table whose keys lie in a range, in order. */
#ifndef HENG_STORE_RANGE_H
#define HENG_STORE_RANGE_H

#include <stdbool.h>

#include "heng/error.h"
#include "heng/str.h"
#include "store/leaves.h"
#include "store/view.h"

/** Read `at_end` and `row`. Zeroed, it is at its end, and stays there. A key lies in
 * one place of the map as long as the view lives, so where the range ends is known by
 * its address. */
typedef struct heng_range {
    bool is_open;   /* else the table was not asked for */
    bool is_within; /* stands on a row */
    heng_leaves leaves;
    heng_leaves_row row;
    const char *end; /* where the first key behind the range lies; NULL: none */
} heng_range;

/** Opens a table. Nothing is to be closed. */
heng_status heng_range_open(heng_range *range, heng_view *view, heng_table table,
                            heng_error *reterr) HENG_NODISCARD;

/** Goes to the first row behind `after`, for a range that ends with `last`; empty ones:
 * from the first, to the last. Nothing where the table was not opened. */
heng_status heng_range_seek(heng_range *range, heng_str after, heng_str last,
                            heng_error *reterr) HENG_NODISCARD;

/** Goes to the next row. */
static inline heng_status heng_range_next(heng_range *range, heng_error *reterr) {
    heng_status status = HENG_OK;
    range->is_within = heng_leaves_next(&range->leaves, &range->row, &status, reterr) &&
                       range->row.key.ptr != range->end;
    return status;
}

#endif
