/* SPDX-License-Identifier: Apache-2.0 */
/* intake.c: cutting input into lines (for CSV: rows), and parsing a batch of them. */
#include "store/intake.h"

#include <string.h>

#include "base/alloc.h"
#include "base/limits.h"
#include "base/utf8.h"
#include "model/flat.h"
#include "store/import_json.h"

/* Holds the longest line and a read beside it. */
enum { READ_BYTES = 256 << 10 };
#define BUFFER_BYTES (HENG_LIMIT_LINE_BYTES + 3 + READ_BYTES)

/* Items are given room in steps of so many. */
enum { ITEMS_STEP = 4096 };

/* What is shown of a line that is too long. */
enum { SHOWN_BYTES = 200 };

static const heng_pos NOWHERE = {0, 0};

/* ---- input ---- */

/* Moves what is left to the front and reads more. */
static heng_status refill(heng_intake_input *input, heng_error *reterr) {
    if (input->start > 0) {
        memmove(input->buffer, input->buffer + input->start, input->end - input->start);
        input->end -= input->start;
        input->start = 0;
    }
    /* No more at once than is needed: memory that was never written to costs nothing.
     */
    size_t room = BUFFER_BYTES - input->end;
    size_t most = room < READ_BYTES ? room : READ_BYTES;
    size_t got = input->read(input->context, input->buffer + input->end, most);
    if (got == SIZE_MAX || got > most)
        return heng_error_set(reterr, HENG_ERR_IO, input->name, NOWHERE,
                              "cannot read the input");
    input->at_end = got == 0;
    input->end += got;
    return HENG_OK;
}

/* Where the line at `start` ends: after its line feed. Rows of CSV may hold line feeds
 * within quotes, whose number is then odd. False where the buffer has no end of it. */
static bool find_end(const heng_intake_input *input, size_t *ret_end) {
    const char *bytes = input->buffer;
    size_t at = input->start;
    bool quoted = false;
    while (at < input->end) {
        const char *feed = memchr(bytes + at, '\n', input->end - at);
        size_t stop = feed == NULL ? input->end : (size_t)(feed - bytes);
        const char *quote;
        while (input->csv && at < stop &&
               (quote = memchr(bytes + at, '"', stop - at)) != NULL) {
            quoted = !quoted;
            at = (size_t)(quote - bytes) + 1;
        }
        if (feed == NULL)
            return false;
        at = stop + 1;
        if (!quoted) {
            *ret_end = at;
            return true;
        }
    }
    return false;
}

static size_t count_feeds(const char *bytes, size_t len) {
    size_t count = 0;
    const char *end = bytes + len;
    while ((bytes = memchr(bytes, '\n', (size_t)(end - bytes))) != NULL) {
        count++;
        bytes++;
    }
    return count;
}

/* Skips a line that does not fit: to its first line feed, quotes or not, so that a
 * quote that is never closed costs one row and not the file. */
static heng_status skip_long(heng_intake_input *input, heng_error *reterr) {
    for (;;) {
        const char *feed =
            memchr(input->buffer + input->start, '\n', input->end - input->start);
        if (feed != NULL) {
            input->start = (size_t)(feed - input->buffer) + 1;
            input->line++;
            return HENG_OK;
        }
        input->start = input->end;
        if (input->at_end)
            return HENG_OK;
        heng_status status = refill(input, reterr);
        if (status != HENG_OK)
            return status;
    }
}

/* The next line without its line end; in the buffer, until the next call. `*ret_none`
 * at the end. */
static heng_status next_line(heng_intake_input *input, heng_intake_line *ret_line,
                             bool *ret_none, heng_error *reterr) {
    size_t end = 0;
    bool whole = find_end(input, &end);
    while (!whole && !input->at_end &&
           input->end - input->start <= HENG_LIMIT_LINE_BYTES + 2) {
        heng_status status = refill(input, reterr);
        if (status != HENG_OK)
            return status;
        whole = find_end(input, &end);
    }
    if (!whole) {
        end = input->end; /* the last line may lack its line feed */
    }
    *ret_none = end == input->start;
    const char *start = input->buffer + input->start;
    heng_str text = {start, end - input->start};
    while (text.len > 0 &&
           (start[text.len - 1] == '\n' || start[text.len - 1] == '\r')) {
        text.len--;
    }
    *ret_line = (heng_intake_line){.text = text, .number = input->line};
    if (text.len > HENG_LIMIT_LINE_BYTES || (!whole && !input->at_end)) {
        ret_line->too_long = true;
        ret_line->text.len = heng_utf8_cut(start, SHOWN_BYTES);
        return HENG_OK; /* the caller copies it, then skips */
    }
    input->line += count_feeds(start, end - input->start);
    input->start = end;
    return HENG_OK;
}

static bool is_blank(heng_str text) {
    for (size_t i = 0; i < text.len; i++) {
        if (text.ptr[i] != ' ' && text.ptr[i] != '\t')
            return false;
    }
    return true;
}

/* Skips a byte order mark and blank lines; says by the first character what it is. */
static heng_status find_format(heng_intake_input *input, heng_error *reterr) {
    static const char MARK[] = "\xEF\xBB\xBF";
    heng_status status = refill(input, reterr);
    while (status == HENG_OK && !input->at_end && input->end < sizeof MARK - 1) {
        status = refill(input, reterr);
    }
    if (status != HENG_OK)
        return status;
    if (input->end >= 3 && memcmp(input->buffer, MARK, 3) == 0) {
        input->start = 3;
    }
    for (;;) {
        while (input->start < input->end) {
            char c = input->buffer[input->start];
            if (c != ' ' && c != '\t' && c != '\r' && c != '\n') {
                input->csv = c != '{';
                return HENG_OK;
            }
            input->line += c == '\n' ? 1 : 0;
            input->start++;
        }
        if (input->at_end)
            return HENG_OK;
        status = refill(input, reterr);
        if (status != HENG_OK)
            return status;
    }
}

heng_status heng_intake_start(heng_intake_input *input, heng_error *reterr) {
    enum { HEADER_ARENA_BYTES = 8 << 20 };
    input->line = 1;
    input->buffer = heng_alloc(BUFFER_BYTES);
    input->arena = heng_arena_new(HEADER_ARENA_BYTES);
    if (input->buffer == NULL || input->arena == NULL)
        return heng_error_nomem(reterr);
    heng_status status = find_format(input, reterr);
    if (status != HENG_OK || !input->csv)
        return status;
    heng_intake_line header;
    bool none = false;
    status = next_line(input, &header, &none, reterr);
    if (status != HENG_OK || none)
        return status;
    if (header.too_long) {
        return heng_error_set(reterr, HENG_ERR_INVALID, input->name, NOWHERE,
                              "is neither NDJSON nor CSV: its first line is over the "
                              "limit of %zu bytes",
                              HENG_LIMIT_LINE_BYTES);
    }
    return heng_import_csv_header(header.text, input->name, input->arena,
                                  &input->header, reterr);
}

void heng_intake_stop(heng_intake_input *input) {
    heng_alloc_free(input->buffer);
    heng_arena_free(input->arena);
    input->buffer = NULL;
    input->arena = NULL;
}

/* ---- batches ---- */

heng_status heng_intake_init(heng_intake *intake) {
    *intake = (heng_intake){0};
    intake->arena = heng_arena_new(SIZE_MAX / 2);
    intake->scratch = heng_arena_new(SIZE_MAX / 2);
    if (intake->arena != NULL && intake->scratch != NULL)
        return HENG_OK;
    heng_intake_done(intake);
    return HENG_ERR_NOMEM;
}

void heng_intake_drop_lines(heng_intake *intake) {
    heng_alloc_free(intake->bytes);
    if (intake->line_room > 0) {
        heng_alloc_free(intake->lines);
    }
    intake->bytes = NULL;
    intake->lines = NULL;
    intake->used = intake->room = 0;
    intake->line_count = intake->line_room = 0;
}

void heng_intake_done(heng_intake *intake) {
    heng_intake_drop_lines(intake);
    heng_arena_free(intake->arena);
    heng_arena_free(intake->scratch);
    *intake = (heng_intake){0};
}

void heng_intake_clear(heng_intake *intake) {
    intake->used = 0;
    intake->line_count = 0;
    intake->item_count = 0;
    intake->reject_count = 0;
    intake->warnings = NULL;
    heng_arena_reset(intake->arena);
}

void heng_intake_cut(heng_intake *intake, heng_intake *tail, size_t count) {
    heng_intake_clear(tail);
    intake->line_count -= count;
    tail->lines = intake->lines + intake->line_count;
    tail->line_count = count;
}

/* Copies the line. Texts are found by their offsets until the batch is full, because
 * the bytes may move. */
static heng_status keep(heng_intake *intake, const heng_intake_line *line) {
    if (intake->line_count == intake->line_room) {
        size_t room = intake->line_room == 0 ? 64 : intake->line_room * 2;
        heng_intake_line *lines = heng_alloc_resize(intake->lines, room, sizeof *lines);
        if (lines == NULL)
            return HENG_ERR_NOMEM;
        intake->lines = lines;
        intake->line_room = room;
    }
    if (line->text.len > intake->room - intake->used) {
        size_t room = intake->room == 0 ? 4096 : intake->room * 2;
        while (room - intake->used < line->text.len) {
            room *= 2;
        }
        char *bytes = heng_alloc_resize(intake->bytes, room, 1);
        if (bytes == NULL)
            return HENG_ERR_NOMEM;
        intake->bytes = bytes;
        intake->room = room;
    }
    if (line->text.len > 0) {
        memcpy(intake->bytes + intake->used, line->text.ptr, line->text.len);
    }
    intake->used += line->text.len;
    intake->lines[intake->line_count++] = *line;
    return HENG_OK;
}

heng_status heng_intake_fill(heng_intake *intake, heng_intake_input *input,
                             size_t most_lines, heng_error *reterr) {
    heng_intake_clear(intake);
    while (intake->line_count < most_lines && intake->used < HENG_INTAKE_BYTES) {
        heng_intake_line line;
        bool none = false;
        heng_status status = next_line(input, &line, &none, reterr);
        if (status != HENG_OK)
            return status;
        if (none)
            break;
        if (is_blank(line.text))
            continue;
        if (keep(intake, &line) != HENG_OK)
            return heng_error_nomem(reterr);
        if (line.too_long) {
            status = skip_long(input, reterr);
            if (status != HENG_OK)
                return status;
        }
    }
    const char *at = intake->bytes;
    for (size_t i = 0; i < intake->line_count; i++) {
        intake->lines[i].text.ptr = at;
        at += intake->lines[i].text.len;
    }
    return HENG_OK;
}

/* What a line says. Texts and bytes live in the line and `arena`. */
static heng_status read_line(heng_intake *intake, const heng_intake_input *input,
                             const heng_codebook *book, const heng_intake_line *line,
                             heng_arena *arena, heng_item *ret_item,
                             heng_line_fault *fault) {
    heng_line parsed;
    if (line->too_long)
        return heng_line_fail(
            fault, arena, line->text, "", HENG_LINE_NOWHERE,
            input->csv ? "the row is over the limit of %zu bytes; is a quote "
                         "never closed?"
                       : "the line is over the limit of %zu bytes",
            HENG_LIMIT_LINE_BYTES);
    heng_status status =
        input->csv
            ? heng_import_csv_read(&input->header, line->text, arena, &parsed, fault)
            : heng_import_json_read(line->text, arena, &parsed, fault);
    return status == HENG_OK ? heng_import_check(book, &parsed, arena, ret_item,
                                                 &intake->warnings, fault)
                             : status;
}

static bool keep_text(heng_arena *arena, heng_str line, heng_str *text) {
    uintptr_t at = (uintptr_t)text->ptr;
    uintptr_t start = (uintptr_t)line.ptr;
    if (text->len == 0 || (at >= start && at - start < line.len))
        return true;
    *text = heng_arena_dup_str(arena, *text);
    return text->ptr != NULL;
}

/* Takes the item out of what was needed to understand its line, which is more. */
static heng_status keep_item(heng_intake *intake, heng_str line, heng_item *item) {
    heng_arena *arena = intake->arena;
    if (item->bytes != NULL) {
        size_t len = heng_flat_u32(item->bytes);
        uint8_t *bytes = heng_arena_alloc(arena, len);
        if (bytes == NULL)
            return HENG_ERR_NOMEM;
        memcpy(bytes, item->bytes, len);
        item->bytes = bytes;
    }
    return keep_text(arena, line, &item->subject) &&
                   keep_text(arena, line, &item->record)
               ? HENG_OK
               : HENG_ERR_NOMEM;
}

static heng_status parse_line(heng_intake *intake, const heng_intake_input *input,
                              const heng_codebook *book, const heng_intake_line *line,
                              heng_line_fault *fault) {
    heng_item *item = &intake->items[intake->item_count];
    heng_import_warning *before = intake->warnings;
    heng_arena_reset(intake->scratch);
    heng_status status =
        read_line(intake, input, book, line, intake->scratch, item, fault);
    if (status == HENG_OK && intake->warnings == before) {
        status = keep_item(intake, line->text, item);
    } else if (status == HENG_OK || status == HENG_ERR_INVALID) {
        /* Few lines are wrong or odd. What is said of them stays: read once more. */
        intake->warnings = before;
        status = read_line(intake, input, book, line, intake->arena, item, fault);
    }
    if (status != HENG_OK) {
        intake->warnings = before; /* its rejection says enough */
        return status;
    }
    for (heng_import_warning *at = intake->warnings; at != before; at = at->next) {
        at->line = line->number;
    }
    item->line = line->number;
    intake->item_count++;
    return HENG_OK;
}

void heng_intake_parse(heng_intake *intake, const heng_intake_input *input,
                       const heng_codebook *book) {
    size_t count = intake->line_count;
    size_t reject_room = 0;
    /* Of about the same size each time: a block of the arena that is a little too small
     * is given back for another, which leaves holes in the heap. */
    size_t room = count < ITEMS_STEP ? count : (count / ITEMS_STEP + 1) * ITEMS_STEP;
    intake->items = heng_arena_alloc(intake->arena, room * sizeof *intake->items);
    intake->status = intake->items == NULL ? HENG_ERR_NOMEM : HENG_OK;
    for (size_t i = 0; i < count && intake->status == HENG_OK; i++) {
        const heng_intake_line *line = &intake->lines[i];
        heng_line_fault fault = {"", ""};
        heng_status status = parse_line(intake, input, book, line, &fault);
        if (status != HENG_ERR_INVALID) {
            intake->status = status;
            continue;
        }
        if (intake->reject_count == reject_room) {
            size_t grown = reject_room == 0 ? 16 : reject_room * 2;
            heng_intake_reject *rejects =
                heng_arena_alloc(intake->arena, grown * sizeof *rejects);
            if (rejects == NULL) {
                intake->status = HENG_ERR_NOMEM;
                continue;
            }
            if (reject_room > 0) {
                memcpy(rejects, intake->rejects, reject_room * sizeof *rejects);
            }
            intake->rejects = rejects;
            reject_room = grown;
        }
        intake->rejects[intake->reject_count++] =
            (heng_intake_reject){fault, line->text, line->number};
    }
}
