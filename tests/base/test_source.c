/* SPDX-License-Identifier: Apache-2.0 */
/* test_source.c: what is a text, and where things are in it. */
#include "support/torture.h"

#include "heng/source.h"

#include <stdio.h>

struct row {
    const char *name;
    const char *bytes;
    size_t len;
    const char *error; /* NULL: it is a source */
};

#define TEXT(literal) (literal), sizeof(literal) - 1 /* keeps embedded NULs */

static struct row rows[] = {
    {"empty text is a source", TEXT(""), NULL},
    {"NUL is a character like any other", TEXT("a\0b"), NULL},
    {"lines count from 1", TEXT("a: 1\nb: \xc0\n"),
     "a.yaml:2:4: byte 0xc0 is not UTF-8; save the file as UTF-8"},
    {"columns count code points", TEXT("\xc3\xa9: \xff"),
     "a.yaml:1:4: byte 0xff is not UTF-8; save the file as UTF-8"},
    {"a sequence cut by the end is found", TEXT("ok\n\xe2\x82"),
     "a.yaml:2:1: byte 0xe2 is not UTF-8; save the file as UTF-8"},
    {"GBK is found at its first character", TEXT("id: a\ntitle: \xba\xe2\n"),
     "a.yaml:2:8: byte 0xba is not UTF-8; save the file as UTF-8"},
};

static void check_row(void **state) {
    const struct row *row = *state;
    heng_source *source = NULL;
    heng_error error = {0};
    char text[128] = "";

    heng_status got = heng_source_new("a.yaml", row->bytes, row->len, &source, &error);

    assert_int_equal(got, row->error == NULL ? HENG_OK : HENG_ERR_INVALID);
    if (row->error != NULL) {
        assert_null(source); /* untouched */
        (void)heng_error_format(&error, text, sizeof text);
        assert_string_equal(text, row->error);
        return;
    }
    assert_string_equal(heng_source_name(source), "a.yaml");
    assert_int_equal(heng_source_text(source).len, row->len);
    assert_memory_equal(heng_source_text(source).ptr, row->bytes, row->len);
    heng_source_free(source);
}

static void the_largest_source_fits_and_one_more_does_not(void **state) {
    (void)state;
    size_t len = HENG_SOURCE_MAX + 1;
    char *bytes = heng_alloc(len);
    assert_non_null(bytes);
    memset(bytes, 'x', len);
    heng_source *source = NULL;
    heng_error error = {0};
    char text[128];

    assert_int_equal(heng_source_new("big", bytes, len, &source, &error),
                     HENG_ERR_LIMIT);
    assert_null(source);
    (void)heng_error_format(&error, text, sizeof text);
    assert_string_equal(text, "big: 16777217 bytes is over the limit of 16777216; "
                              "split the file into several");

    assert_int_equal(heng_source_new("big", bytes, len - 1, &source, &error), HENG_OK);
    heng_source_free(source);
    heng_source_free(NULL);
    heng_alloc_free(bytes);
}

static heng_source *source_of(const char *bytes, size_t len) {
    heng_source *source = NULL;
    if (heng_source_new("a.yaml", bytes, len, &source, NULL) != HENG_OK) {
        fail_msg("no source");
    }
    return source;
}

struct place_row {
    const char *name;
    const char *bytes;
    size_t len;
    size_t offset;
    heng_pos pos;
    const char *line;
};

static struct place_row places[] = {
    {"the start of nothing", TEXT(""), 0, {1, 1}, ""},
    {"the start", TEXT("ab\ncd"), 0, {1, 1}, "ab"},
    {"a line end belongs to its line", TEXT("ab\ncd"), 2, {1, 3}, "ab"},
    {"the second line", TEXT("ab\ncd"), 3, {2, 1}, "cd"},
    {"the end", TEXT("ab\ncd"), 5, {2, 3}, "cd"},
    {"the end after a line end", TEXT("ab\n"), 3, {2, 1}, ""},
    {"an empty line", TEXT("\n\nx"), 1, {2, 1}, ""},
    {"CR LF is one line end", TEXT("ab\r\ncd"), 4, {2, 1}, "cd"},
    {"CR LF is left out of the line", TEXT("ab\r\ncd"), 1, {1, 2}, "ab"},
    {"CR alone is a line end", TEXT("ab\rcd"), 3, {2, 1}, "cd"},
    {"CR CR LF are two line ends", TEXT("a\r\r\nb"), 4, {3, 1}, "b"},
    {"CR at the end is a line end", TEXT("a\r"), 2, {2, 1}, ""},
    {"columns are code points", TEXT("标题: 衡x"), 11, {1, 6}, "标题: 衡x"},
    {"a byte order mark is in no column",
     TEXT("\xEF\xBB\xBF"
          "ab"),
     4,
     {1, 2},
     "ab"},
    {"a byte order mark alone", TEXT("\xEF\xBB\xBF"), 3, {1, 1}, ""},
    {"a mark later on is a character",
     TEXT("a\xEF\xBB\xBFz"),
     4,
     {1, 3},
     "a\xEF\xBB\xBFz"},
};

static void check_place(void **state) {
    const struct place_row *row = *state;
    heng_source *source = source_of(row->bytes, row->len);
    heng_pos pos = heng_source_locate(source, row->offset);
    heng_str line = heng_source_line(source, pos.line);
    assert_int_equal(pos.line, row->pos.line);
    assert_int_equal(pos.col, row->pos.col);
    assert_int_equal(line.len, strlen(row->line));
    assert_memory_equal(line.ptr, row->line, line.len);
    assert_int_equal(heng_source_offset(source, pos), row->offset);
    heng_source_free(source);
}

static void places_outside_are_clamped(void **state) {
    (void)state;
    heng_source *source = source_of(TEXT("\xEF\xBB\xBF"
                                         "ab\ncde\n"));
    heng_pos pos = heng_source_locate(source, 1); /* in the byte order mark */
    assert_int_equal(pos.line, 1);
    assert_int_equal(pos.col, 1);
    pos = heng_source_locate(source, SIZE_MAX);
    assert_int_equal(pos.line, 3);
    assert_int_equal(pos.col, 1);

    assert_int_equal(heng_source_line(source, 0).len, 0);
    assert_int_equal(heng_source_line(source, 4).len, 0);
    assert_int_equal(heng_source_offset(source, (heng_pos){0, 0}), 0);
    assert_int_equal(heng_source_offset(source, (heng_pos){2, 0}), 6);
    assert_int_equal(heng_source_offset(source, (heng_pos){2, 99}), 9); /* line end */
    assert_int_equal(heng_source_offset(source, (heng_pos){99, 1}), 10);
    heng_source_free(source);
}

static void every_offset_comes_back(void **state) {
    (void)state;
    static const char text[] = "规则:\n  - id: a\r\n\n  title: 衡 😀\n";
    heng_source *source = source_of(TEXT(text));
    for (size_t at = 0; at < sizeof text; at++) {
        heng_pos pos = heng_source_locate(source, at);
        size_t back = heng_source_offset(source, pos);
        bool in_line_end = at > 0 && text[at - 1] == '\r' && text[at] == '\n';
        bool in_character = ((unsigned char)text[at] & 0xC0U) == 0x80U;
        if (!in_line_end && !in_character) {
            assert_int_equal(back, at);
        }
    }
    heng_source_free(source);
}

static heng_status make_source(void *context) {
    (void)context;
    heng_source *source = NULL;
    heng_error error = {0};
    heng_status status = heng_source_new("a.yaml", TEXT("a\nb\n"), &source, &error);
    assert_int_equal(source != NULL, status == HENG_OK);
    if (status != HENG_OK) {
        assert_string_equal(error.text, "out of memory");
        assert_string_equal(error.place, "a.yaml");
    }
    heng_source_free(source);
    return status;
}

static void survives_failing_allocations(void **state) {
    (void)state;
    assert_int_equal(torture(make_source, NULL), 4);
}

int main(void) {
    struct CMUnitTest tests[COUNT(rows) + COUNT(places) + 4];
    size_t count = 0;
    for (size_t i = 0; i < COUNT(rows); i++) {
        tests[count++] = ROW_TEST(&rows[i], check_row);
    }
    for (size_t i = 0; i < COUNT(places); i++) {
        tests[count++] = ROW_TEST(&places[i], check_place);
    }
    const struct CMUnitTest others[] = {
        cmocka_unit_test(the_largest_source_fits_and_one_more_does_not),
        cmocka_unit_test(places_outside_are_clamped),
        cmocka_unit_test(every_offset_comes_back),
        cmocka_unit_test(survives_failing_allocations),
    };
    memcpy(tests + count, others, sizeof others);
    count += COUNT(others);
    return check_run("base/source", tests, count, NULL, NULL);
}
