/* SPDX-License-Identifier: Apache-2.0 */
/*
 * outline.h: a dossier in outline, which is what a batch goes through.
 *
 *   u64 checksum of the id and of all that follows
 *   u32 checksum of the glance | u8 kind of the subject, 0: of whoever must not be
 *   passed by | 0 0 0
 *   a dossier (dossier.h) whose objects are outlines (model/flat.h)
 *
 * The glance is the kind and the categories, which are the dossier's: what says of
 * three of ten rows that no rule looks at their records, so that nothing more of them
 * is read. Not passed by are persons who may not be of age
 * (heng_identity_needs_no_age()): they are counted.
 *
 * A checksum instead of a look at each offset: a batch reads millions of these, and a
 * check without a jump takes a fraction of one with thirty. Whoever can forge it can
 * write to the store, and needs no damaged row to decide what it says.
 */
#ifndef HENG_STORE_OUTLINE_H
#define HENG_STORE_OUTLINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "heng/str.h"
#include "model/flat.h"
#include "model/snapshot.h"
#include "store/dossier.h"

enum {
    HENG_OUTLINE_GLANCE_AT = 8,
    HENG_OUTLINE_KIND_AT = 12,
    HENG_OUTLINE_HEAD_BYTES = 16 /* before the dossier */
};

/** The bytes a value takes that is made of these, which are well-formed; more where
 * their texts have gaps. */
size_t heng_outline_room(const uint8_t *subject, const heng_snapshot_record *records,
                         size_t count);

/** Writes a value and returns its length. The objects are whole and well-formed. */
size_t heng_outline_write(heng_str id, const uint8_t *subject,
                          const heng_snapshot_record *records, size_t count,
                          uint8_t *bytes);

/** Takes a value apart. False where it is not as it was written for `id`. */
bool heng_outline_open(heng_str id, const uint8_t *bytes, size_t len,
                       heng_dossier *ret_dossier);

/** The checksum of a glance: a change of any few bits of it is another. */
static inline uint32_t heng_outline_glance_sum(unsigned kind,
                                               const heng_categories *categories) {
    uint64_t sum = (categories->bits[0] ^ UINT64_C(0x9e3779b97f4a7c15)) *
                   UINT64_C(0xbf58476d1ce4e5b9);
    sum = (sum ^ sum >> 29 ^ categories->bits[1]) * UINT64_C(0x94d049bb133111eb);
    sum = (sum ^ sum >> 32 ^ kind) * UINT64_C(0xd6e8feb86659fd93);
    return (uint32_t)(sum >> 32);
}

/** Whether a value has none of the categories that are sought, at a glance that is not
 * checked. False where that cannot be told: reading it then says why. */
static inline bool heng_outline_has_none(const uint8_t *bytes, size_t len,
                                         const heng_sought *sought) {
    enum { KIND_AT = HENG_OUTLINE_KIND_AT };
    if (len < HENG_OUTLINE_HEAD_BYTES + HENG_DOSSIER_HEAD_BYTES ||
        bytes[KIND_AT] > HENG_NATURAL_PERSON)
        return false;
    heng_categories categories = heng_dossier_categories(
        bytes + HENG_OUTLINE_HEAD_BYTES, len - HENG_OUTLINE_HEAD_BYTES);
    return !heng_categories_meet(&categories, &sought->of_kind[bytes[KIND_AT]]);
}

/** Whether the glance of a value, which is as long as heng_outline_has_none() asks, is
 * as it was written. */
static inline bool heng_outline_glance_is_sound(const uint8_t *bytes) {
    heng_categories categories =
        heng_categories_read(bytes + HENG_OUTLINE_HEAD_BYTES + 4);
    return heng_flat_u32(bytes + HENG_OUTLINE_GLANCE_AT) ==
           heng_outline_glance_sum(bytes[HENG_OUTLINE_KIND_AT], &categories);
}

/** Fills `records` (room for `count`) of one that was opened. */
static inline void heng_outline_records(const heng_dossier *outline, heng_str subject,
                                        heng_snapshot_record *records) {
    const uint8_t *at = outline->records;
    for (uint32_t i = 0; i < outline->count; i++) {
        records[i] = (heng_snapshot_record){at, subject};
        at += heng_flat_u32(at);
    }
}

#endif
