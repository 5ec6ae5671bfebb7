/* SPDX-License-Identifier: Apache-2.0 */
/*
 * partfile.h: a file that appears whole or not at all, and can be gone on with: it is
 * written beside its place under the fixed name FILE.partial, and renamed at the end.
 *
 * The partial is locked while it is written: two batches never write the same one. What
 * is no regular file (a pipe, /dev/null, standard output) is written as it is.
 */
#ifndef HENG_CLI_PARTFILE_H
#define HENG_CLI_PARTFILE_H

#include <stdbool.h>
#include <stdint.h>

#include "heng/error.h"
#include "heng/str.h"

/** Zeroed, it is a file that nobody asked for: all below but open take it. */
typedef struct heng_partfile {
    const char *path; /* borrowed; NULL: not asked for */
    char *partial;    /* owned; NULL: written where it goes at once */
    int descriptor;
    uint64_t bytes; /* written */
    bool failed;
    int cause;
} heng_partfile;

/**
 * Begins a file anew, or, with `keep`, goes on behind its first `*keep` bytes.
 *
 * @param path  `-` is standard output.
 * @return HENG_OK; HENG_ERR_NOT_FOUND where there is no partial with so many bytes;
 *         HENG_ERR_BUSY where another process writes it; HENG_ERR_IO; HENG_ERR_NOMEM.
 */
heng_status heng_partfile_open(heng_partfile *file, const char *path,
                               const uint64_t *keep, heng_error *reterr) HENG_NODISCARD;

/** Whether it has a partial, and so can be gone on with. */
static inline bool heng_partfile_is_kept(const heng_partfile *file) {
    return file->partial != NULL;
}

/** A failure is remembered; false from then on. */
bool heng_partfile_write(heng_partfile *file, heng_str text);

/** All that was written is on the disk when it returns. */
heng_status heng_partfile_sync(heng_partfile *file, heng_error *reterr) HENG_NODISCARD;

/** Puts it in its place. On failure the old file is as it was. */
heng_status heng_partfile_commit(heng_partfile *file,
                                 heng_error *reterr) HENG_NODISCARD;

/** Closes it; the partial stays. */
void heng_partfile_keep(heng_partfile *file);

/** Leaves nothing behind. Also takes one that was committed, or zeroed. */
void heng_partfile_abandon(heng_partfile *file);

#endif
