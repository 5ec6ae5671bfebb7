/* SPDX-License-Identifier: Apache-2.0 */
/* render_suite.h: what came of a ruleset's own cases, for people and for machines. */
#ifndef HENG_REPORT_RENDER_SUITE_H
#define HENG_REPORT_RENDER_SUITE_H

#include "base/buffer.h"
#include "base/json_write.h"
#include "heng/lab.h"
#include "model/catalog.h"

/** One case that failed: where it stands, and each failure on a line. */
void heng_render_suite_failure(const heng_suite_result *result, heng_lang lang,
                               heng_buffer *out);

/** The closing lines. */
void heng_render_suite_counts(const heng_suite_counts *counts, heng_lang lang,
                              heng_buffer *out);

/** One case as an object of `heng.test/1`. */
void heng_render_suite_json(const heng_suite_result *result, heng_lang lang,
                            heng_json_write *json);

/** The object `counts`. */
void heng_render_suite_counts_json(const heng_suite_counts *counts,
                                   heng_json_write *json);

#endif
