/* SPDX-License-Identifier: Apache-2.0 */
/* test_order.c: what displaces comes first; circles are told, each once. */
#include "support/torture.h"

#include "base/buffer.h"
#include "ruleset/order.h"

enum { NODES_MAX = 8, EDGES_MAX = 12 };

struct row {
    const char *name;
    size_t count;
    heng_order_edge edges[EDGES_MAX];
    size_t edge_count;
    const char *want; /* "0 1 2", or circles as "(0 1)(2 3)" */
};

static struct row rows[] = {
    {"nothing to order", 0, {{0, 0}}, 0, ""},
    {"without edges the order is that of numbers", 3, {{0, 0}}, 0, "0 1 2"},
    {"who displaces comes first", 3, {{2, 1}, {1, 0}}, 2, "2 1 0"},
    {"branches join again", 4, {{3, 1}, {3, 2}, {1, 0}, {2, 0}}, 4, "3 1 2 0"},
    {"an edge may be given twice", 2, {{1, 0}, {1, 0}}, 2, "1 0"},
    {"the smallest circle", 2, {{0, 1}, {1, 0}}, 2, "(0 1)"},
    {"a circle of one", 1, {{0, 0}}, 1, "(0)"},
    {"a circle begins with its smallest member",
     4,
     {{3, 1}, {1, 2}, {2, 3}},
     3,
     "(1 2 3)"},
    {"what hangs on a circle is no part of it",
     5,
     {{0, 1}, {1, 2}, {2, 1}, {2, 3}, {3, 4}},
     5,
     "(1 2)"},
    {"two circles are told in one go",
     4,
     {{0, 1}, {1, 0}, {2, 3}, {3, 2}},
     4,
     "(0 1)(2 3)"},
    {"circles that share a member count once",
     3,
     {{0, 1}, {1, 0}, {1, 2}, {2, 1}},
     4,
     "(0 1)"},
};

static void add_cycle(void *context, const uint32_t *members, size_t count) {
    heng_buffer *out = context;
    for (size_t i = 0; i < count; i++)
        heng_buffer_add_format(out, "%s%u", i == 0 ? "(" : " ", (unsigned)members[i]);
    heng_buffer_add_char(out, ')');
}

static void check_row(void **state) {
    const struct row *row = *state;
    uint32_t order[NODES_MAX] = {0};
    heng_buffer out;
    heng_buffer_init(&out, 1000);
    assert_int_equal(heng_order_make(row->count, row->edges, row->edge_count, add_cycle,
                                     &out, order),
                     HENG_OK);
    for (size_t i = 0; out.len == 0 && i < row->count; i++) {
        /* numbers are one digit */
        heng_buffer_add_format(&out, "%u", (unsigned)order[0]);
        for (size_t j = 1; j < row->count; j++)
            heng_buffer_add_format(&out, " %u", (unsigned)order[j]);
    }
    assert_string_equal(heng_buffer_view(&out).ptr, row->want);
    heng_buffer_done(&out);
}

static heng_status run(void *context) {
    const struct row *row = context;
    uint32_t order[NODES_MAX];
    heng_buffer out;
    heng_buffer_init(&out, 1000);
    heng_buffer_reserve(&out, 100); /* what the test itself needs may fail too */
    heng_status status = heng_buffer_status(&out);
    if (status == HENG_OK)
        status = heng_order_make(row->count, row->edges, row->edge_count, add_cycle,
                                 &out, order);
    heng_buffer_done(&out);
    return status;
}

static void survives_failing_allocations(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++)
        assert_true(torture(run, &rows[i]) > 3);
}

/* A chain of many must not be walked by recursion, or the stack ends first. */
static void a_long_chain_is_ordered(void **state) {
    (void)state;
    enum { LONG = 100000 };
    heng_order_edge *edges = heng_alloc_zero(LONG, sizeof *edges);
    uint32_t *order = heng_alloc_zero(LONG, sizeof *order);
    heng_buffer out;
    heng_buffer_init(&out, 1000);
    for (uint32_t i = 0; i + 1 < LONG; i++)
        edges[i] = (heng_order_edge){i + 1, i};
    assert_int_equal(heng_order_make(LONG, edges, LONG - 1, add_cycle, &out, order),
                     HENG_OK);
    assert_int_equal(out.len, 0);
    assert_int_equal(order[0], LONG - 1);
    assert_int_equal(order[LONG - 1], 0);
    heng_alloc_free(edges);
    heng_alloc_free(order);
    heng_buffer_done(&out);
}

int main(void) {
    struct CMUnitTest tests[COUNT(rows) + 2];
    for (size_t i = 0; i < COUNT(rows); i++)
        tests[i] = ROW_TEST(&rows[i], check_row);
    tests[COUNT(rows)] =
        (struct CMUnitTest)cmocka_unit_test(survives_failing_allocations);
    tests[COUNT(rows) + 1] =
        (struct CMUnitTest)cmocka_unit_test(a_long_chain_is_ordered);
    return check_run("ruleset/order", tests, COUNT(tests), NULL, NULL);
}
