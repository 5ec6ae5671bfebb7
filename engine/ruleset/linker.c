/* SPDX-License-Identifier: Apache-2.0 */
/*
 * linker.c: sorts what was read by id, so that an index is a place in that order, and
 * resolves names to indexes. What needs more than that is in link_*.c.
 */
#include "ruleset/linker.h"

#include <stdio.h>

#include "base/alloc.h"
#include "ruleset/read.h"

/* ---- tables of ids ---- */

static bool make_tables(heng_linker *linker) {
    heng_draft *draft = linker->draft;
    heng_reader *reader = linker->reader;
    if (!heng_link_table_init(reader, &linker->sources, "source",
                              draft->source_count) ||
        !heng_link_table_init(reader, &linker->roles, "role", draft->role_count) ||
        !heng_link_table_init(reader, &linker->categories, "category",
                              draft->category_count) ||
        !heng_link_table_init(reader, &linker->matters, "matter",
                              draft->matter_count) ||
        !heng_link_table_init(reader, &linker->measures, "measure",
                              draft->measure_count) ||
        !heng_link_table_init(reader, &linker->rules, "rule", draft->rule_count))
        return false;
    for (uint32_t i = 0; i < draft->source_count; i++)
        heng_link_table_add(&linker->sources, draft->sources[i].id,
                            draft->sources[i].span, i);
    for (uint32_t i = 0; i < draft->role_count; i++)
        heng_link_table_add(&linker->roles, draft->roles[i].out.id,
                            draft->roles[i].span, i);
    for (uint32_t i = 0; i < draft->category_count; i++)
        heng_link_table_add(&linker->categories, draft->categories[i].out.id,
                            draft->categories[i].span, i);
    for (uint32_t i = 0; i < draft->matter_count; i++)
        heng_link_table_add(&linker->matters, draft->matters[i].id,
                            draft->matters[i].span, i);
    for (uint32_t i = 0; i < draft->measure_count; i++)
        heng_link_table_add(&linker->measures, draft->measures[i].id,
                            draft->measures[i].span, i);
    for (uint32_t i = 0; i < draft->rule_count; i++)
        heng_link_table_add(&linker->rules, draft->rules[i].out.id,
                            draft->rules[i].out.span, i);
    heng_link_table *tables[] = {&linker->sources,    &linker->roles,
                                 &linker->categories, &linker->matters,
                                 &linker->measures,   &linker->rules};
    for (size_t i = 0; i < sizeof tables / sizeof tables[0]; i++) {
        heng_link_table_sort(tables[i]);
        heng_link_table_check(reader, tables[i]);
    }
    return true;
}

/* Copies drafts into place, sorted by id. */
static bool move_all(heng_linker *linker) {
    heng_draft *draft = linker->draft;
    heng_reader *reader = linker->reader;
    heng_ruleset *ruleset = linker->ruleset;
    heng_law_source *sources =
        heng_form_alloc(reader, draft->source_count, sizeof *sources);
    heng_role *roles = heng_form_alloc(reader, draft->role_count, sizeof *roles);
    heng_matter *matters =
        heng_form_alloc(reader, draft->matter_count, sizeof *matters);
    heng_measure *measures =
        heng_form_alloc(reader, draft->measure_count, sizeof *measures);
    if (sources == NULL || roles == NULL || matters == NULL || measures == NULL)
        return false;
    for (size_t i = 0; i < draft->source_count; i++)
        sources[i] = draft->sources[linker->sources.entries[i].index];
    for (size_t i = 0; i < draft->role_count; i++)
        roles[i] = draft->roles[linker->roles.entries[i].index].out;
    for (size_t i = 0; i < draft->matter_count; i++)
        matters[i] = draft->matters[linker->matters.entries[i].index];
    for (size_t i = 0; i < draft->measure_count; i++)
        measures[i] = draft->measures[linker->measures.entries[i].index];
    ruleset->sources = sources;
    ruleset->source_count = draft->source_count;
    ruleset->catalog.roles = roles;
    ruleset->catalog.role_count = draft->role_count;
    ruleset->matters = matters;
    ruleset->matter_count = draft->matter_count;
    ruleset->measures = measures;
    ruleset->measure_count = draft->measure_count;

    ruleset->id = draft->id;
    ruleset->version = draft->version;
    ruleset->region = draft->region;
    ruleset->time_zone = draft->time_zone;
    ruleset->title = draft->title;
    ruleset->suspend_disputed = draft->suspend_disputed;
    ruleset->purpose_required = draft->purpose_required;
    ruleset->tests = draft->tests;
    return true;
}

/* ---- roles ---- */

static void contradicting_inverse(heng_reader *reader, const heng_draft_role *role,
                                  heng_span other, const char *why) {
    heng_diags_error(reader->diags, HENG_RULESET_E_INVERSE,
                     heng_form_place(reader, role->inverse->span),
                     "`%s` is the inverse of `%s`, but %s",
                     heng_form_quote(role->out.inverse).text,
                     heng_form_quote(role->out.id).text, why);
    heng_diags_also(reader->diags, heng_form_place(reader, other), "that is here");
}

/* A tie has two sides and no more: where both are declared, each names the other (one
 * of the two may leave it out). */
static bool link_roles(heng_linker *linker) {
    heng_draft *draft = linker->draft;
    heng_reader *reader = linker->reader;
    heng_link_table inverses;
    if (!heng_link_table_init(reader, &inverses, "inverse", draft->role_count) ||
        !heng_link_table_init(reader, &linker->role_words, "role",
                              draft->role_count * 2))
        return false;
    for (uint32_t i = 0; i < draft->role_count; i++) {
        heng_draft_role *role = &draft->roles[i];
        heng_link_table_add(&linker->role_words, role->out.id, role->span, i);
        if (role->inverse == NULL)
            continue;
        heng_link_table_add(&linker->role_words, role->out.inverse, role->span, i);
        heng_link_table_add(&inverses, role->out.inverse, role->inverse->span, i);
    }
    heng_link_table_sort(&linker->role_words);
    heng_link_table_sort(&inverses);

    for (uint32_t i = 0; i < draft->role_count; i++) {
        heng_draft_role *role = &draft->roles[i];
        uint32_t at = 0;
        if (role->inverse == NULL)
            continue;
        if (heng_link_table_find(&inverses, role->out.inverse, &at) &&
            inverses.entries[at].index != i) {
            contradicting_inverse(reader, role, inverses.entries[at].span,
                                  "that of another role too");
            continue;
        }
        if (!heng_link_table_find(&linker->roles, role->out.inverse, &at))
            continue;
        heng_draft_role *other = &draft->roles[linker->roles.entries[at].index];
        if (other->inverse == NULL)
            other->out.inverse = role->out.id;
        else if (!heng_str_equal(other->out.inverse, role->out.id))
            contradicting_inverse(reader, role, other->inverse->span,
                                  "as a role it has another inverse");
    }
    return true;
}

/* ---- references ---- */

static void resolve(heng_linker *linker) {
    const heng_link_table *tables[] = {
        [HENG_REF_SOURCE] = &linker->sources,
        [HENG_REF_MATTER] = &linker->matters,
        [HENG_REF_MEASURE] = &linker->measures,
        [HENG_REF_ROLE] = &linker->role_words,
    };
    for (size_t i = 0; i < linker->draft->ref_count; i++) {
        const heng_draft_ref *ref = &linker->draft->refs[i];
        const heng_link_table *table = tables[ref->kind];
        uint32_t position = 0;
        if (!heng_link_table_find(table, ref->name->text, &position)) {
            if (!linker->partial)
                heng_link_table_unknown(linker->reader, table, HENG_RULESET_E_UNKNOWN,
                                        ref->name, ref->name->text);
        } else if (ref->slot != NULL) {
            *ref->slot = position;
        }
    }
}

/* Indexes in lists are written in any order, and read sorted. The lists were made
 * mutable by the readers, in the arena. */
static void sort_indexes(const uint32_t *list, size_t count, uint32_t *scratch) {
    for (size_t i = 0; i < count; i++) {
        size_t at = i;
        uint32_t moving = list[i];
        for (; at > 0 && scratch[at - 1] > moving; at--)
            scratch[at] = scratch[at - 1];
        scratch[at] = moving;
    }
}

static bool sort_lists(heng_linker *linker) {
    heng_draft *draft = linker->draft;
    for (size_t i = 0; i < draft->measure_count; i++) {
        heng_measure *measure = &draft->measures[i];
        uint32_t *sorted =
            heng_form_alloc(linker->reader, measure->matter_count, sizeof *sorted);
        if (sorted == NULL)
            return false;
        sort_indexes(measure->matters, measure->matter_count, sorted);
        measure->matters = sorted;
    }
    for (size_t i = 0; i < draft->rule_count; i++) {
        heng_rule *rule = &draft->rules[i].out;
        uint32_t *sorted =
            heng_form_alloc(linker->reader, rule->measure_count, sizeof *sorted);
        if (sorted == NULL)
            return false;
        sort_indexes(rule->measures, rule->measure_count, sorted);
        rule->measures = sorted;
    }
    return true;
}

/* ---- tags ---- */

static bool index_tags(heng_linker *linker) {
    heng_draft *draft = linker->draft;
    size_t rules = 0;
    size_t measures = 0;
    for (size_t i = 0; i < draft->rule_count; i++)
        rules += draft->rules[i].out.tag_count;
    for (size_t i = 0; i < draft->measure_count; i++)
        measures += draft->measures[i].tag_count;
    if (!heng_link_table_init(linker->reader, &linker->rule_tags, "tag", rules) ||
        !heng_link_table_init(linker->reader, &linker->measure_tags, "tag", measures))
        return false;
    for (uint32_t i = 0; i < draft->rule_count; i++) {
        const heng_rule *rule = &draft->rules[linker->rules.entries[i].index].out;
        for (size_t j = 0; j < rule->tag_count; j++)
            heng_link_table_add(&linker->rule_tags, rule->tags[j], rule->span, i);
    }
    for (uint32_t i = 0; i < draft->measure_count; i++) {
        const heng_measure *measure =
            &draft->measures[linker->measures.entries[i].index];
        for (size_t j = 0; j < measure->tag_count; j++)
            heng_link_table_add(&linker->measure_tags, measure->tags[j], measure->span,
                                i);
    }
    heng_link_table_sort(&linker->rule_tags);
    heng_link_table_sort(&linker->measure_tags);
    return true;
}

heng_linker_members heng_linker_expand(heng_linker *linker,
                                       const heng_link_table *table,
                                       const heng_link_table *tags,
                                       const heng_yaml_node *name) {
    heng_linker_members members = {NULL, 0, 0};
    bool is_tag = heng_read_is_tag(name->text);
    heng_str word = is_tag ? heng_read_tag_name(name->text) : name->text;
    uint32_t position = 0;
    if (is_tag) {
        members.tags = tags;
        members.first = heng_link_table_range(tags, word, &members.count);
    } else if (heng_link_table_find(table, word, &position)) {
        members.first = position;
        members.count = 1;
    }
    if (members.count == 0 && !linker->partial)
        heng_link_table_unknown(
            linker->reader, is_tag ? tags : table,
            is_tag ? HENG_RULESET_E_TAG_UNKNOWN : HENG_RULESET_E_UNKNOWN, name, word);
    return members;
}

uint32_t heng_linker_member(const heng_linker_members *members, size_t i) {
    return members->tags == NULL ? (uint32_t)members->first
                                 : members->tags->entries[members->first + i].index;
}

void heng_linker_cycle_text(const heng_link_table *table, const uint32_t *members,
                            size_t count, char text[HENG_LINKER_CYCLE_BYTES]) {
    enum { SHOWN = 8 }; /* ids of full length fit */
    size_t len = 0;
    text[0] = '\0';
    for (size_t i = 0; i <= count; i++) {
        bool left_out = i >= SHOWN && i < count;
        if (left_out && i > SHOWN)
            continue;
        heng_quote id = heng_form_quote(table->entries[members[i % count]].id);
        int more = snprintf(text + len, HENG_LINKER_CYCLE_BYTES - len, "%s%s%s%s",
                            i == 0 ? "" : " → ", left_out ? "" : "`",
                            left_out ? "…" : id.text, left_out ? "" : "`");
        if (more < 0 || (size_t)more >= HENG_LINKER_CYCLE_BYTES - len)
            return;
        len += (size_t)more;
    }
}

/* ---- all of it ---- */

heng_status heng_linker_add_edge(heng_linker *linker, uint32_t from, uint32_t to) {
    if (linker->edge_count == linker->edge_room) {
        size_t room = linker->edge_room == 0 ? 256 : linker->edge_room * 2;
        heng_order_edge *edges = heng_alloc_resize(linker->edges, room, sizeof *edges);
        if (edges == NULL)
            return HENG_ERR_NOMEM;
        linker->edges = edges;
        linker->edge_room = room;
    }
    linker->edges[linker->edge_count++] = (heng_order_edge){from, to};
    return HENG_OK;
}

static heng_status link_all(heng_linker *linker) {
    if (!make_tables(linker) || !link_roles(linker) || !index_tags(linker))
        return HENG_ERR_NOMEM;
    resolve(linker);
    if (!sort_lists(linker) || !move_all(linker))
        return HENG_ERR_NOMEM;
    heng_status status = heng_link_catalog(linker);
    if (status == HENG_OK)
        status = heng_link_rule_conditions(linker);
    if (status == HENG_OK)
        status = heng_link_rule_exceptions(linker);
    if (status == HENG_OK)
        status = heng_link_conflict_pairs(linker);
    return status;
}

heng_status heng_linker_link(heng_draft *draft, bool partial, heng_ruleset *ruleset) {
    heng_linker linker = {.draft = draft,
                          .reader = &draft->reader,
                          .ruleset = ruleset,
                          .partial = partial};
    heng_status status = link_all(&linker);
    heng_alloc_free(linker.edges);
    heng_expression_done(&linker.expressions);
    return draft->reader.nomem ? HENG_ERR_NOMEM : status;
}
