/* SPDX-License-Identifier: Apache-2.0 */
/*
 * code.h: a compiled expression, as the compiler makes and the machine reads it.
 *
 * Only the compiler, the machine, chains and program.c see the insides of these.
 */
#ifndef HENG_CEL_CODE_H
#define HENG_CEL_CODE_H

#include <stdint.h>

#include "cel/ast.h"
#include "cel/library.h"
#include "cel/ops.h"
#include "cel/program.h"

/** See ops.h. `kind` and `len` lie where a value has them. */
typedef struct heng_cel_instruction {
    uint8_t kind; /* of a constant */
    uint8_t op;
    uint16_t cost; /* steps it adds */
    uint32_t len;
    union {
        const void *ptr;
        const char *bytes;
        int64_t integer;
        uint64_t bits;
        struct {
            uint32_t a, b;
        } pair;
    } as;
} heng_cel_instruction;

/** What an instruction needs besides itself: looked at only when something is raised.
 */
typedef struct heng_cel_origin {
    uint32_t node;    /* id; 0: none */
    uint32_t handler; /* index + 1; 0: the error is the result */
} heng_cel_origin;

/**
 * Where to go on after an error: at `target`, with `depth` values on the stack. The
 * error is kept in local `keep`: the first one (logic), or always the latest (a bind).
 */
typedef struct heng_cel_handler {
    uint32_t target;
    uint32_t depth;
    uint32_t keep;
    bool latest;
    uint32_t node; /* the one that absorbs */
} heng_cel_handler;

typedef struct heng_cel_call_site {
    const heng_cel_overload *row; /* NULL: dynamic */
    uint32_t count;
    bool sized; /* its cost depends on sizes */
    void *constant;
    heng_str name;
    heng_cel_signature signature;   /* of `row` */
    const heng_cel_overload **rows; /* the candidates by name and arity */
    const heng_cel_signature *signatures;
    uint32_t row_count;
} heng_cel_call_site;

typedef struct heng_cel_loop_site {
    uint32_t state;  /* locals: +0 the range, +1 the index, +2 what is gathered */
    uint32_t first;  /* variables */
    uint32_t second; /* UINT32_MAX: one variable only */
    bool gathers_map;
} heng_cel_loop_site;

/** A tracked comparison: `variable ± period op other`; the other is on the stack. */
typedef struct heng_cel_clock_site {
    const heng_cel_clock *clock;
    const heng_cel_node *shifted; /* the side with the clock */
    uint32_t variable;
    heng_cel_op op; /* EQ_WORD … GE_WORD, of left and right as written */
} heng_cel_clock_site;

/** A constant that must be released. */
typedef struct heng_cel_release {
    const heng_cel_overload *row;
    void *constant;
} heng_cel_release;

struct heng_cel_program {
    const struct heng_chain_link *chain; /* the short way, or NULL; see chain.h */
    const heng_cel_instruction *code;
    const heng_cel_origin *origins;
    const heng_cel_handler *handlers;
    uint32_t code_count;
    uint32_t local_count; /* variables of macros, then what the compiler needs itself */
    uint32_t depth_max;   /* of the stack above the locals */
    bool trace;
    bool clock_opaque; /* the tree's */
    const heng_cel_ast *ast;
    const heng_cel_type *type;
    const uint32_t *parents; /* trace: id of the parent by id - 1, 0 at the root */
    const heng_cel_release *releases;
    uint32_t release_count;
    const uint32_t *reads; /* slots of the variables that are read */
    uint32_t read_count;
};

#endif
