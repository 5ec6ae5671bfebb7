/* SPDX-License-Identifier: Apache-2.0 */
/*
 * parser_parts.h: what the files of the parser share: parser.c (the grammar) and
 * parser_state.c (tokens, errors, and lists of nodes being read).
 */
#ifndef HENG_CEL_PARSER_PARTS_H
#define HENG_CEL_PARSER_PARTS_H

#include "cel/ast_build.h"
#include "cel/lexer.h"

/** Where the parser is. Zero it but for the parts that heng_cel_parser_parse() sets. */
typedef struct heng_parser {
    heng_cel_lexer lexer;
    heng_cel_build build;
    heng_cel_report *report;
    heng_cel_token token; /* the one looked at */
    uint32_t last_end;    /* of the one before it */
    uint32_t level;       /* of brackets and unary operators */
    bool lost;
    bool no_macros;
    heng_cel_node **stack; /* owned: the items of the lists being read */
    size_t stack_count, stack_room;
} heng_parser;

/* ---- tokens and places ---- */

void heng_parser_advance(heng_parser *p);
bool heng_parser_is(const heng_parser *p, heng_cel_token_kind kind);
bool heng_parser_accept(heng_parser *p, heng_cel_token_kind kind);

/** From `start` to the end of the token before this one. */
heng_cel_extent heng_parser_extent_from(const heng_parser *p, uint32_t start,
                                        uint32_t at);
heng_cel_extent heng_parser_extent_of(const heng_cel_token *token);

/* ---- errors ---- */

/** Says what is there, as `expected` is not; and the parser is lost. */
void heng_parser_unexpected(heng_parser *p, const char *expected);
void heng_parser_expect(heng_parser *p, heng_cel_token_kind kind, const char *expected);

/** Reads on to where the parser knows its way again; `logic`: `&&` and `||` will do. */
void heng_parser_find_way(heng_parser *p, bool logic);

/** One level deeper; false where that is too deep, which is reported. */
bool heng_parser_enter(heng_parser *p);

/* ---- lists of nodes ---- */

void heng_parser_push(heng_parser *p, heng_cel_node *node);

/** A node of what was pushed since `base`. */
heng_cel_node *heng_parser_gather(heng_parser *p, heng_cel_node_kind kind,
                                  heng_str name, heng_cel_node *operand, size_t base,
                                  heng_cel_extent extent);

/** Which items were marked with `?`; grows with the list. */
typedef struct heng_parser_marks {
    bool *items; /* owned */
    size_t room;
    bool any;
} heng_parser_marks;

void heng_parser_mark(heng_parser *p, heng_parser_marks *marks, size_t index,
                      bool optional);

/** Hands the marks of `count` items to the node, and frees them. */
void heng_parser_take_marks(heng_parser *p, heng_parser_marks *marks,
                            heng_cel_node *node, size_t count);

#endif
