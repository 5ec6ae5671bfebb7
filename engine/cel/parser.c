/* SPDX-License-Identifier: Apache-2.0 */
/*
 * parser.c: by recursive descent, with the binary operators by precedence.
 *
 *     Expr    = Or ["?" Or ":" Expr]
 *     Or      = And {"||" And}
 *     And     = Binary {"&&" Binary}
 *     Unary   = Member | "!" {"!"} Member | "-" {"-"} Member
 *     Member  = Primary {"." name | "." name "(" … ")" | "[" Expr "]" | "{" … "}"}
 *     Primary = name | literal | "(" Expr ")" | "[" … "]" | "{" … "}"
 *
 * After an error the parser is lost until it meets a place where it knows again what
 * may come: the next part of `&&`, `||` or a list, or a closing bracket. What it reads
 * while lost it does not complain about.
 */
#include "cel/parser.h"

#include "base/alloc.h"
#include "base/limits.h"
#include "base/utf8.h"
#include "cel/macro.h"
#include "cel/parser_parts.h"

static heng_cel_node *parse_expr(heng_parser *p);

/* The end of one item: on to the next if there is one. A comma may end a literal. */
static bool next_item(heng_parser *p, heng_cel_token_kind close) {
    heng_parser_find_way(p, false);
    if (!heng_parser_accept(p, HENG_CEL_TOKEN_COMMA))
        return false;
    return !heng_parser_is(p, close);
}

/* ---- primaries ---- */

static void parse_args(heng_parser *p) {
    if (heng_parser_is(p, HENG_CEL_TOKEN_PAREN_CLOSE))
        return;
    do {
        heng_parser_push(p, parse_expr(p));
        heng_parser_find_way(p, false);
    } while (heng_parser_accept(p, HENG_CEL_TOKEN_COMMA));
}

/* A call whose name was read and whose `(` is next. */
static heng_cel_node *parse_call(heng_parser *p, heng_cel_node *operand, heng_str name,
                                 bool absolute, uint32_t start, uint32_t at) {
    size_t base = p->stack_count;
    heng_parser_advance(p);
    parse_args(p);
    heng_parser_expect(p, HENG_CEL_TOKEN_PAREN_CLOSE, "`,` or `)`");
    heng_cel_extent extent = heng_parser_extent_from(p, start, at);
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
    heng_cel_node *node =
        heng_parser_gather(p, HENG_CEL_NODE_CALL, name, operand, base, extent);
    node->absolute = absolute;
    return node;
}

static heng_cel_node *parse_list(heng_parser *p) {
    uint32_t start = p->token.start;
    size_t base = p->stack_count;
    heng_parser_marks marks = {0};
    heng_parser_advance(p);
    bool comma = heng_parser_accept(p, HENG_CEL_TOKEN_COMMA); /* `[,]` is empty */
    if (!comma && !heng_parser_is(p, HENG_CEL_TOKEN_BRACKET_CLOSE)) {
        do {
            heng_parser_mark(p, &marks, p->stack_count - base,
                             heng_parser_accept(p, HENG_CEL_TOKEN_QUESTION));
            heng_parser_push(p, parse_expr(p));
        } while (next_item(p, HENG_CEL_TOKEN_BRACKET_CLOSE));
    }
    heng_parser_expect(p, HENG_CEL_TOKEN_BRACKET_CLOSE,
                       comma ? "`]`, as no value stands before the `,`" : "`,` or `]`");
    size_t count = p->stack_count - base;
    heng_cel_node *node =
        heng_parser_gather(p, HENG_CEL_NODE_LIST, (heng_str){NULL, 0}, NULL, base,
                           heng_parser_extent_from(p, start, start));
    heng_parser_take_marks(p, &marks, node, count);
    return node;
}

static bool is_field_name(const heng_parser *p) {
    return heng_parser_is(p, HENG_CEL_TOKEN_IDENT) ||
           heng_parser_is(p, HENG_CEL_TOKEN_RESERVED) ||
           heng_parser_is(p, HENG_CEL_TOKEN_ESCAPED);
}

/* The name of a field of a message, as a string. */
static heng_cel_node *parse_field_name(heng_parser *p) {
    heng_cel_value name = heng_cel_value_string(p->token.name);
    heng_cel_node *node =
        heng_ast_build_literal(&p->build, name, heng_parser_extent_of(&p->token));
    if (!is_field_name(p)) {
        heng_parser_unexpected(p, "the name of a field");
        return node;
    }
    heng_parser_advance(p);
    return node;
}

/* `{key: value}`, or `name{field: value}` where `name` is not empty. */
static heng_cel_node *parse_map(heng_parser *p, heng_str name, uint32_t start) {
    bool message = name.len > 0;
    uint32_t at = p->token.start;
    size_t base = p->stack_count;
    heng_parser_marks marks = {0};
    heng_parser_advance(p);
    bool comma = heng_parser_accept(p, HENG_CEL_TOKEN_COMMA); /* `{,}` is empty */
    if (!comma && !heng_parser_is(p, HENG_CEL_TOKEN_BRACE_CLOSE)) {
        do {
            heng_parser_mark(p, &marks, (p->stack_count - base) / 2,
                             heng_parser_accept(p, HENG_CEL_TOKEN_QUESTION));
            heng_parser_push(p, message ? parse_field_name(p) : parse_expr(p));
            heng_parser_expect(p, HENG_CEL_TOKEN_COLON,
                               "`:` and the value of this key");
            heng_parser_push(p, parse_expr(p));
        } while (next_item(p, HENG_CEL_TOKEN_BRACE_CLOSE));
    }
    heng_parser_expect(p, HENG_CEL_TOKEN_BRACE_CLOSE,
                       comma ? "`}`, as no key stands before the `,`" : "`,` or `}`");
    size_t count = p->stack_count - base;
    heng_cel_node *node = heng_parser_gather(
        p, message ? HENG_CEL_NODE_STRUCT : HENG_CEL_NODE_MAP, name, NULL, base,
        heng_parser_extent_from(p, start, message ? start : at));
    heng_parser_take_marks(p, &marks, node, count / 2);
    return node;
}

/* A whole number with the sign before it, if there is one: `-` reaches the smallest. */
static heng_cel_node *parse_int(heng_parser *p, bool negative, uint32_t start) {
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
    heng_parser_advance(p);
    return heng_ast_build_literal(&p->build, heng_cel_value_int(value),
                                  heng_parser_extent_from(p, start, start));
}

static heng_cel_node *parse_name(heng_parser *p, bool absolute, uint32_t start) {
    heng_str name = p->token.name;
    uint32_t at = p->token.start;
    if (!heng_parser_is(p, HENG_CEL_TOKEN_IDENT)) {
        heng_parser_unexpected(p, absolute ? "a name" : "a value");
        return heng_ast_build_literal(&p->build, heng_cel_value_null(),
                                      heng_parser_extent_from(p, start, at));
    }
    heng_parser_advance(p);
    if (heng_parser_is(p, HENG_CEL_TOKEN_PAREN_OPEN))
        return parse_call(p, NULL, name, absolute, start, at);
    heng_cel_node *node =
        heng_ast_build_ident(&p->build, name, heng_parser_extent_from(p, start, at));
    node->absolute = absolute;
    return node;
}

static heng_cel_node *parse_primary(heng_parser *p) {
    heng_cel_token token = p->token;
    if (heng_parser_accept(p, HENG_CEL_TOKEN_PAREN_OPEN)) {
        heng_cel_node *node = parse_expr(p);
        heng_parser_find_way(p, false);
        bool list = heng_parser_is(p, HENG_CEL_TOKEN_COMMA) && !p->lost;
        heng_parser_expect(p, HENG_CEL_TOKEN_PAREN_CLOSE, "`)`");
        if (list) {
            heng_cel_report_help(p->report, "a list is written in `[` and `]`");
        }
        return node;
    }
    if (heng_parser_is(p, HENG_CEL_TOKEN_BRACKET_OPEN))
        return parse_list(p);
    if (heng_parser_is(p, HENG_CEL_TOKEN_BRACE_OPEN))
        return parse_map(p, (heng_str){NULL, 0}, token.start);
    if (heng_parser_is(p, HENG_CEL_TOKEN_INT))
        return parse_int(p, false, token.start);
    if (heng_parser_accept(p, HENG_CEL_TOKEN_VALUE))
        return heng_ast_build_literal(&p->build, token.value,
                                      heng_parser_extent_of(&token));
    if (heng_parser_accept(p, HENG_CEL_TOKEN_DOT))
        return parse_name(p, true, token.start);
    return parse_name(p, false, token.start);
}

/* ---- members ---- */

/* `a.b.c` of a chain of names as one name, for the name of a message; empty if it is no
 * such chain. */
static heng_str qualified(heng_parser *p, const heng_cel_node *node) {
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

static heng_cel_node *parse_dot(heng_parser *p, heng_cel_node *operand,
                                uint32_t start) {
    heng_parser_advance(p);
    bool optional = heng_parser_accept(p, HENG_CEL_TOKEN_QUESTION);
    heng_cel_token name = p->token;
    if (!is_field_name(p)) {
        heng_parser_unexpected(p, "the name of a field or function");
        return operand;
    }
    heng_parser_advance(p);
    if (!optional && name.kind != HENG_CEL_TOKEN_ESCAPED &&
        heng_parser_is(p, HENG_CEL_TOKEN_PAREN_OPEN))
        return parse_call(p, operand, name.name, false, start, name.start);
    heng_cel_node *node = heng_ast_build_select(
        &p->build, operand, name.name, heng_parser_extent_from(p, start, name.start));
    node->optional = optional;
    return node;
}

static heng_cel_node *parse_index(heng_parser *p, heng_cel_node *operand,
                                  uint32_t start) {
    uint32_t at = p->token.start;
    size_t base = p->stack_count;
    heng_parser_advance(p);
    bool optional = heng_parser_accept(p, HENG_CEL_TOKEN_QUESTION);
    heng_parser_push(p, operand);
    heng_parser_push(p, parse_expr(p));
    heng_parser_find_way(p, false);
    heng_parser_expect(p, HENG_CEL_TOKEN_BRACKET_CLOSE, "`]`");
    heng_cel_node *node = heng_parser_gather(
        p, HENG_CEL_NODE_CALL, optional ? HENG_STR("_[?_]") : HENG_STR("_[_]"), NULL,
        base, heng_parser_extent_from(p, start, at));
    node->optional = optional;
    return node;
}

static heng_cel_node *parse_member(heng_parser *p, heng_cel_node *node,
                                   uint32_t start) {
    while (!p->lost) {
        if (heng_parser_is(p, HENG_CEL_TOKEN_DOT)) {
            node = parse_dot(p, node, start);
        } else if (heng_parser_is(p, HENG_CEL_TOKEN_BRACKET_OPEN)) {
            node = parse_index(p, node, start);
        } else if (heng_parser_is(p, HENG_CEL_TOKEN_BRACE_OPEN) &&
                   qualified(p, node).len > 0) {
            node = parse_map(p, qualified(p, node), start);
        } else {
            break;
        }
    }
    return node;
}

/* ---- operators ---- */

/* The number after a `-` that was read, with its sign; NULL where there is none. */
static heng_cel_node *parse_negative(heng_parser *p, uint32_t start) {
    if (heng_parser_is(p, HENG_CEL_TOKEN_INT))
        return parse_int(p, true, start);
    if (!heng_parser_is(p, HENG_CEL_TOKEN_VALUE) ||
        p->token.value.kind != HENG_CEL_DOUBLE)
        return NULL;
    heng_cel_value value = heng_cel_value_double(-p->token.value.as.real);
    heng_parser_advance(p);
    return heng_ast_build_literal(&p->build, value,
                                  heng_parser_extent_from(p, start, start));
}

/* `!a`, `!!a`, `-a`, `--a`; they do not mix without brackets, but for `!-1`. */
static heng_cel_node *parse_unary(heng_parser *p) {
    heng_cel_token token = p->token;
    uint32_t start = token.start;
    bool minus = heng_parser_is(p, HENG_CEL_TOKEN_MINUS);
    if (!minus && !heng_parser_is(p, HENG_CEL_TOKEN_NOT))
        return parse_member(p, parse_primary(p), start);

    heng_parser_advance(p);
    heng_cel_node *operand = minus ? parse_negative(p, start) : NULL;
    if (operand != NULL)
        return parse_member(p, operand, start);

    uint32_t inner = p->token.start;
    size_t base = p->stack_count;
    if (heng_parser_is(p, token.kind)) {
        operand = heng_parser_enter(p) ? parse_unary(p) : &p->build.dummy;
        p->level--;
    } else if (heng_parser_accept(p, HENG_CEL_TOKEN_MINUS)) {
        operand = parse_negative(p, inner);
        if (operand == NULL) {
            heng_parser_unexpected(
                p, "a number (`-` of anything else needs brackets after `!`)");
            operand = &p->build.dummy;
        }
        operand = parse_member(p, operand, inner);
    } else {
        operand = parse_member(p, parse_primary(p), inner);
    }
    heng_parser_push(p, operand);
    return heng_parser_gather(p, HENG_CEL_NODE_CALL,
                              minus ? HENG_STR("-_") : HENG_STR("!_"), NULL, base,
                              heng_parser_extent_from(p, start, start));
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

static heng_cel_node *parse_binary(heng_parser *p, int precedence) {
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
        heng_parser_advance(p);
        heng_parser_push(p, left);
        heng_parser_push(p, parse_binary(p, precedence + 1));
        left = heng_parser_gather(p, HENG_CEL_NODE_CALL, heng_str_of(BINARY[i].name),
                                  NULL, base, heng_parser_extent_from(p, start, at));
    }
    return left;
}

/* `a && b && c` (or with `||`) as one node of three. */
static heng_cel_node *parse_logic(heng_parser *p, heng_cel_token_kind token) {
    bool is_and = token == HENG_CEL_TOKEN_AND;
    uint32_t start = p->token.start;
    uint32_t at = 0;
    size_t base = p->stack_count;
    bool more = true;
    while (more) {
        heng_parser_push(p, is_and ? parse_binary(p, 1)
                                   : parse_logic(p, HENG_CEL_TOKEN_AND));
        if (p->lost) {
            heng_parser_find_way(p, true);
        }
        if (at == 0) {
            at = p->token.start;
        }
        more = heng_parser_accept(p, token);
    }
    if (p->stack_count - base == 1) {
        p->stack_count = base;
        return p->stack[base];
    }
    return heng_parser_gather(p, is_and ? HENG_CEL_NODE_AND : HENG_CEL_NODE_OR,
                              (heng_str){NULL, 0}, NULL, base,
                              heng_parser_extent_from(p, start, at));
}

static heng_cel_node *parse_condition(heng_parser *p) {
    uint32_t start = p->token.start;
    heng_cel_node *first = parse_logic(p, HENG_CEL_TOKEN_OR);
    uint32_t at = p->token.start;
    if (p->lost || !heng_parser_accept(p, HENG_CEL_TOKEN_QUESTION))
        return first;
    size_t base = p->stack_count;
    heng_parser_push(p, first);
    heng_parser_push(p, parse_logic(p, HENG_CEL_TOKEN_OR));
    bool inner = heng_parser_is(p, HENG_CEL_TOKEN_QUESTION) && !p->lost;
    heng_parser_expect(p, HENG_CEL_TOKEN_COLON, "`:` and what holds otherwise");
    if (inner) {
        heng_cel_report_help(p->report, "put the inner condition in brackets");
    }
    heng_parser_push(p, parse_expr(p));
    return heng_parser_gather(p, HENG_CEL_NODE_CONDITION, (heng_str){NULL, 0}, NULL,
                              base, heng_parser_extent_from(p, start, at));
}

static heng_cel_node *parse_expr(heng_parser *p) {
    heng_cel_node *node = heng_parser_enter(p) ? parse_condition(p) : &p->build.dummy;
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
    heng_parser p = {.lexer = {.text = text, .arena = arena, .report = report},
                     .build = {.arena = arena, .report = report},
                     .report = report,
                     .no_macros = no_macros};
    if (!check_text(text, report))
        return HENG_ERR_INVALID;

    heng_parser_advance(&p);
    p.last_end = 0;
    heng_cel_node *root = parse_expr(&p);
    if (!heng_parser_is(&p, HENG_CEL_TOKEN_END)) {
        heng_parser_unexpected(&p, "an operator or the end");
    }
    heng_alloc_free(p.stack);
    if (p.build.status == HENG_ERR_NOMEM)
        return HENG_ERR_NOMEM;
    if (report->errors > errors || p.build.status != HENG_OK)
        return HENG_ERR_INVALID;
    return heng_ast_build_finish(&p.build, root, text, ret_ast);
}
