/* SPDX-License-Identifier: Apache-2.0 */
/*
 * import_check_parts.h: what the rules for a line share: import_check_fields.c has
 * those for the value of any field, import_check_attributes.c those for attributes,
 * import_check.c those for the types of line.
 *
 * What returns a status gives HENG_OK; HENG_ERR_INVALID with the fault; HENG_ERR_NOMEM.
 */
#ifndef HENG_STORE_IMPORT_CHECK_PARTS_H
#define HENG_STORE_IMPORT_CHECK_PARTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "heng/arena.h"
#include "heng/date.h"
#include "heng/error.h"
#include "model/catalog.h"
#include "model/flat.h"
#include "model/kind.h"
#include "store/codebook.h"
#include "store/import_check.h"
#include "store/line.h"

/* One line that is looked at. */
typedef struct heng_check {
    const heng_codebook *book;
    const heng_line *line;
    heng_arena *arena;
    heng_import_warning **warnings;
    heng_line_fault *fault;
} heng_check;

static inline bool heng_check_is_text(const heng_line_value *value) {
    return value->form == HENG_LINE_TEXT || value->form == HENG_LINE_BARE;
}

static inline const heng_line_value *heng_check_value(const heng_check *check,
                                                      heng_line_key key) {
    return &check->line->values[key];
}

/* ---- import_check_fields.c ---- */

/** Notes the fault of `field`, at an offset of the line or HENG_LINE_NOWHERE. */
heng_status heng_check_fail(heng_check *check, const char *field, size_t at,
                            const char *format, ...) HENG_PRINTF(4, 5) HENG_NODISCARD;

/** The same where the value is of another form than `expected`, such as "a list". */
heng_status heng_check_wrong_form(heng_check *check, const char *field,
                                  const heng_line_value *value,
                                  const char *expected) HENG_NODISCARD;

/** Something odd but lawful, put at the front of the warnings. */
heng_status heng_check_warn(heng_check *check, const char *field, const char *format,
                            ...) HENG_PRINTF(3, 4) HENG_NODISCARD;

/** `x`; "" stands in where memory is short, and heng_line_fail says so then. */
const char *heng_check_quote(heng_check *check, heng_str text);

/** What of `known` may have been meant, to stand behind a fault; or "". */
const char *heng_check_suggest(heng_check *check, heng_str word, const heng_str *known,
                               size_t count);

/** A text of at most `limit` bytes; it is not handed out. */
heng_status heng_check_text(heng_check *check, const char *field,
                            const heng_line_value *value, size_t limit,
                            const char *expected) HENG_NODISCARD;
heng_status heng_check_date(heng_check *check, const char *field,
                            const heng_line_value *value,
                            heng_date *ret_date) HENG_NODISCARD;

/** A text that must be there, and not be empty. */
heng_status heng_check_required_text(heng_check *check, heng_line_key key, size_t limit,
                                     heng_str *ret_text) HENG_NODISCARD;

/** What is absent leaves the output as it was. */
heng_status heng_check_optional_text(heng_check *check, heng_line_key key,
                                     heng_str *ret_text) HENG_NODISCARD;
heng_status heng_check_optional_date(heng_check *check, heng_line_key key,
                                     heng_date *ret_date) HENG_NODISCARD;

/** A word of one of the closed vocabularies. */
heng_status heng_check_word(heng_check *check, heng_line_key key,
                            heng_vocabulary vocabulary, int *ret_value) HENG_NODISCARD;

/** An id of a subject of that kind; `kind` 0: not known, so any form will do. */
heng_status heng_check_required_id(heng_check *check, heng_line_key key, int kind,
                                   heng_str *ret_id) HENG_NODISCARD;

/** Room for the name of any field. */
enum { HENG_CHECK_FIELD_BYTES = 64 + 128 };

/** `relations[2].id` */
void heng_check_name_part(char field[HENG_CHECK_FIELD_BYTES], const char *list,
                          size_t index, const char *part);

/** Role and id of a relation or party. */
heng_status heng_check_link(heng_check *check, const char *list, size_t index,
                            const heng_line_link *link, uint32_t *ret_role,
                            heng_str *ret_id) HENG_NODISCARD;

/* ---- import_check_attributes.c ---- */

/** `known`: of the category or of subjects, sorted by name; `numbers` likewise. `whose`
 * names these in faults. The drafts are in the arena. */
heng_status heng_check_attributes(heng_check *check, const heng_attribute *known,
                                  const uint32_t *numbers, size_t known_count,
                                  const char *whose,
                                  heng_flat_draft_attribute **ret_drafts,
                                  size_t *ret_count) HENG_NODISCARD;

#endif
