/* SPDX-License-Identifier: Apache-2.0 */
#include "support/check.h"

#include "report/layout.h"

static struct row {
    const char *name;
    size_t width, indent, hang;
    const char *text;
    const char *want;
} rows[] = {
    {"no width, no wrapping", 0, 0, 0, "one two three four five six seven",
     "one two three four five six seven\n"},
    {"words go over whole", 20, 0, 2, "one two three four five six seven",
     "one two three four\n  five six seven\n"},
    {"a word that fits exactly stays", 18, 0, 0, "one two three four five",
     "one two three four\nfive\n"},
    {"a word too long is cut", 14, 0, 0, "abcdefghijklmnopqrstuvwxyz",
     "abcdefghijklmn\nopqrstuvwxyz\n"},
    {"Chinese takes two cells and parts anywhere", 14, 0, 0, "一二三四五六七八九",
     "一二三四五六七\n八九\n"},
    {"no line begins with a comma", 14, 0, 0, "一二三四五六七，八九",
     "一二三四五六\n七，八九\n"},
    {"no line ends with an opening mark", 14, 0, 0, "一二三四五六（七八",
     "一二三四五六\n（七八\n"},
    {"indented all along", 18, 4, 0, "one two three four",
     "    one two three\n    four\n"},
    {"very narrow is not a tower", 5, 0, 0, "one two three", "one two\nthree\n"},
    {"control characters do not reach a terminal", 0, 0, 0, "a\x1b[31mb\tc\nd",
     "a\xEF\xBF\xBD[31mb c d\n"},
    {"bytes that are not UTF-8 are replaced", 0, 0, 0, "a\xffz", "a\xEF\xBF\xBDz\n"},
    {"nothing is a line", 20, 0, 0, "", "\n"},
};

static void check_row(void **state) {
    const struct row *row = *state;
    heng_buffer out;
    heng_buffer_init(&out, 4096);
    heng_layout layout = {.out = &out, .width = row->width};
    heng_layout_text(&layout, row->indent, row->hang, HENG_PAINT_STRONG,
                     heng_str_of(row->text));
    assert_string_equal(heng_buffer_view(&out).ptr, row->want);
    heng_buffer_done(&out);
}

static void print_table(size_t width, const char *want) {
    heng_buffer out;
    heng_arena *arena = heng_arena_new(1 << 16);
    heng_buffer_init(&out, 4096);
    heng_layout layout = {.out = &out, .arena = arena, .width = width};
    heng_layout_table table = {.columns = 3};
    heng_layout_row(
        &layout, &table,
        (const heng_str[]){HENG_STR("NAME"), HENG_STR("类"), HENG_STR("DAY")});
    heng_layout_row(&layout, &table,
                    (const heng_str[]){HENG_STR("限制参加政府采购活动"),
                                       HENG_STR("惩戒"), HENG_STR("2026-05-01")});
    heng_layout_row(&layout, &table,
                    (const heng_str[]){HENG_STR("x"), HENG_STR(""), HENG_STR("-")});
    heng_layout_print(&layout, &table, 1);
    assert_string_equal(heng_buffer_view(&out).ptr, want);
    heng_buffer_done(&out);
    heng_arena_free(arena);
}

static void columns_align_whatever_the_script(void **state) {
    (void)state;
    print_table(0, " NAME                  类    DAY\n"
                   " 限制参加政府采购活动  惩戒  2026-05-01\n"
                   " x                           -\n");
}

static void the_widest_column_gives_way(void **state) {
    (void)state;
    print_table(32, " NAME           类    DAY\n"
                    " 限制参加政府   惩戒  2026-05-01\n"
                    " 采购活动\n"
                    " x                    -\n");
}

static void fields_hang_beside_their_label(void **state) {
    (void)state;
    heng_buffer out;
    heng_buffer_init(&out, 4096);
    heng_layout layout = {.out = &out, .width = 24};
    heng_layout_field(&layout, 1, 6, HENG_STR("依据"), HENG_STR("one two three four"));
    heng_layout_field(&layout, 1, 6, HENG_STR(""), HENG_STR("five"));
    assert_string_equal(heng_buffer_view(&out).ptr,
                        " 依据  one two three\n       four\n       five\n");
    heng_buffer_done(&out);
}

static void colour_is_off_unless_asked_for(void **state) {
    (void)state;
    heng_buffer out;
    heng_buffer_init(&out, 4096);
    heng_layout layout = {.out = &out, .color = true};
    heng_layout_text(&layout, 0, 0, HENG_PAINT_BAD, HENG_STR("no"));
    assert_string_equal(heng_buffer_view(&out).ptr, "\x1b[1;31mno\x1b[0m\n");
    heng_buffer_done(&out);
}

static void a_text_that_could_not_be_made_fails_the_buffer(void **state) {
    (void)state;
    heng_buffer out;
    heng_buffer_init(&out, 4096);
    heng_layout layout = {.out = &out};
    heng_layout_text(&layout, 0, 0, HENG_PAINT_NONE, (heng_str){NULL, 1});
    assert_int_equal(heng_buffer_status(&out), HENG_ERR_NOMEM);
    heng_buffer_done(&out);
}

int main(void) {
    const struct CMUnitTest others[] = {
        cmocka_unit_test(columns_align_whatever_the_script),
        cmocka_unit_test(the_widest_column_gives_way),
        cmocka_unit_test(fields_hang_beside_their_label),
        cmocka_unit_test(colour_is_off_unless_asked_for),
        cmocka_unit_test(a_text_that_could_not_be_made_fails_the_buffer),
    };
    struct CMUnitTest tests[COUNT(rows) + COUNT(others)];
    for (size_t i = 0; i < COUNT(rows); i++)
        tests[i] = ROW_TEST(&rows[i], check_row);
    memcpy(tests + COUNT(rows), others, sizeof others);
    return cmocka_run_group_tests_name("report/layout", tests, NULL, NULL);
}
