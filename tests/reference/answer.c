/* SPDX-License-Identifier: Apache-2.0 */
/* answer.c: answers printed and compared. */
#include "reference.h"

#include <string.h>

static const char *const verdict_words[] = {"clear",   "favoured",     "caution",
                                            "blocked", "undetermined", "out_of_scope"};
static const char *const state_words[STATES] = {
    "applies", "suspended", "displaced", "lapsed", "excepted", "pending", "unverified"};
static const char *const open_words[] = {"", "life", "while_in_force",
                                         "while_in_effect"};

static void add_rules(const rules *of, unsigned bits, text *into) {
    for (int i = 0; i < of->rule_count; i++) {
        if ((bits >> i & 1) != 0)
            text_add(into, " %s", of->rules[i].id);
    }
}

static void add_measures(const rules *of, unsigned bits, text *into) {
    for (int i = 0; i < of->measure_count; i++) {
        if ((bits >> i & 1) != 0)
            text_add(into, " %s", of->measures[i].id);
    }
}

static void add_applied(const rules *of, const world *in, const answer *from, int index,
                        text *into) {
    const answer_measure *at = &from->measures[index];
    text_add(into, "  %s %s %s %s..%s %s because", of->measures[index].id,
             state_words[at->state], at->discretionary ? "may" : "must",
             calendar_text(at->from), calendar_text(at->until), open_words[at->open]);
    add_rules(of, at->rules, into);
    text_add(into, " on");
    for (int i = 0; i < in->record_count; i++) {
        if ((at->grounds >> i & 1) != 0)
            text_add(into, " %s", in->records[i].id);
    }
    text_add(into, ", repair %s%s\n", calendar_text(at->repair_from),
             at->repair_mixed ? " (mixed)" : "");
}

void answer_print(const rules *of, const world *in, const answer *from, text *into) {
    text_add(into, "on %s:", calendar_text(from->as_of));
    for (int m = 0; m < of->matter_count; m++)
        text_add(into, " matter.%c %s", 'a' + m, verdict_words[from->verdicts[m]]);
    text_add(into, "\n");
    for (int m = 0; m < of->measure_count; m++) {
        if (from->measures[m].present)
            add_applied(of, in, from, m, into);
    }
    for (int state = STATE_DISPLACED; state < STATES; state++) {
        if (from->not_applied[state] == 0 && from->may_not_applied[state] == 0)
            continue;
        text_add(into, "  %s:", state_words[state]);
        add_measures(of, from->not_applied[state], into);
        unsigned maybe = from->may_not_applied[state] & ~from->not_applied[state];
        if (maybe != 0) {
            text_add(into, " perhaps");
            add_measures(of, maybe, into);
        }
        text_add(into, "\n");
    }
    if (from->undetermined != 0) {
        text_add(into, "  undetermined:");
        add_rules(of, from->undetermined, into);
        text_add(into, "\n");
    }
}

static int count_bits(unsigned bits) {
    int count = 0;
    for (; bits != 0; bits &= bits - 1)
        count++;
    return count;
}

static void compare_measures(const rules *of, const answer *wanted, const answer *got,
                             text *why) {
    for (int m = 0; m < of->measure_count; m++) {
        const answer_measure *x = &wanted->measures[m], *y = &got->measures[m];
        const char *id = of->measures[m].id;
        if (x->present != y->present)
            text_add(why, "%s is %sthere; ", id, y->present ? "" : "not ");
        if (!x->present || !y->present)
            continue;
        if (x->state != y->state)
            text_add(why, "%s has another state; ", id);
        if (x->discretionary != y->discretionary)
            text_add(why, "%s has another force; ", id);
        if (x->from != y->from || x->until != y->until || x->open != y->open)
            text_add(why, "%s has another term; ", id);
        if (x->rules != y->rules)
            text_add(why, "%s has other rules; ", id);
        if (memcmp(x->rule_grounds, y->rule_grounds, sizeof x->rule_grounds) != 0)
            text_add(why, "%s has other grounds; ", id);
        if (!x->repair_mixed && x->repair_from != y->repair_from)
            text_add(why, "%s has another repair; ", id);
    }
}

void answer_compare(const rules *of, const answer *wanted, const answer *got,
                    text *why) {
    if (wanted->out_of_scope != got->out_of_scope)
        text_add(why, "scope; ");
    for (int m = 0; m < of->matter_count; m++) {
        /* Where the choices are too many, doubt may err to undetermined. */
        bool dear = count_bits(wanted->doubts_not_live) > 10 &&
                    got->verdicts[m] == VERDICT_UNDETERMINED;
        if (wanted->verdicts[m] != got->verdicts[m] && !dear)
            text_add(why, "verdict on matter.%c; ", 'a' + m);
    }
    if (wanted->undetermined != got->undetermined)
        text_add(why, "undetermined; ");
    compare_measures(of, wanted, got, why);
    for (int m = 0; m < of->measure_count; m++) {
        if ((got->by_rules[m] & ~wanted->by_rules[m]) != 0 ||
            (got->by_measures[m] & ~wanted->by_measures[m]) != 0)
            text_add(why, "%s is displaced by another; ", of->measures[m].id);
    }
    for (int i = 0; i < of->rule_count; i++) {
        if (wanted->rule_states[i] != STATE_APPLIES &&
            wanted->rule_states[i] == got->rule_states[i] &&
            wanted->since[i] != got->since[i])
            text_add(why, "%s is %s since %s, not %s; ", of->rules[i].id,
                     state_words[wanted->rule_states[i]],
                     calendar_text(wanted->since[i]), calendar_text(got->since[i]));
    }
    for (int state = STATE_DISPLACED; state < STATES; state++) {
        unsigned must = wanted->not_applied[state];
        unsigned may = must | wanted->may_not_applied[state];
        if ((must & ~got->not_applied[state]) != 0)
            text_add(why, "%s: missing; ", state_words[state]);
        if ((got->not_applied[state] & ~may) != 0)
            text_add(why, "%s: too many; ", state_words[state]);
    }
}
