/* SPDX-License-Identifier: Apache-2.0 */
/* see.c: what of a snapshot is there on the day: own records, ties, mentions. */
#include <stdlib.h>

#include "base/arena_take.h"
#include "decide/evaluate.h"
#include "decide/matters.h"
#include "model/flat.h"
#include "model/identity.h"

static bool see_records(heng_evaluation *eval, const heng_snapshot_record *records,
                        size_t count, heng_seen **ret_seen, size_t *ret_count,
                        size_t *invisible) {
    size_t used = 0;
    if (count == 0)
        return true;
    heng_seen *seen = heng_arena_take(eval->arena, count * sizeof *seen);
    if (seen == NULL)
        return false;
    for (size_t i = 0; i < count; i++) {
        if (heng_seen_record(eval->plan, &records[i], eval->day, &seen[used]))
            used++;
        else
            (*invisible)++;
    }
    *ret_seen = seen;
    *ret_count = used;
    return true;
}

static bool see_own(heng_evaluation *eval) {
    return see_records(eval, eval->snapshot->records, eval->snapshot->record_count,
                       &eval->own, &eval->own_count, &eval->invisible);
}

uint32_t heng_see_tie_role(const heng_plan *plan, const heng_snapshot_tie *tie) {
    uint32_t role = heng_plan_role(plan, tie->role);
    return tie->reversed && role != HENG_NONE ? plan->role_words[role].other : role;
}

/* A tie that is to come counts as a change of that day, where it will matter. Whether
 * it will can change before, with the record that says so: that day counts too, so that
 * the answer of any day up to the first change names the same one. */
static void see_later(heng_evaluation *eval, const heng_snapshot_tie *tie,
                      uint32_t role) {
    heng_seen seen;
    for (size_t i = 0; tie->records != NULL && i < tie->record_count; i++) {
        if (heng_seen_record(eval->plan, &tie->records[i], eval->day, &seen) &&
            heng_matters_to(eval->plan, HENG_GAZE_THROUGH, role, &seen, eval->day)) {
            heng_seen_change(&eval->frame.next_change, eval->day, tie->from);
            heng_seen_change(&eval->frame.next_change, eval->day, seen.next_change);
            return;
        }
    }
}

static bool see_ties(heng_evaluation *eval) {
    const heng_snapshot *snapshot = eval->snapshot;
    size_t ignored = 0;
    if (snapshot->tie_count == 0)
        return true;
    eval->ties =
        heng_arena_calloc(eval->arena, snapshot->tie_count, sizeof *eval->ties);
    if (eval->ties == NULL)
        return false;
    for (size_t i = 0; i < snapshot->tie_count; i++) {
        const heng_snapshot_tie *tie = &snapshot->ties[i];
        uint32_t role = heng_see_tie_role(eval->plan, tie);
        if (tie->to < eval->day)
            continue;
        if (tie->from > eval->day) {
            see_later(eval, tie, role);
            continue;
        }
        heng_seen_tie *out = &eval->ties[eval->tie_count++];
        out->role = role;
        out->other = tie->other;
        out->change = heng_seen_day_after(tie->to);
        out->known = tie->subject != NULL || tie->record_count > 0;
        if (!see_records(eval, tie->records,
                         tie->records == NULL ? 0 : tie->record_count, &out->records,
                         &out->record_count, &ignored))
            return false;
    }
    return true;
}

static bool see_mentions(heng_evaluation *eval) {
    const heng_snapshot *snapshot = eval->snapshot;
    size_t ignored = 0;
    if (snapshot->mention_count == 0)
        return true;
    heng_snapshot_record *records =
        heng_arena_take(eval->arena, snapshot->mention_count * sizeof *records);
    if (records == NULL)
        return false;
    for (size_t i = 0; i < snapshot->mention_count; i++)
        records[i] = snapshot->mentions[i].record;
    return see_records(eval, records, snapshot->mention_count, &eval->mentions,
                       &eval->mention_count, &ignored);
}

/* ---- records of others ---- */

static int compare_looked(const void *a, const void *b) {
    const heng_seen *left = ((const heng_looked *)a)->seen;
    const heng_seen *right = ((const heng_looked *)b)->seen;
    if (left->decided_on != right->decided_on)
        return left->decided_on < right->decided_on ? -1 : 1;
    return heng_str_compare(heng_flat_text(left->bytes, HENG_FLAT_RECORD_ID),
                            heng_flat_text(right->bytes, HENG_FLAT_RECORD_ID));
}

/* All records behind ties, ordered once for all rules. */
static bool order_looked(heng_evaluation *eval) {
    size_t room = 0, with_records = 0;
    for (size_t t = 0; t < eval->tie_count; t++) {
        room += eval->ties[t].record_count;
        with_records += eval->ties[t].record_count > 0 ? 1 : 0;
    }
    if (room == 0 || eval->plan->index[HENG_GAZE_THROUGH].rule_count == 0)
        return true;
    eval->looked = heng_arena_calloc(eval->arena, room, sizeof *eval->looked);
    if (eval->looked == NULL)
        return false;
    for (size_t t = 0; t < eval->tie_count; t++) {
        for (size_t i = 0; i < eval->ties[t].record_count; i++)
            eval->looked[eval->looked_count++] = (heng_looked){
                &eval->ties[t].records[i], eval->ties[t].role, eval->ties[t].change};
    }
    if (with_records > 1) /* one dossier is in order already */
        qsort(eval->looked, eval->looked_count, sizeof *eval->looked, compare_looked);
    return true;
}

uint32_t heng_see_role(const heng_plan *plan, uint32_t rule, const heng_looked *looked,
                       size_t count) {
    for (size_t i = 0; i < count; i++) {
        if (heng_matters_has_role(plan, rule, looked[i].role))
            return looked[i].role;
    }
    return HENG_NONE;
}

uint32_t heng_see_party(const heng_plan *plan, uint32_t rule, const heng_seen *seen,
                        heng_str id) {
    /* "records of others": one's own record that names oneself is not looked at */
    if (heng_str_equal(seen->subject, id))
        return HENG_NONE;
    for (size_t p = 0; p < heng_flat_party_count(seen->bytes); p++) {
        heng_flat_party party = heng_flat_party_at(seen->bytes, p);
        uint32_t role = heng_plan_role(plan, party.role);
        if (heng_matters_has_role(plan, rule, role) && heng_str_equal(party.id, id))
            return role;
    }
    return HENG_NONE;
}

bool heng_see_looked(heng_evaluation *eval, uint32_t rule, heng_looked **ret_looked,
                     size_t *ret_count) {
    heng_gaze gaze = eval->plan->ruleset->rules[rule].gaze;
    size_t room = gaze == HENG_GAZE_OWN       ? eval->own_count
                  : gaze == HENG_GAZE_THROUGH ? eval->looked_count
                                              : eval->mention_count;
    size_t count = 0;
    heng_looked *looked = heng_arena_calloc(eval->arena, room + 1, sizeof *looked);
    if (looked == NULL)
        return false;
    for (size_t i = 0; i < room; i++) {
        heng_looked one = {NULL, HENG_NONE, HENG_DATE_NONE};
        if (gaze == HENG_GAZE_THROUGH) {
            one = eval->looked[i];
            one.role = heng_see_role(eval->plan, rule, &one, 1);
            if (count > 0 && looked[count - 1].seen->bytes == one.seen->bytes)
                continue;
        } else if (gaze == HENG_GAZE_NAMED) {
            one.seen = &eval->mentions[i];
            one.role = heng_see_party(eval->plan, rule, one.seen, eval->snapshot->id);
        } else {
            one.seen = &eval->own[i];
        }
        if (gaze == HENG_GAZE_OWN || one.role != HENG_NONE)
            looked[count++] = one;
    }
    *ret_looked = looked;
    *ret_count = count;
    return true;
}

bool heng_see_all(heng_evaluation *eval) {
    const heng_snapshot *snapshot = eval->snapshot;
    const uint8_t *bytes = snapshot->subject;
    heng_date born_on;

    eval->subject = (heng_seen_subject){
        {&eval->plan->subject_type}, eval->plan, bytes, snapshot->id};
    eval->kind = bytes[4];
    eval->region = heng_flat_text(bytes, HENG_FLAT_SUBJECT_REGION);
    if (eval->kind == HENG_NATURAL_PERSON) {
        /* Section 4, step 0: only people of full capacity and age are in scope. */
        if (bytes[5] != HENG_CAPACITY_FULL) {
            eval->outcome.out_of_scope = true;
            return true;
        }
        if (heng_identity_born_on(snapshot->id, &born_on)) {
            heng_date adult_on = heng_identity_adult_on(born_on);
            heng_seen_change(&eval->frame.next_change, eval->day, adult_on);
            if (adult_on > eval->day) {
                eval->outcome.out_of_scope = true;
                return true;
            }
        }
    }
    return see_own(eval) && see_ties(eval) && order_looked(eval) && see_mentions(eval);
}
