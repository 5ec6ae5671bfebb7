/* SPDX-License-Identifier: Apache-2.0 */
/*
 * snapshot.h: one subject with everything known of it at one known-at time: all that a
 * decision sees of the store.
 *
 * The store fills it (and `--suppose` changes it); decide reads it. Pointers lie in the
 * store's transaction or in the arena the snapshot was made in, and are valid until
 * either ends. Records are versions as known at that time; which of them are usable on
 * a day is for decide to say.
 */
#ifndef HENG_MODEL_SNAPSHOT_H
#define HENG_MODEL_SNAPSHOT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "heng/date.h"
#include "heng/str.h"
#include "model/names.h"

/** A record (flat.h) of `subject`. */
typedef struct heng_snapshot_record {
    const uint8_t *bytes;
    heng_str subject; /* id of the subject whose record it is */
} heng_snapshot_record;

/**
 * Somebody tied to the subject. `role` is the role the *other* stands in, seen from the
 * subject: for a company whose relations name P as legal_representative, `role` is
 * legal_representative; where only P's line says `legally_represents` this company, the
 * store hands that word with `reversed`: decide asks the catalog for its other side.
 */
typedef struct heng_snapshot_tie {
    heng_str other; /* id */
    uint32_t role;  /* name number, as written in the line that declared it */
    bool reversed;  /* declared by the other: `role` is what the subject is to the other
                     */
    heng_date from, to;     /* both included; HENG_DATE_MIN, HENG_DATE_NONE: open */
    const uint8_t *subject; /* of the other, flat; NULL where unknown */
    const heng_snapshot_record
        *records; /* of the other, ordered; NULL where not asked for */
    size_t record_count;
} heng_snapshot_tie;

/** A record of another that names the subject as a party. */
typedef struct heng_snapshot_mention {
    heng_snapshot_record record;
} heng_snapshot_mention;

typedef struct heng_snapshot {
    heng_str id;
    const uint8_t *subject;              /* flat; NULL: records but no subject line */
    const heng_snapshot_record *records; /* own, ordered by decided_on, then id */
    size_t record_count;
    const heng_snapshot_tie *ties;
    size_t tie_count;
    const heng_snapshot_mention *mentions; /* ordered by decided_on, then record id */
    size_t mention_count;
    const heng_names *names; /* the numbering of all the above */
    heng_str too_much; /* why nothing but `id` and `subject` is here, though more is
                          known: of a batch, which goes on; empty: all is here */
} heng_snapshot;

#endif
