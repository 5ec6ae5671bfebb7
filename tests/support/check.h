/* SPDX-License-Identifier: Apache-2.0 */
/*
 * check.h: cmocka, and the little that our tests add to it.
 *
 * The only way a test includes cmocka: its header needs four others before it, in an
 * order that a formatter would not keep.
 */
#ifndef HENG_TESTS_CHECK_H
#define HENG_TESTS_CHECK_H

/* clang-format off */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
/* clang-format on */

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/** One cmocka case for one table row, which has a `name` saying what must hold. */
#define ROW_TEST(row, function)                                                        \
    ((struct CMUnitTest){(row)->name, (function), 0, 0, (row)})

/** Exit status by which ctest knows that a test was skipped. */
#define CHECK_SKIPPED 77

/**
 * Runs `count` tests. Returns 0 if all held, else 1: cmocka's own number of failures
 * would be taken for success at 256 and for a skipped test at CHECK_SKIPPED.
 */
int check_run(const char *name, const struct CMUnitTest *tests, size_t count,
              CMFixtureFunction setup, CMFixtureFunction teardown);

#undef cmocka_run_group_tests
#undef cmocka_run_group_tests_name
#define cmocka_run_group_tests(tests, setup, teardown)                                 \
    check_run(#tests, tests, COUNT(tests), setup, teardown)
#define cmocka_run_group_tests_name(name, tests, setup, teardown)                      \
    check_run(name, tests, COUNT(tests), setup, teardown)

/**
 * The path that the build put into the environment variable `name`, or NULL after
 * printing why the test is skipped; main() then returns CHECK_SKIPPED. Borrowed, valid
 * to the end.
 */
const char *check_input(const char *name);

#endif
