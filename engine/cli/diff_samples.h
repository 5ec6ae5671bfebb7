/* SPDX-License-Identifier: Apache-2.0 */
/* diff_samples.h: a few subjects that get something else, each explained by both
 * rulesets. */
#ifndef HENG_CLI_DIFF_SAMPLES_H
#define HENG_CLI_DIFF_SAMPLES_H

#include "cli/diff_job.h"

/** Takes the first subject of each measure and kind of difference, as long as there are
 * not enough. Called in the order of subjects. False out of memory. */
bool heng_diff_samples_offer(heng_diff_job *job, heng_str subject, uint32_t measure,
                             heng_difference_kind kind);

/** What explanations are made for. */
typedef enum heng_diff_explain {
    HENG_DIFF_EXPLAIN_TEXT, /* as wide as the terminal */
    HENG_DIFF_EXPLAIN_PAGE, /* text as wide as it is, without colour */
    HENG_DIFF_EXPLAIN_JSON
} heng_diff_explain;

/** Decides those taken by both rulesets, and fills the report's samples with
 * explanations of the rules that bring the measure about, would, or displace one that
 * would. After the batch ran. The exit status. */
int heng_diff_samples_explain(heng_diff_job *job, heng_diff_explain how);

#endif
