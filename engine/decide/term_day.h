/* SPDX-License-Identifier: Apache-2.0 */
/*
 * term_day.h: the day a term begins or ends, told from the bytes of the record.
 *
 * What `from` and `until` say is nearly always a field of the record, perhaps with a
 * period added, or one of two such days. Like a sieve (sieve.h) this is the part of an
 * expression that needs no machine; what else it says, or what fails, is for the
 * program.
 */
#ifndef HENG_DECIDE_TERM_DAY_H
#define HENG_DECIDE_TERM_DAY_H

#include <stdbool.h>

#include "cel/ast.h"
#include "decide/plan.h"
#include "decide/seen.h"
#include "decide/sieve.h"

/**
 * @param ret_day  in the plan's arena; NULL where the program must be asked. Days do
 * not depend on the as-of day then.
 * @return false out of memory.
 */
bool heng_term_day_new(heng_plan *plan, const heng_cel_ast *ast,
                       const heng_term_day **ret_day);

/** False where the program must be asked. `input` is of the same record. */
bool heng_term_day_tell(const heng_term_day *day, const heng_seen *seen,
                        const heng_sieve_input *input, heng_date *ret_day);

#endif
