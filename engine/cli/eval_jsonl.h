/* SPDX-License-Identifier: Apache-2.0 */
/* eval_jsonl.h: expressions as JSON lines in, their values as JSON lines out. */
#ifndef HENG_CLI_EVAL_JSONL_H
#define HENG_CLI_EVAL_JSONL_H

#include "base/buffer.h"
#include "heng/arena.h"
#include "heng/error.h"
#include "heng/str.h"

/**
 * Evaluates one case, a JSON object on one line, and adds its result and a line feed to
 * `out`: `{"id": …, "got": {"value": V}}`, or `error` or `invalid` with a message.
 *
 * @param arena  emptied first; big enough for the case.
 * @return HENG_OK whatever the line holds: what is no case is `invalid`;
 * HENG_ERR_NOMEM; HENG_ERR_LIMIT where `out` takes no more.
 */
heng_status heng_eval_jsonl_line(heng_str line, heng_arena *arena, heng_buffer *out,
                                 heng_error *reterr) HENG_NODISCARD;

#endif
