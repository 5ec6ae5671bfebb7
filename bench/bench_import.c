/* SPDX-License-Identifier: Apache-2.0 */
/*
 * bench_import.c: how fast lines of NDJSON become a store, against mdb_put alone of the
 * very same keys and values, sorted, in as many transactions; and a scan of the store
 * against a bare cursor over the same table.
 *
 * Lines are made up in memory first: one subject in eight has records (1 to 4), one in
 * four a relation, one record in four a party. Subjects come in the order of their ids,
 * as a register's dump does, or shuffled. The import uses two threads and both sides
 * wait for the disk, so times are those of the wall clock; mdb_put is timed twice a
 * round for the noise.
 */
#include <inttypes.h>
#include <lmdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buffer.h"
#include "heng/store.h"
#include "made_store.h"
#include "measure.h"
#include "model/catalog.h"
#include "store/scan.h"
#include "store/table.h"

static const char ABOUT[] =
    "Importing NDJSON against mdb_put alone of the same values, sorted.";

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
        heng_measure_die("lines", "out of memory");
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
    return (heng_time_ms)(heng_measure_now().seconds[HENG_CLOCK_WALL] * 1000);
}

static void clear(const char *path) {
    static const char *const NAMES[] = {"data.mdb", "lock.mdb", "writer.lock"};
    for (size_t i = 0; i < sizeof NAMES / sizeof NAMES[0]; i++) {
        char file[1024];
        (void)snprintf(file, sizeof file, "%s/%s", path, NAMES[i]);
        (void)unlink(file);
    }
}

static void time_import(const char *path, heng_str lines, bool one_thread,
                        heng_series *series, heng_import_counts *counts) {
    heng_store *store = NULL;
    heng_import *import = NULL;
    heng_error error = {0};
    heng_import_options options = {
        .catalog = catalog(), .now = clock_now, .one_thread = one_thread};
    clear(path);
    if (heng_store_open(path, HENG_STORE_CREATE, &store, &error) != HENG_OK)
        heng_measure_die(path, error.text);
    heng_instant start = heng_measure_now();
    if (heng_import_begin(store, &options, &import, &error) != HENG_OK ||
        heng_import_read(import, "lines", read_lines, &lines, &error) != HENG_OK ||
        heng_import_end(import, counts, &error) != HENG_OK)
        heng_measure_die(path, error.text);
    heng_measure_add(series, start, counts->lines);
    heng_store_close(store);
    if (counts->rejects != 0)
        heng_measure_die(path, "lines were rejected");
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
        heng_measure_die(path, "LMDB does not open it");
    return env;
}

static void list_table(MDB_txn *txn, int table, struct rows *rows) {
    MDB_dbi dbi = 0;
    MDB_cursor *cursor = NULL;
    struct row row = {.table = table};
    if (mdb_dbi_open(txn, heng_table_name((heng_table)table), 0, &dbi) != 0 ||
        mdb_cursor_open(txn, dbi, &cursor) != 0)
        heng_measure_die(heng_table_name((heng_table)table), "LMDB does not open it");
    while (mdb_cursor_get(cursor, &row.key, &row.value, MDB_NEXT) == 0) {
        if (rows->count == rows->room) {
            rows->room = rows->room == 0 ? 1024 : rows->room * 2;
            rows->items = realloc(rows->items, rows->room * sizeof *rows->items);
            if (rows->items == NULL)
                heng_measure_die("rows", "out of memory");
        }
        rows->items[rows->count++] = row;
    }
    mdb_cursor_close(cursor);
}

/* Puts all rows, table by table, in as many transactions as the import made. */
static void time_put(const char *from, const char *to, const heng_import_counts *counts,
                     heng_series *series) {
    struct rows rows = {0};
    MDB_env *source = open_env(from, MDB_RDONLY);
    MDB_txn *read = NULL;
    if (mdb_txn_begin(source, NULL, MDB_RDONLY, &read) != 0)
        heng_measure_die(from, "LMDB does not read it");
    for (int i = 0; i < HENG_TABLE_COUNT; i++) {
        list_table(read, i, &rows);
    }
    clear(to);
    MDB_env *env = open_env(to, 0);
    MDB_dbi tables[HENG_TABLE_COUNT] = {0};
    heng_instant start = heng_measure_now();
    size_t at = 0;
    for (uint64_t commit = 1; commit <= counts->commits; commit++) {
        MDB_txn *txn = NULL;
        size_t end = rows.count * commit / counts->commits;
        if (mdb_txn_begin(env, NULL, 0, &txn) != 0)
            heng_measure_die(to, "LMDB does not write it");
        for (int i = 0; i < HENG_TABLE_COUNT && commit == 1; i++) {
            if (mdb_dbi_open(txn, heng_table_name((heng_table)i), MDB_CREATE,
                             &tables[i]) != 0)
                heng_measure_die(to, "LMDB does not write it");
        }
        for (; at < end; at++) {
            struct row *row = &rows.items[at];
            if (mdb_put(txn, tables[row->table], &row->key, &row->value, 0) != 0)
                heng_measure_die(to, "LMDB does not write it");
        }
        if (mdb_txn_commit(txn) != 0)
            heng_measure_die(to, "LMDB does not write it");
    }
    heng_measure_add(series, start, counts->lines);
    mdb_env_close(env);
    mdb_txn_abort(read);
    mdb_env_close(source);
    free(rows.items);
}

/* ---- scans ---- */

static void time_bare_scan(const char *path, heng_series *series) {
    heng_bare bare = {.env = open_env(path, MDB_RDONLY)};
    MDB_stat stat;
    if (mdb_txn_begin(bare.env, NULL, MDB_RDONLY, &bare.txn) != 0 ||
        mdb_dbi_open(bare.txn, "subject", 0, &bare.dbi) != 0 ||
        mdb_stat(bare.txn, bare.dbi, &stat) != 0)
        heng_measure_die(path, "LMDB does not read it");
    heng_instant start = heng_measure_now();
    heng_bare_scan(&bare, stat.ms_entries);
    heng_measure_add(series, start, stat.ms_entries);
    mdb_txn_abort(bare.txn);
    mdb_env_close(bare.env);
}

static void time_heng_scan(const char *path, unsigned what, uint64_t subjects,
                           heng_series *series) {
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
        heng_measure_die(path, error.text);
    heng_instant start = heng_measure_now();
    while (heng_scan_next(scan, &snapshot, &error) == HENG_OK && snapshot != NULL)
        count++;
    heng_measure_add(series, start, subjects); /* a subject of the market, met or not */
    heng_scan_close(scan);
    heng_view_close(view);
    heng_store_close(store);
    if ((what & HENG_SCAN_ALL) != 0 && count != subjects)
        heng_measure_die(path, "the scan met another number of subjects");
}

/* ---- the whole ---- */

static void name_series(heng_series *series, const heng_measure_options *options,
                        const char *what, const char *order) {
    *series = (heng_series){0};
    (void)snprintf(series->name, sizeof series->name,
                   "Import/side=%s/order=%s/subjects=%" PRIu64, what, order,
                   options->subjects);
}

enum { ALL_CORES, ONE_THREAD, PUT, PUT_AGAIN, SIDES };

static void run(const heng_measure_options *options, bool shuffled, const char *store,
                const char *other) {
    static const char *const NAMES[SIDES] = {"heng", "heng-one-thread", "mdb_put",
                                             "mdb_put-again"};
    const char *order = shuffled ? "shuffled" : "sorted";
    heng_buffer lines = make_lines(options->subjects, shuffled);
    heng_series series[SIDES];
    heng_import_counts counts = {0};
    char name[64];
    for (int i = 0; i < SIDES; i++)
        name_series(&series[i], options, NAMES[i], order);
    for (size_t round = 0; round < options->rounds; round++) {
        time_import(store, heng_buffer_view(&lines), true, &series[ONE_THREAD],
                    &counts);
        time_import(store, heng_buffer_view(&lines), false, &series[ALL_CORES],
                    &counts);
        time_put(store, other, &counts, &series[PUT]);
        time_put(store, other, &counts, &series[PUT_AGAIN]);
    }
    heng_buffer_done(&lines);
    if (!options->benchstat)
        printf("# %s: %" PRIu64 " lines in %" PRIu64 " commits\n", order, counts.lines,
               counts.commits);
    (void)snprintf(name, sizeof name, "import, %s: rate / mdb_put", order);
    heng_row row = {name,     &series[PUT],    &series[ALL_CORES], "mdb_put",
                    "import", HENG_CLOCK_WALL, HENG_BAR_LEAST,     0.3};
    heng_measure_tell(options, &row);
    row = (heng_row){"  the same, one thread",
                     &series[PUT],
                     &series[ONE_THREAD],
                     "mdb_put",
                     "import",
                     HENG_CLOCK_WALL,
                     HENG_BAR_NONE,
                     0};
    heng_measure_tell(options, &row);
    for (int i = 0; i < SIDES; i++)
        heng_measure_print(options, &series[i]);
    heng_measure_tell_noise(options, &series[PUT], &series[PUT_AGAIN]);
}

enum { BARE, EVERYBODY, WITH_RECORDS, SCANS };

static void scan(const heng_measure_options *options, const char *store) {
    static const char *const NAMES[SCANS] = {"scan", "heng-scan-all",
                                             "heng-scan-records"};
    heng_series series[SCANS];
    for (int i = 0; i < SCANS; i++)
        name_series(&series[i], options, NAMES[i], "sorted");
    for (size_t round = 0; round < options->rounds; round++) {
        time_bare_scan(store, &series[BARE]);
        time_heng_scan(store, HENG_SCAN_ALL, options->subjects, &series[EVERYBODY]);
        time_heng_scan(store, 0, options->subjects, &series[WITH_RECORDS]);
    }
    const heng_row rows[] = {
        {"snapshots of everybody: rate / bare scan", &series[BARE], &series[EVERYBODY],
         "scan", "heng", HENG_CLOCK_CPU, HENG_BAR_NONE, 0},
        {"snapshots of those with records: rate / bare scan", &series[BARE],
         &series[WITH_RECORDS], "scan", "heng", HENG_CLOCK_CPU, HENG_BAR_NONE, 0},
    };
    heng_measure_tell(options, &rows[0]);
    heng_measure_tell(options, &rows[1]);
    for (int i = 0; i < SCANS; i++)
        heng_measure_print(options, &series[i]);
}

int main(int argc, char **argv) {
    heng_measure_options options = {.subjects = 100000, .rounds = 5, .rules = "rules"};
    heng_made_folder folder;
    char store[600];
    char other[600];
    heng_measure_options_read(&options, ABOUT, argc, argv);
    heng_made_folder_open(&folder);
    (void)snprintf(store, sizeof store, "%s/store", folder.path);
    (void)snprintf(other, sizeof other, "%s/other", folder.path);
    if (mkdir(store, 0700) != 0 || mkdir(other, 0700) != 0)
        heng_measure_die(folder.path, "cannot be written to");
    run(&options, false, store, other);
    scan(&options, store);
    run(&options, true, store, other);
    heng_made_folder_close(&folder);
    return 0;
}
