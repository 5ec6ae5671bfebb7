/* SPDX-License-Identifier: Apache-2.0 */
/*
 * main_worked.c: the reference itself against cases worked out by hand, so that it and
 * the engine cannot be wrong together about what people read most.
 *
 * One company, matter.a with a mandatory bar (measure.a), an incentive (measure.b) and
 * a notice (measure.c); rules and records are added by each case.
 */
#include "reference.h"
#include "support/check.h"

enum { BAR = 1, GOOD = 2, NOTE = 4 };

typedef struct stage {
    rules rules;
    world world;
} stage;

static day on(int year, int month, int dom) {
    return calendar_day(year, month, dom);
}

static void set(stage *at) {
    *at = (stage){0};
    rules *of = &at->rules;
    of->suspend = true;
    of->matter_count = 1;
    of->category_count = 3;
    of->categories[0] = (category){.id = "cat.a", .nature = ADVERSE, .severity = 3};
    of->categories[1] = (category){.id = "cat.b", .nature = FAVOURABLE};
    of->categories[2] = (category){.id = "cat.c"};
    of->measure_count = 3;
    of->measures[0] = (measure){.id = "measure.a", .kind = RESTRICTION, .matters = 1};
    of->measures[1] = (measure){.id = "measure.b", .kind = INCENTIVE, .matters = 1};
    of->measures[2] = (measure){.id = "measure.c", .kind = NOTICE, .matters = 1};
    at->world.subject_count = 1;
    at->world.subjects[0] = (subject){.id = "T-1",
                                      .has_line = true,
                                      .region = "430102",
                                      .born_on = DAY_NONE,
                                      .established_on = DAY_NONE};
}

static int add(stage *at, node what) {
    at->rules.nodes[at->rules.node_count] = what;
    return at->rules.node_count++;
}

static int decided_on(stage *at) {
    return add(at, (node){.op = OP_FIELD,
                          .a = -1,
                          .b = -1,
                          .c = -1,
                          .field = R_DECIDED_ON,
                          .var = VAR_R});
}

/* r.category == the category's id */
static int of_category(stage *at, int index) {
    int read = add(at, (node){.op = OP_FIELD,
                              .a = -1,
                              .b = -1,
                              .c = -1,
                              .field = R_CATEGORY,
                              .var = VAR_R});
    value id = {.type = TYPE_STRING, .text = at->rules.categories[index].id};
    int text_at =
        add(at, (node){.op = OP_LITERAL, .a = -1, .b = -1, .c = -1, .constant = id});
    return add(at, (node){.op = OP_EQ, .a = read, .b = text_at, .c = -1});
}

/* r.times > 0 */
static int counted(stage *at) {
    int read = add(
        at,
        (node){
            .op = OP_FIELD, .a = -1, .b = -1, .c = -1, .field = R_COUNT, .var = VAR_R});
    value zero = {.type = TYPE_INT};
    int zero_at =
        add(at, (node){.op = OP_LITERAL, .a = -1, .b = -1, .c = -1, .constant = zero});
    return add(at, (node){.op = OP_GT, .a = read, .b = zero_at, .c = -1});
}

/* On records of that category, from decided_on for that many months (0: while in
 * force). */
static rule *add_rule(stage *at, int about, unsigned measures, int months) {
    rule *by = &at->rules.rules[at->rules.rule_count++];
    *by = (rule){.applies_to = 15,
                 .from = on(2010, 1, 1),
                 .to = DAY_NONE,
                 .when = -1,
                 .measures = measures,
                 .force = -1};
    by->ground = of_category(at, about);
    if (months > 0) {
        by->term = TERM_LAST;
        by->term_from = decided_on(at);
        by->last = (period){months, 0};
    }
    return by;
}

static record *add_record(stage *at, int about, day decided) {
    record *made = &at->world.records[at->world.record_count++];
    *made = (record){.category = about,
                     .decided_on = decided,
                     .authority = "",
                     .document_no = "",
                     .effective_on = DAY_NONE,
                     .expires_on = DAY_NONE,
                     .status_on = DAY_NONE};
    made->id[0] = (char)('A' + at->world.record_count);
    return made;
}

static answer ask(const stage *at, day as_of) {
    answer got;
    reference_answer(&at->rules, &at->world, 0, as_of, &got);
    return got;
}

static void term_is_clamped_and_inclusive(void **state) {
    (void)state;
    stage at;
    set(&at);
    add_rule(&at, 0, BAR, 1);
    add_record(&at, 0, on(2024, 1, 31));
    assert_int_equal(ask(&at, on(2024, 1, 30)).verdicts[0], VERDICT_CLEAR);
    assert_int_equal(ask(&at, on(2024, 1, 31)).verdicts[0], VERDICT_BLOCKED);
    answer last = ask(&at, on(2024, 2, 29));
    assert_int_equal(last.verdicts[0], VERDICT_BLOCKED);
    assert_int_equal(last.measures[0].until, on(2024, 2, 29));
    answer after = ask(&at, on(2024, 3, 1));
    assert_int_equal(after.verdicts[0], VERDICT_CLEAR);
    assert_int_equal(after.not_applied[STATE_LAPSED], BAR);
    assert_int_equal(reference_stays_until(&at.rules, &at.world, 0, &last, DAY_MAX),
                     on(2024, 2, 29));
}

static void adjoining_runs_join(void **state) {
    (void)state;
    stage at;
    set(&at);
    add_rule(&at, 0, BAR, 1);
    add_record(&at, 0, on(2024, 1, 31));
    add_record(&at, 0, on(2024, 3, 1));
    answer got = ask(&at, on(2024, 3, 5));
    assert_int_equal(got.measures[0].from, on(2024, 1, 31));
    assert_int_equal(got.measures[0].until, on(2024, 4, 1));
    assert_int_equal(got.measures[0].grounds, 3);
}

static void exception_to_an_exception_restores(void **state) {
    (void)state;
    stage at;
    set(&at);
    add_rule(&at, 0, BAR, 12);
    add_rule(&at, 0, 0, 12)->exceptions = 1;
    add_record(&at, 0, on(2024, 1, 1));
    answer one = ask(&at, on(2024, 2, 1));
    assert_int_equal(one.verdicts[0], VERDICT_CLEAR);
    assert_int_equal(one.not_applied[STATE_DISPLACED], BAR);
    add_rule(&at, 0, 0, 12)->exceptions = 2;
    assert_int_equal(ask(&at, on(2024, 2, 1)).verdicts[0], VERDICT_BLOCKED);
}

static void disputed_adverse_record_suspends(void **state) {
    (void)state;
    stage at;
    set(&at);
    add_rule(&at, 0, BAR, 12);
    record *made = add_record(&at, 0, on(2024, 1, 1));
    made->status = DISPUTED;
    made->status_on = on(2024, 3, 1);
    assert_int_equal(ask(&at, on(2024, 2, 29)).verdicts[0], VERDICT_BLOCKED);
    answer got = ask(&at, on(2024, 3, 1));
    assert_int_equal(got.verdicts[0], VERDICT_CLEAR);
    assert_int_equal(got.measures[0].state, STATE_SUSPENDED);
    assert_int_equal(got.measures[0].until, on(2025, 1, 1));
    at.rules.suspend = false;
    assert_int_equal(ask(&at, on(2024, 3, 1)).verdicts[0], VERDICT_BLOCKED);
}

static void disputed_favourable_record_suspends_what_it_would_lift(void **state) {
    (void)state;
    stage at;
    set(&at);
    add_rule(&at, 0, BAR, 12);
    add_rule(&at, 1, GOOD, 12)->exceptions = 1;
    add_record(&at, 0, on(2024, 1, 1));
    add_record(&at, 1, on(2024, 1, 1))->status = DISPUTED;
    answer got = ask(&at, on(2024, 2, 1));
    assert_int_equal(got.measures[0].state, STATE_SUSPENDED);
    assert_int_equal(got.measures[0].rules, 1);
    assert_int_equal(got.measures[1].state, STATE_SUSPENDED);
    assert_int_equal(got.verdicts[0], VERDICT_CLEAR);
}

static void missing_attribute_is_never_silently_clear(void **state) {
    (void)state;
    stage at;
    set(&at);
    rule *by = add_rule(&at, 0, BAR, 12);
    by->ground =
        add(&at, (node){.op = OP_AND, .a = by->ground, .b = counted(&at), .c = -1});
    add_record(&at, 0, on(2024, 1, 1));
    answer got = ask(&at, on(2024, 2, 1));
    assert_int_equal(got.verdicts[0], VERDICT_UNDETERMINED);
    assert_int_equal(got.undetermined, 1);
    assert_false(got.measures[0].present);
    by->measures = NOTE;
    assert_int_equal(ask(&at, on(2024, 2, 1)).verdicts[0], VERDICT_CLEAR);
    at.world.records[0].category = 1; /* the other side of && decides */
    assert_int_equal(ask(&at, on(2024, 2, 1)).undetermined, 0);
}

static void certain_ground_fires_beside_a_doubtful_one(void **state) {
    (void)state;
    stage at;
    set(&at);
    rule *by = add_rule(&at, 0, BAR, 12);
    by->ground = counted(&at);
    add_record(&at, 0, on(2024, 1, 1));
    attribute two = {true, {.type = TYPE_INT, .number = 2}};
    add_record(&at, 0, on(2024, 1, 1))->attributes[R_COUNT - R_ATTRIBUTES] = two;
    answer got = ask(&at, on(2024, 2, 1));
    assert_int_equal(got.verdicts[0], VERDICT_BLOCKED);
    assert_int_equal(got.undetermined, 1);
    assert_int_equal(got.measures[0].grounds, 2);
}

static void repaired_record_ends_what_does_not_stay(void **state) {
    (void)state;
    stage at;
    set(&at);
    add_rule(&at, 0, BAR, 36);
    record *made = add_record(&at, 0, on(2024, 1, 1));
    made->status = REPAIRED;
    made->status_on = on(2024, 6, 1);
    assert_int_equal(ask(&at, on(2024, 5, 31)).verdicts[0], VERDICT_BLOCKED);
    assert_int_equal(ask(&at, on(2024, 6, 1)).verdicts[0], VERDICT_CLEAR);
    at.rules.rules[0].stays = true;
    answer got = ask(&at, on(2024, 6, 1));
    assert_int_equal(got.verdicts[0], VERDICT_BLOCKED);
    assert_int_equal(got.measures[0].from, on(2024, 1, 1)); /* not cut at status_on */
}

static void decided_on_outlives_the_rule(void **state) {
    (void)state;
    stage at;
    set(&at);
    rule *by = add_rule(&at, 0, BAR, 36);
    by->to = on(2024, 12, 31);
    add_record(&at, 0, on(2024, 6, 1));
    assert_int_equal(ask(&at, on(2024, 12, 31)).measures[0].until, on(2024, 12, 31));
    assert_int_equal(ask(&at, on(2025, 1, 1)).verdicts[0], VERDICT_CLEAR);
    by->by_decided_on = true;
    assert_int_equal(ask(&at, on(2025, 1, 1)).measures[0].until, on(2027, 6, 1));
    at.world.records[0].decided_on = on(2025, 1, 1);
    assert_int_equal(ask(&at, on(2025, 1, 1)).verdicts[0], VERDICT_CLEAR);
}

static void use_limit_ends_the_use(void **state) {
    (void)state;
    stage at;
    set(&at);
    add_rule(&at, 0, BAR, 60);
    at.rules.categories[0].has_use_limit = true;
    at.rules.categories[0].use_limit = (period){36, 0};
    add_record(&at, 0, on(2020, 2, 29));
    answer got = ask(&at, on(2023, 2, 28));
    assert_int_equal(got.verdicts[0], VERDICT_BLOCKED);
    assert_int_equal(got.measures[0].until, on(2023, 2, 28));
    assert_int_equal(ask(&at, on(2023, 3, 1)).verdicts[0], VERDICT_CLEAR);
}

static void tie_holds_from_either_side(void **state) {
    (void)state;
    stage at;
    set(&at);
    at.world.subject_count = 2;
    at.world.subjects[1] = (subject){.id = "P-1",
                                     .has_line = true,
                                     .kind = NATURAL_PERSON,
                                     .region = "430102",
                                     .born_on = DAY_NONE,
                                     .established_on = DAY_NONE,
                                     .relation_count = 1};
    /* P-1 says: T-1 is what I legally represent, until the end of March */
    at.world.subjects[1].relations[0] =
        (relation){.role = 1, .other = 0, .from = DAY_MIN, .to = on(2024, 3, 31)};
    rule *by = add_rule(&at, 0, BAR, 12);
    by->gaze = GAZE_THROUGH;
    by->roles = 1; /* legal_representative */
    add_record(&at, 0, on(2024, 1, 1))->subject = 1;
    assert_int_equal(ask(&at, on(2024, 3, 31)).verdicts[0], VERDICT_BLOCKED);
    assert_int_equal(ask(&at, on(2024, 4, 1)).verdicts[0], VERDICT_CLEAR);
}

static void keeper_of_a_conflict_displaces(void **state) {
    (void)state;
    stage at;
    set(&at);
    add_rule(&at, 0, BAR, 12);
    add_rule(&at, 0, GOOD, 12);
    at.rules.conflict_count = 1;
    at.rules.conflicts[0] = (conflict){{false, 0}, {false, 1}};
    add_record(&at, 0, on(2024, 1, 1));
    answer got = ask(&at, on(2024, 2, 1));
    assert_true(got.measures[0].present);
    assert_int_equal(got.not_applied[STATE_DISPLACED], GOOD);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(term_is_clamped_and_inclusive),
        cmocka_unit_test(adjoining_runs_join),
        cmocka_unit_test(exception_to_an_exception_restores),
        cmocka_unit_test(disputed_adverse_record_suspends),
        cmocka_unit_test(disputed_favourable_record_suspends_what_it_would_lift),
        cmocka_unit_test(missing_attribute_is_never_silently_clear),
        cmocka_unit_test(certain_ground_fires_beside_a_doubtful_one),
        cmocka_unit_test(repaired_record_ends_what_does_not_stay),
        cmocka_unit_test(decided_on_outlives_the_rule),
        cmocka_unit_test(use_limit_ends_the_use),
        cmocka_unit_test(tie_holds_from_either_side),
        cmocka_unit_test(keeper_of_a_conflict_displaces),
    };
    return cmocka_run_group_tests_name("reference/worked", tests, NULL, NULL);
}
