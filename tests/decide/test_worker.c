/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test_worker.c: what holds for a worker whatever it decides: every allocation may
 * fail, one plan serves many threads, and a worker may go from plan to plan.
 */
#include <pthread.h>
#include <string.h>

#include "base/limits.h"
#include "model/snapshot.h"
#include "support/check.h"
#include "support/torture.h"
#include "world.h"

static const char RULES[] =
    "rules:\n"
    "  - {id: a, title: t, applies_to: [legal_person], effective: {from: 2010-01-01},\n"
    "     ground: 'r.category == \"fine\" && r.amount > 100', term: {from: "
    "r.decided_on, last: P3Y},\n"
    "     measures: [exclude], reason: 'by {r.authority}', basis: [{source: law, "
    "article: \"1\"}]}\n"
    "  - {id: b, title: t, applies_to: [legal_person], effective: {from: 2010-01-01},\n"
    "     through: [head], ground: 'r.category == \"list\"', when: 'size(grounds) > "
    "0',\n"
    "     unless: [{if: 'records.exists(x, x.category == \"reward\")', because: b,\n"
    "       basis: [{source: law, article: \"1\"}]}],\n"
    "     measures: [inspect], basis: [{source: law, article: \"1\"}]}\n"
    "  - {id: c, title: t, applies_to: [legal_person], effective: {from: 2010-01-01},\n"
    "     named_as: [responsible], ground: 'true', exception_to: [a],\n"
    "     measures: [reduce], basis: [{source: law, article: \"1\"}]}\n"
    "conflicts:\n"
    "  - {between: [reduce, inspect], keep: inspect, basis: [{source: law, article: "
    "\"1\"}]}\n";

static const char LINES[] =
    "{\"type\":\"subject\",\"id\":\"S-1\",\"kind\":\"legal_person\",\"name\":\"n\","
    "\"region\":"
    "\"430102\",\"relations\":[{\"role\":\"head\",\"id\":\"P-1\"}]}\n"
    "{\"type\":\"record\",\"id\":\"R-1\",\"subject\":\"S-1\",\"category\":\"fine\","
    "\"authority\":"
    "\"a\",\"document_no\":\"d\",\"decided_on\":\"2024-03-15\",\"attributes\":{"
    "\"amount\":\"500\"}}\n"
    "{\"type\":\"record\",\"id\":\"R-2\",\"subject\":\"S-1\",\"category\":\"fine\","
    "\"authority\":"
    "\"a\",\"document_no\":\"d\",\"decided_on\":\"2024-04-15\",\"status\":\"disputed\","
    "\"status_on\":\"2024-05-01\"}\n"
    "{\"type\":\"record\",\"id\":\"R-3\",\"subject\":\"P-1\",\"category\":\"list\","
    "\"authority\":"
    "\"a\",\"document_no\":\"d\",\"decided_on\":\"2024-03-15\"}\n"
    "{\"type\":\"record\",\"id\":\"R-4\",\"subject\":\"S-2\",\"category\":\"fine\","
    "\"authority\":"
    "\"a\",\"document_no\":\"d\",\"decided_on\":\"2024-03-15\","
    "\"parties\":[{\"role\":\"responsible\",\"id\":\"S-1\"}]}\n";

/* Load, take the lines in, plan, decide, explain and give the reasons: all that
 * allocates. */
static heng_status whole_way(void *context) {
    world made = {0};
    heng_error error = {0};
    (void)context;
    heng_status status =
        world_try(&made, "suspend", RULES, LINES, "2025-01-01", &error);
    for (uint32_t rule = 0; status == HENG_OK && rule < 3; rule++) {
        const heng_explanation *explained = NULL;
        status = heng_explain(made.plan, made.worker, made.snapshot, rule, &explained,
                              &error);
    }
    world_done(&made);
    return status;
}

static void survives_every_failing_allocation(void **state) {
    (void)state;
    assert_true(torture(whole_way, NULL) > 100);
}

/* ---- one plan, many threads ---- */

enum { THREADS = 4, TURNS = 200 };

typedef struct seat {
    const world *shared;
    char *text;
    bool same;
} seat;

static char *decided_text(const world *made) {
    heng_buffer text;
    size_t len = 0;
    heng_buffer_init(&text, (size_t)1 << 20);
    world_print(made, &text);
    heng_buffer_add_char(&text, '\0');
    return heng_buffer_take(&text, &len);
}

static void *decide_often(void *context) {
    seat *mine = context;
    world own = *mine->shared;
    heng_error error = {0};
    own.worker = heng_worker_new();
    mine->same = own.worker != NULL;
    for (int turn = 0; turn < TURNS && mine->same; turn++) {
        mine->same = heng_decide(own.plan, own.worker, own.snapshot, UINT32_MAX,
                                 HENG_DECIDE_FULL | HENG_DECIDE_EXACT_DAYS,
                                 &own.decision, &error) == HENG_OK;
        char *text = mine->same ? decided_text(&own) : NULL;
        mine->same = mine->same && text != NULL && strcmp(text, mine->text) == 0;
        heng_alloc_free(text);
    }
    heng_worker_free(own.worker);
    return NULL;
}

static void one_plan_serves_many_threads(void **state) {
    world made = {0};
    heng_error error = {0};
    pthread_t threads[THREADS];
    seat seats[THREADS];
    (void)state;
    assert_int_equal(world_try(&made, "suspend", RULES, LINES, "2025-01-01", &error),
                     HENG_OK);
    char *text = decided_text(&made);
    assert_non_null(text);
    for (int i = 0; i < THREADS; i++) {
        seats[i] = (seat){&made, text, false};
        assert_int_equal(pthread_create(&threads[i], NULL, decide_often, &seats[i]), 0);
    }
    for (int i = 0; i < THREADS; i++) {
        assert_int_equal(pthread_join(threads[i], NULL), 0);
        assert_true(seats[i].same);
    }
    heng_alloc_free(text);
    world_done(&made);
}

static void a_worker_goes_from_plan_to_plan(void **state) {
    world first = {0}, second = {0};
    heng_error error = {0};
    const heng_decision *decision = NULL;
    (void)state;
    assert_int_equal(world_try(&first, "suspend", RULES, LINES, "2025-01-01", &error),
                     HENG_OK);
    assert_int_equal(world_try(&second, "mark", RULES, LINES, "2025-01-01", &error),
                     HENG_OK);
    /* a decision is gone with the worker's next one */
    size_t first_doubts = first.decision->undetermined_count;
    for (int turn = 0; turn < 3; turn++) {
        assert_int_equal(heng_decide(second.plan, first.worker, second.snapshot,
                                     UINT32_MAX, 0, &decision, &error),
                         HENG_OK);
        assert_int_equal(decision->measure_count, second.decision->measure_count);
        assert_int_equal(heng_decide(first.plan, first.worker, first.snapshot,
                                     UINT32_MAX, 0, &decision, &error),
                         HENG_OK);
        assert_int_equal(decision->undetermined_count, first_doubts);
    }
    world_done(&first);
    world_done(&second);
}

static void a_warm_worker_allocates_nothing(void **state) {
    world made = {0};
    heng_error error = {0};
    (void)state;
    assert_int_equal(world_try(&made, "suspend", RULES, LINES, "2025-01-01", &error),
                     HENG_OK);
    uint64_t before = heng_alloc_count();
    for (int turn = 0; turn < 1000; turn++)
        assert_int_equal(heng_decide(made.plan, made.worker, made.snapshot, UINT32_MAX,
                                     0, &made.decision, &error),
                         HENG_OK);
#ifndef HENG_STRESS /* there each arena allocation is a block of its own */
    assert_int_equal(heng_alloc_count() - before, 0);
#else
    assert_true(heng_alloc_count() >= before);
#endif
    world_done(&made);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(survives_every_failing_allocation),
        cmocka_unit_test(one_plan_serves_many_threads),
        cmocka_unit_test(a_worker_goes_from_plan_to_plan),
        cmocka_unit_test(a_warm_worker_allocates_nothing),
    };
    return cmocka_run_group_tests_name("decide/worker", tests, NULL, NULL);
}
