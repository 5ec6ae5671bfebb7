/* SPDX-License-Identifier: Apache-2.0 */
/* render_decision_json.h: `heng.decision/1` and `heng.answer/1`. */
#ifndef HENG_REPORT_RENDER_DECISION_JSON_H
#define HENG_REPORT_RENDER_DECISION_JSON_H

#include "base/json_write.h"
#include "report/render.h"

/** The decision as one object. Equal inputs give equal bytes. */
void heng_render_decision_json(const heng_render *render, heng_json_write *json);

/** `{"schema":"heng.answer/1","entry":null,"decision":{…}}` and a line end; with
 * `"supposed":true` after the entry where something was. */
heng_status heng_render_decision_json_answer(const heng_render *render,
                                             heng_buffer *out);

#endif
