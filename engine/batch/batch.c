/* SPDX-License-Identifier: Apache-2.0 */
/*
 * batch.c: the passes over the store.
 *
 *   1  dossiers -> whom records of others reach (reach.h), where a rule looks at such
 *   2  dossiers, and those reached -> decisions -> lines, in the order of ids
 *
 * Both are cut into stretches that threads take in turn; a thread has a view, a scan
 * and a worker of its own and shares nothing but the plan. Where the ids of pass 1 do
 * not fit their memory, both passes are made for as many ids as do, and then again.
 */
#include "heng/batch.h"

#include <string.h>

#include "base/alloc.h"
#include "base/limits.h"
#include "batch/line_order.h"
#include "batch/reach.h"
#include "batch/stretch.h"
#include "decide/plan.h"
#include "heng/parts.h"
#include "store/scan.h"

/* What a thread has for itself. */
typedef struct heng_hand {
    heng_batch *batch;
    size_t number;
    pthread_t thread;
    heng_view *view;
    heng_worker *worker;
    heng_arena *arena;
    heng_scan *scan;      /* of the pass that runs */
    heng_id_set ids;      /* whom it found reached through ties */
    heng_reacher reacher; /* asked for each mention */
    uint64_t *roles;
    heng_batch_counts counts;
} heng_hand;

struct heng_batch {
    heng_batch_options options;
    size_t threads;
    unsigned what; /* of the scan that decides */
    heng_plan *plan;
    heng_arena *arena; /* cuts, and ids of all that are reached */
    heng_hand *hands;  /* owned, one a thread */
    heng_line_order order;
    bool has_order;

    /* the run */
    const heng_batch_sink *sink;
    heng_stretches dossiers, stretches;
    heng_wanted *reached; /* sorted */
    size_t reached_count;
    uint64_t done, total;
    void (*work)(heng_hand *hand, size_t stretch, heng_slot *slot);
};

/* ---- opening ---- */

static bool open_hand(heng_batch *batch, size_t number) {
    heng_hand *hand = &batch->hands[number];
    hand->batch = batch;
    hand->number = number;
    hand->worker = heng_worker_new();
    hand->arena = heng_arena_new(HENG_LIMIT_SUBJECT_ARENA_BYTES);
    hand->roles =
        heng_alloc_zero(heng_reach_role_words(batch->plan), sizeof *hand->roles);
    size_t bytes = batch->options.reach_bytes != 0 ? batch->options.reach_bytes
                                                   : HENG_LIMIT_REACH_BYTES;
    hand->reacher = (heng_reacher){.plan = batch->plan,
                                   .view = hand->view,
                                   .arena = hand->arena,
                                   .tied = &hand->ids,
                                   .roles = hand->roles};
    return heng_id_set_init(&hand->ids, bytes / batch->threads) &&
           hand->worker != NULL && hand->arena != NULL && hand->roles != NULL;
}

static heng_status open_views(heng_batch *batch, heng_error *reterr) {
    const heng_batch_options *options = &batch->options;
    heng_view *views[HENG_BATCH_THREADS] = {NULL};
    heng_status status =
        heng_view_open_group(options->store, batch->threads, views, reterr);
    for (size_t i = 0; i < batch->threads; i++) {
        batch->hands[i].view = views[i];
        if (status == HENG_OK && options->has_known_at)
            status = heng_view_known_at(views[i], options->known_at, reterr);
    }
    return status;
}

static heng_status fill(heng_batch *batch, heng_error *reterr) {
    const heng_batch_options *options = &batch->options;
    bool plain = (options->flags & HENG_BATCH_PLAIN) != 0;
    batch->hands = heng_alloc_zero(batch->threads, sizeof *batch->hands);
    batch->arena = heng_arena_new(HENG_LIMIT_RULESET_ARENA_BYTES);
    if (batch->hands == NULL || batch->arena == NULL)
        return heng_error_nomem(reterr);
    heng_status status = open_views(batch, reterr);
    if (status == HENG_OK)
        status = heng_plan_new_with(
            options->ruleset, heng_view_names(batch->hands[0].view), options->as_of,
            plain ? HENG_PLAN_PLAIN : 0, &batch->plan, reterr);
    if (status != HENG_OK)
        return status;
    batch->has_order = true;
    if (!heng_line_order_init(&batch->order, batch->threads))
        return heng_error_nomem(reterr);
    for (size_t i = 0; i < batch->threads; i++) {
        if (!open_hand(batch, i))
            return heng_error_nomem(reterr);
    }
    batch->what = heng_plan_needs(batch->plan);
    if (plain)
        batch->what |= HENG_SCAN_ALL | HENG_SCAN_REST;
    if ((options->flags & HENG_BATCH_ALL) != 0 || heng_batch_looks_at_all(batch))
        batch->what |= HENG_SCAN_ALL;
    return HENG_OK;
}

heng_status heng_batch_open(const heng_batch_options *options, heng_batch **ret_batch,
                            heng_error *reterr) {
    if (options->threads > HENG_BATCH_THREADS)
        return heng_error_set(reterr, HENG_ERR_LIMIT, NULL, (heng_pos){0, 0},
                              "%zu threads are too many, expected at most %d",
                              options->threads, (int)HENG_BATCH_THREADS);
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

void heng_batch_close(heng_batch *batch) {
    if (batch == NULL)
        return;
    for (size_t i = 0; batch->hands != NULL && i < batch->threads; i++) {
        heng_hand *hand = &batch->hands[i];
        heng_scan_close(hand->scan);
        heng_worker_free(hand->worker);
        heng_arena_free(hand->arena);
        heng_id_set_done(&hand->ids);
        heng_alloc_free(hand->roles);
        heng_view_close(hand->view);
    }
    if (batch->has_order)
        heng_line_order_done(&batch->order);
    heng_alloc_free(batch->hands);
    heng_arena_free(batch->arena);
    heng_plan_free(batch->plan);
    heng_alloc_free(batch);
}

heng_view *heng_batch_view(const heng_batch *batch) {
    return batch->hands[0].view;
}

const heng_plan *heng_batch_plan(const heng_batch *batch) {
    return batch->plan;
}

bool heng_batch_looks_at_all(const heng_batch *batch) {
    return batch->plan->always_count > 0;
}

/* ---- threads ---- */

static bool is_stopped(heng_hand *hand) {
    const heng_batch_sink *sink = hand->batch->sink;
    if (sink->stop == NULL || !sink->stop(sink->context))
        return false;
    heng_error error = {0};
    heng_status status =
        heng_error_set(&error, HENG_ERR_STOPPED, NULL, (heng_pos){0, 0}, "interrupted");
    heng_line_order_fail(&hand->batch->order, status, &error);
    return true;
}

static void fail(heng_hand *hand, heng_status status, const heng_error *error) {
    heng_line_order_fail(&hand->batch->order, status, error);
}

static void *run_hand(void *context) {
    heng_hand *hand = context;
    heng_batch *batch = hand->batch;
    size_t stretch = 0;
    heng_slot *slot = NULL;
    while (heng_line_order_take(&batch->order, &stretch, &slot)) {
        if (!is_stopped(hand))
            batch->work(hand, stretch, slot);
        heng_line_order_give(&batch->order, slot);
    }
    return NULL;
}

/* The scan of a pass: that which decides also meets those named by others, that which
 * finds whom ties reach only looks at the few categories that matter there. */
static heng_status open_scan(heng_hand *hand, unsigned what, heng_error *reterr) {
    const heng_plan *plan = hand->batch->plan;
    heng_status status = heng_scan_open(hand->view, what, &hand->scan, reterr);
    if (status != HENG_OK)
        return status;
    if ((what & HENG_SCAN_HEADS) != 0)
        heng_scan_narrow(hand->scan, heng_reach_categories(plan, HENG_GAZE_THROUGH));
    else if ((what & HENG_SCAN_REST) == 0 &&
             plan->index[HENG_GAZE_NAMED].rule_count > 0)
        status =
            heng_scan_mentions(hand->scan, heng_reach_categories(plan, HENG_GAZE_NAMED),
                               heng_reach_names, &hand->reacher, reterr);
    return status;
}

/* Runs `work` on all stretches. A thread that cannot be started is done without. */
static heng_status run_all(heng_batch *batch,
                           void (*work)(heng_hand *hand, size_t stretch,
                                        heng_slot *slot),
                           unsigned what, heng_error *reterr) {
    size_t started = 1;
    heng_status status = HENG_OK;
    for (size_t i = 0; i < batch->threads && status == HENG_OK; i++)
        status = open_scan(&batch->hands[i], what, reterr);
    batch->work = work;
    while (status == HENG_OK && started < batch->threads &&
           pthread_create(&batch->hands[started].thread, NULL, run_hand,
                          &batch->hands[started]) == 0)
        started++;
    if (status == HENG_OK)
        (void)run_hand(&batch->hands[0]);
    for (size_t i = 1; i < started; i++)
        (void)pthread_join(batch->hands[i].thread, NULL);
    for (size_t i = 0; i < batch->threads; i++) {
        heng_scan_close(batch->hands[i].scan);
        batch->hands[i].scan = NULL;
    }
    if (status == HENG_OK && batch->order.status != HENG_OK) {
        status = batch->order.status;
        if (reterr != NULL)
            *reterr = batch->order.error;
    }
    return status;
}

/* ---- pass 1: whom records reach ---- */

static void reach_stretch(heng_hand *hand, size_t number, heng_slot *slot) {
    heng_stretch stretch = heng_stretches_get(&hand->batch->dossiers, number);
    const heng_snapshot *snapshot = NULL;
    heng_error error = {0};
    (void)slot;
    heng_status status =
        heng_scan_range(hand->scan, stretch.after, stretch.last, NULL, 0, &error);
    while (status == HENG_OK) {
        status = heng_scan_next(hand->scan, &snapshot, &error);
        bool is_limit = status == HENG_ERR_LIMIT && snapshot != NULL; /* see decide() */
        if ((status != HENG_OK && !is_limit) || snapshot == NULL)
            break;
        heng_arena_reset(hand->arena);
        if (is_limit) {
            status = heng_reach_everybody(&hand->reacher, snapshot, &error);
            continue;
        }
        status = heng_reach_from(&hand->reacher, snapshot, &error);
    }
    if (status == HENG_OK && hand->ids.failed)
        status = heng_error_nomem(&error);
    if (status != HENG_OK)
        fail(hand, status, &error);
}

/* The hand with the smallest id at the head of its set; NULL where all are at their
 * ends. */
static heng_hand *least_head(heng_batch *batch, const size_t *heads) {
    heng_hand *least = NULL;
    for (size_t i = 0; i < batch->threads; i++) {
        heng_hand *hand = &batch->hands[i];
        if (heads[i] < hand->ids.count &&
            (least == NULL ||
             heng_str_compare(hand->ids.ids[heads[i]],
                              least->ids.ids[heads[least->number]]) < 0))
            least = hand;
    }
    return least;
}

/* All hands' ids in one list, up to and with *ret_last (empty: to the end). */
static heng_status gather_reached(heng_batch *batch, heng_str *ret_last,
                                  heng_error *reterr) {
    size_t heads[HENG_BATCH_THREADS] = {0};
    heng_str boundary = {0};
    size_t room = 0, count = 0;
    for (size_t i = 0; i < batch->threads; i++) {
        heng_id_set *set = &batch->hands[i].ids;
        heng_id_set_sort(set);
        room += set->count;
        if (set->boundary.len > 0 &&
            (boundary.len == 0 || heng_str_compare(set->boundary, boundary) < 0))
            boundary = set->boundary;
    }
    heng_wanted *all = heng_arena_alloc(batch->arena, (room + 1) * sizeof *all);
    if (all == NULL)
        return heng_error_nomem(reterr);
    for (heng_hand *least = NULL; (least = least_head(batch, heads)) != NULL;) {
        heng_str id = least->ids.ids[heads[least->number]++];
        if (boundary.len > 0 && heng_str_compare(id, boundary) >= 0)
            break;
        if (count == 0 || !heng_str_equal(all[count - 1].id, id))
            all[count++] = (heng_wanted){id, HENG_VIEW_TIES | HENG_VIEW_TIE_RECORDS};
    }
    batch->reached = all;
    batch->reached_count = count;
    *ret_last = boundary.len > 0 && count > 0 ? all[count - 1].id : (heng_str){0};
    return HENG_OK;
}

/* The first of those reached that lies after `id`. */
static size_t reached_after(const heng_batch *batch, heng_str id) {
    size_t low = 0, high = batch->reached_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (heng_str_compare(batch->reached[middle].id, id) <= 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static heng_status take_nothing(void *context, size_t stretch, heng_str lines,
                                bool whole, uint64_t looked_at, heng_error *reterr) {
    (void)context, (void)stretch, (void)lines, (void)whole, (void)looked_at;
    (void)reterr;
    return HENG_OK;
}

static heng_status find_reached(heng_batch *batch, heng_str after, heng_str *ret_last,
                                heng_error *reterr) {
    batch->reached = NULL;
    batch->reached_count = 0;
    *ret_last = (heng_str){0};
    if (batch->plan->index[HENG_GAZE_THROUGH].rule_count == 0 ||
        (batch->what & HENG_SCAN_REST) != 0)
        return HENG_OK;
    for (size_t i = 0; i < batch->threads; i++)
        heng_id_set_clear(&batch->hands[i].ids, after);
    heng_stretches_narrow(&batch->dossiers, (heng_str){0}, (heng_str){0});
    heng_line_order_begin(&batch->order, batch->dossiers.count);
    batch->order.write = take_nothing;
    heng_status status = run_all(batch, reach_stretch, HENG_SCAN_HEADS, reterr);
    return status == HENG_OK ? gather_reached(batch, ret_last, reterr) : status;
}

/* ---- pass 2: decisions ---- */

/* A subject with more records or ties than one can have is told as undetermined, in all
 * that could concern it: the others must not wait for its feed to be mended. */
static heng_status decide(heng_hand *hand, const heng_snapshot *snapshot,
                          const heng_error *too_much,
                          const heng_decision **ret_decision, heng_error *reterr) {
    const heng_plan *plan = hand->batch->plan;
    if (too_much == NULL)
        return heng_decide(plan, hand->worker, snapshot, UINT32_MAX,
                           HENG_DECIDE_NO_VERDICTS, ret_decision, reterr);
    return heng_decide_unknown(plan, hand->worker, snapshot,
                               heng_str_of(too_much->text), ret_decision, reterr);
}

static heng_status decide_one(heng_hand *hand, const heng_snapshot *snapshot,
                              const heng_error *too_much, heng_slot *slot,
                              heng_error *reterr) {
    const heng_batch *batch = hand->batch;
    heng_batch_line line = {.thread = hand->number,
                            .view = hand->view,
                            .worker = hand->worker,
                            .snapshot = snapshot};
    heng_status status = decide(hand, snapshot, too_much, &line.decision, reterr);
    if (status != HENG_OK)
        return status;
    bool told =
        line.decision->measure_count > 0 || line.decision->undetermined_count > 0;
    slot->looked_at++;
    hand->counts.looked_at++;
    hand->counts.told += told;
    hand->counts.undetermined += line.decision->undetermined_count > 0;
    hand->counts.out_of_scope += line.decision->out_of_scope;
    if (!told && (batch->options.flags & HENG_BATCH_ALL) == 0)
        return HENG_OK;
    status = batch->sink->render(batch->sink->context, &line, &slot->lines);
    return status == HENG_OK ? status
                             : heng_error_set(reterr, status, NULL, (heng_pos){0, 0},
                                              "a line could not be written: %s",
                                              heng_status_text(status));
}

static heng_status start(heng_hand *hand, const heng_stretch *stretch,
                         heng_error *reterr) {
    const heng_batch *batch = hand->batch;
    size_t first = reached_after(batch, stretch->after);
    size_t end = stretch->last.len == 0 ? batch->reached_count
                                        : reached_after(batch, stretch->last);
    hand->counts.reached += end - first;
    return heng_scan_range(hand->scan, stretch->after, stretch->last,
                           batch->reached == NULL ? NULL : batch->reached + first,
                           end - first, reterr);
}

static void decide_stretch(heng_hand *hand, size_t number, heng_slot *slot) {
    enum { ASK_EVERY = 4096 };
    heng_batch *batch = hand->batch;
    heng_stretch stretch = heng_stretches_get(&batch->stretches, number);
    const heng_snapshot *snapshot = NULL;
    heng_error error = {0};
    heng_status status = start(hand, &stretch, &error);
    while (status == HENG_OK) {
        heng_error too_much = {0};
        status = heng_scan_next(hand->scan, &snapshot, &too_much);
        bool is_limit = status == HENG_ERR_LIMIT && snapshot != NULL;
        if (status != HENG_OK && !is_limit)
            error = too_much;
        if ((status != HENG_OK && !is_limit) || snapshot == NULL)
            break;
        status = HENG_OK;
        if (snapshot->subject == NULL)
            continue; /* records came before their subject */
        status = decide_one(hand, snapshot, is_limit ? &too_much : NULL, slot, &error);
        if (status == HENG_OK && slot->lines.len > HENG_LIMIT_STRETCH_BYTES)
            status = heng_line_order_flush(&batch->order, number, slot);
        if (slot->looked_at % ASK_EVERY == ASK_EVERY - 1 && is_stopped(hand))
            return;
    }
    if (status != HENG_OK)
        fail(hand, status, &error);
}

static heng_status write_lines(void *context, size_t number, heng_str lines, bool whole,
                               uint64_t looked_at, heng_error *reterr) {
    heng_batch *batch = context;
    heng_stretch stretch = heng_stretches_get(&batch->stretches, number);
    heng_str last = whole ? stretch.last : (heng_str){0};
    heng_status status = HENG_OK;
    if (lines.len > 0 || last.len > 0)
        status = batch->sink->write(batch->sink->context, lines, last, reterr);
    if (whole && batch->sink->progress != NULL)
        batch->sink->progress(batch->sink->context, looked_at, ++batch->done,
                              batch->total);
    return status;
}

/* Decides the subjects after `after`, up to and with `last`. */
static heng_status decide_range(heng_batch *batch, heng_str after, heng_str last,
                                heng_error *reterr) {
    heng_stretches_narrow(&batch->stretches, after, last);
    batch->total = batch->done + batch->stretches.count;
    heng_line_order_begin(&batch->order, batch->stretches.count);
    batch->order.write = write_lines;
    batch->order.context = batch;
    return run_all(batch, decide_stretch, batch->what, reterr);
}

/* ---- the run ---- */

static heng_status count_subjects(heng_batch *batch, heng_batch_counts *counts,
                                  heng_error *reterr) {
    for (size_t i = 0; i < batch->threads; i++) {
        const heng_batch_counts *from = &batch->hands[i].counts;
        counts->looked_at += from->looked_at;
        counts->told += from->told;
        counts->undetermined += from->undetermined;
        counts->out_of_scope += from->out_of_scope;
        counts->reached += from->reached;
    }
    return heng_view_subject_count(batch->hands[0].view, &counts->subjects, reterr);
}

static heng_status prepare(heng_batch *batch, const heng_batch_sink *sink,
                           heng_error *reterr) {
    heng_arena_reset(batch->arena);
    batch->sink = sink;
    batch->order.status = HENG_OK;
    batch->order.looked_at = 0;
    batch->done = 0;
    for (size_t i = 0; i < batch->threads; i++)
        batch->hands[i].counts = (heng_batch_counts){0};
    heng_status status = heng_stretches_make(batch->hands[0].view, 0, batch->arena,
                                             &batch->dossiers, reterr);
    if (status == HENG_OK)
        status = heng_stretches_make(batch->hands[0].view, batch->what & HENG_SCAN_ALL,
                                     batch->arena, &batch->stretches, reterr);
    return status;
}

heng_status heng_batch_run(heng_batch *batch, heng_str after,
                           const heng_batch_sink *sink, heng_batch_counts *ret_counts,
                           heng_error *reterr) {
    char from[HENG_LIMIT_SUBJECT_ID_BYTES];
    heng_batch_counts counts = {0};
    heng_str last = {0};
    if (after.len > sizeof from)
        return heng_error_set(reterr, HENG_ERR_INVALID, NULL, (heng_pos){0, 0},
                              "an id has at most %zu bytes", sizeof from);
    heng_status status = prepare(batch, sink, reterr);
    do {
        heng_arena_mark mark = heng_arena_get_mark(batch->arena);
        if (status == HENG_OK)
            status = find_reached(batch, after, &last, reterr);
        if (status == HENG_OK)
            status = decide_range(batch, after, last, reterr);
        if (last.len > 0) {
            memcpy(from, last.ptr, last.len); /* the sets are emptied for the rest */
            after = (heng_str){from, last.len};
        }
        heng_arena_rewind(batch->arena, mark);
    } while (status == HENG_OK && last.len > 0);
    if (status == HENG_OK)
        status = count_subjects(batch, &counts, reterr);
    if (status == HENG_OK)
        *ret_counts = counts;
    return status;
}
