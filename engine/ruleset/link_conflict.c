/* SPDX-License-Identifier: Apache-2.0 */
/* link_conflict.c: conflicts between measures, as pairs in an order that resolves from
 * the top. */
#include <stdlib.h>

#include "base/alloc.h"
#include "base/limits.h"
#include "ruleset/linker.h"

/* A pair with the places of its measures in the order. */
struct pair {
    heng_conflict_pair out;
    uint32_t kept_at, gone_at;
};

struct pairs {
    heng_linker *linker;
    struct pair *list; /* owned */
    size_t count;
    size_t room;
};

static heng_status add(struct pairs *pairs, uint32_t kept, uint32_t gone,
                       uint32_t conflict) {
    if (pairs->count == pairs->room) {
        size_t room = pairs->room == 0 ? 64 : pairs->room * 2;
        struct pair *list = heng_alloc_resize(pairs->list, room, sizeof *list);
        if (list == NULL)
            return HENG_ERR_NOMEM;
        pairs->list = list;
        pairs->room = room;
    }
    pairs->list[pairs->count++] = (struct pair){{kept, gone, conflict}, 0, 0};
    return HENG_OK;
}

static heng_status expand(struct pairs *pairs, uint32_t index) {
    heng_linker *linker = pairs->linker;
    const heng_draft_conflict *conflict = &linker->draft->conflicts[index];
    heng_linker_members sides[2] = {{NULL, 0, 0}, {NULL, 0, 0}};
    for (size_t i = 0; i < 2; i++) {
        if (conflict->between[i] != NULL)
            sides[i] = heng_linker_expand(linker, &linker->measures,
                                          &linker->measure_tags, conflict->between[i]);
    }
    if (conflict->keep < 0)
        return HENG_OK; /* reported */
    const heng_linker_members *kept = &sides[conflict->keep];
    const heng_linker_members *gone = &sides[1 - conflict->keep];
    if (gone->count > 0 &&
        kept->count > (HENG_LIMIT_TAG_PAIRS - pairs->count) / gone->count) {
        heng_diags_error(
            linker->reader->diags, HENG_RULESET_E_EXPANSION,
            heng_form_place(linker->reader, conflict->between[0]->span),
            "conflicts expand to more than %zu pairs of measures, expected "
            "at most so many; use narrower tags",
            HENG_LIMIT_TAG_PAIRS);
        return HENG_ERR_LIMIT;
    }
    for (size_t i = 0; i < kept->count; i++) {
        for (size_t j = 0; j < gone->count; j++) {
            uint32_t a = heng_linker_member(kept, i);
            uint32_t b = heng_linker_member(gone, j);
            heng_status status = a == b ? HENG_OK : add(pairs, a, b, index);
            if (status != HENG_OK)
                return status;
        }
    }
    return HENG_OK;
}

static int compare_pairs(const void *a, const void *b) {
    const heng_conflict_pair *left = &((const struct pair *)a)->out;
    const heng_conflict_pair *right = &((const struct pair *)b)->out;
    if (left->kept != right->kept)
        return left->kept < right->kept ? -1 : 1;
    if (left->gone != right->gone)
        return left->gone < right->gone ? -1 : 1;
    return (left->conflict > right->conflict) - (left->conflict < right->conflict);
}

static int compare_places(const void *a, const void *b) {
    const struct pair *left = a;
    const struct pair *right = b;
    if (left->kept_at != right->kept_at)
        return left->kept_at < right->kept_at ? -1 : 1;
    return (left->gone_at > right->gone_at) - (left->gone_at < right->gone_at);
}

/* Where two declarations say the same, the first one counts. */
static void drop_repeated(struct pairs *pairs) {
    if (pairs->count > 1)
        qsort(pairs->list, pairs->count, sizeof *pairs->list, compare_pairs);
    size_t kept = 0;
    for (size_t i = 0; i < pairs->count; i++) {
        const heng_conflict_pair *pair = &pairs->list[i].out;
        const heng_conflict_pair *before =
            kept == 0 ? NULL : &pairs->list[kept - 1].out;
        if (before == NULL || before->kept != pair->kept || before->gone != pair->gone)
            pairs->list[kept++] = pairs->list[i];
    }
    pairs->count = kept;
}

static heng_span place_of(const struct pairs *pairs, uint32_t kept, uint32_t gone) {
    for (size_t i = 0; i < pairs->count; i++) {
        const heng_conflict_pair *pair = &pairs->list[i].out;
        if (pair->kept == kept && pair->gone == gone)
            return pairs->linker->draft->conflicts[pair->conflict].out.span;
    }
    return (heng_span){NULL, 0, 0};
}

static void report_cycle(void *context, const uint32_t *members, size_t count) {
    const struct pairs *pairs = context;
    heng_reader *reader = pairs->linker->reader;
    char path[HENG_LINKER_CYCLE_BYTES];
    heng_linker_cycle_text(&pairs->linker->measures, members, count, path);
    heng_diags_error(
        reader->diags, HENG_RULESET_E_CONFLICT_CYCLE,
        heng_form_place(reader, place_of(pairs, members[0], members[1])),
        "conflicts go in a circle, each measure kept over the next: %s; expected that "
        "one of them is kept in the end",
        path);
    heng_diags_also(
        reader->diags,
        heng_form_place(reader, place_of(pairs, members[count - 1], members[0])),
        "the circle is closed here");
}

static heng_status order_pairs(struct pairs *pairs) {
    heng_linker *linker = pairs->linker;
    heng_ruleset *ruleset = linker->ruleset;
    size_t count = ruleset->measure_count;
    uint32_t *order = heng_form_alloc(linker->reader, count, sizeof *order);
    uint32_t *place = heng_form_alloc(linker->reader, count, sizeof *place);
    bool *paired = heng_form_alloc(linker->reader, count, sizeof *paired);
    if (order == NULL || place == NULL || paired == NULL)
        return HENG_ERR_NOMEM;
    linker->edge_count = 0;
    for (size_t i = 0; i < pairs->count; i++) {
        const heng_conflict_pair *pair = &pairs->list[i].out;
        paired[pair->kept] = true;
        paired[pair->gone] = true;
        heng_status status = heng_linker_add_edge(linker, pair->kept, pair->gone);
        if (status != HENG_OK)
            return status;
    }
    heng_status status = heng_order_make(count, linker->edges, linker->edge_count,
                                         report_cycle, pairs, order);
    if (status != HENG_OK)
        return status;
    size_t kept = 0;
    for (size_t i = 0; i < count; i++) {
        place[order[i]] = (uint32_t)i;
        if (paired[order[i]])
            order[kept++] = order[i];
    }
    for (size_t i = 0; i < pairs->count; i++) {
        pairs->list[i].kept_at = place[pairs->list[i].out.kept];
        pairs->list[i].gone_at = place[pairs->list[i].out.gone];
    }
    if (pairs->count > 1)
        qsort(pairs->list, pairs->count, sizeof *pairs->list, compare_places);
    heng_conflict_pair *out =
        heng_form_alloc(linker->reader, pairs->count, sizeof *out);
    if (out == NULL)
        return HENG_ERR_NOMEM;
    for (size_t i = 0; i < pairs->count; i++)
        out[i] = pairs->list[i].out;
    ruleset->pairs = out;
    ruleset->pair_count = pairs->count;
    ruleset->measure_order = order;
    ruleset->measure_order_count = kept;
    return HENG_OK;
}

heng_status heng_link_conflict_pairs(heng_linker *linker) {
    heng_draft *draft = linker->draft;
    struct pairs pairs = {.linker = linker};
    heng_conflict *conflicts =
        heng_form_alloc(linker->reader, draft->conflict_count, sizeof *conflicts);
    heng_status status = conflicts == NULL ? HENG_ERR_NOMEM : HENG_OK;
    for (uint32_t i = 0; i < draft->conflict_count && status == HENG_OK; i++) {
        conflicts[i] = draft->conflicts[i].out;
        status = expand(&pairs, i);
    }
    if (status == HENG_OK) {
        drop_repeated(&pairs);
        linker->ruleset->conflicts = conflicts;
        linker->ruleset->conflict_count = draft->conflict_count;
        status = order_pairs(&pairs);
    }
    heng_alloc_free(pairs.list);
    return status == HENG_ERR_LIMIT ? HENG_OK : status; /* a limit was reported */
}
