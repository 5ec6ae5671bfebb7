/* SPDX-License-Identifier: Apache-2.0 */
/*
 * compare.c: each subject decided as the last completed batch did, and as of now.
 *
 * A narrow batch asks for its candidates one by one. One that looks at everybody goes
 * through both states side by side, each as a batch of it would: whom neither meets has
 * no outcome in either.
 */
#include "batch/batch_parts.h"

enum { SLICE = 256, ASK_EVERY = 64 };

/* Of a subject that is not known, or was not. */
static const heng_decision NOTHING = {
    .matter = UINT32_MAX,
    .valid_through = HENG_DATE_NONE,
};

/* ---- one subject ---- */

static heng_status decide(const heng_plan *plan, heng_side *side,
                          const heng_snapshot *snapshot, heng_batch_line *line,
                          heng_error *reterr) {
    line->view = side->view;
    line->worker = side->worker;
    line->plan = plan;
    line->snapshot = snapshot;
    line->decision = &NOTHING;
    if (snapshot->subject == NULL)
        return HENG_OK;
    heng_status status = heng_decide(plan, side->worker, snapshot, UINT32_MAX,
                                     HENG_DECIDE_NO_VERDICTS, &line->decision, reterr);
    if (status == HENG_OK)
        line->told =
            line->decision->measure_count > 0 || line->decision->undetermined_count > 0;
    return status;
}

static void count(heng_slot *slot, const heng_batch_line *before,
                  const heng_batch_line *line) {
    heng_batch_counts *counts = &slot->tally.counts;
    counts->looked_at += line->snapshot->subject != NULL;
    counts->reached +=
        line->snapshot->tie_count > 0 || line->snapshot->mention_count > 0;
    counts->told += line->told;
    counts->undetermined += line->decision->undetermined_count > 0;
    counts->out_of_scope += line->decision->out_of_scope;
    counts->was_told += before != NULL && before->told;
}

heng_status heng_compare_subject(heng_hand *hand, heng_slot *slot, heng_str id,
                                 const heng_snapshot *was, const heng_snapshot *now,
                                 heng_error *reterr) {
    heng_batch *batch = hand->batch;
    heng_batch_line before = {.thread = hand->number};
    heng_batch_line line = {.thread = hand->number};
    bool changed = false;
    heng_status status = decide(batch->plan, &hand->now, now, &line, reterr);
    if (status == HENG_OK && was != NULL)
        status = decide(batch->before.plan, &hand->old, was, &before, reterr);
    if (status != HENG_OK)
        return status;
    const heng_batch_line *other = was == NULL ? NULL : &before;
    count(slot, other, &line);
    status = heng_batch_note_due(batch, slot, id, line.decision->valid_through);
    if (status == HENG_OK && (line.told || (other != NULL && other->told) ||
                              (batch->options.flags & HENG_BATCH_ALL) != 0))
        status = batch->sink->compare(batch->sink->context, other, &line, &slot->lines,
                                      &slot->changes, &changed);
    if (status != HENG_OK)
        return heng_error_set(reterr, status, NULL, (heng_pos){0, 0},
                              "a line could not be written: %s",
                              heng_status_text(status));
    slot->tally.counts.changed += changed;
    if (line.told && (changed || !heng_batch_is_narrow(batch)))
        heng_tally_add(&slot->tally, now, line.decision);
    return HENG_OK;
}

/* ---- candidates ---- */

/* `ret_snapshot` is `bare`, which has but the id, where nothing is known. */
static heng_status ask(heng_side *side, heng_str id, unsigned needs,
                       heng_snapshot *bare, const heng_snapshot **ret_snapshot,
                       heng_error *reterr) {
    const heng_snapshot *found = NULL;
    *bare = (heng_snapshot){.id = id};
    *ret_snapshot = bare;
    heng_arena_reset(side->arena);
    heng_status status =
        heng_scan_one(side->view, id, needs, side->arena, &found, reterr);
    if (status == HENG_OK)
        *ret_snapshot = found;
    return status == HENG_ERR_NOT_FOUND ? HENG_OK : status;
}

static heng_status compare_candidate(heng_hand *hand, heng_slot *slot, heng_str id,
                                     heng_error *reterr) {
    const heng_before *before = &hand->batch->before;
    unsigned needs = heng_plan_needs(hand->batch->plan);
    unsigned old_needs = heng_plan_needs(before->plan);
    heng_snapshot bare, old_bare;
    const heng_snapshot *now = NULL, *was = NULL;
    heng_status status =
        ask(&hand->now, id, before->same_data ? needs | old_needs : needs, &bare, &now,
            reterr);
    if (status == HENG_OK && !before->same_data)
        status = ask(&hand->old, id, old_needs, &old_bare, &was, reterr);
    return status == HENG_OK
               ? heng_compare_subject(hand, slot, id, before->same_data ? now : was,
                                      now, reterr)
               : status;
}

static void compare_slice(heng_hand *hand, size_t number, heng_slot *slot) {
    heng_batch *batch = hand->batch;
    size_t at = number * SLICE;
    size_t end = at + SLICE < batch->reached_count ? at + SLICE : batch->reached_count;
    heng_error error = {0};
    heng_status status = HENG_OK;
    for (; at < end && status == HENG_OK; at++) {
        status = compare_candidate(hand, slot, batch->reached[at].id, &error);
        if (status == HENG_OK && heng_batch_is_large(slot))
            status = heng_line_order_flush(&batch->order, number, slot);
        if (at % ASK_EVERY == ASK_EVERY - 1 && heng_batch_is_stopped(hand))
            return;
    }
    if (status != HENG_OK)
        heng_batch_fail(hand, status, &error);
}

static heng_status write_slice(void *context, size_t number, heng_slot *slot,
                               bool whole, heng_error *reterr) {
    heng_batch *batch = context;
    size_t end = (number + 1) * SLICE;
    heng_str last = {0};
    if (end > batch->reached_count)
        end = batch->reached_count;
    if (whole)
        last = batch->reached[end - 1].id;
    return heng_batch_write_slot(batch, slot, last, whole, reterr);
}

/* ---- everybody ---- */

static heng_status next(heng_scan *scan, const heng_snapshot **snapshot,
                        heng_error *reterr) {
    if (scan == NULL)
        return HENG_OK;
    return heng_scan_next(scan, snapshot, reterr);
}

/* Of somebody whom only the batch of then would look at: told then, and so there is
 * something to say of now. */
static heng_status compare_gone(heng_hand *hand, heng_slot *slot,
                                const heng_snapshot *was, heng_error *reterr) {
    heng_snapshot bare;
    const heng_snapshot *now = NULL;
    heng_status status = ask(&hand->now, was->id, heng_plan_needs(hand->batch->plan),
                             &bare, &now, reterr);
    return status == HENG_OK
               ? heng_compare_subject(hand, slot, was->id, was, now, reterr)
               : status;
}

static heng_status compare_heads(heng_hand *hand, heng_slot *slot,
                                 const heng_snapshot **was, const heng_snapshot **now,
                                 heng_error *reterr) {
    heng_snapshot bare;
    int order = *now == NULL   ? -1
                : *was == NULL ? 1
                               : heng_str_compare((*was)->id, (*now)->id);
    heng_status status = HENG_OK;
    if (order < 0) {
        status = compare_gone(hand, slot, *was, reterr);
    } else {
        bare = (heng_snapshot){.id = (*now)->id};
        const heng_snapshot *other = order == 0 ? *was : &bare;
        status = heng_compare_subject(hand, slot, (*now)->id,
                                      hand->batch->before.known ? other : NULL, *now,
                                      reterr);
    }
    if (status == HENG_OK && order >= 0)
        status = next(hand->now.scan, now, reterr);
    if (status == HENG_OK && order <= 0)
        status = next(hand->old.scan, was, reterr);
    return status;
}

static void compare_stretch(heng_hand *hand, size_t number, heng_slot *slot) {
    heng_batch *batch = hand->batch;
    heng_stretch stretch = heng_stretches_get(&batch->stretches, number);
    const heng_snapshot *was = NULL, *now = NULL;
    heng_error error = {0};
    size_t done = 0;
    heng_status status = heng_batch_start(batch, hand->now.scan, &stretch, &error);
    if (status == HENG_OK)
        status = heng_batch_start(batch, hand->old.scan, &stretch, &error);
    if (status == HENG_OK)
        status = next(hand->now.scan, &now, &error);
    if (status == HENG_OK)
        status = next(hand->old.scan, &was, &error);
    while (status == HENG_OK && (now != NULL || was != NULL)) {
        status = compare_heads(hand, slot, &was, &now, &error);
        if (status == HENG_OK && heng_batch_is_large(slot))
            status = heng_line_order_flush(&batch->order, number, slot);
        if (++done % ASK_EVERY == 0 && heng_batch_is_stopped(hand))
            return;
    }
    if (status != HENG_OK)
        heng_batch_fail(hand, status, &error);
}

static heng_status compare_all(heng_batch *batch, heng_error *reterr) {
    const heng_plan *old = batch->before.plan;
    heng_status status = heng_batch_open_scans(batch, false, batch->what, reterr);
    if (status == HENG_OK && batch->before.known) {
        status =
            heng_batch_open_scans(batch, true, heng_batch_what(batch, old), reterr);
    }
    if (status == HENG_OK)
        status = heng_batch_run_all(batch, compare_stretch, reterr);
    heng_batch_close_scans(batch);
    return status;
}

heng_status heng_compare_range(heng_batch *batch, heng_str after, heng_str last,
                               heng_error *reterr) {
    bool narrow = heng_batch_is_narrow(batch);
    size_t count = (batch->reached_count + SLICE - 1) / SLICE;
    if (!narrow) {
        heng_stretches_narrow(&batch->stretches, after, last);
        count = batch->stretches.count;
    }
    batch->total = batch->done + count;
    heng_line_order_begin(&batch->order, count);
    batch->order.write = narrow ? write_slice : heng_batch_write_stretch;
    batch->order.context = batch;
    return narrow ? heng_batch_run_all(batch, compare_slice, reterr)
                  : compare_all(batch, reterr);
}
