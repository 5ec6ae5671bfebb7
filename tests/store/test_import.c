/* SPDX-License-Identifier: Apache-2.0 */
/* Importing: counts, versions, batches, formats, interruptions, and memory that fails.
 */
#include <signal.h>
#include <sys/wait.h>
#include <time.h>

#include "store/fixture.h"

#include "support/torture.h"

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

static void expect_counts(const heng_import_counts *got, const char *want) {
    char text[256];
    (void)snprintf(text, sizeof text,
                   "%ju lines, subjects %ju+%ju=%ju, records %ju+%ju=%ju, %ju "
                   "deliveries, %ju commits",
                   (uintmax_t)got->lines, (uintmax_t)got->subjects_new,
                   (uintmax_t)got->subjects_changed, (uintmax_t)got->subjects_same,
                   (uintmax_t)got->records_new, (uintmax_t)got->records_changed,
                   (uintmax_t)got->records_same, (uintmax_t)got->deliveries,
                   (uintmax_t)got->commits);
    fixture_expect(text, want);
}

#define ONE                                                                            \
    "{\"type\":\"subject\",\"id\":\"E-1\",\"kind\":\"legal_person\",\"name\":\"n\","   \
    "\"region\":\"43\"}\n"
#define RECORD(id, status)                                                             \
    "{\"type\":\"record\",\"id\":\"" id                                                \
    "\",\"subject\":\"E-1\",\"category\":\"wage.arrears\",\"authority\":\"a\","        \
    "\"document_no\":\"n\",\"decided_on\":\"2024-01-01\",\"status\":\"" status "\"}\n"
#define DELIVERY(day)                                                                  \
    "{\"type\":\"delivery\",\"provider\":\"人社部门\",\"through\":\"" day "\"}\n"

static void identical_content_makes_no_version(void **state) {
    (void)state;
    heng_import_counts counts =
        fixture_import(store, 1, ONE RECORD("R-1", "active") DELIVERY("2024-02-01"));
    expect_counts(&counts,
                  "3 lines, subjects 1+0=0, records 1+0=0, 1 deliveries, 1 commits");
    counts =
        fixture_import(store, 2, ONE RECORD("R-1", "active") DELIVERY("2024-02-01"));
    expect_counts(&counts,
                  "3 lines, subjects 0+0=1, records 0+0=1, 1 deliveries, 0 commits");
    counts = fixture_import(store, 3, RECORD("R-1", "repaired"));
    expect_counts(&counts,
                  "1 lines, subjects 0+0=0, records 0+1=0, 0 deliveries, 1 commits");
    heng_store_stat stat = {0};
    heng_error error = {0};
    assert_int_equal(heng_store_stat_get(store, &stat, &error), HENG_OK);
    assert_int_equal(stat.subjects, 1);
    assert_int_equal(stat.records, 1);
    assert_int_equal(stat.versions, 1);
    assert_int_equal(stat.commits, 2);
    assert_int_equal(stat.first_commit, 1);
    assert_int_equal(stat.last_commit, 3);
    assert_int_equal(stat.format, 4);
    assert_true(stat.used_bytes > 0 && stat.used_bytes <= stat.file_bytes &&
                stat.file_bytes <= stat.map_bytes);
}

static void the_last_of_the_same_id_in_a_batch_counts(void **state) {
    (void)state;
    heng_import_counts counts = fixture_import(
        store, 1,
        RECORD("R-1", "active") RECORD("R-1", "disputed") RECORD("R-1", "repaired"));
    expect_counts(&counts,
                  "3 lines, subjects 0+0=0, records 1+2=0, 0 deliveries, 1 commits");
    fixture_expect_snapshot(store, 0, "E-1",
                            "E-1: - | records R-1(2024-01-01 repaired)");
}

static void times_of_commits_never_go_back(void **state) {
    (void)state;
    (void)fixture_import(store, 500, RECORD("R-1", "active"));
    (void)fixture_import(store, 300, RECORD("R-2", "active"));
    heng_view *view = fixture_view(store);
    assert_int_equal(heng_view_commit(view), 2);
    assert_int_equal(heng_view_commit_time(view), 500);
    heng_view_close(view);
}

static void csv_says_the_same_as_json(void **state) {
    (void)state;
    static const char SUBJECTS[] =
        "\xEF\xBB\xBF"
        "id,kind,name,region,relations,attr.scale\r\n"
        "E-1,legal_person,\"甲, \"\"乙\"\"\n公司\",430102,"
        "legal_representative=P-1;shareholder=E-2/2020-01-01/,small\r\n"
        "\r\n"
        "E-2,legal_person,丙,430102,,";
    static const char RECORDS[] =
        "id,subject,category,authority,document_no,decided_on,parties,attr.amount,"
        "attr.first_time,attr.taxes,attr.months\n"
        "R-1,E-1,tax.major_violation,局,n,2024-03-15,responsible=P-1,12.50,true,a;b,"
        "3\n";
    static const char SAME[] =
        "{\"type\":\"subject\",\"id\":\"E-1\",\"kind\":\"legal_person\",\"name\":\"甲, "
        "\\\"乙\\\"\\n公司\",\"region\":\"430102\",\"relations\":[{\"role\":"
        "\"legal_representative\",\"id\":\"P-1\"},{\"role\":\"shareholder\",\"id\":"
        "\"E-2\",\"from\":\"2020-01-01\"}],\"attributes\":{\"scale\":\"small\"}}\n"
        "{\"type\":\"subject\",\"id\":\"E-2\",\"kind\":\"legal_person\",\"name\":"
        "\"丙\","
        "\"region\":\"430102\"}\n"
        "{\"type\":\"record\",\"id\":\"R-1\",\"subject\":\"E-1\",\"category\":"
        "\"tax.major_violation\",\"authority\":\"局\",\"document_no\":\"n\","
        "\"decided_on\":\"2024-03-15\",\"parties\":[{\"role\":\"responsible\",\"id\":"
        "\"P-1\"}],\"attributes\":{\"amount\":12.5,\"first_time\":true,\"taxes\":["
        "\"a\","
        "\"b\"],\"months\":3}}";
    (void)fixture_import(store, 1, SUBJECTS);
    (void)fixture_import(store, 2, RECORDS);
    heng_import_counts counts = fixture_import(store, 3, SAME);
    expect_counts(&counts,
                  "3 lines, subjects 0+0=2, records 0+0=1, 0 deliveries, 0 commits");
}

struct input {
    const char *name; /* what must hold */
    const char *text;
    const char *want; /* error, or rejects */
};

#define NOT_CSV "is neither NDJSON, whose lines begin with `{`, nor CSV with a header: "

static struct input inputs[] = {
    {"nothing is fine", "", ""},
    {"blank lines are fine", "\n \n\t\r\n", ""},
    {"a mark alone is fine", "\xEF\xBB\xBF", ""},
    {"a header alone is fine", "id,kind,name,region\n", ""},
    {"prose is no input", "hello world\n",
     NOT_CSV
     "no column is called `hello world`; an attribute's column is called `attr.NAME`"},
    {"a misspelt column", "id,kind,nam,region\n",
     NOT_CSV "no column is called `nam`; did you mean `name`?"},
    {"neither subjects nor records", "id,name\n",
     NOT_CSV "a header of subjects has a column `kind`, one of records a column "
             "`category`"},
    {"both at once", "id,kind,category\n",
     NOT_CSV "it has both `kind` (of subjects) and `category` (of records); put them "
             "into files of their own"},
    {"a column twice", "id,kind,id\n", NOT_CSV "the column `id` is there twice"},
    {"a broken header", "id,\"kind,name\n",
     NOT_CSV
     "a quote is out of place; a cell with quotes, commas or line ends is put in "
     "quotes, and quotes within are doubled"},
    {"rows of wrong length", "id,kind,name,region\nE-1,legal_person\nE-2,x,n,43\n",
     "reject in:2: the row has 2 cells, and the header 4\n"
     "reject in:3: kind: `x` is no subject kind; expected `legal_person`, "
     "`unincorporated`, `individual_business` or `natural_person`\n"},
    {"a row over two lines counts both",
     "id,kind,name,region\nE-1,legal_person,\"a\nb\",43\nE-2,x\n",
     "reject in:4: the row has 2 cells, and the header 4\n"},
    {"a stray quote costs one row",
     "id,kind,name,region\nE-1,legal_person,a\"b\",43\nE-2,legal_person,b,43\n",
     "reject in:2: a quote is out of place; a cell with quotes, commas or line ends is "
     "put in quotes, and quotes within are doubled\n"},
    {"links that are none",
     "id,kind,name,region,relations\nE-1,legal_person,a,43,P-1\n",
     "reject in:2: relations: expected `ROLE=ID`, and `;` between two\n"},
    {"bytes that are no UTF-8", "id,kind,name,region\nE-1,legal_person,\xff,43\n",
     "reject in:2: column 18: byte 0xff is not UTF-8; save the file as UTF-8\n"},
    {"subjects where records are said", "type,id,category\nsubject,E-1,x\n",
     "reject in:2: category: a subject has no such key\n"},
};

static void input_is_taken(void **state) {
    const struct input *row = *state;
    struct fixture_log log = {0};
    heng_import_counts counts = {0};
    heng_error error = {0};
    heng_buffer_init(&log.text, 1 << 20);
    heng_import_options options = fixture_options(&log);
    options.dry_run = true;
    heng_status status = fixture_import_with(NULL, &options, row->text,
                                             strlen(row->text), &counts, &error);
    fixture_expect(status == HENG_OK ? heng_buffer_view(&log.text).ptr : error.text,
                   row->want);
    assert_true(status == HENG_OK || status == HENG_ERR_INVALID);
    heng_buffer_done(&log.text);
}

static void lines_up_to_the_limit_are_taken(void **state) {
    (void)state;
    static const struct {
        size_t len;
        const char *end;
        const char *want;
    } ROWS[] = {
        {HENG_LIMIT_LINE_BYTES, "\n", ""},
        {HENG_LIMIT_LINE_BYTES, "\r\n", ""},
        {HENG_LIMIT_LINE_BYTES, "", ""},
        {HENG_LIMIT_LINE_BYTES + 1, "\n",
         "reject in:1: the line is over the limit of 1048576 bytes\n"},
        {HENG_LIMIT_LINE_BYTES + 1, "",
         "reject in:1: the line is over the limit of 1048576 bytes\n"},
        {HENG_LIMIT_LINE_BYTES * 4, "\n",
         "reject in:1: the line is over the limit of 1048576 bytes\n"},
    };
    for (size_t i = 0; i < COUNT(ROWS); i++) {
        heng_buffer text;
        heng_buffer_init(&text, HENG_LIMIT_LINE_BYTES * 5);
        (void)heng_buffer_add_text(&text, ONE);
        heng_buffer_truncate(&text, text.len - 1);
        while (text.len < ROWS[i].len) {
            (void)heng_buffer_add_char(&text, ' ');
        }
        (void)heng_buffer_add_text(&text, ROWS[i].end);
        if (ROWS[i].end[0] != '\0') {
            (void)heng_buffer_add_text(&text, RECORD("R-1", "active"));
        }
        struct fixture_log log = {0};
        heng_import_counts counts = {0};
        heng_error error = {0};
        heng_buffer_init(&log.text, 1 << 20);
        heng_import_options options = fixture_options(&log);
        options.dry_run = true;
        assert_int_equal(
            fixture_import_with(NULL, &options, text.bytes, text.len, &counts, &error),
            HENG_OK);
        fixture_expect(heng_buffer_view(&log.text).ptr, ROWS[i].want);
        assert_int_equal(counts.records_new, ROWS[i].end[0] != '\0');
        heng_buffer_done(&log.text);
        heng_buffer_done(&text);
    }
}

static void a_dry_run_stores_nothing(void **state) {
    (void)state;
    struct fixture_log log = {0};
    heng_import_counts counts = {0};
    heng_error error = {0};
    heng_import_options options = fixture_options(&log);
    options.dry_run = true;
    assert_int_equal(
        fixture_import_with(store, &options, ONE, strlen(ONE), &counts, &error),
        HENG_OK);
    assert_int_equal(counts.subjects_new, 1);
    heng_view *view = fixture_view(store);
    assert_int_equal(heng_view_commit(view), 0);
    heng_view_close(view);
}

/* However lines are cut into batches, threads and reads, the same is known in the end.
 */
static void batches_and_threads_make_no_difference(void **state) {
    (void)state;
    heng_buffer text;
    heng_buffer_init(&text, 8 << 20);
    fixture_make(&text, 3, 3000, 40);
    heng_digest first = {{0}};
    static const struct {
        size_t batch;
        size_t step;
        bool one_thread;
    } WAYS[] = {
        {0, 0, true}, {0, 0, false}, {7, 0, false}, {100, 13, false}, {1000, 1, true}};
    for (size_t i = 0; i < COUNT(WAYS); i++) {
        char *path = fixture_folder();
        heng_store *other = fixture_open(path, HENG_STORE_CREATE);
        struct fixture_log log = {0};
        heng_error error = {0};
        heng_import *import = NULL;
        heng_import_options options = fixture_options(&log);
        options.batch_lines = WAYS[i].batch;
        options.one_thread = WAYS[i].one_thread;
        struct fixture_text input = {text.bytes, text.len, WAYS[i].step};
        assert_int_equal(heng_import_begin(other, &options, &import, &error), HENG_OK);
        assert_int_equal(heng_import_read(import, "in", fixture_read, &input, &error),
                         HENG_OK);
        assert_int_equal(heng_import_end(import, NULL, &error), HENG_OK);
        heng_digest digest = fixture_digest(other, NULL);
        if (i == 0) {
            first = digest;
        }
        assert_true(heng_digest_equal(&first, &digest));
        fixture_sound(other);
        heng_store_close(other);
        fixture_remove(path);
    }
    heng_buffer_done(&text);
}

static void stopping_keeps_whole_batches(void **state) {
    (void)state;
    heng_buffer text;
    heng_buffer_init(&text, 8 << 20);
    fixture_make_ordered(&text, 500);
    struct fixture_log log = {.stop_after = 3};
    heng_import_counts counts = {0};
    heng_error error = {0};
    heng_import_options options = fixture_options(&log);
    options.batch_lines = 100;
    assert_int_equal(
        fixture_import_with(store, &options, text.bytes, text.len, &counts, &error),
        HENG_ERR_STOPPED);
    assert_string_equal(error.text,
                        "stopped on request; what was stored stays, and the "
                        "same import goes on from there");
    assert_int_equal(counts.lines, 300);
    assert_int_equal(counts.commits, 3);
    heng_buffer_done(&text);
}

/* An import that is killed anywhere, and run again until it gets through. */
static void kill_and_complete(const heng_buffer *lines) {
    heng_buffer text = *lines;
    (void)fixture_import(store, 1, text.bytes);
    heng_digest want = fixture_digest(store, NULL);

    char *path = fixture_folder();
    uint64_t random = 99;
    unsigned kills = 0;
    bool complete = false;
    for (unsigned attempt = 0; attempt < 200 && !complete; attempt++) {
        (void)fflush(NULL);
        pid_t child = fork();
        assert_true(child >= 0);
        if (child == 0) {
            heng_store *mine = NULL;
            heng_error error = {0};
            struct fixture_log log = {0};
            heng_import_options options = fixture_options(&log);
            options.batch_lines = 250;
            bool fine =
                heng_store_open(path, HENG_STORE_CREATE, &mine, &error) == HENG_OK &&
                fixture_import_with(mine, &options, text.bytes, text.len, NULL,
                                    &error) == HENG_OK;
            _exit(fine ? 0 : 1);
        }
        struct timespec pause = {0, (long)(fixture_random(&random) % 40) * 1000000L};
        if (attempt < 25) {
            (void)nanosleep(&pause, NULL);
            (void)kill(child, SIGKILL);
        }
        int status = 0;
        assert_int_equal(waitpid(child, &status, 0), child);
        complete = WIFEXITED(status) && attempt >= 25;
        kills += WIFSIGNALED(status) ? 1 : 0;
        assert_true(!WIFEXITED(status) || WEXITSTATUS(status) == 0);
        /* What is there is whole, unless nothing is yet. */
        heng_store *seen = NULL;
        heng_error error = {0};
        heng_status opened = heng_store_open(path, HENG_STORE_READ, &seen, &error);
        if (opened == HENG_OK) {
            fixture_sound(seen);
            heng_store_close(seen);
        } else {
            assert_int_equal(opened, HENG_ERR_NOT_FOUND);
        }
    }
    assert_true(complete);
    assert_true(kills > 5);
    heng_store *other = fixture_open(path, HENG_STORE_READ);
    heng_digest got = fixture_digest(other, NULL);
    assert_true(heng_digest_equal(&want, &got));
    heng_store_close(other);
    fixture_only_store(path);
    fixture_remove(path);
}

static void a_killed_import_is_completed_by_the_next(void **state) {
    (void)state;
    heng_buffer text;
    heng_buffer_init(&text, 16 << 20);
    fixture_make_ordered(&text, 3000);
    kill_and_complete(&text);
    heng_buffer_done(&text);
}

/* Killed while lines are sorted, or while what was sorted is stored. */
static void a_killed_import_in_no_order_is_completed_by_the_next(void **state) {
    (void)state;
    heng_buffer text;
    heng_buffer_init(&text, 16 << 20);
    fixture_make(&text, 11, 6000, 3000);
    kill_and_complete(&text);
    heng_buffer_done(&text);
}

struct tortured {
    char *path;
    heng_str text;
    heng_import_options options;
};

/* A new store each time, so that each time does the same. */
static heng_status import_once(void *context) {
    struct tortured *tortured = context;
    heng_error error = {0};
    heng_store *made = NULL;
    fixture_clear(tortured->path);
    heng_status status =
        heng_store_open(tortured->path, HENG_STORE_CREATE, &made, &error);
    if (status == HENG_OK) {
        status = fixture_import_with(made, &tortured->options, tortured->text.ptr,
                                     tortured->text.len, NULL, &error);
    }
    heng_store_close(made);
    return status;
}

static void no_failed_allocation_leaves_a_part(void **state) {
    (void)state;
    heng_buffer text;
    struct fixture_log log = {0};
    heng_buffer_init(&text, 1 << 20);
    fixture_make(&text, 21, 12, 4);
    (void)heng_buffer_add_text(&text, "{\"type\":\"subject\",\"nam\":\"x\"}\n");
    (void)heng_buffer_add_text(&text, DELIVERY("2024-01-01"));
    heng_import_options options = fixture_options(&log);
    options.one_thread = true;
    options.reject = NULL;
    options.warn = NULL;
    options.batch_lines = 5;
    struct tortured tortured = {fixture_folder(), heng_buffer_view(&text), options};
    assert_true(torture(import_once, &tortured) > 25);
    fixture_remove(tortured.path);
    heng_buffer_done(&text);
}

static void no_failed_allocation_leaves_a_part_of_csv(void **state) {
    (void)state;
    struct fixture_log log = {0};
    heng_import_options options = fixture_options(&log);
    options.one_thread = true;
    options.reject = NULL;
    struct tortured tortured = {
        fixture_folder(),
        HENG_STR("id,kind,name,region,relations\nE-1,legal_person,\"a \"\"b\"\"\",43,"
                 "shareholder=E-2\nE-2\n"),
        options};
    assert_true(torture(import_once, &tortured) > 25);
    fixture_remove(tortured.path);
}

/* What an import cannot store with its memory, it stores once it has more. */
static void a_batch_is_there_in_whole_or_not_at_all(void **state) {
    (void)state;
    heng_buffer text;
    struct fixture_log log = {0};
    heng_error error = {0};
    heng_buffer_init(&text, 1 << 20);
    fixture_make(&text, 31, 40, 6);
    heng_import_options options = fixture_options(&log);
    options.one_thread = true;
    bool done = false;
    uint64_t n = 1;
    for (; !done && n < 2000; n++) {
        heng_alloc_fail_after(n);
        heng_status status =
            fixture_import_with(store, &options, text.bytes, text.len, NULL, &error);
        heng_alloc_fail_after(0);
        done = status == HENG_OK;
        assert_true(done || status == HENG_ERR_NOMEM);
        heng_view *view = fixture_view(store);
        assert_int_equal(heng_view_commit(view), done ? 1 : 0);
        heng_view_close(view);
    }
    assert_true(done && n > 30);
    heng_buffer_done(&text);
}

int main(void) {
    struct CMUnitTest tests[COUNT(inputs) + 16];
    size_t count = 0;
    for (; count < COUNT(inputs); count++) {
        tests[count] = ROW_TEST(&inputs[count], input_is_taken);
    }
    const struct CMUnitTest others[] = {
#define CASE(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
        CASE(identical_content_makes_no_version),
        CASE(the_last_of_the_same_id_in_a_batch_counts),
        CASE(times_of_commits_never_go_back),
        CASE(csv_says_the_same_as_json),
        cmocka_unit_test(lines_up_to_the_limit_are_taken),
        CASE(a_dry_run_stores_nothing),
        CASE(batches_and_threads_make_no_difference),
        CASE(stopping_keeps_whole_batches),
        CASE(a_killed_import_is_completed_by_the_next),
        CASE(a_killed_import_in_no_order_is_completed_by_the_next),
        cmocka_unit_test(no_failed_allocation_leaves_a_part),
        cmocka_unit_test(no_failed_allocation_leaves_a_part_of_csv),
        CASE(a_batch_is_there_in_whole_or_not_at_all),
    };
    for (size_t i = 0; i < COUNT(others); i++) {
        tests[count++] = others[i];
    }
    return check_run("store/import", tests, count, NULL, NULL);
}
