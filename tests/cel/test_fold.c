/* SPDX-License-Identifier: Apache-2.0 */
/* test_fold.c: what is computed at load, and what is refused because it always fails.
 */
#include "cel/front.h"

static struct front_row rows[] = {
    {"a sum", "1 + 2 * 3", "7"},
    {"a part", "i + (1 + 2)", "(_+_ i 3)"},
    {"not the whole of a chain", "i + 1 + 2", "(_+_ (_+_ i 1) 2)"},
    {"a date", "date('2024-01-31')", "2024-01-31"},
    {"a shifted date", "date('2024-01-31') + period('P1M')", "2024-02-29"},
    {"an amount", "decimal('1.50')", "1.5"},
    {"a text", "'a' + 'b'", "\"ab\""},
    {"a method", "'abc'.contains('b')", "true"},
    {"of lists", "[1, 2, 3].size()", "3"},
    {"a list in a list", "[[1], [2]][1][0]", "2"},
    {"a type", "type(1) == int", "true"},
    {"a match", "'tea'.matches('^t')", "true"},
    {"a format", "'%d'.format([1])", "\"1\""},
    {"inside macros", "l.all(x, x > 1 + 1)", "(all x l (_>_ x 2))"},
    {"a comparison of what is dyn is left", "dyn(1) < 2.0", "(_<_ 1 2.0)"},
    {"a list that stands by itself is left", "[1 + 1]", "(list 2)"},
    {"no variables", "i + j", "(_+_ i j)"},
    {"nothing that fails where it may not be reached", "b && 1 / 0 > 0",
     "(and b (_>_ (_/_ 1 0) 0))"},
    {"no large products",
     "'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa'"
     ".replace('', 'bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb').replace('', "
     "'cccccccccccccccccccccccccccccccccccccccc').size()",
     "(.size() (.replace() \"@\" \"\" \"cccccccccccccccccccccccccccccccccccccccc\"))"},
};

static void check_row(void **state) {
    const struct front_row *row = *state;
    struct front front;
    front_init(&front);
    (void)front_declare(&front, "j", front_type(&front, "int"));
    heng_status status = front_run(&front, heng_str_of(row->expression), FRONT_FOLD);
    if (status != HENG_OK) {
        fail_msg("%s", front_message(&front));
    }
    const char *got = front_dump(&front);
    const char *hole = strchr(row->want, '@'); /* stands for some text */
    if (hole == NULL) {
        assert_string_equal(got, row->want);
    } else {
        size_t tail = strlen(hole + 1);
        assert_true(strlen(got) > strlen(row->want));
        assert_memory_equal(got, row->want, (size_t)(hole - row->want));
        assert_string_equal(got + strlen(got) - tail, hole + 1);
    }
    front_done(&front);
}

static void refuses_what_always_fails(void **state) {
    struct front front;
    (void)state;
    front_init(&front);
    front_golden(&front, "fold", FRONT_FOLD);
    front_done(&front);
}

static void prints_a_folded_call_as_it_was_written(void **state) {
    struct front front;
    (void)state;
    front_init(&front);
    heng_str text = HENG_STR("r.decided_on > date(\"2024-01-31\") + period(\"P1M\")");
    assert_int_equal(front_run(&front, text, FRONT_FOLD), HENG_OK);
    assert_int_equal(front.ast.root->args[1]->kind, HENG_CEL_NODE_LITERAL);
    assert_string_equal(heng_cel_unparse(front.ast.root, front.arena), text.ptr);
    front_done(&front);
}

int main(void) {
    struct CMUnitTest tests[COUNT(rows) + 2];
    size_t count = 0;
    for (size_t i = 0; i < COUNT(rows); i++) {
        tests[count++] = ROW_TEST(&rows[i], check_row);
    }
    const struct CMUnitTest rest[] = {
        cmocka_unit_test(refuses_what_always_fails),
        cmocka_unit_test(prints_a_folded_call_as_it_was_written),
    };
    memcpy(tests + count, rest, sizeof rest);
    return check_run("fold", tests, count + COUNT(rest), NULL, NULL);
}
