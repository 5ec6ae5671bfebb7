/* SPDX-License-Identifier: Apache-2.0 */
/* ruleset_digest.h: what identifies a ruleset: the names and bytes of its files. */
#ifndef HENG_RULESET_RULESET_DIGEST_H
#define HENG_RULESET_RULESET_DIGEST_H

#include "base/digest.h"
#include "heng/ruleset.h"

/** Writes `sha256:…` of the files in order, each name and text with its length. */
void heng_ruleset_digest_of(const heng_ruleset_file *files, size_t count,
                            char buffer[HENG_DIGEST_TEXT_BYTES]);

#endif
