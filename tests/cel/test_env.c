/* SPDX-License-Identifier: Apache-2.0 */
/* test_env.c: what is declared, where, and which slot it gets. */
#include "cel/front.h"

#include "cel/env.h"
#include "support/torture.h"

static void counts_slots_on_through_extensions(void **state) {
    struct front front;
    uint32_t slot = 0;
    (void)state;
    front_init(&front);
    uint32_t before = heng_cel_env_variable_count(front.env);
    heng_cel_env *more = heng_cel_env_extend(front.arena, front.env);
    const heng_cel_type *type = heng_cel_type_simple(HENG_CEL_INT);
    assert_int_equal(heng_cel_env_variable(more, HENG_STR("extra"), type, &slot),
                     HENG_OK);
    assert_int_equal(slot, before);
    assert_int_equal(heng_cel_env_variable_count(more), before + 1);
    assert_int_equal(heng_cel_env_variable_count(front.env), before);
    assert_true(heng_cel_env_find(more, HENG_STR("r"), &slot));
    assert_int_equal(slot, front.slot_r);
    assert_false(heng_cel_env_find(front.env, HENG_STR("extra"), &slot));
    assert_ptr_equal(heng_cel_env_get(more, front.slot_r)->type,
                     heng_cel_env_get(front.env, front.slot_r)->type);
    assert_int_equal(heng_cel_env_clock_slot(more), front.slot_as_of);
    front_done(&front);
}

static void refuses_a_name_twice(void **state) {
    struct front front;
    uint32_t slot = 77;
    (void)state;
    front_init(&front);
    heng_cel_env *more = heng_cel_env_extend(front.arena, front.env);
    const heng_cel_type *type = heng_cel_type_simple(HENG_CEL_INT);
    assert_int_equal(heng_cel_env_variable(front.env, HENG_STR("r"), type, &slot),
                     HENG_ERR_INVALID);
    assert_int_equal(heng_cel_env_variable(more, HENG_STR("r"), type, &slot),
                     HENG_ERR_INVALID);
    assert_int_equal(slot, 77);
    front_done(&front);
}

static void copies_names(void **state) {
    struct front front;
    char name[] = "copied";
    uint32_t slot = 0;
    (void)state;
    front_init(&front);
    (void)front_declare(&front, name, heng_cel_type_simple(HENG_CEL_INT));
    name[0] = 'X';
    assert_true(heng_cel_env_find(front.env, HENG_STR("copied"), &slot));
    front_done(&front);
}

static void keeps_sizes_and_the_container(void **state) {
    struct front front;
    uint32_t slot = 0;
    (void)state;
    front_init(&front);
    assert_true(heng_cel_env_find(front.env, HENG_STR("records"), &slot));
    assert_int_equal(heng_cel_env_get(front.env, slot)->max_items, 1000);
    assert_false(heng_cel_env_get(front.env, front.slot_r)->sized);
    assert_int_equal(heng_cel_env_container(front.env, HENG_STR("a.b")), HENG_OK);
    heng_cel_env *more = heng_cel_env_extend(front.arena, front.env);
    assert_true(heng_str_equal(heng_cel_env_container_of(more), HENG_STR("a.b")));
    assert_int_equal(heng_cel_env_object(more, &front.record), HENG_OK);
    front_done(&front);
}

static heng_status declare_all(void *context) {
    heng_status status = HENG_ERR_NOMEM;
    heng_arena *arena = heng_arena_new((size_t)1 << 20);
    heng_cel_env *env = arena == NULL ? NULL : heng_cel_env_new(arena);
    heng_cel_env *more = env == NULL ? NULL : heng_cel_env_extend(arena, env);
    (void)context;
    if (more != NULL) {
        status = HENG_OK;
        for (int i = 0; i < 2000 && status == HENG_OK; i++) {
            const char *name = heng_arena_printf(arena, "v%d", i);
            status =
                name == NULL
                    ? HENG_ERR_NOMEM
                    : heng_cel_env_variable(more, heng_str_of(name),
                                            heng_cel_type_simple(HENG_CEL_INT), NULL);
        }
    }
    heng_arena_free(arena);
    return status;
}

static void survives_every_allocation_failing(void **state) {
    (void)state;
    assert_true(torture(declare_all, NULL) > 2);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(counts_slots_on_through_extensions),
        cmocka_unit_test(refuses_a_name_twice),
        cmocka_unit_test(copies_names),
        cmocka_unit_test(keeps_sizes_and_the_container),
        cmocka_unit_test(survives_every_allocation_failing),
    };
    return cmocka_run_group_tests_name("env", tests, NULL, NULL);
}
