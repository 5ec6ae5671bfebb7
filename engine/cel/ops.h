/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ops.h: the instructions of the virtual machine, once: name, what they take from the
 * stack, what they leave there. Define HENG_CEL_OPS_X(name, pops, pushes) and use
 * HENG_CEL_OPS: the enum, the dispatch table and the compiler's count of the stack's
 * depth are made so.
 *
 * An instruction is one heng_cel_instruction, 16 bytes, laid out like a value so that a
 * constant is pushed as it lies there. `len` is a jump's target, a slot or a count;
 * `as` holds a pointer or two more numbers. Those marked +1 are followed by a word that
 * holds a constant.
 *
 * Errors are not tested for by every instruction: one that fails *raises*, and the
 * machine goes on where the innermost `&&`, `||`, `all`, `exists` or `bind` around it
 * says (see code.h), or ends with the error.
 *
 * ORDER cel-ops: nothing but the names depends on the order.
 */
#ifndef HENG_CEL_OPS_H
#define HENG_CEL_OPS_H

/* -1: depends on the instruction; the compiler says. */
#define HENG_CEL_OPS(X)                                                                \
    /* Values */                                                                       \
    X(CONST, 0, 1)     /* the value that the instruction itself is */                  \
    X(VAR, 0, 1)       /* variable `len` */                                            \
    X(LOCAL, 0, 1)     /* local `len` */                                               \
    X(SET_LOCAL, 1, 0) /* stores into local `len` */                                   \
    X(ERROR, 0, 1)     /* raises the error in `as` */                                  \
    /* Fields */                                                                       \
    X(FIELD, 1, 1)       /* field slot `len` of an object */                           \
    X(HAS_FIELD, 1, 1)   /* has() of the same */                                       \
    X(VAR_FIELD, 0, 1)   /* field pair.b of variable pair.a */                         \
    X(LOCAL_FIELD, 0, 1) /* field pair.b of local pair.a */                            \
    X(SELECT, 1, 1)      /* entry of a map, or field by name; optionals chain */       \
    X(HAS, 1, 1)         /* has() of the same */                                       \
    X(SELECT_OPT, 1, 1)  /* `.?name` */                                                \
    X(INDEX, 2, 1)       /* list or map by index; optionals chain */                   \
    X(INDEX_OPT, 2, 1)   /* `[?i]` */                                                  \
    /* Logic: `&&` and `||` over operands; P is the local that keeps an error */       \
    X(AND_NEXT, 1, 0) /* false: leave it and go to `len`; else on */                   \
    X(AND_LAST, 1, 1) /* the last operand: also skips AND_DONE */                      \
    X(AND_DONE, 0, 1) /* raises what P keeps, else leaves true */                      \
    X(OR_NEXT, 1, 0)                                                                   \
    X(OR_LAST, 1, 1)                                                                   \
    X(OR_DONE, 0, 1)                                                                   \
    X(BRANCH, 1, 0) /* `?:`: false goes to `len` */                                    \
    X(JUMP, 0, 0)   /* to `len` */                                                     \
    X(NOT, 1, 1)                                                                       \
    /* Comparisons of one machine word: int, uint, bool, date, decimal */              \
    X(EQ_WORD, 2, 1)                                                                   \
    X(NE_WORD, 2, 1)                                                                   \
    X(LT_WORD, 2, 1)                                                                   \
    X(LE_WORD, 2, 1)                                                                   \
    X(GT_WORD, 2, 1)                                                                   \
    X(GE_WORD, 2, 1)                                                                   \
    /* The same with a constant on the right (+1) */                                   \
    X(EQ_WORD_CONST, 1, 1)                                                             \
    X(NE_WORD_CONST, 1, 1)                                                             \
    X(LT_WORD_CONST, 1, 1)                                                             \
    X(LE_WORD_CONST, 1, 1)                                                             \
    X(GT_WORD_CONST, 1, 1)                                                             \
    X(GE_WORD_CONST, 1, 1)                                                             \
    X(EQ_STRING, 2, 1)                                                                 \
    X(NE_STRING, 2, 1)                                                                 \
    X(EQ_STRING_CONST, 1, 1) /* +1 */                                                  \
    X(NE_STRING_CONST, 1, 1) /* +1 */                                                  \
    X(IN_STRINGS, 1, 1)      /* string in a constant list of strings, `as` */          \
    X(STARTS_CONST, 1, 1)    /* startsWith() of a constant (+1) */                     \
    X(EQ, 2, 1)              /* any values */                                          \
    X(NE, 2, 1)                                                                        \
    X(CLOCK, 1, 1) /* the as-of day, shifted, against a date: see clock_site */        \
    /* Arithmetic of int; the rest are calls */                                        \
    X(ADD_INT, 2, 1)                                                                   \
    X(SUB_INT, 2, 1)                                                                   \
    X(MUL_INT, 2, 1)                                                                   \
    X(SUB_DATE, 2, 1)                                                                  \
    X(SIZE_LIST, 1, 1)                                                                 \
    /* Calls */                                                                        \
    X(CALL, -1, 1)     /* the row of the call_site in `as` */                          \
    X(CALL_DYN, -1, 1) /* the first of its rows that the kinds fit */                  \
    X(OPT_OR, 1, 0)    /* optional with a value: leave it, go to `len`; none: on */    \
    X(OPT_OR_VALUE, 1, 0)                                                              \
    X(OPT_CHECK, 1, 1) /* raises unless it is an optional */                           \
    /* Literals */                                                                     \
    X(LIST, -1, 1)     /* of `len` values */                                           \
    X(LIST_OPT, -1, 1) /* some of them `?x`: flags in `as` */                          \
    X(MAP, -1, 1)      /* of `len` pairs */                                            \
    X(MAP_OPT, -1, 1)                                                                  \
    /* Comprehensions: the loop's state is in the locals from loop_site.state */       \
    X(LOOP, 1, 0)        /* takes the range */                                         \
    X(NEXT, 0, 0)        /* sets the variables, or goes to `len` at the end */         \
    X(ALL_STEP, 1, 0)    /* false: leave it and go to pair.b; true: `len` */           \
    X(EXISTS_STEP, 1, 0) /* likewise for true */                                       \
    X(ONE_STEP, 1, 0)    /* counts true; goes to `len` */                              \
    X(ONE_DONE, 0, 1)                                                                  \
    X(COUNT_DONE, 0, 1)  /* size() of a filter */                                      \
    X(SKIP_FALSE, 1, 0)  /* a filter's condition: false goes to `len` */               \
    X(KEEP, 0, 0)        /* a filter: adds the item; goes to `len` */                  \
    X(ADD, 1, 0)         /* adds the value to the list; goes to `len` */               \
    X(ADD_VALUE, 1, 0)   /* … to the map under the key of the item */                \
    X(ADD_ENTRIES, 1, 0) /* … the entries of a map; a key twice raises */            \
    X(GATHERED, 0, 1)    /* leaves the list or map */                                  \
    /* The end */                                                                      \
    X(TRACE, 1, 1) /* reports the value of node `len` */                               \
    X(RETURN, 1, 0)

#define HENG_CEL_OPS_ENUM(name, pops, pushes) HENG_CEL_OP_##name,
typedef enum heng_cel_op {
    HENG_CEL_OPS(HENG_CEL_OPS_ENUM) HENG_CEL_OP_COUNT
} heng_cel_op;
#undef HENG_CEL_OPS_ENUM

#endif
