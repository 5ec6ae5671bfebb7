/* SPDX-License-Identifier: Apache-2.0 */
/* intern.c: a map whose keys are copied first. */
#include "base/intern.h"

#include <assert.h>

void heng_intern_init(heng_intern *intern, heng_arena *arena) {
    heng_map_init(&intern->map);
    intern->arena = arena;
}

void heng_intern_done(heng_intern *intern) {
    heng_map_done(&intern->map);
}

bool heng_intern_add(heng_intern *intern, heng_str text, uint32_t *ret_id) {
    const heng_map_entry *entry = heng_map_find(&intern->map, text);
    if (entry == NULL) {
        /* Copied before it is entered: an entry with a borrowed key must never be left
         * behind. A copy that then finds no room in the table dies with the arena. */
        heng_str copy = heng_arena_dup_str(intern->arena, text);
        if (copy.ptr == NULL)
            return false;
        entry = heng_map_add(&intern->map, copy, NULL);
        if (entry == NULL)
            return false;
    }
    *ret_id = (uint32_t)(entry - intern->map.entries);
    return true;
}

uint32_t heng_intern_find(const heng_intern *intern, heng_str text) {
    const heng_map_entry *entry = heng_map_find(&intern->map, text);
    return entry == NULL ? HENG_INTERN_NONE : (uint32_t)(entry - intern->map.entries);
}

heng_str heng_intern_text(const heng_intern *intern, uint32_t id) {
    assert(id < intern->map.count);
    return intern->map.entries[id].key;
}

size_t heng_intern_count(const heng_intern *intern) {
    return intern->map.count;
}
