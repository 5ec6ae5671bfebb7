/* SPDX-License-Identifier: Apache-2.0 */
/* render_outcome.h: one subject's line of a batch, `heng.outcome/1`, or its rows of
 * CSV. */
#ifndef HENG_REPORT_RENDER_OUTCOME_H
#define HENG_REPORT_RENDER_OUTCOME_H

#include "report/render.h"

/** Whether a batch that is not asked for every subject writes this one. */
bool heng_render_outcome_tells(const heng_decision *decision);

/** One line of NDJSON. */
heng_status heng_render_outcome(const heng_render *render, heng_buffer *out);

/** The line that heads the CSV. */
heng_status heng_render_outcome_csv_head(heng_buffer *out);

/** One row a measure and one for each undetermined rule; one without either where there
 * is none. */
heng_status heng_render_outcome_csv(const heng_render *render, heng_buffer *out);

#endif
