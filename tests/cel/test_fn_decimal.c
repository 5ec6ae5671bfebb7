/* SPDX-License-Identifier: Apache-2.0 */
/* test_fn_decimal.c: decimals. */
#include "cel/evaluate.h"

static struct evaluate_row ROWS[] = {
    {"tenths add exactly", "decimal(['0.1'][0]) + decimal('0.2')", "0.3"},
    {"int on either side",
     "[decimal('1.5') + 1, 1 + decimal('1.5'), 2 * decimal('1.5'), decimal('3') / 2, 1 "
     "- decimal('0.5')]",
     "[2.5, 2.5, 3, 1.5, 0.5]"},
    {"quotients are rounded half to even",
     "[decimal('0.0001') / 2, decimal('0.0003') / 2]", "[0, 0.0002]"},
    {"sums overflow", "decimal(['922337203685477'][0]) + decimal('1')",
     "error: the result is outside the range of decimal"},
    {"an int too large overflows", "decimal([9223372036854775807][0])",
     "error: the result is outside the range of decimal"},
    {"also in a product", "decimal(['1'][0]) * 9223372036854775807",
     "error: the result is outside the range of decimal"},
    {"by zero is an error", "decimal(['1'][0]) / 0", "error: division by zero"},
    {"cut towards zero", "int(decimal(['-1.9'][0]))", "-1"},
    {"more than four decimals are refused", "decimal(['1.00001'][0])",
     "error: `1.00001` is no decimal: expected digits with at most four decimals"},
    {"unless they are zeros", "decimal(['1.50000'][0])", "1.5"},
    {"at load where it is constant", "decimal('x')",
     "invalid: `x` is no decimal: expected digits with at most four decimals"},
    {"no arithmetic with double", "decimal('1') + dyn(1.0)",
     "error: no such overload `+` for (decimal, double)"},
};

int main(void) {
    struct CMUnitTest tests[COUNT(ROWS)];
    for (size_t i = 0; i < COUNT(ROWS); i++) {
        tests[i] = ROW_TEST(&ROWS[i], evaluate_row);
    }
    return cmocka_run_group_tests_name("cel/fn_decimal", tests, NULL, NULL);
}
