/* SPDX-License-Identifier: Apache-2.0 */
/* test_cube.c: a cell for each combination, however they come, and no more than there
 * may be. */
#include "support/check.h"
#include "support/torture.h"

#include "base/limits.h"
#include "batch/cube.h"
#include "heng/batch.h"
#include "model/flat.h"

static uint8_t subject_bytes[256];

static heng_snapshot subject(heng_subject_kind kind, const char *region,
                             const char *industry) {
    heng_draft_subject draft = {.kind = kind,
                                .established_on = HENG_DATE_NONE,
                                .name = HENG_STR("n"),
                                .region = heng_str_of(region),
                                .industry = heng_str_of(industry),
                                .status = HENG_STR("")};
    assert_true(heng_flat_subject_size(&draft) <= sizeof subject_bytes);
    heng_flat_write_subject(&draft, subject_bytes);
    return (heng_snapshot){.id = HENG_STR("T-1"), .subject = subject_bytes};
}

static void add(heng_cube *cube, uint32_t measure, heng_difference_kind kind,
                heng_snapshot snapshot) {
    const heng_difference difference = {.measure = measure, .kind = kind};
    assert_int_equal(heng_cube_add(cube, &snapshot, &difference), HENG_OK);
}

static void one_cell_a_combination(void **state) {
    heng_cube cube = {0};
    (void)state;
    add(&cube, 7, HENG_DIFFERENCE_LOST, subject(HENG_LEGAL_PERSON, "430102", "E4710"));
    add(&cube, 7, HENG_DIFFERENCE_LOST, subject(HENG_LEGAL_PERSON, "430181", "E50"));
    add(&cube, 7, HENG_DIFFERENCE_GAINED, subject(HENG_LEGAL_PERSON, "430102", "E"));
    add(&cube, 2, HENG_DIFFERENCE_ALTERED, subject(HENG_NATURAL_PERSON, "43", ""));
    add(&cube, 7, HENG_DIFFERENCE_LOST, subject(HENG_LEGAL_PERSON, "430102", "4710"));
    heng_cube_sort(&cube);
    assert_int_equal(cube.count, 3);
    assert_int_equal(cube.cells[0].measure, 2);
    assert_int_equal(cube.cells[0].region, HENG_BATCH_REGIONS - 1);
    assert_int_equal(cube.cells[0].industry, 0);
    assert_int_equal(cube.cells[0].kind, HENG_NATURAL_PERSON);
    assert_int_equal(cube.cells[0].counts[HENG_DIFFERENCE_ALTERED], 1);
    assert_int_equal(cube.cells[1].industry, 0); /* a section is a letter */
    assert_int_equal(cube.cells[2].region, 4301);
    assert_int_equal(cube.cells[2].industry, 'E' - 'A' + 1);
    assert_int_equal(cube.cells[2].counts[HENG_DIFFERENCE_LOST], 2);
    assert_int_equal(cube.cells[2].counts[HENG_DIFFERENCE_GAINED], 1);
    heng_cube_done(&cube);
}

/* However it is shared out among threads. */
static void sums_are_the_same(void **state) {
    enum { CELLS = 3000, THREADS = 3 };
    heng_cube whole = {0}, parts[THREADS] = {{0}}, sum = {0};
    (void)state;
    for (uint32_t i = 0; i < 4 * CELLS; i++) {
        uint32_t measure = i * 2654435761U % CELLS;
        heng_difference_kind kind = (heng_difference_kind)(i % HENG_DIFFERENCE_KINDS);
        heng_snapshot of = subject(HENG_LEGAL_PERSON, "430102", "C");
        add(&whole, measure, kind, of);
        add(&parts[i % 7 % THREADS], measure, kind, of);
    }
    for (int i = 0; i < THREADS; i++) {
        assert_int_equal(heng_cube_unite(&sum, &parts[i]), HENG_OK);
        heng_cube_done(&parts[i]);
    }
    heng_cube_sort(&whole);
    heng_cube_sort(&sum);
    assert_true(whole.count > 1000);
    assert_int_equal(whole.count, sum.count);
    assert_memory_equal(whole.cells, sum.cells, whole.count * sizeof *whole.cells);
    heng_cube_done(&whole);
    heng_cube_done(&sum);
}

static void no_more_than_there_may_be(void **state) {
    heng_cube cube = {0};
    heng_snapshot of = subject(HENG_LEGAL_PERSON, "430102", "C");
    heng_status status = HENG_OK;
    (void)state;
    for (uint32_t i = 0; i < 2 * HENG_LIMIT_CUBE_CELLS && status == HENG_OK; i++) {
        const heng_difference difference = {.measure = i};
        status = heng_cube_add(&cube, &of, &difference);
    }
    assert_int_equal(status, HENG_ERR_LIMIT);
    assert_int_equal(cube.count, HENG_LIMIT_CUBE_CELLS);
    heng_cube_done(&cube);
}

static heng_status fill(void *context) {
    heng_cube cube = {0};
    heng_snapshot of = subject(HENG_LEGAL_PERSON, "430102", "C");
    heng_status status = HENG_OK;
    (void)context;
    for (uint32_t i = 0; i < 2000 && status == HENG_OK; i++) {
        const heng_difference difference = {.measure = i};
        status = heng_cube_add(&cube, &of, &difference);
    }
    heng_cube_done(&cube);
    return status;
}

static void without_memory_it_says_so(void **state) {
    (void)state;
    assert_true(torture(fill, NULL) > 2);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        {"one cell a combination", one_cell_a_combination, 0, 0, 0},
        {"shared out among threads, the sums are the same", sums_are_the_same, 0, 0, 0},
        {"no more cells than there may be", no_more_than_there_may_be, 0, 0, 0},
        {"without memory it says so", without_memory_it_says_so, 0, 0, 0},
    };
    return cmocka_run_group_tests_name("cube", tests, NULL, NULL);
}
