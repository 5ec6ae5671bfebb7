/* SPDX-License-Identifier: Apache-2.0 */
/*
 * reference.c: steps 0 and 4 to 9 of "From records to a decision", numbered as in the
 * contract.
 *
 * Where a rule that is undetermined is chosen to be live (step 8), it is live in the
 * second pass too, unless it is certain there.
 */
#include "outcome.h"

#include <string.h>

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
            to->grounds |= to->rule_grounds[i] = outcomes[i].grounds;
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

/* Who may be named for what is displaced. */
static void set_displacing(const rules *of, unsigned live, const merged *pass,
                           answer *to) {
    unsigned brought = pass->applies | pass->gone;
    for (int i = 0; i < of->rule_count; i++) {
        if ((pass->displaced_rules >> i & 1) == 0)
            continue;
        unsigned by = 0;
        for (int k = 0; k < of->rule_count; k++) {
            if ((live >> k & 1) != 0 && names(of, k, i) && !is_displaced(of, live, k))
                by |= 1U << k;
        }
        for (int m = 0; m < of->measure_count; m++) {
            if ((of->rules[i].measures >> m & 1) != 0)
                to->by_rules[m] |= by;
        }
    }
    for (int m = 0; m < of->measure_count; m++) {
        for (int k = 0; (pass->gone >> m & 1) != 0 && k < of->measure_count; k++) {
            if ((brought >> k & 1) != 0 && conflicts(of, k, m) &&
                !is_gone(of, brought, k))
                to->by_measures[m] |= 1U << k;
        }
    }
}

/* From when a rule is pending, or since when its term is over. */
static void set_since(const outcome *of, day as_of, int *ret_state, day *ret_since) {
    *ret_state = STATE_APPLIES;
    *ret_since = DAY_NONE;
    if (of->pending) {
        *ret_state = STATE_PENDING;
        for (int i = 0; i < of->run_count; i++) {
            if (of->runs[i].from > as_of && of->runs[i].from < *ret_since)
                *ret_since = of->runs[i].from;
        }
    } else if (of->lapsed && of->run_count > 0) {
        *ret_state = STATE_LAPSED;
        *ret_since = DAY_MIN;
        for (int i = 0; i < of->run_count; i++) {
            if (of->runs[i].until >= *ret_since)
                *ret_since = of->runs[i].until + 1;
        }
    }
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
        first[i] = outcome_ask(of, in, who, as_of, FIRST_PASS, i);
        second[i] = outcome_ask(of, in, who, as_of, SECOND_PASS, i);
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

    set_displacing(of, live[0], &passes[0], &result);
    for (int i = 0; i < of->rule_count; i++)
        set_since(&first[i], as_of, &result.rule_states[i], &result.since[i]);
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
             x->rules != y->rules ||
             memcmp(x->rule_grounds, y->rule_grounds, sizeof x->rule_grounds) != 0))
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
