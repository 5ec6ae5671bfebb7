/* SPDX-License-Identifier: Apache-2.0 */
/*
 * import_check.c: every rule that a line must keep. The first that it breaks is the
 * reason for its rejection; fields are looked at in the order of the formats.
 */
#include "store/import_check.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/limits.h"
#include "heng/decimal.h"
#include "model/flat.h"
#include "model/identity.h"

struct check {
    const heng_codebook *book;
    const heng_line *line;
    heng_arena *arena;
    heng_import_warning **warnings;
    heng_line_fault *fault;
};

/* ---- faults ---- */

static heng_status fail(struct check *check, const char *field, size_t at,
                        const char *format, ...) HENG_PRINTF(4, 5);

static heng_status fail(struct check *check, const char *field, size_t at,
                        const char *format, ...) {
    char text[1024];
    va_list args;
    va_start(args, format);
    (void)vsnprintf(text, sizeof text, format, args);
    va_end(args);
    return heng_line_fail(check->fault, check->arena, check->line->text, field, at,
                          "%s", text);
}

/* `x`; "" stands in where memory is short, and heng_line_fail says so then. */
static const char *quote(struct check *check, heng_str text) {
    const char *quoted = heng_line_quote(check->arena, text);
    return quoted == NULL ? "" : quoted;
}

static const char *suggest(struct check *check, heng_str word, const heng_str *known,
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

static bool is_text(const heng_line_value *value) {
    return value->form == HENG_LINE_TEXT || value->form == HENG_LINE_BARE;
}

static heng_status wrong_form(struct check *check, const char *field,
                              const heng_line_value *value, const char *expected) {
    return fail(check, field, value->at, "expected %s, found %s", expected,
                form_text(value->form));
}

/* ---- values of any field ---- */

static heng_status check_text(struct check *check, const char *field,
                              const heng_line_value *value, size_t limit,
                              const char *expected) {
    if (!is_text(value))
        return wrong_form(check, field, value, expected);
    if (value->text.len > limit)
        return fail(check, field, value->at, "%zu bytes are over the limit of %zu",
                    value->text.len, limit);
    return HENG_OK;
}

static heng_status check_date(struct check *check, const char *field,
                              const heng_line_value *value, heng_date *ret_date) {
    if (!is_text(value))
        return wrong_form(check, field, value, "a date such as \"2024-03-15\"");
    if (!heng_date_parse(value->text, ret_date))
        return fail(check, field, value->at,
                    "`%s` is no day from 1900-01-01 to 2200-12-31, written YYYY-MM-DD",
                    quote(check, value->text));
    return HENG_OK;
}

static const heng_line_value *value_of(const struct check *check, heng_line_key key) {
    return &check->line->values[key];
}

static heng_status required_text(struct check *check, heng_line_key key, size_t limit,
                                 heng_str *ret_text) {
    const heng_line_value *value = value_of(check, key);
    const char *field = heng_line_word(key);
    if (value->form == HENG_LINE_ABSENT)
        return fail(check, field, HENG_LINE_NOWHERE, "is missing");
    heng_status status = check_text(check, field, value, limit, "a text");
    if (status != HENG_OK)
        return status;
    if (value->text.len == 0)
        return fail(check, field, value->at, "is empty");
    *ret_text = value->text;
    return HENG_OK;
}

static heng_status optional_text(struct check *check, heng_line_key key,
                                 heng_str *ret_text) {
    const heng_line_value *value = value_of(check, key);
    if (value->form == HENG_LINE_ABSENT)
        return HENG_OK;
    heng_status status =
        check_text(check, heng_line_word(key), value, HENG_LIMIT_TEXT_BYTES, "a text");
    if (status == HENG_OK) {
        *ret_text = value->text;
    }
    return status;
}

static heng_status optional_date(struct check *check, heng_line_key key,
                                 heng_date *ret_date) {
    const heng_line_value *value = value_of(check, key);
    return value->form == HENG_LINE_ABSENT
               ? HENG_OK
               : check_date(check, heng_line_word(key), value, ret_date);
}

/* A word of one of the closed vocabularies. */
static heng_status check_word(struct check *check, heng_line_key key,
                              heng_vocabulary vocabulary, int *ret_value) {
    enum { MOST_WORDS = 16 };
    const heng_line_value *value = value_of(check, key);
    const heng_words *words = heng_kind_words(vocabulary);
    if (!is_text(value))
        return wrong_form(check, heng_line_word(key), value, "a text");
    if (heng_kind_find(vocabulary, value->text, ret_value))
        return HENG_OK;
    heng_str known[MOST_WORDS];
    size_t count = 0;
    for (size_t i = 0; i < words->count && count < MOST_WORDS; i++) {
        known[count++] = heng_str_of(words->items[i].word);
    }
    return fail(check, heng_line_word(key), value->at, "`%s` is no %s%s",
                quote(check, value->text), words->what,
                suggest(check, value->text, known, count));
}

/* ---- ids ---- */

static heng_status warn(struct check *check, const char *field, const char *format, ...)
    HENG_PRINTF(3, 4);

static heng_status warn(struct check *check, const char *field, const char *format,
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
static heng_status check_id(struct check *check, const char *field,
                            const heng_line_value *value, int kind, heng_str *ret_id) {
    const char *reason =
        "expected a unified social credit code, an identity number, or "
        "an opaque id such as `P-1`";
    bool digits = true;
    heng_status status =
        check_text(check, field, value, HENG_LIMIT_SUBJECT_ID_BYTES, "an id as a text");
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
        return fail(check, field, value->at, "`%s` is no id: %s",
                    quote(check, value->text), reason);
    if (!digits) {
        status = warn(check, field,
                      "the check digit of `%s` is wrong; stored all the same, as some "
                      "early numbers are so lawfully",
                      quote(check, value->text));
        if (status != HENG_OK)
            return status;
    }
    *ret_id = value->text;
    return HENG_OK;
}

static heng_status required_id(struct check *check, heng_line_key key, int kind,
                               heng_str *ret_id) {
    const heng_line_value *value = value_of(check, key);
    return value->form == HENG_LINE_ABSENT
               ? fail(check, heng_line_word(key), HENG_LINE_NOWHERE, "is missing")
               : check_id(check, heng_line_word(key), value, kind, ret_id);
}

static heng_status check_role(struct check *check, const char *field,
                              const heng_line_value *value, uint32_t *ret_role) {
    heng_status status =
        check_text(check, field, value, HENG_LIMIT_ID_BYTES, "a role as a text");
    if (status != HENG_OK)
        return status;
    if (!heng_map_get_id(&check->book->roles, value->text, ret_role))
        return fail(check, field, value->at, "the ruleset has no role `%s`%s",
                    quote(check, value->text),
                    suggest(check, value->text, check->book->role_words,
                            check->book->role_word_count));
    return HENG_OK;
}

enum { FIELD_BYTES = 64 + 128 };

/* `relations[2].id` */
static void name_part(char field[FIELD_BYTES], const char *list, size_t index,
                      const char *part) {
    (void)snprintf(field, FIELD_BYTES, "%s[%zu].%s", list, index, part);
}

/* Role and id of a relation or party. */
static heng_status check_link(struct check *check, const char *list, size_t index,
                              const heng_line_link *link, uint32_t *ret_role,
                              heng_str *ret_id) {
    char field[FIELD_BYTES];
    name_part(field, list, index, "role");
    if (link->role.form == HENG_LINE_ABSENT)
        return fail(check, field, link->at, "is missing");
    heng_status status = check_role(check, field, &link->role, ret_role);
    if (status != HENG_OK)
        return status;
    name_part(field, list, index, "id");
    if (link->id.form == HENG_LINE_ABSENT)
        return fail(check, field, link->at, "is missing");
    return check_id(check, field, &link->id, 0, ret_id);
}

/* ---- attributes ---- */

/* `1.5e3` to `1500`: a JSON number may have an exponent, a decimal has none. */
static bool without_exponent(heng_str text, char *buffer, size_t size,
                             heng_str *ret_text) {
    size_t e = 0;
    while (e < text.len && text.ptr[e] != 'e' && text.ptr[e] != 'E') {
        e++;
    }
    if (e == text.len) {
        *ret_text = text;
        return true;
    }
    int exponent = 0;
    size_t at = e + 1;
    bool negative = at < text.len && text.ptr[at] == '-';
    at += at < text.len && (text.ptr[at] == '-' || text.ptr[at] == '+') ? 1 : 0;
    for (; at < text.len; at++) {
        exponent = exponent * 10 + (text.ptr[at] - '0');
        if (exponent > 30)
            return false; /* 64 bits hold 19 digits */
    }
    char digits[64];
    size_t count = 0;
    size_t point = 0;
    bool after = false;
    size_t first = text.ptr[0] == '-' ? 1 : 0;
    for (size_t i = first; i < e; i++) {
        if (text.ptr[i] == '.') {
            after = true;
        } else if (count == sizeof digits) {
            return false;
        } else {
            digits[count++] = text.ptr[i];
            point += after ? 0 : 1;
        }
    }
    long place = (long)point + (negative ? -exponent : exponent);
    size_t len = 0;
    if (size < sizeof digits + 64) /* sign, point, and at most 31 zeros on a side */
        return false;
    if (first == 1) {
        buffer[len++] = '-';
    }
    if (place <= 0) {
        buffer[len++] = '0';
    }
    for (long i = 0; i < place; i++) {
        buffer[len++] = i < (long)count ? digits[i] : '0';
    }
    if (place < (long)count) {
        buffer[len++] = '.';
    }
    for (long i = place; i < (long)count; i++) {
        buffer[len++] = i < 0 ? '0' : digits[i];
    }
    *ret_text = (heng_str){buffer, len};
    return true;
}

static bool parse_int(heng_str text, int64_t *ret_value) {
    size_t at = text.len > 0 && text.ptr[0] == '-' ? 1 : 0;
    if (at == text.len)
        return false;
    int64_t value = 0; /* built below zero, which reaches one further */
    for (; at < text.len; at++) {
        char c = text.ptr[at];
        if (c < '0' || c > '9' || __builtin_mul_overflow(value, 10, &value) ||
            __builtin_sub_overflow(value, c - '0', &value))
            return false;
    }
    if (text.ptr[0] != '-' && __builtin_sub_overflow((int64_t)0, value, &value))
        return false;
    *ret_value = value;
    return true;
}

static bool read_bool(const heng_line_value *value, int64_t *ret_number) {
    bool is_true = value->form == HENG_LINE_TRUE ||
                   (value->form == HENG_LINE_BARE &&
                    heng_str_equal(value->text, HENG_STR("true")));
    bool is_false = value->form == HENG_LINE_FALSE ||
                    (value->form == HENG_LINE_BARE &&
                     heng_str_equal(value->text, HENG_STR("false")));
    *ret_number = is_true ? 1 : 0;
    return is_true || is_false;
}

static heng_status check_enum(struct check *check, const char *field, size_t at,
                              const heng_attribute *attribute, heng_str text) {
    if (attribute->enum_words == NULL)
        return HENG_OK;
    for (size_t i = 0; i < attribute->enum_count; i++) {
        if (heng_str_equal(attribute->enum_words[i], text))
            return HENG_OK;
    }
    return fail(check, field, at, "`%s` is not among its values%s", quote(check, text),
                suggest(check, text, attribute->enum_words, attribute->enum_count));
}

/* Cells separate the items by `;`. */
static heng_status split_cell(struct check *check, const heng_line_value *value,
                              heng_flat_draft_attribute *draft) {
    size_t count = 1;
    for (size_t i = 0; i < value->text.len; i++) {
        count += value->text.ptr[i] == ';' ? 1 : 0;
    }
    draft->items = heng_arena_calloc(check->arena, count, sizeof *draft->items);
    if (draft->items == NULL)
        return HENG_ERR_NOMEM;
    const char *start = value->text.ptr;
    const char *end = start + value->text.len;
    while (draft->item_count < count) {
        const char *stop = memchr(start, ';', (size_t)(end - start));
        size_t len = (size_t)((stop == NULL ? end : stop) - start);
        draft->items[draft->item_count++] = (heng_str){start, len};
        start += len + 1;
    }
    return HENG_OK;
}

static heng_status check_strings(struct check *check, const char *field,
                                 const heng_attribute *attribute,
                                 const heng_line_value *value,
                                 heng_flat_draft_attribute *draft) {
    if (value->form == HENG_LINE_BARE) {
        heng_status status = split_cell(check, value, draft);
        if (status != HENG_OK)
            return status;
    } else if (value->form == HENG_LINE_LIST) {
        draft->items =
            heng_arena_calloc(check->arena, value->item_count, sizeof *draft->items);
        if (draft->items == NULL)
            return HENG_ERR_NOMEM;
        for (size_t i = 0; i < value->item_count; i++) {
            if (value->items[i].form != HENG_LINE_TEXT)
                return wrong_form(check, field, &value->items[i], "a list of texts");
            draft->items[draft->item_count++] = value->items[i].text;
        }
    } else {
        return wrong_form(check, field, value, "a list of texts");
    }
    if (draft->item_count > HENG_LIMIT_LIST_ITEMS)
        return fail(check, field, value->at, "%zu items are over the limit of %zu",
                    draft->item_count, HENG_LIMIT_LIST_ITEMS);
    for (size_t i = 0; i < draft->item_count; i++) {
        if (draft->items[i].len > HENG_LIMIT_TEXT_BYTES)
            return fail(check, field, value->at, "%zu bytes are over the limit of %zu",
                        draft->items[i].len, HENG_LIMIT_TEXT_BYTES);
        heng_status status =
            check_enum(check, field, value->at, attribute, draft->items[i]);
        if (status != HENG_OK)
            return status;
    }
    return HENG_OK;
}

static heng_status check_decimal(struct check *check, const char *field,
                                 const heng_line_value *value, int64_t *ret_number) {
    char buffer[192];
    heng_str text = value->text;
    if (!is_text(value) && value->form != HENG_LINE_NUMBER)
        return wrong_form(check, field, value, "a decimal, as a text or a number");
    if ((value->form == HENG_LINE_NUMBER &&
         !without_exponent(value->text, buffer, sizeof buffer, &text)) ||
        !heng_decimal_parse(text, ret_number))
        return fail(check, field, value->at,
                    "`%s` is no decimal with at most 4 decimals and 15 digits before "
                    "them, such as \"1250000.00\"",
                    quote(check, value->text));
    return HENG_OK;
}

static heng_status check_attribute(struct check *check, const char *field,
                                   const heng_attribute *attribute,
                                   const heng_line_value *value,
                                   heng_flat_draft_attribute *draft) {
    heng_status status = HENG_OK;
    heng_date date = 0;
    draft->type = attribute->type;
    switch (attribute->type) {
    case HENG_ATTRIBUTE_BOOL:
        return read_bool(value, &draft->number)
                   ? HENG_OK
                   : wrong_form(check, field, value, "true or false");
    case HENG_ATTRIBUTE_INT:
        if (value->form != HENG_LINE_NUMBER && value->form != HENG_LINE_BARE)
            return wrong_form(check, field, value, "an int");
        return parse_int(value->text, &draft->number)
                   ? HENG_OK
                   : fail(check, field, value->at, "`%s` is no int of 64 bits",
                          quote(check, value->text));
    case HENG_ATTRIBUTE_DECIMAL:
        return check_decimal(check, field, value, &draft->number);
    case HENG_ATTRIBUTE_DATE:
        status = check_date(check, field, value, &date);
        draft->number = date;
        return status;
    case HENG_ATTRIBUTE_STRING:
        status = check_text(check, field, value, HENG_LIMIT_TEXT_BYTES, "a text");
        draft->text = value->text;
        return status == HENG_OK
                   ? check_enum(check, field, value->at, attribute, value->text)
                   : status;
    case HENG_ATTRIBUTE_STRINGS:
        return check_strings(check, field, attribute, value, draft);
    }
    return HENG_OK;
}

/* `known`: of the category or of subjects, sorted by name; `numbers` likewise. */
static heng_status check_attributes(struct check *check, const heng_attribute *known,
                                    const uint32_t *numbers, size_t known_count,
                                    const char *whose,
                                    heng_flat_draft_attribute **ret_drafts,
                                    size_t *ret_count) {
    const heng_line *line = check->line;
    const heng_line_value *value = value_of(check, HENG_LINE_ATTRIBUTES);
    char field[FIELD_BYTES];
    if (value->form != HENG_LINE_ABSENT && value->form != HENG_LINE_OBJECT)
        return wrong_form(check, "attributes", value, "an object");
    heng_flat_draft_attribute *drafts =
        heng_arena_calloc(check->arena, line->attribute_count, sizeof *drafts);
    if (drafts == NULL)
        return HENG_ERR_NOMEM;
    size_t required = 0;
    for (size_t i = 0; i < line->attribute_count; i++) {
        const heng_line_attribute *attribute = &line->attributes[i];
        size_t at = 0;
        while (at < known_count && !heng_str_equal(known[at].name, attribute->name)) {
            at++;
        }
        if (at == known_count) {
            heng_str *names =
                heng_arena_calloc(check->arena, known_count, sizeof *names);
            for (size_t n = 0; names != NULL && n < known_count; n++) {
                names[n] = known[n].name;
            }
            const char *quoted = quote(check, attribute->name);
            return fail(check, "attributes", attribute->value.at,
                        "%s has no attribute `%s`%s", whose, quoted,
                        suggest(check, attribute->name, names,
                                names == NULL ? 0 : known_count));
        }
        (void)snprintf(field, sizeof field, "attributes.%.*s",
                       HENG_STR_ARG(attribute->name));
        drafts[i].name = numbers[at];
        heng_status status =
            check_attribute(check, field, &known[at], &attribute->value, &drafts[i]);
        if (status != HENG_OK)
            return status;
        required += known[at].required ? 1 : 0;
    }
    for (size_t n = 0; n < known_count; n++) {
        required -=
            known[n].required ? 1 : 0; /* wraps around below: all must be there */
    }
    for (size_t n = 0; required != 0 && n < known_count; n++) {
        size_t i = 0;
        while (i < line->attribute_count && drafts[i].name != numbers[n]) {
            i++;
        }
        if (known[n].required && i == line->attribute_count) {
            (void)snprintf(field, sizeof field, "attributes.%.*s",
                           HENG_STR_ARG(known[n].name));
            return fail(check, field, HENG_LINE_NOWHERE, "is missing");
        }
    }
    *ret_drafts = drafts;
    *ret_count = line->attribute_count;
    return HENG_OK;
}

/* ---- the three types of line ---- */

static heng_status encode_subject(struct check *check, heng_draft_subject *draft,
                                  heng_item *item) {
    item->bytes = heng_arena_alloc(check->arena, heng_flat_subject_size(draft));
    if (item->bytes == NULL)
        return HENG_ERR_NOMEM;
    heng_flat_write_subject(draft, item->bytes);
    return HENG_OK;
}

static heng_status check_region(struct check *check, heng_str region) {
    bool digits = region.len >= 2 && region.len <= 12;
    for (size_t i = 0; i < region.len; i++) {
        digits = digits && region.ptr[i] >= '0' && region.ptr[i] <= '9';
    }
    return digits
               ? HENG_OK
               : fail(check, "region", value_of(check, HENG_LINE_REGION)->at,
                      "`%s` is no region: expected 2 to 12 digits of GB/T 2260, such "
                      "as \"430102\"",
                      quote(check, region));
}

static heng_status check_relations(struct check *check, heng_draft_subject *draft) {
    const heng_line *line = check->line;
    const heng_line_value *value = value_of(check, HENG_LINE_RELATIONS);
    char field[FIELD_BYTES];
    if (value->form != HENG_LINE_ABSENT && value->form != HENG_LINE_LIST)
        return wrong_form(check, "relations", value, "a list");
    draft->relations =
        heng_arena_calloc(check->arena, line->relation_count, sizeof *draft->relations);
    if (draft->relations == NULL)
        return HENG_ERR_NOMEM;
    draft->relation_count = line->relation_count;
    for (size_t i = 0; i < line->relation_count; i++) {
        const heng_line_link *link = &line->relations[i];
        heng_flat_relation *relation = &draft->relations[i];
        relation->from = HENG_DATE_MIN;
        relation->to = HENG_DATE_NONE;
        heng_status status =
            check_link(check, "relations", i, link, &relation->role, &relation->id);
        if (status == HENG_OK && link->from.form != HENG_LINE_ABSENT) {
            name_part(field, "relations", i, "from");
            status = check_date(check, field, &link->from, &relation->from);
        }
        if (status == HENG_OK && link->to.form != HENG_LINE_ABSENT) {
            name_part(field, "relations", i, "to");
            status = check_date(check, field, &link->to, &relation->to);
            if (status == HENG_OK && relation->to < relation->from) {
                status = fail(check, field, link->to.at, "is before `from`");
            }
        }
        if (status != HENG_OK)
            return status;
    }
    return HENG_OK;
}

static heng_status check_subject(struct check *check, heng_item *item) {
    const heng_catalog *catalog = check->book->catalog;
    heng_draft_subject draft = {.established_on = HENG_DATE_NONE,
                                .status = HENG_STR("active")};
    int kind = 0;
    int capacity = HENG_CAPACITY_FULL;
    item->kind = HENG_ITEM_SUBJECT;
    if (value_of(check, HENG_LINE_KIND)->form == HENG_LINE_ABSENT)
        return fail(check, "kind", HENG_LINE_NOWHERE, "is missing");
    heng_status status =
        check_word(check, HENG_LINE_KIND, HENG_WORDS_SUBJECT_KIND, &kind);
    if (status == HENG_OK) {
        status = required_id(check, HENG_LINE_ID, kind, &item->subject);
    }
    if (status == HENG_OK) {
        status =
            required_text(check, HENG_LINE_NAME, HENG_LIMIT_TEXT_BYTES, &draft.name);
    }
    if (status == HENG_OK) {
        status = required_text(check, HENG_LINE_REGION, HENG_LIMIT_TEXT_BYTES,
                               &draft.region);
    }
    if (status == HENG_OK) {
        status = check_region(check, draft.region);
    }
    if (status == HENG_OK) {
        status = optional_text(check, HENG_LINE_INDUSTRY, &draft.industry);
    }
    if (status == HENG_OK) {
        status = optional_date(check, HENG_LINE_ESTABLISHED_ON, &draft.established_on);
    }
    if (status == HENG_OK) {
        status = optional_text(check, HENG_LINE_STATUS, &draft.status);
    }
    if (status == HENG_OK && draft.status.len == 0) {
        status = fail(check, "status", value_of(check, HENG_LINE_STATUS)->at,
                      "is empty; leave it out for `active`");
    }
    if (status == HENG_OK &&
        value_of(check, HENG_LINE_CAPACITY)->form != HENG_LINE_ABSENT) {
        status = check_word(check, HENG_LINE_CAPACITY, HENG_WORDS_CAPACITY, &capacity);
    }
    if (status == HENG_OK) {
        status = check_relations(check, &draft);
    }
    if (status == HENG_OK) {
        status = check_attributes(check, catalog->subject_attributes,
                                  check->book->subject_attributes,
                                  catalog->subject_attribute_count, "a subject",
                                  &draft.attributes, &draft.attribute_count);
    }
    if (status != HENG_OK)
        return status;
    draft.kind = (heng_subject_kind)kind;
    draft.capacity = (heng_capacity)capacity;
    return encode_subject(check, &draft, item);
}

/* An id of a record is part of keys and shown to people. */
static heng_status check_record_id(struct check *check, heng_str *ret_id) {
    heng_status status =
        required_text(check, HENG_LINE_ID, HENG_LIMIT_RECORD_ID_BYTES, ret_id);
    if (status != HENG_OK)
        return status;
    for (size_t i = 0; i < ret_id->len; i++) {
        unsigned char byte = (unsigned char)ret_id->ptr[i];
        if (byte < 0x20 || byte == 0x7f)
            return fail(check, "id", value_of(check, HENG_LINE_ID)->at,
                        "a control character in an id; remove it");
    }
    return HENG_OK;
}

static heng_status find_category(struct check *check, size_t *ret_index) {
    heng_str id = {0};
    heng_status status =
        required_text(check, HENG_LINE_CATEGORY, HENG_LIMIT_ID_BYTES, &id);
    if (status != HENG_OK)
        return status;
    const heng_catalog *catalog = check->book->catalog;
    const heng_category *category = heng_catalog_category(catalog, id);
    if (category == NULL)
        return fail(
            check, "category", value_of(check, HENG_LINE_CATEGORY)->at,
            "the catalog has no category `%s`%s", quote(check, id),
            suggest(check, id, check->book->category_ids, catalog->category_count));
    *ret_index = (size_t)(category - catalog->categories);
    return HENG_OK;
}

static heng_status check_days(struct check *check, const heng_category *category,
                              heng_draft_record *draft) {
    const heng_line_value *expires = value_of(check, HENG_LINE_EXPIRES_ON);
    const heng_line_value *decided = value_of(check, HENG_LINE_DECIDED_ON);
    if (decided->form == HENG_LINE_ABSENT)
        return fail(check, "decided_on", HENG_LINE_NOWHERE, "is missing");
    heng_status status = check_date(check, "decided_on", decided, &draft->decided_on);
    if (status != HENG_OK)
        return status;
    draft->effective_on = draft->decided_on;
    draft->status_on = draft->decided_on;
    status = optional_date(check, HENG_LINE_EFFECTIVE_ON, &draft->effective_on);
    if (status == HENG_OK) {
        status = optional_date(check, HENG_LINE_EXPIRES_ON, &draft->expires_on);
    }
    if (status == HENG_OK) {
        status = optional_date(check, HENG_LINE_STATUS_ON, &draft->status_on);
    }
    if (status != HENG_OK)
        return status;
    if (category->expires == HENG_EXPIRES_NONE && expires->form != HENG_LINE_ABSENT)
        return fail(check, "expires_on", expires->at,
                    "records of category `%.*s` have none; leave it out",
                    HENG_STR_ARG(category->id));
    if (category->expires == HENG_EXPIRES_REQUIRED && expires->form == HENG_LINE_ABSENT)
        return fail(check, "expires_on", HENG_LINE_NOWHERE,
                    "is missing; category `%.*s` requires it",
                    HENG_STR_ARG(category->id));
    if (draft->expires_on < draft->effective_on)
        return fail(check, "expires_on", expires->at, "is before `effective_on`%s",
                    value_of(check, HENG_LINE_EFFECTIVE_ON)->form == HENG_LINE_ABSENT
                        ? ", which is `decided_on` where it is left out"
                        : "");
    return HENG_OK;
}

static heng_status check_parties(struct check *check, heng_draft_record *draft) {
    const heng_line *line = check->line;
    const heng_line_value *value = value_of(check, HENG_LINE_PARTIES);
    if (value->form != HENG_LINE_ABSENT && value->form != HENG_LINE_LIST)
        return wrong_form(check, "parties", value, "a list");
    draft->parties =
        heng_arena_calloc(check->arena, line->party_count, sizeof *draft->parties);
    if (draft->parties == NULL)
        return HENG_ERR_NOMEM;
    draft->party_count = line->party_count;
    for (size_t i = 0; i < line->party_count; i++) {
        heng_status status = check_link(check, "parties", i, &line->parties[i],
                                        &draft->parties[i].role, &draft->parties[i].id);
        if (status != HENG_OK)
            return status;
    }
    return HENG_OK;
}

static heng_status check_record(struct check *check, heng_item *item) {
    heng_draft_record draft = {.expires_on = HENG_DATE_NONE};
    size_t index = 0;
    int record_status = HENG_RECORD_ACTIVE;
    char whose[HENG_LIMIT_ID_BYTES + 16];
    item->kind = HENG_ITEM_RECORD;
    heng_status status = check_record_id(check, &item->record);
    if (status == HENG_OK) {
        status = required_id(check, HENG_LINE_SUBJECT, 0, &item->subject);
    }
    if (status == HENG_OK) {
        status = find_category(check, &index);
    }
    const heng_category *category =
        status == HENG_OK ? &check->book->catalog->categories[index] : NULL;
    if (status == HENG_OK) {
        status = required_text(check, HENG_LINE_AUTHORITY, HENG_LIMIT_TEXT_BYTES,
                               &draft.authority);
    }
    if (status == HENG_OK) {
        status = required_text(check, HENG_LINE_DOCUMENT_NO, HENG_LIMIT_TEXT_BYTES,
                               &draft.document_no);
    }
    if (status == HENG_OK) {
        status = check_days(check, category, &draft);
    }
    if (status == HENG_OK &&
        value_of(check, HENG_LINE_STATUS)->form != HENG_LINE_ABSENT) {
        status = check_word(check, HENG_LINE_STATUS, HENG_WORDS_RECORD_STATUS,
                            &record_status);
    }
    if (status == HENG_OK) {
        (void)snprintf(whose, sizeof whose, "category `%.*s`",
                       HENG_STR_ARG(category->id));
        status =
            check_attributes(check, category->attributes,
                             check->book->attributes[index], category->attribute_count,
                             whose, &draft.attributes, &draft.attribute_count);
    }
    if (status == HENG_OK) {
        status = check_parties(check, &draft);
    }
    if (status != HENG_OK)
        return status;
    draft.id = item->record;
    draft.category = check->book->categories[index];
    draft.status = (heng_record_status)record_status;
    item->bytes = heng_arena_alloc(check->arena, heng_flat_record_size(&draft));
    if (item->bytes == NULL)
        return HENG_ERR_NOMEM;
    heng_flat_write_record(&draft, item->bytes);
    return HENG_OK;
}

static heng_status check_delivery(struct check *check, heng_item *item) {
    const heng_line_value *through = value_of(check, HENG_LINE_THROUGH);
    item->kind = HENG_ITEM_DELIVERY;
    heng_status status = required_text(check, HENG_LINE_PROVIDER,
                                       HENG_LIMIT_PROVIDER_BYTES, &item->subject);
    if (status != HENG_OK)
        return status;
    if (memchr(item->subject.ptr, '\0', item->subject.len) != NULL)
        return fail(check, "provider", HENG_LINE_NOWHERE, "a NUL in a name; remove it");
    if (through->form == HENG_LINE_ABSENT)
        return fail(check, "through", HENG_LINE_NOWHERE, "is missing");
    status = check_date(check, "through", through, &item->through);
    if (status != HENG_OK)
        return status;
    if (heng_map_find(&check->book->providers, item->subject) == NULL)
        return warn(check, "provider", "no category names the provider `%s`%s",
                    quote(check, item->subject),
                    suggest(check, item->subject, check->book->provider_words,
                            check->book->provider_count));
    return HENG_OK;
}

/* ---- the whole ---- */

/* A key that no line, or not this type of line, has. */
static heng_status unknown_key(struct check *check, unsigned type, const char *whose,
                               heng_str word, size_t at) {
    heng_str known[HENG_LINE_KEY_COUNT];
    size_t count = 0;
    for (int key = 0; key < HENG_LINE_KEY_COUNT; key++) {
        if ((heng_line_types((heng_line_key)key) & type) != 0) {
            known[count++] = heng_str_of(heng_line_word((heng_line_key)key));
        }
    }
    return fail(check, quote(check, word), at, "%s has no such key%s", whose,
                suggest(check, word, known, count));
}

static heng_status check_keys(struct check *check, unsigned type, const char *whose) {
    const heng_line *line = check->line;
    if (line->unknown.ptr != NULL)
        return unknown_key(check, type, whose, line->unknown, line->unknown_at);
    for (int key = 0; key < HENG_LINE_KEY_COUNT; key++) {
        if (line->values[key].form != HENG_LINE_ABSENT &&
            (heng_line_types((heng_line_key)key) & type) == 0)
            return unknown_key(check, type, whose,
                               heng_str_of(heng_line_word((heng_line_key)key)),
                               line->values[key].at);
    }
    return HENG_OK;
}

heng_status heng_import_check(const heng_codebook *book, const heng_line *line,
                              heng_arena *arena, heng_item *ret_item,
                              heng_import_warning **warnings,
                              heng_line_fault *ret_fault) {
    static const struct {
        heng_str word;
        unsigned type;
        const char *whose;
        heng_status (*check)(struct check *check, heng_item *item);
    } TYPES[] = {
        {{"subject", 7}, HENG_LINE_OF_SUBJECT, "a subject", check_subject},
        {{"record", 6}, HENG_LINE_OF_RECORD, "a record", check_record},
        {{"delivery", 8}, HENG_LINE_OF_DELIVERY, "a delivery", check_delivery},
    };
    struct check check = {book, line, arena, warnings, ret_fault};
    const heng_line_value *type = &line->values[HENG_LINE_TYPE];
    if (type->form == HENG_LINE_ABSENT)
        return fail(&check, "type", HENG_LINE_NOWHERE,
                    "is missing; expected `subject`, `record` or `delivery`");
    if (!is_text(type))
        return wrong_form(&check, "type", type, "a text");
    for (size_t i = 0; i < sizeof TYPES / sizeof TYPES[0]; i++) {
        if (heng_str_equal(TYPES[i].word, type->text)) {
            heng_status status = check_keys(&check, TYPES[i].type, TYPES[i].whose);
            *ret_item = (heng_item){0};
            return status == HENG_OK ? TYPES[i].check(&check, ret_item) : status;
        }
    }
    return fail(&check, "type", type->at,
                "`%s` is no type; expected `subject`, `record` or `delivery`",
                quote(&check, type->text));
}
