/* SPDX-License-Identifier: Apache-2.0 */
/* regex_bytes.c: from ranges of characters to alternatives of bytes. */
#include "cel/regex_bytes.h"

#include <stdlib.h>
#include <string.h>

#define POINT_MAX ((uint32_t)0x10ffff)

static bool add_one(heng_regex_bytes *set, heng_arena *arena, uint32_t first,
                    uint32_t last) {
    if (set->count == set->room) {
        size_t room = set->room == 0 ? 16 : set->room * 2;
        heng_regex_range *grown = heng_arena_calloc(arena, room, sizeof *grown);
        if (grown == NULL)
            return false;
        if (set->count > 0) {
            memcpy(grown, set->ranges, set->count * sizeof *grown);
        }
        set->ranges = grown;
        set->room = room;
    }
    set->ranges[set->count++] = (heng_regex_range){first, last};
    return true;
}

/* The part of the range within `from`-`to`, moved by `by`. */
static bool add_part(heng_regex_bytes *set, heng_arena *arena, heng_regex_range range,
                     char from, char to, int by) {
    uint32_t first = range.first > (uint32_t)from ? range.first : (uint32_t)from;
    uint32_t last = range.last < (uint32_t)to ? range.last : (uint32_t)to;
    return first > last ||
           add_one(set, arena, (uint32_t)((int)first + by), (uint32_t)((int)last + by));
}

static bool holds(heng_regex_range range, char letter) {
    uint32_t small = (uint32_t)letter;
    uint32_t large = small - 0x20;
    return (range.first <= small && small <= range.last) ||
           (range.first <= large && large <= range.last);
}

bool heng_regex_bytes_add(heng_regex_bytes *set, heng_arena *arena, uint32_t first,
                          uint32_t last, bool fold) {
    heng_regex_range range = {first, last};
    if (!add_one(set, arena, first, last))
        return false;
    return !fold || (add_part(set, arena, range, 'a', 'z', 'A' - 'a') &&
                     add_part(set, arena, range, 'A', 'Z', 'a' - 'A') &&
                     (!holds(range, 's') || add_one(set, arena, 0x17f, 0x17f)) &&
                     (!holds(range, 'k') || add_one(set, arena, 0x212a, 0x212a)));
}

/* ---- writing ---- */

static size_t encode(uint32_t point, unsigned char bytes[4]) {
    size_t len = point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
    static const unsigned char heads[] = {0, 0xc0, 0xe0, 0xf0};
    for (size_t i = len - 1; i > 0; i--, point >>= 6) {
        bytes[i] = (unsigned char)(0x80 | (point & 0x3f));
    }
    bytes[0] = (unsigned char)(heads[len - 1] | point);
    return len;
}

static void write_byte(heng_cel_text *out, unsigned char byte) {
    static const char digits[] = "0123456789abcdef";
    heng_cel_text_add(out, HENG_STR("\\x"));
    heng_cel_text_add_char(out, digits[byte >> 4]);
    heng_cel_text_add_char(out, digits[byte & 15]);
}

/* One alternative: characters whose bytes run side by side. */
static void write_sequence(heng_cel_text *out, uint32_t first, uint32_t last,
                           bool *any) {
    unsigned char low[4];
    unsigned char high[4];
    size_t len = encode(first, low);
    (void)encode(last, high);
    heng_cel_text_add_char(out, *any ? '|' : '(');
    *any = true;
    for (size_t i = 0; i < len; i++) {
        heng_cel_text_add_char(out, '[');
        write_byte(out, low[i]);
        if (high[i] > low[i]) {
            heng_cel_text_add_char(out, '-');
            write_byte(out, high[i]);
        }
        heng_cel_text_add_char(out, ']');
    }
}

/* Cuts the range where the number of bytes changes, and where a byte before others
 * changes while these do not run through all they can be. At most 3 + 3 * 2 deep. */
static void write_split(heng_cel_text *out, uint32_t first, uint32_t last, bool *any) {
    static const uint32_t ends[] = {0x7f, 0x7ff, 0xffff};
    for (size_t i = 0; i < 3; i++) {
        if (first <= ends[i] && ends[i] < last) {
            write_split(out, first, ends[i], any);
            write_split(out, ends[i] + 1, last, any);
            return;
        }
    }
    for (uint32_t mask = 0x3f; last >= 0x80 && mask <= 0x3ffff;
         mask = mask << 6 | 0x3f) {
        uint32_t cut = 0;
        if ((first & ~mask) == (last & ~mask))
            break;
        if ((first & mask) != 0) {
            cut = (first | mask) + 1;
        } else if ((last & mask) != mask) {
            cut = last & ~mask;
        } else {
            continue;
        }
        write_split(out, first, cut - 1, any);
        write_split(out, cut, last, any);
        return;
    }
    write_sequence(out, first, last, any);
}

/* Surrogates are no characters of any text. */
static void write_range(heng_cel_text *out, uint32_t first, uint32_t last, bool *any) {
    if (first < 0xd800 && last > 0xdfff) {
        write_split(out, first, 0xd7ff, any);
        write_split(out, 0xe000, last, any);
        return;
    }
    if (first >= 0xd800 && first <= 0xdfff) {
        first = 0xe000;
    }
    if (last >= 0xd800 && last <= 0xdfff) {
        last = 0xd7ff;
    }
    if (first <= last) {
        write_split(out, first, last, any);
    }
}

static int compare(const void *a, const void *b) {
    const heng_regex_range *left = a;
    const heng_regex_range *right = b;
    return left->first < right->first ? -1 : left->first > right->first;
}

void heng_regex_bytes_write(heng_regex_bytes *set, bool negated, heng_cel_text *out) {
    bool any = false;
    uint32_t next = 0; /* the first character not yet looked at */
    if (set->count > 0) {
        qsort(set->ranges, set->count, sizeof *set->ranges, compare);
    }
    for (size_t i = 0; i < set->count; i++) {
        heng_regex_range range = set->ranges[i];
        while (i + 1 < set->count && set->ranges[i + 1].first <= range.last + 1) {
            i++;
            if (set->ranges[i].last > range.last) {
                range.last = set->ranges[i].last;
            }
        }
        if (!negated) {
            write_range(out, range.first, range.last, &any);
        } else if (range.first > next) {
            write_range(out, next, range.first - 1, &any);
        }
        next = range.last + 1;
    }
    if (negated && next <= POINT_MAX) {
        write_range(out, next, POINT_MAX, &any);
    }
    heng_cel_text_add(out, any ? HENG_STR(")") : HENG_STR("[^\\x00-\\xff]"));
    set->count = 0;
}
