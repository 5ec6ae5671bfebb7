/* SPDX-License-Identifier: Apache-2.0 */
/* test_fn_optional.c: optionals. */
#include "cel/evaluate.h"

static struct evaluate_row ROWS[] = {
    {"none has no value", "optional.none().value()",
     "error: optional.none() has no value"},
    {"the other side is not looked at without need",
     "optional.of(1).orValue(1 / [0][0])", "1"},
    {"but where it is needed", "optional.none().orValue(1 / [0][0])",
     "error: division by zero"},
    {"chains stop where something is missing", "{'a': {'b': 1}}.?a.?c.orValue(5)", "5"},
    {"a field of an optional is optional", "optional.of({'a': 1}).a", "optional.of(1)"},
    {"an index too", "optional.of([1])[3]", "optional.none()"},
    {"has() looks inside",
     "has(optional.of({'a': 1}).a) && !has(optional.of({'a': 1}).b)", "true"},
    {"null is no holder of fields", "{'a': dyn(null)}.?a.b",
     "error: null_type has no fields"},
    {"zeros count as none",
     "[optional.ofNonZeroValue(0), optional.ofNonZeroValue(0u)] == [optional.none(), "
     "optional.none()]",
     "true"},
    {"the first of none", "[1].filter(x, x > 1).first()", "optional.none()"},
    {"optMap leaves none alone", "optional.none().optMap(x, x + 1)", "optional.none()"},
};

int main(void) {
    struct CMUnitTest tests[COUNT(ROWS)];
    for (size_t i = 0; i < COUNT(ROWS); i++) {
        tests[i] = ROW_TEST(&ROWS[i], evaluate_row);
    }
    return cmocka_run_group_tests_name("cel/fn_optional", tests, NULL, NULL);
}
