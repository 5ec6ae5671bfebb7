/* SPDX-License-Identifier: Apache-2.0 */
/* parser_state.c: the parser's way through the tokens, and back to it after an error.
 */
#include "cel/parser_parts.h"

#include <string.h>

#include "base/alloc.h"
#include "base/limits.h"
#include "base/utf8.h"

/* ---- tokens and places ---- */

void heng_parser_advance(heng_parser *p) {
    p->last_end = p->token.start + p->token.len;
    p->token = heng_cel_lexer_next(&p->lexer);
    if (p->lexer.status != HENG_OK && p->build.status == HENG_OK) {
        p->build.status = p->lexer.status;
    }
    if (p->build.status != HENG_OK) { /* nothing more is worth reading */
        p->token.kind = HENG_CEL_TOKEN_END;
    }
}

bool heng_parser_is(const heng_parser *p, heng_cel_token_kind kind) {
    return p->token.kind == kind;
}

bool heng_parser_accept(heng_parser *p, heng_cel_token_kind kind) {
    if (!heng_parser_is(p, kind))
        return false;
    heng_parser_advance(p);
    return true;
}

heng_cel_extent heng_parser_extent_from(const heng_parser *p, uint32_t start,
                                        uint32_t at) {
    return (heng_cel_extent){start, p->last_end > start ? p->last_end - start : 0, at};
}

heng_cel_extent heng_parser_extent_of(const heng_cel_token *token) {
    return (heng_cel_extent){token->start, token->len, token->start};
}

/* ---- errors ---- */

#define LIKE                                                                           \
    "write `text.contains(part)`, `text.startsWith(part)` or `text.matches(pattern)`"
#define BETWEEN "write `low <= x && x <= high`"

static bool is_digit(heng_str text, size_t at) {
    return at < text.len && text.ptr[at] >= '0' && text.ptr[at] <= '9';
}

/* What people write who know another language. */
static void help_with_token(heng_parser *p) {
    static const struct {
        const char *word, *help;
    } words[] = {
        {"and", "for \"and\", write `&&`"},
        {"AND", "for \"and\", write `&&`"},
        {"or", "for \"or\", write `||`"},
        {"OR", "for \"or\", write `||`"},
        {"not", "for \"not\", write `!`"},
        {"NOT", "for \"not\", write `!`"},
        {"is", "to compare, write `==`"},
        {"IN", "write `in`"},
        {"like", LIKE},
        {"LIKE", LIKE},
        {"between", BETWEEN},
        {"BETWEEN", BETWEEN},
        {"div", "to divide, write `/`"},
        {"mod", "for the remainder, write `%`"},
    };
    heng_str name = p->token.name;
    uint32_t start = p->token.start;
    if (heng_parser_is(p, HENG_CEL_TOKEN_COMMA) && start > 0 &&
        is_digit(p->lexer.text, start - 1) && is_digit(p->lexer.text, start + 1)) {
        heng_cel_report_help(p->report, "a number is written without `,`");
    }
    if (heng_parser_is(p, HENG_CEL_TOKEN_RESERVED)) {
        heng_cel_report_help(p->report,
                             "`%.*s` is a reserved word: it cannot name a variable or "
                             "function",
                             HENG_STR_ARG(name));
    }
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        if (heng_parser_is(p, HENG_CEL_TOKEN_IDENT) &&
            heng_str_equal(name, heng_str_of(words[i].word))) {
            heng_cel_report_help(p->report, "%s", words[i].help);
        }
    }
}

/* Says what is there, as `expected` is not; and the parser is lost. */
void heng_parser_unexpected(heng_parser *p, const char *expected) {
    const heng_cel_token *token = &p->token;
    bool told = p->lost || p->lexer.cut || p->build.status != HENG_OK ||
                p->report->errors >= HENG_LIMIT_CEL_ERRORS;
    p->lost = true;
    if (told)
        return;
    heng_str text = {p->lexer.text.ptr + token->start, token->len};
    if (heng_parser_is(p, HENG_CEL_TOKEN_END)) {
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

void heng_parser_expect(heng_parser *p, heng_cel_token_kind kind,
                        const char *expected) {
    if (!heng_parser_accept(p, kind)) {
        heng_parser_unexpected(p, expected);
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
void heng_parser_find_way(heng_parser *p, bool logic) {
    size_t depth = 0;
    while (p->lost && !heng_parser_is(p, HENG_CEL_TOKEN_END)) {
        heng_cel_token_kind kind = p->token.kind;
        if (depth == 0 &&
            (closes(kind) || kind == HENG_CEL_TOKEN_COMMA ||
             (logic && (kind == HENG_CEL_TOKEN_AND || kind == HENG_CEL_TOKEN_OR)))) {
            p->lost = logic && (closes(kind) || kind == HENG_CEL_TOKEN_COMMA);
            return;
        }
        depth += opens(kind);
        depth -= closes(kind);
        heng_parser_advance(p);
    }
}

/* One level deeper; false where that is too deep. */
bool heng_parser_enter(heng_parser *p) {
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

void heng_parser_push(heng_parser *p, heng_cel_node *node) {
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
heng_cel_node *heng_parser_gather(heng_parser *p, heng_cel_node_kind kind,
                                  heng_str name, heng_cel_node *operand, size_t base,
                                  heng_cel_extent extent) {
    size_t count = p->stack_count - base;
    heng_cel_node *const *items = count > 0 ? p->stack + base : NULL;
    heng_cel_node *node =
        heng_ast_build_parent(&p->build, kind, name, operand, items, count, extent);
    p->stack_count = base;
    return node;
}

void heng_parser_mark(heng_parser *p, heng_parser_marks *marks, size_t index,
                      bool optional) {
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
void heng_parser_take_marks(heng_parser *p, heng_parser_marks *marks,
                            heng_cel_node *node, size_t count) {
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
