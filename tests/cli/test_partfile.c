/* SPDX-License-Identifier: Apache-2.0 */
/* test_partfile.c: the final name has the old file or the new one, whole; the partial
 * is ours, or nobody's. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "support/check.h"
#include "support/torture.h"

#include "base/alloc.h"
#include "base/file.h"
#include "cli/partfile.h"

static char folder[64];
static char path[128], partial[160];

static int setup(void **state) {
    (void)state;
    (void)snprintf(folder, sizeof folder, "/tmp/heng-part-XXXXXX");
    assert_non_null(mkdtemp(folder));
    (void)snprintf(path, sizeof path, "%s/out", folder);
    (void)snprintf(partial, sizeof partial, "%s.partial", path);
    return 0;
}

static int teardown(void **state) {
    (void)state;
    (void)unlink(path);
    (void)unlink(partial);
    return rmdir(folder);
}

static void expect(const char *name, const char *want) {
    char *bytes = NULL;
    size_t len = 0;
    heng_error error = {0};
    if (want == NULL) {
        assert_int_equal(access(name, F_OK), -1);
        return;
    }
    assert_int_equal(heng_file_read(name, 1 << 20, &bytes, &len, &error), HENG_OK);
    assert_string_equal(bytes, want);
    heng_alloc_free(bytes);
}

static heng_partfile begin(const uint64_t *keep) {
    heng_partfile file;
    heng_error error = {0};
    if (heng_partfile_open(&file, path, keep, &error) != HENG_OK) {
        fail_msg("%s", error.text);
    }
    return file;
}

static void appears_whole(void **state) {
    heng_error error = {0};
    heng_partfile file = begin(NULL);
    (void)state;
    assert_true(heng_partfile_write(&file, HENG_STR("one\n")));
    expect(path, NULL);
    expect(partial, "one\n");
    assert_int_equal(heng_partfile_commit(&file, &error), HENG_OK);
    expect(path, "one\n");
    expect(partial, NULL);
    heng_partfile_abandon(&file); /* takes one that was committed */
    expect(path, "one\n");
}

static void leaves_the_old_one(void **state) {
    heng_error error = {0};
    heng_partfile file = begin(NULL);
    (void)state;
    assert_true(heng_partfile_write(&file, HENG_STR("old")));
    assert_int_equal(heng_partfile_commit(&file, &error), HENG_OK);
    file = begin(NULL);
    assert_true(heng_partfile_write(&file, HENG_STR("new")));
    heng_partfile_abandon(&file);
    expect(path, "old");
    expect(partial, NULL);
}

static void goes_on(void **state) {
    const uint64_t keep = 4, more = 5;
    heng_error error = {0};
    heng_partfile file = begin(NULL);
    (void)state;
    assert_true(heng_partfile_write(&file, HENG_STR("one\nhalf of t")));
    heng_partfile_keep(&file);
    file = begin(&keep);
    assert_int_equal(file.bytes, keep);
    assert_true(heng_partfile_write(&file, HENG_STR("two\n")));
    heng_partfile_keep(&file);
    expect(partial, "one\ntwo\n");
    file = begin(&more);
    heng_partfile_abandon(&file);
    assert_int_equal(heng_partfile_open(&file, path, &keep, &error),
                     HENG_ERR_NOT_FOUND);
    file = begin(NULL);
    heng_partfile_keep(&file);
    assert_int_equal(heng_partfile_open(&file, path, &keep, &error),
                     HENG_ERR_NOT_FOUND); /* it has fewer bytes */
}

static void follows_no_link(void **state) {
    char other[128];
    heng_error error = {0};
    heng_partfile file;
    (void)state;
    (void)snprintf(other, sizeof other, "%s/other", folder);
    int descriptor = open(other, O_CREAT | O_WRONLY, 0600);
    assert_true(descriptor >= 0);
    (void)close(descriptor);
    assert_int_equal(symlink(other, partial), 0);
    assert_int_equal(heng_partfile_open(&file, path, NULL, &error), HENG_ERR_IO);
    (void)unlink(partial);
    assert_int_equal(link(other, partial), 0);
    assert_int_equal(heng_partfile_open(&file, path, NULL, &error), HENG_ERR_IO);
    (void)unlink(other);
}

static void one_writer_at_a_time(void **state) {
    heng_partfile file = begin(NULL);
    int ended = 0;
    (void)state;
    pid_t child = fork(); /* locks are between processes */
    if (child == 0) {
        heng_partfile second;
        heng_error error = {0};
        _exit(heng_partfile_open(&second, path, NULL, &error) == HENG_ERR_BUSY ? 0 : 1);
    }
    assert_int_equal(waitpid(child, &ended, 0), child);
    assert_true(WIFEXITED(ended) && WEXITSTATUS(ended) == 0);
    assert_true(heng_partfile_write(&file, HENG_STR("x")));
    expect(partial, "x");
    heng_partfile_abandon(&file);
}

static void no_room_is_told(void **state) {
    heng_error error = {0};
    heng_partfile file;
    (void)state;
    assert_int_equal(heng_partfile_open(&file, "/dev/full", NULL, &error), HENG_OK);
    assert_false(heng_partfile_is_kept(&file));
    assert_false(heng_partfile_write(&file, HENG_STR("x")));
    assert_int_equal(heng_partfile_commit(&file, &error), HENG_ERR_FULL);
    assert_non_null(strstr(error.text, "cannot write"));
    heng_partfile_abandon(&file);
}

static heng_status write_one(void *context) {
    heng_error error = {0};
    heng_partfile file;
    (void)context;
    heng_status status = heng_partfile_open(&file, path, NULL, &error);
    if (status == HENG_OK) {
        status = heng_partfile_commit(&file, &error);
    }
    heng_partfile_abandon(&file);
    return status;
}

static void without_memory_it_says_so(void **state) {
    (void)state;
    assert_true(torture(write_one, NULL) > 0);
}

#define CASE(name, function)                                                           \
    { name, function, setup, teardown, 0 }

int main(void) {
    const struct CMUnitTest tests[] = {
        CASE("it appears when it is whole", appears_whole),
        CASE("an abandoned one leaves the old file", leaves_the_old_one),
        CASE("it goes on behind what is whole", goes_on),
        CASE("a partial that is a link, or has a second name, is refused",
             follows_no_link),
        CASE("two processes do not write the same one", one_writer_at_a_time),
        CASE("no room is an error that says so", no_room_is_told),
        CASE("without memory it says so", without_memory_it_says_so),
    };
    return cmocka_run_group_tests_name("partfile", tests, NULL, NULL);
}
