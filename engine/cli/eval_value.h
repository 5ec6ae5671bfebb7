/* SPDX-License-Identifier: Apache-2.0 */
/* eval_value.h: values of expressions as tagged JSON: `{"int": "1"}`, `{"list": […]}`.
 */
#ifndef HENG_CLI_EVAL_VALUE_H
#define HENG_CLI_EVAL_VALUE_H

#include <jansson.h>
#include <stdbool.h>

#include "cel/value.h"

/** False where it is no tagged value, or memory ran out. Texts are borrowed from
 * `json`. */
bool heng_eval_value_read(json_t *json, heng_arena *arena, heng_cel_value *ret_value);

/** A new reference; NULL out of memory, and for an object, which has no JSON. */
json_t *heng_eval_value_write(heng_cel_value value, heng_arena *arena);

#endif
