/* SPDX-License-Identifier: Apache-2.0 */
/*
 * intern.h: names as small numbers, dense from 0 in order of arrival, compared with ==.
 *
 * Finding changes nothing: threads may share a table that is no longer added to.
 */
#ifndef HENG_BASE_INTERN_H
#define HENG_BASE_INTERN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/map.h"
#include "heng/arena.h"
#include "heng/str.h"

/** No name has this id. */
#define HENG_INTERN_NONE UINT32_MAX

/** Leave its parts alone. */
typedef struct heng_intern {
    heng_map map;      /* the id is the index of the entry */
    heng_arena *arena; /* borrowed: where the texts are copied to */
} heng_intern;

/** An empty table, whose texts live in `arena`. */
void heng_intern_init(heng_intern *intern, heng_arena *arena);

/** Frees the table; the texts live on in the arena. Also takes a zeroed table. */
void heng_intern_done(heng_intern *intern);

/** The id of `text`, which is copied if new; false out of memory or over the arena's
 * cap. */
bool heng_intern_add(heng_intern *intern, heng_str text, uint32_t *ret_id);

/** HENG_INTERN_NONE where it was never added. */
uint32_t heng_intern_find(const heng_intern *intern, heng_str text);

/** The text of an id that heng_intern_add gave. NUL-terminated; lives in the arena. */
heng_str heng_intern_text(const heng_intern *intern, uint32_t id);

size_t heng_intern_count(const heng_intern *intern);

#endif
