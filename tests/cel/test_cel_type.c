/* SPDX-License-Identifier: Apache-2.0 */
/* test_cel_type.c: types as texts, and which are the same. */
#include "cel/front.h"

/* `want` NULL: it is no type. */
static struct front_row rows[] = {
    {"int", "int", "int"},
    {"null", "null", "null_type"},
    {"null_type", "null_type", "null_type"},
    {"a list", "list(int)", "list(int)"},
    {"a list of anything", "list", "list(dyn)"},
    {"a map", "map(string,dyn)", "map(string, dyn)"},
    {"a map with blanks", " map( string , list( int ) ) ", "map(string, list(int))"},
    {"a map of anything", "map", "map(dyn, dyn)"},
    {"an optional", "optional_type(string)", "optional_type(string)"},
    {"a type", "type", "type"},
    {"a type of something", "type(int)", "type(int)"},
    {"a parameter", "A", "A"},
    {"parameters", "map(K,list(V))", "map(K, list(V))"},
    {"a qualified name", "google.protobuf.Timestamp", "timestamp"},
    {"another", "google.protobuf.Duration", "duration"},
    {"a date", "date", "date"},
    {"an object", "record", "record"},
    {"a list of objects", "list(record)", "list(record)"},
    {"nothing", "", NULL},
    {"an unknown name", "foo", NULL},
    {"too few parameters", "map(int)", NULL},
    {"too many parameters", "list(int,int)", NULL},
    {"parameters of what has none", "int(int)", NULL},
    {"an open bracket", "list(int", NULL},
    {"something behind", "list(int))", NULL},
    {"a lower case parameter", "a", NULL},
    {"no name for objects in general", "object", NULL},
};

static void check_row(void **state) {
    const struct front_row *row = *state;
    struct front front;
    front_init(&front);
    const heng_cel_object_type *objects[] = {&front.record};
    const heng_cel_type *type =
        heng_cel_type_parse(front.arena, heng_str_of(row->expression), objects, 1);
    if (row->want == NULL) {
        assert_null(type);
    } else {
        assert_non_null(type);
        assert_string_equal(heng_cel_type_print(front.arena, type), row->want);
    }
    front_done(&front);
}

static void refuses_to_nest_for_ever(void **state) {
    heng_buffer text;
    heng_arena *arena = heng_arena_new(1 << 20);
    (void)state;
    heng_buffer_init(&text, 1 << 20);
    for (int i = 0; i < 100000; i++) {
        (void)heng_buffer_add_text(&text, "list(");
    }
    assert_null(heng_cel_type_parse(arena, heng_buffer_view(&text), NULL, 0));
    heng_buffer_done(&text);
    heng_arena_free(arena);
}

static void compares_by_what_they_are(void **state) {
    static const char *const texts[] = {"int",
                                        "list(int)",
                                        "list(dyn)",
                                        "map(int,int)",
                                        "map(int,dyn)",
                                        "record",
                                        "subject",
                                        "A",
                                        "B",
                                        "type",
                                        "type(int)",
                                        "optional_type(int)"};
    struct front front;
    (void)state;
    front_init(&front);
    for (size_t i = 0; i < COUNT(texts); i++) {
        for (size_t j = 0; j < COUNT(texts); j++) {
            assert_int_equal(heng_cel_type_equal(front_type(&front, texts[i]),
                                                 front_type(&front, texts[j])),
                             i == j);
        }
    }
    front_done(&front);
}

static void names_every_kind(void **state) {
    (void)state;
    for (int kind = HENG_CEL_ERROR; kind <= HENG_CEL_PARAM; kind++) {
        assert_true(strlen(heng_cel_kind_name((heng_cel_kind)kind)) > 0);
        assert_int_equal(heng_cel_type_simple((heng_cel_kind)kind)->kind, kind);
    }
    assert_string_equal(heng_cel_kind_name(HENG_CEL_DECIMAL), "decimal");
}

int main(void) {
    struct CMUnitTest tests[COUNT(rows) + 3];
    size_t count = 0;
    for (size_t i = 0; i < COUNT(rows); i++) {
        tests[count++] = ROW_TEST(&rows[i], check_row);
    }
    const struct CMUnitTest rest[] = {
        cmocka_unit_test(refuses_to_nest_for_ever),
        cmocka_unit_test(compares_by_what_they_are),
        cmocka_unit_test(names_every_kind),
    };
    memcpy(tests + count, rest, sizeof rest);
    return check_run("cel_type", tests, count + COUNT(rest), NULL, NULL);
}
