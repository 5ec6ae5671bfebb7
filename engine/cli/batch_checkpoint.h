/* SPDX-License-Identifier: Apache-2.0 */
/*
 * batch_checkpoint.h: where a batch stands, as it is kept in the store for --resume:
 * what it was asked for, how much of its files is whole, and what was counted so far.
 *
 * Ruleset, day and commit are kept beside it by the store (store/baseline.h).
 */
#ifndef HENG_CLI_BATCH_CHECKPOINT_H
#define HENG_CLI_BATCH_CHECKPOINT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buffer.h"
#include "heng/batch.h"
#include "heng/str.h"

typedef struct heng_batch_checkpoint {
    /* asked for */
    heng_str out, feed; /* absolute paths; `feed` empty: none */
    heng_str format;
    bool all, changed, unmask;
    /* reached */
    heng_str last; /* all subjects up to this one are done; empty: none */
    uint64_t out_bytes, feed_bytes;
    uint64_t feed_lines;
    heng_batch_counts counts;
    const uint64_t *numbers; /* of heng_batch_tally */
    size_t number_count;
} heng_batch_checkpoint;

/** Adds it to `out`. Only numbers that are not 0 are kept. */
heng_status heng_batch_checkpoint_pack(const heng_batch_checkpoint *checkpoint,
                                       heng_buffer *out);

/**
 * Reads it. Texts are memory of `packed`.
 *
 * @param numbers  `number_count` of them, set.
 * @return false where it has not that form.
 */
bool heng_batch_checkpoint_unpack(heng_str packed, uint64_t *numbers,
                                  size_t number_count,
                                  heng_batch_checkpoint *ret_checkpoint);

/** The option in which both differ, as it is written: "--format"; NULL: in none. */
const char *heng_batch_checkpoint_differs(const heng_batch_checkpoint *a,
                                          const heng_batch_checkpoint *b);

#endif
