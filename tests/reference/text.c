/* SPDX-License-Identifier: Apache-2.0 */
/* text.c: a text that grows; splitmix64. */
#include "text.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

void text_add(text *into, const char *format, ...) {
    va_list args;
    va_start(args, format);
    int more = vsnprintf(NULL, 0, format, args);
    va_end(args);
    if (more < 0)
        abort();
    if (into->len + (size_t)more + 1 > into->cap) {
        into->cap = (into->len + (size_t)more + 1) * 2;
        into->bytes = realloc(into->bytes, into->cap);
        if (into->bytes == NULL)
            abort();
    }
    va_start(args, format);
    (void)vsnprintf(into->bytes + into->len, into->cap - into->len, format, args);
    va_end(args);
    into->len += (size_t)more;
}

void text_clear(text *of) {
    of->len = 0;
}

void text_free(text *of) {
    free(of->bytes);
    *of = (text){0};
}

static uint64_t next(rng *from) {
    uint64_t z = (from->state += UINT64_C(0x9e3779b97f4a7c15));
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

int rng_below(rng *from, int bound) {
    return (int)(next(from) % (uint64_t)bound);
}

int rng_range(rng *from, int low, int high) {
    return low + rng_below(from, high - low + 1);
}

bool rng_chance(rng *from, int percent) {
    return rng_below(from, 100) < percent;
}

unsigned rng_bits(rng *from, int count, int percent) {
    unsigned bits = 0;
    for (int i = 0; i < count; i++) {
        if (rng_chance(from, percent))
            bits |= 1U << i;
    }
    return bits;
}
