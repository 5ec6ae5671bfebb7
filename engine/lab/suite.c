/* SPDX-License-Identifier: Apache-2.0 */
/*
 * suite.c: runs the cases of a ruleset: each is a world of its own, decided by the
 * engine and compared with what the case expects. A failure says what makes the
 * difference: the condition that is false, or what it could not read.
 */
#include "heng/lab.h"

#include <string.h>

#include "base/buffer.h"
#include "base/limits.h"
#include "decide/evaluate.h"
#include "heng/decide.h"
#include "heng/store.h"
#include "lab/case.h"
#include "lab/coverage.h"
#include "model/flat.h"
#include "model/snapshot.h"

/* A case is a handful of lines; more is a mistake. */
enum { CASE_LINES_BYTES = 1 << 20, CASE_TEXT_BYTES = 1 << 16, CASE_FAILURES = 32 };

/* One case while it runs. */
typedef struct heng_trial {
    const heng_ruleset *ruleset;
    heng_case wanted;
    heng_arena *arena;
    heng_overlay *overlay;
    heng_snapshot *snapshot;
    heng_plan *plan;
    heng_worker *worker;
    const heng_decision *decision;
    const char *failures[CASE_FAILURES];
    size_t failure_count;
    heng_buffer text; /* of the failure being written */
    bool nomem;
} heng_trial;

static void keep_failure(heng_trial *trial) {
    heng_str text = heng_buffer_view(&trial->text);
    char *kept = heng_arena_dup(trial->arena, text.ptr, text.len);
    if (kept == NULL || heng_buffer_status(&trial->text) == HENG_ERR_NOMEM)
        trial->nomem = true;
    else if (trial->failure_count < CASE_FAILURES)
        trial->failures[trial->failure_count++] = kept;
    heng_buffer_clear(&trial->text);
}

/* ---- why ---- */

static void add_day(heng_buffer *text, heng_date day) {
    char buffer[HENG_DATE_TEXT_BYTES] = "null";
    if (day != HENG_DATE_NONE)
        heng_date_format(day, buffer);
    heng_buffer_add_text(text, buffer);
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
        return "term";
    }
    return "";
}

/* The first condition of a rule that is not as it would have to be. */
static void add_obstacle(heng_trial *trial, uint32_t rule) {
    const heng_explanation *explained = NULL;
    heng_buffer *text = &trial->text;
    heng_str id = trial->ruleset->rules[rule].id;
    if (heng_explain(trial->plan, trial->worker, trial->snapshot, rule, &explained,
                     NULL) != HENG_OK) {
        trial->nomem = true;
        return;
    }
    heng_buffer_add_format(text, "; rule `%.*s`", HENG_STR_ARG(id));
    if (!explained->applies_to_kind || !explained->applies_to_region) {
        heng_buffer_add_format(text, " does not apply to the subject's %s",
                               explained->applies_to_kind ? "region" : "kind");
        return;
    }
    if (!explained->in_effect) {
        heng_buffer_add_text(text, " is not in effect on the day");
        return;
    }
    for (size_t i = 0; i < explained->trace_count; i++) {
        const heng_trace *trace = &explained->traces[i];
        bool bad_unless = trace->clause == HENG_CLAUSE_UNLESS;
        if (heng_str_equal(trace->value,
                           bad_unless ? HENG_STR("false") : HENG_STR("true")))
            continue;
        heng_buffer_add_format(text, ": `%s` %s %.*s", clause_word(trace->clause),
                               trace->failed ? "fails:" : "is",
                               HENG_STR_ARG(trace->value));
        if (trace->record.len > 0)
            heng_buffer_add_format(text, " for record `%.*s`",
                                   HENG_STR_ARG(trace->record));
        heng_buffer_add_format(text, ": %.*s", HENG_STR_ARG(trace->text));
        return;
    }
    heng_buffer_add_format(text, " has %zu record%s to look at", explained->looked_at,
                           explained->looked_at == 1 ? "" : "s");
}

/* Why a measure does not apply: its state where it came near, else its rules'
 * obstacles. */
static void add_why_not(heng_trial *trial, const heng_measure *measure) {
    uint32_t index = (uint32_t)(measure - trial->ruleset->measures);
    const heng_decision *decision = trial->decision;
    for (size_t i = 0; i < decision->not_applied_count; i++) {
        const heng_not_applied *near = &decision->not_applied[i];
        if (near->measure != index)
            continue;
        heng_buffer_add_format(&trial->text, "; it is %s",
                               heng_state_word(near->state));
        if (near->by_rule != UINT32_MAX)
            heng_buffer_add_format(
                &trial->text, " by rule `%.*s`",
                HENG_STR_ARG(trial->ruleset->rules[near->by_rule].id));
        if (near->by_measure != UINT32_MAX)
            heng_buffer_add_format(
                &trial->text, " by measure `%.*s`",
                HENG_STR_ARG(trial->ruleset->measures[near->by_measure].id));
        return;
    }
    for (uint32_t r = 0; r < trial->ruleset->rule_count; r++) {
        const heng_rule *rule = &trial->ruleset->rules[r];
        for (size_t m = 0; m < rule->measure_count; m++) {
            if (rule->measures[m] == index)
                add_obstacle(trial, r);
        }
    }
}

static void add_why(heng_trial *trial, const heng_applied *applied) {
    for (size_t i = 0; i < applied->because_count; i++) {
        const heng_finding *finding = applied->because[i];
        heng_buffer_add_format(&trial->text, "; rule `%.*s`",
                               HENG_STR_ARG(trial->ruleset->rules[finding->rule].id));
        for (size_t g = 0; g < finding->ground_count; g++) {
            heng_str id =
                heng_flat_text(finding->grounds[g].record, HENG_FLAT_RECORD_ID);
            heng_buffer_add_format(&trial->text, "%s`%.*s`",
                                   g == 0 ? " on record " : ", ", HENG_STR_ARG(id));
        }
    }
}

/* ---- comparing ---- */

static const heng_applied *find_applied(const heng_trial *trial, heng_str id) {
    for (size_t i = 0; i < trial->decision->measure_count; i++) {
        const heng_applied *applied = &trial->decision->measures[i];
        if (applied->state == HENG_STATE_APPLIES &&
            heng_str_equal(trial->ruleset->measures[applied->measure].id, id))
            return applied;
    }
    return NULL;
}

static const heng_measure *named_measure(heng_trial *trial,
                                         const heng_yaml_node *node) {
    const heng_measure *measure =
        node->kind == HENG_YAML_SCALAR
            ? heng_ruleset_find_measure(trial->ruleset, node->text)
            : NULL;
    if (measure == NULL) {
        heng_buffer_add_format(&trial->text,
                               "the case names a measure `%.*s` that is not there",
                               HENG_STR_ARG(node->text));
        keep_failure(trial);
    }
    return measure;
}

static void expect_listed(heng_trial *trial, const heng_yaml_node *list) {
    for (size_t i = 0; list != NULL && i < list->count; i++) {
        const heng_measure *measure = named_measure(trial, list->as.items[i]);
        if (measure == NULL || find_applied(trial, measure->id) != NULL)
            continue;
        heng_buffer_add_format(&trial->text, "expected measure `%.*s` to apply",
                               HENG_STR_ARG(measure->id));
        add_why_not(trial, measure);
        keep_failure(trial);
    }
}

static bool lists(const heng_yaml_node *list, heng_str id) {
    for (size_t i = 0; i < list->count; i++) {
        if (list->as.items[i]->kind == HENG_YAML_SCALAR &&
            heng_str_equal(list->as.items[i]->text, id))
            return true;
    }
    return false;
}

static void expect_measures(heng_trial *trial) {
    const heng_yaml_node *exact = trial->wanted.measures;
    const heng_yaml_node *excludes = trial->wanted.excludes;
    expect_listed(trial, exact);
    expect_listed(trial, trial->wanted.includes);
    for (size_t i = 0; i < trial->decision->measure_count; i++) {
        const heng_applied *applied = &trial->decision->measures[i];
        heng_str id = trial->ruleset->measures[applied->measure].id;
        bool unwanted = (exact != NULL && !lists(exact, id)) ||
                        (excludes != NULL && lists(excludes, id));
        if (applied->state != HENG_STATE_APPLIES || !unwanted)
            continue;
        heng_buffer_add_format(&trial->text, "measure `%.*s` applies and should not",
                               HENG_STR_ARG(id));
        add_why(trial, applied);
        keep_failure(trial);
    }
    for (size_t i = 0; excludes != NULL && i < excludes->count; i++)
        (void)named_measure(trial, excludes->as.items[i]);
}

static void expect_until(heng_trial *trial) {
    const heng_yaml_node *until = trial->wanted.until;
    for (size_t i = 0; until != NULL && i < until->count; i++) {
        const heng_yaml_pair *pair = &until->as.pairs[i];
        const heng_measure *measure = named_measure(trial, pair->key);
        heng_date wanted = HENG_DATE_NONE;
        if (measure == NULL)
            continue;
        if (!heng_yaml_is_null(pair->value) &&
            (pair->value->kind != HENG_YAML_SCALAR ||
             !heng_date_parse(pair->value->text, &wanted))) {
            heng_buffer_add_format(&trial->text, "`until` of `%.*s` is no day",
                                   HENG_STR_ARG(measure->id));
            keep_failure(trial);
            continue;
        }
        const heng_applied *applied = find_applied(trial, measure->id);
        if (applied != NULL && applied->term.until == wanted)
            continue;
        heng_buffer_add_format(&trial->text, "expected measure `%.*s` until ",
                               HENG_STR_ARG(measure->id));
        add_day(&trial->text, wanted);
        if (applied == NULL) {
            heng_buffer_add_text(&trial->text, "; it does not apply");
            add_why_not(trial, measure);
        } else {
            heng_buffer_add_text(&trial->text, ", got ");
            add_day(&trial->text, applied->term.until);
            add_why(trial, applied);
        }
        keep_failure(trial);
    }
}

static heng_verdict verdict_of(const heng_trial *trial, uint32_t matter) {
    if (trial->decision->out_of_scope)
        return HENG_VERDICT_OUT_OF_SCOPE;
    for (size_t i = 0; i < trial->decision->verdict_count; i++) {
        if (trial->decision->verdicts[i].matter == matter)
            return trial->decision->verdicts[i].verdict;
    }
    return HENG_VERDICT_CLEAR;
}

static void expect_verdict(heng_trial *trial) {
    if (trial->wanted.verdict.ptr == NULL)
        return;
    uint32_t matter = (uint32_t)(trial->wanted.matter - trial->ruleset->matters);
    heng_verdict got = verdict_of(trial, matter);
    if (heng_str_equal(heng_str_of(heng_verdict_word(got)), trial->wanted.verdict))
        return;
    heng_buffer_add_format(&trial->text, "expected verdict `%.*s` for `%.*s`, got `%s`",
                           HENG_STR_ARG(trial->wanted.verdict),
                           HENG_STR_ARG(trial->wanted.matter->id),
                           heng_verdict_word(got));
    for (size_t i = 0; i < trial->decision->measure_count; i++) {
        const heng_applied *applied = &trial->decision->measures[i];
        const heng_measure *measure = &trial->ruleset->measures[applied->measure];
        if (!heng_measure_concerns(measure, matter))
            continue;
        heng_buffer_add_format(&trial->text, "; `%.*s` %s", HENG_STR_ARG(measure->id),
                               heng_state_word(applied->state));
        add_why(trial, applied);
    }
    for (size_t i = 0; i < trial->decision->undetermined_count; i++) {
        const heng_doubt *doubt = &trial->decision->undetermined[i];
        heng_buffer_add_format(&trial->text, "; rule `%.*s` is undetermined: %.*s",
                               HENG_STR_ARG(trial->ruleset->rules[doubt->rule].id),
                               HENG_STR_ARG(doubt->error));
    }
    keep_failure(trial);
}

/* Where it is there, `undetermined` names exactly the rules that are; a case that says
 * nothing of it is about something else. */
static void expect_undetermined(heng_trial *trial) {
    const heng_yaml_node *list = trial->wanted.undetermined;
    const heng_decision *decision = trial->decision;
    for (size_t i = 0; i < decision->undetermined_count; i++) {
        const heng_doubt *doubt = &decision->undetermined[i];
        heng_str id = trial->ruleset->rules[doubt->rule].id;
        if (list == NULL || lists(list, id))
            continue;
        heng_buffer_add_format(&trial->text, "rule `%.*s` is undetermined: %.*s",
                               HENG_STR_ARG(id), HENG_STR_ARG(doubt->error));
        keep_failure(trial);
    }
    for (size_t i = 0; list != NULL && i < list->count; i++) {
        bool found = false;
        for (size_t u = 0; u < decision->undetermined_count; u++) {
            found =
                found ||
                heng_str_equal(trial->ruleset->rules[decision->undetermined[u].rule].id,
                               list->as.items[i]->text);
        }
        if (found)
            continue;
        heng_buffer_add_format(&trial->text, "expected rule `%.*s` to be undetermined",
                               HENG_STR_ARG(list->as.items[i]->text));
        keep_failure(trial);
    }
}

/* ---- running ---- */

static heng_status decide(heng_trial *trial, heng_str lines, heng_error *reterr) {
    heng_status status =
        heng_overlay_new(&trial->ruleset->catalog, &trial->overlay, reterr);
    if (status == HENG_OK)
        status =
            heng_overlay_add(trial->overlay, "the case", lines.ptr, lines.len, reterr);
    if (status == HENG_OK)
        status = heng_overlay_snapshot(trial->overlay, NULL, trial->wanted.subject,
                                       HENG_VIEW_ALL, trial->arena, &trial->snapshot,
                                       reterr);
    if (status == HENG_OK)
        status = heng_plan_new(trial->ruleset, trial->snapshot->names,
                               trial->wanted.as_of, &trial->plan, reterr);
    if (status == HENG_OK)
        status = heng_decide(trial->plan, trial->worker, trial->snapshot, UINT32_MAX,
                             HENG_DECIDE_FULL, &trial->decision, reterr);
    return status;
}

static void judge(heng_trial *trial, const heng_yaml_node *node, heng_buffer *lines) {
    heng_error error = {0};
    if (!heng_case_read(trial->ruleset, node, &trial->wanted, lines, &trial->text)) {
        keep_failure(trial);
        return;
    }
    heng_status status = decide(trial, heng_buffer_view(lines), &error);
    if (status == HENG_ERR_NOMEM || heng_buffer_status(lines) == HENG_ERR_NOMEM) {
        trial->nomem = true;
        return;
    }
    if (status != HENG_OK) {
        heng_buffer_add_format(&trial->text, "the case cannot be used: %s", error.text);
        keep_failure(trial);
        return;
    }
    expect_verdict(trial);
    expect_measures(trial);
    expect_until(trial);
    expect_undetermined(trial);
}

static bool contains(heng_str text, heng_str part) {
    for (size_t at = 0; part.len <= text.len && at <= text.len - part.len; at++) {
        if (part.len == 0 || memcmp(text.ptr + at, part.ptr, part.len) == 0)
            return true;
    }
    return false;
}

static heng_status run_case(const heng_ruleset *ruleset, const heng_yaml_node *node,
                            const heng_suite_options *options, heng_coverage *coverage,
                            heng_suite_counts *counts) {
    heng_trial trial = {.ruleset = ruleset};
    heng_buffer lines;
    heng_buffer_init(&lines, CASE_LINES_BYTES);
    heng_buffer_init(&trial.text, CASE_TEXT_BYTES);
    trial.arena = heng_arena_new(HENG_LIMIT_SUBJECT_ARENA_BYTES);
    trial.worker = heng_worker_new();
    trial.nomem = trial.arena == NULL || trial.worker == NULL;
    if (!trial.nomem)
        judge(&trial, node, &lines);
    if (!trial.nomem && trial.decision != NULL && coverage != NULL)
        trial.nomem = !heng_coverage_add(coverage, trial.plan, trial.worker,
                                         trial.snapshot, trial.decision);
    bool wanted = contains(trial.wanted.name[0], options->only) ||
                  contains(trial.wanted.name[1], options->only);
    if (!trial.nomem && wanted) {
        heng_suite_result result = {
            .name = {trial.wanted.name[0], trial.wanted.name[1]},
            .span = node->span,
            .passed = trial.failure_count == 0,
            .failures = trial.failures,
            .failure_count = trial.failure_count,
        };
        counts->cases++;
        counts->passed += result.passed ? 1 : 0;
        counts->failed += result.passed ? 0 : 1;
        if (options->result != NULL)
            options->result(options->context, &result);
    }
    heng_plan_free(trial.plan);
    heng_overlay_free(trial.overlay);
    heng_worker_free(trial.worker);
    heng_arena_free(trial.arena);
    heng_buffer_done(&trial.text);
    heng_buffer_done(&lines);
    return trial.nomem ? HENG_ERR_NOMEM : HENG_OK;
}

heng_status heng_suite_run(const heng_ruleset *ruleset,
                           const heng_suite_options *options,
                           heng_suite_counts *ret_counts, heng_error *reterr) {
    heng_suite_counts counts = {.rules = ruleset->rule_count};
    heng_coverage *coverage = heng_coverage_new(ruleset);
    heng_status status = coverage == NULL ? HENG_ERR_NOMEM : HENG_OK;
    size_t count = ruleset->tests == NULL ? 0 : ruleset->tests->count;
    for (size_t i = 0; i < count && status == HENG_OK; i++)
        status =
            run_case(ruleset, ruleset->tests->as.items[i], options, coverage, &counts);
    if (status == HENG_OK) {
        heng_coverage_count(coverage, options, &counts);
        *ret_counts = counts;
    }
    heng_coverage_free(coverage);
    return status == HENG_OK ? HENG_OK : heng_error_nomem(reterr);
}
