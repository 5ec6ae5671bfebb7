/* SPDX-License-Identifier: Apache-2.0 */
/* main_calendar.c: the reference's table of days against the engine's arithmetic: all
 * days, and many sums. */
#include "heng/date.h"

#include <stdio.h>

#include "calendar.h"
#include "text.h"

int main(void) {
    long wrong = 0;
    for (day on = DAY_MIN; on <= DAY_MAX; on++) {
        civil wanted = calendar_civil(on);
        heng_civil got = heng_date_civil(on);
        heng_date back = 0;
        wrong += wanted.year != got.year || wanted.month != got.month ||
                 wanted.day != got.day || !heng_date_from_civil(got, &back) ||
                 back != on;
    }
    rng from = {1};
    for (int i = 0; i < 1000000; i++) {
        day on = rng_range(&from, DAY_MIN, DAY_MAX), wanted = 0;
        period length = {rng_range(&from, 0, 60), rng_range(&from, 0, 40)};
        if (rng_chance(&from, 10))
            length.months *= 50;
        heng_period same = {length.months, length.days};
        heng_date got = 0;
        bool fits = calendar_add(on, length, 1, &wanted);
        wrong += fits != heng_date_add(on, same, &got) || (fits && wanted != got);
        fits = calendar_add(on, length, -1, &wanted);
        wrong += fits != heng_date_subtract(on, same, &got) || (fits && wanted != got);
        wanted = calendar_end(on, length);
        got = heng_date_term_end(on, same);
        wrong += got != (wanted == DAY_MAX ? HENG_DATE_NONE : wanted);
    }
    (void)printf("%ld days and sums differ\n", wrong);
    return wrong == 0 ? 0 : 1;
}
