/* SPDX-License-Identifier: Apache-2.0 */
#include "support/check.h"

#include "cli/clock.h"

static struct moment {
    const char *name;
    const char *text;
    bool fine;
    int64_t ms;
} moments[] = {
    {"a moment in UTC", "1970-01-01T00:00:01Z", true, 1000},
    {"an offset east of Greenwich is earlier", "1970-01-01T08:00:00+08:00", true, 0},
    {"an offset west of Greenwich is later", "1970-01-01T00:00:00-01:30", true,
     5400000},
    {"three decimals are milliseconds", "1970-01-01T00:00:00.123Z", true, 123},
    {"one decimal is a tenth", "1970-01-01T00:00:00.5Z", true, 500},
    {"a fourth decimal is not rounded away", "1970-01-01T00:00:00.1234Z", false, 0},
    {"a point without decimals", "1970-01-01T00:00:00.Z", false, 0},
    {"no zone", "1970-01-01T00:00:00", false, 0},
    {"a day that is none", "1970-02-30T00:00:00Z", false, 0},
    {"an hour that is none", "1970-01-01T24:00:00Z", false, 0},
    {"a blank instead of T", "1970-01-01 00:00:00Z", false, 0},
    {"something after it", "1970-01-01T00:00:00Zx", false, 0},
    {"a date alone", "1970-01-01", false, 0},
    {"nothing", "", false, 0},
};

static void check_moment(void **state) {
    const struct moment *row = *state;
    int64_t ms = -1;
    assert_int_equal(heng_clock_parse(heng_str_of(row->text), &ms), row->fine);
    assert_int_equal(ms, row->fine ? row->ms : -1);
}

static void a_day_ends_when_the_zone_says(void **state) {
    (void)state;
    int64_t ms = 0;
    heng_date day = 0;
    heng_error error = {0};
    assert_int_equal(heng_clock_day_end(HENG_STR("Asia/Shanghai"), 0, &ms, &error),
                     HENG_OK);
    assert_int_equal(ms, 16 * 3600 * 1000 - 1);
    assert_int_equal(heng_clock_day(HENG_STR("Asia/Shanghai"), ms, &day, &error),
                     HENG_OK);
    assert_int_equal(day, 0);
    assert_int_equal(heng_clock_day(HENG_STR("Asia/Shanghai"), ms + 1, &day, &error),
                     HENG_OK);
    assert_int_equal(day, 1);
    assert_int_equal(heng_clock_day(HENG_STR("UTC"), -1, &day, &error), HENG_OK);
    assert_int_equal(day, -1);
}

static void an_unknown_zone_is_an_error_that_says_what_to_do(void **state) {
    (void)state;
    heng_date day = 7;
    heng_error error = {0};
    assert_int_equal(heng_clock_day(HENG_STR("Asia/Nowhere"), 0, &day, &error),
                     HENG_ERR_INVALID);
    assert_int_equal(day, 7);
    assert_non_null(strstr(error.text, "`Asia/Nowhere`"));
    assert_non_null(strstr(error.text, "--as-of"));
}

int main(void) {
    struct CMUnitTest tests[COUNT(moments) + 2];
    for (size_t i = 0; i < COUNT(moments); i++)
        tests[i] = ROW_TEST(&moments[i], check_moment);
    tests[COUNT(moments)] =
        (struct CMUnitTest)cmocka_unit_test(a_day_ends_when_the_zone_says);
    tests[COUNT(moments) + 1] = (struct CMUnitTest)cmocka_unit_test(
        an_unknown_zone_is_an_error_that_says_what_to_do);
    return cmocka_run_group_tests_name("cli/clock", tests, NULL, NULL);
}
