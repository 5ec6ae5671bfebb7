/* SPDX-License-Identifier: Apache-2.0 */
/*
 * line.h: one line of an import, taken apart but not yet understood: what NDJSON and
 * CSV have in common. import_json.c and import_csv.c fill it, import_check.c reads it.
 */
#ifndef HENG_STORE_LINE_H
#define HENG_STORE_LINE_H

#include <stdbool.h>
#include <stddef.h>

#include "heng/arena.h"
#include "heng/error.h"
#include "heng/str.h"

/* X(constant, word, types that have it): S subject, R record, D delivery. ORDER key */
#define HENG_LINE_KEY_MAP(X)                                                           \
    X(HENG_LINE_TYPE, "type", S | R | D)                                               \
    X(HENG_LINE_ID, "id", S | R)                                                       \
    X(HENG_LINE_KIND, "kind", S)                                                       \
    X(HENG_LINE_NAME, "name", S)                                                       \
    X(HENG_LINE_REGION, "region", S)                                                   \
    X(HENG_LINE_INDUSTRY, "industry", S)                                               \
    X(HENG_LINE_ESTABLISHED_ON, "established_on", S)                                   \
    X(HENG_LINE_STATUS, "status", S | R)                                               \
    X(HENG_LINE_CAPACITY, "capacity", S)                                               \
    X(HENG_LINE_RELATIONS, "relations", S)                                             \
    X(HENG_LINE_SUBJECT, "subject", R)                                                 \
    X(HENG_LINE_CATEGORY, "category", R)                                               \
    X(HENG_LINE_AUTHORITY, "authority", R)                                             \
    X(HENG_LINE_DOCUMENT_NO, "document_no", R)                                         \
    X(HENG_LINE_DECIDED_ON, "decided_on", R)                                           \
    X(HENG_LINE_EFFECTIVE_ON, "effective_on", R)                                       \
    X(HENG_LINE_EXPIRES_ON, "expires_on", R)                                           \
    X(HENG_LINE_STATUS_ON, "status_on", R)                                             \
    X(HENG_LINE_ATTRIBUTES, "attributes", S | R)                                       \
    X(HENG_LINE_PARTIES, "parties", R)                                                 \
    X(HENG_LINE_PROVIDER, "provider", D)                                               \
    X(HENG_LINE_THROUGH, "through", D)

typedef enum heng_line_key {
#define X(constant, word, types) constant,
    HENG_LINE_KEY_MAP(X)
#undef X
        HENG_LINE_KEY_COUNT
} heng_line_key;

enum { HENG_LINE_OF_SUBJECT = 1, HENG_LINE_OF_RECORD = 2, HENG_LINE_OF_DELIVERY = 4 };

typedef enum heng_line_form {
    HENG_LINE_ABSENT,
    HENG_LINE_TEXT,
    HENG_LINE_NUMBER, /* as written */
    HENG_LINE_TRUE,
    HENG_LINE_FALSE,
    HENG_LINE_NULL,
    HENG_LINE_LIST,
    HENG_LINE_OBJECT,
    HENG_LINE_BARE /* a cell of CSV: text that its reader gives a type */
} heng_line_form;

/* No place in the line that would help (CSV). */
#define HENG_LINE_NOWHERE SIZE_MAX

/** Texts point into the line, or into the arena where they had escapes. */
typedef struct heng_line_value {
    heng_line_form form;
    heng_str text;                 /* TEXT, NUMBER, BARE */
    struct heng_line_value *items; /* LIST, in an attribute only */
    size_t item_count;
    size_t at; /* byte in the line, or HENG_LINE_NOWHERE */
} heng_line_value;

typedef struct heng_line_attribute {
    heng_str name;
    heng_line_value value;
} heng_line_attribute;

/** A relation or a party. */
typedef struct heng_line_link {
    heng_line_value role, id, from, to;
    size_t at;
} heng_line_link;

typedef struct heng_line {
    heng_str text; /* as it came */
    heng_line_value values[HENG_LINE_KEY_COUNT];
    heng_line_attribute *attributes;
    size_t attribute_count;
    heng_line_link *relations;
    size_t relation_count;
    heng_line_link *parties;
    size_t party_count;
    heng_str unknown; /* the first key that is none; `ptr` NULL: all are known */
    size_t unknown_at;
} heng_line;

/** Why a line is wrong. Texts live in the arena. */
typedef struct heng_line_fault {
    const char *field; /* "" where the line as a whole is */
    const char *reason;
} heng_line_fault;

/** Static. */
const char *heng_line_word(heng_line_key key);

/** Which types of line have this key: HENG_LINE_OF_*. */
unsigned heng_line_types(heng_line_key key);

/** HENG_LINE_KEY_COUNT where it is none. */
heng_line_key heng_line_find(heng_str word);

/** " (did you mean `x`?)" or ", expected one of …": in the arena; NULL out of memory.
 */
const char *heng_line_suggest(heng_arena *arena, heng_str word, const heng_str *known,
                              size_t count);

/** User text for a message: cut, control characters and identity numbers masked.
 * In the arena; NULL out of memory. */
const char *heng_line_quote(heng_arena *arena, heng_str text);

/**
 * Fills `fault` and returns HENG_ERR_INVALID; HENG_ERR_NOMEM where it cannot.
 *
 * @param field  copied.
 * @param at     byte in `line`, which the reason then begins with as a column; or
 *               HENG_LINE_NOWHERE.
 */
heng_status heng_line_fail(heng_line_fault *fault, heng_arena *arena, heng_str line,
                           const char *field, size_t at, const char *format, ...)
    HENG_PRINTF(6, 7);

#endif
