/* SPDX-License-Identifier: Apache-2.0 */
/* value_text.c: how values are written, for people and by string(). */
#include "cel/value_text.h"

#include <string.h>

#include "cel/real.h"

void heng_value_text_timestamp(heng_cel_text *out, int64_t seconds, uint32_t nanos) {
    int64_t days = seconds / 86400;
    int64_t rest = seconds % 86400;
    if (rest < 0) {
        rest += 86400;
        days--;
    }
    /* Civil date from a day count, for any year: the era is one of 400 years. */
    int64_t shifted = days + 719468;
    int64_t era = (shifted >= 0 ? shifted : shifted - 146096) / 146097;
    int64_t day_of_era = shifted - era * 146097;
    int64_t year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) /
        365;
    int64_t day_of_year =
        day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    int64_t month_from_march = (5 * day_of_year + 2) / 153;
    int64_t day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
    int64_t month = month_from_march < 10 ? month_from_march + 3 : month_from_march - 9;
    int64_t year = year_of_era + era * 400 + (month <= 2 ? 1 : 0);

    const int64_t parts[] = {year, month, day, rest / 3600, rest / 60 % 60, rest % 60};
    const char after[] = {'-', '-', 'T', ':', ':', '\0'};
    for (size_t i = 0; i < 6; i++) {
        for (int64_t scale = i == 0 ? 1000 : 10; scale > 0; scale /= 10) {
            heng_cel_text_add_char(out, (char)('0' + parts[i] / scale % 10));
        }
        if (after[i] != '\0') {
            heng_cel_text_add_char(out, after[i]);
        }
    }
    heng_value_text_fraction(out, nanos);
    heng_cel_text_add_char(out, 'Z');
}

void heng_value_text_fraction(heng_cel_text *out, uint32_t nanos) {
    if (nanos == 0)
        return;
    heng_cel_text_add_char(out, '.');
    for (uint32_t scale = 100000000; nanos > 0; scale /= 10) {
        heng_cel_text_add_char(out, (char)('0' + nanos / scale));
        nanos %= scale;
    }
}

void heng_value_text_duration(heng_cel_text *out, int64_t seconds, int32_t nanos) {
    if (seconds < 0 || nanos < 0) {
        heng_cel_text_add_char(out, '-');
    }
    heng_cel_text_add_uint(out,
                           seconds < 0 ? 0 - (uint64_t)seconds : (uint64_t)seconds);
    heng_value_text_fraction(out, nanos < 0 ? 0u - (uint32_t)nanos : (uint32_t)nanos);
    heng_cel_text_add_char(out, 's');
}

void heng_value_text_quote(heng_cel_text *out, heng_str text, heng_value_quote how) {
    static const char hex[] = "0123456789abcdef";
    static const char escapes[] = "\a\b\f\n\r\t\v\"\\";
    static const char letters[] = "abfnrtv\"\\";
    heng_cel_text_add_char(out, '"');
    for (size_t at = 0; at < text.len;) {
        size_t start = at;
        uint32_t point = heng_cel_text_next(text, &at);
        const char *escape = point != 0 && point < 0x80
                                 ? memchr(escapes, (int)point, sizeof escapes - 1)
                                 : NULL;
        if (escape != NULL) {
            heng_cel_text_add_char(out, '\\');
            heng_cel_text_add_char(out, letters[escape - escapes]);
        } else if (point == UINT32_MAX && how != HENG_VALUE_QUOTE_BYTES) {
            heng_cel_text_add_point(out, 0xfffd);
        } else if (point == UINT32_MAX ||
                   (how != HENG_VALUE_QUOTE_RAW && (point < 0x20 || point == 0x7f))) {
            unsigned char byte = (unsigned char)text.ptr[start];
            heng_cel_text_add(out, HENG_STR("\\x"));
            heng_cel_text_add_char(out, hex[byte >> 4]);
            heng_cel_text_add_char(out, hex[byte & 15]);
        } else {
            heng_cel_text_add(out, (heng_str){text.ptr + start, at - start});
        }
    }
    heng_cel_text_add_char(out, '"');
}

const char *heng_value_text_type_name(const heng_cel_type *type) {
    if (type->kind == HENG_CEL_TIMESTAMP)
        return "google.protobuf.Timestamp";
    if (type->kind == HENG_CEL_DURATION)
        return "google.protobuf.Duration";
    if (type->kind == HENG_CEL_NULL)
        return "null_type";
    if (type->kind == HENG_CEL_OPTIONAL)
        return "optional_type";
    return heng_cel_kind_name(type->kind);
}

static void add_double(heng_cel_text *out, double value, bool literal) {
    char buffer[HENG_REAL_TEXT_BYTES];
    size_t len = heng_real_print(value, buffer);
    heng_cel_text_add(out, (heng_str){buffer, len});
    if (literal && strpbrk(buffer, ".eNI") == NULL) {
        heng_cel_text_add(out, HENG_STR(".0"));
    }
}

static void add_list(heng_cel_text *out, const heng_cel_list *list) {
    heng_cel_text_add_char(out, '[');
    for (size_t i = 0; i < list->count && !out->failed; i++) {
        if (i > 0) {
            heng_cel_text_add(out, HENG_STR(", "));
        }
        heng_value_text_add(out, heng_cel_value_item(list, i, out->arena), true);
    }
    heng_cel_text_add_char(out, ']');
}

static void add_map(heng_cel_text *out, const heng_cel_map *map) {
    heng_cel_text_add_char(out, '{');
    for (size_t i = 0; i < map->count && !out->failed; i++) {
        if (i > 0) {
            heng_cel_text_add(out, HENG_STR(", "));
        }
        heng_value_text_add(out, map->keys[i], true);
        heng_cel_text_add(out, HENG_STR(": "));
        heng_value_text_add(out, map->values[i], true);
    }
    heng_cel_text_add_char(out, '}');
}

static void add_optional(heng_cel_text *out, const heng_cel_value *held) {
    if (held == NULL) {
        heng_cel_text_add(out, HENG_STR("optional.none()"));
        return;
    }
    heng_cel_text_add(out, HENG_STR("optional.of("));
    heng_value_text_add(out, *held, true);
    heng_cel_text_add_char(out, ')');
}

static void add_date(heng_cel_text *out, int64_t date) {
    char buffer[HENG_DATE_TEXT_BYTES];
    if (!heng_date_valid(date)) {
        heng_cel_text_add(out, HENG_STR("no date"));
        return;
    }
    heng_date_format((heng_date)date, buffer);
    heng_cel_text_add(out, heng_str_of(buffer));
}

/* An object is shown with its first field, by which it is known. */
static void add_object(heng_cel_text *out, const heng_cel_object *object) {
    const heng_cel_object_type *type = object->type;
    heng_cel_text_add(out, type->name);
    if (type->field_count == 0 || type->get == NULL)
        return;
    heng_cel_value first = type->get(object, 0, out->arena);
    if (first.kind != HENG_CEL_STRING)
        return;
    heng_cel_text_add_char(out, '{');
    heng_cel_text_add(out, type->fields[0].name);
    heng_cel_text_add(out, HENG_STR(": "));
    heng_value_text_add(out, first, true);
    heng_cel_text_add_char(out, '}');
}

void heng_value_text_add(heng_cel_text *out, heng_cel_value value, bool literal) {
    char buffer[HENG_PERIOD_TEXT_BYTES];
    heng_str str = heng_cel_value_str(value);

    switch (value.kind) {
    case HENG_CEL_ERROR:
        heng_cel_text_add(out, HENG_STR("error: "));
        heng_cel_text_add(out, value.as.error->message);
        break;
    case HENG_CEL_NULL:
        heng_cel_text_add(out, HENG_STR("null"));
        break;
    case HENG_CEL_BOOL:
        heng_cel_text_add(out, heng_str_of(value.as.boolean ? "true" : "false"));
        break;
    case HENG_CEL_INT:
        heng_cel_text_add_int(out, value.as.integer);
        break;
    case HENG_CEL_UINT:
        heng_cel_text_add_uint(out, value.as.uinteger);
        if (literal) {
            heng_cel_text_add_char(out, 'u');
        }
        break;
    case HENG_CEL_DOUBLE:
        add_double(out, value.as.real, literal);
        break;
    case HENG_CEL_STRING:
        if (literal) {
            heng_value_text_quote(out, str, HENG_VALUE_QUOTE_STRING);
        } else {
            heng_cel_text_add(out, str);
        }
        break;
    case HENG_CEL_BYTES:
        if (literal) {
            heng_cel_text_add_char(out, 'b');
            heng_value_text_quote(out, str, HENG_VALUE_QUOTE_BYTES);
        } else {
            heng_cel_text_add(out, str);
        }
        break;
    case HENG_CEL_TIMESTAMP:
        heng_value_text_timestamp(out, value.as.integer, value.len);
        break;
    case HENG_CEL_DURATION:
        heng_value_text_duration(out, value.as.integer, (int32_t)value.len);
        break;
    case HENG_CEL_DATE:
        add_date(out, value.as.integer);
        break;
    case HENG_CEL_PERIOD:
        heng_cel_text_add(
            out, (heng_str){buffer, heng_period_format(value.as.period, buffer)});
        break;
    case HENG_CEL_DECIMAL:
        heng_cel_text_add(
            out, (heng_str){buffer, heng_decimal_format(value.as.decimal, buffer)});
        break;
    case HENG_CEL_LIST:
        add_list(out, value.as.list);
        break;
    case HENG_CEL_MAP:
        add_map(out, value.as.map);
        break;
    case HENG_CEL_OPTIONAL:
        add_optional(out, value.as.optional);
        break;
    case HENG_CEL_TYPE:
        if (value.as.type->kind == HENG_CEL_OBJECT && value.as.type->object != NULL) {
            heng_cel_text_add(out, value.as.type->object->name);
        } else {
            heng_cel_text_add(out,
                              heng_str_of(heng_value_text_type_name(value.as.type)));
        }
        break;
    case HENG_CEL_OBJECT:
        add_object(out, value.as.object);
        break;
    default:
        break;
    }
}

_Static_assert((int)HENG_PERIOD_TEXT_BYTES >= (int)HENG_DECIMAL_TEXT_BYTES,
               "one buffer for both");

const char *heng_cel_value_print(heng_cel_value value, heng_arena *arena) {
    heng_cel_text out = {.arena = arena};
    heng_value_text_add(&out, value, true);
    return heng_cel_text_end(&out);
}

heng_str heng_cel_value_text(heng_cel_value value, heng_arena *arena) {
    if (value.kind == HENG_CEL_STRING)
        return heng_cel_value_str(value);
    heng_cel_text out = {.arena = arena};
    heng_value_text_add(&out, value, false);
    const char *text = heng_cel_text_end(&out);
    return text == NULL ? (heng_str){NULL, 1} : (heng_str){text, out.len};
}
