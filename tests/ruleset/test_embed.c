/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test_embed.c: each byte of a scalar's value is found where it was written, in every
 * style of YAML.
 */
#include "support/check.h"

#include <stdio.h>
#include <string.h>

#include "base/limits.h"
#include "ruleset/embed.h"

struct row {
    const char *name;
    const char *yaml;  /* a list of one scalar, or that scalar */
    const char *value; /* what YAML makes of it */
    const char *mark;  /* a part of the value … */
    size_t line, col;  /* … and where it stands */
};

static struct row rows[] = {
    {"plain", "- a > 5\n", "a > 5", "5", 1, 7},
    {"plain after a byte order mark", "\xEF\xBB\xBF- a > 5\n", "a > 5", "5", 1, 7},
    {"plain with wide characters", "- 金额 > 5\n", "金额 > 5", "5", 1, 8},
    {"plain over lines", "- a >\n    5 &&\n\n    b\n", "a > 5 &&\nb", "5", 2, 5},
    {"plain over lines, behind an empty one", "- a >\n    5 &&\n\n    b\n",
     "a > 5 &&\nb", "b", 4, 5},
    {"plain with CR LF", "- a >\r\n    5\r\n", "a > 5", "5", 2, 5},
    {"single quotes", "- 'a == \"x\"'\n", "a == \"x\"", "x", 1, 10},
    {"single quotes written twice", "- 'a == ''x'' && b'\n", "a == 'x' && b", "b", 1,
     18},
    {"single quotes over lines", "- 'a\n\n  ==\n  b'\n", "a\n== b", "==", 3, 3},
    {"double quotes", "- \"a == b\"\n", "a == b", "b", 1, 9},
    {"double quotes with escapes", "- \"a == \\\"x\\\" && b\"\n", "a == \"x\" && b",
     "b", 1, 18},
    {"double quotes with code points", "- \"\\u91d1 \\x41\\U0001F600 b\"\n",
     "金 A\xF0\x9F\x98\x80 b", "b", 1, 26},
    {"double quotes with a joined line", "- \"a \\\n  == b\"\n", "a == b", "b", 2, 6},
    {"double quotes with a line feed", "- \"a\\n\\tb\"\n", "a\n\tb", "b", 1, 9},
    {"double quotes over lines with escaped blanks", "- \"a  \n \\ \\nb\"\n", "a  \nb",
     "b", 2, 6},
    {"literal", "- |\n  a\n    > 5\n", "a\n  > 5\n", "5", 3, 7},
    {"literal, kept and indented", "- |2+\n   a\n\n", " a\n\n", "a", 2, 4},
    {"literal with a comment in its header", "- |- # a > 5\n  a > 5\n", "a > 5", "5", 2,
     7},
    {"literal with CR LF", "- |\r\n  a\r\n  > 5\r\n", "a\n> 5\n", "5", 3, 5},
    {"literal with wide characters", "- |\n  // 金额\n  b\n", "// 金额\nb\n", "b", 3,
     3},
    {"folded", "- >-\n  a >\n  5\n", "a > 5", "5", 3, 3},
    {"folded with paragraphs", "- >\n  a >\n\n\n  5\n", "a >\n\n5\n", "5", 5, 3},
    {"folded with a more indented line", "- >\n  a\n    b\n  c\n", "a\n  b\nc\n", "c",
     4, 3},
    {"behind an anchor", "- &a b\n", "b", "b", 1, 6},
    {"behind an anchor, double quotes", "- &b \"b\\x41\"\n", "bA", "A", 1, 8},
    {"behind an anchor, literal", "- &a |\n  a\n", "a\n", "a", 2, 3},
    {"an anchor may end at a colon", "- &-:&b b \"c\"\n", ":&b b \"c\"", "c", 1, 12},
    {"a key is a scalar too", "- {\"a\\x41\": b}\n", "aA", "A", 1, 6},
};

static const heng_yaml_node *first_scalar(const heng_yaml_node *node) {
    while (node->kind != HENG_YAML_SCALAR)
        node = node->kind == HENG_YAML_LIST ? node->as.items[0] : node->as.pairs[0].key;
    return node;
}

static bool is_white(char c) {
    return c == ' ' || c == '\n' || c == '\t';
}

static void check_row(void **state) {
    const struct row *row = *state;
    heng_arena *arena = heng_arena_new((size_t)1 << 20);
    heng_diags *diags = heng_diags_new();
    heng_source *source = NULL;
    heng_yaml_node *root = NULL;
    heng_embed embed = {NULL, 0};
    size_t budget = HENG_LIMIT_YAML_NODES;
    heng_str yaml = heng_str_of(row->yaml);
    assert_int_equal(heng_source_new("a.yaml", yaml.ptr, yaml.len, &source, NULL),
                     HENG_OK);
    assert_int_equal(heng_yaml_parse(source, source, arena, diags, &budget, &root),
                     HENG_OK);
    const heng_yaml_node *scalar = first_scalar(root);
    assert_true(heng_str_equal(scalar->text, heng_str_of(row->value)));
    assert_true(heng_embed_map(scalar, arena, &embed));

    const char *mark = strstr(row->value, row->mark);
    size_t at = (size_t)(mark - row->value);
    heng_span span = heng_embed_span(scalar, embed, at, at + 1);
    heng_pos pos = heng_source_locate(source, span.start);
    assert_int_equal(pos.line, row->line);
    assert_int_equal(pos.col, row->col);
    heng_embed part = heng_embed_from(embed, at);
    assert_int_equal(part.offsets == NULL ? part.base : part.offsets[0], span.start);

    /* every other character is where it was written, or is an escape there */
    for (size_t i = 0; i < scalar->text.len; i++) {
        size_t place = embed.offsets == NULL ? embed.base + i : embed.offsets[i];
        assert_true(place < yaml.len);
        char c = scalar->text.ptr[i];
        if (!is_white(c) && (unsigned char)c < 0x80)
            assert_true(yaml.ptr[place] == c || yaml.ptr[place] == '\\');
    }
    heng_source_free(source);
    heng_diags_free(diags);
    heng_arena_free(arena);
}

int main(void) {
    struct CMUnitTest tests[COUNT(rows)];
    for (size_t i = 0; i < COUNT(rows); i++)
        tests[i] = ROW_TEST(&rows[i], check_row);
    return check_run("ruleset/embed", tests, COUNT(tests), NULL, NULL);
}
