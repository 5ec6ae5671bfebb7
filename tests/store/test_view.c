/* SPDX-License-Identifier: Apache-2.0 */
/* What a view shows: now and as known before, ties from either side, mentions. */
#include "store/fixture.h"

#define SUBJECT(id, name)                                                              \
    "{\"type\":\"subject\",\"id\":\"" id                                               \
    "\",\"kind\":\"legal_person\",\"name\":\"" name "\",\"region\":\"430102\""
#define PERSON(id, name)                                                               \
    "{\"type\":\"subject\",\"id\":\"" id                                               \
    "\",\"kind\":\"natural_person\",\"name\":\"" name "\",\"region\":\"430102\""
#define RECORD(id, subject, day)                                                       \
    "{\"type\":\"record\",\"id\":\"" id "\",\"subject\":\"" subject                    \
    "\",\"category\":\"wage.arrears\",\"authority\":\"a\",\"document_no\":\"n\","      \
    "\"decided_on\":\"" day "\""
#define END "}\n"

static heng_store *store;
static char *folder;

static int setup(void **state) {
    (void)state;
    folder = fixture_folder();
    store = fixture_open(folder, HENG_STORE_CREATE);
    return 0;
}

static int teardown(void **state) {
    (void)state;
    fixture_sound(store);
    heng_store_close(store);
    fixture_remove(folder);
    return 0;
}

static void an_empty_store_knows_nothing(void **state) {
    (void)state;
    heng_view *view = fixture_view(store);
    heng_error error = {0};
    heng_str id;
    assert_int_equal(heng_view_commit(view), 0);
    assert_int_equal(heng_view_known_at(view, 5, &error), HENG_ERR_NOT_FOUND);
    assert_int_equal(heng_view_next_subject(view, HENG_STR(""), &id, &error),
                     HENG_ERR_NOT_FOUND);
    heng_view_close(view);
    fixture_expect_snapshot(store, 0, "E-1",
                            "nothing is known of subject `E-1`; check the id, or look "
                            "for the name with `heng find`");
}

static void records_come_in_order_and_before_their_subject(void **state) {
    (void)state;
    (void)fixture_import(store, 100,
                         RECORD("R-2", "E-1", "2024-02-01")
                             END RECORD("R-1", "E-1", "2024-02-01")
                                 END RECORD("R-3", "E-1", "2023-12-31") END);
    fixture_expect_snapshot(store, 0, "E-1",
                            "E-1: - | records R-3(2023-12-31 active), R-1(2024-02-01 "
                            "active), R-2(2024-02-01 active)");
    (void)fixture_import(store, 200, SUBJECT("E-1", "one") END);
    fixture_expect_snapshot(store, 0, "E-1",
                            "E-1: one | records R-3(2023-12-31 active), R-1(2024-02-01 "
                            "active), R-2(2024-02-01 active)");
    fixture_expect_snapshot(store, 150, "E-1",
                            "E-1: - | records R-3(2023-12-31 active), R-1(2024-02-01 "
                            "active), R-2(2024-02-01 active)");
}

static void the_past_stays_readable(void **state) {
    (void)state;
    (void)fixture_import(store, 100, SUBJECT("E-1", "first") END);
    (void)fixture_import(store, 200, RECORD("R-1", "E-1", "2024-01-01") END);
    (void)fixture_import(store, 300, SUBJECT("E-1", "second") END);
    (void)fixture_import(
        store, 400, RECORD("R-1", "E-1", "2024-01-01") ",\"status\":\"repaired\"" END);
    (void)fixture_import(store, 500, RECORD("R-1", "E-2", "2024-01-01") END);
    (void)fixture_import(store, 600, RECORD("R-1", "E-1", "2024-01-02") END);

    static const struct {
        heng_time_ms at;
        const char *one;
        const char *two;
    } KNOWN[] = {
        {100, "E-1: first", NULL},
        {199, "E-1: first", NULL},
        {200, "E-1: first | records R-1(2024-01-01 active)", NULL},
        {300, "E-1: second | records R-1(2024-01-01 active)", NULL},
        {400, "E-1: second | records R-1(2024-01-01 repaired)", NULL},
        {500, "E-1: second", "E-2: - | records R-1(2024-01-01 active)"},
        {600, "E-1: second | records R-1(2024-01-02 active)", NULL},
        {0, "E-1: second | records R-1(2024-01-02 active)", NULL},
    };
    for (size_t i = 0; i < COUNT(KNOWN); i++) {
        fixture_expect_snapshot(store, KNOWN[i].at, "E-1", KNOWN[i].one);
        fixture_expect_snapshot(
            store, KNOWN[i].at, "E-2",
            KNOWN[i].two != NULL ? KNOWN[i].two
                                 : "nothing is known of subject `E-2`; check the id, "
                                   "or look for the name with `heng find`");
    }
    heng_view *view = fixture_view(store);
    heng_error error = {0};
    assert_int_equal(heng_view_known_at(view, 99, &error), HENG_ERR_NOT_FOUND);
    assert_string_equal(error.text,
                        "the store knew nothing yet at that time; choose a later one");
    heng_view_close(view);
}

/* Three commits of one millisecond: a time shows the last of them, a number each. */
static void commits_of_one_time_are_told_apart_by_number(void **state) {
    (void)state;
    static const char *const NAMES[] = {"first", "second", "third"};
    (void)fixture_import(store, 100, SUBJECT("E-1", "first") END);
    (void)fixture_import(store, 100, SUBJECT("E-1", "second") END);
    (void)fixture_import(store, 50,
                         SUBJECT("E-1", "third") END); /* the clock went back */
    heng_view *view = fixture_view(store);
    heng_arena *arena = heng_arena_new(1 << 20);
    heng_snapshot *snapshot = NULL;
    heng_error error = {0};
    for (uint64_t commit = 1; commit <= 3; commit++) {
        assert_int_equal(heng_view_at_commit(view, commit, &error), HENG_OK);
        assert_int_equal(heng_view_commit(view), commit);
        assert_int_equal(heng_view_commit_time(view), 100);
        assert_int_equal(
            heng_view_snapshot(view, HENG_STR("E-1"), 0, arena, &snapshot, &error),
            HENG_OK);
        assert_true(
            heng_str_equal(heng_flat_text(snapshot->subject, HENG_FLAT_SUBJECT_NAME),
                           heng_str_of(NAMES[commit - 1])));
    }
    assert_int_equal(heng_view_at_commit(view, 0, &error), HENG_OK);
    assert_int_equal(heng_view_commit_time(view), 0);
    assert_int_equal(
        heng_view_snapshot(view, HENG_STR("E-1"), 0, arena, &snapshot, &error),
        HENG_ERR_NOT_FOUND);
    assert_int_equal(heng_view_at_commit(view, 4, &error), HENG_ERR_NOT_FOUND);
    fixture_expect(error.text, "the store has no commit 4; its newest is 3");
    heng_arena_free(arena);
    heng_view_close(view);
}

static void ties_are_seen_from_both_sides(void **state) {
    (void)state;
    (void)fixture_import(
        store, 100,
        SUBJECT("E-1",
                "one") ",\"relations\":[{\"role\":\"legal_representative\","
                       "\"id\":\"P-1\"},{\"role\":\"shareholder\",\"id\":\"E-9\","
                       "\"from\":\"2020-01-01\",\"to\":\"2021-01-01\"}]" END PERSON(
                           "P-1", "li") END RECORD("R-1", "P-1", "2024-01-01") END);
    (void)fixture_import(store, 200,
                         SUBJECT("E-1", "one")
                             END PERSON("P-1", "li") ",\"relations\":[{\"role\":"
                                                     "\"legally_represents\","
                                                     "\"id\":\"E-1\"}]" END);
    fixture_expect_snapshot(store, 100, "E-1",
                            "E-1: one | ties ->E-9 shareholder, ->P-1 "
                            "legal_representative li R-1(2024-01-01 active)");
    fixture_expect_snapshot(store, 100, "P-1",
                            "P-1: li | records R-1(2024-01-01 active) | ties <-E-1 "
                            "legal_representative one");
    fixture_expect_snapshot(
        store, 200, "E-1",
        "E-1: one | ties <-P-1 legally_represents li R-1(2024-01-01 active)");
    fixture_expect_snapshot(store, 0, "P-1",
                            "P-1: li | records R-1(2024-01-01 active) | ties ->E-1 "
                            "legally_represents one");
}

static void mentions_are_those_of_the_version(void **state) {
    (void)state;
#define NAMING(person) ",\"parties\":[{\"role\":\"responsible\",\"id\":\"" person "\"}]"
    (void)fixture_import(store, 100,
                         PERSON("P-1", "li") END PERSON("P-2", "wang")
                             END RECORD("R-1", "E-1", "2024-01-01") NAMING("P-1")
                                 END RECORD("R-0", "P-1", "2024-01-01") NAMING("P-1")
                                     END);
    (void)fixture_import(store, 200,
                         RECORD("R-1", "E-1", "2024-01-01") NAMING("P-2") END);
    (void)fixture_import(store, 300,
                         RECORD("R-1", "E-2", "2024-01-01") NAMING("P-2") END);
    fixture_expect_snapshot(store, 100, "P-1",
                            "P-1: li | records R-0(2024-01-01 active) | named in "
                            "R-1(2024-01-01 active) of E-1");
    fixture_expect_snapshot(store, 200, "P-1",
                            "P-1: li | records R-0(2024-01-01 active)");
    fixture_expect_snapshot(store, 100, "P-2", "P-2: wang");
    fixture_expect_snapshot(store, 200, "P-2",
                            "P-2: wang | named in R-1(2024-01-01 active) of E-1");
    fixture_expect_snapshot(store, 0, "P-2",
                            "P-2: wang | named in R-1(2024-01-01 active) of E-2");
}

static void subjects_come_in_order_and_owners_are_found(void **state) {
    (void)state;
    (void)fixture_import(store, 100,
                         SUBJECT("E-2", "two") END SUBJECT("E-10", "ten") END);
    (void)fixture_import(
        store, 200, SUBJECT("E-3", "three") END RECORD("R-1", "E-3", "2024-01-01") END);
    heng_error error = {0};
    heng_str id = HENG_STR("");
    static const char *const ORDER[] = {"E-10", "E-2", "E-3"};
    for (int past = 0; past < 2; past++) {
        heng_view *view = fixture_view(store);
        if (past == 1) {
            assert_int_equal(heng_view_known_at(view, 150, &error), HENG_OK);
        }
        id = HENG_STR("");
        for (size_t i = 0; i < (past == 1 ? 2U : 3U); i++) {
            assert_int_equal(heng_view_next_subject(view, id, &id, &error), HENG_OK);
            assert_true(heng_str_equal(id, heng_str_of(ORDER[i])));
        }
        assert_int_equal(heng_view_next_subject(view, id, &id, &error),
                         HENG_ERR_NOT_FOUND);
        heng_view_close(view);
    }
    heng_view *view = fixture_view(store);
    assert_int_equal(heng_view_record_owner(view, HENG_STR("R-1"), &id, &error),
                     HENG_OK);
    assert_true(heng_str_equal(id, HENG_STR("E-3")));
    assert_int_equal(heng_view_record_owner(view, HENG_STR("R-2"), &id, &error),
                     HENG_ERR_NOT_FOUND);
    assert_string_equal(error.text, "there is no record `R-2` in the store");
    heng_view_close(view);
}

static bool collect(void *context, const heng_view_hit *hit) {
    heng_buffer *text = context;
    (void)heng_buffer_add_format(text, "%.*s %.*s;", HENG_STR_ARG(hit->id),
                                 HENG_STR_ARG(hit->name));
    return text->len < 30;
}

static void find_looks_into_ids_and_names(void **state) {
    (void)state;
    (void)fixture_import(store, 100,
                         SUBJECT("E-1", "长沙 Alpha") END SUBJECT("E-2", "长沙 beta")
                             END SUBJECT("E-3", "ALPHA") END);
    static const struct {
        const char *text;
        const char *want;
    } ROWS[] = {
        {"alpha", "E-1 长沙 Alpha;E-3 ALPHA;"},
        {"长沙", "E-1 长沙 Alpha;E-2 长沙 beta;"},
        {"e-2", "E-2 长沙 beta;"},
        {"gamma", ""},
    };
    for (size_t i = 0; i < COUNT(ROWS); i++) {
        heng_view *view = fixture_view(store);
        heng_error error = {0};
        heng_buffer text;
        heng_buffer_init(&text, 4096);
        assert_int_equal(
            heng_view_find(view, heng_str_of(ROWS[i].text), collect, &text, &error),
            HENG_OK);
        fixture_expect(heng_buffer_view(&text).ptr, ROWS[i].want);
        heng_buffer_done(&text);
        heng_view_close(view);
    }
}

static void a_view_stays_as_it_was_taken(void **state) {
    (void)state;
    (void)fixture_import(store, 100, SUBJECT("E-1", "first") END);
    heng_view *before = fixture_view(store);
    (void)fixture_import(store, 200, SUBJECT("E-1", "second") END);
    heng_view *after = fixture_view(store);
    heng_arena *arena = heng_arena_new(1 << 20);
    heng_error error = {0};
    heng_view *views[] = {before, after};
    static const char *const NAMES[] = {"first", "second"};
    for (size_t i = 0; i < 2; i++) {
        heng_snapshot *snapshot = NULL;
        assert_int_equal(
            heng_view_snapshot(views[i], HENG_STR("E-1"), 0, arena, &snapshot, &error),
            HENG_OK);
        assert_true(
            heng_str_equal(heng_flat_text(snapshot->subject, HENG_FLAT_SUBJECT_NAME),
                           heng_str_of(NAMES[i])));
    }
    heng_arena_free(arena);
    heng_view_close(before);
    heng_view_close(after);
}

/* Every state of a store, kept aside, must be what known-at shows of it later. */
static void random_histories_read_back(void **state) {
    (void)state;
    enum { IMPORTS = 25, SUBJECTS = 12 };
    static char *seen[IMPORTS][SUBJECTS * 2];
    for (int i = 0; i < IMPORTS; i++) {
        heng_buffer text;
        heng_buffer_init(&text, 1 << 20);
        fixture_make(&text, (uint64_t)i + 7, 8, SUBJECTS);
        (void)fixture_import(store, 1000 + i, text.bytes);
        heng_buffer_done(&text);
        for (int pass = 0; pass <= 1; pass++) { /* now, and again from the end */
            int first = pass == 0 ? i : 0;
            if (pass == 1 && i != IMPORTS - 1)
                continue;
            for (int at = first; at <= i; at++) {
                heng_view *view = fixture_view(store);
                heng_error error = {0};
                if (pass == 1) {
                    assert_int_equal(heng_view_known_at(view, 1000 + at, &error),
                                     HENG_OK);
                }
                for (int s = 0; s < SUBJECTS * 2; s++) {
                    char id[16];
                    heng_arena *arena = heng_arena_new(1 << 20);
                    heng_snapshot *snapshot = NULL;
                    (void)snprintf(id, sizeof id, "%c-%d", s < SUBJECTS ? 'E' : 'P',
                                   s % SUBJECTS);
                    heng_buffer_init(&text, 1 << 20);
                    if (heng_view_snapshot(view, heng_str_of(id), HENG_VIEW_ALL, arena,
                                           &snapshot, &error) == HENG_OK) {
                        fixture_add_snapshot(&text, snapshot);
                    }
                    size_t len = 0;
                    (void)heng_buffer_add_text(&text, ";");
                    char *got = heng_buffer_take(&text, &len);
                    if (pass == 0) {
                        seen[at][s] = got;
                    } else {
                        fixture_expect(got, seen[at][s]);
                        heng_alloc_free(got);
                        heng_alloc_free(seen[at][s]);
                    }
                    heng_buffer_done(&text);
                    heng_arena_free(arena);
                }
                heng_view_close(view);
            }
        }
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
#define CASE(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
        CASE(an_empty_store_knows_nothing),
        CASE(records_come_in_order_and_before_their_subject),
        CASE(the_past_stays_readable),
        CASE(commits_of_one_time_are_told_apart_by_number),
        CASE(ties_are_seen_from_both_sides),
        CASE(mentions_are_those_of_the_version),
        CASE(subjects_come_in_order_and_owners_are_found),
        CASE(find_looks_into_ids_and_names),
        CASE(a_view_stays_as_it_was_taken),
        CASE(random_histories_read_back),
    };
    return cmocka_run_group_tests_name("store/view", tests, NULL, NULL);
}
