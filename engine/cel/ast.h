/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ast.h: an expression as a tree, first as parsed, then with what the checker found.
 *
 * Macros are expanded by the parser into COMPREHENSION, PRESENT and friends; `macro`
 * keeps the call as written, for printing and for explanations. Nodes live in the arena
 * of the program. Ids count from 1 in the order of parsing and are unique in one tree.
 */
#ifndef HENG_CEL_AST_H
#define HENG_CEL_AST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "cel/cel_type.h"
#include "cel/function.h"
#include "cel/value.h"
#include "heng/date.h"
#include "heng/source.h"

typedef struct heng_cel_node heng_cel_node;

typedef enum heng_cel_node_kind {
    HENG_CEL_NODE_LITERAL,   /* value */
    HENG_CEL_NODE_IDENT,     /* name */
    HENG_CEL_NODE_SELECT,    /* operand.name; `test` for has(); `optional` for .? */
    HENG_CEL_NODE_CALL,      /* name(args) or target.name(args); operators too */
    HENG_CEL_NODE_AND,       /* args: two or more */
    HENG_CEL_NODE_OR,        /* args: two or more */
    HENG_CEL_NODE_CONDITION, /* args: condition, then, else */
    HENG_CEL_NODE_LIST,      /* args; optional_items marks `?x` */
    HENG_CEL_NODE_MAP, /* args: key, value, key, value …; optional_items per pair */
    HENG_CEL_NODE_STRUCT,        /* name{field: …}: parsed, refused by the checker */
    HENG_CEL_NODE_COMPREHENSION, /* see below */
    HENG_CEL_NODE_BIND,          /* cel.bind(name, value, body): args: value, body */
} heng_cel_node_kind;

/*
 * How a comprehension folds its range. One fused loop a macro instead of CEL's general
 * accumulator: the result is the same, the loop is faster and its cost is plain.
 */
typedef enum heng_cel_fold {
    HENG_CEL_FOLD_ALL,
    HENG_CEL_FOLD_EXISTS,
    HENG_CEL_FOLD_EXISTS_ONE,
    HENG_CEL_FOLD_FILTER, /* body: condition */
    HENG_CEL_FOLD_MAP,    /* body: [condition or NULL], transform */
    HENG_CEL_FOLD_TRANSFORM_LIST,
    HENG_CEL_FOLD_TRANSFORM_MAP,
    HENG_CEL_FOLD_TRANSFORM_MAP_ENTRY,
} heng_cel_fold;

/** How a name was resolved by the checker (IDENT), or a field (SELECT). */
typedef enum heng_cel_ref_kind {
    HENG_CEL_REF_NONE,     /* unchecked: by name at run time */
    HENG_CEL_REF_VARIABLE, /* slot: index of the environment's variable */
    HENG_CEL_REF_LOCAL,    /* slot: index of the comprehension or bind variable */
    HENG_CEL_REF_CONSTANT, /* value: an enum constant or a type name */
    HENG_CEL_REF_FIELD,    /* SELECT on an OBJECT: slot of the field */
} heng_cel_ref_kind;

/** A comparison of `as_of ± period` with a date that does not depend on as_of. */
typedef struct heng_cel_clock {
    bool tracked;       /* this comparison is such a one */
    bool on_right;      /* as_of stands on the right side */
    heng_period period; /* added to as_of; see `minus` */
    bool shifted;       /* there is a period */
    bool minus;         /* as_of - period */
} heng_cel_clock;

struct heng_cel_node {
    heng_cel_node_kind kind;
    uint32_t id;
    /* place in the expression's text, in bytes; `at` is where the caret belongs (the
     * operator) */
    uint32_t start, len, at;

    heng_str name;        /* IDENT, SELECT, CALL, STRUCT, BIND; no leading dot */
    bool absolute;        /* IDENT: written `.name` */
    bool test;            /* SELECT: has(a.b) */
    bool optional;        /* SELECT: a.?b; CALL `_[_]`: a[?b] */
    heng_cel_value value; /* LITERAL; REF_CONSTANT */
    heng_cel_node
        *operand; /* SELECT: what it selects from; CALL: the receiver, or NULL */
    heng_cel_node **args;
    uint32_t arg_count;
    bool *optional_items; /* LIST, MAP: NULL where none is optional */

    /* COMPREHENSION */
    heng_cel_fold fold;
    heng_cel_node *range;
    heng_str variables[2]; /* second one empty for one-variable macros */
    uint32_t variable_slots[2];
    heng_cel_node *condition; /* may be NULL (map without filter) */
    heng_cel_node *transform; /* may be NULL (filter, all, exists) */

    /* found by the checker */
    const heng_cel_type *type;
    heng_cel_ref_kind ref;
    uint32_t slot;
    const heng_cel_overload
        *overload;        /* the one that fits; NULL: by kinds at run time (dyn) */
    heng_cel_clock clock; /* on comparison CALLs */
    uint64_t cost_max;    /* static bound of evaluating this node; UINT64_MAX: none */

    const char *macro; /* name of the macro this came from ("exists", "has"), or NULL */
    uint32_t depth;    /* levels of the tree from here down; 1 for a leaf */
};

/** A parsed, and if so asked checked, expression. */
typedef struct heng_cel_ast {
    heng_str text; /* the expression as written; borrowed */
    heng_cel_node *root;
    uint32_t node_count;   /* ids are 1 … node_count */
    uint32_t local_count;  /* slots of comprehension and bind variables */
    heng_cel_node **nodes; /* by id - 1 */
    bool checked;
    bool reads_clock;  /* mentions as_of anywhere */
    bool clock_opaque; /* … in a way that is not a tracked comparison */
    uint64_t cost_max;
} heng_cel_ast;

/** Nodes below this one, in the order of evaluation; none below a LITERAL, also where
 * it was folded from a call. */
uint32_t heng_cel_ast_child_count(const heng_cel_node *node);
heng_cel_node *heng_cel_ast_child(const heng_cel_node *node, uint32_t index);

/** Whether the node is a call of `name` with `arg_count` arguments and no receiver. */
bool heng_cel_ast_is_call(const heng_cel_node *node, const char *name,
                          uint32_t arg_count);

#endif
