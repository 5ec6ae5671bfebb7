/* SPDX-License-Identifier: Apache-2.0 */
/* Every way in which a line can be wrong, with what is said of it in full; and what
 * good lines become. */
#include "store/fixture.h"

#include "support/golden.h"

static void wrong_lines_say_what_is_wrong(void **state) {
    (void)state;
    size_t len = 0;
    char *text = golden_read("store/wrong.ndjson", &len);
    struct fixture_log log = {0};
    heng_import_counts counts = {0};
    heng_error error = {0};
    heng_buffer_init(&log.text, 1 << 20);
    heng_import_options options = fixture_options(&log);
    options.dry_run = true;
    assert_int_equal(fixture_import_with(NULL, &options, text, len, &counts, &error),
                     HENG_OK);
    heng_str got = heng_buffer_view(&log.text);
    golden_check("store/wrong.expect", got.ptr, got.len);
    assert_int_equal(counts.rejects + 3, counts.lines); /* three that only warn */
    heng_buffer_done(&log.text);
    free(text);
}

static void no_message_shows_an_identity_number(void **state) {
    (void)state;
    size_t len = 0;
    char *text = golden_read("store/wrong.expect", &len);
    size_t run = 0;
    for (size_t i = 0; i < len; i++) {
        run = text[i] >= '0' && text[i] <= '9' ? run + 1 : 0;
        assert_true(run < 14);
    }
    free(text);
}

/* A line with so many of one thing, and what is said of it. */
struct many {
    const char *name; /* what must hold */
    size_t count;
    const char *before; /* of the line */
    const char *item;   /* with its number twice */
    const char *after;
    const char *want;
};

#define A_SUBJECT                                                                      \
    "{\"type\":\"subject\",\"id\":\"E-1\",\"kind\":\"legal_person\",\"name\":\"n\","   \
    "\"region\":\"43\","
#define A_RECORD                                                                       \
    "{\"type\":\"record\",\"id\":\"R-1\",\"subject\":\"E-1\",\"category\":"            \
    "\"tax.major_violation\",\"authority\":\"a\",\"document_no\":\"n\",\"decided_"     \
    "on\":"                                                                            \
    "\"2024-03-15\","

static struct many manys[] = {
    {"10,000 relations", HENG_LIMIT_RELATIONS, A_SUBJECT "\"relations\":[",
     "{\"role\":\"shareholder\",\"id\":\"P-%zu\"}", "]}", ""},
    {"one relation more", HENG_LIMIT_RELATIONS + 1, A_SUBJECT "\"relations\":[",
     "{\"role\":\"shareholder\",\"id\":\"P-%zu\"}", "]}",
     "relations: too many items in the list"},
    {"1,000 parties", HENG_LIMIT_PARTIES,
     A_RECORD "\"attributes\":{\"amount\":1},\"parties\":[",
     "{\"role\":\"responsible\",\"id\":\"P-%zu\"}", "]}", ""},
    {"one party more", HENG_LIMIT_PARTIES + 1,
     A_RECORD "\"attributes\":{\"amount\":1},\"parties\":[",
     "{\"role\":\"responsible\",\"id\":\"P-%zu\"}", "]}",
     "parties: too many items in the list"},
    {"1,000 items", HENG_LIMIT_LIST_ITEMS,
     A_RECORD "\"attributes\":{\"amount\":1,\"taxes\":[", "\"%zu\"", "]}}", ""},
    {"one item more", HENG_LIMIT_LIST_ITEMS + 1,
     A_RECORD "\"attributes\":{\"amount\":1,\"taxes\":[", "\"%zu\"", "]}}",
     "attributes: too many items in a list"},
    {"256 attributes are counted, and none of them known", HENG_LIMIT_ATTRIBUTES,
     A_SUBJECT "\"attributes\":{", "\"a%zu\":1", "}}",
     "attributes: a subject has no attribute `a0`; expected `scale`"},
    {"one attribute more", HENG_LIMIT_ATTRIBUTES + 1, A_SUBJECT "\"attributes\":{",
     "\"a%zu\":1", "}}", "attributes: too many attributes"},
    {"a text of 4,096 bytes", HENG_LIMIT_TEXT_BYTES / 4, A_SUBJECT "\"industry\":\"",
     "%03zu", "\"}", ""},
    {"a longer text", HENG_LIMIT_TEXT_BYTES / 4 + 1, A_SUBJECT "\"industry\":\"",
     "%03zu", "\"}", "industry: 4100 bytes are over the limit of 4096"},
};

static void many_things_are_counted(void **state) {
    const struct many *row = *state;
    heng_buffer text;
    struct fixture_log log = {0};
    heng_import_counts counts = {0};
    heng_error error = {0};
    heng_buffer_init(&text, 1 << 20);
    heng_buffer_init(&log.text, 1 << 20);
    (void)heng_buffer_add_text(&text, row->before);
    for (size_t i = 0; i < row->count; i++) {
        bool digits = row->item[0] == '%';
        char item[64];
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral" /* the formats are the table's */
        (void)snprintf(item, sizeof item, row->item, digits ? i % 1000 : i);
#pragma GCC diagnostic pop
        (void)heng_buffer_add_text(&text, item);
        if (i + 1 < row->count || digits) {
            (void)heng_buffer_add_char(&text, ',');
        }
    }
    (void)heng_buffer_add_text(&text, row->after);
    heng_import_options options = fixture_options(&log);
    options.dry_run = true;
    assert_int_equal(
        fixture_import_with(NULL, &options, text.bytes, text.len, &counts, &error),
        HENG_OK);
    if (row->want[0] == '\0') {
        fixture_expect(heng_buffer_view(&log.text).ptr, "");
        assert_int_equal(counts.rejects, 0);
    } else { /* the column is somewhere in between */
        const char *field_end = strchr(row->want, ':');
        assert_non_null(strstr(heng_buffer_view(&log.text).ptr, field_end + 2));
        assert_memory_equal(heng_buffer_view(&log.text).ptr + strlen("reject in:1: "),
                            row->want, (size_t)(field_end - row->want));
        assert_int_equal(counts.rejects, 1);
    }
    heng_buffer_done(&log.text);
    heng_buffer_done(&text);
}

/* One attribute of one record, as it is stored. */
struct value {
    const char *name; /* what must hold */
    const char *attributes;
    const char *attribute;
    int64_t number;
    const char *text;
};

static struct value values[] = {
    {"a decimal as a text", "\"amount\":\"1250000.00\"", "amount", 12500000000, NULL},
    {"a decimal as a number", "\"amount\":1250000.25", "amount", 12500002500, NULL},
    {"a decimal of 15 digits and 4", "\"amount\":\"-922337203685477.5808\"", "amount",
     INT64_MIN, NULL},
    {"a number that a double would round", "\"amount\":922337203685477.5807", "amount",
     INT64_MAX, NULL},
    {"an exponent", "\"amount\":1.25e3", "amount", 12500000, NULL},
    {"a small exponent", "\"amount\":-25E-2", "amount", -2500, NULL},
    {"zeros behind", "\"amount\":\"0.50000000\"", "amount", 5000, NULL},
    {"an int", "\"amount\":1,\"months\":-9223372036854775808", "months", INT64_MIN,
     NULL},
    {"a bool", "\"amount\":1,\"first_time\":true", "first_time", 1, NULL},
    {"a date", "\"amount\":1,\"paid_on\":\"1970-01-02\"", "paid_on", 1, NULL},
    {"a word of an enum", "\"amount\":1,\"case_kind\":\"arrears\"", "case_kind", 0,
     "arrears"},
    {"escapes", "\"amount\":1,\"taxes\":[\"\\u589e\\u503c\\ud83d\\ude00\\n\\\"\\/\"]",
     "taxes", 0, "增值😀\n\"/"},
    {"an empty list", "\"amount\":1,\"taxes\":[]", "taxes", 0, ""},
    {"a list", "\"amount\":1,\"taxes\":[\"a\", \"b\" ]", "taxes", 0, "ab"},
};

static void value_is_stored(void **state) {
    const struct value *row = *state;
    char *folder = fixture_folder();
    heng_store *store = fixture_open(folder, HENG_STORE_CREATE);
    heng_error error = {0};
    char line[1024];
    (void)snprintf(
        line, sizeof line,
        " { \"attributes\" : { %s } , \"type\":\"record\",\"id\":\"R-1\",\"subject\":"
        "\"E-1\",\"category\":\"tax.major_violation\",\"authority\":\"a\","
        "\"document_no\":\"n\",\"decided_on\":\"2024-03-15\" }  ",
        row->attributes);
    (void)fixture_import(store, 1, line);
    heng_view *view = fixture_view(store);
    heng_arena *arena = heng_arena_new(1 << 20);
    heng_snapshot *snapshot = NULL;
    assert_int_equal(
        heng_view_snapshot(view, HENG_STR("E-1"), 0, arena, &snapshot, &error),
        HENG_OK);
    const uint8_t *record = snapshot->records[0].bytes;
    const uint8_t *entry = heng_flat_attribute(
        record, true, heng_names_find(snapshot->names, heng_str_of(row->attribute)));
    assert_non_null(entry);
    if (row->text == NULL) {
        assert_true(heng_flat_i64(entry + 8) == row->number);
    } else if (entry[4] == HENG_ATTRIBUTE_STRING) {
        assert_true(heng_str_equal(heng_flat_text(record, (size_t)(entry - record) + 8),
                                   heng_str_of(row->text)));
    } else {
        heng_buffer text;
        heng_buffer_init(&text, 4096);
        for (size_t i = 0; i < heng_flat_strings_count(record, entry); i++) {
            (void)heng_buffer_add_str(&text, heng_flat_strings_at(record, entry, i));
        }
        fixture_expect(heng_buffer_view(&text).ptr, row->text);
        heng_buffer_done(&text);
    }
    heng_arena_free(arena);
    heng_view_close(view);
    heng_store_close(store);
    fixture_remove(folder);
}

int main(void) {
    struct CMUnitTest tests[COUNT(values) + COUNT(manys) + 2];
    size_t count = 0;
    for (; count < COUNT(values); count++) {
        tests[count] = ROW_TEST(&values[count], value_is_stored);
    }
    for (size_t i = 0; i < COUNT(manys); i++) {
        tests[count++] = ROW_TEST(&manys[i], many_things_are_counted);
    }
    const struct CMUnitTest others[] = {
        cmocka_unit_test(wrong_lines_say_what_is_wrong),
        cmocka_unit_test(no_message_shows_an_identity_number),
    };
    for (size_t i = 0; i < COUNT(others); i++) {
        tests[count++] = others[i];
    }
    return check_run("store/import_check", tests, count, NULL, NULL);
}
