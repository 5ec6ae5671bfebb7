/* SPDX-License-Identifier: Apache-2.0 */
/* test_outline.c: an outline is read as it was written, or not at all. */
#include "store/outline.h"
#include "store/rows.h"

#define ID HENG_STR("E-X")

static uint8_t *bytes;
static size_t len;
static uint8_t *whole; /* the dossier */
static size_t whole_len;
static heng_dossier dossier;
static heng_snapshot_record records[2];

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
        "\"tax.major_violation\",\"authority\":\"b\",\"document_no\":\"m\","
        "\"decided_on\":\"2024-01-02\",\"attributes\":{\"amount\":\"7\"}}\n");
    bytes = rows_take(store, HENG_TABLE_OUTLINE, ID, &len);
    whole = rows_take(store, HENG_TABLE_DOSSIER, ID, &whole_len);
    assert_true(heng_dossier_open(whole, whole_len, true, &dossier));
    assert_int_equal(dossier.count, COUNT(records));
    assert_true(heng_dossier_records(&dossier, ID, true, records));
    heng_store_close(store);
    fixture_remove(folder);
    return 0;
}

static int teardown(void **state) {
    (void)state;
    free(bytes);
    free(whole);
    return 0;
}

static void expect_outline(const uint8_t *got, const uint8_t *object, bool is_record) {
    uint8_t *want = malloc(heng_flat_u32(object));
    assert_non_null(want);
    size_t size = is_record ? heng_flat_outline_record(object, want)
                            : heng_flat_outline_subject(object, want);
    assert_int_equal(heng_flat_u32(got), size);
    assert_memory_equal(got, want, size);
    free(want);
}

static void an_import_writes_it(void **state) {
    (void)state;
    heng_dossier outline;
    heng_snapshot_record got[COUNT(records)];
    assert_true(len < whole_len);
    assert_true(heng_outline_open(ID, bytes, len, &outline));
    assert_int_equal(outline.count, COUNT(records));
    assert_true(outline.categories == dossier.categories);
    assert_true(heng_outline_categories(bytes, len) == dossier.categories);
    expect_outline(outline.subject, dossier.subject, false);
    heng_outline_records(&outline, ID, got);
    for (size_t i = 0; i < COUNT(records); i++) {
        expect_outline(got[i].bytes, records[i].bytes, true);
        assert_true(heng_str_equal(got[i].subject, ID));
    }
    const uint8_t *last = got[COUNT(records) - 1].bytes;
    assert_ptr_equal(last + heng_flat_u32(last), bytes + len);
    assert_ptr_equal(outline.end, bytes + len);
}

/* Any number of records, and with or without a subject. */
static void it_is_read_as_it_was_written(void **state) {
    (void)state;
    for (size_t count = 0; count <= COUNT(records); count++) {
        for (int known = 0; known < 2; known++) {
            const uint8_t *subject = known != 0 ? dossier.subject : NULL;
            heng_dossier outline;
            heng_snapshot_record got[COUNT(records)];
            size_t room = heng_outline_room(subject, records, count);
            uint8_t *made = malloc(room);
            assert_non_null(made);
            size_t size = heng_outline_write(ID, subject, records, count, made);
            assert_int_equal(size, room);
            assert_true(heng_outline_open(ID, made, size, &outline));
            assert_int_equal(outline.count, count);
            assert_int_equal(outline.subject != NULL, known);
            if (known != 0)
                expect_outline(outline.subject, subject, false);
            heng_outline_records(&outline, ID, got);
            for (size_t i = 0; i < count; i++)
                expect_outline(got[i].bytes, records[i].bytes, true);
            free(made);
        }
    }
}

static bool is_refused(heng_str id, const uint8_t *from, size_t from_len) {
    heng_dossier outline = {.count = 77};
    bool opened = heng_outline_open(id, from, from_len, &outline);
    assert_int_equal(outline.count == 77, !opened); /* untouched */
    return !opened;
}

static void every_flipped_bit_is_refused(void **state) {
    (void)state;
    for (size_t bit = 0; bit < len * 8; bit++) {
        bytes[bit / 8] = (uint8_t)(bytes[bit / 8] ^ 1U << bit % 8);
        assert_true(is_refused(ID, bytes, len));
        bytes[bit / 8] = (uint8_t)(bytes[bit / 8] ^ 1U << bit % 8);
    }
    assert_false(is_refused(ID, bytes, len));
}

static void every_other_length_is_refused(void **state) {
    (void)state;
    for (size_t other = 0; other < len + 40; other++) {
        uint8_t *copy = calloc(other + 1, 1); /* a byte more, as nothing has a place */
        assert_non_null(copy);
        memcpy(copy + 1, bytes, other < len ? other : len);
        assert_int_equal(is_refused(ID, copy + 1, other), other != len);
        free(copy);
    }
}

static void another_id_is_refused(void **state) {
    (void)state;
    static const char *const IDS[] = {"", "E", "E-", "E-x", "E-Y", "E-XX", "XE-"};
    for (size_t i = 0; i < COUNT(IDS); i++)
        assert_true(is_refused(heng_str_of(IDS[i]), bytes, len));
}

/* Whoever passes by must not pass by what is damaged. */
static void too_short_a_value_has_all_categories(void **state) {
    (void)state;
    enum { HEAD = HENG_OUTLINE_CHECKSUM_BYTES + HENG_DOSSIER_HEAD_BYTES };
    for (size_t cut = 0; cut <= len; cut++)
        assert_true(heng_outline_categories(bytes, cut) ==
                    (cut < HEAD ? UINT64_MAX : dossier.categories));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_import_writes_it),
        cmocka_unit_test(it_is_read_as_it_was_written),
        cmocka_unit_test(every_flipped_bit_is_refused),
        cmocka_unit_test(every_other_length_is_refused),
        cmocka_unit_test(another_id_is_refused),
        cmocka_unit_test(too_short_a_value_has_all_categories),
    };
    return cmocka_run_group_tests_name("store/outline", tests, setup, teardown);
}
