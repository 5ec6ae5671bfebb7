/* SPDX-License-Identifier: Apache-2.0 */
/* test_cel_clock.c: which comparisons with the as-of day are tracked. That they change
 * when they are said to is held in test_property.c. */
#include "cel/front.h"

/* `want`: `none` (the day is not read), `opaque`, or the shifts that are tracked, in
 * the order of the tree: `L+P1Y`, `R-P3M` … (on the left or right side), `L` alone. */
static struct front_row rows[] = {
    {"nothing of the day", "r.in_force", "none"},
    {"the day on the left", "as_of > r.decided_on", "L"},
    {"the day on the right", "r.decided_on <= as_of", "R"},
    {"equal to the day", "r.decided_on == as_of", "R"},
    {"other than the day", "as_of != r.decided_on", "L"},
    {"a period later", "as_of + period('P1Y') > r.decided_on", "L+12,0"},
    {"the period first", "period('P1Y') + as_of > r.decided_on", "L+12,0"},
    {"a period earlier", "r.decided_on >= as_of - period('P3M')", "R-3,0"},
    {"a period that is computed", "as_of + period('P1M') < r.decided_on", "L+1,0"},
    {"against a shifted date", "r.decided_on + period('P3Y') >= as_of", "R"},
    {"against a constant", "as_of >= date('2026-01-01')", "L"},
    {"several", "as_of > r.decided_on && as_of < r.expires_on", "L L"},
    {"in a macro", "records.exists(x, x.decided_on > as_of - period('P1Y'))", "R-12,0"},
    {"against what other comparisons settle",
     "as_of > (as_of > r.decided_on ? r.decided_on : r.expires_on)", "L L"},
    {"a count of what is settled", "size(records.filter(x, x.decided_on < as_of)) > 2",
     "R"},
    {"against itself", "as_of > as_of - period('P1Y')", "opaque"},
    {"its year", "as_of.year() == 2024", "opaque"},
    {"the days since", "as_of - r.decided_on > 365", "opaque"},
    {"shifted twice", "as_of + period('P1Y') + period('P1D') > r.decided_on", "opaque"},
    {"shifted by what is not constant",
     "as_of + (b ? period('P1Y') : period('P2Y')) > r.decided_on", "opaque"},
    {"bound to a name", "cel.bind(d, as_of, d > r.decided_on)", "opaque"},
    {"in a list", "r.decided_on in [as_of]", "opaque"},
    {"chosen", "(b ? as_of : r.decided_on) > r.decided_on", "opaque"},
    {"as what is dyn", "dyn(as_of) > r.decided_on", "opaque"},
    {"against what is dyn", "as_of > v", "opaque"},
    {"as the result", "as_of", "opaque"},
    {"as a shifted result", "as_of + period('P1Y')", "opaque"},
    {"as a text", "string(as_of) == 'a'", "opaque"},
    {"one tracked and one not", "as_of > r.decided_on && as_of.year() > 1", "L opaque"},
};

static void describe(heng_buffer *out, const heng_cel_node *node) {
    const heng_cel_clock *clock = &node->clock;
    if (clock->tracked) {
        (void)heng_buffer_add_text(out, out->len > 0 ? " " : "");
        (void)heng_buffer_add_text(out, clock->on_right ? "R" : "L");
        if (clock->shifted) {
            (void)heng_buffer_add_format(out, "%c%d,%d", clock->minus ? '-' : '+',
                                         (int)clock->period.months,
                                         (int)clock->period.days);
        }
    }
    for (uint32_t i = 0; i < heng_cel_ast_child_count(node); i++) {
        describe(out, heng_cel_ast_child(node, i));
    }
}

static void check_row(void **state) {
    const struct front_row *row = *state;
    struct front front;
    heng_buffer out;
    front_init(&front);
    heng_buffer_init(&out, 1000);
    assert_int_equal(front_run(&front, heng_str_of(row->expression), FRONT_CLOCK),
                     HENG_OK);
    describe(&out, front.ast.root);
    if (front.ast.clock_opaque) {
        (void)heng_buffer_add_text(&out, out.len > 0 ? " opaque" : "opaque");
    }
    assert_true(front.ast.reads_clock || !front.ast.clock_opaque);
    assert_int_equal(front.ast.reads_clock, out.len > 0);
    if (out.len == 0) {
        (void)heng_buffer_add_text(&out, "none");
    }
    assert_string_equal(out.bytes, row->want);
    heng_buffer_done(&out);
    front_done(&front);
}

int main(void) {
    struct CMUnitTest tests[COUNT(rows)];
    for (size_t i = 0; i < COUNT(rows); i++) {
        tests[i] = ROW_TEST(&rows[i], check_row);
    }
    return check_run("cel_clock", tests, COUNT(rows), NULL, NULL);
}
