/* SPDX-License-Identifier: Apache-2.0 */
/* render_diff_text.c: a comparison of two rulesets for people at a terminal. */
#include <inttypes.h>

#include "base/limits.h"
#include "report/render_diff.h"

enum { INDENT = 2, LABEL_CELLS = 20, COLUMNS = 2 + HENG_DIFFERENCE_KINDS };

static heng_str say(const heng_diff_report *report, heng_say phrase) {
    return heng_wording_get(report->lang, phrase);
}

static heng_str number(const heng_diff_report *report, uint64_t value) {
    return heng_diff_made(heng_arena_printf(report->arena, "%" PRIu64, value));
}

static void field(const heng_diff_report *report, heng_layout *layout, heng_say label,
                  heng_str text) {
    heng_layout_field(layout, INDENT, LABEL_CELLS, say(report, label), text);
}

static heng_str ruleset_text(const heng_diff_report *report,
                             const heng_ruleset *ruleset) {
    enum { SHOWN = sizeof "sha256:" - 1 + 12 }; /* of a digest: enough to tell it by */
    heng_str digest = ruleset->digest;
    digest.len = digest.len < SHOWN ? digest.len : SHOWN;
    return heng_diff_made(
        heng_arena_printf(report->arena, "%.*s %.*s (%.*s)", HENG_STR_ARG(ruleset->id),
                          HENG_STR_ARG(ruleset->version), HENG_STR_ARG(digest)));
}

static heng_str ids_text(const heng_diff_report *report, const heng_str *ids,
                         size_t count) {
    heng_buffer text;
    heng_buffer_init(&text, HENG_LIMIT_ANSWER_BYTES);
    for (size_t i = 0; i < count; i++) {
        if (i > 0)
            (void)heng_buffer_add_str(&text, HENG_STR(", "));
        (void)heng_buffer_add_str(&text, ids[i]);
    }
    heng_str all = heng_arena_dup_str(report->arena, heng_buffer_view(&text));
    if (heng_buffer_status(&text) != HENG_OK || all.ptr == NULL)
        all = (heng_str){NULL, 1};
    heng_buffer_done(&text);
    return count == 0 ? say(report, HENG_SAY_DIFF_NO_RULES) : all;
}

static void head(const heng_diff_report *report, heng_layout *layout) {
    char day[HENG_DATE_TEXT_BYTES];
    heng_date_format(report->as_of, day);
    const heng_str texts[] = {heng_str_of(day)};
    const heng_str counts[] = {number(report, report->counts.subjects),
                               number(report, report->counts.looked_at),
                               number(report, report->counts.changed)};
    heng_layout_text(
        layout, 0, 0, HENG_PAINT_STRONG,
        heng_wording_fill(report->arena, report->lang, HENG_SAY_DIFF_HEAD, texts, 1));
    field(report, layout, HENG_SAY_DIFF_OLD, ruleset_text(report, report->both->old));
    field(report, layout, HENG_SAY_DIFF_NEW, ruleset_text(report, report->both->now));
    field(report, layout, HENG_SAY_DIFF_KNOWN,
          report->has_known_at ? heng_render_time(report->arena, report->known_at)
                               : say(report, HENG_SAY_DIFF_EMPTY));
    field(report, layout, HENG_SAY_DIFF_RULES,
          ids_text(report, report->before->rules, report->before->rule_count));
    if (report->before->category_count > 0)
        field(report, layout, HENG_SAY_DIFF_CATEGORIES,
              ids_text(report, report->before->categories,
                       report->before->category_count));
    field(report, layout, HENG_SAY_DIFF_PROOF, heng_diff_days(report));
    field(report, layout, HENG_SAY_DIFF_SUBJECTS,
          heng_wording_fill(report->arena, report->lang, HENG_SAY_DIFF_COUNTS, counts,
                            3));
}

static void table(const heng_diff_report *report, heng_layout *layout,
                  heng_diff_axis axis) {
    heng_layout_table table = {.columns = COLUMNS};
    heng_str cells[COLUMNS] = {say(report, heng_diff_say_axis(axis)), {"", 0}};
    heng_diff_row *rows = NULL;
    size_t count = 0;
    if (!heng_diff_rows(report, axis, &rows, &count)) {
        heng_buffer_fail(layout->out, HENG_ERR_NOMEM);
        return;
    }
    for (int k = 0; k < HENG_DIFFERENCE_KINDS; k++)
        cells[2 + k] = say(report, heng_diff_say_kind((heng_difference_kind)k));
    heng_layout_row(layout, &table, cells);
    for (size_t i = 0; i < count; i++) {
        cells[0] = rows[i].id;
        cells[1] = rows[i].title;
        for (int k = 0; k < HENG_DIFFERENCE_KINDS; k++)
            cells[2 + k] = number(report, rows[i].counts[k]);
        heng_layout_row(layout, &table, cells);
    }
    heng_layout_blank(layout);
    heng_layout_print(layout, &table, INDENT);
}

static void side(const heng_diff_report *report, heng_layout *layout, heng_say label,
                 heng_str text) {
    heng_layout_blank(layout);
    heng_layout_text(layout, INDENT, 0, HENG_PAINT_STRONG, say(report, label));
    heng_layout_blank(layout);
    (void)heng_buffer_add_str(layout->out, text); /* laid out already */
}

static void sample(const heng_diff_report *report, heng_layout *layout, size_t index) {
    const heng_diff_sample *at = &report->samples[index];
    const heng_str texts[] = {number(report, index + 1), at->subject,
                              report->both->ids[at->measure],
                              say(report, heng_diff_say_kind(at->kind))};
    heng_layout_blank(layout);
    heng_layout_text(
        layout, 0, 0, HENG_PAINT_STRONG,
        heng_wording_fill(report->arena, report->lang, HENG_SAY_DIFF_SAMPLE, texts, 4));
    side(report, layout, HENG_SAY_DIFF_BY_OLD, at->old);
    side(report, layout, HENG_SAY_DIFF_BY_NEW, at->now);
}

void heng_render_diff_text(const heng_diff_report *report, heng_layout *layout) {
    head(report, layout);
    if (report->cube->count == 0) {
        heng_layout_blank(layout);
        heng_layout_text(layout, 0, 0, HENG_PAINT_NONE,
                         say(report, HENG_SAY_DIFF_NOTHING));
        return;
    }
    for (int axis = 0; axis < HENG_DIFF_AXES; axis++)
        table(report, layout, (heng_diff_axis)axis);
    for (size_t i = 0; i < report->sample_count; i++)
        sample(report, layout, i);
}
