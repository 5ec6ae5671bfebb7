/* SPDX-License-Identifier: Apache-2.0 */
/* test_buffer.c: growth, the maximum, and failures that stick. */
#include "support/torture.h"

#include "base/buffer.h"

#include <stdio.h>

static void check_text(const heng_buffer *buffer, const char *text) {
    assert_int_equal(buffer->len, strlen(text));
    assert_string_equal(heng_buffer_view(buffer).ptr, text);
}

static void an_empty_buffer_is_an_empty_text(void **state) {
    (void)state;
    heng_buffer buffer;
    heng_buffer_init(&buffer, 10);
    check_text(&buffer, "");
    assert_int_equal(heng_buffer_add(&buffer, NULL, 0), HENG_OK);
    check_text(&buffer, "");
    heng_buffer_done(&buffer);
    heng_buffer_done(&buffer);
}

static void adds_all_kinds_in_order(void **state) {
    (void)state;
    heng_buffer buffer;
    heng_buffer_init(&buffer, 1000);
    assert_int_equal(heng_buffer_add(&buffer, "bytes ", 6), HENG_OK);
    assert_int_equal(heng_buffer_add_str(&buffer, HENG_STR("str ")), HENG_OK);
    assert_int_equal(heng_buffer_add_text(&buffer, "text "), HENG_OK);
    assert_int_equal(heng_buffer_add_char(&buffer, '#'), HENG_OK);
    assert_int_equal(heng_buffer_add_format(&buffer, " %d %s", 7, "of"), HENG_OK);
    check_text(&buffer, "bytes str text # 7 of");
    heng_buffer_done(&buffer);
}

static void formats_at_every_fill(void **state) {
    (void)state;
    for (size_t before = 0; before < 200;
         before++) { /* so the text just fits, or not */
        heng_buffer buffer;
        heng_buffer_init(&buffer, 1000);
        for (size_t i = 0; i < before; i++) {
            assert_int_equal(heng_buffer_add_char(&buffer, '.'), HENG_OK);
        }
        assert_int_equal(heng_buffer_add_format(&buffer, "%05d", 42), HENG_OK);
        assert_int_equal(buffer.len, before + 5);
        assert_string_equal(buffer.bytes + before, "00042");
        heng_buffer_done(&buffer);
    }
}

struct max_row {
    const char *name;
    size_t max;
    size_t piece;
    size_t fit; /* pieces that fit */
};

static struct max_row max_rows[] = {
    {"nothing fits a maximum of 0", 0, 1, 0},
    {"the last byte fits", 10, 1, 10},
    {"a piece that does not fit is left out whole", 10, 3, 3},
    {"a maximum below the first room holds", 5, 5, 1},
    {"a maximum just above the first room holds", 65, 1, 65},
    {"a maximum that no doubling meets holds", 1000, 7, 142},
    {"a piece of the maximum fits", 100000, 100000, 1},
    {"a piece over the maximum does not", 100000, 100001, 0},
};

static void check_max_row(void **state) {
    const struct max_row *row = *state;
    char *piece = heng_alloc(row->piece);
    memset(piece, 'x', row->piece);
    for (int by_format = 0; by_format < 2; by_format++) {
        heng_buffer buffer;
        heng_buffer_init(&buffer, row->max);
        heng_status status = HENG_OK;
        size_t fit = 0;
        while (status == HENG_OK) {
            status = by_format ? heng_buffer_add_format(&buffer, "%.*s",
                                                        (int)row->piece, piece)
                               : heng_buffer_add(&buffer, piece, row->piece);
            fit += status == HENG_OK;
        }
        assert_int_equal(status, HENG_ERR_LIMIT);
        assert_int_equal(fit, row->fit);
        assert_int_equal(buffer.len, fit * row->piece);
        assert_int_equal(strlen(heng_buffer_view(&buffer).ptr), buffer.len);
        assert_true(buffer.room <= row->max);
        heng_buffer_done(&buffer);
    }
    heng_alloc_free(piece);
}

static void a_length_that_wraps_does_not_fit(void **state) {
    (void)state;
    heng_buffer buffer;
    heng_buffer_init(&buffer, SIZE_MAX);
    assert_int_equal(heng_buffer_add_char(&buffer, 'x'), HENG_OK);
    assert_int_equal(heng_buffer_reserve(&buffer, SIZE_MAX), HENG_ERR_LIMIT);
    heng_buffer_done(&buffer);
}

static void a_failure_sticks_until_cleared(void **state) {
    (void)state;
    heng_buffer buffer;
    heng_buffer_init(&buffer, 4);
    assert_int_equal(heng_buffer_add_text(&buffer, "ab"), HENG_OK);
    assert_int_equal(heng_buffer_add_text(&buffer, "cde"), HENG_ERR_LIMIT);
    assert_int_equal(heng_buffer_add_text(&buffer, "f"), HENG_ERR_LIMIT);
    assert_int_equal(heng_buffer_add_format(&buffer, "%d", 1), HENG_ERR_LIMIT);
    check_text(&buffer, "ab");
    size_t len = 99;
    assert_null(heng_buffer_take(&buffer, &len));
    assert_int_equal(len, 99);
    heng_buffer_fail(&buffer, HENG_ERR_IO); /* the first failure is the one kept */
    assert_int_equal(heng_buffer_status(&buffer), HENG_ERR_LIMIT);

    heng_buffer_clear(&buffer);
    assert_int_equal(heng_buffer_add_text(&buffer, "wxyz"), HENG_OK);
    check_text(&buffer, "wxyz");
    heng_buffer_done(&buffer);
}

static void truncating_takes_back(void **state) {
    (void)state;
    heng_buffer buffer;
    heng_buffer_init(&buffer, 100);
    heng_buffer_truncate(&buffer, 0); /* nothing there yet */
    assert_int_equal(heng_buffer_add_text(&buffer, "abcdef"), HENG_OK);
    heng_buffer_truncate(&buffer, 10); /* more than there is: no effect */
    check_text(&buffer, "abcdef");
    heng_buffer_truncate(&buffer, 2);
    check_text(&buffer, "ab");
    heng_buffer_done(&buffer);
}

static void taking_hands_over_and_empties(void **state) {
    (void)state;
    heng_buffer buffer;
    size_t len = 99;
    heng_buffer_init(&buffer, 100);
    char *bytes = heng_buffer_take(&buffer, &len); /* empty, still a text */
    assert_string_equal(bytes, "");
    assert_int_equal(len, 0);
    heng_alloc_free(bytes);

    assert_int_equal(heng_buffer_add(&buffer, "a\0b", 3), HENG_OK);
    bytes = heng_buffer_take(&buffer, &len);
    assert_int_equal(len, 3);
    assert_memory_equal(bytes, "a\0b\0", 4);
    heng_alloc_free(bytes);

    check_text(&buffer, "");
    assert_int_equal(heng_buffer_add_text(&buffer, "again"), HENG_OK);
    check_text(&buffer, "again");
    heng_buffer_done(&buffer);
}

static heng_status use_buffer(void *context) {
    (void)context;
    heng_buffer buffer;
    heng_buffer_init(&buffer, 10000);
    for (int i = 0; i < 500; i++) {
        (void)heng_buffer_add_format(&buffer, "%d ", i);
    }
    heng_status status = heng_buffer_status(&buffer);
    heng_buffer_done(&buffer);
    return status;
}

static void survives_failing_allocations(void **state) {
    (void)state;
    assert_true(torture(use_buffer, NULL) > 3);
}

int main(void) {
    struct CMUnitTest tests[COUNT(max_rows) + 16];
    size_t count = 0;
    for (size_t i = 0; i < COUNT(max_rows); i++) {
        tests[count++] = ROW_TEST(&max_rows[i], check_max_row);
    }
    const struct CMUnitTest others[] = {
        cmocka_unit_test(an_empty_buffer_is_an_empty_text),
        cmocka_unit_test(adds_all_kinds_in_order),
        cmocka_unit_test(formats_at_every_fill),
        cmocka_unit_test(a_length_that_wraps_does_not_fit),
        cmocka_unit_test(a_failure_sticks_until_cleared),
        cmocka_unit_test(truncating_takes_back),
        cmocka_unit_test(taking_hands_over_and_empties),
        cmocka_unit_test(survives_failing_allocations),
    };
    memcpy(tests + count, others, sizeof others);
    count += COUNT(others);
    return check_run("base/buffer", tests, count, NULL, NULL);
}
