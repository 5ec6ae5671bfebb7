/* SPDX-License-Identifier: Apache-2.0 */
/*
 * emit.h: writing instructions down, and keeping count of the stack and the handlers.
 *
 * The first failure sticks in `status`; what is emitted after it is never used, so that
 * the compiler need not ask after each instruction.
 */
#ifndef HENG_CEL_EMIT_H
#define HENG_CEL_EMIT_H

#include "cel/code.h"
#include "cel/compiler.h"

enum { HENG_EMIT_NONE = 0 }; /* no handler */

typedef struct heng_emit {
    heng_arena *arena; /* the program's */
    const heng_cel_ast *ast;
    bool trace;
    heng_status status;
    heng_cel_refusal refusal;

    heng_cel_instruction *code; /* owned, as the next two, until heng_emit_take */
    heng_cel_origin *origins;
    heng_cel_handler *handlers;
    heng_cel_release *releases;
    uint32_t *reads;
    uint32_t *parents;
    uint32_t count, code_room, origin_room;
    uint32_t handler_count, handler_room;
    uint32_t release_count, release_room;
    uint32_t read_count, read_room;

    uint32_t handler; /* that applies now: index + 1, or HENG_EMIT_NONE */
    uint32_t depth;   /* values on the stack now */
    uint32_t depth_max;
    uint32_t local_count;
    heng_cel_instruction scratch; /* written to after a failure */
} heng_emit;

/** Frees the lists; what was released to them too, if the program was not taken. */
void heng_emit_done(heng_emit *emit);

/** Adds an instruction for `node` (NULL: for none) and returns its index. The effect on
 * the stack is that of ops.h; where that says -1, `pops`. */
uint32_t heng_emit_op(heng_emit *emit, heng_cel_op op, const heng_cel_node *node,
                      uint32_t len, uint32_t pops);

/** The instruction last added, or a dummy after a failure. */
heng_cel_instruction *heng_emit_last(heng_emit *emit);

/** Pushes a constant; charged one step. */
void heng_emit_constant(heng_emit *emit, const heng_cel_node *node,
                        heng_cel_value value);

/** Raises `error` in place of a value. */
void heng_emit_error(heng_emit *emit, const heng_cel_node *node, heng_cel_value error);

/** The word that follows an instruction marked +1. */
void heng_emit_word(heng_emit *emit, heng_cel_value value);

/** Lets the jump at `from` (made with target 0) go to the next instruction. */
void heng_emit_land(heng_emit *emit, uint32_t from);

/** Where the next instruction will stand. */
uint32_t heng_emit_here(const heng_emit *emit);

/** A local for the compiler's own use. */
uint32_t heng_emit_local(heng_emit *emit, uint32_t count);

/** A handler around what follows, and its end; `target` is set by heng_emit_catch. */
uint32_t heng_emit_guard(heng_emit *emit, const heng_cel_node *node, uint32_t keep,
                         bool latest);
void heng_emit_unguard(heng_emit *emit, uint32_t outer);
/** The error of handler `handler` (as heng_emit_guard left it) is caught here. */
void heng_emit_catch(heng_emit *emit, uint32_t handler, uint32_t target);

/** Remembers that variable `slot` is read. */
void heng_emit_reads(heng_emit *emit, uint32_t slot);

/** Remembers a constant to be released with the program; releases it on failure. */
void heng_emit_release(heng_emit *emit, const heng_cel_overload *row, void *constant);

/** Moves all of it into `program`. */
heng_status heng_emit_take(heng_emit *emit, heng_cel_program *program);

/* compiler.c and compiler_call.c call each other. */
void heng_emit_node(heng_emit *emit, const heng_cel_node *node);
void heng_emit_call(heng_emit *emit, const heng_cel_node *node);
/** A filter of which only the number of items is wanted. */
void heng_emit_count(heng_emit *emit, const heng_cel_node *size,
                     const heng_cel_node *filter);

#endif
