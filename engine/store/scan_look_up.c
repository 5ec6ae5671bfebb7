/* SPDX-License-Identifier: Apache-2.0 */
/*
 * scan_look_up.c: what a scan reads beside the tables it goes through: single rows that
 * are looked up, and ties, looked up or met before.
 */
#include <string.h>

#include "base/limits.h"
#include "store/dossier.h"
#include "store/gather.h"
#include "store/outline.h"
#include "store/scan_parts.h"

_Static_assert((int)HENG_SCAN_EXPECTED == (int)HENG_LEAVES_EXPECTED,
               "whom a scan is told of is looked up in one go");

/* ---- single rows ---- */

static heng_status open_look_up(heng_scan *scan, heng_look_up *in, heng_table table,
                                heng_error *reterr) {
    heng_status status = HENG_OK;
    if (!in->is_open)
        status = heng_leaves_open(scan->view->store, scan->view->txn, table,
                                  &in->leaves, reterr);
    in->is_open = status == HENG_OK;
    return status;
}

heng_status heng_scan_look_up(heng_scan *scan, heng_look_up *in, heng_table table,
                              heng_str key, heng_error *reterr) {
    heng_status status = open_look_up(scan, in, table, reterr);
    return status == HENG_OK ? heng_leaves_look_up(&in->leaves, key, reterr) : status;
}

static bool looks_up(const heng_scan *scan) {
    return !scan->subjects.is_open && !heng_view_is_past(scan->view);
}

/* Whoever looks them up says what is wrong. */
void heng_scan_expect_lines(heng_scan *scan, const heng_str *ids, size_t count) {
    heng_error error;
    if (count > 0 && looks_up(scan) &&
        open_look_up(scan, &scan->lines, heng_scan_line_table(scan->what), &error) ==
            HENG_OK)
        heng_leaves_expect(&scan->lines.leaves, ids, count);
}

/* ---- ties that were met ---- */

/* The records of a row that was met before. */
static heng_status read_row(heng_scan *scan, heng_str id, heng_scan_row row,
                            heng_snapshot_tie *ret_tie, heng_error *reterr) {
    heng_dossier dossier;
    bool outlines = (scan->what & HENG_SCAN_OUTLINES) != 0;
    bool sound = outlines ? heng_outline_open(id, row.bytes, row.len, &dossier)
                          : heng_dossier_open(row.bytes, row.len, true, &dossier);
    if (sound && dossier.count > HENG_LIMIT_RECORDS_PER_SUBJECT)
        return heng_gather_too_many(id, reterr);
    heng_snapshot_record *records =
        sound
            ? heng_arena_calloc(scan->arena, (size_t)dossier.count + 1, sizeof *records)
            : NULL;
    if (sound && records == NULL)
        return heng_error_nomem(reterr);
    if (sound && outlines)
        heng_outline_records(&dossier, id, records);
    else if (!sound || !heng_dossier_records(&dossier, id, true, records))
        return heng_db_damaged(heng_scan_dossier_table(scan->what), id,
                               "not as it was written", reterr);
    ret_tie->subject = dossier.subject;
    ret_tie->records = records;
    ret_tie->record_count = dossier.count;
    return HENG_OK;
}

/* The ties that were met, each with the records of the other, which are read once for
 * neighbours that are the same. */
heng_status heng_scan_read_met(heng_scan *scan, const heng_wanted *wanted,
                               heng_error *reterr) {
    size_t count = wanted->tie_count;
    if (count > HENG_LIMIT_TIES)
        return heng_gather_too_many_ties(wanted->id, reterr);
    heng_snapshot_tie *ties = heng_arena_calloc(scan->arena, count + 1, sizeof *ties);
    heng_status status = ties == NULL ? heng_error_nomem(reterr) : HENG_OK;
    for (size_t i = 0; i < count && status == HENG_OK; i++) {
        const heng_met_tie *met = &wanted->ties[i];
        ties[i] = (heng_snapshot_tie){.other = met->other,
                                      .role = met->role,
                                      .reversed = met->reversed,
                                      .from = met->from,
                                      .to = met->to};
        if (i > 0 && met->row.bytes == met[-1].row.bytes) {
            ties[i].subject = ties[i - 1].subject;
            ties[i].records = ties[i - 1].records;
            ties[i].record_count = ties[i - 1].record_count;
        } else {
            status = read_row(scan, met->other, met->row, &ties[i], reterr);
        }
    }
    scan->snapshot.ties = ties;
    scan->snapshot.tie_count = count;
    return status;
}

/* ---- ties that are looked up ---- */

void heng_scan_expect_ties(heng_scan *scan, const heng_str *ids, size_t count) {
    heng_error error; /* whoever looks them up meets it again */
    if (!heng_view_is_past(scan->view) &&
        open_look_up(scan, &scan->ties, HENG_TABLE_TIE, &error) == HENG_OK)
        heng_leaves_expect(&scan->ties.leaves, ids, count);
}

/* Rows of the table of ties whose key begins with the id and a NUL. */
static heng_status find_reversed(heng_scan *scan, heng_str id, heng_arena *arena,
                                 heng_gather_ties *ties, heng_error *reterr) {
    heng_leaves_row row;
    heng_status status =
        heng_scan_look_up(scan, &scan->ties, HENG_TABLE_TIE, id, reterr);
    while (status == HENG_OK &&
           heng_leaves_next(&scan->ties.leaves, &row, &status, reterr)) {
        const heng_str key = row.key;
        if (key.len <= id.len + 1 || key.ptr[id.len] != '\0' ||
            memcmp(key.ptr, id.ptr, id.len) != 0)
            break;
        heng_str other = {key.ptr + id.len + 1, key.len - id.len - 1};
        status = heng_gather_tie_row(id, other, heng_table_value(row.value, row.len),
                                     arena, ties, reterr);
    }
    return status;
}

/* `scan`: which looks them up; NULL: the view does. */
static heng_status take_ties(heng_view *view, heng_scan *scan, heng_arena *arena,
                             heng_snapshot *snapshot, heng_error *reterr) {
    heng_gather_ties ties = {.all = true};
    heng_str id = snapshot->id;
    heng_status status =
        heng_gather_declared(id, snapshot->subject, arena, &ties, reterr);
    if (status == HENG_OK)
        status = scan != NULL ? find_reversed(scan, id, arena, &ties, reterr)
                              : heng_gather_reversed(view, id, arena, &ties, reterr);
    snapshot->ties = ties.items;
    snapshot->tie_count = ties.count;
    return status;
}

heng_status heng_scan_ties(heng_view *view, heng_arena *arena, heng_snapshot *snapshot,
                           heng_error *reterr) {
    return take_ties(view, NULL, arena, snapshot, reterr);
}

heng_status heng_scan_find_ties(heng_scan *scan, heng_arena *arena,
                                heng_snapshot *snapshot, heng_error *reterr) {
    bool past = heng_view_is_past(scan->view);
    return take_ties(scan->view, past ? NULL : scan, arena, snapshot, reterr);
}
