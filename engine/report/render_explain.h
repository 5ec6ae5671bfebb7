/* SPDX-License-Identifier: Apache-2.0 */
/* render_explain.h: what explaining has in common in text and JSON. */
#ifndef HENG_REPORT_RENDER_EXPLAIN_H
#define HENG_REPORT_RENDER_EXPLAIN_H

#include "report/layout.h"
#include "report/render.h"

/** Explanations of rules, made after `render->decision` with the same worker. */
typedef struct heng_render_explained {
    const heng_explanation *const *rules;
    size_t count;
} heng_render_explained;

/** Text for people: each condition with its value and what made it so, then what would
 * lift the measures that apply. */
void heng_render_explain_text(const heng_render *render,
                              const heng_render_explained *explained,
                              heng_layout *layout);

/** `heng.explanation/1`, one line. */
heng_status heng_render_explain_json(const heng_render *render,
                                     const heng_render_explained *explained,
                                     heng_buffer *out);

#endif
