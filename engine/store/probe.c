/* SPDX-License-Identifier: Apache-2.0 */
/* probe.c: with the view's cursors, which are quick where one asks in the order of ids.
 */
#include "store/probe.h"

#include <string.h>

#include "model/flat.h"
#include "store/dossier.h"
#include "store/view.h"

static bool fits(heng_str id) {
    return id.len > 0 && id.len <= HENG_LIMIT_SUBJECT_ID_BYTES;
}

/* ---- rows of an id ---- */

/* The row that is looked at, of those whose key is the id, or begins with it and a NUL.
 */
typedef struct rows {
    heng_view *view;
    MDB_cursor *cursor;
    heng_key prefix;
    MDB_val key, value;
    bool there; /* else there are no more */
} rows;

static heng_status move(rows *at, MDB_cursor_op op, heng_error *reterr) {
    int code = mdb_cursor_get(at->cursor, &at->key, &at->value, op);
    if (code != MDB_SUCCESS && code != MDB_NOTFOUND)
        return heng_db_fail(at->view->store, code, "cannot read the store", reterr);
    at->there = code == MDB_SUCCESS && at->key.mv_size >= at->prefix.len &&
                memcmp(at->key.mv_data, at->prefix.bytes, at->prefix.len) == 0;
    return HENG_OK;
}

static heng_status find(rows *at, heng_view *view, heng_table table, heng_str id,
                        MDB_cursor_op op, heng_error *reterr) {
    heng_status status = heng_view_cursor(view, table, &at->cursor, reterr);
    if (status != HENG_OK)
        return status;
    at->view = view;
    at->prefix.len = 0;
    heng_key_add(&at->prefix, id);
    if (op == MDB_SET_RANGE)
        heng_key_add_nul(&at->prefix);
    at->key = heng_key_value(&at->prefix);
    return move(at, op, reterr);
}

/* The row of the id itself. */
static heng_status find_one(rows *at, heng_view *view, heng_table table, heng_str id,
                            heng_error *reterr) {
    return find(at, view, table, id, MDB_SET_KEY, reterr);
}

/* Calls `ask` for each row below the id until it found something. */
static heng_status find_below(heng_view *view, heng_table table, heng_str id,
                              heng_status (*ask)(void *context, const rows *at,
                                                 bool *ret_found, heng_error *reterr),
                              void *context, bool *ret_found, heng_error *reterr) {
    rows at;
    heng_status status = find(&at, view, table, id, MDB_SET_RANGE, reterr);
    while (status == HENG_OK && at.there && !*ret_found) {
        status = ask(context, &at, ret_found, reterr);
        if (status == HENG_OK && !*ret_found)
            status = move(&at, MDB_NEXT, reterr);
    }
    return status;
}

/* ---- records ---- */

heng_status heng_probe_records(heng_view *view, heng_str id, bool *ret_found,
                               heng_error *reterr) {
    rows at = {.there = false};
    heng_status status =
        fits(id) ? find_one(&at, view, HENG_TABLE_DOSSIER, id, reterr) : HENG_OK;
    *ret_found = at.there;
    return status;
}

static heng_status ask_mention(void *context, const rows *at, bool *ret_found,
                               heng_error *reterr) {
    const heng_probe_filter *filter = context;
    (void)reterr;
    *ret_found = at->value.mv_size == 0 ||
                 filter->counts(filter->context, at->value.mv_data, at->value.mv_size);
    return HENG_OK;
}

heng_status heng_probe_named(heng_view *view, heng_str id,
                             const heng_probe_filter *filter, bool *ret_found,
                             heng_error *reterr) {
    heng_probe_filter by = *filter;
    *ret_found = false;
    return fits(id) ? find_below(view, HENG_TABLE_MENTION, id, ask_mention, &by,
                                 ret_found, reterr)
                    : HENG_OK;
}

/* ---- ties ---- */

/* What is asked of those who are, or were, tied. */
struct asking {
    const heng_probe_filter *filter;
    uint64_t since;
};

static heng_status ask_other(heng_view *view, heng_str id,
                             const heng_probe_filter *filter, bool *ret_found,
                             heng_error *reterr) {
    enum { FEW = 64 };
    heng_snapshot_record records[FEW];
    heng_dossier dossier;
    rows at;
    if (!fits(id))
        return HENG_OK;
    heng_status status = find_one(&at, view, HENG_TABLE_DOSSIER, id, reterr);
    if (status != HENG_OK || !at.there)
        return status;
    if (!heng_dossier_open(at.value.mv_data, at.value.mv_size, false, &dossier) ||
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
    rows at;
    heng_status status = find_one(&at, view, HENG_TABLE_SUBJECT, id, reterr);
    return status == HENG_OK && at.there
               ? ask_declared(view, at.value.mv_data, at.value.mv_size, filter,
                              ret_found, reterr)
               : status;
}

/* A line that held at `since` or later: its commit is in the key, until when it held
 * before the object. */
static heng_status ask_past_line(void *context, const rows *at, bool *ret_found,
                                 heng_error *reterr) {
    const struct asking *by = context;
    const uint8_t *bytes = at->value.mv_data;
    if (at->value.mv_size < HENG_PAST_BYTES) {
        *ret_found = true;
        return HENG_OK;
    }
    if (heng_table_be64(bytes) <= by->since)
        return HENG_OK;
    return ask_declared(at->view, bytes + HENG_PAST_BYTES,
                        at->value.mv_size - HENG_PAST_BYTES, by->filter, ret_found,
                        reterr);
}

/* The row of somebody who names it in a line, or did. */
static heng_status ask_declarer(void *context, const rows *at, bool *ret_found,
                                heng_error *reterr) {
    const struct asking *by = context;
    heng_str other = {(const char *)at->key.mv_data + at->prefix.len,
                      at->key.mv_size - at->prefix.len};
    return ask_other(at->view, other, by->filter, ret_found, reterr);
}

heng_status heng_probe_tied(heng_view *view, heng_str id, uint64_t since,
                            const heng_probe_filter *filter, bool *ret_found,
                            heng_error *reterr) {
    struct asking by = {.filter = filter, .since = since};
    *ret_found = false;
    if (!fits(id))
        return HENG_OK;
    heng_status status = ask_line(view, id, filter, ret_found, reterr);
    if (status == HENG_OK && !*ret_found)
        status = find_below(view, HENG_TABLE_PAST_SUBJECT, id, ask_past_line, &by,
                            ret_found, reterr);
    if (status == HENG_OK && !*ret_found)
        status =
            find_below(view, HENG_TABLE_TIE, id, ask_declarer, &by, ret_found, reterr);
    return status;
}
