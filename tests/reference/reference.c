/* SPDX-License-Identifier: Apache-2.0 */
/*
 * reference.c: "From records to a decision", step by step as the contract numbers them.
 *
 * What the contract leaves open, and how it is read here (and by the engine):
 *
 * - An explicit `when` is not evaluated while a looked-at record is doubtful: the rule
 *   does not fire, with a doubt. Where `when` is certainly false, `unless` is not
 *   looked at.
 * - The first `unless` that holds without failing settles the rule: excepted, no doubt.
 *   One that reads `grounds` while a record is doubtful settles nothing.
 * - `records` never has repaired records; what a rule with `on_repair: stays` looks at
 *   has.
 * - A rule chosen to be live in step 8 is live in the second pass too, unless it is
 *   certain there.
 */
#include "reference.h"

#include <string.h>

enum { FIRST_PASS, SECOND_PASS };

typedef struct run {
    day from, until; /* DAY_MAX: no end */
    int open;
} run;

/* What became of one rule in one pass. */
typedef struct outcome {
    bool concerns; /* kind, region, in effect */
    bool fires;
    bool doubt;
    bool excepted;
    bool live, pending, lapsed;
    uint64_t grounds;
    run runs[MAX_RECORDS];
    int run_count;
    bool may_except; /* an `unless` held, but a doubt remains */
    bool may_lapse;  /* a record that cannot be used any more may have fired it */
} outcome;

/* What steps 4 to 6 leave of the rules that are live. */
typedef struct merged {
    unsigned displaced_rules;
    unsigned gone; /* measures displaced by a conflict */
    unsigned applies;
    unsigned rules[MAX_MEASURES]; /* that bring it about */
} merged;

/* ---- 0. Scope ---- */

static bool out_of_scope(const subject *of, day as_of) {
    if (of->kind != NATURAL_PERSON)
        return false;
    if (of->capacity != 0)
        return true;
    return of->born_on != DAY_NONE &&
           as_of < calendar_end(of->born_on, (period){18 * 12, 0});
}

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

static outcome ask_rule(const rules *of, const world *in, int who, day as_of, int pass,
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

/* ---- 4. Exceptions ---- */

static bool names(const rules *of, int displacing, int displaced) {
    const rule *by = &of->rules[displacing];
    return displacing != displaced &&
           ((by->exceptions >> displaced & 1) != 0 ||
            (by->exception_tags & of->rules[displaced].tags) != 0);
}

static bool is_displaced(const rules *of, unsigned live, int index) {
    for (int by = 0; by < of->rule_count; by++) {
        if ((live >> by & 1) != 0 && names(of, by, index) &&
            !is_displaced(of, live, by))
            return true;
    }
    return false;
}

/* ---- 6. Conflicts ---- */

static bool is_on_side(const rules *of, side which, int index) {
    return which.is_tag ? (of->measures[index].tags >> which.index & 1) != 0
                        : which.index == index;
}

static bool conflicts(const rules *of, int kept, int gone) {
    unsigned a = of->measures[kept].matters, b = of->measures[gone].matters;
    if (kept == gone || (a != 0 && b != 0 && (a & b) == 0))
        return false;
    for (int i = 0; i < of->conflict_count; i++) {
        if (is_on_side(of, of->conflicts[i].keep, kept) &&
            is_on_side(of, of->conflicts[i].gone, gone))
            return true;
    }
    return false;
}

static bool is_gone(const rules *of, unsigned brought, int index) {
    for (int by = 0; by < of->measure_count; by++) {
        if ((brought >> by & 1) != 0 && conflicts(of, by, index) &&
            !is_gone(of, brought, by))
            return true;
    }
    return false;
}

/* ---- 4 to 6 ---- */

static merged merge(const rules *of, unsigned live) {
    merged result = {0};
    unsigned brought = 0;
    for (int i = 0; i < of->rule_count; i++) {
        if ((live >> i & 1) == 0)
            continue;
        if (is_displaced(of, live, i)) {
            result.displaced_rules |= 1U << i;
            continue;
        }
        brought |= of->rules[i].measures;
        for (int m = 0; m < of->measure_count; m++) {
            if ((of->rules[i].measures >> m & 1) != 0)
                result.rules[m] |= 1U << i;
        }
    }
    for (int m = 0; m < of->measure_count; m++) {
        if ((brought >> m & 1) == 0)
            continue;
        if (is_gone(of, brought, m))
            result.gone |= 1U << m;
        else
            result.applies |= 1U << m;
    }
    return result;
}

static bool is_discretionary(const rules *of, unsigned by, int index) {
    for (int i = 0; i < of->rule_count; i++) {
        if ((by >> i & 1) == 0)
            continue;
        int force = of->rules[i].force;
        if (force == 0 || (force < 0 && !of->measures[index].discretionary))
            return false;
    }
    return true;
}

/* ---- 5. Merge: the term ---- */

/* Makes the stretch longer by one run that overlaps or adjoins it; false: none does. */
static bool extend(const outcome *of, answer_measure *to) {
    for (int k = 0; k < of->run_count; k++) {
        run days = of->runs[k];
        if (days.from > to->until + 1 || days.until < to->from - 1 ||
            (days.from >= to->from && days.until <= to->until))
            continue;
        if (days.from < to->from)
            to->from = days.from;
        if (days.until > to->until)
            to->until = days.until;
        return true;
    }
    return false;
}

static void set_term(const rules *of, const outcome *outcomes, unsigned by, day as_of,
                     answer_measure *to) {
    to->from = as_of;
    to->until = as_of;
    for (bool longer = true; longer;) {
        longer = false;
        for (int i = 0; i < of->rule_count; i++)
            longer |= (by >> i & 1) != 0 && extend(&outcomes[i], to);
    }
    if (to->until < DAY_MAX)
        return;
    to->until = DAY_NONE;
    for (int i = 0; i < of->rule_count; i++) {
        for (int k = 0; (by >> i & 1) != 0 && k < outcomes[i].run_count; k++) {
            run days = outcomes[i].runs[k];
            if (days.until == DAY_MAX &&
                (to->open == OPEN_NONE || days.open < to->open))
                to->open = days.open;
        }
    }
}

/* When removal can be asked for: the latest over all grounds. */
static void set_repair(const rules *of, const world *in, day as_of,
                       answer_measure *to) {
    to->repair_from = DAY_NONE;
    bool none = to->grounds == 0;
    day latest = DAY_MIN;
    for (int i = 0; i < of->rule_count; i++)
        none |= (to->rules >> i & 1) != 0 && of->rules[i].stays;
    for (int i = 0; i < in->record_count; i++) {
        if ((to->grounds >> i & 1) == 0)
            continue;
        const category *kind = &of->categories[in->records[i].category];
        bool found = false;
        for (int k = 0; k < kind->repair_count; k++) {
            const repair *way = &kind->repairs[k];
            day after = 0;
            if (way->from > as_of || as_of > way->to ||
                !calendar_add(in->records[i].decided_on, way->after, 1, &after))
                continue;
            found = true;
            if (after + 1 > latest)
                latest = after + 1;
        }
        none |= !found;
    }
    to->repair_mixed = none && latest > DAY_MIN;
    if (!none)
        to->repair_from = latest;
}

static void set_measure(const rules *of, const world *in, const outcome *outcomes,
                        const merged *pass, int index, int state, day as_of,
                        answer_measure *to) {
    *to = (answer_measure){.present = true, .state = state};
    to->rules = pass->rules[index];
    to->discretionary = is_discretionary(of, to->rules, index);
    for (int i = 0; i < of->rule_count; i++) {
        if ((to->rules >> i & 1) != 0)
            to->grounds |= outcomes[i].grounds;
    }
    set_term(of, outcomes, to->rules, as_of, to);
    set_repair(of, in, as_of, to);
}

/* ---- 7 and 8: what counts, and for what ---- */

static unsigned restrictions(const rules *of) {
    unsigned bits = 0;
    for (int m = 0; m < of->measure_count; m++) {
        if (of->measures[m].kind == RESTRICTION)
            bits |= 1U << m;
    }
    return bits;
}

/* Of what the first pass brings, what applies. */
static unsigned applying(const rules *of, const merged *first, const merged *second) {
    return first->applies & ~(restrictions(of) & ~second->applies);
}

static int verdict_on(const rules *of, const merged *first, unsigned applies,
                      int matter) {
    int verdict = VERDICT_CLEAR;
    for (int m = 0; m < of->measure_count; m++) {
        const measure *at = &of->measures[m];
        if ((applies >> m & 1) == 0 || (at->matters >> matter & 1) == 0)
            continue;
        int one = VERDICT_CLEAR;
        if (at->kind == INCENTIVE)
            one = VERDICT_FAVOURED;
        if (at->kind == RESTRICTION)
            one = VERDICT_CAUTION;
        if (at->kind == RESTRICTION && !at->burden &&
            !is_discretionary(of, first->rules[m], m))
            one = VERDICT_BLOCKED;
        if (one > verdict)
            verdict = one;
    }
    return verdict;
}

static void set_verdicts(const rules *of, unsigned first_live, unsigned second_live,
                         unsigned choose, unsigned choose_second, int verdicts[]) {
    merged first = merge(of, first_live), second = merge(of, second_live);
    for (int m = 0; m < of->matter_count; m++)
        verdicts[m] = verdict_on(of, &first, applying(of, &first, &second), m);
    /* Every subset of the doubtful rules, the empty one last. */
    for (unsigned chosen = choose; chosen != 0; chosen = (chosen - 1) & choose) {
        first = merge(of, first_live | chosen);
        second = merge(of, second_live | (chosen & choose_second));
        unsigned applies = applying(of, &first, &second);
        for (int m = 0; m < of->matter_count; m++) {
            if (verdict_on(of, &first, applies, m) != verdicts[m])
                verdicts[m] = VERDICT_UNDETERMINED;
        }
    }
}

/* ---- all of it ---- */

static void set_not_applied(const rules *of, const outcome *outcomes,
                            const merged *pass, unsigned unverified_live,
                            unsigned sets[STATES]) {
    for (int i = 0; i < of->rule_count; i++) {
        unsigned measures = of->rules[i].measures;
        if (of->rules[i].unverified) {
            if ((unverified_live >> i & 1) != 0)
                sets[STATE_UNVERIFIED] |= measures;
            continue;
        }
        if (outcomes[i].pending)
            sets[STATE_PENDING] |= measures;
        if (outcomes[i].lapsed)
            sets[STATE_LAPSED] |= measures;
        if (outcomes[i].excepted)
            sets[STATE_EXCEPTED] |= measures;
        if ((pass->displaced_rules >> i & 1) != 0)
            sets[STATE_DISPLACED] |= measures;
    }
    sets[STATE_DISPLACED] |= pass->gone;
}

static void set_may_not_applied(const rules *of, const outcome *outcomes,
                                unsigned sets[STATES]) {
    for (int i = 0; i < of->rule_count; i++) {
        const outcome *at = &outcomes[i];
        unsigned measures = of->rules[i].measures;
        if (at->may_lapse)
            sets[STATE_LAPSED] |= measures;
        if (at->may_except)
            sets[STATE_EXCEPTED] |= measures;
        if (of->rules[i].unverified && at->concerns)
            sets[STATE_UNVERIFIED] |= measures;
    }
}

bool reference_is_tied(const world *in, int who, int other, int role, day as_of) {
    return is_tied(in, who, other, 1U << role, as_of);
}

void reference_answer(const rules *of, const world *in, int who, day as_of,
                      answer *ret_answer) {
    answer result = {.as_of = as_of};
    if (out_of_scope(&in->subjects[who], as_of)) {
        result.out_of_scope = true;
        for (int m = 0; m < of->matter_count; m++)
            result.verdicts[m] = VERDICT_OUT_OF_SCOPE;
        *ret_answer = result;
        return;
    }

    outcome first[MAX_RULES], second[MAX_RULES];
    unsigned live[2] = {0, 0}, unverified_live[2] = {0, 0};
    unsigned choose = 0, choose_second = 0;
    for (int i = 0; i < of->rule_count; i++) {
        first[i] = ask_rule(of, in, who, as_of, FIRST_PASS, i);
        second[i] = ask_rule(of, in, who, as_of, SECOND_PASS, i);
        bool doubt_second = second[i].doubt && !second[i].live;
        if (second[i].doubt && !second[i].fires)
            second[i] = first[i];
        if (of->rules[i].unverified) {
            unverified_live[0] |= (unsigned)first[i].live << i;
            unverified_live[1] |= (unsigned)second[i].live << i;
            continue;
        }
        live[0] |= (unsigned)first[i].live << i;
        live[1] |= (unsigned)second[i].live << i;
        result.undetermined |= (unsigned)first[i].doubt << i;
        if (first[i].doubt && !first[i].live) {
            choose |= 1U << i;
            choose_second |= (unsigned)doubt_second << i;
        }
    }
    merged passes[2] = {merge(of, live[0]), merge(of, live[1])};
    unsigned applies = applying(of, &passes[0], &passes[1]);
    unsigned present = 0;
    for (int m = 0; m < of->measure_count; m++) {
        answer_measure *to = &result.measures[m];
        if ((applies >> m & 1) != 0)
            set_measure(of, in, first, &passes[0], m, STATE_APPLIES, as_of, to);
        else if ((passes[0].applies >> m & 1) != 0)
            set_measure(of, in, first, &passes[0], m, STATE_SUSPENDED, as_of, to);
        else if ((passes[1].applies >> m & 1) != 0)
            set_measure(of, in, second, &passes[1], m, STATE_SUSPENDED, as_of, to);
        present |= (unsigned)to->present << m;
    }
    set_verdicts(of, live[0], live[1], choose, choose_second, result.verdicts);

    set_not_applied(of, first, &passes[0], unverified_live[0], result.not_applied);
    set_not_applied(of, second, &passes[1], unverified_live[1], result.may_not_applied);
    set_may_not_applied(of, first, result.may_not_applied);
    set_may_not_applied(of, second, result.may_not_applied);
    for (int state = 0; state < STATES; state++) {
        result.not_applied[state] &= ~present;
        result.may_not_applied[state] &= ~present;
    }
    result.doubts_not_live = choose;
    *ret_answer = result;
}

/* ---- 9. Valid-through ---- */

bool reference_same(const rules *of, const answer *a, const answer *b) {
    if (a->out_of_scope != b->out_of_scope || a->undetermined != b->undetermined)
        return false;
    for (int m = 0; m < of->matter_count; m++) {
        if (a->verdicts[m] != b->verdicts[m])
            return false;
    }
    for (int m = 0; m < of->measure_count; m++) {
        const answer_measure *x = &a->measures[m], *y = &b->measures[m];
        if (x->present != y->present)
            return false;
        if (x->present &&
            (x->state != y->state || x->discretionary != y->discretionary ||
             x->from != y->from || x->until != y->until || x->open != y->open ||
             x->rules != y->rules || x->grounds != y->grounds))
            return false;
    }
    return true;
}

day reference_stays_until(const rules *of, const world *in, int who,
                          const answer *today, day horizon) {
    for (day on = today->as_of; on < horizon && on < DAY_MAX; on++) {
        answer tomorrow;
        reference_answer(of, in, who, on + 1, &tomorrow);
        if (!reference_same(of, today, &tomorrow))
            return on;
    }
    return horizon;
}

bool reference_is_exact(const rules *of) {
    for (int i = 0; i < of->rule_count; i++) {
        const rule *by = &of->rules[i];
        bool exact =
            condition_is_exact(of, by->ground) && condition_is_exact(of, by->when);
        for (int k = 0; k < by->unless_count; k++)
            exact &= condition_is_exact(of, by->unless[k]);
        if (!exact)
            return false;
    }
    return true;
}
