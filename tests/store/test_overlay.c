/* SPDX-License-Identifier: Apache-2.0 */
/* Supposed lines over a view, or alone. */
#include "store/fixture.h"

#include "support/torture.h"

#define SUBJECT(id, kind, name, more)                                                  \
    "{\"type\":\"subject\",\"id\":\"" id "\",\"kind\":\"" kind "\",\"name\":\"" name   \
    "\",\"region\":\"43\"" more "}\n"
#define RECORD(id, subject, category, more)                                            \
    "{\"type\":\"record\",\"id\":\"" id "\",\"subject\":\"" subject                    \
    "\",\"category\":\"" category                                                      \
    "\",\"authority\":\"a\",\"document_no\":\"n\",\"decided_on\":\"2024-01-01\"" more  \
    "}\n"

static heng_store *store;
static char *folder;
static heng_view *view;
static heng_overlay *overlay;

static int setup(void **state) {
    (void)state;
    heng_error error = {0};
    folder = fixture_folder();
    store = fixture_open(folder, HENG_STORE_CREATE);
    (void)fixture_import(
        store, 1,
        SUBJECT("E-1", "legal_person", "one",
                ",\"relations\":[{\"role\":\"shareholder\",\"id\":\"E-2\"}]")
            SUBJECT("E-2", "legal_person", "two", "")
                RECORD("R-1", "E-1", "wage.arrears", "")
                    RECORD("R-2", "E-2", "wage.arrears",
                           ",\"parties\":[{\"role\":\"responsible\",\"id\":\"E-1\"}]"));
    view = fixture_view(store);
    assert_int_equal(heng_overlay_new(fixture_catalog(), &overlay, &error), HENG_OK);
    return 0;
}

static int teardown(void **state) {
    (void)state;
    heng_overlay_free(overlay);
    heng_view_close(view);
    heng_store_close(store);
    fixture_remove(folder);
    return 0;
}

static void add(const char *text) {
    heng_error error = {0};
    if (heng_overlay_add(overlay, "s", text, strlen(text), &error) != HENG_OK) {
        fail_msg("%s", error.text);
    }
}

static void expect(heng_view *over, const char *id, const char *want) {
    heng_arena *arena = heng_arena_new(1 << 24);
    heng_snapshot *snapshot = NULL;
    heng_error error = {0};
    heng_buffer text;
    heng_buffer_init(&text, 1 << 16);
    if (heng_overlay_snapshot(overlay, over, heng_str_of(id), HENG_VIEW_ALL, arena,
                              &snapshot, &error) == HENG_OK) {
        fixture_add_snapshot(&text, snapshot);
        const heng_names *names = NULL;
        assert_int_equal(heng_overlay_names(overlay, over, &names, &error), HENG_OK);
        assert_ptr_equal(names, snapshot->names);
    } else {
        (void)heng_buffer_add_text(&text, error.text);
    }
    fixture_expect(heng_buffer_view(&text).ptr, want);
    heng_buffer_done(&text);
    heng_arena_free(arena);
}

static void an_empty_overlay_changes_nothing(void **state) {
    (void)state;
    expect(view, "E-1",
           "E-1: one | records R-1(2024-01-01 active) | ties ->E-2 shareholder two "
           "R-2(2024-01-01 active) | named in R-2(2024-01-01 active) of E-2");
    expect(view, "E-2",
           "E-2: two | records R-2(2024-01-01 active) | ties <-E-1 shareholder one "
           "R-1(2024-01-01 active)");
    expect(NULL, "E-1",
           "nothing is known of subject `E-1`; check the id, or look for the name with "
           "`heng find`");
}

static void new_versions_replace_what_is_stored(void **state) {
    (void)state;
    add(SUBJECT("E-1", "legal_person", "uno", "")
            RECORD("R-2", "E-2", "wage.arrears", ",\"status\":\"revoked\""));
    expect(view, "E-1", "E-1: uno | records R-1(2024-01-01 active)");
    expect(view, "E-2", "E-2: two | records R-2(2024-01-01 revoked)");
    add(RECORD("R-1", "E-2", "wage.arrears", ""));
    expect(view, "E-1", "E-1: uno");
    expect(view, "E-2",
           "E-2: two | records R-1(2024-01-01 active), R-2(2024-01-01 revoked)");
}

static void records_and_words_may_be_new(void **state) {
    (void)state;
    add(RECORD("R-3", "E-1", "tax.major_violation", ",\"attributes\":{\"amount\":5}"));
    expect(view, "E-1",
           "E-1: one | records R-1(2024-01-01 active), R-3(2024-01-01 active) | ties "
           "->E-2 shareholder two R-2(2024-01-01 active) | named in R-2(2024-01-01 "
           "active) of E-2");
}

static void ties_and_mentions_come_from_either_side(void **state) {
    (void)state;
    heng_error error = {0};
    add(SUBJECT("P-1", "natural_person", "li",
                ",\"relations\":[{\"role\":\"legally_represents\",\"id\":\"E-2\"}]")
            RECORD("R-4", "P-1", "wage.arrears",
                   ",\"parties\":[{\"role\":\"responsible\",\"id\":\"E-2\"}]"));
    assert_int_equal(heng_overlay_tie(overlay, HENG_STR("E-2"),
                                      HENG_STR("legal_representative"), HENG_STR("P-9"),
                                      &error),
                     HENG_OK);
    expect(
        view, "E-2",
        "E-2: two | records R-2(2024-01-01 active) | ties <-E-1 shareholder one "
        "R-1(2024-01-01 active), <-P-1 legally_represents li R-4(2024-01-01 active), "
        "->P-9 legal_representative | named in R-4(2024-01-01 active) of P-1");
    expect(
        view, "P-1",
        "P-1: li | records R-4(2024-01-01 active) | ties ->E-2 legally_represents two "
        "R-2(2024-01-01 active)");
}

static void it_stands_alone_without_a_view(void **state) {
    (void)state;
    heng_error error = {0};
    add("{\"type\":\"subject\",\"id\":\"E-7\",\"kind\":\"legal_person\",\"name\":\"a\","
        "\"region\":\"43\"}\n");
    add("id,subject,category,authority,document_no,decided_on\n"
        "R-7,E-7,wage.arrears,a,n,2024-05-05\n");
    assert_int_equal(heng_overlay_tie(overlay, HENG_STR("E-7"), HENG_STR("shareholder"),
                                      HENG_STR("E-8"), &error),
                     HENG_OK);
    expect(NULL, "E-7",
           "E-7: a | records R-7(2024-05-05 active) | ties ->E-8 shareholder");
    expect(view, "E-7",
           "E-7: a | records R-7(2024-05-05 active) | ties ->E-8 shareholder");
    expect(NULL, "E-7",
           "E-7: a | records R-7(2024-05-05 active) | ties ->E-8 shareholder");
}

struct wrong {
    const char *name; /* what must hold */
    const char *text;
    size_t line;
    const char *want;
};

static struct wrong wrongs[] = {
    {"a line that is none", "{\"type\":\"subject\"}\n", 1, "kind: is missing"},
    {"one wrong line among good ones",
     SUBJECT("E-7", "legal_person", "a", "") "\n{\"typ\":1}\n", 3,
     "type: is missing; expected `subject`, `record` or `delivery`"},
    {"what is no input", "hello", 1,
     "is neither NDJSON, whose lines begin with `{`, nor CSV with a header: no column "
     "is "
     "called `hello`; an attribute's column is called `attr.NAME`"},
};

static void wrong_lines_are_errors(void **state) {
    (void)setup(NULL);
    const struct wrong *row = *state;
    heng_error error = {0};
    assert_int_equal(
        heng_overlay_add(overlay, "s", row->text, strlen(row->text), &error),
        HENG_ERR_INVALID);
    fixture_expect(error.text, row->want);
    assert_string_equal(error.place, "s");
    assert_int_equal(error.pos.line, row->line);
    expect(NULL, "E-7", /* nothing of it is kept */
           "nothing is known of subject `E-7`; check the id, or look for the name with "
           "`heng find`");
    (void)teardown(NULL);
}

static void wrong_ties_are_errors(void **state) {
    (void)state;
    static const struct {
        const char *subject;
        const char *role;
        const char *id;
        const char *want;
    } ROWS[] = {
        {"x", "shareholder", "E-1",
         "`x` is no id; expected a unified social credit code, an identity number, or "
         "an "
         "opaque id such as `P-1`"},
        {"E-1", "shareholder", "11010519491231002",
         "`110************02` is no id; expected a unified social credit code, an "
         "identity number, or an opaque id such as `P-1`"},
        {"E-1", "shareholdr", "E-2",
         "the ruleset has no role `shareholdr`; did you mean `shareholder`?"},
    };
    for (size_t i = 0; i < COUNT(ROWS); i++) {
        heng_error error = {0};
        assert_int_equal(heng_overlay_tie(overlay, heng_str_of(ROWS[i].subject),
                                          heng_str_of(ROWS[i].role),
                                          heng_str_of(ROWS[i].id), &error),
                         HENG_ERR_INVALID);
        fixture_expect(error.text, ROWS[i].want);
    }
}

static void too_much_is_refused(void **state) {
    (void)state;
    heng_error error = {0};
    char *text = calloc(1, HENG_LIMIT_OVERLAY_BYTES + 1);
    assert_non_null(text);
    memset(text, ' ', HENG_LIMIT_OVERLAY_BYTES);
    assert_int_equal(
        heng_overlay_add(overlay, "s", text, HENG_LIMIT_OVERLAY_BYTES + 1, &error),
        HENG_ERR_LIMIT);
    assert_int_equal(
        heng_overlay_add(overlay, "s", text, HENG_LIMIT_OVERLAY_BYTES, &error),
        HENG_OK);
    assert_int_equal(heng_overlay_add(overlay, "s", " ", 1, &error), HENG_ERR_LIMIT);
    free(text);
}

static heng_status suppose_once(void *context) {
    static const char TEXT[] = SUBJECT("E-1", "legal_person", "uno", "")
        RECORD("R-5", "E-1", "wage.arrears", "");
    heng_overlay *mine = NULL;
    heng_error error = {0};
    heng_arena *arena = NULL;
    heng_snapshot *snapshot = NULL;
    heng_status status = heng_overlay_new(fixture_catalog(), &mine, &error);
    if (status == HENG_OK) {
        status = heng_overlay_add(mine, "s", TEXT, strlen(TEXT), &error);
    }
    if (status == HENG_OK) {
        status = heng_overlay_tie(mine, HENG_STR("E-1"), HENG_STR("shareholder"),
                                  HENG_STR("E-2"), &error);
    }
    if (status == HENG_OK) {
        arena = heng_arena_new(1 << 24);
        status = arena == NULL ? HENG_ERR_NOMEM : HENG_OK;
    }
    if (status == HENG_OK) {
        status = heng_overlay_snapshot(mine, context, HENG_STR("E-1"), HENG_VIEW_ALL,
                                       arena, &snapshot, &error);
    }
    heng_arena_free(arena);
    heng_overlay_free(mine);
    return status;
}

static void every_allocation_may_fail(void **state) {
    (void)state;
    assert_true(torture(suppose_once, view) > 30);
}

int main(void) {
    struct CMUnitTest tests[COUNT(wrongs) + 10];
    size_t count = 0;
    for (; count < COUNT(wrongs); count++) {
        tests[count] = ROW_TEST(&wrongs[count], wrong_lines_are_errors);
    }
    const struct CMUnitTest others[] = {
#define CASE(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
        CASE(an_empty_overlay_changes_nothing),
        CASE(new_versions_replace_what_is_stored),
        CASE(records_and_words_may_be_new),
        CASE(ties_and_mentions_come_from_either_side),
        CASE(it_stands_alone_without_a_view),
        CASE(wrong_ties_are_errors),
        CASE(too_much_is_refused),
        CASE(every_allocation_may_fail),
    };
    for (size_t i = 0; i < COUNT(others); i++) {
        tests[count++] = others[i];
    }
    return check_run("store/overlay", tests, count, NULL, NULL);
}
