/* SPDX-License-Identifier: Apache-2.0 */
/*
 * arena.h: memory that is given back all at once.
 *
 * heng has three lifetimes: the ruleset's arena (filled while loading, then const and
 * shared by all threads), a subject's arena (one a worker, reset after each decision)
 * and the memory of a store's transaction. A pointer into an arena is valid until the
 * arena is reset or freed; arena objects have no free of their own.
 *
 * An arena is not thread-safe; each has one owner.
 */
#ifndef HENG_ARENA_H
#define HENG_ARENA_H

#include <stddef.h>

#include "heng/api.h"
#include "heng/error.h"
#include "heng/str.h"

typedef struct heng_arena heng_arena;

/** A mark that heng_arena_rewind goes back to. */
typedef struct heng_arena_mark {
    size_t block;
    size_t used;
} heng_arena_mark;

/**
 * Makes an arena that never hands out more than `max_bytes`, each allocation rounded up
 * for alignment. What fits does not depend on what the arena held before a reset.
 *
 * @return NULL out of memory. Owned by the caller, who must call heng_arena_free().
 */
HENG_API heng_arena *heng_arena_new(size_t max_bytes);

/** Frees the arena and all in it. NULL is a no-op. */
HENG_API void heng_arena_free(heng_arena *arena);

/** Empties the arena and keeps its memory for the next use. */
HENG_API void heng_arena_reset(heng_arena *arena);

HENG_API heng_arena_mark heng_arena_get_mark(const heng_arena *arena);

/** Gives back all that was allocated since `mark` was taken from this arena. */
HENG_API void heng_arena_rewind(heng_arena *arena, heng_arena_mark mark);

/** Bytes handed out since the last reset, for caps and tests. */
HENG_API size_t heng_arena_used(const heng_arena *arena);

/** `size` bytes aligned for any type, not zeroed; NULL out of memory or over the cap.
 */
HENG_API void *heng_arena_alloc(heng_arena *arena, size_t size);

/** The same, zeroed, for `count` things of `size`; NULL also where the product
 * overflows. */
HENG_API void *heng_arena_calloc(heng_arena *arena, size_t count, size_t size);

/** Copies `len` bytes and adds a NUL. NULL out of memory. */
HENG_API char *heng_arena_dup(heng_arena *arena, const char *bytes, size_t len);

/** Copies a view into the arena; on failure `ptr` is NULL while `len` is not 0. */
HENG_API heng_str heng_arena_dup_str(heng_arena *arena, heng_str str);

/** Formats into the arena (for texts, not for hot paths); NULL out of memory. */
HENG_API char *heng_arena_printf(heng_arena *arena, const char *format, ...)
    HENG_PRINTF(2, 3);

#endif
