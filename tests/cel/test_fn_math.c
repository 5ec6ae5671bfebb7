/* SPDX-License-Identifier: Apache-2.0 */
/* test_fn_math.c: the math extension. */
#include "cel/evaluate.h"

static struct evaluate_row ROWS[] = {
    {"the greatest of several types", "math.greatest(1, 2.5, 2u)", "2.5"},
    {"of equal ones the first", "math.least(1, 1.0)", "1"},
    {"a list may be asked", "math.greatest([3, 1, 2])", "3"},
    {"not an empty one", "math.greatest([1].filter(x, x > 1))",
     "error: math.greatest of an empty list"},
    {"NaN stands nowhere among others", "math.least(1.0, [0.0][0] / 0.0, 2.0)",
     "error: math.least of NaN, which has no order"},
    {"alone it is itself", "math.isNaN(math.greatest([0.0][0] / 0.0))", "true"},
    {"nor texts", "math.least(1, dyn('a'))",
     "error: no such overload `math.least` for (string)"},
    {"half rounds away from zero", "math.round([-1.5][0])", "-2.0"},
    {"the least int has no absolute value", "math.abs([-9223372036854775808][0])",
     "error: math.abs overflows"},
    {"shifts fill with zeros", "math.bitShiftRight([-1024][0], 3)",
     "2305843009213693824"},
    {"past the width nothing is left", "math.bitShiftLeft([-1][0], 64)", "0"},
    {"a negative shift is an error", "math.bitShiftLeft([1][0], -1)",
     "error: math.bitShiftLeft by a negative number of bits: -1"},
    {"a root of a negative number is NaN", "math.isNaN(math.sqrt([-1.0][0]))", "true"},
};

int main(void) {
    struct CMUnitTest tests[COUNT(ROWS)];
    for (size_t i = 0; i < COUNT(ROWS); i++) {
        tests[i] = ROW_TEST(&ROWS[i], evaluate_row);
    }
    return cmocka_run_group_tests_name("cel/fn_math", tests, NULL, NULL);
}
