/* SPDX-License-Identifier: Apache-2.0 */
/* lines.h: a batch with its outcome lines written as `heng batch` writes them: to
 * memory that is then forgotten, or to a file. */
#ifndef HENG_BENCH_LINES_H
#define HENG_BENCH_LINES_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buffer.h"
#include "heng/arena.h"
#include "heng/batch.h"
#include "measure.h"
#include "report/outcome_form.h"

enum { HENG_LINES_THREADS = 64 };

/** For one ruleset. Read what is after `ruleset`, leave the rest alone. */
typedef struct heng_lines {
    heng_arena *forms;
    const heng_outcome_form *form;
    heng_arena *arenas[HENG_LINES_THREADS];
    heng_buffer lines[HENG_LINES_THREADS][2]; /* one subject's, as it was and is */
    const heng_ruleset *ruleset;
    heng_series *opening; /* takes in how long it takes to open a batch; or NULL */
    int file;   /* descriptor the lines are written to; -1: none. Yours to set */
    bool watch; /* reads the process's memory at each piece of lines: slow */
    bool count; /* counts matches: slow, and with one thread only */
    /* takes whose outcome ends by itself; or NULL */
    heng_status (*due)(void *context, heng_date day, heng_str id, heng_error *reterr);
    void *due_context;
    uint64_t bytes;   /* of the lines of the last run */
    uint64_t matches; /* of a rule and a record, in the last run */
    uint64_t
        anonymous_bytes; /* most resident memory that is no file's, watched so far */
} heng_lines;

void heng_lines_init(heng_lines *lines, const heng_ruleset *ruleset);
void heng_lines_done(heng_lines *lines);

/** The day that made-up markets are made for. */
heng_date heng_lines_day(void);

/** Opens a batch, `flags` as heng_batch_open() takes them. Ends the program where it
 * fails, as all that follow do. */
heng_batch *heng_lines_open(heng_lines *lines, heng_store *store, size_t threads,
                            unsigned flags);

/** Runs and closes it. */
heng_batch_counts heng_lines_write(heng_lines *lines, heng_batch *batch);

/** One batch from opening to the last line. */
heng_batch_counts heng_lines_run(heng_lines *lines, heng_store *store, size_t threads);

/** Resident memory that is not backed by a file: what heng takes beside the map. */
uint64_t heng_lines_anonymous_bytes(void);

#endif
