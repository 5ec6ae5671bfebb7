/* SPDX-License-Identifier: Apache-2.0 */
/* What a batch leaves: read back, gone on from, survived by the one before. */
#include <lmdb.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>

#include "store/fixture.h"
#include "support/torture.h"

#include "store/baseline_row.h"
#include "store/db.h"
#include "store/table.h"

#define DAY(n) (HENG_DATE_MIN + (n))

static char *folder;
static heng_store *store;

static int setup(void **state) {
    (void)state;
    folder = fixture_folder();
    store = fixture_open(folder, HENG_STORE_CREATE);
    return 0;
}

static int teardown(void **state) {
    (void)state;
    return fixture_done(store, folder);
}

/* ---- as text ---- */

struct listing {
    heng_buffer text;
    unsigned most; /* stops after so many; 0: never */
    unsigned count;
};

static bool list_changed(void *context, heng_str id, unsigned flags) {
    struct listing *listing = context;
    (void)heng_buffer_add_format(&listing->text, "%.*s:%u ", HENG_STR_ARG(id), flags);
    return ++listing->count != listing->most;
}

static bool list_due(void *context, heng_str id) {
    struct listing *listing = context;
    (void)heng_buffer_add_format(&listing->text, "%.*s ", HENG_STR_ARG(id));
    return ++listing->count != listing->most;
}

static void expect_listing(struct listing *listing, heng_status status,
                           const heng_error *error, const char *want) {
    if (status != HENG_OK) {
        (void)heng_buffer_add_text(&listing->text, error->text);
    }
    fixture_expect(heng_buffer_view(&listing->text).ptr == NULL
                       ? ""
                       : heng_buffer_view(&listing->text).ptr,
                   want);
    heng_buffer_done(&listing->text);
}

static void expect_changed(uint64_t after, const char *want) {
    struct listing listing = {0};
    heng_error error = {0};
    heng_view *view = fixture_view(store);
    heng_buffer_init(&listing.text, 1 << 20);
    heng_status status =
        heng_baseline_each_changed(view, after, list_changed, &listing, &error);
    expect_listing(&listing, status, &error, want);
    heng_view_close(view);
}

static void expect_due(heng_date day, const char *want) {
    struct listing listing = {0};
    heng_error error = {0};
    heng_view *view = fixture_view(store);
    heng_buffer_init(&listing.text, 1 << 20);
    heng_status status = heng_baseline_each_due(view, day, list_due, &listing, &error);
    expect_listing(&listing, status, &error, want);
    heng_view_close(view);
}

static heng_baseline last_baseline(void) {
    heng_baseline last = {0};
    heng_error error = {0};
    heng_view *view = fixture_view(store);
    assert_int_equal(heng_baseline_get(view, &last, &error), HENG_OK);
    heng_view_close(view);
    return last;
}

static size_t rows_of(heng_table table) {
    MDB_txn *txn = NULL;
    MDB_stat stat;
    heng_error error = {0};
    assert_int_equal(heng_db_begin(store, false, &txn, &error), HENG_OK);
    assert_int_equal(mdb_stat(txn, store->tables[table], &stat), 0);
    heng_db_abort(store, txn);
    return stat.ms_entries;
}

/* ---- batches ---- */

#define SUBJECT(id, name)                                                              \
    "{\"type\":\"subject\",\"id\":\"" id                                               \
    "\",\"kind\":\"legal_person\",\"name\":\"" name "\",\"region\":\"430102\"}\n"
#define RECORD(id, subject, number)                                                    \
    "{\"type\":\"record\",\"id\":\"" id "\",\"subject\":\"" subject                    \
    "\",\"category\":\"wage.arrears\",\"authority\":\"a\",\"document_no\":\"" number   \
    "\",\"decided_on\":\"2024-01-01\"}\n"
#define DELIVERY(day)                                                                  \
    "{\"type\":\"delivery\",\"provider\":\"税务机关\",\"through\":\"" day "\"}\n"

struct due {
    heng_date day;
    const char *id;
};

static heng_baseline_writer *begun(unsigned ruleset, heng_date as_of, bool full) {
    heng_baseline_writer *writer = NULL;
    heng_error error = {0};
    if (fixture_begin(store, ruleset, as_of, full, &writer, &error) != HENG_OK) {
        fail_msg("begin: %s", error.text);
    }
    return writer;
}

static void note(heng_baseline_writer *writer, const struct due *due, size_t count) {
    heng_error error = {0};
    for (size_t i = 0; i < count; i++) {
        assert_int_equal(
            heng_baseline_due(writer, due[i].day, heng_str_of(due[i].id), &error),
            HENG_OK);
    }
}

static void ended(heng_baseline_writer *writer) {
    heng_error error = {0};
    if (heng_baseline_end(writer, 7, 3, &error) != HENG_OK) {
        fail_msg("end: %s", error.text);
    }
    heng_baseline_free(writer);
}

/* ---- cases ---- */

static void without_a_batch_there_is_nothing(void **state) {
    (void)state;
    heng_error error = {0};
    heng_baseline_running running;
    heng_arena *arena = heng_arena_new(1 << 20);
    heng_str blob;
    (void)fixture_import(store, 1, SUBJECT("E-1", "one"));
    assert_int_equal(last_baseline().number, 0);
    expect_changed(0, "the store does not say what changed since commit 0; look at all "
                      "subjects once");
    expect_due(HENG_DATE_MAX, "");
    heng_view *view = fixture_view(store);
    assert_int_equal(heng_baseline_get_running(view, &running, &error),
                     HENG_ERR_NOT_FOUND);
    assert_int_equal(
        heng_baseline_ruleset(view, HENG_STR("sha256:0"), arena, &blob, &error),
        HENG_ERR_NOT_FOUND);
    fixture_expect(error.text, "the store keeps no ruleset `sha256:0`");
    heng_view_close(view);
    heng_arena_free(arena);
    /* and an import pays nothing for it */
    assert_int_equal(rows_of(HENG_TABLE_JOURNAL), 0);
}

static void a_batch_is_read_back(void **state) {
    (void)state;
    static const struct due DUE[] = {{DAY(9), "E-2"}, {DAY(8), "E-1"}};
    heng_error error = {0};
    char digest[HENG_DIGEST_TEXT_BYTES];
    heng_arena *arena = heng_arena_new(1 << 20);
    heng_str want = fixture_ruleset(5, arena, digest);
    heng_str blob;
    (void)fixture_import(store, 77, SUBJECT("E-1", "one") SUBJECT("E-2", "two"));
    heng_baseline_writer *writer = begun(5, DAY(3), true);
    assert_int_equal(heng_baseline_number(writer), 1);
    note(writer, DUE, COUNT(DUE));
    assert_int_equal(last_baseline().number, 0);
    ended(writer);

    heng_view *view = fixture_view(store);
    heng_baseline last;
    assert_int_equal(heng_baseline_get(view, &last, &error), HENG_OK);
    assert_int_equal(last.number, 1);
    assert_int_equal(last.commit, 1);
    assert_int_equal(last.known_at, 77);
    assert_int_equal(last.as_of, DAY(3));
    assert_int_equal(last.subjects, 7);
    assert_int_equal(last.told, 3);
    assert_true(heng_str_equal(last.ruleset, heng_str_of(digest)));
    assert_int_equal(heng_baseline_ruleset(view, last.ruleset, arena, &blob, &error),
                     HENG_OK);
    assert_true(heng_str_equal(blob, want));
    assert_int_equal(heng_view_commit(view), 1); /* none of this was a commit */
    heng_view_close(view);
    heng_arena_free(arena);
    expect_changed(1, "");
    expect_due(DAY(7), "");
    expect_due(DAY(8), "E-1 ");
    expect_due(DAY(9), "E-1 E-2 ");
    fixture_sound(store);
}

static struct touching {
    const char *name; /* what must hold */
    const char *text;
    const char *want;
} touching[] = {
    {"a new subject is touched", SUBJECT("E-3", "x"), "E-3:1 "},
    {"a changed line is touched", SUBJECT("E-1", "other"), "E-1:1 "},
    {"an equal line touches nobody", SUBJECT("E-1", "one"), ""},
    {"a new record touches its subject", RECORD("R-9", "E-2", "n"), "E-2:2 "},
    {"a record of nobody known touches the id", RECORD("R-9", "E-9", "n"), "E-9:2 "},
    {"a changed record touches its subject", RECORD("R-1", "E-1", "other"), "E-1:2 "},
    {"an equal record touches nobody", RECORD("R-1", "E-1", "n"), ""},
    {"a record that moves touches both", RECORD("R-1", "E-2", "n"), "E-1:2 E-2:2 "},
    {"line and record are told together", SUBJECT("E-1", "x") RECORD("R-9", "E-1", "n"),
     "E-1:3 "},
    {"a delivery touches nobody", DELIVERY("2024-05-01"), ""},
    {"the last of several lines counts", SUBJECT("E-1", "x") SUBJECT("E-1", "one"), ""},
};

static void touched(void **state) {
    const struct touching *row = *state;
    (void)setup(NULL);
    (void)fixture_import(store, 1,
                         SUBJECT("E-1", "one") SUBJECT("E-2", "two")
                             RECORD("R-1", "E-1", "n"));
    fixture_baseline(store, 1, DAY(1), true);
    (void)fixture_import(store, 2, row->text);
    expect_changed(1, row->want);
    fixture_sound(store);
    (void)teardown(NULL);
}

/* Everything of one subject's own at a commit, without the numbers of commits. */
static void digest_own(heng_view *view, uint64_t commit, const char *id,
                       heng_digest *ret_line, heng_digest *ret_records) {
    heng_error error = {0};
    heng_arena *arena = heng_arena_new(1 << 24);
    heng_snapshot *snapshot = NULL;
    heng_digest_state line;
    heng_digest_state records;
    heng_digest_init(&line);
    heng_digest_init(&records);
    assert_int_equal(heng_view_at_commit(view, commit, &error), HENG_OK);
    heng_status status =
        heng_view_snapshot(view, heng_str_of(id), 0, arena, &snapshot, &error);
    if (status == HENG_OK) {
        fixture_hash_flat(&line, snapshot->subject);
        for (size_t i = 0; i < snapshot->record_count; i++) {
            fixture_hash_flat(&records, snapshot->records[i].bytes);
        }
    } else {
        assert_int_equal(status, HENG_ERR_NOT_FOUND);
        fixture_hash_flat(&line, NULL);
    }
    heng_digest_final(&line, ret_line);
    heng_digest_final(&records, ret_records);
    heng_arena_free(arena);
}

/* What the journal says must be exactly what the versions say, commit by commit. */
static void the_journal_agrees_with_the_versions(void **state) {
    (void)state;
    enum { COMMITS = 30, IDS = 25 };
    static unsigned changed[COMMITS + 2][IDS * 2]; /* in the commit of that number */
    char ids[IDS * 2][8];
    heng_buffer text;
    for (unsigned i = 0; i < IDS * 2; i++) {
        (void)snprintf(ids[i], sizeof ids[i], "%c-%u", i < IDS ? 'E' : 'P', i % IDS);
    }
    (void)fixture_import(store, 1, SUBJECT("E-0", "zero"));
    fixture_baseline(store, 1, DAY(1), true);
    for (unsigned i = 0; i < COMMITS; i++) {
        heng_buffer_init(&text, 1 << 20);
        fixture_make(&text, i + 500, 12, IDS);
        (void)fixture_import(store, 2, text.bytes);
        heng_buffer_done(&text);
    }
    heng_view *view = fixture_view(store);
    uint64_t newest = heng_view_commit(view);
    assert_true(newest > COMMITS / 2 && newest <= COMMITS + 1);
    for (uint64_t commit = 2; commit <= newest; commit++) {
        for (size_t i = 0; i < IDS * 2; i++) {
            heng_digest old[2];
            heng_digest new[2];
            digest_own(view, commit - 1, ids[i], &old[0], &old[1]);
            digest_own(view, commit, ids[i], &new[0], &new[1]);
            changed[commit][i] =
                (heng_digest_equal(&old[0], &new[0]) ? 0U : HENG_BASELINE_OWN) |
                (heng_digest_equal(&old[1], &new[1]) ? 0U : HENG_BASELINE_RECORDS);
        }
    }
    heng_view_close(view);
    unsigned told = 0;
    for (uint64_t after = 1; after <= newest; after++) {
        struct listing got = {0};
        struct listing want = {0};
        heng_error error = {0};
        heng_buffer_init(&got.text, 1 << 20);
        heng_buffer_init(&want.text, 1 << 20);
        view = fixture_view(store);
        assert_int_equal(
            heng_baseline_each_changed(view, after, list_changed, &got, &error),
            HENG_OK);
        heng_view_close(view);
        unsigned order[IDS * 2]; /* E-0 E-1 E-10 E-11 … */
        for (unsigned i = 0; i < IDS * 2; i++) {
            unsigned at = i;
            for (; at > 0 && strcmp(ids[order[at - 1]], ids[i]) > 0; at--) {
                order[at] = order[at - 1];
            }
            order[at] = i;
        }
        for (unsigned i = 0; i < IDS * 2; i++) {
            unsigned flags = 0;
            for (uint64_t commit = after + 1; commit <= newest; commit++) {
                flags |= changed[commit][order[i]];
            }
            if (flags != 0) {
                (void)list_changed(&want, heng_str_of(ids[order[i]]), flags);
            }
        }
        told += want.count;
        fixture_expect(got.count == 0 ? "" : got.text.bytes,
                       want.count == 0 ? "" : want.text.bytes);
        heng_buffer_done(&got.text);
        heng_buffer_done(&want.text);
    }
    assert_true(told > 100);
    fixture_sound(store);
}

static void a_listing_stops_when_told_to_and_ends_with_its_view(void **state) {
    (void)state;
    static const struct due DUE[] = {{DAY(5), "E-1"}, {DAY(5), "E-2"}, {DAY(6), "E-3"}};
    struct listing listing = {.most = 2};
    heng_error error = {0};
    heng_baseline_writer *writer = begun(1, DAY(1), true);
    note(writer, DUE, COUNT(DUE));
    ended(writer);
    (void)fixture_import(store, 1, SUBJECT("E-1", "one") SUBJECT("E-2", "two"));
    heng_view *old = fixture_view(store);
    (void)fixture_import(store, 2, SUBJECT("E-3", "three") SUBJECT("E-4", "four"));
    heng_view *view = fixture_view(store);
    heng_buffer_init(&listing.text, 1 << 20);
    assert_int_equal(
        heng_baseline_each_changed(view, 0, list_changed, &listing, &error), HENG_OK);
    fixture_expect(listing.text.bytes, "E-1:1 E-2:1 ");
    listing.count = 0;
    assert_int_equal(heng_baseline_each_due(view, DAY(9), list_due, &listing, &error),
                     HENG_OK);
    fixture_expect(listing.text.bytes, "E-1:1 E-2:1 E-1 E-2 ");
    listing.count = listing.most = 0;
    assert_int_equal(heng_baseline_each_changed(old, 0, list_changed, &listing, &error),
                     HENG_OK);
    assert_int_equal(listing.count, 2);
    assert_int_equal(heng_view_at_commit(view, 1, &error), HENG_OK);
    assert_int_equal(
        heng_baseline_each_changed(view, 0, list_changed, &listing, &error), HENG_OK);
    assert_int_equal(listing.count, 4);
    heng_buffer_done(&listing.text);
    heng_view_close(view);
    heng_view_close(old);
}

static void what_is_due_is_kept_across_batches(void **state) {
    (void)state;
    static const struct due FIRST[] = {
        {DAY(10), "E-1"}, {DAY(20), "E-2"}, {DAY(30), "E-3"}, {DAY(12), "E-4"}};
    static const struct due SECOND[] = {
        {DAY(25), "E-1"}, {DAY(20), "E-2"}, {DAY(26), "E-5"}};
    static const struct due THIRD[] = {{DAY(40), "E-9"}};
    heng_error error = {0};
    heng_baseline_writer *writer = begun(1, DAY(5), true);
    note(writer, FIRST, COUNT(FIRST));
    ended(writer);
    expect_due(DAY(30), "E-1 E-2 E-3 E-4 ");
    /* only what changed: looks at 1 and 4, and at 2 because an import touched it */
    writer = begun(1, DAY(12), false);
    note(writer, SECOND, COUNT(SECOND));
    assert_int_equal(heng_baseline_checkpoint(writer, HENG_STR("x"), &error), HENG_OK);
    expect_due(DAY(30), "E-1 E-2 E-3 E-4 "); /* not completed yet */
    ended(writer);
    expect_due(DAY(19), "");
    expect_due(DAY(20), "E-2 ");
    expect_due(DAY(30), "E-1 E-2 E-3 E-5 ");
    /* all: what the others said is forgotten */
    writer = begun(2, DAY(13), true);
    note(writer, THIRD, COUNT(THIRD));
    ended(writer);
    expect_due(HENG_DATE_MAX, "E-9 ");
    assert_int_equal(rows_of(HENG_TABLE_DUE), 1);
    assert_int_equal(rows_of(HENG_TABLE_RULESET), 2);
    assert_int_equal(last_baseline().number, 3);
    fixture_sound(store);
}

static void the_journal_ends_where_the_last_batch_begins(void **state) {
    (void)state;
    fixture_baseline(store, 1, DAY(1), true);
    (void)fixture_import(store, 1, SUBJECT("E-1", "one"));
    (void)fixture_import(store, 2, SUBJECT("E-2", "two"));
    heng_baseline_writer *writer = begun(1, DAY(2), false);
    (void)fixture_import(store, 3, SUBJECT("E-3", "three")); /* while it runs */
    expect_changed(0, "E-1:1 E-2:1 E-3:1 ");
    ended(writer);
    expect_changed(2, "E-3:1 ");
    expect_changed(1, "the store does not say what changed since commit 1; look at all "
                      "subjects once");
    assert_int_equal(rows_of(HENG_TABLE_JOURNAL), 1);
    fixture_sound(store);
}

/* More than memory takes, as two threads would give them: two ascending ranges. */
static void many_parts_are_one_list(void **state) {
    (void)state;
    enum { COUNT_EACH = 200000 };
    heng_error error = {0};
    char id[24];
    heng_baseline_writer *writer = begun(1, DAY(1), true);
    for (unsigned i = 0; i < COUNT_EACH; i++) {
        for (unsigned range = 0; range < 2; range++) {
            (void)snprintf(id, sizeof id, "9143010%uMA4L%06u", range, i);
            assert_int_equal(heng_baseline_due(writer, DAY(2 + (int)(i * 7 % 1000)),
                                               heng_str_of(id), &error),
                             HENG_OK);
        }
    }
    ended(writer);
    assert_true(rows_of(HENG_TABLE_DUE) > 1000 && rows_of(HENG_TABLE_DUE) <= 3000);
    struct listing listing = {0};
    heng_buffer_init(&listing.text, 64 << 20);
    heng_view *view = fixture_view(store);
    assert_int_equal(
        heng_baseline_each_due(view, DAY(1001), list_due, &listing, &error), HENG_OK);
    assert_int_equal(listing.count, COUNT_EACH * 2);
    for (unsigned i = 0; i < COUNT_EACH * 2; i += 997) {
        (void)snprintf(id, sizeof id, "9143010%uMA4L%06u ", i / COUNT_EACH,
                       i % COUNT_EACH);
        assert_memory_equal(listing.text.bytes + (size_t)i * strlen(id), id,
                            strlen(id));
    }
    heng_view_close(view);
    heng_buffer_done(&listing.text);
    fixture_sound(store);
}

static void a_batch_is_resumed_from_its_checkpoint(void **state) {
    (void)state;
    static const struct due BEFORE[] = {{DAY(10), "E-1"}, {DAY(11), "E-2"}};
    static const struct due AFTER[] = {{DAY(12), "E-3"}};
    heng_error error = {0};
    heng_baseline_running running;
    (void)fixture_import(store, 9, SUBJECT("E-1", "one"));
    heng_baseline_writer *writer = begun(3, DAY(4), true);
    heng_view *view = fixture_view(store);
    assert_int_equal(heng_baseline_get_running(view, &running, &error),
                     HENG_ERR_NOT_FOUND); /* no checkpoint yet */
    heng_view_close(view);
    note(writer, BEFORE, COUNT(BEFORE));
    assert_int_equal(heng_baseline_checkpoint(writer, HENG_STR("up to E-2"), &error),
                     HENG_OK);
    /* so much after it that a part is written, all of it lost in the end */
    for (unsigned i = 0; i < 300000; i++) {
        char id[16];
        (void)snprintf(id, sizeof id, "X-%06u", i);
        assert_int_equal(heng_baseline_due(writer, DAY(13), heng_str_of(id), &error),
                         HENG_OK);
    }
    heng_baseline_free(writer);
    (void)fixture_import(store, 10, SUBJECT("E-1", "changed"));

    view = fixture_view(store);
    assert_int_equal(heng_baseline_get_running(view, &running, &error), HENG_OK);
    assert_int_equal(running.next.number, 1);
    assert_int_equal(running.next.commit, 1);
    assert_int_equal(running.next.as_of, DAY(4));
    assert_true(running.full);
    assert_true(heng_str_equal(running.blob, HENG_STR("up to E-2")));
    heng_view_close(view);
    fixture_sound(store);

    assert_int_equal(heng_baseline_resume(store, &writer, &error), HENG_OK);
    view = fixture_view(store);
    assert_int_equal(heng_baseline_get_running(view, &running, &error), HENG_OK);
    assert_true(heng_str_equal(running.blob, HENG_STR("up to E-2")));
    heng_view_close(view);
    note(writer, AFTER, COUNT(AFTER));
    ended(writer);
    expect_due(HENG_DATE_MAX, "E-1 E-2 E-3 ");
    expect_changed(1, "E-1:1 ");
    assert_int_equal(last_baseline().number, 1);
    assert_int_equal(heng_baseline_resume(store, &writer, &error), HENG_ERR_NOT_FOUND);
    fixture_expect(error.text,
                   "there is no interrupted batch to go on with; begin a new one");
    fixture_sound(store);
}

static void a_new_batch_takes_the_place_of_one_that_was_not_completed(void **state) {
    (void)state;
    static const struct due OLD[] = {{DAY(9), "E-OLD"}};
    static const struct due NEW[] = {{DAY(10), "E-NEW"}};
    static const char LOST[] = "another batch was begun on this store meanwhile; this "
                               "one ends without becoming "
                               "the one that the next goes on from";
    heng_error error = {0};
    heng_baseline_writer *old = begun(1, DAY(4), true);
    note(old, OLD, 1);
    assert_int_equal(heng_baseline_checkpoint(old, HENG_STR("x"), &error), HENG_OK);
    heng_baseline_writer *writer = begun(2, DAY(4), true);
    assert_int_equal(heng_baseline_checkpoint(old, HENG_STR("y"), &error),
                     HENG_ERR_BUSY);
    fixture_expect(error.text, LOST);
    assert_int_equal(heng_baseline_end(old, 1, 1, &error), HENG_ERR_BUSY);
    heng_baseline_free(old);
    assert_int_equal(last_baseline().number, 0);
    note(writer, NEW, 1);
    ended(writer);
    expect_due(HENG_DATE_MAX, "E-NEW ");
    /* one that is resumed twice is lost for the first */
    old = begun(1, DAY(5), false);
    assert_int_equal(heng_baseline_checkpoint(old, HENG_STR("x"), &error), HENG_OK);
    assert_int_equal(heng_baseline_resume(store, &writer, &error), HENG_OK);
    assert_int_equal(heng_baseline_end(old, 1, 1, &error), HENG_ERR_BUSY);
    heng_baseline_free(old);
    ended(writer);
    assert_int_equal(last_baseline().number, 2);
    fixture_sound(store);
}

static heng_status begin_at(uint64_t commit, heng_date as_of, const char *digest,
                            heng_str set, heng_error *error) {
    heng_baseline_writer *writer = NULL;
    heng_baseline next = {
        .commit = commit, .as_of = as_of, .ruleset = heng_str_of(digest)};
    heng_status status = heng_baseline_begin(store, &next, set, true, &writer, error);
    heng_baseline_free(writer);
    return status;
}

static void a_batch_that_cannot_be_gone_on_from_is_refused(void **state) {
    (void)state;
    heng_error error = {0};
    char digest[HENG_DIGEST_TEXT_BYTES];
    char other[HENG_DIGEST_TEXT_BYTES];
    heng_arena *arena = heng_arena_new(1 << 20);
    heng_str set = fixture_ruleset(1, arena, digest);
    (void)fixture_ruleset(2, arena, other);
    static const char LATE[] =
        "the store went on after the batch looked at it at commit "
        "%d; run the batch again";
    char want[128];
    (void)fixture_import(store, 1, SUBJECT("E-1", "one"));
    /* nobody asked imports to say what they touch */
    assert_int_equal(begin_at(1, DAY(1), digest, set, &error), HENG_ERR_BUSY);
    (void)fixture_import(store, 1, SUBJECT("E-2", "two"));
    assert_int_equal(heng_baseline_prepare(store, &error), HENG_OK);
    assert_int_equal(begin_at(1, DAY(1), digest, set, &error), HENG_ERR_BUSY);
    (void)snprintf(want, sizeof want, LATE, 1);
    fixture_expect(error.text, want);
    assert_int_equal(begin_at(3, DAY(1), digest, set, &error), HENG_ERR_INVALID);
    fixture_expect(error.text, "the batch says it saw commit 3, and the newest is 2");
    assert_int_equal(begin_at(2, HENG_DATE_MAX + 1, digest, set, &error),
                     HENG_ERR_INVALID);
    assert_int_equal(begin_at(2, DAY(1), other, set, &error), HENG_ERR_INVALID);
    fixture_expect(error.text, "cannot write what the batch leaves: the ruleset has "
                               "another digest");
    assert_int_equal(begin_at(2, DAY(1), "x", set, &error), HENG_ERR_INVALID);
    assert_int_equal(begin_at(2, DAY(1), digest, HENG_STR("xyz"), &error),
                     HENG_ERR_INVALID);
    assert_int_equal(begin_at(2, DAY(1), digest, set, &error), HENG_OK);
    heng_arena_free(arena);
}

static void what_is_too_long_is_refused(void **state) {
    (void)state;
    heng_error error = {0};
    heng_str id =
        HENG_STR("0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdefx");
    char *blob = heng_alloc_zero(1, HENG_LIMIT_BASELINE_BLOB_BYTES + 1);
    heng_baseline_writer *writer = begun(1, DAY(1), true);
    assert_int_equal(heng_baseline_due(writer, DAY(1), id, &error), HENG_ERR_INVALID);
    id.len--;
    assert_int_equal(heng_baseline_due(writer, DAY(1), id, &error), HENG_OK);
    assert_int_equal(heng_baseline_due(writer, DAY(1), HENG_STR(""), &error),
                     HENG_ERR_INVALID);
    assert_int_equal(heng_baseline_due(writer, HENG_DATE_MIN - 1, id, &error),
                     HENG_ERR_INVALID);
    assert_int_equal(heng_baseline_due(writer, HENG_DATE_NONE, id, &error),
                     HENG_ERR_INVALID);
    assert_int_equal(heng_baseline_due(writer, HENG_DATE_MAX, id, &error), HENG_OK);
    assert_int_equal(
        heng_baseline_checkpoint(
            writer, (heng_str){blob, HENG_LIMIT_BASELINE_BLOB_BYTES + 1}, &error),
        HENG_ERR_LIMIT);
    assert_int_equal(
        heng_baseline_checkpoint(
            writer, (heng_str){blob, HENG_LIMIT_BASELINE_BLOB_BYTES}, &error),
        HENG_OK);
    fixture_sound(store);
    ended(writer);
    heng_alloc_free(blob);
}

static void a_store_opened_for_reading_leaves_nothing(void **state) {
    (void)state;
    static const char TEXT[] =
        "the store was opened for reading only, and a batch must "
        "leave in it what the next one goes on from";
    heng_error error = {0};
    heng_baseline_writer *writer = NULL;
    fixture_baseline(store, 1, DAY(1), true);
    heng_store_close(store);
    store = fixture_open(folder, HENG_STORE_READ);
    assert_int_equal(heng_baseline_prepare(store, &error), HENG_ERR_IO);
    fixture_expect(error.text, TEXT);
    assert_int_equal(heng_baseline_resume(store, &writer, &error), HENG_ERR_IO);
    char digest[HENG_DIGEST_TEXT_BYTES];
    heng_arena *arena = heng_arena_new(1 << 20);
    heng_str set = fixture_ruleset(1, arena, digest);
    assert_int_equal(begin_at(0, DAY(1), digest, set, &error), HENG_ERR_IO);
    fixture_expect(error.text, TEXT);
    heng_arena_free(arena);
    assert_int_equal(last_baseline().number, 1);
}

/* ---- room in the map ---- */

static void views_do_not_stand_in_the_way_of_what_a_batch_writes(void **state) {
    (void)state;
    enum { VIEWS = 3 };
    heng_view *views[VIEWS];
    heng_error error = {0};
    heng_store_close(store);
    assert_int_equal(heng_db_open(folder, HENG_STORE_WRITE, 256 << 10, &store, &error),
                     HENG_OK);
    heng_baseline_writer *writer = begun(1, DAY(1), true);
    for (size_t i = 0; i < VIEWS; i++) {
        views[i] = fixture_view(store);
    }
    for (unsigned i = 0; i < 400000; i++) { /* far more than that map */
        char id[16];
        (void)snprintf(id, sizeof id, "E-%06u", i);
        assert_int_equal(
            heng_baseline_due(writer, DAY(2 + (int)(i % 50)), heng_str_of(id), &error),
            HENG_OK);
        if (i % 50000 == 0) {
            assert_int_equal(heng_baseline_checkpoint(writer, heng_str_of(id), &error),
                             HENG_OK);
        }
    }
    ended(writer);
    for (size_t i = 0; i < VIEWS; i++) {
        heng_view_close(views[i]);
    }
    fixture_sound(store);
}

/* ---- others at work ---- */

static void an_import_of_another_process_goes_on(void **state) {
    (void)state;
    int pipes[2];
    heng_error error = {0};
    fixture_baseline(store, 1, DAY(1), true);
    heng_store_close(store); /* a child must not have it open */
    assert_int_equal(pipe(pipes), 0);
    (void)fflush(NULL);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        heng_store *mine = NULL;
        heng_import *import = NULL;
        struct fixture_log log = {.now = 5};
        heng_import_options options = fixture_options(&log);
        heng_buffer text;
        heng_buffer_init(&text, 16 << 20);
        fixture_make_ordered(&text, 3000);
        options.batch_lines = 100;
        bool fine =
            heng_store_open(folder, HENG_STORE_WRITE, &mine, &error) == HENG_OK &&
            heng_import_begin(mine, &options, &import, &error) == HENG_OK;
        (void)!write(pipes[1], fine ? "y" : "n", 1); /* the writer's lock is held */
        struct fixture_text input = {text.bytes, text.len, 0};
        fine = fine &&
               heng_import_read(import, "in", fixture_read, &input, &error) == HENG_OK;
        (void)heng_import_end(import, NULL, NULL);
        heng_store_close(mine);
        _exit(fine ? 0 : 1);
    }
    char answer = 'n';
    assert_int_equal(read(pipes[0], &answer, 1), 1);
    assert_int_equal(answer, 'y');
    store = fixture_open(folder, HENG_STORE_WRITE);
    uint64_t before = last_baseline().commit;
    unsigned batches = 0;
    int status = 0;
    while (waitpid(child, &status, WNOHANG) == 0) {
        heng_baseline_writer *writer = begun(1, DAY(1 + (int)batches % 100), false);
        assert_int_equal(heng_baseline_due(writer, DAY(200), HENG_STR("E-1"), &error),
                         HENG_OK);
        assert_int_equal(heng_baseline_checkpoint(writer, HENG_STR("x"), &error),
                         HENG_OK);
        ended(writer);
        batches++;
    }
    assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    assert_true(batches > 0);
    heng_baseline last = last_baseline();
    assert_true(last.commit >= before);
    heng_view *view = fixture_view(store);
    assert_true(heng_view_commit(view) > 30);
    heng_view_close(view);
    fixture_sound(store); /* which looks for each commit after `last` in the journal */
    (void)close(pipes[0]);
    (void)close(pipes[1]);
}

/* Batch number n says that `n` ids are due, one of them in each of two parts. */
static bool run_batch(heng_store *mine, uint64_t count, heng_error *error) {
    heng_baseline_writer *writer = NULL;
    bool fine = fixture_begin(mine, 1, DAY(1), true, &writer, error) == HENG_OK;
    for (uint64_t i = 0; i < count && fine; i++) {
        char id[24];
        (void)snprintf(id, sizeof id, "E-%04u", (unsigned)i);
        fine = heng_baseline_due(writer, DAY(2 + (int)(i % 40)), heng_str_of(id),
                                 error) == HENG_OK;
        if (i % 25 == 24) {
            fine = fine &&
                   heng_baseline_checkpoint(writer, heng_str_of(id), error) == HENG_OK;
        }
    }
    fine = fine && heng_baseline_end(writer, count, count, error) == HENG_OK;
    heng_baseline_free(writer);
    return fine;
}

static unsigned count_due(void) {
    struct listing listing = {0};
    heng_error error = {0};
    heng_view *view = fixture_view(store);
    heng_buffer_init(&listing.text, 1 << 20);
    assert_int_equal(
        heng_baseline_each_due(view, HENG_DATE_MAX, list_due, &listing, &error),
        HENG_OK);
    heng_view_close(view);
    heng_buffer_done(&listing.text);
    return listing.count;
}

static void a_killed_batch_leaves_the_old_or_the_new_baseline(void **state) {
    (void)state;
    enum { LEAST = 40, MOST = 1000, FIRST = 100 };
    heng_error error = {0};
    uint64_t random = 31;
    unsigned resumed = 0;
    bool enough = false; /* on a slow disk that takes more attempts, and longer ones */
    assert_true(run_batch(store, FIRST, &error));
    heng_store_close(store);
    for (unsigned attempt = 0; attempt < MOST && !enough; attempt++) {
        (void)fflush(NULL);
        pid_t child = fork();
        assert_true(child >= 0);
        if (child == 0) {
            heng_store *mine = NULL;
            bool fine =
                heng_store_open(folder, HENG_STORE_WRITE, &mine, &error) == HENG_OK;
            while (fine) {
                heng_view *view = NULL;
                heng_baseline last = {0};
                fine = heng_view_open(mine, &view, &error) == HENG_OK &&
                       heng_baseline_get(view, &last, &error) == HENG_OK;
                heng_view_close(view);
                /* one more in each, so that old and new can be told apart */
                fine = fine && run_batch(mine, FIRST + last.number, &error);
            }
            _exit(1);
        }
        uint64_t most = 30000000 + attempt * 500000;
        long wait = 1000000L + (long)(fixture_random(&random) % most);
        (void)nanosleep(&(struct timespec){0, wait}, NULL);
        (void)kill(child, SIGKILL);
        int status = 0;
        assert_int_equal(waitpid(child, &status, 0), child);
        assert_true(WIFSIGNALED(status));
        store = fixture_open(folder, HENG_STORE_WRITE);
        fixture_sound(store);
        heng_baseline last = last_baseline();
        assert_int_equal(last.subjects, FIRST + last.number - 1);
        /* the last one's, and what a sweep that was killed left of the one before */
        assert_int_equal(count_due(), last.subjects);
        heng_baseline_writer *writer = NULL;
        if (attempt % 2 == 0 &&
            heng_baseline_resume(store, &writer, &error) == HENG_OK) {
            heng_view *view = fixture_view(store);
            heng_baseline_running running;
            unsigned done = 0;
            assert_int_equal(heng_baseline_get_running(view, &running, &error),
                             HENG_OK);
            assert_int_equal(sscanf(running.blob.ptr, "E-%4u", &done), 1);
            heng_view_close(view);
            uint64_t count = FIRST + last.number;
            for (uint64_t i = done + 1; i < count; i++) {
                char id[24];
                (void)snprintf(id, sizeof id, "E-%04u", (unsigned)i);
                assert_int_equal(heng_baseline_due(writer, DAY(2 + (int)(i % 40)),
                                                   heng_str_of(id), &error),
                                 HENG_OK);
            }
            assert_int_equal(heng_baseline_end(writer, count, count, &error), HENG_OK);
            heng_baseline_free(writer);
            assert_int_equal(count_due(), count);
            resumed++;
        }
        enough = attempt >= LEAST && last.number > 10 && resumed > 2;
        heng_store_close(store);
    }
    store = fixture_open(folder, HENG_STORE_WRITE);
    assert_true(enough);
}

static void a_full_disk_leaves_the_old_baseline(void **state) {
    (void)state;
    heng_error error = {0};
    assert_true(run_batch(store, 100, &error));
    heng_store_close(store);
    (void)fflush(NULL);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        heng_store *mine = NULL;
        heng_baseline_writer *writer = NULL;
        heng_status status = heng_store_open(folder, HENG_STORE_WRITE, &mine, &error);
        struct rlimit limit = {1 << 20, 1 << 20};
        (void)signal(SIGXFSZ, SIG_IGN);
        bool fine = status == HENG_OK && setrlimit(RLIMIT_FSIZE, &limit) == 0 &&
                    fixture_begin(mine, 1, DAY(1), true, &writer, &error) == HENG_OK;
        for (unsigned i = 0; i < 600000 && fine && status == HENG_OK; i++) {
            char id[24];
            (void)snprintf(id, sizeof id, "E-%06u", i);
            status = heng_baseline_due(writer, DAY(2), heng_str_of(id), &error);
        }
        fine = fine && status == HENG_ERR_FULL;
        if (!fine) {
            (void)fprintf(stderr, "in the child: %d %s\n", (int)status, error.text);
        }
        heng_baseline_free(writer);
        _exit(fine ? 0 : 1);
    }
    int status = 0;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 0);
    store = fixture_open(folder, HENG_STORE_WRITE);
    fixture_sound(store);
    assert_int_equal(last_baseline().number, 1);
    assert_int_equal(count_due(), 100);
    assert_true(run_batch(store, 101, &error)); /* with space, it gets through */
    assert_int_equal(count_due(), 101);
    fixture_sound(store);
}

/* ---- damage ---- */

#define KEY(text) (text), sizeof(text) - 1

static struct damage {
    const char *name; /* what must hold */
    heng_table table;
    const char *key;
    size_t key_len;
    const char *value; /* NULL: delete */
    size_t value_len;
    const char *want; /* of the first that fails */
} damages[] = {
    {"a batch that is none is an error", HENG_TABLE_BATCH, KEY("last"), KEY("x"),
     "the value of `last` is damaged: no well-formed batch"},
    {"a running batch that is none is an error", HENG_TABLE_BATCH, KEY("running"),
     KEY("x"), "the value of `running` is damaged: no well-formed batch"},
    {"a beginning of the journal that is none is an error", HENG_TABLE_BATCH,
     KEY("since"), KEY("x"), "the value of `since` is damaged: no well-formed batch"},
    {"a journal with a gap is an error", HENG_TABLE_JOURNAL, KEY("\0\0\0\0\0\0\0\2"),
     NULL, 0, "the value of `commit 2` is damaged: it is missing"},
    {"a journal that ends early is an error", HENG_TABLE_JOURNAL,
     KEY("\0\0\0\0\0\0\0\3"), NULL, 0,
     "the value of `commit 3` is damaged: it is missing"},
    {"a journal's list that is none is an error", HENG_TABLE_JOURNAL,
     KEY("\0\0\0\0\0\0\0\2"), KEY("\1\7E-1"),
     "the value of `commit 2` is damaged: no well-formed list of subjects"},
    {"a list of days that is none is an error", HENG_TABLE_DUE,
     KEY("\0\0\0\1\0\0\0\0\0\0\0\1\0\0\0\0"), KEY("\7E-1"),
     "the value of `1900-01-02` is damaged: no well-formed list of subjects"},
    {"a day that is none is an error", HENG_TABLE_DUE, KEY("\0\0\0\1"), KEY("\3E-1"),
     "the value of `key` is damaged: a key of another form"},
    {"a damaged ruleset is an error", HENG_TABLE_RULESET, NULL, 0, KEY("\0\0\0\0"),
     "is damaged: the ruleset has another digest"},
};

static bool pass_changed(void *context, heng_str id, unsigned flags) {
    *(size_t *)context += id.len + flags;
    return true;
}

static bool pass_due(void *context, heng_str id) {
    return pass_changed(context, id, 0);
}

/* The first failure of all that reads a baseline. */
static heng_status read_all(heng_store *from, heng_error *error) {
    size_t passed = 0;
    heng_view *view = NULL;
    heng_baseline last = {0};
    heng_baseline_running running;
    heng_str blob;
    heng_arena *arena = heng_arena_new(1 << 20);
    heng_status status =
        arena == NULL ? heng_error_nomem(error) : heng_view_open(from, &view, error);
    if (status == HENG_OK) {
        status = heng_baseline_get(view, &last, error);
    }
    if (status == HENG_OK) {
        status = heng_baseline_get_running(view, &running, error);
        status = status == HENG_ERR_NOT_FOUND ? HENG_OK : status;
    }
    if (status == HENG_OK) {
        status = heng_baseline_ruleset(view, last.ruleset, arena, &blob, error);
    }
    if (status == HENG_OK) {
        status =
            heng_baseline_each_changed(view, last.commit, pass_changed, &passed, error);
    }
    if (status == HENG_OK) {
        status = heng_baseline_each_due(view, DAY(9), pass_due, &passed, error);
    }
    heng_view_close(view);
    heng_arena_free(arena);
    return status;
}

static void damaged(void **state) {
    const struct damage *row = *state;
    static const struct due DUE[] = {{DAY(1), "E-1"}, {DAY(2), "E-2"}};
    heng_error error = {0};
    MDB_txn *txn = NULL;
    (void)setup(NULL);
    heng_baseline_writer *writer = begun(1, DAY(0), true);
    note(writer, DUE, COUNT(DUE));
    ended(writer);
    (void)fixture_import(store, 1, SUBJECT("E-1", "one"));
    (void)fixture_import(store, 2, SUBJECT("E-2", "two"));
    (void)fixture_import(store, 3, SUBJECT("E-3", "three"));
    assert_int_equal(read_all(store, &error), HENG_OK);
    char digest[HENG_DIGEST_TEXT_BYTES];
    heng_arena *arena = heng_arena_new(1 << 20);
    (void)fixture_ruleset(1, arena, digest);
    heng_arena_free(arena);
    assert_int_equal(heng_db_begin(store, true, &txn, &error), HENG_OK);
    MDB_val key = heng_table_value(row->key == NULL ? digest : row->key,
                                   row->key == NULL ? strlen(digest) : row->key_len);
    MDB_val value = heng_table_value(row->value, row->value_len);
    if (row->value == NULL) {
        assert_int_equal(mdb_del(txn, store->tables[row->table], &key, NULL), 0);
    } else {
        assert_int_equal(mdb_put(txn, store->tables[row->table], &key, &value, 0), 0);
    }
    assert_int_equal(heng_db_commit(store, txn), 0);
    assert_int_equal(read_all(store, &error), HENG_ERR_STORE);
    if (strstr(error.text, row->want) == NULL) {
        fail_msg("\n  want: %s\n  got:  %s", row->want, error.text);
    }
    (void)teardown(NULL);
}

static void a_ruleset_is_never_written_over(void **state) {
    (void)state;
    heng_error error = {0};
    char digest[HENG_DIGEST_TEXT_BYTES];
    MDB_txn *txn = NULL;
    heng_arena *arena = heng_arena_new(1 << 20);
    heng_str set = fixture_ruleset(1, arena, digest);
    fixture_baseline(store, 1, DAY(1), true);
    fixture_baseline(store, 1, DAY(2), true); /* the same once more */
    assert_int_equal(heng_db_begin(store, true, &txn, &error), HENG_OK);
    MDB_val key = heng_table_value(digest, strlen(digest));
    MDB_val value = heng_table_value("\0\0\0\0", 4);
    assert_int_equal(mdb_put(txn, store->tables[HENG_TABLE_RULESET], &key, &value, 0),
                     0);
    assert_int_equal(heng_db_commit(store, txn), 0);
    assert_int_equal(begin_at(0, DAY(3), digest, set, &error), HENG_ERR_STORE);
    assert_non_null(strstr(error.text, "other files are kept under this digest"));
    heng_arena_free(arena);
}

/* ---- memory ---- */

static heng_status batch_once(void *context) {
    heng_store *mine = context;
    heng_error error = {0};
    heng_baseline_writer *writer = NULL;
    heng_status status = fixture_begin(mine, 1, DAY(0), true, &writer, &error);
    if (status == HENG_OK) {
        status = heng_baseline_due(writer, DAY(5), HENG_STR("E-1"), &error);
    }
    if (status == HENG_OK) {
        status = heng_baseline_checkpoint(writer, HENG_STR("x"), &error);
    }
    heng_baseline_free(writer);
    writer = NULL;
    if (status == HENG_OK) {
        status = heng_baseline_resume(mine, &writer, &error);
    }
    if (status == HENG_OK) {
        status = heng_baseline_end(writer, 1, 1, &error);
    }
    heng_baseline_free(writer);
    return status == HENG_OK ? read_all(mine, &error) : status;
}

static void no_failed_allocation_leaves_half_a_baseline(void **state) {
    (void)state;
    (void)fixture_import(store, 1, SUBJECT("E-1", "one"));
    assert_int_equal(batch_once(store), HENG_OK); /* the store reads its words once */
    assert_true(torture(batch_once, store) > 10);
    fixture_sound(store);
    assert_int_equal(batch_once(store), HENG_OK);
}

struct import_once {
    const char *text;
    heng_time_ms now;
};

static heng_status import_once(void *context) {
    struct import_once *once = context;
    heng_error error = {0};
    struct fixture_log log = {.now = once->now++};
    char text[512];
    heng_import_options options = fixture_options(&log);
    options.one_thread = true;
    (void)snprintf(text, sizeof text, SUBJECT("E-1", "%d") RECORD("R-1", "E-2", "%d"),
                   (int)once->now, (int)once->now);
    return fixture_import_with(store, &options, text, strlen(text), NULL, &error);
}

static void no_failed_allocation_leaves_a_commit_out_of_the_journal(void **state) {
    (void)state;
    struct import_once once = {.now = 10};
    fixture_baseline(store, 1, DAY(1), true);
    (void)torture(import_once, &once);
    expect_changed(0, "E-1:1 E-2:2 ");
    fixture_sound(store);
}

int main(void) {
    struct CMUnitTest tests[COUNT(touching) + COUNT(damages) + 30];
    size_t count = 0;
    for (size_t i = 0; i < COUNT(touching); i++) {
        tests[count++] = ROW_TEST(&touching[i], touched);
    }
    for (size_t i = 0; i < COUNT(damages); i++) {
        tests[count++] = ROW_TEST(&damages[i], damaged);
    }
    const struct CMUnitTest others[] = {
#define CASE(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
        CASE(without_a_batch_there_is_nothing),
        CASE(a_batch_is_read_back),
        CASE(the_journal_agrees_with_the_versions),
        CASE(a_listing_stops_when_told_to_and_ends_with_its_view),
        CASE(what_is_due_is_kept_across_batches),
        CASE(the_journal_ends_where_the_last_batch_begins),
        CASE(many_parts_are_one_list),
        CASE(a_batch_is_resumed_from_its_checkpoint),
        CASE(a_new_batch_takes_the_place_of_one_that_was_not_completed),
        CASE(a_batch_that_cannot_be_gone_on_from_is_refused),
        CASE(what_is_too_long_is_refused),
        CASE(a_store_opened_for_reading_leaves_nothing),
        CASE(views_do_not_stand_in_the_way_of_what_a_batch_writes),
        CASE(an_import_of_another_process_goes_on),
        CASE(a_killed_batch_leaves_the_old_or_the_new_baseline),
        CASE(a_full_disk_leaves_the_old_baseline),
        CASE(a_ruleset_is_never_written_over),
        CASE(no_failed_allocation_leaves_half_a_baseline),
        CASE(no_failed_allocation_leaves_a_commit_out_of_the_journal),
    };
    _Static_assert(COUNT(others) <= 30, "they fit");
    for (size_t i = 0; i < COUNT(others); i++) {
        tests[count++] = others[i];
    }
    return check_run("store/baseline", tests, count, NULL, NULL);
}
