/* SPDX-License-Identifier: Apache-2.0 */
/*
 * coverage.h: which rules and conditions the cases of a suite reached: a rule is
 * covered when it was live (or would be, were its basis verified), a condition when it
 * was seen true and false.
 */
#ifndef HENG_LAB_COVERAGE_H
#define HENG_LAB_COVERAGE_H

#include "heng/decide.h"
#include "heng/lab.h"
#include "model/snapshot.h"
#include "ruleset/linked.h"

typedef struct heng_coverage heng_coverage;

/** NULL out of memory. */
heng_coverage *heng_coverage_new(const heng_ruleset *ruleset);
void heng_coverage_free(heng_coverage *coverage);

/** Takes in one decided case. False out of memory. */
bool heng_coverage_add(heng_coverage *coverage, const heng_plan *plan,
                       heng_worker *worker, const heng_snapshot *snapshot,
                       const heng_decision *decision);

/** Fills the counts and reports each gap to options->gap. */
void heng_coverage_count(const heng_coverage *coverage,
                         const heng_suite_options *options, heng_suite_counts *counts);

#endif
