/* SPDX-License-Identifier: Apache-2.0 */
/*
 * verify_parts.h: what the files of heng_store_verify() share: verify.c goes through
 * the pages and the tables and says what is found, verify_objects.c has the rows of
 * subjects and records and of the indexes over them, verify_commits.c those of commits
 * and of what batches left.
 */
#ifndef HENG_STORE_VERIFY_PARTS_H
#define HENG_STORE_VERIFY_PARTS_H

#include <lmdb.h>
#include <stdbool.h>
#include <stdint.h>

#include "heng/error.h"
#include "heng/str.h"
#include "store/db.h"
#include "store/table.h"
#include "store/view.h"

/* One verification. */
typedef struct heng_verify {
    heng_view *view;
    void (*problem)(void *context, const char *table, const char *key,
                    const char *text);
    void *context;
    uint64_t checked;
    uint64_t findings;
    uint64_t records;  /* in dossiers */
    uint64_t mentions; /* of parties in them, each person once a record */
    uint64_t since;    /* the journal has each commit after it; UINT64_MAX: none */
    uint64_t batch;    /* the newest batch, begun or completed */
    heng_table table;  /* being gone through */
    heng_str key;
    heng_error *reterr;
} heng_verify;

/** Checks the value of the row that verify->table and verify->key name. What is wrong
 * with it is a finding, and no failure. */
typedef heng_status heng_verify_row(heng_verify *verify, MDB_val value);

/** The row of a key; as heng_view_get(). */
static inline heng_status heng_verify_get(heng_verify *verify, heng_table table,
                                          const heng_key *key, MDB_val *ret_value,
                                          bool *ret_found) {
    return heng_view_get(verify->view, table,
                         (heng_str){(const char *)key->bytes, key->len}, ret_value,
                         ret_found, verify->reterr);
}

/* ---- verify.c ---- */

/** Says that something is wrong with a row; ids in its key are masked. */
void heng_verify_find_in(heng_verify *verify, heng_table table, heng_str key,
                         const char *text);

/** The same of the row that is looked at. */
void heng_verify_find(heng_verify *verify, const char *text);

/* ---- verify_objects.c ---- */

/** Subjects, and what must be there of each: ties, gist, its place in the dossier. */
heng_verify_row heng_verify_subject_row;

/** Dossiers, and what must be there of their records: owners, mentions, an outline.
 * Counts verify->records and verify->mentions. */
heng_verify_row heng_verify_dossier_row;

/** Rows that are made of a subject or a dossier. */
heng_verify_row heng_verify_gist_row, heng_verify_outline_row;

/** Whether an index has as many rows as were found to have to be there, `wanted`, and
 * nothing was wrong so far: then none of them need be looked at. */
heng_status heng_verify_all_matched(heng_verify *verify, heng_table table,
                                    uint64_t wanted, bool *ret_matched) HENG_NODISCARD;

/** Rows of the indexes, each with the object that must justify it. */
heng_verify_row heng_verify_owner_row, heng_verify_tie_row, heng_verify_mention_row;

/** Superseded versions. */
heng_verify_row heng_verify_past_subject_row, heng_verify_past_record_row;

/* ---- verify_commits.c ---- */

/** The words that have a number. */
heng_verify_row heng_verify_name_row;

/** Commits, their times, and whether those after verify->since are in the journal. */
heng_verify_row heng_verify_commit_row;

/** What was delivered when. */
heng_verify_row heng_verify_delivery_row;

/** Finds verify->since and verify->batch, and whether what the last batch and the one
 * that runs rest on is there. Comes before all rows. */
heng_status heng_verify_batches(heng_verify *verify) HENG_NODISCARD;

/** Rows of which only the form is checked: of rulesets and batches. */
heng_verify_row heng_verify_form_row;

/** The commits that the journal knows of, and the days on which a batch said to look
 * again. */
heng_verify_row heng_verify_journal_row, heng_verify_due_row;

#endif
