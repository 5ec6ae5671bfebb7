/* SPDX-License-Identifier: Apache-2.0 */
/* test_dossier.c: whatever the bytes of a dossier are, what is handed out of it lies
 * inside. */
#include "base/limits.h"
#include "store/dossier.h"
#include "store/rows.h"

static uint8_t *bytes;
static size_t len;

static int setup(void **state) {
    (void)state;
    char *folder = fixture_folder();
    heng_store *store = fixture_open(folder, HENG_STORE_CREATE);
    (void)fixture_import(
        store, 100,
        "{\"type\":\"subject\",\"id\":\"E-X\",\"kind\":\"legal_person\",\"name\":\"x\","
        "\"region\":\"43\",\"relations\":[{\"role\":\"shareholder\",\"id\":\"E-Y\"}]}\n"
        "{\"type\":\"record\",\"id\":\"R-X\",\"subject\":\"E-X\",\"category\":"
        "\"wage.arrears\",\"authority\":\"a\",\"document_no\":\"n\",\"decided_on\":"
        "\"2024-01-01\",\"parties\":[{\"role\":\"responsible\",\"id\":\"E-Z\"}]}\n"
        "{\"type\":\"record\",\"id\":\"R-Y\",\"subject\":\"E-X\",\"category\":"
        "\"wage.arrears\",\"authority\":\"a\",\"document_no\":\"n\",\"decided_on\":"
        "\"2024-01-02\"}\n");
    bytes = rows_take(store, HENG_TABLE_DOSSIER, HENG_STR("E-X"), &len);
    heng_store_close(store);
    fixture_remove(folder);
    return 0;
}

static int teardown(void **state) {
    (void)state;
    free(bytes);
    return 0;
}

/* Whether the whole is well-formed by what `check` looks at. */
static bool read_all(bool check) {
    heng_dossier dossier;
    heng_snapshot_record records[8];
    if (!heng_dossier_open(bytes, len, check, &dossier))
        return false;
    if (dossier.subject != NULL) {
        assert_true(dossier.subject + heng_flat_u32(dossier.subject) <= bytes + len);
        (void)heng_flat_check_subject(dossier.subject, heng_flat_u32(dossier.subject));
    }
    if (dossier.count > COUNT(records) ||
        !heng_dossier_records(&dossier, HENG_STR("E-X"), check, records))
        return false;
    for (size_t i = 0; i < dossier.count; i++) {
        const uint8_t *record = records[i].bytes;
        assert_true(record + heng_flat_u32(record) <= bytes + len);
        assert_true(heng_flat_check_record(record, heng_flat_u32(record)) || !check);
    }
    return true;
}

static void it_is_read_as_it_was_written(void **state) {
    (void)state;
    heng_dossier dossier;
    heng_snapshot_record records[2];
    for (int check = 0; check < 2; check++) {
        assert_true(heng_dossier_open(bytes, len, check != 0, &dossier));
        assert_int_equal(dossier.count, 2);
        assert_true(
            heng_dossier_records(&dossier, HENG_STR("E-X"), check != 0, records));
        assert_true(heng_str_equal(
            heng_flat_text(records[1].bytes, HENG_FLAT_RECORD_ID), HENG_STR("R-Y")));
        assert_true(read_all(check != 0));
    }
}

static void it_says_which_categories_it_has(void **state) {
    (void)state;
    heng_dossier dossier;
    heng_snapshot_record records[2];
    const heng_categories some = {{5, 6}};
    heng_categories want = {{0, 0}};
    assert_true(heng_dossier_open(bytes, len, true, &dossier));
    assert_true(heng_dossier_records(&dossier, HENG_STR("E-X"), true, records));
    for (size_t i = 0; i < COUNT(records); i++)
        heng_categories_add(&want, heng_flat_u32(records[i].bytes + 4));
    assert_false(heng_categories_is_empty(&want));
    assert_true(heng_categories_equal(&dossier.categories, &want));
    for (size_t cut = 0; cut <= len; cut++) {
        heng_categories got = heng_dossier_categories(bytes, cut);
        assert_true(heng_categories_equal(
            &got, cut < HENG_DOSSIER_HEAD_BYTES ? &HENG_CATEGORIES_ALL : &want));
    }
    want = heng_dossier_all_categories(some, HENG_LIMIT_RECORDS_PER_SUBJECT);
    assert_true(heng_categories_equal(&want, &some));
    want = heng_dossier_all_categories(some, HENG_LIMIT_RECORDS_PER_SUBJECT + 1);
    assert_true(heng_categories_equal(&want, &HENG_CATEGORIES_ALL));
}

static void a_category_has_the_bit_of_its_number(void **state) {
    (void)state;
    for (uint32_t name = 0; name < 300; name++) {
        heng_categories one = {{0, 0}};
        heng_categories_add(&one, name);
        assert_int_equal(
            __builtin_popcountll(one.bits[0]) + __builtin_popcountll(one.bits[1]), 1);
        for (uint32_t other = 0; other < 300; other++) {
            heng_categories its = {{0, 0}};
            heng_categories_add(&its, other);
            bool same = name % 128 == other % 128;
            assert_int_equal(heng_categories_have(&one, other), same);
            assert_int_equal(heng_categories_meet(&one, &its), same);
            assert_int_equal(heng_categories_equal(&one, &its), same);
        }
        assert_false(heng_categories_is_empty(&one));
    }
}

static void no_damaged_byte_leads_outside(void **state) {
    (void)state;
    size_t refused[2] = {0, 0};
    for (size_t at = 0; at < len; at++) {
        for (int bit = 0; bit < 8; bit++) {
            bytes[at] = (uint8_t)(bytes[at] ^ 1U << bit);
            for (int check = 0; check < 2; check++)
                refused[check] += !read_all(check != 0);
            bytes[at] = (uint8_t)(bytes[at] ^ 1U << bit);
        }
    }
    /* what is checked finds more than what is not */
    assert_true(refused[1] > refused[0] && refused[0] > 0);
}

static void no_length_leads_outside(void **state) {
    (void)state;
    uint8_t *whole = bytes;
    size_t whole_len = len;
    for (len = 0; len < whole_len; len++) {
        bytes = malloc(len == 0 ? 1 : len);
        assert_non_null(bytes);
        memcpy(bytes, whole, len);
        assert_false(read_all(false));
        assert_false(read_all(true));
        free(bytes);
    }
    bytes = whole;
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_is_read_as_it_was_written),
        cmocka_unit_test(it_says_which_categories_it_has),
        cmocka_unit_test(a_category_has_the_bit_of_its_number),
        cmocka_unit_test(no_damaged_byte_leads_outside),
        cmocka_unit_test(no_length_leads_outside),
    };
    return cmocka_run_group_tests_name("store/dossier", tests, setup, teardown);
}
