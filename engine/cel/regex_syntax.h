/* SPDX-License-Identifier: Apache-2.0 */
/* regex_syntax.h: RE2's syntax, read as RE2 reads it and written as PCRE2 reads it. */
#ifndef HENG_CEL_REGEX_SYNTAX_H
#define HENG_CEL_REGEX_SYNTAX_H

#include "heng/arena.h"
#include "heng/error.h"
#include "heng/str.h"

/**
 * Translates a pattern. Whether a text has a match at all does not depend on captures
 * or greediness, so neither is kept.
 *
 * @param parallel     for pcre2_dfa_match(): it counts what `+` and `{n,}` matched, and
 *                     follows a state for each count; around a group it does not.
 * @param ret_pattern  for PCRE2 with PCRE2_NO_AUTO_CAPTURE, PCRE2_DOTALL,
 * PCRE2_ALT_CIRCUMFLEX and newline LF; lives in `arena`.
 * @param ret_bytes    whether it is for bytes; else it is for PCRE2_UTF.
 * @param ret_reason   set on HENG_ERR_INVALID: what RE2 refuses; lives in `arena`.
 */
heng_status heng_regex_syntax_translate(heng_str pattern, bool parallel,
                                        heng_arena *arena, heng_str *ret_pattern,
                                        bool *ret_bytes,
                                        const char **ret_reason) HENG_NODISCARD;

/** Whether RE2 knows `\p{name}`; false also for names that only PCRE2 knows. */
bool heng_regex_syntax_is_property(heng_str name);

#endif
