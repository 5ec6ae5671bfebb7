/* SPDX-License-Identifier: Apache-2.0 */
/* test_id_set.c: what does not fit is dropped from the large end, and said so. */
#include <stdio.h>
#include <string.h>

#include "support/check.h"
#include "support/torture.h"

#include "batch/id_set.h"

enum { MANY = 5000 };

static void add_shuffled(heng_id_set *set) {
    char text[16];
    for (unsigned i = 0; i < MANY; i++) {
        int len = snprintf(text, sizeof text, "T-%05u", i * 7919U % MANY);
        heng_id_set_add(set, (heng_str){text, (size_t)len});
    }
}

static void all_in_rounds(void **state) {
    heng_id_set set;
    char from[16] = "";
    unsigned met = 0, rounds = 0;
    (void)state;
    assert_true(heng_id_set_init(&set, 20000));
    for (bool more = true; more; rounds++) {
        heng_id_set_clear(&set, (heng_str){from, strlen(from)});
        add_shuffled(&set);
        heng_id_set_sort(&set);
        assert_false(set.failed);
        assert_true(set.count > 0);
        size_t count = set.count;
        if (set.boundary.len > 0) {
            count = heng_id_set_after(set.ids, set.count, set.boundary);
        }
        for (size_t i = 0; i < count; i++) {
            char wanted[16];
            (void)snprintf(wanted, sizeof wanted, "T-%05u", met++);
            assert_int_equal(set.ids[i].len, strlen(wanted));
            assert_memory_equal(set.ids[i].ptr, wanted, set.ids[i].len);
        }
        more = set.boundary.len > 0;
        (void)snprintf(from, sizeof from, "%.*s", HENG_STR_ARG(set.ids[count - 1]));
    }
    assert_int_equal(met, MANY);
    assert_true(rounds > 1);
    heng_id_set_done(&set);
}

static void one_that_fits_needs_one_round(void **state) {
    heng_id_set set;
    (void)state;
    assert_true(heng_id_set_init(&set, (size_t)1 << 20));
    heng_id_set_clear(&set, (heng_str){0});
    add_shuffled(&set);
    add_shuffled(&set);
    heng_id_set_sort(&set);
    assert_int_equal(set.count, MANY);
    assert_int_equal(set.boundary.len, 0);
    heng_id_set_done(&set);
}

static heng_status fill(void *context) {
    heng_id_set set;
    (void)context;
    bool made = heng_id_set_init(&set, 20000);
    if (made) {
        heng_id_set_clear(&set, (heng_str){0});
        add_shuffled(&set);
    }
    heng_status status = made && !set.failed ? HENG_OK : HENG_ERR_NOMEM;
    heng_id_set_done(&set);
    return status;
}

static void without_memory_it_says_so(void **state) {
    (void)state;
    assert_true(torture(fill, NULL) > 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        {"what does not fit comes in further rounds", all_in_rounds, 0, 0, 0},
        {"what fits comes at once, each id once", one_that_fits_needs_one_round, 0, 0,
         0},
        {"without memory it says so", without_memory_it_says_so, 0, 0, 0},
    };
    return cmocka_run_group_tests_name("id_set", tests, NULL, NULL);
}
