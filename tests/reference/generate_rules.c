/* SPDX-License-Identifier: Apache-2.0 */
/*
 * generate_rules.c: random rulesets that are valid, and in which much happens: few
 * categories, so that rules meet records; few periods and days, so that edges meet.
 */
#include "generate.h"

#include <stdio.h>

day generate_day(rng *from) {
    static const int edges[][3] = {{2020, 2, 29},  {2021, 1, 31}, {2023, 8, 31},
                                   {2024, 2, 29},  {2024, 1, 31}, {2022, 12, 31},
                                   {2024, 11, 30}, {2023, 3, 31}};
    if (rng_chance(from, 30)) {
        const int *edge = edges[rng_below(from, 8)];
        return calendar_day(edge[0], edge[1], edge[2]);
    }
    if (rng_chance(from, 3))
        return calendar_day(rng_range(from, 1905, 2195), 1, 1);
    int year = rng_range(from, 2020, 2025);
    int month = rng_range(from, 1, 12);
    return calendar_day(year, month, rng_range(from, 1, 28));
}

period generate_period(rng *from) {
    static const period common[] = {{12, 0}, {36, 0}, {60, 0}, {24, 0}, {6, 0}};
    static const period rare[] = {{1, 0}, {0, 30},  {0, 1},  {3, 0}, {18, 0},
                                  {2, 0}, {13, 15}, {0, 90}, {0, 0}, {2400, 0}};
    return rng_chance(from, 60) ? common[rng_below(from, 5)]
                                : rare[rng_below(from, rng_chance(from, 10) ? 10 : 8)];
}

static void make_term(maker *to, rule *by) {
    int how = rng_below(to->from, 10);
    by->term = how < 3   ? TERM_NONE
               : how < 7 ? TERM_LAST
               : how < 8 ? TERM_LIFE
                         : TERM_UNTIL;
    if (by->term != TERM_NONE)
        by->term_from = generate_term_day(to);
    if (by->term == TERM_LAST)
        by->last = generate_period(to->from);
    if (by->term == TERM_UNTIL)
        by->term_until = generate_term_end(to);
}

/* ---- the parts of a ruleset ---- */

static void make_category(maker *to, int index) {
    category *at = &to->of->categories[index];
    *at = (category){0};
    (void)snprintf(at->id, sizeof at->id, "cat.%c", 'a' + index);
    int roll = rng_below(to->from, 10);
    at->nature = roll < 6 ? ADVERSE : roll < 9 ? FAVOURABLE : NEUTRAL;
    if (at->nature == ADVERSE)
        at->severity = rng_range(to->from, 1, 3);
    at->has_use_limit = rng_chance(to->from, 35);
    at->use_limit = generate_period(to->from);
    roll = rng_below(to->from, 10);
    at->expires = roll < 6   ? EXPIRES_OPTIONAL
                  : roll < 8 ? EXPIRES_REQUIRED
                             : EXPIRES_NONE;
    at->attributes = rng_bits(to->from, RECORD_ATTRIBUTES, 50);
    at->required = at->attributes & rng_bits(to->from, RECORD_ATTRIBUTES, 25);
    if (rng_chance(to->from, 50)) {
        day change = generate_day(to->from);
        at->repairs[0] = (repair){DAY_MIN, DAY_NONE, generate_period(to->from)};
        at->repair_count = 1;
        if (rng_chance(to->from, 50)) {
            at->repairs[0].to = change;
            at->repairs[1] = (repair){change + 1, DAY_NONE, generate_period(to->from)};
            at->repair_count = 2;
        }
    }
}

static void make_measure(maker *to, int index) {
    measure *at = &to->of->measures[index];
    *at = (measure){0};
    (void)snprintf(at->id, sizeof at->id, "measure.%c", 'a' + index);
    int kind = rng_below(to->from, 10);
    at->kind = kind < 6 ? RESTRICTION : kind < 9 ? INCENTIVE : NOTICE;
    at->burden = at->kind == RESTRICTION && rng_chance(to->from, 30);
    at->discretionary = rng_chance(to->from, 35);
    if (!rng_chance(to->from, 10))
        at->matters = 1U << rng_below(to->from, to->of->matter_count);
    at->matters |= rng_bits(to->from, to->of->matter_count, 20);
    at->tags = rng_bits(to->from, TAGS, 25);
}

static void make_rule(maker *to, int index) {
    bool doubt = to->of->mood == MOOD_DOUBT;
    rule *by = &to->of->rules[index];
    *by = (rule){.ground = -1, .when = -1, .term_from = -1, .term_until = -1};
    (void)snprintf(by->id, sizeof by->id, "rule.%c", 'a' + index);
    by->applies_to = rng_chance(to->from, 60) ? 15U : rng_bits(to->from, 4, 60);
    if (by->applies_to == 0)
        by->applies_to = 1U << LEGAL_PERSON;
    if (rng_chance(to->from, 15)) {
        by->region_count = rng_range(to->from, 1, MAX_REGIONS);
        by->regions[0] = region_prefixes[rng_below(to->from, 2)];
        by->regions[1] = region_prefixes[rng_range(to->from, 2, 3)];
    }
    by->from =
        rng_chance(to->from, 60) ? calendar_day(2010, 1, 1) : generate_day(to->from);
    by->to = DAY_NONE;
    if (rng_chance(to->from, 30)) {
        by->to = generate_day(to->from);
        if (by->to < by->from) {
            day swap = by->to;
            by->to = by->from;
            by->from = swap;
        }
    }
    by->by_decided_on = rng_chance(to->from, 25);
    int roll = rng_below(to->from, 10);
    if (roll < 2)
        by->gaze = GAZE_THROUGH;
    else if (roll < 4)
        by->gaze = GAZE_NAMED;
    if (by->gaze != GAZE_OWN)
        by->roles = rng_bits(to->from, ROLE_WORDS, 45);
    for (int i = 0; by->gaze == GAZE_NAMED && i < ROLE_WORDS; i++) {
        if (role_words[i].is_inverse)
            by->roles &= ~(1U << i);
    }
    if (by->roles == 0)
        by->gaze = GAZE_OWN;

    if (by->gaze != GAZE_OWN || !rng_chance(to->from, 12)) {
        by->ground = rng_chance(to->from, 85) ? generate_category_test(to) : -1;
        int more = rng_chance(to->from, 45) || by->ground < 0
                       ? generate_record_test(to, 2)
                       : -1;
        if (by->ground < 0)
            by->ground = more;
        else if (more >= 0)
            by->ground = rng_chance(to->from, 90) ? generate_and(to, by->ground, more)
                                                  : generate_or(to, by->ground, more);
        make_term(to, by);
        by->stays = rng_chance(to->from, 15);
    }
    if (by->ground < 0 || rng_chance(to->from, 30))
        by->when = generate_whole_test(to, by->ground >= 0, 2);
    if (rng_chance(to->from, doubt ? 70 : 30)) {
        by->unless_count = rng_range(to->from, 1, MAX_UNLESS);
        for (int i = 0; i < by->unless_count; i++)
            by->unless[i] = generate_whole_test(to, by->ground >= 0, 1);
    }
    by->force = rng_range(to->from, -1, 1);
    if (rng_chance(to->from, 50))
        by->force = -1;
    by->measures = rng_bits(to->from, to->of->measure_count, 15);
    if (!rng_chance(to->from, 10))
        by->measures |= 1U << rng_below(to->from, to->of->measure_count);
    by->tags = rng_bits(to->from, TAGS, 20);
    by->unverified = rng_chance(to->from, 4);
}

/* ---- exceptions and conflicts, without cycles ---- */

static unsigned displaces(const rules *of, int index) {
    unsigned bits = of->rules[index].exceptions;
    for (int i = 0; i < of->rule_count; i++) {
        if ((of->rules[i].tags & of->rules[index].exception_tags) != 0)
            bits |= 1U << i;
    }
    return bits & ~(1U << index);
}

static unsigned overrules(const rules *of, int index) {
    unsigned bits = 0;
    for (int i = 0; i < of->conflict_count; i++) {
        side keep = of->conflicts[i].keep, gone = of->conflicts[i].gone;
        if (keep.is_tag ? (of->measures[index].tags >> keep.index & 1) == 0
                        : keep.index != index)
            continue;
        for (int m = 0; m < of->measure_count; m++) {
            if (gone.is_tag ? (of->measures[m].tags >> gone.index & 1) != 0
                            : gone.index == m)
                bits |= 1U << m;
        }
    }
    return bits & ~(1U << index);
}

static bool has_cycle(const rules *of, unsigned (*next)(const rules *of, int index),
                      int count) {
    for (int start = 0; start < count; start++) {
        unsigned reached = next(of, start);
        for (unsigned before = 0; before != reached;) {
            before = reached;
            for (int i = 0; i < count; i++) {
                if ((reached >> i & 1) != 0)
                    reached |= next(of, i);
            }
        }
        if ((reached >> start & 1) != 0)
            return true;
    }
    return false;
}

static void make_exceptions(maker *to) {
    rules *of = to->of;
    int tries = rng_below(to->from, of->mood == MOOD_DISPLACING ? 30 : 10);
    for (; tries > 0; tries--) {
        rule *by = &of->rules[rng_below(to->from, of->rule_count)];
        rule kept = *by;
        if (rng_chance(to->from, 75))
            by->exceptions |= 1U << rng_below(to->from, of->rule_count);
        else
            by->exception_tags |= 1U << rng_below(to->from, TAGS);
        by->exceptions &= ~(1U << (by - of->rules));
        unsigned all_tags = 0;
        for (int i = 0; i < of->rule_count; i++)
            all_tags |= of->rules[i].tags;
        by->exception_tags &= all_tags;
        if (has_cycle(of, displaces, of->rule_count))
            *by = kept;
    }
}

static side any_side(maker *to) {
    side which = {rng_chance(to->from, 30), 0};
    which.index = rng_below(to->from, which.is_tag ? TAGS : to->of->measure_count);
    for (int m = 0; which.is_tag && m < to->of->measure_count; m++) {
        if ((to->of->measures[m].tags >> which.index & 1) != 0)
            return which;
    }
    return which.is_tag ? (side){false, 0} : which;
}

static void make_conflicts(maker *to) {
    rules *of = to->of;
    for (int tries = rng_below(to->from, 5); tries > 0; tries--) {
        if (of->conflict_count == MAX_CONFLICTS)
            return;
        conflict one = {.keep = any_side(to)};
        one.gone = any_side(to);
        if (one.keep.is_tag == one.gone.is_tag && one.keep.index == one.gone.index)
            continue;
        of->conflicts[of->conflict_count++] = one;
        if (has_cycle(of, overrules, of->measure_count))
            of->conflict_count--;
    }
}

void generate_rules(rules *ret_rules, rng *from) {
    maker to = {ret_rules, from};
    int roll = rng_below(from, 10);
    *ret_rules = (rules){.mood = roll < 6   ? MOOD_PLAIN
                                 : roll < 8 ? MOOD_DOUBT
                                            : MOOD_DISPLACING};
    ret_rules->suspend = rng_chance(from, 65);
    ret_rules->subject_attributes = rng_bits(from, SUBJECT_ATTRIBUTES, 60);
    ret_rules->category_count = rng_range(from, 3, MAX_CATEGORIES);
    if (ret_rules->mood == MOOD_DISPLACING)
        ret_rules->category_count = rng_range(from, 2, 3);
    for (int i = 0; i < ret_rules->category_count; i++)
        make_category(&to, i);
    int unused = rules_unused_category(ret_rules);
    ret_rules->categories[unused].attributes = 0;
    ret_rules->categories[unused].required = 0;
    ret_rules->categories[unused].expires = EXPIRES_OPTIONAL;
    ret_rules->matter_count = rng_range(from, 1, MAX_MATTERS);
    ret_rules->measure_count = rng_range(from, 2, MAX_MEASURES);
    for (int i = 0; i < ret_rules->measure_count; i++)
        make_measure(&to, i);
    ret_rules->rule_count = rng_range(from, 2, 9);
    if (ret_rules->mood == MOOD_DISPLACING)
        ret_rules->rule_count = rng_range(from, 5, MAX_RULES - 2);
    for (int i = 0; i < ret_rules->rule_count; i++)
        make_rule(&to, i);
    make_exceptions(&to);
    make_conflicts(&to);
}

/* ---- rulesets of plain rules ---- */

static void make_plain(maker *to, rule *by) {
    by->ground = generate_category_test(to);
    if (rng_chance(to->from, 75)) {
        int more = generate_plain_test(to, VAR_R, 2);
        by->ground = generate_and(to, by->ground, more);
    }
    by->when = -1;
    by->unless_count =
        rng_chance(to->from, 40) ? rng_range(to->from, 1, MAX_UNLESS) : 0;
    for (int i = 0; i < by->unless_count; i++)
        by->unless[i] = generate_plain_unless(to);
    make_term(to, by);
    if (by->term != TERM_NONE && rng_chance(to->from, 25))
        by->term_from = generate_dated_day(to);
    by->exceptions = 0;
    by->exception_tags = 0;
    by->tags = 0;
    if (rng_chance(to->from, 60))
        by->measures = 1U << rng_below(to->from, to->of->measure_count);
}

void generate_plain_rules(rules *ret_rules, rng *from) {
    maker to = {ret_rules, from};
    generate_rules(ret_rules, from);
    ret_rules->node_count = 0; /* all conditions are made anew */
    ret_rules->conflict_count = rng_chance(from, 70) ? 0 : ret_rules->conflict_count;
    for (int i = 0; i < ret_rules->rule_count; i++)
        make_plain(&to, &ret_rules->rules[i]);
}
