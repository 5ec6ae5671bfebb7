/* SPDX-License-Identifier: Apache-2.0 */
/*
 * bench_batch.c: what it costs to decide everybody, beside a bare cursor over all
 * subjects, with one thread and two, and with 60, 600 and 6,000 rules.
 *
 * All sides alternate in rounds. Before each timing the store is opened anew, so that a
 * side pays for mapping the pages it reads, as the batch of a day does; rows "mapped"
 * are timed again at once, with the pages mapped already. The bare scan is timed twice
 * a round for the noise. One-thread rows quote the time of the processor, which other
 * processes disturb least; rows of several threads and of a file the wall clock, for
 * waiting is what they are about.
 *
 * Two more rows say what the first one rests on. Without the shipped rules that look at
 * records of others a batch need not find whom these reach. And LMDB alone, asked for
 * those who are reached, takes so long that even if nothing else were done for them the
 * sum is what there is to beat.
 */
#include <inttypes.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lines.h"
#include "made_rules.h"
#include "made_store.h"
#include "measure.h"

static const char ABOUT[] =
    "A batch over all subjects against a bare LMDB cursor over all subjects, two "
    "threads\n"
    "against one, 6,000 rules against 60, and the memory it takes.";

enum { MEBIBYTE = 1 << 20 };

typedef struct heng_bench {
    heng_measure_options options;
    heng_made_store made;
} heng_bench;

static void name_series(heng_series *series, const heng_bench *bench,
                        const char *what) {
    *series = (heng_series){0};
    (void)snprintf(series->name, sizeof series->name, "Batch/%s/subjects=%" PRIu64,
                   what, bench->options.subjects);
}

static void time_scan(heng_bench *bench, heng_series *fresh, heng_series *mapped) {
    heng_bare bare;
    heng_made_store_bare(&bench->made, &bare);
    heng_instant start = heng_measure_now();
    heng_bare_scan(&bare, bench->made.subjects);
    heng_measure_add(fresh, start, bench->made.subjects);
    if (mapped != NULL) {
        start = heng_measure_now();
        heng_bare_scan(&bare, bench->made.subjects);
        heng_measure_add(mapped, start, bench->made.subjects);
    }
    heng_bare_close(&bare, &bench->made);
}

static void time_batch(heng_bench *bench, heng_lines *lines, size_t threads,
                       heng_series *fresh, heng_series *mapped) {
    heng_made_store_reopen(&bench->made);
    heng_instant start = heng_measure_now();
    (void)heng_lines_run(lines, bench->made.store, threads);
    heng_measure_add(fresh, start, bench->made.subjects);
    if (mapped != NULL) {
        start = heng_measure_now();
        (void)heng_lines_run(lines, bench->made.store, threads);
        heng_measure_add(mapped, start, bench->made.subjects);
    }
}

static void time_file(heng_bench *bench, heng_lines *lines, heng_series *series) {
    char path[sizeof bench->made.folder.path + 16];
    (void)snprintf(path, sizeof path, "%s/lines", bench->made.folder.path);
    FILE *file = fopen(path, "w");
    if (file == NULL)
        heng_measure_die(path, "cannot be written");
    lines->file = fileno(file);
    time_batch(bench, lines, 1, series, NULL);
    lines->file = -1;
    if (fclose(file) != 0 || unlink(path) != 0)
        heng_measure_die(path, "cannot be written");
}

/* Memory first, while the process has nothing but the rules. */
static void tell_memory(heng_bench *bench, heng_lines *lines, const char *rules,
                        size_t threads) {
    char name[64];
    char benchmark[128];
    heng_made_store_reopen(&bench->made);
    lines->watch = true;
    (void)heng_lines_run(lines, bench->made.store, threads);
    lines->watch = false;
    (void)snprintf(name, sizeof name, "memory beside the map, %s, %zu thread%s", rules,
                   threads, threads == 1 ? "" : "s");
    (void)snprintf(benchmark, sizeof benchmark,
                   "BatchMemory/rules=%s/threads=%zu/subjects=%" PRIu64, rules, threads,
                   bench->options.subjects);
    heng_measure_tell_value(&bench->options, name, benchmark,
                            (double)lines->anonymous_bytes / MEBIBYTE, "MiB", 64);
}

/* As many subjects as records of others reach. */
static void pick_reached(heng_bench *bench, heng_lines *lines,
                         heng_bare_keys *ret_keys) {
    heng_bare bare;
    heng_batch_counts counts = heng_lines_run(lines, bench->made.store, 1);
    heng_made_store_bare(&bench->made, &bare);
    heng_bare_pick(&bare, bench->made.subjects, counts.reached, ret_keys);
    heng_bare_close(&bare, &bench->made);
    if (!bench->options.benchstat)
        printf("# %" PRIu64 " subjects are looked at, %" PRIu64
               " because of records of others; %" PRIu64 " have a line\n",
               counts.looked_at, counts.reached, counts.told);
}

/* Of each subject of the store. */
static void time_reached(heng_bench *bench, const heng_bare_keys *keys,
                         heng_series *series) {
    heng_bare bare;
    heng_made_store_bare(&bench->made, &bare);
    heng_instant start = heng_measure_now();
    heng_bare_get(&bare, keys);
    heng_measure_add(series, start, bench->made.subjects);
    heng_bare_close(&bare, &bench->made);
}

/* ---- what the machine gives to two threads ---- */

enum { STEPS = 200000000 }; /* long enough for the threads to find their cores */

/* Arithmetic that shares nothing and reads no memory. */
static void *step(void *steps) {
    uint64_t state = 1;
    for (uint64_t i = 0; i < *(const uint64_t *)steps; i++)
        state = state * UINT64_C(6364136223846793005) + i;
    *(volatile uint64_t *)steps = state; /* so that the loop is not left out */
    return NULL;
}

/* Each thread is a new one, so that the compiler makes one and the same loop for all.
 */
static void run_steps(size_t threads) {
    pthread_t thread[2];
    uint64_t steps[2] = {STEPS / threads, STEPS / threads};
    for (size_t i = 0; i < threads; i++) {
        if (pthread_create(&thread[i], NULL, step, &steps[i]) != 0)
            heng_measure_die("thread", "cannot be made");
    }
    for (size_t i = 0; i < threads; i++)
        (void)pthread_join(thread[i], NULL);
}

/* The same steps by one thread and by two: on an idle machine twice the rate, and no
 * batch gains more than that. */
static void time_steps(heng_series *one, heng_series *two) {
    heng_instant start = heng_measure_now();
    run_steps(1);
    heng_measure_add(one, start, STEPS);
    start = heng_measure_now();
    run_steps(2);
    heng_measure_add(two, start, STEPS);
}

/* ---- the shipped rules ---- */

enum {
    STEPS_ONE,
    STEPS_TWO,
    SCAN,
    SCAN_AGAIN,
    SCAN_MAPPED,
    ONE,
    ONE_MAPPED,
    TWO,
    TO_FILE,
    ALL,
    OWN,
    REACHED,
    OWN_AND_REACHED,
    SHIPPED
};

static void tell_shipped(const heng_bench *bench, const heng_series *series) {
    const heng_measure_options *options = &bench->options;
    const heng_row rows[] = {
        {"batch, shipped rules: rate / bare scan", &series[SCAN], &series[ONE], "scan",
         "batch", HENG_CLOCK_CPU, HENG_BAR_LEAST, 1},
        {"  the same, wall", &series[SCAN], &series[ONE], "scan", "batch",
         HENG_CLOCK_WALL, HENG_BAR_NONE, 0},
        {"  the same, mapped", &series[SCAN_MAPPED], &series[ONE_MAPPED], "scan",
         "batch", HENG_CLOCK_CPU, HENG_BAR_NONE, 0},
        {"  the same, lines to a file, wall", &series[SCAN], &series[TO_FILE], "scan",
         "batch", HENG_CLOCK_WALL, HENG_BAR_NONE, 0},
        {"  rules about own records alone: rate / bare scan", &series[SCAN],
         &series[OWN], "scan", "batch", HENG_CLOCK_CPU, HENG_BAR_NONE, 0},
        {"  and a bare mdb_get for each whom others reach", &series[SCAN],
         &series[OWN_AND_REACHED], "scan", "batch + mdb_get", HENG_CLOCK_CPU,
         HENG_BAR_NONE, 0},
        {"  with a rule without record: rate / bare scan", &series[SCAN], &series[ALL],
         "scan", "batch", HENG_CLOCK_CPU, HENG_BAR_LEAST, 0.5},
        {"two threads: rate / one thread", &series[ONE], &series[TWO], "one", "two",
         HENG_CLOCK_WALL, HENG_BAR_LEAST, 1.8},
        {"  arithmetic alone by two threads / by one", &series[STEPS_ONE],
         &series[STEPS_TWO], "one", "two", HENG_CLOCK_WALL, HENG_BAR_NONE, 0},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        heng_measure_tell(options, &rows[i]);
    for (size_t i = 0; i < SHIPPED; i++)
        heng_measure_print(options, &series[i]);
    heng_measure_tell_noise(options, &series[SCAN], &series[SCAN_AGAIN]);
}

static void run_shipped(heng_bench *bench) {
    static const char *const NAMES[SHIPPED] = {
        [STEPS_ONE] = "side=arithmetic/threads=1",
        [STEPS_TWO] = "side=arithmetic/threads=2",
        [SCAN] = "side=scan",
        [SCAN_AGAIN] = "side=scan-again",
        [SCAN_MAPPED] = "side=scan-mapped",
        [ONE] = "side=heng/rules=shipped/threads=1",
        [ONE_MAPPED] = "side=heng-mapped/rules=shipped/threads=1",
        [TWO] = "side=heng/rules=shipped/threads=2",
        [TO_FILE] = "side=heng-to-file/rules=shipped/threads=1",
        [ALL] = "side=heng/rules=shipped-and-groundless/threads=1",
        [OWN] = "side=heng/rules=shipped-own/threads=1",
        [REACHED] = "side=get-reached",
        [OWN_AND_REACHED] = "side=heng-and-get-reached/rules=shipped-own/threads=1",
    };
    heng_series series[SHIPPED];
    heng_ruleset *shipped = heng_made_rules_shipped(bench->options.rules, false);
    heng_ruleset *groundless = heng_made_rules_shipped(bench->options.rules, true);
    heng_ruleset *own_rules = heng_made_rules_own(bench->options.rules);
    heng_lines lines;
    heng_lines all;
    heng_lines own;
    heng_bare_keys reached;
    heng_made_store_open(&bench->made, &bench->options, shipped, NULL);
    heng_lines_init(&lines, shipped);
    heng_lines_init(&all, groundless);
    heng_lines_init(&own, own_rules);
    if (!bench->options.benchstat)
        printf("# shipped rules; %" PRIu64 " subjects, %" PRIu64 " records\n",
               bench->made.subjects, bench->made.records);
    tell_memory(bench, &lines, "shipped", 1);
    tell_memory(bench, &lines, "shipped", 2);
    pick_reached(bench, &lines, &reached);
    for (size_t i = 0; i < SHIPPED; i++)
        name_series(&series[i], bench, NAMES[i]);
    for (size_t round = 0; round < bench->options.rounds; round++) {
        time_scan(bench, &series[SCAN], &series[SCAN_MAPPED]);
        time_batch(bench, &lines, 1, &series[ONE], &series[ONE_MAPPED]);
        time_batch(bench, &lines, 2, &series[TWO], NULL);
        time_steps(&series[STEPS_ONE], &series[STEPS_TWO]);
        time_batch(bench, &all, 1, &series[ALL], NULL);
        time_batch(bench, &own, 1, &series[OWN], NULL);
        time_reached(bench, &reached, &series[REACHED]);
        time_file(bench, &lines, &series[TO_FILE]);
        time_scan(bench, &series[SCAN_AGAIN], NULL);
    }
    heng_measure_sum(&series[OWN], &series[REACHED], &series[OWN_AND_REACHED]);
    tell_shipped(bench, series);
    heng_bare_keys_done(&reached);
    heng_lines_done(&lines);
    heng_lines_done(&all);
    heng_lines_done(&own);
    heng_made_store_close(&bench->made);
    heng_ruleset_free(shipped);
    heng_ruleset_free(groundless);
    heng_ruleset_free(own_rules);
}

/* ---- 60, 600 and 6,000 rules ---- */

/* The figures only compare if more rules match no more: see made_rules.h. */
static void check_matches(heng_bench *bench, heng_lines *lines) {
    uint64_t matches[HENG_MADE_SIZES];
    for (size_t i = 0; i < HENG_MADE_SIZES; i++) {
        lines[i].count = true;
        heng_batch_counts counts = heng_lines_run(&lines[i], bench->made.store, 1);
        lines[i].count = false;
        matches[i] = lines[i].matches;
        if (matches[i] != matches[0])
            heng_measure_die("rules", "not equally many matches");
        if (!bench->options.benchstat)
            printf("# %zu rules: %" PRIu64 " matches, %" PRIu64 " lines, %" PRIu64
                   " bytes\n",
                   HENG_MADE_RULES[i], matches[i], counts.told, lines[i].bytes);
    }
}

/* What we aim at, in nanoseconds a subject with the justification written out: several
 * times the rate of other engines on this work. */
static const double AIMS[HENG_MADE_SIZES] = {40, 40, 110};

static void tell_made(const heng_bench *bench, const heng_series *scan,
                      const heng_series *again, const heng_series *series,
                      const heng_series *openings) {
    const heng_measure_options *options = &bench->options;
    char name[64];
    for (size_t i = 0; i < HENG_MADE_SIZES; i++) {
        heng_row row = {name,    scan,           &series[i],    "scan",
                        "batch", HENG_CLOCK_CPU, HENG_BAR_NONE, 0};
        (void)snprintf(name, sizeof name, "batch, %zu rules: rate / bare scan",
                       HENG_MADE_RULES[i]);
        heng_measure_tell(options, &row);
        (void)snprintf(name, sizeof name, "  the same, a subject, beside the aim");
        heng_measure_tell_value(options, name, NULL,
                                heng_measure_time(&series[i], HENG_CLOCK_CPU).median,
                                "ns", AIMS[i]);
    }
    heng_row most = {"6,000 rules / 60", &series[2],    &series[0], "6,000", "60",
                     HENG_CLOCK_CPU,     HENG_BAR_MOST, 2};
    heng_measure_tell(options, &most);
    heng_measure_print(options, scan);
    for (size_t i = 0; i < HENG_MADE_SIZES; i++) {
        heng_measure_print(options, &series[i]);
        heng_measure_print(options, &openings[i]);
        if (!options->benchstat)
            printf("# %zu rules: of each batch %.2f ms to open it\n",
                   HENG_MADE_RULES[i],
                   heng_measure_time(&openings[i], HENG_CLOCK_CPU).median * 1e-6);
    }
    heng_measure_tell_noise(options, scan, again);
}

static void run_made(heng_bench *bench) {
    heng_ruleset *rulesets[HENG_MADE_SIZES];
    heng_lines lines[HENG_MADE_SIZES];
    heng_series series[HENG_MADE_SIZES];
    heng_series openings[HENG_MADE_SIZES];
    heng_series scan;
    heng_series again;
    heng_buffer text;
    char name[64];
    heng_buffer_init(&text, (size_t)16 << 20);
    heng_made_rules_write(&text, HENG_MADE_RULES[0]);
    for (size_t i = 0; i < HENG_MADE_SIZES; i++) {
        rulesets[i] = heng_made_rules_load(HENG_MADE_RULES[i]);
        heng_lines_init(&lines[i], rulesets[i]);
        (void)snprintf(name, sizeof name, "side=heng/rules=%zu/threads=1",
                       HENG_MADE_RULES[i]);
        name_series(&series[i], bench, name);
        (void)snprintf(name, sizeof name, "side=opening/rules=%zu", HENG_MADE_RULES[i]);
        name_series(&openings[i], bench, name);
    }
    name_series(&scan, bench, "side=scan-made");
    name_series(&again, bench, "side=scan-made-again");
    heng_made_store_open(&bench->made, &bench->options, rulesets[0], text.bytes);
    heng_buffer_done(&text);
    if (!bench->options.benchstat)
        printf("# made-up rules; %" PRIu64 " subjects, %" PRIu64 " records\n",
               bench->made.subjects, bench->made.records);
    check_matches(bench, lines);
    for (size_t i = 0; i < HENG_MADE_SIZES; i++)
        lines[i].opening = &openings[i];
    for (size_t round = 0; round < bench->options.rounds; round++) {
        time_scan(bench, &scan, NULL);
        for (size_t i = 0; i < HENG_MADE_SIZES; i++)
            time_batch(bench, &lines[i], 1, &series[i], NULL);
        time_scan(bench, &again, NULL);
    }
    tell_made(bench, &scan, &again, series, openings);
    for (size_t i = 0; i < HENG_MADE_SIZES; i++) {
        heng_lines_done(&lines[i]);
        heng_ruleset_free(rulesets[i]);
    }
    heng_made_store_close(&bench->made);
}

int main(int argc, char **argv) {
    heng_bench bench = {.options = {.subjects = 100000, .rounds = 7, .rules = "rules"}};
    heng_measure_options_read(&bench.options, ABOUT, argc, argv);
    run_shipped(&bench);
    run_made(&bench);
    return 0;
}
