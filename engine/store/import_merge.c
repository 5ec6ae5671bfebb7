/* SPDX-License-Identifier: Apache-2.0 */
/* import_merge.c: one thread stores a batch while another reads the next from the runs.
 */
#include "store/import_merge.h"

#include <pthread.h>

#include "base/alloc.h"
#include "store/commit.h"
#include "store/intake.h"

/* Reading one batch, in whichever thread. */
struct take_job {
    heng_line_sort *sort;
    heng_line_sort_batch *batch;
    size_t most;
    heng_status status;
    heng_error error;
};

static void take(struct take_job *job) {
    job->status = heng_line_sort_take(job->sort, job->most, HENG_IMPORT_MERGE_BYTES,
                                      job->batch, &job->error);
}

static void *take_thread(void *context) {
    take(context);
    return NULL;
}

static heng_status store_batch(const heng_import_merge *merge,
                               heng_line_sort_batch *batch, heng_error *reterr) {
    const heng_import_options *options = merge->options;
    heng_import_counts *counts = merge->counts;
    heng_status status = HENG_OK;
    if (batch->count > 0) {
        status = heng_commit_apply(merge->store, batch->items, batch->count,
                                   merge->names, options->now(options->context),
                                   merge->work, counts, reterr);
        heng_arena_reset(merge->work);
    }
    if (status != HENG_OK)
        return status;
    counts->subjects_changed += batch->passed.subjects_changed;
    counts->records_changed += batch->passed.records_changed;
    counts->deliveries += batch->passed.deliveries;
    counts->waiting -= batch->lines;
    if (options->progress != NULL) {
        options->progress(options->context, counts);
    }
    return counts->waiting > 0 && options->stop != NULL &&
                   options->stop(options->context)
               ? heng_merge_stopped(reterr)
               : HENG_OK;
}

/* All batches: `jobs[0]` is being read or was, `jobs[1]` is the one before it. */
static heng_status store_all(const heng_import_merge *merge, struct take_job jobs[2],
                             heng_error *reterr) {
    struct take_job *reading = &jobs[0];
    struct take_job *ready = &jobs[1];
    heng_status status = HENG_OK;
    pthread_t thread;
    take(ready);
    while (status == HENG_OK && ready->status == HENG_OK && ready->batch->lines > 0) {
        bool running = !merge->options->one_thread &&
                       pthread_create(&thread, NULL, take_thread, reading) == 0;
        status = store_batch(merge, ready->batch, reterr);
        if (running) {
            (void)pthread_join(thread, NULL);
        } else if (status == HENG_OK) {
            take(reading);
        }
        struct take_job *swap = reading;
        reading = ready;
        ready = swap;
    }
    if (status == HENG_OK && ready->status != HENG_OK) {
        status = ready->status;
        if (reterr != NULL) {
            *reterr = ready->error;
        }
    }
    return status;
}

heng_status heng_import_merge_run(const heng_import_merge *merge, heng_error *reterr) {
    const heng_import_options *options = merge->options;
    const heng_merge_ask ask = {options->stop, options->context};
    size_t most = options->batch_lines == 0 ? HENG_INTAKE_LINES : options->batch_lines;
    heng_line_sort_batch batches[2] = {{0}, {0}};
    struct take_job jobs[2];
    for (int i = 0; i < 2; i++) {
        batches[i].arena = merge->arenas[i];
        jobs[i] =
            (struct take_job){.sort = merge->sort, .batch = &batches[i], .most = most};
    }
    heng_status status = heng_line_sort_settle(merge->sort, &ask, merge->work, reterr);
    heng_arena_reset(merge->work);
    if (status == HENG_OK) {
        status = store_all(merge, jobs, reterr);
    }
    return status;
}
