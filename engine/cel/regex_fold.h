/* SPDX-License-Identifier: Apache-2.0 */
/* regex_fold.h: the properties that PCRE2 does not give as RE2 does, as ranges. */
#ifndef HENG_CEL_REGEX_FOLD_H
#define HENG_CEL_REGEX_FOLD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "heng/str.h"

typedef struct heng_regex_range {
    uint32_t first, last;
} heng_regex_range;

/** Ascending ranges; static. None: the property is what PCRE2 has under its name. */
typedef struct heng_regex_ranges {
    const heng_regex_range *ranges;
    size_t count;
    bool added; /* they come to what PCRE2 has; else they stand for it */
} heng_regex_ranges;

/** What RE2 means by `\p{name}`, with `folded` under (?i). */
heng_regex_ranges heng_regex_fold_property(heng_str name, bool folded);

#endif
