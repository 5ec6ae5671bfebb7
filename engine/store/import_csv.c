/* SPDX-License-Identifier: Apache-2.0 */
/*
 * import_csv.c: libcsv takes one row apart at a time. Whoever reads the file gives it
 * whole rows: up to a line end that is not within quotes.
 */
#include "store/import_csv.h"

#include <csv.h>
#include <string.h>

#include "base/alloc.h"
#include "base/limits.h"
#include "base/utf8.h"

struct heng_import_csv_column {
    heng_str name;
    heng_line_key key;  /* HENG_LINE_KEY_COUNT: an attribute */
    heng_str attribute; /* its name */
};

enum { CELLS_MOST = HENG_LINE_KEY_COUNT + 256 };

_Static_assert(HENG_LIMIT_ATTRIBUTES == 256, "a column for each attribute");

struct cells {
    heng_arena *arena;
    heng_str *items; /* room for CELLS_MOST */
    size_t count;
    size_t rows;
    bool nomem;
};

static void on_cell(void *bytes, size_t len, void *context) {
    struct cells *cells = context;
    if (cells->rows > 0 || cells->count >= CELLS_MOST) {
        cells->count++; /* counted, to say how many there are */
        return;
    }
    heng_str copy = heng_arena_dup_str(cells->arena, (heng_str){bytes, len});
    cells->nomem = cells->nomem || (copy.ptr == NULL && len > 0);
    cells->items[cells->count++] = copy;
}

static void on_row(int end, void *context) {
    struct cells *cells = context;
    (void)end;
    cells->rows++;
}

static void *resize(void *block, size_t size) {
    return heng_alloc_resize(block, size, 1);
}

/* `ret_text` says what is wrong where it gives HENG_ERR_INVALID. */
static heng_status split(heng_str row, heng_arena *arena, heng_str **ret_cells,
                         size_t *ret_count, const char **ret_text) {
    struct csv_parser parser;
    struct cells cells = {.arena = arena};
    cells.items = heng_arena_alloc(arena, CELLS_MOST * sizeof *cells.items);
    if (cells.items == NULL || csv_init(&parser, CSV_STRICT | CSV_STRICT_FINI) != 0)
        return HENG_ERR_NOMEM;
    csv_set_realloc_func(&parser, resize);
    csv_set_free_func(&parser, heng_alloc_free);
    size_t done = csv_parse(&parser, row.ptr, row.len, on_cell, on_row, &cells);
    bool fine = done == row.len && csv_fini(&parser, on_cell, on_row, &cells) == 0;
    int cause = csv_error(&parser);
    csv_free(&parser);
    if (cells.nomem || (!fine && cause == CSV_ENOMEM))
        return HENG_ERR_NOMEM;
    *ret_text = !fine ? "a quote is out of place; a cell with quotes, commas or line "
                        "ends is put in quotes, and quotes within are doubled"
                : cells.rows > 1 ? "more than one row; lines end in LF or CR LF"
                : cells.count > CELLS_MOST ? "too many cells"
                                           : NULL;
    if (*ret_text != NULL)
        return HENG_ERR_INVALID;
    *ret_cells = cells.items;
    *ret_count = cells.count;
    return HENG_OK;
}

/* ---- the header ---- */

static heng_status bad_header(heng_error *reterr, const char *name, const char *text) {
    return heng_error_set(
        reterr, HENG_ERR_INVALID, name, (heng_pos){1, 0},
        "is neither NDJSON, whose lines begin with `{`, nor CSV with a "
        "header: %s",
        text);
}

static heng_status read_column(heng_str cell, const char *name, heng_arena *arena,
                               struct heng_import_csv_column *column,
                               heng_error *reterr) {
    static const char PREFIX[] = "attr.";
    const size_t prefix = sizeof PREFIX - 1;
    *column = (struct heng_import_csv_column){.name = cell, .key = HENG_LINE_KEY_COUNT};
    if (cell.len > prefix && memcmp(cell.ptr, PREFIX, prefix) == 0) {
        column->attribute = (heng_str){cell.ptr + prefix, cell.len - prefix};
        return HENG_OK;
    }
    column->key = heng_line_find(cell);
    if (column->key != HENG_LINE_KEY_COUNT && column->key != HENG_LINE_ATTRIBUTES)
        return HENG_OK;

    heng_str known[HENG_LINE_KEY_COUNT];
    for (int i = 0; i < HENG_LINE_KEY_COUNT; i++) {
        known[i] = heng_str_of(heng_line_word((heng_line_key)i));
    }
    const char *quoted = heng_line_quote(arena, cell);
    const char *nearest = heng_line_suggest(arena, cell, known, HENG_LINE_KEY_COUNT);
    if (quoted == NULL || nearest == NULL)
        return heng_error_nomem(reterr);
    const char *text = heng_arena_printf(
        arena, "no column is called `%s`%s%s", quoted, nearest,
        nearest[0] == '\0' ? "; an attribute's column is called `attr.NAME`" : "");
    return text == NULL ? heng_error_nomem(reterr) : bad_header(reterr, name, text);
}

static bool has_column(const heng_import_csv *csv, heng_line_key key) {
    for (size_t i = 0; i < csv->count; i++) {
        if (csv->columns[i].key == key)
            return true;
    }
    return false;
}

/* What the rows are, by the one column that only they have. */
static heng_status find_type(heng_import_csv *csv, const char *name,
                             heng_error *reterr) {
    bool subject = has_column(csv, HENG_LINE_KIND);
    bool record = has_column(csv, HENG_LINE_CATEGORY);
    if (has_column(csv, HENG_LINE_TYPE))
        return HENG_OK;
    if (subject && record)
        return bad_header(reterr, name,
                          "it has both `kind` (of subjects) and `category` (of "
                          "records); put them into files of their own");
    if (!subject && !record)
        return bad_header(reterr, name,
                          "a header of subjects has a column `kind`, one of records a "
                          "column `category`");
    csv->type = subject ? HENG_STR("subject") : HENG_STR("record");
    return HENG_OK;
}

heng_status heng_import_csv_header(heng_str row, const char *name, heng_arena *arena,
                                   heng_import_csv *ret_csv, heng_error *reterr) {
    heng_import_csv csv = {0};
    heng_str *cells = NULL;
    const char *text = NULL;
    if (heng_utf8_valid_prefix(row.ptr, row.len) < row.len)
        return bad_header(reterr, name, "it is not UTF-8; save the file as UTF-8");
    heng_status status = split(row, arena, &cells, &csv.count, &text);
    if (status == HENG_ERR_INVALID)
        return bad_header(reterr, name, text);
    if (status != HENG_OK)
        return heng_error_nomem(reterr);
    csv.columns = heng_arena_calloc(arena, csv.count, sizeof *csv.columns);
    if (csv.columns == NULL)
        return heng_error_nomem(reterr);
    for (size_t i = 0; i < csv.count; i++) {
        status = read_column(cells[i], name, arena, &csv.columns[i], reterr);
        if (status != HENG_OK)
            return status;
        for (size_t before = 0; before < i; before++) {
            if (heng_str_equal(cells[before], cells[i]))
                return heng_error_set(
                    reterr, HENG_ERR_INVALID, name, (heng_pos){1, 0},
                    "is neither NDJSON, whose lines begin with `{`, nor CSV with a "
                    "header: the column `%s` is there twice",
                    heng_line_quote(arena, cells[i]));
        }
    }
    status = find_type(&csv, name, reterr);
    if (status == HENG_OK) {
        *ret_csv = csv;
    }
    return status;
}

/* ---- rows ---- */

static heng_line_value cell_value(heng_str text) {
    return (heng_line_value){.form = text.len == 0 ? HENG_LINE_ABSENT : HENG_LINE_BARE,
                             .text = text,
                             .at = HENG_LINE_NOWHERE};
}

/* The part up to `mark`, which is then skipped; the rest where there is none. */
static heng_str take_part(heng_str *rest, char mark) {
    const char *found = rest->len == 0 ? NULL : memchr(rest->ptr, mark, rest->len);
    size_t len = found == NULL ? rest->len : (size_t)(found - rest->ptr);
    size_t skip = found == NULL ? len : len + 1;
    heng_str part = {rest->ptr, len};
    rest->ptr = skip == 0 ? rest->ptr : rest->ptr + skip;
    rest->len -= skip;
    return part;
}

static heng_status read_links(heng_str cell, heng_line_key key, heng_str row,
                              heng_arena *arena, heng_line_link **ret_links,
                              size_t *ret_count, heng_line_fault *fault) {
    size_t room = 1;
    size_t count = 0;
    for (size_t i = 0; i < cell.len; i++) {
        room += cell.ptr[i] == ';' ? 1 : 0;
    }
    if (room > (key == HENG_LINE_RELATIONS ? HENG_LIMIT_RELATIONS : HENG_LIMIT_PARTIES))
        return heng_line_fail(fault, arena, row, heng_line_word(key), HENG_LINE_NOWHERE,
                              "too many items in the list");
    heng_line_link *links = heng_arena_calloc(arena, room, sizeof *links);
    if (links == NULL)
        return HENG_ERR_NOMEM;
    while (cell.len > 0) {
        heng_str rest = take_part(&cell, ';');
        if (rest.len == 0)
            continue;
        heng_line_link *link = &links[count++];
        link->at = HENG_LINE_NOWHERE;
        bool has_id = memchr(rest.ptr, '=', rest.len) != NULL;
        link->role = cell_value(take_part(&rest, '='));
        if (!has_id)
            return heng_line_fail(fault, arena, row, heng_line_word(key),
                                  HENG_LINE_NOWHERE,
                                  "expected `ROLE=ID`, and `;` between two");
        if (key == HENG_LINE_RELATIONS) {
            link->id = cell_value(take_part(&rest, '/'));
            link->from = cell_value(take_part(&rest, '/'));
            link->to = cell_value(rest);
        } else {
            link->id = cell_value(rest);
        }
    }
    *ret_links = links;
    *ret_count = count;
    return HENG_OK;
}

static heng_status read_cell(const struct heng_import_csv_column *column, heng_str cell,
                             heng_arena *arena, heng_line *line,
                             heng_line_fault *fault) {
    heng_status status = HENG_OK;
    if (cell.len == 0)
        return HENG_OK;
    if (column->key == HENG_LINE_KEY_COUNT) {
        line->attributes[line->attribute_count++] =
            (heng_line_attribute){column->attribute, cell_value(cell)};
        line->values[HENG_LINE_ATTRIBUTES].form = HENG_LINE_OBJECT;
        return HENG_OK;
    }
    line->values[column->key] = cell_value(cell);
    if (column->key == HENG_LINE_RELATIONS) {
        status = read_links(cell, column->key, line->text, arena, &line->relations,
                            &line->relation_count, fault);
    } else if (column->key == HENG_LINE_PARTIES) {
        status = read_links(cell, column->key, line->text, arena, &line->parties,
                            &line->party_count, fault);
    } else {
        return HENG_OK;
    }
    line->values[column->key].form = HENG_LINE_LIST;
    return status;
}

heng_status heng_import_csv_read(const heng_import_csv *csv, heng_str row,
                                 heng_arena *arena, heng_line *ret_line,
                                 heng_line_fault *ret_fault) {
    heng_str *cells = NULL;
    size_t count = 0;
    const char *text = NULL;
    memset(ret_line, 0, sizeof *ret_line);
    ret_line->text = row;
    size_t valid = heng_utf8_valid_prefix(row.ptr, row.len);
    if (valid < row.len)
        return heng_line_fail(ret_fault, arena, row, "", valid,
                              "byte 0x%02x is not UTF-8; save the file as UTF-8",
                              (unsigned)(unsigned char)row.ptr[valid]);
    heng_status status = split(row, arena, &cells, &count, &text);
    if (status == HENG_ERR_INVALID)
        return heng_line_fail(ret_fault, arena, row, "", HENG_LINE_NOWHERE, "%s", text);
    if (status != HENG_OK)
        return status;
    if (count != csv->count)
        return heng_line_fail(ret_fault, arena, row, "", HENG_LINE_NOWHERE,
                              "the row has %zu cells, and the header %zu", count,
                              csv->count);
    ret_line->attributes =
        heng_arena_alloc(arena, count * sizeof *ret_line->attributes);
    if (ret_line->attributes == NULL)
        return HENG_ERR_NOMEM;
    if (csv->type.len > 0) {
        ret_line->values[HENG_LINE_TYPE] = cell_value(csv->type);
    }
    for (size_t i = 0; i < count; i++) {
        status = read_cell(&csv->columns[i], cells[i], arena, ret_line, ret_fault);
        if (status != HENG_OK)
            return status;
    }
    return HENG_OK;
}
