/* SPDX-License-Identifier: Apache-2.0 */
/* test_named.c: the mentions that are wanted, in the order of those they name. */
#include "store/fixture.h"

#include "store/dossier.h"
#include "store/named.h"
#include "store/rows.h"
#include "store/table.h"

enum { OWNERS = 70, PARTIES = 23, ROWS_MOST = 1000 };

static heng_store *store;
static char *folder;
static char text_of_rows[ROWS_MOST][64];

/* Every owner has two records, which name two or three: others, or itself. */
static int setup(void **state) {
    (void)state;
    heng_buffer text;
    folder = fixture_folder();
    store = fixture_open(folder, HENG_STORE_CREATE);
    heng_buffer_init(&text, 1 << 20);
    for (int i = 0; i < OWNERS; i++) {
        for (int k = 0; k < 2; k++) {
            (void)heng_buffer_add_format(
                &text,
                "{\"type\":\"record\",\"id\":\"R-%d-%d\",\"subject\":\"E-%02d\","
                "\"category\":\"%s\",\"authority\":\"a\",\"document_no\":\"n\","
                "\"decided_on\":\"2024-01-01\",\"parties\":[{\"role\":\"responsible\","
                "\"id\":\"P-%02d\"},{\"role\":\"shareholder\",\"id\":\"P-%02d\"}%s]%s}"
                "\n",
                i, k, i, k == 0 ? "wage.arrears" : "tax.major_violation",
                i * 7 % PARTIES, (i * 7 + 11 + k) % PARTIES,
                i % 9 == 0 ? ",{\"role\":\"responsible\",\"id\":\"E-00\"}" : "",
                k == 0 ? "" : ",\"attributes\":{\"amount\":1}");
        }
    }
    assert_int_equal(fixture_import(store, 100, text.bytes).records_new, 2 * OWNERS);
    heng_buffer_done(&text);
    return 0;
}

static int teardown(void **state) {
    (void)state;
    return fixture_done(store, folder);
}

/* ---- what is wanted ---- */

typedef struct asked {
    size_t glances, cares;
    int one_in; /* of the owners; 0: nobody's */
} asked;

static bool has_three(void *context, const uint8_t *record, size_t len) {
    asked *by = context;
    by->glances++;
    assert_true(len >= HENG_FLAT_RECORD_BYTES);
    return by->one_in != 5 || heng_flat_party_count(record) == 3;
}

static bool is_of_some(void *context, heng_str party, heng_str owner,
                       const uint8_t *record, size_t len) {
    asked *by = context;
    by->cares++;
    assert_true(party.ptr[0] == 'P' || party.ptr[0] == 'E');
    assert_true(heng_flat_check_record(record, len));
    return by->one_in != 0 && (owner.ptr[owner.len - 1] - '0') % by->one_in == 0;
}

/* ---- by LMDB's cursor ---- */

static size_t list_by_cursor(heng_view *view, heng_str after, heng_str last, int one_in,
                             const heng_categories *categories) {
    MDB_cursor *cursor = NULL;
    MDB_val key, value;
    size_t count = 0;
    assert_int_equal(
        mdb_cursor_open(view->txn, store->tables[HENG_TABLE_MENTION], &cursor), 0);
    while (mdb_cursor_get(cursor, &key, &value, MDB_NEXT) == 0) {
        heng_str parts[3];
        const uint8_t *record = value.mv_data;
        assert_int_equal(heng_table_split(key, parts, 3), 3);
        bool inside = heng_str_compare(parts[0], after) > 0 &&
                      (last.len == 0 || heng_str_compare(parts[0], last) <= 0);
        bool wanted = one_in != 0 &&
                      (parts[1].ptr[parts[1].len - 1] - '0') % one_in == 0 &&
                      (one_in != 5 || heng_flat_party_count(record) == 3) &&
                      heng_categories_have(categories, heng_flat_u32(record + 4));
        if (!inside || !wanted || heng_str_equal(parts[0], parts[1]))
            continue;
        assert_true(count < ROWS_MOST);
        (void)snprintf(text_of_rows[count++], 64, "%.*s %.*s", HENG_STR_ARG(parts[0]),
                       HENG_STR_ARG(parts[2]));
    }
    mdb_cursor_close(cursor);
    return count;
}

/* ---- */

struct row {
    const char *name;
    const char *after, *last;
    int one_in;
    bool narrow; /* to one category */
    size_t least;
};

static struct row rows[] = {
    {"all", "", "", 1, false, 250},
    {"those of some owners", "", "", 3, false, 60},
    {"those that a glance lets through", "", "", 5, false, 8},
    {"those of one category", "", "", 1, true, 120},
    {"nobody's", "", "", 0, false, 0},
    {"of a range", "P-04", "P-11", 1, false, 70},
    {"of one party", "P-04", "P-05", 1, false, 8},
    {"from one on", "P-20", "", 2, false, 8},
    {"up to one", "", "E-99", 1, false, 5},
    {"of a range without any", "P-22", "P-99", 1, false, 0},
    {"of no range", "P-11", "P-04", 1, false, 0},
};

static void the_cursor_agrees(void **state) {
    const struct row *row = *state;
    heng_view *view = fixture_view(store);
    heng_error error = {0};
    heng_named named = {0};
    asked by = {.one_in = row->one_in};
    heng_str after = heng_str_of(row->after), last = heng_str_of(row->last);
    heng_categories categories = HENG_CATEGORIES_ALL;
    if (row->narrow) {
        categories = (heng_categories){{0, 0}};
        heng_categories_add(&categories, heng_names_find(heng_view_names(view),
                                                         HENG_STR("wage.arrears")));
    }
    size_t count = list_by_cursor(view, after, last, row->one_in, &categories);
    assert_true(count >= row->least);
    assert_int_equal(
        heng_named_open(&named, view, &categories, has_three, is_of_some, &by, &error),
        HENG_OK);
    for (int round = 0; round < 2; round++) { /* and again from its start */
        size_t at = 0, ahead = 0;
        bool more = true;
        assert_int_equal(heng_named_seek(&named, after, last, &error), HENG_OK);
        for (; heng_named_is_within(&named); at++) {
            heng_str parts[3], ids[HENG_LEAVES_EXPECTED];
            char text[64];
            const heng_leaves_row *found = &named.found[named.at].row;
            if (more) /* whom those found ahead name: at first the one it stands on */
                ahead += heng_named_ahead(&named, ids);
            assert_true(!more || heng_str_equal(ids[0], heng_named_party(&named)));
            assert_int_equal(
                heng_table_split(heng_table_value(found->key.ptr, found->key.len),
                                 parts, 3),
                3);
            assert_true(heng_named_is(&named, parts[0]));
            assert_false(heng_named_is(&named, parts[1]));
            (void)snprintf(text, sizeof text, "%.*s %.*s", HENG_STR_ARG(parts[0]),
                           HENG_STR_ARG(parts[2]));
            assert_true(at < count);
            assert_string_equal(text, text_of_rows[at]);
            assert_int_equal(heng_named_next(&named, &more, &error), HENG_OK);
        }
        assert_int_equal(at, count);
        assert_true(ahead <= count && (ahead > 0) == (count > 0));
    }
    assert_true(by.glances >= by.cares);
    assert_int_equal(by.cares > 0, count > 0 || row->one_in == 0);
    heng_view_close(view);
}

static void what_was_not_opened_has_no_rows(void **state) {
    (void)state;
    heng_error error = {0};
    heng_named named = {0};
    heng_str ids[HENG_LEAVES_EXPECTED];
    assert_int_equal(heng_named_seek(&named, HENG_STR(""), HENG_STR(""), &error),
                     HENG_OK);
    assert_false(heng_named_is_within(&named));
    assert_int_equal(heng_named_ahead(&named, ids), 0);
}

/* A key of another form is told of where its record is looked at. */
static void a_damaged_key_is_an_error(void **state) {
    (void)state;
    heng_error error = {0};
    heng_named named = {0};
    size_t len = 0;
    asked by = {.one_in = 1};
    heng_view *view = fixture_view(store);
    (void)list_by_cursor(view, HENG_STR(""), HENG_STR(""), 1, &HENG_CATEGORIES_ALL);
    heng_view_close(view);
    char key[64];
    int written =
        snprintf(key, sizeof key, "P-%02d%cE-%02d%cR-%d-0", 0, '\0', 0, '\0', 0);
    uint8_t *record =
        rows_take(store, HENG_TABLE_MENTION, (heng_str){key, (size_t)written}, &len);
    rows_put(store, HENG_TABLE_MENTION, HENG_STR("P-07"), record, len);
    view = fixture_view(store);
    assert_int_equal(heng_named_open(&named, view, &HENG_CATEGORIES_ALL, has_three,
                                     is_of_some, &by, &error),
                     HENG_OK);
    heng_status status = heng_named_seek(&named, HENG_STR(""), HENG_STR(""), &error);
    bool more = false;
    while (status == HENG_OK && heng_named_is_within(&named))
        status = heng_named_next(&named, &more, &error);
    assert_int_equal(status, HENG_ERR_STORE);
    assert_non_null(strstr(error.text, "another form"));
    heng_view_close(view);
    free(record);
}

int main(void) {
    struct CMUnitTest tests[COUNT(rows) + 2];
    size_t count = 0;
    for (size_t i = 0; i < COUNT(rows); i++)
        tests[count++] = ROW_TEST(&rows[i], the_cursor_agrees);
    tests[count++] =
        (struct CMUnitTest)cmocka_unit_test(what_was_not_opened_has_no_rows);
    tests[count++] = (struct CMUnitTest)cmocka_unit_test(a_damaged_key_is_an_error);
    return check_run("store/named", tests, count, setup, teardown);
}
