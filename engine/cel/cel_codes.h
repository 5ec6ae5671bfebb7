/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cel_codes.h: the codes of the language's own diagnostics, HENG-E0200 to E0299. Codes
 * are stable: once released, one is never given another meaning.
 */
#ifndef HENG_CEL_CODES_H
#define HENG_CEL_CODES_H

/* X(constant, code, what it means) */
#define HENG_CEL_CODE_MAP(X)                                                           \
    X(HENG_CEL_E_TOKEN, 200, "a character or literal that is no token")                \
    X(HENG_CEL_E_SYNTAX, 201, "the expression does not parse")                         \
    X(HENG_CEL_E_NAME, 202, "a name that is not declared")                             \
    X(HENG_CEL_E_OVERLOAD, 203,                                                        \
      "no overload of a function or operator for these types")                         \
    X(HENG_CEL_E_FIELD, 204, "a field that the object does not have")                  \
    X(HENG_CEL_E_TYPE, 205, "the expression has another type than is needed")          \
    X(HENG_CEL_E_NESTING, 206, "nested too deeply, or too long")                       \
    X(HENG_CEL_E_LITERAL, 207,                                                         \
      "a literal out of range, or a constant that cannot be made")                     \
    X(HENG_CEL_E_MACRO, 208, "a macro used wrongly")                                   \
    X(HENG_CEL_E_PATTERN, 209, "a regular expression that RE2 refuses")                \
    X(HENG_CEL_E_CONSTANT, 210, "a constant part that always fails")                   \
    X(HENG_CEL_E_STRUCT, 211, "messages are not supported")                            \
    X(HENG_CEL_E_COST, 290, "no cost bound, or a bound above the cap")

typedef enum heng_cel_code {
#define X(constant, code, text) constant = code,
    HENG_CEL_CODE_MAP(X)
#undef X
} heng_cel_code;

#endif
