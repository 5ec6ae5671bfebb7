/* SPDX-License-Identifier: Apache-2.0 */
/* test_leaves.c: the rows that LMDB's cursor gives, and on damaged pages an error. */
#include <fcntl.h>
#include <sys/wait.h>

#include "store/fixture.h"

#include "store/db.h"
#include "store/leaves.h"

/* Any table does; nothing is read of this one while a store is opened. */
#define TABLE HENG_TABLE_MENTION

enum { MAP_BYTES = 8 << 20 };

static char *folder;
static char data_path[1024];

/* ---- stores with rows ---- */

struct row {
    const char *name; /* what must hold of it */
    unsigned rows;
    size_t value_bytes; /* of each … */
    unsigned long_each; /* … but of one in so many, which is several pages long; 0 */
    size_t depth;       /* at least */
};

static struct row rows[] = {
    {"an empty table", 0, 0, 0, 0},
    {"one row", 1, 10, 0, 1},
    {"one leaf", 40, 10, 0, 1},
    {"two levels", 300, 100, 0, 2},
    {"three levels", 30000, 20, 0, 3},
    {"empty values", 3000, 0, 0, 2},
    {"values of several pages", 60, 30, 3, 1},
    {"nothing but values of several pages", 40, 0, 1, 1},
    {"values that fill a page", 90, 1800, 0, 2},
    {"long values between short ones, on levels", 4000, 60, 50, 2},
};

/* Keys of several lengths, even numbers only: between them lie others. */
static size_t write_key(unsigned number, char key[64]) {
    return (size_t)snprintf(key, 64, "K-%07u%.*s", number * 2, (int)(number % 7),
                            "suffix");
}

static void put_rows(heng_store *store, const struct row *row) {
    static char value[10000];
    MDB_txn *txn = NULL;
    heng_error error = {0};
    assert_int_equal(heng_db_begin(store, true, &txn, &error), HENG_OK);
    for (unsigned i = 0; i < row->rows; i++) {
        char text[64];
        unsigned at = (unsigned)((uint64_t)i * 7919 % row->rows); /* in no order */
        size_t len = row->value_bytes + i % 3;
        if (row->long_each != 0 && i % row->long_each == 0)
            len = 3000 + i % 5 * 1300;
        memset(value, (int)('a' + i % 26), len);
        MDB_val key = heng_table_value(text, write_key(at, text));
        MDB_val bytes = heng_table_value(value, len);
        assert_int_equal(mdb_put(txn, store->tables[TABLE], &key, &bytes, 0), 0);
    }
    assert_int_equal(heng_db_commit(store, txn), 0);
}

static void make(const struct row *row) {
    heng_store *store = NULL;
    heng_error error = {0};
    folder = fixture_folder();
    (void)fixture_inside(folder, "data.mdb", data_path, sizeof data_path);
    assert_int_equal(heng_db_open(folder, HENG_STORE_CREATE, MAP_BYTES, &store, &error),
                     HENG_OK);
    put_rows(store, row);
    heng_store_close(store);
}

static void make_and_read(const struct row *row, heng_store **ret_store,
                          MDB_txn **ret_txn) {
    heng_error error = {0};
    make(row);
    *ret_store = fixture_open(folder, HENG_STORE_READ);
    assert_int_equal(heng_db_begin(*ret_store, false, ret_txn, &error), HENG_OK);
}

static void done(heng_store *store, MDB_txn *txn) {
    heng_db_abort(store, txn);
    heng_store_close(store);
    fixture_remove(folder);
}

static void open_leaves(heng_store *store, MDB_txn *txn, heng_leaves *leaves) {
    heng_error error = {0};
    if (heng_leaves_open(store, txn, TABLE, leaves, &error) != HENG_OK)
        fail_msg("%s", error.text);
}

/* ---- against the cursor ---- */

static void expect_row(const heng_leaves_row *got, MDB_val key, MDB_val value) {
    assert_int_equal(got->key.len, key.mv_size);
    assert_memory_equal(got->key.ptr, key.mv_data, key.mv_size);
    assert_int_equal(got->len, value.mv_size);
    assert_ptr_equal(got->value, value.mv_data); /* in the map itself */
}

/* From the first row behind `after`, as many rows as the cursor has, at most `most`. */
static size_t walk(heng_leaves *leaves, MDB_cursor *cursor, heng_str after,
                   size_t most) {
    heng_error error = {0};
    heng_status status = HENG_OK;
    heng_leaves_row row;
    MDB_val value;
    size_t count = 0;
    MDB_val key = heng_table_value(after.ptr, after.len);
    int code = mdb_cursor_get(cursor, &key, &value,
                              after.len == 0 ? MDB_FIRST : MDB_SET_RANGE);
    if (code == 0 && key.mv_size == after.len && after.len > 0 &&
        memcmp(key.mv_data, after.ptr, after.len) == 0)
        code = mdb_cursor_get(cursor, &key, &value, MDB_NEXT);
    assert_int_equal(heng_leaves_seek(leaves, after, &error), HENG_OK);
    for (; code == 0 && count < most; count++) {
        if (!heng_leaves_next(leaves, &row, &status, &error))
            fail_msg("ended after %zu rows", count);
        expect_row(&row, key, value);
        code = mdb_cursor_get(cursor, &key, &value, MDB_NEXT);
    }
    if (code != 0) {
        for (int again = 0; again < 2; again++) { /* the end stays the end */
            assert_false(heng_leaves_next(leaves, &row, &status, &error));
            assert_int_equal(status, HENG_OK);
        }
    }
    return count;
}

static void the_cursor_agrees(void **state) {
    const struct row *row = *state;
    heng_store *store = NULL;
    MDB_txn *txn = NULL;
    MDB_cursor *cursor = NULL;
    heng_leaves leaves;
    char text[64];
    make_and_read(row, &store, &txn);
    assert_int_equal(mdb_cursor_open(txn, store->tables[TABLE], &cursor), 0);
    open_leaves(store, txn, &leaves);
    assert_true(leaves.depth >= row->depth);
    assert_int_equal(walk(&leaves, cursor, HENG_STR(""), SIZE_MAX), row->rows);
    leaves.is_sparse = true; /* only what is fetched ahead is another */
    assert_int_equal(walk(&leaves, cursor, HENG_STR(""), SIZE_MAX), row->rows);
    leaves.is_sparse = false;
    unsigned step = row->rows / 200 + 1;
    for (unsigned i = 0; i < row->rows; i += i + step < row->rows ? step : 1) {
        heng_str key = {text, write_key(i, text)};
        size_t left = row->rows - 1 - i;
        assert_int_equal(walk(&leaves, cursor, key, 150), left < 150 ? left : 150);
        (void)snprintf(text, sizeof text, "K-%07u", i * 2 + 1); /* between two */
        assert_int_equal(walk(&leaves, cursor, heng_str_of(text), 3),
                         left < 3 ? left : 3);
    }
    assert_int_equal(walk(&leaves, cursor, HENG_STR("A"), SIZE_MAX), row->rows);
    assert_int_equal(walk(&leaves, cursor, HENG_STR("Z"), SIZE_MAX), 0);
    mdb_cursor_close(cursor);
    done(store, txn);
}

/* ---- look-ups ---- */

/* Where LMDB goes for the first key that does not lie before this one, and two rows on:
 * a look-up may be gone on from. */
static void expect_found(heng_leaves *leaves, MDB_cursor *cursor, const char *text,
                         size_t len) {
    heng_error error = {0};
    heng_status status = HENG_OK;
    heng_leaves_row row;
    MDB_val value, key = heng_table_value(text, len);
    int code = len == 0 ? mdb_cursor_get(cursor, &key, &value, MDB_FIRST)
                        : mdb_cursor_get(cursor, &key, &value, MDB_SET_RANGE);
    assert_int_equal(heng_leaves_look_up(leaves, (heng_str){text, len}, &error),
                     HENG_OK);
    for (int more = 0; more < 3; more++) {
        bool found = heng_leaves_next(leaves, &row, &status, &error);
        assert_int_equal(status, HENG_OK);
        assert_int_equal(found, code == 0);
        if (!found)
            return;
        expect_row(&row, key, value);
        code = mdb_cursor_get(cursor, &key, &value, MDB_NEXT);
    }
}

/* Look-ups that were told of find the same, in order and not; of too many the first are
 * told of, and none is told of a table without rows. */
static void expect_none_or_all(const struct row *row, MDB_cursor *cursor,
                               heng_store *store, MDB_txn *txn) {
    enum { MANY = HENG_LEAVES_EXPECTED + 4 };
    heng_leaves leaves;
    char texts[MANY][64];
    heng_str keys[MANY];
    open_leaves(store, txn, &leaves);
    heng_leaves_expect(&leaves, keys, 0);
    for (unsigned round = 0; round < 12; round++) {
        for (unsigned i = 0; i < MANY; i++) {
            unsigned number = round * 911 + i * (round % 3 == 0 ? 1 : 271);
            size_t len =
                write_key(row->rows == 0 ? number : number % row->rows, texts[i]);
            texts[i][len] = '\0';
            keys[i] = (heng_str){texts[i], len + round % 2};
        }
        keys[round] = round < 2 ? HENG_STR("") : HENG_STR("zzzz");
        heng_leaves_expect(&leaves, keys, MANY);
        for (unsigned i = 0; i < MANY; i++)
            expect_found(&leaves, cursor, keys[i].ptr, keys[i].len);
        for (unsigned i = MANY; i-- > 0;) /* they are forgotten */
            expect_found(&leaves, cursor, keys[i].ptr, keys[i].len);
        heng_leaves_expect(&leaves, keys, MANY);
        for (unsigned i = 0; i < MANY; i++) {
            if (i % 3 == round % 3) /* another key in the same memory, or none */
                texts[i][strlen(texts[i]) - 1] ^= 1;
            if (i % 3 != 2)
                expect_found(&leaves, cursor, keys[i].ptr, keys[i].len);
        }
    }
}

static void a_look_up_finds_what_lmdb_finds(void **state) {
    const struct row *row = *state;
    heng_store *store = NULL;
    MDB_txn *txn = NULL;
    MDB_cursor *cursor = NULL;
    heng_leaves leaves;
    make_and_read(row, &store, &txn);
    assert_int_equal(mdb_cursor_open(txn, store->tables[TABLE], &cursor), 0);
    open_leaves(store, txn, &leaves);
    expect_none_or_all(row, cursor, store, txn);
    for (unsigned i = 0; i < row->rows; i++) {
        char text[64];
        size_t len = write_key((unsigned)((uint64_t)i * 7919 % row->rows), text);
        expect_found(&leaves, cursor, text, len);
        expect_found(&leaves, cursor, text, len - 1); /* before it */
        text[len] = '\0';
        expect_found(&leaves, cursor, text, len + 1); /* behind it, if only just */
    }
    static const char *const OUTSIDE[] = {"", "A", "K", "K-", "Z", "zzzz"};
    for (size_t i = 0; i < COUNT(OUTSIDE); i++)
        expect_found(&leaves, cursor, OUTSIDE[i], strlen(OUTSIDE[i]));
    mdb_cursor_close(cursor);
    done(store, txn);
}

/* ---- passing by ---- */

struct passing {
    const char *name;
    unsigned rows;
    size_t short_bytes; /* of every fifth value, which cannot be passed by; 0: none */
    unsigned long_each; /* of so many values one lies in pages of its own; 0 */
    size_t at;
    uint64_t bits;
    unsigned set_each; /* of so many values one has a bit of those */
};

enum { VALUE = 60, LONG_VALUE = 5000 };

static struct passing passings[] = {
    {"nothing in an empty table", 0, 0, 0, 4, 1, 3},
    {"all of one leaf", 30, 0, 0, 4, 1, 1000},
    {"nothing where all have the bits", 300, 0, 0, 0, UINT64_MAX, 1},
    {"most, on two levels", 3000, 0, 0, 12, UINT64_C(1) << 63, 100},
    {"most, on three levels", 30000, 0, 0, 12, UINT64_C(1) << 17, 300},
    {"half", 3000, 0, 0, 12, UINT64_C(0xf0), 2},
    {"all", 3000, 0, 0, 12, 6, 100000},
    {"not what ends before the bits", 3000, 12, 0, 12, 2, 100},
    {"not what ends within them", 3000, 19, 0, 12, 2, 100},
    {"not what has a byte too few of them at the end", 3000, 59, 0, VALUE - 8, 2, 100},
    {"up to the last byte", 3000, 0, 0, VALUE - 8, 2, 100},
    {"nothing where all end within the bits", 500, 0, 0, VALUE - 7, 2, 1},
    {"not what lies in pages of its own", 800, 0, 7, 12, 2, 100},
};

/* Whether it must be handed out: all else may be, too, as the first of a leaf is. */
static bool is_told(const struct passing *row, const uint8_t *value, size_t len) {
    uint64_t bits = 0;
    if (len < row->at + sizeof bits || len == LONG_VALUE)
        return true;
    memcpy(&bits, value + row->at, sizeof bits);
    return (bits & row->bits) != 0;
}

static bool has_no_bit(void *context, heng_str key, const uint8_t *value, size_t len) {
    assert_true(key.len > 0 && len != LONG_VALUE); /* which lies elsewhere */
    return !is_told(context, value, len);
}

static void put_passings(heng_store *store, const struct passing *row) {
    static uint8_t value[LONG_VALUE];
    MDB_txn *txn = NULL;
    heng_error error = {0};
    assert_int_equal(heng_db_begin(store, true, &txn, &error), HENG_OK);
    for (unsigned i = 0; i < row->rows; i++) {
        char text[64];
        size_t len = row->short_bytes != 0 && i % 5 == 0              ? row->short_bytes
                     : row->long_each != 0 && i % row->long_each == 0 ? LONG_VALUE
                                                                      : VALUE;
        uint64_t bits =
            i % row->set_each == 0 ? row->bits & (0 - row->bits) : ~row->bits;
        memset(value, 0xff, sizeof value); /* what lies beside them is not looked at */
        if (row->at + sizeof bits <= len)
            memcpy(value + row->at, &bits, sizeof bits);
        MDB_val key = heng_table_value(text, write_key(i, text));
        MDB_val bytes = heng_table_value(value, len);
        assert_int_equal(mdb_put(txn, store->tables[TABLE], &key, &bytes, 0), 0);
    }
    assert_int_equal(heng_db_commit(store, txn), 0);
}

/* From the first row on, or the one at `first`: what is handed out in turn with the
 * rows that LMDB has, up to the one at `end` (SIZE_MAX: all). Returns how many. */
static size_t pass_all(const struct passing *row, heng_leaves *leaves,
                       MDB_cursor *cursor, size_t first, size_t end) {
    heng_error error = {0};
    heng_status status = HENG_OK;
    heng_leaves_row got = {0};
    MDB_val key, value;
    char text[64];
    const char *end_key = NULL;
    size_t count = 0;
    if (end < row->rows) {
        heng_str last = {text, write_key((unsigned)end, text)};
        assert_int_equal(heng_leaves_look_up(leaves, last, &error), HENG_OK);
        assert_true(heng_leaves_next(leaves, &got, &status, &error));
        end_key = got.key.ptr;
    }
    heng_str from = {text, write_key((unsigned)first, text)};
    assert_int_equal(heng_leaves_look_up(leaves, from, &error), HENG_OK);
    key = heng_table_value(from.ptr, from.len);
    int code = mdb_cursor_get(cursor, &key, &value, MDB_SET_RANGE);
    for (;;) {
        heng_leaves_pass(leaves, has_no_bit, (void *)(uintptr_t)row, end_key);
        bool more = heng_leaves_next(leaves, &got, &status, &error);
        assert_int_equal(status, HENG_OK);
        if (!more || got.key.ptr == end_key)
            break;
        count++;
        while (code == 0 && (const char *)key.mv_data != got.key.ptr) {
            if (is_told(row, value.mv_data, value.mv_size))
                fail_msg("passed by %.*s", (int)key.mv_size, (char *)key.mv_data);
            code = mdb_cursor_get(cursor, &key, &value, MDB_NEXT);
        }
        assert_int_equal(code, 0);
        expect_row(&got, key, value);
        code = mdb_cursor_get(cursor, &key, &value, MDB_NEXT);
    }
    /* the rest of those before the end */
    for (; code == 0 && (const char *)key.mv_data != end_key;
         code = mdb_cursor_get(cursor, &key, &value, MDB_NEXT))
        assert_false(is_told(row, value.mv_data, value.mv_size));
    assert_int_equal(code == 0, end_key != NULL); /* the end itself was met */
    return count;
}

static void what_is_passed_by_has_no_bit(void **state) {
    const struct passing *row = *state;
    static const struct row none = {0};
    heng_store *store = NULL;
    MDB_txn *txn = NULL;
    MDB_cursor *cursor = NULL;
    heng_error error = {0};
    heng_leaves leaves;
    size_t told = 0, leaf_count = 1;
    make(&none);
    store = fixture_open(folder, HENG_STORE_WRITE);
    put_passings(store, row);
    assert_int_equal(heng_db_begin(store, false, &txn, &error), HENG_OK);
    assert_int_equal(mdb_cursor_open(txn, store->tables[TABLE], &cursor), 0);
    open_leaves(store, txn, &leaves);
    MDB_stat stat;
    MDB_val key, value;
    assert_int_equal(mdb_stat(txn, store->tables[TABLE], &stat), 0);
    leaf_count = stat.ms_leaf_pages;
    for (int code = mdb_cursor_get(cursor, &key, &value, MDB_FIRST); code == 0;
         code = mdb_cursor_get(cursor, &key, &value, MDB_NEXT))
        told += is_told(row, value.mv_data, value.mv_size);
    for (int sparse = 0; sparse < 2; sparse++) {
        leaves.is_sparse = sparse != 0;
        size_t count = pass_all(row, &leaves, cursor, 0, SIZE_MAX);
        /* at most one more a leaf: passing by ends where the leaf does */
        assert_true(count >= told && count <= told + leaf_count);
    }
    for (unsigned i = 1; i < 20 && row->rows > 20; i++) {
        size_t first = row->rows * (i % 4) / 7, end = row->rows * (i % 5 + 1) / 6 + i;
        if (first < end)
            (void)pass_all(row, &leaves, cursor, first, end);
    }
    mdb_cursor_close(cursor);
    done(store, txn);
}

/* ---- cuts ---- */

struct cuts {
    char keys[4000][64];
    size_t count;
    size_t room;
};

static bool add_cut(void *context, heng_str key) {
    struct cuts *cuts = context;
    if (cuts->count == cuts->room)
        return false;
    assert_true(key.len < 64);
    memcpy(cuts->keys[cuts->count], key.ptr, key.len);
    cuts->keys[cuts->count++][key.len] = '\0';
    return true;
}

static struct cuts cuts;

static void cuts_ascend_and_lose_nothing(void **state) {
    const struct row *row = *state;
    heng_store *store = NULL;
    MDB_txn *txn = NULL;
    heng_error error = {0};
    heng_leaves leaves;
    heng_leaves_row at;
    size_t total = 0, largest = 0;
    make_and_read(row, &store, &txn);
    open_leaves(store, txn, &leaves);
    cuts.count = 0;
    cuts.room = COUNT(cuts.keys);
    assert_int_equal(heng_leaves_cuts(&leaves, add_cut, &cuts, &error), HENG_OK);
    assert_int_equal(cuts.count > 0, leaves.depth > 1);
    for (size_t i = 0; i <= cuts.count; i++) {
        heng_status status = HENG_OK;
        size_t count = 0;
        heng_str after = i == 0 ? HENG_STR("") : heng_str_of(cuts.keys[i - 1]);
        if (i > 0 && i < cuts.count)
            assert_true(strcmp(cuts.keys[i - 1], cuts.keys[i]) < 0);
        assert_int_equal(heng_leaves_seek(&leaves, after, &error), HENG_OK);
        while (heng_leaves_next(&leaves, &at, &status, &error) &&
               (i == cuts.count ||
                heng_str_compare(at.key, heng_str_of(cuts.keys[i])) <= 0))
            count++;
        assert_int_equal(status, HENG_OK);
        total += count;
        largest = count > largest ? count : largest;
    }
    assert_int_equal(total, row->rows);
    if (leaves.depth == 2)
        assert_true(largest < 4 * 200); /* a few leaves */
    if (cuts.count > 0) {
        cuts.count = 0;
        cuts.room = 0;
        assert_int_equal(heng_leaves_cuts(&leaves, add_cut, &cuts, &error),
                         HENG_ERR_NOMEM);
    }
    done(store, txn);
}

/* ---- one state, whatever is written meanwhile ---- */

static void a_snapshot_stays(void **state) {
    (void)state;
    static const struct row first = {.rows = 3000, .value_bytes = 50, .long_each = 100};
    static const struct row more = {.rows = 4000, .value_bytes = 70, .long_each = 90};
    heng_error error = {0};
    heng_store *store = NULL;
    MDB_txn *txn = NULL, *later = NULL;
    MDB_cursor *cursor = NULL;
    heng_leaves leaves;
    make(&first);
    assert_int_equal(
        heng_db_open(folder, HENG_STORE_WRITE, 4 * MAP_BYTES, &store, &error), HENG_OK);
    assert_int_equal(heng_db_begin(store, false, &txn, &error), HENG_OK);
    open_leaves(store, txn, &leaves);
    put_rows(store, &more);
    assert_int_equal(mdb_cursor_open(txn, store->tables[TABLE], &cursor), 0);
    assert_int_equal(walk(&leaves, cursor, HENG_STR(""), SIZE_MAX), first.rows);
    mdb_cursor_close(cursor);
    assert_int_equal(heng_db_begin(store, false, &later, &error), HENG_OK);
    open_leaves(store, later, &leaves);
    assert_int_equal(mdb_cursor_open(later, store->tables[TABLE], &cursor), 0);
    assert_int_equal(walk(&leaves, cursor, HENG_STR(""), SIZE_MAX), more.rows);
    mdb_cursor_close(cursor);
    heng_db_abort(store, later);
    done(store, txn);
}

static void a_table_that_was_emptied_is_empty(void **state) {
    (void)state;
    static const struct row row = {.rows = 500, .value_bytes = 50};
    heng_error error = {0};
    heng_store *store = NULL;
    MDB_txn *txn = NULL;
    heng_leaves leaves;
    heng_leaves_row at;
    heng_status status = HENG_OK;
    make(&row);
    store = fixture_open(folder, HENG_STORE_WRITE);
    assert_int_equal(heng_db_begin(store, true, &txn, &error), HENG_OK);
    for (unsigned i = 0; i < row.rows; i++) {
        char text[64];
        MDB_val key = heng_table_value(text, write_key(i, text));
        assert_int_equal(mdb_del(txn, store->tables[TABLE], &key, NULL), 0);
    }
    assert_int_equal(heng_db_commit(store, txn), 0);
    assert_int_equal(heng_db_begin(store, false, &txn, &error), HENG_OK);
    open_leaves(store, txn, &leaves);
    assert_int_equal(heng_leaves_seek(&leaves, HENG_STR(""), &error), HENG_OK);
    assert_false(heng_leaves_next(&leaves, &at, &status, &error));
    assert_int_equal(status, HENG_OK);
    done(store, txn);
}

/* ---- damage ---- */

enum { FINE, DAMAGED, OTHERWISE };

/* All bytes are there; half of the rows are passed by. */
static bool ends_evenly(void *context, heng_str key, const uint8_t *value, size_t len) {
    unsigned sum = *(const unsigned *)context;
    for (size_t i = 0; i < key.len; i++)
        sum += (uint8_t)key.ptr[i];
    for (size_t i = 0; i < len; i++)
        sum += value[i];
    return sum % 2 == 0;
}

/* Reads all there is, byte by byte, in a child: what must not happen is that it dies.
 * `grown`: what the file's size becomes once it is open; 0: what it was. */
static int look(off_t grown) {
    static volatile uint8_t sum;
    heng_store *store = NULL;
    heng_error error = {0};
    MDB_txn *txn = NULL;
    heng_leaves leaves;
    heng_leaves_row row;
    heng_status statuses[5] = {HENG_OK, HENG_OK, HENG_OK, HENG_OK, HENG_OK};
    int result = FINE;
    if (heng_store_open(folder, HENG_STORE_READ, &store, &error) != HENG_OK ||
        heng_db_begin(store, false, &txn, &error) != HENG_OK)
        return OTHERWISE;
    if (grown != 0 && truncate(data_path, grown) != 0)
        return OTHERWISE;
    statuses[0] = heng_leaves_open(store, txn, TABLE, &leaves, &error);
    if (statuses[0] == HENG_OK)
        statuses[1] = heng_leaves_seek(&leaves, HENG_STR(""), &error);
    while (statuses[0] == HENG_OK && statuses[1] == HENG_OK &&
           heng_leaves_next(&leaves, &row, &statuses[1], &error)) {
        for (size_t i = 0; i < row.key.len; i++)
            sum = (uint8_t)(sum + (uint8_t)row.key.ptr[i]);
        for (size_t i = 0; i < row.len; i++)
            sum = (uint8_t)(sum + row.value[i]);
    }
    for (unsigned i = 0; statuses[0] == HENG_OK && i < 40; i++) {
        char text[64];
        heng_str key = {text, write_key(i * 100, text)};
        heng_status status = heng_leaves_seek(&leaves, key, &error);
        leaves.is_sparse = i % 2 != 0;
        for (int next = 0; next < 300 && status == HENG_OK; next++) {
            if (!heng_leaves_next(&leaves, &row, &status, &error))
                break;
        }
        statuses[2] = statuses[2] == HENG_OK ? status : statuses[2];
    }
    for (unsigned i = 0; statuses[0] == HENG_OK && i < 40; i++) {
        char text[64];
        heng_str key = {text, write_key(i * 700, text)};
        if (i % 3 == 0)
            heng_leaves_expect(&leaves, &key, 1);
        heng_status status = heng_leaves_look_up(&leaves, key, &error);
        for (int next = 0; next < 300 && status == HENG_OK; next++) {
            if (i % 2 == 0)
                heng_leaves_pass(&leaves, ends_evenly, &i, NULL);
            if (!heng_leaves_next(&leaves, &row, &status, &error))
                break;
        }
        statuses[4] = statuses[4] == HENG_OK ? status : statuses[4];
    }
    cuts.count = 0;
    cuts.room = COUNT(cuts.keys);
    if (statuses[0] == HENG_OK)
        statuses[3] = heng_leaves_cuts(&leaves, add_cut, &cuts, &error);
    for (size_t i = 0; i < COUNT(statuses); i++) {
        if (statuses[i] != HENG_OK && result != OTHERWISE)
            result = statuses[i] == HENG_ERR_STORE ? DAMAGED : OTHERWISE;
    }
    return result;
}

static int look_in_child(off_t grown) {
    int status = 0;
    (void)fflush(NULL);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        fixture_die_of_signals();
        _exit(look(grown));
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

/* Writes bytes into the file, calls look() and puts back what was there. */
static int look_at_damaged(off_t at, const void *bytes, size_t len) {
    uint8_t kept[64];
    int fd = open(data_path, O_RDWR);
    assert_true(fd >= 0 && len <= sizeof kept);
    assert_int_equal(pread(fd, kept, len, at), (ssize_t)len);
    assert_int_equal(pwrite(fd, bytes, len, at), (ssize_t)len);
    int result = look_in_child(0);
    assert_int_equal(pwrite(fd, kept, len, at), (ssize_t)len);
    assert_int_equal(close(fd), 0);
    return result;
}

static const struct row fewer_rows = {.rows = 10000, .value_bytes = 20};
static const struct row damaged_rows = {
    .rows = 30000, .value_bytes = 20, .long_each = 1000};

/* What is where, for damaging it. */
struct pages {
    uint64_t numbers[2000]; /* of the table, but for long values */
    size_t count;
    uint64_t root;
    uint64_t names; /* the page of the main table that names the table */
    off_t record;   /* the table's record in it */
    size_t bytes;
};

static struct pages pages;

static void add_page(uint64_t number) {
    for (size_t i = pages.count; i > 0; i--) {
        if (pages.numbers[i - 1] == number)
            return;
    }
    assert_true(pages.count < COUNT(pages.numbers));
    pages.numbers[pages.count++] = number;
}

/* Commits that touch little: the page that names the tables comes to lie before most of
 * the table's. */
static void commit_some(void) {
    heng_store *store = fixture_open(folder, HENG_STORE_WRITE);
    for (int i = 0; i < 6; i++) {
        MDB_txn *txn = NULL;
        heng_error error = {0};
        MDB_val key = heng_table_value("x", 1);
        MDB_val value = heng_table_value(&"abcdef"[i], 1);
        assert_int_equal(heng_db_begin(store, true, &txn, &error), HENG_OK);
        assert_int_equal(mdb_put(txn, store->tables[HENG_TABLE_TIE], &key, &value, 0),
                         0);
        assert_int_equal(heng_db_commit(store, txn), 0);
    }
    heng_store_close(store);
}

static int find_pages(void **state) {
    (void)state;
    heng_store *store = NULL;
    MDB_txn *txn = NULL;
    MDB_dbi names;
    MDB_val key, value;
    heng_error error = {0};
    heng_status status = HENG_OK;
    heng_leaves leaves;
    heng_leaves_row row;
    make(&fewer_rows);
    commit_some();
    store = fixture_open(folder, HENG_STORE_WRITE);
    put_rows(store, &damaged_rows);
    heng_store_close(store);
    commit_some();
    store = fixture_open(folder, HENG_STORE_READ);
    assert_int_equal(heng_db_begin(store, false, &txn, &error), HENG_OK);
    open_leaves(store, txn, &leaves);
    pages = (struct pages){.root = leaves.root, .bytes = leaves.page_bytes};
    assert_int_equal(heng_leaves_seek(&leaves, HENG_STR(""), &error), HENG_OK);
    while (heng_leaves_next(&leaves, &row, &status, &error)) {
        for (size_t i = 0; i < leaves.depth; i++)
            add_page((uint64_t)(leaves.levels[i].page - leaves.map) /
                     leaves.page_bytes);
    }
    assert_true(pages.count > 100 && leaves.depth == 3);
    key = heng_table_value(heng_table_name(TABLE), strlen(heng_table_name(TABLE)));
    assert_int_equal(mdb_dbi_open(txn, NULL, 0, &names), 0);
    assert_int_equal(mdb_get(txn, names, &key, &value), 0);
    pages.record = (off_t)((const uint8_t *)value.mv_data - leaves.map);
    pages.names = (uint64_t)pages.record / leaves.page_bytes;
    heng_db_abort(store, txn);
    heng_store_close(store);
    assert_int_equal(look_in_child(0), FINE);
    return 0;
}

static int remove_folder(void **state) {
    (void)state;
    fixture_remove(folder);
    return 0;
}

static void no_damaged_page_ends_the_process(void **state) {
    (void)state;
    uint64_t random = 29;
    unsigned seen[2] = {0};
    for (int round = 0; round < 500; round++) {
        uint64_t page = pages.numbers[fixture_random(&random) % pages.count];
        uint64_t inside = fixture_random(&random) %
                          (round % 2 == 0 ? 64 : pages.bytes); /* heads more often */
        if (round % 5 == 0)
            page = pages.root;
        off_t at = (off_t)(page * pages.bytes + inside);
        uint8_t byte = (uint8_t)fixture_random(&random);
        int got = look_at_damaged(at, &byte, 1);
        if (got != FINE && got != DAMAGED)
            fail_msg("0x%02x at %jd of page %ju: %d", byte, (intmax_t)inside,
                     (uintmax_t)page, got);
        seen[got]++;
    }
    assert_true(seen[FINE] > 50 && seen[DAMAGED] > 50);
}

/* The one place from which it is told where the map lies. */
static void a_wrong_number_of_the_naming_page_is_damage(void **state) {
    (void)state;
    const uint64_t numbers[] = {0,
                                1,
                                pages.names - 1,
                                pages.names + 1,
                                pages.root,
                                pages.names + 100000,
                                UINT64_MAX,
                                (uint64_t)1 << 52};
    for (size_t i = 0; i < COUNT(numbers); i++)
        assert_int_equal(look_at_damaged((off_t)(pages.names * pages.bytes),
                                         &numbers[i], sizeof numbers[i]),
                         DAMAGED);
}

static void a_wrong_root_or_depth_is_damage(void **state) {
    (void)state;
    enum { DEPTH_AT = 6, ROOT_AT = 40 };
    const uint64_t roots[] = {
        0, 1, pages.names, pages.root + 1, 1 << 20, UINT64_MAX - 1};
    const uint16_t depths[] = {1, 2, 4, 32, 33, 65535};
    for (size_t i = 0; i < COUNT(roots); i++)
        assert_int_equal(
            look_at_damaged(pages.record + ROOT_AT, &roots[i], sizeof roots[i]),
            DAMAGED);
    for (size_t i = 0; i < COUNT(depths); i++)
        assert_int_equal(
            look_at_damaged(pages.record + DEPTH_AT, &depths[i], sizeof depths[i]),
            DAMAGED);
}

/* A page inside the file, but behind what this process has mapped: another process has
 * made the store grow. */
static void a_page_behind_the_map_is_damage(void **state) {
    (void)state;
    enum { FIRST_POINTER_AT = 16 };
    const off_t grown = (off_t)1
                        << 36; /* a hole; so far that nothing is mapped there */
    uint64_t far = (uint64_t)grown / 2 / pages.bytes;
    const uint16_t child[3] = {(uint16_t)far, (uint16_t)(far >> 16),
                               (uint16_t)(far >> 32)};
    uint16_t node = 0;
    uint16_t kept[3];
    struct stat info;
    assert_int_equal(stat(data_path, &info), 0);
    int fd = open(data_path, O_RDWR);
    off_t root = (off_t)(pages.root * pages.bytes);
    assert_int_equal(pread(fd, &node, sizeof node, root + FIRST_POINTER_AT),
                     (ssize_t)sizeof node);
    assert_int_equal(pread(fd, kept, sizeof kept, root + node), (ssize_t)sizeof kept);
    assert_int_equal(pwrite(fd, child, sizeof child, root + node),
                     (ssize_t)sizeof child);
    assert_int_equal(look_in_child(grown), DAMAGED);
    assert_int_equal(pwrite(fd, kept, sizeof kept, root + node), (ssize_t)sizeof kept);
    assert_int_equal(look_in_child(grown), FINE);
    assert_int_equal(ftruncate(fd, info.st_size), 0);
    assert_int_equal(close(fd), 0);
}

static void a_file_that_was_cut_is_damage(void **state) {
    (void)state;
    struct stat info;
    assert_int_equal(stat(data_path, &info), 0);
    uint8_t *kept = malloc((size_t)info.st_size);
    int fd = open(data_path, O_RDWR);
    assert_true(kept != NULL && fd >= 0);
    assert_int_equal(pread(fd, kept, (size_t)info.st_size, 0), info.st_size);
    /* Behind the pages that LMDB reads itself. */
    uint64_t last = 0;
    for (size_t i = 0; i < pages.count; i++)
        last = pages.numbers[i] > last ? pages.numbers[i] : last;
    assert_true(last > pages.names);
    assert_int_equal(look_in_child((off_t)(last * pages.bytes)), DAMAGED);
    assert_int_equal(pwrite(fd, kept, (size_t)info.st_size, 0), info.st_size);
    assert_int_equal(look_in_child(0), FINE);
    assert_int_equal(close(fd), 0);
    free(kept);
}

int main(void) {
    struct CMUnitTest tests[3 * COUNT(rows) + COUNT(passings) + 7];
    const struct CMUnitTest others[] = {
        cmocka_unit_test(a_snapshot_stays),
        cmocka_unit_test(a_table_that_was_emptied_is_empty),
#define DAMAGING(name) cmocka_unit_test_setup_teardown(name, find_pages, remove_folder)
        DAMAGING(no_damaged_page_ends_the_process),
        DAMAGING(a_wrong_number_of_the_naming_page_is_damage),
        DAMAGING(a_wrong_root_or_depth_is_damage),
        DAMAGING(a_page_behind_the_map_is_damage),
        DAMAGING(a_file_that_was_cut_is_damage),
    };
    size_t count = 0;
    for (size_t i = 0; i < COUNT(rows); i++) {
        tests[count++] = ROW_TEST(&rows[i], the_cursor_agrees);
        tests[count++] = ROW_TEST(&rows[i], a_look_up_finds_what_lmdb_finds);
        tests[count++] = ROW_TEST(&rows[i], cuts_ascend_and_lose_nothing);
    }
    for (size_t i = 0; i < COUNT(passings); i++)
        tests[count++] = ROW_TEST(&passings[i], what_is_passed_by_has_no_bit);
    for (size_t i = 0; i < COUNT(others); i++)
        tests[count++] = others[i];
    return check_run("store/leaves", tests, count, NULL, NULL);
}
