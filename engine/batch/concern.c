/* SPDX-License-Identifier: Apache-2.0 */
/*
 * concern.c: altered categories and measures first, then the rules that rest on them,
 * then the categories of those rules.
 */
#include "batch/concern.h"

#include "base/ids.h"
#include "cel/program.h"

/* What of one ruleset was found to be altered, seen from the other. */
struct side {
    const heng_plan *plan;
    const heng_ruleset *ruleset;
    bool *categories, *measures, *rules; /* by index */
};

struct work {
    struct side old, now;
    bool roles; /* are not the same */
    heng_arena *arena;
    uint8_t *of_name;
    heng_concern *concern;
};

/* ---- whether two are the same ---- */

static bool same_period(heng_period a, heng_period b) {
    return a.months == b.months && a.days == b.days;
}

static bool same_strs(const heng_str *a, size_t a_count, const heng_str *b,
                      size_t b_count) {
    bool same = a_count == b_count;
    for (size_t i = 0; i < a_count && same; i++)
        same = heng_str_equal(a[i], b[i]);
    return same;
}

/* As written: what a text means rests on declarations that are compared themselves. */
static bool same_condition(const heng_cel_program *a, const heng_cel_program *b) {
    if (a == NULL || b == NULL)
        return a == b;
    return heng_str_equal(heng_cel_program_ast(a)->text, heng_cel_program_ast(b)->text);
}

static bool same_attributes(const heng_attribute *a, size_t a_count,
                            const heng_attribute *b, size_t b_count) {
    bool same = a_count == b_count;
    for (size_t i = 0; i < a_count && same; i++)
        same = heng_str_equal(a[i].name, b[i].name) && a[i].type == b[i].type;
    return same;
}

/* Of what decisions read: nothing of who provides it, or how old it may be. */
static bool same_category(const heng_category *a, const heng_category *b) {
    return a->nature == b->nature && a->severity == b->severity &&
           a->has_use_limit == b->has_use_limit &&
           (!a->has_use_limit || same_period(a->use_limit, b->use_limit)) &&
           same_attributes(a->attributes, a->attribute_count, b->attributes,
                           b->attribute_count);
}

static bool same_roles(const heng_catalog *a, const heng_catalog *b) {
    bool same = a->role_count == b->role_count;
    for (size_t i = 0; i < a->role_count && same; i++)
        same = heng_str_equal(a->roles[i].id, b->roles[i].id) &&
               heng_str_equal(a->roles[i].inverse, b->roles[i].inverse);
    return same;
}

static bool same_measure(const struct side *at, const heng_measure *a,
                         const struct side *to, const heng_measure *b) {
    bool same = a->kind == b->kind && a->effect == b->effect && a->force == b->force &&
                a->matter_count == b->matter_count;
    for (size_t i = 0; i < a->matter_count && same; i++)
        same = heng_str_equal(at->ruleset->matters[a->matters[i]].id,
                              to->ruleset->matters[b->matters[i]].id);
    return same;
}

static bool same_unless(const heng_rule *a, const heng_rule *b) {
    bool same = a->unless_count == b->unless_count;
    for (size_t i = 0; i < a->unless_count && same; i++)
        same = same_condition(a->unless[i].condition, b->unless[i].condition);
    return same;
}

static bool same_term(const heng_rule *a, const heng_rule *b) {
    return a->term == b->term && same_condition(a->term_from, b->term_from) &&
           same_condition(a->term_until, b->term_until) &&
           (a->term != HENG_TERM_LAST || same_period(a->last, b->last));
}

/* What it brings about, and what it displaces: sorted by id on both sides. */
static bool same_effect(const struct side *at, const heng_rule *a,
                        const struct side *to, const heng_rule *b) {
    bool same = a->measure_count == b->measure_count &&
                a->displace_count == b->displace_count &&
                a->has_force == b->has_force && (!a->has_force || a->force == b->force);
    for (size_t i = 0; i < a->measure_count && same; i++)
        same = !at->measures[a->measures[i]] && !to->measures[b->measures[i]] &&
               heng_str_equal(at->ruleset->measures[a->measures[i]].id,
                              to->ruleset->measures[b->measures[i]].id);
    for (size_t i = 0; i < a->displace_count && same; i++)
        same = heng_str_equal(at->ruleset->rules[a->displaces[i]].id,
                              to->ruleset->rules[b->displaces[i]].id);
    return same;
}

static bool same_rule(const struct work *work, const heng_rule *a, const heng_rule *b) {
    return a->applies_to == b->applies_to && a->from == b->from && a->to == b->to &&
           a->by == b->by && a->gaze == b->gaze && a->stays == b->stays &&
           a->unverified == b->unverified &&
           (a->gaze == HENG_GAZE_OWN || !work->roles) &&
           same_strs(a->regions, a->region_count, b->regions, b->region_count) &&
           same_strs(a->roles, a->role_count, b->roles, b->role_count) &&
           same_condition(a->ground, b->ground) && same_condition(a->when, b->when) &&
           same_unless(a, b) && same_term(a, b) &&
           same_effect(&work->old, a, &work->now, b);
}

/* ---- what is altered ---- */

static bool make_side(struct side *side, const heng_plan *plan, heng_arena *arena) {
    const heng_ruleset *ruleset = plan->ruleset;
    *side = (struct side){
        .plan = plan,
        .ruleset = ruleset,
        .categories =
            heng_arena_calloc(arena, ruleset->catalog.category_count + 1, sizeof(bool)),
        .measures = heng_arena_calloc(arena, ruleset->measure_count + 1, sizeof(bool)),
        .rules = heng_arena_calloc(arena, ruleset->rule_count + 1, sizeof(bool)),
    };
    return side->categories != NULL && side->measures != NULL && side->rules != NULL;
}

/* Those of `at` that `to` lacks or has otherwise. */
static void compare_categories(struct side *at, const struct side *to) {
    for (size_t i = 0; i < at->ruleset->catalog.category_count; i++) {
        const heng_category *category = &at->ruleset->catalog.categories[i];
        const heng_category *other =
            heng_catalog_category(&to->ruleset->catalog, category->id);
        at->categories[i] = other == NULL || !same_category(category, other);
    }
}

static void compare_measures(struct side *at, const struct side *to) {
    for (size_t i = 0; i < at->ruleset->measure_count; i++) {
        const heng_measure *measure = &at->ruleset->measures[i];
        const heng_measure *other = heng_ruleset_find_measure(to->ruleset, measure->id);
        at->measures[i] = other == NULL || !same_measure(at, measure, to, other);
    }
}

static bool has_pair(const heng_ruleset *ruleset, heng_str kept, heng_str gone) {
    for (size_t i = 0; i < ruleset->pair_count; i++) {
        const heng_conflict_pair *pair = &ruleset->pairs[i];
        if (heng_str_equal(ruleset->measures[pair->kept].id, kept) &&
            heng_str_equal(ruleset->measures[pair->gone].id, gone))
            return true;
    }
    return false;
}

/* Pairs come in an order that differs only where something else does. Tags can make a
 * million of them, too many to look each up: then all are taken for altered. */
static void compare_conflicts(struct side *at, const struct side *to) {
    enum { FEW = 4096 };
    const heng_ruleset *other = to->ruleset;
    for (size_t i = 0; i < at->ruleset->pair_count; i++) {
        const heng_conflict_pair *pair = &at->ruleset->pairs[i];
        heng_str kept = at->ruleset->measures[pair->kept].id;
        heng_str gone = at->ruleset->measures[pair->gone].id;
        if (i < other->pair_count &&
            heng_str_equal(other->measures[other->pairs[i].kept].id, kept) &&
            heng_str_equal(other->measures[other->pairs[i].gone].id, gone))
            continue;
        if (other->pair_count > FEW || at->ruleset->pair_count > FEW ||
            !has_pair(other, kept, gone)) {
            at->measures[pair->kept] = true;
            at->measures[pair->gone] = true;
        }
    }
}

static void compare_rules(struct work *work) {
    const heng_ruleset *old = work->old.ruleset;
    const heng_ruleset *now = work->now.ruleset;
    for (size_t i = 0; i < old->rule_count; i++) {
        const heng_rule *other = heng_ruleset_find_rule(now, old->rules[i].id);
        bool same = other != NULL && same_rule(work, &old->rules[i], other);
        work->old.rules[i] = !same;
        if (other != NULL)
            work->now.rules[other - now->rules] = !same;
    }
    for (size_t i = 0; i < now->rule_count; i++) {
        if (heng_ruleset_find_rule(old, now->rules[i].id) == NULL)
            work->now.rules[i] = true;
    }
}

/* ---- whom it concerns ---- */

static void add_category(struct work *work, heng_str id, heng_gaze gaze) {
    uint32_t name = heng_names_find(work->now.plan->names, id);
    if (name >= work->concern->name_count)
        return; /* no record of it in the store */
    work->of_name[name] |= (uint8_t)(1U << gaze);
    work->concern->through = work->concern->through || gaze == HENG_GAZE_THROUGH;
    work->concern->named = work->concern->named || gaze == HENG_GAZE_NAMED;
}

static void add_rule(struct work *work, const struct side *side, size_t index) {
    const heng_rule *rule = &side->ruleset->rules[index];
    if (side->plan->rules[index].always || rule->all_categories) {
        work->concern->everybody = true;
        return;
    }
    for (size_t i = 0; i < rule->category_count; i++)
        add_category(work, side->ruleset->catalog.categories[rule->categories[i]].id,
                     rule->gaze);
}

static bool sees_category(const heng_rule *rule, uint32_t category) {
    for (size_t i = 0; i < rule->category_count; i++) {
        if (rule->categories[i] == category)
            return true;
    }
    return rule->all_categories;
}

/* A record of an altered category can be seen in `records` by any rule of its subject,
 * and by the rules about it. */
static void add_altered_category(struct work *work, const struct side *side,
                                 uint32_t category) {
    heng_str id = side->ruleset->catalog.categories[category].id;
    uint32_t name = heng_names_find(work->now.plan->names, id);
    if (name >= work->concern->name_count)
        return;
    work->of_name[name] |= HENG_CONCERN_ALTERED;
    add_category(work, id, HENG_GAZE_OWN);
    for (size_t i = 0; i < side->ruleset->rule_count; i++) {
        const heng_rule *rule = &side->ruleset->rules[i];
        if (rule->gaze != HENG_GAZE_OWN && sees_category(rule, category))
            add_category(work, id, rule->gaze);
    }
}

static void add_side(struct work *work, const struct side *side) {
    for (uint32_t i = 0; i < side->ruleset->catalog.category_count; i++) {
        if (side->categories[i])
            add_altered_category(work, side, i);
    }
    for (size_t i = 0; i < side->ruleset->rule_count; i++) {
        if (side->rules[i])
            add_rule(work, side, i);
    }
}

static bool same_whole(const heng_ruleset *old, const heng_ruleset *now) {
    return old->suspend_disputed == now->suspend_disputed &&
           heng_str_equal(old->time_zone, now->time_zone) &&
           same_attributes(
               old->catalog.subject_attributes, old->catalog.subject_attribute_count,
               now->catalog.subject_attributes, now->catalog.subject_attribute_count);
}

/* ---- on which days ---- */

/* A rule by the day of decision acts as long as the record does. */
static void add_days(heng_concern *concern, const heng_rule *rule) {
    bool ends = rule->by == HENG_BY_AS_OF && heng_date_valid(rule->to);
    heng_date from = heng_date_valid(rule->from) ? rule->from : HENG_DATE_MIN;
    heng_date to = ends ? rule->to : HENG_DATE_MAX;
    if (from < concern->first)
        concern->first = from;
    if (to > concern->last)
        concern->last = to;
}

static bool sees_altered(const struct side *side, const heng_rule *rule) {
    for (uint32_t c = 0; c < side->ruleset->catalog.category_count; c++) {
        if (side->categories[c] && sees_category(rule, c))
            return true;
    }
    return false;
}

static bool has_altered(const struct side *side) {
    bool altered = false;
    for (size_t c = 0; c < side->ruleset->catalog.category_count; c++)
        altered = altered || side->categories[c];
    return altered;
}

/* Also of rules that are the same but are about a category that is not, or can see one
 * in `records`, whatever they are about. */
static void find_days(const struct work *work, heng_concern *concern) {
    const struct side *const sides[] = {&work->old, &work->now};
    bool altered = has_altered(&work->old) || has_altered(&work->now);
    concern->first = HENG_DATE_MAX;
    concern->last = HENG_DATE_MIN;
    concern->is_bounded = same_whole(work->old.ruleset, work->now.ruleset);
    for (int i = 0; i < 2; i++) {
        for (size_t r = 0; r < sides[i]->ruleset->rule_count; r++) {
            const heng_rule *rule = &sides[i]->ruleset->rules[r];
            if (sides[i]->rules[r] || (altered && rule->reads_records) ||
                sees_altered(sides[i], rule))
                add_days(concern, rule);
        }
    }
}

/* ---- lists ---- */

static bool list_rules(struct work *work) {
    size_t room = work->old.ruleset->rule_count + work->now.ruleset->rule_count;
    size_t count = 0;
    heng_str *ids = heng_arena_calloc(work->arena, room + 1, sizeof *ids);
    if (ids == NULL)
        return false;
    for (int i = 0; i < 2; i++) {
        const struct side *side = i == 0 ? &work->old : &work->now;
        for (size_t r = 0; r < side->ruleset->rule_count; r++) {
            if (side->rules[r])
                ids[count++] = side->ruleset->rules[r].id;
        }
    }
    work->concern->rules = ids;
    work->concern->rule_count = heng_ids_sort_once(ids, count);
    return true;
}

static bool list_categories(struct work *work) {
    const heng_catalog *catalogs[] = {&work->old.ruleset->catalog,
                                      &work->now.ruleset->catalog};
    size_t room = catalogs[0]->category_count + catalogs[1]->category_count;
    size_t count = 0;
    heng_str *ids = heng_arena_calloc(work->arena, room + 1, sizeof *ids);
    if (ids == NULL)
        return false;
    for (int i = 0; i < 2; i++) {
        const struct side *side = i == 0 ? &work->old : &work->now;
        for (size_t c = 0; c < catalogs[i]->category_count; c++) {
            if (side->categories[c])
                ids[count++] = catalogs[i]->categories[c].id;
        }
    }
    work->concern->categories = ids;
    work->concern->category_count = heng_ids_sort_once(ids, count);
    return true;
}

heng_status heng_concern_find(const heng_plan *old, const heng_plan *now,
                              heng_arena *arena, heng_concern *ret_concern,
                              heng_error *reterr) {
    heng_concern concern = {.name_count = heng_names_count(now->names)};
    struct work work = {.arena = arena, .concern = &concern};
    work.of_name = heng_arena_calloc(arena, concern.name_count + 1, 1);
    concern.of_name = work.of_name;
    if (work.of_name == NULL || !make_side(&work.old, old, arena) ||
        !make_side(&work.now, now, arena))
        return heng_error_nomem(reterr);
    work.roles = !same_roles(&old->ruleset->catalog, &now->ruleset->catalog);
    concern.everybody = !same_whole(old->ruleset, now->ruleset);
    compare_categories(&work.old, &work.now);
    compare_categories(&work.now, &work.old);
    compare_measures(&work.old, &work.now);
    compare_measures(&work.now, &work.old);
    compare_conflicts(&work.old, &work.now);
    compare_conflicts(&work.now, &work.old);
    compare_rules(&work);
    add_side(&work, &work.old);
    add_side(&work, &work.now);
    find_days(&work, &concern);
    if (!list_rules(&work) || !list_categories(&work))
        return heng_error_nomem(reterr);
    *ret_concern = concern;
    return HENG_OK;
}
