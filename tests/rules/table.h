/* SPDX-License-Identifier: Apache-2.0 */
/* table.h: the page rules/TABLE.md, made from the loaded pack. */
#ifndef HENG_TESTS_RULES_TABLE_H
#define HENG_TESTS_RULES_TABLE_H

#include "base/buffer.h"
#include "ruleset/linked.h"

/**
 * Writes the page. Failures stick in `out`. Gives the name of a file that has rules but
 * no heading in this program, so that no rule is left off the page; NULL where all is
 * there.
 */
const char *table_render(const heng_ruleset *ruleset, heng_buffer *out);

#endif
