/* SPDX-License-Identifier: Apache-2.0 */
#include "support/check.h"

#include "measure.h"

/* ---- spread ---- */

struct spread_row {
    const char *name;
    size_t count;
    double values[5];
    heng_spread spread; /* median, least, most */
};

static struct spread_row spread_rows[] = {
    {"one value is its own median", 1, {4}, {4, 4, 4}},
    {"the order of rounds does not matter", 5, {9, 1, 5, 3, 7}, {5, 1, 9}},
    {"an even count has the mean of the middle two", 4, {8, 2, 4, 100}, {6, 2, 100}},
    {"an outlier does not move the median", 3, {1, 2, 1e9}, {2, 1, 1e9}},
};

static void check_spread(void **state) {
    const struct spread_row *row = *state;
    heng_spread got = heng_measure_spread(row->values, row->count);
    assert_true(got.median == row->spread.median);
    assert_true(got.least == row->spread.least);
    assert_true(got.most == row->spread.most);
}

/* ---- ratios ---- */

/* A machine that slows down for a round slows both sides: the ratio stands. */
static void check_ratio_is_of_one_round(void **state) {
    heng_series over = {
        .rounds = 3,
        .nanoseconds = {
            [HENG_CLOCK_CPU] = {20, 200, 60}, [HENG_CLOCK_WALL] = {30, 30, 30}}};
    heng_series under = {
        .rounds = 3,
        .nanoseconds = {
            [HENG_CLOCK_CPU] = {10, 100, 20}, [HENG_CLOCK_WALL] = {30, 10, 15}}};
    (void)state;
    heng_spread cpu = heng_measure_ratio(&over, &under, HENG_CLOCK_CPU);
    heng_spread wall = heng_measure_ratio(&over, &under, HENG_CLOCK_WALL);
    assert_true(cpu.median == 2 && cpu.least == 2 && cpu.most == 3);
    assert_true(wall.median == 2 && wall.least == 1 && wall.most == 3);
}

static void check_time_is_of_one_operation(void **state) {
    heng_series series = {.name = "x"};
    (void)state;
    heng_instant start = heng_measure_now();
    start.seconds[HENG_CLOCK_WALL] -= 2; /* as if begun two seconds ago */
    start.seconds[HENG_CLOCK_CPU] -= 1;
    heng_measure_add(&series, start, 1000);
    assert_int_equal(series.rounds, 1);
    assert_true(series.nanoseconds[HENG_CLOCK_WALL][0] >= 2e6);
    assert_true(series.nanoseconds[HENG_CLOCK_WALL][0] < 3e6);
    assert_true(series.nanoseconds[HENG_CLOCK_CPU][0] >= 1e6);
    assert_true(series.nanoseconds[HENG_CLOCK_CPU][0] < 2e6);
}

/* ---- bars ---- */

struct bar_row {
    const char *name;
    heng_bar bar;
    double at, ratio;
    bool met;
};

static struct bar_row bar_rows[] = {
    {"at most: at the bar is met", HENG_BAR_MOST, 3, 3, true},
    {"at most: above it is missed", HENG_BAR_MOST, 3, 3.01, false},
    {"at least: at the bar is met", HENG_BAR_LEAST, 1, 1, true},
    {"at least: below it is missed", HENG_BAR_LEAST, 1, 0.99, false},
    {"without a bar nothing is missed", HENG_BAR_NONE, 0, 7, true},
};

static void check_bar(void **state) {
    const struct bar_row *row = *state;
    heng_row line = {.bar = row->bar, .at = row->at};
    assert_int_equal(heng_measure_is_met(&line, row->ratio), row->met);
}

int main(void) {
    enum { OTHERS = 2 };
    struct CMUnitTest tests[COUNT(spread_rows) + COUNT(bar_rows) + OTHERS];
    size_t count = 0;
    for (size_t i = 0; i < COUNT(spread_rows); i++)
        tests[count++] = ROW_TEST(&spread_rows[i], check_spread);
    for (size_t i = 0; i < COUNT(bar_rows); i++)
        tests[count++] = ROW_TEST(&bar_rows[i], check_bar);
    tests[count++] = (struct CMUnitTest)cmocka_unit_test(check_ratio_is_of_one_round);
    tests[count++] =
        (struct CMUnitTest)cmocka_unit_test(check_time_is_of_one_operation);
    return cmocka_run_group_tests_name("bench/measure", tests, NULL, NULL);
}
