/* SPDX-License-Identifier: Apache-2.0 */
/* test_signature.c: rows of the library by name, with their types. */
#include "cel/front.h"

#include "cel/signature.h"

static void finds_rows_in_their_order(void **state) {
    heng_arena *arena = heng_arena_new((size_t)1 << 20);
    const heng_signature_table *table = heng_signature_table_new(arena);
    (void)state;
    assert_non_null(table);
    const heng_signature_row *row = heng_signature_find(table, HENG_STR("_+_"));
    assert_non_null(row);
    assert_string_equal(row->overload->id, "add_int64");
    assert_int_equal(row->count, 2);
    assert_int_equal(row->params[1]->kind, HENG_CEL_INT);
    assert_string_equal(row->next->overload->id, "add_uint64");
    assert_null(heng_signature_find(table, HENG_STR("no such")));
    assert_null(heng_signature_find(table, HENG_STR("")));
    heng_arena_free(arena);
}

static void reads_receivers_and_repeats(void **state) {
    heng_arena *arena = heng_arena_new((size_t)1 << 20);
    const heng_signature_table *table = heng_signature_table_new(arena);
    (void)state;
    const heng_signature_row *row = heng_signature_find(table, HENG_STR("startsWith"));
    assert_true(heng_signature_fits(row, true, 2));
    assert_false(heng_signature_fits(row, false, 2));
    assert_false(heng_signature_fits(row, true, 3));
    row = heng_signature_find(table, HENG_STR("math.greatest"));
    while (!row->repeats) {
        row = row->next;
    }
    assert_true(heng_signature_fits(row, false, 9));
    assert_ptr_equal(heng_signature_param(row, 8), row->params[row->count - 1]);
    heng_arena_free(arena);
}

/* Both readers of signatures, this one and the library's, must see the same. */
static void agrees_with_the_library(void **state) {
    heng_arena *arena = heng_arena_new((size_t)1 << 20);
    const heng_signature_table *table = heng_signature_table_new(arena);
    size_t count = 0;
    size_t rows = 0;
    const heng_str *names = heng_signature_names(table, &count);
    (void)state;
    for (size_t i = 0; i < count; i++) {
        const heng_signature_row *row = heng_signature_find(table, names[i]);
        for (; row != NULL; row = row->next, rows++) {
            heng_cel_signature other;
            assert_true(heng_cel_library_signature(row->overload, &other));
            assert_int_equal(row->receiver, other.receiver);
            assert_int_equal(row->repeats, other.repeats);
            assert_int_equal(row->count, other.count);
            assert_int_equal(row->result->kind, other.result);
            for (uint32_t p = 0; p < row->count; p++) {
                assert_int_equal(row->params[p]->kind, other.kinds[p]);
            }
        }
    }
    assert_true(rows > 150);
    heng_arena_free(arena);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finds_rows_in_their_order),
        cmocka_unit_test(reads_receivers_and_repeats),
        cmocka_unit_test(agrees_with_the_library),
    };
    return cmocka_run_group_tests_name("signature", tests, NULL, NULL);
}
