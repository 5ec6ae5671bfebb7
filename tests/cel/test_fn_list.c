/* SPDX-License-Identifier: Apache-2.0 */
/* test_fn_list.c: lists. */
#include "cel/evaluate.h"

static struct evaluate_row ROWS[] = {
    {"an index outside is an error", "[1, 2][[2][0]]",
     "error: index 2 is outside the list of 2 items"},
    {"a negative one too", "[1, 2][[-1][0]]",
     "error: index -1 is outside the list of 2 items"},
    {"a whole double will do", "[7, 8][dyn(1.0)]", "8"},
    {"a broken one will not", "[7, 8][dyn(0.5)]",
     "error: no such overload `[]` for (list, double)"},
    {"membership compares by value", "dyn(3.0) in [1, 2, 3]", "true"},
    {"an empty list adds nothing", "[1] + [] + [2]", "[1, 2]"},
    {"items may be left out", "[?optional.none(), 1, ?optional.of(2)]", "[1, 2]"},
};

int main(void) {
    struct CMUnitTest tests[COUNT(ROWS)];
    for (size_t i = 0; i < COUNT(ROWS); i++) {
        tests[i] = ROW_TEST(&ROWS[i], evaluate_row);
    }
    return cmocka_run_group_tests_name("cel/fn_list", tests, NULL, NULL);
}
