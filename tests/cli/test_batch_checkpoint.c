/* SPDX-License-Identifier: Apache-2.0 */
/* test_batch_checkpoint.c: what is kept comes back, and nothing else is taken for it.
 */
#include <string.h>

#include "support/check.h"
#include "support/torture.h"

#include "cli/batch_checkpoint.h"

enum { NUMBERS = 50 };

static heng_batch_checkpoint example(uint64_t numbers[NUMBERS]) {
    memset(numbers, 0, NUMBERS * sizeof *numbers);
    numbers[0] = 7;
    numbers[NUMBERS - 1] = UINT64_MAX;
    return (heng_batch_checkpoint){.out = HENG_STR("/tmp/out"),
                                   .feed = HENG_STR(""),
                                   .format = HENG_STR("csv"),
                                   .changed = true,
                                   .unmask = true,
                                   .last = HENG_STR("T-0001"),
                                   .out_bytes = 1234567890123,
                                   .feed_bytes = 5,
                                   .feed_lines = 6,
                                   .counts = {.looked_at = 1,
                                              .told = 2,
                                              .undetermined = 3,
                                              .out_of_scope = 4,
                                              .reached = 5,
                                              .applies = 6,
                                              .suspended = 7,
                                              .was_told = 8,
                                              .changed = 9},
                                   .numbers = numbers,
                                   .number_count = NUMBERS};
}

static void comes_back(void **state) {
    uint64_t numbers[NUMBERS], read[NUMBERS];
    heng_batch_checkpoint is = example(numbers), got = {.all = true};
    heng_buffer packed;
    (void)state;
    heng_buffer_init(&packed, 1 << 16);
    assert_int_equal(heng_batch_checkpoint_pack(&is, &packed), HENG_OK);
    assert_true(
        heng_batch_checkpoint_unpack(heng_buffer_view(&packed), read, NUMBERS, &got));
    assert_null(heng_batch_checkpoint_differs(&is, &got));
    assert_true(heng_str_equal(is.last, got.last));
    assert_int_equal(got.out_bytes, is.out_bytes);
    assert_int_equal(got.feed_bytes, is.feed_bytes);
    assert_int_equal(got.feed_lines, is.feed_lines);
    assert_memory_equal(&got.counts, &is.counts, sizeof is.counts);
    assert_memory_equal(read, numbers, sizeof numbers);
    heng_buffer_done(&packed);
}

static void nothing_shorter_is_taken(void **state) {
    uint64_t numbers[NUMBERS], read[NUMBERS];
    heng_batch_checkpoint is = example(numbers), got = {.all = true};
    heng_buffer packed;
    (void)state;
    heng_buffer_init(&packed, 1 << 16);
    assert_int_equal(heng_batch_checkpoint_pack(&is, &packed), HENG_OK);
    size_t pairs = 2 * 2 * sizeof(uint64_t); /* two numbers are not 0 */
    for (size_t len = 0; len < packed.len; len++) {
        heng_str part = {packed.bytes, len};
        bool whole_pairs = len + pairs >= packed.len &&
                           (packed.len - len) % (2 * sizeof(uint64_t)) == 0;
        if (heng_batch_checkpoint_unpack(part, read, NUMBERS, &got) != whole_pairs) {
            fail_msg("of %zu bytes %zu", packed.len, len);
        }
    }
    /* nor one of a ruleset with fewer measures */
    assert_false(heng_batch_checkpoint_unpack(heng_buffer_view(&packed), read,
                                              NUMBERS - 1, &got));
    packed.bytes[0] = 'x';
    assert_false(
        heng_batch_checkpoint_unpack(heng_buffer_view(&packed), read, NUMBERS, &got));
    heng_buffer_done(&packed);
}

struct row {
    const char *name;
    heng_batch_checkpoint other;
    const char *want;
};

static struct row ROWS[] = {
    {"another file is told",
     {.out = {"/b", 2}, .feed = {"", 0}, .format = {"csv", 3}},
     "--out"},
    {"another feed is told",
     {.out = {"/a", 2}, .feed = {"/f", 2}, .format = {"csv", 3}},
     "--feed"},
    {"another format is told",
     {.out = {"/a", 2}, .feed = {"", 0}, .format = {"ndjson", 6}},
     "--format"},
    {"all subjects or not is told",
     {.out = {"/a", 2}, .feed = {"", 0}, .format = {"csv", 3}, .all = true},
     "--all"},
    {"only the changed ones or not is told",
     {.out = {"/a", 2}, .feed = {"", 0}, .format = {"csv", 3}, .changed = true},
     "--changed"},
    {"masked or not is told",
     {.out = {"/a", 2}, .feed = {"", 0}, .format = {"csv", 3}, .unmask = true},
     "--unmask"},
};

static void differs(void **state) {
    const struct row *row = *state;
    const heng_batch_checkpoint is = {
        .out = {"/a", 2}, .feed = {"", 0}, .format = {"csv", 3}};
    assert_string_equal(heng_batch_checkpoint_differs(&is, &row->other), row->want);
}

static heng_status pack(void *context) {
    heng_buffer packed;
    heng_buffer_init(&packed, 1 << 16);
    heng_status status = heng_batch_checkpoint_pack(context, &packed);
    heng_buffer_done(&packed);
    return status;
}

static void without_memory_it_says_so(void **state) {
    uint64_t numbers[NUMBERS];
    heng_batch_checkpoint is = example(numbers);
    (void)state;
    assert_true(torture(pack, &is) > 0);
}

int main(void) {
    struct CMUnitTest tests[COUNT(ROWS) + 3] = {
        {"all that is kept comes back", comes_back, 0, 0, 0},
        {"nothing cut or foreign is taken for it", nothing_shorter_is_taken, 0, 0, 0},
        {"without memory it says so", without_memory_it_says_so, 0, 0, 0},
    };
    for (size_t i = 0; i < COUNT(ROWS); i++) {
        tests[3 + i] = ROW_TEST(&ROWS[i], differs);
    }
    return check_run("batch_checkpoint", tests, COUNT(tests), NULL, NULL);
}
