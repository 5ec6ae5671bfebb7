/* SPDX-License-Identifier: Apache-2.0 */
/*
 * main_shortcuts.c: see check_shortcuts.h, on random rulesets and worlds: half of them
 * of the common kind, half with plain conditions, where shortcuts are taken.
 *
 *   --seed N      the first seed (1)
 *   --rulesets N  how many (300)
 *   --days N      as-of days for each subject (2)
 *   --show        print ruleset and lines of a failing pair
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "check_shortcuts.h"
#include "engine.h" /* last: see engine.c */

static rules the_rules;
static world the_world;
static day the_days[MAX_DAYS];

typedef struct options {
    uint64_t seed;
    long rulesets, days;
    bool show;
} options;

static bool check_subjects(engine *of, rng *from, const options *how, shortcuts *counts,
                           text *why) {
    int day_count = generate_days(&the_rules, &the_world, the_days);
    for (int s = 0; s < the_world.subject_count; s++) {
        for (long i = 0; i < how->days && the_world.subjects[s].has_line; i++) {
            day on = generate_as_of(the_days, day_count, from);
            const struct heng_snapshot *known =
                engine_snapshot(of, the_world.subjects[s].id, why);
            if (known == NULL || !check_shortcuts(engine_ruleset(of), known, on,
                                                  the_days, day_count, counts, why))
                return false;
        }
    }
    return true;
}

static bool check_seed(uint64_t seed, const options *how, shortcuts *counts) {
    rng from = {seed};
    text files[MAX_FILES] = {{0}};
    text lines = {0}, why = {0};
    layout as_it_stands = {.files = 1};
    if (seed % 2 == 0)
        generate_rules(&the_rules, &from);
    else
        generate_plain_rules(&the_rules, &from);
    generate_world(&the_rules, &the_world, &from);
    render_yaml(&the_rules, &as_it_stands, files);
    render_ndjson(&the_rules, &the_world, &as_it_stands, &lines);
    engine *of = engine_open(files, 1, &lines, ENGINE_OVERLAY, &why);
    bool fine = of != NULL && check_subjects(of, &from, how, counts, &why);
    if (!fine) {
        (void)printf("seed %llu: %s\n", (unsigned long long)seed,
                     why.len > 0 ? why.bytes : "");
        if (how->show)
            (void)printf("%s%s\n", files[0].bytes, lines.len > 0 ? lines.bytes : "");
    }
    engine_close(of);
    text_free(&files[0]);
    text_free(&lines);
    text_free(&why);
    return fine;
}

/* A run in which a shortcut was hardly taken shows nothing. */
static bool is_enough(const shortcuts *counts, long rulesets) {
    const long each[] = {counts->told_true,  counts->told_false, counts->told_unknown,
                         counts->whole_told, counts->never,      counts->found,
                         counts->reaching,   counts->brief,      counts->at_length,
                         counts->unreached};
    for (size_t i = 0; i < sizeof each / sizeof each[0]; i++) {
        if (each[i] < rulesets)
            return false;
    }
    return true;
}

int main(int argc, char **argv) {
    enum { FAILURES_SHOWN = 3 };
    options how = {.seed = 1, .rulesets = 300, .days = 2};
    shortcuts counts = {0};
    long failures = 0;
    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--show") == 0)
            how.show = true;
        else if (i + 1 < argc && strcmp(argv[i], "--seed") == 0)
            how.seed = strtoull(argv[++i], NULL, 10);
        else if (i + 1 < argc && strcmp(argv[i], "--rulesets") == 0)
            how.rulesets = strtol(argv[++i], NULL, 10);
        else if (i + 1 < argc && strcmp(argv[i], "--days") == 0)
            how.days = strtol(argv[++i], NULL, 10);
    }
    for (long i = 0; i < how.rulesets && failures < FAILURES_SHOWN; i++)
        failures += !check_seed(how.seed + (uint64_t)i, &how, &counts);
    (void)printf("grounds told true %ld, false %ld, not %ld; when and unless %ld; "
                 "never %ld; found %ld; of others %ld; decided in brief %ld, at length "
                 "%ld; not reached %ld; %ld differ\n",
                 counts.told_true, counts.told_false, counts.told_unknown,
                 counts.whole_told, counts.never, counts.found, counts.reaching,
                 counts.brief, counts.at_length, counts.unreached, failures);
    if (failures == 0 && !is_enough(&counts, how.rulesets)) {
        (void)printf("some shortcut was hardly taken\n");
        return 1;
    }
    return failures == 0 ? 0 : 1;
}
