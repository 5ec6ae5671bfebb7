/* SPDX-License-Identifier: Apache-2.0 */
/*
 * catalog.h: what records and subjects may exist: the categories, attributes and roles
 * that a ruleset declares, in the form that import checks against and that the store's
 * records are bound to. The ruleset fills it; nothing here knows of YAML.
 */
#ifndef HENG_MODEL_CATALOG_H
#define HENG_MODEL_CATALOG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "heng/date.h"
#include "heng/str.h"
#include "model/kind.h"

/** A text for people. A plain string in YAML fills both. */
typedef struct heng_text {
    heng_str zh;
    heng_str en;
} heng_text;

typedef enum heng_lang { HENG_LANG_ZH, HENG_LANG_EN } heng_lang;

static inline heng_str heng_text_in(const heng_text *text, heng_lang lang) {
    heng_str wanted = lang == HENG_LANG_EN ? text->en : text->zh;
    return wanted.len != 0 ? wanted : (lang == HENG_LANG_EN ? text->zh : text->en);
}

typedef struct heng_attribute {
    heng_str name;
    heng_attribute_type type;
    bool required;
    heng_str unit;        /* "" where none */
    heng_str *enum_words; /* string attributes only; NULL: any */
    size_t enum_count;
    heng_text title; /* empty: the name stands for it */
    uint32_t field;  /* slot in the CEL object type: one name has one type everywhere */
} heng_attribute;

typedef enum heng_expires {
    HENG_EXPIRES_OPTIONAL,
    HENG_EXPIRES_REQUIRED,
    HENG_EXPIRES_NONE
} heng_expires;

struct heng_law_source; /* ruleset.h; opaque here */

/** An article that something rests on. */
typedef struct heng_basis {
    uint32_t source;  /* index in the ruleset's sources */
    heng_str article; /* "22(5)"; `ptr` NULL: nobody could read it yet (unverified) */
    heng_text quote;  /* words of the article; empty where none */
    heng_text note;
} heng_basis;

/** From when, by as-of date, removal can be asked for. Source: the `basis`. */
typedef struct heng_repair {
    heng_date from,
        to; /* as-of days, both included; HENG_DATE_MIN, HENG_DATE_NONE: open */
    heng_period after; /* counted from decided_on */
    heng_text route;
    heng_basis basis;
} heng_repair;

typedef struct heng_category {
    heng_str id;
    heng_text title;
    heng_information information;
    heng_nature nature;
    heng_gravity severity; /* NONE unless adverse */
    heng_str provider;
    bool has_use_limit;
    heng_period use_limit; /* after decided_on */
    heng_expires expires;
    bool has_fresh_within;
    heng_period fresh_within;
    heng_repair *repairs;
    size_t repair_count;
    heng_attribute *attributes; /* sorted by name */
    size_t attribute_count;
} heng_category;

typedef struct heng_role {
    heng_str id;
    heng_str inverse; /* "" where none */
    heng_text title;
} heng_role;

typedef struct heng_catalog {
    const heng_category *categories; /* sorted by id */
    size_t category_count;
    const heng_attribute *subject_attributes; /* sorted by name */
    size_t subject_attribute_count;
    const heng_role *roles; /* sorted by id */
    size_t role_count;
} heng_catalog;

/** NULL where there is none such. */
const heng_category *heng_catalog_category(const heng_catalog *catalog, heng_str id);
const heng_attribute *heng_catalog_attribute(const heng_category *category,
                                             heng_str name);
const heng_attribute *heng_catalog_subject_attribute(const heng_catalog *catalog,
                                                     heng_str name);

/** Whether `role` is declared, as a role or as somebody's inverse. */
bool heng_catalog_knows_role(const heng_catalog *catalog, heng_str role);

/** The same tie seen from the other side: the inverse of a role, or the role of an
 * inverse;
 * "" where it has none. */
heng_str heng_catalog_other_side(const heng_catalog *catalog, heng_str role);

#endif
