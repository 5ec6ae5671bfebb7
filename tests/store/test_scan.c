/* SPDX-License-Identifier: Apache-2.0 */
/* test_scan.c: a scan hands out exactly what asking for each subject would. */
#include "store/fixture.h"

enum { IDS = 40 };

static heng_store *store;
static char *folder;

static int setup(void **state) {
    (void)state;
    heng_buffer text;
    folder = fixture_folder();
    store = fixture_open(folder, HENG_STORE_CREATE);
    for (int i = 0; i < 4; i++) {
        heng_buffer_init(&text, 1 << 20);
        fixture_make(&text, (uint64_t)i + 50, 60, IDS);
        (void)fixture_import(store, 100 + i, text.bytes);
        heng_buffer_done(&text);
    }
    return 0;
}

static int teardown(void **state) {
    (void)state;
    heng_store_close(store);
    fixture_remove(folder);
    return 0;
}

static heng_view *view_at(int past) {
    heng_view *view = fixture_view(store);
    heng_error error = {0};
    if (past != 0) {
        assert_int_equal(heng_view_known_at(view, past, &error), HENG_OK);
    }
    return view;
}

/* All ids there could be, bytewise. */
static size_t all_ids(heng_str ids[IDS * 2], char texts[IDS * 2][16]) {
    static const char *const KINDS[] = {"E", "P"};
    size_t count = 0;
    for (size_t k = 0; k < 2; k++) {
        for (int i = 0; i < IDS; i++) {
            (void)snprintf(texts[count], 16, "%s-%d", KINDS[k], i);
            heng_str id = heng_str_of(texts[count]);
            size_t at = count++;
            for (; at > 0 && heng_str_compare(ids[at - 1], id) > 0; at--) {
                ids[at] = ids[at - 1];
            }
            ids[at] = id;
        }
    }
    return count;
}

/* Every `every`-th id is wanted; 0: none. */
static bool is_wanted(size_t index, size_t every) {
    return every != 0 && index % every == 0;
}

static void list_by_asking(heng_view *view, unsigned what, size_t every,
                           heng_buffer *text) {
    heng_arena *arena = heng_arena_new(1 << 26);
    heng_error error = {0};
    char texts[IDS * 2][16];
    heng_str ids[IDS * 2];
    size_t count = all_ids(ids, texts);
    for (size_t i = 0; i < count; i++) {
        heng_snapshot *snapshot = NULL;
        bool whole = is_wanted(i, every) || (what & HENG_SCAN_REST) != 0;
        heng_status status = heng_view_snapshot(view, ids[i], whole ? what & 7 : 0,
                                                arena, &snapshot, &error);
        if (status == HENG_ERR_NOT_FOUND)
            continue; /* asking does not know of who is only named */
        assert_int_equal(status, HENG_OK);
        if (is_wanted(i, every) || (what & HENG_SCAN_ALL) != 0 ||
            snapshot->record_count > 0) {
            fixture_add_snapshot(text, snapshot);
            (void)heng_buffer_add_text(text, "\n");
        }
    }
    heng_arena_free(arena);
}

static void list_by_scanning(heng_view *view, unsigned what, size_t every,
                             const char *after, const char *last, heng_buffer *text) {
    heng_scan *scan = NULL;
    heng_error error = {0};
    const heng_snapshot *snapshot = NULL;
    char texts[IDS * 2][16];
    heng_str ids[IDS * 2];
    heng_wanted wanted[IDS * 2];
    size_t count = all_ids(ids, texts), wanted_count = 0;
    for (size_t i = 0; i < count; i++) {
        if (is_wanted(i, every) && strcmp(ids[i].ptr, after) > 0 &&
            (*last == '\0' || strcmp(ids[i].ptr, last) <= 0))
            wanted[wanted_count++] =
                (heng_wanted){.id = ids[i], .what = what & HENG_VIEW_ALL};
    }
    assert_int_equal(heng_scan_open(view, what, &scan, &error), HENG_OK);
    assert_int_equal(heng_scan_range(scan, heng_str_of(after), heng_str_of(last),
                                     wanted, wanted_count, &error),
                     HENG_OK);
    while (heng_scan_next(scan, &snapshot, &error) == HENG_OK && snapshot != NULL) {
        if (snapshot->subject == NULL && snapshot->record_count == 0)
            continue; /* only named */
        bool on_list = false;
        for (size_t i = 0; i < wanted_count; i++) {
            on_list = on_list || heng_str_equal(wanted[i].id, snapshot->id);
        }
        if (!on_list && (what & HENG_SCAN_ALL) == 0 && snapshot->record_count == 0)
            continue; /* it had records */
        fixture_add_snapshot(text, snapshot);
        (void)heng_buffer_add_text(text, "\n");
    }
    heng_scan_close(scan);
}

struct row {
    const char *name;
    unsigned what;
    int past;
    size_t every;
};

static struct row rows[] = {
    {"own records", 0, 0, 0},
    {"own records, in the past", 0, 101, 0},
    {"all subjects", HENG_SCAN_ALL, 0, 0},
    {"all subjects, in the past", HENG_SCAN_ALL, 102, 0},
    {"those wanted, with their mentions", HENG_VIEW_MENTIONS, 0, 3},
    {"those wanted, with their mentions, in the past", HENG_VIEW_MENTIONS, 100, 3},
    {"those wanted, with all", HENG_VIEW_ALL, 0, 2},
    {"those wanted among all", HENG_VIEW_ALL | HENG_SCAN_ALL, 102, 5},
    {"all with all", HENG_SCAN_ALL | HENG_SCAN_REST | HENG_VIEW_ALL, 0, 0},
    {"all with all, in the past", HENG_SCAN_ALL | HENG_SCAN_REST | HENG_VIEW_ALL, 102,
     0},
};

static void scan_equals_asking(void **state) {
    const struct row *row = *state;
    (void)setup(NULL);
    heng_view *view = view_at(row->past);
    heng_buffer asked;
    heng_buffer scanned;
    heng_buffer parts;
    heng_buffer_init(&asked, 1 << 24);
    heng_buffer_init(&scanned, 1 << 24);
    heng_buffer_init(&parts, 1 << 24);
    list_by_asking(view, row->what, row->every, &asked);
    list_by_scanning(view, row->what, row->every, "", "", &scanned);
    assert_true(asked.len > 100);
    fixture_expect(heng_buffer_view(&scanned).ptr, heng_buffer_view(&asked).ptr);
    static const char *const CUTS[] = {"", "E-2", "E-25", "E-9", "P-3", ""};
    for (size_t i = 0; i + 1 < COUNT(CUTS); i++) {
        list_by_scanning(view, row->what, row->every, CUTS[i], CUTS[i + 1], &parts);
    }
    fixture_expect(heng_buffer_view(&parts).ptr, heng_buffer_view(&asked).ptr);
    heng_buffer_done(&asked);
    heng_buffer_done(&scanned);
    heng_buffer_done(&parts);
    heng_view_close(view);
    (void)teardown(NULL);
}

static void scanning_allocates_for_the_largest_only(void **state) {
    (void)state;
    heng_error error = {0};
    heng_view *view = fixture_view(store);
    const heng_snapshot *snapshot = NULL;
    uint64_t counts[2] = {0};
    for (int round = 0; round < 2; round++) {
        heng_scan *scan = NULL;
        assert_int_equal(fixture_scan(view, HENG_SCAN_ALL, &scan, &error), HENG_OK);
        uint64_t before = heng_alloc_count();
        size_t seen = 0;
        while (heng_scan_next(scan, &snapshot, &error) == HENG_OK && snapshot != NULL) {
            seen++;
        }
        counts[round] = heng_alloc_count() - before;
        assert_true(seen > 10 && counts[round] < 8);
        heng_scan_close(scan);
    }
    heng_view_close(view);
}

static void an_empty_range_has_nothing(void **state) {
    (void)state;
    static const char *const RANGES[][2] = {
        {"E-2", "E-2"}, {"E-20", "E-2"}, {"P-3", "E-2"}, {"Z", ""}, {"", "A"}};
    heng_view *view = fixture_view(store);
    heng_buffer text;
    heng_buffer_init(&text, 1 << 20);
    for (size_t i = 0; i < COUNT(RANGES); i++) {
        list_by_scanning(view, HENG_SCAN_ALL, 0, RANGES[i][0], RANGES[i][1], &text);
        assert_int_equal(text.len, 0);
    }
    heng_buffer_done(&text);
    heng_view_close(view);
}

static void each_is_given_what_is_wanted_of_it(void **state) {
    (void)state;
    heng_view *view = fixture_view(store);
    heng_error error = {0};
    heng_scan *scan = NULL;
    const heng_snapshot *snapshot = NULL;
    char texts[IDS * 2][16];
    heng_str ids[IDS * 2];
    heng_wanted wanted[IDS * 2];
    static const unsigned WHAT[] = {HENG_VIEW_MENTIONS,
                                    HENG_VIEW_TIES | HENG_VIEW_TIE_RECORDS};
    size_t count = all_ids(ids, texts), ties = 0, mentions = 0;
    for (size_t i = 0; i < count; i++)
        wanted[i] = (heng_wanted){.id = ids[i], .what = WHAT[i % 2]};
    assert_int_equal(heng_scan_open(view, HENG_VIEW_ALL, &scan, &error), HENG_OK);
    assert_int_equal(
        heng_scan_range(scan, HENG_STR(""), HENG_STR(""), wanted, count, &error),
        HENG_OK);
    while (heng_scan_next(scan, &snapshot, &error) == HENG_OK && snapshot != NULL) {
        size_t at = 0;
        while (!heng_str_equal(ids[at], snapshot->id))
            at++;
        assert_true(at % 2 == 0 ? snapshot->tie_count == 0
                                : snapshot->mention_count == 0);
        ties += snapshot->tie_count;
        mentions += snapshot->mention_count;
    }
    assert_true(ties > 5 && mentions > 5);
    heng_scan_close(scan);
    heng_view_close(view);
}

int main(void) {
    struct CMUnitTest tests[COUNT(rows) + 3];
    size_t count = 0;
    for (; count < COUNT(rows); count++) {
        tests[count] = ROW_TEST(&rows[count], scan_equals_asking);
    }
    const struct CMUnitTest others[] = {
#define CASE(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
        CASE(an_empty_range_has_nothing),
        CASE(each_is_given_what_is_wanted_of_it),
        CASE(scanning_allocates_for_the_largest_only),
    };
    for (size_t i = 0; i < COUNT(others); i++) {
        tests[count++] = others[i];
    }
    return check_run("store/scan", tests, count, NULL, NULL);
}
