/* SPDX-License-Identifier: Apache-2.0 */
/* error.c: filling and printing a heng_error. Nothing here allocates. */
#include "heng/error.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/utf8.h"

const char *heng_status_name(heng_status status) {
    switch (status) {
#define X(constant, value, name, text)                                                 \
    case constant:                                                                     \
        return name;
        HENG_STATUS_MAP(X)
#undef X
    }
    return "unknown";
}

const char *heng_status_text(heng_status status) {
    switch (status) {
#define X(constant, value, name, text)                                                 \
    case constant:                                                                     \
        return text;
        HENG_STATUS_MAP(X)
#undef X
    }
    return "a status that this version does not know";
}

/* Copies what fits, at a character boundary. `text` may lie inside `field`: an error is
 * often wrapped in itself. */
static void copy_cut(char *field, size_t size, const char *text) {
    size_t len = strlen(text);
    if (len >= size) {
        len = heng_utf8_cut(text, size - 1);
    }
    memmove(field, text, len);
    field[len] = '\0';
}

heng_status heng_error_set(heng_error *reterr, heng_status status, const char *place,
                           heng_pos pos, const char *format, ...) {
    if (reterr == NULL)
        return status;

    /* The arguments may point into `reterr` itself, so format aside first; one byte
     * more than fits, so that a cut is seen and made at a boundary. */
    char text[HENG_ERROR_TEXT_BYTES + 1];
    va_list args;
    va_start(args, format);
    int len = vsnprintf(text, sizeof text, format, args);
    va_end(args);
    if (len < 0) {
        text[0] = '\0';
    }

    reterr->status = status;
    reterr->pos = pos;
    copy_cut(reterr->place, sizeof reterr->place, place == NULL ? "" : place);
    copy_cut(reterr->text, sizeof reterr->text, text);
    return status;
}

heng_status heng_error_nomem(heng_error *reterr) {
    return heng_error_set(reterr, HENG_ERR_NOMEM, NULL, (heng_pos){0, 0},
                          "out of memory");
}

size_t heng_error_format(const heng_error *error, char *buffer, size_t size) {
    enum { NUMBERS_BYTES = 48 };
    char whole[HENG_ERROR_PLACE_BYTES + HENG_ERROR_TEXT_BYTES + NUMBERS_BYTES];
    char pos[NUMBERS_BYTES] = "";
    if (error->pos.line != 0 && error->pos.col != 0) {
        (void)snprintf(pos, sizeof pos, "%zu:%zu", error->pos.line, error->pos.col);
    } else if (error->pos.line != 0) {
        (void)snprintf(pos, sizeof pos, "%zu", error->pos.line);
    }
    int len =
        snprintf(whole, sizeof whole, "%s%s%s%s%s", error->place,
                 error->place[0] != '\0' && pos[0] != '\0' ? ":" : "", pos,
                 error->place[0] != '\0' || pos[0] != '\0' ? ": " : "", error->text);
    if (len < 0) {
        whole[0] = '\0';
        len = 0;
    }
    if (size > 0) {
        copy_cut(buffer, size, whole);
    }
    return (size_t)len;
}
