/* SPDX-License-Identifier: Apache-2.0 */
/* A scan hands out exactly what asking for each subject would. */
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

/* By asking for each id there could be, in the order of ids. */
static void list_by_asking(heng_view *view, unsigned what, heng_buffer *text) {
    static const char *const KINDS[] = {"E", "P"};
    heng_arena *arena = heng_arena_new(1 << 26);
    heng_error error = {0};
    char ids[IDS * 2][16];
    size_t count = 0;
    for (size_t k = 0; k < 2; k++) {
        for (int i = 0; i < IDS; i++) {
            (void)snprintf(ids[count++], 16, "%s-%d", KINDS[k], i);
        }
    }
    for (size_t i = 1; i < count; i++) { /* bytewise */
        for (size_t at = i; at > 0 && strcmp(ids[at - 1], ids[at]) > 0; at--) {
            char swap[16];
            memcpy(swap, ids[at], 16);
            memcpy(ids[at], ids[at - 1], 16);
            memcpy(ids[at - 1], swap, 16);
        }
    }
    for (size_t i = 0; i < count; i++) {
        heng_snapshot *snapshot = NULL;
        heng_status status = heng_view_snapshot(view, heng_str_of(ids[i]), what & 7,
                                                arena, &snapshot, &error);
        if (status == HENG_ERR_NOT_FOUND) {
            /* a scan hands out who is only named; asking does not know of it */
            continue;
        }
        assert_int_equal(status, HENG_OK);
        bool wanted = (what & HENG_SCAN_ALL) != 0 || snapshot->record_count > 0 ||
                      snapshot->mention_count > 0;
        if (wanted) {
            fixture_add_snapshot(text, snapshot);
            (void)heng_buffer_add_text(text, "\n");
        }
    }
    heng_arena_free(arena);
}

static void list_by_scanning(heng_view *view, unsigned what, const char *after,
                             const char *last, heng_buffer *text) {
    heng_scan *scan = NULL;
    heng_error error = {0};
    const heng_snapshot *snapshot = NULL;
    assert_int_equal(heng_scan_open(view, what, heng_str_of(after), heng_str_of(last),
                                    &scan, &error),
                     HENG_OK);
    while (heng_scan_next(scan, &snapshot, &error) == HENG_OK && snapshot != NULL) {
        if (snapshot->subject == NULL && snapshot->record_count == 0)
            continue; /* only named */
        if ((what & HENG_SCAN_ALL) == 0 && snapshot->record_count == 0 &&
            snapshot->mention_count == 0)
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
};

static struct row rows[] = {
    {"own records", 0, 0},
    {"own records, in the past", 0, 101},
    {"all subjects", HENG_SCAN_ALL, 0},
    {"all subjects, in the past", HENG_SCAN_ALL, 102},
    {"with mentions", HENG_VIEW_MENTIONS, 0},
    {"with mentions, in the past", HENG_VIEW_MENTIONS, 100},
    {"all with all", HENG_SCAN_ALL | HENG_VIEW_ALL, 0},
    {"all with all, in the past", HENG_SCAN_ALL | HENG_VIEW_ALL, 102},
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
    list_by_asking(view, row->what, &asked);
    list_by_scanning(view, row->what, "", "", &scanned);
    assert_true(asked.len > 100);
    fixture_expect(heng_buffer_view(&scanned).ptr, heng_buffer_view(&asked).ptr);
    static const char *const CUTS[] = {"", "E-2", "E-25", "E-9", "P-3", ""};
    for (size_t i = 0; i + 1 < COUNT(CUTS); i++) {
        list_by_scanning(view, row->what, CUTS[i], CUTS[i + 1], &parts);
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
        assert_int_equal(heng_scan_open(view, HENG_SCAN_ALL, HENG_STR(""), HENG_STR(""),
                                        &scan, &error),
                         HENG_OK);
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

int main(void) {
    struct CMUnitTest tests[COUNT(rows) + 1];
    size_t count = 0;
    for (; count < COUNT(rows); count++) {
        tests[count] = ROW_TEST(&rows[count], scan_equals_asking);
    }
    const struct CMUnitTest last = cmocka_unit_test_setup_teardown(
        scanning_allocates_for_the_largest_only, setup, teardown);
    tests[count++] = last;
    return check_run("store/scan", tests, count, NULL, NULL);
}
