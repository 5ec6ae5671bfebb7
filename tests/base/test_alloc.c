/* SPDX-License-Identifier: Apache-2.0 */
/* test_alloc.c: the door to the heap, and the switch that shuts it. */
#include "support/check.h"

#include "base/alloc.h"

#include <pthread.h>
#include <string.h>

static void size_zero_gives_a_block(void **state) {
    (void)state;
    void *blocks[] = {heng_alloc(0), heng_alloc_zero(0, 8), heng_alloc_zero(8, 0),
                      heng_alloc_resize(NULL, 0, 8), heng_alloc_dup(NULL, 0)};
    for (size_t i = 0; i < COUNT(blocks); i++) {
        assert_non_null(blocks[i]);
        heng_alloc_free(blocks[i]);
    }
    heng_alloc_free(NULL);
}

static void products_that_overflow_give_null(void **state) {
    (void)state;
    size_t volatile half = SIZE_MAX / 2; /* or the compiler sees what we are up to */
    assert_null(heng_alloc_zero(half, 3));
    assert_null(heng_alloc_resize(NULL, half, 3));
    assert_null(heng_alloc_dup("", SIZE_MAX));
}

static void a_failed_resize_keeps_the_block(void **state) {
    (void)state;
    char *block = heng_alloc_dup("kept", 4);
    assert_non_null(block);
    heng_alloc_fail_after(1);
    void *grown = heng_alloc_resize(block, 100, 1);
    heng_alloc_fail_after(0);
    assert_null(grown);
    assert_string_equal(block, "kept");
    heng_alloc_free(block);
}

static void zeroed_is_zero(void **state) {
    (void)state;
    static const unsigned char ZEROS[48];
    void *block = heng_alloc_zero(6, 8);
    assert_memory_equal(block, ZEROS, sizeof ZEROS);
    heng_alloc_free(block);
}

static void a_copy_has_a_nul_and_keeps_nuls(void **state) {
    (void)state;
    char *copy = heng_alloc_dup("a\0b", 3);
    assert_memory_equal(copy, "a\0b\0", 4);
    heng_alloc_free(copy);
}

static void the_nth_and_all_later_ones_fail(void **state) {
    (void)state;
    void *blocks[4];
    heng_alloc_fail_after(3);
    for (size_t i = 0; i < COUNT(blocks); i++) {
        blocks[i] = heng_alloc(1);
    }
    heng_alloc_fail_after(0);
    assert_non_null(blocks[0]);
    assert_non_null(blocks[1]);
    assert_null(blocks[2]);
    assert_null(blocks[3]);
    heng_alloc_free(blocks[0]);
    heng_alloc_free(blocks[1]);

    void *after = heng_alloc(1);
    assert_non_null(after);
    heng_alloc_free(after);
}

static void each_kind_is_counted_once(void **state) {
    (void)state;
    uint64_t before = heng_alloc_count();
    void *blocks[] = {heng_alloc(1), heng_alloc_zero(1, 1),
                      heng_alloc_resize(NULL, 1, 1), heng_alloc_dup("x", 1)};
    assert_int_equal(heng_alloc_count() - before, COUNT(blocks));
    for (size_t i = 0; i < COUNT(blocks); i++) {
        heng_alloc_free(blocks[i]);
    }
}

static void *alloc_elsewhere(void *context) {
    (void)context;
    return heng_alloc(1);
}

static void other_threads_do_not_fail(void **state) {
    (void)state;
    pthread_t thread;
    void *block = NULL;
    heng_alloc_fail_after(1);
    int created = pthread_create(&thread, NULL, alloc_elsewhere, NULL);
    int joined = created == 0 ? pthread_join(thread, &block) : -1;
    heng_alloc_fail_after(0);
    assert_int_equal(created, 0);
    assert_int_equal(joined, 0);
    assert_non_null(block);
    heng_alloc_free(block);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(size_zero_gives_a_block),
        cmocka_unit_test(products_that_overflow_give_null),
        cmocka_unit_test(a_failed_resize_keeps_the_block),
        cmocka_unit_test(zeroed_is_zero),
        cmocka_unit_test(a_copy_has_a_nul_and_keeps_nuls),
        cmocka_unit_test(the_nth_and_all_later_ones_fail),
        cmocka_unit_test(each_kind_is_counted_once),
        cmocka_unit_test(other_threads_do_not_fail),
    };
    return cmocka_run_group_tests_name("base/alloc", tests, NULL, NULL);
}
