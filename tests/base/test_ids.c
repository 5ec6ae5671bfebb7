/* SPDX-License-Identifier: Apache-2.0 */
/* test_ids.c: lists of ids in byte order, each once. */
#include "support/check.h"

#include "base/ids.h"

enum { MOST = 5 };

struct row {
    const char *name;
    const char *ids[MOST];
    const char *want[MOST];
};

static struct row rows[] = {
    {"none", {NULL}, {NULL}},
    {"one", {"a"}, {"a"}},
    {"sorted", {"c", "a", "b"}, {"a", "b", "c"}},
    {"each once", {"b", "a", "b", "a", "b"}, {"a", "b"}},
    {"all the same", {"a", "a"}, {"a"}},
    {"a prefix comes first", {"ab", "a", "b"}, {"a", "ab", "b"}},
    {"an empty one", {"a", "", ""}, {"", "a"}},
    {"by byte, not by sign", {"行", "z"}, {"z", "行"}},
};

static void check_row(void **state) {
    const struct row *row = *state;
    heng_str ids[MOST];
    size_t count = 0, want = 0;
    for (; count < MOST && row->ids[count] != NULL; count++)
        ids[count] = heng_str_of(row->ids[count]);
    while (want < MOST && row->want[want] != NULL)
        want++;
    assert_int_equal(heng_ids_sort_once(ids, count), want);
    for (size_t i = 0; i < want; i++)
        assert_true(heng_str_equal(ids[i], heng_str_of(row->want[i])));
}

int main(void) {
    struct CMUnitTest tests[COUNT(rows)];
    size_t count = 0;
    for (size_t i = 0; i < COUNT(rows); i++)
        tests[count++] = ROW_TEST(&rows[i], check_row);
    return check_run("base/ids", tests, count, NULL, NULL);
}
