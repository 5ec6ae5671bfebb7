/* SPDX-License-Identifier: Apache-2.0 */
/* Opening and making stores: each way in which that cannot be says what to do. Growing,
 * writers and readers at once, full disks. */
#include <errno.h>
#include <fcntl.h>
#include <lmdb.h>
#include <pthread.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>

#include "store/fixture.h"

#include "store/db.h"
#include "store/table.h"

static char *folder;

static int setup(void **state) {
    (void)state;
    folder = fixture_folder();
    return 0;
}

static int teardown(void **state) {
    (void)state;
    fixture_remove(folder);
    return 0;
}

/* Opening must fail; the folder's name is left out of what is said. */
static void expect_failure(const char *path, heng_store_mode mode, heng_status want,
                           const char *text) {
    heng_store *store = NULL;
    heng_error error = {0};
    heng_status got = heng_store_open(path, mode, &store, &error);
    assert_null(store);
    fixture_expect(error.text, text);
    assert_int_equal(got, want);
}

static void make(const char *path) {
    heng_buffer text;
    heng_store *store = fixture_open(path, HENG_STORE_CREATE);
    heng_buffer_init(&text, 1 << 20);
    fixture_make(&text, 1, 2000, 300);
    (void)fixture_import(store, 1, text.bytes);
    heng_buffer_done(&text);
    heng_store_close(store);
}

static void write_file(const char *name, const char *bytes) {
    char path[1024];
    FILE *file = fopen(fixture_inside(folder, name, path, sizeof path), "wb");
    assert_non_null(file);
    assert_true(fputs(bytes, file) >= 0);
    assert_int_equal(fclose(file), 0);
}

static void what_is_not_there_is_not_found(void **state) {
    (void)state;
    char path[1024];
    static const char TEXT[] =
        "there is no store here; `heng import` makes one, or name "
        "another folder with --db or HENG_DB";
    expect_failure(folder, HENG_STORE_READ, HENG_ERR_NOT_FOUND, TEXT);
    expect_failure(folder, HENG_STORE_WRITE, HENG_ERR_NOT_FOUND, TEXT);
    expect_failure(fixture_inside(folder, "none", path, sizeof path), HENG_STORE_READ,
                   HENG_ERR_NOT_FOUND, TEXT);
    expect_failure(fixture_inside(folder, "none/none", path, sizeof path),
                   HENG_STORE_CREATE, HENG_ERR_NOT_FOUND,
                   "cannot make a folder for the store: there is nothing of this name; "
                   "check the path");
}

static void a_store_is_made_in_a_new_or_an_empty_folder(void **state) {
    (void)state;
    char path[1024];
    heng_store_close(fixture_open(folder, HENG_STORE_CREATE));
    heng_store_close(fixture_open(fixture_inside(folder, "new", path, sizeof path),
                                  HENG_STORE_CREATE));
    heng_store_close(fixture_open(path, HENG_STORE_WRITE));
    heng_store_close(fixture_open(path, HENG_STORE_READ));
}

static void what_an_interrupted_making_left_is_no_hindrance(void **state) {
    (void)state;
    write_file("new.mdb", "half");
    write_file("new.mdb-lock", "");
    write_file("writer.lock", "");
    heng_store_close(fixture_open(folder, HENG_STORE_CREATE));
}

static void foreign_things_are_left_alone(void **state) {
    (void)state;
    char path[1024];
    write_file("notes.txt", "x");
    expect_failure(folder, HENG_STORE_CREATE, HENG_ERR_STORE,
                   "the folder holds other files, such as `notes.txt`, and no store; "
                   "name an empty or a new folder");
    expect_failure(fixture_inside(folder, "notes.txt", path, sizeof path),
                   HENG_STORE_READ, HENG_ERR_STORE,
                   "is a file, and a store is a folder; name the folder");
    write_file("data.mdb", "this is no LMDB file, and long enough to be read as a head "
                           "of one, if only its first words were other than they are, "
                           "which takes more than a hundred and fifty-two bytes or so");
    expect_failure(folder, HENG_STORE_WRITE, HENG_ERR_STORE,
                   "cannot open the store: `data.mdb` is damaged or no store of heng; "
                   "restore a backup, or name another folder");
    write_file("data.mdb", "");
    expect_failure(folder, HENG_STORE_CREATE, HENG_ERR_STORE,
                   "`data.mdb` is empty: the store is damaged; restore a backup, or "
                   "remove the file to begin anew");
}

/* Puts one row into a table of an LMDB environment, made where it is not there. */
static void put_raw(const char *table, const char *word, const void *bytes,
                    size_t len) {
    MDB_env *env = NULL;
    MDB_txn *txn = NULL;
    MDB_dbi dbi = 0;
    MDB_val key = heng_table_value(word, strlen(word));
    MDB_val value = heng_table_value(bytes, len);
    assert_int_equal(mdb_env_create(&env), 0);
    assert_int_equal(mdb_env_set_maxdbs(env, 32), 0);
    assert_int_equal(mdb_env_open(env, folder, 0, 0666), 0);
    assert_int_equal(mdb_txn_begin(env, NULL, 0, &txn), 0);
    assert_int_equal(mdb_dbi_open(txn, table, MDB_CREATE, &dbi), 0);
    assert_int_equal(mdb_put(txn, dbi, &key, &value, 0), 0);
    assert_int_equal(mdb_txn_commit(txn), 0);
    mdb_env_close(env);
}

static void the_database_of_another_program_is_refused(void **state) {
    (void)state;
    static const char TEXT[] =
        "`data.mdb` belongs to another program; name another folder";
    put_raw("meta_of_others", "magic", "x", 1);
    expect_failure(folder, HENG_STORE_READ, HENG_ERR_STORE, TEXT);
    put_raw("meta", "magic", "their-store", 11);
    expect_failure(folder, HENG_STORE_WRITE, HENG_ERR_STORE, TEXT);
}

static void other_formats_are_refused(void **state) {
    (void)state;
    uint32_t format = 5;
    make(folder);
    put_raw("meta", "format", &format, sizeof format);
    expect_failure(folder, HENG_STORE_READ, HENG_ERR_STORE,
                   "the store has format 5 and this heng reads format 4; use the newer "
                   "heng that wrote it");
    format = 1;
    put_raw("meta", "format", &format, sizeof format);
    expect_failure(
        folder, HENG_STORE_CREATE, HENG_ERR_STORE,
        "the store has the old format 1 and this heng reads format 4; import "
        "the data into a new store");
    put_raw("meta", "format", "x", 1);
    expect_failure(
        folder, HENG_STORE_READ, HENG_ERR_STORE,
        "the value of `format` is damaged: expected 4 bytes; run `heng store "
        "verify` and restore a backup");
}

static void a_file_cut_anywhere_is_refused(void **state) {
    (void)state;
    char path[1024];
    struct stat info;
    make(folder);
    (void)fixture_inside(folder, "data.mdb", path, sizeof path);
    assert_int_equal(stat(path, &info), 0);
    uint64_t random = 5;
    for (off_t size = info.st_size - 4096; size > 0;
         size -= 1 + (off_t)(fixture_random(&random) % 20000)) {
        heng_store *store = NULL;
        heng_error error = {0};
        assert_int_equal(truncate(path, size), 0);
        assert_int_equal(heng_store_open(folder, HENG_STORE_READ, &store, &error),
                         HENG_ERR_STORE);
        assert_non_null(strstr(error.text, "damaged"));
        assert_non_null(strstr(error.text, "backup"));
    }
}

static void a_second_writer_is_told_who_is_first(void **state) {
    (void)state;
    int pipes[2];
    make(folder);
    assert_int_equal(pipe(pipes), 0);
    pid_t child = fork();
    assert_true(child >= 0);
    heng_error error = {0};
    struct fixture_log log = {0};
    heng_import_options options = fixture_options(&log);
    heng_import *import = NULL;
    if (child == 0) {
        heng_store *mine = NULL;
        bool fine =
            heng_store_open(folder, HENG_STORE_WRITE, &mine, &error) == HENG_OK &&
            heng_import_begin(mine, &options, &import, &error) == HENG_OK;
        (void)!write(pipes[1], fine ? "y" : "n", 1);
        (void)pause();
        _exit(0);
    }
    char answer = 'n';
    assert_int_equal(read(pipes[0], &answer, 1), 1);
    assert_int_equal(answer, 'y');
    heng_store *store = fixture_open(folder, HENG_STORE_WRITE);
    char want[128];
    (void)snprintf(want, sizeof want,
                   "process %ld is importing into the store; wait until it has ended",
                   (long)child);
    assert_int_equal(heng_import_begin(store, &options, &import, &error),
                     HENG_ERR_BUSY);
    fixture_expect(error.text, want);
    (void)kill(child, SIGKILL);
    (void)waitpid(child, NULL, 0);
    (void)close(pipes[0]);
    (void)close(pipes[1]);
    /* The lock went with the process. */
    assert_int_equal(heng_import_begin(store, &options, &import, &error), HENG_OK);
    heng_import *second = NULL;
    assert_int_equal(heng_import_begin(store, &options, &second, &error),
                     HENG_ERR_BUSY);
    fixture_expect(error.text, "this process is importing into the store already; wait "
                               "until that has ended");
    assert_int_equal(heng_import_end(import, NULL, &error), HENG_OK);
    heng_store_close(store);
}

static void a_small_map_grows(void **state) {
    (void)state;
    heng_store *store = NULL;
    heng_error error = {0};
    heng_buffer text;
    assert_int_equal(heng_db_open(folder, HENG_STORE_CREATE, 256 << 10, &store, &error),
                     HENG_OK);
    heng_store *reader = NULL;
    heng_buffer_init(&text, 64 << 20);
    fixture_make(&text, 2, 20000, 9000);
    (void)fixture_import(store, 1, text.bytes);
    heng_store_stat stat = {0};
    assert_int_equal(heng_store_stat_get(store, &stat, &error), HENG_OK);
    assert_true(stat.map_bytes > (1 << 20));
    fixture_sound(store);
    (void)reader;
    heng_buffer_done(&text);
    heng_store_close(store);
}

/* A reader that opened the store while its map was small goes on when it has grown. */
static void readers_follow_a_map_that_another_process_grew(void **state) {
    (void)state;
    heng_store *store = NULL;
    heng_error error = {0};
    assert_int_equal(heng_db_open(folder, HENG_STORE_CREATE, 256 << 10, &store, &error),
                     HENG_OK);
    heng_store_close(store);
    store = fixture_open(folder, HENG_STORE_READ);
    heng_view *before = fixture_view(store);
    (void)fflush(NULL);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        heng_store *mine = NULL;
        heng_buffer text;
        struct fixture_log log = {0};
        heng_import_options options = fixture_options(&log);
        heng_buffer_init(&text, 64 << 20);
        fixture_make(&text, 2, 20000, 9000);
        bool fine = heng_db_open(folder, HENG_STORE_WRITE, 256 << 10, &mine, &error) ==
                        HENG_OK &&
                    fixture_import_with(mine, &options, text.bytes, text.len, NULL,
                                        &error) == HENG_OK;
        heng_store_close(mine);
        _exit(fine ? 0 : 1);
    }
    int status = 0;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    assert_int_equal(heng_view_commit(before), 0);
    heng_view_close(before);
    heng_view *after = fixture_view(store);
    assert_true(heng_view_commit(after) > 0);
    heng_view_close(after);
    fixture_sound(store);
    heng_store_close(store);
}

/* Imports `text` where no file may grow past 2 MB, and then where it may. */
static void fill_the_disk(const heng_buffer *lines, const char *told, bool some) {
    heng_buffer text = *lines;
    make(folder);
    (void)fflush(NULL);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        heng_store *mine = NULL;
        heng_error error = {0};
        struct fixture_log log = {0};
        heng_import_options options = fixture_options(&log);
        heng_import_counts counts = {0};
        struct rlimit limit = {2 << 20, 2 << 20};
        options.batch_lines = 500;
        (void)signal(SIGXFSZ, SIG_IGN);
        bool fine =
            setrlimit(RLIMIT_FSIZE, &limit) == 0 &&
            heng_store_open(folder, HENG_STORE_WRITE, &mine, &error) == HENG_OK &&
            fixture_import_with(mine, &options, text.bytes, text.len, &counts,
                                &error) == HENG_ERR_FULL &&
            (counts.commits > 0) == some && strcmp(error.text, told) == 0;
        if (!fine) {
            (void)fprintf(stderr, "in the child: %s (%ju commits)\n", error.text,
                          (uintmax_t)counts.commits);
        }
        _exit(fine ? 0 : 1);
    }
    int status = 0;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 0);
    heng_store *store = fixture_open(folder, HENG_STORE_WRITE);
    fixture_sound(store);
    heng_buffer first;
    heng_buffer_init(&first, 1 << 20);
    fixture_make(&first, 1, 2000, 300);
    (void)fixture_import(store, 9, text.bytes); /* with space, it gets through */
    heng_digest got = fixture_digest(store, NULL);
    heng_store_close(store);
    char *path = fixture_folder();
    store = fixture_open(path, HENG_STORE_CREATE);
    (void)fixture_import(store, 1, first.bytes);
    (void)fixture_import(store, 9, text.bytes);
    heng_digest want = fixture_digest(store, NULL);
    assert_true(heng_digest_equal(&want, &got));
    heng_store_close(store);
    fixture_remove(path);
    heng_buffer_done(&first);
}

static void a_full_disk_is_an_error_and_batches_stay(void **state) {
    (void)state;
    heng_buffer text;
    heng_buffer_init(&text, 64 << 20);
    fixture_make_ordered(&text, 10000);
    fill_the_disk(&text,
                  "cannot write to the store: no space left for the store; whole "
                  "batches were kept: free some space and run the same again",
                  true);
    heng_buffer_done(&text);
}

static void a_full_disk_while_lines_are_sorted_leaves_the_store(void **state) {
    (void)state;
    heng_buffer text;
    heng_buffer_init(&text, 64 << 20);
    fixture_make(&text, 2, 20000, 9000);
    fill_the_disk(&text,
                  "no space left beside the store to sort lines that come in no order; "
                  "what was stored stays: free some space and run the same again, or "
                  "sort the lines by subject first",
                  false);
    heng_buffer_done(&text);
}

/* The store as a heng without these tables would have made it. */
static void drop_later_tables(void) {
    MDB_env *env = NULL;
    MDB_txn *txn = NULL;
    assert_int_equal(mdb_env_create(&env), 0);
    assert_int_equal(mdb_env_set_maxdbs(env, 32), 0);
    assert_int_equal(mdb_env_open(env, folder, 0, 0666), 0);
    assert_int_equal(mdb_txn_begin(env, NULL, 0, &txn), 0);
    for (int i = 0; i < HENG_TABLE_COUNT; i++) {
        MDB_dbi dbi = 0;
        if (heng_table_may_lack((heng_table)i)) {
            assert_int_equal(mdb_dbi_open(txn, heng_table_name((heng_table)i), 0, &dbi),
                             0);
            assert_int_equal(mdb_drop(txn, dbi, 1), 0);
        }
    }
    assert_int_equal(mdb_txn_commit(txn), 0);
    mdb_env_close(env);
}

static bool never(void *context, heng_str id, unsigned flags) {
    (void)context;
    (void)id;
    (void)flags;
    fail_msg("there is nothing to tell");
    return false;
}

static bool never_due(void *context, heng_str id) {
    return never(context, id, 0);
}

static void a_store_without_later_tables_is_read_as_if_they_were_empty(void **state) {
    (void)state;
    heng_error error = {0};
    heng_baseline last = {.number = 1};
    heng_store_stat stat;
    heng_baseline_running running;
    make(folder);
    drop_later_tables();
    heng_store *store = fixture_open(folder, HENG_STORE_READ);
    fixture_sound(store);
    heng_digest want = fixture_digest(store, NULL);
    assert_int_equal(heng_store_stat_get(store, &stat, &error), HENG_OK);
    heng_view *view = fixture_view(store);
    assert_int_equal(heng_baseline_get(view, &last, &error), HENG_OK);
    assert_int_equal(last.number, 0);
    assert_int_equal(heng_baseline_get_running(view, &running, &error),
                     HENG_ERR_NOT_FOUND);
    assert_int_equal(heng_baseline_each_changed(view, 0, never, NULL, &error),
                     HENG_ERR_NOT_FOUND);
    assert_int_equal(
        heng_baseline_each_due(view, HENG_DATE_MAX, never_due, NULL, &error), HENG_OK);
    heng_view_close(view);
    heng_store_close(store);
    /* whoever writes makes them, and loses nothing */
    store = fixture_open(folder, HENG_STORE_WRITE);
    fixture_sound(store);
    heng_digest got = fixture_digest(store, NULL);
    assert_true(heng_digest_equal(&want, &got));
    fixture_baseline(store, 1, 0, true);
    heng_store_close(store);
    store = fixture_open(folder, HENG_STORE_READ);
    view = fixture_view(store);
    assert_int_equal(heng_baseline_get(view, &last, &error), HENG_OK);
    assert_int_equal(last.number, 1);
    heng_view_close(view);
    heng_store_close(store);
}

static void a_table_of_the_first_ones_must_be_there(void **state) {
    (void)state;
    MDB_env *env = NULL;
    MDB_txn *txn = NULL;
    MDB_dbi dbi = 0;
    make(folder);
    assert_int_equal(mdb_env_create(&env), 0);
    assert_int_equal(mdb_env_set_maxdbs(env, 32), 0);
    assert_int_equal(mdb_env_open(env, folder, 0, 0666), 0);
    assert_int_equal(mdb_txn_begin(env, NULL, 0, &txn), 0);
    assert_int_equal(mdb_dbi_open(txn, "delivery", 0, &dbi), 0);
    assert_int_equal(mdb_drop(txn, dbi, 1), 0);
    assert_int_equal(mdb_txn_commit(txn), 0);
    mdb_env_close(env);
    expect_failure(folder, HENG_STORE_WRITE, HENG_ERR_STORE,
                   "the store is damaged: its table `delivery` is missing; restore a "
                   "backup");
}

static void room_is_made_where_there_is_address_space(void **state) {
    (void)state;
    heng_error error = {0};
    heng_store_stat stat;
    make(folder);
    heng_store *store = fixture_open(folder, HENG_STORE_WRITE);
    static const struct {
        size_t ask;
        uint64_t want;
    } ROOMS[] = {
        {1, 1 << 30},                                   /* never smaller */
        {((size_t)1 << 30) + 1, (1 << 30) + (1 << 20)}, /* whole steps */
        {(size_t)1 << 62, (1 << 30) + (1 << 20)},       /* more than there is */
        {SIZE_MAX, (1 << 30) + (1 << 20)},
    };
    for (size_t i = 0; i < COUNT(ROOMS); i++) {
        assert_int_equal(heng_db_reserve(store, ROOMS[i].ask, &error), HENG_OK);
        assert_int_equal(heng_store_stat_get(store, &stat, &error), HENG_OK);
        assert_int_equal(stat.map_bytes, ROOMS[i].want);
        fixture_sound(store);
    }
    heng_store_close(store);
}

static void a_read_only_store_is_read(void **state) {
    (void)state;
    char data[1024];
    char lock[1024];
    make(folder);
    (void)fixture_inside(folder, "data.mdb", data, sizeof data);
    (void)fixture_inside(folder, "lock.mdb", lock, sizeof lock);
    (void)unlink(lock);
    assert_int_equal(chmod(data, 0444), 0);
    assert_int_equal(chmod(folder, 0555), 0);
    heng_store *store = fixture_open(folder, HENG_STORE_READ);
    fixture_sound(store);
    heng_store_close(store);
    assert_int_equal(chmod(folder, 0755), 0);
}

struct reading {
    heng_store *store;
    uint64_t views;
    volatile int *stop;
    pthread_mutex_t *lock;
};

static bool stopped(struct reading *reading) {
    (void)pthread_mutex_lock(reading->lock);
    bool stop = *reading->stop != 0;
    (void)pthread_mutex_unlock(reading->lock);
    return stop;
}

/* Each batch writes the same name to all subjects: a view must never see two. */
static void *read_on(void *context) {
    struct reading *reading = context;
    heng_arena *arena = heng_arena_new(1 << 24);
    while (!stopped(reading)) {
        heng_view *view = NULL;
        heng_scan *scan = NULL;
        const heng_snapshot *snapshot = NULL;
        heng_str first = {0};
        heng_error error = {0};
        if (heng_view_open(reading->store, &view, &error) != HENG_OK ||
            fixture_scan(view, HENG_SCAN_ALL, &scan, &error) != HENG_OK)
            break;
        bool same = true;
        while (heng_scan_next(scan, &snapshot, &error) == HENG_OK && snapshot != NULL) {
            heng_str name = heng_flat_text(snapshot->subject, HENG_FLAT_SUBJECT_NAME);
            if (first.ptr == NULL) {
                first = name;
            }
            same = same && heng_str_equal(first, name);
        }
        heng_scan_close(scan);
        heng_view_close(view);
        if (!same)
            break;
        reading->views++;
    }
    heng_arena_free(arena);
    return NULL;
}

static void two_readers_and_a_writer_do_not_disturb_each_other(void **state) {
    (void)state;
    heng_store *store = NULL;
    heng_error error = {0};
    volatile int stop = 0;
    pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
    /* so small that it grows meanwhile */
    assert_int_equal(heng_db_open(folder, HENG_STORE_CREATE, 256 << 10, &store, &error),
                     HENG_OK);
    struct reading readings[2];
    pthread_t threads[2];
    for (size_t i = 0; i < 2; i++) {
        readings[i] = (struct reading){store, 0, &stop, &lock};
        assert_int_equal(pthread_create(&threads[i], NULL, read_on, &readings[i]), 0);
    }
    for (int round = 0; round < 20; round++) {
        heng_buffer text;
        heng_buffer_init(&text, 16 << 20);
        for (int id = 0; id < 300; id++) {
            (void)heng_buffer_add_format(
                &text,
                "{\"type\":\"subject\",\"id\":\"E-%d\",\"kind\":\"legal_person\","
                "\"name\":\"round %d\",\"region\":\"43\"}\n",
                id, round);
        }
        (void)fixture_import(store, round, text.bytes);
        heng_buffer_done(&text);
    }
    (void)nanosleep(&(struct timespec){0, 20000000}, NULL);
    (void)pthread_mutex_lock(&lock);
    stop = 1;
    (void)pthread_mutex_unlock(&lock);
    for (size_t i = 0; i < 2; i++) {
        (void)pthread_join(threads[i], NULL);
        assert_true(readings[i].views > 0);
    }
    fixture_sound(store);
    heng_store_close(store);
}

int main(void) {
    const struct CMUnitTest tests[] = {
#define CASE(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
        CASE(what_is_not_there_is_not_found),
        CASE(a_store_is_made_in_a_new_or_an_empty_folder),
        CASE(what_an_interrupted_making_left_is_no_hindrance),
        CASE(foreign_things_are_left_alone),
        CASE(the_database_of_another_program_is_refused),
        CASE(other_formats_are_refused),
        CASE(a_file_cut_anywhere_is_refused),
        CASE(a_second_writer_is_told_who_is_first),
        CASE(a_small_map_grows),
        CASE(readers_follow_a_map_that_another_process_grew),
        CASE(a_full_disk_is_an_error_and_batches_stay),
        CASE(a_full_disk_while_lines_are_sorted_leaves_the_store),
        CASE(a_store_without_later_tables_is_read_as_if_they_were_empty),
        CASE(a_table_of_the_first_ones_must_be_there),
        CASE(room_is_made_where_there_is_address_space),
        CASE(a_read_only_store_is_read),
        CASE(two_readers_and_a_writer_do_not_disturb_each_other),
    };
    return cmocka_run_group_tests_name("store/store", tests, NULL, NULL);
}
