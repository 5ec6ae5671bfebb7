/* SPDX-License-Identifier: Apache-2.0 */
/*
 * store.h: subjects and records as the store knows them, now and at any earlier time.
 *
 * Caveats first:
 * - One process opens a store once (LMDB's rule); threads share the handle, each with
 *   its own heng_view.
 * - A view is a snapshot: writers never wait for it and it never waits for writers, but
 *   while it lives, pages it may need are not reused. Keep views short.
 * - What a view hands out is memory of the map: valid until the view ends; never write
 * to it.
 * - LMDB trusts its pages. A damaged value is an error wherever it is met, and a cut
 * file is refused at once; damage to the pages' own structure is found by
 *   heng_store_verify() alone, which reads them without LMDB.
 * - The map grows by itself. A view taken before another process grew it stays valid.
 */
#ifndef HENG_STORE_H
#define HENG_STORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "heng/api.h"
#include "heng/arena.h"
#include "heng/date.h"
#include "heng/error.h"
#include "heng/parts.h"
#include "heng/str.h"

typedef struct heng_store heng_store;
typedef struct heng_view heng_view;
struct heng_names;
struct heng_snapshot;

typedef enum heng_store_mode {
    HENG_STORE_READ,  /* must exist; works on a read-only file system */
    HENG_STORE_WRITE, /* must exist */
    HENG_STORE_CREATE /* made where it is missing; an existing folder with other files
                         is refused */
} heng_store_mode;

/**
 * Opens the store in folder `path`.
 *
 * @return HENG_OK; HENG_ERR_NOT_FOUND (no store there, and how to make one);
 * HENG_ERR_STORE (foreign files, damaged, written by an older or newer heng: each says
 * which); HENG_ERR_IO (permissions, read-only); HENG_ERR_FULL; HENG_ERR_NOMEM.
 */
HENG_API heng_status heng_store_open(const char *path, heng_store_mode mode,
                                     heng_store **ret_store,
                                     heng_error *reterr) HENG_NODISCARD;

/** Closes; all views must have ended. NULL is a no-op. */
HENG_API void heng_store_close(heng_store *store);

/** Milliseconds since 1970, UTC. */
typedef int64_t heng_time_ms;

/** Takes a view of the newest state. Cheap; one thread at a time may use it. */
HENG_API heng_status heng_view_open(heng_store *store, heng_view **ret_view,
                                    heng_error *reterr) HENG_NODISCARD;
HENG_API void heng_view_close(heng_view *view);

/** Takes `count` views of one and the same state, one for each of as many threads.
 * HENG_ERR_BUSY where the store would not keep still for that. All or none. */
HENG_API heng_status heng_view_open_group(heng_store *store, size_t count,
                                          heng_view **ret_views,
                                          heng_error *reterr) HENG_NODISCARD;

/** Subjects with a line of their own in the newest state, whatever time the view shows.
 */
HENG_API heng_status heng_view_subject_count(heng_view *view, uint64_t *ret_count,
                                             heng_error *reterr) HENG_NODISCARD;

/** The newest commit of this view: its number (0: empty store) and time. */
HENG_API uint64_t heng_view_commit(const heng_view *view);
HENG_API heng_time_ms heng_view_commit_time(const heng_view *view);

/**
 * The numbering of categories, attributes and roles that this view's objects use, for
 * heng_plan_new(). Lives as long as the store: plans outlive views.
 */
HENG_API const struct heng_names *heng_view_names(const heng_view *view);

/** Goes back: from now on the view shows what the store knew at `known_at` (the newest
 * commit not after it). HENG_ERR_NOT_FOUND where the store knew nothing yet. */
HENG_API heng_status heng_view_known_at(heng_view *view, heng_time_ms known_at,
                                        heng_error *reterr) HENG_NODISCARD;

/** Goes back as heng_view_known_at() does, to a commit by its number (0: nothing was
 * known yet): the times of two commits can be the same. HENG_ERR_NOT_FOUND where the
 * view has no such commit. */
HENG_API heng_status heng_view_at_commit(heng_view *view, uint64_t commit,
                                         heng_error *reterr) HENG_NODISCARD;

/**
 * Everything known of one subject. The snapshot lives in `arena` and the view.
 *
 * @return HENG_OK (also where there are records but no subject line: `subject` is NULL
 *         then); HENG_ERR_NOT_FOUND where nothing is known; HENG_ERR_LIMIT above
 *         HENG_LIMIT_RECORDS_PER_SUBJECT; HENG_ERR_STORE damaged; HENG_ERR_NOMEM.
 */
HENG_API heng_status heng_view_snapshot(heng_view *view, heng_str id, unsigned what,
                                        heng_arena *arena,
                                        struct heng_snapshot **ret_snapshot,
                                        heng_error *reterr) HENG_NODISCARD;

/**
 * Goes through all subjects (those with a subject line) in order of their ids.
 *
 * @param after  the id to go on after; empty to start at the first.
 * @return HENG_OK with the next id (memory of the view); HENG_ERR_NOT_FOUND at the end.
 */
HENG_API heng_status heng_view_next_subject(heng_view *view, heng_str after,
                                            heng_str *ret_id,
                                            heng_error *reterr) HENG_NODISCARD;

enum { HENG_SUBJECT_KEY_BYTES = 33 };

/**
 * A name for a subject that stays the same for this store and gives nothing of the id
 * away: 32 hexadecimal digits and a NUL, made with a secret of the store. Goes beside a
 * masked id.
 */
HENG_API void heng_view_subject_key(const heng_view *view, heng_str id,
                                    char ret_key[HENG_SUBJECT_KEY_BYTES]);

typedef struct heng_view_hit {
    heng_str id;
    heng_str name;
    int kind; /* heng_subject_kind */
} heng_view_hit;

/**
 * Subjects whose id or name contains `text` (ASCII without regard to case), in order of
 * ids. `each` returns false to stop. Searches through all subjects.
 */
HENG_API heng_status heng_view_find(heng_view *view, heng_str text,
                                    bool (*each)(void *context,
                                                 const heng_view_hit *hit),
                                    void *context, heng_error *reterr) HENG_NODISCARD;

/** The subject that a record belongs to, by the record's id. Memory of the view. */
HENG_API heng_status heng_view_record_owner(heng_view *view, heng_str record_id,
                                            heng_str *ret_subject,
                                            heng_error *reterr) HENG_NODISCARD;

typedef struct heng_store_stat {
    uint64_t subjects, records, subjects_with_records, ties, mentions;
    uint64_t versions; /* superseded versions of subjects and records */
    uint64_t commits;
    heng_time_ms first_commit, last_commit; /* 0 where there is none */
    uint64_t file_bytes, map_bytes, used_bytes;
    uint32_t format;
} heng_store_stat;

HENG_API heng_status heng_store_stat_get(heng_store *store, heng_store_stat *ret_stat,
                                         heng_error *reterr) HENG_NODISCARD;

/**
 * Reads every page and object and compares all indexes with what they index. `problem`
 * is called for each finding (table, key as text, what is wrong). HENG_OK where it
 * could be read to the end, whether there were findings or not.
 */
HENG_API heng_status heng_store_verify(heng_store *store,
                                       void (*problem)(void *context, const char *table,
                                                       const char *key,
                                                       const char *text),
                                       void *context, uint64_t *ret_checked,
                                       heng_error *reterr) HENG_NODISCARD;

/** A consistent copy into the new folder `path`, while others read and write. Either
 * complete and synced, or not there. */
HENG_API heng_status heng_store_backup(heng_store *store, const char *path,
                                       heng_error *reterr) HENG_NODISCARD;

/* ---- import ---- */

struct heng_catalog;

typedef struct heng_import_reject {
    const char *file;
    uint64_t line;
    const char *field; /* "" where the line as a whole is wrong */
    const char
        *reason;   /* lower case, what was found and what is expected; ids masked */
    heng_str text; /* the line as it came; the caller masks it before showing */
} heng_import_reject;

typedef struct heng_import_counts {
    uint64_t lines, bytes; /* read */
    uint64_t waiting; /* of them, good ones that are sorted first, not stored yet */
    uint64_t subjects_new, subjects_changed, subjects_same;
    uint64_t records_new, records_changed, records_same;
    uint64_t deliveries;
    uint64_t rejects, warnings;
    uint64_t commits;
} heng_import_counts;

typedef struct heng_import_options {
    const struct heng_catalog *catalog; /* borrowed */
    bool dry_run; /* check all, store nothing; counts every good line as new */
    heng_time_ms (*now)(void *context); /* the clock: asked once a batch */
    bool (*stop)(
        void *context); /* asked now and then; true ends after the batch; may be NULL */
    void (*reject)(void *context, const heng_import_reject *reject);
    void (*warn)(void *context,
                 const heng_import_reject *warning); /* failing check digits */
    void (*progress)(void *context, const heng_import_counts *counts); /* may be NULL */
    void *context;
    size_t batch_lines; /* 0: the default */
    bool one_thread;    /* parse in the calling thread, not beside it */
} heng_import_options;

typedef struct heng_import heng_import;

/** Starts an import: takes the store's writing lock (HENG_ERR_BUSY: who holds it).
 * `store` may be NULL for a dry run without a store. */
HENG_API heng_status heng_import_begin(heng_store *store,
                                       const heng_import_options *options,
                                       heng_import **ret_import,
                                       heng_error *reterr) HENG_NODISCARD;

/**
 * Reads one input to its end: NDJSON, or CSV with a header (told apart by the first
 * character that is no space). `read` is like fread: bytes read, 0 at the end, SIZE_MAX
 * on an error. Wrong lines go to `reject`; the rest is stored, in whole batches: as it
 * goes while their subjects come in some order, else sorted, by heng_import_end().
 *
 * @return HENG_OK; HENG_ERR_IO; HENG_ERR_FULL (what was committed stays);
 * HENG_ERR_STOPPED; HENG_ERR_INVALID where the input as a whole is unusable (a CSV
 * header that is none).
 */
HENG_API heng_status heng_import_read(heng_import *import, const char *name,
                                      size_t (*read)(void *context, char *buffer,
                                                     size_t size),
                                      void *read_context,
                                      heng_error *reterr) HENG_NODISCARD;

/**
 * Commits what is left, gives the counts, ends the import. Call it also after a failure
 * (then nothing more is committed). NULL is a no-op. `progress` is told and `stop`
 * asked meanwhile.
 *
 * @return as heng_import_read(); what was committed stays.
 */
HENG_API heng_status heng_import_end(heng_import *import,
                                     heng_import_counts *ret_counts,
                                     heng_error *reterr);

/* ---- what an answer alone sees: `--suppose` ---- */

typedef struct heng_overlay heng_overlay;

/**
 * Lines in import format that one answer sees and no store ever does. Every wrong line
 * is an error here: nothing is left out silently.
 */
HENG_API heng_status heng_overlay_new(const struct heng_catalog *catalog,
                                      heng_overlay **ret_overlay,
                                      heng_error *reterr) HENG_NODISCARD;
HENG_API heng_status heng_overlay_add(heng_overlay *overlay, const char *name,
                                      const char *bytes, size_t len,
                                      heng_error *reterr) HENG_NODISCARD;
/** `--with ROLE=ID`, beside the relations the subject has: the subject is tied to ID,
 * who stands to it in ROLE. */
HENG_API heng_status heng_overlay_tie(heng_overlay *overlay, heng_str subject,
                                      heng_str role, heng_str id,
                                      heng_error *reterr) HENG_NODISCARD;
HENG_API void heng_overlay_free(heng_overlay *overlay);

/**
 * The numbering that snapshots of this overlay over `view` (or NULL) use: that of the
 * view, and the overlay's own words after it. Lives as long as the overlay, or until
 * the overlay is added to or laid over a view with another numbering.
 */
HENG_API heng_status heng_overlay_names(heng_overlay *overlay, heng_view *view,
                                        const struct heng_names **ret_names,
                                        heng_error *reterr) HENG_NODISCARD;

/** As heng_view_snapshot, with the overlay's objects laid over the view's: valid as
 * long as both, and as the numbering that heng_overlay_names() gives. `view` may be
 * NULL: then the overlay is all there is (the cases of `heng test`). */
HENG_API heng_status heng_overlay_snapshot(heng_overlay *overlay, heng_view *view,
                                           heng_str id, unsigned what,
                                           heng_arena *arena,
                                           struct heng_snapshot **ret_snapshot,
                                           heng_error *reterr) HENG_NODISCARD;

#endif
