/* SPDX-License-Identifier: Apache-2.0 */
/* Files packed into one value come out as they went in; nothing else is taken for one.
 */
#include "support/torture.h"

#include <string.h>

#include "base/limits.h"
#include "store/file_set.h"

static const heng_file_set_item FILES[] = {
    {{"a.yaml", 6}, {"ruleset: {}\n", 12}},
    {{"b/c.yaml", 8}, {"", 0}},
    {{"", 0}, {"\0x", 2}},
};

static void files_come_out_as_they_went_in(void **state) {
    (void)state;
    for (size_t count = 0; count <= COUNT(FILES); count++) {
        heng_arena *arena = heng_arena_new(1 << 20);
        heng_error error = {0};
        heng_str set;
        heng_file_set_item item;
        size_t at = 0;
        assert_int_equal(heng_file_set_pack(FILES, count, arena, &set, &error),
                         HENG_OK);
        assert_true(heng_file_set_check(set));
        assert_int_equal(heng_file_set_count(set), count);
        for (size_t i = 0; i < count; i++) {
            assert_true(heng_file_set_next(set, &at, &item));
            assert_true(heng_str_equal(item.name, FILES[i].name));
            assert_true(heng_str_equal(item.text, FILES[i].text));
        }
        assert_false(heng_file_set_next(set, &at, &item));
        heng_arena_free(arena);
    }
}

static void a_set_cut_or_longer_is_none(void **state) {
    (void)state;
    heng_arena *arena = heng_arena_new(1 << 20);
    heng_error error = {0};
    heng_str set;
    assert_int_equal(heng_file_set_pack(FILES, COUNT(FILES), arena, &set, &error),
                     HENG_OK);
    char *longer = heng_arena_alloc(arena, set.len + 1);
    memcpy(longer, set.ptr, set.len);
    longer[set.len] = 0;
    assert_false(heng_file_set_check((heng_str){longer, set.len + 1}));
    for (size_t len = 0; len < set.len; len++) {
        char *cut = heng_alloc_dup(set.ptr, len); /* ends where ASan sees it */
        assert_false(heng_file_set_check((heng_str){cut, len}));
        heng_alloc_free(cut);
    }
    heng_arena_free(arena);
}

static void lengths_beyond_all_limits_are_refused(void **state) {
    (void)state;
    static const struct {
        const char *bytes;
        size_t len;
    } SETS[] = {
        {"\x11\x27\0\0", 4},                               /* one file too many */
        {"\1\0\0\0\xff\xff\xff\xff\0\0\0\0", 12},          /* a name */
        {"\1\0\0\0\0\0\0\0\xff\xff\xff\xff", 12},          /* a text */
        {"\1\0\0\0\xff\xff\xff\xff\xff\xff\xff\xffx", 13}, /* their sum */
    };
    for (size_t i = 0; i < COUNT(SETS); i++) {
        assert_false(heng_file_set_check((heng_str){SETS[i].bytes, SETS[i].len}));
    }
}

/* The limit itself fits; one more does not. */
static void caps_have_two_sides(void **state) {
    (void)state;
    heng_arena *arena = heng_arena_new((size_t)1 << 30);
    heng_error error = {0};
    heng_str set;
    size_t most = HENG_LIMIT_RULESET_FILES;
    heng_file_set_item *items = heng_arena_calloc(arena, most + 1, sizeof *items);
    assert_int_equal(heng_file_set_pack(items, most, arena, &set, &error), HENG_OK);
    assert_true(heng_file_set_check(set));
    assert_int_equal(heng_file_set_pack(items, most + 1, arena, &set, &error),
                     HENG_ERR_LIMIT);
    char *name = heng_arena_calloc(arena, 1, HENG_LIMIT_PATH_BYTES + 1);
    items[0].name = (heng_str){name, HENG_LIMIT_PATH_BYTES};
    assert_int_equal(heng_file_set_pack(items, 1, arena, &set, &error), HENG_OK);
    assert_true(heng_file_set_check(set));
    items[0].name.len++;
    assert_int_equal(heng_file_set_pack(items, 1, arena, &set, &error), HENG_ERR_LIMIT);
    items[0] = (heng_file_set_item){{0}, {name, HENG_LIMIT_RULESET_BYTES - 1}};
    items[1] = (heng_file_set_item){{0}, {name, 2}}; /* refused before a byte is read */
    assert_int_equal(heng_file_set_pack(items, 2, arena, &set, &error), HENG_ERR_LIMIT);
    heng_arena_free(arena);
}

static heng_status pack_once(void *context) {
    (void)context;
    heng_error error = {0};
    heng_str set;
    heng_arena *arena = heng_arena_new(1 << 20);
    heng_status status =
        arena == NULL ? HENG_ERR_NOMEM
                      : heng_file_set_pack(FILES, COUNT(FILES), arena, &set, &error);
    heng_arena_free(arena);
    return status;
}

static void no_failed_allocation_does_harm(void **state) {
    (void)state;
    (void)torture(pack_once, NULL);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(files_come_out_as_they_went_in),
        cmocka_unit_test(a_set_cut_or_longer_is_none),
        cmocka_unit_test(lengths_beyond_all_limits_are_refused),
        cmocka_unit_test(caps_have_two_sides),
        cmocka_unit_test(no_failed_allocation_does_harm),
    };
    return cmocka_run_group_tests_name("store/file_set", tests, NULL, NULL);
}
