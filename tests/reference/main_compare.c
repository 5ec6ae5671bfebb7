/* SPDX-License-Identifier: Apache-2.0 */
/*
 * main_compare.c: the engine against the reference on random pairs of ruleset and
 * subject.
 *
 *   --seed N     the first seed (1)
 *   --pairs N    pairs of ruleset and subject (10000)
 *   --days N     as-of days for each (2)
 *   --window N   days after each that are all evaluated (15)
 *   --samples N  further days up to valid-through (20)
 *   --store N    one world in N goes through a real store (40)
 *   --keep       do not make a failing pair smaller
 *
 * A failing pair is printed as YAML and lines of import format, with both answers.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "check_pair.h"

typedef struct options {
    uint64_t seed;
    long pairs, days, store;
    check how;
    bool keep;
} options;

static rules the_rules;
static world the_world;
static day the_days[MAX_DAYS];

static bool read_options(int argc, char **argv, options *to) {
    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--keep") == 0) {
            to->keep = true;
            continue;
        }
        char *end = NULL;
        long number = i + 1 < argc ? strtol(argv[i + 1], &end, 10) : 0;
        if (end == NULL || *end != '\0' || number < 0)
            return false;
        if (strcmp(argv[i], "--seed") == 0)
            to->seed = (uint64_t)number;
        else if (strcmp(argv[i], "--pairs") == 0)
            to->pairs = number;
        else if (strcmp(argv[i], "--days") == 0)
            to->days = number;
        else if (strcmp(argv[i], "--window") == 0)
            to->how.window = (int)number;
        else if (strcmp(argv[i], "--samples") == 0)
            to->how.samples = (int)number;
        else if (strcmp(argv[i], "--store") == 0)
            to->store = number;
        else
            return false;
        i++;
    }
    return true;
}

static void print_failure(const options *how, uint64_t seed, int who, day as_of,
                          const text *why) {
    text yaml[MAX_FILES] = {{0}};
    text out = {0};
    layout plain = {.files = 1};
    (void)printf("seed %llu, %s on %s: %s\n", (unsigned long long)seed,
                 the_world.subjects[who].id, calendar_text(as_of), why->bytes);
    if (how->keep)
        return;
    shrink(&how->how, &the_rules, &the_world, who, as_of);
    render_yaml(&the_rules, &plain, yaml);
    render_ndjson(&the_rules, &the_world, &plain, &out);
    (void)printf("made smaller:\n%s%s\n", yaml[0].bytes, out.bytes);
    text_clear(&out);
    (void)check_alone(&how->how, &the_rules, &the_world, who, as_of, &out);
    (void)printf("%s on %s: %s\n", the_world.subjects[who].id, calendar_text(as_of),
                 out.len > 0 ? out.bytes : "");
    text_free(&yaml[0]);
    text_free(&out);
}

/* All subjects of one world. Returns how many there were, -1 on a difference. */
static long check_seed(const options *how, uint64_t seed) {
    rng from = {seed};
    generate_rules(&the_rules, &from);
    generate_world(&the_rules, &the_world, &from);
    text files[MAX_FILES] = {{0}};
    text lines = {0}, why = {0};
    layout plain = {.files = 1};
    long done = 0;
    render_yaml(&the_rules, &plain, files);
    render_ndjson(&the_rules, &the_world, &plain, &lines);
    bool store = how->store > 0 && seed % (uint64_t)how->store == 0;
    engine *of =
        engine_open(files, 1, &lines, store ? ENGINE_STORE : ENGINE_OVERLAY, &why);
    if (of == NULL) {
        (void)printf("seed %llu: %s\n%s\n%s\n", (unsigned long long)seed, why.bytes,
                     files[0].bytes, lines.len > 0 ? lines.bytes : "");
        done = -1;
    }
    int day_count = generate_days(&the_rules, &the_world, the_days);
    for (int s = 0; s < the_world.subject_count && done >= 0; s++) {
        if (!the_world.subjects[s].has_line)
            continue;
        done++;
        for (long i = 0; i < how->days; i++) {
            day on = generate_as_of(the_days, day_count, &from);
            if (check_pair(of, &how->how, &the_rules, &the_world, s, on, the_days,
                           day_count, &why))
                continue;
            print_failure(how, seed, s, on, &why);
            done = -1;
            break;
        }
    }
    engine_close(of);
    text_free(&files[0]);
    text_free(&lines);
    text_free(&why);
    return done;
}

int main(int argc, char **argv) {
    enum { FAILURES_SHOWN = 3 };
    options how = {.seed = 1,
                   .pairs = 10000,
                   .days = 2,
                   .store = 40,
                   .how = {.window = 15, .samples = 20}};
    if (!read_options(argc, argv, &how)) {
        (void)fprintf(stderr,
                      "usage: %s [--seed N] [--pairs N] [--days N] [--window N] "
                      "[--samples N] [--store N] [--keep]\n",
                      argv[0]);
        return 2;
    }
    long pairs = 0, rulesets = 0, failures = 0;
    for (uint64_t seed = how.seed; pairs < how.pairs && failures < FAILURES_SHOWN;
         seed++) {
        long done = check_seed(&how, seed);
        failures += done < 0;
        pairs += done < 0 ? 1 : done;
        rulesets++;
    }
    (void)printf("%ld pairs of %ld rulesets, %ld days each: %ld differ\n", pairs,
                 rulesets, how.days, failures);
    return failures == 0 ? 0 : 1;
}
