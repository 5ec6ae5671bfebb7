/* SPDX-License-Identifier: Apache-2.0 */
/* test_program.c: compiling and running as the rest of heng does it. */
#include "cel/evaluate.h"

#include <stdio.h>

#include "base/buffer.h"
#include "support/torture.h"

static void reads_are_known(void **state) {
    struct evaluate evaluate;
    (void)state;
    evaluate_init(&evaluate);
    for (int i = 0; i < 3; i++) {
        const char *name = (const char *[]){"a", "b", "c"}[i];
        assert_int_equal(heng_cel_env_variable(evaluate.env, heng_str_of(name),
                                               heng_cel_type_simple(HENG_CEL_INT),
                                               NULL),
                         HENG_OK);
    }
    assert_true(evaluate_compile(&evaluate, HENG_STR("a > 1 || [c].exists(x, x > a)")));
    assert_true(heng_cel_program_reads(evaluate.program, 0));
    assert_false(heng_cel_program_reads(evaluate.program, 1));
    assert_true(heng_cel_program_reads(evaluate.program, 2));
    evaluate_done(&evaluate);
}

static void an_error_knows_its_node(void **state) {
    struct evaluate evaluate;
    (void)state;
    evaluate_init(&evaluate);
    evaluate.options.no_fold = true;
    assert_true(evaluate_compile(&evaluate, HENG_STR("1 + [1, 2][3] * 2")));
    evaluate.frame.arena = evaluate.arena;
    heng_cel_value value = heng_cel_run(evaluate.program, &evaluate.frame, NULL);
    assert_true(heng_cel_value_is_error(value));
    const heng_cel_ast *ast = heng_cel_program_ast(evaluate.program);
    const heng_cel_node *node = ast->nodes[value.as.error->node - 1];
    assert_int_equal(node->start, 4);
    assert_int_equal(node->len, 9);
    evaluate_done(&evaluate);
}

static void the_cost_cap_ends_it(void **state) {
    struct evaluate evaluate;
    (void)state;
    evaluate_init(&evaluate);
    evaluate.options.no_fold = true;
    const char *text = "[1, 2, 3, 4, 5, 6, 7, 8].exists(x, x > 9) || true";
    assert_string_equal(evaluate_text(&evaluate, text), "true");
    uint64_t cost = evaluate.frame.cost;
    assert_true(cost > 20);
    evaluate.frame.cost_cap = cost;
    assert_string_equal(evaluate_text(&evaluate, text), "true");
    evaluate.frame.cost_cap = cost - 1;
    assert_string_equal(evaluate_text(&evaluate, text),
                        "error: the evaluation costs more than 35 steps");
    assert_true(evaluate.frame.cost <= cost);
    evaluate_done(&evaluate);
}

/* ---- the trace ---- */

struct trace {
    struct evaluate *evaluate;
    heng_buffer out;
};

static void add_step(void *context, const heng_cel_node *node, heng_cel_value value) {
    struct trace *trace = context;
    heng_str text = heng_cel_program_ast(trace->evaluate->program)->text;
    (void)heng_buffer_add(&trace->out, text.ptr + node->start, node->len);
    (void)heng_buffer_add_format(&trace->out, " = %s\n",
                                 heng_cel_value_print(value, trace->evaluate->arena));
}

static const char *trace_text(struct evaluate *evaluate, struct trace *trace,
                              const char *expression) {
    heng_buffer_clear(&trace->out);
    evaluate->options.trace = true;
    evaluate->options.no_fold = true;
    evaluate->frame.trace = add_step;
    evaluate->frame.trace_context = trace;
    (void)evaluate_text(evaluate, expression);
    return trace->out.bytes;
}

static void each_node_is_reported(void **state) {
    struct evaluate evaluate;
    struct trace trace = {.evaluate = &evaluate};
    (void)state;
    evaluate_init(&evaluate);
    heng_buffer_init(&trace.out, (size_t)1 << 20);
    assert_string_equal(trace_text(&evaluate, &trace, "1 + 2 > 2"),
                        "1 = 1\n2 = 2\n1 + 2 = 3\n2 = 2\n1 + 2 > 2 = true\n");
    assert_string_equal(trace_text(&evaluate, &trace, "[4, 5].exists(x, x == 5)"),
                        "4 = 4\n5 = 5\n[4, 5] = [4, 5]\n"
                        "x = 4\n5 = 5\nx == 5 = false\n"
                        "x = 5\n5 = 5\nx == 5 = true\n"
                        "[4, 5].exists(x, x == 5) = true\n");
    heng_buffer_done(&trace.out);
    evaluate_done(&evaluate);
}

static void an_error_is_reported_up_to_where_it_is_absorbed(void **state) {
    struct evaluate evaluate;
    struct trace trace = {.evaluate = &evaluate};
    (void)state;
    evaluate_init(&evaluate);
    heng_buffer_init(&trace.out, (size_t)1 << 20);
    assert_string_equal(trace_text(&evaluate, &trace, "1 / 0 > 1 || true"),
                        "1 = 1\n0 = 0\n1 / 0 = error: division by zero\n"
                        "1 / 0 > 1 = error: division by zero\n"
                        "true = true\n1 / 0 > 1 || true = true\n");
    heng_buffer_done(&trace.out);
    evaluate_done(&evaluate);
}

/* ---- hostile input ---- */

struct hostile {
    const char *name;
    const char *before, *repeated, *middle, *after;
    size_t count;
};

static struct hostile hostiles[] = {
    {"a hundred thousand brackets", "", "(", "1", ")", 100000},
    {"unclosed ones", "", "[", "", "", 100000},
    {"a thousand macros in each other", "", "[1].all(x, ", "true", ")", 1000},
    {"a literal of ten megabytes", "'", "a", "", "'", 10000000},
    {"a long chain of `+`", "1", " + 1", "", "", 50000},
    {"a long chain of `&&`", "true", " && true", "", "", 50000},
    {"a long chain of `!`", "", "!", "true", "", 100000},
    {"a long chain of fields", "a", ".b", "", "", 50000},
    {"a long chain of indexes", "a", "[0]", "", "", 50000},
    {"a list of many items", "[1", ",1", "]", "", 60000},
    {"a map of many keys", "{1:1", ",1:1", "}", "", 30000},
    {"a long chain of `?:`", "true", " ? 1 : true", " ? 1 : 2", "", 20000},
};

static void check_hostile(void **state) {
    const struct hostile *row = *state;
    struct evaluate evaluate;
    heng_buffer text;
    evaluate_init(&evaluate);
    heng_buffer_init(&text, (size_t)1 << 26);
    (void)heng_buffer_add_text(&text, row->before);
    for (size_t i = 0; i < row->count; i++) {
        (void)heng_buffer_add_text(&text, row->repeated);
    }
    (void)heng_buffer_add_text(&text, row->middle);
    size_t closes = row->after[0] == '\'' ? 1 : row->count;
    for (size_t i = 0; i < closes; i++) {
        (void)heng_buffer_add_text(&text, row->after);
    }
    assert_int_equal(heng_buffer_status(&text), HENG_OK);
    if (evaluate_compile(&evaluate, heng_buffer_view(&text))) {
        evaluate.frame.arena = evaluate.arena;
        evaluate.frame.cost_cap = 10000000;
        (void)heng_cel_run(evaluate.program, &evaluate.frame, NULL);
    } else {
        assert_non_null(evaluate.message);
    }
    heng_buffer_done(&text);
    evaluate_done(&evaluate);
}

/* `levels` lists of twice the one before: small in memory, endless to look through. */
static const char *doubled(struct evaluate *evaluate, int levels, const char *body) {
    heng_buffer text;
    heng_buffer_init(&text, (size_t)1 << 20);
    (void)heng_buffer_add_text(&text, "cel.bind(a0, 1, cel.bind(b0, 1, ");
    for (int i = 1; i <= levels; i++) {
        (void)heng_buffer_add_format(&text,
                                     "cel.bind(a%d, [a%d, a%d], cel.bind(b%d, [b%d, "
                                     "b%d], ",
                                     i, i - 1, i - 1, i, i - 1, i - 1);
    }
    (void)heng_buffer_add_format(&text, "cel.bind(a, a%d, cel.bind(b, b%d, %s))",
                                 levels, levels, body);
    for (int i = 0; i <= levels; i++) {
        (void)heng_buffer_add_text(&text, "))");
    }
    const char *got = evaluate_text(evaluate, text.bytes);
    heng_buffer_done(&text);
    return got;
}

static void shared_values_end(void **state) {
    struct evaluate evaluate;
    (void)state;
    evaluate_init(&evaluate);
    assert_string_equal(doubled(&evaluate, 10, "a == b"), "true");
    assert_string_equal(doubled(&evaluate, 60, "a == b"),
                        "error: comparing the values takes too long");
    assert_string_equal(doubled(&evaluate, 60, "a != b"),
                        "error: comparing the values takes too long");
    assert_string_equal(doubled(&evaluate, 60, "a in [b]"),
                        "error: comparing the values takes too long");
    assert_string_equal(doubled(&evaluate, 60, "'%s'.format([a]).size() + size(b)"),
                        "error: out of memory");
    /* What it takes is in the bound: without one it is refused where there is a cap. */
    evaluate.options.cost_cap = 1000000;
    const char *got = doubled(&evaluate, 60, "a == b");
    assert_non_null(strstr(got, "invalid: "));
    evaluate_done(&evaluate);
}

static void maps_of_many_keys_are_searched(void **state) {
    struct evaluate evaluate;
    heng_buffer text;
    (void)state;
    evaluate_init(&evaluate);
    heng_buffer_init(&text, (size_t)1 << 20);
    (void)heng_buffer_add_text(&text, "cel.bind(m, {true: 'yes'");
    for (int i = 0; i < 1000; i++) {
        int key = (i * 7919) % 1000; /* each once, in no order */
        (void)heng_buffer_add_format(&text, ", %d: '%d', 'k%d': '%d'", key, key, key,
                                     key);
    }
    (void)heng_buffer_add_text(
        &text, "}, [m[0] + m[999] + m['k500'] + m[true] + m[dyn(7.0)] + m[dyn(8u)], "
               "string('k1000' in m), string(1000 in m), string(false in m), "
               "m.k3, string(m == m), string(size(m))])");
    assert_string_equal(evaluate_text(&evaluate, text.bytes),
                        "[\"0999500yes78\", \"false\", \"false\", \"false\", \"3\", "
                        "\"true\", \"2001\"]");
    heng_buffer_done(&text);
    evaluate_done(&evaluate);
}

/* ---- memory ---- */

static heng_status compile_and_run(void *context) {
    const char *text = context;
    heng_arena *arena = heng_arena_new((size_t)1 << 24);
    heng_diags *diags = heng_diags_new();
    heng_cel_program *program = NULL;
    heng_status status = HENG_ERR_NOMEM;
    if (arena == NULL || diags == NULL)
        goto out;
    const heng_cel_env *env = heng_cel_env_new(arena);
    if (env == NULL)
        goto out;
    heng_cel_options options = {.no_fold = true};
    status = heng_cel_compile(env, heng_str_of(text), (heng_cel_place){0}, &options,
                              arena, diags, &program);
    if (status == HENG_OK) {
        heng_cel_frame frame = {
            .arena = arena, .clock = HENG_DATE_NONE, .next_change = HENG_DATE_NONE};
        heng_cel_value value = heng_cel_run(program, &frame, NULL);
        if (heng_cel_value_is_error(value)) {
            status = value.as.error->code == HENG_CEL_ERR_MEMORY ? HENG_ERR_NOMEM
                                                                 : HENG_ERR_INTERNAL;
        }
    }
out:
    heng_cel_program_done(program);
    heng_diags_free(diags);
    heng_arena_free(arena);
    return status;
}

static void every_allocation_may_fail(void **state) {
    static char text[] =
        "[1, 2, 3].map(x, string(x) + 'a').filter(s, s.matches('^[12]a+$')).size() == "
        "2 "
        "&& '%s'.format([{'a': [1.5, b'x']}]).size() > 3 && "
        "timestamp('2024-01-01T00:00:00Z').getHours('Asia/Shanghai') == 8 && "
        "optional.of([1])[?0].orValue(2) == 1 && 'a,b'.split(',').join('-') == 'a-b'";
    (void)state;
    assert_true(torture(compile_and_run, text) > 5);
}

int main(void) {
    struct CMUnitTest tests[COUNT(hostiles) + 8];
    size_t count = COUNT(hostiles);
    for (size_t i = 0; i < count; i++) {
        tests[i] = ROW_TEST(&hostiles[i], check_hostile);
    }
    const struct CMUnitTest rest[] = {
        cmocka_unit_test(reads_are_known),
        cmocka_unit_test(shared_values_end),
        cmocka_unit_test(maps_of_many_keys_are_searched),
        cmocka_unit_test(an_error_knows_its_node),
        cmocka_unit_test(the_cost_cap_ends_it),
        cmocka_unit_test(each_node_is_reported),
        cmocka_unit_test(an_error_is_reported_up_to_where_it_is_absorbed),
        cmocka_unit_test(every_allocation_may_fail),
    };
    memcpy(tests + count, rest, sizeof rest);
    return cmocka_run_group_tests_name("cel/program", tests, NULL, NULL);
}
