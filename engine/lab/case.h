/* SPDX-License-Identifier: Apache-2.0 */
/* case.h: one test case: from its YAML to import lines and expectations. */
#ifndef HENG_LAB_CASE_H
#define HENG_LAB_CASE_H

#include <stdbool.h>

#include "base/buffer.h"
#include "heng/date.h"
#include "ruleset/linked.h"
#include "ruleset/yaml.h"

/** A case as written. Views into the ruleset's tree. */
typedef struct heng_case {
    heng_str name[2]; /* zh, en */
    heng_span span;
    heng_date as_of;
    heng_str subject;          /* id; CASE_SUBJECT where the case names none */
    const heng_matter *matter; /* of `verdict`; NULL: none asked */
    heng_str verdict;
    const heng_yaml_node *measures, *includes, *excludes, *until, *undetermined;
} heng_case;

/**
 * Reads a case and writes its subjects and records as import lines.
 *
 * @param lines  gets the lines.
 * @param wrong  gets a text where the case cannot be read.
 * @return false where it cannot be read.
 */
bool heng_case_read(const heng_ruleset *ruleset, const heng_yaml_node *node,
                    heng_case *ret_case, heng_buffer *lines, heng_buffer *wrong);

#endif
