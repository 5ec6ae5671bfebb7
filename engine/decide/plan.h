/* SPDX-License-Identifier: Apache-2.0 */
/*
 * plan.h: a ruleset bound to one numbering of names, with the tables by which rules are
 * reached from records without being tried.
 *
 * A record names its category by number. `category_of_name` turns that into an index of
 * the catalog, `index` into the rules whose ground can be true (or fail) for it. So the
 * work for a subject grows with its records and the rules about *them*, not with the
 * number of rules.
 */
#ifndef HENG_DECIDE_PLAN_H
#define HENG_DECIDE_PLAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "decide/rule_index.h"
#include "heng/decide.h"
#include "model/names.h"
#include "ruleset/linked.h"

#define HENG_NONE UINT32_MAX

/** Lists of numbers one after the other: list i is items[first[i]] … items[first[i + 1]
 * - 1]. */
typedef struct heng_lists {
    uint32_t *first;
    uint32_t *items;
} heng_lists;

typedef struct heng_term_day heng_term_day; /* term_day.h */

/** What the plan knows of a rule beside the ruleset's words. */
typedef struct heng_rule_plan {
    bool reads_records; /* some condition reads `records` */
    bool always;        /* can fire without a ground: `when` does not rule that out */
    const heng_sieve *sieve;                     /* of the ground; NULL: none */
    const heng_sieve *when;                      /* of `when`; NULL */
    const heng_sieve *const *unless;             /* of each `unless`; NULL where none */
    const heng_term_day *term_from, *term_until; /* NULL: none, or for the program */
    bool brief;                                  /* decide/brief.h can decide it */
    bool brief_groundless;                       /* … where it needs no record */
    bool in_displacement; /* it displaces some rule, or some rule it */
    bool eligible;        /* in effect on the as-of day */
    heng_date change;     /* the first day after it on which that is otherwise */
    uint32_t position;    /* in the order of exceptions; HENG_NONE: displaces nothing */
    const uint32_t *roles; /* role words (plan.role_words) of through or named_as */
    const uint64_t *categories; /* bit set over the catalog; NULL: all */
} heng_rule_plan;

/** What most subjects need to know of a rule that needs no record, close together: a
 * batch puts everybody before it. */
typedef struct heng_always {
    const heng_sieve *when; /* of `when`; NULL: none, or one for the program */
    uint32_t rule;
    heng_date change; /* first day after the plan's on which the rule differs */
    uint8_t acts_on; /* bit 1 << heng_subject_kind; none of a rule that is unverified */
    bool is_regional, is_eligible;
} heng_always;

/** What a record's name of its category leads to, in one place: asked of each record.
 */
typedef struct heng_category_name {
    uint32_t category;     /* HENG_NONE: not in this ruleset */
    heng_period use_limit; /* of it; months < 0: none */
    bool is_listed;        /* all rules about own records of it that act are … */
    uint32_t first, end; /* … these entries of the index, whatever the record says */
} heng_category_name;

/** A word that names a tie or a party: a role, or the inverse of one. */
typedef struct heng_role_word {
    heng_str word;
    uint32_t other; /* the same tie seen from the other side; HENG_NONE */
} heng_role_word;

struct heng_plan {
    heng_arena *arena;
    const heng_ruleset *ruleset;
    const heng_names *names;
    heng_date as_of;
    unsigned needs;
    bool reads_particulars; /* outlines are not enough (ruleset/particulars.h) */

    /* names to things */
    uint32_t name_count;
    heng_category_name *category_of_name;
    uint32_t *role_of_name;     /* index in role_words */
    heng_lists attribute_names; /* by category: of its attributes, in their order */
    uint32_t *record_attribute_names; /* by field slot minus HENG_RECORD_FIELD_COUNT */
    uint32_t
        *subject_attribute_names; /* by field slot minus HENG_SUBJECT_FIELD_COUNT */

    heng_role_word *role_words; /* sorted */
    size_t role_word_count;

    heng_rule_index index[HENG_GAZES];
    bool is_brief; /* whether decide/brief.h is asked first */
    /* rules that can fire without a ground */
    uint32_t *always;
    size_t always_count;
    const heng_always *quick_always; /* the same rules, for decide/brief.h */
    bool always_reads; /* what bytes tell of them asks for attributes of the subject */

    const heng_verdict *all_clear; /* one a matter */

    heng_rule_plan *rules;

    /* what a measure displaces where both apply (they share a matter, or one names
     * none) */
    heng_lists displaced_measures;
    uint32_t *measure_position; /* in the order of conflicts; HENG_NONE */

    heng_cel_object_type subject_type;
    heng_cel_object_type record_type;
};

/** What the name of a record's category leads to; NULL: no category of this ruleset. */
static inline const heng_category_name *heng_plan_name(const heng_plan *plan,
                                                       uint32_t name) {
    if (name >= plan->name_count)
        return NULL;
    const heng_category_name *found = &plan->category_of_name[name];
    return found->category == HENG_NONE ? NULL : found;
}

/** The category of a record, or HENG_NONE. */
static inline uint32_t heng_plan_category(const heng_plan *plan, uint32_t name) {
    const heng_category_name *found = heng_plan_name(plan, name);
    return found == NULL ? HENG_NONE : found->category;
}

/** The role word of a name number, or HENG_NONE. */
static inline uint32_t heng_plan_role(const heng_plan *plan, uint32_t name) {
    return name < plan->name_count ? plan->role_of_name[name] : HENG_NONE;
}

/** Sets of role words are bits: so many numbers each. */
static inline size_t heng_plan_role_words(const heng_plan *plan) {
    return plan->role_word_count / 64 + 1;
}

/** Adds a role word to a set; HENG_NONE is none. */
static inline void heng_roles_add(uint64_t *roles, uint32_t role) {
    if (role != HENG_NONE)
        roles[role / 64] |= UINT64_C(1) << (role % 64);
}

static inline bool heng_roles_have(const uint64_t *roles, uint32_t role) {
    return role != HENG_NONE && (roles[role / 64] >> (role % 64) & 1) != 0;
}

/** The roles in which rules of a gaze that act look at records of the category. */
static inline const uint64_t *heng_plan_roles(const heng_plan *plan, heng_gaze gaze,
                                              uint32_t category) {
    return plan->index[gaze].roles + category * heng_plan_role_words(plan);
}

/** Whether rule `rule` may look at a record of that category. */
static inline bool heng_plan_rule_sees(const heng_plan *plan, uint32_t rule,
                                       uint32_t category) {
    const uint64_t *bits = plan->rules[rule].categories;
    return bits == NULL || (bits[category / 64] >> (category % 64) & 1) != 0;
}

#endif
