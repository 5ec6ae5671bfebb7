/* SPDX-License-Identifier: Apache-2.0 */
/*
 * render_change.h: a feed, `heng.change/1`: what was gained, lost or altered since the
 * last batch, a line for each measure, behind a line that says both ends.
 *
 * A line gives the whole state of its measure before and after, so that a receiver
 * that applies it twice has what it had after the first time.
 */
#ifndef HENG_REPORT_RENDER_CHANGE_H
#define HENG_REPORT_RENDER_CHANGE_H

#include "heng/batch.h"
#include "report/render.h"

/** One batch. */
typedef struct heng_change_end {
    uint64_t batch;
    uint64_t commit;
    heng_date as_of;
    bool has_known_at; /* false: the store was empty */
    int64_t known_at;  /* milliseconds since 1970, UTC */
    heng_str digest;   /* of the ruleset */
} heng_change_end;

/** Both ends, the same for all subjects. */
typedef struct heng_change_ends {
    bool has_from; /* false: there was no batch before */
    heng_change_end from, to;
    const heng_str *rules; /* ids of rules that are new, gone or altered; sorted */
    size_t rule_count;
} heng_change_ends;

/** The first line. */
heng_status heng_render_change_head(const heng_change_ends *ends, heng_arena *arena,
                                    heng_buffer *out);

/**
 * The lines of one subject, by measure, without the numbers that they get when it is
 * known where they stand (heng_render_change_numbered()).
 *
 * @param before  NULL where there was no batch before. Its arena is that of `after`.
 */
heng_status heng_render_change(const heng_change_ends *ends, const heng_render *before,
                               const heng_render *after, heng_buffer *out);

/** Whole lines with their numbers: the first one gets `*number` + 1, and `*number` is
 * that of the last one in the end. */
heng_status heng_render_change_numbered(heng_str lines, uint64_t *number,
                                        heng_buffer *out);

#endif
