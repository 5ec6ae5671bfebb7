/* SPDX-License-Identifier: Apache-2.0 */
/* fn_math.c: the `math` extension. */
#include <math.h>

#include "cel/fn.h"
#include "cel/vm_data.h"

#define NATIVE(name)                                                                   \
    static heng_cel_value name(heng_cel_call *call, const heng_cel_value *args,        \
                               size_t count)

static bool is_number(uint8_t kind) {
    return kind == HENG_CEL_INT || kind == HENG_CEL_UINT || kind == HENG_CEL_DOUBLE ||
           kind == HENG_CEL_DECIMAL;
}

/* The greatest (wanted 1) or least (-1); the first of equal ones. */
static heng_cel_value extreme(heng_cel_call *call, const heng_cel_value *args,
                              size_t count, const heng_cel_list *list, int wanted) {
    size_t total = list != NULL ? list->count : count;
    heng_cel_value best = heng_cel_value_null();
    for (size_t i = 0; i < total; i++) {
        heng_cel_value item =
            list != NULL ? heng_cel_value_item(list, i, call->arena) : args[i];
        if (!is_number(item.kind))
            return heng_cel_value_is_error(item)
                       ? item
                       : heng_vm_data_no_overload(heng_str_of(call->overload->name),
                                                  &item, 1, call->arena);
        if (item.kind == HENG_CEL_DOUBLE && isnan(item.as.real) && total > 1)
            return heng_cel_value_error(call->arena, HENG_CEL_ERR_ARGUMENT,
                                        "%s of NaN, which has no order",
                                        call->overload->name);
        if (i == 0 || heng_cel_value_order(item, best) == wanted) {
            best = item;
        }
    }
    if (total == 0)
        return heng_cel_value_error(call->arena, HENG_CEL_ERR_ARGUMENT,
                                    "%s of an empty list", call->overload->name);
    return best;
}

NATIVE(greatest) {
    return extreme(call, args, count, NULL, 1);
}

NATIVE(greatest_list) {
    return extreme(call, args, count, args[0].as.list, 1);
}

NATIVE(least) {
    return extreme(call, args, count, NULL, -1);
}

NATIVE(least_list) {
    return extreme(call, args, count, args[0].as.list, -1);
}

#define OF_DOUBLE(name, function)                                                      \
    NATIVE(name) {                                                                     \
        (void)call, (void)count;                                                       \
        return heng_cel_value_double(function(args[0].as.real));                       \
    }
OF_DOUBLE(ceil_double, ceil)
OF_DOUBLE(floor_double, floor)
OF_DOUBLE(round_double, round)
OF_DOUBLE(trunc_double, trunc)
OF_DOUBLE(abs_double, fabs)
OF_DOUBLE(sqrt_double, sqrt)

NATIVE(sqrt_int) {
    (void)call, (void)count;
    return heng_cel_value_double(sqrt((double)args[0].as.integer));
}

NATIVE(sqrt_uint) {
    (void)call, (void)count;
    return heng_cel_value_double(sqrt((double)args[0].as.uinteger));
}

NATIVE(is_nan) {
    (void)call, (void)count;
    return heng_cel_value_bool(isnan(args[0].as.real) != 0);
}

NATIVE(is_inf) {
    (void)call, (void)count;
    return heng_cel_value_bool(isinf(args[0].as.real) != 0);
}

NATIVE(is_finite) {
    (void)call, (void)count;
    return heng_cel_value_bool(isfinite(args[0].as.real) != 0);
}

NATIVE(abs_int) {
    (void)count;
    if (args[0].as.integer == INT64_MIN)
        return heng_cel_value_error(call->arena, HENG_CEL_ERR_OVERFLOW,
                                    "math.abs overflows");
    return heng_cel_value_int(args[0].as.integer < 0 ? -args[0].as.integer
                                                     : args[0].as.integer);
}

NATIVE(same) {
    (void)call, (void)count;
    return args[0];
}

NATIVE(sign_int) {
    (void)call, (void)count;
    return heng_cel_value_int((args[0].as.integer > 0) - (args[0].as.integer < 0));
}

NATIVE(sign_uint) {
    (void)call, (void)count;
    return heng_cel_value_uint(args[0].as.uinteger > 0 ? 1 : 0);
}

NATIVE(sign_double) {
    double value = args[0].as.real;
    (void)call, (void)count;
    if (isnan(value))
        return args[0];
    return heng_cel_value_double((value > 0) - (value < 0));
}

#define BITS(name, operator)                                                           \
    NATIVE(name##_int) {                                                               \
        (void)call, (void)count;                                                       \
        return heng_cel_value_int(                                                     \
            (int64_t)(args[0].as.uinteger operator args[1].as.uinteger));              \
    }                                                                                  \
    NATIVE(name##_uint) {                                                              \
        (void)call, (void)count;                                                       \
        return heng_cel_value_uint(args[0].as.uinteger operator args[1].as.uinteger);  \
    }
BITS(bit_and, &)
BITS(bit_or, |)
BITS(bit_xor, ^)

NATIVE(bit_not_int) {
    (void)call, (void)count;
    return heng_cel_value_int(~args[0].as.integer);
}

NATIVE(bit_not_uint) {
    (void)call, (void)count;
    return heng_cel_value_uint(~args[0].as.uinteger);
}

/* Shifts fill with zeros, for int too; past the width all bits are gone. */
static heng_cel_value shift(heng_cel_call *call, const heng_cel_value *args,
                            bool left) {
    int64_t by = args[1].as.integer;
    heng_cel_value shifted = args[0];
    if (by < 0)
        return heng_cel_value_error(call->arena, HENG_CEL_ERR_ARGUMENT,
                                    "%s by a negative number of bits: %lld",
                                    call->overload->name, (long long)by);
    if (by >= 64) {
        shifted.as.uinteger = 0;
    } else {
        shifted.as.uinteger =
            left ? args[0].as.uinteger << by : args[0].as.uinteger >> by;
    }
    return shifted;
}

NATIVE(shift_left) {
    (void)count;
    return shift(call, args, true);
}

NATIVE(shift_right) {
    (void)count;
    return shift(call, args, false);
}

#define ROW(id, name, signature, run, doc, example)                                    \
    HENG_FN_ROW(id, name, signature, run, CONSTANT, 0, SMALL, doc, example)
#define LIST_ROW(id, name, signature, run, doc, example)                               \
    HENG_FN_ROW(id, name, signature, run, LIST, 0, SMALL, doc, example)

/* One type throughout, then pairs of different ones, then anything. X(function, id,
 * run, run for lists, doc, 1 and 2 in the example) */
#define EXTREMES(X_, id_, run_, run_list_, doc_, best_)                                \
    ROW(id_ "_int", X_, "(int) -> int", run_, doc_, X_ "(1) == 1"),                    \
        ROW(id_ "_uint", X_, "(uint) -> uint", run_, doc_, X_ "(1u) == 1u"),           \
        ROW(id_ "_double", X_, "(double) -> double", run_, doc_, X_ "(1.5) == 1.5"),   \
        ROW(id_ "_decimal", X_, "(decimal) -> decimal", run_, doc_,                    \
            X_ "(decimal('1')) == 1"),                                                 \
        LIST_ROW(id_ "_list_int", X_, "(list(int)) -> int", run_list_, doc_,           \
                 X_ "([1, 2]) == " best_),                                             \
        LIST_ROW(id_ "_list_uint", X_, "(list(uint)) -> uint", run_list_, doc_,        \
                 X_ "([1u, 2u]) == " best_ "u"),                                       \
        LIST_ROW(id_ "_list_double", X_, "(list(double)) -> double", run_list_, doc_,  \
                 X_ "([1.0, 2.0]) == " best_ ".0"),                                    \
        LIST_ROW(id_ "_list_decimal", X_, "(list(decimal)) -> decimal", run_list_,     \
                 doc_, X_ "([decimal('1'), decimal('2')]) == " best_),                 \
        LIST_ROW(id_ "_list_dyn", X_, "(list(dyn)) -> dyn", run_list_, doc_,           \
                 X_ "([dyn(1), 2.0]) == " best_),                                      \
        LIST_ROW(id_ "_int_int", X_, "(int, int...) -> int", run_, doc_,               \
                 X_ "(1, 2) == " best_),                                               \
        LIST_ROW(id_ "_uint_uint", X_, "(uint, uint...) -> uint", run_, doc_,          \
                 X_ "(1u, 2u) == " best_ "u"),                                         \
        LIST_ROW(id_ "_double_double", X_, "(double, double...) -> double", run_,      \
                 doc_, X_ "(1.0, 2.0) == " best_ ".0"),                                \
        LIST_ROW(id_ "_decimal_decimal", X_, "(decimal, decimal...) -> decimal", run_, \
                 doc_, X_ "(decimal('1'), decimal('2')) == " best_),                   \
        LIST_ROW(id_ "_dyn_dyn", X_, "(dyn, dyn...) -> dyn", run_, doc_,               \
                 X_ "(1, 2.0) == " best_)

static const heng_cel_overload ROWS[] = {
    EXTREMES("math.greatest", "math_@max", greatest, greatest_list,
             "The greatest of the numbers.", "2"),
    EXTREMES("math.least", "math_@min", least, least_list, "The least of the numbers.",
             "1"),
    ROW("math_ceil_double", "math.ceil", "(double) -> double", ceil_double,
        "The next whole number up.", "math.ceil(1.2) == 2.0"),
    ROW("math_floor_double", "math.floor", "(double) -> double", floor_double,
        "The next whole number down.", "math.floor(-1.2) == -2.0"),
    ROW("math_round_double", "math.round", "(double) -> double", round_double,
        "The nearest whole number; half goes away from 0.", "math.round(-1.5) == -2.0"),
    ROW("math_trunc_double", "math.trunc", "(double) -> double", trunc_double,
        "The whole part.", "math.trunc(-1.9) == -1.0"),
    ROW("math_sqrt_double", "math.sqrt", "(double) -> double", sqrt_double,
        "The square root; NaN of a negative number.", "math.sqrt(81.0) == 9.0"),
    ROW("math_sqrt_int", "math.sqrt", "(int) -> double", sqrt_int,
        "The square root; NaN of a negative number.", "math.sqrt(81) == 9.0"),
    ROW("math_sqrt_uint", "math.sqrt", "(uint) -> double", sqrt_uint,
        "The square root.", "math.sqrt(81u) == 9.0"),
    ROW("math_isNaN_double", "math.isNaN", "(double) -> bool", is_nan,
        "Whether it is no number.", "math.isNaN(0.0 / 0.0)"),
    ROW("math_isInf_double", "math.isInf", "(double) -> bool", is_inf,
        "Whether it is infinite.", "math.isInf(1.0 / 0.0)"),
    ROW("math_isFinite_double", "math.isFinite", "(double) -> bool", is_finite,
        "Whether it is neither NaN nor infinite.", "math.isFinite(1.0)"),
    ROW("math_abs_double", "math.abs", "(double) -> double", abs_double,
        "The number without its sign.", "math.abs(-1.5) == 1.5"),
    ROW("math_abs_int", "math.abs", "(int) -> int", abs_int,
        "The number without its sign; overflow is an error.", "math.abs(-1) == 1"),
    ROW("math_abs_uint", "math.abs", "(uint) -> uint", same, "The same number.",
        "math.abs(1u) == 1u"),
    ROW("math_sign_double", "math.sign", "(double) -> double", sign_double,
        "-1, 0 or 1; NaN of NaN.", "math.sign(-1.5) == -1.0"),
    ROW("math_sign_int", "math.sign", "(int) -> int", sign_int, "-1, 0 or 1.",
        "math.sign(-5) == -1"),
    ROW("math_sign_uint", "math.sign", "(uint) -> uint", sign_uint, "0 or 1.",
        "math.sign(5u) == 1u"),
    ROW("math_bitAnd_int_int", "math.bitAnd", "(int, int) -> int", bit_and_int,
        "The bits set in both.", "math.bitAnd(3, 5) == 1"),
    ROW("math_bitAnd_uint_uint", "math.bitAnd", "(uint, uint) -> uint", bit_and_uint,
        "The bits set in both.", "math.bitAnd(3u, 5u) == 1u"),
    ROW("math_bitOr_int_int", "math.bitOr", "(int, int) -> int", bit_or_int,
        "The bits set in either.", "math.bitOr(3, 5) == 7"),
    ROW("math_bitOr_uint_uint", "math.bitOr", "(uint, uint) -> uint", bit_or_uint,
        "The bits set in either.", "math.bitOr(3u, 5u) == 7u"),
    ROW("math_bitXor_int_int", "math.bitXor", "(int, int) -> int", bit_xor_int,
        "The bits set in one only.", "math.bitXor(3, 5) == 6"),
    ROW("math_bitXor_uint_uint", "math.bitXor", "(uint, uint) -> uint", bit_xor_uint,
        "The bits set in one only.", "math.bitXor(3u, 5u) == 6u"),
    ROW("math_bitNot_int_int", "math.bitNot", "(int) -> int", bit_not_int,
        "All bits turned.", "math.bitNot(1) == -2"),
    ROW("math_bitNot_uint_uint", "math.bitNot", "(uint) -> uint", bit_not_uint,
        "All bits turned.", "math.bitNot(0u) == 18446744073709551615u"),
    ROW("math_bitShiftLeft_int_int", "math.bitShiftLeft", "(int, int) -> int",
        shift_left, "The bits moved up; a negative distance is an error.",
        "math.bitShiftLeft(1, 2) == 4"),
    ROW("math_bitShiftLeft_uint_int", "math.bitShiftLeft", "(uint, int) -> uint",
        shift_left, "The bits moved up; a negative distance is an error.",
        "math.bitShiftLeft(1u, 2) == 4u"),
    ROW("math_bitShiftRight_int_int", "math.bitShiftRight", "(int, int) -> int",
        shift_right, "The bits moved down, zeros after them.",
        "math.bitShiftRight(1024, 2) == 256"),
    ROW("math_bitShiftRight_uint_int", "math.bitShiftRight", "(uint, int) -> uint",
        shift_right, "The bits moved down, zeros after them.",
        "math.bitShiftRight(1024u, 2) == 256u"),
};

HENG_FN_TABLE(math);
