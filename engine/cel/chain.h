/* SPDX-License-Identifier: Apache-2.0 */
/*
 * chain.h: a condition as a chain of tests: the short way to most answers.
 *
 * Most conditions ask a few fields of a few objects, and join the answers by `&&`, `||`
 * and `!`. Beside its code such a condition has a chain. Each link reads a value, tests
 * it, and names the link to go on with where the test holds and where it does not:
 *
 *     r.category == 'a' && (r.amount > 5 || !r.in_force)
 *
 *     0: r.category EQ_STRING 'a'    yes: 1     no: FALSE
 *     1: r.amount   GREATER 5        yes: TRUE  no: 2
 *     2: r.in_force TRUE             yes: FALSE no: TRUE
 *
 * There is no stack, and `!` is an exchange of two links. The body of all(), of
 * exists() and of a filter that is counted is a part of the chain that says AGAIN or
 * COUNT where it is done with an item; loops in loops have no chain.
 *
 * INVARIANT: a chain gives the answer that the code gives, and counts the same steps
 * and the same next change of the day. Or it gives up, at the first value that is an
 * error or not of the kind that was declared, and the code is run from its start: a
 * chain knows nothing of errors, and what meets one is asked twice.
 */
#ifndef HENG_CEL_CHAIN_H
#define HENG_CEL_CHAIN_H

#include <string.h>

#include "cel/code.h"

/* Where a link has its value from. */
typedef enum heng_chain_from {
    HENG_CHAIN_VARIABLE, /* `slot` */
    HENG_CHAIN_FIELD,    /* `field` of it */
    HENG_CHAIN_ITEM,     /* of the loop */
    HENG_CHAIN_ITEM_FIELD,
    HENG_CHAIN_FROM_COUNT,
} heng_chain_from;

/* What a link does with it. Words are int, uint, date and decimal, of one kind. */
typedef enum heng_chain_test {
    HENG_CHAIN_IS_TRUE,
    HENG_CHAIN_EQ_STRING, /* `len` bytes */
    HENG_CHAIN_STARTS,    /* startsWith() of them */
    HENG_CHAIN_IN,        /* one of `len` strings, which are in order */
    HENG_CHAIN_HAS,       /* has(): an object, of which `len` is the field */
    HENG_CHAIN_EQ,        /* a word, against a constant */
    HENG_CHAIN_LESS,
    HENG_CHAIN_GREATER,
    HENG_CHAIN_SIZE_EQ, /* the same for the number of items of a list */
    HENG_CHAIN_SIZE_LESS,
    HENG_CHAIN_SIZE_GREATER,
    HENG_CHAIN_LEFT,    /* keeps a word for the next link, which is `yes` */
    HENG_CHAIN_LEFT_EQ, /* the word that was kept, against this one */
    HENG_CHAIN_LEFT_LESS,
    HENG_CHAIN_LEFT_GREATER,
    HENG_CHAIN_DAYS_EQ, /* days from this date to variable `len`, against a constant */
    HENG_CHAIN_DAYS_LESS,
    HENG_CHAIN_DAYS_GREATER,
    HENG_CHAIN_CLOCK_EQ, /* the as-of day, shifted, against this date */
    HENG_CHAIN_CLOCK_LESS,
    HENG_CHAIN_CLOCK_GREATER,
    HENG_CHAIN_CALL,       /* a function of it and of constants, which gives a bool */
    HENG_CHAIN_THROUGH,    /* goes through a list; yes: each item, no: the end */
    HENG_CHAIN_COUNTED_EQ, /* what a loop counted, against a constant; reads nothing */
    HENG_CHAIN_COUNTED_LESS,
    HENG_CHAIN_COUNTED_GREATER,
} heng_chain_test;

/* Both in one number, so that there is one jump a link: a fifth of the time of a chain
 * of two, by bench_cel. */
#define HENG_CHAIN_OP(test, from) ((test)*HENG_CHAIN_FROM_COUNT + (from))

/** Half of a line of the cache, so that a link is never in two. */
typedef struct heng_chain_link {
    uint8_t op;   /* HENG_CHAIN_OP() */
    uint8_t kind; /* that the value must be of */
    uint16_t cost;
    uint32_t len;
    uint32_t yes, no; /* bytes from this link to another, or what follows */
    uint32_t slot, field;
    union {
        int64_t integer;
        const char *bytes;
        const heng_cel_value *strings;
        const struct heng_chain_clock *clock;
        const struct heng_chain_call *call;
    } as;
} heng_chain_link;

/* Where to go on, if not at another link: those lie after this one, so that the next is
 * sizeof(heng_chain_link) away at least. ORDER chain-says: the answers first. */
enum {
    HENG_CHAIN_FALSE,
    HENG_CHAIN_TRUE,
    HENG_CHAIN_AGAIN, /* the next item */
    HENG_CHAIN_COUNT, /* counts the item, and the same */
    HENG_CHAIN_SAYS_COUNT
};

/** Of the strings of HENG_CHAIN_IN: shorter ones first, then by their bytes. */
static inline int heng_chain_order(const heng_cel_value *a, const heng_cel_value *b) {
    if (a->len != b->len)
        return a->len < b->len ? -1 : 1;
    return a->len == 0 ? 0 : memcmp(a->as.bytes, b->as.bytes, a->len);
}

/** `as_of ± p op r.decided_on ± q`, or a constant day on the right. */
typedef struct heng_chain_clock {
    heng_cel_clock_site site;
    heng_date day;        /* HENG_DATE_NONE: it is not constant */
    bool adds, subtracts; /* q */
    heng_period period;
} heng_chain_clock;

/** A call of a row that takes its constants as they are. */
typedef struct heng_chain_call {
    const heng_cel_overload *row;
    uint32_t count;
    uint32_t at; /* the argument that is read */
    heng_cel_value args[HENG_CEL_PARAMS_MAX];
} heng_chain_call;

/**
 * The chain of a checked tree, in `arena`, its first link first; NULL in *ret_chain
 * where the tree has none. HENG_ERR_NOMEM.
 */
heng_status heng_chain_build(const heng_cel_ast *ast, heng_arena *arena,
                             const heng_chain_link **ret_chain) HENG_NODISCARD;

/** As heng_cel_vm_run(), which is called where the chain gives up. `program` has a
 * chain. */
heng_cel_value heng_chain_run(const heng_cel_program *program, heng_cel_frame *frame,
                              const heng_cel_value *variables);

#endif
