/* SPDX-License-Identifier: Apache-2.0 */
/*
 * scan.c: up to three cursors side by side, over dossiers, subjects and mentions: the
 * smallest id among their heads comes next. They are merged, not looked up: all three
 * are in the order of ids.
 */
#include "store/scan.h"

#include <string.h>

#include "base/alloc.h"
#include "base/limits.h"
#include "model/flat.h"
#include "store/dossier.h"
#include "store/gather.h"
#include "store/view.h"

/* One cursor and what it stands on. */
struct head {
    MDB_cursor *cursor; /* NULL: not asked for */
    bool at_end;
    heng_str id; /* of a mention: the party */
    MDB_val key;
    MDB_val value;
};

struct heng_scan {
    heng_view *view;
    unsigned what;
    heng_arena *arena;             /* owned: ties and mentions of one subject */
    heng_snapshot_record *records; /* owned */
    size_t record_room;
    struct head dossiers, subjects, mentions;
    heng_snapshot snapshot;
    heng_str last;
    char last_bytes[HENG_LIMIT_SUBJECT_ID_BYTES];
};

static heng_status read_failed(const heng_scan *scan, int code, heng_error *reterr) {
    return heng_db_fail(scan->view->store, code, "cannot read the store", reterr);
}

static heng_status step(heng_scan *scan, struct head *head, MDB_cursor_op op,
                        heng_error *reterr) {
    int code = mdb_cursor_get(head->cursor, &head->key, &head->value, op);
    if (code == MDB_NOTFOUND) {
        head->at_end = true;
        return HENG_OK;
    }
    if (code != MDB_SUCCESS)
        return read_failed(scan, code, reterr);
    head->id = heng_table_str(head->key);
    if (head == &scan->mentions) {
        const char *nul = memchr(head->id.ptr, '\0', head->id.len);
        if (nul == NULL)
            return heng_db_damaged(HENG_TABLE_MENTION, head->id,
                                   "a key of another form", reterr);
        head->id.len = (size_t)(nul - head->id.ptr);
    }
    return HENG_OK;
}

/* Opens a cursor and puts it on the first id after `after`. */
static heng_status open_head(heng_scan *scan, struct head *head, heng_table table,
                             heng_str after, heng_error *reterr) {
    int code = mdb_cursor_open(scan->view->txn, scan->view->store->tables[table],
                               &head->cursor);
    if (code != MDB_SUCCESS) {
        head->cursor = NULL;
        return read_failed(scan, code, reterr);
    }
    if (after.len == 0)
        return step(scan, head, MDB_FIRST, reterr);
    head->key = heng_table_value(after.ptr, after.len);
    heng_status status = step(scan, head, MDB_SET_RANGE, reterr);
    while (status == HENG_OK && !head->at_end && heng_str_equal(head->id, after)) {
        status = step(scan, head, MDB_NEXT, reterr);
    }
    return status;
}

heng_status heng_scan_open(heng_view *view, unsigned what, heng_str after,
                           heng_str last, heng_scan **ret_scan, heng_error *reterr) {
    if (after.len > HENG_LIMIT_SUBJECT_ID_BYTES ||
        last.len > HENG_LIMIT_SUBJECT_ID_BYTES)
        return heng_error_set(reterr, HENG_ERR_INVALID, NULL, (heng_pos){0, 0},
                              "an id has at most %zu bytes",
                              HENG_LIMIT_SUBJECT_ID_BYTES);
    heng_scan *scan = heng_alloc_zero(1, sizeof *scan);
    if (scan == NULL)
        return heng_error_nomem(reterr);
    scan->view = view;
    scan->what = what;
    if (last.len > 0) {
        memcpy(scan->last_bytes, last.ptr, last.len);
    }
    scan->last = (heng_str){scan->last_bytes, last.len};
    scan->snapshot.names = view->names;
    scan->arena = heng_arena_new(HENG_LIMIT_SUBJECT_ARENA_BYTES);
    heng_status status = scan->arena == NULL ? heng_error_nomem(reterr) : HENG_OK;
    if (status == HENG_OK) {
        status = open_head(scan, &scan->dossiers, HENG_TABLE_DOSSIER, after, reterr);
    }
    scan->subjects.at_end = true;
    scan->mentions.at_end = true;
    if (status == HENG_OK && (what & HENG_SCAN_ALL) != 0) {
        scan->subjects.at_end = false;
        status = open_head(scan, &scan->subjects, HENG_TABLE_SUBJECT, after, reterr);
    }
    if (status == HENG_OK && (what & HENG_VIEW_MENTIONS) != 0) {
        scan->mentions.at_end = false;
        status = open_head(scan, &scan->mentions, HENG_TABLE_MENTION, after, reterr);
    }
    if (status != HENG_OK) {
        heng_scan_close(scan);
        return status;
    }
    *ret_scan = scan;
    return HENG_OK;
}

static void close_head(struct head *head) {
    if (head->cursor != NULL) {
        mdb_cursor_close(head->cursor);
    }
}

void heng_scan_close(heng_scan *scan) {
    if (scan == NULL)
        return;
    close_head(&scan->dossiers);
    close_head(&scan->subjects);
    close_head(&scan->mentions);
    heng_arena_free(scan->arena);
    heng_alloc_free(scan->records);
    heng_alloc_free(scan);
}

/* ---- one subject ---- */

static void choose(const struct head *head, heng_str *id) {
    if (!head->at_end && (id->ptr == NULL || heng_str_compare(head->id, *id) < 0)) {
        *id = head->id;
    }
}

static bool stands_on(const struct head *head, heng_str id) {
    return !head->at_end && heng_str_equal(head->id, id);
}

static heng_status read_dossier(heng_scan *scan, heng_str id, heng_error *reterr) {
    heng_dossier dossier;
    if (!heng_dossier_open(scan->dossiers.value.mv_data, scan->dossiers.value.mv_size,
                           &dossier))
        return heng_db_damaged(HENG_TABLE_DOSSIER, id, "no well-formed dossier",
                               reterr);
    if (dossier.count > scan->record_room) {
        if (dossier.count > HENG_LIMIT_RECORDS_PER_SUBJECT)
            return heng_gather_too_many(id, reterr);
        size_t room = (size_t)dossier.count * 2;
        heng_snapshot_record *records =
            heng_alloc_resize(scan->records, room, sizeof *records);
        if (records == NULL)
            return heng_error_nomem(reterr);
        scan->records = records;
        scan->record_room = room;
    }
    if (!heng_dossier_records(&dossier, id, scan->records))
        return heng_db_damaged(HENG_TABLE_DOSSIER, id, "no well-formed record", reterr);
    scan->snapshot.subject = dossier.subject;
    scan->snapshot.records = scan->records;
    scan->snapshot.record_count = dossier.count;
    return HENG_OK;
}

static heng_status read_line(heng_scan *scan, heng_str id, heng_error *reterr) {
    const uint8_t *bytes = scan->subjects.value.mv_data;
    if (!heng_flat_check_subject(bytes, scan->subjects.value.mv_size))
        return heng_db_damaged(HENG_TABLE_SUBJECT, id, "no well-formed subject",
                               reterr);
    scan->snapshot.subject = bytes;
    return HENG_OK;
}

/* Subject and own records, from the heads that stand on `id`. */
static heng_status read_own(heng_scan *scan, heng_str id, heng_error *reterr) {
    if (heng_view_is_past(scan->view)) {
        heng_gather_own own;
        heng_status status =
            heng_gather_subject(scan->view, id, scan->arena, &own, reterr);
        if (status == HENG_OK) {
            scan->snapshot.subject = own.subject;
            scan->snapshot.records = own.records;
            scan->snapshot.record_count = own.count;
        }
        return status;
    }
    if (stands_on(&scan->dossiers, id))
        return read_dossier(scan, id, reterr);
    if (stands_on(&scan->subjects, id))
        return read_line(scan, id, reterr);
    /* named by others, and without records: its own line is read by its id */
    return heng_view_get_subject(scan->view, id, &scan->snapshot.subject, reterr);
}

/* Goes through the rows of `id`; the cursor then stands on the next party. */
static heng_status read_mentions(heng_scan *scan, heng_str id, heng_error *reterr) {
    heng_gather_mentions mentions = {0};
    heng_status status = HENG_OK;
    while (status == HENG_OK && stands_on(&scan->mentions, id)) {
        status =
            heng_gather_mention(scan->view, id, scan->mentions.key,
                                scan->mentions.value, scan->arena, &mentions, reterr);
        if (status == HENG_OK) {
            status = step(scan, &scan->mentions, MDB_NEXT, reterr);
        }
    }
    heng_gather_sort_mentions(&mentions);
    scan->snapshot.mentions = mentions.items;
    scan->snapshot.mention_count = mentions.count;
    return status;
}

static heng_status read_ties(heng_scan *scan, heng_error *reterr) {
    unsigned ties = scan->what & (HENG_VIEW_TIES | HENG_VIEW_TIE_RECORDS);
    return ties == 0 ? HENG_OK
                     : heng_gather_rest(scan->view, ties, scan->arena, &scan->snapshot,
                                        reterr);
}

/* The subject `id`, and all heads behind it. */
static heng_status read_one(heng_scan *scan, heng_str id, heng_error *reterr) {
    heng_arena_reset(scan->arena);
    scan->snapshot = (heng_snapshot){.id = id, .names = scan->view->names};
    heng_status status = read_own(scan, id, reterr);
    if (status == HENG_OK) {
        status = read_ties(scan, reterr);
    }
    if (status == HENG_OK && !scan->mentions.at_end) {
        status = read_mentions(scan, id, reterr);
    }
    if (status == HENG_OK && stands_on(&scan->dossiers, id)) {
        status = step(scan, &scan->dossiers, MDB_NEXT, reterr);
    }
    if (status == HENG_OK && stands_on(&scan->subjects, id)) {
        status = step(scan, &scan->subjects, MDB_NEXT, reterr);
    }
    return status;
}

heng_status heng_scan_next(heng_scan *scan, const heng_snapshot **ret_snapshot,
                           heng_error *reterr) {
    for (;;) {
        heng_str id = {0};
        choose(&scan->dossiers, &id);
        choose(&scan->subjects, &id);
        choose(&scan->mentions, &id);
        if (id.ptr == NULL ||
            (scan->last.len > 0 && heng_str_compare(id, scan->last) > 0)) {
            *ret_snapshot = NULL;
            return HENG_OK;
        }
        heng_status status = read_one(scan, id, reterr);
        if (status != HENG_OK)
            return status;
        /* Indexes hold more than is known: rows of versions that are past, or not yet.
         */
        if (scan->snapshot.subject != NULL || scan->snapshot.record_count > 0 ||
            scan->snapshot.mention_count > 0) {
            *ret_snapshot = &scan->snapshot;
            return HENG_OK;
        }
    }
}
