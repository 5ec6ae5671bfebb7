/* SPDX-License-Identifier: Apache-2.0 */
/*
 * overlay.c: lines that one answer alone sees.
 *
 * A view's numbering is its own, so lines are parsed twice: once when they are added,
 * to say what is wrong with them, and once more when it is known which view they lie
 * over. That binding is kept until the view or the lines are others.
 */
#include "heng/store.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/limits.h"
#include "model/flat.h"
#include "model/identity.h"
#include "store/dossier.h"
#include "store/gather.h"
#include "store/intake.h"
#include "store/view.h"

/* One text that was added. */
struct part {
    char *name;  /* in the overlay's arena */
    char *bytes; /* likewise */
    size_t len;
};

/* `--with`: role as a word. */
struct with {
    heng_str subject;
    heng_str role;
    heng_str id;
};

/* The lines in one numbering. */
struct binding {
    const heng_names *base; /* of the view; NULL without one */
    heng_names *names;      /* owned */
    heng_arena *arena;      /* owned: codebook and lists */
    heng_codebook book;
    heng_intake *intakes; /* owned, one a part */
    size_t intake_count;
    const heng_item **subjects; /* by id, each once */
    size_t subject_count;
    const heng_item **records; /* by record id, each once */
    size_t record_count;
};

struct heng_overlay {
    const heng_catalog *catalog; /* borrowed */
    heng_arena *arena;           /* owned */
    struct part *parts;          /* owned */
    size_t part_count;
    struct with *withs; /* owned */
    size_t with_count;
    size_t bytes;
    struct binding *binding; /* owned; NULL where there is none that fits */
};

/* ---- life ---- */

static void free_binding(struct binding *binding) {
    if (binding == NULL)
        return;
    for (size_t i = 0; i < binding->intake_count; i++) {
        heng_intake_done(&binding->intakes[i]);
    }
    heng_alloc_free(binding->intakes);
    heng_codebook_done(&binding->book);
    heng_arena_free(binding->arena);
    heng_names_free(binding->names);
    heng_alloc_free(binding);
}

heng_status heng_overlay_new(const heng_catalog *catalog, heng_overlay **ret_overlay,
                             heng_error *reterr) {
    heng_overlay *overlay = heng_alloc_zero(1, sizeof *overlay);
    if (overlay == NULL)
        return heng_error_nomem(reterr);
    overlay->catalog = catalog;
    overlay->arena = heng_arena_new(HENG_LIMIT_OVERLAY_BYTES * 4);
    if (overlay->arena == NULL) {
        heng_overlay_free(overlay);
        return heng_error_nomem(reterr);
    }
    *ret_overlay = overlay;
    return HENG_OK;
}

void heng_overlay_free(heng_overlay *overlay) {
    if (overlay == NULL)
        return;
    free_binding(overlay->binding);
    heng_alloc_free(overlay->parts);
    heng_alloc_free(overlay->withs);
    heng_arena_free(overlay->arena);
    heng_alloc_free(overlay);
}

/* ---- parsing ---- */

struct memory {
    const char *bytes;
    size_t len;
};

static size_t read_memory(void *context, char *buffer, size_t size) {
    struct memory *memory = context;
    size_t len = memory->len < size ? memory->len : size;
    if (len > 0) {
        memcpy(buffer, memory->bytes, len);
        memory->bytes += len;
        memory->len -= len;
    }
    return len;
}

/* All lines of one part; a wrong one is an error. */
static heng_status parse_part(const struct part *part, const heng_codebook *book,
                              heng_intake *intake, heng_error *reterr) {
    struct memory memory = {part->bytes, part->len};
    heng_intake_input input = {
        .read = read_memory, .context = &memory, .name = part->name};
    heng_status status = heng_intake_start(&input, reterr);
    if (status == HENG_OK) {
        status = heng_intake_fill(intake, &input, SIZE_MAX, reterr);
    }
    if (status == HENG_OK) {
        heng_intake_parse(intake, &input, book);
        status = intake->status == HENG_OK ? HENG_OK : heng_error_nomem(reterr);
    }
    if (status == HENG_OK && intake->reject_count > 0) {
        const heng_intake_reject *reject = &intake->rejects[0];
        status = heng_error_set(
            reterr, HENG_ERR_INVALID, part->name, (heng_pos){(size_t)reject->line, 0},
            "%s%s%s", reject->fault.field, reject->fault.field[0] == '\0' ? "" : ": ",
            reject->fault.reason);
    }
    heng_intake_stop(&input);
    return status;
}

static int compare_pointers(const void *a, const void *b) {
    const heng_item *const *pa = a;
    const heng_item *const *pb = b;
    return ((*pa)->line > (*pb)->line) - ((*pa)->line < (*pb)->line);
}

static int compare_subjects(const void *a, const void *b) {
    const heng_item *const *x = a;
    const heng_item *const *y = b;
    int order = heng_str_compare((*x)->subject, (*y)->subject);
    return order != 0 ? order : compare_pointers(a, b);
}

static int compare_records(const void *a, const void *b) {
    const heng_item *const *x = a;
    const heng_item *const *y = b;
    int order = heng_str_compare((*x)->record, (*y)->record);
    return order != 0 ? order : compare_pointers(a, b);
}

/* Sorts, and keeps the last of those with the same id. */
static size_t keep_last(const heng_item **items, size_t count, heng_item_kind kind) {
    bool record = kind == HENG_ITEM_RECORD;
    size_t kept = 0;
    if (count > 1) {
        qsort(items, count, sizeof(const heng_item *),
              record ? compare_records : compare_subjects);
    }
    for (size_t i = 0; i < count; i++) {
        bool last =
            i + 1 == count ||
            !(record ? heng_str_equal(items[i]->record, items[i + 1]->record)
                     : heng_str_equal(items[i]->subject, items[i + 1]->subject));
        if (last) {
            items[kept++] = items[i];
        }
    }
    return kept;
}

/* The lists of subjects and records, over all parts in the order they were added. */
static heng_status list_items(struct binding *binding) {
    size_t count = 0;
    for (size_t i = 0; i < binding->intake_count; i++) {
        count += binding->intakes[i].item_count;
    }
    binding->subjects =
        heng_arena_calloc(binding->arena, count, sizeof *binding->subjects);
    binding->records =
        heng_arena_calloc(binding->arena, count, sizeof *binding->records);
    if (binding->subjects == NULL || binding->records == NULL)
        return HENG_ERR_NOMEM;
    uint64_t order = 0;
    for (size_t i = 0; i < binding->intake_count; i++) {
        heng_intake *intake = &binding->intakes[i];
        for (size_t at = 0; at < intake->item_count; at++) {
            heng_item *item = &intake->items[at];
            item->line = ++order; /* later parts count more */
            if (item->kind == HENG_ITEM_SUBJECT) {
                binding->subjects[binding->subject_count++] = item;
            } else if (item->kind == HENG_ITEM_RECORD) {
                binding->records[binding->record_count++] = item;
            }
        }
    }
    binding->subject_count =
        keep_last(binding->subjects, binding->subject_count, HENG_ITEM_SUBJECT);
    binding->record_count =
        keep_last(binding->records, binding->record_count, HENG_ITEM_RECORD);
    return HENG_OK;
}

/* `base` NULL: a numbering of the overlay's own. */
static heng_status bind_to(const heng_overlay *overlay, const heng_names *base,
                           struct binding **ret_binding, heng_error *reterr) {
    heng_status status = HENG_ERR_NOMEM;
    struct binding *binding = heng_alloc_zero(1, sizeof *binding);
    if (binding == NULL)
        goto out;
    binding->base = base;
    binding->names = base == NULL ? heng_names_new() : heng_names_copy(base);
    binding->arena = heng_arena_new(HENG_LIMIT_OVERLAY_BYTES * 16);
    binding->intakes = heng_alloc_zero(overlay->part_count, sizeof *binding->intakes);
    if (binding->names == NULL || binding->arena == NULL || binding->intakes == NULL)
        goto out;
    status = heng_codebook_init(&binding->book, overlay->catalog, binding->names,
                                binding->arena);
    for (size_t i = 0; i < overlay->part_count && status == HENG_OK; i++) {
        status = heng_intake_init(&binding->intakes[i]);
        if (status == HENG_OK) {
            binding->intake_count++;
            status = parse_part(&overlay->parts[i], &binding->book,
                                &binding->intakes[i], reterr);
        }
    }
    if (status == HENG_OK) {
        status = list_items(binding);
    }
    if (status == HENG_OK) {
        *ret_binding = binding;
        binding = NULL;
    }
out:
    free_binding(binding);
    return status == HENG_ERR_NOMEM ? heng_error_nomem(reterr) : status;
}

static heng_status bind_once(heng_overlay *overlay, const heng_view *view,
                             heng_error *reterr) {
    const heng_names *base = view == NULL ? NULL : heng_view_names(view);
    if (overlay->binding != NULL && overlay->binding->base == base)
        return HENG_OK;
    struct binding *binding = NULL;
    heng_status status = bind_to(overlay, base, &binding, reterr);
    if (status == HENG_OK) {
        free_binding(overlay->binding);
        overlay->binding = binding;
    }
    return status;
}

static void unbind(heng_overlay *overlay) {
    free_binding(overlay->binding);
    overlay->binding = NULL;
}

heng_status heng_overlay_add(heng_overlay *overlay, const char *name, const char *bytes,
                             size_t len, heng_error *reterr) {
    if (len > HENG_LIMIT_OVERLAY_BYTES - overlay->bytes)
        return heng_error_set(reterr, HENG_ERR_LIMIT, name, (heng_pos){0, 0},
                              "supposed lines are over the limit of %zu bytes; import "
                              "them into a store of their own",
                              HENG_LIMIT_OVERLAY_BYTES);
    struct part part = {.name = heng_arena_dup(overlay->arena, name, strlen(name)),
                        .bytes = heng_arena_dup(overlay->arena, bytes, len),
                        .len = len};
    struct part *parts =
        heng_alloc_resize(overlay->parts, overlay->part_count + 1, sizeof *parts);
    if (parts != NULL) {
        overlay->parts = parts;
    }
    if (parts == NULL || part.name == NULL || part.bytes == NULL)
        return heng_error_nomem(reterr);
    parts[overlay->part_count++] = part;
    struct binding *binding = NULL;
    heng_status status = bind_to(overlay, NULL, &binding, reterr);
    if (status != HENG_OK) {
        overlay->part_count--; /* as if it had not been added */
        return status;
    }
    overlay->bytes += len;
    unbind(overlay);
    overlay->binding = binding;
    return HENG_OK;
}

static heng_status wrong_id(const char *what, heng_str id, heng_error *reterr) {
    char masked[HENG_IDENTITY_MASKED_BYTES];
    (void)heng_identity_mask(id, masked);
    return heng_error_set(reterr, HENG_ERR_INVALID, what, (heng_pos){0, 0},
                          "`%s` is no id; expected a unified social credit code, an "
                          "identity number, or an opaque id such as `P-1`",
                          masked);
}

heng_status heng_overlay_tie(heng_overlay *overlay, heng_str subject, heng_str role,
                             heng_str id, heng_error *reterr) {
    if (subject.len > HENG_LIMIT_SUBJECT_ID_BYTES ||
        heng_identity_form_of(subject) == HENG_IDENTITY_WRONG)
        return wrong_id("subject", subject, reterr);
    if (id.len > HENG_LIMIT_SUBJECT_ID_BYTES ||
        heng_identity_form_of(id) == HENG_IDENTITY_WRONG)
        return wrong_id("--with", id, reterr);
    if (!heng_catalog_knows_role(overlay->catalog, role)) {
        const heng_catalog *catalog = overlay->catalog;
        heng_str *known =
            heng_arena_calloc(overlay->arena, catalog->role_count * 2, sizeof *known);
        size_t count = 0;
        for (size_t i = 0; known != NULL && i < catalog->role_count; i++) {
            known[count++] = catalog->roles[i].id;
            if (catalog->roles[i].inverse.len > 0) {
                known[count++] = catalog->roles[i].inverse;
            }
        }
        const char *quoted = heng_line_quote(overlay->arena, role);
        const char *nearest = heng_line_suggest(overlay->arena, role, known, count);
        if (known == NULL || quoted == NULL || nearest == NULL)
            return heng_error_nomem(reterr);
        return heng_error_set(reterr, HENG_ERR_INVALID, "--with", (heng_pos){0, 0},
                              "the ruleset has no role `%s`%s", quoted, nearest);
    }
    struct with with = {.subject = heng_arena_dup_str(overlay->arena, subject),
                        .role = heng_arena_dup_str(overlay->arena, role),
                        .id = heng_arena_dup_str(overlay->arena, id)};
    struct with *withs =
        heng_alloc_resize(overlay->withs, overlay->with_count + 1, sizeof *withs);
    if (withs != NULL) {
        overlay->withs = withs;
    }
    if (withs == NULL || with.subject.ptr == NULL || with.role.ptr == NULL ||
        with.id.ptr == NULL)
        return heng_error_nomem(reterr);
    withs[overlay->with_count++] = with;
    return HENG_OK;
}

heng_status heng_overlay_names(heng_overlay *overlay, heng_view *view,
                               const heng_names **ret_names, heng_error *reterr) {
    heng_status status = bind_once(overlay, view, reterr);
    if (status == HENG_OK) {
        *ret_names = overlay->binding->names;
    }
    return status;
}

/* ---- laying over ---- */

static const heng_item *find_item(const heng_item **items, size_t count,
                                  heng_item_kind kind, heng_str id) {
    size_t low = 0;
    size_t high = count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = heng_str_compare(kind == HENG_ITEM_RECORD ? items[middle]->record
                                                              : items[middle]->subject,
                                     id);
        if (order == 0)
            return items[middle];
        if (order < 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return NULL;
}

static const heng_item *find_subject(const struct binding *binding, heng_str id) {
    return find_item(binding->subjects, binding->subject_count, HENG_ITEM_SUBJECT, id);
}

static bool has_record(const struct binding *binding, const uint8_t *record) {
    return find_item(binding->records, binding->record_count, HENG_ITEM_RECORD,
                     heng_flat_text(record, HENG_FLAT_RECORD_ID)) != NULL;
}

static heng_status lay_own(const struct binding *binding, heng_view *view, heng_str id,
                           heng_arena *arena, heng_gather_own *ret_own,
                           heng_error *reterr) {
    heng_gather_own own = {0};
    size_t added = 0;
    if (view != NULL) {
        heng_status status = heng_gather_subject(view, id, arena, &own, reterr);
        if (status != HENG_OK)
            return status;
    }
    const heng_item *line = find_subject(binding, id);
    if (line != NULL) {
        own.subject = line->bytes;
    }
    for (size_t i = 0; i < binding->record_count; i++) {
        added += heng_str_equal(binding->records[i]->subject, id) ? 1 : 0;
    }
    heng_snapshot_record *records =
        heng_arena_alloc(arena, (own.count + added) * sizeof *records);
    if (records == NULL)
        return heng_error_nomem(reterr);
    size_t count = 0;
    for (size_t i = 0; i < own.count; i++) {
        if (!has_record(binding, own.records[i].bytes)) {
            records[count++] = own.records[i];
        }
    }
    for (size_t i = 0; i < binding->record_count; i++) {
        if (heng_str_equal(binding->records[i]->subject, id)) {
            records[count++] = (heng_snapshot_record){binding->records[i]->bytes, id};
        }
    }
    heng_dossier_sort(records, count);
    own.records = records;
    own.count = count;
    own.known = own.known || own.subject != NULL || count > 0;
    *ret_own = own;
    return HENG_OK;
}

/* Ties that `--with` gives, seen from `id`. */
static heng_status lay_withs(const heng_overlay *overlay, heng_str id,
                             heng_arena *arena, heng_gather_ties *ties,
                             heng_error *reterr) {
    for (size_t i = 0; i < overlay->with_count; i++) {
        const struct with *with = &overlay->withs[i];
        bool own = heng_str_equal(with->subject, id);
        if (!own && !heng_str_equal(with->id, id))
            continue;
        heng_snapshot_tie tie = {
            .other = own ? with->id : with->subject,
            .role = heng_names_find(overlay->binding->names, with->role),
            .reversed = !own,
            .from = HENG_DATE_MIN,
            .to = HENG_DATE_NONE};
        heng_status status = heng_gather_add_tie(ties, id, &tie, arena, reterr);
        if (status != HENG_OK)
            return status;
    }
    return HENG_OK;
}

/* Ties to `id` that others declare: in the view, unless the overlay has a line of
 * theirs, and in those lines. */
static heng_status lay_reversed(const struct binding *binding, heng_view *view,
                                heng_str id, heng_arena *arena, heng_gather_ties *ties,
                                heng_error *reterr) {
    heng_status status = HENG_OK;
    if (view != NULL) {
        heng_gather_ties stored = {0};
        status = heng_gather_reversed(view, id, arena, &stored, reterr);
        for (size_t i = 0; i < stored.count && status == HENG_OK; i++) {
            if (find_subject(binding, stored.items[i].other) == NULL) {
                status = heng_gather_add_tie(ties, id, &stored.items[i], arena, reterr);
            }
        }
    }
    for (size_t i = 0; i < binding->subject_count; i++) {
        const heng_item *line = binding->subjects[i];
        size_t count = heng_flat_relation_count(line->bytes);
        for (size_t at = 0; at < count && status == HENG_OK; at++) {
            heng_flat_relation relation = heng_flat_relation_at(line->bytes, at);
            if (!heng_str_equal(relation.id, id))
                continue;
            heng_snapshot_tie tie = {.other = line->subject,
                                     .role = relation.role,
                                     .reversed = true,
                                     .from = relation.from,
                                     .to = relation.to};
            status = heng_gather_add_tie(ties, id, &tie, arena, reterr);
        }
    }
    return status;
}

static heng_status lay_ties(const heng_overlay *overlay, heng_view *view,
                            const heng_snapshot *snapshot, bool with_records,
                            heng_arena *arena, heng_gather_ties *ties,
                            heng_error *reterr) {
    const struct binding *binding = overlay->binding;
    heng_status status =
        heng_gather_declared(snapshot->id, snapshot->subject, arena, ties, reterr);
    if (status == HENG_OK) {
        status = lay_reversed(binding, view, snapshot->id, arena, ties, reterr);
    }
    if (status == HENG_OK) {
        status = lay_withs(overlay, snapshot->id, arena, ties, reterr);
    }
    heng_gather_sort_ties(ties);
    for (size_t i = 0; with_records && i < ties->count && status == HENG_OK; i++) {
        heng_gather_own own = {0};
        heng_snapshot_tie *tie = &ties->items[i];
        status = lay_own(binding, view, tie->other, arena, &own, reterr);
        tie->subject = own.subject;
        tie->records = own.records;
        tie->record_count = own.count;
    }
    return status;
}

static heng_status lay_mentions(const struct binding *binding, heng_view *view,
                                heng_str id, heng_arena *arena,
                                heng_gather_mentions *mentions, heng_error *reterr) {
    heng_status status = HENG_OK;
    if (view != NULL) {
        heng_gather_mentions stored = {0};
        status = heng_gather_mentioned(view, id, arena, &stored, reterr);
        for (size_t i = 0; i < stored.count && status == HENG_OK; i++) {
            heng_snapshot_record record = stored.items[i].record;
            if (!has_record(binding, record.bytes)) {
                status = heng_gather_add_mention(mentions, id, record.bytes,
                                                 record.subject, arena, reterr);
            }
        }
    }
    for (size_t i = 0; i < binding->record_count && status == HENG_OK; i++) {
        const heng_item *line = binding->records[i];
        if (heng_gather_names(line->bytes, id) && !heng_str_equal(line->subject, id)) {
            status = heng_gather_add_mention(mentions, id, line->bytes, line->subject,
                                             arena, reterr);
        }
    }
    heng_gather_sort_mentions(mentions);
    return status;
}

heng_status heng_overlay_snapshot(heng_overlay *overlay, heng_view *view, heng_str id,
                                  unsigned what, heng_arena *arena,
                                  heng_snapshot **ret_snapshot, heng_error *reterr) {
    heng_gather_own own = {0};
    heng_gather_ties ties = {0};
    heng_gather_mentions mentions = {0};
    heng_status status = bind_once(overlay, view, reterr);
    if (status != HENG_OK)
        return status;
    heng_snapshot *snapshot = heng_arena_alloc(arena, sizeof *snapshot);
    heng_str id_copy = heng_arena_dup_str(arena, id);
    if (snapshot == NULL || (id_copy.ptr == NULL && id.len > 0))
        return heng_error_nomem(reterr);
    status = lay_own(overlay->binding, view, id_copy, arena, &own, reterr);
    if (status != HENG_OK)
        return status;
    if (!own.known)
        return heng_gather_unknown(id, reterr);
    *snapshot = (heng_snapshot){.id = id_copy,
                                .subject = own.subject,
                                .records = own.records,
                                .record_count = own.count,
                                .names = overlay->binding->names};
    if ((what & (HENG_VIEW_TIES | HENG_VIEW_TIE_RECORDS)) != 0) {
        status = lay_ties(overlay, view, snapshot, (what & HENG_VIEW_TIE_RECORDS) != 0,
                          arena, &ties, reterr);
    }
    if (status == HENG_OK && (what & HENG_VIEW_MENTIONS) != 0) {
        status =
            lay_mentions(overlay->binding, view, id_copy, arena, &mentions, reterr);
    }
    if (status != HENG_OK)
        return status;
    snapshot->ties = ties.items;
    snapshot->tie_count = ties.count;
    snapshot->mentions = mentions.items;
    snapshot->mention_count = mentions.count;
    *ret_snapshot = snapshot;
    return HENG_OK;
}
