/* SPDX-License-Identifier: Apache-2.0 */
/* outcome.h: what becomes of one rule for one subject in one pass: steps 1 to 3. */
#ifndef HENG_TESTS_OUTCOME_H
#define HENG_TESTS_OUTCOME_H

#include "reference.h"

/* Where disputed records are suspended: without them all, and with all as if active. */
enum { FIRST_PASS, SECOND_PASS };

typedef struct run {
    day from, until; /* DAY_MAX: no end */
    int open;
} run;

/* What became of one rule in one pass. */
typedef struct outcome {
    bool concerns; /* kind, region, in effect */
    bool fires;
    bool doubt;
    bool excepted;
    bool live, pending, lapsed;
    uint64_t grounds;
    run runs[MAX_RECORDS];
    int run_count;
    bool may_except; /* an `unless` held, but a doubt remains */
    bool may_lapse;  /* a record that cannot be used any more may have fired it */
} outcome;

outcome outcome_ask(const rules *of, const world *in, int who, day as_of, int pass,
                    int index);

#endif
