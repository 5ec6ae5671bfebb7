/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <string.h>

#include "support/check.h"

#include "model/identity.h"

struct row {
    const char *name; /* what must hold */
    heng_subject_kind kind;
    const char *id;
    heng_identity_form form;
    bool check;
    const char *reason; /* where WRONG */
};

#define USCC_LENGTH                                                                    \
    "expected a unified social credit code of 18 characters, or an opaque id such as " \
    "`E-1`"
#define USCC_ALPHABET                                                                  \
    "a unified social credit code has only digits and capital letters without I, O, "  \
    "S, V and Z"
#define NUMBER_LENGTH                                                                  \
    "expected an identity number of 18 characters, or an opaque id such as `P-1`"
#define NUMBER_DIGITS "an identity number has 17 digits, then a digit or `X`"
#define NUMBER_BIRTH                                                                   \
    "characters 7 to 14 of an identity number are a day of birth, and these are no "   \
    "day"

static struct row rows[] = {
    /* real codes of public bodies and companies, as published */
    {"code 1", HENG_LEGAL_PERSON, "91110000600037341L", HENG_IDENTITY_USCC, true, NULL},
    {"code 2", HENG_LEGAL_PERSON, "9144030071526726XG", HENG_IDENTITY_USCC, true, NULL},
    {"code 3, all digits", HENG_LEGAL_PERSON, "914403001922038216", HENG_IDENTITY_USCC,
     true, NULL},
    {"code 4", HENG_UNINCORPORATED, "91330106673959654P", HENG_IDENTITY_USCC, true,
     NULL},
    {"code 5", HENG_INDIVIDUAL_BUSINESS, "91110000802100433B", HENG_IDENTITY_USCC, true,
     NULL},
    {"an early code fails its check lawfully", HENG_LEGAL_PERSON, "91350100M0001TGQXM",
     HENG_IDENTITY_USCC, false, NULL},
    {"a swapped pair fails the check", HENG_LEGAL_PERSON, "91110000600037314L",
     HENG_IDENTITY_USCC, false, NULL},
    {"17 characters are no code", HENG_LEGAL_PERSON, "91110000600037341",
     HENG_IDENTITY_WRONG, false, USCC_LENGTH},
    {"I is no letter of codes", HENG_LEGAL_PERSON, "9111000060003734IL",
     HENG_IDENTITY_WRONG, false, USCC_ALPHABET},
    {"small letters are none", HENG_LEGAL_PERSON, "91110000600037341l",
     HENG_IDENTITY_WRONG, false, USCC_ALPHABET},
    {"the region is of digits", HENG_LEGAL_PERSON, "9111A000600037341L",
     HENG_IDENTITY_WRONG, false,
     "characters 3 to 8 of a unified social credit code are the digits of a region"},
    {"nothing is no code", HENG_LEGAL_PERSON, "", HENG_IDENTITY_WRONG, false,
     USCC_LENGTH},

    {"number 1", HENG_NATURAL_PERSON, "11010519491231002X", HENG_IDENTITY_NUMBER, true,
     NULL},
    {"number 2, born before heng's calendar", HENG_NATURAL_PERSON, "440524188001010014",
     HENG_IDENTITY_NUMBER, true, NULL},
    {"a number of today", HENG_NATURAL_PERSON, "430102199003078515",
     HENG_IDENTITY_NUMBER, false, NULL},
    {"a number of 15 digits", HENG_NATURAL_PERSON, "430102900307851",
     HENG_IDENTITY_WRONG, false, NUMBER_LENGTH},
    {"a small x", HENG_NATURAL_PERSON, "11010519491231002x", HENG_IDENTITY_WRONG, false,
     NUMBER_DIGITS},
    {"born on no day", HENG_NATURAL_PERSON, "110105194902300028", HENG_IDENTITY_NUMBER,
     false, NULL},
    {"a code is no person", HENG_NATURAL_PERSON, "91110000600037341L",
     HENG_IDENTITY_WRONG, false, NUMBER_DIGITS},

    {"opaque", HENG_LEGAL_PERSON, "E-0001", HENG_IDENTITY_OPAQUE, true, NULL},
    {"opaque person", HENG_NATURAL_PERSON, "P-a-9", HENG_IDENTITY_OPAQUE, true, NULL},
    {"opaque and empty", HENG_NATURAL_PERSON, "P-", HENG_IDENTITY_WRONG, false,
     "an opaque id has at least one character after its hyphen, as in `P-1`"},
    {"opaque with a space", HENG_NATURAL_PERSON, "P-a b", HENG_IDENTITY_WRONG, false,
     "after its hyphen, an opaque id has only letters, digits and hyphens"},
    {"opaque in small letters", HENG_NATURAL_PERSON, "p-1", HENG_IDENTITY_WRONG, false,
     NUMBER_LENGTH},
};

static void check_row(void **state) {
    const struct row *row = *state;
    const char *reason = NULL;
    bool check = false;
    assert_int_equal(
        heng_identity_check(row->kind, heng_str_of(row->id), &reason, &check),
        row->form);
    if (row->form == HENG_IDENTITY_WRONG) {
        assert_string_equal(reason, row->reason);
    } else {
        assert_int_equal(check, row->check);
    }
}

static void check_digits_are_made_as_they_are_checked(void **state) {
    (void)state;
    assert_int_equal(heng_identity_uscc_check("91110000600037341"), 'L');
    assert_int_equal(heng_identity_uscc_check("9144030071526726X"), 'G');
    assert_int_equal(heng_identity_organisation_check("71526726"), 'X');
    assert_int_equal(heng_identity_organisation_check("60003734"), '1');
    assert_int_equal(heng_identity_number_check("11010519491231002"), 'X');
    assert_int_equal(heng_identity_number_check("44052418800101001"), '4');
    assert_int_equal(heng_identity_uscc_check("9111000060003734I"), '\0');
    assert_int_equal(heng_identity_number_check("1101051949123100X"), '\0');
}

static void the_form_is_told_without_the_kind(void **state) {
    (void)state;
    static const struct {
        const char *id;
        heng_identity_form form;
    } FORMS[] = {
        {"914403001922038216", HENG_IDENTITY_USCC},
        {"91110000600037341L", HENG_IDENTITY_USCC},
        {"11010519491231002X", HENG_IDENTITY_NUMBER},
        {"430102199003078515", HENG_IDENTITY_NUMBER}, /* even where its check fails */
        {"440524188001010014", HENG_IDENTITY_NUMBER}, /* or its day is too early */
        {"P-1", HENG_IDENTITY_OPAQUE},
        {"P 1", HENG_IDENTITY_WRONG},
        {"", HENG_IDENTITY_WRONG},
    };
    for (size_t i = 0; i < COUNT(FORMS); i++) {
        assert_int_equal(heng_identity_form_of(heng_str_of(FORMS[i].id)),
                         FORMS[i].form);
    }
}

/* The quick ways out say what the long way says, of what nearly is one too. */
static void a_number_is_told_quickly(void **state) {
    (void)state;
    uint64_t random = 88172645463325252U;
    size_t numbers = 0, others = 0;
    for (size_t r = 0; r < COUNT(rows); r++) {
        for (int round = 0; round < 400; round++) {
            char text[40];
            size_t len = strlen(rows[r].id);
            memcpy(text, rows[r].id, len + 1);
            random = random * 6364136223846793005U + 1442695040888963407U;
            if (round > 0 && len > 0)
                text[(random >> 33) % len] = "0123456789XA-Px"[(random >> 20) % 15];
            if (round % 9 == 8 && len > 1)
                text[--len] = '\0';
            heng_str id = {text, len};
            bool is_number = heng_identity_form_of(id) == HENG_IDENTITY_NUMBER;
            assert_int_equal(heng_identity_is_number(id), is_number);
            numbers += is_number;
            others += !is_number;
            char masked[HENG_IDENTITY_MASKED_BYTES];
            (void)heng_identity_mask(id, masked);
            if (is_number)
                assert_int_equal(masked[5], '*');
        }
    }
    assert_true(numbers > 100 && others > 500);
}

static void numbers_alone_are_masked(void **state) {
    (void)state;
    static const struct {
        const char *id;
        const char *masked;
    } MASKS[] = {
        {"11010519491231002X", "110*************2X"},
        {"91110000600037341L", "91110000600037341L"},
        {"P-110105194912310", "P-110105194912310"},
        {"11010519491231002", "110************02"}, /* a slip of the pen */
        {"11010549123100", "110*********00"},
        {"110105194902300028",
         "110*************28"}, /* on no day, and no code either */
        {"914403001922038216", "914403001922038216"},
        {"12345678", "12345678"},
        {"", ""},
    };
    for (size_t i = 0; i < COUNT(MASKS); i++) {
        char buffer[HENG_IDENTITY_MASKED_BYTES];
        size_t len = heng_identity_mask(heng_str_of(MASKS[i].id), buffer);
        assert_string_equal(buffer, MASKS[i].masked);
        assert_int_equal(len, strlen(buffer));
    }
    char line[] = "{\"id\":\"11010519491231002X\",\"n\":\"91110000600037341L, "
                  "110105194912310021 \"}";
    heng_identity_mask_text(line, strlen(line));
    assert_string_equal(line,
                        "{\"id\":\"110*************2X\",\"n\":\"91110000600037341L"
                        ", 110*************21 \"}");
}

/* ---- quick ways out ---- */

static uint64_t next_random(uint64_t *random) {
    *random = *random * 6364136223846793005U + 1442695040888963407U;
    return *random >> 33;
}

static char any_of(const char *letters, uint64_t *random) {
    return letters[next_random(random) % strlen(letters)];
}

/* An id out of a shape: 9 a digit, A a letter of codes, a any letter or hyphen, ? a
 * character of any kind; others stand for themselves. */
static void fill_shape(const char *shape, char *text, uint64_t *random) {
    for (; *shape != '\0'; shape++, text++) {
        *text = *shape;
        if (*shape == '9')
            *text = any_of("0123456789", random);
        if (*shape == 'A')
            *text = any_of("ABCDEFGHJKLMNPQRTUWXY", random);
        if (*shape == 'a')
            *text = any_of("IOSVZabcxyz-XQ019", random);
        if (*shape == '?')
            *text = any_of("0189AIXZaz-_ \"\\/\x01\x1f\x7f\x80\xe6\xff", random);
    }
    *text = '\0';
}

/* What heng_identity_is_plain() promises, and that it says so of all ids of these two
 * forms, told the long way. */
static bool check_plain(heng_str id) {
    bool is_plain = heng_identity_is_plain(id);
    heng_identity_form form = heng_identity_form_of(id);
    bool may_be_number = heng_identity_check(HENG_NATURAL_PERSON, id, NULL, NULL) ==
                         HENG_IDENTITY_NUMBER;
    bool want = (form == HENG_IDENTITY_OPAQUE && id.len < HENG_IDENTITY_MASKED_BYTES) ||
                (form == HENG_IDENTITY_USCC && !may_be_number);
    if (is_plain != want)
        fail_msg("`%s` is %splain", id.ptr, is_plain ? "" : "not ");
    if (!is_plain)
        return false;
    char masked[HENG_IDENTITY_MASKED_BYTES];
    assert_false(heng_identity_is_masked(id));
    assert_false(heng_identity_is_number(id));
    assert_int_equal(heng_identity_mask(id, masked), id.len);
    assert_memory_equal(masked, id.ptr, id.len);
    for (size_t i = 0; i < id.len; i++)
        assert_non_null(strchr("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
                               "abcdefghijklmnopqrstuvwxyz-",
                               id.ptr[i]));
    return true;
}

static void plain_ids_are_not_masked(void **state) {
    static const char *const SHAPES[] = {
        "999999999999999999",
        "99999999999999999X",
        "99999999999999999A",
        "9999999999999999A9",
        "999999999A999999A9",
        "A99999999999999999",
        "AA9999AAAAAAAAAAAA",
        "9999999?9999999999",
        "9?9999999999999A9A",
        "99999999999999999?",
        "9999999999999999?A",
        "99999999999999999",
        "9999999999999999999",
        "A99999999999999A9AA",
        "999999999999999999A",
        "A-aaaaaaaaaaaaaaaa",
        "A-9999999999999999",
        "A-999999999999999",
        "A-99999999999999999999",
        "A-",
        "A-a",
        "A-?",
        "A-aaa?aaa",
        "a-9",
        "A?999",
        "A",
        "9-999999999999999X",
        "",
        "???",
        "??????????????????",
        "Z-aaaaaaaaa",
    };
    uint64_t random = 88172645463325252U;
    size_t plain = 0, others = 0;
    (void)state;
    for (size_t i = 0; i < COUNT(SHAPES); i++) {
        for (int round = 0; round < 3000; round++) {
            char text[40];
            fill_shape(SHAPES[i], text, &random);
            bool is_plain = check_plain(heng_str_of(text));
            plain += is_plain;
            others += !is_plain;
        }
    }
    for (size_t i = 0; i < COUNT(rows); i++)
        (void)check_plain(heng_str_of(rows[i].id));
    assert_true(plain > 20000 && others > 20000);
    assert_true(heng_identity_is_plain(HENG_STR("91110000600037341L")));
    assert_true(heng_identity_is_plain(HENG_STR("P-110105194912310")));
    assert_false(heng_identity_is_plain(HENG_STR("914403001922038216")));
    assert_false(heng_identity_is_plain(HENG_STR("11010519491231002X")));

    char longest[HENG_IDENTITY_MASKED_BYTES + 2] = "P-";
    memset(longest + 2, 'x', HENG_IDENTITY_MASKED_BYTES - 2);
    assert_true(check_plain((heng_str){longest, HENG_IDENTITY_MASKED_BYTES - 1}));
    assert_false(heng_identity_is_plain((heng_str){longest, sizeof longest - 2}));
}

static void a_number_within_a_text_is_not_overlooked(void **state) {
    static const char *const NUMBERS[] = {"11010519491231002X", "430102199003078515",
                                          "440524188001010014"};
    uint64_t random = 88172645463325252U;
    size_t none = 0;
    (void)state;
    for (size_t len = 18; len < 80; len++) {
        for (size_t at = 0; at + 18 <= len; at++) {
            char text[80];
            memset(text, "Rx-"[at % 3], len);
            memcpy(text + at, NUMBERS[at % 3], 18);
            assert_true(heng_identity_may_be_within((heng_str){text, len}));
        }
        for (int round = 0; round < 200; round++) {
            char text[80];
            for (size_t i = 0; i < len; i++)
                text[i] = any_of(i % 17 == 16 ? "09-RXRX-" : "0123456789X", &random);
            if (heng_identity_may_be_within((heng_str){text, len}))
                continue;
            none++;
            for (size_t at = 0; at + 18 <= len; at++)
                assert_int_not_equal(heng_identity_form_of((heng_str){text + at, 18}),
                                     HENG_IDENTITY_NUMBER);
        }
    }
    assert_true(none > 100);
    assert_false(heng_identity_may_be_within(HENG_STR("")));
    assert_false(heng_identity_may_be_within(HENG_STR("1101051949123100")));
    assert_false(heng_identity_may_be_within(HENG_STR("HN-2024-00017-RR-12345")));
}

static void people_come_of_age_on_their_birthday(void **state) {
    (void)state;
    static const struct {
        const char *id;
        const char *born;
        const char *adult;
    } AGES[] = {
        {"11010519491231002X", "1949-12-31", "1967-12-31"},
        {"110105200802290020", "2008-02-29", "2026-03-01"},
    };
    for (size_t i = 0; i < COUNT(AGES); i++) {
        heng_date born = 0;
        char text[HENG_DATE_TEXT_BYTES];
        assert_true(heng_identity_born_on(heng_str_of(AGES[i].id), &born));
        heng_date_format(born, text);
        assert_string_equal(text, AGES[i].born);
        heng_date_format(heng_identity_adult_on(born), text);
        assert_string_equal(text, AGES[i].adult);
    }
    heng_date born = 0;
    assert_false(heng_identity_born_on(HENG_STR("P-1"), &born));
    assert_false(heng_identity_born_on(HENG_STR("110105194902300028"), &born));
    assert_false(heng_identity_born_on(HENG_STR("91110000600037341L"), &born));
}

int main(void) {
    struct CMUnitTest tests[COUNT(rows) + 8];
    size_t count = 0;
    for (; count < COUNT(rows); count++) {
        tests[count] = ROW_TEST(&rows[count], check_row);
    }
    const struct CMUnitTest others[] = {
        cmocka_unit_test(check_digits_are_made_as_they_are_checked),
        cmocka_unit_test(the_form_is_told_without_the_kind),
        cmocka_unit_test(a_number_is_told_quickly),
        cmocka_unit_test(numbers_alone_are_masked),
        cmocka_unit_test(plain_ids_are_not_masked),
        cmocka_unit_test(a_number_within_a_text_is_not_overlooked),
        cmocka_unit_test(people_come_of_age_on_their_birthday),
    };
    for (size_t i = 0; i < COUNT(others); i++) {
        tests[count++] = others[i];
    }
    return check_run("model/identity", tests, count, NULL, NULL);
}
