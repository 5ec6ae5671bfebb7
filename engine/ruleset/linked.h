/* SPDX-License-Identifier: Apache-2.0 */
/*
 * linked.h: a loaded ruleset as decide, lab and report read it: plain const structures,
 * names resolved to indexes, conditions compiled, tags expanded, orders computed.
 *
 * INVARIANT: after heng_ruleset_load*() nothing in here changes.
 */
#ifndef HENG_RULESET_LINKED_H
#define HENG_RULESET_LINKED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "cel/program.h"
#include "heng/arena.h"
#include "heng/date.h"
#include "heng/ruleset.h"
#include "heng/source.h"
#include "heng/str.h"
#include "model/catalog.h"
#include "model/kind.h"

typedef struct heng_law_source {
    heng_str id;
    heng_text title;
    heng_str number; /* "" where none */
    heng_str issuer;
    heng_level level;
    heng_date from, to; /* `to` included; HENG_DATE_NONE: in force */
    heng_str *record_only;
    size_t record_only_count;
    heng_span span; /* where it is defined: every definition has one */
} heng_law_source;

typedef struct heng_matter {
    heng_str id;
    heng_text title;
    heng_str authority;
    heng_span span;
} heng_matter;

typedef struct heng_remedy {
    heng_str kind; /* as written: reconsideration, litigation, objection … */
    heng_period within;
    heng_basis basis;
} heng_remedy;

typedef struct heng_measure {
    heng_str id;
    heng_text title;
    heng_measure_kind kind;
    heng_effect effect; /* restrictions; BAR by default */
    heng_force force;
    const uint32_t *matters; /* indexes, sorted by the matters' ids */
    size_t matter_count;
    heng_str authority;
    heng_str list_item; /* "" where none */
    const heng_str *tags;
    size_t tag_count;
    const heng_remedy *remedies;
    size_t remedy_count;
    heng_span span;
} heng_measure;

typedef enum heng_by { HENG_BY_AS_OF, HENG_BY_DECIDED_ON } heng_by;

/** Whose records a rule looks at. */
typedef enum heng_gaze { HENG_GAZE_OWN, HENG_GAZE_THROUGH, HENG_GAZE_NAMED } heng_gaze;
enum { HENG_GAZES = 3 };

typedef struct heng_unless {
    heng_cel_program *condition;
    heng_cel_program *trace; /* the same, reporting every node; for explain */
    bool reads_grounds;
    heng_text because;
    const heng_basis *bases;
    size_t basis_count;
    heng_span span;
} heng_unless;

/** The prefix of a region as a number (heng_region_word()): a region lies in it whose
 * number, as far as `mask` goes, is `word`. Thousands of rules look so at a few lines
 * of memory, and not each at its own texts. */
typedef struct heng_region_prefix {
    uint64_t word, mask;
} heng_region_prefix;

/** The first bytes of a region as a number; zeros where it has fewer than eight. */
static inline uint64_t heng_region_word(heng_str region) {
    enum { WORD = sizeof(uint64_t), HALF = sizeof(uint32_t), BITS = 8 };
    uint64_t word = 0;
    uint32_t first = 0, last = 0;
    if (region.len >= WORD) {
        memcpy(&word, region.ptr, WORD);
    } else if (region.len >= HALF) { /* halves that overlap */
        memcpy(&first, region.ptr, HALF);
        memcpy(&last, region.ptr + region.len - HALF, HALF);
        word = first | (uint64_t)last << BITS * (region.len - HALF);
    } else {
        for (size_t i = 0; i < region.len; i++)
            word |= (uint64_t)(unsigned char)region.ptr[i] << BITS * i;
    }
    return word;
}

typedef enum heng_term_kind {
    HENG_TERM_IN_FORCE, /* no term: while the ground is in force */
    HENG_TERM_LAST,     /* from + period */
    HENG_TERM_LIFE,
    HENG_TERM_UNTIL, /* from and until, both CEL */
} heng_term_kind;

/** One text with CEL in braces, cut into pieces: text, expression, text, … */
typedef struct heng_template_piece {
    heng_str text;
    heng_cel_program *program; /* NULL: `text` itself */
} heng_template_piece;

typedef struct heng_template {
    const heng_template_piece *pieces;
    size_t count;
} heng_template;

typedef struct heng_rule {
    heng_str id;
    heng_text title;
    const heng_str *tags;
    size_t tag_count;
    uint32_t applies_to;     /* bit 1 << heng_subject_kind */
    const heng_str *regions; /* prefixes; none: everywhere */
    size_t region_count;
    heng_date from, to; /* effective days, both included; HENG_DATE_NONE: open */
    heng_by by;
    heng_gaze gaze;
    const heng_str *roles; /* of through or named_as */
    size_t role_count;

    heng_cel_program *ground; /* NULL: the rule has none */
    heng_cel_program *ground_trace;
    /* Categories outside which `ground` is certainly false (indexes into the catalog,
     * sorted); all_categories: no such bound is known. */
    const uint32_t *categories;
    size_t category_count;
    bool all_categories;

    heng_cel_program *when; /* NULL: the default, size(grounds) > 0 */
    heng_cel_program *when_trace;
    bool when_reads_grounds;
    const heng_unless *unless;
    size_t unless_count;

    heng_term_kind term;
    heng_cel_program *term_from;  /* LAST, LIFE, UNTIL */
    heng_cel_program *term_until; /* UNTIL */
    heng_period last;             /* LAST */
    bool term_from_decided_on;    /* `from` is plainly r.decided_on: needs no program */

    bool stays;     /* on_repair: stays */
    bool has_force; /* overrides that of its measures */
    heng_force force;
    const uint32_t *measures; /* indexes, sorted by the measures' ids */
    size_t measure_count;
    const uint32_t *displaces; /* exception_to: indexes of rules, tags expanded, without
                                  itself, sorted */
    size_t displace_count;
    heng_template reason[2]; /* by heng_lang; count 0: none */
    const heng_basis *bases;
    size_t basis_count;
    bool unverified; /* all bases have article: null: inert */
    /* what whoever binds thousands of rules would go through all their parts for */
    bool reads_records;     /* some condition or term reads `records` */
    bool reads_particulars; /* … or what outlines lack (particulars.h) */
    uint64_t region_bits;   /* of its regions (heng_region_bits()); all: everywhere */
    /* as many as regions, shared by rules near each other that have the same; NULL:
     * none, or one that is no such number */
    const heng_region_prefix *prefixes;
    heng_span span;
} heng_rule;

/** Whether a rule brings a measure (index in the ruleset) about. */
static inline bool heng_rule_brings(const heng_rule *rule, uint32_t measure) {
    for (size_t i = 0; i < rule->measure_count; i++) {
        if (rule->measures[i] == measure)
            return true;
    }
    return false;
}

/** A bit for the first characters of a region, or all bits where it has fewer. One who
 * shares none with a rule's lies in none of its regions: of thousands of rules for a
 * city each, all but its own are passed by with a glance. */
static inline uint64_t heng_region_bits(heng_str region) {
    enum { CHARACTERS = 4, BITS = 6 }; /* GB/T 2260: a prefecture */
    uint32_t first = 0;
    if (region.len < CHARACTERS)
        return UINT64_MAX;
    memcpy(&first, region.ptr, CHARACTERS);
    return UINT64_C(1) << (first * UINT32_C(2654435761) >> (32 - BITS));
}

/** Of two measures that both apply and share a matter (or one names none), `kept`
 * displaces `gone`. */
typedef struct heng_conflict_pair {
    uint32_t kept, gone; /* measures */
    uint32_t conflict;   /* index of the declaration */
} heng_conflict_pair;

typedef struct heng_conflict {
    const heng_basis *bases;
    size_t basis_count;
    heng_span span;
} heng_conflict;

/* Slots of the CEL variables, the same in every expression of a ruleset. ORDER slots */
enum {
    HENG_SLOT_SUBJECT,
    HENG_SLOT_AS_OF,
    HENG_SLOT_RECORDS,
    HENG_SLOT_R,       /* in ground, term, reason */
    HENG_SLOT_GROUNDS, /* in when, unless, reason */
    HENG_SLOT_COUNT
};

/* Fields of the object types `subject` and `record`; declared attributes follow. */
enum {
    HENG_SUBJECT_FIELD_ID,
    HENG_SUBJECT_FIELD_KIND,
    HENG_SUBJECT_FIELD_NAME,
    HENG_SUBJECT_FIELD_REGION,
    HENG_SUBJECT_FIELD_INDUSTRY,       /* may be absent */
    HENG_SUBJECT_FIELD_ESTABLISHED_ON, /* may be absent */
    HENG_SUBJECT_FIELD_STATUS,
    HENG_SUBJECT_FIELD_COUNT
};
enum {
    HENG_RECORD_FIELD_ID,
    HENG_RECORD_FIELD_SUBJECT,
    HENG_RECORD_FIELD_CATEGORY,
    HENG_RECORD_FIELD_NATURE,
    HENG_RECORD_FIELD_SEVERITY,
    HENG_RECORD_FIELD_AUTHORITY,
    HENG_RECORD_FIELD_DOCUMENT_NO,
    HENG_RECORD_FIELD_DECIDED_ON,
    HENG_RECORD_FIELD_EFFECTIVE_ON,
    HENG_RECORD_FIELD_EXPIRES_ON, /* may be absent */
    HENG_RECORD_FIELD_STATUS,
    HENG_RECORD_FIELD_IN_FORCE,
    HENG_RECORD_FIELD_COUNT
};

struct heng_ruleset {
    heng_arena *arena;          /* holds all of the below */
    heng_source **sources_text; /* files, kept for messages and for the log */
    size_t source_text_count;
    heng_str *file_names;

    heng_str id, version, region, time_zone, digest;
    heng_text title;
    bool suspend_disputed; /* disputed: suspend (true) or mark */
    bool purpose_required;

    heng_catalog catalog;
    const heng_span *category_spans; /* beside catalog.categories */
    const heng_law_source *sources;  /* all sorted by id */
    size_t source_count;
    const heng_matter *matters;
    size_t matter_count;
    const heng_measure *measures;
    size_t measure_count;
    const heng_rule *rules;
    size_t rule_count;
    const heng_conflict *conflicts;
    size_t conflict_count;
    const heng_conflict_pair *pairs; /* in an order that resolves from the top */
    size_t pair_count;
    /* Rules with displaces, in an order in which a rule comes before what it displaces.
     */
    const uint32_t *exception_order;
    size_t exception_count;
    /* Measures that are `kept` or `gone` in some pair, a keeper before what it
     * displaces. */
    const uint32_t *measure_order;
    size_t measure_order_count;

    /* Object types of the conditions, for checking: their `get` and `has` are NULL,
     * because the ruleset does not know how a record lies in memory. decide runs with
     * copies of them that have both. */
    const heng_cel_object_type *subject_type;
    const heng_cel_object_type *record_type;
    /* Field slot (minus *_FIELD_COUNT) to attribute: name and type. */
    const heng_attribute *const *subject_attributes;
    size_t subject_attribute_count;
    const heng_attribute *const
        *record_attributes; /* all categories, one each name, sorted by name */
    size_t record_attribute_count;

    heng_cel_program **programs; /* owned: all of the above, to be freed */
    size_t program_count;
    size_t program_room;

    struct heng_yaml_node
        *tests; /* raw test cases for `heng test`, a list, see yaml.h; NULL: none */
};

/** Binary search by id; NULL where there is none such. */
const heng_rule *heng_ruleset_find_rule(const heng_ruleset *ruleset, heng_str id);
const heng_measure *heng_ruleset_find_measure(const heng_ruleset *ruleset, heng_str id);
const heng_matter *heng_ruleset_find_matter(const heng_ruleset *ruleset, heng_str id);

#endif
