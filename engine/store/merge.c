/* SPDX-License-Identifier: Apache-2.0 */
/*
 * merge.c: a heap of readers, the one with the smallest key on top, each with a piece
 * of its run in memory.
 *
 * How many runs are read at once follows from memory, not from a count: a run with an
 * entry of a megabyte needs a piece as large as that.
 */
#include "store/merge.h"

#include <string.h>

#include "base/alloc.h"

/* What is read of a run at once: below the first the disk would be asked too often,
 * above the second nothing is gained. */
#define PIECE_LEAST ((size_t)16 << 10)
#define PIECE_MOST ((size_t)128 << 10)

/* Entries between two questions whether to stop: some hundredths of a second. */
enum { ASK_EVERY = 1 << 16 };

static const heng_pos NOWHERE = {0, 0};

struct reader {
    char *buffer; /* owned */
    size_t room, start, end;
    uint64_t next, last;  /* of the run: not read yet */
    heng_run_entry entry; /* in the buffer, from `start` on */
};

struct heng_merge {
    const heng_spool *spool;
    struct reader *readers; /* owned */
    size_t count;
    struct reader **heap; /* owned */
    size_t left;          /* readers with an entry: the first of `heap` */
    bool moved;           /* the entry on top was handed out */
};

/* ---- one run ---- */

static heng_status refill(const heng_spool *spool, struct reader *reader,
                          heng_error *reterr) {
    size_t kept = reader->end - reader->start;
    if (kept > 0) {
        memmove(reader->buffer, reader->buffer + reader->start, kept);
    }
    uint64_t left = reader->last - reader->next;
    size_t room = reader->room - kept;
    size_t len = left < room ? (size_t)left : room;
    heng_status status =
        heng_spool_read(spool, reader->next, reader->buffer + kept, len, reterr);
    reader->start = 0;
    reader->end = kept + len;
    reader->next += len;
    return status;
}

/* Bytes of the entry at `start`, as far as they are known. */
static size_t entry_size(const struct reader *reader, uint32_t head[2]) {
    size_t have = reader->end - reader->start;
    if (have < HENG_RUNS_HEAD_BYTES)
        return HENG_RUNS_HEAD_BYTES;
    memcpy(head, reader->buffer + reader->start, HENG_RUNS_HEAD_BYTES);
    return HENG_RUNS_HEAD_BYTES + (size_t)head[0] + head[1];
}

/* To the next entry; false in `*ret_any` where there is none. */
static heng_status advance(const heng_spool *spool, struct reader *reader,
                           bool *ret_any, heng_error *reterr) {
    uint32_t head[2] = {0, 0};
    if (reader->entry.key.ptr != NULL) {
        reader->start +=
            HENG_RUNS_HEAD_BYTES + reader->entry.key.len + reader->entry.value.len;
    }
    *ret_any = reader->start < reader->end || reader->next < reader->last;
    if (!*ret_any)
        return HENG_OK;
    if (reader->end - reader->start < entry_size(reader, head)) {
        heng_status status = refill(spool, reader, reterr);
        if (status != HENG_OK)
            return status;
    }
    if (reader->end - reader->start < entry_size(reader, head))
        return heng_error_set(reterr, HENG_ERR_INTERNAL, spool->folder, NOWHERE,
                              "lines to be sorted were not read as they were written");
    const char *key = reader->buffer + reader->start + HENG_RUNS_HEAD_BYTES;
    reader->entry = (heng_run_entry){{key, head[0]}, {key + head[0], head[1]}};
    return HENG_OK;
}

/* ---- the heap ---- */

static bool precedes(const struct reader *a, const struct reader *b) {
    return heng_str_compare(a->entry.key, b->entry.key) < 0;
}

static void sift_down(heng_merge *merge, size_t at) {
    struct reader **heap = merge->heap;
    struct reader *moving = heap[at];
    for (;;) {
        size_t child = 2 * at + 1;
        if (child >= merge->left)
            break;
        if (child + 1 < merge->left && precedes(heap[child + 1], heap[child])) {
            child++;
        }
        if (!precedes(heap[child], moving))
            break;
        heap[at] = heap[child];
        at = child;
    }
    heap[at] = moving;
}

static size_t piece(const heng_run *run, size_t least) {
    uint64_t whole = run->end - run->start;
    size_t size = run->largest > least ? run->largest : least;
    return whole < size ? (size_t)whole : size;
}

/* The largest pieces that stay within the memory together. */
static size_t largest_piece(const heng_runs *runs, size_t first, size_t count,
                            size_t memory) {
    size_t size = PIECE_MOST;
    for (; size > PIECE_LEAST; size /= 2) {
        size_t used = 0;
        for (size_t i = 0; i < count; i++) {
            used += piece(&runs->items[first + i], size);
        }
        if (used <= memory)
            break;
    }
    return size;
}

void heng_merge_close(heng_merge *merge) {
    if (merge == NULL)
        return;
    for (size_t i = 0; i < merge->count; i++) {
        heng_alloc_free(merge->readers[i].buffer);
    }
    heng_alloc_free(merge->readers);
    heng_alloc_free(merge->heap);
    heng_alloc_free(merge);
}

/* Readers of the runs, each on its first entry. */
static heng_status open_some(const heng_runs *runs, size_t first, size_t count,
                             size_t memory, heng_merge **ret_merge,
                             heng_error *reterr) {
    heng_status status = HENG_OK;
    size_t least = largest_piece(runs, first, count, memory);
    heng_merge *merge = heng_alloc_zero(1, sizeof *merge);
    if (merge == NULL)
        return heng_error_nomem(reterr);
    merge->spool = &runs->spool;
    merge->readers = heng_alloc_zero(count, sizeof *merge->readers);
    merge->heap = heng_alloc_zero(count, sizeof(struct reader *));
    if (merge->readers == NULL || merge->heap == NULL) {
        status = heng_error_nomem(reterr);
    }
    for (size_t i = 0; i < count && status == HENG_OK; i++) {
        const heng_run *run = &runs->items[first + i];
        struct reader *reader = &merge->readers[merge->count++];
        bool any = false;
        reader->room = piece(run, least);
        reader->next = run->start;
        reader->last = run->end;
        reader->buffer = heng_alloc(reader->room);
        status = reader->buffer == NULL ? heng_error_nomem(reterr)
                                        : advance(merge->spool, reader, &any, reterr);
        if (status == HENG_OK && any) {
            merge->heap[merge->left++] = reader;
        }
    }
    if (status != HENG_OK) {
        heng_merge_close(merge);
        return status;
    }
    for (size_t i = merge->left / 2; i > 0; i--) {
        sift_down(merge, i - 1);
    }
    *ret_merge = merge;
    return HENG_OK;
}

heng_status heng_merge_next(heng_merge *merge, heng_run_entry *ret_entry,
                            bool *ret_none, heng_error *reterr) {
    if (merge->moved) {
        bool any = false;
        heng_status status = advance(merge->spool, merge->heap[0], &any, reterr);
        if (status != HENG_OK)
            return status;
        if (!any) {
            merge->heap[0] = merge->heap[--merge->left];
        }
        if (merge->left > 0) {
            sift_down(merge, 0);
        }
        merge->moved = false;
    }
    *ret_none = merge->left == 0;
    if (!*ret_none) {
        *ret_entry = merge->heap[0]->entry;
        merge->moved = true;
    }
    return HENG_OK;
}

heng_status heng_merge_stopped(heng_error *reterr) {
    return heng_error_set(reterr, HENG_ERR_STOPPED, "", NOWHERE,
                          "stopped on request; what was stored stays, and the same "
                          "import goes on from there");
}

heng_status heng_merge_each(heng_merge *merge, const heng_merge_ask *ask,
                            heng_merge_take *take, void *context, heng_error *reterr) {
    heng_run_entry entry;
    bool none = false;
    heng_status status = HENG_OK;
    for (size_t i = 1; status == HENG_OK; i++) {
        if (i % ASK_EVERY == 0 && ask->stop != NULL && ask->stop(ask->context))
            return heng_merge_stopped(reterr);
        status = heng_merge_next(merge, &entry, &none, reterr);
        if (status != HENG_OK || none)
            break;
        status = take(context, &entry, reterr);
    }
    return status;
}

/* ---- longer runs ---- */

/* How many runs from `first` on can be read at once. */
static size_t group(const heng_runs *runs, size_t first, size_t memory) {
    size_t used = 0;
    size_t count = 0;
    for (; first + count < runs->count; count++) {
        used += piece(&runs->items[first + count], PIECE_LEAST);
        if (used > memory && count >= 2)
            break;
    }
    return count;
}

static heng_status put_into(void *context, const heng_run_entry *entry,
                            heng_error *reterr) {
    heng_runs *to = context;
    return heng_runs_put(to, entry, reterr);
}

static heng_status join(heng_merge *merge, heng_runs *to, const heng_merge_ask *ask,
                        heng_error *reterr) {
    heng_status status = heng_runs_begin(to, reterr);
    if (status == HENG_OK) {
        status = heng_merge_each(merge, ask, put_into, to, reterr);
    }
    return status == HENG_OK ? heng_runs_end(to, reterr) : status;
}

/* Each group of runs becomes one. */
static heng_status lengthen(heng_runs *runs, size_t memory, const heng_merge_ask *ask,
                            heng_error *reterr) {
    heng_runs longer;
    heng_status status = HENG_OK;
    heng_runs_init(&longer, runs->spool.folder);
    for (size_t first = 0; first < runs->count && status == HENG_OK;) {
        size_t count = group(runs, first, memory);
        heng_merge *merge = NULL;
        status = open_some(runs, first, count, memory, &merge, reterr);
        if (status == HENG_OK) {
            status = join(merge, &longer, ask, reterr);
        }
        heng_merge_close(merge);
        first += count;
    }
    if (status == HENG_OK) {
        heng_runs swap = *runs;
        *runs = longer;
        longer = swap;
    }
    heng_runs_done(&longer);
    return status;
}

heng_status heng_merge_open(heng_runs *runs, size_t memory, const heng_merge_ask *ask,
                            heng_merge **ret_merge, heng_error *reterr) {
    while (group(runs, 0, memory) < runs->count) {
        heng_status status = lengthen(runs, memory, ask, reterr);
        if (status != HENG_OK)
            return status;
    }
    heng_alloc_free(runs->buffer); /* nothing is added any more */
    runs->buffer = NULL;
    return open_some(runs, 0, runs->count, memory, ret_merge, reterr);
}
