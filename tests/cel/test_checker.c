/* SPDX-License-Identifier: Apache-2.0 */
/* test_checker.c: which type an expression has, and which names mean what. */
#include "cel/front.h"

#include "support/torture.h"

static struct front_row types[] = {
    /* literals */
    {"of an int", "1", "int"},
    {"of null", "null", "null_type"},
    {"of a list of one type", "[1, 2]", "list(int)"},
    {"of a list of several", "[1, 'a']", "list(dyn)"},
    {"of numbers of several types", "[1, 2u]", "list(dyn)"},
    {"of an empty list", "[]", "list(dyn)"},
    {"of lists of which some are empty", "[[], [1]]", "list(list(int))"},
    {"of lists in lists", "[[], [[]], [[[]]]]", "list(list(list(list(dyn))))"},
    {"in any order", "[[[[]]], [[]], []]", "list(list(list(list(dyn))))"},
    {"of a map", "{'a': 1}", "map(string, int)"},
    {"of an empty map", "{}", "map(dyn, dyn)"},
    {"of a map of several types", "{'a': 1, 2: 'b'}", "map(dyn, dyn)"},
    {"of an item that is dyn", "[v, 1]", "list(dyn)"},
    {"of optional items", "[?o, 1]", "list(int)"},
    {"of optional entries", "{?'a': o}", "map(string, int)"},
    {"of a time or null", "[timestamp(0), null]", "list(timestamp)"},
    {"of null or a time", "[null, timestamp(0)]", "list(timestamp)"},
    {"of an optional or null", "[null, o]", "list(optional_type(int))"},
    {"of an int or null", "[1, null]", "list(dyn)"},
    /* operators */
    {"of a sum", "i + 1", "int"},
    {"of a sum of what is dyn", "v + 1", "int"},
    {"of a sum of unknowns", "v + v", "dyn"},
    {"of lists added", "l + []", "list(int)"},
    {"of an empty list added to one", "[] + l", "list(int)"},
    {"of a comparison", "v == 1", "bool"},
    {"of a comparison with something empty", "[] == l", "bool"},
    {"of a comparison across numbers", "i < x", "bool"},
    {"of amounts and numbers", "r.amount == 1 && 1 != r.amount", "bool"},
    {"of an amount computed", "r.amount * 2 + 1", "decimal"},
    {"of days between", "as_of - r.decided_on", "int"},
    {"of a day later", "as_of + period('P1Y')", "date"},
    {"of a condition", "b ? 1 : 2", "int"},
    {"of a condition with dyn", "b ? v : 2", "dyn"},
    {"of a condition with null", "b ? null : timestamp(0)", "timestamp"},
    {"of a condition with something empty", "b ? [] : l", "list(int)"},
    {"of an item", "l[0]", "int"},
    {"of an entry", "m['a']", "int"},
    {"of an item of dyn", "v[0]", "dyn"},
    {"of an optional item", "l[?0]", "optional_type(int)"},
    {"of an item of nothing", "[][0]", "dyn"},
    /* names */
    {"of a type", "int", "type(int)"},
    {"of a type of types", "type", "type(type)"},
    {"of a type with parameters", "list", "type(list(dyn))"},
    {"of a qualified type", "google.protobuf.Timestamp", "type(timestamp)"},
    {"of a type asked for", "type(1)", "type(int)"},
    {"of a field", "r.amount", "decimal"},
    {"of a field of dyn", "v.a.b", "dyn"},
    {"of a field of a map", "m.a", "int"},
    {"of an optional field", "r.?amount", "optional_type(decimal)"},
    {"of a field of an optional", "r.?tags[0]", "optional_type(string)"},
    {"of a test", "has(r.amount)", "bool"},
    /* macros */
    {"of all", "l.all(x, x > 0)", "bool"},
    {"of filter", "records.filter(r, r.in_force)", "list(record)"},
    {"of filter of a map", "m.filter(k, k != 'a')", "list(string)"},
    {"of map", "l.map(x, string(x))", "list(string)"},
    {"of map of nothing", "[].map(x, x)", "list(dyn)"},
    {"of map with a filter", "l.map(x, x > 0, [x])", "list(list(int))"},
    {"of map of dyn", "v.map(x, 1)", "list(int)"},
    {"of transformList", "m.transformList(k, x, k + 'a')", "list(string)"},
    {"of transformMap", "m.transformMap(k, x, x > 0)", "map(string, bool)"},
    {"of transformMap of a list", "l.transformMap(i, x, 'a')", "map(int, string)"},
    {"of transformMapEntry", "l.transformMapEntry(i, x, {string(x): i})",
     "map(string, int)"},
    {"of two variables of a list", "['a'].exists(i, x, i == 0 && x == 'a')", "bool"},
    {"of two variables of a map", "m.all(k, x, k == 'a' && x == 1)", "bool"},
    {"of bind", "cel.bind(y, 1, [y])", "list(int)"},
    {"of optMap", "o.optMap(y, string(y))", "optional_type(string)"},
    {"of optFlatMap", "o.optFlatMap(y, l[?y])", "optional_type(int)"},
    /* functions */
    {"of dyn", "dyn(1)", "dyn"},
    {"of nothing optional", "optional.none()", "optional_type(dyn)"},
    {"of nothing or something", "[optional.none(), o]", "list(optional_type(int))"},
    {"of something or dyn", "[o, optional.of(v)]", "list(optional_type(dyn))"},
    {"of nothing, or else", "optional.none().orValue(1)", "int"},
    {"of the greatest", "math.greatest(1, 2)", "int"},
    {"of the greatest of several types", "math.greatest(1, 2.0)", "dyn"},
    {"of split", "s.split(',')", "list(string)"},
};

static void check_type(void **state) {
    const struct front_row *row = *state;
    struct front front;
    front_init(&front);
    heng_status status = front_run(&front, heng_str_of(row->expression), FRONT_CHECK);
    if (status != HENG_OK) {
        fail_msg("%s", front_message(&front));
    }
    assert_string_equal(heng_cel_type_print(front.arena, front.ast.root->type),
                        row->want);
    front_done(&front);
}

static void says_what_is_wrong(void **state) {
    struct front front;
    (void)state;
    front_init(&front);
    front_golden(&front, "checker", FRONT_CHECK);
    front_done(&front);
}

/* ---- names ---- */

/* Variables of a container and of macros; `want` is the slot, or `local`. */
struct name_row {
    const char *name;
    const char *container;
    const char *variables[4];
    const char *expression; /* of which the first name that is resolved is looked at */
    const char *want;
};

static struct name_row names[] = {
    {"a name by itself", "", {"y"}, "y", "y"},
    {"the container goes first", "c", {"y", "c.y"}, "y", "c.y"},
    {"then what is around it", "c.d", {"y", "c.y"}, "y", "c.y"},
    {"the innermost wins", "c.d", {"y", "c.y", "c.d.y"}, "y", "c.d.y"},
    {"a dot asks for the outermost", "c", {"y", "c.y"}, ".y", "y"},
    {"the longest name wins", "", {"a", "a.b", "a.b.c"}, "a.b.c", "a.b.c"},
    {"the rest are fields", "", {"a", "a.b"}, "a.b.c", "a.b"},
    {"a qualified name in a container", "c", {"c.a.b"}, "a.b", "c.a.b"},
    {"brackets do not change that", "", {"a.b"}, "(a.b)", "a.b"},
    {"a variable hides a type", "", {"int"}, "int", "int"},
    {"a macro's variable hides others", "c", {"y", "c.y"}, "[1].map(y, y)", "local"},
    {"and qualified names", "", {"y.z"}, "[{'z': 1}].map(y, y.z)", "local"},
    {"but not with a dot", "c", {"y.z", "c.y.z"}, "[0].map(y, .y.z)", "y.z"},
    {"a bound name hides others", "", {"y"}, "cel.bind(y, 1, y)", "local"},
    {"a bound name is not in its value", "", {"y"}, "cel.bind(y, y, 1)", "y"},
};

static const heng_cel_node *first_name(const heng_cel_node *node) {
    if (node->kind == HENG_CEL_NODE_IDENT)
        return node;
    for (uint32_t i = 0; i < heng_cel_ast_child_count(node); i++) {
        const heng_cel_node *found = first_name(heng_cel_ast_child(node, i));
        if (found != NULL)
            return found;
    }
    return NULL;
}

static void check_name(void **state) {
    const struct name_row *row = *state;
    const char *got = "none";
    struct front front;
    front_init(&front);
    front.env = heng_cel_env_new(front.arena);
    for (size_t i = 0; i < COUNT(row->variables) && row->variables[i] != NULL; i++) {
        (void)front_declare(&front, row->variables[i],
                            heng_cel_type_simple(HENG_CEL_DYN));
    }
    assert_int_equal(heng_cel_env_container(front.env, heng_str_of(row->container)),
                     HENG_OK);
    for (int unchecked = 0; unchecked < 2; unchecked++) {
        front.unchecked = unchecked == 1;
        assert_int_equal(front_run(&front, heng_str_of(row->expression), FRONT_CHECK),
                         HENG_OK);
        const heng_cel_node *node = first_name(front.ast.root);
        if (node == NULL) {
            fail_msg("there is no name");
            return;
        }
        if (node->ref == HENG_CEL_REF_LOCAL) {
            got = "local";
        } else if (node->ref == HENG_CEL_REF_VARIABLE) {
            got = row->variables[node->slot];
        }
        assert_string_equal(got, row->want);
    }
    front_done(&front);
}

/* ---- what else it leaves in the tree ---- */

static void finds_the_row_of_a_call(void **state) {
    struct front front;
    (void)state;
    front_init(&front);
    assert_int_equal(front_run(&front, HENG_STR("i + 1"), FRONT_CHECK), HENG_OK);
    assert_string_equal(front.ast.root->overload->id, "add_int64");
    assert_int_equal(front_run(&front, HENG_STR("v + v"), FRONT_CHECK), HENG_OK);
    assert_null(front.ast.root->overload);
    assert_int_equal(front_run(&front, HENG_STR("math.abs(i)"), FRONT_CHECK), HENG_OK);
    assert_null(front.ast.root->operand);
    assert_string_equal(front_dump(&front), "(math.abs i)");
    assert_int_equal(front.ast.node_count, 2);
    front_done(&front);
}

static void gives_each_variable_of_a_macro_a_slot(void **state) {
    struct front front;
    (void)state;
    front_init(&front);
    heng_str text = HENG_STR("l.map(x, l.all(k, y, x == y && k == x)).size()");
    assert_int_equal(front_run(&front, text, FRONT_CHECK), HENG_OK);
    assert_int_equal(front.ast.local_count, 3);
    assert_true(front.ast.checked);
    front_done(&front);
}

static void wants_a_type(void **state) {
    struct front front;
    (void)state;
    front_init(&front);
    front.want = heng_cel_type_simple(HENG_CEL_BOOL);
    assert_int_equal(front_run(&front, HENG_STR("i > 0"), FRONT_CHECK), HENG_OK);
    assert_int_equal(front_run(&front, HENG_STR("v"), FRONT_CHECK), HENG_OK);
    assert_int_equal(front_run(&front, HENG_STR("i"), FRONT_CHECK), HENG_ERR_INVALID);
    assert_string_equal(front_message(&front),
                        "the expression must be bool, but is int");
    front_done(&front);
}

static void reports_nothing_unchecked(void **state) {
    struct front front;
    (void)state;
    front_init(&front);
    front.unchecked = true;
    heng_str text = HENG_STR("unknown(1 + 'a').b == [!1, {1.5: -'a'}, A{b: 1}]");
    assert_int_equal(front_run(&front, text, FRONT_CHECK), HENG_OK);
    assert_false(front.ast.checked);
    assert_null(front.ast.root->type);
    front_done(&front);
}

static void leaves_macros_as_calls_where_asked(void **state) {
    struct front front;
    (void)state;
    front_init(&front);
    front.no_macros = true;
    assert_int_equal(front_run(&front, HENG_STR("has(r.amount)"), FRONT_CHECK),
                     HENG_ERR_INVALID);
    assert_string_equal(front_message(&front),
                        "`has` is no function, but a macro written otherwise");
    front_done(&front);
}

/* ---- hostile ---- */

/* Types that hold each other twice, once a name. */
static void caps_types_that_double(void **state) {
    struct front front;
    heng_buffer text;
    (void)state;
    heng_buffer_init(&text, (size_t)1 << 20);
    (void)heng_buffer_add_text(&text, "cel.bind(a0, {}, ");
    for (int i = 1; i < 100; i++) {
        (void)heng_buffer_add_format(
            &text, "cel.bind(a%d, {}, a%d[a%d] == a%d ? true : ", i, i, i - 1, i - 1);
    }
    (void)heng_buffer_add_text(&text, "false");
    for (int i = 0; i < 100; i++) {
        (void)heng_buffer_add_text(&text, ")");
    }
    front_init(&front);
    assert_int_equal(front_run(&front, heng_buffer_view(&text), FRONT_CHECK),
                     HENG_ERR_INVALID);
    assert_int_equal(heng_diags_count(front.diags), 1);
    assert_string_equal(front_message(&front), "the types nest too deeply");
    front_done(&front);
    heng_buffer_done(&text);
}

/* Each name stands for a list of lists of the one before. */
static void caps_types_that_are_deep(void **state) {
    struct front front;
    heng_buffer text;
    (void)state;
    heng_buffer_init(&text, (size_t)1 << 20);
    (void)heng_buffer_add_text(&text, "cel.bind(a0, 1, ");
    for (int i = 1; i < 100; i++) {
        (void)heng_buffer_add_format(&text, "cel.bind(a%d, [[[[[[[[a%d]]]]]]]], ", i,
                                     i - 1);
    }
    (void)heng_buffer_add_text(&text, "a99");
    for (int i = 0; i < 100; i++) {
        (void)heng_buffer_add_text(&text, ")");
    }
    front_init(&front);
    assert_int_equal(front_run(&front, heng_buffer_view(&text), FRONT_CHECK),
                     HENG_ERR_INVALID);
    assert_string_equal(front_message(&front), "the types nest too deeply");
    front_done(&front);
    heng_buffer_done(&text);
}

static heng_status check_all(void *context) {
    heng_str text = HENG_STR("[?optional.of([1]), []].exists(x, y, cel.bind(z, y[x], "
                             "math.abs(z) > size({'a': dyn(z)}.a) ? !(z in y) : "
                             "optional.none() == optional.of(y)))");
    heng_str wrong = HENG_STR("unknwn + size(1, 2) + [1].foo");
    heng_status status = HENG_ERR_NOMEM;
    heng_arena *arena = heng_arena_new((size_t)1 << 22);
    heng_diags *diags = heng_diags_new();
    heng_cel_env *env = arena == NULL ? NULL : heng_cel_env_new(arena);
    heng_cel_ast ast;
    bool broken = *(bool *)context;
    if (env != NULL && diags != NULL) {
        heng_str chosen = broken ? wrong : text;
        heng_cel_report report = {.diags = diags, .len = chosen.len};
        status = heng_cel_parser_parse(chosen, false, arena, &report, &ast);
        if (status == HENG_OK) {
            status = heng_cel_checker_check(env, NULL, false, arena, &report, &ast);
        }
        if (broken && status == HENG_ERR_INVALID) {
            status = heng_diags_failed(diags) ? HENG_ERR_NOMEM : HENG_OK;
        }
    }
    heng_diags_free(diags);
    heng_arena_free(arena);
    return status;
}

static void survives_every_allocation_failing(void **state) {
    bool broken[] = {false, true};
    (void)state;
    assert_true(torture(check_all, &broken[0]) > 2);
    assert_true(torture(check_all, &broken[1]) > 2);
}

int main(void) {
    struct CMUnitTest tests[COUNT(types) + COUNT(names) + 9];
    size_t count = 0;
    for (size_t i = 0; i < COUNT(types); i++) {
        tests[count++] = ROW_TEST(&types[i], check_type);
    }
    for (size_t i = 0; i < COUNT(names); i++) {
        tests[count++] = ROW_TEST(&names[i], check_name);
    }
    const struct CMUnitTest rest[] = {
        cmocka_unit_test(says_what_is_wrong),
        cmocka_unit_test(finds_the_row_of_a_call),
        cmocka_unit_test(gives_each_variable_of_a_macro_a_slot),
        cmocka_unit_test(wants_a_type),
        cmocka_unit_test(reports_nothing_unchecked),
        cmocka_unit_test(leaves_macros_as_calls_where_asked),
        cmocka_unit_test(caps_types_that_double),
        cmocka_unit_test(caps_types_that_are_deep),
        cmocka_unit_test(survives_every_allocation_failing),
    };
    memcpy(tests + count, rest, sizeof rest);
    return check_run("checker", tests, count + COUNT(rest), NULL, NULL);
}
