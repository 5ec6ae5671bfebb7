/* SPDX-License-Identifier: Apache-2.0 */
/* brief.c: what the rules that fired bring about. */
#include "decide/brief.h"

#include <string.h>

#include "base/arena_take.h"
#include "decide/brief_parts.h"
#include "decide/rule_bounds.h"
#include "model/flat.h"
#include "model/identity.h"

/* A rule that is live, with its grounds. */
typedef struct live_rule {
    uint32_t rule;
    const heng_finding *standing;  /* by what is not disputed; NULL: not live by that */
    const heng_finding *suspended; /* by all; NULL where nothing is disputed */
    const heng_term *run;          /* of a rule that needs no record; NULL: of one that
                                      has its runs with its grounds */
} live_rule;

/* ---- rules ---- */

/* By rule; the grounds of each stay in the order of records. */
static void sort_firings(heng_brief *of) {
    for (size_t i = 1; i < of->count; i++) {
        heng_brief_firing moving = of->firings[i];
        size_t at = i;
        if (of->firings[i - 1].rule <= moving.rule)
            continue;
        for (; at > 0 && of->firings[at - 1].rule > moving.rule; at--)
            of->firings[at] = of->firings[at - 1];
        of->firings[at] = moving;
    }
}

/* Under `suspend`, what is disputed brings about nothing but a suspension. */
static bool is_disputed(const heng_brief *of, const heng_brief_firing *fired) {
    return of->disputes && fired->disputed;
}

/* What a rule comes to with some grounds. */
typedef enum firing_state {
    FIRING_NOT, /* `when` does not hold, or some `unless` does */
    FIRING_HOLDS,
    FIRING_UNKNOWN /* a program must say */
} firing_state;

/* As in fire.c, the records are looked at only where the subject alone does not tell.
 */
static heng_tri ask(heng_brief *of, const heng_rule_plan *planned,
                    const heng_sieve *sieve, heng_sieve_input *input) {
    const heng_sieve_input bare = {.subject = of->subject,
                                   .in_force = HENG_TRI_UNKNOWN};
    if (!planned->reads_records)
        return heng_sieve_ask(sieve, input);
    heng_tri told = heng_sieve_ask(sieve, &bare);
    if (told != HENG_TRI_UNKNOWN || !heng_brief_view(of))
        return told;
    input->records = of->records;
    input->record_count = of->record_count;
    return heng_sieve_ask(sieve, input);
}

static firing_state ask_conditions(heng_brief *of, uint32_t rule,
                                   heng_sieve_input *input) {
    const heng_rule *declared = &of->plan->ruleset->rules[rule];
    const heng_rule_plan *planned = &of->plan->rules[rule];
    heng_tri told = HENG_TRI_TRUE;
    if (declared->when != NULL)
        told = ask(of, planned, planned->when, input);
    if (told != HENG_TRI_TRUE)
        return told == HENG_TRI_FALSE ? FIRING_NOT : FIRING_UNKNOWN;
    for (size_t i = 0; i < declared->unless_count; i++) {
        told = ask(of, planned, planned->unless[i], input);
        if (told != HENG_TRI_FALSE)
            return told == HENG_TRI_TRUE ? FIRING_NOT : FIRING_UNKNOWN;
    }
    return FIRING_HOLDS;
}

/* `all`: also with the disputed grounds. */
static firing_state ask_firing(heng_brief *of, size_t first, size_t end, bool all) {
    heng_sieve_input grounds[HENG_BRIEF_MOST];
    heng_sieve_input input = {
        .subject = of->subject, .in_force = HENG_TRI_UNKNOWN, .grounds = grounds};
    for (size_t i = first; i < end; i++) {
        const heng_brief_firing *fired = &of->firings[i];
        if (all || !is_disputed(of, fired))
            grounds[input.ground_count++] = (heng_sieve_input){
                .record = fired->record,
                .subject = of->subject,
                .category = fired->category,
                .in_force = fired->in_force ? HENG_TRI_TRUE : HENG_TRI_FALSE};
    }
    return ask_conditions(of, of->firings[first].rule, &input);
}

/* The same in both passes; where they differ, fire.c must make them. */
static firing_state ask_firings(heng_brief *of, size_t first, size_t end) {
    const heng_rule *declared = &of->plan->ruleset->rules[of->firings[first].rule];
    size_t disputed = 0;
    if (declared->when == NULL && declared->unless_count == 0)
        return FIRING_HOLDS;
    firing_state with_all = ask_firing(of, first, end, true);
    for (size_t i = first; i < end; i++)
        disputed += is_disputed(of, &of->firings[i]);
    if (disputed == 0 || disputed == end - first)
        return with_all;
    return ask_firing(of, first, end, false) == with_all ? with_all : FIRING_UNKNOWN;
}

/* The days of the firings from `first` on; whether one of them holds the day, and one
 * that is not disputed. Only of rules that nothing excepts: of those that are, no term
 * is asked for. */
static bool note_runs(heng_brief *of, size_t first, size_t end, bool *ret_stands) {
    bool live = false;
    *ret_stands = false;
    for (size_t i = first; i < end; i++) {
        const heng_term *run = &of->firings[i].run;
        heng_brief_change(of, of->firings[i].change);
        if (!of->firings[i].has_run)
            continue;
        heng_brief_change(of, run->from);
        heng_brief_change(of, heng_seen_day_after(run->until));
        if (run->from <= of->day && of->day <= run->until) {
            live = true;
            *ret_stands = *ret_stands || !is_disputed(of, &of->firings[i]);
        }
    }
    return live;
}

/* `all`: also the disputed grounds. */
static const heng_finding *find(heng_brief *of, size_t first, size_t end, bool all) {
    heng_finding *finding = heng_arena_take(of->arena, sizeof *finding);
    heng_ground *grounds = heng_arena_take(of->arena, (end - first) * sizeof *grounds);
    size_t count = 0;
    if (finding == NULL || grounds == NULL)
        return NULL;
    for (size_t i = first; i < end; i++) {
        const heng_brief_firing *fired = &of->firings[i];
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

static bool bring(heng_brief *of, const live_rule *live, size_t live_count,
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
static void fill_one(heng_brief *of, const live_rule *live, const brought *list,
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

static bool fill(heng_brief *of, const live_rule *live, const brought *list,
                 size_t count, heng_decision *decision) {
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

static bool fill_verdicts(const heng_brief *of, heng_decision *decision) {
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

static bool try_own_always(heng_brief *of) {
    const heng_sieve_input input = {.subject = of->subject,
                                    .in_force = HENG_TRI_UNKNOWN};
    return heng_brief_try_always(of->plan, of->subject[4], of->region, &input, of,
                                 &of->next_change);
}

static bool fits(const heng_plan *plan, const heng_snapshot *snapshot) {
    return plan->is_brief && snapshot->tie_count <= 1 &&
           heng_identity_needs_no_age(snapshot->id, snapshot->subject[4],
                                      snapshot->subject[5]);
}

/* What a step of a decision comes to. */
typedef enum step {
    STEP_DONE,
    STEP_NOT_HERE, /* evaluate.h must decide */
    STEP_NOMEM
} step;

/* The rules that are live, in order, with their grounds. */
static step find_live(heng_brief *of, live_rule live[HENG_BRIEF_MOST],
                      size_t *ret_count) {
    unsigned displacing = 0; /* rules that fire; only together can they displace */
    sort_firings(of);
    for (size_t first = 0, end = 0; first < of->count; first = end) {
        uint32_t rule = of->firings[first].rule;
        displacing += of->firings[first].in_displacement;
        for (end = first + 1; end < of->count && of->firings[end].rule == rule; end++) {
        }
        bool asked =
            of->firings[first].record == NULL; /* heng_brief_try_always() did */
        if (displacing > 1)
            return STEP_NOT_HERE;
        firing_state fires = asked ? FIRING_HOLDS : ask_firings(of, first, end);
        if (fires == FIRING_UNKNOWN)
            return STEP_NOT_HERE;
        bool stands = false;
        if (fires == FIRING_NOT || !note_runs(of, first, end, &stands))
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

static step apply(heng_brief *of, const live_rule *live, size_t live_count,
                  bool verdicts, heng_decision *decision) {
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
    if (!plan->is_brief || !heng_identity_needs_no_age(id, kind, capacity) ||
        !heng_brief_try_always(plan, kind, region, &input, NULL, &change))
        return false;
    *ret_through = change > HENG_DATE_MAX ? HENG_DATE_NONE : change - 1;
    return true;
}

static void begin(heng_brief *of, const heng_plan *plan, heng_arena *arena,
                  const heng_snapshot *snapshot) {
    of->plan = plan; /* not zeroed: `count` says what of the firings is there */
    of->arena = arena;
    of->snapshot = snapshot;
    of->subject = snapshot->subject;
    of->seen_subject = (heng_seen_subject){
        {&plan->subject_type}, plan, snapshot->subject, snapshot->id};
    of->region = heng_flat_text(snapshot->subject, HENG_FLAT_SUBJECT_REGION);
    of->region_bits = heng_region_bits(of->region);
    of->region_word = heng_region_word(of->region);
    of->kind_bit = (uint32_t)1 << snapshot->subject[4];
    of->day = plan->as_of;
    of->next_change = HENG_DATE_NONE;
    of->tie_change = HENG_DATE_NONE;
    of->disputes = false;
    of->records = NULL;
    of->count = 0;
}

/* What fired, brought to a decision; of many subjects nothing did. */
static step conclude(heng_brief *of, bool verdicts, heng_decision *decision) {
    live_rule live[HENG_BRIEF_MOST];
    size_t live_count = 0;
    if (of->count == 0 && !verdicts)
        return STEP_DONE;
    step went = find_live(of, live, &live_count);
    return went == STEP_DONE ? apply(of, live, live_count, verdicts, decision) : went;
}

bool heng_brief_decide(const heng_plan *plan, heng_worker *worker,
                       const heng_snapshot *snapshot, bool verdicts,
                       heng_decision **ret_decision) {
    size_t invisible = 0;
    heng_brief of;
    if (!fits(plan, snapshot))
        return false;
    begin(&of, plan, worker->arena, snapshot);
    if (!heng_brief_try_all(&of, snapshot, &invisible) ||
        (plan->always_count > 0 && !try_own_always(&of)) || (of.disputes && verdicts))
        return false;
    *ret_decision = NULL; /* from here on only memory can be missing */
    heng_decision *decision = &worker->brief; /* the rest of it stays zero */
    decision->as_of = of.day;
    decision->matter = HENG_NONE;
    decision->verdicts = NULL;
    decision->verdict_count = 0;
    decision->measures = NULL;
    decision->measure_count = 0;
    decision->invisible_records = invisible;
    step went = conclude(&of, verdicts, decision);
    if (went != STEP_DONE)
        return went == STEP_NOMEM;
    decision->valid_through =
        of.next_change > HENG_DATE_MAX ? HENG_DATE_NONE : of.next_change - 1;
    *ret_decision = decision;
    return true;
}
