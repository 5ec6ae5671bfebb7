/* SPDX-License-Identifier: Apache-2.0 */
/* test_id_set.c: up to the boundary a set has every id that was added, once. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "support/check.h"
#include "support/torture.h"

#include "base/alloc.h"
#include "batch/id_set.h"

enum { MOST = 20000, LEAST_ROOM = 64 };

static uint64_t next_random(uint64_t *state) {
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    return *state;
}

struct row {
    const char *name;
    size_t bytes;  /* of the set */
    unsigned adds; /* ids that are added … */
    unsigned ids;  /* … of so many */
    const char *from;
    bool whole; /* nothing may be dropped */
};

static struct row rows[] = {
    {"nothing", 0, 0, 1, "", true},
    {"one id", 0, 1, 1, "", true},
    {"the same one again and again", 0, 5000, 1, "", true},
    {"a few again and again", 0, 5000, 20, "", true},
    {"as many as half the room", 0, 5000, LEAST_ROOM / 2, "", true},
    {"one more than half the room, all at once", 0, 33, 1000000, "", true},
    {"one less than there is room for", 0, LEAST_ROOM - 1, 1000000, "", true},
    {"as many as there is room for", 0, LEAST_ROOM, 1000000, "", false},
    {"far too many", 0, MOST, 1000000, "", false},
    {"far too many of a few thousand", 0, MOST, 3000, "", false},
    {"too many, after some", 0, MOST, 3000, "E-1500", false},
    {"after the last", 0, MOST, 3000, "F", true},
    {"as many as fit into more memory", 400000, 2000, 2000, "", true},
    {"too many for more memory", 100000, MOST, 9000, "E-02", false},
};

static int compare(const void *a, const void *b) {
    return heng_str_compare(*(const heng_str *)a, *(const heng_str *)b);
}

static char texts[MOST][16];
static heng_str added[MOST];

/* The ids that were added after `from`, in order, each once. */
static size_t sort_added(unsigned adds, heng_str from) {
    size_t kept = 0;
    qsort(added, adds, sizeof *added, compare);
    for (unsigned i = 0; i < adds; i++) {
        if (heng_str_compare(added[i], from) > 0 &&
            (kept == 0 || !heng_str_equal(added[i], added[kept - 1])))
            added[kept++] = added[i];
    }
    return kept;
}

static void up_to_the_boundary_it_is_whole(void **state) {
    const struct row *row = *state;
    heng_id_set set;
    uint64_t random = 77;
    assert_true(heng_id_set_init(&set, row->bytes));
    for (int round = 0; round < 2; round++) { /* the second in a set that was used */
        heng_id_set_clear(&set, heng_str_of(row->from));
        for (unsigned i = 0; i < row->adds; i++) {
            unsigned id = (unsigned)(next_random(&random) % row->ids);
            (void)snprintf(texts[i], sizeof texts[i], "E-%04u", id);
            added[i] = heng_str_of(texts[i]);
            heng_id_set_add(&set, added[i]);
            assert_true(set.count < set.room);
        }
        heng_id_set_sort(&set);
        size_t count = sort_added(row->adds, heng_str_of(row->from));
        size_t whole = 0;
        while (whole < count && (set.boundary.len == 0 ||
                                 heng_str_compare(added[whole], set.boundary) < 0))
            whole++;
        assert_false(set.failed);
        assert_int_equal(set.count, whole);
        for (size_t i = 0; i < whole; i++)
            assert_true(heng_str_equal(set.ids[i], added[i]));
        assert_int_equal(set.boundary.len == 0, row->whole);
        if (!row->whole) /* else nobody would get on */
            assert_true(set.count > 0);
    }
    heng_id_set_done(&set);
}

/* What is asked round by round, each from where the last one ended, is everything. */
static void rounds_lose_nothing(void **state) {
    (void)state;
    heng_id_set set;
    uint64_t random = 99;
    char last[16] = "";
    size_t seen = 0, rounds = 0;
    for (unsigned i = 0; i < MOST; i++) {
        (void)snprintf(texts[i], sizeof texts[i], "E-%u",
                       (unsigned)(next_random(&random) % 2000));
        added[i] = heng_str_of(texts[i]);
    }
    static heng_str order[MOST];
    memcpy(order, added, sizeof order);
    size_t count = sort_added(MOST, HENG_STR(""));
    assert_true(heng_id_set_init(&set, 0));
    for (bool more = true; more; rounds++) {
        heng_id_set_clear(&set, heng_str_of(last));
        for (unsigned i = 0; i < MOST; i++)
            heng_id_set_add(&set, order[i]);
        heng_id_set_sort(&set);
        for (size_t i = 0; i < set.count; i++)
            assert_true(heng_str_equal(set.ids[i], added[seen++]));
        more = set.boundary.len > 0;
        heng_str end = set.ids[set.count - 1];
        memcpy(last, end.ptr, end.len);
        last[end.len] = '\0';
    }
    assert_int_equal(seen, count);
    assert_true(rounds > 10);
    heng_id_set_done(&set);
}

static void after_finds_the_first_behind(void **state) {
    (void)state;
    const heng_str ids[] = {HENG_STR("b"), HENG_STR("d"), HENG_STR("dd"),
                            HENG_STR("f")};
    static const struct {
        const char *id;
        size_t want;
    } cases[] = {{"", 0},   {"a", 0},  {"b", 1}, {"c", 1}, {"d", 2},
                 {"da", 2}, {"dd", 3}, {"e", 3}, {"f", 4}, {"g", 4}};
    for (size_t i = 0; i < COUNT(cases); i++)
        assert_int_equal(heng_id_set_after(ids, COUNT(ids), heng_str_of(cases[i].id)),
                         cases[i].want);
    assert_int_equal(heng_id_set_after(NULL, 0, HENG_STR("x")), 0);
}

/* ---- memory ---- */

static heng_status fill(void *context) {
    (void)context;
    heng_id_set set;
    bool made = heng_id_set_init(&set, 0);
    for (unsigned i = 0; made && i < 500; i++) {
        char text[16];
        (void)snprintf(text, sizeof text, "E-%u", i * 37 % 500);
        heng_id_set_add(&set, heng_str_of(text));
    }
    bool failed = !made || set.failed;
    heng_id_set_done(&set);
    return failed ? HENG_ERR_NOMEM : HENG_OK;
}

static void it_survives_every_failure(void **state) {
    (void)state;
    assert_true(torture(fill, NULL) > 2);
}

static void a_failure_ends_with_emptying(void **state) {
    (void)state;
    heng_id_set set;
    assert_true(heng_id_set_init(&set, 0));
    heng_id_set_clear(&set, HENG_STR(""));
    heng_alloc_fail_after(1);
    heng_id_set_add(&set, HENG_STR("E-1"));
    heng_alloc_fail_after(0);
    assert_true(set.failed);
    heng_id_set_add(&set, HENG_STR("E-2")); /* half of them is none */
    assert_int_equal(set.count, 0);
    heng_id_set_clear(&set, HENG_STR(""));
    heng_id_set_add(&set, HENG_STR("E-2"));
    assert_false(set.failed);
    assert_int_equal(set.count, 1);
    heng_id_set_done(&set);
}

int main(void) {
    struct CMUnitTest tests[COUNT(rows) + 4];
    const struct CMUnitTest others[] = {
        cmocka_unit_test(rounds_lose_nothing),
        cmocka_unit_test(after_finds_the_first_behind),
        cmocka_unit_test(it_survives_every_failure),
        cmocka_unit_test(a_failure_ends_with_emptying),
    };
    size_t count = 0;
    for (size_t i = 0; i < COUNT(rows); i++)
        tests[count++] = ROW_TEST(&rows[i], up_to_the_boundary_it_is_whole);
    for (size_t i = 0; i < COUNT(others); i++)
        tests[count++] = others[i];
    return check_run("batch/id_set", tests, count, NULL, NULL);
}
