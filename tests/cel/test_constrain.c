/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test_constrain.c: which categories a record must have for a condition not to be
 * false.
 *
 * A set that leaves out one would make a rule miss a record, so whatever is not certain
 * is `any`: what may fail instead of being false, above all.
 */
#include "cel/front.h"

static struct front_row rows[] = {
    {"one", "r.category == 'a'", "a"},
    {"one on the left", "'a' == r.category", "a"},
    {"a text that is computed", "r.category == 'a' + 'b'", "ab"},
    {"several", "r.category in ['a', 'b']", "a b"},
    {"the same twice", "r.category in ['a', 'b', 'a']", "a b"},
    {"none", "r.category in []", ""},
    {"with more conditions", "r.category == 'a' && r.amount > 5", "a"},
    {"behind others", "r.amount > 5 && r.in_force && r.category == 'a'", "a"},
    {"either", "r.category == 'a' || r.category == 'b'", "a b"},
    {"either, with more", "r.category == 'a' && b || r.category == 'b'", "a b"},
    {"both of two", "r.category in ['a', 'b'] && r.category in ['b', 'c']", "b"},
    {"that cannot be", "r.category == 'a' && r.category == 'b'", ""},
    {"deeper", "b && (r.category == 'a' || (r.category == 'b' && b)) && i > 0", "a b"},
    {"not other than", "!(r.category != 'a')", "a"},
    {"compared with true", "(r.category == 'a') == true", "a"},
    {"compared with true on the left", "true == (r.category in ['a', 'b'])", "a b"},
    {"false", "false", ""},
    {"false and more", "b && false", ""},
    {"not true", "!true", ""},
    {"in a bind", "cel.bind(x, 1, r.category == 'a' && i > x)", "a"},
    {"true", "true", "any"},
    {"other fields", "r.nature == 'a'", "any"},
    {"other variables", "subject.name == 'a'", "any"},
    {"other than", "r.category != 'a'", "any"},
    {"not one", "!(r.category == 'a')", "any"},
    {"either or anything", "r.category == 'a' || i > 0", "any"},
    {"either or what may fail", "r.category == 'a' || r.amount > 5", "any"},
    {"a field that may be absent", "r.case_kind == 'a'", "any"},
    {"the start", "r.category.startsWith('a')", "any"},
    {"a list that is not constant", "r.category in ['a', s]", "any"},
    {"against a variable", "r.category == s", "any"},
    {"a condition", "b ? r.category == 'a' : r.category == 'b'", "any"},
    {"what a macro says", "records.exists(r, r.category == 'a')", "any"},
    {"another name for it", "cel.bind(q, r, q.category == 'a')", "any"},
    {"compared with false", "(r.category == 'a') == false", "any"},
    {"what is dyn", "dyn(r).category == 'a'", "any"},
};

static void check_row(void **state) {
    const struct front_row *row = *state;
    struct front front;
    heng_buffer out;
    const heng_str *strings = NULL;
    front_init(&front);
    heng_buffer_init(&out, 1000);
    heng_status status = front_run(&front, heng_str_of(row->expression), FRONT_CLOCK);
    if (status != HENG_OK) {
        fail_msg("%s", front_message(&front));
    }
    /* what may be absent must never bound anything */
    heng_str field = strstr(row->expression, "case_kind") != NULL
                         ? HENG_STR("case_kind")
                         : HENG_STR("category");
    size_t count = heng_cel_constrain_strings(&front.ast, front.slot_r, field,
                                              front.arena, &strings);
    (void)heng_buffer_add_text(&out, count == SIZE_MAX ? "any" : "");
    for (size_t i = 0; count != SIZE_MAX && i < count; i++) {
        (void)heng_buffer_add_text(&out, i > 0 ? " " : "");
        (void)heng_buffer_add_str(&out, strings[i]);
    }
    assert_string_equal(heng_buffer_view(&out).ptr, row->want);
    heng_buffer_done(&out);
    front_done(&front);
}

/* ---- what an empty list makes false ---- */

static struct front_row empties[] = {
    {"size above none", "size(records) > 0", "false"},
    {"size above one", "size(records) > 1", "false"},
    {"size above less than none", "size(records) > -1", "open"},
    {"size as a method", "records.size() > 0", "false"},
    {"at least one", "size(records) >= 1", "false"},
    {"at least none", "size(records) >= 0", "open"},
    {"below none", "size(records) < 0", "false"},
    {"below one", "size(records) < 1", "open"},
    {"at most less than none", "size(records) <= -1", "false"},
    {"at most none", "size(records) <= 0", "open"},
    {"just one", "size(records) == 1", "false"},
    {"just none", "size(records) == 0", "open"},
    {"other than none", "size(records) != 0", "false"},
    {"other than one", "size(records) != 1", "open"},
    {"turned: none is less", "0 < size(records)", "false"},
    {"turned: less than none is less", "-1 < size(records)", "open"},
    {"turned: one is at most", "1 <= size(records)", "false"},
    {"turned: none is at most", "0 <= size(records)", "open"},
    {"turned: none is more", "0 > size(records)", "false"},
    {"turned: one is more", "1 > size(records)", "open"},
    {"turned: less than none is at least", "-1 >= size(records)", "false"},
    {"turned: none is at least", "0 >= size(records)", "open"},
    {"turned: one is it", "1 == size(records)", "false"},
    {"turned: none is not it", "0 != size(records)", "false"},
    {"some", "records.exists(x, x.category == 'a')", "false"},
    {"exactly one", "records.exists_one(x, x.category == 'a')", "false"},
    {"all", "records.all(x, x.category == 'a')", "open"},
    {"some that is filtered", "size(records.filter(x, x.category == 'a')) > 0", "open"},
    {"some of another list", "[1].exists(x, x == i)", "open"},
    {"size of another list", "size([1]) > i", "open"},
    {"against what is not constant", "size(records) > i", "open"},
    {"with anything", "size(records) > 0 && b", "false"},
    {"with what may fail", "r.amount > 5 && size(records) > 0", "false"},
    {"or anything", "size(records) > 0 || b", "open"},
    {"or what is false too", "size(records) > 0 || records.exists(x, b)", "false"},
    {"inside each other", "(b || i > 1) && (size(records) > 2 || false)", "false"},
    {"turned round", "!(size(records) == 0)", "open"},
    {"false", "false", "false"},
    {"true", "true", "open"},
};

static void check_empty(void **state) {
    const struct front_row *row = *state;
    struct front front;
    front_init(&front);
    if (front_run(&front, heng_str_of(row->expression), FRONT_CLOCK) != HENG_OK)
        fail_msg("%s", front_message(&front));
    bool is_false = heng_cel_constrain_empty(&front.ast, front.slot_records);
    assert_string_equal(is_false ? "false" : "open", row->want);
    front_done(&front);
}

static void gives_up_on_too_much_work(void **state) {
    struct front front;
    heng_buffer text;
    const heng_str *strings = NULL;
    (void)state;
    heng_buffer_init(&text, (size_t)1 << 20);
    for (int side = 0; side < 2; side++) {
        (void)heng_buffer_add_text(&text, side == 0 ? "r.category in ["
                                                    : "'x'] || r.category in [");
        for (int i = 0; i < 3000; i++) {
            (void)heng_buffer_add_format(&text, "'c%d', ", i);
        }
    }
    (void)heng_buffer_add_text(&text, "'y']");
    front_init(&front);
    assert_int_equal(front_run(&front, heng_buffer_view(&text), FRONT_FOLD), HENG_OK);
    assert_int_equal(heng_cel_constrain_strings(&front.ast, front.slot_r,
                                                HENG_STR("category"), front.arena,
                                                &strings),
                     SIZE_MAX);
    front_done(&front);
    heng_buffer_done(&text);
}

int main(void) {
    struct CMUnitTest tests[COUNT(rows) + COUNT(empties) + 1];
    size_t count = 0;
    for (size_t i = 0; i < COUNT(rows); i++) {
        tests[count++] = ROW_TEST(&rows[i], check_row);
    }
    for (size_t i = 0; i < COUNT(empties); i++) {
        tests[count++] = ROW_TEST(&empties[i], check_empty);
    }
    tests[count++] = (struct CMUnitTest)cmocka_unit_test(gives_up_on_too_much_work);
    return check_run("constrain", tests, count, NULL, NULL);
}
