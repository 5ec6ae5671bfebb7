/* SPDX-License-Identifier: Apache-2.0 */
/* catalog.c: looking things up in a catalog by their names: binary search. */
#include "model/catalog.h"

const heng_category *heng_catalog_category(const heng_catalog *catalog, heng_str id) {
    size_t low = 0;
    size_t high = catalog->category_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = heng_str_compare(catalog->categories[middle].id, id);
        if (order == 0)
            return &catalog->categories[middle];
        if (order < 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return NULL;
}

static const heng_attribute *find_attribute(const heng_attribute *attributes,
                                            size_t count, heng_str name) {
    size_t low = 0;
    size_t high = count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = heng_str_compare(attributes[middle].name, name);
        if (order == 0)
            return &attributes[middle];
        if (order < 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return NULL;
}

const heng_attribute *heng_catalog_attribute(const heng_category *category,
                                             heng_str name) {
    return find_attribute(category->attributes, category->attribute_count, name);
}

const heng_attribute *heng_catalog_subject_attribute(const heng_catalog *catalog,
                                                     heng_str name) {
    return find_attribute(catalog->subject_attributes, catalog->subject_attribute_count,
                          name);
}

bool heng_catalog_knows_role(const heng_catalog *catalog, heng_str role) {
    if (role.len == 0)
        return false;
    for (size_t i = 0; i < catalog->role_count; i++) {
        if (heng_str_equal(catalog->roles[i].id, role) ||
            heng_str_equal(catalog->roles[i].inverse, role)) {
            return true;
        }
    }
    return false;
}

heng_str heng_catalog_other_side(const heng_catalog *catalog, heng_str role) {
    if (role.len == 0)
        return HENG_STR("");
    for (size_t i = 0; i < catalog->role_count; i++) {
        if (heng_str_equal(catalog->roles[i].id, role))
            return catalog->roles[i].inverse;
        if (heng_str_equal(catalog->roles[i].inverse, role))
            return catalog->roles[i].id;
    }
    return HENG_STR("");
}
