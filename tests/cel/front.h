/* SPDX-License-Identifier: Apache-2.0 */
/*
 * front.h: the stages before the machine, one by one, in a world like that of rules:
 * `r` and `records` are records, `subject` is one, `as_of` is the day, and `i u x s b l
 * m o v` are an int, uint, double, string, bool, list(int), map(string, int),
 * optional_type(int) and dyn.
 */
#ifndef HENG_TESTS_CEL_FRONT_H
#define HENG_TESTS_CEL_FRONT_H

#include "support/check.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "cel/cel_clock.h"
#include "cel/checker.h"
#include "cel/cost.h"
#include "cel/fold.h"
#include "cel/parser.h"
#include "support/golden.h"

enum { FRONT_RECORD_FIELDS = 8, FRONT_SUBJECT_FIELDS = 4 };

/** How far an expression is taken. */
enum front_stage { FRONT_PARSE, FRONT_CHECK, FRONT_FOLD, FRONT_COST, FRONT_CLOCK };

struct front {
    heng_arena *arena;
    heng_cel_env *env;
    heng_cel_object_type record, subject;
    heng_cel_field record_fields[FRONT_RECORD_FIELDS];
    heng_cel_field subject_fields[FRONT_SUBJECT_FIELDS];
    uint32_t slot_r, slot_as_of, slot_records;
    /* settings */
    bool no_macros, unchecked;
    const heng_cel_type *want;
    uint64_t cost_cap;
    /* of the last expression */
    heng_diags *diags;
    heng_source *source;
    heng_cel_ast ast;
};

static inline uint32_t front_declare(struct front *front, const char *name,
                                     const heng_cel_type *type) {
    uint32_t slot = 0;
    assert_int_equal(heng_cel_env_variable(front->env, heng_str_of(name), type, &slot),
                     HENG_OK);
    return slot;
}

static inline const heng_cel_type *front_type(struct front *front, const char *text) {
    const heng_cel_object_type *objects[] = {&front->record, &front->subject};
    const heng_cel_type *type =
        heng_cel_type_parse(front->arena, heng_str_of(text), objects, 2);
    assert_non_null(type);
    return type;
}

static inline void front_fields(struct front *front) {
    static const struct {
        const char *name, *type;
        bool may_be_absent;
    } record[] =
        {
            {"category", "string", false}, {"decided_on", "date", false},
            {"expires_on", "date", true},  {"amount", "decimal", true},
            {"case_kind", "string", true}, {"tags", "list(string)", true},
            {"in_force", "bool", false},   {"nature", "string", false},
        },
      subject[] = {
          {"name", "string", false},
          {"kind", "string", false},
          {"established_on", "date", true},
          {"staff", "int", true},
      };
    for (size_t i = 0; i < COUNT(record); i++) {
        front->record_fields[i] = (heng_cel_field){heng_str_of(record[i].name),
                                                   front_type(front, record[i].type),
                                                   record[i].may_be_absent};
    }
    for (size_t i = 0; i < COUNT(subject); i++) {
        front->subject_fields[i] = (heng_cel_field){heng_str_of(subject[i].name),
                                                    front_type(front, subject[i].type),
                                                    subject[i].may_be_absent};
    }
}

static inline void front_init(struct front *front) {
    static const struct {
        const char *name, *type;
    } variables[] = {
        {"subject", "subject"},
        {"records", "list(record)"},
        {"i", "int"},
        {"u", "uint"},
        {"x", "double"},
        {"s", "string"},
        {"b", "bool"},
        {"l", "list(int)"},
        {"m", "map(string,int)"},
        {"v", "dyn"},
        {"o", "optional_type(int)"},
    };
    memset(front, 0, sizeof *front);
    front->arena = heng_arena_new((size_t)1 << 26);
    assert_non_null(front->arena);
    front->env = heng_cel_env_new(front->arena);
    assert_non_null(front->env);
    front->record = (heng_cel_object_type){.name = HENG_STR("record"),
                                           .fields = front->record_fields,
                                           .field_count = FRONT_RECORD_FIELDS};
    front->subject = (heng_cel_object_type){.name = HENG_STR("subject"),
                                            .fields = front->subject_fields,
                                            .field_count = FRONT_SUBJECT_FIELDS};
    front_fields(front);
    front->slot_r = front_declare(front, "r", front_type(front, "record"));
    front->slot_as_of = front_declare(front, "as_of", front_type(front, "date"));
    for (size_t i = 0; i < COUNT(variables); i++) {
        uint32_t slot = front_declare(front, variables[i].name,
                                      front_type(front, variables[i].type));
        if (strcmp(variables[i].name, "records") == 0) {
            heng_cel_env_size(front->env, slot, 1000);
            front->slot_records = slot;
        }
    }
    heng_cel_env_clock(front->env, front->slot_as_of);
}

static inline void front_forget(struct front *front) {
    heng_diags_free(front->diags);
    heng_source_free(front->source);
    front->diags = NULL;
    front->source = NULL;
}

static inline void front_done(struct front *front) {
    front_forget(front);
    heng_arena_free(front->arena);
}

/** Takes an expression as far as `stage`; what was wrong is in `diags`. */
static inline heng_status front_run(struct front *front, heng_str text,
                                    enum front_stage stage) {
    heng_cel_report report = {.len = text.len};
    front_forget(front);
    front->diags = heng_diags_new();
    assert_non_null(front->diags);
    if (heng_source_new("rule.yaml", text.ptr, text.len, &front->source, NULL) !=
        HENG_OK) {
        front->source = NULL;
    }
    report.diags = front->diags;
    report.place.source = front->source;
    heng_status status = heng_cel_parser_parse(text, front->no_macros, front->arena,
                                               &report, &front->ast);
    if (status == HENG_OK && stage >= FRONT_CHECK) {
        status = heng_cel_checker_check(front->env, front->want, front->unchecked,
                                        front->arena, &report, &front->ast);
    }
    if (status == HENG_OK && stage >= FRONT_FOLD) {
        status = heng_cel_fold_constants(&front->ast, front->arena, &report);
    }
    if (status == HENG_OK && stage >= FRONT_COST) {
        status = heng_cel_cost_bound(front->env, front->cost_cap, front->arena, &report,
                                     &front->ast);
    }
    if (status == HENG_OK && stage >= FRONT_CLOCK) {
        heng_cel_clock_track(front->env, &front->ast);
    }
    assert_int_equal(status == HENG_ERR_INVALID, report.errors > 0);
    return status;
}

static inline void front_write(void *context, const char *text, size_t len) {
    assert_int_equal(heng_buffer_add(context, text, len), HENG_OK);
}

/** Adds the diagnostics of the last expression, as people see them. */
static inline void front_render(struct front *front, heng_buffer *out) {
    heng_diags_sort(front->diags);
    for (size_t i = 0; i < heng_diags_count(front->diags); i++) {
        heng_diag_render(heng_diags_get(front->diags, i), false, front_write, out);
    }
}

/**
 * Holds what is said of each line of `NAME.cel` against `NAME.expect`. A line is an
 * expression; in it `\N` is a line end. What is found good is told as such.
 */
static inline void front_golden(struct front *front, const char *name,
                                enum front_stage stage) {
    char path[128];
    size_t len = 0;
    heng_buffer out;
    heng_buffer_init(&out, (size_t)1 << 20);
    (void)snprintf(path, sizeof path, "golden/cel/%s.cel", name);
    char *lines = golden_read(path, &len);
    for (char *line = lines; line < lines + len;) {
        char *end = memchr(line, '\n', (size_t)(lines + len - line));
        assert_non_null(end);
        *end = '\0';
        for (char *at = strstr(line, "\\N"); at != NULL; at = strstr(at, "\\N")) {
            at[0] = ' ';
            at[1] = '\n';
        }
        heng_status status = front_run(front, heng_str_of(line), stage);
        (void)heng_buffer_add_format(&out, "%s\n", line);
        front_render(front, &out);
        (void)heng_buffer_add_text(&out, status == HENG_OK ? "good\n\n" : "\n");
        line = end + 1;
    }
    free(lines);
    (void)snprintf(path, sizeof path, "golden/cel/%s.expect", name);
    golden_check(path, out.bytes, out.len);
    heng_buffer_done(&out);
}

/* ---- trees as text ---- */

static inline void front_dump_node(heng_buffer *out, const heng_cel_node *node);

static inline void front_dump_children(heng_buffer *out, const heng_cel_node *node) {
    uint32_t count = heng_cel_ast_child_count(node);
    for (uint32_t i = 0; i < count; i++) {
        (void)heng_buffer_add_char(out, ' ');
        if (node->optional_items != NULL) {
            bool map = node->kind != HENG_CEL_NODE_LIST;
            if (node->optional_items[map ? i / 2 : i] && (!map || i % 2 == 0)) {
                (void)heng_buffer_add_char(out, '?');
            }
        }
        front_dump_node(out, heng_cel_ast_child(node, i));
    }
    (void)heng_buffer_add_char(out, ')');
}

static inline void front_dump_node(heng_buffer *out, const heng_cel_node *node) {
    static const char *const heads[] = {
        [HENG_CEL_NODE_AND] = "and",        [HENG_CEL_NODE_OR] = "or",
        [HENG_CEL_NODE_CONDITION] = "if",   [HENG_CEL_NODE_LIST] = "list",
        [HENG_CEL_NODE_MAP] = "map",        [HENG_CEL_NODE_STRUCT] = "struct",
        [HENG_CEL_NODE_COMPREHENSION] = "", [HENG_CEL_NODE_BIND] = "bind",
    };
    heng_arena *arena = heng_arena_new((size_t)1 << 20);
    assert_non_null(arena);
    if (node->kind == HENG_CEL_NODE_LITERAL) {
        (void)heng_buffer_add_text(out, heng_cel_value_print(node->value, arena));
    } else if (node->kind == HENG_CEL_NODE_IDENT) {
        (void)heng_buffer_add_format(out, "%s%.*s", node->absolute ? "." : "",
                                     HENG_STR_ARG(node->name));
    } else {
        (void)heng_buffer_add_char(out, '(');
        if (node->kind == HENG_CEL_NODE_SELECT) {
            (void)heng_buffer_add_format(out, "%s%.*s",
                                         node->test       ? "has ."
                                         : node->optional ? ".?"
                                                          : ".",
                                         HENG_STR_ARG(node->name));
        } else if (node->kind == HENG_CEL_NODE_CALL) {
            (void)heng_buffer_add_format(out, "%s%.*s",
                                         node->operand != NULL ? "." : "",
                                         HENG_STR_ARG(node->name));
            (void)heng_buffer_add_text(out, node->operand != NULL ? "()" : "");
        } else if (node->kind == HENG_CEL_NODE_COMPREHENSION) {
            (void)heng_buffer_add_format(out, "%s %.*s", node->macro,
                                         HENG_STR_ARG(node->variables[0]));
            if (node->variables[1].len > 0) {
                (void)heng_buffer_add_format(out, " %.*s",
                                             HENG_STR_ARG(node->variables[1]));
            }
        } else {
            (void)heng_buffer_add_text(out, heads[node->kind]);
            if (node->name.len > 0) {
                (void)heng_buffer_add_format(out, " %.*s", HENG_STR_ARG(node->name));
            }
        }
        front_dump_children(out, node);
    }
    heng_arena_free(arena);
}

/** The tree of the last expression, in the arena: `(_+_ 1 (.b a))`. */
static inline const char *front_dump(struct front *front) {
    heng_buffer out;
    heng_buffer_init(&out, (size_t)1 << 20);
    front_dump_node(&out, front->ast.root);
    const char *text = heng_arena_dup(front->arena, out.bytes, out.len);
    heng_buffer_done(&out);
    assert_non_null(text);
    return text;
}

/** A row: what an expression must give, as `want` of its test says. */
struct front_row {
    const char *name;
    const char *expression;
    const char *want;
};

/** The message of the first problem; fails the test where there is none. */
static inline const char *front_message(const struct front *front) {
    assert_true(heng_diags_count(front->diags) > 0);
    return heng_diags_get(front->diags, 0)->message;
}

#endif
