/* SPDX-License-Identifier: Apache-2.0 */
/* test_particulars.c: which rules ask for what an outline does not have. That a batch
 * then reads it is shown in tests/batch/test_batch.c. */
#include <stdio.h>
#include <string.h>

#include "support/check.h"
#include "world.h"

#include "decide/plan.h"
#include "ruleset/particulars.h"

#define HEAD                                                                           \
    "rules:\n  - {id: a, title: t, applies_to: [legal_person], effective: {from: "     \
    "2010-01-01}, basis: [{source: law, article: \"1\"}], measures: [exclude], "
#define RULE(more) HEAD more "}\n"
#define ON_FINE "ground: 'r.category == \"fine\"', "
#define GROUND(condition) "ground: 'r.category == \"fine\" && " condition "'"
#define UNLESS(condition)                                                              \
    "unless: [{if: 'subject.staff == 1', because: b, basis: [{source: law, article: "  \
    "\"2\"}]}, {if: '" condition                                                       \
    "', because: b, basis: [{source: law, article: \"2\"}]}]"

struct row {
    const char *name;
    const char *rules;
    bool want;
};

static struct row rows[] = {
    {"no rule", "rules: []\n", false},
    {"a plain ground", RULE(GROUND("r.count > 1")), false},
    {"all that an outline has",
     RULE(
         GROUND("r.id != \"x\" && r.subject != \"y\" && r.nature == \"adverse\" && "
                "r.severity == \"general\" && r.decided_on < as_of && r.effective_on < "
                "as_of && has(r.expires_on) && r.status == \"active\" && r.in_force && "
                "r.amount > 5 && subject.id != \"z\" && subject.kind == "
                "\"legal_person\" && subject.region == \"43\" && has(subject.industry) "
                "&& has(subject.established_on) && subject.status == \"active\" && "
                "subject.scale == \"small\" && \"p\" in subject.lines")),
     false},
    /* where it is asked */
    {"a ground", RULE(GROUND("r.authority == \"a\"")), true},
    {"the document's number", RULE(GROUND("r.document_no == \"d\"")), true},
    {"the subject's name", RULE(GROUND("subject.name == \"n\"")), true},
    {"a `when`", RULE(ON_FINE "when: 'subject.name == \"n\"'"), true},
    {"a `when` without a ground", RULE("when: 'subject.name == \"n\"'"), true},
    {"the second `unless`", RULE(ON_FINE UNLESS("subject.name == \"n\"")), true},
    {"an `unless` that does not", RULE(ON_FINE UNLESS("subject.staff == 2")), false},
    {"the beginning of a term",
     RULE(ON_FINE
          "term: {from: 'r.authority == \"a\" ? r.decided_on : r.effective_on', "
          "last: P3Y}"),
     true},
    {"the end of a term",
     RULE(ON_FINE "term: {from: r.decided_on, until: 'r.document_no == \"d\" ? "
                  "r.decided_on : r.effective_on'}"),
     true},
    {"a term that does not",
     RULE(ON_FINE "term: {from: r.effective_on, until: 'r.decided_on + "
                  "period(\"P4Y\")'}"),
     false},
    {"one rule of several",
     RULE(GROUND("r.count > 1")) "  - {id: b, title: t, applies_to: [natural_person], "
                                 "effective: {from: 2010-01-01}, basis: [{source: law, "
                                 "article: \"1\"}], measures: [exclude], " GROUND(
                                     "r.authority == \"a\"") "}\n",
     true},
    /* how it is asked */
    {"as the receiver of a call", RULE(GROUND("r.authority.startsWith(\"a\")")), true},
    {"as an argument", RULE(GROUND("size(r.authority) > 1")), true},
    {"with its sides changed", RULE(GROUND("\"a\" == r.authority")), true},
    {"in a list", RULE(GROUND("r.authority in [\"a\", \"b\"]")), true},
    {"as an item of a list", RULE(GROUND("\"a\" in [r.authority]")), true},
    {"among others", RULE(GROUND("(r.count > 1 || !(subject.name == \"n\"))")), true},
    {"one of the two", RULE(GROUND("(r.flagged ? r.word : r.authority) == \"a\"")),
     true},
    {"of some of the grounds",
     RULE(ON_FINE "when: 'grounds.exists(g, g.authority == \"a\")'"), true},
    {"of all of them", RULE(ON_FINE UNLESS("grounds.all(g, g.document_no != \"d\")")),
     true},
    {"of other records",
     RULE(ON_FINE "when: 'size(records.filter(x, x.authority == \"a\")) > 1'"), true},
    {"of a list made of them",
     RULE(ON_FINE "when: '\"a\" in records.map(x, x.authority)'"), true},
    {"in a macro within another",
     RULE(ON_FINE "when: 'grounds.exists(g, records.exists(x, x.authority == "
                  "g.word))'"),
     true},
    {"under another name", RULE(GROUND("cel.bind(q, r, q.authority == \"a\")")), true},
    {"whether it is there", RULE(GROUND("has(r.authority)")), true},
    {"where it may be missing", RULE(GROUND("r.?authority.orValue(\"\") == \"a\"")),
     true},
    {"of what may be missing",
     RULE(GROUND("optional.of(r).authority.orValue(\"\") == \"a\"")), true},
    {"of something of no type", RULE(GROUND("dyn(r).authority == \"a\"")), true},
    {"macros that ask for others",
     RULE(ON_FINE "when: 'grounds.exists(g, records.exists(x, x.count == g.count))'"),
     false},
    {"a text that is called so", RULE(GROUND("r.word == \"authority\"")), false},
    /* where it is only said */
    {"a reason", RULE(ON_FINE "reason: '{r.authority} {r.document_no} {subject.name}'"),
     false},
};

static void a_plan_says_who_asks(void **state) {
    const struct row *row = *state;
    world made = {0};
    world_plan(&made, "mark", row->rules,
               "{\"type\":\"subject\",\"id\":\"S-1\",\"kind\":\"legal_person\","
               "\"name\":\"n\",\"region\":\"430102\"}\n",
               "2025-01-01", 0);
    assert_int_equal(made.plan->reads_particulars, row->want);
    bool found = false;
    for (size_t i = 0; i < made.ruleset->rule_count; i++)
        found = found || heng_particulars_read(made.ruleset, &made.ruleset->rules[i]);
    assert_int_equal(found, row->want);
    world_done(&made);
}

int main(void) {
    struct CMUnitTest tests[COUNT(rows)];
    for (size_t i = 0; i < COUNT(rows); i++)
        tests[i] = ROW_TEST(&rows[i], a_plan_says_who_asks);
    return check_run("decide/particulars", tests, COUNT(rows), NULL, NULL);
}
