/* SPDX-License-Identifier: Apache-2.0 */
/*
 * utf8.c: UTF-8 by the table of well-formed sequences (Unicode, chapter 3.9): the
 * first byte says how many follow, and which values the second may have.
 */
#include "base/utf8.h"

#include <stdbool.h>
#include <string.h>

static bool is_tail(unsigned char byte) {
    return (byte & 0xC0U) == 0x80U;
}

size_t heng_utf8_decode(const char *bytes, size_t len, uint32_t *ret_code) {
    if (len == 0)
        return 0;
    unsigned char first = (unsigned char)bytes[0];
    if (first < 0x80U) {
        *ret_code = first;
        return 1;
    }
    if (len < 2)
        return 0;
    unsigned char second = (unsigned char)bytes[1];
    if (first < 0xE0U) { /* 0xC0 and 0xC1 would be overlong */
        if (first < 0xC2U || !is_tail(second))
            return 0;
        *ret_code = (uint32_t)(first & 0x1FU) << 6 | (second & 0x3FU);
        return 2;
    }
    if (len < 3 || !is_tail((unsigned char)bytes[2]))
        return 0;
    uint32_t third = (unsigned char)bytes[2] & 0x3FU;
    if (first < 0xF0U) {
        unsigned char low = first == 0xE0U ? 0xA0U : 0x80U;  /* below: overlong */
        unsigned char high = first == 0xEDU ? 0x9FU : 0xBFU; /* above: surrogate */
        if (second < low || second > high)
            return 0;
        *ret_code =
            (uint32_t)(first & 0x0FU) << 12 | (uint32_t)(second & 0x3FU) << 6 | third;
        return 3;
    }
    if (len < 4 || first > 0xF4U || !is_tail((unsigned char)bytes[3]))
        return 0;
    unsigned char low = first == 0xF0U ? 0x90U : 0x80U;  /* below: overlong */
    unsigned char high = first == 0xF4U ? 0x8FU : 0xBFU; /* above: past U+10FFFF */
    if (second < low || second > high)
        return 0;
    *ret_code = (uint32_t)(first & 0x07U) << 18 | (uint32_t)(second & 0x3FU) << 12 |
                third << 6 | ((unsigned char)bytes[3] & 0x3FU);
    return 4;
}

size_t heng_utf8_encode(uint32_t code, char buffer[HENG_UTF8_BYTES_MAX]) {
    if (code < 0x80) {
        buffer[0] = (char)code;
        return 1;
    }
    if (code < 0x800) {
        buffer[0] = (char)(0xC0U | code >> 6);
        buffer[1] = (char)(0x80U | (code & 0x3FU));
        return 2;
    }
    if (code < 0x10000) {
        if (code >= 0xD800 && code <= 0xDFFF)
            return 0;
        buffer[0] = (char)(0xE0U | code >> 12);
        buffer[1] = (char)(0x80U | (code >> 6 & 0x3FU));
        buffer[2] = (char)(0x80U | (code & 0x3FU));
        return 3;
    }
    if (code > 0x10FFFF)
        return 0;
    buffer[0] = (char)(0xF0U | code >> 18);
    buffer[1] = (char)(0x80U | (code >> 12 & 0x3FU));
    buffer[2] = (char)(0x80U | (code >> 6 & 0x3FU));
    buffer[3] = (char)(0x80U | (code & 0x3FU));
    return 4;
}

size_t heng_utf8_valid_prefix(const char *bytes, size_t len) {
    size_t at = 0;
    while (at < len) {
        uint64_t eight;
        if (len - at >= sizeof eight) { /* most text is ASCII: eight bytes at once */
            memcpy(&eight, bytes + at, sizeof eight);
            if ((eight & UINT64_C(0x8080808080808080)) == 0) {
                at += sizeof eight;
                continue;
            }
        }
        uint32_t code;
        size_t step = heng_utf8_decode(bytes + at, len - at, &code);
        if (step == 0)
            return at;
        at += step;
    }
    return len;
}

size_t heng_utf8_count(const char *bytes, size_t len) {
    size_t count = 0;
    for (size_t i = 0; i < len; i++) {
        count += !is_tail((unsigned char)bytes[i]);
    }
    return count;
}

size_t heng_utf8_cut(const char *bytes, size_t len) {
    for (size_t back = 1; back <= HENG_UTF8_BYTES_MAX && back <= len; back++) {
        unsigned char byte = (unsigned char)bytes[len - back];
        if (is_tail(byte))
            continue;
        size_t wants = byte >= 0xF0U ? 4 : byte >= 0xE0U ? 3 : byte >= 0xC0U ? 2 : 1;
        return wants > back ? len - back : len;
    }
    return len;
}

struct range {
    uint32_t first;
    uint32_t last;
};

/* Marks that print over the character before them, and characters that print nothing:
 * those of the scripts that turn up in names here, not all of Unicode. */
static const struct range ZERO[] = {
    {0x0300, 0x036F}, {0x0483, 0x0489},   {0x0591, 0x05BD},   {0x064B, 0x065F},
    {0x0E31, 0x0E31}, {0x0E34, 0x0E3A},   {0x0E47, 0x0E4E},   {0x0F71, 0x0F7E},
    {0x0F80, 0x0F84}, {0x0F8D, 0x0FBC},   {0x180B, 0x180D},   {0x1AB0, 0x1AFF},
    {0x1DC0, 0x1DFF}, {0x200B, 0x200F},   {0x2060, 0x2064},   {0x20D0, 0x20F0},
    {0x302A, 0x302D}, {0x3099, 0x309A},   {0xFE00, 0xFE0F},   {0xFE20, 0xFE2F},
    {0xFEFF, 0xFEFF}, {0xE0001, 0xE007F}, {0xE0100, 0xE01EF},
};

/* East_Asian_Width W and F; runs that differ only in unassigned points are joined. */
static const struct range WIDE[] = {
    {0x1100, 0x115F},   {0x231A, 0x231B},   {0x2329, 0x232A},   {0x23E9, 0x23EC},
    {0x23F0, 0x23F0},   {0x23F3, 0x23F3},   {0x25FD, 0x25FE},   {0x2614, 0x2615},
    {0x2648, 0x2653},   {0x267F, 0x267F},   {0x2693, 0x2693},   {0x26A1, 0x26A1},
    {0x26AA, 0x26AB},   {0x26BD, 0x26BE},   {0x26C4, 0x26C5},   {0x26CE, 0x26CE},
    {0x26D4, 0x26D4},   {0x26EA, 0x26EA},   {0x26F2, 0x26F3},   {0x26F5, 0x26F5},
    {0x26FA, 0x26FA},   {0x26FD, 0x26FD},   {0x2705, 0x2705},   {0x270A, 0x270B},
    {0x2728, 0x2728},   {0x274C, 0x274C},   {0x274E, 0x274E},   {0x2753, 0x2755},
    {0x2757, 0x2757},   {0x2795, 0x2797},   {0x27B0, 0x27B0},   {0x27BF, 0x27BF},
    {0x2B1B, 0x2B1C},   {0x2B50, 0x2B50},   {0x2B55, 0x2B55},   {0x2E80, 0x303E},
    {0x3041, 0x3247},   {0x3250, 0x4DBF},   {0x4E00, 0xA4C6},   {0xA960, 0xA97C},
    {0xAC00, 0xD7A3},   {0xF900, 0xFAFF},   {0xFE10, 0xFE19},   {0xFE30, 0xFE6B},
    {0xFF01, 0xFF60},   {0xFFE0, 0xFFE6},   {0x16FE0, 0x18D08}, {0x1AFF0, 0x1B2FB},
    {0x1F004, 0x1F004}, {0x1F0CF, 0x1F0CF}, {0x1F18E, 0x1F18E}, {0x1F191, 0x1F19A},
    {0x1F200, 0x1F320}, {0x1F32D, 0x1F335}, {0x1F337, 0x1F37C}, {0x1F37E, 0x1F393},
    {0x1F3A0, 0x1F3CA}, {0x1F3CF, 0x1F3D3}, {0x1F3E0, 0x1F3F0}, {0x1F3F4, 0x1F3F4},
    {0x1F3F8, 0x1F43E}, {0x1F440, 0x1F440}, {0x1F442, 0x1F4FC}, {0x1F4FF, 0x1F53D},
    {0x1F54B, 0x1F54E}, {0x1F550, 0x1F567}, {0x1F57A, 0x1F57A}, {0x1F595, 0x1F596},
    {0x1F5A4, 0x1F5A4}, {0x1F5FB, 0x1F64F}, {0x1F680, 0x1F6C5}, {0x1F6CC, 0x1F6CC},
    {0x1F6D0, 0x1F6D2}, {0x1F6D5, 0x1F6DF}, {0x1F6EB, 0x1F6EC}, {0x1F6F4, 0x1F6FC},
    {0x1F7E0, 0x1F7F0}, {0x1F90C, 0x1F93A}, {0x1F93C, 0x1F945}, {0x1F947, 0x1F9FF},
    {0x1FA70, 0x1FAFF}, {0x20000, 0x2FFFD}, {0x30000, 0x3FFFD},
};

static bool is_in(const struct range *ranges, size_t count, uint32_t code) {
    size_t low = 0;
    size_t high = count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (code > ranges[middle].last) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low < count && code >= ranges[low].first;
}

unsigned heng_utf8_cells(uint32_t code) {
    if (code < 0x300)
        return 1;
    if (is_in(ZERO, sizeof ZERO / sizeof ZERO[0], code))
        return 0;
    return is_in(WIDE, sizeof WIDE / sizeof WIDE[0], code) ? 2 : 1;
}
