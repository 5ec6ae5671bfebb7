/* SPDX-License-Identifier: Apache-2.0 */
/* names.c: an interned table with an arena of its own. */
#include "model/names.h"

#include "base/alloc.h"
#include "base/intern.h"
#include "heng/arena.h"

struct heng_names {
    heng_arena *arena; /* owned: the words */
    heng_intern table;
};

/* Words of catalogs: far more than any ruleset has. */
#define NAMES_ARENA_BYTES ((size_t)256 << 20)

heng_names *heng_names_new(void) {
    heng_names *names = heng_alloc_zero(1, sizeof *names);
    if (names == NULL)
        return NULL;
    names->arena = heng_arena_new(NAMES_ARENA_BYTES);
    if (names->arena == NULL) {
        heng_alloc_free(names);
        return NULL;
    }
    heng_intern_init(&names->table, names->arena);
    return names;
}

void heng_names_free(heng_names *names) {
    if (names == NULL)
        return;
    heng_intern_done(&names->table);
    heng_arena_free(names->arena);
    heng_alloc_free(names);
}

uint32_t heng_names_find(const heng_names *names, heng_str name) {
    uint32_t number = heng_intern_find(&names->table, name);
    return number == HENG_INTERN_NONE ? HENG_NAME_NONE : number;
}

heng_status heng_names_add(heng_names *names, heng_str name, uint32_t *ret_number) {
    return heng_intern_add(&names->table, name, ret_number) ? HENG_OK : HENG_ERR_NOMEM;
}

heng_names *heng_names_copy(const heng_names *names) {
    heng_names *copy = heng_names_new();
    if (copy == NULL)
        return NULL;
    uint32_t count = heng_names_count(names);
    for (uint32_t i = 0; i < count; i++) {
        uint32_t number;
        if (heng_names_add(copy, heng_names_get(names, i), &number) != HENG_OK) {
            heng_names_free(copy);
            return NULL;
        }
    }
    return copy;
}

heng_str heng_names_get(const heng_names *names, uint32_t number) {
    return number < heng_names_count(names) ? heng_intern_text(&names->table, number)
                                            : HENG_STR("");
}

uint32_t heng_names_count(const heng_names *names) {
    return (uint32_t)heng_intern_count(&names->table);
}
