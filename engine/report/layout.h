/* SPDX-License-Identifier: Apache-2.0 */
/*
 * layout.h: text for people in cells of a terminal: paragraphs that wrap, fields with a
 * label, tables whose columns align whatever the script.
 *
 * Chinese characters take two cells and may be parted anywhere but before closing
 * punctuation. Widths are those of base/utf8.h, so nothing depends on the locale.
 * Control characters in data are shown as U+FFFD: a name cannot steer a terminal.
 */
#ifndef HENG_REPORT_LAYOUT_H
#define HENG_REPORT_LAYOUT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buffer.h"
#include "heng/arena.h"
#include "heng/str.h"

typedef struct heng_layout {
    heng_buffer *out;  /* borrowed; failures stick there */
    heng_arena *arena; /* borrowed; for tables */
    size_t width;      /* cells of a line; 0: no line is wrapped */
    bool color;
} heng_layout;

typedef enum heng_paint {
    HENG_PAINT_NONE,
    HENG_PAINT_STRONG,
    HENG_PAINT_GOOD,
    HENG_PAINT_WARN,
    HENG_PAINT_BAD,
    HENG_PAINT_FAINT,
} heng_paint;

/** Cells that `text` takes. */
size_t heng_layout_cells(heng_str text);

void heng_layout_blank(heng_layout *layout);

/** A paragraph, each of its lines `indent` cells in, those after the first `hang` more.
 */
void heng_layout_text(heng_layout *layout, size_t indent, size_t hang, heng_paint paint,
                      heng_str text);

/** `label`, padded to `label_cells`, then `text`, wrapped beside it. */
void heng_layout_field(heng_layout *layout, size_t indent, size_t label_cells,
                       heng_str label, heng_str text);

enum { HENG_LAYOUT_COLUMNS_MAX = 8 };

/** Rows of cells; texts borrowed until it is printed. */
typedef struct heng_layout_table {
    size_t columns;
    heng_str *cells; /* in the arena; row by row, the head first */
    size_t rows;
    size_t room;
} heng_layout_table;

/** Adds a row of `table->columns` cells; the first is the head. */
void heng_layout_row(heng_layout *layout, heng_layout_table *table,
                     const heng_str *cells);

/** Prints it, `indent` cells in. Where it is too wide, the widest columns wrap. */
void heng_layout_print(heng_layout *layout, const heng_layout_table *table,
                       size_t indent);

#endif
