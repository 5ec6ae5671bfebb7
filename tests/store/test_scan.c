/* SPDX-License-Identifier: Apache-2.0 */
/* test_scan.c: a scan hands out exactly what asking for each subject would, in outline
 * too, and the ties it is given. */
#include "store/fixture.h"

#include "model/gist.h"

#include "support/torture.h"

#include "store/db.h"
#include "store/dossier.h"
#include "store/gather.h"
#include "store/outline.h"
#include "store/rows.h"
#include "store/view.h"

enum { IDS = 40 };

static heng_store *store;
static char *folder;

/* More with a record. */
static void add_records(heng_buffer *to) {
    for (int id = 0; id < IDS; id += 2)
        (void)heng_buffer_add_format(
            to,
            "{\"type\":\"record\",\"id\":\"Q-%d\",\"subject\":\"E-%d\",\"category\":"
            "\"wage.arrears\",\"authority\":\"a\",\"document_no\":\"n\","
            "\"decided_on\":\"2024-01-01\"}\n",
            id, id);
}

/* Two that are tied to them in several ways, and to each other. */
static void add_ties(heng_buffer *to) {
    for (int from = 21; from <= 23; from += 2) {
        (void)heng_buffer_add_format(
            to,
            "{\"type\":\"subject\",\"id\":\"E-%d\",\"kind\":\"legal_person\",\"name\":"
            "\"n\",\"region\":\"43\",\"relations\":[{\"role\":\"shareholder\",\"id\":"
            "\"E-%d\"}",
            from, 44 - from);
        for (int id = 0; id < IDS; id += 2)
            (void)heng_buffer_add_format(
                to,
                ",{\"role\":\"shareholder\",\"id\":\"E-%d\",\"from\":\"2022-01-01\"},"
                "{\"role\":\"legal_representative\",\"id\":\"E-%d\"},"
                "{\"role\":\"shareholder\",\"id\":\"E-%d\",\"from\":\"2020-01-01\","
                "\"to\":\"2021-01-01\"}",
                id, id, id);
        (void)heng_buffer_add_text(to, "]}\n");
    }
}

static int setup(void **state) {
    (void)state;
    heng_buffer text;
    folder = fixture_folder();
    store = fixture_open(folder, HENG_STORE_CREATE);
    for (int i = 0; i < 4; i++) {
        heng_buffer_init(&text, 1 << 20);
        fixture_make(&text, (uint64_t)i + 50, 60, IDS);
        if (i == 0)
            add_records(&text);
        if (i == 3)
            add_ties(&text);
        (void)fixture_import(store, 100 + i, text.bytes);
        heng_buffer_done(&text);
    }
    return 0;
}

static int teardown(void **state) {
    (void)state;
    return fixture_done(store, folder);
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

/* ---- what is sought ---- */

static bool names_wanted(void *context, const uint8_t *record, size_t len) {
    (void)record, (void)len;
    return context != NULL;
}

static bool party_wanted(void *context, heng_str party, heng_str owner,
                         const uint8_t *record, size_t len) {
    (void)context, (void)owner, (void)record, (void)len;
    return party.ptr[party.len - 1] % 4 == 0;
}

/* As a glance tells them apart. */
static int kind_of(const heng_snapshot *snapshot, unsigned what) {
    const uint8_t *subject = snapshot->subject;
    if ((what & HENG_SCAN_OUTLINES) == 0 || subject == NULL ||
        (subject[4] == HENG_NATURAL_PERSON && subject[5] != HENG_CAPACITY_FULL))
        return 0;
    return subject[4];
}

static bool is_sought(const heng_snapshot *snapshot, unsigned what,
                      const heng_sought *sought) {
    heng_categories categories = {{0, 0}};
    for (size_t i = 0; i < snapshot->record_count; i++)
        heng_categories_add(&categories, heng_flat_u32(snapshot->records[i].bytes + 4));
    return heng_categories_meet(&categories, &sought->of_kind[kind_of(snapshot, what)]);
}

/* Every `every`-th id is wanted, and with `named` whom records name. `narrow`: by the
 * scan; else by this function, which is handed out all. Adds how many were left out. */
static void list_sought(heng_view *view, unsigned what, size_t every, bool named,
                        const heng_sought *sought, bool narrow, size_t *left_out,
                        heng_buffer *text) {
    static const char *const CUTS[] = {"", "E-17", "E-9", "P-2", ""};
    heng_error error = {0};
    const heng_snapshot *snapshot = NULL;
    heng_scan *scan = NULL;
    char texts[IDS * 2][16];
    heng_str ids[IDS * 2];
    size_t count = all_ids(ids, texts);
    assert_int_equal(heng_scan_open(view, what, &scan, &error), HENG_OK);
    assert_int_equal(heng_scan_mentions(scan, &HENG_CATEGORIES_ALL, names_wanted,
                                        party_wanted, named ? scan : NULL, &error),
                     HENG_OK);
    if (narrow)
        heng_scan_narrow(scan, sought);
    for (size_t cut = 0; cut + 1 < COUNT(CUTS); cut++) {
        heng_wanted wanted[IDS * 2];
        size_t wanted_count = 0;
        for (size_t i = 0; i < count; i++) {
            if (is_wanted(i, every) && strcmp(ids[i].ptr, CUTS[cut]) > 0 &&
                (*CUTS[cut + 1] == '\0' || strcmp(ids[i].ptr, CUTS[cut + 1]) <= 0))
                wanted[wanted_count++] =
                    (heng_wanted){.id = ids[i], .what = HENG_VIEW_TIES};
        }
        assert_int_equal(heng_scan_range(scan, heng_str_of(CUTS[cut]),
                                         heng_str_of(CUTS[cut + 1]), wanted,
                                         wanted_count, &error),
                         HENG_OK);
        while (heng_scan_next(scan, &snapshot, &error) == HENG_OK && snapshot != NULL) {
            bool is_other = snapshot->mention_count > 0;
            for (size_t i = 0; i < wanted_count; i++)
                is_other = is_other || heng_str_equal(wanted[i].id, snapshot->id);
            if (!narrow && !is_other && !is_sought(snapshot, what, sought)) {
                (*left_out)++;
                continue;
            }
            fixture_add_snapshot(text, snapshot);
            (void)heng_buffer_add_text(text, "\n");
        }
    }
    heng_scan_close(scan);
}

static void expect_sought(heng_view *view, unsigned what, size_t every, bool named,
                          const heng_sought *sought, size_t *left_out) {
    heng_buffer all, some;
    heng_buffer_init(&all, 1 << 24);
    heng_buffer_init(&some, 1 << 24);
    list_sought(view, what, every, named, sought, false, left_out, &all);
    list_sought(view, what, every, named, sought, true, left_out, &some);
    assert_true(heng_str_equal(heng_buffer_view(&all), heng_buffer_view(&some)));
    heng_buffer_done(&all);
    heng_buffer_done(&some);
}

/* One category or two, of one kind or of all; whoever is wanted or named comes with
 * all own records, sought or not. */
static void what_is_not_sought_is_passed_by(void **state) {
    (void)state;
    static const char *const CATEGORIES[] = {"wage.arrears", "tax.major_violation"};
    heng_view *view = fixture_view(store);
    size_t left_out = 0, cases = 0;
    for (unsigned set = 0; set < 1U << COUNT(CATEGORIES); set++) {
        for (int kind = 0; kind <= HENG_NATURAL_PERSON; kind++) {
            heng_sought sought = {.of_kind = {{{0, 0}}}};
            for (size_t i = 0; i < COUNT(CATEGORIES); i++) {
                uint32_t name =
                    heng_names_find(heng_view_names(view), heng_str_of(CATEGORIES[i]));
                assert_int_not_equal(name, HENG_NAME_NONE);
                for (int k = 0; (set >> i & 1) != 0 && k <= HENG_NATURAL_PERSON; k++) {
                    if (kind == 0 || k == kind || k == 0)
                        heng_categories_add(&sought.of_kind[k], name);
                }
            }
            for (unsigned way = 0; way < 12; way++) {
                unsigned what = (way % 2 != 0 ? (unsigned)HENG_SCAN_OUTLINES : 0) |
                                HENG_VIEW_TIES | HENG_VIEW_MENTIONS;
                expect_sought(view, what, way / 2 % 3 * 3, way / 6 != 0, &sought,
                              &left_out);
                cases++;
            }
        }
    }
    assert_true(left_out > cases); /* else nothing was shown */
    heng_view_close(view);
}

/* A view that looks back has all. */
static void nothing_is_passed_by_in_the_past(void **state) {
    (void)state;
    const heng_sought nothing = {.of_kind = {{{0, 0}}}};
    heng_view *view = view_at(101);
    heng_buffer all, some;
    size_t left_out = 0;
    heng_buffer_init(&all, 1 << 24);
    heng_buffer_init(&some, 1 << 24);
    list_by_scanning(view, 0, 0, "", "", &all);
    list_sought(view, 0, 0, false, &nothing, true, &left_out, &some);
    assert_true(all.len > 100 && some.len >= all.len);
    heng_buffer_done(&all);
    heng_buffer_done(&some);
    heng_view_close(view);
}

/* ---- in outline ---- */

/* Outlines of either are the same bytes; an outline is its own. */
static void same_object(const uint8_t *a, const uint8_t *b, bool is_record) {
    static uint8_t room[2][1 << 16];
    assert_int_equal(a == NULL, b == NULL);
    if (a == NULL)
        return;
    assert_true(heng_flat_u32(a) <= sizeof room[0] &&
                heng_flat_u32(b) <= sizeof room[0]);
    size_t len = is_record ? heng_flat_outline_record(a, room[0])
                           : heng_flat_outline_subject(a, room[0]);
    assert_int_equal(is_record ? heng_flat_outline_record(b, room[1])
                               : heng_flat_outline_subject(b, room[1]),
                     len);
    assert_memory_equal(room[0], room[1], len);
}

/* What is made of a gist has its gist, and no more. */
static void same_gist(const uint8_t *a, const uint8_t *b) {
    static uint8_t room[2][1 << 16];
    assert_int_equal(a == NULL, b == NULL);
    if (a == NULL)
        return;
    size_t len = heng_gist_write(a, room[0]);
    assert_int_equal(heng_gist_write(b, room[1]), len);
    assert_memory_equal(room[0], room[1], len);
}

static void same_records(const heng_snapshot_record *a, const heng_snapshot_record *b,
                         size_t count) {
    for (size_t i = 0; i < count; i++) {
        assert_true(heng_str_equal(a[i].subject, b[i].subject));
        same_object(a[i].bytes, b[i].bytes, true);
    }
}

static void same_tie(const heng_snapshot_tie *a, const heng_snapshot_tie *b) {
    assert_true(heng_str_equal(a->other, b->other));
    assert_int_equal(a->role, b->role);
    assert_int_equal(a->reversed, b->reversed);
    assert_int_equal(a->from, b->from);
    assert_int_equal(a->to, b->to);
    same_object(a->subject, b->subject, false);
    assert_int_equal(a->record_count, b->record_count);
    same_records(a->records, b->records, a->record_count);
}

static void same_own(const heng_snapshot *a, const heng_snapshot *b) {
    assert_true(heng_str_equal(a->id, b->id));
    assert_int_equal(a->too_much.len, 0);
    assert_int_equal(b->too_much.len, 0);
    if (a->record_count > 0)
        same_object(a->subject, b->subject, false);
    else
        same_gist(a->subject, b->subject);
    assert_int_equal(a->record_count, b->record_count);
    same_records(a->records, b->records, a->record_count);
    assert_int_equal(a->mention_count, b->mention_count);
    for (size_t i = 0; i < a->mention_count; i++) /* these are whole */
        assert_ptr_equal(a->mentions[i].record.bytes, b->mentions[i].record.bytes);
}

static const heng_snapshot *next_of(heng_scan *scan) {
    heng_error error = {0};
    const heng_snapshot *snapshot = NULL;
    if (heng_scan_next(scan, &snapshot, &error) != HENG_OK)
        fail_msg("%s: %s", error.place, error.text);
    return snapshot;
}

static heng_scan *scan_of(heng_view *view, unsigned what, const heng_wanted *wanted,
                          size_t count) {
    heng_scan *scan = NULL;
    heng_error error = {0};
    assert_int_equal(heng_scan_open(view, what, &scan, &error), HENG_OK);
    assert_int_equal(
        heng_scan_range(scan, HENG_STR(""), HENG_STR(""), wanted, count, &error),
        HENG_OK);
    return scan;
}

/* Every `every`-th id, with all there is of it. */
static size_t want_some(size_t every, char texts[IDS * 2][16],
                        heng_wanted wanted[IDS * 2]) {
    heng_str ids[IDS * 2];
    size_t count = all_ids(ids, texts), kept = 0;
    for (size_t i = 0; i < count; i++) {
        if (is_wanted(i, every))
            wanted[kept++] = (heng_wanted){.id = ids[i], .what = HENG_VIEW_ALL};
    }
    return kept;
}

static void outlines_lack_nothing_but_particulars(void **state) {
    const struct row *row = *state;
    (void)setup(NULL);
    heng_view *view = view_at(row->past);
    char texts[IDS * 2][16];
    heng_wanted wanted[IDS * 2];
    size_t count = want_some(row->every, texts, wanted), lacking = 0, seen = 0;
    heng_scan *whole = scan_of(view, row->what, wanted, count);
    heng_scan *outlined = scan_of(view, row->what | HENG_SCAN_OUTLINES, wanted, count);
    for (;;) {
        const heng_snapshot *want = next_of(whole), *got = next_of(outlined);
        assert_int_equal(want == NULL, got == NULL);
        if (want == NULL)
            break;
        same_own(got, want);
        assert_int_equal(got->tie_count, want->tie_count);
        for (size_t i = 0; i < got->tie_count; i++)
            same_tie(&got->ties[i], &want->ties[i]);
        if (got->subject != NULL && got->record_count > 0)
            lacking += heng_flat_text(got->subject, HENG_FLAT_SUBJECT_NAME).len == 0;
        seen++;
    }
    assert_true(seen > 10);
    assert_int_equal(lacking > 5, row->past == 0); /* the past has no outlines */
    heng_scan_close(whole);
    heng_scan_close(outlined);
    heng_view_close(view);
    (void)teardown(NULL);
}

/* ---- lean ---- */

static bool has_row(heng_view *view, heng_table table, heng_str id,
                    MDB_val *ret_value) {
    heng_error error = {0};
    bool found = false;
    assert_int_equal(heng_view_get(view, table, id, ret_value, &found, &error),
                     HENG_OK);
    return found;
}

/* Whom a scan passes by. */
struct passed {
    heng_view *view;
    const heng_wanted *wanted;
    size_t wanted_count;
    bool attributes;
    size_t count, every; /* of so many one is not passed by */
};

static bool pass_one(void *context, heng_str id, const uint8_t *subject,
                     const heng_gist_head *head) {
    struct passed *passed = context;
    MDB_val line;
    for (size_t i = 0; i < passed->wanted_count; i++)
        assert_false(heng_str_equal(passed->wanted[i].id, id));
    assert_false(has_row(passed->view, HENG_TABLE_DOSSIER, id, &line));
    assert_true(has_row(passed->view, HENG_TABLE_SUBJECT, id, &line));
    assert_true((subject != NULL) == passed->attributes &&
                (head == NULL) == passed->attributes);
    if (subject != NULL)
        same_gist(subject, line.mv_data);
    heng_str region =
        head != NULL ? head->region : heng_flat_text(subject, HENG_FLAT_SUBJECT_REGION);
    assert_true(
        heng_str_equal(region, heng_flat_text(line.mv_data, HENG_FLAT_SUBJECT_REGION)));
    return ++passed->count % passed->every != 0;
}

/* Goes through all, passing by whom it can; the number of those met either way. */
static size_t count_all(heng_scan *scan, struct passed *passed) {
    heng_error error = {0};
    const heng_snapshot *snapshot = NULL;
    size_t handed_out = 0, refused = 0;
    do {
        size_t before = passed->count;
        assert_int_equal(
            heng_scan_pass(scan, passed->attributes, pass_one, passed, &error),
            HENG_OK);
        refused += before != passed->count && passed->count % passed->every == 0;
        snapshot = next_of(scan);
        handed_out += snapshot != NULL;
    } while (snapshot != NULL);
    return handed_out + passed->count - refused;
}

static void who_has_a_line_alone_is_passed_by(void **state) {
    (void)state;
    static const struct {
        unsigned what;
        int past;
        size_t every;
        bool passes; /* somebody is passed by */
    } cases[] = {
        {HENG_SCAN_ALL | HENG_SCAN_OUTLINES, 0, 0, true},
        {HENG_SCAN_ALL | HENG_SCAN_OUTLINES, 0, 3, true},
        {HENG_SCAN_ALL, 0, 0, false},
        {HENG_SCAN_ALL | HENG_SCAN_OUTLINES, 101, 0, false},
        {HENG_SCAN_ALL | HENG_SCAN_OUTLINES, 0, 1, false},
        {HENG_SCAN_ALL | HENG_SCAN_OUTLINES | HENG_SCAN_REST | HENG_VIEW_ALL, 0, 0,
         false},
        {HENG_SCAN_OUTLINES, 0, 0, false},
    };
    for (size_t i = 0; i < COUNT(cases) * 4; i++) {
        heng_view *view = view_at(cases[i / 4].past);
        char texts[IDS * 2][16];
        heng_wanted wanted[IDS * 2];
        size_t count = want_some(cases[i / 4].every, texts, wanted), all = 0;
        struct passed passed = {.view = view,
                                .wanted = wanted,
                                .wanted_count = count,
                                .attributes = i % 2 == 0,
                                .every = i % 4 < 2 ? SIZE_MAX : 2};
        heng_scan *scan = scan_of(view, cases[i / 4].what, wanted, count);
        while (next_of(scan) != NULL)
            all++;
        heng_scan_close(scan);
        scan = scan_of(view, cases[i / 4].what, wanted, count);
        assert_int_equal(count_all(scan, &passed), all);
        assert_int_equal(passed.count > 0, cases[i / 4].passes);
        heng_scan_close(scan);
        heng_view_close(view);
    }
}

static bool pass_all(void *context, heng_str id, const uint8_t *subject,
                     const heng_gist_head *head) {
    (void)context, (void)id, (void)subject, (void)head;
    return true;
}

/* Goes through all; what the first failure is, and where. */
static heng_status go_through(unsigned what, bool pass, heng_error *error) {
    heng_view *view = fixture_view(store);
    heng_scan *scan = scan_of(view, what, NULL, 0);
    const heng_snapshot *snapshot = NULL;
    heng_status status = HENG_OK;
    do {
        if (pass)
            status = heng_scan_pass(scan, true, pass_all, NULL, error);
        if (status == HENG_OK)
            status = heng_scan_next(scan, &snapshot, error);
    } while (status == HENG_OK && snapshot != NULL);
    heng_scan_close(scan);
    heng_view_close(view);
    return status;
}

#define LINE_OF_N                                                                      \
    "{\"type\":\"subject\",\"id\":\"N-1\",\"kind\":\"legal_person\",\"name\":\"n\","   \
    "\"region\":\"4301\",\"relations\":[{\"role\":\"shareholder\",\"id\":\"E-1\"}]}\n"

static void a_damaged_line_is_an_error(void **state) {
    (void)state;
    enum { KIND_AT = 4 };
    size_t len = 0;
    heng_error error = {0};
    (void)fixture_import(store, 200, LINE_OF_N);
    uint8_t *bytes = rows_take(store, HENG_TABLE_SUBJECT, HENG_STR("N-1"), &len);
    memset(bytes + KIND_AT, 0x7f, 4);
    rows_put(store, HENG_TABLE_SUBJECT, HENG_STR("N-1"), bytes, len);
    assert_int_equal(go_through(HENG_SCAN_ALL, false, &error), HENG_ERR_STORE);
    assert_string_equal(error.place, "subject");
    free(bytes);
}

static void a_damaged_gist_is_an_error(void **state) {
    (void)state;
    const unsigned what = HENG_SCAN_ALL | HENG_SCAN_OUTLINES;
    (void)fixture_import(store, 200, LINE_OF_N);
    rows_put(store, HENG_TABLE_GIST, HENG_STR("N-1"), "xyz", 3);
    for (int pass = 0; pass < 2; pass++) {
        heng_error error = {0};
        assert_int_equal(go_through(what, pass != 0, &error), HENG_ERR_STORE);
        assert_string_equal(error.place, "gist");
    }
}

/* Of a subject that has no gist the line is read. */
static void without_a_gist_the_line_is_read(void **state) {
    (void)state;
    const heng_wanted wanted = {.id = {"N-1", 3}};
    (void)fixture_import(store, 200, LINE_OF_N);
    rows_put(store, HENG_TABLE_GIST, HENG_STR("N-1"), "", 0);
    for (int all = 0; all < 2; all++) {
        heng_view *view = fixture_view(store);
        unsigned what = HENG_SCAN_OUTLINES | (all != 0 ? HENG_SCAN_ALL : 0U);
        heng_scan *scan = scan_of(view, what, &wanted, all != 0 ? 0 : 1);
        const heng_snapshot *snapshot = NULL;
        heng_error error = {0};
        do {
            assert_int_equal(heng_scan_pass(scan, true, pass_all, NULL, &error),
                             HENG_OK);
            snapshot = next_of(scan);
            assert_non_null(snapshot);
        } while (!heng_str_equal(snapshot->id, HENG_STR("N-1")));
        assert_true(heng_str_equal(
            heng_flat_text(snapshot->subject, HENG_FLAT_SUBJECT_NAME), HENG_STR("n")));
        heng_scan_close(scan);
        heng_view_close(view);
    }
}

/* ---- rows ---- */

static void a_row_lies_where_lmdb_has_it(void **state) {
    (void)state;
    static const unsigned WHAT[] = {0,
                                    HENG_SCAN_ALL,
                                    HENG_SCAN_OUTLINES,
                                    HENG_SCAN_OUTLINES | HENG_SCAN_HEADS,
                                    HENG_SCAN_HEADS,
                                    HENG_SCAN_ALL | HENG_SCAN_REST | HENG_VIEW_ALL};
    for (size_t i = 0; i < COUNT(WHAT) * 2; i++) {
        unsigned what = WHAT[i / 2];
        heng_view *view = view_at(i % 2 == 0 ? 0 : 102);
        char texts[IDS * 2][16];
        heng_wanted wanted[IDS * 2];
        size_t count = want_some(3, texts, wanted), with = 0;
        heng_scan *scan = scan_of(view, what, wanted, count);
        const heng_snapshot *snapshot = NULL;
        while ((snapshot = next_of(scan)) != NULL) {
            MDB_val value;
            heng_table table = (what & HENG_SCAN_OUTLINES) != 0 ? HENG_TABLE_OUTLINE
                                                                : HENG_TABLE_DOSSIER;
            heng_scan_row row = heng_scan_get_row(scan);
            if (i % 2 == 0 && has_row(view, table, snapshot->id, &value)) {
                assert_ptr_equal(row.bytes, value.mv_data);
                assert_int_equal(row.len, value.mv_size);
                with++;
            } else {
                assert_null(row.bytes);
            }
        }
        assert_int_equal(with > 10, i % 2 == 0);
        heng_scan_close(scan);
        heng_view_close(view);
    }
}

/* ---- ties looked up ---- */

/* They are handed out in no order. */
static void sort_ties(heng_snapshot *snapshot, heng_arena *arena) {
    size_t count = snapshot->tie_count;
    heng_gather_ties list = {.count = count, .room = count};
    list.items = heng_arena_calloc(arena, count + 1, sizeof *list.items);
    assert_non_null(list.items);
    if (count > 0)
        memcpy(list.items, snapshot->ties, count * sizeof *list.items);
    heng_gather_sort_ties(&list);
    snapshot->ties = list.items;
}

/* By both ways, in the midst of a scan, of everybody; returns how many. */
static size_t expect_ties(heng_view *view, unsigned what) {
    heng_scan *scan = scan_of(view, what, NULL, 0);
    heng_scan *other = scan_of(view, what, NULL, 0);
    heng_arena *arena = heng_arena_new(1 << 26);
    const heng_snapshot *snapshot = NULL;
    heng_error error = {0};
    size_t total = 0;
    while ((snapshot = next_of(scan)) != NULL) {
        heng_snapshot want = *snapshot, got = *snapshot;
        assert_int_equal(heng_scan_ties(view, arena, &want, &error), HENG_OK);
        assert_int_equal(heng_scan_find_ties(scan, arena, &got, &error), HENG_OK);
        sort_ties(&want, arena);
        sort_ties(&got, arena);
        assert_int_equal(got.tie_count, want.tie_count);
        for (size_t i = 0; i < got.tie_count; i++)
            same_tie(&got.ties[i], &want.ties[i]);
        total += got.tie_count;
        const heng_snapshot *same = next_of(other); /* the range goes on */
        assert_true(same != NULL && heng_str_equal(same->id, snapshot->id));
    }
    assert_null(next_of(other));
    heng_arena_free(arena);
    heng_scan_close(scan);
    heng_scan_close(other);
    return total;
}

static void ties_are_found_by_either_way(void **state) {
    (void)state;
    static const int PASTS[] = {0, 101};
    for (size_t i = 0; i < COUNT(PASTS); i++) {
        heng_view *view = view_at(PASTS[i]);
        assert_true(expect_ties(view, HENG_SCAN_ALL) > 20);
        assert_true(expect_ties(view, HENG_SCAN_ALL | HENG_SCAN_OUTLINES) > 20);
        assert_true(expect_ties(view, 0) > 5);
        heng_view_close(view);
    }
}

static size_t tie_count_of(heng_view *view, const char *id) {
    heng_scan *scan = scan_of(view, 0, NULL, 0);
    heng_arena *arena = heng_arena_new(1 << 20);
    heng_error error = {0};
    heng_snapshot snapshot = {.id = heng_str_of(id)};
    assert_int_equal(heng_scan_find_ties(scan, arena, &snapshot, &error), HENG_OK);
    for (size_t i = 0; i < snapshot.tie_count; i++)
        assert_true(snapshot.ties[i].reversed);
    heng_arena_free(arena);
    heng_scan_close(scan);
    return snapshot.tie_count;
}

/* Ids that begin like others, and such as nobody is tied to. */
static void who_is_called_alike_is_not_tied(void **state) {
    (void)state;
    static const char *const DECLARE[][2] = {
        {"X-1", "E-1"},   {"X-2", "E-10"}, {"X-3", "E-10"}, {"X-4", "E-1A"},
        {"X-5", "E-100"}, {"X-6", "F-1"},  {"X-7", "E-10"}, {"X-10", "E-1"}};
    static const struct {
        const char *id;
        size_t want;
    } cases[] = {{"E-1", 2},  {"E-10", 3}, {"E-1A", 1},  {"E-100", 1}, {"F-1", 1},
                 {"E-", 0},   {"E-0", 0},  {"E-101", 0}, {"E-1.", 0},  {"A", 0},
                 {"ZZ-1", 0}, {"X-1", 0},  {"E", 0}};
    heng_buffer lines;
    char *kept_folder = folder;
    heng_store *kept_store = store;
    folder = fixture_folder();
    store = fixture_open(folder, HENG_STORE_CREATE);
    heng_buffer_init(&lines, 1 << 16);
    for (size_t i = 0; i < COUNT(DECLARE); i++)
        (void)heng_buffer_add_format(
            &lines,
            "{\"type\":\"subject\",\"id\":\"%s\",\"kind\":\"legal_person\",\"name\":"
            "\"n\",\"region\":\"43\",\"relations\":[{\"role\":\"shareholder\",\"id\":"
            "\"%s\"}]}\n",
            DECLARE[i][0], DECLARE[i][1]);
    (void)fixture_import(store, 100, heng_buffer_view(&lines).ptr);
    heng_view *view = fixture_view(store);
    for (size_t i = 0; i < COUNT(cases); i++)
        assert_int_equal(tie_count_of(view, cases[i].id), cases[i].want);
    assert_int_equal(expect_ties(view, HENG_SCAN_ALL), COUNT(DECLARE));
    heng_view_close(view);
    (void)teardown(NULL);
    heng_buffer_done(&lines);
    folder = kept_folder;
    store = kept_store;
}

/* ---- ties that were met ---- */

enum { MOST_TIES = 2000 };

static heng_met_tie met[MOST_TIES];
static size_t met_count;

static int compare_met(const void *a, const void *b) {
    const heng_met_tie *x = a, *y = b;
    int order = heng_str_compare(x->whose, y->whose);
    if (order == 0)
        order = heng_str_compare(x->other, y->other);
    if (order == 0)
        order = (x->role > y->role) - (x->role < y->role);
    if (order == 0)
        order = (int)x->reversed - (int)y->reversed;
    if (order == 0)
        order = (x->from > y->from) - (x->from < y->from);
    return order != 0 ? order : (x->to > y->to) - (x->to < y->to);
}

/* From the other ends, as a batch does: of all with records, whom they are tied to. */
static void meet(heng_view *view, unsigned what, heng_arena *arena) {
    heng_scan *scan = scan_of(view, what | HENG_SCAN_HEADS, NULL, 0);
    const heng_snapshot *snapshot = NULL;
    heng_error error = {0};
    met_count = 0;
    while ((snapshot = next_of(scan)) != NULL) {
        heng_snapshot tied = *snapshot;
        assert_int_equal(heng_scan_find_ties(scan, arena, &tied, &error), HENG_OK);
        for (size_t i = 0; i < tied.tie_count; i++) {
            assert_true(met_count < MOST_TIES);
            met[met_count++] = (heng_met_tie){.whose = tied.ties[i].other,
                                              .other = snapshot->id,
                                              .row = heng_scan_get_row(scan),
                                              .role = tied.ties[i].role,
                                              .from = tied.ties[i].from,
                                              .to = tied.ties[i].to,
                                              .reversed = !tied.ties[i].reversed};
        }
    }
    qsort(met, met_count, sizeof *met, compare_met);
    heng_scan_close(scan);
}

/* Whom they reach, each with its own. */
static size_t want_met(heng_wanted *wanted) {
    size_t count = 0;
    for (size_t i = 0; i < met_count; i++) {
        if (i == 0 || !heng_str_equal(met[i].whose, met[i - 1].whose))
            wanted[count++] = (heng_wanted){.id = met[i].whose, .ties = &met[i]};
        wanted[count - 1].tie_count++;
    }
    return count;
}

/* All that are looked up but those of others without a dossier, which nobody meets. */
static size_t same_as_looked_up(heng_view *view, const heng_snapshot *got,
                                const heng_snapshot *want) {
    size_t at = 0;
    for (size_t i = 0; i < want->tie_count; i++) {
        MDB_val value;
        if (!has_row(view, HENG_TABLE_DOSSIER, want->ties[i].other, &value))
            continue;
        assert_true(at < got->tie_count);
        same_tie(&got->ties[at++], &want->ties[i]);
    }
    assert_int_equal(at, got->tie_count);
    return at;
}

static void ties_that_were_met_are_those_looked_up(void **state) {
    (void)state;
    static const unsigned WHAT[] = {0, HENG_SCAN_OUTLINES,
                                    HENG_SCAN_ALL | HENG_SCAN_OUTLINES};
    heng_view *view = fixture_view(store);
    heng_arena *arena = heng_arena_new(1 << 26);
    for (size_t i = 0; i < COUNT(WHAT); i++) {
        heng_wanted given[IDS * 2], looked_up[IDS * 2];
        size_t ties = 0;
        meet(view, WHAT[i] & HENG_SCAN_OUTLINES, arena);
        size_t count = want_met(given);
        for (size_t k = 0; k < count; k++)
            looked_up[k] = (heng_wanted){
                .id = given[k].id, .what = HENG_VIEW_TIES | HENG_VIEW_TIE_RECORDS};
        heng_scan *one = scan_of(view, WHAT[i], given, count);
        heng_scan *two = scan_of(view, WHAT[i] & HENG_SCAN_ALL, looked_up, count);
        for (;;) {
            const heng_snapshot *got = next_of(one), *want = next_of(two);
            assert_int_equal(got == NULL, want == NULL);
            if (got == NULL)
                break;
            same_own(got, want);
            ties += same_as_looked_up(view, got, want);
        }
        assert_true(ties > 100);
        heng_scan_close(one);
        heng_scan_close(two);
    }
    heng_arena_free(arena);
    heng_view_close(view);
}

/* ---- damage ---- */

static heng_str first_with_records(void) {
    static char id[16];
    heng_view *view = fixture_view(store);
    heng_scan *scan = scan_of(view, 0, NULL, 0);
    const heng_snapshot *snapshot = next_of(scan);
    assert_true(snapshot != NULL && snapshot->id.len < sizeof id);
    memcpy(id, snapshot->id.ptr, snapshot->id.len);
    heng_str copy = {id, snapshot->id.len};
    heng_scan_close(scan);
    heng_view_close(view);
    return copy;
}

static void a_damaged_outline_is_an_error(void **state) {
    (void)state;
    size_t len = 0;
    heng_str id = first_with_records();
    uint8_t *bytes = rows_take(store, HENG_TABLE_OUTLINE, id, &len);
    for (size_t at = 0; at < len; at += at + 11 < len ? 11 : 1) {
        heng_error error = {0};
        bytes[at] ^= 0x04;
        rows_put(store, HENG_TABLE_OUTLINE, id, bytes, len);
        assert_int_equal(go_through(0, false, &error), HENG_OK);
        assert_int_equal(go_through(HENG_SCAN_OUTLINES, false, &error), HENG_ERR_STORE);
        assert_string_equal(error.place, "outline");
        bytes[at] ^= 0x04;
    }
    for (size_t cut = 0; cut < len; cut += cut < 24 ? 1 : 13) {
        heng_error error = {0};
        rows_put(store, HENG_TABLE_OUTLINE, id, bytes, cut);
        assert_int_equal(go_through(HENG_SCAN_OUTLINES, false, &error), HENG_ERR_STORE);
        assert_string_equal(error.place, "outline");
        assert_int_equal(
            go_through(HENG_SCAN_OUTLINES | HENG_SCAN_HEADS, false, &error),
            HENG_ERR_STORE);
        assert_string_equal(error.place, "outline");
    }
    rows_put(store, HENG_TABLE_OUTLINE, id, bytes, len);
    heng_error error = {0};
    assert_int_equal(go_through(HENG_SCAN_OUTLINES, false, &error), HENG_OK);
    free(bytes);
}

/* What a scan hands out of N-1, with a tie
 * to `other`, `tie_count` times. */
static heng_status read_met(unsigned what, heng_str other, heng_scan_row row,
                            size_t tie_count, heng_buffer *ret_too_much,
                            heng_error *reterr) {
    heng_view *view = fixture_view(store);
    heng_met_tie *ties = calloc(tie_count, sizeof *ties);
    assert_non_null(ties);
    for (size_t i = 0; i < tie_count; i++)
        ties[i] = (heng_met_tie){.whose = HENG_STR("N-1"), .other = other, .row = row};
    const heng_wanted wanted = {
        .id = HENG_STR("N-1"), .ties = ties, .tie_count = tie_count};
    heng_scan *scan = scan_of(view, what, &wanted, 1);
    const heng_snapshot *snapshot = NULL;
    heng_status status = HENG_OK;
    do
        status = heng_scan_next(scan, &snapshot, reterr);
    while (status == HENG_OK && snapshot != NULL &&
           !heng_str_equal(snapshot->id, HENG_STR("N-1")));
    if (status == HENG_OK) {
        assert_non_null(snapshot);
        heng_buffer_clear(ret_too_much);
        (void)heng_buffer_add_str(ret_too_much, snapshot->too_much);
        assert_int_equal(snapshot->tie_count,
                         snapshot->too_much.len > 0 ? 0 : tie_count);
        assert_non_null(snapshot->subject);
    }
    heng_scan_close(scan);
    heng_view_close(view);
    free(ties);
    return status;
}

static void a_damaged_row_that_was_met_is_an_error(void **state) {
    (void)state;
    static const struct {
        unsigned what;
        heng_table table;
        const char *place;
    } cases[] = {{0, HENG_TABLE_DOSSIER, "dossier"},
                 {HENG_SCAN_OUTLINES, HENG_TABLE_OUTLINE, "outline"}};
    heng_buffer text;
    heng_buffer_init(&text, 1 << 16);
    heng_str id = first_with_records();
    (void)fixture_import(store, 200, LINE_OF_N);
    for (size_t i = 0; i < COUNT(cases); i++) {
        size_t len = 0;
        heng_error error = {0};
        uint8_t *bytes = rows_take(store, cases[i].table, id, &len);
        const heng_scan_row row = {bytes, len};
        assert_int_equal(read_met(cases[i].what, id, row, 2, &text, &error), HENG_OK);
        assert_int_equal(text.len, 0);
        bytes[1] ^= 0x20; /* of the checksum, or of the length of the subject */
        assert_int_equal(read_met(cases[i].what, id, row, 2, &text, &error),
                         HENG_ERR_STORE);
        assert_string_equal(error.place, cases[i].place);
        bytes[1] ^= 0x20;
        error = (heng_error){0};
        assert_int_equal(read_met(cases[i].what, id, (heng_scan_row){bytes, len - 1}, 2,
                                  &text, &error),
                         HENG_ERR_STORE);
        assert_string_equal(error.place, cases[i].place);
        free(bytes);
    }
    heng_buffer_done(&text);
}

static void expect_too_much(unsigned what, heng_str other, heng_scan_row row,
                            size_t tie_count, const char *want) {
    heng_error error = {0};
    heng_buffer text;
    heng_buffer_init(&text, 1 << 16);
    assert_int_equal(read_met(what, other, row, tie_count, &text, &error), HENG_OK);
    if (strstr(heng_buffer_view(&text).ptr, want) == NULL)
        fail_msg("no `%s` in `%s`", want, heng_buffer_view(&text).ptr);
    heng_buffer_done(&text);
}

/* Of the other, or of ties: whoever looks through is handed out bare, and says why. */
static void too_much_behind_a_tie_is_said(void **state) {
    (void)state;
    enum { RECORDS = HENG_LIMIT_RECORDS_PER_SUBJECT + 1 };
    size_t len = 0;
    heng_dossier dossier;
    heng_str id = first_with_records();
    (void)fixture_import(store, 200, LINE_OF_N);
    uint8_t *bytes = rows_take(store, HENG_TABLE_DOSSIER, id, &len);
    assert_true(heng_dossier_open(bytes, len, true, &dossier));
    heng_snapshot_record *records = calloc(RECORDS, sizeof *records);
    assert_non_null(records);
    assert_true(heng_dossier_records(&dossier, id, true, records));
    for (size_t i = 1; i < RECORDS; i++)
        records[i] = records[0];
    uint8_t *large = malloc(HENG_OUTLINE_HEAD_BYTES +
                            heng_dossier_size(dossier.subject, records, RECORDS));
    assert_non_null(large);
    size_t size = heng_outline_write(id, dossier.subject, records, RECORDS, large);
    expect_too_much(HENG_SCAN_OUTLINES, id, (heng_scan_row){large, size}, 1, "records");
    size = heng_outline_write(id, dossier.subject, records, RECORDS - 1, large);
    expect_too_much(HENG_SCAN_OUTLINES, id, (heng_scan_row){large, size}, 1, "");
    heng_dossier_write(dossier.subject, records, RECORDS, large);
    size = heng_dossier_size(dossier.subject, records, RECORDS);
    expect_too_much(0, id, (heng_scan_row){large, size}, 1, "records");
    expect_too_much(0, id, (heng_scan_row){bytes, len}, HENG_LIMIT_TIES + 1, "ties");
    free(large);
    free(records);
    free(bytes);
}

/* ---- memory ---- */

static heng_status scan_met(void *context) {
    heng_view *view = context;
    heng_scan *scan = NULL;
    heng_error error = {0};
    heng_wanted wanted[IDS * 2];
    size_t count = want_met(wanted);
    const heng_snapshot *snapshot = NULL;
    heng_status status = heng_scan_open(view, HENG_SCAN_OUTLINES, &scan, &error);
    if (status == HENG_OK)
        status =
            heng_scan_range(scan, HENG_STR(""), HENG_STR(""), wanted, count, &error);
    do {
        if (status == HENG_OK)
            status = heng_scan_next(scan, &snapshot, &error);
    } while (status == HENG_OK && snapshot != NULL);
    heng_scan_close(scan);
    return status;
}

static void it_survives_every_failure(void **state) {
    (void)state;
    heng_view *view = fixture_view(store);
    heng_arena *arena = heng_arena_new(1 << 26);
    meet(view, HENG_SCAN_OUTLINES, arena);
    assert_true(torture(scan_met, view) > 2);
    heng_arena_free(arena);
    heng_view_close(view);
}

int main(void) {
    struct CMUnitTest tests[2 * COUNT(rows) + 17];
    size_t count = 0;
    for (; count < COUNT(rows); count++) {
        tests[count] = ROW_TEST(&rows[count], scan_equals_asking);
    }
    for (size_t i = 0; i < COUNT(rows); i++)
        tests[count++] = ROW_TEST(&rows[i], outlines_lack_nothing_but_particulars);
    const struct CMUnitTest others[] = {
#define CASE(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
        CASE(an_empty_range_has_nothing),
        CASE(each_is_given_what_is_wanted_of_it),
        CASE(scanning_allocates_for_the_largest_only),
        CASE(what_is_not_sought_is_passed_by),
        CASE(nothing_is_passed_by_in_the_past),
        CASE(who_has_a_line_alone_is_passed_by),
        CASE(a_damaged_gist_is_an_error),
        CASE(without_a_gist_the_line_is_read),
        CASE(a_damaged_line_is_an_error),
        CASE(a_row_lies_where_lmdb_has_it),
        CASE(ties_are_found_by_either_way),
        CASE(who_is_called_alike_is_not_tied),
        CASE(ties_that_were_met_are_those_looked_up),
        CASE(a_damaged_outline_is_an_error),
        CASE(a_damaged_row_that_was_met_is_an_error),
        CASE(too_much_behind_a_tie_is_said),
        CASE(it_survives_every_failure),
    };
    for (size_t i = 0; i < COUNT(others); i++) {
        tests[count++] = others[i];
    }
    return check_run("store/scan", tests, count, NULL, NULL);
}
