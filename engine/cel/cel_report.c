/* SPDX-License-Identifier: Apache-2.0 */
/* cel_report.c: from bytes of an expression to bytes of its file. */
#include "cel/cel_report.h"

#include <stdarg.h>
#include <stdio.h>

#include "base/limits.h"
#include "base/utf8.h"

/* A byte of the expression as a byte of the file. */
static size_t offset_of(const heng_cel_report *report, size_t at) {
    if (at > report->len) {
        at = report->len;
    }
    return report->place.offsets != NULL ? report->place.offsets[at]
                                         : report->place.base + at;
}

heng_span heng_cel_report_span(const heng_cel_report *report, size_t start,
                               size_t len) {
    size_t from = offset_of(report, start);
    size_t to = offset_of(report, start + len);
    return (heng_span){report->place.source, from, to > from ? to - from : 0};
}

void heng_cel_report_error(heng_cel_report *report, heng_cel_code code, size_t start,
                           size_t len, const char *format, ...) {
    char text[HENG_LIMIT_DIAG_TEXT_BYTES];
    va_list args;
    va_start(args, format);
    int written = vsnprintf(text, sizeof text, format, args);
    va_end(args);
    if (written < 0) {
        text[0] = '\0';
    } else if ((size_t)written >= sizeof text) {
        text[heng_utf8_cut(text, sizeof text - 1)] = '\0';
    }
    report->errors++;
    heng_diags_error(report->diags, (uint32_t)code,
                     heng_cel_report_span(report, start, len), "%s", text);
}

void heng_cel_report_help(heng_cel_report *report, const char *format, ...) {
    char text[HENG_LIMIT_DIAG_TEXT_BYTES];
    va_list args;
    va_start(args, format);
    int written = vsnprintf(text, sizeof text, format, args);
    va_end(args);
    if (written < 0)
        return;
    if ((size_t)written >= sizeof text) {
        text[heng_utf8_cut(text, sizeof text - 1)] = '\0';
    }
    heng_diags_help(report->diags, "%s", text);
}
