/* SPDX-License-Identifier: Apache-2.0 */
/* reached.c: the pass that finds whom records of others reach, and the list of them. */
#include "batch/batch_parts.h"
#include "heng/parts.h"

static heng_status reach_one(heng_reacher *reacher, heng_scan *scan,
                             const heng_snapshot *snapshot, heng_error *reterr) {
    heng_arena_reset(reacher->arena);
    reacher->row = heng_scan_get_row(scan);
    reacher->scan = scan;
    return snapshot->too_much.len > 0 ? heng_reach_everybody(reacher, snapshot, reterr)
                                      : heng_reach_from(reacher, snapshot, reterr);
}

static void reach_stretch(heng_hand *hand, size_t number, bool old) {
    heng_stretch stretch = heng_stretches_get(&hand->batch->dossiers, number);
    heng_side *side = old ? &hand->old : &hand->now;
    heng_reacher *reachers[] = {&side->reacher, &hand->old.reacher};
    size_t count = hand->batch->in_one_pass ? 2 : 1; /* both in one view */
    const heng_snapshot *snapshot = NULL;
    heng_error error = {0};
    heng_status status =
        heng_scan_range(side->scan, stretch.after, stretch.last, NULL, 0, &error);
    for (size_t i = 0; i < count; i++) {
        reachers[i]->waiting_count = 0; /* whom a stretch that failed has left */
        reachers[i]->is_checked =
            heng_batch_outlines(hand->batch, reachers[i]->plan) != 0;
    }
    while (status == HENG_OK) {
        status = heng_scan_next(side->scan, &snapshot, &error);
        if (status != HENG_OK || snapshot == NULL)
            break;
        for (size_t i = 0; i < count && status == HENG_OK; i++)
            status = reach_one(reachers[i], side->scan, snapshot, &error);
    }
    for (size_t i = 0; i < count && status == HENG_OK; i++)
        status = heng_reach_end(reachers[i], &error);
    if (status == HENG_OK && (hand->ids.failed || hand->ties.failed))
        status = heng_error_nomem(&error);
    if (status != HENG_OK)
        heng_batch_fail(hand, status, &error);
}

static void reach_now(heng_hand *hand, size_t number, heng_slot *slot) {
    (void)slot;
    reach_stretch(hand, number, false);
}

static void reach_old(heng_hand *hand, size_t number, heng_slot *slot) {
    (void)slot;
    reach_stretch(hand, number, true);
}

/* What all hands' sets are whole up to; empty: to the end. */
static void narrow(heng_str *boundary, heng_str by) {
    if (by.len > 0 && (boundary->len == 0 || heng_str_compare(by, *boundary) < 0))
        *boundary = by;
}

/* `ties` may be NULL: they are looked up. */
static heng_wanted wanted(heng_str id, const heng_met_tie *ties, size_t count) {
    return (heng_wanted){.id = id,
                         .what = HENG_VIEW_TIES | HENG_VIEW_TIE_RECORDS,
                         .ties = ties,
                         .tie_count = count};
}

static void keep(heng_batch *batch, heng_wanted *all, size_t count, heng_str boundary,
                 heng_str *ret_last) {
    batch->reached = all;
    batch->reached_count = count;
    *ret_last = boundary.len > 0 && count > 0 ? all[count - 1].id : (heng_str){0};
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

static heng_status gather(heng_batch *batch, heng_str *ret_last, heng_error *reterr) {
    size_t heads[HENG_BATCH_THREADS] = {0};
    heng_str boundary = {0};
    size_t room = 0, count = 0;
    for (size_t i = 0; i < batch->threads; i++) {
        heng_id_set *set = &batch->hands[i].ids;
        heng_id_set_sort(set);
        room += set->count;
        narrow(&boundary, set->boundary);
    }
    heng_wanted *all = heng_arena_alloc(batch->arena, (room + 1) * sizeof *all);
    if (all == NULL)
        return heng_error_nomem(reterr);
    for (heng_hand *least = NULL; (least = least_head(batch, heads)) != NULL;) {
        heng_str id = least->ids.ids[heads[least->number]++];
        if (boundary.len > 0 && heng_str_compare(id, boundary) >= 0)
            break;
        if (count == 0 || !heng_str_equal(all[count - 1].id, id))
            all[count++] = wanted(id, NULL, 0);
    }
    keep(batch, all, count, boundary, ret_last);
    return HENG_OK;
}

/* The hand with the least tie at the head of its set; NULL where all are at their ends.
 */
static heng_hand *least_tie(heng_batch *batch, const size_t *heads) {
    heng_hand *least = NULL;
    for (size_t i = 0; i < batch->threads; i++) {
        heng_hand *hand = &batch->hands[i];
        if (heads[i] < hand->ties.count &&
            (least == NULL ||
             heng_tie_set_compare(&hand->ties.ties[heads[i]],
                                  &least->ties.ties[heads[least->number]]) < 0))
            least = hand;
    }
    return least;
}

/* All ties in one order; those at or behind the boundary are left out. */
static heng_status merge_ties(heng_batch *batch, heng_str boundary,
                              heng_met_tie **ret_ties, size_t *ret_count,
                              heng_error *reterr) {
    size_t heads[HENG_BATCH_THREADS] = {0};
    size_t room = 0, count = 0;
    for (size_t i = 0; i < batch->threads; i++)
        room += batch->hands[i].ties.count;
    heng_met_tie *all = heng_arena_calloc(batch->arena, room + 1, sizeof *all);
    if (all == NULL)
        return heng_error_nomem(reterr);
    for (heng_hand *least = NULL; (least = least_tie(batch, heads)) != NULL;) {
        const heng_met_tie *tie = &least->ties.ties[heads[least->number]++];
        if (boundary.len > 0 && heng_str_compare(tie->whose, boundary) >= 0)
            break;
        /* by two rulesets one tie can be met twice */
        if (count == 0 || heng_tie_set_compare(&all[count - 1], tie) != 0)
            all[count++] = *tie;
    }
    *ret_ties = all;
    *ret_count = count;
    return HENG_OK;
}

/* As gather(), with the ties. */
static heng_status gather_ties(heng_batch *batch, heng_str *ret_last,
                               heng_error *reterr) {
    heng_str boundary = {0};
    heng_met_tie *ties = NULL;
    size_t tie_count = 0, count = 0;
    for (size_t i = 0; i < batch->threads; i++) {
        heng_tie_set *set = &batch->hands[i].ties;
        heng_tie_set_sort(set);
        narrow(&boundary, set->boundary);
    }
    heng_status status = merge_ties(batch, boundary, &ties, &tie_count, reterr);
    if (status != HENG_OK)
        return status;
    heng_wanted *all = heng_arena_calloc(batch->arena, tie_count + 1, sizeof *all);
    if (all == NULL)
        return heng_error_nomem(reterr);
    for (size_t first = 0, end = 0; first < tie_count; first = end) {
        for (end = first + 1;
             end < tie_count && heng_str_equal(ties[end].whose, ties[first].whose);)
            end++;
        bool met = ties[first].row.bytes != NULL;
        all[count++] =
            wanted(ties[first].whose, met ? &ties[first] : NULL, end - first);
    }
    keep(batch, all, count, boundary, ret_last);
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

size_t heng_batch_reached_in(const heng_batch *batch, const heng_stretch *stretch,
                             const heng_wanted **ret_wanted) {
    size_t first = reached_after(batch, stretch->after);
    size_t end = stretch->last.len == 0 ? batch->reached_count
                                        : reached_after(batch, stretch->last);
    *ret_wanted = batch->reached == NULL ? NULL : batch->reached + first;
    return end - first;
}

static bool looks_through(const heng_plan *plan) {
    return plan->index[HENG_GAZE_THROUGH].rule_count > 0;
}

/* Of one state: only heads of the few categories that matter there are looked at. */
static heng_status reach_all(heng_batch *batch, bool old, heng_error *reterr) {
    const heng_plan *plan = old ? batch->before.plan : batch->plan;
    if (!looks_through(plan) &&
        !(batch->in_one_pass && looks_through(batch->before.plan)))
        return HENG_OK;
    heng_stretches_narrow(&batch->dossiers, (heng_str){0}, (heng_str){0});
    heng_batch_begin_finding(batch, batch->dossiers.count);
    unsigned what = HENG_SCAN_HEADS | heng_batch_outlines(batch, plan);
    heng_status status = heng_batch_open_scans(batch, old, what, reterr);
    heng_sought sought = heng_reach_sought(plan, HENG_GAZE_THROUGH);
    if (batch->in_one_pass) {
        const heng_sought other =
            heng_reach_sought(batch->before.plan, HENG_GAZE_THROUGH);
        heng_sought_unite(&sought, &other);
    }
    for (size_t i = 0; i < batch->threads && status == HENG_OK; i++)
        heng_scan_narrow(old ? batch->hands[i].old.scan : batch->hands[i].now.scan,
                         &sought);
    if (status == HENG_OK)
        status = heng_batch_run_all(batch, old ? reach_old : reach_now, reterr);
    heng_batch_close_scans(batch);
    return status;
}

/* Those who are reached, or of a narrow batch all that are looked at. */
heng_status heng_batch_find_ids(heng_batch *batch, heng_str after, heng_str *ret_last,
                                heng_error *reterr) {
    batch->reached = NULL;
    batch->reached_count = 0;
    *ret_last = (heng_str){0};
    bool needed = heng_batch_is_narrow(batch) ||
                  ((batch->what & HENG_SCAN_REST) == 0 &&
                   (looks_through(batch->plan) ||
                    (batch->before.known && looks_through(batch->before.plan))));
    if (!needed)
        return HENG_OK;
    for (size_t i = 0; i < batch->threads; i++) {
        if (heng_batch_keeps_ties(batch))
            heng_tie_set_clear(&batch->hands[i].ties, after);
        else
            heng_id_set_clear(&batch->hands[i].ids, after);
    }
    heng_status status = HENG_OK;
    if (heng_batch_is_narrow(batch)) {
        status = heng_candidates_find(batch, reterr);
    } else {
        status = reach_all(batch, false, reterr);
        if (status == HENG_OK && batch->before.known && !batch->in_one_pass)
            status = reach_all(batch, true, reterr);
    }
    if (status != HENG_OK)
        return status;
    return heng_batch_keeps_ties(batch) ? gather_ties(batch, ret_last, reterr)
                                        : gather(batch, ret_last, reterr);
}
