/* SPDX-License-Identifier: Apache-2.0 */
/*
 * date.c: civil days and periods.
 *
 * Years are counted from March, so that the leap day comes last and the lengths of the
 * months repeat with a pattern that one multiplication gives (Neri and Schneider,
 * "Euclidean affine functions", 2022). Of the years that four divides only 1900, 2100
 * and 2200 have no leap day here, and they are put right by comparisons: what is left
 * is a year of 1461/4 days. Nearly all days lie between the first two, where there is
 * nothing to compare. The test walks the whole calendar.
 */
#include "heng/date.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

/* From 0000-03-01, where each fourth year has a leap day, less the 14 that had gone
 * wrong by 1900. */
enum { DAYS_TO_1970 = 719468 + 14 };

/* 1 March of the years that lack the day before it. */
enum { MARCH_1900 = -25508, MARCH_2100 = 47541, MARCH_2200 = 84065 };

/* Between the leap days that 1900 and 2100 lack. */
static inline bool is_usual(heng_date date) {
    return (uint32_t)date - (uint32_t)MARCH_1900 <
           (uint32_t)MARCH_2100 - (uint32_t)MARCH_1900;
}

/* Days since 0000-03-01 as if each fourth year had a leap day. */
static inline uint32_t days_of(heng_date date) {
    int32_t days = date + DAYS_TO_1970 + 1;
    if (!is_usual(date))
        days += (date >= MARCH_2100) + (date >= MARCH_2200) - (date < MARCH_1900);
    return (uint32_t)days;
}

/* In its upper half the year that began in March; in its lower half where in that year,
 * a quarter of a day being YEAR_PARTS. */
enum { YEAR_PARTS = 2939745 }; /* 2^32 / 1461 */

static inline uint64_t product_of(heng_date date) {
    return (uint64_t)YEAR_PARTS * (4 * days_of(date) + 3);
}

typedef struct march_day {
    int32_t year; /* that began in March */
    int32_t day;  /* of it, from 0; the 365th is 29 February */
} march_day;

/* For days of the calendar. */
static inline march_day march_of(heng_date date) {
    uint64_t product = product_of(date);
    return (march_day){(int32_t)(product >> 32),
                       (int32_t)((uint32_t)product / YEAR_PARTS / 4)};
}

/* The first day of a year that begins in March; outside the calendar it is wrong by
 * some days, and still outside. */
static inline int32_t start_of(int32_t march_year) {
    return 1461 * march_year / 4 - (march_year >= 1900) - (march_year >= 2100) -
           (march_year >= 2200) - DAYS_TO_1970;
}

/* Where a month begins in such a year: 3 for March to 14 for February. */
static inline int32_t month_start(int32_t march_month) {
    return (979 * march_month - 2919) / 32;
}

/* The month, as there, and the day of it from 0. */
static inline int32_t month_of(int32_t day_of_year, int32_t *ret_day) {
    uint32_t months = 2141 * (uint32_t)day_of_year + 197913;
    *ret_day = (int32_t)((months & UINT16_MAX) / 2141);
    return (int32_t)(months >> 16);
}

static inline bool is_leap(int32_t year) {
    return year % 4 == 0 && year != 1900 && year != 2100 && year != 2200;
}

heng_civil heng_date_civil(heng_date date) {
    assert(heng_date_valid(date));
    int32_t day = 0;
    march_day march = march_of(date);
    int32_t month = month_of(march.day, &day);
    bool next_year = month > 12; /* January and February */
    return (heng_civil){
        .year = march.year + (next_year ? 1 : 0),
        .month = next_year ? month - 12 : month,
        .day = day + 1,
    };
}

static int32_t days_in_month(int32_t year, int32_t month) {
    if (month == 2)
        return is_leap(year) ? 29 : 28;
    return 30 + ((month + (month >> 3)) & 1);
}

bool heng_date_from_civil(heng_civil civil, heng_date *ret_date) {
    if (civil.year < 1900 || civil.year > 2200 || civil.month < 1 || civil.month > 12 ||
        civil.day < 1 || civil.day > days_in_month(civil.year, civil.month))
        return false;
    bool before_march = civil.month <= 2;
    *ret_date = start_of(civil.year - (before_march ? 1 : 0)) +
                month_start(civil.month + (before_march ? 12 : 0)) + civil.day - 1;
    return true;
}

/* Reads `count` digits; false at anything else. */
static bool read_digits(const char *text, size_t count, int32_t *ret_number) {
    int32_t number = 0;
    for (size_t i = 0; i < count; i++) {
        if (text[i] < '0' || text[i] > '9')
            return false;
        number = number * 10 + (text[i] - '0');
    }
    *ret_number = number;
    return true;
}

bool heng_date_parse(heng_str text, heng_date *ret_date) {
    heng_civil civil;
    if (text.len != HENG_DATE_TEXT_BYTES - 1 || text.ptr[4] != '-' ||
        text.ptr[7] != '-')
        return false;
    return read_digits(text.ptr, 4, &civil.year) &&
           read_digits(text.ptr + 5, 2, &civil.month) &&
           read_digits(text.ptr + 8, 2, &civil.day) &&
           heng_date_from_civil(civil, ret_date);
}

/* `number` below 100, in two digits. */
static inline void put_pair(char *text, uint32_t number) {
    static const char PAIRS[] = "00010203040506070809101112131415161718192021222324"
                                "25262728293031323334353637383940414243444546474849"
                                "50515253545556575859606162636465666768697071727374"
                                "75767778798081828384858687888990919293949596979899";
    memcpy(text, PAIRS + (size_t)2 * number, 2);
}

void heng_date_format(heng_date date, char buffer[HENG_DATE_TEXT_BYTES]) {
    /* by the months of month_of(): from March on */
    static const char MONTHS[] = "-03--04--05--06--07--08--09--10--11--12--01--02-";
    assert(heng_date_valid(date));
    int32_t day = 0;
    march_day march = march_of(date);
    int32_t month = month_of(march.day, &day);
    uint32_t year = (uint32_t)(march.year + (month > 12));
    uint32_t century = year / 100;
    put_pair(buffer, century);
    put_pair(buffer + 2, year - century * 100);
    memcpy(buffer + 4, MONTHS + (size_t)4 * (size_t)(month - 3), 4);
    put_pair(buffer + 8, (uint32_t)day + 1);
    buffer[10] = '\0';
}

/* How a sum leaves the calendar: it matters which end it leaves by. */
enum outcome { BEFORE, INSIDE, AFTER };

static enum outcome outcome_of(int64_t days) {
    return days < HENG_DATE_MIN ? BEFORE : days > HENG_DATE_MAX ? AFTER : INSIDE;
}

/* `years` and 0 to 11 `months` later; the last day of the month if there is no
 * such day. What is known of the period does not wait for what is known of the day. */
static inline int32_t later(heng_date date, int32_t years, int32_t months) {
    march_day march = march_of(date);
    int32_t year = march.year + years;
    if (months == 0) {
        bool clamped = march.day == 365 && !is_leap(year + 1);
        return start_of(year) + march.day - (clamped ? 1 : 0);
    }
    int32_t day = 0;
    int32_t month = month_of(march.day, &day) + months;
    if (month > 14) {
        month -= 12;
        year++;
    }
    if (day > 27) {
        int32_t last = month < 14 ? month_start(month + 1) - month_start(month) - 1
                                  : 27 + (is_leap(year + 1) ? 1 : 0);
        day = day < last ? day : last;
    }
    return start_of(year) + month_start(month) + day;
}

enum { MONTHS_MAX = 12 * 301 }; /* of the calendar */

static enum outcome add(heng_date date, int64_t months, int64_t days,
                        heng_date *ret_date) {
    int64_t sum = date;
    if (months != 0) {
        if (months < -MONTHS_MAX || months > MONTHS_MAX)
            return months < 0 ? BEFORE : AFTER;
        int32_t years = (int32_t)(months + MONTHS_MAX) / 12 - 301;
        sum = later(date, years, (int32_t)months - 12 * years);
        if (outcome_of(sum) != INSIDE)
            return outcome_of(sum);
    }
    sum += days;
    enum outcome outcome = outcome_of(sum);
    if (outcome == INSIDE) {
        *ret_date = (heng_date)sum;
    }
    return outcome;
}

bool heng_date_add(heng_date date, heng_period period, heng_date *ret_date) {
    return heng_date_valid(date) &&
           add(date, period.months, period.days, ret_date) == INSIDE;
}

bool heng_date_subtract(heng_date date, heng_period period, heng_date *ret_date) {
    return heng_date_valid(date) && add(date, -(int64_t)period.months,
                                        -(int64_t)period.days, ret_date) == INSIDE;
}

/* The same day so many years on, of a usual day; where that is past the usual years,
 * HENG_DATE_NONE. A year has 365 days, and each fourth one more. */
static inline heng_date years_on(heng_date date, int32_t years) {
    uint64_t product = product_of(date);
    int32_t year = (int32_t)(product >> 32), then = year + years;
    if (then >= 2100)
        return HENG_DATE_NONE;
    heng_date same = date + 365 * years + (then >> 2) - (year >> 2);
    bool leap_day = (uint32_t)product >= UINT32_C(365) * 4 * YEAR_PARTS;
    return leap_day && !is_leap(then + 1) ? same - 1 : same;
}

heng_date heng_date_term_end(heng_date date, heng_period period) {
    /* Most terms are some years. Asked for each record with a use limit: half of the
     * instructions of the long way. */
    uint32_t months = (uint32_t)period.months;
    if (is_usual(date) && period.days == 0 && months <= MONTHS_MAX &&
        months % 12 == 0) {
        heng_date end = years_on(date, (int32_t)(months / 12));
        if (end != HENG_DATE_NONE)
            return end;
    }
    if (date >= HENG_DATE_MAX)
        return HENG_DATE_NONE;
    heng_date end = HENG_DATE_MIN;
    if (add(date, period.months, period.days, &end) == AFTER || end == HENG_DATE_MAX)
        return HENG_DATE_NONE;
    return end;
}

bool heng_period_parse(heng_str text, heng_period *ret_period) {
    static const char UNITS[] = "YMWD";
    static const int64_t FACTORS[] = {12, 1, 7, 1}; /* months, months, days, days */
    int64_t sums[2] = {0, 0};                       /* months, days */
    size_t at = 0;
    bool negative = text.len > 0 && text.ptr[0] == '-';
    if (negative) {
        at++;
    }
    if (at >= text.len || text.ptr[at] != 'P')
        return false;
    at++;
    if (at == text.len)
        return false;

    size_t unit = 0; /* the first one that may still come */
    while (at < text.len) {
        int64_t number = 0;
        size_t digits = at;
        while (at < text.len && text.ptr[at] >= '0' && text.ptr[at] <= '9') {
            number = number * 10 + (text.ptr[at] - '0');
            if (number > HENG_PERIOD_DAYS_MAX)
                return false;
            at++;
        }
        if (at == digits || at == text.len)
            return false;
        while (unit < 4 && UNITS[unit] != text.ptr[at]) {
            unit++;
        }
        if (unit == 4)
            return false;
        sums[unit / 2] += number * FACTORS[unit];
        unit++;
        at++;
    }
    if (sums[0] > HENG_PERIOD_MONTHS_MAX || sums[1] > HENG_PERIOD_DAYS_MAX)
        return false;
    ret_period->months = (int32_t)(negative ? -sums[0] : sums[0]);
    ret_period->days = (int32_t)(negative ? -sums[1] : sums[1]);
    return true;
}

size_t heng_period_format(heng_period period, char buffer[HENG_PERIOD_TEXT_BYTES]) {
    bool negative = period.months <= 0 && period.days <= 0 &&
                    (period.months < 0 || period.days < 0);
    int64_t sign = negative ? -1 : 1;
    int64_t parts[] = {sign * period.months / 12, sign * period.months % 12,
                       sign * period.days};
    size_t len = 0;
    if (negative) {
        buffer[len++] = '-';
    }
    buffer[len++] = 'P';
    size_t bare = len;
    for (size_t i = 0; i < 3; i++) {
        bool needed = parts[i] != 0 || (i == 2 && len == bare);
        if (needed) {
            int wrote = snprintf(buffer + len, HENG_PERIOD_TEXT_BYTES - len, "%lld%c",
                                 (long long)parts[i], "YMD"[i]);
            len += wrote < 0 ? 0 : (size_t)wrote;
        }
    }
    buffer[len] = '\0';
    return len;
}
