/* SPDX-License-Identifier: Apache-2.0 */
/*
 * runs.h: many more entries than memory holds, put into the order of their keys.
 *
 * Entries are added in heaps that memory does hold; each is sorted and written as a
 * run. merge.h then reads all runs as one.
 */
#ifndef HENG_STORE_RUNS_H
#define HENG_STORE_RUNS_H

#include <stddef.h>
#include <stdint.h>

#include "heng/arena.h"
#include "heng/error.h"
#include "heng/str.h"
#include "store/spool.h"

typedef struct heng_run_entry {
    heng_str key;
    heng_str value;
} heng_run_entry;

/* Before an entry in the file: the bytes of its key and of its value, four each. */
enum { HENG_RUNS_HEAD_BYTES = 8 };

typedef struct heng_run {
    uint64_t start, end; /* in the spool */
    size_t largest;      /* bytes of its largest entry: a reader must hold that */
} heng_run;

typedef struct heng_runs {
    heng_spool spool;
    heng_run *items; /* owned */
    size_t count, room;
    char *buffer; /* owned: what is to be written */
    size_t used;
} heng_runs;

/** @param folder  where the files lie; borrowed. Allocates nothing yet. */
void heng_runs_init(heng_runs *runs, const char *folder);

/** Frees all and removes the file. Also takes a zeroed one. */
void heng_runs_done(heng_runs *runs);

/** Sorts and writes entries as one run; none make none. Keys and values are borrowed.
 * @param arena  for the work in between. */
heng_status heng_runs_add(heng_runs *runs, const heng_run_entry *entries, size_t count,
                          heng_arena *arena, heng_error *reterr) HENG_NODISCARD;

/** For entries that come in order: one at a time, between begin and end. */
heng_status heng_runs_begin(heng_runs *runs, heng_error *reterr) HENG_NODISCARD;
heng_status heng_runs_put(heng_runs *runs, const heng_run_entry *entry,
                          heng_error *reterr) HENG_NODISCARD;
heng_status heng_runs_end(heng_runs *runs, heng_error *reterr) HENG_NODISCARD;

#endif
