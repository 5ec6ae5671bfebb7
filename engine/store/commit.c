/* SPDX-License-Identifier: Apache-2.0 */
/*
 * commit.c: how a batch changes the tables.
 *
 * Lines are sorted by subject, so that each dossier is read and written once. A record
 * that moved to another subject is first noted as a removal from the old one: its lines
 * are sorted by record once more before that, and asked for their owners in order.
 *
 *   items -> the last of each id -> edits (subject, its records, removals) by subject
 *         -> per subject: old dossier + edits = new dossier, past versions, index rows
 *         -> rows of the other tables, sorted
 *
 * INVARIANT: until its first write, and after it for all subjects not yet come to, what
 * is read lies in pages that LMDB does not touch; what is kept longer is copied.
 */
#include "store/commit.h"

#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "model/flat.h"
#include "model/gist.h"
#include "store/baseline_row.h"
#include "store/dossier.h"
#include "store/gather.h"
#include "store/id_list.h"
#include "store/id_order.h"
#include "store/naming.h"
#include "store/outline.h"
#include "store/puts.h"

/* What happens to one subject or record. */
struct edit {
    heng_str subject;
    heng_str record; /* empty: the subject's own line */
    uint8_t *bytes;  /* NULL: the record left this subject */
    bool moved;      /* the record came from another subject: it is not new */
};

struct batch {
    heng_store *store;
    MDB_txn *txn;
    heng_arena *arena;
    heng_error *reterr;
    uint64_t commit;
    struct edit *edits;
    size_t edit_count;
    heng_puts puts;
    heng_put_cursor subjects;
    heng_put_cursor dossiers;
    heng_import_counts counts;
    uint8_t *journal; /* flagged id list of what it touches; NULL: nobody asks for it */
    size_t journal_bytes;
    bool changed;
    int code; /* LMDB's, where it failed */
};

/* One subject's part of the batch. */
struct group {
    heng_str id;
    struct edit *edits; /* of the records, sorted by id */
    size_t edit_count;
    uint8_t *new_subject;       /* of a subject line that is new or changed; or NULL */
    const uint8_t *old_subject; /* or NULL */
    heng_snapshot_record *old;  /* by (decided_on, id) */
    size_t old_count;
    bool has_dossier;
};

static heng_status lmdb_fail(struct batch *batch, int code) {
    batch->code = code;
    return heng_db_fail(batch->store, code, "cannot write to the store", batch->reterr);
}

static heng_status nomem(struct batch *batch) {
    return heng_error_nomem(batch->reterr);
}

static heng_status add_put(struct batch *batch, heng_table table, const heng_key *key,
                           const void *value, size_t len) {
    return heng_puts_add(&batch->puts, table, key, value, len) ? HENG_OK : nomem(batch);
}

/* ---- items to edits ---- */

/* The last key of a table: what lies behind it need not be looked up. Empty where there
 * is none; the transaction has not written to the table yet. */
static heng_str last_key(MDB_cursor *cursor) {
    MDB_val key;
    MDB_val value;
    return mdb_cursor_get(cursor, &key, &value, MDB_LAST) == MDB_SUCCESS
               ? heng_table_str(key)
               : (heng_str){0};
}

/* A record's edit; and a removal, where another subject had it. */
static heng_status edit_record(struct batch *batch, MDB_cursor *owners, heng_str newest,
                               const heng_item *item) {
    struct edit *edit = &batch->edits[batch->edit_count++];
    *edit = (struct edit){item->subject, item->record, item->bytes, false};
    if (heng_str_compare(item->record, newest) > 0)
        return HENG_OK;
    MDB_val key = heng_table_value(item->record.ptr, item->record.len);
    MDB_val value;
    int code = mdb_cursor_get(owners, &key, &value, MDB_SET);
    if (code == MDB_NOTFOUND)
        return HENG_OK;
    if (code != MDB_SUCCESS)
        return lmdb_fail(batch, code);
    heng_str owner = heng_table_str(value);
    if (heng_str_equal(owner, item->subject))
        return HENG_OK;
    edit->moved = true;
    heng_str copy = heng_arena_dup_str(batch->arena, owner);
    if (copy.ptr == NULL)
        return nomem(batch);
    batch->edits[batch->edit_count++] = (struct edit){copy, item->record, NULL, false};
    return HENG_OK;
}

static heng_status put_delivery(struct batch *batch, const heng_item *item) {
    MDB_cursor *cursor = NULL;
    heng_key key = {0};
    heng_key_add(&key, item->subject);
    heng_key_add_nul(&key);
    size_t prefix = key.len;
    heng_key_add_be64(&key, UINT64_MAX); /* behind the newest */
    int code =
        mdb_cursor_open(batch->txn, batch->store->tables[HENG_TABLE_DELIVERY], &cursor);
    if (code != MDB_SUCCESS)
        return lmdb_fail(batch, code);
    MDB_val at = heng_key_value(&key);
    MDB_val value;
    code = mdb_cursor_get(cursor, &at, &value, MDB_SET_RANGE);
    code =
        mdb_cursor_get(cursor, &at, &value, code == MDB_SUCCESS ? MDB_PREV : MDB_LAST);
    bool same = code == MDB_SUCCESS && at.mv_size == key.len &&
                memcmp(at.mv_data, key.bytes, prefix) == 0 &&
                value.mv_size == sizeof item->through &&
                memcmp(value.mv_data, &item->through, sizeof item->through) == 0;
    mdb_cursor_close(cursor);
    if (code != MDB_SUCCESS && code != MDB_NOTFOUND)
        return lmdb_fail(batch, code);
    if (same)
        return HENG_OK;
    heng_date *through = heng_arena_alloc(batch->arena, sizeof *through);
    if (through == NULL)
        return nomem(batch);
    *through = item->through;
    heng_table_put_be64(key.bytes + prefix, batch->commit);
    batch->changed = true;
    return add_put(batch, HENG_TABLE_DELIVERY, &key, through, sizeof *through);
}

/* Items of one kind in the order of their ids, equal ones as they came. */
struct sorted {
    const heng_item **items;
    size_t count;
};

static heng_status sort_items(struct batch *batch, const heng_item *items, size_t count,
                              heng_item_kind kind, struct sorted *ret_sorted) {
    size_t n = 0;
    for (size_t i = 0; i < count; i++) {
        n += items[i].kind == kind ? 1 : 0;
    }
    const heng_item **sorted =
        heng_arena_alloc(batch->arena, n * sizeof(const heng_item *));
    heng_arena_mark mark = heng_arena_get_mark(batch->arena);
    heng_str *ids = heng_arena_alloc(batch->arena, n * sizeof *ids);
    const heng_item **found =
        heng_arena_alloc(batch->arena, n * sizeof(const heng_item *));
    if (ids == NULL || found == NULL || sorted == NULL)
        return nomem(batch);
    n = 0;
    for (size_t i = 0; i < count; i++) {
        if (items[i].kind == kind) {
            ids[n] = kind == HENG_ITEM_RECORD ? items[i].record : items[i].subject;
            found[n++] = &items[i];
        }
    }
    const uint32_t *order = heng_id_order_sort(batch->arena, ids, n);
    if (order == NULL)
        return nomem(batch);
    for (size_t i = 0; i < n; i++) {
        sorted[i] = found[order[i]];
    }
    heng_arena_rewind(batch->arena, mark);
    *ret_sorted = (struct sorted){sorted, n};
    return HENG_OK;
}

/* Of the same object the last line counts; the others are as if changed and changed
 * again. */
static bool is_last(const struct sorted *sorted, size_t index) {
    if (index + 1 == sorted->count)
        return true;
    const heng_item *item = sorted->items[index];
    const heng_item *next = sorted->items[index + 1];
    return !(item->kind == HENG_ITEM_RECORD
                 ? heng_str_equal(item->record, next->record)
                 : heng_str_equal(item->subject, next->subject));
}

static heng_status edit_records(struct batch *batch, const struct sorted *records) {
    MDB_cursor *owners = NULL;
    heng_status status = HENG_OK;
    if (records->count == 0)
        return HENG_OK;
    int code = mdb_cursor_open(batch->txn,
                               batch->store->tables[HENG_TABLE_RECORD_OWNER], &owners);
    if (code != MDB_SUCCESS)
        return lmdb_fail(batch, code);
    heng_str newest = last_key(owners);
    for (size_t i = 0; i < records->count && status == HENG_OK; i++) {
        if (is_last(records, i)) {
            status = edit_record(batch, owners, newest, records->items[i]);
        } else {
            batch->counts.records_changed++;
        }
    }
    mdb_cursor_close(owners);
    return status;
}

static int compare_record_ids(const void *a, const void *b) {
    const struct edit *x = a;
    const struct edit *y = b;
    return heng_str_compare(x->record, y->record);
}

/* By subject; each one's own line first, then its records by id. */
static heng_status sort_edits(struct batch *batch) {
    size_t count = batch->edit_count;
    struct edit *sorted = heng_arena_alloc(batch->arena, count * sizeof *sorted);
    heng_arena_mark mark = heng_arena_get_mark(batch->arena);
    heng_str *ids = heng_arena_alloc(batch->arena, count * sizeof *ids);
    if (ids == NULL || sorted == NULL)
        return nomem(batch);
    for (size_t i = 0; i < count; i++) {
        ids[i] = batch->edits[i].subject;
    }
    const uint32_t *order = heng_id_order_sort(batch->arena, ids, count);
    if (order == NULL)
        return nomem(batch);
    for (size_t i = 0; i < count; i++) {
        sorted[i] = batch->edits[order[i]];
    }
    heng_arena_rewind(batch->arena, mark);
    batch->edits = sorted;
    /* Lines and records were put in in their orders; only removals can be out of it. */
    for (size_t first = 0; first < count;) {
        size_t end = first + 1;
        bool ascending = true;
        while (end < count &&
               heng_str_equal(sorted[end].subject, sorted[first].subject)) {
            ascending =
                ascending && compare_record_ids(&sorted[end - 1], &sorted[end]) < 0;
            end++;
        }
        if (!ascending) {
            qsort(sorted + first, end - first, sizeof *sorted, compare_record_ids);
        }
        first = end;
    }
    return HENG_OK;
}

static heng_status make_edits(struct batch *batch, const heng_item *items,
                              size_t count) {
    struct sorted subjects = {0};
    struct sorted records = {0};
    struct sorted deliveries = {0};
    heng_status status = sort_items(batch, items, count, HENG_ITEM_SUBJECT, &subjects);
    if (status == HENG_OK) {
        status = sort_items(batch, items, count, HENG_ITEM_RECORD, &records);
    }
    if (status == HENG_OK) {
        status = sort_items(batch, items, count, HENG_ITEM_DELIVERY, &deliveries);
    }
    if (status != HENG_OK)
        return status;
    /* of each record also a removal, where another subject had it */
    batch->edits = heng_arena_alloc(batch->arena, (subjects.count + 2 * records.count) *
                                                      sizeof *batch->edits);
    if (batch->edits == NULL)
        return nomem(batch);
    for (size_t i = 0; i < subjects.count && status == HENG_OK; i++) {
        if (is_last(&subjects, i)) {
            const heng_item *item = subjects.items[i];
            batch->edits[batch->edit_count++] =
                (struct edit){item->subject, {0}, item->bytes, false};
        } else {
            batch->counts.subjects_changed++;
        }
    }
    if (status == HENG_OK) {
        status = edit_records(batch, &records);
    }
    for (size_t i = 0; i < deliveries.count && status == HENG_OK; i++) {
        batch->counts.deliveries++;
        if (is_last(&deliveries, i)) {
            status = put_delivery(batch, deliveries.items[i]);
        }
    }
    return status == HENG_OK ? sort_edits(batch) : status;
}

/* ---- rows that follow from a changed object ---- */

/* A superseded version, from its commit until this one. */
static heng_status put_past(struct batch *batch, heng_table table, heng_str subject,
                            heng_str record, const uint8_t *old) {
    heng_key key = {0};
    size_t len = heng_flat_u32(old);
    heng_key_add(&key, subject);
    heng_key_add_nul(&key);
    if (table == HENG_TABLE_PAST_RECORD) {
        heng_key_add(&key, record);
        heng_key_add_nul(&key);
    }
    heng_key_add_be64(&key, heng_flat_u64(old + HENG_FLAT_SUBJECT_COMMIT));
    uint8_t *value = heng_arena_alloc(batch->arena, HENG_PAST_BYTES + len);
    if (value == NULL)
        return nomem(batch);
    heng_table_put_be64(value, batch->commit);
    memcpy(value + HENG_PAST_BYTES, old, len);
    return add_put(batch, table, &key, value, HENG_PAST_BYTES + len);
}

/* Whether an earlier relation of `subject` names the same other. */
static bool seen_before(const uint8_t *subject, size_t index) {
    heng_str id = heng_flat_relation_at(subject, index).id;
    for (size_t i = 0; i < index; i++) {
        if (heng_str_equal(heng_flat_relation_at(subject, i).id, id))
            return true;
    }
    return false;
}

static bool relates_to(const uint8_t *subject, heng_str id) {
    size_t count = subject == NULL ? 0 : heng_flat_relation_count(subject);
    for (size_t i = 0; i < count; i++) {
        if (heng_str_equal(heng_flat_relation_at(subject, i).id, id))
            return true;
    }
    return false;
}

/* The row of all relations of `subject` to `other`; empty where there is none. */
static heng_status put_tie(struct batch *batch, heng_str id, heng_str other,
                           const uint8_t *subject) {
    heng_key key = {0};
    heng_key_add(&key, other);
    heng_key_add_nul(&key);
    heng_key_add(&key, id);
    size_t count = heng_flat_relation_count(subject);
    size_t found = 0;
    for (size_t i = 0; i < count; i++) {
        found += heng_str_equal(heng_flat_relation_at(subject, i).id, other) ? 1 : 0;
    }
    uint8_t *row = heng_arena_alloc(batch->arena, found * HENG_TIE_BYTES);
    if (row == NULL)
        return nomem(batch);
    uint8_t *at = row;
    for (size_t i = 0; i < count; i++) {
        heng_flat_relation relation = heng_flat_relation_at(subject, i);
        if (heng_str_equal(relation.id, other)) {
            memcpy(at, &relation.role, 4);
            memcpy(at + 4, &relation.from, 4);
            memcpy(at + 8, &relation.to, 4);
            at += HENG_TIE_BYTES;
        }
    }
    return add_put(batch, HENG_TABLE_TIE, &key, row, found * HENG_TIE_BYTES);
}

static heng_status put_ties(struct batch *batch, heng_str id, const uint8_t *old,
                            const uint8_t *new) {
    heng_status status = HENG_OK;
    size_t count = heng_flat_relation_count(new);
    for (size_t i = 0; i < count && status == HENG_OK; i++) {
        if (!seen_before(new, i)) {
            status = put_tie(batch, id, heng_flat_relation_at(new, i).id, new);
        }
    }
    count = old == NULL ? 0 : heng_flat_relation_count(old);
    for (size_t i = 0; i < count && status == HENG_OK; i++) {
        heng_str other = heng_flat_relation_at(old, i).id;
        if (!seen_before(old, i) && !relates_to(new, other)) {
            status = put_tie(batch, id, other, new);
        }
    }
    return status;
}

/* Whether an earlier party is the same person. */
static bool party_seen_before(const uint8_t *record, size_t index) {
    heng_str id = heng_flat_party_at(record, index).id;
    for (size_t i = 0; i < index; i++) {
        if (heng_str_equal(heng_flat_party_at(record, i).id, id))
            return true;
    }
    return false;
}

/* Mentions of the parties of `record`; with `copy` NULL, that they were mentioned. */
static heng_status put_mentions(struct batch *batch, heng_str owner, heng_str id,
                                const uint8_t *record, const uint8_t *copy) {
    size_t count = record == NULL ? 0 : heng_flat_party_count(record);
    for (size_t i = 0; i < count; i++) {
        if (party_seen_before(record, i))
            continue;
        heng_key key = {0};
        heng_key_add(&key, heng_flat_party_at(record, i).id);
        heng_key_add_nul(&key);
        heng_key_add(&key, owner);
        heng_key_add_nul(&key);
        heng_key_add(&key, id);
        heng_status status = add_put(batch, HENG_TABLE_MENTION, &key,
                                     copy == NULL ? (const void *)"" : copy,
                                     copy == NULL ? 0 : heng_flat_u32(copy));
        if (status != HENG_OK)
            return status;
    }
    return HENG_OK;
}

/* Parties that only the old version names keep an empty row. `old` or `new` may be
 * NULL. */
static heng_status put_mention_changes(struct batch *batch, heng_str owner, heng_str id,
                                       const uint8_t *old, const uint8_t *new) {
    size_t count = old == NULL ? 0 : heng_flat_party_count(old);
    for (size_t i = 0; i < count; i++) {
        heng_str party = heng_flat_party_at(old, i).id;
        if (party_seen_before(old, i) || (new != NULL &&heng_gather_names(new, party)))
            continue;
        heng_key key = {0};
        heng_key_add(&key, party);
        heng_key_add_nul(&key);
        heng_key_add(&key, owner);
        heng_key_add_nul(&key);
        heng_key_add(&key, id);
        heng_status status = add_put(batch, HENG_TABLE_MENTION, &key, "", 0);
        if (status != HENG_OK)
            return status;
    }
    return put_mentions(batch, owner, id, new, new);
}

/* ---- one subject ---- */

static heng_status read_subject(struct batch *batch, struct group *group) {
    MDB_val key = heng_table_value(group->id.ptr, group->id.len);
    MDB_val value;
    int code = heng_puts_get(&batch->subjects, key, &value);
    if (code == MDB_NOTFOUND)
        return HENG_OK;
    if (code != MDB_SUCCESS)
        return lmdb_fail(batch, code);
    if (!heng_flat_check_subject(value.mv_data, value.mv_size))
        return heng_db_damaged(HENG_TABLE_SUBJECT, group->id, "no well-formed subject",
                               batch->reterr);
    group->old_subject = value.mv_data;
    return HENG_OK;
}

static heng_status read_old(struct batch *batch, struct group *group) {
    MDB_val key = heng_table_value(group->id.ptr, group->id.len);
    MDB_val value;
    heng_dossier dossier;
    int code = heng_puts_get(&batch->dossiers, key, &value);
    if (code == MDB_NOTFOUND)
        return read_subject(batch, group);
    if (code != MDB_SUCCESS)
        return lmdb_fail(batch, code);
    if (!heng_dossier_open(value.mv_data, value.mv_size, true, &dossier))
        return heng_db_damaged(HENG_TABLE_DOSSIER, group->id, "no well-formed dossier",
                               batch->reterr);
    group->has_dossier = true;
    group->old_subject = dossier.subject;
    group->old_count = dossier.count;
    group->old = heng_arena_alloc(batch->arena, dossier.count * sizeof *group->old);
    if (group->old == NULL)
        return nomem(batch);
    if (!heng_dossier_records(&dossier, group->id, true, group->old))
        return heng_db_damaged(HENG_TABLE_DOSSIER, group->id, "no well-formed record",
                               batch->reterr);
    return HENG_OK;
}

static void stamp(uint8_t *bytes, uint64_t commit) {
    memcpy(bytes + HENG_FLAT_SUBJECT_COMMIT, &commit, sizeof commit);
}

static heng_status apply_subject(struct batch *batch, struct group *group,
                                 uint8_t *bytes) {
    const uint8_t *old = group->old_subject;
    if (old != NULL && heng_flat_same(old, bytes)) {
        batch->counts.subjects_same++;
        return HENG_OK;
    }
    if (old == NULL) {
        batch->counts.subjects_new++;
    } else {
        batch->counts.subjects_changed++;
    }
    stamp(bytes, batch->commit);
    group->new_subject = bytes;
    heng_status status = put_ties(batch, group->id, old, bytes);
    if (status == HENG_OK && old != NULL) {
        status =
            put_past(batch, HENG_TABLE_PAST_SUBJECT, group->id, (heng_str){0}, old);
    }
    return status;
}

static int compare_ids(const void *a, const void *b) {
    const heng_snapshot_record *const *x = a;
    const heng_snapshot_record *const *y = b;
    return heng_str_compare(heng_flat_text((*x)->bytes, HENG_FLAT_RECORD_ID),
                            heng_flat_text((*y)->bytes, HENG_FLAT_RECORD_ID));
}

/* The old records by id, as the edits are. */
static heng_snapshot_record **by_id(struct batch *batch, struct group *group) {
    heng_snapshot_record **sorted =
        heng_arena_alloc(batch->arena, group->old_count * sizeof *sorted);
    if (sorted == NULL)
        return NULL;
    for (size_t i = 0; i < group->old_count; i++) {
        sorted[i] = &group->old[i];
    }
    if (group->old_count > 1) {
        qsort(sorted, group->old_count, sizeof *sorted, compare_ids);
    }
    return sorted;
}

/* One record's edit against its old version (NULL: none). `*ret_new` is what the
 * dossier gets; NULL: nothing. */
static heng_status apply_record(struct batch *batch, struct group *group,
                                const struct edit *edit, const uint8_t *old,
                                const uint8_t **ret_new, bool *ret_changed) {
    heng_status status = HENG_OK;
    if (old != NULL && edit->bytes != NULL && heng_flat_same(old, edit->bytes)) {
        batch->counts.records_same++;
        *ret_new = old;
        return HENG_OK;
    }
    *ret_changed = old != NULL || edit->bytes != NULL;
    *ret_new = edit->bytes;
    if (edit->bytes != NULL) {
        stamp(edit->bytes, batch->commit);
        if (old == NULL && !edit->moved) {
            batch->counts.records_new++;
        } else {
            batch->counts.records_changed++;
        }
    }
    if (old != NULL) {
        status = put_past(batch, HENG_TABLE_PAST_RECORD, group->id, edit->record, old);
    }
    if (status == HENG_OK && edit->bytes != NULL && old == NULL) {
        heng_key key = {0};
        heng_key_add(&key, edit->record);
        status = add_put(batch, HENG_TABLE_RECORD_OWNER, &key, edit->subject.ptr,
                         edit->subject.len);
    }
    if (status == HENG_OK) {
        status = put_mention_changes(batch, group->id, edit->record, old, edit->bytes);
    }
    return status;
}

/* Old records and edits, both by id, to the new list by (decided_on, id). */
static heng_status apply_records(struct batch *batch, struct group *group,
                                 heng_snapshot_record **ret_records, size_t *ret_count,
                                 bool *ret_changed) {
    heng_snapshot_record **old = by_id(batch, group);
    heng_snapshot_record *records = heng_arena_alloc(
        batch->arena, (group->old_count + group->edit_count) * sizeof *records);
    if (old == NULL || records == NULL)
        return nomem(batch);
    size_t count = 0;
    size_t at = 0;
    for (size_t i = 0; i < group->edit_count; i++) {
        const struct edit *edit = &group->edits[i];
        int order = -1;
        while (at < group->old_count) {
            order = heng_str_compare(
                heng_flat_text(old[at]->bytes, HENG_FLAT_RECORD_ID), edit->record);
            if (order >= 0)
                break;
            records[count++] = *old[at++];
        }
        const uint8_t *before =
            at < group->old_count && order == 0 ? old[at++]->bytes : NULL;
        const uint8_t *after = NULL;
        heng_status status =
            apply_record(batch, group, edit, before, &after, ret_changed);
        if (status != HENG_OK)
            return status;
        if (after != NULL) {
            records[count++] = (heng_snapshot_record){after, group->id};
        }
    }
    while (at < group->old_count) {
        records[count++] = *old[at++];
    }
    heng_dossier_sort(records, count);
    *ret_records = records;
    *ret_count = count;
    return HENG_OK;
}

/* Outlines wait for the end of the batch, so that their pages lie together in the file:
 * who goes through them maps no other tables' pages. */
static heng_status put_outline(struct batch *batch, const struct group *group,
                               const uint8_t *subject,
                               const heng_snapshot_record *records, size_t count) {
    heng_key key = {0};
    size_t room = heng_outline_room(subject, records, count);
    uint8_t *value = heng_arena_alloc(batch->arena, room);
    if (value == NULL)
        return nomem(batch);
    size_t size = heng_outline_write(group->id, subject, records, count, value);
    heng_key_add(&key, group->id);
    return add_put(batch, HENG_TABLE_OUTLINE, &key, value, size);
}

/* The gist, with the outlines: it waits, and lies, as they do. */
static heng_status put_gist(struct batch *batch, const struct group *group) {
    enum { USUAL = 1024 };
    uint8_t usual[USUAL];
    heng_key key = {0};
    size_t room = heng_flat_u32(group->new_subject);
    uint8_t *value = room <= USUAL ? usual : heng_arena_alloc(batch->arena, room);
    if (value == NULL)
        return nomem(batch);
    size_t size = heng_gist_write(group->new_subject, value);
    if (value == usual) { /* it takes a quarter of the room: thousands wait */
        value = heng_arena_alloc(batch->arena, size + 1);
        if (value == NULL)
            return nomem(batch);
        memcpy(value, usual, size);
    }
    heng_key_add(&key, group->id);
    return add_put(batch, HENG_TABLE_GIST, &key, value, size);
}

/* The dossier, whole and in outline. The outline is made first: writing the dossier may
 * move what the old records lie in. */
static heng_status write_dossier(struct batch *batch, const struct group *group,
                                 const uint8_t *subject,
                                 const heng_snapshot_record *records, size_t count) {
    MDB_val key = heng_table_value(group->id.ptr, group->id.len);
    heng_status status = put_outline(batch, group, subject, records, count);
    if (status != HENG_OK)
        return status;
    heng_arena_mark mark = heng_arena_get_mark(batch->arena);
    size_t size = heng_dossier_size(subject, records, count);
    uint8_t *value = heng_arena_alloc(batch->arena, size);
    if (value == NULL)
        return nomem(batch);
    heng_dossier_write(subject, records, count, value);
    int code = heng_puts_one(&batch->dossiers, key, (MDB_val){size, value});
    heng_arena_rewind(batch->arena, mark);
    return code == MDB_SUCCESS ? HENG_OK : lmdb_fail(batch, code);
}

static heng_status write_group(struct batch *batch, const struct group *group,
                               const heng_snapshot_record *records, size_t count) {
    MDB_val key = heng_table_value(group->id.ptr, group->id.len);
    const uint8_t *subject =
        group->new_subject != NULL ? group->new_subject : group->old_subject;
    heng_status status = HENG_OK;
    if (group->has_dossier || count > 0)
        status = write_dossier(batch, group, subject, records, count);
    if (status == HENG_OK && group->new_subject != NULL) {
        int code = heng_puts_one(
            &batch->subjects, key,
            (MDB_val){heng_flat_u32(group->new_subject), group->new_subject});
        if (code != MDB_SUCCESS)
            return lmdb_fail(batch, code);
        status = put_gist(batch, group);
    }
    return status;
}

static void note_touched(struct batch *batch, const struct group *group, bool records) {
    unsigned flags = (group->new_subject != NULL ? HENG_BASELINE_OWN : 0U) |
                     (records ? HENG_BASELINE_RECORDS : 0U);
    if (batch->journal != NULL) {
        (void)heng_id_list_put(batch->journal + batch->journal_bytes,
                               HENG_ID_LIST_FLAGGED, group->id, flags);
        batch->journal_bytes += heng_id_list_bytes(HENG_ID_LIST_FLAGGED, group->id);
    }
}

/* All edits of one subject, `first` to before `end`. */
static heng_status apply_group(struct batch *batch, size_t first, size_t end) {
    struct group group = {.id = batch->edits[first].subject,
                          .edits = &batch->edits[first],
                          .edit_count = end - first};
    heng_snapshot_record *records = NULL;
    size_t count = 0;
    bool changed = false;
    heng_status status = read_old(batch, &group);
    if (status == HENG_OK && group.edits[0].record.len == 0) {
        uint8_t *subject = group.edits[0].bytes;
        group.edits++;
        group.edit_count--;
        status = apply_subject(batch, &group, subject);
    }
    if (status == HENG_OK) {
        status = apply_records(batch, &group, &records, &count, &changed);
    }
    if (status == HENG_OK && (changed || group.new_subject != NULL)) {
        batch->changed = true;
        note_touched(batch, &group, changed);
        status = write_group(batch, &group, records, count);
    }
    return status;
}

static heng_status apply_groups(struct batch *batch) {
    int code =
        heng_puts_open(&batch->subjects, batch->store, batch->txn, HENG_TABLE_SUBJECT);
    if (code == MDB_SUCCESS) {
        code = heng_puts_open(&batch->dossiers, batch->store, batch->txn,
                              HENG_TABLE_DOSSIER);
    }
    heng_status status = code == MDB_SUCCESS ? HENG_OK : lmdb_fail(batch, code);
    for (size_t first = 0; first < batch->edit_count && status == HENG_OK;) {
        size_t end = first + 1;
        while (end < batch->edit_count &&
               heng_str_equal(batch->edits[end].subject, batch->edits[first].subject)) {
            end++;
        }
        status = apply_group(batch, first, end);
        first = end;
    }
    heng_puts_close(&batch->subjects);
    heng_puts_close(&batch->dossiers);
    return status;
}

/* ---- the journal ---- */

/* Room for all subjects that there are edits of, where a batch goes on from what
 * changed. They are come to in the order of their ids. */
static heng_status start_journal(struct batch *batch) {
    uint64_t since = 0;
    bool asked = false;
    heng_status status = heng_baseline_row_since(batch->store, batch->txn, &since,
                                                 &asked, batch->reterr);
    if (status != HENG_OK || !asked)
        return status;
    size_t size = 0;
    for (size_t i = 0; i < batch->edit_count; i++) {
        heng_str id = batch->edits[i].subject;
        if (i == 0 || !heng_str_equal(id, batch->edits[i - 1].subject)) {
            size += heng_id_list_bytes(HENG_ID_LIST_FLAGGED, id);
        }
    }
    batch->journal = heng_arena_alloc(batch->arena, size);
    return batch->journal == NULL ? nomem(batch) : HENG_OK;
}

static heng_status put_journal(struct batch *batch) {
    heng_key key = {0};
    heng_key_add_be64(&key, batch->commit);
    return batch->journal == NULL ? HENG_OK
                                  : add_put(batch, HENG_TABLE_JOURNAL, &key,
                                            batch->journal, batch->journal_bytes);
}

/* ---- the transaction ---- */

static heng_status put_state(struct batch *batch, const heng_names *names,
                             const heng_last_commit *old, heng_time_ms now) {
    heng_store *store = batch->store;
    heng_time_ms time = now > old->time ? now : old->time;
    uint32_t kind = HENG_COMMIT_IMPORT;
    uint32_t count = heng_names_count(names);
    uint8_t row[HENG_COMMIT_BYTES] = {0};
    uint8_t state[HENG_META_STATE_BYTES] = {0};
    uint8_t number[8];
    heng_table_put_be64(number, batch->commit);
    memcpy(row, &time, 8);
    memcpy(row + 8, &kind, 4);
    memcpy(state, &batch->commit, 8);
    memcpy(state + 8, &time, 8);
    memcpy(state + 16, &count, 4);
    MDB_val key = {sizeof number, number};
    MDB_val value = {sizeof row, row};
    int code =
        mdb_put(batch->txn, store->tables[HENG_TABLE_COMMIT], &key, &value, MDB_APPEND);
    if (code == MDB_SUCCESS) {
        key = heng_table_value(HENG_META_STATE, strlen(HENG_META_STATE));
        value = (MDB_val){sizeof state, state};
        code = mdb_put(batch->txn, store->tables[HENG_TABLE_META], &key, &value, 0);
    }
    if (code == MDB_SUCCESS) {
        code = heng_naming_put(store, batch->txn, names, old->names);
    }
    return code == MDB_SUCCESS ? HENG_OK : lmdb_fail(batch, code);
}

/* Everything but the commit itself. */
static heng_status fill(struct batch *batch, heng_item *items, size_t count,
                        const heng_names *names, heng_time_ms now) {
    heng_last_commit last;
    heng_status status =
        heng_db_last_commit(batch->store, batch->txn, &last, batch->reterr);
    if (status != HENG_OK)
        return status;
    batch->commit = last.commit + 1;
    status = make_edits(batch, items, count);
    if (status == HENG_OK) {
        status = start_journal(batch);
    }
    if (status == HENG_OK) {
        status = apply_groups(batch);
    }
    if (status == HENG_OK && batch->changed) {
        status = put_journal(batch);
    }
    if (status == HENG_OK && batch->changed) {
        int code = heng_puts_write(&batch->puts, batch->store, batch->txn);
        status = code == MDB_SUCCESS ? HENG_OK : lmdb_fail(batch, code);
    }
    if (status == HENG_OK && batch->changed) {
        status = put_state(batch, names, &last, now);
    }
    return status;
}

static void add_counts(heng_import_counts *to, const heng_import_counts *from) {
    to->subjects_new += from->subjects_new;
    to->subjects_changed += from->subjects_changed;
    to->subjects_same += from->subjects_same;
    to->records_new += from->records_new;
    to->records_changed += from->records_changed;
    to->records_same += from->records_same;
    to->deliveries += from->deliveries;
}

/* One try. `*ret_code` is LMDB's, for the caller to see that the map is full. */
static heng_status try_apply(heng_store *store, heng_item *items, size_t count,
                             const heng_names *names, heng_time_ms now,
                             heng_arena *arena, heng_import_counts *counts,
                             int *ret_code, heng_error *reterr) {
    struct batch batch = {
        .store = store, .arena = arena, .puts = {.arena = arena}, .reterr = reterr};
    heng_status status = heng_db_begin(store, true, &batch.txn, reterr);
    if (status != HENG_OK)
        return status;
    status = fill(&batch, items, count, names, now);
    if (status != HENG_OK || !batch.changed) {
        heng_db_abort(store, batch.txn);
    } else {
        int code = heng_db_commit(store, batch.txn);
        if (code != MDB_SUCCESS) {
            status = lmdb_fail(&batch, code);
        }
    }
    *ret_code = batch.code;
    if (status == HENG_OK) {
        add_counts(counts, &batch.counts);
        counts->commits += batch.changed ? 1 : 0;
    }
    return status;
}

heng_status heng_commit_apply(heng_store *store, heng_item *items, size_t count,
                              const heng_names *names, heng_time_ms now,
                              heng_arena *arena, heng_import_counts *counts,
                              heng_error *reterr) {
    for (;;) {
        int code = MDB_SUCCESS;
        heng_arena_mark mark = heng_arena_get_mark(arena);
        heng_status status =
            try_apply(store, items, count, names, now, arena, counts, &code, reterr);
        if (code != MDB_MAP_FULL)
            return status;
        heng_arena_rewind(arena, mark);
        status = heng_db_grow(store, reterr);
        if (status != HENG_OK)
            return status;
    }
}
