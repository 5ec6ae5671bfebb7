/* SPDX-License-Identifier: Apache-2.0 */
/*
 * view.c: a view is one LMDB read transaction, and the commit it shows.
 *
 * INVARIANT: a version with `commit` c is what the store knew from c until the commit
 * that replaced it. So the newest version counts at k where its commit <= k; else the
 * one among the past ones that holds k.
 */
#include "store/view.h"

#include <string.h>

#include "base/alloc.h"
#include "base/digest.h"
#include "base/limits.h"
#include "model/flat.h"
#include "model/identity.h"
#include "store/naming.h"

static const heng_pos NOWHERE = {0, 0};

heng_status heng_view_open(heng_store *store, heng_view **ret_view,
                           heng_error *reterr) {
    heng_last_commit last;
    heng_view *view = heng_alloc_zero(1, sizeof *view);
    if (view == NULL)
        return heng_error_nomem(reterr);
    view->store = store;
    heng_status status = heng_db_begin(store, false, &view->txn, reterr);
    if (status == HENG_OK) {
        status = heng_db_last_commit(store, view->txn, &last, reterr);
    }
    if (status == HENG_OK) {
        view->newest = last.commit;
        view->commit = last.commit;
        view->time = last.time;
        status = heng_naming_get(store, view->txn, last.names, &view->names, reterr);
    }
    if (status != HENG_OK) {
        heng_view_close(view);
        return status;
    }
    *ret_view = view;
    return HENG_OK;
}

heng_status heng_view_open_group(heng_store *store, size_t count, heng_view **ret_views,
                                 heng_error *reterr) {
    enum { TRIES = 1000 };
    heng_status status = HENG_OK;
    for (int try = 0; try < TRIES; try++) {
        size_t opened = 0;
        bool same = true;
        while (opened < count && same && status == HENG_OK) {
            status = heng_view_open(store, &ret_views[opened], reterr);
            if (status != HENG_OK)
                break;
            same = mdb_txn_id(ret_views[opened]->txn) == mdb_txn_id(ret_views[0]->txn);
            opened++;
        }
        if (status == HENG_OK && same)
            return HENG_OK;
        while (opened > 0) { /* a commit came between them: once more */
            heng_view_close(ret_views[--opened]);
            ret_views[opened] = NULL;
        }
        if (status != HENG_OK)
            return status;
    }
    return heng_error_set(reterr, HENG_ERR_BUSY, store->path, NOWHERE,
                          "the store changes too fast for %zu threads to see the same; "
                          "use fewer threads",
                          count);
}

void heng_view_close(heng_view *view) {
    if (view == NULL)
        return;
    for (int i = 0; i < HENG_TABLE_COUNT; i++) {
        if (view->cursors[i] != NULL) {
            mdb_cursor_close(view->cursors[i]);
        }
    }
    if (view->txn != NULL) {
        heng_db_abort(view->store, view->txn);
    }
    heng_alloc_free(view);
}

heng_status heng_view_subject_count(heng_view *view, uint64_t *ret_count,
                                    heng_error *reterr) {
    MDB_stat stat;
    int code = mdb_stat(view->txn, view->store->tables[HENG_TABLE_SUBJECT], &stat);
    if (code != MDB_SUCCESS)
        return heng_db_fail(view->store, code, "cannot read the store", reterr);
    *ret_count = stat.ms_entries;
    return HENG_OK;
}

uint64_t heng_view_commit(const heng_view *view) {
    return view->commit;
}

heng_time_ms heng_view_commit_time(const heng_view *view) {
    return view->time;
}

const heng_names *heng_view_names(const heng_view *view) {
    return view->names;
}

heng_status heng_view_get(heng_view *view, heng_table table, heng_str key,
                          MDB_val *ret_value, bool *ret_found, heng_error *reterr) {
    int code = key.len == 0 || key.len > HENG_KEY_BYTES
                   ? MDB_NOTFOUND
                   : heng_db_get(view->store, view->txn, table, key, ret_value);
    if (code != MDB_SUCCESS && code != MDB_NOTFOUND)
        return heng_db_fail(view->store, code, "cannot read the store", reterr);
    *ret_found = code == MDB_SUCCESS;
    return HENG_OK;
}

heng_status heng_view_cursor(heng_view *view, heng_table table, MDB_cursor **ret_cursor,
                             heng_error *reterr) {
    if (view->cursors[table] == NULL &&
        view->store->tables[table] != HENG_DB_NO_TABLE) {
        int code = mdb_cursor_open(view->txn, view->store->tables[table],
                                   &view->cursors[table]);
        if (code != MDB_SUCCESS) {
            view->cursors[table] = NULL;
            return heng_db_fail(view->store, code, "cannot read the store", reterr);
        }
    }
    *ret_cursor = view->cursors[table];
    return HENG_OK;
}

/* ---- known-at ---- */

static heng_status commit_time(heng_view *view, uint64_t number, heng_time_ms *ret_time,
                               heng_error *reterr) {
    uint8_t key[8];
    MDB_val value;
    bool found = false;
    heng_table_put_be64(key, number);
    heng_status status = heng_view_get(view, HENG_TABLE_COMMIT,
                                       (heng_str){(const char *)key, sizeof key},
                                       &value, &found, reterr);
    if (status != HENG_OK)
        return status;
    if (!found || value.mv_size != HENG_COMMIT_BYTES)
        return heng_db_damaged(HENG_TABLE_COMMIT, HENG_STR("number"),
                               "a commit is missing or has another size", reterr);
    memcpy(ret_time, value.mv_data, 8);
    return HENG_OK;
}

heng_status heng_view_known_at(heng_view *view, heng_time_ms known_at,
                               heng_error *reterr) {
    /* The last commit not after `known_at`, by halves: times never go back. */
    uint64_t low = 0; /* known to be not after, or none */
    uint64_t high = view->newest;
    heng_time_ms low_time = 0;
    while (low < high) {
        uint64_t middle = high - (high - low) / 2;
        heng_time_ms time = 0;
        heng_status status = commit_time(view, middle, &time, reterr);
        if (status != HENG_OK)
            return status;
        if (time <= known_at) {
            low = middle;
            low_time = time;
        } else {
            high = middle - 1;
        }
    }
    if (low == 0)
        return heng_error_set(reterr, HENG_ERR_NOT_FOUND, view->store->path, NOWHERE,
                              "the store knew nothing yet at that time; choose a later "
                              "one");
    view->commit = low;
    view->time = low_time;
    return HENG_OK;
}

heng_status heng_view_at_commit(heng_view *view, uint64_t commit, heng_error *reterr) {
    heng_time_ms time = 0;
    if (commit > view->newest)
        return heng_error_set(reterr, HENG_ERR_NOT_FOUND, view->store->path, NOWHERE,
                              "the store has no commit %ju; its newest is %ju",
                              (uintmax_t)commit, (uintmax_t)view->newest);
    if (commit > 0) {
        heng_status status = commit_time(view, commit, &time, reterr);
        if (status != HENG_OK)
            return status;
    }
    view->commit = commit;
    view->time = time;
    return HENG_OK;
}

/* The past version under `prefix` that holds the view's commit. */
static heng_status find_past(heng_view *view, heng_table table, heng_key *key,
                             MDB_val *ret_value, bool *ret_found, heng_error *reterr) {
    MDB_cursor *cursor = NULL;
    heng_status status = heng_view_cursor(view, table, &cursor, reterr);
    if (status != HENG_OK)
        return status;
    *ret_found = false;
    size_t prefix = key->len;
    heng_key_add_be64(key, view->commit);
    MDB_val at = heng_key_value(key);
    MDB_val value;
    /* The last with `from` <= commit: one at or before the first that is not less. */
    int code = mdb_cursor_get(cursor, &at, &value, MDB_SET_RANGE);
    bool exact = code == MDB_SUCCESS && at.mv_size == key->len &&
                 memcmp(at.mv_data, key->bytes, key->len) == 0;
    if (!exact && (code == MDB_SUCCESS || code == MDB_NOTFOUND)) {
        code = mdb_cursor_get(cursor, &at, &value,
                              code == MDB_SUCCESS ? MDB_PREV : MDB_LAST);
    }
    if (code == MDB_NOTFOUND)
        return HENG_OK;
    if (code != MDB_SUCCESS)
        return heng_db_fail(view->store, code, "cannot read the store", reterr);
    if (at.mv_size != key->len || memcmp(at.mv_data, key->bytes, prefix) != 0)
        return HENG_OK;
    if (value.mv_size < HENG_PAST_BYTES)
        return heng_db_damaged(table, heng_table_str(at), "too short", reterr);
    if (heng_table_be64(value.mv_data) <= view->commit)
        return HENG_OK;
    *ret_value = (MDB_val){value.mv_size - HENG_PAST_BYTES,
                           (uint8_t *)value.mv_data + HENG_PAST_BYTES};
    *ret_found = true;
    return HENG_OK;
}

heng_status heng_view_get_subject(heng_view *view, heng_str id,
                                  const uint8_t **ret_bytes, heng_error *reterr) {
    MDB_val value;
    bool found = false;
    heng_status status =
        heng_view_get(view, HENG_TABLE_SUBJECT, id, &value, &found, reterr);
    if (status != HENG_OK)
        return status;
    if (found && !heng_flat_check_subject(value.mv_data, value.mv_size))
        return heng_db_damaged(HENG_TABLE_SUBJECT, id, "no well-formed subject",
                               reterr);
    *ret_bytes = found ? value.mv_data : NULL;
    return HENG_OK;
}

heng_status heng_view_subject_version(heng_view *view, heng_str id,
                                      const uint8_t *current, const uint8_t **ret_bytes,
                                      heng_error *reterr) {
    if (current == NULL) {
        heng_status status = heng_view_get_subject(view, id, &current, reterr);
        if (status != HENG_OK)
            return status;
    }
    if (current == NULL ||
        heng_flat_u64(current + HENG_FLAT_SUBJECT_COMMIT) <= view->commit) {
        *ret_bytes = current;
        return HENG_OK;
    }
    heng_key key = {0};
    heng_key_add(&key, id);
    heng_key_add_nul(&key);
    MDB_val value;
    bool found = false;
    heng_status status =
        find_past(view, HENG_TABLE_PAST_SUBJECT, &key, &value, &found, reterr);
    if (status != HENG_OK)
        return status;
    if (found && !heng_flat_check_subject(value.mv_data, value.mv_size))
        return heng_db_damaged(HENG_TABLE_PAST_SUBJECT, id, "no well-formed subject",
                               reterr);
    *ret_bytes = found ? value.mv_data : NULL;
    return HENG_OK;
}

heng_status heng_view_record_version(heng_view *view, heng_str owner, heng_str record,
                                     const uint8_t *current, const uint8_t **ret_bytes,
                                     heng_error *reterr) {
    if (current != NULL &&
        heng_flat_u64(current + HENG_FLAT_RECORD_COMMIT) <= view->commit) {
        *ret_bytes = current;
        return HENG_OK;
    }
    *ret_bytes = NULL;
    if (!heng_view_is_past(view))
        return HENG_OK;
    heng_key key = {0};
    heng_key_add(&key, owner);
    heng_key_add_nul(&key);
    heng_key_add(&key, record);
    heng_key_add_nul(&key);
    MDB_val value;
    bool found = false;
    heng_status status =
        find_past(view, HENG_TABLE_PAST_RECORD, &key, &value, &found, reterr);
    if (status != HENG_OK)
        return status;
    if (found && !heng_flat_check_record(value.mv_data, value.mv_size))
        return heng_db_damaged(HENG_TABLE_PAST_RECORD, owner, "no well-formed record",
                               reterr);
    *ret_bytes = found ? value.mv_data : NULL;
    return HENG_OK;
}

/* ---- single look-ups ---- */

heng_status heng_view_next_subject(heng_view *view, heng_str after, heng_str *ret_id,
                                   heng_error *reterr) {
    MDB_cursor *cursor = NULL;
    heng_status status = heng_view_cursor(view, HENG_TABLE_SUBJECT, &cursor, reterr);
    if (status != HENG_OK)
        return status;
    MDB_val key = heng_table_value(after.ptr, after.len);
    MDB_val value;
    int code;
    if (after.len == 0) {
        code = mdb_cursor_get(cursor, &key, &value, MDB_FIRST);
    } else if (after.len > HENG_KEY_BYTES) {
        return heng_error_set(reterr, HENG_ERR_INVALID, view->store->path, NOWHERE,
                              "an id has at most %zu bytes",
                              HENG_LIMIT_SUBJECT_ID_BYTES);
    } else { /* within one page this costs a comparison or two */
        code = mdb_cursor_get(cursor, &key, &value, MDB_SET_RANGE);
        if (code == MDB_SUCCESS && heng_str_equal(heng_table_str(key), after)) {
            code = mdb_cursor_get(cursor, &key, &value, MDB_NEXT);
        }
    }
    while (code == MDB_SUCCESS && heng_view_is_past(view)) {
        const uint8_t *version = NULL;
        if (!heng_flat_check_subject(value.mv_data, value.mv_size))
            return heng_db_damaged(HENG_TABLE_SUBJECT, heng_table_str(key),
                                   "no well-formed subject", reterr);
        status = heng_view_subject_version(view, heng_table_str(key), value.mv_data,
                                           &version, reterr);
        if (status != HENG_OK)
            return status;
        if (version != NULL)
            break;
        code = mdb_cursor_get(cursor, &key, &value, MDB_NEXT);
    }
    if (code == MDB_NOTFOUND)
        return heng_error_set(reterr, HENG_ERR_NOT_FOUND, view->store->path, NOWHERE,
                              "there is no further subject");
    if (code != MDB_SUCCESS)
        return heng_db_fail(view->store, code, "cannot read the store", reterr);
    *ret_id = heng_table_str(key);
    return HENG_OK;
}

heng_status heng_view_record_owner(heng_view *view, heng_str record_id,
                                   heng_str *ret_subject, heng_error *reterr) {
    MDB_val value;
    bool found = false;
    heng_status status =
        heng_view_get(view, HENG_TABLE_RECORD_OWNER, record_id, &value, &found, reterr);
    if (status != HENG_OK)
        return status;
    if (!found)
        return heng_error_set(reterr, HENG_ERR_NOT_FOUND, view->store->path, NOWHERE,
                              "there is no record `%.*s` in the store",
                              HENG_STR_ARG(record_id));
    *ret_subject = heng_table_str(value);
    return HENG_OK;
}

static char lower(char c) {
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static bool contains(heng_str text, heng_str part) {
    if (part.len > text.len)
        return false;
    for (size_t i = 0; i <= text.len - part.len; i++) {
        size_t same = 0;
        while (same < part.len && lower(text.ptr[i + same]) == lower(part.ptr[same])) {
            same++;
        }
        if (same == part.len)
            return true;
    }
    return false;
}

heng_status heng_view_find(heng_view *view, heng_str text,
                           bool (*each)(void *context, const heng_view_hit *hit),
                           void *context, heng_error *reterr) {
    MDB_cursor *cursor = NULL;
    MDB_val key;
    MDB_val value;
    heng_status status = heng_view_cursor(view, HENG_TABLE_SUBJECT, &cursor, reterr);
    if (status != HENG_OK)
        return status;
    int code = mdb_cursor_get(cursor, &key, &value, MDB_FIRST);
    for (; code == MDB_SUCCESS; code = mdb_cursor_get(cursor, &key, &value, MDB_NEXT)) {
        heng_str id = heng_table_str(key);
        const uint8_t *subject = value.mv_data;
        if (!heng_flat_check_subject(subject, value.mv_size))
            return heng_db_damaged(HENG_TABLE_SUBJECT, id, "no well-formed subject",
                                   reterr);
        if (heng_view_is_past(view)) {
            status = heng_view_subject_version(view, id, subject, &subject, reterr);
            if (status != HENG_OK)
                return status;
            if (subject == NULL)
                continue;
        }
        heng_view_hit hit = {
            .id = id,
            .name = heng_flat_text(subject, HENG_FLAT_SUBJECT_NAME),
            .kind = subject[4],
        };
        if ((contains(id, text) || contains(hit.name, text)) && !each(context, &hit))
            return HENG_OK;
    }
    return code == MDB_NOTFOUND
               ? HENG_OK
               : heng_db_fail(view->store, code, "cannot read the store", reterr);
}

void heng_view_subject_key(const heng_view *view, heng_str id,
                           char ret_key[HENG_SUBJECT_KEY_BYTES]) {
    static const char HEX[] = "0123456789abcdef";
    heng_digest digest = heng_digest_keyed(view->store->secret, id);
    size_t len = 0;
    for (; len + 1 < HENG_SUBJECT_KEY_BYTES; len += 2) {
        ret_key[len] = HEX[digest.bytes[len / 2] >> 4];
        ret_key[len + 1] = HEX[digest.bytes[len / 2] & 15];
    }
    ret_key[len] = '\0';
}
