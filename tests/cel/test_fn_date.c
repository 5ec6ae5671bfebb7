/* SPDX-License-Identifier: Apache-2.0 */
/* test_fn_date.c: dates and periods. */
#include "cel/evaluate.h"

static struct evaluate_row ROWS[] = {
    {"months are clamped to their end", "date('2024-01-31') + period(['P1M'][0])",
     "2024-02-29"},
    {"in both directions", "date('2023-03-31') - period(['P1M'][0])", "2023-02-28"},
    {"months go before days", "date('2024-01-31') + period(['P1M1D'][0])",
     "2024-03-01"},
    {"a day past the calendar is an error", "date(['2200-12-31'][0]) + period('P1D')",
     "error: the day is outside the calendar of 1900-01-01 to 2200-12-31"},
    {"before it too", "date(['1900-01-01'][0]) - period('P1D')",
     "error: the day is outside the calendar of 1900-01-01 to 2200-12-31"},
    {"a difference counts days", "date(['2024-03-01'][0]) - date('2023-03-01')", "366"},
    {"a day that is none is refused at load", "date('2023-02-29')",
     "invalid: `2023-02-29` is no day: expected YYYY-MM-DD, 1900-01-01 to 2200-12-31"},
    {"or when it is made", "date(['2023-02-29'][0])",
     "error: `2023-02-29` is no day: expected YYYY-MM-DD, 1900-01-01 to 2200-12-31"},
    {"a period that is none is refused at load", "period('3 years')",
     "invalid: `3 years` is no period: expected years, months, weeks and days, as in "
     "`P1Y6M`"},
    {"parts of a date",
     "[date('2024-03-15').year(), date('2024-03-15').month(), "
     "date('2024-03-15').day()]",
     "[2024, 3, 15]"},
    {"written in short",
     "string(period(['P14M'][0])) + ' ' + string(date(['2024-03-15'][0]))",
     "\"P1Y2M 2024-03-15\""},
};

int main(void) {
    struct CMUnitTest tests[COUNT(ROWS)];
    for (size_t i = 0; i < COUNT(ROWS); i++) {
        tests[i] = ROW_TEST(&ROWS[i], evaluate_row);
    }
    return cmocka_run_group_tests_name("cel/fn_date", tests, NULL, NULL);
}
