/* SPDX-License-Identifier: Apache-2.0 */
/* test_map.c: what was put is found, in the order it came. */
#include "support/torture.h"

#include "base/map.h"

#include <stdio.h>

static void an_empty_map_has_nothing(void **state) {
    (void)state;
    heng_map map;
    uint32_t id = 42;
    heng_map_init(&map);
    assert_null(heng_map_get(&map, HENG_STR("x")));
    assert_null(heng_map_find(&map, HENG_STR("")));
    assert_false(heng_map_get_id(&map, HENG_STR("x"), &id));
    assert_int_equal(id, 42); /* untouched */
    heng_map_done(&map);
    heng_map_done(&map);
}

static void keys_are_bytes(void **state) {
    (void)state;
    static const heng_str KEYS[] = {
        {NULL, 0},      {"a", 1},         {"a\0", 2},      {"a\0b", 3},
        {"\0", 1},      {"\0\0", 2},      {"abcdefgh", 8}, {"abcdefghi", 9},
        {"abcdefg", 7}, {"abcdefg\0", 8}, {"衡", 3},       {"\xFF", 1},
    };
    int things[COUNT(KEYS)];
    heng_map map;
    heng_map_init(&map);
    for (size_t i = 0; i < COUNT(KEYS); i++) {
        assert_null(heng_map_get(&map, KEYS[i]));
        assert_true(heng_map_put(&map, KEYS[i], &things[i]));
    }
    assert_int_equal(map.count, COUNT(KEYS));
    for (size_t i = 0; i < COUNT(KEYS); i++) {
        assert_ptr_equal(heng_map_get(&map, KEYS[i]), &things[i]);
        assert_true(heng_str_equal(map.entries[i].key, KEYS[i]));
    }
    heng_map_done(&map);
}

static void putting_again_replaces(void **state) {
    (void)state;
    heng_map map;
    uint32_t id = 0;
    bool is_new = true;
    heng_map_init(&map);
    assert_true(heng_map_put_id(&map, HENG_STR("x"), 1));
    assert_true(heng_map_put_id(&map, HENG_STR("x"), 2));
    assert_int_equal(map.count, 1);
    assert_true(heng_map_get_id(&map, HENG_STR("x"), &id));
    assert_int_equal(id, 2);
    heng_map_entry *entry = heng_map_add(&map, HENG_STR("x"), &is_new);
    assert_false(is_new);
    assert_int_equal(entry->value.id, 2); /* adding what is there leaves it */
    entry = heng_map_add(&map, HENG_STR("y"), &is_new);
    assert_true(is_new);
    assert_null(entry->value.thing);
    heng_map_done(&map);
}

enum { MANY = 20000 };

static void many_keys_are_all_found_in_order(void **state) {
    (void)state;
    static char keys[MANY][16];
    heng_map map;
    heng_map_init(&map);
    for (uint32_t i = 0; i < MANY; i++) {
        (void)snprintf(keys[i], sizeof keys[i], "rule.%u", i);
        assert_true(heng_map_put_id(&map, heng_str_of(keys[i]), i));
    }
    assert_int_equal(map.count, MANY);
    for (uint32_t i = 0; i < MANY; i++) {
        uint32_t id = UINT32_MAX;
        assert_true(heng_map_get_id(&map, heng_str_of(keys[i]), &id));
        assert_int_equal(id, i);
        assert_int_equal(map.entries[i].value.id, i);
    }
    assert_null(heng_map_find(&map, HENG_STR("rule.20000")));
    assert_null(heng_map_find(&map, HENG_STR("rule.")));

    /* Probing is short: the hash spreads such names. At half full 1.5 is ideal. */
    size_t probes = 0;
    for (size_t i = 0; i < map.count; i++) {
        size_t mask = map.slot_count - 1;
        size_t at = map.entries[i].hash & mask;
        for (probes++; map.slots[at] != i + 1; probes++) {
            at = (at + 1) & mask;
        }
    }
    assert_true(probes < (size_t)MANY * 2);
    heng_map_done(&map);
}

static heng_status fill(void *context) {
    (void)context;
    static char keys[100][16];
    heng_status status = HENG_OK;
    heng_map map;
    heng_map_init(&map);
    for (uint32_t i = 0; i < COUNT(keys); i++) {
        (void)snprintf(keys[i], sizeof keys[i], "%u", i);
        if (!heng_map_put_id(&map, heng_str_of(keys[i]), i)) {
            status = HENG_ERR_NOMEM;
            break;
        }
    }
    for (uint32_t i = 0; i < map.count; i++) { /* what went in before is still there */
        uint32_t id = UINT32_MAX;
        assert_true(heng_map_get_id(&map, heng_str_of(keys[i]), &id));
        assert_int_equal(id, i);
    }
    heng_map_done(&map);
    return status;
}

static void survives_failing_allocations(void **state) {
    (void)state;
    assert_true(torture(fill, NULL) > 5);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_empty_map_has_nothing),
        cmocka_unit_test(keys_are_bytes),
        cmocka_unit_test(putting_again_replaces),
        cmocka_unit_test(many_keys_are_all_found_in_order),
        cmocka_unit_test(survives_failing_allocations),
    };
    return cmocka_run_group_tests_name("base/map", tests, NULL, NULL);
}
