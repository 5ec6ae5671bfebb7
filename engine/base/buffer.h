/* SPDX-License-Identifier: Apache-2.0 */
/*
 * buffer.h: bytes that grow up to a maximum fixed at birth.
 *
 * The first failure sticks: whatever is added after it is dropped, and every call and
 * heng_buffer_status() give that failure. So a writer may add a hundred things and ask
 * once. A buffer always ends with a NUL that `len` does not count.
 */
#ifndef HENG_BASE_BUFFER_H
#define HENG_BASE_BUFFER_H

#include <stddef.h>
#include <string.h>

#include "heng/api.h"
#include "heng/error.h"
#include "heng/str.h"

/** Read `bytes` and `len`; leave the rest alone. Zeroed, it is a buffer that takes
 * nothing. */
typedef struct heng_buffer heng_buffer;
struct heng_buffer {
    char *bytes; /* owned; NULL while nothing was added */
    size_t len;
    size_t room; /* bytes that fit, the NUL not counted */
    size_t max;
    heng_status status;
};

/** An empty buffer that never holds more than `max` bytes. Allocates nothing yet. */
void heng_buffer_init(heng_buffer *buffer, size_t max);

/** Frees what it holds. Also takes a zeroed buffer, and one already done. */
void heng_buffer_done(heng_buffer *buffer);

/** Empties it and forgets a failure; keeps the memory. */
void heng_buffer_clear(heng_buffer *buffer);

/** Takes back what was added past `len`. Does not forget a failure. */
void heng_buffer_truncate(heng_buffer *buffer, size_t len);

/** What heng_buffer_reserve() does where there is no room yet, or it failed before. */
heng_status heng_buffer_grow(heng_buffer *buffer, size_t more);

/** Makes room for `more` bytes. HENG_OK, HENG_ERR_LIMIT or HENG_ERR_NOMEM. */
static inline heng_status heng_buffer_reserve(heng_buffer *buffer, size_t more) {
    if (buffer->status != HENG_OK || buffer->bytes == NULL ||
        more > buffer->room - buffer->len)
        return heng_buffer_grow(buffer, more);
    return HENG_OK;
}

/** All or nothing: on failure the buffer is as it was. */
static inline heng_status heng_buffer_add(heng_buffer *buffer, const char *bytes,
                                          size_t len) {
    heng_status status = heng_buffer_reserve(buffer, len);
    if (status != HENG_OK)
        return status;
    if (len > 0) {
        memcpy(buffer->bytes + buffer->len, bytes, len);
    }
    buffer->len += len;
    buffer->bytes[buffer->len] = '\0';
    return HENG_OK;
}

static inline heng_status heng_buffer_add_str(heng_buffer *buffer, heng_str str) {
    return heng_buffer_add(buffer, str.ptr, str.len);
}

static inline heng_status heng_buffer_add_char(heng_buffer *buffer, char c) {
    return heng_buffer_add(buffer, &c, 1);
}

/** Takes in `len` bytes that were written behind its end, into room that
 * heng_buffer_reserve() made. */
static inline void heng_buffer_extend(heng_buffer *buffer, size_t len) {
    buffer->len += len;
    buffer->bytes[buffer->len] = '\0';
}

/** Adds a NUL-terminated text. */
static inline heng_status heng_buffer_add_text(heng_buffer *buffer, const char *text) {
    return heng_buffer_add(buffer, text, strlen(text));
}

heng_status heng_buffer_add_format(heng_buffer *buffer, const char *format, ...)
    HENG_PRINTF(2, 3);

/** Makes it fail, if it did not before: for those who fill it and meet a limit of
 * theirs. */
static inline void heng_buffer_fail(heng_buffer *buffer, heng_status status) {
    if (buffer->status == HENG_OK) {
        buffer->status = status;
    }
}

/** The first failure since the last clear, or HENG_OK. */
static inline heng_status heng_buffer_status(const heng_buffer *buffer) {
    return buffer->status;
}

/** Borrowed, valid until the next change. */
static inline heng_str heng_buffer_view(const heng_buffer *buffer) {
    return (heng_str){buffer->bytes == NULL ? "" : buffer->bytes, buffer->len};
}

/**
 * Hands the bytes to the caller, who frees them with heng_alloc_free(), and leaves the
 * buffer empty. NULL where it failed before, or memory runs out now.
 */
char *heng_buffer_take(heng_buffer *buffer, size_t *ret_len);

#endif
