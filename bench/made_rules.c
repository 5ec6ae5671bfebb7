/* SPDX-License-Identifier: Apache-2.0 */
#include "made_rules.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/alloc.h"
#include "base/file.h"
#include "base/limits.h"
#include "measure.h"

enum { MEASURES = 40, SOURCES = 20, CITIES = 14, MOST_FILES = 64 };

const size_t HENG_MADE_RULES[HENG_MADE_SIZES] = {60, 600, 6000};

/* The cities and prefectures in which heng-market puts its subjects. */
static const char *const REGIONS[CITIES] = {"4301", "4302", "4303", "4304", "4305",
                                            "4306", "4307", "4308", "4309", "4310",
                                            "4311", "4312", "4313", "4331"};

/* ---- made-up rulesets ---- */

static void write_catalog(heng_buffer *out) {
    heng_buffer_add_text(out, "ruleset:\n"
                              "  id: made\n"
                              "  title: {zh: 测速, en: Bench}\n"
                              "roles:\n"
                              "  - id: legal_representative\n"
                              "    title: {zh: 法定代表人, en: legal representative}\n"
                              "sources:\n");
    for (int i = 0; i < SOURCES; i++) {
        heng_buffer_add_format(out,
                               "  - id: law-%d\n"
                               "    title: {zh: 示例法, en: Law}\n"
                               "    issuer: 示例机关\n"
                               "    level: law\n"
                               "    in_force: {from: 2003-01-01}\n",
                               i);
    }
    heng_buffer_add_text(out, "categories:\n");
    for (int i = 0; i < HENG_MADE_CATEGORIES; i++) {
        heng_buffer_add_format(
            out,
            "  - id: list.category_%d\n"
            "    title: {zh: 示例名单, en: List}\n"
            "    information: public\n"
            "    nature: adverse\n"
            "    severity: serious\n"
            "    provider: 示例机关\n"
            "    use_limit: P5Y\n"
            "    attributes:\n"
            "      amount: {type: decimal, unit: CNY, required: true}\n"
            "      case_kind: {type: string, enum: [evasion, fraud, arrears]}\n",
            i);
    }
    heng_buffer_add_text(out,
                         "matters:\n"
                         "  - {id: procurement.bid, title: 投标, authority: 示例机关}\n"
                         "measures:\n");
    for (int i = 0; i < MEASURES; i++) {
        heng_buffer_add_format(
            out,
            "  - id: measure-%d\n"
            "    title: {zh: 限制, en: Restriction}\n"
            "    kind: restriction\n"
            "    force: mandatory\n"
            "    matters: [procurement.bid]\n"
            "    authority: 示例机关\n"
            "    remedies:\n"
            "      - {kind: litigation, within: P6M, basis: {source: "
            "law-1, article: \"46\"}}\n",
            i);
    }
}

/* Below this amount lie `share` of `shares` of the amounts that heng-market draws: each
 * of six decades from 100 on is as likely as another. */
static uint64_t amount_at(size_t share, size_t shares) {
    size_t sixths = share * 6;
    uint64_t decade = 100;
    for (size_t i = 0; i < sixths / shares; i++)
        decade *= 10;
    return decade + decade * 9 * (sixths % shares) / shares;
}

typedef struct heng_share {
    size_t category, band, bands, zone, zones;
} heng_share;

static void write_rule(heng_buffer *out, const heng_share *share) {
    static const char *const KINDS[] = {
        "legal_person, unincorporated, individual_business, natural_person",
        "legal_person, unincorporated, individual_business",
        "legal_person, unincorporated"};
    heng_buffer_add_format(out,
                           "  - id: rule-%zu-%zu-%zu\n"
                           "    title: {zh: 规则, en: Rule}\n"
                           "    applies_to: [%s]\n"
                           "    regions: [",
                           share->category, share->band, share->zone,
                           KINDS[share->category % 3]);
    size_t first = CITIES * share->zone / share->zones;
    size_t end = CITIES * (share->zone + 1) / share->zones;
    for (size_t i = first; i < end; i++)
        heng_buffer_add_format(out, i == first ? "\"%s\"" : ", \"%s\"", REGIONS[i]);
    heng_buffer_add_format(
        out,
        "]\n"
        "    effective: {from: 2016-08-01}\n"
        "    ground: r.category == \"list.category_%zu\" && r.in_force && "
        "r.amount >= %" PRIu64,
        share->category, share->band == 0 ? 0 : amount_at(share->band, share->bands));
    if (share->band + 1 < share->bands) /* the last has no end */
        heng_buffer_add_format(out, " && r.amount < %" PRIu64,
                               amount_at(share->band + 1, share->bands));
    heng_buffer_add_format(out,
                           "\n"
                           "    measures: [measure-%zu]\n"
                           "    term: {from: r.decided_on, last: P%zuY}\n"
                           "    reason: {zh: \"因{r.document_no}\", en: \"by "
                           "{r.document_no}\"}\n"
                           "    basis: [{source: law-%zu, article: \"22\"}]\n",
                           share->category % MEASURES, 2 + share->category % 3,
                           share->category % SOURCES);
}

void heng_made_rules_write(heng_buffer *out, size_t rules) {
    size_t each = rules / HENG_MADE_CATEGORIES;
    size_t zones = each % 5 == 0 && each >= 25 ? 5 : each % 2 == 0 ? 2 : 1;
    heng_share share = {.bands = each / zones, .zones = zones};
    write_catalog(out);
    heng_buffer_add_text(out, "rules:\n");
    for (share.category = 0; share.category < HENG_MADE_CATEGORIES; share.category++) {
        for (size_t i = 0; i < each; i++) {
            share.band = i / zones;
            share.zone = i % zones;
            write_rule(out, &share);
        }
    }
    if (heng_buffer_status(out) != HENG_OK)
        heng_measure_die("rules", "no memory for their text");
}

/* ---- loading ---- */

static void print_piece(void *context, const char *text, size_t len) {
    (void)context;
    (void)fwrite(text, 1, len, stderr);
}

static heng_ruleset *load(const heng_ruleset_file *files, size_t count) {
    heng_diags *diags = heng_diags_new();
    heng_ruleset *ruleset = NULL;
    heng_error error = {0};
    if (diags == NULL)
        heng_measure_die("rules", "out of memory");
    if (heng_ruleset_load_files(files, count, diags, &ruleset, &error) != HENG_OK) {
        for (size_t i = 0; i < heng_diags_count(diags); i++)
            heng_diag_render(heng_diags_get(diags, i), false, print_piece, NULL);
        heng_measure_die("rules", error.text);
    }
    heng_diags_free(diags);
    return ruleset;
}

heng_ruleset *heng_made_rules_load(size_t rules) {
    heng_buffer text;
    heng_buffer_init(&text, (size_t)64 << 20);
    heng_made_rules_write(&text, rules);
    heng_ruleset_file file = {"made.yaml", heng_buffer_view(&text)};
    heng_ruleset *ruleset = load(&file, 1);
    heng_buffer_done(&text);
    return ruleset;
}

static const char GROUNDLESS[] =
    "sources:\n"
    "  - id: bench-law\n"
    "    title: {zh: 示例法, en: Law}\n"
    "    issuer: 示例机关\n"
    "    level: law\n"
    "    in_force: {from: 2003-01-01}\n"
    "measures:\n"
    "  - id: bench-notice\n"
    "    title: {zh: 提示, en: Notice}\n"
    "    kind: notice\n"
    "    force: mandatory\n"
    "    matters: []\n"
    "    authority: 示例机关\n"
    "rules:\n"
    "  - id: bench-groundless\n"
    "    title: {zh: 无需记录, en: Needs no record}\n"
    "    applies_to: [legal_person, unincorporated, individual_business]\n"
    "    effective: {from: 2016-08-01}\n"
    "    when: subject.status == \"restructured\"\n"
    "    measures: [bench-notice]\n"
    "    basis: [{source: bench-law, article: \"1\"}]\n";

/* ---- the shipped ones ---- */

/* Files of a folder, as they are. */
typedef struct shipped {
    heng_arena *arena;
    heng_ruleset_file files[MOST_FILES + 1]; /* room for one more */
    size_t count;
} shipped;

static void shipped_read(shipped *rules, const char *path) {
    heng_str *paths = NULL;
    heng_error error = {0};
    *rules = (shipped){.arena = heng_arena_new(HENG_LIMIT_RULESET_ARENA_BYTES)};
    if (rules->arena == NULL || heng_file_list(path, ".yaml", rules->arena, &paths,
                                               &rules->count, &error) != HENG_OK)
        heng_measure_die(path, error.text);
    if (rules->count == 0 || rules->count > MOST_FILES)
        heng_measure_die(path, "holds no rules, or too many files");
    for (size_t i = 0; i < rules->count; i++) {
        char file[4096];
        char *bytes = NULL;
        heng_str text = {0};
        (void)snprintf(file, sizeof file, "%s/%s", path, paths[i].ptr);
        if (heng_file_read(file, (size_t)64 << 20, &bytes, &text.len, &error) !=
            HENG_OK)
            heng_measure_die(file, error.text);
        text.ptr = bytes;
        rules->files[i].name = paths[i].ptr;
        rules->files[i].text = heng_arena_dup_str(rules->arena, text);
        heng_alloc_free(bytes);
        if (rules->files[i].text.ptr == NULL)
            heng_measure_die("rules", "out of memory");
    }
}

heng_ruleset *heng_made_rules_shipped(const char *path, bool groundless) {
    shipped rules;
    shipped_read(&rules, path);
    rules.files[rules.count] = (heng_ruleset_file){"bench.yaml", HENG_STR(GROUNDLESS)};
    heng_ruleset *ruleset =
        load(rules.files, groundless ? rules.count + 1 : rules.count);
    heng_arena_free(rules.arena);
    return ruleset;
}

/* ---- others of them ---- */

static bool begins_with(heng_str line, const char *with) {
    size_t len = strlen(with);
    return line.len >= len && memcmp(line.ptr, with, len) == 0;
}

static const char ID[] = "  - id: ";

/* The next line of a text, without its newline; false at the end. */
static bool next_line(heng_str *text, heng_str *ret_line) {
    const char *newline = memchr(text->ptr, '\n', text->len);
    if (text->len == 0)
        return false;
    *ret_line = (heng_str){text->ptr,
                           newline == NULL ? text->len : (size_t)(newline - text->ptr)};
    size_t taken = ret_line->len + (newline != NULL);
    text->ptr += taken;
    text->len -= taken;
    return true;
}

static void add_line(heng_buffer *out, heng_str line) {
    (void)heng_buffer_add_str(out, line);
    (void)heng_buffer_add_char(out, '\n');
}

/* Leaves out the rules that look at others; a list of which nothing is left, too. */
static size_t leave_others_out(heng_str text, const char *rule, heng_buffer *out) {
    heng_str line;
    bool in_rules = false, looks = false, more = true;
    size_t list_at = 0, rule_at = 0, kept = 0, count = 0;
    (void)rule;
    while (more) {
        more = next_line(&text, &line);
        bool is_key =
            !more || (line.len > 0 && line.ptr[0] > ' ' && line.ptr[0] != '#');
        bool is_rule = more && in_rules && begins_with(line, ID);
        if ((is_key || is_rule) && looks) {
            heng_buffer_truncate(out, rule_at);
            count++;
        } else if ((is_key || is_rule) && in_rules && rule_at > list_at) {
            kept++;
        }
        if (is_key && in_rules && kept == 0)
            heng_buffer_truncate(out, list_at);
        if (is_key) {
            in_rules = more && begins_with(line, "rules:");
            list_at = rule_at = out->len;
            kept = 0;
        }
        if (is_rule)
            rule_at = out->len;
        looks = (looks && !is_key && !is_rule) || begins_with(line, "    through:") ||
                begins_with(line, "    named_as:");
        if (more)
            add_line(out, line);
    }
    return count;
}

/* Adds a condition behind each ground in one line; how many. */
static size_t draft(heng_str text, const char *rule, heng_buffer *out) {
    static const char GROUND[] = "    ground: ";
    bool asked = rule == NULL;
    size_t count = 0;
    heng_str line;
    while (next_line(&text, &line)) {
        if (rule != NULL && begins_with(line, ID)) {
            heng_str id = {line.ptr + sizeof ID - 1, line.len - (sizeof ID - 1)};
            asked = heng_str_equal(id, heng_str_of(rule));
        }
        (void)heng_buffer_add_str(out, line);
        if (asked && begins_with(line, GROUND) && line.len > sizeof GROUND &&
            strchr("|>'\"", line.ptr[sizeof GROUND - 1]) == NULL) {
            (void)heng_buffer_add_text(out, " && r.decided_on < date(\"2025-07-01\")");
            count++;
        }
        (void)heng_buffer_add_char(out, '\n');
    }
    return count;
}

/* The shipped rules, each file as `edit` makes it, which says how many it changed. */
static heng_ruleset *load_edited(const char *path, const char *rule,
                                 size_t (*edit)(heng_str text, const char *rule,
                                                heng_buffer *out)) {
    shipped rules;
    size_t count = 0;
    shipped_read(&rules, path);
    for (size_t i = 0; i < rules.count; i++) {
        heng_buffer text;
        heng_buffer_init(&text, (size_t)64 << 20);
        count += edit(rules.files[i].text, rule, &text);
        rules.files[i].text = heng_arena_dup_str(rules.arena, heng_buffer_view(&text));
        heng_buffer_done(&text);
        if (rules.files[i].text.ptr == NULL)
            heng_measure_die("rules", "out of memory");
    }
    if (count == 0)
        heng_measure_die(rule == NULL ? path : rule, "has nothing that could change");
    heng_ruleset *ruleset = load(rules.files, rules.count);
    heng_arena_free(rules.arena);
    return ruleset;
}

heng_ruleset *heng_made_rules_draft(const char *path, const char *rule) {
    return load_edited(path, rule, draft);
}

heng_ruleset *heng_made_rules_own(const char *path) {
    return load_edited(path, NULL, leave_others_out);
}
