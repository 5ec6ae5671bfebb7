/* SPDX-License-Identifier: Apache-2.0 */
/*
 * identity.h: numbers by which subjects are known, their check digits, and masking.
 *
 * Unified social credit codes: GB 32100-2015 (18 characters of 0-9A-Z without I O S V
 * Z, the check characters by weights 3^i mod 31 and, for positions 9-17, GB 11714).
 * Identity numbers: GB 11643-1999 (17 digits and a check character 0-9X).
 * Opaque ids: a capital letter, a hyphen, then letters, digits or hyphens.
 */
#ifndef HENG_MODEL_IDENTITY_H
#define HENG_MODEL_IDENTITY_H

#include <stdbool.h>
#include <stddef.h>

#include "heng/date.h"
#include "heng/str.h"
#include "model/kind.h"

typedef enum heng_identity_form {
    HENG_IDENTITY_WRONG, /* fits no form: rejected */
    HENG_IDENTITY_USCC,
    HENG_IDENTITY_NUMBER, /* identity number of a natural person */
    HENG_IDENTITY_OPAQUE,
} heng_identity_form;

/**
 * What form `id` has for a subject of that kind.
 *
 * @param ret_reason  where WRONG, why and what is expected (static text); may be NULL.
 * @param ret_check   whether the check digits are right (true for OPAQUE). Some early
 * codes fail lawfully: warn, do not reject. May be NULL.
 */
heng_identity_form heng_identity_check(heng_subject_kind kind, heng_str id,
                                       const char **ret_reason, bool *ret_check);

/** The same where the kind is not known (a record before its subject, a party, a
 * relation). */
heng_identity_form heng_identity_form_of(heng_str id);

/** Whether heng_identity_mask() masks anything of an id of ordinary length. */
bool heng_identity_is_masked(heng_str id);

/** Whether `id` surely is one that heng_identity_mask() leaves as it is, no identity
 * number, and of letters, digits and hyphens alone: an opaque id or a credit code.
 * Quick, and right of nearly all ids; false says nothing. */
bool heng_identity_is_plain(heng_str id);

enum { HENG_IDENTITY_NUMBER_DIGITS = 17 };

/** Whether anywhere within `text` there may be what heng_identity_form_of() says is a
 * number. Quick: 17 digits in a row meet each seventeenth place. */
static inline bool heng_identity_may_be_within(heng_str text) {
    for (size_t at = HENG_IDENTITY_NUMBER_DIGITS - 1; at < text.len;
         at += HENG_IDENTITY_NUMBER_DIGITS) {
        if (text.ptr[at] >= '0' && text.ptr[at] <= '9')
            return true;
    }
    return false;
}

/** Whether heng_identity_form_of() says HENG_IDENTITY_NUMBER; quickly where it does
 * not.
 */
bool heng_identity_is_number(heng_str id);

/** Born on, of an identity number. False where `id` is none. */
bool heng_identity_born_on(heng_str id, heng_date *ret_date);

/** First day on which a person born then is 18. */
heng_date heng_identity_adult_on(heng_date born_on);

/** Whether a subject is of age, or no person, without a look at a calendar: a person is
 * who has full capacity and whose id is no number, for then no age is known. */
static inline bool heng_identity_needs_no_age(heng_str id, unsigned kind,
                                              unsigned capacity) {
    char first = id.len == 0 ? '0' : id.ptr[0];
    return kind != HENG_NATURAL_PERSON ||
           (capacity == HENG_CAPACITY_FULL && (first < '0' || first > '9'));
}

enum { HENG_IDENTITY_MASKED_BYTES = 80 };

/** Identity numbers: first 3 and last 2 characters stay, `*` between; likewise ids of
 * no form that have as many digits as one. Others: copied. Returns the length written
 * (a NUL follows). `id` is at most HENG_LIMIT_SUBJECT_ID_BYTES long; more is cut. */
size_t heng_identity_mask(heng_str id, char buffer[HENG_IDENTITY_MASKED_BYTES]);

/** Masks, in place, every run of letters, digits and hyphens in `text` that
 * heng_identity_mask() would mask: for lines as they came. */
void heng_identity_mask_text(char *text, size_t len);

/** Check characters for generators of made-up codes; NUL where a character is not of
 * the alphabet. The 17th character of a credit code checks its 9th to 16th. */
char heng_identity_organisation_check(const char first8[8]);
char heng_identity_uscc_check(const char first17[17]);
char heng_identity_number_check(const char first17[17]);

#endif
