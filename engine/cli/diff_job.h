/* SPDX-License-Identifier: Apache-2.0 */
/*
 * diff_job.h: two rulesets over one store: the pass, the samples, and the files.
 *
 * Files appear whole or not at all: first the lines (--out), then the page (--html),
 * then the report on standard output.
 */
#ifndef HENG_CLI_DIFF_JOB_H
#define HENG_CLI_DIFF_JOB_H

#include "base/buffer.h"
#include "cli/outfile.h"
#include "cli/progress.h"
#include "cli/session.h"
#include "heng/batch.h"
#include "report/render_diff.h"

/** What a thread has for itself. */
typedef struct heng_diff_desk {
    heng_arena *arena; /* one subject's */
    heng_cube cube;
} heng_diff_desk;

/** A difference that will be a sample. */
typedef struct heng_diff_chosen {
    heng_str subject; /* in the arena */
    uint32_t measure;
    heng_difference_kind kind;
} heng_diff_chosen;

typedef struct heng_diff_job {
    /* asked for; borrowed. Both have their rulesets, `now` store, day and view */
    heng_session *old, *now;
    const char *out, *html; /* NULL: none */
    size_t threads, samples;
    bool is_json;
    /* owned */
    heng_arena *arena;
    heng_batch *batch;
    heng_diff_desk *desks;
    heng_outfile out_file;
    heng_buffer text;
    /* made */
    heng_both_measures both;
    heng_batch_before before;
    heng_render render; /* what all lines have in common */
    heng_cube cube;
    heng_diff_chosen *chosen;
    size_t chosen_count;
    bool *is_chosen; /* by measure and kind */
    heng_progress progress;
    heng_diff_report report;
} heng_diff_job;

/** Runs it and prints; says itself what is wrong. The exit status, without regard to
 * what differs: job->report.counts.changed says whether anything does. */
int heng_diff_job_run(heng_diff_job *job);

/** Frees what the job owns. */
void heng_diff_job_done(heng_diff_job *job);

#endif
