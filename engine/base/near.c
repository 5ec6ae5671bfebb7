/* SPDX-License-Identifier: Apache-2.0 */
/* near.c: edit distance row by row (optimal string alignment). */
#include "base/near.h"

#include <stdint.h>

#include "base/limits.h"
#include "base/utf8.h"

/* False where it is too long or not UTF-8. */
static bool codes_of(heng_str text, uint32_t codes[], size_t *ret_count) {
    size_t count = 0;
    for (size_t at = 0; at < text.len;) {
        if (count == HENG_LIMIT_NEAR_CODES)
            return false;
        size_t step = heng_utf8_decode(text.ptr + at, text.len - at, &codes[count]);
        if (step == 0)
            return false;
        at += step;
        count++;
    }
    *ret_count = count;
    return true;
}

static size_t smaller(size_t a, size_t b) {
    return a < b ? a : b;
}

size_t heng_near_distance(heng_str a, heng_str b, size_t most) {
    uint32_t from[HENG_LIMIT_NEAR_CODES];
    uint32_t to[HENG_LIMIT_NEAR_CODES];
    size_t from_count = 0;
    size_t to_count = 0;
    if (!codes_of(a, from, &from_count) || !codes_of(b, to, &to_count))
        return most + 1;
    size_t longer =
        from_count > to_count ? from_count - to_count : to_count - from_count;
    if (longer > most)
        return most + 1;

    /* rows[i % 3][j]: edits from the first i of `from` to the first j of `to` */
    size_t rows[3][HENG_LIMIT_NEAR_CODES + 1];
    for (size_t j = 0; j <= to_count; j++) {
        rows[0][j] = j;
    }
    for (size_t i = 1; i <= from_count; i++) {
        size_t *row = rows[i % 3];
        const size_t *above = rows[(i + 2) % 3];
        const size_t *above_that = rows[(i + 1) % 3];
        row[0] = i;
        for (size_t j = 1; j <= to_count; j++) {
            bool same = from[i - 1] == to[j - 1];
            size_t edits = smaller(row[j - 1], above[j]) + 1;
            edits = smaller(edits, above[j - 1] + (same ? 0 : 1));
            if (i > 1 && j > 1 && from[i - 1] == to[j - 2] &&
                from[i - 2] == to[j - 1]) {
                edits = smaller(edits, above_that[j - 2] + 1);
            }
            row[j] = edits;
        }
    }
    return smaller(rows[from_count % 3][to_count], most + 1);
}

bool heng_near_find(heng_str word, const heng_str *names, size_t count,
                    size_t *ret_index) {
    size_t len = heng_utf8_count(word.ptr, word.len);
    if (len < 2)
        return false; /* any one-letter name would be near */
    size_t most = len < 6 ? 1 : len / 3;
    bool found = false;
    for (size_t i = 0; i < count; i++) {
        size_t edits = heng_near_distance(word, names[i], most);
        if (edits <= most) {
            *ret_index = i;
            found = true;
            if (edits == 0)
                break;
            most = edits - 1; /* only a nearer one counts from here on */
        }
    }
    return found;
}
