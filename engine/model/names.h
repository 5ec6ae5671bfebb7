/* SPDX-License-Identifier: Apache-2.0 */
/*
 * names.h: numbers for the words that many objects share: categories, attributes,
 * roles.
 *
 * A store numbers such words once, for ever (append-only), so that a record names its
 * category in four bytes and is matched with an integer comparison. The ruleset knows
 * the words; decide/binding joins the two.
 */
#ifndef HENG_MODEL_NAMES_H
#define HENG_MODEL_NAMES_H

#include <stddef.h>
#include <stdint.h>

#include "heng/error.h"
#include "heng/str.h"

/** No such name; numbers start at 0. */
#define HENG_NAME_NONE UINT32_MAX

typedef struct heng_names heng_names;

/** Empty; owned by the caller. NULL out of memory. */
heng_names *heng_names_new(void);
/** A copy that can grow on its own (for `--suppose`). NULL out of memory. */
heng_names *heng_names_copy(const heng_names *names);
void heng_names_free(heng_names *names);

/** The number of `name`, or HENG_NAME_NONE. */
uint32_t heng_names_find(const heng_names *names, heng_str name);

/** The number of `name`, added at the end where it is new. HENG_ERR_NOMEM. */
heng_status heng_names_add(heng_names *names, heng_str name, uint32_t *ret_number);

/** Borrowed until the next add; empty where there is no such number. */
heng_str heng_names_get(const heng_names *names, uint32_t number);

uint32_t heng_names_count(const heng_names *names);

#endif
