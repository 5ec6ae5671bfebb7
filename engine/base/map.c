/* SPDX-License-Identifier: Apache-2.0 */
/*
 * map.c: a dense array of entries, and an open-addressing table of indices into it.
 *
 * The hash has no secret: keys come from rule files and catalogs, whose author could
 * only slow down the loading of their own rules.
 */
#include "base/map.h"

#include "base/alloc.h"

static uint32_t hash_of(heng_str key) {
    const uint64_t multiplier = UINT64_C(0x9E3779B97F4A7C15); /* 2^64 / golden ratio */
    uint64_t hash = key.len * multiplier;
    for (size_t at = 0; at < key.len; at += 8) {
        uint64_t word = 0;
        size_t rest = key.len - at;
        memcpy(&word, key.ptr + at, rest < 8 ? rest : 8);
        hash = (hash ^ word) * multiplier;
        hash ^= hash >> 32; /* a product carries only upwards */
    }
    hash *= multiplier; /* and the last bytes of a word have yet to reach all bits */
    return (uint32_t)(hash >> 32);
}

void heng_map_init(heng_map *map) {
    *map = (heng_map){0};
}

void heng_map_done(heng_map *map) {
    heng_alloc_free(map->entries);
    heng_alloc_free(map->slots);
    *map = (heng_map){0};
}

/* The slot that holds `key`, or the free one where it belongs. There is always a free
 * one, as the table is at most half full. */
static size_t slot_of(const heng_map *map, heng_str key, uint32_t hash) {
    size_t mask = map->slot_count - 1;
    size_t at = hash & mask;
    while (map->slots[at] != 0) {
        const heng_map_entry *entry = &map->entries[map->slots[at] - 1];
        if (entry->hash == hash && heng_str_equal(entry->key, key))
            break;
        at = (at + 1) & mask;
    }
    return at;
}

static bool grow(heng_map *map) {
    if (map->count == HENG_MAP_ENTRIES_MAX)
        return false;
    if (map->count == map->room) {
        size_t room = map->room == 0 ? 8 : map->room * 2;
        heng_map_entry *entries =
            heng_alloc_resize(map->entries, room, sizeof *map->entries);
        if (entries == NULL)
            return false;
        map->entries = entries;
        map->room = room;
    }
    if ((map->count + 1) * 2 <= map->slot_count)
        return true;

    size_t slot_count = map->slot_count == 0 ? 16 : map->slot_count * 2;
    uint32_t *slots = heng_alloc_zero(slot_count, sizeof *slots);
    if (slots == NULL)
        return false;
    for (size_t i = 0; i < map->count; i++) {
        size_t at = map->entries[i].hash & (slot_count - 1);
        while (slots[at] != 0) {
            at = (at + 1) & (slot_count - 1);
        }
        slots[at] = (uint32_t)(i + 1);
    }
    heng_alloc_free(map->slots);
    map->slots = slots;
    map->slot_count = slot_count;
    return true;
}

heng_map_entry *heng_map_add(heng_map *map, heng_str key, bool *ret_is_new) {
    uint32_t hash = hash_of(key);
    bool is_new = false;
    size_t at = 0;
    if (map->slot_count > 0) {
        at = slot_of(map, key, hash);
    }
    if (map->slot_count == 0 || map->slots[at] == 0) {
        if (!grow(map))
            return NULL;
        at = slot_of(map, key, hash); /* growing moved it */
        map->entries[map->count] = (heng_map_entry){.key = key, .hash = hash};
        map->count++;
        map->slots[at] = (uint32_t)map->count;
        is_new = true;
    }
    if (ret_is_new != NULL) {
        *ret_is_new = is_new;
    }
    return &map->entries[map->slots[at] - 1];
}

const heng_map_entry *heng_map_find(const heng_map *map, heng_str key) {
    if (map->slot_count == 0)
        return NULL;
    size_t at = slot_of(map, key, hash_of(key));
    return map->slots[at] == 0 ? NULL : &map->entries[map->slots[at] - 1];
}

bool heng_map_put(heng_map *map, heng_str key, void *thing) {
    heng_map_entry *entry = heng_map_add(map, key, NULL);
    if (entry == NULL)
        return false;
    entry->value.thing = thing;
    return true;
}

bool heng_map_put_id(heng_map *map, heng_str key, uint32_t id) {
    heng_map_entry *entry = heng_map_add(map, key, NULL);
    if (entry == NULL)
        return false;
    entry->value.id = id;
    return true;
}

void *heng_map_get(const heng_map *map, heng_str key) {
    const heng_map_entry *entry = heng_map_find(map, key);
    return entry == NULL ? NULL : entry->value.thing;
}

bool heng_map_get_id(const heng_map *map, heng_str key, uint32_t *ret_id) {
    const heng_map_entry *entry = heng_map_find(map, key);
    if (entry == NULL)
        return false;
    *ret_id = entry->value.id;
    return true;
}
