/* SPDX-License-Identifier: Apache-2.0 */
/* commit_subject.c: one subject after another: its old dossier and its edits to the new
 * one. */
#include "store/commit_parts.h"

#include <stdlib.h>
#include <string.h>

#include "model/flat.h"
#include "model/gist.h"
#include "store/baseline_row.h"
#include "store/dossier.h"
#include "store/id_list.h"
#include "store/outline.h"

/* One subject's part of the batch. */
struct group {
    heng_str id;
    heng_commit_edit *edits; /* of the records, sorted by id */
    size_t edit_count;
    uint8_t *new_subject;       /* of a subject line that is new or changed; or NULL */
    const uint8_t *old_subject; /* or NULL */
    heng_snapshot_record *old;  /* by (decided_on, id) */
    size_t old_count;
    bool has_dossier;
};

static heng_status read_subject(heng_commit_batch *batch, struct group *group) {
    MDB_val key = heng_table_value(group->id.ptr, group->id.len);
    MDB_val value;
    int code = heng_puts_get(&batch->subjects, key, &value);
    if (code == MDB_NOTFOUND)
        return HENG_OK;
    if (code != MDB_SUCCESS)
        return heng_commit_fail(batch, code);
    if (!heng_flat_check_subject(value.mv_data, value.mv_size))
        return heng_db_damaged(HENG_TABLE_SUBJECT, group->id, "no well-formed subject",
                               batch->reterr);
    group->old_subject = value.mv_data;
    return HENG_OK;
}

static heng_status read_old(heng_commit_batch *batch, struct group *group) {
    MDB_val key = heng_table_value(group->id.ptr, group->id.len);
    MDB_val value;
    heng_dossier dossier;
    int code = heng_puts_get(&batch->dossiers, key, &value);
    if (code == MDB_NOTFOUND)
        return read_subject(batch, group);
    if (code != MDB_SUCCESS)
        return heng_commit_fail(batch, code);
    if (!heng_dossier_open(value.mv_data, value.mv_size, true, &dossier))
        return heng_db_damaged(HENG_TABLE_DOSSIER, group->id, "no well-formed dossier",
                               batch->reterr);
    group->has_dossier = true;
    group->old_subject = dossier.subject;
    group->old_count = dossier.count;
    group->old = heng_arena_alloc(batch->arena, dossier.count * sizeof *group->old);
    if (group->old == NULL)
        return heng_commit_nomem(batch);
    if (!heng_dossier_records(&dossier, group->id, true, group->old))
        return heng_db_damaged(HENG_TABLE_DOSSIER, group->id, "no well-formed record",
                               batch->reterr);
    return HENG_OK;
}

static void stamp(uint8_t *bytes, uint64_t commit) {
    memcpy(bytes + HENG_FLAT_SUBJECT_COMMIT, &commit, sizeof commit);
}

static heng_status apply_subject(heng_commit_batch *batch, struct group *group,
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
    heng_status status = heng_commit_put_ties(batch, group->id, old, bytes);
    if (status == HENG_OK && old != NULL) {
        status = heng_commit_put_past(batch, HENG_TABLE_PAST_SUBJECT, group->id,
                                      (heng_str){0}, old);
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
static heng_snapshot_record **by_id(heng_commit_batch *batch, struct group *group) {
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
static heng_status apply_record(heng_commit_batch *batch, struct group *group,
                                const heng_commit_edit *edit, const uint8_t *old,
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
        status = heng_commit_put_past(batch, HENG_TABLE_PAST_RECORD, group->id,
                                      edit->record, old);
    }
    if (status == HENG_OK && edit->bytes != NULL && old == NULL) {
        heng_key key = {0};
        heng_key_add(&key, edit->record);
        status = heng_commit_put(batch, HENG_TABLE_RECORD_OWNER, &key,
                                 edit->subject.ptr, edit->subject.len);
    }
    if (status == HENG_OK) {
        status = heng_commit_put_mention_changes(batch, group->id, edit->record, old,
                                                 edit->bytes);
    }
    return status;
}

/* Old records and edits, both by id, to the new list by (decided_on, id). */
static heng_status apply_records(heng_commit_batch *batch, struct group *group,
                                 heng_snapshot_record **ret_records, size_t *ret_count,
                                 bool *ret_changed) {
    heng_snapshot_record **old = by_id(batch, group);
    heng_snapshot_record *records = heng_arena_alloc(
        batch->arena, (group->old_count + group->edit_count) * sizeof *records);
    if (old == NULL || records == NULL)
        return heng_commit_nomem(batch);
    size_t count = 0;
    size_t at = 0;
    for (size_t i = 0; i < group->edit_count; i++) {
        const heng_commit_edit *edit = &group->edits[i];
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
static heng_status put_outline(heng_commit_batch *batch, const struct group *group,
                               const uint8_t *subject,
                               const heng_snapshot_record *records, size_t count) {
    heng_key key = {0};
    size_t room = heng_outline_room(subject, records, count);
    uint8_t *value = heng_arena_alloc(batch->arena, room);
    if (value == NULL)
        return heng_commit_nomem(batch);
    size_t size = heng_outline_write(group->id, subject, records, count, value);
    heng_key_add(&key, group->id);
    return heng_commit_put(batch, HENG_TABLE_OUTLINE, &key, value, size);
}

/* The gist, with the outlines: it waits, and lies, as they do. */
static heng_status put_gist(heng_commit_batch *batch, const struct group *group) {
    enum { USUAL = 1024 };
    uint8_t usual[USUAL];
    heng_key key = {0};
    size_t room = heng_flat_u32(group->new_subject);
    uint8_t *value = room <= USUAL ? usual : heng_arena_alloc(batch->arena, room);
    if (value == NULL)
        return heng_commit_nomem(batch);
    size_t size = heng_gist_write(group->new_subject, value);
    if (value == usual) { /* it takes a quarter of the room: thousands wait */
        value = heng_arena_alloc(batch->arena, size + 1);
        if (value == NULL)
            return heng_commit_nomem(batch);
        memcpy(value, usual, size);
    }
    heng_key_add(&key, group->id);
    return heng_commit_put(batch, HENG_TABLE_GIST, &key, value, size);
}

/* The dossier, whole and in outline. The outline is made first: writing the dossier may
 * move what the old records lie in. */
static heng_status write_dossier(heng_commit_batch *batch, const struct group *group,
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
        return heng_commit_nomem(batch);
    heng_dossier_write(subject, records, count, value);
    int code = heng_puts_one(&batch->dossiers, key, (MDB_val){size, value});
    heng_arena_rewind(batch->arena, mark);
    return code == MDB_SUCCESS ? HENG_OK : heng_commit_fail(batch, code);
}

static heng_status write_group(heng_commit_batch *batch, const struct group *group,
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
            return heng_commit_fail(batch, code);
        status = put_gist(batch, group);
    }
    return status;
}

static void note_touched(heng_commit_batch *batch, const struct group *group,
                         bool records) {
    unsigned flags = (group->new_subject != NULL ? HENG_BASELINE_OWN : 0U) |
                     (records ? HENG_BASELINE_RECORDS : 0U);
    if (batch->journal != NULL) {
        (void)heng_id_list_put(batch->journal + batch->journal_bytes,
                               HENG_ID_LIST_FLAGGED, group->id, flags);
        batch->journal_bytes += heng_id_list_bytes(HENG_ID_LIST_FLAGGED, group->id);
    }
}

/* All edits of one subject, `first` to before `end`. */
static heng_status apply_group(heng_commit_batch *batch, size_t first, size_t end) {
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

heng_status heng_commit_apply_groups(heng_commit_batch *batch) {
    int code =
        heng_puts_open(&batch->subjects, batch->store, batch->txn, HENG_TABLE_SUBJECT);
    if (code == MDB_SUCCESS) {
        code = heng_puts_open(&batch->dossiers, batch->store, batch->txn,
                              HENG_TABLE_DOSSIER);
    }
    heng_status status = code == MDB_SUCCESS ? HENG_OK : heng_commit_fail(batch, code);
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
