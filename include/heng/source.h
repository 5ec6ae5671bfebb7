/* SPDX-License-Identifier: Apache-2.0 */
/* source.h: the text of one file, and positions inside it. */
#ifndef HENG_SOURCE_H
#define HENG_SOURCE_H

#include <stddef.h>

#include "heng/api.h"
#include "heng/error.h"
#include "heng/str.h"

/** Most bytes a source may hold; larger input is HENG_ERR_LIMIT. */
#define HENG_SOURCE_MAX ((size_t)16 << 20)

/** A text held in memory with its line index. Immutable: threads may share one. */
typedef struct heng_source heng_source;

/** A stretch of a source, in bytes. `source` NULL: no place. */
typedef struct heng_span {
    const heng_source *source;
    size_t start;
    size_t len;
} heng_span;

/**
 * Makes a source from bytes in memory. Does no I/O.
 *
 * @param name        shown in diagnostics; copied.
 * @param bytes       `len` bytes, NULs allowed; copied.
 * @param ret_source  owned by the caller, who must call heng_source_free(). Untouched
 * on failure.
 * @return HENG_OK; HENG_ERR_LIMIT above HENG_SOURCE_MAX; HENG_ERR_INVALID at the first
 *         byte that is not UTF-8 (with its position); HENG_ERR_NOMEM.
 */
HENG_API heng_status heng_source_new(const char *name, const char *bytes, size_t len,
                                     heng_source **ret_source,
                                     heng_error *reterr) HENG_NODISCARD;

/** Frees `source` and every view into it. NULL is a no-op. */
HENG_API void heng_source_free(heng_source *source);

/** Borrowed, valid as long as the source. */
HENG_API const char *heng_source_name(const heng_source *source);
HENG_API heng_str heng_source_text(const heng_source *source);

/** Turns a byte offset into a position. Offsets past the end give the end. */
HENG_API heng_pos heng_source_locate(const heng_source *source, size_t offset);

/** The line (1-based) without its line end; empty where there is none such. Borrowed.
 */
HENG_API heng_str heng_source_line(const heng_source *source, size_t line);

/** The byte offset of a position (1-based, columns in code points), clamped to the
 * text. */
HENG_API size_t heng_source_offset(const heng_source *source, heng_pos pos);

#endif
