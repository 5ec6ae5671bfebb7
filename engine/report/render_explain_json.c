/* SPDX-License-Identifier: Apache-2.0 */
/* render_explain_json.c: `heng.explanation/1`. */
#include "report/render_explain.h"

#include "report/render_decision_json.h"
#include "report/render_part_json.h"

static void write_step(const heng_render *render, heng_json_write *json,
                       const heng_step *step) {
    heng_json_write_object(json);
    heng_json_write_key(json, "text");
    heng_json_write_str(json, step->text);
    heng_json_write_key(json, step->failed ? "error" : "value");
    heng_render_part_json_str(json, heng_render_masked(render, step->value));
    heng_json_write_key(json, "depth");
    heng_json_write_uint(json, step->depth);
    heng_json_write_object_end(json);
}

static const char *clause_word(heng_clause clause) {
    switch (clause) {
    case HENG_CLAUSE_GROUND:
        return "ground";
    case HENG_CLAUSE_WHEN:
        return "when";
    case HENG_CLAUSE_UNLESS:
        return "unless";
    case HENG_CLAUSE_TERM:
        break;
    }
    return "term";
}

static void write_trace(const heng_render *render, heng_json_write *json,
                        const heng_trace *trace) {
    heng_json_write_object(json);
    heng_json_write_key(json, "clause");
    heng_json_write_text(json, clause_word(trace->clause));
    heng_json_write_key(json, "index");
    heng_json_write_uint(json, trace->index);
    heng_json_write_key(json, "condition");
    heng_json_write_str(json, trace->text);
    if (trace->record.len > 0) {
        heng_json_write_key(json, "record");
        heng_render_part_json_str(json, heng_render_document(render, trace->record));
    }
    if (trace->subject.len > 0) {
        heng_json_write_key(json, "subject");
        heng_render_part_json_str(json, heng_render_id(render, trace->subject));
    }
    heng_json_write_key(json, trace->failed ? "error" : "value");
    heng_render_part_json_str(json, heng_render_masked(render, trace->value));
    heng_json_write_key(json, "steps");
    heng_json_write_array(json);
    for (size_t i = 0; i < trace->step_count; i++)
        write_step(render, json, &trace->steps[i]);
    heng_json_write_array_end(json);
    heng_json_write_object_end(json);
}

static void write_rule(const heng_render *render, heng_json_write *json,
                       const heng_explanation *explanation) {
    heng_json_write_object(json);
    heng_json_write_key(json, "rule");
    heng_json_write_str(json, render->ruleset->rules[explanation->rule].id);
    heng_json_write_key(json, "applies_to_kind");
    heng_json_write_bool(json, explanation->applies_to_kind);
    heng_json_write_key(json, "applies_to_region");
    heng_json_write_bool(json, explanation->applies_to_region);
    heng_json_write_key(json, "in_effect");
    heng_json_write_bool(json, explanation->in_effect);
    heng_json_write_key(json, "looked_at");
    heng_json_write_uint(json, explanation->looked_at);
    heng_json_write_key(json, "conditions");
    heng_json_write_array(json);
    for (size_t i = 0; i < explanation->trace_count; i++)
        write_trace(render, json, &explanation->traces[i]);
    heng_json_write_array_end(json);
    heng_json_write_object_end(json);
}

static void write_lift(const heng_render *render, heng_json_write *json,
                       const heng_applied *applied) {
    heng_json_write_object(json);
    heng_json_write_key(json, "measure");
    heng_json_write_str(json, render->ruleset->measures[applied->measure].id);
    heng_render_part_json_date(json, "by_itself_on",
                               heng_date_valid(applied->term.until)
                                   ? heng_render_day_after(applied->term.until)
                                   : HENG_DATE_NONE);
    heng_render_part_json_repair(render, json, applied);
    heng_json_write_object_end(json);
}

heng_status heng_render_explain_json(const heng_render *render,
                                     const heng_render_explained *explained,
                                     heng_buffer *out) {
    const heng_decision *decision = render->decision;
    heng_json_write json;
    heng_json_write_init(&json, out, HENG_JSON_COMPACT);
    heng_json_write_object(&json);
    heng_json_write_key(&json, "schema");
    heng_json_write_text(&json, "heng.explanation/1");
    if (render->supposed) {
        heng_json_write_key(&json, "supposed");
        heng_json_write_bool(&json, true);
    }
    heng_json_write_key(&json, "decision");
    heng_render_decision_json(render, &json);
    heng_json_write_key(&json, "rules");
    heng_json_write_array(&json);
    for (size_t i = 0; i < explained->count; i++)
        write_rule(render, &json, explained->rules[i]);
    heng_json_write_array_end(&json);
    heng_json_write_key(&json, "lifts");
    heng_json_write_array(&json);
    for (size_t i = 0; i < decision->measure_count; i++) {
        const heng_applied *applied = &decision->measures[i];
        if (render->ruleset->measures[applied->measure].kind ==
            HENG_MEASURE_RESTRICTION)
            write_lift(render, &json, applied);
    }
    heng_json_write_array_end(&json);
    heng_json_write_object_end(&json);
    return heng_buffer_add_char(out, '\n');
}
