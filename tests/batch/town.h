/* SPDX-License-Identifier: Apache-2.0 */
/* town.h: a store of made-up subjects, and rules that look at their own records, at
 * those behind ties, and at those that name them. */
#ifndef HENG_TESTS_BATCH_TOWN_H
#define HENG_TESTS_BATCH_TOWN_H

#include "store/fixture.h"

#include "decide/plan.h"
#include "heng/decide.h"
#include "heng/ruleset.h"
#include "ruleset/linked.h"

static const char TOWN_HEAD[] =
    "ruleset: {id: t, version: \"1\", title: t, region: \"430000\", time_zone: "
    "Asia/Shanghai, disputed: suspend}\n"
    "sources:\n"
    "  - {id: law, title: l, issuer: i, level: law, in_force: {from: 2000-01-01}}\n"
    "roles:\n"
    "  - {id: head, inverse: heads, title: h}\n"
    "  - {id: owner, inverse: owns, title: o}\n"
    "  - {id: responsible, title: r}\n"
    "  - {id: witness, title: w}\n"
    "categories:\n"
    "  - {id: fine, title: f, information: public, nature: adverse, severity: general, "
    "provider: p,\n"
    "     attributes: {amount: {type: int}}}\n"
    "  - {id: list, title: l, information: public, nature: adverse, severity: serious, "
    "provider: p, use_limit: P3Y}\n"
    "  - {id: other, title: o, information: public, nature: neutral, provider: p}\n"
    "matters:\n"
    "  - {id: bid, title: b, authority: a}\n"
    "measures:\n"
    "  - {id: exclude, title: e, kind: restriction, force: mandatory, matters: [bid], "
    "authority: a,\n"
    "     remedies: [{kind: litigation, within: P6M, basis: {source: law, article: "
    "\"1\"}}]}\n"
    "  - {id: inspect, title: e, kind: restriction, effect: burden, force: mandatory, "
    "matters: [bid], authority: a,\n"
    "     remedies: [{kind: litigation, within: P6M, basis: {source: law, article: "
    "\"1\"}}]}\n";

#define TOWN_RULE(id, more)                                                            \
    "  - {id: " id ", title: t, applies_to: [legal_person, natural_person], "          \
    "effective: {from: 2010-01-01}, " more                                             \
    ", basis: [{source: law, article: \"1\"}]}\n"
#define TOWN_OWN                                                                       \
    TOWN_RULE("own", "ground: 'r.category == \"fine\" && r.amount > 10', "             \
                     "term: {from: r.decided_on, last: P3Y}, measures: [exclude]")
#define TOWN_TIED                                                                      \
    TOWN_RULE("tied", "through: [head, owns], ground: 'r.category == \"fine\" && "     \
                      "r.amount > 50', term: {from: r.decided_on, last: P3Y}, "        \
                      "measures: [inspect]")
#define TOWN_NAMED                                                                     \
    TOWN_RULE("named", "named_as: [responsible], ground: 'r.category == \"list\"', "   \
                       "term: {from: r.decided_on, last: P3Y}, measures: [exclude]")
#define TOWN_RULES "rules:\n" TOWN_OWN TOWN_TIED TOWN_NAMED
/* One that needs no record. */
#define TOWN_ALWAYS                                                                    \
    TOWN_RULE("always", "when: 'subject.region == \"430103\"', measures: [inspect]")

typedef struct town {
    char *folder;
    heng_ruleset *ruleset;
    heng_store *store;
    heng_date day;
} town;

static inline void town_problem(void *context, const char *text, size_t len) {
    (void)context;
    (void)fwrite(text, 1, len, stderr);
}

static inline heng_ruleset *town_rules(const char *rules) {
    heng_ruleset *ruleset = NULL;
    heng_error error = {0};
    heng_diags *diags = heng_diags_new();
    heng_ruleset_file files[] = {{"town.yaml", heng_str_of(TOWN_HEAD)},
                                 {"rules.yaml", heng_str_of(rules)}};
    if (heng_ruleset_load_files(files, 2, diags, &ruleset, &error) != HENG_OK) {
        for (size_t i = 0; i < heng_diags_count(diags); i++)
            heng_diag_render(heng_diags_get(diags, i), false, town_problem, NULL);
        fail_msg("%s", error.text);
    }
    heng_diags_free(diags);
    return ruleset;
}

static inline void town_import(town *in, heng_time_ms now, const char *lines) {
    heng_error error = {0};
    heng_import_counts counts = {0};
    struct fixture_log log = {.now = now};
    heng_buffer_init(&log.text, 1 << 20);
    heng_import_options options = fixture_options(&log);
    options.catalog = heng_ruleset_catalog(in->ruleset);
    heng_status status =
        fixture_import_with(in->store, &options, lines, strlen(lines), &counts, &error);
    if (status != HENG_OK || counts.rejects != 0)
        fail_msg("import: %s\n%s", error.text, heng_buffer_view(&log.text).ptr);
    heng_buffer_done(&log.text);
}

static inline void town_open(town *ret_town, const char *rules, const char *lines) {
    *ret_town = (town){.folder = fixture_folder(), .ruleset = town_rules(rules)};
    assert_true(heng_date_parse(HENG_STR("2025-01-01"), &ret_town->day));
    ret_town->store = fixture_open(ret_town->folder, HENG_STORE_CREATE);
    town_import(ret_town, 1000, lines);
}

static inline void town_close(town *in) {
    heng_store_close(in->store);
    heng_ruleset_free(in->ruleset);
    fixture_remove(in->folder);
    *in = (town){0};
}

/* `count` subjects, every third with records; some have heads, some records name
 * somebody; `fines` of a hundred are large. */
static inline void town_make(heng_buffer *to, unsigned count, unsigned fines) {
    uint64_t state = 88172645463325252U;
    for (unsigned i = 0; i < count; i++) {
        unsigned other = (unsigned)(fixture_random(&state) % count);
        unsigned third = (unsigned)(fixture_random(&state) % count);
        (void)heng_buffer_add_format(
            to,
            "{\"type\":\"subject\",\"id\":\"E-%05u\",\"kind\":\"legal_person\","
            "\"name\":\"n\",\"region\":\"43010%u\"",
            i, i % 5);
        if (i % 4 == 0)
            (void)heng_buffer_add_format(
                to,
                ",\"relations\":[{\"role\":\"head\",\"id\":\"E-%05u\"},{\"role\":"
                "\"owns\",\"id\":\"E-%05u\",\"to\":\"2024-%02u-01\"}]",
                other, third, 1 + i % 12);
        (void)heng_buffer_add_text(to, "}\n");
        for (unsigned r = 0; i % 3 == 0 && r <= i % 4; r++) {
            bool is_fine = (i + r) % 3 != 0;
            (void)heng_buffer_add_format(
                to,
                "{\"type\":\"record\",\"id\":\"R-%05u-%u\",\"subject\":\"E-%05u\","
                "\"category\":\"%s\",\"authority\":\"a\",\"document_no\":\"d\","
                "\"decided_on\":\"2023-%02u-11\"",
                i, r, i, is_fine ? "fine" : "list", 1 + (i + r) % 12);
            if (is_fine && i % 7 != 0)
                (void)heng_buffer_add_format(
                    to, ",\"attributes\":{\"amount\":%u}",
                    fixture_random(&state) % 100 < fines ? 60U : r * 9);
            if (r % 2 == 0)
                (void)heng_buffer_add_format(
                    to, ",\"parties\":[{\"role\":\"%s\",\"id\":\"E-%05u\"}]",
                    i % 2 == 0 ? "responsible" : "witness", third);
            (void)heng_buffer_add_text(to, "}\n");
        }
    }
}

#endif
