/* SPDX-License-Identifier: Apache-2.0 */
/* outline_check.c: the outline made anew from the dossier, beside the stored one. */
#include "store/outline_check.h"

#include <string.h>

#include "base/alloc.h"
#include "store/outline.h"
#include "store/view.h"

static bool is_outline_of(const heng_dossier *dossier,
                          const heng_snapshot_record *records, heng_str id,
                          MDB_val outline, uint8_t *bytes) {
    size_t size =
        heng_outline_write(id, dossier->subject, records, dossier->count, bytes);
    return size == outline.mv_size && memcmp(bytes, outline.mv_data, size) == 0;
}

heng_status heng_outline_check(heng_view *view, heng_str id, MDB_val outline,
                               const char **ret_problem, heng_error *reterr) {
    MDB_val value;
    heng_dossier dossier;
    bool found = false;
    *ret_problem = NULL;
    heng_status status =
        heng_view_get(view, HENG_TABLE_DOSSIER, id, &value, &found, reterr);
    if (status != HENG_OK)
        return status;
    if (!found) {
        *ret_problem = "there is no dossier that it is the outline of";
        return HENG_OK;
    }
    if (!heng_dossier_open(value.mv_data, value.mv_size, true, &dossier))
        return HENG_OK;
    heng_snapshot_record *records =
        heng_alloc_zero((size_t)dossier.count + 1, sizeof *records);
    uint8_t *bytes = heng_alloc_zero(HENG_OUTLINE_CHECKSUM_BYTES + value.mv_size, 1);
    if (records == NULL || bytes == NULL)
        status = heng_error_nomem(reterr);
    else if (heng_dossier_records(&dossier, id, true, records) &&
             !is_outline_of(&dossier, records, id, outline, bytes))
        *ret_problem = "the outline is not that of the dossier";
    heng_alloc_free(records);
    heng_alloc_free(bytes);
    return status;
}
