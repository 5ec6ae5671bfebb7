/* SPDX-License-Identifier: Apache-2.0 */
/* test_fn_convert.c: conversions. */
#include "cel/evaluate.h"

static struct evaluate_row ROWS[] = {
    {"a double is cut", "int([-3.9][0])", "-3"},
    {"a double past the ints is an error", "int([9223372036854775808.0][0])",
     "error: the number is outside the range of int"},
    {"also the least int, which larger ones round to",
     "int([-9223372036854775808.0][0])",
     "error: the number is outside the range of int"},
    {"NaN is no int", "int([0.0][0] / 0.0)",
     "error: the number is outside the range of int"},
    {"a negative double is no uint", "uint([-1.0][0])",
     "error: the number is outside the range of uint"},
    {"digits with a sign are an int", "int(['-12'][0]) + int('+3')", "-9"},
    {"other text is no int", "int(['12x'][0])", "error: `12x` is no int"},
    {"neither is the empty text", "int([''][0])", "error: `` is no int"},
    {"a text past the ints is none", "int(['9223372036854775808'][0])",
     "error: `9223372036854775808` is no int"},
    {"the least int is one", "int(['-9223372036854775808'][0])",
     "-9223372036854775808"},
    {"a signed text is no uint", "uint(['-1'][0])", "error: `-1` is no uint"},
    {"a text past the doubles is none", "double(['-1e400'][0])",
     "error: the number is outside the range of double"},
    {"but infinity has a name", "double(['-inf'][0])", "-Infinity"},
    {"bools have six spellings each", "bool(['T'][0]) && !bool(['FALSE'][0])", "true"},
    {"others are none", "bool(['TrUe'][0])", "error: `TrUe` is no bool"},
    {"doubles are read with an exponent", "double(['-1.5e3'][0])", "-1500.0"},
    {"and written shortest",
     "string([0.1][0]) + ' ' + string([1e300][0]) + ' ' + string([1.0][0])",
     "\"0.1 1e+300 1\""},
    {"bytes that are no UTF-8 are no string", "string([b'\\xff'][0])",
     "error: the bytes are not UTF-8"},
    {"the type of a type is type", "type(type([1]))", "type"},
};

int main(void) {
    struct CMUnitTest tests[COUNT(ROWS)];
    for (size_t i = 0; i < COUNT(ROWS); i++) {
        tests[i] = ROW_TEST(&ROWS[i], evaluate_row);
    }
    return cmocka_run_group_tests_name("cel/fn_convert", tests, NULL, NULL);
}
