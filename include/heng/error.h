/* SPDX-License-Identifier: Apache-2.0 */
/*
 * error.h: how a call says that it failed.
 *
 * A function that can fail returns a heng_status and fills a heng_error that lives on
 * the caller's stack, so that even "out of memory" can be said. Problems of a ruleset
 * are collected in heng_diags (diag.h) instead, all of them at once.
 */
#ifndef HENG_ERROR_H
#define HENG_ERROR_H

#include <stddef.h>
#include <stdint.h>

#include "heng/api.h"

/* X(constant, value, name, what it means) */
#define HENG_STATUS_MAP(X)                                                             \
    X(HENG_OK, 0, "ok", "success")                                                     \
    X(HENG_ERR_NOMEM, 1, "out-of-memory", "memory could not be allocated")             \
    X(HENG_ERR_INVALID, 2, "invalid", "an input is malformed")                         \
    X(HENG_ERR_LIMIT, 3, "limit", "an input is over a named limit")                    \
    X(HENG_ERR_IO, 4, "io", "reading or writing failed")                               \
    X(HENG_ERR_NOT_FOUND, 5, "not-found", "what was asked for does not exist")         \
    X(HENG_ERR_RULESET, 6, "ruleset", "the ruleset has errors, see its diagnostics")   \
    X(HENG_ERR_STORE, 7, "store",                                                      \
      "the store refused: foreign, damaged, other version")                            \
    X(HENG_ERR_BUSY, 8, "busy", "somebody else holds what is needed")                  \
    X(HENG_ERR_FULL, 9, "full", "no space left")                                       \
    X(HENG_ERR_STOPPED, 10, "stopped", "interrupted on request; whole steps are kept") \
    X(HENG_ERR_REFUSED, 11, "refused", "a guard or a missing authority refused")       \
    X(HENG_ERR_INTERNAL, 12, "internal", "a bug in heng: an invariant does not hold")

typedef enum heng_status {
#define X(constant, value, name, text) constant = value,
    HENG_STATUS_MAP(X)
#undef X
} heng_status;

/** A place in a text: 1-based line and column; columns count code points. 0 is "none".
 */
typedef struct heng_pos {
    size_t line;
    size_t col;
} heng_pos;

enum { HENG_ERROR_PLACE_BYTES = 256, HENG_ERROR_TEXT_BYTES = 768 };

/**
 * One failure, of fixed size, for the caller's stack. Texts are cut at a character
 * boundary where they do not fit, and are always terminated.
 */
typedef struct heng_error {
    heng_status status;
    heng_pos pos;                       /* {0, 0}: about the thing as a whole */
    char place[HENG_ERROR_PLACE_BYTES]; /* file, table or argument; may be "" */
    char text[HENG_ERROR_TEXT_BYTES];   /* lower case, no full stop */
} heng_error;

/** The short name of a status ("out-of-memory"); never NULL. */
HENG_API const char *heng_status_name(heng_status status);

/** What a status means, a clause in lower case; never NULL. */
HENG_API const char *heng_status_text(heng_status status);

/**
 * Fills `reterr` (which may be NULL) and returns `status`, so that one line fails:
 * `return heng_error_set(reterr, HENG_ERR_IO, path, pos, "…", …);`. Never allocates.
 *
 * @param place  borrowed; NULL for none.
 */
HENG_API heng_status heng_error_set(heng_error *reterr, heng_status status,
                                    const char *place, heng_pos pos, const char *format,
                                    ...) HENG_PRINTF(5, 6);

/** `heng_error_set` for memory that could not be had. Returns HENG_ERR_NOMEM. */
HENG_API heng_status heng_error_nomem(heng_error *reterr);

/**
 * Writes `place:line:col: text` (parts that are absent left out) into `buffer`.
 * Cuts at `size`; always terminates where `size` > 0. Returns the whole length in
 * bytes.
 */
HENG_API size_t heng_error_format(const heng_error *error, char *buffer, size_t size);

#endif
