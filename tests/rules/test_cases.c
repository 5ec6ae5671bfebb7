/* SPDX-License-Identifier: Apache-2.0 */
/* test_cases.c: the pack's own cases pass, and reach every rule and both sides of every
 * condition. `heng test --coverage` shows the same. */
#include "support/check.h"

#include <stdio.h>

#include "heng/lab.h"
#include "rules/pack.h"

static void print_failure(void *context, const heng_suite_result *result) {
    (void)context;
    if (result->passed)
        return;
    heng_pos pos = heng_source_locate(result->span.source, result->span.start);
    (void)fprintf(stderr, "%s:%zu: %.*s\n", pack_file(result->span), (size_t)pos.line,
                  HENG_STR_ARG(result->name[1]));
    for (size_t i = 0; i < result->failure_count; i++)
        (void)fprintf(stderr, "    %s\n", result->failures[i]);
}

static void print_gap(void *context, const heng_suite_gap *gap) {
    (void)context;
    (void)fprintf(stderr, "not covered: `%.*s`: %s\n", HENG_STR_ARG(gap->rule),
                  gap->what);
}

static void cases_pass_and_reach_everything(void **state) {
    heng_ruleset *ruleset = *state;
    heng_suite_options options = {.result = print_failure, .gap = print_gap};
    heng_suite_counts counts = {0};
    heng_error error = {0};

    assert_int_equal(heng_suite_run(ruleset, &options, &counts, &error), HENG_OK);

    assert_int_equal(counts.failed, 0);
    assert_int_equal(counts.passed, counts.cases);
    assert_int_equal(counts.rules_fired, counts.rules);
    assert_int_equal(counts.conditions_both, counts.conditions);
    assert_true(counts.conditions >= counts.rules);
    /* fires, does not, the edge day */
    assert_true(counts.cases >= 3 * ruleset->rule_count);
}

static int load(void **state) {
    *state = pack_load();
    return *state == NULL ? -1 : 0;
}

static int unload(void **state) {
    heng_ruleset_free(*state);
    return 0;
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(cases_pass_and_reach_everything),
    };
    return cmocka_run_group_tests_name("rules/cases", tests, load, unload);
}
