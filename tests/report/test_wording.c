/* SPDX-License-Identifier: Apache-2.0 */
#include "support/check.h"

#include <string.h>

#include "report/wording.h"

/* Bit n: the phrase has a place `{n}`. */
static unsigned places_of(heng_str phrase) {
    unsigned places = 0;
    for (size_t at = 0; at + 2 < phrase.len; at++) {
        if (phrase.ptr[at] == '{' && phrase.ptr[at + 2] == '}')
            places |= 1U << (unsigned)(phrase.ptr[at + 1] - '0');
    }
    return places;
}

static void both_languages_say_the_same_things(void **state) {
    (void)state;
    for (int say = 0; say < HENG_SAY_COUNT; say++) {
        heng_str zh = heng_wording_get(HENG_LANG_ZH, (heng_say)say);
        heng_str en = heng_wording_get(HENG_LANG_EN, (heng_say)say);
        assert_true(zh.len > 0 && en.len > 0);
        if (places_of(zh) != places_of(en))
            fail_msg("`%s` and `%s` fill in different things", zh.ptr, en.ptr);
    }
}

static void undetermined_never_sounds_clear(void **state) {
    static const heng_say SAYS[] = {
        HENG_SAY_UNDETERMINED,   HENG_SAY_IS_UNDETERMINED,
        HENG_SAY_H_UNDETERMINED, HENG_SAY_DOUBT_RECORD,
        HENG_SAY_DO_NEEDS,       HENG_SAY_DO_ERROR,
        HENG_SAY_DO_ASK,         HENG_SAY_SOME,
        HENG_SAY_ADVICE,         HENG_SAY_UNKNOWN_TIES,
        HENG_SAY_INVISIBLE,      HENG_SAY_OUT_OF_SCOPE,
    };
    (void)state;
    for (size_t i = 0; i < COUNT(SAYS); i++) {
        const char *en = heng_wording_get(HENG_LANG_EN, SAYS[i]).ptr;
        const char *zh = heng_wording_get(HENG_LANG_ZH, SAYS[i]).ptr;
        assert_null(strstr(en, "clear"));
        assert_null(strstr(en, "CLEAR"));
        assert_null(strstr(zh, "未见"));
    }
}

static void places_are_filled_in_any_order(void **state) {
    (void)state;
    heng_arena *arena = heng_arena_new(1 << 12);
    const heng_str texts[] = {HENG_STR("R-1"), HENG_STR("P-1"), HENG_STR("{0}")};
    heng_str got = heng_wording_fill(arena, HENG_LANG_ZH, HENG_SAY_TRACE_RECORD_OF,
                                     texts, COUNT(texts));
    assert_string_equal(got.ptr, "P-1的记录 R-1 → {0}"); /* what is filled in stays */
    heng_arena_free(arena);
}

static void a_missing_text_is_a_failure(void **state) {
    (void)state;
    heng_arena *arena = heng_arena_new(1 << 12);
    const heng_str texts[] = {HENG_STR("a"), {NULL, 3}};
    heng_str got =
        heng_wording_fill(arena, HENG_LANG_EN, HENG_SAY_WHO, texts, COUNT(texts));
    assert_null(got.ptr);
    assert_true(got.len > 0);
    heng_arena_free(arena);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(both_languages_say_the_same_things),
        cmocka_unit_test(undetermined_never_sounds_clear),
        cmocka_unit_test(places_are_filled_in_any_order),
        cmocka_unit_test(a_missing_text_is_a_failure),
    };
    return cmocka_run_group_tests_name("report/wording", tests, NULL, NULL);
}
