/* SPDX-License-Identifier: Apache-2.0 */
/* test_fn_time.c: timestamps and durations. */
#include "cel/evaluate.h"

static struct evaluate_row ROWS[] = {
    {"an offset is taken off", "timestamp(['2024-03-15T08:00:00+08:00'][0])",
     "2024-03-15T00:00:00Z"},
    {"a day that is none is refused", "timestamp(['2023-02-29T00:00:00Z'][0])",
     "error: `2023-02-29T00:00:00Z` is no timestamp: expected one such as "
     "`2024-03-15T08:00:00Z`"},
    {"so is a text without a zone", "timestamp(['2023-02-28T00:00:00'][0])",
     "error: `2023-02-28T00:00:00` is no timestamp: expected one such as "
     "`2024-03-15T08:00:00Z`"},
    {"the year 0 is out of range", "timestamp(['0000-01-01T00:00:00Z'][0])",
     "error: the timestamp is out of range"},
    {"so is the year 10000", "timestamp([253402300800][0])",
     "error: the timestamp is out of range"},
    {"fractions are kept to nanoseconds",
     "timestamp(['1970-01-01T00:00:00.1234567899Z'][0])",
     "1970-01-01T00:00:00.123456789Z"},
    {"before 1970 too", "timestamp([0][0]) - duration('1ns')",
     "1969-12-31T23:59:59.999999999Z"},
    {"a duration has units", "duration(['1h2m3s4ms5us6ns'][0])", "3723.004005006s"},
    {"and fractions", "duration(['-1.5h'][0])", "-5400s"},
    {"one without a unit is refused", "duration(['15'][0])",
     "error: `15` is no duration: expected one such as `1h30m` or `-1.5s`"},
    {"longer than 292 years is refused", "duration(['9223372037s'][0])",
     "error: `9223372037s` is no duration: expected one such as `1h30m` or `-1.5s`"},
    {"a difference longer than that is out of range",
     "timestamp('9999-12-31T00:00:00Z') - timestamp(['0001-01-01T00:00:00Z'][0])",
     "error: the duration is out of range"},
    {"hours of a zone",
     "timestamp('2009-02-13T23:31:30Z').getHours(['Asia/Shanghai'][0])", "7"},
    {"minutes of a zone with a quarter hour",
     "timestamp('2009-02-13T23:31:30Z').getMinutes('Asia/Kathmandu')", "16"},
    {"a day before, west", "timestamp('2009-02-13T02:00:00Z').getDate('-02:30')", "12"},
    {"summer time in the far future",
     "timestamp('2060-07-01T12:00:00Z').getHours('America/New_York')", "8"},
    {"a zone that is none", "timestamp(0).getHours(['Nowhere/At_All'][0])",
     "error: no time zone `Nowhere/At_All` in /usr/share/zoneinfo/"},
    {"a path is no zone", "timestamp(0).getHours(['../../etc/passwd'][0])",
     "error: a time zone is `UTC`, an offset such as `+08:00`, or a name such as "
     "`Asia/Shanghai`"},
    {"a Sunday is 0", "timestamp('2024-03-17T00:00:00Z').getDayOfWeek()", "0"},
    {"milliseconds are those of the second", "duration('123.321s').getMilliseconds()",
     "321"},
};

int main(void) {
    struct CMUnitTest tests[COUNT(ROWS)];
    for (size_t i = 0; i < COUNT(ROWS); i++) {
        tests[i] = ROW_TEST(&ROWS[i], evaluate_row);
    }
    return cmocka_run_group_tests_name("cel/fn_time", tests, NULL, NULL);
}
