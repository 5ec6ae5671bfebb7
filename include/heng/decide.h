/* SPDX-License-Identifier: Apache-2.0 */
/*
 * decide.h: from records to a decision (what follows for one subject on one day).
 *
 * Evaluation is a pure function of ruleset, snapshot and as-of date: no I/O, no clock,
 * no threads. A plan is a ruleset bound to one store's numbering and specialised for
 * one as-of day; any number of threads share it without locks, each with a worker of
 * its own.
 */
#ifndef HENG_DECIDE_H
#define HENG_DECIDE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "heng/api.h"
#include "heng/arena.h"
#include "heng/date.h"
#include "heng/error.h"
#include "heng/ruleset.h"
#include "heng/str.h"

struct heng_names;
struct heng_repair;
struct heng_snapshot;

typedef struct heng_plan heng_plan;
typedef struct heng_worker heng_worker;

/**
 * Binds `ruleset` to `names` for the as-of day. Names added to a store later are
 * unknown to the plan: make a new one.
 *
 * @param ruleset  borrowed; must outlive the plan. So must `names`.
 * @return HENG_OK; HENG_ERR_INVALID (a day outside the calendar); HENG_ERR_NOMEM.
 */
HENG_API heng_status heng_plan_new(const heng_ruleset *ruleset,
                                   const struct heng_names *names, heng_date as_of,
                                   heng_plan **ret_plan,
                                   heng_error *reterr) HENG_NODISCARD;
/* How a plan is made. */
enum {
    HENG_PLAN_PLAIN = 1, /* without an index of rules: the same answers, slowly; for
                            comparing */
};

/** The same, with HENG_PLAN_*. */
HENG_API heng_status heng_plan_new_with(const heng_ruleset *ruleset,
                                        const struct heng_names *names, heng_date as_of,
                                        unsigned flags, heng_plan **ret_plan,
                                        heng_error *reterr) HENG_NODISCARD;

HENG_API void heng_plan_free(heng_plan *plan);

/** What a snapshot must hold for this plan (HENG_VIEW_* of store.h): rules with
 * `through` need ties with records, rules with `named_as` need mentions. */
HENG_API unsigned heng_plan_needs(const heng_plan *plan);

/** A thread's working memory. NULL out of memory. Owned by the caller. */
HENG_API heng_worker *heng_worker_new(void);
HENG_API void heng_worker_free(heng_worker *worker);

/* ---- the decision ---- */

/* ORDER verdict: X(constant, word, zh, en) */
#define HENG_VERDICT_MAP(X)                                                            \
    X(HENG_VERDICT_CLEAR, "clear", "未见限制", "clear")                                \
    X(HENG_VERDICT_FAVOURED, "favoured", "可予激励", "favoured")                       \
    X(HENG_VERDICT_CAUTION, "caution", "审慎办理", "caution")                          \
    X(HENG_VERDICT_BLOCKED, "blocked", "不予办理", "blocked")                          \
    X(HENG_VERDICT_UNDETERMINED, "undetermined", "无法判定", "undetermined")           \
    X(HENG_VERDICT_OUT_OF_SCOPE, "out_of_scope", "不在适用范围", "out of scope")

/* ORDER state */
#define HENG_STATE_MAP(X)                                                              \
    X(HENG_STATE_APPLIES, "applies", "适用", "applies")                                \
    X(HENG_STATE_SUSPENDED, "suspended", "暂缓", "suspended")                          \
    X(HENG_STATE_DISPLACED, "displaced", "被排除", "displaced")                        \
    X(HENG_STATE_LAPSED, "lapsed", "已届满", "lapsed")                                 \
    X(HENG_STATE_EXCEPTED, "excepted", "例外", "excepted")                             \
    X(HENG_STATE_PENDING, "pending", "尚未开始", "pending")                            \
    X(HENG_STATE_UNVERIFIED, "unverified", "依据未核实", "unverified")

/* Why a term has no last day. */
#define HENG_OPEN_MAP(X)                                                               \
    X(HENG_OPEN_NONE, "", "", "")                                                      \
    X(HENG_OPEN_LIFE, "life", "终身", "for life")                                      \
    X(HENG_OPEN_WHILE_IN_FORCE, "while_in_force", "记录有效期间",                      \
      "while the record is in force")                                                  \
    X(HENG_OPEN_WHILE_IN_EFFECT, "while_in_effect", "规则施行期间",                    \
      "while the rule is in effect")

/* Why a rule or measure that nearly applied has lapsed. */
#define HENG_LAPSE_MAP(X)                                                              \
    X(HENG_LAPSE_TERM, "term", "期限届满", "its term ended")                           \
    X(HENG_LAPSE_REPAIRED, "repaired", "信用已修复", "the record was repaired")        \
    X(HENG_LAPSE_USE_LIMIT, "use_limit", "超过使用期限",                               \
      "the record is past its use limit")

#define HENG_DECIDE_ENUM(X_constant, word, zh, en) X_constant,
typedef enum heng_verdict { HENG_VERDICT_MAP(HENG_DECIDE_ENUM) } heng_verdict;
typedef enum heng_state { HENG_STATE_MAP(HENG_DECIDE_ENUM) } heng_state;
typedef enum heng_open { HENG_OPEN_MAP(HENG_DECIDE_ENUM) } heng_open;
typedef enum heng_lapse { HENG_LAPSE_MAP(HENG_DECIDE_ENUM) } heng_lapse;
#undef HENG_DECIDE_ENUM

/** Both days included. `until` HENG_DATE_NONE: no end, and `open` says why. */
typedef struct heng_term {
    heng_date from;
    heng_date until;
    heng_open open;
} heng_term;

/** A record that makes a rule fire. */
typedef struct heng_ground {
    const uint8_t *record; /* flat.h; memory of the snapshot */
    heng_str subject;      /* whose it is; empty where the subject's own */
    heng_str role;         /* in which relation, or as which party; empty where own */
    uint32_t category;     /* index in the catalog */
    bool disputed;
    bool has_run; /* it gives days of its own (see decide) */
    heng_term run;
    heng_lapse cause; /* in lapsed grounds: why it does not count */
} heng_ground;

/** What one rule does for the subject. */
typedef struct heng_finding {
    uint32_t rule; /* index in the ruleset */
    heng_state state;
    const heng_ground *grounds; /* ordered by decided_on, then id */
    size_t ground_count;
    uint32_t by_rule; /* DISPLACED: the displacing rule; else UINT32_MAX */
    uint32_t unless;  /* EXCEPTED: which `unless`; else UINT32_MAX */
    heng_lapse lapse; /* LAPSED */
    heng_date since;  /* LAPSED: the first day without; PENDING: the first day with */
} heng_finding;

/** A measure that applies or is suspended. */
typedef struct heng_applied {
    uint32_t measure;
    heng_state state; /* APPLIES or SUSPENDED */
    int force;        /* heng_force */
    heng_term term;
    const heng_finding *const *because; /* ordered by rule id */
    size_t because_count;
    heng_date repair_from; /* HENG_DATE_NONE: no repair */
    const struct heng_repair
        *repair; /* whose route holds for the latest ground; NULL: none */
} heng_applied;

/** A measure that nearly applied, in one of the other states. */
typedef struct heng_not_applied {
    uint32_t measure;
    heng_state state;
    uint32_t by_rule;    /* DISPLACED by a rule, or UINT32_MAX */
    uint32_t by_measure; /* DISPLACED by a measure (conflict), or UINT32_MAX */
    const heng_finding *const *because;
    size_t because_count;
} heng_not_applied;

/** A rule of which it could not be told whether it fires. */
typedef struct heng_doubt {
    uint32_t rule;
    heng_str error; /* of the first failure: "no such attribute `amount` …" */
    const heng_str
        *needs; /* what is missing, as paths: "r.amount"; sorted, each once */
    size_t need_count;
    heng_str record; /* id of the record it failed on; empty where none */
    bool live;       /* fires all the same, on other grounds */
} heng_doubt;

typedef struct heng_matter_verdict {
    uint32_t matter;
    heng_verdict verdict;
} heng_matter_verdict;

typedef struct heng_decision {
    heng_date as_of;
    bool out_of_scope;
    heng_date valid_through; /* HENG_DATE_NONE: for ever */
    uint32_t matter;         /* UINT32_MAX: all */
    heng_verdict verdict;    /* of `matter` */
    const heng_matter_verdict
        *verdicts; /* without a matter: those not clear, sorted by id */
    size_t verdict_count;
    const heng_applied *measures; /* sorted by measure id */
    size_t measure_count;
    const heng_not_applied *not_applied; /* sorted by measure id, then state */
    size_t not_applied_count;
    const heng_doubt *undetermined; /* sorted by rule id */
    size_t undetermined_count;
    /* beyond the JSON of the decision, for people: */
    const heng_finding *const
        *findings; /* every rule that fires or nearly did, by rule id */
    size_t finding_count;
    const heng_str *unknown_ties; /* ids of tied subjects of whom nothing is known */
    size_t unknown_tie_count;
    size_t invisible_records; /* of categories that the ruleset does not know */
} heng_decision;

enum {
    HENG_DECIDE_FULL = 1, /* not_applied, findings, repair: the whole justification; it
                             is what heng_explain() and heng_decide_reason() need */
    HENG_DECIDE_EXACT_DAYS =
        2, /* valid_through exact (else: never later than the truth) */
    HENG_DECIDE_NO_VERDICTS = 4, /* no `verdicts`: for lines of a batch */
};

/**
 * Decides. Of a subject of which too much is recorded (`too_much` of the snapshot: a
 * broken feed) a batch is told that every rule that could concern it is undetermined.
 *
 * @param matter        index, or UINT32_MAX for all matters.
 * @param ret_decision  memory of the worker: valid until its next decision, and as long
 * as plan and snapshot.
 * @return HENG_OK; HENG_ERR_LIMIT (memory of one decision); HENG_ERR_NOMEM.
 */
HENG_API heng_status heng_decide(const heng_plan *plan, heng_worker *worker,
                                 const struct heng_snapshot *snapshot, uint32_t matter,
                                 unsigned flags, const heng_decision **ret_decision,
                                 heng_error *reterr) HENG_NODISCARD;

/* ---- explaining ---- */

/** One evaluated node of a condition, in order of evaluation. */
typedef struct heng_step {
    heng_str text;  /* the part of the condition, as written */
    heng_str value; /* printed; an error's message where it failed */
    bool failed;
    uint32_t depth; /* of nesting in the condition */
} heng_step;

typedef enum heng_clause {
    HENG_CLAUSE_GROUND,
    HENG_CLAUSE_WHEN,
    HENG_CLAUSE_UNLESS,
    HENG_CLAUSE_TERM
} heng_clause;

/** One condition of a rule, evaluated: `ground` once for each record looked at. */
typedef struct heng_trace {
    heng_clause clause;
    uint32_t index;   /* which `unless` */
    heng_str text;    /* the condition as written */
    heng_str record;  /* id of the record r; empty where there is none */
    heng_str subject; /* whose record; empty where the subject's own */
    heng_str value;   /* "true", "false", or the error */
    bool failed;
    const heng_step *steps;
    size_t step_count;
} heng_trace;

typedef struct heng_explanation {
    uint32_t rule;
    bool applies_to_kind, applies_to_region, in_effect;
    size_t looked_at; /* records */
    const heng_trace *traces;
    size_t trace_count;
} heng_explanation;

/**
 * Explains one rule for the subject: every condition with its value and what made it
 * so. Call after heng_decide() with the same worker, plan and snapshot; memory of the
 * worker.
 */
HENG_API heng_status heng_explain(const heng_plan *plan, heng_worker *worker,
                                  const struct heng_snapshot *snapshot, uint32_t rule,
                                  const heng_explanation **ret_explanation,
                                  heng_error *reterr) HENG_NODISCARD;

/** Renders the `reason` of a finding for one of its grounds; empty where the rule has
 * none. Memory of the worker. Parts that fail are written as the expression in braces.
 */
HENG_API heng_str heng_decide_reason(const heng_plan *plan, heng_worker *worker,
                                     const struct heng_snapshot *snapshot,
                                     const heng_finding *finding,
                                     const heng_ground *ground, int lang);

HENG_API const char *heng_verdict_word(heng_verdict verdict);
HENG_API const char *heng_state_word(heng_state state);
HENG_API const char *heng_open_word(heng_open open);
HENG_API const char *heng_lapse_word(heng_lapse lapse);

#endif
