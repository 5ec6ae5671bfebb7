/* SPDX-License-Identifier: Apache-2.0 */
/* test_date.c: the whole calendar, day by day, and its edges. */
#include "support/check.h"

#include "heng/date.h"

#include <stdio.h>

/* A calendar counted on the fingers, to hold the formulas against. */
static int days_of_month(int year, int month) {
    static const int DAYS[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    int leap = year % 400 == 0 || (year % 4 == 0 && year % 100 != 0);
    return DAYS[month - 1] + (month == 2 && leap ? 1 : 0);
}

static void every_day_has_its_number_and_text(void **state) {
    (void)state;
    heng_date number = HENG_DATE_MIN;
    for (int year = 1900; year <= 2200; year++) {
        for (int month = 1; month <= 12; month++) {
            for (int day = 1; day <= days_of_month(year, month); day++, number++) {
                char want[32];
                char got[HENG_DATE_TEXT_BYTES];
                heng_date date = 0;
                heng_civil civil = heng_date_civil(number);
                if (civil.year != year || civil.month != month || civil.day != day) {
                    fail_msg("day %d is not %04d-%02d-%02d", number, year, month, day);
                }
                if (!heng_date_from_civil(civil, &date) || date != number) {
                    fail_msg("%04d-%02d-%02d is not day %d", year, month, day, number);
                }
                (void)snprintf(want, sizeof want, "%04d-%02d-%02d", year, month, day);
                heng_date_format(number, got);
                assert_string_equal(got, want);
                date = 0;
                assert_true(heng_date_parse(heng_str_of(want), &date));
                assert_int_equal(date, number);
            }
        }
    }
    assert_int_equal(number, HENG_DATE_MAX + 1);
}

static void the_first_day_of_1970_is_day_0(void **state) {
    (void)state;
    heng_date date = 1;
    assert_true(heng_date_parse(HENG_STR("1970-01-01"), &date));
    assert_int_equal(date, 0);
    assert_false(heng_date_valid(HENG_DATE_NONE));
    assert_false(heng_date_valid((int64_t)HENG_DATE_MIN - 1));
    assert_false(heng_date_valid((int64_t)HENG_DATE_MAX + 1));
}

struct text_row {
    const char *name;
    const char *text;
};

static struct text_row bad_dates[] = {
    {"no text", ""},
    {"before the calendar", "1899-12-31"},
    {"after the calendar", "2201-01-01"},
    {"year 0", "0000-01-01"},
    {"month 0", "2024-00-10"},
    {"month 13", "2024-13-01"},
    {"day 0", "2024-01-00"},
    {"31 April", "2024-04-31"},
    {"29 February of a common year", "2023-02-29"},
    {"29 February of 1900, no leap year", "1900-02-29"},
    {"29 February of 2100, no leap year", "2100-02-29"},
    {"30 February", "2024-02-30"},
    {"one digit of a day", "2024-01-1"},
    {"one digit of a month", "2024-1-01"},
    {"three digits of a day", "2024-01-011"},
    {"space before", " 2024-01-01"},
    {"space after", "2024-01-01 "},
    {"slashes", "2024/01/01"},
    {"no separators", "20240101"},
    {"a time after it", "2024-01-01T00:00:00Z"},
    {"a sign", "-024-01-01"},
    {"a sign in the month", "2024-+1-01"},
    {"letters", "2024-0a-01"},
    {"full-width digits", "２０２４"},
};

static void check_bad_date(void **state) {
    const struct text_row *row = *state;
    heng_date date = 12345;
    assert_false(heng_date_parse(heng_str_of(row->text), &date));
    assert_int_equal(date, 12345); /* untouched */
}

static void civil_fields_out_of_range_are_no_day(void **state) {
    (void)state;
    static const heng_civil BAD[] = {
        {2024, 0, 1},       {2024, 13, 1},        {2024, 1, 0},
        {2024, 1, 32},      {2024, -1, 1},        {2024, 1, -1},
        {1899, 12, 31},     {2201, 1, 1},         {INT32_MAX, 1, 1},
        {INT32_MIN, 12, 1}, {2024, INT32_MAX, 1}, {2024, INT32_MIN, 1},
        {2024, 1, 1 << 30}, {2024, 2, INT32_MIN},
    };
    for (size_t i = 0; i < COUNT(BAD); i++) {
        heng_date date = 7;
        assert_false(heng_date_from_civil(BAD[i], &date));
        assert_int_equal(date, 7);
    }
}

struct sum_row {
    const char *name;
    const char *from;
    heng_period period;
    const char *sum;        /* NULL: outside the calendar */
    const char *difference; /* from - period; NULL: outside */
};

static struct sum_row sum_rows[] = {
    {"nothing added is the same day", "2024-02-29", {0, 0}, "2024-02-29", "2024-02-29"},
    {"31 January and a month clamp to a leap February",
     "2024-01-31",
     {1, 0},
     "2024-02-29",
     "2023-12-31"},
    {"31 January and a month clamp to a common February",
     "2023-01-31",
     {1, 0},
     "2023-02-28",
     "2022-12-31"},
    {"31 March clamps in both directions",
     "2024-03-31",
     {1, 0},
     "2024-04-30",
     "2024-02-29"},
    {"31 May less three months clamps",
     "2023-05-31",
     {3, 0},
     "2023-08-31",
     "2023-02-28"},
    {"29 February and a year clamp", "2024-02-29", {12, 0}, "2025-02-28", "2023-02-28"},
    {"29 February and four years do not",
     "2024-02-29",
     {48, 0},
     "2028-02-29",
     "2020-02-29"},
    {"28 February stays the 28th", "2023-02-28", {12, 0}, "2024-02-28", "2022-02-28"},
    {"months go before days", "2024-01-31", {1, 1}, "2024-03-01", "2023-12-30"},
    {"months cross the year", "2023-11-15", {3, 0}, "2024-02-15", "2023-08-15"},
    {"December stays December", "2023-12-31", {12, 0}, "2024-12-31", "2022-12-31"},
    {"a negative period goes the other way",
     "2024-03-31",
     {-1, -1},
     "2024-02-28",
     "2024-05-01"},
    {"signs may differ", "2024-01-31", {1, -1}, "2024-02-28", "2024-01-01"},
    {"days cross years", "2023-12-31", {0, 366}, "2024-12-31", "2022-12-30"},
    {"the last day may be reached", "2200-12-30", {0, 1}, "2200-12-31", "2200-12-29"},
    {"the last day may not be passed", "2200-12-31", {0, 1}, NULL, "2200-12-30"},
    {"the first day may not be passed", "1900-01-01", {0, 1}, "1900-01-02", NULL},
    {"months may not pass the first day", "1900-01-31", {1, 0}, "1900-02-28", NULL},
    {"months may not pass the last day", "2200-12-01", {1, 0}, NULL, "2200-11-01"},
    {"days do not bring back what months took out",
     "2200-12-01",
     {1, -31},
     NULL,
     "2200-12-02"},
    {"the largest period leaves the calendar",
     "2000-01-01",
     {12000, 400000},
     NULL,
     NULL},
    {"what does not fit 32 bits leaves it too",
     "2000-01-01",
     {INT32_MAX, INT32_MAX},
     NULL,
     NULL},
    {"the most negative period has an opposite",
     "2000-01-01",
     {INT32_MIN, INT32_MIN},
     NULL,
     NULL},
};

/* The sum as the header has it, month by month. */
static bool plain_sum(heng_date from, heng_period period, heng_date *ret_sum) {
    heng_civil civil = heng_date_civil(from);
    int64_t months = (int64_t)civil.year * 12 + civil.month - 1 + period.months;
    if (months < INT64_C(1900) * 12 || months >= INT64_C(2201) * 12)
        return false;
    civil.year = (int32_t)(months / 12);
    civil.month = (int32_t)(months % 12) + 1;
    int32_t last = days_of_month(civil.year, civil.month);
    civil.day = civil.day < last ? civil.day : last;
    heng_date day = 0;
    assert_true(heng_date_from_civil(civil, &day));
    int64_t sum = (int64_t)day + period.days;
    *ret_sum = (heng_date)sum;
    return heng_date_valid(sum);
}

static void every_day_has_its_sums(void **state) {
    static const int32_t MONTHS[] = {0,  1,  2,  3,   4,   5,   6,    7,    8,   9,
                                     10, 11, 12, 13,  18,  23,  24,   36,   48,  60,
                                     61, 83, 96, 119, 120, 480, 1199, 1200, 3000};
    static const int32_t DAYS[] = {0, 1, -1, 40000};
    (void)state;
    for (heng_date from = HENG_DATE_MIN; from <= HENG_DATE_MAX; from++) {
        for (size_t i = 0; i < 2 * COUNT(MONTHS); i++) {
            heng_period period = {i % 2 == 0 ? MONTHS[i / 2] : -MONTHS[i / 2],
                                  DAYS[(size_t)(from & 3)]};
            heng_date want = 0;
            heng_date got = 4711;
            bool inside = plain_sum(from, period, &want);
            if (heng_date_add(from, period, &got) != inside ||
                got != (inside ? want : 4711)) {
                fail_msg("day %d and %d months and %d days", from, period.months,
                         period.days);
            }
        }
    }
}

static void check_sum(bool done, heng_date got, const char *want) {
    char text[HENG_DATE_TEXT_BYTES] = "outside";
    if (done) {
        heng_date_format(got, text);
    } else {
        assert_int_equal(got, 4711); /* untouched */
    }
    assert_string_equal(text, want == NULL ? "outside" : want);
}

static void check_sum_row(void **state) {
    const struct sum_row *row = *state;
    heng_date from = 0;
    heng_date got = 4711;
    assert_true(heng_date_parse(heng_str_of(row->from), &from));
    bool done = heng_date_add(from, row->period, &got);
    check_sum(done, got, row->sum);
    got = 4711;
    done = heng_date_subtract(from, row->period, &got);
    check_sum(done, got, row->difference);
}

static void no_day_has_no_sum(void **state) {
    (void)state;
    heng_date got = 4711;
    assert_false(heng_date_add(HENG_DATE_NONE, (heng_period){0, 0}, &got));
    assert_false(heng_date_subtract(HENG_DATE_NONE, (heng_period){0, 1}, &got));
    assert_int_equal(got, 4711);
}

struct term_row {
    const char *name;
    const char *from;
    heng_period period;
    const char *until; /* NULL: never */
};

static struct term_row term_rows[] = {
    {"three years end on the same day of the year",
     "2024-03-15",
     {36, 0},
     "2027-03-15"},
    {"a term from 29 February ends on the 28th", "2024-02-29", {36, 0}, "2027-02-28"},
    {"a term of no length is its first day", "2024-03-15", {0, 0}, "2024-03-15"},
    {"the day before the last is a day", "2200-12-29", {0, 1}, "2200-12-30"},
    {"the last day is never", "2200-12-30", {0, 1}, NULL},
    {"past the last day is never", "2199-01-01", {120, 0}, NULL},
    {"the largest term is never", "1900-01-01", {INT32_MAX, INT32_MAX}, NULL},
    {"from the last day on is never", "2200-12-31", {0, 0}, NULL},
    {"a negative term ends before it begins", "2024-03-15", {-1, 0}, "2024-02-15"},
    {"a negative term stops at the first day", "1900-03-15", {-12, 0}, "1900-01-01"},
};

static void check_term_row(void **state) {
    const struct term_row *row = *state;
    heng_date from = 0;
    assert_true(heng_date_parse(heng_str_of(row->from), &from));
    heng_date until = heng_date_term_end(from, row->period);
    char text[HENG_DATE_TEXT_BYTES] = "never";
    if (until != HENG_DATE_NONE) {
        heng_date_format(until, text);
    }
    assert_string_equal(text, row->until == NULL ? "never" : row->until);
}

/* Years on the quick way, all else on the long one: each day both before and behind the
 * years that they part at. */
static void every_day_has_its_term(void **state) {
    static const heng_period PERIODS[] = {
        {12, 0},  {6, 0},   {36, 0},   {0, 10},   {2, 15},   {0, 0},    {60, 0},
        {120, 0}, {48, 0},  {1188, 0}, {1200, 0}, {2388, 0}, {2400, 0}, {2412, 0},
        {36, 1},  {-12, 0}, {18, 0},   {12, -1},  {3600, 0}, {3612, 0}, {3624, 0},
    };
    (void)state;
    for (heng_date from = HENG_DATE_MIN; from <= HENG_DATE_MAX; from++) {
        for (size_t i = 0; i < COUNT(PERIODS); i++) {
            heng_date sum = 0;
            heng_date want = HENG_DATE_NONE;
            bool inside = plain_sum(from, PERIODS[i], &sum);
            if (from < HENG_DATE_MAX && inside && sum < HENG_DATE_MAX)
                want = sum;
            else if (from < HENG_DATE_MAX && !inside && PERIODS[i].months < 0)
                want = HENG_DATE_MIN; /* of the negative only `-12` leaves it */
            heng_date got = heng_date_term_end(from, PERIODS[i]);
            if (got != want)
                fail_msg("day %d and %d months and %d days: %d, not %d", from,
                         PERIODS[i].months, PERIODS[i].days, got, want);
        }
    }
    assert_int_equal(heng_date_term_end(HENG_DATE_NONE, PERIODS[0]), HENG_DATE_NONE);
}

struct period_row {
    const char *name;
    const char *text;
    heng_period period;
    const char *written; /* NULL: as `text` */
};

static struct period_row period_rows[] = {
    {"years", "P3Y", {36, 0}, NULL},
    {"months", "P6M", {6, 0}, NULL},
    {"weeks are days", "P2W", {0, 14}, "P14D"},
    {"days", "P30D", {0, 30}, NULL},
    {"all of them", "P1Y2M3W4D", {14, 25}, "P1Y2M25D"},
    {"parts may be left out", "P1Y4D", {12, 4}, NULL},
    {"twelve months are a year", "P12M", {12, 0}, "P1Y"},
    {"nothing", "P0D", {0, 0}, NULL},
    {"nothing in other words", "P0Y0M0W", {0, 0}, "P0D"},
    {"negative, all of it", "-P1Y6M3D", {-18, -3}, NULL},
    {"nothing has no sign", "-P0D", {0, 0}, "P0D"},
    {"zeros before", "P03M", {3, 0}, "P3M"},
    {"the most months", "P12000M", {12000, 0}, "P1000Y"},
    {"the most days", "P400000D", {0, 400000}, NULL},
    {"the least", "-P1000Y400000D", {-12000, -400000}, NULL},
};

static void check_period_row(void **state) {
    const struct period_row *row = *state;
    heng_period period = {1, 1};
    char text[HENG_PERIOD_TEXT_BYTES];
    assert_true(heng_period_parse(heng_str_of(row->text), &period));
    assert_int_equal(period.months, row->period.months);
    assert_int_equal(period.days, row->period.days);
    const char *want = row->written == NULL ? row->text : row->written;
    assert_int_equal(heng_period_format(period, text), strlen(want));
    assert_string_equal(text, want);
}

static struct text_row bad_periods[] = {
    {"no text as a period", ""},
    {"a P alone", "P"},
    {"a minus alone", "-"},
    {"a minus and a P", "-P"},
    {"a number without unit", "P3"},
    {"a unit without number", "PY"},
    {"lower case", "p3y"},
    {"lower case unit", "P3y"},
    {"units in another order", "P1D1Y"},
    {"a unit twice", "P1Y1Y"},
    {"hours", "PT1H"},
    {"a day and hours", "P1DT1H"},
    {"fractions", "P1.5Y"},
    {"a sign inside", "P-1Y"},
    {"a plus before", "+P1Y"},
    {"two minuses", "--P1Y"},
    {"spaces", "P 1Y"},
    {"something after", "P1Y "},
    {"more months than allowed", "P12001M"},
    {"more years than allowed", "P1001Y"},
    {"years and months over together", "P1000Y1M"},
    {"more days than allowed", "P400001D"},
    {"weeks over", "P57143W"},
    {"more than 64 bits", "P99999999999999999999D"},
};

static void check_bad_period(void **state) {
    const struct text_row *row = *state;
    heng_period period = {7, 8};
    assert_false(heng_period_parse(heng_str_of(row->text), &period));
    assert_int_equal(period.months, 7);
    assert_int_equal(period.days, 8);
}

static void any_period_can_be_written(void **state) {
    (void)state;
    char text[HENG_PERIOD_TEXT_BYTES];
    assert_int_equal(heng_period_format((heng_period){1, -3}, text), 6);
    assert_string_equal(text, "P1M-3D");
    (void)heng_period_format((heng_period){INT32_MIN, INT32_MIN}, text);
    assert_string_equal(text, "-P178956970Y8M2147483648D");
    (void)heng_period_format((heng_period){INT32_MIN, INT32_MAX}, text);
    assert_string_equal(text, "P-178956970Y-8M2147483647D");
}

int main(void) {
    struct CMUnitTest tests[200];
    size_t count = 0;
    for (size_t i = 0; i < COUNT(bad_dates); i++) {
        tests[count++] = ROW_TEST(&bad_dates[i], check_bad_date);
    }
    for (size_t i = 0; i < COUNT(sum_rows); i++) {
        tests[count++] = ROW_TEST(&sum_rows[i], check_sum_row);
    }
    for (size_t i = 0; i < COUNT(term_rows); i++) {
        tests[count++] = ROW_TEST(&term_rows[i], check_term_row);
    }
    for (size_t i = 0; i < COUNT(period_rows); i++) {
        tests[count++] = ROW_TEST(&period_rows[i], check_period_row);
    }
    for (size_t i = 0; i < COUNT(bad_periods); i++) {
        tests[count++] = ROW_TEST(&bad_periods[i], check_bad_period);
    }
    const struct CMUnitTest others[] = {
        cmocka_unit_test(every_day_has_its_number_and_text),
        cmocka_unit_test(every_day_has_its_sums),
        cmocka_unit_test(every_day_has_its_term),
        cmocka_unit_test(the_first_day_of_1970_is_day_0),
        cmocka_unit_test(civil_fields_out_of_range_are_no_day),
        cmocka_unit_test(no_day_has_no_sum),
        cmocka_unit_test(any_period_can_be_written),
    };
    memcpy(tests + count, others, sizeof others);
    count += COUNT(others);
    return check_run("base/date", tests, count, NULL, NULL);
}
