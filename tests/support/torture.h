/* SPDX-License-Identifier: Apache-2.0 */
/*
 * torture.h: a function must survive the failure of each of its allocations.
 *
 * Run under ASan this also proves that nothing leaks on the way out.
 */
#ifndef HENG_TESTS_TORTURE_H
#define HENG_TESTS_TORTURE_H

#include "support/check.h"

#include "base/alloc.h"
#include "heng/error.h"

/** Does the work once, from the same state each time, and frees what it made. */
typedef heng_status torture_run(void *context);

/**
 * Runs `run` once undisturbed, which must give HENG_OK; then once for each allocation
 * that it made, with that one and all later ones failing, which must give
 * HENG_ERR_NOMEM. Returns how many allocations there were, for a test that wants to
 * hold them down.
 */
static inline uint64_t torture(torture_run *run, void *context) {
    uint64_t before = heng_alloc_count();
    heng_status status = run(context);
    assert_int_equal(status, HENG_OK);

    uint64_t count = heng_alloc_count() - before;
    for (uint64_t n = 1; n <= count; n++) {
        heng_alloc_fail_after(n);
        status = run(context);
        heng_alloc_fail_after(0); /* before anything of the test's own may fail */
        if (status != HENG_ERR_NOMEM) {
            fail_msg(
                "with allocation %ju of %ju failing: status %d, not HENG_ERR_NOMEM",
                (uintmax_t)n, (uintmax_t)count, (int)status);
        }
    }
    return count;
}

#endif
