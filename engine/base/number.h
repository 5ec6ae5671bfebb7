/* SPDX-License-Identifier: Apache-2.0 */
/*
 * number.h: arithmetic that says when it overflows.
 *
 * Each returns false on overflow and leaves its output untouched. The built-ins are in
 * gcc and clang alike, and become one instruction and a jump.
 */
#ifndef HENG_BASE_NUMBER_H
#define HENG_BASE_NUMBER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define HENG_NUMBER_DEFINE(name, type, builtin)                                        \
    static inline bool name(type a, type b, type *ret_value) {                         \
        type value;                                                                    \
        if (builtin(a, b, &value))                                                     \
            return false;                                                              \
        *ret_value = value;                                                            \
        return true;                                                                   \
    }

HENG_NUMBER_DEFINE(heng_number_add_size, size_t, __builtin_add_overflow)
HENG_NUMBER_DEFINE(heng_number_multiply_size, size_t, __builtin_mul_overflow)
HENG_NUMBER_DEFINE(heng_number_add_int64, int64_t, __builtin_add_overflow)
HENG_NUMBER_DEFINE(heng_number_subtract_int64, int64_t, __builtin_sub_overflow)
HENG_NUMBER_DEFINE(heng_number_multiply_int64, int64_t, __builtin_mul_overflow)
HENG_NUMBER_DEFINE(heng_number_add_uint64, uint64_t, __builtin_add_overflow)
HENG_NUMBER_DEFINE(heng_number_subtract_uint64, uint64_t, __builtin_sub_overflow)
HENG_NUMBER_DEFINE(heng_number_multiply_uint64, uint64_t, __builtin_mul_overflow)

#undef HENG_NUMBER_DEFINE

/** Rounds up to a multiple of `to`, a power of two. */
static inline bool heng_number_round_up_size(size_t value, size_t to,
                                             size_t *ret_value) {
    size_t sum;
    if (!heng_number_add_size(value, to - 1, &sum))
        return false;
    *ret_value = sum & ~(to - 1);
    return true;
}

#endif
