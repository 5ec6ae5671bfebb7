/* SPDX-License-Identifier: Apache-2.0 */
/* progress.h: a line on a terminal's standard error that says how far long work is. */
#ifndef HENG_CLI_PROGRESS_H
#define HENG_CLI_PROGRESS_H

#include <stdbool.h>
#include <stdint.h>

#include "cli/command.h"

typedef struct heng_progress {
    bool shown;         /* standard error is a terminal, and nobody asked for quiet */
    const char *what;   /* of what the rate is: "lines" */
    uint64_t total;     /* in the unit of `done`; 0: not known */
    int64_t started_at; /* milliseconds */
    int64_t turned_at;  /* when what is told began */
    int64_t told_at;
    bool wrote;
} heng_progress;

void heng_progress_start(heng_progress *progress, const heng_cli *cli, const char *what,
                         uint64_t total);

/** From now on something else is told; the time since the start goes on. */
void heng_progress_turn(heng_progress *progress, const char *what, uint64_t total);

/** `count` things, which are `done` of `total`. Writes a few times a second. */
void heng_progress_tell(heng_progress *progress, uint64_t count, uint64_t done);

/** Clears the line. */
void heng_progress_end(heng_progress *progress);

/** Milliseconds since the start. */
int64_t heng_progress_elapsed(const heng_progress *progress);

#endif
