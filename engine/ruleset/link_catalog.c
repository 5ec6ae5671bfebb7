/* SPDX-License-Identifier: Apache-2.0 */
/* link_catalog.c: the catalog of categories and attributes, and the slots that
 * attributes have in conditions. */
#include <stdlib.h>

#include "ruleset/linker.h"

static heng_attribute *
copy_attributes(heng_reader *reader, const heng_draft_attribute *drafts, size_t count) {
    heng_attribute *copies = heng_form_alloc(reader, count, sizeof *copies);
    for (size_t i = 0; copies != NULL && i < count; i++)
        copies[i] = drafts[i].out;
    return copies;
}

/* One attribute of one category (or of the subject), while names are joined. */
struct use {
    heng_attribute *attribute; /* in the catalog */
    const heng_draft_attribute *draft;
    size_t order; /* of definition */
};

static int compare_uses(const void *a, const void *b) {
    const struct use *left = a;
    const struct use *right = b;
    int order = heng_str_compare(left->attribute->name, right->attribute->name);
    return order != 0 ? order
                      : (left->order > right->order) - (left->order < right->order);
}

static void check_type(heng_reader *reader, const struct use *first,
                       const struct use *use) {
    if (first->draft->broken || use->draft->broken ||
        first->attribute->type == use->attribute->type)
        return;
    heng_diags_error(
        reader->diags, HENG_RULESET_E_ATTRIBUTE,
        heng_form_place(reader, use->draft->name->span),
        "the attribute `%s` is of type `%s` here and `%s` elsewhere, expected one type "
        "in all categories",
        heng_form_quote(use->attribute->name).text,
        heng_kind_word(HENG_WORDS_ATTRIBUTE_TYPE, (int)use->attribute->type)->word,
        heng_kind_word(HENG_WORDS_ATTRIBUTE_TYPE, (int)first->attribute->type)->word);
    heng_diags_also(reader->diags, heng_form_place(reader, first->draft->name->span),
                    "elsewhere is here");
}

/* Sorts uses by name, gives each name a slot after the built-in fields, and reports
 * names of two types, and names that are built in. */
static bool join(heng_reader *reader, struct use *uses, size_t count, const char *what,
                 bool (*is_builtin)(heng_str name), size_t builtin_count,
                 const heng_attribute *const **ret_attributes, size_t *ret_count,
                 const bool **ret_broken) {
    const heng_attribute **attributes =
        heng_form_alloc(reader, count, sizeof *attributes);
    bool *broken = heng_form_alloc(reader, count, sizeof *broken);
    if (attributes == NULL || broken == NULL)
        return false;
    if (count > 1)
        qsort(uses, count, sizeof *uses, compare_uses);
    size_t names = 0;
    const struct use *first = NULL;
    for (size_t i = 0; i < count; i++) {
        struct use *use = &uses[i];
        bool is_new = first == NULL ||
                      !heng_str_equal(first->attribute->name, use->attribute->name);
        if (is_new) {
            first = use;
            attributes[names] = use->attribute;
            names++;
        } else {
            check_type(reader, first, use);
        }
        use->attribute->field = (uint32_t)(builtin_count + names - 1);
        broken[names - 1] = broken[names - 1] || use->draft->broken;
        if (is_builtin(use->attribute->name)) {
            heng_diags_error(reader->diags, HENG_RULESET_E_RESERVED,
                             heng_form_place(reader, use->draft->name->span),
                             "every %s has a `%s` already, expected another name", what,
                             heng_form_quote(use->attribute->name).text);
        }
    }
    *ret_attributes = attributes;
    *ret_count = names;
    *ret_broken = broken;
    return true;
}

static bool fill_categories(heng_linker *linker, heng_category **ret_categories) {
    heng_draft *draft = linker->draft;
    heng_reader *reader = linker->reader;
    heng_category *categories =
        heng_form_alloc(reader, draft->category_count, sizeof *categories);
    heng_span *spans = heng_form_alloc(reader, draft->category_count, sizeof *spans);
    if (categories == NULL || spans == NULL)
        return false;
    for (size_t i = 0; i < draft->category_count; i++) {
        const heng_draft_category *read =
            &draft->categories[linker->categories.entries[i].index];
        categories[i] = read->out;
        spans[i] = read->span;
        categories[i].attributes =
            copy_attributes(reader, read->attributes, read->out.attribute_count);
        if (categories[i].attributes == NULL)
            return false;
    }
    linker->ruleset->catalog.categories = categories;
    linker->ruleset->catalog.category_count = draft->category_count;
    linker->ruleset->category_spans = spans;
    *ret_categories = categories;
    return true;
}

static bool join_record_attributes(heng_linker *linker, heng_category *categories,
                                   const bool **ret_broken) {
    heng_draft *draft = linker->draft;
    heng_ruleset *ruleset = linker->ruleset;
    size_t count = 0;
    for (size_t i = 0; i < draft->category_count; i++)
        count += draft->categories[i].out.attribute_count;
    struct use *uses = heng_form_alloc(linker->reader, count, sizeof *uses);
    if (uses == NULL)
        return false;
    size_t at = 0;
    for (size_t i = 0; i < draft->category_count; i++) {
        uint32_t index = linker->categories.entries[i].index;
        const heng_draft_category *read = &draft->categories[index];
        for (size_t j = 0; j < read->out.attribute_count; j++)
            uses[at++] =
                (struct use){&categories[i].attributes[j], &read->attributes[j], index};
    }
    return join(linker->reader, uses, count, "record", heng_expression_record_has,
                HENG_RECORD_FIELD_COUNT, &ruleset->record_attributes,
                &ruleset->record_attribute_count, ret_broken);
}

static bool join_subject_attributes(heng_linker *linker, const bool **ret_broken) {
    heng_draft *draft = linker->draft;
    heng_ruleset *ruleset = linker->ruleset;
    size_t count = draft->subject_attribute_count;
    heng_attribute *attributes =
        copy_attributes(linker->reader, draft->subject_attributes, count);
    struct use *uses = heng_form_alloc(linker->reader, count, sizeof *uses);
    if (attributes == NULL || uses == NULL)
        return false;
    for (size_t i = 0; i < count; i++)
        uses[i] = (struct use){&attributes[i], &draft->subject_attributes[i], i};
    ruleset->catalog.subject_attributes = attributes;
    ruleset->catalog.subject_attribute_count = count;
    return join(linker->reader, uses, count, "subject", heng_expression_subject_has,
                HENG_SUBJECT_FIELD_COUNT, &ruleset->subject_attributes,
                &ruleset->subject_attribute_count, ret_broken);
}

heng_status heng_link_catalog(heng_linker *linker) {
    heng_category *categories = NULL;
    const bool *record_broken = NULL;
    const bool *subject_broken = NULL;
    if (!fill_categories(linker, &categories) ||
        !join_record_attributes(linker, categories, &record_broken) ||
        !join_subject_attributes(linker, &subject_broken))
        return HENG_ERR_NOMEM;
    return heng_expression_prepare(linker->reader, linker->ruleset, record_broken,
                                   subject_broken, &linker->expressions);
}
