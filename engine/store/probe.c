/* SPDX-License-Identifier: Apache-2.0 */
/* probe.c: with the view's cursors, which are quick where one asks in the order of ids.
 */
#include "store/probe.h"

#include <string.h>

#include "model/flat.h"
#include "store/dossier.h"
#include "store/view.h"

/* The first row whose key begins with `id` and a NUL, or is `id` itself. */
static heng_status seek(heng_view *view, heng_table table, heng_key *key,
                        MDB_cursor_op op, MDB_cursor **ret_cursor, MDB_val *ret_key,
                        MDB_val *ret_value, bool *ret_found, heng_error *reterr) {
    heng_status status = heng_view_cursor(view, table, ret_cursor, reterr);
    if (status != HENG_OK)
        return status;
    *ret_key = heng_key_value(key);
    int code = mdb_cursor_get(*ret_cursor, ret_key, ret_value, op);
    if (code != MDB_SUCCESS && code != MDB_NOTFOUND)
        return heng_db_fail(view->store, code, "cannot read the store", reterr);
    *ret_found = code == MDB_SUCCESS && ret_key->mv_size >= key->len &&
                 memcmp(ret_key->mv_data, key->bytes, key->len) == 0;
    return HENG_OK;
}

static bool fits(heng_str id) {
    return id.len > 0 && id.len <= HENG_LIMIT_SUBJECT_ID_BYTES;
}

heng_status heng_probe_records(heng_view *view, heng_str id, bool *ret_found,
                               heng_error *reterr) {
    heng_key key;
    MDB_cursor *cursor = NULL;
    MDB_val found, value;
    *ret_found = false;
    if (!fits(id))
        return HENG_OK;
    key.len = 0;
    heng_key_add(&key, id);
    return seek(view, HENG_TABLE_DOSSIER, &key, MDB_SET_KEY, &cursor, &found, &value,
                ret_found, reterr);
}

/* Whether the row after this one has the prefix too. */
static heng_status step(heng_view *view, MDB_cursor *cursor, const heng_key *prefix,
                        MDB_val *key, MDB_val *value, bool *ret_there,
                        heng_error *reterr) {
    int code = mdb_cursor_get(cursor, key, value, MDB_NEXT);
    if (code != MDB_SUCCESS && code != MDB_NOTFOUND)
        return heng_db_fail(view->store, code, "cannot read the store", reterr);
    *ret_there = code == MDB_SUCCESS && key->mv_size > prefix->len &&
                 memcmp(key->mv_data, prefix->bytes, prefix->len) == 0;
    return HENG_OK;
}

heng_status heng_probe_named(heng_view *view, heng_str id,
                             const heng_probe_filter *filter, bool *ret_found,
                             heng_error *reterr) {
    heng_key prefix;
    MDB_cursor *cursor = NULL;
    MDB_val key, value;
    bool there = false;
    *ret_found = false;
    if (!fits(id))
        return HENG_OK;
    prefix.len = 0;
    heng_key_add(&prefix, id);
    heng_key_add_nul(&prefix);
    heng_status status = seek(view, HENG_TABLE_MENTION, &prefix, MDB_SET_RANGE, &cursor,
                              &key, &value, &there, reterr);
    while (status == HENG_OK && there && !*ret_found) {
        *ret_found = value.mv_size == 0 ||
                     filter->counts(filter->context, value.mv_data, value.mv_size);
        if (!*ret_found)
            status = step(view, cursor, &prefix, &key, &value, &there, reterr);
    }
    return status;
}

/* ---- ties ---- */

static heng_status ask_other(heng_view *view, heng_str id,
                             const heng_probe_filter *filter, bool *ret_found,
                             heng_error *reterr) {
    enum { FEW = 64 };
    heng_snapshot_record records[FEW];
    heng_key key;
    heng_dossier dossier;
    MDB_cursor *cursor = NULL;
    MDB_val found, value;
    bool there = false;
    if (!fits(id))
        return HENG_OK;
    key.len = 0;
    heng_key_add(&key, id);
    heng_status status = seek(view, HENG_TABLE_DOSSIER, &key, MDB_SET_KEY, &cursor,
                              &found, &value, &there, reterr);
    if (status != HENG_OK || !there)
        return status;
    if (!heng_dossier_open(value.mv_data, value.mv_size, false, &dossier) ||
        dossier.count > FEW || !heng_dossier_records(&dossier, id, false, records)) {
        *ret_found = true; /* many, or damaged: whoever looks says so */
        return HENG_OK;
    }
    for (size_t i = 0; i < dossier.count && !*ret_found; i++)
        *ret_found = filter->counts(filter->context, records[i].bytes,
                                    heng_flat_u32(records[i].bytes));
    return HENG_OK;
}

static heng_status ask_declared(heng_view *view, const uint8_t *bytes, size_t size,
                                const heng_probe_filter *filter, bool *ret_found,
                                heng_error *reterr) {
    heng_status status = HENG_OK;
    if (!heng_flat_check_subject(bytes, size)) {
        *ret_found = true; /* whoever looks says what is wrong */
        return HENG_OK;
    }
    size_t count = heng_flat_relation_count(bytes);
    for (size_t i = 0; i < count && !*ret_found && status == HENG_OK; i++)
        status = ask_other(view, heng_flat_relation_at(bytes, i).id, filter, ret_found,
                           reterr);
    return status;
}

static heng_status ask_line(heng_view *view, heng_str id,
                            const heng_probe_filter *filter, bool *ret_found,
                            heng_error *reterr) {
    heng_key key;
    MDB_cursor *cursor = NULL;
    MDB_val found, value;
    bool there = false;
    key.len = 0;
    heng_key_add(&key, id);
    heng_status status = seek(view, HENG_TABLE_SUBJECT, &key, MDB_SET_KEY, &cursor,
                              &found, &value, &there, reterr);
    return status == HENG_OK && there ? ask_declared(view, value.mv_data, value.mv_size,
                                                     filter, ret_found, reterr)
                                      : status;
}

/* Lines that held at `since` or later: their commit is in the key, until when they held
 * before the object. */
static heng_status ask_past_lines(heng_view *view, heng_str id, uint64_t since,
                                  const heng_probe_filter *filter, bool *ret_found,
                                  heng_error *reterr) {
    heng_key prefix;
    MDB_cursor *cursor = NULL;
    MDB_val key, value;
    bool there = false;
    prefix.len = 0;
    heng_key_add(&prefix, id);
    heng_key_add_nul(&prefix);
    heng_status status = seek(view, HENG_TABLE_PAST_SUBJECT, &prefix, MDB_SET_RANGE,
                              &cursor, &key, &value, &there, reterr);
    while (status == HENG_OK && there && !*ret_found) {
        if (value.mv_size < HENG_PAST_BYTES) {
            *ret_found = true;
        } else if (heng_table_be64(value.mv_data) > since) {
            status = ask_declared(
                view, (const uint8_t *)value.mv_data + HENG_PAST_BYTES,
                value.mv_size - HENG_PAST_BYTES, filter, ret_found, reterr);
        }
        if (status == HENG_OK && !*ret_found)
            status = step(view, cursor, &prefix, &key, &value, &there, reterr);
    }
    return status;
}

/* Rows of those who name it in their lines, or did. */
static heng_status ask_declarers(heng_view *view, heng_str id,
                                 const heng_probe_filter *filter, bool *ret_found,
                                 heng_error *reterr) {
    heng_key prefix;
    MDB_cursor *cursor = NULL;
    MDB_val key, value;
    bool there = false;
    prefix.len = 0;
    heng_key_add(&prefix, id);
    heng_key_add_nul(&prefix);
    heng_status status = seek(view, HENG_TABLE_TIE, &prefix, MDB_SET_RANGE, &cursor,
                              &key, &value, &there, reterr);
    while (status == HENG_OK && there && !*ret_found) {
        heng_str other = {(const char *)key.mv_data + prefix.len,
                          key.mv_size - prefix.len};
        status = ask_other(view, other, filter, ret_found, reterr);
        if (status == HENG_OK && !*ret_found)
            status = step(view, cursor, &prefix, &key, &value, &there, reterr);
    }
    return status;
}

heng_status heng_probe_tied(heng_view *view, heng_str id, uint64_t since,
                            const heng_probe_filter *filter, bool *ret_found,
                            heng_error *reterr) {
    *ret_found = false;
    if (!fits(id))
        return HENG_OK;
    heng_status status = ask_line(view, id, filter, ret_found, reterr);
    if (status == HENG_OK && !*ret_found)
        status = ask_past_lines(view, id, since, filter, ret_found, reterr);
    if (status == HENG_OK && !*ret_found)
        status = ask_declarers(view, id, filter, ret_found, reterr);
    return status;
}
