/* SPDX-License-Identifier: Apache-2.0 */
/*
 * fn_decimal.c: heng's decimal: exact sums of money. It computes with int on either
 * side; overflow is an error; products and quotients are rounded half to even.
 */
#include "cel/fn.h"

#define NATIVE(name)                                                                   \
    static heng_cel_value name(heng_cel_call *call, const heng_cel_value *args,        \
                               size_t count)

static heng_cel_value overflow(heng_cel_call *call) {
    return heng_cel_value_error(call->arena, HENG_CEL_ERR_OVERFLOW,
                                "the result is outside the range of decimal");
}

/* Either side as a decimal; false where an int is too large for one. */
static bool both(const heng_cel_value *args, heng_decimal ret_sides[2]) {
    for (size_t i = 0; i < 2; i++) {
        ret_sides[i] = args[i].as.decimal;
        if (args[i].kind == HENG_CEL_INT &&
            !heng_decimal_from_int(args[i].as.integer, &ret_sides[i]))
            return false;
    }
    return true;
}

#define OPERATION(name, function)                                                      \
    NATIVE(name) {                                                                     \
        heng_decimal sides[2];                                                         \
        heng_decimal result = 0;                                                       \
        (void)count;                                                                   \
        if (!both(args, sides) || !function(sides[0], sides[1], &result))              \
            return overflow(call);                                                     \
        return heng_cel_value_decimal(result);                                         \
    }
OPERATION(add, heng_decimal_add)
OPERATION(subtract, heng_decimal_subtract)
OPERATION(multiply, heng_decimal_multiply)

NATIVE(divide) {
    heng_decimal sides[2];
    heng_decimal result = 0;
    (void)count;
    if (!both(args, sides))
        return overflow(call);
    if (sides[1] == 0)
        return heng_cel_value_error(call->arena, HENG_CEL_ERR_DIVIDE_BY_ZERO,
                                    "division by zero");
    if (!heng_decimal_divide(sides[0], sides[1], &result))
        return overflow(call);
    return heng_cel_value_decimal(result);
}

NATIVE(negate) {
    heng_decimal result = 0;
    (void)count;
    if (!heng_decimal_negate(args[0].as.decimal, &result))
        return overflow(call);
    return heng_cel_value_decimal(result);
}

static heng_cel_value parse(heng_arena *arena, heng_cel_value text) {
    heng_decimal value = 0;
    heng_str str = heng_cel_value_str(text);
    size_t shown = str.len < 64 ? str.len : 64;
    if (!heng_decimal_parse(str, &value))
        return heng_cel_value_error(
            arena, HENG_CEL_ERR_ARGUMENT,
            "`%.*s` is no decimal: expected digits with at most four decimals",
            (int)shown, shown > 0 ? str.ptr : "");
    return heng_cel_value_decimal(value);
}

NATIVE(from_string) {
    (void)count;
    return parse(call->arena, args[0]);
}

static heng_cel_value prepare(heng_arena *arena, const heng_cel_value *args,
                              const bool *is_constant, size_t count,
                              void **ret_constant) {
    (void)count, (void)ret_constant;
    if (!is_constant[0] || args[0].kind != HENG_CEL_STRING)
        return heng_cel_value_null();
    heng_cel_value value = parse(arena, args[0]);
    return heng_cel_value_is_error(value) ? value : heng_cel_value_null();
}

NATIVE(from_int) {
    heng_decimal value = 0;
    (void)count;
    if (!heng_decimal_from_int(args[0].as.integer, &value))
        return overflow(call);
    return heng_cel_value_decimal(value);
}

NATIVE(same) {
    (void)call, (void)count;
    return args[0];
}

NATIVE(to_int) {
    (void)call, (void)count;
    return heng_cel_value_int(args[0].as.decimal / HENG_DECIMAL_ONE);
}

NATIVE(to_double) {
    (void)call, (void)count;
    return heng_cel_value_double((double)args[0].as.decimal / (double)HENG_DECIMAL_ONE);
}

NATIVE(to_string) {
    (void)count;
    return heng_cel_value_string(heng_cel_value_text(args[0], call->arena));
}

#define ROW(id, name, signature, run, doc, example)                                    \
    HENG_FN_ROW(id, name, signature, run, CONSTANT, 0, SMALL, doc, example)
#define OPERATOR(word, name, run, doc, one, two, three)                                \
    ROW(word "_decimal", name, "(decimal, decimal) -> decimal", run, doc, one),        \
        ROW(word "_decimal_int64", name, "(decimal, int) -> decimal", run, doc, two),  \
        ROW(word "_int64_decimal", name, "(int, decimal) -> decimal", run, doc, three)

static const heng_cel_overload ROWS[] = {
    {.id = "string_to_decimal",
     .name = "decimal",
     .signature = "(string) -> decimal",
     .run = from_string,
     .cost = HENG_CEL_COST_SUM,
     .size = HENG_CEL_SIZE_SMALL,
     .prepare = prepare,
     .doc = "The number written, exactly; more than four decimals are an error.",
     .example = "decimal('1.5') + decimal('0.25') == decimal('1.75')"},
    ROW("int64_to_decimal", "decimal", "(int) -> decimal", from_int,
        "The same number; outside the range is an error.", "decimal(2) == 2"),
    ROW("decimal_to_decimal", "decimal", "(decimal) -> decimal", same,
        "The same value.", "decimal(decimal('1.5')) == decimal('1.5')"),
    ROW("decimal_to_int64", "int", "(decimal) -> int", to_int,
        "The number cut towards zero.", "int(decimal('-1.9')) == -1"),
    ROW("decimal_to_double", "double", "(decimal) -> double", to_double,
        "The nearest double.", "double(decimal('0.5')) == 0.5"),
    ROW("decimal_to_string", "string", "(decimal) -> string", to_string,
        "The number without trailing zeros.", "string(decimal('1.50')) == '1.5'"),
    OPERATOR("add", "_+_", add, "The sum; overflow is an error.",
             "decimal('0.1') + decimal('0.2') == decimal('0.3')",
             "decimal('0.5') + 1 == decimal('1.5')",
             "1 + decimal('0.5') == decimal('1.5')"),
    OPERATOR("subtract", "_-_", subtract, "The difference; overflow is an error.",
             "decimal('0.3') - decimal('0.1') == decimal('0.2')",
             "decimal('1.5') - 1 == decimal('0.5')",
             "2 - decimal('0.5') == decimal('1.5')"),
    OPERATOR("multiply", "_*_", multiply,
             "The product, rounded half to even; overflow is an error.",
             "decimal('1.5') * decimal('1.5') == decimal('2.25')",
             "decimal('1.5') * 2 == 3", "2 * decimal('1.5') == 3"),
    OPERATOR("divide", "_/_", divide,
             "The quotient, rounded half to even; by 0 is an error.",
             "decimal('1') / decimal('3') == decimal('0.3333')",
             "decimal('1') / 4 == decimal('0.25')",
             "1 / decimal('8') == decimal('0.125')"),
    ROW("negate_decimal", "-_", "(decimal) -> decimal", negate,
        "The number with the other sign.", "-decimal('1.5') == decimal('-1.5')"),
};

HENG_FN_TABLE(decimal);
