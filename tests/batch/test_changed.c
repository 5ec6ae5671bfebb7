/* SPDX-License-Identifier: Apache-2.0 */
/* test_changed.c: memory, threads and counts of batches, full ones and those that
 * compare. That lines are right is tests/reference's to say. */
#include "batch/runs.h"

static void memory(void **state) {
    struct town town = new_town(40);
    static const unsigned FLAGS[] = {0, HENG_BATCH_ALL, HENG_BATCH_COMPARE,
                                     HENG_BATCH_CHANGED};
    (void)state;
    leave(town.store);
    world_import(town.store, ruleset, 5000,
                 "{\"type\":\"subject\",\"id\":\"T-000006\",\"kind\":\"legal_person\","
                 "\"name\":\"Other\",\"region\":\"430102\"}\n");
    for (size_t i = 0; i < COUNT(FLAGS); i++) {
        struct run run = new_run(town.store, FLAGS[i], 1);
        must(&run); /* the store remembers the names */
        assert_true(torture(torture_run_of, &run) > 0);
        end_run(&run);
    }
    end_town(&town);
}

static void no_allocation_a_subject(void **state) {
    static const unsigned FLAGS[] = {0, HENG_BATCH_COMPARE};
    (void)state;
    for (size_t i = 0; i < COUNT(FLAGS); i++)
        check_allocations(FLAGS[i], NULL);
}

static void counts_fit_lines(void **state) {
    struct town town = new_town(FIRMS);
    (void)state;
    for (size_t threads = 1; threads <= MOST_THREADS; threads += 2) {
        struct run run = new_run(town.store, 0, threads);
        uint64_t lines = 0;
        must(&run);
        for (size_t i = 0; i < run.lines.len; i++) {
            lines += run.lines.bytes[i] == '\n';
        }
        assert_int_equal(run.counts.subjects, FIRMS);
        assert_int_equal(run.counts.told, lines);
        assert_true(run.counts.applies >= lines);
        assert_int_equal(run.counts.suspended, 0);
        assert_true(run.due > 0);
        assert_int_equal(run.counts.changed, 0);
        end_run(&run);
    }
    end_town(&town);
}

static void nothing_changed(void **state) {
    struct town town = new_town(FIRMS);
    struct run run = new_run(town.store, HENG_BATCH_CHANGED, 3);
    (void)state;
    leave(town.store);
    must(&run);
    assert_int_equal(run.scope, HENG_BATCH_SCOPE_CHANGED);
    assert_int_equal(run.counts.looked_at, 0);
    assert_int_equal(run.lines.len, 0);
    end_run(&run);
    end_town(&town);
}

/* A firm without records and with nobody around is not looked at; its head is. */
static void only_who_can_differ(void **state) {
    struct town town = new_town(FIRMS);
    struct run run = new_run(town.store, HENG_BATCH_CHANGED, 1);
    (void)state;
    leave(town.store);
    world_import(town.store, ruleset, 5000,
                 "{\"type\":\"subject\",\"id\":\"T-000013\",\"kind\":\"legal_person\","
                 "\"name\":\"Other\",\"region\":\"430102\"}\n"
                 "{\"type\":\"record\",\"id\":\"R-debt-20\",\"subject\":\"T-000020\","
                 "\"category\":\"debt\",\"authority\":\"Court\",\"document_no\":\"1\","
                 "\"decided_on\":\"2024-03-15\",\"status\":\"revoked\"}\n");
    must(&run);
    assert_int_equal(run.counts.looked_at, 2); /* T-000020, and T-000021 it heads */
    assert_int_equal(run.counts.changed, 2);
    assert_int_equal(run.counts.was_told, 2);
    assert_int_equal(run.counts.told, 1); /* T-000021 has an honour */
    assert_non_null(strstr(run.lines.bytes, "T-000020"));
    assert_non_null(strstr(run.lines.bytes, "T-000021"));
    end_run(&run);
    end_town(&town);
}

static void without_baseline(void **state) {
    struct town town = new_town(FIRMS);
    struct run run = new_run(town.store, HENG_BATCH_CHANGED, 2);
    struct run full = new_run(town.store, 0, 1);
    (void)state;
    must(&run);
    must(&full);
    assert_int_equal(run.scope, HENG_BATCH_SCOPE_NO_BASELINE);
    assert_int_equal(run.lines.len, full.lines.len);
    assert_memory_equal(run.lines.bytes, full.lines.bytes, full.lines.len);
    end_run(&full);
    end_run(&run);
    end_town(&town);
}

static void stops(void **state) {
    struct town town = new_town(FIRMS);
    static const unsigned FLAGS[] = {0, HENG_BATCH_COMPARE, HENG_BATCH_CHANGED};
    (void)state;
    leave(town.store);
    world_import(town.store, ruleset, 5000,
                 "{\"type\":\"record\",\"id\":\"R-x\",\"subject\":\"T-000020\","
                 "\"category\":\"debt\",\"authority\":\"Court\",\"document_no\":\"1\","
                 "\"decided_on\":\"2024-03-15\"}\n");
    for (size_t i = 0; i < COUNT(FLAGS); i++) {
        heng_error error = {0};
        struct run run = new_run(town.store, FLAGS[i], 2);
        run.stops = true;
        assert_int_equal(go(&run, &error), HENG_ERR_STOPPED);
        assert_int_equal(run.lines.len, 0);
        end_run(&run);
    }
    end_town(&town);
}

static void refuses_both(void **state) {
    struct town town = new_town(2);
    heng_error error = {0};
    struct run run = new_run(town.store, HENG_BATCH_ALL | HENG_BATCH_CHANGED, 1);
    (void)state;
    assert_int_equal(go(&run, &error), HENG_ERR_INVALID);
    run.flags = 0;
    run.threads = HENG_BATCH_THREADS + 1;
    assert_int_equal(go(&run, &error), HENG_ERR_LIMIT);
    end_run(&run);
    end_town(&town);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        {"without memory it says so, wherever it runs out", memory, 0, 0, 0},
        {"nothing is allocated for each subject", no_allocation_a_subject, 0, 0, 0},
        {"what is counted fits the lines", counts_fit_lines, 0, 0, 0},
        {"where nothing changed nobody is looked at", nothing_changed, 0, 0, 0},
        {"only who can differ is looked at", only_who_can_differ, 0, 0, 0},
        {"without a baseline all that is told is a change", without_baseline, 0, 0, 0},
        {"asked to stop, it stops before it writes", stops, 0, 0, 0},
        {"what cannot be asked for together is refused", refuses_both, 0, 0, 0},
    };
    return cmocka_run_group_tests_name("batch", tests, setup, teardown);
}
