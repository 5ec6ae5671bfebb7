/* SPDX-License-Identifier: Apache-2.0 */
/*
 * batch_job.h: one batch from its views to its files: lines and feed are written,
 * checkpoints kept, and in the end all is published.
 *
 * The order of publishing: feed, lines, baseline. A kill between any two is repaired by
 * running the batch again:
 *   before the feed        nothing is to be seen; the next one begins where this one
 * did before the lines       the feed is there; the next one has the same batch number
 *   before the baseline    and the same `from`, and so says all of it again
 * What is said twice is harmless: each line has the whole state of its subject or
 * measure. What is never said would not be: so the baseline comes last.
 */
#ifndef HENG_CLI_BATCH_JOB_H
#define HENG_CLI_BATCH_JOB_H

#include "base/buffer.h"
#include "base/limits.h"
#include "cli/batch_checkpoint.h"
#include "cli/partfile.h"
#include "cli/progress.h"
#include "cli/session.h"
#include "heng/batch.h"
#include "heng/decimal.h"
#include "report/render_change.h"
#include "store/baseline.h"

/** What a thread renders in. */
typedef struct heng_batch_desk {
    heng_arena *arena;         /* texts of one line */
    heng_buffer before, after; /* a line as it was and is, to be compared */
} heng_batch_desk;

typedef struct heng_batch_job {
    heng_session *session;
    /* asked for; all borrowed */
    const char *out, *feed; /* `feed` NULL: none */
    size_t threads;
    bool all, changed, is_csv, resume, stats, has_guard;
    heng_decimal guard;      /* percent */
    heng_decimal checkpoint; /* seconds between checkpoints */
    heng_arena *arena;       /* owned: all below that lasts for the batch */
    heng_batch *batch;       /* owned */
    heng_batch_desk *desks;  /* owned, one a thread */
    heng_render render;      /* what all lines have in common */
    const struct heng_outcome_form *form, *old_form;
    const heng_ruleset *before_ruleset; /* of the last batch */
    uint64_t was_told;                  /* by it; 0: there was none */
    heng_change_ends ends;
    heng_partfile out_file, feed_file;
    heng_buffer numbered; /* owned: lines of the feed with their numbers */
    heng_progress progress;
    /* baseline: NULL where none can be left, and `why` then says why */
    bool writable;
    heng_baseline_writer *writer;
    heng_error why;
    heng_buffer blob; /* owned */
    int64_t kept_at;  /* when the last checkpoint was */
    uint64_t kept_bytes;
    /* where it stands: behind `at.last` in lines that are whole */
    heng_batch_checkpoint at;
    char last[HENG_LIMIT_SUBJECT_ID_BYTES];
    uint64_t feed_lines;
    /* what was counted before a kill; zero where nothing was */
    heng_batch_checkpoint earlier;
    uint64_t *numbers; /* whole counts, of earlier and of now */
    heng_batch_counts counts;
} heng_batch_job;

/** Runs it; says itself what is wrong. The exit status. The session has ruleset, day
 * (unless it is resumed) and the options. */
int heng_batch_job_run(heng_batch_job *job);

/** Frees what the job owns. */
void heng_batch_job_done(heng_batch_job *job);

#endif
