/* SPDX-License-Identifier: Apache-2.0 */
/* check.c: running a group of tests, and finding the inputs that lie beside the
 * project. */
#include "support/check.h"

#include <stdio.h>
#include <stdlib.h>

int check_run(const char *name, const struct CMUnitTest *tests, size_t count,
              CMFixtureFunction setup, CMFixtureFunction teardown) {
    if (count == 0) {
        (void)fprintf(stderr, "%s: no tests\n", name);
        return 1;
    }
    return _cmocka_run_group_tests(name, tests, count, setup, teardown) == 0 ? 0 : 1;
}

const char *check_input(const char *name) {
    const char *path = getenv(name);
    if (path == NULL || path[0] == '\0') {
        (void)printf("skipped: %s is not set\n", name);
        return NULL;
    }
    return path;
}
