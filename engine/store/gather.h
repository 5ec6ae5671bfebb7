/* SPDX-License-Identifier: Apache-2.0 */
/*
 * gather.h: the parts of a snapshot, each as known at the view's commit.
 * heng_view_snapshot puts them together; overlays lay theirs between.
 */
#ifndef HENG_STORE_GATHER_H
#define HENG_STORE_GATHER_H

#include <lmdb.h>

#include "heng/arena.h"
#include "heng/store.h"
#include "model/snapshot.h"
#include "store/view.h"

/** Subject and own records. `*ret_known` false: nothing is known of it. */
typedef struct heng_gather_own {
    const uint8_t *subject; /* NULL: no subject line */
    heng_snapshot_record *records;
    size_t count;
    bool known;
} heng_gather_own;

/** `id` must live as long as the result: records point to it. HENG_ERR_LIMIT: more
 * records than HENG_LIMIT_RECORDS_PER_SUBJECT; the subject is there all the same. */
heng_status heng_gather_subject(heng_view *view, heng_str id, heng_arena *arena,
                                heng_gather_own *ret_own,
                                heng_error *reterr) HENG_NODISCARD;

/** A list of ties that grows in an arena. */
typedef struct heng_gather_ties {
    heng_snapshot_tie *items;
    size_t count;
    size_t room;
    bool all; /* however many there are; else HENG_LIMIT_TIES */
} heng_gather_ties;

/** Adds the relations that `subject` (flat; NULL: none) itself declares. */
heng_status heng_gather_declared(heng_str id, const uint8_t *subject, heng_arena *arena,
                                 heng_gather_ties *ties,
                                 heng_error *reterr) HENG_NODISCARD;

/** Adds the ties to `id` of one row of the table, declared by the newest version of
 * `other`. */
heng_status heng_gather_tie_row(heng_str id, heng_str other, MDB_val row,
                                heng_arena *arena, heng_gather_ties *ties,
                                heng_error *reterr) HENG_NODISCARD;

/** Adds those that others declare to `id`. */
heng_status heng_gather_reversed(heng_view *view, heng_str id, heng_arena *arena,
                                 heng_gather_ties *ties,
                                 heng_error *reterr) HENG_NODISCARD;

/** `whose` is named where there are too many. */
heng_status heng_gather_add_tie(heng_gather_ties *ties, heng_str whose,
                                const heng_snapshot_tie *tie, heng_arena *arena,
                                heng_error *reterr) HENG_NODISCARD;

/** By other, then role, side and days, so that equal ones are neighbours. */
void heng_gather_sort_ties(heng_gather_ties *ties);

/** A list of mentions that grows in an arena. */
typedef struct heng_gather_mentions {
    heng_snapshot_mention *items;
    size_t count;
    size_t room;
} heng_gather_mentions;

heng_status heng_gather_mentioned(heng_view *view, heng_str id, heng_arena *arena,
                                  heng_gather_mentions *mentions,
                                  heng_error *reterr) HENG_NODISCARD;

/** Adds what one row of the table says, if it did so at the view's commit. Records of
 * the subject itself are its own, and no mention. */
heng_status heng_gather_mention(heng_view *view, heng_str id, MDB_val key,
                                MDB_val value, heng_arena *arena,
                                heng_gather_mentions *mentions,
                                heng_error *reterr) HENG_NODISCARD;

heng_status heng_gather_add_mention(heng_gather_mentions *mentions, heng_str whose,
                                    const uint8_t *record, heng_str owner,
                                    heng_arena *arena,
                                    heng_error *reterr) HENG_NODISCARD;

void heng_gather_sort_mentions(heng_gather_mentions *mentions);

/** Fills ties and mentions of a snapshot that has id and subject. */
heng_status heng_gather_rest(heng_view *view, unsigned what, heng_arena *arena,
                             heng_snapshot *snapshot,
                             heng_error *reterr) HENG_NODISCARD;

/** HENG_ERR_LIMIT: more records than HENG_LIMIT_RECORDS_PER_SUBJECT. */
heng_status heng_gather_too_many(heng_str id, heng_error *reterr);

/** HENG_ERR_LIMIT: more ties than HENG_LIMIT_TIES. */
heng_status heng_gather_too_many_ties(heng_str id, heng_error *reterr);

/** HENG_ERR_NOT_FOUND, the id masked. */
heng_status heng_gather_unknown(heng_str id, heng_error *reterr);

/** Whether the flat record names `id` as a party. */
bool heng_gather_names(const uint8_t *record, heng_str id);

#endif
