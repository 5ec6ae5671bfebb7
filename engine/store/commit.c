/* SPDX-License-Identifier: Apache-2.0 */
/*
 * commit.c: how a batch changes the tables; here, the transaction around it.
 *
 * Lines are sorted by subject, so that each dossier is read and written once. A record
 * that moved to another subject is first noted as a removal from the old one: its lines
 * are sorted by record once more before that, and asked for their owners in order.
 *
 *   items -> the last of each id -> edits (subject, its records, removals) by subject
 *         -> per subject: old dossier + edits = new dossier, past versions, index rows
 *         -> rows of the other tables, sorted
 */
#include "store/commit.h"

#include <string.h>

#include "store/baseline_row.h"
#include "store/commit_parts.h"
#include "store/id_list.h"
#include "store/naming.h"

/* ---- the journal ---- */

/* Room for all subjects that there are edits of, where a batch goes on from what
 * changed. They are come to in the order of their ids. */
static heng_status start_journal(heng_commit_batch *batch) {
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
    return batch->journal == NULL ? heng_commit_nomem(batch) : HENG_OK;
}

static heng_status put_journal(heng_commit_batch *batch) {
    heng_key key = {0};
    heng_key_add_be64(&key, batch->commit);
    return batch->journal == NULL
               ? HENG_OK
               : heng_commit_put(batch, HENG_TABLE_JOURNAL, &key, batch->journal,
                                 batch->journal_bytes);
}

/* ---- the transaction ---- */

static heng_status put_state(heng_commit_batch *batch, const heng_names *names,
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
    return code == MDB_SUCCESS ? HENG_OK : heng_commit_fail(batch, code);
}

/* Everything but the commit itself. */
static heng_status fill(heng_commit_batch *batch, heng_item *items, size_t count,
                        const heng_names *names, heng_time_ms now) {
    heng_last_commit last;
    heng_status status =
        heng_db_last_commit(batch->store, batch->txn, &last, batch->reterr);
    if (status != HENG_OK)
        return status;
    batch->commit = last.commit + 1;
    status = heng_commit_make_edits(batch, items, count);
    if (status == HENG_OK) {
        status = start_journal(batch);
    }
    if (status == HENG_OK) {
        status = heng_commit_apply_groups(batch);
    }
    if (status == HENG_OK && batch->changed) {
        status = put_journal(batch);
    }
    if (status == HENG_OK && batch->changed) {
        int code = heng_puts_write(&batch->puts, batch->store, batch->txn);
        status = code == MDB_SUCCESS ? HENG_OK : heng_commit_fail(batch, code);
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
    heng_commit_batch batch = {
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
            status = heng_commit_fail(&batch, code);
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
