/* SPDX-License-Identifier: Apache-2.0 */
/*
 * calendar.h: days and periods, worked out the slow way for the reference evaluator: a
 * table of every day of the calendar, made by counting them one after the other.
 *
 * It shares nothing with base/date but the way days are numbered.
 */
#ifndef HENG_TESTS_CALENDAR_H
#define HENG_TESTS_CALENDAR_H

#include <limits.h>
#include <stdbool.h>

/** Days since 1970-01-01. */
typedef int day;

enum {
    DAY_MIN = -25567, /* 1900-01-01 */
    DAY_MAX = 84370,  /* 2200-12-31 */
    DAY_NONE = INT_MAX
};

typedef struct period {
    int months;
    int days;
} period;

typedef struct civil {
    int year, month, day;
} civil;

civil calendar_civil(day date);

/** DAY_NONE where there is no such day. */
day calendar_day(int year, int month, int dom);

/** Months first (clamped to the end of the month), then days. `sign` 1 adds, -1
 * subtracts. False where either step leaves the calendar. */
bool calendar_add(day date, period length, int sign, day *ret_date);

/** date + period; DAY_MAX where that is past the calendar. */
day calendar_end(day date, period length);

/** YYYY-MM-DD, or "-" for DAY_NONE. Static buffers, used in turn: enough for one
 * printf. */
const char *calendar_text(day date);

/** ISO 8601, in the same buffers. */
const char *calendar_period_text(period length);

#endif
