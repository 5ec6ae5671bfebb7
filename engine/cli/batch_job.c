/* SPDX-License-Identifier: Apache-2.0 */
/* batch_job.c: opening, resuming, publishing. */
#include "cli/batch_job.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/limits.h"
#include "batch/kept_rules.h"
#include "cli/batch_sink.h"
#include "cli/batch_summary.h"
#include "cli/clock.h"
#include "cli/interrupt.h"
#include "cli/options.h"
#include "cli/output.h"
#include "report/outcome_form.h"
#include "report/render_outcome.h"

static bool speaks_zh(const heng_batch_job *job) {
    return job->session->cli->lang == HENG_LANG_ZH;
}

/* ---- opening ---- */

static bool make_desks(heng_batch_job *job) {
    job->desks = heng_alloc_zero(job->threads, sizeof *job->desks);
    for (size_t i = 0; job->desks != NULL && i < job->threads; i++) {
        heng_batch_desk *desk = &job->desks[i];
        heng_buffer_init(&desk->before, HENG_LIMIT_ANSWER_BYTES);
        heng_buffer_init(&desk->after, HENG_LIMIT_ANSWER_BYTES);
        desk->arena = heng_arena_new(HENG_LIMIT_SUBJECT_ARENA_BYTES);
        if (desk->arena == NULL)
            return false;
    }
    return job->desks != NULL;
}

void heng_batch_job_done(heng_batch_job *job) {
    heng_baseline_free(job->writer);
    heng_partfile_abandon(&job->feed_file);
    heng_partfile_abandon(&job->out_file);
    heng_batch_close(job->batch);
    for (size_t i = 0; job->desks != NULL && i < job->threads; i++) {
        heng_buffer_done(&job->desks[i].before);
        heng_buffer_done(&job->desks[i].after);
        heng_arena_free(job->desks[i].arena);
    }
    heng_alloc_free(job->desks);
    heng_buffer_done(&job->numbered);
    heng_buffer_done(&job->blob);
    heng_arena_free(job->arena);
    *job = (heng_batch_job){0};
}

/* The path from the root, so that --resume can be told it in another way. */
static heng_str whole_path(heng_batch_job *job, const char *path) {
    char *folder = heng_alloc_zero(HENG_LIMIT_PATH_BYTES, 1);
    heng_str whole = {"", 0};
    if (path[0] == '/' || strcmp(path, "-") == 0)
        whole = heng_arena_dup_str(job->arena, heng_str_of(path));
    else if (folder != NULL && getcwd(folder, HENG_LIMIT_PATH_BYTES) != NULL)
        whole = heng_str_of(heng_arena_printf(job->arena, "%s/%s", folder, path));
    heng_alloc_free(folder);
    return whole.ptr == NULL ? (heng_str){"", 0} : whole;
}

static heng_status open_files(heng_batch_job *job, heng_error *reterr) {
    const uint64_t *out_keep = job->resume ? &job->earlier.out_bytes : NULL;
    const uint64_t *feed_keep = job->resume ? &job->earlier.feed_bytes : NULL;
    heng_status status = heng_partfile_open(&job->out_file, job->out, out_keep, reterr);
    if (status == HENG_OK && job->feed != NULL)
        status = heng_partfile_open(&job->feed_file, job->feed, feed_keep, reterr);
    if (job->resume && status == HENG_ERR_NOT_FOUND)
        (void)heng_output_fail("nothing can be resumed; run the batch again without "
                               "`--resume`");
    return status;
}

static heng_status open_batch(heng_batch_job *job, heng_error *reterr) {
    const heng_session *session = job->session;
    unsigned flags = job->all ? HENG_BATCH_ALL : 0U;
    flags |= job->changed        ? HENG_BATCH_CHANGED
             : job->feed != NULL ? HENG_BATCH_COMPARE
                                 : 0U;
    const heng_batch_options options = {.store = session->store,
                                        .ruleset = session->ruleset,
                                        .as_of = session->as_of,
                                        .has_known_at = session->view != NULL &&
                                                        session->has_known_at,
                                        .known_at = session->known_at,
                                        .has_commit = job->resume,
                                        .commit = job->ends.to.commit,
                                        .threads = job->threads,
                                        .flags = flags};
    heng_batch_before before;
    heng_status status = heng_batch_open(&options, &job->batch, reterr);
    if (status != HENG_OK)
        return status;
    job->render = heng_session_render(session, true);
    job->form = heng_outcome_form_new(session->ruleset, job->arena);
    job->render.form = job->form;
    job->old_form = job->form;
    job->numbers =
        heng_arena_calloc(job->arena, heng_batch_get_tally(job->batch)->number_count,
                          sizeof *job->numbers);
    if (heng_batch_get_before(job->batch, &before)) {
        job->before_ruleset = before.ruleset;
        job->old_form = heng_outcome_form_new(before.ruleset, job->arena);
        job->was_told = before.told;
        job->ends.has_from = true;
        job->ends.from =
            (heng_change_end){before.number,      before.commit,   before.as_of,
                              before.commit != 0, before.known_at, before.digest};
        job->ends.rules = before.rules;
        job->ends.rule_count = before.rule_count;
    }
    return job->form == NULL || job->old_form == NULL || job->numbers == NULL
               ? heng_error_nomem(reterr)
               : HENG_OK;
}

/* From now on the store keeps what this batch leaves. */
static heng_status open_baseline(heng_batch_job *job, heng_error *reterr) {
    const heng_session *session = job->session;
    heng_view *view = heng_batch_view(job->batch);
    heng_batch_scope scope = heng_batch_get_scope(job->batch);
    heng_str packed = {0};
    heng_error error = {0};
    heng_status status = HENG_OK;
    heng_baseline next = {.commit = heng_view_commit(view),
                          .known_at = heng_view_commit_time(view),
                          .as_of = session->as_of,
                          .ruleset = heng_ruleset_digest(session->ruleset)};
    job->ends.to = (heng_change_end){job->ends.has_from ? job->ends.from.batch + 1 : 1,
                                     next.commit,
                                     next.as_of,
                                     next.commit != 0,
                                     next.known_at,
                                     next.ruleset};
    if (job->resume) {
        status = heng_baseline_resume(session->store, &job->writer, reterr);
        if (status == HENG_OK)
            job->ends.to.batch = heng_baseline_number(job->writer);
        return status;
    }
    if (!job->writable)
        return HENG_OK;
    status = heng_kept_rules_pack(session->ruleset, job->arena, &packed, &error);
    if (status == HENG_OK)
        status = heng_baseline_begin(session->store, &next, packed,
                                     !job->changed || scope != HENG_BATCH_SCOPE_CHANGED,
                                     &job->writer, &error);
    if (status == HENG_OK)
        job->ends.to.batch = heng_baseline_number(job->writer);
    else
        job->why = error;
    return HENG_OK;
}

static heng_status write_heads(heng_batch_job *job, heng_error *reterr) {
    heng_status status = HENG_OK;
    if (job->resume)
        return HENG_OK;
    heng_buffer_clear(&job->numbered);
    if (job->is_csv)
        status = heng_render_outcome_csv_head(&job->numbered);
    if (status == HENG_OK &&
        !heng_partfile_write(&job->out_file, heng_buffer_view(&job->numbered)))
        return heng_batch_sink_fail_write(&job->out_file, reterr);
    heng_buffer_clear(&job->numbered);
    if (status == HENG_OK && job->feed != NULL)
        status = heng_render_change_head(&job->ends, job->arena, &job->numbered);
    if (status == HENG_OK && job->feed != NULL &&
        !heng_partfile_write(&job->feed_file, heng_buffer_view(&job->numbered)))
        return heng_batch_sink_fail_write(&job->feed_file, reterr);
    job->at.out_bytes = job->out_file.bytes;
    job->at.feed_bytes = job->feed_file.bytes;
    return status == HENG_OK ? HENG_OK : heng_error_nomem(reterr);
}

/* ---- resuming ---- */

static int fail_option(const char *option) {
    return heng_output_fail("option `%s` is not what the interrupted batch had; give "
                            "the same options, or run the batch again without "
                            "`--resume`",
                            option);
}

/* What the store keeps of the batch that was interrupted. */
static int read_checkpoint(heng_batch_job *job) {
    heng_session *session = job->session;
    heng_baseline_running running;
    heng_view *view = NULL;
    heng_error error = {0};
    heng_str blob = {0}, digest = {0};
    size_t count = 2 * session->ruleset->measure_count + HENG_BATCH_REGIONS;
    uint64_t *numbers = heng_arena_calloc(job->arena, count, sizeof *numbers);
    heng_status status = numbers == NULL
                             ? heng_error_nomem(&error)
                             : heng_view_open(session->store, &view, &error);
    if (status == HENG_OK)
        status = heng_baseline_get_running(view, &running, &error);
    if (status == HENG_OK) {
        blob = heng_arena_dup_str(job->arena, running.blob);
        digest = heng_arena_dup_str(job->arena, running.next.ruleset);
        if (blob.ptr == NULL || digest.ptr == NULL)
            status = heng_error_nomem(&error);
    }
    heng_view_close(view);
    if (status == HENG_ERR_NOT_FOUND)
        return heng_output_fail("there is nothing to resume: no batch was interrupted, "
                                "or another one was begun since; run the batch again "
                                "without `--resume`");
    if (status != HENG_OK)
        return heng_output_error(&error);
    if (!heng_str_equal(digest, heng_ruleset_digest(session->ruleset)))
        return heng_output_fail("the ruleset is not that of the interrupted batch; "
                                "give the same one with `--rules`, or run the batch "
                                "again without `--resume`");
    if (!heng_batch_checkpoint_unpack(blob, numbers, count, &job->earlier))
        return heng_output_fail("what the interrupted batch left was written by "
                                "another version of heng; run the batch again without "
                                "`--resume`");
    const char *option = heng_batch_checkpoint_differs(&job->earlier, &job->at);
    if (option != NULL)
        return fail_option(option);
    if (heng_options_get(session->cli, "as-of") != NULL &&
        session->as_of != running.next.as_of)
        return fail_option("--as-of");
    session->as_of = running.next.as_of;
    job->ends.to.commit = running.next.commit;
    job->at.last = job->earlier.last;
    job->at.out_bytes = job->earlier.out_bytes;
    job->at.feed_bytes = job->earlier.feed_bytes;
    job->at.feed_lines = job->earlier.feed_lines;
    job->feed_lines = job->earlier.feed_lines;
    return HENG_EXIT_FINE;
}

/* ---- publishing ---- */

/* Percent of the subjects with an outcome in the last batch. */
static bool is_over_guard(const heng_batch_job *job) {
    return (double)job->counts.changed * 100.0 * (double)HENG_DECIMAL_ONE >
           (double)job->guard * (double)job->was_told;
}

static int refuse(const heng_batch_job *job) {
    double percent = (double)job->counts.changed * 100.0 / (double)job->was_told;
    char guard[HENG_DECIMAL_TEXT_BYTES];
    size_t len = heng_decimal_format(job->guard, guard);
    heng_output_line(
        speaks_zh(job)
            ? "heng: 未发布：上次有结果的主体为 %" PRIu64 " 个，本次有变化的为 %" PRIu64
              " 个（%.2f%%），超过 --guard 的 %.*s%%；核实后可放宽或去掉 --guard"
            : "heng: not published: of %" PRIu64
              " subjects with an outcome in the last batch %" PRIu64
              " changed (%.2f %%), more than the %.*s %% of `--guard`; find out why, "
              "then give more, or leave it out",
        job->was_told, job->counts.changed, percent, (int)len, guard);
    return HENG_EXIT_FOUND;
}

static void end_baseline(heng_batch_job *job) {
    heng_error error = {0};
    uint64_t told = job->counts.told;
    if (job->changed && heng_batch_get_scope(job->batch) == HENG_BATCH_SCOPE_CHANGED)
        told = job->was_told + job->counts.told - job->counts.was_told;
    heng_batch_close(job->batch); /* its views would keep pages from being used again */
    job->batch = NULL;
    if (job->writer != NULL &&
        heng_baseline_end(job->writer, job->counts.subjects, told, &error) != HENG_OK)
        heng_batch_sink_lose_baseline(job, &error);
}

static void tell_baseline(const heng_batch_job *job) {
    char text[HENG_ERROR_PLACE_BYTES + HENG_ERROR_TEXT_BYTES + 64];
    if (job->writer != NULL || job->session->view != NULL)
        return;
    (void)heng_error_format(&job->why, text, sizeof text);
    heng_output_note(
        job->session->cli,
        speaks_zh(job) ? "提示：存储中未留下本次批量的基线，下次 --changed "
                         "仍从再上一次批量算起（%s）"
                       : "note: nothing is left in the store for the next `--changed`, "
                         "which goes on from the batch before (%s)",
        text);
}

static int publish(heng_batch_job *job) {
    heng_error error = {0};
    if (job->has_guard && job->was_told > 0 && is_over_guard(job))
        return refuse(job);
    if (heng_partfile_sync(&job->out_file, &error) != HENG_OK ||
        heng_partfile_commit(&job->feed_file, &error) != HENG_OK ||
        heng_partfile_commit(&job->out_file, &error) != HENG_OK)
        return heng_output_error(&error);
    heng_batch_summary summary = heng_batch_summary_of(job);
    if (job->stats)
        heng_batch_summary_rules(job->session->cli, job->batch);
    end_baseline(job);
    tell_baseline(job);
    heng_batch_summary_tell(&summary);
    return HENG_EXIT_FINE;
}

static int interrupted(heng_batch_job *job) {
    heng_error error = {0};
    bool kept =
        heng_batch_sink_can_keep(job) && heng_batch_sink_keep(job, &error) == HENG_OK;
    bool zh = speaks_zh(job);
    if (kept) {
        heng_partfile_keep(&job->out_file);
        heng_partfile_keep(&job->feed_file);
        return heng_output_fail(zh ? "已中断；未写入 `%s`；加 `--resume` 再运行可继续"
                                   : "interrupted; nothing was written to `%s`; run it "
                                     "again with `--resume` to go on",
                                job->out);
    }
    if (!heng_partfile_is_kept(&job->out_file))
        return heng_output_fail(zh ? "已中断；写到 `%s` 的内容不完整"
                                   : "interrupted; what was written to `%s` is not "
                                     "complete",
                                job->out);
    return heng_output_fail(zh ? "已中断；未写入 `%s`"
                               : "interrupted; nothing was written to `%s`",
                            job->out);
}

/* What the scope means for whoever reads the lines. */
static void tell_scope(const heng_batch_job *job) {
    static const char *const ZH[] = {
        [HENG_BATCH_SCOPE_NO_BASELINE] = "此前没有完成的批量，没有可比对的结果",
        [HENG_BATCH_SCOPE_NO_RULESET] = "上次批量的规则集已无法加载，没有可比对的结果",
        [HENG_BATCH_SCOPE_NO_JOURNAL] = "存储没有记下其后的变动，逐一比对全部主体",
        [HENG_BATCH_SCOPE_DAY_BACK] = "基准日早于上次批量，逐一比对全部主体",
        [HENG_BATCH_SCOPE_RULESET] =
            "规则集的改动涉及不限目录的规则，逐一比对全部主体"};
    static const char *const EN[] = {
        [HENG_BATCH_SCOPE_NO_BASELINE] =
            "no batch was completed before, so there is nothing to compare with",
        [HENG_BATCH_SCOPE_NO_RULESET] =
            "the ruleset of the last batch cannot be loaded "
            "any more, so there is nothing to compare with",
        [HENG_BATCH_SCOPE_NO_JOURNAL] =
            "the store does not say what changed since the last batch: all subjects "
            "are compared",
        [HENG_BATCH_SCOPE_DAY_BACK] =
            "the day lies before that of the last batch: all subjects are compared",
        [HENG_BATCH_SCOPE_RULESET] = "what changed in the ruleset can concern anybody: "
                                     "all subjects are compared"};
    heng_batch_scope scope = heng_batch_get_scope(job->batch);
    const char *text = speaks_zh(job) ? ZH[scope] : EN[scope];
    if ((size_t)scope < sizeof EN / sizeof EN[0] && text != NULL)
        heng_output_note(job->session->cli, speaks_zh(job) ? "提示：%s" : "note: %s",
                         text);
}

static int decide_all(heng_batch_job *job) {
    const heng_batch_sink sink = heng_batch_sink_of(job);
    heng_error error = {0};
    heng_batch_counts counts = {0};
    heng_progress_start(&job->progress, job->session->cli, "subjects", 0);
    job->kept_at = heng_clock_now();
    heng_status status = write_heads(job, &error);
    if (status == HENG_OK)
        status = heng_batch_run(job->batch, job->at.last, &sink, &counts, &error);
    heng_progress_end(&job->progress);
    if (status == HENG_ERR_STOPPED)
        return interrupted(job);
    if (status != HENG_OK)
        return heng_output_error(&error);
    job->counts.subjects = counts.subjects;
    heng_batch_sink_count(job);
    return publish(job);
}

/* Where the store can be written, what the next batch goes on from can be left in it.
 */
static int open_store(heng_batch_job *job) {
    heng_session *session = job->session;
    bool past = heng_options_get(session->cli, "known-at") != NULL;
    int status = past ? heng_session_store(session, HENG_STORE_READ)
                      : heng_session_store_either(session, &job->writable, &job->why);
    if (status == HENG_EXIT_FINE && past)
        status = heng_session_view(session);
    if (status == HENG_EXIT_FINE && job->writable &&
        heng_baseline_prepare(session->store, &job->why) != HENG_OK)
        job->writable = false;
    return status;
}

int heng_batch_job_run(heng_batch_job *job) {
    heng_error error = {0};
    heng_interrupt_watch(); /* before there is anything to clean up */
    job->arena = heng_arena_new(HENG_LIMIT_RULESET_ARENA_BYTES);
    heng_buffer_init(&job->numbered, HENG_LIMIT_ANSWER_BYTES);
    heng_buffer_init(&job->blob, HENG_LIMIT_BASELINE_BLOB_BYTES);
    if (job->arena == NULL || !make_desks(job))
        return heng_output_fail("out of memory");
    job->at.out = whole_path(job, job->out);
    job->at.feed = job->feed == NULL ? (heng_str){"", 0} : whole_path(job, job->feed);
    job->at.format = job->is_csv ? HENG_STR("csv") : HENG_STR("ndjson");
    job->at.all = job->all;
    job->at.changed = job->changed;
    job->at.unmask = heng_options_get(job->session->cli, "unmask") != NULL;
    int status = open_store(job);
    if (status == HENG_EXIT_FINE && job->resume)
        status = read_checkpoint(job);
    if (status != HENG_EXIT_FINE)
        return status;
    if (open_files(job, &error) != HENG_OK || open_batch(job, &error) != HENG_OK ||
        open_baseline(job, &error) != HENG_OK)
        return heng_output_error(&error);
    tell_scope(job);
    if (job->has_guard && job->was_told == 0)
        heng_output_note(
            job->session->cli,
            speaks_zh(job) ? "提示：上次批量没有有结果的主体，--guard 无从比对"
                           : "note: `--guard` has nothing to compare with: no subject "
                             "had an outcome in a batch before");
    return decide_all(job);
}
