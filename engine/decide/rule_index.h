/* SPDX-License-Identifier: Apache-2.0 */
/*
 * rule_index.h: the rules that a record can concern, found without asking each.
 *
 * By gaze (own records, those behind ties, those that name the subject) and category a
 * record has groups of rules. The rules of a group compare the same attribute with a
 * constant and lie in the order of that constant, so that one look at the attribute
 * says which stretch of the group can be true:
 *
 *   food.penalty   by `act` ==        "adulteration" R7 | "unlicensed" R2 R9 | …
 *                  by `amount` >=     1000 R3 | 50000 R1 | 100000 R8
 *                  by `amount` within 0..100 R6 | 100..1000 R10 | 1000..5000 R11
 *                  all the rest       R4 R5
 *
 * A record with act "unlicensed" and amount 60000 is put before R2 R9, R3 R1 and R4 R5.
 * The constants lie together: 6,000 rules cost a few steps of a binary
 * search more than 60.
 *
 * INVARIANT: over-approximates only. A rule that is not found has a ground that is
 * certainly false for the record, on every day; one whose attribute the record lacks is
 * found, because it fails.
 */
#ifndef HENG_DECIDE_RULE_INDEX_H
#define HENG_DECIDE_RULE_INDEX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "heng/date.h"
#include "heng/str.h"
#include "ruleset/linked.h"

typedef struct heng_sieve heng_sieve;
struct heng_plan;

/**
 * A rule in the list of one category. What most records are told by stands here beside
 * the sieve, not with the rule: rules lie far apart, and of ten that are looked at nine
 * come to nothing.
 */
typedef struct heng_entry {
    const heng_sieve *sieve; /* of the ground; NULL: the program is asked */
    uint64_t
        regions; /* bits of those in which the rule can hold (heng_region_bits()) */
    const heng_region_prefix *prefixes; /* the rule's */
    uint32_t rule;
    heng_date change;         /* first day after the plan's on which the rule differs */
    uint8_t applies_to;       /* bit 1 << heng_subject_kind */
    uint8_t acts_on;          /* the same; none of a rule that is unverified: it brings
                                 about nothing, on no day, so only who asks what nearly
                                 applied looks at it */
    uint8_t prefix_count;     /* 0: none, or not known by numbers: as `is_regional` */
    bool dated : 1;           /* what the sieve says can change with the day */
    bool is_regional : 1;     /* the rule has regions, which it must be asked for */
    bool is_eligible : 1;     /* in effect on the plan's day */
    bool is_brief : 1;        /* decide/brief.h can decide it … */
    bool is_separable : 1;    /* … also where some of its grounds are disputed */
    bool in_displacement : 1; /* it displaces some rule, or some rule it */
    bool stays : 1;           /* repaired records are grounds all the same */
    bool is_by_decision : 1;  /* only what was decided while it was in effect */
} heng_entry;

/** What an entry is found by in its group. Apart from the entries: a search looks at
 * several keys and takes few entries. */
typedef union heng_entry_key {
    struct {
        int64_t from;
        int64_t reach; /* of a band: the largest upper bound of the group's entries up
                          to and with this one */
    } band;
    struct {
        const char *text;
        size_t len;
    } word;
} heng_entry_key;

typedef enum heng_group_kind {
    HENG_GROUP_ALL,      /* no key: all of them */
    HENG_GROUP_WORD,     /* the attribute is the key */
    HENG_GROUP_AT_LEAST, /* the attribute is at least the key; keys ascend */
    HENG_GROUP_AT_MOST,  /* at most; keys descend */
    HENG_GROUP_EQUAL,    /* a number that is the key; keys ascend */
    HENG_GROUP_BAND      /* at least the key and at most a bound; keys ascend */
} heng_group_kind;

typedef struct heng_group {
    uint8_t kind;  /* heng_group_kind */
    uint8_t type;  /* heng_attribute_type of the attribute; 0: a day of the head */
    uint32_t name; /* the attribute's number in the store; offset in the head */
    uint32_t first, end; /* in the entries */
} heng_group;

/** One gaze. */
typedef struct heng_rule_index {
    const uint32_t *first; /* by category: its groups; one more at the end */
    const heng_group *groups;
    heng_entry *entries;
    const heng_entry_key *keys; /* one an entry */
    size_t entry_count;
    size_t rule_count;     /* of this gaze */
    const uint64_t *roles; /* by category: those in which its rules look that act
                              (heng_plan_roles()); none for own records */
    bool plain;            /* every rule stands in every list: for comparing with it */
} heng_rule_index;

/**
 * Builds the indexes of all gazes into the plan. False out of memory.
 *
 * @param plain  no index: every record is put before every rule of its gaze.
 */
bool heng_rule_index_build(struct heng_plan *plan, bool plain);

/** The stretch of a group's entries that `record` (flat) can concern. */
void heng_rule_index_find(const heng_rule_index *index, const heng_group *group,
                          const uint8_t *record, const heng_entry **ret_first,
                          const heng_entry **ret_end);

/** Whether some rule of this gaze can concern records of the category. */
static inline bool heng_rule_index_has(const heng_rule_index *index,
                                       uint32_t category) {
    return index->first[category] < index->first[category + 1];
}

#endif
