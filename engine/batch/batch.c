/* SPDX-License-Identifier: Apache-2.0 */
/*
 * batch.c: the passes over the store.
 *
 *   1  dossiers -> whom records of others reach (reached.c), where a rule looks at such
 *   2  dossiers, and those reached -> decisions -> lines, in the order of ids
 *
 * With another ruleset to go against, pass 1 goes by both, and pass 2 decides by both
 * whom a rule concerns that is not the same (against.c).
 *
 * A batch that compares decides each subject a second time, as the last completed batch
 * did (compare.c); where it is narrow, pass 1 finds instead whose outcome can have
 * changed (candidates.c), and pass 2 goes through those alone.
 *
 * Both are cut into stretches that threads take in turn; a thread has a view, a scan
 * and a worker of its own and shares nothing but the plan. Where the ids of pass 1 do
 * not fit their memory, both passes are made for as many ids as do, and then again.
 */
#include "heng/batch.h"

#include <string.h>

#include "base/alloc.h"
#include "base/limits.h"
#include "batch/batch_parts.h"
#include "decide/brief.h"

/* ---- opening ---- */

static bool open_side(heng_hand *hand, heng_side *side, const heng_plan *plan,
                      uint64_t *roles) {
    bool keeps_ties = heng_batch_keeps_ties(hand->batch);
    side->worker = heng_worker_new();
    side->arena = heng_arena_new(HENG_LIMIT_SUBJECT_ARENA_BYTES);
    side->reacher = (heng_reacher){.plan = plan,
                                   .view = side->view,
                                   .arena = side->arena,
                                   .tied = keeps_ties ? NULL : &hand->ids,
                                   .met = keeps_ties ? &hand->ties : NULL,
                                   .roles = roles};
    return side->worker != NULL && side->arena != NULL;
}

static bool open_hand(heng_batch *batch, size_t number) {
    heng_hand *hand = &batch->hands[number];
    size_t words = heng_reach_role_words(batch->plan);
    size_t old_words =
        batch->before.known ? heng_reach_role_words(batch->before.plan) : 0;
    hand->batch = batch;
    hand->number = number;
    hand->roles = heng_alloc_zero(words + old_words, sizeof *hand->roles);
    size_t bytes = batch->options.reach_bytes != 0 ? batch->options.reach_bytes
                                                   : HENG_LIMIT_REACH_BYTES;
    heng_tie_set_init(&hand->ties, bytes / batch->threads);
    bool has_set = heng_batch_keeps_ties(batch) ||
                   heng_id_set_init(&hand->ids, bytes / batch->threads);
    return has_set && hand->roles != NULL &&
           open_side(hand, &hand->now, batch->plan, hand->roles) &&
           (!batch->before.known ||
            open_side(hand, &hand->old, batch->before.plan, hand->roles + words));
}

/* Twice as many where the batch compares: whether there is something to compare with is
 * only known from a view, and all of them must be of one transaction. */
static heng_status open_views(heng_batch *batch, heng_error *reterr) {
    const heng_batch_options *options = &batch->options;
    heng_view *views[2 * HENG_BATCH_THREADS] = {NULL};
    bool twice = batch->compares && !batch->in_one_pass;
    size_t count = batch->threads * (twice ? 2 : 1);
    heng_status status = heng_view_open_group(options->store, count, views, reterr);
    for (size_t i = 0; i < batch->threads; i++) {
        batch->hands[i].now.view = views[i];
        if (batch->compares)
            batch->hands[i].old.view = views[twice ? batch->threads + i : i];
        if (status == HENG_OK && options->has_known_at)
            status = heng_view_known_at(views[i], options->known_at, reterr);
        else if (status == HENG_OK && options->has_commit)
            status = heng_view_at_commit(views[i], options->commit, reterr);
    }
    return status;
}

static heng_status open_before(heng_batch *batch, bool plain, heng_error *reterr) {
    bool narrow = (batch->options.flags & HENG_BATCH_CHANGED) != 0;
    heng_batch_scope scope = HENG_BATCH_SCOPE_ALL;
    if (!batch->compares)
        return HENG_OK;
    if (batch->in_one_pass)
        return heng_before_against(batch->hands[0].now.view, batch->plan,
                                   batch->options.against, plain, batch->before_arena,
                                   &batch->before, &batch->scope, reterr);
    heng_status status =
        heng_before_open(batch->hands[0].now.view, batch->plan, plain,
                         batch->before_arena, &batch->before, &scope, reterr);
    if (status == HENG_OK && (narrow || !batch->before.known))
        batch->scope = scope;
    for (size_t i = 0; i < batch->threads && status == HENG_OK && batch->before.known;
         i++)
        status = heng_view_at_commit(batch->hands[i].old.view,
                                     batch->before.last.commit, reterr);
    return status;
}

static heng_status fill(heng_batch *batch, heng_error *reterr) {
    const heng_batch_options *options = &batch->options;
    bool plain = (options->flags & HENG_BATCH_PLAIN) != 0;
    batch->in_one_pass = options->against != NULL;
    batch->compares = batch->in_one_pass ||
                      (options->flags & (HENG_BATCH_COMPARE | HENG_BATCH_CHANGED)) != 0;
    batch->hands = heng_alloc_zero(batch->threads, sizeof *batch->hands);
    batch->arena = heng_arena_new(HENG_LIMIT_RULESET_ARENA_BYTES);
    batch->before_arena = heng_arena_new(HENG_LIMIT_RULESET_ARENA_BYTES);
    if (batch->hands == NULL || batch->arena == NULL || batch->before_arena == NULL)
        return heng_error_nomem(reterr);
    heng_status status = open_views(batch, reterr);
    if (status == HENG_OK)
        status = heng_plan_new_with(
            options->ruleset, heng_view_names(batch->hands[0].now.view), options->as_of,
            plain ? HENG_PLAN_PLAIN : 0, &batch->plan, reterr);
    if (status == HENG_OK)
        status = open_before(batch, plain, reterr);
    if (status != HENG_OK)
        return status;
    batch->has_order = true;
    if (!heng_line_order_init(&batch->order, batch->threads,
                              options->ruleset->measure_count) ||
        !heng_tally_whole_init(&batch->tally, options->ruleset->measure_count))
        return heng_error_nomem(reterr);
    for (size_t i = 0; i < batch->threads; i++) {
        if (!open_hand(batch, i))
            return heng_error_nomem(reterr);
    }
    batch->what = batch->in_one_pass ? heng_against_what(batch)
                                     : heng_batch_what(batch, batch->plan);
    if ((options->flags & HENG_BATCH_ALL) != 0)
        batch->what |= HENG_SCAN_ALL;
    else
        batch->passes = (batch->what & HENG_SCAN_ALL) != 0 &&
                        (!batch->compares || batch->in_one_pass);
    return HENG_OK;
}

heng_status heng_batch_open(const heng_batch_options *options, heng_batch **ret_batch,
                            heng_error *reterr) {
    if (options->threads > HENG_BATCH_THREADS)
        return heng_error_set(reterr, HENG_ERR_LIMIT, NULL, (heng_pos){0, 0},
                              "%zu threads are too many, expected at most %d",
                              options->threads, (int)HENG_BATCH_THREADS);
    if ((options->flags & HENG_BATCH_ALL) != 0 &&
        (options->flags & HENG_BATCH_CHANGED) != 0)
        return heng_error_set(reterr, HENG_ERR_INVALID, NULL, (heng_pos){0, 0},
                              "a batch is asked for all subjects and for the changed "
                              "ones alone");
    if (options->against != NULL && (options->flags & ~(unsigned)HENG_BATCH_PLAIN) != 0)
        return heng_error_set(reterr, HENG_ERR_INVALID, NULL, (heng_pos){0, 0},
                              "a batch that goes against another ruleset compares with "
                              "nothing else");
    heng_batch *batch = heng_alloc_zero(1, sizeof *batch);
    if (batch == NULL)
        return heng_error_nomem(reterr);
    batch->options = *options;
    batch->threads = options->threads == 0 ? 1 : options->threads;
    heng_status status = fill(batch, reterr);
    if (status != HENG_OK) {
        heng_batch_close(batch);
        return status;
    }
    *ret_batch = batch;
    return HENG_OK;
}

static void close_side(heng_side *side) {
    heng_worker_free(side->worker);
    heng_arena_free(side->arena);
    heng_view_close(side->view);
}

void heng_batch_close(heng_batch *batch) {
    if (batch == NULL)
        return;
    heng_batch_close_scans(batch);
    for (size_t i = 0; batch->hands != NULL && i < batch->threads; i++) {
        heng_hand *hand = &batch->hands[i];
        if (hand->old.view == hand->now.view)
            hand->old.view = NULL;
        close_side(&hand->now);
        close_side(&hand->old);
        heng_id_set_done(&hand->ids);
        heng_tie_set_done(&hand->ties);
        heng_alloc_free(hand->roles);
    }
    if (batch->has_order)
        heng_line_order_done(&batch->order);
    heng_tally_whole_done(&batch->tally);
    heng_before_done(&batch->before);
    heng_alloc_free(batch->hands);
    heng_arena_free(batch->arena);
    heng_arena_free(batch->before_arena);
    heng_plan_free(batch->plan);
    heng_alloc_free(batch);
}

heng_view *heng_batch_view(const heng_batch *batch) {
    return batch->hands[0].now.view;
}

const heng_plan *heng_batch_plan(const heng_batch *batch) {
    return batch->plan;
}

bool heng_batch_looks_at_all(const heng_batch *batch) {
    return batch->plan->always_count > 0;
}

heng_batch_scope heng_batch_get_scope(const heng_batch *batch) {
    return batch->scope;
}

bool heng_batch_get_before(const heng_batch *batch, heng_batch_before *ret_before) {
    const heng_before *before = &batch->before;
    if (!before->known)
        return false;
    *ret_before = (heng_batch_before){.number = before->last.number,
                                      .commit = before->last.commit,
                                      .known_at = before->last.known_at,
                                      .as_of = before->last.as_of,
                                      .subjects = before->last.subjects,
                                      .told = before->last.told,
                                      .digest = before->last.ruleset,
                                      .ruleset = before->ruleset,
                                      .rules = before->concern.rules,
                                      .rule_count = before->concern.rule_count,
                                      .categories = before->concern.categories,
                                      .category_count = before->concern.category_count,
                                      .is_bounded = before->concern.is_bounded,
                                      .first = before->concern.first,
                                      .last = before->concern.last};
    return true;
}

const heng_batch_tally *heng_batch_get_tally(const heng_batch *batch) {
    return &batch->tally;
}

/* ---- pass 2: decisions ---- */

static heng_status decide_one(heng_hand *hand, const heng_snapshot *snapshot,
                              heng_slot *slot, heng_error *reterr) {
    const heng_batch *batch = hand->batch;
    heng_batch_line line = {.thread = hand->number,
                            .view = hand->now.view,
                            .worker = hand->now.worker,
                            .plan = batch->plan,
                            .snapshot = snapshot};
    heng_batch_counts *counts = &slot->tally.counts;
    heng_status status =
        heng_decide(batch->plan, hand->now.worker, snapshot, UINT32_MAX,
                    HENG_DECIDE_NO_VERDICTS, &line.decision, reterr);
    if (status != HENG_OK)
        return status;
    line.told =
        line.decision->measure_count > 0 || line.decision->undetermined_count > 0;
    counts->looked_at++;
    counts->reached += snapshot->tie_count > 0 || snapshot->mention_count > 0;
    counts->told += line.told;
    counts->undetermined += line.decision->undetermined_count > 0;
    counts->out_of_scope += line.decision->out_of_scope;
    status =
        heng_batch_note_due(batch, slot, snapshot->id, line.decision->valid_through);
    if (status == HENG_OK && line.told)
        heng_tally_add(&slot->tally, snapshot, line.decision);
    if (status == HENG_OK &&
        (line.told || (batch->options.flags & HENG_BATCH_ALL) != 0))
        status = batch->sink->render(batch->sink->context, &line, &slot->lines);
    return status == HENG_OK ? status
                             : heng_error_set(reterr, status, NULL, (heng_pos){0, 0},
                                              "a line could not be written: %s",
                                              heng_status_text(status));
}

/* Who is passed by, in the calls of heng_scan_pass(). */
struct passing {
    const heng_batch *batch;
    heng_slot *slot;
    heng_status status;
};

/* Most subjects of a batch that looks at all have no record, and nothing applies to
 * them: no decision is made to say so. */
static bool pass_quiet(void *context, heng_str id, const uint8_t *subject,
                       const heng_gist_head *head) {
    struct passing *passing = context;
    heng_date through = HENG_DATE_NONE;
    if (passing->batch->in_one_pass)
        return heng_against_is_quiet(passing->batch, id, subject, head);
    if (!heng_brief_is_quiet(passing->batch->plan, id, subject, head, &through))
        return false;
    passing->slot->tally.counts.looked_at++;
    if (through != HENG_DATE_NONE)
        passing->status =
            heng_batch_note_due(passing->batch, passing->slot, id, through);
    return passing->status == HENG_OK;
}

/* The next subject that must be decided. */
static heng_status find_next(heng_hand *hand, heng_slot *slot,
                             const heng_snapshot **ret_snapshot, heng_error *reterr) {
    const heng_batch *batch = hand->batch;
    struct passing passing = {.batch = batch, .slot = slot};
    heng_status status = HENG_OK;
    bool reads = batch->plan->always_reads ||
                 (batch->in_one_pass && batch->before.plan->always_reads);
    if (batch->passes)
        status = heng_scan_pass(hand->now.scan, reads, pass_quiet, &passing, reterr);
    if (status == HENG_OK && passing.status != HENG_OK)
        return heng_error_nomem(reterr);
    return status == HENG_OK ? heng_scan_next(hand->now.scan, ret_snapshot, reterr)
                             : status;
}

static void decide_stretch(heng_hand *hand, size_t number, heng_slot *slot) {
    enum { ASK_EVERY = 4096 };
    heng_batch *batch = hand->batch;
    heng_stretch stretch = heng_stretches_get(&batch->stretches, number);
    const heng_snapshot *snapshot = NULL;
    heng_error error = {0};
    size_t count = 0;
    heng_status status = heng_batch_start(batch, hand->now.scan, &stretch, &error);
    while (status == HENG_OK) {
        status = find_next(hand, slot, &snapshot, &error);
        if (status != HENG_OK || snapshot == NULL)
            break;
        if (snapshot->subject == NULL)
            continue; /* records came before their subject */
        status = batch->in_one_pass ? heng_against_decide(hand, slot, snapshot, &error)
                                    : decide_one(hand, snapshot, slot, &error);
        if (status == HENG_OK && heng_batch_is_large(slot))
            status = heng_line_order_flush(&batch->order, number, slot);
        if (++count % ASK_EVERY == 0 && heng_batch_is_stopped(hand))
            return;
    }
    if (status != HENG_OK)
        heng_batch_fail(hand, status, &error);
}

/* Whoever only has records at which no rule looks is not read. */
static void narrow(heng_batch *batch) {
    const unsigned outlines = HENG_SCAN_OUTLINES;
    if ((batch->what & (HENG_SCAN_ALL | HENG_SCAN_REST | outlines)) != outlines)
        return;
    const heng_sought sought =
        batch->in_one_pass ? heng_against_sought(batch) : heng_reach_own(batch->plan);
    for (size_t i = 0; i < batch->threads; i++)
        heng_scan_narrow(batch->hands[i].now.scan, &sought);
}

/* Decides the subjects after `after`, up to and with `last`. */
static heng_status decide_range(heng_batch *batch, heng_str after, heng_str last,
                                heng_error *reterr) {
    heng_stretches_narrow(&batch->stretches, after, last);
    batch->total = batch->done + batch->stretches.count;
    heng_line_order_begin(&batch->order, batch->stretches.count);
    batch->order.write = heng_batch_write_stretch;
    batch->order.context = batch;
    heng_status status = heng_batch_open_scans(batch, false, batch->what, reterr);
    if (status == HENG_OK)
        narrow(batch);
    if (status == HENG_OK)
        status = heng_batch_run_all(batch, decide_stretch, reterr);
    heng_batch_close_scans(batch);
    return status;
}

/* ---- the run ---- */

static heng_status prepare(heng_batch *batch, const heng_batch_sink *sink,
                           heng_error *reterr) {
    heng_view *view = batch->hands[0].now.view;
    heng_arena_reset(batch->arena);
    batch->sink = sink;
    batch->order.status = HENG_OK;
    batch->done = 0;
    heng_tally_whole_clear(&batch->tally);
    heng_status status =
        heng_stretches_make(view, heng_batch_outlines(batch, batch->plan), batch->arena,
                            &batch->dossiers, reterr);
    batch->stretches = batch->dossiers;
    if (status == HENG_OK && (batch->what & HENG_SCAN_ALL) != 0)
        status = heng_stretches_make(view, HENG_SCAN_ALL, batch->arena,
                                     &batch->stretches, reterr);
    return status;
}

heng_status heng_batch_run(heng_batch *batch, heng_str after,
                           const heng_batch_sink *sink, heng_batch_counts *ret_counts,
                           heng_error *reterr) {
    char from[HENG_LIMIT_SUBJECT_ID_BYTES];
    uint64_t subjects = 0;
    heng_str last = {0};
    if (after.len > sizeof from)
        return heng_error_set(reterr, HENG_ERR_INVALID, NULL, (heng_pos){0, 0},
                              "an id has at most %zu bytes", sizeof from);
    heng_status status = prepare(batch, sink, reterr);
    bool is_done = batch->in_one_pass && heng_against_concerns_nobody(batch);
    while (status == HENG_OK && !is_done) {
        heng_arena_mark mark = heng_arena_get_mark(batch->arena);
        status = heng_batch_find_ids(batch, after, &last, reterr);
        if (status == HENG_OK)
            status = batch->compares && !batch->in_one_pass
                         ? heng_compare_range(batch, after, last, reterr)
                         : decide_range(batch, after, last, reterr);
        if (last.len > 0) {
            memcpy(from, last.ptr, last.len); /* the sets are emptied for the rest */
            after = (heng_str){from, last.len};
        }
        heng_arena_rewind(batch->arena, mark);
        is_done = last.len == 0;
    }
    if (status == HENG_OK)
        status = heng_view_subject_count(batch->hands[0].now.view, &subjects, reterr);
    if (status == HENG_OK) {
        *ret_counts = batch->tally.counts;
        ret_counts->subjects = subjects;
    }
    return status;
}
