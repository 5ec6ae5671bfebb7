/* SPDX-License-Identifier: Apache-2.0 */
/* Verifying finds what is wrong and survives any damage; backups are whole stores. */
#include <fcntl.h>
#include <lmdb.h>
#include <sys/wait.h>

#include "store/fixture.h"

#include "store/db.h"
#include "store/rows.h"
#include "store/table.h"
#include "store/view.h"

static char *folder;

static int setup(void **state) {
    (void)state;
    heng_buffer text;
    folder = fixture_folder();
    heng_store *store = fixture_open(folder, HENG_STORE_CREATE);
    for (int i = 0; i < 2; i++) {
        heng_buffer_init(&text, 1 << 20);
        fixture_make(&text, (uint64_t)i + 70, 150, 30);
        (void)fixture_import(store, 100 + i, text.bytes);
        heng_buffer_done(&text);
    }
    (void)fixture_import(
        store, 200,
        "{\"type\":\"subject\",\"id\":\"E-X\",\"kind\":\"legal_person\",\"name\":\"x\","
        "\"region\":\"43\",\"relations\":[{\"role\":\"shareholder\",\"id\":\"E-Y\"}]}\n"
        "{\"type\":\"record\",\"id\":\"R-X\",\"subject\":\"E-X\",\"category\":"
        "\"wage.arrears\",\"authority\":\"a\",\"document_no\":\"n\",\"decided_on\":"
        "\"2024-01-01\",\"parties\":[{\"role\":\"responsible\",\"id\":\"E-Z\"}]}\n");
    fixture_baseline(store, 1, 0, true);
    (void)fixture_import(
        store, 300,
        "{\"type\":\"subject\",\"id\":\"E-X\",\"kind\":\"legal_person\",\"name\":\"y\","
        "\"region\":\"43\",\"relations\":[{\"role\":\"shareholder\",\"id\":\"E-Y\"}]}"
        "\n");
    heng_store_close(store);
    return 0;
}

static int teardown(void **state) {
    (void)state;
    fixture_remove(folder);
    return 0;
}

/* What to do to one row behind the store's back. */
struct row {
    const char *name; /* what must hold */
    heng_table table;
    const char *key;
    size_t key_len;
    const char *value; /* NULL: delete */
    size_t value_len;
    const char *want; /* among what is found */
};

#define KEY(text) (text), sizeof(text) - 1
#define VALUE(text) (text), sizeof(text) - 1

static struct row rows[] = {
    {"a missing owner", HENG_TABLE_RECORD_OWNER, KEY("R-X"), NULL, 0,
     "dossier E-X: a record is not the subject's in the index of owners\n"},
    {"an owner of nothing", HENG_TABLE_RECORD_OWNER, KEY("R-NEW"), VALUE("E-X"),
     "record_owner R-NEW: the owner's dossier does not hold the record\n"},
    {"a missing tie", HENG_TABLE_TIE, KEY("E-Y\0E-X"), NULL, 0,
     "subject E-X: a relation is not, or differs, in the index of ties\n"},
    {"a tie nobody declares", HENG_TABLE_TIE, KEY("E-W\0E-X"),
     VALUE("\0\0\0\0\0\0\0\0\0\0\0\0"),
     "tie E-W/E-X: the row differs from the subject's relations\n"},
    {"a tie of nobody", HENG_TABLE_TIE, KEY("E-W\0E-NOBODY"), VALUE(""),
     "tie E-W/E-NOBODY: the subject that declares the tie is not there\n"},
    {"a missing mention", HENG_TABLE_MENTION, KEY("E-Z\0E-X\0R-X"), NULL, 0,
     "dossier E-X: a party is not, or differs, in the index of mentions\n"},
    {"an empty mention of one named", HENG_TABLE_MENTION, KEY("E-Z\0E-X\0R-X"), "", 0,
     "mention E-Z/E-X/R-X: the row is empty, and the record names the party\n"},
    {"a mention that is none", HENG_TABLE_MENTION, KEY("E-V\0E-X\0R-X"), VALUE("xyz"),
     "mention E-V/E-X/R-X: the row differs from the record\n"},
    {"a missing subject", HENG_TABLE_SUBJECT, KEY("E-X"), NULL, 0,
     "dossier E-X: the dossier's subject is not the subject\n"},
    {"a damaged subject", HENG_TABLE_SUBJECT, KEY("E-X"), VALUE("xyz"),
     "subject E-X: no well-formed subject\n"},
    {"a damaged dossier", HENG_TABLE_DOSSIER, KEY("E-X"), VALUE("\1\0\0\0xyz"),
     "dossier E-X: no well-formed dossier\n"},
    {"a missing dossier", HENG_TABLE_DOSSIER, KEY("E-X"), NULL, 0,
     "record_owner R-X: the owner's dossier does not hold the record\n"},
    {"a missing outline", HENG_TABLE_OUTLINE, KEY("E-X"), NULL, 0,
     "dossier E-X: the dossier has no outline\n"},
    {"an outline of another length", HENG_TABLE_OUTLINE, KEY("E-X"), VALUE("xyz"),
     "outline E-X: the outline is not that of the dossier\n"},
    {"a missing gist", HENG_TABLE_GIST, KEY("E-X"), NULL, 0,
     "subject E-X: the subject has no gist\n"},
    {"a gist that differs", HENG_TABLE_GIST, KEY("E-X"), VALUE("xyz"),
     "gist E-X: the gist is not that of the subject\n"},
    {"a gist of nobody", HENG_TABLE_GIST, KEY("E-W"), VALUE("xyz"),
     "gist E-W: there is no subject that it is the gist of\n"},
    {"an outline without a dossier", HENG_TABLE_OUTLINE, KEY("E-W"), VALUE("xyz"),
     "outline E-W: there is no dossier that it is the outline of\n"},
    {"a version of no commit", HENG_TABLE_PAST_SUBJECT, KEY("E-X\0\0\0\0\0\0\0\0\7"),
     VALUE("\0\0\0\0\0\0\0\x9xyz"), "the version's commits are impossible\n"},
    {"a commit too many", HENG_TABLE_COMMIT, KEY("\0\0\0\0\0\0\0\7"),
     VALUE("\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"), "commits are missing or too many\n"},
    {"a time that goes back", HENG_TABLE_COMMIT, KEY("\0\0\0\0\0\0\0\3"),
     VALUE("\0\0\0\0\0\0\0\0\1\0\0\0\0\0\0\0"), "times of commits go back\n"},
    {"a delivery of another form", HENG_TABLE_DELIVERY, KEY("x"), VALUE("y"),
     "delivery x: no well-formed delivery\n"},
    {"a commit that is not in the journal", HENG_TABLE_JOURNAL, KEY("\0\0\0\0\0\0\0\4"),
     NULL, 0, "the commit is not in the journal\n"},
    {"a journal of no commit", HENG_TABLE_JOURNAL, KEY("\0\0\0\0\0\0\0\x9"), VALUE(""),
     "there is no such commit\n"},
    {"a key of the journal that is none", HENG_TABLE_JOURNAL, KEY("x"), VALUE(""),
     "journal x: a key of another form\n"},
    {"a subject touched in no way", HENG_TABLE_JOURNAL, KEY("\0\0\0\0\0\0\0\4"),
     VALUE("\0\3E-X"), "no well-formed list of subjects\n"},
    {"a ruleset that is none", HENG_TABLE_RULESET,
     KEY("sha256:"
         "0000000000000000000000000000000000000000000000000000000000000000"),
     VALUE("\1\0\0\0"), "no well-formed ruleset\n"},
    {"a ruleset under another digest", HENG_TABLE_RULESET,
     KEY("sha256:"
         "0000000000000000000000000000000000000000000000000000000000000000"),
     VALUE("\0\0\0\0"), "the ruleset has another digest\n"},
    {"a ruleset under no digest", HENG_TABLE_RULESET, KEY("x"), VALUE("\0\0\0\0"),
     "ruleset x: the key is no digest\n"},
    {"a day outside the calendar", HENG_TABLE_DUE,
     KEY("\x7f\0\0\0\0\0\0\0\0\0\0\1\0\0\0\0"), VALUE("\3E-X"),
     "a key of another form\n"},
    {"something due of a batch that is not there", HENG_TABLE_DUE,
     KEY("\0\0\0\0\0\0\0\0\0\0\0\2\0\0\0\0"), VALUE("\3E-X"),
     "there is no such batch\n"},
    {"a list out of order", HENG_TABLE_DUE, KEY("\0\0\0\0\0\0\0\0\0\0\0\1\0\0\0\0"),
     VALUE("\3E-Y\3E-X"), "no well-formed list of subjects\n"},
    {"a batch of another form", HENG_TABLE_BATCH, KEY("last"), VALUE("x"),
     "batch last: no well-formed batch\n"},
    {"a batch under another word", HENG_TABLE_BATCH, KEY("first"), VALUE("x"),
     "batch first: no well-formed batch\n"},
    {"a batch of another commit than the journal", HENG_TABLE_BATCH, KEY("since"),
     VALUE("\4\0\0\0\0\0\0\0"), "batch last: the batch's commit is impossible\n"},
    {"a running batch of another number", HENG_TABLE_BATCH, KEY("running"),
     VALUE("\7\0\0\0\0\0\0\0" /* number */
           "\3\0\0\0\0\0\0\0" /* commit */
           "\0\0\0\0\0\0\0\0\0\0\0\0"
           "\x47\0\0\0" /* bytes of the digest */
           "\0\0\0\0\0\0\0\0\1\0\0\0\0\0\0\0"
           "sha256:"
           "0000000000000000000000000000000000000000000000000000000000000000"),
     "batch running: the batch's ruleset is not there\n"
     "batch running: the batch's number is not the next one\n"},
};

static void finding(void **state) {
    const struct row *row = *state;
    (void)setup(NULL);
    heng_error error = {0};
    heng_buffer found;
    uint64_t checked = 0;
    MDB_txn *txn = NULL;
    heng_store *store = fixture_open(folder, HENG_STORE_WRITE);
    fixture_sound(store);
    assert_int_equal(heng_db_begin(store, true, &txn, &error), HENG_OK);
    MDB_val key = heng_table_value(row->key, row->key_len);
    MDB_val value = heng_table_value(row->value, row->value_len);
    if (row->value == NULL) {
        assert_int_equal(mdb_del(txn, store->tables[row->table], &key, NULL), 0);
    } else {
        assert_int_equal(mdb_put(txn, store->tables[row->table], &key, &value, 0), 0);
    }
    assert_int_equal(heng_db_commit(store, txn), 0);
    heng_buffer_init(&found, 1 << 20);
    assert_int_equal(
        heng_store_verify(store, fixture_problem, &found, &checked, &error), HENG_OK);
    if (strstr(heng_buffer_view(&found).ptr, row->want) == NULL) {
        fail_msg("\n  want: %s\n  got:  %s", row->want, heng_buffer_view(&found).ptr);
    }
    heng_buffer_done(&found);
    heng_store_close(store);
    (void)teardown(NULL);
}

/* ---- outlines ---- */

/* All that is found, not one among others. */
static void expect_found(heng_store *store, const char *want) {
    heng_error error = {0};
    heng_buffer found;
    uint64_t checked = 0;
    heng_buffer_init(&found, 1 << 20);
    assert_int_equal(
        heng_store_verify(store, fixture_problem, &found, &checked, &error), HENG_OK);
    fixture_expect(heng_buffer_view(&found).ptr, want);
    heng_buffer_done(&found);
}

static void an_outline_that_differs_is_found(void **state) {
    (void)state;
    size_t len = 0;
    heng_store *store = fixture_open(folder, HENG_STORE_WRITE);
    uint8_t *bytes = rows_take(store, HENG_TABLE_OUTLINE, HENG_STR("E-X"), &len);
    for (size_t at = 0; at < len; at += at + 13 < len ? 13 : 1) {
        bytes[at] ^= 0x10;
        rows_put(store, HENG_TABLE_OUTLINE, HENG_STR("E-X"), bytes, len);
        expect_found(store, "outline E-X: the outline is not that of the dossier\n");
        bytes[at] ^= 0x10;
    }
    /* one that is sound, of another subject */
    rows_put(store, HENG_TABLE_OUTLINE, HENG_STR("E-X"), bytes, len);
    expect_found(store, "");
    free(bytes);
    bytes = rows_take(store, HENG_TABLE_OUTLINE, HENG_STR("E-1"), &len);
    rows_put(store, HENG_TABLE_OUTLINE, HENG_STR("E-X"), bytes, len);
    expect_found(store, "outline E-X: the outline is not that of the dossier\n");
    free(bytes);
    heng_store_close(store);
}

/* What is wrong with a dossier is said of the dossier, and its outline made anew stays
 * within its room whatever the bytes are. */
static void any_bit_of_a_dossier_may_be_flipped(void **state) {
    (void)state;
    size_t len = 0;
    heng_error error = {0};
    heng_store *store = fixture_open(folder, HENG_STORE_WRITE);
    uint8_t *bytes = rows_take(store, HENG_TABLE_DOSSIER, HENG_STR("E-X"), &len);
    for (size_t bit = 0; bit < len * 8; bit += 3) {
        heng_buffer found;
        uint64_t checked = 0;
        heng_buffer_init(&found, 1 << 20);
        bytes[bit / 8] = (uint8_t)(bytes[bit / 8] ^ 1U << bit % 8);
        rows_put(store, HENG_TABLE_DOSSIER, HENG_STR("E-X"), bytes, len);
        assert_int_equal(
            heng_store_verify(store, fixture_problem, &found, &checked, &error),
            HENG_OK);
        assert_true(found.len > 0);
        bytes[bit / 8] = (uint8_t)(bytes[bit / 8] ^ 1U << bit % 8);
        heng_buffer_done(&found);
    }
    free(bytes);
    heng_store_close(store);
}

/* Opens, verifies and, where nothing is found, reads all. In a child: what must never
 * happen is that it dies. */
static int look_at(void) {
    heng_store *store = NULL;
    heng_error error = {0};
    uint64_t checked = 0;
    heng_buffer found;
    if (heng_store_open(folder, HENG_STORE_READ, &store, &error) != HENG_OK)
        return 1;
    heng_buffer_init(&found, 1 << 20);
    heng_status status =
        heng_store_verify(store, fixture_problem, &found, &checked, &error);
    int result = status != HENG_OK || found.len > 0 ? 2 : 0;
    if (result == 0) {
        heng_view *view = NULL;
        heng_scan *scan = NULL;
        const heng_snapshot *snapshot = NULL;
        if (heng_view_open(store, &view, &error) == HENG_OK &&
            fixture_scan(view, HENG_SCAN_ALL | HENG_SCAN_REST | HENG_VIEW_ALL, &scan,
                         &error) == HENG_OK) {
            while (heng_scan_next(scan, &snapshot, &error) == HENG_OK &&
                   snapshot != NULL) {
            }
        }
        heng_scan_close(scan);
        heng_view_close(view);
    }
    heng_buffer_done(&found);
    heng_store_close(store);
    return result;
}

static void no_damaged_byte_ends_the_process(void **state) {
    (void)state;
    char path[1024];
    struct stat info;
    (void)fixture_inside(folder, "data.mdb", path, sizeof path);
    assert_int_equal(stat(path, &info), 0);
    uint64_t random = 17;
    unsigned seen[3] = {0};
    for (int round = 0; round < 400; round++) {
        int fd = open(path, O_RDWR);
        unsigned char byte = 0;
        /* half of them in heads of pages, where the structure is */
        off_t at = (off_t)(fixture_random(&random) % (uint64_t)info.st_size);
        if (round % 2 == 0) {
            at = at / 4096 * 4096 + (off_t)(fixture_random(&random) % 64);
        }
        assert_true(fd >= 0);
        assert_int_equal(pread(fd, &byte, 1, at), 1);
        unsigned char flipped =
            (unsigned char)(byte ^ (1U << (fixture_random(&random) % 8)));
        assert_int_equal(pwrite(fd, &flipped, 1, at), 1);
        (void)fflush(NULL);
        pid_t child = fork();
        assert_true(child >= 0);
        if (child == 0) {
            fixture_die_of_signals();
            _exit(look_at());
        }
        int status = 0;
        assert_int_equal(waitpid(child, &status, 0), child);
        if (!WIFEXITED(status) || WEXITSTATUS(status) > 2) {
            fail_msg("byte %jd (0x%02x to 0x%02x): died with %d", (intmax_t)at, byte,
                     flipped, status);
        }
        seen[WEXITSTATUS(status)]++;
        assert_int_equal(pwrite(fd, &byte, 1, at), 1);
        (void)close(fd);
    }
    assert_true(seen[0] > 0 && seen[2] > 20);
}

static void a_backup_is_the_same_store(void **state) {
    (void)state;
    char path[1024];
    heng_error error = {0};
    heng_store *store = fixture_open(folder, HENG_STORE_READ);
    heng_digest want = fixture_digest(store, NULL);
    (void)fixture_inside(folder, "copy/", path, sizeof path);
    assert_int_equal(heng_store_backup(store, path, &error), HENG_OK);
    assert_int_equal(heng_store_backup(store, path, &error), HENG_ERR_IO);
    fixture_expect(error.text,
                   "cannot make the backup: it exists already; name a new folder");
    heng_store_close(store);
    store = fixture_open(path, HENG_STORE_WRITE);
    heng_digest got = fixture_digest(store, NULL);
    assert_true(heng_digest_equal(&want, &got));
    fixture_sound(store);
    heng_view *view = fixture_view(store);
    assert_int_equal(heng_view_known_at(view, 100, &error), HENG_OK);
    heng_view_close(view);
    heng_store_close(store);
}

static void a_backup_that_cannot_be_is_not_there(void **state) {
    (void)state;
    char path[1024];
    heng_error error = {0};
    heng_store *store = fixture_open(folder, HENG_STORE_READ);
    (void)fixture_inside(folder, "none/copy", path, sizeof path);
    assert_int_equal(heng_store_backup(store, path, &error), HENG_ERR_NOT_FOUND);
    fixture_expect(error.text, "cannot make the backup: there is nothing of this name; "
                               "check the path");
    /* what an interrupted one left is replaced */
    (void)fixture_inside(folder, "copy.part", path, sizeof path);
    assert_int_equal(mkdir(path, 0777), 0);
    (void)fixture_inside(folder, "copy", path, sizeof path);
    assert_int_equal(heng_store_backup(store, path, &error), HENG_OK);
    (void)fixture_inside(folder, "copy.part", path, sizeof path);
    struct stat info;
    assert_int_equal(stat(path, &info), -1);
    heng_store_close(store);
}

int main(void) {
    struct CMUnitTest tests[COUNT(rows) + 5];
    size_t count = 0;
    for (; count < COUNT(rows); count++) {
        tests[count] = ROW_TEST(&rows[count], finding);
    }
    const struct CMUnitTest others[] = {
#define CASE(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
        CASE(an_outline_that_differs_is_found),
        CASE(any_bit_of_a_dossier_may_be_flipped),
        CASE(no_damaged_byte_ends_the_process),
        CASE(a_backup_is_the_same_store),
        CASE(a_backup_that_cannot_be_is_not_there),
    };
    for (size_t i = 0; i < COUNT(others); i++) {
        tests[count++] = others[i];
    }
    return check_run("store/verify", tests, count, NULL, NULL);
}
