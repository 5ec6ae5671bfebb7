/* SPDX-License-Identifier: Apache-2.0 */
/*
 * candidates.c: whose outcome can have changed since the last completed batch.
 *
 * From (ruleset, commit, day) of then to those of now it is three steps, in each of
 * which one thing changes; whoever is among the candidates of none has the same line:
 *
 *   the day, data and rules as then   -> who was due by the day of now
 *   the data, rules as then           -> whom an import touched, and whom those reach
 *                                        (reach.h) by what was known then or is now
 *   the rules, data and day as now    -> who has, or looks at, a record of a category
 *                                        about which a rule is not the same (concern.h)
 *
 * So the plan of then tells whom the data reach, on the day of then: whom a record does
 * not matter to on one day, it does not matter to on a later one (decide/matters.h).
 */
#include "batch/batch_parts.h"
#include "decide/matters.h"
#include "model/flat.h"
#include "store/probe.h"

/* One collection, in the calls of heng_baseline_each_*(). */
struct collecting {
    heng_hand *hand;
    bool through, named; /* rules of then look so */
    bool asks;           /* whether somebody without records need be looked at */
    heng_status status;
    heng_error *reterr;
};

/* ---- the data ---- */

static heng_status reach_from(struct collecting *at, heng_side *side, heng_str id) {
    heng_reacher reacher = {.plan = at->hand->batch->before.plan,
                            .view = side->view,
                            .arena = side->arena,
                            .tied = &at->hand->ids,
                            .named = &at->hand->ids,
                            .roles = at->hand->roles};
    const heng_snapshot *snapshot = NULL;
    heng_arena_reset(side->arena);
    heng_status status =
        heng_scan_one(side->view, id, 0, side->arena, &snapshot, at->reterr);
    if (status == HENG_ERR_NOT_FOUND)
        return HENG_OK;
    if (status != HENG_OK)
        return status;
    if (snapshot->too_much.len > 0)
        return heng_reach_everybody(&reacher, snapshot, at->reterr);
    return snapshot->record_count == 0
               ? HENG_OK
               : heng_reach_from(&reacher, snapshot, at->reterr);
}

static bool matters(const struct collecting *at, heng_gaze gaze, const uint8_t *record,
                    size_t size) {
    const heng_plan *plan = at->hand->batch->before.plan;
    heng_snapshot_record whole = {record, {"", 0}};
    heng_seen seen;
    if (!heng_flat_check_record(record, size))
        return true; /* the pass that decides says so */
    return heng_seen_record(plan, &whole, plan->as_of, &seen) &&
           heng_rule_index_has(&plan->index[gaze], seen.category) &&
           heng_matters_roles(plan, gaze, &seen, plan->as_of, at->hand->roles);
}

static bool matters_through(void *context, const uint8_t *record, size_t size) {
    return matters(context, HENG_GAZE_THROUGH, record, size);
}

static bool matters_named(void *context, const uint8_t *record, size_t size) {
    return matters(context, HENG_GAZE_NAMED, record, size);
}

/* Seven of eight subjects have no record, and nearly none of these has somebody with a
 * record that matters around it: they have no outcome, then and now. To know that takes
 * a few look-ups in the order of ids; to decide them twice would take many more. What
 * of a neighbour's records changed too is in the journal by the neighbour's name. */
static bool is_bare(struct collecting *at, heng_str id, unsigned flags) {
    heng_view *view = at->hand->now.view;
    const heng_probe_filter through = {matters_through, at};
    const heng_probe_filter named = {matters_named, at};
    bool found = !at->asks || (flags & HENG_BASELINE_RECORDS) != 0;
    if (!found)
        at->status = heng_probe_records(view, id, &found, at->reterr);
    if (at->status == HENG_OK && !found && at->named)
        at->status = heng_probe_named(view, id, &named, &found, at->reterr);
    if (at->status == HENG_OK && !found && at->through)
        at->status = heng_probe_tied(view, id, at->hand->batch->before.last.commit,
                                     &through, &found, at->reterr);
    return at->status == HENG_OK && !found;
}

static bool add_changed(void *context, heng_str id, unsigned flags) {
    struct collecting *at = context;
    if (is_bare(at, id, flags) || at->status != HENG_OK)
        return at->status == HENG_OK;
    heng_id_set_add(&at->hand->ids, id);
    /* Who is named in a record is told by the record alone, who is tied to its subject
     * also by the subject's line. */
    if (at->through || (at->named && (flags & HENG_BASELINE_RECORDS) != 0)) {
        at->status = reach_from(at, &at->hand->now, id);
        if (at->status == HENG_OK)
            at->status = reach_from(at, &at->hand->old, id);
    }
    return at->status == HENG_OK;
}

static bool looks(const heng_plan *plan, heng_gaze gaze) {
    return plan->index[gaze].rule_count > 0;
}

static heng_status find_changed(heng_batch *batch, heng_error *reterr) {
    const heng_plan *old = batch->before.plan, *now = batch->plan;
    struct collecting at = {
        .hand = &batch->hands[0],
        .through = looks(old, HENG_GAZE_THROUGH),
        .named = looks(old, HENG_GAZE_NAMED),
        /* What is asked is of the newest state, and rules without ground need none. */
        .asks = !batch->options.has_commit && old->always_count == 0 &&
                now->always_count == 0,
        .reterr = reterr,
    };
    heng_status status = heng_baseline_each_changed(
        batch->hands[0].now.view, batch->before.last.commit, add_changed, &at, reterr);
    return status == HENG_OK ? at.status : status;
}

/* ---- the day ---- */

static bool add_due(void *context, heng_str id) {
    struct collecting *at = context;
    heng_id_set_add(&at->hand->ids, id);
    return true;
}

static heng_status find_due(heng_batch *batch, heng_error *reterr) {
    struct collecting at = {.hand = &batch->hands[0]};
    if (batch->options.as_of == batch->before.last.as_of)
        return HENG_OK;
    return heng_baseline_each_due(batch->hands[0].now.view, batch->options.as_of,
                                  add_due, &at, reterr);
}

/* ---- the rules ---- */

static void add_parties(heng_hand *hand, const uint8_t *record) {
    for (size_t i = 0; i < heng_flat_party_count(record); i++)
        heng_id_set_add(&hand->ids, heng_flat_party_at(record, i).id);
}

static heng_status add_tied(heng_hand *hand, const heng_snapshot *snapshot,
                            heng_error *reterr) {
    heng_snapshot tied = *snapshot;
    if (tied.subject != NULL &&
        !heng_flat_check_subject(tied.subject, heng_flat_u32(tied.subject)))
        return HENG_OK; /* the pass that decides says so */
    heng_arena_reset(hand->now.arena);
    heng_status status = heng_scan_ties(hand->now.view, hand->now.arena, &tied, reterr);
    for (size_t i = 0; i < tied.tie_count && status == HENG_OK; i++) {
        if (tied.ties[i].to >= hand->batch->options.as_of)
            heng_id_set_add(&hand->ids, tied.ties[i].other);
    }
    return status;
}

static heng_status add_concerned(heng_hand *hand, const heng_snapshot *snapshot,
                                 heng_error *reterr) {
    const heng_concern *concern = &hand->batch->before.concern;
    /* of whom there is too much recorded, all rules are told */
    unsigned met = snapshot->too_much.len > 0 ? ~0U : 0;
    for (size_t i = 0; i < snapshot->record_count; i++) {
        const uint8_t *record = snapshot->records[i].bytes;
        uint32_t name = heng_flat_u32(record + 4);
        unsigned gazes = name < concern->name_count ? concern->of_name[name] : 0U;
        met |= gazes;
        if ((gazes & 1U << HENG_GAZE_NAMED) != 0 &&
            heng_flat_check_record(record, heng_flat_u32(record)))
            add_parties(hand, record);
    }
    if ((met & 1U << HENG_GAZE_OWN) != 0)
        heng_id_set_add(&hand->ids, snapshot->id);
    return (met & 1U << HENG_GAZE_THROUGH) != 0 ? add_tied(hand, snapshot, reterr)
                                                : HENG_OK;
}

static void concern_stretch(heng_hand *hand, size_t number, heng_slot *slot) {
    heng_stretch stretch = heng_stretches_get(&hand->batch->dossiers, number);
    const heng_snapshot *snapshot = NULL;
    heng_error error = {0};
    (void)slot;
    heng_status status =
        heng_scan_range(hand->now.scan, stretch.after, stretch.last, NULL, 0, &error);
    while (status == HENG_OK) {
        status = heng_scan_next(hand->now.scan, &snapshot, &error);
        if (status != HENG_OK || snapshot == NULL)
            break;
        status = add_concerned(hand, snapshot, &error);
    }
    if (status != HENG_OK)
        heng_batch_fail(hand, status, &error);
}

/* Of whole dossiers: whatever the kind. */
static heng_sought concerned_categories(const heng_concern *concern) {
    heng_sought sought = {.of_kind = {{{0, 0}}}};
    for (uint32_t name = 0; name < concern->name_count; name++) {
        if (concern->of_name[name] != 0)
            heng_categories_add(&sought.of_kind[0], name);
    }
    return sought;
}

static heng_status find_concerned(heng_batch *batch, heng_error *reterr) {
    const heng_sought sought = concerned_categories(&batch->before.concern);
    if (heng_categories_is_empty(&sought.of_kind[0]))
        return HENG_OK; /* the same ruleset, or it is about nothing in the store */
    heng_stretches_narrow(&batch->dossiers, (heng_str){0}, (heng_str){0});
    heng_batch_begin_finding(batch, batch->dossiers.count);
    heng_status status = heng_batch_open_scans(batch, false, HENG_SCAN_HEADS, reterr);
    for (size_t i = 0; i < batch->threads && status == HENG_OK; i++)
        heng_scan_narrow(batch->hands[i].now.scan, &sought);
    if (status == HENG_OK)
        status = heng_batch_run_all(batch, concern_stretch, reterr);
    heng_batch_close_scans(batch);
    return status;
}

heng_status heng_candidates_find(heng_batch *batch, heng_error *reterr) {
    heng_status status = find_changed(batch, reterr);
    if (status == HENG_OK)
        status = find_due(batch, reterr);
    if (status == HENG_OK)
        status = find_concerned(batch, reterr);
    for (size_t i = 0; i < batch->threads && status == HENG_OK; i++) {
        if (batch->hands[i].ids.failed)
            status = heng_error_nomem(reterr);
    }
    return status;
}
