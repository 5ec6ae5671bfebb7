/* SPDX-License-Identifier: Apache-2.0 */
/* test_stretch.c: stretches follow each other without a gap, from end to end. */
#include "town.h"

#include "support/torture.h"

#include "batch/stretch.h"
#include "store/scan.h"

static const heng_str CUTS[] = {{"d", 1}, {"h", 1}, {"m", 1}};

struct row {
    const char *name;
    size_t cuts; /* of those above */
    const char *after, *last;
    const char *want; /* `(after last]` of each */
};

static struct row rows[] = {
    {"no cuts", 0, "", "", "(-]"},
    {"no cuts, narrowed", 0, "b", "k", "(b-k]"},
    {"everything", 3, "", "", "(-d](d-h](h-m](m-]"},
    {"after one between", 3, "e", "", "(e-h](h-m](m-]"},
    {"after a cut", 3, "h", "", "(h-m](m-]"},
    {"after the last cut", 3, "m", "", "(m-]"},
    {"after all", 3, "z", "", "(z-]"},
    {"up to one between", 3, "", "k", "(-d](d-h](h-k]"},
    {"up to a cut", 3, "", "h", "(-d](d-h]"},
    {"up to the first cut", 3, "", "d", "(-d]"},
    {"up to one before all cuts", 3, "", "a", "(-a]"},
    {"between two cuts", 3, "e", "g", "(e-g]"},
    {"from cut to cut", 3, "d", "m", "(d-h](h-m]"},
    {"one cut alone", 1, "", "", "(-d](d-]"},
};

static void they_follow_each_other(void **state) {
    const struct row *row = *state;
    heng_stretches stretches = {.cuts = row->cuts == 0 ? NULL : CUTS,
                                .cut_count = row->cuts};
    heng_buffer text;
    heng_buffer_init(&text, 1000);
    for (int round = 0; round < 2; round++) { /* narrowing again begins anew */
        heng_buffer_clear(&text);
        heng_stretches_narrow(&stretches, HENG_STR("c"), HENG_STR("i"));
        heng_stretches_narrow(&stretches, heng_str_of(row->after),
                              heng_str_of(row->last));
        for (size_t i = 0; i < stretches.count; i++) {
            heng_stretch one = heng_stretches_get(&stretches, i);
            (void)heng_buffer_add_format(&text, "(%.*s-%.*s]", HENG_STR_ARG(one.after),
                                         HENG_STR_ARG(one.last));
        }
        assert_int_equal(heng_buffer_add_char(&text, '\0'), HENG_OK);
        assert_string_equal(heng_buffer_view(&text).ptr, row->want);
    }
    heng_buffer_done(&text);
}

/* ---- of a store ---- */

static heng_status make(void *context) {
    heng_view *view = NULL;
    heng_error error = {0};
    heng_stretches stretches;
    heng_arena *arena = heng_arena_new(1 << 20);
    heng_status status =
        arena == NULL ? HENG_ERR_NOMEM : heng_view_open(context, &view, &error);
    if (status == HENG_OK)
        status = heng_stretches_make(view, 0, arena, &stretches, &error);
    heng_view_close(view);
    heng_arena_free(arena);
    return status;
}

static size_t count_all(heng_view *view, unsigned what, const heng_stretches *in) {
    heng_scan *scan = NULL;
    heng_error error = {0};
    const heng_snapshot *snapshot = NULL;
    size_t count = 0;
    assert_int_equal(heng_scan_open(view, what, &scan, &error), HENG_OK);
    for (size_t i = 0; i < in->count; i++) {
        heng_stretch one = heng_stretches_get(in, i);
        assert_int_equal(heng_scan_range(scan, one.after, one.last, NULL, 0, &error),
                         HENG_OK);
        while (heng_scan_next(scan, &snapshot, &error) == HENG_OK && snapshot != NULL)
            count++;
    }
    heng_scan_close(scan);
    return count;
}

static void all_subjects_lie_in_one(void **state) {
    (void)state;
    town in;
    heng_buffer lines;
    heng_error error = {0};
    heng_buffer_init(&lines, 1 << 24);
    town_make(&lines, 3000, 50);
    assert_int_equal(heng_buffer_add_char(&lines, '\0'), HENG_OK);
    town_open(&in, TOWN_RULES, heng_buffer_view(&lines).ptr);
    heng_view *view = fixture_view(in.store);
    heng_arena *arena = heng_arena_new(1 << 20);
    heng_stretches stretches;
    assert_int_equal(heng_stretches_make(view, 0, arena, &stretches, &error), HENG_OK);
    assert_true(stretches.count > 20);
    assert_int_equal(count_all(view, 0, &stretches), 1000);
    assert_int_equal(
        heng_stretches_make(view, HENG_SCAN_ALL, arena, &stretches, &error), HENG_OK);
    assert_true(stretches.count > 20);
    assert_int_equal(count_all(view, HENG_SCAN_ALL, &stretches), 3000);
    heng_stretches_narrow(&stretches, HENG_STR("E-00099"), HENG_STR("E-02499"));
    assert_int_equal(count_all(view, HENG_SCAN_ALL, &stretches), 2400);
    heng_arena_free(arena);
    heng_view_close(view);
    assert_true(torture(make, in.store) > 2);
    heng_buffer_done(&lines);
    town_close(&in);
}

int main(void) {
    struct CMUnitTest tests[COUNT(rows) + 1];
    size_t count = 0;
    for (size_t i = 0; i < COUNT(rows); i++)
        tests[count++] = ROW_TEST(&rows[i], they_follow_each_other);
    const struct CMUnitTest last = cmocka_unit_test(all_subjects_lie_in_one);
    tests[count++] = last;
    return check_run("batch/stretch", tests, count, NULL, NULL);
}
