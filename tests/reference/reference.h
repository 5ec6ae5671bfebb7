/* SPDX-License-Identifier: Apache-2.0 */
/*
 * reference.h: what follows for one subject on one day, worked out in the dumbest way
 * that the contract allows, and how answers are compared.
 *
 * It is written from the contract alone and shares no code with the engine. Nothing is
 * precomputed, cached or ordered: each step asks each rule about each record again.
 */
#ifndef HENG_TESTS_REFERENCE_H
#define HENG_TESTS_REFERENCE_H

#include "world.h"

/* ORDER verdict, as in heng/decide.h */
enum {
    VERDICT_CLEAR,
    VERDICT_FAVOURED,
    VERDICT_CAUTION,
    VERDICT_BLOCKED,
    VERDICT_UNDETERMINED,
    VERDICT_OUT_OF_SCOPE
};

/* ORDER state, as in heng/decide.h */
enum {
    STATE_APPLIES,
    STATE_SUSPENDED,
    STATE_DISPLACED,
    STATE_LAPSED,
    STATE_EXCEPTED,
    STATE_PENDING,
    STATE_UNVERIFIED,
    STATES
};

/* ORDER open, as in heng/decide.h */
enum { OPEN_NONE, OPEN_LIFE, OPEN_WHILE_IN_FORCE, OPEN_WHILE_IN_EFFECT };

typedef struct answer_measure {
    bool present; /* applies or is suspended */
    int state;
    bool discretionary;
    day from, until; /* DAY_NONE: no end */
    int open;
    unsigned rules;
    uint64_t grounds; /* bits of the world's records: of all its rules */
    uint64_t rule_grounds[MAX_RULES];
    day repair_from;   /* DAY_NONE: none */
    bool repair_mixed; /* some grounds can be repaired and some cannot */
} answer_measure;

typedef struct answer {
    day as_of;
    bool out_of_scope;
    int verdicts[MAX_MATTERS];
    answer_measure measures[MAX_MEASURES];
    unsigned undetermined;            /* bits of rules */
    unsigned not_applied[STATES];     /* bits of measures, by state */
    unsigned may_not_applied[STATES]; /* the contract leaves open whether these are */
    /* For each displaced measure, the rules and measures that may be named for it. */
    unsigned by_rules[MAX_MEASURES];
    unsigned by_measures[MAX_MEASURES];
    /* For each rule that is pending, lapsed with its term, or neither (STATE_APPLIES):
     * the first day with or without. */
    int rule_states[MAX_RULES];
    day since[MAX_RULES];
    unsigned doubts_not_live; /* those that the verdicts had to choose for */
    day valid_through;        /* of the engine only */
} answer;

/** Steps 0 to 8 for one subject, all matters. */
void reference_answer(const rules *of, const world *in, int who, day as_of,
                      answer *ret_answer);

/** Whether step 9 takes the two for the same. Grounds are compared rule by rule, as the
 * decision shows them. */
bool reference_same(const rules *of, const answer *a, const answer *b);

/** The last day, up to `horizon`, until which the answer stays the same: each day is
 * evaluated, one after the other. */
day reference_stays_until(const rules *of, const world *in, int who,
                          const answer *today, day horizon);

/** Whether no rule holds a condition for which valid-through may be too early. */
bool reference_is_exact(const rules *of);

/** Whether `other` stands in that role to the subject on the day. */
bool reference_is_tied(const world *in, int who, int other, int role, day as_of);

/** The order of records: by decided_on, then id. */
bool reference_before(const world *in, int a, int b);

/* ---- answer.c ---- */

void answer_print(const rules *of, const world *in, const answer *from, text *into);

/** Says what the engine got wrong, apart from valid-through; adds nothing where it is
 * right. */
void answer_compare(const rules *of, const answer *wanted, const answer *got,
                    text *why);

/* ---- evaluate.c: conditions ---- */

/** A record as the day sees it. */
typedef struct seen {
    int record;
    const char *status;
    bool in_force;
} seen;

typedef struct scene {
    const rules *rules;
    const world *world;
    int subject;
    day as_of;
    seen records[MAX_RECORDS];
    int record_count;
    seen grounds[MAX_RECORDS];
    int ground_count;
    const seen *vars[VARS];
} scene;

value evaluate(const scene *in, int node);

day record_effective_on(const record *of);

#endif
