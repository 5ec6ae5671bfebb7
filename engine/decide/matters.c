/* SPDX-License-Identifier: Apache-2.0 */
/* matters.c: records that can make a difference, and those that cannot. */
#include "decide/matters.h"

#include "model/flat.h"

bool heng_matters_never(const heng_entry *entry, const heng_sieve_input *input,
                        heng_date expires_on, heng_date day) {
    if (!entry->dated)
        return true;
    /* Over for good, or to come, or to end: only the first is known of all days. */
    heng_sieve_input later = *input;
    later.in_force = expires_on < day ? HENG_TRI_FALSE : HENG_TRI_UNKNOWN;
    return heng_sieve_ask(entry->sieve, &later) == HENG_TRI_FALSE;
}

bool heng_matters_usable(const heng_seen *seen, bool stays) {
    switch (seen->unusable) {
    case HENG_USABLE:
    case HENG_UNUSABLE_FUTURE:
        return true;
    case HENG_UNUSABLE_REPAIRED:
        return stays;
    case HENG_UNUSABLE_USE_LIMIT:
    case HENG_UNUSABLE_REVOKED:
        break;
    }
    return false;
}

bool heng_matters_has_role(const heng_plan *plan, uint32_t rule, uint32_t role) {
    const heng_rule *declared = &plan->ruleset->rules[rule];
    for (size_t i = 0; i < declared->role_count && role != HENG_NONE; i++) {
        if (plan->rules[rule].roles[i] == role)
            return true;
    }
    return false;
}

static bool entry_matters(const heng_plan *plan, const heng_entry *entry,
                          const heng_seen *seen, heng_date day) {
    const heng_rule *rule = &plan->ruleset->rules[entry->rule];
    if (entry->acts_on == 0 || !heng_matters_usable(seen, rule->stays) ||
        !heng_plan_rule_sees(plan, entry->rule, seen->category))
        return false;
    heng_sieve_input input = {.record = seen->bytes,
                              .category = seen->category,
                              .in_force =
                                  seen->in_force ? HENG_TRI_TRUE : HENG_TRI_FALSE};
    return entry->sieve == NULL ||
           heng_sieve_ask(entry->sieve, &input) != HENG_TRI_FALSE ||
           !heng_matters_never(entry, &input, seen->expires_on, day);
}

unsigned heng_matters_kinds(const heng_plan *plan, heng_gaze gaze, uint32_t category) {
    const heng_rule_index *index = &plan->index[gaze];
    unsigned kinds = 0;
    for (uint32_t g = index->first[category]; g < index->first[category + 1]; g++) {
        for (uint32_t i = index->groups[g].first; i < index->groups[g].end; i++)
            kinds |= index->entries[i].acts_on;
    }
    return kinds;
}

bool heng_matters_to(const heng_plan *plan, heng_gaze gaze, uint32_t role,
                     const heng_seen *seen, heng_date day) {
    const heng_rule_index *index = &plan->index[gaze];
    for (uint32_t g = index->first[seen->category];
         role != HENG_NONE && g < index->first[seen->category + 1]; g++) {
        const heng_entry *at = NULL, *end = NULL;
        heng_rule_index_find(index, &index->groups[g], seen->bytes, &at, &end);
        for (; at < end; at++) {
            if (heng_matters_has_role(plan, at->rule, role) &&
                entry_matters(plan, at, seen, day))
                return true;
        }
    }
    return false;
}

bool heng_matters_roles(const heng_plan *plan, heng_gaze gaze, const heng_seen *seen,
                        heng_date day, uint64_t *roles) {
    const heng_rule_index *index = &plan->index[gaze];
    bool found = false;
    for (uint32_t g = index->first[seen->category];
         g < index->first[seen->category + 1]; g++) {
        const heng_entry *at = NULL, *end = NULL;
        heng_rule_index_find(index, &index->groups[g], seen->bytes, &at, &end);
        for (; at < end; at++) {
            if (!entry_matters(plan, at, seen, day))
                continue;
            const heng_rule *rule = &plan->ruleset->rules[at->rule];
            for (size_t i = 0; i < rule->role_count; i++)
                heng_roles_add(roles, plan->rules[at->rule].roles[i]);
            found = true;
        }
    }
    return found;
}
