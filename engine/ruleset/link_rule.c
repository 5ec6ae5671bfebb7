/* SPDX-License-Identifier: Apache-2.0 */
/* link_rule.c: the conditions of rules, and which rules displace which. */
#include <stdlib.h>

#include "base/limits.h"
#include "ruleset/linker.h"
#include "ruleset/particulars.h"
#include "ruleset/template.h"

/* ---- conditions ---- */

static int compare_indexes(const void *a, const void *b) {
    const uint32_t *left = a;
    const uint32_t *right = b;
    return (*left > *right) - (*left < *right);
}

/* Categories outside which the ground is certainly false. One that is not defined was
 * reported. */
static heng_status constrain(heng_linker *linker, heng_rule *rule) {
    const heng_catalog *catalog = &linker->ruleset->catalog;
    const heng_str *names = NULL;
    size_t count =
        heng_cel_constrain_strings(heng_cel_program_ast(rule->ground), HENG_SLOT_R,
                                   HENG_STR("category"), linker->reader->arena, &names);
    if (count == SIZE_MAX) {
        rule->all_categories = true;
        return HENG_OK;
    }
    uint32_t *categories = heng_form_alloc(linker->reader, count, sizeof *categories);
    if (categories == NULL)
        return HENG_ERR_NOMEM;
    size_t kept = 0;
    for (size_t i = 0; i < count; i++) {
        const heng_category *category = heng_catalog_category(catalog, names[i]);
        if (category != NULL)
            categories[kept++] = (uint32_t)(category - catalog->categories);
    }
    if (kept > 1)
        qsort(categories, kept, sizeof *categories, compare_indexes);
    size_t distinct = 0;
    for (size_t i = 0; i < kept; i++) {
        if (i == 0 || categories[i] != categories[i - 1])
            categories[distinct++] = categories[i];
    }
    rule->categories = categories;
    rule->category_count = distinct;
    return HENG_OK;
}

/* Reported problems are no failure: what else is wrong is wanted too. */
static heng_status go_on(heng_status status) {
    return status == HENG_ERR_INVALID ? HENG_OK : status;
}

static heng_status link_ground(heng_linker *linker, heng_draft_rule *read,
                               heng_rule *rule) {
    heng_expressions *expressions = &linker->expressions;
    heng_status status = HENG_OK;
    if (read->ground.value != NULL) {
        status = heng_expression_compile_scalar(expressions, HENG_EXPRESSION_GROUND,
                                                read->file, read->ground.value,
                                                &rule->ground, &rule->ground_trace);
        if (status == HENG_OK)
            status = constrain(linker, rule);
    }
    status = go_on(status);
    if (status == HENG_OK && read->when.value != NULL) {
        status = go_on(heng_expression_compile_scalar(
            expressions, HENG_EXPRESSION_CONDITION, read->file, read->when.value,
            &rule->when, &rule->when_trace));
        rule->when_reads_grounds =
            rule->when != NULL && heng_cel_program_reads(rule->when, HENG_SLOT_GROUNDS);
    }
    return status;
}

static heng_status link_unless(heng_linker *linker, heng_draft_rule *read) {
    heng_status status = HENG_OK;
    for (size_t i = 0; i < read->out.unless_count && status == HENG_OK; i++) {
        heng_unless *unless = &read->unless[i];
        if (read->unless_if[i] == NULL)
            continue;
        status = go_on(heng_expression_compile_scalar(
            &linker->expressions, HENG_EXPRESSION_CONDITION, read->file,
            read->unless_if[i], &unless->condition, &unless->trace));
        unless->reads_grounds =
            unless->condition != NULL &&
            heng_cel_program_reads(unless->condition, HENG_SLOT_GROUNDS);
    }
    return status;
}

static heng_status link_term(heng_linker *linker, heng_draft_rule *read,
                             heng_rule *rule) {
    heng_expressions *expressions = &linker->expressions;
    heng_status status = HENG_OK;
    if (read->term_from.value != NULL) {
        status = go_on(heng_expression_compile_scalar(expressions, HENG_EXPRESSION_DAY,
                                                      read->file, read->term_from.value,
                                                      &rule->term_from, NULL));
        if (rule->term_from != NULL)
            rule->term_from_decided_on = heng_expression_is_decided_on(rule->term_from);
    }
    if (status == HENG_OK && read->term_until.value != NULL)
        status = go_on(heng_expression_compile_scalar(
            expressions, HENG_EXPRESSION_DAY, read->file, read->term_until.value,
            &rule->term_until, NULL));
    return status;
}

static heng_status link_reason(heng_linker *linker, heng_draft_rule *read,
                               heng_rule *rule) {
    const heng_yaml_node *zh = read->reason[HENG_LANG_ZH];
    const heng_yaml_node *en = read->reason[HENG_LANG_EN];
    heng_status status = HENG_OK;
    if (zh != NULL)
        status = heng_template_compile(&linker->expressions, read->file, zh,
                                       &rule->reason[HENG_LANG_ZH]);
    if (en == zh) {
        rule->reason[HENG_LANG_EN] = rule->reason[HENG_LANG_ZH];
    } else if (en != NULL && status == HENG_OK) {
        status = heng_template_compile(&linker->expressions, read->file, en,
                                       &rule->reason[HENG_LANG_EN]);
    }
    /* one language stands for both, as with titles */
    if (en == NULL)
        rule->reason[HENG_LANG_EN] = rule->reason[HENG_LANG_ZH];
    if (zh == NULL)
        rule->reason[HENG_LANG_ZH] = rule->reason[HENG_LANG_EN];
    return status;
}

static void check_ground(heng_reader *reader, const heng_draft_rule *read) {
    if (read->has_ground || read->out.id.len == 0)
        return;
    heng_span span = heng_form_place(reader, read->out.span);
    if (!read->has_when) {
        heng_diags_error(reader->diags, HENG_RULESET_E_NO_GROUND, span,
                         "this rule has neither `ground` nor `when`, so it could never "
                         "fire: the default of `when` asks for a ground");
    }
    if (read->term.value != NULL) {
        heng_diags_error(
            reader->diags, HENG_RULESET_E_NO_GROUND,
            heng_form_place(reader, read->term.key->span),
            "this rule has a `term` but no `ground` that the term could be "
            "counted from; leave the `term` out");
    }
}

static bool is_unverified(const heng_rule *rule) {
    for (size_t i = 0; i < rule->basis_count; i++) {
        if (rule->bases[i].article.ptr != NULL)
            return false;
    }
    return true;
}

static bool reads_records(const heng_cel_program *program) {
    return program != NULL && heng_cel_program_reads(program, HENG_SLOT_RECORDS);
}

/* What all parts of a rule come to. */
static void sum_up(const heng_ruleset *ruleset, heng_rule *rule) {
    rule->unverified = is_unverified(rule);
    rule->reads_particulars = heng_particulars_read(ruleset, rule);
    rule->reads_records = reads_records(rule->ground) || reads_records(rule->when) ||
                          reads_records(rule->term_from) ||
                          reads_records(rule->term_until);
    for (size_t i = 0; i < rule->unless_count; i++)
        rule->reads_records =
            rule->reads_records || reads_records(rule->unless[i].condition);
    rule->region_bits = rule->region_count == 0 ? UINT64_MAX : 0;
    for (size_t i = 0; i < rule->region_count; i++)
        rule->region_bits |= heng_region_bits(rule->regions[i]);
}

static bool same_regions(const heng_rule *a, const heng_rule *b) {
    bool same = a->region_count == b->region_count;
    for (size_t i = 0; i < a->region_count && same; i++)
        same = heng_str_equal(a->regions[i], b->regions[i]);
    return same;
}

/* Those of one of the last rules before it that has the same. */
static const heng_region_prefix *find_prefixes(const heng_rule *rule,
                                               const heng_rule *rules, size_t count) {
    enum { MOST_TRIED = 64 };
    for (size_t back = 1; back <= count && back <= MOST_TRIED; back++) {
        const heng_rule *other = &rules[count - back];
        if (other->prefixes != NULL && same_regions(rule, other))
            return other->prefixes;
    }
    return NULL;
}

/* `count` rules before it have theirs. False out of memory. */
static bool set_prefixes(heng_linker *linker, heng_rule *rule, const heng_rule *rules,
                         size_t count) {
    for (size_t i = 0; i < rule->region_count; i++) {
        heng_str region = rule->regions[i];
        if (region.len > sizeof(uint64_t) ||
            memchr(region.ptr, '\0', region.len) != NULL)
            return true;
    }
    rule->prefixes = find_prefixes(rule, rules, count);
    if (rule->region_count == 0 || rule->prefixes != NULL)
        return true;
    heng_region_prefix *prefixes =
        heng_form_alloc(linker->reader, rule->region_count, sizeof *prefixes);
    if (prefixes == NULL)
        return false;
    for (size_t i = 0; i < rule->region_count; i++) {
        static const char ONES[] = "\xff\xff\xff\xff\xff\xff\xff\xff";
        prefixes[i] = (heng_region_prefix){
            heng_region_word(rule->regions[i]),
            heng_region_word((heng_str){ONES, rule->regions[i].len})};
    }
    rule->prefixes = prefixes;
    return true;
}

heng_status heng_link_rule_conditions(heng_linker *linker) {
    heng_draft *draft = linker->draft;
    heng_ruleset *ruleset = linker->ruleset;
    heng_rule *rules =
        heng_form_alloc(linker->reader, draft->rule_count, sizeof *rules);
    if (rules == NULL)
        return HENG_ERR_NOMEM;
    for (size_t i = 0; i < draft->rule_count; i++) {
        heng_draft_rule *read = &draft->rules[linker->rules.entries[i].index];
        heng_rule *rule = &read->out;
        heng_status status = HENG_OK;
        check_ground(linker->reader, read);
        if (!linker->partial) { /* else what they speak of may be what is missing */
            status = link_ground(linker, read, rule);
            if (status == HENG_OK)
                status = link_unless(linker, read);
            if (status == HENG_OK)
                status = link_term(linker, read, rule);
            if (status == HENG_OK)
                status = link_reason(linker, read, rule);
        }
        if (status != HENG_OK)
            return status;
        sum_up(ruleset, rule);
        if (!set_prefixes(linker, rule, rules, i))
            return HENG_ERR_NOMEM;
        rules[i] = *rule;
    }
    linker->linked_rules = rules;
    ruleset->rules = rules;
    ruleset->rule_count = draft->rule_count;
    return HENG_OK;
}

/* ---- exceptions ---- */

static const heng_draft_rule *draft_of(const heng_linker *linker, uint32_t position) {
    return &linker->draft->rules[linker->rules.entries[position].index];
}

static void report_cycle(void *context, const uint32_t *members, size_t count) {
    const heng_linker *linker = context;
    heng_reader *reader = linker->reader;
    char path[HENG_LINKER_CYCLE_BYTES];
    heng_linker_cycle_text(&linker->rules, members, count, path);
    heng_span first = draft_of(linker, members[0])->exception_to.key->span;
    heng_span last = draft_of(linker, members[count - 1])->exception_to.key->span;
    heng_diags_error(reader->diags, HENG_RULESET_E_EXCEPTION_CYCLE,
                     heng_form_place(reader, first),
                     "exceptions go in a circle: %s; expected that no rule displaces "
                     "itself in the end",
                     path);
    heng_diags_also(reader->diags, heng_form_place(reader, last),
                    "the circle is closed here");
}

/* All that a rule displaces, into the edges: sorted, each once, not itself. */
static heng_status collect(heng_linker *linker, uint32_t position) {
    const heng_draft_rule *read = draft_of(linker, position);
    const heng_yaml_node *list = read->exception_to.value;
    if (list == NULL)
        return HENG_OK;
    for (size_t i = 0; i < list->count; i++) {
        const heng_yaml_node *name = list->as.items[i];
        if (name->kind != HENG_YAML_SCALAR)
            continue; /* reported */
        heng_linker_members members =
            heng_linker_expand(linker, &linker->rules, &linker->rule_tags, name);
        if (linker->edge_count + members.count > HENG_LIMIT_TAG_PAIRS) {
            heng_diags_error(linker->reader->diags, HENG_RULESET_E_EXPANSION,
                             heng_form_place(linker->reader, name->span),
                             "exceptions expand to more than %zu pairs of rules, "
                             "expected at most so many; use narrower tags",
                             HENG_LIMIT_TAG_PAIRS);
            return HENG_ERR_LIMIT;
        }
        for (size_t j = 0; j < members.count; j++) {
            uint32_t other = heng_linker_member(&members, j);
            heng_status status = other == position
                                     ? HENG_OK
                                     : heng_linker_add_edge(linker, position, other);
            if (status != HENG_OK)
                return status;
        }
    }
    return HENG_OK;
}

static int compare_edges(const void *a, const void *b) {
    const heng_order_edge *left = a;
    const heng_order_edge *right = b;
    if (left->from != right->from)
        return left->from < right->from ? -1 : 1;
    return (left->to > right->to) - (left->to < right->to);
}

static heng_status fill_displaces(heng_linker *linker, heng_rule *rules) {
    size_t count = linker->edge_count;
    if (count > 1)
        qsort(linker->edges, count, sizeof *linker->edges, compare_edges);
    size_t kept = 0;
    for (size_t i = 0; i < count; i++) {
        heng_order_edge edge = linker->edges[i];
        if (kept == 0 || compare_edges(&linker->edges[kept - 1], &edge) != 0)
            linker->edges[kept++] = edge;
    }
    linker->edge_count = kept;
    uint32_t *targets = heng_form_alloc(linker->reader, kept, sizeof *targets);
    if (targets == NULL)
        return HENG_ERR_NOMEM;
    for (size_t i = 0; i < kept; i++) {
        heng_rule *rule = &rules[linker->edges[i].from];
        targets[i] = linker->edges[i].to;
        if (rule->displace_count++ == 0)
            rule->displaces = &targets[i];
    }
    return HENG_OK;
}

heng_status heng_link_rule_exceptions(heng_linker *linker) {
    heng_ruleset *ruleset = linker->ruleset;
    size_t count = ruleset->rule_count;
    heng_rule *rules = linker->linked_rules;
    uint32_t *order = heng_form_alloc(linker->reader, count, sizeof *order);
    if (order == NULL)
        return HENG_ERR_NOMEM;
    linker->edge_count = 0;
    for (uint32_t i = 0; i < count; i++) {
        heng_status status = collect(linker, i);
        if (status == HENG_ERR_LIMIT)
            return HENG_OK; /* reported */
        if (status != HENG_OK)
            return status;
    }
    heng_status status = fill_displaces(linker, rules);
    if (status == HENG_OK)
        status = heng_order_make(count, linker->edges, linker->edge_count, report_cycle,
                                 linker, order);
    if (status != HENG_OK)
        return status;
    size_t kept = 0;
    for (size_t i = 0; i < count; i++) {
        if (order[i] < count && rules[order[i]].displace_count > 0)
            order[kept++] = order[i];
    }
    ruleset->exception_order = order;
    ruleset->exception_count = kept;
    return HENG_OK;
}
