/* SPDX-License-Identifier: Apache-2.0 */
/* expression.c: the environment of a ruleset's conditions, and their compilation. */
#include "ruleset/expression.h"

#include <string.h>

#include "base/alloc.h"
#include "base/limits.h"
#include "cel/compiler.h"

/* ---- types ---- */

struct builtin {
    const char *name;
    heng_cel_kind kind;
    bool may_be_absent;
};

static const struct builtin SUBJECT_FIELDS[HENG_SUBJECT_FIELD_COUNT] = {
    [HENG_SUBJECT_FIELD_ID] = {"id", HENG_CEL_STRING, false},
    [HENG_SUBJECT_FIELD_KIND] = {"kind", HENG_CEL_STRING, false},
    [HENG_SUBJECT_FIELD_NAME] = {"name", HENG_CEL_STRING, false},
    [HENG_SUBJECT_FIELD_REGION] = {"region", HENG_CEL_STRING, false},
    [HENG_SUBJECT_FIELD_INDUSTRY] = {"industry", HENG_CEL_STRING, true},
    [HENG_SUBJECT_FIELD_ESTABLISHED_ON] = {"established_on", HENG_CEL_DATE, true},
    [HENG_SUBJECT_FIELD_STATUS] = {"status", HENG_CEL_STRING, false},
};

static const struct builtin RECORD_FIELDS[HENG_RECORD_FIELD_COUNT] = {
    [HENG_RECORD_FIELD_ID] = {"id", HENG_CEL_STRING, false},
    [HENG_RECORD_FIELD_SUBJECT] = {"subject", HENG_CEL_STRING, false},
    [HENG_RECORD_FIELD_CATEGORY] = {"category", HENG_CEL_STRING, false},
    [HENG_RECORD_FIELD_NATURE] = {"nature", HENG_CEL_STRING, false},
    [HENG_RECORD_FIELD_SEVERITY] = {"severity", HENG_CEL_STRING, false},
    [HENG_RECORD_FIELD_AUTHORITY] = {"authority", HENG_CEL_STRING, false},
    [HENG_RECORD_FIELD_DOCUMENT_NO] = {"document_no", HENG_CEL_STRING, false},
    [HENG_RECORD_FIELD_DECIDED_ON] = {"decided_on", HENG_CEL_DATE, false},
    [HENG_RECORD_FIELD_EFFECTIVE_ON] = {"effective_on", HENG_CEL_DATE, false},
    [HENG_RECORD_FIELD_EXPIRES_ON] = {"expires_on", HENG_CEL_DATE, true},
    [HENG_RECORD_FIELD_STATUS] = {"status", HENG_CEL_STRING, false},
    [HENG_RECORD_FIELD_IN_FORCE] = {"in_force", HENG_CEL_BOOL, false},
};

static bool has(const struct builtin *builtins, size_t count, heng_str name) {
    for (size_t i = 0; i < count; i++) {
        if (heng_str_equal(heng_str_of(builtins[i].name), name))
            return true;
    }
    return false;
}

bool heng_expression_subject_has(heng_str name) {
    return has(SUBJECT_FIELDS, HENG_SUBJECT_FIELD_COUNT, name);
}

bool heng_expression_record_has(heng_str name) {
    return has(RECORD_FIELDS, HENG_RECORD_FIELD_COUNT, name);
}

static const heng_cel_type *type_of(heng_arena *arena, heng_attribute_type type) {
    switch (type) {
    case HENG_ATTRIBUTE_BOOL:
        return heng_cel_type_simple(HENG_CEL_BOOL);
    case HENG_ATTRIBUTE_INT:
        return heng_cel_type_simple(HENG_CEL_INT);
    case HENG_ATTRIBUTE_DECIMAL:
        return heng_cel_type_simple(HENG_CEL_DECIMAL);
    case HENG_ATTRIBUTE_DATE:
        return heng_cel_type_simple(HENG_CEL_DATE);
    case HENG_ATTRIBUTE_STRINGS:
        return heng_cel_type_list(arena, heng_cel_type_simple(HENG_CEL_STRING));
    case HENG_ATTRIBUTE_STRING:
    default:
        return heng_cel_type_simple(HENG_CEL_STRING);
    }
}

static const heng_cel_object_type *
make_object(heng_reader *reader, const char *name, const struct builtin *builtins,
            size_t builtin_count, const heng_attribute *const *attributes,
            size_t attribute_count, const bool *broken) {
    heng_cel_object_type *type = heng_form_alloc(reader, 1, sizeof *type);
    heng_cel_field *fields =
        heng_form_alloc(reader, builtin_count + attribute_count, sizeof *fields);
    if (type == NULL || fields == NULL)
        return NULL;
    for (size_t i = 0; i < builtin_count; i++) {
        fields[i].name = heng_str_of(builtins[i].name);
        fields[i].type = heng_cel_type_simple(builtins[i].kind);
        fields[i].may_be_absent = builtins[i].may_be_absent;
    }
    for (size_t i = 0; i < attribute_count; i++) {
        heng_cel_field *field = &fields[builtin_count + i];
        field->name = attributes[i]->name;
        field->type = broken[i] ? heng_cel_type_simple(HENG_CEL_ERROR)
                                : type_of(reader->arena, attributes[i]->type);
        field->may_be_absent = true;
        if (field->type == NULL)
            return NULL;
    }
    type->name = heng_str_of(name);
    type->fields = fields;
    type->field_count = builtin_count + attribute_count;
    return type;
}

/* ---- environments ---- */

/* Declares `name` in the next slot, which must be `slot`. */
static bool declare(heng_cel_env *env, const char *name, const heng_cel_type *type,
                    uint32_t slot) {
    uint32_t given = 0;
    return type != NULL &&
           heng_cel_env_variable(env, heng_str_of(name), type, &given) == HENG_OK &&
           given == slot;
}

/* A name that no expression can write keeps the slot of a variable out of scope. */
static const char HIDDEN[] = "@r";

static bool make_envs(heng_arena *arena, const heng_ruleset *ruleset,
                      heng_expressions *expressions) {
    const heng_cel_type *subject = heng_cel_type_object(arena, ruleset->subject_type);
    const heng_cel_type *record = heng_cel_type_object(arena, ruleset->record_type);
    const heng_cel_type *records =
        record == NULL ? NULL : heng_cel_type_list(arena, record);
    const heng_cel_type *date = heng_cel_type_simple(HENG_CEL_DATE);
    heng_cel_env *base = heng_cel_env_new(arena);
    if (base == NULL || heng_cel_env_object(base, ruleset->subject_type) != HENG_OK ||
        heng_cel_env_object(base, ruleset->record_type) != HENG_OK ||
        !declare(base, "subject", subject, HENG_SLOT_SUBJECT) ||
        !declare(base, "as_of", date, HENG_SLOT_AS_OF) ||
        !declare(base, "records", records, HENG_SLOT_RECORDS))
        return false;
    heng_cel_env_clock(base, HENG_SLOT_AS_OF);
    heng_cel_env_size(base, HENG_SLOT_RECORDS, HENG_COST_RECORDS_PER_SUBJECT);

    heng_cel_env *one = heng_cel_env_extend(arena, base);
    if (one == NULL || !declare(one, "r", record, HENG_SLOT_R))
        return false;
    heng_cel_env *reason = heng_cel_env_extend(arena, one);
    heng_cel_env *many = heng_cel_env_extend(arena, base);
    if (reason == NULL || many == NULL ||
        !declare(reason, "grounds", records, HENG_SLOT_GROUNDS) ||
        !declare(many, HIDDEN, record, HENG_SLOT_R) ||
        !declare(many, "grounds", records, HENG_SLOT_GROUNDS))
        return false;
    heng_cel_env_size(reason, HENG_SLOT_GROUNDS, HENG_COST_RECORDS_PER_SUBJECT);
    heng_cel_env_size(many, HENG_SLOT_GROUNDS, HENG_COST_RECORDS_PER_SUBJECT);
    expressions->envs[HENG_EXPRESSION_GROUND] = one;
    expressions->envs[HENG_EXPRESSION_CONDITION] = many;
    expressions->envs[HENG_EXPRESSION_DAY] = one;
    expressions->envs[HENG_EXPRESSION_REASON] = reason;
    return true;
}

heng_status heng_expression_prepare(heng_reader *reader, heng_ruleset *ruleset,
                                    const bool *record_broken,
                                    const bool *subject_broken,
                                    heng_expressions *ret_expressions) {
    ruleset->subject_type = make_object(
        reader, "subject", SUBJECT_FIELDS, HENG_SUBJECT_FIELD_COUNT,
        ruleset->subject_attributes, ruleset->subject_attribute_count, subject_broken);
    ruleset->record_type = make_object(
        reader, "record", RECORD_FIELDS, HENG_RECORD_FIELD_COUNT,
        ruleset->record_attributes, ruleset->record_attribute_count, record_broken);
    heng_expressions expressions = {.reader = reader, .ruleset = ruleset};
    if (ruleset->subject_type == NULL || ruleset->record_type == NULL ||
        !make_envs(reader->arena, ruleset, &expressions))
        return HENG_ERR_NOMEM;
    *ret_expressions = expressions;
    return HENG_OK;
}

/* ---- compiling ---- */

/* Programs hold memory outside the arena; the ruleset frees them at its end. */
static heng_status own(heng_ruleset *ruleset, heng_cel_program *program) {
    if (ruleset->program_count == ruleset->program_room) {
        size_t room = ruleset->program_room == 0 ? 64 : ruleset->program_room * 2;
        heng_cel_program **programs =
            heng_alloc_resize(ruleset->programs, room, sizeof(heng_cel_program *));
        if (programs == NULL) {
            heng_cel_program_done(program);
            return HENG_ERR_NOMEM;
        }
        ruleset->programs = programs;
        ruleset->program_room = room;
    }
    ruleset->programs[ruleset->program_count++] = program;
    return HENG_OK;
}

void heng_expression_done(heng_expressions *expressions) {
    heng_map_done(&expressions->compiled);
}

static bool is_category(const heng_cel_node *node, const heng_ruleset *ruleset) {
    return node->kind == HENG_CEL_NODE_SELECT && !node->test &&
           node->ref == HENG_CEL_REF_FIELD &&
           node->slot == HENG_RECORD_FIELD_CATEGORY && node->operand != NULL &&
           node->operand->type != NULL &&
           node->operand->type->kind == HENG_CEL_OBJECT &&
           node->operand->type->object == ruleset->record_type;
}

struct category_check {
    const heng_expressions *expressions;
    const heng_yaml_node *scalar;
    heng_embed embed;
    size_t text_from; /* of the expression in the value */
};

static void check_category(const struct category_check *check,
                           const heng_cel_node *literal) {
    heng_reader *reader = check->expressions->reader;
    const heng_catalog *catalog = &check->expressions->ruleset->catalog;
    if (literal->kind != HENG_CEL_NODE_LITERAL ||
        literal->value.kind != HENG_CEL_STRING)
        return;
    heng_str name = heng_cel_value_str(literal->value);
    if (heng_catalog_category(catalog, name) != NULL)
        return;
    size_t from = check->text_from + literal->start;
    heng_span span =
        heng_embed_span(check->scalar, check->embed, from, from + literal->len);
    heng_diags_error(
        reader->diags, HENG_RULESET_E_CATEGORY, heng_form_place(reader, span),
        "no category `%s` is defined, so no record has it", heng_form_quote(name).text);
    heng_str *names = heng_form_alloc(reader, catalog->category_count, sizeof *names);
    if (names == NULL)
        return;
    for (size_t i = 0; i < catalog->category_count; i++)
        names[i] = catalog->categories[i].id;
    if (!heng_form_hint(reader, name, names, catalog->category_count))
        heng_diags_help(reader->diags, "define it under `categories`");
}

/* Constants that are compared with `r.category`, of any record. */
static void check_categories(const struct category_check *check,
                             const heng_cel_ast *ast) {
    const heng_ruleset *ruleset = check->expressions->ruleset;
    for (size_t i = 0; i < ast->node_count; i++) {
        const heng_cel_node *node = ast->nodes[i];
        if (node == NULL || node->kind != HENG_CEL_NODE_CALL || node->arg_count != 2)
            continue;
        const heng_cel_node *left = node->args[0];
        const heng_cel_node *right = node->args[1];
        if (heng_str_equal(node->name, HENG_STR("_==_")) ||
            heng_str_equal(node->name, HENG_STR("_!=_"))) {
            if (is_category(left, ruleset))
                check_category(check, right);
            if (is_category(right, ruleset))
                check_category(check, left);
        } else if (heng_str_equal(node->name, HENG_STR("@in")) &&
                   is_category(left, ruleset) && right->kind == HENG_CEL_NODE_LIST) {
            for (uint32_t j = 0; j < right->arg_count; j++)
                check_category(check, right->args[j]);
        }
    }
}

/* What one text was compiled to, for all places that say the same. */
struct compiled {
    heng_cel_program *program;
    heng_cel_program *trace; /* NULL: not asked for yet */
};

/* The entry of a text, new or not; NULL out of memory. */
static struct compiled *find_compiled(heng_expressions *expressions,
                                      heng_expression_kind kind, heng_str text) {
    heng_reader *reader = expressions->reader;
    char *key = heng_form_alloc(reader, text.len + 1, 1);
    bool is_new = false;
    if (key == NULL)
        return NULL;
    key[0] = (char)('0' + (int)kind);
    if (text.len > 0)
        memcpy(key + 1, text.ptr, text.len);
    heng_map_entry *entry =
        heng_map_add(&expressions->compiled, (heng_str){key, text.len + 1}, &is_new);
    if (entry == NULL)
        return NULL;
    if (is_new)
        entry->value.thing = heng_form_alloc(reader, 1, sizeof(struct compiled));
    return entry->value.thing;
}

static heng_status compile_new(heng_expressions *expressions, heng_expression_kind kind,
                               const heng_form_file *file, const heng_yaml_node *scalar,
                               heng_embed embed, size_t from, size_t to,
                               struct compiled *compiled) {
    heng_reader *reader = expressions->reader;
    heng_str text = {scalar->text.ptr + from, to - from};
    heng_embed part = heng_embed_from(embed, from);
    heng_cel_place place = {file->shown, part.offsets, part.base};
    heng_cel_options options = {.cost_cap = HENG_COST_CONDITION};
    size_t errors = heng_diags_error_count(reader->diags);
    if (kind == HENG_EXPRESSION_GROUND || kind == HENG_EXPRESSION_CONDITION)
        options.want = heng_cel_type_simple(HENG_CEL_BOOL);
    else if (kind == HENG_EXPRESSION_DAY)
        options.want = heng_cel_type_simple(HENG_CEL_DATE);

    heng_cel_program *program = NULL;
    heng_status status =
        heng_cel_compile(expressions->envs[kind], text, place, &options, reader->arena,
                         reader->diags, &program);
    if (status == HENG_OK)
        status = own(expressions->ruleset, program);
    if (status != HENG_OK)
        return status;
    struct category_check check = {expressions, scalar, embed, from};
    check_categories(&check, heng_cel_program_ast(program));
    if (heng_diags_error_count(reader->diags) > errors)
        return HENG_ERR_INVALID; /* to be said again where it is said again */
    compiled->program = program;
    return HENG_OK;
}

/* From the same tree: checking twice would cost as much again. */
static heng_status compile_trace(heng_expressions *expressions,
                                 struct compiled *compiled) {
    heng_cel_program *trace = NULL;
    heng_cel_refusal refusal = {NULL, NULL};
    heng_status status = heng_cel_compiler_compile(
        heng_cel_program_ast(compiled->program), /* trace= */ true,
        expressions->reader->arena, &trace, &refusal);
    if (status == HENG_OK)
        status = own(expressions->ruleset, trace);
    if (status == HENG_OK)
        compiled->trace = trace;
    return status;
}

heng_status
heng_expression_compile(heng_expressions *expressions, heng_expression_kind kind,
                        const heng_form_file *file, const heng_yaml_node *scalar,
                        heng_embed embed, size_t from, size_t to,
                        heng_cel_program **ret_program, heng_cel_program **ret_trace) {
    heng_str text = {scalar->text.ptr + from, to - from};
    struct compiled *compiled = find_compiled(expressions, kind, text);
    heng_status status = HENG_OK;
    if (compiled == NULL)
        return HENG_ERR_NOMEM;
    if (compiled->program == NULL)
        status =
            compile_new(expressions, kind, file, scalar, embed, from, to, compiled);
    if (status == HENG_OK && ret_trace != NULL && compiled->trace == NULL)
        status = compile_trace(expressions, compiled);
    if (status != HENG_OK)
        return status;
    *ret_program = compiled->program;
    if (ret_trace != NULL)
        *ret_trace = compiled->trace;
    return HENG_OK;
}

heng_status heng_expression_compile_scalar(heng_expressions *expressions,
                                           heng_expression_kind kind,
                                           const heng_form_file *file,
                                           const heng_yaml_node *scalar,
                                           heng_cel_program **ret_program,
                                           heng_cel_program **ret_trace) {
    heng_embed embed = {NULL, 0};
    if (!heng_embed_map(scalar, expressions->reader->arena, &embed))
        return HENG_ERR_NOMEM;
    return heng_expression_compile(expressions, kind, file, scalar, embed, 0,
                                   scalar->text.len, ret_program, ret_trace);
}

bool heng_expression_is_decided_on(const heng_cel_program *program) {
    const heng_cel_node *root = heng_cel_program_ast(program)->root;
    return root->kind == HENG_CEL_NODE_SELECT && !root->test && !root->optional &&
           root->ref == HENG_CEL_REF_FIELD &&
           root->slot == HENG_RECORD_FIELD_DECIDED_ON && root->operand != NULL &&
           root->operand->kind == HENG_CEL_NODE_IDENT &&
           root->operand->ref == HENG_CEL_REF_VARIABLE &&
           root->operand->slot == HENG_SLOT_R;
}
