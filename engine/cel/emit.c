/* SPDX-License-Identifier: Apache-2.0 */
/* emit.c: lists of instructions, origins and handlers, growing while the tree is
 * walked. */
#include "cel/emit.h"

#include <string.h>

#include "base/alloc.h"

/* Code longer than this is of an expression that the parser should have refused. */
#define CODE_MAX ((uint32_t)1 << 28)

static const struct {
    int pops, pushes;
} EFFECTS[] = {
#define EFFECT(name, pops, pushes) {pops, pushes},
    HENG_CEL_OPS(EFFECT)
#undef EFFECT
};

static bool grow(heng_emit *emit, void **list, uint32_t count, uint32_t *room,
                 size_t size) {
    if (emit->status != HENG_OK)
        return false;
    if (count < *room)
        return true;
    if (count >= CODE_MAX) {
        emit->status = HENG_ERR_LIMIT;
        return false;
    }
    uint32_t more = *room == 0 ? 32 : *room * 2;
    void *grown = heng_alloc_resize(*list, more, size);
    if (grown == NULL) {
        emit->status = HENG_ERR_NOMEM;
        return false;
    }
    *list = grown;
    *room = more;
    return true;
}

/* C allows no `T **` where `void **` is wanted, so each list is grown through a copy.
 */
#define GROW(emit, list, count_, room_)                                                \
    do {                                                                               \
        void *grown_ = (emit)->list;                                                   \
        bool fits_ =                                                                   \
            grow(emit, &grown_, (emit)->count_, &(emit)->room_, sizeof *(emit)->list); \
        (emit)->list = grown_;                                                         \
        if (!fits_)                                                                    \
            goto out;                                                                  \
    } while (0)

void heng_emit_done(heng_emit *emit) {
    for (uint32_t i = 0; i < emit->release_count; i++) {
        emit->releases[i].row->release(emit->releases[i].constant);
    }
    heng_alloc_free(emit->code);
    heng_alloc_free(emit->origins);
    heng_alloc_free(emit->handlers);
    heng_alloc_free(emit->releases);
    heng_alloc_free(emit->reads);
}

/* Adds an instruction and its origin; false after a failure. */
static bool add(heng_emit *emit, heng_cel_instruction instruction, uint32_t node) {
    GROW(emit, code, count, code_room);
    GROW(emit, origins, count, origin_room);
    emit->code[emit->count] = instruction;
    emit->origins[emit->count] = (heng_cel_origin){node, emit->handler};
    emit->count++;
    return true;
out:
    return false;
}

uint32_t heng_emit_op(heng_emit *emit, heng_cel_op op, const heng_cel_node *node,
                      uint32_t len, uint32_t pops) {
    uint32_t at = emit->count;
    uint32_t taken = EFFECTS[op].pops >= 0 ? (uint32_t)EFFECTS[op].pops : pops;

    (void)add(emit, (heng_cel_instruction){.op = (uint8_t)op, .len = len},
              node == NULL ? 0 : node->id);
    emit->depth -= taken <= emit->depth ? taken : emit->depth;
    emit->depth += EFFECTS[op].pushes > 0 ? 1u : 0u;
    if (emit->depth > emit->depth_max) {
        emit->depth_max = emit->depth;
    }
    return at;
}

heng_cel_instruction *heng_emit_last(heng_emit *emit) {
    static const heng_cel_instruction none = {0};
    if (emit->status == HENG_OK && emit->count > 0)
        return &emit->code[emit->count - 1];
    emit->scratch = none;
    return &emit->scratch;
}

static heng_cel_instruction word_of(heng_cel_value value) {
    heng_cel_instruction word = {
        .op = HENG_CEL_OP_CONST, .kind = value.kind, .len = value.len};
    memcpy(&word.as, &value.as, sizeof word.as);
    return word;
}

_Static_assert(sizeof(heng_cel_instruction) == sizeof(heng_cel_value),
               "an instruction can hold a value");

void heng_emit_constant(heng_emit *emit, const heng_cel_node *node,
                        heng_cel_value value) {
    (void)heng_emit_op(emit, HENG_CEL_OP_CONST, node, 0, 0);
    *heng_emit_last(emit) = word_of(value);
    heng_emit_last(emit)->cost = 1;
}

void heng_emit_error(heng_emit *emit, const heng_cel_node *node, heng_cel_value error) {
    if (error.as.error->code == HENG_CEL_ERR_MEMORY) {
        emit->status = HENG_ERR_NOMEM;
        return;
    }
    (void)heng_emit_op(emit, HENG_CEL_OP_ERROR, node, 0, 0);
    heng_emit_last(emit)->as.ptr = error.as.error;
    heng_emit_last(emit)->cost = 1;
}

void heng_emit_word(heng_emit *emit, heng_cel_value value) {
    (void)add(emit, word_of(value), 0);
}

void heng_emit_land(heng_emit *emit, uint32_t from) {
    if (emit->status == HENG_OK) {
        emit->code[from].len = emit->count;
    }
}

uint32_t heng_emit_here(const heng_emit *emit) {
    return emit->count;
}

uint32_t heng_emit_local(heng_emit *emit, uint32_t count) {
    uint32_t first = emit->local_count;
    emit->local_count += count;
    return first;
}

uint32_t heng_emit_guard(heng_emit *emit, const heng_cel_node *node, uint32_t keep,
                         bool latest) {
    GROW(emit, handlers, handler_count, handler_room);
    emit->handlers[emit->handler_count++] = (heng_cel_handler){
        .depth = emit->depth, .keep = keep, .latest = latest, .node = node->id};
    emit->handler = emit->handler_count;
out:
    return emit->handler;
}

void heng_emit_unguard(heng_emit *emit, uint32_t outer) {
    emit->handler = outer;
}

void heng_emit_catch(heng_emit *emit, uint32_t handler, uint32_t target) {
    if (emit->status == HENG_OK) {
        emit->handlers[handler - 1].target = target;
    }
}

void heng_emit_reads(heng_emit *emit, uint32_t slot) {
    for (uint32_t i = 0; i < emit->read_count; i++) {
        if (emit->reads[i] == slot)
            return;
    }
    GROW(emit, reads, read_count, read_room);
    emit->reads[emit->read_count++] = slot;
out:
    return;
}

void heng_emit_release(heng_emit *emit, const heng_cel_overload *row, void *constant) {
    if (constant == NULL || row->release == NULL)
        return;
    GROW(emit, releases, release_count, release_room);
    emit->releases[emit->release_count++] = (heng_cel_release){row, constant};
    return;
out:
    row->release(constant);
}

/* A copy in the program's arena; NULL where there is nothing, or no memory. */
static void *keep(heng_emit *emit, const void *list, uint32_t count, size_t size) {
    if (count == 0 || emit->status != HENG_OK)
        return NULL;
    void *copy = heng_arena_calloc(emit->arena, count, size);
    if (copy == NULL) {
        emit->status = HENG_ERR_NOMEM;
        return NULL;
    }
    memcpy(copy, list, count * size);
    return copy;
}

heng_status heng_emit_take(heng_emit *emit, heng_cel_program *program) {
    *program = (heng_cel_program){
        .code = keep(emit, emit->code, emit->count, sizeof *emit->code),
        .origins = keep(emit, emit->origins, emit->count, sizeof *emit->origins),
        .handlers =
            keep(emit, emit->handlers, emit->handler_count, sizeof *emit->handlers),
        .releases =
            keep(emit, emit->releases, emit->release_count, sizeof *emit->releases),
        .reads = keep(emit, emit->reads, emit->read_count, sizeof *emit->reads),
        .code_count = emit->count,
        .release_count = emit->release_count,
        .read_count = emit->read_count,
        .local_count = emit->local_count,
        .depth_max = emit->depth_max,
        .parents = emit->parents,
        .trace = emit->trace,
        .clock_opaque = emit->ast->clock_opaque,
        .ast = emit->ast,
        .type = emit->ast->root->type,
    };
    if (emit->status == HENG_OK) {
        emit->release_count = 0; /* the program's now */
    }
    return emit->status;
}
