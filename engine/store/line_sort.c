/* SPDX-License-Identifier: Apache-2.0 */
/*
 * line_sort.c: items to sorted entries and back.
 *
 *   subject    id NUL 1 line                -> flat object
 *   record     subject NUL 2 id NUL line    -> flat object; a mark: nothing
 *   delivery   0xff provider NUL line       -> through
 *   owner      record NUL line              -> subject
 *
 * No id has a NUL in it, and no text begins with 0xff, so keys sort as their parts do,
 * and deliveries, which say that data are complete, come after the data. `line` is
 * eight bytes, the largest first.
 */
#include "store/line_sort.h"

#include <string.h>

#include "base/limits.h"
#include "model/flat.h"
#include "store/table.h"

enum { SUBJECT_MARK = 1, RECORD_MARK = 2, DELIVERY_MARK = 0xff, LINE_BYTES = 8 };

/* Marks kept in memory until they are sorted and written as a run. */
enum { MARKS = 1 << 14 };

_Static_assert(HENG_LIMIT_PROVIDER_BYTES + 2 + LINE_BYTES <= HENG_KEY_BYTES &&
                   HENG_LIMIT_SUBJECT_ID_BYTES + HENG_LIMIT_RECORD_ID_BYTES + 3 +
                           LINE_BYTES <=
                       HENG_KEY_BYTES,
               "keys of entries fit");

void heng_line_sort_init(heng_line_sort *sort, const char *folder) {
    *sort = (heng_line_sort){.memory = HENG_LINE_SORT_MEMORY};
    heng_runs_init(&sort->lines, folder);
    heng_runs_init(&sort->owners, folder);
}

void heng_line_sort_done(heng_line_sort *sort) {
    heng_merge_close(sort->merge);
    heng_runs_done(&sort->lines);
    heng_runs_done(&sort->owners);
    sort->merge = NULL;
    sort->any = false;
}

/* ---- keys ---- */

static void add_byte(heng_key *key, uint8_t byte) {
    key->bytes[key->len++] = byte;
}

static void make_record_key(heng_key *key, heng_str subject, heng_str record,
                            uint64_t line) {
    key->len = 0;
    heng_key_add(key, subject);
    heng_key_add_nul(key);
    add_byte(key, RECORD_MARK);
    heng_key_add(key, record);
    heng_key_add_nul(key);
    heng_key_add_be64(key, line);
}

static void make_key(heng_key *key, const heng_item *item, uint64_t line) {
    key->len = 0;
    switch (item->kind) {
    case HENG_ITEM_SUBJECT:
        heng_key_add(key, item->subject);
        heng_key_add_nul(key);
        add_byte(key, SUBJECT_MARK);
        heng_key_add_be64(key, line);
        break;
    case HENG_ITEM_RECORD:
        make_record_key(key, item->subject, item->record, line);
        break;
    case HENG_ITEM_DELIVERY:
        add_byte(key, DELIVERY_MARK);
        heng_key_add(key, item->subject);
        heng_key_add_nul(key);
        heng_key_add_be64(key, line);
        break;
    }
}

static heng_str key_text(const heng_key *key) {
    return (heng_str){(const char *)key->bytes, key->len};
}

/* All but the line: what two versions of the same thing have in common. */
static heng_str thing_of(heng_str key) {
    return (heng_str){key.ptr, key.len - LINE_BYTES};
}

static heng_str copy_key(heng_arena *arena, const heng_key *key) {
    return heng_arena_dup_str(arena, key_text(key));
}

/* ---- lines going in ---- */

static heng_str value_of(const heng_item *item) {
    return item->kind == HENG_ITEM_DELIVERY
               ? (heng_str){(const char *)&item->through, sizeof item->through}
               : (heng_str){(const char *)item->bytes, heng_flat_u32(item->bytes)};
}

static heng_status add_owners(heng_line_sort *sort, const heng_item *items,
                              size_t count, heng_arena *arena, heng_error *reterr) {
    size_t found = 0;
    heng_run_entry *entries = heng_arena_alloc(arena, count * sizeof *entries);
    if (entries == NULL)
        return heng_error_nomem(reterr);
    for (size_t i = 0; i < count; i++) {
        if (items[i].kind != HENG_ITEM_RECORD)
            continue;
        heng_key key = {0};
        heng_key_add(&key, items[i].record);
        heng_key_add_nul(&key);
        heng_key_add_be64(&key, sort->count + i);
        heng_run_entry *entry = &entries[found++];
        *entry = (heng_run_entry){copy_key(arena, &key), items[i].subject};
        if (entry->key.ptr == NULL)
            return heng_error_nomem(reterr);
    }
    return heng_runs_add(&sort->owners, entries, found, arena, reterr);
}

heng_status heng_line_sort_add(heng_line_sort *sort, const heng_item *items,
                               size_t count, heng_arena *arena, heng_error *reterr) {
    heng_run_entry *entries = heng_arena_alloc(arena, count * sizeof *entries);
    if (entries == NULL)
        return heng_error_nomem(reterr);
    for (size_t i = 0; i < count; i++) {
        heng_key key;
        make_key(&key, &items[i], sort->count + i);
        entries[i] = (heng_run_entry){copy_key(arena, &key), value_of(&items[i])};
        if (entries[i].key.ptr == NULL)
            return heng_error_nomem(reterr);
    }
    heng_status status = heng_runs_add(&sort->lines, entries, count, arena, reterr);
    if (status == HENG_OK) {
        status = add_owners(sort, items, count, arena, reterr);
    }
    sort->count += count;
    return status;
}

/* ---- records that went elsewhere ---- */

/* The newest line so far of the record that is being looked at. */
struct owner {
    size_t record_len, subject_len;
    char record[HENG_LIMIT_RECORD_ID_BYTES];
    char subject[HENG_LIMIT_SUBJECT_ID_BYTES];
};

struct marks {
    heng_line_sort *sort;
    struct owner newest;
    heng_arena *arena;
    heng_run_entry *entries; /* of MARKS; in the arena, as their keys */
    size_t count;
};

static heng_status write_marks(struct marks *marks, heng_error *reterr) {
    heng_status status = heng_runs_add(&marks->sort->lines, marks->entries,
                                       marks->count, marks->arena, reterr);
    heng_arena_reset(marks->arena);
    marks->entries = NULL;
    marks->count = 0;
    return status;
}

static heng_status add_mark(struct marks *marks, const struct owner *owner,
                            uint64_t line, heng_error *reterr) {
    heng_key key;
    if (marks->entries == NULL) {
        marks->entries = heng_arena_alloc(marks->arena, MARKS * sizeof(heng_run_entry));
        if (marks->entries == NULL)
            return heng_error_nomem(reterr);
    }
    make_record_key(&key, (heng_str){owner->subject, owner->subject_len},
                    (heng_str){owner->record, owner->record_len}, line);
    heng_run_entry *entry = &marks->entries[marks->count++];
    *entry = (heng_run_entry){copy_key(marks->arena, &key), {"", 0}};
    if (entry->key.ptr == NULL)
        return heng_error_nomem(reterr);
    return marks->count == MARKS ? write_marks(marks, reterr) : HENG_OK;
}

/* One line of a record; they come by record and then as they came. */
static heng_status look_at_owner(void *context, const heng_run_entry *entry,
                                 heng_error *reterr) {
    struct marks *marks = context;
    struct owner *newest = &marks->newest;
    heng_status status = HENG_OK;
    heng_str record = {entry->key.ptr, entry->key.len - LINE_BYTES - 1};
    uint64_t line =
        heng_table_be64((const uint8_t *)entry->key.ptr + entry->key.len - LINE_BYTES);
    bool known = heng_str_equal(record, (heng_str){newest->record, newest->record_len});
    if (known &&
        heng_str_equal(entry->value, (heng_str){newest->subject, newest->subject_len}))
        return HENG_OK;
    if (known) {
        status = add_mark(marks, newest, line, reterr);
    }
    newest->record_len = record.len;
    newest->subject_len = entry->value.len;
    memcpy(newest->record, record.ptr, record.len);
    memcpy(newest->subject, entry->value.ptr, entry->value.len);
    return status;
}

static heng_status mark_moved(heng_line_sort *sort, const heng_merge_ask *ask,
                              heng_arena *arena, heng_error *reterr) {
    struct marks marks = {.sort = sort, .arena = arena};
    heng_merge *merge = NULL;
    heng_status status =
        heng_merge_open(&sort->owners, sort->memory, ask, &merge, reterr);
    if (status == HENG_OK) {
        status = heng_merge_each(merge, ask, look_at_owner, &marks, reterr);
    }
    heng_merge_close(merge);
    heng_runs_done(&sort->owners);
    return status == HENG_OK ? write_marks(&marks, reterr) : status;
}

heng_status heng_line_sort_settle(heng_line_sort *sort, const heng_merge_ask *ask,
                                  heng_arena *arena, heng_error *reterr) {
    heng_status status = mark_moved(sort, ask, arena, reterr);
    if (status == HENG_OK) {
        status = heng_merge_open(&sort->lines, sort->memory, ask, &sort->merge, reterr);
    }
    return status;
}

/* ---- lines going out ---- */

/* The entry's bytes, copied: the value first, which wants alignment more. */
static bool copy_item(heng_line_sort_batch *batch, const heng_run_entry *entry) {
    heng_item *item = &batch->items[batch->count];
    size_t value_len = entry->value.len;
    char *bytes = heng_arena_alloc(batch->arena, value_len + entry->key.len);
    if (bytes == NULL)
        return false;
    const char *key = bytes + value_len;
    const char *end = key + entry->key.len - LINE_BYTES;
    memcpy(bytes, entry->value.ptr, value_len);
    memcpy(bytes + value_len, entry->key.ptr, entry->key.len);
    *item = (heng_item){.bytes = (uint8_t *)bytes};
    if ((uint8_t)key[0] == DELIVERY_MARK) {
        item->kind = HENG_ITEM_DELIVERY;
        item->subject = (heng_str){key + 1, (size_t)(end - key) - 2};
        item->bytes = NULL;
        memcpy(&item->through, bytes, sizeof item->through);
        return true;
    }
    const char *mark = key + strlen(key) + 1; /* a NUL ends the subject's id */
    item->subject = (heng_str){key, (size_t)(mark - key) - 1};
    item->kind = *mark == RECORD_MARK ? HENG_ITEM_RECORD : HENG_ITEM_SUBJECT;
    if (item->kind == HENG_ITEM_RECORD) {
        item->record = (heng_str){mark + 1, (size_t)(end - mark) - 2};
    }
    return true;
}

static void count_passed(heng_import_counts *counts, heng_item_kind kind) {
    switch (kind) {
    case HENG_ITEM_SUBJECT:
        counts->subjects_changed++;
        break;
    case HENG_ITEM_RECORD:
        counts->records_changed++;
        break;
    case HENG_ITEM_DELIVERY:
        counts->deliveries++;
        break;
    }
}

/* What of one thing was put into the batch, until another line of it comes. */
struct latest {
    heng_key thing;
    bool kept; /* the last item of the batch is its line */
    heng_arena_mark before;
};

static bool is_same(const struct latest *latest, const heng_run_entry *entry) {
    return heng_str_equal(key_text(&latest->thing), thing_of(entry->key));
}

static heng_status put_entry(heng_line_sort_batch *batch, struct latest *latest,
                             const heng_run_entry *entry, heng_error *reterr) {
    if (is_same(latest, entry)) {
        if (latest->kept) {
            count_passed(&batch->passed, batch->items[--batch->count].kind);
            heng_arena_rewind(batch->arena, latest->before);
        }
    } else {
        latest->thing.len = 0;
        heng_key_add(&latest->thing, thing_of(entry->key));
    }
    latest->kept = entry->value.len > 0;
    if (!latest->kept) /* a mark: the record's later line is elsewhere */
        return HENG_OK;
    latest->before = heng_arena_get_mark(batch->arena);
    if (!copy_item(batch, entry))
        return heng_error_nomem(reterr);
    batch->count++;
    batch->lines++;
    return HENG_OK;
}

static heng_status read_next(heng_line_sort *sort, heng_error *reterr) {
    bool none = false;
    heng_status status = heng_merge_next(sort->merge, &sort->next, &none, reterr);
    sort->any = status == HENG_OK && !none;
    return status;
}

heng_status heng_line_sort_take(heng_line_sort *sort, size_t most, size_t bytes,
                                heng_line_sort_batch *batch, heng_error *reterr) {
    struct latest latest = {0};
    heng_status status = HENG_OK;
    heng_arena_reset(batch->arena);
    batch->count = 0;
    batch->lines = 0;
    batch->passed = (heng_import_counts){0};
    batch->items = heng_arena_alloc(batch->arena, most * sizeof *batch->items);
    if (batch->items == NULL)
        return heng_error_nomem(reterr);
    size_t fixed = heng_arena_used(batch->arena);
    while (status == HENG_OK) {
        if (!sort->any) {
            status = read_next(sort, reterr);
            if (status != HENG_OK || !sort->any)
                break;
        }
        bool full =
            batch->count == most || heng_arena_used(batch->arena) - fixed >= bytes;
        if (full && !is_same(&latest, &sort->next))
            break;
        status = put_entry(batch, &latest, &sort->next, reterr);
        sort->any = false;
    }
    return status;
}
