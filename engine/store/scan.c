/* SPDX-License-Identifier: Apache-2.0 */
/*
 * scan.c: up to two tables and a list side by side, over dossiers, subjects and those
 * wanted: the smallest id among their heads comes next. They are merged, not looked up:
 * all are in the order of ids.
 */
#include "base/alloc.h"
#include "base/bytes.h"
#include "base/limits.h"
#include "model/flat.h"
#include "model/gist.h"
#include "store/dossier.h"
#include "store/gather.h"
#include "store/outline.h"
#include "store/scan_parts.h"

heng_status heng_scan_open(heng_view *view, unsigned what, heng_scan **ret_scan,
                           heng_error *reterr) {
    heng_scan *scan = heng_alloc_zero(1, sizeof *scan);
    if (scan == NULL)
        return heng_error_nomem(reterr);
    scan->view = view;
    scan->what = what;
    scan->snapshot.names = view->names;
    scan->is_plain = (what & HENG_SCAN_REST) == 0 && !heng_view_is_past(view);
    scan->arena = heng_arena_new(HENG_LIMIT_SUBJECT_ARENA_BYTES);
    heng_status status = scan->arena == NULL ? heng_error_nomem(reterr) : HENG_OK;
    if (status == HENG_OK) {
        status = heng_range_open(&scan->dossiers, view, heng_scan_dossier_table(what),
                                 reterr);
    }
    if (status == HENG_OK && (what & HENG_SCAN_ALL) != 0) {
        status =
            heng_range_open(&scan->subjects, view, heng_scan_line_table(what), reterr);
    }
    if (status != HENG_OK) {
        heng_scan_close(scan);
        return status;
    }
    *ret_scan = scan;
    return HENG_OK;
}

void heng_scan_close(heng_scan *scan) {
    if (scan == NULL)
        return;
    heng_arena_free(scan->arena);
    heng_alloc_free(scan->records);
    heng_alloc_free(scan->outline);
    heng_alloc_free(scan);
}

bool heng_scan_lasts(const heng_scan *scan) {
    return !heng_view_is_past(scan->view);
}

/* ---- categories ---- */

void heng_scan_narrow(heng_scan *scan, const heng_sought *sought) {
    scan->is_narrow = !heng_view_is_past(scan->view);
    scan->sought = *sought;
    scan->dossiers.leaves.is_sparse = (scan->what & HENG_SCAN_HEADS) != 0;
}

/* Of a row that is read next, after the one before it was worked on: each head in it
 * says where the next is, so that one line after the other would be waited for. In
 * line: see fetch() of leaves.c. */
static inline __attribute__((always_inline)) void fetch_bytes(const uint8_t *bytes,
                                                              size_t len) {
    enum { LINE = 64, AHEAD = 1024 };
    size_t end = len < AHEAD ? len : AHEAD;
    for (size_t at = 0; at < end; at += LINE)
        __builtin_prefetch(bytes + at);
}

/* Whether `id` lies before `stop`; empty: before the end. */
static bool comes_before(heng_str id, heng_str stop) {
    return stop.ptr == NULL || heng_bytes_order(id, stop) < 0;
}

/* Of those wanted, and of those whom records name. */
static void choose_others(const heng_scan *scan, heng_str *id) {
    if (scan->wanted < scan->wanted_end && comes_before(scan->wanted->id, *id))
        *id = scan->wanted->id;
    if (heng_named_is_within(&scan->mentions) &&
        comes_before(heng_named_party(&scan->mentions), *id))
        *id = heng_named_party(&scan->mentions);
}

/* Whether a dossier has no category that is sought, in a scan without a stop. */
static bool has_none(void *context, heng_str key, const uint8_t *value, size_t len) {
    const heng_scan *scan = context;
    (void)key;
    /* Who only looks for some passes by what nobody checked: whoever decides comes by
     * each row again. */
    if ((scan->what & HENG_SCAN_OUTLINES) != 0)
        return heng_outline_has_none(value, len, &scan->sought) &&
               ((scan->what & HENG_SCAN_HEADS) != 0 ||
                heng_outline_glance_is_sound(value));
    heng_categories categories = heng_dossier_categories(value, len);
    return !heng_categories_meet(&categories, &scan->sought.of_kind[0]);
}

static bool has_none_before_stop(void *context, heng_str key, const uint8_t *value,
                                 size_t len) {
    const heng_scan *scan = context;
    return has_none(context, key, value, len) && heng_bytes_order(key, scan->stop) < 0;
}

/* Passes by the dossiers without a category that is sought, before whoever is wanted or
 * named next: where that are nearly all, what can be is passed by before it is stood
 * on. */
static heng_status find_dossier(heng_scan *scan, heng_error *reterr) {
    heng_range *dossiers = &scan->dossiers;
    heng_status status = HENG_OK;
    if (!scan->is_narrow)
        return HENG_OK;
    scan->stop = (heng_str){0};
    choose_others(scan, &scan->stop);
    heng_leaves_passes *passes =
        scan->stop.ptr == NULL ? has_none : has_none_before_stop;
    while (dossiers->is_within && status == HENG_OK &&
           passes(scan, dossiers->row.key, dossiers->row.value, dossiers->row.len)) {
        heng_leaves_pass(&dossiers->leaves, passes, scan, dossiers->end);
        status = heng_range_next(dossiers, reterr);
    }
    if (dossiers->is_within && status == HENG_OK && dossiers->leaves.is_sparse)
        fetch_bytes(dossiers->row.value, dossiers->row.len);
    return status;
}

/* ---- those wanted, and those named ---- */

/* The next ones on the list, with what they are tied to. */
static void expect_wanted(heng_scan *scan) {
    heng_str ids[HENG_LEAVES_EXPECTED];
    size_t count = 0;
    const heng_wanted *wanted = scan->wanted;
    for (; wanted < scan->wanted_end && count < HENG_LEAVES_EXPECTED; wanted++) {
        ids[count++] = wanted->id;
        if (wanted->ties != NULL && wanted->tie_count > 0) /* most have one */
            fetch_bytes(wanted->ties[0].row.bytes, wanted->ties[0].row.len);
    }
    heng_scan_expect_lines(scan, ids, count);
    scan->expected_end = wanted;
}

/* What will be looked up of those whom the mentions found ahead name. */
static void expect_named(heng_scan *scan) {
    heng_str ids[HENG_LEAVES_EXPECTED];
    size_t count = heng_named_ahead(&scan->mentions, ids);
    heng_scan_expect_lines(scan, ids, count);
}

static heng_status next_mention(heng_scan *scan, heng_error *reterr) {
    bool more = false;
    heng_status status = heng_named_next(&scan->mentions, &more, reterr);
    if (status == HENG_OK && more)
        expect_named(scan);
    return status;
}

/* Takes all wanted rows that name `id`; the head then stands on those of the next. */
static heng_status read_mentions(heng_scan *scan, heng_str id, heng_error *reterr) {
    heng_gather_mentions mentions = {0};
    heng_status status = HENG_OK;
    while (status == HENG_OK && heng_named_is(&scan->mentions, id)) {
        const heng_leaves_row *row = &scan->mentions.found[scan->mentions.at].row;
        status = heng_gather_mention(
            scan->view, id, heng_table_value(row->key.ptr, row->key.len),
            heng_table_value(row->value, row->len), scan->arena, &mentions, reterr);
        if (status == HENG_OK)
            status = next_mention(scan, reterr);
    }
    heng_gather_sort_mentions(&mentions);
    scan->snapshot.mentions = mentions.items;
    scan->snapshot.mention_count = mentions.count;
    return status;
}

heng_status heng_scan_mentions(heng_scan *scan, const heng_categories *categories,
                               heng_scan_glances *glances, heng_scan_cares *cares,
                               void *context, heng_error *reterr) {
    return heng_named_open(&scan->mentions, scan->view, categories, glances, cares,
                           context, reterr);
}

heng_status heng_scan_range(heng_scan *scan, heng_str after, heng_str last,
                            const heng_wanted *wanted, size_t wanted_count,
                            heng_error *reterr) {
    if (after.len > HENG_LIMIT_SUBJECT_ID_BYTES ||
        last.len > HENG_LIMIT_SUBJECT_ID_BYTES)
        return heng_error_set(reterr, HENG_ERR_INVALID, NULL, (heng_pos){0, 0},
                              "an id has at most %zu bytes",
                              HENG_LIMIT_SUBJECT_ID_BYTES);
    scan->wanted = wanted;
    scan->wanted_end = wanted == NULL ? NULL : wanted + wanted_count;
    scan->expected_end = wanted;
    heng_status status = heng_range_seek(&scan->dossiers, after, last, reterr);
    if (status == HENG_OK)
        status = heng_range_seek(&scan->subjects, after, last, reterr);
    if (status == HENG_OK)
        status = heng_named_seek(&scan->mentions, after, last, reterr);
    if (status != HENG_OK)
        return status;
    expect_named(scan);
    return find_dossier(scan, reterr);
}

/* ---- one subject ---- */

static void choose(const heng_range *head, heng_str *id) {
    if (head->is_within && comes_before(head->row.key, *id))
        *id = head->row.key;
}

static bool stands_on(const heng_range *head, heng_str id) {
    return head->is_within &&
           (head->row.key.ptr == id.ptr || heng_str_equal(head->row.key, id));
}

static heng_status make_room(heng_scan *scan, size_t count, heng_str id,
                             heng_error *reterr) {
    if (count > HENG_LIMIT_RECORDS_PER_SUBJECT)
        return heng_gather_too_many(id, reterr);
    size_t room = count * 2;
    heng_snapshot_record *records =
        heng_alloc_resize(scan->records, room, sizeof *records);
    if (records == NULL)
        return heng_error_nomem(reterr);
    scan->records = records;
    scan->record_room = room;
    return HENG_OK;
}

static heng_status read_outline(heng_scan *scan, heng_str id, heng_error *reterr) {
    const heng_leaves_row *row = &scan->dossiers.row;
    heng_dossier outline;
    heng_status status = HENG_OK;
    if (!heng_outline_open(id, row->value, row->len, &outline))
        return heng_db_damaged(HENG_TABLE_OUTLINE, id, "not as it was written", reterr);
    scan->snapshot.subject = outline.subject;
    if (outline.count > scan->record_room)
        status = make_room(scan, outline.count, id, reterr);
    if (status != HENG_OK)
        return status;
    heng_outline_records(&outline, id, scan->records);
    scan->snapshot.records = scan->records;
    scan->snapshot.record_count = outline.count;
    return HENG_OK;
}

static heng_status read_dossier(heng_scan *scan, heng_str id, heng_error *reterr) {
    const heng_leaves_row *row = &scan->dossiers.row;
    heng_dossier dossier;
    bool heads = (scan->what & HENG_SCAN_HEADS) != 0;
    bool outlines = (scan->what & HENG_SCAN_OUTLINES) != 0;
    heng_status status = HENG_OK;
    if (outlines)
        return read_outline(scan, id, reterr);
    if (!heng_dossier_open(row->value, row->len, !heads, &dossier))
        return heng_db_damaged(HENG_TABLE_DOSSIER, id, "no well-formed dossier",
                               reterr);
    scan->snapshot.subject = dossier.subject;
    if (dossier.count > scan->record_room)
        status = make_room(scan, dossier.count, id, reterr);
    if (status != HENG_OK)
        return status;
    if (!heng_dossier_records(&dossier, id, !heads, scan->records))
        return heng_db_damaged(HENG_TABLE_DOSSIER, id, "no well-formed record", reterr);
    scan->snapshot.records = scan->records;
    scan->snapshot.record_count = dossier.count;
    return HENG_OK;
}

/* Makes the outline of a gist; *ret_subject is NULL where there is none such. */
static heng_status expand(heng_scan *scan, const heng_leaves_row *row,
                          const uint8_t **ret_subject, heng_error *reterr) {
    size_t room = heng_gist_room(row->value, row->len);
    *ret_subject = NULL;
    if (row->len == 0)
        return HENG_OK;
    if (room > scan->outline_room) {
        uint8_t *outline = heng_alloc_resize(scan->outline, room * 2, 1);
        if (outline == NULL)
            return heng_error_nomem(reterr);
        scan->outline = outline;
        scan->outline_room = room * 2;
    }
    if (heng_gist_expand(row->value, row->len, scan->outline) == 0)
        return heng_db_damaged(HENG_TABLE_GIST, row->key, "no well-formed gist",
                               reterr);
    *ret_subject = scan->outline;
    return HENG_OK;
}

/* A row of the gists. */
static heng_status read_gist(heng_scan *scan, const heng_leaves_row *row,
                             heng_error *reterr) {
    const uint8_t **subject = &scan->snapshot.subject;
    heng_status status = expand(scan, row, subject, reterr);
    return status == HENG_OK && *subject == NULL
               ? heng_view_get_subject(scan->view, row->key, subject, reterr)
               : status;
}

static heng_status read_line(heng_scan *scan, const heng_leaves_row *row,
                             heng_error *reterr) {
    if ((scan->what & HENG_SCAN_OUTLINES) != 0)
        return read_gist(scan, row, reterr);
    scan->snapshot.subject = row->value;
    return heng_flat_check_subject(row->value, row->len)
               ? HENG_OK
               : heng_db_damaged(HENG_TABLE_SUBJECT, row->key, "no well-formed subject",
                                 reterr);
}

static void note_row(heng_scan *scan) {
    scan->row = (heng_scan_row){scan->dossiers.row.value, scan->dossiers.row.len};
}

heng_scan_row heng_scan_get_row(const heng_scan *scan) {
    return scan->row;
}

/* The subject line of one without a dossier. */
static heng_status find_line(heng_scan *scan, heng_str id, heng_error *reterr) {
    heng_leaves_row row;
    heng_status status = heng_scan_look_up(
        scan, &scan->lines, heng_scan_line_table(scan->what), id, reterr);
    if (status != HENG_OK ||
        !heng_leaves_next(&scan->lines.leaves, &row, &status, reterr) ||
        !heng_str_equal(row.key, id))
        return status;
    return read_line(scan, &row, reterr);
}

/* Subject and own records, from the heads that stand on `id`. */
static heng_status read_own(heng_scan *scan, heng_str id, heng_error *reterr) {
    if (!heng_view_is_past(scan->view)) {
        if (stands_on(&scan->dossiers, id)) {
            note_row(scan);
            return read_dossier(scan, id, reterr);
        }
        if (stands_on(&scan->subjects, id))
            return read_line(scan, &scan->subjects.row, reterr);
        return find_line(scan, id, reterr);
    }
    heng_gather_own own = {0};
    heng_status status = heng_gather_subject(scan->view, id, scan->arena, &own, reterr);
    scan->snapshot.subject = own.subject;
    scan->snapshot.records = own.records;
    scan->snapshot.record_count = own.count;
    return status;
}

/* Moves all heads behind `id`. */
static heng_status pass(heng_scan *scan, heng_str id, heng_error *reterr) {
    heng_status status = HENG_OK;
    if (scan->wanted < scan->wanted_end && heng_str_equal(scan->wanted->id, id)) {
        scan->wanted++;
    }
    bool on_dossier = stands_on(&scan->dossiers, id);
    bool on_subject = stands_on(&scan->subjects, id);
    if (on_dossier)
        status = heng_range_next(&scan->dossiers, reterr);
    if (on_subject && status == HENG_OK)
        status = heng_range_next(&scan->subjects, reterr);
    while (status == HENG_OK && heng_named_is(&scan->mentions, id))
        status = next_mention(scan, reterr); /* left where something failed */
    /* Also where it did not stand on `id`: before it nothing was passed by. */
    return status == HENG_OK ? find_dossier(scan, reterr) : status;
}

/* A subject with more records or ties than one can have: the others must not wait for
 * its feed to be mended, so it is handed out without them, and says why. */
static heng_status note_too_much(heng_snapshot *snapshot, const heng_error *reason,
                                 heng_arena *arena, heng_error *reterr) {
    *snapshot = (heng_snapshot){
        .id = snapshot->id,
        .subject = snapshot->subject,
        .names = snapshot->names,
        .too_much = heng_arena_dup_str(arena, heng_str_of(reason->text)),
    };
    return snapshot->too_much.ptr != NULL ? HENG_OK : heng_error_nomem(reterr);
}

/* What is wanted of `id` beside its own records. */
static heng_status read_rest(heng_scan *scan, heng_str id, heng_error *reterr) {
    unsigned rest = 0;
    bool is_wanted =
        scan->wanted < scan->wanted_end && heng_str_equal(scan->wanted->id, id);
    heng_status status = HENG_OK;
    if ((scan->what & HENG_SCAN_REST) != 0)
        rest = scan->what & HENG_VIEW_ALL;
    else if (is_wanted && scan->wanted->ties != NULL)
        status = heng_scan_read_met(scan, scan->wanted, reterr);
    else if (is_wanted)
        rest = scan->wanted->what & HENG_VIEW_ALL;
    /* A gist has no relations, from which ties are looked up. */
    if (rest != 0 && scan->outline != NULL && scan->snapshot.subject == scan->outline)
        status = heng_view_get_subject(scan->view, id, &scan->snapshot.subject, reterr);
    if (status == HENG_OK && rest != 0)
        status =
            heng_gather_rest(scan->view, rest, scan->arena, &scan->snapshot, reterr);
    return status == HENG_OK && heng_named_is(&scan->mentions, id)
               ? read_mentions(scan, id, reterr)
               : status;
}

/* The subject `id`, and all heads behind it. */
static heng_status read_one(heng_scan *scan, heng_str id, heng_error *reterr) {
    heng_error error; /* not zeroed: a thousand bytes for each subject */
    error.status = HENG_OK;
    error.pos = (heng_pos){0, 0};
    error.place[0] = error.text[0] = '\0';
    heng_arena_reset(scan->arena);
    scan->snapshot = (heng_snapshot){.id = id, .names = scan->view->names};
    scan->row = (heng_scan_row){0};
    if (scan->wanted == scan->expected_end && scan->wanted < scan->wanted_end)
        expect_wanted(scan);
    heng_status status = read_own(scan, id, &error);
    if (status == HENG_OK)
        status = read_rest(scan, id, &error);
    if (status == HENG_ERR_LIMIT)
        status = note_too_much(&scan->snapshot, &error, scan->arena, &error);
    if (status == HENG_OK)
        return pass(scan, id, reterr);
    if (reterr != NULL)
        *reterr = error;
    return status;
}

/* Whether nobody is wanted, or named, before the subject after `id`. */
static bool comes_first(const heng_scan *scan, heng_str id) {
    return (scan->wanted == scan->wanted_end ||
            heng_bytes_order(id, scan->wanted->id) < 0) &&
           (!heng_named_is_within(&scan->mentions) ||
            heng_bytes_order(id, heng_named_party(&scan->mentions)) < 0);
}

/* Whether the next subject is simply that of the next dossier, or of the next line, as
 * nearly always; *ret_line says of the next line alone. */
static bool is_plain(const heng_scan *scan, bool *ret_line) {
    *ret_line = false;
    if (!scan->is_plain)
        return false;
    if (!scan->subjects.is_within)
        return scan->dossiers.is_within && comes_first(scan, scan->dossiers.row.key);
    *ret_line = !scan->dossiers.is_within ||
                heng_bytes_order(scan->subjects.row.key, scan->dossiers.row.key) < 0;
    /* A dossier whose subject has no line may come before the line that is next. */
    return comes_first(scan,
                       *ret_line ? scan->subjects.row.key : scan->dossiers.row.key);
}

static heng_status hand_out_bare(heng_scan *scan, heng_error *reterr) {
    heng_error reason = {0};
    heng_arena_reset(scan->arena);
    (void)heng_gather_too_many(scan->snapshot.id, &reason);
    return note_too_much(&scan->snapshot, &reason, scan->arena, reterr);
}

static void begin_plain(heng_snapshot *snapshot, heng_str id) {
    snapshot->id = id;
    snapshot->subject = NULL;
    snapshot->record_count = 0;
    snapshot->tie_count = 0;
    snapshot->mention_count = 0;
    snapshot->too_much.len = 0;
}

static heng_status next_plain(heng_scan *scan, const heng_snapshot **ret_snapshot,
                              heng_error *reterr) {
    heng_snapshot *snapshot = &scan->snapshot;
    begin_plain(snapshot, scan->dossiers.row.key);
    note_row(scan);
    heng_status status = read_dossier(scan, snapshot->id, reterr);
    if (status == HENG_ERR_LIMIT)
        status = hand_out_bare(scan, reterr);
    bool has_line = stands_on(&scan->subjects, snapshot->id);
    if (status == HENG_OK)
        status = heng_range_next(&scan->dossiers, reterr);
    if (status == HENG_OK && has_line)
        status = heng_range_next(&scan->subjects, reterr);
    *ret_snapshot = snapshot;
    return status == HENG_OK ? find_dossier(scan, reterr) : status;
}

/* A subject without records. */
static heng_status next_line(heng_scan *scan, const heng_snapshot **ret_snapshot,
                             heng_error *reterr) {
    begin_plain(&scan->snapshot, scan->subjects.row.key);
    scan->row = (heng_scan_row){0};
    *ret_snapshot = &scan->snapshot;
    heng_status status = read_line(scan, &scan->subjects.row, reterr);
    return status == HENG_OK ? heng_range_next(&scan->subjects, reterr) : status;
}

/* The first id at which something else than a line comes; empty: none. */
static heng_str next_stop(const heng_scan *scan) {
    heng_str id = {0};
    choose(&scan->dossiers, &id);
    choose_others(scan, &id);
    return id;
}

/* What is damaged, or has no gist, is not passed by. */
static heng_status pass_heads(heng_range *lines, heng_str stop,
                              heng_scan_passes *passes, void *context,
                              heng_error *reterr) {
    heng_status status = HENG_OK;
    heng_gist_head head;
    while (status == HENG_OK && lines->is_within &&
           comes_before(lines->row.key, stop) &&
           heng_gist_read_head(lines->row.value, lines->row.len, &head) &&
           passes(context, lines->row.key, NULL, &head))
        status = heng_range_next(lines, reterr);
    return status;
}

static heng_status pass_outlines(heng_scan *scan, heng_str stop,
                                 heng_scan_passes *passes, void *context,
                                 heng_error *reterr) {
    heng_status status = HENG_OK;
    heng_range *lines = &scan->subjects;
    while (status == HENG_OK && lines->is_within &&
           comes_before(lines->row.key, stop)) {
        const uint8_t *subject = NULL;
        status = expand(scan, &lines->row, &subject, reterr);
        if (status != HENG_OK || subject == NULL ||
            !passes(context, lines->row.key, subject, NULL))
            break;
        status = heng_range_next(lines, reterr);
    }
    return status;
}

heng_status heng_scan_pass(heng_scan *scan, bool attributes, heng_scan_passes *passes,
                           void *context, heng_error *reterr) {
    if (!scan->is_plain || (scan->what & HENG_SCAN_OUTLINES) == 0)
        return HENG_OK;
    heng_str stop = next_stop(scan);
    return attributes ? pass_outlines(scan, stop, passes, context, reterr)
                      : pass_heads(&scan->subjects, stop, passes, context, reterr);
}

heng_status heng_scan_next(heng_scan *scan, const heng_snapshot **ret_snapshot,
                           heng_error *reterr) {
    bool line = false;
    if (is_plain(scan, &line))
        return line ? next_line(scan, ret_snapshot, reterr)
                    : next_plain(scan, ret_snapshot, reterr);
    for (;;) {
        heng_str id = {0};
        choose(&scan->dossiers, &id);
        choose(&scan->subjects, &id);
        choose_others(scan, &id);
        if (id.ptr == NULL) {
            *ret_snapshot = NULL;
            return HENG_OK;
        }
        heng_status status = read_one(scan, id, reterr);
        /* Tables hold more than is known: subjects of later commits, and ids that only
         * a tie names. */
        if (status == HENG_OK && scan->snapshot.subject == NULL &&
            scan->snapshot.record_count == 0 && scan->snapshot.mention_count == 0 &&
            scan->snapshot.too_much.len == 0)
            continue;
        *ret_snapshot = &scan->snapshot;
        return status;
    }
}

heng_status heng_scan_one(heng_view *view, heng_str id, unsigned what,
                          heng_arena *arena, const heng_snapshot **ret_snapshot,
                          heng_error *reterr) {
    heng_error error = {0};
    heng_snapshot *snapshot = NULL;
    heng_status status = heng_view_snapshot(view, id, what, arena, &snapshot, &error);
    if (status == HENG_ERR_LIMIT) {
        heng_gather_own own = {0};
        heng_status found = heng_gather_subject(view, id, arena, &own, reterr);
        if (found != HENG_OK && found != HENG_ERR_LIMIT)
            return found;
        snapshot = heng_arena_calloc(arena, 1, sizeof *snapshot);
        if (snapshot == NULL)
            return heng_error_nomem(reterr);
        *snapshot =
            (heng_snapshot){.id = id, .subject = own.subject, .names = view->names};
        status = note_too_much(snapshot, &error, arena, &error);
    }
    *ret_snapshot = snapshot;
    if (status != HENG_OK && reterr != NULL)
        *reterr = error;
    return status;
}
