/* SPDX-License-Identifier: Apache-2.0 */
/*
 * fn_time.c: timestamps and durations.
 *
 * A timestamp lies in the years 1 to 9999. A duration fits 64 bits of nanoseconds, some
 * 292 years, as in other CELs; what is longer is an error.
 */
#include "base/number.h"
#include "cel/fn.h"
#include "cel/zone.h"

#define NATIVE(name)                                                                   \
    static heng_cel_value name(heng_cel_call *call, const heng_cel_value *args,        \
                               size_t count)

#define SECOND ((int64_t)1000000000)
#define MILLION ((int64_t)1000000)
#define TIMESTAMP_MIN ((int64_t)-62135596800) /* 0001-01-01T00:00:00Z */
#define TIMESTAMP_MAX ((int64_t)253402300799) /* 9999-12-31T23:59:59Z */

static heng_cel_value out_of_range(heng_cel_call *call, const char *what) {
    return heng_cel_value_error(call->arena, HENG_CEL_ERR_OVERFLOW,
                                "the %s is out of range", what);
}

static heng_cel_value make_timestamp(heng_cel_call *call, int64_t seconds,
                                     int64_t nanos) {
    if (nanos < 0) {
        nanos += SECOND;
        seconds--;
    } else if (nanos >= SECOND) {
        nanos -= SECOND;
        seconds++;
    }
    if (seconds < TIMESTAMP_MIN || seconds > TIMESTAMP_MAX)
        return out_of_range(call, "timestamp");
    return heng_cel_value_timestamp(seconds, (uint32_t)nanos);
}

static heng_cel_value make_duration(int64_t nanos) {
    return heng_cel_value_duration(nanos / SECOND, (int32_t)(nanos % SECOND));
}

/* A duration in nanoseconds: it always fits, see make_duration(). */
static int64_t nanos_of(heng_cel_value duration) {
    return duration.as.integer * SECOND + (int32_t)duration.len;
}

/* ---- reading ---- */

static bool two_digits(heng_str text, size_t at, int *ret_value) {
    if (at + 2 > text.len || text.ptr[at] < '0' || text.ptr[at] > '9' ||
        text.ptr[at + 1] < '0' || text.ptr[at + 1] > '9')
        return false;
    *ret_value = (text.ptr[at] - '0') * 10 + (text.ptr[at + 1] - '0');
    return true;
}

static int64_t days_from_civil(int64_t year, int64_t month, int64_t day) {
    year -= month <= 2;
    int64_t era = (year >= 0 ? year : year - 399) / 400;
    int64_t year_of_era = year - era * 400;
    int64_t day_of_year = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
    return era * 146097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 +
           day_of_year - 719468;
}

static int days_in_month(int year, int month) {
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    return month == 2 && leap ? 29 : days[month - 1];
}

/* `.123456789`, at least one digit; those past nanoseconds are dropped. */
static size_t read_fraction(heng_str text, size_t at, int64_t *ret_nanos) {
    int64_t scale = SECOND / 10;
    size_t start = at;
    while (at < text.len && text.ptr[at] >= '0' && text.ptr[at] <= '9') {
        *ret_nanos += (text.ptr[at] - '0') * scale;
        scale /= 10;
        at++;
    }
    return at > start ? at : SIZE_MAX;
}

/* RFC 3339; false where it is not that. The range is looked at later. */
static bool read_timestamp(heng_str text, int64_t *ret_seconds, int64_t *ret_nanos) {
    int century = 0, year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0;
    int zone_hour = 0, zone_minute = 0;
    if (!two_digits(text, 0, &century) || !two_digits(text, 2, &year) ||
        !two_digits(text, 5, &month) || !two_digits(text, 8, &day) ||
        !two_digits(text, 11, &hour) || !two_digits(text, 14, &minute) ||
        !two_digits(text, 17, &second) || text.ptr[4] != '-' || text.ptr[7] != '-' ||
        text.ptr[10] != 'T' || text.ptr[13] != ':' || text.ptr[16] != ':')
        return false;
    year += century * 100;
    if (month < 1 || month > 12 || day < 1 || day > days_in_month(year, month) ||
        hour > 23 || minute > 59 || second > 59)
        return false;

    size_t at = 19;
    if (at < text.len && text.ptr[at] == '.') {
        at = read_fraction(text, at + 1, ret_nanos);
        if (at == SIZE_MAX)
            return false;
    }
    int64_t offset = 0;
    if (at + 1 != text.len || text.ptr[at] != 'Z') {
        if (at + 6 != text.len || (text.ptr[at] != '+' && text.ptr[at] != '-') ||
            !two_digits(text, at + 1, &zone_hour) || text.ptr[at + 3] != ':' ||
            !two_digits(text, at + 4, &zone_minute) || zone_hour > 23 ||
            zone_minute > 59)
            return false;
        offset = zone_hour * 3600 + zone_minute * 60;
        offset = text.ptr[at] == '-' ? -offset : offset;
    }
    *ret_seconds = days_from_civil(year, month, day) * 86400 + hour * 3600 +
                   minute * 60 + second - offset;
    return true;
}

static heng_cel_value refuse_text(heng_cel_call *call, heng_cel_value value,
                                  const char *what) {
    heng_str text = heng_cel_value_str(value);
    size_t shown = text.len < 64 ? text.len : 64;
    return heng_cel_value_error(call->arena, HENG_CEL_ERR_ARGUMENT, "`%.*s` is no %s",
                                (int)shown, shown > 0 ? text.ptr : "", what);
}

NATIVE(string_to_timestamp) {
    int64_t seconds = 0;
    int64_t nanos = 0;
    (void)count;
    if (!read_timestamp(heng_cel_value_str(args[0]), &seconds, &nanos))
        return refuse_text(call, args[0],
                           "timestamp: expected one such as `2024-03-15T08:00:00Z`");
    return make_timestamp(call, seconds, nanos);
}

NATIVE(int_to_timestamp) {
    (void)count;
    return make_timestamp(call, args[0].as.integer, 0);
}

static const struct {
    heng_str unit;
    int64_t nanos;
} UNITS[] = {{{"ns", 2}, 1},           {{"us", 2}, 1000},
             {{"\xc2\xb5s", 3}, 1000}, {{"\xce\xbcs", 3}, 1000},
             {{"ms", 2}, 1000000},     {{"s", 1}, SECOND},
             {{"m", 1}, 60 * SECOND},  {{"h", 1}, 3600 * SECOND}};

/* The unit at `*at`, the longest that fits; 0: none. */
static int64_t read_unit(heng_str text, size_t *at) {
    int64_t nanos = 0;
    size_t longest = 0;
    for (size_t i = 0; i < sizeof UNITS / sizeof UNITS[0]; i++) {
        heng_str unit = UNITS[i].unit;
        if (unit.len > longest && text.len - *at >= unit.len &&
            memcmp(text.ptr + *at, unit.ptr, unit.len) == 0) {
            longest = unit.len;
            nanos = UNITS[i].nanos;
        }
    }
    *at += longest;
    return nanos;
}

/* One `1.5h`, added with its sign. False where it is none, or too long. */
static bool read_part(heng_str text, size_t *at, bool negative, int64_t *total) {
    int64_t whole = 0;
    size_t start = *at;
    while (*at < text.len && text.ptr[*at] >= '0' && text.ptr[*at] <= '9') {
        if (!heng_number_multiply_int64(whole, 10, &whole) ||
            !heng_number_add_int64(whole, text.ptr[*at] - '0', &whole))
            return false;
        ++*at;
    }
    size_t digits = *at - start;
    size_t fraction = 0;
    size_t fraction_len = 0;
    if (*at < text.len && text.ptr[*at] == '.') {
        fraction = ++*at;
        while (*at < text.len && text.ptr[*at] >= '0' && text.ptr[*at] <= '9') {
            ++*at;
        }
        fraction_len = *at - fraction;
    }
    int64_t unit = *at < text.len ? read_unit(text, at) : 0;
    if (unit == 0 || digits + fraction_len == 0)
        return false;
    int64_t nanos = 0;
    if (!heng_number_multiply_int64(negative ? -whole : whole, unit, &nanos) ||
        !heng_number_add_int64(*total, nanos, total))
        return false;
    /* Twelve digits of the fraction in two halves, so that nothing overflows: the rest
     * is below a few nanoseconds even of an hour. */
    int64_t high = 0;
    int64_t low = 0;
    for (size_t i = 0; i < 12; i++) {
        int64_t digit = i < fraction_len ? text.ptr[fraction + i] - '0' : 0;
        if (i < 6) {
            high = high * 10 + digit;
        } else {
            low = low * 10 + digit;
        }
    }
    int64_t part = unit * high / MILLION +
                   (unit * high % MILLION * MILLION + unit * low) / (MILLION * MILLION);
    return heng_number_add_int64(*total, negative ? -part : part, total);
}

NATIVE(string_to_duration) {
    heng_str text = heng_cel_value_str(args[0]);
    static const char wanted[] = "duration: expected one such as `1h30m` or `-1.5s`";
    int64_t total = 0;
    (void)count;
    bool negative = text.len > 0 && text.ptr[0] == '-';
    size_t at = negative || (text.len > 0 && text.ptr[0] == '+') ? 1 : 0;
    if (text.len == at + 1 && text.ptr[at] == '0')
        return make_duration(0);
    if (at >= text.len)
        return refuse_text(call, args[0], wanted);
    while (at < text.len) {
        if (!read_part(text, &at, negative, &total))
            return refuse_text(call, args[0], wanted);
    }
    return make_duration(total);
}

/* ---- conversions and arithmetic ---- */

NATIVE(same) {
    (void)call, (void)count;
    return args[0];
}

NATIVE(timestamp_to_int) {
    (void)call, (void)count;
    return heng_cel_value_int(args[0].as.integer);
}

NATIVE(to_string) {
    (void)count;
    heng_str text = heng_cel_value_text(args[0], call->arena);
    if (text.ptr == NULL)
        return heng_cel_value_error(call->arena, HENG_CEL_ERR_MEMORY, "out of memory");
    return heng_cel_value_string(text);
}

static heng_cel_value move(heng_cel_call *call, heng_cel_value timestamp,
                           heng_cel_value duration, int sign) {
    return make_timestamp(call, timestamp.as.integer + sign * duration.as.integer,
                          (int64_t)timestamp.len + sign * (int32_t)duration.len);
}

NATIVE(add_timestamp_duration) {
    (void)count;
    return move(call, args[0], args[1], 1);
}

NATIVE(add_duration_timestamp) {
    (void)count;
    return move(call, args[1], args[0], 1);
}

NATIVE(subtract_timestamp_duration) {
    (void)count;
    return move(call, args[0], args[1], -1);
}

NATIVE(subtract_timestamp_timestamp) {
    int64_t seconds = args[0].as.integer - args[1].as.integer;
    int64_t nanos = 0;
    (void)count;
    if (!heng_number_multiply_int64(seconds, SECOND, &nanos) ||
        !heng_number_add_int64(nanos, (int64_t)args[0].len - (int64_t)args[1].len,
                               &nanos))
        return out_of_range(call, "duration");
    return make_duration(nanos);
}

NATIVE(add_durations) {
    int64_t nanos = 0;
    (void)count;
    if (!heng_number_add_int64(nanos_of(args[0]), nanos_of(args[1]), &nanos))
        return out_of_range(call, "duration");
    return make_duration(nanos);
}

NATIVE(subtract_durations) {
    int64_t nanos = 0;
    (void)count;
    if (!heng_number_subtract_int64(nanos_of(args[0]), nanos_of(args[1]), &nanos))
        return out_of_range(call, "duration");
    return make_duration(nanos);
}

/* ---- parts ---- */

/* What a getter asks for. ORDER time-part: GETTERS. */
typedef enum time_part {
    FULL_YEAR,
    MONTH,
    DATE,
    DAY_OF_MONTH,
    DAY_OF_WEEK,
    DAY_OF_YEAR,
    HOURS,
    MINUTES,
    SECONDS,
    MILLISECONDS,
} time_part;

/* `local` counts seconds of local time since 1970. */
static int64_t part_of(int64_t local, uint32_t nanos, time_part part) {
    int64_t days = local / 86400 - (local % 86400 < 0);
    int64_t rest = local - days * 86400;
    int64_t year = 1970 + days * 400 / 146097;
    while (days < days_from_civil(year, 1, 1)) {
        year--;
    }
    while (days >= days_from_civil(year + 1, 1, 1)) {
        year++;
    }
    int month = 1;
    while (month < 12 && days >= days_from_civil(year, month + 1, 1)) {
        month++;
    }
    int64_t day = days - days_from_civil(year, month, 1);
    switch (part) {
    case FULL_YEAR:
        return year;
    case MONTH:
        return month - 1;
    case DATE:
        return day + 1;
    case DAY_OF_MONTH:
        return day;
    case DAY_OF_WEEK:
        return ((days + 4) % 7 + 7) % 7;
    case DAY_OF_YEAR:
        return days - days_from_civil(year, 1, 1);
    case HOURS:
        return rest / 3600;
    case MINUTES:
        return rest / 60 % 60;
    case SECONDS:
        return rest % 60;
    case MILLISECONDS:
        return nanos / 1000000;
    }
    return 0;
}

static heng_cel_value zone_of(heng_arena *arena, heng_cel_value name,
                              const heng_zone **ret_zone) {
    const char *reason = NULL;
    heng_status status =
        heng_zone_find(heng_cel_value_str(name), ret_zone, &reason, arena);
    if (status == HENG_ERR_INVALID)
        return heng_cel_value_error(arena, HENG_CEL_ERR_ARGUMENT, "%s", reason);
    if (status != HENG_OK)
        return heng_cel_value_error(arena, HENG_CEL_ERR_MEMORY, "out of memory");
    return heng_cel_value_null();
}

/* A constant zone is read once. One that is not there is an error of the evaluation:
 * the same rules load on a machine without zone data. */
static heng_cel_value prepare_zone(heng_arena *arena, const heng_cel_value *args,
                                   const bool *is_constant, size_t count,
                                   void **ret_constant) {
    const char *reason = NULL;
    const heng_zone *zone = NULL;
    if (count < 2 || !is_constant[1] || args[1].kind != HENG_CEL_STRING)
        return heng_cel_value_null();
    heng_status status =
        heng_zone_find(heng_cel_value_str(args[1]), &zone, &reason, arena);
    if (status == HENG_ERR_NOMEM)
        return heng_cel_value_error(arena, HENG_CEL_ERR_MEMORY, "out of memory");
    if (status == HENG_OK) {
        const heng_zone **held = heng_arena_alloc(arena, sizeof(const heng_zone *));
        if (held == NULL)
            return heng_cel_value_error(arena, HENG_CEL_ERR_MEMORY, "out of memory");
        *held = zone;
        *ret_constant = held;
    }
    return heng_cel_value_null();
}

static heng_cel_value get_part(heng_cel_call *call, const heng_cel_value *args,
                               size_t count, time_part part) {
    int64_t local = args[0].as.integer;
    if (count == 2) {
        const heng_zone *zone = NULL;
        if (call->constant != NULL) {
            zone = *(const heng_zone **)call->constant;
        } else {
            heng_cel_value found = zone_of(call->arena, args[1], &zone);
            if (heng_cel_value_is_error(found))
                return found;
        }
        local += heng_zone_offset(zone, local);
    }
    return heng_cel_value_int(part_of(local, args[0].len, part));
}

/* X(function, part, CEL's name, id, doc, example of 2009-02-13T23:31:30.5Z) */
#define GETTERS(X)                                                                     \
    X(get_full_year, FULL_YEAR, "getFullYear", "timestamp_to_year", "The year.",       \
      "2009")                                                                          \
    X(get_month, MONTH, "getMonth", "timestamp_to_month", "The month, from 0.", "1")   \
    X(get_date, DATE, "getDate", "timestamp_to_day_of_month_1_based",                  \
      "The day of the month, from 1.", "13")                                           \
    X(get_day_of_month, DAY_OF_MONTH, "getDayOfMonth", "timestamp_to_day_of_month",    \
      "The day of the month, from 0.", "12")                                           \
    X(get_day_of_week, DAY_OF_WEEK, "getDayOfWeek", "timestamp_to_day_of_week",        \
      "The day of the week; 0 is Sunday.", "5")                                        \
    X(get_day_of_year, DAY_OF_YEAR, "getDayOfYear", "timestamp_to_day_of_year",        \
      "The day of the year, from 0.", "43")                                            \
    X(get_hours, HOURS, "getHours", "timestamp_to_hours", "The hour.", "23")           \
    X(get_minutes, MINUTES, "getMinutes", "timestamp_to_minutes", "The minute.", "31") \
    X(get_seconds, SECONDS, "getSeconds", "timestamp_to_seconds", "The second.", "30") \
    X(get_milliseconds, MILLISECONDS, "getMilliseconds", "timestamp_to_milliseconds",  \
      "The milliseconds of the second.", "500")

#define GETTER(function, part_, name, id, doc, example)                                \
    NATIVE(function) {                                                                 \
        return get_part(call, args, count, part_);                                     \
    }
GETTERS(GETTER)

NATIVE(duration_hours) {
    (void)call, (void)count;
    return heng_cel_value_int(args[0].as.integer / 3600);
}

NATIVE(duration_minutes) {
    (void)call, (void)count;
    return heng_cel_value_int(args[0].as.integer / 60);
}

NATIVE(duration_seconds) {
    (void)call, (void)count;
    return heng_cel_value_int(args[0].as.integer);
}

NATIVE(duration_milliseconds) {
    (void)call, (void)count;
    return heng_cel_value_int((int32_t)args[0].len / 1000000);
}

#define ROW(id, name, signature, run, doc, example)                                    \
    HENG_FN_ROW(id, name, signature, run, CONSTANT, 0, SMALL, doc, example)
#define TEXT_ROW(id, name, signature, run, doc, example)                               \
    HENG_FN_ROW(id, name, signature, run, SUM, 0, SMALL, doc, example)

#define GETTER_ROWS(function, part_, name_, id_, doc_, example_)                       \
    ROW(id_, name_, "timestamp.() -> int", function, doc_ " In UTC.",                  \
        "timestamp('2009-02-13T23:31:30.5Z')." name_ "() == " example_),               \
        {.id = id_ "_with_tz",                                                         \
         .name = name_,                                                                \
         .signature = "timestamp.(string) -> int",                                     \
         .run = function,                                                              \
         .cost = HENG_CEL_COST_CONSTANT,                                               \
         .cost_base = 16,                                                              \
         .size = HENG_CEL_SIZE_SMALL,                                                  \
         .prepare = prepare_zone,                                                      \
         .doc = doc_ " In a time zone.",                                               \
         .example =                                                                    \
             "timestamp('2009-02-13T23:31:30.5Z')." name_ "('UTC') == " example_},

static const heng_cel_overload ROWS[] = {
    ROW("timestamp_to_timestamp", "timestamp", "(timestamp) -> timestamp", same,
        "The same value.", "timestamp(timestamp(5)) == timestamp(5)"),
    TEXT_ROW("string_to_timestamp", "timestamp", "(string) -> timestamp",
             string_to_timestamp, "The instant written in RFC 3339.",
             "timestamp('1970-01-01T00:00:05Z') == timestamp(5)"),
    ROW("int64_to_timestamp", "timestamp", "(int) -> timestamp", int_to_timestamp,
        "So many seconds after 1970 began in UTC.",
        "timestamp(0) == timestamp('1970-01-01T00:00:00Z')"),
    ROW("duration_to_duration", "duration", "(duration) -> duration", same,
        "The same value.", "duration(duration('1s')) == duration('1s')"),
    TEXT_ROW("string_to_duration", "duration", "(string) -> duration",
             string_to_duration, "The length written in h, m, s, ms, us and ns.",
             "duration('1h30m') == duration('90m')"),
    ROW("timestamp_to_int64", "int", "(timestamp) -> int", timestamp_to_int,
        "Whole seconds since 1970 began in UTC.", "int(timestamp(5)) == 5"),
    ROW("timestamp_to_string", "string", "(timestamp) -> string", to_string,
        "In RFC 3339 and UTC.", "string(timestamp(0)) == '1970-01-01T00:00:00Z'"),
    ROW("duration_to_string", "string", "(duration) -> string", to_string,
        "In seconds.", "string(duration('90m')) == '5400s'"),
    ROW("add_timestamp_duration", "_+_", "(timestamp, duration) -> timestamp",
        add_timestamp_duration, "The instant so much later.",
        "timestamp(0) + duration('5s') == timestamp(5)"),
    ROW("add_duration_timestamp", "_+_", "(duration, timestamp) -> timestamp",
        add_duration_timestamp, "The instant so much later.",
        "duration('5s') + timestamp(0) == timestamp(5)"),
    ROW("add_duration_duration", "_+_", "(duration, duration) -> duration",
        add_durations, "Both together.",
        "duration('1s') + duration('2s') == duration('3s')"),
    ROW("subtract_timestamp_timestamp", "_-_", "(timestamp, timestamp) -> duration",
        subtract_timestamp_timestamp, "How long after the right the left is.",
        "timestamp(5) - timestamp(2) == duration('3s')"),
    ROW("subtract_timestamp_duration", "_-_", "(timestamp, duration) -> timestamp",
        subtract_timestamp_duration, "The instant so much earlier.",
        "timestamp(5) - duration('5s') == timestamp(0)"),
    ROW("subtract_duration_duration", "_-_", "(duration, duration) -> duration",
        subtract_durations, "By how much the left is longer.",
        "duration('3s') - duration('1s') == duration('2s')"),
    GETTERS(GETTER_ROWS)
        ROW("duration_to_hours", "getHours", "duration.() -> int", duration_hours,
            "All of it in whole hours.", "duration('90m').getHours() == 1"),
    ROW("duration_to_minutes", "getMinutes", "duration.() -> int", duration_minutes,
        "All of it in whole minutes.", "duration('90s').getMinutes() == 1"),
    ROW("duration_to_seconds", "getSeconds", "duration.() -> int", duration_seconds,
        "All of it in whole seconds.", "duration('1.5s').getSeconds() == 1"),
    ROW("duration_to_milliseconds", "getMilliseconds", "duration.() -> int",
        duration_milliseconds, "The milliseconds after its whole seconds.",
        "duration('1.5s').getMilliseconds() == 500"),
};

HENG_FN_TABLE(time);
