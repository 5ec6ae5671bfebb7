/* SPDX-License-Identifier: Apache-2.0 */
/* fn_convert.c: from one type to another: int(), double(), string() and their like. */
#include <math.h>
#include <string.h>

#include "cel/cel_text.h"
#include "cel/fn.h"
#include "cel/real.h"

#define NATIVE(name)                                                                   \
    static heng_cel_value name(heng_cel_call *call, const heng_cel_value *args,        \
                               size_t count)

/* "`12x` is no int" */
static heng_cel_value refuse_text(heng_cel_call *call, heng_cel_value value,
                                  const char *what) {
    heng_str text = heng_cel_value_str(value);
    size_t shown = text.len < 64 ? text.len : 64;
    return heng_cel_value_error(call->arena, HENG_CEL_ERR_ARGUMENT, "`%.*s` is no %s",
                                (int)shown, shown > 0 ? text.ptr : "", what);
}

static heng_cel_value out_of_range(heng_cel_call *call, const char *what) {
    return heng_cel_value_error(call->arena, HENG_CEL_ERR_OVERFLOW,
                                "the number is outside the range of %s", what);
}

NATIVE(same) {
    (void)call, (void)count;
    return args[0];
}

NATIVE(type_of) {
    (void)count;
    const heng_cel_type *type = heng_cel_value_type_of(args[0], call->arena);
    if (type == NULL)
        return heng_cel_value_error(call->arena, HENG_CEL_ERR_MEMORY, "out of memory");
    return heng_cel_value_type(type);
}

NATIVE(string_to_bool) {
    static const char *const words[2][6] = {{"0", "f", "F", "false", "FALSE", "False"},
                                            {"1", "t", "T", "true", "TRUE", "True"}};
    (void)count;
    for (int truth = 0; truth < 2; truth++) {
        for (size_t i = 0; i < 6; i++) {
            if (heng_str_equal(heng_cel_value_str(args[0]),
                               heng_str_of(words[truth][i])))
                return heng_cel_value_bool(truth == 1);
        }
    }
    return refuse_text(call, args[0], "bool");
}

NATIVE(string_to_bytes) {
    (void)call, (void)count;
    return heng_cel_value_bytes(heng_cel_value_str(args[0]));
}

NATIVE(int_to_double) {
    (void)call, (void)count;
    return heng_cel_value_double((double)args[0].as.integer);
}

NATIVE(uint_to_double) {
    (void)call, (void)count;
    return heng_cel_value_double((double)args[0].as.uinteger);
}

NATIVE(string_to_double) {
    double value = 0;
    (void)count;
    if (!heng_real_parse(heng_cel_value_str(args[0]), &value))
        return refuse_text(call, args[0], "double");
    heng_str text = heng_cel_value_str(args[0]);
    char last = text.ptr[text.len - 1];
    if (isinf(value) && ((last >= '0' && last <= '9') || last == '.'))
        return out_of_range(call, "double"); /* as for a literal; `inf` has a name */
    return heng_cel_value_double(value);
}

NATIVE(uint_to_int) {
    (void)count;
    if (args[0].as.uinteger > INT64_MAX)
        return out_of_range(call, "int");
    return heng_cel_value_int((int64_t)args[0].as.uinteger);
}

NATIVE(double_to_int) {
    double value = args[0].as.real;
    (void)count;
    /* Both ends are left out: they are also what larger numbers round to. */
    if (!(value > -9223372036854775808.0 && value < 9223372036854775808.0))
        return out_of_range(call, "int");
    return heng_cel_value_int((int64_t)value);
}

/* Decimal digits of a number without its sign; false where there is anything else. */
static bool parse_digits(heng_str text, uint64_t *ret_value) {
    uint64_t value = 0;
    if (text.len == 0)
        return false;
    for (size_t i = 0; i < text.len; i++) {
        unsigned digit = (unsigned)(unsigned char)text.ptr[i] - '0';
        if (digit > 9 || value > (UINT64_MAX - digit) / 10)
            return false;
        value = value * 10 + digit;
    }
    *ret_value = value;
    return true;
}

NATIVE(string_to_int) {
    heng_str text = heng_cel_value_str(args[0]);
    uint64_t value = 0;
    (void)count;
    bool negative = text.len > 0 && text.ptr[0] == '-';
    if (negative || (text.len > 0 && text.ptr[0] == '+')) {
        text.ptr++;
        text.len--;
    }
    if (!parse_digits(text, &value) || value > (uint64_t)INT64_MAX + (negative ? 1 : 0))
        return refuse_text(call, args[0], "int");
    return heng_cel_value_int((int64_t)(negative ? 0 - value : value));
}

NATIVE(int_to_uint) {
    (void)count;
    if (args[0].as.integer < 0)
        return out_of_range(call, "uint");
    return heng_cel_value_uint((uint64_t)args[0].as.integer);
}

NATIVE(double_to_uint) {
    double value = args[0].as.real;
    (void)count;
    if (!(value >= 0 && value < 18446744073709551616.0))
        return out_of_range(call, "uint");
    return heng_cel_value_uint((uint64_t)value);
}

NATIVE(string_to_uint) {
    uint64_t value = 0;
    (void)count;
    if (!parse_digits(heng_cel_value_str(args[0]), &value))
        return refuse_text(call, args[0], "uint");
    return heng_cel_value_uint(value);
}

NATIVE(to_string) {
    (void)count;
    heng_str text = heng_cel_value_text(args[0], call->arena);
    if (text.ptr == NULL && text.len > 0)
        return heng_cel_value_error(call->arena, HENG_CEL_ERR_MEMORY, "out of memory");
    return heng_cel_value_string(text);
}

NATIVE(bytes_to_string) {
    heng_str text = heng_cel_value_str(args[0]);
    (void)count;
    if (!heng_cel_text_is_utf8(text))
        return heng_cel_value_error(call->arena, HENG_CEL_ERR_ARGUMENT,
                                    "the bytes are not UTF-8");
    return heng_cel_value_string(text);
}

#define ROW(id, name, signature, run, doc, example)                                    \
    HENG_FN_ROW(id, name, signature, run, CONSTANT, 0, SMALL, doc, example)
#define TEXT_ROW(id, name, signature, run, size, doc, example)                         \
    HENG_FN_ROW(id, name, signature, run, SUM, 0, size, doc, example)

static const heng_cel_overload ROWS[] = {
    ROW("type", "type", "(A) -> type(A)", type_of, "The type of a value.",
        "type(1) == int"),
    HENG_FN_ROW("to_dyn", "dyn", "(A) -> dyn", same, CONSTANT, 0, FIRST,
                "The same value, checked only when it is used.", "dyn(1) == 1.0"),

    ROW("bool_to_bool", "bool", "(bool) -> bool", same, "The same value.",
        "bool(true)"),
    TEXT_ROW("string_to_bool", "bool", "(string) -> bool", string_to_bool, SMALL,
             "`true`, `t`, `1` or `false`, `f`, `0`, in lower, upper or title case.",
             "bool('true')"),

    HENG_FN_ROW("bytes_to_bytes", "bytes", "(bytes) -> bytes", same, CONSTANT, 0, FIRST,
                "The same value.", "bytes(b'a') == b'a'"),
    HENG_FN_ROW("string_to_bytes", "bytes", "(string) -> bytes", string_to_bytes,
                CONSTANT, 0, FIRST, "The text in UTF-8.", "bytes('a') == b'a'"),

    ROW("double_to_double", "double", "(double) -> double", same, "The same value.",
        "double(1.5) == 1.5"),
    ROW("int64_to_double", "double", "(int) -> double", int_to_double,
        "The nearest double.", "double(2) == 2.0"),
    ROW("uint64_to_double", "double", "(uint) -> double", uint_to_double,
        "The nearest double.", "double(2u) == 2.0"),
    TEXT_ROW("string_to_double", "double", "(string) -> double", string_to_double,
             SMALL, "The nearest double; also `NaN`, `inf`, `-Infinity`.",
             "double('1.5e3') == 1500.0"),

    ROW("int64_to_int64", "int", "(int) -> int", same, "The same value.",
        "int(3) == 3"),
    ROW("uint64_to_int64", "int", "(uint) -> int", uint_to_int,
        "The same number; outside the range is an error.", "int(3u) == 3"),
    ROW("double_to_int64", "int", "(double) -> int", double_to_int,
        "The number cut towards zero; outside the range is an error.",
        "int(-3.9) == -3"),
    TEXT_ROW("string_to_int64", "int", "(string) -> int", string_to_int, SMALL,
             "The number that the decimal digits mean.", "int('-12') == -12"),

    ROW("uint64_to_uint64", "uint", "(uint) -> uint", same, "The same value.",
        "uint(3u) == 3u"),
    ROW("int64_to_uint64", "uint", "(int) -> uint", int_to_uint,
        "The same number; a negative one is an error.", "uint(3) == 3u"),
    ROW("double_to_uint64", "uint", "(double) -> uint", double_to_uint,
        "The number cut towards zero; outside the range is an error.",
        "uint(3.9) == 3u"),
    TEXT_ROW("string_to_uint64", "uint", "(string) -> uint", string_to_uint, SMALL,
             "The number that the decimal digits mean.", "uint('12') == 12u"),

    HENG_FN_ROW("string_to_string", "string", "(string) -> string", same, CONSTANT, 0,
                FIRST, "The same value.", "string('a') == 'a'"),
    ROW("bool_to_string", "string", "(bool) -> string", to_string, "`true` or `false`.",
        "string(true) == 'true'"),
    ROW("int64_to_string", "string", "(int) -> string", to_string,
        "The number in decimal digits.", "string(-12) == '-12'"),
    ROW("uint64_to_string", "string", "(uint) -> string", to_string,
        "The number in decimal digits.", "string(12u) == '12'"),
    ROW("double_to_string", "string", "(double) -> string", to_string,
        "The shortest text that means the same double.", "string(0.1) == '0.1'"),
    TEXT_ROW("bytes_to_string", "string", "(bytes) -> string", bytes_to_string, FIRST,
             "The text that the bytes are in UTF-8; others are an error.",
             "string(b'abc') == 'abc'"),
};

HENG_FN_TABLE(convert);
