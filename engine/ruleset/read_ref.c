/* SPDX-License-Identifier: Apache-2.0 */
/* read_ref.c: names of other things: ids, and tags written `tag:NAME`. */
#include "ruleset/read.h"

#include <string.h>

bool heng_read_is_tag(heng_str name) {
    static const char PREFIX[] = "tag:";
    return name.len >= sizeof PREFIX - 1 &&
           memcmp(name.ptr, PREFIX, sizeof PREFIX - 1) == 0;
}

heng_str heng_read_tag_name(heng_str name) {
    enum { PREFIX_BYTES = 4 };
    return (heng_str){name.ptr + PREFIX_BYTES, name.len - PREFIX_BYTES};
}

bool heng_read_name_or_tag(heng_reader *reader, heng_field field, heng_str *ret) {
    if (field.value == NULL)
        return false;
    if (field.value->kind != HENG_YAML_SCALAR || !heng_read_is_tag(field.value->text))
        return heng_form_id(reader, field, ret);
    heng_yaml_node tag = *field.value;
    heng_str name = {NULL, 0};
    tag.text = heng_read_tag_name(tag.text);
    tag.style = HENG_YAML_DOUBLE_QUOTED; /* it is a text, whatever it reads as */
    if (!heng_form_id(reader, (heng_field){field.key, &tag, field.is_item}, &name))
        return false;
    *ret = field.value->text;
    return true;
}

const uint32_t *heng_read_refs(heng_draft *draft, heng_field field, heng_ref_kind kind,
                               size_t *ret_count) {
    heng_reader *reader = &draft->reader;
    heng_str *names = NULL;
    size_t count = 0;
    /* reports; names that are right are resolved even where others are wrong */
    (void)heng_form_names(reader, field, 0, heng_form_id, &names, &count);
    if (names == NULL)
        return NULL;
    count = field.value->count;
    uint32_t *slots = heng_form_alloc(reader, count, sizeof *slots);
    if (slots == NULL)
        return NULL;
    for (size_t i = 0; i < count; i++) {
        const heng_yaml_node *item = field.value->as.items[i];
        if (item->kind == HENG_YAML_SCALAR && heng_form_is_id(item->text))
            heng_draft_refer(draft, kind, item, &slots[i]);
    }
    *ret_count = count;
    return slots;
}
