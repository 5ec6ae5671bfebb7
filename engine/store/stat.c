/* SPDX-License-Identifier: Apache-2.0 */
/* stat.c: how much a store holds, from LMDB's own counts: nothing is read through. */
#include <string.h>
#include <sys/stat.h>

#include "heng/store.h"
#include "store/db.h"
#include "store/view.h"

static heng_status count_rows(heng_view *view, uint64_t rows[HENG_TABLE_COUNT],
                              uint64_t *ret_bytes, heng_error *reterr) {
    uint64_t bytes = 0;
    for (int i = 0; i < HENG_TABLE_COUNT; i++) {
        MDB_stat stat;
        if (view->store->tables[i] == HENG_DB_NO_TABLE)
            continue;
        int code = mdb_stat(view->txn, view->store->tables[i], &stat);
        if (code != MDB_SUCCESS)
            return heng_db_fail(view->store, code, "cannot count", reterr);
        rows[i] = stat.ms_entries;
        bytes += (stat.ms_branch_pages + stat.ms_leaf_pages + stat.ms_overflow_pages) *
                 (uint64_t)stat.ms_psize;
    }
    *ret_bytes = bytes;
    return HENG_OK;
}

static heng_status first_commit(heng_view *view, heng_time_ms *ret_time,
                                heng_error *reterr) {
    MDB_cursor *cursor = NULL;
    MDB_val key;
    MDB_val value;
    heng_status status = heng_view_cursor(view, HENG_TABLE_COMMIT, &cursor, reterr);
    if (status != HENG_OK)
        return status;
    int code = mdb_cursor_get(cursor, &key, &value, MDB_FIRST);
    if (code == MDB_NOTFOUND)
        return HENG_OK;
    if (code != MDB_SUCCESS)
        return heng_db_fail(view->store, code, "cannot count", reterr);
    if (value.mv_size != HENG_COMMIT_BYTES)
        return heng_db_damaged(HENG_TABLE_COMMIT, HENG_STR("number"),
                               "a commit has another size", reterr);
    memcpy(ret_time, value.mv_data, sizeof *ret_time);
    return HENG_OK;
}

heng_status heng_store_stat_get(heng_store *store, heng_store_stat *ret_stat,
                                heng_error *reterr) {
    uint64_t rows[HENG_TABLE_COUNT] = {0};
    heng_store_stat result = {.format = HENG_STORE_FORMAT};
    MDB_envinfo info = {0};
    struct stat file;
    int fd = -1;
    heng_view *view = NULL;
    heng_status status = heng_view_open(store, &view, reterr);
    if (status == HENG_OK) {
        status = count_rows(view, rows, &result.used_bytes, reterr);
    }
    if (status == HENG_OK) {
        status = first_commit(view, &result.first_commit, reterr);
    }
    if (status == HENG_OK) {
        int code = mdb_env_info(store->env, &info);
        if (code == MDB_SUCCESS) {
            code = mdb_env_get_fd(store->env, &fd);
        }
        if (code != MDB_SUCCESS || fstat(fd, &file) != 0) {
            status = heng_db_fail(store, code != MDB_SUCCESS ? code : MDB_INVALID,
                                  "cannot count", reterr);
        }
    }
    if (status == HENG_OK) {
        result.subjects = rows[HENG_TABLE_SUBJECT];
        result.records = rows[HENG_TABLE_RECORD_OWNER];
        result.subjects_with_records = rows[HENG_TABLE_DOSSIER];
        result.ties = rows[HENG_TABLE_TIE];
        result.mentions = rows[HENG_TABLE_MENTION];
        result.versions = rows[HENG_TABLE_PAST_SUBJECT] + rows[HENG_TABLE_PAST_RECORD];
        result.commits = heng_view_commit(view);
        result.last_commit = heng_view_commit_time(view);
        result.file_bytes = (uint64_t)file.st_size;
        result.map_bytes = info.me_mapsize;
        *ret_stat = result;
    }
    heng_view_close(view);
    return status;
}
