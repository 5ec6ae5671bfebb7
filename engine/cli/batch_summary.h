/* SPDX-License-Identifier: Apache-2.0 */
/* batch_summary.h: what a batch says of itself on standard error. */
#ifndef HENG_CLI_BATCH_SUMMARY_H
#define HENG_CLI_BATCH_SUMMARY_H

#include "cli/command.h"
#include "heng/batch.h"
#include "heng/ruleset.h"

struct heng_batch_job;

/** What is told, once the batch itself is closed. All borrowed from the job. */
typedef struct heng_batch_summary {
    const heng_cli *cli;
    const heng_ruleset *ruleset;
    heng_batch_counts counts;
    const uint64_t *numbers; /* as heng_batch_tally has them */
    bool changed;            /* only what changed was written */
    bool compared;
    int64_t elapsed_ms;
} heng_batch_summary;

heng_batch_summary heng_batch_summary_of(const struct heng_batch_job *job);

/** How many, by state, measure and region; not with --quiet. The number of undetermined
 * subjects in any case. */
void heng_batch_summary_tell(const heng_batch_summary *summary);

/** What the index made of each rule, and whom it spared. For --stats. */
void heng_batch_summary_rules(const heng_cli *cli, const heng_batch *batch);

#endif
