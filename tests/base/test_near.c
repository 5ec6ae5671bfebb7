/* SPDX-License-Identifier: Apache-2.0 */
/* test_near.c: what counts as one edit, and what is near enough to suggest. */
#include "support/check.h"

#include "base/limits.h"
#include "base/near.h"

#include <string.h>

struct row {
    const char *name;
    const char *a;
    const char *b;
    size_t most;
    size_t edits;
};

static struct row rows[] = {
    {"equal words", "amount", "amount", 9, 0},
    {"two empty words", "", "", 9, 0},
    {"from nothing", "", "abc", 9, 3},
    {"to nothing", "abc", "", 9, 3},
    {"one inserted", "amount", "ammount", 9, 1},
    {"one left out", "amount", "amont", 9, 1},
    {"one replaced", "amount", "emount", 9, 1},
    {"two swapped", "amount", "aomunt", 9, 1},
    {"two swapped at the end", "amount", "amoutn", 9, 1},
    {"swapped and apart is more", "ca", "abc", 9, 3},
    {"the classic", "kitten", "sitting", 9, 3},
    {"nothing in common", "abc", "xyz", 9, 3},
    {"one Han character is one edit", "行政处罚", "行政处分", 9, 1},
    {"stops at the most", "kitten", "sitting", 2, 3},
    {"lengths too far apart", "a", "abcdef", 2, 3},
    {"what is not UTF-8 is far", "a\xFF", "a\xFF", 5, 6},
};

static void check_row(void **state) {
    const struct row *row = *state;
    heng_str a = heng_str_of(row->a);
    heng_str b = heng_str_of(row->b);
    assert_int_equal(heng_near_distance(a, b, row->most), row->edits);
    assert_int_equal(heng_near_distance(b, a, row->most), row->edits);
}

static const heng_str NAMES[] = {
    {"ground", 6},      {"grounds", 7},   {"when", 4},      {"unless", 6}, {"id", 2},
    {"decided_on", 10}, {"status_on", 9}, {"行政处罚", 12}, {"", 0},
};

struct find_row {
    const char *name;
    const char *word;
    const char *want; /* NULL: none */
};

static struct find_row finds[] = {
    {"a slip is found", "gruond", "ground"},
    {"the nearer of two is found", "groundss", "grounds"},
    {"the first of equals is found", "groundx", "ground"},
    {"an exact one is found", "unless", "unless"},
    {"four edits of eleven are not", "decide_date", NULL},
    {"three edits of ten are near", "decidedate", "decided_on"},
    {"two edits of eight are near", "decidedo", "decided_on"},
    {"two edits of five are not", "whxyn", NULL},
    {"one edit of four is near", "whem", "when"},
    {"one edit of two is near", "ix", "id"},
    {"one letter is near to nothing", "i", NULL},
    {"nothing is near to nothing", "", NULL},
    {"Han is compared by character", "行政处分", "行政处罚"},
    {"what is not UTF-8 is near to nothing", "groun\xFF", NULL},
};

static void check_find(void **state) {
    const struct find_row *row = *state;
    size_t index = 42;
    bool found = heng_near_find(heng_str_of(row->word), NAMES, COUNT(NAMES), &index);
    if (!found) {
        assert_int_equal(index, 42); /* untouched */
    }
    assert_string_equal(found ? NAMES[index].ptr : "none",
                        row->want == NULL ? "none" : row->want);
}

static void words_over_the_limit_are_far(void **state) {
    (void)state;
    char word[HENG_LIMIT_NEAR_CODES + 1];
    memset(word, 'x', sizeof word);
    heng_str fits = {word, HENG_LIMIT_NEAR_CODES};
    heng_str over = {word, HENG_LIMIT_NEAR_CODES + 1};
    assert_int_equal(heng_near_distance(fits, fits, 3), 0);
    assert_int_equal(heng_near_distance(over, over, 3), 4);
    assert_int_equal(heng_near_distance(fits, over, 3), 4);
    size_t index = 42;
    assert_true(heng_near_find(fits, &fits, 1, &index));
    assert_false(heng_near_find(over, &fits, 1, &index));
    assert_false(heng_near_find(fits, NULL, 0, &index));
}

int main(void) {
    struct CMUnitTest tests[COUNT(rows) + COUNT(finds) + 1];
    size_t count = 0;
    for (size_t i = 0; i < COUNT(rows); i++) {
        tests[count++] = ROW_TEST(&rows[i], check_row);
    }
    for (size_t i = 0; i < COUNT(finds); i++) {
        tests[count++] = ROW_TEST(&finds[i], check_find);
    }
    tests[count++] = (struct CMUnitTest)cmocka_unit_test(words_over_the_limit_are_far);
    return check_run("base/near", tests, count, NULL, NULL);
}
