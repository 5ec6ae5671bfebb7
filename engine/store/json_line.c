/* SPDX-License-Identifier: Apache-2.0 */
/*
 * json_line.c: texts are handed out in place where they have no escapes, and eight
 * bytes at a time are looked through for what ends them.
 */
#include "store/json_line.h"

#include <stdint.h>
#include <string.h>

#include "base/limits.h"
#include "base/utf8.h"

heng_status heng_json_line_fail(heng_json_line *json, size_t at, const char *text) {
    return heng_line_fail(json->fault, json->arena, json->line, json->field, at, "%s",
                          text);
}

static heng_status fail_here(heng_json_line *json, const char *text) {
    return heng_json_line_fail(json, json->at, text);
}

heng_status heng_json_line_start(heng_json_line *json, heng_str line, heng_arena *arena,
                                 heng_line_fault *fault) {
    *json = (heng_json_line){.line = line, .arena = arena, .fault = fault, .field = ""};
    size_t valid = heng_utf8_valid_prefix(line.ptr, line.len);
    if (valid < line.len) { /* the column counts what is before */
        return heng_line_fail(fault, arena, line, "", valid,
                              "byte 0x%02x is not UTF-8; save the file as UTF-8",
                              (unsigned)(unsigned char)line.ptr[valid]);
    }
    return HENG_OK;
}

static bool is_space(char c) {
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

char heng_json_line_peek(heng_json_line *json) {
    while (json->at < json->line.len && is_space(json->line.ptr[json->at])) {
        json->at++;
    }
    return json->at < json->line.len ? json->line.ptr[json->at] : '\0';
}

bool heng_json_line_skip(heng_json_line *json, char c) {
    if (heng_json_line_peek(json) != c || json->at == json->line.len)
        return false;
    json->at++;
    return true;
}

heng_status heng_json_line_take(heng_json_line *json, char c, const char *what) {
    if (heng_json_line_skip(json, c))
        return HENG_OK;
    return heng_line_fail(json->fault, json->arena, json->line, json->field, json->at,
                          "expected `%c` %s%s", c, what,
                          json->at == json->line.len ? ", found the end of the line"
                                                     : "");
}

/* ---- texts ---- */

/* Whether one of eight bytes ends a run of plain text: a quote, a backslash or a
 * control character. Each term sets a byte's high bit where it holds; bytes of UTF-8
 * with the high bit set are plain, and masked out. */
static bool has_special(uint64_t word) {
    const uint64_t ones = UINT64_C(0x0101010101010101);
    const uint64_t highs = UINT64_C(0x8080808080808080);
    uint64_t quote = word ^ (ones * '"');
    uint64_t slash = word ^ (ones * '\\');
    uint64_t hits = ((quote - ones) & ~quote) | ((slash - ones) & ~slash) |
                    ((word - ones * 0x20) & ~word);
    return (hits & highs) != 0;
}

/* Where the run of plain bytes from `at` ends. */
static size_t plain_end(heng_str line, size_t at) {
    uint64_t word;
    while (line.len - at >= sizeof word) {
        memcpy(&word, line.ptr + at, sizeof word);
        if (has_special(word))
            break;
        at += sizeof word;
    }
    while (at < line.len) {
        unsigned char byte = (unsigned char)line.ptr[at];
        if (byte == '"' || byte == '\\' || byte < 0x20)
            break;
        at++;
    }
    return at;
}

static bool hex4(heng_str line, size_t at, uint32_t *ret_value) {
    uint32_t value = 0;
    if (line.len - at < 4)
        return false;
    for (size_t i = 0; i < 4; i++) {
        char c = line.ptr[at + i];
        uint32_t digit;
        if (c >= '0' && c <= '9') {
            digit = (uint32_t)(c - '0');
        } else if (c >= 'a' && c <= 'f') {
            digit = (uint32_t)(c - 'a') + 10;
        } else if (c >= 'A' && c <= 'F') {
            digit = (uint32_t)(c - 'A') + 10;
        } else {
            return false;
        }
        value = value * 16 + digit;
    }
    *ret_value = value;
    return true;
}

/* `at` is after `\u`. */
static heng_status unicode_escape(heng_json_line *json, char *out, size_t *ret_len) {
    heng_str line = json->line;
    uint32_t code = 0;
    if (!hex4(line, json->at, &code))
        return fail_here(json, "expected four hexadecimal digits after `\\u`");
    size_t start = json->at;
    json->at += 4;
    if (code >= 0xD800 && code <= 0xDBFF) {
        uint32_t low = 0;
        if (line.len - json->at < 6 || line.ptr[json->at] != '\\' ||
            line.ptr[json->at + 1] != 'u' || !hex4(line, json->at + 2, &low) ||
            low < 0xDC00 || low > 0xDFFF)
            return heng_json_line_fail(json, start, "half of a surrogate pair");
        json->at += 6;
        code = 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00);
    } else if (code >= 0xDC00 && code <= 0xDFFF) {
        return heng_json_line_fail(json, start, "half of a surrogate pair");
    }
    *ret_len = heng_utf8_encode(code, out);
    return HENG_OK;
}

/* `at` is after the backslash. */
static heng_status escape(heng_json_line *json, char *out, size_t *ret_len) {
    static const char FROM[] = "\"\\/bfnrt";
    static const char TO[] = "\"\\/\b\f\n\r\t";
    char c = json->at < json->line.len ? json->line.ptr[json->at] : '\0';
    if (c == 'u') {
        json->at++;
        return unicode_escape(json, out, ret_len);
    }
    const char *known = c == '\0' ? NULL : strchr(FROM, c);
    if (known == NULL)
        return heng_json_line_fail(json, json->at - 1, "no such escape");
    json->at++;
    out[0] = TO[known - FROM];
    *ret_len = 1;
    return HENG_OK;
}

static heng_status unended(heng_json_line *json, size_t start) {
    if (json->at == json->line.len)
        return heng_json_line_fail(json, start, "this text does not end in its line");
    return fail_here(json, "a control character in a text; write it as an escape");
}

/* The text has escapes, the first at `at`; it began at `start`. */
static heng_status escaped_text(heng_json_line *json, size_t start,
                                heng_str *ret_text) {
    heng_str line = json->line;
    /* An escape is never shorter than what it stands for. */
    size_t quote = start;
    size_t end = json->at;
    while (end < line.len && line.ptr[end] != '"') {
        end += line.ptr[end] == '\\' ? 2 : 1;
    }
    char *out = heng_arena_alloc(json->arena, (end < line.len ? end : line.len) -
                                                  quote + HENG_UTF8_BYTES_MAX);
    if (out == NULL)
        return HENG_ERR_NOMEM;
    size_t len = json->at - start;
    memcpy(out, line.ptr + start, len);
    for (;;) {
        if (json->at == line.len || (unsigned char)line.ptr[json->at] < 0x20)
            return unended(json, start - 1);
        if (line.ptr[json->at] == '"')
            break;
        if (line.ptr[json->at] == '\\') {
            json->at++;
            size_t step = 0;
            heng_status status = escape(json, out + len, &step);
            if (status != HENG_OK)
                return status;
            len += step;
        }
        size_t run = plain_end(line, json->at);
        memcpy(out + len, line.ptr + json->at, run - json->at);
        len += run - json->at;
        json->at = run;
    }
    json->at++;
    *ret_text = (heng_str){out, len};
    return HENG_OK;
}

heng_status heng_json_line_text(heng_json_line *json, heng_str *ret_text) {
    heng_status status = heng_json_line_take(json, '"', "to begin a text");
    if (status != HENG_OK)
        return status;
    size_t start = json->at;
    json->at = plain_end(json->line, start);
    if (json->at < json->line.len && json->line.ptr[json->at] == '"') {
        *ret_text = (heng_str){json->line.ptr + start, json->at - start};
        json->at++;
        return HENG_OK;
    }
    if (json->at < json->line.len && json->line.ptr[json->at] == '\\')
        return escaped_text(json, start, ret_text);
    return unended(json, start - 1);
}

/* ---- other values ---- */

static bool digits(heng_json_line *json) {
    size_t start = json->at;
    while (json->at < json->line.len && json->line.ptr[json->at] >= '0' &&
           json->line.ptr[json->at] <= '9') {
        json->at++;
    }
    return json->at > start;
}

static bool next_is(const heng_json_line *json, char c) {
    return json->at < json->line.len && json->line.ptr[json->at] == c;
}

static heng_status number(heng_json_line *json, heng_str *ret_text) {
    size_t start = json->at;
    bool fine = true;
    if (next_is(json, '-')) {
        json->at++;
    }
    if (next_is(json, '0')) {
        json->at++; /* nothing follows a leading zero */
    } else {
        fine = digits(json);
    }
    if (fine && next_is(json, '.')) {
        json->at++;
        fine = digits(json);
    }
    if (fine && (next_is(json, 'e') || next_is(json, 'E'))) {
        json->at++;
        if (next_is(json, '+') || next_is(json, '-')) {
            json->at++;
        }
        fine = digits(json);
    }
    if (!fine || digits(json))
        return heng_json_line_fail(json, start, "not a number as JSON writes them");
    *ret_text = (heng_str){json->line.ptr + start, json->at - start};
    return HENG_OK;
}

static heng_status word(heng_json_line *json, heng_line_form *ret_form) {
    static const struct {
        heng_str text;
        heng_line_form form;
    } WORDS[] = {{{"true", 4}, HENG_LINE_TRUE},
                 {{"false", 5}, HENG_LINE_FALSE},
                 {{"null", 4}, HENG_LINE_NULL}};
    for (size_t i = 0; i < sizeof WORDS / sizeof WORDS[0]; i++) {
        heng_str text = WORDS[i].text;
        if (json->line.len - json->at >= text.len &&
            memcmp(json->line.ptr + json->at, text.ptr, text.len) == 0) {
            json->at += text.len;
            *ret_form = WORDS[i].form;
            return HENG_OK;
        }
    }
    return fail_here(json, json->at == json->line.len
                               ? "expected a value, found the end of the line"
                               : "expected a value");
}

/* A number or a word. */
static heng_status scalar(heng_json_line *json, heng_line_value *value) {
    char c = heng_json_line_peek(json);
    value->at = json->at;
    if (c == '"') {
        value->form = HENG_LINE_TEXT;
        return heng_json_line_text(json, &value->text);
    }
    if (c == '-' || (c >= '0' && c <= '9')) {
        value->form = HENG_LINE_NUMBER;
        return number(json, &value->text);
    }
    return word(json, &value->form);
}

/* Goes through what is nested without a stack of calls: one character a level. */
static heng_status skip_nested(heng_json_line *json) {
    char closes[HENG_LIMIT_JSON_READ_DEPTH];
    size_t depth = 0;
    heng_status status = HENG_OK;
    do {
        /* here a value is due, or the end of a container that is still empty */
        char c = heng_json_line_peek(json);
        bool opened = c == '{' || c == '[';
        if (opened) {
            if (depth == HENG_LIMIT_JSON_READ_DEPTH)
                return fail_here(json, "nested too deep");
            closes[depth++] = c == '{' ? '}' : ']';
            json->at++;
        } else {
            heng_line_value ignored = {0};
            status = scalar(json, &ignored);
            if (status != HENG_OK)
                return status;
        }
        bool first = opened;
        while (depth > 0) { /* close what ends here */
            if (heng_json_line_skip(json, closes[depth - 1])) {
                depth--;
                first = false;
                continue;
            }
            if (!first) {
                status = heng_json_line_take(json, ',', "between two values");
                if (status != HENG_OK)
                    return status;
            }
            break;
        }
        if (depth > 0 && closes[depth - 1] == '}') {
            heng_str key;
            status = heng_json_line_text(json, &key);
            if (status == HENG_OK) {
                status = heng_json_line_take(json, ':', "after a key");
            }
            if (status != HENG_OK)
                return status;
        }
    } while (depth > 0);
    return HENG_OK;
}

heng_status heng_json_line_value(heng_json_line *json, heng_line_value *ret_value) {
    heng_line_value value = {0};
    char c = heng_json_line_peek(json);
    heng_status status;
    if (c == '{' || c == '[') {
        value.at = json->at;
        value.form = c == '{' ? HENG_LINE_OBJECT : HENG_LINE_LIST;
        status = skip_nested(json);
    } else {
        status = scalar(json, &value);
    }
    if (status == HENG_OK) {
        *ret_value = value;
    }
    return status;
}
