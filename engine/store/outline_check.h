/* SPDX-License-Identifier: Apache-2.0 */
/* outline_check.h: whether an outline says what its dossier says, and a gist what its
 * subject: for verify. */
#ifndef HENG_STORE_OUTLINE_CHECK_H
#define HENG_STORE_OUTLINE_CHECK_H

#include <lmdb.h>

#include "heng/error.h"
#include "heng/store.h"
#include "heng/str.h"

/**
 * Compares a row with that of the same id which it is made of. What is wrong with that
 * one itself is not said here.
 *
 * @param ret_problem  static text; NULL: none.
 */
typedef heng_status heng_made_check(heng_view *view, heng_str id, MDB_val made,
                                    const char **ret_problem, heng_error *reterr);

/** A row of the outlines, made of a dossier. */
heng_status heng_outline_check(heng_view *view, heng_str id, MDB_val outline,
                               const char **ret_problem,
                               heng_error *reterr) HENG_NODISCARD;

/** A row of the gists, made of a subject's line. */
heng_status heng_gist_check(heng_view *view, heng_str id, MDB_val gist,
                            const char **ret_problem,
                            heng_error *reterr) HENG_NODISCARD;

#endif
