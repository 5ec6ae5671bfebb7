/* SPDX-License-Identifier: Apache-2.0 */
/*
 * import.c: reading, parsing and storing, two batches in flight: while this thread
 * stores one and reads the next, another parses what was read before.
 *
 *   this thread    read 1 | read 2     | store 1, read 3 | store 2 …
 *   the other              | parse 1    | parse 2         | parse 3 …
 *
 * Callbacks are called from this thread only, in the order of the lines.
 *
 * From the first batch on that does not follow the one before it in order, batches are
 * not stored but sorted (line_sort.h): all of them, since the last line of an id
 * counts. What was sorted is stored when the import ends (import_merge.h).
 */
#include "heng/store.h"

#include <pthread.h>
#include <string.h>

#include "base/alloc.h"
#include "store/commit.h"
#include "store/db.h"
#include "store/import_merge.h"
#include "store/intake.h"
#include "store/intake_order.h"
#include "store/line_sort.h"
#include "store/naming.h"

struct heng_import {
    heng_store *store; /* borrowed; NULL on a dry run without one */
    heng_import_options options;
    heng_names *names; /* owned: the store's, and the catalog's words after them */
    heng_arena *arena; /* owned: the codebook */
    heng_arena *work;  /* owned: one commit's */
    heng_codebook book;
    struct batch {
        heng_intake head;
        heng_intake
            tail; /* empty, but for what this thread parses; see start_parsing */
    } batches[2];
    heng_intake_order order;
    heng_line_sort sort;
    heng_import_counts counts;
    bool failed;
};

/* The words that the store has numbered so far. */
static heng_status read_names(heng_store *store, heng_names **ret_names,
                              heng_error *reterr) {
    heng_view *view = NULL;
    heng_status status = heng_view_open(store, &view, reterr);
    if (status != HENG_OK)
        return status;
    *ret_names = heng_names_copy(heng_view_names(view));
    heng_view_close(view);
    return *ret_names == NULL ? heng_error_nomem(reterr) : HENG_OK;
}

heng_status heng_import_begin(heng_store *store, const heng_import_options *options,
                              heng_import **ret_import, heng_error *reterr) {
    heng_status status = HENG_ERR_NOMEM;
    bool locked = false;
    heng_import *import = heng_alloc_zero(1, sizeof *import);
    if (import == NULL)
        goto out;
    import->options = *options;
    if (!options->dry_run) {
        import->store = store;
        status = heng_db_lock_writer(store, reterr);
        if (status != HENG_OK)
            goto out;
        locked = true;
        heng_line_sort_init(&import->sort, store->path);
        int dead =
            0; /* readers that were killed keep old pages from being used again */
        (void)mdb_reader_check(store->env, &dead);
        status = read_names(store, &import->names, reterr);
    } else {
        import->names = heng_names_new();
        status = import->names == NULL ? HENG_ERR_NOMEM : HENG_OK;
    }
    if (status != HENG_OK)
        goto out;
    status = HENG_ERR_NOMEM;
    import->arena = heng_arena_new(SIZE_MAX / 2);
    import->work = heng_arena_new(SIZE_MAX / 2);
    if (import->arena == NULL || import->work == NULL)
        goto out;
    status = heng_codebook_init(&import->book, options->catalog, import->names,
                                import->arena);
    for (int i = 0; i < 2 && status == HENG_OK; i++) {
        status = heng_intake_init(&import->batches[i].head);
        if (status == HENG_OK) {
            status = heng_intake_init(&import->batches[i].tail);
        }
    }
    if (status == HENG_OK) {
        *ret_import = import;
        import = NULL;
        locked = false;
    }
out:
    if (status == HENG_ERR_NOMEM) {
        (void)heng_error_nomem(reterr);
    }
    if (import != NULL) {
        if (!locked) {
            import->store = NULL; /* there is no lock of ours to give back */
        }
        (void)heng_import_end(import, NULL, NULL);
    }
    return status;
}

/* ---- one batch ---- */

struct parse_job {
    heng_intake *intake;
    const heng_intake_input *input;
    const heng_codebook *book;
};

static void *parse_thread(void *context) {
    struct parse_job *job = context;
    heng_intake_parse(job->intake, job->input, job->book);
    return NULL;
}

static heng_import_warning *reversed(heng_import_warning *list) {
    heng_import_warning *result = NULL;
    while (list != NULL) {
        heng_import_warning *next = list->next;
        list->next = result;
        result = list;
        list = next;
    }
    return result;
}

static heng_import_reject told(const heng_intake_input *input,
                               const heng_line_fault *fault, heng_str text,
                               uint64_t line) {
    return (heng_import_reject){.file = input->name,
                                .line = line,
                                .field = fault->field,
                                .reason = fault->reason,
                                .text = text};
}

/* Rejects and warnings, in the order of the lines. */
static void tell(heng_import *import, heng_intake *intake,
                 const heng_intake_input *input) {
    const heng_import_options *options = &import->options;
    heng_import_warning *warning = reversed(intake->warnings);
    size_t i = 0;
    while (i < intake->reject_count || warning != NULL) {
        if (warning == NULL ||
            (i < intake->reject_count && intake->rejects[i].line < warning->line)) {
            const heng_intake_reject *reject = &intake->rejects[i++];
            heng_import_reject call =
                told(input, &reject->fault, reject->text, reject->line);
            import->counts.rejects++;
            if (options->reject != NULL) {
                options->reject(options->context, &call);
            }
        } else {
            heng_import_reject call =
                told(input, &warning->fault, warning->text, warning->line);
            import->counts.warnings++;
            if (options->warn != NULL) {
                options->warn(options->context, &call);
            }
            warning = warning->next;
        }
    }
    intake->warnings = NULL;
}

static void count_dry(heng_import *import, const heng_intake *intake) {
    for (size_t i = 0; i < intake->item_count; i++) {
        switch (intake->items[i].kind) {
        case HENG_ITEM_SUBJECT:
            import->counts.subjects_new++;
            break;
        case HENG_ITEM_RECORD:
            import->counts.records_new++;
            break;
        case HENG_ITEM_DELIVERY:
            import->counts.deliveries++;
            break;
        }
    }
}

/* Whether the batch is to be sorted with those that follow, or can be stored at once.
 */
static bool must_wait(heng_import *import, const heng_intake *intake, bool last) {
    bool holds =
        heng_intake_order_holds(&import->order, intake->items, intake->item_count);
    return import->counts.waiting > 0 || (!holds && !last);
}

static heng_status sort_batch(heng_import *import, const heng_intake *intake,
                              heng_error *reterr) {
    heng_status status = heng_line_sort_add(&import->sort, intake->items,
                                            intake->item_count, import->work, reterr);
    heng_arena_reset(import->work);
    import->counts.waiting += status == HENG_OK ? intake->item_count : 0;
    return status;
}

static heng_status store_items(heng_import *import, const heng_intake *intake,
                               heng_error *reterr) {
    const heng_import_options *options = &import->options;
    heng_status status = heng_commit_apply(
        import->store, intake->items, intake->item_count, import->names,
        options->now(options->context), import->work, &import->counts, reterr);
    heng_arena_reset(import->work);
    return status;
}

/* Stores or sorts a parsed batch and tells what was wrong with it. `last`: the input
 * has no other. */
static heng_status take_batch(heng_import *import, heng_intake *intake,
                              const heng_intake_input *input, bool last,
                              heng_error *reterr) {
    const heng_import_options *options = &import->options;
    if (intake->line_count == 0)
        return HENG_OK;
    if (intake->status != HENG_OK)
        return heng_error_nomem(reterr);
    if (options->dry_run) {
        count_dry(import, intake);
    } else {
        heng_status status = must_wait(import, intake, last)
                                 ? sort_batch(import, intake, reterr)
                                 : store_items(import, intake, reterr);
        if (status != HENG_OK)
            return status;
    }
    import->counts.lines += intake->line_count;
    import->counts.bytes += intake->used;
    tell(import, intake, input);
    intake->line_count = 0;
    if (options->progress != NULL) {
        options->progress(options->context, &import->counts);
    }
    if (options->stop != NULL && options->stop(options->context))
        return heng_error_set(reterr, HENG_ERR_STOPPED, input->name, (heng_pos){0, 0},
                              "stopped on request; what was stored stays, and the same "
                              "import goes on from there");
    return HENG_OK;
}

/* ---- one input ---- */

/* Lines on their way. */
struct flow {
    struct batch *filling; /* being read, then being parsed */
    struct batch *parsed;  /* those before */
    struct parse_job job;
    pthread_t thread;
    bool running; /* the other thread parses `filling->head` */
};

static void wait_for_parsing(struct flow *flow) {
    if (flow->running) {
        (void)pthread_join(flow->thread, NULL);
        flow->running = false;
    }
}

/* Has what was read parsed, beside this thread where more may follow. Sorting a batch,
 * unlike storing it, takes less time than parsing one: this thread then parses a third
 * of the lines too, when it has sorted. */
static void start_parsing(heng_import *import, struct flow *flow,
                          const heng_intake_input *input) {
    struct batch *batch = flow->filling;
    bool more = input->start < input->end || !input->at_end;
    bool beside = more && !import->options.one_thread;
    size_t own = beside && import->counts.waiting > 0 ? batch->head.line_count / 3 : 0;
    heng_intake_cut(&batch->head, &batch->tail, own);
    flow->job.intake = &batch->head;
    flow->running =
        beside && pthread_create(&flow->thread, NULL, parse_thread, &flow->job) == 0;
    if (!flow->running) {
        heng_intake_parse(&batch->head, input, &import->book);
    }
}

/* What was parsed is taken, while what was read is parsed. */
static heng_status move_on(heng_import *import, struct flow *flow,
                           const heng_intake_input *input, bool last,
                           heng_error *reterr) {
    if (!last) {
        start_parsing(import, flow, input);
    }
    heng_status status = take_batch(import, &flow->parsed->head, input, last, reterr);
    if (status == HENG_OK) {
        status = take_batch(import, &flow->parsed->tail, input, last, reterr);
    }
    if (status == HENG_OK && !last) {
        heng_intake_parse(&flow->filling->tail, input, &import->book);
    }
    return status;
}

/* All batches of one input. */
static heng_status run(heng_import *import, heng_intake_input *input,
                       heng_error *reterr) {
    struct flow flow = {.filling = &import->batches[0],
                        .parsed = &import->batches[1],
                        .job = {.input = input, .book = &import->book}};
    size_t most = import->options.batch_lines == 0 ? HENG_INTAKE_LINES
                                                   : import->options.batch_lines;
    heng_status status = HENG_OK;
    heng_intake_clear(&flow.parsed->head);
    heng_intake_clear(&flow.parsed->tail);
    for (bool last = false; status == HENG_OK && !last;) {
        status = heng_intake_fill(&flow.filling->head, input, most, reterr);
        wait_for_parsing(&flow);
        if (status == HENG_OK) {
            last = flow.filling->head.line_count == 0;
            status = move_on(import, &flow, input, last, reterr);
        }
        struct batch *swap = flow.filling;
        flow.filling = flow.parsed;
        flow.parsed = swap;
    }
    wait_for_parsing(&flow);
    return status;
}

heng_status heng_import_read(heng_import *import, const char *name,
                             size_t (*read)(void *context, char *buffer, size_t size),
                             void *read_context, heng_error *reterr) {
    heng_intake_input input = {.read = read, .context = read_context, .name = name};
    if (import->failed)
        return heng_error_set(reterr, HENG_ERR_STOPPED, name, (heng_pos){0, 0},
                              "the import ended with a failure before");
    heng_status status = heng_intake_start(&input, reterr);
    if (status == HENG_OK) {
        status = run(import, &input, reterr);
    }
    heng_intake_stop(&input);
    /* An input that is none leaves the others unharmed. */
    import->failed = status != HENG_OK && status != HENG_ERR_INVALID;
    return status;
}

/* What was sorted, into the store. */
static heng_status store_sorted(heng_import *import, heng_error *reterr) {
    const heng_import_merge merge = {
        .store = import->store,
        .options = &import->options,
        .names = import->names,
        .sort = &import->sort,
        .work = import->work,
        .arenas = {import->batches[0].head.arena, import->batches[1].head.arena},
        .counts = &import->counts};
    for (int i = 0; i < 2; i++) {
        heng_intake_drop_lines(&import->batches[i].head);
        heng_intake_done(&import->batches[i].tail);
    }
    return heng_import_merge_run(&merge, reterr);
}

heng_status heng_import_end(heng_import *import, heng_import_counts *ret_counts,
                            heng_error *reterr) {
    heng_status status = HENG_OK;
    if (import == NULL)
        return HENG_OK;
    if (import->counts.waiting > 0 && !import->failed) {
        status = store_sorted(import, reterr);
    }
    if (ret_counts != NULL) {
        *ret_counts = import->counts;
    }
    if (import->store != NULL) {
        heng_db_unlock_writer(import->store);
    }
    heng_line_sort_done(&import->sort);
    for (int i = 0; i < 2; i++) {
        heng_intake_done(&import->batches[i].tail);
        heng_intake_done(&import->batches[i].head);
    }
    heng_codebook_done(&import->book);
    heng_arena_free(import->arena);
    heng_arena_free(import->work);
    heng_names_free(import->names);
    heng_alloc_free(import);
    return status;
}
