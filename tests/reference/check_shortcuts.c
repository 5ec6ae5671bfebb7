/* SPDX-License-Identifier: Apache-2.0 */
/*
 * check_shortcuts.c: sieves against programs, the index of rules against all rules,
 * brief decisions against those at length.
 */
#include "decide/evaluate.h"
#include "decide/matters.h"
#include "decide/plan.h"
#include "decide/sieve.h"
#include "heng/decide.h"
#include "model/flat.h"
#include "model/snapshot.h"
#include "ruleset/linked.h"

#include "check_shortcuts.h" /* last: its `text` would shadow that of the others */

enum { LATER_DAYS = 12, MOST_GROUNDS = 3 };

typedef struct looking {
    const heng_plan *plan;
    const heng_snapshot *snapshot;
    heng_arena *arena;
    heng_date day;
    heng_date later[LATER_DAYS];
    int later_count;
    shortcuts *counts;
    text *why;
} looking;

static bool differs(looking *at, const char *what, uint32_t rule_at,
                    const uint8_t *record) {
    heng_str id =
        record == NULL ? HENG_STR("") : heng_flat_text(record, HENG_FLAT_RECORD_ID);
    char on[HENG_DATE_TEXT_BYTES];
    heng_date_format(at->day, on);
    text_add(at->why, "%.*s on %s: %s: rule %.*s, record %.*s\n",
             HENG_STR_ARG(at->snapshot->id), on, what,
             HENG_STR_ARG(at->plan->ruleset->rules[rule_at].id), HENG_STR_ARG(id));
    return false;
}

/* ---- programs ---- */

static heng_cel_value run(looking *at, const heng_cel_program *program, heng_date on,
                          heng_seen *seen, heng_cel_list *grounds) {
    static const heng_cel_value nothing[1];
    heng_cel_list none = {.count = 0, .items = nothing};
    heng_seen_subject self = {
        {&at->plan->subject_type}, at->plan, at->snapshot->subject, at->snapshot->id};
    heng_cel_value variables[HENG_SLOT_COUNT];
    heng_cel_frame frame = {
        .arena = at->arena, .clock = on, .next_change = HENG_DATE_NONE, .cost_cap = 0};
    for (int i = 0; i < HENG_SLOT_COUNT; i++)
        variables[i] = heng_cel_value_null();
    variables[HENG_SLOT_SUBJECT] = heng_cel_value_object(&self.object);
    variables[HENG_SLOT_AS_OF] = heng_cel_value_date(on);
    /* What is told by the bytes of one record holds whatever the others are. */
    variables[HENG_SLOT_RECORDS] = heng_cel_value_list(&none);
    if (seen != NULL)
        variables[HENG_SLOT_R] = heng_cel_value_object(&seen->object);
    if (grounds != NULL)
        variables[HENG_SLOT_GROUNDS] = heng_cel_value_list(grounds);
    return heng_cel_run(program, &frame, variables);
}

static bool is_told(heng_tri told, heng_cel_value value) {
    if (told == HENG_TRI_UNKNOWN)
        return true;
    return value.kind == HENG_CEL_BOOL && value.as.boolean == (told == HENG_TRI_TRUE);
}

static heng_sieve_input input_of(const looking *at, const heng_seen *seen) {
    return (heng_sieve_input){.record = seen->bytes,
                              .subject = at->snapshot->subject,
                              .category = seen->category,
                              .in_force =
                                  seen->in_force ? HENG_TRI_TRUE : HENG_TRI_FALSE};
}

/* ---- one rule, one record ---- */

static bool find_entry(const looking *at, uint32_t wanted, const heng_seen *seen,
                       heng_entry *ret_entry) {
    heng_gaze gaze = at->plan->ruleset->rules[wanted].gaze;
    const heng_rule_index *index = &at->plan->index[gaze];
    for (uint32_t g = index->first[seen->category];
         g < index->first[seen->category + 1]; g++) {
        const heng_entry *from = NULL, *end = NULL;
        heng_rule_index_find(index, &index->groups[g], seen->bytes, &from, &end);
        for (; from < end; from++) {
            if (from->rule == wanted) {
                *ret_entry = *from;
                return true;
            }
        }
    }
    return false;
}

static bool check_never(looking *at, uint32_t wanted,
                        const heng_snapshot_record *record) {
    const heng_rule *declared = &at->plan->ruleset->rules[wanted];
    for (int i = 0; i < at->later_count; i++) {
        heng_seen later;
        if (!heng_seen_record(at->plan, record, at->later[i], &later))
            return false;
        heng_cel_value value = run(at, declared->ground, at->later[i], &later, NULL);
        if (!is_told(HENG_TRI_FALSE, value))
            return differs(at, "`never` became otherwise", wanted, record->bytes);
    }
    return true;
}

/* Whether the rule may use the record on that day, and holds or fails there. */
static bool counts_on(looking *at, uint32_t wanted, const heng_snapshot_record *record,
                      heng_date on) {
    const heng_rule *declared = &at->plan->ruleset->rules[wanted];
    heng_seen seen;
    if (!heng_seen_record(at->plan, record, on, &seen) ||
        (seen.unusable != HENG_USABLE &&
         !(declared->stays && seen.unusable == HENG_UNUSABLE_REPAIRED)))
        return false;
    heng_cel_value value = run(at, declared->ground, on, &seen, NULL);
    return heng_cel_value_is_error(value) || heng_cel_value_is_true(value);
}

static bool check_reach(looking *at, uint32_t wanted,
                        const heng_snapshot_record *record, const heng_seen *seen) {
    const heng_rule *declared = &at->plan->ruleset->rules[wanted];
    bool counts = counts_on(at, wanted, record, at->day);
    for (int i = 0; i < at->later_count && !counts; i++)
        counts = counts_on(at, wanted, record, at->later[i]);
    if (!counts || declared->unverified) /* which brings about nothing */
        return true;
    at->counts->reaching++;
    for (size_t i = 0; i < declared->role_count; i++) {
        uint32_t role_at = at->plan->rules[wanted].roles[i];
        uint64_t bits[8] = {0};
        if (!heng_matters_to(at->plan, declared->gaze, role_at, seen, at->day))
            return differs(at, "a record that counts does not matter", wanted,
                           record->bytes);
        if (!heng_matters_roles(at->plan, declared->gaze, seen, at->day, bits) ||
            (bits[role_at / 64] >> (role_at % 64) & 1) == 0)
            return differs(at, "a record that counts matters to no role", wanted,
                           record->bytes);
    }
    return true;
}

static bool check_record(looking *at, uint32_t wanted,
                         const heng_snapshot_record *record) {
    const heng_rule *declared = &at->plan->ruleset->rules[wanted];
    const heng_sieve *sieve = at->plan->rules[wanted].sieve;
    heng_seen seen;
    heng_entry entry = {0};
    if (declared->ground == NULL || !heng_seen_record(at->plan, record, at->day, &seen))
        return true;
    heng_sieve_input input = input_of(at, &seen);
    heng_cel_value value = run(at, declared->ground, at->day, &seen, NULL);
    heng_tri told = sieve == NULL ? HENG_TRI_UNKNOWN : heng_sieve_ask(sieve, &input);
    *(told == HENG_TRI_TRUE    ? &at->counts->told_true
      : told == HENG_TRI_FALSE ? &at->counts->told_false
                               : &at->counts->told_unknown) += 1;
    if (!is_told(told, value))
        return differs(at, "the sieve of the ground is wrong", wanted, record->bytes);
    bool counts = heng_cel_value_is_error(value) || heng_cel_value_is_true(value);
    bool found = find_entry(at, wanted, &seen, &entry);
    at->counts->found += counts;
    if (counts && !found)
        return differs(at, "the index does not find the rule", wanted, record->bytes);
    if (!found)
        return check_never(at, wanted, record);
    told = entry.sieve == NULL ? HENG_TRI_UNKNOWN : heng_sieve_ask(entry.sieve, &input);
    if (!is_told(told, value))
        return differs(at, "the sieve of the entry is wrong", wanted, record->bytes);
    if (told == HENG_TRI_FALSE &&
        heng_matters_never(&entry, &input, seen.expires_on, at->day)) {
        at->counts->never++;
        if (!check_never(at, wanted, record))
            return false;
    }
    return declared->gaze == HENG_GAZE_OWN || check_reach(at, wanted, record, &seen);
}

/* ---- `when` and `unless` ---- */

static bool check_whole(looking *at, uint32_t wanted, const heng_sieve *sieve,
                        const heng_cel_program *program) {
    heng_seen seen[MOST_GROUNDS];
    heng_sieve_input inputs[MOST_GROUNDS];
    heng_cel_value items[MOST_GROUNDS];
    size_t count = 0;
    if (sieve == NULL)
        return true;
    for (size_t i = 0; i <= MOST_GROUNDS; i++) {
        heng_cel_list grounds = {.count = count, .items = items};
        heng_sieve_input input = {.subject = at->snapshot->subject,
                                  .in_force = HENG_TRI_UNKNOWN,
                                  .grounds = inputs,
                                  .ground_count = count};
        heng_tri told = heng_sieve_ask(sieve, &input);
        at->counts->whole_told += told != HENG_TRI_UNKNOWN;
        if (!is_told(told, run(at, program, at->day, NULL, &grounds)))
            return differs(at, "the sieve of `when` or `unless` is wrong", wanted,
                           NULL);
        if (i == at->snapshot->record_count || count == MOST_GROUNDS ||
            !heng_seen_record(at->plan, &at->snapshot->records[i], at->day,
                              &seen[count]))
            break;
        inputs[count] = input_of(at, &seen[count]);
        items[count] = heng_cel_value_object(&seen[count].object);
        count++;
    }
    return true;
}

/* ---- whole decisions ---- */

static bool same_grounds(const heng_finding *a, const heng_finding *b) {
    if (a->rule != b->rule || a->state != b->state ||
        a->ground_count != b->ground_count)
        return false;
    for (size_t i = 0; i < a->ground_count; i++) {
        const heng_ground *x = &a->grounds[i];
        const heng_ground *y = &b->grounds[i];
        if (x->record != y->record || x->category != y->category ||
            x->disputed != y->disputed || x->has_run != y->has_run ||
            !heng_str_equal(x->subject, y->subject) ||
            !heng_str_equal(x->role, y->role))
            return false;
        if (x->has_run && (x->run.from != y->run.from || x->run.until != y->run.until ||
                           x->run.open != y->run.open))
            return false;
    }
    return true;
}

static bool same_measures(const heng_decision *a, const heng_decision *b) {
    if (a->measure_count != b->measure_count)
        return false;
    for (size_t i = 0; i < a->measure_count; i++) {
        const heng_applied *x = &a->measures[i];
        const heng_applied *y = &b->measures[i];
        if (x->measure != y->measure || x->state != y->state || x->force != y->force ||
            x->term.from != y->term.from || x->term.until != y->term.until ||
            x->term.open != y->term.open || x->repair_from != y->repair_from ||
            x->because_count != y->because_count)
            return false;
        for (size_t k = 0; k < x->because_count; k++) {
            if (!same_grounds(x->because[k], y->because[k]))
                return false;
        }
    }
    return true;
}

static bool same_doubts(const heng_decision *a, const heng_decision *b) {
    if (a->undetermined_count != b->undetermined_count)
        return false;
    for (size_t i = 0; i < a->undetermined_count; i++) {
        if (a->undetermined[i].rule != b->undetermined[i].rule ||
            a->undetermined[i].live != b->undetermined[i].live)
            return false;
    }
    return true;
}

static bool same_verdicts(const heng_decision *a, const heng_decision *b) {
    if (a->verdict_count != b->verdict_count)
        return false;
    for (size_t i = 0; i < a->verdict_count; i++) {
        if (a->verdicts[i].matter != b->verdicts[i].matter ||
            a->verdicts[i].verdict != b->verdicts[i].verdict)
            return false;
    }
    return true;
}

static const char *difference(const heng_decision *a, const heng_decision *b) {
    if (a->out_of_scope != b->out_of_scope)
        return "who is in scope";
    if (!same_measures(a, b))
        return "measures";
    if (!same_doubts(a, b))
        return "undetermined rules";
    if (!same_verdicts(a, b))
        return "verdicts";
    if (a->valid_through != b->valid_through)
        return "valid_through";
    return a->invisible_records != b->invisible_records ? "invisible records" : NULL;
}

static bool check_decisions(looking *at, const heng_plan *plain,
                            const heng_snapshot *snapshot, unsigned flags,
                            heng_worker *workers[2]) {
    const heng_decision *a = NULL, *b = NULL;
    heng_error error = {0};
    if (heng_decide(at->plan, workers[0], snapshot, UINT32_MAX, flags, &a, &error) !=
            HENG_OK ||
        heng_decide(plain, workers[1], snapshot, UINT32_MAX, flags, &b, &error) !=
            HENG_OK) {
        text_add(at->why, "the engine fails: %s\n", error.text);
        return false;
    }
    bool brief = workers[0]->last == NULL; /* what is decided at length leaves it */
    *(brief ? &at->counts->brief : &at->counts->at_length) += 1;
    const char *what = difference(a, b);
    if (what == NULL)
        return true;
    char on[HENG_DATE_TEXT_BYTES], x[HENG_DATE_TEXT_BYTES] = "ever",
                                   y[HENG_DATE_TEXT_BYTES] = "ever";
    heng_date_format(at->day, on);
    if (a->valid_through != HENG_DATE_NONE)
        heng_date_format(a->valid_through, x);
    if (b->valid_through != HENG_DATE_NONE)
        heng_date_format(b->valid_through, y);
    text_add(at->why,
             "%.*s on %s%s: %s differ from a plain plan's (through %s and %s)\n",
             HENG_STR_ARG(snapshot->id), on, brief ? ", in brief" : "", what, x, y);
    return false;
}

static bool check_both(looking *at, const heng_plan *plain, heng_worker *workers[2]) {
    heng_snapshot alone = *at->snapshot;
    alone.tie_count = 0;
    alone.mention_count = 0;
    return check_decisions(at, plain, at->snapshot, HENG_DECIDE_NO_VERDICTS, workers) &&
           check_decisions(at, plain, &alone, HENG_DECIDE_NO_VERDICTS, workers) &&
           check_decisions(at, plain, at->snapshot, 0, workers) &&
           check_decisions(at, plain, &alone, 0, workers);
}

/* ---- whom a batch does not reach ---- */

/* Whether some record behind the ties can matter; as batch/reach.c asks, from the other
 * side. */
static bool is_tied(const looking *at) {
    for (size_t t = 0; t < at->snapshot->tie_count; t++) {
        const heng_snapshot_tie *tie = &at->snapshot->ties[t];
        uint32_t role_at = heng_plan_role(at->plan, tie->role);
        if (tie->reversed && role_at != HENG_NONE)
            role_at = at->plan->role_words[role_at].other;
        for (size_t i = 0; tie->to >= at->day && i < tie->record_count; i++) {
            heng_seen seen;
            if (heng_seen_record(at->plan, &tie->records[i], at->day, &seen) &&
                heng_matters_to(at->plan, HENG_GAZE_THROUGH, role_at, &seen, at->day))
                return true;
        }
    }
    return false;
}

static bool is_named(const looking *at) {
    for (size_t i = 0; i < at->snapshot->mention_count; i++) {
        const heng_snapshot_record *record = &at->snapshot->mentions[i].record;
        heng_seen seen;
        if (heng_str_equal(record->subject, at->snapshot->id) ||
            !heng_seen_record(at->plan, record, at->day, &seen))
            continue;
        for (size_t p = 0; p < heng_flat_party_count(record->bytes); p++) {
            heng_flat_party one = heng_flat_party_at(record->bytes, p);
            if (heng_str_equal(one.id, at->snapshot->id) &&
                heng_matters_to(at->plan, HENG_GAZE_NAMED,
                                heng_plan_role(at->plan, one.role), &seen, at->day))
                return true;
        }
    }
    return false;
}

/* Ties and mentions that reach nobody are not there for a batch: nothing may be
 * missed. */
static bool check_unreached(looking *at, heng_worker *workers[2]) {
    heng_snapshot seen = *at->snapshot;
    const heng_decision *a = NULL, *b = NULL;
    heng_error error = {0};
    bool tied = is_tied(at), named = is_named(at);
    if (!tied)
        seen.tie_count = 0;
    if (!named)
        seen.mention_count = 0;
    at->counts->unreached += (!tied && at->snapshot->tie_count > 0) ||
                             (!named && at->snapshot->mention_count > 0);
    if (heng_decide(at->plan, workers[0], at->snapshot, UINT32_MAX,
                    HENG_DECIDE_NO_VERDICTS, &a, &error) != HENG_OK ||
        heng_decide(at->plan, workers[1], &seen, UINT32_MAX, HENG_DECIDE_NO_VERDICTS,
                    &b, &error) != HENG_OK) {
        text_add(at->why, "the engine fails: %s\n", error.text);
        return false;
    }
    const char *what = difference(a, b);
    if (what != NULL)
        text_add(at->why, "%.*s on day %d: %s differ without%s%s\n",
                 HENG_STR_ARG(at->snapshot->id), (int)at->day, what,
                 tied ? "" : " ties", named ? "" : " mentions");
    return what == NULL;
}

/* ---- one subject ---- */

static bool check_rules(looking *at) {
    const heng_snapshot *snapshot = at->snapshot;
    const heng_ruleset *ruleset = at->plan->ruleset;
    for (uint32_t r = 0; r < ruleset->rule_count; r++) {
        for (size_t i = 0; i < snapshot->record_count; i++) {
            if (!check_record(at, r, &snapshot->records[i]))
                return false;
        }
        for (size_t t = 0; t < snapshot->tie_count; t++) {
            for (size_t i = 0; i < snapshot->ties[t].record_count; i++) {
                if (!check_record(at, r, &snapshot->ties[t].records[i]))
                    return false;
            }
        }
        for (size_t i = 0; i < snapshot->mention_count; i++) {
            if (!check_record(at, r, &snapshot->mentions[i].record))
                return false;
        }
        if (!check_whole(at, r, at->plan->rules[r].when, ruleset->rules[r].when))
            return false;
        for (size_t i = 0; i < ruleset->rules[r].unless_count; i++) {
            if (!check_whole(at, r, at->plan->rules[r].unless[i],
                             ruleset->rules[r].unless[i].condition))
                return false;
        }
    }
    return true;
}

static void choose_later(looking *at, const int32_t *days, int day_count) {
    int step = day_count / (2 * LATER_DAYS) + 1;
    for (int i = 0; i < day_count && at->later_count < LATER_DAYS; i += step) {
        if (days[i] > at->day)
            at->later[at->later_count++] = days[i];
    }
}

bool check_shortcuts(const heng_ruleset *ruleset, const heng_snapshot *snapshot,
                     int32_t as_of, const int32_t *days, int day_count,
                     shortcuts *counts, text *why) {
    looking at = {.day = as_of, .snapshot = snapshot, .counts = counts, .why = why};
    heng_plan *plan = NULL, *plain = NULL;
    heng_worker *workers[2] = {heng_worker_new(), heng_worker_new()};
    heng_error error = {0};
    bool fine = false;
    at.arena = heng_arena_new((size_t)1 << 28);
    if (at.arena == NULL || workers[0] == NULL || workers[1] == NULL)
        goto out;
    if (heng_plan_new(ruleset, snapshot->names, as_of, &plan, &error) != HENG_OK ||
        heng_plan_new_with(ruleset, snapshot->names, as_of, HENG_PLAN_PLAIN, &plain,
                           &error) != HENG_OK) {
        text_add(why, "no plan: %s\n", error.text);
        goto out;
    }
    at.plan = plan;
    choose_later(&at, days, day_count);
    fine = check_rules(&at) && check_both(&at, plain, workers) &&
           check_unreached(&at, workers);
out:
    heng_plan_free(plan);
    heng_plan_free(plain);
    heng_worker_free(workers[0]);
    heng_worker_free(workers[1]);
    heng_arena_free(at.arena);
    return fine;
}
