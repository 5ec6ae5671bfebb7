/* SPDX-License-Identifier: Apache-2.0 */
/*
 * baseline.c: what the last completed batch left, read in a view.
 *
 * Lists are checked when they are gathered, not while they are merged: damage is found
 * before the caller has been given half of an answer.
 */
#include "store/baseline.h"

#include <stdio.h>
#include <string.h>

#include "base/limits.h"
#include "store/baseline_row.h"
#include "store/file_set.h"
#include "store/id_list.h"
#include "store/view.h"

static const heng_pos NOWHERE = {0, 0};

heng_status heng_baseline_get(heng_view *view, heng_baseline *ret_last,
                              heng_error *reterr) {
    bool found = false;
    return heng_baseline_row_last(view->store, view->txn, ret_last, &found, reterr);
}

heng_status heng_baseline_get_running(heng_view *view,
                                      heng_baseline_running *ret_running,
                                      heng_error *reterr) {
    heng_baseline_row row;
    bool found = false;
    heng_status status =
        heng_baseline_row_running(view->store, view->txn, &row, &found, reterr);
    if (status != HENG_OK)
        return status;
    if (!found || (row.flags & HENG_BASELINE_ROW_CHECKPOINT) == 0)
        return heng_error_set(
            reterr, HENG_ERR_NOT_FOUND, view->store->path, NOWHERE,
            "there is no interrupted batch to go on with; begin a new "
            "one");
    *ret_running = (heng_baseline_running){
        .next = row.next,
        .full = (row.flags & HENG_BASELINE_ROW_FULL) != 0,
        .blob = row.blob,
    };
    return HENG_OK;
}

heng_status heng_baseline_ruleset(heng_view *view, heng_str digest, heng_arena *arena,
                                  heng_str *ret_blob, heng_error *reterr) {
    MDB_val value;
    bool found = false;
    heng_status status =
        heng_view_get(view, HENG_TABLE_RULESET, digest, &value, &found, reterr);
    if (status != HENG_OK)
        return status;
    if (!found)
        return heng_error_set(reterr, HENG_ERR_NOT_FOUND, view->store->path, NOWHERE,
                              "the store keeps no ruleset `%.*s`",
                              HENG_STR_ARG(digest));
    const char *fault = heng_baseline_row_fault(
        HENG_TABLE_RULESET, heng_table_value(digest.ptr, digest.len), value);
    if (fault != NULL)
        return heng_db_damaged(HENG_TABLE_RULESET, digest, fault, reterr);
    heng_str copy = heng_arena_dup_str(arena, heng_table_str(value));
    if (copy.ptr == NULL)
        return heng_error_nomem(reterr);
    *ret_blob = copy;
    return HENG_OK;
}

/* ---- what changed ---- */

static heng_status journal_damaged(uint64_t commit, const char *what,
                                   heng_error *reterr) {
    char key[32];
    (void)snprintf(key, sizeof key, "commit %ju", (uintmax_t)commit);
    return heng_db_damaged(HENG_TABLE_JOURNAL, heng_str_of(key), what, reterr);
}

/* The lists of all commits after `after`; none may be missing. */
static heng_status gather_changed(heng_view *view, uint64_t after, heng_id_merge *merge,
                                  heng_error *reterr) {
    MDB_cursor *cursor = NULL;
    uint8_t first[8];
    MDB_val key = {sizeof first, first};
    MDB_val value;
    heng_status status = heng_view_cursor(view, HENG_TABLE_JOURNAL, &cursor, reterr);
    if (status != HENG_OK)
        return status;
    heng_table_put_be64(first, after + 1);
    int code = MDB_NOTFOUND;
    for (uint64_t commit = after + 1; commit <= view->commit; commit++) {
        if (cursor != NULL) {
            code = mdb_cursor_get(cursor, &key, &value,
                                  commit == after + 1 ? MDB_SET_RANGE : MDB_NEXT);
        }
        if (code != MDB_SUCCESS && code != MDB_NOTFOUND)
            return heng_db_fail(view->store, code, "cannot read the store", reterr);
        if (code == MDB_NOTFOUND || key.mv_size != 8 ||
            heng_table_be64(key.mv_data) != commit)
            return journal_damaged(commit, "it is missing", reterr);
        const char *fault = heng_baseline_row_fault(HENG_TABLE_JOURNAL, key, value);
        if (fault != NULL)
            return journal_damaged(commit, fault, reterr);
        status = heng_id_merge_add(merge, value.mv_data, value.mv_size,
                                   "commits since the last batch", reterr);
        if (status != HENG_OK)
            return status;
    }
    return HENG_OK;
}

heng_status heng_baseline_each_changed(heng_view *view, uint64_t after,
                                       bool (*each)(void *context, heng_str id,
                                                    unsigned flags),
                                       void *context, heng_error *reterr) {
    uint64_t since = 0;
    bool found = false;
    heng_id_merge merge;
    heng_str id;
    unsigned flags = 0;
    heng_status status =
        heng_baseline_row_since(view->store, view->txn, &since, &found, reterr);
    if (status != HENG_OK)
        return status;
    if (!found || after < since)
        return heng_error_set(reterr, HENG_ERR_NOT_FOUND, view->store->path, NOWHERE,
                              "the store does not say what changed since commit %ju; "
                              "look at all subjects once",
                              (uintmax_t)after);
    heng_id_merge_init(&merge, HENG_ID_LIST_FLAGGED, HENG_LIMIT_BASELINE_ROWS);
    status = gather_changed(view, after, &merge, reterr);
    while (status == HENG_OK && heng_id_merge_next(&merge, &id, &flags) &&
           each(context, id, flags)) {
    }
    heng_id_merge_done(&merge);
    return status;
}

/* ---- what is due ---- */

static heng_status gather_due(heng_view *view, heng_date day, uint64_t last,
                              heng_id_merge *merge, heng_error *reterr) {
    MDB_cursor *cursor = NULL;
    MDB_val key;
    MDB_val value;
    heng_status status = heng_view_cursor(view, HENG_TABLE_DUE, &cursor, reterr);
    if (status != HENG_OK || cursor == NULL)
        return status;
    int code = mdb_cursor_get(cursor, &key, &value, MDB_FIRST);
    for (; code == MDB_SUCCESS; code = mdb_cursor_get(cursor, &key, &value, MDB_NEXT)) {
        heng_baseline_due_key parts;
        char shown[HENG_DATE_TEXT_BYTES] = "key";
        const char *fault = heng_baseline_row_read_due_key(key, &parts)
                                ? NULL
                                : "a key of another form";
        if (fault == NULL && parts.day > day)
            return HENG_OK;
        if (fault == NULL && parts.number > last)
            continue; /* of a batch that was not completed */
        if (fault == NULL) {
            heng_date_format(parts.day, shown);
            fault = heng_baseline_row_fault(HENG_TABLE_DUE, key, value);
        }
        if (fault != NULL)
            return heng_db_damaged(HENG_TABLE_DUE, heng_str_of(shown), fault, reterr);
        status = heng_id_merge_add(merge, value.mv_data, value.mv_size,
                                   "rows of days that are due", reterr);
        if (status != HENG_OK)
            return status;
    }
    return code == MDB_NOTFOUND
               ? HENG_OK
               : heng_db_fail(view->store, code, "cannot read the store", reterr);
}

heng_status heng_baseline_each_due(heng_view *view, heng_date day,
                                   bool (*each)(void *context, heng_str id),
                                   void *context, heng_error *reterr) {
    heng_baseline last;
    heng_id_merge merge;
    heng_str id;
    unsigned flags = 0;
    heng_status status = heng_baseline_get(view, &last, reterr);
    if (status != HENG_OK)
        return status;
    heng_id_merge_init(&merge, HENG_ID_LIST_PLAIN, HENG_LIMIT_BASELINE_ROWS);
    status = gather_due(view, day, last.number, &merge, reterr);
    while (status == HENG_OK && heng_id_merge_next(&merge, &id, &flags) &&
           each(context, id)) {
    }
    heng_id_merge_done(&merge);
    return status;
}
