/* SPDX-License-Identifier: Apache-2.0 */
/* test_matters.c: which records of others make a difference to somebody. That none is
 * missed is shown on random rules in tests/reference. */
#include <stdio.h>
#include <string.h>

#include "support/check.h"
#include "world.h"

#include "decide/matters.h"
#include "decide/plan.h"
#include "model/flat.h"
#include "model/snapshot.h"

/* One rule over a record of `other` with count 3, decided 2024-03-15, looked at on
 * 2025-01-01 through ties with heads, or by whom it names as responsible. */
struct row {
    const char *name;
    const char *ground;
    const char *more; /* of the rule */
    const char *record;
    bool matters;
};

#define COUNTED ",\"attributes\":{\"count\":3}"
#define STATUS(word, on) COUNTED ",\"status\":\"" word "\",\"status_on\":\"" on "\""

static struct row rows[] = {
    {"one that meets the ground", "r.count == 3", "", COUNTED, true},
    {"one that never will", "r.count == 4", "", COUNTED, false},
    {"one of another category", "r.category == \"fine\"", "", COUNTED, false},
    {"one that lacks what is asked", "r.grade == \"A\"", "", COUNTED, true},
    {"one that only a program can tell", "r.authority == \"b\"", "", COUNTED, true},
    {"where the subject decides, all that may", "subject.staff == 1 && r.count == 3",
     "", COUNTED, true},
    {"where the subject decides, but not it", "subject.staff == 1 && r.count == 4", "",
     COUNTED, false},
    {"one in force", "r.in_force", "", COUNTED, true},
    {"one that comes into force", "r.in_force", "",
     COUNTED ",\"effective_on\":\"2026-01-01\"", true},
    {"one that was in force", "r.in_force", "",
     COUNTED ",\"expires_on\":\"2024-12-31\"", false},
    {"one that is in force to the day", "r.in_force", "",
     COUNTED ",\"expires_on\":\"2025-01-01\"", true},
    {"one that was in force, turned round", "!r.in_force", "",
     COUNTED ",\"expires_on\":\"2024-12-31\"", true},
    {"one that is in force, and then not", "!r.in_force", "",
     COUNTED ",\"expires_on\":\"2025-06-01\"", true},
    {"one that comes into force and never counts", "r.in_force && r.count == 4", "",
     COUNTED ",\"effective_on\":\"2026-01-01\"", false},
    {"one of a later day", "r.count == 3", "", STATUS("active", "2024-03-15"), true},
    {"a revoked one", "r.count == 3", "", STATUS("revoked", "2024-06-01"), false},
    {"one that is revoked later is so now", "r.count == 3", "",
     STATUS("revoked", "2030-06-01"), false},
    {"a repaired one", "r.count == 3", "", STATUS("repaired", "2024-06-01"), false},
    {"a repaired one that stays", "r.count == 3", "on_repair: stays, ",
     STATUS("repaired", "2024-06-01"), true},
    {"one that is repaired later", "r.count == 3", "", STATUS("repaired", "2025-06-01"),
     true},
    {"a disputed one", "r.count == 3", "", STATUS("disputed", "2024-06-01"), true},
};

/* `article` of its basis; "null": nobody could read it. */
static void make_cited(world *made, const struct row *row, const char *gaze,
                       const char *category, const char *article) {
    char rules[2048], lines[2048];
    (void)snprintf(rules, sizeof rules,
                   "rules:\n  - {id: a, title: t, applies_to: [legal_person], "
                   "effective: {from: 2010-01-01}, %s, ground: 'r.category in "
                   "[\"other\", \"fine\", \"list\"] && (%s)', %smeasures: [exclude], "
                   "basis: [{source: law, article: %s}]}\n",
                   gaze, row->ground, row->more, article);
    (void)snprintf(
        lines, sizeof lines,
        "{\"type\":\"subject\",\"id\":\"S-1\",\"kind\":\"legal_person\","
        "\"name\":\"n\",\"region\":\"43\"}\n{\"type\":\"record\",\"id\":"
        "\"R-1\",\"subject\":\"S-1\",\"category\":\"%s\",\"authority\":\"a\","
        "\"document_no\":\"d\",\"decided_on\":\"2024-03-15\"%s}\n",
        category, row->record);
    world_plan(made, "mark", rules, lines, "2025-01-01", 0);
}

static void make_world(world *made, const struct row *row, const char *gaze,
                       const char *category) {
    make_cited(made, row, gaze, category, "\"1\"");
}

static uint32_t role_of(const world *made, const char *word) {
    for (uint32_t i = 0; i < made->plan->role_word_count; i++) {
        if (heng_str_equal(made->plan->role_words[i].word, heng_str_of(word)))
            return i;
    }
    return HENG_NONE;
}

static void expect(const world *made, heng_gaze gaze, heng_date day, const char *role,
                   bool matters) {
    static const char *const OTHERS[] = {"head", "heads", "responsible"};
    heng_seen seen;
    uint64_t bits[1] = {0};
    assert_true(heng_seen_record(made->plan, &made->snapshot->records[0], day, &seen));
    bool any = heng_matters_roles(made->plan, gaze, &seen, day, bits);
    assert_int_equal(any, matters);
    for (size_t i = 0; i < COUNT(OTHERS); i++) {
        uint32_t at = role_of(made, OTHERS[i]);
        bool its = matters && strcmp(OTHERS[i], role) == 0;
        assert_int_not_equal(at, HENG_NONE);
        assert_int_equal(heng_matters_to(made->plan, gaze, at, &seen, day), its);
        assert_int_equal(bits[0] >> at & 1, its);
    }
    /* a word that the ruleset does not know is no role */
    assert_false(heng_matters_to(made->plan, gaze, HENG_NONE, &seen, day));
    heng_gaze other = gaze == HENG_GAZE_NAMED ? HENG_GAZE_THROUGH : HENG_GAZE_NAMED;
    assert_false(heng_matters_to(made->plan, other, role_of(made, role), &seen, day));
}

static void it_matters(void **state) {
    const struct row *row = *state;
    world made = {0};
    make_world(&made, row, "through: [heads]", "other");
    expect(&made, HENG_GAZE_THROUGH, made.plan->as_of, "heads", row->matters);
    world_done(&made);
    make_world(&made, row, "named_as: [responsible]", "other");
    expect(&made, HENG_GAZE_NAMED, made.plan->as_of, "responsible", row->matters);
    world_done(&made);
}

static void days_before_and_after(void **state) {
    (void)state;
    static const struct row plain = {"", "r.category == \"list\"", "", "", true};
    static const struct {
        const char *day;
        bool matters;
    } cases[] = {{"2023-01-01", true}, /* it will be decided */
                 {"2024-03-15", true},
                 {"2027-03-15", true}, /* the last day of its use limit */
                 {"2027-03-16", false}};
    world made = {0};
    make_world(&made, &plain, "through: [heads]", "list");
    for (size_t i = 0; i < COUNT(cases); i++) {
        heng_date day = 0;
        assert_true(heng_date_parse(heng_str_of(cases[i].day), &day));
        expect(&made, HENG_GAZE_THROUGH, day, "heads", cases[i].matters);
    }
    world_done(&made);
}

/* What it looks at brings about nothing, so no record need be met for it. */
static void a_rule_that_nobody_could_read_looks_at_nothing(void **state) {
    (void)state;
    static const struct row plain = {"", "r.count == 3", "", COUNTED, true};
    static const char *const ARTICLES[] = {"\"1\"", "null"};
    for (size_t i = 0; i < COUNT(ARTICLES); i++) {
        world made = {0};
        make_cited(&made, &plain, "through: [heads]", "other", ARTICLES[i]);
        expect(&made, HENG_GAZE_THROUGH, made.plan->as_of, "heads", i == 0);
        const heng_catalog *catalog = &made.ruleset->catalog;
        for (uint32_t c = 0; c < catalog->category_count; c++) {
            bool bound = heng_rule_index_has(&made.plan->index[HENG_GAZE_THROUGH], c);
            assert_int_equal(heng_matters_kinds(made.plan, HENG_GAZE_THROUGH, c),
                             bound && i == 0 ? 1U << HENG_LEGAL_PERSON : 0);
            assert_int_equal(heng_matters_kinds(made.plan, HENG_GAZE_OWN, c), 0);
        }
        world_done(&made);
    }
}

static void usable_or_to_be(void **state) {
    (void)state;
    static const struct {
        heng_unusable why;
        bool leaves, stays; /* without and with on_repair: stays */
    } cases[] = {{HENG_USABLE, true, true},
                 {HENG_UNUSABLE_FUTURE, true, true},
                 {HENG_UNUSABLE_USE_LIMIT, false, false},
                 {HENG_UNUSABLE_REPAIRED, false, true},
                 {HENG_UNUSABLE_REVOKED, false, false}};
    for (size_t i = 0; i < COUNT(cases); i++) {
        heng_seen seen = {.unusable = cases[i].why};
        assert_int_equal(heng_matters_usable(&seen, false), cases[i].leaves);
        assert_int_equal(heng_matters_usable(&seen, true), cases[i].stays);
    }
}

int main(void) {
    struct CMUnitTest tests[COUNT(rows) + 3];
    const struct CMUnitTest others[] = {
        cmocka_unit_test(days_before_and_after),
        cmocka_unit_test(a_rule_that_nobody_could_read_looks_at_nothing),
        cmocka_unit_test(usable_or_to_be),
    };
    size_t count = 0;
    for (size_t i = 0; i < COUNT(rows); i++)
        tests[count++] = ROW_TEST(&rows[i], it_matters);
    for (size_t i = 0; i < COUNT(others); i++)
        tests[count++] = others[i];
    return check_run("decide/matters", tests, count, NULL, NULL);
}
