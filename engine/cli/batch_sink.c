/* SPDX-License-Identifier: Apache-2.0 */
/* batch_sink.c: lines are rendered by several threads, and written one call at a time.
 */
#include "cli/batch_sink.h"

#include <string.h>

#include "base/file.h"
#include "batch/tally.h"
#include "cli/clock.h"
#include "cli/interrupt.h"
#include "model/identity.h"
#include "report/outcome_form.h"
#include "report/render_outcome.h"

/* ---- lines, by several threads at once ---- */

/* The key is made for identity numbers alone, in `key`. */
static void prepare(const heng_batch_job *job, const heng_batch_line *line,
                    char key[HENG_SUBJECT_KEY_BYTES], heng_render *ret_render) {
    heng_str id = line->snapshot->id;
    *ret_render = job->render;
    ret_render->plan = line->plan;
    ret_render->worker = line->worker;
    ret_render->snapshot = line->snapshot;
    ret_render->decision = line->decision;
    ret_render->arena = job->desks[line->thread].arena;
    ret_render->plain_id = heng_identity_is_plain(id);
    ret_render->subject_key = HENG_STR("");
    if (!ret_render->unmask && !ret_render->plain_id && heng_identity_is_number(id)) {
        key[0] = '\0';
        heng_view_subject_key(line->view, id, key);
        ret_render->subject_key = heng_str_of(key);
    }
}

static heng_status render_line(void *context, const heng_batch_line *line,
                               heng_buffer *out) {
    enum { FIRST_LINES_BYTES = 256 << 10 }; /* more than a stretch has */
    const heng_batch_job *job = context;
    char key[HENG_SUBJECT_KEY_BYTES];
    heng_render render;
    prepare(job, line, key, &render);
    heng_arena_reset(render.arena);
    if (out->bytes == NULL) {
        heng_status status = heng_buffer_reserve(out, FIRST_LINES_BYTES);
        if (status != HENG_OK)
            return status;
    }
    return job->is_csv ? heng_render_outcome_csv(&render, out)
                       : heng_render_outcome(&render, out);
}

/* The whole line as it is or was; nothing where there is none. */
static heng_status render_whole(const heng_batch_line *line, heng_render render,
                                heng_buffer *out) {
    heng_buffer_clear(out);
    render.unmask = true;
    return line == NULL || !line->told ? HENG_OK : heng_render_outcome(&render, out);
}

static heng_status compare_line(void *context, const heng_batch_line *before,
                                const heng_batch_line *line, heng_buffer *out,
                                heng_buffer *changes, bool *ret_changed) {
    heng_batch_job *job = context;
    heng_batch_desk *desk = &job->desks[line->thread];
    char key[HENG_SUBJECT_KEY_BYTES], old_key[HENG_SUBJECT_KEY_BYTES];
    heng_render is, was;
    prepare(job, line, key, &is);
    was = is;
    size_t said = changes->len;
    heng_arena_reset(desk->arena);
    if (before != NULL) {
        prepare(job, before, old_key, &was);
        was.ruleset = before->plan == line->plan ? is.ruleset : job->before_ruleset;
        was.form = job->old_form;
    }
    heng_status status = render_whole(before, was, &desk->before);
    if (status == HENG_OK)
        status = render_whole(line, is, &desk->after);
    if (status == HENG_OK && job->feed != NULL)
        status =
            heng_render_change(&job->ends, before == NULL ? NULL : &was, &is, changes);
    if (status != HENG_OK)
        return status;
    bool differs = !heng_str_equal(heng_buffer_view(&desk->before),
                                   heng_buffer_view(&desk->after));
    *ret_changed = differs || changes->len > said;
    if (job->changed ? !differs : !line->told && !job->all)
        return HENG_OK;
    return job->is_csv ? heng_render_outcome_csv(&is, out)
                       : heng_render_outcome(&is, out);
}

static bool is_stopped(void *context) {
    (void)context;
    return heng_interrupt_came(NULL);
}

/* ---- writing, one call at a time ---- */

void heng_batch_sink_lose_baseline(heng_batch_job *job, const heng_error *error) {
    heng_baseline_free(job->writer);
    job->writer = NULL;
    job->why = *error;
}

static heng_status take_due(void *context, heng_date day, heng_str id,
                            heng_error *reterr) {
    heng_batch_job *job = context;
    (void)reterr;
    /* The lines are right without it: what is lost is that the next one is quick. What
     * is wrong goes where it is kept: to empty an error for each day would take longer
     * than to note the day. */
    if (job->writer != NULL &&
        heng_baseline_due(job->writer, day, id, &job->why) != HENG_OK)
        heng_batch_sink_lose_baseline(job, &job->why);
    return HENG_OK;
}

heng_status heng_batch_sink_fail_write(const heng_partfile *file, heng_error *reterr) {
    return heng_file_fail(reterr,
                          strcmp(file->path, "-") == 0 ? "standard output" : file->path,
                          "cannot write", file->cause);
}

static heng_status write_changes(void *context, heng_str changes, heng_error *reterr) {
    heng_batch_job *job = context;
    heng_buffer_clear(&job->numbered);
    heng_status status =
        heng_render_change_numbered(changes, &job->feed_lines, &job->numbered);
    if (status != HENG_OK)
        return heng_error_nomem(reterr);
    return heng_partfile_write(&job->feed_file, heng_buffer_view(&job->numbered))
               ? HENG_OK
               : heng_batch_sink_fail_write(&job->feed_file, reterr);
}

void heng_batch_sink_count(heng_batch_job *job) {
    const heng_batch_tally *tally = heng_batch_get_tally(job->batch);
    uint64_t subjects = job->counts.subjects;
    job->counts = tally->counts;
    job->counts.subjects = subjects;
    heng_tally_add_counts(&job->counts, &job->earlier.counts);
    for (size_t i = 0; i < tally->number_count; i++)
        job->numbers[i] = tally->numbers[i] +
                          (job->earlier.numbers != NULL ? job->earlier.numbers[i] : 0);
}

bool heng_batch_sink_can_keep(const heng_batch_job *job) {
    return job->writer != NULL && heng_partfile_is_kept(&job->out_file) &&
           (job->feed == NULL || heng_partfile_is_kept(&job->feed_file));
}

heng_status heng_batch_sink_keep(heng_batch_job *job, heng_error *reterr) {
    const heng_batch_tally *tally = heng_batch_get_tally(job->batch);
    heng_batch_sink_count(job);
    job->at.counts = job->counts;
    job->at.numbers = job->numbers;
    job->at.number_count = tally->number_count;
    heng_buffer_clear(&job->blob);
    heng_status status = heng_batch_checkpoint_pack(&job->at, &job->blob);
    if (status != HENG_OK)
        return heng_error_set(reterr, status, NULL, (heng_pos){0, 0},
                              "too much to keep for --resume");
    status = heng_partfile_sync(&job->out_file, reterr);
    if (status == HENG_OK)
        status = heng_partfile_sync(&job->feed_file, reterr);
    if (status == HENG_OK)
        status =
            heng_baseline_checkpoint(job->writer, heng_buffer_view(&job->blob), reterr);
    return status;
}

/* A few in a minute: each waits for the disk. */
static void keep_now_and_then(heng_batch_job *job) {
    enum { KEEP_BYTES = 64 << 20 };
    heng_error error = {0};
    int64_t every = job->checkpoint / (HENG_DECIMAL_ONE / 1000);
    uint64_t bytes = job->out_file.bytes + job->feed_file.bytes;
    if (!heng_batch_sink_can_keep(job))
        return;
    int64_t now = heng_clock_now();
    if (now - job->kept_at < every && bytes - job->kept_bytes < KEEP_BYTES)
        return;
    if (heng_batch_sink_keep(job, &error) != HENG_OK && !job->out_file.failed &&
        !job->feed_file.failed)
        heng_batch_sink_lose_baseline(job, &error);
    job->kept_at = heng_clock_now();
    job->kept_bytes = bytes;
}

static heng_status write_lines(void *context, heng_str lines, heng_str last,
                               heng_error *reterr) {
    heng_batch_job *job = context;
    if (!heng_partfile_write(&job->out_file, lines))
        return heng_batch_sink_fail_write(&job->out_file, reterr);
    if (last.len == 0 || last.len > sizeof job->last)
        return HENG_OK;
    memcpy(job->last, last.ptr, last.len);
    job->at.last = (heng_str){job->last, last.len};
    job->at.out_bytes = job->out_file.bytes;
    job->at.feed_bytes = job->feed_file.bytes;
    job->at.feed_lines = job->feed_lines;
    keep_now_and_then(job);
    return HENG_OK;
}

static void tell_progress(void *context, uint64_t looked_at, uint64_t done,
                          uint64_t total) {
    heng_batch_job *job = context;
    job->progress.total = total;
    heng_progress_tell(&job->progress, looked_at, done);
}

heng_batch_sink heng_batch_sink_of(heng_batch_job *job) {
    return (heng_batch_sink){.context = job,
                             .render = render_line,
                             .compare = compare_line,
                             .write = write_lines,
                             .write_changes = write_changes,
                             .due = take_due,
                             .stop = is_stopped,
                             .progress = tell_progress};
}
