/* SPDX-License-Identifier: Apache-2.0 */
/* test_yaml.c: trees of YAML, written out again as JSON-like text with places. */
#include "support/check.h"

#include <stdio.h>
#include <string.h>

#include "base/buffer.h"
#include "base/limits.h"
#include "ruleset/ruleset_codes.h"
#include "ruleset/yaml.h"

struct row {
    const char *name;
    const char *yaml;
    const char *want; /* the tree; NULL: refused */
    uint32_t code;    /* of the only problem; 0: none */
};

static struct row rows[] = {
    {"nothing is no tree", "", "", 0},
    {"a comment is no tree", "# nothing\n", "", 0},
    {"an empty document is null", "---\n", "null@2:1", 0},
    {"places count characters", "键: 值\n", "{键@1:1: 值@1:4}@1:1", 0},
    {"places after a byte order mark",
     "\xEF\xBB\xBF"
     "a: b\n",
     "{a@1:1: b@1:4}@1:1", 0},
    {"CR LF ends lines", "a: 1\r\nb:\r\n  - c\r\n",
     "{a@1:1: 1@1:4, b@2:1: [c@3:5]@3:3}@1:1", 0},
    {"CR alone ends lines", "a: 1\rb: 2\r", "{a@1:1: 1@1:4, b@2:1: 2@2:4}@1:1", 0},
    {"an anchor is no part of its value", "- &a  x\n- *a\n", "[x@1:7, x@1:7]@1:1", 0},
    {"an alias stands for a list", "- &a [x]\n- *a\n", "[[x@1:7]@1:6, [x@1:7]@1:6]@1:1",
     0},
    {"the last anchor of a name counts", "[&a x, &a y, *a]",
     "[x@1:5, y@1:11, y@1:11]@1:1", 0},
    {"a directive is fine", "%YAML 1.1\n---\na\n", "a@3:1", 0},
    {"tabs may stand behind a value", "a: b\t# c\n", "{a@1:1: b@1:4}@1:1", 0},
    {"an escaped control character is a character", "\"\\0\"", "?@1:1", 0},
    {"a tag is refused, and the tree goes on", "!!str a\n", "a@1:7",
     HENG_RULESET_E_TAG},
    {"a key that stands twice", "{a: 1, a: 2}", "{a@1:2: 1@1:5, a@1:8: 2@1:11}@1:1",
     HENG_RULESET_E_TWICE},
    {"two documents", "a\n...\n---\nb\n", NULL, HENG_RULESET_E_DOCUMENTS},
    {"a document after its end", "a\n...\n---\nb\n", NULL, HENG_RULESET_E_DOCUMENTS},
    {"a key that is a list is left out", "{[a]: b, c: d}", "{c@1:10: d@1:13}@1:1",
     HENG_RULESET_E_KEY},
    {"an alias of nothing", "*a\n", NULL, HENG_RULESET_E_ALIAS},
    {"DEL is a control character", "a: \x7F\n", NULL, HENG_RULESET_E_CHARACTER},
    {"NEL is a line end only in YAML 1.1", "a: \xC2\x85\n", NULL,
     HENG_RULESET_E_CHARACTER},
    {"a byte order mark belongs at the start", "a: \xEF\xBB\xBF\n", NULL,
     HENG_RULESET_E_CHARACTER},
    {"a tab does not indent", "a:\n\t- b\n", NULL, HENG_RULESET_E_YAML},
    {"an open bracket", "[a, b\n", NULL, HENG_RULESET_E_YAML},
    {"YAML of the future", "%YAML 3.0\n---\na\n", NULL, HENG_RULESET_E_YAML},
};

static void write_node(heng_buffer *out, const heng_yaml_node *node) {
    heng_pos pos = heng_source_locate(node->span.source, node->span.start);
    if (node->kind == HENG_YAML_SCALAR) {
        if (heng_yaml_is_null(node))
            heng_buffer_add_text(out, "null");
        else if (memchr(node->text.ptr, '\0', node->text.len) != NULL)
            heng_buffer_add_text(out, "?");
        else
            heng_buffer_add_str(out, node->text);
    } else if (node->kind == HENG_YAML_LIST) {
        for (size_t i = 0; i < node->count; i++) {
            heng_buffer_add_text(out, i == 0 ? "[" : ", ");
            write_node(out, node->as.items[i]);
        }
        heng_buffer_add_text(out, "]");
    } else {
        for (size_t i = 0; i < node->count; i++) {
            heng_buffer_add_text(out, i == 0 ? "{" : ", ");
            write_node(out, node->as.pairs[i].key);
            heng_buffer_add_text(out, ": ");
            write_node(out, node->as.pairs[i].value);
        }
        heng_buffer_add_text(out, "}");
    }
    heng_buffer_add_format(out, "@%zu:%zu", pos.line, pos.col);
}

struct parsed {
    heng_arena *arena;
    heng_diags *diags;
    heng_source *source;
    heng_yaml_node *root;
    heng_status status;
};

static struct parsed parse(heng_str yaml) {
    struct parsed parsed = {heng_arena_new((size_t)1 << 30), heng_diags_new(), NULL,
                            NULL, HENG_OK};
    size_t budget = HENG_LIMIT_YAML_NODES;
    assert_int_equal(
        heng_source_new("a.yaml", yaml.ptr, yaml.len, &parsed.source, NULL), HENG_OK);
    parsed.status = heng_yaml_parse(parsed.source, parsed.source, parsed.arena,
                                    parsed.diags, &budget, &parsed.root);
    return parsed;
}

static void done(struct parsed *parsed) {
    heng_source_free(parsed->source);
    heng_diags_free(parsed->diags);
    heng_arena_free(parsed->arena);
}

static void check_row(void **state) {
    const struct row *row = *state;
    heng_buffer out;
    heng_buffer_init(&out, 10000);
    struct parsed parsed = parse(heng_str_of(row->yaml));
    assert_int_equal(heng_diags_count(parsed.diags), row->code != 0);
    if (row->code != 0)
        assert_int_equal(heng_diags_get(parsed.diags, 0)->code, row->code);
    assert_int_equal(parsed.status, row->want == NULL ? HENG_ERR_INVALID : HENG_OK);
    if (row->want != NULL) {
        if (parsed.root != NULL)
            write_node(&out, parsed.root);
        assert_string_equal(heng_buffer_view(&out).ptr, row->want);
    } else {
        assert_null(parsed.root); /* untouched on failure */
    }
    heng_buffer_done(&out);
    done(&parsed);
}

/* Texts of a character repeated, and what they must be refused for. */
static void check_repeated(const char *piece, size_t count, uint32_t code) {
    heng_buffer text;
    heng_buffer_init(&text, (size_t)32 << 20);
    for (size_t i = 0; i < count; i++)
        heng_buffer_add_text(&text, piece);
    struct parsed parsed = parse(heng_buffer_view(&text));
    assert_int_equal(parsed.status, HENG_ERR_INVALID);
    assert_int_equal(heng_diags_get(parsed.diags, 0)->code, code);
    done(&parsed);
    heng_buffer_done(&text);
}

static void depth_is_limited(void **state) {
    (void)state;
    check_repeated("[", 10000, HENG_RULESET_E_DEPTH);
    check_repeated("{a: ", 10000, HENG_RULESET_E_DEPTH);
    check_repeated("- ", 10000, HENG_RULESET_E_DEPTH);
    check_repeated("? ", 10000, HENG_RULESET_E_DEPTH);
}

static void depth_up_to_the_limit_is_fine(void **state) {
    (void)state;
    heng_buffer text;
    heng_buffer_init(&text, 1000);
    for (size_t i = 0; i < HENG_LIMIT_YAML_DEPTH; i++)
        heng_buffer_add_char(&text, '[');
    for (size_t i = 0; i < HENG_LIMIT_YAML_DEPTH; i++)
        heng_buffer_add_char(&text, ']');
    struct parsed parsed = parse(heng_buffer_view(&text));
    assert_int_equal(parsed.status, HENG_OK);
    done(&parsed);
    heng_buffer_done(&text);
}

/* An alias counts as deep as what it stands for, or depth could be had for free. */
static void aliases_do_not_hide_depth(void **state) {
    (void)state;
    heng_buffer text;
    heng_buffer_init(&text, 10000);
    heng_buffer_add_text(&text, "- &a0 [x]\n");
    for (int i = 1; i < 80; i++)
        heng_buffer_add_format(&text, "- &a%d [*a%d]\n", i, i - 1);
    struct parsed parsed = parse(heng_buffer_view(&text));
    assert_int_equal(parsed.status, HENG_ERR_INVALID);
    assert_int_equal(heng_diags_get(parsed.diags, 0)->code, HENG_RULESET_E_DEPTH);
    done(&parsed);
    heng_buffer_done(&text);
}

/* Each alias looks through all anchors. */
static void anchors_are_limited(void **state) {
    (void)state;
    check_repeated("- &a x\n", HENG_LIMIT_YAML_ALIAS_NODES + 1, HENG_RULESET_E_BOMB);
}

static void aliases_may_expand_a_little(void **state) {
    (void)state;
    heng_buffer text;
    heng_buffer_init(&text, 100000);
    heng_buffer_add_text(&text, "- &a [1, 2, 3, 4, 5, 6, 7, 8, 9]\n");
    for (size_t i = 0; i < HENG_LIMIT_YAML_ALIAS_NODES / 10; i++)
        heng_buffer_add_text(&text, "- *a\n");
    struct parsed parsed = parse(heng_buffer_view(&text));
    assert_int_equal(parsed.status, HENG_OK);
    done(&parsed);
    heng_buffer_add_text(&text, "- *a\n");
    parsed = parse(heng_buffer_view(&text));
    assert_int_equal(parsed.status, HENG_ERR_INVALID);
    assert_int_equal(heng_diags_get(parsed.diags, 0)->code, HENG_RULESET_E_BOMB);
    done(&parsed);
    heng_buffer_done(&text);
}

/* Comparing each key with each would take hours. */
static void many_keys_are_no_trouble(void **state) {
    (void)state;
    heng_buffer text;
    heng_buffer_init(&text, (size_t)8 << 20);
    for (int i = 0; i < 200000; i++)
        heng_buffer_add_format(&text, "key%d: x\n", i);
    heng_buffer_add_text(&text, "key77: x\n");
    struct parsed parsed = parse(heng_buffer_view(&text));
    assert_int_equal(parsed.status, HENG_OK);
    assert_int_equal(heng_diags_count(parsed.diags), 1);
    const heng_diag *diag = heng_diags_get(parsed.diags, 0);
    assert_int_equal(diag->code, HENG_RULESET_E_TWICE);
    assert_int_equal(heng_source_locate(parsed.source, diag->span.start).line, 200001);
    assert_int_equal(heng_source_locate(parsed.source, diag->also_span.start).line, 78);
    done(&parsed);
    heng_buffer_done(&text);
}

/* Marks come in characters; walking from the start for each would be the square. */
static void places_in_long_wide_text_are_cheap(void **state) {
    (void)state;
    heng_buffer text;
    heng_buffer_init(&text, (size_t)16 << 20);
    for (int i = 0; i < 100000; i++)
        heng_buffer_add_text(&text, "- 信用: {湖南: 长沙}\n");
    struct parsed parsed = parse(heng_buffer_view(&text));
    assert_int_equal(parsed.status, HENG_OK);
    const heng_yaml_node *last = parsed.root->as.items[99999]->as.pairs[0].value;
    heng_pos pos =
        heng_source_locate(parsed.source, last->as.pairs[0].value->span.start);
    assert_int_equal(pos.line, 100000);
    assert_int_equal(pos.col, 12);
    done(&parsed);
    heng_buffer_done(&text);
}

int main(void) {
    struct CMUnitTest tests[COUNT(rows) + 8];
    size_t count = 0;
    for (size_t i = 0; i < COUNT(rows); i++)
        tests[count++] = ROW_TEST(&rows[i], check_row);
    const struct CMUnitTest others[] = {
        cmocka_unit_test(depth_is_limited),
        cmocka_unit_test(depth_up_to_the_limit_is_fine),
        cmocka_unit_test(aliases_do_not_hide_depth),
        cmocka_unit_test(anchors_are_limited),
        cmocka_unit_test(aliases_may_expand_a_little),
        cmocka_unit_test(many_keys_are_no_trouble),
        cmocka_unit_test(places_in_long_wide_text_are_cheap),
    };
    memcpy(tests + count, others, sizeof others);
    count += COUNT(others);
    return check_run("ruleset/yaml", tests, count, NULL, NULL);
}
