/* SPDX-License-Identifier: Apache-2.0 */
/* hands.c: what every pass does: stretches for threads, scans, and what they bring to
 * the sink. */
#include <string.h>

#include "batch/batch_parts.h"

/* ---- threads ---- */

bool heng_batch_is_stopped(heng_hand *hand) {
    const heng_batch_sink *sink = hand->batch->sink;
    if (sink->stop == NULL || !sink->stop(sink->context))
        return false;
    heng_error error = {0};
    heng_status status =
        heng_error_set(&error, HENG_ERR_STOPPED, NULL, (heng_pos){0, 0}, "interrupted");
    heng_line_order_fail(&hand->batch->order, status, &error);
    return true;
}

void heng_batch_fail(heng_hand *hand, heng_status status, const heng_error *error) {
    heng_line_order_fail(&hand->batch->order, status, error);
}

static void *run_hand(void *context) {
    heng_hand *hand = context;
    heng_batch *batch = hand->batch;
    size_t stretch = 0;
    heng_slot *slot = NULL;
    while (heng_line_order_take(&batch->order, &stretch, &slot)) {
        if (!heng_batch_is_stopped(hand))
            batch->work(hand, stretch, slot);
        heng_line_order_give(&batch->order, slot);
    }
    return NULL;
}

heng_status heng_batch_run_all(heng_batch *batch,
                               void (*work)(heng_hand *hand, size_t stretch,
                                            heng_slot *slot),
                               heng_error *reterr) {
    size_t started = 1;
    batch->work = work;
    while (started < batch->threads &&
           pthread_create(&batch->hands[started].thread, NULL, run_hand,
                          &batch->hands[started]) == 0)
        started++;
    (void)run_hand(&batch->hands[0]);
    for (size_t i = 1; i < started; i++)
        (void)pthread_join(batch->hands[i].thread, NULL);
    if (batch->order.status != HENG_OK && reterr != NULL)
        *reterr = batch->order.error;
    return batch->order.status;
}

heng_status heng_batch_start(const heng_batch *batch, heng_scan *scan,
                             const heng_stretch *stretch, heng_error *reterr) {
    const heng_wanted *wanted = NULL;
    size_t count = heng_batch_reached_in(batch, stretch, &wanted);
    if (scan == NULL)
        return HENG_OK;
    return heng_scan_range(scan, stretch->after, stretch->last, wanted, count, reterr);
}

/* Whom records of others name is met too, by rules that look so. */
static heng_status open_mentions(heng_hand *hand, heng_side *side, heng_error *reterr) {
    const heng_plan *plan = side->reacher.plan;
    heng_categories categories = hand->batch->in_one_pass
                                     ? heng_against_categories(hand->batch)
                                     : heng_reach_categories(plan, HENG_GAZE_NAMED);
    if (heng_categories_is_empty(&categories))
        return HENG_OK;
    if (hand->batch->in_one_pass)
        return heng_scan_mentions(side->scan, &categories, heng_against_may_name,
                                  heng_against_names, hand, reterr);
    return heng_scan_mentions(side->scan, &categories, heng_reach_may_name,
                              heng_reach_names, &side->reacher, reterr);
}

static heng_status open_scan(heng_hand *hand, heng_side *side, unsigned what,
                             heng_error *reterr) {
    heng_status status = heng_scan_open(side->view, what, &side->scan, reterr);
    bool meets = (what & (HENG_SCAN_HEADS | HENG_SCAN_REST)) == 0;
    return status == HENG_OK && meets ? open_mentions(hand, side, reterr) : status;
}

/* Whoever compares with another day is asked for the particulars: causes of a change
 * are told by them. */
unsigned heng_batch_outlines(const heng_batch *batch, const heng_plan *plan) {
    bool whole = (batch->options.flags & HENG_BATCH_PLAIN) != 0 ||
                 !heng_batch_keeps_ties(batch) || plan->reads_particulars ||
                 (batch->in_one_pass && batch->before.plan->reads_particulars);
    return whole ? 0 : HENG_SCAN_OUTLINES;
}

unsigned heng_batch_what(const heng_batch *batch, const heng_plan *plan) {
    unsigned what = heng_plan_needs(plan);
    if ((batch->options.flags & HENG_BATCH_PLAIN) != 0)
        what |= HENG_SCAN_ALL | HENG_SCAN_REST;
    what |= heng_batch_outlines(batch, plan);
    return plan->always_count > 0 ? what | HENG_SCAN_ALL : what;
}

heng_status heng_batch_open_scans(heng_batch *batch, bool old, unsigned what,
                                  heng_error *reterr) {
    heng_status status = HENG_OK;
    for (size_t i = 0; i < batch->threads && status == HENG_OK; i++) {
        heng_hand *hand = &batch->hands[i];
        status = open_scan(hand, old ? &hand->old : &hand->now, what, reterr);
    }
    return status;
}

void heng_batch_close_scans(heng_batch *batch) {
    for (size_t i = 0; batch->hands != NULL && i < batch->threads; i++) {
        heng_hand *hand = &batch->hands[i];
        heng_scan_close(hand->now.scan);
        heng_scan_close(hand->old.scan);
        hand->now.scan = NULL;
        hand->old.scan = NULL;
    }
}

static heng_status take_nothing(void *context, size_t stretch, heng_slot *slot,
                                bool whole, heng_error *reterr) {
    (void)context, (void)stretch, (void)slot, (void)whole, (void)reterr;
    return HENG_OK;
}

void heng_batch_begin_finding(heng_batch *batch, size_t stretches) {
    heng_line_order_begin(&batch->order, stretches);
    batch->order.write = take_nothing;
}

/* ---- to the sink ---- */

heng_status heng_batch_note_due(const heng_batch *batch, heng_slot *slot, heng_str id,
                                heng_date valid_through) {
    if (batch->sink->due == NULL || !heng_date_valid(valid_through) ||
        !heng_date_valid(valid_through + 1))
        return HENG_OK;
    heng_slot_due due = {id, valid_through + 1};
    return heng_buffer_add(&slot->due, (const char *)&due, sizeof due);
}

static heng_status write_due(const heng_batch *batch, const heng_slot *slot,
                             heng_error *reterr) {
    const heng_batch_sink *sink = batch->sink;
    heng_status status = HENG_OK;
    for (size_t at = 0; at < slot->due.len && status == HENG_OK;
         at += sizeof(heng_slot_due)) {
        heng_slot_due due;
        memcpy(&due, slot->due.bytes + at, sizeof due);
        status = sink->due(sink->context, due.day, due.id, reterr);
    }
    return status;
}

heng_status heng_batch_write_slot(heng_batch *batch, heng_slot *slot, heng_str last,
                                  bool whole, heng_error *reterr) {
    const heng_batch_sink *sink = batch->sink;
    heng_status status = write_due(batch, slot, reterr);
    if (whole) /* with the rest of the stretch, so that a checkpoint fits its `last` */
        heng_tally_drain(&slot->tally, &batch->tally);
    if (status == HENG_OK && slot->changes.len > 0 && sink->write_changes != NULL)
        status = sink->write_changes(sink->context, heng_buffer_view(&slot->changes),
                                     reterr);
    if (status == HENG_OK && (slot->lines.len > 0 || last.len > 0))
        status =
            sink->write(sink->context, heng_buffer_view(&slot->lines), last, reterr);
    if (status == HENG_OK && whole && sink->progress != NULL)
        sink->progress(sink->context, batch->tally.counts.looked_at, ++batch->done,
                       batch->total);
    return status;
}

heng_status heng_batch_write_stretch(void *context, size_t number, heng_slot *slot,
                                     bool whole, heng_error *reterr) {
    heng_batch *batch = context;
    heng_stretch stretch = heng_stretches_get(&batch->stretches, number);
    return heng_batch_write_slot(batch, slot, whole ? stretch.last : (heng_str){0},
                                 whole, reterr);
}
