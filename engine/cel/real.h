/* SPDX-License-Identifier: Apache-2.0 */
/* real.h: doubles from and to text, the same in every locale. */
#ifndef HENG_CEL_REAL_H
#define HENG_CEL_REAL_H

#include <stdbool.h>
#include <stddef.h>

#include "heng/str.h"

enum { HENG_REAL_TEXT_BYTES = 40 };

/**
 * The shortest text that parses back to the same double: `0.1`, `-1e+30`, `NaN`,
 * `Infinity`. With an exponent below 1e-4 and from 1e21 on. Returns its length; a NUL
 * follows.
 */
size_t heng_real_print(double value, char buffer[HENG_REAL_TEXT_BYTES]);

/** Enough for the largest double with the most decimals that a format may ask for. */
enum { HENG_REAL_FIXED_BYTES = 320 + 1100 };

/** The shortest text without an exponent: `1000000000000000000000`, `0.000001`. */
size_t heng_real_print_plain(double value, char buffer[HENG_REAL_FIXED_BYTES]);

/** As C's `%.Nf` and `%.Ne`; `precision` at most HENG_REAL_PRECISION_MAX. */
enum { HENG_REAL_PRECISION_MAX = 1000 };
size_t heng_real_print_fixed(double value, unsigned precision,
                             char buffer[HENG_REAL_FIXED_BYTES]);
size_t heng_real_print_scientific(double value, unsigned precision,
                                  char buffer[HENG_REAL_FIXED_BYTES]);

/**
 * Parses all of `text`: decimal digits with an optional sign, point and exponent, or
 * `NaN`, `inf`, `Infinity` in any case. What is too large becomes infinite.
 */
bool heng_real_parse(heng_str text, double *ret_value);

#endif
