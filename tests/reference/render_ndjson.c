/* SPDX-License-Identifier: Apache-2.0 */
/* render_ndjson.c: a world as lines of import format. */
#include "world.h"

#include <stdio.h>
#include <stdlib.h>

static void add_value(const value *of, text *into) {
    switch (of->type) {
    case TYPE_BOOL:
        text_add(into, "%s", of->number != 0 ? "true" : "false");
        break;
    case TYPE_INT:
        text_add(into, "%lld", (long long)of->number);
        break;
    case TYPE_DECIMAL:
        text_add(into, "\"%s%lld.%02lld\"", of->number < 0 ? "-" : "",
                 (long long)llabs(of->number) / 10000,
                 (long long)llabs(of->number) % 10000 / 100);
        break;
    case TYPE_DATE:
        text_add(into, "\"%s\"", calendar_text((day)of->number));
        break;
    case TYPE_STRINGS:
        text_add(into, "[");
        for (int i = 0; i < of->item_count; i++)
            text_add(into, "%s\"%s\"", i == 0 ? "" : ",", of->items[i]);
        text_add(into, "]");
        break;
    case TYPE_STRING:
    case TYPE_ERROR:
        text_add(into, "\"%s\"", of->text);
        break;
    }
}

static void add_attributes(const attribute *list, const field *fields, int count,
                           text *into) {
    const char *before = ",\"attributes\":{";
    bool any = false;
    for (int i = 0; i < count; i++) {
        if (!list[i].present)
            continue;
        text_add(into, "%s\"%s\":", before, fields[i].name);
        add_value(&list[i].value, into);
        before = ",";
        any = true;
    }
    if (any)
        text_add(into, "}");
}

static void add_date(const char *key, day date, text *into) {
    if (date != DAY_NONE)
        text_add(into, ",\"%s\":\"%s\"", key, calendar_text(date));
}

static void add_relations(const world *in, const subject *of, text *into) {
    for (int i = 0; i < of->relation_count; i++) {
        const relation *tie = &of->relations[i];
        text_add(into, "%s{\"role\":\"%s\",\"id\":\"%s\"",
                 i == 0 ? ",\"relations\":[" : ",", role_words[tie->role].word,
                 in->subjects[tie->other].id);
        if (tie->from != DAY_MIN)
            add_date("from", tie->from, into);
        add_date("to", tie->to, into);
        text_add(into, "}");
    }
    if (of->relation_count > 0)
        text_add(into, "]");
}

static void add_subject(const world *in, const subject *of, text *into) {
    static const char *const capacities[] = {"full", "limited", "none"};
    text_add(into,
             "{\"type\":\"subject\",\"id\":\"%s\",\"kind\":\"%s\",\"name\":\"%s\","
             "\"region\":\"%s\"",
             of->id, subject_kind_words[of->kind], of->id, of->region);
    if (of->industry != NULL)
        text_add(into, ",\"industry\":\"%s\"", of->industry);
    add_date("established_on", of->established_on, into);
    if (of->status != NULL)
        text_add(into, ",\"status\":\"%s\"", of->status);
    if (of->capacity != 0)
        text_add(into, ",\"capacity\":\"%s\"", capacities[of->capacity]);
    add_relations(in, of, into);
    add_attributes(of->attributes, subject_fields + S_ATTRIBUTES, SUBJECT_ATTRIBUTES,
                   into);
    text_add(into, "}\n");
}

static void add_record(const rules *by, const world *in, const record *of, text *into) {
    text_add(
        into,
        "{\"type\":\"record\",\"id\":\"%s\",\"subject\":\"%s\",\"category\":\"%s\","
        "\"authority\":\"%s\",\"document_no\":\"%s\",\"decided_on\":\"%s\"",
        of->id, in->subjects[of->subject].id, by->categories[of->category].id,
        of->authority, of->document_no, calendar_text(of->decided_on));
    add_date("effective_on", of->effective_on, into);
    add_date("expires_on", of->expires_on, into);
    if (of->status != ACTIVE || of->status_on != DAY_NONE)
        text_add(into, ",\"status\":\"%s\"", record_status_words[of->status]);
    add_date("status_on", of->status_on, into);
    add_attributes(of->attributes, record_fields + R_ATTRIBUTES, RECORD_ATTRIBUTES,
                   into);
    for (int i = 0; i < of->party_count; i++)
        text_add(into, "%s{\"role\":\"%s\",\"id\":\"%s\"}",
                 i == 0 ? ",\"parties\":[" : ",", role_words[of->parties[i].role].word,
                 in->subjects[of->parties[i].subject].id);
    if (of->party_count > 0)
        text_add(into, "]");
    text_add(into, "}\n");
}

/* A record of the category that no rule names. */
static record pointless_record(const rules *of, const world *in, int index) {
    record made = {.subject = index % in->subject_count,
                   .category = rules_unused_category(of),
                   .authority = "Bureau A",
                   .document_no = "D-1",
                   .decided_on = calendar_day(2023, 1 + index % 12, 1),
                   .effective_on = DAY_NONE,
                   .expires_on = DAY_NONE,
                   .status_on = DAY_NONE};
    (void)snprintf(made.id, sizeof made.id, "Z-%02d", index);
    return made;
}

void render_ndjson(const rules *of, const world *in, const layout *how, text *into) {
    enum { MOST = MAX_SUBJECTS + MAX_RECORDS };
    int lines[2 * MOST + 8], count = 0;
    int all = in->subject_count + in->record_count + how->pointless;
    rng order = how->order;
    for (int i = 0; i < all; i++) {
        lines[count++] = i;
        if (how->repeat && rng_chance(&order, 40))
            lines[count++] = i;
    }
    for (int i = count - 1; i > 0 && how->order.state != 0; i--) {
        int other = rng_below(&order, i + 1), swap = lines[i];
        lines[i] = lines[other];
        lines[other] = swap;
    }
    for (int i = 0; i < count; i++) {
        int record_at = lines[i] - in->subject_count;
        if (record_at < 0) {
            if (in->subjects[lines[i]].has_line)
                add_subject(in, &in->subjects[lines[i]], into);
        } else if (record_at < in->record_count) {
            add_record(of, in, &in->records[record_at], into);
        } else {
            record made = pointless_record(of, in, record_at - in->record_count);
            add_record(of, in, &made, into);
        }
    }
}
