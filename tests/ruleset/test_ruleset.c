/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test_ruleset.c: what a ruleset becomes when it is loaded, and what is said of inputs
 * that are none.
 */
#include "ruleset/load.h"
#include "ruleset/whole.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/limits.h"
#include "ruleset/yaml.h"

static heng_ruleset *whole;

static int load_whole(void **state) {
    (void)state;
    const heng_ruleset_file files[] = {{"a.yaml", HENG_STR(WHOLE_A)},
                                       {"sub/b.yaml", HENG_STR(WHOLE_B)}};
    heng_diags *diags = heng_diags_new();
    heng_error error = {0};
    heng_status status = heng_ruleset_load_files(files, 2, diags, &whole, &error);
    if (status != HENG_OK) {
        heng_buffer out;
        heng_buffer_init(&out, 1 << 20);
        load_render(diags, &out);
        (void)fprintf(stderr, "%s\n%s", error.text, heng_buffer_view(&out).ptr);
        heng_buffer_done(&out);
    }
    heng_diags_free(diags); /* what was loaded does not need them */
    return status != HENG_OK;
}

static int free_whole(void **state) {
    (void)state;
    heng_ruleset_free(whole);
    return 0;
}

#define ASSERT_STR(str, literal)                                                       \
    do {                                                                               \
        heng_str got = (str);                                                          \
        if (!heng_str_equal(got, heng_str_of(literal)))                                \
            fail_msg("`%.*s`, expected `%s`", HENG_STR_ARG(got), (literal));           \
    } while (0)

static void the_head_is_read(void **state) {
    (void)state;
    ASSERT_STR(heng_ruleset_id(whole), "whole");
    ASSERT_STR(heng_ruleset_version(whole), "2026.10"); /* as written, no number */
    ASSERT_STR(heng_ruleset_time_zone(whole), "Asia/Shanghai");
    ASSERT_STR(whole->region, "430000");
    ASSERT_STR(heng_text_in(&whole->title, HENG_LANG_ZH), "Whole");
    assert_false(whole->suspend_disputed);
    assert_true(whole->purpose_required);
    assert_int_equal(whole->source_text_count, 2);
    ASSERT_STR(whole->file_names[1], "sub/b.yaml");
}

static void defaults_of_the_head(void **state) {
    (void)state;
    heng_ruleset *ruleset = load_good(LOAD_HEAD);
    assert_true(ruleset->suspend_disputed);
    assert_false(ruleset->purpose_required);
    ASSERT_STR(heng_ruleset_time_zone(ruleset), "Asia/Shanghai");
    ASSERT_STR(heng_ruleset_version(ruleset), "");
    assert_int_equal(ruleset->rule_count, 0);
    assert_null(ruleset->tests);
    heng_ruleset_free(ruleset);
}

static void sources_are_sorted(void **state) {
    (void)state;
    assert_int_equal(whole->source_count, 2);
    ASSERT_STR(whole->sources[0].id, "a-rule");
    assert_int_equal(whole->sources[0].to, HENG_DATE_NONE);
    const heng_law_source *law = &whole->sources[1];
    ASSERT_STR(law->id, "z-law");
    ASSERT_STR(law->number, "第1号");
    assert_int_equal(law->level, HENG_LEVEL_LAW);
    assert_int_equal(law->record_only_count, 2);
    ASSERT_STR(law->record_only[1], "7");
    char day[HENG_DATE_TEXT_BYTES];
    heng_date_format(law->to, day);
    assert_string_equal(day, "2040-12-31");
    heng_pos pos = heng_source_locate(law->span.source, law->span.start);
    assert_int_equal(pos.line, 12);
    assert_int_equal(pos.col, 10);
}

static void ties_are_known_from_both_sides(void **state) {
    (void)state;
    const heng_catalog *catalog = heng_ruleset_catalog(whole);
    assert_int_equal(catalog->role_count, 3);
    ASSERT_STR(heng_catalog_other_side(catalog, HENG_STR("represents")),
               "legal_representative");
    ASSERT_STR(heng_catalog_other_side(catalog, HENG_STR("legal_representative")),
               "represents");
    ASSERT_STR(heng_catalog_other_side(catalog, HENG_STR("responsible")), "");
}

static void categories_are_read(void **state) {
    (void)state;
    const heng_catalog *catalog = heng_ruleset_catalog(whole);
    assert_int_equal(catalog->category_count, 2);
    const heng_category *fine = &catalog->categories[0];
    ASSERT_STR(fine->id, "fine");
    assert_int_equal(fine->information, HENG_INFORMATION_NON_PUBLIC);
    assert_int_equal(fine->severity, HENG_GRAVITY_NONE);
    assert_int_equal(fine->expires, HENG_EXPIRES_OPTIONAL);
    assert_false(fine->has_use_limit);
    const heng_category *tax = heng_catalog_category(catalog, HENG_STR("tax.major"));
    assert_ptr_equal(tax, &catalog->categories[1]);
    assert_int_equal(tax->severity, HENG_GRAVITY_SERIOUS);
    assert_true(tax->has_use_limit);
    assert_int_equal(tax->use_limit.months, 36);
    assert_int_equal(tax->expires, HENG_EXPIRES_REQUIRED);
    assert_int_equal(tax->fresh_within.days, 7);
    assert_int_equal(tax->repair_count, 2);
    assert_int_equal(tax->repairs[0].to, HENG_DATE_NONE);
    assert_int_equal(tax->repairs[0].basis.source, 0);
    ASSERT_STR(tax->repairs[0].basis.article, "5");
    ASSERT_STR(tax->repairs[0].route.en, "网站");
    assert_int_equal(tax->repairs[1].from, HENG_DATE_MIN);
    assert_null(tax->repairs[1].basis.article.ptr);
    assert_ptr_equal(whole->category_spans[1].source, whole->sources_text[1]);
}

static void attributes_have_one_slot_a_name(void **state) {
    (void)state;
    const heng_catalog *catalog = heng_ruleset_catalog(whole);
    const heng_category *fine = &catalog->categories[0];
    const heng_category *tax = &catalog->categories[1];
    assert_int_equal(whole->record_attribute_count, 3);
    ASSERT_STR(whole->record_attributes[0]->name, "amount");
    ASSERT_STR(whole->record_attributes[1]->name, "case_kind");
    ASSERT_STR(whole->record_attributes[2]->name, "kinds");
    const heng_attribute *amount = heng_catalog_attribute(tax, HENG_STR("amount"));
    assert_int_equal(amount->field, HENG_RECORD_FIELD_COUNT);
    assert_true(amount->required);
    ASSERT_STR(amount->unit, "CNY");
    assert_int_equal(heng_catalog_attribute(fine, HENG_STR("amount"))->field,
                     HENG_RECORD_FIELD_COUNT);
    assert_int_equal(heng_catalog_attribute(tax, HENG_STR("kinds"))->field,
                     HENG_RECORD_FIELD_COUNT + 2);
    assert_int_equal(heng_catalog_attribute(tax, HENG_STR("kinds"))->type,
                     HENG_ATTRIBUTE_STRINGS);
    const heng_attribute *kind = heng_catalog_attribute(fine, HENG_STR("case_kind"));
    assert_int_equal(kind->enum_count, 2);
    ASSERT_STR(kind->enum_words[1], "b");

    assert_int_equal(whole->subject_attribute_count, 2);
    const heng_attribute *scale =
        heng_catalog_subject_attribute(catalog, HENG_STR("scale"));
    assert_int_equal(scale->field, HENG_SUBJECT_FIELD_COUNT + 1);
    assert_ptr_equal(whole->subject_attributes[1], scale);
}

static void object_types_name_every_field(void **state) {
    (void)state;
    const heng_cel_object_type *record = whole->record_type;
    assert_int_equal(record->field_count, HENG_RECORD_FIELD_COUNT + 3);
    for (size_t i = 0; i < record->field_count; i++) {
        assert_true(record->fields[i].name.len > 0);
        bool may = i == HENG_RECORD_FIELD_EXPIRES_ON || i >= HENG_RECORD_FIELD_COUNT;
        assert_int_equal(record->fields[i].may_be_absent, may);
    }
    ASSERT_STR(record->fields[HENG_RECORD_FIELD_IN_FORCE].name, "in_force");
    ASSERT_STR(record->fields[HENG_RECORD_FIELD_COUNT + 1].name, "case_kind");
    const heng_cel_object_type *subject = whole->subject_type;
    assert_int_equal(subject->field_count, HENG_SUBJECT_FIELD_COUNT + 2);
    assert_true(subject->fields[HENG_SUBJECT_FIELD_ESTABLISHED_ON].may_be_absent);
    assert_true(subject->fields[HENG_SUBJECT_FIELD_INDUSTRY].may_be_absent);
    assert_false(subject->fields[HENG_SUBJECT_FIELD_STATUS].may_be_absent);
}

static void measures_are_linked(void **state) {
    (void)state;
    assert_int_equal(whole->measure_count, 4);
    const heng_measure *exclude = heng_ruleset_find_measure(whole, HENG_STR("exclude"));
    assert_non_null(exclude);
    assert_int_equal(exclude->kind, HENG_MEASURE_RESTRICTION);
    assert_int_equal(exclude->effect, HENG_EFFECT_BAR);
    assert_int_equal(exclude->force, HENG_FORCE_MANDATORY);
    assert_int_equal(exclude->matter_count, 2);
    ASSERT_STR(whole->matters[exclude->matters[0]].id, "a.fund");
    ASSERT_STR(whole->matters[exclude->matters[1]].id, "z.bid");
    ASSERT_STR(exclude->list_item, "A1");
    assert_int_equal(exclude->tag_count, 2);
    assert_int_equal(exclude->remedy_count, 1);
    ASSERT_STR(exclude->remedies[0].kind, "litigation");
    assert_int_equal(exclude->remedies[0].within.months, 6);
    assert_int_equal(exclude->remedies[0].basis.source, 1);
    const heng_measure *watch = heng_ruleset_find_measure(whole, HENG_STR("watch"));
    assert_int_equal(watch->effect, HENG_EFFECT_BURDEN);
    assert_int_equal(watch->matter_count, 0);
    assert_null(heng_ruleset_find_measure(whole, HENG_STR("exclud")));
    assert_non_null(heng_ruleset_find_matter(whole, HENG_STR("z.bid")));
    assert_null(heng_ruleset_find_matter(whole, HENG_STR("")));
}

static const heng_rule *rule(const char *id) {
    const heng_rule *found = heng_ruleset_find_rule(whole, heng_str_of(id));
    assert_non_null(found);
    return found;
}

static void a_rule_is_read_in_full(void **state) {
    (void)state;
    const heng_rule *tax = rule("tax.exclude");
    assert_int_equal(tax->applies_to,
                     1 << HENG_LEGAL_PERSON | 1 << HENG_UNINCORPORATED);
    assert_int_equal(tax->region_count, 2);
    ASSERT_STR(tax->regions[1], "4401");
    assert_int_equal(tax->by, HENG_BY_DECIDED_ON);
    assert_int_equal(tax->gaze, HENG_GAZE_OWN);
    assert_true(tax->has_force);
    assert_true(tax->stays);
    assert_false(tax->unverified); /* one basis was read */
    assert_int_equal(tax->measure_count, 2);
    ASSERT_STR(whole->measures[tax->measures[0]].id, "exclude");
    assert_int_equal(tax->basis_count, 2);
    assert_int_equal(tax->bases[0].source, 1);
    ASSERT_STR(tax->bases[0].article, "22(5)");
    ASSERT_STR(tax->bases[0].quote.zh, "字");
    ASSERT_STR(heng_text_in(&tax->bases[0].note, HENG_LANG_ZH), "note");
    assert_int_equal(tax->term, HENG_TERM_LAST);
    assert_int_equal(tax->last.months, 36);
    assert_null(tax->when);
    assert_non_null(tax->ground);
    assert_non_null(tax->ground_trace);
    assert_int_equal(tax->unless_count, 2);
    assert_non_null(tax->unless[0].condition);
    assert_non_null(tax->unless[0].trace);
    ASSERT_STR(tax->unless[0].because.en, "重整");
    assert_int_equal(tax->unless[0].basis_count, 1);
    assert_int_equal(tax->reason[HENG_LANG_EN].count, 2);
}

static void gazes_and_terms(void **state) {
    (void)state;
    const heng_rule *life = rule("role.life");
    assert_int_equal(life->gaze, HENG_GAZE_NAMED);
    ASSERT_STR(life->roles[0], "responsible");
    assert_int_equal(life->term, HENG_TERM_LIFE);
    assert_non_null(life->term_from);
    assert_true(life->unverified);
    assert_int_equal(life->reason[HENG_LANG_ZH].count, 2); /* en stands for it */
    const heng_rule *until = rule("role.until");
    assert_int_equal(until->gaze, HENG_GAZE_THROUGH);
    assert_int_equal(until->term, HENG_TERM_UNTIL);
    assert_non_null(until->term_until);
    const heng_rule *none = rule("no.ground");
    assert_int_equal(none->term, HENG_TERM_IN_FORCE);
    assert_int_equal(none->to, HENG_DATE_NONE);
    assert_null(none->ground);
    assert_non_null(none->when);
    assert_false(none->when_reads_grounds);
}

static void conditions_know_what_they_read(void **state) {
    (void)state;
    const heng_rule *tax = rule("tax.exclude");
    assert_true(tax->term_from_decided_on);
    assert_false(tax->unless[0].reads_grounds);
    assert_true(tax->unless[1].reads_grounds);
    assert_false(tax->all_categories);
    assert_int_equal(tax->category_count, 2);
    assert_int_equal(tax->categories[0], 0);
    assert_int_equal(tax->categories[1], 1);
    const heng_rule *life = rule("role.life");
    assert_true(life->all_categories);
    assert_true(life->when_reads_grounds);
    assert_false(life->term_from_decided_on);
    const heng_rule *until = rule("role.until");
    assert_int_equal(until->category_count, 1);
    assert_int_equal(until->categories[0], 0);
}

static void exceptions_are_expanded_and_ordered(void **state) {
    (void)state;
    uint32_t tax = (uint32_t)(rule("tax.exclude") - whole->rules);
    uint32_t life = (uint32_t)(rule("role.life") - whole->rules);
    uint32_t until = (uint32_t)(rule("role.until") - whole->rules);
    /* by tag and by id, each once; and not itself, though it carries the tag */
    assert_int_equal(whole->rules[life].displace_count, 2);
    assert_int_equal(whole->rules[life].displaces[0], until);
    assert_int_equal(whole->rules[life].displaces[1], tax);
    assert_int_equal(whole->rules[until].displace_count, 1);
    assert_int_equal(whole->rules[tax].displace_count, 0);
    assert_int_equal(whole->exception_count, 2);
    assert_int_equal(whole->exception_order[0], life);
    assert_int_equal(whole->exception_order[1], until);
}

static void conflicts_are_pairs_in_order(void **state) {
    (void)state;
    heng_buffer out;
    heng_buffer_init(&out, 1000);
    for (size_t i = 0; i < whole->pair_count; i++) {
        const heng_conflict_pair *pair = &whole->pairs[i];
        heng_buffer_add_format(
            &out, "%.*s>%.*s:%u ", HENG_STR_ARG(whole->measures[pair->kept].id),
            HENG_STR_ARG(whole->measures[pair->gone].id), (unsigned)pair->conflict);
    }
    /* the third declaration repeats a pair of the first, which counts */
    assert_string_equal(heng_buffer_view(&out).ptr,
                        "watch>exclude:1 watch>award:0 watch>fast:0 exclude>award:0 "
                        "exclude>fast:0 ");
    heng_buffer_clear(&out);
    for (size_t i = 0; i < whole->measure_order_count; i++)
        heng_buffer_add_format(
            &out, "%.*s ", HENG_STR_ARG(whole->measures[whole->measure_order[i]].id));
    assert_string_equal(heng_buffer_view(&out).ptr, "watch exclude award fast ");
    assert_int_equal(whole->conflict_count, 3);
    ASSERT_STR(whole->conflicts[1].bases[0].article, "3");
    heng_buffer_done(&out);
}

static void tests_of_all_files_are_one_list(void **state) {
    (void)state;
    assert_int_equal(whole->tests->kind, HENG_YAML_LIST);
    assert_int_equal(whole->tests->count, 3);
    static const char *const NAMES[] = {"first", "second", "third"};
    for (size_t i = 0; i < 3; i++) {
        const heng_yaml_node *name =
            heng_yaml_get(whole->tests->as.items[i], HENG_STR("name"));
        ASSERT_STR(name->text, NAMES[i]);
        assert_ptr_equal(name->span.source, whole->sources_text[i == 0 ? 0 : 1]);
    }
}

static void the_digest_is_of_names_and_bytes(void **state) {
    (void)state;
    static const struct {
        const char *name;
        const char *text;
        bool same;
    } ROWS[] = {{"a.yaml", LOAD_HEAD, true},
                {"b.yaml", LOAD_HEAD, false},
                {"a.yaml", LOAD_HEAD "#\n", false}};
    char first[HENG_LIMIT_ID_BYTES] = "";
    for (size_t i = 0; i < COUNT(ROWS); i++) {
        heng_ruleset_file file = {ROWS[i].name, heng_str_of(ROWS[i].text)};
        heng_diags *diags = heng_diags_new();
        heng_ruleset *ruleset = NULL;
        assert_int_equal(heng_ruleset_load_files(&file, 1, diags, &ruleset, NULL),
                         HENG_OK);
        heng_str digest = heng_ruleset_digest(ruleset);
        assert_int_equal(digest.len, strlen("sha256:") + 64);
        if (i == 0)
            memcpy(first, digest.ptr, digest.len);
        assert_int_equal(memcmp(first, digest.ptr, digest.len) == 0, ROWS[i].same);
        heng_ruleset_free(ruleset);
        heng_diags_free(diags);
    }
}

static void a_byte_order_mark_and_cr_lf_are_fine(void **state) {
    (void)state;
    heng_ruleset *ruleset = load_good("\xEF\xBB\xBFruleset:\r\n  id: test\r\n"
                                      "  title: |\r\n    two\r\n    lines\r\n");
    ASSERT_STR(ruleset->title.zh, "two\nlines\n");
    heng_ruleset_free(ruleset);
}

static void past_a_hundred_errors_are_counted(void **state) {
    (void)state;
    heng_buffer text;
    heng_buffer_init(&text, 100000);
    heng_buffer_add_text(&text, LOAD_HEAD "roles:\n");
    for (int i = 0; i < 150; i++)
        heng_buffer_add_format(&text, "  - {id: boss, title: Boss}\n");
    heng_ruleset_file file = {"a.yaml", heng_buffer_view(&text)};
    heng_diags *diags = heng_diags_new();
    heng_ruleset *ruleset = NULL;
    heng_error error = {0};
    assert_int_equal(heng_ruleset_load_files(&file, 1, diags, &ruleset, &error),
                     HENG_ERR_RULESET);
    assert_int_equal(heng_diags_count(diags), HENG_DIAGS_MAX);
    assert_int_equal(heng_diags_error_count(diags), 149);
    assert_string_equal(error.text, "the ruleset has 149 errors");
    assert_null(ruleset);
    heng_diags_free(diags);
    heng_buffer_done(&text);
}

/* ---- inputs that are no rulesets ---- */

static void check_path(const char *path, heng_status want, const char *want_text) {
    heng_diags *diags = heng_diags_new();
    heng_ruleset *ruleset = NULL;
    heng_error error = {0};
    char text[1200];
    assert_int_equal(heng_ruleset_load(path, diags, &ruleset, &error), want);
    assert_null(ruleset);
    heng_error_format(&error, text, sizeof text);
    if (strstr(text, want_text) == NULL)
        fail_msg("`%s`, expected `%s`", text, want_text);
    assert_non_null(strstr(text, path));
    heng_diags_free(diags);
}

static void write_file(const char *path, const char *bytes, size_t len) {
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, len, file), len);
    assert_int_equal(fclose(file), 0);
}

static void paths_that_hold_no_ruleset(void **state) {
    (void)state;
    char folder[] = "/tmp/heng-ruleset-XXXXXX";
    char path[64];
    assert_non_null(mkdtemp(folder));
    (void)snprintf(path, sizeof path, "%s/none", folder);
    check_path(path, HENG_ERR_NOT_FOUND, "nothing of this name");
    check_path(folder, HENG_ERR_NOT_FOUND, "no file below this folder ends in `.yaml`");

    (void)snprintf(path, sizeof path, "%s/a.yaml", folder);
    write_file(path, "roles: []\n", 10);
    check_path(path, HENG_ERR_RULESET, "the ruleset has 1 error");
    if (geteuid() != 0) { /* root reads everything */
        assert_int_equal(chmod(path, 0), 0);
        check_path(path, HENG_ERR_IO, "permission denied");
        check_path(folder, HENG_ERR_IO, "permission denied");
        assert_int_equal(chmod(path, 0600), 0);
    }
    assert_int_equal(truncate(path, (off_t)HENG_SOURCE_MAX + 1), 0);
    check_path(path, HENG_ERR_LIMIT, "16777216");
    assert_int_equal(unlink(path), 0);
    assert_int_equal(rmdir(folder), 0);
}

static void folders_are_read_in_order(void **state) {
    (void)state;
    static const char *const NAMES[] = {"b.yaml", "a/z.yaml", "a.yaml", "c.yml",
                                        ".hidden.yaml"};
    char folder[] = "/tmp/heng-ruleset-XXXXXX";
    char path[64];
    assert_non_null(mkdtemp(folder));
    (void)snprintf(path, sizeof path, "%s/a", folder);
    assert_int_equal(mkdir(path, 0700), 0);
    for (size_t i = 0; i < COUNT(NAMES); i++) {
        const char *text = i == 0 ? LOAD_HEAD : (i < 3 ? "roles: []\n" : "wrong");
        (void)snprintf(path, sizeof path, "%s/%s", folder, NAMES[i]);
        write_file(path, text, strlen(text));
    }
    heng_diags *diags = heng_diags_new();
    heng_ruleset *ruleset = NULL;
    assert_int_equal(heng_ruleset_load(folder, diags, &ruleset, NULL), HENG_OK);
    assert_int_equal(ruleset->source_text_count, 3);
    ASSERT_STR(ruleset->file_names[0], "a.yaml");
    ASSERT_STR(ruleset->file_names[1], "a/z.yaml");
    ASSERT_STR(ruleset->file_names[2], "b.yaml");
    (void)snprintf(path, sizeof path, "%s/a.yaml", folder);
    assert_string_equal(heng_source_name(ruleset->sources_text[0]), path);

    /* the same files from memory are the same ruleset, wherever they lay */
    const heng_ruleset_file files[] = {{"a.yaml", HENG_STR("roles: []\n")},
                                       {"a/z.yaml", HENG_STR("roles: []\n")},
                                       {"b.yaml", HENG_STR(LOAD_HEAD)}};
    heng_ruleset *same = NULL;
    assert_int_equal(heng_ruleset_load_files(files, 3, diags, &same, NULL), HENG_OK);
    assert_true(
        heng_str_equal(heng_ruleset_digest(same), heng_ruleset_digest(ruleset)));
    heng_ruleset_free(same);
    heng_ruleset_free(ruleset);
    heng_diags_free(diags);
    for (size_t i = 0; i < COUNT(NAMES); i++) {
        (void)snprintf(path, sizeof path, "%s/%s", folder, NAMES[i]);
        assert_int_equal(unlink(path), 0);
    }
    (void)snprintf(path, sizeof path, "%s/a", folder);
    assert_int_equal(rmdir(path), 0);
    assert_int_equal(rmdir(folder), 0);
}

static void files_and_bytes_are_limited(void **state) {
    (void)state;
    enum { FILES = 10001 };
    heng_ruleset_file *files = calloc(FILES, sizeof *files);
    char *text = calloc(1, HENG_SOURCE_MAX + 1);
    heng_diags *diags = heng_diags_new();
    heng_ruleset *ruleset = NULL;
    heng_error error = {0};
    assert_non_null(files);
    assert_non_null(text);
    for (size_t i = 0; i < FILES; i++)
        files[i] = (heng_ruleset_file){"a.yaml", {"", 0}};
    assert_int_equal(heng_ruleset_load_files(files, FILES, diags, &ruleset, &error),
                     HENG_ERR_LIMIT);
    assert_string_equal(error.text, "10001 files, expected at most 10000");
    for (size_t i = 0; i < 17; i++)
        files[i].text = (heng_str){text, HENG_SOURCE_MAX};
    assert_int_equal(heng_ruleset_load_files(files, 17, diags, &ruleset, &error),
                     HENG_ERR_LIMIT);
    assert_string_equal(error.text,
                        "the files have more than 268435456 bytes together, "
                        "expected at most so many");
    files[0].text.len = HENG_SOURCE_MAX + 1;
    assert_int_equal(heng_ruleset_load_files(files, 1, diags, &ruleset, &error),
                     HENG_ERR_LIMIT);
    assert_string_equal(error.text, "the file has 16777217 bytes, expected at most "
                                    "16777216; split it");
    heng_diags_free(diags);
    free(files);
    free(text);
}

/* Tests run in tests/. */
static void the_shipped_rules_load(void **state) {
    (void)state;
    heng_diags *diags = heng_diags_new();
    heng_ruleset *ruleset = NULL;
    heng_error error = {0};
    heng_status status = heng_ruleset_load("../rules", diags, &ruleset, &error);
    if (status != HENG_OK) {
        heng_buffer out;
        heng_buffer_init(&out, 1 << 20);
        load_render(diags, &out);
        (void)fprintf(stderr, "%s\n", heng_buffer_view(&out).ptr);
        heng_buffer_done(&out);
        fail_msg("%s", error.text);
    }
    assert_true(ruleset->rule_count > 0);
    heng_ruleset_free(ruleset);
    heng_diags_free(diags);
}

static void programs_of_equal_texts_are_shared(void **state) {
    (void)state;
    heng_buffer text;
    heng_buffer_init(&text, 100000);
    heng_buffer_add_text(&text, LOAD_HEAD LOAD_SOURCE "rules:\n");
    for (int i = 0; i < 3; i++) {
        heng_buffer_add_format(&text,
                               "  - id: r%d\n"
                               "    title: x\n"
                               "    applies_to: [legal_person]\n"
                               "    effective: {from: 2020-01-01}\n"
                               "    ground: %s\n"
                               "    when: as_of > date(\"2024-01-01\")\n"
                               "    measures: []\n" LOAD_BASIS,
                               i,
                               i < 2 ? "as_of > date(\"2024-01-01\")" : "r.in_force");
    }
    heng_ruleset *ruleset = load_good(heng_buffer_view(&text).ptr);
    const heng_rule *rules = ruleset->rules;
    assert_ptr_equal(rules[0].ground, rules[1].ground);
    assert_ptr_equal(rules[0].ground_trace, rules[1].ground_trace);
    assert_ptr_not_equal(rules[0].ground, rules[2].ground);
    assert_ptr_not_equal(rules[0].ground, rules[0].ground_trace);
    assert_ptr_equal(rules[0].when, rules[2].when);
    assert_ptr_not_equal(rules[0].when, rules[0].ground); /* other names are in scope */
    assert_int_equal(ruleset->program_count, 6);
    heng_ruleset_free(ruleset);
    heng_buffer_done(&text);
}

static void diagnostics_outlive_a_ruleset(void **state) {
    (void)state;
    heng_ruleset_file file = {"a.yaml", HENG_STR(LOAD_HEAD "rols: []\n")};
    heng_diags *diags = heng_diags_new();
    heng_ruleset *ruleset = NULL;
    heng_buffer out;
    heng_buffer_init(&out, 10000);
    assert_int_equal(heng_ruleset_load_files(&file, 1, diags, &ruleset, NULL),
                     HENG_ERR_RULESET);
    load_render(diags, &out);
    assert_string_equal(heng_buffer_view(&out).ptr,
                        "a.yaml:2:1: error[HENG-E0121]: a file of a ruleset has no key "
                        "`rols`\n"
                        "    2 | rols: []\n"
                        "      | ^^^^\n"
                        "help: did you mean `roles`?\n");
    heng_diags_free(diags);
    heng_buffer_done(&out);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_head_is_read),
        cmocka_unit_test(defaults_of_the_head),
        cmocka_unit_test(sources_are_sorted),
        cmocka_unit_test(ties_are_known_from_both_sides),
        cmocka_unit_test(categories_are_read),
        cmocka_unit_test(attributes_have_one_slot_a_name),
        cmocka_unit_test(object_types_name_every_field),
        cmocka_unit_test(measures_are_linked),
        cmocka_unit_test(a_rule_is_read_in_full),
        cmocka_unit_test(gazes_and_terms),
        cmocka_unit_test(conditions_know_what_they_read),
        cmocka_unit_test(exceptions_are_expanded_and_ordered),
        cmocka_unit_test(conflicts_are_pairs_in_order),
        cmocka_unit_test(tests_of_all_files_are_one_list),
        cmocka_unit_test(the_digest_is_of_names_and_bytes),
        cmocka_unit_test(a_byte_order_mark_and_cr_lf_are_fine),
        cmocka_unit_test(past_a_hundred_errors_are_counted),
        cmocka_unit_test(paths_that_hold_no_ruleset),
        cmocka_unit_test(folders_are_read_in_order),
        cmocka_unit_test(files_and_bytes_are_limited),
        cmocka_unit_test(diagnostics_outlive_a_ruleset),
        cmocka_unit_test(programs_of_equal_texts_are_shared),
        cmocka_unit_test(the_shipped_rules_load),
    };
    return check_run("ruleset/ruleset", tests, COUNT(tests), load_whole, free_whole);
}
