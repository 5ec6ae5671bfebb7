/* SPDX-License-Identifier: Apache-2.0 */
/* id_set.c: ids in an arena; when that is full, once each; then the smaller half. */
#include "batch/id_set.h"

#include <stdlib.h>

#include "base/alloc.h"
#include "base/limits.h"

/* What an id takes, beside its entry: most are of 18 bytes, rounded up by the arena. */
enum { ID_BYTES = 32, LEAST_IDS = 64 };

bool heng_id_set_init(heng_id_set *set, size_t max_bytes) {
    *set = (heng_id_set){.room = max_bytes / (sizeof(heng_str) + 2 * ID_BYTES)};
    if (set->room < LEAST_IDS)
        set->room = LEAST_IDS;
    set->ids = heng_alloc_zero(set->room, sizeof *set->ids);
    for (int i = 0; i < 2; i++)
        set->arenas[i] = heng_arena_new(HENG_LIMIT_SUBJECT_ARENA_BYTES);
    return set->ids != NULL && set->arenas[0] != NULL && set->arenas[1] != NULL;
}

void heng_id_set_done(heng_id_set *set) {
    heng_alloc_free(set->ids);
    heng_arena_free(set->arenas[0]);
    heng_arena_free(set->arenas[1]);
    *set = (heng_id_set){0};
}

void heng_id_set_clear(heng_id_set *set, heng_str from) {
    set->count = 0;
    set->from = from;
    set->boundary = (heng_str){0};
    set->failed = false;
    heng_arena_reset(set->arenas[0]);
    heng_arena_reset(set->arenas[1]);
}

static int compare(const void *a, const void *b) {
    return heng_str_compare(*(const heng_str *)a, *(const heng_str *)b);
}

void heng_id_set_sort(heng_id_set *set) {
    size_t kept = 0;
    qsort(set->ids, set->count, sizeof *set->ids, compare);
    for (size_t i = 0; i < set->count; i++) {
        if (kept == 0 || !heng_str_equal(set->ids[i], set->ids[kept - 1]))
            set->ids[kept++] = set->ids[i];
    }
    set->count = kept;
}

/* Copies what is kept into the other arena, so that the dropped gives its room back. */
static void move(heng_id_set *set) {
    heng_arena *to = set->arenas[1 - set->current];
    heng_arena_reset(to);
    for (size_t i = 0; i < set->count && !set->failed; i++) {
        set->ids[i] = heng_arena_dup_str(to, set->ids[i]);
        set->failed = set->ids[i].ptr == NULL;
    }
    if (set->boundary.len > 0) {
        set->boundary = heng_arena_dup_str(to, set->boundary);
        set->failed = set->failed || set->boundary.ptr == NULL;
    }
    set->current = 1 - set->current;
}

static void make_room(heng_id_set *set) {
    heng_id_set_sort(set);
    if (set->count > set->room / 2) {
        set->count = set->room / 2;
        set->boundary = set->ids[set->count];
    }
    move(set);
}

void heng_id_set_add(heng_id_set *set, heng_str id) {
    if (set->failed || id.len == 0 || heng_str_compare(id, set->from) <= 0 ||
        (set->boundary.len > 0 && heng_str_compare(id, set->boundary) >= 0))
        return;
    /* Neighbours often name the same one: a firm's records the same principal. */
    if (set->count > 0 && heng_str_equal(set->ids[set->count - 1], id))
        return;
    heng_str copy = heng_arena_dup_str(set->arenas[set->current], id);
    if (copy.ptr == NULL) {
        set->failed = true;
        return;
    }
    set->ids[set->count++] = copy;
    if (set->count == set->room)
        make_room(set);
}

size_t heng_id_set_after(const heng_str *ids, size_t count, heng_str id) {
    size_t low = 0;
    while (low < count) {
        size_t middle = low + (count - low) / 2;
        if (heng_str_compare(ids[middle], id) <= 0)
            low = middle + 1;
        else
            count = middle;
    }
    return low;
}
