/* SPDX-License-Identifier: Apache-2.0 */
/* Sorting by numbers gives the bytewise, stable order. */
#include "store/fixture.h"

#include "store/id_order.h"

enum { MOST = 3000, BYTES = 24 };

struct row {
    const char *name;
    size_t count;
    size_t prefix;    /* bytes that all have in common */
    size_t most;      /* more bytes, up to */
    unsigned letters; /* of how many kinds; the first is NUL */
    size_t ordered;   /* parts of so many ids are put in order before */
};

static struct row rows[] = {
    {"none", 0, 0, 4, 4, 0},
    {"one", 1, 3, 4, 4, 0},
    {"short ids of few letters, many equal", MOST, 0, 3, 3, 0},
    {"long ids of few letters", MOST, 5, 18, 2, 0},
    {"any bytes", MOST, 0, 12, 256, 0},
    {"a long common beginning", MOST, 16, 8, 26, 0},
    {"all equal", MOST, 20, 0, 1, 0},
    {"in order", MOST, 5, 6, 26, MOST},
    {"two parts in order", MOST, 5, 6, 26, MOST / 2 + 100},
    {"two parts in order, many equal", MOST, 0, 3, 3, MOST - 1},
    {"three parts in order", MOST, 5, 6, 26, MOST / 3 + 1},
};

static int compare(const void *a, const void *b) {
    const heng_str *x = a;
    const heng_str *y = b;
    return heng_str_compare(*x, *y);
}

static void order_is_bytewise_and_stable(void **state) {
    const struct row *row = *state;
    static char bytes[MOST][BYTES];
    static heng_str ids[MOST];
    uint64_t random = 7;
    heng_arena *arena = heng_arena_new(1 << 24);
    for (size_t i = 0; i < row->count; i++) {
        size_t len = row->prefix;
        memset(bytes[i], 'x', row->prefix);
        for (size_t more = fixture_random(&random) % (row->most + 1); more > 0;
             more--) {
            bytes[i][len++] = (char)(fixture_random(&random) % row->letters);
        }
        ids[i] = (heng_str){bytes[i], len};
    }
    for (size_t i = 0; row->ordered > 0 && i < row->count; i += row->ordered) {
        size_t left = row->count - i;
        qsort(ids + i, left < row->ordered ? left : row->ordered, sizeof ids[0],
              compare);
    }
    const uint32_t *order = heng_id_order_sort(arena, ids, row->count);
    assert_non_null(order);
    for (size_t i = 1; i < row->count; i++) {
        int compared = heng_str_compare(ids[order[i - 1]], ids[order[i]]);
        assert_true(compared < 0 || (compared == 0 && order[i - 1] < order[i]));
    }
    heng_arena_free(arena);
}

int main(void) {
    struct CMUnitTest tests[COUNT(rows)];
    for (size_t i = 0; i < COUNT(rows); i++) {
        tests[i] = ROW_TEST(&rows[i], order_is_bytewise_and_stable);
    }
    return check_run("store/id_order", tests, COUNT(rows), NULL, NULL);
}
