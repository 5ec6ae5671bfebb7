/* SPDX-License-Identifier: Apache-2.0 */
/*
 * map.h: from texts to things or small numbers.
 *
 * Entries keep the order in which they came, so what is computed by walking a map never
 * depends on hashes. Nothing is ever removed. Looking up changes nothing: threads may
 * share a map that is no longer added to.
 */
#ifndef HENG_BASE_MAP_H
#define HENG_BASE_MAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "heng/str.h"

typedef union heng_map_value {
    void *thing;
    uint32_t id;
} heng_map_value;

typedef struct heng_map_entry {
    heng_str key; /* borrowed: must outlive the map */
    heng_map_value value;
    uint32_t hash;
} heng_map_entry;

/** Read `entries` and `count`, in order of arrival; leave the rest alone. Zeroed, it is
 * an empty map. */
typedef struct heng_map {
    heng_map_entry *entries; /* owned */
    size_t count;
    size_t room;
    uint32_t *slots;   /* owned: index into `entries` plus 1; 0 is free */
    size_t slot_count; /* a power of two, at least twice `count`; 0 before the first */
} heng_map;

void heng_map_init(heng_map *map);

/** Frees the tables, not the things. Also takes a zeroed map. */
void heng_map_done(heng_map *map);

/** Most entries a map takes: an index must fit a slot. */
#define HENG_MAP_ENTRIES_MAX ((size_t)1 << 30)

/**
 * The entry of `key`, added with a zeroed value if new; NULL out of memory. Valid until
 * the next is added. `ret_is_new` may be NULL.
 */
heng_map_entry *heng_map_add(heng_map *map, heng_str key, bool *ret_is_new);

/** The entry of `key`, or NULL. Borrowed, valid until the next is added. */
const heng_map_entry *heng_map_find(const heng_map *map, heng_str key);

/** Sets or replaces; false out of memory. */
bool heng_map_put(heng_map *map, heng_str key, void *thing);
bool heng_map_put_id(heng_map *map, heng_str key, uint32_t id);

/** NULL where there is none. */
void *heng_map_get(const heng_map *map, heng_str key);

/** False where there is none. */
bool heng_map_get_id(const heng_map *map, heng_str key, uint32_t *ret_id);

#endif
