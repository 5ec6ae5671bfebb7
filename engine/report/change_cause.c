/* SPDX-License-Identifier: Apache-2.0 */
/* change_cause.c: comparing what both snapshots hold. */
#include "report/change_cause.h"

#include "model/flat.h"

struct causing {
    const heng_change_ends *ends;
    const heng_render *before, *after;
    heng_json_write *json;
    size_t count;
    /* ids that were written, so that each is once: of records, and of those tied */
    heng_str *met;
    size_t met_count, met_room;
};

static void begin(struct causing *at, const char *kind) {
    heng_json_write_object(at->json);
    heng_json_write_key(at->json, "kind");
    heng_json_write_text(at->json, kind);
    at->count++;
}

static void end(struct causing *at) {
    heng_json_write_object_end(at->json);
}

static void write_key(struct causing *at, const char *key, heng_str value) {
    heng_json_write_key(at->json, key);
    heng_json_write_str(at->json, value);
}

/* Whether `id` is met for the first time. Out of memory it is not. */
static bool is_new(struct causing *at, heng_str id) {
    for (size_t i = 0; i < at->met_count; i++) {
        if (heng_str_equal(at->met[i], id))
            return false;
    }
    if (at->met_count == at->met_room) {
        size_t room = at->met_room == 0 ? 16 : at->met_room * 2;
        heng_str *met = heng_arena_calloc(at->after->arena, room, sizeof *met);
        if (met == NULL) {
            heng_buffer_fail(at->json->out, HENG_ERR_NOMEM);
            return false;
        }
        for (size_t i = 0; i < at->met_count; i++)
            met[i] = at->met[i];
        at->met = met;
        at->met_room = room;
    }
    at->met[at->met_count++] = id;
    return true;
}

static heng_str id_of(const uint8_t *record) {
    return heng_flat_text(record, HENG_FLAT_RECORD_ID);
}

static bool is_later(const struct causing *at, const uint8_t *bytes) {
    return heng_flat_u64(bytes + HENG_FLAT_RECORD_COMMIT) > at->ends->from.commit;
}

_Static_assert((int)HENG_FLAT_RECORD_COMMIT == (int)HENG_FLAT_SUBJECT_COMMIT,
               "is_later() takes both");

/* ---- records ---- */

static const uint8_t *find_in(const heng_snapshot_record *records, size_t count,
                              heng_str id) {
    for (size_t i = 0; i < count; i++) {
        if (heng_str_equal(id_of(records[i].bytes), id))
            return records[i].bytes;
    }
    return NULL;
}

/* Among the subject's own, those behind ties, and those that name it. */
static const uint8_t *find_record(const heng_snapshot *snapshot, heng_str id) {
    const uint8_t *found = find_in(snapshot->records, snapshot->record_count, id);
    for (size_t i = 0; i < snapshot->tie_count && found == NULL; i++) {
        if (snapshot->ties[i].records != NULL)
            found =
                find_in(snapshot->ties[i].records, snapshot->ties[i].record_count, id);
    }
    for (size_t i = 0; i < snapshot->mention_count && found == NULL; i++)
        found = find_in(&snapshot->mentions[i].record, 1, id);
    return found;
}

static bool is_named(const heng_render *render, uint32_t rule) {
    return render->ruleset->rules[rule].gaze == HENG_GAZE_NAMED;
}

static void write_record(struct causing *at, const char *kind, heng_str id) {
    if (!is_new(at, id))
        return;
    begin(at, kind);
    write_key(at, "record", heng_render_document(at->after, id));
    end(at);
}

/* A record that the subject does not see any more was changed, or moved away, unless
 * it stands behind a tie that ended: that is said of the tie. */
static bool is_changed(const struct causing *at, const heng_ground *ground,
                       bool of_before) {
    if (!of_before)
        return is_later(at, ground->record);
    const uint8_t *now = find_record(at->after->snapshot, id_of(ground->record));
    return now == NULL ? ground->subject.len == 0 : is_later(at, now);
}

/* ---- ties ---- */

static bool has_tie(const heng_snapshot *snapshot, const heng_snapshot_tie *wanted) {
    for (size_t i = 0; i < snapshot->tie_count; i++) {
        const heng_snapshot_tie *tie = &snapshot->ties[i];
        if (heng_str_equal(tie->other, wanted->other) && tie->role == wanted->role &&
            tie->reversed == wanted->reversed && tie->from == wanted->from &&
            tie->to == wanted->to)
            return true;
    }
    return false;
}

/* Whether one has a tie with `other` that the second lacks. */
static bool lacks_tie(const heng_snapshot *one, const heng_snapshot *second,
                      heng_str other) {
    for (size_t i = 0; i < one->tie_count; i++) {
        if (heng_str_equal(one->ties[i].other, other) &&
            !has_tie(second, &one->ties[i]))
            return true;
    }
    return false;
}

static void write_tie(struct causing *at, const heng_ground *ground) {
    const heng_snapshot *before = at->before->snapshot, *after = at->after->snapshot;
    if (!lacks_tie(before, after, ground->subject) &&
        !lacks_tie(after, before, ground->subject))
        return;
    if (!is_new(at, ground->subject))
        return;
    begin(at, "relation");
    write_key(at, "role", ground->role);
    write_key(at, "id", heng_render_id(at->after, ground->subject));
    end(at);
}

/* ---- all of one end ---- */

static void write_grounds(struct causing *at, const heng_applied *applied,
                          bool of_before) {
    const heng_render *render = of_before ? at->before : at->after;
    for (size_t i = 0; applied != NULL && i < applied->because_count; i++) {
        const heng_finding *finding = applied->because[i];
        bool named = is_named(render, finding->rule);
        for (size_t g = 0; g < finding->ground_count; g++) {
            const heng_ground *ground = &finding->grounds[g];
            if (is_changed(at, ground, of_before))
                write_record(at, named ? "party" : "record", id_of(ground->record));
            if (ground->subject.len > 0 && !named)
                write_tie(at, ground);
        }
    }
}

static bool is_among(const heng_str *ids, size_t count, heng_str id) {
    size_t low = 0;
    while (low < count) {
        size_t middle = low + (count - low) / 2;
        int order = heng_str_compare(ids[middle], id);
        if (order == 0)
            return true;
        if (order < 0)
            low = middle + 1;
        else
            count = middle;
    }
    return false;
}

static void write_rules(struct causing *at, const heng_str *rules, size_t count) {
    size_t altered = 0;
    for (size_t i = 0; i < count; i++)
        altered += is_among(at->ends->rules, at->ends->rule_count, rules[i]);
    if (altered == 0)
        return;
    begin(at, "ruleset");
    heng_json_write_key(at->json, "rules");
    heng_json_write_array(at->json);
    for (size_t i = 0; i < count; i++) {
        if (is_among(at->ends->rules, at->ends->rule_count, rules[i]))
            heng_json_write_str(at->json, rules[i]);
    }
    heng_json_write_array_end(at->json);
    end(at);
}

static void write_subject(struct causing *at) {
    const uint8_t *subject = at->after->snapshot->subject;
    if (subject == NULL || !is_later(at, subject))
        return;
    begin(at, "subject");
    end(at);
}

static void write_calendar(struct causing *at) {
    heng_date until = at->before->decision->valid_through;
    heng_date from = at->ends->from.as_of, to = at->ends->to.as_of;
    if (to == from || (to > from && (!heng_date_valid(until) || until >= to)))
        return;
    begin(at, "calendar");
    end(at);
}

/* ---- where nothing was found ---- */

static void write_changed(struct causing *at, const heng_snapshot_record *records,
                          size_t count, const heng_snapshot *other, const char *kind) {
    for (size_t i = 0; i < count; i++) {
        heng_str id = id_of(records[i].bytes);
        if (is_later(at, records[i].bytes) || find_record(other, id) == NULL)
            write_record(at, kind, id);
    }
}

static void write_around(struct causing *at, const heng_snapshot *one,
                         const heng_snapshot *other) {
    write_changed(at, one->records, one->record_count, other, "record");
    for (size_t i = 0; i < one->tie_count; i++) {
        const heng_snapshot_tie *tie = &one->ties[i];
        if (tie->records == NULL || tie->record_count == 0)
            continue;
        write_changed(at, tie->records, tie->record_count, other, "record");
    }
    for (size_t i = 0; i < one->mention_count; i++)
        write_changed(at, &one->mentions[i].record, 1, other, "party");
}

static void write_general(struct causing *at) {
    write_around(at, at->before->snapshot, at->after->snapshot);
    write_around(at, at->after->snapshot, at->before->snapshot);
    if (at->count == 0 && !heng_str_equal(at->ends->from.digest, at->ends->to.digest)) {
        begin(at, "ruleset");
        heng_json_write_key(at->json, "rules");
        heng_json_write_array(at->json);
        heng_json_write_array_end(at->json);
        end(at);
    }
}

void heng_change_cause_write(const heng_change_ends *ends, const heng_render *before,
                             const heng_render *after, const heng_change_pair *pair,
                             heng_json_write *json) {
    struct causing at = {.ends = ends, .before = before, .after = after, .json = json};
    heng_json_write_array(json);
    if (before != NULL) {
        write_rules(&at, pair->rules, pair->rule_count);
        write_grounds(&at, pair->before, true);
        write_grounds(&at, pair->after, false);
        write_subject(&at);
        write_calendar(&at);
        if (at.count == 0)
            write_general(&at);
    }
    heng_json_write_array_end(json);
}
