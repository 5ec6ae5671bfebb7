/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tally.h: what lines say, counted: by measure and state, and by region.
 *
 * Each stretch is counted by itself and added to the whole when it is written, so that
 * at any moment the whole is exactly that of the lines written so far: what a batch
 * that is resumed goes on from. A stretch meets few of the thousands of things that
 * there are to count, so it remembers which.
 */
#ifndef HENG_BATCH_TALLY_H
#define HENG_BATCH_TALLY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "heng/batch.h"
#include "model/snapshot.h"

/** Of one stretch. */
typedef struct heng_tally {
    heng_batch_counts counts;
    uint32_t *numbers; /* owned: applies and suspended by measure, then regions */
    uint32_t *met;     /* owned: of which `numbers` are not 0 */
    size_t met_count;
    size_t measure_count;
} heng_tally;

/** False out of memory; heng_tally_done() either way. */
bool heng_tally_init(heng_tally *tally, size_t measure_count);
void heng_tally_done(heng_tally *tally);

/** Counts a subject that has a line. */
void heng_tally_add(heng_tally *tally, const heng_snapshot *snapshot,
                    const heng_decision *decision);

/** The number of the region of a subject that has a line: its first four digits,
 * province and city; HENG_BATCH_REGIONS - 1 where it does not begin so. */
size_t heng_tally_region(const heng_snapshot *snapshot);

/** Adds all but `subjects`, which is not counted but asked of the store. */
void heng_tally_add_counts(heng_batch_counts *to, const heng_batch_counts *from);

/** Adds it to the whole and empties it. */
void heng_tally_drain(heng_tally *tally, heng_batch_tally *into);

/** Empties it. */
void heng_tally_clear(heng_tally *tally);

/** False out of memory. */
bool heng_tally_whole_init(heng_batch_tally *whole, size_t measure_count);
void heng_tally_whole_clear(heng_batch_tally *whole);
void heng_tally_whole_done(heng_batch_tally *whole);

#endif
