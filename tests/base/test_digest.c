/* SPDX-License-Identifier: Apache-2.0 */
/* test_digest.c: SHA-256 by the published vectors (FIPS 180-2), and its text form. */
#include "support/check.h"

#include "base/digest.h"

#include <string.h>

struct row {
    const char *name;
    const char *bytes;
    const char *text;
};

static struct row rows[] = {
    {"nothing", "",
     "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
    {"three bytes", "abc",
     "sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
    {"two blocks", "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
     "sha256:248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"},
};

static void check_row(void **state) {
    const struct row *row = *state;
    char text[HENG_DIGEST_TEXT_BYTES];
    heng_digest digest = heng_digest_of(heng_str_of(row->bytes));
    heng_digest_format(&digest, text);
    assert_string_equal(text, row->text);

    heng_digest parsed = {{0}};
    assert_true(heng_digest_parse(heng_str_of(text), &parsed));
    assert_true(heng_digest_equal(&parsed, &digest));

    for (size_t cut = 0; cut <= strlen(row->bytes);
         cut++) { /* pieces make no difference */
        heng_digest_state hashing;
        heng_digest pieces;
        heng_digest_init(&hashing);
        heng_digest_update(&hashing, row->bytes, cut);
        heng_digest_update(&hashing, NULL, 0);
        heng_digest_update(&hashing, row->bytes + cut, strlen(row->bytes) - cut);
        heng_digest_final(&hashing, &pieces);
        assert_true(heng_digest_equal(&pieces, &digest));
    }
}

static heng_digest of_two(heng_str a, heng_str b) {
    heng_digest_state hashing;
    heng_digest digest;
    heng_digest_init(&hashing);
    heng_digest_update_str(&hashing, a);
    heng_digest_update_str(&hashing, b);
    heng_digest_final(&hashing, &digest);
    return digest;
}

static void texts_do_not_run_into_one_another(void **state) {
    (void)state;
    heng_digest one = of_two(HENG_STR("ab"), HENG_STR("c"));
    heng_digest other = of_two(HENG_STR("a"), HENG_STR("bc"));
    assert_false(heng_digest_equal(&one, &other));
    other = of_two(HENG_STR("ab"), HENG_STR("c"));
    assert_true(heng_digest_equal(&one, &other));
}

static void numbers_are_least_byte_first(void **state) {
    (void)state;
    heng_digest_state hashing;
    heng_digest digest;
    heng_digest_init(&hashing);
    heng_digest_update_uint64(&hashing, UINT64_C(0x0102030405060708));
    heng_digest_final(&hashing, &digest);
    heng_digest want = heng_digest_of(HENG_STR("\x08\x07\x06\x05\x04\x03\x02\x01"));
    assert_true(heng_digest_equal(&digest, &want));
}

/* Against Python's hashlib.blake2b(…, key=bytes(range(32)), digest_size=32). */
static void a_key_makes_another_digest(void **state) {
    (void)state;
    static const struct row KEYED[] = {
        {"nothing", "",
         "sha256:4e51e7a913fc80137da52880fecca175bf81e117d5c68126dc2774033517ea0d"},
        {"an identity number", "430101199001011234",
         "sha256:daaef827e822993a2e68c411082b6cd98c7bd2cd4bc4f73f727789ca6a4130b2"},
    };
    unsigned char key[HENG_DIGEST_BYTES];
    for (size_t i = 0; i < sizeof key; i++)
        key[i] = (unsigned char)i;
    for (size_t i = 0; i < COUNT(KEYED); i++) {
        heng_digest want;
        heng_digest digest = heng_digest_keyed(key, heng_str_of(KEYED[i].bytes));
        assert_true(heng_digest_parse(heng_str_of(KEYED[i].text), &want));
        assert_true(heng_digest_equal(&digest, &want));
    }
}

#define ZEROS "00000000000000000000000000000000000000000000000000000000000000"

static struct row bad[] = {
    {"no digest", "", NULL},
    {"the prefix alone", "sha256:", NULL},
    {"no prefix", ZEROS "00", NULL},
    {"another prefix", "sha512:" ZEROS "00", NULL},
    {"a digit too few", "sha256:" ZEROS "0", NULL},
    {"a digit too many", "sha256:" ZEROS "000", NULL},
    {"a letter past f", "sha256:" ZEROS "0g", NULL},
    {"upper case", "sha256:" ZEROS "0A", NULL},
};

static void check_bad(void **state) {
    const struct row *row = *state;
    heng_digest digest = {{7}};
    assert_false(heng_digest_parse(heng_str_of(row->bytes), &digest));
    assert_int_equal(digest.bytes[0], 7); /* untouched */
}

static void a_nul_is_no_digit(void **state) {
    (void)state;
    char text[] = "sha256:" ZEROS "00";
    heng_digest digest = {{7}};
    text[20] = '\0';
    assert_false(heng_digest_parse((heng_str){text, sizeof text - 1}, &digest));
}

int main(void) {
    struct CMUnitTest tests[COUNT(rows) + COUNT(bad) + 4];
    size_t count = 0;
    for (size_t i = 0; i < COUNT(rows); i++) {
        tests[count++] = ROW_TEST(&rows[i], check_row);
    }
    for (size_t i = 0; i < COUNT(bad); i++) {
        tests[count++] = ROW_TEST(&bad[i], check_bad);
    }
    const struct CMUnitTest others[] = {
        cmocka_unit_test(texts_do_not_run_into_one_another),
        cmocka_unit_test(numbers_are_least_byte_first),
        cmocka_unit_test(a_nul_is_no_digit),
        cmocka_unit_test(a_key_makes_another_digest),
    };
    memcpy(tests + count, others, sizeof others);
    count += COUNT(others);
    return check_run("base/digest", tests, count, NULL, NULL);
}
