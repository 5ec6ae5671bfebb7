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

/* ---- on which days ---- */

#define UNTIL(id, from, to, rest)                                                      \
    "  - {id: " id                                                                     \
    ", title: Rule, applies_to: [legal_person], effective: {from: " from ", to: " to   \
    "}, basis: [{source: law, article: \"1\"}], " rest "}\n"
#define HONOURED "ground: 'r.category == \"honour\"', measures: [praise]"
#define READS                                                                          \
    "ground: 'r.category == \"honour\"', when: 'size(records) > 1', measures: "        \
    "[praise]"
#define SEVERE_ACCIDENT                                                                \
    "categories:\n"                                                                    \
    "  - {id: debt, title: Debt, information: public, nature: adverse, severity: "     \
    "serious, provider: Court, attributes: {amount: {type: decimal}}}\n"               \
    "  - {id: accident, title: Accident, information: public, nature: adverse, "       \
    "severity: serious, provider: Police}\n"                                           \
    "  - {id: honour, title: Honour, information: public, nature: favourable, "        \
    "provider: Council}\n"

struct days_row {
    const char *name, *old, *now;
    const char *want; /* `from until`; "none"; "unknown" */
};

static struct days_row DAYS[] = {
    {"none where all is the same", WORLD_RULES, "# nothing\n" WORLD_RULES, "none"},
    {"those of a rule that is new", WORLD_RULES,
     WORLD_RULES UNTIL("z", "2026-01-01", "2026-12-31", HONOURED),
     "2026-01-01 2026-12-31"},
    {"those of both forms of a rule",
     WORLD_RULES UNTIL("z", "2025-01-01", "2025-12-31", HONOURED),
     WORLD_RULES UNTIL("z", "2026-01-01", "2026-12-31", HONOURED),
     "2025-01-01 2026-12-31"},
    {"without end where a rule has none", WORLD_RULES,
     WORLD_RULES WORLD_RULE("z", HONOURED), "2010-01-01 -"},
    {"without end by the day of decision, which lasts as the record does", WORLD_RULES,
     WORLD_RULES "  - {id: z, title: Rule, applies_to: [legal_person], effective: "
                 "{from: 2026-01-01, to: 2026-12-31, by: decided_on}, basis: [{source: "
                 "law, article: \"1\"}], " HONOURED "}\n",
     "2026-01-01 -"},
    {"also of a rule about a category that is another",
     WORLD_HEAD WORLD_CATEGORIES WORLD_MEASURES
     "rules:\n" UNTIL("z", "2026-01-01", "2026-12-31",
                      "ground: 'r.category == \"accident\"', measures: [praise]"),
     WORLD_HEAD SEVERE_ACCIDENT WORLD_MEASURES
     "rules:\n" UNTIL("z", "2026-01-01", "2026-12-31",
                      "ground: 'r.category == \"accident\"', measures: [praise]"),
     "2026-01-01 2026-12-31"},
    {"also of a rule that can see it among the records",
     WORLD_HEAD WORLD_CATEGORIES WORLD_MEASURES
     "rules:\n" UNTIL("z", "2026-01-01", "2026-12-31", READS),
     WORLD_HEAD SEVERE_ACCIDENT WORLD_MEASURES
     "rules:\n" UNTIL("z", "2026-01-01", "2026-12-31", READS),
     "2026-01-01 2026-12-31"},
    {"and not of one that cannot",
     WORLD_HEAD WORLD_CATEGORIES WORLD_MEASURES
     "rules:\n" UNTIL("z", "2026-01-01", "2026-12-31", HONOURED),
     WORLD_HEAD SEVERE_ACCIDENT WORLD_MEASURES
     "rules:\n" UNTIL("z", "2026-01-01", "2026-12-31", HONOURED),
     "none"},
};

static void describe_days(const heng_concern *concern, char text[64]) {
    char from[HENG_DATE_TEXT_BYTES] = "-", until[HENG_DATE_TEXT_BYTES] = "-";
    if (concern->first > HENG_DATE_MIN)
        heng_date_format(concern->first, from);
    if (concern->last < HENG_DATE_MAX)
        heng_date_format(concern->last, until);
    (void)snprintf(text, 64, "%s %s", from, until);
    if (concern->first > concern->last)
        (void)snprintf(text, 64, "none");
    if (!concern->is_bounded)
        (void)snprintf(text, 64, "unknown");
}

static void check_days(void **state) {
    const struct days_row *row = *state;
    heng_arena *arena = heng_arena_new((size_t)1 << 24);
    struct both both = open_both(row->old, row->now);
    heng_concern concern;
    heng_error error = {0};
    char got[64];
    assert_int_equal(
        heng_concern_find(both.old_plan, both.now_plan, arena, &concern, &error),
        HENG_OK);
    describe_days(&concern, got);
    if (strcmp(got, row->want) != 0) {
        fail_msg("\n  want: %s\n  got:  %s", row->want, got);
    }
    close_both(&both);
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
    enum { FIRST_DAYS = COUNT(ROWS), LAST = FIRST_DAYS + COUNT(DAYS) };
    struct CMUnitTest tests[LAST + 1];
    for (size_t i = 0; i < COUNT(ROWS); i++) {
        tests[i] = ROW_TEST(&ROWS[i], check_row);
    }
    for (size_t i = 0; i < COUNT(DAYS); i++) {
        tests[FIRST_DAYS + i] = ROW_TEST(&DAYS[i], check_days);
    }
    tests[LAST] = (struct CMUnitTest){"without memory it says so",
                                      without_memory_it_says_so, 0, 0, 0};
    return check_run("concern", tests, COUNT(tests), NULL, NULL);
}
