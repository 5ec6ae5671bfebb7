/* SPDX-License-Identifier: Apache-2.0 */
/* import_check_attributes.c: the attributes of a line against those of the catalog. */
#include "store/import_check_parts.h"

#include <stdio.h>
#include <string.h>

#include "base/limits.h"
#include "heng/decimal.h"

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

static heng_status check_enum(heng_check *check, const char *field, size_t at,
                              const heng_attribute *attribute, heng_str text) {
    if (attribute->enum_words == NULL)
        return HENG_OK;
    for (size_t i = 0; i < attribute->enum_count; i++) {
        if (heng_str_equal(attribute->enum_words[i], text))
            return HENG_OK;
    }
    return heng_check_fail(
        check, field, at, "`%s` is not among its values%s",
        heng_check_quote(check, text),
        heng_check_suggest(check, text, attribute->enum_words, attribute->enum_count));
}

/* Cells separate the items by `;`. */
static heng_status split_cell(heng_check *check, const heng_line_value *value,
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

static heng_status check_strings(heng_check *check, const char *field,
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
                return heng_check_wrong_form(check, field, &value->items[i],
                                             "a list of texts");
            draft->items[draft->item_count++] = value->items[i].text;
        }
    } else {
        return heng_check_wrong_form(check, field, value, "a list of texts");
    }
    if (draft->item_count > HENG_LIMIT_LIST_ITEMS)
        return heng_check_fail(check, field, value->at,
                               "%zu items are over the limit of %zu", draft->item_count,
                               HENG_LIMIT_LIST_ITEMS);
    for (size_t i = 0; i < draft->item_count; i++) {
        if (draft->items[i].len > HENG_LIMIT_TEXT_BYTES)
            return heng_check_fail(check, field, value->at,
                                   "%zu bytes are over the limit of %zu",
                                   draft->items[i].len, HENG_LIMIT_TEXT_BYTES);
        heng_status status =
            check_enum(check, field, value->at, attribute, draft->items[i]);
        if (status != HENG_OK)
            return status;
    }
    return HENG_OK;
}

static heng_status check_decimal(heng_check *check, const char *field,
                                 const heng_line_value *value, int64_t *ret_number) {
    char buffer[192];
    heng_str text = value->text;
    if (!heng_check_is_text(value) && value->form != HENG_LINE_NUMBER)
        return heng_check_wrong_form(check, field, value,
                                     "a decimal, as a text or a number");
    if ((value->form == HENG_LINE_NUMBER &&
         !without_exponent(value->text, buffer, sizeof buffer, &text)) ||
        !heng_decimal_parse(text, ret_number))
        return heng_check_fail(
            check, field, value->at,
            "`%s` is no decimal with at most 4 decimals and 15 digits before "
            "them, such as \"1250000.00\"",
            heng_check_quote(check, value->text));
    return HENG_OK;
}

static heng_status check_attribute(heng_check *check, const char *field,
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
                   : heng_check_wrong_form(check, field, value, "true or false");
    case HENG_ATTRIBUTE_INT:
        if (value->form != HENG_LINE_NUMBER && value->form != HENG_LINE_BARE)
            return heng_check_wrong_form(check, field, value, "an int");
        return parse_int(value->text, &draft->number)
                   ? HENG_OK
                   : heng_check_fail(check, field, value->at,
                                     "`%s` is no int of 64 bits",
                                     heng_check_quote(check, value->text));
    case HENG_ATTRIBUTE_DECIMAL:
        return check_decimal(check, field, value, &draft->number);
    case HENG_ATTRIBUTE_DATE:
        status = heng_check_date(check, field, value, &date);
        draft->number = date;
        return status;
    case HENG_ATTRIBUTE_STRING:
        status = heng_check_text(check, field, value, HENG_LIMIT_TEXT_BYTES, "a text");
        draft->text = value->text;
        return status == HENG_OK
                   ? check_enum(check, field, value->at, attribute, value->text)
                   : status;
    case HENG_ATTRIBUTE_STRINGS:
        return check_strings(check, field, attribute, value, draft);
    }
    return HENG_OK;
}

heng_status heng_check_attributes(heng_check *check, const heng_attribute *known,
                                  const uint32_t *numbers, size_t known_count,
                                  const char *whose,
                                  heng_flat_draft_attribute **ret_drafts,
                                  size_t *ret_count) {
    const heng_line *line = check->line;
    const heng_line_value *value = heng_check_value(check, HENG_LINE_ATTRIBUTES);
    char field[HENG_CHECK_FIELD_BYTES];
    if (value->form != HENG_LINE_ABSENT && value->form != HENG_LINE_OBJECT)
        return heng_check_wrong_form(check, "attributes", value, "an object");
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
            const char *quoted = heng_check_quote(check, attribute->name);
            return heng_check_fail(check, "attributes", attribute->value.at,
                                   "%s has no attribute `%s`%s", whose, quoted,
                                   heng_check_suggest(check, attribute->name, names,
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
            return heng_check_fail(check, field, HENG_LINE_NOWHERE, "is missing");
        }
    }
    *ret_drafts = drafts;
    *ret_count = line->attribute_count;
    return HENG_OK;
}
