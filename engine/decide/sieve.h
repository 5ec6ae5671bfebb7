/* SPDX-License-Identifier: Apache-2.0 */
/*
 * sieve.h: what can be said of a condition by looking at the stored bytes alone.
 *
 * Nearly all conditions of policies are comparisons of a field with a constant, joined
 * by `&&`. A sieve is such a condition with its constants bound to a store's numbering:
 * a few comparisons with what lies in the flat record or subject, without the machine
 * that runs programs. What it cannot tell (a part that is no such comparison, an
 * attribute that is not there) is UNKNOWN, and only then the program is asked:
 *
 *   r.category == "food.penalty" && r.amount > 100000 && r.authority == subject.name
 *
 *   amount 5000      FALSE: whatever the rest says
 *   amount 500000    UNKNOWN: the last part is for the program
 *
 * INVARIANT: TRUE and FALSE are what the program would give, on every path: `&&` and
 * `||` absorb what is unknown exactly as CEL absorbs failures.
 */
#ifndef HENG_DECIDE_SIEVE_H
#define HENG_DECIDE_SIEVE_H

#include <stdbool.h>
#include <stdint.h>

#include "cel/ast.h"
#include "decide/plan.h"
#include "model/gist.h"

typedef enum heng_tri { HENG_TRI_FALSE, HENG_TRI_TRUE, HENG_TRI_UNKNOWN } heng_tri;

/** What a sieve looks at. */
typedef struct heng_sieve_input heng_sieve_input;
struct heng_sieve_input {
    const uint8_t *record;      /* flat; NULL: anything that asks for it is UNKNOWN */
    const uint8_t *subject;     /* flat; NULL likewise … */
    const heng_gist_head *head; /* … but for what is here; NULL */
    uint32_t category;          /* of the record, in the catalog */
    heng_tri in_force;          /* UNKNOWN: may be so on some day to come */
    /* of `when` and `unless`: the grounds, and the records in the subject's view, each
     * as the record of an input of its own */
    const heng_sieve_input *grounds; /* NULL: what asks for them is UNKNOWN */
    size_t ground_count;
    const heng_sieve_input *records; /* NULL likewise */
    size_t record_count;
};

typedef enum heng_sieve_kind {
    HENG_SIEVE_AND, /* its parts follow, up to `span` */
    HENG_SIEVE_OR,
    HENG_SIEVE_NOT,
    HENG_SIEVE_WORDS,    /* an OR of WORDs of one attribute, which is looked for once */
    HENG_SIEVE_ALL,      /* grounds.all(g, …): of g as of a record; or of `records` */
    HENG_SIEVE_EXISTS,   /* grounds.exists(g, …), or of `records` */
    HENG_SIEVE_CONSTANT, /* what it is */
    HENG_SIEVE_CATEGORY, /* in the catalog */
    HENG_SIEVE_COUNT,    /* size(grounds) or size(records): name says of which */
    HENG_SIEVE_IN_FORCE,
    HENG_SIEVE_DAY,    /* of the record's head: name is the offset */
    HENG_SIEVE_KIND,   /* of the subject */
    HENG_SIEVE_TEXT,   /* of the head: name is the offset; `empty_unknown` */
    HENG_SIEVE_NUMBER, /* attribute of `type`: bool, int, decimal, date */
    HENG_SIEVE_WORD,   /* attribute, a string */
    HENG_SIEVE_AMONG,  /* attribute, a list of strings that holds `text` */
    HENG_SIEVE_HAS,    /* attribute: is it there */
} heng_sieve_kind;

typedef enum heng_compare {
    HENG_COMPARE_EQ,
    HENG_COMPARE_NE,
    HENG_COMPARE_LT,
    HENG_COMPARE_LE,
    HENG_COMPARE_GT,
    HENG_COMPARE_GE
} heng_compare;

/**
 * One part, 32 bytes: of thousands of rules many must fit the cache. A sieve is an
 * array of them, a part before its own parts.
 *
 * Numbers of all kinds are compared in one way, without a jump for each comparison:
 * whether they lie from `low` to `high`, or for `!=` whether they do not.
 */
struct heng_sieve {
    uint8_t kind;    /* heng_sieve_kind */
    uint8_t compare; /* heng_compare, as written */
    uint8_t type;    /* heng_attribute_type of NUMBER */
    bool on_subject; /* attributes and texts: of the subject, else of the record */
    uint16_t span;   /* parts of this one, itself included */
    uint16_t place;  /* where among its attributes the record has it, as a rule */
    uint32_t name;   /* number of the attribute in the store; offset in the head; of
                        what asks for a list: HENG_SLOT_GROUNDS or _RECORDS */
    uint32_t len;    /* of `text` */
    union {
        struct {
            int64_t low, high;
        } number;
        const char *text;
        heng_tri constant;
    } as;
};

_Static_assert(sizeof(heng_sieve) == 32, "two parts a line of the cache");

/** The number of a comparison as written. */
int64_t heng_sieve_number(const heng_sieve *part);

/**
 * Makes the sieve of a checked condition. In the plan's arena.
 *
 * @param ret_sieve  NULL where nothing of the condition can be told by its bytes.
 * @return false out of memory.
 */
bool heng_sieve_new(heng_plan *plan, const heng_cel_ast *ast,
                    const heng_sieve **ret_sieve);

heng_tri heng_sieve_ask(const heng_sieve *sieve, const heng_sieve_input *input);

/**
 * What is left of the sieve of a ground for records of one category.
 *
 * @return a copy in the plan's arena, which may be a constant; NULL out of memory.
 */
const heng_sieve *heng_sieve_within(heng_plan *plan, const heng_sieve *sieve,
                                    uint32_t category);

/** Whether it says so of everything. */
static inline bool heng_sieve_is_always(const heng_sieve *sieve, heng_tri value) {
    return sieve->kind == HENG_SIEVE_CONSTANT && sieve->as.constant == value;
}

/**
 * The first part that every match must meet and that an index can be made of: an
 * attribute of the record compared with a constant. NULL: there is none.
 */
const heng_sieve *heng_sieve_key(const heng_sieve *sieve);

/** Whether the condition asks for anything that changes with the day. */
bool heng_sieve_is_dated(const heng_sieve *sieve);

/** Whether no part of the condition was left to the program: then it does not ask for
 * the day either. */
bool heng_sieve_is_whole(const heng_sieve *sieve);

/** Whether it asks for attributes of a record or subject. */
bool heng_sieve_reads_attributes(const heng_sieve *sieve);

/** Whether it asks for the grounds, or for the subject's records. */
bool heng_sieve_reads_lists(const heng_sieve *sieve);

/** Whether it asks for the subject's records. */
bool heng_sieve_reads_records(const heng_sieve *sieve);

#endif
