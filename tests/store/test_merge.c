/* SPDX-License-Identifier: Apache-2.0 */
/* However many runs, and however little memory: entries come out in order, all of them,
 * as they went in. */
#include "store/fixture.h"

#include "store/merge.h"
#include "support/torture.h"

struct row {
    const char *name;
    size_t runs, entries; /* of each run */
    size_t value_bytes;   /* of every hundredth a hundred times as many */
    size_t memory;
};

static struct row rows[] = {
    {"no run", 0, 0, 10, 1 << 20},
    {"one run", 1, 1000, 10, 1 << 20},
    {"one entry", 1, 1, 10, 1 << 20},
    {"runs of one entry", 50, 1, 10, 1 << 20},
    {"all at once", 20, 1000, 50, 16 << 20},
    {"pieces of runs", 20, 3000, 200, 1 << 20},
    {"two at a time, in many levels", 33, 100, 10, 0},
    {"a few at a time", 40, 500, 100, 256 << 10},
    {"entries larger than what is read at once", 9, 30, 40000, 256 << 10},
    {"values of no bytes", 7, 500, 0, 64 << 10},
};

enum { KEY_BYTES = 16 };

/* Entry `number` of all, in the order of the keys. */
static heng_run_entry make(size_t number, const struct row *row, char key[KEY_BYTES],
                           char *value) {
    size_t len = number % 100 == 99 ? row->value_bytes * 100 : row->value_bytes;
    (void)snprintf(key, KEY_BYTES, "k%08zu", number);
    memset(value, (int)('a' + number % 26), len);
    return (heng_run_entry){heng_str_of(key), {value, len}};
}

/* Run r has the entries r, r + runs, r + 2 runs …, added backwards. */
static heng_status add_runs(heng_runs *runs, const struct row *row, heng_arena *arena,
                            heng_error *error) {
    heng_status status = HENG_OK;
    for (size_t r = 0; r < row->runs && status == HENG_OK; r++) {
        heng_run_entry *entries =
            heng_arena_alloc(arena, row->entries * sizeof *entries);
        if (entries == NULL)
            return HENG_ERR_NOMEM;
        for (size_t i = 0; i < row->entries; i++) {
            char *key = heng_arena_alloc(arena, KEY_BYTES);
            char *value = heng_arena_alloc(arena, row->value_bytes * 100);
            if (key == NULL || value == NULL)
                return HENG_ERR_NOMEM;
            entries[row->entries - 1 - i] = make(r + i * row->runs, row, key, value);
        }
        status = heng_runs_add(runs, entries, row->entries, arena, error);
        heng_arena_reset(arena);
    }
    return status;
}

static heng_status read_back(heng_runs *runs, const struct row *row, char *value,
                             heng_error *error) {
    const heng_merge_ask ask = {NULL, NULL};
    heng_merge *merge = NULL;
    heng_status status = heng_merge_open(runs, row->memory, &ask, &merge, error);
    bool none = false;
    for (size_t i = 0; status == HENG_OK && !none; i++) {
        heng_run_entry got;
        char key[KEY_BYTES];
        status = heng_merge_next(merge, &got, &none, error);
        if (status != HENG_OK)
            break;
        assert_int_equal(none, i == row->runs * row->entries);
        if (!none) {
            heng_run_entry want = make(i, row, key, value);
            assert_true(heng_str_equal(got.key, want.key));
            assert_true(heng_str_equal(got.value, want.value));
        }
    }
    heng_merge_close(merge);
    return status;
}

static heng_status there_and_back(const struct row *row, const char *folder,
                                  char *value, heng_error *error) {
    heng_runs runs;
    heng_arena *arena = heng_arena_new((size_t)1 << 30);
    if (arena == NULL)
        return HENG_ERR_NOMEM;
    heng_runs_init(&runs, folder);
    heng_status status = add_runs(&runs, row, arena, error);
    if (status == HENG_OK) {
        status = read_back(&runs, row, value, error);
    }
    heng_runs_done(&runs);
    heng_arena_free(arena);
    return status;
}

static void entries_come_out_in_order(void **state) {
    const struct row *row = *state;
    char *folder = fixture_folder();
    char *value = malloc(row->value_bytes * 100 + 1);
    heng_error error = {0};
    assert_int_equal(there_and_back(row, folder, value, &error), HENG_OK);
    fixture_only_store(folder);
    free(value);
    fixture_remove(folder);
}

static bool stop_at_once(void *context) {
    *(unsigned *)context += 1;
    return true;
}

static void longer_runs_can_be_stopped(void **state) {
    (void)state;
    static const struct row row = {"", 3, 40000, 4, 0};
    char *folder = fixture_folder();
    unsigned asked = 0;
    const heng_merge_ask ask = {stop_at_once, &asked};
    heng_merge *merge = NULL;
    heng_error error = {0};
    heng_runs runs;
    heng_arena *arena = heng_arena_new((size_t)1 << 30);
    heng_runs_init(&runs, folder);
    assert_int_equal(add_runs(&runs, &row, arena, &error), HENG_OK);
    assert_int_equal(heng_merge_open(&runs, 0, &ask, &merge, &error), HENG_ERR_STOPPED);
    assert_int_equal(asked, 1);
    heng_runs_done(&runs);
    heng_arena_free(arena);
    fixture_remove(folder);
}

struct tortured {
    const char *folder;
    char value[1000];
};

static heng_status merge_once(void *context) {
    static const struct row row = {"", 5, 7, 10, 0};
    struct tortured *tortured = context;
    heng_error error = {0};
    return there_and_back(&row, tortured->folder, tortured->value, &error);
}

static void no_failed_allocation_leaks(void **state) {
    (void)state;
    char *folder = fixture_folder();
    struct tortured tortured = {.folder = folder};
    assert_true(torture(merge_once, &tortured) > 30);
    fixture_remove(folder);
}

int main(void) {
    struct CMUnitTest tests[COUNT(rows) + 2];
    size_t count = 0;
    for (; count < COUNT(rows); count++) {
        tests[count] = ROW_TEST(&rows[count], entries_come_out_in_order);
    }
    tests[count++] = (struct CMUnitTest)cmocka_unit_test(longer_runs_can_be_stopped);
    tests[count++] = (struct CMUnitTest)cmocka_unit_test(no_failed_allocation_leaks);
    return check_run("store/merge", tests, count, NULL, NULL);
}
