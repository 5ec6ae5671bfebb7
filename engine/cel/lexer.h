/* SPDX-License-Identifier: Apache-2.0 */
/*
 * lexer.h: from bytes to tokens, one at a time.
 *
 * What is no token is reported and skipped; a literal that is wrong is reported and
 * stands in with another value. So the parser can go on and find the next problem.
 */
#ifndef HENG_CEL_LEXER_H
#define HENG_CEL_LEXER_H

#include <stdint.h>

#include "cel/cel_report.h"
#include "cel/value.h"
#include "heng/arena.h"

#define HENG_CEL_TOKEN_MAP(X)                                                          \
    X(END)                                                                             \
    X(IDENT)                                                                           \
    X(RESERVED) /* may name a field, not a variable */                                 \
    X(ESCAPED)                                                                         \
    X(INT)                                                                             \
    X(VALUE)                                                                           \
    X(IN)                                                                              \
    X(QUESTION)                                                                        \
    X(COLON)                                                                           \
    X(OR)                                                                              \
    X(AND)                                                                             \
    X(EQ)                                                                              \
    X(NE)                                                                              \
    X(LT)                                                                              \
    X(LE)                                                                              \
    X(GT)                                                                              \
    X(GE)                                                                              \
    X(PLUS)                                                                            \
    X(MINUS)                                                                           \
    X(STAR)                                                                            \
    X(SLASH)                                                                           \
    X(PERCENT)                                                                         \
    X(NOT)                                                                             \
    X(DOT)                                                                             \
    X(COMMA)                                                                           \
    X(PAREN_OPEN)                                                                      \
    X(PAREN_CLOSE)                                                                     \
    X(BRACKET_OPEN)                                                                    \
    X(BRACKET_CLOSE)                                                                   \
    X(BRACE_OPEN)                                                                      \
    X(BRACE_CLOSE)

typedef enum heng_cel_token_kind {
#define X(constant) HENG_CEL_TOKEN_##constant,
    HENG_CEL_TOKEN_MAP(X)
#undef X
} heng_cel_token_kind;

typedef struct heng_cel_token {
    heng_cel_token_kind kind;
    uint32_t start, len;  /* as written */
    heng_str name;        /* IDENT, RESERVED, ESCAPED: a view of the text */
    uint64_t magnitude;   /* INT: without a sign; its range is the parser's to check */
    heng_cel_value value; /* VALUE: double, uint, string, bytes, bool, null */
} heng_cel_token;

/** Set text, arena and report; zero the rest. */
typedef struct heng_cel_lexer {
    heng_str text;
    heng_arena *arena; /* what strings with escapes are made in */
    heng_cel_report *report;
    size_t at;
    bool cut;           /* a literal did not end, and took the rest with it */
    heng_status status; /* HENG_ERR_NOMEM sticks */
} heng_cel_lexer;

/** The next token; END at the end, as often as it is asked for. */
heng_cel_token heng_cel_lexer_next(heng_cel_lexer *lexer);

/** Whether `name` can be written as a name without backticks after a dot. */
bool heng_cel_lexer_is_plain(heng_str name);

/* lexer_string.c: reads the literal that starts at `at` (its prefix), of which `quote`
 * is the place of the first quotation mark. Returns its end. */
size_t heng_cel_lexer_string(heng_cel_lexer *lexer, size_t at, size_t quote,
                             heng_cel_value *ret_value);

#endif
