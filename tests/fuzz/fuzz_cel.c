/* SPDX-License-Identifier: Apache-2.0 */
/*
 * fuzz_cel.c: any text is an expression: it is refused, or it runs to an end within its
 * cost, folded and not folded alike. The first byte chooses how it is compiled.
 */
#include "support/fuzz.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/limits.h"
#include "cel/chain.h"
#include "cel/parser.h"
#include "cel/program.h"

enum { UNCHECKED = 1, NO_MACROS = 2, TRACE = 4, CLOCK = 8 };

/* Steps of one run: enough to get everywhere, few enough for many runs a second. */
#define COST_CAP ((uint64_t)20000)

static heng_arena *world;
static heng_arena *scratch;
static heng_cel_env *env;
static heng_cel_value values[9];

/* The objects of `rs`: r.name and r.flag, which only the first one has. */
static heng_cel_field fields[2];
static heng_cel_object_type record = {.fields = fields, .field_count = 2};
static const heng_cel_object records[2] = {{&record}, {&record}};

static bool has_field(const heng_cel_object *object, uint32_t slot) {
    return slot == 0 || object == &records[0];
}

static heng_cel_value get_field(const heng_cel_object *object, uint32_t slot,
                                heng_arena *arena) {
    if (!has_field(object, slot))
        return heng_cel_value_no_field(arena, object, fields[slot].name);
    return slot == 0 ? heng_cel_value_string(HENG_STR("a")) : heng_cel_value_bool(true);
}

static void must(bool holds) {
    if (!holds) {
        abort();
    }
}

static void declare(const char *name, const char *type, heng_cel_value value) {
    uint32_t slot = 0;
    const heng_cel_object_type *const objects[] = {&record};
    const heng_cel_type *parsed =
        heng_cel_type_parse(world, heng_str_of(type), objects, 1);
    must(parsed != NULL);
    must(heng_cel_env_variable(env, heng_str_of(name), parsed, &slot) == HENG_OK);
    values[slot] = value;
}

static void make_world(void) {
    static heng_cel_value items[3];
    static heng_cel_value keys[2];
    static heng_cel_value record_items[2];
    static heng_cel_list list = {.count = 3, .items = items};
    static heng_cel_list record_list = {.count = 2, .items = record_items};
    static heng_cel_map map = {.count = 2, .keys = keys, .values = items};
    for (int i = 0; i < 3; i++) {
        items[i] = heng_cel_value_int(i);
    }
    record.name = HENG_STR("record");
    record.get = get_field;
    record.has = has_field;
    fields[0] = (heng_cel_field){HENG_STR("name"),
                                 heng_cel_type_simple(HENG_CEL_STRING), false};
    fields[1] =
        (heng_cel_field){HENG_STR("flag"), heng_cel_type_simple(HENG_CEL_BOOL), true};
    record_items[0] = heng_cel_value_object(&records[0]);
    record_items[1] = heng_cel_value_object(&records[1]);
    keys[0] = heng_cel_value_string(HENG_STR("a"));
    keys[1] = heng_cel_value_string(HENG_STR("b"));
    world = heng_arena_new((size_t)1 << 24);
    scratch = heng_arena_new((size_t)1 << 26);
    must(world != NULL && scratch != NULL);
    env = heng_cel_env_new(world);
    must(env != NULL);
    declare("i", "int", heng_cel_value_int(7));
    declare("s", "string", heng_cel_value_string(HENG_STR("中a")));
    declare("l", "list(int)", heng_cel_value_list(&list));
    declare("m", "map(string,int)", heng_cel_value_map(&map));
    declare("d", "date", heng_cel_value_date(20000));
    declare("x", "dyn", heng_cel_value_double(1.5));
    declare("a.b", "decimal", heng_cel_value_decimal(15000));
    declare("r", "record", heng_cel_value_object(&records[1]));
    declare("rs", "list(record)", heng_cel_value_list(&record_list));
    heng_cel_env_clock(env, 4);
    heng_cel_env_size(env, 2, 3);
    heng_cel_env_size(env, 3, 2);
    heng_cel_env_size(env, 8, 2);
}

static void look(void *context, const heng_cel_node *node, heng_cel_value value) {
    (void)context;
    must(node != NULL && value.kind <= HENG_CEL_OBJECT);
}

/* What is printed is an expression that prints the same; and no index of the rules
 * makes of it more than it may. */
static void print_again(const heng_cel_ast *ast, const heng_cel_options *options) {
    heng_cel_ast again;
    const heng_str *strings = NULL;
    const char *printed = heng_cel_unparse(ast->root, scratch);
    if (printed == NULL || strlen(printed) > HENG_LIMIT_CEL_TEXT_BYTES)
        return; /* escapes are longer than what they stand for */
    heng_diags *diags = heng_diags_new();
    must(diags != NULL);
    heng_cel_report report = {.diags = diags, .len = strlen(printed)};
    must(heng_cel_parser_parse(heng_str_of(printed), options->no_macros, scratch,
                               &report, &again) == HENG_OK);
    const char *third = heng_cel_unparse(again.root, scratch);
    must(third == NULL || strcmp(printed, third) == 0);
    (void)heng_cel_constrain_strings(ast, 1, HENG_STR("a"), scratch, &strings);
    heng_diags_free(diags);
}

/* What a run gives by its code alone, and the frame after it, is what it gives by its
 * chain. */
static void check_chain(const heng_cel_program *program, heng_cel_frame frame,
                        const heng_cel_frame *after, heng_cel_value value) {
    heng_cel_program code = *program;
    code.chain = NULL;
    heng_cel_value again = heng_cel_run(&code, &frame, values);
    must(frame.cost == after->cost && frame.next_change == after->next_change);
    must(again.kind == value.kind);
    const char *one = heng_cel_value_print(value, scratch);
    const char *other = heng_cel_value_print(again, scratch);
    must(one == NULL || other == NULL || strcmp(one, other) == 0);
}

/* The value as text, or NULL where it is an error or the text is refused. */
static const char *run(heng_str text, const heng_cel_options *options, bool track,
                       bool *ret_compiled) {
    heng_cel_program *program = NULL;
    const char *printed = NULL;
    heng_diags *diags = heng_diags_new();
    must(diags != NULL);
    heng_status status = heng_cel_compile(env, text, (heng_cel_place){0}, options,
                                          scratch, diags, &program);
    must(status == HENG_OK || heng_diags_count(diags) > 0 ||
         status != HENG_ERR_INVALID);
    *ret_compiled = status == HENG_OK;
    if (status == HENG_OK) {
        heng_cel_frame frame = {.arena = scratch,
                                .clock = track ? 20000 : HENG_DATE_NONE,
                                .next_change = HENG_DATE_NONE,
                                .cost_cap = COST_CAP,
                                .trace = look};
        const heng_cel_frame before = frame;
        heng_cel_value value = heng_cel_run(program, &frame, values);
        if (program->chain != NULL) {
            check_chain(program, before, &frame, value);
        }
        must(frame.next_change > 20000);
        if (heng_cel_value_is_error(value)) {
            must(value.as.error->message.len > 0);
        } else {
            printed = heng_cel_value_print(value, scratch);
            must(frame.cost <= heng_cel_program_cost_max(program));
        }
        print_again(heng_cel_program_ast(program), options);
        heng_cel_program_done(program);
    }
    heng_diags_free(diags);
    return printed;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len) {
    if (len == 0)
        return 0;
    if (world == NULL) {
        make_world();
    }
    heng_str text = {(const char *)bytes + 1, len - 1};
    heng_cel_options options = {.unchecked = (bytes[0] & UNCHECKED) != 0,
                                .no_macros = (bytes[0] & NO_MACROS) != 0,
                                .trace = (bytes[0] & TRACE) != 0};
    bool compiled = false;
    bool again = false;
    heng_arena_reset(scratch);
    const char *folded = run(text, &options, (bytes[0] & CLOCK) != 0, &compiled);
    if (compiled && !options.unchecked) {
        options.no_fold = true;
        const char *unfolded = run(text, &options, false, &again);
        if (folded != NULL && unfolded != NULL) {
            must(strcmp(folded, unfolded) == 0);
        }
    }
    return 0;
}
