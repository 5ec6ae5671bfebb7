/* SPDX-License-Identifier: Apache-2.0 */
/* world.c: the words of world.h. */
#include "world.h"

#include <stddef.h>

/* ORDER record fields */
const field record_fields[R_END] = {
    {"id", TYPE_STRING, {NULL}},
    {"subject", TYPE_STRING, {NULL}},
    {"category", TYPE_STRING, {NULL}},
    {"nature", TYPE_STRING, {NULL}},
    {"severity", TYPE_STRING, {NULL}},
    {"authority", TYPE_STRING, {NULL}},
    {"document_no", TYPE_STRING, {NULL}},
    {"decided_on", TYPE_DATE, {NULL}},
    {"effective_on", TYPE_DATE, {NULL}},
    {"expires_on", TYPE_DATE, {NULL}},
    {"status", TYPE_STRING, {NULL}},
    {"in_force", TYPE_BOOL, {NULL}},
    {"amount", TYPE_DECIMAL, {NULL}},
    {"times", TYPE_INT, {NULL}},
    {"flagged", TYPE_BOOL, {NULL}},
    {"form", TYPE_STRING, {"grave", "light", "other"}},
    {"note", TYPE_STRING, {NULL}},
    {"seen_on", TYPE_DATE, {NULL}},
    {"marks", TYPE_STRINGS, {NULL}},
};

/* ORDER subject fields */
const field subject_fields[S_END] = {
    {"id", TYPE_STRING, {NULL}},
    {"kind", TYPE_STRING, {NULL}},
    {"name", TYPE_STRING, {NULL}},
    {"region", TYPE_STRING, {NULL}},
    {"industry", TYPE_STRING, {NULL}},
    {"established_on", TYPE_DATE, {NULL}},
    {"status", TYPE_STRING, {NULL}},
    {"scale", TYPE_STRING, {"large", "small", "micro"}},
    {"staff", TYPE_INT, {NULL}},
    {"listed", TYPE_BOOL, {NULL}},
    {"audited_on", TYPE_DATE, {NULL}},
    {"capital", TYPE_DECIMAL, {NULL}},
    {"lines", TYPE_STRINGS, {NULL}},
};

/* ORDER role words */
const role_word role_words[ROLE_WORDS] = {
    {"legal_representative", 1, false}, {"legally_represents", 0, true},
    {"controller", 3, false},           {"controlled_by", 2, true},
    {"responsible", 5, false},          {"answers_for", 4, true},
    {"shareholder", -1, false},
};

const char *const subject_kind_words[] = {"legal_person", "unincorporated",
                                          "individual_business", "natural_person"};
const char *const record_status_words[] = {"active", "repaired", "revoked", "disputed"};
const char *const nature_words[] = {"neutral", "adverse", "favourable"};
const char *const severity_words[] = {"", "minor", "general", "serious"};
const char *const measure_kind_words[] = {"restriction", "incentive", "notice"};
