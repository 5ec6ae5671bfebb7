/* SPDX-License-Identifier: Apache-2.0 */
/* text.h: a text that grows, and numbers that look random. Both end the program when
 * memory is out: this is a test's tool. */
#ifndef HENG_TESTS_TEXT_H
#define HENG_TESTS_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct text {
    char *bytes; /* NUL-terminated once something was added */
    size_t len, cap;
} text;

#if defined(__GNUC__)
__attribute__((format(printf, 2, 3)))
#endif
void text_add(text *into, const char *format, ...);
void text_clear(text *of);
void text_free(text *of);

typedef struct rng {
    uint64_t state;
} rng;

/** 0 to `bound` - 1. */
int rng_below(rng *from, int bound);
/** From `low` to `high`, both included. */
int rng_range(rng *from, int low, int high);
/** True in `percent` of 100 cases. */
bool rng_chance(rng *from, int percent);
/** A set of bits out of the lowest `count`, each with that chance. */
unsigned rng_bits(rng *from, int count, int percent);

#endif
