/* SPDX-License-Identifier: Apache-2.0 */
/* commit_edits.c: the items of a batch to edits by subject; deliveries to rows at once.
 */
#include "store/commit_parts.h"

#include <stdlib.h>
#include <string.h>

#include "store/id_order.h"

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
static heng_status edit_record(heng_commit_batch *batch, MDB_cursor *owners,
                               heng_str newest, const heng_item *item) {
    heng_commit_edit *edit = &batch->edits[batch->edit_count++];
    *edit = (heng_commit_edit){item->subject, item->record, item->bytes, false};
    if (heng_str_compare(item->record, newest) > 0)
        return HENG_OK;
    MDB_val key = heng_table_value(item->record.ptr, item->record.len);
    MDB_val value;
    int code = mdb_cursor_get(owners, &key, &value, MDB_SET);
    if (code == MDB_NOTFOUND)
        return HENG_OK;
    if (code != MDB_SUCCESS)
        return heng_commit_fail(batch, code);
    heng_str owner = heng_table_str(value);
    if (heng_str_equal(owner, item->subject))
        return HENG_OK;
    edit->moved = true;
    heng_str copy = heng_arena_dup_str(batch->arena, owner);
    if (copy.ptr == NULL)
        return heng_commit_nomem(batch);
    batch->edits[batch->edit_count++] =
        (heng_commit_edit){copy, item->record, NULL, false};
    return HENG_OK;
}

static heng_status put_delivery(heng_commit_batch *batch, const heng_item *item) {
    MDB_cursor *cursor = NULL;
    heng_key key = {0};
    heng_key_add(&key, item->subject);
    heng_key_add_nul(&key);
    size_t prefix = key.len;
    heng_key_add_be64(&key, UINT64_MAX); /* behind the newest */
    int code =
        mdb_cursor_open(batch->txn, batch->store->tables[HENG_TABLE_DELIVERY], &cursor);
    if (code != MDB_SUCCESS)
        return heng_commit_fail(batch, code);
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
        return heng_commit_fail(batch, code);
    if (same)
        return HENG_OK;
    heng_date *through = heng_arena_alloc(batch->arena, sizeof *through);
    if (through == NULL)
        return heng_commit_nomem(batch);
    *through = item->through;
    heng_table_put_be64(key.bytes + prefix, batch->commit);
    batch->changed = true;
    return heng_commit_put(batch, HENG_TABLE_DELIVERY, &key, through, sizeof *through);
}

/* Items of one kind in the order of their ids, equal ones as they came. */
struct sorted {
    const heng_item **items;
    size_t count;
};

static heng_status sort_items(heng_commit_batch *batch, const heng_item *items,
                              size_t count, heng_item_kind kind,
                              struct sorted *ret_sorted) {
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
        return heng_commit_nomem(batch);
    n = 0;
    for (size_t i = 0; i < count; i++) {
        if (items[i].kind == kind) {
            ids[n] = kind == HENG_ITEM_RECORD ? items[i].record : items[i].subject;
            found[n++] = &items[i];
        }
    }
    const uint32_t *order = heng_id_order_sort(batch->arena, ids, n);
    if (order == NULL)
        return heng_commit_nomem(batch);
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

static heng_status edit_records(heng_commit_batch *batch,
                                const struct sorted *records) {
    MDB_cursor *owners = NULL;
    heng_status status = HENG_OK;
    if (records->count == 0)
        return HENG_OK;
    int code = mdb_cursor_open(batch->txn,
                               batch->store->tables[HENG_TABLE_RECORD_OWNER], &owners);
    if (code != MDB_SUCCESS)
        return heng_commit_fail(batch, code);
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
    const heng_commit_edit *x = a;
    const heng_commit_edit *y = b;
    return heng_str_compare(x->record, y->record);
}

/* By subject; each one's own line first, then its records by id. */
static heng_status sort_edits(heng_commit_batch *batch) {
    size_t count = batch->edit_count;
    heng_commit_edit *sorted = heng_arena_alloc(batch->arena, count * sizeof *sorted);
    heng_arena_mark mark = heng_arena_get_mark(batch->arena);
    heng_str *ids = heng_arena_alloc(batch->arena, count * sizeof *ids);
    if (ids == NULL || sorted == NULL)
        return heng_commit_nomem(batch);
    for (size_t i = 0; i < count; i++) {
        ids[i] = batch->edits[i].subject;
    }
    const uint32_t *order = heng_id_order_sort(batch->arena, ids, count);
    if (order == NULL)
        return heng_commit_nomem(batch);
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

heng_status heng_commit_make_edits(heng_commit_batch *batch, const heng_item *items,
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
        return heng_commit_nomem(batch);
    for (size_t i = 0; i < subjects.count && status == HENG_OK; i++) {
        if (is_last(&subjects, i)) {
            const heng_item *item = subjects.items[i];
            batch->edits[batch->edit_count++] =
                (heng_commit_edit){item->subject, {0}, item->bytes, false};
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
