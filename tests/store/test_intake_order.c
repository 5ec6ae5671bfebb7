/* SPDX-License-Identifier: Apache-2.0 */
/* Which batches of an import are taken to follow one another in order. */
#include "store/fixture.h"

#include "store/intake_order.h"

enum { MOST = 1000 };

/* `count` items of a batch: numbers from `first` on in steps, or at random below
 * `random`; every `stray`-th is far away. */
struct part {
    size_t count;
    int first, step, random;
    size_t stray;
    bool want; /* whether it follows in order */
};

struct row {
    const char *name;
    struct part parts[3];
};

static struct row rows[] = {
    {"upwards",
     {{MOST, 0, 1, 0, 0, true},
      {MOST, 1000, 1, 0, 0, true},
      {MOST, 2000, 1, 0, 0, true}}},
    {"downwards",
     {{MOST, 9000, -1, 0, 0, true},
      {MOST, 8000, -1, 0, 0, true},
      {MOST, 7000, -1, 0, 0, true}}},
    {"in no order",
     {{MOST, 0, 0, 9999, 0, false},
      {MOST, 0, 0, 9999, 0, false},
      {MOST, 0, 0, 9999, 0, false}}},
    {"few lines in no order", {{9, 0, 0, 9999, 0, false}}},
    {"again from the start",
     {{MOST, 5000, 1, 0, 0, true},
      {MOST, 0, 1, 0, 0, true},
      {MOST, 1000, 1, 0, 0, true}}},
    {"each batch in order, all over the same subjects",
     {{MOST, 0, 9, 0, 0, true}, {MOST, 1, 9, 0, 0, false}, {MOST, 2, 9, 0, 0, false}}},
    {"one subject over many batches",
     {{MOST, 7, 0, 0, 0, true}, {MOST, 7, 0, 0, 0, true}, {MOST, 7, 0, 0, 0, true}}},
    {"in order but for a few",
     {{MOST, 0, 1, 0, 50, true},
      {MOST, 1000, 1, 0, 50, true},
      {MOST, 2000, 1, 0, 50, true}}},
    {"one line", {{1, 5, 0, 0, 0, true}, {1, 3, 0, 0, 0, true}, {1, 4, 0, 0, 0, true}}},
    {"deliveries alone", {{0}}},
};

static void order_is_seen(void **state) {
    const struct row *row = *state;
    static char ids[MOST][16];
    static heng_item items[MOST + 1];
    heng_intake_order order = {0};
    uint64_t random = 5;
    for (size_t p = 0; p < COUNT(row->parts); p++) {
        const struct part *part = &row->parts[p];
        for (size_t i = 0; i < part->count; i++) {
            int number = part->first + (int)i * part->step;
            if (part->random > 0) {
                number = (int)(fixture_random(&random) % (uint64_t)part->random);
            }
            if (part->stray > 0 && i % part->stray == part->stray - 1) {
                number = (int)(fixture_random(&random) % 9999);
            }
            (void)snprintf(ids[i], sizeof ids[i], "E-%06d", number);
            items[i] = (heng_item){.subject = heng_str_of(ids[i])};
        }
        items[part->count] =
            (heng_item){.kind = HENG_ITEM_DELIVERY, .subject = HENG_STR("人社部门")};
        bool want = part->count == 0 || part->want;
        assert_int_equal(heng_intake_order_holds(&order, items, part->count + 1), want);
    }
    assert_true(heng_intake_order_holds(&order, items, 0));
}

int main(void) {
    struct CMUnitTest tests[COUNT(rows)];
    for (size_t i = 0; i < COUNT(rows); i++) {
        tests[i] = ROW_TEST(&rows[i], order_is_seen);
    }
    return check_run("store/intake_order", tests, COUNT(rows), NULL, NULL);
}
