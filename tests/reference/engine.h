/* SPDX-License-Identifier: Apache-2.0 */
/* engine.h: the engine under test, made to answer in the reference's terms. */
#ifndef HENG_TESTS_ENGINE_H
#define HENG_TESTS_ENGINE_H

#include <stdint.h>

#include "reference.h"

struct heng_ruleset;
struct heng_snapshot;
struct heng_store;

typedef struct engine engine;

typedef enum engine_mode {
    ENGINE_OVERLAY, /* the lines alone, as for `heng test` */
    ENGINE_STORE    /* imported into a store in a folder of its own */
} engine_mode;

/** Loads both from their texts. NULL where the engine refuses them: `problem` says why.
 */
engine *engine_open(const text files[MAX_FILES], int file_count, const text *lines,
                    engine_mode mode, text *problem);
void engine_close(engine *of);

enum { ALL_MATTERS = -1 };

/**
 * Decides. False where the engine fails or its answer is not well-formed (not sorted, a
 * ground whose owner or role is not true): `problem` says how.
 */
bool engine_answer(engine *of, const rules *rules_of, const world *in, int who,
                   day as_of, int matter, unsigned flags, answer *ret_answer,
                   text *problem);

/* For tests of the engine's parts. */
/** Imports NDJSON; each commit is a millisecond after the one before, from *now on. */
bool engine_import(struct heng_store *store, const struct heng_ruleset *ruleset,
                   const text *lines, int64_t *now, text *problem);

/** Removes a store's folder with its files. */
void engine_remove_folder(const char *folder);

const struct heng_ruleset *engine_ruleset(const engine *of);
/** All that is known of a subject of the lines. Valid until the next call; NULL where
 * the engine fails. */
const struct heng_snapshot *engine_snapshot(engine *of, const char *id, text *problem);

#endif
