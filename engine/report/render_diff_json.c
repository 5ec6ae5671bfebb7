/* SPDX-License-Identifier: Apache-2.0 */
/* render_diff_json.c: `heng.diff/1`, and the lines of `heng.difference/1`. */
#include <string.h>

#include "base/json_write.h"
#include "report/render_diff.h"
#include "report/render_part_json.h"

static void write_word(heng_json_write *json, const char *key, const char *text) {
    heng_json_write_key(json, key);
    heng_json_write_text(json, text);
}

static void write_text(heng_json_write *json, const char *key, heng_str text) {
    heng_json_write_key(json, key);
    heng_render_part_json_str(json, text);
}

static void write_counts(heng_json_write *json, const uint64_t *counts) {
    for (int k = 0; k < HENG_DIFFERENCE_KINDS; k++) {
        heng_json_write_key(json, heng_difference_word((heng_difference_kind)k));
        heng_json_write_uint(json, counts[k]);
    }
}

static void write_ruleset(heng_json_write *json, const char *key,
                          const heng_ruleset *ruleset) {
    heng_json_write_key(json, key);
    heng_json_write_object(json);
    write_text(json, "id", ruleset->id);
    write_text(json, "version", ruleset->version);
    write_text(json, "digest", ruleset->digest);
    heng_json_write_object_end(json);
}

/* What both formats begin with. */
static void write_ends(const heng_diff_report *report, heng_json_write *json) {
    heng_render_part_json_date(json, "as_of", report->as_of);
    heng_json_write_key(json, "known_at");
    if (report->has_known_at)
        heng_render_part_json_str(json,
                                  heng_render_time(report->arena, report->known_at));
    else
        heng_json_write_null(json);
    write_ruleset(json, "old", report->both->old);
    write_ruleset(json, "new", report->both->now);
}

/* Days on which something can differ: none, or from … until, null where open. */
static void write_days(const heng_diff_report *report, heng_json_write *json) {
    const heng_batch_before *before = report->before;
    bool known = before->is_bounded;
    bool differs = !known || before->first <= before->last;
    heng_json_write_key(json, "can_differ");
    heng_json_write_object(json);
    heng_json_write_key(json, "on_some_day");
    heng_json_write_bool(json, differs);
    bool bounded = known && differs;
    heng_render_part_json_date(
        json, "from",
        bounded && before->first > HENG_DATE_MIN ? before->first : HENG_DATE_NONE);
    heng_render_part_json_date(
        json, "until",
        bounded && before->last < HENG_DATE_MAX ? before->last : HENG_DATE_NONE);
    write_text(json, "why", heng_diff_days(report));
    heng_json_write_object_end(json);
}

static bool write_axis(const heng_diff_report *report, heng_json_write *json,
                       heng_diff_axis axis) {
    static const char *const KEYS[HENG_DIFF_AXES][2] = {
        [HENG_DIFF_BY_MEASURE] = {"measures", "measure"},
        [HENG_DIFF_BY_REGION] = {"regions", "region"},
        [HENG_DIFF_BY_INDUSTRY] = {"industries", "industry"},
        [HENG_DIFF_BY_KIND] = {"kinds", "kind"}};
    heng_diff_row *rows = NULL;
    size_t count = 0;
    if (!heng_diff_rows(report, axis, &rows, &count))
        return false;
    heng_json_write_key(json, KEYS[axis][0]);
    heng_json_write_array(json);
    for (size_t i = 0; i < count; i++) {
        heng_json_write_object(json);
        write_text(json, KEYS[axis][1], rows[i].id);
        write_counts(json, rows[i].counts);
        heng_json_write_object_end(json);
    }
    heng_json_write_array_end(json);
    return true;
}

/* Letters and digits as the tables have them; "other" where there are none. */
static void write_cells(const heng_diff_report *report, heng_json_write *json) {
    heng_json_write_key(json, "cells");
    heng_json_write_array(json);
    for (size_t i = 0; i < report->cube->count; i++) {
        const heng_cube_cell *cell = &report->cube->cells[i];
        const heng_word *kind = heng_kind_word(HENG_WORDS_SUBJECT_KIND, cell->kind);
        unsigned rest = cell->region;
        char region[5] = "", industry[2] = "";
        for (int digit = 3; digit >= 0; digit--, rest /= 10)
            region[digit] = (char)('0' + rest % 10);
        industry[0] = (char)('A' + cell->industry - 1);
        heng_json_write_object(json);
        write_text(json, "measure", report->both->ids[cell->measure]);
        write_word(json, "region",
                   cell->region == HENG_BATCH_REGIONS - 1 ? "other" : region);
        write_word(json, "industry", cell->industry == 0 ? "other" : industry);
        write_word(json, "kind", kind == NULL ? "other" : kind->word);
        write_counts(json, cell->counts);
        heng_json_write_object_end(json);
    }
    heng_json_write_array_end(json);
}

/* Without the newline that ends a line. */
static void write_explanation(heng_json_write *json, const char *key, heng_str text) {
    heng_json_write_key(json, key);
    if (text.len > 0 && text.ptr[text.len - 1] == '\n')
        text.len--;
    heng_json_write_raw(json, text);
}

static void write_samples(const heng_diff_report *report, heng_json_write *json) {
    heng_json_write_key(json, "samples");
    heng_json_write_array(json);
    for (size_t i = 0; i < report->sample_count; i++) {
        const heng_diff_sample *sample = &report->samples[i];
        heng_json_write_object(json);
        write_text(json, "subject", sample->subject);
        write_text(json, "measure", report->both->ids[sample->measure]);
        write_word(json, "change", heng_difference_word(sample->kind));
        write_explanation(json, "old", sample->old);
        write_explanation(json, "new", sample->now);
        heng_json_write_object_end(json);
    }
    heng_json_write_array_end(json);
}

heng_status heng_render_diff_json(const heng_diff_report *report, heng_buffer *out) {
    heng_json_write json;
    heng_json_write_init(&json, out, HENG_JSON_COMPACT);
    heng_json_write_object(&json);
    write_word(&json, "schema", "heng.diff/1");
    write_ends(report, &json);
    heng_render_part_json_ids(&json, "rules", report->before->rules,
                              report->before->rule_count);
    heng_render_part_json_ids(&json, "categories", report->before->categories,
                              report->before->category_count);
    write_days(report, &json);
    heng_json_write_key(&json, "subjects");
    heng_json_write_uint(&json, report->counts.subjects);
    heng_json_write_key(&json, "decided");
    heng_json_write_uint(&json, report->counts.looked_at);
    heng_json_write_key(&json, "changed");
    heng_json_write_uint(&json, report->counts.changed);
    for (int axis = 0; axis < HENG_DIFF_AXES; axis++) {
        if (!write_axis(report, &json, (heng_diff_axis)axis))
            return HENG_ERR_NOMEM;
    }
    write_cells(report, &json);
    write_samples(report, &json);
    heng_json_write_object_end(&json);
    return heng_buffer_add_char(out, '\n');
}

/* ---- who ---- */

heng_status heng_render_difference_head(const heng_diff_report *report,
                                        heng_buffer *out) {
    heng_json_write json;
    heng_json_write_init(&json, out, HENG_JSON_COMPACT);
    heng_json_write_object(&json);
    write_word(&json, "schema", "heng.difference/1");
    write_ends(report, &json);
    heng_json_write_object_end(&json);
    return heng_buffer_add_char(out, '\n');
}

static void write_state(const heng_ruleset *ruleset, heng_json_write *json,
                        const char *key, const heng_applied *applied) {
    heng_json_write_key(json, key);
    if (applied == NULL) {
        heng_json_write_null(json);
        return;
    }
    heng_json_write_object(json);
    write_word(json, "state", heng_state_word(applied->state));
    write_word(json, "force", heng_kind_word(HENG_WORDS_FORCE, applied->force)->word);
    heng_render_part_json_date(json, "from", applied->term.from);
    heng_render_part_json_date(json, "until", applied->term.until);
    write_word(json, "open",
               applied->term.open == HENG_OPEN_NONE
                   ? NULL
                   : heng_open_word(applied->term.open));
    heng_json_write_key(json, "rules");
    heng_json_write_array(json);
    for (size_t i = 0; i < applied->because_count; i++)
        heng_json_write_str(json, ruleset->rules[applied->because[i]->rule].id);
    heng_json_write_array_end(json);
    heng_json_write_object_end(json);
}

heng_status heng_render_differences(const heng_both_measures *both,
                                    const heng_render *before, const heng_render *after,
                                    const heng_difference *list, size_t count,
                                    heng_buffer *out) {
    heng_str id = heng_render_id(after, after->snapshot->id);
    heng_str key = heng_render_subject_key(after);
    for (size_t i = 0; i < count; i++) {
        heng_json_write json;
        heng_json_write_init(&json, out, HENG_JSON_COMPACT);
        heng_json_write_object(&json);
        write_text(&json, "subject", id);
        if (key.len > 0)
            write_text(&json, "subject_key", key);
        write_text(&json, "measure", both->ids[list[i].measure]);
        write_word(&json, "change", heng_difference_word(list[i].kind));
        write_state(before->ruleset, &json, "old", list[i].was);
        write_state(after->ruleset, &json, "new", list[i].is);
        heng_json_write_object_end(&json);
        (void)heng_buffer_add_char(out, '\n');
    }
    return heng_buffer_status(out);
}
