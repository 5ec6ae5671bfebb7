/* SPDX-License-Identifier: Apache-2.0 */
/*
 * gist.h: a subject in some forty bytes: what conditions ask for, and nothing else.
 *
 * A batch with a rule that needs no record looks at everybody, and those whom only
 * others' records concern are looked up one by one: the less their lines take, the less
 * memory is waited for. A gist is made into the outline of the subject (flat.h) where
 * it is looked at, which costs less than checking the offsets of one that is stored.
 *
 *   0 u8 kind  1 u8 capacity  2 u16 attributes
 *   4 i32 established_on (HENG_DATE_NONE: absent)
 *   8 u16 length of region  10 of industry  12 of status (ACTIVE: it is `active`)
 *  14 the texts of these three
 *     attributes, by name number: u32 name, u8 type, then i64; or of STRING u16 length
 *     and text, of STRINGS u16 count and so many such texts
 */
#ifndef HENG_MODEL_GIST_H
#define HENG_MODEL_GIST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "heng/str.h"
#include "model/kind.h"

enum { HENG_GIST_BYTES = 14 };

/**
 * Writes the gist of a well-formed subject.
 *
 * @param bytes  room for as many as the subject has.
 * @return its bytes; 0 where a text or list is too long for a gist: then the line
 * itself must be looked at.
 */
size_t heng_gist_write(const uint8_t *subject, uint8_t *bytes);

/** The most bytes that the outline of a gist takes. */
size_t heng_gist_room(const uint8_t *gist, size_t len);

/**
 * Makes the outline of the subject, without relations and commit, in
 * heng_gist_room() bytes. Whatever the gist's bytes are, the outline is well-formed.
 *
 * @return its bytes; 0 where the gist is damaged.
 */
size_t heng_gist_expand(const uint8_t *gist, size_t len, uint8_t *bytes);

/** What a gist says of a subject beside its attributes; texts lie in the gist. */
typedef struct heng_gist_head {
    uint8_t kind, capacity;
    heng_str region, industry, status;
} heng_gist_head;

/** Reads the head of a gist in place. False where it is damaged or empty. */
static inline bool heng_gist_read_head(const uint8_t *gist, size_t len,
                                       heng_gist_head *ret_head) {
    enum { ACTIVE = 0xffff };
    uint16_t lens[3];
    if (len < HENG_GIST_BYTES)
        return false;
    memcpy(lens, gist + 8, sizeof lens);
    bool active = lens[2] == ACTIVE;
    size_t status_len = active ? 0 : lens[2];
    const char *texts = (const char *)gist + HENG_GIST_BYTES;
    ret_head->kind = gist[0];
    ret_head->capacity = gist[1];
    ret_head->region = (heng_str){texts, lens[0]};
    ret_head->industry = (heng_str){texts + lens[0], lens[1]};
    ret_head->status =
        active ? HENG_STR("active") : (heng_str){texts + lens[0] + lens[1], status_len};
    return (gist[0] >= HENG_LEGAL_PERSON) & (gist[0] <= HENG_NATURAL_PERSON) &
           (gist[1] <= HENG_CAPACITY_NONE) &
           ((size_t)lens[0] + lens[1] + status_len <= len - HENG_GIST_BYTES);
}

#endif
