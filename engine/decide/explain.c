/* SPDX-License-Identifier: Apache-2.0 */
/*
 * explain.c: one rule, condition by condition, with the value of each part.
 *
 * Tracing is a second program of each condition that reports its nodes; the programs a
 * decision runs know nothing of it, so that a trace nobody asks for costs nothing.
 */
#include <string.h>

#include "base/limits.h"
#include "decide/evaluate.h"
#include "decide/nearly.h"
#include "decide/rule_bounds.h"
#include "model/flat.h"

typedef struct heng_tracer {
    heng_evaluation *eval;
    const heng_cel_ast *ast;
    heng_step *steps;
    size_t count, cap;
    bool failed;
} heng_tracer;

static uint32_t depth_of(const heng_cel_ast *ast, const heng_cel_node *node) {
    uint32_t depth = 0;
    for (uint32_t i = 0; i < ast->node_count; i++) {
        const heng_cel_node *other = ast->nodes[i];
        if (other != NULL && other != node && other->start <= node->start &&
            other->start + other->len >= node->start + node->len &&
            other->len > node->len)
            depth++;
    }
    return depth;
}

/* Literals and the bare names of objects say nothing that the text does not. */
static bool is_telling(const heng_cel_node *node, heng_cel_value value) {
    if (node->kind == HENG_CEL_NODE_LITERAL || value.kind == HENG_CEL_OBJECT)
        return false;
    return !(node->kind == HENG_CEL_NODE_IDENT && value.kind == HENG_CEL_LIST);
}

static void take_step(void *context, const heng_cel_node *node, heng_cel_value value) {
    heng_tracer *tracer = context;
    heng_arena *arena = tracer->eval->arena;
    if (tracer->failed || !is_telling(node, value) ||
        (size_t)node->start + node->len > tracer->ast->text.len)
        return;
    if (tracer->count == tracer->cap) {
        size_t cap = tracer->cap == 0 ? 8 : tracer->cap * 2;
        heng_step *grown = heng_arena_calloc(arena, cap, sizeof *grown);
        if (grown == NULL) {
            tracer->failed = true;
            return;
        }
        if (tracer->count > 0)
            memcpy(grown, tracer->steps, tracer->count * sizeof *grown);
        tracer->steps = grown;
        tracer->cap = cap;
    }
    heng_step *step = &tracer->steps[tracer->count++];
    step->text = (heng_str){tracer->ast->text.ptr + node->start, node->len};
    step->failed = heng_cel_value_is_error(value);
    step->depth = depth_of(tracer->ast, node);
    const char *printed = step->failed ? NULL : heng_cel_value_print(value, arena);
    step->value = step->failed ? value.as.error->message : heng_str_of(printed);
    if (!step->failed && printed == NULL)
        tracer->failed = true;
}

typedef struct heng_traces {
    heng_trace *items;
    size_t count, cap;
} heng_traces;

static bool trace_one(heng_evaluation *eval, heng_traces *traces, heng_clause clause,
                      uint32_t index, const heng_cel_program *program,
                      const heng_seen *seen) {
    const heng_cel_ast *ast = heng_cel_program_ast(program);
    heng_tracer tracer = {.eval = eval, .ast = ast};
    if (traces->count == traces->cap)
        return true; /* the cap of the caller: more would not be read */
    eval->frame.trace = take_step;
    eval->frame.trace_context = &tracer;
    heng_cel_value value = heng_fire_ask(eval, program);
    eval->frame.trace = NULL;
    heng_trace *trace = &traces->items[traces->count++];
    *trace = (heng_trace){.clause = clause,
                          .index = index,
                          .text = ast->text,
                          .failed = heng_cel_value_is_error(value),
                          .steps = tracer.steps,
                          .step_count = tracer.count};
    if (seen != NULL) {
        trace->record = heng_flat_text(seen->bytes, HENG_FLAT_RECORD_ID);
        if (!heng_str_equal(seen->subject, eval->snapshot->id))
            trace->subject = seen->subject;
    }
    const char *printed =
        trace->failed ? NULL : heng_cel_value_print(value, eval->arena);
    trace->value = trace->failed ? value.as.error->message : heng_str_of(printed);
    return !tracer.failed && !eval->failed && (trace->failed || printed != NULL);
}

static bool trace_grounds(heng_evaluation *eval, uint32_t index, heng_traces *traces,
                          size_t *looked_at) {
    const heng_rule *rule = &eval->plan->ruleset->rules[index];
    heng_looked *looked = NULL;
    size_t count = 0;
    if (rule->ground == NULL)
        return true;
    if (!heng_see_looked(eval, index, &looked, &count))
        return false;
    for (size_t i = 0; i < count; i++) {
        heng_seen *seen = looked[i].seen;
        if (!heng_fire_looks_at(eval, index, seen))
            continue;
        (*looked_at)++;
        heng_fire_variables(eval, &eval->plan->rules[index], seen, NULL);
        if (!trace_one(eval, traces, HENG_CLAUSE_GROUND, 0, rule->ground_trace, seen))
            return false;
    }
    return true;
}

/* A rule on disputed records alone is explained by the pass that takes them. */
static int telling_pass(const heng_evaluation *eval, const heng_active *active) {
    if (active == NULL || !eval->two_passes)
        return HENG_PASS_FIRST;
    return !active->pass[HENG_PASS_FIRST].live && active->pass[HENG_PASS_SECOND].live
               ? HENG_PASS_SECOND
               : HENG_PASS_FIRST;
}

static bool trace_rule(heng_evaluation *eval, uint32_t index, const heng_active *active,
                       heng_traces *traces, heng_explanation *out) {
    const heng_rule *rule = &eval->plan->ruleset->rules[index];
    heng_firing none = {0};
    int pass = telling_pass(eval, active);
    heng_fire_begin_pass(eval, pass);
    if (!trace_grounds(eval, index, traces, &out->looked_at))
        return false;
    heng_fire_variables(eval, &eval->plan->rules[index], NULL,
                        active == NULL ? &none : &active->pass[pass]);
    if (rule->when != NULL &&
        !trace_one(eval, traces, HENG_CLAUSE_WHEN, 0, rule->when_trace, NULL))
        return false;
    for (size_t i = 0; i < rule->unless_count; i++) {
        if (!trace_one(eval, traces, HENG_CLAUSE_UNLESS, (uint32_t)i,
                       rule->unless[i].trace, NULL))
            return false;
    }
    return true;
}

heng_status heng_explain(const heng_plan *plan, heng_worker *worker,
                         const heng_snapshot *snapshot, uint32_t rule,
                         const heng_explanation **ret_explanation, heng_error *reterr) {
    heng_evaluation *eval = worker->last;
    heng_traces traces = {.cap = HENG_LIMIT_TRACED_RECORDS};
    const heng_active *active = NULL;
    if (eval == NULL || eval->plan != plan || eval->snapshot != snapshot ||
        rule >= plan->ruleset->rule_count) {
        return heng_error_set(
            reterr, HENG_ERR_INVALID, NULL, (heng_pos){0, 0},
            "an explanation follows a decision about the same subject");
    }
    const heng_rule *declared = &plan->ruleset->rules[rule];
    heng_explanation *out = heng_arena_calloc(eval->arena, 1, sizeof *out);
    traces.items = heng_arena_calloc(eval->arena, traces.cap, sizeof *traces.items);
    if (out == NULL || traces.items == NULL)
        return heng_error_nomem(reterr);
    out->rule = rule;
    out->applies_to_kind = (declared->applies_to >> eval->kind & 1) != 0;
    out->applies_to_region = heng_rule_fits_region(declared, eval->region);
    out->in_effect = heng_rule_in_effect(declared, eval->day);
    for (size_t i = 0; i < eval->active_count; i++) {
        if (eval->actives[i].rule == rule)
            active = &eval->actives[i];
    }
    if (!eval->outcome.out_of_scope &&
        (!trace_rule(eval, rule, active, &traces, out) || eval->failed))
        return heng_error_nomem(reterr);
    out->traces = traces.items;
    out->trace_count = traces.count;
    *ret_explanation = out;
    return HENG_OK;
}
