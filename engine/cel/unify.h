/* SPDX-License-Identifier: Apache-2.0 */
/*
 * unify.h: types with holes, and how they are filled.
 *
 * `[]` is a list of something: its type has a variable. What the list is compared with,
 * or handed to, says what that is. A type is *assignable* to another if the variables
 * of both can be filled so that it is the same, or if either is dyn.
 */
#ifndef HENG_CEL_UNIFY_H
#define HENG_CEL_UNIFY_H

#include "cel/cel_type.h"
#include "heng/arena.h"
#include "heng/error.h"

typedef struct heng_unify_change {
    uint32_t variable;
    const heng_cel_type *before;
} heng_unify_change;

/** Set arena; zero the rest. */
typedef struct heng_unify {
    heng_arena *arena;
    const heng_cel_type **bound; /* owned: by index of the variable; NULL: open */
    uint32_t count, room;
    heng_unify_change *trail; /* owned: what to undo */
    size_t trail_count, trail_room;
    uint32_t level;     /* of recursion */
    uint64_t steps;     /* taken so far */
    bool too_deep;      /* a type is nested beyond all measure */
    heng_status status; /* HENG_ERR_NOMEM sticks */
} heng_unify;

void heng_unify_done(heng_unify *unify);

/** A new variable. Never NULL: dyn out of memory. */
const heng_cel_type *heng_unify_fresh(heng_unify *unify);

/** Fills variables so that `count` types are assignable to others, if that can be; else
 * leaves them as they were. */
bool heng_unify_assignable(heng_unify *unify, const heng_cel_type *const *from,
                           const heng_cel_type *const *to, size_t count);

/** The more general of two types of which one is assignable to the other; NULL if
 * neither is. */
const heng_cel_type *heng_unify_join(heng_unify *unify, const heng_cel_type *a,
                                     const heng_cel_type *b);

/** The type with what its variables were filled with; `close`: dyn for those still
 * open. Never NULL: dyn out of memory. */
const heng_cel_type *heng_unify_resolve(heng_unify *unify, const heng_cel_type *type,
                                        bool close);

/** The type with variables instead of parameters, the same for the same letter. `fresh`
 * has 26 entries, NULL at first. */
const heng_cel_type *heng_unify_instantiate(heng_unify *unify,
                                            const heng_cel_type *type,
                                            const heng_cel_type **fresh);

/** Whether two types are the same, variables included. */
bool heng_unify_same(const heng_cel_type *a, const heng_cel_type *b);

#endif
