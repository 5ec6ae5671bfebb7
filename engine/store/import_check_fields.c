/* SPDX-License-Identifier: Apache-2.0 */
/* import_check_fields.c: what the value of a field must keep, whichever line it is of;
 * and how a fault in it is told. */
#include "store/import_check_parts.h"

#include <stdarg.h>
#include <stdio.h>

#include "base/limits.h"
#include "model/identity.h"

/* ---- faults ---- */

heng_status heng_check_fail(heng_check *check, const char *field, size_t at,
                            const char *format, ...) {
    char text[1024];
    va_list args;
    va_start(args, format);
    (void)vsnprintf(text, sizeof text, format, args);
    va_end(args);
    return heng_line_fail(check->fault, check->arena, check->line->text, field, at,
                          "%s", text);
}

const char *heng_check_quote(heng_check *check, heng_str text) {
    const char *quoted = heng_line_quote(check->arena, text);
    return quoted == NULL ? "" : quoted;
}

const char *heng_check_suggest(heng_check *check, heng_str word, const heng_str *known,
                               size_t count) {
    const char *text = heng_line_suggest(check->arena, word, known, count);
    return text == NULL ? "" : text;
}

static const char *form_text(heng_line_form form) {
    switch (form) {
    case HENG_LINE_ABSENT:
        return "nothing";
    case HENG_LINE_TEXT:
    case HENG_LINE_BARE:
        return "a text";
    case HENG_LINE_NUMBER:
        return "a number";
    case HENG_LINE_TRUE:
    case HENG_LINE_FALSE:
        return "a bool";
    case HENG_LINE_NULL:
        return "null; leave the key out where there is no value";
    case HENG_LINE_LIST:
        return "a list";
    case HENG_LINE_OBJECT:
        return "an object";
    }
    return "?";
}

heng_status heng_check_wrong_form(heng_check *check, const char *field,
                                  const heng_line_value *value, const char *expected) {
    return heng_check_fail(check, field, value->at, "expected %s, found %s", expected,
                           form_text(value->form));
}

/* ---- values of any field ---- */

heng_status heng_check_text(heng_check *check, const char *field,
                            const heng_line_value *value, size_t limit,
                            const char *expected) {
    if (!heng_check_is_text(value))
        return heng_check_wrong_form(check, field, value, expected);
    if (value->text.len > limit)
        return heng_check_fail(check, field, value->at,
                               "%zu bytes are over the limit of %zu", value->text.len,
                               limit);
    return HENG_OK;
}

heng_status heng_check_date(heng_check *check, const char *field,
                            const heng_line_value *value, heng_date *ret_date) {
    if (!heng_check_is_text(value))
        return heng_check_wrong_form(check, field, value,
                                     "a date such as \"2024-03-15\"");
    if (!heng_date_parse(value->text, ret_date))
        return heng_check_fail(
            check, field, value->at,
            "`%s` is no day from 1900-01-01 to 2200-12-31, written YYYY-MM-DD",
            heng_check_quote(check, value->text));
    return HENG_OK;
}

heng_status heng_check_required_text(heng_check *check, heng_line_key key, size_t limit,
                                     heng_str *ret_text) {
    const heng_line_value *value = heng_check_value(check, key);
    const char *field = heng_line_word(key);
    if (value->form == HENG_LINE_ABSENT)
        return heng_check_fail(check, field, HENG_LINE_NOWHERE, "is missing");
    heng_status status = heng_check_text(check, field, value, limit, "a text");
    if (status != HENG_OK)
        return status;
    if (value->text.len == 0)
        return heng_check_fail(check, field, value->at, "is empty");
    *ret_text = value->text;
    return HENG_OK;
}

heng_status heng_check_optional_text(heng_check *check, heng_line_key key,
                                     heng_str *ret_text) {
    const heng_line_value *value = heng_check_value(check, key);
    if (value->form == HENG_LINE_ABSENT)
        return HENG_OK;
    heng_status status = heng_check_text(check, heng_line_word(key), value,
                                         HENG_LIMIT_TEXT_BYTES, "a text");
    if (status == HENG_OK) {
        *ret_text = value->text;
    }
    return status;
}

heng_status heng_check_optional_date(heng_check *check, heng_line_key key,
                                     heng_date *ret_date) {
    const heng_line_value *value = heng_check_value(check, key);
    return value->form == HENG_LINE_ABSENT
               ? HENG_OK
               : heng_check_date(check, heng_line_word(key), value, ret_date);
}

heng_status heng_check_word(heng_check *check, heng_line_key key,
                            heng_vocabulary vocabulary, int *ret_value) {
    enum { MOST_WORDS = 16 };
    const heng_line_value *value = heng_check_value(check, key);
    const heng_words *words = heng_kind_words(vocabulary);
    if (!heng_check_is_text(value))
        return heng_check_wrong_form(check, heng_line_word(key), value, "a text");
    if (heng_kind_find(vocabulary, value->text, ret_value))
        return HENG_OK;
    heng_str known[MOST_WORDS];
    size_t count = 0;
    for (size_t i = 0; i < words->count && count < MOST_WORDS; i++) {
        known[count++] = heng_str_of(words->items[i].word);
    }
    return heng_check_fail(check, heng_line_word(key), value->at, "`%s` is no %s%s",
                           heng_check_quote(check, value->text), words->what,
                           heng_check_suggest(check, value->text, known, count));
}

/* ---- ids ---- */

heng_status heng_check_warn(heng_check *check, const char *field, const char *format,
                            ...) {
    char text[512];
    va_list args;
    va_start(args, format);
    (void)vsnprintf(text, sizeof text, format, args);
    va_end(args);
    heng_import_warning *warning = heng_arena_alloc(check->arena, sizeof *warning);
    if (warning == NULL)
        return HENG_ERR_NOMEM;
    *warning =
        (heng_import_warning){.next = *check->warnings, .text = check->line->text};
    heng_status status =
        heng_line_fail(&warning->fault, check->arena, check->line->text, field,
                       HENG_LINE_NOWHERE, "%s", text);
    if (status != HENG_ERR_INVALID)
        return status;
    *check->warnings = warning;
    return HENG_OK;
}

/* `kind` 0: not known, so any form will do. */
static heng_status check_id(heng_check *check, const char *field,
                            const heng_line_value *value, int kind, heng_str *ret_id) {
    const char *reason =
        "expected a unified social credit code, an identity number, or "
        "an opaque id such as `P-1`";
    bool digits = true;
    heng_status status = heng_check_text(
        check, field, value, HENG_LIMIT_SUBJECT_ID_BYTES, "an id as a text");
    if (status != HENG_OK)
        return status;
    heng_identity_form form = heng_identity_form_of(value->text);
    if (kind == 0) {
        kind = form == HENG_IDENTITY_NUMBER ? HENG_NATURAL_PERSON : HENG_LEGAL_PERSON;
        if (form != HENG_IDENTITY_WRONG) {
            form = heng_identity_check((heng_subject_kind)kind, value->text, &reason,
                                       &digits);
        }
    } else {
        form =
            heng_identity_check((heng_subject_kind)kind, value->text, &reason, &digits);
    }
    if (form == HENG_IDENTITY_WRONG)
        return heng_check_fail(check, field, value->at, "`%s` is no id: %s",
                               heng_check_quote(check, value->text), reason);
    if (!digits) {
        status = heng_check_warn(
            check, field,
            "the check digit of `%s` is wrong; stored all the same, as some "
            "early numbers are so lawfully",
            heng_check_quote(check, value->text));
        if (status != HENG_OK)
            return status;
    }
    *ret_id = value->text;
    return HENG_OK;
}

heng_status heng_check_required_id(heng_check *check, heng_line_key key, int kind,
                                   heng_str *ret_id) {
    const heng_line_value *value = heng_check_value(check, key);
    return value->form == HENG_LINE_ABSENT
               ? heng_check_fail(check, heng_line_word(key), HENG_LINE_NOWHERE,
                                 "is missing")
               : check_id(check, heng_line_word(key), value, kind, ret_id);
}

static heng_status check_role(heng_check *check, const char *field,
                              const heng_line_value *value, uint32_t *ret_role) {
    heng_status status =
        heng_check_text(check, field, value, HENG_LIMIT_ID_BYTES, "a role as a text");
    if (status != HENG_OK)
        return status;
    if (!heng_map_get_id(&check->book->roles, value->text, ret_role))
        return heng_check_fail(
            check, field, value->at, "the ruleset has no role `%s`%s",
            heng_check_quote(check, value->text),
            heng_check_suggest(check, value->text, check->book->role_words,
                               check->book->role_word_count));
    return HENG_OK;
}

void heng_check_name_part(char field[HENG_CHECK_FIELD_BYTES], const char *list,
                          size_t index, const char *part) {
    (void)snprintf(field, HENG_CHECK_FIELD_BYTES, "%s[%zu].%s", list, index, part);
}

heng_status heng_check_link(heng_check *check, const char *list, size_t index,
                            const heng_line_link *link, uint32_t *ret_role,
                            heng_str *ret_id) {
    char field[HENG_CHECK_FIELD_BYTES];
    heng_check_name_part(field, list, index, "role");
    if (link->role.form == HENG_LINE_ABSENT)
        return heng_check_fail(check, field, link->at, "is missing");
    heng_status status = check_role(check, field, &link->role, ret_role);
    if (status != HENG_OK)
        return status;
    heng_check_name_part(field, list, index, "id");
    if (link->id.form == HENG_LINE_ABSENT)
        return heng_check_fail(check, field, link->at, "is missing");
    return check_id(check, field, &link->id, 0, ret_id);
}
