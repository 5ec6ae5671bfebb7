/* SPDX-License-Identifier: Apache-2.0 */
/* diff_job.c: the pass over the store, and what is written of it. */
#include "cli/diff_job.h"

#include <string.h>

#include "base/alloc.h"
#include "base/file.h"
#include "base/limits.h"
#include "cli/diff_samples.h"
#include "cli/interrupt.h"
#include "cli/options.h"
#include "cli/output.h"
#include "model/identity.h"

/* ---- one subject, by several threads at once ---- */

/* A difference as it is handed on, to be met in the order of subjects: behind it the
 * id. */
typedef struct note {
    uint32_t measure;
    uint32_t kind;
    size_t id_len;
} note;

static heng_status add_note(const heng_difference *difference, heng_str id,
                            heng_buffer *changes) {
    const note one = {difference->measure, (uint32_t)difference->kind, id.len};
    (void)heng_buffer_add(changes, (const char *)&one, sizeof one);
    return heng_buffer_add_str(changes, id);
}

static heng_status write_lines(const heng_diff_job *job, const heng_batch_line *before,
                               const heng_batch_line *line, const heng_difference *list,
                               size_t count, heng_buffer *out) {
    char key[HENG_SUBJECT_KEY_BYTES] = "";
    heng_str id = line->snapshot->id;
    heng_render after = job->render;
    after.snapshot = line->snapshot;
    after.decision = line->decision;
    after.arena = job->desks[line->thread].arena;
    after.plain_id = heng_identity_is_plain(id);
    if (!after.unmask && !after.plain_id && heng_identity_is_number(id)) {
        heng_view_subject_key(line->view, id, key);
        after.subject_key = heng_str_of(key);
    }
    heng_render was = after;
    was.ruleset = job->old->ruleset;
    was.decision = before->decision;
    return heng_render_differences(&job->both, &was, &after, list, count, out);
}

static heng_status compare(void *context, const heng_batch_line *before,
                           const heng_batch_line *line, heng_buffer *out,
                           heng_buffer *changes, bool *ret_changed) {
    heng_diff_job *job = context;
    heng_diff_desk *desk = &job->desks[line->thread];
    heng_difference *list = NULL;
    size_t count = 0;
    heng_status status = HENG_OK;
    heng_arena_reset(desk->arena);
    if (!heng_difference_find(&job->both, before->decision, line->decision, desk->arena,
                              &list, &count))
        return HENG_ERR_NOMEM;
    *ret_changed = count > 0;
    for (size_t i = 0; i < count && status == HENG_OK; i++) {
        status = heng_cube_add(&desk->cube, line->snapshot, &list[i]);
        /* of whom there is too much recorded nothing more can be explained */
        if (status == HENG_OK && job->samples > 0 && line->snapshot->too_much.len == 0)
            status = add_note(&list[i], line->snapshot->id, changes);
    }
    return status == HENG_OK && count > 0 && job->out != NULL
               ? write_lines(job, before, line, list, count, out)
               : status;
}

static bool is_stopped(void *context) {
    (void)context;
    return heng_interrupt_came(NULL);
}

/* ---- in order, one call at a time ---- */

static heng_status take_notes(void *context, heng_str changes, heng_error *reterr) {
    heng_diff_job *job = context;
    for (size_t at = 0; at < changes.len;) {
        note one;
        memcpy(&one, changes.ptr + at, sizeof one);
        heng_str id = {changes.ptr + at + sizeof one, one.id_len};
        if (!heng_diff_samples_offer(job, id, one.measure,
                                     (heng_difference_kind)one.kind))
            return heng_error_nomem(reterr);
        at += sizeof one + one.id_len;
    }
    return HENG_OK;
}

static heng_status fail_out(const heng_diff_job *job, heng_error *reterr) {
    return heng_file_fail(reterr,
                          strcmp(job->out, "-") == 0 ? "standard output" : job->out,
                          "cannot write", job->out_file.cause);
}

static heng_status take_lines(void *context, heng_str lines, heng_str last,
                              heng_error *reterr) {
    heng_diff_job *job = context;
    (void)last;
    return lines.len == 0 || heng_outfile_write(&job->out_file, lines)
               ? HENG_OK
               : fail_out(job, reterr);
}

static void tell_progress(void *context, uint64_t looked_at, uint64_t done,
                          uint64_t total) {
    heng_diff_job *job = context;
    job->progress.total = total;
    heng_progress_tell(&job->progress, looked_at, done);
}

/* ---- the job ---- */

static bool make_room(heng_diff_job *job) {
    size_t cells = job->both.count * HENG_DIFFERENCE_KINDS;
    job->is_chosen = heng_arena_calloc(job->arena, cells + 1, sizeof *job->is_chosen);
    job->chosen = heng_arena_calloc(job->arena, cells + 1, sizeof *job->chosen);
    job->desks = heng_alloc_zero(job->threads, sizeof *job->desks);
    for (size_t i = 0; job->desks != NULL && i < job->threads; i++) {
        job->desks[i].arena = heng_arena_new(HENG_LIMIT_SUBJECT_ARENA_BYTES);
        if (job->desks[i].arena == NULL)
            return false;
    }
    return job->is_chosen != NULL && job->chosen != NULL && job->desks != NULL;
}

void heng_diff_job_done(heng_diff_job *job) {
    heng_batch_close(job->batch);
    for (size_t i = 0; job->desks != NULL && i < job->threads; i++) {
        heng_arena_free(job->desks[i].arena);
        heng_cube_done(&job->desks[i].cube);
    }
    heng_alloc_free(job->desks);
    heng_cube_done(&job->cube);
    heng_outfile_abandon(&job->out_file);
    heng_buffer_done(&job->text);
    heng_arena_free(job->arena);
    *job = (heng_diff_job){0};
}

static heng_status open_batch(heng_diff_job *job, heng_error *reterr) {
    const heng_session *now = job->now;
    const heng_batch_options options = {
        .store = now->store,
        .ruleset = now->ruleset,
        .against = job->old->ruleset,
        .as_of = now->as_of,
        .has_commit = true, /* what the samples are explained from */
        .commit = heng_view_commit(now->view),
        .threads = job->threads,
    };
    heng_status status = heng_batch_open(&options, &job->batch, reterr);
    if (status != HENG_OK)
        return status;
    (void)heng_batch_get_before(job->batch, &job->before);
    job->render = heng_session_render(now, true);
    job->report = (heng_diff_report){
        .both = &job->both,
        .before = &job->before,
        .cube = &job->cube,
        .as_of = now->as_of,
        .has_known_at = now->has_known_at,
        .known_at = now->known_at,
        .lang = job->is_json && !now->cli->lang_given ? HENG_LANG_ZH : now->cli->lang,
        .arena = job->arena,
    };
    if (job->out == NULL)
        return HENG_OK;
    status = heng_outfile_open(&job->out_file, job->out, reterr);
    if (status == HENG_OK &&
        heng_render_difference_head(&job->report, &job->text) != HENG_OK)
        status = heng_error_nomem(reterr);
    if (status == HENG_OK &&
        !heng_outfile_write(&job->out_file, heng_buffer_view(&job->text)))
        status = fail_out(job, reterr);
    heng_buffer_clear(&job->text);
    return status;
}

static heng_status count_cells(heng_diff_job *job, heng_error *reterr) {
    heng_status status = HENG_OK;
    for (size_t i = 0; i < job->threads && status == HENG_OK; i++) {
        status = heng_cube_unite(&job->cube, &job->desks[i].cube);
        heng_cube_done(&job->desks[i].cube);
    }
    heng_cube_sort(&job->cube);
    return status == HENG_OK ? status
                             : heng_error_set(reterr, status, NULL, (heng_pos){0, 0},
                                              "what differs could not be counted: %s",
                                              heng_status_text(status));
}

static heng_status run(heng_diff_job *job, heng_error *reterr) {
    const heng_batch_sink sink = {.context = job,
                                  .compare = compare,
                                  .write = take_lines,
                                  .write_changes = take_notes,
                                  .stop = is_stopped,
                                  .progress = tell_progress};
    heng_progress_start(&job->progress, job->now->cli, "subjects", 0);
    heng_status status =
        heng_batch_run(job->batch, (heng_str){0}, &sink, &job->report.counts, reterr);
    heng_progress_end(&job->progress);
    if (status == HENG_OK)
        status = count_cells(job, reterr);
    if (status == HENG_OK && job->out != NULL)
        status = heng_outfile_commit(&job->out_file, reterr);
    return status;
}

static int write_page(heng_diff_job *job) {
    heng_error error = {0};
    heng_outfile file = {0};
    heng_status status = heng_render_diff_html(&job->report, &job->text);
    if (status != HENG_OK)
        return heng_output_fail("the page could not be made: %s",
                                heng_status_text(status));
    status = heng_outfile_open(&file, job->html, &error);
    if (status == HENG_OK && !heng_outfile_write(&file, heng_buffer_view(&job->text)))
        status = heng_file_fail(&error, job->html, "cannot write", file.cause);
    if (status == HENG_OK)
        status = heng_outfile_commit(&file, &error);
    heng_outfile_abandon(&file);
    heng_buffer_clear(&job->text);
    return status == HENG_OK ? HENG_EXIT_FINE : heng_output_error(&error);
}

/* Lines that went to standard output are all that stands there. */
static int print(heng_diff_job *job) {
    if (job->out != NULL && strcmp(job->out, "-") == 0)
        return heng_output_finish() ? HENG_EXIT_FINE : HENG_EXIT_FAILED;
    if (job->is_json) {
        heng_status status = heng_render_diff_json(&job->report, &job->text);
        if (status != HENG_OK)
            heng_buffer_fail(&job->text, status);
    } else {
        heng_layout layout = heng_session_layout(job->now, &job->text);
        layout.arena = job->arena;
        heng_render_diff_text(&job->report, &layout);
    }
    return heng_session_print(&job->text, HENG_EXIT_FINE);
}

static int tell(heng_diff_job *job) {
    int status = HENG_EXIT_FINE;
    heng_lang lang = job->report.lang;
    if (job->html != NULL) {
        job->report.lang = job->now->cli->lang; /* a page is for people */
        status = heng_diff_samples_explain(job, HENG_DIFF_EXPLAIN_PAGE);
        if (status == HENG_EXIT_FINE)
            status = write_page(job);
        job->report.lang = lang;
    }
    if (status == HENG_EXIT_FINE)
        status = heng_diff_samples_explain(job, job->is_json ? HENG_DIFF_EXPLAIN_JSON
                                                             : HENG_DIFF_EXPLAIN_TEXT);
    return status == HENG_EXIT_FINE ? print(job) : status;
}

int heng_diff_job_run(heng_diff_job *job) {
    heng_error error = {0};
    bool zh = job->now->cli->lang == HENG_LANG_ZH;
    heng_interrupt_watch(); /* before there is anything to clean up */
    job->arena = heng_arena_new(HENG_LIMIT_RULESET_ARENA_BYTES);
    heng_buffer_init(&job->text, HENG_LIMIT_ANSWER_BYTES);
    if (job->arena == NULL ||
        !heng_both_measures_make(job->old->ruleset, job->now->ruleset, job->arena,
                                 &job->both) ||
        !make_room(job))
        return heng_output_fail("out of memory");
    heng_status status = open_batch(job, &error);
    if (status == HENG_OK)
        status = run(job, &error);
    if (status == HENG_ERR_STOPPED)
        return heng_output_fail(
            "%s",
            job->out != NULL && strcmp(job->out, "-") == 0
                ? (zh ? "已中断；写到标准输出的内容不完整"
                      : "interrupted; what was written is not complete")
                : (zh ? "已中断；未写入任何文件" : "interrupted; nothing was written"));
    return status == HENG_OK ? tell(job) : heng_output_error(&error);
}
