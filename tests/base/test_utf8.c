/* SPDX-License-Identifier: Apache-2.0 */
/* test_utf8.c: every code point there and back, and every kind of bytes that is none.
 */
#include "support/check.h"

#include "base/utf8.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

static void every_code_point_there_and_back(void **state) {
    (void)state;
    for (uint32_t code = 0; code <= 0x110010; code++) {
        char bytes[HENG_UTF8_BYTES_MAX] = {0};
        size_t len = heng_utf8_encode(code, bytes);
        bool is_code = code <= 0x10FFFF && (code < 0xD800 || code > 0xDFFF);
        if ((len != 0) != is_code) {
            fail_msg("U+%04X is encoded in %zu bytes", code, len);
        }
        if (!is_code)
            continue;
        uint32_t back = 0;
        if (heng_utf8_decode(bytes, len, &back) != len || back != code ||
            heng_utf8_valid_prefix(bytes, len) != len ||
            heng_utf8_count(bytes, len) != 1 || heng_utf8_cut(bytes, len) != len) {
            fail_msg("U+%04X does not come back", code);
        }
        for (size_t cut = 0; cut < len; cut++) {
            if (heng_utf8_decode(bytes, cut, &back) != 0 ||
                heng_utf8_valid_prefix(bytes, cut) != 0 ||
                heng_utf8_cut(bytes, cut) != 0) {
                fail_msg("U+%04X cut after %zu bytes is taken", code, cut);
            }
        }
    }
    uint32_t volatile most = UINT32_MAX;
    char bytes[HENG_UTF8_BYTES_MAX];
    assert_int_equal(heng_utf8_encode(most, bytes), 0);
}

struct row {
    const char *name;
    const char *bytes;
    size_t len;
    size_t valid;
};

#define TEXT(literal) (literal), sizeof(literal) - 1

static struct row rows[] = {
    {"no bytes are valid", TEXT(""), 0},
    {"NUL is a character", TEXT("a\0b"), 3},
    {"all lengths are valid", TEXT("a\xC2\xA2\xE2\x82\xAC\xF0\x9F\x98\x80"), 10},
    {"a tail alone is not", TEXT("ab\x80"), 2},
    {"the last tail alone is not", TEXT("ab\xBF"), 2},
    {"overlong NUL is not", TEXT("\xC0\x80"), 0},
    {"overlong slash is not", TEXT("\xC0\xAF"), 0},
    {"C1 is never valid", TEXT("\xC1\xBF"), 0},
    {"overlong in three bytes is not", TEXT("a\xE0\x9F\xBF"), 1},
    {"the first in three bytes is", TEXT("\xE0\xA0\x80"), 3},
    {"overlong in four bytes is not", TEXT("a\xF0\x8F\xBF\xBF"), 1},
    {"the first in four bytes is", TEXT("\xF0\x90\x80\x80"), 4},
    {"the code before the surrogates is", TEXT("\xED\x9F\xBF"), 3},
    {"the first surrogate is not", TEXT("\xED\xA0\x80"), 0},
    {"the last surrogate is not", TEXT("\xED\xBF\xBF"), 0},
    {"the code after the surrogates is", TEXT("\xEE\x80\x80"), 3},
    {"the last code point is", TEXT("\xF4\x8F\xBF\xBF"), 4},
    {"past the last is not", TEXT("\xF4\x90\x80\x80"), 0},
    {"F5 is never valid", TEXT("\xF5\x80\x80\x80"), 0},
    {"FE and FF are never valid", TEXT("abc\xFE\xFF"), 3},
    {"two bytes cut are not", TEXT("a\xC3"), 1},
    {"three bytes cut after two are not", TEXT("a\xE2\x82"), 1},
    {"four bytes cut after three are not", TEXT("a\xF0\x9F\x98"), 1},
    {"two bytes without a tail are not", TEXT("a\xC3(b"), 1},
    {"three bytes without the last tail are not", TEXT("a\xE2\x82(b"), 1},
    {"four bytes without the last tail are not", TEXT("a\xF0\x9F\x98(b"), 1},
    {"a bad byte after eight good ones is found", TEXT("abcdefgh\xFFi"), 8},
    {"a bad byte in the second eight is found", TEXT("abcdefghijk\xC3lmnopq"), 11},
    {"GBK is not UTF-8", TEXT("\xBA\xE2"), 0},
};

static void check_row(void **state) {
    const struct row *row = *state;
    /* In a block of its own size, so that ASan sees an over-read. */
    char *bytes = malloc(row->len == 0 ? 1 : row->len);
    assert_non_null(bytes);
    memcpy(bytes, row->bytes, row->len);
    size_t valid = heng_utf8_valid_prefix(bytes, row->len);
    uint32_t code = 42;
    size_t step = heng_utf8_decode(bytes + valid, row->len - valid, &code);
    free(bytes);
    assert_int_equal(valid, row->valid);
    assert_int_equal(step, 0);
    assert_int_equal(code, 42); /* untouched */
}

static void counts_code_points(void **state) {
    (void)state;
    assert_int_equal(heng_utf8_count("", 0), 0);
    assert_int_equal(heng_utf8_count(TEXT("abc")), 3);
    assert_int_equal(heng_utf8_count(TEXT("衡e\xCC\x81😀")), 4);
}

static void cuts_only_inside_a_character(void **state) {
    (void)state;
    static const char text[] = "a衡😀";
    static const size_t want[] = {0, 1, 1, 1, 4, 4, 4, 4, 8};
    for (size_t len = 0; len < COUNT(want); len++) {
        assert_int_equal(heng_utf8_cut(text, len), want[len]);
    }
    assert_int_equal(heng_utf8_cut(TEXT("\x80\x80\x80\x80\x80")),
                     5); /* not ours to mend */
}

struct cells_row {
    const char *name;
    const char *text;
    unsigned cells; /* of each character in it */
};

static struct cells_row cells_rows[] = {
    {"ASCII takes one cell", "a~ ", 1},
    {"Latin, Greek, Cyrillic take one", "éΩЖ", 1},
    {"the line that ends a window takes one", "…", 1},
    {"Han takes two", "衡行政处罚法㐀𠀀", 2},
    {"kana and hangul take two", "あアᄀ한", 2},
    {"CJK punctuation takes two", "、。「」《》", 2},
    {"full-width forms take two", "（），：Ａ￥", 2},
    {"half-width kana take one", "ｱｲ", 1},
    {"ideographic space takes two", "　", 2},
    {"emoji take two", "😀🚀⚡", 2},
    {"combining marks take none", "\xCC\x81\xE2\x83\x9D", 0},
    {"joiners and selectors take none", "\xE2\x80\x8D\xEF\xB8\x8F", 0},
};

static void check_cells(void **state) {
    const struct cells_row *row = *state;
    size_t len = strlen(row->text);
    for (size_t at = 0; at < len;) {
        uint32_t code = 0;
        size_t step = heng_utf8_decode(row->text + at, len - at, &code);
        assert_int_not_equal(step, 0);
        if (heng_utf8_cells(code) != row->cells) {
            fail_msg("U+%04X takes %u cells", code, heng_utf8_cells(code));
        }
        at += step;
    }
}

int main(void) {
    struct CMUnitTest tests[COUNT(rows) + COUNT(cells_rows) + 3];
    size_t count = 0;
    for (size_t i = 0; i < COUNT(rows); i++) {
        tests[count++] = ROW_TEST(&rows[i], check_row);
    }
    for (size_t i = 0; i < COUNT(cells_rows); i++) {
        tests[count++] = ROW_TEST(&cells_rows[i], check_cells);
    }
    tests[count++] =
        (struct CMUnitTest)cmocka_unit_test(every_code_point_there_and_back);
    tests[count++] = (struct CMUnitTest)cmocka_unit_test(counts_code_points);
    tests[count++] = (struct CMUnitTest)cmocka_unit_test(cuts_only_inside_a_character);
    return check_run("base/utf8", tests, count, NULL, NULL);
}
