/* SPDX-License-Identifier: Apache-2.0 */
/* nearly.h: rules that would fire but for a ground that was repaired or is too old. */
#ifndef HENG_DECIDE_NEARLY_H
#define HENG_DECIDE_NEARLY_H

#include "decide/evaluate.h"

/**
 * What would have made the rule of active `index` fire: a finding in state LAPSED with
 * the grounds that no longer count and why; NULL where there is none (or out of memory:
 * see eval->failed). Only for rules that do not fire and are in no doubt.
 */
heng_finding *heng_nearly_lapsed(heng_evaluation *eval, size_t index);

/** The record behind a ground, among all that the evaluation has seen; NULL: none. */
heng_seen *heng_nearly_find_seen(heng_evaluation *eval, const uint8_t *bytes);

#endif
