/* SPDX-License-Identifier: Apache-2.0 */
/*
 * table.h: the tables of the store, and how their keys are made.
 *
 *   meta          word -> see names of HENG_META_*
 *   name          be32 number -> word (categories, attributes, roles); append-only
 *   subject       subject id -> flat subject
 *   gist          subject id -> the subject in forty bytes (model/gist.h); empty where
 *                 it has no gist
 *   dossier       subject id -> a subject with all its own records (dossier.h). Only
 *                 subjects that have or had a record have one.
 *   outline       subject id -> the dossier in outline (outline.h): what a batch goes
 *                 through
 *   record_owner  record id -> subject id
 *   tie           other id, 0, declaring subject id -> (u32 role, i32 from, i32 to)*:
 *                 the relations of the declaring subject's newest version that name the
 *                 other; empty where an older version did
 *   mention       party id, 0, owner id, 0, record id -> flat record, the newest; empty
 *                 where an older version named the party
 *   past_subject  subject id, 0, be64 from -> be64 until | flat subject
 *   past_record   owner id, 0, record id, 0, be64 from -> be64 until | flat record
 *   commit        be64 number -> i64 time in ms, u32 kind, u32 zero
 *   delivery      provider, 0, be64 commit -> i32 day through which its data is
 * complete
 *   journal       be64 commit -> the subjects it touched: flagged id list (id_list.h).
 *                 Each commit after `since` below has a row, if an empty one
 *   ruleset       digest as text -> its files (file_set.h); never changed, never
 * removed due           be32 day since HENG_DATE_MIN, be64 batch, be32 part -> the
 * subjects to look at again on that day: plain id list. Of a batch that is neither
 *                 `last` nor before it, nobody takes notice
 *   batch         word -> see names of HENG_BATCH_*, baseline_row.h
 *
 * `from` is the commit that stored a version, `until` the one that replaced it. Ids
 * hold no NUL, so keys sort by their parts. Big-endian numbers only inside keys and
 * beside them in past_*; values are little-endian, as flat objects are.
 */
#ifndef HENG_STORE_TABLE_H
#define HENG_STORE_TABLE_H

#include <lmdb.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/limits.h"
#include "heng/str.h"

/* X(constant, name): meta first: it says whether the others can be read at all */
#define HENG_TABLE_MAP(X)                                                              \
    X(HENG_TABLE_META, "meta")                                                         \
    X(HENG_TABLE_NAME, "name")                                                         \
    X(HENG_TABLE_SUBJECT, "subject")                                                   \
    X(HENG_TABLE_GIST, "gist")                                                         \
    X(HENG_TABLE_DOSSIER, "dossier")                                                   \
    X(HENG_TABLE_OUTLINE, "outline")                                                   \
    X(HENG_TABLE_RECORD_OWNER, "record_owner")                                         \
    X(HENG_TABLE_TIE, "tie")                                                           \
    X(HENG_TABLE_MENTION, "mention")                                                   \
    X(HENG_TABLE_PAST_SUBJECT, "past_subject")                                         \
    X(HENG_TABLE_PAST_RECORD, "past_record")                                           \
    X(HENG_TABLE_COMMIT, "commit")                                                     \
    X(HENG_TABLE_DELIVERY, "delivery")                                                 \
    X(HENG_TABLE_JOURNAL, "journal")                                                   \
    X(HENG_TABLE_RULESET, "ruleset")                                                   \
    X(HENG_TABLE_DUE, "due")                                                           \
    X(HENG_TABLE_BATCH, "batch")

typedef enum heng_table {
#define X(constant, name) constant,
    HENG_TABLE_MAP(X)
#undef X
        HENG_TABLE_COUNT
} heng_table;

/* Room for tables to come: the decision log. */
enum { HENG_TABLE_MOST = 32 };

/** Stores made before there were such tables are read as if these were empty. */
static inline bool heng_table_may_lack(heng_table table) {
    return table >= HENG_TABLE_JOURNAL;
}

/** Static. */
const char *heng_table_name(heng_table table);

#define HENG_META_MAGIC "magic"   /* -> "heng-store" */
#define HENG_META_FORMAT "format" /* -> u32 */
#define HENG_META_SECRET "secret" /* -> 32 random bytes, for keys of subjects */
#define HENG_META_STATE "state"   /* -> u64 commit, i64 time in ms, u32 names, u32 0 */
#define HENG_STORE_MAGIC "heng-store"

#define HENG_BATCH_LAST "last"       /* the last completed batch */
#define HENG_BATCH_RUNNING "running" /* the one begun and not completed */
#define HENG_BATCH_SINCE "since"     /* -> u64 commit: the journal has all after it */

enum {
    /* 1: dossiers without their categories; 2: no outlines, no gists */
    HENG_STORE_FORMAT = 4,
    HENG_META_STATE_BYTES = 24,
    HENG_META_SECRET_BYTES = 32,
    HENG_COMMIT_BYTES = 16,
    HENG_TIE_BYTES = 12,
    HENG_PAST_BYTES = 8, /* `until`, before the flat object */
    HENG_DUE_KEY_BYTES = 16
};

/** What made a commit. Stored: never renumber. */
typedef enum heng_commit_kind { HENG_COMMIT_IMPORT = 1 } heng_commit_kind;

/* LMDB's own limit, as Debian builds it. The longest key is that of a mention. */
enum { HENG_KEY_BYTES = 511 };

_Static_assert(2 * HENG_LIMIT_SUBJECT_ID_BYTES + HENG_LIMIT_RECORD_ID_BYTES + 2 <=
                   HENG_KEY_BYTES,
               "a mention's key fits");
_Static_assert(HENG_LIMIT_SUBJECT_ID_BYTES + HENG_LIMIT_RECORD_ID_BYTES + 2 + 8 <=
                   HENG_KEY_BYTES,
               "a past record's key fits");

/** A key in the making. */
typedef struct heng_key {
    size_t len;
    uint8_t bytes[HENG_KEY_BYTES];
} heng_key;

static inline void heng_key_add(heng_key *key, heng_str part) {
    if (part.len > 0) {
        memcpy(key->bytes + key->len, part.ptr, part.len);
    }
    key->len += part.len;
}

static inline void heng_key_add_nul(heng_key *key) {
    key->bytes[key->len++] = 0;
}

static inline void heng_table_put_be64(uint8_t *at, uint64_t value) {
    for (int i = 0; i < 8; i++) {
        at[i] = (uint8_t)(value >> (56 - 8 * i));
    }
}

static inline uint64_t heng_table_be64(const uint8_t *at) {
    uint64_t value = 0;
    for (int i = 0; i < 8; i++) {
        value = value << 8 | at[i];
    }
    return value;
}

static inline void heng_table_put_be32(uint8_t *at, uint32_t value) {
    for (int i = 0; i < 4; i++) {
        at[i] = (uint8_t)(value >> (24 - 8 * i));
    }
}

static inline uint32_t heng_table_be32(const uint8_t *at) {
    return (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3];
}

static inline void heng_key_add_be64(heng_key *key, uint64_t value) {
    heng_table_put_be64(key->bytes + key->len, value);
    key->len += 8;
}

static inline MDB_val heng_key_value(heng_key *key) {
    return (MDB_val){key->len, key->bytes};
}

/** LMDB never writes through what it is given to read. */
static inline MDB_val heng_table_value(const void *bytes, size_t len) {
    union {
        const void *in;
        void *out;
    } pointer = {bytes};
    return (MDB_val){len, pointer.out};
}

static inline heng_str heng_table_str(MDB_val value) {
    return (heng_str){value.mv_data, value.mv_size};
}

/**
 * Splits a key at its NULs into at most `most` parts, the last of which takes the rest
 * (it may be binary). Returns how many there are.
 */
size_t heng_table_split(MDB_val key, heng_str *parts, size_t most);

#endif
