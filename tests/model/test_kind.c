/* SPDX-License-Identifier: Apache-2.0 */
#include "support/check.h"

#include "model/kind.h"

static const heng_vocabulary ALL[] = {
    HENG_WORDS_SUBJECT_KIND,   HENG_WORDS_CAPACITY,     HENG_WORDS_RECORD_STATUS,
    HENG_WORDS_NATURE,         HENG_WORDS_GRAVITY,      HENG_WORDS_INFORMATION,
    HENG_WORDS_ATTRIBUTE_TYPE, HENG_WORDS_MEASURE_KIND, HENG_WORDS_EFFECT,
    HENG_WORDS_FORCE,          HENG_WORDS_LEVEL,
};

static void every_word_is_found_by_word_and_by_value(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT(ALL); i++) {
        const heng_words *words = heng_kind_words(ALL[i]);
        assert_true(words->count > 1);
        assert_non_null(words->what);
        for (size_t w = 0; w < words->count; w++) {
            const heng_word *word = &words->items[w];
            int value = -1;
            assert_ptr_equal(heng_kind_word(ALL[i], word->value), word);
            if (word->word[0] == '\0')
                continue; /* "no severity" is not written */
            assert_true(heng_kind_find(ALL[i], heng_str_of(word->word), &value));
            assert_int_equal(value, word->value);
            assert_true(word->zh[0] != '\0' && word->en[0] != '\0');
        }
    }
}

static void what_is_no_word_is_not_found(void **state) {
    (void)state;
    int value = 77;
    assert_false(heng_kind_find(HENG_WORDS_SUBJECT_KIND, HENG_STR("company"), &value));
    assert_false(heng_kind_find(HENG_WORDS_GRAVITY, HENG_STR(""), &value));
    assert_int_equal(value, 77);
    assert_null(heng_kind_word(HENG_WORDS_SUBJECT_KIND, 0));
}

/* Values are stored. */
static void stored_values_stay(void **state) {
    (void)state;
    assert_int_equal(HENG_LEGAL_PERSON, 1);
    assert_int_equal(HENG_NATURAL_PERSON, 4);
    assert_int_equal(HENG_CAPACITY_NONE, 2);
    assert_int_equal(HENG_RECORD_DISPUTED, 3);
    assert_int_equal(HENG_ATTRIBUTE_STRINGS, 6);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_word_is_found_by_word_and_by_value),
        cmocka_unit_test(what_is_no_word_is_not_found),
        cmocka_unit_test(stored_values_stay),
    };
    return cmocka_run_group_tests_name("model/kind", tests, NULL, NULL);
}
