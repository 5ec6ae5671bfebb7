/* SPDX-License-Identifier: Apache-2.0 */
/* ask.h: an expression that stands in no rule, asked about a subject decided on. */
#ifndef HENG_DECIDE_ASK_H
#define HENG_DECIDE_ASK_H

#include "cel/program.h"
#include "decide/seen.h"
#include "heng/decide.h"
#include "ruleset/linked.h"

/**
 * Declares the variables of conditions in a fresh environment, in the slots
 * HENG_SLOT_*: `subject`, `as_of`, `records`, `r` and `grounds`. The plan must outlive
 * it; `arena` is that of the environment.
 */
heng_status heng_ask_declare(const heng_plan *plan, heng_arena *arena,
                             heng_cel_env *env) HENG_NODISCARD;

/**
 * Fills their values, as conditions of the first pass see them. Call after
 * heng_decide() with the same worker, plan and snapshot; memory of the worker.
 *
 * `grounds` is an error value, as there is no rule; so is `r` where no record is named.
 *
 * @param record    the id of a record in sight: one of the subject's own, of those tied
 * to it, or one that names it; empty: none. A disputed one that the first pass leaves
 * out is seen, with all others, as in the second.
 * @param ret_seen  NULL where no record is named.
 * @return HENG_OK; HENG_ERR_NOT_FOUND (no such record in sight, with those that are);
 * HENG_ERR_INVALID (out of scope); HENG_ERR_NOMEM.
 */
heng_status heng_ask_values(const heng_plan *plan, heng_worker *worker,
                            const heng_snapshot *snapshot, heng_str record,
                            heng_cel_value ret_values[HENG_SLOT_COUNT],
                            const heng_seen **ret_seen,
                            heng_error *reterr) HENG_NODISCARD;

#endif
