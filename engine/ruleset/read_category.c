/* SPDX-License-Identifier: Apache-2.0 */
/* read_category.c: the catalog: categories of records, their attributes and repair. */
#include "ruleset/read.h"

#include <stdlib.h>

#include "base/limits.h"

enum {
    ID,
    TITLE,
    INFORMATION,
    NATURE,
    SEVERITY,
    PROVIDER,
    USE_LIMIT,
    EXPIRES_ON,
    FRESH_WITHIN,
    REPAIR,
    ATTRIBUTES,
    KEYS
};
static const heng_form_key CATEGORY_KEYS[KEYS] = {
    {"id", true},         {"title", true},       {"information", true},
    {"nature", true},     {"severity", false},   {"provider", true},
    {"use_limit", false}, {"expires_on", false}, {"fresh_within", false},
    {"repair", false},    {"attributes", false},
};

/* ---- attributes ---- */

enum { TYPE, REQUIRED, UNIT, ENUM, ATTRIBUTE_TITLE, ATTRIBUTE_KEYS };
static const heng_form_key ATTRIBUTE_KEY_LIST[ATTRIBUTE_KEYS] = {{"type", true},
                                                                 {"required", false},
                                                                 {"unit", false},
                                                                 {"enum", false},
                                                                 {"title", false}};

/* What cannot follow a dot in a condition. */
static bool is_word_of_cel(heng_str name) {
    static const char *const WORDS[] = {
        "as",       "break",   "const",  "continue", "else", "false", "for",
        "function", "if",      "import", "in",       "let",  "loop",  "namespace",
        "null",     "package", "return", "true",     "var",  "void",  "while"};
    for (size_t i = 0; i < sizeof WORDS / sizeof WORDS[0]; i++) {
        if (heng_str_equal(name, heng_str_of(WORDS[i])))
            return true;
    }
    return false;
}

static bool check_attribute_name(heng_reader *reader, const heng_yaml_node *key) {
    heng_str name = key->text;
    bool good = name.len > 0 && name.len <= HENG_LIMIT_ID_BYTES;
    for (size_t i = 0; i < name.len; i++) {
        char c = name.ptr[i];
        bool letter = c >= 'a' && c <= 'z';
        bool later = (c >= '0' && c <= '9') || c == '_';
        good = good && (letter || (i > 0 && later));
    }
    if (good && !is_word_of_cel(name))
        return true;
    heng_diags_error(reader->diags, HENG_RULESET_E_ID,
                     heng_form_place(reader, key->span),
                     "the attribute name `%s` is %s, expected a small letter, then at "
                     "most %zu small letters, digits or `_`",
                     heng_form_quote(name).text,
                     good ? "a word of the condition language" : "malformed",
                     HENG_LIMIT_ID_BYTES - 1);
    return false;
}

static void read_attribute(heng_draft *draft, const heng_yaml_pair *pair,
                           heng_draft_attribute *attribute) {
    heng_reader *reader = &draft->reader;
    heng_field fields[ATTRIBUTE_KEYS];
    int type = HENG_ATTRIBUTE_STRING;
    attribute->name = pair->key;
    attribute->out.name = pair->key->text;
    attribute->out.type = HENG_ATTRIBUTE_STRING;
    attribute->broken = true;
    if (!heng_form_open(reader, pair->value, "attribute", ATTRIBUTE_KEY_LIST,
                        ATTRIBUTE_KEYS, fields))
        return;
    if (heng_form_word(reader, fields[TYPE], HENG_WORDS_ATTRIBUTE_TYPE, &type)) {
        attribute->out.type = (heng_attribute_type)type;
        attribute->broken = false;
    }
    (void)heng_form_bool(reader, fields[REQUIRED], &attribute->out.required);
    (void)heng_form_text(reader, fields[UNIT], &attribute->out.unit);
    (void)heng_form_texts(reader, fields[ATTRIBUTE_TITLE], &attribute->out.title);
    if (fields[ENUM].value == NULL)
        return;
    if (!attribute->broken && attribute->out.type != HENG_ATTRIBUTE_STRING) {
        heng_diags_error(reader->diags, HENG_RULESET_E_TOGETHER,
                         heng_form_place(reader, fields[ENUM].key->span),
                         "`enum` belongs to attributes of type `string`, this one is "
                         "`%s`; leave it out",
                         heng_kind_word(HENG_WORDS_ATTRIBUTE_TYPE, type)->word);
    }
    (void)heng_form_names(reader, fields[ENUM], 1, heng_form_text,
                          &attribute->out.enum_words, &attribute->out.enum_count);
}

static int compare_attributes(const void *a, const void *b) {
    const heng_draft_attribute *left = a;
    const heng_draft_attribute *right = b;
    return heng_str_compare(left->out.name, right->out.name);
}

void heng_read_category_attributes(heng_draft *draft, heng_field field,
                                   heng_draft_attribute **ret_attributes,
                                   size_t *ret_count) {
    heng_reader *reader = &draft->reader;
    if (field.value == NULL)
        return;
    if (field.value->kind != HENG_YAML_MAPPING) {
        heng_diags_error(reader->diags, HENG_RULESET_E_TYPE,
                         heng_form_place(reader, heng_form_spot(field)),
                         "%s is %s, expected a mapping of names to attributes",
                         heng_form_label(field).text,
                         field.value->kind == HENG_YAML_LIST ? "a list" : "a scalar");
        return;
    }
    size_t count = field.value->count;
    if (count > HENG_LIMIT_ATTRIBUTES) {
        heng_diags_error(reader->diags, HENG_RULESET_E_LONG,
                         heng_form_place(reader, field.key->span),
                         "%s has %zu attributes, expected at most %zu",
                         heng_form_label(field).text, count, HENG_LIMIT_ATTRIBUTES);
        return;
    }
    heng_draft_attribute *attributes =
        heng_form_alloc(reader, count, sizeof *attributes);
    if (attributes == NULL)
        return;
    size_t kept = 0;
    for (size_t i = 0; i < count; i++) {
        const heng_yaml_pair *pair = &field.value->as.pairs[i];
        if (!check_attribute_name(reader, pair->key))
            continue;
        read_attribute(draft, pair, &attributes[kept++]);
    }
    if (kept > 1)
        qsort(attributes, kept, sizeof *attributes, compare_attributes);
    *ret_attributes = attributes;
    *ret_count = kept;
}

/* ---- repair ---- */

enum { FROM, TO, AFTER, ROUTE, BASIS, REPAIR_KEYS };
static const heng_form_key REPAIR_KEY_LIST[REPAIR_KEYS] = {
    {"from", false}, {"to", false}, {"after", true}, {"route", false}, {"basis", true}};

static void check_overlap(heng_reader *reader, heng_field field, size_t at,
                          const heng_repair *repairs) {
    for (size_t i = 0; i < at; i++) {
        if (repairs[i].from > repairs[at].to || repairs[at].from > repairs[i].to)
            continue;
        heng_diags_error(
            reader->diags, HENG_RULESET_E_OVERLAP,
            heng_form_place(reader, heng_form_head(field.value->as.items[at])),
            "the days of this repair overlap with those of another, "
            "expected at most one repair a day");
        heng_diags_also(
            reader->diags,
            heng_form_place(reader, heng_form_head(field.value->as.items[i])),
            "the other one");
        return;
    }
}

static void read_repairs(heng_draft *draft, heng_field field, heng_category *category) {
    heng_reader *reader = &draft->reader;
    heng_field fields[REPAIR_KEYS];
    if (!heng_form_list(reader, field, 0))
        return;
    size_t count = field.value->count;
    heng_repair *repairs = heng_form_alloc(reader, count, sizeof *repairs);
    if (repairs == NULL)
        return;
    for (size_t i = 0; i < count; i++) {
        heng_repair *repair = &repairs[i];
        bool good = true;
        repair->from = HENG_DATE_MIN;
        repair->to = HENG_DATE_NONE;
        if (!heng_form_open(reader, field.value->as.items[i], "repair", REPAIR_KEY_LIST,
                            REPAIR_KEYS, fields))
            continue;
        if (fields[FROM].value != NULL)
            good = heng_form_date(reader, fields[FROM], &repair->from);
        if (fields[TO].value != NULL)
            good = heng_form_date(reader, fields[TO], &repair->to) &&
                   heng_form_check_days(reader, fields[TO], repair->from, repair->to) &&
                   good;
        (void)heng_form_period(reader, fields[AFTER], &repair->after);
        (void)heng_form_texts(reader, fields[ROUTE], &repair->route);
        (void)heng_read_basis(draft, fields[BASIS], &repair->basis);
        if (good)
            check_overlap(reader, field, i, repairs);
    }
    category->repairs = repairs;
    category->repair_count = count;
}

/* ---- categories ---- */

static void check_severity(heng_reader *reader, const heng_yaml_node *node,
                           const heng_field *fields, const heng_category *category) {
    if (category->nature == HENG_NATURE_ADVERSE && fields[SEVERITY].value == NULL) {
        heng_diags_error(reader->diags, HENG_RULESET_E_MISSING,
                         heng_form_place(reader, heng_form_head(node)),
                         "this category is adverse and has no `severity`, which it "
                         "must have: `minor`, `general` or `serious`");
    } else if (category->nature != HENG_NATURE_ADVERSE &&
               fields[SEVERITY].value != NULL) {
        heng_diags_error(
            reader->diags, HENG_RULESET_E_TOGETHER,
            heng_form_place(reader, fields[SEVERITY].key->span),
            "`severity` belongs to adverse categories, this one is `%s`; "
            "leave it out",
            heng_kind_word(HENG_WORDS_NATURE, (int)category->nature)->word);
    }
}

void heng_read_category(heng_draft *draft, const heng_yaml_node *node) {
    /* ORDER heng_expires */
    static const char *const EXPIRES[] = {"optional", "required", "none"};
    heng_reader *reader = &draft->reader;
    heng_draft_category *read = &draft->categories[draft->category_count++];
    heng_category *category = &read->out;
    heng_field fields[KEYS];
    size_t choice = 0;
    int word = 0;
    read->span = heng_form_head(node);
    if (!heng_form_open(reader, node, "category", CATEGORY_KEYS, KEYS, fields))
        return;
    if (heng_form_id(reader, fields[ID], &category->id))
        read->span = fields[ID].value->span;
    (void)heng_form_texts(reader, fields[TITLE], &category->title);
    if (heng_form_word(reader, fields[INFORMATION], HENG_WORDS_INFORMATION, &word))
        category->information = (heng_information)word;
    if (heng_form_word(reader, fields[NATURE], HENG_WORDS_NATURE, &word)) {
        category->nature = (heng_nature)word;
        check_severity(reader, node, fields, category);
    }
    if (heng_form_word(reader, fields[SEVERITY], HENG_WORDS_GRAVITY, &word))
        category->severity = (heng_gravity)word;
    (void)heng_form_text(reader, fields[PROVIDER], &category->provider);
    category->has_use_limit =
        heng_form_period(reader, fields[USE_LIMIT], &category->use_limit);
    if (heng_form_choice(reader, fields[EXPIRES_ON], EXPIRES, 3, &choice))
        category->expires = (heng_expires)choice;
    category->has_fresh_within =
        heng_form_period(reader, fields[FRESH_WITHIN], &category->fresh_within);
    read_repairs(draft, fields[REPAIR], category);
    heng_read_category_attributes(draft, fields[ATTRIBUTES], &read->attributes,
                                  &category->attribute_count);
}
