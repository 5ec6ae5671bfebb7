/* SPDX-License-Identifier: Apache-2.0 */
/* diff_samples.c: from the name of a subject to two explanations. */
#include "cli/diff_samples.h"

#include <string.h>

#include "base/limits.h"
#include "cli/interrupt.h"
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

/* Whether a rule is not the same in the other ruleset. */
static bool is_altered(const heng_diff_job *job, heng_str id) {
    for (size_t i = 0; i < job->before.rule_count; i++) {
        if (heng_str_equal(job->before.rules[i], id))
            return true;
    }
    return false;
}

/* Marks those that brought the measure about in a decision by `of`, in `ruleset`. */
static void mark_because(const heng_session *of, heng_str measure,
                         const heng_ruleset *ruleset, bool *marks) {
    const heng_decision *decision = of->decision;
    for (size_t i = 0; i < decision->measure_count; i++) {
        const heng_applied *applied = &decision->measures[i];
        if (!heng_str_equal(of->ruleset->measures[applied->measure].id, measure))
            continue;
        for (size_t b = 0; b < applied->because_count; b++) {
            const heng_rule *rule = heng_ruleset_find_rule(
                ruleset, of->ruleset->rules[applied->because[b]->rule].id);
            if (rule != NULL)
                marks[rule - ruleset->rules] = true;
        }
    }
}

/* Marks what brings the measure about by either ruleset, would but for a difference,
 * nearly does, or displaces one that would. */
static void mark(const heng_diff_job *job, const heng_session *session,
                 const heng_session *other, uint32_t number, bool *marks) {
    const heng_ruleset *ruleset = session->ruleset;
    const heng_decision *decision = session->decision;
    uint32_t measure =
        session == job->old ? job->both.in_old[number] : job->both.in_now[number];
    mark_because(session, job->both.ids[number], ruleset, marks);
    mark_because(other, job->both.ids[number], ruleset, marks);
    for (uint32_t r = 0; r < ruleset->rule_count; r++)
        marks[r] = marks[r] || (heng_rule_brings(&ruleset->rules[r], measure) &&
                                is_altered(job, ruleset->rules[r].id));
    for (size_t i = 0; i < decision->undetermined_count; i++) {
        uint32_t rule = decision->undetermined[i].rule;
        marks[rule] = marks[rule] || heng_rule_brings(&ruleset->rules[rule], measure);
    }
    for (size_t i = 0; i < decision->finding_count; i++) {
        const heng_finding *finding = decision->findings[i];
        if (!heng_rule_brings(&ruleset->rules[finding->rule], measure))
            continue;
        marks[finding->rule] = true;
        if (finding->by_rule != UINT32_MAX)
            marks[finding->by_rule] = true;
    }
}

static heng_status render(const heng_diff_job *job, heng_session *session,
                          const heng_explanation *const *list, size_t count,
                          heng_diff_explain how, heng_str *ret_text) {
    heng_buffer out;
    bool is_json = how == HENG_DIFF_EXPLAIN_JSON;
    heng_render rendered = heng_session_render(session, is_json);
    heng_render_explained explained = {list, count};
    heng_buffer_init(&out, HENG_LIMIT_ANSWER_BYTES);
    if (is_json) {
        (void)heng_render_explain_json(&rendered, &explained, &out);
    } else {
        heng_layout layout = heng_session_layout(session, &out);
        if (how == HENG_DIFF_EXPLAIN_PAGE) {
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

/* One side of one sample; both are decided. */
static int explain(const heng_diff_job *job, heng_session *session,
                   const heng_session *other, uint32_t number, heng_diff_explain how,
                   heng_str *ret_text) {
    heng_error error = {0};
    size_t rules = session->ruleset->rule_count, count = 0;
    const heng_explanation **list =
        heng_arena_calloc(session->arena, rules + 1, sizeof(const heng_explanation *));
    bool *marks = heng_arena_calloc(session->arena, rules + 1, sizeof *marks);
    if (list == NULL || marks == NULL)
        return heng_output_fail("out of memory");
    mark(job, session, other, number, marks);
    for (uint32_t r = 0; r < rules; r++) {
        if (marks[r] && heng_explain(session->plan, session->worker, session->snapshot,
                                     r, &list[count++], &error) != HENG_OK)
            return heng_output_error(&error);
    }
    heng_status status = render(job, session, list, count, how, ret_text);
    return status == HENG_OK ? HENG_EXIT_FINE
                             : heng_output_fail("a sample could not be explained: %s",
                                                heng_status_text(status));
}

static int explain_both(heng_diff_job *job, const heng_diff_chosen *chosen,
                        heng_diff_explain how, heng_diff_sample *ret_sample) {
    heng_session *sessions[] = {job->old, job->now};
    heng_str *texts[] = {&ret_sample->old, &ret_sample->now};
    heng_render render = job->render;
    int status = HENG_EXIT_FINE;
    render.arena = job->arena;
    *ret_sample =
        (heng_diff_sample){.subject = heng_render_id(&render, chosen->subject),
                           .measure = chosen->measure,
                           .kind = chosen->kind};
    for (int i = 0; i < 2 && status == HENG_EXIT_FINE; i++) {
        heng_arena_reset(sessions[i]->arena);
        status = heng_session_decide_one(sessions[i], chosen->subject, UINT32_MAX);
    }
    for (int i = 0; i < 2 && status == HENG_EXIT_FINE; i++)
        status =
            explain(job, sessions[i], sessions[1 - i], chosen->measure, how, texts[i]);
    return status;
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

int heng_diff_samples_explain(heng_diff_job *job, heng_diff_explain how) {
    heng_diff_sample *samples =
        heng_arena_calloc(job->arena, job->chosen_count + 1, sizeof *samples);
    if (samples == NULL)
        return heng_output_fail("out of memory");
    int status = make_plans(job);
    for (size_t i = 0; i < job->chosen_count && status == HENG_EXIT_FINE; i++) {
        if (heng_interrupt_came(NULL))
            return heng_output_fail("%s", job->now->cli->lang == HENG_LANG_ZH
                                              ? "已中断；未写出报告"
                                              : "interrupted; no report was written");
        status = explain_both(job, &job->chosen[i], how, &samples[i]);
    }
    job->report.samples = samples;
    job->report.sample_count = job->chosen_count;
    return status;
}
