/* SPDX-License-Identifier: Apache-2.0 */
/* layout.c: wrapping and aligning by cells. */
#include "report/layout.h"

#include <string.h>

#include "base/utf8.h"

/* Below this, a wrapped column would be a tower of single characters. */
enum { LEAST_CELLS = 12, GAP_CELLS = 2 };

static const char *const ESCAPES[] = {
    [HENG_PAINT_NONE] = "",           [HENG_PAINT_STRONG] = "\x1b[1m",
    [HENG_PAINT_GOOD] = "\x1b[1;32m", [HENG_PAINT_WARN] = "\x1b[1;33m",
    [HENG_PAINT_BAD] = "\x1b[1;31m",  [HENG_PAINT_FAINT] = "\x1b[2m",
};

/* One character as it is printed. */
typedef struct heng_glyph {
    size_t step; /* bytes it takes in the text */
    uint32_t code;
    size_t cells;
} heng_glyph;

/* Control characters, and those that turn the direction of text. */
static bool is_unprintable(uint32_t code) {
    return code < 0x20 || (code >= 0x7F && code < 0xA0) ||
           (code >= 0x200E && code <= 0x200F) || (code >= 0x2028 && code <= 0x202E) ||
           (code >= 0x2066 && code <= 0x2069) || code == 0x061C || code == 0xFEFF;
}

static heng_glyph glyph_at(heng_str text, size_t at) {
    heng_glyph glyph = {1, HENG_UTF8_REPLACEMENT, 1};
    uint32_t code = 0;
    size_t step = heng_utf8_decode(text.ptr + at, text.len - at, &code);
    if (step == 0)
        return glyph;
    glyph.step = step;
    if (code == '\n' || code == '\t')
        glyph.code = ' ';
    else if (!is_unprintable(code))
        glyph.code = code;
    glyph.cells = heng_utf8_cells(glyph.code);
    return glyph;
}

size_t heng_layout_cells(heng_str text) {
    size_t cells = 0;
    for (size_t at = 0; at < text.len;) {
        heng_glyph glyph = glyph_at(text, at);
        cells += glyph.cells;
        at += glyph.step;
    }
    return cells;
}

static void add_spaces(heng_layout *layout, size_t count) {
    for (size_t i = 0; i < count; i++)
        (void)heng_buffer_add_char(layout->out, ' ');
}

static void add_glyphs(heng_layout *layout, heng_str text) {
    char bytes[HENG_UTF8_BYTES_MAX];
    for (size_t at = 0; at < text.len;) {
        heng_glyph glyph = glyph_at(text, at);
        (void)heng_buffer_add(layout->out, bytes, heng_utf8_encode(glyph.code, bytes));
        at += glyph.step;
    }
}

static void add_painted(heng_layout *layout, heng_paint paint, heng_str text) {
    bool painted = layout->color && paint != HENG_PAINT_NONE && text.len > 0;
    if (painted)
        (void)heng_buffer_add_text(layout->out, ESCAPES[paint]);
    add_glyphs(layout, text);
    if (painted)
        (void)heng_buffer_add_text(layout->out, "\x1b[0m");
}

/* No line begins with one of these, nor ends with one of those. */
static bool holds(const char *set, uint32_t code) {
    heng_str text = heng_str_of(set);
    for (size_t at = 0; at < text.len;) {
        heng_glyph glyph = glyph_at(text, at);
        if (glyph.code == code)
            return true;
        at += glyph.step;
    }
    return false;
}

static bool may_part(uint32_t before, uint32_t after) {
    if (before == ' ')
        return after != ' ';
    if (heng_utf8_cells(before) < 2 && heng_utf8_cells(after) < 2)
        return false;
    return !holds("、，。；：？！）】〕》”’,.;:)", after) &&
           !holds("（【〔《“‘(", before);
}

/* Bytes of `text` from `at` that fit into `room` cells, parted where it may be. Spaces
 * at the place of parting are skipped by the caller. */
static size_t fit(heng_str text, size_t at, size_t room) {
    size_t cells = 0, end = at, best = at;
    uint32_t before = 0;
    while (end < text.len) {
        heng_glyph glyph = glyph_at(text, end);
        if (end > at && may_part(before, glyph.code))
            best = end;
        if (cells + glyph.cells > room && end > at && glyph.code != ' ')
            return best > at ? best : end;
        cells += glyph.cells;
        end += glyph.step;
        before = glyph.code;
    }
    return end;
}

static heng_str trimmed(heng_str text) {
    while (text.len > 0 && text.ptr[text.len - 1] == ' ')
        text.len--;
    return text;
}

/* A text that could not be made fails the buffer. */
static bool usable(heng_layout *layout, heng_str text) {
    if (text.ptr != NULL || text.len == 0)
        return true;
    heng_buffer_fail(layout->out, HENG_ERR_NOMEM);
    return false;
}

/* `at` moves past the line and the spaces after it. */
static heng_str next_line(heng_str text, size_t room, size_t *at) {
    size_t end = room == 0 ? text.len : fit(text, *at, room);
    heng_str line = {text.ptr + *at, end - *at};
    while (end < text.len && text.ptr[end] == ' ')
        end++;
    *at = end;
    return trimmed(line);
}

static size_t room_after(const heng_layout *layout, size_t taken) {
    if (layout->width == 0)
        return 0;
    return layout->width > taken + LEAST_CELLS ? layout->width - taken : LEAST_CELLS;
}

void heng_layout_blank(heng_layout *layout) {
    (void)heng_buffer_add_char(layout->out, '\n');
}

/* The rest of a paragraph whose first line already has `taken` cells; later lines begin
 * at `margin`. */
static void add_wrapped(heng_layout *layout, size_t taken, size_t margin,
                        heng_paint paint, heng_str text) {
    size_t at = 0;
    for (bool first = true; first || at < text.len; first = false) {
        if (!first)
            add_spaces(layout, margin);
        add_painted(layout, paint,
                    next_line(text, room_after(layout, first ? taken : margin), &at));
        heng_layout_blank(layout);
    }
}

void heng_layout_text(heng_layout *layout, size_t indent, size_t hang, heng_paint paint,
                      heng_str text) {
    if (!usable(layout, text))
        return;
    add_spaces(layout, indent);
    add_wrapped(layout, indent, indent + hang, paint, text);
}

void heng_layout_field(heng_layout *layout, size_t indent, size_t label_cells,
                       heng_str label, heng_str text) {
    if (!usable(layout, text) || !usable(layout, label))
        return;
    size_t cells = heng_layout_cells(label);
    size_t pad = cells < label_cells ? label_cells - cells : 1;
    add_spaces(layout, indent);
    add_painted(layout, HENG_PAINT_FAINT, label);
    if (text.len > 0 || cells > 0)
        add_spaces(layout, text.len > 0 ? pad : 0);
    add_wrapped(layout, indent + cells + pad, indent + label_cells, HENG_PAINT_NONE,
                text);
}

/* ---- tables ---- */

void heng_layout_row(heng_layout *layout, heng_layout_table *table,
                     const heng_str *cells) {
    for (size_t i = 0; i < table->columns; i++) {
        if (!usable(layout, cells[i]))
            return;
    }
    if (table->rows == table->room) {
        size_t room = table->room == 0 ? 8 : table->room * 2;
        heng_str *grown =
            heng_arena_calloc(layout->arena, room * table->columns, sizeof *grown);
        if (grown == NULL) {
            heng_buffer_fail(layout->out, HENG_ERR_NOMEM);
            return;
        }
        if (table->rows > 0)
            memcpy(grown, table->cells, table->rows * table->columns * sizeof *grown);
        table->cells = grown;
        table->room = room;
    }
    memcpy(table->cells + table->rows * table->columns, cells,
           table->columns * sizeof *cells);
    table->rows++;
}

static const heng_str *row_of(const heng_layout_table *table, size_t row) {
    return table->cells + row * table->columns;
}

/* Each column as wide as its widest cell; then the widest give way until all fit. */
static void find_widths(const heng_layout *layout, const heng_layout_table *table,
                        size_t indent, size_t widths[HENG_LAYOUT_COLUMNS_MAX]) {
    size_t total = indent;
    for (size_t c = 0; c < table->columns; c++) {
        widths[c] = 0;
        for (size_t r = 0; r < table->rows; r++) {
            size_t cells = heng_layout_cells(row_of(table, r)[c]);
            widths[c] = cells > widths[c] ? cells : widths[c];
        }
        total += widths[c] + (c + 1 < table->columns ? GAP_CELLS : 0);
    }
    while (layout->width > 0 && total > layout->width) {
        size_t widest = 0;
        for (size_t c = 1; c < table->columns; c++)
            widest = widths[c] > widths[widest] ? c : widest;
        if (widths[widest] <= LEAST_CELLS)
            break;
        widths[widest]--;
        total--;
    }
}

static void print_row(heng_layout *layout, const heng_layout_table *table, size_t row,
                      size_t indent, const size_t widths[HENG_LAYOUT_COLUMNS_MAX]) {
    const heng_str *cells = row_of(table, row);
    size_t at[HENG_LAYOUT_COLUMNS_MAX] = {0};
    bool more = true;
    for (bool first = true; first || more; first = false) {
        size_t owed = indent; /* spaces that only what follows makes necessary */
        more = false;
        for (size_t c = 0; c < table->columns; c++) {
            heng_str line = {"", 0};
            if (at[c] < cells[c].len)
                line = next_line(cells[c], widths[c], &at[c]);
            if (line.len > 0) {
                add_spaces(layout, owed);
                add_painted(layout, row == 0 ? HENG_PAINT_STRONG : HENG_PAINT_NONE,
                            line);
                owed = 0;
            }
            owed += widths[c] - heng_layout_cells(line) + GAP_CELLS;
            more = more || at[c] < cells[c].len;
        }
        heng_layout_blank(layout);
    }
}

void heng_layout_print(heng_layout *layout, const heng_layout_table *table,
                       size_t indent) {
    size_t widths[HENG_LAYOUT_COLUMNS_MAX];
    find_widths(layout, table, indent, widths);
    for (size_t r = 0; r < table->rows; r++)
        print_row(layout, table, r, indent, widths);
}
