/* SPDX-License-Identifier: Apache-2.0 */
/* read_rule.c: rules. Their conditions are compiled by the linker, which knows the
 * catalog. */
#include "ruleset/read.h"

#include "base/limits.h"

enum {
    ID,
    TITLE,
    TAGS,
    APPLIES_TO,
    REGIONS,
    EFFECTIVE,
    THROUGH,
    NAMED_AS,
    GROUND,
    WHEN,
    UNLESS,
    EXCEPTION_TO,
    MEASURES,
    FORCE,
    TERM,
    ON_REPAIR,
    REASON,
    BASIS,
    KEYS
};
static const heng_form_key RULE_KEYS[KEYS] = {
    {"id", true},         {"title", true},     {"tags", false},
    {"applies_to", true}, {"regions", false},  {"effective", true},
    {"through", false},   {"named_as", false}, {"ground", false},
    {"when", false},      {"unless", false},   {"exception_to", false},
    {"measures", true},   {"force", false},    {"term", false},
    {"on_repair", false}, {"reason", false},   {"basis", true},
};

enum { IF, BECAUSE, UNLESS_BASIS, UNLESS_KEYS };
static const heng_form_key UNLESS_KEY_LIST[UNLESS_KEYS] = {
    {"if", true}, {"because", false}, {"basis", true}};

enum { FROM, TO, BY, EFFECTIVE_KEYS };
static const heng_form_key EFFECTIVE_KEY_LIST[EFFECTIVE_KEYS] = {
    {"from", true}, {"to", false}, {"by", false}};

enum { TERM_FROM, LAST, UNTIL, TERM_KEYS };
static const heng_form_key TERM_KEY_LIST[TERM_KEYS] = {
    {"from", true}, {"last", false}, {"until", false}};

static void read_effective(heng_reader *reader, heng_field field, heng_rule *rule) {
    static const char *const WORDS[] = {"as_of", "decided_on"}; /* ORDER heng_by */
    heng_field fields[EFFECTIVE_KEYS];
    size_t choice = 0;
    if (field.value == NULL ||
        !heng_form_open(reader, field.value, "time of effect", EFFECTIVE_KEY_LIST,
                        EFFECTIVE_KEYS, fields))
        return;
    bool good = heng_form_date(reader, fields[FROM], &rule->from);
    if (heng_form_date(reader, fields[TO], &rule->to) && good)
        (void)heng_form_check_days(reader, fields[TO], rule->from, rule->to);
    if (heng_form_choice(reader, fields[BY], WORDS, 2, &choice))
        rule->by = (heng_by)choice;
}

/* A condition, kept for the linker: any scalar but nothing, `true` included. */
static bool read_expression(heng_reader *reader, heng_field field, heng_field *ret) {
    if (field.value == NULL)
        return false;
    if (field.value->kind != HENG_YAML_SCALAR || heng_yaml_is_null(field.value)) {
        heng_diags_error(reader->diags, HENG_RULESET_E_TYPE,
                         heng_form_place(reader, heng_form_spot(field)),
                         "%s is %s, expected an expression",
                         heng_form_label(field).text,
                         field.value->kind == HENG_YAML_LIST      ? "a list"
                         : field.value->kind == HENG_YAML_MAPPING ? "a mapping"
                                                                  : "nothing");
        if (field.value->kind != HENG_YAML_SCALAR)
            heng_diags_help(reader->diags, "put an expression that begins with `[` or "
                                           "`{` between quotes");
        return false;
    }
    *ret = field;
    return true;
}

static void read_unless(heng_draft *draft, heng_field field, heng_draft_rule *read) {
    heng_reader *reader = &draft->reader;
    heng_field fields[UNLESS_KEYS];
    if (!heng_form_list(reader, field, 0))
        return;
    size_t count = field.value->count;
    read->unless = heng_form_alloc(reader, count, sizeof *read->unless);
    read->unless_if = heng_form_alloc(reader, count, sizeof *read->unless_if);
    if (read->unless == NULL || read->unless_if == NULL)
        return;
    for (size_t i = 0; i < count; i++) {
        const heng_yaml_node *node = field.value->as.items[i];
        heng_unless *unless = &read->unless[i];
        heng_field condition = {NULL, NULL, false};
        unless->span = heng_form_head(node);
        if (!heng_form_open(reader, node, "exception", UNLESS_KEY_LIST, UNLESS_KEYS,
                            fields))
            continue;
        if (read_expression(reader, fields[IF], &condition))
            read->unless_if[i] = condition.value;
        (void)heng_form_texts(reader, fields[BECAUSE], &unless->because);
        heng_read_basis_list(draft, fields[UNLESS_BASIS], &unless->bases,
                             &unless->basis_count);
    }
    read->out.unless = read->unless;
    read->out.unless_count = count;
}

static void read_last(heng_reader *reader, heng_field field, heng_rule *rule) {
    bool life = field.value->kind == HENG_YAML_SCALAR &&
                heng_str_equal(field.value->text, HENG_STR("life"));
    rule->term = life ? HENG_TERM_LIFE : HENG_TERM_LAST;
    if (!life && !heng_form_period(reader, field, &rule->last)) {
        heng_diags_help(reader->diags, "or `life`, for a term without end");
    }
}

static void read_term(heng_reader *reader, heng_field field, heng_draft_rule *read) {
    heng_field fields[TERM_KEYS];
    if (field.value == NULL)
        return;
    read->term = field;
    if (!heng_form_open(reader, field.value, "term", TERM_KEY_LIST, TERM_KEYS, fields))
        return;
    (void)read_expression(reader, fields[TERM_FROM], &read->term_from);
    (void)read_expression(reader, fields[UNTIL], &read->term_until);
    if (fields[LAST].value != NULL && fields[UNTIL].value != NULL) {
        heng_diags_error(reader->diags, HENG_RULESET_E_TOGETHER,
                         heng_form_place(reader, fields[UNTIL].key->span),
                         "a term has both `last` and `until`, expected one of them");
        heng_diags_also(reader->diags, heng_form_place(reader, fields[LAST].key->span),
                        "`last` is here");
    } else if (fields[LAST].value != NULL) {
        read_last(reader, fields[LAST], &read->out);
    } else if (fields[UNTIL].value != NULL) {
        read->out.term = HENG_TERM_UNTIL;
    } else {
        heng_diags_error(
            reader->diags, HENG_RULESET_E_MISSING,
            heng_form_place(reader, heng_form_head(field.value)),
            "this term has no end, expected `last` (a period or `life`) or "
            "`until`");
        heng_diags_help(reader->diags, "leave the whole `term` out for a measure that "
                                       "holds while its ground is in force");
    }
}

static void read_gaze(heng_draft *draft, heng_field through, heng_field named,
                      heng_rule *rule) {
    heng_reader *reader = &draft->reader;
    heng_field field = through.value != NULL ? through : named;
    heng_str *roles = NULL;
    size_t count = 0;
    if (through.value != NULL && named.value != NULL) {
        heng_diags_error(
            reader->diags, HENG_RULESET_E_TOGETHER,
            heng_form_place(reader, named.key->span),
            "a rule has both `through` and `named_as`, expected at most one "
            "of them; make two rules of it");
        heng_diags_also(reader->diags, heng_form_place(reader, through.key->span),
                        "`through` is here");
    }
    if (field.value == NULL)
        return;
    rule->gaze = through.value != NULL ? HENG_GAZE_THROUGH : HENG_GAZE_NAMED;
    (void)heng_form_names(reader, field, 1, heng_form_id, &roles, &count);
    rule->roles = roles;
    rule->role_count = count;
    for (size_t i = 0; roles != NULL && i < field.value->count; i++) {
        const heng_yaml_node *item = field.value->as.items[i];
        if (item->kind == HENG_YAML_SCALAR && heng_form_is_id(item->text))
            heng_draft_refer(draft, HENG_REF_ROLE, item, NULL);
    }
}

static void read_applies_to(heng_reader *reader, heng_field field, heng_rule *rule) {
    if (!heng_form_list(reader, field, 1))
        return;
    for (size_t i = 0; i < field.value->count; i++) {
        heng_field item = heng_form_item(field, i);
        int kind = 0;
        if (!heng_form_word(reader, item, HENG_WORDS_SUBJECT_KIND, &kind))
            continue;
        uint32_t bit = UINT32_C(1) << kind;
        if ((rule->applies_to & bit) != 0) {
            heng_diags_error(reader->diags, HENG_RULESET_E_REPEATED,
                             heng_form_place(reader, heng_form_spot(item)),
                             "`%s` stands twice in `applies_to`, expected once",
                             heng_form_quote(item.value->text).text);
        }
        rule->applies_to |= bit;
    }
}

/* Texts in braces are checked by the linker; here only that they are texts. */
static void read_reason(heng_reader *reader, heng_field field, heng_draft_rule *read) {
    heng_text texts = {{NULL, 0}, {NULL, 0}};
    if (!heng_form_texts(reader, field, &texts))
        return;
    const heng_yaml_node *zh = field.value;
    const heng_yaml_node *en = field.value;
    if (field.value->kind == HENG_YAML_MAPPING) {
        zh = heng_yaml_get(field.value, HENG_STR("zh"));
        en = heng_yaml_get(field.value, HENG_STR("en"));
    }
    read->reason[HENG_LANG_ZH] = texts.zh.len > 0 ? zh : NULL;
    read->reason[HENG_LANG_EN] = texts.en.len > 0 ? en : NULL;
}

static void read_names(heng_reader *reader, heng_field field, size_t least,
                       bool (*get)(heng_reader *, heng_field, heng_str *),
                       const heng_str **ret_names, size_t *ret_count) {
    heng_str *names = NULL;
    size_t count = 0;
    if (heng_form_names(reader, field, least, get, &names, &count)) {
        *ret_names = names;
        *ret_count = count;
    }
}

static void read_exception_to(heng_reader *reader, heng_field field,
                              heng_draft_rule *read) {
    heng_str *names = NULL;
    size_t count = 0;
    (void)heng_form_names(reader, field, 0, heng_read_name_or_tag, &names, &count);
    if (names != NULL)
        read->exception_to = field;
}

void heng_read_rule(heng_draft *draft, const heng_yaml_node *node) {
    static const char *const ON_REPAIR_WORDS[] = {"ends", "stays"};
    heng_reader *reader = &draft->reader;
    heng_draft_rule *read = &draft->rules[draft->rule_count++];
    heng_rule *rule = &read->out;
    heng_field fields[KEYS];
    size_t choice = 0;
    int word = 0;
    read->file = draft->file;
    rule->span = heng_form_head(node);
    rule->from = HENG_DATE_NONE;
    rule->to = HENG_DATE_NONE;
    if (!heng_form_open(reader, node, "rule", RULE_KEYS, KEYS, fields))
        return;
    if (heng_form_id(reader, fields[ID], &rule->id))
        rule->span = fields[ID].value->span;
    (void)heng_form_texts(reader, fields[TITLE], &rule->title);
    read_names(reader, fields[TAGS], 0, heng_form_id, &rule->tags, &rule->tag_count);
    read_applies_to(reader, fields[APPLIES_TO], rule);
    read_names(reader, fields[REGIONS], 1, heng_form_region, &rule->regions,
               &rule->region_count);
    read_effective(reader, fields[EFFECTIVE], rule);
    read_gaze(draft, fields[THROUGH], fields[NAMED_AS], rule);

    read->has_ground = fields[GROUND].value != NULL;
    read->has_when = fields[WHEN].value != NULL;
    (void)read_expression(reader, fields[GROUND], &read->ground);
    (void)read_expression(reader, fields[WHEN], &read->when);
    read_unless(draft, fields[UNLESS], read);
    read_exception_to(reader, fields[EXCEPTION_TO], read);

    rule->measures =
        heng_read_refs(draft, fields[MEASURES], HENG_REF_MEASURE, &rule->measure_count);
    rule->has_force = heng_form_word(reader, fields[FORCE], HENG_WORDS_FORCE, &word);
    if (rule->has_force)
        rule->force = (heng_force)word;
    read_term(reader, fields[TERM], read);
    if (heng_form_choice(reader, fields[ON_REPAIR], ON_REPAIR_WORDS, 2, &choice))
        rule->stays = choice == 1;
    read_reason(reader, fields[REASON], read);
    heng_read_basis_list(draft, fields[BASIS], &rule->bases, &rule->basis_count);
}
