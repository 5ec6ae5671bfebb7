/* SPDX-License-Identifier: Apache-2.0 */
/* read_measure.c: what a rule may bring about, and how it is contested. */
#include "ruleset/read.h"

enum {
    ID,
    TITLE,
    KIND,
    EFFECT,
    FORCE,
    MATTERS,
    AUTHORITY,
    LIST_ITEM,
    TAGS,
    REMEDIES,
    KEYS
};
static const heng_form_key MEASURE_KEYS[KEYS] = {
    {"id", true},    {"title", true},     {"kind", true},      {"effect", false},
    {"force", true}, {"matters", true},   {"authority", true}, {"list_item", false},
    {"tags", false}, {"remedies", false},
};

enum { REMEDY_KIND, WITHIN, BASIS, REMEDY_KEYS };
static const heng_form_key REMEDY_KEY_LIST[REMEDY_KEYS] = {
    {"kind", true}, {"within", true}, {"basis", true}};

static void read_remedies(heng_draft *draft, heng_field field, heng_measure *measure) {
    heng_reader *reader = &draft->reader;
    heng_field fields[REMEDY_KEYS];
    if (!heng_form_list(reader, field, 0))
        return;
    size_t count = field.value->count;
    heng_remedy *remedies = heng_form_alloc(reader, count, sizeof *remedies);
    if (remedies == NULL)
        return;
    for (size_t i = 0; i < count; i++) {
        if (!heng_form_open(reader, field.value->as.items[i], "remedy", REMEDY_KEY_LIST,
                            REMEDY_KEYS, fields))
            continue;
        (void)heng_form_id(reader, fields[REMEDY_KIND], &remedies[i].kind);
        (void)heng_form_period(reader, fields[WITHIN], &remedies[i].within);
        (void)heng_read_basis(draft, fields[BASIS], &remedies[i].basis);
    }
    measure->remedies = remedies;
    measure->remedy_count = count;
}

/* What belongs to restrictions only, and what they must have. */
static void check_kind(heng_reader *reader, const heng_yaml_node *node,
                       const heng_field *fields, heng_measure_kind kind) {
    static const int ONLY[] = {EFFECT, LIST_ITEM};
    if (kind == HENG_MEASURE_RESTRICTION) {
        if (fields[REMEDIES].value == NULL) {
            heng_diags_error(reader->diags, HENG_RULESET_E_MISSING,
                             heng_form_place(reader, heng_form_head(node)),
                             "this measure is a restriction and has no `remedies`, "
                             "which it must have: how a subject contests it");
        }
        return;
    }
    for (size_t i = 0; i < sizeof ONLY / sizeof ONLY[0]; i++) {
        const heng_field *field = &fields[ONLY[i]];
        if (field->value == NULL)
            continue;
        heng_diags_error(reader->diags, HENG_RULESET_E_TOGETHER,
                         heng_form_place(reader, field->key->span),
                         "`%s` belongs to restrictions, this measure is of kind `%s`; "
                         "leave it out",
                         MEASURE_KEYS[ONLY[i]].name,
                         heng_kind_word(HENG_WORDS_MEASURE_KIND, (int)kind)->word);
    }
}

void heng_read_measure(heng_draft *draft, const heng_yaml_node *node) {
    heng_reader *reader = &draft->reader;
    heng_measure *measure = &draft->measures[draft->measure_count++];
    heng_field fields[KEYS];
    heng_str *names = NULL;
    size_t name_count = 0;
    int word = 0;
    measure->span = heng_form_head(node);
    if (!heng_form_open(reader, node, "measure", MEASURE_KEYS, KEYS, fields))
        return;
    if (heng_form_id(reader, fields[ID], &measure->id))
        measure->span = fields[ID].value->span;
    (void)heng_form_texts(reader, fields[TITLE], &measure->title);
    if (heng_form_word(reader, fields[KIND], HENG_WORDS_MEASURE_KIND, &word)) {
        measure->kind = (heng_measure_kind)word;
        check_kind(reader, node, fields, measure->kind);
    }
    if (heng_form_word(reader, fields[EFFECT], HENG_WORDS_EFFECT, &word))
        measure->effect = (heng_effect)word;
    if (heng_form_word(reader, fields[FORCE], HENG_WORDS_FORCE, &word))
        measure->force = (heng_force)word;
    (void)heng_form_text(reader, fields[AUTHORITY], &measure->authority);
    (void)heng_form_text(reader, fields[LIST_ITEM], &measure->list_item);
    if (heng_form_names(reader, fields[TAGS], 0, heng_form_id, &names, &name_count)) {
        measure->tags = names;
        measure->tag_count = name_count;
    }
    read_remedies(draft, fields[REMEDIES], measure);

    measure->matters =
        heng_read_refs(draft, fields[MATTERS], HENG_REF_MATTER, &measure->matter_count);
}
