/* SPDX-License-Identifier: Apache-2.0 */
/*
 * file_set.h: several named texts as one value: the files of a ruleset, as the store
 * keeps them.
 *
 *   u32 count, then for each u32 length of its name, u32 length of its text, name, text
 */
#ifndef HENG_STORE_FILE_SET_H
#define HENG_STORE_FILE_SET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/digest.h"
#include "heng/arena.h"
#include "heng/error.h"
#include "heng/str.h"

typedef struct heng_file_set_item {
    heng_str name, text; /* borrowed; when read, memory of the set */
} heng_file_set_item;

/**
 * Packs files in their order.
 *
 * @param ret_set  in `arena`.
 * @return HENG_OK; HENG_ERR_LIMIT above HENG_LIMIT_RULESET_FILES, a name above
 *         HENG_LIMIT_PATH_BYTES or texts above HENG_LIMIT_RULESET_BYTES;
 * HENG_ERR_NOMEM.
 */
heng_status heng_file_set_pack(const heng_file_set_item *items, size_t count,
                               heng_arena *arena, heng_str *ret_set,
                               heng_error *reterr) HENG_NODISCARD;

/** Whether `set` has the form above, to its last byte, and keeps the limits. */
bool heng_file_set_check(heng_str set);

/** How many files a checked set has. */
size_t heng_file_set_count(heng_str set);

/** The file at `*at`, which is 0 for the first and moved on; false behind the last. The
 * set was checked. */
bool heng_file_set_next(heng_str set, size_t *at, heng_file_set_item *ret_item);

/** The digest of the ruleset that a checked set holds.
 * ORDER ruleset-digest: what heng_ruleset_digest_of() digests, in its order. */
heng_digest heng_file_set_digest(heng_str set);

#endif
