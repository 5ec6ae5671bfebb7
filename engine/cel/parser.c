/* SPDX-License-Identifier: Apache-2.0 */
/*
 * parser.c: by recursive descent, with the binary operators by precedence.
 *
 *     Expr    = Or ["?" Or ":" Expr]          Unary  = Member | "!"… Member | "-"…
 * Member Or      = And {"||" And}                Member = Primary {"." name | "[" Expr
 * "]" …} And     = Binary {"&&" Binary}          Primary = name | literal | "(" Expr
 * ")" | …
 *
 * After an error the parser is lost until it meets a place where it knows again what
 * may come: the next part of `&&`, `||` or a list, or a closing bracket. What it reads
 * while lost it does not complain about.
 */
#include "cel/parser.h"

#include <string.h>

#include "base/alloc.h"
#include "base/limits.h"
#include "base/utf8.h"
#include "cel/ast_build.h"
#include "cel/lexer.h"
#include "cel/macro.h"

typedef struct parser {
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
} parser;

static heng_cel_node *parse_expr(parser *p);

/* ---- tokens and places ---- */

static void advance(parser *p) {
    p->last_end = p->token.start + p->token.len;
    p->token = heng_cel_lexer_next(&p->lexer);
    if (p->lexer.status != HENG_OK && p->build.status == HENG_OK) {
        p->build.status = p->lexer.status;
    }
    if (p->build.status != HENG_OK) { /* nothing more is worth reading */
        p->token.kind = HENG_CEL_TOKEN_END;
    }
}

static bool is(const parser *p, heng_cel_token_kind kind) {
    return p->token.kind == kind;
}

static bool accept(parser *p, heng_cel_token_kind kind) {
    if (!is(p, kind))
        return false;
    advance(p);
    return true;
}

static heng_cel_extent extent_from(const parser *p, uint32_t start, uint32_t at) {
    return (heng_cel_extent){start, p->last_end > start ? p->last_end - start : 0, at};
}

static heng_cel_extent extent_of(const heng_cel_token *token) {
    return (heng_cel_extent){token->start, token->len, token->start};
}

/* ---- errors ---- */

/* What people write who know another language. */
static void help_with_token(parser *p) {
    static const struct {
        const char *word, *help;
    } words[] = {
        {"and", "for \"and\", write `&&`"}, {"AND", "for \"and\", write `&&`"},
        {"or", "for \"or\", write `||`"},   {"OR", "for \"or\", write `||`"},
        {"not", "for \"not\", write `!`"},  {"NOT", "for \"not\", write `!`"},
        {"is", "to compare, write `==`"},   {"IN", "write `in`"},
    };
    heng_str name = p->token.name;
    if (is(p, HENG_CEL_TOKEN_RESERVED)) {
        heng_cel_report_help(p->report,
                             "`%.*s` is a reserved word: it cannot name a variable or "
                             "function",
                             HENG_STR_ARG(name));
    }
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        if (is(p, HENG_CEL_TOKEN_IDENT) &&
            heng_str_equal(name, heng_str_of(words[i].word))) {
            heng_cel_report_help(p->report, "%s", words[i].help);
        }
    }
}

/* Says what is there, as `expected` is not; and the parser is lost. */
static void unexpected(parser *p, const char *expected) {
    const heng_cel_token *token = &p->token;
    bool told = p->lost || p->lexer.cut || p->build.status != HENG_OK ||
                p->report->errors >= HENG_LIMIT_CEL_ERRORS;
    p->lost = true;
    if (told)
        return;
    heng_str text = {p->lexer.text.ptr + token->start, token->len};
    if (is(p, HENG_CEL_TOKEN_END)) {
        heng_cel_report_error(p->report, HENG_CEL_E_SYNTAX, token->start, 0,
                              "expected %s, but the expression ends here", expected);
        return;
    }
    if (text.len > 40) { /* a long literal is known by its start */
        text.len = heng_utf8_cut(text.ptr, 40);
    }
    heng_cel_report_error(p->report, HENG_CEL_E_SYNTAX, token->start, token->len,
                          "expected %s, found `%.*s`%s", expected, HENG_STR_ARG(text),
                          text.len < token->len ? "…" : "");
    help_with_token(p);
}

static void expect(parser *p, heng_cel_token_kind kind, const char *expected) {
    if (!accept(p, kind)) {
        unexpected(p, expected);
    }
}

static bool opens(heng_cel_token_kind kind) {
    return kind == HENG_CEL_TOKEN_PAREN_OPEN || kind == HENG_CEL_TOKEN_BRACKET_OPEN ||
           kind == HENG_CEL_TOKEN_BRACE_OPEN;
}

static bool closes(heng_cel_token_kind kind) {
    return kind == HENG_CEL_TOKEN_PAREN_CLOSE || kind == HENG_CEL_TOKEN_BRACKET_CLOSE ||
           kind == HENG_CEL_TOKEN_BRACE_CLOSE;
}

/* Reads on to where the parser knows its way again; `logic`: `&&` and `||` will do. */
static void find_way(parser *p, bool logic) {
    size_t depth = 0;
    while (p->lost && !is(p, HENG_CEL_TOKEN_END)) {
        heng_cel_token_kind kind = p->token.kind;
        if (depth == 0 &&
            (closes(kind) || kind == HENG_CEL_TOKEN_COMMA ||
             (logic && (kind == HENG_CEL_TOKEN_AND || kind == HENG_CEL_TOKEN_OR)))) {
            p->lost = logic && (closes(kind) || kind == HENG_CEL_TOKEN_COMMA);
            return;
        }
        depth += opens(kind);
        depth -= closes(kind);
        advance(p);
    }
}

/* One level deeper; false where that is too deep. */
static bool enter(parser *p) {
    if (++p->level <= HENG_LIMIT_CEL_DEPTH)
        return true;
    if (p->build.status == HENG_OK) {
        p->build.status = HENG_ERR_INVALID;
        heng_cel_report_error(p->report, HENG_CEL_E_NESTING, p->token.start, 1,
                              "the expression is nested more than %u levels deep",
                              (unsigned)HENG_LIMIT_CEL_DEPTH);
    }
    p->token.kind = HENG_CEL_TOKEN_END;
    return false;
}

/* ---- lists of nodes ---- */

static void push(parser *p, heng_cel_node *node) {
    if (p->stack_count == p->stack_room) {
        size_t room = p->stack_room == 0 ? 32 : p->stack_room * 2;
        heng_cel_node **stack = heng_alloc_resize(p->stack, room, sizeof(void *));
        if (stack == NULL) {
            p->build.status = HENG_ERR_NOMEM;
            p->token.kind = HENG_CEL_TOKEN_END;
            return;
        }
        p->stack = stack;
        p->stack_room = room;
    }
    p->stack[p->stack_count++] = node;
}

/* A node of what was pushed since `base`. */
static heng_cel_node *gather(parser *p, heng_cel_node_kind kind, heng_str name,
                             heng_cel_node *operand, size_t base,
                             heng_cel_extent extent) {
    size_t count = p->stack_count - base;
    heng_cel_node *const *items = count > 0 ? p->stack + base : NULL;
    heng_cel_node *node =
        heng_ast_build_parent(&p->build, kind, name, operand, items, count, extent);
    p->stack_count = base;
    return node;
}

/* Which items were marked with `?`; grows with the list. */
typedef struct item_marks {
    bool *items; /* owned */
    size_t room;
    bool any;
} item_marks;

static void mark(parser *p, item_marks *marks, size_t index, bool optional) {
    if (!optional)
        return;
    if (index >= marks->room) {
        size_t room = index * 2 + 16;
        bool *items = heng_alloc_resize(marks->items, room, sizeof *items);
        if (items == NULL) {
            p->build.status = HENG_ERR_NOMEM;
            p->token.kind = HENG_CEL_TOKEN_END;
            return;
        }
        memset(items + marks->room, 0, (room - marks->room) * sizeof *items);
        marks->items = items;
        marks->room = room;
    }
    marks->items[index] = true;
    marks->any = true;
}

/* Hands the marks of `count` items to the node. */
static void take_marks(parser *p, item_marks *marks, heng_cel_node *node,
                       size_t count) {
    if (marks->any && p->build.status == HENG_OK) {
        bool *copy = heng_arena_calloc(p->build.arena, count + 1, sizeof *copy);
        if (copy == NULL) {
            p->build.status = HENG_ERR_NOMEM;
        } else {
            memcpy(copy, marks->items,
                   (marks->room < count ? marks->room : count) * sizeof *copy);
            node->optional_items = copy;
        }
    }
    heng_alloc_free(marks->items);
}

/* The end of one item: on to the next if there is one. A comma may end a literal. */
static bool next_item(parser *p, heng_cel_token_kind close) {
    find_way(p, false);
    if (!accept(p, HENG_CEL_TOKEN_COMMA))
        return false;
    return !is(p, close);
}

/* ---- primaries ---- */

static void parse_args(parser *p) {
    if (is(p, HENG_CEL_TOKEN_PAREN_CLOSE))
        return;
    do {
        push(p, parse_expr(p));
        find_way(p, false);
    } while (accept(p, HENG_CEL_TOKEN_COMMA));
}

/* A call whose name was read and whose `(` is next. */
static heng_cel_node *parse_call(parser *p, heng_cel_node *operand, heng_str name,
                                 bool absolute, uint32_t start, uint32_t at) {
    size_t base = p->stack_count;
    advance(p);
    parse_args(p);
    expect(p, HENG_CEL_TOKEN_PAREN_CLOSE, "`,` or `)`");
    heng_cel_extent extent = extent_from(p, start, at);
    if (!p->no_macros && !absolute && p->build.status == HENG_OK) {
        size_t count = p->stack_count - base;
        heng_cel_node *const *args = count > 0 ? p->stack + base : NULL;
        heng_cel_node *macro =
            heng_cel_macro_expand(&p->build, name, operand, args, count, extent);
        if (macro != NULL) {
            p->stack_count = base;
            return macro;
        }
    }
    heng_cel_node *node = gather(p, HENG_CEL_NODE_CALL, name, operand, base, extent);
    node->absolute = absolute;
    return node;
}

static heng_cel_node *parse_list(parser *p) {
    uint32_t start = p->token.start;
    size_t base = p->stack_count;
    item_marks marks = {0};
    advance(p);
    if (!is(p, HENG_CEL_TOKEN_BRACKET_CLOSE)) {
        do {
            mark(p, &marks, p->stack_count - base, accept(p, HENG_CEL_TOKEN_QUESTION));
            push(p, parse_expr(p));
        } while (next_item(p, HENG_CEL_TOKEN_BRACKET_CLOSE));
    }
    expect(p, HENG_CEL_TOKEN_BRACKET_CLOSE, "`,` or `]`");
    size_t count = p->stack_count - base;
    heng_cel_node *node = gather(p, HENG_CEL_NODE_LIST, (heng_str){NULL, 0}, NULL, base,
                                 extent_from(p, start, start));
    take_marks(p, &marks, node, count);
    return node;
}

static bool is_field_name(const parser *p) {
    return is(p, HENG_CEL_TOKEN_IDENT) || is(p, HENG_CEL_TOKEN_RESERVED) ||
           is(p, HENG_CEL_TOKEN_ESCAPED);
}

/* The name of a field of a message, as a string. */
static heng_cel_node *parse_field_name(parser *p) {
    heng_cel_value name = heng_cel_value_string(p->token.name);
    heng_cel_node *node = heng_ast_build_literal(&p->build, name, extent_of(&p->token));
    if (!is_field_name(p)) {
        unexpected(p, "the name of a field");
        return node;
    }
    advance(p);
    return node;
}

/* `{key: value}`, or `name{field: value}` where `name` is not empty. */
static heng_cel_node *parse_map(parser *p, heng_str name, uint32_t start) {
    bool message = name.len > 0;
    uint32_t at = p->token.start;
    size_t base = p->stack_count;
    item_marks marks = {0};
    advance(p);
    if (!is(p, HENG_CEL_TOKEN_BRACE_CLOSE)) {
        do {
            mark(p, &marks, (p->stack_count - base) / 2,
                 accept(p, HENG_CEL_TOKEN_QUESTION));
            push(p, message ? parse_field_name(p) : parse_expr(p));
            expect(p, HENG_CEL_TOKEN_COLON, "`:` and the value of this key");
            push(p, parse_expr(p));
        } while (next_item(p, HENG_CEL_TOKEN_BRACE_CLOSE));
    }
    expect(p, HENG_CEL_TOKEN_BRACE_CLOSE, "`,` or `}`");
    size_t count = p->stack_count - base;
    heng_cel_node *node =
        gather(p, message ? HENG_CEL_NODE_STRUCT : HENG_CEL_NODE_MAP, name, NULL, base,
               extent_from(p, start, message ? start : at));
    take_marks(p, &marks, node, count / 2);
    return node;
}

/* A whole number with the sign before it, if there is one: `-` reaches the smallest. */
static heng_cel_node *parse_int(parser *p, bool negative, uint32_t start) {
    const uint64_t smallest = (uint64_t)INT64_MAX + 1;
    uint64_t magnitude = p->token.magnitude;
    int64_t value = 0;
    if (magnitude < smallest) {
        value = negative ? -(int64_t)magnitude : (int64_t)magnitude;
    } else if (negative && magnitude == smallest) {
        value = INT64_MIN;
    } else if (!p->lost) {
        heng_cel_report_error(p->report, HENG_CEL_E_LITERAL, p->token.start,
                              p->token.len, "the number `%s%.*s` is too large for int",
                              negative ? "-" : "",
                              (int)(p->token.len < 40 ? p->token.len : 40),
                              p->lexer.text.ptr + p->token.start);
        heng_cel_report_help(p->report, negative
                                            ? "the smallest is -9223372036854775808"
                                            : "the largest is 9223372036854775807");
    }
    advance(p);
    return heng_ast_build_literal(&p->build, heng_cel_value_int(value),
                                  extent_from(p, start, start));
}

static heng_cel_node *parse_name(parser *p, bool absolute, uint32_t start) {
    heng_str name = p->token.name;
    uint32_t at = p->token.start;
    if (!is(p, HENG_CEL_TOKEN_IDENT)) {
        unexpected(p, absolute ? "a name" : "a value");
        return heng_ast_build_literal(&p->build, heng_cel_value_null(),
                                      extent_from(p, start, at));
    }
    advance(p);
    if (is(p, HENG_CEL_TOKEN_PAREN_OPEN))
        return parse_call(p, NULL, name, absolute, start, at);
    heng_cel_node *node =
        heng_ast_build_ident(&p->build, name, extent_from(p, start, at));
    node->absolute = absolute;
    return node;
}

static heng_cel_node *parse_primary(parser *p) {
    heng_cel_token token = p->token;
    if (accept(p, HENG_CEL_TOKEN_PAREN_OPEN)) {
        heng_cel_node *node = parse_expr(p);
        find_way(p, false);
        expect(p, HENG_CEL_TOKEN_PAREN_CLOSE, "`)`");
        return node;
    }
    if (is(p, HENG_CEL_TOKEN_BRACKET_OPEN))
        return parse_list(p);
    if (is(p, HENG_CEL_TOKEN_BRACE_OPEN))
        return parse_map(p, (heng_str){NULL, 0}, token.start);
    if (is(p, HENG_CEL_TOKEN_INT))
        return parse_int(p, false, token.start);
    if (accept(p, HENG_CEL_TOKEN_VALUE))
        return heng_ast_build_literal(&p->build, token.value, extent_of(&token));
    if (accept(p, HENG_CEL_TOKEN_DOT))
        return parse_name(p, true, token.start);
    return parse_name(p, false, token.start);
}

/* ---- members ---- */

/* `a.b.c` of a chain of names as one name, for the name of a message; empty if it is no
 * such chain. */
static heng_str qualified(parser *p, const heng_cel_node *node) {
    heng_str none = {NULL, 0};
    const heng_cel_node *scope = node;
    while (scope->kind == HENG_CEL_NODE_SELECT && !scope->test && !scope->optional) {
        scope = scope->operand;
    }
    if (scope->kind != HENG_CEL_NODE_IDENT)
        return none;
    heng_str written = {p->lexer.text.ptr + scope->start, p->last_end - scope->start};
    return written;
}

static heng_cel_node *parse_dot(parser *p, heng_cel_node *operand, uint32_t start) {
    advance(p);
    bool optional = accept(p, HENG_CEL_TOKEN_QUESTION);
    heng_cel_token name = p->token;
    if (!is_field_name(p)) {
        unexpected(p, "the name of a field or function");
        return operand;
    }
    advance(p);
    if (!optional && name.kind != HENG_CEL_TOKEN_ESCAPED &&
        is(p, HENG_CEL_TOKEN_PAREN_OPEN))
        return parse_call(p, operand, name.name, false, start, name.start);
    heng_cel_node *node = heng_ast_build_select(&p->build, operand, name.name,
                                                extent_from(p, start, name.start));
    node->optional = optional;
    return node;
}

static heng_cel_node *parse_index(parser *p, heng_cel_node *operand, uint32_t start) {
    uint32_t at = p->token.start;
    size_t base = p->stack_count;
    advance(p);
    bool optional = accept(p, HENG_CEL_TOKEN_QUESTION);
    push(p, operand);
    push(p, parse_expr(p));
    find_way(p, false);
    expect(p, HENG_CEL_TOKEN_BRACKET_CLOSE, "`]`");
    heng_cel_node *node =
        gather(p, HENG_CEL_NODE_CALL, optional ? HENG_STR("_[?_]") : HENG_STR("_[_]"),
               NULL, base, extent_from(p, start, at));
    node->optional = optional;
    return node;
}

static heng_cel_node *parse_member(parser *p, heng_cel_node *node, uint32_t start) {
    while (!p->lost) {
        if (is(p, HENG_CEL_TOKEN_DOT)) {
            node = parse_dot(p, node, start);
        } else if (is(p, HENG_CEL_TOKEN_BRACKET_OPEN)) {
            node = parse_index(p, node, start);
        } else if (is(p, HENG_CEL_TOKEN_BRACE_OPEN) && qualified(p, node).len > 0) {
            node = parse_map(p, qualified(p, node), start);
        } else {
            break;
        }
    }
    return node;
}

/* ---- operators ---- */

/* The number after a `-` that was read, with its sign; NULL where there is none. */
static heng_cel_node *parse_negative(parser *p, uint32_t start) {
    if (is(p, HENG_CEL_TOKEN_INT))
        return parse_int(p, true, start);
    if (!is(p, HENG_CEL_TOKEN_VALUE) || p->token.value.kind != HENG_CEL_DOUBLE)
        return NULL;
    heng_cel_value value = heng_cel_value_double(-p->token.value.as.real);
    advance(p);
    return heng_ast_build_literal(&p->build, value, extent_from(p, start, start));
}

/* `!a`, `!!a`, `-a`, `--a`; they do not mix without brackets, but for `!-1`. */
static heng_cel_node *parse_unary(parser *p) {
    heng_cel_token token = p->token;
    uint32_t start = token.start;
    bool minus = is(p, HENG_CEL_TOKEN_MINUS);
    if (!minus && !is(p, HENG_CEL_TOKEN_NOT))
        return parse_member(p, parse_primary(p), start);

    advance(p);
    heng_cel_node *operand = minus ? parse_negative(p, start) : NULL;
    if (operand != NULL)
        return parse_member(p, operand, start);

    uint32_t inner = p->token.start;
    size_t base = p->stack_count;
    if (is(p, token.kind)) {
        operand = enter(p) ? parse_unary(p) : &p->build.dummy;
        p->level--;
    } else if (accept(p, HENG_CEL_TOKEN_MINUS)) {
        operand = parse_negative(p, inner);
        if (operand == NULL) {
            unexpected(p, "a number (`-` of anything else needs brackets after `!`)");
            operand = &p->build.dummy;
        }
        operand = parse_member(p, operand, inner);
    } else {
        operand = parse_member(p, parse_primary(p), inner);
    }
    push(p, operand);
    return gather(p, HENG_CEL_NODE_CALL, minus ? HENG_STR("-_") : HENG_STR("!_"), NULL,
                  base, extent_from(p, start, start));
}

/* ORDER cel-precedence: unparse.c has the same numbers. */
static const struct {
    heng_cel_token_kind token;
    int precedence;
    const char *name;
} BINARY[] = {
    {HENG_CEL_TOKEN_EQ, 1, "_==_"},   {HENG_CEL_TOKEN_NE, 1, "_!=_"},
    {HENG_CEL_TOKEN_LT, 1, "_<_"},    {HENG_CEL_TOKEN_LE, 1, "_<=_"},
    {HENG_CEL_TOKEN_GT, 1, "_>_"},    {HENG_CEL_TOKEN_GE, 1, "_>=_"},
    {HENG_CEL_TOKEN_IN, 1, "@in"},    {HENG_CEL_TOKEN_PLUS, 2, "_+_"},
    {HENG_CEL_TOKEN_MINUS, 2, "_-_"}, {HENG_CEL_TOKEN_STAR, 3, "_*_"},
    {HENG_CEL_TOKEN_SLASH, 3, "_/_"}, {HENG_CEL_TOKEN_PERCENT, 3, "_%_"},
};
enum { BINARY_COUNT = sizeof BINARY / sizeof BINARY[0], PRECEDENCE_MAX = 3 };

static heng_cel_node *parse_binary(parser *p, int precedence) {
    if (precedence > PRECEDENCE_MAX)
        return parse_unary(p);
    uint32_t start = p->token.start;
    heng_cel_node *left = parse_binary(p, precedence + 1);
    while (!p->lost && p->build.status == HENG_OK) {
        size_t i = 0;
        while (i < BINARY_COUNT && (BINARY[i].token != p->token.kind ||
                                    BINARY[i].precedence != precedence)) {
            i++;
        }
        if (i == BINARY_COUNT)
            break;
        size_t base = p->stack_count;
        uint32_t at = p->token.start;
        advance(p);
        push(p, left);
        push(p, parse_binary(p, precedence + 1));
        left = gather(p, HENG_CEL_NODE_CALL, heng_str_of(BINARY[i].name), NULL, base,
                      extent_from(p, start, at));
    }
    return left;
}

/* `a && b && c` (or with `||`) as one node of three. */
static heng_cel_node *parse_logic(parser *p, heng_cel_token_kind token) {
    bool is_and = token == HENG_CEL_TOKEN_AND;
    uint32_t start = p->token.start;
    uint32_t at = 0;
    size_t base = p->stack_count;
    bool more = true;
    while (more) {
        push(p, is_and ? parse_binary(p, 1) : parse_logic(p, HENG_CEL_TOKEN_AND));
        if (p->lost) {
            find_way(p, true);
        }
        if (at == 0) {
            at = p->token.start;
        }
        more = accept(p, token);
    }
    if (p->stack_count - base == 1) {
        p->stack_count = base;
        return p->stack[base];
    }
    return gather(p, is_and ? HENG_CEL_NODE_AND : HENG_CEL_NODE_OR, (heng_str){NULL, 0},
                  NULL, base, extent_from(p, start, at));
}

static heng_cel_node *parse_condition(parser *p) {
    uint32_t start = p->token.start;
    heng_cel_node *first = parse_logic(p, HENG_CEL_TOKEN_OR);
    uint32_t at = p->token.start;
    if (p->lost || !accept(p, HENG_CEL_TOKEN_QUESTION))
        return first;
    size_t base = p->stack_count;
    push(p, first);
    push(p, parse_logic(p, HENG_CEL_TOKEN_OR));
    bool inner = is(p, HENG_CEL_TOKEN_QUESTION) && !p->lost;
    expect(p, HENG_CEL_TOKEN_COLON, "`:` and what holds otherwise");
    if (inner) {
        heng_cel_report_help(p->report, "put the inner condition in brackets");
    }
    push(p, parse_expr(p));
    return gather(p, HENG_CEL_NODE_CONDITION, (heng_str){NULL, 0}, NULL, base,
                  extent_from(p, start, at));
}

static heng_cel_node *parse_expr(parser *p) {
    heng_cel_node *node = enter(p) ? parse_condition(p) : &p->build.dummy;
    p->level--;
    return node;
}

/* ---- the whole ---- */

static bool check_text(heng_str text, heng_cel_report *report) {
    if (text.len > HENG_LIMIT_CEL_TEXT_BYTES) {
        heng_cel_report_error(report, HENG_CEL_E_NESTING, 0, 0,
                              "the expression has %zu bytes; %zu are the most",
                              text.len, HENG_LIMIT_CEL_TEXT_BYTES);
        return false;
    }
    size_t valid = text.len == 0 ? 0 : heng_utf8_valid_prefix(text.ptr, text.len);
    if (valid < text.len) {
        heng_cel_report_error(report, HENG_CEL_E_TOKEN, valid, 1,
                              "the byte 0x%02x is not UTF-8",
                              (unsigned)(unsigned char)text.ptr[valid]);
        return false;
    }
    return true;
}

heng_status heng_cel_parser_parse(heng_str text, bool no_macros, heng_arena *arena,
                                  heng_cel_report *report, heng_cel_ast *ret_ast) {
    uint32_t errors = report->errors;
    parser p = {.lexer = {.text = text, .arena = arena, .report = report},
                .build = {.arena = arena, .report = report},
                .report = report,
                .no_macros = no_macros};
    if (!check_text(text, report))
        return HENG_ERR_INVALID;

    advance(&p);
    p.last_end = 0;
    heng_cel_node *root = parse_expr(&p);
    if (!is(&p, HENG_CEL_TOKEN_END)) {
        unexpected(&p, "an operator or the end");
    }
    heng_alloc_free(p.stack);
    if (p.build.status == HENG_ERR_NOMEM)
        return HENG_ERR_NOMEM;
    if (report->errors > errors || p.build.status != HENG_OK)
        return HENG_ERR_INVALID;
    return heng_ast_build_finish(&p.build, root, text, ret_ast);
}
