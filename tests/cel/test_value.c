/* SPDX-License-Identifier: Apache-2.0 */
/* test_value.c: equality and order of values, and how they are written. */
#include "support/check.h"

#include <math.h>
#include <string.h>

#include "cel/value.h"

struct row {
    const char *name;
    heng_cel_value a, b;
    int order; /* of a and b */
};

#define INT(n)                                                                         \
    { .kind = HENG_CEL_INT, .as.integer = (n) }
#define UINT(n)                                                                        \
    { .kind = HENG_CEL_UINT, .as.uinteger = (n) }
#define DOUBLE(n)                                                                      \
    { .kind = HENG_CEL_DOUBLE, .as.real = (n) }
#define DECIMAL(n)                                                                     \
    { .kind = HENG_CEL_DECIMAL, .as.decimal = (n) } /* ten-thousandths */
#define STRING(s)                                                                      \
    { .kind = HENG_CEL_STRING, .len = sizeof(s) - 1, .as.bytes = (s) }
#define UNORDERED HENG_CEL_UNORDERED

static struct row rows[] = {
    {"ints", INT(-1), INT(1), -1},
    {"a negative int and an uint", INT(-1), UINT(0), -1},
    {"the largest int and a larger uint", INT(INT64_MAX), UINT(UINT64_MAX), -1},
    {"an int and the same double", INT(3), DOUBLE(3.0), 0},
    {"an int and a broken double", INT(3), DOUBLE(3.5), -1},
    {"the largest int and the double nearest to it", INT(INT64_MAX),
     DOUBLE(9223372036854775807.0), 0},
    {"an int and infinity", INT(INT64_MAX), DOUBLE((double)INFINITY), -1},
    {"an int and NaN", INT(0), DOUBLE((double)NAN), UNORDERED},
    {"both zeros", DOUBLE(0.0), DOUBLE(-0.0), 0},
    {"an uint and a negative double", UINT(0), DOUBLE(-0.5), 1},
    {"an int and the same decimal", INT(-2), DECIMAL(-20000), 0},
    {"an int and a little more", INT(-2), DECIMAL(-19999), -1},
    {"an uint past the decimals", UINT(UINT64_MAX), DECIMAL(INT64_MAX), 1},
    {"a decimal and the same double", DECIMAL(-2500), DOUBLE(-0.25), 0},
    {"a tenth is no double", DECIMAL(1000), DOUBLE(0.1), -1},
    {"a decimal and a double past it", DECIMAL(INT64_MAX), DOUBLE(1e18), -1},
    {"a decimal and NaN", DECIMAL(0), DOUBLE((double)NAN), UNORDERED},
    {"texts", STRING("ab"), STRING("b"), -1},
    {"a text and its start", STRING("ab"), STRING("a"), 1},
    {"a text and a number", STRING("1"), INT(1), UNORDERED},
};

static void check_row(void **state) {
    const struct row *row = *state;
    int back = row->order == UNORDERED ? UNORDERED : -row->order;
    assert_int_equal(heng_cel_value_order(row->a, row->b), row->order);
    assert_int_equal(heng_cel_value_order(row->b, row->a), back);
    assert_int_equal(heng_cel_value_equal(row->a, row->b, NULL), row->order == 0);
    assert_int_equal(heng_cel_value_equal(row->b, row->a, NULL), row->order == 0);
}

static void values_are_written(void **state) {
    static const heng_cel_value items[] = {INT(1), STRING("a\"\n中"), DOUBLE(2.0),
                                           UINT(3)};
    static const heng_cel_list list = {.count = 4, .items = items};
    static const heng_cel_map map = {
        .count = 1, .keys = &items[1], .values = &items[2]};
    heng_arena *arena = heng_arena_new((size_t)1 << 20);
    const struct {
        heng_cel_value value;
        const char *print, *text;
    } written[] = {
        {heng_cel_value_null(), "null", "null"},
        {heng_cel_value_bool(true), "true", "true"},
        {items[1], "\"a\\\"\\n中\"", "a\"\n中"},
        {heng_cel_value_bytes(HENG_STR("a\xff")), "b\"a\\xff\"", "a\xff"},
        {items[2], "2.0", "2"},
        {items[3], "3u", "3"},
        {heng_cel_value_list(&list), "[1, \"a\\\"\\n中\", 2.0, 3u]",
         "[1, \"a\\\"\\n中\", 2.0, 3u]"},
        {heng_cel_value_map(&map), "{\"a\\\"\\n中\": 2.0}", "{\"a\\\"\\n中\": 2.0}"},
        {heng_cel_value_date(0), "1970-01-01", "1970-01-01"},
        {heng_cel_value_period((heng_period){18, 1}), "P1Y6M1D", "P1Y6M1D"},
        {heng_cel_value_decimal(-12500), "-1.25", "-1.25"},
        {heng_cel_value_timestamp(-1, 500000000), "1969-12-31T23:59:59.5Z",
         "1969-12-31T23:59:59.5Z"},
        {heng_cel_value_duration(0, -1000000), "-0.001s", "-0.001s"},
        {heng_cel_value_optional(NULL), "optional.none()", "optional.none()"},
        {heng_cel_value_optional(&items[3]), "optional.of(3u)", "optional.of(3u)"},
        {heng_cel_value_type(heng_cel_type_simple(HENG_CEL_TIMESTAMP)),
         "google.protobuf.Timestamp", "google.protobuf.Timestamp"},
    };
    (void)state;
    assert_non_null(arena);
    for (size_t i = 0; i < COUNT(written); i++) {
        heng_str text = heng_cel_value_text(written[i].value, arena);
        assert_string_equal(heng_cel_value_print(written[i].value, arena),
                            written[i].print);
        assert_int_equal(text.len, strlen(written[i].text));
        assert_memory_equal(text.ptr, written[i].text, text.len);
    }
    heng_arena_free(arena);
}

static heng_cel_value first_field(const heng_cel_object *object, uint32_t slot,
                                  heng_arena *arena) {
    (void)object, (void)arena;
    return slot == 0 ? heng_cel_value_string(HENG_STR("R-1")) : heng_cel_value_null();
}

static void an_object_is_known_by_its_first_field(void **state) {
    static const heng_cel_field fields[2] = {{.name = {"id", 2}},
                                             {.name = {"category", 8}}};
    const heng_cel_object_type named = {
        .name = {"record", 6}, .fields = fields, .field_count = 2, .get = first_field};
    const heng_cel_object_type bare = {.name = {"record", 6}};
    const heng_cel_object object = {&named};
    const heng_cel_object other = {&bare};
    heng_arena *arena = heng_arena_new((size_t)1 << 20);
    (void)state;
    assert_non_null(arena);
    assert_string_equal(heng_cel_value_print(heng_cel_value_object(&object), arena),
                        "record{id: \"R-1\"}");
    assert_string_equal(heng_cel_value_print(heng_cel_value_object(&other), arena),
                        "record");
    heng_arena_free(arena);
}

static void an_error_says_what_and_where(void **state) {
    static const struct heng_cel_object object = {NULL};
    heng_arena *arena = heng_arena_new((size_t)1 << 20);
    (void)state;
    assert_non_null(arena);
    heng_cel_value value = heng_cel_value_no_field(arena, &object, HENG_STR("amount"));
    assert_int_equal(value.as.error->code, HENG_CEL_ERR_NO_FIELD);
    assert_ptr_equal(value.as.error->object, &object);
    assert_string_equal(heng_cel_value_print(value, arena),
                        "error: no such attribute `amount`");
    heng_arena_free(arena);
}

static void an_error_needs_no_memory(void **state) {
    heng_arena *arena = heng_arena_new(1);
    (void)state;
    assert_non_null(arena);
    heng_cel_value value =
        heng_cel_value_error(arena, HENG_CEL_ERR_ARGUMENT, "%s", "a reason");
    assert_int_equal(value.as.error->code, HENG_CEL_ERR_MEMORY);
    value = heng_cel_value_no_field(arena, NULL, HENG_STR("amount"));
    assert_int_equal(value.as.error->code, HENG_CEL_ERR_MEMORY);
    heng_arena_free(arena);
}

static void a_long_message_is_cut_between_characters(void **state) {
    char text[1500];
    heng_arena *arena = heng_arena_new((size_t)1 << 20);
    (void)state;
    assert_non_null(arena);
    for (size_t i = 0; i < sizeof text; i++) {
        text[i] = "中"[i % 3];
    }
    heng_cel_value value = heng_cel_value_error(arena, HENG_CEL_ERR_ARGUMENT, "%.*s",
                                                (int)sizeof text, text);
    assert_true(value.as.error->message.len > 400);
    assert_int_equal(value.as.error->message.len % 3, 0);
    value = heng_cel_value_no_field(arena, NULL, (heng_str){text, sizeof text});
    assert_int_equal(value.as.error->message.len, strlen("no such attribute ``") + 198);
    heng_arena_free(arena);
}

int main(void) {
    struct CMUnitTest tests[COUNT(rows) + 5];
    size_t count = COUNT(rows);
    for (size_t i = 0; i < count; i++) {
        tests[i] = ROW_TEST(&rows[i], check_row);
    }
    const struct CMUnitTest rest[] = {
        cmocka_unit_test(values_are_written),
        cmocka_unit_test(an_object_is_known_by_its_first_field),
        cmocka_unit_test(an_error_says_what_and_where),
        cmocka_unit_test(an_error_needs_no_memory),
        cmocka_unit_test(a_long_message_is_cut_between_characters),
    };
    memcpy(tests + count, rest, sizeof rest);
    return cmocka_run_group_tests_name("cel/value", tests, NULL, NULL);
}
