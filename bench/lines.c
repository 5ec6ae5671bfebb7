/* SPDX-License-Identifier: Apache-2.0 */
#include "lines.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/buffer.h"
#include "base/limits.h"
#include "measure.h"
#include "model/identity.h"
#include "report/render_outcome.h"

void heng_lines_init(heng_lines *lines, const heng_ruleset *ruleset) {
    *lines = (heng_lines){.ruleset = ruleset, .file = -1};
    lines->forms = heng_arena_new(HENG_LIMIT_RULESET_ARENA_BYTES);
    lines->form =
        lines->forms == NULL ? NULL : heng_outcome_form_new(ruleset, lines->forms);
    for (size_t i = 0; i < HENG_LINES_THREADS; i++) {
        heng_buffer_init(&lines->lines[i][0], HENG_LIMIT_ANSWER_BYTES);
        heng_buffer_init(&lines->lines[i][1], HENG_LIMIT_ANSWER_BYTES);
    }
    if (lines->form == NULL)
        heng_measure_die("memory", "none left");
}

void heng_lines_done(heng_lines *lines) {
    for (size_t i = 0; i < HENG_LINES_THREADS; i++) {
        heng_arena_free(lines->arenas[i]);
        heng_buffer_done(&lines->lines[i][0]);
        heng_buffer_done(&lines->lines[i][1]);
    }
    heng_arena_free(lines->forms);
}

heng_date heng_lines_day(void) {
    heng_date day = 0;
    (void)heng_date_parse(HENG_STR("2026-05-01"), &day);
    return day;
}

uint64_t heng_lines_anonymous_bytes(void) {
    char line[256];
    uint64_t kibibytes = 0;
    uint64_t found = 0;
    FILE *file = fopen("/proc/self/status", "r");
    while (file != NULL && fgets(line, sizeof line, file) != NULL) {
        if (sscanf(line, "RssAnon: %" SCNu64, &found) == 1 ||
            sscanf(line, "RssShmem: %" SCNu64, &found) == 1)
            kibibytes += found;
    }
    if (file == NULL || kibibytes == 0)
        heng_measure_die("/proc/self/status", "does not tell the memory in use");
    (void)fclose(file);
    return kibibytes * 1024;
}

/* Only grounds that hold on the day: a rule that fires also names those that no longer
 * do, which a rule apart from it would not. */
static void count_matches(heng_lines *lines, const heng_finding *finding,
                          heng_date day) {
    for (size_t i = 0; i < finding->ground_count; i++) {
        const heng_ground *ground = &finding->grounds[i];
        lines->matches +=
            ground->has_run && ground->run.from <= day &&
            (ground->run.until == HENG_DATE_NONE || ground->run.until >= day);
    }
}

/* As the command line does, with the key of one whose id is masked. */
static heng_status render(heng_lines *lines, const heng_batch_line *line,
                          heng_buffer *out) {
    char key[HENG_SUBJECT_KEY_BYTES];
    heng_str id = line->snapshot->id;
    heng_render render = {.ruleset = lines->ruleset,
                          .plan = line->plan,
                          .worker = line->worker,
                          .snapshot = line->snapshot,
                          .decision = line->decision,
                          .form = lines->form,
                          .plain_id = heng_identity_is_plain(id),
                          .arena = lines->arenas[line->thread]};
    if (!render.plain_id && heng_identity_is_number(id)) {
        heng_view_subject_key(line->view, id, key);
        render.subject_key = heng_str_of(key);
    }
    heng_arena_reset(render.arena);
    return heng_render_outcome(&render, out);
}

static heng_status render_line(void *context, const heng_batch_line *line,
                               heng_buffer *out) {
    heng_lines *lines = context;
    for (size_t i = 0; lines->count && i < line->decision->measure_count; i++) {
        const heng_applied *applied = &line->decision->measures[i];
        for (size_t j = 0; j < applied->because_count; j++)
            count_matches(lines, applied->because[j], line->decision->as_of);
    }
    return render(lines, line, out);
}

/* The line as it is, where it is not what it was. The ruleset is the same. */
static heng_status compare_line(void *context, const heng_batch_line *before,
                                const heng_batch_line *line, heng_buffer *out,
                                heng_buffer *changes, bool *ret_changed) {
    heng_lines *lines = context;
    heng_buffer *was = &lines->lines[line->thread][0];
    heng_buffer *is = &lines->lines[line->thread][1];
    heng_status status = HENG_OK;
    (void)changes;
    heng_buffer_clear(was);
    heng_buffer_clear(is);
    if (before != NULL && before->told)
        status = render(lines, before, was);
    if (status == HENG_OK && line->told)
        status = render(lines, line, is);
    *ret_changed = !heng_str_equal(heng_buffer_view(was), heng_buffer_view(is));
    return status == HENG_OK && *ret_changed
               ? heng_buffer_add_str(out, heng_buffer_view(is))
               : status;
}

static heng_status take_due(void *context, heng_date day, heng_str id,
                            heng_error *reterr) {
    const heng_lines *lines = context;
    return lines->due(lines->due_context, day, id, reterr);
}

static heng_status write_lines(void *context, heng_str text, heng_str last,
                               heng_error *reterr) {
    heng_lines *lines = context;
    (void)last, (void)reterr;
    lines->bytes += text.len;
    if (lines->watch) {
        uint64_t bytes = heng_lines_anonymous_bytes();
        if (bytes > lines->anonymous_bytes)
            lines->anonymous_bytes = bytes;
    }
    while (lines->file >= 0 && text.len > 0) {
        ssize_t written = write(lines->file, text.ptr, text.len);
        if (written <= 0)
            heng_measure_die("lines", "cannot be written");
        text.ptr += written;
        text.len -= (size_t)written;
    }
    return HENG_OK;
}

heng_batch *heng_lines_open(heng_lines *lines, heng_store *store, size_t threads,
                            unsigned flags) {
    heng_error error = {0};
    heng_batch *batch = NULL;
    const heng_batch_options options = {.store = store,
                                        .ruleset = lines->ruleset,
                                        .as_of = heng_lines_day(),
                                        .threads = threads,
                                        .flags = flags};
    for (size_t i = 0; i < threads; i++) {
        if (lines->arenas[i] == NULL)
            lines->arenas[i] = heng_arena_new(HENG_LIMIT_SUBJECT_ARENA_BYTES);
        if (lines->arenas[i] == NULL)
            heng_measure_die("memory", "none left");
    }
    heng_instant start = heng_measure_now();
    if (heng_batch_open(&options, &batch, &error) != HENG_OK)
        heng_measure_die("batch", error.text);
    if (lines->opening != NULL)
        heng_measure_add(lines->opening, start, 1);
    return batch;
}

heng_batch_counts heng_lines_write(heng_lines *lines, heng_batch *batch) {
    heng_error error = {0};
    heng_batch_counts counts = {0};
    const heng_batch_sink sink = {.context = lines,
                                  .render = render_line,
                                  .compare = compare_line,
                                  .write = write_lines,
                                  .due = lines->due == NULL ? NULL : take_due};
    lines->bytes = 0;
    lines->matches = 0;
    if (heng_batch_run(batch, (heng_str){0}, &sink, &counts, &error) != HENG_OK)
        heng_measure_die("batch", error.text);
    heng_batch_close(batch);
    return counts;
}

heng_batch_counts heng_lines_run(heng_lines *lines, heng_store *store, size_t threads) {
    return heng_lines_write(lines, heng_lines_open(lines, store, threads, 0));
}
