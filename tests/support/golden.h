/* SPDX-License-Identifier: Apache-2.0 */
/*
 * golden.h: texts that a test expects in full, kept in files.
 *
 * With HENG_UPDATE=1 in the environment a differing file is rewritten instead, for a
 * person to read in `git diff` before committing it.
 */
#ifndef HENG_TESTS_GOLDEN_H
#define HENG_TESTS_GOLDEN_H

#include <stddef.h>

/**
 * Fails the running test, showing the first line that differs, unless the file holds
 * exactly these `len` bytes. `path` is relative to tests/, such as
 * "golden/blocked.expect".
 */
void golden_check(const char *path, const char *text, size_t len);

/**
 * The bytes of a file below tests/, with a NUL after them that `*ret_len` does not
 * count. Owned by the caller, who frees it with free(). Fails the running test if it
 * cannot be read.
 */
char *golden_read(const char *path, size_t *ret_len);

#endif
