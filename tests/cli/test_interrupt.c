/* SPDX-License-Identifier: Apache-2.0 */
/* What an interruption leaves: no half file, and whole batches. */
#include "support/check.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/interrupt.h"
#include "cli/options.h"

enum { WORDS_MAX = 16, PATH_BYTES = 4096 };

static char folder[] = "/tmp/heng-interrupt-XXXXXX";
static char rules[PATH_BYTES];
static char lines[PATH_BYTES];

static int run(const char *command, const char *first, const char *second) {
    char words[WORDS_MAX][PATH_BYTES];
    char *argv[WORDS_MAX];
    int argc = 0;
    const char *given[] = {"heng",   command, "--rules", rules,
                           "--lang", "en",    first,     second};
    for (size_t i = 0; i < COUNT(given); i++) {
        if (given[i] == NULL)
            continue;
        (void)snprintf(words[argc], PATH_BYTES, "%s", given[i]);
        argv[argc] = words[argc];
        argc++;
    }
    heng_cli cli;
    int status = -1;
    if (heng_options_parse(argc, argv, &cli, &status))
        status = cli.command->run(&cli);
    heng_options_done(&cli);
    return status;
}

static int set_up(void **state) {
    char here[PATH_BYTES / 2];
    (void)state;
    if (getcwd(here, sizeof here) == NULL || mkdtemp(folder) == NULL)
        return -1;
    (void)snprintf(rules, sizeof rules, "%s/cli/town", here);
    (void)snprintf(lines, sizeof lines, "%s/cli/town.ndjson", here);
    return chdir(folder);
}

static int tear_down(void **state) {
    (void)state;
    char command[PATH_BYTES];
    (void)snprintf(command, sizeof command, "rm -rf %s", folder);
    return system(command) == 0 ? 0 : -1; /* NOLINT: our own folder */
}

static bool exists(const char *path) {
    struct stat info;
    return stat(path, &info) == 0;
}

static void nothing_came_before(void **state) {
    (void)state;
    assert_false(heng_interrupt_came(NULL));
    assert_int_equal(run("import", lines, NULL), HENG_EXIT_FINE);
    assert_int_equal(run("batch", "--out=all.ndjson", NULL), HENG_EXIT_FINE);
    assert_true(exists("all.ndjson"));
}

static void an_interrupted_batch_leaves_no_file(void **state) {
    (void)state;
    heng_interrupt_watch();
    assert_int_equal(raise(SIGTERM), 0);
    assert_true(heng_interrupt_came(NULL));
    assert_int_equal(run("batch", "--out=none.ndjson", NULL), HENG_EXIT_FAILED);
    assert_false(exists("none.ndjson"));
    assert_int_equal(run("batch", "--out=all.ndjson", NULL), HENG_EXIT_FAILED);
    assert_true(exists("all.ndjson")); /* what was there stays */
}

static void an_interrupted_import_keeps_whole_batches(void **state) {
    (void)state;
    assert_int_equal(run("import", lines, "--db=half.db"), HENG_EXIT_FAILED);
    assert_true(exists("half.db"));
    assert_int_equal(run("store", "verify", "--db=half.db"), HENG_EXIT_FINE);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_came_before),
        cmocka_unit_test(an_interrupted_batch_leaves_no_file),
        cmocka_unit_test(an_interrupted_import_keeps_whole_batches),
    };
    return cmocka_run_group_tests_name("cli/interrupt", tests, set_up, tear_down);
}
