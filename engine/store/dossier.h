/* SPDX-License-Identifier: Apache-2.0 */
/*
 * dossier.h: a subject with all its own records, in one value: one look-up an answer,
 * and a batch that scans dossiers alone never touches subjects without records.
 *
 *   u32 length of the subject (0: no subject line) | categories (categories.h)
 *   | flat subject | u32 count | flat records, one after the other, by (decided_on, id)
 *
 * One with more records than a subject can have has all categories: nobody passes by.
 */
#ifndef HENG_STORE_DOSSIER_H
#define HENG_STORE_DOSSIER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "heng/arena.h"
#include "heng/error.h"
#include "model/snapshot.h"
#include "store/categories.h"

typedef struct heng_dossier {
    heng_categories categories;
    const uint8_t *subject; /* flat, checked; NULL where there is no subject line */
    uint32_t count;
    const uint8_t *records; /* the first */
    const uint8_t *end;
} heng_dossier;

enum { HENG_DOSSIER_HEAD_BYTES = 4 + HENG_CATEGORIES_BYTES };

/** The categories of a dossier of `count` records that have these. */
heng_categories heng_dossier_all_categories(heng_categories categories, size_t count);

/** The categories of a value, which is not checked: of whoever only passes by. All
 * where it is too short. */
static inline heng_categories heng_dossier_categories(const uint8_t *bytes,
                                                      size_t len) {
    return len < HENG_DOSSIER_HEAD_BYTES ? HENG_CATEGORIES_ALL
                                         : heng_categories_read(bytes + 4);
}

/** Takes a value apart and, with `check`, checks the subject. False where it is
 * damaged. */
bool heng_dossier_open(const uint8_t *bytes, size_t len, bool check,
                       heng_dossier *ret_dossier);

/** Fills `records` (room for `count`), checking each; without `check` only that their
 * heads are there. False where one is damaged. */
bool heng_dossier_records(const heng_dossier *dossier, heng_str subject, bool check,
                          heng_snapshot_record *records);

/** Bytes of a value made of these. */
size_t heng_dossier_size(const uint8_t *subject, const heng_snapshot_record *records,
                         size_t count);
void heng_dossier_write(const uint8_t *subject, const heng_snapshot_record *records,
                        size_t count, uint8_t *bytes);

/** The dossier in outline (model/flat.h): of the same form, each object its outline.
 * `bytes` has room for heng_dossier_size(). Returns the bytes written. */
size_t heng_dossier_write_outline(const uint8_t *subject,
                                  const heng_snapshot_record *records, size_t count,
                                  uint8_t *bytes);

/** The order of records: by decided_on, then id. */
int heng_dossier_order(const uint8_t *a, const uint8_t *b);

/** Sorts by that order. */
void heng_dossier_sort(heng_snapshot_record *records, size_t count);

#endif
