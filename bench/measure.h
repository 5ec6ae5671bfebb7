/* SPDX-License-Identifier: Apache-2.0 */
/*
 * measure.h: how a benchmark measures and tells: two clocks, rounds in which the sides
 * alternate, ratios of one and the same round, medians, and the noise of the machine.
 *
 * A side is timed once a round. A ratio is taken within a round, where both sides met
 * the same machine, and the median of those ratios is quoted with the least and the
 * most. What the same work differs by from one timing to the next is told as noise: a
 * ratio nearer to its bar than that says nothing.
 */
#ifndef HENG_BENCH_MEASURE_H
#define HENG_BENCH_MEASURE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { HENG_MEASURE_ROUNDS_MOST = 99 };

/** What each benchmark is told on its command line. */
typedef struct heng_measure_options {
    const char *program; /* argv[0] */
    uint64_t subjects;
    size_t rounds;
    const char *rules; /* folder of the shipped rules */
    bool benchstat;    /* lines for benchstat instead of a table */
} heng_measure_options;

/**
 * Reads --subjects, --rounds, --rules, --benchstat and --help, over what `options`
 * holds already. Ends the program on a wrong one.
 *
 * @param about  what --help says the program measures.
 */
void heng_measure_options_read(heng_measure_options *options, const char *about,
                               int argc, char **argv);

/** Ends the program with status 1 and a message. */
_Noreturn void heng_measure_die(const char *what, const char *why);

/** Of the processor: on a busy machine the wall clock says more about the others. But
 * what several threads gain only the wall clock sees. */
typedef enum heng_clock { HENG_CLOCK_CPU, HENG_CLOCK_WALL } heng_clock;

enum { HENG_CLOCKS = 2 };

typedef struct heng_instant {
    double seconds[HENG_CLOCKS];
} heng_instant;

heng_instant heng_measure_now(void);

/** The timings of one side. Zero it, then name it. */
typedef struct heng_series {
    char name[96]; /* as benchstat takes it: "Batch/side=scan/subjects=100000" */
    size_t rounds;
    double nanoseconds[HENG_CLOCKS][HENG_MEASURE_ROUNDS_MOST]; /* of one operation */
} heng_series;

/** Takes in a round that did `operations` since `start` and is over now. */
void heng_measure_add(heng_series *series, heng_instant start, uint64_t operations);

/** Each round of one side after that of the other, as the rounds of `ret_sum`, which is
 * named already. */
void heng_measure_sum(const heng_series *one, const heng_series *other,
                      heng_series *ret_sum);

typedef struct heng_spread {
    double median, least, most;
} heng_spread;

/** @param count  at least 1, at most HENG_MEASURE_ROUNDS_MOST. With an even count the
 * median is the mean of the two in the middle. */
heng_spread heng_measure_spread(const double *values, size_t count);

/** Nanoseconds of one operation. */
heng_spread heng_measure_time(const heng_series *series, heng_clock clock);

/** `over` divided by `under`, round by round. */
heng_spread heng_measure_ratio(const heng_series *over, const heng_series *under,
                               heng_clock clock);

/** Which side of the bar is good. */
typedef enum heng_bar { HENG_BAR_NONE, HENG_BAR_MOST, HENG_BAR_LEAST } heng_bar;

/** A line of the table. */
typedef struct heng_row {
    const char *name;
    const heng_series *over, *under;
    const char *over_name, *under_name;
    heng_clock clock;
    heng_bar bar;
    double at;
} heng_row;

bool heng_measure_is_met(const heng_row *row, double ratio);

/** The ratio of a row, beside its bar. Nothing under --benchstat. */
void heng_measure_tell(const heng_measure_options *options, const heng_row *row);

/** The rounds of a series. Nothing without --benchstat. */
void heng_measure_print(const heng_measure_options *options, const heng_series *series);

/** What the same work, timed twice in each round, differs by. Nothing under
 * --benchstat. */
void heng_measure_tell_noise(const heng_measure_options *options,
                             const heng_series *once, const heng_series *again);

/** A figure that is no ratio, beside its bar. Under --benchstat a line named
 * `benchmark`; NULL: none. */
void heng_measure_tell_value(const heng_measure_options *options, const char *name,
                             const char *benchmark, double value, const char *unit,
                             double most);

#endif
