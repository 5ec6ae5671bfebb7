/* SPDX-License-Identifier: Apache-2.0 */
/* rule_index.c: building the lists of each category, and the searches in them. */
#include "decide/rule_index.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "decide/plan.h"
#include "decide/rule_bounds.h"
#include "decide/sieve.h"
#include "model/flat.h"

_Static_assert(HENG_NATURAL_PERSON < 8, "a bit for each kind of subject in a byte");

/* ---- building ---- */

/* An entry with the group it belongs to, before they are laid out. */
typedef struct draft {
    uint32_t category;
    heng_group group; /* kind, type, name */
    heng_entry entry;
    heng_entry_key key;
} draft;

static heng_group_kind kind_of(const heng_sieve *key) {
    switch ((heng_compare)key->compare) {
    case HENG_COMPARE_EQ:
        return key->kind == HENG_SIEVE_WORD ? HENG_GROUP_WORD : HENG_GROUP_EQUAL;
    case HENG_COMPARE_GT:
    case HENG_COMPARE_GE:
        return HENG_GROUP_AT_LEAST;
    case HENG_COMPARE_LT:
    case HENG_COMPARE_LE:
        return HENG_GROUP_AT_MOST;
    case HENG_COMPARE_NE:
        break;
    }
    return HENG_GROUP_ALL;
}

/* The part that bounds the same attribute from the other side; NULL: there is none. */
static const heng_sieve *other_bound(const heng_sieve *sieve, const heng_sieve *key) {
    heng_group_kind kind = kind_of(key);
    heng_group_kind other =
        kind == HENG_GROUP_AT_LEAST ? HENG_GROUP_AT_MOST : HENG_GROUP_AT_LEAST;
    if (sieve->kind != HENG_SIEVE_AND || key->kind == HENG_SIEVE_WORD ||
        (kind != HENG_GROUP_AT_LEAST && kind != HENG_GROUP_AT_MOST))
        return NULL;
    for (const heng_sieve *part = sieve + 1; part < sieve + sieve->span;
         part += part->span) {
        if (part->kind == key->kind && part->type == key->type &&
            part->name == key->name && part->on_subject == key->on_subject &&
            kind_of(part) == other)
            return part;
    }
    return NULL;
}

static void set_band(draft *made, const heng_sieve *key, const heng_sieve *other) {
    bool is_lower = kind_of(key) == HENG_GROUP_AT_LEAST;
    made->group.kind = HENG_GROUP_BAND;
    made->key.band.from = (is_lower ? key : other)->as.number.low;
    made->key.band.reach = (is_lower ? other : key)->as.number.high;
}

/* `sieve`: of the ground, of records of the category. */
static draft draft_of(const heng_plan *plan, uint32_t rule, uint32_t category,
                      const heng_sieve *sieve, bool plain) {
    const heng_sieve *key = sieve == NULL || plain ? NULL : heng_sieve_key(sieve);
    const heng_rule *declared = &plan->ruleset->rules[rule];
    bool by_number = declared->prefixes != NULL && declared->region_count <= UINT8_MAX;
    draft made = {
        .category = category,
        .entry = {.sieve = sieve,
                  .regions = declared->region_bits,
                  .rule = rule,
                  .change = HENG_DATE_NONE,
                  .applies_to = (uint8_t)declared->applies_to,
                  .acts_on = (uint8_t)(declared->unverified ? 0 : declared->applies_to),
                  .dated = sieve != NULL && heng_sieve_is_dated(sieve),
                  .prefixes = declared->prefixes,
                  .prefix_count = (uint8_t)(by_number ? declared->region_count : 0),
                  .is_regional = declared->region_count > 0 && !by_number,
                  .is_eligible = heng_rule_in_effect(declared, plan->as_of),
                  .stays = declared->stays,
                  .is_by_decision = declared->by != HENG_BY_AS_OF}};
    heng_rule_note_change(declared, plan->as_of, &made.entry.change);
    if (key == NULL)
        return made;
    made.group.kind = (uint8_t)kind_of(key);
    made.group.name = key->name;
    made.group.type = key->type; /* none: a day of the head */
    if (key->kind == HENG_SIEVE_WORD) {
        made.key.word.text = key->as.text;
        made.key.word.len = key->len;
    } else {
        made.key.band.from = made.group.kind == HENG_GROUP_AT_MOST ? key->as.number.high
                                                                   : key->as.number.low;
    }
    const heng_sieve *other = other_bound(sieve, key);
    if (other != NULL)
        set_band(&made, key, other);
    return made;
}

/* By length first: two words seldom share it, and then no byte is compared. */
static int compare_words(const heng_entry_key *key, heng_str word) {
    heng_str text = {key->word.text, key->word.len};
    return text.len != word.len ? (text.len < word.len ? -1 : 1)
                                : heng_str_compare(text, word);
}

static int compare_keys(heng_group_kind kind, const heng_entry_key *a,
                        const heng_entry_key *b) {
    if (kind == HENG_GROUP_ALL)
        return 0;
    if (kind == HENG_GROUP_WORD)
        return compare_words(a, (heng_str){b->word.text, b->word.len});
    int order = (a->band.from > b->band.from) - (a->band.from < b->band.from);
    return kind == HENG_GROUP_AT_MOST ? -order : order;
}

static int compare_groups(const heng_group *a, const heng_group *b) {
    if (a->kind != b->kind)
        return a->kind < b->kind ? -1 : 1;
    if (a->type != b->type)
        return a->type < b->type ? -1 : 1;
    return (a->name > b->name) - (a->name < b->name);
}

static int compare_drafts(const void *left, const void *right) {
    const draft *a = left;
    const draft *b = right;
    if (a->category != b->category)
        return a->category < b->category ? -1 : 1;
    int order = compare_groups(&a->group, &b->group);
    if (order == 0)
        order = compare_keys((heng_group_kind)a->group.kind, &a->key, &b->key);
    if (order == 0) /* those that do not act last */
        order = (a->entry.acts_on == 0) - (b->entry.acts_on == 0);
    return order != 0
               ? order
               : (a->entry.rule > b->entry.rule) - (a->entry.rule < b->entry.rule);
}

/* The categories of a rule: those it names, or all there are. */
static size_t width_of(const heng_plan *plan, const heng_rule *rule, bool plain) {
    return plain || rule->all_categories ? plan->ruleset->catalog.category_count
                                         : rule->category_count;
}

/* What each gaze asks of each rule: thousands of them, each in memory of its own, are
 * gone through once for it. */
typedef struct outset {
    uint32_t width; /* lists that it stands in, at most */
    uint8_t gaze;   /* HENG_GAZES: of none, for it has no ground */
} outset;

static outset *set_out(const heng_plan *plan, bool plain) {
    const heng_ruleset *ruleset = plan->ruleset;
    outset *all = heng_alloc_zero(ruleset->rule_count + 1, sizeof *all);
    for (size_t r = 0; all != NULL && r < ruleset->rule_count; r++) {
        const heng_rule *rule = &ruleset->rules[r];
        all[r].gaze = (uint8_t)(rule->ground == NULL ? HENG_GAZES : rule->gaze);
        all[r].width = (uint32_t)width_of(plan, rule, plain);
    }
    return all;
}

/* Few rules of one key are asked sooner than searched: they join those without. */
static void join_small(draft *drafts, size_t count) {
    enum { FEW = 3 };
    bool joined = false;
    for (size_t first = 0, end = 0; first < count; first = end) {
        for (end = first + 1;
             end < count && drafts[end].category == drafts[first].category &&
             compare_groups(&drafts[end].group, &drafts[first].group) == 0;)
            end++;
        for (size_t i = first; end - first <= FEW && i < end; i++) {
            drafts[i].group = (heng_group){.kind = HENG_GROUP_ALL};
            joined = true;
        }
    }
    if (joined)
        qsort(drafts, count, sizeof *drafts, compare_drafts);
}

static void lay_out(const draft *drafts, size_t count, size_t categories,
                    heng_group *groups, heng_entry *entries, heng_entry_key *keys,
                    uint32_t *first) {
    uint32_t used = 0;
    size_t at = 0;
    for (uint32_t c = 0; c < categories; c++) {
        first[c] = used;
        for (; at < count && drafts[at].category == c; at++) {
            if (used == first[c] ||
                compare_groups(&groups[used - 1], &drafts[at].group) != 0) {
                groups[used] = drafts[at].group;
                groups[used++].first = (uint32_t)at;
            }
            entries[at] = drafts[at].entry;
            keys[at] = drafts[at].key;
            if (groups[used - 1].kind == HENG_GROUP_BAND &&
                at > groups[used - 1].first &&
                keys[at].band.reach < keys[at - 1].band.reach)
                keys[at].band.reach = keys[at - 1].band.reach;
            groups[used - 1].end = (uint32_t)at + 1;
        }
    }
    first[categories] = used;
}

/* In which roles the rules of each category look that act. */
static void note_roles(const heng_plan *plan, const draft *drafts, size_t count,
                       uint64_t *roles) {
    size_t words = heng_plan_role_words(plan);
    for (size_t d = 0; d < count; d++) {
        uint32_t rule = drafts[d].entry.rule;
        if (drafts[d].entry.acts_on == 0)
            continue;
        for (size_t i = 0; i < plan->ruleset->rules[rule].role_count; i++)
            heng_roles_add(roles + drafts[d].category * words,
                           plan->rules[rule].roles[i]);
    }
}

/* Those of one rule; false out of memory. A rule about all categories has one sieve for
 * all of them. */
static bool draft_rule(heng_plan *plan, uint32_t r, size_t width, bool plain,
                       draft *drafts, size_t *used) {
    const heng_rule *rule = &plan->ruleset->rules[r];
    for (size_t i = 0; i < width; i++) {
        bool all = plain || rule->all_categories;
        uint32_t category = all ? (uint32_t)i : rule->categories[i];
        const heng_sieve *sieve = plan->rules[r].sieve;
        if (sieve != NULL && !all) {
            sieve = heng_sieve_within(plan, sieve, category);
            if (sieve == NULL)
                return false;
            if (heng_sieve_is_always(sieve, HENG_TRI_FALSE))
                continue; /* it is bound more widely than it holds */
        }
        drafts[(*used)++] = draft_of(plan, r, category, sieve, plain);
    }
    return true;
}

static bool build_gaze(heng_plan *plan, heng_gaze gaze, const outset *of, bool plain) {
    const heng_ruleset *ruleset = plan->ruleset;
    size_t categories = ruleset->catalog.category_count;
    heng_rule_index *index = &plan->index[gaze];
    size_t count = 0;
    for (size_t r = 0; r < ruleset->rule_count; r++) {
        if (of[r].gaze == gaze) {
            index->rule_count++;
            count += of[r].width;
        }
    }
    uint32_t *first = heng_arena_calloc(plan->arena, categories + 1, sizeof *first);
    heng_group *groups = heng_arena_calloc(plan->arena, count + 1, sizeof *groups);
    heng_entry *entries = heng_arena_calloc(plan->arena, count + 1, sizeof *entries);
    heng_entry_key *keys = heng_arena_calloc(plan->arena, count + 1, sizeof *keys);
    uint64_t *roles = heng_arena_calloc(plan->arena, categories + 1,
                                        heng_plan_role_words(plan) * sizeof *roles);
    draft *drafts = heng_alloc_zero(count + 1, sizeof *drafts);
    size_t used = 0;
    bool made = first != NULL && groups != NULL && entries != NULL && keys != NULL &&
                roles != NULL && drafts != NULL;
    for (uint32_t r = 0; made && r < ruleset->rule_count; r++)
        made = of[r].gaze != gaze ||
               draft_rule(plan, r, of[r].width, plain, drafts, &used);
    if (made) {
        qsort(drafts, used, sizeof *drafts, compare_drafts);
        join_small(drafts, used);
        lay_out(drafts, used, categories, groups, entries, keys, first);
        note_roles(plan, drafts, used, roles);
    }
    heng_alloc_free(drafts);
    if (!made)
        return false;
    index->first = first;
    index->groups = groups;
    index->entries = entries;
    index->keys = keys;
    index->entry_count = used;
    index->roles = roles;
    index->plain = plain;
    return true;
}

bool heng_rule_index_build(heng_plan *plan, bool plain) {
    outset *of = set_out(plan, plain);
    bool built = of != NULL && build_gaze(plan, HENG_GAZE_OWN, of, plain) &&
                 build_gaze(plan, HENG_GAZE_THROUGH, of, plain) &&
                 build_gaze(plan, HENG_GAZE_NAMED, of, plain);
    heng_alloc_free(of);
    return built;
}

/* ---- finding ---- */

/* The first entry whose word is not before (`after`: is after) `word`. */
static const heng_entry_key *search_word(const heng_entry_key *first,
                                         const heng_entry_key *end, heng_str word,
                                         bool after) {
    while (first < end) {
        const heng_entry_key *middle = first + (end - first) / 2;
        int order = compare_words(middle, word);
        if (order < 0 || (after && order == 0))
            first = middle + 1;
        else
            end = middle;
    }
    return first;
}

/* The first entry whose number is past `number` in the group's order; `before`: is not
 * before it. */
static const heng_entry_key *search_number(const heng_entry_key *first,
                                           const heng_entry_key *end, int64_t number,
                                           bool descending, bool before) {
    while (first < end) {
        const heng_entry_key *middle = first + (end - first) / 2;
        int64_t key = middle->band.from;
        bool passed = before       ? key < number
                      : descending ? key >= number
                                   : key <= number;
        if (passed)
            first = middle + 1;
        else
            end = middle;
    }
    return first;
}

/* The first of the entries before `end` that reaches up to `number`: those before lie
 * wholly below it. Back from the end, past those that are found and no others. */
static const heng_entry_key *walk_back(const heng_entry_key *first,
                                       const heng_entry_key *end, int64_t number) {
    while (end > first && end[-1].band.reach >= number)
        end--;
    return end;
}

/* The number a record has for a group; false where it has none of that type. */
static bool read_key(const heng_group *group, const uint8_t *record,
                     const uint8_t **ret_entry, int64_t *ret_number) {
    if (group->type == 0) {
        *ret_number = heng_flat_i32(record + group->name);
        return true;
    }
    if (group->name == HENG_NAME_NONE)
        return false;
    const uint8_t *entry = heng_flat_record_attribute(record, group->name);
    if (entry == NULL || entry[4] != group->type)
        return false;
    *ret_entry = entry;
    *ret_number = heng_flat_i64(entry + 8);
    return true;
}

void heng_rule_index_find(const heng_rule_index *index, const heng_group *group,
                          const uint8_t *record, const heng_entry **ret_first,
                          const heng_entry **ret_end) {
    const heng_entry_key *first = index->keys + group->first;
    const heng_entry_key *end = index->keys + group->end;
    const uint8_t *entry = NULL;
    int64_t number = 0;
    if (group->kind != HENG_GROUP_ALL && read_key(group, record, &entry, &number)) {
        if (group->kind == HENG_GROUP_WORD) {
            heng_str word = heng_flat_text(record, (size_t)(entry - record) + 8);
            first = search_word(first, end, word, false);
            end = search_word(first, end, word, true);
        } else {
            bool descending = group->kind == HENG_GROUP_AT_MOST;
            if (group->kind == HENG_GROUP_EQUAL)
                first = search_number(first, end, number, false, true);
            end = search_number(first, end, number, descending, false);
            if (group->kind == HENG_GROUP_BAND)
                first = walk_back(first, end, number);
        }
    }
    *ret_first = index->entries + (first - index->keys);
    *ret_end = index->entries + (end - index->keys);
}
