/* SPDX-License-Identifier: Apache-2.0 */
/* test_number.c: each operation at the edge, one step inside and one outside. */
#include "support/check.h"

#include "base/number.h"

static void sizes(void **state) {
    (void)state;
    size_t value = 42;
    assert_false(heng_number_add_size(SIZE_MAX, 1, &value));
    assert_false(heng_number_multiply_size(SIZE_MAX / 2 + 1, 2, &value));
    assert_int_equal(value, 42); /* untouched */
    assert_true(heng_number_add_size(SIZE_MAX - 1, 1, &value));
    assert_true(value == SIZE_MAX);
    assert_true(heng_number_multiply_size(SIZE_MAX / 2, 2, &value));
    assert_true(value == SIZE_MAX - 1);
    assert_true(heng_number_multiply_size(SIZE_MAX, 0, &value));
    assert_int_equal(value, 0);
}

static void rounding_up(void **state) {
    (void)state;
    size_t value = 42;
    assert_false(heng_number_round_up_size(SIZE_MAX, 16, &value));
    assert_false(heng_number_round_up_size(SIZE_MAX - 14, 16, &value));
    assert_int_equal(value, 42);
    assert_true(heng_number_round_up_size(SIZE_MAX - 15, 16, &value));
    assert_true(value == SIZE_MAX - 15);
    assert_true(heng_number_round_up_size(0, 16, &value));
    assert_int_equal(value, 0);
    assert_true(heng_number_round_up_size(17, 16, &value));
    assert_int_equal(value, 32);
}

static void signed_ones(void **state) {
    (void)state;
    int64_t value = 42;
    assert_false(heng_number_add_int64(INT64_MAX, 1, &value));
    assert_false(heng_number_add_int64(INT64_MIN, -1, &value));
    assert_false(heng_number_subtract_int64(INT64_MIN, 1, &value));
    assert_false(heng_number_subtract_int64(0, INT64_MIN, &value));
    assert_false(heng_number_multiply_int64(INT64_MIN, -1, &value));
    assert_false(heng_number_multiply_int64(INT64_MAX, 2, &value));
    assert_true(value == 42);
    assert_true(heng_number_add_int64(INT64_MAX, INT64_MIN, &value));
    assert_true(value == -1);
    assert_true(heng_number_subtract_int64(-1, INT64_MIN, &value));
    assert_true(value == INT64_MAX);
    assert_true(heng_number_multiply_int64(INT64_MIN / 2, 2, &value));
    assert_true(value == INT64_MIN);
}

static void unsigned_ones(void **state) {
    (void)state;
    uint64_t value = 42;
    assert_false(heng_number_add_uint64(UINT64_MAX, 1, &value));
    assert_false(heng_number_subtract_uint64(0, 1, &value));
    assert_false(heng_number_multiply_uint64(UINT64_MAX, 2, &value));
    assert_true(value == 42);
    assert_true(heng_number_subtract_uint64(7, 7, &value));
    assert_true(value == 0);
    assert_true(heng_number_add_uint64(UINT64_MAX - 1, 1, &value));
    assert_true(value == UINT64_MAX);
    assert_true(heng_number_multiply_uint64(UINT64_MAX / 3, 3, &value));
    assert_true(value == UINT64_MAX);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sizes),
        cmocka_unit_test(rounding_up),
        cmocka_unit_test(signed_ones),
        cmocka_unit_test(unsigned_ones),
    };
    return cmocka_run_group_tests_name("base/number", tests, NULL, NULL);
}
