/* SPDX-License-Identifier: Apache-2.0 */
/* test_rule_index.c: which rules a record is put before. That none is missed is shown
 * on random rules in tests/reference. */
#include <stdio.h>
#include <string.h>

#include "support/check.h"
#include "support/torture.h"
#include "world.h"

#include "decide/plan.h"
#include "decide/sieve.h"
#include "model/flat.h"
#include "model/snapshot.h"

enum { MOST = 12 };

/* Rules `a`, `b` … with these grounds, each `r.category == "other" && …`, and a record
 * of that category with these attributes. */
struct row {
    const char *name;
    const char *grounds[MOST];
    const char *attributes;
    const char *want; /* the rules it is put before, a space between groups */
};

#define UP "r.count >= 10", "r.count >= 20", "r.count > 30", "r.count > 40"
#define DOWN "r.count <= 10", "r.count <= 20", "r.count < 30", "r.count < 40"
#define BANDS                                                                          \
    "r.count >= 0 && r.count < 10", "r.count >= 10 && r.count < 20",                   \
        "r.count >= 20 && r.count < 30", "r.count <= 40 && r.flagged && r.count > 30"
#define NESTED                                                                         \
    "r.count >= 0 && r.count < 10", "r.count >= 5 && r.count < 90",                    \
        "r.count >= 10 && r.count < 20", "r.count >= 20 && r.count < 30"
#define EACH "r.count == 10", "r.count == 20", "r.count == 20", "r.count == 30"
#define WORDS                                                                          \
    "r.word == \"b\"", "r.word == \"d\"", "r.word == \"dd\"", "r.word == \"f\""
#define MONEY                                                                          \
    "r.amount > 10", "r.amount > decimal(\"10.5\")", "r.amount >= 11", "r.amount > 12"
#define DAYS                                                                           \
    "r.seen_on > date(\"2024-01-01\")", "r.seen_on > date(\"2024-02-01\")",            \
        "r.seen_on >= date(\"2024-03-01\")", "r.seen_on >= date(\"2024-04-01\")"
#define DECIDED                                                                        \
    "r.decided_on < date(\"2024-01-01\")", "r.decided_on < date(\"2024-02-01\")",      \
        "r.decided_on <= date(\"2024-03-15\")", "r.decided_on < date(\"2024-05-01\")"

static struct row rows[] = {
    {"below all bounds", {UP}, "\"count\":9", ""},
    {"at the first", {UP}, "\"count\":10", "a"},
    {"above the first", {UP}, "\"count\":11", "a"},
    {"at one that it must pass", {UP}, "\"count\":30", "ab"},
    {"above all", {UP}, "\"count\":99", "abcd"},
    {"below all of those above", {DOWN}, "\"count\":-5", "dcba"},
    {"at the lowest", {DOWN}, "\"count\":10", "dcba"},
    {"above the lowest", {DOWN}, "\"count\":11", "dcb"},
    {"at one that it must stay below", {DOWN}, "\"count\":30", "d"},
    {"above all of them", {DOWN}, "\"count\":41", ""},
    {"one that is equal", {EACH}, "\"count\":10", "a"},
    {"two that are equal", {EACH}, "\"count\":20", "bc"},
    {"none that is equal", {EACH}, "\"count\":25", ""},
    {"before all", {EACH}, "\"count\":1", ""},
    {"after all", {EACH}, "\"count\":31", ""},
    {"a word", {WORDS}, "\"word\":\"d\"", "b"},
    {"a longer word", {WORDS}, "\"word\":\"dd\"", "c"},
    {"a word between", {WORDS}, "\"word\":\"da\"", ""},
    {"a word before", {WORDS}, "\"word\":\"a\"", ""},
    {"a word after", {WORDS}, "\"word\":\"g\"", ""},
    {"no word", {WORDS}, "\"word\":\"\"", ""},
    {"a decimal", {MONEY}, "\"amount\":\"10.9999\"", "ab"},
    {"a whole decimal", {MONEY}, "\"amount\":\"11\"", "abc"},
    {"a day", {DAYS}, "\"seen_on\":\"2024-03-01\"", "abc"},
    {"the day before", {DAYS}, "\"seen_on\":\"2024-02-29\"", "ab"},
    {"the day of the decision", {DECIDED}, "\"count\":1", "dc"},
    {"in a band", {BANDS}, "\"count\":15", "b"},
    {"where two bands meet", {BANDS}, "\"count\":20", "c"},
    {"below all bands", {BANDS}, "\"count\":-1", ""},
    {"above all bands", {BANDS}, "\"count\":41", ""},
    {"a band is one however it is written", {BANDS}, "\"count\":35", "d"},
    {"wide bands among narrow ones, too many are found",
     {NESTED},
     "\"count\":25",
     "bcd"},
    {"no entry after the last that begins", {NESTED}, "\"count\":7", "ab"},
    {"bands and bounds are groups of their own", {BANDS, UP}, "\"count\":25", "ef c"},
    {"without the attribute all bands are found", {BANDS}, "\"word\":\"x\"", "abcd"},
    {"what is missing fails, so all are found", {UP}, "\"word\":\"x\"", "abcd"},
    {"a missing word too", {WORDS}, "\"count\":1", "abdc"},
    {"each group by its own", {UP, WORDS}, "\"count\":25,\"word\":\"f\"", "h ab"},
    {"three of a kind are not worth a search",
     {"r.count > 10", "r.count > 20", "r.count > 30"},
     "\"count\":5",
     "abc"},
    {"they stand with those that have no bound",
     {"r.count > 10", "r.count > 20", "r.count > 30", "r.authority == \"a\"", WORDS},
     "\"count\":5,\"word\":\"zz\"",
     "abcd "},
    {"rules without a bound are always found",
     {"r.authority == \"a\"", "true", "r.flagged || r.count > 1", "r.count != 3"},
     "\"count\":1",
     "abcd"},
    {"a word parts better than a bound",
     {"r.count > 1 && r.word == \"b\"", "r.count > 1 && r.word == \"c\"",
      "r.word == \"d\"", "r.word == \"e\" && r.flagged"},
     "\"count\":0,\"word\":\"e\"",
     "d"},
};

static void make_rules(const struct row *row, char *text, size_t size) {
    (void)snprintf(text, size, "rules:\n");
    for (int i = 0; i < MOST && row->grounds[i] != NULL; i++)
        (void)snprintf(
            text + strlen(text), size - strlen(text),
            "  - {id: %c, title: t, applies_to: [legal_person], effective: {from: "
            "2010-01-01}, ground: 'r.category == \"other\" && (%s)', measures: "
            "[exclude], basis: [{source: law, article: \"1\"}]}\n",
            'a' + i, row->grounds[i]);
}

static void plan(world *made, const struct row *row, unsigned flags) {
    char rules[8192], lines[1024];
    make_rules(row, rules, sizeof rules);
    (void)snprintf(
        lines, sizeof lines,
        "{\"type\":\"subject\",\"id\":\"S-1\",\"kind\":\"legal_person\",\"name\":\"n\","
        "\"region\":\"43\"}\n{\"type\":\"record\",\"id\":\"R-1\",\"subject\":\"S-1\","
        "\"category\":\"other\",\"authority\":\"a\",\"document_no\":\"d\","
        "\"decided_on\":\"2024-03-15\",\"attributes\":{%s}}\n",
        row->attributes);
    world_plan(made, "mark", rules, lines, "2025-01-01", flags);
}

static void list(const world *made, const char *category, char text[MOST * 2]) {
    const heng_rule_index *index = &made->plan->index[HENG_GAZE_OWN];
    uint32_t at = (uint32_t)(heng_catalog_category(&made->ruleset->catalog,
                                                   heng_str_of(category)) -
                             made->ruleset->catalog.categories);
    size_t len = 0;
    for (uint32_t g = index->first[at]; g < index->first[at + 1]; g++) {
        const heng_entry *from = NULL, *end = NULL;
        heng_rule_index_find(index, &index->groups[g], made->snapshot->records[0].bytes,
                             &from, &end);
        if (g > index->first[at])
            text[len++] = ' ';
        for (; from < end; from++)
            text[len++] = made->ruleset->rules[from->rule].id.ptr[0];
    }
    text[len] = '\0';
}

static void it_finds(void **state) {
    const struct row *row = *state;
    world made = {0};
    char text[MOST * 2];
    plan(&made, row, 0);
    list(&made, "other", text);
    assert_string_equal(text, row->want);
    list(&made, "fine", text);
    assert_string_equal(text, "");
    world_done(&made);
}

static void a_plain_index_finds_every_rule_for_every_category(void **state) {
    (void)state;
    static const struct row row = {"", {UP, "r.count == 1"}, "\"count\":1", ""};
    static const char *const CATEGORIES[] = {"other", "fine", "list", "reward"};
    world made = {0};
    char text[MOST * 2];
    plan(&made, &row, HENG_PLAN_PLAIN);
    for (size_t i = 0; i < COUNT(CATEGORIES); i++) {
        list(&made, CATEGORIES[i], text);
        assert_string_equal(text, "abcde");
    }
    assert_int_equal(made.plan->index[HENG_GAZE_OWN].rule_count, 5);
    assert_int_equal(made.plan->index[HENG_GAZE_THROUGH].rule_count, 0);
    world_done(&made);
}

static void an_attribute_of_another_type_finds_all(void **state) {
    (void)state;
    static const struct row row = {"", {UP}, "\"count\":1", ""};
    world made = {0};
    char text[MOST * 2];
    plan(&made, &row, 0);
    list(&made, "other", text);
    assert_string_equal(text, "");
    const heng_snapshot_record *record = &made.snapshot->records[0];
    uint8_t *copy = heng_arena_alloc(made.arena, heng_flat_u32(record->bytes));
    assert_non_null(copy);
    memcpy(copy, record->bytes, heng_flat_u32(record->bytes));
    const uint8_t *entry = heng_flat_attribute(
        copy, true, heng_names_find(made.snapshot->names, HENG_STR("count")));
    copy[(entry - copy) + 4] = HENG_ATTRIBUTE_DECIMAL;
    heng_snapshot_record other = {copy, record->subject};
    made.snapshot->records = &other;
    list(&made, "other", text);
    assert_string_equal(text, "abcd");
    world_done(&made);
}

static void gazes_have_lists_of_their_own(void **state) {
    (void)state;
    world made = {0};
    char rules[4096] = "rules:\n";
    static const char *const GAZES[] = {"", "through: [head], ",
                                        "named_as: [responsible], "};
    for (int i = 0; i < 3; i++)
        (void)snprintf(
            rules + strlen(rules), sizeof rules - strlen(rules),
            "  - {id: %c, title: t, applies_to: [legal_person], effective: {from: "
            "2010-01-01}, %sground: 'r.category in [\"other\", \"fine\"]', measures: "
            "[exclude], basis: [{source: law, article: \"1\"}]}\n",
            'a' + i, GAZES[i]);
    world_plan(&made, "mark", rules,
               "{\"type\":\"subject\",\"id\":\"S-1\",\"kind\":\"legal_person\","
               "\"name\":\"n\",\"region\":\"43\"}\n",
               "2025-01-01", 0);
    for (int gaze = 0; gaze < HENG_GAZES; gaze++) {
        const heng_rule_index *index = &made.plan->index[gaze];
        assert_int_equal(index->rule_count, 1);
        size_t entries = 0;
        for (uint32_t c = 0; c < made.ruleset->catalog.category_count; c++) {
            heng_str id = made.ruleset->catalog.categories[c].id;
            bool is_named = heng_str_equal(id, HENG_STR("other")) ||
                            heng_str_equal(id, HENG_STR("fine"));
            assert_int_equal(heng_rule_index_has(index, c), is_named);
            for (uint32_t g = index->first[c]; g < index->first[c + 1]; g++)
                entries += index->groups[g].end - index->groups[g].first;
        }
        assert_int_equal(entries, 2);
    }
    world_done(&made);
}

/* ---- the ends of the numbers ---- */

static const int64_t NUMBERS[] = {INT64_MIN, INT64_MIN + 1, -9,       0, 1, 2,
                                  9,         INT64_MAX - 1, INT64_MAX};

static unsigned next_random(uint64_t *state) {
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    return (unsigned)(*state >> 33);
}

/* One comparison, or two of any numbers: bands that nothing lies in, too. */
static void make_ground(uint64_t *random, char *text, size_t size) {
    static const char *const SIGNS[] = {"==", "<", "<=", ">", ">=", "!="};
    unsigned parts = next_random(random) % 3 == 0 ? 1 : 2;
    text[0] = '\0';
    for (unsigned i = 0; i < parts; i++)
        (void)snprintf(text + strlen(text), size - strlen(text), "%sr.count %s %jd",
                       i == 0 ? "" : " && ",
                       SIGNS[next_random(random) % (parts == 1 ? 6 : 5)],
                       (intmax_t)NUMBERS[next_random(random) % COUNT(NUMBERS)]);
}

/* Where it is not false of a record, the record is put before the rule. */
static void expect_not_missed(world *made, uint8_t *record, size_t count_at) {
    heng_snapshot_record one = {record, HENG_STR("S-1")};
    made->snapshot->records = &one;
    for (size_t i = 0; i < COUNT(NUMBERS); i++) {
        char text[MOST * 2];
        memcpy(record + count_at, &NUMBERS[i], sizeof NUMBERS[i]);
        list(made, "other", text);
        for (size_t r = 0; r < made->ruleset->rule_count; r++) {
            const heng_sieve *sieve = made->plan->rules[r].sieve;
            const heng_sieve_input input = {
                .record = record,
                .category = heng_plan_category(made->plan, heng_flat_u32(record + 4))};
            assert_non_null(sieve);
            if (heng_sieve_ask(sieve, &input) != HENG_TRI_FALSE &&
                strchr(text, made->ruleset->rules[r].id.ptr[0]) == NULL)
                fail_msg("rule %zu is missed with %jd", r, (intmax_t)NUMBERS[i]);
        }
    }
}

static void no_rule_is_missed_at_the_ends(void **state) {
    (void)state;
    uint64_t random = 88172645463325252U;
    for (int round = 0; round < 150; round++) {
        char grounds[MOST][128];
        struct row row = {.name = "", .attributes = "\"count\":1"};
        world made = {0};
        for (size_t i = 0; i < MOST; i++) {
            make_ground(&random, grounds[i], sizeof grounds[i]);
            row.grounds[i] = grounds[i];
        }
        plan(&made, &row, 0);
        const uint8_t *from = made.snapshot->records[0].bytes;
        uint8_t *copy = heng_arena_alloc(made.arena, heng_flat_u32(from));
        assert_non_null(copy);
        memcpy(copy, from, heng_flat_u32(from));
        const uint8_t *entry = heng_flat_attribute(
            copy, true, heng_names_find(made.snapshot->names, HENG_STR("count")));
        expect_not_missed(&made, copy, (size_t)(entry - copy) + 8);
        world_done(&made);
    }
}

/* ---- memory ---- */

static heng_status plan_again(void *context) {
    const world *made = context;
    heng_plan *again = NULL;
    heng_error error = {0};
    heng_status status = heng_plan_new(made->ruleset, made->snapshot->names,
                                       made->plan->as_of, &again, &error);
    heng_plan_free(again);
    return status;
}

static void a_plan_survives_every_failure(void **state) {
    (void)state;
    static const struct row row = {
        "", {UP, WORDS, "r.count in [1, 2]", "has(r.count)"}, "\"count\":1", ""};
    world made = {0};
    plan(&made, &row, 0);
    assert_true(torture(plan_again, &made) >= 3);
    world_done(&made);
}

int main(void) {
    struct CMUnitTest tests[COUNT(rows) + 5];
    const struct CMUnitTest others[] = {
        cmocka_unit_test(a_plain_index_finds_every_rule_for_every_category),
        cmocka_unit_test(an_attribute_of_another_type_finds_all),
        cmocka_unit_test(no_rule_is_missed_at_the_ends),
        cmocka_unit_test(gazes_have_lists_of_their_own),
        cmocka_unit_test(a_plan_survives_every_failure),
    };
    size_t count = 0;
    for (size_t i = 0; i < COUNT(rows); i++)
        tests[count++] = ROW_TEST(&rows[i], it_finds);
    for (size_t i = 0; i < COUNT(others); i++)
        tests[count++] = others[i];
    return check_run("decide/rule_index", tests, count, NULL, NULL);
}
