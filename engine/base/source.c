/* SPDX-License-Identifier: Apache-2.0 */
/*
 * source.c: a text and the offsets at which its lines start.
 *
 * Lines end with LF, CR LF or CR, as in YAML. A byte order mark belongs to no line:
 * editors do not show it, and libyaml does not count it.
 */
#include "heng/source.h"

#include <stdbool.h>

#include "base/alloc.h"
#include "base/utf8.h"

struct heng_source {
    char *name; /* owned */
    char *text; /* owned: `len` bytes, then a NUL so that a debugger can print it */
    size_t len;
    size_t *lines; /* owned: offset of the first byte of each line, ascending */
    size_t line_count;
};

static const heng_pos NOWHERE = {0, 0}; /* the failure is about the file as a whole */
static const char BYTE_ORDER_MARK[] = "\xEF\xBB\xBF";

/* Whether the byte at `at` is the last one of a line end. */
static bool ends_line(const char *text, size_t len, size_t at) {
    if (text[at] == '\n')
        return true;
    return text[at] == '\r' && (at + 1 == len || text[at + 1] != '\n');
}

static bool index_lines(heng_source *source) {
    size_t count = 1;
    for (size_t i = 0; i < source->len; i++) {
        count += ends_line(source->text, source->len, i);
    }
    source->lines = heng_alloc_resize(NULL, count, sizeof *source->lines);
    if (source->lines == NULL)
        return false;

    size_t mark = sizeof BYTE_ORDER_MARK - 1;
    bool marked =
        source->len >= mark && memcmp(source->text, BYTE_ORDER_MARK, mark) == 0;
    source->lines[0] = marked ? mark : 0;
    source->line_count = 1;
    for (size_t i = 0; i < source->len; i++) {
        if (ends_line(source->text, source->len, i)) {
            source->lines[source->line_count++] = i + 1;
        }
    }
    return true;
}

heng_status heng_source_new(const char *name, const char *bytes, size_t len,
                            heng_source **ret_source, heng_error *reterr) {
    heng_status status = HENG_ERR_NOMEM; /* what every early `goto out` means */
    heng_source *source = NULL;

    if (len > HENG_SOURCE_MAX) {
        return heng_error_set(
            reterr, HENG_ERR_LIMIT, name, NOWHERE,
            "%zu bytes is over the limit of %zu; split the file into several", len,
            HENG_SOURCE_MAX);
    }

    source = heng_alloc_zero(1, sizeof *source);
    if (source == NULL)
        goto out;
    source->name = heng_alloc_dup(name, strlen(name));
    source->text = heng_alloc_dup(bytes, len);
    source->len = len;
    if (source->name == NULL || source->text == NULL || !index_lines(source))
        goto out;

    size_t bad = heng_utf8_valid_prefix(source->text, len);
    if (bad < len) {
        status = heng_error_set(reterr, HENG_ERR_INVALID, name,
                                heng_source_locate(source, bad),
                                "byte 0x%02x is not UTF-8; save the file as UTF-8",
                                (unsigned char)bytes[bad]);
        goto out;
    }

    *ret_source = source;
    source = NULL; /* handed to the caller */
    status = HENG_OK;
out:
    if (status == HENG_ERR_NOMEM) {
        (void)heng_error_set(reterr, status, name, NOWHERE, "out of memory");
    }
    heng_source_free(source); /* takes NULL and half-built sources */
    return status;
}

void heng_source_free(heng_source *source) {
    if (source == NULL)
        return;
    heng_alloc_free(source->name);
    heng_alloc_free(source->text);
    heng_alloc_free(source->lines);
    heng_alloc_free(source);
}

const char *heng_source_name(const heng_source *source) {
    return source->name;
}

heng_str heng_source_text(const heng_source *source) {
    return (heng_str){source->text, source->len};
}

heng_pos heng_source_locate(const heng_source *source, size_t offset) {
    if (offset > source->len) {
        offset = source->len;
    }
    size_t low = 0; /* INVARIANT: line `low` starts at or before `offset` */
    size_t high = source->line_count;
    while (high - low > 1) {
        size_t middle = low + (high - low) / 2;
        if (source->lines[middle] <= offset) {
            low = middle;
        } else {
            high = middle;
        }
    }
    size_t start = source->lines[low];
    if (offset < start) /* inside the byte order mark */
        return (heng_pos){1, 1};
    return (heng_pos){low + 1,
                      heng_utf8_count(source->text + start, offset - start) + 1};
}

heng_str heng_source_line(const heng_source *source, size_t line) {
    if (line == 0 || line > source->line_count)
        return HENG_STR("");
    size_t start = source->lines[line - 1];
    size_t end = line < source->line_count ? source->lines[line] : source->len;
    if (line < source->line_count) { /* only then is there a line end to leave out */
        bool two = source->text[end - 1] == '\n' && end - start >= 2 &&
                   source->text[end - 2] == '\r';
        end -= two ? 2 : 1;
    }
    return (heng_str){source->text + start, end - start};
}

size_t heng_source_offset(const heng_source *source, heng_pos pos) {
    if (pos.line == 0)
        return 0;
    if (pos.line > source->line_count)
        return source->len;
    heng_str line = heng_source_line(source, pos.line);
    size_t at = 0;
    for (size_t col = 1; col < pos.col && at < line.len; col++) {
        uint32_t code;
        size_t step = heng_utf8_decode(line.ptr + at, line.len - at, &code);
        at += step == 0 ? 1 : step;
    }
    return source->lines[pos.line - 1] + at;
}
