/* SPDX-License-Identifier: Apache-2.0 */
/* link_table.h: all ids of one kind, sorted: where a name is, and what was meant by one
 * that is nowhere. */
#ifndef HENG_RULESET_LINK_TABLE_H
#define HENG_RULESET_LINK_TABLE_H

#include "ruleset/form.h"

typedef struct heng_link_entry {
    heng_str id;
    heng_span span;
    uint32_t index; /* in the draft */
} heng_link_entry;

typedef struct heng_link_table {
    const char *what;         /* "rule" */
    heng_link_entry *entries; /* fill, then sort */
    size_t count;
} heng_link_table;

/** An empty table with room for `count` entries; false out of memory. */
bool heng_link_table_init(heng_reader *reader, heng_link_table *table, const char *what,
                          size_t count);

void heng_link_table_add(heng_link_table *table, heng_str id, heng_span span,
                         uint32_t index);

/** Sorts by id, equal ones in the order in which they were added. */
void heng_link_table_sort(heng_link_table *table);

/** Reports ids that are defined more than once, each with its first definition. */
void heng_link_table_check(heng_reader *reader, const heng_link_table *table);

/** Position of the first entry of that id in the sorted table; false where there is
 * none. */
bool heng_link_table_find(const heng_link_table *table, heng_str id,
                          uint32_t *ret_position);

/** Entries of that id: `*ret_count` from the position returned. */
size_t heng_link_table_range(const heng_link_table *table, heng_str id,
                             size_t *ret_count);

/** Reports that `name` is nowhere, with what was probably meant. */
void heng_link_table_unknown(heng_reader *reader, const heng_link_table *table,
                             heng_ruleset_code code, const heng_yaml_node *at,
                             heng_str name);

#endif
