/* SPDX-License-Identifier: Apache-2.0 */
/*
 * against.c: two rulesets over the same store in one pass: each subject is read once
 * and decided by both.
 *
 * Only those are decided whom a rule concerns that is not the same (concern.h): who has
 * a record of its categories, is tied to somebody with one, or is named in one. But of
 * whoever is decided everything is there that either ruleset looks at, for what one
 * rule brings about can give way to what another does: so all are found whom ties reach
 * and records name, by whatever rule of either.
 */
#include "batch/batch_parts.h"
#include "decide/brief.h"
#include "model/flat.h"

static bool needs_no_record(const heng_batch *batch) {
    return batch->plan->always_count > 0 || batch->before.plan->always_count > 0;
}

unsigned heng_against_what(const heng_batch *batch) {
    unsigned what = heng_plan_needs(batch->plan) | heng_plan_needs(batch->before.plan) |
                    heng_batch_outlines(batch, batch->plan);
    if ((batch->options.flags & HENG_BATCH_PLAIN) != 0)
        return what | HENG_SCAN_ALL | HENG_SCAN_REST;
    /* Whoever has no record is in no other state by a rule that is the same. */
    return batch->before.concern.everybody && needs_no_record(batch)
               ? what | HENG_SCAN_ALL
               : what;
}

bool heng_against_concerns_nobody(const heng_batch *batch) {
    const heng_concern *concern = &batch->before.concern;
    unsigned gazes = 0;
    for (size_t name = 0; name < concern->name_count; name++)
        gazes |= concern->of_name[name];
    return !concern->everybody && gazes == 0 && concern->rule_count == 0 &&
           (batch->options.flags & HENG_BATCH_PLAIN) == 0;
}

/* ---- whom records of others name ---- */

heng_categories heng_against_categories(const heng_batch *batch) {
    heng_categories all = heng_reach_categories(batch->plan, HENG_GAZE_NAMED);
    const heng_categories other =
        heng_reach_categories(batch->before.plan, HENG_GAZE_NAMED);
    heng_categories_unite(&all, &other);
    return all;
}

bool heng_against_may_name(void *context, const uint8_t *record, size_t len) {
    heng_hand *hand = context;
    return heng_reach_may_name(&hand->now.reacher, record, len) ||
           heng_reach_may_name(&hand->old.reacher, record, len);
}

bool heng_against_names(void *context, heng_str party, heng_str owner,
                        const uint8_t *record, size_t len) {
    heng_hand *hand = context;
    return heng_reach_names(&hand->now.reacher, party, owner, record, len) ||
           heng_reach_names(&hand->old.reacher, party, owner, record, len);
}

/* ---- whom it concerns ---- */

static bool concerns_record(const heng_concern *concern, const uint8_t *record,
                            heng_gaze gaze) {
    uint32_t name = heng_flat_u32(record + 4);
    return name < concern->name_count && (concern->of_name[name] >> gaze & 1) != 0;
}

static bool is_concerned(const heng_concern *concern, const heng_snapshot *snapshot) {
    if (concern->everybody || snapshot->too_much.len > 0)
        return true;
    for (size_t i = 0; i < snapshot->record_count; i++) {
        if (concerns_record(concern, snapshot->records[i].bytes, HENG_GAZE_OWN))
            return true;
    }
    for (size_t i = 0; i < snapshot->tie_count; i++) {
        const heng_snapshot_tie *tie = &snapshot->ties[i];
        for (size_t r = 0; r < tie->record_count; r++) {
            if (concerns_record(concern, tie->records[r].bytes, HENG_GAZE_THROUGH))
                return true;
        }
    }
    for (size_t i = 0; i < snapshot->mention_count; i++) {
        if (concerns_record(concern, snapshot->mentions[i].record.bytes,
                            HENG_GAZE_NAMED))
            return true;
    }
    return false;
}

heng_sought heng_against_sought(const heng_batch *batch) {
    const heng_concern *concern = &batch->before.concern;
    heng_categories concerned = {{0, 0}}, altered = {{0, 0}};
    heng_sought sought = heng_reach_own(batch->plan);
    const heng_sought other = heng_reach_own(batch->before.plan);
    heng_sought_unite(&sought, &other);
    for (uint32_t name = 0; name < concern->name_count; name++) {
        if ((concern->of_name[name] >> HENG_GAZE_OWN & 1) != 0)
            heng_categories_add(&concerned, name);
        if ((concern->of_name[name] & HENG_CONCERN_ALTERED) != 0)
            heng_categories_add(&altered, name);
    }
    for (int kind = 0; kind <= HENG_NATURAL_PERSON && !concern->everybody; kind++) {
        heng_categories_keep(&sought.of_kind[kind], &concerned);
        heng_categories_unite(&sought.of_kind[kind], &altered);
        /* Of whoever has too many records every rule is in doubt, whatever it is about:
         * such a one has all categories, and must meet some. */
        if (heng_categories_is_empty(&sought.of_kind[kind]))
            heng_categories_add(&sought.of_kind[kind], 0);
    }
    return sought;
}

/* ---- one subject ---- */

bool heng_against_is_quiet(const heng_batch *batch, heng_str id, const uint8_t *subject,
                           const heng_gist_head *head) {
    heng_date through = HENG_DATE_NONE;
    return heng_brief_is_quiet(batch->plan, id, subject, head, &through) &&
           heng_brief_is_quiet(batch->before.plan, id, subject, head, &through);
}

heng_status heng_against_decide(heng_hand *hand, heng_slot *slot,
                                const heng_snapshot *snapshot, heng_error *reterr) {
    const heng_batch *batch = hand->batch;
    bool plain = (batch->options.flags & HENG_BATCH_PLAIN) != 0;
    return plain || is_concerned(&batch->before.concern, snapshot)
               ? heng_compare_subject(hand, slot, snapshot->id, snapshot, snapshot,
                                      reterr)
               : HENG_OK;
}
