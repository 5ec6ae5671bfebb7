/* SPDX-License-Identifier: Apache-2.0 */
/*
 * import_csv.h: rows of CSV (RFC 4180), taken apart by what their header says.
 *
 * Columns have the names of the keys; `attr.NAME` is an attribute. The header of
 * subjects has `kind`, that of records `category`; a column `type` may say it instead.
 * An empty cell is an absent value. `relations` and `parties` hold `ROLE=ID` parted by
 * `;`, a relation also `ROLE=ID/FROM/TO`, either day of which may be empty; a list of
 * texts is parted by `;` too.
 */
#ifndef HENG_STORE_IMPORT_CSV_H
#define HENG_STORE_IMPORT_CSV_H

#include "heng/arena.h"
#include "heng/error.h"
#include "store/line.h"

typedef struct heng_import_csv {
    struct heng_import_csv_column *columns;
    size_t count;
    heng_str type; /* of all rows; empty where a column says it */
} heng_import_csv;

/** Understands a header; what it keeps lives in `arena`. HENG_ERR_INVALID with what is
 * wrong with the file as a whole. */
heng_status heng_import_csv_header(heng_str row, const char *name, heng_arena *arena,
                                   heng_import_csv *ret_csv,
                                   heng_error *reterr) HENG_NODISCARD;

/** A pure function of header and row, as heng_import_json_read is of its line. */
heng_status heng_import_csv_read(const heng_import_csv *csv, heng_str row,
                                 heng_arena *arena, heng_line *ret_line,
                                 heng_line_fault *ret_fault) HENG_NODISCARD;

#endif
