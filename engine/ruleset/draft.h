/* SPDX-License-Identifier: Apache-2.0 */
/*
 * draft.h: a ruleset after reading and before linking: what the linked form needs, plus
 * the names and expressions that are not resolved yet.
 *
 * Reading goes file by file and knows nothing of other files; so all it can find wrong
 * is found whatever else is wrong elsewhere.
 */
#ifndef HENG_RULESET_DRAFT_H
#define HENG_RULESET_DRAFT_H

#include "ruleset/form.h"
#include "ruleset/linked.h"

typedef enum heng_ref_kind {
    HENG_REF_SOURCE,
    HENG_REF_MATTER,
    HENG_REF_MEASURE,
    HENG_REF_ROLE, /* a role or an inverse: a name, no index */
} heng_ref_kind;

/** A name that something is to be found by. */
typedef struct heng_draft_ref {
    heng_ref_kind kind;
    const heng_yaml_node *name;
    uint32_t *slot; /* gets the index; NULL: it only has to exist */
} heng_draft_ref;

typedef struct heng_draft_attribute {
    heng_attribute out;
    bool broken; /* its type was wrong: reported, and conditions are not to report it
                    again */
    const heng_yaml_node *name;
} heng_draft_attribute;

typedef struct heng_draft_category {
    heng_category out;
    heng_span span;
    heng_draft_attribute *attributes; /* sorted by name */
} heng_draft_category;

typedef struct heng_draft_role {
    heng_role out;
    heng_span span;
    const heng_yaml_node *inverse; /* NULL: none */
} heng_draft_role;

typedef struct heng_draft_rule {
    heng_rule out;
    const heng_form_file *file;
    heng_field ground, when, term_from, term_until; /* value NULL: none */
    heng_field term;
    bool has_ground, has_when;        /* written at all, even if not as expressions */
    heng_unless *unless;              /* that of `out` */
    const heng_yaml_node **unless_if; /* beside it */
    heng_field exception_to;          /* a list of texts, or none */
    const heng_yaml_node *reason[2];  /* by heng_lang */
} heng_draft_rule;

typedef struct heng_draft_conflict {
    heng_conflict out;
    const heng_yaml_node *between[2]; /* NULL: wrong, and reported */
    int keep;                         /* 0 or 1; -1: wrong, and reported */
} heng_draft_conflict;

typedef struct heng_draft {
    heng_reader reader;
    const heng_form_file *file; /* being read */

    const heng_yaml_node *head; /* the `ruleset` of the first file that has one */
    heng_str id, version, region, time_zone;
    heng_text title;
    bool suspend_disputed;
    bool purpose_required;
    heng_draft_attribute *subject_attributes; /* sorted by name */
    size_t subject_attribute_count;

    heng_law_source *sources;
    size_t source_count;
    heng_draft_role *roles;
    size_t role_count;
    heng_draft_category *categories;
    size_t category_count;
    heng_matter *matters;
    size_t matter_count;
    heng_measure *measures;
    size_t measure_count;
    heng_draft_rule *rules;
    size_t rule_count;
    heng_draft_conflict *conflicts;
    size_t conflict_count;
    heng_yaml_node *tests; /* one list of those of all files; NULL: none */

    heng_draft_ref *refs; /* owned */
    size_t ref_count;
    size_t ref_room;
} heng_draft;

/** Remembers a name to be resolved. Where memory runs out, says so in the reader. */
void heng_draft_refer(heng_draft *draft, heng_ref_kind kind, const heng_yaml_node *name,
                      uint32_t *slot);

void heng_draft_done(heng_draft *draft);

#endif
