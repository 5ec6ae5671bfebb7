/* SPDX-License-Identifier: Apache-2.0 */
/*
 * codebook.h: a catalog joined with a numbering: what checking a line needs to know.
 *
 * All words of the catalog are numbered at once, used or not: checking a line then
 * changes nothing, and many threads may do it.
 */
#ifndef HENG_STORE_CODEBOOK_H
#define HENG_STORE_CODEBOOK_H

#include <stdint.h>

#include "base/map.h"
#include "heng/arena.h"
#include "heng/error.h"
#include "model/catalog.h"
#include "model/names.h"

typedef struct heng_codebook {
    const heng_catalog *catalog;  /* borrowed */
    uint32_t *categories;         /* number of each category */
    uint32_t **attributes;        /* … and of its attributes */
    uint32_t *subject_attributes; /* of each subject attribute */
    heng_map roles;               /* role or inverse -> number; to be done() */
    heng_map providers;           /* to be done() */
    /* for suggestions */
    heng_str *category_ids;
    heng_str *role_words;
    size_t role_word_count;
    heng_str *provider_words;
    size_t provider_count;
} heng_codebook;

/** Adds the catalog's words to `names`. Lives in `arena`, but for the maps. */
heng_status heng_codebook_init(heng_codebook *book, const heng_catalog *catalog,
                               heng_names *names, heng_arena *arena) HENG_NODISCARD;

/** Also takes a zeroed one. */
void heng_codebook_done(heng_codebook *book);

#endif
