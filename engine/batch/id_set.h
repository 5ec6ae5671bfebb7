/* SPDX-License-Identifier: Apache-2.0 */
/*
 * id_set.h: many ids, collected in any order within a fixed amount of memory.
 *
 * Where they do not fit, the larger ones are dropped and `boundary` says up to which
 * id the set is whole; whoever needs the rest collects once more from there on.
 */
#ifndef HENG_BATCH_ID_SET_H
#define HENG_BATCH_ID_SET_H

#include <stdbool.h>
#include <stddef.h>

#include "heng/arena.h"
#include "heng/str.h"

typedef struct heng_id_set {
    heng_str *ids; /* owned; in `arena` */
    size_t count, room;
    heng_arena *arenas[2]; /* owned: bytes of the ids; one at a time is in use */
    int current;
    heng_str from;     /* only ids after this one are taken; borrowed */
    heng_str boundary; /* ids at or after it were dropped; empty: none */
    bool failed;       /* out of memory */
} heng_id_set;

/** Takes at most about `max_bytes`. False out of memory; heng_id_set_done() either way.
 */
bool heng_id_set_init(heng_id_set *set, size_t max_bytes);
void heng_id_set_done(heng_id_set *set);

/** Empties it for ids after `from` (borrowed). */
void heng_id_set_clear(heng_id_set *set, heng_str from);

/** Copies the id. A failure sticks in `failed`, until the set is emptied. */
void heng_id_set_add(heng_id_set *set, heng_str id);

/** Puts the ids in ascending order, each once. */
void heng_id_set_sort(heng_id_set *set);

/** The first of the sorted ids that lies after `id`. */
size_t heng_id_set_after(const heng_str *ids, size_t count, heng_str id);

#endif
