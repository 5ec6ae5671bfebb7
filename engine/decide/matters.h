/* SPDX-License-Identifier: Apache-2.0 */
/*
 * matters.h: which records can make a difference at all.
 *
 * Most records of others lie behind a tie or name a party and concern no rule. Such a
 * record changes nothing, neither today nor, by the calendar alone, on a later day: so
 * whoever only sees it need not be looked at. A batch asks this of a record without
 * knowing the subject, to find whom it reaches; a decision asks it of the record with
 * the subject at hand. What the first leaves out, the second leaves out too.
 */
#ifndef HENG_DECIDE_MATTERS_H
#define HENG_DECIDE_MATTERS_H

#include <stdbool.h>
#include <stdint.h>

#include "decide/rule_index.h"
#include "decide/seen.h"
#include "decide/sieve.h"

/** Whether the ground of an entry, FALSE on `day`, stays so on every later one. */
bool heng_matters_never(const heng_entry *entry, const heng_sieve_input *input,
                        heng_date expires_on, heng_date day);

/** Whether a record is usable, or may become so by the calendar. */
bool heng_matters_usable(const heng_seen *seen, bool stays);

/**
 * Whether a record can concern somebody who looks at it through a tie, or as whom it
 * names, in `role` (an index of plan.role_words).
 *
 * @param gaze  HENG_GAZE_THROUGH or HENG_GAZE_NAMED.
 */
bool heng_matters_to(const heng_plan *plan, heng_gaze gaze, uint32_t role,
                     const heng_seen *seen, heng_date day);

/** The same for all roles at once: adds a bit for each role in which it can. False
 * where there is none. */
bool heng_matters_roles(const heng_plan *plan, heng_gaze gaze, const heng_seen *seen,
                        heng_date day, uint64_t *roles);

/** About which kinds of subjects rules of the gaze that act look at records of the
 * category: bits 1 << heng_subject_kind. */
unsigned heng_matters_kinds(const heng_plan *plan, heng_gaze gaze, uint32_t category);

/** Whether the rule looks through, or at being named in, that role. */
bool heng_matters_has_role(const heng_plan *plan, uint32_t rule, uint32_t role);

#endif
