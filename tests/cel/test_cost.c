/* SPDX-License-Identifier: Apache-2.0 */
/* test_cost.c: how many steps an expression can take. That the machine never takes more
 * is held in test_property.c. */
#include "cel/front.h"

/* `want`: the bound; 0: there is none. */
struct cost_row {
    const char *name;
    const char *expression;
    uint64_t want;
};

static struct cost_row rows[] = {
    {"a literal", "1", 1},
    {"a variable", "i", 1},
    {"a field", "r.amount", 2},
    {"a sum", "i + 1", 3},
    {"a chain of and", "b && b && b", 4},
    {"the dearer branch counts", "b ? i : i + 1", 1 + 3 + 1},
    {"a list and its items", "[i, i, i]", 3 + 1 + 3},
    {"a map and its entries", "{1: i, 2: i}", 4 + 1 + 2},
    {"texts of a field have a limit", "r.category == r.nature", 1 + 4 + 4096 / 16},
    {"the shorter text counts", "r.category == 'abc'", 1 + 3 + 1},
    {"each record", "records.exists(x, true)", 1 + 1 + 1000 * 2},
    {"each record and what is done with it", "records.exists(x, x.in_force)",
     1 + 1 + 1000 * 3},
    {"filtered and then counted", "records.filter(x, b).size()", 2 + 1000 * 2 + 1},
    {"one after another", "records.filter(x, b).exists(y, b)",
     (2 + 1000 * 2) + 1 + 1000 * 2},
    {"one inside another", "records.exists(x, records.exists(y, b))",
     2 + 1000 * (1 + 2 + 1000 * 2)},
    {"a list of a field has a limit", "r.tags.exists(t, b)", 2 + 1 + 1000 * 2},
    {"a list of unknown size has none", "l.exists(x, b)", 0},
    {"nor has a map", "m.exists(k, b)", 0},
    {"nor what is dyn", "v.exists(x, b)", 0},
    {"a part of what has none may have one", "l.size() > 0", 5},
    {"a literal list has its size", "[1, 2].exists(x, b)", 3 + 2 + 1 + 2 * 2},
    {"items of items", "[[1, 2], [3]].exists(x, x.exists(y, b))",
     (1 + 2 + (3 + 2) + (2 + 1)) - 0 + 1 + 2 * (1 + 1 + 1 + 2 * 2)},
    {"a bound value is paid for once", "cel.bind(y, i + 1, y > 0 && y < 9)",
     3 + 1 + (1 + 4 + 4)},
    {"a text that grows", "(s + s) == (s + s + s)",
     1 + (1 + 2 + 1 + 512) + (1 + 1 + (1 + 2 + 1 + 512) + 1 + 768) + 512},
};

static void check_row(void **state) {
    const struct cost_row *row = *state;
    struct front front;
    front_init(&front);
    assert_int_equal(front_run(&front, heng_str_of(row->expression), FRONT_CHECK),
                     HENG_OK);
    heng_cel_report report = {.diags = front.diags, .len = strlen(row->expression)};
    assert_int_equal(
        heng_cel_cost_bound(front.env, 0, front.arena, &report, &front.ast), HENG_OK);
    uint64_t want = row->want == 0 ? UINT64_MAX : row->want;
    assert_int_equal(front.ast.cost_max, want);
    front_done(&front);
}

static void says_which_part_costs(void **state) {
    struct front front;
    (void)state;
    front_init(&front);
    front.cost_cap = 10000000;
    front_golden(&front, "cost", FRONT_COST);
    front_done(&front);
}

static void keeps_to_the_cap_exactly(void **state) {
    struct front front;
    (void)state;
    front_init(&front);
    front.cost_cap = 3;
    assert_int_equal(front_run(&front, HENG_STR("i + i"), FRONT_COST), HENG_OK);
    front.cost_cap = 2;
    assert_int_equal(front_run(&front, HENG_STR("i + i"), FRONT_COST),
                     HENG_ERR_INVALID);
    assert_string_equal(front_message(&front), "this can take 3 steps; 2 are allowed");
    front_done(&front);
}

int main(void) {
    struct CMUnitTest tests[COUNT(rows) + 2];
    size_t count = 0;
    for (size_t i = 0; i < COUNT(rows); i++) {
        tests[count++] = ROW_TEST(&rows[i], check_row);
    }
    const struct CMUnitTest rest[] = {
        cmocka_unit_test(says_which_part_costs),
        cmocka_unit_test(keeps_to_the_cap_exactly),
    };
    memcpy(tests + count, rest, sizeof rest);
    return check_run("cost", tests, count + COUNT(rest), NULL, NULL);
}
