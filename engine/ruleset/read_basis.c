/* SPDX-License-Identifier: Apache-2.0 */
/* read_basis.c: the articles that things rest on. */
#include "ruleset/read.h"

enum { SOURCE, ARTICLE, QUOTE, NOTE, KEYS };
static const heng_form_key BASIS_KEYS[KEYS] = {
    {"source", true}, {"article", true}, {"quote", false}, {"note", false}};

bool heng_read_basis(heng_draft *draft, heng_field field, heng_basis *ret) {
    heng_reader *reader = &draft->reader;
    heng_field fields[KEYS];
    heng_str source = {NULL, 0};
    if (field.value == NULL ||
        !heng_form_open(reader, field.value, "basis", BASIS_KEYS, KEYS, fields))
        return false;
    if (heng_form_id(reader, fields[SOURCE], &source))
        heng_draft_refer(draft, HENG_REF_SOURCE, fields[SOURCE].value, &ret->source);
    /* null: nobody could read it yet; that has to be said, not left out */
    if (fields[ARTICLE].value != NULL && !heng_yaml_is_null(fields[ARTICLE].value))
        (void)heng_form_text(reader, fields[ARTICLE], &ret->article);
    (void)heng_form_texts(reader, fields[QUOTE], &ret->quote);
    (void)heng_form_texts(reader, fields[NOTE], &ret->note);
    return true;
}

void heng_read_basis_list(heng_draft *draft, heng_field field,
                          const heng_basis **ret_bases, size_t *ret_count) {
    heng_reader *reader = &draft->reader;
    if (!heng_form_list(reader, field, 1))
        return;
    size_t count = field.value->count;
    heng_basis *bases = heng_form_alloc(reader, count, sizeof *bases);
    if (bases == NULL)
        return;
    for (size_t i = 0; i < count; i++)
        (void)heng_read_basis(draft, heng_form_item(field, i), &bases[i]);
    *ret_bases = bases;
    *ret_count = count;
}
