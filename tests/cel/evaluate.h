/* SPDX-License-Identifier: Apache-2.0 */
/* evaluate.h: an expression in, its value as text out: what most tests of the language
 * need. */
#ifndef HENG_TESTS_CEL_EVALUATE_H
#define HENG_TESTS_CEL_EVALUATE_H

#include "support/check.h"

#include <string.h>

#include "cel/program.h"

/** Where expressions of a test are compiled and run; arena and env owned. */
struct evaluate {
    heng_arena *arena;
    heng_cel_env *env;
    const heng_cel_value *values;
    heng_cel_options options;
    heng_cel_frame frame;      /* as the run left it */
    heng_cel_program *program; /* the last one */
    const char *message;       /* of the first problem of the last one, or NULL */
};

static inline void evaluate_init(struct evaluate *evaluate) {
    memset(evaluate, 0, sizeof *evaluate);
    evaluate->arena = heng_arena_new((size_t)1 << 28);
    assert_non_null(evaluate->arena);
    evaluate->env = heng_cel_env_new(evaluate->arena);
    assert_non_null(evaluate->env);
    evaluate->frame.clock = HENG_DATE_NONE;
    evaluate->frame.next_change = HENG_DATE_NONE;
}

static inline void evaluate_done(struct evaluate *evaluate) {
    heng_cel_program_done(evaluate->program);
    heng_arena_free(evaluate->arena);
}

/** Compiles; false where it is refused, then `message` says why. */
static inline bool evaluate_compile(struct evaluate *evaluate, heng_str text) {
    heng_diags *diags = heng_diags_new();
    assert_non_null(diags);
    heng_cel_program_done(evaluate->program);
    evaluate->program = NULL;
    evaluate->message = NULL;
    heng_status status =
        heng_cel_compile(evaluate->env, text, (heng_cel_place){0}, &evaluate->options,
                         evaluate->arena, diags, &evaluate->program);
    if (status != HENG_OK) {
        const char *message = heng_diags_count(diags) > 0
                                  ? heng_diags_get(diags, 0)->message
                                  : heng_status_text(status);
        evaluate->message = heng_arena_dup(evaluate->arena, message, strlen(message));
    }
    heng_diags_free(diags);
    return status == HENG_OK;
}

/** The value as text; `error: …` or `invalid: …` where there is none. */
static inline const char *evaluate_text(struct evaluate *evaluate, const char *text) {
    const char *got = NULL;
    if (!evaluate_compile(evaluate, heng_str_of(text))) {
        got = heng_arena_printf(evaluate->arena, "invalid: %s", evaluate->message);
    } else {
        evaluate->frame.arena = evaluate->arena;
        evaluate->frame.cost = 0;
        got = heng_cel_value_print(
            heng_cel_run(evaluate->program, &evaluate->frame, evaluate->values),
            evaluate->arena);
    }
    assert_non_null(got);
    return got;
}

/** A row of a table: what an expression must give. */
struct evaluate_row {
    const char *name;
    const char *expression;
    const char *want;
};

static inline void evaluate_row(void **state) {
    const struct evaluate_row *row = *state;
    struct evaluate evaluate;
    evaluate_init(&evaluate);
    evaluate.options.no_fold = true; /* the machine is what is looked at */
    assert_string_equal(evaluate_text(&evaluate, row->expression), row->want);
    evaluate_done(&evaluate);
}

#endif
