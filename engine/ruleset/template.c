/* SPDX-License-Identifier: Apache-2.0 */
/* template.c: finds the expressions in a text. */
#include "ruleset/template.h"

#include <string.h>

struct pieces {
    heng_template_piece *list; /* room for one of every second byte and the rest */
    size_t count;
    char *text; /* the plain text of all pieces, doubled braces undone */
    size_t text_len;
    size_t text_from; /* of the piece being read */
};

static void end_text(struct pieces *pieces) {
    if (pieces->text_len > pieces->text_from) {
        pieces->list[pieces->count++] = (heng_template_piece){
            {pieces->text + pieces->text_from, pieces->text_len - pieces->text_from},
            NULL};
    }
    pieces->text_from = pieces->text_len;
}

/* Past the string literal of the condition language at `at`; the end where it does not
 * end. */
static size_t skip_string(heng_str text, size_t at, bool raw) {
    char quote = text.ptr[at];
    size_t left = text.len - at;
    bool triple = left >= 3 && text.ptr[at + 1] == quote && text.ptr[at + 2] == quote;
    size_t width = triple ? 3 : 1;
    at += width;
    while (at < text.len) {
        if (text.ptr[at] == '\\' && !raw) {
            at += 2;
            continue;
        }
        if (text.ptr[at] == quote &&
            (!triple || (text.len - at >= 3 && text.ptr[at + 1] == quote &&
                         text.ptr[at + 2] == quote)))
            return at + width;
        at++;
    }
    return text.len;
}

/* The `}` that ends the expression whose first byte is at `at`; text.len where there is
 * none. Braces inside it are those of maps. */
static size_t find_end(heng_str text, size_t at) {
    size_t depth = 0;
    while (at < text.len) {
        char c = text.ptr[at];
        if (c == '"' || c == '\'') {
            bool raw = at > 0 && (text.ptr[at - 1] == 'r' || text.ptr[at - 1] == 'R');
            at = skip_string(text, at, raw);
            continue;
        }
        if (c == '{')
            depth++;
        if (c == '}' && depth-- == 0)
            return at;
        at++;
    }
    return text.len;
}

static void report_brace(const heng_expressions *expressions,
                         const heng_yaml_node *scalar, heng_embed embed, size_t at,
                         const char *message) {
    heng_reader *reader = expressions->reader;
    heng_span span = heng_embed_span(scalar, embed, at, at + 1);
    heng_diags_error(reader->diags, HENG_RULESET_E_BRACE, heng_form_place(reader, span),
                     "%s", message);
    heng_diags_help(reader->diags,
                    "write `{{` and `}}` for braces that are part of the text");
}

static bool is_blank(heng_str text) {
    for (size_t i = 0; i < text.len; i++) {
        if (text.ptr[i] != ' ' && text.ptr[i] != '\n' && text.ptr[i] != '\t')
            return false;
    }
    return true;
}

heng_status heng_template_compile(heng_expressions *expressions,
                                  const heng_form_file *file,
                                  const heng_yaml_node *scalar,
                                  heng_template *ret_template) {
    heng_str text = scalar->text;
    heng_embed embed = {NULL, 0};
    struct pieces pieces = {0};
    size_t braces = 1;
    for (size_t i = 0; i < text.len; i++)
        braces += text.ptr[i] == '{';
    pieces.list = heng_form_alloc(expressions->reader, braces * 2, sizeof *pieces.list);
    pieces.text = heng_form_alloc(expressions->reader, text.len + 1, 1);
    if (pieces.list == NULL || pieces.text == NULL ||
        !heng_embed_map(scalar, expressions->reader->arena, &embed))
        return HENG_ERR_NOMEM;

    for (size_t at = 0; at < text.len;) {
        char c = text.ptr[at];
        bool doubled = at + 1 < text.len && text.ptr[at + 1] == c;
        if ((c != '{' && c != '}') || doubled) {
            pieces.text[pieces.text_len++] = c;
            at += c == '{' || c == '}' ? 2 : 1;
            continue;
        }
        if (c == '}') {
            report_brace(expressions, scalar, embed, at,
                         "this `}` ends no expression, expected a `{` before it");
            return HENG_OK;
        }
        size_t end = find_end(text, at + 1);
        if (end == text.len) {
            report_brace(expressions, scalar, embed, at,
                         "no `}` ends the expression that begins here");
            return HENG_OK;
        }
        if (is_blank((heng_str){text.ptr + at + 1, end - at - 1})) {
            report_brace(expressions, scalar, embed, at,
                         "there is nothing between these braces, expected an "
                         "expression");
            return HENG_OK;
        }
        end_text(&pieces);
        heng_template_piece *piece = &pieces.list[pieces.count++];
        piece->text = (heng_str){text.ptr + at + 1, end - at - 1};
        heng_status status =
            heng_expression_compile(expressions, HENG_EXPRESSION_REASON, file, scalar,
                                    embed, at + 1, end, &piece->program, NULL);
        if (status == HENG_ERR_NOMEM)
            return status;
        at = end + 1;
    }
    end_text(&pieces);
    *ret_template = (heng_template){pieces.list, pieces.count};
    return HENG_OK;
}
