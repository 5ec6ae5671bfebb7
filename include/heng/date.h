/* SPDX-License-Identifier: Apache-2.0 */
/*
 * date.h: civil days and periods. Proleptic Gregorian, 1900-01-01 to 2200-12-31.
 *
 * A heng_date is a count of days, so that comparing and subtracting are plain integer
 * work. There is no clock here: "today" is always handed in.
 */
#ifndef HENG_DATE_H
#define HENG_DATE_H

#include <stdbool.h>
#include <stdint.h>

#include "heng/api.h"
#include "heng/str.h"

/** Days since 1970-01-01. */
typedef int32_t heng_date;

#define HENG_DATE_MIN ((heng_date)-25567) /* 1900-01-01 */
#define HENG_DATE_MAX ((heng_date)84370)  /* 2200-12-31 */
#define HENG_DATE_NONE                                                                 \
    ((heng_date)INT32_MAX) /* absent, or never: later than any day                     \
                            */

/** Months first, then days (years and weeks are folded in). Either may be negative. */
typedef struct heng_period {
    int32_t months;
    int32_t days;
} heng_period;

/** Years and days of a period are capped so that sums stay far inside 32 bits. */
#define HENG_PERIOD_MONTHS_MAX 12000
#define HENG_PERIOD_DAYS_MAX 400000

typedef struct heng_civil {
    int32_t year;
    int32_t month; /* 1 to 12 */
    int32_t day;   /* 1 to 31 */
} heng_civil;

static inline bool heng_date_valid(int64_t days) {
    return days >= HENG_DATE_MIN && days <= HENG_DATE_MAX;
}

HENG_API heng_civil heng_date_civil(heng_date date);

/** False where there is no such day, or it lies outside the calendar. */
HENG_API bool heng_date_from_civil(heng_civil civil, heng_date *ret_date);

/** Parses exactly `YYYY-MM-DD`. */
HENG_API bool heng_date_parse(heng_str text, heng_date *ret_date);

enum { HENG_DATE_TEXT_BYTES = 11 };

/** Writes `YYYY-MM-DD` and a NUL; `date` must be valid. */
HENG_API void heng_date_format(heng_date date, char buffer[HENG_DATE_TEXT_BYTES]);

/**
 * Adds months (clamped to the last day of the month), then days.
 * False where the result, or the day after adding the months, is outside the calendar.
 */
HENG_API bool heng_date_add(heng_date date, heng_period period, heng_date *ret_date);

/** Subtracts months (clamped), then days. */
HENG_API bool heng_date_subtract(heng_date date, heng_period period,
                                 heng_date *ret_date);

/**
 * The last day of a term that starts on `date` and lasts `period`: date + period, or
 * HENG_DATE_NONE where that is at or past 2200-12-31. A negative period gives a day
 * before `date`, at least HENG_DATE_MIN. Source: Civil Code 201-202.
 */
HENG_API heng_date heng_date_term_end(heng_date date, heng_period period);

/** Parses ISO 8601 `P1Y2M3W4D`, at least one part, in that order, optional leading `-`.
 */
HENG_API bool heng_period_parse(heng_str text, heng_period *ret_period);

enum { HENG_PERIOD_TEXT_BYTES = 40 };

/** Writes years, months and days, without those that are 0 (`P1Y6M`, `P14D`, `P0D`),
 * and a NUL. Returns its length. Where the two parts differ in sign each has its own
 * (`P1M-3D`), which cannot be parsed. */
HENG_API size_t heng_period_format(heng_period period,
                                   char buffer[HENG_PERIOD_TEXT_BYTES]);

#endif
