/* SPDX-License-Identifier: Apache-2.0 */
/* coverage.c: what the cases reached, by tracing every rule in every case. */
#include "lab/coverage.h"

#include "base/alloc.h"

enum { SEEN_TRUE = 1, SEEN_FALSE = 2, SEEN_BOTH = 3 };

struct heng_coverage {
    const heng_ruleset *ruleset;
    uint8_t *live;   /* by rule */
    uint8_t *ground; /* by rule: SEEN_* */
    uint8_t *when;
    uint8_t *unless; /* by rule and unless, one after the other */
    uint32_t *unless_first;
};

heng_coverage *heng_coverage_new(const heng_ruleset *ruleset) {
    size_t rules = ruleset->rule_count, unlesses = 0;
    heng_coverage *coverage = heng_alloc_zero(1, sizeof *coverage);
    if (coverage == NULL)
        return NULL;
    coverage->ruleset = ruleset;
    coverage->live = heng_alloc_zero(rules + 1, 1);
    coverage->ground = heng_alloc_zero(rules + 1, 1);
    coverage->when = heng_alloc_zero(rules + 1, 1);
    coverage->unless_first = heng_alloc_zero(rules + 1, sizeof(uint32_t));
    for (size_t r = 0; coverage->unless_first != NULL && r < rules; r++) {
        coverage->unless_first[r] = (uint32_t)unlesses;
        unlesses += ruleset->rules[r].unless_count;
    }
    coverage->unless = heng_alloc_zero(unlesses + 1, 1);
    if (coverage->live == NULL || coverage->ground == NULL || coverage->when == NULL ||
        coverage->unless == NULL || coverage->unless_first == NULL) {
        heng_coverage_free(coverage);
        return NULL;
    }
    return coverage;
}

void heng_coverage_free(heng_coverage *coverage) {
    if (coverage == NULL)
        return;
    heng_alloc_free(coverage->live);
    heng_alloc_free(coverage->ground);
    heng_alloc_free(coverage->when);
    heng_alloc_free(coverage->unless);
    heng_alloc_free(coverage->unless_first);
    heng_alloc_free(coverage);
}

static void mark(uint8_t *seen, const heng_trace *trace) {
    if (heng_str_equal(trace->value, HENG_STR("true")))
        *seen |= SEEN_TRUE;
    else if (heng_str_equal(trace->value, HENG_STR("false")))
        *seen |= SEEN_FALSE;
}

static void take(heng_coverage *coverage, const heng_explanation *explained) {
    uint32_t rule = explained->rule;
    if (!explained->applies_to_kind || !explained->applies_to_region ||
        !explained->in_effect)
        return;
    for (size_t i = 0; i < explained->trace_count; i++) {
        const heng_trace *trace = &explained->traces[i];
        switch (trace->clause) {
        case HENG_CLAUSE_GROUND:
            mark(&coverage->ground[rule], trace);
            break;
        case HENG_CLAUSE_WHEN:
            mark(&coverage->when[rule], trace);
            break;
        case HENG_CLAUSE_UNLESS:
            mark(&coverage->unless[coverage->unless_first[rule] + trace->index], trace);
            break;
        case HENG_CLAUSE_TERM:
            break;
        }
    }
}

bool heng_coverage_add(heng_coverage *coverage, const heng_plan *plan,
                       heng_worker *worker, const heng_snapshot *snapshot,
                       const heng_decision *decision) {
    for (size_t i = 0; i < decision->finding_count; i++) {
        const heng_finding *finding = decision->findings[i];
        if (finding->state == HENG_STATE_APPLIES ||
            finding->state == HENG_STATE_UNVERIFIED ||
            finding->state == HENG_STATE_DISPLACED)
            coverage->live[finding->rule] = 1;
    }
    for (size_t i = 0; i < decision->measure_count; i++) {
        for (size_t b = 0; b < decision->measures[i].because_count; b++)
            coverage->live[decision->measures[i].because[b]->rule] = 1;
    }
    for (uint32_t rule = 0; rule < coverage->ruleset->rule_count; rule++) {
        const heng_explanation *explained = NULL;
        if (heng_explain(plan, worker, snapshot, rule, &explained, NULL) != HENG_OK)
            return false;
        take(coverage, explained);
    }
    return true;
}

static void report(const heng_suite_options *options, heng_str rule, const char *what) {
    heng_suite_gap gap = {rule, what};
    if (options->gap != NULL)
        options->gap(options->context, &gap);
}

static void count_condition(const heng_suite_options *options,
                            heng_suite_counts *counts, heng_str rule, uint8_t seen,
                            const char *never_true, const char *never_false) {
    counts->conditions++;
    if (seen == SEEN_BOTH)
        counts->conditions_both++;
    if ((seen & SEEN_TRUE) == 0)
        report(options, rule, never_true);
    if ((seen & SEEN_FALSE) == 0)
        report(options, rule, never_false);
}

void heng_coverage_count(const heng_coverage *coverage,
                         const heng_suite_options *options, heng_suite_counts *counts) {
    const heng_ruleset *ruleset = coverage->ruleset;
    for (size_t r = 0; r < ruleset->rule_count; r++) {
        const heng_rule *rule = &ruleset->rules[r];
        counts->rules_fired += coverage->live[r];
        if (coverage->live[r] == 0)
            report(options, rule->id, "never live");
        if (rule->ground != NULL)
            count_condition(options, counts, rule->id, coverage->ground[r],
                            "`ground` never true", "`ground` never false");
        if (rule->when != NULL)
            count_condition(options, counts, rule->id, coverage->when[r],
                            "`when` never true", "`when` never false");
        for (size_t u = 0; u < rule->unless_count; u++)
            count_condition(options, counts, rule->id,
                            coverage->unless[coverage->unless_first[r] + u],
                            "an `unless` never true", "an `unless` never false");
    }
}
