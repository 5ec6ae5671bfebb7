/* SPDX-License-Identifier: Apache-2.0 */
/* test_cel_report.c: places of an expression as places of the file around it. */
#include "cel/front.h"

static const char FILE_TEXT[] = "ground: >-\n"
                                "  r.in_force\n"
                                "  && r.amuont\n";

/* As a folded block scalar is read: lines joined by a blank, without indentation. */
static const char EXPRESSION[] = "r.in_force && r.amuont";

static void finds_the_place_in_the_file(void **state) {
    struct front front;
    heng_source *source = NULL;
    uint32_t offsets[sizeof EXPRESSION];
    heng_cel_program *program = NULL;
    heng_buffer out;
    (void)state;
    size_t first = (size_t)(strstr(FILE_TEXT, "r.in_force") - FILE_TEXT);
    size_t second = (size_t)(strstr(FILE_TEXT, "&&") - FILE_TEXT);
    for (size_t i = 0; i < sizeof EXPRESSION; i++) {
        offsets[i] = (uint32_t)(i < 11 ? first + i : second + i - 11);
    }
    front_init(&front);
    assert_int_equal(
        heng_source_new("rules/a.yaml", FILE_TEXT, sizeof FILE_TEXT - 1, &source, NULL),
        HENG_OK);
    front.diags = heng_diags_new();
    heng_cel_place place = {.source = source, .offsets = offsets};
    assert_int_equal(heng_cel_compile(front.env, heng_str_of(EXPRESSION), place, NULL,
                                      front.arena, front.diags, &program),
                     HENG_ERR_INVALID);
    heng_buffer_init(&out, 1000);
    front_render(&front, &out);
    assert_string_equal(out.bytes,
                        "rules/a.yaml:3:8: error[HENG-E0204]: `record` has no field "
                        "`amuont`\n"
                        "    3 |   && r.amuont\n"
                        "      |        ^^^^^^\n"
                        "help: did you mean `amount`?\n");
    heng_buffer_done(&out);
    front_forget(&front);
    heng_source_free(source);
    front_done(&front);
}

static void counts_from_a_base(void **state) {
    heng_cel_report report = {.place = {.base = 100}, .len = 10};
    (void)state;
    heng_span span = heng_cel_report_span(&report, 3, 4);
    assert_int_equal(span.start, 103);
    assert_int_equal(span.len, 4);
    span = heng_cel_report_span(&report, 8, 400); /* never past the expression */
    assert_int_equal(span.start + span.len, 110);
    span = heng_cel_report_span(&report, 400, 4);
    assert_int_equal(span.start, 110);
    assert_int_equal(span.len, 0);
}

static void cuts_long_texts(void **state) {
    heng_diags *diags = heng_diags_new();
    heng_cel_report report = {.diags = diags, .len = 1};
    char *text = malloc(20001);
    (void)state;
    assert_non_null(text);
    memset(text, 'x', 20000);
    text[20000] = '\0';
    heng_cel_report_error(&report, HENG_CEL_E_SYNTAX, 0, 1, "%s", text);
    heng_cel_report_help(&report, "%s", text);
    assert_int_equal(report.errors, 1);
    assert_true(strlen(heng_diags_get(diags, 0)->message) < 5000);
    assert_true(strlen(heng_diags_get(diags, 0)->help) < 5000);
    free(text);
    heng_diags_free(diags);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finds_the_place_in_the_file),
        cmocka_unit_test(counts_from_a_base),
        cmocka_unit_test(cuts_long_texts),
    };
    return cmocka_run_group_tests_name("cel_report", tests, NULL, NULL);
}
