/* SPDX-License-Identifier: Apache-2.0 */
/* render_decision_text.h: the decision for an officer to read. */
#ifndef HENG_REPORT_RENDER_DECISION_TEXT_H
#define HENG_REPORT_RENDER_DECISION_TEXT_H

#include "report/layout.h"
#include "report/render.h"

/**
 * The verdict in a sentence, the measures in a table, then of each why and on which
 * basis, what lifts it and how it is contested; what does not apply and why not; what
 * could not be told; and what the answer rests on. Failures stick in the layout's
 * buffer.
 */
void heng_render_decision_text(const heng_render *render, heng_layout *layout);

/** The sentence of the verdict (or one and a table, for all matters). */
void heng_render_decision_text_verdict(const heng_render *render, heng_layout *layout);

/** What cannot be told, and what to do about it; nothing where there is none. */
void heng_render_decision_text_doubts(const heng_render *render, heng_layout *layout);

/** What the answer rests on, and until when it holds. */
void heng_render_decision_text_foot(const heng_render *render, heng_layout *layout);

#endif
