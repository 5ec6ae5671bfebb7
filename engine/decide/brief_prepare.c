/* SPDX-License-Identifier: Apache-2.0 */
/* brief_prepare.c: which rules can be decided in brief. */
#include "decide/brief_parts.h"
#include "decide/rule_bounds.h"

/* A term may be an expression over the record alone. */
static bool has_plain_term(const heng_rule *rule) {
    const heng_cel_program *parts[] = {rule->term_from, rule->term_until};
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        if (parts[i] != NULL && heng_cel_program_reads(parts[i], HENG_SLOT_RECORDS))
            return false;
    }
    return true;
}

/* What reads the grounds or the records is told here alone: fire.c runs the program,
 * which may ask for the day before it comes to what settles it. */
static bool can_be_told(const heng_sieve *sieve) {
    return sieve != NULL &&
           (!heng_sieve_reads_lists(sieve) || heng_sieve_is_whole(sieve));
}

static bool has_sieves(const heng_rule *rule, const heng_rule_plan *planned) {
    bool told = rule->when == NULL || can_be_told(planned->when);
    for (size_t i = 0; i < rule->unless_count && told; i++)
        told = can_be_told(planned->unless[i]);
    return told;
}

/* A rule that needs no record and has none. */
static bool is_brief_groundless(const heng_rule *rule, const heng_rule_plan *planned) {
    bool plain = rule->ground == NULL && rule->term == HENG_TERM_IN_FORCE;
    for (size_t i = 0; plain && i < rule->unless_count; i++)
        plain =
            planned->unless[i] != NULL && !heng_sieve_reads_lists(planned->unless[i]);
    return plain;
}

static bool reads_attributes(const heng_rule *rule, const heng_rule_plan *planned) {
    bool found = planned->when != NULL && heng_sieve_reads_attributes(planned->when);
    for (size_t i = 0; i < rule->unless_count; i++)
        found = found || (planned->unless[i] != NULL &&
                          heng_sieve_reads_attributes(planned->unless[i]));
    return found;
}

/* Whether leaving out the disputed grounds changes nothing but which of its runs there
 * are, and what an `unless` says of the grounds, which is asked for both: then the
 * second pass of fire.c need not be made. A program may ask for the
 * status, which is another in that pass; what the bytes tell of a term (term_day.h)
 * does not. */
static bool is_separable(const heng_rule *rule, const heng_rule_plan *planned) {
    bool programs = (rule->term_from != NULL && !rule->term_from_decided_on &&
                     planned->term_from == NULL) ||
                    (rule->term_until != NULL && planned->term_until == NULL);
    bool lists = rule->when != NULL;
    for (size_t i = 0; i < rule->unless_count && !lists; i++)
        lists = heng_sieve_reads_records(planned->unless[i]);
    return !programs && !lists;
}

static bool gather_always(heng_plan *plan) {
    heng_always *all =
        heng_arena_calloc(plan->arena, plan->always_count + 1, sizeof *all);
    if (all == NULL)
        return false;
    for (size_t k = 0; k < plan->always_count; k++) {
        const heng_rule *rule = &plan->ruleset->rules[plan->always[k]];
        const heng_rule_plan *planned = &plan->rules[plan->always[k]];
        all[k] =
            (heng_always){.when = planned->when,
                          .rule = plan->always[k],
                          .change = planned->change,
                          .acts_on = (uint8_t)(rule->unverified ? 0 : rule->applies_to),
                          .is_regional = rule->region_count > 0,
                          .is_eligible = planned->eligible};
        plan->always_reads = plan->always_reads || reads_attributes(rule, planned);
    }
    plan->quick_always = all;
    return true;
}

bool heng_brief_prepare(heng_plan *plan) {
    const heng_ruleset *ruleset = plan->ruleset;
    for (size_t r = 0; r < ruleset->rule_count; r++) {
        const heng_rule *rule = &ruleset->rules[r];
        heng_rule_plan *planned = &plan->rules[r];
        planned->brief = has_plain_term(rule) && has_sieves(rule, planned);
        planned->brief_groundless = is_brief_groundless(rule, planned);
        planned->eligible = heng_rule_in_effect(rule, plan->as_of);
        planned->change = HENG_DATE_NONE;
        heng_rule_note_change(rule, plan->as_of, &planned->change);
    }
    for (size_t r = 0; r < ruleset->rule_count; r++) {
        const heng_rule *rule = &ruleset->rules[r];
        for (size_t i = 0; i < rule->displace_count; i++) {
            plan->rules[r].in_displacement = true;
            plan->rules[rule->displaces[i]].in_displacement = true;
        }
    }
    for (int gaze = 0; gaze < HENG_GAZES; gaze++) {
        heng_rule_index *index = &plan->index[gaze];
        for (size_t i = 0; i < index->entry_count; i++) {
            heng_entry *entry = &index->entries[i];
            const heng_rule_plan *planned = &plan->rules[entry->rule];
            entry->is_brief = planned->brief;
            entry->in_displacement = planned->in_displacement;
            entry->is_separable =
                planned->brief && is_separable(&ruleset->rules[entry->rule], planned);
        }
    }
    plan->is_brief = gather_always(plan);
    return plan->is_brief;
}
