/* SPDX-License-Identifier: Apache-2.0 */
/* test_concern.c: what is altered in a ruleset, and whose records it is about. */
#include "batch/world.h"
#include "support/torture.h"

#include "batch/concern.h"
#include "model/names.h"

#define RULES(debt, head, driver, honour)                                              \
    WORLD_HEAD WORLD_CATEGORIES WORLD_MEASURES "rules:\n" debt head driver honour

struct row {
    const char *name;
    const char *yaml; /* of now; then it was WORLD_RULES */
    const char *want; /* `rules; category gazes, …`; "everybody" */
};

static struct row ROWS[] = {
    {"a comment alters nothing", "# nothing\n" WORLD_RULES, ";"},
    {"a rule that is gone is about its category",
     WORLD_HEAD WORLD_CATEGORIES WORLD_MEASURES
     "rules:\n" WORLD_RULE_DEBT WORLD_RULE_HEAD WORLD_RULE_DRIVER,
     "honour; honour own"},
    {"a rule that is new is about its category",
     WORLD_RULES WORLD_RULE("z", "ground: 'r.category == \"accident\"', measures: "
                                 "[praise]"),
     "z; accident own"},
    {"another constant alters the rule",
     RULES(WORLD_RULE("debt", "ground: 'r.category == \"debt\" && r.amount > 200', "
                              "term: {from: r.decided_on, last: P3Y}, measures: [out]"),
           WORLD_RULE_HEAD, WORLD_RULE_DRIVER, WORLD_RULE_HONOUR),
     "debt; debt own"},
    {"another term alters the rule",
     RULES(WORLD_RULE("debt", "ground: 'r.category == \"debt\" && r.amount > 100', "
                              "term: {from: r.decided_on, last: P2Y}, measures: [out]"),
           WORLD_RULE_HEAD, WORLD_RULE_DRIVER, WORLD_RULE_HONOUR),
     "debt; debt own"},
    {"a rule through others is about theirs",
     RULES(WORLD_RULE_DEBT,
           WORLD_RULE("head", "through: [heads], ground: 'r.category == \"debt\"', "
                              "measures: [out]"),
           WORLD_RULE_DRIVER, WORLD_RULE_HONOUR),
     "head; debt through"},
    {"a rule about being named is about those records",
     RULES(WORLD_RULE_DEBT, WORLD_RULE_HEAD,
           WORLD_RULE("driver", "named_as: [driver, head], ground: 'r.category == "
                                "\"accident\"', measures: [out]"),
           WORLD_RULE_HONOUR),
     "driver; accident named"},
    {"both categories count where a rule goes from one to another",
     RULES(WORLD_RULE_DEBT, WORLD_RULE_HEAD, WORLD_RULE_DRIVER,
           WORLD_RULE("honour",
                      "ground: 'r.category == \"accident\"', measures: [praise]")),
     "honour; accident own, honour own"},
    {"an exception alters the rule that displaces",
     RULES(WORLD_RULE_DEBT, WORLD_RULE_HEAD, WORLD_RULE_DRIVER,
           WORLD_RULE("honour", "ground: 'r.category == \"honour\"', exception_to: "
                                "[debt], measures: [praise]")),
     "honour; honour own"},
    {"a rule that needs no record is about everybody",
     WORLD_RULES WORLD_RULE("z", "when: 'subject.region == \"430102\"', measures: "
                                 "[praise]"),
     "everybody"},
    {"a ground without a bound is about everybody",
     WORLD_RULES WORLD_RULE("z", "ground: 'r.authority == \"Court\"', measures: "
                                 "[praise]"),
     "everybody"},
    {"a conflict alters the rules of both measures",
     WORLD_RULES "conflicts: [{between: [out, praise], keep: out, basis: [{source: "
                 "law, article: \"2\"}]}]\n",
     "debt driver head honour; accident named, debt own through, honour own"},
};

static heng_names *all_names(void) {
    static const char *const WORDS[] = {"accident", "debt", "honour", "amount"};
    heng_names *names = heng_names_new();
    uint32_t number = 0;
    assert_non_null(names);
    for (size_t i = 0; i < COUNT(WORDS); i++) {
        assert_int_equal(heng_names_add(names, heng_str_of(WORDS[i]), &number),
                         HENG_OK);
    }
    return names;
}

static void describe(const heng_concern *concern, const heng_names *names,
                     heng_buffer *out) {
    static const char *const GAZES[] = {" own", " through", " named"};
    const char *between = "; ";
    if (concern->everybody) {
        (void)heng_buffer_add_text(out, "everybody");
        return;
    }
    for (size_t i = 0; i < concern->rule_count; i++) {
        (void)heng_buffer_add_format(out, "%s%.*s", i == 0 ? "" : " ",
                                     HENG_STR_ARG(concern->rules[i]));
    }
    for (uint32_t i = 0; i < concern->name_count; i++) {
        if (concern->of_name[i] == 0)
            continue;
        (void)heng_buffer_add_format(out, "%s%.*s", between,
                                     HENG_STR_ARG(heng_names_get(names, i)));
        for (int gaze = 0; gaze < HENG_GAZES; gaze++) {
            if ((concern->of_name[i] >> gaze & 1) != 0) {
                (void)heng_buffer_add_text(out, GAZES[gaze]);
            }
        }
        between = ", ";
    }
    if (out->len == 0) {
        (void)heng_buffer_add_text(out, ";");
    }
}

struct both {
    heng_names *names;
    heng_ruleset *old, *now;
    heng_plan *old_plan, *now_plan;
};

static struct both open_both(const char *old, const char *now) {
    struct both both = {all_names(), world_load(old), world_load(now), NULL, NULL};
    heng_error error = {0};
    assert_int_equal(heng_plan_new(both.old, both.names, 9000, &both.old_plan, &error),
                     HENG_OK);
    assert_int_equal(heng_plan_new(both.now, both.names, 9000, &both.now_plan, &error),
                     HENG_OK);
    return both;
}

static void close_both(struct both *both) {
    heng_plan_free(both->old_plan);
    heng_plan_free(both->now_plan);
    heng_ruleset_free(both->old);
    heng_ruleset_free(both->now);
    heng_names_free(both->names);
}

static void check_row(void **state) {
    const struct row *row = *state;
    heng_arena *arena = heng_arena_new((size_t)1 << 24);
    for (int turned = 0; turned < 2;
         turned++) { /* it does not matter which was first */
        struct both both = turned == 0 ? open_both(WORLD_RULES, row->yaml)
                                       : open_both(row->yaml, WORLD_RULES);
        heng_concern concern;
        heng_error error = {0};
        heng_buffer got;
        heng_buffer_init(&got, 4096);
        assert_int_equal(
            heng_concern_find(both.old_plan, both.now_plan, arena, &concern, &error),
            HENG_OK);
        describe(&concern, both.names, &got);
        if (strcmp(heng_buffer_view(&got).ptr, row->want) != 0) {
            fail_msg("\n  want: %s\n  got:  %s", row->want, heng_buffer_view(&got).ptr);
        }
        heng_buffer_done(&got);
        close_both(&both);
    }
    heng_arena_free(arena);
}

static heng_status find(void *context) {
    struct both *both = context;
    heng_concern concern;
    heng_error error = {0};
    heng_arena *arena = heng_arena_new((size_t)1 << 24);
    if (arena == NULL)
        return HENG_ERR_NOMEM;
    heng_status status =
        heng_concern_find(both->old_plan, both->now_plan, arena, &concern, &error);
    heng_arena_free(arena);
    return status;
}

static void without_memory_it_says_so(void **state) {
    struct both both = open_both(WORLD_RULES, ROWS[1].yaml);
    (void)state;
    assert_true(torture(find, &both) > 0);
    close_both(&both);
}

int main(void) {
    struct CMUnitTest tests[COUNT(ROWS) + 1];
    for (size_t i = 0; i < COUNT(ROWS); i++) {
        tests[i] = ROW_TEST(&ROWS[i], check_row);
    }
    tests[COUNT(ROWS)] = (struct CMUnitTest){"without memory it says so",
                                             without_memory_it_says_so, 0, 0, 0};
    return check_run("concern", tests, COUNT(tests), NULL, NULL);
}
