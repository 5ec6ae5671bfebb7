/* SPDX-License-Identifier: Apache-2.0 */
/*
 * function.h: how a function of the language is declared, once, with its types, its
 * cost, its code and its documentation.
 *
 * Each family (fn_string.c, fn_date.c, …) has one table of heng_cel_overload rows;
 * library.c joins the tables. The checker resolves a call to rows by argument types;
 * the compiler stores the row; the VM calls `run`. Operators are functions with CEL's
 * own names: `_+_`, `_<_`, `!_`, `-_`, `_[_]`, `@in`. `_&&_`, `_||_`, `_?_:_` are not
 * here: they are control flow.
 */
#ifndef HENG_CEL_FUNCTION_H
#define HENG_CEL_FUNCTION_H

#include <stddef.h>
#include <stdint.h>

#include "cel/value.h"

/** What a function sees of its evaluation. */
typedef struct heng_cel_call {
    heng_arena *arena;
    uint64_t *cost; /* add what depends on sizes, as `cost` of the row promises */
    const struct heng_cel_overload *overload;
    void *constant; /* what `prepare` made of constant arguments (a compiled pattern),
                       or NULL */
} heng_cel_call;

/* `args` has the receiver first. What `run` is given fits the row's signature, and is
 * never an ERROR; what depends on sizes is counted by its caller. */
typedef heng_cel_value (*heng_cel_native)(heng_cel_call *call,
                                          const heng_cel_value *args, size_t count);

/*
 * Cost of a call, in units of one simple step. ONE table for the static bound and for
 * the count at run time: cost = base + per_unit * size, where size is that of the
 * arguments named by `sized` (bytes for text, items for lists; summed, or multiplied).
 */
typedef enum heng_cel_cost_kind {
    HENG_CEL_COST_CONSTANT, /* base */
    HENG_CEL_COST_SUM,      /* base + the sizes of all arguments / 16, rounded up */
    HENG_CEL_COST_PRODUCT,  /* base + product of the sizes of the first two arguments /
                               16 */
    HENG_CEL_COST_LEAST,    /* base + the smallest size / 16: comparing stops there */
    HENG_CEL_COST_LIST, /* base + items of the list argument times size of the item */
} heng_cel_cost_kind;

/* How large a result can be, for the static bound of what is built on it. */
typedef enum heng_cel_size_kind {
    HENG_CEL_SIZE_SMALL, /* numbers, bools, dates: 1; texts of numbers: at most 64 bytes
                          */
    HENG_CEL_SIZE_FIRST, /* at most that of the first argument */
    HENG_CEL_SIZE_SUM,   /* at most the sum of the arguments */
    HENG_CEL_SIZE_PRODUCT,
    HENG_CEL_SIZE_UNBOUNDED, /* no static bound: refused in rules unless arguments are
                                constant */
} heng_cel_size_kind;

typedef struct heng_cel_overload {
    const char *id;        /* stable: "add_int64" */
    const char *name;      /* "_+_", "startsWith", "math.greatest" */
    const char *signature; /* "(int, int) -> int"; "string.(string) -> bool" is a
                              receiver call; capital letters are type parameters; "..."
                              after the last argument: it may repeat */
    heng_cel_native run;
    heng_cel_cost_kind cost;
    uint32_t cost_base;
    heng_cel_size_kind size;
    /** NULL, or checks and compiles constant arguments at load: returns an ERROR value
     * to refuse (message), else NULL-kind with *ret_constant set; `arena` is the
     * program's. */
    heng_cel_value (*prepare)(heng_arena *arena, const heng_cel_value *args,
                              const bool *is_constant, size_t count,
                              void **ret_constant);
    /** Frees what prepare made outside the arena (a PCRE2 pattern); NULL: nothing to
     * free. */
    void (*release)(void *constant);
    const char *doc;     /* one sentence in English */
    const char *example; /* "'tea'.startsWith('t') == true"; run by the tests */
} heng_cel_overload;

typedef struct heng_cel_overload_table {
    const heng_cel_overload *rows;
    size_t count;
} heng_cel_overload_table;

/** All tables of the language and heng's extensions, in a fixed order. Static. */
const heng_cel_overload_table *const *heng_cel_library_tables(size_t *ret_count);

#endif
