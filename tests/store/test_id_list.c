/* SPDX-License-Identifier: Apache-2.0 */
/* Lists of ids are checked to the byte, and many of them merged as one. */
#include "support/torture.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "store/id_list.h"

#define BYTES(text) (text), sizeof(text) - 1
#define ID64 "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

static struct row {
    const char *name; /* what must hold */
    const char *bytes;
    size_t len;
    heng_id_list_form form;
    bool fine;
} rows[] = {
    {"an empty list is one", BYTES(""), HENG_ID_LIST_PLAIN, true},
    {"ids ascend", BYTES("\1A\2AB\1B"), HENG_ID_LIST_PLAIN, true},
    {"an id twice is refused", BYTES("\1A\1A"), HENG_ID_LIST_PLAIN, false},
    {"ids out of order are refused", BYTES("\1B\1A"), HENG_ID_LIST_PLAIN, false},
    {"an id without bytes is refused", BYTES("\0\1A"), HENG_ID_LIST_PLAIN, false},
    {"a list cut in an id is refused", BYTES("\1A\3BC"), HENG_ID_LIST_PLAIN, false},
    {"the longest id is taken", BYTES("\x40" ID64), HENG_ID_LIST_PLAIN, true},
    {"one byte more is refused", BYTES("\x41" ID64 "x"), HENG_ID_LIST_PLAIN, false},
    {"flags lie before each id", BYTES("\1\1A\3\2AB"), HENG_ID_LIST_FLAGGED, true},
    {"no flag is refused", BYTES("\0\1A"), HENG_ID_LIST_FLAGGED, false},
    {"an unknown flag is refused", BYTES("\4\1A"), HENG_ID_LIST_FLAGGED, false},
    {"a list cut after flags is refused", BYTES("\1\1A\1"), HENG_ID_LIST_FLAGGED,
     false},
};

static void checking(void **state) {
    const struct row *row = *state;
    char *bytes = heng_alloc_dup(row->bytes, row->len); /* ends where ASan sees it */
    bool got = heng_id_list_check((const uint8_t *)bytes, row->len, row->form, 3);
    heng_alloc_free(bytes);
    assert_true(got == row->fine);
}

/* Numbers 0 to 999 dealt out to lists at random, some to several. */
static void a_merge_gives_each_id_once_with_all_flags(void **state) {
    (void)state;
    enum { LISTS = 37, IDS = 1000, LIST_BYTES = 16 << 10 };
    static uint8_t lists[LISTS][LIST_BYTES];
    static unsigned want[IDS];
    size_t lens[LISTS] = {0};
    uint64_t random = 4711;
    heng_id_merge merge;
    heng_error error = {0};
    heng_str id;
    unsigned flags = 0;
    for (unsigned i = 0; i < IDS; i++) {
        char text[16];
        (void)snprintf(text, sizeof text, "E-%03u", i);
        for (unsigned times = (unsigned)(random >> 33) % 4; times > 0; times--) {
            random = random * 6364136223846793005U + 1442695040888963407U;
            size_t list = (size_t)(random >> 40) % LISTS;
            unsigned flag = 1 + (unsigned)(random >> 60) % 3;
            uint8_t *at = lists[list] + lens[list];
            if (lens[list] >= 7 && memcmp(at - 5, text, 5) == 0)
                continue; /* it has it already */
            lens[list] = (size_t)(heng_id_list_put(at, HENG_ID_LIST_FLAGGED,
                                                   heng_str_of(text), flag) -
                                  lists[list]);
            want[i] |= flag;
        }
        random = random * 6364136223846793005U + 1442695040888963407U;
    }
    heng_id_merge_init(&merge, HENG_ID_LIST_FLAGGED, LISTS);
    for (size_t i = 0; i < LISTS; i++) {
        assert_true(heng_id_list_check(lists[i], lens[i], HENG_ID_LIST_FLAGGED, 3));
        assert_int_equal(heng_id_merge_add(&merge, lists[i], lens[i], "lists", &error),
                         HENG_OK);
    }
    unsigned given = 0;
    for (unsigned i = 0; i < IDS; i++) {
        char text[16];
        if (want[i] == 0)
            continue;
        (void)snprintf(text, sizeof text, "E-%03u", i);
        assert_true(heng_id_merge_next(&merge, &id, &flags));
        assert_true(heng_str_equal(id, heng_str_of(text)));
        assert_int_equal(flags, want[i]);
        given++;
    }
    assert_true(given > IDS / 2);
    assert_false(heng_id_merge_next(&merge, &id, &flags));
    assert_false(heng_id_merge_next(&merge, &id, &flags));
    heng_id_merge_done(&merge);
}

static void lists_are_capped_and_empty_ones_do_not_count(void **state) {
    (void)state;
    static const uint8_t LIST[] = "\1A";
    heng_id_merge merge;
    heng_error error = {0};
    heng_id_merge_init(&merge, HENG_ID_LIST_PLAIN, 2);
    assert_int_equal(heng_id_merge_add(&merge, LIST, 2, "lists", &error), HENG_OK);
    assert_int_equal(heng_id_merge_add(&merge, LIST, 2, "lists", &error), HENG_OK);
    assert_int_equal(heng_id_merge_add(&merge, LIST, 0, "lists", &error), HENG_OK);
    assert_int_equal(heng_id_merge_add(&merge, LIST, 2, "lists", &error),
                     HENG_ERR_LIMIT);
    assert_string_equal(error.text,
                        "there are more than 2 lists; look at all subjects once");
    heng_id_merge_done(&merge);
}

static heng_status merge_once(void *context) {
    (void)context;
    heng_id_merge merge;
    heng_error error = {0};
    heng_status status = HENG_OK;
    heng_id_merge_init(&merge, HENG_ID_LIST_PLAIN, 1000);
    for (int i = 0; i < 200 && status == HENG_OK; i++) {
        status = heng_id_merge_add(&merge, (const uint8_t *)"\1A", 2, "lists", &error);
    }
    heng_id_merge_done(&merge);
    return status;
}

static void no_failed_allocation_does_harm(void **state) {
    (void)state;
    (void)torture(merge_once, NULL);
}

int main(void) {
    struct CMUnitTest tests[COUNT(rows) + 3];
    size_t count = 0;
    for (; count < COUNT(rows); count++) {
        tests[count] = ROW_TEST(&rows[count], checking);
    }
    const struct CMUnitTest others[] = {
        cmocka_unit_test(a_merge_gives_each_id_once_with_all_flags),
        cmocka_unit_test(lists_are_capped_and_empty_ones_do_not_count),
        cmocka_unit_test(no_failed_allocation_does_harm),
    };
    for (size_t i = 0; i < COUNT(others); i++) {
        tests[count++] = others[i];
    }
    return check_run("store/id_list", tests, count, NULL, NULL);
}
