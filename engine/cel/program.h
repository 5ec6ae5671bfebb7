/* SPDX-License-Identifier: Apache-2.0 */
/*
 * program.h: the façade of the expression language: declare, compile, run.
 *
 *   env     = what names exist and of which types (declared once, then const)
 *   program = one checked and compiled expression (const, shared by threads)
 *   frame   = where one thread evaluates: reused, holds no result
 *
 * This module knows no subject, rule or file: all it sees of the world are the values
 * of the variables, and the object types behind them.
 */
#ifndef HENG_CEL_PROGRAM_H
#define HENG_CEL_PROGRAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "cel/ast.h"
#include "cel/value.h"
#include "heng/arena.h"
#include "heng/diag.h"
#include "heng/error.h"
#include "heng/source.h"

/* ---- environment (env.c) ---- */

typedef struct heng_cel_env heng_cel_env;

/** NULL out of memory. All it holds lives in `arena`; it is const once declared. */
heng_cel_env *heng_cel_env_new(heng_arena *arena);

/** An environment that sees all of `parent` and adds to it. Slots go on counting. */
heng_cel_env *heng_cel_env_extend(heng_arena *arena, const heng_cel_env *parent);

/** Declares a variable; its slot is the number of variables declared before it.
 * HENG_ERR_INVALID where the name exists already. Names are copied. */
heng_status heng_cel_env_variable(heng_cel_env *env, heng_str name,
                                  const heng_cel_type *type, uint32_t *ret_slot);

/** Says that variable `slot`, a date, is the as-of day: comparisons with it are
 * tracked. */
void heng_cel_env_clock(heng_cel_env *env, uint32_t slot);

/** Declares an object type, so that env types can name it. Borrowed. */
heng_status heng_cel_env_object(heng_cel_env *env, const heng_cel_object_type *type);

/** The namespace in which names are resolved ("a.b"); "" is the default. */
heng_status heng_cel_env_container(heng_cel_env *env, heng_str container);

/** Largest number of items (list, map) or bytes (string) a variable or field can have,
 * for the static cost; the default is HENG_LIMIT_TEXT_BYTES for strings, no bound for
 * lists. */
void heng_cel_env_size(heng_cel_env *env, uint32_t slot, uint64_t max_items);

uint32_t heng_cel_env_variable_count(const heng_cel_env *env);

/* ---- compiling ---- */

/**
 * Where an expression's text lies in a file. `offsets` maps byte i of the text to a
 * byte of the source (len + 1 entries), because a YAML scalar has lost its indentation
 * and escapes; NULL: byte i is `base + i`. `source` NULL: errors carry positions in the
 * text itself (made into a source named `<expression>` by the caller).
 */
typedef struct heng_cel_place {
    const heng_source *source;
    const uint32_t *offsets;
    size_t base;
} heng_cel_place;

typedef struct heng_cel_options {
    const heng_cel_type *want; /* required result type, or NULL for any */
    bool unchecked;            /* evaluate without type check */
    bool no_macros;
    bool trace; /* the program reports every node's value (see heng_cel_frame.trace) */
    bool no_fold; /* do not fold constants: for tests against the plain evaluator */
    uint64_t cost_cap; /* 0: no cap at load; else refused with HENG-E0290 above it */
} heng_cel_options;

typedef struct heng_cel_program heng_cel_program;

/**
 * Parses, checks, bounds and compiles. Problems go to `diags` with codes 0200-0299
 * (engine/cel/cel_codes.h); then HENG_ERR_INVALID. The program lives in `arena`, except
 * compiled patterns: call heng_cel_program_done() before the arena goes. `text` is
 * copied.
 */
heng_status heng_cel_compile(const heng_cel_env *env, heng_str text,
                             heng_cel_place place, const heng_cel_options *options,
                             heng_arena *arena, heng_diags *diags,
                             heng_cel_program **ret_program) HENG_NODISCARD;

/** Frees what lies outside the arena. NULL is a no-op. */
void heng_cel_program_done(heng_cel_program *program);

const heng_cel_ast *heng_cel_program_ast(const heng_cel_program *program);
const heng_cel_type *heng_cel_program_type(const heng_cel_program *program);
uint64_t
heng_cel_program_cost_max(const heng_cel_program *program); /* UINT64_MAX: none */

/** Whether the expression reads variable `slot`. */
bool heng_cel_program_reads(const heng_cel_program *program, uint32_t slot);

/* ---- running ---- */

/**
 * One thread's place to evaluate. Zero it, set what is wanted, use it for any number of
 * programs. It owns nothing: stacks are taken from the arena given to heng_cel_run().
 */
typedef struct heng_cel_frame {
    heng_arena *arena; /* results and temporaries; reset by the caller */
    heng_date
        clock; /* value of the as-of day, for tracking; HENG_DATE_NONE: not tracked */
    heng_date next_change; /* in/out: lowered to the first day after `clock` on which a
                              tracked comparison that was evaluated turns out
                              differently; to clock + 1 by programs that are opaque */
    uint64_t cost;         /* in/out: steps counted */
    uint64_t cost_cap;     /* 0: none; above it the result is an ERROR value (COST) */
    /** With programs compiled for tracing: each node's value, in order of evaluation.
     */
    void (*trace)(void *context, const heng_cel_node *node, heng_cel_value value);
    void *trace_context;
} heng_cel_frame;

/**
 * Evaluates. `variables` has one value a declared slot. Allocates only in frame->arena;
 * always ends. The result is valid until that arena is reset and as long as the
 * variables' memory. Thread-safe for distinct frames.
 */
heng_cel_value heng_cel_run(const heng_cel_program *program, heng_cel_frame *frame,
                            const heng_cel_value *variables);

/* ---- what the rule index asks (constrain.c) ---- */

/**
 * Strings one of which `operand.field` must equal for the expression to be able to be
 * true *or to fail*: outside them it is certainly `false`. E.g. `r.category == "x" &&
 * r.amount > 5`, or `r.category in ["x", "y"] && …`. `variable` is the slot of `r`.
 *
 * @return the number of strings, written to *ret_strings (in `arena`); SIZE_MAX where
 * the expression sets no such bound. INVARIANT: only over-approximates.
 */
size_t heng_cel_constrain_strings(const heng_cel_ast *ast, uint32_t variable,
                                  heng_str field, heng_arena *arena,
                                  const heng_str **ret_strings);

/* ---- printing (unparse.c) ---- */

/** The tree (or part of it) as an expression that parses to the same tree. NULL out of
 * memory. */
const char *heng_cel_unparse(const heng_cel_node *node, heng_arena *arena);

/**
 * Whether the expression is certainly `false`, neither true nor a failure, wherever the
 * list variable `list` is empty: `size(grounds) > 0 && …`, `grounds.exists(g, …)`.
 * Errs to false.
 */
bool heng_cel_constrain_empty(const heng_cel_ast *ast, uint32_t list);

#endif
