/* SPDX-License-Identifier: Apache-2.0 */
/* test_library.c: the tables of functions: every row is well formed, and its example
 * holds. */
#include "cel/evaluate.h"

#include <stdio.h>

#include "cel/library.h"

static void each_row(void (*check)(const heng_cel_overload *row)) {
    size_t count = 0;
    const heng_cel_overload_table *const *tables = heng_cel_library_tables(&count);
    assert_true(count > 5);
    for (size_t t = 0; t < count; t++) {
        for (size_t i = 0; i < tables[t]->count; i++) {
            check(&tables[t]->rows[i]);
        }
    }
}

static void check_row(const heng_cel_overload *row) {
    heng_cel_signature signature;
    assert_non_null(row->id);
    assert_non_null(row->run);
    assert_non_null(row->doc);
    assert_non_null(row->example);
    if (!heng_cel_library_signature(row, &signature))
        fail_msg("%s: wrong signature %s", row->id, row->signature);
    size_t len = strlen(row->doc);
    if (len == 0 || (row->doc[len - 1] != '.' && row->doc[len - 1] != '`'))
        fail_msg("%s: the documentation is no sentence: %s", row->id, row->doc);
}

static void rows_are_well_formed(void **state) {
    (void)state;
    each_row(check_row);
}

static void check_unique(const heng_cel_overload *row) {
    size_t count = 0;
    size_t same = 0;
    const heng_cel_overload_table *const *tables = heng_cel_library_tables(&count);
    for (size_t t = 0; t < count; t++) {
        for (size_t i = 0; i < tables[t]->count; i++) {
            same += strcmp(tables[t]->rows[i].id, row->id) == 0;
        }
    }
    if (same != 1)
        fail_msg("%s: %zu rows have this id", row->id, same);
}

static void ids_are_unique(void **state) {
    (void)state;
    each_row(check_unique);
}

static void check_example(const heng_cel_overload *row) {
    struct evaluate evaluate;
    for (int no_fold = 0; no_fold < 2; no_fold++) {
        evaluate_init(&evaluate);
        evaluate.options.no_fold = no_fold == 1;
        const char *got = evaluate_text(&evaluate, row->example);
        if (strcmp(got, "true") != 0)
            fail_msg("%s: %s gives %s", row->id, row->example, got);
        evaluate_done(&evaluate);
    }
}

static void examples_hold(void **state) {
    (void)state;
    each_row(check_example);
}

static void costs_grow_with_sizes(void **state) {
    size_t count = 0;
    const heng_cel_overload_table *const *tables = heng_cel_library_tables(&count);
    (void)state;
    for (size_t t = 0; t < count; t++) {
        for (size_t i = 0; i < tables[t]->count; i++) {
            const heng_cel_overload *row = &tables[t]->rows[i];
            uint64_t last = 0;
            for (uint64_t size = 1; size < ((uint64_t)1 << 62); size *= 4) {
                const uint64_t sizes[] = {size, size, size};
                uint64_t cost = heng_cel_library_cost(row, sizes, 3);
                assert_true(cost >= last);
                last = cost;
            }
        }
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_are_well_formed),
        cmocka_unit_test(ids_are_unique),
        cmocka_unit_test(examples_hold),
        cmocka_unit_test(costs_grow_with_sizes),
    };
    return cmocka_run_group_tests_name("cel/library", tests, NULL, NULL);
}
