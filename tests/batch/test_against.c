/* SPDX-License-Identifier: Apache-2.0 */
/* test_against.c: two rulesets over one store: memory, who is looked at, and that it is
 * the same both ways. That nobody is missed is tests/reference's to say. */
#include "batch/runs.h"

/* The draft has another rule about debts, and another about honours. */
#define DRAFT                                                                          \
    WORLD_HEAD WORLD_CATEGORIES WORLD_MEASURES                                         \
        "rules:\n" WORLD_RULE("debt", "ground: 'r.category == \"debt\" && r.amount > " \
                                      "500', term: {from: r.decided_on, last: P3Y}, "  \
                                      "measures: [out]")                               \
            WORLD_RULE_HEAD WORLD_RULE_DRIVER

static void memory(void **state) {
    struct town town = new_town(40);
    heng_ruleset *draft = world_load(DRAFT);
    struct run run = new_run(town.store, 0, 1);
    (void)state;
    run.against = draft;
    must(&run); /* the store remembers the names */
    assert_int_equal(run.scope, HENG_BATCH_SCOPE_CONCERNED);
    assert_true(run.counts.changed > 0);
    assert_true(torture(torture_run_of, &run) > 0);
    end_run(&run);
    heng_ruleset_free(draft);
    end_town(&town);
}

/* By whichever of two rulesets first: those that differ are the same, and are all. */
static void both_ways(void **state) {
    struct town town = new_town(FIRMS);
    heng_ruleset *draft = world_load(DRAFT);
    uint64_t changed = 0;
    (void)state;
    for (int turned = 0; turned < 2; turned++) {
        for (size_t threads = 1; threads <= MOST_THREADS; threads += 2) {
            struct run run =
                new_run(town.store, threads == 3 ? HENG_BATCH_PLAIN : 0U, threads);
            run.ruleset = turned != 0 ? draft : ruleset;
            run.against = turned != 0 ? ruleset : draft;
            run.form = heng_outcome_form_new(draft, run.form_arena);
            if (turned == 0)
                run.form = heng_outcome_form_new(ruleset, run.form_arena);
            must(&run);
            assert_true(run.counts.changed > 0);
            assert_true(run.counts.changed == changed || changed == 0);
            changed = run.counts.changed;
            end_run(&run);
        }
    }
    heng_ruleset_free(draft);
    end_town(&town);
}

/* Nobody is looked at where nothing differs, and only whom it can concern where
 * something does. */
static void looks_at_few(void **state) {
    struct town town = new_town(FIRMS);
    heng_ruleset *same = world_load("# the same\n" WORLD_RULES);
    heng_ruleset *honours =
        world_load(WORLD_HEAD WORLD_CATEGORIES WORLD_MEASURES
                   "rules:\n" WORLD_RULE_DEBT WORLD_RULE_HEAD WORLD_RULE_DRIVER);
    struct run run = new_run(town.store, 0, 1);
    (void)state;
    run.against = same;
    must(&run);
    assert_int_equal(run.counts.looked_at, 0);
    assert_int_equal(run.counts.subjects, FIRMS);
    run.against = honours;
    run.old_form = NULL;
    must(&run);
    assert_int_equal(run.counts.looked_at, (FIRMS + 6) / 7); /* every seventh */
    assert_int_equal(run.counts.changed, run.counts.looked_at);
    end_run(&run);
    heng_ruleset_free(same);
    heng_ruleset_free(honours);
    end_town(&town);
}

static void nothing_else(void **state) {
    static const unsigned FLAGS[] = {HENG_BATCH_ALL, HENG_BATCH_COMPARE,
                                     HENG_BATCH_CHANGED};
    struct town town = new_town(10);
    (void)state;
    for (size_t i = 0; i < COUNT(FLAGS); i++) {
        struct run run = new_run(town.store, FLAGS[i], 1);
        heng_error error = {0};
        run.against = ruleset;
        assert_int_equal(go(&run, &error), HENG_ERR_INVALID);
        end_run(&run);
    }
    end_town(&town);
}

static void no_allocation_a_subject(void **state) {
    heng_ruleset *draft = world_load(DRAFT);
    (void)state;
    check_allocations(0, draft);
    heng_ruleset_free(draft);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        {"without memory it says so, wherever it runs out", memory, 0, 0, 0},
        {"nothing is allocated for each subject", no_allocation_a_subject, 0, 0, 0},
        {"whichever comes first, the same differ", both_ways, 0, 0, 0},
        {"only whom it can concern is looked at", looks_at_few, 0, 0, 0},
        {"it compares with nothing else", nothing_else, 0, 0, 0},
    };
    return cmocka_run_group_tests_name("against", tests, setup, teardown);
}
