/* SPDX-License-Identifier: Apache-2.0 */
/* test_chain.c: chains say what the code says, count what it counts, or give up. */
#include "cel/evaluate.h"

#include <stdio.h>

#include "base/buffer.h"
#include "cel/chain.h"
#include "support/torture.h"

/* ---- the world ---- */

enum { NAME, AMOUNT, FLAG, DAY, TAGS, FIELDS };

struct record {
    heng_cel_object object;
    heng_cel_value fields[FIELDS];
};

static heng_cel_value get_field(const heng_cel_object *object, uint32_t slot,
                                heng_arena *arena) {
    heng_cel_value value = ((const struct record *)object)->fields[slot];
    return value.kind == HENG_CEL_NULL
               ? heng_cel_value_no_field(arena, object, HENG_STR("it"))
               : value;
}

static bool has_field(const heng_cel_object *object, uint32_t slot) {
    return ((const struct record *)object)->fields[slot].kind != HENG_CEL_NULL;
}

/* The records `r` (a, 5, true, 2024-03-15) and (bc, absent, false, 2024-01-31). */
struct world {
    struct evaluate evaluate;
    heng_cel_field fields[FIELDS];
    heng_cel_object_type type;
    struct record records[2];
    heng_cel_value tags[2], items[2];
    heng_cel_list tag_list, list, lazy;
    heng_cel_value values[15];
};

static heng_cel_value get_item(const heng_cel_list *list, size_t index,
                               heng_arena *arena) {
    const struct record *records = list->context;
    (void)arena;
    return heng_cel_value_object(&records[index].object);
}

static heng_cel_value day_of(const char *text) {
    heng_date day = 0;
    assert_true(heng_date_parse(heng_str_of(text), &day));
    return heng_cel_value_date(day);
}

static void make_records(struct world *world) {
    static const char *const names[] = {"name", "amount", "flag", "day", "tags"};
    static const heng_cel_kind kinds[] = {HENG_CEL_STRING, HENG_CEL_DECIMAL,
                                          HENG_CEL_BOOL, HENG_CEL_DATE, HENG_CEL_LIST};
    for (size_t i = 0; i < FIELDS; i++) {
        world->fields[i] = (heng_cel_field){
            heng_str_of(names[i]),
            i == TAGS ? heng_cel_type_list(world->evaluate.arena,
                                           heng_cel_type_simple(HENG_CEL_STRING))
                      : heng_cel_type_simple(kinds[i]),
            true};
    }
    world->type = (heng_cel_object_type){.name = HENG_STR("record"),
                                         .fields = world->fields,
                                         .field_count = FIELDS,
                                         .get = get_field,
                                         .has = has_field};
    world->tags[0] = heng_cel_value_string(HENG_STR("x"));
    world->tags[1] = heng_cel_value_string(HENG_STR("y"));
    world->tag_list = (heng_cel_list){.count = 2, .items = world->tags};
    heng_cel_value tags = heng_cel_value_list(&world->tag_list);
    world->records[0] =
        (struct record){{&world->type},
                        {heng_cel_value_string(HENG_STR("a")),
                         heng_cel_value_decimal(5 * HENG_DECIMAL_ONE),
                         heng_cel_value_bool(true), day_of("2024-03-15"), tags}};
    world->records[1] =
        (struct record){{&world->type},
                        {heng_cel_value_string(HENG_STR("bc")), heng_cel_value_null(),
                         heng_cel_value_bool(false), day_of("2024-01-31"), tags}};
    for (size_t i = 0; i < 2; i++) {
        world->items[i] = heng_cel_value_object(&world->records[i].object);
    }
    world->list = (heng_cel_list){.count = 2, .items = world->items};
    world->lazy =
        (heng_cel_list){.count = 2, .get = get_item, .context = world->records};
}

static void world_init(struct world *world) {
    memset(world, 0, sizeof *world);
    evaluate_init(&world->evaluate);
    make_records(world);
    heng_arena *arena = world->evaluate.arena;
    const heng_cel_type *record = heng_cel_type_object(arena, &world->type);
    const struct {
        const char *name;
        const heng_cel_type *type;
        heng_cel_value value;
    } variables[] = {
        {"r", record, world->items[0]},
        {"q", record, world->items[1]},
        {"rs", heng_cel_type_list(arena, record), heng_cel_value_list(&world->list)},
        {"lazy", heng_cel_type_list(arena, record), heng_cel_value_list(&world->lazy)},
        {"d", heng_cel_type_simple(HENG_CEL_DATE), day_of("2024-03-15")},
        {"e", heng_cel_type_simple(HENG_CEL_DATE), day_of("2024-02-29")},
        {"i", heng_cel_type_simple(HENG_CEL_INT), heng_cel_value_int(7)},
        {"u", heng_cel_type_simple(HENG_CEL_UINT), heng_cel_value_uint(7)},
        {"s", heng_cel_type_simple(HENG_CEL_STRING),
         heng_cel_value_string(HENG_STR("a text of more than two words"))},
        {"b", heng_cel_type_simple(HENG_CEL_BOOL), heng_cel_value_bool(true)},
        {"odd", heng_cel_type_simple(HENG_CEL_INT), /* but it is */
         heng_cel_value_string(HENG_STR("no int"))},
        {"late", heng_cel_type_simple(HENG_CEL_DATE), heng_cel_value_int(3)},
        {"f", heng_cel_type_simple(HENG_CEL_DOUBLE), heng_cel_value_double(1.5)},
        {"few", heng_cel_type_list(arena, heng_cel_type_simple(HENG_CEL_STRING)),
         heng_cel_value_int(3)},
        {"none", record, heng_cel_value_null()},
    };
    for (size_t i = 0; i < COUNT(variables); i++) {
        assert_int_equal(heng_cel_env_variable(world->evaluate.env,
                                               heng_str_of(variables[i].name),
                                               variables[i].type, NULL),
                         HENG_OK);
        world->values[i] = variables[i].value;
    }
    heng_cel_env_clock(world->evaluate.env, 4);
}

static const char *run(struct world *world, const heng_cel_program *program,
                       uint64_t cap) {
    world->evaluate.frame =
        (heng_cel_frame){.arena = world->evaluate.arena,
                         .clock = (heng_date)world->values[4].as.integer,
                         .next_change = HENG_DATE_NONE,
                         .cost_cap = cap};
    return heng_cel_value_print(
        heng_cel_run(program, &world->evaluate.frame, world->values),
        world->evaluate.arena);
}

/* The same program with code that says null, so that only the chain says anything. */
static heng_cel_program chain_alone(const heng_cel_program *program) {
    static const heng_cel_instruction code[] = {
        {.op = HENG_CEL_OP_CONST, .kind = HENG_CEL_NULL}, {.op = HENG_CEL_OP_RETURN}};
    heng_cel_program alone = *program;
    alone.code = code;
    return alone;
}

/* ---- what chains say ---- */

struct row {
    const char *name;
    const char *expression;
    const char *want;
};

static struct row rows[] = {
    {"a bool", "b", "true"},
    {"a field that is a bool", "r.flag", "true"},
    {"and one that is not so", "q.flag", "false"},
    {"`!` of one", "!q.flag", "true"},
    {"a text is another", "r.name == 'a'", "true"},
    {"a text of one byte less", "q.name == 'b'", "false"},
    {"of other bytes", "q.name == 'bd'", "false"},
    {"of none", "r.name == ''", "false"},
    {"a text of up to 32 bytes", "s == 'a text of more than two words'", "true"},
    {"that differs in the middle", "s == 'a text of more thAn two words'", "false"},
    {"a text is not another", "r.name != 'a'", "false"},
    {"a constant on the left", "'a' == r.name", "true"},
    {"the start of a text", "s.startsWith('a text of more than')", "true"},
    {"another start", "s.startsWith('a tent')", "false"},
    {"a start that is longer", "r.name.startsWith('ab')", "false"},
    {"one of few", "q.name in ['a', 'bc']", "true"},
    {"none of few", "q.name in ['a', 'b', 'cd']", "false"},
    {"one of none", "q.name in []", "false"},
    {"decimals over a constant", "r.amount > 4", "true"},
    {"not over it", "r.amount > decimal('5')", "false"},
    {"at least", "r.amount >= 5", "true"},
    {"not at least", "r.amount >= decimal('5.0001')", "false"},
    {"below", "r.amount < 5", "false"},
    {"at most", "r.amount <= 5", "true"},
    {"the same number", "r.amount == 5", "true"},
    {"not the same", "r.amount != 5", "false"},
    {"a number on the left", "6 <= i && 8 > i", "true"},
    {"and the other way round", "8 <= i || 6 > i || 7 != i", "false"},
    {"unsigned numbers are the same", "u == 7u", "true"},
    {"two words", "r.day > q.day && q.day < e && e != r.day", "true"},
    {"two words that are the same", "i == i && i <= i && i >= i", "true"},
    {"fields that are there", "has(r.amount)", "true"},
    {"fields that are not", "has(q.amount)", "false"},
    {"fields that are read where they are there", "has(q.amount) && q.amount > 1",
     "false"},
    {"a function of a text", "s.contains('more') && !r.name.endsWith('b')", "true"},
    {"a list that has a text", "'y' in r.tags && !('z' in r.tags)", "true"},
    {"a text in order", "r.name < 'b' && r.name >= 'a' && 'b' > r.name", "true"},
    {"a fraction in order", "f > 1.0 && f <= 1.5", "true"},
    {"unsigned numbers in order", "u > 6u && u < 8u", "true"},
    {"items that a function is asked of", "rs.exists(x, 'bcd'.startsWith(x.name))",
     "true"},
    {"items of a list", "size(rs) == 2", "true"},
    {"and of a field", "r.tags.size() > 2 || size(r.tags) < 2", "false"},
    {"days between", "d - e == 15", "true"},
    {"at most so many", "d - r.day <= 0 && e - q.day <= 29", "true"},
    {"more than so many", "e - d > -15 || e - d < -15", "false"},
    {"the as-of day", "d == r.day", "true"},
    {"a day before it", "q.day < d", "true"},
    {"a period before it", "d - period('P1M') >= q.day", "true"},
    {"a period after another day", "q.day + period('P1M') == d || d == e", "false"},
    {"a day that is over by then", "q.day + period('P1M') < d", "true"},
    {"a period first", "d > period('P1M') + q.day", "true"},
    {"a period off another day", "d != r.day - period('P1D')", "true"},
    {"a constant day", "d >= date('2024-03-15') && date('2024-03-16') > d", "true"},
    {"any other use of it", "d - e > 14", "true"},
    {"all of three", "b && r.flag && i == 7", "true"},
    {"one of three", "q.flag || i == 8 || r.name == 'a'", "true"},
    {"either in both", "(q.flag || b) && (i == 8 || r.flag)", "true"},
    {"not either", "!(q.flag || i == 8)", "true"},
    {"a choice", "q.flag ? i == 7 : r.flag", "true"},
    {"the other one", "r.flag ? i == 8 : r.flag", "false"},
    {"an item that is so", "rs.exists(x, x.name == 'bc')", "true"},
    {"no item that is so", "rs.exists(x, x.name == 'd')", "false"},
    {"all items", "rs.all(x, has(x.day) && x.day <= d)", "true"},
    {"not all items", "rs.all(x, x.flag)", "false"},
    {"one item", "rs.exists_one(x, x.flag)", "true"},
    {"more than one", "rs.exists_one(x, x.day <= d)", "false"},
    {"items that are counted", "size(rs.filter(x, x.day <= d)) >= 2", "true"},
    {"few of them",
     "rs.filter(x, x.flag).size() < 1 || size(rs.filter(x, x.flag)) == 3", "false"},
    {"lists that hold no items", "lazy.exists(x, x.name == 'bc' && !x.flag)", "true"},
    {"items of a field", "q.tags.exists(t, t in ['y'])", "true"},
    {"loops one after the other",
     "rs.exists(x, x.flag) && rs.filter(x, x.day == q.day).size() > 0 || "
     "!lazy.all(x, x.flag)",
     "true"},
    {"items that nothing is asked of", "rs.all(x, s != 'a')", "true"},
    {"a field that is not there after the answer is known",
     "rs.exists(x, x.amount > 4)", "true"},
};

/* The chain alone, the code alone, and both: value, steps and next change are one. */
static void check_row(void **state) {
    const struct row *row = *state;
    struct world world;
    world_init(&world);
    assert_true(evaluate_compile(&world.evaluate, heng_str_of(row->expression)));
    heng_cel_program *program = world.evaluate.program;
    assert_non_null(program->chain);
    heng_cel_program alone = chain_alone(program);
    assert_string_equal(run(&world, &alone, 0), row->want);
    assert_string_equal(run(&world, program, 0), row->want);
    heng_cel_frame chained = world.evaluate.frame;
    heng_cel_program code = *program;
    code.chain = NULL;
    assert_string_equal(run(&world, &code, 0), row->want);
    assert_int_equal(chained.cost, world.evaluate.frame.cost);
    assert_int_equal(chained.next_change, world.evaluate.frame.next_change);
    assert_true(chained.cost <= heng_cel_program_cost_max(program));
    evaluate_done(&world.evaluate);
}

/* ---- where chains give up ---- */

static struct row refused[] = {
    {"a field that is not there", "q.amount > 1", "error: no such attribute `it`"},
    {"one that another test decides over", "q.amount > 1 || b", "true"},
    {"one in a loop", "rs.exists(x, x.amount > 6)", "error: no such attribute `it`"},
    {"one that a loop absorbs", "rs.all(x, x.flag && q.amount > 1)", "false"},
    {"one in a filter", "size(rs.filter(x, x.amount > 6)) == 0",
     "error: no such attribute `it`"},
    {"a variable of another kind", "odd == 1", "false"},
    {"days from what is no day", "late - q.day > 1 || b", "true"},
    {"a function of what is not there", "'a' in none.tags",
     "error: no such overload `.` for (null_type)"},
    {"a list that is none", "'a' in few",
     "error: no such overload `in` for (string, int)"},
    {"an object that is none", "none.flag || b", "true"},
    {"has() of it", "has(none.flag)", "error: no such overload `has` for (null_type)"},
    {"a day outside the calendar", "q.day + period('P200Y') > d",
     "error: the day is outside the calendar of 1900-01-01 to 2200-12-31"},
    {"the as-of day outside of it", "d - period('P200Y') < q.day",
     "error: the day is outside the calendar of 1900-01-01 to 2200-12-31"},
};

static void check_refused(void **state) {
    const struct row *row = *state;
    struct world world;
    world_init(&world);
    assert_true(evaluate_compile(&world.evaluate, heng_str_of(row->expression)));
    heng_cel_program *program = world.evaluate.program;
    assert_non_null(program->chain);
    heng_cel_program alone = chain_alone(program);
    assert_string_equal(run(&world, &alone, 0), "null");
    assert_string_equal(run(&world, program, 0), row->want);
    heng_cel_frame both = world.evaluate.frame;
    heng_cel_program code = *program;
    code.chain = NULL;
    assert_string_equal(run(&world, &code, 0), row->want);
    assert_int_equal(both.cost, world.evaluate.frame.cost);
    assert_int_equal(both.next_change, world.evaluate.frame.next_change);
    evaluate_done(&world.evaluate);
}

/* ---- what has no chain ---- */

static struct row without[] = {
    {"what is no bool", "i + 1", NULL},
    {"arithmetic", "i + 1 == 8", NULL},
    {"functions of two texts", "s.contains(r.name)", NULL},
    {"functions of what does not fit", "s.contains(dyn(1))", NULL},
    {"functions of constants", "'a'.contains(dyn(1))", NULL},
    {"functions that prepare something", "s.matches('^a')", NULL},
    {"loops in loops", "rs.all(x, rs.exists(y, y.flag))", NULL},
    {"loops over index and item", "rs.exists(k, v, k > 0)", NULL},
    {"lists that are made", "[i, 1].exists(x, x == 1)", NULL},
    {"numbers of two kinds", "r.amount > i", NULL},
    {"days from a field on", "r.day - q.day > 1", NULL},
    {"two texts", "r.name == q.name", NULL},
    {"constants", "true", NULL},
    {"what is bound", "cel.bind(x, r.flag, x)", NULL},
    {"what is not typed", "dyn(i) == 7", NULL},
};

static void check_without(void **state) {
    const struct row *row = *state;
    struct world world;
    world_init(&world);
    assert_true(evaluate_compile(&world.evaluate, heng_str_of(row->expression)));
    assert_null(world.evaluate.program->chain);
    evaluate_done(&world.evaluate);
}

static void tracing_and_plain_programs_have_no_chain(void **state) {
    struct world world;
    (void)state;
    world_init(&world);
    assert_true(evaluate_compile(&world.evaluate, HENG_STR("r.flag")));
    assert_non_null(world.evaluate.program->chain);
    world.evaluate.options.trace = true;
    assert_true(evaluate_compile(&world.evaluate, HENG_STR("r.flag")));
    assert_null(world.evaluate.program->chain);
    world.evaluate.options = (heng_cel_options){.no_fold = true};
    assert_true(evaluate_compile(&world.evaluate, HENG_STR("r.flag")));
    assert_null(world.evaluate.program->chain);
    world.evaluate.options = (heng_cel_options){.unchecked = true};
    assert_true(evaluate_compile(&world.evaluate, HENG_STR("r.flag")));
    assert_null(world.evaluate.program->chain);
    evaluate_done(&world.evaluate);
}

/* ---- the rest ---- */

static void one_of_many_is_found(void **state) {
    struct world world;
    heng_buffer text;
    (void)state;
    world_init(&world);
    heng_buffer_init(&text, (size_t)1 << 16);
    (void)heng_buffer_add_text(&text, "s in ['', 'same', 'same'");
    for (int i = 0; i < 50; i++) { /* of two lengths, in no order */
        (void)heng_buffer_add_format(&text, ", 'k%d'", (i * 37) % 50);
    }
    (void)heng_buffer_add_text(&text, "]");
    assert_true(evaluate_compile(&world.evaluate, heng_buffer_view(&text)));
    heng_cel_program alone = chain_alone(world.evaluate.program);
    assert_non_null(alone.chain);
    for (int i = -1; i < 60; i++) {
        char sought[16];
        int len = i < 0 ? 0 : snprintf(sought, sizeof sought, "k%d", i);
        world.values[8] = heng_cel_value_string((heng_str){sought, (size_t)len});
        assert_string_equal(run(&world, &alone, 0), i < 50 ? "true" : "false");
    }
    world.values[8] = heng_cel_value_string(HENG_STR("same"));
    assert_string_equal(run(&world, &alone, 0), "true");
    world.values[8] = heng_cel_value_string(HENG_STR("samo"));
    assert_string_equal(run(&world, &alone, 0), "false");
    heng_buffer_done(&text);
    evaluate_done(&world.evaluate);
}

static void the_cap_on_steps_holds(void **state) {
    static const char *const TEXTS[] = {
        "r.flag && i == 7", "!rs.exists(x, x.amount > 4)", "rs.all(x, x.day <= d)"};
    struct world world;
    (void)state;
    world_init(&world);
    for (size_t i = 0; i < COUNT(TEXTS); i++) {
        assert_true(evaluate_compile(&world.evaluate, heng_str_of(TEXTS[i])));
        const char *want = run(&world, world.evaluate.program, 0);
        uint64_t cost = world.evaluate.frame.cost;
        assert_string_equal(run(&world, world.evaluate.program, cost), want);
        const char *over = run(&world, world.evaluate.program, cost - 1);
        assert_non_null(strstr(over, "error: the evaluation costs more than"));
    }
    evaluate_done(&world.evaluate);
}

/* An item that is an error is one only where it is looked at, or kept. */
static void items_that_are_errors(void **state) {
    struct world world;
    (void)state;
    world_init(&world);
    world.items[1] =
        heng_cel_value_error(world.evaluate.arena, HENG_CEL_ERR_ARGUMENT, "a bad item");
    static const struct {
        const char *text, *want;
    } CASES[] = {
        {"size(rs.filter(x, b)) == 1", "error: a bad item"},
        {"size(rs.filter(x, !b)) == 0", "true"},
        {"rs.exists_one(x, b)", "error: a bad item"},
        {"rs.all(x, b)", "true"},
        {"rs.exists(x, x.flag)", "true"},
    };
    for (size_t i = 0; i < COUNT(CASES); i++) {
        assert_true(evaluate_compile(&world.evaluate, heng_str_of(CASES[i].text)));
        heng_cel_program *program = world.evaluate.program;
        assert_non_null(program->chain);
        assert_string_equal(run(&world, program, 0), CASES[i].want);
        program->chain = NULL;
        assert_string_equal(run(&world, program, 0), CASES[i].want);
    }
    evaluate_done(&world.evaluate);
}

/* Texts of one length are looked at to the end; enough of them are too much. */
static void functions_count_what_they_do_or_fail(void **state) {
    enum { LEN = 100000, ITEMS = 50 };
    static char bytes[LEN];
    static heng_cel_value items[ITEMS];
    heng_cel_list list = {.items = items};
    struct world world;
    heng_buffer text;
    (void)state;
    world_init(&world);
    heng_buffer_init(&text, (size_t)1 << 20);
    memset(bytes, 'a', sizeof bytes);
    (void)heng_buffer_add_char(&text, '\'');
    (void)heng_buffer_add(&text, bytes, sizeof bytes);
    (void)heng_buffer_add_text(&text, "' in few");
    bytes[LEN - 1] = 'b';
    for (size_t i = 0; i < ITEMS; i++) {
        items[i] = heng_cel_value_string((heng_str){bytes, sizeof bytes});
    }
    world.values[13] = heng_cel_value_list(&list);
    assert_true(evaluate_compile(&world.evaluate, heng_buffer_view(&text)));
    heng_cel_program *program = world.evaluate.program;
    heng_cel_program alone = chain_alone(program);
    heng_cel_program code = *program;
    code.chain = NULL;

    list.count = 3;
    assert_string_equal(run(&world, &alone, 0), "false");
    uint64_t cost = world.evaluate.frame.cost;
    assert_true(cost > 3 * LEN / 16);
    assert_string_equal(run(&world, &code, 0), "false");
    assert_int_equal(cost, world.evaluate.frame.cost);

    list.count = ITEMS;
    assert_string_equal(run(&world, &alone, 0), "null");
    assert_string_equal(run(&world, program, 0),
                        "error: comparing the values takes too long");
    heng_buffer_done(&text);
    evaluate_done(&world.evaluate);
}

/* Constants that are too large to be folded are still constants. */
static void a_call_of_constants_has_no_chain(void **state) {
    static char bytes[100000];
    struct world world;
    heng_buffer text;
    (void)state;
    world_init(&world);
    heng_buffer_init(&text, (size_t)1 << 20);
    memset(bytes, 'a', sizeof bytes);
    (void)heng_buffer_add_char(&text, '\'');
    (void)heng_buffer_add(&text, bytes, sizeof bytes);
    (void)heng_buffer_add_text(&text, "'.contains('b')");
    assert_true(evaluate_compile(&world.evaluate, heng_buffer_view(&text)));
    assert_null(world.evaluate.program->chain);
    assert_string_equal(run(&world, world.evaluate.program, 0), "false");
    heng_buffer_done(&text);
    evaluate_done(&world.evaluate);
}

static heng_status build(void *context) {
    const struct evaluate *evaluate = context;
    const heng_chain_link *chain = NULL;
    heng_arena *arena = heng_arena_new((size_t)1 << 20);
    heng_status status = HENG_ERR_NOMEM;
    if (arena != NULL) {
        status = heng_chain_build(evaluate->program->ast, arena, &chain);
        if (status == HENG_OK) {
            assert_non_null(chain);
        }
    }
    heng_arena_free(arena);
    return status;
}

static void every_allocation_may_fail(void **state) {
    struct world world;
    (void)state;
    world_init(&world);
    assert_true(evaluate_compile(
        &world.evaluate,
        HENG_STR("(r.name in ['a', 'b'] || q.day + period('P1M') < d) && "
                 "rs.exists(x, x.flag && x.name != 'c') && i > 1 && i > 2 && i > 3 && "
                 "i > 4 && i > 5 && (i > 6 || i == 1 || i == 2 || i == 3 || i == 4 || "
                 "i == 5 || i == 6)")));
    assert_true(torture(build, &world.evaluate) > 3);
    evaluate_done(&world.evaluate);
}

int main(void) {
    struct CMUnitTest tests[COUNT(rows) + COUNT(refused) + COUNT(without) + 7];
    size_t count = 0;
    for (size_t i = 0; i < COUNT(rows); i++) {
        tests[count++] = ROW_TEST(&rows[i], check_row);
    }
    for (size_t i = 0; i < COUNT(refused); i++) {
        tests[count++] = ROW_TEST(&refused[i], check_refused);
    }
    for (size_t i = 0; i < COUNT(without); i++) {
        tests[count++] = ROW_TEST(&without[i], check_without);
    }
    const struct CMUnitTest rest[] = {
        cmocka_unit_test(tracing_and_plain_programs_have_no_chain),
        cmocka_unit_test(one_of_many_is_found),
        cmocka_unit_test(the_cap_on_steps_holds),
        cmocka_unit_test(items_that_are_errors),
        cmocka_unit_test(functions_count_what_they_do_or_fail),
        cmocka_unit_test(a_call_of_constants_has_no_chain),
        cmocka_unit_test(every_allocation_may_fail),
    };
    memcpy(tests + count, rest, sizeof rest);
    return check_run("cel/chain", tests, count + COUNT(rest), NULL, NULL);
}
