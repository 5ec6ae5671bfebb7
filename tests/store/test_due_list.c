/* SPDX-License-Identifier: Apache-2.0 */
/* Days and ids come out in order, whatever the order they were collected in. */
#include "support/torture.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "store/due_list.h"

struct pair {
    heng_date day;
    char id[16];
};

static int compare_pairs(const void *a, const void *b) {
    const struct pair *x = a;
    const struct pair *y = b;
    return x->day != y->day ? (x->day < y->day ? -1 : 1) : strcmp(x->id, y->id);
}

static uint64_t next_random(uint64_t *state) {
    *state = *state * 6364136223846793005U + 1442695040888963407U;
    return *state >> 33;
}

/* How ids come. */
static struct row {
    const char *name; /* what must hold */
    unsigned days;
    unsigned ranges; /* ascending ones, met in turn; 0: in no order at all */
} rows[] = {
    {"ascending ids of many days are put in order", 5000, 1},
    {"ascending ids of one day are put in order", 1, 1},
    {"ids of three ranges at once are put in order", 200, 3},
    {"ids in no order are put in order", 50, 0},
    {"ids of one day in no order are put in order", 1, 0},
};

static void sorting(void **state) {
    enum { PAIRS = 20000 };
    const struct row *row = *state;
    static struct pair pairs[PAIRS];
    heng_due_list list;
    heng_error error = {0};
    uint64_t random = 7;
    assert_int_equal(heng_due_list_init(&list, 1 << 20, &error), HENG_OK);
    for (unsigned i = 0; i < PAIRS; i++) {
        unsigned number = row->ranges == 0 ? (unsigned)(next_random(&random) % PAIRS)
                                           : i % row->ranges * PAIRS + i / row->ranges;
        pairs[i].day =
            row->days == 1
                ? HENG_DATE_MAX
                : HENG_DATE_MIN + (heng_date)(next_random(&random) % row->days * 19);
        (void)snprintf(pairs[i].id, sizeof pairs[i].id, "E-%06u", number);
        assert_true(heng_due_list_add(&list, pairs[i].day, heng_str_of(pairs[i].id)));
    }
    heng_due_list_sort(&list);
    qsort(pairs, PAIRS, sizeof *pairs, compare_pairs);
    size_t at = 0;
    for (size_t i = 0; i < PAIRS; i++) {
        if (i > 0 && compare_pairs(&pairs[i - 1], &pairs[i]) == 0)
            continue;
        assert_true(at < list.count);
        assert_int_equal(list.entries[at].day, pairs[i].day);
        assert_true(
            heng_str_equal(heng_due_list_id(&list, at), heng_str_of(pairs[i].id)));
        at++;
    }
    assert_int_equal(at, list.count);
    heng_due_list_done(&list);
}

/* Short ids fill the entries first, long ones the bytes; neither goes beyond. */
static void it_says_when_it_is_full_and_can_be_filled_again(void **state) {
    (void)state;
    static const char *const IDS[] = {
        "E", "0123456789abcdef0123456789abcdef0123456789abcdef"};
    for (size_t i = 0; i < COUNT(IDS); i++) {
        heng_due_list list;
        heng_error error = {0};
        size_t first = 0;
        assert_int_equal(heng_due_list_init(&list, 36000, &error), HENG_OK);
        while (heng_due_list_add(&list, 0, heng_str_of(IDS[i]))) {
            first++;
        }
        assert_true(first >= 400 && first <= 1000);
        heng_due_list_sort(&list);
        assert_int_equal(list.count, 1);
        heng_due_list_clear(&list);
        heng_due_list_sort(&list);
        assert_int_equal(list.count, 0);
        for (size_t n = 0; n < first; n++) {
            assert_true(heng_due_list_add(&list, 0, heng_str_of(IDS[i])));
        }
        assert_false(heng_due_list_add(&list, 0, heng_str_of(IDS[i])));
        heng_due_list_done(&list);
    }
}

static heng_status collect_once(void *context) {
    (void)context;
    heng_due_list list = {0};
    heng_error error = {0};
    heng_status status = heng_due_list_init(&list, 1 << 16, &error);
    if (status == HENG_OK) {
        (void)heng_due_list_add(&list, 0, HENG_STR("E-1"));
        heng_due_list_sort(&list);
    }
    heng_due_list_done(&list);
    return status;
}

static void no_failed_allocation_does_harm(void **state) {
    (void)state;
    assert_int_equal(torture(collect_once, NULL), 3);
}

int main(void) {
    struct CMUnitTest tests[COUNT(rows) + 2];
    size_t count = 0;
    for (; count < COUNT(rows); count++) {
        tests[count] = ROW_TEST(&rows[count], sorting);
    }
    tests[count++] = (struct CMUnitTest)cmocka_unit_test(
        it_says_when_it_is_full_and_can_be_filled_again);
    tests[count++] =
        (struct CMUnitTest)cmocka_unit_test(no_failed_allocation_does_harm);
    return check_run("store/due_list", tests, count, NULL, NULL);
}
