/* SPDX-License-Identifier: Apache-2.0 */
/* link_table.c: sorted ids. */
#include "ruleset/link_table.h"

#include <stdlib.h>

bool heng_link_table_init(heng_reader *reader, heng_link_table *table, const char *what,
                          size_t count) {
    table->what = what;
    table->count = 0;
    table->entries = heng_form_alloc(reader, count, sizeof *table->entries);
    return table->entries != NULL;
}

void heng_link_table_add(heng_link_table *table, heng_str id, heng_span span,
                         uint32_t index) {
    table->entries[table->count++] = (heng_link_entry){id, span, index};
}

static int compare(const void *a, const void *b) {
    const heng_link_entry *left = a;
    const heng_link_entry *right = b;
    int order = heng_str_compare(left->id, right->id);
    return order != 0 ? order
                      : (left->index > right->index) - (left->index < right->index);
}

void heng_link_table_sort(heng_link_table *table) {
    if (table->count > 1)
        qsort(table->entries, table->count, sizeof *table->entries, compare);
}

void heng_link_table_check(heng_reader *reader, const heng_link_table *table) {
    size_t first = 0;
    for (size_t i = 1; i < table->count; i++) {
        const heng_link_entry *entry = &table->entries[i];
        if (!heng_str_equal(entry->id, table->entries[first].id)) {
            first = i;
            continue;
        }
        if (entry->id.len == 0)
            continue; /* it has no id, which was reported */
        heng_diags_error(reader->diags, HENG_RULESET_E_DUPLICATE,
                         heng_form_place(reader, entry->span),
                         "the %s `%s` is defined twice, expected ids that differ",
                         table->what, heng_form_quote(entry->id).text);
        heng_diags_also(reader->diags,
                        heng_form_place(reader, table->entries[first].span),
                        "first defined here");
    }
}

static size_t lower_bound(const heng_link_table *table, heng_str id) {
    size_t low = 0;
    size_t high = table->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (heng_str_compare(table->entries[middle].id, id) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

bool heng_link_table_find(const heng_link_table *table, heng_str id,
                          uint32_t *ret_position) {
    size_t at = lower_bound(table, id);
    if (at == table->count || !heng_str_equal(table->entries[at].id, id))
        return false;
    *ret_position = (uint32_t)at;
    return true;
}

size_t heng_link_table_range(const heng_link_table *table, heng_str id,
                             size_t *ret_count) {
    size_t first = lower_bound(table, id);
    size_t end = first;
    while (end < table->count && heng_str_equal(table->entries[end].id, id))
        end++;
    *ret_count = end - first;
    return first;
}

void heng_link_table_unknown(heng_reader *reader, const heng_link_table *table,
                             heng_ruleset_code code, const heng_yaml_node *at,
                             heng_str name) {
    heng_diags_error(reader->diags, code, heng_form_place(reader, at->span),
                     "no %s `%s` is defined", table->what, heng_form_quote(name).text);
    if (heng_diags_error_count(reader->diags) > HENG_DIAGS_MAX)
        return; /* only counted */
    heng_str *names = heng_form_alloc(reader, table->count, sizeof *names);
    if (names == NULL)
        return;
    for (size_t i = 0; i < table->count; i++)
        names[i] = table->entries[i].id;
    (void)heng_form_hint(reader, name, names, table->count);
}
