/* SPDX-License-Identifier: Apache-2.0 */
/* eval_jsonl.c: one case of the conformance suite, read, evaluated and answered. */
#include "cli/eval_jsonl.h"

#include <jansson.h>
#include <string.h>

#include "base/limits.h"
#include "cel/program.h"
#include "cli/eval_value.h"

/* What a line asks for. */
struct request {
    const char *id;
    heng_str text;
    const char *container;
    json_t *env;
    json_t *bindings;
    heng_cel_options options;
    bool check_only;
};

/* The variables of a case: as many values as the environment has names. */
struct scope {
    heng_cel_env *env;
    heng_cel_value *values;
    size_t count;
};

static heng_status malformed(heng_error *reterr, const char *what) {
    return heng_error_set(reterr, HENG_ERR_INVALID, NULL, (heng_pos){0, 0}, "%s", what);
}

static heng_status read_request(json_t *root, struct request *ret_request,
                                heng_error *reterr) {
    json_t *id = json_object_get(root, "id");
    json_t *expr = json_object_get(root, "expr");
    if (!json_is_object(root))
        return malformed(reterr, "no case: not a JSON object");
    *ret_request = (struct request){
        .id = json_is_string(id) ? json_string_value(id) : "",
        .text = {json_string_value(expr), json_string_length(expr)},
        .container = json_string_value(json_object_get(root, "container")),
        .env = json_object_get(root, "env"),
        .bindings = json_object_get(root, "bindings"),
        .options = {.unchecked = json_is_true(json_object_get(root, "unchecked")),
                    .no_macros = json_is_true(json_object_get(root, "no_macros"))},
        .check_only = json_is_true(json_object_get(root, "check_only")),
    };
    if (!json_is_string(expr))
        return malformed(reterr, "no case: expected a text `expr`");
    return HENG_OK;
}

/* Declares one variable, with its value or, where none is bound, an error. */
static heng_status declare(struct scope *scope, const char *name,
                           const heng_cel_type *type, json_t *bound, heng_arena *arena,
                           heng_error *reterr) {
    heng_cel_value value = heng_cel_value_error(arena, HENG_CEL_ERR_UNKNOWN_NAME,
                                                "`%.100s` is not bound", name);
    if (bound != NULL && !heng_eval_value_read(bound, arena, &value))
        return malformed(reterr, "no case: a binding is no tagged value");
    heng_status status =
        heng_cel_env_variable(scope->env, heng_str_of(name), type, NULL);
    if (status == HENG_ERR_INVALID)
        return malformed(reterr, "no case: a variable is declared twice");
    scope->values[scope->count++] = value;
    return status;
}

static heng_status make_scope(const struct request *request, heng_arena *arena,
                              struct scope *ret_scope, heng_error *reterr) {
    const char *name = NULL;
    json_t *member = NULL;
    size_t room = json_object_size(request->env) + json_object_size(request->bindings);
    struct scope scope = {.env = heng_cel_env_new(arena),
                          .values =
                              heng_arena_calloc(arena, room + 1, sizeof *scope.values)};
    if (scope.env == NULL || scope.values == NULL)
        return HENG_ERR_NOMEM;
    if (request->container != NULL) {
        heng_status status =
            heng_cel_env_container(scope.env, heng_str_of(request->container));
        if (status != HENG_OK)
            return status;
    }
    json_object_foreach(request->env, name, member) {
        const char *text = json_string_value(member);
        const heng_cel_type *type =
            text == NULL ? NULL
                         : heng_cel_type_parse(arena, heng_str_of(text), NULL, 0);
        if (type == NULL)
            return malformed(reterr, "no case: `env` names a type that does not exist");
        heng_status status =
            declare(&scope, name, type, json_object_get(request->bindings, name), arena,
                    reterr);
        if (status != HENG_OK)
            return status;
    }
    json_object_foreach(request->bindings, name, member) {
        if (json_object_get(request->env, name) != NULL)
            continue;
        heng_status status = declare(&scope, name, heng_cel_type_simple(HENG_CEL_DYN),
                                     member, arena, reterr);
        if (status != HENG_OK)
            return status;
    }
    *ret_scope = scope;
    return HENG_OK;
}

static json_t *message_of(const char *key, heng_str message) {
    json_t *text = json_stringn(message.len == 0 ? "" : message.ptr, message.len);
    return text == NULL ? NULL : json_pack("{s: o}", key, text);
}

/* A type as cases write it: `map(string,dyn)`, without the blank that people get. */
static json_t *type_of(const heng_cel_type *type, heng_arena *arena) {
    const char *text = heng_cel_type_print(arena, type);
    char *plain = text == NULL ? NULL : heng_arena_alloc(arena, strlen(text) + 1);
    size_t len = 0;
    if (plain == NULL)
        return NULL;
    for (; *text != '\0'; text++) {
        if (*text != ' ') {
            plain[len++] = *text;
        }
    }
    return json_stringn(plain, len);
}

/* Runs what was compiled. */
static json_t *run(const struct request *request, const heng_cel_program *program,
                   const struct scope *scope, heng_arena *arena) {
    heng_cel_frame frame = {.arena = arena,
                            .clock = HENG_DATE_NONE,
                            .next_change = HENG_DATE_NONE,
                            .cost_cap = HENG_LIMIT_EVAL_COST};
    const heng_cel_type *type = heng_cel_program_type(program);
    json_t *got = json_object();
    if (got == NULL)
        return NULL;
    if (!request->check_only) {
        heng_cel_value value = heng_cel_run(program, &frame, scope->values);
        json_t *written =
            heng_cel_value_is_error(value) ? NULL : heng_eval_value_write(value, arena);
        if (written == NULL) {
            json_decref(got);
            return message_of("error", heng_cel_value_is_error(value)
                                           ? value.as.error->message
                                           : HENG_STR("the value has no JSON"));
        }
        (void)json_object_set_new(got, "value", written);
    }
    if (type != NULL && !request->options.unchecked) {
        (void)json_object_set_new(got, "type", type_of(type, arena));
    }
    return got;
}

/* What the case gives: NULL out of memory. */
static json_t *evaluate(const struct request *request, const struct scope *scope,
                        heng_arena *arena) {
    json_t *got = NULL;
    heng_cel_program *program = NULL;
    heng_diags *diags = heng_diags_new();
    if (diags == NULL)
        return NULL;
    heng_status status =
        heng_cel_compile(scope->env, request->text, (heng_cel_place){0},
                         &request->options, arena, diags, &program);
    if (status == HENG_OK) {
        got = run(request, program, scope, arena);
    } else if (status != HENG_ERR_NOMEM) {
        const char *message = heng_diags_count(diags) > 0
                                  ? heng_diags_get(diags, 0)->message
                                  : heng_status_text(status);
        got = message_of("invalid", heng_str_of(message));
    }
    heng_cel_program_done(program);
    heng_diags_free(diags);
    return got;
}

static int add_piece(const char *bytes, size_t len, void *out) {
    return heng_buffer_add(out, bytes, len) == HENG_OK ? 0 : -1;
}

/* What a case gives that could be read; what could not is `invalid`. */
static heng_status answer(json_t *root, heng_arena *arena, json_t **ret_got,
                          const char **ret_id) {
    struct request request = {.id = ""};
    struct scope scope = {0};
    heng_error error = {0};
    heng_status status = read_request(root, &request, &error);
    if (status == HENG_OK) {
        status = make_scope(&request, arena, &scope, &error);
    }
    if (status == HENG_OK) {
        *ret_got = evaluate(&request, &scope, arena);
    } else if (status != HENG_ERR_NOMEM) {
        *ret_got = message_of("invalid", heng_str_of(error.text));
    }
    *ret_id = request.id;
    return *ret_got == NULL ? HENG_ERR_NOMEM : HENG_OK;
}

heng_status heng_eval_jsonl_line(heng_str line, heng_arena *arena, heng_buffer *out,
                                 heng_error *reterr) {
    json_t *got = NULL;
    json_t *result = NULL;
    const char *id = "";

    heng_arena_reset(arena);
    json_t *root =
        json_loadb(line.ptr, line.len, JSON_ALLOW_NUL | JSON_REJECT_DUPLICATES, NULL);
    heng_status status = answer(root, arena, &got, &id);
    if (status == HENG_OK) {
        result = json_pack("{s: s, s: O}", "id", id, "got", got);
        status = HENG_ERR_NOMEM;
        if (result != NULL &&
            json_dump_callback(result, add_piece, out, JSON_COMPACT) == 0) {
            status = heng_buffer_add_char(out, '\n');
        }
    }
    if (status == HENG_ERR_NOMEM) {
        (void)heng_error_nomem(reterr);
    }
    json_decref(result);
    json_decref(got);
    json_decref(root);
    return status;
}
