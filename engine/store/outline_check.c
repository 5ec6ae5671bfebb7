/* SPDX-License-Identifier: Apache-2.0 */
/* outline_check.c: outline and gist made anew, beside those that are stored. */
#include "store/outline_check.h"

#include <string.h>

#include "base/alloc.h"
#include "model/gist.h"
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
    uint8_t *bytes = heng_alloc_zero(HENG_OUTLINE_HEAD_BYTES + value.mv_size, 1);
    if (records == NULL || bytes == NULL)
        status = heng_error_nomem(reterr);
    else if (heng_dossier_records(&dossier, id, true, records) &&
             !is_outline_of(&dossier, records, id, outline, bytes))
        *ret_problem = "the outline is not that of the dossier";
    heng_alloc_free(records);
    heng_alloc_free(bytes);
    return status;
}

heng_status heng_gist_check(heng_view *view, heng_str id, MDB_val gist,
                            const char **ret_problem, heng_error *reterr) {
    MDB_val line;
    bool found = false;
    *ret_problem = NULL;
    heng_status status =
        heng_view_get(view, HENG_TABLE_SUBJECT, id, &line, &found, reterr);
    if (status != HENG_OK)
        return status;
    if (!found) {
        *ret_problem = "there is no subject that it is the gist of";
        return HENG_OK;
    }
    if (!heng_flat_check_subject(line.mv_data, line.mv_size))
        return HENG_OK;
    uint8_t *bytes = heng_alloc_zero(line.mv_size, 1);
    if (bytes == NULL)
        return heng_error_nomem(reterr);
    size_t size = heng_gist_write(line.mv_data, bytes);
    if (size != gist.mv_size || memcmp(bytes, gist.mv_data, size) != 0)
        *ret_problem = "the gist is not that of the subject";
    heng_alloc_free(bytes);
    return HENG_OK;
}
