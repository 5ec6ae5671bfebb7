/* SPDX-License-Identifier: Apache-2.0 */
/* generate_world.c: random subjects and records of a ruleset's categories, and the days
 * on which something may change. */
#include "world.h"

#include <stdio.h>

/* ---- values ---- */

static value any_value(const field *of, rng *from) {
    static const char *const notes[] = {"alpha", "beta", "gamma", "delta"};
    static const char *const marks[] = {"a", "b", "c"};
    value made = {.type = of->type};
    switch (of->type) {
    case TYPE_BOOL:
        made.number = rng_below(from, 2);
        break;
    case TYPE_INT:
        made.number = rng_range(from, -1, 5);
        break;
    case TYPE_DECIMAL:
        made.number = rng_range(from, -4, 20) * 2500;
        break;
    case TYPE_DATE:
        made.number = generate_day(from);
        break;
    case TYPE_STRINGS:
        made.item_count = rng_range(from, 0, MAX_ITEMS);
        for (int i = 0; i < made.item_count; i++)
            made.items[i] = marks[rng_below(from, 3)];
        break;
    case TYPE_STRING:
    case TYPE_ERROR:
        made.text = of->words[0] != NULL ? of->words[rng_below(from, 3)]
                                         : notes[rng_below(from, 4)];
        break;
    }
    return made;
}

static attribute any_attribute(const field *of, int percent, rng *from) {
    attribute made = {.present = rng_chance(from, percent)};
    if (made.present)
        made.value = any_value(of, from);
    return made;
}

/* ---- subjects ---- */

static void number_person(subject *of, rng *from) {
    static const int weights[] = {7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2};
    int year = rng_chance(from, 40) ? rng_range(from, 2002, 2008)
                                    : rng_range(from, 1950, 2001);
    int month = rng_range(from, 1, 12), dom = rng_range(from, 1, 28);
    of->born_on = calendar_day(year, month, dom);
    (void)snprintf(of->id, sizeof of->id, "430102%04d%02d%02d%03d", year, month, dom,
                   rng_below(from, 1000));
    int sum = 0;
    for (int i = 0; i < 17; i++)
        sum += weights[i] * (of->id[i] - '0');
    of->id[17] = "10X98765432"[sum % 11];
    of->id[18] = '\0';
}

static void make_subject(const rules *by, subject *of, int index, rng *from) {
    static const char *const regions[] = {"430102", "430100", "431200", "440300"};
    static const char *const industries[] = {"E4710", "C1310", "A0111"};
    static const char *const statuses[] = {"active", "restructured", "dissolved"};
    *of = (subject){.has_line = index < 3 || rng_chance(from, 70)};
    int kind = rng_below(from, 10);
    of->kind = kind < 5   ? LEGAL_PERSON
               : kind < 6 ? UNINCORPORATED
               : kind < 7 ? INDIVIDUAL_BUSINESS
                          : NATURAL_PERSON;
    (void)snprintf(of->id, sizeof of->id, "%c-%04d",
                   of->kind == NATURAL_PERSON ? 'P' : 'T',
                   rng_below(from, 9) * 10 + index);
    of->born_on = DAY_NONE;
    if (of->kind == NATURAL_PERSON && rng_chance(from, 40))
        number_person(of, from);
    of->region = regions[rng_below(from, 4)];
    of->industry = rng_chance(from, 60) ? industries[rng_below(from, 3)] : NULL;
    of->established_on = rng_chance(from, 60) ? generate_day(from) : DAY_NONE;
    of->status = rng_chance(from, 60) ? statuses[rng_below(from, 3)] : NULL;
    if (rng_chance(from, 8))
        of->capacity = rng_range(from, 1, 2);
    for (int i = 0; i < SUBJECT_ATTRIBUTES; i++) {
        if ((by->subject_attributes >> i & 1) != 0)
            of->attributes[i] =
                any_attribute(&subject_fields[S_ATTRIBUTES + i], 60, from);
    }
}

static void make_relations(world *in, int index, rng *from) {
    subject *of = &in->subjects[index];
    int count = of->has_line ? rng_range(from, 0, MAX_RELATIONS) : 0;
    for (int i = 0; i < count; i++) {
        relation tie = {
            .role = rng_below(from, ROLE_WORDS), .from = DAY_MIN, .to = DAY_NONE};
        tie.other = rng_below(from, in->subject_count);
        if (tie.other == index)
            continue;
        if (rng_chance(from, 40))
            tie.from = generate_day(from);
        if (rng_chance(from, 30))
            tie.to = generate_day(from);
        if (tie.to < tie.from)
            tie.to = tie.from;
        of->relations[of->relation_count++] = tie;
    }
}

/* ---- records ---- */

static day near(day date, rng *from) {
    return date + rng_range(from, -40, 400);
}

static void make_record(const rules *by, world *in, int index, rng *from) {
    record *of = &in->records[index];
    *of = (record){.subject = rng_below(from, in->subject_count)};
    if (rng_chance(from, 50)) /* crowd the first, so that some have many */
        of->subject = rng_below(from, 2);
    of->category = rng_below(from, rules_unused_category(by));
    const category *kind = &by->categories[of->category];
    (void)snprintf(of->id, sizeof of->id, "R-%c%02d", 'A' + rng_below(from, 26), index);
    of->authority = rng_chance(from, 50) ? "Bureau A" : "Bureau B";
    of->document_no = rng_chance(from, 50) ? "D-1 (2024)" : "D-2 (2024)";
    of->decided_on = generate_day(from);
    of->effective_on = rng_chance(from, 30) ? near(of->decided_on, from) : DAY_NONE;
    of->expires_on = DAY_NONE;
    if (kind->expires == EXPIRES_REQUIRED ||
        (kind->expires == EXPIRES_OPTIONAL && rng_chance(from, 50))) {
        day effective_on =
            of->effective_on == DAY_NONE ? of->decided_on : of->effective_on;
        of->expires_on = effective_on + rng_range(from, 0, 1200);
    }
    int status = rng_below(from, by->mood == MOOD_DOUBT ? 30 : 20);
    of->status = status < 11   ? ACTIVE
                 : status < 14 ? REPAIRED
                 : status < 15 ? REVOKED
                               : DISPUTED;
    of->status_on =
        rng_chance(from, 85)
            ? of->decided_on + rng_range(from, 0, rng_chance(from, 50) ? 60 : 900)
            : DAY_NONE;
    for (int i = 0; i < RECORD_ATTRIBUTES; i++) {
        if ((kind->attributes >> i & 1) != 0)
            of->attributes[i] = any_attribute(&record_fields[R_ATTRIBUTES + i],
                                              (kind->required >> i & 1) != 0 ? 100
                                              : by->mood == MOOD_DOUBT       ? 45
                                                                             : 65,
                                              from);
    }
    int parties = rng_chance(from, 50) ? rng_range(from, 1, MAX_PARTIES) : 0;
    for (int i = 0; i < parties; i++) {
        party one = {.role = rng_below(from, ROLE_WORDS)};
        one.subject = rng_below(from, in->subject_count);
        if (!role_words[one.role].is_inverse)
            of->parties[of->party_count++] = one;
    }
}

void generate_world(const rules *of, world *ret_world, rng *from) {
    *ret_world = (world){.subject_count = rng_range(from, 3, MAX_SUBJECTS)};
    for (int i = 0; i < ret_world->subject_count; i++)
        make_subject(of, &ret_world->subjects[i], i, from);
    for (int i = 0; i < ret_world->subject_count; i++)
        make_relations(ret_world, i, from);
    int records = rng_range(from, 0, 4 * ret_world->subject_count);
    for (int i = 0; i < records && i < MAX_RECORDS; i++) {
        make_record(of, ret_world, i, from);
        ret_world->record_count++;
    }
}

/* ---- the days on which something may change ---- */

typedef struct day_list {
    day *days;
    int count;
} day_list;

static void add_day(day_list *to, day date) {
    for (int step = -1; step <= 1; step++) {
        if (to->count < MAX_DAYS && date != DAY_NONE && date + step >= DAY_MIN &&
            date + step <= DAY_MAX)
            to->days[to->count++] = date + step;
    }
}

static void add_dates(day_list *to, const attribute *attributes, int count) {
    for (int i = 0; i < count; i++) {
        if (attributes[i].present && attributes[i].value.type == TYPE_DATE)
            add_day(to, (day)attributes[i].value.number);
    }
}

static void add_world_days(day_list *to, const world *in) {
    for (int i = 0; i < in->subject_count; i++) {
        const subject *of = &in->subjects[i];
        add_day(to, of->established_on);
        if (of->born_on != DAY_NONE)
            add_day(to, calendar_end(of->born_on, (period){18 * 12, 0}));
        add_dates(to, of->attributes, SUBJECT_ATTRIBUTES);
        for (int k = 0; k < of->relation_count; k++) {
            add_day(to, of->relations[k].from);
            add_day(to, of->relations[k].to);
        }
    }
    for (int i = 0; i < in->record_count; i++) {
        const record *of = &in->records[i];
        add_day(to, of->decided_on);
        add_day(to, of->effective_on);
        add_day(to, of->expires_on);
        add_day(to, of->status_on);
        add_dates(to, of->attributes, RECORD_ATTRIBUTES);
    }
}

day generate_as_of(const day *days, int count, rng *from) {
    for (int tries = rng_chance(from, 90) ? 30 : 0; tries > 0; tries--) {
        day on = days[rng_below(from, count)];
        int year = calendar_civil(on).year;
        if (year >= 2021 && year <= 2026)
            return on;
    }
    return days[rng_below(from, count)];
}

int generate_days(const rules *of, const world *in, day *ret_days) {
    day_list list = {ret_days, 0};
    add_world_days(&list, in);
    for (int i = 0; i < of->rule_count; i++) {
        add_day(&list, of->rules[i].from);
        add_day(&list, of->rules[i].to);
    }
    for (int i = 0; i < of->node_count; i++) {
        if (of->nodes[i].op == OP_LITERAL && of->nodes[i].constant.type == TYPE_DATE)
            add_day(&list, (day)of->nodes[i].constant.number);
    }
    int plain = list.count;
    period lengths[MAX_NODES + MAX_RULES + MAX_CATEGORIES];
    int count = 0;
    for (int i = 0; i < of->category_count; i++) {
        if (of->categories[i].has_use_limit)
            lengths[count++] = of->categories[i].use_limit;
    }
    for (int i = 0; i < of->rule_count; i++) {
        if (of->rules[i].term == TERM_LAST)
            lengths[count++] = of->rules[i].last;
    }
    for (int i = 0; i < of->node_count; i++) {
        if (of->nodes[i].op == OP_LATER || of->nodes[i].op == OP_EARLIER)
            lengths[count++] = of->nodes[i].period;
    }
    /* The middle one of each three, moved. */
    for (int i = 1; i < plain; i += 3) {
        for (int k = 0; k < count; k++) {
            day moved = 0;
            if (calendar_add(ret_days[i], lengths[k], 1, &moved))
                add_day(&list, moved);
            if (calendar_add(ret_days[i], lengths[k], -1, &moved))
                add_day(&list, moved);
        }
    }
    return list.count;
}
