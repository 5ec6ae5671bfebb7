/* SPDX-License-Identifier: Apache-2.0 */
/*
 * regex_bytes.h: classes of characters as alternatives of bytes.
 *
 * A pattern with `\C`, any byte, is matched byte by byte, as RE2 matches all patterns.
 * Then a class has to be written as what its characters are in UTF-8:
 *
 *     [a\x{e9}-\x{eb}]   ->   ([\x{61}]|[\x{c3}][\x{a9}-\x{ab}])
 */
#ifndef HENG_CEL_REGEX_BYTES_H
#define HENG_CEL_REGEX_BYTES_H

#include "cel/cel_text.h"
#include "cel/regex_fold.h"

/** A set of characters that is being read. Zero it; its ranges live in an arena. */
typedef struct heng_regex_bytes {
    heng_regex_range *ranges; /* in any order, and overlapping */
    size_t count, room;
} heng_regex_bytes;

/** Adds a range. With `fold` also what its ASCII letters fold to. False out of memory.
 */
bool heng_regex_bytes_add(heng_regex_bytes *set, heng_arena *arena, uint32_t first,
                          uint32_t last, bool fold);

/** Writes the set, or what is not in it, as one item, and empties it. */
void heng_regex_bytes_write(heng_regex_bytes *set, bool negated, heng_cel_text *out);

#endif
