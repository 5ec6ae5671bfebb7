/* SPDX-License-Identifier: Apache-2.0 */
/* test_vm_clock.c: until when a comparison with the as-of day stays what it is. */
#include "cel/evaluate.h"

#include "cel/vm_clock.h"

struct row {
    const char *name;
    const char *expression; /* over d, the as-of day, and e */
    const char *day, *other;
    const char *next; /* NULL: never */
};

static struct row rows[] = {
    {"before becomes the same", "d < e", "2024-01-01", "2024-03-15", "2024-03-15"},
    {"not after becomes after", "d <= e", "2024-01-01", "2024-03-15", "2024-03-16"},
    {"after stays after", "d > e", "2024-03-16", "2024-03-15", NULL},
    {"the same is so for a day", "d == e", "2024-03-15", "2024-03-15", "2024-03-16"},
    {"and comes once", "d == e", "2024-03-01", "2024-03-15", "2024-03-15"},
    {"or never again", "d == e", "2024-03-16", "2024-03-15", NULL},
    {"the clock on the right", "e >= d", "2024-03-15", "2024-03-15", "2024-03-16"},
    {"a period added", "d + period('P3Y') > e", "2024-01-01", "2027-03-15",
     "2024-03-16"},
    {"a period taken off", "d - period('P1Y') >= e", "2024-01-01", "2023-03-15",
     "2024-03-15"},
    {"clamped to a leap day", "d - period('P1Y') > e", "2024-03-01", "2024-02-29",
     "2025-03-01"},
    {"clamped to the end of a month", "d + period('P1M') > e", "2024-01-30",
     "2024-02-29", "2024-02-01"},
    {"the day the calendar ends", "d + period('P1Y') > e", "2199-12-30", "2199-01-01",
     "2200-01-01"},
    {"the day it is reached", "d - period('P1Y') > e", "1900-06-01", "1900-01-01",
     "1901-01-01"},
    {"of two the first", "d < e || d == date('2024-02-01')", "2024-01-01", "2024-03-15",
     "2024-03-15"},
    {"both where both are looked at", "d == date('2024-02-01') || d < e", "2024-01-01",
     "2024-03-15", "2024-02-01"},
    {"anything else may change tomorrow", "d.day() < 20", "2024-01-01", "2024-03-15",
     "2024-01-02"},
    {"on the last day there is no tomorrow", "d.day() < 20", "2200-12-31", "2024-03-15",
     NULL},
    {"what does not look at the day never changes", "e.year() == 2024", "2024-01-01",
     "2024-03-15", NULL},
};

static heng_date parse(const char *text) {
    heng_date day = HENG_DATE_NONE;
    if (text != NULL) {
        assert_true(heng_date_parse(heng_str_of(text), &day));
    }
    return day;
}

static void check_row(void **state) {
    const struct row *row = *state;
    struct evaluate evaluate;
    const heng_cel_value values[] = {heng_cel_value_date(parse(row->day)),
                                     heng_cel_value_date(parse(row->other))};
    const heng_cel_type *date = heng_cel_type_simple(HENG_CEL_DATE);
    evaluate_init(&evaluate);
    assert_int_equal(heng_cel_env_variable(evaluate.env, HENG_STR("d"), date, NULL), 0);
    assert_int_equal(heng_cel_env_variable(evaluate.env, HENG_STR("e"), date, NULL), 0);
    heng_cel_env_clock(evaluate.env, 0);
    evaluate.values = values;
    evaluate.frame.clock = parse(row->day);
    (void)evaluate_text(&evaluate, row->expression);
    assert_int_equal(evaluate.frame.next_change, parse(row->next));
    evaluate_done(&evaluate);
}

/* Against a search day by day, around ends of months and of the calendar. */
static void bisection_finds_what_a_search_finds(void **state) {
    static const heng_period periods[] = {{0, 0},  {0, 1},   {1, 0},   {1, 1},
                                          {12, 0}, {13, 45}, {-1, -1}, {0, -400}};
    static const heng_cel_op ops[] = {HENG_CEL_OP_EQ_WORD, HENG_CEL_OP_LT_WORD,
                                      HENG_CEL_OP_GE_WORD};
    uint32_t random = 1;
    (void)state;
    for (int i = 0; i < 4000; i++) {
        random = random * 1664525u + 1013904223u;
        heng_cel_clock clock = {.tracked = true,
                                .shifted = true,
                                .period = periods[random >> 29],
                                .minus = (random >> 28 & 1) != 0,
                                .on_right = (random >> 27 & 1) != 0};
        heng_cel_clock_site site = {.clock = &clock, .op = ops[(random >> 8) % 3]};
        heng_date base = (random >> 7 & 1) != 0 ? HENG_DATE_MIN : HENG_DATE_MAX - 1500;
        heng_date day = base + (heng_date)((random >> 10) % 700);
        heng_date other = base + (heng_date)((random >> 14) % 1500);
        heng_cel_frame frame = {.clock = day, .next_change = HENG_DATE_NONE};
        heng_vm_clock_track(&site, other, &frame);

        heng_date found = HENG_DATE_NONE;
        int first = -1;
        for (heng_date at = day; at <= HENG_DATE_MAX && at < day + 2500; at++) {
            heng_date shifted = 0;
            int result = 2;
            if (heng_vm_clock_shift(&clock, at, &shifted)) {
                result = clock.on_right
                             ? heng_vm_clock_compare(site.op, other, shifted)
                             : heng_vm_clock_compare(site.op, shifted, other);
            }
            if (first >= 0 && result != first) {
                found = at;
                break;
            }
            first = result;
        }
        if (found != HENG_DATE_NONE || frame.next_change < day + 2500) {
            assert_int_equal(frame.next_change, found);
        }
    }
}

int main(void) {
    struct CMUnitTest tests[COUNT(rows) + 1];
    for (size_t i = 0; i < COUNT(rows); i++) {
        tests[i] = ROW_TEST(&rows[i], check_row);
    }
    tests[COUNT(rows)] =
        (struct CMUnitTest)cmocka_unit_test(bisection_finds_what_a_search_finds);
    return cmocka_run_group_tests_name("cel/vm_clock", tests, NULL, NULL);
}
