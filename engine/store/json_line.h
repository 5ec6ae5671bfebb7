/* SPDX-License-Identifier: Apache-2.0 */
/*
 * json_line.h: reads the JSON of one line, strictly as RFC 8259 has it, without a tree.
 *
 * By hand, because import lives from it: a general parser builds a tree of every line
 * and throws it away (jansson takes about 5 us a line of ours, this well under 1), and
 * does not say where in the line a value that has the wrong type stood.
 */
#ifndef HENG_STORE_JSON_LINE_H
#define HENG_STORE_JSON_LINE_H

#include <stdbool.h>
#include <stddef.h>

#include "heng/arena.h"
#include "heng/error.h"
#include "store/line.h"

/** A place in a line, and where faults go. */
typedef struct heng_json_line {
    heng_str line;
    size_t at;
    heng_arena *arena; /* for texts that have escapes */
    heng_line_fault *fault;
    const char *field; /* named in faults */
} heng_json_line;

/** Begins at the first byte. HENG_ERR_INVALID where the line is not UTF-8. */
heng_status heng_json_line_start(heng_json_line *json, heng_str line, heng_arena *arena,
                                 heng_line_fault *fault) HENG_NODISCARD;

/** Takes `c`, which must come next but for spaces. `what` says what for. */
heng_status heng_json_line_take(heng_json_line *json, char c,
                                const char *what) HENG_NODISCARD;

/** Takes `c` if it comes next but for spaces. */
bool heng_json_line_skip(heng_json_line *json, char c);

/** The next character but for spaces; NUL at the end. */
char heng_json_line_peek(heng_json_line *json);

/** A string; its text. */
heng_status heng_json_line_text(heng_json_line *json,
                                heng_str *ret_text) HENG_NODISCARD;

/** Any value. Of objects and lists only the form is kept, and what is in them checked
 * for grammar. */
heng_status heng_json_line_value(heng_json_line *json,
                                 heng_line_value *ret_value) HENG_NODISCARD;

/** A fault at the byte `at`. Returns HENG_ERR_INVALID or HENG_ERR_NOMEM. */
heng_status heng_json_line_fail(heng_json_line *json, size_t at, const char *text);

#endif
