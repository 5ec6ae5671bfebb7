/* SPDX-License-Identifier: Apache-2.0 */
/* test_macro.c: which tree each macro becomes, and which calls are none. */
#include "cel/front.h"

#include "cel/macro.h"

static struct front_row rows[] = {
    {"has", "has(a.b)", "(has .b a)"},
    {"has of a chain", "has(a.?b.c)", "(has .c (.?b a))"},
    {"all", "a.all(x, x > 1)", "(all x a (_>_ x 1))"},
    {"all of two", "a.all(i, x, x > i)", "(all i x a (_>_ x i))"},
    {"exists", "a.exists(x, b)", "(exists x a b)"},
    {"exists of two", "a.exists(k, v, b)", "(exists k v a b)"},
    {"exists_one", "a.exists_one(x, b)", "(exists_one x a b)"},
    {"exists_one of two", "a.exists_one(k, v, b)", "(exists_one k v a b)"},
    {"existsOne", "a.existsOne(x, b)", "(existsOne x a b)"},
    {"existsOne of two", "a.existsOne(k, v, b)", "(existsOne k v a b)"},
    {"filter", "a.filter(x, b)", "(filter x a b)"},
    {"map", "a.map(x, x + 1)", "(map x a (_+_ x 1))"},
    {"map with a condition", "a.map(x, b, x + 1)", "(map x a b (_+_ x 1))"},
    {"transformList", "a.transformList(i, x, b)", "(transformList i x a b)"},
    {"transformList with a condition", "a.transformList(i, x, b, c)",
     "(transformList i x a b c)"},
    {"transformMap", "a.transformMap(k, v, b)", "(transformMap k v a b)"},
    {"transformMap with a condition", "a.transformMap(k, v, b, c)",
     "(transformMap k v a b c)"},
    {"transformMapEntry", "a.transformMapEntry(k, v, {v: k})",
     "(transformMapEntry k v a (map v k))"},
    {"bind", "cel.bind(x, 1, x + x)", "(bind x 1 (_+_ x x))"},
    {"optMap asks once", "f().optMap(x, x + 1)",
     "(bind @optional (f) (if (.hasValue() @optional) (optional.of (bind x (.value() "
     "@optional) (_+_ x 1))) (optional.none)))"},
    {"optFlatMap", "a.optFlatMap(x, b)",
     "(bind @optional a (if (.hasValue() @optional) (bind x (.value() @optional) b) "
     "(optional.none)))"},
    {"macros in each other", "a.map(x, x.filter(y, has(y.b)))",
     "(map x a (filter y x (has .b y)))"},
    {"has of a receiver is a call", "a.has(b.c)", "(.has() a (.c b))"},
    {"has of two is a call", "has(a.b, c)", "(has (.b a) c)"},
    {"all without a receiver is a call", "all(x, y)", "(all x y)"},
    {"all of one is a call", "a.all(x)", "(.all() a x)"},
    {"bind of another scope is a call", "b.bind(x, 1, x)", "(.bind() b x 1 x)"},
    {"bind of a field is a call", "a.cel.bind(x, 1, x)", "(.bind() (.cel a) x 1 x)"},
    {"a macro with a dot is a call", ".has(a.b)", "(has (.b a))"},
};

static void check_row(void **state) {
    const struct front_row *row = *state;
    struct front front;
    front_init(&front);
    assert_int_equal(front_run(&front, heng_str_of(row->expression), FRONT_PARSE),
                     HENG_OK);
    assert_string_equal(front_dump(&front), row->want);
    front_done(&front);
}

static void expands_nothing_where_asked(void **state) {
    struct front front;
    (void)state;
    front_init(&front);
    front.no_macros = true;
    heng_str text = HENG_STR("a.map(x, has(x.b)).exists(i, cel.bind(y, 1, y))");
    assert_int_equal(front_run(&front, text, FRONT_PARSE), HENG_OK);
    assert_string_equal(front_dump(&front),
                        "(.exists() (.map() a x (has (.b x))) i (.bind() cel y 1 y))");
    front_done(&front);
}

static void knows_how_each_is_written(void **state) {
    (void)state;
    assert_string_equal(heng_cel_macro_usage(HENG_STR("exists")),
                        "list.exists(x, condition)");
    assert_null(heng_cel_macro_usage(HENG_STR("size")));
}

/* A chain of optMap must not double the work with each link. */
static void grows_with_the_length_of_a_chain(void **state) {
    struct front front;
    heng_buffer text;
    uint32_t counts[2];
    (void)state;
    heng_buffer_init(&text, 10000);
    front_init(&front);
    (void)heng_buffer_add_text(&text, "o");
    for (int half = 0; half < 2; half++) {
        for (int i = 0; i < 20; i++) {
            (void)heng_buffer_add_text(&text, ".optMap(x, x + 1)");
        }
        assert_int_equal(front_run(&front, heng_buffer_view(&text), FRONT_CHECK),
                         HENG_OK);
        counts[half] = front.ast.node_count;
    }
    assert_int_equal(counts[1], 2 * counts[0] - 1);
    front_done(&front);
    heng_buffer_done(&text);
}

int main(void) {
    struct CMUnitTest tests[COUNT(rows) + 3];
    size_t count = 0;
    for (size_t i = 0; i < COUNT(rows); i++) {
        tests[count++] = ROW_TEST(&rows[i], check_row);
    }
    const struct CMUnitTest rest[] = {
        cmocka_unit_test(expands_nothing_where_asked),
        cmocka_unit_test(knows_how_each_is_written),
        cmocka_unit_test(grows_with_the_length_of_a_chain),
    };
    memcpy(tests + count, rest, sizeof rest);
    return check_run("macro", tests, count + COUNT(rest), NULL, NULL);
}
