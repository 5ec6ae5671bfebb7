/* SPDX-License-Identifier: Apache-2.0 */
/*
 * world.h: a ruleset and a world of subjects and records as plain structures: what the
 * generator makes, the renderers write out for the engine, and the reference evaluator
 * reads.
 *
 * Everything is an index into an array beside it, so that a copy with parts left out
 * (shrink.c) is a plain assignment.
 */
#ifndef HENG_TESTS_WORLD_H
#define HENG_TESTS_WORLD_H

#include <stdbool.h>
#include <stdint.h>

#include "calendar.h"
#include "text.h"

enum {
    MAX_CATEGORIES = 6,
    MAX_REPAIRS = 2,
    MAX_MATTERS = 3,
    MAX_MEASURES = 8,
    MAX_RULES = 14,
    MAX_UNLESS = 2,
    MAX_REGIONS = 2,
    MAX_CONFLICTS = 3,
    MAX_NODES = 900,
    MAX_SUBJECTS = 8,
    MAX_RELATIONS = 4,
    MAX_RECORDS = 40,
    MAX_PARTIES = 2,
    MAX_ITEMS = 3,
    TAGS = 3 /* of rules, and of measures */
};

/* ---- values and fields ---- */

typedef enum type {
    TYPE_ERROR, /* reading what is not there, a day outside the calendar */
    TYPE_BOOL,
    TYPE_INT,
    TYPE_DECIMAL, /* ten-thousandths */
    TYPE_STRING,
    TYPE_DATE,
    TYPE_STRINGS
} type;

typedef struct value {
    type type;
    int64_t number;
    const char *text;
    const char *items[MAX_ITEMS];
    int item_count;
} value;

/* Fields of a record; the attributes come last. ORDER record fields */
enum {
    R_ID,
    R_SUBJECT,
    R_CATEGORY,
    R_NATURE,
    R_SEVERITY,
    R_AUTHORITY,
    R_DOCUMENT_NO,
    R_DECIDED_ON,
    R_EFFECTIVE_ON,
    R_EXPIRES_ON,
    R_STATUS,
    R_IN_FORCE,
    R_ATTRIBUTES,
    R_AMOUNT = R_ATTRIBUTES,
    R_COUNT,
    R_FLAGGED,
    R_FORM,
    R_NOTE,
    R_SEEN_ON,
    R_MARKS,
    R_END,
    RECORD_ATTRIBUTES = R_END - R_ATTRIBUTES
};

/* Fields of a subject. ORDER subject fields */
enum {
    S_ID,
    S_KIND,
    S_NAME,
    S_REGION,
    S_INDUSTRY,
    S_ESTABLISHED_ON,
    S_STATUS,
    S_ATTRIBUTES,
    S_SCALE = S_ATTRIBUTES,
    S_STAFF,
    S_LISTED,
    S_AUDITED_ON,
    S_CAPITAL,
    S_LINES,
    S_END,
    SUBJECT_ATTRIBUTES = S_END - S_ATTRIBUTES
};

typedef struct field {
    const char *name;
    type type;
    const char *words[3]; /* of an enumeration; NULL: any */
} field;

extern const field record_fields[R_END];
extern const field subject_fields[S_END];

/* ---- conditions ---- */

typedef enum op {
    OP_LITERAL, /* constant */
    OP_AS_OF,
    OP_FIELD,       /* variable.field */
    OP_SUBJECT,     /* subject.field */
    OP_HAS,         /* has(variable.field) */
    OP_HAS_SUBJECT, /* has(subject.field) */
    OP_AND,
    OP_OR,
    OP_NOT,
    OP_IF, /* a ? b : c */
    OP_EQ,
    OP_NE,
    OP_LT,
    OP_LE,
    OP_GT,
    OP_GE,
    OP_IN,     /* a in [constants] */
    OP_HOLDS,  /* constant in a, which is a list */
    OP_STARTS, /* a.startsWith(constant) */
    OP_LATER,  /* a + period */
    OP_EARLIER,
    OP_DAYS,     /* a - b, of dates */
    OP_YEAR,     /* a.year() */
    OP_LENGTH,   /* size(a), of a list of strings */
    OP_SIZE,     /* size(records) or size(grounds) */
    OP_EXISTS,   /* list.exists(variable, a) */
    OP_ALL,      /* list.all(variable, a) */
    OP_MATCHING, /* size(list.filter(variable, a)) */
} op;

enum { LIST_RECORDS, LIST_GROUNDS };
/* Variables: of the ground or term, and of a macro over each of the lists. */
enum { VAR_R, VAR_X, VAR_G, VARS };

typedef struct node {
    op op;
    int a, b, c;
    int field; /* of FIELD, SUBJECT, HAS, HAS_SUBJECT */
    int var;   /* of FIELD, HAS and the macros */
    int list;
    value constant; /* IN: items */
    period period;
} node;

/* ---- the ruleset ---- */

typedef enum nature { NEUTRAL, ADVERSE, FAVOURABLE } nature;
typedef enum expires { EXPIRES_OPTIONAL, EXPIRES_REQUIRED, EXPIRES_NONE } expires;

typedef struct repair {
    day from, to; /* DAY_MIN, DAY_NONE: open */
    period after;
} repair;

typedef struct category {
    char id[16];
    nature nature;
    int severity; /* 1 to 3 where adverse, else 0 */
    bool has_use_limit;
    period use_limit;
    expires expires;
    unsigned attributes; /* bits of RECORD_ATTRIBUTES */
    unsigned required;   /* of these */
    repair repairs[MAX_REPAIRS];
    int repair_count;
} category;

typedef enum measure_kind { RESTRICTION, INCENTIVE, NOTICE } measure_kind;

typedef struct measure {
    char id[16];
    measure_kind kind;
    bool burden;
    bool discretionary;
    unsigned matters;
    unsigned tags;
} measure;

typedef enum gaze { GAZE_OWN, GAZE_THROUGH, GAZE_NAMED } gaze;
typedef enum term_kind { TERM_NONE, TERM_LAST, TERM_LIFE, TERM_UNTIL } term_kind;

typedef struct rule {
    char id[16];
    unsigned applies_to; /* bits of subject_kind */
    const char *regions[MAX_REGIONS];
    int region_count;
    day from, to; /* DAY_NONE: open */
    bool by_decided_on;
    gaze gaze;
    unsigned roles; /* bits of role_words */
    int ground;     /* node, or -1 */
    int when;       /* node, or -1: the default */
    int unless[MAX_UNLESS];
    int unless_count;
    term_kind term;
    int term_from, term_until; /* nodes */
    period last;
    bool stays;
    unsigned exceptions;     /* bits of rules */
    unsigned exception_tags; /* bits of tags */
    int force;               /* -1: of the measures; 0 mandatory; 1 discretionary */
    unsigned measures;
    unsigned tags;
    bool unverified;
} rule;

/* One side of a conflict: a measure, or all that have a tag. */
typedef struct side {
    bool is_tag;
    int index;
} side;

typedef struct conflict {
    side keep, gone;
} conflict;

/* What a random pair is made to have much of. */
typedef enum mood {
    MOOD_PLAIN,
    MOOD_DOUBT, /* disputed records and missing attributes, and `unless` over both */
    MOOD_DISPLACING /* rules about the same records that displace one another */
} mood;

typedef struct rules {
    mood mood;
    bool suspend; /* disputed: suspend or mark */
    unsigned subject_attributes;
    category categories[MAX_CATEGORIES];
    int category_count;
    int matter_count;
    measure measures[MAX_MEASURES];
    int measure_count;
    rule rules[MAX_RULES];
    int rule_count;
    conflict conflicts[MAX_CONFLICTS];
    int conflict_count;
    node nodes[MAX_NODES];
    int node_count;
} rules;

/* ---- the world ---- */

typedef enum subject_kind {
    LEGAL_PERSON,
    UNINCORPORATED,
    INDIVIDUAL_BUSINESS,
    NATURAL_PERSON
} subject_kind;

typedef enum record_status { ACTIVE, REPAIRED, REVOKED, DISPUTED } record_status;

/* Words for a tie; the other side of each by index, or -1. ORDER role words */
enum { ROLE_WORDS = 7 };
typedef struct role_word {
    const char *word;
    int other_side;
    bool is_inverse;
} role_word;
extern const role_word role_words[ROLE_WORDS];

typedef struct relation {
    int role;
    int other; /* subject */
    day from, to;
} relation;

typedef struct attribute {
    bool present;
    value value;
} attribute;

typedef struct subject {
    char id[24];
    bool has_line; /* else nothing is known of it but the records there may be */
    subject_kind kind;
    const char *region;
    const char *industry; /* NULL: absent */
    day established_on;   /* DAY_NONE: absent */
    const char *status;   /* NULL: absent */
    int capacity;         /* 0 full, 1 limited, 2 none */
    day born_on;          /* by the identity number; DAY_NONE: opaque */
    relation relations[MAX_RELATIONS];
    int relation_count;
    attribute attributes[SUBJECT_ATTRIBUTES];
} subject;

typedef struct party {
    int role;
    int subject;
} party;

typedef struct record {
    char id[16];
    int subject;
    int category;
    const char *authority;
    const char *document_no;
    day decided_on;
    day effective_on; /* DAY_NONE: not given */
    day expires_on;   /* DAY_NONE: absent */
    record_status status;
    day status_on; /* DAY_NONE: not given */
    attribute attributes[RECORD_ATTRIBUTES];
    party parties[MAX_PARTIES];
    int party_count;
} record;

typedef struct world {
    subject subjects[MAX_SUBJECTS];
    int subject_count;
    record records[MAX_RECORDS];
    int record_count;
} world;

extern const char *const subject_kind_words[];
extern const char *const record_status_words[];
extern const char *const nature_words[];
extern const char *const severity_words[];
extern const char *const measure_kind_words[];

/** Index of the category that no rule names: the last of every ruleset. */
static inline int rules_unused_category(const rules *of) {
    return of->category_count - 1;
}

/* ---- generate_rules.c, generate_world.c ---- */

void generate_rules(rules *ret_rules, rng *from);
/** Rulesets most of whose conditions the stored bytes answer. */
void generate_plain_rules(rules *ret_rules, rng *from);
void generate_world(const rules *of, world *ret_world, rng *from);

/** Days on which something may change: the dates of ruleset and world, moved by the
 * periods of the ruleset, a day before and after each. Any order. Returns their number.
 */
enum { MAX_DAYS = 40000 };
int generate_days(const rules *of, const world *in, day *ret_days);

/** One of them, mostly one in the years in which much happens. */
day generate_as_of(const day *days, int count, rng *from);

/** A day out of a small pool, with month ends and leap days more often than is fair. */
day generate_day(rng *from);
period generate_period(rng *from);

/* ---- condition.c ---- */

/** The condition as CEL. */
void condition_render(const rules *of, int node, text *into);
/** Whether it reads `grounds`, `records`. */
bool condition_reads(const rules *of, int node, int list);
/** Whether it compares dates with as_of ± period only, so that valid-through is exact.
 */
bool condition_is_exact(const rules *of, int node);
/** Whether it is false for records of every category but those it names. */
bool condition_names_category(const rules *of, int node);

/* ---- render_yaml.c, render_ndjson.c ---- */

/** How the same ruleset or world is written: in which order, and in how many files. */
typedef struct layout {
    rng order;     /* state 0: as it stands */
    int files;     /* of the ruleset: 1 to 4 */
    bool repeat;   /* some lines of the world twice */
    int pointless; /* lines of records of the unused category */
} layout;

enum { MAX_FILES = 4 };

/** Writes the ruleset into `files[0]` to `files[layout->files - 1]`. */
void render_yaml(const rules *of, const layout *how, text files[MAX_FILES]);
void render_ndjson(const rules *of, const world *in, const layout *how, text *into);

#endif
