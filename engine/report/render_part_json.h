/* SPDX-License-Identifier: Apache-2.0 */
/* render_part_json.h: pieces that several documents have in common. */
#ifndef HENG_REPORT_RENDER_PART_JSON_H
#define HENG_REPORT_RENDER_PART_JSON_H

#include "base/json_write.h"
#include "report/render.h"

/** A text that may have failed to be made: then memory ran out. */
void heng_render_part_json_str(heng_json_write *json, heng_str value);

/** A day, or null for HENG_DATE_NONE. */
void heng_render_part_json_date(heng_json_write *json, const char *key, heng_date date);

/** `["id", …]` under its key. */
void heng_render_part_json_ids(heng_json_write *json, const char *key,
                               const heng_str *ids, size_t count);

/** `[{source, article}]`, without its key. */
void heng_render_part_json_bases(const heng_render *render, heng_json_write *json,
                                 const heng_basis *bases, size_t count);

/** `{"rule": …, "grounds": […], "basis": […]}`. */
void heng_render_part_json_finding(const heng_render *render, heng_json_write *json,
                                   const heng_finding *finding);

/** Key and value of `repair`; nothing where there is none. */
void heng_render_part_json_repair(const heng_render *render, heng_json_write *json,
                                  const heng_applied *applied);

#endif
