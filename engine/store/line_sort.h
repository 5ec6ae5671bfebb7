/* SPDX-License-Identifier: Apache-2.0 */
/*
 * line_sort.h: lines of an import that come in no order, put into that of their
 * subjects, however many there are.
 *
 * A commit of lines in no order touches nearly a page of the store for each line, and
 * the next commit the same pages again. In the order of subjects each page is written
 * once. So such lines are parsed, kept beside the store (runs.h), and stored when all
 * have been read.
 *
 * Of the same subject or record the last line counts, as within one batch, and of a
 * record also where its lines name different subjects, which do not lie together: for
 * that, record ids are sorted beside the lines. Each line that a later one of the same
 * record takes to another subject gets a mark right behind it in the order, which says
 * that it no longer counts.
 *
 *   lines   subject | record | line number   ->  what is stored
 *   marks   the same, of the later line      ->  nothing: the record is elsewhere
 *   owners  record  | line number            ->  subject
 */
#ifndef HENG_STORE_LINE_SORT_H
#define HENG_STORE_LINE_SORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "heng/arena.h"
#include "heng/error.h"
#include "heng/store.h"
#include "store/import_check.h"
#include "store/merge.h"
#include "store/runs.h"

/* What the runs that are read at once take together: enough for the runs of some five
 * million lines; more are merged into longer runs first. */
#define HENG_LINE_SORT_MEMORY ((size_t)4 << 20)

typedef struct heng_line_sort {
    heng_runs lines;
    heng_runs owners;
    size_t memory;       /* HENG_LINE_SORT_MEMORY; tests set less */
    uint64_t count;      /* lines taken */
    heng_merge *merge;   /* owned; once they are given back */
    heng_run_entry next; /* read, and not given back yet */
    bool any;            /* `next` is there */
} heng_line_sort;

/** One commit's lines. */
typedef struct heng_line_sort_batch {
    heng_arena *arena; /* borrowed: all below */
    heng_item *items;
    size_t count;
    uint64_t lines;            /* that it stands for, those with later ones included */
    heng_import_counts passed; /* lines with later ones: as if changed and changed */
} heng_line_sort_batch;

/** @param folder  the store's; borrowed. */
void heng_line_sort_init(heng_line_sort *sort, const char *folder);
/** Also takes a zeroed one. */
void heng_line_sort_done(heng_line_sort *sort);

/** Takes a batch's items, which come after all that it has. All or, on failure, some:
 * then it can only be done with. @param arena  for the work; reset by the caller. */
heng_status heng_line_sort_add(heng_line_sort *sort, const heng_item *items,
                               size_t count, heng_arena *arena,
                               heng_error *reterr) HENG_NODISCARD;

/** All lines are there: finds which still count, and gets ready to give them back. */
heng_status heng_line_sort_settle(heng_line_sort *sort, const heng_merge_ask *ask,
                                  heng_arena *arena, heng_error *reterr) HENG_NODISCARD;

/** The next batch, of `most` items and `bytes` at most (or one item); `lines` 0 at the
 * end. Items of the same id are never in two. */
heng_status heng_line_sort_take(heng_line_sort *sort, size_t most, size_t bytes,
                                heng_line_sort_batch *batch,
                                heng_error *reterr) HENG_NODISCARD;

#endif
