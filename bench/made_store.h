/* SPDX-License-Identifier: Apache-2.0 */
/*
 * made_store.h: a made-up market in a store of its own, read in turn by heng and by a
 * bare LMDB.
 *
 * The store lies in a temporary folder (TMPDIR, or /tmp) that goes when the program
 * ends, however it ends.
 */
#ifndef HENG_BENCH_MADE_STORE_H
#define HENG_BENCH_MADE_STORE_H

#include <lmdb.h>
#include <stdint.h>
#include <sys/types.h>

#include "heng/ruleset.h"
#include "heng/store.h"
#include "measure.h"

/** A temporary folder. */
typedef struct heng_made_folder {
    char path[512];
    int keeper; /* pipe to the process that removes it */
    pid_t remover;
} heng_made_folder;

void heng_made_folder_open(heng_made_folder *folder);
/** Removes it with all that is in it. */
void heng_made_folder_close(heng_made_folder *folder);

typedef struct heng_made_store {
    heng_made_folder folder;
    char path[544];    /* of the store */
    char rules[544];   /* of the file that the market was made with */
    bool writable;     /* how reopening opens it; false at first */
    heng_store *store; /* NULL while a bare LMDB has the files */
    uint64_t subjects, records;
} heng_made_store;

/**
 * Makes a market for `ruleset` and opens its store for heng.
 *
 * @param rules  YAML that has its catalog; NULL: the shipped one of `options`.
 */
void heng_made_store_open(heng_made_store *made, const heng_measure_options *options,
                          const heng_ruleset *ruleset, const char *rules);
void heng_made_store_close(heng_made_store *made);

/** Imports one in `one_in` of the subjects again, with another name, and their records
 * of 2025 a year earlier; then opens it anew. */
void heng_made_store_alter(heng_made_store *made, const heng_measure_options *options,
                           const heng_ruleset *ruleset, uint64_t one_in);

/** Opens it anew for heng, with nothing of it mapped yet. */
void heng_made_store_reopen(heng_made_store *made);

/** The table `subject`, read without heng: LMDB allows a process one environment a
 * file, so heng's is closed meanwhile. */
typedef struct heng_bare {
    MDB_env *env;
    MDB_txn *txn;
    MDB_dbi dbi;
} heng_bare;

void heng_made_store_bare(heng_made_store *made, heng_bare *ret_bare);
/** Hands the files back to heng. */
void heng_bare_close(heng_bare *bare, heng_made_store *made);

/** Goes through all subjects with a cursor and looks at a byte of each. */
void heng_bare_scan(const heng_bare *bare, uint64_t subjects);

/** Keys of subjects that lie far apart from each other, in order. */
typedef struct heng_bare_keys {
    char *bytes; /* owned; a key and a NUL after the other */
    uint64_t count;
} heng_bare_keys;

/** Takes every so many-th subject, so that there are `count`, at least 1. */
void heng_bare_pick(const heng_bare *bare, uint64_t subjects, uint64_t count,
                    heng_bare_keys *ret_keys);
void heng_bare_keys_done(heng_bare_keys *keys);

/** Gets each by mdb_get() and looks at a byte of it. */
void heng_bare_get(const heng_bare *bare, const heng_bare_keys *keys);

#endif
