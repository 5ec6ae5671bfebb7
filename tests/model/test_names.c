/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>

#include "support/check.h"
#include "support/torture.h"

#include "model/names.h"

static void numbers_are_dense_and_stay(void **state) {
    (void)state;
    heng_names *names = heng_names_new();
    char word[16];
    uint32_t number = 0;
    for (uint32_t i = 0; i < 1000; i++) {
        (void)snprintf(word, sizeof word, "word%u", i);
        assert_int_equal(heng_names_add(names, heng_str_of(word), &number), HENG_OK);
        assert_int_equal(number, i);
    }
    for (uint32_t i = 0; i < 1000; i++) {
        (void)snprintf(word, sizeof word, "word%u", i);
        assert_int_equal(heng_names_find(names, heng_str_of(word)), i);
        assert_int_equal(heng_names_add(names, heng_str_of(word), &number), HENG_OK);
        assert_int_equal(number, i);
        assert_true(heng_str_equal(heng_names_get(names, i), heng_str_of(word)));
    }
    assert_int_equal(heng_names_count(names), 1000);
    assert_int_equal(heng_names_find(names, HENG_STR("word")), HENG_NAME_NONE);
    assert_int_equal(heng_names_get(names, 1000).len, 0);
    heng_names_free(names);
}

static void a_copy_grows_on_its_own(void **state) {
    (void)state;
    heng_names *names = heng_names_new();
    uint32_t number = 0;
    assert_int_equal(heng_names_add(names, HENG_STR("a"), &number), HENG_OK);
    heng_names *copy = heng_names_copy(names);
    assert_int_equal(heng_names_add(copy, HENG_STR("b"), &number), HENG_OK);
    heng_names_free(names);
    assert_int_equal(heng_names_find(copy, HENG_STR("a")), 0);
    assert_int_equal(heng_names_find(copy, HENG_STR("b")), 1);
    heng_names_free(copy);
}

static heng_status copy_once(void *context) {
    (void)context;
    uint32_t number;
    heng_status status = HENG_ERR_NOMEM;
    heng_names *copy = NULL;
    heng_names *names = heng_names_new();
    if (names != NULL)
        status = heng_names_add(names, HENG_STR("a"), &number);
    if (status == HENG_OK) {
        copy = heng_names_copy(names);
        status = copy == NULL ? HENG_ERR_NOMEM : HENG_OK;
    }
    heng_names_free(names);
    heng_names_free(copy);
    return status;
}

static void every_allocation_may_fail(void **state) {
    (void)state;
    assert_true(torture(copy_once, NULL) > 3);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_are_dense_and_stay),
        cmocka_unit_test(a_copy_grows_on_its_own),
        cmocka_unit_test(every_allocation_may_fail),
    };
    return cmocka_run_group_tests_name("model/names", tests, NULL, NULL);
}
