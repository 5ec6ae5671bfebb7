/* SPDX-License-Identifier: Apache-2.0 */
/*
 * render_diff.h: two rulesets compared over one store: counts by measure, region,
 * industry and kind, samples with both explanations, on which days nothing can differ;
 * as text, as `heng.diff/1`, and as a page that stands for itself. Who exactly gets
 * something else is told line by line, as `heng.difference/1`.
 */
#ifndef HENG_REPORT_RENDER_DIFF_H
#define HENG_REPORT_RENDER_DIFF_H

#include "batch/cube.h"
#include "batch/difference.h"
#include "heng/batch.h"
#include "report/layout.h"
#include "report/render.h"
#include "report/wording.h"

/** A subject that gets something else, with why it did and does. */
typedef struct heng_diff_sample {
    heng_str subject; /* as it may be shown */
    uint32_t measure; /* its number */
    heng_difference_kind kind;
    heng_str old, now; /* explanations: text, or of JSON `heng.explanation/1` */
} heng_diff_sample;

/** All borrowed. */
typedef struct heng_diff_report {
    const heng_both_measures *both;
    const heng_batch_before *before; /* rules that are not the same, and the days */
    const heng_cube *cube;           /* sorted */
    heng_batch_counts counts;
    heng_date as_of;
    bool has_known_at; /* false: the store was empty */
    int64_t known_at;  /* milliseconds since 1970, UTC */
    const heng_diff_sample *samples;
    size_t sample_count;
    heng_lang lang;
    heng_arena *arena;
} heng_diff_report;

/** Subjects of one measure, region, industry or kind, by what became of them. */
typedef struct heng_diff_row {
    heng_str id, title; /* `title` may be empty */
    uint64_t counts[HENG_DIFFERENCE_KINDS];
} heng_diff_row;

typedef enum heng_diff_axis {
    HENG_DIFF_BY_MEASURE,
    HENG_DIFF_BY_REGION,
    HENG_DIFF_BY_INDUSTRY,
    HENG_DIFF_BY_KIND
} heng_diff_axis;

enum { HENG_DIFF_AXES = 4 };

/** A text just made; without `ptr` and with a `len` where memory ran out, which whoever
 * writes it takes for that failure. */
static inline heng_str heng_diff_made(const char *text) {
    return text == NULL ? (heng_str){NULL, 1} : heng_str_of(text);
}

/** The rows that have counts, in order, in the arena. A subject counts once for each
 * measure. False out of memory. */
bool heng_diff_rows(const heng_diff_report *report, heng_diff_axis axis,
                    heng_diff_row **ret_rows, size_t *ret_count);

/** What stands for a kind of difference in a table, and for an axis. */
heng_say heng_diff_say_kind(heng_difference_kind kind);
heng_say heng_diff_say_axis(heng_diff_axis axis);

/** On which days nothing differs, and why: a sentence, in the arena. */
heng_str heng_diff_days(const heng_diff_report *report);

void heng_render_diff_text(const heng_diff_report *report, heng_layout *layout);

/** `heng.diff/1`, one line. */
heng_status heng_render_diff_json(const heng_diff_report *report, heng_buffer *out);

/** A page without links to anything: counts with bars, samples folded. */
heng_status heng_render_diff_html(const heng_diff_report *report, heng_buffer *out);

/** The first line of `heng.difference/1`. */
heng_status heng_render_difference_head(const heng_diff_report *report,
                                        heng_buffer *out);

/** A line for each of `count` differences of a subject. `before` and `after` have
 * ruleset, snapshot, decision; the arena is that of `after`. */
heng_status heng_render_differences(const heng_both_measures *both,
                                    const heng_render *before, const heng_render *after,
                                    const heng_difference *list, size_t count,
                                    heng_buffer *out);

#endif
