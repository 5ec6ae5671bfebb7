/* SPDX-License-Identifier: Apache-2.0 */
/*
 * named.h: the table of mentions gone through in the order of the parties: the rows
 * that are wanted. Some are found ahead, so that what else is read of those they name
 * can be fetched meanwhile.
 */
#ifndef HENG_STORE_NAMED_H
#define HENG_STORE_NAMED_H

#include <stdbool.h>

#include "store/gather.h"
#include "store/range.h"
#include "store/scan.h"

/* A row that is wanted. */
typedef struct heng_named_row {
    heng_leaves_row row;
    heng_str party;
} heng_named_row;

typedef struct heng_named {
    heng_view *view;
    heng_range range;           /* of the table, where it was not looked at yet */
    heng_categories categories; /* of those wanted */
    heng_scan_glances *glances;
    heng_scan_cares *cares;
    void *context;
    size_t at, count;
    heng_named_row found[HENG_LEAVES_EXPECTED];
} heng_named;

/** As heng_scan_mentions(). A zeroed one that is not opened has no rows. */
heng_status heng_named_open(heng_named *named, heng_view *view,
                            const heng_categories *categories,
                            heng_scan_glances *glances, heng_scan_cares *cares,
                            void *context, heng_error *reterr) HENG_NODISCARD;

/** Goes to the first wanted row whose party lies in a range (range.h). */
heng_status heng_named_seek(heng_named *named, heng_str after, heng_str last,
                            heng_error *reterr) HENG_NODISCARD;

/** Whether there is a row; its party then. */
static inline bool heng_named_is_within(const heng_named *named) {
    return named->at < named->count;
}
static inline heng_str heng_named_party(const heng_named *named) {
    return named->found[named->at].party;
}

/** Whether the row names `id`. */
static inline bool heng_named_is(const heng_named *named, heng_str id) {
    return heng_named_is_within(named) && heng_str_equal(heng_named_party(named), id);
}

/** Whom the rows found ahead name, each once. @param ids  room for
 * HENG_LEAVES_EXPECTED. */
size_t heng_named_ahead(const heng_named *named, heng_str *ids);

/** Goes to the next row; *ret_more where more were found ahead for it. */
heng_status heng_named_next(heng_named *named, bool *ret_more,
                            heng_error *reterr) HENG_NODISCARD;

#endif
