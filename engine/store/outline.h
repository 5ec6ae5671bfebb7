/* SPDX-License-Identifier: Apache-2.0 */
/*
 * outline.h: a dossier in outline, which is what a batch goes through.
 *
 *   u64 checksum of the id and of all that follows | a dossier (dossier.h) whose
 * objects are outlines (model/flat.h)
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

enum { HENG_OUTLINE_CHECKSUM_BYTES = 8 };

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

/** The categories of a value, which is not checked: of whoever only passes by. All
 * where it is too short. */
static inline uint64_t heng_outline_categories(const uint8_t *bytes, size_t len) {
    return len < HENG_OUTLINE_CHECKSUM_BYTES + HENG_DOSSIER_HEAD_BYTES
               ? UINT64_MAX
               : heng_dossier_categories(bytes + HENG_OUTLINE_CHECKSUM_BYTES);
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
