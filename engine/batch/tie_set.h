/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tie_set.h: ties by which records of others reach somebody, collected in any order
 * within a fixed amount of memory.
 *
 * They are met from the side of whose records matter, and wanted from the other: sorted
 * by who is reached, so that whoever is decided finds all of its own and need not look
 * for them. Where they do not fit, those of the larger ids are dropped and `boundary`
 * says up to which id the set is whole; whoever needs the rest collects once more.
 */
#ifndef HENG_BATCH_TIE_SET_H
#define HENG_BATCH_TIE_SET_H

#include <stdbool.h>
#include <stddef.h>

#include "heng/str.h"
#include "store/scan.h"

typedef struct heng_tie_set {
    heng_met_tie *ties; /* owned; what they point to lies in the map */
    size_t count, room; /* of those there is memory for so far */
    size_t most;        /* of those there may be */
    heng_str from;      /* only of ids after this one; borrowed */
    heng_str boundary;  /* those of ids at or after it were dropped; empty: none */
    bool failed;        /* out of memory */
} heng_tie_set;

/** Takes at most about `max_bytes`, and whoever copies it once as much; nothing yet.
 * heng_tie_set_done() in the end. */
void heng_tie_set_init(heng_tie_set *set, size_t max_bytes);
void heng_tie_set_done(heng_tie_set *set);

/** Empties it for ids after `from` (borrowed). */
void heng_tie_set_clear(heng_tie_set *set, heng_str from);

/** `tie->whose` is who is reached. A failure sticks in `failed`, until the set is
 * emptied. Without a row: all ties of that one must be looked
 * up. Nothing is copied: the strings and the row must live as long as the set. */
void heng_tie_set_add(heng_tie_set *set, const heng_met_tie *tie);

/** In the order of whom they reach, and of each in that of its ties. Where one must be
 * looked up, it is the only one. */
void heng_tie_set_sort(heng_tie_set *set);

/** The order of heng_tie_set_sort(). */
int heng_tie_set_compare(const heng_met_tie *a, const heng_met_tie *b);

#endif
