/* SPDX-License-Identifier: Apache-2.0 */
/*
 * brief.h: the decision of a subject about whom there is nothing to argue.
 *
 * Of a hundred subjects of a batch ninety-nine have at most one tie that matters and
 * no doubt, and meet rules whose conditions the stored bytes answer and whose terms are
 * plain. For them the steps of evaluate.h shrink to one loop over the records: no
 * passes, no exceptions, hardly a program. Whatever is not so plain is noticed
 * on the way and left to evaluate.h from the start:
 *
 *   a ground or a term whose expression fails, another condition that only a program
 *   can answer
 *   a disputed ground of a rule that asks for more than which grounds there are
 *   several ties, or one that is to come; a person's age
 *   two rules that fire of which one may displace the other, two measures likewise
 *
 * INVARIANT: what is decided here is what evaluate.h decides, valid-through included.
 * A plan made with HENG_PLAN_PLAIN never comes here, so that the two can be compared.
 */
#ifndef HENG_DECIDE_BRIEF_H
#define HENG_DECIDE_BRIEF_H

#include <stdbool.h>

#include "decide/evaluate.h"
#include "model/gist.h"

/** Marks the rules that can be decided briefly. Part of heng_plan_new(). False out of
 * memory. */
bool heng_brief_prepare(heng_plan *plan);

/**
 * Whether nothing applies to a subject of whom there is nothing but its line. Then
 * heng_brief_decide() would say the same.
 *
 * @param subject      flat; NULL where `head` is enough (plan.always_reads).
 * @param head         NULL: all is in `subject`.
 * @param ret_through  as valid_through of the decision.
 */
bool heng_brief_is_quiet(const heng_plan *plan, heng_str id, const uint8_t *subject,
                         const heng_gist_head *head, heng_date *ret_through);

/**
 * Decides on the plan's day, about all matters, without what nearly applied.
 *
 * @param verdicts      whether those of the matters are wanted.
 * @param ret_decision  in the worker; NULL out of memory.
 * @return false where this subject is not for here; nothing was changed then, but for
 * the arena.
 */
bool heng_brief_decide(const heng_plan *plan, heng_worker *worker,
                       const heng_snapshot *snapshot, bool verdicts,
                       heng_decision **ret_decision);

#endif
