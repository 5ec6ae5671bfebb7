/* SPDX-License-Identifier: Apache-2.0 */
/* test_template.c: where texts end and expressions begin. */
#include "ruleset/load.h"

#include <string.h>

struct row {
    const char *name;
    const char *reason; /* as YAML */
    const char *want;   /* pieces: texts in [], expressions in <> */
};

static struct row rows[] = {
    {"no expression", "plain", "[plain]"},
    {"an expression alone", "\"{r.id}\"", "<r.id>"},
    {"an expression between texts", "a {r.id} b", "[a ]<r.id>[ b]"},
    {"two expressions side by side", "\"{r.id}{as_of}\"", "<r.id><as_of>"},
    {"doubled braces are braces", "\"{{r.id}} {{\"", "[{r.id} {]"},
    {"doubled braces beside an expression", "\"{{{r.id}}}\"", "[{]<r.id>[}]"},
    {"braces of a map belong to the expression", "\"{ {'a': 1}.size() }\"",
     "< {'a': 1}.size() >"},
    {"a brace in a string ends nothing", "\"{r.id + '}'}!\"", "<r.id + '}'>[!]"},
    {"a quote after a backslash ends no string", "'{r.id + \"\\\"}\"}!'",
     "<r.id + \"\\\"}\">[!]"},
    {"a backslash in a raw string is one", "'{r.id + r\"\\\"}!'",
     "<r.id + r\"\\\">[!]"},
    {"strings of three quotes", "'{r.id + \"\"\"a\"}b\"\"\"}!'",
     "<r.id + \"\"\"a\"}b\"\"\">[!]"},
    {"a block scalar", "|\n      因{r.id}\n      列入", "[因]<r.id>[\n列入\n]"},
    {"wide text", "因{r.document_no}被列入", "[因]<r.document_no>[被列入]"},
};

static void check_row(void **state) {
    const struct row *row = *state;
    heng_buffer text;
    heng_buffer out;
    heng_buffer_init(&text, 10000);
    heng_buffer_init(&out, 10000);
    heng_buffer_add_format(&text,
                           LOAD_HEAD LOAD_SOURCE "rules:\n"
                                                 "  - id: r1\n"
                                                 "    title: x\n"
                                                 "    applies_to: [legal_person]\n"
                                                 "    effective: {from: 2020-01-01}\n"
                                                 "    ground: r.in_force\n"
                                                 "    measures: []\n"
                                                 "    reason: %s\n" LOAD_BASIS,
                           row->reason);
    heng_ruleset *ruleset = load_good(heng_buffer_view(&text).ptr);
    for (size_t lang = 0; lang < 2; lang++) {
        const heng_template *template = &ruleset->rules[0].reason[lang];
        heng_buffer_clear(&out);
        for (size_t i = 0; i < template->count; i++) {
            const heng_template_piece *piece = &template->pieces[i];
            heng_buffer_add_text(&out, piece->program == NULL ? "[" : "<");
            heng_buffer_add_str(&out, piece->text);
            heng_buffer_add_text(&out, piece->program == NULL ? "]" : ">");
        }
        assert_string_equal(heng_buffer_view(&out).ptr, row->want);
    }
    heng_ruleset_free(ruleset);
    heng_buffer_done(&text);
    heng_buffer_done(&out);
}

int main(void) {
    struct CMUnitTest tests[COUNT(rows)];
    for (size_t i = 0; i < COUNT(rows); i++)
        tests[i] = ROW_TEST(&rows[i], check_row);
    return check_run("ruleset/template", tests, COUNT(tests), NULL, NULL);
}
