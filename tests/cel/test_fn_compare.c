/* SPDX-License-Identifier: Apache-2.0 */
/* test_fn_compare.c: equality and order. */
#include "cel/evaluate.h"

static struct evaluate_row ROWS[] = {
    {"int, uint and double are compared by value",
     "dyn(1) == 1u && dyn(1) == 1.0 && dyn(1u) == 1.0", "true"},
    {"other kinds are never equal", "dyn(1) == '1'", "false"},
    {"NaN is not equal to itself", "[0.0][0] / 0.0 == [0.0][0] / 0.0", "false"},
    {"NaN has no order", "[0.0][0] / 0.0 < 1.0 || [0.0][0] / 0.0 >= 1.0", "false"},
    {"an int below 0 is less than any uint", "[-1][0] < 1u", "true"},
    {"a large uint is more than any int",
     "9223372036854775807 < [18446744073709551615u][0]", "true"},
    {"decimal and int are compared by value",
     "decimal('2') == 2 && 1 < decimal('1.0001') && decimal('-0.5') < 0", "true"},
    {"decimal and double are compared exactly", "dyn(decimal('0.1')) == 0.1", "false"},
    {"half a decimal is half a double", "dyn(decimal('0.5')) == 0.5", "true"},
    {"a decimal is less than what no decimal reaches",
     "dyn(decimal('900000000000000')) == 1e300", "false"},
    {"texts are ordered by code points", "'a' < 'b' && 'Z' < 'a' && 'a' < 'é'", "true"},
    {"lists are equal item by item", "[1, [2, 3]] == [1, [2, 3]] && [1] != [1, 2]",
     "true"},
    {"maps are equal in any order", "{'a': 1, 'b': 2} == {'b': 2, 'a': 1}", "true"},
    {"maps with other keys differ", "{'a': 1} == {'b': 1}", "false"},
    {"periods are equal by months and days",
     "period('P1Y') == period('P12M') && period('P1M') != period('P30D')", "true"},
    {"what has no order is an error", "dyn([1]) < dyn([2])",
     "error: no such overload `<` for (list, list)"},
    {"a period has no order", "dyn(period('P1M')) < dyn(period('P30D'))",
     "error: no such overload `<` for (period, period)"},
};

int main(void) {
    struct CMUnitTest tests[COUNT(ROWS)];
    for (size_t i = 0; i < COUNT(ROWS); i++) {
        tests[i] = ROW_TEST(&ROWS[i], evaluate_row);
    }
    return cmocka_run_group_tests_name("cel/fn_compare", tests, NULL, NULL);
}
