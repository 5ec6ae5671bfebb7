/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cmd_batch.c: all subjects, in the order of their ids, one line each: one pass over
 * the store, each subject decided like one that an officer asks about.
 */
#include <inttypes.h>
#include <string.h>

#include "base/limits.h"
#include "cli/interrupt.h"
#include "cli/options.h"
#include "cli/outfile.h"
#include "cli/output.h"
#include "cli/progress.h"
#include "cli/session.h"
#include "model/identity.h"
#include "report/render_outcome.h"
#include "store/scan.h"

typedef struct heng_batch_job {
    heng_session *session;
    const heng_snapshot *snapshot; /* of the scan */
    heng_outfile file;
    heng_buffer line;
    heng_progress progress;
    bool all, is_csv;
    uint64_t subjects, told, undetermined, out_of_scope;
} heng_batch_job;

static heng_status write_line(heng_batch_job *job, heng_error *reterr) {
    heng_session *session = job->session;
    const heng_decision *decision = session->decision;
    job->undetermined += decision->undetermined_count > 0;
    job->out_of_scope += decision->out_of_scope;
    job->told += heng_render_outcome_tells(decision);
    if (!job->all && !heng_render_outcome_tells(decision))
        return HENG_OK;
    heng_render render = heng_session_render(session, true);
    char key[HENG_SUBJECT_KEY_BYTES] = "";
    render.snapshot = job->snapshot;
    if (heng_identity_form_of(job->snapshot->id) == HENG_IDENTITY_NUMBER)
        heng_view_subject_key(session->view, job->snapshot->id, key);
    render.subject_key = heng_str_of(key);
    heng_buffer_clear(&job->line);
    heng_status status = job->is_csv ? heng_render_outcome_csv(&render, &job->line)
                                     : heng_render_outcome(&render, &job->line);
    if (status != HENG_OK)
        return heng_error_set(reterr, status, NULL, (heng_pos){0, 0},
                              "a line could not be written: %s",
                              heng_status_text(status));
    if (!heng_outfile_write(&job->file, heng_buffer_view(&job->line)))
        return HENG_ERR_IO; /* told when the file is put in its place */
    return HENG_OK;
}

static heng_status decide_one(heng_batch_job *job, heng_error *reterr) {
    heng_session *session = job->session;
    heng_arena_reset(session->arena);
    heng_status status = heng_decide(session->plan, session->worker, job->snapshot,
                                     UINT32_MAX, 0, &session->decision, reterr);
    if (status == HENG_OK)
        status = write_line(job, reterr);
    return status;
}

static heng_status decide_each(heng_batch_job *job, heng_scan *scan,
                               heng_error *reterr) {
    for (;;) {
        if (heng_interrupt_came(NULL))
            return heng_error_set(reterr, HENG_ERR_STOPPED, NULL, (heng_pos){0, 0},
                                  "interrupted; nothing was written to `%s`",
                                  job->file.path);
        heng_status status = heng_scan_next(scan, &job->snapshot, reterr);
        if (status != HENG_OK || job->snapshot == NULL)
            return status;
        if (job->snapshot->subject == NULL)
            continue; /* records came before their subject */
        status = decide_one(job, reterr);
        if (status != HENG_OK)
            return status;
        job->subjects++;
        heng_progress_tell(&job->progress, job->subjects, job->subjects);
    }
}

static heng_status decide_all(heng_batch_job *job, heng_error *reterr) {
    heng_session *session = job->session;
    heng_scan *scan = NULL;
    heng_status status = HENG_OK;
    if (job->is_csv) {
        heng_buffer_clear(&job->line);
        status = heng_render_outcome_csv_head(&job->line);
        (void)heng_outfile_write(&job->file, heng_buffer_view(&job->line));
    }
    if (status == HENG_OK)
        status = heng_scan_open(session->view,
                                heng_plan_needs(session->plan) | HENG_SCAN_ALL,
                                (heng_str){"", 0}, (heng_str){"", 0}, &scan, reterr);
    if (status == HENG_OK)
        status = decide_each(job, scan, reterr);
    heng_scan_close(scan);
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
                     zh ? "主体：%" PRIu64 "，有结果：%" PRIu64
                          "，不在适用范围：%" PRIu64 "，%.1f 秒"
                        : "subjects: %" PRIu64 ", with an outcome: %" PRIu64
                          ", out of scope: %" PRIu64 ", %.1f s",
                     job->subjects, job->told, job->out_of_scope, seconds);
    heng_output_line(zh ? "有规则无法判定的主体：%" PRIu64
                        : "subjects with rules that cannot be determined: %" PRIu64,
                     job->undetermined);
    return HENG_EXIT_FINE;
}

static int run_batch(heng_session *session) {
    const heng_cli *cli = session->cli;
    heng_error error = {0};
    heng_store_stat stat = {0};
    heng_batch_job job = {.session = session,
                          .all = heng_options_get(cli, "all") != NULL,
                          .is_csv = heng_options_format(cli)[0] == 'c'};
    heng_interrupt_watch(); /* before there is anything to clean up */
    if (heng_outfile_open(&job.file, heng_options_get(cli, "out"), &error) != HENG_OK)
        return heng_output_error(&error);
    if (heng_store_stat_get(session->store, &stat, &error) != HENG_OK)
        stat.subjects = 0; /* only the time left is not told then */
    heng_buffer_init(&job.line, HENG_LIMIT_ANSWER_BYTES);
    heng_progress_start(&job.progress, cli, "subjects", stat.subjects);
    heng_status status = decide_all(&job, &error);
    int exit_status = finish(&job, status, &error);
    heng_buffer_done(&job.line);
    heng_outfile_abandon(&job.file);
    return exit_status;
}

static int run(const heng_cli *cli) {
    heng_session session;
    if (heng_options_get(cli, "out") == NULL)
        return heng_output_usage(cli->command,
                                 "`--out FILE` is missing; `-` is standard output");
    heng_session_init(&session, cli);
    int status = heng_session_rules(&session);
    if (status == HENG_EXIT_FINE)
        status = heng_session_day(&session);
    if (status == HENG_EXIT_FINE)
        status = heng_session_store(&session, HENG_STORE_READ);
    if (status == HENG_EXIT_FINE)
        status = heng_session_view(&session);
    if (status == HENG_EXIT_FINE)
        status = heng_session_plan(&session);
    if (status == HENG_EXIT_FINE)
        status = run_batch(&session);
    heng_session_done(&session);
    return status;
}

static const heng_option OPTIONS[] = {
    {"out", '\0', "FILE", NULL, false, "结果文件；写完才出现；- 为标准输出",
     "the file to write, which appears when it is whole; - is standard output"},
    {"all", '\0', NULL, NULL, false, "每个主体一行，没有结果的也写",
     "a line for every subject, also those without an outcome"},
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
