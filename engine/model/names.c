/* SPDX-License-Identifier: Apache-2.0 */
/*
 * names.c: an array of words, and a table of their numbers by hash.
 *
 * Open addressing, at most half full, never deleted from: a few hundred words that are
 * looked up for each line of an import.
 */
#include "model/names.h"

#include <stdbool.h>

#include "base/alloc.h"

struct heng_names {
    heng_str *words; /* owned, as is each text */
    uint32_t count;
    uint32_t room;
    uint32_t *slots;     /* owned: number + 1, 0 where free */
    uint32_t slot_count; /* a power of two, at least twice `room` */
};

enum { FIRST_ROOM = 64 };

/* FNV-1a */
static uint32_t hash(heng_str word) {
    uint32_t value = 2166136261U;
    for (size_t i = 0; i < word.len; i++) {
        value = (value ^ (uint8_t)word.ptr[i]) * 16777619U;
    }
    return value;
}

heng_names *heng_names_new(void) {
    return heng_alloc_zero(1, sizeof(heng_names));
}

void heng_names_free(heng_names *names) {
    if (names == NULL)
        return;
    for (uint32_t i = 0; i < names->count; i++) {
        /* The words are ours to free, whatever heng_str says of them. */
        heng_alloc_free((void *)(uintptr_t)names->words[i].ptr);
    }
    heng_alloc_free(names->words);
    heng_alloc_free(names->slots);
    heng_alloc_free(names);
}

/* The slot of `word`, or the free one where it would go. There is always a free one. */
static uint32_t find_slot(const heng_names *names, heng_str word) {
    uint32_t mask = names->slot_count - 1;
    uint32_t at = hash(word) & mask;
    while (names->slots[at] != 0 &&
           !heng_str_equal(names->words[names->slots[at] - 1], word)) {
        at = (at + 1) & mask;
    }
    return at;
}

uint32_t heng_names_find(const heng_names *names, heng_str name) {
    if (names->count == 0)
        return HENG_NAME_NONE;
    uint32_t number = names->slots[find_slot(names, name)];
    return number == 0 ? HENG_NAME_NONE : number - 1;
}

static bool grow(heng_names *names) {
    if (names->room > UINT32_MAX / 8)
        return false;
    uint32_t room = names->room == 0 ? FIRST_ROOM : names->room * 2;
    heng_str *words = heng_alloc_resize(names->words, room, sizeof *words);
    if (words == NULL)
        return false;
    names->words = words;
    uint32_t *slots = heng_alloc_zero((size_t)room * 2, sizeof *slots);
    if (slots == NULL)
        return false;
    heng_alloc_free(names->slots);
    names->slots = slots;
    names->slot_count = room * 2;
    names->room = room;
    for (uint32_t i = 0; i < names->count; i++) {
        slots[find_slot(names, names->words[i])] = i + 1;
    }
    return true;
}

heng_status heng_names_add(heng_names *names, heng_str name, uint32_t *ret_number) {
    uint32_t number = heng_names_find(names, name);
    if (number == HENG_NAME_NONE) {
        if (names->count == names->room && !grow(names))
            return HENG_ERR_NOMEM;
        char *copy = heng_alloc_dup(name.ptr, name.len);
        if (copy == NULL)
            return HENG_ERR_NOMEM;
        number = names->count;
        names->words[number] = (heng_str){copy, name.len};
        names->slots[find_slot(names, name)] = number + 1;
        names->count++;
    }
    *ret_number = number;
    return HENG_OK;
}

heng_names *heng_names_copy(const heng_names *names) {
    heng_names *copy = heng_names_new();
    if (copy == NULL)
        return NULL;
    for (uint32_t i = 0; i < names->count; i++) {
        uint32_t number;
        if (heng_names_add(copy, names->words[i], &number) != HENG_OK) {
            heng_names_free(copy);
            return NULL;
        }
    }
    return copy;
}

heng_str heng_names_get(const heng_names *names, uint32_t number) {
    return number < names->count ? names->words[number] : HENG_STR("");
}

uint32_t heng_names_count(const heng_names *names) {
    return names->count;
}
