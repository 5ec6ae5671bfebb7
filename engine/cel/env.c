/* SPDX-License-Identifier: Apache-2.0 */
/* env.c: the names that an expression may use. */
#include "cel/env.h"

#include <string.h>

struct heng_cel_env {
    heng_arena *arena;
    const heng_cel_env *parent;
    const heng_signature_table *functions;
    heng_cel_variable *variables; /* of this level */
    uint32_t count, room;
    uint32_t first; /* slots of the levels above */
    uint32_t clock;
    const heng_cel_object_type **objects;
    size_t object_count, object_room;
    heng_str container;
};

static heng_cel_env *make(heng_arena *arena) {
    heng_cel_env *env = heng_arena_calloc(arena, 1, sizeof *env);
    if (env != NULL) {
        env->arena = arena;
        env->clock = HENG_CEL_SLOT_NONE;
    }
    return env;
}

heng_cel_env *heng_cel_env_new(heng_arena *arena) {
    heng_cel_env *env = make(arena);
    if (env == NULL)
        return NULL;
    env->functions = heng_signature_table_new(arena);
    return env->functions == NULL ? NULL : env;
}

heng_cel_env *heng_cel_env_extend(heng_arena *arena, const heng_cel_env *parent) {
    heng_cel_env *env = make(arena);
    if (env == NULL)
        return NULL;
    env->parent = parent;
    env->functions = parent->functions;
    env->first = heng_cel_env_variable_count(parent);
    env->clock = parent->clock;
    env->container = parent->container;
    return env;
}

/* Room for one more of `size` bytes in a list that lives in the arena; NULL: none. */
static void *grow(heng_arena *arena, void *items, size_t count, size_t room,
                  size_t size) {
    void *more = heng_arena_calloc(arena, room, size);
    if (more != NULL && count > 0) {
        memcpy(more, items, count * size);
    }
    return more;
}

heng_status heng_cel_env_variable(heng_cel_env *env, heng_str name,
                                  const heng_cel_type *type, uint32_t *ret_slot) {
    uint32_t slot = 0;
    if (heng_cel_env_find(env, name, &slot))
        return HENG_ERR_INVALID;
    if (env->count == env->room) {
        uint32_t room = env->room == 0 ? 8 : env->room * 2;
        heng_cel_variable *more =
            grow(env->arena, env->variables, env->count, room, sizeof *more);
        if (more == NULL)
            return HENG_ERR_NOMEM;
        env->variables = more;
        env->room = room;
    }
    heng_cel_variable variable = {.name = heng_arena_dup_str(env->arena, name),
                                  .type = type};
    if (variable.name.ptr == NULL)
        return HENG_ERR_NOMEM;
    env->variables[env->count++] = variable;
    if (ret_slot != NULL) {
        *ret_slot = env->first + env->count - 1;
    }
    return HENG_OK;
}

void heng_cel_env_clock(heng_cel_env *env, uint32_t slot) {
    env->clock = slot;
}

heng_status heng_cel_env_object(heng_cel_env *env, const heng_cel_object_type *type) {
    if (env->object_count == env->object_room) {
        size_t room = env->object_room == 0 ? 4 : env->object_room * 2;
        const heng_cel_object_type **more =
            grow(env->arena, env->objects, env->object_count, room, sizeof *more);
        if (more == NULL)
            return HENG_ERR_NOMEM;
        env->objects = more;
        env->object_room = room;
    }
    env->objects[env->object_count++] = type;
    return HENG_OK;
}

heng_status heng_cel_env_container(heng_cel_env *env, heng_str container) {
    heng_str copy = heng_arena_dup_str(env->arena, container);
    if (copy.ptr == NULL && container.len > 0)
        return HENG_ERR_NOMEM;
    env->container = copy;
    return HENG_OK;
}

void heng_cel_env_size(heng_cel_env *env, uint32_t slot, uint64_t max_items) {
    if (slot >= env->first && slot - env->first < env->count) {
        env->variables[slot - env->first].sized = true;
        env->variables[slot - env->first].max_items = max_items;
    }
}

uint32_t heng_cel_env_variable_count(const heng_cel_env *env) {
    return env->first + env->count;
}

/* ---- for the stages ---- */

bool heng_cel_env_find(const heng_cel_env *env, heng_str name, uint32_t *ret_slot) {
    for (; env != NULL; env = env->parent) {
        for (uint32_t i = 0; i < env->count; i++) {
            if (heng_str_equal(env->variables[i].name, name)) {
                *ret_slot = env->first + i;
                return true;
            }
        }
    }
    return false;
}

const heng_cel_variable *heng_cel_env_get(const heng_cel_env *env, uint32_t slot) {
    while (slot < env->first) {
        env = env->parent;
    }
    return &env->variables[slot - env->first];
}

uint32_t heng_cel_env_clock_slot(const heng_cel_env *env) {
    return env->clock;
}

heng_str heng_cel_env_container_of(const heng_cel_env *env) {
    return env->container;
}

const heng_signature_table *heng_cel_env_functions(const heng_cel_env *env) {
    return env->functions;
}
