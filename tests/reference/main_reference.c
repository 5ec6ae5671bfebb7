/* SPDX-License-Identifier: Apache-2.0 */
/* main_reference.c: prints the pair of a seed with the reference's answers, without the
 * engine; or counts what the random pairs hold. */
#include "reference.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static rules the_rules;
static world the_world;
static day days[MAX_DAYS];

static void make(uint64_t seed) {
    rng from = {seed};
    generate_rules(&the_rules, &from);
    generate_world(&the_rules, &the_world, &from);
}

static void print_pair(uint64_t seed) {
    text files[MAX_FILES] = {{0}};
    text out = {0};
    make(seed);
    render_yaml(&the_rules, &(layout){.files = 1}, files);
    render_ndjson(&the_rules, &the_world, &(layout){.files = 1}, &out);
    (void)printf("%s\n%s\n", files[0].bytes, out.len > 0 ? out.bytes : "");
    text_clear(&out);
    rng from = {seed};
    int count = generate_days(&the_rules, &the_world, days);
    for (int i = 0; i < the_world.subject_count; i++) {
        if (!the_world.subjects[i].has_line)
            continue;
        text_add(&out, "%s ", the_world.subjects[i].id);
        answer today;
        reference_answer(&the_rules, &the_world, i, generate_as_of(days, count, &from),
                         &today);
        answer_print(&the_rules, &the_world, &today, &out);
        day horizon = calendar_end(today.as_of, (period){60, 0});
        day until = reference_stays_until(&the_rules, &the_world, i, &today, horizon);
        text_add(&out, "  stays so until %s%s\n", calendar_text(until),
                 until == horizon ? " and longer" : "");
    }
    (void)printf("%s", out.len > 0 ? out.bytes : "");
    text_free(&out);
    text_free(&files[0]);
}

static void count_pairs(uint64_t seed, int pairs) {
    static const char *const words[] = {
        "answers",      "clear",    "favoured", "caution",   "blocked",
        "undetermined", "no scope", "applies",  "suspended", "displaced",
        "lapsed",       "excepted", "pending",  "unverified"};
    long counts[14] = {0};
    for (int i = 0; i < pairs; i++) {
        make(seed + (uint64_t)i);
        rng from = {seed + (uint64_t)i};
        int count = generate_days(&the_rules, &the_world, days);
        for (int s = 0; s < the_world.subject_count; s++) {
            answer today;
            if (!the_world.subjects[s].has_line)
                continue;
            reference_answer(&the_rules, &the_world, s,
                             generate_as_of(days, count, &from), &today);
            counts[0]++;
            for (int v = VERDICT_CLEAR; v <= VERDICT_OUT_OF_SCOPE; v++)
                counts[1 + v] += today.verdicts[0] == v;
            bool states[STATES] = {false};
            for (int m = 0; m < the_rules.measure_count; m++) {
                if (today.measures[m].present)
                    states[today.measures[m].state] = true;
            }
            for (int state = 0; state < STATES; state++)
                counts[7 + state] += states[state] || today.not_applied[state] != 0;
        }
    }
    for (int i = 0; i < 14; i++)
        (void)printf("%-12s %ld\n", words[i], counts[i]);
}

int main(int argc, char **argv) {
    if (argc == 3 && strcmp(argv[1], "--print") == 0) {
        print_pair(strtoull(argv[2], NULL, 10));
        return 0;
    }
    if (argc == 4 && strcmp(argv[1], "--count") == 0) {
        count_pairs(strtoull(argv[2], NULL, 10), (int)strtol(argv[3], NULL, 10));
        return 0;
    }
    (void)fprintf(stderr, "usage: %s --print SEED | --count SEED PAIRS\n", argv[0]);
    return 1;
}
