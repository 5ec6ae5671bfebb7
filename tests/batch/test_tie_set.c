/* SPDX-License-Identifier: Apache-2.0 */
/* test_tie_set.c: up to the boundary a set has every tie that was added, or says that
 * those of somebody must be looked up. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "support/check.h"
#include "support/torture.h"

#include "base/alloc.h"
#include "batch/tie_set.h"

enum { MOST = 20000, LEAST_ROOM = 64 };

static uint64_t next_random(uint64_t *state) {
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    return *state;
}

static char whose[MOST][16], others[MOST][16];
static uint8_t rows_of_others[MOST];
static heng_met_tie added[MOST];

/* A tie of one of `ids` with one of as many; every `bare_each`-th without a row. */
static void make_tie(size_t at, uint64_t *random, unsigned ids, unsigned bare_each) {
    unsigned id = (unsigned)(next_random(random) % ids);
    unsigned other = (unsigned)(next_random(random) % MOST);
    uint64_t more = next_random(random);
    (void)snprintf(whose[at], sizeof whose[at], "E-%04u", id);
    (void)snprintf(others[at], sizeof others[at], "P-%u", other);
    added[at] = (heng_met_tie){.whose = heng_str_of(whose[at]),
                               .other = heng_str_of(others[at]),
                               .row = {&rows_of_others[other], 1},
                               .role = (uint32_t)(more % 3),
                               .from = (heng_date)(more / 3 % 2),
                               .to = (heng_date)(more / 6 % 2),
                               .reversed = more / 12 % 2 != 0};
    if (bare_each != 0 && at % bare_each == 0)
        added[at].row = (heng_scan_row){0};
}

static int compare(const void *a, const void *b) {
    return heng_tie_set_compare(a, b);
}

static bool same_tie(const heng_met_tie *a, const heng_met_tie *b) {
    return heng_str_equal(a->whose, b->whose) && heng_str_equal(a->other, b->other) &&
           a->row.bytes == b->row.bytes && a->row.len == b->row.len &&
           a->role == b->role && a->from == b->from && a->to == b->to &&
           a->reversed == b->reversed;
}

/* Where those of the one at `first` end. */
static size_t end_of(const heng_met_tie *ties, size_t count, size_t first) {
    size_t end = first;
    while (end < count && heng_str_equal(ties[end].whose, ties[first].whose))
        end++;
    return end;
}

/* The sorted set against all that was added, sorted. Returns up to where the set is
 * whole; `*ret_collapsed` counts those of whom all are looked up for want of room. */
static size_t expect_whole(const heng_tie_set *set, const heng_met_tie *all,
                           size_t count, size_t *ret_collapsed) {
    size_t at = 0, first = 0;
    *ret_collapsed = 0;
    while (first < count && heng_str_compare(all[first].whose, set->from) <= 0)
        first++;
    while (first < count && (set->boundary.len == 0 ||
                             heng_str_compare(all[first].whose, set->boundary) < 0)) {
        size_t end = end_of(all, count, first);
        assert_true(at < set->count);
        bool is_bare = set->ties[at].row.bytes == NULL;
        if (is_bare) { /* one for all of them */
            assert_true(heng_str_equal(set->ties[at].whose, all[first].whose));
            bool asked = all[first].row.bytes == NULL; /* these come first */
            assert_true(asked || end - first > set->room / 2);
            *ret_collapsed += !asked;
            at++;
        }
        for (size_t i = first; i < end && !is_bare; i++)
            assert_true(at < set->count && same_tie(&set->ties[at++], &all[i]));
        first = end;
    }
    assert_int_equal(at, set->count);
    return first;
}

struct row {
    const char *name;
    size_t bytes;  /* of the set */
    unsigned adds; /* ties that are added … */
    unsigned ids;  /* … of so many */
    unsigned bare_each;
    const char *from;
    bool whole;     /* nothing may be dropped */
    bool collapses; /* somebody has too many */
};

static struct row rows[] = {
    {"nothing", 0, 0, 1, 0, "", true, false},
    {"one tie", 0, 1, 1, 0, "", true, false},
    {"one less than there is room for", 0, LEAST_ROOM - 1, 10000, 0, "", true, false},
    {"as many as there is room for", 0, LEAST_ROOM, 10000, 0, "", false, false},
    {"one of somebody with too many", 0, LEAST_ROOM, 1, 0, "", true, true},
    {"thousands of one", 0, 5000, 1, 0, "", true, true},
    {"far too many of two", 0, 5000, 2, 0, "", false, true},
    {"far too many of a few", 0, MOST, 5, 0, "", false, true},
    {"far too many of many", 0, MOST, 10000, 0, "", false, false},
    {"too many, after some", 0, MOST, 3000, 0, "E-1500", false, false},
    {"after the last", 0, MOST, 3000, 0, "F", true, false},
    {"some that must be looked up", 0, LEAST_ROOM - 1, 20, 5, "", true, false},
    {"many of a few that must be looked up", 0, MOST, 20, 1, "", true, false},
    {"many, some of whom must be looked up", 0, MOST, 4000, 7, "", false, false},
    {"as many as fit into more memory", 1000000, 2000, 300, 0, "", true, false},
    {"too many for more memory", 100000, MOST, 2000, 0, "", false, false},
    {"too many of a few for more memory", 100000, MOST, 6, 0, "E-0000", false, true},
};

static void up_to_the_boundary_it_is_whole(void **state) {
    const struct row *row = *state;
    heng_tie_set set;
    uint64_t random = 77;
    heng_tie_set_init(&set, row->bytes);
    assert_true(set.most >= LEAST_ROOM);
    for (int round = 0; round < 2; round++) { /* the second in a set that was used */
        size_t collapsed = 0;
        heng_tie_set_clear(&set, heng_str_of(row->from));
        for (unsigned i = 0; i < row->adds; i++) {
            make_tie(i, &random, row->ids, row->bare_each);
            heng_tie_set_add(&set, &added[i]);
            assert_true(set.count < set.most);
        }
        heng_tie_set_sort(&set);
        qsort(added, row->adds, sizeof *added, compare);
        size_t end = expect_whole(&set, added, row->adds, &collapsed);
        assert_int_equal(set.boundary.len == 0, row->whole);
        assert_int_equal(end == row->adds, row->whole);
        assert_int_equal(collapsed > 0, row->collapses);
        if (!row->whole) /* else nobody would get on */
            assert_true(set.count > 0);
    }
    heng_tie_set_done(&set);
}

/* What is asked round by round, each from where the last one ended, is everything. */
static void rounds_lose_nothing(void **state) {
    (void)state;
    heng_tie_set set;
    uint64_t random = 99;
    char last[16] = "";
    size_t rounds = 0, looked_up = 0, seen = 0;
    static heng_met_tie sorted[MOST];
    for (size_t i = 0; i < MOST; i++) { /* every third tie is of the same two */
        make_tie(i, &random, 2000, 0);
        if (i % 3 == 0) {
            (void)snprintf(whose[i], sizeof whose[i], "E-%04zu", i % 6 * 300 + 11);
            added[i].whose = heng_str_of(whose[i]);
        }
    }
    memcpy(sorted, added, sizeof sorted);
    qsort(sorted, MOST, sizeof *sorted, compare);
    heng_tie_set_init(&set, 0);
    for (bool more = true; more; rounds++) {
        size_t collapsed = 0;
        heng_tie_set_clear(&set, heng_str_of(last));
        for (size_t i = 0; i < MOST; i++)
            heng_tie_set_add(&set, &added[i]);
        heng_tie_set_sort(&set);
        seen = expect_whole(&set, sorted, MOST, &collapsed);
        looked_up += collapsed;
        more = set.boundary.len > 0;
        heng_str end = set.ties[set.count - 1].whose;
        assert_true(heng_str_compare(end, heng_str_of(last)) > 0);
        memcpy(last, end.ptr, end.len);
        last[end.len] = '\0';
    }
    assert_int_equal(seen, MOST);
    assert_true(rounds > 10);
    assert_int_equal(looked_up, 2); /* 3333 ties each */
    heng_tie_set_done(&set);
}

static void add_one(heng_tie_set *set, const char *id, const char *other,
                    const uint8_t *row) {
    const heng_met_tie tie = {.whose = heng_str_of(id),
                              .other = heng_str_of(other),
                              .row = {row, row == NULL ? 0 : 1}};
    heng_tie_set_add(set, &tie);
}

/* Later adds, and those of smaller ids, do not bring single ties of it back. */
static void who_has_too_many_stays_collapsed(void **state) {
    (void)state;
    static const uint8_t row = 0;
    heng_tie_set set;
    heng_tie_set_init(&set, 0);
    heng_tie_set_clear(&set, HENG_STR(""));
    for (int round = 0; round < 5; round++) {
        for (unsigned i = 0; i < LEAST_ROOM; i++)
            add_one(&set, "M", "x", &row);
        heng_tie_set_sort(&set);
        assert_int_equal(set.count, 1);
        assert_null(set.ties[0].row.bytes);
        assert_int_equal(set.boundary.len, 0);
    }
    add_one(&set, "M", "a", &row); /* of a smaller other: it comes first no more */
    add_one(&set, "B", "x", &row);
    add_one(&set, "Z", "x", &row);
    heng_tie_set_sort(&set);
    assert_int_equal(set.count, 3);
    assert_true(heng_str_equal(set.ties[0].whose, HENG_STR("B")));
    assert_ptr_equal(set.ties[0].row.bytes, &row);
    assert_true(heng_str_equal(set.ties[1].whose, HENG_STR("M")));
    assert_null(set.ties[1].row.bytes);
    assert_ptr_equal(set.ties[2].row.bytes, &row);
    heng_tie_set_done(&set);
}

/* Those behind one that collapses are dropped, and told of. */
static void who_comes_behind_too_many_is_dropped(void **state) {
    (void)state;
    static const uint8_t row = 0;
    heng_tie_set set;
    heng_tie_set_init(&set, 0);
    heng_tie_set_clear(&set, HENG_STR(""));
    add_one(&set, "N", "x", &row);
    for (unsigned i = 0; i < LEAST_ROOM; i++)
        add_one(&set, "M", "x", &row);
    assert_true(heng_str_equal(set.boundary, HENG_STR("N")));
    add_one(&set, "N", "y", &row); /* not one of them alone */
    add_one(&set, "O", "y", &row);
    heng_tie_set_sort(&set);
    assert_int_equal(set.count, 1);
    heng_tie_set_clear(&set, HENG_STR("M"));
    add_one(&set, "M", "x", &row);
    add_one(&set, "", "x", &row);
    add_one(&set, "N", "x", &row);
    assert_int_equal(set.count, 1);
    assert_int_equal(set.boundary.len, 0);
    heng_tie_set_done(&set);
}

/* By each of its parts: equal ones are neighbours, and no two orders are equal but of
 * ties that are. */
static void the_order_is_that_of_snapshots(void **state) {
    (void)state;
    static const uint8_t row = 0;
#define TIE(id, of, number, back, first, last)                                         \
    {                                                                                  \
        .whose = {id, sizeof(id) - 1}, .other = {of, sizeof(of) - 1},                  \
        .row = {&row, 1}, .role = (number), .reversed = (back), .from = (first),       \
        .to = (last)                                                                   \
    }
    const heng_met_tie ties[] = {
        {.whose = {"A", 1}, .other = {"z", 1}}, /* to be looked up */
        TIE("A", "a", 1, false, 1, 1),          TIE("A", "a", 1, false, 1, 2),
        TIE("A", "a", 1, false, 2, 1),          TIE("A", "a", 1, true, 1, 1),
        TIE("A", "a", 2, false, 1, 1),          TIE("A", "a0", 1, false, 1, 1),
        TIE("A", "b", 1, false, 1, 1),          TIE("A1", "a", 1, false, 1, 1),
        TIE("B", "a", 1, false, 1, 1),
    };
    for (size_t i = 0; i < COUNT(ties); i++) {
        for (size_t k = 0; k < COUNT(ties); k++) {
            int order = heng_tie_set_compare(&ties[i], &ties[k]);
            assert_int_equal((order > 0) - (order < 0), (i > k) - (i < k));
        }
    }
}

static heng_status fill(void *context) {
    (void)context;
    static const uint8_t row = 0;
    heng_tie_set set;
    uint64_t random = 5;
    heng_tie_set_init(&set, 100000);
    heng_tie_set_clear(&set, HENG_STR(""));
    for (unsigned i = 0; i < 300; i++) {
        make_tie(i, &random, 500, 0);
        heng_tie_set_add(&set, &added[i]);
    }
    bool failed = set.failed;
    heng_tie_set_clear(&set, HENG_STR(""));
    assert_false(set.failed); /* it is emptied of the failure too */
    add_one(&set, "A", "b", &row);
    heng_tie_set_done(&set);
    heng_tie_set_done(&set); /* an empty one */
    return failed ? HENG_ERR_NOMEM : HENG_OK;
}

/* 64 ties at first, then twice as many each time. */
static void it_survives_every_failure(void **state) {
    (void)state;
    assert_int_equal(torture(fill, NULL), 4);
}

/* Once it has grown nothing is allocated: batches collect millions. */
static void adding_takes_no_memory(void **state) {
    (void)state;
    heng_tie_set set;
    uint64_t random = 5, before = 0;
    heng_tie_set_init(&set, 0);
    for (int round = 0; round < 2; round++) {
        heng_tie_set_clear(&set, HENG_STR(""));
        for (unsigned i = 0; i < 5000; i++) {
            make_tie(i, &random, 500, 0);
            heng_tie_set_add(&set, &added[i]);
        }
        heng_tie_set_sort(&set);
        assert_false(set.failed);
        if (round == 0)
            before = heng_alloc_count();
    }
    assert_int_equal(heng_alloc_count(), before);
    heng_tie_set_done(&set);
}

int main(void) {
    struct CMUnitTest tests[COUNT(rows) + 6];
    const struct CMUnitTest more[] = {
        cmocka_unit_test(rounds_lose_nothing),
        cmocka_unit_test(who_has_too_many_stays_collapsed),
        cmocka_unit_test(who_comes_behind_too_many_is_dropped),
        cmocka_unit_test(the_order_is_that_of_snapshots),
        cmocka_unit_test(it_survives_every_failure),
        cmocka_unit_test(adding_takes_no_memory),
    };
    size_t count = 0;
    for (size_t i = 0; i < COUNT(rows); i++)
        tests[count++] = ROW_TEST(&rows[i], up_to_the_boundary_it_is_whole);
    for (size_t i = 0; i < COUNT(more); i++)
        tests[count++] = more[i];
    return check_run("batch/tie_set", tests, count, NULL, NULL);
}
