/* SPDX-License-Identifier: Apache-2.0 */
/* test_json_write.c: layout in both styles, escapes, and depth. */
#include "support/torture.h"

#include "base/json_write.h"
#include "base/limits.h"
#include "base/utf8.h"

struct escape_row {
    const char *name;
    heng_str text;
    const char *want;
};

static struct escape_row escapes[] = {
    {"nothing", {"", 0}, "\"\""},
    {"plain text", {"abc ~", 5}, "\"abc ~\""},
    {"quotes and backslashes", {"a\"b\\c", 5}, "\"a\\\"b\\\\c\""},
    {"the short escapes", {"\b\f\n\r\t", 5}, "\"\\b\\f\\n\\r\\t\""},
    {"other control characters", {"\x01\x1f", 2}, "\"\\u0001\\u001f\""},
    {"NUL", {"a\0b", 3}, "\"a\\u0000b\""},
    {"DEL and slash are plain", {"\x7f/", 2}, "\"\x7f/\""},
    {"UTF-8 goes through", {"衡é😀", 9}, "\"衡é😀\""},
    {"a byte that is not UTF-8", {"a\xFFz", 3}, "\"a\xEF\xBF\xBDz\""},
    {"a character that is cut", {"a\xE8\xA1", 3}, "\"a\xEF\xBF\xBD\xEF\xBF\xBD\""},
    {"a surrogate", {"\xED\xA0\x80", 3}, "\"\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\""},
    {"escapes at both ends", {"\nx\n", 3}, "\"\\nx\\n\""},
};

static void check_escape(void **state) {
    const struct escape_row *row = *state;
    heng_buffer out;
    heng_json_write json;
    heng_buffer_init(&out, 1000);
    heng_json_write_init(&json, &out, HENG_JSON_COMPACT);
    heng_json_write_str(&json, row->text);
    assert_string_equal(heng_buffer_view(&out).ptr, row->want);
    assert_int_equal(heng_utf8_valid_prefix(out.bytes, out.len), out.len);
    heng_buffer_clear(&out);
    heng_json_write_init(&json, &out, HENG_JSON_COMPACT);
    heng_json_write_object(&json);
    heng_json_write_key_str(&json, row->text); /* keys are escaped alike */
    heng_json_write_null(&json);
    heng_json_write_object_end(&json);
    assert_memory_equal(out.bytes + 1, row->want, strlen(row->want));
    heng_buffer_done(&out);
}

static void write_sample(heng_buffer *out, heng_json_style style) {
    heng_json_write json;
    heng_json_write_init(&json, out, style);
    heng_json_write_object(&json);
    heng_json_write_key(&json, "z");
    heng_json_write_int(&json, INT64_MIN);
    heng_json_write_key(&json, "a");
    heng_json_write_uint(&json, UINT64_MAX);
    heng_json_write_key(&json, "list");
    heng_json_write_array(&json);
    heng_json_write_bool(&json, true);
    heng_json_write_bool(&json, false);
    heng_json_write_text(&json, NULL);
    heng_json_write_text(&json, "x");
    heng_json_write_object(&json);
    heng_json_write_key(&json, "k");
    heng_json_write_raw(&json, HENG_STR("-0.5"));
    heng_json_write_object_end(&json);
    heng_json_write_array(&json);
    heng_json_write_array_end(&json);
    heng_json_write_array_end(&json);
    heng_json_write_key(&json, "empty");
    heng_json_write_object(&json);
    heng_json_write_object_end(&json);
    heng_json_write_key(&json, "zero");
    heng_json_write_int(&json, 0);
    heng_json_write_object_end(&json);
}

static void compact_is_one_line(void **state) {
    (void)state;
    heng_buffer out;
    heng_buffer_init(&out, 1000);
    write_sample(&out, HENG_JSON_COMPACT);
    assert_string_equal(heng_buffer_view(&out).ptr,
                        "{\"z\":-9223372036854775808,\"a\":18446744073709551615,"
                        "\"list\":[true,false,null,\"x\",{\"k\":-0.5},[]],"
                        "\"empty\":{},\"zero\":0}");
    heng_buffer_done(&out);
}

static void pretty_has_two_spaces_a_level(void **state) {
    (void)state;
    heng_buffer out;
    heng_buffer_init(&out, 1000);
    write_sample(&out, HENG_JSON_PRETTY);
    assert_string_equal(heng_buffer_view(&out).ptr, "{\n"
                                                    "  \"z\": -9223372036854775808,\n"
                                                    "  \"a\": 18446744073709551615,\n"
                                                    "  \"list\": [\n"
                                                    "    true,\n"
                                                    "    false,\n"
                                                    "    null,\n"
                                                    "    \"x\",\n"
                                                    "    {\n"
                                                    "      \"k\": -0.5\n"
                                                    "    },\n"
                                                    "    []\n"
                                                    "  ],\n"
                                                    "  \"empty\": {},\n"
                                                    "  \"zero\": 0\n"
                                                    "}");
    heng_buffer_done(&out);
}

static void documents_may_follow_one_another(void **state) {
    (void)state;
    heng_buffer out;
    heng_json_write json;
    heng_buffer_init(&out, 1000);
    for (int i = 0; i < 3; i++) {
        heng_json_write_init(&json, &out, HENG_JSON_COMPACT);
        heng_json_write_array(&json);
        heng_json_write_int(&json, i);
        heng_json_write_array_end(&json);
        assert_int_equal(heng_buffer_add_char(&out, '\n'), HENG_OK);
    }
    assert_string_equal(heng_buffer_view(&out).ptr, "[0]\n[1]\n[2]\n");
    heng_buffer_done(&out);
}

static heng_status nest(heng_buffer *out, unsigned depth) {
    heng_json_write json;
    heng_buffer_init(out, 10000);
    heng_json_write_init(&json, out, HENG_JSON_COMPACT);
    for (unsigned i = 0; i < depth; i++) {
        heng_json_write_array(&json);
    }
    for (unsigned i = 0; i < depth; i++) {
        heng_json_write_array_end(&json);
    }
    return heng_buffer_status(out);
}

static void the_deepest_nesting_fits_and_one_more_does_not(void **state) {
    (void)state;
    heng_buffer out;
    assert_int_equal(nest(&out, HENG_LIMIT_JSON_DEPTH), HENG_OK);
    assert_int_equal(out.len, 2 * HENG_LIMIT_JSON_DEPTH);
    heng_buffer_done(&out);
    assert_int_equal(nest(&out, HENG_LIMIT_JSON_DEPTH + 1), HENG_ERR_LIMIT);
    heng_buffer_done(&out);
    assert_int_equal(nest(&out, HENG_LIMIT_JSON_DEPTH + 100), HENG_ERR_LIMIT);
    heng_buffer_done(&out);
}

static void a_full_buffer_is_said_once_at_the_end(void **state) {
    (void)state;
    for (size_t max = 0; max < 100; max++) {
        heng_buffer out;
        heng_buffer_init(&out, max);
        write_sample(&out, HENG_JSON_PRETTY);
        assert_int_equal(heng_buffer_status(&out), HENG_ERR_LIMIT);
        heng_buffer_done(&out);
    }
}

/* Each byte at each place of texts of each length around the eight that are looked at
 * at once. */
static void what_needs_no_escape_is_found_to_the_byte(void **state) {
    (void)state;
    char text[20];
    for (size_t len = 0; len < sizeof text; len++) {
        for (size_t at = 0; at <= len; at++) {
            for (int byte = 0; byte < 256; byte++) {
                bool plain = byte >= 0x20 && byte < 0x80 && byte != '"' && byte != '\\';
                memset(text, byte % 2 == 0 ? ' ' : 0x7f, sizeof text);
                if (at < len)
                    text[at] = (char)byte;
                assert_int_equal(heng_json_write_plain((heng_str){text, len}),
                                 at == len || plain ? len : at);
            }
        }
    }
}

static heng_status write_once(void *context) {
    (void)context;
    heng_buffer out;
    heng_buffer_init(&out, 1000);
    write_sample(&out, HENG_JSON_PRETTY);
    heng_status status = heng_buffer_status(&out);
    heng_buffer_done(&out);
    return status;
}

static void survives_failing_allocations(void **state) {
    (void)state;
    assert_true(torture(write_once, NULL) > 1);
}

int main(void) {
    struct CMUnitTest tests[COUNT(escapes) + 9];
    size_t count = 0;
    for (size_t i = 0; i < COUNT(escapes); i++) {
        tests[count++] = ROW_TEST(&escapes[i], check_escape);
    }
    const struct CMUnitTest others[] = {
        cmocka_unit_test(compact_is_one_line),
        cmocka_unit_test(pretty_has_two_spaces_a_level),
        cmocka_unit_test(documents_may_follow_one_another),
        cmocka_unit_test(the_deepest_nesting_fits_and_one_more_does_not),
        cmocka_unit_test(a_full_buffer_is_said_once_at_the_end),
        cmocka_unit_test(what_needs_no_escape_is_found_to_the_byte),
        cmocka_unit_test(survives_failing_allocations),
    };
    memcpy(tests + count, others, sizeof others);
    count += COUNT(others);
    return check_run("base/json_write", tests, count, NULL, NULL);
}
