/* SPDX-License-Identifier: Apache-2.0 */
/*
 * outfile.h: a file that appears whole or not at all: written beside its place under
 * another name, flushed to disk, then renamed. For results too large for memory.
 */
#ifndef HENG_CLI_OUTFILE_H
#define HENG_CLI_OUTFILE_H

#include <stdio.h>

#include "heng/error.h"
#include "heng/str.h"

typedef struct heng_outfile {
    const char *path; /* borrowed */
    char *temporary;  /* owned; NULL: standard output */
    FILE *stream;
    bool failed;
    int cause;
} heng_outfile;

/** `-` is standard output. */
heng_status heng_outfile_open(heng_outfile *file, const char *path,
                              heng_error *reterr) HENG_NODISCARD;

/** A failure is remembered; false from then on. */
bool heng_outfile_write(heng_outfile *file, heng_str text);

/** Puts it in its place. On failure nothing is left behind. */
heng_status heng_outfile_commit(heng_outfile *file, heng_error *reterr) HENG_NODISCARD;

/** Leaves nothing behind. Also takes one that was committed, or zeroed. */
void heng_outfile_abandon(heng_outfile *file);

#endif
