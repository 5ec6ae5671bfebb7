/* SPDX-License-Identifier: Apache-2.0 */
#include "support/check.h"

#include "made_rules.h"
#include "ruleset/linked.h"

/* That they match equally often is checked by bench_batch itself, over a market. */
struct row {
    const char *name;
    size_t rules;
};

static struct row rows[] = {
    {"60 rules load", 60},
    {"600 rules load", 600},
    {"6,000 rules load", 6000},
};

static void check_row(void **state) {
    const struct row *row = *state;
    heng_ruleset *ruleset = heng_made_rules_load(row->rules);
    assert_int_equal(ruleset->rule_count, row->rules);
    heng_ruleset_free(ruleset);
}

static const char *shipped(void) {
    return "../rules"; /* tests run in tests/ */
}

static void check_groundless_is_one_more(void **state) {
    (void)state;
    heng_ruleset *without = heng_made_rules_shipped(shipped(), false);
    heng_ruleset *with = heng_made_rules_shipped(shipped(), true);
    assert_int_equal(with->rule_count, without->rule_count + 1);
    heng_ruleset_free(without);
    heng_ruleset_free(with);
}

int main(void) {
    struct CMUnitTest tests[COUNT(rows) + 1];
    for (size_t i = 0; i < COUNT(rows); i++)
        tests[i] = ROW_TEST(&rows[i], check_row);
    tests[COUNT(rows)] =
        (struct CMUnitTest)cmocka_unit_test(check_groundless_is_one_more);
    return cmocka_run_group_tests_name("bench/made_rules", tests, NULL, NULL);
}
