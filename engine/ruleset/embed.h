/* SPDX-License-Identifier: Apache-2.0 */
/*
 * embed.h: where each byte of a scalar's value stands in its file.
 *
 * A condition is written inside YAML, which takes away indentation, folds lines and
 * undoes escapes. An error in it must still point to the right column of the file.
 */
#ifndef HENG_RULESET_EMBED_H
#define HENG_RULESET_EMBED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "heng/arena.h"
#include "ruleset/yaml.h"

/** Byte i of the value stands at offsets[i] of the source; where that is NULL, at base
 * + i. */
typedef struct heng_embed {
    const uint32_t *offsets; /* one more than the value has bytes */
    size_t base;
} heng_embed;

/**
 * Finds the places of a scalar's bytes. Exact for all but white space, which may be
 * given the place of white space beside it. False out of memory.
 */
bool heng_embed_map(const heng_yaml_node *scalar, heng_arena *arena,
                    heng_embed *ret_embed);

/** The part of the map that begins at byte `from` of the value. */
heng_embed heng_embed_from(heng_embed embed, size_t from);

/** The place of bytes `from` to `to` of the value. */
heng_span heng_embed_span(const heng_yaml_node *scalar, heng_embed embed, size_t from,
                          size_t to);

#endif
