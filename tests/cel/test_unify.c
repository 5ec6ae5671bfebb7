/* SPDX-License-Identifier: Apache-2.0 */
/* test_unify.c: what is assignable to what. `?` and `!` are variables. */
#include "cel/front.h"

#include "cel/unify.h"

struct row {
    const char *name;
    const char *from, *to; /* A and B are variables, shared by both */
    const char *want;      /* `to` afterwards, closed; NULL: not assignable */
};

static struct row rows[] = {
    {"the same", "int", "int", "int"},
    {"others", "int", "string", NULL},
    {"numbers do not convert", "int", "double", NULL},
    {"anything to dyn", "list(int)", "dyn", "dyn"},
    {"dyn to anything", "dyn", "list(int)", "list(int)"},
    {"inside lists", "list(dyn)", "list(int)", "list(int)"},
    {"lists of others", "list(int)", "list(string)", NULL},
    {"a variable is filled", "int", "A", "int"},
    {"from the other side too", "A", "int", "int"},
    {"inside a list", "list(int)", "list(A)", "list(int)"},
    {"a list itself", "list(int)", "A", "list(int)"},
    {"a variable by a variable", "A", "B", "dyn"},
    {"twice the same", "map(int,int)", "map(A,A)", "map(int, int)"},
    {"twice others", "map(int,string)", "map(A,A)", NULL},
    {"the more general stays", "map(int,dyn)", "map(A,A)", "map(dyn, dyn)"},
    {"in either order", "map(dyn,int)", "map(A,A)", "map(dyn, dyn)"},
    {"not in itself", "list(A)", "A", NULL},
    {"not in itself by another", "map(list(A),A)", "map(B,B)", NULL},
    {"null to what takes it", "null_type", "timestamp", "timestamp"},
    {"null to an optional", "null_type", "optional_type(int)", "optional_type(int)"},
    {"what takes null to null", "duration", "null_type", "null_type"},
    {"null to an int", "null_type", "int", NULL},
    {"null to a date", "null_type", "date", NULL},
    {"null to an amount", "null_type", "decimal", NULL},
    {"null to an object", "null_type", "record", NULL},
    {"an object to another", "record", "subject", NULL},
    {"an object to itself", "record", "record", "record"},
    {"types whatever of", "type(int)", "type(string)", "type(string)"},
    {"a list to a map", "list(int)", "map(int,int)", NULL},
};

/* The type with variables for its parameters. */
static const heng_cel_type *open_type(struct front *front, heng_unify *unify,
                                      const char *text, const heng_cel_type **fresh) {
    return heng_unify_instantiate(unify, front_type(front, text), fresh);
}

static void check_row(void **state) {
    const struct row *row = *state;
    struct front front;
    const heng_cel_type *fresh[26] = {NULL};
    front_init(&front);
    heng_unify unify = {.arena = front.arena};
    const heng_cel_type *from = open_type(&front, &unify, row->from, fresh);
    const heng_cel_type *to = open_type(&front, &unify, row->to, fresh);
    bool fits = heng_unify_assignable(&unify, &from, &to, 1);
    assert_int_equal(fits, row->want != NULL);
    if (fits) {
        assert_string_equal(
            heng_cel_type_print(front.arena, heng_unify_resolve(&unify, to, true)),
            row->want);
    } else { /* nothing was filled */
        assert_int_equal(unify.trail_count, 0);
    }
    heng_unify_done(&unify);
    front_done(&front);
}

static void undoes_what_it_filled_before_it_failed(void **state) {
    struct front front;
    const heng_cel_type *fresh[26] = {NULL};
    (void)state;
    front_init(&front);
    heng_unify unify = {.arena = front.arena};
    const heng_cel_type *from[] = {front_type(&front, "int"),
                                   front_type(&front, "int")};
    const heng_cel_type *to[] = {open_type(&front, &unify, "A", fresh),
                                 front_type(&front, "string")};
    assert_false(heng_unify_assignable(&unify, from, to, 2));
    assert_ptr_equal(heng_unify_resolve(&unify, to[0], false), to[0]);
    from[0] = front_type(&front, "string");
    assert_true(heng_unify_assignable(&unify, from, to, 1));
    heng_unify_done(&unify);
    front_done(&front);
}

static void joins_to_the_more_general(void **state) {
    static const char *const table[][3] = {
        {"int", "int", "int"},
        {"int", "dyn", "dyn"},
        {"dyn", "int", "dyn"},
        {"list(int)", "list(dyn)", "list(dyn)"},
        {"timestamp", "null_type", "timestamp"},
        {"null_type", "timestamp", "timestamp"},
        {"type(int)", "type(int)", "type(int)"},
        {"type(int)", "type(bool)", "type(dyn)"},
        {"list(type(int))", "list(type(list(int)))", "list(type(dyn))"},
        {"map(string, type(int))", "map(string, type(uint))", "map(string, type(dyn))"},
    };
    struct front front;
    (void)state;
    front_init(&front);
    for (size_t i = 0; i < COUNT(table); i++) {
        heng_unify unify = {.arena = front.arena};
        const heng_cel_type *joined = heng_unify_join(
            &unify, front_type(&front, table[i][0]), front_type(&front, table[i][1]));
        assert_non_null(joined);
        assert_string_equal(heng_cel_type_print(front.arena, joined), table[i][2]);
        heng_unify_done(&unify);
    }
    heng_unify unify = {.arena = front.arena};
    assert_null(heng_unify_join(&unify, front_type(&front, "int"),
                                front_type(&front, "string")));
    heng_unify_done(&unify);
    front_done(&front);
}

int main(void) {
    struct CMUnitTest tests[COUNT(rows) + 2];
    size_t count = 0;
    for (size_t i = 0; i < COUNT(rows); i++) {
        tests[count++] = ROW_TEST(&rows[i], check_row);
    }
    const struct CMUnitTest rest[] = {
        cmocka_unit_test(undoes_what_it_filled_before_it_failed),
        cmocka_unit_test(joins_to_the_more_general),
    };
    memcpy(tests + count, rest, sizeof rest);
    return check_run("unify", tests, count + COUNT(rest), NULL, NULL);
}
