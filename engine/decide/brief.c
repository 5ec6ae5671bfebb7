/* SPDX-License-Identifier: Apache-2.0 */
/* brief.c: one loop over the records, then what the live rules bring about. */
#include "decide/brief.h"

#include <string.h>

#include "base/arena_take.h"
#include "base/limits.h"
#include "decide/matters.h"
#include "decide/rule_bounds.h"
#include "decide/sieve.h"
#include "model/flat.h"

/* Grounds of one subject; who has more is decided at length. */
enum { MOST = 48 };

/* A record that makes a rule fire. */
typedef struct firing {
    uint32_t rule;
    uint32_t category;
    const uint8_t *record; /* NULL: of a rule that needs none */
    heng_str owner;        /* of a record that names the subject … */
    uint32_t role;         /* … in this role; HENG_NONE: its own */
    bool disputed;
    bool in_force;
    bool has_run;
    heng_term run;
    heng_date change; /* first day after the day on which its term may be another */
} firing;

/* A rule that is live, with its grounds. */
typedef struct live_rule {
    uint32_t rule;
    const heng_finding *standing;  /* by what is not disputed; NULL: not live by that */
    const heng_finding *suspended; /* by all; NULL where nothing is disputed */
    const heng_term *run;          /* of a rule that needs no record; NULL: of one that
                                      has its runs with its grounds */
} live_rule;

typedef struct brief {
    const heng_plan *plan;
    heng_arena *arena;
    const uint8_t *subject;
    heng_seen_subject seen_subject;
    heng_str region;
    uint32_t kind_bit;
    uint64_t region_bits;
    heng_date day;
    heng_date next_change;
    heng_date tie_change; /* the day after the tie looked through; HENG_DATE_NONE */
    bool disputes;        /* some firing is of a disputed record */
    size_t count;
    firing firings[MOST];
} brief;

/* ---- which rules ---- */

/* A term may be an expression over the record alone. */
static bool has_plain_term(const heng_rule *rule) {
    const heng_cel_program *parts[] = {rule->term_from, rule->term_until};
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        if (parts[i] != NULL && heng_cel_program_reads(parts[i], HENG_SLOT_RECORDS))
            return false;
    }
    return true;
}

/* What reads the grounds is told here alone: fire.c runs the program, which may ask for
 * the day before it comes to what settles it. */
static bool has_sieves(const heng_rule *rule, const heng_rule_plan *planned) {
    for (size_t i = 0; i < rule->unless_count; i++) {
        const heng_sieve *sieve = planned->unless[i];
        if (sieve == NULL ||
            (heng_sieve_reads_grounds(sieve) && !heng_sieve_is_whole(sieve)))
            return false;
    }
    return true;
}

/* A rule that needs no record and has none. */
static bool is_brief_groundless(const heng_rule *rule, const heng_rule_plan *planned) {
    bool plain = rule->ground == NULL && rule->term == HENG_TERM_IN_FORCE &&
                 rule->displace_count == 0;
    for (size_t i = 0; plain && i < rule->unless_count; i++)
        plain =
            planned->unless[i] != NULL && !heng_sieve_reads_grounds(planned->unless[i]);
    return plain;
}

static bool reads_attributes(const heng_rule *rule, const heng_rule_plan *planned) {
    bool found = planned->when != NULL && heng_sieve_reads_attributes(planned->when);
    for (size_t i = 0; i < rule->unless_count; i++)
        found = found || (planned->unless[i] != NULL &&
                          heng_sieve_reads_attributes(planned->unless[i]));
    return found;
}

static void forbid(heng_rule_plan *planned) {
    planned->brief = false;
    planned->brief_groundless = false;
}

/* Whether leaving out the disputed grounds changes nothing but which of its runs there
 * are: then the second pass of fire.c need not be made. */
static bool is_separable(const heng_rule *rule, const heng_rule_plan *planned) {
    bool programs = (rule->term != HENG_TERM_IN_FORCE && !rule->term_from_decided_on) ||
                    rule->term == HENG_TERM_UNTIL;
    for (size_t i = 0; i < rule->unless_count && !programs; i++)
        programs = heng_sieve_reads_grounds(planned->unless[i]);
    return !programs;
}

static bool gather_always(heng_plan *plan) {
    heng_always *all =
        heng_arena_calloc(plan->arena, plan->always_count + 1, sizeof *all);
    if (all == NULL)
        return false;
    for (size_t k = 0; k < plan->always_count; k++) {
        const heng_rule *rule = &plan->ruleset->rules[plan->always[k]];
        const heng_rule_plan *planned = &plan->rules[plan->always[k]];
        all[k] = (heng_always){.when = planned->when,
                               .rule = plan->always[k],
                               .change = planned->change,
                               .applies_to = (uint8_t)rule->applies_to,
                               .is_regional = rule->region_count > 0,
                               .is_eligible = planned->eligible};
        plan->always_reads = plan->always_reads || reads_attributes(rule, planned);
    }
    plan->quick_always = all;
    return true;
}

bool heng_brief_prepare(heng_plan *plan) {
    const heng_ruleset *ruleset = plan->ruleset;
    for (size_t r = 0; r < ruleset->rule_count; r++) {
        const heng_rule *rule = &ruleset->rules[r];
        heng_rule_plan *planned = &plan->rules[r];
        planned->brief = rule->when == NULL && has_plain_term(rule) &&
                         has_sieves(rule, planned) && rule->displace_count == 0;
        planned->brief_groundless = is_brief_groundless(rule, planned);
        planned->eligible = heng_rule_in_effect(rule, plan->as_of);
        planned->change = HENG_DATE_NONE;
        heng_rule_note_change(rule, plan->as_of, &planned->change);
    }
    for (size_t r = 0; r < ruleset->rule_count; r++) {
        for (size_t i = 0; i < ruleset->rules[r].displace_count; i++)
            forbid(&plan->rules[ruleset->rules[r].displaces[i]]);
    }
    for (int gaze = 0; gaze < HENG_GAZES; gaze++) {
        heng_rule_index *index = &plan->index[gaze];
        for (size_t i = 0; i < index->entry_count; i++) {
            heng_entry *entry = &index->entries[i];
            const heng_rule_plan *planned = &plan->rules[entry->rule];
            entry->is_brief = planned->brief;
            entry->is_separable =
                planned->brief && is_separable(&ruleset->rules[entry->rule], planned);
        }
    }
    plan->is_brief = gather_always(plan);
    return plan->is_brief;
}

/* ---- records before rules ---- */

static void change(brief *of, heng_date day) {
    heng_seen_change(&of->next_change, of->day, day);
}

/* Runs a part of a term. False where it fails, which is for evaluate.h to tell. */
static bool ask_day(const brief *of, const heng_cel_program *program, heng_seen *seen,
                    heng_date *change, heng_date *ret_day) {
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
    *ret_day = (heng_date)value.as.integer;
    return value.kind == HENG_CEL_DATE;
}

/* As heng_fire_run(). False where an expression fails. */
static bool run_of(const brief *of, const heng_rule *rule, heng_seen *seen,
                   firing *fired) {
    heng_term run = {seen->effective_on, seen->expires_on, HENG_OPEN_WHILE_IN_FORCE};
    fired->change = HENG_DATE_NONE;
    if (rule->term != HENG_TERM_IN_FORCE) {
        run = (heng_term){seen->decided_on, HENG_DATE_NONE, HENG_OPEN_LIFE};
        if (!rule->term_from_decided_on &&
            !ask_day(of, rule->term_from, seen, &fired->change, &run.from))
            return false;
        if (rule->term == HENG_TERM_LAST)
            run.until = heng_date_term_end(run.from, rule->last);
        else if (rule->term == HENG_TERM_UNTIL &&
                 !ask_day(of, rule->term_until, seen, &fired->change, &run.until))
            return false;
    }
    fired->has_run = heng_rule_cut_run(rule, seen, &run);
    fired->run = run;
    return true;
}

/* As heng_rule_keeps() and heng_rule_covers(). */
static bool is_usable(const brief *of, const heng_entry *entry, const heng_seen *seen) {
    bool usable = seen->unusable == HENG_USABLE ||
                  (entry->stays && seen->unusable == HENG_UNUSABLE_REPAIRED);
    return usable &&
           (!entry->is_by_decision ||
            heng_rule_covers(&of->plan->ruleset->rules[entry->rule], seen->decided_on));
}

/* False where the subject is not for here. `role` is HENG_NONE for its own records. */
static bool try_entry(brief *of, const heng_entry *entry, heng_seen *seen,
                      const heng_sieve_input *input, uint32_t role) {
    heng_tri told =
        entry->sieve == NULL ? HENG_TRI_UNKNOWN : heng_sieve_ask(entry->sieve, input);
    if (told == HENG_TRI_FALSE &&
        heng_matters_never(entry, input, seen->expires_on, of->day))
        return true;
    const heng_rule *rule = &of->plan->ruleset->rules[entry->rule];
    if (entry->is_regional && !heng_rule_fits_region(rule, of->region))
        return true;
    if (role != HENG_NONE) {
        if (!heng_matters_usable(seen, entry->stays))
            return true;
        change(of, seen->next_change);
        change(of, of->tie_change);
    }
    change(of, entry->change);
    if (told == HENG_TRI_FALSE || !entry->is_eligible || !is_usable(of, entry, seen))
        return true;
    if (told == HENG_TRI_UNKNOWN || !entry->is_brief || of->count == MOST)
        return false;
    bool disputes = seen->disputed && of->plan->ruleset->suspend_disputed;
    if (disputes && !entry->is_separable)
        return false;
    of->disputes = of->disputes || disputes;
    firing *fired = &of->firings[of->count++];
    fired->rule = entry->rule;
    fired->category = seen->category;
    fired->record = seen->bytes;
    fired->owner = role == HENG_NONE ? (heng_str){0} : seen->subject;
    fired->role = role;
    fired->disputed = seen->disputed;
    fired->in_force = seen->in_force;
    return run_of(of, rule, seen, fired);
}

/* `looked` of a record behind a tie. */
static bool try_record(brief *of, heng_seen *seen, heng_gaze gaze,
                       const heng_looked *looked) {
    const heng_rule_index *index = &of->plan->index[gaze];
    const heng_sieve_input input = {.record = seen->bytes,
                                    .subject = of->subject,
                                    .category = seen->category,
                                    .in_force = seen->in_force ? HENG_TRI_TRUE
                                                               : HENG_TRI_FALSE};
    uint32_t last = index->first[seen->category + 1];
    for (uint32_t g = index->first[seen->category]; g < last; g++) {
        const heng_entry *at = NULL, *end = NULL;
        heng_rule_index_find(index, &index->groups[g], seen->bytes, &at, &end);
        for (; at < end; at++) {
            uint32_t role = HENG_NONE;
            if ((at->applies_to & of->kind_bit) == 0 ||
                (at->regions & of->region_bits) == 0)
                continue;
            if (gaze != HENG_GAZE_OWN) {
                role =
                    gaze == HENG_GAZE_NAMED
                        ? heng_see_party(of->plan, at->rule, seen, of->seen_subject.id)
                        : heng_see_role(of->plan, at->rule, looked, 1);
                if (role == HENG_NONE)
                    continue;
            }
            if (!try_entry(of, at, seen, &input, role))
                return false;
        }
    }
    return true;
}

/* The records behind the tie, if there is one. */
static bool try_tie(brief *of, const heng_snapshot *snapshot) {
    const heng_snapshot_tie *tie = snapshot->ties;
    if (snapshot->tie_count == 0 || tie->to < of->day)
        return true;
    if (tie->from > of->day)
        return false; /* it is to come */
    heng_seen seen;
    const heng_looked looked = {.seen = &seen,
                                .role = heng_see_tie_role(of->plan, tie)};
    of->tie_change = heng_seen_day_after(tie->to);
    for (size_t i = 0; i < tie->record_count; i++) {
        if (heng_seen_record(of->plan, &tie->records[i], of->day, &seen) &&
            !try_record(of, &seen, HENG_GAZE_THROUGH, &looked))
            return false;
    }
    of->tie_change = HENG_DATE_NONE;
    return true;
}

static bool try_records(brief *of, const heng_snapshot *snapshot,
                        size_t *ret_invisible) {
    heng_seen seen;
    for (size_t i = 0; i < snapshot->record_count; i++) {
        if (!heng_seen_record(of->plan, &snapshot->records[i], of->day, &seen)) {
            (*ret_invisible)++;
            continue;
        }
        if (seen.unusable == HENG_UNUSABLE_REVOKED)
            continue;
        change(of, seen.next_change);
        if (!try_record(of, &seen, HENG_GAZE_OWN, NULL))
            return false;
    }
    if (!try_tie(of, snapshot))
        return false;
    for (size_t i = 0; i < snapshot->mention_count; i++) {
        if (heng_seen_record(of->plan, &snapshot->mentions[i].record, of->day, &seen) &&
            !try_record(of, &seen, HENG_GAZE_NAMED, NULL))
            return false;
    }
    return true;
}

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
                        const heng_sieve_input *input, brief *of) {
    groundless found = ask_always(plan, always, told, input);
    if (found == GROUNDLESS_NOT)
        return true;
    if (found == GROUNDLESS_UNKNOWN || of == NULL || of->count == MOST)
        return false;
    of->firings[of->count++] =
        (firing){.rule = always->rule,
                 .role = HENG_NONE,
                 .has_run = true,
                 .run = run_in_effect(&plan->ruleset->rules[always->rule]),
                 .change = HENG_DATE_NONE};
    return true;
}

/* Rules that need no record, about a subject of that kind and region. */
static bool pass_always(const heng_plan *plan, unsigned kind, heng_str region,
                        const heng_sieve_input *input, brief *of,
                        heng_date *next_change) {
    for (size_t k = 0; k < plan->always_count; k++) {
        const heng_always *at = &plan->quick_always[k];
        if ((at->applies_to >> kind & 1) == 0 ||
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

/* ---- rules ---- */

/* By rule; the grounds of each stay in the order of records. */
static void sort_firings(brief *of) {
    for (size_t i = 1; i < of->count; i++) {
        firing moving = of->firings[i];
        size_t at = i;
        if (of->firings[i - 1].rule <= moving.rule)
            continue;
        for (; at > 0 && of->firings[at - 1].rule > moving.rule; at--)
            of->firings[at] = of->firings[at - 1];
        of->firings[at] = moving;
    }
}

/* Whether some `unless` holds of a rule with these grounds; UNKNOWN where a program
 * must say. */
static heng_tri excepted(const brief *of, size_t first, size_t end) {
    uint32_t rule = of->firings[first].rule;
    const heng_rule *declared = &of->plan->ruleset->rules[rule];
    heng_sieve_input grounds[MOST];
    heng_sieve_input input = {.subject = of->subject,
                              .in_force = HENG_TRI_UNKNOWN,
                              .grounds = grounds,
                              .ground_count = end - first};
    if (declared->unless_count == 0)
        return HENG_TRI_FALSE;
    for (size_t i = first; i < end; i++)
        grounds[i - first] = (heng_sieve_input){
            .record = of->firings[i].record,
            .subject = of->subject,
            .category = of->firings[i].category,
            .in_force = of->firings[i].in_force ? HENG_TRI_TRUE : HENG_TRI_FALSE};
    for (size_t i = 0; i < declared->unless_count; i++) {
        heng_tri told = heng_sieve_ask(of->plan->rules[rule].unless[i], &input);
        if (told != HENG_TRI_FALSE)
            return told;
    }
    return HENG_TRI_FALSE;
}

/* Under `suspend`, what is disputed brings about nothing but a suspension. */
static bool is_disputed(const brief *of, const firing *fired) {
    return of->disputes && fired->disputed;
}

/* The days of the firings from `first` on; whether one of them holds the day, and one
 * that is not disputed. Only of rules that nothing excepts: of those that are, no term
 * is asked for. */
static bool note_runs(brief *of, size_t first, size_t end, bool *ret_stands) {
    bool live = false;
    *ret_stands = false;
    for (size_t i = first; i < end; i++) {
        const heng_term *run = &of->firings[i].run;
        change(of, of->firings[i].change);
        if (!of->firings[i].has_run)
            continue;
        change(of, run->from);
        change(of, heng_seen_day_after(run->until));
        if (run->from <= of->day && of->day <= run->until) {
            live = true;
            *ret_stands = *ret_stands || !is_disputed(of, &of->firings[i]);
        }
    }
    return live;
}

/* `all`: also the disputed grounds. */
static const heng_finding *find(brief *of, size_t first, size_t end, bool all) {
    heng_finding *finding = heng_arena_take(of->arena, sizeof *finding);
    heng_ground *grounds = heng_arena_take(of->arena, (end - first) * sizeof *grounds);
    size_t count = 0;
    if (finding == NULL || grounds == NULL)
        return NULL;
    for (size_t i = first; i < end; i++) {
        const firing *fired = &of->firings[i];
        if (fired->record == NULL || (is_disputed(of, fired) && !all))
            continue;
        grounds[count] = (heng_ground){.record = fired->record,
                                       .category = fired->category,
                                       .subject = fired->owner,
                                       .disputed = fired->disputed,
                                       .has_run = fired->has_run,
                                       .run = fired->run};
        if (fired->role != HENG_NONE)
            grounds[count].role = of->plan->role_words[fired->role].word;
        count++;
    }
    *finding = (heng_finding){.rule = of->firings[first].rule,
                              .state = all ? HENG_STATE_SUSPENDED : HENG_STATE_APPLIES,
                              .grounds = grounds,
                              .ground_count = count,
                              .by_rule = HENG_NONE,
                              .unless = HENG_NONE,
                              .since = HENG_DATE_NONE};
    return finding;
}

/* ---- measures ---- */

/* A measure brought about by a rule. */
typedef struct brought {
    uint32_t measure;
    uint32_t live; /* in the list of live rules */
} brought;

static bool bring(brief *of, const live_rule *live, size_t live_count,
                  brought **ret_brought, size_t *ret_count) {
    const heng_ruleset *ruleset = of->plan->ruleset;
    size_t room = 0, count = 0, contested = 0;
    for (size_t i = 0; i < live_count; i++)
        room += ruleset->rules[live[i].rule].measure_count;
    brought *list = heng_arena_take(of->arena, (room + 1) * sizeof *list);
    if (list == NULL)
        return false;
    for (uint32_t i = 0; i < live_count; i++) {
        const heng_rule *rule = &ruleset->rules[live[i].rule];
        for (size_t m = 0; m < rule->measure_count; m++) {
            brought one = {rule->measures[m], i};
            size_t at = count++;
            contested += of->plan->measure_position[one.measure] != HENG_NONE;
            for (; at > 0 && list[at - 1].measure > one.measure; at--)
                list[at] = list[at - 1];
            list[at] = one;
        }
    }
    for (size_t i = 0; i < count; i++) { /* runs of two kinds are not joined here */
        bool shared = (i > 0 && list[i - 1].measure == list[i].measure) ||
                      (i + 1 < count && list[i + 1].measure == list[i].measure);
        if (shared && live[list[i].live].run != NULL)
            contested = 2;
    }
    *ret_brought = list;
    *ret_count = contested > 1 ? SIZE_MAX : count; /* one may give way */
    return true;
}

static heng_force force_of(const heng_ruleset *ruleset, uint32_t rule,
                           uint32_t measure) {
    const heng_rule *declared = &ruleset->rules[rule];
    return declared->has_force ? declared->force : ruleset->measures[measure].force;
}

/* One measure that the rules list[first] … list[end - 1] bring about. Where none does
 * without what is disputed it is suspended; else the others and their grounds do not
 * count (resolve.c: the first pass). */
static void fill_one(brief *of, const live_rule *live, const brought *list,
                     size_t count, const heng_finding **because,
                     heng_applied *applied) {
    bool stands = false;
    for (size_t i = 0; i < count; i++)
        stands = stands || live[list[i].live].standing != NULL;
    *applied =
        (heng_applied){.measure = list[0].measure,
                       .state = stands ? HENG_STATE_APPLIES : HENG_STATE_SUSPENDED,
                       .because = because,
                       .repair_from = HENG_DATE_NONE};
    for (size_t i = 0; i < count; i++) {
        const live_rule *one = &live[list[i].live];
        const heng_finding *finding = stands ? one->standing : one->suspended;
        if (finding == NULL)
            continue;
        int force = (int)force_of(of->plan->ruleset, one->rule, list[0].measure);
        if (applied->because_count == 0 || force < applied->force)
            applied->force = force; /* ORDER force: the stronger is the smaller */
        because[applied->because_count++] = finding;
    }
    const heng_term *run = live[list[0].live].run;
    applied->term = run != NULL
                        ? *run
                        : heng_resolve_term(because, applied->because_count, of->day);
}

static bool fill(brief *of, const live_rule *live, const brought *list, size_t count,
                 heng_decision *decision) {
    heng_applied *applied = heng_arena_take(of->arena, (count + 1) * sizeof *applied);
    const heng_finding **because =
        heng_arena_take(of->arena, (count + 1) * sizeof(const heng_finding *));
    if (applied == NULL || because == NULL)
        return false;
    for (size_t first = 0, end = 0; first < count; first = end) {
        for (end = first + 1; end < count && list[end].measure == list[first].measure;)
            end++;
        fill_one(of, live, list + first, end - first, because + first,
                 &applied[decision->measure_count++]);
    }
    decision->measures = applied;
    return true;
}

static bool fill_verdicts(const brief *of, heng_decision *decision) {
    const heng_ruleset *ruleset = of->plan->ruleset;
    size_t count = ruleset->matter_count;
    heng_verdict *all = heng_arena_take(of->arena, (count + 1) * sizeof *all);
    heng_matter_verdict *verdicts =
        heng_arena_take(of->arena, (count + 1) * sizeof *verdicts);
    if (all == NULL || verdicts == NULL)
        return false;
    memset(all, 0, (count + 1) * sizeof *all); /* ORDER verdict: clear */
    for (size_t i = 0; i < decision->measure_count; i++)
        heng_verdict_raise(ruleset, all, decision->measures[i].measure,
                           (heng_force)decision->measures[i].force);
    for (uint32_t m = 0; m < count; m++) {
        if (all[m] != HENG_VERDICT_CLEAR)
            verdicts[decision->verdict_count++] = (heng_matter_verdict){m, all[m]};
    }
    decision->verdicts = verdicts;
    return true;
}

/* ---- the decision ---- */

/* A person whose id is no number has no age that is known. */
static bool is_in_scope(heng_str id, unsigned kind, unsigned capacity) {
    char first = id.len == 0 ? '0' : id.ptr[0];
    return kind != HENG_NATURAL_PERSON ||
           (capacity == HENG_CAPACITY_FULL && (first < '0' || first > '9'));
}

static bool pass_own(brief *of) {
    const heng_sieve_input input = {.subject = of->subject,
                                    .in_force = HENG_TRI_UNKNOWN};
    return pass_always(of->plan, of->subject[4], of->region, &input, of,
                       &of->next_change);
}

static bool is_for_here(const heng_plan *plan, const heng_snapshot *snapshot) {
    return plan->is_brief && snapshot->tie_count <= 1 &&
           is_in_scope(snapshot->id, snapshot->subject[4], snapshot->subject[5]);
}

/* What a step of a decision comes to. */
typedef enum step {
    STEP_DONE,
    STEP_NOT_HERE, /* evaluate.h must decide */
    STEP_NOMEM
} step;

/* The rules that are live, in order, with their grounds. */
static step find_live(brief *of, live_rule live[MOST], size_t *ret_count) {
    sort_firings(of);
    for (size_t first = 0, end = 0; first < of->count; first = end) {
        uint32_t rule = of->firings[first].rule;
        for (end = first + 1; end < of->count && of->firings[end].rule == rule; end++) {
        }
        bool asked = of->firings[first].record == NULL; /* pass_always() did */
        heng_tri held = asked ? HENG_TRI_FALSE : excepted(of, first, end);
        if (held == HENG_TRI_UNKNOWN)
            return STEP_NOT_HERE;
        bool stands = false;
        if (held == HENG_TRI_TRUE || !note_runs(of, first, end, &stands) ||
            of->plan->ruleset->rules[rule].unverified)
            continue;
        live_rule *one = &live[(*ret_count)++];
        *one = (live_rule){.rule = rule, .run = asked ? &of->firings[first].run : NULL};
        if (stands)
            one->standing = find(of, first, end, false);
        if (of->disputes)
            one->suspended = find(of, first, end, true);
        if ((stands && one->standing == NULL) ||
            (of->disputes && one->suspended == NULL))
            return STEP_NOMEM;
    }
    return STEP_DONE;
}

static step apply(brief *of, const live_rule *live, size_t live_count, bool verdicts,
                  heng_decision *decision) {
    brought *list = NULL;
    size_t count = 0;
    if (live_count > 0) {
        if (!bring(of, live, live_count, &list, &count))
            return STEP_NOMEM;
        if (count == SIZE_MAX)
            return STEP_NOT_HERE;
        if (!fill(of, live, list, count, decision))
            return STEP_NOMEM;
    }
    return !verdicts || fill_verdicts(of, decision) ? STEP_DONE : STEP_NOMEM;
}

bool heng_brief_is_quiet(const heng_plan *plan, heng_str id, const uint8_t *subject,
                         const heng_gist_head *head, heng_date *ret_through) {
    const heng_sieve_input input = {
        .subject = subject, .head = head, .in_force = HENG_TRI_UNKNOWN};
    unsigned kind = head != NULL ? head->kind : subject[4];
    unsigned capacity = head != NULL ? head->capacity : subject[5];
    heng_str region =
        head != NULL ? head->region : heng_flat_text(subject, HENG_FLAT_SUBJECT_REGION);
    heng_date change = HENG_DATE_NONE;
    if (!plan->is_brief || !is_in_scope(id, kind, capacity) ||
        !pass_always(plan, kind, region, &input, NULL, &change))
        return false;
    *ret_through = change > HENG_DATE_MAX ? HENG_DATE_NONE : change - 1;
    return true;
}

bool heng_brief_decide(const heng_plan *plan, heng_worker *worker,
                       const heng_snapshot *snapshot, bool verdicts,
                       heng_decision **ret_decision) {
    size_t invisible = 0, live_count = 0;
    live_rule live[MOST];
    if (!is_for_here(plan, snapshot))
        return false;
    brief of; /* not zeroed: `count` says what of the firings is there */
    of.plan = plan;
    of.arena = worker->arena;
    of.subject = snapshot->subject;
    of.seen_subject = (heng_seen_subject){
        {&plan->subject_type}, plan, snapshot->subject, snapshot->id};
    of.region = heng_flat_text(snapshot->subject, HENG_FLAT_SUBJECT_REGION);
    of.region_bits = heng_region_bits(of.region);
    of.kind_bit = (uint32_t)1 << snapshot->subject[4];
    of.day = plan->as_of;
    of.next_change = HENG_DATE_NONE;
    of.tie_change = HENG_DATE_NONE;
    of.disputes = false;
    of.count = 0;
    if (!try_records(&of, snapshot, &invisible) || !pass_own(&of) ||
        (of.disputes && verdicts))
        return false;
    *ret_decision = NULL; /* from here on only memory can be missing */
    heng_decision *decision = &worker->brief;
    step went = find_live(&of, live, &live_count);
    memset(decision, 0, sizeof *decision);
    decision->as_of = of.day;
    decision->matter = HENG_NONE;
    decision->invisible_records = invisible;
    if (went == STEP_DONE)
        went = apply(&of, live, live_count, verdicts, decision);
    if (went != STEP_DONE)
        return went == STEP_NOMEM;
    decision->valid_through =
        of.next_change > HENG_DATE_MAX ? HENG_DATE_NONE : of.next_change - 1;
    *ret_decision = decision;
    return true;
}
