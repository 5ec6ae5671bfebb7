/* SPDX-License-Identifier: Apache-2.0 */
/*
 * render_change.c: two decisions side by side, measure by measure.
 *
 * What an undetermined rule would bring about stands beside what applies, as a state of
 * its own: so a measure that is lost only because its rule can no longer be told is
 * `undetermined`, not `lost`.
 */
#include "report/render_change.h"

#include <stdlib.h>
#include <string.h>

#include "base/ids.h"
#include "base/json_write.h"
#include "model/flat.h"
#include "report/change_cause.h"
#include "report/render_part_json.h"

/* One measure of one end; several where several rules that bring it are undetermined.
 */
typedef struct heng_change_entry {
    heng_str measure;
    const heng_applied *applied; /* NULL: this is about `doubt` */
    heng_str doubt;              /* id of an undetermined rule */
} heng_change_entry;

typedef struct heng_change_list {
    heng_change_entry *items;
    size_t count;
} heng_change_list;

/* All of one measure at one end. */
typedef struct heng_change_state {
    const heng_applied *applied;
    heng_str *rules, *grounds, *doubts; /* sorted, each once */
    size_t rule_count, ground_count, doubt_count;
} heng_change_state;

/* ---- both lists ---- */

static int compare_entries(const void *a, const void *b) {
    const heng_change_entry *left = a, *right = b;
    int order = heng_str_compare(left->measure, right->measure);
    if (order != 0)
        return order;
    return heng_str_compare(left->doubt, right->doubt);
}

static bool list_entries(const heng_render *render, heng_arena *arena,
                         heng_change_list *ret_list) {
    const heng_decision *decision = render->decision;
    const heng_ruleset *ruleset = render->ruleset;
    size_t room = decision->measure_count;
    for (size_t i = 0; i < decision->undetermined_count; i++)
        room += ruleset->rules[decision->undetermined[i].rule].measure_count;
    heng_change_entry *items = heng_arena_calloc(arena, room + 1, sizeof *items);
    size_t count = 0;
    if (items == NULL)
        return false;
    for (size_t i = 0; i < decision->measure_count; i++) {
        const heng_applied *applied = &decision->measures[i];
        items[count++] = (heng_change_entry){
            ruleset->measures[applied->measure].id, applied, {"", 0}};
    }
    for (size_t i = 0; i < decision->undetermined_count; i++) {
        const heng_rule *rule = &ruleset->rules[decision->undetermined[i].rule];
        for (size_t m = 0; m < rule->measure_count; m++)
            items[count++] = (heng_change_entry){
                ruleset->measures[rule->measures[m]].id, NULL, rule->id};
    }
    if (count > 1)
        qsort(items, count, sizeof *items, compare_entries);
    *ret_list = (heng_change_list){items, count};
    return true;
}

static bool list_grounds(heng_arena *arena, heng_change_state *state) {
    const heng_applied *applied = state->applied;
    size_t room = 0, count = 0;
    for (size_t i = 0; i < applied->because_count; i++)
        room += applied->because[i]->ground_count;
    state->grounds = heng_arena_calloc(arena, room + 1, sizeof *state->grounds);
    if (state->grounds == NULL)
        return false;
    for (size_t i = 0; i < applied->because_count; i++) {
        const heng_finding *finding = applied->because[i];
        for (size_t g = 0; g < finding->ground_count; g++)
            state->grounds[count++] =
                heng_flat_text(finding->grounds[g].record, HENG_FLAT_RECORD_ID);
    }
    state->ground_count = heng_ids_sort_once(state->grounds, count);
    return true;
}

/* Takes all entries of `measure` off the front of the list. */
static bool take_state(const heng_render *render, heng_arena *arena,
                       heng_change_list *list, heng_str measure,
                       heng_change_state *ret_state) {
    heng_change_state state = {0};
    size_t count = 0;
    while (count < list->count && heng_str_equal(list->items[count].measure, measure))
        count++;
    state.doubts = heng_arena_calloc(arena, count + 1, sizeof *state.doubts);
    if (state.doubts == NULL)
        return false;
    for (size_t i = 0; i < count; i++) {
        if (list->items[i].applied != NULL)
            state.applied = list->items[i].applied;
        else
            state.doubts[state.doubt_count++] = list->items[i].doubt;
    }
    list->items += count;
    list->count -= count;
    if (state.applied != NULL) {
        state.rule_count = state.applied->because_count;
        state.rules = heng_arena_calloc(arena, state.rule_count + 1, sizeof(heng_str));
        if (state.rules == NULL || !list_grounds(arena, &state))
            return false;
        for (size_t i = 0; i < state.rule_count; i++)
            state.rules[i] = render->ruleset->rules[state.applied->because[i]->rule].id;
    }
    *ret_state = state;
    return true;
}

/* ---- what became of a measure ---- */

static bool same_ids(const heng_str *a, size_t a_count, const heng_str *b,
                     size_t b_count) {
    bool same = a_count == b_count;
    for (size_t i = 0; i < a_count && same; i++)
        same = heng_str_equal(a[i], b[i]);
    return same;
}

static bool same_state(const heng_change_state *a, const heng_change_state *b) {
    if (!same_ids(a->doubts, a->doubt_count, b->doubts, b->doubt_count) ||
        (a->applied == NULL) != (b->applied == NULL))
        return false;
    return a->applied == NULL ||
           (a->applied->state == b->applied->state &&
            a->applied->force == b->applied->force &&
            a->applied->term.from == b->applied->term.from &&
            a->applied->term.until == b->applied->term.until &&
            same_ids(a->rules, a->rule_count, b->rules, b->rule_count) &&
            same_ids(a->grounds, a->ground_count, b->grounds, b->ground_count));
}

static const char *word_of(const heng_change_state *before,
                           const heng_change_state *after) {
    if (after->applied != NULL)
        return before->applied != NULL ? "altered" : "gained";
    return after->doubt_count > 0 ? "undetermined" : "lost";
}

/* ---- writing ---- */

static void write_text(heng_json_write *json, const char *key, const char *text) {
    heng_json_write_key(json, key);
    heng_json_write_text(json, text);
}

static void write_state(const heng_render *render, heng_json_write *json,
                        const char *key, const heng_change_state *state) {
    const heng_applied *applied = state->applied;
    heng_json_write_key(json, key);
    if (applied == NULL && state->doubt_count == 0) {
        heng_json_write_null(json);
        return;
    }
    heng_json_write_object(json);
    write_text(json, "state",
               applied == NULL ? "undetermined" : heng_state_word(applied->state));
    write_text(json, "force",
               applied == NULL
                   ? NULL
                   : heng_kind_word(HENG_WORDS_FORCE, applied->force)->word);
    heng_render_part_json_date(json, "from",
                               applied == NULL ? HENG_DATE_NONE : applied->term.from);
    heng_render_part_json_date(json, "until",
                               applied == NULL ? HENG_DATE_NONE : applied->term.until);
    heng_render_part_json_ids(json, "rules", state->rules, state->rule_count);
    heng_json_write_key(json, "grounds");
    heng_json_write_array(json);
    for (size_t i = 0; i < state->ground_count; i++)
        heng_json_write_str(json, heng_render_document(render, state->grounds[i]));
    heng_json_write_array_end(json);
    heng_render_part_json_ids(json, "undetermined", state->doubts, state->doubt_count);
    heng_json_write_object_end(json);
}

/* The rules of both ends. */
static bool list_rules(heng_arena *arena, const heng_change_state *before,
                       const heng_change_state *after, heng_change_pair *pair) {
    const heng_change_state *ends[] = {before, after};
    size_t count = 0;
    heng_str *ids = heng_arena_calloc(arena,
                                      before->rule_count + before->doubt_count +
                                          after->rule_count + after->doubt_count + 1,
                                      sizeof *ids);
    if (ids == NULL)
        return false;
    for (int i = 0; i < 2; i++) {
        for (size_t r = 0; r < ends[i]->rule_count; r++)
            ids[count++] = ends[i]->rules[r];
        for (size_t r = 0; r < ends[i]->doubt_count; r++)
            ids[count++] = ends[i]->doubts[r];
    }
    pair->rules = ids;
    pair->rule_count = heng_ids_sort_once(ids, count);
    return true;
}

static bool write_line(const heng_change_ends *ends, const heng_render *before,
                       const heng_render *after, heng_str measure,
                       const heng_change_state *was, const heng_change_state *is,
                       heng_buffer *out) {
    heng_json_write json;
    heng_str key = heng_render_subject_key(after);
    heng_change_pair pair = {.before = was->applied, .after = is->applied};
    if (!list_rules(after->arena, was, is, &pair))
        return false;
    heng_json_write_init(&json, out, HENG_JSON_COMPACT);
    heng_json_write_object(&json);
    heng_json_write_key(&json, "subject");
    heng_json_write_str(&json, heng_render_id(after, after->snapshot->id));
    if (key.len > 0) {
        heng_json_write_key(&json, "subject_key");
        heng_json_write_str(&json, key);
    }
    heng_json_write_key(&json, "measure");
    heng_json_write_str(&json, measure);
    write_text(&json, "change", word_of(was, is));
    write_state(after, &json, "before", was);
    write_state(after, &json, "after", is);
    heng_json_write_key(&json, "cause");
    heng_change_cause_write(ends, before, after, &pair, &json);
    heng_json_write_object_end(&json);
    (void)heng_buffer_add_char(out, '\n');
    return true;
}

heng_status heng_render_change(const heng_change_ends *ends, const heng_render *before,
                               const heng_render *after, heng_buffer *out) {
    heng_change_list was = {0}, is = {0};
    heng_arena *arena = after->arena;
    if (!list_entries(after, arena, &is) ||
        (before != NULL && !list_entries(before, arena, &was)))
        return HENG_ERR_NOMEM;
    while (was.count > 0 || is.count > 0) {
        heng_change_state old = {0}, now = {0};
        heng_str measure = is.count == 0 || (was.count > 0 &&
                                             heng_str_compare(was.items[0].measure,
                                                              is.items[0].measure) < 0)
                               ? was.items[0].measure
                               : is.items[0].measure;
        if ((before != NULL && !take_state(before, arena, &was, measure, &old)) ||
            !take_state(after, arena, &is, measure, &now))
            return HENG_ERR_NOMEM;
        if (!same_state(&old, &now) &&
            !write_line(ends, before, after, measure, &old, &now, out))
            return HENG_ERR_NOMEM;
    }
    return heng_buffer_status(out);
}

/* ---- head and numbers ---- */

static bool write_end(heng_json_write *json, const char *key, bool is_there,
                      const heng_change_end *end, heng_arena *arena) {
    heng_json_write_key(json, key);
    if (!is_there) {
        heng_json_write_null(json);
        return true;
    }
    heng_str time = {0};
    if (end->has_known_at) {
        time = heng_render_time(arena, end->known_at);
        if (time.ptr == NULL)
            return false;
    }
    heng_json_write_object(json);
    heng_json_write_key(json, "batch");
    heng_json_write_uint(json, end->batch);
    heng_json_write_key(json, "ruleset");
    heng_json_write_str(json, end->digest);
    heng_render_part_json_date(json, "as_of", end->as_of);
    heng_json_write_key(json, "known_at");
    if (end->has_known_at)
        heng_json_write_str(json, time);
    else
        heng_json_write_null(json);
    heng_json_write_key(json, "commit");
    heng_json_write_uint(json, end->commit);
    heng_json_write_object_end(json);
    return true;
}

heng_status heng_render_change_head(const heng_change_ends *ends, heng_arena *arena,
                                    heng_buffer *out) {
    heng_json_write json;
    heng_json_write_init(&json, out, HENG_JSON_COMPACT);
    heng_json_write_object(&json);
    write_text(&json, "schema", "heng.change/1");
    heng_json_write_key(&json, "batch");
    heng_json_write_uint(&json, ends->to.batch);
    if (!write_end(&json, "from", ends->has_from, &ends->from, arena) ||
        !write_end(&json, "to", true, &ends->to, arena))
        return HENG_ERR_NOMEM;
    heng_json_write_object_end(&json);
    return heng_buffer_add_char(out, '\n');
}

heng_status heng_render_change_numbered(heng_str lines, uint64_t *number,
                                        heng_buffer *out) {
    const char *at = lines.ptr;
    const char *end = lines.ptr + lines.len;
    while (at < end) {
        const char *newline = memchr(at, '\n', (size_t)(end - at));
        size_t len = newline == NULL ? (size_t)(end - at) : (size_t)(newline + 1 - at);
        (void)heng_buffer_add_format(out, "{\"number\":%ju,", (uintmax_t)++ * number);
        (void)heng_buffer_add(out, at + 1, len - 1);
        at += len;
    }
    return heng_buffer_status(out);
}
