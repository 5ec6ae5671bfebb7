/* SPDX-License-Identifier: Apache-2.0 */
/* test_unparse.c: what is printed is as short as can be, and is the same tree again. */
#include "cel/front.h"

/* `want` NULL: as it was written. */
static struct front_row rows[] = {
    {"literals", "[true, null, -1, 1u, 1.5, 1e+30, \"a\", b\"a\"]", NULL},
    {"a double that is whole", "1.0", NULL},
    {"escapes", "\"\\\"\\n\\x01中\"", NULL},
    {"bytes", "b\"\\xff\\x00\"", NULL},
    {"quotation marks as we write them", "'a\"b'", "\"a\\\"b\""},
    {"raw texts", "r'\\d'", "\"\\\\d\""},
    {"brackets that are needed", "(a + b) * c", NULL},
    {"brackets that are not", "((a) + (b * c))", "a + b * c"},
    {"a difference on the right", "a - (b - c)", NULL},
    {"a difference on the left", "(a - b) - c", "a - b - c"},
    {"comparisons", "(a < b) == c", "a < b == c"},
    {"comparisons on the right", "a == (b < c)", NULL},
    {"and inside or", "(a && b) || c", "a && b || c"},
    {"or inside and", "(a || b) && c", NULL},
    {"chains apart", "(a && b) && c", NULL},
    {"conditions", "a ? b : (c ? d : e)", "a ? b : c ? d : e"},
    {"a condition first", "(a ? b : c) ? d : e", NULL},
    {"a condition in the middle", "a ? (b ? c : d) : e", NULL},
    {"not", "!(a && b)", NULL},
    {"not not", "!!a", NULL},
    {"not minus", "!(-a)", NULL},
    {"minus not", "-(!a)", NULL},
    {"minus minus", "--a", NULL},
    {"minus a number", "-(1)", NULL},
    {"minus a method of a number", "-(1.f())", NULL},
    {"a negative number", "a - -1", NULL},
    {"minus a sum", "-(a + b)", NULL},
    {"minus a field", "-a.b", NULL},
    {"fields", "a.b.?c.`d-e`.package", NULL},
    {"fields of a sum", "(a + b).c", NULL},
    {"indexes", "a[b + c][?d]", NULL},
    {"an optional field and a condition", "a.?b ? .c : d", NULL},
    {"names of the outermost namespace", ".a.b(.c())", NULL},
    {"lists and maps", "[?a, {?b: c, \"d\": []}, {}]", NULL},
    {"a message", "a.B{c: 1, ?`d-e`: 2}", NULL},
    {"has", "has(a.b.c)", NULL},
    {"macros", "a.exists(x, x > 0) && b.all(k, v, v == k)", NULL},
    {"macros of two names", "a.exists_one(x, true) || a.existsOne(i, x, false)", NULL},
    {"map with a filter", "a.filter(x, x).map(x, x > 0, x + 1)", NULL},
    {"maps made", "a.transformMap(k, v, v > 1, v).transformMapEntry(k, v, {k: v})",
     NULL},
    {"lists made", "a.transformList(i, x, i + x)", NULL},
    {"bind", "cel.bind(x, a + 1, x * x)", NULL},
    {"optMap", "a.b.optMap(x, x + 1).optFlatMap(y, optional.of(y))", NULL},
    {"optMap of something", "(a ? b : c).optMap(x, cel.bind(y, x, [y]))", NULL},
    {"optMap of optional.of", "a.optFlatMap(x, optional.of(x + 1))", NULL},
};

static void check_row(void **state) {
    const struct front_row *row = *state;
    struct front front;
    front_init(&front);
    assert_int_equal(front_run(&front, heng_str_of(row->expression), FRONT_PARSE),
                     HENG_OK);
    const char *tree = front_dump(&front);
    const char *text = heng_cel_unparse(front.ast.root, front.arena);
    assert_string_equal(text, row->want == NULL ? row->expression : row->want);
    assert_int_equal(front_run(&front, heng_str_of(text), FRONT_PARSE), HENG_OK);
    assert_string_equal(front_dump(&front), tree);
    front_done(&front);
}

/* ---- random trees ---- */

static uint64_t state;

static unsigned below(unsigned count) { /* splitmix64 */
    uint64_t z = (state += 0x9e3779b97f4a7c15u);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return (unsigned)((z ^ (z >> 31)) % count);
}

/* `E` is any expression. Every part is in brackets, so that each tree can come. */
static void write_random(heng_buffer *out, unsigned depth) {
    static const char *const leaves[] = {"a",
                                         ".a",
                                         "1",
                                         "-1",
                                         "1u",
                                         "1.5",
                                         "-2.5e-7",
                                         "'t'",
                                         "b'\\xff'",
                                         "true",
                                         "null",
                                         "[]",
                                         "{}",
                                         "-9223372036854775808",
                                         "'\\u0000\\\\\"'",
                                         "a.`b c`"};
    static const char *const forms[] = {"(E) + (E)",
                                        "(E) - (E)",
                                        "(E) * (E)",
                                        "(E) / (E)",
                                        "(E) % (E)",
                                        "(E) < (E)",
                                        "(E) in (E)",
                                        "(E) != (E)",
                                        "(E) && (E)",
                                        "(E) || (E)",
                                        "(E) && (E) && (E)",
                                        "(E) ? (E) : (E)",
                                        "!(E)",
                                        "-(E)",
                                        "(E).b",
                                        "(E).?b",
                                        "(E)[E]",
                                        "(E)[?E]",
                                        "(E).f(E, E)",
                                        "f(E)",
                                        "[E, ?E]",
                                        "{E: E, ?E: E}",
                                        "has((E).b)",
                                        "(E).all(x, E)",
                                        "(E).map(x, E, E)",
                                        "(E).exists(i, x, E)",
                                        "cel.bind(x, E, E)",
                                        "(E).optMap(x, E)",
                                        "(E).optFlatMap(x, E)",
                                        "(E).transformMap(k, x, E)",
                                        "!!(E)",
                                        "--(E)",
                                        "a.B{c: E}"};
    const char *form = depth == 0 || below(8) == 0 ? leaves[below(COUNT(leaves))]
                                                   : forms[below(COUNT(forms))];
    for (; *form != '\0'; form++) {
        if (*form == 'E') {
            write_random(out, depth - 1);
        } else {
            (void)heng_buffer_add_char(out, *form);
        }
    }
}

static void gives_back_random_trees(void **unused) {
    struct front front;
    heng_buffer text;
    (void)unused;
    heng_buffer_init(&text, (size_t)1 << 16);
    for (unsigned seed = 0; seed < 2000; seed++) {
        state = seed;
        heng_buffer_clear(&text);
        write_random(&text, 1 + seed % 5);
        if (heng_buffer_status(&text) != HENG_OK)
            continue; /* larger than an expression should be */
        front_init(&front);
        if (front_run(&front, heng_buffer_view(&text), FRONT_PARSE) != HENG_OK) {
            fail_msg("seed %u: %s\n%s", seed, front_message(&front), text.bytes);
        }
        const char *tree = front_dump(&front);
        const char *printed = heng_cel_unparse(front.ast.root, front.arena);
        assert_non_null(printed);
        if (front_run(&front, heng_str_of(printed), FRONT_PARSE) != HENG_OK) {
            fail_msg("seed %u: %s\n%s", seed, front_message(&front), printed);
        }
        if (strcmp(tree, front_dump(&front)) != 0) {
            fail_msg("seed %u: %s\n%s", seed, text.bytes, printed);
        }
        front_done(&front);
    }
    heng_buffer_done(&text);
}

int main(void) {
    struct CMUnitTest tests[COUNT(rows) + 1];
    size_t count = 0;
    for (size_t i = 0; i < COUNT(rows); i++) {
        tests[count++] = ROW_TEST(&rows[i], check_row);
    }
    tests[count++] = (struct CMUnitTest)cmocka_unit_test(gives_back_random_trees);
    return check_run("unparse", tests, count, NULL, NULL);
}
