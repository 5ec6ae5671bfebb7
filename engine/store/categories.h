/* SPDX-License-Identifier: Apache-2.0 */
/*
 * categories.h: a set of categories of records, by their name numbers modulo 128:
 * whoever looks for a few passes by nearly all subjects with a look at their first
 * bytes. Names of categories are the first that an import with a ruleset meets, so that
 * those of a catalog of common size each have a bit of their own.
 */
#ifndef HENG_STORE_CATEGORIES_H
#define HENG_STORE_CATEGORIES_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "model/kind.h"

typedef struct heng_categories {
    uint64_t bits[2];
} heng_categories;

enum { HENG_CATEGORIES_BYTES = 16 };

#define HENG_CATEGORIES_ALL ((heng_categories){{UINT64_MAX, UINT64_MAX}})

static inline void heng_categories_add(heng_categories *set, uint32_t name) {
    set->bits[name / 64 % 2] |= UINT64_C(1) << (name % 64);
}

/** Whether a set has the category; true too of another that shares its bit. */
static inline bool heng_categories_have(const heng_categories *set, uint32_t name) {
    return (set->bits[name / 64 % 2] >> (name % 64) & 1) != 0;
}

static inline bool heng_categories_meet(const heng_categories *a,
                                        const heng_categories *b) {
    return ((a->bits[0] & b->bits[0]) | (a->bits[1] & b->bits[1])) != 0;
}

static inline bool heng_categories_equal(const heng_categories *a,
                                         const heng_categories *b) {
    return a->bits[0] == b->bits[0] && a->bits[1] == b->bits[1];
}

static inline bool heng_categories_is_empty(const heng_categories *set) {
    return (set->bits[0] | set->bits[1]) == 0;
}

/** As they lie in the store, little-endian. */
static inline heng_categories heng_categories_read(const uint8_t *bytes) {
    heng_categories set;
    memcpy(set.bits, bytes, sizeof set.bits);
    return set;
}

/** Those that are looked for, by kind of the subject whose records they are; of 0: of
 * whoever is not told by kind, as in a whole dossier. */
typedef struct heng_sought {
    heng_categories of_kind[HENG_NATURAL_PERSON + 1];
} heng_sought;

/** Also those of another. */
static inline void heng_categories_unite(heng_categories *set,
                                         const heng_categories *other) {
    set->bits[0] |= other->bits[0];
    set->bits[1] |= other->bits[1];
}

/** Only those of another, too. */
static inline void heng_categories_keep(heng_categories *set,
                                        const heng_categories *other) {
    set->bits[0] &= other->bits[0];
    set->bits[1] &= other->bits[1];
}

static inline void heng_sought_unite(heng_sought *sought, const heng_sought *other) {
    for (int kind = 0; kind <= HENG_NATURAL_PERSON; kind++)
        heng_categories_unite(&sought->of_kind[kind], &other->of_kind[kind]);
}

#endif
