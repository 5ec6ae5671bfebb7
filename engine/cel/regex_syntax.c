/* SPDX-License-Identifier: Apache-2.0 */
/*
 * regex_syntax.c: a reader of RE2's patterns that writes what PCRE2 understands the
 * same.
 *
 * Nothing that looks alike is trusted to be alike. `\d`, `\w`, `\s` and POSIX classes
 * are written as the ranges they are in RE2, every literal but letters and digits as
 * its number, `^` and `$` as the assertions they stand for under the flags in force.
 * Flags are written where they change: both languages let them hold to the end of the
 * group. All of the syntax is in this one file, as each part reads and writes through
 * the same reader under the same flags; tables and bytes are in files of their own.
 *
 *     (?i)caf\xe9|[[:alpha:]]\s$   ->   (?i)caf\x{e9}|[a-zA-Z][\x{9}\x{a}…](?:\z)
 *
 * A pattern with `\C`, any byte, is read twice: the second time it is written for
 * bytes.
 *
 * RE2 looks at bytes, so between those of one character it finds a `\B` and nothing
 * else. A pattern that asks for no more than that matches every text with a character
 * of several bytes, and is written with such a character as one more alternative.
 */
#include "cel/regex_syntax.h"

#include "base/limits.h"
#include "cel/cel_text.h"
#include "cel/regex_bytes.h"

enum {
    FOLD = 1,    /* i */
    MULTI = 2,   /* m */
    DOT_ALL = 4, /* s */
};

struct reader {
    heng_str pattern;
    size_t at;
    unsigned flags;
    bool parallel;
    heng_arena *arena;
    heng_cel_text out;
    const char *reason; /* NULL while all is well */
    size_t depth;
    bool alone;      /* what is read is no part of a class in brackets */
    bool passes;     /* the last item or group can match inside a character */
    bool has_inside; /* there is a `\B` */
    bool has_byte;   /* there is a `\C` */
    bool bytes;      /* so what is written is matched byte by byte */
    heng_regex_bytes set;
};

typedef heng_regex_range range;

#define POINT_MAX ((uint32_t)0x10ffff)

/* ---- failing ---- */

static void refuse(struct reader *reader, const char *what, heng_str about) {
    if (reader->reason != NULL)
        return;
    size_t shown = about.len < 64 ? about.len : 64;
    reader->reason = shown == 0 ? what
                                : heng_arena_printf(reader->arena, "%s: `%.*s`", what,
                                                    (int)shown, about.ptr);
    if (reader->reason == NULL) {
        reader->out.failed = true;
        reader->reason = "out of memory";
    }
}

static heng_str since(const struct reader *reader, size_t start) {
    return (heng_str){reader->pattern.ptr + start, reader->at - start};
}

static bool more(const struct reader *reader) {
    return reader->reason == NULL && !reader->out.failed &&
           reader->at < reader->pattern.len;
}

static char peek(const struct reader *reader, size_t ahead) {
    return reader->at + ahead < reader->pattern.len
               ? reader->pattern.ptr[reader->at + ahead]
               : '\0';
}

static bool looking_at(const struct reader *reader, const char *text) {
    size_t len = strlen(text);
    return reader->pattern.len - reader->at >= len &&
           memcmp(reader->pattern.ptr + reader->at, text, len) == 0;
}

/* ---- writing ---- */

static void write_text(struct reader *reader, const char *text) {
    heng_cel_text_add(&reader->out, heng_str_of(text));
}

static void write_point(struct reader *reader, uint32_t point) {
    static const char digits[] = "0123456789abcdef";
    bool plain = (point >= '0' && point <= '9') || (point >= 'a' && point <= 'z') ||
                 (point >= 'A' && point <= 'Z');
    if (plain) {
        heng_cel_text_add_char(&reader->out, (char)point);
        return;
    }
    write_text(reader, "\\x{");
    for (int shift = 20; shift >= 0; shift -= 4) {
        if (point >> shift != 0 || shift == 0) {
            heng_cel_text_add_char(&reader->out, digits[point >> shift & 15]);
        }
    }
    heng_cel_text_add_char(&reader->out, '}');
}

static void write_one_range(struct reader *reader, uint32_t first, uint32_t last) {
    if (first > last)
        return;
    write_point(reader, first);
    if (last > first) {
        heng_cel_text_add_char(&reader->out, '-');
        write_point(reader, last);
    }
}

/* Surrogates are no characters of any text, and PCRE2 does not take them. */
static void write_range(struct reader *reader, uint32_t first, uint32_t last) {
    if (reader->bytes) {
        reader->out.failed |= !heng_regex_bytes_add(&reader->set, reader->arena, first,
                                                    last, (reader->flags & FOLD) != 0);
        return;
    }
    if (first < 0xd800 && last > 0xdfff) {
        write_one_range(reader, first, 0xd7ff);
        write_one_range(reader, 0xe000, last);
    } else {
        bool low = first >= 0xd800 && first <= 0xdfff;
        bool high = last >= 0xd800 && last <= 0xdfff;
        write_one_range(reader, low ? 0xe000 : first, high ? 0xd7ff : last);
    }
}

static void write_ranges(struct reader *reader, const range *ranges, size_t count,
                         bool negated) {
    uint32_t next = 0;
    for (size_t i = 0; i < count; i++) {
        if (!negated) {
            write_range(reader, ranges[i].first, ranges[i].last);
        } else {
            if (ranges[i].first > next) {
                write_range(reader, next, ranges[i].first - 1);
            }
            next = ranges[i].last + 1;
        }
    }
    if (negated && next <= POINT_MAX) {
        write_range(reader, next, POINT_MAX);
    }
}

/* A class, in which write_range() writes. */
static void begin_class(struct reader *reader) {
    if (!reader->bytes) {
        heng_cel_text_add_char(&reader->out, '[');
    }
}

static void end_class(struct reader *reader, bool negated) {
    if (reader->bytes) {
        heng_regex_bytes_write(&reader->set, negated, &reader->out);
    } else {
        heng_cel_text_add_char(&reader->out, ']');
    }
}

/* Beside `\C` letters fold only where PCRE2 need not be asked for all that do. */
static bool can_fold(struct reader *reader, uint32_t last) {
    if (!reader->bytes || (reader->flags & FOLD) == 0 || last < 0x80)
        return true;
    refuse(reader, "(?i) cannot stand beside \\C with what is not ASCII",
           (heng_str){NULL, 0});
    return false;
}

/* Letters that fold to each other since Unicode 15, which PCRE2 may not know. */
static const range TWINS[] = {{0x390, 0x1fd3}, {0x3b0, 0x1fe3}, {0xfb05, 0xfb06}};

/* To a class with the range, the other one of those. */
static void write_others(struct reader *reader, uint32_t first, uint32_t last) {
    for (size_t i = 0;
         (reader->flags & FOLD) != 0 && i < sizeof TWINS / sizeof TWINS[0]; i++) {
        if (first <= TWINS[i].first && TWINS[i].first <= last) {
            write_range(reader, TWINS[i].last, TWINS[i].last);
        }
        if (first <= TWINS[i].last && TWINS[i].last <= last) {
            write_range(reader, TWINS[i].first, TWINS[i].first);
        }
    }
}

static bool is_twin(const struct reader *reader, uint32_t point) {
    for (size_t i = 0;
         (reader->flags & FOLD) != 0 && i < sizeof TWINS / sizeof TWINS[0]; i++) {
        if (point == TWINS[i].first || point == TWINS[i].last)
            return true;
    }
    return false;
}

static void write_literal(struct reader *reader, uint32_t point) {
    if (reader->bytes) {
        if (can_fold(reader, point)) {
            write_range(reader, point, point);
            end_class(reader, false);
        }
    } else if (is_twin(reader, point)) {
        begin_class(reader);
        write_range(reader, point, point);
        write_others(reader, point, point);
        end_class(reader, false);
    } else if (point >= 0xd800 && point <= 0xdfff) {
        write_text(reader, "[^\\x{0}-\\x{10ffff}]"); /* never found */
    } else {
        write_point(reader, point);
    }
}

/* ---- classes with a name ---- */

/* Ascending. ORDER named-class: CLASSES below counts them. */
static const range DIGIT[] = {{'0', '9'}};
static const range SPACE[] = {{'\t', '\n'}, {'\f', '\r'}, {' ', ' '}};
static const range WORD[] = {{'0', '9'}, {'A', 'Z'}, {'_', '_'}, {'a', 'z'}};
static const range ALNUM[] = {{'0', '9'}, {'A', 'Z'}, {'a', 'z'}};
static const range ALPHA[] = {{'A', 'Z'}, {'a', 'z'}};
static const range ASCII[] = {{0, 0x7f}};
static const range BLANK[] = {{'\t', '\t'}, {' ', ' '}};
static const range CNTRL[] = {{0, 0x1f}, {0x7f, 0x7f}};
static const range GRAPH[] = {{'!', '~'}};
static const range LOWER[] = {{'a', 'z'}};
static const range PRINT[] = {{' ', '~'}};
static const range PUNCT[] = {{'!', '/'}, {':', '@'}, {'[', '`'}, {'{', '~'}};
static const range POSIX_SPACE[] = {{'\t', '\r'}, {' ', ' '}};
static const range UPPER[] = {{'A', 'Z'}};
static const range XDIGIT[] = {{'0', '9'}, {'A', 'F'}, {'a', 'f'}};

typedef struct named_class {
    const char *name; /* of POSIX, or the letter of `\d` */
    const range *ranges;
    size_t count;
    bool letters; /* has cases: see write_class() */
} named_class;

#define CLASS(name, ranges, letters)                                                   \
    { name, ranges, sizeof(ranges) / sizeof(ranges)[0], letters }
static const named_class CLASSES[] = {
    CLASS("d", DIGIT, false),      CLASS("s", SPACE, false),
    CLASS("w", WORD, true),        CLASS("alnum", ALNUM, true),
    CLASS("alpha", ALPHA, true),   CLASS("ascii", ASCII, true),
    CLASS("blank", BLANK, false),  CLASS("cntrl", CNTRL, false),
    CLASS("digit", DIGIT, false),  CLASS("graph", GRAPH, true),
    CLASS("lower", LOWER, true),   CLASS("print", PRINT, true),
    CLASS("punct", PUNCT, false),  CLASS("space", POSIX_SPACE, false),
    CLASS("upper", UPPER, true),   CLASS("word", WORD, true),
    CLASS("xdigit", XDIGIT, true),
};

static const named_class *find_class(heng_str name) {
    for (size_t i = 0; i < sizeof CLASSES / sizeof CLASSES[0]; i++) {
        if (heng_str_equal(name, heng_str_of(CLASSES[i].name)))
            return &CLASSES[i];
    }
    return NULL;
}

/*
 * Items of a class. RE2 folds a class before it negates it, so `(?i)\W` lacks what
 * folds to a letter: U+017F (s) and U+212A (k) beside the letters of the other case.
 * PCRE2 folds what is written, so the negation is written without these.
 */
static void write_class(struct reader *reader, const named_class *class, bool negated) {
    if (!negated || (reader->flags & FOLD) == 0 || !class->letters) {
        write_ranges(reader, class->ranges, class->count, negated);
        return;
    }
    range folded[12];
    size_t count = 0;
    bool all[128] = {false};
    for (size_t i = 0; i < class->count; i++) {
        for (uint32_t c = class->ranges[i].first; c <= class->ranges[i].last; c++) {
            bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
            all[c] = true;
            if (letter) {
                all[c ^ 0x20] = true;
            }
        }
    }
    for (uint32_t c = 0; c < 128; c++) {
        if (!all[c])
            continue;
        if (count > 0 && folded[count - 1].last == c - 1) {
            folded[count - 1].last = c;
        } else {
            folded[count++] = (range){c, c};
        }
    }
    if (all['s']) {
        folded[count++] = (range){0x17f, 0x17f};
    }
    if (all['k']) {
        folded[count++] = (range){0x212a, 0x212a};
    }
    write_ranges(reader, folded, count, true);
}

/* `\pN`, `\p{Greek}`, `\P{^Greek}` at `\`; false where it is no such thing. */
static bool read_property(struct reader *reader) {
    if (peek(reader, 0) != '\\' || (peek(reader, 1) != 'p' && peek(reader, 1) != 'P'))
        return false;
    size_t start = reader->at;
    bool negated = peek(reader, 1) == 'P';
    heng_str name = {reader->pattern.ptr + start + 2, 0};
    reader->at += 2;
    if (peek(reader, 0) == '{') {
        const char *end = memchr(reader->pattern.ptr + reader->at, '}',
                                 reader->pattern.len - reader->at);
        if (end == NULL) {
            reader->at = reader->pattern.len;
            refuse(reader, "invalid character class range", since(reader, start));
            return true;
        }
        name = (heng_str){name.ptr + 1, (size_t)(end - name.ptr) - 1};
        reader->at = (size_t)(end - reader->pattern.ptr) + 1;
    } else if (reader->at < reader->pattern.len) {
        size_t from = reader->at;
        (void)heng_cel_text_next(reader->pattern, &reader->at);
        name.len = reader->at - from;
    }
    if (name.len > 0 && name.ptr[0] == '^') {
        negated = !negated;
        name.ptr++;
        name.len--;
    }
    if (!heng_regex_syntax_is_property(name)) {
        refuse(reader, "invalid character class range", since(reader, start));
        return true;
    }
    heng_regex_ranges known =
        heng_regex_fold_property(name, (reader->flags & FOLD) != 0);
    if (known.count > 0 && !known.added) {
        write_ranges(reader, known.ranges, known.count, negated);
        return true;
    }
    if (reader->bytes) {
        refuse(reader, "a property cannot stand beside \\C", since(reader, start));
        return true;
    }
    if (heng_str_equal(name, HENG_STR("C"))) { /* PCRE2 counts unassigned ones too */
        write_text(reader, negated ? "\\P{C}\\p{Cn}" : "\\p{Cc}\\p{Cf}\\p{Cs}\\p{Co}");
        return true;
    }
    if (known.added && negated) {
        if (!reader->alone) {
            refuse(reader, "cannot fold a negated property inside []",
                   since(reader, start));
            return true;
        }
        heng_cel_text_add_char(&reader->out, '^');
        negated = false;
    }
    write_ranges(reader, known.ranges, known.count, false);
    write_text(reader, negated ? "\\P{" : "\\p{");
    if (name.len > 2 && !heng_str_equal(name, HENG_STR("Any"))) {
        write_text(reader, "sc:"); /* without it PCRE2 means script extensions */
    }
    heng_cel_text_add(&reader->out, name);
    heng_cel_text_add_char(&reader->out, '}');
    return true;
}

/* `\d`, `\W` and their like. */
static bool read_perl_class(struct reader *reader) {
    char letter = peek(reader, 1);
    if (peek(reader, 0) != '\\' || letter == '\0' || strchr("dDsSwW", letter) == NULL)
        return false;
    bool negated = letter < 'a';
    char name = (char)(letter | 0x20);
    reader->at += 2;
    write_class(reader, find_class((heng_str){&name, 1}), negated);
    return true;
}

/* `[:alpha:]`, `[:^alpha:]` inside a class; false where it is just a `[`. */
static bool read_posix_class(struct reader *reader) {
    if (peek(reader, 0) != '[' || peek(reader, 1) != ':')
        return false;
    size_t end = heng_cel_text_find(reader->pattern, HENG_STR(":]"), reader->at + 2);
    if (end == SIZE_MAX)
        return false;
    size_t start = reader->at;
    size_t from = start + 2;
    reader->at = end + 2;
    bool negated = reader->pattern.ptr[from] == '^';
    from += negated ? 1 : 0;
    const named_class *class =
        from > end ? NULL
                   : find_class((heng_str){reader->pattern.ptr + from, end - from});
    if (class == NULL || end - from < 2) {
        refuse(reader, "invalid character class range", since(reader, start));
    } else {
        write_class(reader, class, negated);
    }
    return true;
}

/* ---- escapes ---- */

static int hex_digit(char c) {
    if (c >= '0' && c <= '9')
        return c - '0';
    c = (char)(c | 0x20);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static bool read_hex(struct reader *reader, uint32_t *ret_point) {
    uint32_t point = 0;
    if (peek(reader, 0) == '{') {
        size_t digits = 0;
        for (reader->at++; hex_digit(peek(reader, 0)) >= 0; reader->at++, digits++) {
            point = point * 16 + (uint32_t)hex_digit(peek(reader, 0));
            if (point > POINT_MAX)
                return false;
        }
        if (digits == 0 || peek(reader, 0) != '}')
            return false;
        reader->at++;
    } else {
        int high = hex_digit(peek(reader, 0));
        int low = hex_digit(peek(reader, 1));
        if (high < 0 || low < 0)
            return false;
        point = (uint32_t)(high * 16 + low);
        reader->at += 2;
    }
    *ret_point = point;
    return true;
}

/* The character that the escape at `\` stands for; false where RE2 knows none. */
static bool escaped_point(struct reader *reader, uint32_t *ret_point) {
    static const char letters[] = "aftnrv";
    static const char meanings[] = "\a\f\t\n\r\v";
    reader->at++;
    char c = peek(reader, 0);
    if (reader->at >= reader->pattern.len)
        return false;
    reader->at++;
    if (c >= '1' && c <= '7' && (peek(reader, 0) < '0' || peek(reader, 0) > '7'))
        return false; /* a back-reference */
    if (c >= '0' && c <= '7') {
        uint32_t point = (uint32_t)(c - '0');
        for (int i = 0; i < 2 && peek(reader, 0) >= '0' && peek(reader, 0) <= '7';
             i++) {
            point = point * 8 + (uint32_t)(peek(reader, 0) - '0');
            reader->at++;
        }
        *ret_point = point;
        return true;
    }
    if (c == 'x')
        return read_hex(reader, ret_point);
    const char *letter = c == '\0' ? NULL : strchr(letters, c);
    if (letter != NULL) {
        *ret_point = (uint32_t)meanings[letter - letters];
        return true;
    }
    bool word =
        (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    if (word || (unsigned char)c >= 0x80)
        return false;
    *ret_point = (unsigned char)c;
    return true;
}

static uint32_t read_escape(struct reader *reader) {
    size_t start = reader->at;
    uint32_t point = 0;
    if (!escaped_point(reader, &point)) {
        if (reader->at > start + 1 && reader->at <= reader->pattern.len &&
            (unsigned char)reader->pattern.ptr[reader->at - 1] >= 0x80) {
            reader->at--; /* show the whole character */
            (void)heng_cel_text_next(reader->pattern, &reader->at);
        }
        refuse(reader,
               start + 1 >= reader->pattern.len ? "trailing \\ at the end"
                                                : "invalid escape sequence",
               start + 1 >= reader->pattern.len ? (heng_str){NULL, 0}
                                                : since(reader, start));
    }
    return point;
}

/* ---- classes in brackets ---- */

static uint32_t class_point(struct reader *reader) {
    if (peek(reader, 0) == '\\')
        return read_escape(reader);
    return heng_cel_text_next(reader->pattern, &reader->at);
}

static void read_class_range(struct reader *reader) {
    size_t start = reader->at;
    uint32_t first = class_point(reader);
    uint32_t last = first;
    if (more(reader) && peek(reader, 0) == '-' && peek(reader, 1) != ']' &&
        reader->at + 1 < reader->pattern.len) {
        reader->at++;
        last = class_point(reader);
    }
    if (reader->reason != NULL)
        return;
    if (last < first) {
        refuse(reader, "invalid character class range", since(reader, start));
        return;
    }
    if (can_fold(reader, last)) {
        write_range(reader, first, last);
        write_others(reader, first, last);
    }
}

static void read_brackets(struct reader *reader) {
    size_t start = reader->at++;
    bool negated = peek(reader, 0) == '^';
    reader->at += negated ? 1 : 0;
    begin_class(reader);
    if (negated && !reader->bytes) {
        heng_cel_text_add_char(&reader->out, '^');
    }
    size_t items = reader->out.len;
    for (bool first = true; more(reader) && (first || peek(reader, 0) != ']');
         first = false) {
        if (read_posix_class(reader) || read_property(reader) ||
            read_perl_class(reader))
            continue;
        read_class_range(reader);
    }
    if (reader->reason != NULL)
        return;
    if (reader->at >= reader->pattern.len) {
        refuse(reader, "missing closing ]", since(reader, start));
        return;
    }
    reader->at++;
    if (reader->out.len == items &&
        !reader->bytes) { /* only surrogates: nothing, or anything */
        reader->out.len -= negated ? 1 : 0;
        write_text(reader, negated ? "\\x{0}-\\x{10ffff}" : "^\\x{0}-\\x{10ffff}");
    }
    end_class(reader, negated);
}

/* ---- groups ---- */

static void write_flags(struct reader *reader, unsigned before) {
    if (((before ^ reader->flags) & FOLD) != 0) {
        write_text(reader, (reader->flags & FOLD) != 0 ? "(?i)" : "(?-i)");
    }
}

/* A name of a group: letters, digits, `_`. RE2 lets a name stand twice. */
static bool read_name(struct reader *reader, size_t start) {
    size_t from = reader->at;
    while (more(reader) && peek(reader, 0) != '>') {
        char c = peek(reader, 0);
        bool word = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
                    (c >= 'A' && c <= 'Z') || c == '_' || (unsigned char)c >= 0x80;
        if (!word)
            break;
        reader->at++;
    }
    heng_str name = since(reader, from);
    if (name.len == 0 || peek(reader, 0) != '>') {
        while (more(reader) && peek(reader, 0) != '>' && peek(reader, 0) != ')') {
            reader->at++;
        }
        refuse(reader, "invalid named capture group", since(reader, start));
        return false;
    }
    reader->at++;
    return true;
}

/* After `(?`, at the flags. True where a group follows, false after `(?i)`. */
static bool read_flags(struct reader *reader, size_t start) {
    unsigned flags = reader->flags;
    bool minus = false;
    bool any = false;
    for (;;) {
        unsigned flag = 0;
        char c = peek(reader, 0);
        if (reader->at >= reader->pattern.len) {
            refuse(reader, "missing closing )", since(reader, start));
            return false;
        }
        size_t step = reader->at;
        (void)heng_cel_text_next(reader->pattern, &step);
        reader->at = step;
        switch (c) {
        case 'i':
            flag = FOLD;
            break;
        case 'm':
            flag = MULTI;
            break;
        case 's':
            flag = DOT_ALL;
            break;
        case 'U':
            break; /* greediness does not matter */
        case '-':
            if (minus)
                goto bad;
            minus = true;
            any = false;
            continue;
        case ':':
        case ')':
            if (minus && !any)
                goto bad;
            if (c == ':') {
                write_text(reader, "(");
            }
            unsigned before = reader->flags;
            reader->flags = flags;
            write_flags(reader, before);
            return c == ':';
        default:
            goto bad;
        }
        any = true;
        flags = minus ? flags & ~flag : flags | flag;
    }
bad:
    refuse(reader, "invalid perl operator", since(reader, start));
    return false;
}

static uint64_t read_alternatives(struct reader *reader);

/* A group, or a change of flags, which is no item, at `(`. */
static uint64_t read_group(struct reader *reader, bool *ret_present) {
    size_t start = reader->at;
    unsigned outer = reader->flags;
    *ret_present = true;
    if (looking_at(reader, "(?P<") ||
        (looking_at(reader, "(?<") && peek(reader, 3) != '=' &&
         peek(reader, 3) != '!')) {
        reader->at += peek(reader, 2) == 'P' ? 4 : 3;
        if (!read_name(reader, start))
            return 1;
        write_text(reader, "(");
    } else if (looking_at(reader, "(?")) {
        reader->at += 2;
        if (!read_flags(reader, start)) {
            *ret_present = false;
            return 1;
        }
    } else {
        reader->at++;
        write_text(reader, "(");
    }
    if (++reader->depth > HENG_LIMIT_REGEX_DEPTH) {
        refuse(reader, "nested too deeply", (heng_str){NULL, 0});
        return 1;
    }
    uint64_t repeats = read_alternatives(reader);
    reader->depth--;
    if (reader->reason == NULL && peek(reader, 0) != ')') {
        refuse(reader, "missing closing )", reader->pattern);
        return 1;
    }
    reader->at++;
    heng_cel_text_add_char(&reader->out, ')');
    reader->flags = outer;
    return repeats;
}

/* ---- repetition ---- */

static bool read_count(struct reader *reader, uint32_t *ret_count) {
    uint32_t count = 0;
    char c = peek(reader, 0);
    if (c < '0' || c > '9')
        return false;
    if (c == '0' && peek(reader, 1) >= '0' && peek(reader, 1) <= '9')
        return false; /* RE2 takes no leading zeros */
    for (; c >= '0' && c <= '9'; c = peek(reader, 0)) {
        if (count >= 100000000)
            return false;
        count = count * 10 + (uint32_t)(c - '0');
        reader->at++;
    }
    *ret_count = count;
    return true;
}

/* `{n}`, `{n,}`, `{n,m}` at `{`; *ret_max is UINT32_MAX for none. Else a literal `{`.
 */
static bool read_braces(struct reader *reader, uint32_t *ret_min, uint32_t *ret_max) {
    size_t start = reader->at++;
    uint32_t min = 0;
    uint32_t max = 0;
    if (!read_count(reader, &min))
        goto literal;
    max = min;
    if (peek(reader, 0) == ',') {
        reader->at++;
        if (peek(reader, 0) == '}') {
            max = UINT32_MAX;
        } else if (!read_count(reader, &max)) {
            goto literal;
        }
    }
    if (peek(reader, 0) != '}')
        goto literal;
    reader->at++;
    *ret_min = min;
    *ret_max = max;
    return true;
literal:
    reader->at = start;
    return false;
}

/* The item that a repetition would apply to. */
struct item {
    bool present;
    bool repeated;     /* already */
    bool passes;       /* can match inside a character */
    size_t start, end; /* of what was written for it */
    uint64_t repeats;  /* greatest product of repetitions in it */
};

static void insert(struct reader *reader, size_t at, heng_str piece) {
    heng_cel_text *out = &reader->out;
    size_t len = out->len;
    heng_cel_text_add(out, piece); /* makes room */
    if (out->failed)
        return;
    memmove(out->bytes + at + piece.len, out->bytes + at, len - at);
    memcpy(out->bytes + at, piece.ptr, piece.len);
}

/* Writes the repetition behind its item, which is not always what was written last:
 * `a(?i)*` repeats the `a`. One that follows another repetition needs a group. */
static void write_repeat(struct reader *reader, struct item *item, heng_str text,
                         bool open) {
    if (item->repeated || (open && reader->parallel)) {
        insert(reader, item->end, HENG_STR(")"));
        insert(reader, item->start, HENG_STR("("));
        item->end += 2;
    }
    insert(reader, item->end, text);
    item->end += text.len;
    item->repeated = true;
}

/* What follows an item: `*`, `+`, `?`, `{…}`, each with an optional `?` after it. */
static void read_repeat(struct reader *reader, struct item *item) {
    size_t start = reader->at;
    uint32_t min = 0;
    uint32_t max = UINT32_MAX;
    bool open = true; /* no upper end */
    char c = peek(reader, 0);
    heng_cel_text text = {.arena = reader->arena};
    if (c == '{') {
        if (!read_braces(reader, &min, &max))
            return;
    } else if (c == '*' || c == '+' || c == '?') {
        reader->at++;
        open = c != '?';
        heng_cel_text_add_char(&text, c);
    } else {
        return;
    }
    if (peek(reader, 0) == '?') {
        reader->at++;
    }
    if (!item->present) {
        refuse(reader, "no argument for repetition operator", since(reader, start));
        return;
    }
    if (c == '{') {
        open = max == UINT32_MAX;
        uint32_t most = open ? min : max;
        if (min > HENG_LIMIT_REGEX_REPEAT || most > HENG_LIMIT_REGEX_REPEAT ||
            most < min) {
            refuse(reader, "bad repetition operator", since(reader, start));
            return;
        }
        item->repeats *= most > 0 ? most : 1;
        if (most >= 2 && item->repeats > HENG_LIMIT_REGEX_REPEAT) {
            refuse(reader, "bad repetition operator", since(reader, start));
            return;
        }
        heng_cel_text_add_char(&text, '{');
        heng_cel_text_add_uint(&text, min);
        if (open || max != min) {
            heng_cel_text_add_char(&text, ',');
        }
        if (!open && max != min) {
            heng_cel_text_add_uint(&text, max);
        }
        heng_cel_text_add_char(&text, '}');
    }
    reader->out.failed |= text.failed;
    write_repeat(reader, item, (heng_str){text.bytes, text.len}, c != '*' && open);
    item->passes |= c == '*' || c == '?' || (c == '{' && min == 0);

    c = peek(reader, 0);
    size_t at = reader->at;
    if (c == '*' || c == '+' || c == '?' ||
        (c == '{' && read_braces(reader, &min, &max))) {
        reader->at = reader->at > at ? reader->at : at + 1;
        refuse(reader, "bad repetition operator", since(reader, start));
    }
}

/* ---- sequences ---- */

/* `\A`, `\b` … at `\`; false where it is something else. */
static bool read_assertion(struct reader *reader) {
    const char *text = NULL;
    switch (peek(reader, 1)) {
    case 'A':
        text = "(\\A)";
        break;
    case 'z':
        text = "(\\z)";
        break;
    case 'b':
        text = "(\\b)";
        break;
    case 'C': /* any byte; no assertion, but written as simply */
        text = "[\\x00-\\xff]";
        reader->has_byte = true;
        break;
    case 'B':
        text = "(\\B)";
        reader->passes = true;
        reader->has_inside = true;
        break;
    default:
        return false;
    }
    reader->at += 2;
    write_text(reader, text);
    return true;
}

/* `\Q…\E`: all but its last character is written; that one may be repeated. False
 * where there is nothing in it. */
static bool read_quoted(struct reader *reader, size_t *ret_start) {
    bool any = false;
    reader->at += 2;
    while (more(reader)) {
        if (looking_at(reader, "\\E")) {
            reader->at += 2;
            break;
        }
        *ret_start = reader->out.len;
        write_literal(reader, heng_cel_text_next(reader->pattern, &reader->at));
        any = true;
    }
    return any;
}

/* `.`: any character, under (?s) also a line feed. */
static void read_dot(struct reader *reader) {
    bool all = (reader->flags & DOT_ALL) != 0;
    if (!reader->bytes) {
        write_text(reader, all ? "." : "[^\\x{a}]");
        return;
    }
    if (!all) {
        write_range(reader, '\n', '\n');
    }
    end_class(reader, true);
}

/* One item, if what is read is one (*ret_present), written from *ret_start on. */
static uint64_t read_item(struct reader *reader, bool *ret_present, size_t *ret_start) {
    *ret_present = true;
    switch (peek(reader, 0)) {
    case '(':
        return read_group(reader, ret_present);
    case '[':
        read_brackets(reader);
        return 1;
    case '.':
        reader->at++;
        read_dot(reader);
        return 1;
    case '^':
        reader->at++;
        write_text(reader, (reader->flags & MULTI) != 0 ? "(?m:^)" : "(\\A)");
        return 1;
    case '$':
        reader->at++;
        write_text(reader, (reader->flags & MULTI) != 0 ? "(?m:$)" : "(\\z)");
        return 1;
    case '\\':
        break;
    default:
        write_literal(reader, heng_cel_text_next(reader->pattern, &reader->at));
        return 1;
    }
    if (read_assertion(reader))
        return 1;
    if (peek(reader, 1) == 'Q') {
        *ret_present = read_quoted(reader, ret_start);
        return 1;
    }
    char next = peek(reader, 1);
    if (next == 'p' || next == 'P' ||
        (next != '\0' && strchr("dDsSwW", next) != NULL)) {
        begin_class(reader);
        reader->alone = true;
        if (!read_property(reader)) {
            (void)read_perl_class(reader);
        }
        reader->alone = false;
        end_class(reader, false);
        return 1;
    }
    write_literal(reader, read_escape(reader));
    return 1;
}

/* Alternatives up to a `)` or the end. Returns the greatest product of repetitions. */
static uint64_t read_alternatives(struct reader *reader) {
    uint64_t greatest = 1;
    struct item item = {.passes = true};
    bool passes = true; /* what is before the item, in this alternative */
    bool any = false;
    while (more(reader) && peek(reader, 0) != ')') {
        char c = peek(reader, 0);
        if (c == '|') {
            reader->at++;
            heng_cel_text_add_char(&reader->out, '|');
            any |= passes && item.passes;
            passes = true;
            item = (struct item){.passes = true};
            continue;
        }
        uint32_t ignored = 0;
        size_t at = reader->at;
        bool repeat = c == '*' || c == '+' || c == '?';
        if (c == '{') {
            repeat = read_braces(reader, &ignored, &ignored);
            reader->at = at;
        }
        if (!repeat) {
            bool present = false;
            size_t start = reader->out.len;
            reader->passes = false;
            uint64_t repeats = read_item(reader, &present, &start);
            if (present) {
                passes = passes && item.passes;
                item = (struct item){.present = true,
                                     .passes = reader->passes,
                                     .start = start,
                                     .end = reader->out.len,
                                     .repeats = repeats};
            }
        }
        if (reader->reason == NULL) {
            read_repeat(reader, &item);
        }
        if (item.present && item.repeats > greatest) {
            greatest = item.repeats;
        }
    }
    reader->passes = any || (passes && item.passes);
    return greatest;
}

static void read_all(struct reader *reader) {
    (void)read_alternatives(reader);
    if (reader->reason == NULL && reader->at < reader->pattern.len) {
        refuse(reader, "unexpected )", reader->pattern);
    }
    if (reader->passes && reader->has_inside && !reader->bytes) {
        write_text(reader, "|[^\\x{0}-\\x{7f}]");
    }
}

heng_status heng_regex_syntax_translate(heng_str pattern, bool parallel,
                                        heng_arena *arena, heng_str *ret_pattern,
                                        bool *ret_bytes, const char **ret_reason) {
    struct reader reader = {.parallel = parallel,
                            .pattern = pattern,
                            .arena = arena,
                            .out = {.arena = arena}};
    if (pattern.len > HENG_LIMIT_REGEX_BYTES) {
        *ret_reason = "the pattern is too long";
        return HENG_ERR_INVALID;
    }
    if (!heng_cel_text_is_utf8(pattern)) {
        *ret_reason = "invalid UTF-8";
        return HENG_ERR_INVALID;
    }
    read_all(&reader);
    if (reader.reason == NULL && reader.has_byte) { /* once more, for bytes */
        reader = (struct reader){.parallel = parallel,
                                 .bytes = true,
                                 .pattern = pattern,
                                 .arena = arena,
                                 .out = {.arena = arena}};
        read_all(&reader);
    }
    const char *out = heng_cel_text_end(&reader.out);
    if (out == NULL)
        return HENG_ERR_NOMEM;
    if (reader.reason != NULL) {
        *ret_reason = reader.reason;
        return HENG_ERR_INVALID;
    }
    *ret_pattern = (heng_str){out, reader.out.len};
    *ret_bytes = reader.bytes;
    return HENG_OK;
}
