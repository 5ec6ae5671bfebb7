/* SPDX-License-Identifier: Apache-2.0 */
/* yaml_text.h: characters that a file must not have, looked for before it is parsed, so
 * that each has its true place. */
#ifndef HENG_RULESET_YAML_TEXT_H
#define HENG_RULESET_YAML_TEXT_H

#include <stdbool.h>
#include <stddef.h>

#include "heng/diag.h"
#include "heng/source.h"

/** Checks from byte `from` on; reports the first that is refused, and is then false. */
bool heng_yaml_text_check(const heng_source *source, size_t from, heng_diags *diags);

#endif
