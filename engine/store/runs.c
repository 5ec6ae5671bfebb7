/* SPDX-License-Identifier: Apache-2.0 */
/*
 * runs.c: writing runs.
 *
 *   entry: u32 bytes of the key | u32 bytes of the value | key | value
 *
 * The numbers are the host's own: no other process ever reads them.
 */
#include "store/runs.h"

#include <string.h>

#include "base/alloc.h"
#include "store/id_order.h"

/* Written at once: a system call costs little beside copying so much. */
#define WRITE_BYTES ((size_t)128 << 10)

void heng_runs_init(heng_runs *runs, const char *folder) {
    *runs = (heng_runs){0};
    heng_spool_init(&runs->spool, folder);
}

void heng_runs_done(heng_runs *runs) {
    if (runs->spool.folder != NULL) {
        heng_spool_close(&runs->spool);
    }
    heng_alloc_free(runs->items);
    heng_alloc_free(runs->buffer);
    *runs = (heng_runs){.spool = {.fd = -1}};
}

static heng_status flush(heng_runs *runs, heng_error *reterr) {
    size_t used = runs->used;
    runs->used = 0;
    return used == 0 ? HENG_OK
                     : heng_spool_write(&runs->spool, runs->buffer, used, reterr);
}

heng_status heng_runs_begin(heng_runs *runs, heng_error *reterr) {
    if (runs->buffer == NULL) {
        runs->buffer = heng_alloc(WRITE_BYTES);
    }
    if (runs->count == runs->room) {
        size_t room = runs->room == 0 ? 64 : runs->room * 2;
        heng_run *items = heng_alloc_resize(runs->items, room, sizeof *items);
        if (items == NULL)
            return heng_error_nomem(reterr);
        runs->items = items;
        runs->room = room;
    }
    if (runs->buffer == NULL)
        return heng_error_nomem(reterr);
    runs->items[runs->count] = (heng_run){.start = runs->spool.size};
    return HENG_OK;
}

static heng_status put_bytes(heng_runs *runs, const char *bytes, size_t len,
                             heng_error *reterr) {
    if (len > WRITE_BYTES - runs->used) {
        heng_status status = flush(runs, reterr);
        if (status != HENG_OK)
            return status;
        if (len > WRITE_BYTES)
            return heng_spool_write(&runs->spool, bytes, len, reterr);
    }
    if (len > 0) {
        memcpy(runs->buffer + runs->used, bytes, len);
    }
    runs->used += len;
    return HENG_OK;
}

heng_status heng_runs_put(heng_runs *runs, const heng_run_entry *entry,
                          heng_error *reterr) {
    uint32_t head[2] = {(uint32_t)entry->key.len, (uint32_t)entry->value.len};
    char bytes[HENG_RUNS_HEAD_BYTES];
    size_t size = sizeof bytes + entry->key.len + entry->value.len;
    heng_run *run = &runs->items[runs->count];
    memcpy(bytes, head, sizeof bytes);
    run->largest = size > run->largest ? size : run->largest;
    heng_status status = put_bytes(runs, bytes, sizeof bytes, reterr);
    if (status == HENG_OK) {
        status = put_bytes(runs, entry->key.ptr, entry->key.len, reterr);
    }
    return status == HENG_OK
               ? put_bytes(runs, entry->value.ptr, entry->value.len, reterr)
               : status;
}

heng_status heng_runs_end(heng_runs *runs, heng_error *reterr) {
    heng_status status = flush(runs, reterr);
    if (status == HENG_OK) {
        runs->items[runs->count++].end = runs->spool.size;
    }
    return status;
}

heng_status heng_runs_add(heng_runs *runs, const heng_run_entry *entries, size_t count,
                          heng_arena *arena, heng_error *reterr) {
    if (count == 0)
        return HENG_OK;
    heng_str *keys = heng_arena_alloc(arena, count * sizeof *keys);
    if (keys == NULL)
        return heng_error_nomem(reterr);
    for (size_t i = 0; i < count; i++) {
        keys[i] = entries[i].key;
    }
    const uint32_t *order = heng_id_order_sort(arena, keys, count);
    if (order == NULL)
        return heng_error_nomem(reterr);
    heng_status status = heng_runs_begin(runs, reterr);
    for (size_t i = 0; i < count && status == HENG_OK; i++) {
        status = heng_runs_put(runs, &entries[order[i]], reterr);
    }
    return status == HENG_OK ? heng_runs_end(runs, reterr) : status;
}
