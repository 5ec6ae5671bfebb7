/* SPDX-License-Identifier: Apache-2.0 */
/* tie_set.c: an array; when it is full, those of the smaller half of the ids. */
#include "batch/tie_set.h"

#include <stdlib.h>

#include "base/alloc.h"

enum { LEAST_TIES = 64 };

void heng_tie_set_init(heng_tie_set *set, size_t max_bytes) {
    *set = (heng_tie_set){.most = max_bytes / (2 * sizeof *set->ties)};
    if (set->most < LEAST_TIES)
        set->most = LEAST_TIES;
}

static bool grow(heng_tie_set *set) {
    size_t room = set->room == 0 ? LEAST_TIES : set->room * 2;
    room = room < set->most ? room : set->most;
    heng_met_tie *ties = heng_alloc_resize(set->ties, room, sizeof *ties);
    if (ties == NULL)
        return false;
    set->ties = ties;
    set->room = room;
    return true;
}

void heng_tie_set_done(heng_tie_set *set) {
    heng_alloc_free(set->ties);
    *set = (heng_tie_set){0};
}

void heng_tie_set_clear(heng_tie_set *set, heng_str from) {
    set->count = 0;
    set->from = from;
    set->boundary = (heng_str){0};
    set->failed = false;
}

int heng_tie_set_compare(const heng_met_tie *a, const heng_met_tie *b) {
    int order = heng_str_compare(a->whose, b->whose);
    if (order == 0) /* what must be looked up comes first */
        order = (a->row.bytes != NULL) - (b->row.bytes != NULL);
    if (order == 0)
        order = heng_str_compare(a->other, b->other);
    if (order == 0)
        order = (a->role > b->role) - (a->role < b->role);
    if (order == 0)
        order = (int)a->reversed - (int)b->reversed;
    if (order == 0)
        order = (a->from > b->from) - (a->from < b->from);
    return order != 0 ? order : (a->to > b->to) - (a->to < b->to);
}

static int compare(const void *a, const void *b) {
    return heng_tie_set_compare(a, b);
}

void heng_tie_set_sort(heng_tie_set *set) {
    size_t kept = 0;
    if (set->count > 1)
        qsort(set->ties, set->count, sizeof *set->ties, compare);
    for (size_t i = 0; i < set->count; i++) {
        const heng_met_tie *last = kept == 0 ? NULL : &set->ties[kept - 1];
        if (last == NULL || last->row.bytes != NULL ||
            !heng_str_equal(last->whose, set->ties[i].whose))
            set->ties[kept++] = set->ties[i];
    }
    set->count = kept;
}

/* Where those of whom the tie at `index` reaches begin. */
static size_t first_of(const heng_tie_set *set, size_t index) {
    while (index > 0 &&
           heng_str_equal(set->ties[index - 1].whose, set->ties[index].whose))
        index--;
    return index;
}

static void make_room(heng_tie_set *set) {
    heng_tie_set_sort(set);
    if (set->count <= set->most / 2)
        return;
    size_t kept = first_of(set, set->most / 2);
    if (kept == 0) { /* the first alone fills half of it: its ties are looked up */
        set->ties[0].row = (heng_scan_row){0};
        kept = 1;
        while (kept < set->count &&
               heng_str_equal(set->ties[kept].whose, set->ties[0].whose))
            kept++;
        if (kept < set->count)
            set->boundary = set->ties[kept].whose;
        set->count = 1;
        return;
    }
    set->boundary = set->ties[kept].whose;
    set->count = kept;
}

void heng_tie_set_add(heng_tie_set *set, const heng_met_tie *tie) {
    if (set->failed || tie->whose.len == 0 ||
        heng_str_compare(tie->whose, set->from) <= 0 ||
        (set->boundary.len > 0 && heng_str_compare(tie->whose, set->boundary) >= 0))
        return;
    if (set->count == set->room && !grow(set)) {
        set->failed = true;
        return;
    }
    set->ties[set->count++] = *tie;
    if (set->count == set->most)
        make_room(set);
}
