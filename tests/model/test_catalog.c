/* SPDX-License-Identifier: Apache-2.0 */
#include "support/check.h"

#include "model/catalog.h"

static heng_attribute attributes[] = {
    {.name = {"amount", 6}}, {.name = {"case_kind", 9}}, {.name = {"zone", 4}}};
static const heng_category CATEGORIES[] = {
    {.id = {"a", 1}, .attributes = attributes, .attribute_count = 3},
    {.id = {"ab", 2}},
    {.id = {"b.c", 3}},
};
static const heng_role ROLES[] = {
    {.id = {"legal_representative", 20}, .inverse = {"legally_represents", 18}},
    {.id = {"responsible", 11}},
};
static const heng_catalog CATALOG = {.categories = CATEGORIES,
                                     .category_count = 3,
                                     .subject_attributes = attributes,
                                     .subject_attribute_count = 2,
                                     .roles = ROLES,
                                     .role_count = 2};

static void all_that_is_there_is_found(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT(CATEGORIES); i++) {
        assert_ptr_equal(heng_catalog_category(&CATALOG, CATEGORIES[i].id),
                         &CATEGORIES[i]);
    }
    for (size_t i = 0; i < 3; i++) {
        assert_ptr_equal(heng_catalog_attribute(&CATEGORIES[0], attributes[i].name),
                         &attributes[i]);
    }
    assert_ptr_equal(heng_catalog_subject_attribute(&CATALOG, HENG_STR("amount")),
                     &attributes[0]);
}

static void what_is_not_there_is_not_found(void **state) {
    (void)state;
    static const char *const WORDS[] = {"", "aa", "abc", "b", "z"};
    for (size_t i = 0; i < COUNT(WORDS); i++) {
        assert_null(heng_catalog_category(&CATALOG, heng_str_of(WORDS[i])));
    }
    assert_null(heng_catalog_attribute(&CATEGORIES[1], HENG_STR("amount")));
    assert_null(heng_catalog_subject_attribute(&CATALOG, HENG_STR("zone")));
}

static void roles_are_known_from_both_sides(void **state) {
    (void)state;
    assert_true(heng_catalog_knows_role(&CATALOG, HENG_STR("legally_represents")));
    assert_true(heng_catalog_knows_role(&CATALOG, HENG_STR("responsible")));
    assert_false(heng_catalog_knows_role(&CATALOG, HENG_STR("")));
    assert_false(heng_catalog_knows_role(&CATALOG, HENG_STR("owner")));
    static const struct {
        const char *role;
        const char *other;
    } SIDES[] = {{"legal_representative", "legally_represents"},
                 {"legally_represents", "legal_representative"},
                 {"responsible", ""},
                 {"owner", ""},
                 {"", ""}};
    for (size_t i = 0; i < COUNT(SIDES); i++) {
        assert_true(heng_str_equal(
            heng_catalog_other_side(&CATALOG, heng_str_of(SIDES[i].role)),
            heng_str_of(SIDES[i].other)));
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_that_is_there_is_found),
        cmocka_unit_test(what_is_not_there_is_not_found),
        cmocka_unit_test(roles_are_known_from_both_sides),
    };
    return cmocka_run_group_tests_name("model/catalog", tests, NULL, NULL);
}
