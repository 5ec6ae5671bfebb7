/* SPDX-License-Identifier: Apache-2.0 */
/* test_intern.c: the same text, the same number; the numbers dense from 0. */
#include "support/torture.h"

#include "base/intern.h"

#include <stdio.h>

static void the_same_text_has_the_same_id(void **state) {
    (void)state;
    char name[] = "amount";
    uint32_t id = 42;
    uint32_t again = 42;
    heng_arena *arena = heng_arena_new(1 << 20);
    heng_intern intern;
    heng_intern_init(&intern, arena);
    assert_int_equal(heng_intern_find(&intern, HENG_STR("amount")), HENG_INTERN_NONE);
    assert_true(heng_intern_add(&intern, heng_str_of(name), &id));
    assert_int_equal(id, 0);
    name[0] = 'X'; /* it was copied */
    assert_true(heng_intern_add(&intern, HENG_STR("amount"), &again));
    assert_int_equal(again, 0);
    assert_int_equal(heng_intern_count(&intern), 1);
    assert_string_equal(heng_intern_text(&intern, 0).ptr, "amount"); /* with a NUL */
    assert_true(heng_intern_add(&intern, HENG_STR(""), &id));
    assert_int_equal(id, 1);
    assert_int_equal(heng_intern_find(&intern, HENG_STR("")), 1);
    assert_int_equal(heng_intern_text(&intern, 1).len, 0);
    heng_intern_done(&intern);
    heng_arena_free(arena);
}

static void ids_are_dense_in_order_of_arrival(void **state) {
    (void)state;
    heng_arena *arena = heng_arena_new(1 << 20);
    heng_intern intern;
    heng_intern_init(&intern, arena);
    for (uint32_t i = 0; i < 1000; i++) {
        char name[16];
        uint32_t id = 0;
        (void)snprintf(name, sizeof name, "n%u", i);
        assert_true(heng_intern_add(&intern, heng_str_of(name), &id));
        assert_int_equal(id, i);
        assert_int_equal(heng_intern_find(&intern, heng_str_of(name)), i);
        assert_true(heng_str_equal(heng_intern_text(&intern, i), heng_str_of(name)));
    }
    heng_intern_done(&intern);
    heng_arena_free(arena);
}

static void a_full_arena_refuses_and_keeps_what_is_there(void **state) {
    (void)state;
    uint32_t id = 42;
    heng_arena *arena = heng_arena_new(32);
    heng_intern intern;
    heng_intern_init(&intern, arena);
    assert_true(heng_intern_add(&intern, HENG_STR("short"), &id));
    assert_false(
        heng_intern_add(&intern, HENG_STR("longer than thirty-two bytes"), &id));
    assert_int_equal(id, 0);
    assert_int_equal(heng_intern_count(&intern), 1);
    assert_int_equal(heng_intern_find(&intern, HENG_STR("short")), 0);
    heng_intern_done(&intern);
    heng_arena_free(arena);
}

static heng_status use_intern(void *context) {
    (void)context;
    heng_status status = HENG_ERR_NOMEM;
    heng_intern intern = {0};
    heng_arena *arena = heng_arena_new(1 << 20);
    if (arena == NULL)
        goto out;
    heng_intern_init(&intern, arena);
    for (unsigned i = 0; i < 100; i++) {
        char name[16];
        uint32_t id = 0;
        (void)snprintf(name, sizeof name, "n%u", i);
        if (!heng_intern_add(&intern, heng_str_of(name), &id))
            goto out;
    }
    status = HENG_OK;
out:
    heng_intern_done(&intern);
    heng_arena_free(arena);
    return status;
}

static void survives_failing_allocations(void **state) {
    (void)state;
    assert_true(torture(use_intern, NULL) > 5);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_same_text_has_the_same_id),
        cmocka_unit_test(ids_are_dense_in_order_of_arrival),
        cmocka_unit_test(a_full_arena_refuses_and_keeps_what_is_there),
        cmocka_unit_test(survives_failing_allocations),
    };
    return cmocka_run_group_tests_name("base/intern", tests, NULL, NULL);
}
