/* SPDX-License-Identifier: Apache-2.0 */
/*
 * batch_parts.h: what the passes of a batch share: batch.c opens it and decides,
 * hands.c has what every pass needs, reached.c finds whom records of others reach,
 * candidates.c finds whose outcome can have changed, compare.c decides twice, against.c
 * by two rulesets in one pass.
 */
#ifndef HENG_BATCH_BATCH_PARTS_H
#define HENG_BATCH_BATCH_PARTS_H

#include <pthread.h>

#include "base/limits.h"
#include "batch/before.h"
#include "batch/id_set.h"
#include "batch/line_order.h"
#include "batch/reach.h"
#include "batch/stretch.h"
#include "batch/tie_set.h"
#include "heng/batch.h"
#include "store/scan.h"

/* One state of the world as a thread reads it and decides on it. */
typedef struct heng_side {
    heng_view *view;
    heng_worker *worker;
    heng_arena *arena;    /* one subject's */
    heng_scan *scan;      /* of the pass that runs; NULL */
    heng_reacher reacher; /* whom its records reach, by the plan of that state */
} heng_side;

/* What a thread has for itself. */
typedef struct heng_hand {
    heng_batch *batch;
    size_t number;
    pthread_t thread;
    heng_side now;
    heng_side old;     /* as of the last completed batch, or by the other ruleset in the
                          same view; zeroed where nothing compares */
    heng_id_set ids;   /* whom it found; of a batch that compares with another day */
    heng_tie_set ties; /* by which ties whom; of another */
    uint64_t *roles;
} heng_hand;

struct heng_batch {
    heng_batch_options options;
    size_t threads;
    unsigned what; /* of the scan that decides */
    bool passes;   /* by those without records to whom nothing applies */
    heng_plan *plan;
    heng_arena *arena; /* cuts, and ids of one round */
    heng_arena *before_arena;
    heng_before before;
    heng_batch_scope scope;
    bool compares;
    bool in_one_pass; /* by two rulesets (against.c) */
    heng_hand *hands; /* owned, one a thread */
    heng_line_order order;
    bool has_order;
    heng_batch_tally tally;

    /* the run */
    const heng_batch_sink *sink;
    heng_stretches dossiers, stretches;
    heng_wanted *reached; /* sorted; of candidates.c: all that are looked at */
    size_t reached_count;
    uint64_t done, total;
    void (*work)(heng_hand *hand, size_t stretch, heng_slot *slot);
};

/** Whether only those are looked at whose outcome can have changed. */
static inline bool heng_batch_is_narrow(const heng_batch *batch) {
    return batch->scope == HENG_BATCH_SCOPE_CHANGED;
}

/** Whether those whom ties reach are kept with the ties, which are of the state that is
 * decided on. */
static inline bool heng_batch_keeps_ties(const heng_batch *batch) {
    return !batch->compares || batch->in_one_pass;
}

/* ---- hands.c ---- */

/** Runs `work` on all stretches that heng_line_order_begin() was told of. A thread that
 * cannot be started is done without. */
heng_status heng_batch_run_all(heng_batch *batch,
                               void (*work)(heng_hand *hand, size_t stretch,
                                            heng_slot *slot),
                               heng_error *reterr) HENG_NODISCARD;

/** The first failure of any thread. */
void heng_batch_fail(heng_hand *hand, heng_status status, const heng_error *error);

/** Asks whether to stop; true after having noted it. */
bool heng_batch_is_stopped(heng_hand *hand);

/** HENG_SCAN_OUTLINES where outlines are enough for a plan; else 0. */
unsigned heng_batch_outlines(const heng_batch *batch, const heng_plan *plan);

/** Puts a scan on a stretch, with whom ties reach in it. A scan that is NULL is left.
 */
heng_status heng_batch_start(const heng_batch *batch, heng_scan *scan,
                             const heng_stretch *stretch,
                             heng_error *reterr) HENG_NODISCARD;

/** Whether a slot has so much that it should wait for its turn. */
static inline bool heng_batch_is_large(const heng_slot *slot) {
    return slot->lines.len > HENG_LIMIT_STRETCH_BYTES ||
           slot->changes.len > HENG_LIMIT_STRETCH_BYTES;
}

/** What a scan that decides by a plan must hand out. */
unsigned heng_batch_what(const heng_batch *batch, const heng_plan *plan);

/** Opens the hands' scans of the state of now (`old` false) or of the last batch. One
 * that decides (not HENG_SCAN_HEADS) also meets those whom others' records name. */
heng_status heng_batch_open_scans(heng_batch *batch, bool old, unsigned what,
                                  heng_error *reterr) HENG_NODISCARD;
void heng_batch_close_scans(heng_batch *batch);

/** Before a heng_batch_run_all() whose `work` only collects ids. */
void heng_batch_begin_finding(heng_batch *batch, size_t stretches);

/** Notes in the slot from when on the subject must be looked at again. */
heng_status heng_batch_note_due(const heng_batch *batch, heng_slot *slot, heng_str id,
                                heng_date valid_through);

/** Hands a slot to the sink; `last` as of heng_batch_sink.write. */
heng_status heng_batch_write_slot(heng_batch *batch, heng_slot *slot, heng_str last,
                                  bool whole, heng_error *reterr);

/** The same for one of batch->stretches: a heng_line_order.write. */
heng_status heng_batch_write_stretch(void *batch, size_t number, heng_slot *slot,
                                     bool whole, heng_error *reterr) HENG_NODISCARD;

/* ---- reached.c ---- */

/** Finds batch->reached: whom ties reach, or of a narrow batch all that are looked at;
 * up to and with *ret_last (empty: to the end). */
heng_status heng_batch_find_ids(heng_batch *batch, heng_str after, heng_str *ret_last,
                                heng_error *reterr) HENG_NODISCARD;

/** Those of batch->reached that lie in a stretch; how many. */
size_t heng_batch_reached_in(const heng_batch *batch, const heng_stretch *stretch,
                             const heng_wanted **ret_wanted);

/* ---- against.c ---- */

/** What a scan must hand out for two plans to decide by it. */
unsigned heng_against_what(const heng_batch *batch);

/** Whether nothing is not the same that a record in the store, or one too many of them,
 * could be about. */
bool heng_against_concerns_nobody(const heng_batch *batch);

/** The categories of records that name somebody, and as heng_reach_may_name() and
 * heng_reach_names() for either plan; their context is a heng_hand. */
heng_categories heng_against_categories(const heng_batch *batch);
bool heng_against_may_name(void *hand, const uint8_t *record, size_t len);
bool heng_against_names(void *hand, heng_str party, heng_str owner,
                        const uint8_t *record, size_t len);

/** Whose own records the scan looks for: at which some rule of either looks, of
 * categories that are concerned; or that are themselves not the same, at which any rule
 * can look. Others are wanted, or named. */
heng_sought heng_against_sought(const heng_batch *batch);

/** As heng_brief_is_quiet(), by both rulesets. */
bool heng_against_is_quiet(const heng_batch *batch, heng_str id, const uint8_t *subject,
                           const heng_gist_head *head);

/** Decides a subject by both rulesets, where a rule concerns it that is not the same.
 * batch->reached has whom ties reach by either. */
heng_status heng_against_decide(heng_hand *hand, heng_slot *slot,
                                const heng_snapshot *snapshot,
                                heng_error *reterr) HENG_NODISCARD;

/* ---- candidates.c ---- */

/** Collects into the hands' sets, which were told from where on, whose outcome can have
 * changed: of a narrow batch. */
heng_status heng_candidates_find(heng_batch *batch, heng_error *reterr) HENG_NODISCARD;

/* ---- compare.c ---- */

/** Decides a subject in both states and hands what came of it to the sink. `id` lives
 * as long as the slot is not written, unlike those of the snapshots. `was` NULL: there
 * is nothing to compare with. */
heng_status heng_compare_subject(heng_hand *hand, heng_slot *slot, heng_str id,
                                 const heng_snapshot *was, const heng_snapshot *now,
                                 heng_error *reterr) HENG_NODISCARD;

/** Decides the subjects after `after`, up to and with `last`, twice. batch->reached has
 * the candidates, or in a batch that looks at everybody whom records of others reach,
 * now or then. */
heng_status heng_compare_range(heng_batch *batch, heng_str after, heng_str last,
                               heng_error *reterr) HENG_NODISCARD;

#endif
