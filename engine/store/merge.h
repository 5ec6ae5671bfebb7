/* SPDX-License-Identifier: Apache-2.0 */
/*
 * merge.h: runs read as one, in the order of their keys.
 *
 * A little of each run is kept in memory. Where there are so many that even a little of
 * each is too much, some are first merged into longer ones, as often as needed:
 *
 *   runs on disk  ->  (fewer, longer runs)  ->  next, next, next …
 *
 * Keys must be distinct: their order alone says what comes first.
 */
#ifndef HENG_STORE_MERGE_H
#define HENG_STORE_MERGE_H

#include <stdbool.h>
#include <stddef.h>

#include "heng/error.h"
#include "store/runs.h"

typedef struct heng_merge heng_merge;

/** Asked now and then while all entries are gone through. */
typedef struct heng_merge_ask {
    bool (*stop)(void *context); /* true: HENG_ERR_STOPPED; may be NULL */
    void *context;
} heng_merge_ask;

/**
 * Starts reading all entries in order; nothing may be added afterwards.
 *
 * @param memory  what the runs read at once may take together; two at once are read
 *                whatever they take.
 * @param runs    borrowed; may become fewer and longer.
 */
heng_status heng_merge_open(heng_runs *runs, size_t memory, const heng_merge_ask *ask,
                            heng_merge **ret_merge, heng_error *reterr) HENG_NODISCARD;

/** The next entry, valid until the next call. `*ret_none` at the end. */
heng_status heng_merge_next(heng_merge *merge, heng_run_entry *ret_entry,
                            bool *ret_none, heng_error *reterr) HENG_NODISCARD;

typedef heng_status heng_merge_take(void *context, const heng_run_entry *entry,
                                    heng_error *reterr);

/** Hands all entries that are left to `take`, asking now and then whether to stop. */
heng_status heng_merge_each(heng_merge *merge, const heng_merge_ask *ask,
                            heng_merge_take *take, void *context,
                            heng_error *reterr) HENG_NODISCARD;

/** What stopping while lines are sorted is called. */
heng_status heng_merge_stopped(heng_error *reterr);

/** NULL is a no-op. The runs stay. */
void heng_merge_close(heng_merge *merge);

#endif
