/* SPDX-License-Identifier: Apache-2.0 */
/*
 * zone.c: reading TZif (RFC 8536): instants at which the offset changed, and a rule in
 * the form of POSIX's TZ for all that comes after the last of them, such as
 * `CET-1CEST,M3.5.0,M10.5.0/3`.
 */
#include "cel/zone.h"

#include <stdbool.h>
#include <string.h>

#include "base/alloc.h"
#include "base/file.h"

#define ZONE_FOLDER "/usr/share/zoneinfo/"

/* Names are short, and files are a few kilobytes: more is neither. */
enum { NAME_BYTES_MAX = 64, FILE_BYTES_MAX = 1 << 16 };

/* When summer time begins or ends in a year. */
typedef struct zone_turn {
    char form; /* 'M' month, week, day; 'J' day 1-365 without 29 February; '0' day 0-365
                */
    int month, week, day;
    int32_t seconds; /* after local midnight */
} zone_turn;

struct heng_zone {
    size_t count;           /* transitions */
    const int64_t *times;   /* ascending */
    const int32_t *offsets; /* from each on */
    int32_t first;          /* before all of them */
    bool summer;            /* the rule has two offsets */
    int32_t standard, daylight;
    zone_turn begin, end;
};

/* ---- the rule after the last transition ---- */

static bool read_number(const char **at, int *ret_value) {
    int value = 0;
    const char *start = *at;
    while (**at >= '0' && **at <= '9' && value < 100000) {
        value = value * 10 + (**at - '0');
        ++*at;
    }
    *ret_value = value;
    return *at > start;
}

/* hh[:mm[:ss]] with an optional sign. */
static bool read_seconds(const char **at, int32_t *ret_seconds) {
    int sign = **at == '-' ? -1 : 1;
    int parts[3] = {0, 0, 0};
    if (**at == '-' || **at == '+') {
        ++*at;
    }
    for (int i = 0; i < 3; i++) {
        if (!read_number(at, &parts[i]) || parts[i] > 200)
            return false;
        if (**at != ':')
            break;
        ++*at;
    }
    *ret_seconds = sign * (parts[0] * 3600 + parts[1] * 60 + parts[2]);
    return true;
}

static bool skip_name(const char **at) {
    const char *start = *at;
    if (**at == '<') {
        const char *end = strchr(*at, '>');
        if (end == NULL)
            return false;
        *at = end + 1;
        return true;
    }
    while ((**at >= 'A' && **at <= 'Z') || (**at >= 'a' && **at <= 'z')) {
        ++*at;
    }
    return *at > start;
}

static bool read_turn(const char **at, zone_turn *ret_turn) {
    zone_turn made = {.form = '0', .seconds = 7200};
    if (**at == 'M') {
        made.form = 'M';
        ++*at;
        if (!read_number(at, &made.month) || *(*at)++ != '.' ||
            !read_number(at, &made.week) || *(*at)++ != '.' ||
            !read_number(at, &made.day) || made.month < 1 || made.month > 12 ||
            made.week < 1 || made.week > 5 || made.day > 6)
            return false;
    } else {
        if (**at == 'J') {
            made.form = 'J';
            ++*at;
        }
        if (!read_number(at, &made.day) || made.day > 365)
            return false;
    }
    if (**at == '/') {
        ++*at;
        if (!read_seconds(at, &made.seconds))
            return false;
    }
    *ret_turn = made;
    return true;
}

/* `text` ends with a NUL. POSIX counts offsets west of Greenwich as positive. */
static bool read_rule(heng_zone *zone, const char *text) {
    int32_t west = 0;
    if (!skip_name(&text) || !read_seconds(&text, &west))
        return false;
    zone->standard = -west;
    if (*text == '\0')
        return true;
    zone->summer = true;
    zone->daylight = zone->standard + 3600;
    if (!skip_name(&text))
        return false;
    if (*text != ',') {
        if (!read_seconds(&text, &west))
            return false;
        zone->daylight = -west;
    }
    return *text++ == ',' && read_turn(&text, &zone->begin) && *text++ == ',' &&
           read_turn(&text, &zone->end) && *text == '\0';
}

/* ---- the calendar, for any year ---- */

static int64_t days_from_civil(int64_t year, int64_t month, int64_t day) {
    year -= month <= 2;
    int64_t era = (year >= 0 ? year : year - 399) / 400;
    int64_t year_of_era = year - era * 400;
    int64_t day_of_year = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
    int64_t day_of_era =
        year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    return era * 146097 + day_of_era - 719468;
}

static bool is_leap(int64_t year) {
    return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

static int64_t year_of(int64_t seconds) {
    int64_t days = seconds / 86400 - (seconds % 86400 < 0);
    int64_t year = 1970 + days * 400 / 146097;
    while (days < days_from_civil(year, 1, 1)) {
        year--;
    }
    while (days >= days_from_civil(year + 1, 1, 1)) {
        year++;
    }
    return year;
}

/* The instant of a turn in local standard or summer time, as the rule writes it. */
static int64_t turn_seconds(const zone_turn *turn, int64_t year) {
    int64_t days = days_from_civil(year, 1, 1);
    if (turn->form == 'M') {
        int64_t first = days_from_civil(year, turn->month, 1);
        int64_t weekday = ((first + 4) % 7 + 7) % 7;
        int64_t day = first + (turn->day - weekday + 7) % 7 + (turn->week - 1) * 7;
        int64_t next = turn->month == 12 ? days_from_civil(year + 1, 1, 1)
                                         : days_from_civil(year, turn->month + 1, 1);
        days = day >= next ? day - 7 : day; /* week 5 is the last one */
    } else if (turn->form == 'J') {
        days += turn->day - 1 + (is_leap(year) && turn->day >= 60);
    } else {
        days += turn->day;
    }
    return days * 86400 + turn->seconds;
}

static int32_t rule_offset(const heng_zone *zone, int64_t seconds) {
    if (!zone->summer)
        return zone->standard;
    int64_t year = year_of(seconds + zone->standard);
    int64_t begin = turn_seconds(&zone->begin, year) - zone->standard;
    int64_t end = turn_seconds(&zone->end, year) - zone->daylight;
    bool summer = begin < end ? seconds >= begin && seconds < end
                              : seconds >= begin || seconds < end;
    return summer ? zone->daylight : zone->standard;
}

int32_t heng_zone_offset(const heng_zone *zone, int64_t seconds) {
    if (zone->count == 0)
        return rule_offset(zone, seconds);
    if (seconds < zone->times[0])
        return zone->first;
    if (seconds >= zone->times[zone->count - 1])
        return rule_offset(zone, seconds);
    size_t low = 0; /* times[low] <= seconds < times[high] */
    size_t high = zone->count - 1;
    while (high - low > 1) {
        size_t middle = low + (high - low) / 2;
        if (zone->times[middle] <= seconds) {
            low = middle;
        } else {
            high = middle;
        }
    }
    return zone->offsets[low];
}

/* ---- the file ---- */

static uint64_t read_big(const unsigned char *bytes, size_t size) {
    uint64_t value = 0;
    for (size_t i = 0; i < size; i++) {
        value = value << 8 | bytes[i];
    }
    return value;
}

/* The counts in the head of a data block. */
typedef struct zone_head {
    size_t utc, wall, leap, times, types, chars;
} zone_head;

enum { HEAD_BYTES = 44 };

static bool read_head(const unsigned char *bytes, size_t len, zone_head *ret_head) {
    if (len < HEAD_BYTES || memcmp(bytes, "TZif", 4) != 0 || bytes[4] < '2')
        return false;
    *ret_head =
        (zone_head){(size_t)read_big(bytes + 20, 4), (size_t)read_big(bytes + 24, 4),
                    (size_t)read_big(bytes + 28, 4), (size_t)read_big(bytes + 32, 4),
                    (size_t)read_big(bytes + 36, 4), (size_t)read_big(bytes + 40, 4)};
    const size_t most = FILE_BYTES_MAX; /* so that no sum below can wrap */
    return ret_head->utc <= most && ret_head->wall <= most && ret_head->leap <= most &&
           ret_head->times <= most && ret_head->types <= most &&
           ret_head->chars <= most && ret_head->types > 0;
}

static size_t block_bytes(const zone_head *head, size_t time_size) {
    return head->times * (time_size + 1) + head->types * 6 + head->chars +
           head->leap * (time_size + 4) + head->wall + head->utc;
}

static bool read_file(heng_zone *zone, const char *text, size_t len, heng_arena *arena,
                      bool *ret_nomem) {
    const unsigned char *bytes = (const unsigned char *)text;
    zone_head head;
    if (!read_head(bytes, len, &head))
        return false;
    size_t skip = HEAD_BYTES + block_bytes(&head, 4); /* the block with 32-bit times */
    if (skip >= len || !read_head(bytes + skip, len - skip, &head))
        return false;
    const unsigned char *times = bytes + skip + HEAD_BYTES;
    size_t block = block_bytes(&head, 8);
    size_t rest = len - skip - HEAD_BYTES;
    if (block + 2 > rest || times[block] != '\n' || times[rest - 1] != '\n')
        return false;
    const unsigned char *indexes = times + head.times * 8;
    const unsigned char *types = indexes + head.times;

    int64_t *instants = heng_arena_calloc(arena, head.times + 1, sizeof *instants);
    int32_t *offsets = heng_arena_calloc(arena, head.times + 1, sizeof *offsets);
    char *rule =
        heng_arena_dup(arena, (const char *)times + block + 1, rest - block - 2);
    if (instants == NULL || offsets == NULL || rule == NULL) {
        *ret_nomem = true;
        return false;
    }
    for (size_t i = 0; i < head.times; i++) {
        instants[i] = (int64_t)read_big(times + 8 * i, 8);
        if (indexes[i] >= head.types || (i > 0 && instants[i] <= instants[i - 1]))
            return false;
        offsets[i] = (int32_t)(uint32_t)read_big(types + 6 * indexes[i], 4);
    }
    zone->count = head.times;
    zone->times = instants;
    zone->offsets = offsets;
    zone->first = (int32_t)(uint32_t)read_big(types, 4);
    if (rule[0] == '\0') {
        zone->standard = head.times > 0 ? offsets[head.times - 1] : zone->first;
        return true;
    }
    return read_rule(zone, rule);
}

/* A name of the data base and nothing that leaves its folder. */
static bool is_name(heng_str name) {
    if (name.len == 0 || name.len > NAME_BYTES_MAX || name.ptr[0] == '/' ||
        name.ptr[0] == '.')
        return false;
    for (size_t i = 0; i < name.len; i++) {
        char c = name.ptr[i];
        bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                     (c >= '0' && c <= '9') || c == '_' || c == '+' || c == '-' ||
                     c == '/';
        if (!plain)
            return false;
    }
    return true;
}

/* `+08:00`, `-02:30`, `08:00`. */
static bool read_fixed(heng_str name, int32_t *ret_offset) {
    size_t at = name.len > 0 && (name.ptr[0] == '+' || name.ptr[0] == '-') ? 1 : 0;
    if (name.len != at + 5 || name.ptr[at + 2] != ':')
        return false;
    int digits[4];
    for (size_t i = 0; i < 4; i++) {
        digits[i] = name.ptr[at + i + (i > 1)] - '0';
        if (digits[i] < 0 || digits[i] > 9)
            return false;
    }
    int hours = digits[0] * 10 + digits[1];
    int minutes = digits[2] * 10 + digits[3];
    if (hours > 23 || minutes > 59)
        return false;
    int32_t offset = hours * 3600 + minutes * 60;
    *ret_offset = name.ptr[0] == '-' ? -offset : offset;
    return true;
}

static heng_status find_file(heng_zone *zone, heng_str name, const char **ret_reason,
                             heng_arena *arena) {
    heng_error error = {0};
    char *bytes = NULL;
    size_t len = 0;
    bool nomem = false;
    char *path = heng_arena_printf(arena, ZONE_FOLDER "%.*s", HENG_STR_ARG(name));
    if (path == NULL)
        return HENG_ERR_NOMEM;

    heng_status status = heng_file_read(path, FILE_BYTES_MAX, &bytes, &len, &error);
    if (status == HENG_ERR_NOMEM)
        return status;
    bool read = status == HENG_OK && read_file(zone, bytes, len, arena, &nomem);
    heng_alloc_free(bytes);
    if (nomem)
        return HENG_ERR_NOMEM;
    if (!read) {
        *ret_reason = heng_arena_printf(arena, "no time zone `%.*s` in " ZONE_FOLDER,
                                        HENG_STR_ARG(name));
        return *ret_reason == NULL ? HENG_ERR_NOMEM : HENG_ERR_INVALID;
    }
    return HENG_OK;
}

heng_status heng_zone_find(heng_str name, const heng_zone **ret_zone,
                           const char **ret_reason, heng_arena *arena) {
    heng_zone *zone = heng_arena_calloc(arena, 1, sizeof *zone);
    if (zone == NULL)
        return HENG_ERR_NOMEM;
    if (!read_fixed(name, &zone->standard) && !heng_str_equal(name, HENG_STR("UTC"))) {
        if (!is_name(name)) {
            *ret_reason = "a time zone is `UTC`, an offset such as `+08:00`, or a name "
                          "such as `Asia/Shanghai`";
            return HENG_ERR_INVALID;
        }
        heng_status status = find_file(zone, name, ret_reason, arena);
        if (status != HENG_OK)
            return status;
    }
    *ret_zone = zone;
    return HENG_OK;
}
