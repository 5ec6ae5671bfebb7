/* SPDX-License-Identifier: Apache-2.0 */
/*
 * lab.h: the policy lab: a ruleset's own test cases, run against the ruleset.
 *
 * A case is a small world in YAML (`tests:` beside the rules) and what is expected of
 * the answer. It is decided by the same engine as every other answer.
 */
#ifndef HENG_LAB_H
#define HENG_LAB_H

#include <stdbool.h>
#include <stddef.h>

#include "heng/api.h"
#include "heng/error.h"
#include "heng/ruleset.h"
#include "heng/source.h"
#include "heng/str.h"

/** What came of one case. Memory of the suite's run, valid during the callback. */
typedef struct heng_suite_result {
    heng_str name[2]; /* zh, en */
    heng_span span;   /* of the case */
    bool passed;
    const char *const
        *failures; /* what was expected, what came, and what makes the difference */
    size_t failure_count;
} heng_suite_result;

typedef struct heng_suite_counts {
    size_t cases, passed, failed;
    size_t rules, rules_fired;          /* rules live in some case */
    size_t conditions, conditions_both; /* conditions seen true and false */
} heng_suite_counts;

/** A rule or condition that no case reached, for coverage. */
typedef struct heng_suite_gap {
    heng_str rule;
    const char *what; /* "never live", "`ground` never false", … */
} heng_suite_gap;

typedef struct heng_suite_options {
    heng_str only; /* run cases whose name contains this; empty: all */
    void (*result)(void *context, const heng_suite_result *result);
    void (*gap)(void *context,
                const heng_suite_gap *gap); /* NULL: coverage not wanted */
    void *context;
} heng_suite_options;

/**
 * Runs the cases of a ruleset in order of their files.
 *
 * A case that cannot be read (an unknown key, a record that import would reject) fails,
 * saying why; it never passes silently.
 *
 * @return HENG_OK whether cases failed or not; HENG_ERR_NOMEM. Thread-safe: the ruleset
 * is only read.
 */
HENG_API heng_status heng_suite_run(const heng_ruleset *ruleset,
                                    const heng_suite_options *options,
                                    heng_suite_counts *ret_counts,
                                    heng_error *reterr) HENG_NODISCARD;

#endif
