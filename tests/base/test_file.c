/* SPDX-License-Identifier: Apache-2.0 */
/* test_file.c: files that are there, that are not, and that are not what they should
 * be.
 *
 * Each test has a folder of its own below /tmp, named `{}` in expected texts. */
#include "support/torture.h"

#include "base/buffer.h"
#include "base/file.h"
#include "base/limits.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static char folder[64];
static char path_buffer[2 * HENG_LIMIT_PATH_BYTES];

static int make_folder(void **state) {
    (void)state;
    (void)snprintf(folder, sizeof folder, "/tmp/heng-test-file-XXXXXX");
    return mkdtemp(folder) == NULL || chmod(folder, 0755) != 0;
}

/* Calls itself for each folder inside; test folders are not deep. */
static int remove_tree(const char *path) {
    int failed = 0;
    struct stat info;
    DIR *open_folder = NULL;
    if (lstat(path, &info) == 0 && S_ISDIR(info.st_mode)) {
        open_folder = opendir(path);
    }
    for (const struct dirent *entry = NULL;
         open_folder != NULL && (entry = readdir(open_folder)) != NULL;) {
        char inside[HENG_LIMIT_PATH_BYTES];
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
            continue;
        int len = snprintf(inside, sizeof inside, "%s/%s", path, entry->d_name);
        failed |= len < 0 || (size_t)len >= sizeof inside || remove_tree(inside) != 0;
    }
    if (open_folder != NULL) {
        (void)closedir(open_folder);
    }
    return remove(path) != 0 || failed;
}

static int remove_folder(void **state) {
    (void)state;
    return remove_tree(folder);
}

/* Valid until the next call. */
static const char *in_folder(const char *name) {
    (void)snprintf(path_buffer, sizeof path_buffer, "%s%s%s", folder,
                   name[0] == '\0' ? "" : "/", name);
    return path_buffer;
}

static void put_file(const char *name, const char *text) {
    FILE *file = fopen(in_folder(name), "wb");
    assert_non_null(file);
    assert_int_equal(fputs(text, file) >= 0 && fclose(file) == 0, 1);
}

static void put_folder(const char *name) {
    assert_int_equal(mkdir(in_folder(name), 0755), 0);
}

static void put_link(const char *to, const char *name) {
    assert_int_equal(symlink(to, in_folder(name)), 0);
}

/* `want` with {} standing for the folder. */
static void check_error(const heng_error *error, const char *want) {
    char got[2048];
    char full[2048] = "";
    (void)heng_error_format(error, got, sizeof got);
    const char *braces = strstr(want, "{}");
    if (braces == NULL) {
        (void)snprintf(full, sizeof full, "%s", want);
    } else {
        (void)snprintf(full, sizeof full, "%.*s%s%s", (int)(braces - want), want,
                       folder, braces + 2);
    }
    assert_string_equal(got, full);
}

static void check_read(const char *name, size_t max, const char *want,
                       size_t want_len) {
    char *bytes = NULL;
    size_t len = 0;
    heng_error error = {0};
    heng_status status = heng_file_read(in_folder(name), max, &bytes, &len, &error);
    assert_string_equal(error.text, "");
    assert_int_equal(status, HENG_OK);
    assert_int_equal(len, want_len);
    assert_memory_equal(bytes, want, want_len);
    assert_int_equal(bytes[len], '\0');
    heng_alloc_free(bytes);
}

static void check_read_fails(const char *path, size_t max, heng_status want_status,
                             const char *want) {
    char *bytes = NULL;
    size_t len = 42;
    heng_error error = {0};
    assert_int_equal(heng_file_read(path, max, &bytes, &len, &error), want_status);
    assert_null(bytes); /* untouched */
    assert_int_equal(len, 42);
    check_error(&error, want);
}

static void reads_whole_files(void **state) {
    (void)state;
    put_file("empty", "");
    check_read("empty", 0, "", 0);
    check_read("empty", SIZE_MAX, "", 0);
    put_file("text", "some\ntext");
    check_read("text", 1000, "some\ntext", 9);

    enum { LARGE = 300000 };
    char *large = heng_alloc(LARGE + 1);
    memset(large, 'x', LARGE);
    large[LARGE] = '\0';
    put_file("large", large);
    check_read("large", LARGE, large, LARGE);
    heng_alloc_free(large);
}

static void a_file_of_just_the_limit_fits(void **state) {
    (void)state;
    put_file("text", "0123456789");
    check_read("text", 10, "0123456789", 10);
    check_read_fails(in_folder("text"), 9, HENG_ERR_LIMIT,
                     "{}/text: the file is over the limit of 9 bytes; split it");
    check_read_fails(in_folder("text"), 0, HENG_ERR_LIMIT,
                     "{}/text: the file is over the limit of 0 bytes; split it");
}

/* Its size is not known before the end: /dev/zero has none. */
static void the_limit_holds_for_what_has_no_size(void **state) {
    (void)state;
    check_read_fails("/dev/zero", 100000, HENG_ERR_LIMIT,
                     "/dev/zero: the file is over the limit of 100000 bytes; split it");
}

static void missing_files_are_not_found(void **state) {
    (void)state;
    put_file("file", "");
    check_read_fails(
        in_folder("none.yaml"), 10, HENG_ERR_NOT_FOUND,
        "{}/none.yaml: cannot open: there is nothing of this name; check the "
        "path");
    check_read_fails(
        in_folder("file/x"), 10, HENG_ERR_NOT_FOUND,
        "{}/file/x: cannot open: a part of the path is not a folder; check "
        "the path");
    check_read_fails("", 10, HENG_ERR_NOT_FOUND,
                     "cannot open: there is nothing of this name; check the path");
}

static void a_folder_is_no_file(void **state) {
    (void)state;
    check_read_fails(in_folder(""), 10, HENG_ERR_IO,
                     "{}: cannot read: is a folder, a file is expected");
}

/* Root may read anything: be somebody else meanwhile. */
static uid_t become_nobody(void) {
    uid_t user = geteuid();
    if (user == 0) {
        assert_int_equal(seteuid(65534), 0);
    }
    return user;
}

static void become(uid_t user) {
    assert_int_equal(seteuid(user), 0);
}

static void an_unreadable_file_says_so(void **state) {
    (void)state;
    put_file("secret", "x");
    assert_int_equal(chmod(in_folder("secret"), 0), 0);
    uid_t user = become_nobody();
    char *bytes = NULL;
    size_t len = 0;
    heng_error error = {0};
    heng_status status = heng_file_read(in_folder("secret"), 10, &bytes, &len, &error);
    become(user);
    assert_int_equal(status, HENG_ERR_IO);
    check_error(&error,
                "{}/secret: cannot open: permission denied; give this user access");
}

static void links_in_a_circle_say_so(void **state) {
    (void)state;
    put_link("b", "a");
    put_link("a", "b");
    check_read_fails(in_folder("a"), 10, HENG_ERR_IO,
                     "{}/a: cannot open: symbolic links lead in a circle; remove one");
}

static void an_unknown_cause_has_its_number(void **state) {
    (void)state;
    heng_error error = {0};
    assert_int_equal(heng_file_fail(&error, "x", "cannot open", EPIPE), HENG_ERR_IO);
    check_error(&error, "x: cannot open: Broken pipe (errno 32)");
    assert_int_equal(heng_file_fail(&error, "x", "cannot write", ENOSPC),
                     HENG_ERR_FULL);
    check_error(&error, "x: cannot write: no space left on the device; free some");
}

/* The list as lines, or the error. */
static void check_list(const char *name, heng_status want_status, const char *want) {
    heng_arena *arena = heng_arena_new((size_t)64 << 20);
    heng_str *paths = NULL;
    size_t count = 42;
    heng_error error = {0};
    heng_status status =
        heng_file_list(in_folder(name), ".yaml", arena, &paths, &count, &error);
    if (status == HENG_OK) {
        heng_buffer lines;
        heng_buffer_init(&lines, (size_t)1 << 20);
        for (size_t i = 0; i < count; i++) {
            assert_int_equal(paths[i].ptr[paths[i].len], '\0');
            (void)heng_buffer_add_format(&lines, "%s\n", paths[i].ptr);
        }
        assert_string_equal(heng_buffer_view(&lines).ptr, want);
        heng_buffer_done(&lines);
    } else {
        assert_null(paths); /* untouched */
        assert_int_equal(count, 42);
        check_error(&error, want);
    }
    assert_int_equal(status, want_status);
    heng_arena_free(arena);
}

static void lists_below_in_bytewise_order(void **state) {
    (void)state;
    put_folder("rules");
    put_folder("rules/a");
    put_folder("rules/a/b");
    put_folder("rules/empty");
    put_folder("rules/x.yaml"); /* a folder of this name is a folder */
    put_folder("rules/.git");
    put_file("rules/z.yaml", "");
    put_file("rules/a/c.yaml", "");
    put_file("rules/a/b/d.yaml", "");
    put_file("rules/a.yaml", "");
    put_file("rules/a-b.yaml", "");
    put_file("rules/B.yaml", "");
    put_file("rules/规则.yaml", "");
    put_file("rules/x.yaml/in.yaml", "");
    put_file("rules/readme.md", "");
    put_file("rules/a.yml", "");
    put_file("rules/a.yaml~", "");
    put_file("rules/.a.yaml", "");
    put_file("rules/.git/a.yaml", "");
    put_link("none", "rules/dangling.md");
    put_link("../rules/a/c.yaml", "rules/link.yaml");
    static const char want[] = "B.yaml\n"
                               "a-b.yaml\n"
                               "a.yaml\n"
                               "a/b/d.yaml\n"
                               "a/c.yaml\n"
                               "link.yaml\n"
                               "x.yaml/in.yaml\n"
                               "z.yaml\n"
                               "规则.yaml\n";
    check_list("rules", HENG_OK, want);
    check_list("rules///", HENG_OK, want);
    check_list("rules/empty", HENG_OK, "");
}

static void what_cannot_be_listed_says_why(void **state) {
    (void)state;
    put_folder("rules");
    put_file("rules/a.yaml", "");
    check_list(
        "none", HENG_ERR_NOT_FOUND,
        "{}/none: cannot open the folder: there is nothing of this name; check the "
        "path");
    check_list("rules/a.yaml", HENG_ERR_IO,
               "{}/rules/a.yaml: is not a folder; name the one that holds the `.yaml` "
               "files");
    assert_int_equal(mkfifo(in_folder("rules/pipe.yaml"), 0600), 0);
    check_list("rules", HENG_ERR_INVALID,
               "{}/rules/pipe.yaml: is a pipe, a socket or a device, which may never "
               "end; remove it, or name it alone");
    assert_int_equal(unlink(in_folder("rules/pipe.yaml")), 0);
    put_link("none", "rules/b.yaml");
    check_list("rules", HENG_ERR_NOT_FOUND,
               "{}/rules/b.yaml: cannot open: there is nothing of this name; check the "
               "path");
}

static void an_unreadable_folder_says_so(void **state) {
    (void)state;
    put_folder("rules");
    put_folder("rules/secret");
    assert_int_equal(chmod(in_folder("rules/secret"), 0), 0);
    uid_t user = become_nobody();
    heng_arena *arena = heng_arena_new(1 << 20);
    heng_str *paths = NULL;
    size_t count = 0;
    heng_error error = {0};
    heng_status status =
        heng_file_list(in_folder("rules"), ".yaml", arena, &paths, &count, &error);
    become(user);
    heng_arena_free(arena);
    assert_int_equal(chmod(in_folder("rules/secret"), 0755), 0);
    assert_int_equal(status, HENG_ERR_IO);
    check_error(&error,
                "{}/rules/secret: cannot open the folder: permission denied; give "
                "this user access");
}

static void a_link_to_a_folder_above_is_an_error(void **state) {
    (void)state;
    put_folder("rules");
    put_folder("rules/a");
    put_link("..", "rules/a/up");
    check_list("rules", HENG_ERR_INVALID,
               "{}/rules/a/up: the symbolic link leads back to a folder that it is in; "
               "remove it");
}

static void a_link_to_a_folder_elsewhere_is_followed(void **state) {
    (void)state;
    put_folder("rules");
    put_folder("shared");
    put_file("shared/a.yaml", "");
    put_link("../shared", "rules/one");
    put_link("../shared", "rules/two"); /* twice is no circle */
    check_list("rules", HENG_OK, "one/a.yaml\ntwo/a.yaml\n");
}

static void the_deepest_folder_is_read_and_one_more_is_not(void **state) {
    (void)state;
    char name[HENG_LIMIT_PATH_BYTES] = "rules";
    char want[HENG_LIMIT_PATH_BYTES + 100] = "";
    put_folder(name);
    for (size_t i = 0; i < HENG_LIMIT_FOLDER_DEPTH; i++) {
        (void)strcat(name, "/d");
        (void)strcat(want, "d/");
        put_folder(name);
    }
    (void)strcat(name, "/a.yaml");
    (void)strcat(want, "a.yaml\n");
    put_file(name, "");
    check_list("rules", HENG_OK, want);

    name[strlen(name) - strlen("/a.yaml")] = '\0';
    (void)strcat(name, "/d");
    put_folder(name);
    (void)snprintf(want, sizeof want,
                   "{}/%s: more than 16 folders in one another; flatten them", name);
    check_list("rules", HENG_ERR_LIMIT, want);
}

static void paths_over_the_limit_are_an_error(void **state) {
    (void)state;
    char name[2 * HENG_LIMIT_PATH_BYTES];
    memset(name, 'x', sizeof name);
    name[HENG_LIMIT_PATH_BYTES] = '\0';
    heng_arena *arena = heng_arena_new(1 << 20);
    heng_str *paths = NULL;
    size_t count = 0;
    heng_error error = {0};
    heng_status status = heng_file_list(name, ".yaml", arena, &paths, &count, &error);
    assert_int_equal(status, HENG_ERR_LIMIT);
    assert_string_equal(error.text,
                        "cannot open the folder: the path is too long; shorten it");
    assert_int_equal(heng_file_replace(name, "x", 1, &error), HENG_ERR_LIMIT);
    assert_string_equal(error.text, "cannot write: the path is too long; shorten it");
    heng_arena_free(arena);

    /* Deeper names of 255 bytes each pass the limit on the way down. */
    put_folder("rules");
    char cwd[HENG_LIMIT_PATH_BYTES];
    assert_non_null(getcwd(cwd, sizeof cwd));
    assert_int_equal(chdir(in_folder("rules")), 0);
    name[255] = '\0';
    bool made = true;
    for (size_t i = 0; i < HENG_LIMIT_FOLDER_DEPTH; i++) {
        made = made && mkdir(name, 0755) == 0 && chdir(name) == 0;
    }
    status =
        made ? heng_file_list(in_folder("rules"), ".yaml", NULL, &paths, &count, &error)
             : HENG_OK;
    for (size_t i = 0; i < HENG_LIMIT_FOLDER_DEPTH; i++) { /* too long to be named */
        made = made && chdir("..") == 0 && rmdir(name) == 0;
    }
    assert_int_equal(chdir(cwd), 0);
    assert_true(made);
    assert_int_equal(status, HENG_ERR_LIMIT);
    assert_string_equal(error.text,
                        "cannot read the folder: the path is too long; shorten it");
}

static void the_most_files_are_listed_and_one_more_is_not(void **state) {
    (void)state;
    put_folder("rules");
    put_file("rules/0.yaml", "");
    for (size_t i = 1; i < HENG_LIMIT_RULESET_FILES; i++) {
        char name[32];
        (void)snprintf(name, sizeof name, "rules/%zu.yaml", i);
        put_file(name, "");
    }
    heng_arena *arena = heng_arena_new((size_t)64 << 20);
    heng_str *paths = NULL;
    size_t count = 0;
    heng_error error = {0};
    assert_int_equal(
        heng_file_list(in_folder("rules"), ".yaml", arena, &paths, &count, &error),
        HENG_OK);
    assert_int_equal(count, HENG_LIMIT_RULESET_FILES);
    heng_arena_free(arena);

    put_file("rules/more.yaml", "");
    check_list("rules", HENG_ERR_LIMIT,
               "{}/rules: holds more than 10000 `.yaml` files; split the ruleset");
}

static size_t count_entries(void) {
    size_t count = 0;
    DIR *open_folder = opendir(folder);
    assert_non_null(open_folder);
    for (const struct dirent *entry; (entry = readdir(open_folder)) != NULL;) {
        count += strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0;
    }
    (void)closedir(open_folder);
    return count;
}

static void replacing_leaves_the_new_text_and_nothing_else(void **state) {
    (void)state;
    heng_error error = {0};
    assert_int_equal(heng_file_replace(in_folder("out"), "first", 5, &error), HENG_OK);
    check_read("out", 100, "first", 5);
    assert_int_equal(chmod(in_folder("out"), 0640), 0);
    assert_int_equal(heng_file_replace(in_folder("out"), "a\0b", 3, &error), HENG_OK);
    check_read("out", 100, "a\0b", 3);
    struct stat info;
    assert_int_equal(stat(in_folder("out"), &info), 0);
    assert_int_equal(info.st_mode & 07777, 0640); /* kept */
    assert_int_equal(heng_file_replace(in_folder("out"), NULL, 0, &error), HENG_OK);
    check_read("out", 100, "", 0);
    assert_int_equal(count_entries(), 1);
}

static void replacing_passes_over_leftovers(void **state) {
    (void)state;
    char left[128];
    heng_error error = {0};
    (void)snprintf(left, sizeof left, "out.%ld-0.tmp", (long)getpid());
    put_file(left, "left over");
    assert_int_equal(heng_file_replace(in_folder("out"), "new", 3, &error), HENG_OK);
    check_read("out", 100, "new", 3);
    check_read(left, 100, "left over", 9);
}

static void a_failed_replacement_keeps_what_was_there(void **state) {
    (void)state;
    heng_error error = {0};
    put_folder("out");
    put_file("out/inside", "kept");
    assert_int_equal(heng_file_replace(in_folder("out"), "x", 1, &error), HENG_ERR_IO);
    check_error(&error, "{}/out: cannot write: is a folder, a file is expected");
    check_read("out/inside", 100, "kept", 4);
    assert_int_equal(count_entries(), 1); /* no temporary file is left */

    assert_int_equal(heng_file_replace(in_folder("none/out"), "x", 1, &error),
                     HENG_ERR_NOT_FOUND);
    check_error(&error,
                "{}/none/out: cannot write: there is nothing of this name; check "
                "the path");

    uid_t user = become_nobody();
    heng_status status = heng_file_replace("/heng-test-no-right", "x", 1, &error);
    become(user);
    assert_int_equal(status, HENG_ERR_IO);
    check_error(
        &error,
        "/heng-test-no-right: cannot write: permission denied; give this user access");
}

static void a_full_device_says_so(void **state) {
    (void)state;
    heng_error error = {0};
    /* Written as a device: replacing /dev/full itself would need the right to. */
    int fd = open("/dev/full", O_WRONLY);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, "x", 1), -1);
    assert_int_equal(heng_file_fail(&error, "/dev/full", "cannot write", errno),
                     HENG_ERR_FULL);
    (void)close(fd);
    check_error(&error,
                "/dev/full: cannot write: no space left on the device; free some");
}

static heng_status read_once(void *context) {
    char *bytes = NULL;
    size_t len = 0;
    heng_error error = {0};
    heng_status status = heng_file_read(context, 1000, &bytes, &len, &error);
    assert_int_equal(bytes != NULL, status == HENG_OK);
    if (status != HENG_OK) {
        assert_string_equal(error.text, "out of memory");
    }
    heng_alloc_free(bytes);
    return status;
}

static heng_status list_once(void *context) {
    heng_str *paths = NULL;
    size_t count = 0;
    heng_arena *arena = heng_arena_new(1 << 20);
    if (arena == NULL)
        return HENG_ERR_NOMEM;
    heng_status status = heng_file_list(context, ".yaml", arena, &paths, &count, NULL);
    heng_arena_free(arena);
    return status;
}

static void survives_failing_allocations(void **state) {
    (void)state;
    char path[sizeof path_buffer];
    put_file("a.yaml", "text");
    put_file("b.yaml", "text");
    put_folder("c");
    put_file("c/d.yaml", "text");
    (void)snprintf(path, sizeof path, "%s", in_folder("a.yaml"));
    assert_true(torture(read_once, path) > 0);
    assert_true(torture(list_once, folder) > 3);
}

#define IN_FOLDER(function)                                                            \
    cmocka_unit_test_setup_teardown(function, make_folder, remove_folder)

int main(void) {
    const struct CMUnitTest tests[] = {
        IN_FOLDER(reads_whole_files),
        IN_FOLDER(a_file_of_just_the_limit_fits),
        IN_FOLDER(the_limit_holds_for_what_has_no_size),
        IN_FOLDER(missing_files_are_not_found),
        IN_FOLDER(a_folder_is_no_file),
        IN_FOLDER(an_unreadable_file_says_so),
        IN_FOLDER(links_in_a_circle_say_so),
        IN_FOLDER(an_unknown_cause_has_its_number),
        IN_FOLDER(lists_below_in_bytewise_order),
        IN_FOLDER(what_cannot_be_listed_says_why),
        IN_FOLDER(an_unreadable_folder_says_so),
        IN_FOLDER(a_link_to_a_folder_above_is_an_error),
        IN_FOLDER(a_link_to_a_folder_elsewhere_is_followed),
        IN_FOLDER(the_deepest_folder_is_read_and_one_more_is_not),
        IN_FOLDER(paths_over_the_limit_are_an_error),
        IN_FOLDER(the_most_files_are_listed_and_one_more_is_not),
        IN_FOLDER(replacing_leaves_the_new_text_and_nothing_else),
        IN_FOLDER(replacing_passes_over_leftovers),
        IN_FOLDER(a_failed_replacement_keeps_what_was_there),
        IN_FOLDER(a_full_device_says_so),
        IN_FOLDER(survives_failing_allocations),
    };
    return cmocka_run_group_tests_name("base/file", tests, NULL, NULL);
}
