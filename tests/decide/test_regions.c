/* SPDX-License-Identifier: Apache-2.0 */
/* test_regions.c: a region lies in those of a rule as numbers where it does as text. */
#include <string.h>

#include "support/check.h"

#include "decide/rule_bounds.h"
#include "heng/diag.h"
#include "heng/ruleset.h"
#include "ruleset/linked.h"

#define RULE(id, regions)                                                              \
    "  - {id: " id ", title: Rule, applies_to: [legal_person], effective: {from: "     \
    "2010-01-01}, basis: [{source: law, article: \"1\"}], ground: 'r.category == "     \
    "\"debt\"', measures: [praise]" regions "}\n"

static const char RULES[] =
    "ruleset: {id: town, version: \"1\", title: Town, region: \"430000\", time_zone: "
    "Asia/Shanghai}\n"
    "sources:\n"
    "  - {id: law, title: Law, issuer: Council, level: law, in_force: {from: "
    "2000-01-01}}\n"
    "matters: [{id: bid, title: Bid, authority: Office}]\n"
    "categories:\n"
    "  - {id: debt, title: Debt, information: public, nature: adverse, severity: "
    "serious, provider: Court}\n"
    "measures:\n"
    "  - {id: praise, title: Praise, kind: incentive, force: mandatory, matters: "
    "[bid], authority: Office}\n"
    "rules:\n" RULE("a", "") RULE("b", ", regions: [\"43\"]")
        RULE("c", ", regions: [\"4301\", \"440106\"]") RULE("d", ", regions: [\"43\"]")
            RULE("e", ", regions: [\"4\"]") RULE("f", ", regions: [\"43010200\"]")
                RULE("g", ", regions: [\"430102001\"]")
                    RULE("h", ", regions: [\"4301\", \"440106\"]");

static const char *const REGIONS[] = {
    "",        "4",        "5",         "43",       "44",           "4301",
    "4302",    "43010",    "430102",    "440106",   "440107",       "4301020",
    "4301021", "43010200", "430102001", "43010201", "430102001002", "4401060"};

static heng_ruleset *ruleset;

static const heng_rule *rule(const char *id) {
    const heng_rule *found = heng_ruleset_find_rule(ruleset, heng_str_of(id));
    assert_non_null(found);
    return found;
}

static void numbers_say_what_texts_say(void **state) {
    size_t compared = 0;
    (void)state;
    for (size_t r = 0; r < ruleset->rule_count; r++) {
        const heng_rule *of = &ruleset->rules[r];
        for (size_t i = 0; i < COUNT(REGIONS) && of->prefixes != NULL; i++) {
            heng_str region = heng_str_of(REGIONS[i]);
            uint64_t word = heng_region_word(region);
            bool lies = false;
            for (size_t p = 0; p < of->region_count; p++)
                lies = lies || (word & of->prefixes[p].mask) == of->prefixes[p].word;
            if (lies != heng_rule_fits_region(of, region))
                fail_msg("rule %.*s, region `%s`", HENG_STR_ARG(of->id), REGIONS[i]);
            compared++;
        }
    }
    assert_int_equal(compared, 6 * COUNT(REGIONS));
}

static void the_same_are_shared(void **state) {
    (void)state;
    assert_non_null(rule("b")->prefixes);
    assert_ptr_equal(rule("b")->prefixes, rule("d")->prefixes);
    assert_ptr_equal(rule("c")->prefixes, rule("h")->prefixes);
    assert_ptr_not_equal(rule("b")->prefixes, rule("e")->prefixes);
}

static void what_is_no_number_is_asked_as_text(void **state) {
    (void)state;
    assert_null(rule("a")->prefixes); /* has none */
    assert_null(rule("g")->prefixes); /* too long */
    assert_non_null(rule("f")->prefixes);
}

static int setup(void **state) {
    heng_error error = {0};
    heng_diags *diags = heng_diags_new();
    const heng_ruleset_file file = {"regions.yaml", {RULES, sizeof RULES - 1}};
    (void)state;
    if (heng_ruleset_load_files(&file, 1, diags, &ruleset, &error) != HENG_OK)
        fail_msg("%s", heng_diags_count(diags) > 0 ? heng_diags_get(diags, 0)->message
                                                   : error.text);
    heng_diags_free(diags);
    return 0;
}

static int teardown(void **state) {
    (void)state;
    heng_ruleset_free(ruleset);
    return 0;
}

int main(void) {
    const struct CMUnitTest tests[] = {
        {"numbers say what texts say", numbers_say_what_texts_say, 0, 0, 0},
        {"rules that have the same share them", the_same_are_shared, 0, 0, 0},
        {"what is no number is asked as text", what_is_no_number_is_asked_as_text, 0, 0,
         0},
    };
    return cmocka_run_group_tests_name("regions", tests, setup, teardown);
}
