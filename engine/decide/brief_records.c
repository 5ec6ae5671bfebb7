/* SPDX-License-Identifier: Apache-2.0 */
/* brief_records.c: one loop over the records, and the rules that need none. */
#include "base/arena_take.h"
#include "base/limits.h"
#include "decide/brief_parts.h"
#include "decide/matters.h"
#include "decide/rule_bounds.h"
#include "decide/term_day.h"
#include "model/flat.h"

/* ---- one record ---- */

/* Runs an expression over one record; not one that asks for all of them. */
static heng_cel_value run(const heng_brief *of, const heng_cel_program *program,
                          heng_seen *seen, heng_date *change) {
    heng_cel_value variables[HENG_SLOT_COUNT];
    heng_cel_frame frame = {.arena = of->arena,
                            .clock = of->day,
                            .next_change = *change,
                            .cost_cap = HENG_COST_CONDITION};
    for (int i = 0; i < HENG_SLOT_COUNT; i++)
        variables[i] = heng_cel_value_null();
    variables[HENG_SLOT_SUBJECT] = heng_cel_value_object(&of->seen_subject.object);
    variables[HENG_SLOT_AS_OF] = heng_cel_value_date(of->day);
    variables[HENG_SLOT_R] = heng_cel_value_object(&seen->object);
    heng_cel_value value = heng_cel_run(program, &frame, variables);
    *change = frame.next_change;
    return value;
}

/* Runs a part of a term. False where it fails, which is for evaluate.h to tell. */
static bool run_day(const heng_brief *of, const heng_cel_program *program,
                    heng_seen *seen, heng_date *change, heng_date *ret_day) {
    heng_cel_value value = run(of, program, seen, change);
    *ret_day = (heng_date)value.as.integer;
    return value.kind == HENG_CEL_DATE;
}

/* The ground that the bytes do not tell. UNKNOWN where it fails, or may be another in
 * the second pass. */
static heng_tri run_ground(heng_brief *of, uint32_t rule, heng_seen *seen) {
    bool twice = seen->disputed && of->plan->ruleset->suspend_disputed;
    if (twice || of->plan->rules[rule].reads_records)
        return HENG_TRI_UNKNOWN;
    heng_cel_value value =
        run(of, of->plan->ruleset->rules[rule].ground, seen, &of->next_change);
    if (value.kind != HENG_CEL_BOOL)
        return HENG_TRI_UNKNOWN;
    return value.as.boolean ? HENG_TRI_TRUE : HENG_TRI_FALSE;
}

/* A part of a term: nearly always the bytes tell it. Of a disputed record they must
 * (brief_prepare.c: is_separable()). */
static bool ask_day(const heng_brief *of, const heng_term_day *day,
                    const heng_cel_program *program, heng_seen *seen,
                    const heng_sieve_input *input, heng_date *change,
                    heng_date *ret_day) {
    return (day != NULL && heng_term_day_tell(day, seen, input, ret_day)) ||
           (!seen->disputed && run_day(of, program, seen, change, ret_day));
}

/* As heng_fire_run(). False where an expression fails. */
static bool run_of(const heng_brief *of, const heng_rule *rule, heng_seen *seen,
                   const heng_sieve_input *input, heng_brief_firing *fired) {
    heng_term run = {seen->effective_on, seen->expires_on, HENG_OPEN_WHILE_IN_FORCE};
    fired->change = HENG_DATE_NONE;
    if (rule->term != HENG_TERM_IN_FORCE) {
        const heng_rule_plan *planned = &of->plan->rules[fired->rule];
        run = (heng_term){seen->decided_on, HENG_DATE_NONE, HENG_OPEN_LIFE};
        if (!rule->term_from_decided_on &&
            !ask_day(of, planned->term_from, rule->term_from, seen, input,
                     &fired->change, &run.from))
            return false;
        if (rule->term == HENG_TERM_LAST)
            run.until = heng_date_term_end(run.from, rule->last);
        else if (rule->term == HENG_TERM_UNTIL &&
                 !ask_day(of, planned->term_until, rule->term_until, seen, input,
                          &fired->change, &run.until))
            return false;
    }
    fired->has_run = heng_rule_cut_run(rule, seen, &run);
    fired->run = run;
    return true;
}

/* A record that is put before rules. Half of them meet none about the subject, and of
 * half of the others the bytes say that none can ever hold: only of the rest it is
 * worked out how they look on the day. */
typedef struct looking {
    const heng_snapshot_record *record;
    uint32_t category;
    bool is_begun; /* input and expires_on are there */
    bool is_seen;
    heng_date expires_on;
    heng_sieve_input input;
    heng_seen seen;
} looking;

/* Field by field: one that is made apart and copied is read before it is written
 * whole, and waited for. */
static inline void fill_input(const heng_brief *of, const uint8_t *record,
                              uint32_t category, heng_sieve_input *ret_input) {
    heng_date from = heng_flat_i32(record + 20), to = heng_flat_i32(record + 24);
    bool in_force = (from <= of->day) & (of->day <= to); /* seen.c */
    ret_input->record = record;
    ret_input->subject = of->subject;
    ret_input->head = NULL;
    ret_input->category = category;
    ret_input->in_force = in_force ? HENG_TRI_TRUE : HENG_TRI_FALSE;
    ret_input->grounds = NULL;
    ret_input->ground_count = 0;
    ret_input->records = NULL;
    ret_input->record_count = 0;
}

static inline void look_at(const heng_snapshot_record *record, uint32_t category,
                           looking *ret_looking) {
    ret_looking->record = record;
    ret_looking->category = category;
    ret_looking->is_begun = false;
    ret_looking->is_seen = false;
}

static inline void begin(const heng_brief *of, looking *at) {
    if (at->is_begun)
        return;
    fill_input(of, at->record->bytes, at->category, &at->input);
    at->expires_on = heng_flat_i32(at->record->bytes + 24);
    at->is_begun = true;
}

/* Its category is known to the ruleset. */
static inline heng_seen *see(const heng_brief *of, looking *at) {
    if (!at->is_seen)
        at->is_seen = heng_seen_record(of->plan, at->record, of->day, &at->seen);
    return &at->seen;
}

/* As heng_rule_keeps() and heng_rule_covers(). */
static bool is_usable(const heng_brief *of, const heng_entry *entry,
                      const heng_seen *seen) {
    bool usable = seen->unusable == HENG_USABLE ||
                  (entry->stays && seen->unusable == HENG_UNUSABLE_REPAIRED);
    return usable &&
           (!entry->is_by_decision ||
            heng_rule_covers(&of->plan->ruleset->rules[entry->rule], seen->decided_on));
}

/* False where the subject is not for here. `role` is HENG_NONE for its own records. */
static bool try_entry(heng_brief *of, const heng_entry *entry, looking *at,
                      uint32_t role) {
    begin(of, at);
    const heng_sieve_input *input = &at->input;
    heng_tri told =
        entry->sieve == NULL ? HENG_TRI_UNKNOWN : heng_sieve_ask(entry->sieve, input);
    if (told == HENG_TRI_FALSE &&
        heng_matters_never(entry, input, at->expires_on, of->day))
        return true;
    const heng_rule *rule = &of->plan->ruleset->rules[entry->rule];
    if (entry->is_regional && !heng_rule_fits_region(rule, of->region))
        return true;
    heng_seen *seen = see(of, at);
    if (!heng_matters_usable(seen, entry->stays))
        return true;
    heng_brief_change(of, seen->next_change);
    heng_brief_change(of, of->tie_change);
    heng_brief_change(of, entry->change);
    if (told == HENG_TRI_FALSE || !entry->is_eligible || !is_usable(of, entry, seen))
        return true;
    if (!entry->is_brief || of->count == HENG_BRIEF_MOST)
        return false;
    if (told == HENG_TRI_UNKNOWN)
        told = run_ground(of, entry->rule, seen);
    if (told != HENG_TRI_TRUE)
        return told == HENG_TRI_FALSE;
    bool disputes = seen->disputed && of->plan->ruleset->suspend_disputed;
    if (disputes && !entry->is_separable)
        return false;
    of->disputes = of->disputes || disputes;
    heng_brief_firing *fired = &of->firings[of->count++];
    fired->rule = entry->rule;
    fired->category = seen->category;
    fired->record = seen->bytes;
    fired->owner = role == HENG_NONE ? (heng_str){0} : seen->subject;
    fired->role = role;
    fired->disputed = seen->disputed;
    fired->in_force = seen->in_force;
    fired->in_displacement = entry->in_displacement;
    return run_of(of, rule, seen, input, fired);
}

static inline bool lies_within(const heng_brief *of, const heng_entry *entry) {
    for (size_t i = 0; i < entry->prefix_count; i++) {
        if ((of->region_word & entry->prefixes[i].mask) == entry->prefixes[i].word)
            return true;
    }
    return entry->prefix_count == 0;
}

/* By kind and region. */
static inline bool concerns(const heng_brief *of, const heng_entry *entry) {
    return (entry->acts_on & of->kind_bit) != 0 &&
           (entry->regions & of->region_bits) != 0 && lies_within(of, entry);
}

static inline bool try_entries(heng_brief *of, const heng_entry *entry,
                               const heng_entry *end, looking *at) {
    for (; entry < end; entry++) {
        if (concerns(of, entry) && !try_entry(of, entry, at, HENG_NONE))
            return false;
    }
    return true;
}

static bool try_own(heng_brief *of, const heng_category_name *named, looking *at) {
    const heng_rule_index *index = &of->plan->index[HENG_GAZE_OWN];
    if (named->is_listed)
        return try_entries(of, index->entries + named->first,
                           index->entries + named->end, at);
    uint32_t last = index->first[named->category + 1];
    for (uint32_t g = index->first[named->category]; g < last; g++) {
        const heng_entry *entry = NULL, *end = NULL;
        heng_rule_index_find(index, &index->groups[g], at->record->bytes, &entry, &end);
        if (!try_entries(of, entry, end, at))
            return false;
    }
    return true;
}

/* A record of another. `tie_role` of one behind a tie. */
static bool try_other(heng_brief *of, const heng_snapshot_record *record,
                      heng_gaze gaze, uint32_t tie_role) {
    const heng_rule_index *index = &of->plan->index[gaze];
    looking at;
    uint32_t category = heng_plan_category(of->plan, heng_flat_u32(record->bytes + 4));
    if (category == HENG_NONE)
        return true;
    look_at(record, category, &at);
    uint32_t last = index->first[category + 1];
    for (uint32_t g = index->first[category]; g < last; g++) {
        const heng_entry *entry = NULL, *end = NULL;
        heng_rule_index_find(index, &index->groups[g], record->bytes, &entry, &end);
        for (; entry < end; entry++) {
            if (!concerns(of, entry))
                continue;
            uint32_t role = gaze == HENG_GAZE_NAMED
                                ? heng_see_party(of->plan, entry->rule, see(of, &at),
                                                 of->seen_subject.id)
                            : heng_matters_has_role(of->plan, entry->rule, tie_role)
                                ? tie_role
                                : HENG_NONE;
            if (role != HENG_NONE && !try_entry(of, entry, &at, role))
                return false;
        }
    }
    return true;
}

/* The records behind the tie, if there is one. */
static bool try_tie(heng_brief *of, const heng_snapshot *snapshot) {
    const heng_snapshot_tie *tie = snapshot->ties;
    if (snapshot->tie_count == 0 || tie->to < of->day)
        return true;
    if (tie->from > of->day)
        return false; /* it is to come */
    uint32_t role = heng_see_tie_role(of->plan, tie);
    of->tie_change = heng_seen_day_after(tie->to);
    for (size_t i = 0; i < tie->record_count; i++) {
        if (!try_other(of, &tie->records[i], HENG_GAZE_THROUGH, role))
            return false;
    }
    of->tie_change = HENG_DATE_NONE;
    return true;
}

bool heng_brief_view(heng_brief *of) {
    const heng_snapshot *snapshot = of->snapshot;
    heng_seen seen;
    if (of->records != NULL)
        return true;
    if (snapshot->record_count > HENG_BRIEF_MOST)
        return false;
    heng_sieve_input *records =
        heng_arena_take(of->arena, (snapshot->record_count + 1) * sizeof *records);
    if (records == NULL)
        return false;
    of->record_count = 0;
    for (size_t i = 0; i < snapshot->record_count; i++) {
        if (!heng_seen_record(of->plan, &snapshot->records[i], of->day, &seen))
            continue;
        heng_brief_change(of, seen.next_change);
        if (seen.unusable != HENG_USABLE)
            continue;
        if (seen.disputed && of->plan->ruleset->suspend_disputed)
            return false;
        fill_input(of, seen.bytes, seen.category, &records[of->record_count++]);
    }
    of->records = records;
    return true;
}

bool heng_brief_try_all(heng_brief *of, const heng_snapshot *snapshot,
                        size_t *ret_invisible) {
    looking at;
    for (size_t i = 0; i < snapshot->record_count; i++) {
        const heng_snapshot_record *record = &snapshot->records[i];
        const heng_category_name *named =
            heng_plan_name(of->plan, heng_flat_u32(record->bytes + 4));
        if (named == NULL) {
            (*ret_invisible)++;
            continue;
        }
        look_at(record, named->category, &at);
        if (!try_own(of, named, &at))
            return false;
    }
    if (!try_tie(of, snapshot))
        return false;
    for (size_t i = 0; i < snapshot->mention_count; i++) {
        if (!try_other(of, &snapshot->mentions[i].record, HENG_GAZE_NAMED, HENG_NONE))
            return false;
    }
    return true;
}

/* ---- rules that need no record ---- */

/* What the bytes of the subject say of a rule that needs no record. */
typedef enum groundless {
    GROUNDLESS_NOT, /* it does not fire, as fire.c would find */
    GROUNDLESS_FIRES,
    GROUNDLESS_UNKNOWN /* the subject is not for here */
} groundless;

/* Of a rule in effect whose `when` is not false by its sieve. */
static groundless ask_always(const heng_plan *plan, const heng_always *always,
                             heng_tri told, const heng_sieve_input *input) {
    const heng_rule *rule = &plan->ruleset->rules[always->rule];
    const heng_rule_plan *planned = &plan->rules[always->rule];
    bool holds = told == HENG_TRI_TRUE || rule->when == NULL;
    if (!holds || !planned->brief_groundless)
        return GROUNDLESS_UNKNOWN;
    for (size_t i = 0; i < rule->unless_count; i++) {
        told = heng_sieve_ask(planned->unless[i], input);
        if (told != HENG_TRI_FALSE)
            return told == HENG_TRI_TRUE ? GROUNDLESS_NOT : GROUNDLESS_UNKNOWN;
    }
    return GROUNDLESS_FIRES;
}

/* The run of a rule without ground, as take_terms() of fire.c. */
static heng_term run_in_effect(const heng_rule *rule) {
    heng_term run = {rule->from, HENG_DATE_NONE, HENG_OPEN_WHILE_IN_EFFECT};
    if (rule->by == HENG_BY_AS_OF && rule->to < HENG_DATE_MAX) {
        run.until = rule->to;
        run.open = HENG_OPEN_NONE;
    }
    return run;
}

/* A rule that may fire, if it may: `of` NULL: none may. False where the subject is not
 * for here. */
static bool take_always(const heng_plan *plan, const heng_always *always, heng_tri told,
                        const heng_sieve_input *input, heng_brief *of) {
    groundless found = ask_always(plan, always, told, input);
    if (found == GROUNDLESS_NOT)
        return true;
    if (found == GROUNDLESS_UNKNOWN || of == NULL || of->count == HENG_BRIEF_MOST)
        return false;
    of->firings[of->count++] = (heng_brief_firing){
        .rule = always->rule,
        .role = HENG_NONE,
        .has_run = true,
        .in_displacement = plan->rules[always->rule].in_displacement,
        .run = run_in_effect(&plan->ruleset->rules[always->rule]),
        .change = HENG_DATE_NONE};
    return true;
}

bool heng_brief_try_always(const heng_plan *plan, unsigned kind, heng_str region,
                           const heng_sieve_input *input, heng_brief *of,
                           heng_date *next_change) {
    for (size_t k = 0; k < plan->always_count; k++) {
        const heng_always *at = &plan->quick_always[k];
        if ((at->acts_on >> kind & 1) == 0 ||
            (at->is_regional &&
             !heng_rule_fits_region(&plan->ruleset->rules[at->rule], region)))
            continue;
        heng_seen_change(next_change, plan->as_of, at->change);
        if (!at->is_eligible)
            continue;
        heng_tri told =
            at->when == NULL ? HENG_TRI_UNKNOWN : heng_sieve_ask(at->when, input);
        if (told != HENG_TRI_FALSE && !take_always(plan, at, told, input, of))
            return false;
    }
    return true;
}
