/* SPDX-License-Identifier: Apache-2.0 */
/*
 * baseline_writer.c: leaving a baseline.
 *
 * INVARIANT: `last`, `since` and the end of `running` change in one transaction. Before
 * it, rows of `due` bear a number behind `last`, which no reader takes notice of; after
 * it, what is removed was no longer asked for.
 * INVARIANT: whoever writes holds the claim that `running` has, and looks at it in the
 * same transaction.
 *
 * Each function here is one transaction. What is removed is removed in several small
 * ones, after it.
 */
#include <string.h>

#include "base/alloc.h"
#include "base/limits.h"
#include "store/baseline.h"
#include "store/baseline_row.h"
#include "store/due_list.h"
#include "store/file_set.h"
#include "store/id_list.h"
#include "store/sweep.h"
#include "store/write_step.h"

struct heng_baseline_writer {
    heng_store *store; /* borrowed */
    heng_baseline next;
    char *digest; /* owned: that of `next` */
    uint32_t claim;
    uint32_t flags;
    uint64_t parts; /* written, whether of a checkpoint or not */
    heng_due_list due;
};

static const heng_pos NOWHERE = {0, 0};
static const char DOING[] = "cannot write what the batch leaves";

/* ---- rows ---- */

static heng_status put_since(heng_write_step *step, uint64_t commit) {
    uint8_t *at = NULL;
    int code = heng_write_step_put(step, HENG_TABLE_BATCH, HENG_STR(HENG_BATCH_SINCE),
                                   sizeof commit, &at);
    if (code != MDB_SUCCESS)
        return heng_write_step_fail(step, code);
    memcpy(at, &commit, sizeof commit);
    return HENG_OK;
}

static heng_status put_running(heng_write_step *step, const heng_baseline_row *row) {
    uint8_t *at = NULL;
    int code = heng_write_step_put(step, HENG_TABLE_BATCH, HENG_STR(HENG_BATCH_RUNNING),
                                   heng_baseline_row_running_size(row), &at);
    if (code != MDB_SUCCESS)
        return heng_write_step_fail(step, code);
    heng_baseline_row_write_running(row, at);
    return HENG_OK;
}

static heng_status writable(const heng_store *store, heng_error *reterr) {
    return store->writable
               ? HENG_OK
               : heng_error_set(
                     reterr, HENG_ERR_IO, store->path, NOWHERE,
                     "the store was opened for reading only, and a batch must "
                     "leave in it what the next one goes on from");
}

/* ---- making ready ---- */

/* Twice what there is, for an import meanwhile; every subject due once, its row's share
 * of keys and half-filled pages included; and the pages that LMDB keeps for views. */
static heng_status reserve(heng_store *store, heng_error *reterr) {
    enum { ROW_BYTES = 2 * HENG_LIMIT_SUBJECT_ID_BYTES, MORE_BYTES = 256 << 20 };
    MDB_txn *txn = NULL;
    MDB_envinfo info;
    MDB_stat subjects;
    MDB_stat dossiers;
    heng_status status = heng_db_begin(store, false, &txn, reterr);
    if (status != HENG_OK)
        return status;
    int code = mdb_env_info(store->env, &info);
    if (code == MDB_SUCCESS) {
        code = mdb_stat(txn, store->tables[HENG_TABLE_SUBJECT], &subjects);
    }
    if (code == MDB_SUCCESS) {
        code = mdb_stat(txn, store->tables[HENG_TABLE_DOSSIER], &dossiers);
    }
    heng_db_abort(store, txn);
    if (code != MDB_SUCCESS)
        return heng_db_fail(store, code, DOING, reterr);
    size_t used = (info.me_last_pgno + 1) * subjects.ms_psize;
    size_t rows = subjects.ms_entries + dossiers.ms_entries;
    return heng_db_reserve(store, 2 * used + rows * ROW_BYTES + MORE_BYTES, reterr);
}

static heng_status begin_journal(heng_write_step *step, void *context) {
    heng_last_commit last;
    uint64_t since = 0;
    bool begun = false;
    (void)context;
    heng_status status =
        heng_baseline_row_since(step->store, step->txn, &since, &begun, step->reterr);
    if (status == HENG_OK) {
        status = heng_db_last_commit(step->store, step->txn, &last, step->reterr);
    }
    step->nothing = begun; /* another process was quicker */
    return status != HENG_OK || begun ? status : put_since(step, last.commit);
}

/* Whether the journal was asked for before: then nothing need be written. */
static heng_status journal_begun(heng_store *store, bool *ret_begun,
                                 heng_error *reterr) {
    MDB_txn *txn = NULL;
    uint64_t since = 0;
    heng_status status = heng_db_begin(store, false, &txn, reterr);
    if (status != HENG_OK)
        return status;
    status = heng_baseline_row_since(store, txn, &since, ret_begun, reterr);
    heng_db_abort(store, txn);
    return status;
}

heng_status heng_baseline_prepare(heng_store *store, heng_error *reterr) {
    bool begun = false;
    heng_status status = writable(store, reterr);
    if (status == HENG_OK) {
        status = reserve(store, reterr);
    }
    if (status == HENG_OK) {
        status = journal_begun(store, &begun, reterr);
    }
    return status != HENG_OK || begun
               ? status
               : heng_write_step_run(store, DOING, begin_journal, NULL, reterr);
}

/* ---- removing ---- */

/* What of older batches, or of this one, is left. */
struct remains {
    uint64_t commit;
    heng_date day;
    uint64_t number; /* of this batch */
    uint64_t parts;  /* of it */
    bool full;
};

static heng_sweep_verdict judge_journal(const void *context, MDB_val key) {
    const struct remains *remains = context;
    if (key.mv_size != 8)
        return HENG_SWEEP_KEEP;
    return heng_table_be64(key.mv_data) <= remains->commit ? HENG_SWEEP_REMOVE
                                                           : HENG_SWEEP_STOP;
}

/* Of batches that were not completed; of one that is resumed, what came after its
 * checkpoint. */
static heng_sweep_verdict judge_unfinished(const void *context, MDB_val key) {
    const struct remains *remains = context;
    heng_baseline_due_key parts;
    if (!heng_baseline_row_read_due_key(key, &parts) || parts.number < remains->number)
        return HENG_SWEEP_KEEP;
    return parts.number > remains->number || parts.part >= remains->parts
               ? HENG_SWEEP_REMOVE
               : HENG_SWEEP_KEEP;
}

/* What a completed batch looked at again. */
static heng_sweep_verdict judge_done(const void *context, MDB_val key) {
    const struct remains *remains = context;
    heng_baseline_due_key parts;
    if (!heng_baseline_row_read_due_key(key, &parts))
        return HENG_SWEEP_KEEP;
    if (!remains->full && parts.day > remains->day)
        return HENG_SWEEP_STOP;
    return parts.number < remains->number ? HENG_SWEEP_REMOVE : HENG_SWEEP_KEEP;
}

static heng_status sweep_unfinished(heng_baseline_writer *writer, heng_error *reterr) {
    struct remains remains = {.number = writer->next.number, .parts = writer->parts};
    return heng_sweep_run(writer->store, HENG_TABLE_DUE, judge_unfinished, &remains,
                          reterr);
}

/* ---- beginning and resuming ---- */

struct beginning {
    heng_baseline_writer *writer;
    heng_str ruleset;
    bool replaces; /* a batch that was begun before */
};

static heng_baseline_row row_of(const heng_baseline_writer *writer, heng_str blob) {
    return (heng_baseline_row){.next = writer->next,
                               .parts = writer->parts,
                               .claim = writer->claim,
                               .flags = writer->flags,
                               .blob = blob};
}

static heng_status keep_ruleset(heng_write_step *step, heng_str digest,
                                heng_str ruleset) {
    uint8_t *at = NULL;
    MDB_val kept;
    int code = heng_db_get(step->store, step->txn, HENG_TABLE_RULESET, digest, &kept);
    if (code == MDB_SUCCESS)
        return heng_str_equal(heng_table_str(kept), ruleset)
                   ? HENG_OK
                   : heng_db_damaged(HENG_TABLE_RULESET, digest,
                                     "other files are kept under this digest",
                                     step->reterr);
    if (code == MDB_NOTFOUND) {
        code = heng_write_step_put(step, HENG_TABLE_RULESET, digest, ruleset.len, &at);
    }
    if (code != MDB_SUCCESS)
        return heng_write_step_fail(step, code);
    memcpy(at, ruleset.ptr, ruleset.len);
    return HENG_OK;
}

/* That all that was imported after the batch's views is in the journal, and that it is
 * no step back. */
static heng_status check_commit(heng_write_step *step, uint64_t commit) {
    heng_last_commit last;
    uint64_t since = 0;
    bool found = false;
    heng_status status =
        heng_baseline_row_since(step->store, step->txn, &since, &found, step->reterr);
    if (status == HENG_OK) {
        status = heng_db_last_commit(step->store, step->txn, &last, step->reterr);
    }
    if (status != HENG_OK)
        return status;
    if (commit > last.commit)
        return heng_error_set(step->reterr, HENG_ERR_INVALID, step->store->path,
                              NOWHERE,
                              "the batch says it saw commit %ju, and the newest is %ju",
                              (uintmax_t)commit, (uintmax_t)last.commit);
    if (!found || commit < since)
        return heng_error_set(
            step->reterr, HENG_ERR_BUSY, step->store->path, NOWHERE,
            "the store went on after the batch looked at it at commit "
            "%ju; run the batch again",
            (uintmax_t)commit);
    return HENG_OK;
}

static heng_status begin_step(heng_write_step *step, void *context) {
    struct beginning *beginning = context;
    heng_baseline_writer *writer = beginning->writer;
    heng_baseline last;
    heng_baseline_row running;
    bool found = false;
    heng_status status = check_commit(step, writer->next.commit);
    if (status == HENG_OK) {
        status =
            heng_baseline_row_last(step->store, step->txn, &last, &found, step->reterr);
    }
    if (status == HENG_OK) {
        status = heng_baseline_row_running(step->store, step->txn, &running,
                                           &beginning->replaces, step->reterr);
    }
    if (status != HENG_OK)
        return status;
    writer->next.number = last.number + 1;
    writer->claim = running.claim + 1;
    heng_baseline_row row = row_of(writer, (heng_str){0});
    status = keep_ruleset(step, writer->next.ruleset, beginning->ruleset);
    return status == HENG_OK ? put_running(step, &row) : status;
}

/* One of no batch yet; NULL: *ret_status says why. */
static heng_baseline_writer *new_writer(heng_store *store, heng_status *ret_status,
                                        heng_error *reterr) {
    *ret_status = writable(store, reterr);
    if (*ret_status != HENG_OK)
        return NULL;
    heng_baseline_writer *writer = heng_alloc_zero(1, sizeof *writer);
    if (writer == NULL) {
        *ret_status = heng_error_nomem(reterr);
        return NULL;
    }
    writer->store = store;
    *ret_status = heng_due_list_init(&writer->due, HENG_LIMIT_BASELINE_BYTES, reterr);
    if (*ret_status != HENG_OK) {
        heng_baseline_free(writer);
        return NULL;
    }
    return writer;
}

static heng_status set_next(heng_baseline_writer *writer, const heng_baseline *next) {
    writer->digest = heng_alloc_dup(next->ruleset.ptr, next->ruleset.len);
    if (writer->digest == NULL)
        return HENG_ERR_NOMEM;
    writer->next = *next;
    writer->next.ruleset.ptr = writer->digest;
    writer->next.subjects = 0;
    writer->next.told = 0;
    return HENG_OK;
}

static heng_status check_form(const heng_store *store, const heng_baseline *next,
                              heng_str ruleset, heng_error *reterr) {
    MDB_val key = heng_table_value(next->ruleset.ptr, next->ruleset.len);
    MDB_val value = heng_table_value(ruleset.ptr, ruleset.len);
    const char *fault = heng_date_valid(next->as_of)
                            ? heng_baseline_row_fault(HENG_TABLE_RULESET, key, value)
                            : "the day is outside the calendar";
    return fault == NULL ? HENG_OK
                         : heng_error_set(reterr, HENG_ERR_INVALID, store->path,
                                          NOWHERE, "%s: %s", DOING, fault);
}

heng_status heng_baseline_begin(heng_store *store, const heng_baseline *next,
                                heng_str ruleset_blob, bool full,
                                heng_baseline_writer **ret_writer, heng_error *reterr) {
    heng_status status = check_form(store, next, ruleset_blob, reterr);
    if (status != HENG_OK)
        return status;
    heng_baseline_writer *writer = new_writer(store, &status, reterr);
    if (writer == NULL)
        return status;
    writer->flags = full ? HENG_BASELINE_ROW_FULL : 0U;
    status = set_next(writer, next);
    struct beginning beginning = {.writer = writer, .ruleset = ruleset_blob};
    if (status == HENG_OK) {
        status = heng_write_step_run(store, DOING, begin_step, &beginning, reterr);
    } else {
        (void)heng_error_nomem(reterr);
    }
    if (status == HENG_OK && beginning.replaces) {
        status = sweep_unfinished(writer, reterr);
    }
    if (status != HENG_OK) {
        heng_baseline_free(writer);
        return status;
    }
    *ret_writer = writer;
    return HENG_OK;
}

static heng_status resume_step(heng_write_step *step, void *context) {
    heng_baseline_writer *writer = context;
    heng_baseline_row row;
    bool found = false;
    heng_status status =
        heng_baseline_row_running(step->store, step->txn, &row, &found, step->reterr);
    if (status != HENG_OK)
        return status;
    if (!found || (row.flags & HENG_BASELINE_ROW_CHECKPOINT) == 0)
        return heng_error_set(
            step->reterr, HENG_ERR_NOT_FOUND, step->store->path, NOWHERE,
            "there is no interrupted batch to go on with; begin a new "
            "one");
    heng_alloc_free(writer->digest); /* of a try before the map grew */
    if (set_next(writer, &row.next) != HENG_OK)
        return heng_error_nomem(step->reterr);
    writer->parts = row.parts;
    writer->flags = row.flags;
    writer->claim = row.claim + 1;
    /* The row lies in a page that this write may use anew: take it out first. */
    char *blob = heng_alloc_dup(row.blob.ptr, row.blob.len);
    if (blob == NULL)
        return heng_error_nomem(step->reterr);
    heng_baseline_row again = row_of(writer, (heng_str){blob, row.blob.len});
    status = put_running(step, &again);
    heng_alloc_free(blob);
    return status;
}

heng_status heng_baseline_resume(heng_store *store, heng_baseline_writer **ret_writer,
                                 heng_error *reterr) {
    heng_status status = HENG_OK;
    heng_baseline_writer *writer = new_writer(store, &status, reterr);
    if (writer == NULL)
        return status;
    status = heng_write_step_run(store, DOING, resume_step, writer, reterr);
    if (status == HENG_OK) {
        status = sweep_unfinished(writer, reterr);
    }
    if (status != HENG_OK) {
        heng_baseline_free(writer);
        return status;
    }
    *ret_writer = writer;
    return HENG_OK;
}

void heng_baseline_free(heng_baseline_writer *writer) {
    if (writer == NULL)
        return;
    heng_due_list_done(&writer->due);
    heng_alloc_free(writer->digest);
    heng_alloc_free(writer);
}

uint64_t heng_baseline_number(const heng_baseline_writer *writer) {
    return writer->next.number;
}

/* ---- under way ---- */

static heng_status check_claim(heng_write_step *step,
                               const heng_baseline_writer *writer) {
    heng_baseline_row row;
    bool found = false;
    heng_status status =
        heng_baseline_row_running(step->store, step->txn, &row, &found, step->reterr);
    if (status != HENG_OK)
        return status;
    if (!found || row.next.number != writer->next.number || row.claim != writer->claim)
        return heng_error_set(
            step->reterr, HENG_ERR_BUSY, step->store->path, NOWHERE,
            "another batch was begun on this store meanwhile; this one "
            "ends without becoming the one that the next goes on from");
    return HENG_OK;
}

/* The entries `first` to before `end`, all of one day, as one row. */
static int put_day(heng_write_step *step, const heng_baseline_writer *writer,
                   size_t first, size_t end) {
    const heng_due_list *due = &writer->due;
    heng_key key = {0};
    size_t size = 0;
    uint8_t *at = NULL;
    heng_baseline_row_due_key(&key, (heng_baseline_due_key){due->entries[first].day,
                                                            writer->next.number,
                                                            (uint32_t)writer->parts});
    for (size_t i = first; i < end; i++) {
        size += heng_id_list_bytes(HENG_ID_LIST_PLAIN, heng_due_list_id(due, i));
    }
    int code = heng_write_step_put(
        step, HENG_TABLE_DUE, (heng_str){(const char *)key.bytes, key.len}, size, &at);
    for (size_t i = first; i < end && code == MDB_SUCCESS; i++) {
        at = heng_id_list_put(at, HENG_ID_LIST_PLAIN, heng_due_list_id(due, i), 0);
    }
    return code;
}

/* What was collected, as the next part. */
static heng_status put_part(heng_write_step *step, heng_baseline_writer *writer) {
    heng_due_list *due = &writer->due;
    heng_status status = check_claim(step, writer);
    if (status != HENG_OK)
        return status;
    heng_due_list_sort(due);
    for (size_t first = 0; first < due->count;) {
        size_t end = first + 1;
        while (end < due->count && due->entries[end].day == due->entries[first].day) {
            end++;
        }
        int code = put_day(step, writer, first, end);
        if (code != MDB_SUCCESS)
            return heng_write_step_fail(step, code);
        first = end;
    }
    return HENG_OK;
}

static void part_is_written(heng_baseline_writer *writer) {
    writer->parts += writer->due.count > 0 ? 1 : 0;
    heng_due_list_clear(&writer->due);
}

static heng_status part_step(heng_write_step *step, void *context) {
    return put_part(step, context);
}

heng_status heng_baseline_due(heng_baseline_writer *writer, heng_date day, heng_str id,
                              heng_error *reterr) {
    if (!heng_date_valid(day) || id.len == 0 || id.len > HENG_LIMIT_SUBJECT_ID_BYTES)
        return heng_error_set(reterr, HENG_ERR_INVALID, writer->store->path, NOWHERE,
                              "%s: an id of %zu bytes, or a day outside the calendar",
                              DOING, id.len);
    if (heng_due_list_add(&writer->due, day, id))
        return HENG_OK;
    heng_status status =
        heng_write_step_run(writer->store, DOING, part_step, writer, reterr);
    if (status == HENG_OK) {
        part_is_written(writer);
        (void)heng_due_list_add(&writer->due, day, id); /* it is empty now */
    }
    return status;
}

struct checkpoint {
    heng_baseline_writer *writer;
    heng_str blob;
};

static heng_status checkpoint_step(heng_write_step *step, void *context) {
    const struct checkpoint *checkpoint = context;
    heng_baseline_writer *writer = checkpoint->writer;
    heng_status status = put_part(step, writer);
    heng_baseline_row row = row_of(writer, checkpoint->blob);
    row.parts += writer->due.count > 0 ? 1 : 0;
    row.flags |= HENG_BASELINE_ROW_CHECKPOINT;
    return status == HENG_OK ? put_running(step, &row) : status;
}

heng_status heng_baseline_checkpoint(heng_baseline_writer *writer, heng_str blob,
                                     heng_error *reterr) {
    struct checkpoint checkpoint = {writer, blob};
    if (blob.len > HENG_LIMIT_BASELINE_BLOB_BYTES)
        return heng_error_set(reterr, HENG_ERR_LIMIT, writer->store->path, NOWHERE,
                              "what a batch is resumed from has at most %zu bytes, not "
                              "%zu",
                              HENG_LIMIT_BASELINE_BLOB_BYTES, blob.len);
    heng_status status =
        heng_write_step_run(writer->store, DOING, checkpoint_step, &checkpoint, reterr);
    if (status == HENG_OK) {
        part_is_written(writer);
        writer->flags |= HENG_BASELINE_ROW_CHECKPOINT;
    }
    return status;
}

/* ---- the end ---- */

static heng_status end_step(heng_write_step *step, void *context) {
    heng_baseline_writer *writer = context;
    MDB_val running = heng_table_value(HENG_BATCH_RUNNING, strlen(HENG_BATCH_RUNNING));
    uint8_t *at = NULL;
    heng_status status = put_part(step, writer);
    if (status == HENG_OK) {
        status = put_since(step, writer->next.commit);
    }
    if (status != HENG_OK)
        return status;
    int code =
        mdb_del(step->txn, step->store->tables[HENG_TABLE_BATCH], &running, NULL);
    if (code == MDB_SUCCESS) {
        code = heng_write_step_put(step, HENG_TABLE_BATCH, HENG_STR(HENG_BATCH_LAST),
                                   heng_baseline_row_last_size(&writer->next), &at);
    }
    if (code != MDB_SUCCESS)
        return heng_write_step_fail(step, code);
    heng_baseline_row_write_last(&writer->next, at);
    return HENG_OK;
}

heng_status heng_baseline_end(heng_baseline_writer *writer, uint64_t subjects,
                              uint64_t told, heng_error *reterr) {
    writer->next.subjects = subjects;
    writer->next.told = told;
    heng_status status =
        heng_write_step_run(writer->store, DOING, end_step, writer, reterr);
    if (status != HENG_OK)
        return status;
    part_is_written(writer);
    struct remains remains = {.commit = writer->next.commit,
                              .day = writer->next.as_of,
                              .number = writer->next.number,
                              .full = (writer->flags & HENG_BASELINE_ROW_FULL) != 0};
    /* The batch is complete whether or not this succeeds: what stays is gone through
     * once more by the next, and removed by it. */
    (void)heng_sweep_run(writer->store, HENG_TABLE_JOURNAL, judge_journal, &remains,
                         NULL);
    (void)heng_sweep_run(writer->store, HENG_TABLE_DUE, judge_done, &remains, NULL);
    return HENG_OK;
}
