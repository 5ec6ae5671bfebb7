/* SPDX-License-Identifier: Apache-2.0 */
/* loader.h: from files to a ruleset: parse all, read all, link. */
#ifndef HENG_RULESET_LOADER_H
#define HENG_RULESET_LOADER_H

#include "heng/ruleset.h"

/**
 * As heng_ruleset_load_files().
 *
 * @param where  what diagnostics put before the files' names: the folder, or NULL.
 */
heng_status heng_loader_load(const char *where, const heng_ruleset_file *files,
                             size_t count, heng_diags *diags,
                             heng_ruleset **ret_ruleset,
                             heng_error *reterr) HENG_NODISCARD;

#endif
