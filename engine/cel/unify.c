/* SPDX-License-Identifier: Apache-2.0 */
/*
 * unify.c: filling type variables.
 *
 * A variable is a PARAM type named `?`, found in `bound` by its index. Trying fills
 * variables as it goes and notes what was there before; failing undoes it.
 *
 * Where a variable was filled already, and the new type fits too, the more general of
 * both stays: a list of int that is compared with a list of dyn is a list of dyn.
 */
#include "cel/unify.h"

#include "base/alloc.h"
#include "base/limits.h"

typedef struct variable {
    heng_cel_type type; /* first, so that a type can be looked at as a variable */
    uint32_t index;
} variable;

static bool is_variable(const heng_cel_type *type) {
    return type->kind == HENG_CEL_PARAM && type->name.ptr[0] == '?';
}

static uint32_t index_of(const heng_cel_type *type) {
    return ((const variable *)(const void *)type)->index;
}

void heng_unify_done(heng_unify *unify) {
    heng_alloc_free(unify->bound);
    heng_alloc_free(unify->trail);
    unify->bound = NULL;
    unify->trail = NULL;
}

static const heng_cel_type *dyn(void) {
    return heng_cel_type_simple(HENG_CEL_DYN);
}

static const heng_cel_type *no_memory(heng_unify *unify) {
    unify->status = HENG_ERR_NOMEM;
    return dyn();
}

const heng_cel_type *heng_unify_fresh(heng_unify *unify) {
    if (unify->count == unify->room) {
        uint32_t room = unify->room == 0 ? 32 : unify->room * 2;
        const heng_cel_type **bound =
            heng_alloc_resize(unify->bound, room, sizeof *bound);
        if (bound == NULL)
            return no_memory(unify);
        unify->bound = bound;
        unify->room = room;
    }
    variable *made = heng_arena_calloc(unify->arena, 1, sizeof *made);
    if (made == NULL)
        return no_memory(unify);
    made->type.kind = HENG_CEL_PARAM;
    made->type.name = HENG_STR("?");
    made->index = unify->count;
    unify->bound[unify->count++] = NULL;
    return &made->type;
}

/* ---- binding ---- */

static bool bind(heng_unify *unify, const heng_cel_type *type,
                 const heng_cel_type *to) {
    if (unify->trail_count == unify->trail_room) {
        size_t room = unify->trail_room == 0 ? 32 : unify->trail_room * 2;
        heng_unify_change *trail = heng_alloc_resize(unify->trail, room, sizeof *trail);
        if (trail == NULL) {
            unify->status = HENG_ERR_NOMEM;
            return false;
        }
        unify->trail = trail;
        unify->trail_room = room;
    }
    uint32_t index = index_of(type);
    unify->trail[unify->trail_count++] =
        (heng_unify_change){index, unify->bound[index]};
    unify->bound[index] = to;
    return true;
}

static void undo(heng_unify *unify, size_t trail_count) {
    while (unify->trail_count > trail_count) {
        heng_unify_change change = unify->trail[--unify->trail_count];
        unify->bound[change.variable] = change.before;
    }
}

/* ---- questions about types ---- */

bool heng_unify_same(const heng_cel_type *a, const heng_cel_type *b) {
    while (a != b) {
        if (a == NULL || b == NULL || a->kind != b->kind || a->object != b->object ||
            (a->kind == HENG_CEL_PARAM && is_variable(a)))
            return false;
        if (a->kind == HENG_CEL_PARAM)
            return heng_str_equal(a->name, b->name);
        if (a->params[0] == NULL || b->params[0] == NULL)
            return a->params[0] == b->params[0];
        if (a->params[1] != NULL && !heng_unify_same(a->params[0], b->params[0]))
            return false;
        bool two = a->params[1] != NULL; /* keys first; then on along the values */
        const heng_cel_type *next = two ? a->params[1] : a->params[0];
        b = two ? b->params[1] : b->params[0];
        a = next;
    }
    return true;
}

/* One level down the type, unless that is too deep. */
static bool enter(heng_unify *unify) {
    if (unify->level >= HENG_LIMIT_CEL_TYPE_DEPTH ||
        ++unify->steps > HENG_LIMIT_CEL_TYPE_STEPS) {
        unify->too_deep = true;
        return false;
    }
    unify->level++;
    return true;
}

/* Whether the variable occurs in the type, through what variables are bound to. */
static bool occurs(heng_unify *unify, const heng_cel_type *needle,
                   const heng_cel_type *type) {
    if (type == NULL)
        return false;
    if (type == needle || !enter(unify))
        return true;
    bool found = false;
    if (is_variable(type)) {
        found = occurs(unify, needle, unify->bound[index_of(type)]);
    } else {
        found = occurs(unify, needle, type->params[0]) ||
                occurs(unify, needle, type->params[1]);
    }
    unify->level--;
    return found;
}

static bool is_less_specific(heng_unify *unify, const heng_cel_type *a,
                             const heng_cel_type *b) {
    if (a->kind == HENG_CEL_DYN || a->kind == HENG_CEL_ERROR || is_variable(a))
        return true;
    if (b->kind == HENG_CEL_DYN || b->kind == HENG_CEL_ERROR || is_variable(b) ||
        a->kind != b->kind)
        return false;
    if (a->kind == HENG_CEL_TYPE || a->params[0] == NULL || b->params[0] == NULL ||
        !enter(unify))
        return true;
    bool less =
        is_less_specific(unify, a->params[0], b->params[0]) &&
        (a->params[1] == NULL || is_less_specific(unify, a->params[1], b->params[1]));
    unify->level--;
    return less;
}

/* ---- rebuilding ---- */

static const heng_cel_type *rebuilt(heng_unify *unify, const heng_cel_type *type,
                                    const heng_cel_type *first,
                                    const heng_cel_type *second) {
    if (first == type->params[0] && second == type->params[1])
        return type;
    heng_cel_type *copy = heng_arena_calloc(unify->arena, 1, sizeof *copy);
    if (copy == NULL)
        return no_memory(unify);
    *copy = *type;
    copy->params[0] = first;
    copy->params[1] = second;
    return copy;
}

const heng_cel_type *heng_unify_resolve(heng_unify *unify, const heng_cel_type *type,
                                        bool close) {
    if (!enter(unify))
        return dyn();
    const heng_cel_type *result = type;
    if (is_variable(type)) {
        const heng_cel_type *bound = unify->bound[index_of(type)];
        result = bound != NULL ? heng_unify_resolve(unify, bound, close)
                 : close       ? dyn()
                               : type;
    } else if (type->params[0] != NULL) {
        const heng_cel_type *first = heng_unify_resolve(unify, type->params[0], close);
        const heng_cel_type *second =
            type->params[1] == NULL ? NULL
                                    : heng_unify_resolve(unify, type->params[1], close);
        result = rebuilt(unify, type, first, second);
    }
    unify->level--;
    return result;
}

/* ---- the more general of two ---- */

/* What a variable is bound to, or the type itself. */
static const heng_cel_type *held(const heng_unify *unify, const heng_cel_type *type) {
    while (is_variable(type) && unify->bound[index_of(type)] != NULL) {
        type = unify->bound[index_of(type)];
    }
    return type;
}

/* `general` with `type(dyn)` wherever it and `other` name different types: of `int` and
 * `bool` all that is known is that both are types. */
static const heng_cel_type *decayed(heng_unify *unify, const heng_cel_type *general,
                                    const heng_cel_type *other) {
    general = held(unify, general);
    other = held(unify, other);
    if (general == other || general->kind != other->kind ||
        general->params[0] == NULL || other->params[0] == NULL || !enter(unify))
        return general;
    const heng_cel_type *result = general;
    if (general->kind == HENG_CEL_TYPE) {
        const heng_cel_type *closed = heng_unify_resolve(unify, general, true);
        if (!heng_unify_same(closed, heng_unify_resolve(unify, other, true))) {
            result = rebuilt(unify, general, dyn(), NULL);
        }
    } else {
        const heng_cel_type *first =
            decayed(unify, general->params[0], other->params[0]);
        const heng_cel_type *second =
            general->params[1] == NULL
                ? NULL
                : decayed(unify, general->params[1], other->params[1]);
        result = rebuilt(unify, general, first, second);
    }
    unify->level--;
    return result;
}

/* A type that takes null says more than null does. */
static const heng_cel_type *most_general(heng_unify *unify, const heng_cel_type *a,
                                         const heng_cel_type *b) {
    if (a->kind == HENG_CEL_NULL || b->kind == HENG_CEL_NULL)
        return a->kind == HENG_CEL_NULL ? b : a;
    return is_less_specific(unify, a, b) ? decayed(unify, a, b) : decayed(unify, b, a);
}

/* Types of which null can take the place: those that protocol buffers give a null, and
 * optionals. heng's own are not among them: what is absent there is asked for with
 * has().
 */
static bool takes_null(const heng_cel_type *type) {
    return type->kind == HENG_CEL_NULL || type->kind == HENG_CEL_TIMESTAMP ||
           type->kind == HENG_CEL_DURATION || type->kind == HENG_CEL_OPTIONAL;
}

/* ---- assigning ---- */

static bool assign(heng_unify *unify, const heng_cel_type *from,
                   const heng_cel_type *to);

typedef enum substitution { FITS, BOUND_OTHERWISE, CANNOT } substitution;

/* Fills `hole`, a variable, with the type, or finds that it is filled so. */
static substitution fill(heng_unify *unify, const heng_cel_type *type,
                         const heng_cel_type *hole) {
    if (type == hole)
        return FITS;
    const heng_cel_type *bound = unify->bound[index_of(hole)];
    if (bound != NULL) {
        if (type == bound)
            return FITS;
        if (!assign(unify, type, bound))
            return BOUND_OTHERWISE;
        const heng_cel_type *general = most_general(unify, type, bound);
        if (general != bound && !occurs(unify, hole, general))
            return bind(unify, hole, general) ? FITS : CANNOT;
        return FITS;
    }
    return !occurs(unify, hole, type) && bind(unify, hole, type) ? FITS : CANNOT;
}

static bool assign_params(heng_unify *unify, const heng_cel_type *from,
                          const heng_cel_type *to) {
    for (size_t i = 0; i < 2; i++) {
        if (from->params[i] == NULL || to->params[i] == NULL)
            return true;
        if (!assign(unify, from->params[i], to->params[i]))
            return false;
    }
    return true;
}

static bool assign_plain(heng_unify *unify, const heng_cel_type *from,
                         const heng_cel_type *to) {
    if (from->kind == HENG_CEL_DYN || to->kind == HENG_CEL_DYN ||
        from->kind == HENG_CEL_ERROR || to->kind == HENG_CEL_ERROR)
        return true;
    if (from->kind == HENG_CEL_NULL)
        return takes_null(to);
    if (to->kind == HENG_CEL_NULL)
        return takes_null(from);
    if (from->kind != to->kind || from->object != to->object)
        return false;
    return from->kind == HENG_CEL_TYPE || assign_params(unify, from, to);
}

static bool assign(heng_unify *unify, const heng_cel_type *from,
                   const heng_cel_type *to) {
    if (!enter(unify))
        return false;
    bool fits = false;
    bool decided = false;
    if (is_variable(to)) {
        substitution result = fill(unify, from, to);
        fits = result == FITS;
        decided = fits || result == BOUND_OTHERWISE;
    }
    if (!decided && is_variable(from)) {
        fits = fill(unify, to, from) == FITS;
        decided = true;
    }
    if (!decided) {
        fits = assign_plain(unify, from, to);
    }
    unify->level--;
    return fits;
}

bool heng_unify_assignable(heng_unify *unify, const heng_cel_type *const *from,
                           const heng_cel_type *const *to, size_t count) {
    size_t before = unify->trail_count;
    for (size_t i = 0; i < count; i++) {
        if (!assign(unify, from[i], to[i])) {
            undo(unify, before);
            return false;
        }
    }
    return true;
}

const heng_cel_type *heng_unify_join(heng_unify *unify, const heng_cel_type *a,
                                     const heng_cel_type *b) {
    return heng_unify_assignable(unify, &a, &b, 1) ? most_general(unify, a, b) : NULL;
}

const heng_cel_type *heng_unify_instantiate(heng_unify *unify,
                                            const heng_cel_type *type,
                                            const heng_cel_type **fresh) {
    if (type->kind == HENG_CEL_PARAM) {
        size_t letter = (size_t)(type->name.ptr[0] - 'A');
        if (fresh[letter] == NULL) {
            fresh[letter] = heng_unify_fresh(unify);
        }
        return fresh[letter];
    }
    if (type->params[0] == NULL)
        return type;
    const heng_cel_type *first = heng_unify_instantiate(unify, type->params[0], fresh);
    const heng_cel_type *second =
        type->params[1] == NULL ? NULL
                                : heng_unify_instantiate(unify, type->params[1], fresh);
    return rebuilt(unify, type, first, second);
}
