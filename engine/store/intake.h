/* SPDX-License-Identifier: Apache-2.0 */
/*
 * intake.h: one batch of an import on its way: lines as they came, then what they say.
 *
 * Filling reads the input and is done by one thread; parsing is a pure function of the
 * lines and the codebook, and may be done by another meanwhile.
 */
#ifndef HENG_STORE_INTAKE_H
#define HENG_STORE_INTAKE_H

#include <stdbool.h>
#include <stdint.h>

#include "heng/arena.h"
#include "heng/error.h"
#include "heng/store.h"
#include "store/codebook.h"
#include "store/import_check.h"
#include "store/import_csv.h"

/* What one transaction takes: large enough that sorting pays, small enough that two
 * batches, their rows and the pages that these touch stay within the 64 MiB that heng
 * promises to keep to: with 5.75 MiB, 61 of them at five million subjects. */
#define HENG_INTAKE_LINES ((size_t)50000)
#define HENG_INTAKE_BYTES ((size_t)23 << 18)

/** The input, cut into lines. Zero it, then set `read` and `context`. */
typedef struct heng_intake_input {
    size_t (*read)(void *context, char *buffer, size_t size);
    void *context;
    const char *name; /* for messages; borrowed */
    char *buffer;     /* owned */
    size_t start, end;
    uint64_t line; /* number of the line that comes next, from 1 */
    bool at_end;
    bool csv;
    heng_import_csv header;
    heng_arena *arena; /* owned: the header */
} heng_intake_input;

/** Reads as far as is needed to know the format, and the header of CSV. */
heng_status heng_intake_start(heng_intake_input *input,
                              heng_error *reterr) HENG_NODISCARD;
void heng_intake_stop(heng_intake_input *input);

typedef struct heng_intake_line {
    heng_str text;
    uint64_t number;
    bool too_long; /* `text` is its beginning */
} heng_intake_line;

typedef struct heng_intake_reject {
    heng_line_fault fault;
    heng_str text;
    uint64_t line;
} heng_intake_reject;

typedef struct heng_intake {
    char *bytes; /* owned: the texts of the lines */
    size_t used, room;
    heng_intake_line *lines; /* owned, but for those of a tail */
    size_t line_count;
    size_t line_room;    /* 0: borrowed */
    heng_arena *scratch; /* owned: one line's, until the next */
    /* after parsing: */
    heng_arena *arena; /* owned: all below */
    heng_item *items;
    size_t item_count;
    heng_intake_reject *rejects;
    size_t reject_count;
    heng_import_warning *warnings; /* newest first */
    heng_status status;
} heng_intake;

heng_status heng_intake_init(heng_intake *intake) HENG_NODISCARD;
/** Also takes a zeroed one. */
void heng_intake_done(heng_intake *intake);
void heng_intake_clear(heng_intake *intake);
/** Gives back the memory of its lines: nothing more is read. */
void heng_intake_drop_lines(heng_intake *intake);

/** Takes lines until the batch is full or the input ends. */
heng_status heng_intake_fill(heng_intake *intake, heng_intake_input *input,
                             size_t most_lines, heng_error *reterr) HENG_NODISCARD;

/**
 * Leaves the last `count` lines of `intake` to `tail`, so that two threads can parse.
 * `tail` borrows them until `intake` is filled again; it was initialized and holds no
 * lines of its own.
 */
void heng_intake_cut(heng_intake *intake, heng_intake *tail, size_t count);

/** Parses what it holds. `intake->status` says how it went: HENG_OK or
 * HENG_ERR_NOMEM. */
void heng_intake_parse(heng_intake *intake, const heng_intake_input *input,
                       const heng_codebook *book);

#endif
