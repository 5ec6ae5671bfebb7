/* SPDX-License-Identifier: Apache-2.0 */
/*
 * lexer_string.c: the literals of strings and bytes.
 *
 *     'one line'   """several lines"""   r'no \escapes'   b'bytes'   br'both'
 *
 * A literal without escapes is a view of the expression. In strings `\377` and `\xff`
 * are code points, in bytes they are bytes; `\u` has no meaning in bytes. Line ends in
 * a literal become `\n`, so that a file means the same whichever editor wrote it.
 */
#include <string.h>

#include "base/utf8.h"
#include "cel/cel_text.h"
#include "cel/lexer.h"

typedef struct string_reader {
    heng_cel_lexer *lexer;
    heng_cel_text out;
    size_t at;
    size_t end; /* of what is between the quotation marks */
    bool bytes;
} string_reader;

/* ---- escapes ---- */

static void bad_escape(string_reader *reader, size_t start, size_t len,
                       const char *what) {
    heng_cel_report *report = reader->lexer->report;
    if (start + len > reader->end) {
        len = reader->end - start;
    }
    heng_cel_report_error(report, HENG_CEL_E_LITERAL, start, len, "%s: `%.*s`", what,
                          (int)len, reader->lexer->text.ptr + start);
}

/* `count` digits of `base` after `at`; UINT32_MAX where they are not there. */
static uint32_t escape_digits(const string_reader *reader, size_t at, size_t count,
                              uint32_t base) {
    uint32_t value = 0;
    if (count > reader->end - at)
        return UINT32_MAX;
    for (size_t i = 0; i < count; i++) {
        unsigned char c = (unsigned char)reader->lexer->text.ptr[at + i];
        uint32_t digit = base;
        if (c >= '0' && c <= '9') {
            digit = c - (uint32_t)'0';
        } else if ((c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F')) {
            digit = (c | 0x20u) - (uint32_t)'a' + 10;
        }
        if (digit >= base)
            return UINT32_MAX;
        value = value * base + digit;
    }
    return value;
}

static void add_code(string_reader *reader, uint32_t code, bool octet) {
    if (reader->bytes && octet) {
        heng_cel_text_add_char(&reader->out, (char)(unsigned char)code);
    } else {
        heng_cel_text_add_point(&reader->out, code);
    }
}

/* An escape of digits; false where it is none. Steps over it either way. */
static void number_escape(string_reader *reader, size_t start, char c) {
    bool octal = c >= '0' && c <= '3';
    bool octet = octal || c == 'x' || c == 'X';
    size_t count = octal ? 3 : octet ? 2 : c == 'u' ? 4 : 8;
    size_t first = octal ? start + 1 : start + 2;
    uint32_t code = escape_digits(reader, first, count, octal ? 8 : 16);
    if (code == UINT32_MAX) {
        bad_escape(
            reader, start, first - start + count,
            "an escape lacks digits (`\\x41`, `\\u00e9`, `\\U0001f431`, `\\101`)");
        reader->at = first;
        return;
    }
    reader->at = first + count;
    if (reader->bytes && !octet) {
        bad_escape(reader, start, reader->at - start,
                   "bytes are escaped one by one, with `\\x`");
    } else if (code > 0x10FFFF || (code >= 0xD800 && code <= 0xDFFF)) {
        bad_escape(reader, start, reader->at - start,
                   "an escape names no character of Unicode");
    } else {
        add_code(reader, code, octet);
    }
}

static void escape(string_reader *reader) {
    static const char names[] = "abfnrtv\\?\"'`";
    static const char values[] = "\a\b\f\n\r\t\v\\?\"'`";
    size_t start = reader->at;
    char c = start + 1 < reader->end ? reader->lexer->text.ptr[start + 1] : '\0';
    const char *found = c == '\0' ? NULL : strchr(names, c);
    if (found != NULL) {
        heng_cel_text_add_char(&reader->out, values[found - names]);
        reader->at += 2;
    } else if (c != '\0' && strchr("xXuU0123", c) != NULL) {
        number_escape(reader, start, c);
    } else {
        uint32_t code = 0;
        size_t len = heng_utf8_decode(reader->lexer->text.ptr + start + 1,
                                      reader->end - start - 1, &code);
        bad_escape(reader, start, 1 + len, "there is no such escape");
        reader->at += 1 + (len > 0 ? len : 1);
    }
}

static heng_str decode(string_reader *reader, bool raw) {
    const char *text = reader->lexer->text.ptr;
    while (reader->at < reader->end) {
        char c = text[reader->at];
        if (c == '\\' && !raw) {
            escape(reader);
        } else if (c == '\r') {
            heng_cel_text_add_char(&reader->out, '\n');
            reader->at++;
            if (reader->at < reader->end && text[reader->at] == '\n') {
                reader->at++;
            }
        } else {
            size_t from = reader->at;
            while (reader->at < reader->end && text[reader->at] != '\r' &&
                   (raw || text[reader->at] != '\\')) {
                reader->at++;
            }
            heng_cel_text_add(&reader->out, (heng_str){text + from, reader->at - from});
        }
    }
    char *bytes = heng_cel_text_end(&reader->out);
    if (bytes == NULL) {
        reader->lexer->status = HENG_ERR_NOMEM;
        return (heng_str){"", 0};
    }
    return (heng_str){bytes, reader->out.len};
}

/* ---- where it ends ---- */

/* Whether `count` marks stand at `at`. */
static bool marks_at(heng_str text, size_t at, char mark, size_t count) {
    if (count > text.len - at)
        return false;
    for (size_t i = 0; i < count; i++) {
        if (text.ptr[at + i] != mark)
            return false;
    }
    return true;
}

/* The place of the closing marks, or of what cuts the literal short. */
static size_t find_end(heng_str text, size_t at, char mark, size_t marks, bool raw,
                       bool *ret_plain, bool *ret_closed) {
    *ret_plain = true;
    *ret_closed = true;
    while (at < text.len) {
        char c = text.ptr[at];
        if (c == mark && marks_at(text, at, mark, marks))
            return at;
        if (marks == 1 && (c == '\n' || c == '\r'))
            break;
        if (c == '\r' || (c == '\\' && !raw)) {
            *ret_plain = false;
        }
        /* An escaped mark does not close; a raw literal knows no escapes. */
        at += c == '\\' && !raw && at + 1 < text.len && text.ptr[at + 1] != '\n' &&
                      text.ptr[at + 1] != '\r'
                  ? 2
                  : 1;
    }
    *ret_closed = false;
    return at < text.len ? at : text.len;
}

size_t heng_cel_lexer_string(heng_cel_lexer *lexer, size_t at, size_t quote,
                             heng_cel_value *ret_value) {
    heng_str text = lexer->text;
    char mark = text.ptr[quote];
    bool bytes = text.ptr[at] == 'b' || text.ptr[at] == 'B';
    bool raw = quote > at && (text.ptr[quote - 1] == 'r' || text.ptr[quote - 1] == 'R');
    size_t marks = marks_at(text, quote, mark, 3) ? 3 : 1;
    bool plain = true;
    bool closed = true;
    size_t first = quote + marks;
    size_t end = find_end(text, first, mark, marks, raw, &plain, &closed);

    heng_str content = {text.ptr + first, end - first};
    if (!closed) {
        heng_cel_report_error(lexer->report, HENG_CEL_E_TOKEN, at, end - at,
                              "%s here, and does not end",
                              bytes ? "a literal of bytes starts" : "a text starts");
        lexer->cut = true;
        heng_cel_report_help(lexer->report,
                             marks == 3 ? "close it with three quotation marks"
                                        : "close it in the same line with `%c`",
                             mark);
    } else if (!plain) {
        string_reader reader = {.lexer = lexer,
                                .out = {.arena = lexer->arena},
                                .at = first,
                                .end = end,
                                .bytes = bytes};
        content = decode(&reader, raw);
    }
    *ret_value = bytes ? heng_cel_value_bytes(content) : heng_cel_value_string(content);
    return closed ? end + marks : text.len;
}
