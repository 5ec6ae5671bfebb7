/* SPDX-License-Identifier: Apache-2.0 */
#include "made_store.h"

#include <fcntl.h>
#include <inttypes.h>
#include <libgen.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/buffer.h"

/* ---- the folder ---- */

/* A process of its own waits for the pipe to break, which it does however this program
 * ends: a folder of gigabytes is not left behind by Ctrl-C or an assertion. */
static void wait_and_remove(int end, const char *path) {
    char byte;
    (void)setpgid(0, 0); /* Ctrl-C on the terminal is not for this one */
    (void)signal(SIGINT, SIG_IGN);
    (void)signal(SIGTERM, SIG_IGN);
    (void)signal(SIGHUP, SIG_IGN);
    while (read(end, &byte, 1) > 0)
        continue;
    (void)execlp("rm", "rm", "-rf", "--", path, (char *)NULL);
    _exit(1);
}

void heng_made_folder_open(heng_made_folder *folder) {
    const char *parent = getenv("TMPDIR");
    int ends[2];
    if (parent == NULL || *parent == '\0')
        parent = "/tmp";
    int len =
        snprintf(folder->path, sizeof folder->path, "%s/heng-bench-XXXXXX", parent);
    if (len < 0 || (size_t)len >= sizeof folder->path || mkdtemp(folder->path) == NULL)
        heng_measure_die(parent, "no folder can be made there");
    (void)fflush(NULL);
    if (pipe(ends) != 0 || fcntl(ends[1], F_SETFD, FD_CLOEXEC) != 0)
        heng_measure_die("pipe", "cannot be made");
    folder->remover = fork();
    if (folder->remover == 0) {
        (void)close(ends[1]);
        wait_and_remove(ends[0], folder->path);
    }
    if (folder->remover < 0)
        heng_measure_die("fork", "failed");
    (void)close(ends[0]);
    folder->keeper = ends[1];
}

void heng_made_folder_close(heng_made_folder *folder) {
    (void)close(folder->keeper);
    (void)waitpid(folder->remover, NULL, 0);
}

/* ---- the market ---- */

static heng_time_ms clock_ms(void *context) {
    (void)context;
    return (heng_time_ms)time(NULL) * 1000;
}

static void reject(void *context, const heng_import_reject *rejected) {
    (void)context;
    heng_measure_die("the market has a line that import rejects", rejected->reason);
}

static void ignore(void *context, const heng_import_reject *warning) {
    (void)context;
    (void)warning;
}

static size_t read_pipe(void *context, char *buffer, size_t size) {
    FILE *pipe = context;
    size_t got = fread(buffer, 1, size, pipe);
    return got == 0 && ferror(pipe) ? SIZE_MAX : got;
}

/* `filter`: a command that the lines are sent through, beginning with a bar, or "". */
static void import_market(const heng_made_store *made,
                          const heng_measure_options *options,
                          const heng_ruleset *ruleset, const char *filter) {
    heng_error error = {0};
    heng_store *store = NULL;
    heng_import *import = NULL;
    heng_import_counts counts = {0};
    const heng_import_options how = {.catalog = heng_ruleset_catalog(ruleset),
                                     .now = clock_ms,
                                     .reject = reject,
                                     .warn = ignore};
    char program[1024];
    char command[4096];
    (void)snprintf(program, sizeof program, "%s", options->program);
    (void)snprintf(command, sizeof command,
                   "'%s/heng-market' --subjects %" PRIu64 " --rules '%s' 2>/dev/null%s",
                   dirname(program), options->subjects, made->rules, filter);
    FILE *lines = popen(command, "r");
    if (lines == NULL)
        heng_measure_die("heng-market", "cannot be started");
    if (heng_store_open(made->path, HENG_STORE_CREATE, &store, &error) != HENG_OK ||
        heng_import_begin(store, &how, &import, &error) != HENG_OK ||
        heng_import_read(import, "market", read_pipe, lines, &error) != HENG_OK ||
        heng_import_end(import, &counts, &error) != HENG_OK)
        heng_measure_die("import", error.text);
    if (pclose(lines) != 0 || counts.subjects_new + counts.subjects_changed == 0)
        heng_measure_die("heng-market", "failed");
    heng_store_close(store);
}

/* In a process of its own, so that what an import leaves of the heap is not measured
 * with what comes after. */
static void import_apart(const heng_made_store *made,
                         const heng_measure_options *options,
                         const heng_ruleset *ruleset, const char *filter) {
    int status = 0;
    (void)fflush(NULL);
    pid_t child = fork();
    if (child == 0) {
        (void)close(made->folder.keeper);
        import_market(made, options, ruleset, filter);
        _exit(0);
    }
    if (child < 0 || waitpid(child, &status, 0) != child || status != 0)
        heng_measure_die("import", "failed");
}

static void write_rules(const heng_made_store *made, const char *rules) {
    FILE *file = fopen(made->rules, "w");
    if (file == NULL || fputs(rules, file) < 0 || fclose(file) != 0)
        heng_measure_die(made->rules, "cannot be written");
}

void heng_made_store_open(heng_made_store *made, const heng_measure_options *options,
                          const heng_ruleset *ruleset, const char *rules) {
    heng_error error = {0};
    heng_store_stat stat = {0};
    *made = (heng_made_store){0};
    heng_made_folder_open(&made->folder);
    (void)snprintf(made->path, sizeof made->path, "%s/store", made->folder.path);
    if (rules == NULL) {
        (void)snprintf(made->rules, sizeof made->rules, "%s", options->rules);
    } else {
        (void)snprintf(made->rules, sizeof made->rules, "%s/rules.yaml",
                       made->folder.path);
        write_rules(made, rules);
    }
    import_apart(made, options, ruleset, "");
    heng_made_store_reopen(made);
    if (heng_store_stat_get(made->store, &stat, &error) != HENG_OK)
        heng_measure_die("store", error.text);
    made->subjects = stat.subjects;
    made->records = stat.records;
    if (made->subjects != options->subjects)
        heng_measure_die("store", "holds another number of subjects");
}

void heng_made_store_reopen(heng_made_store *made) {
    heng_error error = {0};
    heng_store_close(made->store);
    made->store = NULL;
    if (heng_store_open(made->path, made->writable ? HENG_STORE_WRITE : HENG_STORE_READ,
                        &made->store, &error) != HENG_OK)
        heng_measure_die("store", error.text);
}

void heng_made_store_alter(heng_made_store *made, const heng_measure_options *options,
                           const heng_ruleset *ruleset, uint64_t one_in) {
    char filter[512];
    (void)snprintf(
        filter, sizeof filter,
        " | awk '/\"type\":\"subject\"/ {keep = n++ %% %" PRIu64 " == 0}"
        " keep {sub(/\"name\":\"/, \"&X\");"
        " sub(/\"decided_on\":\"2025/, \"\\\"decided_on\\\":\\\"2024\"); print}'",
        one_in);
    heng_store_close(made->store);
    made->store = NULL;
    import_apart(made, options, ruleset, filter);
    heng_made_store_reopen(made);
}

void heng_made_store_close(heng_made_store *made) {
    heng_store_close(made->store);
    heng_made_folder_close(&made->folder);
}

/* ---- the bare side ---- */

void heng_made_store_bare(heng_made_store *made, heng_bare *ret_bare) {
    heng_store_close(made->store);
    made->store = NULL;
    *ret_bare = (heng_bare){0};
    if (mdb_env_create(&ret_bare->env) != 0 ||
        mdb_env_set_maxdbs(ret_bare->env, 64) != 0 ||
        mdb_env_open(ret_bare->env, made->path, MDB_RDONLY | MDB_NOTLS, 0600) != 0 ||
        mdb_txn_begin(ret_bare->env, NULL, MDB_RDONLY, &ret_bare->txn) != 0 ||
        mdb_dbi_open(ret_bare->txn, "subject", 0, &ret_bare->dbi) != 0)
        heng_measure_die("lmdb", "the store cannot be opened bare");
}

void heng_bare_close(heng_bare *bare, heng_made_store *made) {
    mdb_txn_abort(bare->txn);
    mdb_env_close(bare->env);
    heng_made_store_reopen(made);
}

void heng_bare_scan(const heng_bare *bare, uint64_t subjects) {
    MDB_cursor *cursor = NULL;
    MDB_val key;
    MDB_val value;
    uint64_t count = 0;
    uint64_t bytes = 0;
    if (mdb_cursor_open(bare->txn, bare->dbi, &cursor) != 0)
        heng_measure_die("lmdb", "no cursor");
    while (mdb_cursor_get(cursor, &key, &value, MDB_NEXT) == 0) {
        count++;
        bytes += ((const unsigned char *)value.mv_data)[4];
    }
    mdb_cursor_close(cursor);
    if (count != subjects || bytes == 0)
        heng_measure_die("lmdb", "the bare scan met another number of subjects");
}

void heng_bare_pick(const heng_bare *bare, uint64_t subjects, uint64_t count,
                    heng_bare_keys *ret_keys) {
    MDB_cursor *cursor = NULL;
    MDB_val key;
    MDB_val value;
    heng_buffer bytes;
    uint64_t at = 0, picked = 0;
    heng_buffer_init(&bytes, (size_t)1 << 32);
    if (mdb_cursor_open(bare->txn, bare->dbi, &cursor) != 0)
        heng_measure_die("lmdb", "no cursor");
    for (; picked < count && mdb_cursor_get(cursor, &key, &value, MDB_NEXT) == 0;
         at++) {
        if (at * count / subjects < picked)
            continue;
        (void)heng_buffer_add(&bytes, key.mv_data, key.mv_size);
        (void)heng_buffer_add_char(&bytes, '\0');
        picked++;
    }
    mdb_cursor_close(cursor);
    size_t len = 0;
    *ret_keys = (heng_bare_keys){heng_buffer_take(&bytes, &len), picked};
    if (ret_keys->bytes == NULL || picked == 0)
        heng_measure_die("lmdb", "no subjects to pick from");
}

void heng_bare_keys_done(heng_bare_keys *keys) {
    heng_alloc_free(keys->bytes);
    *keys = (heng_bare_keys){0};
}

void heng_bare_get(const heng_bare *bare, const heng_bare_keys *keys) {
    const char *at = keys->bytes;
    uint64_t bytes = 0;
    for (uint64_t i = 0; i < keys->count; i++) {
        MDB_val value;
        MDB_val key = {strlen(at), NULL};
        key.mv_data = keys->bytes + (at - keys->bytes);
        if (mdb_get(bare->txn, bare->dbi, &key, &value) != 0)
            heng_measure_die("lmdb", "a subject is not there");
        bytes += ((const unsigned char *)value.mv_data)[4];
        at += key.mv_size + 1;
    }
    if (bytes == 0)
        heng_measure_die("lmdb", "subjects without bytes");
}
