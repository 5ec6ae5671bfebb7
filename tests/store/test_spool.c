/* SPDX-License-Identifier: Apache-2.0 */
/* A spool gives back what it was given, has no name, and says when the disk is full. */
#include <fcntl.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include "store/fixture.h"

#include "store/spool.h"

static void what_is_written_is_read(void **state) {
    (void)state;
    char *folder = fixture_folder();
    heng_spool spool;
    heng_error error = {0};
    char got[8] = "";
    struct stat info;
    heng_spool_init(&spool, folder);
    for (int round = 0; round < 2; round++) { /* closed, it can be used again */
        assert_int_equal(spool.size, 0);
        assert_int_equal(heng_spool_write(&spool, "abc", 3, &error), HENG_OK);
        assert_int_equal(heng_spool_write(&spool, "defg", 4, &error), HENG_OK);
        assert_int_equal(spool.size, 7);
        assert_int_equal(heng_spool_read(&spool, 2, got, 4, &error), HENG_OK);
        assert_memory_equal(got, "cdef", 4);
        assert_int_equal(fstat(spool.fd, &info), 0);
        assert_int_equal(info.st_nlink, 0); /* nobody finds it */
        assert_int_equal(info.st_mode & 0777, 0600);
        assert_true((fcntl(spool.fd, F_GETFD) & FD_CLOEXEC) != 0);
        fixture_only_store(folder);
        heng_spool_close(&spool);
    }
    fixture_remove(folder);
}

static void past_its_end_is_an_error(void **state) {
    (void)state;
    char *folder = fixture_folder();
    heng_spool spool;
    heng_error error = {0};
    char got[8];
    heng_spool_init(&spool, folder);
    assert_int_equal(heng_spool_write(&spool, "abc", 3, &error), HENG_OK);
    assert_int_equal(heng_spool_read(&spool, 1, got, 3, &error), HENG_ERR_IO);
    heng_spool_close(&spool);
    fixture_remove(folder);
}

static void a_folder_that_is_none_is_an_error(void **state) {
    (void)state;
    heng_spool spool;
    heng_error error = {0};
    heng_spool_init(&spool, "/nowhere/at/all");
    assert_int_equal(heng_spool_write(&spool, "abc", 3, &error), HENG_ERR_NOT_FOUND);
    assert_string_equal(error.place, "/nowhere/at/all");
    heng_spool_close(&spool);
}

static void a_full_disk_says_what_to_do(void **state) {
    (void)state;
    char *folder = fixture_folder();
    (void)fflush(NULL);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        heng_spool spool;
        heng_error error = {0};
        struct rlimit limit = {10, 10};
        (void)signal(SIGXFSZ, SIG_IGN);
        heng_spool_init(&spool, folder);
        bool fine = setrlimit(RLIMIT_FSIZE, &limit) == 0 &&
                    heng_spool_write(&spool, "12345678", 8, &error) == HENG_OK &&
                    heng_spool_write(&spool, "12345678", 8, &error) == HENG_ERR_FULL &&
                    strcmp(error.place, folder) == 0 &&
                    strstr(error.text, "free some") != NULL;
        _exit(fine ? 0 : 1);
    }
    int status = 0;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    fixture_remove(folder);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_written_is_read),
        cmocka_unit_test(past_its_end_is_an_error),
        cmocka_unit_test(a_folder_that_is_none_is_an_error),
        cmocka_unit_test(a_full_disk_says_what_to_do),
    };
    return check_run("store/spool", tests, COUNT(tests), NULL, NULL);
}
