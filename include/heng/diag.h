/* SPDX-License-Identifier: Apache-2.0 */
/*
 * diag.h: problems found while a ruleset is read: all of them, not only the first.
 *
 * Each has a stable code, a place, a lower-case message, and sometimes a second place
 * ("first defined here") and a hint ("did you mean `x`?"). They are printed as
 *
 *     rules/tax.yaml:12:7: error[HENG-E0203]: no such overload `>` for (decimal,
 * string) 12 |   ground: r.amount > "5" |           ^^^^^^^^^^^^^^ rules/tax.yaml:3:5:
 * note: `amount` is declared here … help: did you mean `x`?
 */
#ifndef HENG_DIAG_H
#define HENG_DIAG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "heng/api.h"
#include "heng/error.h"
#include "heng/source.h"

/** Problems kept; what comes later is counted only (the first hundred are enough to go
 * on). */
#define HENG_DIAGS_MAX ((size_t)100)

typedef enum heng_severity {
    HENG_SEVERITY_ERROR,
    HENG_SEVERITY_WARNING,
    HENG_SEVERITY_NOTE,
} heng_severity;

/** One problem. All pointers live as long as the heng_diags it is in; spans as their
 * sources. */
typedef struct heng_diag {
    heng_severity severity;
    uint32_t code;     /* 203 prints as HENG-E0203; 0: none */
    heng_span span;    /* source NULL: see `place` */
    const char *place; /* where there is no source (a directory); may be NULL */
    const char *message;
    heng_span also_span; /* second place; source NULL: none */
    const char *also;    /* what is there: "first defined here" */
    const char *help;    /* what to do; NULL: none */
} heng_diag;

typedef struct heng_diags heng_diags;

/** NULL out of memory. Owned by the caller. */
HENG_API heng_diags *heng_diags_new(void);

/** NULL is a no-op. Frees also the sources it was given to keep. */
HENG_API void heng_diags_free(heng_diags *diags);

/** Hands over `source` (freed with `diags`), so that spans into it can be printed for
 * as long. False out of memory: the caller still owns it. */
HENG_API bool heng_diags_keep_source(heng_diags *diags, heng_source *source);

/**
 * Adds a copy of `diag`; texts are copied, spans are borrowed. Beyond HENG_DIAGS_MAX
 * only counts. Out of memory is remembered: see heng_diags_failed().
 */
HENG_API void heng_diags_add(heng_diags *diags, const heng_diag *diag);

/** The usual case: an error at a place. `format` makes the message. */
HENG_API void heng_diags_error(heng_diags *diags, uint32_t code, heng_span span,
                               const char *format, ...) HENG_PRINTF(4, 5);

/** Sets the second place of the diagnostic added last. `text` is copied. */
HENG_API void heng_diags_also(heng_diags *diags, heng_span span, const char *text);

/** Sets the help of the diagnostic added last. */
HENG_API void heng_diags_help(heng_diags *diags, const char *format, ...)
    HENG_PRINTF(2, 3);

/** Sorts by source name, then offset, then code; stable. */
HENG_API void heng_diags_sort(heng_diags *diags);

HENG_API size_t heng_diags_count(const heng_diags *diags); /* kept */
HENG_API size_t
heng_diags_error_count(const heng_diags *diags); /* all errors, kept or not */
HENG_API const heng_diag *heng_diags_get(const heng_diags *diags, size_t index);

/** Whether memory ran out while adding: then the list is not complete. */
HENG_API bool heng_diags_failed(const heng_diags *diags);

/**
 * Renders one diagnostic as above, with line and caret (wide characters count two
 * cells), `color` with ANSI colours. `write` gets pieces of text in order.
 */
HENG_API void heng_diag_render(const heng_diag *diag, bool color,
                               void (*write)(void *context, const char *text,
                                             size_t len),
                               void *context);

#endif
