/* SPDX-License-Identifier: Apache-2.0 */
/*
 * particulars.h: whether a ruleset's conditions ask for what an outline of a subject
 * or record does not have (model/flat.h): names, authorities, document numbers.
 */
#ifndef HENG_RULESET_PARTICULARS_H
#define HENG_RULESET_PARTICULARS_H

#include <stdbool.h>

#include "ruleset/linked.h"

/** Whether ground, `when`, `unless` or term of the rule may ask for one. */
bool heng_particulars_read(const heng_ruleset *ruleset, const heng_rule *rule);

#endif
