/* SPDX-License-Identifier: Apache-2.0 */
/* decimal.c: ten-thousandths in 64 bits, computed through 128 so that nothing is lost.
 */
#include "heng/decimal.h"

#include "base/number.h"

/* An extension, and the only one: products of two 64-bit numbers need it. */
__extension__ typedef __int128 wide;

enum { DECIMALS = 4 };

bool heng_decimal_parse(heng_str text, heng_decimal *ret_value) {
    size_t at = 0;
    bool negative = text.len > 0 && text.ptr[0] == '-';
    if (negative) {
        at++;
    }

    /* Counted below 0, where there is room for one more than above. */
    int64_t value = 0;
    size_t digits = 0;
    size_t decimals = 0;
    bool after_point = false;
    for (; at < text.len; at++) {
        char c = text.ptr[at];
        if (c == '.' && !after_point && digits > 0) {
            after_point = true;
            digits = 0; /* one at least must follow */
            continue;
        }
        if (c < '0' || c > '9')
            return false;
        digits++;
        if (after_point && decimals == DECIMALS) {
            if (c != '0')
                return false;
            continue;
        }
        decimals += after_point;
        if (!heng_number_multiply_int64(value, 10, &value) ||
            !heng_number_subtract_int64(value, c - '0', &value))
            return false;
    }
    if (digits == 0)
        return false;
    for (; decimals < DECIMALS; decimals++) {
        if (!heng_number_multiply_int64(value, 10, &value))
            return false;
    }
    if (!negative && !heng_number_subtract_int64(0, value, &value))
        return false;
    *ret_value = value;
    return true;
}

size_t heng_decimal_format(heng_decimal value, char buffer[HENG_DECIMAL_TEXT_BYTES]) {
    char reversed[HENG_DECIMAL_TEXT_BYTES];
    size_t count = 0;
    uint64_t rest = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;
    bool wrote = false; /* trailing zeros are left out */
    for (size_t i = 0; i < DECIMALS; i++, rest /= 10) {
        if (wrote || rest % 10 != 0) {
            reversed[count++] = (char)('0' + rest % 10);
            wrote = true;
        }
    }
    if (wrote) {
        reversed[count++] = '.';
    }
    do {
        reversed[count++] = (char)('0' + rest % 10);
        rest /= 10;
    } while (rest != 0);
    if (value < 0) {
        reversed[count++] = '-';
    }
    for (size_t i = 0; i < count; i++) {
        buffer[i] = reversed[count - 1 - i];
    }
    buffer[count] = '\0';
    return count;
}

/* `over` / `under`, half to even; false where that leaves 64 bits. */
static bool divide_rounded(wide over, wide under, heng_decimal *ret_value) {
    if (under < 0) { /* neither can be the least of 128 bits */
        over = -over;
        under = -under;
    }
    wide quotient = over / under;
    wide rest = over % under;
    wide twice = 2 * (rest < 0 ? -rest : rest);
    if (twice > under || (twice == under && quotient % 2 != 0)) {
        quotient += over < 0 ? -1 : 1;
    }
    if (quotient < INT64_MIN || quotient > INT64_MAX)
        return false;
    *ret_value = (heng_decimal)quotient;
    return true;
}

bool heng_decimal_from_int(int64_t value, heng_decimal *ret_value) {
    return heng_number_multiply_int64(value, HENG_DECIMAL_ONE, ret_value);
}

bool heng_decimal_add(heng_decimal a, heng_decimal b, heng_decimal *ret_value) {
    return heng_number_add_int64(a, b, ret_value);
}

bool heng_decimal_subtract(heng_decimal a, heng_decimal b, heng_decimal *ret_value) {
    return heng_number_subtract_int64(a, b, ret_value);
}

bool heng_decimal_multiply(heng_decimal a, heng_decimal b, heng_decimal *ret_value) {
    return divide_rounded((wide)a * b, HENG_DECIMAL_ONE, ret_value);
}

bool heng_decimal_divide(heng_decimal a, heng_decimal b, heng_decimal *ret_value) {
    if (b == 0)
        return false;
    return divide_rounded((wide)a * HENG_DECIMAL_ONE, b, ret_value);
}

bool heng_decimal_negate(heng_decimal a, heng_decimal *ret_value) {
    return heng_number_subtract_int64(0, a, ret_value);
}
