/* SPDX-License-Identifier: Apache-2.0 */
/* nearly.c: "it would apply, had the record not been repaired on such a day". */
#include "decide/nearly.h"

#include "decide/rule_bounds.h"
#include "model/flat.h"

static bool ran_out(const heng_rule *rule, const heng_seen *seen) {
    if (!heng_rule_covers(rule, seen->decided_on))
        return false;
    return seen->unusable == HENG_UNUSABLE_USE_LIMIT ||
           (seen->unusable == HENG_UNUSABLE_REPAIRED && !rule->stays);
}

static void try_record(heng_evaluation *eval, uint32_t rule, heng_seen *seen,
                       uint32_t role, heng_firing *would) {
    const heng_rule *declared = &eval->plan->ruleset->rules[rule];
    if (!ran_out(declared, seen) ||
        !heng_plan_rule_sees(eval->plan, rule, seen->category))
        return;
    heng_fire_variables(eval, &eval->plan->rules[rule], seen, NULL);
    if (!heng_cel_value_is_true(heng_fire_ask(eval, declared->ground)))
        return;
    bool repaired = seen->unusable == HENG_UNUSABLE_REPAIRED;
    heng_date since =
        repaired ? heng_flat_i32(seen->bytes + 28) : heng_seen_day_after(seen->use_end);
    heng_ground *ground = &would->grounds[would->ground_count];
    *ground =
        (heng_ground){.record = seen->bytes,
                      .category = seen->category,
                      .disputed = seen->disputed,
                      .cause = repaired ? HENG_LAPSE_REPAIRED : HENG_LAPSE_USE_LIMIT};
    if (role != HENG_NONE) {
        ground->subject = seen->subject;
        ground->role = eval->plan->role_words[role].word;
    }
    would->seen[would->ground_count++] = seen;
    if (would->since == HENG_DATE_NONE || since > would->since)
        would->since = since;
}

static bool gather(heng_evaluation *eval, uint32_t rule, heng_firing *would) {
    heng_looked *looked = NULL;
    size_t count = 0;
    if (!heng_see_looked(eval, rule, &looked, &count))
        return false;
    would->grounds = heng_arena_calloc(eval->arena, count + 1, sizeof *would->grounds);
    would->seen = heng_arena_calloc(eval->arena, count + 1, sizeof *would->seen);
    if (would->grounds == NULL || would->seen == NULL)
        return false;
    for (size_t i = 0; i < count; i++)
        try_record(eval, rule, looked[i].seen, looked[i].role, would);
    return true;
}

/* An explicit `when` is asked whether those grounds would have been enough. */
static bool would_fire(heng_evaluation *eval, const heng_rule *rule, heng_firing *would,
                       uint32_t index) {
    if (would->ground_count == 0)
        return false;
    if (rule->when == NULL)
        return true;
    if (!rule->when_reads_grounds)
        return false;
    heng_fire_variables(eval, &eval->plan->rules[index], NULL, would);
    return heng_cel_value_is_true(heng_fire_ask(eval, rule->when));
}

heng_finding *heng_nearly_lapsed(heng_evaluation *eval, size_t index) {
    const heng_active *active = &eval->actives[index];
    const heng_rule *rule = &eval->plan->ruleset->rules[active->rule];
    const heng_firing *firing = &active->pass[HENG_PASS_FIRST];
    heng_firing would = {.since = HENG_DATE_NONE};
    if (!active->eligible || rule->ground == NULL || rule->unverified ||
        firing->fires || firing->doubt)
        return NULL;
    if (!gather(eval, active->rule, &would)) {
        eval->failed = true;
        return NULL;
    }
    if (!would_fire(eval, rule, &would, active->rule))
        return NULL;
    heng_finding *finding = heng_arena_calloc(eval->arena, 1, sizeof *finding);
    if (finding == NULL) {
        eval->failed = true;
        return NULL;
    }
    *finding = (heng_finding){.rule = active->rule,
                              .state = HENG_STATE_LAPSED,
                              .grounds = would.grounds,
                              .ground_count = would.ground_count,
                              .by_rule = HENG_NONE,
                              .unless = HENG_NONE,
                              .lapse = would.grounds[would.ground_count - 1].cause,
                              .since = would.since};
    return finding;
}

heng_seen *heng_nearly_find_seen(heng_evaluation *eval, const uint8_t *bytes) {
    for (size_t i = 0; i < eval->own_count; i++) {
        if (eval->own[i].bytes == bytes)
            return &eval->own[i];
    }
    for (size_t i = 0; i < eval->mention_count; i++) {
        if (eval->mentions[i].bytes == bytes)
            return &eval->mentions[i];
    }
    for (size_t t = 0; t < eval->tie_count; t++) {
        for (size_t i = 0; i < eval->ties[t].record_count; i++) {
            if (eval->ties[t].records[i].bytes == bytes)
                return &eval->ties[t].records[i];
        }
    }
    return NULL;
}
