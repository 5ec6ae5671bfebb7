/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cmd_batch.c: all subjects, in the order of their ids, one line each.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/limits.h"
#include "cli/interrupt.h"
#include "cli/options.h"
#include "cli/outfile.h"
#include "cli/output.h"
#include "cli/progress.h"
#include "cli/session.h"
#include "heng/batch.h"
#include "model/identity.h"
#include "report/outcome_form.h"
#include "report/render_outcome.h"

typedef struct heng_batch_job {
    heng_session *session;
    heng_batch *batch;
    heng_arena **arenas;    /* owned; one a thread: texts of one line */
    heng_arena *form_arena; /* owned: holds `form` */
    const heng_outcome_form *form;
    size_t threads;
    heng_outfile file;
    heng_progress progress;
    bool is_csv;
    heng_batch_counts counts;
} heng_batch_job;

static heng_status render_line(void *context, const heng_batch_line *line,
                               heng_buffer *out) {
    const heng_batch_job *job = context;
    heng_render render = heng_session_render(job->session, true);
    char key[HENG_SUBJECT_KEY_BYTES] = "";
    render.plan = heng_batch_plan(job->batch);
    render.worker = line->worker;
    render.snapshot = line->snapshot;
    render.decision = line->decision;
    render.form = job->form;
    render.arena = job->arenas[line->thread];
    heng_arena_reset(render.arena);
    if (!render.unmask && heng_identity_is_number(line->snapshot->id))
        heng_view_subject_key(line->view, line->snapshot->id, key);
    render.subject_key = heng_str_of(key);
    return job->is_csv ? heng_render_outcome_csv(&render, out)
                       : heng_render_outcome(&render, out);
}

static heng_status write_lines(void *context, heng_str lines, heng_str last,
                               heng_error *reterr) {
    heng_batch_job *job = context;
    (void)last;
    (void)reterr;
    /* what failed is told when the file is put in its place */
    return heng_outfile_write(&job->file, lines) ? HENG_OK : HENG_ERR_IO;
}

static bool is_stopped(void *context) {
    (void)context;
    return heng_interrupt_came(NULL);
}

static void tell_progress(void *context, uint64_t looked_at, uint64_t done,
                          uint64_t total) {
    heng_batch_job *job = context;
    job->progress.total = total;
    heng_progress_tell(&job->progress, looked_at, done);
}

static heng_status write_head(heng_batch_job *job) {
    heng_buffer head;
    heng_buffer_init(&head, HENG_LIMIT_LINE_BYTES);
    heng_status status = job->is_csv ? heng_render_outcome_csv_head(&head) : HENG_OK;
    (void)heng_outfile_write(&job->file, heng_buffer_view(&head));
    heng_buffer_done(&head);
    return status;
}

static heng_status decide_all(heng_batch_job *job, heng_error *reterr) {
    const heng_batch_sink sink = {.context = job,
                                  .render = render_line,
                                  .write = write_lines,
                                  .stop = is_stopped,
                                  .progress = tell_progress};
    heng_status status = write_head(job);
    if (status != HENG_OK)
        return heng_error_nomem(reterr);
    status = heng_batch_run(job->batch, (heng_str){0}, &sink, &job->counts, reterr);
    if (status == HENG_ERR_STOPPED)
        return heng_error_set(reterr, status, NULL, (heng_pos){0, 0},
                              "interrupted; nothing was written to `%s`",
                              job->file.path);
    return status;
}

static int finish(heng_batch_job *job, heng_status status, const heng_error *error) {
    const heng_cli *cli = job->session->cli;
    heng_error end = {0};
    heng_progress_end(&job->progress);
    if (status != HENG_OK && !job->file.failed) {
        heng_outfile_abandon(&job->file);
        return heng_output_error(error);
    }
    if (heng_outfile_commit(&job->file, &end) != HENG_OK)
        return heng_output_error(&end);
    double seconds = (double)heng_progress_elapsed(&job->progress) / 1000.0;
    bool zh = cli->lang == HENG_LANG_ZH;
    heng_output_note(cli,
                     zh ? "主体：%" PRIu64 "，判断：%" PRIu64 "，有结果：%" PRIu64
                          "，不在适用范围：%" PRIu64 "，%.1f 秒"
                        : "subjects: %" PRIu64 ", looked at: %" PRIu64
                          ", with an outcome: %" PRIu64 ", out of scope: %" PRIu64
                          ", %.1f s",
                     job->counts.subjects, job->counts.looked_at, job->counts.told,
                     job->counts.out_of_scope, seconds);
    heng_output_line(zh ? "有规则无法判定的主体：%" PRIu64
                        : "subjects with rules that cannot be determined: %" PRIu64,
                     job->counts.undetermined);
    return HENG_EXIT_FINE;
}

static bool make_arenas(heng_batch_job *job) {
    job->arenas = heng_alloc_zero(job->threads, sizeof(heng_arena *));
    for (size_t i = 0; job->arenas != NULL && i < job->threads; i++) {
        job->arenas[i] = heng_arena_new(HENG_LIMIT_SUBJECT_ARENA_BYTES);
        if (job->arenas[i] == NULL)
            return false;
    }
    job->form_arena = heng_arena_new(HENG_LIMIT_RULESET_ARENA_BYTES);
    if (job->arenas == NULL || job->form_arena == NULL)
        return false;
    job->form = heng_outcome_form_new(job->session->ruleset, job->form_arena);
    return job->form != NULL;
}

static void free_arenas(heng_batch_job *job) {
    for (size_t i = 0; job->arenas != NULL && i < job->threads; i++)
        heng_arena_free(job->arenas[i]);
    heng_alloc_free(job->arenas);
    heng_arena_free(job->form_arena);
}

/* --threads N; without it as many as there are processors. */
static int read_threads(const heng_cli *cli, size_t *ret_threads) {
    const char *given = heng_options_get(cli, "threads");
    char *end = NULL;
    if (given == NULL) {
        long processors = sysconf(_SC_NPROCESSORS_ONLN);
        *ret_threads = processors < 1                    ? 1
                       : processors > HENG_BATCH_THREADS ? HENG_BATCH_THREADS
                                                         : (size_t)processors;
        return HENG_EXIT_FINE;
    }
    unsigned long threads = strtoul(given, &end, 10);
    if (*given < '0' || *given > '9' || *end != '\0' || threads < 1 ||
        threads > HENG_BATCH_THREADS)
        return heng_output_usage(cli->command,
                                 "option `--threads` is `%s`, expected a number from 1 "
                                 "to %d",
                                 given, HENG_BATCH_THREADS);
    *ret_threads = (size_t)threads;
    return HENG_EXIT_FINE;
}

static int run_batch(heng_session *session, size_t threads) {
    const heng_cli *cli = session->cli;
    heng_error error = {0};
    heng_batch_job job = {.session = session,
                          .threads = threads,
                          .is_csv = heng_options_format(cli)[0] == 'c'};
    const heng_batch_options options = {
        .store = session->store,
        .ruleset = session->ruleset,
        .as_of = session->as_of,
        .has_known_at =
            heng_options_get(cli, "known-at") != NULL && session->has_known_at,
        .known_at = session->known_at,
        .threads = threads,
        .flags = heng_options_get(cli, "all") != NULL ? HENG_BATCH_ALL : 0};
    heng_interrupt_watch(); /* before there is anything to clean up */
    if (!make_arenas(&job)) {
        free_arenas(&job);
        return heng_output_fail("out of memory");
    }
    heng_status status =
        heng_outfile_open(&job.file, heng_options_get(cli, "out"), &error);
    if (status == HENG_OK)
        status = heng_batch_open(&options, &job.batch, &error);
    int exit_status = HENG_EXIT_FINE;
    if (status == HENG_OK) {
        heng_progress_start(&job.progress, cli, "subjects", 0);
        status = decide_all(&job, &error);
        exit_status = finish(&job, status, &error);
    } else {
        exit_status = heng_output_error(&error);
    }
    heng_outfile_abandon(&job.file);
    heng_batch_close(job.batch);
    free_arenas(&job);
    return exit_status;
}

static int run(const heng_cli *cli) {
    heng_session session;
    if (heng_options_get(cli, "out") == NULL)
        return heng_output_usage(cli->command,
                                 "`--out FILE` is missing; `-` is standard output");
    size_t threads = 1;
    int status = read_threads(cli, &threads);
    if (status != HENG_EXIT_FINE)
        return status;
    heng_session_init(&session, cli);
    status = heng_session_rules(&session);
    if (status == HENG_EXIT_FINE)
        status = heng_session_day(&session);
    if (status == HENG_EXIT_FINE)
        status = heng_session_store(&session, HENG_STORE_READ);
    if (status == HENG_EXIT_FINE)
        status = heng_session_view(&session);
    if (status == HENG_EXIT_FINE)
        status = run_batch(&session, threads);
    heng_session_done(&session);
    return status;
}

static const heng_option OPTIONS[] = {
    {"out", '\0', "FILE", NULL, false, "结果文件；写完才出现；- 为标准输出",
     "the file to write, which appears when it is whole; - is standard output"},
    {"all", '\0', NULL, NULL, false, "每个主体一行，没有结果的也写",
     "a line for every subject, also those without an outcome"},
    {"threads", '\0', "N", NULL, false, "线程数；默认与处理器数相同，结果不因此而变",
     "threads to use; as many as processors by default; the result is the same"},
    {"unmask", '\0', NULL, NULL, false, "完整显示自然人身份号码",
     "show identity numbers of natural persons"},
};

const heng_command heng_cmd_batch_record = {
    .name = "batch",
    .arguments = "",
    .least = 0,
    .most = 0,
    .zh = "判断所有主体，每个有结果的主体一行",
    .en = "decide all subjects; a line for each that has an outcome",
    .more_zh = "NDJSON 每行一个主体（heng.outcome/1）；CSV "
               "每项措施一行，每条无法判定的规则一行。\n"
               "无法判定的主体数写在标准错误。",
    .more_en =
        "NDJSON has a line a subject (heng.outcome/1); CSV a row for each measure and "
        "each undetermined\nrule. How many subjects are undetermined is said on "
        "standard error.",
    .example = "heng batch --out outcomes.ndjson\n"
               "heng batch --out - --format csv --as-of 2026-12-31",
    .globals = HENG_GLOBAL_DB | HENG_GLOBAL_RULES | HENG_GLOBAL_FORMAT |
               HENG_GLOBAL_AS_OF | HENG_GLOBAL_KNOWN_AT,
    .formats = "ndjson|csv",
    .options = OPTIONS,
    .option_count = sizeof OPTIONS / sizeof OPTIONS[0],
    .run = run,
};
