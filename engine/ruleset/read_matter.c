/* SPDX-License-Identifier: Apache-2.0 */
/* read_matter.c: the dealings in which measures bite. */
#include "ruleset/read.h"

enum { ID, TITLE, AUTHORITY, KEYS };
static const heng_form_key MATTER_KEYS[KEYS] = {
    {"id", true}, {"title", true}, {"authority", true}};

void heng_read_matter(heng_draft *draft, const heng_yaml_node *node) {
    heng_reader *reader = &draft->reader;
    heng_matter *matter = &draft->matters[draft->matter_count++];
    heng_field fields[KEYS];
    matter->span = heng_form_head(node);
    if (!heng_form_open(reader, node, "matter", MATTER_KEYS, KEYS, fields))
        return;
    if (heng_form_id(reader, fields[ID], &matter->id))
        matter->span = fields[ID].value->span;
    (void)heng_form_texts(reader, fields[TITLE], &matter->title);
    (void)heng_form_text(reader, fields[AUTHORITY], &matter->authority);
}
