/* SPDX-License-Identifier: Apache-2.0 */
/* test_difference.c: two decisions, measure by measure. */
#include "batch/world.h"
#include "support/torture.h"

#include "batch/difference.h"

/* `out` and `praise`; the new one has `praise` and `warn`, so that indexes differ. */
#define MORE_MEASURES                                                                  \
    "measures:\n"                                                                      \
    "  - {id: praise, title: Praise, kind: incentive, force: mandatory, matters: "     \
    "[bid], authority: Office}\n"                                                      \
    "  - {id: warn, title: Warn, kind: incentive, force: mandatory, matters: [bid], "  \
    "authority: Office}\n"
#define NEW_RULES                                                                      \
    WORLD_HEAD WORLD_CATEGORIES MORE_MEASURES                                          \
        "rules:\n" WORLD_RULE("a", "ground: 'r.category == \"debt\"', measures: "      \
                                   "[praise, warn]")

enum { OUT, PRAISE, WARN, NOWHERE }; /* by number: in the order of ids */

/* What applies by one ruleset. */
struct end {
    const char *measure; /* NULL: nothing */
    heng_state state;
    int force;
    heng_date from, until;
    bool doubt; /* its first rule is undetermined, too */
    heng_open open;
};

struct row {
    const char *name;
    struct end old, now;
    const char *want; /* `measure change`, … */
};

#define APPLIES HENG_STATE_APPLIES, 0, 100, 200, false, HENG_OPEN_NONE
#define NOTHING NULL, HENG_STATE_APPLIES, 0, 0, 0, false, HENG_OPEN_NONE
#define DOUBT NULL, HENG_STATE_APPLIES, 0, 0, 0, true, HENG_OPEN_NONE

static struct row ROWS[] = {
    {"the same is none", {"praise", APPLIES}, {"praise", APPLIES}, ""},
    {"nothing is none", {NOTHING}, {NOTHING}, ""},
    {"one that the other lacks is gained", {NOTHING}, {"warn", APPLIES}, "warn gained"},
    {"or lost", {"out", APPLIES}, {NOTHING}, "out lost"},
    {"both where one goes and one comes",
     {"out", APPLIES},
     {"warn", APPLIES},
     "out lost, warn gained"},
    {"a state alters it",
     {"praise", APPLIES},
     {"praise", HENG_STATE_SUSPENDED, 0, 100, 200, false, HENG_OPEN_NONE},
     "praise altered"},
    {"an open end of another kind alters it",
     {"praise", HENG_STATE_APPLIES, 0, 100, HENG_DATE_NONE, false, HENG_OPEN_NONE},
     {"praise", HENG_STATE_APPLIES, 0, 100, HENG_DATE_NONE, false, HENG_OPEN_LIFE},
     "praise altered"},
    {"a force alters it",
     {"praise", APPLIES},
     {"praise", HENG_STATE_APPLIES, 1, 100, 200, false, HENG_OPEN_NONE},
     "praise altered"},
    {"a day it begins alters it",
     {"praise", APPLIES},
     {"praise", HENG_STATE_APPLIES, 0, 101, 200, false, HENG_OPEN_NONE},
     "praise altered"},
    {"a day it ends alters it",
     {"praise", APPLIES},
     {"praise", HENG_STATE_APPLIES, 0, 100, HENG_DATE_NONE, false, HENG_OPEN_NONE},
     "praise altered"},
    {"what can no longer be told is undetermined, not lost",
     {"praise", APPLIES},
     {DOUBT},
     "praise undetermined, warn undetermined"},
    {"what can be told again and is not there is determined",
     {DOUBT},
     {NOTHING},
     "out determined"},
    {"a doubt by both is none, of the same measure",
     {DOUBT},
     {DOUBT},
     "out determined, praise undetermined, warn undetermined"},
    {"what applies beside a doubt applies",
     {"praise", APPLIES},
     {"praise", HENG_STATE_APPLIES, 0, 100, 200, true, HENG_OPEN_NONE},
     "warn undetermined"},
};

static heng_ruleset *rulesets[2]; /* old, new */

static uint32_t index_of(const heng_ruleset *ruleset, const char *id) {
    const heng_measure *found = heng_ruleset_find_measure(ruleset, heng_str_of(id));
    assert_non_null(found);
    return (uint32_t)(found - ruleset->measures);
}

static void decide(const heng_ruleset *ruleset, const struct end *end,
                   heng_applied *applied, heng_doubt *doubt, heng_decision *decision) {
    *decision = (heng_decision){.measures = applied, .undetermined = doubt};
    if (end->measure != NULL) {
        *applied = (heng_applied){.measure = index_of(ruleset, end->measure),
                                  .state = end->state,
                                  .force = end->force,
                                  .term = {end->from, end->until, end->open}};
        decision->measure_count = 1;
    }
    *doubt = (heng_doubt){.rule = 0};
    decision->undetermined_count = end->doubt;
}

static void check_row(void **state) {
    const struct row *row = *state;
    heng_arena *arena = heng_arena_new((size_t)1 << 20);
    heng_both_measures both;
    heng_applied applied[2];
    heng_doubt doubts[2];
    heng_decision was, is;
    heng_difference *list = NULL;
    size_t count = 0;
    char got[256] = "";
    assert_true(heng_both_measures_make(rulesets[0], rulesets[1], arena, &both));
    assert_int_equal(both.count, NOWHERE);
    assert_int_equal(both.in_old[WARN], UINT32_MAX);
    assert_int_equal(both.in_now[OUT], UINT32_MAX);
    decide(rulesets[0], &row->old, &applied[0], &doubts[0], &was);
    decide(rulesets[1], &row->now, &applied[1], &doubts[1], &is);
    assert_true(heng_difference_find(&both, &was, &is, arena, &list, &count));
    for (size_t i = 0; i < count; i++) {
        size_t len = strlen(got);
        (void)snprintf(got + len, sizeof got - len, "%s%.*s %s", i == 0 ? "" : ", ",
                       HENG_STR_ARG(both.ids[list[i].measure]),
                       heng_difference_word(list[i].kind));
        assert_true(list[i].was == NULL || list[i].was == &applied[0]);
        assert_true(list[i].is == NULL || list[i].is == &applied[1]);
    }
    if (strcmp(got, row->want) != 0) {
        fail_msg("\n  want: %s\n  got:  %s", row->want, got);
    }
    heng_arena_free(arena);
}

/* By the other ruleset `praise` is about no matter: whoever has it by both has another
 * measure. */
static void another_measure_of_the_same_id(void **state) {
    heng_ruleset *other = world_load(
        WORLD_HEAD WORLD_CATEGORIES
        "measures: [{id: praise, title: Praise, kind: incentive, force: mandatory, "
        "matters: [], authority: Office}]\nrules:\n" WORLD_RULE_HONOUR);
    heng_arena *arena = heng_arena_new((size_t)1 << 20);
    const struct end praised = {"praise", APPLIES};
    heng_both_measures both;
    heng_applied applied[2];
    heng_doubt doubts[2];
    heng_decision was, is;
    heng_difference *list = NULL;
    size_t count = 0;
    (void)state;
    assert_true(heng_both_measures_make(rulesets[0], other, arena, &both));
    decide(rulesets[0], &praised, &applied[0], &doubts[0], &was);
    decide(other, &praised, &applied[1], &doubts[1], &is);
    assert_true(heng_difference_find(&both, &was, &is, arena, &list, &count));
    assert_int_equal(count, 1);
    assert_int_equal(list[0].kind, HENG_DIFFERENCE_ALTERED);
    heng_arena_free(arena);
    heng_ruleset_free(other);
}

static heng_status number(void *context) {
    heng_both_measures both;
    heng_arena *arena = heng_arena_new((size_t)1 << 20);
    (void)context;
    bool done = arena != NULL &&
                heng_both_measures_make(rulesets[0], rulesets[1], arena, &both);
    heng_arena_free(arena);
    return done ? HENG_OK : HENG_ERR_NOMEM;
}

static void without_memory_it_says_so(void **state) {
    (void)state;
    assert_true(torture(number, NULL) > 0);
}

static int setup(void **state) {
    (void)state;
    rulesets[0] = world_load(WORLD_RULES);
    rulesets[1] = world_load(NEW_RULES);
    return 0;
}

static int teardown(void **state) {
    (void)state;
    heng_ruleset_free(rulesets[0]);
    heng_ruleset_free(rulesets[1]);
    return 0;
}

int main(void) {
    struct CMUnitTest tests[COUNT(ROWS) + 2];
    for (size_t i = 0; i < COUNT(ROWS); i++) {
        tests[i] = ROW_TEST(&ROWS[i], check_row);
    }
    tests[COUNT(ROWS)] = (struct CMUnitTest){"without memory it says so",
                                             without_memory_it_says_so, 0, 0, 0};
    tests[COUNT(ROWS) + 1] = (struct CMUnitTest){
        "another measure of the same id", another_measure_of_the_same_id, 0, 0, 0};
    return check_run("difference", tests, COUNT(tests), setup, teardown);
}
