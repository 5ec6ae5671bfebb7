/* SPDX-License-Identifier: Apache-2.0 */
/* clock.c: now, today, and the end of a day. */
#include "cli/clock.h"

#include <time.h>

#include "cel/zone.h"
#include "heng/arena.h"

enum { SECOND = 1000, DAY_SECONDS = 86400, ZONE_BYTES_MAX = 1 << 20 };

int64_t heng_clock_now(void) {
    struct timespec now = {0};
    (void)clock_gettime(CLOCK_REALTIME, &now);
    return (int64_t)now.tv_sec * SECOND + now.tv_nsec / 1000000;
}

/* China has kept one time without daylight saving since 1992, so its days are known
 * even where the system has no zone data, as small containers do not. */
static bool fixed_zone(heng_str zone, int32_t *ret_offset) {
    static const struct {
        const char *name;
        int32_t hours;
    } ZONES[] = {{"Asia/Shanghai", 8}, {"Asia/Urumqi", 6}, {"UTC", 0}, {"Etc/UTC", 0}};
    for (size_t i = 0; i < sizeof ZONES / sizeof ZONES[0]; i++) {
        if (heng_str_equal(zone, heng_str_of(ZONES[i].name))) {
            *ret_offset = ZONES[i].hours * 3600;
            return true;
        }
    }
    return false;
}

/* Seconds to add to UTC at each of `count` moments. */
static heng_status offsets_at(heng_str name, const int64_t *seconds, int32_t *offsets,
                              size_t count, heng_error *reterr) {
    const heng_zone *zone = NULL;
    const char *reason = NULL;
    int32_t fixed = 0;
    heng_arena *arena = heng_arena_new(ZONE_BYTES_MAX);
    if (arena == NULL)
        return heng_error_nomem(reterr);
    heng_status status = heng_zone_find(name, &zone, &reason, arena);
    if (status == HENG_OK) {
        for (size_t i = 0; i < count; i++)
            offsets[i] = heng_zone_offset(zone, seconds[i]);
    } else if (status == HENG_ERR_NOMEM) {
        (void)heng_error_nomem(reterr);
    } else if (fixed_zone(name, &fixed)) {
        for (size_t i = 0; i < count; i++)
            offsets[i] = fixed;
        status = HENG_OK;
    } else {
        status = heng_error_set(
            reterr, HENG_ERR_INVALID, NULL, (heng_pos){0, 0},
            "the time zone `%.*s` of the ruleset is not known here: %s; install the "
            "package tzdata, or give dates with --as-of",
            HENG_STR_ARG(name), reason == NULL ? "no such zone" : reason);
    }
    heng_arena_free(arena);
    return status;
}

static int64_t floor_to(int64_t value, int64_t unit) {
    int64_t quotient = value / unit;
    return value % unit < 0 ? quotient - 1 : quotient;
}

heng_status heng_clock_day(heng_str zone, int64_t now, heng_date *ret_day,
                           heng_error *reterr) {
    int64_t seconds = floor_to(now, SECOND);
    int32_t offset = 0;
    heng_status status = offsets_at(zone, &seconds, &offset, 1, reterr);
    if (status != HENG_OK)
        return status;
    int64_t day = floor_to(seconds + offset, DAY_SECONDS);
    if (!heng_date_valid(day))
        return heng_error_set(reterr, HENG_ERR_INVALID, NULL, (heng_pos){0, 0},
                              "the clock of this machine is outside 1900 to 2200; set "
                              "it, or give --as-of");
    *ret_day = (heng_date)day;
    return HENG_OK;
}

heng_status heng_clock_day_end(heng_str zone, heng_date day, int64_t *ret_ms,
                               heng_error *reterr) {
    /* Local midnight, taken for UTC, is off by the offset; asking for the offset a
     * second time at the corrected moment settles days on which it changes. */
    int64_t midnight = ((int64_t)day + 1) * DAY_SECONDS;
    int32_t offset = 0;
    heng_status status = offsets_at(zone, &midnight, &offset, 1, reterr);
    if (status != HENG_OK)
        return status;
    int64_t corrected = midnight - offset;
    status = offsets_at(zone, &corrected, &offset, 1, reterr);
    if (status == HENG_OK)
        *ret_ms = (midnight - offset) * SECOND - 1;
    return status;
}

/* ---- RFC 3339 ---- */

static bool take_number(heng_str text, size_t at, size_t digits, int *ret_value) {
    int value = 0;
    if (at + digits > text.len)
        return false;
    for (size_t i = at; i < at + digits; i++) {
        if (text.ptr[i] < '0' || text.ptr[i] > '9')
            return false;
        value = value * 10 + (text.ptr[i] - '0');
    }
    *ret_value = value;
    return true;
}

static bool is_char(heng_str text, size_t at, char c) {
    return at < text.len && text.ptr[at] == c;
}

static bool take_offset(heng_str text, size_t at, int *ret_minutes) {
    int hours = 0, minutes = 0;
    if (is_char(text, at, 'Z') && at + 1 == text.len) {
        *ret_minutes = 0;
        return true;
    }
    if (!(is_char(text, at, '+') || is_char(text, at, '-')) || at + 6 != text.len ||
        !take_number(text, at + 1, 2, &hours) || !is_char(text, at + 3, ':') ||
        !take_number(text, at + 4, 2, &minutes) || hours > 23 || minutes > 59)
        return false;
    *ret_minutes = (hours * 60 + minutes) * (text.ptr[at] == '-' ? -1 : 1);
    return true;
}

bool heng_clock_parse(heng_str text, int64_t *ret_ms) {
    enum { DATE_LEN = 10, TIME_LEN = 19 };
    heng_date day = 0;
    int hour = 0, minute = 0, second = 0, ms = 0, offset = 0;
    if (text.len < TIME_LEN || !heng_date_parse((heng_str){text.ptr, DATE_LEN}, &day) ||
        !is_char(text, 10, 'T') || !take_number(text, 11, 2, &hour) ||
        !is_char(text, 13, ':') || !take_number(text, 14, 2, &minute) ||
        !is_char(text, 16, ':') || !take_number(text, 17, 2, &second) || hour > 23 ||
        minute > 59 || second > 59)
        return false;
    size_t at = TIME_LEN;
    if (is_char(text, at, '.')) {
        int scale = 100;
        for (at++; at < text.len && text.ptr[at] >= '0' && text.ptr[at] <= '9'; at++) {
            if (scale == 0)
                return false; /* nothing is rounded silently */
            ms += (text.ptr[at] - '0') * scale;
            scale /= 10;
        }
        if (text.ptr[at - 1] == '.')
            return false;
    }
    if (!take_offset(text, at, &offset))
        return false;
    int64_t seconds =
        (int64_t)day * DAY_SECONDS + hour * 3600 + minute * 60 + second - offset * 60;
    *ret_ms = seconds * SECOND + ms;
    return true;
}
