/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cmd_eval.c: `heng eval`: one expression, its value, type, cost and steps, for people;
 * or, with --jsonl, cases from standard input.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "cel/env.h"
#include "cel/program.h"
#include "cli/eval_jsonl.h"
#include "cli/eval_subject.h"
#include "cli/options.h"
#include "cli/output.h"

/* What `--subject` and `--bind NAME=EXPR` made: what the expression sees. */
struct scope {
    heng_arena *arena;
    heng_cel_env *env;
    heng_cel_value *values;
    size_t count;
    bool color;
    const heng_render *render; /* says what is masked; NULL: no subject, nothing is */
};

/* Lines of --steps, in order of evaluation. */
struct steps {
    const struct scope *scope;
    heng_str text;
    heng_buffer *out;
};

/* A value as it may be shown. NULL: out of memory. */
static heng_str shown(const struct scope *scope, heng_cel_value value) {
    const char *text = heng_cel_value_print(value, scope->arena);
    if (text == NULL || scope->render == NULL)
        return (heng_str){text, text == NULL ? 0 : strlen(text)};
    return heng_render_masked(scope->render, heng_str_of(text));
}

/* ---- problems, with their place ---- */

static void render(const heng_diag *diag, bool color) {
    heng_diag_render(diag, color, heng_output_err_piece, NULL);
}

static void render_all(heng_diags *diags, bool color) {
    heng_diags_sort(diags);
    for (size_t i = 0; i < heng_diags_count(diags); i++) {
        render(heng_diags_get(diags, i), color);
    }
}

/* What can be done about a failure; NULL: nothing that is known. */
static const char *help_for(const struct scope *scope, const heng_cel_error *error,
                            const heng_cel_node *node, heng_str text) {
    if (scope->render != NULL && error->code == HENG_CEL_ERR_UNKNOWN_NAME)
        return "`--record RECORD` names the record that `r` is; `heng explain` shows "
               "the grounds of a rule";
    if (error->code == HENG_CEL_ERR_NO_FIELD && node != NULL &&
        node->kind == HENG_CEL_NODE_SELECT && !node->test)
        return heng_arena_printf(scope->arena, "`has(%.*s)` asks whether it is there",
                                 (int)node->len, text.ptr + node->start);
    return NULL;
}

static void render_failure(const struct scope *scope, const heng_cel_program *program,
                           const heng_source *source, heng_cel_value value) {
    const heng_cel_error *error = value.as.error;
    const heng_cel_ast *ast = heng_cel_program_ast(program);
    const heng_cel_node *node = error->node == 0 ? NULL : ast->nodes[error->node - 1];
    heng_str what = scope->render == NULL
                        ? error->message
                        : heng_render_masked(scope->render, error->message);
    if (what.ptr == NULL) {
        what = HENG_STR("out of memory");
    }
    char message[HENG_ERROR_TEXT_BYTES];
    (void)snprintf(message, sizeof message, "%.*s", HENG_STR_ARG(what));
    heng_diag diag = {.severity = HENG_SEVERITY_ERROR,
                      .message = message,
                      .place = "expression",
                      .help = help_for(scope, error, node, ast->text)};
    if (node != NULL) {
        diag.span = (heng_span){source, node->start, node->len};
    }
    render(&diag, scope->color);
}

/* ---- evaluating ---- */

static void add_step(void *context, const heng_cel_node *node, heng_cel_value value) {
    struct steps *steps = context;
    heng_str text = shown(steps->scope, value);
    if (node->kind == HENG_CEL_NODE_LITERAL || text.ptr == NULL)
        return; /* a literal says its value itself */
    (void)heng_buffer_add(steps->out, steps->text.ptr + node->start, node->len);
    (void)heng_buffer_add_text(steps->out, "  =  ");
    (void)heng_buffer_add(steps->out, text.ptr, text.len);
    (void)heng_buffer_add_char(steps->out, '\n');
}

/* Compiles and runs `text`. False after saying what is wrong. `steps` may be NULL. */
static bool evaluate(struct scope *scope, const char *name, heng_str text,
                     struct steps *steps, heng_cel_value *ret_value,
                     const heng_cel_type **ret_type, uint64_t *ret_cost,
                     uint64_t *ret_cost_max) {
    heng_cel_program *program = NULL;
    heng_source *source = NULL;
    heng_diags *diags = heng_diags_new();
    heng_error error = {0};
    bool done = false;

    heng_status status =
        diags == NULL ? heng_error_nomem(&error)
                      : heng_source_new(name, text.ptr, text.len, &source, &error);
    if (status == HENG_OK) {
        heng_cel_options options = {.trace = steps != NULL, .no_fold = steps != NULL};
        heng_cel_place place = {.source = source};
        status = heng_cel_compile(scope->env, heng_source_text(source), place, &options,
                                  scope->arena, diags, &program);
        if (status == HENG_ERR_NOMEM) {
            (void)heng_error_nomem(&error);
        }
    }
    if (status == HENG_ERR_INVALID && diags != NULL && heng_diags_count(diags) > 0) {
        render_all(diags, scope->color);
    } else if (status != HENG_OK) {
        (void)heng_output_error(&error);
    } else {
        heng_cel_frame frame = {.arena = scope->arena,
                                .clock = HENG_DATE_NONE,
                                .next_change = HENG_DATE_NONE,
                                .cost_cap = HENG_LIMIT_EVAL_COST,
                                .trace = steps == NULL ? NULL : add_step,
                                .trace_context = steps};
        heng_cel_value value = heng_cel_run(program, &frame, scope->values);
        *ret_value = value;
        *ret_type = heng_cel_program_type(program);
        *ret_cost = frame.cost;
        *ret_cost_max = heng_cel_program_cost_max(program);
        done = !heng_cel_value_is_error(value);
        if (!done) {
            render_failure(scope, program, source, value);
        }
    }
    heng_cel_program_done(program);
    heng_source_free(source);
    heng_diags_free(diags);
    return done;
}

/* `NAME=EXPR`: an identifier with dots, then an expression over what was bound before.
 */
static int bind(struct scope *scope, const heng_command *command, const char *given) {
    const char *equals = strchr(given, '=');
    size_t len = equals == NULL ? 0 : (size_t)(equals - given);
    if (len == 0 ||
        strspn(given, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_."
                      "0123456789") != len ||
        (given[0] >= '0' && given[0] <= '9'))
        return heng_output_usage(command,
                                 "`%s` binds nothing: expected NAME=EXPRESSION", given);

    heng_cel_value value = heng_cel_value_null();
    const heng_cel_type *type = NULL;
    uint64_t ignored = 0;
    if (!evaluate(scope, "--bind", heng_str_of(equals + 1), NULL, &value, &type,
                  &ignored, &ignored))
        return HENG_EXIT_FAILED;
    heng_status status =
        heng_cel_env_variable(scope->env, (heng_str){given, len}, type, NULL);
    if (status == HENG_ERR_INVALID) {
        uint32_t slot = 0;
        bool given_first =
            heng_cel_env_find(scope->env, (heng_str){given, len}, &slot) &&
            scope->render != NULL && slot < HENG_SLOT_COUNT;
        return heng_output_usage(command,
                                 given_first ? "`%.*s` has its value from --subject"
                                             : "`%.*s` is bound twice",
                                 (int)len, given);
    }
    if (status != HENG_OK)
        return heng_output_fail("out of memory");
    scope->values[scope->count++] = value;
    return HENG_EXIT_FINE;
}

static int print(const heng_cli *cli, struct scope *scope, heng_cel_value value,
                 const heng_cel_type *type, uint64_t cost, uint64_t cost_max) {
    heng_str text = shown(scope, value);
    const char *type_text =
        type == NULL ? "dyn" : heng_cel_type_print(scope->arena, type);
    if (text.ptr == NULL || type_text == NULL)
        return heng_output_fail("out of memory");
    heng_output_write(text);
    heng_output_write(HENG_STR("\n"));
    if (heng_options_get(cli, "type") != NULL) {
        const char *line = heng_arena_printf(scope->arena, "type: %s\n", type_text);
        heng_output_write(heng_str_of(line));
    }
    if (heng_options_get(cli, "cost") != NULL) {
        const char *line =
            cost_max == UINT64_MAX
                ? heng_arena_printf(scope->arena, "cost: %llu of no bound\n",
                                    (unsigned long long)cost)
                : heng_arena_printf(scope->arena, "cost: %llu of at most %llu\n",
                                    (unsigned long long)cost,
                                    (unsigned long long)cost_max);
        heng_output_write(heng_str_of(line));
    }
    return heng_output_finish() ? HENG_EXIT_FINE : HENG_EXIT_FAILED;
}

/* What --subject and then each --bind gives a name. */
static int make_scope(struct scope *scope, heng_session *session, heng_render *render) {
    const heng_cli *cli = session->cli;
    const char *given;
    if (heng_options_get(cli, "subject") != NULL) {
        int status =
            heng_eval_subject_open(session, scope->arena, scope->env, scope->values);
        if (status != HENG_EXIT_FINE)
            return status;
        scope->count = HENG_SLOT_COUNT;
        *render = heng_session_render(session, false);
        scope->render = render;
    }
    for (size_t i = 0; (given = heng_options_get_at(cli, "bind", i)) != NULL; i++) {
        int status = bind(scope, cli->command, given);
        if (status != HENG_EXIT_FINE)
            return status;
    }
    return HENG_EXIT_FINE;
}

static int run_in_scope(const heng_cli *cli, struct scope *scope) {
    heng_buffer out;
    heng_cel_value value = heng_cel_value_null();
    const heng_cel_type *type = NULL;
    uint64_t cost = 0;
    uint64_t cost_max = 0;
    int exit_status = HENG_EXIT_FAILED;
    heng_str text = heng_str_of(cli->arguments[0]);
    struct steps steps = {.scope = scope, .text = text, .out = &out};
    bool with_steps = heng_options_get(cli, "steps") != NULL;
    heng_buffer_init(&out, HENG_LIMIT_EVAL_STEPS_BYTES);
    bool done = evaluate(scope, "expression", text, with_steps ? &steps : NULL, &value,
                         &type, &cost, &cost_max);
    heng_output_write(heng_buffer_view(&out));
    if (heng_buffer_status(&out) == HENG_ERR_LIMIT) {
        heng_output_note(cli, "there are more steps than are shown");
    }
    if (done) {
        exit_status = print(cli, scope, value, type, cost, cost_max);
    } else {
        (void)heng_output_finish();
    }
    heng_buffer_done(&out);
    return exit_status;
}

static int run_expression(const heng_cli *cli) {
    size_t room = HENG_SLOT_COUNT + 1;
    while (heng_options_get_at(cli, "bind", room - HENG_SLOT_COUNT - 1) != NULL) {
        room++;
    }
    struct scope scope = {.arena = heng_arena_new(HENG_LIMIT_SUBJECT_ARENA_BYTES),
                          .color = cli->color_err};
    heng_session session;
    heng_render render;
    heng_session_init(&session, cli);
    if (scope.arena != NULL) {
        scope.env = heng_cel_env_new(scope.arena);
        scope.values = heng_arena_calloc(scope.arena, room, sizeof *scope.values);
    }
    int exit_status = HENG_EXIT_FAILED;
    if (scope.env == NULL || scope.values == NULL) {
        (void)heng_output_fail("out of memory");
    } else {
        exit_status = make_scope(&scope, &session, &render);
        if (exit_status == HENG_EXIT_FINE) {
            exit_status = run_in_scope(cli, &scope);
        }
    }
    heng_arena_free(scope.arena);
    heng_session_done(&session);
    return exit_status;
}

/* ---- cases ---- */

static int run_lines(void) {
    heng_arena *arena = heng_arena_new(HENG_LIMIT_SUBJECT_ARENA_BYTES);
    heng_buffer out;
    char *line = NULL;
    size_t room = 0;
    size_t number = 0;
    int exit_status = HENG_EXIT_FAILED;

    heng_buffer_init(&out, HENG_LIMIT_EVAL_STEPS_BYTES);
    if (arena == NULL) {
        (void)heng_output_fail("out of memory");
        goto out;
    }
    for (;;) {
        errno = 0;
        ssize_t len = getline(&line, &room, stdin);
        if (len < 0)
            break;
        number++;
        if (len > 0 && line[len - 1] == '\n') {
            len--;
        }
        if (len == 0)
            continue;
        heng_error error = {0};
        heng_buffer_clear(&out);
        heng_status status =
            heng_eval_jsonl_line((heng_str){line, (size_t)len}, arena, &out, &error);
        if (status != HENG_OK) {
            (void)heng_output_fail("line %zu: %s", number, error.text);
            goto out;
        }
        heng_output_write(heng_buffer_view(&out));
    }
    if (ferror(stdin)) {
        (void)heng_output_fail("cannot read standard input: %s", strerror(errno));
        goto out;
    }
    exit_status = heng_output_finish() ? HENG_EXIT_FINE : HENG_EXIT_FAILED;
out:
    free(line);
    heng_buffer_done(&out);
    heng_arena_free(arena);
    return exit_status;
}

static int run(const heng_cli *cli) {
    bool lines = heng_options_get(cli, "jsonl") != NULL;
    if (lines && cli->argument_count > 0)
        return heng_output_usage(cli->command,
                                 "--jsonl reads expressions from standard input, so no "
                                 "other is taken");
    if (lines && heng_options_get(cli, "subject") != NULL)
        return heng_output_usage(cli->command,
                                 "--jsonl reads cases with variables of their own, so "
                                 "no --subject is taken");
    if (!lines && cli->argument_count != 1)
        return heng_output_usage(cli->command, "expected one expression");
    int status = heng_eval_subject_check(cli);
    if (status != HENG_EXIT_FINE)
        return status;
    return lines ? run_lines() : run_expression(cli);
}

static const heng_option OPTIONS[] = {
    {"subject", '\0', "SUBJECT", NULL, false,
     "让表达式看到库中该主体：subject、as_of、records",
     "lets the expression see this subject of the store: subject, as_of, records"},
    {"record", '\0', "RECORD", NULL, false, "作为 r 的那条记录",
     "the record that r is"},
    {"unmask", '\0', NULL, NULL, false, "完整显示自然人身份号码",
     "show identity numbers of natural persons"},
    {"bind", 'b', "NAME=EXPR", NULL, true, "给一个名称赋值，可多次使用",
     "gives a name a value; may be repeated"},
    {"type", 't', NULL, NULL, false, "同时显示类型", "also print the type"},
    {"steps", 's', NULL, NULL, false, "逐步显示每一部分的值",
     "print the value of each part"},
    {"cost", 'c', NULL, NULL, false, "同时显示计算步数及其上限",
     "also print the steps taken and their bound"},
    {"jsonl", '\0', NULL, NULL, false, "从标准输入逐行读取用例",
     "read cases from standard input, one a line"},
};

const heng_command heng_cmd_eval_record = {
    .name = "eval",
    .arguments = "EXPR",
    .least = 0,
    .most = 1,
    .zh = "计算一个条件表达式",
    .en = "evaluate one expression of the condition language",
    .more_zh = "表达式用通用表达式语言（CEL）书写。指定主体时，表达式与规则中的条件看到"
               "的相同。",
    .more_en =
        "Expressions are written in the Common Expression Language (CEL). With a "
        "subject they see what conditions of rules see.",
    .example = "heng eval --bind 'amount=decimal(\"12.5\")' 'amount * 2 > 20'\n"
               "heng eval --subject 91430100MA4L16XQ7X --record HN-TAX-2024-000123 "
               "--steps \\\n"
               "    'r.in_force && r.decided_on > as_of - period(\"P3Y\")'",
    .globals =
        HENG_GLOBAL_DB | HENG_GLOBAL_RULES | HENG_GLOBAL_AS_OF | HENG_GLOBAL_KNOWN_AT,
    .formats = NULL,
    .options = OPTIONS,
    .option_count = sizeof OPTIONS / sizeof OPTIONS[0],
    .run = run,
};
