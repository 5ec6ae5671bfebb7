/* SPDX-License-Identifier: Apache-2.0 */
/*
 * unparse.c: a tree as an expression that parses to the same tree.
 *
 * Macros are written as macros. A constant that was folded is written as the call it
 * was: its node kept name and arguments. Brackets stand only where they are needed.
 */
#include <string.h>

#include "cel/cel_text.h"
#include "cel/lexer.h"
#include "cel/program.h"
#include "cel/real.h"
#include "cel/value_text.h"

/* ORDER cel-precedence: what binds tighter is larger. */
enum { CONDITION, OR, AND, RELATION, ADDITION, MULTIPLICATION, UNARY, MEMBER };

static const struct {
    const char *name, *text;
    int precedence;
} OPERATORS[] = {
    {"_==_", " == ", RELATION},     {"_!=_", " != ", RELATION},
    {"_<_", " < ", RELATION},       {"_<=_", " <= ", RELATION},
    {"_>_", " > ", RELATION},       {"_>=_", " >= ", RELATION},
    {"@in", " in ", RELATION},      {"_+_", " + ", ADDITION},
    {"_-_", " - ", ADDITION},       {"_*_", " * ", MULTIPLICATION},
    {"_/_", " / ", MULTIPLICATION}, {"_%_", " % ", MULTIPLICATION},
};
enum { OPERATOR_COUNT = sizeof OPERATORS / sizeof OPERATORS[0] };

static void write_node(heng_cel_text *out, const heng_cel_node *node, int least);

static void add(heng_cel_text *out, const char *text) {
    heng_cel_text_add(out, heng_str_of(text));
}

/* A folded call is a literal with a name; it counts as the call it was. */
static heng_cel_node_kind kind_of(const heng_cel_node *node) {
    return node->kind == HENG_CEL_NODE_LITERAL && node->name.len > 0
               ? HENG_CEL_NODE_CALL
               : node->kind;
}

static bool is_call(const heng_cel_node *node, const char *name, uint32_t count) {
    return kind_of(node) == HENG_CEL_NODE_CALL && node->operand == NULL &&
           node->arg_count == count && heng_str_equal(node->name, heng_str_of(name));
}

static size_t operator_of(const heng_cel_node *node) {
    size_t i = 0;
    while (i < OPERATOR_COUNT && !is_call(node, OPERATORS[i].name, 2)) {
        i++;
    }
    return i;
}

static int precedence_of(const heng_cel_node *node) {
    switch (kind_of(node)) {
    case HENG_CEL_NODE_CONDITION:
        return CONDITION;
    case HENG_CEL_NODE_OR:
        return OR;
    case HENG_CEL_NODE_AND:
        return AND;
    case HENG_CEL_NODE_CALL:
        if (operator_of(node) < OPERATOR_COUNT)
            return OPERATORS[operator_of(node)].precedence;
        return is_call(node, "!_", 1) || is_call(node, "-_", 1) ? UNARY : MEMBER;
    case HENG_CEL_NODE_LITERAL:
    case HENG_CEL_NODE_IDENT:
    case HENG_CEL_NODE_SELECT:
    case HENG_CEL_NODE_LIST:
    case HENG_CEL_NODE_MAP:
    case HENG_CEL_NODE_STRUCT:
    case HENG_CEL_NODE_COMPREHENSION:
    case HENG_CEL_NODE_BIND:
        break;
    }
    return MEMBER;
}

/* ---- literals ---- */

static void write_double(heng_cel_text *out, double value) {
    char text[HENG_REAL_TEXT_BYTES];
    size_t len = heng_real_print(value, text);
    heng_cel_text_add(out, (heng_str){text, len});
    if (strpbrk(text, ".eNI") == NULL) {
        add(out, ".0");
    }
}

static void write_literal(heng_cel_text *out, heng_cel_value value) {
    switch (value.kind) {
    case HENG_CEL_NULL:
        add(out, "null");
        break;
    case HENG_CEL_BOOL:
        add(out, value.as.boolean ? "true" : "false");
        break;
    case HENG_CEL_INT:
        heng_cel_text_add_int(out, value.as.integer);
        break;
    case HENG_CEL_UINT:
        heng_cel_text_add_uint(out, value.as.uinteger);
        add(out, "u");
        break;
    case HENG_CEL_DOUBLE:
        write_double(out, value.as.real);
        break;
    case HENG_CEL_STRING:
        heng_value_text_quote(out, heng_cel_value_str(value), HENG_VALUE_QUOTE_STRING);
        break;
    case HENG_CEL_BYTES:
        add(out, "b");
        heng_value_text_quote(out, heng_cel_value_str(value), HENG_VALUE_QUOTE_BYTES);
        break;
    default: /* only what was folded, which is written as a call */
        heng_value_text_add(out, value, true);
        break;
    }
}

/* ---- pieces ---- */

static void write_field_name(heng_cel_text *out, heng_str name) {
    bool plain = heng_cel_lexer_is_plain(name);
    add(out, plain ? "" : "`");
    heng_cel_text_add(out, name);
    add(out, plain ? "" : "`");
}

static void write_list(heng_cel_text *out, const heng_cel_node *node) {
    for (uint32_t i = 0; i < node->arg_count; i++) {
        add(out, i > 0 ? ", " : "");
        add(out, node->optional_items != NULL && node->optional_items[i] ? "?" : "");
        write_node(out, node->args[i], CONDITION);
    }
}

/* The entries of a map, or the fields of a message. */
static void write_entries(heng_cel_text *out, const heng_cel_node *node) {
    add(out, "{");
    for (uint32_t i = 0; i + 1 < node->arg_count; i += 2) {
        add(out, i > 0 ? ", " : "");
        add(out,
            node->optional_items != NULL && node->optional_items[i / 2] ? "?" : "");
        if (node->kind == HENG_CEL_NODE_STRUCT) {
            write_field_name(out, heng_cel_value_str(node->args[i]->value));
        } else {
            write_node(out, node->args[i], CONDITION);
        }
        add(out, ": ");
        write_node(out, node->args[i + 1], CONDITION);
    }
    add(out, "}");
}

static void write_select(heng_cel_text *out, const heng_cel_node *node) {
    add(out, node->test ? "has(" : "");
    write_node(out, node->operand, MEMBER);
    add(out, node->optional ? ".?" : ".");
    write_field_name(out, node->name);
    add(out, node->test ? ")" : "");
}

/* ---- calls ---- */

/* `-(5)` is not the literal `-5`: a number after a minus needs brackets. */
static void write_minus(heng_cel_text *out, const heng_cel_node *operand) {
    heng_cel_text inner = {.arena = out->arena};
    write_node(&inner, operand, is_call(operand, "-_", 1) ? UNARY : MEMBER);
    out->failed = out->failed || inner.failed;
    bool number = inner.len > 0 && inner.bytes[0] >= '0' && inner.bytes[0] <= '9';
    add(out, number ? "-(" : "-");
    heng_cel_text_add(out, (heng_str){inner.bytes, inner.len});
    add(out, number ? ")" : "");
}

static void write_call(heng_cel_text *out, const heng_cel_node *node) {
    size_t op = operator_of(node);
    if (op < OPERATOR_COUNT) {
        write_node(out, node->args[0], OPERATORS[op].precedence);
        add(out, OPERATORS[op].text);
        write_node(out, node->args[1], OPERATORS[op].precedence + 1);
    } else if (is_call(node, "!_", 1)) {
        add(out, "!");
        write_node(out, node->args[0],
                   is_call(node->args[0], "!_", 1) ? UNARY : MEMBER);
    } else if (is_call(node, "-_", 1)) {
        write_minus(out, node->args[0]);
    } else if (is_call(node, "_[_]", 2) || is_call(node, "_[?_]", 2)) {
        write_node(out, node->args[0], MEMBER);
        add(out, node->optional ? "[?" : "[");
        write_node(out, node->args[1], CONDITION);
        add(out, "]");
    } else {
        if (node->operand != NULL) {
            write_node(out, node->operand, MEMBER);
        }
        add(out, node->operand != NULL || node->absolute ? "." : "");
        heng_cel_text_add(out, node->name);
        add(out, "(");
        write_list(out, node);
        add(out, ")");
    }
}

/* ---- macros ---- */

static void write_loop(heng_cel_text *out, const heng_cel_node *node) {
    write_node(out, node->range, MEMBER);
    add(out, ".");
    add(out, node->macro);
    add(out, "(");
    for (size_t i = 0; i < 2 && node->variables[i].len > 0; i++) {
        add(out, i > 0 ? ", " : "");
        heng_cel_text_add(out, node->variables[i]);
    }
    const heng_cel_node *const parts[] = {node->condition, node->transform};
    for (size_t i = 0; i < 2; i++) {
        if (parts[i] != NULL) {
            add(out, ", ");
            write_node(out, parts[i], CONDITION);
        }
    }
    add(out, ")");
}

/* cel.bind, and what macro.c makes of optMap and optFlatMap. */
static void write_bind(heng_cel_text *out, const heng_cel_node *node) {
    const heng_cel_node *inner = node;
    if (node->name.ptr[0] == '@') {
        inner = node->args[1]->args[1];
        if (is_call(inner, "optional.of", 1)) {
            inner = strcmp(node->macro, "optMap") == 0 ? inner->args[0] : inner;
        }
        write_node(out, node->args[0], MEMBER);
        add(out, ".");
        add(out, node->macro);
        add(out, "(");
        heng_cel_text_add(out, inner->name);
    } else {
        add(out, "cel.bind(");
        heng_cel_text_add(out, node->name);
        add(out, ", ");
        write_node(out, node->args[0], CONDITION);
    }
    add(out, ", ");
    write_node(out, inner->args[1], CONDITION);
    add(out, ")");
}

/* ---- the tree ---- */

static void write_bare(heng_cel_text *out, const heng_cel_node *node) {
    switch (kind_of(node)) {
    case HENG_CEL_NODE_LITERAL:
        write_literal(out, node->value);
        break;
    case HENG_CEL_NODE_IDENT:
        add(out, node->absolute ? "." : "");
        heng_cel_text_add(out, node->name);
        break;
    case HENG_CEL_NODE_SELECT:
        write_select(out, node);
        break;
    case HENG_CEL_NODE_CALL:
        write_call(out, node);
        break;
    case HENG_CEL_NODE_AND:
    case HENG_CEL_NODE_OR:
        for (uint32_t i = 0; i < node->arg_count; i++) {
            bool is_and = node->kind == HENG_CEL_NODE_AND;
            add(out, i == 0 ? "" : is_and ? " && " : " || ");
            write_node(out, node->args[i], is_and ? RELATION : AND);
        }
        break;
    case HENG_CEL_NODE_CONDITION:
        write_node(out, node->args[0], OR);
        add(out, " ? ");
        write_node(out, node->args[1], OR);
        add(out, " : ");
        write_node(out, node->args[2], CONDITION);
        break;
    case HENG_CEL_NODE_LIST:
        add(out, "[");
        write_list(out, node);
        add(out, "]");
        break;
    case HENG_CEL_NODE_STRUCT:
        heng_cel_text_add(out, node->name);
        write_entries(out, node);
        break;
    case HENG_CEL_NODE_MAP:
        write_entries(out, node);
        break;
    case HENG_CEL_NODE_COMPREHENSION:
        write_loop(out, node);
        break;
    case HENG_CEL_NODE_BIND:
        write_bind(out, node);
        break;
    }
}

static void write_node(heng_cel_text *out, const heng_cel_node *node, int least) {
    bool brackets = precedence_of(node) < least;
    add(out, brackets ? "(" : "");
    write_bare(out, node);
    add(out, brackets ? ")" : "");
}

const char *heng_cel_unparse(const heng_cel_node *node, heng_arena *arena) {
    heng_cel_text out = {.arena = arena};
    write_node(&out, node, CONDITION);
    return heng_cel_text_end(&out);
}
