/* SPDX-License-Identifier: Apache-2.0 */
/*
 * commit_parts.h: what the steps of a commit share: commit_edits.c makes edits of the
 * items, commit_subject.c applies those of one subject after another, commit_rows.c
 * puts the rows that follow from a changed object, commit.c is the transaction around
 * them.
 *
 * INVARIANT: until its first write, and after it for all subjects not yet come to, what
 * is read lies in pages that LMDB does not touch; what is kept longer is copied.
 */
#ifndef HENG_STORE_COMMIT_PARTS_H
#define HENG_STORE_COMMIT_PARTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "heng/arena.h"
#include "heng/error.h"
#include "heng/store.h"
#include "store/db.h"
#include "store/import_check.h"
#include "store/puts.h"
#include "store/table.h"

/* What happens to one subject or record. */
typedef struct heng_commit_edit {
    heng_str subject;
    heng_str record; /* empty: the subject's own line */
    uint8_t *bytes;  /* NULL: the record left this subject */
    bool moved;      /* the record came from another subject: it is not new */
} heng_commit_edit;

/* A batch on its way into the tables. */
typedef struct heng_commit_batch {
    heng_store *store;
    MDB_txn *txn;
    heng_arena *arena;
    heng_error *reterr;
    uint64_t commit;
    heng_commit_edit *edits;
    size_t edit_count;
    heng_puts puts;
    heng_put_cursor subjects;
    heng_put_cursor dossiers;
    heng_import_counts counts;
    uint8_t *journal; /* flagged id list of what it touches; NULL: nobody asks for it */
    size_t journal_bytes;
    bool changed;
    int code; /* LMDB's, where it failed */
} heng_commit_batch;

/** Fails with LMDB's code, which is kept for who can grow the map. */
static inline heng_status heng_commit_fail(heng_commit_batch *batch, int code) {
    batch->code = code;
    return heng_db_fail(batch->store, code, "cannot write to the store", batch->reterr);
}

static inline heng_status heng_commit_nomem(heng_commit_batch *batch) {
    return heng_error_nomem(batch->reterr);
}

/** A row for the end of the batch; as of heng_puts_add(). */
static inline heng_status heng_commit_put(heng_commit_batch *batch, heng_table table,
                                          const heng_key *key, const void *value,
                                          size_t len) {
    return heng_puts_add(&batch->puts, table, key, value, len)
               ? HENG_OK
               : heng_commit_nomem(batch);
}

/* ---- commit_edits.c ---- */

/** Fills batch->edits: by subject; each one's own line first, then its records by id.
 * Of the same object the last line counts. Puts the rows of deliveries. */
heng_status heng_commit_make_edits(heng_commit_batch *batch, const heng_item *items,
                                   size_t count) HENG_NODISCARD;

/* ---- commit_rows.c ---- */

/** A superseded version, from its commit until this one. `record` is empty where the
 * table is that of subjects. */
heng_status heng_commit_put_past(heng_commit_batch *batch, heng_table table,
                                 heng_str subject, heng_str record,
                                 const uint8_t *old) HENG_NODISCARD;

/** Rows of all whom the subject `id` is tied to now, and empty ones of those whom only
 * its old version (NULL: none) was. */
heng_status heng_commit_put_ties(heng_commit_batch *batch, heng_str id,
                                 const uint8_t *old, const uint8_t *new) HENG_NODISCARD;

/** Rows of the parties of a record of `owner`. Parties that only the old version names
 * keep an empty row. `old` or `new` may be NULL. */
heng_status heng_commit_put_mention_changes(heng_commit_batch *batch, heng_str owner,
                                            heng_str id, const uint8_t *old,
                                            const uint8_t *new) HENG_NODISCARD;

/* ---- commit_subject.c ---- */

/** Applies batch->edits, writes subjects and dossiers, and leaves the other rows in
 * batch->puts. Notes in batch->journal, which has room, whom it touches. */
heng_status heng_commit_apply_groups(heng_commit_batch *batch) HENG_NODISCARD;

#endif
