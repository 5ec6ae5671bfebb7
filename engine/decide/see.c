/* SPDX-License-Identifier: Apache-2.0 */
/* see.c: what of a snapshot is there on the day: own records, ties, mentions. */
#include <stdlib.h>

#include "decide/evaluate.h"
#include "model/flat.h"
#include "model/identity.h"

static bool see_records(heng_evaluation *eval, const heng_snapshot_record *records,
                        size_t count, heng_seen **ret_seen, size_t *ret_count,
                        size_t *invisible) {
    heng_seen *seen = NULL;
    size_t used = 0;
    if (count > 0) {
        seen = heng_arena_calloc(eval->arena, count, sizeof *seen);
        if (seen == NULL)
            return false;
    }
    for (size_t i = 0; i < count; i++) {
        if (!heng_seen_record(eval->plan, &records[i], eval->day,
                              &eval->frame.next_change, &seen[used])) {
            (*invisible)++;
            continue;
        }
        /* Under `mark` the second pass never runs; under `suspend` it runs where a
         * disputed record could be looked at. */
        if (seen[used].disputed && eval->plan->ruleset->suspend_disputed &&
            seen[used].unusable == HENG_USABLE)
            eval->two_passes = true;
        used++;
    }
    *ret_seen = seen;
    *ret_count = used;
    return true;
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
        heng_seen_change(&eval->frame.next_change, eval->day, tie->from);
        heng_seen_change(&eval->frame.next_change, eval->day,
                         heng_seen_day_after(tie->to));
        if (tie->from > eval->day || tie->to < eval->day)
            continue;
        heng_seen_tie *out = &eval->ties[eval->tie_count++];
        uint32_t role = heng_plan_role(eval->plan, tie->role);
        if (tie->reversed && role != HENG_NONE)
            role = eval->plan->role_words[role].other;
        else if (tie->reversed)
            role = HENG_NONE;
        out->role = role;
        out->other = tie->other;
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
        heng_arena_calloc(eval->arena, snapshot->mention_count, sizeof *records);
    if (records == NULL)
        return false;
    for (size_t i = 0; i < snapshot->mention_count; i++)
        records[i] = snapshot->mentions[i].record;
    return see_records(eval, records, snapshot->mention_count, &eval->mentions,
                       &eval->mention_count, &ignored);
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
    return see_records(eval, snapshot->records, snapshot->record_count, &eval->own,
                       &eval->own_count, &eval->invisible) &&
           see_ties(eval) && see_mentions(eval);
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

static bool has_role(const heng_plan *plan, uint32_t rule, uint32_t role) {
    const heng_rule *declared = &plan->ruleset->rules[rule];
    for (size_t i = 0; i < declared->role_count; i++) {
        if (role != HENG_NONE && plan->rules[rule].roles[i] == role)
            return true;
    }
    return false;
}

bool heng_see_through(heng_evaluation *eval, uint32_t rule, heng_looked **ret_looked,
                      size_t *ret_count) {
    size_t room = 0, count = 0;
    for (size_t t = 0; t < eval->tie_count; t++) {
        if (has_role(eval->plan, rule, eval->ties[t].role))
            room += eval->ties[t].record_count;
    }
    *ret_looked = NULL;
    *ret_count = 0;
    if (room == 0)
        return true;
    heng_looked *looked = heng_arena_calloc(eval->arena, room, sizeof *looked);
    if (looked == NULL)
        return false;
    for (size_t t = 0; t < eval->tie_count; t++) {
        const heng_seen_tie *tie = &eval->ties[t];
        bool again = false;
        if (!has_role(eval->plan, rule, tie->role))
            continue;
        /* Somebody tied in two of the roles is looked at once. */
        for (size_t u = 0; u < t && !again; u++) {
            again = has_role(eval->plan, rule, eval->ties[u].role) &&
                    heng_str_equal(eval->ties[u].other, tie->other);
        }
        for (size_t i = 0; i < tie->record_count && !again; i++)
            looked[count++] = (heng_looked){&tie->records[i], tie->role};
    }
    qsort(looked, count, sizeof *looked, compare_looked);
    *ret_looked = looked;
    *ret_count = count;
    return true;
}

bool heng_see_named(heng_evaluation *eval, uint32_t rule, heng_looked **ret_looked,
                    size_t *ret_count) {
    size_t count = 0;
    *ret_looked = NULL;
    *ret_count = 0;
    if (eval->mention_count == 0)
        return true;
    heng_looked *looked =
        heng_arena_calloc(eval->arena, eval->mention_count, sizeof *looked);
    if (looked == NULL)
        return false;
    for (size_t i = 0; i < eval->mention_count; i++) {
        heng_seen *seen = &eval->mentions[i];
        /* "records of others": one's own record that names oneself is not looked at */
        if (heng_str_equal(seen->subject, eval->snapshot->id))
            continue;
        for (size_t p = 0; p < heng_flat_party_count(seen->bytes); p++) {
            heng_flat_party party = heng_flat_party_at(seen->bytes, p);
            uint32_t role = heng_plan_role(eval->plan, party.role);
            if (heng_str_equal(party.id, eval->snapshot->id) &&
                has_role(eval->plan, rule, role)) {
                looked[count++] = (heng_looked){seen, role};
                break;
            }
        }
    }
    qsort(looked, count, sizeof *looked, compare_looked);
    *ret_looked = looked;
    *ret_count = count;
    return true;
}
