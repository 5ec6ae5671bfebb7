/* SPDX-License-Identifier: Apache-2.0 */
/*
 * fn_compare.c: `==`, `!=` and the four orders.
 *
 * Numbers compare by value across int, uint, double and decimal. An order has one row
 * for each pair of types; all of them run the same function.
 */
#include "base/limits.h"
#include "cel/fn.h"

/* Work is counted beside the cost of the row: see heng_cel_value_equal_within(). */
static heng_cel_value compare(heng_cel_call *call, const heng_cel_value *args,
                              int wanted) {
    uint64_t work = HENG_LIMIT_CEL_WORK;
    int equal = heng_cel_value_equal_within(args[0], args[1], call->arena, &work);
    if (equal < 0)
        return heng_cel_value_error(call->arena, HENG_CEL_ERR_COST,
                                    "comparing the values takes too long");
    return heng_cel_value_bool(equal == wanted);
}

static heng_cel_value equals(heng_cel_call *call, const heng_cel_value *args,
                             size_t count) {
    (void)count;
    return compare(call, args, 1);
}

static heng_cel_value not_equals(heng_cel_call *call, const heng_cel_value *args,
                                 size_t count) {
    (void)count;
    return compare(call, args, 0);
}

static heng_cel_value less(heng_cel_call *call, const heng_cel_value *args,
                           size_t count) {
    (void)call, (void)count;
    return heng_cel_value_bool(heng_cel_value_order(args[0], args[1]) == -1);
}

static heng_cel_value less_equals(heng_cel_call *call, const heng_cel_value *args,
                                  size_t count) {
    (void)call, (void)count;
    return heng_cel_value_bool(heng_cel_value_order(args[0], args[1]) <= 0);
}

static heng_cel_value greater(heng_cel_call *call, const heng_cel_value *args,
                              size_t count) {
    (void)call, (void)count;
    return heng_cel_value_bool(heng_cel_value_order(args[0], args[1]) == 1);
}

static heng_cel_value greater_equals(heng_cel_call *call, const heng_cel_value *args,
                                     size_t count) {
    (void)call, (void)count;
    int order = heng_cel_value_order(args[0], args[1]);
    return heng_cel_value_bool(order == 0 || order == 1);
}

/* X(id, left, right, example's left and greater right) */
#define PAIRS(X)                                                                       \
    X(bool, "bool", "bool", "false", "true")                                           \
    X(int64, "int", "int", "1", "2")                                                   \
    X(int64_uint64, "int", "uint", "-1", "2u")                                         \
    X(int64_double, "int", "double", "1", "1.5")                                       \
    X(uint64, "uint", "uint", "1u", "2u")                                              \
    X(uint64_int64, "uint", "int", "1u", "2")                                          \
    X(uint64_double, "uint", "double", "1u", "1.5")                                    \
    X(double, "double", "double", "1.0", "1.5")                                        \
    X(double_int64, "double", "int", "1.5", "2")                                       \
    X(double_uint64, "double", "uint", "1.5", "2u")                                    \
    X(string, "string", "string", "'a'", "'b'")                                        \
    X(bytes, "bytes", "bytes", "b'a'", "b'b'")                                         \
    X(timestamp, "timestamp", "timestamp", "timestamp(1)", "timestamp(2)")             \
    X(duration, "duration", "duration", "duration('1s')", "duration('1m')")            \
    X(date, "date", "date", "date('2024-01-01')", "date('2024-01-02')")                \
    X(decimal, "decimal", "decimal", "decimal('1.5')", "decimal('1.6')")               \
    X(decimal_int64, "decimal", "int", "decimal('1.5')", "2")                          \
    X(int64_decimal, "int", "decimal", "1", "decimal('1.5')")

#define LESS(id, left, right, small, large)                                            \
    HENG_FN_ROW("less_" #id, "_<_", "(" left ", " right ") -> bool", less, LEAST, 0,   \
                SMALL, "Whether the left comes before the right.", small " < " large),
#define LESS_EQUALS(id, left, right, small, large)                                     \
    HENG_FN_ROW("less_equals_" #id, "_<=_", "(" left ", " right ") -> bool",           \
                less_equals, LEAST, 0, SMALL,                                          \
                "Whether the left comes before the right, or is equal to it.",         \
                small " <= " large),
#define GREATER(id, left, right, small, large)                                         \
    HENG_FN_ROW("greater_" #id, "_>_", "(" left ", " right ") -> bool", greater,       \
                LEAST, 0, SMALL, "Whether the left comes after the right.",            \
                "!(" small " > " large ")"),
#define GREATER_EQUALS(id, left, right, small, large)                                  \
    HENG_FN_ROW("greater_equals_" #id, "_>=_", "(" left ", " right ") -> bool",        \
                greater_equals, LEAST, 0, SMALL,                                       \
                "Whether the left comes after the right, or is equal to it.",          \
                "!(" small " >= " large ")"),

/* `(A, A)` does not cover them. */
#define EQUALITY(id, signature, left, right)                                           \
    HENG_FN_ROW("equals_" id, "_==_", signature, equals, CONSTANT, 0, SMALL,           \
                "Whether both are the same number.", left " == " right),               \
        HENG_FN_ROW("not_equals_" id, "_!=_", signature, not_equals, CONSTANT, 0,      \
                    SMALL, "Whether the numbers differ.", "!(" left " != " right ")")

static const heng_cel_overload ROWS[] = {
    HENG_FN_ROW("equals", "_==_", "(A, A) -> bool", equals, LEAST, 0, SMALL,
                "Whether both have the same value; numbers compare across types.",
                "[1, 2] == [1, 2]"),
    HENG_FN_ROW("not_equals", "_!=_", "(A, A) -> bool", not_equals, LEAST, 0, SMALL,
                "Whether the values differ.", "'a' != 'b'"),
    EQUALITY("decimal_int64", "(decimal, int) -> bool", "decimal('2')", "2"),
    EQUALITY("int64_decimal", "(int, decimal) -> bool", "2", "decimal('2')"),
    PAIRS(LESS) PAIRS(LESS_EQUALS) PAIRS(GREATER) PAIRS(GREATER_EQUALS)};

HENG_FN_TABLE(compare);
