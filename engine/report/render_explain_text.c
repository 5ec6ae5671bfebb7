/* SPDX-License-Identifier: Apache-2.0 */
/* render_explain_text.c: why and why not, condition by condition. */
#include "report/render_explain.h"

#include "base/limits.h"
#include "report/render_decision_text.h"
#include "report/render_law.h"

enum { FIELD = 3, CONDITION = 3, RECORD = 5, STEP = 7, STEP_DEPTH_MAX = 8 };

#define SAY HENG_RENDER_LAW_SAY

static const heng_finding *finding_of(const heng_decision *decision, uint32_t rule) {
    for (size_t i = 0; i < decision->finding_count; i++) {
        if (decision->findings[i]->rule == rule)
            return decision->findings[i];
    }
    return NULL;
}

static bool in_doubt(const heng_decision *decision, uint32_t rule) {
    for (size_t i = 0; i < decision->undetermined_count; i++) {
        if (decision->undetermined[i].rule == rule)
            return true;
    }
    return false;
}

static bool is_suspended(const heng_decision *decision, uint32_t rule) {
    for (size_t i = 0; i < decision->measure_count; i++) {
        const heng_applied *applied = &decision->measures[i];
        for (size_t b = 0;
             applied->state == HENG_STATE_SUSPENDED && b < applied->because_count;
             b++) {
            if (applied->because[b]->rule == rule)
                return true;
        }
    }
    return false;
}

static heng_str state_text(const heng_render *render,
                           const heng_explanation *explanation) {
    const heng_decision *decision = render->decision;
    const heng_finding *finding = finding_of(decision, explanation->rule);
    if (finding != NULL && finding->state != HENG_STATE_APPLIES)
        return heng_render_law_why_not(render, finding->state, finding, UINT32_MAX);
    if (finding != NULL)
        return heng_render_law_state(render, finding->state);
    if (in_doubt(decision, explanation->rule))
        return heng_render_law_phrase(render, HENG_SAY_IS_UNDETERMINED);
    if (is_suspended(decision, explanation->rule))
        return heng_render_law_state(render, HENG_STATE_SUSPENDED);
    if (!explanation->applies_to_kind)
        return heng_render_law_phrase(render, HENG_SAY_NOT_KIND);
    if (!explanation->applies_to_region)
        return heng_render_law_phrase(render, HENG_SAY_NOT_REGION);
    if (!explanation->in_effect)
        return heng_render_law_phrase(render, HENG_SAY_NOT_IN_EFFECT);
    return heng_render_law_phrase(render, HENG_SAY_DOES_NOT_FIRE);
}

static heng_str clause_text(const heng_render *render, const heng_trace *trace) {
    switch (trace->clause) {
    case HENG_CLAUSE_GROUND:
        return heng_render_law_phrase(render, HENG_SAY_CLAUSE_GROUND);
    case HENG_CLAUSE_WHEN:
        return heng_render_law_phrase(render, HENG_SAY_CLAUSE_WHEN);
    case HENG_CLAUSE_UNLESS:
        return SAY(render, HENG_SAY_CLAUSE_NUMBER,
                   heng_render_law_phrase(render, HENG_SAY_CLAUSE_UNLESS),
                   heng_render_law_count(render, (size_t)trace->index + 1));
    case HENG_CLAUSE_TERM:
        break;
    }
    return heng_render_law_phrase(render, HENG_SAY_CLAUSE_TERM);
}

static heng_str value_text(const heng_render *render, heng_str value, bool failed) {
    heng_str shown = heng_render_masked(render, value);
    return failed ? SAY(render, HENG_SAY_TRACE_FAILED, shown) : shown;
}

static void trace_steps(const heng_render *render, heng_layout *layout,
                        const heng_trace *trace) {
    for (size_t i = 0; i < trace->step_count; i++) {
        const heng_step *step = &trace->steps[i];
        size_t depth = step->depth < STEP_DEPTH_MAX ? step->depth : STEP_DEPTH_MAX;
        /* the whole condition is said by the line above */
        if (step->text.len == trace->text.len)
            continue;
        heng_layout_text(layout, STEP + 2 * (depth > 0 ? depth - 1 : 0), 4,
                         HENG_PAINT_NONE,
                         SAY(render, HENG_SAY_STEP, step->text,
                             value_text(render, step->value, step->failed)));
    }
}

static void trace_lines(const heng_render *render, heng_layout *layout,
                        const heng_trace *trace) {
    heng_str value = value_text(render, trace->value, trace->failed);
    heng_str line;
    if (trace->record.len == 0)
        line = SAY(render, HENG_SAY_TRACE_WHOLE, value);
    else if (trace->subject.len == 0)
        line = SAY(render, HENG_SAY_TRACE_RECORD,
                   heng_render_document(render, trace->record), value);
    else
        line = SAY(render, HENG_SAY_TRACE_RECORD_OF,
                   heng_render_document(render, trace->record),
                   heng_render_id(render, trace->subject), value);
    heng_layout_text(layout, RECORD, 2, HENG_PAINT_NONE, line);
    trace_steps(render, layout, trace);
}

static bool same_condition(const heng_trace *a, const heng_trace *b) {
    return a->clause == b->clause && a->index == b->index;
}

static void rule_section(const heng_render *render, heng_layout *layout,
                         const heng_explanation *explanation) {
    const heng_rule *rule = &render->ruleset->rules[explanation->rule];
    heng_layout_blank(layout);
    heng_layout_text(layout, 0, 2, HENG_PAINT_STRONG,
                     SAY(render, HENG_SAY_H_RULE,
                         heng_text_in(&rule->title, render->lang), rule->id,
                         state_text(render, explanation)));
    heng_layout_text(layout, CONDITION, 2, HENG_PAINT_NONE,
                     SAY(render, HENG_SAY_LOOKED_AT,
                         heng_render_law_count(render, explanation->looked_at)));
    for (size_t i = 0; i < explanation->trace_count; i++) {
        const heng_trace *trace = &explanation->traces[i];
        if (i == 0 || !same_condition(trace, &explanation->traces[i - 1]))
            heng_layout_field(layout, CONDITION, HENG_RENDER_LAW_LABEL_CELLS,
                              clause_text(render, trace), trace->text);
        trace_lines(render, layout, trace);
    }
    if (explanation->trace_count >= HENG_LIMIT_TRACED_RECORDS)
        heng_layout_text(layout, RECORD, 2, HENG_PAINT_NONE,
                         heng_render_law_phrase(render, HENG_SAY_TRACES_CUT));
    heng_render_law_bases(render, layout, rule->bases, rule->basis_count);
}

static void lift_section(const heng_render *render, heng_layout *layout) {
    const heng_decision *decision = render->decision;
    bool headed = false;
    for (size_t i = 0; i < decision->measure_count; i++) {
        const heng_applied *applied = &decision->measures[i];
        const heng_measure *measure = &render->ruleset->measures[applied->measure];
        if (measure->kind != HENG_MEASURE_RESTRICTION)
            continue;
        if (!headed) {
            heng_layout_blank(layout);
            heng_layout_text(layout, 0, 0, HENG_PAINT_STRONG,
                             heng_render_law_phrase(render, HENG_SAY_H_LIFT));
        }
        headed = true;
        heng_layout_text(layout, 1, 2, HENG_PAINT_NONE,
                         heng_render_law_titled(render, &measure->title, measure->id));
        heng_render_law_lifts(render, layout, applied);
        heng_render_law_remedies(render, layout, measure);
    }
}

void heng_render_explain_text(const heng_render *render,
                              const heng_render_explained *explained,
                              heng_layout *layout) {
    heng_render_decision_text_verdict(render, layout);
    if (explained->count == 0) {
        heng_layout_blank(layout);
        heng_layout_text(layout, 0, 0, HENG_PAINT_NONE,
                         heng_render_law_phrase(render, HENG_SAY_NOTHING_TO_EXPLAIN));
    }
    for (size_t i = 0; i < explained->count; i++)
        rule_section(render, layout, explained->rules[i]);
    lift_section(render, layout);
    heng_render_decision_text_doubts(render, layout);
    heng_render_decision_text_foot(render, layout);
}
