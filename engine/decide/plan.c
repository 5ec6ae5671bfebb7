/* SPDX-License-Identifier: Apache-2.0 */
/* plan.c: builds the tables of plan.h, once for a ruleset and a store. */
#include "decide/plan.h"

#include <string.h>

#include "base/limits.h"
#include "decide/brief.h"
#include "decide/seen.h"
#include "decide/sieve.h"
#include "decide/term_day.h"
#include "heng/parts.h"

static void *plan_calloc(heng_plan *plan, size_t count, size_t size) {
    return heng_arena_calloc(plan->arena, count == 0 ? 1 : count, size);
}

/* ---- names ---- */

static uint32_t find_category(const heng_ruleset *ruleset, heng_str id) {
    const heng_category *found = heng_catalog_category(&ruleset->catalog, id);
    return found == NULL ? HENG_NONE : (uint32_t)(found - ruleset->catalog.categories);
}

static uint32_t find_role_word(const heng_plan *plan, heng_str word) {
    size_t low = 0, high = plan->role_word_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = heng_str_compare(plan->role_words[middle].word, word);
        if (order == 0)
            return (uint32_t)middle;
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return HENG_NONE;
}

static void add_role_word(heng_plan *plan, heng_str word) {
    size_t at = plan->role_word_count;
    if (word.len == 0)
        return;
    while (at > 0 && heng_str_compare(plan->role_words[at - 1].word, word) > 0)
        at--;
    if (at > 0 && heng_str_equal(plan->role_words[at - 1].word, word))
        return;
    memmove(plan->role_words + at + 1, plan->role_words + at,
            (plan->role_word_count - at) * sizeof *plan->role_words);
    plan->role_words[at] = (heng_role_word){word, HENG_NONE};
    plan->role_word_count++;
}

static bool bind_roles(heng_plan *plan) {
    const heng_catalog *catalog = &plan->ruleset->catalog;
    plan->role_words =
        plan_calloc(plan, 2 * catalog->role_count, sizeof *plan->role_words);
    if (plan->role_words == NULL)
        return false;
    for (size_t i = 0; i < catalog->role_count; i++) {
        add_role_word(plan, catalog->roles[i].id);
        add_role_word(plan, catalog->roles[i].inverse);
    }
    for (size_t i = 0; i < plan->role_word_count; i++) {
        heng_str other = heng_catalog_other_side(catalog, plan->role_words[i].word);
        plan->role_words[i].other =
            other.len == 0 ? HENG_NONE : find_role_word(plan, other);
    }
    return true;
}

static bool bind_attributes(heng_plan *plan) {
    const heng_catalog *catalog = &plan->ruleset->catalog;
    size_t count = 0;
    for (size_t c = 0; c < catalog->category_count; c++)
        count += catalog->categories[c].attribute_count;
    uint32_t *first = plan_calloc(plan, catalog->category_count + 1, sizeof *first);
    uint32_t *items = plan_calloc(plan, count, sizeof *items);
    if (first == NULL || items == NULL)
        return false;
    for (size_t c = 0; c < catalog->category_count; c++) {
        const heng_category *category = &catalog->categories[c];
        first[c + 1] = first[c];
        for (size_t i = 0; i < category->attribute_count; i++)
            items[first[c + 1]++] =
                heng_names_find(plan->names, category->attributes[i].name);
    }
    plan->attribute_names = (heng_lists){first, items};
    return true;
}

static bool bind_names(heng_plan *plan) {
    const heng_ruleset *ruleset = plan->ruleset;
    plan->name_count = heng_names_count(plan->names);
    plan->category_of_name =
        plan_calloc(plan, plan->name_count, sizeof *plan->category_of_name);
    plan->role_of_name = plan_calloc(plan, plan->name_count, sizeof(uint32_t));
    plan->record_attribute_names =
        plan_calloc(plan, ruleset->record_attribute_count, sizeof(uint32_t));
    plan->subject_attribute_names =
        plan_calloc(plan, ruleset->subject_attribute_count, sizeof(uint32_t));
    if (plan->category_of_name == NULL || plan->role_of_name == NULL ||
        plan->record_attribute_names == NULL || plan->subject_attribute_names == NULL)
        return false;
    for (uint32_t i = 0; i < plan->name_count; i++) {
        heng_str name = heng_names_get(plan->names, i);
        uint32_t category = find_category(ruleset, name);
        const heng_category *declared =
            category == HENG_NONE ? NULL : &ruleset->catalog.categories[category];
        plan->category_of_name[i] = (heng_category_name){
            .category = category,
            .use_limit = declared != NULL && declared->has_use_limit
                             ? declared->use_limit
                             : (heng_period){.months = -1}};
        plan->role_of_name[i] = find_role_word(plan, name);
    }
    for (size_t i = 0; i < ruleset->record_attribute_count; i++) {
        plan->record_attribute_names[i] =
            heng_names_find(plan->names, ruleset->record_attributes[i]->name);
    }
    for (size_t i = 0; i < ruleset->subject_attribute_count; i++) {
        plan->subject_attribute_names[i] =
            heng_names_find(plan->names, ruleset->subject_attributes[i]->name);
    }
    return bind_attributes(plan);
}

/* ---- rules ---- */

/* NULL where there is none; false out of memory. */
static bool sieve_of(heng_plan *plan, const heng_cel_program *program,
                     const heng_sieve **ret_sieve) {
    return program == NULL ||
           heng_sieve_new(plan, heng_cel_program_ast(program), ret_sieve);
}

static bool plan_sieves(heng_plan *plan, const heng_rule *rule, heng_rule_plan *out) {
    const heng_sieve **unless =
        plan_calloc(plan, rule->unless_count, sizeof(const heng_sieve *));
    out->unless = unless;
    if (unless == NULL || !sieve_of(plan, rule->ground, &out->sieve) ||
        !sieve_of(plan, rule->when, &out->when))
        return false;
    for (size_t i = 0; i < rule->unless_count; i++) {
        if (!sieve_of(plan, rule->unless[i].condition, &unless[i]))
            return false;
    }
    return true;
}

static bool day_of(heng_plan *plan, const heng_cel_program *program,
                   const heng_term_day **ret_day) {
    return program == NULL ||
           heng_term_day_new(plan, heng_cel_program_ast(program), ret_day);
}

/* What is plainly r.decided_on is asked of nobody. */
static bool plan_days(heng_plan *plan, const heng_rule *rule, heng_rule_plan *out) {
    return (rule->term_from_decided_on ||
            day_of(plan, rule->term_from, &out->term_from)) &&
           day_of(plan, rule->term_until, &out->term_until);
}

static bool plan_rule(heng_plan *plan, uint32_t index) {
    const heng_rule *rule = &plan->ruleset->rules[index];
    heng_rule_plan *out = &plan->rules[index];
    out->reads_records = rule->reads_records;
    plan->reads_particulars = plan->reads_particulars || rule->reads_particulars;
    out->always = rule->ground == NULL ||
                  (rule->when != NULL &&
                   !heng_cel_constrain_empty(heng_cel_program_ast(rule->when),
                                             HENG_SLOT_GROUNDS));
    out->position = HENG_NONE;
    if (rule->gaze == HENG_GAZE_THROUGH)
        plan->needs |= HENG_VIEW_TIES | HENG_VIEW_TIE_RECORDS;
    if (rule->gaze == HENG_GAZE_NAMED)
        plan->needs |= HENG_VIEW_MENTIONS;

    uint32_t *roles = plan_calloc(plan, rule->role_count, sizeof *roles);
    if (roles == NULL)
        return false;
    for (size_t i = 0; i < rule->role_count; i++)
        roles[i] = find_role_word(plan, rule->roles[i]);
    out->roles = roles;

    if (!plan_sieves(plan, rule, out) || !plan_days(plan, rule, out))
        return false;
    if (rule->ground != NULL && !rule->all_categories) {
        size_t words = plan->ruleset->catalog.category_count / 64 + 1;
        uint64_t *bits = plan_calloc(plan, words, sizeof *bits);
        if (bits == NULL)
            return false;
        for (size_t i = 0; i < rule->category_count; i++)
            bits[rule->categories[i] / 64] |= UINT64_C(1) << (rule->categories[i] % 64);
        out->categories = bits;
    }
    return true;
}

/* Of most categories the index has one list, of which no record can leave out any. */
static void list_entries(heng_plan *plan) {
    const heng_rule_index *index = &plan->index[HENG_GAZE_OWN];
    for (uint32_t i = 0; i < plan->name_count; i++) {
        heng_category_name *name = &plan->category_of_name[i];
        if (name->category == HENG_NONE)
            continue;
        uint32_t group = index->first[name->category];
        uint32_t groups = index->first[name->category + 1] - group;
        name->is_listed =
            groups == 0 || (groups == 1 && index->groups[group].kind == HENG_GROUP_ALL);
        if (groups == 1) {
            name->first = index->groups[group].first;
            name->end = index->groups[group].end;
            while (name->is_listed && name->end > name->first &&
                   index->entries[name->end - 1].acts_on == 0)
                name->end--; /* in a list of all they come last */
        }
    }
}

static bool index_rules(heng_plan *plan, bool plain) {
    const heng_ruleset *ruleset = plan->ruleset;
    size_t count = ruleset->rule_count;
    plan->rules = plan_calloc(plan, count, sizeof *plan->rules);
    plan->always = plan_calloc(plan, count, sizeof(uint32_t));
    plan->all_clear = plan_calloc(plan, ruleset->matter_count, sizeof(heng_verdict));
    if (plan->rules == NULL || plan->always == NULL || plan->all_clear == NULL)
        return false;
    for (uint32_t r = 0; r < count; r++) {
        if (!plan_rule(plan, r))
            return false;
        if (plan->rules[r].always)
            plan->always[plan->always_count++] = r;
    }
    for (uint32_t i = 0; i < ruleset->exception_count; i++)
        plan->rules[ruleset->exception_order[i]].position = i;
    if (!heng_rule_index_build(plan, plain))
        return false;
    list_entries(plan);
    return true;
}

/* ---- conflicts ---- */

static bool share_matter(const heng_measure *a, const heng_measure *b) {
    if (a->matter_count == 0 || b->matter_count == 0)
        return true;
    size_t i = 0, j = 0;
    while (i < a->matter_count && j < b->matter_count) {
        if (a->matters[i] == b->matters[j])
            return true;
        if (a->matters[i] < b->matters[j])
            i++;
        else
            j++;
    }
    return false;
}

static bool index_conflicts(heng_plan *plan) {
    const heng_ruleset *ruleset = plan->ruleset;
    size_t count = ruleset->measure_count;
    uint32_t *first = plan_calloc(plan, count + 2, sizeof *first);
    uint32_t *items = plan_calloc(plan, ruleset->pair_count, sizeof *items);
    plan->measure_position = plan_calloc(plan, count, sizeof(uint32_t));
    if (first == NULL || items == NULL || plan->measure_position == NULL)
        return false;
    for (size_t m = 0; m < count; m++)
        plan->measure_position[m] = HENG_NONE;
    for (uint32_t i = 0; i < ruleset->measure_order_count; i++)
        plan->measure_position[ruleset->measure_order[i]] = i;
    for (size_t i = 0; i < ruleset->pair_count; i++) {
        const heng_conflict_pair *pair = &ruleset->pairs[i];
        if (share_matter(&ruleset->measures[pair->kept],
                         &ruleset->measures[pair->gone]))
            first[pair->kept + 2]++;
    }
    for (size_t m = 2; m < count + 2; m++)
        first[m] += first[m - 1];
    for (size_t i = 0; i < ruleset->pair_count; i++) {
        const heng_conflict_pair *pair = &ruleset->pairs[i];
        if (share_matter(&ruleset->measures[pair->kept],
                         &ruleset->measures[pair->gone]))
            items[first[pair->kept + 1]++] = pair->gone;
    }
    plan->displaced_measures = (heng_lists){first, items};
    return true;
}

/* ---- the plan ---- */

heng_status heng_plan_new(const heng_ruleset *ruleset, const heng_names *names,
                          heng_date as_of, heng_plan **ret_plan, heng_error *reterr) {
    return heng_plan_new_with(ruleset, names, as_of, 0, ret_plan, reterr);
}

heng_status heng_plan_new_with(const heng_ruleset *ruleset, const heng_names *names,
                               heng_date as_of, unsigned flags, heng_plan **ret_plan,
                               heng_error *reterr) {
    heng_plan *plan = NULL;
    heng_arena *arena = NULL;

    if (!heng_date_valid(as_of)) {
        return heng_error_set(reterr, HENG_ERR_INVALID, NULL, (heng_pos){0, 0},
                              "the as-of day lies outside 1900-01-01 to 2200-12-31");
    }
    arena = heng_arena_new(HENG_LIMIT_RULESET_ARENA_BYTES);
    if (arena == NULL)
        goto out;
    plan = heng_arena_calloc(arena, 1, sizeof *plan);
    if (plan == NULL)
        goto out;
    plan->arena = arena;
    plan->ruleset = ruleset;
    plan->names = names;
    plan->as_of = as_of;
    heng_seen_types(plan);
    if (!bind_roles(plan) || !bind_names(plan) ||
        !index_rules(plan, (flags & HENG_PLAN_PLAIN) != 0) || !index_conflicts(plan))
        goto out;
    if ((flags & HENG_PLAN_PLAIN) == 0 && !heng_brief_prepare(plan))
        goto out;
    *ret_plan = plan;
    return HENG_OK;
out:
    heng_arena_free(arena);
    return heng_error_nomem(reterr);
}

void heng_plan_free(heng_plan *plan) {
    if (plan != NULL)
        heng_arena_free(plan->arena);
}

unsigned heng_plan_needs(const heng_plan *plan) {
    return plan->needs;
}
