/* SPDX-License-Identifier: Apache-2.0 */
/*
 * arena_take.h: heng_arena_alloc() in line, for what is done for every subject of a
 * batch. The call and its prologue were a tenth of a decision's instructions.
 */
#ifndef HENG_BASE_ARENA_TAKE_H
#define HENG_BASE_ARENA_TAKE_H

#include <stdalign.h>
#include <stddef.h>

#include "heng/arena.h"

/** How an arena begins; arena.c asserts it. */
typedef struct heng_arena_head {
    char *next;
    size_t left;
} heng_arena_head;

/** As heng_arena_alloc(). */
static inline void *heng_arena_take(heng_arena *arena, size_t size) {
    enum { MASK = alignof(max_align_t) - 1 };
    heng_arena_head *head = (heng_arena_head *)(void *)arena;
    size_t need = (size + MASK) & ~(size_t)MASK;
    if (need - 1 >= head->left) /* also where it is 0 or wrapped to 0 */
        return heng_arena_alloc(arena, size);
    char *bytes = head->next;
    head->next += need;
    head->left -= need;
    return bytes;
}

#endif
