/* SPDX-License-Identifier: Apache-2.0 */
/* stretch.c: cuts to stretches. */
#include "batch/stretch.h"

#include "batch/id_set.h"
#include "store/scan.h"

heng_status heng_stretches_make(heng_view *view, unsigned what, heng_arena *arena,
                                heng_stretches *ret_stretches, heng_error *reterr) {
    heng_str *cuts = NULL;
    size_t count = 0;
    heng_status status = heng_scan_cuts(view, what, arena, &cuts, &count, reterr);
    *ret_stretches = (heng_stretches){.cuts = cuts, .cut_count = count};
    heng_stretches_narrow(ret_stretches, (heng_str){0}, (heng_str){0});
    return status;
}

void heng_stretches_narrow(heng_stretches *stretches, heng_str after, heng_str last) {
    size_t end = stretches->cut_count;
    stretches->after = after;
    stretches->last = last;
    stretches->first = heng_id_set_after(stretches->cuts, end, after);
    while (last.len > 0 && end > stretches->first &&
           heng_str_compare(stretches->cuts[end - 1], last) >= 0)
        end--; /* the last stretch ends with `last` itself */
    stretches->count = end - stretches->first + 1;
}

heng_stretch heng_stretches_get(const heng_stretches *stretches, size_t index) {
    const heng_str *cuts = stretches->cuts; /* NULL where there are none */
    size_t at = stretches->first + index;
    return (heng_stretch){
        .after = index == 0 ? stretches->after : cuts[at - 1],
        .last = index + 1 == stretches->count ? stretches->last : cuts[at],
    };
}
