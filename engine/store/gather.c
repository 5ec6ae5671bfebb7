/* SPDX-License-Identifier: Apache-2.0 */
/*
 * gather.c: snapshots, read in place.
 *
 * The common answer, of the newest commit, costs one look-up: the dossier. Looking back
 * costs a range of past versions; indexes (tie, mention) over-approximate there, and
 * the versions themselves tell the truth.
 */
#include "store/gather.h"

#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "model/flat.h"
#include "model/identity.h"
#include "store/dossier.h"

static const heng_pos NOWHERE = {0, 0};

static heng_status too_many(heng_str id, const char *what, size_t limit,
                            heng_error *reterr) {
    char masked[HENG_IDENTITY_MASKED_BYTES];
    (void)heng_identity_mask(id, masked);
    return heng_error_set(reterr, HENG_ERR_LIMIT, NULL, NOWHERE,
                          "subject `%s` has more than %zu %s: that is no subject but a "
                          "broken feed; correct it at its source",
                          masked, limit, what);
}

heng_status heng_gather_too_many(heng_str id, heng_error *reterr) {
    return too_many(id, "records", HENG_LIMIT_RECORDS_PER_SUBJECT, reterr);
}

heng_status heng_gather_too_many_ties(heng_str id, heng_error *reterr) {
    return too_many(id, "ties with others", HENG_LIMIT_TIES, reterr);
}

/* ---- subject and own records ---- */

static heng_status read_dossier(heng_str id, MDB_val value, heng_arena *arena,
                                heng_gather_own *ret_own, heng_error *reterr) {
    heng_dossier dossier;
    if (!heng_dossier_open(value.mv_data, value.mv_size, true, &dossier))
        return heng_db_damaged(HENG_TABLE_DOSSIER, id, "no well-formed dossier",
                               reterr);
    *ret_own = (heng_gather_own){.subject = dossier.subject};
    if (dossier.count > HENG_LIMIT_RECORDS_PER_SUBJECT)
        return heng_gather_too_many(id, reterr);
    heng_snapshot_record *records =
        heng_arena_alloc(arena, dossier.count * sizeof *records);
    if (records == NULL)
        return heng_error_nomem(reterr);
    if (!heng_dossier_records(&dossier, id, true, records))
        return heng_db_damaged(HENG_TABLE_DOSSIER, id, "no well-formed record", reterr);
    *ret_own = (heng_gather_own){
        .subject = dossier.subject,
        .records = records,
        .count = dossier.count,
        .known = dossier.subject != NULL || dossier.count > 0,
    };
    return HENG_OK;
}

/* Counts (`records` NULL) or lists the superseded records that held at the commit. */
static heng_status past_records(heng_view *view, heng_str id,
                                heng_snapshot_record *records, size_t room,
                                size_t *ret_count, heng_error *reterr) {
    MDB_cursor *cursor = NULL;
    heng_status status =
        heng_view_cursor(view, HENG_TABLE_PAST_RECORD, &cursor, reterr);
    if (status != HENG_OK)
        return status;
    heng_key prefix = {0};
    heng_key_add(&prefix, id);
    heng_key_add_nul(&prefix);
    MDB_val key = heng_key_value(&prefix);
    MDB_val value;
    size_t count = 0;
    int code = mdb_cursor_get(cursor, &key, &value, MDB_SET_RANGE);
    while (code == MDB_SUCCESS && key.mv_size > prefix.len + 8 &&
           memcmp(key.mv_data, prefix.bytes, prefix.len) == 0) {
        uint64_t from = heng_table_be64((const uint8_t *)key.mv_data + key.mv_size - 8);
        const uint8_t *bytes = value.mv_data;
        if (value.mv_size < HENG_PAST_BYTES ||
            !heng_flat_check_record(bytes + HENG_PAST_BYTES,
                                    value.mv_size - HENG_PAST_BYTES))
            return heng_db_damaged(HENG_TABLE_PAST_RECORD, id, "no well-formed record",
                                   reterr);
        if (from <= view->commit && heng_table_be64(bytes) > view->commit) {
            if (records != NULL && count < room) {
                records[count] = (heng_snapshot_record){bytes + HENG_PAST_BYTES, id};
            }
            count++;
        }
        code = mdb_cursor_get(cursor, &key, &value, MDB_NEXT);
    }
    if (code != MDB_SUCCESS && code != MDB_NOTFOUND)
        return heng_db_fail(view->store, code, "cannot read the store", reterr);
    *ret_count = count;
    return HENG_OK;
}

/* From what holds now to what held at the view's commit. */
static heng_status go_back(heng_view *view, heng_str id, heng_arena *arena,
                           heng_gather_own *own, heng_error *reterr) {
    size_t past = 0;
    heng_status status =
        heng_view_subject_version(view, id, own->subject, &own->subject, reterr);
    if (status == HENG_OK) {
        status = past_records(view, id, NULL, 0, &past, reterr);
    }
    if (status != HENG_OK)
        return status;

    size_t kept = 0;
    for (size_t i = 0; i < own->count; i++) {
        if (heng_flat_u64(own->records[i].bytes + HENG_FLAT_RECORD_COMMIT) <=
            view->commit) {
            own->records[kept++] = own->records[i];
        }
    }
    own->count = kept;
    if (past > 0) {
        if (past + kept > HENG_LIMIT_RECORDS_PER_SUBJECT)
            return heng_gather_too_many(id, reterr);
        heng_snapshot_record *records =
            heng_arena_alloc(arena, (kept + past) * sizeof *records);
        if (records == NULL)
            return heng_error_nomem(reterr);
        if (kept > 0) {
            memcpy(records, own->records, kept * sizeof *records);
        }
        status = past_records(view, id, records + kept, past, &past, reterr);
        if (status != HENG_OK)
            return status;
        own->records = records;
        own->count = kept + past;
        heng_dossier_sort(records, own->count);
    }
    own->known = own->subject != NULL || own->count > 0;
    return HENG_OK;
}

heng_status heng_gather_subject(heng_view *view, heng_str id, heng_arena *arena,
                                heng_gather_own *ret_own, heng_error *reterr) {
    heng_gather_own own = {0};
    MDB_val value;
    bool found = false;
    heng_status status =
        heng_view_get(view, HENG_TABLE_DOSSIER, id, &value, &found, reterr);
    if (status != HENG_OK)
        return status;
    if (found) {
        status = read_dossier(id, value, arena, &own, reterr);
    } else {
        status = heng_view_get_subject(view, id, &own.subject, reterr);
        own.known = own.subject != NULL;
    }
    if (status == HENG_OK && heng_view_is_past(view)) {
        status = go_back(view, id, arena, &own, reterr);
    } else if (status == HENG_ERR_LIMIT && heng_view_is_past(view)) {
        heng_status version =
            heng_view_subject_version(view, id, own.subject, &own.subject, reterr);
        if (version != HENG_OK)
            return version;
    }
    *ret_own = own;
    return status;
}

/* ---- ties ---- */

heng_status heng_gather_add_tie(heng_gather_ties *ties, heng_str whose,
                                const heng_snapshot_tie *tie, heng_arena *arena,
                                heng_error *reterr) {
    if (ties->count == HENG_LIMIT_TIES && !ties->all)
        return heng_gather_too_many_ties(whose, reterr);
    if (ties->count == ties->room) {
        size_t room = ties->room == 0 ? 4 : ties->room * 2;
        heng_snapshot_tie *items = heng_arena_alloc(arena, room * sizeof *items);
        if (items == NULL)
            return heng_error_nomem(reterr);
        if (ties->count > 0) {
            memcpy(items, ties->items, ties->count * sizeof *items);
        }
        ties->items = items;
        ties->room = room;
    }
    ties->items[ties->count++] = *tie;
    return HENG_OK;
}

heng_status heng_gather_declared(heng_str id, const uint8_t *subject, heng_arena *arena,
                                 heng_gather_ties *ties, heng_error *reterr) {
    size_t count = subject == NULL ? 0 : heng_flat_relation_count(subject);
    for (size_t i = 0; i < count; i++) {
        heng_flat_relation relation = heng_flat_relation_at(subject, i);
        heng_snapshot_tie tie = {.other = relation.id,
                                 .role = relation.role,
                                 .from = relation.from,
                                 .to = relation.to};
        heng_status status = heng_gather_add_tie(ties, id, &tie, arena, reterr);
        if (status != HENG_OK)
            return status;
    }
    return HENG_OK;
}

heng_status heng_gather_tie_row(heng_str id, heng_str other, MDB_val row,
                                heng_arena *arena, heng_gather_ties *ties,
                                heng_error *reterr) {
    const uint8_t *at = row.mv_data;
    if (row.mv_size % HENG_TIE_BYTES != 0)
        return heng_db_damaged(HENG_TABLE_TIE, other, "no list of ties", reterr);
    for (size_t left = row.mv_size; left > 0;
         left -= HENG_TIE_BYTES, at += HENG_TIE_BYTES) {
        heng_snapshot_tie tie = {.other = other,
                                 .reversed = true,
                                 .role = heng_flat_u32(at),
                                 .from = heng_flat_i32(at + 4),
                                 .to = heng_flat_i32(at + 8)};
        heng_status status = heng_gather_add_tie(ties, id, &tie, arena, reterr);
        if (status != HENG_OK)
            return status;
    }
    return HENG_OK;
}

/* The ties to `id` that `other` declared in the version of the view's commit. */
static heng_status add_version(heng_view *view, heng_str id, heng_str other,
                               heng_arena *arena, heng_gather_ties *ties,
                               heng_error *reterr) {
    const uint8_t *subject = NULL;
    heng_status status = heng_view_subject_version(view, other, NULL, &subject, reterr);
    size_t count =
        status != HENG_OK || subject == NULL ? 0 : heng_flat_relation_count(subject);
    for (size_t i = 0; i < count && status == HENG_OK; i++) {
        heng_flat_relation relation = heng_flat_relation_at(subject, i);
        if (!heng_str_equal(relation.id, id))
            continue;
        heng_snapshot_tie tie = {.other = other,
                                 .reversed = true,
                                 .role = relation.role,
                                 .from = relation.from,
                                 .to = relation.to};
        status = heng_gather_add_tie(ties, id, &tie, arena, reterr);
    }
    return status;
}

/* What is done with one row of an index; `list` is what it adds to. */
typedef heng_status take_row(heng_view *view, heng_str id, MDB_val key, MDB_val value,
                             heng_arena *arena, void *list, heng_error *reterr);

/* Every row of `table` whose key begins with `id` and a NUL. */
static heng_status each_row(heng_view *view, heng_table table, heng_str id,
                            take_row *take, heng_arena *arena, void *list,
                            heng_error *reterr) {
    MDB_cursor *cursor = NULL;
    heng_status status = heng_view_cursor(view, table, &cursor, reterr);
    if (status != HENG_OK)
        return status;
    heng_key prefix = {0};
    heng_key_add(&prefix, id);
    heng_key_add_nul(&prefix);
    MDB_val key = heng_key_value(&prefix);
    MDB_val value;
    int code = mdb_cursor_get(cursor, &key, &value, MDB_SET_RANGE);
    while (code == MDB_SUCCESS && key.mv_size > prefix.len &&
           memcmp(key.mv_data, prefix.bytes, prefix.len) == 0) {
        status = take(view, id, key, value, arena, list, reterr);
        if (status != HENG_OK)
            return status;
        code = mdb_cursor_get(cursor, &key, &value, MDB_NEXT);
    }
    return code == MDB_SUCCESS || code == MDB_NOTFOUND
               ? HENG_OK
               : heng_db_fail(view->store, code, "cannot read the store", reterr);
}

static heng_status take_tie(heng_view *view, heng_str id, MDB_val key, MDB_val value,
                            heng_arena *arena, void *list, heng_error *reterr) {
    heng_gather_ties *ties = list;
    heng_str other = {(const char *)key.mv_data + id.len + 1, key.mv_size - id.len - 1};
    return heng_view_is_past(view)
               ? add_version(view, id, other, arena, ties, reterr)
               : heng_gather_tie_row(id, other, value, arena, ties, reterr);
}

heng_status heng_gather_reversed(heng_view *view, heng_str id, heng_arena *arena,
                                 heng_gather_ties *ties, heng_error *reterr) {
    return each_row(view, HENG_TABLE_TIE, id, take_tie, arena, ties, reterr);
}

static int compare_ties(const void *a, const void *b) {
    const heng_snapshot_tie *x = a;
    const heng_snapshot_tie *y = b;
    int order = heng_str_compare(x->other, y->other);
    if (order == 0) {
        order = (x->role > y->role) - (x->role < y->role);
    }
    if (order == 0) {
        order = (int)x->reversed - (int)y->reversed;
    }
    if (order == 0) {
        order = (x->from > y->from) - (x->from < y->from);
    }
    return order != 0 ? order : (x->to > y->to) - (x->to < y->to);
}

void heng_gather_sort_ties(heng_gather_ties *ties) {
    if (ties->count > 1) {
        qsort(ties->items, ties->count, sizeof *ties->items, compare_ties);
    }
}

/* ---- mentions ---- */

bool heng_gather_names(const uint8_t *record, heng_str id) {
    size_t count = heng_flat_party_count(record);
    for (size_t i = 0; i < count; i++) {
        if (heng_str_equal(heng_flat_party_at(record, i).id, id))
            return true;
    }
    return false;
}

heng_status heng_gather_add_mention(heng_gather_mentions *mentions, heng_str whose,
                                    const uint8_t *record, heng_str owner,
                                    heng_arena *arena, heng_error *reterr) {
    if (mentions->count == HENG_LIMIT_RECORDS_PER_SUBJECT)
        return too_many(whose, "records that name it", HENG_LIMIT_RECORDS_PER_SUBJECT,
                        reterr);
    if (mentions->count == mentions->room) {
        size_t room = mentions->room == 0 ? 4 : mentions->room * 2;
        heng_snapshot_mention *items = heng_arena_alloc(arena, room * sizeof *items);
        if (items == NULL)
            return heng_error_nomem(reterr);
        if (mentions->count > 0) {
            memcpy(items, mentions->items, mentions->count * sizeof *items);
        }
        mentions->items = items;
        mentions->room = room;
    }
    mentions->items[mentions->count++].record = (heng_snapshot_record){record, owner};
    return HENG_OK;
}

heng_status heng_gather_mention(heng_view *view, heng_str id, MDB_val key,
                                MDB_val value, heng_arena *arena,
                                heng_gather_mentions *mentions, heng_error *reterr) {
    heng_str parts[3];
    heng_status status = HENG_OK;
    if (heng_table_split(key, parts, 3) != 3)
        return heng_db_damaged(HENG_TABLE_MENTION, heng_table_str(key),
                               "a key of another form", reterr);
    if (heng_str_equal(parts[1], id))
        return HENG_OK;
    const uint8_t *record = value.mv_size == 0 ? NULL : value.mv_data;
    if (record != NULL && !heng_flat_check_record(record, value.mv_size))
        return heng_db_damaged(HENG_TABLE_MENTION, heng_table_str(key),
                               "no well-formed record", reterr);
    if (heng_view_is_past(view)) {
        status =
            heng_view_record_version(view, parts[1], parts[2], record, &record, reterr);
        if (status == HENG_OK && record != NULL && !heng_gather_names(record, id)) {
            record = NULL; /* the row is there for another version */
        }
    }
    if (status == HENG_OK && record != NULL) {
        status = heng_gather_add_mention(mentions, id, record, parts[1], arena, reterr);
    }
    return status;
}

static heng_status take_mention(heng_view *view, heng_str id, MDB_val key,
                                MDB_val value, heng_arena *arena, void *list,
                                heng_error *reterr) {
    return heng_gather_mention(view, id, key, value, arena, list, reterr);
}

heng_status heng_gather_mentioned(heng_view *view, heng_str id, heng_arena *arena,
                                  heng_gather_mentions *mentions, heng_error *reterr) {
    return each_row(view, HENG_TABLE_MENTION, id, take_mention, arena, mentions,
                    reterr);
}

static int compare_mentions(const void *a, const void *b) {
    const heng_snapshot_mention *x = a;
    const heng_snapshot_mention *y = b;
    return heng_dossier_order(x->record.bytes, y->record.bytes);
}

void heng_gather_sort_mentions(heng_gather_mentions *mentions) {
    if (mentions->count > 1) {
        qsort(mentions->items, mentions->count, sizeof *mentions->items,
              compare_mentions);
    }
}

/* ---- the whole ---- */

heng_status heng_gather_unknown(heng_str id, heng_error *reterr) {
    char masked[HENG_IDENTITY_MASKED_BYTES];
    (void)heng_identity_mask(id, masked);
    return heng_error_set(reterr, HENG_ERR_NOT_FOUND, NULL, NOWHERE,
                          "nothing is known of subject `%s`; check the id, or look for "
                          "the name with `heng find`",
                          masked);
}

/* Subject and records of each of the tied, once for neighbours that are the same. */
static heng_status fill_ties(heng_view *view, heng_arena *arena, heng_gather_ties *ties,
                             heng_error *reterr) {
    for (size_t i = 0; i < ties->count; i++) {
        heng_snapshot_tie *tie = &ties->items[i];
        if (i > 0 && heng_str_equal(tie->other, tie[-1].other)) {
            tie->subject = tie[-1].subject;
            tie->records = tie[-1].records;
            tie->record_count = tie[-1].record_count;
            continue;
        }
        heng_gather_own own;
        heng_status status = heng_gather_subject(view, tie->other, arena, &own, reterr);
        if (status != HENG_OK)
            return status;
        tie->subject = own.subject;
        tie->records = own.records;
        tie->record_count = own.count;
    }
    return HENG_OK;
}

heng_status heng_gather_rest(heng_view *view, unsigned what, heng_arena *arena,
                             heng_snapshot *snapshot, heng_error *reterr) {
    heng_gather_ties ties = {0};
    heng_gather_mentions mentions = {0};
    heng_status status = HENG_OK;
    if ((what & (HENG_VIEW_TIES | HENG_VIEW_TIE_RECORDS)) != 0) {
        status =
            heng_gather_declared(snapshot->id, snapshot->subject, arena, &ties, reterr);
        if (status == HENG_OK) {
            status = heng_gather_reversed(view, snapshot->id, arena, &ties, reterr);
        }
        heng_gather_sort_ties(&ties);
    }
    if (status == HENG_OK && (what & HENG_VIEW_TIE_RECORDS) != 0) {
        status = fill_ties(view, arena, &ties, reterr);
    }
    if (status == HENG_OK && (what & HENG_VIEW_MENTIONS) != 0) {
        status = heng_gather_mentioned(view, snapshot->id, arena, &mentions, reterr);
        heng_gather_sort_mentions(&mentions);
    }
    snapshot->ties = ties.items;
    snapshot->tie_count = ties.count;
    snapshot->mentions = mentions.items;
    snapshot->mention_count = mentions.count;
    return status;
}

heng_status heng_view_snapshot(heng_view *view, heng_str id, unsigned what,
                               heng_arena *arena, heng_snapshot **ret_snapshot,
                               heng_error *reterr) {
    heng_gather_own own = {0};
    heng_snapshot *snapshot = heng_arena_alloc(arena, sizeof *snapshot);
    heng_str id_copy = heng_arena_dup_str(arena, id);
    if (snapshot == NULL || (id_copy.ptr == NULL && id.len > 0))
        return heng_error_nomem(reterr);
    heng_status status = heng_gather_subject(view, id_copy, arena, &own, reterr);
    if (status != HENG_OK)
        return status;
    if (!own.known)
        return heng_gather_unknown(id, reterr);
    *snapshot = (heng_snapshot){.id = id_copy,
                                .subject = own.subject,
                                .records = own.records,
                                .record_count = own.count,
                                .names = view->names};
    if (what != 0) {
        status = heng_gather_rest(view, what, arena, snapshot, reterr);
    }
    if (status == HENG_OK) {
        *ret_snapshot = snapshot;
    }
    return status;
}
