/* SPDX-License-Identifier: Apache-2.0 */
/* scan_cuts.c: where a table is cut into pieces that several threads can go through. */
#include <string.h>

#include "base/limits.h"
#include "store/scan_parts.h"

typedef struct cuts {
    heng_arena *arena;
    heng_str *ids;
    size_t count, room;
} cuts;

static bool add_cut(void *context, heng_str key) {
    cuts *to = context;
    if (key.len == 0 || key.len > HENG_LIMIT_SUBJECT_ID_BYTES)
        return true;
    if (to->count == to->room) {
        size_t room = to->room == 0 ? 64 : to->room * 2;
        heng_str *grown = heng_arena_alloc(to->arena, room * sizeof *grown);
        if (grown == NULL)
            return false;
        if (to->count > 0) {
            memcpy(grown, to->ids, to->count * sizeof *grown);
        }
        to->ids = grown;
        to->room = room;
    }
    to->ids[to->count] = heng_arena_dup_str(to->arena, key);
    return to->ids[to->count++].ptr != NULL;
}

heng_status heng_scan_cuts(heng_view *view, unsigned what, heng_arena *arena,
                           heng_str **ret_ids, size_t *ret_count, heng_error *reterr) {
    cuts to = {.arena = arena};
    heng_table table = (what & HENG_SCAN_ALL) != 0 ? heng_scan_line_table(what)
                                                   : heng_scan_dossier_table(what);
    heng_leaves leaves;
    heng_status status =
        heng_leaves_open(view->store, view->txn, table, &leaves, reterr);
    if (status == HENG_OK)
        status = heng_leaves_cuts(&leaves, add_cut, &to, reterr);
    *ret_ids = to.ids;
    *ret_count = to.count;
    return status;
}
