/* SPDX-License-Identifier: Apache-2.0 */
/* line_order.c: slots in a ring, and whose turn it is. */
#include "batch/line_order.h"

#include "base/alloc.h"
#include "base/limits.h"

enum { SLOTS_A_THREAD = 3 };

bool heng_line_order_init(heng_line_order *order, size_t threads,
                          size_t measure_count) {
    bool made = true;
    *order = (heng_line_order){.slot_count = threads * SLOTS_A_THREAD};
    (void)pthread_mutex_init(&order->lock, NULL);
    (void)pthread_cond_init(&order->moved, NULL);
    order->slots = heng_alloc_zero(order->slot_count, sizeof *order->slots);
    if (order->slots == NULL)
        return false;
    for (size_t i = 0; i < order->slot_count; i++) {
        heng_slot *slot = &order->slots[i];
        heng_buffer_init(&slot->lines, HENG_LIMIT_ANSWER_BYTES);
        heng_buffer_init(&slot->changes, HENG_LIMIT_ANSWER_BYTES);
        heng_buffer_init(&slot->due, HENG_LIMIT_ANSWER_BYTES);
        made = heng_tally_init(&slot->tally, measure_count) && made;
    }
    return made;
}

void heng_line_order_done(heng_line_order *order) {
    for (size_t i = 0; order->slots != NULL && i < order->slot_count; i++) {
        heng_slot *slot = &order->slots[i];
        heng_buffer_done(&slot->lines);
        heng_buffer_done(&slot->changes);
        heng_buffer_done(&slot->due);
        heng_tally_done(&slot->tally);
    }
    heng_alloc_free(order->slots);
    (void)pthread_cond_destroy(&order->moved);
    (void)pthread_mutex_destroy(&order->lock);
}

static void clear(heng_slot *slot) {
    heng_buffer_clear(&slot->lines);
    heng_buffer_clear(&slot->changes);
    heng_buffer_clear(&slot->due);
}

void heng_line_order_begin(heng_line_order *order, size_t count) {
    order->next = 0;
    order->turn = 0;
    order->count = count;
    for (size_t i = 0; i < order->slot_count; i++) /* of a run that failed */
        heng_tally_clear(&order->slots[i].tally);
}

static void enter(heng_line_order *order) {
    (void)pthread_mutex_lock(&order->lock);
}

static void leave(heng_line_order *order) {
    (void)pthread_cond_broadcast(&order->moved);
    (void)pthread_mutex_unlock(&order->lock);
}

static void wait(heng_line_order *order) {
    (void)pthread_cond_wait(&order->moved, &order->lock);
}

static void note(heng_line_order *order, heng_status status, const heng_error *error) {
    if (order->status != HENG_OK || status == HENG_OK)
        return;
    order->status = status;
    order->error = *error;
}

void heng_line_order_fail(heng_line_order *order, heng_status status,
                          const heng_error *error) {
    enter(order);
    note(order, status, error);
    leave(order);
}

bool heng_line_order_take(heng_line_order *order, size_t *ret_stretch,
                          heng_slot **ret_slot) {
    enter(order);
    bool taken = order->status == HENG_OK && order->next < order->count;
    if (taken) {
        *ret_stretch = order->next++;
        *ret_slot = &order->slots[*ret_stretch % order->slot_count];
        while (order->status == HENG_OK &&
               *ret_stretch >= order->turn + order->slot_count)
            wait(order);
        taken = order->status == HENG_OK;
    }
    if (taken) {
        clear(*ret_slot);
        (*ret_slot)->ready = false;
    }
    leave(order);
    return taken;
}

/* Without the lock: others go on meanwhile. `writing` keeps them from writing. */
static void write_out(heng_line_order *order, size_t stretch, heng_slot *slot,
                      bool whole) {
    heng_error error = {0};
    order->writing = true;
    (void)pthread_mutex_unlock(&order->lock);
    heng_status status = order->write(order->context, stretch, slot, whole, &error);
    (void)pthread_mutex_lock(&order->lock);
    note(order, status, &error);
    order->writing = false;
}

heng_status heng_line_order_flush(heng_line_order *order, size_t stretch,
                                  heng_slot *slot) {
    enter(order);
    while (order->status == HENG_OK && (order->turn != stretch || order->writing))
        wait(order);
    if (order->status == HENG_OK)
        write_out(order, stretch, slot, false);
    clear(slot);
    heng_status status = order->status;
    leave(order);
    return status;
}

void heng_line_order_give(heng_line_order *order, heng_slot *slot) {
    enter(order);
    slot->ready = true;
    while (order->status == HENG_OK && !order->writing && order->turn < order->count &&
           order->turn < order->next) {
        heng_slot *turn = &order->slots[order->turn % order->slot_count];
        if (!turn->ready)
            break;
        write_out(order, order->turn, turn, true);
        turn->ready = false;
        order->turn++;
        (void)pthread_cond_broadcast(&order->moved);
    }
    leave(order);
}
