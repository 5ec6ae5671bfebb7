/* SPDX-License-Identifier: Apache-2.0 */
/* lexer.c: names, numbers and operators; strings are in lexer_string.c. */
#include "cel/lexer.h"

#include <string.h>

#include "base/limits.h"
#include "base/utf8.h"
#include "cel/real.h"

static bool is_digit(int c) {
    return c >= '0' && c <= '9';
}

static bool is_hex(int c) {
    return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

static bool is_name_start(int c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

/* The byte `ahead` of here, or -1 past the end. */
static int peek(const heng_cel_lexer *lexer, size_t ahead) {
    size_t at = lexer->at + ahead;
    return at < lexer->text.len ? (unsigned char)lexer->text.ptr[at] : -1;
}

/* ---- names ---- */

static const char *const RESERVED[] = {
    "as",        "break",  "const",  "continue", "else",  "for",
    "function",  "if",     "import", "let",      "loop",  "package",
    "namespace", "return", "var",    "void",     "while",
};

static bool is_reserved(heng_str name) {
    for (size_t i = 0; i < sizeof RESERVED / sizeof RESERVED[0]; i++) {
        if (heng_str_equal(name, heng_str_of(RESERVED[i])))
            return true;
    }
    return false;
}

static bool is_keyword(heng_str name) {
    return heng_str_equal(name, HENG_STR("true")) ||
           heng_str_equal(name, HENG_STR("false")) ||
           heng_str_equal(name, HENG_STR("null")) ||
           heng_str_equal(name, HENG_STR("in"));
}

bool heng_cel_lexer_is_plain(heng_str name) {
    if (name.len == 0 || !is_name_start((unsigned char)name.ptr[0]) || is_keyword(name))
        return false;
    for (size_t i = 1; i < name.len; i++) {
        if (!is_name_start((unsigned char)name.ptr[i]) &&
            !is_digit((unsigned char)name.ptr[i]))
            return false;
    }
    return true;
}

static void name_token(heng_cel_lexer *lexer, heng_cel_token *token) {
    size_t len = 1;
    while (is_name_start(peek(lexer, len)) || is_digit(peek(lexer, len))) {
        len++;
    }
    token->name = (heng_str){lexer->text.ptr + lexer->at, len};
    token->kind = HENG_CEL_TOKEN_IDENT;
    lexer->at += len;
    if (is_reserved(token->name)) {
        token->kind = HENG_CEL_TOKEN_RESERVED;
    } else if (heng_str_equal(token->name, HENG_STR("in"))) {
        token->kind = HENG_CEL_TOKEN_IN;
    } else if (is_keyword(token->name)) {
        token->kind = HENG_CEL_TOKEN_VALUE;
        token->value = heng_str_equal(token->name, HENG_STR("null"))
                           ? heng_cel_value_null()
                           : heng_cel_value_bool(token->name.len == 4);
    }
}

/* `…` after a dot: letters, digits and `_.-/` and spaces. */
static void escaped_token(heng_cel_lexer *lexer, heng_cel_token *token) {
    size_t len = 1;
    int c = peek(lexer, len);
    while (is_name_start(c) || is_digit(c) || c == '.' || c == '-' || c == '/' ||
           c == ' ') {
        c = peek(lexer, ++len);
    }
    token->kind = HENG_CEL_TOKEN_ESCAPED;
    token->name = (heng_str){lexer->text.ptr + lexer->at + 1, len - 1};
    if (c == '`' && len > 1) {
        lexer->at += len + 1;
        return;
    }
    size_t start = lexer->at;
    lexer->at += c == '`' ? len + 1 : len;
    heng_cel_report_error(lexer->report, HENG_CEL_E_TOKEN, start, lexer->at - start,
                          "a name in backticks is empty or does not end");
    heng_cel_report_help(lexer->report,
                         "between backticks letters, digits, `_`, `.`, `-`, `/` and "
                         "spaces may stand");
}

/* ---- numbers ---- */

static void too_large(heng_cel_lexer *lexer, const heng_cel_token *token, size_t len,
                      const char *type, const char *most) {
    heng_cel_report_error(lexer->report, HENG_CEL_E_LITERAL, token->start, len,
                          "the number `%.*s` is too large for %s",
                          (int)(len < 40 ? len : 40), lexer->text.ptr + token->start,
                          type);
    heng_cel_report_help(lexer->report, "the largest is %s", most);
}

/* The value of `len` digits from `at`; false where 64 bits do not hold it. */
static bool digits(const char *at, size_t len, unsigned base, uint64_t *ret_value) {
    uint64_t value = 0;
    for (size_t i = 0; i < len; i++) {
        unsigned c = (unsigned char)at[i];
        unsigned digit = c <= '9' ? c - '0' : (c | 0x20u) - 'a' + 10;
        if (value > (UINT64_MAX - digit) / base)
            return false;
        value = value * base + digit;
    }
    *ret_value = value;
    return true;
}

static void double_token(heng_cel_lexer *lexer, heng_cel_token *token, size_t len) {
    double value = 0;
    heng_str text = {lexer->text.ptr + token->start, len};
    if (!heng_real_parse(text, &value) || value > 1.7976931348623157e308) {
        too_large(lexer, token, len, "double", "1.7976931348623157e+308");
        value = 0;
    }
    token->kind = HENG_CEL_TOKEN_VALUE;
    token->value = heng_cel_value_double(value);
}

/* How many bytes from here are the fraction and exponent of a double; 0: none. */
static size_t fraction_len(const heng_cel_lexer *lexer, size_t from) {
    size_t len = from;
    if (peek(lexer, len) == '.' && is_digit(peek(lexer, len + 1))) {
        len += 2;
        while (is_digit(peek(lexer, len))) {
            len++;
        }
    }
    size_t sign = 0;
    if (peek(lexer, len) == 'e' || peek(lexer, len) == 'E') {
        sign = peek(lexer, len + 1) == '+' || peek(lexer, len + 1) == '-';
        if (is_digit(peek(lexer, len + 1 + sign))) {
            len += 2 + sign;
            while (is_digit(peek(lexer, len))) {
                len++;
            }
        }
    }
    return len - from;
}

static void number_token(heng_cel_lexer *lexer, heng_cel_token *token) {
    bool hex = peek(lexer, 0) == '0' && peek(lexer, 1) == 'x' && is_hex(peek(lexer, 2));
    size_t first = hex ? 2 : 0;
    size_t len = first;
    while (hex ? is_hex(peek(lexer, len)) : is_digit(peek(lexer, len))) {
        len++;
    }
    size_t fraction = hex ? 0 : fraction_len(lexer, len);
    if (fraction > 0) {
        double_token(lexer, token, len + fraction);
        lexer->at += len + fraction;
        return;
    }

    const char *at = lexer->text.ptr + lexer->at + first;
    bool fits = digits(at, len - first, hex ? 16 : 10, &token->magnitude);
    if (peek(lexer, len) == 'u' || peek(lexer, len) == 'U') {
        len++;
        if (!fits) {
            too_large(lexer, token, len, "uint", "18446744073709551615u");
        }
        token->kind = HENG_CEL_TOKEN_VALUE;
        token->value = heng_cel_value_uint(token->magnitude);
    } else {
        token->kind = HENG_CEL_TOKEN_INT;
        if (!fits) {
            too_large(lexer, token, len, "int", "9223372036854775807");
        }
    }
    lexer->at += len;
}

/* ---- the rest ---- */

static void skip_blanks(heng_cel_lexer *lexer) {
    for (;;) {
        int c = peek(lexer, 0);
        if (c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f') {
            lexer->at++;
        } else if (c == '/' && peek(lexer, 1) == '/') {
            while (peek(lexer, 0) != '\n' && peek(lexer, 0) != -1) {
                lexer->at++;
            }
        } else {
            return;
        }
    }
}

/* Longer ones first. */
static const struct {
    char text[3];
    heng_cel_token_kind kind;
} OPERATORS[] = {
    {"||", HENG_CEL_TOKEN_OR},          {"&&", HENG_CEL_TOKEN_AND},
    {"==", HENG_CEL_TOKEN_EQ},          {"!=", HENG_CEL_TOKEN_NE},
    {"<=", HENG_CEL_TOKEN_LE},          {">=", HENG_CEL_TOKEN_GE},
    {"<", HENG_CEL_TOKEN_LT},           {">", HENG_CEL_TOKEN_GT},
    {"?", HENG_CEL_TOKEN_QUESTION},     {":", HENG_CEL_TOKEN_COLON},
    {"+", HENG_CEL_TOKEN_PLUS},         {"-", HENG_CEL_TOKEN_MINUS},
    {"*", HENG_CEL_TOKEN_STAR},         {"/", HENG_CEL_TOKEN_SLASH},
    {"%", HENG_CEL_TOKEN_PERCENT},      {"!", HENG_CEL_TOKEN_NOT},
    {".", HENG_CEL_TOKEN_DOT},          {",", HENG_CEL_TOKEN_COMMA},
    {"(", HENG_CEL_TOKEN_PAREN_OPEN},   {")", HENG_CEL_TOKEN_PAREN_CLOSE},
    {"[", HENG_CEL_TOKEN_BRACKET_OPEN}, {"]", HENG_CEL_TOKEN_BRACKET_CLOSE},
    {"{", HENG_CEL_TOKEN_BRACE_OPEN},   {"}", HENG_CEL_TOKEN_BRACE_CLOSE},
};

static bool starts_with(const heng_cel_lexer *lexer, size_t at, const char *text);

static bool operator_token(heng_cel_lexer *lexer, heng_cel_token *token) {
    if (starts_with(lexer, lexer->at, "===") || starts_with(lexer, lexer->at, "!==") ||
        starts_with(lexer, lexer->at, "<>"))
        return false; /* slips */
    for (size_t i = 0; i < sizeof OPERATORS / sizeof OPERATORS[0]; i++) {
        size_t len = strlen(OPERATORS[i].text);
        if (peek(lexer, 0) == OPERATORS[i].text[0] &&
            (len == 1 || peek(lexer, 1) == OPERATORS[i].text[1])) {
            token->kind = OPERATORS[i].kind;
            lexer->at += len;
            return true;
        }
    }
    return false;
}

/* What somebody used to another language or keyboard means by a wrong character. It is
 * reported, and then taken for what was meant. Longer ones first. */
static const struct {
    const char *text;
    heng_cel_token_kind kind;
    const char *meant;
} SLIPS[] = {
    {"===", HENG_CEL_TOKEN_EQ, "=="},         {"!==", HENG_CEL_TOKEN_NE, "!="},
    {"=>", HENG_CEL_TOKEN_GE, ">="},          {"=<", HENG_CEL_TOKEN_LE, "<="},
    {"<>", HENG_CEL_TOKEN_NE, "!="},          {"=", HENG_CEL_TOKEN_EQ, "=="},
    {"&", HENG_CEL_TOKEN_AND, "&&"},          {"|", HENG_CEL_TOKEN_OR, "||"},
    {"≥", HENG_CEL_TOKEN_GE, ">="},           {"≤", HENG_CEL_TOKEN_LE, "<="},
    {"≠", HENG_CEL_TOKEN_NE, "!="},           {"＝", HENG_CEL_TOKEN_EQ, "=="},
    {"＞", HENG_CEL_TOKEN_GT, ">"},           {"＜", HENG_CEL_TOKEN_LT, "<"},
    {"！", HENG_CEL_TOKEN_NOT, "!"},          {"？", HENG_CEL_TOKEN_QUESTION, "?"},
    {"：", HENG_CEL_TOKEN_COLON, ":"},        {"，", HENG_CEL_TOKEN_COMMA, ","},
    {"（", HENG_CEL_TOKEN_PAREN_OPEN, "("},   {"）", HENG_CEL_TOKEN_PAREN_CLOSE, ")"},
    {"【", HENG_CEL_TOKEN_BRACKET_OPEN, "["}, {"】", HENG_CEL_TOKEN_BRACKET_CLOSE, "]"},
};

/* Quotation marks of other kinds, opening and closing. */
static const char *const QUOTES[][2] = {
    {"“", "”"}, {"”", "”"}, {"‘", "’"}, {"’", "’"}, {"「", "」"}, {"《", "》"},
};

static bool starts_with(const heng_cel_lexer *lexer, size_t at, const char *text) {
    size_t len = strlen(text);
    return len <= lexer->text.len - at && memcmp(lexer->text.ptr + at, text, len) == 0;
}

static bool slip_token(heng_cel_lexer *lexer, heng_cel_token *token) {
    for (size_t i = 0; i < sizeof SLIPS / sizeof SLIPS[0]; i++) {
        if (starts_with(lexer, lexer->at, SLIPS[i].text)) {
            size_t len = strlen(SLIPS[i].text);
            heng_cel_report_error(lexer->report, HENG_CEL_E_TOKEN, lexer->at, len,
                                  "there is no operator or sign `%s`", SLIPS[i].text);
            heng_cel_report_help(lexer->report, "write `%s`", SLIPS[i].meant);
            token->kind = SLIPS[i].kind;
            lexer->at += len;
            return true;
        }
    }
    return false;
}

/* “text” in the quotation marks of another language. */
static bool quote_token(heng_cel_lexer *lexer, heng_cel_token *token) {
    for (size_t i = 0; i < sizeof QUOTES / sizeof QUOTES[0]; i++) {
        if (!starts_with(lexer, lexer->at, QUOTES[i][0]))
            continue;
        size_t end = lexer->at + strlen(QUOTES[i][0]);
        while (end < lexer->text.len && lexer->text.ptr[end] != '\n' &&
               !starts_with(lexer, end, QUOTES[i][1])) {
            end++;
        }
        if (end < lexer->text.len && lexer->text.ptr[end] != '\n') {
            end += strlen(QUOTES[i][1]);
        }
        heng_cel_report_error(lexer->report, HENG_CEL_E_TOKEN, lexer->at,
                              end - lexer->at, "`%s` begins no text", QUOTES[i][0]);
        heng_cel_report_help(lexer->report, "quote texts with `\"` or `'`");
        token->kind = HENG_CEL_TOKEN_VALUE;
        token->value = heng_cel_value_string((heng_str){"", 0});
        lexer->at = end;
        return true;
    }
    return false;
}

/* Letters outside ASCII: a name, or a text without quotation marks. */
static bool letters_token(heng_cel_lexer *lexer, heng_cel_token *token) {
    size_t len = 0;
    while (peek(lexer, len) >= 0x80 || is_name_start(peek(lexer, len))) {
        len++;
    }
    heng_cel_report_error(
        lexer->report, HENG_CEL_E_TOKEN, lexer->at, len,
        "`%.*s` is no name: names have the letters a to z, digits and "
        "`_`",
        (int)(len < 60 ? len : heng_utf8_cut(lexer->text.ptr + lexer->at, 60)),
        lexer->text.ptr + lexer->at);
    heng_cel_report_help(lexer->report, "if it is a text, quote it: \"…\"");
    token->kind = HENG_CEL_TOKEN_VALUE;
    token->value = heng_cel_value_string((heng_str){"", 0});
    lexer->at += len;
    return true;
}

/* A character that is nothing: reported, and skipped. */
static void skip_unknown(heng_cel_lexer *lexer) {
    unsigned char c = (unsigned char)lexer->text.ptr[lexer->at];
    if (c < 0x20 || c == 0x7F) {
        heng_cel_report_error(lexer->report, HENG_CEL_E_TOKEN, lexer->at, 1,
                              "the control character 0x%02x cannot stand here",
                              (unsigned)c);
    } else {
        heng_cel_report_error(lexer->report, HENG_CEL_E_TOKEN, lexer->at, 1,
                              "the character `%c` cannot stand here", c);
    }
    lexer->at++;
}

/* Where the quotation mark of a string literal that starts here is, with the prefix r,
 * b or br in any case; SIZE_MAX: there is none. */
static size_t quote_of(const heng_cel_lexer *lexer) {
    size_t ahead = 0;
    if (peek(lexer, ahead) == 'b' || peek(lexer, ahead) == 'B') {
        ahead++;
    }
    if (peek(lexer, ahead) == 'r' || peek(lexer, ahead) == 'R') {
        ahead++;
    }
    int c = peek(lexer, ahead);
    return c == '"' || c == '\'' ? lexer->at + ahead : SIZE_MAX;
}

heng_cel_token heng_cel_lexer_next(heng_cel_lexer *lexer) {
    heng_cel_token token = {0};
    for (;;) {
        skip_blanks(lexer);
        token.start = (uint32_t)lexer->at;
        int c = peek(lexer, 0);
        size_t quote = quote_of(lexer);
        if (c == -1 || lexer->report->errors >= HENG_LIMIT_CEL_ERRORS) {
            lexer->at = lexer->text.len;
            token.kind = HENG_CEL_TOKEN_END;
            token.start = (uint32_t)lexer->at;
        } else if (quote != SIZE_MAX) {
            token.kind = HENG_CEL_TOKEN_VALUE;
            lexer->at = heng_cel_lexer_string(lexer, lexer->at, quote, &token.value);
        } else if (is_name_start(c)) {
            name_token(lexer, &token);
        } else if (is_digit(c) || (c == '.' && is_digit(peek(lexer, 1)))) {
            number_token(lexer, &token);
        } else if (c == '`') {
            escaped_token(lexer, &token);
        } else if (!operator_token(lexer, &token) && !slip_token(lexer, &token) &&
                   !quote_token(lexer, &token) &&
                   !(c >= 0x80 && letters_token(lexer, &token))) {
            skip_unknown(lexer);
            continue;
        }
        token.len = (uint32_t)lexer->at - token.start;
        return token;
    }
}
