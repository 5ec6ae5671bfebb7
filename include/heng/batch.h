/* SPDX-License-Identifier: Apache-2.0 */
/*
 * batch.h: all subjects decided on one day, in the order of their ids.
 *
 * A batch reads one state of the store, whatever is imported meanwhile. Its bytes are
 * the same whatever the number of threads. Only subjects are looked at that have
 * records, or are reached by a tie or by being named; all of them where a rule can fire
 * without a record.
 *
 * With another ruleset to go `against` it decides by both, on the same day and what the
 * store knows, and looks only at those whom a rule concerns that is not the same in
 * both: what a draft would change.
 *
 * Caveats: one thread at a time may use a heng_batch. While it lives, pages of the
 * store's old states are not reused.
 */
#ifndef HENG_BATCH_H
#define HENG_BATCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "heng/api.h"
#include "heng/date.h"
#include "heng/decide.h"
#include "heng/error.h"
#include "heng/ruleset.h"
#include "heng/store.h"
#include "heng/str.h"

struct heng_buffer; /* base/buffer.h */
struct heng_snapshot;

typedef struct heng_batch heng_batch;

/* Flags. */
enum {
    HENG_BATCH_ALL = 1,   /* a line for every subject, also those without an outcome */
    HENG_BATCH_PLAIN = 2, /* no index, everybody looked at: the same bytes, slowly; for
                             comparing */
    HENG_BATCH_COMPARE = 4, /* decide each subject as the last completed batch did, too:
                               `compare` of the sink is called, not `render` */
    HENG_BATCH_CHANGED = 8  /* the same, only for those whose outcome can have changed
                               since; not with HENG_BATCH_ALL */
};

/** Whom a batch that compares looks at, and why. */
typedef enum heng_batch_scope {
    HENG_BATCH_SCOPE_ALL,         /* everybody, as asked for */
    HENG_BATCH_SCOPE_CHANGED,     /* whose outcome can have changed */
    HENG_BATCH_SCOPE_CONCERNED,   /* whom a rule concerns that the other ruleset has not
                                     the same; with HENG_BATCH_PLAIN everybody */
    HENG_BATCH_SCOPE_NO_BASELINE, /* everybody, and nothing to compare with: no batch
                                     was completed yet */
    HENG_BATCH_SCOPE_NO_RULESET,  /* likewise: its ruleset cannot be loaded any more */
    HENG_BATCH_SCOPE_NO_JOURNAL,  /* everybody: the store does not say what changed */
    HENG_BATCH_SCOPE_DAY_BACK,    /* everybody: the day lies before that of the last */
    HENG_BATCH_SCOPE_RULESET      /* everybody: what changed in the ruleset has no bound
                                     by records */
} heng_batch_scope;

/** Most threads. */
enum { HENG_BATCH_THREADS = 256 };

typedef struct heng_batch_options {
    heng_store *store;           /* borrowed */
    const heng_ruleset *ruleset; /* borrowed */
    const heng_ruleset *against; /* borrowed: `compare` of the sink is called, with what
                                    this one brings about as `before`; NULL: none. Not
                                    with HENG_BATCH_ALL, _COMPARE, _CHANGED */
    heng_date as_of;
    bool has_known_at;
    heng_time_ms known_at;
    bool has_commit; /* instead: as the store knew it at `commit` */
    uint64_t commit;
    size_t threads; /* 0: one */
    unsigned flags; /* HENG_BATCH_* */
    size_t
        reach_bytes; /* for ids of those whom records of others reach; 0: the default */
} heng_batch_options;

/**
 * Takes the views and makes the plan.
 *
 * @return HENG_OK; HENG_ERR_NOT_FOUND (the store knew nothing at `known_at`);
 * HENG_ERR_INVALID; HENG_ERR_BUSY; HENG_ERR_STORE; HENG_ERR_NOMEM.
 */
HENG_API heng_status heng_batch_open(const heng_batch_options *options,
                                     heng_batch **ret_batch,
                                     heng_error *reterr) HENG_NODISCARD;
/** NULL is a no-op. */
HENG_API void heng_batch_close(heng_batch *batch);

/** The state that is read. Borrowed; not to be used while the batch runs. */
HENG_API heng_view *heng_batch_view(const heng_batch *batch);
HENG_API const heng_plan *heng_batch_plan(const heng_batch *batch);

/** Whether every subject must be looked at, because some rule needs no record. */
HENG_API bool heng_batch_looks_at_all(const heng_batch *batch);

/** Whom it looks at. */
HENG_API heng_batch_scope heng_batch_get_scope(const heng_batch *batch);

/** What it compares with. False where there is nothing. Of another ruleset `number`,
 * `subjects` and `told` are 0. */
typedef struct heng_batch_before {
    uint64_t number; /* of the last completed batch */
    uint64_t commit;
    heng_time_ms known_at;
    heng_date as_of;
    uint64_t subjects, told;
    heng_str digest; /* of its ruleset */
    const heng_ruleset *ruleset;
    const heng_str *rules; /* ids of rules that are new, gone or not the same; sorted */
    size_t rule_count;
    const heng_str *categories; /* the same of categories */
    size_t category_count;
    /* Of another ruleset: on days before `first` or after `last` all rules in effect
     * are the same, and so are everybody's measures, terms and verdicts (not what is
     * pending, nor valid-through). `first` after `last`: on every day. Not is_bounded:
     * there are no such days, or that cannot be told. */
    bool is_bounded;
    heng_date first, last;
} heng_batch_before;

/** @param ret_before  borrowed, valid as long as the batch. */
HENG_API bool heng_batch_get_before(const heng_batch *batch,
                                    heng_batch_before *ret_before);

/** A subject decided: what a line is rendered from. Valid during the call. */
typedef struct heng_batch_line {
    size_t thread; /* 0 … threads - 1: whose call it is */
    heng_view *view;
    heng_worker *worker;
    const heng_plan *plan;
    const struct heng_snapshot *snapshot; /* of a batch that does not compare with
                                             another day it may
                                             lack what no condition asks for: names,
                                             authorities, document numbers, relations */
    const heng_decision *decision;        /* NULL: the subject was not known */
    bool told; /* has a measure or an undetermined rule: without HENG_BATCH_ALL only
                  these have a line */
} heng_batch_line;

typedef struct heng_batch_counts {
    uint64_t subjects;  /* in the store, with a line of their own */
    uint64_t looked_at; /* decided */
    uint64_t told;      /* with a measure or an undetermined rule */
    uint64_t undetermined;
    uint64_t out_of_scope;       /* of those looked at */
    uint64_t reached;            /* by records of others */
    uint64_t applies, suspended; /* measures of all that were told */
    uint64_t was_told;           /* of those compared: told by the last batch, or by the
                                    other ruleset */
    uint64_t changed;            /* of those compared: what `compare` found to differ */
} heng_batch_counts;

/** Regions are told apart by their first four digits; the last one is for all others.
 */
enum { HENG_BATCH_REGIONS = 10001 };

/** What the lines say, counted: of those given to `write` so far. Of a batch that
 * compares, the subjects that differ are counted as they are now. */
typedef struct heng_batch_tally {
    heng_batch_counts counts; /* without `subjects` */
    uint64_t *numbers;        /* all that follow, one after the other */
    size_t number_count;
    const uint64_t *applies, *suspended; /* subjects by measure (index in the ruleset)
                                          */
    const uint64_t *regions;             /* told subjects; HENG_BATCH_REGIONS */
} heng_batch_tally;

/** Valid until the next run, and as long as the batch. To be read in `write` or after
 * the run. */
HENG_API const heng_batch_tally *heng_batch_get_tally(const heng_batch *batch);

/** What is done with the lines. */
typedef struct heng_batch_sink {
    void *context;
    /** Adds what is to be written of one subject; called by several threads at once. */
    heng_status (*render)(void *context, const heng_batch_line *line,
                          struct heng_buffer *out);
    /** Takes finished lines in order, one call at a time: all up to and with subject
     * `last`. `last` is empty where a piece ends within a stretch that is not whole. */
    heng_status (*write)(void *context, heng_str lines, heng_str last,
                         heng_error *reterr);
    /** With HENG_BATCH_COMPARE, HENG_BATCH_CHANGED or another ruleset, instead of
     * `render`: a subject told now or by the last batch (by the other ruleset). Adds
     * what is to be written to `out`, and what is to be said of the difference to
     * `changes`; `*ret_changed` whether there is one. Called by several threads at
     * once. */
    heng_status (*compare)(void *context, const heng_batch_line *before,
                           const heng_batch_line *line, struct heng_buffer *out,
                           struct heng_buffer *changes, bool *ret_changed);
    /** Takes what `compare` said of differences, in order, before the lines that belong
     * to them. May be NULL. */
    heng_status (*write_changes)(void *context, heng_str changes, heng_error *reterr);
    /** Takes the subjects whose outcome ends by itself, in order of their ids, before
     * their lines: from `day` on it must be looked at again. May be NULL. */
    heng_status (*due)(void *context, heng_date day, heng_str id, heng_error *reterr);
    /** Asked now and then, by several threads at once; true stops. May be NULL. */
    bool (*stop)(void *context);
    /** How far it is: of `total` stretches `done` are written. One call at a time; may
     * be NULL. */
    void (*progress)(void *context, uint64_t looked_at, uint64_t done, uint64_t total);
} heng_batch_sink;

/**
 * Decides all subjects after `after` (empty: all) and hands their lines on.
 *
 * @return HENG_OK; HENG_ERR_STOPPED; what `render` or `write` gave; HENG_ERR_STORE;
 * HENG_ERR_LIMIT; HENG_ERR_NOMEM.
 */
HENG_API heng_status heng_batch_run(heng_batch *batch, heng_str after,
                                    const heng_batch_sink *sink,
                                    heng_batch_counts *ret_counts,
                                    heng_error *reterr) HENG_NODISCARD;

#endif
