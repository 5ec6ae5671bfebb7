/* SPDX-License-Identifier: Apache-2.0 */
/*
 * real.c: doubles from and to text.
 *
 * The C library rounds correctly in both directions but writes and reads the decimal
 * point of the current locale. What that is, is seen by printing 0.5: asking
 * localeconv() would not be thread-safe.
 */
#include "cel/real.h"

#include <float.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"

/* Finds the locale's decimal point; returns its length in bytes (1, rarely more). */
static size_t decimal_point(char ret_point[8]) {
    char probe[16];
    int len = snprintf(probe, sizeof probe, "%.1f", 0.5);
    size_t point_len = len > 2 && len < 10 ? (size_t)len - 2 : 1;
    memcpy(ret_point, probe + 1, point_len);
    return point_len;
}

/* Replaces the locale's point by '.'; returns the new length. */
static size_t normalize(char *text, size_t len) {
    for (size_t i = 0; i < len; i++) {
        char c = text[i];
        if ((c >= '0' && c <= '9') || c == '-' || c == '+' || c == 'e')
            continue;
        size_t end = i + 1;
        while (end < len && !(text[end] >= '0' && text[end] <= '9')) {
            end++;
        }
        text[i] = '.';
        memmove(text + i + 1, text + end, len - end + 1);
        return len - (end - i - 1);
    }
    return len;
}

static size_t special(double value, char *buffer) {
    const char *text = isnan(value) ? "NaN" : value < 0 ? "-Infinity" : "Infinity";
    size_t len = strlen(text);
    memcpy(buffer, text, len + 1);
    return len;
}

/*
 * The digits of the shortest decimal and its exponent: value = 0.DIGITS * 10^exponent.
 * DBL_DIG digits come back as they were, so if they give the value, dropping their
 * zeros gives the shortest form; only subnormal numbers have fewer digits to go by.
 */
static size_t shortest(double magnitude, char digits[24], int *ret_exponent) {
    char text[48];
    int precision = magnitude < DBL_MIN ? 1 : DBL_DIG;
    for (;; precision++) {
        (void)snprintf(text, sizeof text, "%.*e", precision - 1, magnitude);
        if (precision >= DBL_DECIMAL_DIG || strtod(text, NULL) == magnitude)
            break;
    }
    size_t count = 0;
    const char *at = text;
    for (; *at != 'e' && *at != '\0'; at++) {
        if (*at >= '0' && *at <= '9') {
            digits[count++] = *at;
        }
    }
    while (count > 1 && digits[count - 1] == '0') {
        count--;
    }
    *ret_exponent = *at == 'e' ? (int)strtol(at + 1, NULL, 10) + 1 : 1;
    return count;
}

static size_t plain(bool negative, const char *digits, size_t count, int exponent,
                    char *buffer) {
    size_t len = 0;
    if (negative) {
        buffer[len++] = '-';
    }
    if (exponent <= 0) {
        buffer[len++] = '0';
        buffer[len++] = '.';
        for (int i = exponent; i < 0; i++) {
            buffer[len++] = '0';
        }
        memcpy(buffer + len, digits, count);
        len += count;
    } else {
        for (size_t i = 0; i < count || i < (size_t)exponent; i++) {
            if (i == (size_t)exponent) {
                buffer[len++] = '.';
            }
            buffer[len++] = i < count ? digits[i] : '0';
        }
    }
    buffer[len] = '\0';
    return len;
}

size_t heng_real_print(double value, char buffer[HENG_REAL_TEXT_BYTES]) {
    char digits[24];
    int exponent = 0;
    if (!isfinite(value))
        return special(value, buffer);
    if (value == 0) {
        digits[0] = '0';
        return plain(signbit(value) != 0, digits, 1, 1, buffer);
    }
    size_t count = shortest(fabs(value), digits, &exponent);
    if (exponent > -4 && exponent <= 21)
        return plain(value < 0, digits, count, exponent, buffer);

    int len =
        snprintf(buffer, HENG_REAL_TEXT_BYTES, "%s%c%s%.*se%c%02d",
                 value < 0 ? "-" : "", digits[0], count > 1 ? "." : "", (int)count - 1,
                 digits + 1, exponent - 1 < 0 ? '-' : '+', abs(exponent - 1));
    return (size_t)len;
}

size_t heng_real_print_plain(double value, char buffer[HENG_REAL_FIXED_BYTES]) {
    char digits[24];
    int exponent = 0;
    if (!isfinite(value))
        return special(value, buffer);
    if (value == 0) {
        digits[0] = '0';
        return plain(signbit(value) != 0, digits, 1, 1, buffer);
    }
    size_t count = shortest(fabs(value), digits, &exponent);
    return plain(value < 0, digits, count, exponent, buffer);
}

size_t heng_real_print_fixed(double value, unsigned precision,
                             char buffer[HENG_REAL_FIXED_BYTES]) {
    if (!isfinite(value))
        return special(value, buffer);
    int len = snprintf(buffer, HENG_REAL_FIXED_BYTES, "%.*f", (int)precision, value);
    return normalize(buffer, (size_t)len);
}

size_t heng_real_print_scientific(double value, unsigned precision,
                                  char buffer[HENG_REAL_FIXED_BYTES]) {
    if (!isfinite(value))
        return special(value, buffer);
    int len = snprintf(buffer, HENG_REAL_FIXED_BYTES, "%.*e", (int)precision, value);
    return normalize(buffer, (size_t)len);
}

/* Whether `text` is `word` (lower case) in any case. */
static bool is_word(heng_str text, const char *word) {
    if (text.len != strlen(word))
        return false;
    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];
        if ((c >= 'A' && c <= 'Z' ? (char)(c + 32) : c) != word[i])
            return false;
    }
    return true;
}

static size_t skip_digits(heng_str text, size_t at) {
    while (at < text.len && text.ptr[at] >= '0' && text.ptr[at] <= '9') {
        at++;
    }
    return at;
}

/* The grammar of a number; *ret_point is where its '.' stands, or SIZE_MAX. */
static bool is_number(heng_str text, size_t *ret_point) {
    size_t at = text.len > 0 && (text.ptr[0] == '-' || text.ptr[0] == '+') ? 1 : 0;
    size_t whole = skip_digits(text, at);
    size_t digits = whole - at;
    at = whole;
    *ret_point = SIZE_MAX;
    if (at < text.len && text.ptr[at] == '.') {
        *ret_point = at;
        size_t end = skip_digits(text, at + 1);
        digits += end - at - 1;
        at = end;
    }
    if (digits == 0)
        return false;
    if (at < text.len && (text.ptr[at] == 'e' || text.ptr[at] == 'E')) {
        at++;
        if (at < text.len && (text.ptr[at] == '-' || text.ptr[at] == '+')) {
            at++;
        }
        size_t end = skip_digits(text, at);
        if (end == at)
            return false;
        at = end;
    }
    return at == text.len;
}

bool heng_real_parse(heng_str text, double *ret_value) {
    bool negative = text.len > 0 && text.ptr[0] == '-';
    heng_str word = text;
    if (negative || (text.len > 0 && text.ptr[0] == '+')) {
        word.ptr++;
        word.len--;
    }
    if (is_word(word, "nan")) {
        *ret_value = (double)NAN;
        return true;
    }
    if (is_word(word, "inf") || is_word(word, "infinity")) {
        *ret_value = negative ? -(double)INFINITY : (double)INFINITY;
        return true;
    }

    size_t point = SIZE_MAX;
    if (!is_number(text, &point))
        return false;
    char small[128];
    size_t room = text.len + 8 + 1;
    char *copy = room <= sizeof small ? small : heng_alloc(room);
    if (copy == NULL)
        return false;
    if (point == SIZE_MAX) {
        memcpy(copy, text.ptr, text.len);
        copy[text.len] = '\0';
    } else {
        char mark[8];
        size_t mark_len = decimal_point(mark);
        memcpy(copy, text.ptr, point);
        memcpy(copy + point, mark, mark_len);
        memcpy(copy + point + mark_len, text.ptr + point + 1, text.len - point - 1);
        copy[text.len - 1 + mark_len] = '\0';
    }
    *ret_value = strtod(copy, NULL);
    if (copy != small) {
        heng_alloc_free(copy);
    }
    return true;
}
