/* SPDX-License-Identifier: Apache-2.0 */
/* buffer.c: growing by doubling, never past the maximum. */
#include "base/buffer.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>

#include "base/alloc.h"

enum { FIRST_ROOM = 63 }; /* with the NUL a round 64 */

void heng_buffer_init(heng_buffer *buffer, size_t max) {
    *buffer = (heng_buffer){.max = max < SIZE_MAX ? max : SIZE_MAX - 1};
}

void heng_buffer_done(heng_buffer *buffer) {
    heng_alloc_free(buffer->bytes);
    *buffer = (heng_buffer){.max = buffer->max};
}

void heng_buffer_clear(heng_buffer *buffer) {
    buffer->status = HENG_OK;
    heng_buffer_truncate(buffer, 0);
}

void heng_buffer_truncate(heng_buffer *buffer, size_t len) {
    if (buffer->bytes == NULL || len > buffer->len)
        return;
    buffer->len = len;
    buffer->bytes[len] = '\0';
}

heng_status heng_buffer_grow(heng_buffer *buffer, size_t more) {
    if (buffer->status != HENG_OK)
        return buffer->status;
    if (more > buffer->max - buffer->len) {
        buffer->status = HENG_ERR_LIMIT;
        return buffer->status;
    }

    size_t wanted = buffer->len + more;
    size_t room = buffer->room == 0 ? FIRST_ROOM : buffer->room;
    while (room < wanted) {
        room = room <= buffer->max / 2 ? room * 2 + 1 : buffer->max;
    }
    if (room > buffer->max) {
        room = buffer->max;
    }
    char *bytes = heng_alloc_resize(buffer->bytes, room + 1, 1);
    if (bytes == NULL) {
        buffer->status = HENG_ERR_NOMEM;
        return buffer->status;
    }
    bytes[buffer->len] = '\0';
    buffer->bytes = bytes;
    buffer->room = room;
    return HENG_OK;
}

heng_status heng_buffer_add_format(heng_buffer *buffer, const char *format, ...) {
    va_list args;
    va_start(args, format);
    va_list again;
    va_copy(again, args);
    /* Straight into the room there is; a second time only where that was too little. */
    size_t room = buffer->bytes == NULL ? 0 : buffer->room - buffer->len + 1;
    char *end = buffer->bytes == NULL ? NULL : buffer->bytes + buffer->len;
    int wrote = vsnprintf(end, room, format, args);
    heng_status status = buffer->status;
    if (wrote < 0) {
        status = status == HENG_OK ? HENG_ERR_INVALID : status;
    } else {
        status = heng_buffer_reserve(buffer, (size_t)wrote);
    }
    if (status == HENG_OK) {
        if ((size_t)wrote >= room) {
            (void)vsnprintf(buffer->bytes + buffer->len, (size_t)wrote + 1, format,
                            again);
        }
        buffer->len += (size_t)wrote;
    } else {
        buffer->status = status;
        heng_buffer_truncate(buffer, buffer->len); /* puts the NUL back */
    }
    va_end(again);
    va_end(args);
    return status;
}

char *heng_buffer_take(heng_buffer *buffer, size_t *ret_len) {
    if (heng_buffer_reserve(buffer, 0) != HENG_OK) /* so that "" too is a block */
        return NULL;
    char *bytes = buffer->bytes;
    *ret_len = buffer->len;
    heng_buffer_init(buffer, buffer->max);
    return bytes;
}
