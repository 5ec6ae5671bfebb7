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
    assert_true(heng_categories_equal(&outline.categories, &dossier.categories));
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

/* ---- passing by ---- */

/* Nothing of all kinds but `kind`, of which all is sought; -1: of none. */
static heng_sought sought_of(int kind) {
    heng_sought sought = {.of_kind = {{{0, 0}}}};
    if (kind >= 0)
        sought.of_kind[kind] = HENG_CATEGORIES_ALL;
    return sought;
}

static void what_is_sought_is_seen_at_a_glance(void **state) {
    (void)state;
    heng_sought sought = sought_of(-1);
    assert_true(heng_outline_has_none(bytes, len, &sought));
    for (int kind = 0; kind <= HENG_NATURAL_PERSON; kind++) {
        sought = sought_of(kind);
        assert_int_equal(heng_outline_has_none(bytes, len, &sought),
                         kind != HENG_LEGAL_PERSON);
    }
    for (size_t i = 0; i < COUNT(records); i++) {
        sought = sought_of(-1);
        heng_categories_add(&sought.of_kind[HENG_LEGAL_PERSON],
                            heng_flat_u32(records[i].bytes + 4));
        assert_false(heng_outline_has_none(bytes, len, &sought));
    }
    sought = sought_of(-1);
    heng_categories_add(&sought.of_kind[HENG_LEGAL_PERSON],
                        heng_flat_u32(records[0].bytes + 4) + 1);
    heng_categories all = heng_dossier_categories(bytes + HENG_OUTLINE_HEAD_BYTES, len);
    assert_int_equal(heng_outline_has_none(bytes, len, &sought),
                     !heng_categories_meet(&all, &sought.of_kind[HENG_LEGAL_PERSON]));
}

/* Who may not be of age, or is no subject yet, is of no kind. */
static void who_is_counted_is_not_passed_by(void **state) {
    (void)state;
    static const struct {
        const char *id;
        uint8_t kind, capacity;
        int want;
    } cases[] = {
        {"P-1", HENG_NATURAL_PERSON, HENG_CAPACITY_FULL, HENG_NATURAL_PERSON},
        {"P-1", HENG_NATURAL_PERSON, HENG_CAPACITY_LIMITED, 0},
        {"P-1", HENG_NATURAL_PERSON, HENG_CAPACITY_NONE, 0},
        {"430102199001010013", HENG_NATURAL_PERSON, HENG_CAPACITY_FULL, 0},
        {"91430100MA4L16XQ7X", HENG_INDIVIDUAL_BUSINESS, HENG_CAPACITY_FULL,
         HENG_INDIVIDUAL_BUSINESS},
        {"U", HENG_UNINCORPORATED, HENG_CAPACITY_FULL, HENG_UNINCORPORATED},
        {"U", 0, HENG_CAPACITY_FULL, 0}, /* stands for: no subject */
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        size_t room = heng_flat_u32(dossier.subject);
        uint8_t *subject = malloc(room);
        uint8_t *made = malloc(heng_outline_room(dossier.subject, records, 1));
        assert_true(subject != NULL && made != NULL);
        memcpy(subject, dossier.subject, room);
        subject[4] = cases[i].kind;
        subject[5] = cases[i].capacity;
        size_t size =
            heng_outline_write(heng_str_of(cases[i].id),
                               cases[i].kind == 0 ? NULL : subject, records, 1, made);
        for (int kind = 0; kind <= HENG_NATURAL_PERSON; kind++) {
            const heng_sought sought = sought_of(kind);
            assert_int_equal(heng_outline_has_none(made, size, &sought),
                             kind != cases[i].want);
        }
        free(subject);
        free(made);
    }
}

static bool is_passed_by(const uint8_t *from, size_t from_len,
                         const heng_sought *sought) {
    return heng_outline_has_none(from, from_len, sought) &&
           heng_outline_glance_is_sound(from);
}

/* Nobody passes by what is damaged: one bit of the glance, or two. */
static void no_damage_is_passed_by(void **state) {
    (void)state;
    enum {
        SUM = HENG_OUTLINE_GLANCE_AT * 8,
        KIND = SUM + 32,
        SETS = (HENG_OUTLINE_HEAD_BYTES + 4) * 8,
        BITS = 32 + 8 + 128
    };
    const heng_sought nothing = sought_of(-1);
    size_t bits[BITS];
    for (size_t i = 0; i < BITS; i++)
        bits[i] = i < 40 ? SUM + i : SETS + i - 40;
    assert_int_equal(bits[32], KIND);
    for (size_t i = 0; i < BITS; i++) {
        for (size_t k = 0; k <= i; k++) { /* of the same: one bit */
            bytes[bits[i] / 8] ^= (uint8_t)(1U << bits[i] % 8);
            if (k != i)
                bytes[bits[k] / 8] ^= (uint8_t)(1U << bits[k] % 8);
            assert_false(is_passed_by(bytes, len, &nothing));
            if (k != i)
                bytes[bits[k] / 8] ^= (uint8_t)(1U << bits[k] % 8);
            bytes[bits[i] / 8] ^= (uint8_t)(1U << bits[i] % 8);
        }
    }
    assert_true(is_passed_by(bytes, len, &nothing));
    for (size_t cut = 0; cut < HENG_OUTLINE_HEAD_BYTES + HENG_DOSSIER_HEAD_BYTES; cut++)
        assert_false(is_passed_by(bytes, cut, &nothing));
    static const uint8_t zeros[64] = {0};
    assert_false(is_passed_by(zeros, sizeof zeros, &nothing));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_import_writes_it),
        cmocka_unit_test(it_is_read_as_it_was_written),
        cmocka_unit_test(every_flipped_bit_is_refused),
        cmocka_unit_test(every_other_length_is_refused),
        cmocka_unit_test(another_id_is_refused),
        cmocka_unit_test(what_is_sought_is_seen_at_a_glance),
        cmocka_unit_test(who_is_counted_is_not_passed_by),
        cmocka_unit_test(no_damage_is_passed_by),
    };
    return cmocka_run_group_tests_name("store/outline", tests, setup, teardown);
}
