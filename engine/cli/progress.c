/* SPDX-License-Identifier: Apache-2.0 */
/* progress.c: count, rate, and the time that is left. */
#include "cli/progress.h"

#include <inttypes.h>
#include <stdio.h>

#include "cli/clock.h"
#include "cli/output.h"

enum { EVERY_MS = 200 };

void heng_progress_start(heng_progress *progress, const heng_cli *cli, const char *what,
                         uint64_t total) {
    *progress = (heng_progress){.shown = !cli->quiet && heng_output_is_terminal(2),
                                .started_at = heng_clock_now()};
    heng_progress_turn(progress, what, total);
}

void heng_progress_turn(heng_progress *progress, const char *what, uint64_t total) {
    progress->what = what;
    progress->total = total;
    progress->turned_at = heng_clock_now();
}

static int64_t elapsed_since(int64_t instant) {
    int64_t elapsed = heng_clock_now() - instant;
    return elapsed > 0 ? elapsed : 0;
}

int64_t heng_progress_elapsed(const heng_progress *progress) {
    return elapsed_since(progress->started_at);
}

void heng_progress_tell(heng_progress *progress, uint64_t count, uint64_t done) {
    if (!progress->shown)
        return;
    int64_t now = heng_clock_now();
    if (now - progress->told_at < EVERY_MS)
        return;
    progress->told_at = now;
    uint64_t elapsed = (uint64_t)elapsed_since(progress->turned_at) + 1;
    uint64_t rate = count * 1000 / elapsed;
    (void)fprintf(stderr, "\r\x1b[K%" PRIu64 " %s, %" PRIu64 " a second", count,
                  progress->what, rate);
    if (progress->total > 0 && done > 0 && done <= progress->total) {
        /* in floating point: products of bytes and milliseconds do not fit 64 bits */
        double left =
            (double)elapsed * (double)(progress->total - done) / (double)done / 1000.0;
        (void)fprintf(stderr, ", %.0f%%, %.0f s left",
                      100.0 * (double)done / (double)progress->total, left);
    }
    (void)fflush(stderr);
    progress->wrote = true;
}

void heng_progress_end(heng_progress *progress) {
    if (progress->wrote)
        (void)fputs("\r\x1b[K", stderr);
    progress->wrote = false;
}
