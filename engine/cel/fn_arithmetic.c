/* SPDX-License-Identifier: Apache-2.0 */
/* fn_arithmetic.c: `+ - * / %`, negation and `!`, of int, uint, double and bool. */
#include "cel/fn.h"

static heng_cel_value overflow(heng_cel_call *call) {
    return heng_cel_value_error(call->arena, HENG_CEL_ERR_OVERFLOW, "`%s` overflows",
                                call->overload->name[0] == '_'
                                    ? (const char[]){call->overload->name[1], '\0'}
                                    : "-");
}

static heng_cel_value by_zero(heng_cel_call *call, const char *what) {
    return heng_cel_value_error(call->arena, HENG_CEL_ERR_DIVIDE_BY_ZERO, "%s by zero",
                                what);
}

#define NATIVE(name)                                                                   \
    static heng_cel_value name(heng_cel_call *call, const heng_cel_value *args,        \
                               size_t count)

NATIVE(add_int) {
    int64_t sum = 0;
    (void)count;
    if (__builtin_add_overflow(args[0].as.integer, args[1].as.integer, &sum))
        return overflow(call);
    return heng_cel_value_int(sum);
}

NATIVE(add_uint) {
    uint64_t sum = 0;
    (void)count;
    if (__builtin_add_overflow(args[0].as.uinteger, args[1].as.uinteger, &sum))
        return overflow(call);
    return heng_cel_value_uint(sum);
}

NATIVE(add_double) {
    (void)call, (void)count;
    return heng_cel_value_double(args[0].as.real + args[1].as.real);
}

NATIVE(subtract_int) {
    int64_t difference = 0;
    (void)count;
    if (__builtin_sub_overflow(args[0].as.integer, args[1].as.integer, &difference))
        return overflow(call);
    return heng_cel_value_int(difference);
}

NATIVE(subtract_uint) {
    (void)count;
    if (args[0].as.uinteger < args[1].as.uinteger)
        return overflow(call);
    return heng_cel_value_uint(args[0].as.uinteger - args[1].as.uinteger);
}

NATIVE(subtract_double) {
    (void)call, (void)count;
    return heng_cel_value_double(args[0].as.real - args[1].as.real);
}

NATIVE(multiply_int) {
    int64_t product = 0;
    (void)count;
    if (__builtin_mul_overflow(args[0].as.integer, args[1].as.integer, &product))
        return overflow(call);
    return heng_cel_value_int(product);
}

NATIVE(multiply_uint) {
    uint64_t product = 0;
    (void)count;
    if (__builtin_mul_overflow(args[0].as.uinteger, args[1].as.uinteger, &product))
        return overflow(call);
    return heng_cel_value_uint(product);
}

NATIVE(multiply_double) {
    (void)call, (void)count;
    return heng_cel_value_double(args[0].as.real * args[1].as.real);
}

NATIVE(divide_int) {
    (void)count;
    if (args[1].as.integer == 0)
        return by_zero(call, "division");
    if (args[0].as.integer == INT64_MIN && args[1].as.integer == -1)
        return overflow(call);
    return heng_cel_value_int(args[0].as.integer / args[1].as.integer);
}

NATIVE(divide_uint) {
    (void)count;
    if (args[1].as.uinteger == 0)
        return by_zero(call, "division");
    return heng_cel_value_uint(args[0].as.uinteger / args[1].as.uinteger);
}

NATIVE(divide_double) {
    double divisor = args[1].as.real;
    (void)count;
    (void)call;
    return heng_cel_value_double(args[0].as.real / divisor);
}

NATIVE(modulo_int) {
    (void)count;
    if (args[1].as.integer == 0)
        return by_zero(call, "modulus");
    if (args[0].as.integer == INT64_MIN && args[1].as.integer == -1)
        return overflow(call);
    return heng_cel_value_int(args[0].as.integer % args[1].as.integer);
}

NATIVE(modulo_uint) {
    (void)count;
    if (args[1].as.uinteger == 0)
        return by_zero(call, "modulus");
    return heng_cel_value_uint(args[0].as.uinteger % args[1].as.uinteger);
}

NATIVE(negate_int) {
    (void)count;
    if (args[0].as.integer == INT64_MIN)
        return overflow(call);
    return heng_cel_value_int(-args[0].as.integer);
}

NATIVE(negate_double) {
    (void)call, (void)count;
    return heng_cel_value_double(-args[0].as.real);
}

NATIVE(logical_not) {
    (void)call, (void)count;
    return heng_cel_value_bool(!args[0].as.boolean);
}

#define ROW(id, name, signature, run, doc, example)                                    \
    HENG_FN_ROW(id, name, signature, run, CONSTANT, 0, SMALL, doc, example)

static const heng_cel_overload ROWS[] = {
    ROW("add_int64", "_+_", "(int, int) -> int", add_int,
        "The sum; overflow is an error.", "1 + 2 == 3"),
    ROW("add_uint64", "_+_", "(uint, uint) -> uint", add_uint,
        "The sum; overflow is an error.", "1u + 2u == 3u"),
    ROW("add_double", "_+_", "(double, double) -> double", add_double, "The sum.",
        "1.5 + 2.5 == 4.0"),
    ROW("subtract_int64", "_-_", "(int, int) -> int", subtract_int,
        "The difference; overflow is an error.", "3 - 5 == -2"),
    ROW("subtract_uint64", "_-_", "(uint, uint) -> uint", subtract_uint,
        "The difference; below 0 is an error.", "3u - 2u == 1u"),
    ROW("subtract_double", "_-_", "(double, double) -> double", subtract_double,
        "The difference.", "1.5 - 2.0 == -0.5"),
    ROW("multiply_int64", "_*_", "(int, int) -> int", multiply_int,
        "The product; overflow is an error.", "3 * 5 == 15"),
    ROW("multiply_uint64", "_*_", "(uint, uint) -> uint", multiply_uint,
        "The product; overflow is an error.", "3u * 5u == 15u"),
    ROW("multiply_double", "_*_", "(double, double) -> double", multiply_double,
        "The product.", "1.5 * 2.0 == 3.0"),
    ROW("divide_int64", "_/_", "(int, int) -> int", divide_int,
        "The quotient, towards zero; by 0 is an error.", "7 / -2 == -3"),
    ROW("divide_uint64", "_/_", "(uint, uint) -> uint", divide_uint,
        "The quotient; by 0 is an error.", "7u / 2u == 3u"),
    ROW("divide_double", "_/_", "(double, double) -> double", divide_double,
        "The quotient.", "7.0 / 2.0 == 3.5"),
    ROW("modulo_int64", "_%_", "(int, int) -> int", modulo_int,
        "The remainder, with the sign of the left; by 0 is an error.", "-7 % 2 == -1"),
    ROW("modulo_uint64", "_%_", "(uint, uint) -> uint", modulo_uint,
        "The remainder; by 0 is an error.", "7u % 2u == 1u"),
    ROW("negate_int64", "-_", "(int) -> int", negate_int,
        "The number with the other sign; overflow is an error.", "-(5) == 0 - 5"),
    ROW("negate_double", "-_", "(double) -> double", negate_double,
        "The number with the other sign.", "-(1.5) == 0.0 - 1.5"),
    ROW("logical_not", "!_", "(bool) -> bool", logical_not, "Not.", "!false"),
};

HENG_FN_TABLE(arithmetic);
