/* SPDX-License-Identifier: Apache-2.0 */
/*
 * embed.c: walks the value and the text as written side by side.
 *
 * Decoding YAML a second time would double its rules. It is enough to know that what is
 * written differs from the value only by white space, by quotes written twice, and by
 * escapes: so each byte of the value that is no white space is looked for from where
 * the one before it was found.
 *
 *     written:  ground: >-\n      r.amount >\n      5
 *     value:    r.amount > 5
 */
#include "ruleset/embed.h"

#include <string.h>

#include "base/utf8.h"

struct walk {
    heng_str text; /* of the source */
    size_t at;
    size_t end; /* of the scalar */
    heng_yaml_style style;
};

static bool is_white(char c) {
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static bool is_quoted(heng_yaml_style style) {
    return style == HENG_YAML_SINGLE_QUOTED || style == HENG_YAML_DOUBLE_QUOTED;
}

static void skip_header(struct walk *walk) {
    if (is_quoted(walk->style) && walk->at < walk->end) {
        walk->at++;
        walk->end--;
    } else if (walk->style == HENG_YAML_LITERAL || walk->style == HENG_YAML_FOLDED) {
        while (walk->at < walk->end && walk->text.ptr[walk->at] != '\n' &&
               walk->text.ptr[walk->at] != '\r')
            walk->at++;
    }
}

static bool hex_of(const char *text, size_t len, uint32_t *ret_code) {
    uint32_t code = 0;
    for (size_t i = 0; i < len; i++) {
        char c = text[i];
        uint32_t digit = 0;
        if (c >= '0' && c <= '9')
            digit = (uint32_t)(c - '0');
        else if (c >= 'a' && c <= 'f')
            digit = (uint32_t)(c - 'a') + 10;
        else if (c >= 'A' && c <= 'F')
            digit = (uint32_t)(c - 'A') + 10;
        else
            return false;
        code = code * 16 + digit;
    }
    *ret_code = code;
    return true;
}

/* The escape at a backslash: its length as written, and the bytes it stands for (none
 * where it joins lines). */
static size_t escape_at(const struct walk *walk, char bytes[HENG_UTF8_BYTES_MAX],
                        size_t *ret_count) {
    static const char LETTERS[] = "0abtnvfre \"/\\N_LP\t";
    static const uint32_t CODES[] = {0,    7,    8,    9,      10,     11,
                                     12,   13,   27,   ' ',    '"',    '/',
                                     '\\', 0x85, 0xA0, 0x2028, 0x2029, '\t'};
    const char *text = walk->text.ptr + walk->at;
    size_t left = walk->end - walk->at;
    size_t digits = 0;
    uint32_t code = 0;
    *ret_count = 0;
    if (left < 2)
        return left;
    if (text[1] == 'x' || text[1] == 'u' || text[1] == 'U')
        digits = text[1] == 'x' ? 2 : (text[1] == 'u' ? 4 : 8);
    if (digits > 0) {
        if (left < 2 + digits || !hex_of(text + 2, digits, &code))
            return 2;
    } else {
        const char *letter = text[1] == '\0' ? NULL : strchr(LETTERS, text[1]);
        if (letter == NULL) /* a line end */
            return 2;
        code = CODES[letter - LETTERS];
    }
    *ret_count = heng_utf8_encode(code, bytes);
    return 2 + digits;
}

/* One character of the text as written: how many bytes it takes, and what it stands
 * for. */
static size_t written_at(const struct walk *walk, char bytes[HENG_UTF8_BYTES_MAX],
                         size_t *ret_count) {
    const char *text = walk->text.ptr + walk->at;
    if (walk->style == HENG_YAML_DOUBLE_QUOTED && text[0] == '\\')
        return escape_at(walk, bytes, ret_count);
    bytes[0] = text[0];
    *ret_count = 1;
    bool doubled = walk->style == HENG_YAML_SINGLE_QUOTED && text[0] == '\'' &&
                   walk->end - walk->at >= 2 && text[1] == '\'';
    return doubled ? 2 : 1;
}

/* Moves to what byte `i` of the value was written as, and says how long that is and
 * how many bytes of the value it makes. */
static size_t find(struct walk *walk, heng_str value, size_t i, size_t *ret_count) {
    char bytes[HENG_UTF8_BYTES_MAX] = {0};
    while (walk->at < walk->end) {
        size_t step = written_at(walk, bytes, ret_count);
        bool same = *ret_count > 0 && *ret_count <= value.len - i &&
                    memcmp(bytes, value.ptr + i, *ret_count) == 0;
        if (same)
            return step;
        if (is_white(value.ptr[i]) && is_white(walk->text.ptr[walk->at])) {
            *ret_count = 1; /* a fold: white space of another kind */
            return 1;
        }
        if (is_white(value.ptr[i]) && *ret_count > 0) {
            *ret_count = 1; /* white space that was already passed */
            return 0;
        }
        walk->at += step;
    }
    *ret_count = 1;
    return 0;
}

bool heng_embed_map(const heng_yaml_node *scalar, heng_arena *arena,
                    heng_embed *ret_embed) {
    heng_str text = heng_source_text(scalar->span.source);
    heng_str value = scalar->text;
    size_t quote = is_quoted(scalar->style) ? 1 : 0;
    if (value.ptr == text.ptr + scalar->span.start + quote) { /* just as written */
        *ret_embed = (heng_embed){NULL, scalar->span.start + quote};
        return true;
    }

    uint32_t *offsets = heng_arena_calloc(arena, value.len + 1, sizeof *offsets);
    if (offsets == NULL)
        return false;
    struct walk walk = {text, scalar->span.start, scalar->span.start + scalar->span.len,
                        scalar->style};
    skip_header(&walk);
    /* the line end after a block's header is no part of the value */
    if ((scalar->style == HENG_YAML_LITERAL || scalar->style == HENG_YAML_FOLDED) &&
        walk.at < walk.end)
        walk.at += text.ptr[walk.at] == '\r' && walk.at + 1 < walk.end &&
                           text.ptr[walk.at + 1] == '\n'
                       ? 2
                       : 1;
    for (size_t i = 0; i < value.len;) {
        size_t count = 1;
        size_t step = find(&walk, value, i, &count);
        for (size_t j = 0; j < count; j++)
            offsets[i + j] = (uint32_t)walk.at;
        walk.at += step;
        i += count;
    }
    offsets[value.len] = (uint32_t)walk.at;
    *ret_embed = (heng_embed){offsets, 0};
    return true;
}

heng_embed heng_embed_from(heng_embed embed, size_t from) {
    if (embed.offsets != NULL)
        return (heng_embed){embed.offsets + from, embed.base};
    return (heng_embed){NULL, embed.base + from};
}

heng_span heng_embed_span(const heng_yaml_node *scalar, heng_embed embed, size_t from,
                          size_t to) {
    size_t start = embed.offsets == NULL ? embed.base + from : embed.offsets[from];
    size_t end = embed.offsets == NULL ? embed.base + to : embed.offsets[to];
    if (to > from &&
        embed.offsets != NULL) /* where the last byte stands, not the next */
        end = (size_t)embed.offsets[to - 1] + 1;
    return (heng_span){scalar->span.source, start, end > start ? end - start : 0};
}
