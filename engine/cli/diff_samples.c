/* SPDX-License-Identifier: Apache-2.0 */
/* diff_samples.c: from the name of a subject to two explanations. */
#include "cli/diff_samples.h"

#include <string.h>

#include "base/limits.h"
#include "cli/output.h"
#include "report/render_explain.h"
#include "ruleset/linked.h"

bool heng_diff_samples_offer(heng_diff_job *job, heng_str subject, uint32_t measure,
                             heng_difference_kind kind) {
    size_t cell = (size_t)measure * HENG_DIFFERENCE_KINDS + (size_t)kind;
    if (job->chosen_count >= job->samples || job->is_chosen[cell])
        return true;
    heng_str kept = heng_arena_dup_str(job->arena, subject);
    if (kept.ptr == NULL)
        return false;
    job->is_chosen[cell] = true;
    job->chosen[job->chosen_count++] = (heng_diff_chosen){kept, measure, kind};
    return true;
}

static bool is_because(const heng_decision *decision, uint32_t measure, uint32_t rule) {
    for (size_t i = 0; i < decision->measure_count; i++) {
        const heng_applied *applied = &decision->measures[i];
        for (size_t b = 0; applied->measure == measure && b < applied->because_count;
             b++) {
            if (applied->because[b]->rule == rule)
                return true;
        }
    }
    return false;
}

/* Whether a rule is not the same in the other ruleset. */
static bool is_altered(const heng_diff_job *job, heng_str id) {
    for (size_t i = 0; i < job->before.rule_count; i++) {
        if (heng_str_equal(job->before.rules[i], id))
            return true;
    }
    return false;
}

/* What brings the measure about, and what would but for its difference. */
static heng_status explain_rules(const heng_diff_job *job, heng_session *session,
                                 uint32_t measure, const heng_explanation ***ret_list,
                                 size_t *ret_count, heng_error *reterr) {
    const heng_ruleset *ruleset = session->ruleset;
    const heng_explanation **list = heng_arena_calloc(
        session->arena, ruleset->rule_count + 1, sizeof(const heng_explanation *));
    heng_status status = list == NULL ? heng_error_nomem(reterr) : HENG_OK;
    size_t count = 0;
    for (uint32_t r = 0; r < ruleset->rule_count && status == HENG_OK; r++) {
        if (is_because(session->decision, measure, r) ||
            (heng_rule_brings(&ruleset->rules[r], measure) &&
             is_altered(job, ruleset->rules[r].id)))
            status = heng_explain(session->plan, session->worker, session->snapshot, r,
                                  &list[count++], reterr);
    }
    *ret_list = list;
    *ret_count = count;
    return status;
}

static heng_status render(const heng_diff_job *job, heng_session *session,
                          const heng_explanation *const *list, size_t count,
                          bool is_json, heng_str *ret_text) {
    heng_buffer out;
    heng_render rendered = heng_session_render(session, is_json);
    heng_render_explained explained = {list, count};
    heng_buffer_init(&out, HENG_LIMIT_ANSWER_BYTES);
    if (is_json) {
        (void)heng_render_explain_json(&rendered, &explained, &out);
    } else {
        heng_layout layout = heng_session_layout(session, &out);
        if (job->html != NULL) { /* a page is as wide as it is */
            layout.width = 0;
            layout.color = false;
        }
        heng_render_explain_text(&rendered, &explained, &layout);
    }
    heng_status status = heng_buffer_status(&out);
    *ret_text = heng_arena_dup_str(job->arena, heng_buffer_view(&out));
    heng_buffer_done(&out);
    return status == HENG_OK && ret_text->ptr == NULL ? HENG_ERR_NOMEM : status;
}

/* One side of one sample. */
static int explain(const heng_diff_job *job, heng_session *session,
                   const heng_diff_chosen *chosen, bool is_json, heng_str *ret_text) {
    heng_error error = {0};
    const heng_explanation **list = NULL;
    size_t count = 0;
    uint32_t measure = session == job->old ? job->both.in_old[chosen->measure]
                                           : job->both.in_now[chosen->measure];
    heng_arena_reset(session->arena);
    int went = heng_session_decide_one(session, chosen->subject, UINT32_MAX);
    if (went != HENG_EXIT_FINE)
        return went;
    heng_status status = explain_rules(job, session, measure, &list, &count, &error);
    if (status != HENG_OK)
        return heng_output_error(&error);
    status = render(job, session, list, count, is_json, ret_text);
    return status == HENG_OK ? HENG_EXIT_FINE
                             : heng_output_fail("a sample could not be explained: %s",
                                                heng_status_text(status));
}

static int make_plans(heng_diff_job *job) {
    heng_session *sessions[] = {job->old, job->now};
    int status = HENG_EXIT_FINE;
    for (int i = 0; i < 2 && status == HENG_EXIT_FINE; i++) {
        if (sessions[i]->plan == NULL)
            status = heng_session_plan(sessions[i]);
    }
    return status;
}

int heng_diff_samples_explain(heng_diff_job *job, bool is_json) {
    heng_diff_sample *samples =
        heng_arena_calloc(job->arena, job->chosen_count + 1, sizeof *samples);
    if (samples == NULL)
        return heng_output_fail("out of memory");
    int status = make_plans(job);
    for (size_t i = 0; i < job->chosen_count && status == HENG_EXIT_FINE; i++) {
        const heng_diff_chosen *chosen = &job->chosen[i];
        heng_render render = job->render;
        render.arena = job->arena;
        samples[i] =
            (heng_diff_sample){.subject = heng_render_id(&render, chosen->subject),
                               .measure = chosen->measure,
                               .kind = chosen->kind};
        status = explain(job, job->old, chosen, is_json, &samples[i].old);
        if (status == HENG_EXIT_FINE)
            status = explain(job, job->now, chosen, is_json, &samples[i].now);
    }
    job->report.samples = samples;
    job->report.sample_count = job->chosen_count;
    return status;
}
