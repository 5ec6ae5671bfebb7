/* SPDX-License-Identifier: Apache-2.0 */
/* cube.c: a table of cells, found by a hash of what they are about. */
#include "batch/cube.h"

#include <stdlib.h>

#include "base/alloc.h"
#include "base/limits.h"
#include "batch/tally.h"
#include "model/flat.h"

enum { FIRST_ROOM = 256 };

void heng_cube_done(heng_cube *cube) {
    heng_alloc_free(cube->cells);
    *cube = (heng_cube){0};
}

static uint64_t key_of(const heng_cube_cell *cell) {
    return (uint64_t)cell->measure << 32 | (uint64_t)cell->region << 16 |
           (uint64_t)cell->industry << 8 | cell->kind;
}

static bool is_free(const heng_cube_cell *cell) {
    uint64_t sum = 0;
    for (int i = 0; i < HENG_DIFFERENCE_KINDS; i++)
        sum |= cell->counts[i];
    return sum == 0;
}

/* The cell about the same, or the free one where it would be. */
static heng_cube_cell *find(heng_cube_cell *cells, size_t room,
                            const heng_cube_cell *about) {
    uint64_t key = key_of(about);
    uint64_t hash = (key ^ key >> 31) * UINT64_C(0x9e3779b97f4a7c15);
    size_t at = (size_t)(hash >> 32) & (room - 1);
    while (!is_free(&cells[at]) && key_of(&cells[at]) != key)
        at = (at + 1) & (room - 1);
    return &cells[at];
}

static heng_status grow(heng_cube *cube) {
    size_t room = cube->room == 0 ? FIRST_ROOM : cube->room * 2;
    if (cube->count >= HENG_LIMIT_CUBE_CELLS)
        return HENG_ERR_LIMIT;
    heng_cube_cell *cells = heng_alloc_zero(room, sizeof *cells);
    if (cells == NULL)
        return HENG_ERR_NOMEM;
    for (size_t i = 0; i < cube->room; i++) {
        if (!is_free(&cube->cells[i]))
            *find(cells, room, &cube->cells[i]) = cube->cells[i];
    }
    heng_alloc_free(cube->cells);
    cube->cells = cells;
    cube->room = room;
    return HENG_OK;
}

/* `about` has at least one count. */
static heng_status add(heng_cube *cube, const heng_cube_cell *about) {
    if ((cube->count + 1) * 2 > cube->room) {
        heng_status status = grow(cube);
        if (status != HENG_OK)
            return status;
    }
    heng_cube_cell *cell = find(cube->cells, cube->room, about);
    if (is_free(cell)) {
        *cell = *about;
        cube->count++;
        return HENG_OK;
    }
    for (int i = 0; i < HENG_DIFFERENCE_KINDS; i++)
        cell->counts[i] += about->counts[i];
    return HENG_OK;
}

static uint8_t industry_of(const uint8_t *subject) {
    heng_str text = heng_flat_text(subject, HENG_FLAT_SUBJECT_INDUSTRY);
    bool is_letter = text.len > 0 && text.ptr[0] >= 'A' && text.ptr[0] <= 'Z';
    return is_letter ? (uint8_t)(text.ptr[0] - 'A' + 1) : 0;
}

heng_status heng_cube_add(heng_cube *cube, const heng_snapshot *snapshot,
                          const heng_difference *difference) {
    heng_cube_cell about = {.measure = difference->measure,
                            .region = (uint16_t)heng_tally_region(snapshot),
                            .industry = industry_of(snapshot->subject),
                            .kind = snapshot->subject[4]};
    about.counts[difference->kind] = 1;
    return add(cube, &about);
}

heng_status heng_cube_unite(heng_cube *cube, const heng_cube *other) {
    heng_status status = HENG_OK;
    for (size_t i = 0; i < other->room && status == HENG_OK; i++) {
        if (!is_free(&other->cells[i]))
            status = add(cube, &other->cells[i]);
    }
    return status;
}

static int compare(const void *a, const void *b) {
    uint64_t left = key_of(a), right = key_of(b);
    return (left > right) - (left < right);
}

void heng_cube_sort(heng_cube *cube) {
    size_t kept = 0;
    for (size_t i = 0; i < cube->room; i++) {
        if (!is_free(&cube->cells[i]))
            cube->cells[kept++] = cube->cells[i];
    }
    if (kept > 1)
        qsort(cube->cells, kept, sizeof *cube->cells, compare);
}
