/* SPDX-License-Identifier: Apache-2.0 */
/* test_fn_map.c: maps. */
#include "cel/evaluate.h"

static struct evaluate_row ROWS[] = {
    {"a key that is not there is an error", "{'a': 1}[['b'][0]]",
     "error: no such key `\"b\"`"},
    {"keys are found by value", "{1u: 'x'}[dyn(1)] + {2: 'y'}[dyn(2.0)]", "\"xy\""},
    {"a broken number is no key", "{1: 'x'}[dyn(1.5)]", "error: no such key `1.5`"},
    {"a key twice is an error", "{'a': 1, ['a'][0]: 2}",
     "error: key `\"a\"` occurs twice in the map"},
    {"also as another type of number", "{1: 1, dyn(1u): 2}",
     "error: key `1u` occurs twice in the map"},
    {"a double is no key of a literal", "{dyn(1.5): 1}",
     "error: a map key must be int, uint, bool or string, not double"},
    {"entries may be left out", "{?'a': optional.none(), 'b': 1}", "{\"b\": 1}"},
    {"many keys are looked through for doubles too",
     "[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, "
     "17].transformMapEntry(i, v, {v: i})",
     "error: key `17` occurs twice in the map"},
    {"and kept in their order",
     "size([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, "
     "18].transformMapEntry(i, v, {v: i}))",
     "18"},
};

int main(void) {
    struct CMUnitTest tests[COUNT(ROWS)];
    for (size_t i = 0; i < COUNT(ROWS); i++) {
        tests[i] = ROW_TEST(&ROWS[i], evaluate_row);
    }
    return cmocka_run_group_tests_name("cel/fn_map", tests, NULL, NULL);
}
