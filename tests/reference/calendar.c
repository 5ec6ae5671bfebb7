/* SPDX-License-Identifier: Apache-2.0 */
/* calendar.c: the table of all days, and what is read off it. */
#include "calendar.h"

#include <stddef.h>
#include <stdio.h>

enum { DAYS = DAY_MAX - DAY_MIN + 1, YEARS = 301, FIRST_YEAR = 1900 };

static civil table[DAYS];
static day first_of[YEARS][12];

static int month_length(int year, int month) {
    static const int lengths[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return month == 2 && leap ? 29 : lengths[month - 1];
}

static void fill(void) {
    if (table[0].year != 0)
        return;
    int at = 0;
    for (int year = FIRST_YEAR; year < FIRST_YEAR + YEARS; year++) {
        for (int month = 1; month <= 12; month++) {
            first_of[year - FIRST_YEAR][month - 1] = DAY_MIN + at;
            for (int dom = 1; dom <= month_length(year, month); dom++)
                table[at++] = (civil){year, month, dom};
        }
    }
}

civil calendar_civil(day date) {
    fill();
    return table[date - DAY_MIN];
}

day calendar_day(int year, int month, int dom) {
    fill();
    if (year < FIRST_YEAR || year >= FIRST_YEAR + YEARS || month < 1 || month > 12 ||
        dom < 1 || dom > month_length(year, month))
        return DAY_NONE;
    return first_of[year - FIRST_YEAR][month - 1] + dom - 1;
}

bool calendar_add(day date, period length, int sign, day *ret_date) {
    civil from = calendar_civil(date);
    int months = from.year * 12 + (from.month - 1) + sign * length.months;
    int year = months / 12;
    int month = months % 12 + 1;
    if (months < 0 || year < FIRST_YEAR || year >= FIRST_YEAR + YEARS)
        return false;
    int dom = from.day;
    while (calendar_day(year, month, dom) == DAY_NONE)
        dom--;
    day moved = calendar_day(year, month, dom) + sign * length.days;
    if (moved < DAY_MIN || moved > DAY_MAX)
        return false;
    *ret_date = moved;
    return true;
}

day calendar_end(day date, period length) {
    day end = DAY_MAX;
    return calendar_add(date, length, 1, &end) ? end : DAY_MAX;
}

static char *next_buffer(void) {
    static char buffers[16][32];
    static size_t at;
    at = (at + 1) % 16;
    return buffers[at];
}

const char *calendar_text(day date) {
    if (date == DAY_NONE)
        return "-";
    civil on = calendar_civil(date);
    char *buffer = next_buffer();
    (void)snprintf(buffer, 32, "%04d-%02d-%02d", on.year, on.month, on.day);
    return buffer;
}

const char *calendar_period_text(period length) {
    char *buffer = next_buffer();
    int years = length.months / 12;
    int months = length.months % 12;
    int at = snprintf(buffer, 32, "P");
    if (years != 0)
        at += snprintf(buffer + at, 32 - (size_t)at, "%dY", years);
    if (months != 0)
        at += snprintf(buffer + at, 32 - (size_t)at, "%dM", months);
    if (length.days != 0 || length.months == 0)
        (void)snprintf(buffer + at, 32 - (size_t)at, "%dD", length.days);
    return buffer;
}
