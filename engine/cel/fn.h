/* SPDX-License-Identifier: Apache-2.0 */
/* fn.h: what the families of functions share. Each fn_*.c has one table of rows. */
#ifndef HENG_CEL_FN_H
#define HENG_CEL_FN_H

#include <stdint.h>

#include "cel/function.h"

extern const heng_cel_overload_table heng_fn_compare_table;
extern const heng_cel_overload_table heng_fn_arithmetic_table;
extern const heng_cel_overload_table heng_fn_convert_table;
extern const heng_cel_overload_table heng_fn_string_table;
extern const heng_cel_overload_table heng_fn_format_table;
extern const heng_cel_overload_table heng_fn_time_table;
extern const heng_cel_overload_table heng_fn_list_table;
extern const heng_cel_overload_table heng_fn_map_table;
extern const heng_cel_overload_table heng_fn_math_table;
extern const heng_cel_overload_table heng_fn_encoders_table;
extern const heng_cel_overload_table heng_fn_optional_table;
extern const heng_cel_overload_table heng_fn_date_table;
extern const heng_cel_overload_table heng_fn_decimal_table;

/* Shorthands for rows: R(id, name, signature, run, cost, base, size, doc, example). */
#define HENG_FN_ROW(id_, name_, signature_, run_, cost_, base_, size_, doc_, example_) \
    {                                                                                  \
        .id = (id_), .name = (name_), .signature = (signature_), .run = (run_),        \
        .cost = HENG_CEL_COST_##cost_, .cost_base = (base_),                           \
        .size = HENG_CEL_SIZE_##size_, .doc = (doc_), .example = (example_)            \
    }

#define HENG_FN_TABLE(family)                                                          \
    const heng_cel_overload_table heng_fn_##family##_table = {                         \
        ROWS, sizeof ROWS / sizeof ROWS[0]}

#endif
