/* SPDX-License-Identifier: Apache-2.0 */
/* runs.h: batches over a made-up town, full ones and those that compare, with what they
 * said and counted. */
#ifndef HENG_TESTS_BATCH_RUNS_H
#define HENG_TESTS_BATCH_RUNS_H

#include "batch/world.h"
#include "support/torture.h"

#include "batch/kept_rules.h"
#include "decide/plan.h"
#include "report/outcome_form.h"
#include "report/render_outcome.h"
#include "store/baseline.h"

enum { FIRMS = 600, MOST_THREADS = 5 };

static heng_ruleset *ruleset; /* of all of them; made by the test's setup */

/* ---- a batch in memory ---- */

struct run {
    heng_store *store;
    const heng_ruleset *ruleset, *against;
    heng_date as_of;
    unsigned flags;
    size_t threads;
    bool stops;
    /* made */
    heng_arena *arenas[MOST_THREADS];
    heng_arena *form_arena;
    const heng_outcome_form *form, *old_form; /* of `ruleset`, of `against` */
    heng_buffer lines;
    heng_buffer scratch[MOST_THREADS][2];
    heng_baseline_writer *writer;
    heng_batch_counts counts;
    uint64_t due;
    heng_batch_scope scope;
};

static inline heng_status render(const struct run *run, const heng_batch_line *line,
                                 heng_buffer *out) {
    const heng_ruleset *of = line->plan->ruleset;
    heng_render render = {.ruleset = of,
                          .plan = line->plan,
                          .worker = line->worker,
                          .snapshot = line->snapshot,
                          .decision = line->decision,
                          .unmask = true,
                          .form = of == run->against ? run->old_form : run->form,
                          .arena = run->arenas[line->thread]};
    heng_arena_reset(render.arena);
    return heng_render_outcome(&render, out);
}

static inline heng_status render_line(void *context, const heng_batch_line *line,
                                      heng_buffer *out) {
    return render(context, line, out);
}

static inline heng_status compare(void *context, const heng_batch_line *before,
                                  const heng_batch_line *line, heng_buffer *out,
                                  heng_buffer *changes, bool *ret_changed) {
    struct run *run = context;
    heng_buffer *scratch = run->scratch[line->thread];
    heng_status status = HENG_OK;
    heng_buffer_clear(&scratch[0]);
    heng_buffer_clear(&scratch[1]);
    if (before != NULL && before->told) {
        status = render(run, before, &scratch[0]);
    }
    if (status == HENG_OK && line->told) {
        status = render(run, line, &scratch[1]);
    }
    *ret_changed =
        !heng_str_equal(heng_buffer_view(&scratch[0]), heng_buffer_view(&scratch[1]));
    if (status == HENG_OK && *ret_changed) {
        status = render(run, line, out);
    }
    if (status == HENG_OK && *ret_changed) {
        status = heng_buffer_add_str(changes, line->snapshot->id);
    }
    return status;
}

static inline heng_status take(void *context, heng_str lines, heng_str last,
                               heng_error *reterr) {
    struct run *run = context;
    (void)last;
    heng_status status = heng_buffer_add_str(&run->lines, lines);
    return status == HENG_OK ? status : heng_error_nomem(reterr);
}

static inline heng_status take_due(void *context, heng_date day, heng_str id,
                                   heng_error *reterr) {
    struct run *run = context;
    run->due++;
    return run->writer == NULL ? HENG_OK
                               : heng_baseline_due(run->writer, day, id, reterr);
}

static inline bool stop(void *context) {
    const struct run *run = context;
    return run->stops;
}

static inline heng_status go(struct run *run, heng_error *error) {
    heng_batch *batch = NULL;
    if (run->against != NULL && run->old_form == NULL)
        run->old_form = heng_outcome_form_new(run->against, run->form_arena);
    heng_batch_options options = {.store = run->store,
                                  .ruleset = run->ruleset,
                                  .against = run->against,
                                  .as_of = run->as_of,
                                  .threads = run->threads,
                                  .flags = run->flags};
    heng_batch_sink sink = {.context = run,
                            .render = render_line,
                            .compare = compare,
                            .write = take,
                            .due = take_due,
                            .stop = stop};
    heng_status status = heng_batch_open(&options, &batch, error);
    if (status == HENG_OK) {
        run->scope = heng_batch_get_scope(batch);
        status = heng_batch_run(batch, (heng_str){0}, &sink, &run->counts, error);
    }
    heng_batch_close(batch);
    return status;
}

static inline struct run new_run(heng_store *store, unsigned flags, size_t threads) {
    struct run run = {.store = store,
                      .ruleset = ruleset,
                      .flags = flags,
                      .threads = threads,
                      .form_arena = heng_arena_new((size_t)1 << 24)};
    assert_true(heng_date_parse(HENG_STR("2026-05-01"), &run.as_of));
    run.form = heng_outcome_form_new(ruleset, run.form_arena);
    heng_buffer_init(&run.lines, (size_t)1 << 28);
    for (size_t i = 0; i < MOST_THREADS; i++) {
        run.arenas[i] = heng_arena_new((size_t)1 << 24);
        heng_buffer_init(&run.scratch[i][0], (size_t)1 << 24);
        heng_buffer_init(&run.scratch[i][1], (size_t)1 << 24);
    }
    return run;
}

static inline void end_run(struct run *run) {
    for (size_t i = 0; i < MOST_THREADS; i++) {
        heng_arena_free(run->arenas[i]);
        heng_buffer_done(&run->scratch[i][0]);
        heng_buffer_done(&run->scratch[i][1]);
    }
    heng_buffer_done(&run->lines);
    heng_arena_free(run->form_arena);
}

static inline void must(struct run *run) {
    heng_error error = {0};
    if (go(run, &error) != HENG_OK) {
        fail_msg("%s", error.text);
    }
}

/* A full batch that the next one goes on from. */
static inline void leave(heng_store *store) {
    heng_error error = {0};
    heng_str packed;
    struct run run = new_run(store, 0, 1);
    heng_view *view = NULL;
    assert_int_equal(heng_baseline_prepare(store, &error), HENG_OK);
    assert_int_equal(heng_view_open(store, &view, &error), HENG_OK);
    heng_baseline next = {.commit = heng_view_commit(view),
                          .known_at = heng_view_commit_time(view),
                          .as_of = run.as_of,
                          .ruleset = heng_ruleset_digest(ruleset)};
    assert_int_equal(heng_kept_rules_pack(ruleset, run.form_arena, &packed, &error),
                     HENG_OK);
    if (heng_baseline_begin(store, &next, packed, true, &run.writer, &error) !=
        HENG_OK) {
        fail_msg("%s", error.text);
    }
    heng_view_close(view);
    must(&run);
    if (heng_baseline_end(run.writer, run.counts.subjects, run.counts.told, &error) !=
        HENG_OK) {
        fail_msg("%s", error.text);
    }
    heng_baseline_free(run.writer);
    end_run(&run);
}

/* ---- the cases ---- */

struct town {
    char *folder;
    heng_store *store;
};

static inline struct town new_town(unsigned firms) {
    struct town town = {.folder = world_folder()};
    town.store = world_store(town.folder);
    world_fill(town.store, ruleset, firms);
    return town;
}

static inline void end_town(struct town *town) {
    heng_store_close(town->store);
    world_remove(town->folder);
}

static inline heng_status torture_run_of(void *context) {
    struct run *run = context;
    heng_error error = {0};
    heng_status status = HENG_OK;
    heng_buffer_done(&run->lines);
    heng_buffer_init(&run->lines, (size_t)1 << 28);
    for (int i = 0; i < 2; i++) {
        heng_buffer_done(&run->scratch[0][i]);
        heng_buffer_init(&run->scratch[0][i], (size_t)1 << 24);
    }
    status = go(run, &error);
    return status;
}

/* Blocks that a buffer or an arena grows by are few and end; a block for each subject
 * would be hundreds. */
static inline uint64_t allocations(unsigned firms, unsigned flags,
                                   const heng_ruleset *against) {
    struct town town = new_town(firms);
    struct run run = new_run(town.store, flags, 1);
    run.against = against;
    if (flags != 0) {
        leave(town.store);
    }
    must(&run); /* warm */
    heng_buffer_clear(&run.lines);
    uint64_t before = heng_alloc_count();
    must(&run);
    uint64_t count = heng_alloc_count() - before;
    end_run(&run);
    end_town(&town);
    return count;
}

static inline void check_allocations(unsigned flags, const heng_ruleset *against) {
    uint64_t few = allocations(2000, flags, against);
    uint64_t many = allocations(8000, flags, against);
#ifndef HENG_STRESS /* there each arena allocation is a block of its own */
    if (many > few + 100) {
        fail_msg("%ju allocations for 2000 subjects, %ju for 8000", (uintmax_t)few,
                 (uintmax_t)many);
    }
#else
    assert_true(many > few);
#endif
}

static inline int setup(void **state) {
    (void)state;
    ruleset = world_load(WORLD_RULES);
    return 0;
}

static inline int teardown(void **state) {
    (void)state;
    heng_ruleset_free(ruleset);
    return 0;
}

#endif
