/* SPDX-License-Identifier: Apache-2.0 */
/*
 * file.h: whole files in, whole files out, and which files a folder holds.
 *
 * Every error names the path, what was found there, and what to do. What is not there
 * is HENG_ERR_NOT_FOUND, no space left HENG_ERR_FULL, the rest HENG_ERR_IO.
 */
#ifndef HENG_BASE_FILE_H
#define HENG_BASE_FILE_H

#include <stddef.h>

#include "heng/api.h"
#include "heng/arena.h"
#include "heng/error.h"
#include "heng/str.h"

/**
 * Says what a failed system call means: a clause such as "permission denied; make it
 * readable for this user". Sets `reterr` with `path` as its place; `doing` is what was
 * tried ("cannot open"). Returns the status that fits `cause`, an errno.
 */
heng_status heng_file_fail(heng_error *reterr, const char *path, const char *doing,
                           int cause);

/**
 * Reads all of `path`, which may be a pipe but not a folder.
 *
 * @param ret_bytes  `*ret_len` bytes and a NUL; owned by the caller, who frees them
 * with heng_alloc_free().
 * @return HENG_ERR_LIMIT where it holds more than `max_bytes`.
 */
heng_status heng_file_read(const char *path, size_t max_bytes, char **ret_bytes,
                           size_t *ret_len, heng_error *reterr) HENG_NODISCARD;

/**
 * The files below `folder` whose names end in `suffix` (".yaml"), as paths relative to
 * it, sorted bytewise. Names that begin with a dot are skipped (editors' and version
 * control's own); symbolic links are followed.
 *
 * @param ret_paths  NUL-terminated; list and texts live in `arena`.
 * @return HENG_ERR_LIMIT past HENG_LIMIT_RULESET_FILES files, HENG_LIMIT_FOLDER_DEPTH
 *         folders in one another, or HENG_LIMIT_PATH_BYTES of a path; HENG_ERR_INVALID
 *         where a link leads back to a folder that it is in.
 */
heng_status heng_file_list(const char *folder, const char *suffix, heng_arena *arena,
                           heng_str **ret_paths, size_t *ret_count,
                           heng_error *reterr) HENG_NODISCARD;

/**
 * Writes `path` so that, whatever happens, it holds either what it held before or all
 * of `bytes`: into a temporary file beside it, which is flushed to disk and then
 * renamed. Keeps the mode of a file that was there; replaces a symbolic link itself.
 */
heng_status heng_file_replace(const char *path, const char *bytes, size_t len,
                              heng_error *reterr) HENG_NODISCARD;

#endif
