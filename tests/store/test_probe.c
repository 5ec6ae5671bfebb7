/* SPDX-License-Identifier: Apache-2.0 */
/* test_probe.c: who has records, is named in one, or is tied to somebody who has. */
#include "store/fixture.h"

#include "store/probe.h"

static heng_store *store;
static char *folder;

static const char LINES[] =
    "{\"type\":\"subject\",\"id\":\"E-1\",\"kind\":\"legal_person\",\"name\":\"a\","
    "\"region\":\"430102\",\"relations\":[{\"role\":\"shareholder\",\"id\":\"P-1\"}]}\n"
    "{\"type\":\"subject\",\"id\":\"E-10\",\"kind\":\"legal_person\",\"name\":\"b\","
    "\"region\":\"430102\",\"relations\":[{\"role\":\"shareholder\",\"id\":\"P-2\"}]}\n"
    "{\"type\":\"subject\",\"id\":\"E-2\",\"kind\":\"legal_person\",\"name\":\"c\","
    "\"region\":\"430102\"}\n"
    "{\"type\":\"subject\",\"id\":\"P-2\",\"kind\":\"natural_person\",\"name\":\"d\","
    "\"region\":\"430102\"}\n"
    "{\"type\":\"record\",\"id\":\"R-1\",\"subject\":\"P-1\",\"category\":"
    "\"tax.major_violation\",\"authority\":\"x\",\"document_no\":\"1\",\"decided_on\":"
    "\"2024-03-01\",\"attributes\":{\"amount\":\"1\"},\"parties\":[{\"role\":"
    "\"responsible\",\"id\":\"P-3\"}]}\n";

static int setup(void **state) {
    (void)state;
    folder = fixture_folder();
    store = fixture_open(folder, HENG_STORE_CREATE);
    (void)fixture_import(store, 100, LINES);
    /* E-2 was tied to P-1 until the second commit */
    (void)fixture_import(
        store, 200,
        "{\"type\":\"subject\",\"id\":\"E-2\",\"kind\":"
        "\"legal_person\",\"name\":\"c\",\"region\":\"430102\","
        "\"relations\":[{\"role\":\"shareholder\",\"id\":\"P-1\"}]}\n");
    (void)fixture_import(store, 300,
                         "{\"type\":\"subject\",\"id\":\"E-2\",\"kind\":"
                         "\"legal_person\",\"name\":\"c\",\"region\":\"430102\"}\n");
    return 0;
}

static int teardown(void **state) {
    (void)state;
    return fixture_done(store, folder);
}

static bool counts(void *context, const uint8_t *record, size_t size) {
    assert_true(heng_flat_check_record(record, size));
    return *(bool *)context;
}

struct row {
    const char *name, *id;
    uint64_t since;
    bool filter; /* what it says of each record */
    bool records, named, tied;
};

static struct row ROWS[] = {
    {"who has a record", "P-1", 3, true, true, false, false},
    {"who is tied to somebody who has", "E-1", 3, true, false, false, true},
    {"whose tie is to somebody whose records do not count", "E-1", 3, false, false,
     false, false},
    {"who is tied to somebody without", "E-10", 3, true, false, false, false},
    {"who was tied when it was asked of", "E-2", 2, true, false, false, true},
    {"who was tied before that alone", "E-2", 3, true, false, false, false},
    {"who is named in a record", "P-3", 3, true, false, true, false},
    {"who is named in one that does not count", "P-3", 3, false, false, false, false},
    {"whom nobody knows", "X-1", 3, true, false, false, false},
    {"what is no id", "", 3, true, false, false, false},
};

static void check_row(void **state) {
    const struct row *row = *state;
    heng_view *view = fixture_view(store);
    heng_error error = {0};
    bool says = row->filter, found = false;
    const heng_probe_filter filter = {counts, &says};
    heng_str id = heng_str_of(row->id);
    assert_int_equal(heng_probe_records(view, id, &found, &error), HENG_OK);
    assert_int_equal(found, row->records);
    assert_int_equal(heng_probe_named(view, id, &filter, &found, &error), HENG_OK);
    assert_int_equal(found, row->named);
    assert_int_equal(heng_probe_tied(view, id, row->since, &filter, &found, &error),
                     HENG_OK);
    assert_int_equal(found, row->tied);
    heng_view_close(view);
}

int main(void) {
    struct CMUnitTest tests[COUNT(ROWS)];
    for (size_t i = 0; i < COUNT(ROWS); i++) {
        tests[i] = ROW_TEST(&ROWS[i], check_row);
    }
    return check_run("probe", tests, COUNT(tests), setup, teardown);
}
