/* SPDX-License-Identifier: Apache-2.0 */
/*
 * due_list.c: a batch meets its subjects in the order of their ids, in a few ranges at
 * once. So a stable radix sort by day leaves the ids of each day in as many ascending
 * runs as there are ranges, and merging runs does the rest.
 */
#include "store/due_list.h"

#include <string.h>

#include "base/alloc.h"

/* Of a pair: what it keeps of its id beside 16 bytes of entries. A unified social
 * credit code takes 19. */
enum { ID_BYTES = 20, DIGIT_BITS = 9, DIGIT_VALUES = 1 << DIGIT_BITS };

_Static_assert((int64_t)HENG_DATE_MAX - HENG_DATE_MIN < (int64_t)1 << 2 * DIGIT_BITS,
               "two digits make a day");

heng_status heng_due_list_init(heng_due_list *list, size_t bytes, heng_error *reterr) {
    size_t most = bytes / (ID_BYTES + 2 * sizeof *list->entries);
    *list = (heng_due_list){.most = most, .room = most * ID_BYTES};
    list->ids = heng_alloc(list->room);
    list->entries = heng_alloc(most * sizeof *list->entries);
    list->spare = heng_alloc(most * sizeof *list->spare);
    if (list->ids == NULL || list->entries == NULL || list->spare == NULL) {
        heng_due_list_done(list);
        return heng_error_nomem(reterr);
    }
    return HENG_OK;
}

void heng_due_list_done(heng_due_list *list) {
    heng_alloc_free(list->ids);
    heng_alloc_free(list->entries);
    heng_alloc_free(list->spare);
    *list = (heng_due_list){0};
}

void heng_due_list_clear(heng_due_list *list) {
    list->used = 0;
    list->count = 0;
}

bool heng_due_list_add(heng_due_list *list, heng_date day, heng_str id) {
    if (list->count == list->most || list->room - list->used < id.len + 1)
        return false;
    list->entries[list->count++] = (struct heng_due_entry){day, (uint32_t)list->used};
    list->ids[list->used++] = (uint8_t)id.len;
    memcpy(list->ids + list->used, id.ptr, id.len);
    list->used += id.len;
    return true;
}

static void swap_halves(heng_due_list *list) {
    struct heng_due_entry *swap = list->entries;
    list->entries = list->spare;
    list->spare = swap;
}

static void sort_by_digit(heng_due_list *list, unsigned shift) {
    uint32_t starts[DIGIT_VALUES + 1] = {0};
    for (size_t i = 0; i < list->count; i++) {
        uint32_t day = (uint32_t)(list->entries[i].day - HENG_DATE_MIN);
        starts[(day >> shift) % DIGIT_VALUES + 1]++;
    }
    for (size_t i = 0; i < DIGIT_VALUES; i++) {
        starts[i + 1] += starts[i];
    }
    for (size_t i = 0; i < list->count; i++) {
        uint32_t day = (uint32_t)(list->entries[i].day - HENG_DATE_MIN);
        list->spare[starts[(day >> shift) % DIGIT_VALUES]++] = list->entries[i];
    }
    swap_halves(list);
}

/* The end of the ascending run that begins at `first`. */
static size_t run_end(const heng_due_list *list, size_t first, size_t end) {
    size_t at = first + 1;
    while (at < end && heng_str_compare(heng_due_list_id(list, at - 1),
                                        heng_due_list_id(list, at)) <= 0) {
        at++;
    }
    return at;
}

/* Merges the runs `first` to `middle` to `end`, through `spare`. */
static void merge_runs(heng_due_list *list, size_t first, size_t middle, size_t end) {
    size_t a = first;
    size_t b = middle;
    for (size_t to = first; to < end; to++) {
        bool left = b == end ||
                    (a < middle && heng_str_compare(heng_due_list_id(list, a),
                                                    heng_due_list_id(list, b)) <= 0);
        list->spare[to] = list->entries[left ? a++ : b++];
    }
    memcpy(list->entries + first, list->spare + first,
           (end - first) * sizeof *list->entries);
}

/* Entries of one day, by id: neighbouring runs are merged until one is left. */
static void sort_day(heng_due_list *list, size_t first, size_t end) {
    size_t runs;
    do {
        runs = 0;
        for (size_t at = first; at < end; runs++) {
            size_t middle = run_end(list, at, end);
            size_t next = middle < end ? run_end(list, middle, end) : end;
            if (middle < end) {
                merge_runs(list, at, middle, next);
            }
            at = next;
        }
    } while (runs > 1);
}

static void drop_repeated(heng_due_list *list) {
    size_t kept = 0;
    for (size_t i = 0; i < list->count; i++) {
        if (kept == 0 || list->entries[kept - 1].day != list->entries[i].day ||
            !heng_str_equal(heng_due_list_id(list, kept - 1),
                            heng_due_list_id(list, i))) {
            list->entries[kept++] = list->entries[i];
        }
    }
    list->count = kept;
}

void heng_due_list_sort(heng_due_list *list) {
    sort_by_digit(list, 0);
    sort_by_digit(list, DIGIT_BITS);
    for (size_t first = 0; first < list->count;) {
        size_t end = first + 1;
        while (end < list->count &&
               list->entries[end].day == list->entries[first].day) {
            end++;
        }
        sort_day(list, first, end);
        first = end;
    }
    drop_repeated(list);
}
