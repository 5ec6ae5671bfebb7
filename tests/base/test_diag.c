/* SPDX-License-Identifier: Apache-2.0 */
/* test_diag.c: what is collected, in which order, and the full text it is printed as.
 */
#include "support/torture.h"

#include "base/buffer.h"
#include "base/limits.h"
#include "heng/diag.h"

#include <stdio.h>

static heng_source *source_of(const char *name, const char *text) {
    heng_source *source = NULL;
    if (heng_source_new(name, text, strlen(text), &source, NULL) != HENG_OK) {
        fail_msg("no source");
    }
    return source;
}

static void add_piece(void *context, const char *text, size_t len) {
    if (heng_buffer_add(context, text, len) != HENG_OK) {
        fail_msg("out of memory");
    }
}

static void check_render(const heng_diag *diag, bool color, const char *want) {
    heng_buffer out;
    heng_buffer_init(&out, 1 << 20);
    heng_diag_render(diag, color, add_piece, &out);
    assert_string_equal(heng_buffer_view(&out).ptr, want);
    heng_buffer_done(&out);
}

struct row {
    const char *name;
    const char *text;
    const char *mark; /* the span: where this first stands in the text */
    size_t len;       /* SIZE_MAX: that of the mark */
    heng_diag diag;
    const char *want;
};

#define WHOLE SIZE_MAX
#define ERROR(number)                                                                  \
    { .severity = HENG_SEVERITY_ERROR, .code = number, .message = "no" }

static struct row rows[] = {
    {"a span is underlined",
     "a: 1\n  ground: r.amount > \"5\"\n",
     "r.amount > \"5\"",
     WHOLE,
     {.code = 203, .message = "no such overload `>` for (decimal, string)"},
     "t.yaml:2:11: error[HENG-E0203]: no such overload `>` for (decimal, string)\n"
     "    2 |   ground: r.amount > \"5\"\n"
     "      |           ^^^^^^^^^^^^^^\n"},
    {"wide characters take two cells", "title: 偷税 amount: x", "amount", WHOLE,
     ERROR(7),
     "t.yaml:1:11: error[HENG-E0007]: no\n"
     "    1 | title: 偷税 amount: x\n"
     "      |             ^^^^^^\n"},
    {"carets under wide characters are twice as many", "title: 偷税 x", "偷税", WHOLE,
     ERROR(7),
     "t.yaml:1:8: error[HENG-E0007]: no\n"
     "    1 | title: 偷税 x\n"
     "      |        ^^^^\n"},
    {"combining marks take no cell", "e\xCC\x81 x", "x", WHOLE, ERROR(7),
     "t.yaml:1:4: error[HENG-E0007]: no\n"
     "    1 | e\xCC\x81 x\n"
     "      |   ^\n"},
    {"tabs are four spaces", "\tx\ty", "y", WHOLE, ERROR(7),
     "t.yaml:1:4: error[HENG-E0007]: no\n"
     "    1 |     x    y\n"
     "      |          ^\n"},
    {"an empty span has one caret", "abc", "c", 0, ERROR(7),
     "t.yaml:1:3: error[HENG-E0007]: no\n"
     "    1 | abc\n"
     "      |   ^\n"},
    {"the end of the text has one", "abc", "", 0, ERROR(0),
     "t.yaml:1:1: error: no\n"
     "    1 | abc\n"
     "      | ^\n"},
    {"a span over lines is underlined on the first", "ab: |\n  c\n  d\n", "|\n  c\n  d",
     WHOLE, ERROR(7),
     "t.yaml:1:5: error[HENG-E0007]: no\n"
     "    1 | ab: |\n"
     "      |     ^\n"},
    {"a span at the line end has a caret behind the line", "ab\r\ncd", "\r\n", WHOLE,
     ERROR(7),
     "t.yaml:1:3: error[HENG-E0007]: no\n"
     "    1 | ab\n"
     "      |   ^\n"},
    {"a span past the text is at its end", "ab\n", "\n", 1000, ERROR(7),
     "t.yaml:1:3: error[HENG-E0007]: no\n"
     "    1 | ab\n"
     "      |   ^\n"},
    {"control and direction characters are not printed",
     "a\x1b[31m\xE2\x80\xAE x",
     "x",
     WHOLE,
     {.code = 7, .message = "odd \x07 `\xE2\x81\xA6`", .help = "\x1b]0;owned"},
     "t.yaml:1:9: error[HENG-E0007]: odd \xEF\xBF\xBD `\xEF\xBF\xBD`\n"
     "    1 | a\xEF\xBF\xBD[31m\xEF\xBF\xBD x\n"
     "      |         ^\n"
     "help: \xEF\xBF\xBD]0;owned\n"},
    {"a warning has its own letter",
     "x",
     "x",
     WHOLE,
     {.severity = HENG_SEVERITY_WARNING, .code = 12345, .message = "odd"},
     "t.yaml:1:1: warning[HENG-W12345]: odd\n"
     "    1 | x\n"
     "      | ^\n"},
    {"help stands below",
     "x",
     "x",
     WHOLE,
     {.code = 1, .message = "unknown `x`", .help = "did you mean `y`?"},
     "t.yaml:1:1: error[HENG-E0001]: unknown `x`\n"
     "    1 | x\n"
     "      | ^\n"
     "help: did you mean `y`?\n"},
    {"a note without a place has only its text",
     "x",
     "x",
     WHOLE,
     {.code = 1, .message = "twice", .also = "first defined elsewhere"},
     "t.yaml:1:1: error[HENG-E0001]: twice\n"
     "    1 | x\n"
     "      | ^\n"
     "note: first defined elsewhere\n"},
};

static void check_row(void **state) {
    const struct row *row = *state;
    heng_source *source = source_of("t.yaml", row->text);
    heng_diag diag = row->diag;
    diag.span.source = source;
    diag.span.start = (size_t)(strstr(row->text, row->mark) - row->text);
    diag.span.len = row->len == WHOLE ? strlen(row->mark) : row->len;
    check_render(&diag, false, row->want);
    heng_source_free(source);
}

static void a_second_place_is_shown_with_its_line(void **state) {
    (void)state;
    heng_source *first = source_of("a.yaml", "id: x\n");
    heng_source *second = source_of("b.yaml", "\n\n\n\n\n\n\n\n\n\n  id: x\n");
    heng_diag diag = {.code = 31,
                      .span = {second, 16, 1},
                      .message = "`x` is defined twice",
                      .also_span = {first, 4, 1},
                      .also = "first defined here",
                      .help = "give one of them another id"};
    check_render(&diag, false,
                 "b.yaml:11:7: error[HENG-E0031]: `x` is defined twice\n"
                 "   11 |   id: x\n"
                 "      |       ^\n"
                 "a.yaml:1:5: note: first defined here\n"
                 "    1 | id: x\n"
                 "      |     ^\n"
                 "help: give one of them another id\n");
    check_render(
        &diag, true,
        "b.yaml:11:7: \x1b[1;31merror[HENG-E0031]\x1b[0m: `x` is defined twice\n"
        "   11 |   id: x\n"
        "      |       \x1b[1;31m^\x1b[0m\n"
        "a.yaml:1:5: \x1b[1;36mnote\x1b[0m: first defined here\n"
        "    1 | id: x\n"
        "      |     \x1b[1;36m^\x1b[0m\n"
        "\x1b[1;36mhelp\x1b[0m: give one of them another id\n");
    heng_source_free(first);
    heng_source_free(second);
}

static void a_line_number_may_be_long(void **state) {
    (void)state;
    enum { LINES = 1234567 };
    char *text = heng_alloc(LINES + 1);
    memset(text, '\n', LINES);
    text[LINES - 1] = 'x';
    text[LINES] = '\0';
    heng_source *source = source_of("t.yaml", text);
    heng_diag diag = {.message = "no", .span = {source, LINES - 1, 1}};
    check_render(&diag, false,
                 "t.yaml:1234567:1: error: no\n"
                 "1234567 | x\n"
                 "        | ^\n");
    heng_source_free(source);
    heng_alloc_free(text);
}

static void without_a_source_the_place_is_named(void **state) {
    (void)state;
    heng_diag diag = {.code = 2, .place = "rules", .message = "holds no `.yaml` file"};
    check_render(&diag, false, "rules: error[HENG-E0002]: holds no `.yaml` file\n");
    diag.place = NULL;
    check_render(&diag, false, "error[HENG-E0002]: holds no `.yaml` file\n");
}

/* Cells between the bar and the end of the first shown line, and of the caret's one. */
static void check_long_line(size_t before, size_t span, size_t after, const char *piece,
                            bool cut_before, bool cut_after) {
    heng_buffer line;
    heng_buffer_init(&line, 1 << 20);
    for (size_t i = 0; i < before; i++) {
        add_piece(&line, piece, strlen(piece));
    }
    size_t start = line.len;
    for (size_t i = 0; i < span; i++) {
        add_piece(&line, "X", 1);
    }
    for (size_t i = 0; i < after; i++) {
        add_piece(&line, piece, strlen(piece));
    }
    heng_source *source = source_of("t", heng_buffer_view(&line).ptr);
    heng_diag diag = {.message = "no", .span = {source, start, span}};
    heng_buffer out;
    heng_buffer_init(&out, 1 << 20);
    heng_diag_render(&diag, false, add_piece, &out);

    char *shown = strchr(out.bytes, '|') + 2;
    char *carets = strrchr(out.bytes, '|') + 2;
    *strchr(shown, '\n') = '\0';
    *strchr(carets, '\n') = '\0';
    assert_int_equal(strncmp(shown, "…", 3) == 0, cut_before);
    assert_int_equal(strcmp(shown + strlen(shown) - 3, "…") == 0, cut_after);
    size_t cells = 0;
    size_t cells_to_span = SIZE_MAX;
    for (const char *at = shown; *at != '\0'; at++) {
        unsigned char byte = (unsigned char)*at;
        if (*at == 'X' && cells_to_span == SIZE_MAX) {
            cells_to_span = cells;
        }
        /* `…` begins with E2 and takes one cell; 衡 begins with E8 and takes two */
        cells += byte < 0x80 || byte == 0xE2 ? 1 : byte == 0xE8 ? 2 : 0;
    }
    assert_in_range(cells, 1, HENG_LIMIT_DIAG_LINE_CELLS + 2);
    assert_int_equal(strspn(carets, " "), cells_to_span);
    assert_true(strlen(carets) <= HENG_LIMIT_DIAG_LINE_CELLS + 2);
    assert_int_equal(carets[cells_to_span], '^');
    heng_buffer_done(&out);
    heng_source_free(source);
    heng_buffer_done(&line);
}

static void long_lines_are_cut_around_the_span(void **state) {
    (void)state;
    size_t most = HENG_LIMIT_DIAG_LINE_CELLS;
    check_long_line(0, 1, most - 1, "a", false, false);
    check_long_line(most - 1, 1, 0, "a", false, false);
    check_long_line(0, 1, most, "a", false, true);
    check_long_line(most, 1, 0, "a", true, false);
    check_long_line(500, 1, 500, "a", true, true);
    check_long_line(0, 500, 0, "a", false, true);
    check_long_line(500, 500, 500, "a", true, true);
    check_long_line(30, 5, 24, "衡", false, false);
    check_long_line(500, 5, 500, "衡", true, true);
    check_long_line(501, 4, 0, "衡", true, false);
}

static heng_span span_of(const heng_source *source, size_t start) {
    return (heng_span){source, start, 1};
}

static void sorts_by_name_then_place_then_code(void **state) {
    (void)state;
    heng_source *a = source_of("a.yaml", "0123456789");
    heng_source *b = source_of("b.yaml", "0123456789");
    heng_diags *diags = heng_diags_new();
    heng_diags_error(diags, 5, span_of(b, 1), "6");
    heng_diags_error(diags, 9, span_of(a, 7), "4");
    heng_diags_error(diags, 2, span_of(a, 7), "2");
    heng_diags_error(diags, 2, span_of(a, 7), "3"); /* stable */
    heng_diags_error(diags, 5, span_of(a, 1), "1");
    heng_diags_add(diags, &(heng_diag){.place = "aa", .message = "5"});
    heng_diags_add(diags, &(heng_diag){.message = "0"});
    heng_diags_sort(diags);
    assert_int_equal(heng_diags_count(diags), 7);
    for (size_t i = 0; i < heng_diags_count(diags); i++) {
        const char want[] = {(char)('0' + i), '\0'};
        assert_string_equal(heng_diags_get(diags, i)->message, want);
    }
    heng_diags_free(diags);
    heng_diags_free(NULL);
    heng_source_free(a);
    heng_source_free(b);
}

static void texts_are_copied(void **state) {
    (void)state;
    char text[] = "text";
    heng_diags *diags = heng_diags_new();
    heng_diags_add(diags, &(heng_diag){.place = text, .message = text});
    heng_diags_also(diags, (heng_span){0}, text);
    heng_diags_help(diags, "%s", text);
    memset(text, 'x', 4);
    const heng_diag *diag = heng_diags_get(diags, 0);
    assert_string_equal(diag->place, "text");
    assert_string_equal(diag->message, "text");
    assert_string_equal(diag->also, "text");
    assert_string_equal(diag->help, "text");
    heng_diags_free(diags);
}

static void past_the_limit_is_only_counted(void **state) {
    (void)state;
    heng_diags *diags = heng_diags_new();
    for (size_t i = 0; i < HENG_DIAGS_MAX; i++) {
        heng_diags_error(diags, 1, (heng_span){0}, "%zu", i);
    }
    heng_diags_add(diags,
                   &(heng_diag){.severity = HENG_SEVERITY_WARNING, .message = "w"});
    heng_diags_error(diags, 1, (heng_span){0}, "dropped");
    heng_diags_also(diags, (heng_span){0}, "of the dropped");
    heng_diags_help(diags, "of the dropped");
    assert_int_equal(heng_diags_count(diags), HENG_DIAGS_MAX);
    assert_int_equal(heng_diags_error_count(diags), HENG_DIAGS_MAX + 1);
    const heng_diag *last = heng_diags_get(diags, HENG_DIAGS_MAX - 1);
    assert_string_equal(last->message, "99");
    assert_null(last->also); /* the last kept one must not get another's texts */
    assert_null(last->help);
    assert_false(heng_diags_failed(diags));
    heng_diags_free(diags);
}

static void long_texts_are_cut_and_all_fit(void **state) {
    (void)state;
    size_t len = HENG_LIMIT_DIAG_TEXT_BYTES + 300;
    char *text = heng_alloc(len + 1);
    for (size_t i = 0; i + 3 <= len; i += 3) {
        memcpy(text + i, "衡", 4);
    }
    heng_diags *diags = heng_diags_new();
    for (size_t i = 0; i < HENG_DIAGS_MAX; i++) {
        heng_diag diag = {.place = text, .message = text, .also = text, .help = text};
        heng_diags_add(diags, &diag);
    }
    assert_false(heng_diags_failed(diags));
    size_t fit = HENG_LIMIT_DIAG_TEXT_BYTES / 3 * 3;
    assert_int_equal(strlen(heng_diags_get(diags, 99)->help), fit);
    heng_diags_free(diags);

    diags = heng_diags_new();
    heng_diags_error(diags, 1, (heng_span){0}, "%s", text);
    heng_diags_help(diags, "%s", text);
    assert_int_equal(strlen(heng_diags_get(diags, 0)->message), fit);
    assert_int_equal(strlen(heng_diags_get(diags, 0)->help), fit);
    heng_diags_free(diags);
    heng_alloc_free(text);
}

static void keeps_the_sources_it_is_given(void **state) {
    (void)state;
    heng_diags *diags = heng_diags_new();
    for (int i = 0; i < 40; i++) {
        heng_source *source = source_of("a.yaml", "id: x\n");
        assert_true(heng_diags_keep_source(diags, source));
        heng_diags_error(diags, 1, (heng_span){source, 0, 2}, "wrong");
    }
    check_render(heng_diags_get(diags, 39), false,
                 "a.yaml:1:1: error[HENG-E0001]: wrong\n"
                 "    1 | id: x\n"
                 "      | ^^\n");
    heng_diags_free(diags); /* ASan sees what it does not free */
}

static heng_status keep(void *context) {
    (void)context;
    heng_status status = HENG_ERR_NOMEM;
    heng_source *source = NULL;
    heng_diags *diags = heng_diags_new();
    if (diags != NULL)
        status = heng_source_new("a.yaml", "", 0, &source, NULL);
    if (status == HENG_OK && !heng_diags_keep_source(diags, source)) {
        heng_source_free(source); /* still ours */
        status = HENG_ERR_NOMEM;
    }
    heng_diags_free(diags);
    return status;
}

static heng_status collect(void *context) {
    (void)context;
    heng_diags *diags = heng_diags_new();
    if (diags == NULL)
        return HENG_ERR_NOMEM;
    for (int i = 0; i < 10; i++) {
        heng_diags_error(diags, 1, (heng_span){0}, "%0*d", 1000, i);
        heng_diags_also(diags, (heng_span){0}, "here");
        heng_diags_help(diags, "help %d", i);
    }
    assert_int_equal(heng_diags_error_count(diags), 10); /* also out of memory */
    heng_status status = heng_diags_failed(diags) ? HENG_ERR_NOMEM : HENG_OK;
    heng_diags_free(diags);
    return status;
}

static void survives_failing_allocations(void **state) {
    (void)state;
    assert_true(torture(collect, NULL) > 3);
    assert_true(torture(keep, NULL) > 3);
}

int main(void) {
    struct CMUnitTest tests[COUNT(rows) + 16];
    size_t count = 0;
    for (size_t i = 0; i < COUNT(rows); i++) {
        tests[count++] = ROW_TEST(&rows[i], check_row);
    }
    const struct CMUnitTest others[] = {
        cmocka_unit_test(a_second_place_is_shown_with_its_line),
        cmocka_unit_test(a_line_number_may_be_long),
        cmocka_unit_test(without_a_source_the_place_is_named),
        cmocka_unit_test(long_lines_are_cut_around_the_span),
        cmocka_unit_test(sorts_by_name_then_place_then_code),
        cmocka_unit_test(texts_are_copied),
        cmocka_unit_test(past_the_limit_is_only_counted),
        cmocka_unit_test(long_texts_are_cut_and_all_fit),
        cmocka_unit_test(keeps_the_sources_it_is_given),
        cmocka_unit_test(survives_failing_allocations),
    };
    memcpy(tests + count, others, sizeof others);
    count += COUNT(others);
    return check_run("base/diag", tests, count, NULL, NULL);
}
