/* SPDX-License-Identifier: Apache-2.0 */
/*
 * baseline.h: what a completed batch leaves in the store, so that the next one need
 * only look at the subjects whose outcome can have changed.
 *
 * No outcome is stored: a decision is a pure function of the ruleset, of what the store
 * knew at a commit, and of the day. So the old outcome of a subject is found again from
 * what is kept here: the commit (heng_view_at_commit), the day, the text of the
 * ruleset. Beside that: which subjects each later commit touched (written by imports,
 * from the moment heng_baseline_prepare() asked for it), and the day from which each
 * subject's outcome must be looked at again.
 *
 * The order of a batch:
 *
 *   heng_baseline_prepare   before this process takes any view
 *   heng_view_open …        all views of the batch at one commit
 *   heng_baseline_begin     or heng_baseline_resume
 *   heng_baseline_due …     for each subject whose outcome ends by itself
 *   heng_baseline_checkpoint … now and then
 *   heng_baseline_end       best after the views were closed
 *   heng_baseline_free      at the end, and after a failure anywhere
 *
 * Caveats:
 * - These writes make no commit: numbers, times and known-at are untouched, and the
 *   writer's lock of imports is not taken. An import of another process waits for one
 *   write of ours at most, and we for one batch of it.
 * - LMDB's map cannot be moved while this process has a view. So room is made ahead, in
 *   heng_baseline_prepare(): for all that a baseline can need, and for an import
 *   meanwhile that doubles the store. Should that not do, a write waits some seconds
 *   for the views of this process to be closed, then gives HENG_ERR_BUSY; nothing is
 *   lost that was checkpointed, and the same batch can be resumed.
 * - After a failure of a writer's function the writer is only good for being freed.
 */
#ifndef HENG_STORE_BASELINE_H
#define HENG_STORE_BASELINE_H

#include <stdbool.h>
#include <stdint.h>

#include "heng/arena.h"
#include "heng/date.h"
#include "heng/error.h"
#include "heng/store.h"
#include "heng/str.h"

typedef struct heng_baseline {
    uint64_t number; /* of the batch, from 1; 0: none was completed yet */
    uint64_t commit; /* what the store knew: heng_view_commit() of its views */
    heng_time_ms known_at;
    heng_date as_of;
    uint64_t subjects, told; /* with a subject line; with an outcome line */
    heng_str ruleset;        /* its digest */
} heng_baseline;

/** A batch that was begun and not completed, as of its last checkpoint. */
typedef struct heng_baseline_running {
    heng_baseline next; /* what it will be; `subjects` and `told` are 0 */
    bool full;          /* as given to heng_baseline_begin() */
    heng_str blob;      /* as given to heng_baseline_checkpoint() */
} heng_baseline_running;

/** Why a subject is among the changed ones. Stored: never renumber. */
enum {
    HENG_BASELINE_OWN = 1,    /* its own line is new or changed */
    HENG_BASELINE_RECORDS = 2 /* a record of its own is new, changed, moved away or
                                 arrived */
};

/* ---- reading ---- */

/** The last completed batch as of the view's transaction; `number` 0 where there is
 * none. Texts are memory of the view. HENG_ERR_STORE where it is damaged. */
heng_status heng_baseline_get(heng_view *view, heng_baseline *ret_last,
                              heng_error *reterr) HENG_NODISCARD;

/** The batch that was begun and not completed. HENG_ERR_NOT_FOUND where there is none,
 * or where it had no checkpoint yet. Texts are memory of the view. */
heng_status heng_baseline_get_running(heng_view *view,
                                      heng_baseline_running *ret_running,
                                      heng_error *reterr) HENG_NODISCARD;

/**
 * The files of a ruleset that the store keeps, as they were packed (file_set.h).
 *
 * @param ret_blob  in `arena`: outlives the view.
 * @return HENG_OK; HENG_ERR_NOT_FOUND where the store keeps none of this digest;
 *         HENG_ERR_STORE damaged; HENG_ERR_NOMEM.
 */
heng_status heng_baseline_ruleset(heng_view *view, heng_str digest, heng_arena *arena,
                                  heng_str *ret_blob,
                                  heng_error *reterr) HENG_NODISCARD;

/**
 * Every subject that commits after `after`, up to the view's, touched: in order of ids,
 * each once, with its flags (HENG_BASELINE_*) together. Subjects that only a delivery
 * or an index touched are not among them; nor are those whose outcome rests on a
 * touched subject by a tie or a mention.
 *
 * @param each  `id` is memory of the view. May read through the view. False stops.
 * @return HENG_OK, also when stopped; HENG_ERR_NOT_FOUND where the store does not say
 * it (any more): `after` is before the last completed batch, or none was ever prepared:
 * look at all subjects; HENG_ERR_LIMIT above HENG_LIMIT_BASELINE_ROWS commits:
 * likewise; HENG_ERR_STORE damaged, found before the first call of `each`;
 * HENG_ERR_NOMEM.
 */
heng_status
heng_baseline_each_changed(heng_view *view, uint64_t after,
                           bool (*each)(void *context, heng_str id, unsigned flags),
                           void *context, heng_error *reterr) HENG_NODISCARD;

/**
 * Every subject that completed batches said to look at again on or before `day`, in
 * order of ids, each once. Over-approximates: an older batch may name a subject that
 * was looked at since.
 *
 * @param each  as in heng_baseline_each_changed().
 * @return HENG_OK, also when stopped or where there is no baseline; HENG_ERR_LIMIT
 * above HENG_LIMIT_BASELINE_ROWS rows: look at all subjects; HENG_ERR_STORE damaged;
 *         HENG_ERR_NOMEM.
 */
heng_status heng_baseline_each_due(heng_view *view, heng_date day,
                                   bool (*each)(void *context, heng_str id),
                                   void *context, heng_error *reterr) HENG_NODISCARD;

/* ---- leaving a baseline ---- */

/**
 * Makes ready for a batch: room in the map, and from now on imports of any process say
 * which subjects they touch. Call it before this process takes a view: only views taken
 * afterwards can be begun from. Harmless when repeated.
 *
 * @return HENG_OK; HENG_ERR_IO where the store was opened for reading only;
 *         HENG_ERR_BUSY where views of this process stand in the way; HENG_ERR_FULL;
 *         HENG_ERR_STORE.
 */
heng_status heng_baseline_prepare(heng_store *store, heng_error *reterr) HENG_NODISCARD;

typedef struct heng_baseline_writer heng_baseline_writer;

/**
 * Begins a batch. Keeps the ruleset, and takes the place of a batch that was begun
 * before and not completed: what that one left is removed, and its writer, should it
 * still live, gets HENG_ERR_BUSY from then on.
 *
 * @param next          all but `number`, `subjects` and `told`, which are not read.
 * Copied.
 * @param ruleset_blob  the ruleset's files, packed (file_set.h): their digest must be
 *                      `next->ruleset`. Copied.
 * @param full          whether all subjects are looked at: then what older batches said
 *                      of days to come is forgotten when it is completed.
 * @param ret_writer    to be freed with heng_baseline_free().
 * @return HENG_OK; HENG_ERR_IO where the store was opened for reading only;
 * HENG_ERR_BUSY where `next->commit` is older than the last completed batch or than
 *         heng_baseline_prepare(): take the views anew; HENG_ERR_INVALID where `next`
 * or the blob has not its form; HENG_ERR_STORE damaged, or where the store keeps other
 * files under this digest; HENG_ERR_FULL; HENG_ERR_NOMEM.
 */
heng_status heng_baseline_begin(heng_store *store, const heng_baseline *next,
                                heng_str ruleset_blob, bool full,
                                heng_baseline_writer **ret_writer,
                                heng_error *reterr) HENG_NODISCARD;

/**
 * Goes on with the batch that heng_baseline_get_running() tells of, from its last
 * checkpoint: what came after that is removed. Its commit is still shown by
 * heng_view_at_commit().
 *
 * @return HENG_OK; HENG_ERR_NOT_FOUND where there is none with a checkpoint; else as
 *         heng_baseline_begin().
 */
heng_status heng_baseline_resume(heng_store *store, heng_baseline_writer **ret_writer,
                                 heng_error *reterr) HENG_NODISCARD;

/** The number that the batch will have. */
uint64_t heng_baseline_number(const heng_baseline_writer *writer);

/**
 * Notes that the outcome of `id` must be looked at again on `day` (the day after its
 * valid-through). One thread at a time; quickest when ids ascend. Memory is bounded: a
 * full collection (HENG_LIMIT_BASELINE_BYTES) is written out.
 *
 * @param id  copied.
 * @return HENG_OK; HENG_ERR_INVALID for a day outside the calendar or something too
 * long or short for an id; where it writes, as heng_baseline_checkpoint().
 */
heng_status heng_baseline_due(heng_baseline_writer *writer, heng_date day, heng_str id,
                              heng_error *reterr) HENG_NODISCARD;

/**
 * Writes what was collected, together with what heng_baseline_resume() goes on from.
 * Synced to the disk when it returns.
 *
 * @param blob  the caller's; at most HENG_LIMIT_BASELINE_BLOB_BYTES.
 * @return HENG_OK; HENG_ERR_LIMIT; HENG_ERR_BUSY where another batch was begun
 * meanwhile, or the map must grow and views stand in the way; HENG_ERR_FULL;
 * HENG_ERR_STORE.
 */
heng_status heng_baseline_checkpoint(heng_baseline_writer *writer, heng_str blob,
                                     heng_error *reterr) HENG_NODISCARD;

/**
 * Makes it the last completed batch, in one transaction: after a kill anywhere either
 * this one is the last or the one before. Then removes, in further transactions, what
 * nobody asks for any more; what a kill leaves of that is harmless and goes next time.
 *
 * @return as heng_baseline_checkpoint(). HENG_OK means that it is the last one.
 */
heng_status heng_baseline_end(heng_baseline_writer *writer, uint64_t subjects,
                              uint64_t told, heng_error *reterr) HENG_NODISCARD;

/** Frees. Without heng_baseline_end() nothing becomes visible; a checkpoint stays to be
 * resumed. NULL is a no-op. */
void heng_baseline_free(heng_baseline_writer *writer);

#endif
