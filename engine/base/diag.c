/* SPDX-License-Identifier: Apache-2.0 */
/*
 * diag.c: collecting problems, and printing one with its line.
 *
 * What is printed quotes files and arguments that somebody else wrote, so control
 * characters, and those that turn the direction of text, are shown as U+FFFD.
 */
#include "heng/diag.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/alloc.h"
#include "base/limits.h"
#include "base/utf8.h"
#include "heng/arena.h"

/* All texts at their longest: message, second place, help and place of each. */
#define TEXTS_MAX ((HENG_LIMIT_DIAG_TEXT_BYTES + 64) * 4 * HENG_DIAGS_MAX)

struct heng_diags {
    heng_arena *texts; /* owned */
    size_t count;
    size_t error_count;
    heng_diag
        *last; /* what heng_diags_also and _help add to; NULL: dropped or sorted */
    bool failed;
    heng_source **sources; /* owned, and so is each: what the spans point into */
    size_t source_count;
    size_t source_room;
    heng_diag list[HENG_DIAGS_MAX];
};

heng_diags *heng_diags_new(void) {
    heng_diags *diags = heng_alloc_zero(1, sizeof *diags);
    if (diags == NULL)
        return NULL;
    diags->texts = heng_arena_new(TEXTS_MAX);
    if (diags->texts == NULL) {
        heng_alloc_free(diags);
        return NULL;
    }
    return diags;
}

void heng_diags_free(heng_diags *diags) {
    if (diags == NULL)
        return;
    for (size_t i = 0; i < diags->source_count; i++) {
        heng_source_free(diags->sources[i]);
    }
    heng_alloc_free(diags->sources);
    heng_arena_free(diags->texts);
    heng_alloc_free(diags);
}

bool heng_diags_keep_source(heng_diags *diags, heng_source *source) {
    if (diags->source_count == diags->source_room) {
        size_t room = diags->source_room == 0 ? 16 : diags->source_room * 2;
        heng_source **sources =
            heng_alloc_resize(diags->sources, room, sizeof(heng_source *));
        if (sources == NULL)
            return false;
        diags->sources = sources;
        diags->source_room = room;
    }
    diags->sources[diags->source_count++] = source;
    return true;
}

static const char *copy_text(heng_diags *diags, const char *text) {
    if (text == NULL)
        return NULL;
    size_t len = strlen(text);
    if (len > HENG_LIMIT_DIAG_TEXT_BYTES) {
        len = heng_utf8_cut(text, HENG_LIMIT_DIAG_TEXT_BYTES);
    }
    const char *copy = heng_arena_dup(diags->texts, text, len);
    if (copy == NULL) {
        diags->failed = true;
    }
    return copy;
}

void heng_diags_add(heng_diags *diags, const heng_diag *diag) {
    diags->last = NULL;
    if (diag->severity == HENG_SEVERITY_ERROR) {
        diags->error_count++;
    }
    if (diags->count == HENG_DIAGS_MAX)
        return;

    heng_diag copy = *diag;
    copy.message = copy_text(diags, diag->message);
    copy.place = copy_text(diags, diag->place);
    copy.also = copy_text(diags, diag->also);
    copy.help = copy_text(diags, diag->help);
    if (copy.message == NULL)
        return; /* out of memory, which copy_text remembered; or a caller's bug */
    diags->last = &diags->list[diags->count++];
    *diags->last = copy;
}

void heng_diags_error(heng_diags *diags, uint32_t code, heng_span span,
                      const char *format, ...) {
    char message[HENG_LIMIT_DIAG_TEXT_BYTES + HENG_UTF8_BYTES_MAX];
    va_list args;
    va_start(args, format);
    int len = vsnprintf(message, sizeof message, format, args);
    va_end(args);
    if (len < 0) {
        message[0] = '\0';
    }
    heng_diags_add(diags, &(heng_diag){.severity = HENG_SEVERITY_ERROR,
                                       .code = code,
                                       .span = span,
                                       .message = message});
}

void heng_diags_also(heng_diags *diags, heng_span span, const char *text) {
    if (diags->last == NULL)
        return;
    diags->last->also_span = span;
    diags->last->also = copy_text(diags, text);
}

void heng_diags_help(heng_diags *diags, const char *format, ...) {
    char help[HENG_LIMIT_DIAG_TEXT_BYTES + HENG_UTF8_BYTES_MAX];
    if (diags->last == NULL)
        return;
    va_list args;
    va_start(args, format);
    int len = vsnprintf(help, sizeof help, format, args);
    va_end(args);
    if (len < 0) {
        help[0] = '\0';
    }
    diags->last->help = copy_text(diags, help);
}

static const char *place_of(const heng_diag *diag) {
    if (diag->span.source != NULL)
        return heng_source_name(diag->span.source);
    return diag->place == NULL ? "" : diag->place;
}

static bool comes_before(const heng_diag *a, const heng_diag *b) {
    int order = strcmp(place_of(a), place_of(b));
    if (order != 0)
        return order < 0;
    size_t a_start = a->span.source == NULL ? 0 : a->span.start;
    size_t b_start = b->span.source == NULL ? 0 : b->span.start;
    if (a_start != b_start)
        return a_start < b_start;
    return a->code < b->code;
}

void heng_diags_sort(heng_diags *diags) {
    diags->last = NULL; /* it moves */
    for (size_t i = 1; i < diags->count; i++) {
        heng_diag moving = diags->list[i];
        size_t at = i;
        for (; at > 0 && comes_before(&moving, &diags->list[at - 1]); at--) {
            diags->list[at] = diags->list[at - 1];
        }
        diags->list[at] = moving;
    }
}

size_t heng_diags_count(const heng_diags *diags) {
    return diags->count;
}

size_t heng_diags_error_count(const heng_diags *diags) {
    return diags->error_count;
}

const heng_diag *heng_diags_get(const heng_diags *diags, size_t index) {
    assert(index < diags->count);
    return &diags->list[index];
}

bool heng_diags_failed(const heng_diags *diags) {
    return diags->failed;
}

/* Rendering. */

struct out {
    void (*write)(void *context, const char *text, size_t len);
    void *context;
    bool color;
};

static void put(const struct out *out, const char *text) {
    out->write(out->context, text, strlen(text));
}

static void paint(const struct out *out, const char *escape) {
    if (out->color) {
        put(out, escape);
    }
}

enum { TAB_CELLS = 4 };
static const char SPACES[] = "    ";

/* One character as it is printed. */
struct glyph {
    size_t step; /* bytes it takes in the text */
    size_t cells;
    const char *instead; /* NULL: print those bytes */
};

static bool is_unprintable(uint32_t code) {
    return code < 0x20 || (code >= 0x7F && code < 0xA0) ||
           (code >= 0x200E && code <= 0x200F) || (code >= 0x2028 && code <= 0x202E) ||
           (code >= 0x2066 && code <= 0x2069) || code == 0x061C || code == 0xFEFF;
}

static struct glyph glyph_at(heng_str text, size_t at) {
    uint32_t code = 0;
    size_t step = heng_utf8_decode(text.ptr + at, text.len - at, &code);
    if (step == 1 && code == '\t')
        return (struct glyph){1, TAB_CELLS, SPACES};
    if (step == 0 || is_unprintable(code))
        return (struct glyph){step == 0 ? 1 : step, 1, "\xEF\xBF\xBD"};
    return (struct glyph){step, heng_utf8_cells(code), NULL};
}

static size_t cells_of(heng_str text, size_t from, size_t to) {
    size_t cells = 0;
    while (from < to) {
        struct glyph glyph = glyph_at(text, from);
        cells += glyph.cells;
        from += glyph.step;
    }
    return cells;
}

static void put_safe(const struct out *out, heng_str text) {
    size_t from = 0; /* of a run that is printed as it is */
    size_t at = 0;
    while (at < text.len) {
        struct glyph glyph = glyph_at(text, at);
        if (glyph.instead != NULL) {
            out->write(out->context, text.ptr + from, at - from);
            put(out, glyph.instead);
            from = at + glyph.step;
        }
        at += glyph.step;
    }
    out->write(out->context, text.ptr + from, text.len - from);
}

static void put_times(const struct out *out, char c, size_t count) {
    char run[HENG_LIMIT_DIAG_LINE_CELLS];
    memset(run, c, sizeof run);
    while (count > 0) {
        size_t len = count < sizeof run ? count : sizeof run;
        out->write(out->context, run, len);
        count -= len;
    }
}

/* The part of a line that is shown: all, or where it is too long, what is around
 * `start`. */
static heng_str window_of(heng_str line, size_t start) {
    size_t first = 0;
    if (cells_of(line, 0, line.len) > HENG_LIMIT_DIAG_LINE_CELLS) {
        size_t before = cells_of(line, 0, start);
        while (before > HENG_LIMIT_DIAG_LINE_CELLS / 3) {
            struct glyph glyph = glyph_at(line, first);
            before -= glyph.cells;
            first += glyph.step;
        }
    }
    size_t last = first;
    size_t cells = 0;
    while (last < line.len) {
        struct glyph glyph = glyph_at(line, last);
        cells += glyph.cells;
        if (cells > HENG_LIMIT_DIAG_LINE_CELLS)
            break;
        last += glyph.step;
    }
    return (heng_str){line.ptr + first, last - first};
}

/* The line of a span, and carets under the part of the span that is in it. */
static void put_line(const struct out *out, heng_span span, const char *paint_escape) {
    enum { NUMBER_BYTES = 32 };
    char number[NUMBER_BYTES];
    heng_pos pos = heng_source_locate(span.source, span.start);
    heng_str line = heng_source_line(span.source, pos.line);
    size_t line_start = (size_t)(line.ptr - heng_source_text(span.source).ptr);
    size_t start = span.start < line_start ? 0 : span.start - line_start;
    if (start > line.len) { /* on the line end, or past the text */
        start = line.len;
    }
    size_t len = span.len < line.len - start ? span.len : line.len - start;

    heng_str window = window_of(line, start);
    size_t cut_before = (size_t)(window.ptr - line.ptr);
    bool cut_after = cut_before + window.len < line.len;
    size_t from = start - cut_before;
    size_t to = from + len < window.len ? from + len : window.len;
    size_t carets = cells_of(window, from, to);

    int wide = snprintf(number, sizeof number, "%5zu", pos.line);
    put(out, number);
    put(out, " | ");
    put(out, cut_before > 0 ? "…" : "");
    put_safe(out, window);
    put(out, cut_after ? "…" : "");
    put(out, "\n");
    put_times(out, ' ', wide < 0 ? 0 : (size_t)wide);
    put(out, " | ");
    put_times(out, ' ', cells_of(window, 0, from) + (cut_before > 0 ? 1 : 0));
    paint(out, paint_escape);
    put_times(out, '^', carets == 0 ? 1 : carets);
    paint(out, "\x1b[0m");
    put(out, "\n");
}

static void put_place(const struct out *out, heng_span span, const char *place) {
    enum { POS_BYTES = 64 };
    char text[POS_BYTES];
    if (span.source != NULL) {
        heng_pos pos = heng_source_locate(span.source, span.start);
        (void)snprintf(text, sizeof text, ":%zu:%zu: ", pos.line, pos.col);
        put_safe(out, heng_str_of(heng_source_name(span.source)));
        put(out, text);
    } else if (place != NULL && place[0] != '\0') {
        put_safe(out, heng_str_of(place));
        put(out, ": ");
    }
}

static const struct severity {
    const char *name;
    char letter;
    const char *escape;
} SEVERITIES[] = {
    [HENG_SEVERITY_ERROR] = {"error", 'E', "\x1b[1;31m"},
    [HENG_SEVERITY_WARNING] = {"warning", 'W', "\x1b[1;33m"},
    [HENG_SEVERITY_NOTE] = {"note", 'N', "\x1b[1;36m"},
};

void heng_diag_render(const heng_diag *diag, bool color,
                      void (*write)(void *context, const char *text, size_t len),
                      void *context) {
    enum { CODE_BYTES = 32 };
    char code[CODE_BYTES] = "";
    const struct out out = {write, context, color};
    const struct severity *severity = &SEVERITIES[diag->severity];
    const struct severity *note = &SEVERITIES[HENG_SEVERITY_NOTE];

    if (diag->code != 0) {
        (void)snprintf(code, sizeof code, "[HENG-%c%04u]", severity->letter,
                       (unsigned)diag->code);
    }
    put_place(&out, diag->span, diag->place);
    paint(&out, severity->escape);
    put(&out, severity->name);
    put(&out, code);
    paint(&out, "\x1b[0m");
    put(&out, ": ");
    put_safe(&out, heng_str_of(diag->message));
    put(&out, "\n");
    if (diag->span.source != NULL) {
        put_line(&out, diag->span, severity->escape);
    }

    if (diag->also != NULL) {
        put_place(&out, diag->also_span, NULL);
        paint(&out, note->escape);
        put(&out, note->name);
        paint(&out, "\x1b[0m");
        put(&out, ": ");
        put_safe(&out, heng_str_of(diag->also));
        put(&out, "\n");
        if (diag->also_span.source != NULL) {
            put_line(&out, diag->also_span, note->escape);
        }
    }
    if (diag->help != NULL) {
        paint(&out, note->escape);
        put(&out, "help");
        paint(&out, "\x1b[0m");
        put(&out, ": ");
        put_safe(&out, heng_str_of(diag->help));
        put(&out, "\n");
    }
}
