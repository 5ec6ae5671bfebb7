/* SPDX-License-Identifier: Apache-2.0 */
/* read_conflict.c: measures that cannot both apply, and which of them is kept. */
#include "ruleset/read.h"

enum { BETWEEN, KEEP, BASIS, KEYS };
static const heng_form_key CONFLICT_KEYS[KEYS] = {
    {"between", true}, {"keep", true}, {"basis", true}};

static void read_keep(heng_reader *reader, heng_field keep,
                      heng_draft_conflict *conflict) {
    heng_str name = {NULL, 0};
    if (!heng_read_name_or_tag(reader, keep, &name))
        return;
    for (int i = 0; i < 2; i++) {
        if (conflict->between[i] == NULL)
            return; /* what is kept cannot be judged */
        if (heng_str_equal(conflict->between[i]->text, name)) {
            conflict->keep = i;
            return;
        }
    }
    heng_diags_error(
        reader->diags, HENG_RULESET_E_KEEP, heng_form_place(reader, keep.value->span),
        "`keep` is `%s`, expected one of `between`: `%s` or `%s`",
        heng_form_quote(name).text, heng_form_quote(conflict->between[0]->text).text,
        heng_form_quote(conflict->between[1]->text).text);
}

void heng_read_conflict(heng_draft *draft, const heng_yaml_node *node) {
    heng_reader *reader = &draft->reader;
    heng_draft_conflict *conflict = &draft->conflicts[draft->conflict_count++];
    heng_field fields[KEYS];
    conflict->keep = -1;
    conflict->out.span = heng_form_head(node);
    if (!heng_form_open(reader, node, "conflict", CONFLICT_KEYS, KEYS, fields))
        return;
    heng_read_basis_list(draft, fields[BASIS], &conflict->out.bases,
                         &conflict->out.basis_count);
    if (!heng_form_list(reader, fields[BETWEEN], 2))
        return;
    if (fields[BETWEEN].value->count != 2) {
        heng_diags_error(reader->diags, HENG_RULESET_E_LONG,
                         heng_form_place(reader, heng_form_spot(fields[BETWEEN])),
                         "`between` has %zu items, expected two",
                         (size_t)fields[BETWEEN].value->count);
        return;
    }
    for (size_t i = 0; i < 2; i++) {
        heng_field item = heng_form_item(fields[BETWEEN], i);
        heng_str name = {NULL, 0};
        if (heng_read_name_or_tag(reader, item, &name))
            conflict->between[i] = item.value;
    }
    if (conflict->between[0] != NULL && conflict->between[1] != NULL &&
        heng_str_equal(conflict->between[0]->text, conflict->between[1]->text)) {
        heng_diags_error(reader->diags, HENG_RULESET_E_SELF,
                         heng_form_place(reader, conflict->between[1]->span),
                         "`%s` conflicts with itself, expected two different ones",
                         heng_form_quote(conflict->between[1]->text).text);
        conflict->between[1] = NULL;
    }
    read_keep(reader, fields[KEEP], conflict);
}
