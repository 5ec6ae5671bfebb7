/* SPDX-License-Identifier: Apache-2.0 */
/* test_vm.c: running. */
#include "cel/evaluate.h"

static struct evaluate_row ROWS[] = {
    {"`&&` absorbs an error on the left", "[1][0] / 0 > 1 && false", "false"},
    {"and on the right", "false && [1][0] / 0 > 1", "false"},
    {"but keeps it where nothing decides", "[1][0] / 0 > 1 && true",
     "error: division by zero"},
    {"`||` absorbs likewise", "([1][0] / 0 > 1 || true) && (true || [1][0] / 0 > 1)",
     "true"},
    {"the first error is the one kept", "[1][0] / 0 > 1 || [1][5] > 1",
     "error: division by zero"},
    {"also among three", "[1][0] / 0 > 1 && true && [1][5] > 1",
     "error: division by zero"},
    {"what is no bool is an error that is absorbed", "dyn('a') || true", "true"},
    {"or not", "false || dyn('a')", "error: no such overload `||` for (string)"},
    {"`?:` hands on the error of its condition", "[1][0] / 0 > 1 ? 1 : 2",
     "error: division by zero"},
    {"and does not look at the other side", "[true][0] ? 1 : [1][0] / 0", "1"},
    {"all() absorbs where one decides", "[1, 0, 2].all(x, 2 / x == 5)", "false"},
    {"and fails where none does", "[1, 0].all(x, 2 / x > 0)",
     "error: division by zero"},
    {"exists() absorbs where one decides", "[0, 1].exists(x, 2 / x == 2)", "true"},
    {"and fails where none does", "[0, 1].exists(x, 2 / x == 5)",
     "error: division by zero"},
    {"exists_one() does not absorb", "[0, 1].exists_one(x, 2 / x == 2)",
     "error: division by zero"},
    {"neither does filter()", "[0, 1].filter(x, 2 / x == 2)",
     "error: division by zero"},
    {"an error kept in one turn is gone in the next",
     "[0, 1, 2].filter(x, 2 / x > 5 || true)", "[0, 1, 2]"},
    {"quantifiers in one another", "[[1, 0], [2, 0]].all(l, l.exists(x, 2 / x >= 1))",
     "true"},
    {"filters are counted without being made",
     "size([1, 2, 3, 4].filter(x, x % 2 == 0))", "2"},
    {"a bound error is met where it is used",
     "cel.bind(x, [1][0] / 0, true || x > 1) && cel.bind(x, [1][0] / 0, true)", "true"},
    {"or is an error", "cel.bind(x, [1][0] / 0, x + 1)", "error: division by zero"},
    {"maps are gone through by keys", "{'a': 1, 'b': 2}.map(k, k)", "[\"a\", \"b\"]"},
    {"or by entries", "{'a': 1, 'b': 2}.transformList(k, v, k + string(v))",
     "[\"a1\", \"b2\"]"},
    {"lists by index and item", "[5, 6].transformMap(i, v, v > 5, i)", "{1: 1}"},
    {"kinds are found out where types are not known",
     "[dyn(1), dyn('a'), dyn([1])].map(x, type(x))", "[int, string, list]"},
    {"size() of whatever it is", "[dyn('ab'), dyn([1]), dyn({})].map(x, size(x))",
     "[2, 1, 0]"},
    {"a function that does not fit", "dyn(1).startsWith('a')",
     "error: no such overload `startsWith` for (int, string)"},
    {"strings in constant lists", "['b'][0] in ['a', 'b'] && !(['c'][0] in ['a', 'b'])",
     "true"},
    {"fields of nothing", "dyn(1).a", "error: int has no fields"},
};

int main(void) {
    struct CMUnitTest tests[COUNT(ROWS)];
    for (size_t i = 0; i < COUNT(ROWS); i++) {
        tests[i] = ROW_TEST(&ROWS[i], evaluate_row);
    }
    return cmocka_run_group_tests_name("cel/vm", tests, NULL, NULL);
}
