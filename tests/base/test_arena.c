/* SPDX-License-Identifier: Apache-2.0 */
/* test_arena.c: alignment, caps, marks, and what is kept. */
#include "support/torture.h"

#include "base/arena_take.h"
#include "base/limits.h"
#include "heng/arena.h"

#include <stdalign.h>
#include <stdio.h>

enum { ALIGNMENT = alignof(max_align_t) };

static void every_block_is_aligned_and_its_own(void **state) {
    (void)state;
    heng_arena *arena = heng_arena_new(1 << 20);
    unsigned char *blocks[200];
    for (size_t i = 0; i < COUNT(blocks); i++) {
        blocks[i] = heng_arena_alloc(arena, i); /* 0 is a size too */
        assert_non_null(blocks[i]);
        assert_int_equal((uintptr_t)blocks[i] % ALIGNMENT, 0);
        memset(blocks[i], (int)i, i);
    }
    for (size_t i = 0; i < COUNT(blocks); i++) {
        for (size_t j = 0; j < i; j++) {
            assert_int_equal(blocks[i][j], i);
        }
    }
    heng_arena_free(arena);
    heng_arena_free(NULL);
}

static void a_block_may_be_larger_than_all_usual_ones(void **state) {
    (void)state;
    size_t large = (size_t)5 << 20;
    heng_arena *arena = heng_arena_new((size_t)16 << 20);
    assert_non_null(heng_arena_alloc(arena, 10));
    char *block = heng_arena_alloc(arena, large);
    assert_non_null(block);
    memset(block, 'x', large);
    assert_non_null(heng_arena_alloc(arena, 10));
    assert_int_equal(heng_arena_used(arena), large + 2 * ALIGNMENT);
    heng_arena_free(arena);
}

/* Two arenas, one of them used in line: the same blocks, the same end. */
static void taking_is_allocating(void **state) {
    (void)state;
    static const size_t sizes[] = {0,
                                   1,
                                   15,
                                   16,
                                   17,
                                   100,
                                   5000,
                                   70000,
                                   3,
                                   SIZE_MAX,
                                   SIZE_MAX - 7,
                                   SIZE_MAX - 15,
                                   SIZE_MAX - 16,
                                   4096,
                                   0};
    heng_arena *plain = heng_arena_new(1 << 18);
    heng_arena *in_line = heng_arena_new(1 << 18);
    size_t refused = 0;
    for (size_t i = 0; i < 40 * COUNT(sizes); i++) {
        size_t size = sizes[(i * 7 + i / COUNT(sizes)) % COUNT(sizes)];
        char *a = heng_arena_alloc(plain, size);
        char *b = i % 3 == 0 ? heng_arena_alloc(in_line, size)
                             : heng_arena_take(in_line, size);
        assert_int_equal(a == NULL, b == NULL);
        assert_int_equal(heng_arena_used(plain), heng_arena_used(in_line));
        refused += a == NULL;
        if (b != NULL) {
            assert_int_equal((uintptr_t)b % ALIGNMENT, 0);
            memset(b, 'x', size);
        }
        if (i == 10 * COUNT(sizes)) {
            heng_arena_reset(plain);
            heng_arena_reset(in_line);
        }
    }
    assert_true(refused > 40 * 4); /* those that wrap, and those past the cap */
    heng_arena_free(plain);
    heng_arena_free(in_line);
}

struct cap_row {
    const char *name;
    size_t max;
    size_t size;
    size_t fit; /* how many of `size` fit */
};

static struct cap_row cap_rows[] = {
    {"nothing fits an arena of nothing", 0, 1, 0},
    {"size 0 counts as one", 2 * ALIGNMENT, 0, 2},
    {"the last byte may be used", 4 * ALIGNMENT, ALIGNMENT, 4},
    {"a rest smaller than the alignment is lost", 2 * ALIGNMENT - 1, 1, 1},
    {"the cap holds across blocks", 100000, 3000, 33}, /* 3008 each */
    {"one byte over the cap does not fit", 8192, 8193, 0},
    {"all at once fits", 8192, 8192, 1},
    {"sizes that wrap do not fit", SIZE_MAX, SIZE_MAX, 0},
    {"sizes that wrap when aligned do not fit", SIZE_MAX, SIZE_MAX - 1, 0},
};

static size_t fill(heng_arena *arena, size_t size) {
    size_t count = 0;
    while (heng_arena_alloc(arena, size) != NULL) {
        count++;
    }
    return count;
}

static void check_cap_row(void **state) {
    const struct cap_row *row = *state;
    heng_arena *arena = heng_arena_new(row->max);
    size_t fit = fill(arena, row->size);
    assert_int_equal(fit, row->fit);
    assert_true(heng_arena_used(arena) <= row->max);

    heng_arena_reset(arena);
    assert_int_equal(heng_arena_used(arena), 0);
    fit = fill(arena, row->size);
    assert_int_equal(fit, row->fit);
    heng_arena_free(arena);
}

/* Whether a subject fits must not depend on the one before it. */
static void what_fits_does_not_depend_on_earlier_use(void **state) {
    (void)state;
    heng_arena *arena = heng_arena_new(1 << 20);
    for (size_t size = 1; size < (1 << 20); size = size * 3 + 7) {
        size_t small = fill(arena, size);
        heng_arena_reset(arena);
        heng_arena *fresh = heng_arena_new(1 << 20);
        size_t expected = fill(fresh, size);
        heng_arena_free(fresh);
        assert_int_equal(small, expected);
        assert_non_null(heng_arena_alloc(arena, 1 << 20));
        assert_null(heng_arena_alloc(arena, 1));
        heng_arena_reset(arena);
    }
    heng_arena_free(arena);
}

static void the_cap_of_a_subject_holds(void **state) {
    (void)state;
    heng_arena *arena = heng_arena_new(HENG_LIMIT_SUBJECT_ARENA_BYTES);
    assert_null(heng_arena_alloc(arena, HENG_LIMIT_SUBJECT_ARENA_BYTES + 1));
    assert_non_null(heng_arena_alloc(arena, 1));
    heng_arena_free(arena);

    arena = heng_arena_new(HENG_LIMIT_RULESET_ARENA_BYTES);
    assert_null(heng_arena_alloc(arena, HENG_LIMIT_RULESET_ARENA_BYTES + 1));
    assert_non_null(heng_arena_alloc(arena, 1));
    heng_arena_free(arena);
}

static void rewinding_gives_back_what_came_after(void **state) {
    (void)state;
    heng_arena *arena = heng_arena_new(1 << 20);
    heng_arena_mark empty = heng_arena_get_mark(arena);
    char *first = heng_arena_dup(arena, "first", 5);
    heng_arena_mark mark = heng_arena_get_mark(arena);
    size_t used = heng_arena_used(arena);

    for (int round = 0; round < 3; round++) {
        for (int i = 0; i < 100; i++) { /* past the first block */
            assert_non_null(heng_arena_alloc(arena, 1000));
        }
        heng_arena_rewind(arena, mark);
        assert_int_equal(heng_arena_used(arena), used);
        assert_string_equal(first, "first");
    }
    size_t fit = fill(arena, ALIGNMENT);
    assert_int_equal(fit, ((1 << 20) - used) / ALIGNMENT);

    heng_arena_rewind(arena, empty);
    assert_int_equal(heng_arena_used(arena), 0);
    heng_arena_free(arena);
}

static void nested_marks_rewind_one_by_one(void **state) {
    (void)state;
    heng_arena *arena = heng_arena_new(1 << 20);
    heng_arena_mark marks[20];
    size_t used[20];
    for (size_t i = 0; i < COUNT(marks); i++) {
        marks[i] = heng_arena_get_mark(arena);
        used[i] = heng_arena_used(arena);
        assert_non_null(heng_arena_alloc(arena, 1500 * (i % 4)));
    }
    for (size_t i = COUNT(marks); i > 0; i--) {
        heng_arena_rewind(arena, marks[i - 1]);
        assert_int_equal(heng_arena_used(arena), used[i - 1]);
    }
    heng_arena_free(arena);
}

#ifndef HENG_STRESS
static void a_reset_arena_needs_no_more_memory(void **state) {
    (void)state;
    heng_arena *arena = heng_arena_new(1 << 20);
    for (int i = 0; i < 50; i++) {
        assert_non_null(heng_arena_alloc(arena, (size_t)(i * 331) % 9000));
    }
    uint64_t before = heng_alloc_count();
    for (int round = 0; round < 3; round++) {
        heng_arena_reset(arena);
        for (int i = 0; i < 50; i++) {
            assert_non_null(heng_arena_alloc(arena, (size_t)(i * 331) % 9000));
        }
    }
    assert_int_equal(heng_alloc_count(), before);
    heng_arena_free(arena);
}
#endif

static void calloc_zeroes_also_what_was_used_before(void **state) {
    (void)state;
    static const char ZEROS[64];
    heng_arena *arena = heng_arena_new(1 << 20);
    char *dirty = heng_arena_alloc(arena, 64);
    memset(dirty, 'x', 64);
    heng_arena_reset(arena);
    assert_memory_equal(heng_arena_calloc(arena, 8, 8), ZEROS, 64);
    assert_non_null(heng_arena_calloc(arena, 0, 8));
    assert_null(heng_arena_calloc(arena, SIZE_MAX / 2, 3));
    heng_arena_free(arena);
}

static void copies_end_in_a_nul(void **state) {
    (void)state;
    heng_arena *arena = heng_arena_new(1 << 20);
    assert_memory_equal(heng_arena_dup(arena, "a\0b", 3), "a\0b\0", 4);
    assert_string_equal(heng_arena_dup(arena, NULL, 0), "");
    assert_null(heng_arena_dup(arena, "", SIZE_MAX));
    heng_str copy = heng_arena_dup_str(arena, HENG_STR("衡"));
    assert_int_equal(copy.len, 3);
    assert_string_equal(copy.ptr, "衡");
    copy = heng_arena_dup_str(arena, (heng_str){NULL, 0});
    assert_non_null(copy.ptr);
    assert_int_equal(copy.len, 0);
    assert_string_equal(heng_arena_printf(arena, "%s-%d", "x", 42), "x-42");
    heng_arena_free(arena);

    arena = heng_arena_new(ALIGNMENT);
    copy = heng_arena_dup_str(arena, HENG_STR("more than sixteen bytes"));
    assert_null(copy.ptr);
    assert_int_equal(copy.len, 23);
    assert_null(heng_arena_printf(arena, "%40d", 1));
    heng_arena_free(arena);
}

static heng_status use_arena(void *context) {
    (void)context;
    heng_status status = HENG_ERR_NOMEM;
    heng_arena *arena = heng_arena_new(1 << 20);
    if (arena == NULL)
        goto out;
    for (size_t i = 0; i < 40; i++) {
        if (heng_arena_alloc(arena, i * 500) == NULL)
            goto out;
    }
    if (heng_arena_printf(arena, "%d", 1) == NULL)
        goto out;
    status = HENG_OK;
out:
    heng_arena_free(arena);
    return status;
}

static void survives_failing_allocations(void **state) {
    (void)state;
    assert_true(torture(use_arena, NULL) > 5);
}

int main(void) {
    struct CMUnitTest tests[COUNT(cap_rows) + 16];
    size_t count = 0;
    for (size_t i = 0; i < COUNT(cap_rows); i++) {
        tests[count++] = ROW_TEST(&cap_rows[i], check_cap_row);
    }
    const struct CMUnitTest others[] = {
        cmocka_unit_test(every_block_is_aligned_and_its_own),
        cmocka_unit_test(a_block_may_be_larger_than_all_usual_ones),
        cmocka_unit_test(taking_is_allocating),
        cmocka_unit_test(what_fits_does_not_depend_on_earlier_use),
        cmocka_unit_test(the_cap_of_a_subject_holds),
        cmocka_unit_test(rewinding_gives_back_what_came_after),
        cmocka_unit_test(nested_marks_rewind_one_by_one),
#ifndef HENG_STRESS
        cmocka_unit_test(a_reset_arena_needs_no_more_memory),
#endif
        cmocka_unit_test(calloc_zeroes_also_what_was_used_before),
        cmocka_unit_test(copies_end_in_a_nul),
        cmocka_unit_test(survives_failing_allocations),
    };
    memcpy(tests + count, others, sizeof others);
    count += COUNT(others);
    return check_run("base/arena", tests, count, NULL, NULL);
}
