/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cel_type.h: the types of CEL, with heng's date, period and decimal.
 *
 * Types are immutable and compared with heng_cel_type_equal(). The simple ones are
 * static (heng_cel_type_simple); compound ones live in the arena they were made in.
 */
#ifndef HENG_CEL_TYPE_H
#define HENG_CEL_TYPE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "heng/arena.h"
#include "heng/str.h"

/* ORDER cel-kind: heng_cel_kind_name() and the dispatch tables of value.c follow it. */
typedef enum heng_cel_kind {
    HENG_CEL_ERROR, /* as a type: what a wrong sub-expression has, so that it is
                       reported once */
    HENG_CEL_NULL,
    HENG_CEL_BOOL,
    HENG_CEL_INT,
    HENG_CEL_UINT,
    HENG_CEL_DOUBLE,
    HENG_CEL_STRING,
    HENG_CEL_BYTES,
    HENG_CEL_TIMESTAMP,
    HENG_CEL_DURATION,
    HENG_CEL_DATE,
    HENG_CEL_PERIOD,
    HENG_CEL_DECIMAL,
    HENG_CEL_LIST,
    HENG_CEL_MAP,
    HENG_CEL_OPTIONAL,
    HENG_CEL_TYPE,   /* a type as a value: type(1) */
    HENG_CEL_OBJECT, /* something of the world outside with declared fields: a record */
    /* what follows are types only, never kinds of a value */
    HENG_CEL_DYN,
    HENG_CEL_PARAM, /* type parameter of an overload: A in list(A) */
} heng_cel_kind;

typedef struct heng_cel_type heng_cel_type;
typedef struct heng_cel_object_type heng_cel_object_type;

struct heng_cel_type {
    heng_cel_kind kind;
    /* LIST, OPTIONAL, TYPE: [0]; MAP: key, value. NULL where there is none. */
    const heng_cel_type *params[2];
    const heng_cel_object_type *object; /* OBJECT only */
    heng_str name;                      /* PARAM only: its letter */
};

/** The type of a kind without parameters; DYN included. Static. */
const heng_cel_type *heng_cel_type_simple(heng_cel_kind kind);

/** Compound types; NULL out of memory. */
const heng_cel_type *heng_cel_type_list(heng_arena *arena, const heng_cel_type *item);
const heng_cel_type *heng_cel_type_map(heng_arena *arena, const heng_cel_type *key,
                                       const heng_cel_type *value);
const heng_cel_type *heng_cel_type_optional(heng_arena *arena,
                                            const heng_cel_type *item);
const heng_cel_type *heng_cel_type_type(heng_arena *arena, const heng_cel_type *of);
const heng_cel_type *heng_cel_type_object(heng_arena *arena,
                                          const heng_cel_object_type *object);

bool heng_cel_type_equal(const heng_cel_type *a, const heng_cel_type *b);

/** The name as CEL writes it: `list(string)`, `map(string, dyn)`, `optional_type(int)`,
 * `google.protobuf.Timestamp` prints as `timestamp`. NULL out of memory. */
const char *heng_cel_type_print(heng_arena *arena, const heng_cel_type *type);

/**
 * Parses a type as signatures and `env` of the conformance cases write it: `int`,
 * `list(string)`, `map(string,dyn)`, `optional_type(A)`, `type(A)`; single capital
 * letters are parameters. `objects` (may be NULL) resolves object names.
 * NULL where it is no type, or out of memory.
 */
const heng_cel_type *heng_cel_type_parse(heng_arena *arena, heng_str text,
                                         const heng_cel_object_type *const *objects,
                                         size_t object_count);

/** `bool`, `int`, … as in messages; never NULL. */
const char *heng_cel_kind_name(heng_cel_kind kind);

#endif
