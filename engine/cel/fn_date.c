/* SPDX-License-Identifier: Apache-2.0 */
/*
 * fn_date.c: heng's date and period. A day outside 1900-01-01 to 2200-12-31 is an
 * error. A period has no order: whether a month is longer than 30 days depends on the
 * month.
 */
#include "cel/fn.h"

#define NATIVE(name)                                                                   \
    static heng_cel_value name(heng_cel_call *call, const heng_cel_value *args,        \
                               size_t count)

static heng_date date_of(heng_cel_value value) {
    return (heng_date)value.as.integer;
}

static heng_cel_value outside(heng_cel_call *call) {
    return heng_cel_value_error(
        call->arena, HENG_CEL_ERR_OVERFLOW,
        "the day is outside the calendar of 1900-01-01 to 2200-12-31");
}

NATIVE(add) {
    heng_date day = 0;
    (void)count;
    if (!heng_date_add(date_of(args[0]), args[1].as.period, &day))
        return outside(call);
    return heng_cel_value_date(day);
}

NATIVE(add_flipped) {
    heng_date day = 0;
    (void)count;
    if (!heng_date_add(date_of(args[1]), args[0].as.period, &day))
        return outside(call);
    return heng_cel_value_date(day);
}

NATIVE(subtract) {
    heng_date day = 0;
    (void)count;
    if (!heng_date_subtract(date_of(args[0]), args[1].as.period, &day))
        return outside(call);
    return heng_cel_value_date(day);
}

NATIVE(difference) {
    (void)call, (void)count;
    return heng_cel_value_int(args[0].as.integer - args[1].as.integer);
}

static heng_cel_value parse_date(heng_arena *arena, heng_cel_value text) {
    heng_date day = 0;
    heng_str str = heng_cel_value_str(text);
    size_t shown = str.len < 64 ? str.len : 64;
    if (!heng_date_parse(str, &day))
        return heng_cel_value_error(
            arena, HENG_CEL_ERR_ARGUMENT,
            "`%.*s` is no day: expected YYYY-MM-DD, 1900-01-01 to 2200-12-31",
            (int)shown, shown > 0 ? str.ptr : "");
    return heng_cel_value_date(day);
}

static heng_cel_value parse_period(heng_arena *arena, heng_cel_value text) {
    heng_period period = {0, 0};
    heng_str str = heng_cel_value_str(text);
    size_t shown = str.len < 64 ? str.len : 64;
    if (!heng_period_parse(str, &period))
        return heng_cel_value_error(arena, HENG_CEL_ERR_ARGUMENT,
                                    "`%.*s` is no period: expected years, months, "
                                    "weeks and days, as in `P1Y6M`",
                                    (int)shown, shown > 0 ? str.ptr : "");
    return heng_cel_value_period(period);
}

NATIVE(string_to_date) {
    (void)count;
    return parse_date(call->arena, args[0]);
}

NATIVE(string_to_period) {
    (void)count;
    return parse_period(call->arena, args[0]);
}

static heng_cel_value prepare_date(heng_arena *arena, const heng_cel_value *args,
                                   const bool *is_constant, size_t count,
                                   void **ret_constant) {
    (void)count, (void)ret_constant;
    if (!is_constant[0] || args[0].kind != HENG_CEL_STRING)
        return heng_cel_value_null();
    heng_cel_value value = parse_date(arena, args[0]);
    return heng_cel_value_is_error(value) ? value : heng_cel_value_null();
}

static heng_cel_value prepare_period(heng_arena *arena, const heng_cel_value *args,
                                     const bool *is_constant, size_t count,
                                     void **ret_constant) {
    (void)count, (void)ret_constant;
    if (!is_constant[0] || args[0].kind != HENG_CEL_STRING)
        return heng_cel_value_null();
    heng_cel_value value = parse_period(arena, args[0]);
    return heng_cel_value_is_error(value) ? value : heng_cel_value_null();
}

NATIVE(same) {
    (void)call, (void)count;
    return args[0];
}

NATIVE(to_string) {
    (void)count;
    return heng_cel_value_string(heng_cel_value_text(args[0], call->arena));
}

NATIVE(year) {
    (void)call, (void)count;
    return heng_cel_value_int(heng_date_civil(date_of(args[0])).year);
}

NATIVE(month) {
    (void)call, (void)count;
    return heng_cel_value_int(heng_date_civil(date_of(args[0])).month);
}

NATIVE(day) {
    (void)call, (void)count;
    return heng_cel_value_int(heng_date_civil(date_of(args[0])).day);
}

#define ROW(id, name, signature, run, doc, example)                                    \
    HENG_FN_ROW(id, name, signature, run, CONSTANT, 0, SMALL, doc, example)

static const heng_cel_overload ROWS[] = {
    {.id = "string_to_date",
     .name = "date",
     .signature = "(string) -> date",
     .run = string_to_date,
     .cost = HENG_CEL_COST_SUM,
     .size = HENG_CEL_SIZE_SMALL,
     .prepare = prepare_date,
     .doc = "The day written as YYYY-MM-DD.",
     .example = "date('2024-02-29').day() == 29"},
    ROW("date_to_date", "date", "(date) -> date", same, "The same day.",
        "date(date('2024-01-01')) == date('2024-01-01')"),
    {.id = "string_to_period",
     .name = "period",
     .signature = "(string) -> period",
     .run = string_to_period,
     .cost = HENG_CEL_COST_SUM,
     .size = HENG_CEL_SIZE_SMALL,
     .prepare = prepare_period,
     .doc = "The period written in ISO 8601: years, months, weeks and days.",
     .example = "period('P1Y') == period('P12M')"},
    ROW("period_to_period", "period", "(period) -> period", same, "The same period.",
        "period(period('P1Y')) == period('P1Y')"),
    ROW("date_to_string", "string", "(date) -> string", to_string, "YYYY-MM-DD.",
        "string(date('2024-01-01')) == '2024-01-01'"),
    ROW("period_to_string", "string", "(period) -> string", to_string,
        "In ISO 8601, as short as may be.", "string(period('P18M')) == 'P1Y6M'"),
    ROW("add_date_period", "_+_", "(date, period) -> date", add,
        "Months first, clamped to the end of the month, then days.",
        "date('2024-01-31') + period('P1M') == date('2024-02-29')"),
    ROW("add_period_date", "_+_", "(period, date) -> date", add_flipped,
        "Months first, clamped to the end of the month, then days.",
        "period('P1D') + date('2024-01-31') == date('2024-02-01')"),
    ROW("subtract_date_period", "_-_", "(date, period) -> date", subtract,
        "Months first, clamped to the end of the month, then days.",
        "date('2024-03-31') - period('P1M') == date('2024-02-29')"),
    ROW("subtract_date_date", "_-_", "(date, date) -> int", difference,
        "The number of days from the right to the left.",
        "date('2024-03-01') - date('2024-02-01') == 29"),
    ROW("date_year", "year", "date.() -> int", year, "The year.",
        "date('2024-03-01').year() == 2024"),
    ROW("date_month", "month", "date.() -> int", month, "The month, from 1.",
        "date('2024-03-01').month() == 3"),
    ROW("date_day", "day", "date.() -> int", day, "The day of the month, from 1.",
        "date('2024-03-01').day() == 1"),
};

HENG_FN_TABLE(date);
