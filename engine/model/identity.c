/* SPDX-License-Identifier: Apache-2.0 */
/*
 * identity.c: forms and check digits of identifying numbers. Nothing here allocates.
 *
 * 18 digits may be both a credit code and an identity number. Where the kind of the
 * subject is not known, they count as an identity number if its check character fits,
 * or if a day of birth is in them and the check of a credit code fails: to mask too
 * much is the smaller mistake. A number without a day in it is one all the same: only
 * length and alphabet are its form.
 */
#include "model/identity.h"

#include <stdint.h>
#include <string.h>

enum { NUMBER_LEN = 18, USCC_BASE = 31, USCC_ORGANISATION_AT = 8 };

/* Source: GB 32100-2015: no I O S V Z. */
static const char USCC_ALPHABET[] = "0123456789ABCDEFGHJKLMNPQRTUWXY";

static bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

static bool is_capital(char c) {
    return c >= 'A' && c <= 'Z';
}

static bool is_word(char c) {
    return is_digit(c) || is_capital(c) || (c >= 'a' && c <= 'z');
}

/* Places in the alphabet, plus 1; a table because import asks 35 times a line. */
static const uint8_t USCC_PLACES[128] = {
    ['0'] = 1,  ['1'] = 2,  ['2'] = 3,  ['3'] = 4,  ['4'] = 5,  ['5'] = 6,  ['6'] = 7,
    ['7'] = 8,  ['8'] = 9,  ['9'] = 10, ['A'] = 11, ['B'] = 12, ['C'] = 13, ['D'] = 14,
    ['E'] = 15, ['F'] = 16, ['G'] = 17, ['H'] = 18, ['J'] = 19, ['K'] = 20, ['L'] = 21,
    ['M'] = 22, ['N'] = 23, ['P'] = 24, ['Q'] = 25, ['R'] = 26, ['T'] = 27, ['U'] = 28,
    ['W'] = 29, ['X'] = 30, ['Y'] = 31,
};

static int uscc_value(char c) {
    uint8_t at = (uint8_t)c;
    return at < sizeof USCC_PLACES ? USCC_PLACES[at] - 1 : -1;
}

char heng_identity_uscc_check(const char first17[17]) {
    int sum = 0;
    int weight = 1; /* 3^i mod 31 */
    for (int i = 0; i < 17; i++) {
        int value = uscc_value(first17[i]);
        if (value < 0)
            return '\0';
        sum += value * weight;
        weight = weight * 3 % USCC_BASE;
    }
    return USCC_ALPHABET[(USCC_BASE - sum % USCC_BASE) % USCC_BASE];
}

char heng_identity_organisation_check(const char first8[8]) {
    static const int WEIGHTS[8] = {3, 7, 9, 10, 5, 8, 4, 2}; /* source: GB 11714 */
    int sum = 0;
    for (int i = 0; i < 8; i++) {
        char c = first8[i];
        int value = is_digit(c) ? c - '0' : is_capital(c) ? c - 'A' + 10 : -1;
        if (value < 0)
            return '\0';
        sum += value * WEIGHTS[i];
    }
    int check = 11 - sum % 11;
    return check == 10 ? 'X' : check == 11 ? '0' : (char)('0' + check);
}

char heng_identity_number_check(const char first17[17]) {
    /* source: GB 11643-1999 */
    static const int WEIGHTS[17] = {7, 9, 10, 5,  8, 4, 2, 1, 6,
                                    3, 7, 9,  10, 5, 8, 4, 2};
    int sum = 0;
    for (int i = 0; i < 17; i++) {
        if (!is_digit(first17[i]))
            return '\0';
        sum += (first17[i] - '0') * WEIGHTS[i];
    }
    return "10X98765432"[sum % 11];
}

static bool uscc_checks(heng_str id) {
    return heng_identity_uscc_check(id.ptr) == id.ptr[17] &&
           heng_identity_organisation_check(id.ptr + USCC_ORGANISATION_AT) ==
               id.ptr[16];
}

static bool number_checks(heng_str id) {
    return heng_identity_number_check(id.ptr) == id.ptr[17];
}

/* NULL where it fits, else why not. */
static const char *why_not_opaque(heng_str id) {
    if (id.len < 3)
        return "an opaque id has at least one character after its hyphen, as in `P-1`";
    for (size_t i = 2; i < id.len; i++) {
        if (!is_word(id.ptr[i]) && id.ptr[i] != '-')
            return "after its hyphen, an opaque id has only letters, digits and "
                   "hyphens";
    }
    return NULL;
}

static bool starts_opaque(heng_str id) {
    return id.len >= 2 && is_capital(id.ptr[0]) && id.ptr[1] == '-';
}

static const char *why_not_uscc(heng_str id) {
    if (id.len != NUMBER_LEN)
        return "expected a unified social credit code of 18 characters, or an opaque "
               "id "
               "such as `E-1`";
    for (size_t i = 0; i < id.len; i++) {
        if (uscc_value(id.ptr[i]) < 0)
            return "a unified social credit code has only digits and capital letters "
                   "without I, O, S, V and Z";
    }
    for (size_t i = 2; i < USCC_ORGANISATION_AT; i++) {
        if (!is_digit(id.ptr[i]))
            return "characters 3 to 8 of a unified social credit code are the digits "
                   "of "
                   "a region";
    }
    return NULL;
}

static bool born_on(heng_str id, heng_date *ret_date) {
    heng_civil civil = {0, 0, 0};
    for (size_t i = 6; i < 10; i++) {
        civil.year = civil.year * 10 + (id.ptr[i] - '0');
    }
    civil.month = (id.ptr[10] - '0') * 10 + (id.ptr[11] - '0');
    civil.day = (id.ptr[12] - '0') * 10 + (id.ptr[13] - '0');
    return heng_date_from_civil(civil, ret_date);
}

static const char *why_not_number(heng_str id) {
    if (id.len != NUMBER_LEN)
        return "expected an identity number of 18 characters, or an opaque id such as "
               "`P-1`";
    for (size_t i = 0; i < id.len; i++) {
        if (!is_digit(id.ptr[i]) && !(i == 17 && id.ptr[i] == 'X'))
            return "an identity number has 17 digits, then a digit or `X`";
    }
    return NULL;
}

heng_identity_form heng_identity_check(heng_subject_kind kind, heng_str id,
                                       const char **ret_reason, bool *ret_check) {
    heng_identity_form form;
    const char *reason;
    bool check = true;
    if (starts_opaque(id)) {
        form = HENG_IDENTITY_OPAQUE;
        reason = why_not_opaque(id);
    } else if (kind == HENG_NATURAL_PERSON) {
        form = HENG_IDENTITY_NUMBER;
        reason = why_not_number(id);
        check = reason == NULL && number_checks(id);
    } else {
        form = HENG_IDENTITY_USCC;
        reason = why_not_uscc(id);
        check = reason == NULL && uscc_checks(id);
    }
    if (reason != NULL) {
        if (ret_reason != NULL) {
            *ret_reason = reason;
        }
        return HENG_IDENTITY_WRONG;
    }
    if (ret_check != NULL) {
        *ret_check = check;
    }
    return form;
}

heng_identity_form heng_identity_form_of(heng_str id) {
    if (starts_opaque(id))
        return why_not_opaque(id) == NULL ? HENG_IDENTITY_OPAQUE : HENG_IDENTITY_WRONG;
    bool number = why_not_number(id) == NULL; /* most codes have a letter: no number */
    bool uscc = why_not_uscc(id) == NULL;
    heng_date date;
    if (number && uscc) {
        bool likely = number_checks(id) || (born_on(id, &date) && !uscc_checks(id));
        return likely ? HENG_IDENTITY_NUMBER : HENG_IDENTITY_USCC;
    }
    return number ? HENG_IDENTITY_NUMBER
           : uscc ? HENG_IDENTITY_USCC
                  : HENG_IDENTITY_WRONG;
}

bool heng_identity_is_number(heng_str id) {
    /* Nearly all ids have a letter where a number has none: asked of every line. */
    return id.len == NUMBER_LEN && why_not_number(id) == NULL &&
           heng_identity_form_of(id) == HENG_IDENTITY_NUMBER;
}

/* In which places a character may stand. */
enum {
    AS_DIGIT = 1,
    AS_NUMBER_END = 2, /* the 18th of an identity number */
    AS_USCC = 4,
    AS_OPAQUE = 8, /* behind the hyphen */
};

#define D (AS_DIGIT | AS_NUMBER_END | AS_USCC | AS_OPAQUE)
#define X (AS_NUMBER_END | AS_USCC | AS_OPAQUE)
#define U (AS_USCC | AS_OPAQUE)
#define O AS_OPAQUE
static const uint8_t PLACES[256] = {
    ['-'] = O, ['0'] = D, ['1'] = D, ['2'] = D, ['3'] = D, ['4'] = D, ['5'] = D,
    ['6'] = D, ['7'] = D, ['8'] = D, ['9'] = D, ['A'] = U, ['B'] = U, ['C'] = U,
    ['D'] = U, ['E'] = U, ['F'] = U, ['G'] = U, ['H'] = U, ['I'] = O, ['J'] = U,
    ['K'] = U, ['L'] = U, ['M'] = U, ['N'] = U, ['O'] = O, ['P'] = U, ['Q'] = U,
    ['R'] = U, ['S'] = O, ['T'] = U, ['U'] = U, ['V'] = O, ['W'] = U, ['X'] = X,
    ['Y'] = U, ['Z'] = O, ['a'] = O, ['b'] = O, ['c'] = O, ['d'] = O, ['e'] = O,
    ['f'] = O, ['g'] = O, ['h'] = O, ['i'] = O, ['j'] = O, ['k'] = O, ['l'] = O,
    ['m'] = O, ['n'] = O, ['o'] = O, ['p'] = O, ['q'] = O, ['r'] = O, ['s'] = O,
    ['t'] = O, ['u'] = O, ['v'] = O, ['w'] = O, ['x'] = O, ['y'] = O, ['z'] = O,
};
#undef D
#undef X
#undef U
#undef O

/* In which places all of them may stand. */
static inline unsigned places_of(const char *text, size_t from, size_t to) {
    unsigned places = UINT8_MAX;
    for (size_t i = from; i < to; i++) {
        places &= PLACES[(uint8_t)text[i]];
    }
    return places;
}

bool heng_identity_is_plain(heng_str id) {
    if (starts_opaque(id))
        return id.len > 2 && id.len < HENG_IDENTITY_MASKED_BYTES &&
               (places_of(id.ptr, 2, id.len) & AS_OPAQUE) != 0;
    if (id.len != NUMBER_LEN)
        return false;
    unsigned region = places_of(id.ptr, 2, USCC_ORGANISATION_AT);
    unsigned first17 = places_of(id.ptr, 0, 2) & region &
                       places_of(id.ptr, USCC_ORGANISATION_AT, 12) &
                       places_of(id.ptr, 12, 17);
    unsigned last = PLACES[(uint8_t)id.ptr[17]];
    bool is_code = (first17 & last & AS_USCC) != 0 && (region & AS_DIGIT) != 0;
    bool may_be_number = (first17 & AS_DIGIT) != 0 && (last & AS_NUMBER_END) != 0;
    return is_code && !may_be_number;
}

bool heng_identity_born_on(heng_str id, heng_date *ret_date) {
    return id.len == NUMBER_LEN && heng_identity_form_of(id) == HENG_IDENTITY_NUMBER &&
           born_on(id, ret_date);
}

heng_date heng_identity_adult_on(heng_date born) {
    /* Source: Civil Code 17 and 1259: 18 full years, on the birthday itself. One born
     * on 29 February comes of age on 1 March where the year has no such day. */
    heng_civil civil = heng_date_civil(born);
    civil.year += 18;
    heng_date date;
    if (heng_date_from_civil(civil, &date))
        return date;
    civil.month = 3;
    civil.day = 1;
    return heng_date_from_civil(civil, &date) ? date : HENG_DATE_NONE;
}

/* An identity number with a slip of the pen is still one to protect: an id of no form
 * with as many digits as the old 15-digit numbers have. */
static bool looks_like_number(heng_str id) {
    enum { OLD_NUMBER_LEN = 15, SLIP = 1 };
    size_t digits = 0;
    for (size_t i = 0; i < id.len; i++) {
        digits += is_digit(id.ptr[i]) ? 1 : 0;
    }
    return digits >= OLD_NUMBER_LEN - SLIP;
}

/* What has the form of a number is only spared where it is surely a credit code. */
static bool to_mask(heng_str id) {
    /* Nearly all ids end here. */
    if (!looks_like_number(id))
        return false;
    switch (heng_identity_form_of(id)) {
    case HENG_IDENTITY_NUMBER:
        return true;
    case HENG_IDENTITY_USCC:
        return why_not_number(id) == NULL && !uscc_checks(id);
    case HENG_IDENTITY_WRONG:
        return looks_like_number(id);
    case HENG_IDENTITY_OPAQUE:
        break;
    }
    return false;
}

bool heng_identity_is_masked(heng_str id) {
    return to_mask(id);
}

static void mask(char *text, size_t len) {
    if (len > 5) {
        memset(text + 3, '*', len - 5);
    }
}

size_t heng_identity_mask(heng_str id, char buffer[HENG_IDENTITY_MASKED_BYTES]) {
    size_t len = id.len;
    if (len > HENG_IDENTITY_MASKED_BYTES - 1) {
        len = HENG_IDENTITY_MASKED_BYTES - 1;
    }
    if (len > 0) {
        memcpy(buffer, id.ptr, len);
    }
    buffer[len] = '\0';
    if (to_mask((heng_str){buffer, len})) {
        mask(buffer, len);
    }
    return len;
}

void heng_identity_mask_text(char *text, size_t len) {
    size_t at = 0;
    while (at < len) {
        size_t start = at;
        while (at < len && (is_word(text[at]) || text[at] == '-')) {
            at++;
        }
        if (at == start) {
            at++;
        } else if (to_mask((heng_str){text + start, at - start})) {
            mask(text + start, at - start);
        }
    }
}
