/* SPDX-License-Identifier: Apache-2.0 */
/*
 * bench_import.c: how fast lines of NDJSON become a store, against mdb_put alone of the
 * very same keys and values, sorted, in as many transactions; and a scan of the store
 * against a bare cursor over the same table.
 *
 * Lines are made up in memory first: one subject in eight has records (1 to 4), one in
 * four a relation, one record in four a party. Subjects come in the order of their ids,
 * as a register's dump does, or shuffled.
 */
#include <dirent.h>
#include <lmdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/buffer.h"
#include "heng/store.h"
#include "model/catalog.h"
#include "store/scan.h"
#include "store/table.h"

enum { ROUNDS = 5 };

static double now(void) {
    struct timespec time;
    (void)clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static void die(const char *what, const char *why) {
    (void)fprintf(stderr, "bench_import: %s: %s\n", what, why);
    exit(1);
}

/* ---- lines ---- */

static uint64_t random_state = 88172645463325252U;

static uint64_t next_random(void) {
    random_state ^= random_state << 13;
    random_state ^= random_state >> 7;
    random_state ^= random_state << 17;
    return random_state;
}

static void add_subject(heng_buffer *to, uint64_t number) {
    (void)heng_buffer_add_format(
        to,
        "{\"type\":\"subject\",\"id\":\"E-91430100MA%09ju\",\"kind\":\"legal_person\","
        "\"name\":\"湖南第%ju号商贸有限公司\",\"region\":\"4301%02u\",\"industry\":"
        "\"E4710\",\"established_on\":\"20%02u-03-02\",\"status\":\"active\"",
        (uintmax_t)number, (uintmax_t)number, (unsigned)(next_random() % 20),
        (unsigned)(10 + next_random() % 14));
    if (next_random() % 4 == 0) {
        (void)heng_buffer_add_format(
            to,
            ",\"relations\":[{\"role\":\"legal_representative\",\"id\":\"P-%07ju\"}]",
            (uintmax_t)(next_random() % 5000000));
    }
    (void)heng_buffer_add_text(to, "}\n");
}

static void add_record(heng_buffer *to, uint64_t number, unsigned index) {
    (void)heng_buffer_add_format(
        to,
        "{\"type\":\"record\",\"id\":\"HN-TAX-2024-%09ju-%u\",\"subject\":"
        "\"E-91430100MA%09ju\",\"category\":\"tax.major_violation\",\"authority\":"
        "\"国家税务总局长沙市税务局\",\"document_no\":\"长税稽罚〔2024〕%u号\","
        "\"decided_on\":\"2024-%02u-15\",\"effective_on\":\"2024-12-15\",\"expires_"
        "on\":"
        "\"2027-03-15\",\"status\":\"active\",\"attributes\":{\"amount\":\"%u.00\","
        "\"case_kind\":\"evasion\"}",
        (uintmax_t)number, index, (uintmax_t)number, (unsigned)(next_random() % 1000),
        (unsigned)(1 + next_random() % 12), (unsigned)(next_random() % 10000000));
    if (next_random() % 4 == 0) {
        (void)heng_buffer_add_format(
            to, ",\"parties\":[{\"role\":\"responsible\",\"id\":\"P-%07ju\"}]",
            (uintmax_t)(next_random() % 5000000));
    }
    (void)heng_buffer_add_text(to, "}\n");
}

static heng_buffer make_lines(uint64_t subjects, bool shuffled) {
    heng_buffer lines;
    heng_buffer_init(&lines, (size_t)1 << 34);
    for (uint64_t i = 0; i < subjects; i++) {
        /* a fixed permutation: an odd factor below the power of ten that ids have */
        uint64_t number = shuffled ? i * 777767777 % 1000000007 : i;
        add_subject(&lines, number);
        unsigned records =
            next_random() % 8 == 0 ? 1 + (unsigned)(next_random() % 4) : 0;
        for (unsigned r = 0; r < records; r++) {
            add_record(&lines, number, r);
        }
    }
    if (heng_buffer_status(&lines) != HENG_OK)
        die("lines", "out of memory");
    return lines;
}

/* ---- import ---- */

static const heng_catalog *catalog(void) {
    static heng_attribute attributes[] = {
        {.name = {"amount", 6}, .type = HENG_ATTRIBUTE_DECIMAL, .required = true},
        {.name = {"case_kind", 9}, .type = HENG_ATTRIBUTE_STRING},
    };
    static heng_category categories[] = {{.id = {"tax.major_violation", 19},
                                          .nature = HENG_NATURE_ADVERSE,
                                          .provider = {"税务机关", 12},
                                          .attributes = attributes,
                                          .attribute_count = 2}};
    static heng_role roles[] = {{.id = {"legal_representative", 20}},
                                {.id = {"responsible", 11}}};
    static const heng_catalog result = {
        .categories = categories, .category_count = 1, .roles = roles, .role_count = 2};
    return &result;
}

static size_t read_lines(void *context, char *buffer, size_t size) {
    heng_str *left = context;
    size_t len = left->len < size ? left->len : size;
    memcpy(buffer, left->ptr, len);
    left->ptr += len;
    left->len -= len;
    return len;
}

static heng_time_ms clock_now(void *context) {
    (void)context;
    return (heng_time_ms)(now() * 1000);
}

static double import(const char *path, heng_str lines, bool one_thread,
                     heng_import_counts *counts) {
    heng_store *store = NULL;
    heng_import *import = NULL;
    heng_error error = {0};
    heng_import_options options = {
        .catalog = catalog(), .now = clock_now, .one_thread = one_thread};
    if (heng_store_open(path, HENG_STORE_CREATE, &store, &error) != HENG_OK)
        die(path, error.text);
    double start = now();
    if (heng_import_begin(store, &options, &import, &error) != HENG_OK ||
        heng_import_read(import, "lines", read_lines, &lines, &error) != HENG_OK)
        die(path, error.text);
    (void)heng_import_end(import, counts, &error);
    double seconds = now() - start;
    heng_store_close(store);
    if (counts->rejects != 0)
        die(path, "lines were rejected");
    return seconds;
}

/* ---- the same values, put ---- */

struct row {
    int table;
    MDB_val key, value; /* in the map of the store */
};

struct rows {
    struct row *items;
    size_t count, room;
};

static MDB_env *open_env(const char *path, unsigned flags) {
    MDB_env *env = NULL;
    if (mdb_env_create(&env) != 0 || mdb_env_set_maxdbs(env, HENG_TABLE_MOST) != 0 ||
        mdb_env_set_mapsize(env, (size_t)1 << 36) != 0 ||
        mdb_env_open(env, path, flags, 0666) != 0)
        die(path, "LMDB does not open it");
    return env;
}

static void list_table(MDB_txn *txn, int table, struct rows *rows) {
    MDB_dbi dbi = 0;
    MDB_cursor *cursor = NULL;
    struct row row = {.table = table};
    if (mdb_dbi_open(txn, heng_table_name((heng_table)table), 0, &dbi) != 0 ||
        mdb_cursor_open(txn, dbi, &cursor) != 0)
        die(heng_table_name((heng_table)table), "LMDB does not open it");
    while (mdb_cursor_get(cursor, &row.key, &row.value, MDB_NEXT) == 0) {
        if (rows->count == rows->room) {
            rows->room = rows->room == 0 ? 1024 : rows->room * 2;
            rows->items = realloc(rows->items, rows->room * sizeof *rows->items);
            if (rows->items == NULL)
                die("rows", "out of memory");
        }
        rows->items[rows->count++] = row;
    }
    mdb_cursor_close(cursor);
}

/* Seconds of putting all rows, table by table, in `commits` transactions. */
static double put_all(const char *from, const char *to, uint64_t commits) {
    struct rows rows = {0};
    MDB_env *source = open_env(from, MDB_RDONLY);
    MDB_txn *read = NULL;
    if (mdb_txn_begin(source, NULL, MDB_RDONLY, &read) != 0)
        die(from, "LMDB does not read it");
    for (int i = 0; i < HENG_TABLE_COUNT; i++) {
        list_table(read, i, &rows);
    }
    MDB_env *env = open_env(to, 0);
    MDB_dbi tables[HENG_TABLE_COUNT] = {0};
    double start = now();
    size_t at = 0;
    for (uint64_t commit = 1; commit <= commits; commit++) {
        MDB_txn *txn = NULL;
        size_t end = rows.count * commit / commits;
        if (mdb_txn_begin(env, NULL, 0, &txn) != 0)
            die(to, "LMDB does not write it");
        for (int i = 0; i < HENG_TABLE_COUNT && commit == 1; i++) {
            if (mdb_dbi_open(txn, heng_table_name((heng_table)i), MDB_CREATE,
                             &tables[i]) != 0)
                die(to, "LMDB does not write it");
        }
        for (; at < end; at++) {
            struct row *row = &rows.items[at];
            if (mdb_put(txn, tables[row->table], &row->key, &row->value, 0) != 0)
                die(to, "LMDB does not write it");
        }
        if (mdb_txn_commit(txn) != 0)
            die(to, "LMDB does not write it");
    }
    double seconds = now() - start;
    mdb_env_close(env);
    mdb_txn_abort(read);
    mdb_env_close(source);
    free(rows.items);
    return seconds;
}

/* ---- scans ---- */

static double bare_scan(const char *path, const char *table, uint64_t *ret_count) {
    MDB_env *env = open_env(path, MDB_RDONLY);
    MDB_txn *txn = NULL;
    MDB_dbi dbi = 0;
    MDB_cursor *cursor = NULL;
    MDB_val key;
    MDB_val value;
    uint64_t count = 0;
    uint64_t sum = 0;
    if (mdb_txn_begin(env, NULL, MDB_RDONLY, &txn) != 0 ||
        mdb_dbi_open(txn, table, 0, &dbi) != 0 ||
        mdb_cursor_open(txn, dbi, &cursor) != 0)
        die(path, "LMDB does not read it");
    double start = now();
    while (mdb_cursor_get(cursor, &key, &value, MDB_NEXT) == 0) {
        count++;
        sum += *(const uint8_t *)value.mv_data; /* the page is touched */
    }
    double seconds = now() - start;
    mdb_cursor_close(cursor);
    mdb_txn_abort(txn);
    mdb_env_close(env);
    *ret_count = count + (sum == 1 ? 0 : 0);
    return seconds;
}

static double heng_scan_all(const char *path, unsigned what, uint64_t *ret_count) {
    heng_store *store = NULL;
    heng_view *view = NULL;
    heng_scan *scan = NULL;
    heng_error error = {0};
    const heng_snapshot *snapshot = NULL;
    uint64_t count = 0;
    if (heng_store_open(path, HENG_STORE_READ, &store, &error) != HENG_OK ||
        heng_view_open(store, &view, &error) != HENG_OK ||
        heng_scan_open(view, what, &scan, &error) != HENG_OK ||
        heng_scan_range(scan, HENG_STR(""), HENG_STR(""), NULL, 0, &error) != HENG_OK)
        die(path, error.text);
    double start = now();
    while (heng_scan_next(scan, &snapshot, &error) == HENG_OK && snapshot != NULL) {
        count++;
    }
    double seconds = now() - start;
    heng_scan_close(scan);
    heng_view_close(view);
    heng_store_close(store);
    *ret_count = count;
    return seconds;
}

/* ---- the whole ---- */

static int compare(const void *a, const void *b) {
    const double *left = a;
    const double *right = b;
    return (*left > *right) - (*left < *right);
}

static double median(double *values) {
    qsort(values, ROUNDS, sizeof *values, compare);
    return values[ROUNDS / 2];
}

static void clear(const char *path) {
    char file[4200];
    static const char *const NAMES[] = {"data.mdb", "lock.mdb", "writer.lock"};
    for (size_t i = 0; i < 3; i++) {
        (void)snprintf(file, sizeof file, "%s/%s", path, NAMES[i]);
        (void)unlink(file);
    }
}

static char *folder(void) {
    static char text[2][64];
    static int used;
    char *path = text[used++];
    (void)snprintf(path, sizeof text[0], "%s", "/tmp/heng-bench-XXXXXX");
    if (mkdtemp(path) == NULL)
        die(path, "cannot be made");
    return path;
}

static void run(uint64_t subjects, bool shuffled, const char *store,
                const char *other) {
    const char *order = shuffled ? "shuffled" : "sorted";
    heng_buffer lines = make_lines(subjects, shuffled);
    double with[ROUNDS];
    double alone[ROUNDS];
    double puts[ROUNDS];
    heng_import_counts counts = {0};
    for (int round = 0; round < ROUNDS; round++) {
        clear(store);
        alone[round] = import(store, heng_buffer_view(&lines), true, &counts);
        clear(store);
        with[round] = import(store, heng_buffer_view(&lines), false, &counts);
        clear(other);
        puts[round] = put_all(store, other, counts.commits);
        (void)printf("BenchmarkImport/%s/heng 1 %.0f ns/op\n", order,
                     with[round] * 1e9 / (double)counts.lines);
        (void)printf("BenchmarkImport/%s/one-thread 1 %.0f ns/op\n", order,
                     alone[round] * 1e9 / (double)counts.lines);
        (void)printf("BenchmarkImport/%s/mdb_put 1 %.0f ns/op\n", order,
                     puts[round] * 1e9 / (double)counts.lines);
    }
    heng_buffer_done(&lines);
    double base = median(puts);
    (void)printf(
        "import of %ju lines, %s, in %ju commits: %.0f lines/s, %.2f of the rate "
        "of mdb_put (one thread: %.2f); bar 0.30\n",
        (uintmax_t)counts.lines, order, (uintmax_t)counts.commits,
        (double)counts.lines / median(with), base / median(with), base / median(alone));
}

static void scans(const char *store) {
    double bare[ROUNDS];
    double all[ROUNDS];
    double records[ROUNDS];
    uint64_t subjects = 0;
    uint64_t seen = 0;
    uint64_t dossiers = 0;
    for (int round = 0; round < ROUNDS; round++) {
        bare[round] = bare_scan(store, "subject", &subjects);
        all[round] = heng_scan_all(store, HENG_SCAN_ALL, &seen);
        records[round] = heng_scan_all(store, 0, &dossiers);
    }
    double base = median(bare);
    (void)printf("scan of %ju subjects: %.0f ns each bare; all snapshots %.2f of its "
                 "rate; the %ju with records %.2f of it\n",
                 (uintmax_t)subjects, base * 1e9 / (double)subjects, base / median(all),
                 (uintmax_t)dossiers, base / median(records));
}

int main(int argc, char **argv) {
    uint64_t subjects = argc > 1 ? strtoull(argv[1], NULL, 10) : 200000;
    const char *store = folder();
    const char *other = folder();
    run(subjects, false, store, other);
    scans(store);
    run(subjects, true, store, other);
    clear(store);
    clear(other);
    (void)rmdir(store);
    (void)rmdir(other);
    return 0;
}
