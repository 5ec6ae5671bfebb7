/* SPDX-License-Identifier: Apache-2.0 */
/*
 * id_list.h: ascending ids packed one after the other, and many such lists gone through
 * as one, in place.
 *
 *   plain    u8 length, bytes of the id
 *   flagged  u8 flags, u8 length, bytes of the id
 *
 * 180 million subjects may be named in a few thousand lists: a merge keeps 16 bytes a
 * list and copies no id.
 */
#ifndef HENG_STORE_ID_LIST_H
#define HENG_STORE_ID_LIST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "heng/error.h"
#include "heng/str.h"

/** The bytes before each length. */
typedef enum heng_id_list_form {
    HENG_ID_LIST_PLAIN = 0,
    HENG_ID_LIST_FLAGGED = 1
} heng_id_list_form;

/** Whether these bytes are a list: ids of 1 to HENG_LIMIT_SUBJECT_ID_BYTES, each behind
 * the one before, flags of `known` only and not 0. An empty one is a list. */
bool heng_id_list_check(const uint8_t *bytes, size_t len, heng_id_list_form form,
                        unsigned known);

/** What one id takes. */
static inline size_t heng_id_list_bytes(heng_id_list_form form, heng_str id) {
    return (size_t)form + 1 + id.len;
}

/** Writes one id (its form is checked) and returns what lies behind it. `flags` only go
 * into a flagged list. */
uint8_t *heng_id_list_put(uint8_t *at, heng_id_list_form form, heng_str id,
                          unsigned flags);

struct heng_id_list_rest {
    const uint8_t *at, *end;
};

typedef struct heng_id_merge {
    struct heng_id_list_rest *lists; /* owned; once under way a heap, smallest first */
    size_t count, room;
    size_t most; /* lists */
    heng_id_list_form form;
    bool under_way;
} heng_id_merge;

/** @param most  lists it takes. */
void heng_id_merge_init(heng_id_merge *merge, heng_id_list_form form, size_t most);
void heng_id_merge_done(heng_id_merge *merge);

/**
 * Adds a checked list, before the first heng_id_merge_next().
 *
 * @param bytes  borrowed: must stay until the merge is done.
 * @return HENG_OK; HENG_ERR_LIMIT above `most`, said of `what` ("commits since
 *         the last batch"); HENG_ERR_NOMEM.
 */
heng_status heng_id_merge_add(heng_id_merge *merge, const uint8_t *bytes, size_t len,
                              const char *what, heng_error *reterr) HENG_NODISCARD;

/** The next id of all lists, each once, with all its flags (0 in plain lists). False at
 * the end. */
bool heng_id_merge_next(heng_id_merge *merge, heng_str *ret_id, unsigned *ret_flags);

#endif
