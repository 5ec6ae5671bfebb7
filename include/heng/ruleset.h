/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ruleset.h: sources, catalog, measures, matters and rules: loaded, linked and
 * immutable.
 *
 * A ruleset is read from YAML once, checked as a whole, and then shared by any number
 * of threads without locks. All problems of all files are reported in one go (diag.h).
 */
#ifndef HENG_RULESET_H
#define HENG_RULESET_H

#include <stddef.h>

#include "heng/api.h"
#include "heng/diag.h"
#include "heng/error.h"
#include "heng/str.h"

typedef struct heng_ruleset heng_ruleset;
struct heng_catalog;

/** A file of a ruleset: its path relative to the ruleset's folder, and its bytes. */
typedef struct heng_ruleset_file {
    const char *name;
    heng_str text;
} heng_ruleset_file;

/**
 * Loads every `*.yaml` below a folder in bytewise order of their paths, or one file.
 *
 * @param diags        gets every problem and warning; sorted on return.
 * @param ret_ruleset  owned by the caller (heng_ruleset_free). Untouched on failure.
 * @return HENG_OK (there may be warnings); HENG_ERR_RULESET where `diags` has errors;
 * HENG_ERR_IO, HENG_ERR_NOT_FOUND, HENG_ERR_LIMIT (in `reterr`); HENG_ERR_NOMEM.
 *
 * The diagnostics' spans point into sources that `diags` keeps alive
 * (heng_diags_keep_source), so that they can be printed whether loading failed or not.
 */
HENG_API heng_status heng_ruleset_load(const char *path, heng_diags *diags,
                                       heng_ruleset **ret_ruleset,
                                       heng_error *reterr) HENG_NODISCARD;

/** The same from memory: for editors, tests and replay. Files are copied. */
HENG_API heng_status heng_ruleset_load_files(const heng_ruleset_file *files,
                                             size_t count, heng_diags *diags,
                                             heng_ruleset **ret_ruleset,
                                             heng_error *reterr) HENG_NODISCARD;

/** NULL is a no-op. */
HENG_API void heng_ruleset_free(heng_ruleset *ruleset);

/** Borrowed, valid as long as the ruleset. */
HENG_API heng_str heng_ruleset_id(const heng_ruleset *ruleset);
HENG_API heng_str heng_ruleset_version(const heng_ruleset *ruleset);
/** "sha256:" and 64 hex digits: of the files' relative names and bytes, in order. */
HENG_API heng_str heng_ruleset_digest(const heng_ruleset *ruleset);
/** IANA name: in which "today" is read where a command is given no date. */
HENG_API heng_str heng_ruleset_time_zone(const heng_ruleset *ruleset);
/** What import checks against. */
HENG_API const struct heng_catalog *heng_ruleset_catalog(const heng_ruleset *ruleset);

#endif
