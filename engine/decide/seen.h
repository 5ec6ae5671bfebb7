/* SPDX-License-Identifier: Apache-2.0 */
/*
 * seen.h: subject and records as one decision sees them on one day, and as the objects
 * behind `subject` and `r` in conditions. Attributes are read in place (model/flat.h).
 */
#ifndef HENG_DECIDE_SEEN_H
#define HENG_DECIDE_SEEN_H

#include <stdbool.h>
#include <stdint.h>

#include "cel/value.h"
#include "decide/plan.h"
#include "model/snapshot.h"

/** Why a record is not in the view of a day. */
typedef enum heng_unusable {
    HENG_USABLE,
    HENG_UNUSABLE_FUTURE,    /* decided later */
    HENG_UNUSABLE_USE_LIMIT, /* past decided_on + use_limit */
    HENG_UNUSABLE_REPAIRED,  /* but a ground of rules whose `on_repair` is stays */
    HENG_UNUSABLE_REVOKED,
} heng_unusable;

typedef struct heng_seen {
    heng_cel_object object; /* first: this is what `r` points to */
    const heng_plan *plan;
    const uint8_t *bytes;
    heng_str subject; /* whose it is */
    uint32_t category;
    const heng_category_name *named; /* what the plan knows of it */
    heng_date decided_on, effective_on, expires_on;
    heng_date use_end; /* last day of the use limit; HENG_DATE_NONE */
    heng_unusable unusable;
    bool disputed; /* under review on the day */
    bool in_force;
    heng_record_status status; /* as conditions of the running pass see it */
    heng_date next_change;     /* first day after the day on which it looks different */
} heng_seen;

typedef struct heng_seen_subject {
    heng_cel_object object; /* first: this is what `subject` points to */
    const heng_plan *plan;
    const uint8_t *bytes;
    heng_str id;
} heng_seen_subject;

/** Makes the plan's object types: those of the ruleset, with `get` and `has`. */
void heng_seen_types(heng_plan *plan);

/** Looks at a record on a day. False where the ruleset does not know its category. */
bool heng_seen_record(const heng_plan *plan, const heng_snapshot_record *record,
                      heng_date day, heng_seen *ret_seen);

/** Lowers *next_change to `day_of_change` where that lies after `day`. */
static inline void heng_seen_change(heng_date *next_change, heng_date day,
                                    heng_date day_of_change) {
    /* Without a jump: whether a day is past is as good as drawn by lot. */
    heng_date change = day_of_change > day ? day_of_change : HENG_DATE_NONE;
    *next_change = change < *next_change ? change : *next_change;
}

/** The day after; HENG_DATE_NONE stays. */
static inline heng_date heng_seen_day_after(heng_date day) {
    return day + (day != HENG_DATE_NONE);
}

#endif
