/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Of each subject, record and provider the last line comes out, once, in the order of
 * subjects; compared with looking through all lines for each.
 */
#include "store/fixture.h"

#include "store/line_sort.h"
#include "support/torture.h"

enum { LINES_MOST = 3000, FLAT_BYTES = 24 };

struct line {
    heng_item_kind kind;
    unsigned subject, record;
    bool counts; /* no later one of the same id */
};

struct row {
    const char *name;
    size_t lines;
    unsigned subjects, records; /* different ones */
    size_t batch, most, bytes;  /* added at once, taken at once */
    size_t memory;
};

static struct row rows[] = {
    {"none", 0, 1, 1, 10, 10, 1000, 0},
    {"records that keep their subjects", 2000, 500, 0, 100, 50, 1 << 20, 1 << 20},
    {"records that move", 2000, 50, 300, 100, 50, 1 << 20, 1 << 20},
    {"two records that move all the time", 2000, 9, 2, 100, 3, 1 << 20, 1 << 20},
    {"many runs, little memory", LINES_MOST, 100, 900, 11, 40, 1 << 20, 0},
    {"batches of one line", 300, 20, 20, 1, 1, 1 << 20, 0},
    {"batches of few bytes", 2000, 200, 500, 77, 1000, 300, 4096},
};

struct sorted {
    struct line lines[LINES_MOST];
    size_t count;
};

static void make_lines(const struct row *row, struct sorted *all) {
    uint64_t random = 77 + row->lines;
    all->count = row->lines;
    for (size_t i = 0; i < row->lines; i++) {
        struct line *line = &all->lines[i];
        unsigned choice = (unsigned)(fixture_random(&random) % 10);
        *line = (struct line){.kind = choice < 3   ? HENG_ITEM_SUBJECT
                                      : choice < 9 ? HENG_ITEM_RECORD
                                                   : HENG_ITEM_DELIVERY,
                              .subject =
                                  (unsigned)(fixture_random(&random) % row->subjects),
                              .counts = true};
        if (line->kind == HENG_ITEM_RECORD) { /* 0: each subject has its own */
            line->record = row->records == 0
                               ? line->subject
                               : (unsigned)(fixture_random(&random) % row->records);
        }
        for (size_t before = 0; before < i; before++) {
            struct line *old = &all->lines[before];
            if (old->kind == line->kind &&
                (line->kind == HENG_ITEM_RECORD ? old->record == line->record
                                                : old->subject == line->subject)) {
                old->counts = false;
            }
        }
    }
}

/* An item whose bytes hold its number. */
static bool make_item(const struct line *line, size_t number, heng_arena *arena,
                      heng_item *item) {
    uint32_t head[2] = {FLAT_BYTES, (uint32_t)number};
    *item = (heng_item){.kind = line->kind, .through = (heng_date)number};
    const char *subject = heng_arena_printf(
        arena, line->kind == HENG_ITEM_DELIVERY ? "局%u" : "E-%u", line->subject);
    const char *record = heng_arena_printf(arena, "R-%u", line->record);
    item->bytes = heng_arena_calloc(arena, 1, FLAT_BYTES);
    if (subject == NULL || record == NULL || item->bytes == NULL)
        return false;
    memcpy(item->bytes, head, sizeof head);
    item->subject = heng_str_of(subject);
    item->record = line->kind == HENG_ITEM_RECORD ? heng_str_of(record) : (heng_str){0};
    if (line->kind == HENG_ITEM_DELIVERY) {
        item->bytes = NULL;
    }
    return true;
}

static heng_status add_all(heng_line_sort *sort, const struct row *row,
                           const struct sorted *all, heng_arena *arena,
                           heng_error *error) {
    heng_status status = HENG_OK;
    for (size_t first = 0; first < all->count && status == HENG_OK;
         first += row->batch) {
        size_t count =
            all->count - first < row->batch ? all->count - first : row->batch;
        heng_item *items = heng_arena_alloc(arena, count * sizeof *items);
        if (items == NULL)
            return HENG_ERR_NOMEM;
        for (size_t i = 0; i < count; i++) {
            if (!make_item(&all->lines[first + i], first + i, arena, &items[i]))
                return HENG_ERR_NOMEM;
        }
        status = heng_line_sort_add(sort, items, count, arena, error);
        heng_arena_reset(arena);
    }
    return status;
}

static size_t number_of(const heng_item *item) {
    return item->kind == HENG_ITEM_DELIVERY ? (size_t)item->through
                                            : heng_flat_u32(item->bytes + 4);
}

/* Deliveries last; else by subject, its own line first, records by id. */
static int order(const heng_item *a, const heng_item *b) {
    bool a_last = a->kind == HENG_ITEM_DELIVERY;
    bool b_last = b->kind == HENG_ITEM_DELIVERY;
    if (a_last != b_last)
        return a_last ? 1 : -1;
    int by_subject = heng_str_compare(a->subject, b->subject);
    return by_subject != 0 ? by_subject : heng_str_compare(a->record, b->record);
}

/* Checks the lines of a batch against those that were added. */
static heng_status check_batch(const heng_line_sort_batch *batch,
                               const struct sorted *all, bool *seen, heng_item *last,
                               heng_arena *arena) {
    for (size_t i = 0; i < batch->count; i++) {
        const heng_item *got = &batch->items[i];
        size_t number = number_of(got);
        heng_item want;
        assert_true(number < all->count && !seen[number]);
        assert_true(all->lines[number].counts);
        if (!make_item(&all->lines[number], number, arena, &want))
            return HENG_ERR_NOMEM;
        assert_int_equal(got->kind, want.kind);
        assert_true(heng_str_equal(got->subject, want.subject));
        assert_true(heng_str_equal(got->record, want.record));
        assert_true(last->subject.ptr == NULL || order(last, &want) < 0);
        seen[number] = true;
        *last = want;
    }
    return HENG_OK;
}

static heng_status take_all(heng_line_sort *sort, const struct row *row,
                            const struct sorted *all, heng_arena *arena,
                            heng_error *error) {
    const heng_merge_ask ask = {NULL, NULL};
    static bool seen[LINES_MOST];
    uint64_t lines = 0;
    uint64_t passed[3] = {0};
    heng_item last = {0};
    heng_line_sort_batch batch = {.arena = heng_arena_new((size_t)1 << 30)};
    heng_status status = batch.arena == NULL
                             ? HENG_ERR_NOMEM
                             : heng_line_sort_settle(sort, &ask, arena, error);
    memset(seen, 0, sizeof seen);
    for (bool more = true; status == HENG_OK && more;) {
        status = heng_line_sort_take(sort, row->most, row->bytes, &batch, error);
        if (status != HENG_OK)
            break;
        more = batch.lines > 0;
        lines += batch.lines;
        passed[0] += batch.passed.subjects_changed;
        passed[1] += batch.passed.records_changed;
        passed[2] += batch.passed.deliveries;
        assert_true(batch.count <= row->most);
        /* it is full with the item that reaches the bytes */
        assert_true(batch.count * FLAT_BYTES <= row->bytes + FLAT_BYTES);
        status = check_batch(&batch, all, seen, &last, arena);
    }
    for (size_t i = 0; i < all->count && status == HENG_OK; i++) {
        assert_int_equal(seen[i], all->lines[i].counts);
        passed[all->lines[i].kind] -= all->lines[i].counts ? 0 : 1;
    }
    if (status == HENG_OK) {
        assert_int_equal(lines, all->count);
        assert_true(passed[0] == 0 && passed[1] == 0 && passed[2] == 0);
    }
    heng_arena_free(batch.arena);
    return status;
}

static heng_status sort_all(const struct row *row, const struct sorted *all,
                            const char *folder) {
    heng_error error = {0};
    heng_line_sort sort;
    heng_arena *arena = heng_arena_new((size_t)1 << 30);
    if (arena == NULL)
        return HENG_ERR_NOMEM;
    heng_line_sort_init(&sort, folder);
    sort.memory = row->memory;
    heng_status status = add_all(&sort, row, all, arena, &error);
    if (status == HENG_OK) {
        status = take_all(&sort, row, all, arena, &error);
    }
    heng_line_sort_done(&sort);
    heng_arena_free(arena);
    return status;
}

static void the_last_line_of_each_comes_out(void **state) {
    const struct row *row = *state;
    static struct sorted all;
    char *folder = fixture_folder();
    make_lines(row, &all);
    assert_int_equal(sort_all(row, &all, folder), HENG_OK);
    fixture_only_store(folder);
    fixture_remove(folder);
}

/* One record that goes to and fro, oftener than marks are kept in memory. */
static void a_record_that_moves_all_the_time_comes_out_once(void **state) {
    (void)state;
    enum { MOVES = 50000 };
    const heng_merge_ask ask = {NULL, NULL};
    char *folder = fixture_folder();
    heng_error error = {0};
    heng_line_sort sort;
    heng_arena *arena = heng_arena_new((size_t)1 << 30);
    heng_line_sort_batch batch = {.arena = heng_arena_new((size_t)1 << 30)};
    heng_item *items = heng_arena_alloc(batch.arena, MOVES * sizeof *items);
    for (unsigned i = 0; i < MOVES; i++) {
        const struct line line = {HENG_ITEM_RECORD, i % 3, 7, false};
        assert_true(make_item(&line, i, batch.arena, &items[i]));
    }
    heng_line_sort_init(&sort, folder);
    assert_int_equal(heng_line_sort_add(&sort, items, MOVES, arena, &error), HENG_OK);
    heng_arena_reset(arena);
    assert_int_equal(heng_line_sort_settle(&sort, &ask, arena, &error), HENG_OK);
    assert_int_equal(heng_line_sort_take(&sort, 100, 1 << 20, &batch, &error), HENG_OK);
    assert_int_equal(batch.count, 1);
    assert_int_equal(batch.lines, MOVES);
    assert_int_equal(batch.passed.records_changed, MOVES - 1);
    assert_int_equal(heng_flat_u32(batch.items[0].bytes + 4), MOVES - 1);
    heng_line_sort_done(&sort);
    heng_arena_free(batch.arena);
    heng_arena_free(arena);
    fixture_remove(folder);
}

struct tortured {
    struct row row;
    struct sorted all;
    char *folder;
};

static heng_status sort_once(void *context) {
    struct tortured *tortured = context;
    return sort_all(&tortured->row, &tortured->all, tortured->folder);
}

static void no_failed_allocation_leaks(void **state) {
    (void)state;
    static struct tortured tortured = {
        .row = {"", 60, 5, 9, 10, 7, 1 << 20, 0},
    };
    tortured.folder = fixture_folder();
    make_lines(&tortured.row, &tortured.all);
    assert_true(torture(sort_once, &tortured) > 50);
    fixture_remove(tortured.folder);
}

int main(void) {
    struct CMUnitTest tests[COUNT(rows) + 2];
    size_t count = 0;
    for (; count < COUNT(rows); count++) {
        tests[count] = ROW_TEST(&rows[count], the_last_line_of_each_comes_out);
    }
    tests[count++] = (struct CMUnitTest)cmocka_unit_test(
        a_record_that_moves_all_the_time_comes_out_once);
    tests[count++] = (struct CMUnitTest)cmocka_unit_test(no_failed_allocation_leaks);
    return check_run("store/line_sort", tests, count, NULL, NULL);
}
