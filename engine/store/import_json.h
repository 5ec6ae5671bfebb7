/* SPDX-License-Identifier: Apache-2.0 */
/* import_json.h: a line of NDJSON, taken apart. */
#ifndef HENG_STORE_IMPORT_JSON_H
#define HENG_STORE_IMPORT_JSON_H

#include "heng/arena.h"
#include "heng/error.h"
#include "store/line.h"

/** A pure function of `text`. HENG_OK; HENG_ERR_INVALID with the fault; HENG_ERR_NOMEM.
 * The line points into `text` and `arena`. */
heng_status heng_import_json_read(heng_str text, heng_arena *arena, heng_line *ret_line,
                                  heng_line_fault *ret_fault) HENG_NODISCARD;

#endif
