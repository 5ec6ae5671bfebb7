/* SPDX-License-Identifier: Apache-2.0 */
/*
 * linker.h: from the draft to the linked form: sorts, resolves names, compiles
 * conditions, expands tags, computes orders. link_*.c share what is below.
 */
#ifndef HENG_RULESET_LINKER_H
#define HENG_RULESET_LINKER_H

#include "ruleset/draft.h"
#include "ruleset/expression.h"
#include "ruleset/link_table.h"
#include "ruleset/order.h"

typedef struct heng_linker {
    heng_draft *draft;
    heng_reader *reader;
    heng_ruleset *ruleset; /* being filled */
    bool partial; /* a file could not be read: what is not found may be in that one */

    heng_link_table sources, roles, categories, matters, measures, rules;
    heng_link_table role_words;   /* ids and inverses */
    heng_link_table rule_tags;    /* index: position of the rule in `rules` */
    heng_link_table measure_tags; /* likewise */
    heng_expressions expressions;
    heng_rule *linked_rules; /* the ruleset's, while they may still change */

    heng_order_edge *edges; /* owned: for the order at hand */
    size_t edge_count;
    size_t edge_room;
} heng_linker;

/**
 * Fills `ruleset` from the draft. Problems go to the diagnostics.
 *
 * @return HENG_OK, problems or not; HENG_ERR_NOMEM.
 */
heng_status heng_linker_link(heng_draft *draft, bool partial,
                             heng_ruleset *ruleset) HENG_NODISCARD;

/* For link_*.c: */

heng_status heng_linker_add_edge(heng_linker *linker, uint32_t from, uint32_t to);

/** Records: one attribute a name, its slots, the types behind conditions. */
heng_status heng_link_catalog(heng_linker *linker) HENG_NODISCARD;

/** Conditions, terms and reasons. */
heng_status heng_link_rule_conditions(heng_linker *linker) HENG_NODISCARD;
/** exception_to: tags expanded, circles reported, an order. */
heng_status heng_link_rule_exceptions(heng_linker *linker) HENG_NODISCARD;

heng_status heng_link_conflict_pairs(heng_linker *linker) HENG_NODISCARD;

/** What a name or `tag:NAME` stands for: see heng_linker_member(). */
typedef struct heng_linker_members {
    const heng_link_table *tags; /* NULL: one position, `first` */
    size_t first;
    size_t count;
} heng_linker_members;

/** Reports what is unknown: then there are none. */
heng_linker_members heng_linker_expand(heng_linker *linker,
                                       const heng_link_table *table,
                                       const heng_link_table *tags,
                                       const heng_yaml_node *name);

/** The position in `table` of member `i`. */
uint32_t heng_linker_member(const heng_linker_members *members, size_t i);

enum { HENG_LINKER_CYCLE_BYTES = 1024 };

/** Writes "`a` → `b` → `a`", long ones cut in the middle. */
void heng_linker_cycle_text(const heng_link_table *table, const uint32_t *members,
                            size_t count, char text[HENG_LINKER_CYCLE_BYTES]);

#endif
