/* SPDX-License-Identifier: Apache-2.0 */
/* test_sieve.c: what the stored bytes say of a condition, and what they cannot. That it
 * is what the program says is shown on random conditions in tests/reference. */
#include <stdio.h>
#include <string.h>

#include "support/check.h"
#include "world.h"

#include "base/limits.h"
#include "decide/plan.h"
#include "decide/sieve.h"
#include "model/flat.h"
#include "model/snapshot.h"

#define NO HENG_TRI_FALSE
#define YES HENG_TRI_TRUE
#define OPEN HENG_TRI_UNKNOWN
#define NONE 9 /* no sieve at all */

struct row {
    const char *name; /* what must hold */
    const char *condition;
    int want;              /* YES, NO, OPEN, NONE */
    const char *attribute; /* of the record: stored as a word, whatever it is */
    heng_tri in_force;
};

/* The record: other, decided 2024-03-15, effective 2024-04-01, amount 5000.5, count 3,
 * flagged, word b, seen 2024-02-29, marks x y. The subject: a legal person of 430102 in
 * E4710, active, scale small, staff 40, not listed, audited 2023-12-31, lines p. Nobody
 * has the attributes of `fine` and `reward` that are missing here. */
static struct row rows[] = {
    /* each comparison */
    {"equal", "r.count == 3", YES, NULL, NO},
    {"not equal to another", "r.count == 4", NO, NULL, NO},
    {"other than itself", "r.count != 3", NO, NULL, NO},
    {"other than another", "r.count != 4", YES, NULL, NO},
    {"less than more", "r.count < 4", YES, NULL, NO},
    {"less than itself", "r.count < 3", NO, NULL, NO},
    {"at most itself", "r.count <= 3", YES, NULL, NO},
    {"at most less", "r.count <= 2", NO, NULL, NO},
    {"more than less", "r.count > 2", YES, NULL, NO},
    {"more than itself", "r.count > 3", NO, NULL, NO},
    {"at least itself", "r.count >= 3", YES, NULL, NO},
    {"at least more", "r.count >= 4", NO, NULL, NO},
    /* and with its sides changed */
    {"turned: equal", "3 == r.count", YES, NULL, NO},
    {"turned: other than", "3 != r.count", NO, NULL, NO},
    {"turned: more is more", "4 > r.count", YES, NULL, NO},
    {"turned: itself is no more", "3 > r.count", NO, NULL, NO},
    {"turned: itself is at least", "3 >= r.count", YES, NULL, NO},
    {"turned: less is less", "2 < r.count", YES, NULL, NO},
    {"turned: itself is no less", "3 < r.count", NO, NULL, NO},
    {"turned: itself is at most", "3 <= r.count", YES, NULL, NO},
    /* each type */
    {"a decimal with its fourth place", "r.amount > decimal(\"5000.4999\")", YES, NULL,
     NO},
    {"a decimal up to itself", "r.amount > decimal(\"5000.5\")", NO, NULL, NO},
    {"a decimal with an int", "r.amount > 5000", YES, NULL, NO},
    {"a decimal with the int above", "5001 <= r.amount", NO, NULL, NO},
    {"an int that is no decimal is for the program", "r.amount < 9223372036854775807",
     NONE, NULL, NO},
    {"an int with a double is for the program", "r.count < 3.5", NONE, NULL, NO},
    {"a bool by itself", "r.flagged", YES, NULL, NO},
    {"a bool is true", "r.flagged == true", YES, NULL, NO},
    {"a bool is not false", "r.flagged != false", YES, NULL, NO},
    {"a bool turned round", "!r.flagged", NO, NULL, NO},
    {"bools in an order are for the program", "r.flagged > false", NONE, NULL, NO},
    {"a string", "r.word == \"b\"", YES, NULL, NO},
    {"a string with more", "r.word == \"bb\"", NO, NULL, NO},
    {"a string is not empty", "r.word != \"\"", YES, NULL, NO},
    {"strings in an order are for the program", "r.word < \"c\"", NONE, NULL, NO},
    {"a date", "r.seen_on == date(\"2024-02-29\")", YES, NULL, NO},
    {"a date before", "r.seen_on < date(\"2024-03-01\")", YES, NULL, NO},
    {"a date after", "date(\"2024-02-29\") < r.seen_on", NO, NULL, NO},
    {"the day of the decision", "r.decided_on >= date(\"2024-03-15\")", YES, NULL, NO},
    {"the day before the decision", "r.decided_on <= date(\"2024-03-14\")", NO, NULL,
     NO},
    {"the day of effect", "date(\"2024-04-01\") == r.effective_on", YES, NULL, NO},
    {"the day of the end is for the program", "r.expires_on > date(\"2024-01-01\")",
     NONE, NULL, NO},
    {"a constant that is computed",
     "r.decided_on > date(\"2024-01-15\") + period(\"P1M\")", YES, NULL, NO},
    /* the category */
    {"its category", "r.category == \"other\"", YES, NULL, NO},
    {"another category", "r.category == \"fine\"", NO, NULL, NO},
    {"not its category", "\"other\" != r.category", NO, NULL, NO},
    {"one of several categories", "r.category in [\"fine\", \"other\"]", YES, NULL, NO},
    {"none of several categories", "r.category in [\"fine\", \"list\"]", NO, NULL, NO},
    /* the subject */
    {"the subject's kind", "subject.kind == \"legal_person\"", YES, NULL, NO},
    {"a kind that is none", "subject.kind == \"firm\"", NO, NULL, NO},
    {"not of a kind that is none", "subject.kind != \"firm\"", YES, NULL, NO},
    {"the subject's region", "subject.region == \"430102\"", YES, NULL, NO},
    {"a region that only begins so", "subject.region == \"43\"", NO, NULL, NO},
    {"the subject's industry", "subject.industry != \"E47\"", YES, NULL, NO},
    {"the subject's status", "subject.status in [\"dissolved\", \"active\"]", YES, NULL,
     NO},
    {"the subject's word", "subject.scale == \"small\"", YES, NULL, NO},
    {"the subject's number", "subject.staff >= 41", NO, NULL, NO},
    {"the subject's flag", "!subject.listed", YES, NULL, NO},
    {"the subject's day", "subject.audited_on < date(\"2024-01-01\")", YES, NULL, NO},
    {"the subject's list", "\"p\" in subject.lines", YES, NULL, NO},
    {"the subject's name is for the program", "subject.name == \"n\"", NONE, NULL, NO},
    {"the subject's age is for the program",
     "subject.established_on < date(\"2024-01-01\")", NONE, NULL, NO},
    /* lists */
    {"a word in a list", "\"x\" in r.marks", YES, NULL, NO},
    {"a word that is not in it", "\"z\" in r.marks", NO, NULL, NO},
    {"a word that only begins one", "\"\" in r.marks", NO, NULL, NO},
    {"a number among numbers", "r.count in [1, 3]", YES, NULL, NO},
    {"a number not among them", "r.count in [1, 4]", NO, NULL, NO},
    {"an empty list is for the program", "r.count in []", NONE, NULL, NO},
    {"a list with what is not constant is for the program",
     "r.count in [1, subject.staff]", NONE, NULL, NO},
    {"a word among words", "r.word in [\"a\", \"b\"]", YES, NULL, NO},
    {"a word not among them", "r.word in [\"a\", \"bb\", \"\"]", NO, NULL, NO},
    {"no word among words", "!(r.word in [\"b\"])", NO, NULL, NO},
    {"a word among words and another part", "r.word in [\"b\", \"c\"] && r.count == 4",
     NO, NULL, NO},
    {"words before another part", "r.word in [\"c\", \"d\", \"e\"] || r.count == 3",
     YES, NULL, NO},
    {"words inside words", "r.flagged && (r.word in [\"a\", \"b\"] || r.count == 4)",
     YES, NULL, NO},
    {"the subject's word among words", "subject.scale in [\"large\", \"small\"]", YES,
     NULL, NO},
    {"the subject's word not among them", "subject.scale in [\"large\", \"smal\"]", NO,
     NULL, NO},
    /* what is not there */
    {"a missing attribute", "r.grade == \"A\"", OPEN, NULL, NO},
    {"a missing attribute is not other", "r.grade != \"A\"", OPEN, NULL, NO},
    {"a missing attribute in a list", "r.grade in [\"A\", \"B\"]", OPEN, NULL, NO},
    {"a missing attribute turned round", "!(r.grade == \"A\")", OPEN, NULL, NO},
    {"has what is there", "has(r.count)", YES, NULL, NO},
    {"has not what is missing", "has(r.grade)", NO, NULL, NO},
    {"has of the subject", "has(subject.staff)", YES, NULL, NO},
    {"has of a head is for the program", "has(r.expires_on)", NONE, NULL, NO},
    {"a guard of what is missing", "has(r.grade) && r.grade == \"A\"", NO, NULL, NO},
    {"a guard the other way", "!has(r.grade) || r.grade == \"A\"", YES, NULL, NO},
    /* stored with another type */
    {"a number stored as a word", "r.count == 3", OPEN, "count", NO},
    {"a decimal stored as a word", "r.amount > 5", OPEN, "amount", NO},
    {"a flag stored as a word", "r.flagged", OPEN, "flagged", NO},
    {"a day stored as a word", "r.seen_on < date(\"2030-01-01\")", OPEN, "seen_on", NO},
    {"a list stored as a word", "\"x\" in r.marks", OPEN, "marks", NO},
    {"it is there all the same", "has(r.count)", YES, "count", NO},
    /* in force */
    {"in force", "r.in_force", YES, NULL, YES},
    {"not in force", "r.in_force", NO, NULL, NO},
    {"in force some day", "r.in_force", OPEN, NULL, OPEN},
    {"in force some day, and never", "r.in_force && r.count > 5", NO, NULL, OPEN},
    {"in force some day, or always", "r.in_force || r.count < 5", YES, NULL, OPEN},
    /* joined */
    {"false beats what is unknown", "r.grade == \"A\" && r.count == 4", NO, NULL, NO},
    {"true does not", "r.grade == \"A\" && r.count == 3", OPEN, NULL, NO},
    {"true beats what is unknown", "r.grade == \"A\" || r.count == 3", YES, NULL, NO},
    {"false does not", "r.grade == \"A\" || r.count == 4", OPEN, NULL, NO},
    {"all of several", "r.count == 3 && r.flagged && r.word == \"b\"", YES, NULL, NO},
    {"none of several", "r.count == 4 || !r.flagged || r.word == \"c\"", NO, NULL, NO},
    {"inside each other",
     "(r.count == 4 || r.flagged) && !(r.word == \"c\" && r.grade == \"A\")", YES, NULL,
     NO},
    {"unknown inside each other",
     "(r.count == 4 || r.grade == \"A\") && !(r.word == \"b\" && r.count == 4)", OPEN,
     NULL, NO},
    {"a part for the program", "r.authority == \"a\" && r.count == 3", OPEN, NULL, NO},
    {"a part for the program that does not matter",
     "r.authority == \"a\" && r.count == 4", NO, NULL, NO},
    {"the day is for the program", "r.decided_on > as_of - period(\"P1Y\")", NONE, NULL,
     NO},
    {"two fields are for the program", "r.decided_on == r.effective_on", NONE, NULL,
     NO},
    {"a choice is for the program", "r.flagged ? r.count == 3 : r.count == 4", NONE,
     NULL, NO},
    {"other records are not given", "records.exists(x, x.count == 3)", OPEN, NULL, NO},
    {"a name for the record is for the program", "cel.bind(q, r, q.count == 3)", NONE,
     NULL, NO},
};

static const char LINES[] =
    "{\"type\":\"subject\",\"id\":\"S-1\",\"kind\":\"legal_person\",\"name\":\"n\","
    "\"region\":\"430102\",\"industry\":\"E4710\",\"attributes\":{\"scale\":\"small\","
    "\"staff\":40,\"listed\":false,\"audited_on\":\"2023-12-31\",\"lines\":[\"p\"]}}\n"
    "{\"type\":\"record\",\"id\":\"R-1\",\"subject\":\"S-1\",\"category\":\"other\","
    "\"authority\":\"a\",\"document_no\":\"d\",\"decided_on\":\"2024-03-15\","
    "\"effective_on\":\"2024-04-01\",\"attributes\":{\"amount\":\"5000.5\",\"count\":3,"
    "\"flagged\":true,\"word\":\"b\",\"seen_on\":\"2024-02-29\",\"marks\":[\"x\",\"y\"]"
    "}}"
    "\n";

#define RULE_END                                                                       \
    "term: {from: r.decided_on, last: P3Y}, measures: [exclude],"                      \
    " basis: [{source: law, article: \"1\"}]}\n"
#define RULE_HEAD                                                                      \
    "  - {id: a, title: t, applies_to: [legal_person], effective: {from: "             \
    "2010-01-01}, "

static void plan_ground(world *made, const char *condition) {
    char rules[2048];
    (void)snprintf(rules, sizeof rules, "rules:\n%sground: '%s', %s", RULE_HEAD,
                   condition, RULE_END);
    world_plan(made, "mark", rules, LINES, "2025-01-01", 0);
}

/* A copy of the record whose attribute has another type in the store. */
static uint8_t *retyped(const world *made, const char *attribute) {
    const uint8_t *from = made->snapshot->records[0].bytes;
    uint8_t *copy = heng_arena_alloc(made->arena, heng_flat_u32(from));
    uint32_t name = heng_names_find(made->snapshot->names, heng_str_of(attribute));
    assert_non_null(copy);
    memcpy(copy, from, heng_flat_u32(from));
    const uint8_t *entry = heng_flat_attribute(copy, true, name);
    assert_non_null(entry);
    copy[(entry - copy) + 4] = HENG_ATTRIBUTE_STRING;
    return copy;
}

static void check_row(void **state) {
    const struct row *row = *state;
    world made = {0};
    plan_ground(&made, row->condition);
    const heng_sieve *sieve = made.plan->rules[0].sieve;
    heng_sieve_input input = {.record = row->attribute == NULL
                                            ? made.snapshot->records[0].bytes
                                            : retyped(&made, row->attribute),
                              .subject = made.snapshot->subject,
                              .in_force = row->in_force};
    input.category = heng_plan_category(made.plan, heng_flat_u32(input.record + 4));
    assert_int_equal(sieve == NULL ? NONE : (int)heng_sieve_ask(sieve, &input),
                     row->want);
    world_done(&made);
}

/* Without the subject, all that asks for it is unknown; a batch asks so. */
static void nothing_is_told_of_what_is_not_given(void **state) {
    (void)state;
    static const struct {
        const char *condition;
        heng_tri without_subject, without_record;
    } cases[] = {
        {"r.count == 3 && subject.staff == 41", OPEN, NO},
        {"r.count == 4 && subject.staff == 40", NO, OPEN},
        {"r.count == 3 || subject.kind == \"legal_person\"", YES, YES},
        {"r.decided_on < date(\"2000-01-01\") || subject.status == \"x\"", OPEN, OPEN},
        {"has(r.grade) || has(subject.staff)", OPEN, YES},
        {"r.category == \"fine\" || subject.region == \"1\"", OPEN, OPEN},
        {"\"z\" in r.marks || \"z\" in subject.lines", OPEN, OPEN},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        world made = {0};
        plan_ground(&made, cases[i].condition);
        const heng_sieve *sieve = made.plan->rules[0].sieve;
        const uint8_t *record = made.snapshot->records[0].bytes;
        heng_sieve_input input = {
            .record = record,
            .category = heng_plan_category(made.plan, heng_flat_u32(record + 4))};
        assert_non_null(sieve);
        assert_int_equal(heng_sieve_ask(sieve, &input), cases[i].without_subject);
        input.record = NULL;
        input.subject = made.snapshot->subject;
        assert_int_equal(heng_sieve_ask(sieve, &input), cases[i].without_record);
        world_done(&made);
    }
}

/* ---- words ---- */

/* Whoever has no such attribute, or one of another type, is for the program, whichever
 * object has it. */
static void words_that_are_none_are_for_the_program(void **state) {
    (void)state;
    static const struct {
        const char *condition, *attribute;
        bool on_subject;
    } cases[] = {{"r.word in [\"a\", \"b\"]", "word", false},
                 {"!(r.word in [\"x\", \"y\"])", "word", false},
                 {"subject.scale in [\"small\"]", "scale", true},
                 {"subject.scale in [\"x\", \"y\", \"z\"]", "scale", true}};
    for (size_t i = 0; i < COUNT(cases); i++) {
        world made = {0};
        plan_ground(&made, cases[i].condition);
        const heng_sieve *sieve = made.plan->rules[0].sieve;
        bool on_subject = cases[i].on_subject;
        const uint8_t *from =
            on_subject ? made.snapshot->subject : made.snapshot->records[0].bytes;
        uint8_t *copy = heng_arena_alloc(made.arena, heng_flat_u32(from));
        uint32_t name =
            heng_names_find(made.snapshot->names, heng_str_of(cases[i].attribute));
        assert_true(copy != NULL && sieve != NULL);
        memcpy(copy, from, heng_flat_u32(from));
        size_t at = (size_t)(heng_flat_attribute(copy, !on_subject, name) - copy);
        heng_sieve_input input = {.record = on_subject ? NULL : copy,
                                  .subject = on_subject ? copy : NULL};
        assert_int_not_equal(heng_sieve_ask(sieve, &input), OPEN);
        for (int type = HENG_ATTRIBUTE_BOOL; type <= HENG_ATTRIBUTE_STRINGS; type++) {
            uint8_t kept = copy[at + 4];
            copy[at + 4] = (uint8_t)type;
            assert_int_equal(heng_sieve_ask(sieve, &input) == OPEN,
                             type != HENG_ATTRIBUTE_STRING);
            copy[at + 4] = kept;
        }
        memcpy(copy + at, &(uint32_t){name + 1000}, 4); /* of another name */
        assert_int_equal(heng_sieve_ask(sieve, &input), OPEN);
        input = (heng_sieve_input){0};
        assert_int_equal(heng_sieve_ask(sieve, &input), OPEN);
        world_done(&made);
    }
}

/* ---- numbers ---- */

static const int64_t NUMBERS[] = {INT64_MIN, INT64_MIN + 1, -1,       0, 1,
                                  3,         INT64_MAX - 1, INT64_MAX};

static bool holds(heng_compare compare, int64_t a, int64_t b) {
    switch (compare) {
    case HENG_COMPARE_EQ:
        return a == b;
    case HENG_COMPARE_NE:
        return a != b;
    case HENG_COMPARE_LT:
        return a < b;
    case HENG_COMPARE_LE:
        return a <= b;
    case HENG_COMPARE_GT:
        return a > b;
    case HENG_COMPARE_GE:
        return a >= b;
    }
    return false;
}

/* ORDER heng_compare. At both ends of the numbers nothing is smaller, or larger. */
static void every_comparison_is_what_was_written(void **state) {
    (void)state;
    static const char *const SIGNS[] = {"==", "!=", "<", "<=", ">", ">="};
    for (size_t i = 0; i < COUNT(NUMBERS) * COUNT(SIGNS); i++) {
        int64_t number = NUMBERS[i / COUNT(SIGNS)];
        heng_compare compare = (heng_compare)(i % COUNT(SIGNS));
        char condition[64];
        world made = {0};
        (void)snprintf(condition, sizeof condition, "r.count %s %jd",
                       SIGNS[i % COUNT(SIGNS)], (intmax_t)number);
        plan_ground(&made, condition);
        const heng_sieve *sieve = made.plan->rules[0].sieve;
        assert_non_null(sieve);
        assert_int_equal(sieve->kind, HENG_SIEVE_NUMBER);
        assert_int_equal(sieve->compare, compare);
        assert_true(heng_sieve_number(sieve) == number);
        const uint8_t *from = made.snapshot->records[0].bytes;
        uint8_t *copy = heng_arena_alloc(made.arena, heng_flat_u32(from));
        assert_non_null(copy);
        memcpy(copy, from, heng_flat_u32(from));
        size_t at = (size_t)(heng_flat_attribute(copy, true, sieve->name) - copy) + 8;
        for (size_t k = 0; k < COUNT(NUMBERS); k++) {
            heng_sieve_input input = {.record = copy};
            memcpy(copy + at, &NUMBERS[k], sizeof NUMBERS[k]);
            if (heng_sieve_ask(sieve, &input) !=
                (holds(compare, NUMBERS[k], number) ? YES : NO))
                fail_msg("%jd: %s", (intmax_t)NUMBERS[k], condition);
        }
        world_done(&made);
    }
}

/* ---- where attributes lie ---- */

#define OTHER_RULE(id, condition)                                                      \
    "  - {id: " id ", title: t, applies_to: [legal_person], effective: {from: "        \
    "2010-01-01}, ground: 'r.category == \"other\" && " condition "', " RULE_END

/* A rule for each attribute of the category, in the order of ATTRIBUTES. */
static const char EACH_ATTRIBUTE[] =
    "rules:\n" OTHER_RULE("a", "r.amount > 5000") OTHER_RULE("b", "r.count == 3")
        OTHER_RULE("c", "r.flagged") OTHER_RULE("d", "r.word in [\"x\", \"b\"]")
            OTHER_RULE("e", "r.seen_on < date(\"2030-01-01\")")
                OTHER_RULE("f", "\"y\" in r.marks") OTHER_RULE("g", "r.word == \"b\"");
static const char *const ATTRIBUTES[] = {
    "\"amount\":\"5000.5\"",      "\"count\":3",
    "\"flagged\":true",           "\"word\":\"b\"",
    "\"seen_on\":\"2024-02-29\"", "\"marks\":[\"x\",\"y\"]"};

static void make_lines(unsigned has, bool parties, char *lines, size_t size) {
    (void)snprintf(lines, size,
                   "{\"type\":\"subject\",\"id\":\"S-1\",\"kind\":\"legal_person\","
                   "\"name\":\"n\",\"region\":\"430102\"}\n"
                   "{\"type\":\"record\",\"id\":\"R-1\",\"subject\":\"S-1\","
                   "\"category\":\"other\",\"authority\":\"a\",\"document_no\":\"d\","
                   "\"decided_on\":\"2024-03-15\",\"attributes\":{");
    for (unsigned i = 0, count = 0; i < COUNT(ATTRIBUTES); i++) {
        if ((has >> i & 1) != 0)
            (void)snprintf(lines + strlen(lines), size - strlen(lines), "%s%s",
                           count++ == 0 ? "" : ",", ATTRIBUTES[i]);
    }
    (void)snprintf(lines + strlen(lines), size - strlen(lines), "}%s}\n",
                   parties ? ",\"parties\":[{\"role\":\"responsible\",\"id\":\"P-1\"},"
                             "{\"role\":\"responsible\",\"id\":\"P-2\"}]"
                           : "");
}

/* A part remembers where a record with all attributes of the category has its own. */
static void attributes_are_found_where_others_are_missing(void **state) {
    (void)state;
    enum { ALL = (1U << COUNT(ATTRIBUTES)) - 1 };
    for (unsigned has = 0; has <= ALL; has++) {
        char lines[2048];
        world made = {0};
        make_lines(has, has % 3 == 0, lines, sizeof lines);
        world_plan(&made, "mark", EACH_ATTRIBUTE, lines, "2025-01-01", 0);
        const uint8_t *record = made.snapshot->records[0].bytes;
        const heng_sieve_input input = {
            .record = record,
            .subject = made.snapshot->subject,
            .category = heng_plan_category(made.plan, heng_flat_u32(record + 4))};
        assert_int_equal(made.ruleset->rule_count, COUNT(ATTRIBUTES) + 1);
        for (unsigned i = 0; i <= COUNT(ATTRIBUTES); i++) {
            unsigned attribute = i < COUNT(ATTRIBUTES) ? i : 3; /* the last: word */
            heng_tri want = (has >> attribute & 1) != 0 ? YES : OPEN;
            const heng_sieve *sieve = made.plan->rules[i].sieve;
            const heng_sieve *within =
                heng_sieve_within(made.plan, sieve, input.category);
            assert_non_null(within);
            assert_int_equal(heng_sieve_ask(within, &input), want);
            assert_int_equal(heng_sieve_ask(sieve, &input), want);
        }
        world_done(&made);
    }
}

/* ---- grounds ---- */

struct whole {
    const char *name;
    const char *condition;
    int with[3]; /* of no ground, of the record, of it and another one that is in force
                  */
    int not_given;
    bool reads, whole;
};

/* The other one: count 9, no word. */
static struct whole wholes[] = {
    {"all", "grounds.all(g, g.count > 1)", {YES, YES, YES}, OPEN, true, true},
    {"not all", "grounds.all(g, g.count < 5)", {YES, YES, NO}, OPEN, true, true},
    {"some", "grounds.exists(g, g.count == 9)", {NO, NO, YES}, OPEN, true, true},
    {"none", "!grounds.exists(g, g.count == 8)", {YES, YES, YES}, OPEN, true, true},
    {"some beats one that fails",
     "grounds.exists(g, g.word == \"b\")",
     {NO, YES, YES},
     OPEN,
     true,
     true},
    {"none where one fails",
     "grounds.exists(g, g.word == \"c\")",
     {NO, NO, OPEN},
     OPEN,
     true,
     true},
    {"one that is in force",
     "grounds.exists(g, g.in_force)",
     {NO, NO, YES},
     OPEN,
     true,
     true},
    {"all of a category",
     "grounds.all(g, g.category == \"other\")",
     {YES, YES, YES},
     OPEN,
     true,
     true},
    {"with the subject inside",
     "grounds.exists(g, g.count == 3 && subject.staff == 40)",
     {NO, YES, YES},
     OPEN,
     true,
     true},
    {"the subject alone", "subject.staff == 40", {YES, YES, YES}, YES, false, true},
    {"or the day",
     "grounds.exists(g, g.count == 9) || as_of > date(\"2030-01-01\")",
     {OPEN, OPEN, YES},
     OPEN,
     true,
     false},
    {"a part inside for the program",
     "grounds.all(g, g.count == 3 || g.authority == \"a\")",
     {YES, YES, OPEN},
     OPEN,
     true,
     false},
    {"one in the other is for the program",
     "grounds.all(g, grounds.exists(h, h.count == g.count) && g.count == 3)",
     {YES, OPEN, NO},
     OPEN,
     true,
     false},
    {"how many", "size(grounds) > 1", {NO, NO, YES}, OPEN, true, true},
    {"how many, turned", "1 == size(grounds)", {NO, YES, NO}, OPEN, true, true},
    {"how many, not against a number",
     "size(grounds) > subject.staff",
     {NONE, NONE, NONE},
     NONE,
     false,
     false},
    {"how many of another list",
     "size(subject.name) > 1",
     {NONE, NONE, NONE},
     NONE,
     false,
     false},
    {"exactly one is for the program",
     "grounds.exists_one(g, g.count == 3)",
     {NONE, NONE, NONE},
     NONE,
     false,
     false},
    {"the records, which are not given",
     "records.exists(g, g.count == 3)",
     {OPEN, OPEN, OPEN},
     OPEN,
     true,
     true},
    {"how many records, which are not given",
     "size(records) > 1",
     {OPEN, OPEN, OPEN},
     OPEN,
     true,
     true},
    {"the grounds beside the records",
     "size(grounds) > 1 && records.all(p, p.count == 3)",
     {NO, NO, OPEN},
     OPEN,
     true,
     true},
    {"other lists are for the program",
     "[1, 2].exists(g, g == 3)",
     {NONE, NONE, NONE},
     NONE,
     false,
     false},
};

static void check_whole(void **state) {
    const struct whole *row = *state;
    char rules[2048], lines[2048];
    world made = {0};
    (void)snprintf(rules, sizeof rules,
                   "rules:\n%sground: 'r.category == \"other\"', unless: [{if: '%s', "
                   "because: b, basis: [{source: law, article: \"1\"}]}], %s",
                   RULE_HEAD, row->condition, RULE_END);
    (void)snprintf(lines, sizeof lines,
                   "%s{\"type\":\"record\",\"id\":\"R-2\",\"subject\":\"S-1\","
                   "\"category\":\"other\",\"authority\":\"b\",\"document_no\":\"d\","
                   "\"decided_on\":\"2024-05-15\",\"attributes\":{\"count\":9}}\n",
                   LINES);
    world_plan(&made, "mark", rules, lines, "2025-01-01", 0);
    const heng_sieve *sieve = made.plan->rules[0].unless[0];
    heng_sieve_input grounds[2];
    for (size_t i = 0; i < COUNT(grounds); i++) {
        const uint8_t *record = made.snapshot->records[i].bytes;
        grounds[i] = (heng_sieve_input){
            .record = record,
            .subject = made.snapshot->subject,
            .category = heng_plan_category(made.plan, heng_flat_u32(record + 4)),
            .in_force = i == 1 ? YES : NO};
    }
    for (size_t count = 0; count <= COUNT(grounds); count++) {
        heng_sieve_input input = {.subject = made.snapshot->subject,
                                  .in_force = OPEN,
                                  .grounds = grounds,
                                  .ground_count = count};
        assert_int_equal(sieve == NULL ? NONE : (int)heng_sieve_ask(sieve, &input),
                         row->with[count]);
        input.grounds = NULL;
        assert_int_equal(sieve == NULL ? NONE : (int)heng_sieve_ask(sieve, &input),
                         row->not_given);
    }
    assert_int_equal(sieve != NULL && heng_sieve_reads_lists(sieve), row->reads);
    assert_int_equal(sieve != NULL && heng_sieve_reads_records(sieve),
                     sieve != NULL && strstr(row->condition, "records") != NULL);
    assert_int_equal(sieve != NULL && heng_sieve_is_whole(sieve), row->whole);
    world_done(&made);
}

/* Two records, of counts 3 and 9, the second in force. */
static void records_are_a_list_of_their_own(void **state) {
    (void)state;
    static const struct {
        const char *condition;
        int want;
    } cases[] = {
        {"records.exists(p, p.count == 9 && p.in_force)", YES},
        {"records.exists(p, p.count == 3 && p.in_force)", NO},
        {"records.all(p, p.count > 1)", YES},
        {"size(records) == 2 && size(grounds) == 0", YES},
        {"size(records) == size(grounds)", NONE},
        {"grounds.exists(g, records.exists(p, p.count == g.count))", NONE},
        {"records.exists(p, grounds.exists(g, p.count == g.count)) || size(records) > "
         "1",
         YES},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        char rules[2048], lines[2048];
        world made = {0};
        (void)snprintf(rules, sizeof rules,
                       "rules:\n%sground: 'r.category == \"other\"', when: '%s', %s",
                       RULE_HEAD, cases[i].condition, RULE_END);
        (void)snprintf(lines, sizeof lines,
                       "%s{\"type\":\"record\",\"id\":\"R-2\",\"subject\":\"S-1\","
                       "\"category\":\"other\",\"authority\":\"b\",\"document_no\":"
                       "\"d\",\"decided_on\":\"2024-05-15\",\"attributes\":{"
                       "\"count\":9}}\n",
                       LINES);
        world_plan(&made, "mark", rules, lines, "2025-01-01", 0);
        const heng_sieve *sieve = made.plan->rules[0].when;
        heng_sieve_input records[2];
        for (size_t r = 0; r < COUNT(records); r++) {
            const uint8_t *record = made.snapshot->records[r].bytes;
            records[r] = (heng_sieve_input){
                .record = record,
                .subject = made.snapshot->subject,
                .category = heng_plan_category(made.plan, heng_flat_u32(record + 4)),
                .in_force = r == 1 ? YES : NO};
        }
        const heng_sieve_input input = {.subject = made.snapshot->subject,
                                        .in_force = OPEN,
                                        .grounds = records, /* none of them */
                                        .records = records,
                                        .record_count = COUNT(records)};
        assert_int_equal(sieve == NULL ? NONE : (int)heng_sieve_ask(sieve, &input),
                         cases[i].want);
        world_done(&made);
    }
}

/* ---- what an index and the days can use ---- */

static void a_key_parts_best(void **state) {
    (void)state;
    static const struct {
        const char *condition;
        int kind; /* -1: no key */
        const char *name;
    } cases[] = {
        {"r.count > 1", HENG_SIEVE_NUMBER, "count"},
        {"r.flagged && r.count > 1", HENG_SIEVE_NUMBER, "count"},
        {"r.flagged && r.authority == \"a\"", HENG_SIEVE_NUMBER, "flagged"},
        {"r.count > 1 && r.flagged && r.word == \"b\"", HENG_SIEVE_WORD, "word"},
        {"r.count != 1 && r.decided_on > date(\"2020-01-01\")", HENG_SIEVE_DAY, NULL},
        {"r.count > 1 || r.flagged", -1, NULL},
        {"r.word != \"b\"", -1, NULL},
        {"subject.staff > 1 && \"x\" in r.marks", -1, NULL},
        {"!r.flagged", -1, NULL},
        {"has(r.count)", -1, NULL},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        world made = {0};
        plan_ground(&made, cases[i].condition);
        const heng_sieve *key = heng_sieve_key(made.plan->rules[0].sieve);
        assert_int_equal(key == NULL ? -1 : (int)key->kind, cases[i].kind);
        if (cases[i].name != NULL)
            assert_int_equal(key->name, heng_names_find(made.snapshot->names,
                                                        heng_str_of(cases[i].name)));
        world_done(&made);
    }
}

static void only_in_force_changes_with_the_day(void **state) {
    (void)state;
    world made = {0};
    plan_ground(&made, "r.count > 1 && r.decided_on < date(\"2020-01-01\")");
    assert_false(heng_sieve_is_dated(made.plan->rules[0].sieve));
    world_done(&made);
    plan_ground(&made, "r.count > 1 && !(r.flagged || r.in_force)");
    assert_true(heng_sieve_is_dated(made.plan->rules[0].sieve));
    world_done(&made);
}

/* ---- within a category ---- */

/* Kinds of the parts, a letter each. */
static void write_parts(const heng_sieve *sieve, char text[64]) {
    size_t len = 0;
    for (uint32_t i = 0; i < sieve->span && len < 63; i++) {
        switch ((heng_sieve_kind)sieve[i].kind) {
        case HENG_SIEVE_AND:
            text[len++] = '&';
            break;
        case HENG_SIEVE_OR:
            text[len++] = '|';
            break;
        case HENG_SIEVE_NOT:
            text[len++] = '!';
            break;
        case HENG_SIEVE_WORDS:
            text[len++] = 'W';
            break;
        case HENG_SIEVE_CONSTANT:
            text[len++] = "FT?"[sieve[i].as.constant];
            break;
        case HENG_SIEVE_NUMBER:
            text[len++] = '#';
            break;
        case HENG_SIEVE_WORD:
            text[len++] = 'w';
            break;
        case HENG_SIEVE_IN_FORCE:
            text[len++] = 'f';
            break;
        case HENG_SIEVE_CATEGORY:
            text[len++] = 'c';
            break;
        case HENG_SIEVE_EXISTS:
            text[len++] = 'E';
            break;
        case HENG_SIEVE_ALL:
        case HENG_SIEVE_COUNT:
        case HENG_SIEVE_DAY:
        case HENG_SIEVE_KIND:
        case HENG_SIEVE_TEXT:
        case HENG_SIEVE_AMONG:
        case HENG_SIEVE_HAS:
            text[len++] = '.';
            break;
        }
    }
    text[len] = '\0';
}

static void what_the_category_settles_is_left_out(void **state) {
    (void)state;
    static const struct {
        const char *condition;
        const char *other, *fine; /* the parts for records of these */
    } cases[] = {
        {"r.category == \"other\"", "T", "F"},
        {"r.category in [\"other\", \"fine\"]", "T", "T"},
        {"r.category == \"other\" && r.category != \"fine\"", "T", "F"},
        {"r.category == \"other\" && r.count > 1", "#", "F"},
        {"r.category == \"other\" && r.count > 1 && r.flagged", "&##", "F"},
        {"r.category == \"other\" || r.category == \"fine\" && r.count > 1", "T", "#"},
        {"r.category == \"other\" || r.count > 1 || r.in_force", "T", "|#f"},
        {"!(r.category == \"other\")", "F", "T"},
        {"!(r.category == \"other\" && r.count > 1)", "!#", "T"},
        {"r.count > 1 && (r.category == \"fine\" || r.flagged && r.in_force)", "&##f",
         "#"},
        {"(r.category == \"other\" || r.category == \"fine\" && r.word == \"b\") && "
         "r.count > 1",
         "#", "&w#"},
        {"r.word in [\"a\", \"b\"] && r.category == \"fine\"", "F", "Www"},
        {"r.word in [\"a\", \"b\"] || r.category == \"fine\" || r.count > 1", "|Www#",
         "T"},
        {"r.category == \"other\" && r.authority == \"a\" && r.count > 1", "&?#", "F"},
        {"r.category == \"other\" || r.authority == \"a\"", "T", "?"},
        {"r.category == \"fine\" && records.exists(p, p.category == \"fine\" && "
         "p.count > 1) && r.count > 1",
         "F", "&E&c##"},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        static const char *const IDS[] = {"other", "fine"};
        world made = {0};
        plan_ground(&made, cases[i].condition);
        const heng_catalog *catalog = &made.ruleset->catalog;
        for (size_t c = 0; c < COUNT(IDS); c++) {
            char text[64];
            const heng_category *category =
                heng_catalog_category(catalog, heng_str_of(IDS[c]));
            const heng_sieve *within =
                heng_sieve_within(made.plan, made.plan->rules[0].sieve,
                                  (uint32_t)(category - catalog->categories));
            assert_non_null(within);
            write_parts(within, text);
            assert_string_equal(text, c == 0 ? cases[i].other : cases[i].fine);
            for (int value = HENG_TRI_FALSE; value <= HENG_TRI_UNKNOWN; value++)
                assert_int_equal(heng_sieve_is_always(within, (heng_tri)value),
                                 text[1] == '\0' && text[0] == "FT?"[value]);
        }
        world_done(&made);
    }
}

static void add_categories(heng_buffer *to, const char *prefix, const char *last) {
    for (int i = 0; i < 1001; i++)
        (void)heng_buffer_add_format(to, "r.category == \"%s%d\" || ", prefix, i);
    (void)heng_buffer_add_format(to, "r.category == \"%s\"", last);
}

static void declare_categories(heng_buffer *to, const char *prefix) {
    for (int i = 0; i < 1001; i++)
        (void)heng_buffer_add_format(to,
                                     "  - {id: %s%d, title: o, information: public, "
                                     "nature: neutral, provider: p}\n",
                                     prefix, i);
}

/* So many categories that the ground is bound to one half of the condition only. */
static void a_bound_that_is_too_wide_is_not_listed(void **state) {
    (void)state;
    world made = {0};
    heng_buffer rules;
    heng_buffer_init(&rules, (size_t)1 << 20);
    (void)heng_buffer_add_text(&rules, "rules:\n" RULE_HEAD "ground: '(");
    add_categories(&rules, "x", "fine");
    (void)heng_buffer_add_text(&rules, ") && (");
    add_categories(&rules, "y", "other");
    (void)heng_buffer_add_text(&rules, ")', " RULE_END "categories:\n");
    declare_categories(&rules, "x");
    declare_categories(&rules, "y");
    assert_int_equal(heng_buffer_add_char(&rules, '\0'), HENG_OK);
    world_plan(&made, "mark", heng_buffer_view(&rules).ptr, LINES, "2025-01-01", 0);
    size_t seen = 0;
    for (uint32_t c = 0; c < made.ruleset->catalog.category_count; c++) {
        heng_sieve_input input = {.record = made.snapshot->records[0].bytes,
                                  .category = c};
        assert_int_equal(heng_sieve_ask(made.plan->rules[0].sieve, &input), NO);
        if (!heng_plan_rule_sees(made.plan, 0, c))
            continue;
        const heng_sieve *within =
            heng_sieve_within(made.plan, made.plan->rules[0].sieve, c);
        assert_non_null(within);
        assert_true(heng_sieve_is_always(within, NO));
        /* so that it stands in no list */
        assert_false(heng_rule_index_has(&made.plan->index[HENG_GAZE_OWN], c));
        seen++;
    }
    assert_int_equal(seen, 1002);
    heng_buffer_done(&rules);
    world_done(&made);
}

/* ---- caps ---- */

static void long_lists_are_for_the_program(void **state) {
    (void)state;
    for (uint32_t more = 0; more < 2; more++) {
        char condition[1024] = "r.count in [3";
        world made = {0};
        for (uint32_t i = 1; i < HENG_LIMIT_SIEVE_WORDS + more; i++)
            (void)snprintf(condition + strlen(condition),
                           sizeof condition - strlen(condition), ", %u", i + 10);
        (void)strcat(condition, "]");
        plan_ground(&made, condition);
        assert_int_equal(made.plan->rules[0].sieve != NULL, more == 0);
        world_done(&made);
    }
}

/* Sums by the hundred, for their parts: the longest condition that may be written has
 * more than a sieve may. */
static void plan_sums(world *made, unsigned sums) {
    enum { TERMS = 200 };
    heng_buffer rules;
    heng_buffer_init(&rules, (size_t)1 << 20);
    (void)heng_buffer_add_text(&rules, "rules:\n" RULE_HEAD
                                       "ground: 'r.count == 3 && (r.count in [3");
    for (unsigned i = 0; i < sums; i++) {
        for (unsigned k = 0; k < TERMS; k++)
            (void)heng_buffer_add_text(&rules, k == 0 ? ",1" : "+1");
    }
    (void)heng_buffer_add_text(&rules, "] || r.flagged)', " RULE_END);
    assert_int_equal(heng_buffer_add_char(&rules, '\0'), HENG_OK);
    world_plan(made, "mark", heng_buffer_view(&rules).ptr, LINES, "2025-01-01", 0);
    heng_buffer_done(&rules);
}

static void conditions_with_too_many_parts_are_for_the_program(void **state) {
    (void)state;
    static const struct {
        unsigned sums;
        bool has_sieve;
    } cases[] = {{1, true}, {160, true}, {165, false}, {300, false}};
    for (size_t i = 0; i < COUNT(cases); i++) {
        world made = {0};
        plan_sums(&made, cases[i].sums);
        const heng_sieve *sieve = made.plan->rules[0].sieve;
        uint32_t nodes =
            heng_cel_program_ast(made.ruleset->rules[0].ground)->node_count;
        assert_int_equal(nodes + 1 < HENG_LIMIT_SIEVE_PARTS, cases[i].has_sieve);
        assert_int_equal(sieve != NULL, cases[i].has_sieve);
        heng_error error = {0}; /* and decided all the same */
        assert_int_equal(heng_decide(made.plan, made.worker, made.snapshot, UINT32_MAX,
                                     0, &made.decision, &error),
                         HENG_OK);
        assert_int_equal(made.decision->measure_count, 1);
        world_done(&made);
    }
}

int main(void) {
    struct CMUnitTest tests[COUNT(rows) + COUNT(wholes) + 11];
    const struct CMUnitTest others[] = {
        cmocka_unit_test(nothing_is_told_of_what_is_not_given),
        cmocka_unit_test(records_are_a_list_of_their_own),
        cmocka_unit_test(a_key_parts_best),
        cmocka_unit_test(only_in_force_changes_with_the_day),
        cmocka_unit_test(what_the_category_settles_is_left_out),
        cmocka_unit_test(a_bound_that_is_too_wide_is_not_listed),
        cmocka_unit_test(long_lists_are_for_the_program),
        cmocka_unit_test(conditions_with_too_many_parts_are_for_the_program),
        cmocka_unit_test(words_that_are_none_are_for_the_program),
        cmocka_unit_test(every_comparison_is_what_was_written),
        cmocka_unit_test(attributes_are_found_where_others_are_missing),
    };
    size_t count = 0;
    for (size_t i = 0; i < COUNT(rows); i++)
        tests[count++] = ROW_TEST(&rows[i], check_row);
    for (size_t i = 0; i < COUNT(wholes); i++)
        tests[count++] = ROW_TEST(&wholes[i], check_whole);
    for (size_t i = 0; i < COUNT(others); i++)
        tests[count++] = others[i];
    return check_run("decide/sieve", tests, count, NULL, NULL);
}
