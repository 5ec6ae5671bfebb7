/* SPDX-License-Identifier: Apache-2.0 */
/* kept_rules.h: a ruleset as the store keeps it, and loaded again from there. */
#ifndef HENG_BATCH_KEPT_RULES_H
#define HENG_BATCH_KEPT_RULES_H

#include "heng/arena.h"
#include "heng/error.h"
#include "heng/ruleset.h"
#include "heng/store.h"
#include "heng/str.h"

/** The files of a ruleset as heng_baseline_begin() takes them. In `arena`. */
heng_status heng_kept_rules_pack(const heng_ruleset *ruleset, heng_arena *arena,
                                 heng_str *ret_packed,
                                 heng_error *reterr) HENG_NODISCARD;

/**
 * Loads the ruleset that the store keeps under `digest`.
 *
 * @param ret_ruleset  owned by the caller.
 * @return HENG_OK; HENG_ERR_NOT_FOUND where it keeps none such; HENG_ERR_RULESET where
 *         it was fine once and is refused by this version; HENG_ERR_STORE;
 * HENG_ERR_NOMEM.
 */
heng_status heng_kept_rules_load(heng_view *view, heng_str digest,
                                 heng_ruleset **ret_ruleset,
                                 heng_error *reterr) HENG_NODISCARD;

#endif
