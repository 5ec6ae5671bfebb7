/* SPDX-License-Identifier: Apache-2.0 */
/*
 * brief_parts.h: what the steps of a brief decision share: brief_prepare.c says which
 * rules can be told so, brief_records.c puts records before rules, brief.c makes the
 * decision of what fired.
 */
#ifndef HENG_DECIDE_BRIEF_PARTS_H
#define HENG_DECIDE_BRIEF_PARTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "decide/brief.h"
#include "decide/evaluate.h"
#include "decide/sieve.h"

/* Grounds of one subject; who has more is decided at length. */
enum { HENG_BRIEF_MOST = 48 };

/* A record that makes a rule fire. */
typedef struct heng_brief_firing {
    const uint8_t *record; /* NULL: of a rule that needs none */
    heng_str owner;        /* of a record that names the subject … */
    uint32_t role;         /* … in this role; HENG_NONE: its own */
    uint32_t rule;
    uint32_t category;
    heng_term run;
    heng_date change; /* first day after the day on which its term may be another */
    bool disputed;
    bool in_force;
    bool has_run;
    bool in_displacement; /* the rule displaces some rule, or some rule it */
} heng_brief_firing;

/* One subject. */
typedef struct heng_brief {
    const heng_plan *plan;
    heng_arena *arena;
    const heng_snapshot *snapshot;
    const uint8_t *subject;
    heng_seen_subject seen_subject;
    heng_str region;
    uint32_t kind_bit;
    uint64_t region_bits, region_word;
    heng_date day;
    heng_date next_change;
    heng_date tie_change; /* the day after the tie looked through; HENG_DATE_NONE */
    bool disputes;        /* some firing is of a disputed record */
    const heng_sieve_input
        *records;        /* in the subject's view; NULL: not asked for yet … */
    size_t record_count; /* … or not told here (heng_brief_view()) */
    size_t count;
    heng_brief_firing firings[HENG_BRIEF_MOST];
} heng_brief;

/* The answer may be another from `day` on. */
static inline void heng_brief_change(heng_brief *of, heng_date day) {
    heng_seen_change(&of->next_change, of->day, day);
}

/* Puts all records of the snapshot before the rules: its own, those behind the tie,
 * those that name it. Counts its own of categories that are not known. False where the
 * subject is not for here. */
bool heng_brief_try_all(heng_brief *of, const heng_snapshot *snapshot,
                        size_t *ret_invisible);

/* Fills of->records, where `records` is the same in both passes: false where it is not,
 * or where there are too many. The answer may be another when one of them is. */
bool heng_brief_view(heng_brief *of);

/* Rules that need no record, about a subject of that kind and region. `of` NULL: none
 * may fire. False where the subject is not for here, or one may. */
bool heng_brief_try_always(const heng_plan *plan, unsigned kind, heng_str region,
                           const heng_sieve_input *input, heng_brief *of,
                           heng_date *next_change);

#endif
