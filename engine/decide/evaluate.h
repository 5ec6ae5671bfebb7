/* SPDX-License-Identifier: Apache-2.0 */
/*
 * evaluate.h: one subject on one day, from records to live rules: what the steps of a
 * decision share.
 *
 *   see      snapshot -> heng_seen: which records are usable on the day (see.c)
 *   fire     rules x records -> heng_firing: fires, live, doubt (fire.c)
 *   resolve  live rules -> measures: exceptions, merge, conflicts, disputes (resolve.c)
 *   verdict  measures -> a verdict for each matter, undetermined in doubt (verdict.c)
 *   horizon  the last day on which all that stays the same (horizon.c)
 *   justify  what nearly applied, repair, texts (justify.c)
 *
 * Two passes: FIRST leaves out disputed records (under `disputed: suspend`), SECOND
 * takes them as active; the second is only run where there is one.
 *
 * Everything lives in the worker's arena. A worker's tables by rule and by measure are
 * stamped with an epoch, so that starting a new evaluation costs nothing.
 */
#ifndef HENG_DECIDE_EVALUATE_H
#define HENG_DECIDE_EVALUATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "cel/program.h"
#include "decide/plan.h"
#include "decide/seen.h"
#include "heng/decide.h"
#include "model/snapshot.h"

enum { HENG_PASS_FIRST, HENG_PASS_SECOND, HENG_PASSES };

/** A record that a rule looks at through a tie or as a party; `role` says which. */
typedef struct heng_looked {
    heng_seen *seen;
    uint32_t role;    /* role word */
    heng_date change; /* first day after the day on which the tie does not hold */
} heng_looked;

/** A tie of the day, with the records seen behind it. */
typedef struct heng_seen_tie {
    uint32_t role; /* role word in which the other stands; HENG_NONE: unknown word */
    heng_str other;
    heng_seen *records;
    size_t record_count;
    heng_date change; /* first day after the day on which it does not hold */
    bool known;
} heng_seen_tie;

/** What one pass found of one rule. */
typedef struct heng_firing {
    bool fires;
    bool live;    /* fires and a run holds the day; never for unverified rules */
    bool doubt;   /* something failed and nothing settled it */
    bool stopped; /* in doubt, and does not fire */
    bool excepted;
    bool pending, lapsed;
    uint32_t unless; /* where excepted */
    heng_date since; /* lapsed: first day without; pending: first day with; or
                        HENG_DATE_NONE */
    heng_ground *grounds;
    heng_seen **seen; /* beside grounds; NULL for lapsed causes */
    size_t ground_count, ground_cap;
    size_t doubtful; /* records on which the ground failed */
    heng_term run;   /* of a rule without grounds */
    bool has_run;
    /* the first failure, and all that is missing */
    heng_str error;
    heng_str error_record;
    heng_str *needs;
    size_t need_count, need_cap;
} heng_firing;

/** A rule that this evaluation touched. */
typedef struct heng_active {
    uint32_t rule;
    bool eligible; /* the day is one of its effective days */
    bool matters;  /* some record in its sight can make a difference */
    heng_firing pass[HENG_PASSES];
} heng_active;

/** A measure brought about in one pass. */
typedef struct heng_brought {
    uint32_t measure;
    heng_force force;
    uint32_t first, count; /* actives, in resolved.by */
    uint32_t gone_by;      /* measure that displaces it, or HENG_NONE */
} heng_brought;

/** One pass, resolved. */
typedef struct heng_resolved {
    heng_brought *measures; /* sorted by measure */
    size_t measure_count;
    uint32_t *by;        /* indexes of actives */
    uint32_t *displaced; /* by active: rule that displaces it, or HENG_NONE */
} heng_resolved;

/** A measure that applies or is suspended, merged. */
typedef struct heng_merged {
    uint32_t measure;
    heng_state state;
    heng_force force;
    heng_term term;
    int pass;           /* whose firings it rests on */
    const uint32_t *by; /* indexes of actives, by rule */
    size_t by_count;
} heng_merged;

/** All that follows on one day. */
typedef struct heng_outcome {
    bool out_of_scope;
    heng_merged *measures; /* sorted by measure */
    size_t measure_count;
    const heng_verdict *verdicts; /* by matter */
    heng_resolved resolved[HENG_PASSES];
} heng_outcome;

struct heng_worker {
    heng_arena *arena;
    /* tables as long as the plan's rules and measures, stamped with `epoch` */
    const heng_plan *plan;
    uint32_t *rule_epoch, *rule_active;
    size_t rule_room;
    uint32_t *measure_epoch, *measure_at;
    size_t measure_room;
    uint32_t epoch;
    heng_decision brief; /* of the last subject, where it was decided briefly */
    /* what the last decision left for explain and reason */
    struct heng_evaluation *last;
};

/** One evaluation: one subject, one day. */
typedef struct heng_evaluation {
    const heng_plan *plan;
    heng_worker *worker;
    heng_arena *arena;
    const heng_snapshot *snapshot;
    heng_date day;
    bool full;       /* what nearly applied is wanted too */
    bool verdicts;   /* are wanted */
    bool two_passes; /* a disputed record is looked at */
    bool eventful;   /* some rule is live or in doubt */
    int pass;
    bool failed; /* the arena gave no more */

    heng_seen_subject subject;
    uint32_t kind;
    heng_str region;
    heng_seen *own;
    size_t own_count;
    heng_seen_tie *ties;
    size_t tie_count;
    heng_looked *looked; /* records behind all ties, ordered */
    size_t looked_count;
    heng_seen *mentions;
    size_t mention_count;
    size_t invisible;

    heng_active *actives;
    size_t active_count, active_cap;

    heng_cel_frame frame;
    heng_cel_value variables[HENG_SLOT_COUNT];
    heng_cel_list *records; /* of the pass; NULL until a condition needs it */

    heng_outcome outcome;
} heng_evaluation;

/** see.c: fills what is known on the day. False out of memory. */
bool heng_see_all(heng_evaluation *eval);

/** see.c: the word in which the other stands to the subject; HENG_NONE. */
uint32_t heng_see_tie_role(const heng_plan *plan, const heng_snapshot_tie *tie);

/** see.c: the first role of `looked` that the rule looks through; HENG_NONE: none. */
uint32_t heng_see_role(const heng_plan *plan, uint32_t rule, const heng_looked *looked,
                       size_t count);

/** see.c: the role in which a record of another names the subject to the rule;
 * HENG_NONE. */
uint32_t heng_see_party(const heng_plan *plan, uint32_t rule, const heng_seen *seen,
                        heng_str id);

/** see.c: all records in the rule's sight, whether usable or not, ordered; for
 * explaining. `role` is HENG_NONE for the subject's own. False out of memory. */
bool heng_see_looked(heng_evaluation *eval, uint32_t rule, heng_looked **ret_looked,
                     size_t *ret_count);

/** fire.c: both passes over all rules in question. */
bool heng_fire_all(heng_evaluation *eval);

/** fire.c: whether `rule` may look at `seen` in this pass (status, use limit,
 * decided_on). */
bool heng_fire_looks_at(const heng_evaluation *eval, uint32_t rule,
                        const heng_seen *seen);

/** fire.c: sets the variables of an expression. `seen` and `firing` may be NULL. */
void heng_fire_variables(heng_evaluation *eval, const heng_rule_plan *rule,
                         heng_seen *seen, const heng_firing *firing);

/** fire.c: runs a condition with the variables set before; notes where memory ran out.
 */
heng_cel_value heng_fire_ask(heng_evaluation *eval, const heng_cel_program *program);

/** fire.c: starts a pass: what conditions see of disputed records changes with it. */
void heng_fire_begin_pass(heng_evaluation *eval, int pass);

/** fire.c: the days a ground gives; false where it gives none; *ret_failed on an error.
 */
bool heng_fire_run(heng_evaluation *eval, heng_active *active, heng_seen *seen,
                   heng_term *ret_run, bool *ret_failed, heng_cel_value *ret_error,
                   const heng_cel_program **ret_program);

/**
 * resolve.c: measures of one pass.
 *
 * @param live  by active: whether the rule counts as live.
 */
bool heng_resolve_pass(heng_evaluation *eval, const bool *live,
                       heng_resolved *ret_resolved);

/**
 * resolve.c: which rules are live in a pass. The second takes rules stopped by doubt as
 * the first does.
 *
 * @param chosen  by active: rules whose doubt a choice settles as `first_live` says, in
 * the second pass too unless it is certain there. NULL: none.
 */
void heng_resolve_live(const heng_evaluation *eval, int pass, const bool *first_live,
                       const bool *chosen, bool *ret_live);

/** resolve.c: what a rule's measures rest on in a pass: in the second, a rule stopped
 * by doubt is taken as in the first. */
const heng_firing *heng_resolve_firing(const heng_evaluation *eval, uint32_t active,
                                       int pass);

/** resolve.c: a measure brought about, whether it stands or gave way; NULL: none. */
const heng_brought *heng_resolve_find(const heng_resolved *resolved, uint32_t measure);

/** resolve.c: whether it was brought about and nothing displaces it. */
bool heng_resolve_stands(const heng_resolved *resolved, uint32_t measure);

/** resolve.c: applies and suspended, out of both passes, into eval->outcome. */
bool heng_resolve_merge(heng_evaluation *eval);

/** resolve.c: the term that findings whose grounds have runs give a measure: the
 * unbroken run of days around `day`, which one of them holds. */
heng_term heng_resolve_term(const heng_finding *const *because, size_t count,
                            heng_date day);

/** verdict.c: fills outcome.verdicts, undetermined ones included. */
bool heng_verdict_all(heng_evaluation *eval);

/** verdict.c: raises the verdicts (by matter) to what a measure that applies makes of
 * them. */
void heng_verdict_raise(const heng_ruleset *ruleset, heng_verdict *verdicts,
                        uint32_t measure, heng_force force);

/** decide.c: see, fire, resolve, verdict. */
bool heng_evaluate(heng_evaluation *eval);

/** horizon.c: the last day on which the outcome stays that of `base`. `matter`
 * restricts. */
heng_date heng_horizon_find(heng_evaluation *base, uint32_t matter, bool exact);

/** justify.c: the public decision, from an evaluated day. NULL out of memory. */
heng_decision *heng_justify(heng_evaluation *eval, uint32_t matter, unsigned flags,
                            heng_date valid_through);

/** A small sort by key, in place, stable, without memory of its own. */
void heng_sort_u64(uint64_t *keys, size_t count);

/** Whether a measure of the ruleset names `matter` (HENG_NONE: all do). */
bool heng_measure_concerns(const heng_measure *measure, uint32_t matter);

/** Whether some measure of a rule names `matter` (HENG_NONE: all do). */
bool heng_rule_concerns(const heng_ruleset *ruleset, uint32_t rule, uint32_t matter);

#endif
