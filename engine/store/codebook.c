/* SPDX-License-Identifier: Apache-2.0 */
/* codebook.c: numbers for all words of a catalog, in the catalog's order. */
#include "store/codebook.h"

static heng_status number_attributes(heng_names *names, heng_arena *arena,
                                     const heng_attribute *attributes, size_t count,
                                     uint32_t **ret_numbers) {
    uint32_t *numbers = heng_arena_calloc(arena, count, sizeof *numbers);
    if (numbers == NULL)
        return HENG_ERR_NOMEM;
    for (size_t i = 0; i < count; i++) {
        heng_status status = heng_names_add(names, attributes[i].name, &numbers[i]);
        if (status != HENG_OK)
            return status;
    }
    *ret_numbers = numbers;
    return HENG_OK;
}

static heng_status number_categories(heng_codebook *book, heng_names *names,
                                     heng_arena *arena) {
    const heng_catalog *catalog = book->catalog;
    size_t count = catalog->category_count;
    book->categories = heng_arena_calloc(arena, count, sizeof *book->categories);
    book->attributes = heng_arena_calloc(arena, count, sizeof *book->attributes);
    book->category_ids = heng_arena_calloc(arena, count, sizeof *book->category_ids);
    book->provider_words =
        heng_arena_calloc(arena, count, sizeof *book->provider_words);
    if (book->categories == NULL || book->attributes == NULL ||
        book->category_ids == NULL || book->provider_words == NULL)
        return HENG_ERR_NOMEM;
    for (size_t i = 0; i < count; i++) {
        const heng_category *category = &catalog->categories[i];
        bool is_new = false;
        book->category_ids[i] = category->id;
        heng_status status = heng_names_add(names, category->id, &book->categories[i]);
        if (status == HENG_OK) {
            status = number_attributes(names, arena, category->attributes,
                                       category->attribute_count, &book->attributes[i]);
        }
        if (status != HENG_OK)
            return status;
        if (heng_map_add(&book->providers, category->provider, &is_new) == NULL)
            return HENG_ERR_NOMEM;
        if (is_new) {
            book->provider_words[book->provider_count++] = category->provider;
        }
    }
    return HENG_OK;
}

static heng_status number_role(heng_codebook *book, heng_names *names, heng_str word) {
    uint32_t number;
    bool is_new = false;
    if (word.len == 0)
        return HENG_OK;
    heng_status status = heng_names_add(names, word, &number);
    if (status != HENG_OK)
        return status;
    heng_map_entry *entry = heng_map_add(&book->roles, word, &is_new);
    if (entry == NULL)
        return HENG_ERR_NOMEM;
    entry->value.id = number;
    if (is_new) {
        book->role_words[book->role_word_count++] = word;
    }
    return HENG_OK;
}

heng_status heng_codebook_init(heng_codebook *book, const heng_catalog *catalog,
                               heng_names *names, heng_arena *arena) {
    *book = (heng_codebook){.catalog = catalog};
    heng_map_init(&book->roles);
    heng_map_init(&book->providers);
    heng_status status = number_categories(book, names, arena);
    if (status == HENG_OK) {
        status = number_attributes(names, arena, catalog->subject_attributes,
                                   catalog->subject_attribute_count,
                                   &book->subject_attributes);
    }
    if (status != HENG_OK)
        return status;
    book->role_words =
        heng_arena_calloc(arena, catalog->role_count * 2, sizeof *book->role_words);
    if (book->role_words == NULL)
        return HENG_ERR_NOMEM;
    for (size_t i = 0; i < catalog->role_count; i++) {
        status = number_role(book, names, catalog->roles[i].id);
        if (status == HENG_OK) {
            status = number_role(book, names, catalog->roles[i].inverse);
        }
        if (status != HENG_OK)
            return status;
    }
    return HENG_OK;
}

void heng_codebook_done(heng_codebook *book) {
    heng_map_done(&book->roles);
    heng_map_done(&book->providers);
}
