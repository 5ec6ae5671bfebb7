/* SPDX-License-Identifier: Apache-2.0 */
/*
 * line_order.h: stretches are finished by several threads in any order and written in
 * theirs.
 *
 * A thread takes the next stretch, fills a buffer and hands it back. Whoever hands back
 * the stretch whose turn it is writes it, and those behind it that are ready. There are
 * a few buffers more than threads, so that nobody waits for a slow neighbour; a thread
 * that is far ahead waits until its buffer is free again.
 */
#ifndef HENG_BATCH_LINE_ORDER_H
#define HENG_BATCH_LINE_ORDER_H

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buffer.h"
#include "batch/tally.h"
#include "heng/date.h"
#include "heng/error.h"

/** A subject that must be looked at again on a day. */
typedef struct heng_slot_due {
    heng_str id; /* memory of the view, or of the batch's round */
    heng_date day;
} heng_slot_due;

/** What one stretch brings. */
typedef struct heng_slot {
    heng_buffer lines;   /* owned */
    heng_buffer changes; /* owned */
    heng_buffer due;     /* owned: heng_slot_due one after the other */
    heng_tally tally;    /* owned */
    bool ready;
} heng_slot;

typedef struct heng_line_order {
    pthread_mutex_t lock;
    pthread_cond_t moved;
    heng_slot *slots; /* owned */
    size_t slot_count;
    size_t next;  /* stretch to be taken */
    size_t turn;  /* stretch to be written */
    size_t count; /* of stretches */
    bool writing;
    /* the first failure: nothing is taken or written after it */
    heng_status status;
    heng_error error;
    /* how lines are written; `whole`: the stretch ends with them */
    heng_status (*write)(void *context, size_t stretch, heng_slot *slot, bool whole,
                         heng_error *reterr);
    void *context;
} heng_line_order;

/** False out of memory; heng_line_order_done() either way. */
bool heng_line_order_init(heng_line_order *order, size_t threads, size_t measure_count);
void heng_line_order_done(heng_line_order *order);

/** Begins anew with `count` stretches; keeps the buffers' memory and the failure. */
void heng_line_order_begin(heng_line_order *order, size_t count);

/** The next stretch with an empty buffer for it; false where there is none, or after a
 * failure. May wait. */
bool heng_line_order_take(heng_line_order *order, size_t *ret_stretch,
                          heng_slot **ret_slot);

/** Writes what a stretch has so far, when its turn has come, and empties the buffer:
 * for one that grows large. */
heng_status heng_line_order_flush(heng_line_order *order, size_t stretch,
                                  heng_slot *slot);

/** Hands a filled buffer back. */
void heng_line_order_give(heng_line_order *order, heng_slot *slot);

/** Notes a failure of a thread; the first one counts. */
void heng_line_order_fail(heng_line_order *order, heng_status status,
                          const heng_error *error);

#endif
