/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test_golden.c: everything that can be wrong with a ruleset, and the full text of what
 * is said about it.
 *
 * Each tests/golden/ruleset/X.yaml is loaded, and what is printed must be X.expect. A
 * line that ends in `# expect HENG-Ennnn …` must have those errors, and no other line
 * may have any. `# expect-last` stands for any place from that line on (what is left
 * open shows at the end of a file), `# expect-file` for errors about no line. A line
 * `# file: NAME` begins another file of the same ruleset.
 */
#include "ruleset/load.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "cel/cel_codes.h"
#include "heng/arena.h"
#include "ruleset/ruleset_codes.h"
#include "support/golden.h"

#define FOLDER "golden/ruleset"

enum { FILES_MAX = 8, MARKS_MAX = 256, CODES_MAX = 512 };

static bool seen[CODES_MAX];

enum where { ON_LINE, FROM_LINE, NOWHERE };
struct mark {
    enum where where;
    char file[64];
    size_t line;
    uint32_t code;
    bool met;
};

struct golden {
    char name[128]; /* of the YAML file below the folder */
    heng_ruleset_file files[FILES_MAX];
    char names[FILES_MAX][64];
    size_t file_count;
    struct mark marks[MARKS_MAX];
    size_t mark_count;
};

static void add_marks(struct golden *golden, const char *file, size_t line,
                      const char *text, size_t len) {
    static const char *const WORDS[] = {"# expect ", "# expect-last ",
                                        "# expect-file "};
    for (size_t where = 0; where < COUNT(WORDS); where++) {
        size_t word_len = strlen(WORDS[where]);
        for (size_t i = 0; i + word_len <= len; i++) {
            if (memcmp(text + i, WORDS[where], word_len) != 0)
                continue;
            for (size_t j = i + word_len; j + 10 <= len; j++) {
                if (memcmp(text + j, "HENG-E", 6) != 0)
                    continue;
                assert_true(golden->mark_count < MARKS_MAX);
                struct mark *mark = &golden->marks[golden->mark_count++];
                mark->where = (enum where)where;
                mark->line = line;
                mark->code = (uint32_t)strtoul(text + j + 6, NULL, 10);
                (void)snprintf(mark->file, sizeof mark->file, "%s", file);
            }
            return;
        }
    }
}

/* Cuts a golden file into the files of its ruleset, and finds their marks. */
static void split(struct golden *golden, const char *text, size_t len) {
    static const char BEGIN[] = "# file: ";
    size_t line = 0;
    golden->file_count = 0;
    for (size_t at = 0; at < len;) {
        const char *end = memchr(text + at, '\n', len - at);
        size_t next = end == NULL ? len : (size_t)(end - text) + 1;
        size_t line_len = end == NULL ? len - at : next - 1 - at;
        bool begins = line_len > sizeof BEGIN - 1 &&
                      memcmp(text + at, BEGIN, sizeof BEGIN - 1) == 0;
        if (begins || golden->file_count == 0) {
            assert_true(golden->file_count < FILES_MAX);
            size_t index = golden->file_count++;
            int name_len = (int)(line_len - (sizeof BEGIN - 1));
            if (begins)
                (void)snprintf(golden->names[index], sizeof golden->names[index],
                               "%.*s", name_len, text + at + sizeof BEGIN - 1);
            else
                (void)snprintf(golden->names[index], sizeof golden->names[index],
                               "test.yaml");
            golden->files[index].name = golden->names[index];
            golden->files[index].text = (heng_str){text + (begins ? next : at), 0};
            line = begins ? 0 : 1;
        } else {
            line++;
        }
        heng_ruleset_file *file = &golden->files[golden->file_count - 1];
        file->text.len = (size_t)(text + next - file->text.ptr);
        if (line > 0)
            add_marks(golden, file->name, line, text + at, line_len);
        at = next;
    }
}

static bool fits(const struct mark *mark, const heng_diag *diag) {
    if (mark->met || mark->code != diag->code)
        return false;
    if (mark->where == NOWHERE || diag->span.source == NULL)
        return mark->where == NOWHERE && diag->span.source == NULL;
    size_t line = heng_source_locate(diag->span.source, diag->span.start).line;
    return strcmp(heng_source_name(diag->span.source), mark->file) == 0 &&
           (mark->where == FROM_LINE ? line >= mark->line : line == mark->line);
}

static void check_marks(struct golden *golden, const heng_diags *diags,
                        const char *text) {
    for (size_t i = 0; i < heng_diags_count(diags); i++) {
        const heng_diag *diag = heng_diags_get(diags, i);
        size_t at = 0;
        if (diag->severity != HENG_SEVERITY_ERROR)
            continue;
        while (at < golden->mark_count && !fits(&golden->marks[at], diag))
            at++;
        if (at == golden->mark_count) {
            (void)fprintf(stderr, "%s\n", text); /* too long for fail_msg */
            fail_msg("%s: HENG-E%04u at byte %zu is not expected", golden->name,
                     (unsigned)diag->code, diag->span.start);
        }
        golden->marks[at].met = true;
        seen[diag->code] = true;
    }
    for (size_t i = 0; i < golden->mark_count; i++) {
        const struct mark *mark = &golden->marks[i];
        if (!mark->met) {
            (void)fprintf(stderr, "%s\n", text);
            fail_msg("%s: %s:%zu: HENG-E%04u is expected and was not found",
                     golden->name, mark->file, mark->line, (unsigned)mark->code);
        }
    }
}

static void check_loaded(struct golden *golden, bool has_marks) {
    heng_diags *diags = heng_diags_new();
    heng_ruleset *ruleset = NULL;
    heng_error error = {0};
    heng_buffer out;
    char path[192];
    heng_buffer_init(&out, 1 << 22);
    heng_status status = heng_ruleset_load_files(golden->files, golden->file_count,
                                                 diags, &ruleset, &error);
    load_render(diags, &out);
    heng_buffer_add_format(&out, "status: %s\n", heng_status_name(status));
    assert_int_equal(heng_buffer_status(&out), HENG_OK);
    if (has_marks)
        check_marks(golden, diags, heng_buffer_view(&out).ptr);
    for (size_t i = 0; i < heng_diags_count(diags); i++)
        seen[heng_diags_get(diags, i)->code] = true;
    (void)snprintf(path, sizeof path, FOLDER "/%.*s.expect",
                   (int)(strlen(golden->name) - strlen(".yaml")), golden->name);
    heng_str text = heng_buffer_view(&out);
    golden_check(path, text.ptr, text.len);
    heng_buffer_done(&out);
    heng_ruleset_free(ruleset);
    heng_diags_free(diags);
}

static void check_file(void **state) {
    const char *name = *state;
    struct golden *golden = calloc(1, sizeof *golden);
    char path[192];
    size_t len = 0;
    assert_non_null(golden);
    (void)snprintf(golden->name, sizeof golden->name, "%s", name);
    (void)snprintf(path, sizeof path, FOLDER "/%s", name);
    char *text = golden_read(path, &len);
    split(golden, text, len);
    check_loaded(golden, true);
    free(text);
    free(golden);
}

/* Inputs too large to be kept. */
static void check_text(const char *name, heng_str text) {
    struct golden *golden = calloc(1, sizeof *golden);
    assert_non_null(golden);
    (void)snprintf(golden->name, sizeof golden->name, "%s.yaml", name);
    golden->files[0] = (heng_ruleset_file){"test.yaml", text};
    golden->file_count = 1;
    check_loaded(golden, false);
    free(golden);
}

static void too_many_values(void **state) {
    (void)state;
    heng_buffer text;
    heng_buffer_init(&text, (size_t)16 << 20);
    heng_buffer_add_text(&text, LOAD_HEAD "tests:\n");
    for (size_t i = 0; i < 4100000 / 1000; i++) {
        heng_buffer_add_text(&text, "- [");
        for (size_t j = 0; j < 1000; j++)
            heng_buffer_add_text(&text, "1,");
        heng_buffer_add_text(&text, "]\n");
    }
    check_text("generated_nodes", heng_buffer_view(&text));
    heng_buffer_done(&text);
}

static void too_many_pairs_of_rules(void **state) {
    (void)state;
    heng_buffer text;
    heng_buffer_init(&text, (size_t)16 << 20);
    heng_buffer_add_text(&text, LOAD_HEAD LOAD_SOURCE "rules:\n");
    for (int i = 0; i < 1002; i++) {
        heng_buffer_add_format(
            &text,
            "  - {id: r%d, title: x, tags: [a], applies_to: [legal_person], effective: "
            "{from: 2020-01-01}, when: 'true', measures: [], basis: [{source: law, "
            "article: '1'}], exception_to: ['tag:a']}\n",
            i);
    }
    check_text("generated_exceptions", heng_buffer_view(&text));
    heng_buffer_done(&text);
}

static void too_many_pairs_of_measures(void **state) {
    (void)state;
    heng_buffer text;
    heng_buffer_init(&text, (size_t)16 << 20);
    heng_buffer_add_text(&text, LOAD_HEAD LOAD_SOURCE "measures:\n");
    for (int i = 0; i < 2002; i++) {
        heng_buffer_add_format(&text,
                               "  - {id: m%d, title: x, kind: incentive, force: "
                               "mandatory, matters: [], authority: x, tags: [%s]}\n",
                               i, i % 2 == 0 ? "a" : "b");
    }
    heng_buffer_add_text(&text, "conflicts:\n"
                                "  - between: ['tag:a', 'tag:b']\n"
                                "    keep: 'tag:a'\n" LOAD_BASIS);
    check_text("generated_conflicts", heng_buffer_view(&text));
    heng_buffer_done(&text);
}

static void too_many_items(void **state) {
    (void)state;
    heng_buffer text;
    heng_buffer_init(&text, (size_t)1 << 20);
    heng_buffer_add_text(&text, LOAD_HEAD "measures:\n"
                                          "  - id: m\n"
                                          "    title: x\n"
                                          "    kind: incentive\n"
                                          "    force: mandatory\n"
                                          "    authority: x\n"
                                          "    matters: []\n"
                                          "    tags: [");
    for (int i = 0; i < 1001; i++)
        heng_buffer_add_format(&text, "t%d,\n      ", i);
    heng_buffer_add_text(&text, "]\n"
                                "categories:\n"
                                "  - id: c\n"
                                "    title: x\n"
                                "    information: public\n"
                                "    nature: neutral\n"
                                "    provider: x\n"
                                "    attributes:\n");
    for (int i = 0; i < 257; i++)
        heng_buffer_add_format(&text, "      a%d: {type: int}\n", i);
    check_text("generated_items", heng_buffer_view(&text));
    heng_buffer_done(&text);
}

static void too_many_entries(void **state) {
    (void)state;
    heng_buffer text;
    heng_buffer_init(&text, (size_t)16 << 20);
    heng_buffer_add_text(&text, LOAD_HEAD "rules: [");
    for (int i = 0; i < 100001; i++)
        heng_buffer_add_text(&text, "x,\n ");
    heng_buffer_add_text(&text, "]\n");
    check_text("generated_entries", heng_buffer_view(&text));
    heng_buffer_done(&text);
}

/* Runs last: a code without an example is one that nobody has read. */
static void every_code_has_an_example(void **state) {
    (void)state;
    static const uint32_t CODES[] = {
#define X(constant, code, text) code,
        HENG_RULESET_CODE_MAP(X)
#undef X
    };
    for (size_t i = 0; i < COUNT(CODES); i++) {
        if (!seen[CODES[i]])
            fail_msg("no golden file shows HENG-E%04u", (unsigned)CODES[i]);
    }
}

int main(void) {
    heng_arena *arena = heng_arena_new((size_t)1 << 24);
    heng_str *names = NULL;
    size_t count = 0;
    if (arena == NULL ||
        heng_file_list(FOLDER, ".yaml", arena, &names, &count, NULL) != HENG_OK) {
        (void)fprintf(stderr, "cannot list " FOLDER "\n");
        return 1;
    }
    const struct CMUnitTest others[] = {
        cmocka_unit_test(too_many_values),
        cmocka_unit_test(too_many_pairs_of_rules),
        cmocka_unit_test(too_many_pairs_of_measures),
        cmocka_unit_test(too_many_items),
        cmocka_unit_test(too_many_entries),
        cmocka_unit_test(every_code_has_an_example),
    };
    struct CMUnitTest *tests = calloc(count + COUNT(others), sizeof *tests);
    if (tests == NULL)
        return 1;
    for (size_t i = 0; i < count; i++) {
        union {
            const char *in;
            void *out;
        } name = {names[i].ptr};
        tests[i] = (struct CMUnitTest){names[i].ptr, check_file, 0, 0, name.out};
    }
    memcpy(tests + count, others, sizeof others);
    int status = check_run("ruleset/golden", tests, count + COUNT(others), NULL, NULL);
    free(tests);
    heng_arena_free(arena);
    return status;
}
