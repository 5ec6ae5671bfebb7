/* SPDX-License-Identifier: Apache-2.0 */
/*
 * scan_parts.h: what the files of a scan share: scan.c goes through the tables side by
 * side, and hands out one subject after the other; scan_look_up.c reads what lies
 * elsewhere, single rows and ties; scan_cuts.c finds where ranges can begin.
 */
#ifndef HENG_STORE_SCAN_PARTS_H
#define HENG_STORE_SCAN_PARTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model/snapshot.h"
#include "store/leaves.h"
#include "store/named.h"
#include "store/range.h"
#include "store/scan.h"
#include "store/view.h"

/* A table in which single rows are looked up. */
typedef struct heng_look_up {
    bool is_open;
    heng_leaves leaves;
} heng_look_up;

struct heng_scan {
    heng_view *view;
    unsigned what;
    bool is_plain;     /* of the newest state, and nothing of the rest for everybody */
    heng_arena *arena; /* owned: ties and mentions of one subject */
    heng_snapshot_record *records; /* owned */
    size_t record_room;
    bool is_narrow;
    heng_sought sought; /* where it is narrow */
    heng_str stop;      /* whom else than by a dossier something is known of, next */
    heng_range dossiers, subjects;
    heng_named mentions;
    heng_scan_row row; /* of the subject handed out */
    heng_look_up lines, ties;
    uint8_t *outline; /* owned: made of a gist */
    size_t outline_room;
    const heng_wanted *wanted, *wanted_end;
    const heng_wanted *expected_end; /* what is looked up of those before is there */
    heng_snapshot snapshot;
};

/** Where subjects lie with their records. */
static inline heng_table heng_scan_dossier_table(unsigned what) {
    return (what & HENG_SCAN_OUTLINES) != 0 ? HENG_TABLE_OUTLINE : HENG_TABLE_DOSSIER;
}

/** Where subjects lie without. */
static inline heng_table heng_scan_line_table(unsigned what) {
    return (what & HENG_SCAN_OUTLINES) != 0 ? HENG_TABLE_GIST : HENG_TABLE_SUBJECT;
}

/* ---- scan_look_up.c ---- */

/** Puts a table on the first row whose key does not lie before `key`; opens it where it
 * is not open yet. */
heng_status heng_scan_look_up(heng_scan *scan, heng_look_up *in, heng_table table,
                              heng_str key, heng_error *reterr) HENG_NODISCARD;

/** Has the memory fetch what looking up the lines of these subjects will read, where
 * they are looked up at all. At most HENG_LEAVES_EXPECTED count. */
void heng_scan_expect_lines(heng_scan *scan, const heng_str *ids, size_t count);

/** Puts the ties that were met (wanted->ties) into the snapshot, each with the records
 * of the other. */
heng_status heng_scan_read_met(heng_scan *scan, const heng_wanted *wanted,
                               heng_error *reterr) HENG_NODISCARD;

#endif
