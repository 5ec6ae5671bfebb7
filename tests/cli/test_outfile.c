/* SPDX-License-Identifier: Apache-2.0 */
#include "support/check.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/outfile.h"

static char folder[] = "/tmp/heng-outfile-XXXXXX";

static int set_up(void **state) {
    (void)state;
    return mkdtemp(folder) == NULL ? -1 : chdir(folder);
}

static int tear_down(void **state) {
    (void)state;
    (void)unlink("out");
    return rmdir(folder);
}

static size_t count_files(void) {
    size_t count = 0;
    DIR *listing = opendir(".");
    assert_non_null(listing);
    for (const struct dirent *entry; (entry = readdir(listing)) != NULL;)
        count += entry->d_name[0] != '.';
    (void)closedir(listing);
    return count;
}

static void check_content(const char *want) {
    char got[64] = "";
    FILE *stream = fopen("out", "rb");
    assert_non_null(stream);
    got[fread(got, 1, sizeof got - 1, stream)] = '\0';
    (void)fclose(stream);
    assert_string_equal(got, want);
}

static void write_out(heng_outfile *file, const char *text) {
    heng_error error = {0};
    assert_int_equal(heng_outfile_open(file, "out", &error), HENG_OK);
    assert_true(heng_outfile_write(file, heng_str_of(text)));
}

static void it_appears_when_it_is_whole(void **state) {
    (void)state;
    heng_outfile file;
    heng_error error = {0};
    write_out(&file, "one");
    assert_int_not_equal(access("out", F_OK), 0);
    assert_int_equal(heng_outfile_commit(&file, &error), HENG_OK);
    heng_outfile_abandon(&file);
    check_content("one");
    assert_int_equal(count_files(), 1);
}

static void abandoned_it_leaves_what_was_there(void **state) {
    (void)state;
    heng_outfile file;
    write_out(&file, "two");
    assert_int_equal(count_files(), 2);
    heng_outfile_abandon(&file);
    heng_outfile_abandon(&file); /* twice is fine */
    check_content("one");
    assert_int_equal(count_files(), 1);
}

static void a_full_disk_is_told_when_it_is_committed(void **state) {
    (void)state;
    heng_outfile file;
    heng_error error = {0};
    assert_int_equal(heng_outfile_open(&file, "/dev/full", &error), HENG_OK);
    (void)heng_outfile_write(&file, HENG_STR("x"));
    assert_int_equal(heng_outfile_commit(&file, &error), HENG_ERR_FULL);
    assert_string_equal(error.place, "/dev/full");
}

static void a_folder_that_is_not_there_is_told_at_once(void **state) {
    (void)state;
    heng_outfile file;
    heng_error error = {0};
    assert_int_equal(heng_outfile_open(&file, "nowhere/out", &error),
                     HENG_ERR_NOT_FOUND);
    assert_int_equal(heng_outfile_open(&file, folder, &error), HENG_ERR_IO);
    assert_int_equal(count_files(), 1);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_appears_when_it_is_whole),
        cmocka_unit_test(abandoned_it_leaves_what_was_there),
        cmocka_unit_test(a_full_disk_is_told_when_it_is_committed),
        cmocka_unit_test(a_folder_that_is_not_there_is_told_at_once),
    };
    return cmocka_run_group_tests_name("cli/outfile", tests, set_up, tear_down);
}
