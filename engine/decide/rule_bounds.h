/* SPDX-License-Identifier: Apache-2.0 */
/*
 * rule_bounds.h: where and when a rule holds, and what of a term lies within: said once
 * for the long way (fire.c) and the quick one (brief.c).
 */
#ifndef HENG_DECIDE_RULE_BOUNDS_H
#define HENG_DECIDE_RULE_BOUNDS_H

#include <stdbool.h>
#include <string.h>

#include "decide/seen.h"
#include "heng/decide.h"
#include "ruleset/linked.h"

/** Whether a region lies in one of the rule's, if it names any. */
static inline bool heng_rule_fits_region(const heng_rule *rule, heng_str region) {
    for (size_t i = 0; i < rule->region_count; i++) {
        heng_str prefix = rule->regions[i];
        if (prefix.len <= region.len && memcmp(prefix.ptr, region.ptr, prefix.len) == 0)
            return true;
    }
    return rule->region_count == 0;
}

/** Whether the rule is in effect on a day. By `decided_on` one that ended goes on for
 * what was decided before. */
static inline bool heng_rule_in_effect(const heng_rule *rule, heng_date day) {
    return day >= rule->from && (rule->by == HENG_BY_DECIDED_ON || day <= rule->to);
}

/** Moves `*next_change` forward to the first day after `day` on which that differs. */
static inline void heng_rule_note_change(const heng_rule *rule, heng_date day,
                                         heng_date *next_change) {
    heng_seen_change(next_change, day, rule->from);
    if (rule->by == HENG_BY_AS_OF)
        heng_seen_change(next_change, day, heng_seen_day_after(rule->to));
}

/** Whether the rule is for records decided on that day. */
static inline bool heng_rule_covers(const heng_rule *rule, heng_date decided_on) {
    return rule->by == HENG_BY_AS_OF ||
           (decided_on >= rule->from && decided_on <= rule->to);
}

/** Whether a repaired record is a ground of the rule all the same. */
static inline bool heng_rule_keeps(const heng_rule *rule, const heng_seen *seen) {
    return rule->stays && seen->unusable == HENG_UNUSABLE_REPAIRED;
}

/** What lies within the rule's effect and the record's use limit of a term, whose
 * `until` may be HENG_DATE_NONE. False where nothing does. */
static inline bool heng_rule_cut_run(const heng_rule *rule, const heng_seen *seen,
                                     heng_term *run) {
    if (rule->by == HENG_BY_AS_OF) {
        run->from = run->from > rule->from ? run->from : rule->from;
        run->until = run->until < rule->to ? run->until : rule->to;
    }
    run->until = run->until < seen->use_end ? run->until : seen->use_end;
    if (run->until >= HENG_DATE_MAX)
        run->until = HENG_DATE_NONE;
    else
        run->open = HENG_OPEN_NONE;
    return run->from <= run->until;
}

#endif
