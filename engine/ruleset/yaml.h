/* SPDX-License-Identifier: Apache-2.0 */
/*
 * yaml.h: a file of a ruleset as a tree of scalars, lists and mappings, each with its
 * place. The only door to libyaml.
 *
 * YAML is taken as YAML 1.2's core schema has it, less what a ruleset needs not: tags,
 * keys that are no texts, more than one document, and line breaks that only YAML 1.1
 * knows are refused. Aliases share the node of their anchor; how much they may expand
 * to is capped.
 */
#ifndef HENG_RULESET_YAML_H
#define HENG_RULESET_YAML_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "heng/arena.h"
#include "heng/diag.h"
#include "heng/source.h"
#include "heng/str.h"

typedef enum heng_yaml_kind {
    HENG_YAML_SCALAR,
    HENG_YAML_LIST,
    HENG_YAML_MAPPING
} heng_yaml_kind;

typedef enum heng_yaml_style {
    HENG_YAML_PLAIN,
    HENG_YAML_SINGLE_QUOTED,
    HENG_YAML_DOUBLE_QUOTED,
    HENG_YAML_LITERAL, /* | */
    HENG_YAML_FOLDED,  /* > */
} heng_yaml_style;

typedef struct heng_yaml_node heng_yaml_node;

typedef struct heng_yaml_pair {
    heng_yaml_node *key; /* always a scalar */
    heng_yaml_node *value;
} heng_yaml_pair;

/* 48 bytes: a ruleset of a thousand rules has a hundred thousand of them. */
struct heng_yaml_node {
    uint8_t kind;   /* heng_yaml_kind */
    uint8_t style;  /* SCALAR: heng_yaml_style */
    uint32_t count; /* LIST, MAPPING */
    heng_span span; /* from its first byte to its last */
    union {
        heng_str text; /* SCALAR: its value; of the others, `len` is 0 */
        union {
            heng_yaml_node **items; /* LIST */
            heng_yaml_pair *pairs;  /* MAPPING */
        } as;
    };
};

/**
 * Parses one file. Problems go to `diags`.
 *
 * @param source    where the spans of the tree point to; texts of the tree may be views
 *                  into it.
 * @param shown     the same text, where the spans of diagnostics point to.
 * @param budget    in/out: nodes that may still be made (HENG_LIMIT_YAML_NODES at
 * first).
 * @param ret_root  lives in `arena`; NULL for a file without any value.
 * @return HENG_OK, also where problems were reported that leave a tree to go on with (a
 *         key that stands twice); HENG_ERR_INVALID where there is none; HENG_ERR_NOMEM.
 */
heng_status heng_yaml_parse(const heng_source *source, const heng_source *shown,
                            heng_arena *arena, heng_diags *diags, size_t *budget,
                            heng_yaml_node **ret_root) HENG_NODISCARD;

/** Whether it is a plain scalar that YAML reads as null (`~`, `null`, nothing). */
bool heng_yaml_is_null(const heng_yaml_node *node);

/** Whether it is a plain scalar that YAML reads as a boolean. */
bool heng_yaml_is_bool(const heng_yaml_node *node);

/** The value of a key; NULL where the mapping has none such. */
heng_yaml_node *heng_yaml_get(const heng_yaml_node *mapping, heng_str key);

#endif
