/* SPDX-License-Identifier: Apache-2.0 */
/* test_fn_arithmetic.c: operators on numbers. */
#include "cel/evaluate.h"

static struct evaluate_row ROWS[] = {
    {"sums overflow upwards", "9223372036854775807 + 1", "error: `+` overflows"},
    {"sums overflow downwards", "-9223372036854775808 - 1", "error: `-` overflows"},
    {"the least int has no negation", "-(-9223372036854775808)",
     "error: `-` overflows"},
    {"products overflow", "[5000000000][0] * 5000000000", "error: `*` overflows"},
    {"an uint goes not below 0", "[1u][0] - 2u", "error: `-` overflows"},
    {"uint products overflow", "[18446744073709551615u][0] * 2u",
     "error: `*` overflows"},
    {"division is towards zero", "[-7][0] / 2", "-3"},
    {"the remainder has the sign of the left", "[-7][0] % 2", "-1"},
    {"division by zero is an error", "[1][0] / 0", "error: division by zero"},
    {"modulus by zero is an error", "[1u][0] % 0u", "error: modulus by zero"},
    {"the least int divided by -1 overflows", "[-9223372036854775808][0] / -1",
     "error: `/` overflows"},
    {"the least int modulo -1 overflows", "[-9223372036854775808][0] % -1",
     "error: `%` overflows"},
    {"doubles divide by zero", "[1.0][0] / 0.0", "Infinity"},
    {"an uint has no negation", "-dyn(5u)", "error: no such overload `-` for (uint)"},
};

int main(void) {
    struct CMUnitTest tests[COUNT(ROWS)];
    for (size_t i = 0; i < COUNT(ROWS); i++) {
        tests[i] = ROW_TEST(&ROWS[i], evaluate_row);
    }
    return cmocka_run_group_tests_name("cel/fn_arithmetic", tests, NULL, NULL);
}
