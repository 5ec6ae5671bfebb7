/* SPDX-License-Identifier: Apache-2.0 */
/* test_error.c: what a failure says, and how it is cut. */
#include "support/check.h"

#include "base/utf8.h"
#include "heng/error.h"

#include <stdio.h>
#include <string.h>

static void every_status_has_a_name_and_a_text(void **state) {
    (void)state;
#define X(constant, value, name, text)                                                 \
    assert_string_equal(heng_status_name(constant), name);                             \
    assert_string_equal(heng_status_text(constant), text);
    HENG_STATUS_MAP(X)
#undef X
    int volatile unheard_of = 99;
    assert_string_equal(heng_status_name((heng_status)unheard_of), "unknown");
    assert_string_equal(heng_status_text((heng_status)unheard_of),
                        "a status that this version does not know");
}

struct row {
    const char *name;
    const char *place;
    heng_pos pos;
    const char *text;
    const char *want;
};

static struct row rows[] = {
    {"all parts", "a.yaml", {3, 7}, "`x` is wrong", "a.yaml:3:7: `x` is wrong"},
    {"no column", "a.csv", {3, 0}, "too long", "a.csv:3: too long"},
    {"no position", "a.yaml", {0, 0}, "is a folder", "a.yaml: is a folder"},
    {"no place", NULL, {0, 0}, "out of memory", "out of memory"},
    {"an empty place", "", {0, 0}, "out of memory", "out of memory"},
    {"a position alone", NULL, {1, 2}, "unexpected `)`", "1:2: unexpected `)`"},
    {"no text", "a.yaml", {1, 2}, "", "a.yaml:1:2: "},
};

static void check_row(void **state) {
    const struct row *row = *state;
    heng_error error;
    memset(&error, 'x', sizeof error); /* all of it must be written */
    char text[256];
    heng_status status =
        heng_error_set(&error, HENG_ERR_INVALID, row->place, row->pos, "%s", row->text);
    assert_int_equal(status, HENG_ERR_INVALID);
    assert_int_equal(error.status, HENG_ERR_INVALID);
    assert_int_equal(heng_error_format(&error, text, sizeof text), strlen(row->want));
    assert_string_equal(text, row->want);
}

static void nobody_need_listen(void **state) {
    (void)state;
    assert_int_equal(heng_error_set(NULL, HENG_ERR_IO, "x", (heng_pos){0, 0}, "%d", 1),
                     HENG_ERR_IO);
    assert_int_equal(heng_error_nomem(NULL), HENG_ERR_NOMEM);
}

static void out_of_memory_is_said(void **state) {
    (void)state;
    heng_error error = {0};
    assert_int_equal(heng_error_nomem(&error), HENG_ERR_NOMEM);
    assert_int_equal(error.status, HENG_ERR_NOMEM);
    assert_string_equal(error.text, "out of memory");
    assert_string_equal(error.place, "");
}

static void an_error_can_be_wrapped_in_itself(void **state) {
    (void)state;
    heng_error error = {0};
    (void)heng_error_set(&error, HENG_ERR_IO, "inner", (heng_pos){1, 2}, "cannot read");
    (void)heng_error_set(&error, HENG_ERR_STORE, error.place, error.pos, "%s: %s",
                         "while opening", error.text);
    assert_string_equal(error.place, "inner");
    assert_string_equal(error.text, "while opening: cannot read");
}

/* Characters of three bytes: a cut must fall between them for every offset. */
static void long_texts_are_cut_between_characters(void **state) {
    (void)state;
    for (int offset = 0; offset < 3; offset++) {
        char longer[2000];
        size_t len = 0;
        for (int i = 0; i < offset; i++) {
            longer[len++] = 'x';
        }
        while (len + 3 < sizeof longer) {
            memcpy(longer + len, "衡", 3);
            len += 3;
        }
        longer[len] = '\0';

        heng_error error;
        (void)heng_error_set(&error, HENG_ERR_INVALID, longer, (heng_pos){0, 0}, "%s",
                             longer);
        size_t place_len = strlen(error.place);
        size_t text_len = strlen(error.text);
        assert_in_range(place_len, sizeof error.place - 3, sizeof error.place - 1);
        assert_in_range(text_len, sizeof error.text - 3, sizeof error.text - 1);
        assert_int_equal(heng_utf8_valid_prefix(error.place, place_len), place_len);
        assert_int_equal(heng_utf8_valid_prefix(error.text, text_len), text_len);

        for (size_t size = 1; size < 40; size++) {
            char text[40];
            size_t whole = heng_error_format(&error, text, size);
            assert_int_equal(whole, place_len + 2 + text_len);
            assert_true(strlen(text) < size);
            assert_int_equal(heng_utf8_valid_prefix(text, strlen(text)), strlen(text));
        }
    }
}

static void a_text_that_just_fits_is_not_cut(void **state) {
    (void)state;
    heng_error error;
    (void)heng_error_set(&error, HENG_ERR_INVALID, NULL, (heng_pos){0, 0}, "%0*d",
                         HENG_ERROR_TEXT_BYTES - 1, 0);
    assert_int_equal(strlen(error.text), HENG_ERROR_TEXT_BYTES - 1);
    (void)heng_error_set(&error, HENG_ERR_INVALID, NULL, (heng_pos){0, 0}, "%0*d",
                         HENG_ERROR_TEXT_BYTES, 0);
    assert_int_equal(strlen(error.text), HENG_ERROR_TEXT_BYTES - 1);
}

static void no_room_writes_nothing(void **state) {
    (void)state;
    heng_error error = {0};
    (void)heng_error_nomem(&error);
    assert_int_equal(heng_error_format(&error, NULL, 0), 13);
}

int main(void) {
    struct CMUnitTest tests[COUNT(rows) + 8];
    size_t count = 0;
    for (size_t i = 0; i < COUNT(rows); i++) {
        tests[count++] = ROW_TEST(&rows[i], check_row);
    }
    const struct CMUnitTest others[] = {
        cmocka_unit_test(every_status_has_a_name_and_a_text),
        cmocka_unit_test(nobody_need_listen),
        cmocka_unit_test(out_of_memory_is_said),
        cmocka_unit_test(an_error_can_be_wrapped_in_itself),
        cmocka_unit_test(long_texts_are_cut_between_characters),
        cmocka_unit_test(a_text_that_just_fits_is_not_cut),
        cmocka_unit_test(no_room_writes_nothing),
    };
    memcpy(tests + count, others, sizeof others);
    count += COUNT(others);
    return check_run("base/error", tests, count, NULL, NULL);
}
