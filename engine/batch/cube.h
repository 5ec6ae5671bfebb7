/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cube.h: differences counted by measure, region, industry and kind of subject: a cell
 * for each combination that was met, of which any table is a sum.
 */
#ifndef HENG_BATCH_CUBE_H
#define HENG_BATCH_CUBE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "batch/difference.h"
#include "model/snapshot.h"

/** Industries are told apart by the letter of their section (GB/T 4754): 1 is A. */
enum { HENG_CUBE_INDUSTRIES = 27 };

typedef struct heng_cube_cell {
    uint32_t measure;                       /* its number */
    uint16_t region;                        /* heng_tally_region() */
    uint8_t industry;                       /* 0: none, or another */
    uint8_t kind;                           /* heng_subject_kind */
    uint64_t counts[HENG_DIFFERENCE_KINDS]; /* subjects */
} heng_cube_cell;

/** One thread's. Zeroed it is empty. */
typedef struct heng_cube {
    heng_cube_cell *cells; /* owned: open addressing; one without counts is free */
    size_t count, room;
} heng_cube;

void heng_cube_done(heng_cube *cube);

/** Counts a difference of a subject that has a line. HENG_ERR_NOMEM; HENG_ERR_LIMIT:
 * more cells than HENG_LIMIT_CUBE_CELLS. */
heng_status heng_cube_add(heng_cube *cube, const heng_snapshot *snapshot,
                          const heng_difference *difference);

/** Adds all of another. As heng_cube_add(). */
heng_status heng_cube_unite(heng_cube *cube, const heng_cube *other);

/** Puts the cells into the order of measure, region, industry, kind: `count` of them.
 * Nothing may be added then. */
void heng_cube_sort(heng_cube *cube);

#endif
