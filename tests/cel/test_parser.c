/* SPDX-License-Identifier: Apache-2.0 */
/* test_parser.c: which tree an expression is, and what is said where it is none. */
#include "cel/front.h"

#include "base/alloc.h"
#include "base/limits.h"
#include "support/torture.h"

static struct front_row trees[] = {
    {"a name", "a", "a"},
    {"a name of the outermost namespace", ".a", ".a"},
    {"fields", "a.b.c", "(.c (.b a))"},
    {"a reserved word names a field", "a.package", "(.package a)"},
    {"a reserved word names a function", "a.if()", "(.if() a)"},
    {"a name in backticks", "a.`b-c/d e.f`", "(.b-c/d e.f a)"},
    {"an optional field", "a.?b.c", "(.c (.?b a))"},
    {"an index", "a[0][b]", "(_[_] (_[_] a 0) b)"},
    {"an optional index", "a[?0]", "(_[?_] a 0)"},
    {"a call", "f(a, 1)", "(f a 1)"},
    {"a call of nothing", "f()", "(f)"},
    {"a call of a receiver", "a.f(b)", "(.f() a b)"},
    {"products before sums", "a + b * c - d", "(_-_ (_+_ a (_*_ b c)) d)"},
    {"sums before comparisons", "a + 1 < b", "(_<_ (_+_ a 1) b)"},
    {"comparisons from left to right", "a < b == c", "(_==_ (_<_ a b) c)"},
    {"in is a comparison", "a in b + c", "(@in a (_+_ b c))"},
    {"comparisons before and", "a < b && c", "(and (_<_ a b) c)"},
    {"and before or", "a && b || c && d", "(or (and a b) (and c d))"},
    {"a chain of and is one", "a && b && c && d", "(and a b c d)"},
    {"brackets keep chains apart", "(a && b) && c", "(and (and a b) c)"},
    {"or before a condition", "a || b ? c : d", "(if (or a b) c d)"},
    {"conditions from right to left", "a ? b : c ? d : e", "(if a b (if c d e))"},
    {"a condition in brackets", "(a ? b : c) ? d : e", "(if (if a b c) d e)"},
    {"not", "!a.b", "(!_ (.b a))"},
    {"not not", "!!a", "(!_ (!_ a))"},
    {"minus", "-a", "(-_ a)"},
    {"minus minus", "--a", "(-_ (-_ a))"},
    {"a negative number", "-1", "-1"},
    {"a negative number after a blank", "- 1", "-1"},
    {"minus a negative number", "--1", "(-_ -1)"},
    {"minus a number in brackets", "-(1)", "(-_ 1)"},
    {"a minus between", "a -1", "(_-_ a 1)"},
    {"a minus between and before", "a - -1", "(_-_ a -1)"},
    {"not a negative number", "!-1", "(!_ -1)"},
    {"a method of a negative number", "-1.f()", "(.f() -1)"},
    {"the smallest int", "-9223372036854775808", "-9223372036854775808"},
    {"the largest int", "9223372036854775807", "9223372036854775807"},
    {"a negative hexadecimal number", "-0x10", "-16"},
    {"minus an uint", "-1u", "(-_ 1u)"},
    {"a list", "[1, a, [b]]", "(list 1 a (list b))"},
    {"an empty list", "[]", "(list)"},
    {"also with a comma", "[,]", "(list)"},
    {"a comma may end a list", "[1,]", "(list 1)"},
    {"optional items", "[?a, b, ?c]", "(list ?a b ?c)"},
    {"a map", "{'a': 1, b: {}}", "(map \"a\" 1 b (map))"},
    {"a comma may end a map", "{1: 2,}", "(map 1 2)"},
    {"optional entries", "{?'a': b, 'c': d}", "(map ?\"a\" b \"c\" d)"},
    {"a condition in a list", "[a ? b : c]", "(list (if a b c))"},
    {"a message", "a.B{c: 1, ?`d-e`: 2}", "(struct a.B \"c\" 1 ?\"d-e\" 2)"},
    {"an empty map with a comma", "{,}", "(map)"},
    {"an empty message", ".a.B{}", "(struct .a.B)"},
    {"a comment", "a // b\n + c", "(_+_ a c)"},
    {"a comment at the end", "a // b", "a"},
    {"all kinds of blanks", " \t\r\n\fa", "a"},
    {"a point after a whole number", "1.f", "(.f 1)"},
    {"literals", "[true, false, null, 1u, 1.5, 'a', b'b']",
     "(list true false null 1u 1.5 \"a\" b\"b\")"},
};

static void check_tree(void **state) {
    const struct front_row *row = *state;
    struct front front;
    front_init(&front);
    assert_int_equal(front_run(&front, heng_str_of(row->expression), FRONT_PARSE),
                     HENG_OK);
    assert_string_equal(front_dump(&front), row->want);
    front_done(&front);
}

static void says_what_is_wrong(void **state) {
    struct front front;
    (void)state;
    front_init(&front);
    front_golden(&front, "parser", FRONT_PARSE);
    front_done(&front);
}

/* ---- places ---- */

static struct front_row places[] = {
    {"of an operator its sign", "1 + 22", "1 + 22|+"},
    {"with brackets of the parts", "(1 + 2) * 3", "(1 + 2) * 3|*"},
    {"of a field its name", "a.b.cc", "a.b.cc|c"},
    {"of a method its name", "a.b.size( )", "a.b.size( )|s"},
    {"of a condition the question", "a ? b : c", "a ? b : c|?"},
    {"of a chain the first sign", "a && b && c", "a && b && c|&"},
    {"of an index the bracket", "a[ 0 ]", "a[ 0 ]|["},
    {"of a macro its name", "[1].all(x, true)", "[1].all(x, true)|a"},
    {"of has the field's", "has(a.b)", "has(a.b)|b"},
    {"of a literal itself", " 'abc' ", "'abc'|'"},
};

static void check_place(void **state) {
    const struct front_row *row = *state;
    struct front front;
    char got[128];
    front_init(&front);
    assert_int_equal(front_run(&front, heng_str_of(row->expression), FRONT_PARSE),
                     HENG_OK);
    const heng_cel_node *root = front.ast.root;
    (void)snprintf(got, sizeof got, "%.*s|%c", (int)root->len,
                   row->expression + root->start, row->expression[root->at]);
    assert_string_equal(got, row->want);
    front_done(&front);
}

static void numbers_parents_before_children(void **state) {
    struct front front;
    (void)state;
    front_init(&front);
    heng_str text = HENG_STR("[1, 2].exists(x, has(r.amount) && x > 1 + 1)");
    assert_int_equal(front_run(&front, text, FRONT_PARSE), HENG_OK);
    assert_true(front.ast.node_count > 5);
    for (uint32_t i = 0; i < front.ast.node_count; i++) {
        const heng_cel_node *node = front.ast.nodes[i];
        assert_int_equal(node->id, i + 1);
        for (uint32_t c = 0; c < heng_cel_ast_child_count(node); c++) {
            assert_true(heng_cel_ast_child(node, c)->id > node->id);
        }
    }
    front_done(&front);
}

/* ---- hostile ---- */

struct hostile_row {
    const char *name;
    const char *before; /* repeated */
    const char *middle;
    const char *after; /* repeated */
    size_t times;
    const char *want; /* the first message; NULL: it is fine */
};

#define TOO_DEEP "the expression is nested more than 250 levels deep"

static struct hostile_row hostile[] = {
    {"brackets at the limit", "(", "1", ")", 249, NULL},
    {"brackets over the limit", "(", "1", ")", 250, TOO_DEEP},
    {"a hundred thousand open brackets", "(", "", "", 100000, TOO_DEEP},
    {"a hundred thousand open lists", "[", "", "", 100000, TOO_DEEP},
    {"a hundred thousand open maps", "{", "", "", 100000, TOO_DEEP},
    {"a hundred thousand minuses", "-", "1", "", 100000, TOO_DEEP},
    {"a hundred thousand nots", "!", "b", "", 100000, TOO_DEEP},
    {"a thousand macros in each other", "[1].map(x, ", "1", ")", 1000, TOO_DEEP},
    {"a hundred macros in each other", "[1].map(x, ", "1", ")", 100, NULL},
    {"calls in each other", "f(", "1", ")", 1000, TOO_DEEP},
    {"a chain of sums at the limit", "1 + ", "1", "", 249, NULL},
    {"a chain of sums over the limit", "1 + ", "1", "", 250, TOO_DEEP},
    {"a chain of fields over the limit", "a.", "a", "", 250, TOO_DEEP},
    {"a chain of indexes over the limit", "", "a", "[0]", 250, TOO_DEEP},
    {"a chain of conditions over the limit", "b ? 1 : ", "1", "", 250, TOO_DEEP},
    {"a chain of and is no nesting", "b && ", "b", "", 20000, NULL},
    {"a chain of messages over the limit", "a{b: ", "1", "}", 250, TOO_DEEP},
    {"as many errors as are told", "@ ", "1", "", 50000,
     "the character `@` cannot stand here"},
    {"a very long number", "9", "9", "", 100000,
     "the number `9999999999999999999999999999999999999999` is too large for int"},
    {"a text of ten megabytes", "xxxxxxxxxx", "'", "", 1000000,
     "the expression has 10000001 bytes; 131072 are the most"},
};

static void check_hostile(void **state) {
    const struct hostile_row *row = *state;
    struct front front;
    heng_buffer text;
    heng_buffer_init(&text, (size_t)1 << 25);
    for (size_t i = 0; i < row->times; i++) {
        (void)heng_buffer_add_text(&text, row->before);
    }
    (void)heng_buffer_add_text(&text, row->middle);
    for (size_t i = 0; i < row->times; i++) {
        (void)heng_buffer_add_text(&text, row->after);
    }
    assert_int_equal(heng_buffer_status(&text), HENG_OK);
    front_init(&front);
    heng_status status = front_run(&front, heng_buffer_view(&text), FRONT_PARSE);
    assert_true(heng_diags_count(front.diags) <= HENG_LIMIT_CEL_ERRORS);
    if (row->want == NULL) {
        assert_int_equal(status, HENG_OK);
    } else {
        assert_int_equal(status, HENG_ERR_INVALID);
        assert_string_equal(front_message(&front), row->want);
    }
    front_done(&front);
    heng_buffer_done(&text);
}

static void takes_the_longest_text(void **state) {
    struct front front;
    char *text = malloc(HENG_LIMIT_CEL_TEXT_BYTES + 1);
    (void)state;
    assert_non_null(text);
    memset(text, ' ', HENG_LIMIT_CEL_TEXT_BYTES + 1);
    text[0] = '1';
    front_init(&front);
    heng_str longest = {text, HENG_LIMIT_CEL_TEXT_BYTES};
    assert_int_equal(front_run(&front, longest, FRONT_PARSE), HENG_OK);
    longest.len++;
    assert_int_equal(front_run(&front, longest, FRONT_PARSE), HENG_ERR_INVALID);
    front_done(&front);
    free(text);
}

static void refuses_what_is_not_utf8(void **state) {
    struct front front;
    (void)state;
    front_init(&front);
    assert_int_equal(front_run(&front, (heng_str){"'a\xFF'", 4}, FRONT_PARSE),
                     HENG_ERR_INVALID);
    assert_string_equal(front_message(&front), "the byte 0xff is not UTF-8");
    front_done(&front);
}

static void knows_bytes_of_nul(void **state) {
    struct front front;
    (void)state;
    front_init(&front);
    assert_int_equal(front_run(&front, (heng_str){"'a\0b'", 5}, FRONT_PARSE), HENG_OK);
    assert_int_equal(front.ast.root->value.len, 3);
    assert_int_equal(front_run(&front, (heng_str){"1 \0", 3}, FRONT_PARSE),
                     HENG_ERR_INVALID);
    assert_string_equal(front_message(&front),
                        "the control character 0x00 cannot stand here");
    front_done(&front);
}

/* ---- memory ---- */

static heng_status parse_all(void *context) {
    heng_str text = HENG_STR("[?a, 'b\\n'].exists(x, y, x.?c[?0] > -1 && {?1: "
                             "2}.f(a.B{c: 1}) ? !a : has(a.b))");
    heng_status status = HENG_ERR_NOMEM;
    heng_arena *arena = heng_arena_new((size_t)1 << 20);
    heng_diags *diags = heng_diags_new();
    heng_cel_ast ast;
    (void)context;
    if (arena != NULL && diags != NULL) {
        heng_cel_report report = {.diags = diags, .len = text.len};
        status = heng_cel_parser_parse(text, false, arena, &report, &ast);
    }
    heng_diags_free(diags);
    heng_arena_free(arena);
    return status;
}

static void survives_every_allocation_failing(void **state) {
    (void)state;
    assert_true(torture(parse_all, NULL) > 2);
}

int main(void) {
    struct CMUnitTest tests[COUNT(trees) + COUNT(places) + COUNT(hostile) + 6];
    size_t count = 0;
    for (size_t i = 0; i < COUNT(trees); i++) {
        tests[count++] = ROW_TEST(&trees[i], check_tree);
    }
    for (size_t i = 0; i < COUNT(places); i++) {
        tests[count++] = ROW_TEST(&places[i], check_place);
    }
    for (size_t i = 0; i < COUNT(hostile); i++) {
        tests[count++] = ROW_TEST(&hostile[i], check_hostile);
    }
    const struct CMUnitTest rest[] = {
        cmocka_unit_test(says_what_is_wrong),
        cmocka_unit_test(numbers_parents_before_children),
        cmocka_unit_test(takes_the_longest_text),
        cmocka_unit_test(refuses_what_is_not_utf8),
        cmocka_unit_test(knows_bytes_of_nul),
        cmocka_unit_test(survives_every_allocation_failing),
    };
    memcpy(tests + count, rest, sizeof rest);
    return check_run("parser", tests, count + COUNT(rest), NULL, NULL);
}
