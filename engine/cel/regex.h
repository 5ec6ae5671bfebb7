/* SPDX-License-Identifier: Apache-2.0 */
/*
 * regex.h: regular expressions with RE2's syntax and meaning: `matches` asks only
 * whether a text has a match.
 */
#ifndef HENG_CEL_REGEX_H
#define HENG_CEL_REGEX_H

#include <stdbool.h>

#include "heng/arena.h"
#include "heng/error.h"
#include "heng/str.h"

/** A compiled pattern. Immutable: threads may share one. */
typedef struct heng_regex heng_regex;

/**
 * Compiles a pattern.
 *
 * @param ret_regex   owned by the caller, who must call heng_regex_free().
 * @param ret_reason  set on HENG_ERR_INVALID: what RE2 refuses; lives in `arena`.
 */
heng_status heng_regex_new(heng_str pattern, heng_regex **ret_regex,
                           const char **ret_reason, heng_arena *arena) HENG_NODISCARD;

/** NULL is a no-op. */
void heng_regex_free(heng_regex *regex);

/** Whether `text` has a match anywhere. HENG_ERR_LIMIT where that took too long to
 * find out. */
heng_status heng_regex_search(const heng_regex *regex, heng_str text,
                              bool *ret_found) HENG_NODISCARD;

#endif
