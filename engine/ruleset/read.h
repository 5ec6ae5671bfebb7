/* SPDX-License-Identifier: Apache-2.0 */
/*
 * read.h: the readers of the sections, one a file read_*.c. Each reads one entry (an
 * item of the section's list) and adds it to the draft, which has room for all.
 */
#ifndef HENG_RULESET_READ_H
#define HENG_RULESET_READ_H

#include "ruleset/draft.h"

/** The `ruleset` mapping. */
void heng_read_head(heng_draft *draft, const heng_yaml_node *node);

void heng_read_source(heng_draft *draft, const heng_yaml_node *node);
void heng_read_role(heng_draft *draft, const heng_yaml_node *node);
void heng_read_category(heng_draft *draft, const heng_yaml_node *node);
void heng_read_matter(heng_draft *draft, const heng_yaml_node *node);
void heng_read_measure(heng_draft *draft, const heng_yaml_node *node);
void heng_read_rule(heng_draft *draft, const heng_yaml_node *node);
void heng_read_conflict(heng_draft *draft, const heng_yaml_node *node);

/** What stands behind `attributes` or `subject_attributes`: sorted by name. */
void heng_read_category_attributes(heng_draft *draft, heng_field field,
                                   heng_draft_attribute **ret_attributes,
                                   size_t *ret_count);

/** `{source: …, article: …}`; its source is a reference. False where it is malformed.
 */
bool heng_read_basis(heng_draft *draft, heng_field field, heng_basis *ret);

/** A list of at least one basis. */
void heng_read_basis_list(heng_draft *draft, heng_field field,
                          const heng_basis **ret_bases, size_t *ret_count);

/** An id, or `tag:` and an id; gives the whole of it. */
bool heng_read_name_or_tag(heng_reader *reader, heng_field field, heng_str *ret);
bool heng_read_is_tag(heng_str name);
/** Of a name that heng_read_is_tag: what follows `tag:`. */
heng_str heng_read_tag_name(heng_str name);

/** A list of ids that are to be resolved to indexes, in the order written. */
const uint32_t *heng_read_refs(heng_draft *draft, heng_field field, heng_ref_kind kind,
                               size_t *ret_count);

#endif
