/* SPDX-License-Identifier: Apache-2.0 */
/* render_outcome.c: what a batch writes of one subject. */
#include "report/render_outcome.h"

#include <stdlib.h>
#include <string.h>

#include "base/json_write.h"
#include "model/flat.h"
#include "report/render_part_json.h"

bool heng_render_outcome_tells(const heng_decision *decision) {
    return decision->measure_count > 0 || decision->undetermined_count > 0;
}

static int compare(const void *a, const void *b) {
    return heng_str_compare(*(const heng_str *)a, *(const heng_str *)b);
}

/* Ids of all grounds, sorted, each once. NULL out of memory. */
static heng_str *grounds_of(const heng_render *render, const heng_applied *applied,
                            size_t *ret_count) {
    size_t room = 0, count = 0;
    for (size_t i = 0; i < applied->because_count; i++)
        room += applied->because[i]->ground_count;
    heng_str *ids = heng_arena_calloc(render->arena, room + 1, sizeof *ids);
    if (ids == NULL)
        return NULL;
    for (size_t i = 0; i < applied->because_count; i++) {
        const heng_finding *finding = applied->because[i];
        for (size_t g = 0; g < finding->ground_count; g++)
            ids[count++] =
                heng_flat_text(finding->grounds[g].record, HENG_FLAT_RECORD_ID);
    }
    qsort(ids, count, sizeof *ids, compare);
    size_t kept = 0;
    for (size_t i = 0; i < count; i++) {
        if (kept == 0 || !heng_str_equal(ids[i], ids[kept - 1]))
            ids[kept++] = ids[i];
    }
    for (size_t i = 0; i < kept; i++) {
        ids[i] = heng_render_document(render, ids[i]);
        if (ids[i].ptr == NULL)
            return NULL;
    }
    *ret_count = kept;
    return ids;
}

static void write_measure(const heng_render *render, heng_json_write *json,
                          const heng_applied *applied) {
    size_t count = 0;
    heng_str *grounds = grounds_of(render, applied, &count);
    if (grounds == NULL) {
        heng_buffer_fail(json->out, HENG_ERR_NOMEM);
        return;
    }
    heng_json_write_object(json);
    heng_json_write_key(json, "id");
    heng_json_write_str(json, render->ruleset->measures[applied->measure].id);
    heng_json_write_key(json, "state");
    heng_json_write_text(json, heng_state_word(applied->state));
    heng_render_part_json_date(json, "from", applied->term.from);
    heng_render_part_json_date(json, "until", applied->term.until);
    heng_json_write_key(json, "rules");
    heng_json_write_array(json);
    for (size_t i = 0; i < applied->because_count; i++)
        heng_json_write_str(json, render->ruleset->rules[applied->because[i]->rule].id);
    heng_json_write_array_end(json);
    heng_json_write_key(json, "grounds");
    heng_json_write_array(json);
    for (size_t i = 0; i < count; i++)
        heng_json_write_str(json, grounds[i]);
    heng_json_write_array_end(json);
    heng_json_write_object_end(json);
}

heng_status heng_render_outcome(const heng_render *render, heng_buffer *out) {
    const heng_decision *decision = render->decision;
    heng_json_write json;
    heng_json_write_init(&json, out, HENG_JSON_COMPACT);
    heng_json_write_object(&json);
    heng_json_write_key(&json, "subject");
    heng_render_part_json_str(&json, heng_render_id(render, render->snapshot->id));
    heng_str subject_key = heng_render_subject_key(render);
    if (subject_key.len > 0) {
        heng_json_write_key(&json, "subject_key");
        heng_json_write_str(&json, subject_key);
    }
    heng_render_part_json_date(&json, "valid_through", decision->valid_through);
    heng_json_write_key(&json, "measures");
    heng_json_write_array(&json);
    for (size_t i = 0; i < decision->measure_count; i++)
        write_measure(render, &json, &decision->measures[i]);
    heng_json_write_array_end(&json);
    heng_json_write_key(&json, "undetermined");
    heng_json_write_array(&json);
    for (size_t i = 0; i < decision->undetermined_count; i++)
        heng_json_write_str(&json,
                            render->ruleset->rules[decision->undetermined[i].rule].id);
    heng_json_write_array_end(&json);
    heng_json_write_object_end(&json);
    return heng_buffer_add_char(out, '\n');
}

/* ---- CSV (RFC 4180, but for line ends, which are those of NDJSON) ---- */

static bool needs_quotes(heng_str cell) {
    for (size_t i = 0; i < cell.len; i++) {
        char c = cell.ptr[i];
        if (c == ',' || c == '"' || c == '\n' || c == '\r')
            return true;
    }
    return false;
}

static void add_cell(heng_buffer *out, heng_str cell, char end) {
    bool quote = needs_quotes(cell);
    if (quote)
        (void)heng_buffer_add_char(out, '"');
    for (size_t i = 0; i < cell.len; i++) {
        if (cell.ptr[i] == '"')
            (void)heng_buffer_add_char(out, '"');
        (void)heng_buffer_add_char(out, cell.ptr[i]);
    }
    if (quote)
        (void)heng_buffer_add_char(out, '"');
    (void)heng_buffer_add_char(out, end);
}

/* Items of a list in one cell are parted by `;`. NULL text out of memory. */
static heng_str join(const heng_render *render, const heng_str *items, size_t count) {
    size_t len = 0;
    for (size_t i = 0; i < count; i++)
        len += items[i].len + 1;
    char *text = heng_arena_alloc(render->arena, len + 1);
    size_t at = 0;
    for (size_t i = 0; text != NULL && i < count; i++) {
        if (i > 0)
            text[at++] = ';';
        memcpy(text + at, items[i].ptr, items[i].len);
        at += items[i].len;
    }
    return text == NULL ? (heng_str){NULL, 1} : (heng_str){text, at};
}

enum { CSV_COLUMNS = 9 };
static const char CSV_HEAD[] =
    "subject,subject_key,valid_through,measure,state,from,until,rules,grounds\n";

static void add_row(heng_buffer *out, const heng_str cells[CSV_COLUMNS]) {
    for (size_t i = 0; i < CSV_COLUMNS; i++) {
        if (cells[i].ptr == NULL && cells[i].len > 0) {
            heng_buffer_fail(out, HENG_ERR_NOMEM);
            return;
        }
        add_cell(out, cells[i], i + 1 == CSV_COLUMNS ? '\n' : ',');
    }
}

heng_status heng_render_outcome_csv_head(heng_buffer *out) {
    return heng_buffer_add_text(out, CSV_HEAD);
}

static void add_measure(const heng_render *render, heng_buffer *out, heng_str subject,
                        heng_str valid, const heng_applied *applied) {
    size_t count = 0;
    heng_str *grounds = grounds_of(render, applied, &count);
    heng_str *rules =
        heng_arena_calloc(render->arena, applied->because_count + 1, sizeof *rules);
    if (grounds == NULL || rules == NULL) {
        heng_buffer_fail(out, HENG_ERR_NOMEM);
        return;
    }
    for (size_t i = 0; i < applied->because_count; i++)
        rules[i] = render->ruleset->rules[applied->because[i]->rule].id;
    const heng_str cells[CSV_COLUMNS] = {subject,
                                         heng_render_subject_key(render),
                                         valid,
                                         render->ruleset->measures[applied->measure].id,
                                         heng_str_of(heng_state_word(applied->state)),
                                         heng_render_date(render, applied->term.from),
                                         heng_render_date(render, applied->term.until),
                                         join(render, rules, applied->because_count),
                                         join(render, grounds, count)};
    add_row(out, cells);
}

heng_status heng_render_outcome_csv(const heng_render *render, heng_buffer *out) {
    const heng_decision *decision = render->decision;
    heng_str subject = heng_render_id(render, render->snapshot->id);
    heng_str valid = heng_render_date(render, decision->valid_through);
    const heng_str none = {"", 0};
    for (size_t i = 0; i < decision->measure_count; i++)
        add_measure(render, out, subject, valid, &decision->measures[i]);
    for (size_t i = 0; i < decision->undetermined_count; i++) {
        const heng_str cells[CSV_COLUMNS] = {
            subject,
            heng_render_subject_key(render),
            valid,
            none,
            HENG_STR("undetermined"),
            none,
            none,
            render->ruleset->rules[decision->undetermined[i].rule].id,
            none};
        add_row(out, cells);
    }
    if (!heng_render_outcome_tells(decision)) {
        const heng_str cells[CSV_COLUMNS] = {subject, heng_render_subject_key(render),
                                             valid,   none,
                                             none,    none,
                                             none,    none,
                                             none};
        add_row(out, cells);
    }
    return heng_buffer_status(out);
}
