/* SPDX-License-Identifier: Apache-2.0 */
/* read_role.c: who stands in which relation to a subject, or answers for an act. */
#include "ruleset/read.h"

enum { ID, TITLE, INVERSE, KEYS };
static const heng_form_key ROLE_KEYS[KEYS] = {
    {"id", true}, {"title", true}, {"inverse", false}};

void heng_read_role(heng_draft *draft, const heng_yaml_node *node) {
    heng_reader *reader = &draft->reader;
    heng_draft_role *role = &draft->roles[draft->role_count++];
    heng_field fields[KEYS];
    role->span = heng_form_head(node);
    if (!heng_form_open(reader, node, "role", ROLE_KEYS, KEYS, fields))
        return;
    if (heng_form_id(reader, fields[ID], &role->out.id))
        role->span = fields[ID].value->span;
    (void)heng_form_texts(reader, fields[TITLE], &role->out.title);
    if (heng_form_id(reader, fields[INVERSE], &role->out.inverse))
        role->inverse = fields[INVERSE].value;
}
