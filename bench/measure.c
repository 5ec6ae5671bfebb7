/* SPDX-License-Identifier: Apache-2.0 */
#include "measure.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

_Noreturn void heng_measure_die(const char *what, const char *why) {
    (void)fflush(stdout);
    (void)fprintf(stderr, "bench: %s: %s\n", what, why);
    exit(1);
}

/* ---- options ---- */

static uint64_t read_number(const char *option, const char *text, uint64_t least,
                            uint64_t most) {
    char *end = NULL;
    unsigned long long value = strtoull(text, &end, 10);
    if (*text < '0' || *text > '9' || *end != '\0' || value < least || value > most) {
        (void)fprintf(stderr,
                      "bench: `%s` is `%s`, expected a number from %" PRIu64
                      " to %" PRIu64 "\n",
                      option, text, least, most);
        exit(1);
    }
    return value;
}

static void print_help(const heng_measure_options *options, const char *about) {
    (void)printf("usage: %s [--subjects N] [--rounds N] [--rules DIR] [--benchstat]\n\n"
                 "%s\n\n"
                 "  --subjects N   of the made-up market (%" PRIu64 ")\n"
                 "  --rounds N     timings of each side, 1 to %d (%zu)\n"
                 "  --rules DIR    the shipped rules (%s)\n"
                 "  --benchstat    lines that benchstat reads, instead of a table\n",
                 options->program, about, options->subjects, HENG_MEASURE_ROUNDS_MOST,
                 options->rounds, options->rules);
}

void heng_measure_options_read(heng_measure_options *options, const char *about,
                               int argc, char **argv) {
    options->program = argv[0];
    for (int i = 1; i < argc; i++) {
        const char *value = i + 1 < argc ? argv[i + 1] : "";
        if (strcmp(argv[i], "--help") == 0) {
            print_help(options, about);
            exit(0);
        }
        if (strcmp(argv[i], "--benchstat") == 0) {
            options->benchstat = true;
            continue;
        }
        if (strcmp(argv[i], "--subjects") == 0) {
            options->subjects = read_number(argv[i], value, 1, 100000000);
        } else if (strcmp(argv[i], "--rounds") == 0) {
            options->rounds =
                (size_t)read_number(argv[i], value, 1, HENG_MEASURE_ROUNDS_MOST);
        } else if (strcmp(argv[i], "--rules") == 0) {
            options->rules = value;
        } else {
            heng_measure_die(argv[i], "unknown option; --help lists them");
        }
        i++;
    }
}

/* ---- clocks ---- */

static double read_clock(clockid_t clock) {
    struct timespec time;
    (void)clock_gettime(clock, &time);
    return (double)time.tv_sec + (double)time.tv_nsec * 1e-9;
}

heng_instant heng_measure_now(void) {
    return (heng_instant){{[HENG_CLOCK_CPU] = read_clock(CLOCK_PROCESS_CPUTIME_ID),
                           [HENG_CLOCK_WALL] = read_clock(CLOCK_MONOTONIC)}};
}

void heng_measure_add(heng_series *series, heng_instant start, uint64_t operations) {
    heng_instant end = heng_measure_now();
    if (series->rounds == HENG_MEASURE_ROUNDS_MOST || operations == 0)
        heng_measure_die(series->name, "too many rounds, or nothing was done");
    for (int clock = 0; clock < HENG_CLOCKS; clock++) {
        series->nanoseconds[clock][series->rounds] =
            (end.seconds[clock] - start.seconds[clock]) * 1e9 / (double)operations;
    }
    series->rounds++;
}

/* ---- figures ---- */

static int compare(const void *a, const void *b) {
    double left = *(const double *)a;
    double right = *(const double *)b;
    return (left > right) - (left < right);
}

void heng_measure_sum(const heng_series *one, const heng_series *other,
                      heng_series *ret_sum) {
    ret_sum->rounds = one->rounds;
    for (size_t i = 0; i < one->rounds; i++) {
        for (int clock = 0; clock < HENG_CLOCKS; clock++)
            ret_sum->nanoseconds[clock][i] =
                one->nanoseconds[clock][i] + other->nanoseconds[clock][i];
    }
}

heng_spread heng_measure_spread(const double *values, size_t count) {
    double sorted[HENG_MEASURE_ROUNDS_MOST];
    memcpy(sorted, values, count * sizeof *values);
    qsort(sorted, count, sizeof *sorted, compare);
    return (heng_spread){.median = (sorted[(count - 1) / 2] + sorted[count / 2]) / 2,
                         .least = sorted[0],
                         .most = sorted[count - 1]};
}

heng_spread heng_measure_time(const heng_series *series, heng_clock clock) {
    return heng_measure_spread(series->nanoseconds[clock], series->rounds);
}

heng_spread heng_measure_ratio(const heng_series *over, const heng_series *under,
                               heng_clock clock) {
    double ratios[HENG_MEASURE_ROUNDS_MOST];
    if (over->rounds != under->rounds || over->rounds == 0)
        heng_measure_die(over->name, "the sides were not timed equally often");
    for (size_t i = 0; i < over->rounds; i++) {
        ratios[i] = over->nanoseconds[clock][i] / under->nanoseconds[clock][i];
    }
    return heng_measure_spread(ratios, over->rounds);
}

/* ---- telling ---- */

bool heng_measure_is_met(const heng_row *row, double ratio) {
    return row->bar == HENG_BAR_NONE ||
           (row->bar == HENG_BAR_MOST ? ratio <= row->at : ratio >= row->at);
}

/* Three to five digits, whatever the size. */
static void write_time(char text[24], double nanoseconds) {
    bool is_long = nanoseconds >= 1e5;
    (void)snprintf(text, 24, "%.*f %s", is_long || nanoseconds < 1e3 ? 1 : 0,
                   is_long ? nanoseconds * 1e-6 : nanoseconds, is_long ? "ms" : "ns");
}

void heng_measure_tell(const heng_measure_options *options, const heng_row *row) {
    char bar[32] = "";
    char over[24];
    char under[24];
    if (options->benchstat)
        return;
    heng_spread ratio = heng_measure_ratio(row->over, row->under, row->clock);
    if (row->bar != HENG_BAR_NONE) {
        (void)snprintf(bar, sizeof bar, "%s %.2f %s",
                       row->bar == HENG_BAR_MOST ? "<=" : ">=", row->at,
                       heng_measure_is_met(row, ratio.median) ? "met" : "MISSED");
    }
    write_time(over, heng_measure_time(row->over, row->clock).median);
    write_time(under, heng_measure_time(row->under, row->clock).median);
    (void)printf("%-50s %8.4g  %-15s (%.4g to %.4g; %s %s, %s %s, %s)\n", row->name,
                 ratio.median, bar, ratio.least, ratio.most, row->over_name, over,
                 row->under_name, under, row->clock == HENG_CLOCK_CPU ? "cpu" : "wall");
    (void)fflush(stdout);
}

void heng_measure_print(const heng_measure_options *options,
                        const heng_series *series) {
    if (!options->benchstat)
        return;
    for (size_t i = 0; i < series->rounds; i++) {
        (void)printf("Benchmark%s 1 %.2f ns/op %.2f cpu-ns/op\n", series->name,
                     series->nanoseconds[HENG_CLOCK_WALL][i],
                     series->nanoseconds[HENG_CLOCK_CPU][i]);
    }
    (void)fflush(stdout);
}

void heng_measure_tell_noise(const heng_measure_options *options,
                             const heng_series *once, const heng_series *again) {
    if (options->benchstat)
        return;
    for (int clock = 0; clock < HENG_CLOCKS; clock++) {
        double off[HENG_MEASURE_ROUNDS_MOST];
        for (size_t i = 0; i < once->rounds; i++) {
            off[i] =
                fabs(again->nanoseconds[clock][i] / once->nanoseconds[clock][i] - 1);
        }
        heng_spread spread = heng_measure_spread(off, once->rounds);
        (void)printf("# noise (%s): %s, timed twice a round, differs by %.1f %% "
                     "(median), %.1f %% (most)\n",
                     clock == HENG_CLOCK_CPU ? "cpu" : "wall", once->name,
                     spread.median * 100, spread.most * 100);
    }
}

void heng_measure_tell_value(const heng_measure_options *options, const char *name,
                             const char *benchmark, double value, const char *unit,
                             double most) {
    if (!options->benchstat) {
        (void)printf("%-50s %8.2f  <= %.2f %s (%s)\n", name, value, most,
                     value <= most ? "met" : "MISSED", unit);
    } else if (benchmark != NULL) {
        (void)printf("Benchmark%s 1 %.2f %s\n", benchmark, value, unit);
    }
    (void)fflush(stdout);
}
