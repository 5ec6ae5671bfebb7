/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cmd_import.c: data into the store; what is wrong goes into a file of its own.
 *
 * Nothing is lost: each line is stored, known already, or in the reject file, and the
 * summary accounts for all of them.
 */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/file.h"
#include "base/json_write.h"
#include "base/limits.h"
#include "cli/clock.h"
#include "cli/interrupt.h"
#include "cli/options.h"
#include "cli/outfile.h"
#include "cli/output.h"
#include "cli/progress.h"
#include "cli/session.h"
#include "model/identity.h"

#define DEFAULT_REJECTS "heng-rejects.ndjson"
/* Rejects and warnings that are told one by one; the rest is counted. */
enum { TOLD_MAX = 5 };

typedef struct heng_intake_job {
    const heng_cli *cli;
    heng_progress progress;
    const char *rejects_path;
    heng_outfile rejects;
    bool rejects_open;
    bool rejects_failed;
    heng_error rejects_error;
    heng_buffer line;
    uint64_t told, warned;
    uint64_t waiting, most_waiting; /* lines that were sorted, and are then stored */
    const char *name;               /* of the input being read */
    int descriptor;
    int cause; /* errno of a failed read */
} heng_intake_job;

/* ---- callbacks ---- */

static heng_time_ms now(void *context) {
    (void)context;
    return heng_clock_now();
}

static bool stop(void *context) {
    heng_intake_job *job = context;
    return heng_interrupt_came(NULL) || job->rejects_failed;
}

static size_t read_piece(void *context, char *buffer, size_t size) {
    heng_intake_job *job = context;
    ssize_t got;
    do {
        got = read(job->descriptor, buffer, size);
    } while (got < 0 && errno == EINTR);
    if (got < 0)
        job->cause = errno;
    return got < 0 ? SIZE_MAX : (size_t)got;
}

static void tell_one(const char *what, const heng_import_reject *reject) {
    bool whole = reject->field[0] == '\0';
    heng_output_err(heng_str_of(what));
    heng_output_line("%s:%" PRIu64 ": %s%s%s%s", reject->file, reject->line,
                     whole ? "" : "`", reject->field,
                     whole ? "" : "`: ", reject->reason);
}

static void write_reject(heng_intake_job *job, const heng_import_reject *reject) {
    heng_json_write json;
    heng_buffer_clear(&job->line);
    heng_json_write_init(&json, &job->line, HENG_JSON_COMPACT);
    char *masked = heng_alloc_dup(reject->text.ptr, reject->text.len);
    if (masked == NULL) {
        job->rejects_failed = true;
        (void)heng_error_nomem(&job->rejects_error);
        return;
    }
    heng_identity_mask_text(masked, reject->text.len);
    heng_json_write_object(&json);
    heng_json_write_key(&json, "file");
    heng_json_write_text(&json, reject->file);
    heng_json_write_key(&json, "line");
    heng_json_write_uint(&json, reject->line);
    heng_json_write_key(&json, "field");
    heng_json_write_text(&json, reject->field);
    heng_json_write_key(&json, "reason");
    heng_json_write_text(&json, reject->reason);
    heng_json_write_key(&json, "text");
    heng_json_write_str(&json, (heng_str){masked, reject->text.len});
    heng_json_write_object_end(&json);
    (void)heng_buffer_add_char(&job->line, '\n');
    heng_alloc_free(masked);
    if (heng_buffer_status(&job->line) != HENG_OK) {
        job->rejects_failed = true;
        (void)heng_error_nomem(&job->rejects_error);
    } else {
        /* a failure to write is told when the file is put in its place */
        job->rejects_failed =
            !heng_outfile_write(&job->rejects, heng_buffer_view(&job->line));
    }
}

static void take_reject(void *context, const heng_import_reject *reject) {
    heng_intake_job *job = context;
    heng_progress_end(&job->progress);
    if (job->told++ < TOLD_MAX)
        tell_one("", reject);
    if (!job->rejects_open && !job->rejects_failed) {
        job->rejects_open = heng_outfile_open(&job->rejects, job->rejects_path,
                                              &job->rejects_error) == HENG_OK;
        job->rejects_failed = !job->rejects_open;
    }
    if (!job->rejects_failed)
        write_reject(job, reject);
}

static void take_warning(void *context, const heng_import_reject *warning) {
    heng_intake_job *job = context;
    heng_progress_end(&job->progress);
    if (job->warned++ < TOLD_MAX && !job->cli->quiet)
        tell_one("warning: ", warning);
}

static void take_progress(void *context, const heng_import_counts *counts) {
    heng_intake_job *job = context;
    if (counts->waiting >= job->waiting) {
        heng_progress_tell(&job->progress, counts->lines, counts->bytes);
    } else { /* all are read; what had to be sorted is being stored */
        if (job->most_waiting == 0) {
            job->most_waiting = job->waiting;
            heng_progress_turn(&job->progress, "sorted lines stored",
                               job->most_waiting);
        }
        heng_progress_tell(&job->progress, job->most_waiting - counts->waiting,
                           job->most_waiting - counts->waiting);
    }
    job->waiting = counts->waiting;
}

/* ---- the summary ---- */

static void print_counts(const heng_cli *cli, const heng_import_counts *counts,
                         const heng_intake_job *job, bool dry_run) {
    double seconds = (double)heng_progress_elapsed(&job->progress) / 1000.0;
    bool zh = cli->lang == HENG_LANG_ZH;
    heng_output_note(cli,
                     zh ? "行：%" PRIu64 "，%.1f 秒%s" : "lines: %" PRIu64 ", %.1f s%s",
                     counts->lines, seconds,
                     !dry_run ? ""
                     : zh     ? "；只检查，未存储"
                              : "; only checked, nothing was stored");
    heng_output_note(
        cli,
        zh ? "主体：新 %" PRIu64 "，变更 %" PRIu64 "，相同 %" PRIu64
           : "subjects: %" PRIu64 " new, %" PRIu64 " changed, %" PRIu64 " the same",
        counts->subjects_new, counts->subjects_changed, counts->subjects_same);
    heng_output_note(
        cli,
        zh ? "记录：新 %" PRIu64 "，变更 %" PRIu64 "，相同 %" PRIu64
           : "records: %" PRIu64 " new, %" PRIu64 " changed, %" PRIu64 " the same",
        counts->records_new, counts->records_changed, counts->records_same);
    if (counts->deliveries > 0)
        heng_output_note(cli, zh ? "报送说明：%" PRIu64 : "deliveries: %" PRIu64,
                         counts->deliveries);
    if (counts->warnings > 0)
        heng_output_note(cli,
                         zh ? "警告：%" PRIu64 "（仍已接收）"
                            : "warnings: %" PRIu64 " (taken all the same)",
                         counts->warnings);
}

/* Puts the reject file in its place and says where it is. */
static int finish_rejects(heng_intake_job *job, const heng_import_counts *counts) {
    heng_error error = job->rejects_error;
    bool placed = false;
    if (job->rejects_open)
        placed = heng_outfile_commit(&job->rejects, &error) == HENG_OK &&
                 !job->rejects_failed;
    if (counts->rejects == 0)
        return HENG_EXIT_FINE;
    if (!placed) {
        (void)heng_output_error(&error);
        return heng_output_fail("the %" PRIu64 " rejected lines could not all be "
                                "written to the reject file; name another with "
                                "--rejects FILE and import again",
                                counts->rejects);
    }
    heng_output_line(job->cli->lang == HENG_LANG_ZH ? "拒收的行：%" PRIu64 "，见 %s"
                                                    : "%" PRIu64
                                                      " lines were rejected: see %s",
                     counts->rejects, job->rejects_path);
    return HENG_EXIT_FOUND;
}

/* ---- reading ---- */

static uint64_t total_bytes(const heng_cli *cli) {
    uint64_t total = 0;
    for (size_t i = 0; i < cli->argument_count; i++) {
        struct stat info;
        if (stat(cli->arguments[i], &info) != 0 || !S_ISREG(info.st_mode))
            return 0; /* a pipe among them: nobody knows */
        total += (uint64_t)info.st_size;
    }
    return total;
}

static heng_status read_input(heng_import *import, heng_intake_job *job,
                              const char *name, heng_error *reterr) {
    bool is_stdin = strcmp(name, "-") == 0;
    job->descriptor = is_stdin ? STDIN_FILENO : open(name, O_RDONLY | O_CLOEXEC);
    if (job->descriptor < 0)
        return heng_file_fail(reterr, name, "cannot open", errno);
    job->name = is_stdin ? "<stdin>" : name;
    job->cause = 0;
    heng_status status = heng_import_read(import, job->name, read_piece, job, reterr);
    if (status != HENG_OK && job->cause != 0)
        status = heng_file_fail(reterr, job->name, "cannot read", job->cause);
    if (!is_stdin)
        (void)close(job->descriptor);
    return status;
}

/* An input that is not there must not be found out after another was stored. */
static int check_inputs(const heng_cli *cli) {
    size_t pipes = 0;
    for (size_t i = 0; i < cli->argument_count; i++) {
        heng_error error = {0};
        struct stat info;
        const char *name = cli->arguments[i];
        if (strcmp(name, "-") == 0) {
            if (pipes++ > 0)
                return heng_output_usage(cli->command,
                                         "`-` is given twice, but standard input can "
                                         "be read once only");
            continue;
        }
        if (name[0] == '\0')
            return heng_output_usage(cli->command,
                                     "the name of an input is empty, expected FILE");
        if (stat(name, &info) != 0)
            (void)heng_file_fail(&error, name, "cannot open", errno);
        else if (S_ISDIR(info.st_mode))
            (void)heng_file_fail(&error, name, "cannot read", EISDIR);
        else if (access(name, R_OK) != 0)
            (void)heng_file_fail(&error, name, "cannot open", errno);
        if (error.status != HENG_OK)
            return heng_output_error(&error);
    }
    return HENG_EXIT_FINE;
}

static int read_all(heng_session *session, heng_intake_job *job, bool dry_run) {
    const heng_cli *cli = session->cli;
    heng_error error = {0};
    heng_import *import = NULL;
    heng_import_counts counts = {0};
    heng_import_options options = {.catalog = heng_ruleset_catalog(session->ruleset),
                                   .dry_run = dry_run,
                                   .now = now,
                                   .stop = stop,
                                   .reject = take_reject,
                                   .warn = take_warning,
                                   .progress = take_progress,
                                   .context = job};
    if (heng_import_begin(session->store, &options, &import, &error) != HENG_OK)
        return heng_output_error(&error);
    heng_interrupt_watch();
    heng_progress_start(&job->progress, cli, "lines", total_bytes(cli));
    heng_status status = HENG_OK;
    int worst = HENG_EXIT_FINE;
    for (size_t i = 0; i < cli->argument_count && status == HENG_OK; i++) {
        status = read_input(import, job, cli->arguments[i], &error);
        if (status == HENG_ERR_INVALID) { /* this input is none; the others may be */
            heng_progress_end(&job->progress);
            worst = heng_output_error(&error);
            status = HENG_OK;
        }
    }
    heng_error end_error = {0};
    heng_status end = heng_import_end(import, &counts, &end_error);
    heng_progress_end(&job->progress);
    if (status == HENG_OK && end != HENG_OK) {
        status = end;
        error = end_error;
    }
    if (status != HENG_OK)
        worst = job->rejects_failed ? HENG_EXIT_FAILED : heng_output_error(&error);
    print_counts(cli, &counts, job, dry_run);
    if (status != HENG_OK && !dry_run)
        (void)heng_output_fail("batches stored, which stay: %" PRIu64 "; run the same "
                               "command again to complete the import",
                               counts.commits);
    int rejected = finish_rejects(job, &counts);
    return worst != HENG_EXIT_FINE ? worst : rejected;
}

static int run(const heng_cli *cli) {
    heng_session session;
    const char *rejects = heng_options_get(cli, "rejects");
    bool dry_run = heng_options_get(cli, "dry-run") != NULL;
    heng_intake_job job = {.cli = cli,
                           .rejects_path = rejects != NULL ? rejects : DEFAULT_REJECTS};
    heng_buffer_init(&job.line, HENG_LIMIT_ANSWER_BYTES);
    heng_session_init(&session, cli);
    int status = check_inputs(cli);
    if (status == HENG_EXIT_FINE)
        status = heng_session_rules(&session);
    if (status == HENG_EXIT_FINE && !dry_run)
        status = heng_session_store(&session, HENG_STORE_CREATE);
    if (status == HENG_EXIT_FINE)
        status = read_all(&session, &job, dry_run);
    heng_outfile_abandon(&job.rejects);
    heng_buffer_done(&job.line);
    heng_session_done(&session);
    return status;
}

static const heng_option OPTIONS[] = {
    {"dry-run", '\0', NULL, NULL, false, "只检查，不存储",
     "check everything, store nothing"},
    {"rejects", '\0', "FILE", NULL, false, "拒收的行写到 FILE；默认 ./" DEFAULT_REJECTS,
     "write rejected lines to FILE; default ./" DEFAULT_REJECTS},
};

const heng_command heng_cmd_import_record = {
    .name = "import",
    .arguments = "FILE…",
    .least = 1,
    .most = SIZE_MAX,
    .zh = "把 NDJSON 或 CSV 文件（- 为标准输入）导入存储",
    .en = "data from NDJSON or CSV files (- is standard input) into the store",
    .more_zh = "错误的行连同行号、字段和原因写入拒收文件，其余照常存储；有拒收时退出状"
               "态为 2。\n"
               "中断后再次运行同一命令即可补齐。",
    .more_en =
        "Wrong lines go to the reject file with their line number, the field and the "
        "reason; the rest is\nstored, and the exit status is 2. After an "
        "interruption, the same command completes the import.",
    .example = "heng import subjects.ndjson records.csv\n"
               "zcat all.ndjson.gz | heng import - --rejects wrong.ndjson",
    .globals = HENG_GLOBAL_DB | HENG_GLOBAL_RULES,
    .formats = "",
    .options = OPTIONS,
    .option_count = sizeof OPTIONS / sizeof OPTIONS[0],
    .run = run,
};
