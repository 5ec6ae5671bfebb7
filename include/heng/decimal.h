/* SPDX-License-Identifier: Apache-2.0 */
/*
 * decimal.h: exact numbers with four decimals: a 64-bit count of ten-thousandths.
 *
 * Overflow is an error, never a wrong sum. Products and quotients are rounded half to
 * even. Written without trailing zeros: `1250000`, `0.5`, `-3.0001`.
 */
#ifndef HENG_DECIMAL_H
#define HENG_DECIMAL_H

#include <stdbool.h>
#include <stdint.h>

#include "heng/api.h"
#include "heng/str.h"

/** Ten-thousandths. */
typedef int64_t heng_decimal;

#define HENG_DECIMAL_ONE ((heng_decimal)10000)

/**
 * Parses `-?[0-9]+(\.[0-9]+)?`. More than four decimals are accepted only where the
 * rest is zeros: nothing is rounded silently. False also on overflow.
 */
HENG_API bool heng_decimal_parse(heng_str text, heng_decimal *ret_value);

enum { HENG_DECIMAL_TEXT_BYTES = 24 };

/** Writes the number and a NUL; returns its length. */
HENG_API size_t heng_decimal_format(heng_decimal value,
                                    char buffer[HENG_DECIMAL_TEXT_BYTES]);

HENG_API bool heng_decimal_from_int(int64_t value, heng_decimal *ret_value);
HENG_API bool heng_decimal_add(heng_decimal a, heng_decimal b, heng_decimal *ret_value);
HENG_API bool heng_decimal_subtract(heng_decimal a, heng_decimal b,
                                    heng_decimal *ret_value);
HENG_API bool heng_decimal_multiply(heng_decimal a, heng_decimal b,
                                    heng_decimal *ret_value);
/** False also where `b` is 0. */
HENG_API bool heng_decimal_divide(heng_decimal a, heng_decimal b,
                                  heng_decimal *ret_value);
HENG_API bool heng_decimal_negate(heng_decimal a, heng_decimal *ret_value);

#endif
