/* SPDX-License-Identifier: Apache-2.0 */
/*
 * kind.h: the closed vocabularies of subjects, records and measures: each value with
 * the word of the formats and its texts for people. Values are stored: never renumber.
 */
#ifndef HENG_MODEL_KIND_H
#define HENG_MODEL_KIND_H

#include <stdbool.h>
#include <stdint.h>

#include "heng/str.h"

/* X(constant, value, word, zh, en) */
#define HENG_SUBJECT_KIND_MAP(X)                                                       \
    X(HENG_LEGAL_PERSON, 1, "legal_person", "法人", "legal person")                    \
    X(HENG_UNINCORPORATED, 2, "unincorporated", "非法人组织",                          \
      "unincorporated organisation")                                                   \
    X(HENG_INDIVIDUAL_BUSINESS, 3, "individual_business", "个体工商户",                \
      "individual business")                                                           \
    X(HENG_NATURAL_PERSON, 4, "natural_person", "自然人", "natural person")

#define HENG_CAPACITY_MAP(X)                                                           \
    X(HENG_CAPACITY_FULL, 0, "full", "完全民事行为能力", "full capacity")              \
    X(HENG_CAPACITY_LIMITED, 1, "limited", "限制民事行为能力", "limited capacity")     \
    X(HENG_CAPACITY_NONE, 2, "none", "无民事行为能力", "no capacity")

#define HENG_RECORD_STATUS_MAP(X)                                                      \
    X(HENG_RECORD_ACTIVE, 0, "active", "有效", "active")                               \
    X(HENG_RECORD_REPAIRED, 1, "repaired", "已修复", "repaired")                       \
    X(HENG_RECORD_REVOKED, 2, "revoked", "已撤销", "revoked")                          \
    X(HENG_RECORD_DISPUTED, 3, "disputed", "异议审查中", "under objection")

#define HENG_NATURE_MAP(X)                                                             \
    X(HENG_NATURE_NEUTRAL, 0, "neutral", "中性", "neutral")                            \
    X(HENG_NATURE_ADVERSE, 1, "adverse", "失信", "adverse")                            \
    X(HENG_NATURE_FAVOURABLE, 2, "favourable", "守信", "favourable")

#define HENG_GRAVITY_MAP(X)                                                            \
    X(HENG_GRAVITY_NONE, 0, "", "", "")                                                \
    X(HENG_GRAVITY_MINOR, 1, "minor", "轻微", "minor")                                 \
    X(HENG_GRAVITY_GENERAL, 2, "general", "一般", "general")                           \
    X(HENG_GRAVITY_SERIOUS, 3, "serious", "严重", "serious")

#define HENG_INFORMATION_MAP(X)                                                        \
    X(HENG_INFORMATION_PUBLIC, 0, "public", "公共信用信息", "public")                  \
    X(HENG_INFORMATION_NON_PUBLIC, 1, "non_public", "非公共信用信息", "non-public")

/* decimal is exact to four places; list(string) keeps its order */
#define HENG_ATTRIBUTE_TYPE_MAP(X)                                                     \
    X(HENG_ATTRIBUTE_BOOL, 1, "bool", "是否", "bool")                                  \
    X(HENG_ATTRIBUTE_INT, 2, "int", "整数", "int")                                     \
    X(HENG_ATTRIBUTE_DECIMAL, 3, "decimal", "小数", "decimal")                         \
    X(HENG_ATTRIBUTE_STRING, 4, "string", "文本", "string")                            \
    X(HENG_ATTRIBUTE_DATE, 5, "date", "日期", "date")                                  \
    X(HENG_ATTRIBUTE_STRINGS, 6, "list(string)", "文本列表", "list of strings")

#define HENG_MEASURE_KIND_MAP(X)                                                       \
    X(HENG_MEASURE_RESTRICTION, 0, "restriction", "惩戒", "restriction")               \
    X(HENG_MEASURE_INCENTIVE, 1, "incentive", "激励", "incentive")                     \
    X(HENG_MEASURE_NOTICE, 2, "notice", "告知", "notice")

#define HENG_EFFECT_MAP(X)                                                             \
    X(HENG_EFFECT_BAR, 0, "bar", "禁止", "bars the matter")                            \
    X(HENG_EFFECT_BURDEN, 1, "burden", "加重", "makes the matter harder")

/* ORDER force: the stronger is the smaller */
#define HENG_FORCE_MAP(X)                                                              \
    X(HENG_FORCE_MANDATORY, 0, "mandatory", "应当", "mandatory")                       \
    X(HENG_FORCE_DISCRETIONARY, 1, "discretionary", "可以", "discretionary")

#define HENG_LEVEL_MAP(X)                                                              \
    X(HENG_LEVEL_LAW, 0, "law", "法律", "law")                                         \
    X(HENG_LEVEL_ADMINISTRATIVE_REGULATION, 1, "administrative_regulation",            \
      "行政法规", "administrative regulation")                                         \
    X(HENG_LEVEL_JUDICIAL_INTERPRETATION, 2, "judicial_interpretation", "司法解释",    \
      "judicial interpretation")                                                       \
    X(HENG_LEVEL_CENTRAL_POLICY, 3, "central_policy", "党中央国务院政策文件",          \
      "central policy")                                                                \
    X(HENG_LEVEL_LOCAL_REGULATION, 4, "local_regulation", "地方性法规",                \
      "local regulation")                                                              \
    X(HENG_LEVEL_DEPARTMENTAL_RULE, 5, "departmental_rule", "部门规章",                \
      "departmental rule")                                                             \
    X(HENG_LEVEL_LOCAL_RULE, 6, "local_rule", "地方政府规章", "local rule")            \
    X(HENG_LEVEL_NORMATIVE, 7, "normative", "规范性文件", "normative document")

#define HENG_KIND_ENUM(X_constant, X_value, word, zh, en) X_constant = X_value,
typedef enum heng_subject_kind {
    HENG_SUBJECT_KIND_MAP(HENG_KIND_ENUM)
} heng_subject_kind;
typedef enum heng_capacity { HENG_CAPACITY_MAP(HENG_KIND_ENUM) } heng_capacity;
typedef enum heng_record_status {
    HENG_RECORD_STATUS_MAP(HENG_KIND_ENUM)
} heng_record_status;
typedef enum heng_nature { HENG_NATURE_MAP(HENG_KIND_ENUM) } heng_nature;
typedef enum heng_gravity { HENG_GRAVITY_MAP(HENG_KIND_ENUM) } heng_gravity;
typedef enum heng_information { HENG_INFORMATION_MAP(HENG_KIND_ENUM) } heng_information;
typedef enum heng_attribute_type {
    HENG_ATTRIBUTE_TYPE_MAP(HENG_KIND_ENUM)
} heng_attribute_type;
typedef enum heng_measure_kind {
    HENG_MEASURE_KIND_MAP(HENG_KIND_ENUM)
} heng_measure_kind;
typedef enum heng_effect { HENG_EFFECT_MAP(HENG_KIND_ENUM) } heng_effect;
typedef enum heng_force { HENG_FORCE_MAP(HENG_KIND_ENUM) } heng_force;
typedef enum heng_level { HENG_LEVEL_MAP(HENG_KIND_ENUM) } heng_level;
#undef HENG_KIND_ENUM

/** One value of a vocabulary. */
typedef struct heng_word {
    int value;
    const char *word; /* as the formats write it */
    const char *zh;
    const char *en;
} heng_word;

/** One vocabulary: its words in order of the map above. Static. */
typedef struct heng_words {
    const char *what; /* "subject kind", for messages */
    const heng_word *items;
    size_t count;
} heng_words;

typedef enum heng_vocabulary {
    HENG_WORDS_SUBJECT_KIND,
    HENG_WORDS_CAPACITY,
    HENG_WORDS_RECORD_STATUS,
    HENG_WORDS_NATURE,
    HENG_WORDS_GRAVITY,
    HENG_WORDS_INFORMATION,
    HENG_WORDS_ATTRIBUTE_TYPE,
    HENG_WORDS_MEASURE_KIND,
    HENG_WORDS_EFFECT,
    HENG_WORDS_FORCE,
    HENG_WORDS_LEVEL,
} heng_vocabulary;

const heng_words *heng_kind_words(heng_vocabulary vocabulary);

/** Finds a word; false where it is none. */
bool heng_kind_find(heng_vocabulary vocabulary, heng_str word, int *ret_value);

/** The entry of a value, or NULL where there is none such. */
const heng_word *heng_kind_word(heng_vocabulary vocabulary, int value);

#endif
