/* SPDX-License-Identifier: Apache-2.0 */
/* test_brief.c: who is decided in brief, and who is left to evaluate.h; either way the
 * decision is that of a plain plan. Random worlds are in tests/reference. */
#include <stdio.h>
#include <string.h>

#include "support/check.h"
#include "support/torture.h"
#include "world.h"

#include "decide/brief.h"
#include "model/flat.h"
#include "model/snapshot.h"

#define PERSON(id, kind, more)                                                         \
    "{\"type\":\"subject\",\"id\":\"" id "\",\"kind\":\"" kind                         \
    "\",\"name\":\"n\",\"region\":\"430102\"" more "}\n"
#define SUBJECT PERSON("S-1", "legal_person", "")
#define OF_OTHER(id, subject, category, decided_on, rest)                              \
    "{\"type\":\"record\",\"id\":\"" id "\",\"subject\":\"" subject                    \
    "\",\"category\":\"" category "\",\"authority\":\"a\",\"document_no\":\"d\","      \
    "\"decided_on\":\"" decided_on "\"" rest "}\n"
#define RECORD(id, category, decided_on, rest)                                         \
    OF_OTHER(id, "S-1", category, decided_on, rest)
#define AMOUNT(number) ",\"attributes\":{\"amount\":" number "}"
#define STATUS(word) ",\"status\":\"" word "\",\"status_on\":\"2024-06-01\""
#define FINE RECORD("R-1", "fine", "2024-03-15", AMOUNT("500"))

#define RULE(id, more)                                                                 \
    "  - {id: " id ", title: t, applies_to: [legal_person, natural_person], "          \
    "effective: {from: 2010-01-01}, " more                                             \
    ", basis: [{source: law, article: \"1\"}]}\n"
#define ON_FINE "ground: 'r.category == \"fine\"', "
#define ON_LARGE "ground: 'r.category == \"fine\" && r.amount > 100', "
#define THREE_YEARS "term: {from: r.decided_on, last: P3Y}, "
#define EXCLUDE "measures: [exclude]"
#define UNTIL(day)                                                                     \
    "rules:\n" RULE("a", "ground: 'r.category == \"other\"', term: {from: "            \
                         "r.effective_on, until: '" day "'}, " EXCLUDE)
#define OTHER(more) RECORD("R-1", "other", "2024-03-15", more)
#define SEEN_ON(day) ",\"attributes\":{\"seen_on\":\"" day "\"}"
#define UNTIL_ROW(name, want, day, more)                                               \
    { name, want, "suspend", UNTIL(day), SUBJECT OTHER(more), "2025-01-01" }
#define PLAIN "rules:\n" RULE("a", ON_LARGE THREE_YEARS EXCLUDE)
#define UNLESS(condition)                                                              \
    "unless: [{if: '" condition                                                        \
    "', because: b, basis: [{source: law, article: \"2\"}]}], "

#define THROUGH "rules:\n" RULE("a", "through: [head], " ON_FINE THREE_YEARS EXCLUDE)
#define TIED(more)                                                                     \
    PERSON("S-1", "legal_person",                                                      \
           ",\"relations\":[{\"role\":\"head\",\"id\":\"P-1\"" more "}]")

enum { AT_LENGTH, IN_BRIEF };

struct row {
    const char *name;
    int want;
    const char *disputed;
    const char *rules, *lines, *as_of;
};

static struct row rows[] = {
    {"a plain rule", IN_BRIEF, "suspend", PLAIN, SUBJECT FINE, "2025-01-01"},
    {"no record", IN_BRIEF, "suspend", PLAIN, SUBJECT, "2025-01-01"},
    {"a ground that is false", IN_BRIEF, "suspend", PLAIN,
     SUBJECT RECORD("R-1", "fine", "2024-03-15", AMOUNT("5")), "2025-01-01"},
    {"a ground in force", IN_BRIEF, "suspend", "rules:\n" RULE("a", ON_FINE EXCLUDE),
     SUBJECT RECORD("R-1", "fine", "2024-03-15", ",\"expires_on\":\"2026-03-01\""),
     "2025-01-01"},
    {"a ground that is in force later", IN_BRIEF, "suspend",
     "rules:\n" RULE("a", "ground: 'r.category == \"fine\" && r.in_force', " EXCLUDE),
     SUBJECT RECORD("R-1", "fine", "2024-03-15", ",\"effective_on\":\"2026-03-01\""),
     "2025-01-01"},
    {"a ground that was in force", IN_BRIEF, "suspend",
     "rules:\n" RULE("a", "ground: 'r.category == \"fine\" && r.in_force', " EXCLUDE),
     SUBJECT RECORD("R-1", "fine", "2024-03-15", ",\"expires_on\":\"2024-04-01\""),
     "2025-01-01"},
    {"a record of a later day", IN_BRIEF, "suspend", PLAIN,
     SUBJECT RECORD("R-1", "fine", "2025-03-15", AMOUNT("500")), "2025-01-01"},
    {"a term that is over", IN_BRIEF, "suspend", PLAIN, SUBJECT FINE, "2030-01-01"},
    {"a term that has not begun", IN_BRIEF, "suspend",
     "rules:\n" RULE(
         "a", ON_LARGE
         "term: {from: 'r.decided_on + period(\"P2Y\")', last: P1Y}, " EXCLUDE),
     SUBJECT FINE, "2025-01-01"},
    {"a term until a day of the record", IN_BRIEF, "suspend",
     "rules:\n" RULE("a", ON_LARGE "term: {from: r.decided_on, until: 'r.decided_on + "
                                   "period(\"P4Y\")'}, " EXCLUDE),
     SUBJECT FINE, "2025-01-01"},
    UNTIL_ROW("until a constant", IN_BRIEF, "date(\"2026-01-01\")", ""),
    UNTIL_ROW("until an attribute", IN_BRIEF, "r.seen_on", SEEN_ON("2025-03-01")),
    UNTIL_ROW("until an attribute that is not there", AT_LENGTH, "r.seen_on", ""),
    UNTIL_ROW("until a period before an attribute", IN_BRIEF,
              "period(\"P1M\") + r.seen_on", SEEN_ON("2024-12-31")),
    UNTIL_ROW("until a day outside the calendar", AT_LENGTH,
              "r.seen_on + period(\"P100Y\")", SEEN_ON("2150-03-01")),
    UNTIL_ROW("until the attribute, if it is there", IN_BRIEF,
              "has(r.seen_on) ? r.seen_on : r.decided_on + period(\"P1Y\")",
              SEEN_ON("2025-03-01")),
    UNTIL_ROW("until another day, as it is not", IN_BRIEF,
              "has(r.seen_on) ? r.seen_on : r.decided_on + period(\"P1Y\")", ""),
    UNTIL_ROW("until the earlier day", IN_BRIEF,
              "r.expires_on < r.decided_on + period(\"P2Y\") ? r.expires_on : "
              "r.decided_on + period(\"P2Y\")",
              ",\"expires_on\":\"2025-02-01\""),
    UNTIL_ROW("until the earlier day, the other", IN_BRIEF,
              "r.expires_on <= r.decided_on + period(\"P2Y\") ? r.expires_on : "
              "r.decided_on + period(\"P2Y\")",
              ",\"expires_on\":\"2036-03-15\""),
    UNTIL_ROW("until the later of two that are the same", IN_BRIEF,
              "r.expires_on >= r.decided_on + period(\"P2Y\") ? r.expires_on : "
              "r.decided_on",
              ",\"expires_on\":\"2026-03-15\""),
    UNTIL_ROW("until the later day", IN_BRIEF,
              "r.expires_on > r.seen_on ? r.expires_on : r.seen_on",
              ",\"expires_on\":\"2026-03-15\"" SEEN_ON("2025-03-01")),
    UNTIL_ROW("until the earlier of a day that is not there", AT_LENGTH,
              "r.expires_on < r.decided_on ? r.expires_on : r.decided_on", ""),
    UNTIL_ROW("until a day before", IN_BRIEF, "r.seen_on - period(\"P1M\")",
              SEEN_ON("2025-03-01")),
    UNTIL_ROW(
        "until a day that depends on the category", IN_BRIEF,
        "r.category == \"other\" ? r.effective_on + period(\"P1Y\") : r.decided_on",
        ""),
    UNTIL_ROW("until a day that depends on what fails", AT_LENGTH,
              "r.amount > 5 ? r.effective_on + period(\"P1Y\") : r.decided_on", ""),
    UNTIL_ROW("until a day that depends on the force", IN_BRIEF,
              "r.in_force ? r.effective_on + period(\"P2Y\") : r.decided_on", ""),
    {"for life", IN_BRIEF, "suspend",
     "rules:\n" RULE("a", ON_LARGE "term: {from: r.decided_on, last: life}, " EXCLUDE),
     SUBJECT FINE, "2025-01-01"},
    {"a term that depends on the day", IN_BRIEF, "suspend",
     "rules:\n" RULE("a",
                     ON_LARGE "term: {from: 'as_of > date(\"2026-01-01\") ? "
                              "r.effective_on : r.decided_on', last: P5Y}, " EXCLUDE),
     SUBJECT FINE, "2025-01-01"},
    {"the use limit cuts", IN_BRIEF, "suspend",
     "rules:\n" RULE("a",
                     "ground: 'r.category == \"list\"', term: {from: r.decided_on, "
                     "last: P9Y}, " EXCLUDE),
     SUBJECT RECORD("R-1", "list", "2023-03-15", ""), "2025-01-01"},
    {"past the use limit", IN_BRIEF, "suspend",
     "rules:\n" RULE("a",
                     "ground: 'r.category == \"list\"', term: {from: r.decided_on, "
                     "last: P9Y}, " EXCLUDE),
     SUBJECT RECORD("R-1", "list", "2020-03-15", ""), "2025-01-01"},
    {"several rules and grounds for one measure", IN_BRIEF, "suspend",
     "rules:\n" RULE("b", ON_FINE THREE_YEARS "force: discretionary, " EXCLUDE)
         RULE("a", ON_LARGE THREE_YEARS "measures: [tell, exclude]"),
     SUBJECT FINE RECORD("R-2", "fine", "2024-01-15", AMOUNT("200"))
         RECORD("R-3", "fine", "2020-01-15", AMOUNT("200"))
             RECORD("R-4", "fine", "2021-01-15", AMOUNT("2")),
     "2025-01-01"},
    {"a rule that is not in effect yet", IN_BRIEF, "suspend",
     "rules:\n  - {id: a, title: t, applies_to: [legal_person], effective: {from: "
     "2026-01-01, to: 2027-01-01}, " ON_LARGE THREE_YEARS EXCLUDE
     ", basis: [{source: law, article: \"1\"}]}\n",
     SUBJECT FINE, "2025-01-01"},
    {"a rule that has run out", IN_BRIEF, "suspend",
     "rules:\n  - {id: a, title: t, applies_to: [legal_person], effective: {from: "
     "2016-01-01, to: 2024-12-31}, " ON_LARGE THREE_YEARS EXCLUDE
     ", basis: [{source: law, article: \"1\"}]}\n",
     SUBJECT FINE, "2025-01-01"},
    {"a rule that governs old acts", IN_BRIEF, "suspend",
     "rules:\n  - {id: a, title: t, applies_to: [legal_person], effective: {from: "
     "2016-01-01, to: 2024-03-31, by: decided_on}, " ON_LARGE THREE_YEARS EXCLUDE
     ", basis: [{source: law, article: \"1\"}]}\n",
     SUBJECT FINE RECORD("R-2", "fine", "2024-05-15", AMOUNT("200")), "2025-01-01"},
    {"of another region", IN_BRIEF, "suspend",
     "rules:\n" RULE("a", "regions: [\"44\"], " ON_LARGE THREE_YEARS EXCLUDE),
     SUBJECT FINE, "2025-01-01"},
    {"of its region", IN_BRIEF, "suspend",
     "rules:\n" RULE("a", "regions: [\"44\", \"4301\"], " ON_LARGE THREE_YEARS EXCLUDE),
     SUBJECT FINE, "2025-01-01"},
    {"about other kinds", IN_BRIEF, "suspend",
     "rules:\n  - {id: a, title: t, applies_to: [unincorporated], effective: {from: "
     "2016-01-01}, " ON_FINE "when: 'size(grounds) > 1', " EXCLUDE
     ", basis: [{source: law, article: \"1\"}]}\n",
     SUBJECT FINE, "2025-01-01"},
    {"a rule that nobody could read", IN_BRIEF, "suspend",
     "rules:\n  - {id: a, title: t, applies_to: [legal_person], effective: {from: "
     "2016-01-01}, " ON_LARGE THREE_YEARS EXCLUDE
     ", basis: [{source: law, article: null}]}\n",
     SUBJECT FINE, "2025-01-01"},
    {"and of which a record lacks what it asks for", IN_BRIEF, "suspend",
     "rules:\n  - {id: a, title: t, applies_to: [legal_person], effective: {from: "
     "2016-01-01}, " ON_LARGE THREE_YEARS EXCLUDE
     ", basis: [{source: law, article: null}]}\n",
     SUBJECT RECORD("R-1", "fine", "2024-03-15", ""), "2025-01-01"},
    {"and that needs no ground", IN_BRIEF, "suspend",
     PLAIN "  - {id: b, title: t, applies_to: [legal_person], effective: {from: "
           "2016-01-01}, when: 'size(records) > 0', " EXCLUDE
           ", basis: [{source: law, article: null}]}\n",
     SUBJECT FINE, "2025-01-01"},
    {"an `unless` of the subject", IN_BRIEF, "suspend",
     "rules:\n" RULE("a",
                     ON_LARGE UNLESS("subject.scale == \"small\"") THREE_YEARS EXCLUDE),
     PERSON("S-1", "legal_person", ",\"attributes\":{\"scale\":\"small\"}") FINE,
     "2025-01-01"},
    {"an `unless` that does not hold", IN_BRIEF, "suspend",
     "rules:\n" RULE("a",
                     ON_LARGE UNLESS("subject.scale == \"small\"") THREE_YEARS EXCLUDE),
     PERSON("S-1", "legal_person", ",\"attributes\":{\"scale\":\"large\"}") FINE,
     "2025-01-01"},
    {"an `unless` of the grounds", IN_BRIEF, "suspend",
     "rules:\n" RULE("a", ON_LARGE UNLESS("grounds.all(g, g.amount < 900)")
                              THREE_YEARS EXCLUDE),
     SUBJECT FINE, "2025-01-01"},
    {"nothing is asked of a term that an `unless` ends", IN_BRIEF, "suspend",
     "rules:\n" RULE(
         "a",
         ON_LARGE UNLESS(
             "grounds.exists(g, g.amount > 1)") "term: {from: 'as_of > "
                                                "date(\"2026-01-01\") ? r.effective_on "
                                                ": r.decided_on', last: "
                                                "P5Y}, " EXCLUDE),
     SUBJECT FINE, "2025-01-01"},
    {"a repaired ground", IN_BRIEF, "suspend", PLAIN,
     SUBJECT RECORD("R-1", "fine", "2024-03-15", AMOUNT("500") STATUS("repaired")),
     "2025-01-01"},
    {"a repaired ground that stays", IN_BRIEF, "suspend",
     "rules:\n" RULE("a", ON_LARGE THREE_YEARS "on_repair: stays, " EXCLUDE),
     SUBJECT RECORD("R-1", "fine", "2024-03-15", AMOUNT("500") STATUS("repaired")),
     "2025-01-01"},
    {"one that is repaired later", IN_BRIEF, "suspend", PLAIN,
     SUBJECT RECORD("R-1", "fine", "2024-03-15", AMOUNT("500") STATUS("repaired")),
     "2024-05-01"},
    {"a revoked ground", IN_BRIEF, "suspend", PLAIN,
     SUBJECT RECORD("R-1", "fine", "2024-03-15", AMOUNT("500") STATUS("revoked")),
     "2025-01-01"},
    {"a disputed ground that is only marked", IN_BRIEF, "mark", PLAIN,
     SUBJECT RECORD("R-1", "fine", "2024-03-15", AMOUNT("500") STATUS("disputed")),
     "2025-01-01"},
    {"a disputed record that no rule looks at", IN_BRIEF, "suspend", PLAIN,
     SUBJECT FINE RECORD("R-2", "other", "2024-03-15", STATUS("disputed")),
     "2025-01-01"},
    {"a person with an opaque id", IN_BRIEF, "suspend", PLAIN,
     PERSON("S-1", "natural_person", "") FINE, "2025-01-01"},
    {"a conflict of which one side is there", IN_BRIEF, "suspend",
     PLAIN "conflicts:\n  - {between: [exclude, late], keep: exclude, basis: [{source: "
           "law, article: \"1\"}]}\n",
     SUBJECT FINE, "2025-01-01"},

    /* ---- at length ---- */
    {"a missing attribute", AT_LENGTH, "suspend", PLAIN,
     SUBJECT RECORD("R-1", "fine", "2024-03-15", ""), "2025-01-01"},
    {"a ground for the program", IN_BRIEF, "suspend",
     "rules:\n" RULE(
         "a", "ground: 'r.category == \"fine\" && r.authority == \"a\"', " THREE_YEARS
                  EXCLUDE),
     SUBJECT FINE, "2025-01-01"},
    {"a ground that the program denies", IN_BRIEF, "suspend",
     "rules:\n" RULE(
         "a", "ground: 'r.category == \"fine\" && r.authority == \"b\"', " THREE_YEARS
                  EXCLUDE),
     SUBJECT FINE, "2025-01-01"},
    {"a ground that changes with the day", IN_BRIEF, "suspend",
     "rules:\n" RULE("a", "ground: 'r.category == \"fine\" && r.decided_on > as_of - "
                          "period(\"P1Y\")', " THREE_YEARS EXCLUDE),
     SUBJECT FINE, "2025-01-01"},
    {"and will be another way", IN_BRIEF, "suspend",
     "rules:\n" RULE("a", "ground: 'r.category == \"fine\" && r.decided_on + "
                          "period(\"P1Y\") < as_of', " THREE_YEARS EXCLUDE),
     SUBJECT FINE, "2025-01-01"},
    {"a ground that fails", AT_LENGTH, "suspend",
     "rules:\n" RULE("a",
                     "ground: 'r.category == \"fine\" && 10 / (size(r.authority) - "
                     "1) > 1', " THREE_YEARS EXCLUDE),
     SUBJECT FINE, "2025-01-01"},
    {"a ground that asks for the records", AT_LENGTH, "suspend",
     "rules:\n" RULE(
         "a", "ground: 'r.category == \"fine\" && records[0].id == r.id', " THREE_YEARS
                  EXCLUDE),
     SUBJECT FINE, "2025-01-01"},
    {"a disputed ground for the program", AT_LENGTH, "suspend",
     "rules:\n" RULE("a", "ground: 'r.category == \"fine\" && r.status == "
                          "\"disputed\"', " THREE_YEARS EXCLUDE),
     SUBJECT RECORD("R-1", "fine", "2024-03-15", AMOUNT("500") STATUS("disputed")),
     "2025-01-01"},
    {"the same, marked", IN_BRIEF, "mark",
     "rules:\n" RULE("a", "ground: 'r.category == \"fine\" && r.status == "
                          "\"disputed\"', " THREE_YEARS EXCLUDE),
     SUBJECT RECORD("R-1", "fine", "2024-03-15", AMOUNT("500") STATUS("disputed")),
     "2025-01-01"},
    {"a `when` that does not hold", IN_BRIEF, "suspend",
     "rules:\n" RULE("a", ON_LARGE "when: 'size(grounds) > 1', " THREE_YEARS EXCLUDE),
     SUBJECT FINE, "2025-01-01"},
    {"a `when` that holds", IN_BRIEF, "suspend",
     "rules:\n" RULE("a", ON_LARGE "when: 'size(grounds) > 1', " THREE_YEARS EXCLUDE),
     SUBJECT FINE RECORD("R-2", "fine", "2024-04-15", AMOUNT("900")), "2025-01-01"},
    {"a `when` and an `unless` that hold", IN_BRIEF, "suspend",
     "rules:\n" RULE("a", ON_LARGE "when: 'size(grounds) > 0', " UNLESS(
                              "size(records) == 1") THREE_YEARS EXCLUDE),
     SUBJECT FINE, "2025-01-01"},
    {"a `when` of the records", IN_BRIEF, "suspend",
     "rules:\n" RULE("a", ON_LARGE
                     "when: 'size(grounds) > 0 && records.exists(p, "
                     "p.category == \"other\" && p.in_force)', " THREE_YEARS EXCLUDE),
     SUBJECT FINE RECORD("R-2", "other", "2024-04-15", ",\"expires_on\":\"2025-06-01\"")
         RECORD("R-3", "other", "2024-04-15", STATUS("revoked")),
     "2025-01-01"},
    {"a `when` of the records, of which one is disputed", AT_LENGTH, "suspend",
     "rules:\n" RULE("a", ON_LARGE "when: 'size(grounds) > 0 && records.exists(p, "
                                   "p.category == \"other\")', " THREE_YEARS EXCLUDE),
     SUBJECT FINE RECORD("R-2", "other", "2024-04-15", STATUS("disputed")),
     "2025-01-01"},
    {"a `when` and a disputed ground", AT_LENGTH, "suspend",
     "rules:\n" RULE("a", ON_LARGE "when: 'size(grounds) > 1', " THREE_YEARS EXCLUDE),
     SUBJECT FINE RECORD("R-2", "fine", "2024-04-15", AMOUNT("900") STATUS("disputed")),
     "2025-01-01"},
    {"a `when` of which the program must say a part", AT_LENGTH, "suspend",
     "rules:\n" RULE("a", ON_LARGE "when: 'size(grounds) > 0 && as_of > "
                                   "date(\"2020-01-01\")', " THREE_YEARS EXCLUDE),
     SUBJECT FINE, "2025-01-01"},
    {"a rule that needs no ground", IN_BRIEF, "suspend",
     PLAIN RULE("b", "when: 'subject.region == \"1\"', " EXCLUDE), SUBJECT FINE,
     "2025-01-01"},
    {"and of nobody with a record", IN_BRIEF, "suspend",
     PLAIN RULE("b", "when: 'subject.region == \"1\"', " EXCLUDE), SUBJECT,
     "2025-01-01"},
    {"and that holds", AT_LENGTH, "suspend",
     PLAIN RULE("b", "when: 'subject.region == \"430102\"', " EXCLUDE), SUBJECT FINE,
     "2025-01-01"},
    {"and that the program must tell", AT_LENGTH, "suspend",
     PLAIN RULE("b", "when: 'size(records) > 5', " EXCLUDE), SUBJECT FINE,
     "2025-01-01"},
    {"and that is not in effect any more", IN_BRIEF, "suspend",
     PLAIN "  - {id: b, title: t, applies_to: [legal_person], effective: {from: "
           "2010-01-01, to: 2020-01-01}, when: 'true', " EXCLUDE
           ", basis: [{source: law, article: \"1\"}]}\n",
     SUBJECT FINE, "2025-01-01"},
    {"and that will be in effect", IN_BRIEF, "suspend",
     PLAIN "  - {id: b, title: t, applies_to: [legal_person], effective: {from: "
           "2026-01-01}, when: 'true', " EXCLUDE
           ", basis: [{source: law, article: \"1\"}]}\n",
     SUBJECT FINE, "2025-01-01"},
    {"and that is of others", IN_BRIEF, "suspend",
     PLAIN "  - {id: b, title: t, applies_to: [natural_person], effective: {from: "
           "2010-01-01}, when: 'true', " EXCLUDE
           ", basis: [{source: law, article: \"1\"}]}\n",
     SUBJECT FINE, "2025-01-01"},
    {"an `unless` for the program", AT_LENGTH, "suspend",
     "rules:\n" RULE("a", ON_LARGE UNLESS("subject.name == \"m\"") THREE_YEARS EXCLUDE),
     SUBJECT FINE, "2025-01-01"},
    {"an `unless` that fails", AT_LENGTH, "suspend",
     "rules:\n" RULE("a",
                     ON_LARGE UNLESS("subject.scale == \"small\"") THREE_YEARS EXCLUDE),
     SUBJECT FINE, "2025-01-01"},
    {"an `unless` that asks for the day beside the grounds", AT_LENGTH, "suspend",
     "rules:\n" RULE("a", ON_LARGE UNLESS("as_of > date(\"2026-01-01\") || "
                                          "grounds.exists(g, g.amount > 1)")
                              THREE_YEARS EXCLUDE),
     SUBJECT FINE, "2025-01-01"},
    {"a term that reads other records", AT_LENGTH, "suspend",
     "rules:\n" RULE("a", ON_LARGE
                     "term: {from: 'records[0].decided_on', last: P3Y}, " EXCLUDE),
     SUBJECT FINE, "2025-01-01"},
    {"a term that fails", AT_LENGTH, "suspend",
     "rules:\n" RULE("a", ON_LARGE "term: {from: r.expires_on, last: P3Y}, " EXCLUDE),
     SUBJECT FINE, "2025-01-01"},
    {"an end of a term that fails", AT_LENGTH, "suspend",
     "rules:\n" RULE("a", ON_LARGE
                     "term: {from: r.decided_on, until: r.expires_on}, " EXCLUDE),
     SUBJECT FINE, "2025-01-01"},
    {"a disputed ground", IN_BRIEF, "suspend", PLAIN,
     SUBJECT RECORD("R-1", "fine", "2024-03-15", AMOUNT("500") STATUS("disputed")),
     "2025-01-01"},
    {"a disputed ground beside another", IN_BRIEF, "suspend", PLAIN,
     SUBJECT FINE RECORD("R-2", "fine", "2024-05-15", AMOUNT("900") STATUS("disputed")),
     "2025-01-01"},
    {"a disputed ground and one whose term is over", IN_BRIEF, "suspend", PLAIN,
     SUBJECT RECORD("R-1", "fine", "2020-03-15", AMOUNT("500"))
         RECORD("R-2", "fine", "2024-05-15", AMOUNT("900") STATUS("disputed")),
     "2025-01-01"},
    {"a disputed ground, marked alone", IN_BRIEF, "mark", PLAIN,
     SUBJECT RECORD("R-1", "fine", "2024-03-15", AMOUNT("500") STATUS("disputed")),
     "2025-01-01"},
    {"a dispute to come", IN_BRIEF, "suspend", PLAIN,
     SUBJECT RECORD("R-1", "fine", "2024-03-15", AMOUNT("500") STATUS("disputed")),
     "2024-04-01"},
    {"a measure of two rules, one by a disputed ground", IN_BRIEF, "suspend",
     "rules:\n" RULE("b", ON_FINE THREE_YEARS "force: discretionary, " EXCLUDE)
         RULE("a", ON_LARGE THREE_YEARS "measures: [tell, exclude]"),
     SUBJECT RECORD("R-1", "fine", "2024-03-15", AMOUNT("50"))
         RECORD("R-2", "fine", "2024-05-15", AMOUNT("900") STATUS("disputed")),
     "2025-01-01"},
    {"a disputed record that is no ground", IN_BRIEF, "suspend", PLAIN,
     SUBJECT RECORD("R-1", "fine", "2024-03-15", AMOUNT("5") STATUS("disputed")),
     "2025-01-01"},
    {"a disputed ground whose term the bytes tell", IN_BRIEF, "suspend",
     "rules:\n" RULE("a", ON_LARGE "term: {from: r.decided_on, until: 'r.decided_on + "
                                   "period(\"P4Y\")'}, " EXCLUDE),
     SUBJECT RECORD("R-1", "fine", "2024-03-15", AMOUNT("500") STATUS("disputed")),
     "2025-01-01"},
    {"a disputed ground whose term depends on its status", AT_LENGTH, "suspend",
     "rules:\n" RULE("a", ON_LARGE "term: {from: r.decided_on, until: 'r.status == "
                                   "\"disputed\" ? r.decided_on : r.decided_on + "
                                   "period(\"P4Y\")'}, " EXCLUDE),
     SUBJECT RECORD("R-1", "fine", "2024-03-15", AMOUNT("500") STATUS("disputed")),
     "2025-01-01"},
    {"a disputed ground whose term must be run", AT_LENGTH, "suspend",
     UNTIL("has(r.seen_on) ? r.seen_on : r.expires_on"),
     SUBJECT RECORD("R-1", "other", "2024-03-15", AMOUNT("500") STATUS("disputed")),
     "2025-01-01"},
    {"a disputed ground where the exception asks for the grounds", IN_BRIEF, "suspend",
     "rules:\n" RULE("a", ON_FINE THREE_YEARS UNLESS("grounds.all(g, g.amount < 100)")
                              EXCLUDE),
     SUBJECT RECORD("R-1", "fine", "2024-03-15", AMOUNT("500") STATUS("disputed")),
     "2025-01-01"},
    {"and holds of it", IN_BRIEF, "suspend",
     "rules:\n" RULE("a", ON_FINE THREE_YEARS UNLESS("grounds.all(g, g.amount < 900)")
                              EXCLUDE),
     SUBJECT RECORD("R-1", "fine", "2024-03-15", AMOUNT("500") STATUS("disputed")),
     "2025-01-01"},
    {"and holds with it and without", IN_BRIEF, "suspend",
     "rules:\n" RULE("a", ON_FINE THREE_YEARS UNLESS("grounds.all(g, g.amount < 900)")
                              EXCLUDE),
     SUBJECT RECORD("R-1", "fine", "2024-03-15", AMOUNT("500") STATUS("disputed"))
         RECORD("R-2", "fine", "2024-04-15", AMOUNT("50")),
     "2025-01-01"},
    {"and holds only without", AT_LENGTH, "suspend",
     "rules:\n" RULE("a", ON_FINE THREE_YEARS UNLESS("grounds.all(g, g.amount < 100)")
                              EXCLUDE),
     SUBJECT RECORD("R-1", "fine", "2024-03-15", AMOUNT("500") STATUS("disputed"))
         RECORD("R-2", "fine", "2024-04-15", AMOUNT("50")),
     "2025-01-01"},
    {"a disputed ground where the exception asks for the records", AT_LENGTH, "suspend",
     "rules:\n" RULE("a", ON_FINE THREE_YEARS UNLESS("size(records) > 1") EXCLUDE),
     SUBJECT RECORD("R-1", "fine", "2024-03-15", AMOUNT("500") STATUS("disputed")),
     "2025-01-01"},
    {"a tie", IN_BRIEF, "suspend", PLAIN,
     PERSON("S-1", "legal_person",
            ",\"relations\":[{\"role\":\"head\",\"id\":\"P-1\"}]") FINE,
     "2025-01-01"},
    {"a tie through which a record is seen", IN_BRIEF, "suspend", THROUGH,
     TIED("") OF_OTHER("R-2", "P-1", "fine", "2024-03-15", AMOUNT("500")),
     "2025-01-01"},
    {"a tie through which a disputed record is seen", IN_BRIEF, "suspend", THROUGH,
     TIED("")
         OF_OTHER("R-2", "P-1", "fine", "2024-03-15", AMOUNT("500") STATUS("disputed")),
     "2025-01-01"},
    {"a tie that ends before the term does", IN_BRIEF, "suspend", THROUGH,
     TIED(",\"to\":\"2025-06-30\"")
         OF_OTHER("R-2", "P-1", "fine", "2024-03-15", AMOUNT("500")),
     "2025-01-01"},
    {"a tie that is over", IN_BRIEF, "suspend", THROUGH,
     TIED(",\"to\":\"2024-06-30\"")
         OF_OTHER("R-2", "P-1", "fine", "2024-03-15", AMOUNT("500")),
     "2025-01-01"},
    {"a tie that is to come", AT_LENGTH, "suspend", THROUGH,
     TIED(",\"from\":\"2025-06-30\"")
         OF_OTHER("R-2", "P-1", "fine", "2024-03-15", AMOUNT("500")),
     "2025-01-01"},
    {"a tie in another role", IN_BRIEF, "suspend",
     "rules:\n" RULE("a", "through: [responsible], " ON_FINE THREE_YEARS EXCLUDE),
     TIED("") OF_OTHER("R-2", "P-1", "fine", "2024-03-15", AMOUNT("500")),
     "2025-01-01"},
    {"two ties", AT_LENGTH, "suspend", THROUGH,
     PERSON("S-1", "legal_person",
            ",\"relations\":[{\"role\":\"head\",\"id\":\"P-1\"},{\"role\":\"head\","
            "\"id\":\"P-2\"}]")
         OF_OTHER("R-2", "P-1", "fine", "2024-03-15", AMOUNT("500")),
     "2025-01-01"},
    {"being named", IN_BRIEF, "suspend", PLAIN,
     SUBJECT FINE OF_OTHER("R-2", "S-2", "fine", "2024-03-15",
                           ",\"parties\":[{\"role\":\"responsible\",\"id\":\"S-1\"}]"),
     "2025-01-01"},
    {"a person of limited capacity", AT_LENGTH, "suspend", PLAIN,
     PERSON("S-1", "natural_person", ",\"capacity\":\"limited\"") FINE, "2025-01-01"},
    {"a rule that displaces what does not fire", IN_BRIEF, "suspend",
     PLAIN RULE("b", "ground: 'r.category == \"list\"', " EXCLUDE)
         RULE("c", ON_FINE "exception_to: [b], measures: [tell]"),
     SUBJECT FINE, "2025-01-01"},
    {"a rule that what does not fire would displace", IN_BRIEF, "suspend",
     PLAIN RULE("b", "ground: 'r.category == \"list\"', exception_to: [a], "
                     "measures: [tell]"),
     SUBJECT FINE, "2025-01-01"},
    {"a rule that displaces", AT_LENGTH, "suspend",
     PLAIN RULE("b", ON_FINE "exception_to: [a], measures: [tell]"), SUBJECT FINE,
     "2025-01-01"},
    {"a rule that would displace, but whose term is over", AT_LENGTH, "suspend",
     PLAIN RULE("b", ON_FINE "term: {from: r.decided_on, last: P1M}, exception_to: "
                             "[a], measures: [tell]"),
     SUBJECT FINE, "2025-01-01"},
    {"a rule that would displace on a later day", AT_LENGTH, "suspend",
     PLAIN RULE("b", ON_FINE "term: {from: 'r.decided_on + period(\"P2Y\")', last: "
                             "P1M}, exception_to: [a], measures: [tell]"),
     SUBJECT FINE, "2025-01-01"},
    {"a rule without ground that would be displaced", IN_BRIEF, "suspend",
     "rules:\n" RULE("a", "when: 'subject.status == \"active\"', " EXCLUDE)
         RULE("b", "ground: 'r.category == \"list\"', exception_to: [a], measures: "
                   "[tell]"),
     SUBJECT FINE, "2025-01-01"},
    {"a rule without ground that is displaced", AT_LENGTH, "suspend",
     "rules:\n" RULE("a", "when: 'subject.status == \"active\"', " EXCLUDE)
         RULE("b", ON_FINE "exception_to: [a], measures: [tell]"),
     SUBJECT FINE, "2025-01-01"},
    {"two sides of a conflict", AT_LENGTH, "suspend",
     "rules:\n" RULE(
         "a", ON_LARGE THREE_YEARS
         "measures: [exclude, late]") "conflicts:\n  - {between: [exclude, late], "
                                      "keep: exclude, basis: [{source: law, "
                                      "article: \"1\"}]}\n",
     SUBJECT FINE, "2025-01-01"},
};

static void print(world *made, unsigned flags, heng_date day, heng_buffer *text,
                  bool *ret_brief) {
    heng_error error = {0};
    heng_plan_free(made->plan);
    made->plan = NULL;
    heng_buffer_clear(text);
    assert_int_equal(heng_plan_new_with(made->ruleset, made->snapshot->names, day,
                                        flags, &made->plan, &error),
                     HENG_OK);
    assert_int_equal(heng_decide(made->plan, made->worker, made->snapshot, UINT32_MAX,
                                 HENG_DECIDE_NO_VERDICTS, &made->decision, &error),
                     HENG_OK);
    *ret_brief = made->worker->last == NULL; /* what is decided at length leaves it */
    world_print(made, text);
    assert_int_equal(heng_buffer_add_char(text, '\0'), HENG_OK);
}

static void decided(void **state) {
    const struct row *row = *state;
    world made = {0};
    heng_buffer texts[2];
    bool brief = false;
    heng_buffer_init(&texts[0], (size_t)1 << 20);
    heng_buffer_init(&texts[1], (size_t)1 << 20);
    world_plan(&made, row->disputed, row->rules, row->lines, row->as_of, 0);
    heng_date day = made.plan->as_of;
    print(&made, 0, day, &texts[0], &brief);
    assert_int_equal(brief, row->want == IN_BRIEF);
    print(&made, HENG_PLAN_PLAIN, day, &texts[1], &brief);
    assert_false(brief);
    assert_string_equal(heng_buffer_view(&texts[0]).ptr,
                        heng_buffer_view(&texts[1]).ptr);
    heng_buffer_done(&texts[0]);
    heng_buffer_done(&texts[1]);
    world_done(&made);
}

/* More grounds than are kept: the same decision, at length. */
static void many_grounds_are_decided_at_length(void **state) {
    (void)state;
    for (int count = 47; count < 51; count++) {
        char lines[20000] = SUBJECT;
        world made = {0};
        heng_buffer texts[2];
        bool brief = false;
        heng_buffer_init(&texts[0], (size_t)1 << 20);
        heng_buffer_init(&texts[1], (size_t)1 << 20);
        for (int i = 0; i < count; i++)
            (void)snprintf(
                lines + strlen(lines), sizeof lines - strlen(lines),
                OF_OTHER("R-%02d", "S-1", "fine", "2024-%02d-%02d", AMOUNT("%d")), i,
                i % 12 + 1, i % 28 + 1, 200 + i);
        world_plan(&made, "suspend", PLAIN, lines, "2025-01-01", 0);
        heng_date day = made.plan->as_of;
        print(&made, 0, day, &texts[0], &brief);
        assert_int_equal(brief, count <= 48);
        print(&made, HENG_PLAN_PLAIN, day, &texts[1], &brief);
        assert_string_equal(heng_buffer_view(&texts[0]).ptr,
                            heng_buffer_view(&texts[1]).ptr);
        heng_buffer_done(&texts[0]);
        heng_buffer_done(&texts[1]);
        world_done(&made);
    }
}

/* Verdicts are, also where they are asked for; a matter or a justification is not. */
static void who_asks_for_more_is_not_told_in_brief(void **state) {
    (void)state;
    static const unsigned FLAGS[] = {HENG_DECIDE_FULL, HENG_DECIDE_EXACT_DAYS,
                                     HENG_DECIDE_NO_VERDICTS | HENG_DECIDE_FULL,
                                     HENG_DECIDE_NO_VERDICTS | HENG_DECIDE_EXACT_DAYS};
    world made = {0};
    heng_error error = {0};
    world_plan(&made, "suspend", PLAIN, SUBJECT FINE, "2025-01-01", 0);
    assert_int_equal(heng_decide(made.plan, made.worker, made.snapshot, UINT32_MAX, 0,
                                 &made.decision, &error),
                     HENG_OK);
    assert_null(made.worker->last);
    assert_int_equal(made.decision->verdict_count, 1); /* excluded from bidding */
    assert_int_equal(made.decision->verdicts[0].verdict, HENG_VERDICT_BLOCKED);
    for (size_t i = 0; i < COUNT(FLAGS); i++) {
        assert_int_equal(heng_decide(made.plan, made.worker, made.snapshot, UINT32_MAX,
                                     FLAGS[i], &made.decision, &error),
                         HENG_OK);
        assert_non_null(made.worker->last);
    }
    assert_int_equal(heng_decide(made.plan, made.worker, made.snapshot, 0,
                                 HENG_DECIDE_NO_VERDICTS, &made.decision, &error),
                     HENG_OK);
    assert_non_null(made.worker->last);
    world_done(&made);
}

/* ---- quiet ---- */

#define OF(more) PERSON("S-1", "legal_person", more)
#define RULE_OF(id, kinds, effective, more)                                            \
    "  - {id: " id ", title: t, applies_to: [" kinds "], effective: {" effective       \
    "}, " more ", basis: [{source: law, article: \"1\"}]}\n"
#define WHEN(condition) "when: '" condition "', " EXCLUDE

/* Of nobody there is a record. Where `through` is NULL it is never over. */
struct quiet {
    const char *name;
    const char *rules, *lines;
    bool want;
    const char *through;
    const char *id; /* instead of S-1; NULL */
};

static struct quiet quiets[] = {
    {"rules about records", PLAIN, SUBJECT, true, NULL, NULL},
    {"another status", "rules:\n" RULE("a", WHEN("subject.status == \"dissolved\"")),
     SUBJECT, true, NULL, NULL},
    {"that status", "rules:\n" RULE("a", WHEN("subject.status == \"dissolved\"")),
     OF(",\"status\":\"dissolved\""), false, NULL, NULL},
    {"not that status", "rules:\n" RULE("a", WHEN("subject.status != \"active\"")),
     SUBJECT, true, NULL, NULL},
    {"another region", "rules:\n" RULE("a", WHEN("subject.region == \"430103\"")),
     SUBJECT, true, NULL, NULL},
    {"that region", "rules:\n" RULE("a", WHEN("subject.region == \"430102\"")), SUBJECT,
     false, NULL, NULL},
    {"another kind", "rules:\n" RULE("a", WHEN("subject.kind == \"natural_person\"")),
     SUBJECT, true, NULL, NULL},
    {"that kind", "rules:\n" RULE("a", WHEN("subject.kind == \"natural_person\"")),
     PERSON("S-1", "natural_person", ""), false, NULL, NULL},
    {"no industry", "rules:\n" RULE("a", WHEN("subject.industry == \"E47\"")), SUBJECT,
     false, NULL, NULL},
    {"another industry", "rules:\n" RULE("a", WHEN("subject.industry == \"E47\"")),
     OF(",\"industry\":\"E4710\""), true, NULL, NULL},
    {"rules of others alone",
     "rules:\n" RULE_OF("a", "natural_person", "from: 2010-01-01", WHEN("true")),
     SUBJECT, true, NULL, NULL},
    {"rules of all", "rules:\n" RULE("a", WHEN("true")), SUBJECT, false, NULL, NULL},
    {"rules of other regions",
     "rules:\n" RULE("a", "regions: [\"4302\"], " WHEN("true")), SUBJECT, true, NULL,
     NULL},
    {"rules of its region", "rules:\n" RULE("a", "regions: [\"4301\"], " WHEN("true")),
     SUBJECT, false, NULL, NULL},
    /* days */
    {"an effect that begins later",
     "rules:\n" RULE_OF("a", "legal_person", "from: 2026-01-01", WHEN("true")), SUBJECT,
     true, "2025-12-31", NULL},
    {"an effect that begins tomorrow",
     "rules:\n" RULE_OF("a", "legal_person", "from: 2025-01-02", WHEN("true")), SUBJECT,
     true, "2025-01-01", NULL},
    {"an effect that begins today",
     "rules:\n" RULE_OF("a", "legal_person", "from: 2025-01-01", WHEN("true")), SUBJECT,
     false, NULL, NULL},
    {"an effect that ended yesterday",
     "rules:\n" RULE_OF("a", "legal_person", "from: 2010-01-01, to: 2024-12-31",
                        WHEN("true")),
     SUBJECT, true, NULL, NULL},
    {"an effect that ends today",
     "rules:\n" RULE_OF("a", "legal_person", "from: 2010-01-01, to: 2025-01-01",
                        WHEN("true")),
     SUBJECT, false, NULL, NULL},
    {"an effect that ends later, on others",
     "rules:\n" RULE_OF("a", "legal_person", "from: 2010-01-01, to: 2026-06-30",
                        WHEN("subject.status == \"dissolved\"")),
     SUBJECT, true, "2026-06-30", NULL},
    {"an effect that begins later, of another kind",
     "rules:\n" RULE_OF("a", "natural_person", "from: 2026-01-01", WHEN("true")),
     SUBJECT, true, NULL, NULL},
    {"an effect that begins later, of another region",
     "rules:\n" RULE_OF("a", "legal_person", "from: 2026-01-01",
                        "regions: [\"4302\"], " WHEN("true")),
     SUBJECT, true, NULL, NULL},
    {"the first of several days",
     "rules:\n" RULE_OF("a", "legal_person", "from: 2027-01-01", WHEN("true"))
         RULE_OF("b", "legal_person", "from: 2026-03-01", WHEN("true"))
             RULE_OF("c", "legal_person", "from: 2026-09-01", WHEN("true")),
     SUBJECT, true, "2026-02-28", NULL},
    {"one of several that holds",
     "rules:\n" RULE("a", WHEN("subject.status == \"dissolved\""))
         RULE("b", WHEN("subject.region == \"430102\""))
             RULE("c", WHEN("subject.kind == \"natural_person\"")),
     SUBJECT, false, NULL, NULL},
    {"the day beside what settles it",
     "rules:\n" RULE("a", WHEN("subject.status == \"dissolved\" && as_of > "
                               "date(\"2026-01-01\")")),
     SUBJECT, true, NULL, NULL},
    {"the day alone", "rules:\n" RULE("a", WHEN("as_of > date(\"2026-01-01\")")),
     SUBJECT, false, NULL, NULL},
    /* attributes of the subject */
    {"an attribute that rules it out",
     "rules:\n" RULE("a", WHEN("subject.scale == \"large\"")),
     OF(",\"attributes\":{\"scale\":\"small\"}"), true, NULL, NULL},
    {"an attribute that rules it in",
     "rules:\n" RULE("a", WHEN("subject.scale == \"large\"")),
     OF(",\"attributes\":{\"scale\":\"large\"}"), false, NULL, NULL},
    {"an attribute that is not there",
     "rules:\n" RULE("a", WHEN("subject.scale == \"large\"")), SUBJECT, false, NULL,
     NULL},
    {"an attribute of a rule that the status rules out",
     "rules:\n" RULE("a", WHEN("subject.status == \"dissolved\" && subject.staff > 5")),
     OF(",\"attributes\":{\"staff\":9}"), true, NULL, NULL},
    {"an attribute of the first of two rules",
     "rules:\n" RULE("a", WHEN("subject.scale == \"large\""))
         RULE("b", WHEN("subject.status == \"dissolved\"")),
     OF(",\"attributes\":{\"scale\":\"small\"}"), true, NULL, NULL},
    {"an attribute of a rule about records",
     PLAIN RULE(
         "b",
         "ground: 'r.category == \"fine\" && subject.scale == \"large\"', " THREE_YEARS
             EXCLUDE) RULE("c", WHEN("subject.status == \"dissolved\"")),
     OF(",\"attributes\":{\"scale\":\"small\",\"staff\":9}"), true, NULL, NULL},
    {"a condition for the program", "rules:\n" RULE("a", WHEN("size(records) > 5")),
     SUBJECT, false, NULL, NULL},
    {"the name", "rules:\n" RULE("a", WHEN("subject.name == \"m\"")), SUBJECT, false,
     NULL, NULL},
    {"a ground, and a `when` that needs none",
     "rules:\n" RULE("a", ON_FINE "when: 'size(grounds) < 2', " EXCLUDE), SUBJECT,
     false, NULL, NULL},
    {"a ground, and a `when` that is false without",
     "rules:\n" RULE("a", ON_FINE "when: 'size(grounds) > 1', " EXCLUDE), SUBJECT, true,
     NULL, NULL},
    /* persons */
    {"a person of whom nothing is known", PLAIN, PERSON("S-1", "natural_person", ""),
     true, NULL, NULL},
    {"a person of limited capacity", PLAIN,
     PERSON("S-1", "natural_person", ",\"capacity\":\"limited\""), false, NULL, NULL},
    {"a person without capacity", PLAIN,
     PERSON("S-1", "natural_person", ",\"capacity\":\"none\""), false, NULL, NULL},
    {"a person under age", PLAIN, PERSON("S-1", "natural_person", ""), false, NULL,
     "11010120150307123X"},
    {"a person who is of age", PLAIN, PERSON("S-1", "natural_person", ""), false, NULL,
     "110101199003071233"},
    {"a firm whose id begins like a person's", PLAIN, SUBJECT, true, NULL,
     "91430100MA4L16JQ9B"},
};

static bool is_quiet_by_head(const world *made, heng_str id, heng_date *ret_through) {
    const uint8_t *subject = made->snapshot->subject;
    uint8_t *gist = heng_arena_alloc(made->arena, heng_flat_u32(subject));
    heng_gist_head head;
    assert_non_null(gist);
    assert_true(heng_gist_read_head(gist, heng_gist_write(subject, gist), &head));
    return heng_brief_is_quiet(made->plan, id, NULL, &head, ret_through);
}

static heng_date day_of(const char *text) {
    heng_date day = HENG_DATE_NONE;
    if (text != NULL)
        assert_true(heng_date_parse(heng_str_of(text), &day));
    return day;
}

/* Where it is quiet there is nothing to say, up to the same day, at length and in
 * brief. */
static void quiet_is_where_there_is_nothing(void **state) {
    const struct quiet *row = *state;
    world made = {0};
    heng_error error = {0};
    heng_date through = 77;
    heng_decision *brief = NULL;
    world_plan(&made, "suspend", row->rules, row->lines, "2025-01-01", 0);
    heng_snapshot snapshot = *made.snapshot;
    if (row->id != NULL)
        snapshot.id = heng_str_of(row->id);
    assert_int_equal(
        heng_brief_is_quiet(made.plan, snapshot.id, snapshot.subject, NULL, &through),
        row->want);
    if (!made.plan->always_reads) { /* the head of the gist is enough then */
        heng_date by_head = through;
        assert_int_equal(is_quiet_by_head(&made, snapshot.id, &by_head), row->want);
        assert_int_equal(by_head, through);
    }
    if (row->want) {
        assert_int_equal(through, day_of(row->through));
        assert_true(heng_brief_decide(made.plan, made.worker, &snapshot, true, &brief));
        assert_int_equal(brief->measure_count + brief->verdict_count, 0);
        assert_int_equal(brief->valid_through, through);
    }
    heng_date day = made.plan->as_of;
    heng_plan_free(made.plan);
    made.plan = NULL;
    assert_int_equal(heng_plan_new_with(made.ruleset, snapshot.names, day,
                                        HENG_PLAN_PLAIN, &made.plan, &error),
                     HENG_OK);
    heng_date ignored = 0;
    assert_false(
        heng_brief_is_quiet(made.plan, snapshot.id, snapshot.subject, NULL, &ignored));
    assert_int_equal(heng_decide(made.plan, made.worker, &snapshot, UINT32_MAX, 0,
                                 &made.decision, &error),
                     HENG_OK);
    if (row->want) {
        const heng_decision *decision = made.decision;
        assert_int_equal(decision->measure_count + decision->undetermined_count +
                             decision->verdict_count + decision->unknown_tie_count,
                         0);
        assert_false(decision->out_of_scope);
        assert_int_equal(decision->valid_through, through);
    }
    world_done(&made);
}

/* ---- memory ---- */

static heng_status decide_again(void *context) {
    world *made = context;
    heng_error error = {0};
    heng_worker *worker = heng_worker_new();
    heng_status status =
        worker == NULL ? HENG_ERR_NOMEM
                       : heng_decide(made->plan, worker, made->snapshot, UINT32_MAX,
                                     HENG_DECIDE_NO_VERDICTS, &made->decision, &error);
    heng_worker_free(worker);
    return status;
}

static void it_survives_every_failure(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        world made = {0};
        world_plan(&made, rows[i].disputed, rows[i].rules, rows[i].lines, rows[i].as_of,
                   0);
        assert_true(torture(decide_again, &made) > 2);
        world_done(&made);
    }
}

int main(void) {
    struct CMUnitTest tests[COUNT(rows) + COUNT(quiets) + 3];
    const struct CMUnitTest others[] = {
        cmocka_unit_test(many_grounds_are_decided_at_length),
        cmocka_unit_test(who_asks_for_more_is_not_told_in_brief),
        cmocka_unit_test(it_survives_every_failure),
    };
    size_t count = 0;
    for (size_t i = 0; i < COUNT(rows); i++)
        tests[count++] = ROW_TEST(&rows[i], decided);
    for (size_t i = 0; i < COUNT(quiets); i++)
        tests[count++] = ROW_TEST(&quiets[i], quiet_is_where_there_is_nothing);
    for (size_t i = 0; i < COUNT(others); i++)
        tests[count++] = others[i];
    return check_run("decide/brief", tests, count, NULL, NULL);
}
