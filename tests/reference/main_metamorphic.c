/* SPDX-License-Identifier: Apache-2.0 */
/*
 * main_metamorphic.c: what must change no answer of the engine, whatever the answer is:
 * the order of rules and of all else, how they are cut into files, the order of lines,
 * lines that come twice, records of a category that no rule looks at, and whether the
 * lines went through a store.
 *
 *   --seed N      the first seed (1)
 *   --rulesets N  how many (300)
 */
#include "heng/decide.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "engine.h" /* last: see engine.c */

static rules the_rules;
static world the_world;
static day the_days[MAX_DAYS];

typedef struct variant {
    const char *name; /* what must change nothing */
    layout how;
    engine_mode mode;
    bool pointless; /* adds records that no rule looks at */
} variant;

static const variant variants[] = {
    {"another order", {.order = {1}, .files = 1}, ENGINE_OVERLAY, false},
    {"more files", {.order = {2}, .files = 4}, ENGINE_OVERLAY, false},
    {"lines that come twice",
     {.order = {3}, .files = 1, .repeat = true},
     ENGINE_OVERLAY,
     false},
    {"records that no rule looks at",
     {.files = 1, .pointless = 5},
     ENGINE_OVERLAY,
     true},
    {"a store", {.order = {4}, .files = 2, .repeat = true}, ENGINE_STORE, false},
};

/* Whether every rule looks at named categories only, and none reads `records`. */
static bool ignores_unused_category(const rules *of) {
    for (int i = 0; i < of->rule_count; i++) {
        const rule *by = &of->rules[i];
        if ((by->ground >= 0 && !condition_names_category(of, by->ground)) ||
            condition_reads(of, by->when, LIST_RECORDS))
            return false;
        for (int k = 0; k < by->unless_count; k++) {
            if (condition_reads(of, by->unless[k], LIST_RECORDS))
                return false;
        }
    }
    return true;
}

static engine *open_variant(const variant *as, uint64_t seed, text *why) {
    text files[MAX_FILES] = {{0}};
    text lines = {0};
    layout how = as->how;
    if (how.order.state != 0)
        how.order.state += seed * 16;
    render_yaml(&the_rules, &how, files);
    render_ndjson(&the_rules, &the_world, &how, &lines);
    engine *made = engine_open(files, how.files, &lines, as->mode, why);
    for (int i = 0; i < MAX_FILES; i++)
        text_free(&files[i]);
    text_free(&lines);
    return made;
}

static bool is_equal(const answer *a, const answer *b) {
    return reference_same(&the_rules, a, b) && a->valid_through == b->valid_through &&
           memcmp(a->not_applied, b->not_applied, sizeof a->not_applied) == 0;
}

static bool check_answers(engine *plain, engine *other, rng *from, int day_count,
                          text *why) {
    unsigned flags = HENG_DECIDE_FULL | HENG_DECIDE_EXACT_DAYS;
    for (int s = 0; s < the_world.subject_count; s++) {
        if (!the_world.subjects[s].has_line)
            continue;
        day on = generate_as_of(the_days, day_count, from);
        answer a, b;
        if (!engine_answer(plain, &the_rules, &the_world, s, on, ALL_MATTERS, flags, &a,
                           why) ||
            !engine_answer(other, &the_rules, &the_world, s, on, ALL_MATTERS, flags, &b,
                           why))
            return false;
        if (is_equal(&a, &b))
            continue;
        text_add(why, "%s\n", the_world.subjects[s].id);
        answer_print(&the_rules, &the_world, &a, why);
        text_add(why, "  valid through %s\n", calendar_text(a.valid_through));
        answer_print(&the_rules, &the_world, &b, why);
        text_add(why, "  valid through %s\n", calendar_text(b.valid_through));
        return false;
    }
    return true;
}

static bool check_seed(uint64_t seed, long counts[]) {
    static const variant as_it_stands = {
        "nothing", {.files = 1}, ENGINE_OVERLAY, false};
    rng from = {seed};
    text why = {0};
    bool equal = true;
    generate_rules(&the_rules, &from);
    generate_world(&the_rules, &the_world, &from);
    int day_count = generate_days(&the_rules, &the_world, the_days);
    engine *plain = open_variant(&as_it_stands, seed, &why);
    for (size_t i = 0; i < sizeof variants / sizeof variants[0] && equal; i++) {
        if (variants[i].pointless && !ignores_unused_category(&the_rules))
            continue;
        counts[i]++;
        engine *other = open_variant(&variants[i], seed, &why);
        equal = plain != NULL && other != NULL &&
                check_answers(plain, other, &from, day_count, &why);
        if (!equal)
            (void)printf("seed %llu: %s: %s\n", (unsigned long long)seed,
                         variants[i].name, why.bytes);
        engine_close(other);
    }
    engine_close(plain);
    text_free(&why);
    return equal;
}

int main(int argc, char **argv) {
    uint64_t seed = 1;
    long rulesets = 300, failures = 0;
    long counts[sizeof variants / sizeof variants[0]] = {0};
    for (int i = 1; i + 1 < argc; i += 2) {
        if (strcmp(argv[i], "--seed") == 0)
            seed = strtoull(argv[i + 1], NULL, 10);
        else if (strcmp(argv[i], "--rulesets") == 0)
            rulesets = strtol(argv[i + 1], NULL, 10);
    }
    for (long i = 0; i < rulesets && failures < 3; i++)
        failures += !check_seed(seed + (uint64_t)i, counts);
    for (size_t i = 0; i < sizeof variants / sizeof variants[0]; i++)
        (void)printf("%s: %ld rulesets\n", variants[i].name, counts[i]);
    return failures == 0 ? 0 : 1;
}
