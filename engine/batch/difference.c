/* SPDX-License-Identifier: Apache-2.0 */
/* difference.c: two short lists of measures, joined by number. */
#include "batch/difference.h"

#include <stdlib.h>

#include "base/ids.h"
#include "ruleset/linked.h"

const char *heng_difference_word(heng_difference_kind kind) {
    static const char *const WORDS[HENG_DIFFERENCE_KINDS] = {
        [HENG_DIFFERENCE_GAINED] = "gained",
        [HENG_DIFFERENCE_LOST] = "lost",
        [HENG_DIFFERENCE_ALTERED] = "altered",
        [HENG_DIFFERENCE_UNDETERMINED] = "undetermined",
        [HENG_DIFFERENCE_DETERMINED] = "determined",
    };
    return WORDS[kind];
}

/* ---- one numbering ---- */

/* Index of an id that is there. */
static uint32_t number_of(const heng_str *ids, size_t count, heng_str id) {
    const heng_str *found = bsearch(&id, ids, count, sizeof *ids, heng_ids_compare);
    return (uint32_t)(found - ids);
}

static size_t list_ids(const heng_ruleset *old, const heng_ruleset *now,
                       heng_str *ids) {
    size_t count = 0;
    for (size_t i = 0; i < old->measure_count; i++)
        ids[count++] = old->measures[i].id;
    for (size_t i = 0; i < now->measure_count; i++)
        ids[count++] = now->measures[i].id;
    return heng_ids_sort_once(ids, count);
}

static void number(const heng_ruleset *ruleset, const heng_str *ids, size_t count,
                   uint32_t *of, uint32_t *in) {
    for (size_t i = 0; i < count; i++)
        in[i] = UINT32_MAX;
    for (uint32_t i = 0; i < ruleset->measure_count; i++) {
        of[i] = number_of(ids, count, ruleset->measures[i].id);
        in[of[i]] = i;
    }
}

static bool is_another(const heng_ruleset *old, const heng_measure *a,
                       const heng_ruleset *now, const heng_measure *b) {
    bool same = a->kind == b->kind && a->effect == b->effect &&
                a->matter_count == b->matter_count;
    for (size_t i = 0; i < a->matter_count && same; i++)
        same = heng_str_equal(old->matters[a->matters[i]].id,
                              now->matters[b->matters[i]].id);
    return !same;
}

bool heng_both_measures_make(const heng_ruleset *old, const heng_ruleset *now,
                             heng_arena *arena, heng_both_measures *ret_both) {
    size_t room = old->measure_count + now->measure_count;
    heng_str *ids = heng_arena_calloc(arena, room + 1, sizeof *ids);
    uint32_t *of_old = heng_arena_calloc(arena, room + 1, sizeof *of_old);
    uint32_t *of_now = heng_arena_calloc(arena, room + 1, sizeof *of_now);
    uint32_t *in_old = heng_arena_calloc(arena, room + 1, sizeof *in_old);
    uint32_t *in_now = heng_arena_calloc(arena, room + 1, sizeof *in_now);
    bool *others = heng_arena_calloc(arena, room + 1, sizeof *others);
    if (others == NULL || ids == NULL || of_old == NULL || of_now == NULL ||
        in_old == NULL || in_now == NULL)
        return false;
    size_t count = list_ids(old, now, ids);
    number(old, ids, count, of_old, in_old);
    number(now, ids, count, of_now, in_now);
    for (size_t i = 0; i < count; i++)
        others[i] =
            in_old[i] != UINT32_MAX && in_now[i] != UINT32_MAX &&
            is_another(old, &old->measures[in_old[i]], now, &now->measures[in_now[i]]);
    *ret_both = (heng_both_measures){
        .old = old,
        .now = now,
        .count = count,
        .ids = ids,
        .of_old = of_old,
        .of_now = of_now,
        .in_old = in_old,
        .in_now = in_now,
        .is_another = others,
    };
    return true;
}

/* ---- one subject ---- */

/* A measure that applies, or may, by one ruleset. */
typedef struct entry {
    uint32_t measure;
    bool is_new;                 /* by which */
    const heng_applied *applied; /* NULL: it cannot be told */
} entry;

static size_t room_of(const heng_ruleset *ruleset, const heng_decision *decision) {
    size_t room = decision->measure_count;
    for (size_t i = 0; i < decision->undetermined_count; i++)
        room += ruleset->rules[decision->undetermined[i].rule].measure_count;
    return room;
}

static entry *list_entries(const heng_ruleset *ruleset, const heng_decision *decision,
                           const uint32_t *numbers, bool is_new, entry *to) {
    for (size_t i = 0; i < decision->measure_count; i++) {
        const heng_applied *applied = &decision->measures[i];
        *to++ = (entry){numbers[applied->measure], is_new, applied};
    }
    for (size_t i = 0; i < decision->undetermined_count; i++) {
        const heng_rule *rule = &ruleset->rules[decision->undetermined[i].rule];
        for (size_t m = 0; m < rule->measure_count; m++)
            *to++ = (entry){numbers[rule->measures[m]], is_new, NULL};
    }
    return to;
}

static int compare_entries(const void *a, const void *b) {
    const entry *left = a, *right = b;
    return (left->measure > right->measure) - (left->measure < right->measure);
}

/* Nearly always few, and nearly in order: measures that apply are. */
static void sort_entries(entry *entries, const entry *end) {
    enum { FEW = 64 };
    if (end - entries > FEW) {
        qsort(entries, (size_t)(end - entries), sizeof *entries, compare_entries);
        return;
    }
    for (entry *next = entries; next < end; next++) {
        const entry moving = *next;
        entry *at = next;
        for (; at > entries && at[-1].measure > moving.measure; at--)
            *at = at[-1];
        *at = moving;
    }
}

static bool same_state(const heng_applied *a, const heng_applied *b) {
    return a->state == b->state && a->force == b->force &&
           a->term.from == b->term.from && a->term.until == b->term.until &&
           a->term.open == b->term.open;
}

/* Of all entries of one measure. False: it is the same. */
static bool compare(const heng_both_measures *both, const entry *first,
                    const entry *end, heng_difference *ret) {
    bool doubts[2] = {false, false};
    const heng_applied *states[2] = {NULL, NULL};
    for (const entry *at = first; at < end; at++) {
        if (at->applied != NULL)
            states[at->is_new] = at->applied;
        else
            doubts[at->is_new] = true;
    }
    *ret =
        (heng_difference){.measure = first->measure, .was = states[0], .is = states[1]};
    if (ret->was != NULL && ret->is != NULL) {
        ret->kind = HENG_DIFFERENCE_ALTERED;
        return both->is_another[first->measure] || !same_state(ret->was, ret->is);
    }
    if (ret->is != NULL)
        ret->kind = HENG_DIFFERENCE_GAINED;
    else if (doubts[1])
        ret->kind = HENG_DIFFERENCE_UNDETERMINED;
    else
        ret->kind =
            ret->was != NULL ? HENG_DIFFERENCE_LOST : HENG_DIFFERENCE_DETERMINED;
    /* in doubt by both: the same */
    return ret->was != NULL || ret->is != NULL || doubts[0] != doubts[1];
}

bool heng_difference_find(const heng_both_measures *both, const heng_decision *was,
                          const heng_decision *is, heng_arena *arena,
                          heng_difference **ret_list, size_t *ret_count) {
    size_t room = room_of(both->old, was) + room_of(both->now, is);
    entry *entries = heng_arena_calloc(arena, room + 1, sizeof *entries);
    heng_difference *list = heng_arena_calloc(arena, room + 1, sizeof *list);
    size_t count = 0;
    if (entries == NULL || list == NULL)
        return false;
    entry *end = list_entries(both->old, was, both->of_old, false, entries);
    end = list_entries(both->now, is, both->of_now, true, end);
    sort_entries(entries, end);
    for (const entry *first = entries, *next = entries; first < end; first = next) {
        while (next < end && next->measure == first->measure)
            next++;
        count += compare(both, first, next, &list[count]);
    }
    *ret_list = list;
    *ret_count = count;
    return true;
}
