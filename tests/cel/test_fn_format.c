/* SPDX-License-Identifier: Apache-2.0 */
/* test_fn_format.c: format(). */
#include "cel/evaluate.h"

static struct evaluate_row ROWS[] = {
    {"values replace clauses in order", "'%s-%d-%s'.format(['a', 2, true])",
     "\"a-2-true\""},
    {"two percent signs are one", "'100%%'.format([])", "\"100%\""},
    {"a list is written inside", "'%s'.format([[1, 'a', [null]]])",
     "\"[1, a, [null]]\""},
    {"a map by its written keys", "'%s'.format([{'b': 1, 'a': 2}])",
     "\"{a: 2, b: 1}\""},
    {"bytes with what is no UTF-8 replaced", "'%s'.format([b'a\\xff\\xfeb'])",
     "\"a�b\""},
    {"half goes to even", "'%.0f %.0f'.format([1.5, 2.5])", "\"2 2\""},
    {"an exponent has two digits", "'%.2e'.format([12345.678])", "\"1.23e+04\""},
    {"infinities have a name", "'%f %d'.format([1.0 / [0.0][0], -1.0 / [0.0][0]])",
     "\"Infinity -Infinity\""},
    {"a negative number has its sign before the digits",
     "'%x %b %o'.format([-30, -5, -8])", "\"-1e -101 -10\""},
    {"texts and bytes in base 16", "'%x %X'.format(['hi', b'\\xab'])", "\"6869 AB\""},
    {"a decimal is written exactly", "'%s %d'.format([decimal('1.50'), decimal('2')])",
     "\"1.5 2\""},
    {"dates and periods are written",
     "'%s %s'.format([date('2024-01-02'), period('P1Y')])", "\"2024-01-02 P1Y\""},
    {"too few values are an error", "['%s %s'][0].format(['a'])",
     "error: the format wants more than the 1 values given"},
    {"an unknown clause is an error", "['%a'][0].format([1])",
     "error: unknown clause in the format; use one of %s %d %f %e %x %X %o %b %%"},
    {"so is one that ends early", "['%'][0].format([1])",
     "error: the format ends within a clause"},
    {"so is a precision too large", "['%.1001f'][0].format([1])",
     "error: the precision after `%.` must be a number, at most 1000"},
    {"so is a clause of the wrong kind", "['%d'][0].format([null])",
     "error: `%d` cannot format null_type"},
};

int main(void) {
    struct CMUnitTest tests[COUNT(ROWS)];
    for (size_t i = 0; i < COUNT(ROWS); i++) {
        tests[i] = ROW_TEST(&ROWS[i], evaluate_row);
    }
    return cmocka_run_group_tests_name("cel/fn_format", tests, NULL, NULL);
}
