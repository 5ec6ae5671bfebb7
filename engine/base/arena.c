/* SPDX-License-Identifier: Apache-2.0 */
/*
 * arena.c: a list of blocks, of which the current one is handed out from the front.
 *
 * The cap counts the bytes handed out (rounded up for alignment), never the blocks: so
 * whether a subject fits does not depend on which subject the arena held before. As a
 * block is left only when a request does not fit its rest, the blocks in use hold at
 * most twice what was handed out, and one block more.
 *
 * Under HENG_STRESS each allocation is a block of its own, of exactly its size, so that
 * ASan sees overruns, and uses after a reset or rewind.
 */
#include "heng/arena.h"

#include <stdalign.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "base/alloc.h"
#include "base/arena_take.h"
#include "base/number.h"

#define ALIGNMENT (alignof(max_align_t))

/* Most decisions fit the first block or two. Past a megabyte larger blocks save no
 * time, and their unused rest begins to count. */
#define FIRST_BLOCK_BYTES ((size_t)4 << 10)
#define BLOCK_DOUBLINGS 8

struct block {
    char *bytes; /* owned */
    size_t size;
    size_t before; /* handed out from the blocks before this one */
};

struct heng_arena {
    heng_arena_head head; /* next: first free byte of the current block; left: what can
                             be handed out there, its rest, and never past the cap */
    size_t max_bytes;
    struct block *blocks; /* owned */
    size_t room;          /* of `blocks` */
    size_t count;      /* blocks held; those from `used_count` on are kept for later */
    size_t used_count; /* 0: nothing was handed out; else the last is the current one */
};

static size_t smaller(size_t a, size_t b) {
    return a < b ? a : b;
}

heng_arena *heng_arena_new(size_t max_bytes) {
    heng_arena *arena = heng_alloc_zero(1, sizeof *arena);
    if (arena == NULL)
        return NULL;
    arena->max_bytes = max_bytes;
    return arena;
}

static void free_blocks_from(heng_arena *arena, size_t first) {
    while (arena->count > first) {
        arena->count--;
        heng_alloc_free(arena->blocks[arena->count].bytes);
    }
}

void heng_arena_free(heng_arena *arena) {
    if (arena == NULL)
        return;
    free_blocks_from(arena, 0);
    heng_alloc_free(arena->blocks);
    heng_alloc_free(arena);
}

size_t heng_arena_used(const heng_arena *arena) {
    if (arena->used_count == 0)
        return 0;
    const struct block *current = &arena->blocks[arena->used_count - 1];
    return current->before + (size_t)(arena->head.next - current->bytes);
}

heng_arena_mark heng_arena_get_mark(const heng_arena *arena) {
    return (heng_arena_mark){arena->used_count, heng_arena_used(arena)};
}

void heng_arena_rewind(heng_arena *arena, heng_arena_mark mark) {
    arena->used_count = mark.block;
#ifdef HENG_STRESS
    free_blocks_from(arena, mark.block);
#endif
    if (mark.block == 0) {
        arena->head.next = NULL;
        arena->head.left = 0;
        return;
    }
    const struct block *current = &arena->blocks[mark.block - 1];
    size_t offset = mark.used - current->before;
    arena->head.next = current->bytes + offset;
    arena->head.left = smaller(current->size - offset, arena->max_bytes - mark.used);
}

void heng_arena_reset(heng_arena *arena) {
    heng_arena_rewind(arena, (heng_arena_mark){0, 0});
}

static bool make_room_for_block(heng_arena *arena) {
    if (arena->used_count < arena->room)
        return true;
    size_t room = arena->room == 0 ? 16 : arena->room * 2;
    struct block *blocks = heng_alloc_resize(arena->blocks, room, sizeof *blocks);
    if (blocks == NULL)
        return false;
    arena->blocks = blocks;
    arena->room = room;
    return true;
}

/* Makes a block current that has `need` bytes: a kept one, else a new one. One that is
 * too small is replaced and not skipped, or what is held could only grow. */
static bool next_block(heng_arena *arena, size_t need, size_t asked) {
    size_t used = heng_arena_used(arena);
    size_t at = arena->used_count;
    if (!make_room_for_block(arena))
        return false;

    if (at == arena->count || arena->blocks[at].size < need) {
#ifdef HENG_STRESS
        size_t size = need; /* handed out in full, so that nothing else shares it */
        size_t real = asked;
#else
        size_t doubled = FIRST_BLOCK_BYTES << smaller(at, BLOCK_DOUBLINGS);
        size_t size = need > doubled ? need : doubled;
        size_t real = size;
        (void)asked;
#endif
        char *bytes = heng_alloc(real);
        if (bytes == NULL)
            return false;
        if (at < arena->count) {
            heng_alloc_free(arena->blocks[at].bytes);
        } else {
            arena->count++;
        }
        arena->blocks[at].bytes = bytes;
        arena->blocks[at].size = size;
    }

    arena->blocks[at].before = used;
    arena->used_count = at + 1;
    arena->head.next = arena->blocks[at].bytes;
    arena->head.left = smaller(arena->blocks[at].size, arena->max_bytes - used);
    return true;
}

/* Kept out of line, so that the way taken nearly always stays short. */
static void *alloc_from_next_block(heng_arena *arena, size_t size) {
    size_t need;
    if (!heng_number_round_up_size(size == 0 ? 1 : size, ALIGNMENT, &need))
        return NULL;
    if (need > arena->max_bytes - heng_arena_used(arena))
        return NULL;
    if (need > arena->head.left && !next_block(arena, need, size))
        return NULL;
    char *bytes = arena->head.next;
    arena->head.next += need;
    arena->head.left -= need;
    return bytes;
}

_Static_assert(offsetof(struct heng_arena, head) == 0, "arena_take.h relies on it");

void *heng_arena_alloc(heng_arena *arena, size_t size) {
    size_t need = (size + (ALIGNMENT - 1)) & ~(ALIGNMENT - 1);
    if (need - 1 >=
        arena->head.left) /* also where `size` is 0 or the sum wrapped to 0 */
        return alloc_from_next_block(arena, size);
    char *bytes = arena->head.next;
    arena->head.next += need;
    arena->head.left -= need;
    return bytes;
}

void *heng_arena_calloc(heng_arena *arena, size_t count, size_t size) {
    size_t bytes;
    if (!heng_number_multiply_size(count, size, &bytes))
        return NULL;
    void *block = heng_arena_alloc(arena, bytes);
    if (block != NULL) {
        memset(block, 0, bytes);
    }
    return block;
}

char *heng_arena_dup(heng_arena *arena, const char *bytes, size_t len) {
    if (len == SIZE_MAX)
        return NULL;
    char *copy = heng_arena_alloc(arena, len + 1);
    if (copy == NULL)
        return NULL;
    if (len > 0) {
        memcpy(copy, bytes, len);
    }
    copy[len] = '\0';
    return copy;
}

heng_str heng_arena_dup_str(heng_arena *arena, heng_str str) {
    if (str.len == 0)
        return HENG_STR("");
    return (heng_str){heng_arena_dup(arena, str.ptr, str.len), str.len};
}

char *heng_arena_printf(heng_arena *arena, const char *format, ...) {
    va_list args;
    va_start(args, format);
    va_list again;
    va_copy(again, args);
    char *text = NULL;
    int len = vsnprintf(NULL, 0, format, args);
    if (len >= 0) {
        text = heng_arena_alloc(arena, (size_t)len + 1);
    }
    if (text != NULL) {
        (void)vsnprintf(text, (size_t)len + 1, format, again);
    }
    va_end(again);
    va_end(args);
    return text;
}
