/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test_line_order.c: whoever is slow, lines come in order and whole; whoever fails,
 * nobody waits for ever. A test that waits is ended by an alarm.
 */
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "support/check.h"
#include "support/torture.h"

#include "batch/line_order.h"

enum { MOST_THREADS = 8, MOST_STRETCHES = 200, NOBODY = -1, ALARM_SECONDS = 60 };

/* What one run is to do. */
struct row {
    const char *name; /* what must hold */
    size_t threads, stretches;
    int slow;        /* every so many stretches is slow; 0: none */
    int empty;       /* every so many has no line */
    int flush;       /* every so many is written in pieces */
    int fails;       /* this one fails, or NOBODY */
    int write_fails; /* writing it fails, or NOBODY */
};

static struct row rows[] = {
    {"nothing to do", 3, 0, 0, 0, 0, NOBODY, NOBODY},
    {"one thread, one stretch", 1, 1, 0, 0, 0, NOBODY, NOBODY},
    {"one thread, many stretches", 1, 100, 0, 3, 4, NOBODY, NOBODY},
    {"fewer stretches than threads", 8, 3, 2, 0, 0, NOBODY, NOBODY},
    {"as many as there are slots", 2, 6, 3, 0, 0, NOBODY, NOBODY},
    {"one more than there are slots", 2, 7, 3, 0, 0, NOBODY, NOBODY},
    {"all alike", 4, 200, 0, 0, 0, NOBODY, NOBODY},
    {"some without lines", 4, 200, 0, 3, 0, NOBODY, NOBODY},
    {"none with lines", 4, 200, 0, 1, 0, NOBODY, NOBODY},
    {"the first is slow", 4, 200, 200, 0, 0, NOBODY, NOBODY},
    {"every second is slow", 4, 100, 2, 0, 0, NOBODY, NOBODY},
    {"every seventh is slow", 8, 200, 7, 5, 0, NOBODY, NOBODY},
    {"all are written in pieces", 4, 100, 0, 0, 1, NOBODY, NOBODY},
    {"slow ones in pieces", 4, 100, 3, 4, 3, NOBODY, NOBODY},
    {"fast ones in pieces, behind slow ones", 4, 100, 5, 0, 2, NOBODY, NOBODY},
    {"more pieces than slots", 1, 100, 0, 0, 1, NOBODY, NOBODY},
    {"the first one fails", 4, 200, 3, 0, 0, 0, NOBODY},
    {"one in the middle fails", 4, 200, 3, 4, 5, 90, NOBODY},
    {"one in the middle fails while all others are in pieces", 4, 200, 3, 0, 1, 90,
     NOBODY},
    {"the last one fails", 4, 200, 3, 0, 0, 199, NOBODY},
    {"a slow one fails", 4, 200, 10, 0, 0, 100, NOBODY},
    {"one thread fails", 1, 100, 0, 0, 0, 50, NOBODY},
    {"writing fails", 4, 200, 3, 0, 0, NOBODY, 90},
    {"writing the first fails", 4, 200, 3, 0, 0, NOBODY, 0},
    {"writing a piece fails", 4, 200, 0, 0, 1, NOBODY, 90},
};

static struct run {
    const struct row *row;
    heng_line_order order;
    atomic_int writing;
    /* what was written */
    heng_buffer text;
    size_t next;            /* the stretch that must come */
    heng_batch_tally tally; /* of what was written whole */
    size_t taken[MOST_STRETCHES];
    atomic_bool is_wrong;
} run;

static bool is_each(int every, size_t stretch) {
    return every > 0 && stretch % (size_t)every == 0;
}

static size_t lines_of(const struct row *row, size_t stretch) {
    return is_each(row->empty, stretch) ? 0 : stretch % 4 + 1;
}

static heng_status take_lines(void *context, size_t stretch, heng_slot *slot,
                              bool whole, heng_error *reterr) {
    struct run *of = context;
    if (atomic_fetch_add(&of->writing, 1) != 0 || stretch != of->next)
        of->is_wrong = true;
    (void)heng_buffer_add_str(&of->text, heng_buffer_view(&slot->lines));
    if (whole)
        heng_tally_drain(&slot->tally, &of->tally);
    of->next += whole ? 1 : 0;
    if (is_each(of->row->slow, stretch))
        (void)nanosleep(&(struct timespec){0, 200000}, NULL);
    (void)atomic_fetch_sub(&of->writing, 1);
    if ((int)stretch == of->row->write_fails)
        return heng_error_set(reterr, HENG_ERR_IO, NULL, (heng_pos){0, 0}, "no space");
    return HENG_OK;
}

static void work(struct run *of, size_t stretch, heng_slot *slot) {
    const struct row *row = of->row;
    if (slot->lines.len != 0 || slot->tally.counts.looked_at != 0)
        of->is_wrong = true;
    of->taken[stretch]++;
    if (is_each(row->slow, stretch))
        (void)nanosleep(&(struct timespec){0, 2000000}, NULL);
    for (size_t i = 0; i < lines_of(row, stretch); i++) {
        (void)heng_buffer_add_format(&slot->lines, "%zu.%zu\n", stretch, i);
        slot->tally.counts.looked_at++;
        if (is_each(row->flush, stretch) &&
            heng_line_order_flush(&of->order, stretch, slot) != HENG_OK)
            return;
        if ((int)stretch == row->fails) {
            heng_error error = {0};
            heng_status status = heng_error_set(&error, HENG_ERR_STORE, NULL,
                                                (heng_pos){0, 0}, "damaged");
            heng_line_order_fail(&of->order, status, &error);
            return;
        }
    }
}

static void *go(void *context) {
    struct run *of = context;
    size_t stretch = 0;
    heng_slot *slot = NULL;
    while (heng_line_order_take(&of->order, &stretch, &slot)) {
        work(of, stretch, slot);
        heng_line_order_give(&of->order, slot);
    }
    return NULL;
}

static void run_once(const struct row *row) {
    pthread_t threads[MOST_THREADS];
    run.row = row;
    run.next = 0;
    heng_tally_whole_clear(&run.tally);
    run.is_wrong = false;
    memset(run.taken, 0, sizeof run.taken);
    heng_buffer_clear(&run.text);
    run.order.status = HENG_OK;
    heng_line_order_begin(&run.order, row->stretches);
    for (size_t i = 1; i < row->threads; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, go, &run), 0);
    (void)go(&run);
    for (size_t i = 1; i < row->threads; i++)
        assert_int_equal(pthread_join(threads[i], NULL), 0);
    assert_false(run.is_wrong);
}

/* All lines of a row up to, without, stretch `end`. */
static void write_expected(const struct row *row, size_t end, heng_buffer *want) {
    for (size_t s = 0; s < end; s++) {
        for (size_t i = 0; i < lines_of(row, s); i++)
            (void)heng_buffer_add_format(want, "%zu.%zu\n", s, i);
    }
}

static void check_success(const struct row *row) {
    heng_buffer want;
    uint64_t looked_at = 0;
    heng_buffer_init(&want, 1 << 20);
    write_expected(row, row->stretches, &want);
    assert_int_equal(run.order.status, HENG_OK);
    assert_int_equal(run.next, row->stretches);
    assert_int_equal(run.text.len, want.len);
    if (want.len > 0)
        assert_memory_equal(run.text.bytes, want.bytes, want.len);
    for (size_t s = 0; s < row->stretches; s++) {
        assert_int_equal(run.taken[s], 1);
        looked_at += lines_of(row, s);
    }
    assert_int_equal(run.tally.counts.looked_at, looked_at);
    heng_buffer_done(&want);
}

/* What was written is a beginning of what there is, and ends before, or inside, the
 * one that failed. */
static void check_failure(const struct row *row, size_t failed) {
    heng_buffer want;
    heng_buffer_init(&want, 1 << 20);
    write_expected(row, failed + 1, &want);
    assert_true(run.text.len <= want.len);
    if (run.text.len > 0)
        assert_memory_equal(run.text.bytes, want.bytes, run.text.len);
    assert_true(run.next <= failed + 1);
    heng_buffer_done(&want);
}

static void lines_come_in_order(void **state) {
    const struct row *row = *state;
    (void)alarm(ALARM_SECONDS);
    assert_true(heng_line_order_init(&run.order, row->threads, 1));
    assert_true(heng_tally_whole_init(&run.tally, 1));
    run.order.write = take_lines;
    run.order.context = &run;
    heng_buffer_init(&run.text, 1 << 20);
    struct row without = *row; /* and once more in the same slots, without a failure */
    without.fails = NOBODY;
    without.write_fails = NOBODY;
    for (int round = 0; round < 4; round++) {
        run_once(row);
        if (row->fails != NOBODY) {
            assert_int_equal(run.order.status, HENG_ERR_STORE);
            assert_string_equal(run.order.error.text, "damaged");
            check_failure(row, (size_t)row->fails);
        } else if (row->write_fails != NOBODY) {
            assert_int_equal(run.order.status, HENG_ERR_IO);
            check_failure(row, (size_t)row->write_fails);
        } else {
            check_success(row);
        }
        run_once(&without);
        check_success(&without);
    }
    heng_buffer_done(&run.text);
    heng_line_order_done(&run.order);
    heng_tally_whole_done(&run.tally);
    (void)alarm(0);
}

/* ---- failures ---- */

static void the_first_failure_counts(void **state) {
    (void)state;
    heng_line_order order;
    heng_error first = {0}, second = {0};
    size_t stretch = 0;
    heng_slot *slot = NULL;
    assert_true(heng_line_order_init(&order, 1, 1));
    heng_line_order_begin(&order, 5);
    (void)heng_error_set(&first, HENG_ERR_IO, NULL, (heng_pos){0, 0}, "first");
    (void)heng_error_set(&second, HENG_ERR_STORE, NULL, (heng_pos){0, 0}, "second");
    heng_line_order_fail(&order, HENG_ERR_IO, &first);
    heng_line_order_fail(&order, HENG_ERR_STORE, &second);
    assert_int_equal(order.status, HENG_ERR_IO);
    assert_string_equal(order.error.text, "first");
    assert_false(heng_line_order_take(&order, &stretch, &slot));
    heng_line_order_done(&order);
}

static heng_status make(void *context) {
    (void)context;
    heng_line_order order;
    bool made = heng_line_order_init(&order, 3, 1);
    heng_line_order_done(&order);
    return made ? HENG_OK : HENG_ERR_NOMEM;
}

static void it_survives_every_failure(void **state) {
    (void)state;
    assert_true(torture(make, NULL) > 0);
}

int main(void) {
    struct CMUnitTest tests[COUNT(rows) + 2];
    const struct CMUnitTest others[] = {
        cmocka_unit_test(the_first_failure_counts),
        cmocka_unit_test(it_survives_every_failure),
    };
    size_t count = 0;
    for (size_t i = 0; i < COUNT(rows); i++)
        tests[count++] = ROW_TEST(&rows[i], lines_come_in_order);
    for (size_t i = 0; i < COUNT(others); i++)
        tests[count++] = others[i];
    return check_run("batch/line_order", tests, count, NULL, NULL);
}
