/* SPDX-License-Identifier: Apache-2.0 */
/* signature.h: the library's rows with their types, found by name. */
#ifndef HENG_CEL_SIGNATURE_H
#define HENG_CEL_SIGNATURE_H

#include "cel/library.h"
#include "heng/arena.h"

typedef struct heng_signature_row heng_signature_row;

struct heng_signature_row {
    const heng_cel_overload *overload;
    bool receiver; /* params[0] is the receiver's */
    bool repeats;  /* the last parameter may come again */
    uint32_t count;
    const heng_cel_type *params[HENG_CEL_PARAMS_MAX];
    const heng_cel_type *result;
    const heng_signature_row *next; /* of the same name, in the order of the tables */
};

typedef struct heng_signature_table heng_signature_table;

/** All rows of the library. Lives in `arena`; NULL out of memory. */
const heng_signature_table *heng_signature_table_new(heng_arena *arena);

/** The first row of this name, or NULL. */
const heng_signature_row *heng_signature_find(const heng_signature_table *table,
                                              heng_str name);

/** Names of all functions, for "did you mean". Borrowed. */
const heng_str *heng_signature_names(const heng_signature_table *table,
                                     size_t *ret_count);

/** Type of parameter `index` of a call that has more than the row where it repeats. */
const heng_cel_type *heng_signature_param(const heng_signature_row *row, size_t index);

/** Whether a call with so many arguments (the receiver among them) can be of the row.
 */
bool heng_signature_fits(const heng_signature_row *row, bool receiver, size_t count);

#endif
