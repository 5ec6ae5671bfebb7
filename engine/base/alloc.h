/* SPDX-License-Identifier: Apache-2.0 */
/*
 * alloc.h: the one door to the heap.
 *
 * All of heng's own allocation goes through here, so that a test can make the n-th one
 * fail for every n. The counter is per thread, and costs one decrement.
 */
#ifndef HENG_BASE_ALLOC_H
#define HENG_BASE_ALLOC_H

#include <stddef.h>
#include <stdint.h>

/** NULL out of memory; `size` 0 gives a pointer that may be freed. */
void *heng_alloc(size_t size);

/** Zeroed; NULL also where the product overflows. */
void *heng_alloc_zero(size_t count, size_t size);

/** As realloc, for `count` things of `size`; the old block stays valid on failure. */
void *heng_alloc_resize(void *block, size_t count, size_t size);

/** A copy of `len` bytes with a NUL after them. */
char *heng_alloc_dup(const char *bytes, size_t len);

/** NULL is a no-op. */
void heng_alloc_free(void *block);

/** For tests: the `n`-th allocation of this thread from now on (1-based), and all after
 * it, fail; 0 ends that. */
void heng_alloc_fail_after(uint64_t n);

/** For tests: allocations of this thread so far. */
uint64_t heng_alloc_count(void);

#endif
