/* SPDX-License-Identifier: Apache-2.0 */
/*
 * vm_clock.c: how long `as_of + P3Y < r.decided_on` stays what it is.
 *
 * As the day moves on, the shifted day never moves back. So its place against the other
 * day goes up through at most five levels: below the calendar, before, the same, after,
 * above the calendar. The first day of another level is found by bisection, next to
 * where the shift taken back would put it, because clamping to the ends of months moves
 * it by a few days at most.
 */
#include "cel/vm_clock.h"

/* ORDER clock-level: ascending with the day. */
enum { BELOW = -2, BEFORE = -1, SAME = 0, AFTER = 1, ABOVE = 2 };

/* Clamping moves a day by at most three; one more on each side is the day looked for.
 */
enum { CLAMP_DAYS = 4 };

bool heng_vm_clock_shift(const heng_cel_clock *clock, heng_date day,
                         heng_date *ret_day) {
    if (!clock->shifted) {
        *ret_day = day;
        return true;
    }
    return clock->minus ? heng_date_subtract(day, clock->period, ret_day)
                        : heng_date_add(day, clock->period, ret_day);
}

bool heng_vm_clock_compare(heng_cel_op op, int64_t left, int64_t right) {
    if (op == HENG_CEL_OP_EQ_WORD)
        return left == right;
    if (op == HENG_CEL_OP_NE_WORD)
        return left != right;
    if (op == HENG_CEL_OP_LT_WORD)
        return left < right;
    if (op == HENG_CEL_OP_LE_WORD)
        return left <= right;
    return op == HENG_CEL_OP_GT_WORD ? left > right : left >= right;
}

static int level_of(const heng_cel_clock *clock, heng_date day, heng_date other) {
    heng_date shifted = 0;
    if (heng_vm_clock_shift(clock, day, &shifted))
        return (shifted > other) - (shifted < other);

    heng_cel_clock months = *clock; /* which step left the calendar, and where to */
    months.period.days = 0;
    int32_t step = heng_vm_clock_shift(&months, day, &shifted) ? clock->period.days
                                                               : clock->period.months;
    return (step > 0) != clock->minus ? ABOVE : BELOW;
}

/* What the comparison gives at a level: 0, 1, or 2 for an error. */
static int result_at(const heng_cel_clock_site *site, int level) {
    if (level == BELOW || level == ABOVE)
        return 2;
    int order = site->clock->on_right ? -level : level;
    return heng_vm_clock_compare(site->op, order, 0) ? 1 : 0;
}

/* The first day in (low, high] whose level is not that of `low`; high's is not. */
static heng_date first_change(const heng_cel_clock *clock, heng_date other,
                              heng_date low, heng_date high) {
    int level = level_of(clock, low, other);
    heng_cel_clock back = *clock;
    heng_date guess = 0;

    back.minus = !clock->minus;
    if (heng_vm_clock_shift(&back, other, &guess)) {
        if (guess - CLAMP_DAYS > low && guess - CLAMP_DAYS < high &&
            level_of(clock, guess - CLAMP_DAYS, other) == level) {
            low = guess - CLAMP_DAYS;
        }
        if (guess + CLAMP_DAYS > low && guess + CLAMP_DAYS < high &&
            level_of(clock, guess + CLAMP_DAYS, other) != level) {
            high = guess + CLAMP_DAYS;
        }
    }
    while (high - low > 1) {
        heng_date middle = low + (high - low) / 2;
        if (level_of(clock, middle, other) == level) {
            low = middle;
        } else {
            high = middle;
        }
    }
    return high;
}

void heng_vm_clock_track(const heng_cel_clock_site *site, heng_date other,
                         heng_cel_frame *frame) {
    heng_date day = frame->clock;
    heng_date last =
        frame->next_change <= HENG_DATE_MAX ? frame->next_change - 1 : HENG_DATE_MAX;
    if (day < HENG_DATE_MIN || day >= last)
        return;

    int now = result_at(site, level_of(site->clock, day, other));
    if (!site->clock->shifted) { /* most often; there are only two days to look at */
        for (heng_date next = other; next <= other + 1; next++) {
            if (next > day && next <= last &&
                result_at(site, level_of(site->clock, next, other)) != now) {
                frame->next_change = next;
                return;
            }
        }
        return;
    }
    int last_level = level_of(site->clock, last, other);
    while (level_of(site->clock, day, other) != last_level) {
        day = first_change(site->clock, other, day, last);
        if (result_at(site, level_of(site->clock, day, other)) != now) {
            frame->next_change = day;
            return;
        }
    }
}
