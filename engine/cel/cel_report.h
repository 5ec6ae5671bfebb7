/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cel_report.h: problems of one expression, at their places in its file.
 *
 * The front end counts bytes of the expression; a rule file counts bytes of its own.
 * All messages pass through here, so that they are translated in one place.
 */
#ifndef HENG_CEL_REPORT_H
#define HENG_CEL_REPORT_H

#include "cel/ast.h"
#include "cel/cel_codes.h"
#include "cel/program.h"
#include "heng/diag.h"

/** Set the first three, zero the rest. */
typedef struct heng_cel_report {
    heng_diags *diags;
    heng_cel_place place;
    size_t len;      /* bytes of the expression: where its end is */
    uint32_t errors; /* reported through this */
} heng_cel_report;

/** The stretch of the expression as a span of its file. */
heng_span heng_cel_report_span(const heng_cel_report *report, size_t start, size_t len);

/** Adds an error at a stretch of the expression. `format` makes the message. */
void heng_cel_report_error(heng_cel_report *report, heng_cel_code code, size_t start,
                           size_t len, const char *format, ...) HENG_PRINTF(5, 6);

/** Sets the help of the error added last. */
void heng_cel_report_help(heng_cel_report *report, const char *format, ...)
    HENG_PRINTF(2, 3);

#endif
