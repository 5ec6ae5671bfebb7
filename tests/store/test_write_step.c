/* SPDX-License-Identifier: Apache-2.0 */
/* A step is written as a whole, in a map that grows for it, or not at all. */
#include <lmdb.h>

#include "store/fixture.h"

#include "store/db.h"
#include "store/table.h"
#include "store/write_step.h"

static char *folder;
static heng_store *store;

static int setup(void **state) {
    (void)state;
    heng_error error = {0};
    folder = fixture_folder();
    assert_int_equal(heng_db_open(folder, HENG_STORE_CREATE, 256 << 10, &store, &error),
                     HENG_OK);
    return 0;
}

static int teardown(void **state) {
    (void)state;
    return fixture_done(store, folder);
}

struct work {
    size_t bytes;
    unsigned calls;
    bool nothing;
    heng_status status;
};

static heng_status put_bytes(heng_write_step *step, void *context) {
    struct work *work = context;
    uint8_t *at = NULL;
    work->calls++;
    int code =
        heng_write_step_put(step, HENG_TABLE_DUE, HENG_STR("key"), work->bytes, &at);
    if (code != MDB_SUCCESS)
        return heng_write_step_fail(step, code);
    memset(at, 7, work->bytes);
    step->nothing = work->nothing;
    return work->status;
}

static bool is_there(size_t bytes) {
    heng_error error = {0};
    MDB_txn *txn = NULL;
    MDB_val value = {0, NULL};
    assert_int_equal(heng_db_begin(store, false, &txn, &error), HENG_OK);
    int code = heng_db_get(store, txn, HENG_TABLE_DUE, HENG_STR("key"), &value);
    heng_db_abort(store, txn);
    return code == MDB_SUCCESS && value.mv_size == bytes;
}

static void a_step_is_tried_again_until_the_map_holds_it(void **state) {
    (void)state;
    heng_error error = {0};
    struct work work = {.bytes = 3 << 20};
    assert_int_equal(heng_write_step_run(store, "cannot", put_bytes, &work, &error),
                     HENG_OK);
    assert_true(work.calls > 1);
    assert_true(is_there(3 << 20));
}

static void a_failed_or_an_empty_step_writes_nothing(void **state) {
    (void)state;
    heng_error error = {0};
    struct work failing = {.bytes = 10, .status = HENG_ERR_LIMIT};
    struct work empty = {.bytes = 10, .nothing = true};
    struct work full = {.bytes = 10};
    assert_int_equal(heng_write_step_run(store, "cannot", put_bytes, &failing, &error),
                     HENG_ERR_LIMIT);
    assert_false(is_there(10));
    assert_int_equal(heng_write_step_run(store, "cannot", put_bytes, &empty, &error),
                     HENG_OK);
    assert_false(is_there(10));
    assert_int_equal(heng_write_step_run(store, "cannot", put_bytes, &full, &error),
                     HENG_OK);
    assert_true(is_there(10));
    assert_int_equal(failing.calls + empty.calls + full.calls, 3);
}

static heng_status put_without_key(heng_write_step *step, void *context) {
    uint8_t *at = NULL;
    (void)context;
    return heng_write_step_fail(
        step, heng_write_step_put(step, HENG_TABLE_DUE, HENG_STR(""), 1, &at));
}

static void a_failure_says_what_was_being_done(void **state) {
    (void)state;
    heng_error error = {0};
    assert_int_equal(
        heng_write_step_run(store, "cannot sing", put_without_key, NULL, &error),
        HENG_ERR_STORE);
    assert_memory_equal(error.text, "cannot sing: ", 13);
}

int main(void) {
    const struct CMUnitTest tests[] = {
#define CASE(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
        CASE(a_step_is_tried_again_until_the_map_holds_it),
        CASE(a_failed_or_an_empty_step_writes_nothing),
        CASE(a_failure_says_what_was_being_done),
    };
    return cmocka_run_group_tests_name("store/write_step", tests, NULL, NULL);
}
