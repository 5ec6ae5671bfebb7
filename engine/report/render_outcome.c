/* SPDX-License-Identifier: Apache-2.0 */
/* render_outcome.c: what a batch writes of one subject. */
#include "report/render_outcome.h"

#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "base/json_write.h"
#include "model/flat.h"
#include "report/outcome_form.h"

bool heng_render_outcome_tells(const heng_decision *decision) {
    return decision->measure_count > 0 || decision->undetermined_count > 0;
}

static int compare(const void *a, const void *b) {
    return heng_str_compare(*(const heng_str *)a, *(const heng_str *)b);
}

static void sort_ids(heng_str *ids, size_t count) {
    enum { FEW = 16 };
    if (count > FEW) {
        qsort(ids, count, sizeof *ids, compare);
        return;
    }
    for (size_t i = 1; i < count; i++) {
        heng_str id = ids[i];
        size_t at = i;
        for (; at > 0 && heng_str_compare(ids[at - 1], id) > 0; at--)
            ids[at] = ids[at - 1];
        ids[at] = id;
    }
}

/* Ids of all grounds, sorted, each once. NULL out of memory. */
static heng_str *grounds_of(const heng_render *render, const heng_applied *applied,
                            size_t *ret_count) {
    size_t room = 0, count = 0;
    for (size_t i = 0; i < applied->because_count; i++)
        room += applied->because[i]->ground_count;
    heng_str *ids = heng_arena_alloc(render->arena, (room + 1) * sizeof *ids);
    if (ids == NULL)
        return NULL;
    for (size_t i = 0; i < applied->because_count; i++) {
        const heng_finding *finding = applied->because[i];
        for (size_t g = 0; g < finding->ground_count; g++)
            ids[count++] =
                heng_flat_text(finding->grounds[g].record, HENG_FLAT_RECORD_ID);
    }
    sort_ids(ids, count);
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

/* ---- NDJSON ---- */

/* Where the next byte goes; room for all of a part was made before. */
typedef char *pen;

static inline pen put(pen at, heng_str text) {
    memcpy(at, text.ptr, text.len);
    return at + text.len;
}

/* Of a length that the compiler knows. */
#define PUT(at, literal)                                                               \
    ((pen)memcpy((at), (literal), sizeof(literal) - 1) + sizeof(literal) - 1)

static inline pen put_date(pen at, heng_date date) {
    if (!heng_date_valid(date))
        return PUT(at, "null");
    at[0] = '"';
    heng_date_format(date, at + 1);
    at[HENG_DATE_TEXT_BYTES] = '"'; /* over its NUL */
    return at + HENG_DATE_TEXT_BYTES + 1;
}

/* What a text takes at most: each byte as `\\u0000`, and quotes. */
static size_t room_for(heng_str text) {
    return text.len * 6 + 2;
}

/* What needs no escape. */
static inline pen put_plain(pen at, heng_str text) {
    *at++ = '"';
    heng_bytes_copy(at, text.ptr, text.len);
    at += text.len;
    *at++ = '"';
    return at;
}

/* Eight bytes. What is left over where one is doubtful does no harm: something else is
 * written over it. */
static inline uint64_t put_eight(pen at, const char *text) {
    uint64_t bytes;
    memcpy(&bytes, text, sizeof bytes);
    memcpy(at, &bytes, sizeof bytes);
    return heng_json_write_doubt(bytes);
}

static pen put_escaped(pen at, heng_str text) {
    /* The room behind `at` as a buffer that never has to grow. */
    heng_buffer rest = {.bytes = at, .room = room_for(text), .max = room_for(text)};
    heng_json_write json;
    heng_json_write_init(&json, &rest, HENG_JSON_COMPACT);
    heng_json_write_str(&json, text);
    return at + rest.len;
}

static inline pen put_quoted(pen at, heng_str text) {
    enum { EIGHT = sizeof(uint64_t) };
    if (text.len < EIGHT)
        return heng_json_write_plain(text) == text.len ? put_plain(at, text)
                                                       : put_escaped(at, text);
    size_t last = text.len - EIGHT;
    uint64_t doubt = put_eight(at + 1 + last, text.ptr + last);
    for (size_t i = 0; i < last; i += EIGHT)
        doubt |= put_eight(at + 1 + i, text.ptr + i);
    if (doubt != 0)
        return put_escaped(at, text);
    at[0] = '"';
    at[text.len + 1] = '"';
    return at + text.len + 2;
}

/* Takes in what was written from the buffer's end to `end`. */
static void end_at(heng_buffer *out, pen end) {
    heng_buffer_extend(out, (size_t)(end - (out->bytes + out->len)));
}

/* More than the fixed texts and days of a part. */
enum { PART_ROOM = 128 };

static inline heng_status add_head(const heng_render *render, heng_buffer *out) {
    heng_str id = render->snapshot->id;
    heng_str key = render->unmask ? (heng_str){"", 0} : render->subject_key;
    if (!render->plain_id)
        id = heng_render_id(render, id);
    if (id.ptr == NULL)
        return HENG_ERR_NOMEM;
    heng_status status =
        heng_buffer_reserve(out, PART_ROOM + room_for(id) + room_for(key));
    if (status != HENG_OK)
        return status;
    pen at = out->bytes + out->len;
    at = PUT(at, "{\"subject\":");
    at = render->plain_id ? put_plain(at, id) : put_quoted(at, id);
    if (key.len > 0) {
        at = PUT(at, ",\"subject_key\":");
        at = put_quoted(at, key);
    }
    at = PUT(at, ",\"valid_through\":");
    at = put_date(at, render->decision->valid_through);
    at = PUT(at, ",\"measures\":[");
    end_at(out, at);
    return HENG_OK;
}

static inline heng_str head_of(const heng_render *render, const heng_applied *applied) {
    const heng_str *heads = applied->state == HENG_STATE_APPLIES
                                ? render->form->applies
                                : render->form->suspended;
    return heads[applied->measure];
}

/* Up to the rules. */
static inline pen put_measure_head(pen at, bool first, heng_str head, heng_term term) {
    if (!first)
        *at++ = ',';
    at = put(at, head);
    at = put_date(at, term.from);
    at = PUT(at, ",\"until\":");
    return put_date(at, term.until);
}

static size_t room_of(const heng_render *render, const heng_applied *applied,
                      const heng_str *grounds, size_t ground_count) {
    size_t room = PART_ROOM + head_of(render, applied).len;
    for (size_t i = 0; i < applied->because_count; i++)
        room += render->form->rules[applied->because[i]->rule].len + 1;
    for (size_t i = 0; i < ground_count; i++)
        room += room_for(grounds[i]) + 1;
    return room;
}

/* Of several rules or grounds. */
static heng_status add_joint_measure(const heng_render *render, heng_buffer *out,
                                     bool first, const heng_applied *applied) {
    size_t count = 0;
    const heng_str *grounds = grounds_of(render, applied, &count);
    if (grounds == NULL)
        return HENG_ERR_NOMEM;
    heng_status status =
        heng_buffer_reserve(out, room_of(render, applied, grounds, count));
    if (status != HENG_OK)
        return status;
    pen at = put_measure_head(out->bytes + out->len, first, head_of(render, applied),
                              applied->term);
    at = PUT(at, ",\"rules\":[");
    for (size_t i = 0; i < applied->because_count; i++) {
        if (i > 0)
            *at++ = ',';
        at = put(at, render->form->rules[applied->because[i]->rule]);
    }
    at = PUT(at, "],\"grounds\":[");
    for (size_t i = 0; i < count; i++) {
        if (i > 0)
            *at++ = ',';
        at = put_quoted(at, grounds[i]);
    }
    end_at(out, PUT(at, "]}"));
    return HENG_OK;
}

/* One rule, one ground, as most measures have: nothing to gather and to sort. */
static heng_status add_single_measure(const heng_render *render, heng_buffer *out,
                                      bool first, const heng_applied *applied) {
    const heng_finding *finding = applied->because[0];
    heng_str head = head_of(render, applied);
    heng_str alone = render->form->alone[finding->rule];
    heng_str ground = heng_render_document(
        render, heng_flat_text(finding->grounds[0].record, HENG_FLAT_RECORD_ID));
    if (ground.ptr == NULL)
        return HENG_ERR_NOMEM;
    heng_status status =
        heng_buffer_reserve(out, PART_ROOM + head.len + alone.len + room_for(ground));
    if (status != HENG_OK)
        return status;
    pen at = put_measure_head(out->bytes + out->len, first, head, applied->term);
    at = put(at, alone);
    at = put_quoted(at, ground);
    end_at(out, PUT(at, "]}"));
    return HENG_OK;
}

static inline bool is_single(const heng_applied *applied) {
    return applied->because_count == 1 && applied->because[0]->ground_count == 1;
}

static inline heng_status add_undetermined(const heng_render *render,
                                           heng_buffer *out) {
    const heng_decision *decision = render->decision;
    size_t room = PART_ROOM;
    for (size_t i = 0; i < decision->undetermined_count; i++)
        room += render->form->rules[decision->undetermined[i].rule].len + 1;
    heng_status status = heng_buffer_reserve(out, room);
    if (status != HENG_OK)
        return status;
    pen at = out->bytes + out->len;
    at = PUT(at, "],\"undetermined\":[");
    for (size_t i = 0; i < decision->undetermined_count; i++) {
        if (i > 0)
            *at++ = ',';
        at = put(at, render->form->rules[decision->undetermined[i].rule]);
    }
    end_at(out, PUT(at, "]}\n"));
    return HENG_OK;
}

heng_status heng_render_outcome(const heng_render *render, heng_buffer *out) {
    const heng_decision *decision = render->decision;
    size_t before = out->len;
    heng_status status = add_head(render, out);
    for (size_t i = 0; status == HENG_OK && i < decision->measure_count; i++)
        status = is_single(&decision->measures[i])
                     ? add_single_measure(render, out, i == 0, &decision->measures[i])
                     : add_joint_measure(render, out, i == 0, &decision->measures[i]);
    if (status == HENG_OK)
        status = add_undetermined(render, out);
    if (status != HENG_OK)
        heng_buffer_truncate(out, before); /* a whole line or nothing */
    return status;
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
