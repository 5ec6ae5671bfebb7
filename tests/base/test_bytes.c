/* SPDX-License-Identifier: Apache-2.0 */
/* test_bytes.c: short texts are compared and copied as libc does it. */
#include <string.h>

#include "support/check.h"

#include "base/bytes.h"

enum { LONGEST = 40, ROUNDS = 200000 };

static uint64_t next(uint64_t *state) {
    *state = *state * UINT64_C(6364136223846793005) + 1;
    return *state >> 33;
}

/* Few letters, bytes above 127 among them: many texts begin alike. */
static size_t draw(uint64_t *state, char *text) {
    static const char LETTERS[] = {'a', 'b', '\0', (char)0x80, (char)0xff};
    size_t len = next(state) % LONGEST;
    for (size_t i = 0; i < len; i++)
        text[i] = LETTERS[next(state) % 8 < 5 ? 0 : next(state) % sizeof LETTERS];
    return len;
}

static int sign(int order) {
    return (order > 0) - (order < 0);
}

static void they_are_ordered_as_by_memcmp(void **state) {
    (void)state;
    uint64_t seed = 7;
    int orders[3] = {0};
    for (int i = 0; i < ROUNDS; i++) {
        char texts[2][LONGEST];
        heng_str a = {texts[0], draw(&seed, texts[0])};
        heng_str b = {texts[1], draw(&seed, texts[1])};
        if (i % 3 == 0) { /* one begins with the other */
            size_t shorter = a.len < b.len ? a.len : b.len;
            memcpy(texts[1], texts[0], shorter);
        }
        int order = heng_bytes_order(a, b);
        assert_int_equal(sign(order), sign(heng_str_compare(a, b)));
        assert_int_equal(sign(heng_bytes_order(b, a)), -sign(order));
        orders[sign(order) + 1]++;
    }
    assert_true(orders[0] > 1000 && orders[1] > 1000 && orders[2] > 1000);
}

static void they_are_equal_as_by_memcmp(void **state) {
    (void)state;
    for (size_t len = 0; len < LONGEST; len++) {
        char a[LONGEST], b[LONGEST];
        memset(a, 'x', sizeof a);
        memset(b, 'x', sizeof b);
        assert_true(heng_bytes_equal(a, b, len));
        for (size_t at = 0; at < sizeof b; at++) {
            b[at] = 'y';
            assert_int_equal(heng_bytes_equal(a, b, len), at >= len);
            b[at] = 'x';
        }
    }
}

static void they_are_copied_and_nothing_beside_them(void **state) {
    (void)state;
    for (size_t len = 0; len < LONGEST; len++) {
        char from[LONGEST], to[LONGEST + 2];
        for (size_t i = 0; i < sizeof from; i++)
            from[i] = (char)(i + 1);
        memset(to, 'x', sizeof to);
        heng_bytes_copy(to + 1, from, len);
        assert_memory_equal(to + 1, from, len);
        assert_int_equal(to[0], 'x');
        assert_int_equal(to[len + 1], 'x');
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(they_are_ordered_as_by_memcmp),
        cmocka_unit_test(they_are_equal_as_by_memcmp),
        cmocka_unit_test(they_are_copied_and_nothing_beside_them),
    };
    return cmocka_run_group_tests_name("base/bytes", tests, NULL, NULL);
}
