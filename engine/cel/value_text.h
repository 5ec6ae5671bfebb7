/* SPDX-License-Identifier: Apache-2.0 */
/* value_text.h: the pieces of which texts of values are made. */
#ifndef HENG_CEL_VALUE_TEXT_H
#define HENG_CEL_VALUE_TEXT_H

#include <stdbool.h>
#include <stdint.h>

#include "cel/cel_text.h"
#include "cel/value.h"

/** Adds a value; `literal`: strings in quotes, `1u`, `1.0`. Inside lists always so. */
void heng_value_text_add(heng_cel_text *out, heng_cel_value value, bool literal);

/** RFC 3339 in UTC: `2009-02-13T23:31:30.5Z`. */
void heng_value_text_timestamp(heng_cel_text *out, int64_t seconds, uint32_t nanos);

/** Seconds: `-1.5s`. */
void heng_value_text_duration(heng_cel_text *out, int64_t seconds, int32_t nanos);

/** `.5` for half a second; nothing for 0. */
void heng_value_text_fraction(heng_cel_text *out, uint32_t nanos);

typedef enum heng_value_quote {
    HENG_VALUE_QUOTE_STRING, /* control characters as `\x01` */
    HENG_VALUE_QUOTE_BYTES,  /* also what is no UTF-8 */
    HENG_VALUE_QUOTE_RAW,    /* as strings.quote() does: only those with a letter */
} heng_value_quote;

/** In double quotes, as CEL reads it back; what is no UTF-8 in a string becomes U+FFFD.
 */
void heng_value_text_quote(heng_cel_text *out, heng_str text, heng_value_quote how);

/** What CEL calls a type: `int`, `null_type`, `google.protobuf.Timestamp`. */
const char *heng_value_text_type_name(const heng_cel_type *type);

#endif
