/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ruleset_codes.h: the codes of what can be wrong with a ruleset's files: HENG-E0100 to
 * E0199 with what one file says, E0300 to E0399 with how the parts fit together. (E0200
 * to E0299 are those of conditions, see cel/cel_codes.h.) Codes are stable: once
 * released, one is never given another meaning.
 */
#ifndef HENG_RULESET_CODES_H
#define HENG_RULESET_CODES_H

/* X(constant, code, what it means) */
#define HENG_RULESET_CODE_MAP(X)                                                       \
    X(HENG_RULESET_E_YAML, 100, "a file that is not well-formed YAML")                 \
    X(HENG_RULESET_E_UTF8, 101, "a byte that is not UTF-8")                            \
    X(HENG_RULESET_E_CHARACTER, 102, "a control character")                            \
    X(HENG_RULESET_E_TAG, 103, "a YAML tag")                                           \
    X(HENG_RULESET_E_TWICE, 104, "a key that stands twice in one mapping")             \
    X(HENG_RULESET_E_DOCUMENTS, 105, "more than one YAML document in a file")          \
    X(HENG_RULESET_E_DEPTH, 106, "values nested too deeply")                           \
    X(HENG_RULESET_E_NODES, 107, "too many values")                                    \
    X(HENG_RULESET_E_ALIAS, 108, "an alias of nothing, or of what it stands in")       \
    X(HENG_RULESET_E_BOMB, 109, "aliases that expand to too much")                     \
    X(HENG_RULESET_E_KEY, 110, "a key that is no text")                                \
    X(HENG_RULESET_E_TYPE, 120, "a value of another type than is expected")            \
    X(HENG_RULESET_E_UNKNOWN_KEY, 121, "a key that is not known there")                \
    X(HENG_RULESET_E_MISSING, 122, "a key that must be there and is not")              \
    X(HENG_RULESET_E_ID, 123, "an id, a name or a tag that is malformed")              \
    X(HENG_RULESET_E_DATE, 124, "a date that is malformed or does not exist")          \
    X(HENG_RULESET_E_PERIOD, 125, "a period that is malformed")                        \
    X(HENG_RULESET_E_WORD, 126, "a word that is none of those expected")               \
    X(HENG_RULESET_E_EMPTY, 127, "a text or a list that must not be empty")            \
    X(HENG_RULESET_E_LONG, 128, "a text or a list that is too long")                   \
    X(HENG_RULESET_E_REGION, 129, "a region that is no code of GB/T 2260")             \
    X(HENG_RULESET_E_ZONE, 130, "a time zone that is no IANA name")                    \
    X(HENG_RULESET_E_REPEATED, 131, "an item that stands twice in a list")             \
    X(HENG_RULESET_E_TOGETHER, 132, "keys or values that do not go together")          \
    X(HENG_RULESET_E_ORDER, 133, "an end that lies before its beginning")              \
    X(HENG_RULESET_E_OVERLAP, 134, "repair windows that overlap")                      \
    X(HENG_RULESET_E_NO_HEAD, 135, "no file has a `ruleset`")                          \
    X(HENG_RULESET_E_TWO_HEADS, 136, "more than one file has a `ruleset`")             \
    X(HENG_RULESET_E_BRACE, 137, "a brace of a reason that has no other one")          \
    X(HENG_RULESET_E_UNKNOWN, 300, "a reference to what is defined nowhere")           \
    X(HENG_RULESET_E_DUPLICATE, 301, "an id that is defined twice")                    \
    X(HENG_RULESET_E_EXCEPTION_CYCLE, 302,                                             \
      "rules that displace each other in a circle")                                    \
    X(HENG_RULESET_E_CONFLICT_CYCLE, 303, "measures kept over each other in a circle") \
    X(HENG_RULESET_E_ATTRIBUTE, 304, "an attribute of two types")                      \
    X(HENG_RULESET_E_INVERSE, 305, "inverses of roles that contradict each other")     \
    X(HENG_RULESET_E_NO_GROUND, 306, "what needs a `ground`, in a rule without one")   \
    X(HENG_RULESET_E_CATEGORY, 307,                                                    \
      "a category in a condition that is defined nowhere")                             \
    X(HENG_RULESET_E_RESERVED, 308, "an attribute named as something built in")        \
    X(HENG_RULESET_E_TAG_UNKNOWN, 309, "a tag that nothing carries")                   \
    X(HENG_RULESET_E_SELF, 310, "a rule or measure set against itself")                \
    X(HENG_RULESET_E_KEEP, 311, "a conflict that keeps neither of its two")            \
    X(HENG_RULESET_E_EXPANSION, 312, "tags that expand to too many pairs")

typedef enum heng_ruleset_code {
#define X(constant, code, text) constant = code,
    HENG_RULESET_CODE_MAP(X)
#undef X
} heng_ruleset_code;

#endif
