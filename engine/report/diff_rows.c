/* SPDX-License-Identifier: Apache-2.0 */
/* diff_rows.c: the cells of a comparison summed by one of their sides, and what is said
 * of its days. */
#include <string.h>

#include "model/flat.h"
#include "report/render_diff.h"

heng_say heng_diff_say_kind(heng_difference_kind kind) {
    return (heng_say)((int)HENG_SAY_DIFF_GAINED + (int)kind);
}

heng_say heng_diff_say_axis(heng_diff_axis axis) {
    return (heng_say)((int)HENG_SAY_DIFF_H_MEASURE + (int)axis);
}

/* ---- rows ---- */

static size_t room_of(const heng_diff_report *report, heng_diff_axis axis) {
    switch (axis) {
    case HENG_DIFF_BY_MEASURE:
        return report->both->count;
    case HENG_DIFF_BY_REGION:
        return HENG_BATCH_REGIONS;
    case HENG_DIFF_BY_INDUSTRY:
        return HENG_CUBE_INDUSTRIES;
    case HENG_DIFF_BY_KIND:
        break;
    }
    return HENG_NATURAL_PERSON + 1;
}

static size_t place_of(const heng_cube_cell *cell, heng_diff_axis axis) {
    switch (axis) {
    case HENG_DIFF_BY_MEASURE:
        return cell->measure;
    case HENG_DIFF_BY_REGION:
        return cell->region;
    case HENG_DIFF_BY_INDUSTRY:
        return cell->industry;
    case HENG_DIFF_BY_KIND:
        break;
    }
    return cell->kind <= HENG_NATURAL_PERSON ? cell->kind : 0;
}

/* The title of the new ruleset, where both have the measure. */
static void name_measure(const heng_diff_report *report, uint32_t number,
                         heng_diff_row *row) {
    const heng_both_measures *both = report->both;
    const heng_measure *measure = both->in_now[number] != UINT32_MAX
                                      ? &both->now->measures[both->in_now[number]]
                                      : &both->old->measures[both->in_old[number]];
    row->id = both->ids[number];
    row->title = heng_text_in(&measure->title, report->lang);
}

static void name_kind(const heng_diff_report *report, int kind, heng_diff_row *row) {
    const heng_word *word = heng_kind_word(HENG_WORDS_SUBJECT_KIND, kind);
    if (word == NULL) {
        row->id = HENG_STR("other");
        return;
    }
    row->id = heng_str_of(word->word);
    row->title = heng_str_of(report->lang == HENG_LANG_EN ? word->en : word->zh);
}

/* An id of its own where it has none is `other`. False out of memory. */
static bool name(const heng_diff_report *report, heng_diff_axis axis, size_t place,
                 heng_diff_row *row) {
    char text[8];
    row->title = (heng_str){"", 0};
    if (axis == HENG_DIFF_BY_MEASURE) {
        name_measure(report, (uint32_t)place, row);
        return true;
    }
    if (axis == HENG_DIFF_BY_KIND) {
        name_kind(report, (int)place, row);
        return true;
    }
    bool other =
        axis == HENG_DIFF_BY_REGION ? place == HENG_BATCH_REGIONS - 1 : place == 0;
    if (other) {
        row->id = HENG_STR("other");
        if (report->lang != HENG_LANG_EN)
            row->title = heng_wording_get(report->lang, HENG_SAY_DIFF_OTHER);
        return true;
    }
    if (axis == HENG_DIFF_BY_REGION) {
        for (size_t i = 0, rest = place; i < 4; i++, rest /= 10)
            text[3 - i] = (char)('0' + rest % 10);
        row->id = heng_arena_dup_str(report->arena, (heng_str){text, 4});
    } else {
        text[0] = (char)('A' + place - 1);
        row->id = heng_arena_dup_str(report->arena, (heng_str){text, 1});
    }
    return row->id.ptr != NULL;
}

bool heng_diff_rows(const heng_diff_report *report, heng_diff_axis axis,
                    heng_diff_row **ret_rows, size_t *ret_count) {
    size_t room = room_of(report, axis), count = 0;
    heng_diff_row *rows = heng_arena_calloc(report->arena, room + 1, sizeof *rows);
    if (rows == NULL)
        return false;
    for (size_t i = 0; i < report->cube->count; i++) {
        const heng_cube_cell *cell = &report->cube->cells[i];
        for (int k = 0; k < HENG_DIFFERENCE_KINDS; k++)
            rows[place_of(cell, axis)].counts[k] += cell->counts[k];
    }
    for (size_t place = 0; place < room; place++) {
        uint64_t sum = 0;
        for (int k = 0; k < HENG_DIFFERENCE_KINDS; k++)
            sum += rows[place].counts[k];
        if (sum == 0)
            continue;
        rows[count] = rows[place];
        if (!name(report, axis, place, &rows[count]))
            return false;
        count++;
    }
    *ret_rows = rows;
    *ret_count = count;
    return true;
}

/* ---- days ---- */

static heng_str day_text(const heng_diff_report *report, heng_date day) {
    char text[HENG_DATE_TEXT_BYTES];
    heng_date_format(day, text);
    return heng_arena_dup_str(report->arena, heng_str_of(text));
}

heng_str heng_diff_days(const heng_diff_report *report) {
    const heng_batch_before *before = report->before;
    bool has_first = before->first > HENG_DATE_MIN;
    bool has_last = before->last < HENG_DATE_MAX;
    heng_str days[2] = {{"", 0}, {"", 0}};
    heng_say say = HENG_SAY_DIFF_SAME_AROUND;
    if (!before->is_bounded)
        return heng_wording_get(report->lang, HENG_SAY_DIFF_SAME_UNKNOWN);
    if (before->first > before->last)
        return heng_wording_get(report->lang, HENG_SAY_DIFF_SAME_ALWAYS);
    if (!has_first && !has_last)
        return heng_wording_get(report->lang, HENG_SAY_DIFF_SAME_NEVER);
    if (!has_last)
        say = HENG_SAY_DIFF_SAME_BEFORE;
    else if (!has_first)
        say = HENG_SAY_DIFF_SAME_AFTER;
    size_t count = 0;
    if (has_first)
        days[count++] = day_text(report, before->first);
    if (has_last)
        days[count++] = day_text(report, before->last);
    return heng_wording_fill(report->arena, report->lang, say, days, count);
}
