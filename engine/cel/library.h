/* SPDX-License-Identifier: Apache-2.0 */
/*
 * library.h: all functions of the language together, and what follows from a row: which
 * calls it fits, what a call costs, how large its result can be.
 *
 * Arguments count with the receiver first: `'tea'.size()` and `size('tea')` both hand
 * their function one argument.
 */
#ifndef HENG_CEL_LIBRARY_H
#define HENG_CEL_LIBRARY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "cel/function.h"
#include "heng/str.h"

/** Parameters a row may declare, the receiver included; `...` repeats the last. */
enum { HENG_CEL_PARAMS_MAX = 6 };

/** The kinds a row takes, read from its signature; PARAM and DYN take any. */
typedef struct heng_cel_signature {
    bool receiver;
    bool repeats; /* the last parameter may come again */
    uint32_t count;
    heng_cel_kind kinds[HENG_CEL_PARAMS_MAX];
    heng_cel_kind result;
} heng_cel_signature;

/** Reads the outermost kinds of a signature. False where the row is written wrongly. */
bool heng_cel_library_signature(const heng_cel_overload *row,
                                heng_cel_signature *ret_signature);

/** Whether values of these kinds fit the row. */
bool heng_cel_library_fits(const heng_cel_signature *signature,
                           const heng_cel_value *args, size_t count);

/**
 * The rows that a call of `name` with `count` arguments could mean, in the order of the
 * tables. Returns how many there are; at most `room` are written.
 */
size_t heng_cel_library_find(heng_str name, bool receiver, size_t count,
                             const heng_cel_overload **ret_rows, size_t room);

/** Whether any row has this name, whatever its arity. */
bool heng_cel_library_has(heng_str name);

/*
 * Cost. One step for each node that is evaluated; a call adds the cost of its row; a
 * comprehension adds one step for each item; a list or map literal adds one for each
 * item. Both the static bound (with the largest sizes) and the count at run time (with
 * the real ones) come from these two functions, which never fall as sizes grow; all
 * sums stop at UINT64_MAX.
 */

/** Size of a value as cost counts it: bytes of text, items of a list, entries of a map,
 * else 1. */
uint64_t heng_cel_library_value_size(heng_cel_value value);

/** What a call adds to the step of its node. */
uint64_t heng_cel_library_cost(const heng_cel_overload *row, const uint64_t *sizes,
                               size_t count);

/** The same at run time. */
uint64_t heng_cel_library_cost_of(const heng_cel_overload *row,
                                  const heng_cel_value *args, size_t count);

#endif
