/* SPDX-License-Identifier: Apache-2.0 */
/*
 * outcome.c: which records a rule sees, whether it fires, and in which days: steps 1 to
 * 3 of "From records to a decision".
 *
 * What the contract leaves open, and how it is read here and by the engine:
 *
 * - An explicit `when` is not evaluated while a looked-at record is doubtful: the rule
 *   does not fire, with a doubt. Where `when` is certainly false, `unless` is not
 *   looked at.
 * - The first `unless` that holds without failing settles the rule: excepted, no doubt.
 *   One that reads `grounds` while a record is doubtful settles nothing.
 * - `records` never has repaired records; what a rule with `on_repair: stays` looks at
 *   has.
 */
#include "outcome.h"

#include <string.h>

/* ---- 1. View ---- */

static bool is_past_use_limit(const rules *of, const record *at, day as_of) {
    const category *kind = &of->categories[at->category];
    day last = DAY_MAX;
    return kind->has_use_limit &&
           calendar_add(at->decided_on, kind->use_limit, 1, &last) && as_of > last;
}

static bool has_status(const record *at, record_status status, day as_of) {
    day since = at->status_on == DAY_NONE ? at->decided_on : at->status_on;
    return at->status == status && since <= as_of;
}

static bool is_usable(const rules *of, const record *at, day as_of, int pass,
                      bool stays) {
    if (at->decided_on > as_of || is_past_use_limit(of, at, as_of) ||
        at->status == REVOKED)
        return false;
    if (has_status(at, REPAIRED, as_of))
        return stays;
    if (has_status(at, DISPUTED, as_of))
        return !of->suspend || pass == SECOND_PASS;
    return true;
}

static seen see(const rules *of, const world *in, int index, day as_of) {
    const record *at = &in->records[index];
    seen as = {.record = index, .status = "active"};
    if (has_status(at, REPAIRED, as_of))
        as.status = "repaired";
    if (has_status(at, DISPUTED, as_of) && !of->suspend)
        as.status = "disputed";
    as.in_force = record_effective_on(at) <= as_of &&
                  (at->expires_on == DAY_NONE || as_of <= at->expires_on);
    return as;
}

bool reference_before(const world *in, int a, int b) {
    const record *left = &in->records[a], *right = &in->records[b];
    if (left->decided_on != right->decided_on)
        return left->decided_on < right->decided_on;
    return strcmp(left->id, right->id) < 0;
}

static void insert(const world *in, seen *list, int *count, seen as) {
    int at = (*count)++;
    while (at > 0 && reference_before(in, as.record, list[at - 1].record)) {
        list[at] = list[at - 1];
        at--;
    }
    list[at] = as;
}

/* ---- 2. Fire ---- */

static bool relation_holds(const subject *of, int other, int role, day as_of) {
    for (int i = 0; i < of->relation_count; i++) {
        const relation *tie = &of->relations[i];
        if (tie->other == other && tie->role == role && tie->from <= as_of &&
            as_of <= tie->to)
            return true;
    }
    return false;
}

/* Whether `other` stands in one of the roles to the subject on that day; the tie may
 * have been written from either side. */
static bool is_tied(const world *in, int who, int other, unsigned roles, day as_of) {
    for (int role = 0; role < ROLE_WORDS; role++) {
        if ((roles >> role & 1) == 0)
            continue;
        int back = role_words[role].other_side;
        if (relation_holds(&in->subjects[who], other, role, as_of) ||
            (back >= 0 && relation_holds(&in->subjects[other], who, back, as_of)))
            return true;
    }
    return false;
}

static bool is_named(const record *at, int who, unsigned roles) {
    for (int i = 0; i < at->party_count; i++) {
        if (at->parties[i].subject == who && (roles >> at->parties[i].role & 1))
            return true;
    }
    return false;
}

static bool is_looked_at(const rule *by, const world *in, int who, int index,
                         day as_of) {
    int owner = in->records[index].subject;
    day decided_on = in->records[index].decided_on;
    if (by->by_decided_on && (decided_on < by->from || decided_on > by->to))
        return false;
    if (by->gaze == GAZE_OWN)
        return owner == who;
    if (by->gaze == GAZE_THROUGH)
        return owner != who && is_tied(in, who, owner, by->roles, as_of);
    return owner != who && is_named(&in->records[index], who, by->roles);
}

static bool concerns(const rule *by, const subject *of, day as_of) {
    if ((by->applies_to >> of->kind & 1) == 0)
        return false;
    bool region = by->region_count == 0;
    for (int i = 0; i < by->region_count; i++)
        region |= strncmp(of->region, by->regions[i], strlen(by->regions[i])) == 0;
    if (!region)
        return false;
    return as_of >= by->from && (by->by_decided_on || as_of <= by->to);
}

static bool is_true(value of) {
    return of.type == TYPE_BOOL && of.number != 0;
}

/* ---- 3. Term ---- */

/* False where a condition of the term fails. */
static bool term_of(const rule *by, scene *in, const seen *ground, run *ret_run) {
    const record *at = &in->world->records[ground->record];
    run days = {.open = OPEN_LIFE};
    in->vars[VAR_R] = ground;
    value from = {0}, until = {0};
    if (by->term != TERM_NONE) {
        from = evaluate(in, by->term_from);
        if (from.type == TYPE_ERROR)
            return false;
        days.from = (day)from.number;
    }
    switch (by->term) {
    case TERM_NONE:
        days.from = record_effective_on(at);
        days.until = at->expires_on == DAY_NONE ? DAY_MAX : at->expires_on;
        days.open = OPEN_WHILE_IN_FORCE;
        break;
    case TERM_LAST:
        days.until = calendar_end(days.from, by->last);
        break;
    case TERM_LIFE:
        days.until = DAY_MAX;
        break;
    case TERM_UNTIL:
        until = evaluate(in, by->term_until);
        if (until.type == TYPE_ERROR)
            return false;
        days.until = (day)until.number;
        break;
    }
    const category *kind = &in->rules->categories[at->category];
    if (kind->has_use_limit) {
        day last = calendar_end(at->decided_on, kind->use_limit);
        if (days.until > last)
            days.until = last;
    }
    if (!by->by_decided_on) {
        if (days.from < by->from)
            days.from = by->from;
        if (days.until > by->to)
            days.until = by->to;
    }
    *ret_run = days;
    return true;
}

static void add_run(outcome *to, run days) {
    if (days.from <= days.until)
        to->runs[to->run_count++] = days;
}

static void settle_live(outcome *of, day as_of) {
    for (int i = 0; i < of->run_count; i++) {
        of->live |= of->runs[i].from <= as_of && as_of <= of->runs[i].until;
        of->pending |= of->runs[i].from > as_of;
    }
    of->pending &= !of->live;
    of->lapsed = !of->live && !of->pending;
}

/* ---- 2 and 3 for one rule ---- */

outcome outcome_ask(const rules *of, const world *in, int who, day as_of, int pass,
                    int index) {
    const rule *by = &of->rules[index];
    outcome result = {0};
    result.concerns = concerns(by, &in->subjects[who], as_of);
    if (!result.concerns)
        return result;

    scene at = {.rules = of, .world = in, .subject = who, .as_of = as_of};
    seen looked_at[MAX_RECORDS];
    int looked_at_count = 0;
    for (int i = 0; i < in->record_count; i++) {
        const record *one = &in->records[i];
        if (one->subject == who && is_usable(of, one, as_of, pass, false))
            insert(in, at.records, &at.record_count, see(of, in, i, as_of));
        if (by->ground < 0 || !is_looked_at(by, in, who, i, as_of))
            continue;
        if (is_usable(of, one, as_of, pass, by->stays))
            insert(in, looked_at, &looked_at_count, see(of, in, i, as_of));
        else if (one->decided_on <= as_of && one->status != REVOKED)
            result.may_lapse = true;
    }

    int doubtful = 0;
    for (int i = 0; i < looked_at_count; i++) {
        at.vars[VAR_R] = &looked_at[i];
        value is = evaluate(&at, by->ground);
        doubtful += is.type == TYPE_ERROR;
        if (is_true(is)) {
            at.grounds[at.ground_count++] = looked_at[i];
            result.grounds |= UINT64_C(1) << looked_at[i].record;
        }
    }

    bool fires = false;
    result.doubt = doubtful > 0;
    if (by->when < 0) {
        fires = at.ground_count > 0;
        if (!fires && doubtful == 0)
            return result;
    } else if (doubtful == 0) {
        value when = evaluate(&at, by->when);
        result.doubt = when.type == TYPE_ERROR;
        fires = is_true(when);
        if (!fires && !result.doubt)
            return result;
    }

    bool unless_failed = false;
    bool unless_held = false;
    for (int i = 0; i < by->unless_count; i++) {
        value is = evaluate(&at, by->unless[i]);
        bool certain =
            doubtful == 0 || !condition_reads(of, by->unless[i], LIST_GROUNDS);
        if (is_true(is) && certain) {
            result.excepted = true;
            result.doubt = false;
            return result;
        }
        unless_held |= is_true(is);
        unless_failed |= is.type == TYPE_ERROR;
    }
    result.doubt |= unless_failed;
    result.may_except = unless_held;
    if (!fires || unless_failed || unless_held)
        return result;

    for (int i = 0; i < at.ground_count; i++) {
        run days = {0};
        if (!term_of(by, &at, &at.grounds[i], &days)) {
            result.doubt = true;
            return result;
        }
        add_run(&result, days);
    }
    if (at.ground_count == 0 && by->term == TERM_NONE) {
        bool open = by->by_decided_on || by->to > DAY_MAX;
        add_run(&result,
                (run){by->from, open ? DAY_MAX : by->to, OPEN_WHILE_IN_EFFECT});
    }
    result.fires = true;
    settle_live(&result, as_of);
    return result;
}

bool reference_is_tied(const world *in, int who, int other, int role, day as_of) {
    return is_tied(in, who, other, 1U << role, as_of);
}
