/* SPDX-License-Identifier: Apache-2.0 */
/*
 * batch_sink.h: what a batch job does with the lines, changes and days that a batch
 * hands it: renders, writes, counts, and notes now and then how far it is.
 */
#ifndef HENG_CLI_BATCH_SINK_H
#define HENG_CLI_BATCH_SINK_H

#include <stdbool.h>

#include "cli/batch_job.h"
#include "heng/batch.h"

/** The calls, with the job as their context. */
heng_batch_sink heng_batch_sink_of(heng_batch_job *job);

/** Goes on without a baseline: the lines are right, only the next batch is not quick.
 */
void heng_batch_sink_lose_baseline(heng_batch_job *job, const heng_error *error);

/** Says which file could not be written, and why. */
heng_status heng_batch_sink_fail_write(const heng_partfile *file, heng_error *reterr);

/** Brings `counts` and `numbers` up to what was written, with what was counted before a
 * kill. */
void heng_batch_sink_count(heng_batch_job *job);

/** Whether it can be resumed: all its files have partials, and the store says where it
 * stands. */
bool heng_batch_sink_can_keep(const heng_batch_job *job);

/** Makes a checkpoint: waits for the disk. */
heng_status heng_batch_sink_keep(heng_batch_job *job, heng_error *reterr);

#endif
