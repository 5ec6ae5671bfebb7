/* SPDX-License-Identifier: Apache-2.0 */
/*
 * change_cause.h: why a measure is not what it was: what of all that it rests on, or
 * rested on, is not the same at both ends.
 *
 * Records, ties and the subject's own line are told apart by the commit that stored
 * them, rules by comparing them, the day by the last day on which the old outcome was
 * to stay. Where nothing of this is found, something else moved the measure (a record
 * that makes an exception, a rule that displaces): then all that changed around the
 * subject is named.
 */
#ifndef HENG_REPORT_CHANGE_CAUSE_H
#define HENG_REPORT_CHANGE_CAUSE_H

#include "base/json_write.h"
#include "report/render_change.h"

/** One measure at both ends. NULL: it does not apply there. */
typedef struct heng_change_pair {
    const heng_applied *before, *after;
    const heng_str *rules; /* of both ends, those that are undetermined too; sorted */
    size_t rule_count;
} heng_change_pair;

/** Writes the value of `cause`. Out of memory the buffer fails. */
void heng_change_cause_write(const heng_change_ends *ends, const heng_render *before,
                             const heng_render *after, const heng_change_pair *pair,
                             heng_json_write *json);

#endif
