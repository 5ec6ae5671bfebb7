/* SPDX-License-Identifier: Apache-2.0 */
/*
 * In whatever order lines come, and however many batches they make: the tables hold the
 * same bytes, but for the numbers of commits, as if all lines had been one batch.
 */
#include "store/fixture.h"

#include "store/db.h"
#include "store/dossier.h"

enum { NUMBERS = 400 };

struct row {
    const char *name;
    size_t batch;
    bool one_thread;
    bool sorts;      /* batches are kept to be sorted */
    unsigned factor; /* number i is i * factor % NUMBERS; 0: made up, ids come again */
    bool before;     /* something was stored before */
};

static struct row rows[] = {
    {"in order", 50, false, false, 1, false},
    {"in order, one thread", 50, true, false, 1, false},
    {"downwards", 50, false, false, NUMBERS - 1, false},
    {"in no order", 50, false, true, 171, false},
    {"in no order, one thread", 50, true, true, 171, false},
    {"in no order, batches of some lines", 9, false, true, 171, false},
    {"in no order, one batch", 5000, false, false, 171, false},
    {"in no order, after others", 50, false, true, 171, true},
    {"ids that come again, records that move", 50, false, true, 0, false},
    {"the same in batches of some lines", 9, true, true, 0, false},
    {"the same after others", 20, false, true, 0, true},
};

/* ---- tables as bytes ---- */

static void blank(uint8_t *value, const uint8_t *in_value, const uint8_t *object) {
    memset(value + (object - in_value) + HENG_FLAT_SUBJECT_COMMIT, 0, 8);
}

/* Without numbers of commits; `copy` has room. */
static void blank_commits(heng_table table, MDB_val *key, MDB_val value,
                          uint8_t *copy) {
    const uint8_t *bytes = value.mv_data;
    memcpy(copy, bytes, value.mv_size);
    if (table == HENG_TABLE_SUBJECT || (table == HENG_TABLE_MENTION && value.mv_size)) {
        blank(copy, bytes, bytes);
    } else if (table == HENG_TABLE_DOSSIER) {
        heng_dossier dossier;
        heng_snapshot_record records[1000];
        assert_true(heng_dossier_open(bytes, value.mv_size, true, &dossier));
        assert_true(dossier.count <= COUNT(records));
        assert_true(
            heng_dossier_records(&dossier, heng_table_str(*key), true, records));
        if (dossier.subject != NULL) {
            blank(copy, bytes, dossier.subject);
        }
        for (size_t i = 0; i < dossier.count; i++) {
            blank(copy, bytes, records[i].bytes);
        }
    } else if (table == HENG_TABLE_PAST_SUBJECT || table == HENG_TABLE_PAST_RECORD) {
        memset(copy, 0, HENG_PAST_BYTES); /* until when */
    } else if (table == HENG_TABLE_DELIVERY) {
        key->mv_size -= 8;
    }
}

static heng_digest digest_tables(heng_store *store) {
    static uint8_t copy[1 << 20];
    heng_digest_state state;
    heng_digest digest;
    heng_error error = {0};
    MDB_txn *txn = NULL;
    heng_digest_init(&state);
    assert_int_equal(heng_db_begin(store, false, &txn, &error), HENG_OK);
    for (int table = 0; table < HENG_TABLE_COUNT; table++) {
        MDB_cursor *cursor = NULL;
        MDB_val key;
        MDB_val value;
        /* Outlines have the commits of their objects under a checksum; that they are
         * those of the dossiers is found by verify. */
        if (table == HENG_TABLE_META || table == HENG_TABLE_COMMIT ||
            table == HENG_TABLE_OUTLINE)
            continue; /* the secret, and commits and their times */
        heng_digest_update_uint64(&state, (uint64_t)table);
        assert_int_equal(mdb_cursor_open(txn, store->tables[table], &cursor), 0);
        while (mdb_cursor_get(cursor, &key, &value, MDB_NEXT) == MDB_SUCCESS) {
            assert_true(value.mv_size <= sizeof copy);
            blank_commits((heng_table)table, &key, value, copy);
            heng_digest_update_str(&state, heng_table_str(key));
            heng_digest_update_uint64(&state, value.mv_size);
            heng_digest_update(&state, copy, value.mv_size);
        }
        mdb_cursor_close(cursor);
    }
    heng_db_abort(store, txn);
    heng_digest_final(&state, &digest);
    return digest;
}

/* ---- imports ---- */

static void make_text(const struct row *row, heng_buffer *text) {
    heng_buffer_init(text, 16 << 20);
    for (unsigned i = 0; i < NUMBERS && row->factor != 0; i++) {
        fixture_make_one(text, i * row->factor % NUMBERS);
    }
    if (row->factor == 0) {
        fixture_make(text, 17, 2000, 150);
        for (unsigned i = 0; i < 20; i++) {
            (void)heng_buffer_add_format(
                text,
                "{\"type\":\"delivery\",\"provider\":\"%s\",\"through\":"
                "\"2024-01-%02u\"}\n",
                i % 2 == 0 ? "税务机关" : "人社部门", 1 + i % 28);
        }
    }
}

struct result {
    heng_digest digest;
    heng_import_counts counts;
    uint64_t most_waiting;
};

static void note_waiting(void *context, const heng_import_counts *counts) {
    struct fixture_log *log = context;
    uint64_t most = strtoull(heng_buffer_view(&log->text).ptr, NULL, 10);
    if (counts->waiting > most) {
        heng_buffer_clear(&log->text);
        (void)heng_buffer_add_format(&log->text, "%ju", (uintmax_t)counts->waiting);
    }
}

static struct result import_rows(const struct row *row, const heng_buffer *text,
                                 size_t batch) {
    struct result result = {0};
    char *path = fixture_folder();
    heng_store *store = fixture_open(path, HENG_STORE_CREATE);
    struct fixture_log log = {0};
    heng_error error = {0};
    heng_buffer_init(&log.text, 64);
    (void)heng_buffer_add_text(&log.text, "0");
    heng_import_options options = fixture_options(&log);
    if (row->before) {
        heng_buffer first;
        heng_buffer_init(&first, 16 << 20);
        fixture_make(&first, 3, 500, 150);
        for (unsigned i = 0; i < NUMBERS; i += 3) {
            fixture_make_one(&first, i);
        }
        options.batch_lines = 100000;
        assert_int_equal(
            fixture_import_with(store, &options, first.bytes, first.len, NULL, &error),
            HENG_OK);
        heng_buffer_done(&first);
    }
    options.progress = note_waiting;
    options.batch_lines = batch;
    options.one_thread = row->one_thread;
    assert_int_equal(fixture_import_with(store, &options, text->bytes, text->len,
                                         &result.counts, &error),
                     HENG_OK);
    result.most_waiting = strtoull(heng_buffer_view(&log.text).ptr, NULL, 10);
    fixture_sound(store);
    fixture_only_store(path);
    result.digest = digest_tables(store);
    heng_buffer_done(&log.text);
    heng_store_close(store);
    fixture_remove(path);
    return result;
}

static void tables_are_as_of_one_batch(void **state) {
    const struct row *row = *state;
    heng_buffer text;
    make_text(row, &text);
    struct result one = import_rows(row, &text, 100000);
    struct result many = import_rows(row, &text, row->batch);
    assert_true(heng_digest_equal(&one.digest, &many.digest));
    assert_int_equal(one.counts.commits, 1);
    assert_int_equal(one.most_waiting, 0);
    assert_true((many.most_waiting > 0) == row->sorts);
    assert_true((many.counts.commits > 1) == (row->batch < 1000));
    many.counts.commits = 1; /* all else is counted alike */
    assert_memory_equal(&one.counts, &many.counts, sizeof one.counts);
    heng_buffer_done(&text);
}

/* ---- what is told meanwhile ---- */

static void wrong_lines_are_told_in_their_order(void **state) {
    (void)state;
    heng_buffer text;
    heng_buffer want;
    struct fixture_log log = {0};
    heng_error error = {0};
    heng_import_counts counts = {0};
    heng_buffer_init(&text, 16 << 20);
    heng_buffer_init(&want, 1 << 20);
    heng_buffer_init(&log.text, 1 << 20);
    for (unsigned i = 0; i < NUMBERS; i++) {
        fixture_make_one(&text, i * 171 % NUMBERS);
        (void)heng_buffer_add_text(&text, "{\"type\":\"subject\"}\n");
        (void)heng_buffer_add_format(&want, "reject in:%u: kind: is missing\n",
                                     3 * i + 3);
    }
    char *path = fixture_folder();
    heng_store *store = fixture_open(path, HENG_STORE_CREATE);
    heng_import_options options = fixture_options(&log);
    options.batch_lines = 40;
    assert_int_equal(
        fixture_import_with(store, &options, text.bytes, text.len, &counts, &error),
        HENG_OK);
    fixture_expect(heng_buffer_view(&log.text).ptr, heng_buffer_view(&want).ptr);
    assert_int_equal(counts.lines, 3 * NUMBERS);
    assert_int_equal(counts.rejects, NUMBERS);
    assert_int_equal(counts.records_new, NUMBERS);
    assert_int_equal(counts.waiting, 0);
    heng_store_close(store);
    fixture_remove(path);
    heng_buffer_done(&log.text);
    heng_buffer_done(&want);
    heng_buffer_done(&text);
}

/* Stops when so many calls of progress were made. */
struct stopper {
    unsigned calls, stop_after;
    heng_time_ms now;
};

static heng_time_ms tick(void *context) {
    struct stopper *stopper = context;
    return ++stopper->now;
}

static void count_call(void *context, const heng_import_counts *counts) {
    struct stopper *stopper = context;
    (void)counts;
    stopper->calls++;
}

static bool stop_now(void *context) {
    const struct stopper *stopper = context;
    return stopper->calls >= stopper->stop_after;
}

/* Wherever it is stopped, whole batches are there, and the next import completes it. */
static void a_stopped_import_goes_on_from_there(void **state) {
    (void)state;
    heng_buffer text;
    unsigned while_sorting = 0;
    unsigned while_storing = 0;
    heng_import_counts counts = {0};
    heng_status status = HENG_ERR_STOPPED;
    const struct row row = {.factor = 171, .batch = 50};
    make_text(&row, &text);
    for (unsigned after = 1; status == HENG_ERR_STOPPED; after++) {
        char *path = fixture_folder();
        heng_store *store = fixture_open(path, HENG_STORE_CREATE);
        struct stopper stopper = {.stop_after = after};
        heng_error error = {0};
        heng_import_options options = {.catalog = fixture_catalog(),
                                       .now = tick,
                                       .stop = stop_now,
                                       .progress = count_call,
                                       .context = &stopper,
                                       .batch_lines = 50};
        status =
            fixture_import_with(store, &options, text.bytes, text.len, &counts, &error);
        fixture_sound(store);
        if (status == HENG_ERR_STOPPED) {
            assert_string_equal(error.text,
                                "stopped on request; what was stored stays, and the "
                                "same import goes on from there");
            while_sorting += counts.commits == 0 ? 1 : 0;
            while_storing += counts.commits > 0 ? 1 : 0;
            assert_true(counts.waiting > 0);
        }
        counts = fixture_import(store, 1000, text.bytes);
        assert_int_equal(counts.subjects_new + counts.subjects_same, NUMBERS);
        assert_int_equal(counts.records_new + counts.records_same, NUMBERS);
        heng_store_close(store);
        fixture_remove(path);
    }
    assert_int_equal(status, HENG_OK);
    assert_true(while_sorting > 10 && while_storing > 10);
    heng_buffer_done(&text);
}

int main(void) {
    struct CMUnitTest tests[COUNT(rows) + 2];
    size_t count = 0;
    for (; count < COUNT(rows); count++) {
        tests[count] = ROW_TEST(&rows[count], tables_are_as_of_one_batch);
    }
    const struct CMUnitTest others[] = {
        cmocka_unit_test(wrong_lines_are_told_in_their_order),
        cmocka_unit_test(a_stopped_import_goes_on_from_there),
    };
    for (size_t i = 0; i < COUNT(others); i++) {
        tests[count++] = others[i];
    }
    return check_run("store/import_merge", tests, count, NULL, NULL);
}
